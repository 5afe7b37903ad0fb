//! A transport that answers from a script, and what surrounds an adapter.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use barrow_market::{
    Adapter, Batch, Connection, Connector, Credentials, CredentialsError, Fate, Outcome,
};
use barrow_model::{
    AccountId, Action, Binding, Change, ChangeId, Clock, Endpoint, ListingId, ListingRef, Problem,
    Random, Secret, Site, Sku, Target, Ticket,
};
use barrow_wire::{Body, MemoryLimits, Parts, Transport, TransportError, TransportErrorKind};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderName, HeaderValue, Request, Response};

use crate::AmazonConnector;

/// One answer: what the request must begin with, and the answer. Status 0 is no answer at all.
pub(super) struct Line {
    target: String,
    status: u16,
    body: Bytes,
    header: Option<(&'static str, &'static str)>,
}

impl Line {
    /// The same with a header.
    pub(super) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }
}

pub(super) fn line(target: &str, status: u16, body: impl Into<Bytes>) -> Line {
    Line {
        target: target.to_owned(),
        status,
        body: body.into(),
        header: None,
    }
}

/// A scripted marketplace. Token calls are answered by themselves unless the script has them.
pub(super) struct Script {
    lines: Mutex<VecDeque<Line>>,
    pub(super) sent: Mutex<Vec<Request<Bytes>>>,
    tokens: Mutex<u32>,
    scripted_tokens: bool,
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let target = format!(
            "{} {}",
            request.method(),
            request.uri().path_and_query().map_or("", |p| p.as_str())
        );
        if !self.scripted_tokens && target == "POST /auth/o2/token" {
            let mut tokens = self.tokens.lock().expect("no test panics while holding it");
            *tokens += 1;
            let body = granted(&format!("T{tokens}"));
            return Ok(Response::new(Body::whole(body.into())));
        }
        self.sent.lock().expect("as above").push(request);
        let next = self.lines.lock().expect("as above").pop_front();
        let next = next.unwrap_or_else(|| line("nothing", 599, ""));
        let expected = &next.target;
        assert!(
            target.starts_with(expected.as_str()),
            "{target} instead of {expected}"
        );
        if next.status == 0 {
            return Err(TransportError::new(TransportErrorKind::NoAnswer, "cut"));
        }
        let mut response = Response::new(Body::whole(next.body));
        *response.status_mut() = next.status.try_into().expect("a status");
        if let Some((name, value)) = next.header {
            let name = HeaderName::from_static(name);
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        Ok(response)
    }
}

pub(super) fn granted(token: &str) -> String {
    format!(
        r#"{{"access_token":"{token}","token_type":"bearer","expires_in":3600,
        "refresh_token":"Atzr|x"}}"#
    )
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(super) struct TestClock(pub(super) Mutex<DateTime<Utc>>);

impl TestClock {
    pub(super) fn advance(&self, seconds: i64) {
        *self.0.lock().expect("as above") += TimeDelta::seconds(seconds);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("as above")
    }
}

#[derive(Debug, Default)]
struct Counting(Mutex<u64>);

impl Random for Counting {
    fn next_u64(&self) -> u64 {
        let mut count = self.0.lock().expect("as above");
        *count += 1;
        *count
    }
}

struct Keys(BTreeMap<&'static str, &'static str>);

#[async_trait]
impl Credentials for Keys {
    async fn read(&self, key: &str) -> Result<Option<Secret>, CredentialsError> {
        Ok(self.0.get(key).map(|text| Secret::new(*text)))
    }

    async fn write(&self, _key: &str, _secret: Secret) -> Result<(), CredentialsError> {
        Ok(())
    }
}

pub(super) struct World {
    pub(super) script: Arc<Script>,
    pub(super) clock: Arc<TestClock>,
    pub(super) adapter: Arc<dyn Adapter>,
}

pub(super) const US: &str = "ATVPDKIKX0DER";
pub(super) const KEYS: &[(&str, &str)] = &[
    ("client_id", "id-7"),
    ("client_secret", "hush-9"),
    ("refresh_token", "Atzr|hush"),
];

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().expect("an instant")
}

