//! eBay's own faults beside those that every marketplace knows.

use http::StatusCode;

use super::answer::{Problem, Refusal};
use super::auth::Need;
use super::lag::not_found_yet;
use super::quirk;
use super::route::Route;
use super::state::State;
use crate::faults::{
    AWAY, BROKEN, CUT_BODY, Early, HTML, LOST_ANSWER, TIMEOUT, TOKEN_EXPIRED, TOO_MANY, WRONG_JSON,
};

/// A refresh token is refused as revoked (ebay.md §2.2).
pub(super) const INVALID_GRANT: &str = "invalid_grant";
/// What was just written is not yet seen by the next call (ebay.md §12, 25604; §15.5).
pub(super) const PROPAGATION: &str = "propagation";
/// The Inventory API's own system error (ebay.md §12, 25001).
pub(super) const SYSTEM_ERROR: &str = "25001";
/// Another write of the same SKU is under way (ebay.md §12, 25025).
pub(super) const CONCURRENT: &str = "25025";
/// The monthly selling limit is reached (ebay.md §12, 25026).
pub(super) const SELLING_LIMIT: &str = "25026";

/// The seller is at home in the EU or the UK: what he must sign is refused unsigned (ebay.md §2.6,
/// 215001).
pub(super) const SIGNATURE_REQUIRED: &str = "signature_required";

/// The buyer of the next order that is shipped wants to send something back.
pub(super) const BUYER_RETURNS: &str = "buyer_returns";
/// The buyer of the next order that is shipped says that it did not come.
pub(super) const BUYER_MISSES: &str = "buyer_misses";
/// The buyer of the next order that is shipped disputes the payment at his bank.
pub(super) const BUYER_DISPUTES: &str = "buyer_disputes";
/// A buyer disputes the payment of goods that are not what he was told.
pub(super) const BUYER_DISPUTES_GOODS: &str = "buyer_disputes_goods";

/// The seller leaves the program that keeps listings without stock (ebay.md §6.5), and joins it
/// again when it is switched off.
pub(super) const STOCK_PROGRAM_OFF: &str = "stock_program_off";
/// The seller has not agreed to the permission that a call needs (ebay.md §12, 1100).
pub(super) const FORBIDDEN: &str = "forbidden";

/// The buyer of the next order that is placed asks to cancel it.
pub(super) const BUYER_REGRETS: &str = "buyer_regrets";

/// The buyer of the next order that is placed writes about it, or writes again to the next answer.
pub(super) const BUYER_WRITES: &str = "buyer_writes";

/// The next report of everything that is live fails (ebay.md §10.1).
pub(super) const REPORT_FAILS: &str = "report_fails";

/// eBay lets the seller have no more than 20 units or 1,000 in money for sale (ebay.md §4), until
/// it is switched off.
pub(super) const SMALL_SELLING_LIMIT: &str = "small_selling_limit";

/// Readings of items, offers and groups stay behind what was written, and what is new is not found
/// by the calls that build on it (ebay.md §12, 25604): by as many seconds as it is given times,
/// until it is switched off.
pub(super) const READINGS_LATE: &str = "readings_late";

/// All that can be switched on.
pub(super) const ALL: &[&str] = &[
    TOO_MANY,
    BROKEN,
    AWAY,
    TIMEOUT,
    LOST_ANSWER,
    CUT_BODY,
    HTML,
    TOKEN_EXPIRED,
    WRONG_JSON,
    INVALID_GRANT,
    PROPAGATION,
    SYSTEM_ERROR,
    CONCURRENT,
    SELLING_LIMIT,
    SIGNATURE_REQUIRED,
    REPORT_FAILS,
    BUYER_RETURNS,
    BUYER_MISSES,
    BUYER_DISPUTES,
    BUYER_DISPUTES_GOODS,
    BUYER_REGRETS,
    BUYER_WRITES,
    STOCK_PROGRAM_OFF,
    FORBIDDEN,
    SMALL_SELLING_LIMIT,
    READINGS_LATE,
    quirk::WITHOUT_SKU,
    quirk::TAX_WITHOUT_TYPE,
    quirk::CONVERTED,
    quirk::OTHER_SITE,
    quirk::LINKED,
    quirk::BY_EBAY,
    quirk::GIFT,
    quirk::VIA_HUB,
    quirk::ANONYMISED,
    quirk::BARE,
];

/// What meets a call before it is looked at. The token endpoint has no token that could expire, so
/// that fault waits for another call.
pub(super) fn early(state: &mut State, route: &Route) -> Option<Early> {
    if route.need != Need::Nothing {
        return state.faults.early(route.name);
    }
    let met = [
        (TIMEOUT, Early::NoAnswer),
        (HTML, Early::Html),
        (AWAY, Early::Broken(StatusCode::SERVICE_UNAVAILABLE)),
        (BROKEN, Early::Broken(StatusCode::INTERNAL_SERVER_ERROR)),
        (TOO_MANY, Early::TooMany),
    ];
    let mut met = met.into_iter();
    met.find(|(name, _)| state.faults.meets(name, route.name))
        .map(|(_, early)| early)
}

/// Meets a call of the Inventory API before it takes effect.
pub(super) fn meet_inventory(
    state: &mut State,
    operation: &str,
    writes: bool,
) -> Result<(), Refusal> {
    if state.faults.meets(SYSTEM_ERROR, operation) {
        let message = "A system error has occurred. Try again later.";
        return Err(Problem::inventory(25001, message).into());
    }
    if writes && state.faults.meets(CONCURRENT, operation) {
        let message = "Concurrent access of the same Inventory or Inventory Item Group object is \
                       not allowed. Please try again later.";
        return Err(Problem::inventory(25025, message).into());
    }
    // Bulk calls are met entry by entry.
    if operation.starts_with("bulk") {
        return Ok(());
    }
    meet_entry(state, operation).map_or(Ok(()), |problem| Err(problem.into()))
}

/// Meets one thing that a call is about: a whole single call, or the first entry of a bulk call.
pub(super) fn meet_entry(state: &mut State, operation: &str) -> Option<Problem> {
    if sees_delay(operation) && state.faults.meets(PROPAGATION, operation) {
        return Some(not_yet_seen(operation));
    }
    if publishes(operation) && state.faults.meets(SELLING_LIMIT, operation) {
        return Some(Problem::inventory(25026, "Selling limit exceeded."));
    }
    None
}

fn publishes(operation: &str) -> bool {
    matches!(
        operation,
        "publishOffer" | "bulkPublishOffer" | "publishOfferByInventoryItemGroup"
    )
}

// Calls that build on what an earlier one wrote.
fn sees_delay(operation: &str) -> bool {
    publishes(operation)
        || matches!(
            operation,
            "createOffer"
                | "bulkCreateOffer"
                | "bulkUpdatePriceQuantity"
                | "updateOffer"
                | "getOffer"
        )
}

fn not_yet_seen(operation: &str) -> Problem {
    if operation == "getOffer" || operation == "updateOffer" {
        return Problem::inventory(25713, "This Offer is not available.");
    }
    not_found_yet(match operation {
        "createOffer" | "bulkCreateOffer" => "Product",
        "bulkUpdatePriceQuantity" => "Availability",
        _ => "Offer",
    })
}
