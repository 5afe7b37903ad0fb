//! A scripted marketplace and what surrounds an adapter before it, for adapters' own tests. Built
//! only with the feature `testing`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use barrow_market::{
    Adapter, Batch, Connection, Connector, Credentials, CredentialsError, MemoryNotes, NoPictures,
    Outcome, Result,
};
use barrow_model::{
    AccountId, Action, Binding, Change, ChangeId, Clock, Endpoint, ListingId, ListingRef, Random,
    Secret, Site, Sku, Target, Ticket,
};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderValue, Request, Response, StatusCode};

use crate::body::Body;
use crate::client::Parts;
use crate::error::{TransportError, TransportErrorKind};
use crate::limit::MemoryLimits;
use crate::transport::Transport;

/// What is held is whole even if a test has panicked over it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One answer of a script, and what the request must begin with.
#[derive(Clone, Debug)]
pub struct Line {
    /// What the request must begin with, method first.
    pub target: String,
    /// The answer's status; 0 is no answer at all.
    pub status: u16,
    /// The answer's body.
    pub body: Bytes,
    /// Headers of this answer.
    pub headers: Vec<(&'static str, &'static str)>,
}

impl Line {
    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// An answer to a request that begins so, method first: `GET /orders`. Status 0 is no answer at
/// all.
pub fn line(target: impl Into<String>, status: u16, body: impl Into<Bytes>) -> Line {
    Line {
        target: target.into(),
        status,
        body: body.into(),
        headers: Vec::new(),
    }
}

/// How a marketplace gives tokens: the request's beginning, and the answer for a token's name.
#[derive(Clone, Copy, Debug)]
pub struct TokenCalls {
    /// Method and path.
    pub target: &'static str,
    /// The body that grants a token.
    pub granted: fn(&str) -> String,
}

/// A transport that answers line by line and panics at any other request. Token calls are answered
/// by themselves where it knows how, with the tokens `T1`, `T2` and so on.
#[derive(Debug, Default)]
pub struct Script {
    lines: Mutex<VecDeque<Line>>,
    sent: Mutex<Vec<Request<Bytes>>>,
    headers: Mutex<Vec<(&'static str, &'static str)>>,
    token_calls: Option<TokenCalls>,
    tokens: Mutex<u32>,
}

impl Script {
    /// What was sent, without the token calls that it answers by itself.
    pub fn sent(&self) -> MutexGuard<'_, Vec<Request<Bytes>>> {
        locked(&self.sent)
    }

    /// Puts headers on all further answers, in place of those before.
    pub fn answer_with(&self, headers: &[(&'static str, &'static str)]) {
        *locked(&self.headers) = headers.to_vec();
    }

    fn token(&self, target: &str) -> Option<Response<Body>> {
        let calls = self.token_calls.filter(|calls| calls.target == target)?;
        let mut tokens = locked(&self.tokens);
        *tokens += 1;
        let body = (calls.granted)(&format!("T{tokens}"));
        Some(Response::new(Body::whole(body.into())))
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> std::result::Result<Response<Body>, TransportError> {
        let target = target_of(&request);
        if let Some(granted) = self.token(&target) {
            return Ok(granted);
        }
        locked(&self.sent).push(request);
        let next = locked(&self.lines).pop_front();
        let next = next.unwrap_or_else(|| line("nothing", 599, ""));
        assert!(
            target.starts_with(&next.target),
            "{target} instead of {}",
            next.target
        );
        if next.status == 0 {
            return Err(TransportError::new(TransportErrorKind::NoAnswer, "cut"));
        }
        let mut response = Response::new(Body::whole(next.body));
        *response.status_mut() = StatusCode::from_u16(next.status).expect("a script's status");
        for (name, value) in locked(&self.headers).iter().chain(&next.headers) {
            let headers = response.headers_mut();
            headers.insert(*name, HeaderValue::from_static(value));
        }
        Ok(response)
    }
}

fn target_of(request: &Request<Bytes>) -> String {
    let path = request.uri().path_and_query();
    format!(
        "{} {}",
        request.method(),
        path.map_or("", |path| path.as_str())
    )
}

/// When scripts begin: 22 November 2026, eight o'clock.
pub fn now() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().expect("an instant")
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    /// Sets it.
    pub fn set(&self, at: DateTime<Utc>) {
        *locked(&self.0) = at;
    }

    /// Moves it on.
    pub fn advance(&self, seconds: i64) {
        *locked(&self.0) += TimeDelta::seconds(seconds);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *locked(&self.0)
    }
}

/// Chance that counts: 1, 2, 3.
#[derive(Debug, Default)]
struct Counting(Mutex<u64>);

impl Random for Counting {
    fn next_u64(&self) -> u64 {
        let mut count = locked(&self.0);
        *count += 1;
        *count
    }
}

