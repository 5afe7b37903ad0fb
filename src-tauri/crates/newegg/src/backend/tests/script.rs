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

use crate::NeweggConnector;

/// One answer: what the request must begin with, and the answer's status and body. Status 0 is no
/// answer at all.
pub(super) type Line = (&'static str, u16, String);

/// A scripted marketplace.
pub(super) struct Script {
    lines: Mutex<VecDeque<Line>>,
    pub(super) sent: Mutex<Vec<Request<Bytes>>>,
    /// Headers of all answers.
    pub(super) headers: Mutex<Vec<(&'static str, &'static str)>>,
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let target = format!(
            "{} {}",
            request.method(),
            request.uri().path_and_query().map_or("", |p| p.as_str())
        );
        self.sent
            .lock()
            .expect("no test panics while holding it")
            .push(request);
        let line = self
            .lines
            .lock()
            .expect("no test panics while holding it")
            .pop_front();
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
        for (name, value) in self
            .headers
            .lock()
            .expect("no test panics while holding it")
            .iter()
        {
            let value = http::HeaderValue::from_static(value);
            response.headers_mut().insert(*name, value);
        }
        Ok(response)
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(super) struct TestClock(pub(super) Mutex<DateTime<Utc>>);

impl TestClock {
    pub(super) fn advance(&self, seconds: i64) {
        *self.0.lock().expect("no test panics while holding it") += TimeDelta::seconds(seconds);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("no test panics while holding it")
    }
}

#[derive(Debug, Default)]
struct Counting(Mutex<u64>);

impl Random for Counting {
    fn next_u64(&self) -> u64 {
        let mut count = self.0.lock().expect("no test panics while holding it");
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

/// An adapter of a platform before a script.
pub(super) fn world_on(platform: &str, lines: Vec<Line>) -> World {
    world_with(&[("platform", platform)], lines)
}

/// The same in the United States.
pub(super) fn world(lines: Vec<Line>) -> World {
    world_on("US", lines)
}

/// The same with settings; the seller id is A0xX unless they say otherwise.
pub(super) fn world_with(settings: &[(&str, &str)], lines: Vec<Line>) -> World {
    let keys = [("api_key", "id-77"), ("secret_key", "hush-99")];
    build(settings, lines, &keys).expect("settings that can be")
}

pub(super) fn build(
    settings: &[(&str, &str)],
    lines: Vec<Line>,
    keys: &[(&'static str, &'static str)],
) -> barrow_market::Result<World> {
    let script = Arc::new(Script {
        lines: Mutex::new(lines.into()),
        sent: Mutex::new(Vec::new()),
        headers: Mutex::new(Vec::new()),
    });
    let clock = Arc::new(TestClock(Mutex::new(now())));
    let connector = NeweggConnector::new(Parts {
        transport: Arc::clone(&script) as Arc<dyn Transport>,
        limits: Arc::new(MemoryLimits::default()),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(Counting::default()),
    });
    let mut all = BTreeMap::from([("seller_id".to_owned(), "A0xX".to_owned())]);
    for (key, value) in settings {
        all.insert((*key).to_owned(), (*value).to_owned());
    }
    let adapter = connector.connect(Connection {
        account_id: AccountId(1),
        endpoint: Endpoint::Custom("http://127.0.0.1:1".to_owned()),
        settings: all,
        credentials: Arc::new(Keys(keys.iter().copied().collect())),
    })?;
    Ok(World {
        script,
        clock,
        adapter,
    })
}

impl World {
    /// Nothing of the script is left over.
    pub(super) fn finished(&self) {
        let left = self
            .script
            .lines
            .lock()
            .expect("no test panics while holding it");
        assert!(left.is_empty(), "{} answers were not asked for", left.len());
    }

    /// The bodies of all requests, as texts.
    pub(super) fn bodies(&self) -> Vec<String> {
        let sent = self
            .script
            .sent
            .lock()
            .expect("no test panics while holding it");
        let text = |request: &Request<Bytes>| String::from_utf8(request.body().to_vec());
        sent.iter()
            .map(|request| text(request).expect("UTF-8"))
            .collect()
    }
}

pub(super) fn site() -> Site {
    Site("US".to_owned())
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
