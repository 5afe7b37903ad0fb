//! eBay's errors in the seller's words: one table, [`rows`], and the fields that errors name.
//!
//! eBay localises its texts, so only `errorId` and parameters are looked at (ebay.md §12). The
//! vendor lists them with each method:
//! <https://developer.ebay.com/api-docs/sell/inventory/resources/methods>.

mod field;
mod table;
mod warning;

use std::time::Duration;

use barrow_market::{Error, ErrorKind, Fate, Outcome, Retry};
use barrow_model::{ChangeId, Problem, ProblemKind};
use barrow_wire::Answer;
use chrono::{DateTime, Utc};

use self::table::meaning;
use crate::limits::{
    APPLICATION_TOKEN, CONSENT_SELLER_ID, CREATE_SIGNING_KEY, GET_FULFILLMENT_POLICIES,
    GET_PAYMENT_POLICIES, GET_RETURN_POLICIES, USER_TOKEN,
};
use crate::types::{ErrorBody, OauthError, VendorIssue};

pub use self::table::rows;
pub use self::warning::{is_warning, warning};

/// The catch-all for user errors; its parameters tell which (ebay.md §12).
const USER_ERROR: i64 = 25002;
/// An offer that is not available: gone, not seen yet after its writing, or kept from its site by
/// policies that do not fit (ebay.md §12). Only reading the offer tells.
pub const OFFER_NOT_AVAILABLE: i64 = 25713;
/// What was written is not found (ebay.md §12).
const INPUT_ERROR: i64 = 25604;
/// A group that eBay does not know, or not yet (ebay.md §12).
pub const GROUP_UNKNOWN: i64 = 25705;
/// An offer whose SKU is shown with others cannot be published alone (ebay.md §12).
pub const IN_GROUP: i64 = 25732;
/// How long an offer that is there and told as not available is waited for (ebay.md §12: 2, 5 and
/// 10 seconds; the outbox waits longer with each try).
pub const PROPAGATION_WAIT: Duration = Duration::from_secs(5);
/// Refusal of the Account API's, which it also gives a seller who has not opted in to business
/// policies (ebay.md §12).
const POLICY_REFUSED: i64 = 20403;

/// How long to wait where eBay has a fault that it does not number.
const UNKNOWN_FAULT_WAIT: Duration = Duration::from_secs(60);

/// eBay's numbers for signatures that are missing or wrong (ebay.md §2.6).
const SIGNATURE: std::ops::RangeInclusive<i64> = 215_000..=215_122;
/// Of these, what says that the time of signing is wrong (ebay.md §2.6).
const SIGNATURE_TIME: std::ops::RangeInclusive<i64> = 215_113..=215_114;
/// A tracking number or a carrier that eBay does not take; it does not tell which (ebay.md §12).
const TRACKING_REFUSED: i64 = 32300;
/// What was to be made is there already: a location, a program that was joined (ebay.md §4, §5).
const THERE_ALREADY: i64 = 25803;

fn issues_of(answer: &Answer) -> Vec<VendorIssue> {
    let body: Option<ErrorBody> = serde_json::from_slice(&answer.body).ok();
    body.map(|body| body.errors).unwrap_or_default()
}

/// Why a call was refused for want of a signature, or for a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureRefusal {
    /// There is none, or it was made with a key that eBay does not take.
    Key,
    /// Its time is wrong; what eBay's clock says, where it tells.
    Time(Option<DateTime<Utc>>),
}

/// Why a call was refused for want of a signature, or for a wrong one; none where it was not.
pub fn signature_refusal(answer: &Answer) -> Option<SignatureRefusal> {
    let issues = issues_of(answer);
    let has = |of: &dyn Fn(i64) -> bool| issues.iter().any(|issue| of(issue.error_id));
    if answer.status.as_u16() != 403 || !has(&|id| SIGNATURE.contains(&id)) {
        return None;
    }
    Some(if has(&|id| SIGNATURE_TIME.contains(&id)) {
        SignatureRefusal::Time(answer.date())
    } else {
        SignatureRefusal::Key
    })
}