struct Keys(BTreeMap<&'static str, &'static str>);

#[async_trait]
impl Credentials for Keys {
    async fn read(&self, key: &str) -> std::result::Result<Option<Secret>, CredentialsError> {
        Ok(self.0.get(key).map(|text| Secret::new(*text)))
    }

    async fn write(&self, _: &str, _: Secret) -> std::result::Result<(), CredentialsError> {
        Ok(())
    }
}

/// What an adapter is set before.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    /// Settings; of two with one key the later one counts.
    pub settings: &'a [(&'a str, &'a str)],
    /// Secrets.
    pub keys: &'a [(&'static str, &'static str)],
    /// How token calls are answered; none where the script has them, or there are none.
    pub token_calls: Option<TokenCalls>,
}

/// An adapter before a script, on a clock that stands still.
pub struct World {
    /// What it talks to.
    pub script: Arc<Script>,
    /// Its time.
    pub clock: Arc<TestClock>,
    /// The adapter.
    pub adapter: Arc<dyn Adapter>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

impl Stage<'_> {
    /// Sets an adapter before a script.
    ///
    /// # Errors
    /// What the connector says of the settings.
    pub fn world<C: Connector>(
        &self,
        connector: fn(Parts) -> C,
        lines: Vec<Line>,
    ) -> Result<World> {
        let script = Arc::new(Script {
            lines: Mutex::new(lines.into()),
            token_calls: self.token_calls,
            ..Script::default()
        });
        let clock = Arc::new(TestClock(Mutex::new(now())));
        let connector = connector(Parts {
            transport: Arc::clone(&script) as Arc<dyn Transport>,
            limits: Arc::new(MemoryLimits::default()),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            random: Arc::new(Counting::default()),
        });
        let settings = self.settings.iter();
        let adapter = connector.connect(Connection {
            account_id: AccountId(1),
            endpoint: Endpoint::Custom("http://127.0.0.1:1".to_owned()),
            settings: settings
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            credentials: Arc::new(Keys(self.keys.iter().copied().collect())),
            pictures: Arc::new(NoPictures),
            notes: Arc::new(MemoryNotes::default()),
        })?;
        Ok(World {
            script,
            clock,
            adapter,
        })
    }
}

impl World {
    /// Nothing of the script is left over.
    pub fn finished(&self) {
        let left = locked(&self.script.lines).len();
        assert!(left == 0, "{left} answers were not asked for");
    }

    /// The bodies of all requests, as texts.
    pub fn bodies(&self) -> Vec<String> {
        let text = |request: &Request<Bytes>| String::from_utf8(request.body().to_vec());
        let sent = self.script.sent();
        sent.iter()
            .map(|request| text(request).expect("a request in UTF-8"))
            .collect()
    }

    /// The addresses of all requests, from their paths on.
    pub fn targets(&self) -> Vec<String> {
        let sent = self.script.sent();
        let targets = sent.iter().map(|request| {
            let path = request.uri().path_and_query().expect("a path");
            path.as_str().to_owned()
        });
        targets.collect()
    }

    /// The body of the nth request, as text.
    pub fn body(&self, index: usize) -> String {
        self.bodies().swap_remove(index)
    }

    /// The address of the nth request, from its path on.
    pub fn target(&self, index: usize) -> String {
        self.targets().swap_remove(index)
    }

    /// The body of the last request, as text.
    pub fn last_body(&self) -> String {
        self.bodies().pop().expect("a request")
    }

    /// The address of the last request, from its path on.
    pub fn last_target(&self) -> String {
        self.targets().pop().expect("a request")
    }

    /// Submits changes on a lane of listings.
    pub async fn submit(&self, lane: &'static str, changes: Vec<Change>) -> Vec<Outcome> {
        let listings = self.adapter.listings().expect("listings");
        let told = listings.submit(&batch(lane, changes)).await;
        told.expect("outcomes")
    }

    /// Asks under a ticket what became of changes of listings.
    pub async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Vec<Outcome> {
        let listings = self.adapter.listings().expect("listings");
        listings.poll(ticket, changes).await.expect("outcomes")
    }
}

/// A change of a listing that has the change's number, on a site and in a stock pool.
pub fn listing_change(
    id: i64,
    (site, pool): (&Site, &str),
    sku: &str,
    binding: Binding,
    action: Action,
) -> Change {
    Change {
        id: ChangeId(id),
        target: Target::Listing(ListingRef {
            id: ListingId(id),
            site: site.clone(),
            sku: Sku::new(sku).expect("a SKU"),
            binding,
            pool: pool.to_owned(),
        }),
        action,
    }
}

/// A batch that was begun when scripts begin.
pub fn batch(lane: &'static str, changes: Vec<Change>) -> Batch {
    Batch {
        lane,
        changes,
        fingerprint: "f00d".to_owned(),
        begun_at: now(),
    }
}
