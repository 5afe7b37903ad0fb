//! Faults by name.

/// A refresh token that was revoked: the next request for a token meets `invalid_grant`.
pub(super) const TOKEN_REVOKED: &str = "token_revoked";
/// The operation's role is missing: 403 (amazon.md §2.3).
pub(super) const MISSING_ROLE: &str = "missing_role";
/// The roles for buyers' data are missing: orders asked for with BUYER, RECIPIENT or TAX meet 403
/// (amazon.md §7.4).
pub(super) const MISSING_PII_ROLE: &str = "missing_pii_role";
/// Orders asked for with more than PROCEEDS, FULFILLMENT, PACKAGES and CANCELLATION meet 400
/// (amazon.md §7.4).
pub(super) const REDUCED_DATA: &str = "reduced_data";
/// The next change of a listing is accepted and never takes effect (amazon.md §11, 1).
pub(super) const NOT_TAKEN_OVER: &str = "not_taken_over";
/// The next change of a listing takes four hours.
pub(super) const SLOW_LISTING: &str = "slow_listing";
/// The next change of a listing takes effect and is then suppressed.
pub(super) const SUPPRESSED: &str = "suppressed";
/// The next feed stays IN_PROGRESS for seven hours (amazon.md §5).
pub(super) const FEED_STALL: &str = "feed_stall";
/// The next feed ends FATAL without a document, and nothing of it takes effect.
pub(super) const FEED_FATAL: &str = "feed_fatal";
/// The next feed ends FATAL with a document, and its first half takes effect (amazon.md §5).
pub(super) const FEED_FATAL_PARTIAL: &str = "feed_fatal_partial";
/// The next order that is placed is PENDING first.
pub(super) const PENDING_ORDER: &str = "pending_order";

/// All of them, the common ones first.
pub(super) const FAULTS: [&str; 20] = [
    crate::faults::TOO_MANY,
    crate::faults::BROKEN,
    crate::faults::AWAY,
    crate::faults::TIMEOUT,
    crate::faults::LOST_ANSWER,
    crate::faults::CUT_BODY,
    crate::faults::HTML,
    crate::faults::TOKEN_EXPIRED,
    crate::faults::WRONG_JSON,
    TOKEN_REVOKED,
    MISSING_ROLE,
    MISSING_PII_ROLE,
    REDUCED_DATA,
    NOT_TAKEN_OVER,
    SLOW_LISTING,
    SUPPRESSED,
    FEED_STALL,
    FEED_FATAL,
    FEED_FATAL_PARTIAL,
    PENDING_ORDER,
];
