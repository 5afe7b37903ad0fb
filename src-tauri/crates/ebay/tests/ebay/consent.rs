//! Consent, what a check finds missing, and signed calls, against answers written by hand
//! (ebay.md §2.2, §2.6, §4, §5).

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use barrow_market::{Adapter, CheckState, ErrorKind, Fate, MendKind, Retry};
use barrow_model::{ChangeId, Problem, ProblemKind, Secret, Settings};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::orders::order;
use crate::script::{Reply, Script, answer, beginning, connect, ok};

const ARRIVED: &str = "https://shop.example/done?state=s1&code=v%5E1.1%23i%5E1&expires_in=299";

fn token(script: &Script, reply: Reply) {
    script.token_replies.lock().unwrap().push_back(reply);
}

#[tokio::test]
async fn the_page_asks_for_all_permissions_at_once() {
    let script = Script::new([]);
    let adapter = connect(&script);
    let address = adapter.consent().unwrap().address("s 1").await.unwrap();
    let address = address.expose();
    let begin = "http://127.0.0.1:4000/oauth2/authorize?client_id=the-app&redirect_uri=the-name\
                 &response_type=code&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope%20";
    assert!(address.starts_with(begin), "{address}");
    for scope in ["sell.inventory", "sell.finances", "commerce.message"] {
        assert!(address.contains(&format!("%2F{scope}")), "{scope}");
    }
    assert!(address.ends_with("&state=s%201&prompt=login"), "{address}");
}

#[tokio::test]
async fn the_code_is_exchanged_as_documented() {
    let script = Script::new([ok(json!({"userId": "the-seller", "username": "shop"}))]);
    let body = json!({"access_token": "a", "expires_in": 7200, "refresh_token": "v^1#r",
        "refresh_token_expires_in": 47_304_000, "token_type": "User Access Token"});
    token(&script, ok(body));
    let adapter = connect(&script);
    let consent = adapter.consent().unwrap();
    let consented = consent.exchange(&Secret::new(ARRIVED), "s1").await.unwrap();
    assert_eq!(consented.secrets, [("refresh_token", Secret::new("v^1#r"))]);
    assert_eq!(consented.seller.as_deref(), Some("the-seller"));
    assert_eq!(script.lines(), ["GET /commerce/identity/v1/user/"]);
    assert_eq!(script.asked()[0].headers["authorization"], "Bearer a");
    let lasts = consented.until.unwrap() - beginning();
    assert!(lasts >= TimeDelta::seconds(47_304_000), "{lasts}");
    assert!(lasts < TimeDelta::seconds(47_304_060), "{lasts}");
    let call = &script.token_calls()[0];
    assert_eq!(
        call.body,
        "grant_type=authorization_code&code=v%5E1.1%23i%5E1&redirect_uri=the-name"
    );
    assert_eq!(
        call.headers["authorization"],
        "Basic dGhlLWFwcDp0aGUtY2VydA=="
    );
}

#[tokio::test]
async fn a_seller_who_may_not_be_asked_for_is_not_known() {
    let body = json!({"access_token": "a", "refresh_token": "r"});
    let missing = answer(403, json!({"errors": [{"errorId": 1100}]}));
    let gone = answer(400, json!({"errors": [{"errorId": 1}]}));
    for (reply, expected) in [(missing, true), (gone, false)] {
        let script = Script::new([reply]);
        token(&script, ok(body.clone()));
        let adapter = connect(&script);
        let consent = adapter.consent().unwrap();
        let consented = consent.exchange(&Secret::new(ARRIVED), "s1").await;
        assert_eq!(consented.is_ok_and(|one| one.seller.is_none()), expected);
    }
}

#[tokio::test]
async fn what_ebay_refuses_is_told_in_the_sellers_words() {
    let check = async |status: u16, error: &str, kind: ProblemKind, why: Option<&str>| {
        let script = Script::new([]);
        let words = "the provided code v^1.1#i is invalid";
        token(
            &script,
            answer(status, json!({"error": error, "error_description": words})),
        );
        let adapter = connect(&script);
        let consent = adapter.consent().unwrap();
        let error = consent
            .exchange(&Secret::new(ARRIVED), "s1")
            .await
            .unwrap_err();
        let problem = error.to_problem();
        assert_eq!(problem.kind, kind);
        assert_eq!(problem.params.get("why").map(String::as_str), why);
        let told = format!("{error:?} {problem:?}");
        assert!(!told.contains("v^1.1"), "{told}");
    };
    let refused = ProblemKind::ConsentRefused;
    check(400, "invalid_grant", refused, Some("code")).await;
    check(400, "invalid_request", refused, Some("code")).await;
    check(400, "invalid_scope", refused, Some("scope")).await;
    check(401, "invalid_client", ProblemKind::CredentialsRefused, None).await;
}

