//! Every form in which a marketplace says no, or says nothing, ends in a problem with words: what
//! is wrong, at which marketplace, and what to do.
//!
//! The real adapters are driven over a script in the place of the marketplace: the token endpoint
//! answers well, unless the envelope is its own, and every other call gets the envelope.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_api::Words;
use barrow_market::{Adapter, Connection, Credentials, CredentialsError, MemoryNotes, NoPictures};
use barrow_model::ProblemKind::{
    AnswerUnreadable, ConsentEnded, CredentialsRefused, LimitReached, MarketplaceDown, NoAnswer,
    PermissionMissing, Refused, Unreachable,
};
use barrow_model::{AccountId, Clock, Endpoint, Problem, ProblemKind, Random, Secret, Settings};
use barrow_tests::subjects::{AMAZON, EBAY, NEWEGG, NEWEGG_B2B, NEWEGG_CANADA, Subject, WALMART};
use barrow_wire::{Body, MemoryLimits, Parts, Transport, TransportError, TransportErrorKind};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response, StatusCode};
use tokio::time::Instant;

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// The endpoint that gives tokens.
    Login,
    /// Any other.
    Calls,
}

/// What a marketplace says instead of an answer, and what it has to end in.
#[derive(Clone, Copy, Debug)]
struct Envelope {
    from: From,
    status: u16,
    body: &'static str,
    problem: ProblemKind,
}

const fn login(status: u16, body: &'static str, problem: ProblemKind) -> Envelope {
    Envelope {
        from: From::Login,
        status,
        body,
        problem,
    }
}

const fn calls(status: u16, body: &'static str, problem: ProblemKind) -> Envelope {
    Envelope {
        from: From::Calls,
        ..login(status, body, problem)
    }
}

const PAGE: &str = "<html><body>Bad gateway</body></html>";

/// ebay.md §12.
const EBAY_SAYS: &[Envelope] = &[
    login(
        400,
        r#"{"error":"invalid_grant","error_description":"the token is revoked"}"#,
        ConsentEnded,
    ),
    login(
        401,
        r#"{"error":"invalid_client","error_description":"client authentication failed"}"#,
        CredentialsRefused,
    ),
    login(503, PAGE, MarketplaceDown),
    login(200, PAGE, AnswerUnreadable),
    calls(
        401,
        r#"{"errors":[{"errorId":1001,"domain":"OAuth","message":"Invalid access token"}]}"#,
        CredentialsRefused,
    ),
    calls(
        403,
        r#"{"errors":[{"errorId":1100,"domain":"ACCESS","message":"Access denied"}]}"#,
        PermissionMissing,
    ),
    calls(
        429,
        r#"{"errors":[{"errorId":2001,"domain":"ACCESS","message":"Too many requests."}]}"#,
        LimitReached,
    ),
    calls(
        500,
        r#"{"errors":[{"errorId":2003,"domain":"ACCESS","message":"Internal error"}]}"#,
        MarketplaceDown,
    ),
    calls(502, PAGE, MarketplaceDown),
    calls(503, "", MarketplaceDown),
    calls(200, "{\"cut\":", AnswerUnreadable),
];

/// walmart.md §2.1 and §4.
const WALMART_SAYS: &[Envelope] = &[
    login(
        401,
        r#"{"error":[{"code":"UNAUTHORIZED.GMP_GATEWAY_API","description":"Unauthorized"}]}"#,
        CredentialsRefused,
    ),
    login(520, PAGE, MarketplaceDown),
    login(200, PAGE, AnswerUnreadable),
    calls(
        401,
        r#"{"error":[{"code":"UNAUTHORIZED.GMP_GATEWAY_API","description":"Unauthorized"}]}"#,
        CredentialsRefused,
    ),
    calls(
        403,
        r#"{"errors":[{"code":"FORBIDDEN.GMP_GATEWAY_API","description":"Forbidden"}]}"#,
        PermissionMissing,
    ),
    calls(
        403,
        r#"{"errors":{"error":[{"code":"FORBIDDEN.GMP_GATEWAY_API","description":"No"}]}}"#,
        PermissionMissing,
    ),
    calls(
        500,
        r#"{"error":{"code":"SYSTEM_ERROR.GMP_GATEWAY_API","description":"Illegal"}}"#,
        MarketplaceDown,
    ),
    calls(429, "", LimitReached),
    calls(520, PAGE, MarketplaceDown),
    calls(200, PAGE, AnswerUnreadable),
];

