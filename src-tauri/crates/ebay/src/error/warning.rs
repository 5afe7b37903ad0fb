//! What eBay remarks of something that it did: `warnings` of a 2xx (ebay.md §12). It was done, so
//! that nothing here is ever a refusal.

use barrow_model::{Problem, ProblemKind};

use super::text;
use crate::config::RETURN_POLICY_ID;
use crate::types::VendorIssue;

/// The listing is kept back for a violation of a policy, and can be revised.
const ON_HOLD: i64 = 25096;
/// Parts and accessories need 30 days of returns at the seller's cost.
const RETURNS_TOO_SHORT: i64 = 25124;
/// Options were left out of the listing.
const OPTIONS_DROPPED: i64 = 25401;
/// A remark of the system's, such as that nothing has changed.
const SYSTEM: i64 = 25402;
/// The date on which the listing was to begin is ignored.
const START_IGNORED: i64 = 25753;

/// Whether eBay gives a number only with what it does (ebay.md §12: HTTP 200).
pub fn is_warning(issue: &VendorIssue) -> bool {
    let numbers = [
        ON_HOLD,
        RETURNS_TOO_SHORT,
        OPTIONS_DROPPED,
        SYSTEM,
        START_IGNORED,
    ];
    numbers.contains(&issue.error_id)
}

/// What people are told of a warning.
pub fn warning(issue: &VendorIssue) -> Problem {
    let told = match issue.error_id {
        ON_HOLD => Problem::new(ProblemKind::ListingOnHold),
        RETURNS_TOO_SHORT => Problem::new(ProblemKind::PolicyInvalid)
            .field(format!("settings.{RETURN_POLICY_ID}"))
            .param("policy", RETURN_POLICY_ID),
        OPTIONS_DROPPED => Problem::new(ProblemKind::OptionsDropped),
        _ => Problem::new(ProblemKind::Remark),
    };
    told.vendor(issue.error_id.to_string(), text(issue))
}