fn fields(given: &[(&str, &str)]) -> Settings {
    let pairs = given.iter();
    pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn a_check_says_what_can_be_mended_from_here() {
    let script = Script::new([
        ok(json!({"sellerRegistrationCompleted": true})),
        ok(json!({"programs": []})),
        ok(json!({"locations": [], "total": 0})),
        answer(403, json!({"errors": [{"errorId": 1100}]})),
        answer(404, json!({"errors": [{"errorId": 2002}]})),
    ]);
    let check = connect(&script).core().check().await.unwrap();
    let mends: BTreeMap<&str, MendKind> = check
        .items
        .iter()
        .filter_map(|item| Some((item.name.as_str(), item.mend.as_ref()?.kind)))
        .collect();
    let expected = [
        ("merchant_location_key", MendKind::CreateLocation),
        ("out_of_stock", MendKind::JoinProgram),
        ("programs", MendKind::JoinProgram),
    ];
    assert_eq!(mends, expected.into());
    let seller = &check.items[0];
    assert_eq!((seller.state, &seller.mend), (CheckState::Good, &None));
}

#[tokio::test]
async fn programs_are_joined_and_locations_created_as_documented() {
    let there = answer(
        409,
        json!({"errors": [{"errorId": 25803, "message": "exists"}]}),
    );
    let empty = || Reply::Answer(204, String::new());
    let known = ok(
        json!({"merchantLocationKey": "lager-2", "merchantLocationStatus": "DISABLED",
        "location": {"address": {"country": "DE", "postalCode": "10115"}}}),
    );
    let other = ok(json!({"location": {"address": {"country": "DE", "postalCode": "10117"}}}));
    let joined = [ok(json!({})), there.clone()];
    let created = [empty(), there.clone(), known, empty(), there, other];
    let script = Script::new(joined.into_iter().chain(created));
    let adapter = connect(&script);
    let core = adapter.core();
    let none = Settings::new();
    let joined = core.mend("programs", &none).await.unwrap();
    assert_eq!((joined.hours_max, joined.settings.len()), (Some(24), 0));
    core.mend("out_of_stock", &none).await.unwrap();
    let place = fields(&[
        ("name", "Lager 2"),
        ("country", "DE"),
        ("postal_code", "10115"),
    ]);
    for _ in 0..2 {
        let created = core.mend("merchant_location_key", &place).await.unwrap();
        assert_eq!(
            created.settings,
            fields(&[("merchant_location_key", "lager-2")])
        );
        assert_eq!(created.hours_max, None);
    }
    // One of the same name at another address is another place.
    let taken = core.mend("merchant_location_key", &place).await;
    let taken = taken.unwrap_err().to_problem();
    assert_eq!(
        (taken.kind, taken.field.as_deref()),
        (ProblemKind::FieldInvalid, Some("name"))
    );
    let path = "POST /sell/account/v1/program/opt_in";
    let location = "POST /sell/inventory/v1/location/lager-2";
    let read = "GET /sell/inventory/v1/location/lager-2";
    let enable = "POST /sell/inventory/v1/location/lager-2/enable";
    let expected = [path, path, location, location, read, enable, location, read];
    assert_eq!(script.lines(), expected);
    let asked = script.asked();
    let bodies: Vec<Value> = asked[..3].iter().map(|asked| asked.json()).collect();
    assert_eq!(
        bodies[0],
        json!({"programType": "SELLING_POLICY_MANAGEMENT"})
    );
    assert_eq!(bodies[1], json!({"programType": "OUT_OF_STOCK_CONTROL"}));
    let address = json!({"address": {"country": "DE", "postalCode": "10115"}});
    assert_eq!(bodies[2]["location"], address);
    assert_eq!(bodies[2]["name"], "Lager 2");
}

#[tokio::test]
async fn what_cannot_be_mended_is_told_without_a_call() {
    let script = Script::new([]);
    let adapter = connect(&script);
    let check = async |item: &str, given: &[(&str, &str)], kind: ErrorKind| {
        let error = adapter.core().mend(item, &fields(given)).await.unwrap_err();
        assert_eq!(error.kind, kind, "{item}");
    };
    check("seller", &[], ErrorKind::Unsupported).await;
    check(
        "merchant_location_key",
        &[("name", "Main")],
        ErrorKind::Config,
    )
    .await;
    assert!(script.asked().is_empty());
}

/// A key whose private half is an example of RFC 9421's.
fn signing_key(jwe: &str) -> Reply {
    ok(
        json!({"signingKeyId": "1", "jwe": jwe, "expirationTime": 1_900_000_000,
        "privateKey": "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"}),
    )
}

fn unsigned() -> Reply {
    answer(
        403,
        json!({"errors": [{"errorId": 215_001, "message": "Missing key header"}]}),
    )
}

async fn refunded(adapter: &dyn Adapter) -> Fate {
    refunded_by(adapter, 1).await
}

async fn refunded_by(adapter: &dyn Adapter, change: i64) -> Fate {
    let role = adapter.aftersales().unwrap();
    let mut batch = crate::refunds::refund(None, None, None);
    batch.changes[0].id = ChangeId(change);
    role.submit(&batch).await.unwrap().remove(0).fate
}

/// The refund is refused, once for all: the account goes on with everything else.
fn refusal(fate: Fate) -> Problem {
    match fate {
        Fate::Refused {
            problem,
            retry: Retry::No,
        } => problem,
        other => panic!("{other:?}"),
    }
}

fn pending() -> Reply {
    ok(json!({"refundId": "5", "refundStatus": "PENDING"}))
}

fn not_taken() -> Reply {
    answer(403, json!({"errors": [{"errorId": 215_122}]}))
}

#[tokio::test]
async fn a_call_that_ebay_wants_signed_is_signed_and_made_again() {
    let script = Script::new([ok(order()), unsigned(), signing_key("jwe-1"), pending()]);
    let fate = refunded(connect(&script).as_ref()).await;
    assert_eq!(fate, Fate::Applied { binding: None });
    let asked = script.asked();
    let key = "POST /developer/key_management/v1/signing_key";
    let refund = "POST /sell/fulfillment/v1/order/13-14786-65872/issue_refund";
    assert_eq!(script.lines()[1..], [refund, key, refund]);
    assert_eq!(asked[2].json(), json!({"signingKeyCipher": "ED25519"}));
    assert!(!asked[1].headers.contains_key("signature"));
    assert_eq!(asked[3].headers["x-ebay-signature-key"], "jwe-1");
    assert!(asked[3].headers["signature"].starts_with("sig1=:"));
    assert_eq!(asked[1].body, asked[3].body);
}

#[tokio::test]
async fn a_key_that_ebay_refuses_is_made_anew_once_and_then_told() {
    let (first, second) = (signing_key("jwe-1"), signing_key("jwe-2"));
    let replies = [
        ok(order()),
        unsigned(),
        first,
        not_taken(),
        second,
        not_taken(),
    ];
    let script = Script::new(replies);
    let problem = refusal(refunded(connect(&script).as_ref()).await);
    assert_eq!(problem.kind, ProblemKind::SignatureRefused);
    let used = script.asked()[5].headers["x-ebay-signature-key"].clone();
    assert_eq!(used, "jwe-2");
    let told = format!("{problem:?}");
    assert!(!told.contains("jwe-") && !told.contains("MC4C"), "{told}");
}

#[tokio::test]
async fn a_key_that_could_not_be_made_anew_is_made_with_the_next_refusal() {
    let no_key = answer(403, json!({"errors": [{"errorId": 1100}]}));
    let (first, second) = (signing_key("jwe-1"), signing_key("jwe-2"));
    let begun = [ok(order()), unsigned(), first, not_taken(), no_key];
    let then = [ok(order()), not_taken(), second, pending()];
    let script = Script::new(begun.into_iter().chain(then));
    let adapter = connect(&script);
    let problem = refusal(refunded(adapter.as_ref()).await);
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    let fate = refunded(adapter.as_ref()).await;
    assert_eq!(fate, Fate::Applied { binding: None });
    let used = script.asked()[8].headers["x-ebay-signature-key"].clone();
    assert_eq!(used, "jwe-2");
}

#[tokio::test]
async fn a_wrong_clock_is_set_right_by_ebays_and_costs_no_key() {
    let body = json!({"errors": [{"errorId": 215_113}]}).to_string();
    let late = Reply::Forbidden("Sun, 22 Nov 2026 11:00:00 GMT", body);
    let replies = [
        ok(order()),
        unsigned(),
        signing_key("jwe-1"),
        late,
        pending(),
    ];
    let script = Script::new(replies);
    let fate = refunded(connect(&script).as_ref()).await;
    assert_eq!(fate, Fate::Applied { binding: None });
    let input = script.asked()[4].headers["signature-input"].clone();
    let (_, created) = input.split_once(";created=").unwrap();
    let created: i64 = created.parse().unwrap();
    let three_hours = beginning().timestamp() + 3 * 3600;
    assert!((created - three_hours).abs() < 60, "{input}");
}

#[tokio::test]
async fn two_calls_that_are_refused_at_once_make_one_key() {
    let (first, second) = (signing_key("jwe-1"), signing_key("jwe-2"));
    let known = [ok(order()), unsigned(), first, pending()];
    let both = [ok(order()), ok(order()), not_taken(), not_taken(), second];
    let done = [pending(), pending()];
    let script = Script::new(known.into_iter().chain(both).chain(done));
    let adapter = connect(&script);
    refunded(adapter.as_ref()).await;
    script.takes_turns.store(true, Ordering::SeqCst);
    let (one, other) = tokio::join!(
        refunded_by(adapter.as_ref(), 2),
        refunded_by(adapter.as_ref(), 3)
    );
    let done = Fate::Applied { binding: None };
    assert_eq!((&one, &other), (&done, &done), "{:?}", script.lines());
    let keys = script.lines();
    let keys = keys.iter().filter(|line| line.ends_with("/signing_key"));
    assert_eq!(keys.count(), 2);
}
