//! What Newegg's errors mean: one table for calls (newegg.md §3, §4, §6.5), one for the rows of
//! feeds (§5).

use barrow_market::{Error, ErrorKind, Status};
use barrow_model::{Problem, ProblemKind};
use http::StatusCode;
use serde_json::Value;

use crate::map::offer::SKU_CHARS_MAX;
use crate::types::node::{Node, text_of};
use crate::types::time::deadline_within;

/// Codes of calls: what kind of error, and the exact problem where people act on it differently.
const CODES: &[(&str, ErrorKind, Option<ProblemKind>)] = &[
    ("InvalidConsumerKey", ErrorKind::Unauthorized, None),
    ("InvalidToken", ErrorKind::Unauthorized, None),
    ("AccessDenied", ErrorKind::Forbidden, None),
    ("429", ErrorKind::RateLimited, None),
    // Content. CT026: not in this account, or still in review. CT015 and CT055: item absent or
    // nothing to change, which one is found out by reading (newegg.md §4.2).
    ("CT026", ErrorKind::NotFound, Some(ProblemKind::ListingGone)),
    ("CT002", ErrorKind::Refused, Some(ProblemKind::SkuInvalid)),
    ("CT015", ErrorKind::Refused, None),
    ("CT055", ErrorKind::Refused, None),
    // Feeds.
    ("DF003", ErrorKind::Refused, None),
    ("DF004", ErrorKind::Refused, None),
    ("DF006", ErrorKind::NotFound, None),
    ("DF011", ErrorKind::Refused, None),
    ("DF012", ErrorKind::RateLimited, None),
    // Orders.
    (
        "SO002",
        ErrorKind::NotFound,
        Some(ProblemKind::OrderUnknown),
    ),
    (
        "SO003",
        ErrorKind::NotFound,
        Some(ProblemKind::OrderUnknown),
    ),
    (
        "SO005",
        ErrorKind::Refused,
        Some(ProblemKind::CancelRefused),
    ),
    (
        "SO006",
        ErrorKind::Refused,
        Some(ProblemKind::CancelRefused),
    ),
    (
        "SO008",
        ErrorKind::Refused,
        Some(ProblemKind::CancelRefused),
    ),
    ("SO011", ErrorKind::Refused, Some(ProblemKind::ShipRefused)),
    ("SO012", ErrorKind::Refused, Some(ProblemKind::ShipRefused)),
    (NOT_IN_PORTAL, ErrorKind::Refused, None),
    (
        "SO017",
        ErrorKind::Refused,
        Some(ProblemKind::CancelRefused),
    ),
    ("SO020", ErrorKind::Refused, Some(ProblemKind::ShipRefused)),
    ("SO025", ErrorKind::Refused, Some(ProblemKind::ShipRefused)),
    ("SO027", ErrorKind::Refused, Some(ProblemKind::ShipRefused)),
    ("SO030", ErrorKind::Refused, None),
    ("SO040", ErrorKind::Refused, None),
    (
        "SO050",
        ErrorKind::Refused,
        Some(ProblemKind::CancelRefused),
    ),
    (
        "SO051",
        ErrorKind::Refused,
        Some(ProblemKind::CancelRefused),
    ),
    (
        "SO055",
        ErrorKind::Refused,
        Some(ProblemKind::CancelRefused),
    ),
    ("SO056", ErrorKind::Refused, Some(ProblemKind::ShipRefused)),
    ("CE001", ErrorKind::Refused, None),
];

/// The order has not reached the portal yet (newegg.md §6.5): the only refusal that passes.
pub(crate) const NOT_IN_PORTAL: &str = "SO016";
/// The item is not in this account, or still in review.
pub(crate) const NOT_IN_ACCOUNT: &[&str] = &["CT026"];
/// The item is absent, or there is nothing to change.
pub(crate) const ABSENT_OR_SAME: &[&str] = &["CT015", "CT055"];
/// Already shipped.
pub(crate) const SHIPPED_ALREADY: &[&str] = &["SO025", "SO027"];
/// Already voided, already cancelled.
pub(crate) const CANCELLED_ALREADY: &[&str] = &["SO008", "SO051"];

/// The gateway's words for keys that it does not know, as plain text (newegg.md §2).
const GATEWAY_REFUSES: &str = "seller auth failed";
/// Longest text of a gateway that is kept; longer ones are pages, not words.
const PLAIN_TEXT_MAX: usize = 200;

/// The hour's allowance of records is spent.
pub(crate) const SPENT: &[&str] = &["DF012"];

/// Whether Newegg said one of these codes.
pub(crate) fn has_code(error: &Error, codes: &[&str]) -> bool {
    error
        .vendor
        .as_ref()
        .is_some_and(|vendor| codes.contains(&vendor.code.as_str()))
}

/// What an envelope says.
#[derive(Clone, PartialEq, Eq)]
struct Said {
    code: String,
    text: String,
}

