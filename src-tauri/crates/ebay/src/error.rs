//! eBay's errors in the seller's words: one table.
//!
//! eBay localises its texts, so only `errorId` and parameters are looked at (ebay.md §12). The
//! vendor lists them with each method:
//! <https://developer.ebay.com/api-docs/sell/inventory/resources/methods>.

use std::time::Duration;

use barrow_market::{Error, ErrorKind, Fate, Outcome, Retry};
use barrow_model::{ChangeId, Problem, ProblemKind};
use barrow_wire::Answer;

use crate::CAPABILITY;
use crate::limits::{APPLICATION_TOKEN, USER_TOKEN};
use crate::types::{ErrorBody, OauthError, VendorIssue};

/// What an error means and what is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Meaning {
    first: i64,
    last: i64,
    kind: ErrorKind,
    problem: ProblemKind,
    field: Option<&'static str>,
    retry: Option<Duration>,
}

const fn refused(first: i64, last: i64, problem: ProblemKind, field: &'static str) -> Meaning {
    Meaning {
        first,
        last,
        kind: ErrorKind::Refused,
        problem,
        field: if field.is_empty() { None } else { Some(field) },
        retry: None,
    }
}

const fn passing(first: i64, problem: ProblemKind, seconds: u64) -> Meaning {
    Meaning {
        first,
        last: first,
        kind: ErrorKind::MarketplaceDown,
        problem,
        field: None,
        retry: Some(Duration::from_secs(seconds)),
    }
}

const fn of_kind(first: i64, last: i64, kind: ErrorKind, problem: ProblemKind) -> Meaning {
    Meaning {
        kind,
        ..refused(first, last, problem, "")
    }
}

