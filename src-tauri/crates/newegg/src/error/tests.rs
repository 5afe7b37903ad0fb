use barrow_market::{ErrorKind, Status};
use barrow_model::ProblemKind;
use http::StatusCode;
use serde_json::json;

use super::{parse_error, row_problem, unsuccessful};

fn check(status: u16, body: &str, kind: ErrorKind, problem: ProblemKind, code: Option<&str>) {
    let status = StatusCode::from_u16(status).expect("a status");
    let error = parse_error("orderInfo", status, body.as_bytes());
    assert_eq!(error.kind, kind, "{body}");
    let told = error.to_problem();
    assert_eq!(told.kind, problem, "{body}");
    let found = error.vendor.as_ref().map(|vendor| vendor.code.as_str());
    assert_eq!(found, code, "{body}");
}

#[test]
fn every_envelope_is_read() {
    for body in [
        r#"[{"Code":"SO003","Message":"No such order"}]"#,
        r#"{"Code":"SO003","Message":"No such order"}"#,
        r#"{"code":"SO003","message":"No such order"}"#,
        r#"{"Errors":[{"Code":"SO003","Message":"No such order"}]}"#,
        r#"{"Errors":{"Error":[{"Code":"SO003","Message":"No such order"}]}}"#,
        r#"{"NeweggAPIResponse":{"IsSuccess":"false","Errors":{"Error":{"Code":"SO003"}}}}"#,
        "<Errors><Error><Code>SO003</Code><Message>No such order</Message></Error></Errors>",
        "<?xml version=\"1.0\"?>\r\n<a:Errors xmlns:a=\"x\"><a:Error><a:Code> SO003 </a:Code>\
         <a:Message><![CDATA[No such order]]></a:Message></a:Error></a:Errors>",
        "\u{feff}[{\"Code\":\"SO003\",\"Message\":\"No such order\"}]",
    ] {
        let not_found = ErrorKind::NotFound;
        check(
            400,
            body,
            not_found,
            ProblemKind::OrderUnknown,
            Some("SO003"),
        );
    }
}

