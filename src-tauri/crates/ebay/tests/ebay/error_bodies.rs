//! Every row of the error table on bodies in the shape that its API answers in (ebay.md §12), and
//! on eBay's own words where its files stand beside the checkout.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use barrow_ebay::error::{parse_error, parse_token_error, refusal, refusal_of};
use barrow_ebay::limits::SPECS;
use barrow_ebay::types::VendorIssue;
use barrow_market::{Error, ErrorKind, Fate, Retry};
use barrow_model::{ChangeId, ProblemKind};
use barrow_wire::Answer;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::error_rows::{ALL, Row};

/// The folder of the reference and of eBay's files; it may be absent.
pub(crate) fn shared() -> PathBuf {
    let named = std::env::var_os("BARROW_SHARED").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"))
}

const SHORT: &str = "Eine Nachricht.";
const LONG: &str = "Eine lange Nachricht.";

fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: body.to_string().into(),
    }
}

fn named(parameters: &[(&str, &str)]) -> Value {
    let parameters = parameters.iter();
    let all = parameters.map(|(name, value)| json!({"name": name, "value": value}));
    Value::Array(all.collect())
}

/// Which API says a number.
fn domain(number: i64) -> &'static str {
    match number {
        1001..=1100 => "OAuth",
        2001..=2003 => "ACCESS",
        // The programs' own number, said by the locations as well.
        25_803 | 20_401..=21_400 | 35_001..=35_002 | 50_114..=50_117 => "API_ACCOUNT",
        25_001..=25_906 => "API_INVENTORY",
        30_500..=34_999 => "API_FULFILLMENT",
        45_500..=46_005 => "API_METADATA",
        62_000..=62_103 => "API_TAXONOMY",
        105_000 => "API_ANALYTICS",
        135_000..=135_016 => "API_FINANCES",
        140_000 => "API_IDENTITY",
        160_001..=160_100 => "API_FEED",
        190_000..=190_204 => "API_MEDIA",
        195_002..=195_011 => "API_NOTIFICATION",
        210_000..=210_006 => "API_KEYS",
        335_000..=355_022 => "API_MESSAGE",
        _ => "SECURITY",
    }
}

/// One error in the shape of its API: Inventory names a subdomain and empty references, tokens and
/// gateways have nothing but words, the others list parameters where there are any.
fn entry(status: u16, number: i64, parameters: &[(&str, &str)]) -> Value {
    let category = if status < 500 {
        "REQUEST"
    } else {
        "APPLICATION"
    };
    let domain = domain(number);
    let mut entry = json!({"errorId": number, "domain": domain, "category": category,
        "message": SHORT, "longMessage": LONG});
    if domain == "API_INVENTORY" {
        entry["subdomain"] = json!("Selling");
        entry["inputRefIds"] = json!([]);
        entry["outputRefIds"] = json!([]);
        entry["parameters"] = named(parameters);
    } else if !parameters.is_empty() {
        entry["parameters"] = named(parameters);
    }
    entry
}

/// An answer as the number's API writes it.
pub(crate) fn recorded(status: u16, number: i64, parameters: &[(&str, &str)]) -> Answer {
    let body = json!({"errors": [entry(status, number, parameters)]});
    answer(status, &body)
}

/// The same as Post-Order writes it: another name for the list and for the parameters, no long
/// words.
fn post_order(row: &Row) -> Answer {
    let body = json!({"error": [{"errorId": row.number, "domain": "returnErrorDomain",
        "severity": "ERROR", "category": "REQUEST", "message": LONG,
        "parameter": named(row.parameters), "httpStatusCode": row.status}]});
    answer(row.status, &body)
}

/// With all that is optional null, and the category as it is seen as well.
fn bare(row: &Row) -> Answer {
    let parameters = match row.parameters {
        [] => Value::Null,
        some => named(some),
    };
    let body = json!({"errors": [{"errorId": row.number, "domain": null, "subdomain": null,
        "category": "Request", "message": LONG, "longMessage": null, "parameters": parameters}]});
    answer(row.status, &body)
}

fn hold(row: &Row, shape: &str, answer: &Answer) -> String {
    let error = parse_error("anyCall", answer);
    let told = refusal_of(ChangeId(1), &error);
    let Fate::Refused { problem, retry } = told.fate else {
        panic!("{} is refused", row.number)
    };
    let wait = match retry {
        Retry::After(wait) => wait.as_secs(),
        Retry::No => 0,
    };
    // A field that only eBay has a name for is named in the words.
    let named = problem.params.get("field").cloned();
    let field = problem.field.clone().or(named).unwrap_or_default();
    let found = (error.kind, problem.kind, field.as_str(), wait);
    let expected = (row.kind, row.problem, row.field, row.retry);
    assert_eq!(found, expected, "{shape}: {} {}", row.status, row.number);
    let vendor = problem.vendor.expect("it is told whose words these are");
    assert_eq!(vendor.code, row.number.to_string());
    vendor.text
}

#[test]
fn each_row_has_its_reaction_its_words_and_its_field_in_every_shape() {
    for row in ALL.into_iter().flatten() {
        let shapes = [
            (
                domain(row.number),
                recorded(row.status, row.number, row.parameters),
            ),
            ("bare", bare(row)),
            ("Post-Order", post_order(row)),
        ];
        for (shape, answer) in shapes {
            assert_eq!(hold(row, shape, &answer), LONG, "{shape} {}", row.number);
        }
    }
}

