//! Tokens (walmart.md §2.1).

use barrow_market::ErrorKind;
use barrow_model::ProblemKind;
use barrow_wire::testing::{line, now};

use super::script::{KEYS, granted, token_world, world};

const TOKEN: &str = "POST /v3/token";
const EMPTY: &str = r#"{"list":{"meta":{"totalCount":0},"elements":{"order":[]}}}"#;

#[tokio::test]
async fn a_token_serves_until_most_of_its_life_is_over() {
    let world = token_world(
        KEYS,
        vec![
            line(TOKEN, 200, granted("one")),
            line("GET /v3/orders", 404, ""),
            line("GET /v3/orders", 200, EMPTY),
            line(TOKEN, 200, granted("two")),
            line("GET /v3/orders", 200, EMPTY),
        ],
    );
    let orders = world.adapter.orders().expect("orders");
    let stream = orders.streams()[0].id;
    let cursor = orders.start(stream, now()).expect("a cursor");
    for seconds in [0, 719, 1] {
        world.clock.advance(seconds);
        orders.pull(stream, &cursor, &[]).await.expect("a page");
    }
    world.finished();
    let sent = world.script.sent();
    let header = |index: usize, name: &str| {
        let value = sent[index].headers().get(name).expect(name);
        value.to_str().expect("text").to_owned()
    };
    assert_eq!(header(0, "authorization"), "Basic aWQtNzpodXNoLTk=");
    assert_eq!(sent[0].body().as_ref(), b"grant_type=client_credentials");
    assert_eq!(header(1, "wm_sec.access_token"), "one");
    assert_eq!(header(2, "wm_sec.access_token"), "one");
    assert_eq!(header(4, "wm_sec.access_token"), "two");
    assert_ne!(
        header(1, "wm_qos.correlation_id"),
        header(2, "wm_qos.correlation_id")
    );
    assert_eq!(header(1, "wm_qos.correlation_id").len(), 36);
}

#[tokio::test]
async fn wrong_keys_are_told_by_either_status() {
    for status in [400, 401] {
        let body = r#"{"errors":[{"code":"INVALID_REQUEST_HEADER.X","description":"bad"}]}"#;
        let world = token_world(KEYS, vec![line(TOKEN, status, body)]);
        let error = world.adapter.core().check().await.expect_err("wrong keys");
        assert_eq!(error.kind, ErrorKind::Unauthorized);
        assert_eq!(error.to_problem().kind, ProblemKind::CredentialsRefused);
        assert!(!format!("{error:?}").contains("hush"));
    }
}

#[tokio::test]
async fn a_missing_key_is_named_without_a_call() {
    let world = token_world(&[("client_id", "id-7")], Vec::new());
    let error = world.adapter.core().check().await.expect_err("no secret");
    let problem = error.to_problem();
    assert_eq!(problem.kind, ProblemKind::SettingMissing);
    assert_eq!(problem.params["setting"], "client_secret");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_call_replayed() {
    let refused = r#"{"error":[{"code":"UNAUTHORIZED.GMP_GATEWAY_API"}]}"#;
    let world = world(vec![
        line("GET /v3/orders", 401, refused),
        line("GET /v3/orders", 200, EMPTY),
        line("GET /v3/orders", 401, refused),
        line("GET /v3/orders", 401, refused),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let stream = orders.streams()[0].id;
    let cursor = orders.start(stream, now()).expect("a cursor");
    let page = orders.pull(stream, &cursor, &[]).await.expect("a page");
    assert!(!page.more);
    let error = orders
        .pull(stream, &cursor, &[])
        .await
        .expect_err("revoked keys");
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    world.finished();
}