#[test]
fn keys_that_are_not_known_are_told_in_every_way() {
    let refused = ProblemKind::CredentialsRefused;
    let unauthorized = ErrorKind::Unauthorized;
    let array = |code: &str| format!(r#"[{{"Code":"{code}","Message":"no"}}]"#);
    for code in ["InvalidConsumerKey", "InvalidToken"] {
        check(401, &array(code), unauthorized, refused, Some(code));
        check(403, &array(code), unauthorized, refused, Some(code));
    }
    let code = "AccessDenied";
    check(401, &array(code), unauthorized, refused, Some(code));
    let missing = ProblemKind::PermissionMissing;
    check(403, &array(code), ErrorKind::Forbidden, missing, Some(code));
    let words = "Gateway: Seller Auth failed.";
    check(401, words, unauthorized, refused, Some("401"));
    check(403, words, unauthorized, refused, Some("403"));
    check(401, "", unauthorized, refused, None);
    let page = "<html><body>Forbidden</body></html>";
    check(403, page, ErrorKind::Forbidden, missing, None);
}

#[test]
fn codes_decide_and_the_status_where_there_is_none() {
    let body = |code: &str| format!(r#"{{"Code":"{code}","Message":"words"}}"#);
    let coded = |code: &str, kind, problem| check(400, &body(code), kind, problem, Some(code));
    let (refused, missing) = (ErrorKind::Refused, ErrorKind::NotFound);
    coded("CT026", missing, ProblemKind::ListingGone);
    coded("CT002", refused, ProblemKind::SkuInvalid);
    coded("CT015", refused, ProblemKind::Refused);
    coded("CT055", refused, ProblemKind::Refused);
    coded("DF011", refused, ProblemKind::Refused);
    coded("SO002", missing, ProblemKind::OrderUnknown);
    for code in [
        "SO005", "SO006", "SO008", "SO017", "SO050", "SO051", "SO055",
    ] {
        coded(code, refused, ProblemKind::CancelRefused);
    }
    for code in ["SO011", "SO012", "SO020", "SO025", "SO027", "SO056"] {
        coded(code, refused, ProblemKind::ShipRefused);
    }
    for code in ["SO030", "SO040", "CE001", "ZZ999"] {
        coded(code, refused, ProblemKind::Refused);
    }
    let down = ErrorKind::MarketplaceDown;
    let is_down = ProblemKind::MarketplaceDown;
    check(500, &body("CE001"), down, is_down, Some("CE001"));
    check(502, "<html>Bad gateway</html>", down, is_down, None);
    check(405, "", refused, ProblemKind::Refused, None);
}

#[test]
fn an_allowance_that_is_spent_says_until_when() {
    let body =
        r#"[{"Code":"DF012","Message":"Too many records, retry after 11/22/2026 1:00:00 AM"}]"#;
    let error = parse_error("submitFeed", StatusCode::BAD_REQUEST, body.as_bytes());
    assert_eq!(error.kind, ErrorKind::RateLimited);
    let until = error.not_before.expect("a time").to_rfc3339();
    assert_eq!(until, "2026-11-22T09:00:00+00:00");
    let body = r#"[{"Code":"429","Message":"Too many request."}]"#;
    let error = parse_error("orderInfo", StatusCode::BAD_REQUEST, body.as_bytes());
    assert_eq!(
        (error.kind, error.not_before),
        (ErrorKind::RateLimited, None)
    );
}

#[test]
fn an_order_that_is_not_in_the_portal_yet_may_be_later() {
    let body = r#"[{"Code":"SO016","Message":"Not downloaded yet."}]"#;
    let error = parse_error("shipOrder", StatusCode::BAD_REQUEST, body.as_bytes());
    assert_eq!(
        (error.kind, error.status),
        (ErrorKind::Refused, Status::Temporary)
    );
}

#[test]
fn an_answer_may_say_itself_that_it_is_no_success() {
    let answer = json!({"NeweggAPIResponse": {"IsSuccess": "false", "Memo": "Not possible."}});
    let error = unsuccessful("killItem", &answer);
    assert_eq!(error.kind, ErrorKind::Refused);
    let vendor = error.vendor.expect("words");
    assert_eq!(vendor.text, "Not possible.");
    let answer = json!({"IsSuccess": false, "ResponseBody": {"Code": "SO051", "Message": "x"}});
    let error = unsuccessful("killItem", &answer);
    assert_eq!(error.to_problem().kind, ProblemKind::CancelRefused);
}

#[test]
fn a_row_says_by_field_and_words_what_is_wrong() {
    let check = |reasons: &[&str], kind: ProblemKind, field: Option<&str>| {
        let reasons: Vec<String> = reasons.iter().map(|r| (*r).to_owned()).collect();
        let problem = row_problem("Error(s). Item not created.", &reasons);
        assert_eq!(problem.kind, kind, "{reasons:?}");
        assert_eq!(problem.field.as_deref(), field, "{reasons:?}");
        assert!(problem.vendor.is_some_and(|v| !v.text.is_empty()));
    };
    let invalid = ProblemKind::FieldInvalid;
    check(
        &["Manufacturer - The value is not found."],
        invalid,
        Some("brand"),
    );
    check(
        &["UPC - Invalid check digit."],
        ProblemKind::GtinInvalid,
        Some("gtin"),
    );
    check(
        &["UPC - No item found."],
        ProblemKind::PageMissing,
        Some("gtin"),
    );
    check(
        &["ManufacturerPartsNumber - Item does not exist."],
        ProblemKind::PageMissing,
        Some("mpn"),
    );
    check(
        &["The item cannot be matched: no match."],
        ProblemKind::PageMissing,
        None,
    );
    check(
        &["UPC - Multiple items match 1A and 2B."],
        ProblemKind::PageAmbiguous,
        Some("gtin"),
    );
    check(
        &["UPC - You already have an offer; it already exists as SPN9."],
        ProblemKind::ListingDuplicate,
        Some("gtin"),
    );
    check(
        &["Selling Price - Out of range."],
        ProblemKind::PriceRefused,
        Some("price"),
    );
    check(
        &["Inventory - Invalid."],
        ProblemKind::QuantityRefused,
        Some("quantity"),
    );
    check(
        &["Brand approval is required."],
        ProblemKind::ApprovalNeeded,
        None,
    );
    check(&["Something new."], ProblemKind::Refused, None);
    check(&[], ProblemKind::Refused, None);
}