/// Turns an answer that is no success into an error (newegg.md §3).
pub(crate) fn parse_error(operation: &'static str, status: StatusCode, body: &[u8]) -> Error {
    let text = text_of(body);
    let said = envelope(text.trim()).or_else(|| plain(status, text.trim()));
    let by_status = kind_of_status(status);
    let entry = said.as_ref().and_then(|said| entry_of(&said.code));
    let gateway = text.to_ascii_lowercase().contains(GATEWAY_REFUSES);
    let kind = match entry {
        _ if gateway => ErrorKind::Unauthorized,
        // A fault of theirs stays one, whatever the body says.
        Some((kind, _)) if !status.is_server_error() => kind,
        _ => by_status,
    };
    // Some say AccessDenied where they do not know the keys (newegg.md §2).
    let kind = match kind {
        ErrorKind::Forbidden if status == StatusCode::UNAUTHORIZED => ErrorKind::Unauthorized,
        kind => kind,
    };
    let error = Error::new(kind, operation).with("status", status.as_u16());
    told(error, entry.and_then(|(_, problem)| problem), said)
}

/// The error of an answer that says of itself that it is no success.
pub(crate) fn unsuccessful(operation: &'static str, answer: &Value) -> Error {
    let said = json_said(answer, 0).or_else(|| {
        let opened = Node::of(answer).opened();
        let places = [opened.get("Memo"), opened.get("Message")];
        let text = places.iter().find_map(|place| place.text())?;
        Some(Said {
            code: "IsSuccess".to_owned(),
            text,
        })
    });
    let entry = said.as_ref().and_then(|said| entry_of(&said.code));
    let kind = entry.map_or(ErrorKind::Refused, |(kind, _)| kind);
    let error = Error::new(kind, operation).with("success", false);
    told(error, entry.and_then(|(_, problem)| problem), said)
}

fn entry_of(code: &str) -> Option<(ErrorKind, Option<ProblemKind>)> {
    CODES
        .iter()
        .find(|(known, _, _)| known.eq_ignore_ascii_case(code))
        .map(|(_, kind, problem)| (*kind, *problem))
}

fn told(mut error: Error, problem: Option<ProblemKind>, said: Option<Said>) -> Error {
    let problem = match (error.kind, problem) {
        (ErrorKind::Forbidden, _) => Some(
            Problem::new(ProblemKind::PermissionMissing)
                .param("permission", "API access")
                .param("feature", feature(error.operation)),
        ),
        (_, Some(ProblemKind::SkuInvalid)) => Some(
            Problem::new(ProblemKind::SkuInvalid)
                .field("sku")
                .param("limit", SKU_CHARS_MAX),
        ),
        (ErrorKind::MarketplaceDown | ErrorKind::Unauthorized, _) => None,
        (_, kind) => kind.map(Problem::new),
    };
    if let Some(said) = said {
        if said.code == NOT_IN_PORTAL {
            error.status = Status::Temporary;
        }
        if error.kind == ErrorKind::RateLimited {
            error.not_before = deadline_within(&said.text);
        }
        if let Some(problem) = problem {
            let problem = problem.vendor(said.code.clone(), &said.text);
            error = error.because(problem);
        }
        return error.vendor(said.code, said.text);
    }
    match problem {
        Some(problem) => error.because(problem),
        None => error,
    }
}

/// What of our own a call is needed for.
fn feature(operation: &str) -> &'static str {
    match operation {
        "submitFeed" | "feedStatus" | "feedResult" => "publish",
        "writePrice" => "set_price",
        "writeInventory" => "set_quantity",
        "writeInventoryAndPrice" => "set_price, set_quantity",
        "shipOrder" => "ship",
        "cancelOrder" | "killItem" => "cancel",
        "orderInfo" | "confirmOrders" => "orders",
        _ => "listings",
    }
}

fn kind_of_status(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::MarketplaceDown,
        _ => ErrorKind::Refused,
    }
}

fn envelope(text: &str) -> Option<Said> {
    if text.starts_with('<') {
        let code = xml_element(text, "Code")?;
        let text = xml_element(text, "Message").unwrap_or_default();
        return Some(Said { code, text });
    }
    let value: Value = serde_json::from_str(text).ok()?;
    json_said(&value, 0)
}

/// The first entry with a code: an array of them, one alone, or either within a wrapper.
fn json_said(value: &Value, depth: usize) -> Option<Said> {
    // The known envelopes nest three times; deeper ones are not Newegg's.
    if depth > 4 {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().find_map(|item| json_said(item, depth + 1)),
        Value::Object(members) => {
            let node = Node::of(value);
            if let Some(code) = node.get("Code").text() {
                let text = node.get("Message").text();
                let text = text.or_else(|| node.get("Description").text());
                return Some(Said {
                    code,
                    text: text.unwrap_or_default(),
                });
            }
            members
                .values()
                .filter(|member| member.is_array() || member.is_object())
                .find_map(|member| json_said(member, depth + 1))
        }
        _ => None,
    }
}

/// Words of the gateway's own; pages are no words.
fn plain(status: StatusCode, text: &str) -> Option<Said> {
    let is_words = !text.is_empty()
        && text.chars().count() <= PLAIN_TEXT_MAX
        && !text.contains('<')
        && !text.starts_with(['{', '[', '"']);
    is_words.then(|| Said {
        code: status.as_u16().to_string(),
        text: text.to_owned(),
    })
}