#[test]
fn an_entry_of_a_bulk_answer_is_told_as_the_whole_call_is() {
    let of_inventory = |row: &&Row| domain(row.number) == "API_INVENTORY" && row.status < 500;
    let mut held = 0;
    for row in ALL.into_iter().flatten().filter(of_inventory) {
        let body = json!({"responses": [{"sku": "A", "statusCode": row.status, "warnings": [],
            "errors": [entry(row.status, row.number, row.parameters)]}]});
        let issues = body["responses"][0]["errors"].clone();
        let issues: Vec<VendorIssue> = serde_json::from_value(issues).unwrap();
        let Fate::Refused { problem, retry } = refusal(ChangeId(1), row.status, &issues).fate
        else {
            panic!("{} is refused", row.number)
        };
        let wait = match retry {
            Retry::After(wait) => wait.as_secs(),
            Retry::No => 0,
        };
        assert_eq!(
            (problem.kind, wait),
            (row.problem, row.retry),
            "{}",
            row.number
        );
        held += 1;
    }
    assert!(held > 140, "{held}");
}

#[test]
fn the_token_endpoints_own_form_is_told_by_its_word() {
    use ErrorKind::{
        ConsentEnded, Forbidden, MarketplaceDown, RateLimited, Unauthorized, Unreadable,
    };
    let check = |status: u16, body: &str, kind: ErrorKind, problem: Option<ProblemKind>| {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        };
        let error: Error = parse_token_error("refreshToken", &answer);
        let told = error.problem.as_ref().map(|problem| problem.kind);
        assert_eq!((error.kind, told), (kind, problem), "{status} {body}");
        assert!(!format!("{error:?}").contains("v^1"), "no words are kept");
    };
    let form = |word: &str| {
        json!({"error": word, "error_description": "the token v^1.1#i^1 is not good"}).to_string()
    };
    let refused = Some(ProblemKind::CredentialsRefused);
    let ended = Some(ProblemKind::ConsentEnded);
    check(400, &form("invalid_grant"), ConsentEnded, ended);
    check(401, &form("invalid_client"), Unauthorized, refused);
    check(400, &form("invalid_request"), Unauthorized, refused);
    check(400, &form("unsupported_grant_type"), Unauthorized, refused);
    let missing = Some(ProblemKind::PermissionMissing);
    check(400, &form("invalid_scope"), Forbidden, missing);
    check(400, &form("unauthorized_client"), Forbidden, missing);
    let down = Some(ProblemKind::MarketplaceDown);
    check(500, &form("server_error"), MarketplaceDown, down);
    check(503, "<html>busy</html>", MarketplaceDown, None);
    check(429, "", RateLimited, None);
    check(400, "<html>proxy</html>", Unreadable, None);
}

/// An error as eBay's files list it for an operation.
struct Listed {
    operation: String,
    status: u16,
    number: i64,
    domain: String,
    category: String,
    words: String,
}

/// What eBay's files list for the operations that are used; none without the files.
fn listed() -> Option<Vec<Listed>> {
    let folder = shared().join("marketplaces/specs/ebay");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: eBay's files are not there ({})", folder.display());
        return None;
    };
    let used: BTreeSet<&str> = SPECS.iter().map(|spec| spec.operation).collect();
    let paths = files.map(|file| file.unwrap().path());
    let of_json = paths.filter(|path| path.extension().is_some_and(|name| name == "json"));
    let mut all = Vec::new();
    for path in of_json {
        let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let methods = document["paths"].as_object().into_iter().flatten();
        let operations = methods.filter_map(|(_, path)| path.as_object()).flatten();
        for (_, operation) in operations {
            let name = operation["operationId"].as_str().unwrap_or_default();
            if used.contains(name) {
                list(operation, name, &mut all);
            }
        }
    }
    Some(all)
}

fn list(operation: &Value, name: &str, all: &mut Vec<Listed>) {
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let errors = response["x-response-codes"]["errors"].as_object();
        for (number, error) in errors.into_iter().flatten() {
            let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
            all.push(Listed {
                operation: name.to_owned(),
                status: status.parse().unwrap(),
                number: number.parse().unwrap(),
                domain: text("domain"),
                category: text("category"),
                words: text("description"),
            });
        }
    }
}

#[test]
fn what_ebay_lists_has_a_row_and_is_told_in_ebays_own_words() {
    let Some(listed) = listed() else { return };
    // What comes with a success is a remark.
    let refused: Vec<&Listed> = listed.iter().filter(|one| one.status >= 300).collect();
    assert!(refused.len() > 500, "{}", refused.len());
    let mut without_row = BTreeSet::new();
    for one in refused {
        assert!(
            one.domain == domain(one.number) || one.number == 25_803,
            "{} of {} is said by {}",
            one.number,
            one.operation,
            one.domain
        );
        let mut rows = ALL.into_iter().flatten();
        let Some(row) = rows.find(|row| row.number == one.number) else {
            without_row.insert(one.number);
            continue;
        };
        let body = json!({"errors": [{"errorId": one.number, "domain": one.domain,
            "category": one.category, "message": one.words,
            "parameters": named(row.parameters)}]});
        // The reference tells of other statuses for some; the row's is held.
        let told = hold(row, &one.operation, &answer(row.status, &body));
        assert_eq!(told, one.words.trim());
    }
    assert!(without_row.is_empty(), "{without_row:?}");
}