/// Whether no signature that eBay takes could be put on a call, so that it had no effect and has
/// none by itself.
pub fn lacks_signature(error: &Error) -> bool {
    let told = error.problem.as_ref().map(|problem| problem.kind);
    let of_key = error.operation == CREATE_SIGNING_KEY.operation
        && matches!(error.kind, ErrorKind::Forbidden | ErrorKind::Refused);
    told == Some(ProblemKind::SignatureRefused) || of_key
}

/// Whether eBay refuses the tracking number of a package, or its carrier.
pub fn refuses_tracking(error: &Error) -> bool {
    let code = error.vendor.as_ref().map(|vendor| vendor.code.as_str());
    error.kind == ErrorKind::Refused && code == Some(TRACKING_REFUSED.to_string().as_str())
}

/// Whether what was to be made is there already, which is as good.
pub fn is_there_already(answer: &Answer) -> bool {
    let mut issues = issues_of(answer).into_iter();
    issues.any(|issue| issue.error_id == THERE_ALREADY)
}

/// Turns the token endpoint's refusal of a consent's code into an error. It says the same of a code
/// that is too old, that was used, and that was given under another RuName (ebay.md §2.2).
pub fn parse_consent_error(operation: &'static str, answer: &Answer) -> Error {
    let body: OauthError = serde_json::from_slice(&answer.body).unwrap_or_default();
    let refused = |why: &str| {
        let problem = Problem::new(ProblemKind::ConsentRefused).param("why", why);
        Error::new(ErrorKind::Refused, operation).because(problem)
    };
    match body.error.as_deref() {
        Some("invalid_grant" | "invalid_request") => refused("code"),
        Some("invalid_scope") => refused("scope"),
        _ => parse_token_error(operation, answer),
    }
}

/// Whether an error means that what was named is not there.
pub fn is_gone(issues: &[VendorIssue]) -> bool {
    issues
        .iter()
        .any(|issue| meaning(issue.error_id).is_some_and(|m| m.kind == ErrorKind::NotFound))
}

/// The offer that exists already, as 25002 names it (ebay.md §12): to be adopted.
pub fn existing_offer(issues: &[VendorIssue]) -> Option<String> {
    let named = issues.iter().find_map(field::existing_offer);
    named.map(str::to_owned)
}

/// Whether eBay refuses to publish an offer alone because its SKU is shown with others.
pub fn is_in_group(issues: &[VendorIssue]) -> bool {
    issues.iter().any(|issue| issue.error_id == IN_GROUP)
}

/// Whether what eBay refuses may pass by itself.
pub fn is_passing(issue: &VendorIssue) -> bool {
    meaning(issue.error_id).is_some_and(|known| known.retry.is_some())
}

/// Whether eBay does not find what was written: not yet, or not in the language of the site.
pub fn says_not_found(issues: &[VendorIssue]) -> bool {
    issues.iter().any(|issue| issue.error_id == INPUT_ERROR)
}

/// Whether eBay says that an offer is not available, for whatever reason.
pub fn says_not_available(issues: &[VendorIssue]) -> bool {
    issues
        .iter()
        .any(|issue| issue.error_id == OFFER_NOT_AVAILABLE)
}

/// Of several errors the one that counts: what somebody must mend before what passes by itself,
/// and what the table knows before what it does not.
fn telling(issues: &[VendorIssue]) -> Option<&VendorIssue> {
    let lasting = |issue: &&VendorIssue| {
        let known = meaning(issue.error_id);
        issue.error_id == USER_ERROR || known.is_some_and(|known| known.retry.is_none())
    };
    let known = |issue: &&VendorIssue| meaning(issue.error_id).is_some();
    let mut all = issues.iter();
    all.clone()
        .find(lasting)
        .or_else(|| all.clone().find(known))
        .or_else(|| all.next())
}

