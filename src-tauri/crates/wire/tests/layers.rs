//! What the layers do to calls, seen through the client.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use barrow_market::{
    Connection, Credentials, CredentialsError, Error, ErrorKind, MemoryNotes, NoPictures, Result,
};
use barrow_model::{AccountId, Clock, Endpoint, Random, Secret, Settings};
use barrow_wire::{
    Authenticator, Body, Bucket, BucketScope, CallSpec, Client, Layers, MemoryLimits, Parts,
    Repeat, Transport, TransportError, TransportErrorKind,
};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderValue, Request, Response, StatusCode};
use tokio::time::Instant;

const BUCKET: Bucket = Bucket {
    name: "calls",
    scope: BucketScope::Seller,
    calls: 60,
    per: Duration::from_secs(60),
    burst: 1,
};

const READ: CallSpec = CallSpec {
    operation: "read",
    buckets: &[],
    repeat: Repeat::Harmless,
    timeout: Duration::from_secs(30),
    answer_bytes_max: 1024,
    authenticated: true,
};
const PUBLISH: CallSpec = CallSpec {
    operation: "publish",
    repeat: Repeat::Harmful,
    ..READ
};
const PACED: CallSpec = CallSpec {
    operation: "paced",
    buckets: &[BUCKET],
    ..READ
};

#[derive(Debug)]
struct PausedClock(Instant);

impl Clock for PausedClock {
    fn now(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.0.elapsed()).expect("a test is short");
        DateTime::<Utc>::UNIX_EPOCH + elapsed
    }
}

#[derive(Debug)]
struct NoChance;

impl Random for NoChance {
    fn next_u64(&self) -> u64 {
        0
    }
}

struct NoSecrets;

#[async_trait]
impl Credentials for NoSecrets {
    async fn read(&self, _: &str) -> std::result::Result<Option<Secret>, CredentialsError> {
        Ok(None)
    }

    async fn write(&self, _: &str, _: Secret) -> std::result::Result<(), CredentialsError> {
        Ok(())
    }
}

type Scripted = std::result::Result<Response<Body>, TransportErrorKind>;

/// Answers one after the other as scripted, and keeps what was asked.
struct Script {
    answers: Mutex<VecDeque<Scripted>>,
    tokens: Mutex<Vec<String>>,
}

impl Script {
    fn new(answers: Vec<Scripted>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into()),
            tokens: Mutex::default(),
        })
    }

    fn sent(&self) -> usize {
        self.tokens.lock().unwrap().len()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> std::result::Result<Response<Body>, TransportError> {
        let token = request
            .headers()
            .get("authorization")
            .map(|v| v.to_str().unwrap().to_owned());
        self.tokens.lock().unwrap().push(token.unwrap_or_default());
        let answer = self
            .answers
            .lock()
            .unwrap()
            .pop_front()
            .expect("an answer is scripted");
        answer.map_err(|kind| TransportError::new(kind, "scripted"))
    }
}

