//! The error table on bodies as the reference gives them.

use std::time::Duration;

use barrow_ebay::error::{existing_offer, parse_error, problem, refusal, refusal_of};
use barrow_ebay::types::VendorIssue;
use barrow_market::{ErrorKind, Fate, Retry};
use barrow_model::{ChangeId, ProblemKind};
use barrow_wire::Answer;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

fn issue(id: i64, parameters: Value) -> VendorIssue {
    let body = json!({"errorId": id, "domain": "API_INVENTORY", "category": "REQUEST",
        "message": "Words.", "parameters": parameters});
    serde_json::from_value(body).unwrap()
}

#[test]
fn the_catch_all_is_told_by_its_parameters() {
    let check = |parameters: Value, kind: ProblemKind, field: Option<&str>| {
        let told = problem(&[issue(25002, parameters)]);
        assert_eq!((told.kind, told.field.as_deref()), (kind, field));
    };
    let named =
        |name: &str| json!([{"name": "0", "value": "Words."}, {"name": "2", "value": name}]);
    check(named("Brand"), ProblemKind::BrandMissing, Some("brand"));
    check(
        named("Size"),
        ProblemKind::AttributeMissing,
        Some("attributes.Size"),
    );
    check(named("EAN"), ProblemKind::GtinMissing, Some("gtin"));
    check(named(&"long ".repeat(20)), ProblemKind::Refused, None);
    check(json!([]), ProblemKind::Refused, None);
    let exists = issue(25002, json!([{"name": "offerId", "value": "9553634010"}]));
    assert_eq!(existing_offer(&[exists]).as_deref(), Some("9553634010"));
    assert_eq!(existing_offer(&[issue(25002, named("Brand"))]), None);
}

#[test]
fn what_passes_by_itself_is_tried_again() {
    let check = |id: i64, status: u16, seconds: Option<u64>| {
        let outcome = refusal(ChangeId(1), status, &[issue(id, json!([]))]);
        let Fate::Refused { retry, .. } = outcome.fate else {
            panic!("{id} is refused")
        };
        let found = match retry {
            Retry::After(wait) => Some(wait.as_secs()),
            Retry::No => None,
        };
        assert_eq!(found, seconds, "{id}");
    };
    check(25001, 500, Some(30));
    check(25604, 400, Some(5));
    check(25025, 500, Some(10));
    check(2003, 500, Some(30));
    check(77_777, 503, Some(60));
    check(25026, 400, None);
    check(25002, 400, None);
}

#[test]
fn a_whole_call_that_passes_by_itself_is_tried_again() {
    let check = |status: u16, id: i64, seconds: Option<u64>| {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: json!({"errors": [{"errorId": id, "message": "Words."}]})
                .to_string()
                .into(),
        };
        let outcome = refusal_of(ChangeId(1), &parse_error("updateOffer", &answer));
        let Fate::Refused { retry, .. } = outcome.fate else {
            panic!("{id} is refused")
        };
        let expected = seconds.map_or(Retry::No, |s| Retry::After(Duration::from_secs(s)));
        assert_eq!(retry, expected, "{id}");
    };
    check(400, 25604, Some(5));
    check(500, 25025, Some(10));
    check(400, 25007, None);
    check(400, 25026, None);
}

#[test]
fn a_refused_call_says_what_kind_of_trouble_it_is() {
    let check = |status: u16, body: &str, kind: ErrorKind| {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        };
        assert_eq!(
            parse_error("getOffer", &answer).kind,
            kind,
            "{status} {body}"
        );
    };
    let error = |id: i64| json!({"errors": [{"errorId": id, "message": "Words."}]}).to_string();
    check(401, &error(1001), ErrorKind::Unauthorized);
    check(403, &error(1100), ErrorKind::Forbidden);
    check(403, "", ErrorKind::Forbidden);
    check(404, &error(25713), ErrorKind::NotFound);
    check(400, &error(25713), ErrorKind::NotFound);
    check(404, "", ErrorKind::NotFound);
    check(400, &error(25002), ErrorKind::Refused);
    check(400, &error(25604), ErrorKind::Refused);
    check(429, &error(2001), ErrorKind::RateLimited);
    check(500, &error(25001), ErrorKind::MarketplaceDown);
    check(503, "<html>busy</html>", ErrorKind::MarketplaceDown);
    check(400, "<html>proxy</html>", ErrorKind::Unreadable);
    let post_order = r#"{"error":[{"errorId":32100,"message":"x","parameter":[]}]}"#;
    check(400, post_order, ErrorKind::NotFound);
}