/// amazon.md §2.1 and §10.
const AMAZON_SAYS: &[Envelope] = &[
    login(
        400,
        r#"{"error":"invalid_grant","error_description":"Revoked.","request_id":"r"}"#,
        ConsentEnded,
    ),
    login(
        401,
        r#"{"error":"invalid_client","error_description":"Failed.","request_id":"r"}"#,
        CredentialsRefused,
    ),
    login(
        400,
        r#"{"error":"unauthorized_client","error_description":"No.","request_id":"r"}"#,
        CredentialsRefused,
    ),
    login(
        400,
        r#"{"error":"unsupported_grant_type","error_index":"0","request_id":"r"}"#,
        CredentialsRefused,
    ),
    login(503, PAGE, MarketplaceDown),
    login(200, PAGE, AnswerUnreadable),
    calls(
        403,
        r#"{"errors":[{"code":"Unauthorized",
            "message":"The access token you provided is revoked, malformed or invalid."}]}"#,
        CredentialsRefused,
    ),
    calls(
        401,
        r#"{"errors":[{"code":"Unauthorized","message":"The access token has expired",
            "details":""}]}"#,
        CredentialsRefused,
    ),
    calls(
        403,
        r#"{"errors":[{"code":"Unauthorized",
            "message":"Access to requested resource is denied.","details":""}]}"#,
        PermissionMissing,
    ),
    calls(
        403,
        r#"{"payload":null,"errors":[{"code":"AccessDenied","message":"Denied."}]}"#,
        PermissionMissing,
    ),
    calls(403, PAGE, PermissionMissing),
    calls(403, "", PermissionMissing),
    calls(
        400,
        r#"{"errors":[{"code":"InvalidInput","message":"Invalid.","details":""}]}"#,
        Refused,
    ),
    calls(
        429,
        r#"{"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota.",
            "details":""}]}"#,
        LimitReached,
    ),
    calls(
        500,
        r#"{"errors":[{"code":"InternalFailure","message":"Failed.","details":""}]}"#,
        MarketplaceDown,
    ),
    calls(503, PAGE, MarketplaceDown),
    calls(503, "", MarketplaceDown),
    calls(200, PAGE, AnswerUnreadable),
    calls(200, "", AnswerUnreadable),
];

/// newegg.md §2 and §3; there is no login.
const NEWEGG_SAYS: &[Envelope] = &[
    calls(
        401,
        r#"[{"Code":"InvalidConsumerKey","Message":"Invalid consumer key."}]"#,
        CredentialsRefused,
    ),
    calls(
        403,
        r#"{"Code":"InvalidToken","Message":"Invalid token."}"#,
        CredentialsRefused,
    ),
    calls(
        403,
        "<Errors><Error><Code>AccessDenied</Code><Message>Denied.</Message></Error></Errors>",
        CredentialsRefused,
    ),
    calls(401, "Gateway: Seller Auth failed.", CredentialsRefused),
    calls(
        401,
        "\u{feff}[{\"Code\":\"InvalidToken\",\"Message\":\"Invalid token.\"}]",
        CredentialsRefused,
    ),
    calls(
        400,
        r#"[{"Code":"CE001","Message":"Bad request."}]"#,
        Refused,
    ),
    calls(
        429,
        r#"[{"Code":"429","Message":"Too many request."}]"#,
        LimitReached,
    ),
    calls(
        500,
        r#"{"Code":"CE002","Message":"Unknown error."}"#,
        MarketplaceDown,
    ),
    calls(502, PAGE, MarketplaceDown),
    calls(503, "", MarketplaceDown),
    calls(200, PAGE, AnswerUnreadable),
    calls(200, "{\"cut\":", AnswerUnreadable),
];

/// A script in the place of the marketplace.
#[derive(Debug)]
enum Script {
    Says(Envelope),
    /// Nobody listens.
    Unreachable,
    /// The connection closes without an answer, once there is a token.
    Closes,
}

const TOKENS: [&str; 3] = ["/identity/v1/oauth2/token", "/v3/token", "/auth/o2/token"];

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let for_token = TOKENS.contains(&request.uri().path());
        let failed = |kind, detail| Err(TransportError::new(kind, detail));
        let token = r#"{"access_token":"t","token_type":"bearer","expires_in":3600}"#;
        let (status, body) = match self {
            Self::Says(envelope) if !for_token || envelope.from == From::Login => {
                (envelope.status, envelope.body)
            }
            Self::Unreachable => return failed(TransportErrorKind::NotSent, "refused"),
            Self::Closes if !for_token => return failed(TransportErrorKind::NoAnswer, "closed"),
            Self::Says(_) | Self::Closes => (200, token),
        };
        let json = body.starts_with('{') || body.starts_with('[');
        let media = if json {
            "application/json"
        } else {
            "text/html"
        };
        let status = StatusCode::from_u16(status).expect("a status of a table");
        let response = Response::builder().status(status);
        let response = response.header("content-type", media);
        let body = Body::whole(Bytes::from_static(body.as_bytes()));
        Ok(response.body(body).expect("a response of constants"))
    }
}