/// An adapter before a script.
pub(super) fn world(lines: Vec<Line>) -> World {
    world_with(&[], lines)
}

/// An adapter before a script, with more settings.
pub(super) fn world_with(settings: &[(&str, &str)], lines: Vec<Line>) -> World {
    build(settings, lines, KEYS, false)
}

/// The same, where the script answers token calls too.
pub(super) fn token_world(keys: &[(&'static str, &'static str)], lines: Vec<Line>) -> World {
    build(&[], lines, keys, true)
}

fn build(
    settings: &[(&str, &str)],
    lines: Vec<Line>,
    keys: &[(&'static str, &'static str)],
    scripted_tokens: bool,
) -> World {
    let script = Arc::new(Script {
        lines: Mutex::new(lines.into()),
        sent: Mutex::new(Vec::new()),
        tokens: Mutex::new(0),
        scripted_tokens,
    });
    let clock = Arc::new(TestClock(Mutex::new(now())));
    let connector = AmazonConnector::new(Parts {
        transport: Arc::clone(&script) as Arc<dyn Transport>,
        limits: Arc::new(MemoryLimits::default()),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(Counting::default()),
    });
    let fixed = [("seller_id", "AX1"), ("marketplace_ids", US)];
    let settings = fixed.iter().chain(settings);
    let settings = settings.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let adapter = connector
        .connect(Connection {
            account_id: AccountId(1),
            endpoint: Endpoint::Custom("http://127.0.0.1:1".to_owned()),
            settings: settings.collect(),
            credentials: Arc::new(Keys(keys.iter().copied().collect())),
        })
        .expect("settings that can be");
    World {
        script,
        clock,
        adapter,
    }
}

impl World {
    /// Nothing of the script is left over.
    pub(super) fn finished(&self) {
        let left = self.script.lines.lock().expect("as above");
        assert!(left.is_empty(), "{} answers were not asked for", left.len());
    }

    /// The body of the nth request, as text.
    pub(super) fn body(&self, index: usize) -> String {
        let sent = self.script.sent.lock().expect("as above");
        String::from_utf8(sent[index].body().to_vec()).expect("UTF-8")
    }

    /// The address of the nth request, from its path on.
    pub(super) fn target(&self, index: usize) -> String {
        let sent = self.script.sent.lock().expect("as above");
        let uri = sent[index].uri();
        uri.path_and_query().expect("a path").as_str().to_owned()
    }

    pub(super) async fn submit(&self, lane: &'static str, changes: Vec<Change>) -> Vec<Outcome> {
        let listings = self.adapter.listings().expect("listings");
        let told = listings.submit(&batch(lane, changes)).await;
        told.expect("outcomes")
    }

    pub(super) async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Vec<Outcome> {
        let listings = self.adapter.listings().expect("listings");
        listings.poll(ticket, changes).await.expect("outcomes")
    }
}

pub(super) fn site() -> Site {
    Site(US.to_owned())
}

pub(super) fn listing_change(id: i64, sku: &str, binding: Binding, action: Action) -> Change {
    Change {
        id: ChangeId(id),
        target: Target::Listing(ListingRef {
            id: ListingId(id),
            site: site(),
            sku: Sku::new(sku).expect("a SKU"),
            binding,
            pool: "region".to_owned(),
        }),
        action,
    }
}

pub(super) fn batch(lane: &'static str, changes: Vec<Change>) -> Batch {
    Batch {
        lane,
        changes,
        fingerprint: "f00d".to_owned(),
        begun_at: now(),
    }
}

pub(super) fn ticket(outcome: &Outcome) -> Ticket {
    match &outcome.fate {
        Fate::Accepted { ticket } => ticket.clone(),
        other => panic!("accepted, not {other:?}"),
    }
}

pub(super) fn refusal(outcome: &Outcome) -> Problem {
    match &outcome.fate {
        Fate::Refused { problem, .. } => problem.clone(),
        other => panic!("refused, not {other:?}"),
    }
}