/// ebay.md §12, in its order; the first row that holds the number counts.
const TABLE: &[Meaning] = &[
    of_kind(
        1001,
        1003,
        ErrorKind::Unauthorized,
        ProblemKind::CredentialsRefused,
    ),
    of_kind(
        1100,
        1100,
        ErrorKind::Forbidden,
        ProblemKind::PermissionMissing,
    ),
    of_kind(
        2001,
        2001,
        ErrorKind::RateLimited,
        ProblemKind::LimitReached,
    ),
    passing(2003, ProblemKind::MarketplaceDown, 30),
    passing(25001, ProblemKind::MarketplaceDown, 30),
    refused(25003, 25003, ProblemKind::PriceRefused, "price"),
    refused(25004, 25004, ProblemKind::QuantityRefused, "quantity"),
    refused(25005, 25005, ProblemKind::CategoryInvalid, "category"),
    refused(
        25007,
        25007,
        ProblemKind::PolicyInvalid,
        "settings.fulfillment_policy_id",
    ),
    refused(
        25008,
        25008,
        ProblemKind::PolicyInvalid,
        "settings.payment_policy_id",
    ),
    refused(
        25009,
        25009,
        ProblemKind::PolicyInvalid,
        "settings.return_policy_id",
    ),
    refused(
        25012,
        25012,
        ProblemKind::LocationMissing,
        "settings.merchant_location_key",
    ),
    refused(25013, 25013, ProblemKind::FamilyInvalid, ""),
    refused(25014, 25015, ProblemKind::ImageInvalid, "images"),
    refused(25016, 25016, ProblemKind::FieldInvalid, ""),
    refused(25017, 25017, ProblemKind::FieldMissing, ""),
    refused(25018, 25018, ProblemKind::SellerNotReady, ""),
    refused(25019, 25019, ProblemKind::ListingLocked, ""),
    refused(25020, 25020, ProblemKind::WeightMissing, "weight"),
    refused(25021, 25021, ProblemKind::ConditionInvalid, "condition"),
    refused(25022, 25022, ProblemKind::AttributeInvalid, "attributes"),
    passing(25025, ProblemKind::ListingLocked, 10),
    refused(25026, 25026, ProblemKind::SellingLimit, ""),
    refused(25029, 25029, ProblemKind::FieldMissing, ""),
    refused(25031, 25032, ProblemKind::FieldInvalid, ""),
    refused(25035, 25036, ProblemKind::PolicyInvalid, "settings"),
    refused(25038, 25040, ProblemKind::ListingLocked, ""),
    refused(25041, 25052, ProblemKind::ConditionInvalid, "condition"),
    refused(25076, 25095, ProblemKind::FieldInvalid, ""),
    refused(25096, 25098, ProblemKind::ListingOnHold, ""),
    refused(25099, 25122, ProblemKind::FieldInvalid, ""),
    refused(
        25123,
        25124,
        ProblemKind::PolicyInvalid,
        "settings.return_policy_id",
    ),
    refused(25501, 25501, ProblemKind::ImageInvalid, "images"),
    refused(25502, 25502, ProblemKind::AttributeInvalid, "attributes"),
    refused(25503, 25503, ProblemKind::FieldInvalid, ""),
    refused(25601, 25601, ProblemKind::AttributeInvalid, "attributes"),
    // Right after a write eBay may not find what was written (ebay.md §12).
    passing(25604, ProblemKind::MarketplaceDown, 5),
    of_kind(25701, 25702, ErrorKind::NotFound, ProblemKind::ListingGone),
    refused(25703, 25705, ProblemKind::FamilyInvalid, ""),
    refused(25707, 25708, ProblemKind::SkuInvalid, "sku"),
    of_kind(25710, 25710, ErrorKind::NotFound, ProblemKind::ListingGone),
    of_kind(25713, 25713, ErrorKind::NotFound, ProblemKind::ListingGone),
    refused(25709, 25709, ProblemKind::FieldInvalid, ""),
    refused(25732, 25732, ProblemKind::FamilyInvalid, ""),
    refused(25733, 25733, ProblemKind::SkuInvalid, "sku"),
    refused(25735, 25735, ProblemKind::FieldInvalid, ""),
    refused(25752, 25763, ProblemKind::FieldInvalid, ""),
    refused(
        25800,
        25806,
        ProblemKind::LocationMissing,
        "settings.merchant_location_key",
    ),
    refused(20400, 20499, ProblemKind::PolicyInvalid, ""),
    passing(30500, ProblemKind::MarketplaceDown, 30),
    of_kind(32100, 32100, ErrorKind::NotFound, ProblemKind::OrderUnknown),
    refused(32200, 32200, ProblemKind::LineInvalid, "lines"),
    refused(32300, 32300, ProblemKind::TrackingInvalid, "tracking"),
    refused(34100, 34100, ProblemKind::ShipRefused, ""),
    refused(34500, 34500, ProblemKind::ShipRefused, ""),
    passing(34922, ProblemKind::RefundRefused, 600),
    refused(34900, 34999, ProblemKind::RefundRefused, ""),
    of_kind(
        62002,
        62009,
        ErrorKind::NotFound,
        ProblemKind::CategoryInvalid,
    ),
    of_kind(
        215_000,
        215_122,
        ErrorKind::Forbidden,
        ProblemKind::PermissionMissing,
    ),
];

/// How long to wait where eBay has a fault that it does not number.
const UNKNOWN_FAULT_WAIT: Duration = Duration::from_secs(60);
/// Longest aspect name (ebay.md §6.2): a longer parameter of 25002 is no name.
const ASPECT_NAME_CHARS_MAX: usize = 40;

/// Whether an error means that what was named is not there.
pub fn is_gone(issues: &[VendorIssue]) -> bool {
    issues
        .iter()
        .any(|issue| meaning(issue.error_id).is_some_and(|m| m.kind == ErrorKind::NotFound))
}

/// The offer that exists already, as 25002 names it (ebay.md §12): to be adopted.
pub fn existing_offer(issues: &[VendorIssue]) -> Option<String> {
    issues
        .iter()
        .filter(|issue| issue.error_id == 25002)
        .find_map(|issue| parameter(issue, "offerId"))
        .map(str::to_owned)
}

