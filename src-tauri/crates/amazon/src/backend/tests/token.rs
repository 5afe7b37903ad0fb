//! Tokens (amazon.md §2.1, §10).

use barrow_market::ErrorKind;
use barrow_model::ProblemKind;
use barrow_wire::testing::{line, now};

use super::script::{KEYS, granted, token_world, world};

const TOKEN: &str = "POST /auth/o2/token";
const ORDERS: &str = "GET /orders/2026-01-01/orders?";
const EMPTY: &str = r#"{"orders":[],"lastUpdatedBefore":"2026-11-22T07:58:00Z"}"#;
const REVOKED: &str = r#"{"errors":[{"code":"Unauthorized","message":"The access token you
    provided is revoked, malformed or invalid.","details":""}]}"#;

fn revoked() -> String {
    REVOKED.replace('\n', " ")
}

#[tokio::test]
async fn a_token_serves_until_shortly_before_its_end() {
    let world = token_world(
        KEYS,
        vec![
            line(TOKEN, 200, granted("one")),
            line(ORDERS, 200, EMPTY),
            line(ORDERS, 200, EMPTY),
            line(TOKEN, 200, granted("two")),
            line(ORDERS, 200, EMPTY),
        ],
    );
    let orders = world.adapter.orders().expect("orders");
    let stream = orders.streams()[0].id;
    let cursor = orders.start(stream, now()).expect("a cursor");
    for seconds in [0, 3_299, 1] {
        world.clock.advance(seconds);
        orders.pull(stream, &cursor, &[]).await.expect("a page");
    }
    world.finished();
    let form = "grant_type=refresh_token&refresh_token=Atzr%7Chush&client_id=id-7\
        &client_secret=hush-9";
    assert_eq!(world.body(0), form);
    let sent = world.script.sent();
    let header = |index: usize, name: &str| {
        let value = sent[index].headers().get(name).expect(name);
        value.to_str().expect("text").to_owned()
    };
    assert_eq!(header(1, "x-amz-access-token"), "one");
    assert_eq!(header(1, "x-amz-date"), "20261122T080000Z");
    assert!(header(1, "user-agent").contains("(Language=Rust/"));
    assert_eq!(header(2, "x-amz-access-token"), "one");
    assert_eq!(header(4, "x-amz-access-token"), "two");
}

#[tokio::test]
async fn the_logins_words_are_kept_and_no_secret_with_them() {
    for (word, kind, problem) in [
        (
            "invalid_grant",
            ErrorKind::ConsentEnded,
            ProblemKind::ConsentEnded,
        ),
        (
            "invalid_client",
            ErrorKind::Unauthorized,
            ProblemKind::CredentialsRefused,
        ),
        (
            "unauthorized_client",
            ErrorKind::Unauthorized,
            ProblemKind::CredentialsRefused,
        ),
    ] {
        let body = format!(r#"{{"error":"{word}","error_description":"why","request_id":"r"}}"#);
        let world = token_world(KEYS, vec![line(TOKEN, 400, body)]);
        let error = world.adapter.core().check().await.expect_err("wrong keys");
        assert_eq!(error.kind, kind);
        let told = error.to_problem();
        assert_eq!(told.kind, problem);
        let vendor = told.vendor.expect("Amazon's words");
        assert_eq!((vendor.code.as_str(), vendor.text.as_str()), (word, "why"));
        assert!(!format!("{error:?}").contains("hush"));
    }
}

#[tokio::test]
async fn a_missing_key_is_named_without_a_call() {
    let world = token_world(&KEYS[..2], Vec::new());
    let error = world.adapter.core().check().await.expect_err("no token");
    let problem = error.to_problem();
    assert_eq!(problem.kind, ProblemKind::SettingMissing);
    assert_eq!(problem.params["setting"], "refresh_token");
}

#[tokio::test]
async fn a_token_that_is_refused_by_403_is_renewed_once() {
    let world = token_world(
        KEYS,
        vec![
            line(TOKEN, 200, granted("one")),
            line(ORDERS, 403, revoked()),
            line(TOKEN, 200, granted("two")),
            line(ORDERS, 200, EMPTY),
            line(ORDERS, 403, revoked()),
            line(TOKEN, 200, granted("three")),
            line(ORDERS, 403, revoked()),
        ],
    );
    let orders = world.adapter.orders().expect("orders");
    let stream = orders.streams()[0].id;
    let cursor = orders.start(stream, now()).expect("a cursor");
    let page = orders.pull(stream, &cursor, &[]).await.expect("a page");
    assert!(!page.more);
    let error = orders
        .pull(stream, &cursor, &[])
        .await
        .expect_err("revoked");
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    world.finished();
}

#[tokio::test]
async fn a_401_is_renewed_once_too() {
    let world = world(vec![line(ORDERS, 401, revoked()), line(ORDERS, 200, EMPTY)]);
    let orders = world.adapter.orders().expect("orders");
    let stream = orders.streams()[0].id;
    let cursor = orders.start(stream, now()).expect("a cursor");
    orders.pull(stream, &cursor, &[]).await.expect("a page");
    world.finished();
    assert!(!format!("{:?}", world.adapter.capability()).contains("hush"));
}
