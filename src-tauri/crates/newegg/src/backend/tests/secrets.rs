//! Keys: where they go, where they must not, and what is told where they are wrong.

use barrow_market::{CheckState, ErrorKind};
use barrow_model::ProblemKind;
use barrow_wire::testing::{World, line};

use super::script::{build, world, world_with};

const ACCOUNT: &str = "GET /marketplace/sellermgmt/seller/accountstatus?sellerid=A0xX";
const ACTIVE: &str = r#"{"NeweggAPIResponse":{"IsSuccess":"true","SellerID":"A0xX","ResponseBody":
    {"Membership":"Standard","Status":"Active"}}}"#;
const UP: &str =
    r#"{"IsSuccess":true,"ResponseBody":{"Status":"1","Timestamp":"1/31/2026 7:30:01"}}"#;

#[tokio::test]
async fn keys_go_into_two_headers_and_nowhere_else() {
    let world = world(vec![
        line(ACCOUNT, 200, ACTIVE),
        line(
            "GET /marketplace/contentmgmt/servicestatus?sellerid=A0xX",
            200,
            UP,
        ),
        line("GET /marketplace/datafeedmgmt/servicestatus", 200, UP),
        line(
            "GET /marketplace/ordermgmt/servicestatus",
            200,
            UP.replace("\"1\"", "\"0\""),
        ),
    ]);
    let check = world
        .adapter
        .core()
        .check()
        .await
        .expect("the keys are good");
    world.finished();
    assert_eq!(check.sites[0].0, "US");
    let states: Vec<CheckState> = check.items.iter().map(|item| item.state).collect();
    use CheckState::{Good, Missing};
    assert_eq!(states, [Good, Good, Good, Missing]);
    let sent = world.script.sent();
    for request in sent.iter() {
        let header = |name: &str| {
            let value = request.headers().get(name).expect(name);
            (
                value.to_str().expect("text").to_owned(),
                value.is_sensitive(),
            )
        };
        assert_eq!(header("authorization"), ("id-77".to_owned(), true));
        assert_eq!(header("secretkey"), ("hush-99".to_owned(), true));
        assert_eq!(header("content-type").0, "application/json");
        assert_eq!(header("accept").0, "application/json");
        let shown = format!("{request:?}");
        assert!(
            !shown.contains("hush-99") && !shown.contains("id-77"),
            "{shown}"
        );
    }
    drop(sent);
    let shown = format!("{check:?}");
    assert!(!shown.contains("hush-99") && !shown.contains("id-77"));
}

#[tokio::test]
async fn wrong_keys_are_told_in_every_envelope() {
    let bodies: [(u16, &'static str); 6] = [
        (401, r#"[{"Code":"InvalidConsumerKey","Message":"no"}]"#),
        (401, r#"{"Code":"InvalidToken","Message":"no"}"#),
        (403, r#"[{"Code":"AccessDenied","Message":"no"}]"#),
        (401, "Gateway: Seller Auth failed."),
        (403, "Gateway: Seller Auth failed."),
        (
            403,
            "<Errors><Error><Code>InvalidToken</Code><Message>no</Message></Error></Errors>",
        ),
    ];
    for (status, body) in bodies {
        // A 401 is tried once more, with the keys read anew.
        let times = if status == 401 { 2 } else { 1 };
        let world = world(vec![line(ACCOUNT, status, body); times]);
        let error = world.adapter.core().check().await.expect_err("refused");
        assert_eq!(error.kind, ErrorKind::Unauthorized, "{body}");
        assert_eq!(error.to_problem().kind, ProblemKind::CredentialsRefused);
        let shown = format!("{error:?}");
        assert!(
            !shown.contains("hush-99") && !shown.contains("id-77"),
            "{shown}"
        );
        world.finished();
    }
}

#[tokio::test]
async fn missing_keys_and_settings_are_named() {
    for (keys, missing) in [
        (vec![("secret_key", "hush-99")], "api_key"),
        (vec![("api_key", "id-77")], "secret_key"),
        (vec![("api_key", ""), ("secret_key", "x")], "api_key"),
    ] {
        let world = build(&[], vec![], &keys).expect("connecting calls nobody");
        let error = world.adapter.core().check().await.expect_err("no key");
        let problem = error.to_problem();
        assert_eq!(error.kind, ErrorKind::Config);
        assert_eq!(problem.kind, ProblemKind::SettingMissing);
        assert_eq!(
            problem.params.get("setting").map(String::as_str),
            Some(missing)
        );
    }
    let wrong: [(&str, &str, ProblemKind); 5] = [
        ("platform", "USA", ProblemKind::SettingInvalid),
        ("part_number", "gtin", ProblemKind::SettingInvalid),
        ("shipping", "free", ProblemKind::SettingInvalid),
        ("seller_id", " ", ProblemKind::SettingMissing),
        ("platform", "b2b", ProblemKind::SettingInvalid),
    ];
    for (key, value, kind) in wrong {
        let error: barrow_market::Result<World> = build(&[(key, value)], vec![], &[]);
        let problem = error.expect_err("it cannot be").to_problem();
        assert_eq!(problem.kind, kind, "{key}");
        assert_eq!(problem.params.get("setting").map(String::as_str), Some(key));
    }
}

#[tokio::test]
async fn an_account_that_cannot_sell_is_told() {
    let closed = ACTIVE.replace("Active", "Suspended");
    let up = || line("GET", 200, UP);
    let world = world(vec![line(ACCOUNT, 200, closed), up(), up(), up()]);
    let check = world
        .adapter
        .core()
        .check()
        .await
        .expect("the keys are good");
    let problem = check.items[0].problem.as_ref().expect("it is told");
    assert_eq!(problem.kind, ProblemKind::SellerNotReady);
}

#[tokio::test]
async fn each_platform_has_its_paths_and_the_seller_id_keeps_its_case() {
    for (platform, path) in [("B2B", "/marketplace/b2b/"), ("CAN", "/marketplace/can/")] {
        let settings = [("platform", platform), ("seller_id", "V0 yZ")];
        let start = format!("GET {path}sellermgmt/seller/accountstatus?sellerid=V0%20yZ");
        let start: &'static str = Box::leak(start.into_boxed_str());
        let up = || line("GET", 200, UP);
        let lines = vec![line(start, 200, ACTIVE), up(), up(), up()];
        let world = world_with(&settings, lines);
        world
            .adapter
            .core()
            .check()
            .await
            .expect("the keys are good");
        world.finished();
    }
}