/// Turns a refused answer into an error.
pub fn parse_error(operation: &'static str, answer: &Answer) -> Error {
    let status = answer.status.as_u16();
    let body: Option<ErrorBody> = serde_json::from_slice(&answer.body).ok();
    let issues = body.map(|body| body.errors).unwrap_or_default();
    let known = issues.iter().find_map(|issue| meaning(issue.error_id));
    let kind = match (known, status) {
        (_, 401) => ErrorKind::Unauthorized,
        (_, 429) => ErrorKind::RateLimited,
        (Some(known), _) if known.retry.is_none() || status >= 500 => known.kind,
        (_, 403) => ErrorKind::Forbidden,
        (_, 404) => ErrorKind::NotFound,
        (_, 500..) => ErrorKind::MarketplaceDown,
        // A gateway's page where eBay's own body is expected says nothing about the request.
        _ if issues.is_empty() && !looks_like_json(&answer.body) => ErrorKind::Unreadable,
        _ => ErrorKind::Refused,
    };
    let mut error = Error::new(kind, operation).with("status", status);
    if let Some(first) = issues.first() {
        error = error.vendor(first.error_id.to_string(), text(first));
        if !matches!(kind, ErrorKind::RateLimited | ErrorKind::MarketplaceDown) {
            error = error.because(problem(&issues));
        }
    }
    error
}

/// Turns the token endpoint's refusal into an error. Its words may quote what was sent and are not
/// kept.
pub fn parse_token_error(operation: &'static str, answer: &Answer) -> Error {
    let status = answer.status.as_u16();
    let body: OauthError = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = body.error.unwrap_or_default();
    let (kind, kind_of_problem) = match (code.as_str(), status) {
        ("invalid_grant", _) => (ErrorKind::ConsentEnded, ProblemKind::ConsentEnded),
        ("invalid_scope" | "unauthorized_client", _) => {
            (ErrorKind::Forbidden, ProblemKind::PermissionMissing)
        }
        ("invalid_client", _) | (_, 401) => {
            (ErrorKind::Unauthorized, ProblemKind::CredentialsRefused)
        }
        (_, 429) => (ErrorKind::RateLimited, ProblemKind::LimitReached),
        (_, 500..) => (ErrorKind::MarketplaceDown, ProblemKind::MarketplaceDown),
        ("", _) => (ErrorKind::Unreadable, ProblemKind::AnswerUnreadable),
        _ => (ErrorKind::Unauthorized, ProblemKind::CredentialsRefused),
    };
    let error = Error::new(kind, operation).with("status", status);
    if code.is_empty() {
        return error;
    }
    let code: String = code.chars().take(40).collect();
    error
        .because(Problem::new(kind_of_problem).vendor(code.clone(), ""))
        .vendor(code, "")
}

/// What people are told of an entry's or a call's errors: the first that the table knows, else the
/// first.
pub fn problem(issues: &[VendorIssue]) -> Problem {
    let told = issues
        .iter()
        .find(|issue| meaning(issue.error_id).is_some() || issue.error_id == 25002)
        .or_else(|| issues.first());
    let Some(issue) = told else {
        return Problem::new(ProblemKind::Refused);
    };
    let told = match (issue.error_id, meaning(issue.error_id)) {
        (25002, _) => user_error(issue),
        (_, Some(known)) => {
            let told = Problem::new(known.problem);
            match known.field {
                Some(field) => told.field(field),
                None => told,
            }
        }
        (_, None) => Problem::new(ProblemKind::Refused),
    };
    let told = match told.kind {
        ProblemKind::PolicyInvalid => {
            let field = told.field.clone().unwrap_or_default();
            let policy = field
                .strip_prefix("settings.")
                .unwrap_or("policy")
                .to_owned();
            told.param("policy", policy)
        }
        ProblemKind::SkuInvalid => told.param("limit", CAPABILITY.sku_chars_max),
        _ => told,
    };
    told.vendor(issue.error_id.to_string(), text(issue))
}