fn answer(status: u16, body: &'static str) -> Scripted {
    let mut response = Response::new(Body::whole(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    Ok(response)
}

struct Tokens {
    fetched: AtomicU32,
    failure: Option<ErrorKind>,
}

#[async_trait]
impl Authenticator for Tokens {
    async fn authorize(&self, request: &mut Request<Bytes>) -> Result<()> {
        let token = format!("token-{}", self.fetched.load(Ordering::SeqCst));
        request
            .headers_mut()
            .insert("authorization", HeaderValue::from_str(&token).unwrap());
        Ok(())
    }

    async fn renew(&self, _: &Request<Bytes>) -> Result<()> {
        self.fetched.fetch_add(1, Ordering::SeqCst);
        match self.failure {
            None => Ok(()),
            Some(kind) => Err(Error::new(kind, "token")),
        }
    }
}

fn client(script: &Arc<Script>, failure: Option<ErrorKind>) -> Client {
    let parts = Parts {
        transport: Arc::clone(script) as Arc<dyn Transport>,
        limits: Arc::new(MemoryLimits::default()),
        clock: Arc::new(PausedClock(Instant::now())),
        random: Arc::new(NoChance),
    };
    let connection = Connection {
        account_id: AccountId(1),
        endpoint: Endpoint::Production,
        settings: Settings::new(),
        credentials: Arc::new(NoSecrets),
        pictures: Arc::new(NoPictures),
        notes: Arc::new(MemoryNotes::default()),
    };
    let tokens = Tokens {
        fetched: AtomicU32::new(0),
        failure,
    };
    let layers = Layers::from_parts(&parts, &connection, "app", "seller");
    Client::new(layers.authenticated(Arc::new(tokens)))
}

fn request() -> Request<Bytes> {
    Request::get("https://shop.example/x")
        .body(Bytes::new())
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn only_what_is_harmless_is_tried_again() {
    use TransportErrorKind::{CutBody, NoAnswer, NotSent, Tls, TooLarge};
    let check = async |spec: &CallSpec,
                       answers: Vec<Scripted>,
                       sent: usize,
                       expected: std::result::Result<u16, ErrorKind>| {
        let script = Script::new(answers);
        let found = client(&script, None).call(spec, request()).await;
        assert_eq!(
            found.map(|a| a.status.as_u16()).map_err(|e| e.kind),
            expected
        );
        assert_eq!(script.sent(), sent);
    };
    check(
        &READ,
        vec![answer(500, ""), Err(NoAnswer), answer(200, "")],
        3,
        Ok(200),
    )
    .await;
    check(
        &READ,
        vec![answer(503, ""), answer(503, ""), answer(503, "")],
        3,
        Ok(503),
    )
    .await;
    check(&READ, vec![Err(CutBody), answer(200, "")], 2, Ok(200)).await;
    check(&PUBLISH, vec![answer(500, "")], 1, Ok(500)).await;
    check(&PUBLISH, vec![Err(NoAnswer)], 1, Err(ErrorKind::NoAnswer)).await;
    check(&PUBLISH, vec![Err(CutBody)], 1, Err(ErrorKind::Unreadable)).await;
    check(
        &PUBLISH,
        vec![Err(NotSent), Err(NotSent), answer(200, "")],
        3,
        Ok(200),
    )
    .await;
    check(&READ, vec![Err(Tls)], 1, Err(ErrorKind::Tls)).await;
    check(&READ, vec![Err(TooLarge)], 1, Err(ErrorKind::Unreadable)).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_and_the_call_replayed_once() {
    let script = Script::new(vec![answer(401, ""), answer(200, "")]);
    let found = client(&script, None)
        .call(&PUBLISH, request())
        .await
        .unwrap();
    assert_eq!(found.status, StatusCode::OK);
    assert_eq!(*script.tokens.lock().unwrap(), ["token-0", "token-1"]);

    let script = Script::new(vec![answer(401, ""), answer(401, "")]);
    let found = client(&script, None)
        .call(&PUBLISH, request())
        .await
        .unwrap();
    assert_eq!(found.status, StatusCode::UNAUTHORIZED);

    let script = Script::new(vec![answer(401, "")]);
    let found = client(&script, Some(ErrorKind::ConsentEnded))
        .call(&PUBLISH, request())
        .await
        .unwrap_err();
    assert_eq!(found.kind, ErrorKind::ConsentEnded);

    // That the token's own call may have had an effect says nothing of the publish.
    let script = Script::new(vec![answer(401, "")]);
    let found = client(&script, Some(ErrorKind::NoAnswer))
        .call(&PUBLISH, request())
        .await
        .unwrap_err();
    assert_eq!(found.kind, ErrorKind::Unreachable);
}

#[tokio::test(start_paused = true)]
async fn a_short_wait_is_slept_and_a_long_one_is_told() {
    let script = Script::new(vec![answer(200, ""), answer(200, ""), answer(429, "")]);
    let client = client(&script, None);
    let start = Instant::now();
    client.call(&PACED, request()).await.unwrap();
    client.call(&PACED, request()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));

    let refused = client.call(&PACED, request()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::RateLimited);
    client.note_limit(
        &BUCKET,
        0,
        Some(DateTime::UNIX_EPOCH + TimeDelta::minutes(10)),
    );
    let told = client.call(&PACED, request()).await.unwrap_err();
    assert_eq!(
        told.not_before,
        Some(DateTime::UNIX_EPOCH + TimeDelta::minutes(10))
    );
    assert_eq!(
        script.sent(),
        3,
        "no call is made while the limit is known to be used up"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_too_large_or_not_json_is_unreadable() {
    let long: &'static str = Box::leak("x".repeat(2000).into_boxed_str());
    let script = Script::new(vec![answer(200, long), answer(200, "<html>Jo Doe</html>")]);
    let client = client(&script, None);
    let found = client.call(&READ, request()).await.unwrap_err();
    assert_eq!(found.kind, ErrorKind::Unreadable);
    let html = client.call(&READ, request()).await.unwrap();
    let found = html.json::<serde_json::Value>("read").unwrap_err();
    assert_eq!(found.kind, ErrorKind::Unreadable);
    assert!(!found.to_string().contains("Doe"));
}
