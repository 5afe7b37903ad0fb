//! Why the seller cancels and gives money back, in Walmart's words (walmart.md §7.3).

use barrow_model::{CancelReason, RefundReason};

/// The word for a cancellation.
pub(crate) fn cancellation(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::BuyerAsked => "CUSTOMER_REQUESTED_SELLER_TO_CANCEL",
        CancelReason::OutOfStock => "SELLER_CANCEL_OUT_OF_STOCK",
        CancelReason::PriceError => "SELLER_CANCEL_PRICING_ERROR",
        CancelReason::AddressProblem => "SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE",
    }
}

/// The word for a refund.
pub(crate) fn refund(reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::BuyerCancelled => "Buyer canceled",
        RefundReason::SellerCancelled => "CancelledYetShipped",
        RefundReason::NotReceived => "ItemNotReceivedByCustomer",
        RefundReason::Returned => "Customer returned item",
        RefundReason::NotAsDescribed => "ItemNotAsAdvertised",
        RefundReason::Adjustment => "General adjustment",
    }
}
