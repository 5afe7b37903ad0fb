//! A transport that answers from a script, and what surrounds an adapter.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use barrow_market::{Adapter, Batch, Connection, Connector, Credentials, CredentialsError};
use barrow_model::{
    AccountId, Action, Binding, Change, ChangeId, Clock, Endpoint, ListingId, ListingRef, Random,
    Secret, Site, Sku, Target,
};
use barrow_wire::{Body, MemoryLimits, Parts, Transport, TransportError, TransportErrorKind};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};

use crate::WalmartConnector;

/// One answer: what the request must begin with, and the answer's status and body. Status 0 is no
/// answer at all.
pub(super) type Line = (&'static str, u16, String);

/// A scripted marketplace. Token calls are answered by themselves unless the script has them.
pub(super) struct Script {
    lines: Mutex<VecDeque<Line>>,
    pub(super) sent: Mutex<Vec<Request<Bytes>>>,
    tokens: Mutex<u32>,
    scripted_tokens: bool,
    /// The time at Walmart, where its answers tell it.
    pub(super) date: Mutex<Option<&'static str>>,
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let target = format!(
            "{} {}",
            request.method(),
            request.uri().path_and_query().map_or("", |p| p.as_str())
        );
        if !self.scripted_tokens && target == "POST /v3/token" {
            let mut tokens = self.tokens.lock().expect("no test panics while holding it");
            *tokens += 1;
            let body =
                format!(r#"{{"access_token":"T{tokens}","token_type":"Bearer","expires_in":900}}"#);
            return Ok(Response::new(Body::whole(body.into())));
        }
        self.sent.lock().expect("as above").push(request);
        let line = self.lines.lock().expect("as above").pop_front();
        let (expected, status, body) = line.unwrap_or_else(|| ("nothing", 599, String::new()));
        assert!(
            target.starts_with(expected),
            "{target} instead of {expected}"
        );
        if status == 0 {
            return Err(TransportError::new(TransportErrorKind::NoAnswer, "cut"));
        }
        let mut response = Response::new(Body::whole(body.into()));
        *response.status_mut() = status.try_into().expect("a status");
        if let Some(date) = *self.date.lock().expect("as above") {
            let date = http::HeaderValue::from_static(date);
            response.headers_mut().insert(http::header::DATE, date);
        }
        Ok(response)
    }
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

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().expect("an instant")
}

/// An adapter before a script, with settings.
pub(super) fn world_with(settings: &[(&str, &str)], lines: Vec<Line>) -> World {
    build(
        settings,
        lines,
        &[("client_id", "id-7"), ("client_secret", "hush-9")],
        false,
    )
}

/// The same with a ship node and a product type chosen.
pub(super) fn world(lines: Vec<Line>) -> World {
    world_with(&[("ship_node", "100"), ("product_type", "Chairs")], lines)
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
        date: Mutex::new(None),
    });
    let clock = Arc::new(TestClock(Mutex::new(now())));
    let connector = WalmartConnector::new(Parts {
        transport: Arc::clone(&script) as Arc<dyn Transport>,
        limits: Arc::new(MemoryLimits::default()),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(Counting::default()),
    });
    let settings = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
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

    /// The body of the last request, as text.
    pub(super) fn last_body(&self) -> String {
        let sent = self.script.sent.lock().expect("as above");
        let body = sent.last().expect("a request").body().to_vec();
        String::from_utf8(body).expect("UTF-8")
    }

    /// The address of the last request, from its path on.
    pub(super) fn last_target(&self) -> String {
        let sent = self.script.sent.lock().expect("as above");
        let uri = sent.last().expect("a request").uri();
        uri.path_and_query().expect("a path").as_str().to_owned()
    }
}

pub(super) fn site() -> Site {
    Site("WALMART_US".to_owned())
}

pub(super) fn listing_change(id: i64, sku: &str, binding: Binding, action: Action) -> Change {
    Change {
        id: ChangeId(id),
        target: Target::Listing(ListingRef {
            id: ListingId(id),
            site: site(),
            sku: Sku::new(sku).expect("a SKU"),
            binding,
            pool: String::new(),
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

pub(super) fn line(target: &'static str, status: u16, body: impl Into<String>) -> Line {
    (target, status, body.into())
}