/// What became of an entry that was not done.
pub fn refusal(change_id: ChangeId, status: u16, issues: &[VendorIssue]) -> Outcome {
    let known = issues.iter().find_map(|issue| meaning(issue.error_id));
    let retry = match known {
        Some(known) => known.retry,
        None if status >= 500 || status == 429 => Some(UNKNOWN_FAULT_WAIT),
        None => None,
    };
    let told = match (issues.is_empty(), status) {
        (true, 500..) => Problem::new(ProblemKind::MarketplaceDown),
        (true, 404) => Problem::new(ProblemKind::ListingGone),
        (true, 429) => Problem::new(ProblemKind::LimitReached),
        _ => problem(issues),
    };
    Outcome {
        change_id,
        fate: Fate::Refused {
            problem: told,
            retry: retry.map_or(Retry::No, Retry::After),
        },
    }
}

/// What became of a change whose call was refused as a whole, or has not left. What passes by
/// itself does so whatever status it came with (ebay.md §12: 25604 comes with 400).
pub fn refusal_of(change_id: ChangeId, error: &Error) -> Outcome {
    let number = error.vendor.as_ref().and_then(|v| v.code.parse().ok());
    let known = number.and_then(meaning).and_then(|known| known.retry);
    let passing = !matches!(error.status, barrow_market::Status::Permanent);
    Outcome {
        change_id,
        fate: Fate::Refused {
            problem: error.to_problem(),
            retry: match known {
                Some(wait) => Retry::After(wait),
                None if passing => Retry::After(UNKNOWN_FAULT_WAIT),
                None => Retry::No,
            },
        },
    }
}

/// Whether a call that ended so may have taken effect. One that got no token was never made,
/// however the token's own call ended.
pub fn may_have_happened(error: &Error) -> bool {
    let for_token = [USER_TOKEN.operation, APPLICATION_TOKEN.operation].contains(&error.operation);
    let unanswered = matches!(
        error.kind,
        ErrorKind::NoAnswer | ErrorKind::Unreadable | ErrorKind::MarketplaceDown
    );
    unanswered && !for_token
}

/// 25002 is the catch-all for user errors: its parameters tell which (ebay.md §12).
fn user_error(issue: &VendorIssue) -> Problem {
    if parameter(issue, "offerId").is_some() {
        return Problem::new(ProblemKind::ListingDuplicate);
    }
    let aspect = parameter(issue, "2")
        .filter(|name| !name.is_empty() && name.chars().count() <= ASPECT_NAME_CHARS_MAX);
    match aspect {
        Some("Brand") => Problem::new(ProblemKind::BrandMissing).field("brand"),
        Some("EAN" | "UPC" | "ISBN" | "GTIN") => {
            Problem::new(ProblemKind::GtinMissing).field("gtin")
        }
        Some(name) => Problem::new(ProblemKind::AttributeMissing)
            .field(format!("attributes.{name}"))
            .param("attribute", name),
        None => Problem::new(ProblemKind::Refused),
    }
}

fn parameter<'a>(issue: &'a VendorIssue, name: &str) -> Option<&'a str> {
    issue
        .parameters
        .iter()
        .find(|parameter| parameter.name.as_deref() == Some(name))
        .and_then(|parameter| parameter.value.as_deref())
}

fn meaning(error_id: i64) -> Option<&'static Meaning> {
    TABLE
        .iter()
        .find(|meaning| (meaning.first..=meaning.last).contains(&error_id))
}

fn text(issue: &VendorIssue) -> &str {
    issue
        .long_message
        .as_deref()
        .or(issue.message.as_deref())
        .unwrap_or_default()
}

fn looks_like_json(body: &[u8]) -> bool {
    body.iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .is_some_and(|byte| matches!(byte, b'{' | b'['))
}
