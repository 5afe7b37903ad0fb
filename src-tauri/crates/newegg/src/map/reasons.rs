//! Why the seller cancels, in Newegg's numbers (newegg.md §6.4).

use barrow_model::CancelReason;

/// The number of a reason.
pub(crate) fn cancellation(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::OutOfStock => "24",
        CancelReason::BuyerAsked => "72",
        CancelReason::PriceError => "73",
        // Unable to fulfil.
        CancelReason::AddressProblem => "74",
    }
}
