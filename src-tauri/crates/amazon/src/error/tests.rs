//! Every envelope of the reference, and issues by category.

use barrow_market::ErrorKind;
use barrow_model::ProblemKind;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::{is_token_refused, issue_problem, login_error, parse_error, worst};
use crate::types::listing::Issue;

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("a status")
}

#[test]
fn every_envelope_is_read() {
    let check = |code: u16, body: &str, kind: ErrorKind, word: Option<&str>| {
        let error = parse_error(
            "searchOrders",
            status(code),
            &HeaderMap::new(),
            body.as_bytes(),
        );
        assert_eq!(error.kind, kind, "{body}");
        let found = error.vendor.as_ref().map(|vendor| vendor.code.as_str());
        assert_eq!(found, word, "{body}");
    };
    let input = Some("InvalidInput");
    let full = r#"{"errors":[{"code":"InvalidInput","message":"bad","details":"x"}]}"#;
    check(400, full, ErrorKind::Refused, input);
    let short = r#"{"errors":[{"code":"InvalidInput","message":"bad"}]}"#;
    check(400, short, ErrorKind::Refused, input);
    let beside = r#"{"payload":null,"errors":[{"code":"InvalidInput","message":"bad"}]}"#;
    check(400, beside, ErrorKind::Refused, input);
    let lone = r#"{"errors":{"code":"InvalidInput","message":"bad"}}"#;
    check(400, lone, ErrorKind::Refused, input);
    let denied = r#"{"errors":[{"code":"Unauthorized","message":"denied.","details":""}]}"#;
    check(403, denied, ErrorKind::Forbidden, Some("Unauthorized"));
    check(401, denied, ErrorKind::Unauthorized, Some("Unauthorized"));
    check(403, "", ErrorKind::Forbidden, None);
    check(404, "{}", ErrorKind::NotFound, None);
    check(413, "", ErrorKind::Refused, None);
    check(415, "", ErrorKind::Refused, None);
    let quota = r#"{"errors":[{"code":"QuotaExceeded","message":"slow","details":""}]}"#;
    check(429, quota, ErrorKind::RateLimited, Some("QuotaExceeded"));
    check(500, "", ErrorKind::MarketplaceDown, None);
    let html = "<html><body>Service Unavailable</body></html>";
    check(503, html, ErrorKind::MarketplaceDown, None);
    let xml = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>expired</Message>\
        </Error>";
    check(403, xml, ErrorKind::Forbidden, Some("AccessDenied"));
}

#[test]
fn a_missing_role_is_named_with_what_it_would_allow() {
    let check = |operation: &'static str, role: &str, feature: &str| {
        let body = br#"{"errors":[{"code":"Unauthorized","message":"denied"}]}"#;
        let error = parse_error(operation, status(403), &HeaderMap::new(), body);
        let problem = error.to_problem();
        assert_eq!(problem.kind, ProblemKind::PermissionMissing);
        assert_eq!(problem.params["permission"], role);
        assert_eq!(problem.params["feature"], feature);
        assert_eq!(problem.vendor.expect("its words").text, "denied");
    };
    check("putListingsItem", "Product Listing", "publish");
    check("searchOrders", "Inventory and Order Tracking", "orders");
    check("confirmShipment", "Inventory and Order Tracking", "ship");
}

#[test]
fn a_token_is_told_from_a_role() {
    let check = |code: u16, message: &str, expected: bool| {
        let body = format!(r#"{{"errors":[{{"code":"Unauthorized","message":"{message}"}}]}}"#);
        assert_eq!(is_token_refused(status(code), body.as_bytes()), expected);
    };
    let revoked = "The access token you provided is revoked, malformed or invalid.";
    check(403, revoked, true);
    check(403, "The access token you provided has expired.", true);
    check(403, "Access to requested resource is denied.", false);
    check(400, revoked, false);
}

#[test]
fn details_stand_in_the_words() {
    let body = br#"{"errors":[{"code":"Unauthorized","message":"Access is denied.",
        "details":"The access token you provided has expired."}]}"#;
    assert!(is_token_refused(status(403), body));
}

#[test]
fn the_login_has_words_of_its_own() {
    let check = |word: &str, expected: Option<ErrorKind>| {
        let body = format!(r#"{{"error":"{word}","error_description":"why","error_index":"x"}}"#);
        let error = login_error("token", status(400), body.as_bytes());
        assert_eq!(error.as_ref().map(|error| error.kind), expected, "{word}");
        if let Some(error) = error {
            let vendor = error.vendor.expect("its words");
            assert_eq!((vendor.code.as_str(), vendor.text.as_str()), (word, "why"));
        }
    };
    check("invalid_grant", Some(ErrorKind::ConsentEnded));
    check("invalid_client", Some(ErrorKind::Unauthorized));
    check("unauthorized_client", Some(ErrorKind::Unauthorized));
    check("unsupported_grant_type", Some(ErrorKind::Unauthorized));
    check("something_new", None);
}

#[test]
fn the_request_id_is_kept() {
    let mut headers = HeaderMap::new();
    headers.insert("x-amzn-RequestId", HeaderValue::from_static("r-1"));
    let error = parse_error("getFeed", status(500), &headers, b"");
    assert!(error.context.contains(&("request_id", "r-1".to_owned())));
}

fn issue(json: &str) -> Issue {
    serde_json::from_str(json).expect("an issue")
}

#[test]
fn issues_go_by_category_then_by_code() {
    let check = |json: &str, kind: ProblemKind, field: Option<&str>| {
        let problem = issue_problem(&issue(json));
        assert_eq!(problem.kind, kind, "{json}");
        assert_eq!(problem.field.as_deref(), field, "{json}");
    };
    check(
        r#"{"code":"1","severity":"ERROR","categories":["QUALIFICATION_REQUIRED"]}"#,
        ProblemKind::ApprovalNeeded,
        None,
    );
    check(
        r#"{"code":"1","categories":["INVALID_ATTRIBUTE"],
        "attributeNames":["purchasable_offer"]}"#,
        ProblemKind::PriceRefused,
        Some("price"),
    );
    check(
        r#"{"code":"90220","attributeName":"purchasable_offer.our_price"}"#,
        ProblemKind::PriceMissing,
        Some("price"),
    );
    check(
        r#"{"code":"1","categories":["INVALID_ATTRIBUTE"],
        "attributeNames":["merchant_suggested_asin"]}"#,
        ProblemKind::PageMissing,
        Some("asin"),
    );
    check(
        r#"{"code":"90220","attributeNames":["batteries_required"]}"#,
        ProblemKind::AttributeMissing,
        Some("attributes.batteries_required"),
    );
    check(
        r#"{"code":"8541","categories":["INVALID_ATTRIBUTE"]}"#,
        ProblemKind::GtinConflict,
        None,
    );
    check(r#"{"code":"777"}"#, ProblemKind::Refused, None);
}

#[test]
fn the_error_that_is_known_is_told_first() {
    let issues = [
        issue(r#"{"code":"1","severity":"WARNING","categories":["INVALID_PRICE"]}"#),
        issue(r#"{"code":"2","severity":"ERROR"}"#),
        issue(r#"{"code":"3","severity":"ERROR","categories":["DUPLICATE"]}"#),
    ];
    let found = worst(issues.iter()).expect("an error");
    assert_eq!(found.code.text(), Some("3"));
    let found = worst(issues[..2].iter()).expect("an error");
    assert_eq!(found.code.text(), Some("2"));
    assert!(worst(issues[..1].iter()).is_none());
}