/// Turns a refused answer into an error.
pub fn parse_error(operation: &'static str, answer: &Answer) -> Error {
    let status = answer.status.as_u16();
    let issues = issues_of(answer);
    let telling = telling(&issues);
    let known = telling.and_then(|issue| meaning(issue.error_id));
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
    if let Some(told) = telling {
        error = error.vendor(told.error_id.to_string(), text(told));
        if !matches!(kind, ErrorKind::RateLimited | ErrorKind::MarketplaceDown) {
            error = error.because(problem_of(operation, told));
        }
    }
    error
}

/// What people are told of a call's error. Reading policies is refused to a seller who has not
/// opted in to them (ebay.md §12).
fn problem_of(operation: &'static str, issue: &VendorIssue) -> Problem {
    let reads_policies = [
        &GET_FULFILLMENT_POLICIES,
        &GET_PAYMENT_POLICIES,
        &GET_RETURN_POLICIES,
    ];
    let reads = reads_policies
        .iter()
        .any(|spec| spec.operation == operation);
    if issue.error_id == POLICY_REFUSED && reads {
        return Problem::new(ProblemKind::SellerNotReady)
            .field("SELLING_POLICY_MANAGEMENT")
            .param("why", "program")
            .vendor(issue.error_id.to_string(), text(issue));
    }
    problem(std::slice::from_ref(issue))
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
    let mut problem = Problem::new(kind_of_problem).vendor(code.clone(), "");
    if kind_of_problem == ProblemKind::ConsentEnded {
        problem = problem.param("why", "browser");
    }
    error.because(problem).vendor(code, "")
}

/// What people are told of an entry's or a call's errors.
pub fn problem(issues: &[VendorIssue]) -> Problem {
    let Some(issue) = telling(issues) else {
        return Problem::new(ProblemKind::Refused);
    };
    let told = match (issue.error_id, meaning(issue.error_id)) {
        (USER_ERROR, _) => field::user_error(issue),
        (_, Some(known)) => field::told(known, issue),
        (_, None) => Problem::new(ProblemKind::Refused),
    };
    told.vendor(issue.error_id.to_string(), text(issue))
}

/// What became of an entry that was not done.
pub fn refusal(change_id: ChangeId, status: u16, issues: &[VendorIssue]) -> Outcome {
    let known = telling(issues).and_then(|issue| meaning(issue.error_id));
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
    let fate = Fate::Refused {
        problem: told,
        retry: retry.map_or(Retry::No, Retry::After),
    };
    Outcome::new(change_id, fate)
}

/// What became of a change whose call was refused as a whole, or has not left. What passes by
/// itself does so whatever status it came with (ebay.md §12: 25604 comes with 400).
pub fn refusal_of(change_id: ChangeId, error: &Error) -> Outcome {
    let number = error.vendor.as_ref().and_then(|v| v.code.parse().ok());
    let known = number.and_then(meaning).and_then(|known| known.retry);
    let passing = !matches!(error.status, barrow_market::Status::Permanent);
    let fate = Fate::Refused {
        problem: error.to_problem(),
        retry: match known {
            Some(wait) => Retry::After(wait),
            None if passing => Retry::After(UNKNOWN_FAULT_WAIT),
            None => Retry::No,
        },
    };
    Outcome::new(change_id, fate)
}

/// Whether a call that ended so may have taken effect. One that got no token was never made,
/// however the token's own call ended.
pub fn may_have_happened(error: &Error) -> bool {
    let unanswered = matches!(
        error.kind,
        ErrorKind::NoAnswer | ErrorKind::Unreadable | ErrorKind::MarketplaceDown
    );
    unanswered && !is_for_token(error)
}

/// Whether it was a call that is made before the one that has an effect.
fn is_for_token(error: &Error) -> bool {
    let specs = [
        &USER_TOKEN,
        &APPLICATION_TOKEN,
        &CREATE_SIGNING_KEY,
        &CONSENT_SELLER_ID,
    ];
    specs.iter().any(|spec| spec.operation == error.operation)
}

/// Whether eBay does not let the seller make this one call, though his token is good: a permission
/// is missing (1100).
pub fn is_not_allowed(error: &Error) -> bool {
    error.kind == ErrorKind::Forbidden && !is_for_token(error)
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
