//! A transport that answers from a script and remembers what was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use barrow_ebay::EbayConnector;
use barrow_market::{
    Adapter, Connection, Connector, Credentials, CredentialsError, MemoryNotes, NoPictures, Notes,
    Pictures,
};
use barrow_model::{AccountId, Clock, Endpoint, Random, Secret};
use barrow_wire::{Body, MemoryLimits, Parts, Transport, TransportError, TransportErrorKind};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use serde_json::Value;

/// One answer of the script.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// An answer.
    Answer(u16, String),
    /// An answer that tells the time at eBay.
    Dated(&'static str, String),
    /// A refusal that tells the time at eBay.
    Forbidden(&'static str, String),
    /// The connection breaks after the request has left.
    NoAnswer,
}

pub(crate) fn ok(body: Value) -> Reply {
    Reply::Answer(200, body.to_string())
}

/// An answer; null for one without a body.
pub(crate) fn answer(status: u16, body: Value) -> Reply {
    let body = (!body.is_null()).then(|| body.to_string());
    Reply::Answer(status, body.unwrap_or_default())
}

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Token calls have a script of their own; without one they are answered with a new token each.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) replies: Mutex<VecDeque<Reply>>,
    pub(crate) token_replies: Mutex<VecDeque<Reply>>,
    /// Readings of items before they are written; without one there is no item yet.
    pub(crate) known_items: Mutex<VecDeque<Reply>>,
    /// What eBay says is left for the seller.
    pub(crate) sellers_limits: Mutex<VecDeque<Reply>>,
    /// Whether others have their turn while an answer is under way.
    pub(crate) takes_turns: AtomicBool,
    asked: Mutex<Vec<Asked>>,
    tokens: Mutex<u32>,
}

const TOKEN_PATH: &str = "/identity/v1/oauth2/token";
/// Asked once by each adapter, and answered with nothing unless a script says otherwise.
const SELLERS_LIMITS_PATH: &str = "/developer/analytics/v1_beta/user_rate_limit/";
const KNOWN_PATH: &str = "/sell/inventory/v1/bulk_get_inventory_item";

/// What is asked of the marketplace beside what a test is about.
const BESIDE: [&str; 3] = [TOKEN_PATH, KNOWN_PATH, SELLERS_LIMITS_PATH];

impl Script {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        Arc::new(Self {
            replies: Mutex::new(replies.into_iter().collect()),
            ..Self::default()
        })
    }

    /// What was asked of the marketplace, token calls and readings of items left out.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter(|one| !BESIDE.contains(&one.path.as_str()))
            .cloned()
            .collect()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    pub(crate) fn token_calls(&self) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter(|one| one.path == TOKEN_PATH)
            .cloned()
            .collect()
    }

    fn reply(&self, path: &str) -> Reply {
        if path == SELLERS_LIMITS_PATH {
            let told = self.sellers_limits.lock().unwrap().pop_front();
            return told.unwrap_or(Reply::Answer(204, String::new()));
        }
        if path == KNOWN_PATH {
            let known = self.known_items.lock().unwrap().pop_front();
            let none = r#"{"errors":[{"errorId":25702}]}"#.to_owned();
            return known.unwrap_or(Reply::Answer(404, none));
        }
        if path != TOKEN_PATH {
            let mut replies = self.replies.lock().unwrap();
            return replies.pop_front().expect("the script has an answer left");
        }
        if let Some(reply) = self.token_replies.lock().unwrap().pop_front() {
            return reply;
        }
        let mut tokens = self.tokens.lock().unwrap();
        *tokens += 1;
        let body = format!(r#"{{"access_token":"token-{tokens}","expires_in":7200}}"#);
        Reply::Answer(200, body)
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let path = request
            .uri()
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default();
        let headers = request
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        self.asked.lock().unwrap().push(Asked {
            method: request.method().to_string(),
            path: path.clone(),
            headers,
            body: String::from_utf8_lossy(request.body()).into_owned(),
        });
        // Others may come while an answer is under way.
        if self.takes_turns.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        std::future::ready(()).await;
        let reply = self.reply(&path);
        match reply {
            Reply::Answer(status, body) => {
                let mut response = Response::new(Body::whole(Bytes::from(body)));
                *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
                Ok(response)
            }
            Reply::Dated(date, ref body) | Reply::Forbidden(date, ref body) => {
                let mut response = Response::new(Body::whole(Bytes::from(body.clone())));
                if matches!(reply, Reply::Forbidden(..)) {
                    *response.status_mut() = http::StatusCode::FORBIDDEN;
                }
                let date = http::HeaderValue::from_static(date);
                response.headers_mut().insert(http::header::DATE, date);
                Ok(response)
            }
            Reply::NoAnswer => Err(TransportError::new(
                TransportErrorKind::NoAnswer,
                "the connection broke",
            )),
        }
    }
}