/// The paused time of a test.
#[derive(Debug)]
struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> DateTime<Utc> {
        let begun = DateTime::from_timestamp(1_795_334_400, 0).expect("a time");
        begun + TimeDelta::from_std(self.0.elapsed()).expect("a short test")
    }
}

#[derive(Debug)]
struct Even;

impl Random for Even {
    fn next_u64(&self) -> u64 {
        1 << 63
    }
}

/// Keys that look like those of the marketplace.
struct Keys;

#[async_trait]
impl Credentials for Keys {
    async fn read(&self, key: &str) -> Result<Option<Secret>, CredentialsError> {
        Ok(Some(Secret::new(format!("a-key-for-{key}"))))
    }

    async fn write(&self, _key: &str, _secret: Secret) -> Result<(), CredentialsError> {
        Ok(())
    }
}

fn connect(subject: &Subject, script: Script) -> (Arc<dyn Adapter>, &'static str) {
    let connector = (subject.connector)(Parts {
        transport: Arc::new(script),
        limits: Arc::new(MemoryLimits::default()),
        clock: Arc::new(Paused(Instant::now())),
        random: Arc::new(Even),
    });
    let title = connector.info().title;
    let given = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let settings: Settings = match subject.name {
        "ebay" => BTreeMap::from([given("marketplace_id", subject.site)]),
        "amazon" => BTreeMap::from([
            given("seller_id", "A1SELLER"),
            given("marketplace_ids", subject.site),
        ]),
        "newegg" => BTreeMap::from([given("seller_id", "A0XX"), given("platform", subject.site)]),
        _ => Settings::new(),
    };
    let adapter = connector.connect(Connection {
        account_id: AccountId(1),
        endpoint: Endpoint::Custom("http://127.0.0.1:9".to_owned()),
        settings,
        credentials: Arc::new(Keys),
        pictures: Arc::new(NoPictures),
        notes: Arc::new(MemoryNotes::default()),
    });
    (adapter.expect("the settings are right"), title)
}

/// What a check of the account ends in: an error, or the first part that is not in order.
async fn problem_of(adapter: &dyn Adapter) -> Problem {
    match adapter.core().check().await {
        Err(error) => error.to_problem(),
        Ok(check) => {
            let mut problems = check.items.into_iter().filter_map(|item| item.problem);
            problems.next().expect("something is not in order")
        }
    }
}

/// What people read: where, what, and what to do, with nothing left open.
fn assert_has_words(problem: &Problem, marketplace: &str, told: &str) {
    let words = Words::english().problem_of(problem, marketplace, "");
    assert!(words.contains(marketplace), "{told}: {words}");
    assert!(!words.contains("problem_"), "{told} has no words: {words}");
    assert!(
        !words.contains('…'),
        "{told} leaves something open: {words}"
    );
    let (_, rest) = words
        .split_once(": ")
        .expect("the marketplace stands first");
    let sentences = rest
        .split(['.', ':', ';'])
        .filter(|part| part.trim().len() > 8);
    assert!(sentences.count() >= 2, "{told} says no way out: {words}");
}

async fn check(subject: &Subject, table: &[Envelope]) {
    for envelope in table {
        let (adapter, title) = connect(subject, Script::Says(*envelope));
        let problem = problem_of(adapter.as_ref()).await;
        let told = format!("{subject:?} {envelope:?}");
        assert_eq!(problem.kind, envelope.problem, "{told}: {problem:?}");
        assert_has_words(&problem, title, &told);
    }
    for (script, kind) in [
        (Script::Unreachable, Unreachable),
        (Script::Closes, NoAnswer),
    ] {
        let told = format!("{subject:?} {script:?}");
        let (adapter, title) = connect(subject, script);
        let problem = problem_of(adapter.as_ref()).await;
        assert_eq!(problem.kind, kind, "{told}: {problem:?}");
        assert_has_words(&problem, title, &told);
    }
}

#[tokio::test(start_paused = true)]
async fn what_ebay_says_has_words() {
    check(&EBAY, EBAY_SAYS).await;
}

#[tokio::test(start_paused = true)]
async fn what_walmart_says_has_words() {
    check(&WALMART, WALMART_SAYS).await;
}

#[tokio::test(start_paused = true)]
async fn what_amazon_says_has_words() {
    check(&AMAZON, AMAZON_SAYS).await;
}

#[tokio::test(start_paused = true)]
async fn what_newegg_says_has_words() {
    for subject in [&NEWEGG, &NEWEGG_B2B, &NEWEGG_CANADA] {
        check(subject, NEWEGG_SAYS).await;
    }
}