/// The text of the first element of a name; prefixes of names vary.
fn xml_element(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let end = rest.find('>')?;
        let tag = rest[..end].split_whitespace().next().unwrap_or_default();
        let local = tag.rsplit(':').next().unwrap_or_default();
        if local.eq_ignore_ascii_case(name) {
            let content = rest[end + 1..].trim_start();
            let content = content.strip_prefix("<![CDATA[").unwrap_or(content);
            let close = content.find("]]>").or_else(|| content.find('<'))?;
            let close = close.min(content.find('<').unwrap_or(close));
            return Some(content[..close].trim().to_owned());
        }
    }
    None
}

/// What the reasons of a feed's row ask for, by the field that they begin with.
const FIELDS: &[(&str, &str, ProblemKind)] = &[
    ("manufacturer", "brand", ProblemKind::FieldInvalid),
    ("manufacturerpartsnumber", "mpn", ProblemKind::FieldInvalid),
    (
        "manufacturerpartnumberorisbn",
        "mpn",
        ProblemKind::FieldInvalid,
    ),
    ("manufacturerpartnumber", "mpn", ProblemKind::FieldInvalid),
    ("upcorisbn", "gtin", ProblemKind::GtinInvalid),
    ("upc", "gtin", ProblemKind::GtinInvalid),
    (
        "neweggitemnumber",
        "attributes.NeweggItemNumber",
        ProblemKind::FieldInvalid,
    ),
    ("sellerpartnumber", "sku", ProblemKind::SkuInvalid),
    ("sellingprice", "price", ProblemKind::PriceRefused),
    ("msrp", "compare_at", ProblemKind::PriceRefused),
    ("map", "price", ProblemKind::PriceRefused),
    ("checkoutmap", "price", ProblemKind::PriceRefused),
    ("currency", "price", ProblemKind::PriceRefused),
    ("inventory", "quantity", ProblemKind::QuantityRefused),
    ("itemcondition", "condition", ProblemKind::ConditionInvalid),
    ("shipping", "settings.shipping", ProblemKind::FieldInvalid),
    ("packsorsets", "sku", ProblemKind::FieldInvalid),
];

/// Words that tell more than the field does, by how exact they are.
const WORDS: &[(&[&str], ProblemKind)] = &[
    (
        &["approval", "not authorized", "gated", "permission"],
        ProblemKind::ApprovalNeeded,
    ),
    (
        &["prohibited", "not allowed to be sold"],
        ProblemKind::Prohibited,
    ),
    (
        &[
            "already exist",
            "already been",
            "duplicate",
            "existing seller part",
        ],
        ProblemKind::ListingDuplicate,
    ),
];

/// Words that say that the catalogue has no such page, where they are said of what names the page.
const NO_PAGE: &[&str] = &[
    "not found",
    "no item",
    "no match",
    "cannot find",
    "can not find",
    "could not",
    "does not exist",
    "not exist",
    "not in ",
];
const SEVERAL_PAGES: &[&str] = &["multiple", "more than one"];

/// The problem of a feed's row, from its reasons `Field - text` (newegg.md §5).
pub(crate) fn row_problem(verdict: &str, reasons: &[String]) -> Problem {
    let all = reasons.join("; ");
    let words = all.to_ascii_lowercase();
    let has = |known: &[&str]| known.iter().any(|word| words.contains(word));
    let field = reasons.iter().find_map(|reason| field_of(reason));
    let names_page = field
        .is_none_or(|(_, ours, _)| matches!(*ours, "gtin" | "mpn" | "attributes.NeweggItemNumber"));
    let told = WORDS.iter().find(|(known, _)| has(known));
    let kind = match (told, field) {
        (Some((_, kind)), _) => *kind,
        _ if names_page && has(SEVERAL_PAGES) => ProblemKind::PageAmbiguous,
        _ if names_page && has(NO_PAGE) => ProblemKind::PageMissing,
        (None, Some((_, _, kind))) => *kind,
        (None, None) => ProblemKind::Refused,
    };
    let mut problem = Problem::new(kind);
    if let Some((name, ours, _)) = field {
        problem = problem.field(*ours).param("attribute", name);
    }
    problem = match kind {
        ProblemKind::SkuInvalid => problem.param("limit", SKU_CHARS_MAX),
        ProblemKind::QuantityRefused => problem.param("limit", crate::map::offer::QUANTITY_MAX),
        ProblemKind::PageAmbiguous => problem.param("candidates", &all),
        _ => problem,
    };
    let text = if all.is_empty() { verdict } else { &all };
    problem.vendor("feed", text)
}

fn field_of(reason: &str) -> Option<&'static (&'static str, &'static str, ProblemKind)> {
    let (name, _) = reason
        .split_once(" - ")
        .or_else(|| reason.split_once(':'))?;
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    FIELDS
        .iter()
        .find(|(known, _, _)| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