/// Each look moves it on by a second, so that pacing never waits.
#[derive(Debug)]
pub(crate) struct Moving {
    looks: AtomicI64,
}

impl Moving {
    pub(crate) fn skip(&self, seconds: i64) {
        self.looks.fetch_add(seconds, Ordering::SeqCst);
    }
}

pub(crate) fn beginning() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().expect("a date")
}

impl Clock for Moving {
    fn now(&self) -> DateTime<Utc> {
        beginning() + TimeDelta::seconds(self.looks.fetch_add(1, Ordering::SeqCst))
    }
}

#[derive(Debug)]
struct Still;

impl Random for Still {
    fn next_u64(&self) -> u64 {
        0
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

pub(crate) fn connect(script: &Arc<Script>) -> Arc<dyn Adapter> {
    connect_with(script).0
}

pub(crate) fn connect_with(script: &Arc<Script>) -> (Arc<dyn Adapter>, Arc<Moving>) {
    connected(script, Arc::new(NoPictures), &[])
}

/// The same with notes that others before it have kept.
pub(crate) fn connect_noting(
    script: &Arc<Script>,
    notes: Arc<dyn Notes>,
) -> (Arc<dyn Adapter>, Arc<Moving>) {
    connected_noting(script, (Arc::new(NoPictures), notes), &[])
}

/// The same with settings of the account.
pub(crate) fn connect_set(script: &Arc<Script>, settings: &[(&str, &str)]) -> Arc<dyn Adapter> {
    connected(script, Arc::new(NoPictures), settings).0
}

/// The same with pictures of the seller's own.
pub(crate) fn connect_showing(
    script: &Arc<Script>,
    pictures: Arc<dyn Pictures>,
) -> Arc<dyn Adapter> {
    connected(script, pictures, &[]).0
}

fn connected(
    script: &Arc<Script>,
    pictures: Arc<dyn Pictures>,
    settings: &[(&str, &str)],
) -> (Arc<dyn Adapter>, Arc<Moving>) {
    let notes = Arc::new(MemoryNotes::default());
    connected_noting(script, (pictures, notes), settings)
}

fn connected_noting(
    script: &Arc<Script>,
    (pictures, notes): (Arc<dyn Pictures>, Arc<dyn Notes>),
    settings: &[(&str, &str)],
) -> (Arc<dyn Adapter>, Arc<Moving>) {
    let settings = settings.iter();
    let settings = settings.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let clock = Arc::new(Moving {
        looks: AtomicI64::new(0),
    });
    let parts = Parts {
        transport: Arc::clone(script) as Arc<dyn Transport>,
        limits: Arc::new(MemoryLimits::default()),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(Still),
    };
    let keys = [
        ("client_id", "the-app"),
        ("client_secret", "the-cert"),
        ("ru_name", "the-name"),
        ("refresh_token", "v^1.1#the/consent"),
    ];
    let connection = Connection {
        account_id: AccountId(1),
        endpoint: Endpoint::Custom("http://127.0.0.1:4000".to_owned()),
        settings: settings.collect(),
        credentials: Arc::new(Keys(keys.into_iter().collect())),
        pictures,
        notes,
    };
    let adapter = EbayConnector::new(parts)
        .connect(connection)
        .expect("it connects");
    (adapter, clock)
}
