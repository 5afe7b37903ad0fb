//! Carriers, tracking numbers and reasons in eBay's words.

use barrow_model::{CancelReason, RefundReason};

/// eBay's strings for carriers, which are case-sensitive (ebay.md §8.3), by how sellers write them:
/// lower case, letters and digits alone.
const CARRIERS: &[(&str, &str)] = &[
    ("usps", "USPS"),
    ("uspostalservice", "USPS"),
    ("unitedstatespostalservice", "USPS"),
    ("ups", "UPS"),
    ("unitedparcelservice", "UPS"),
    ("fedex", "FedEx"),
    ("federalexpress", "FedEx"),
    ("dhl", "DHL"),
    ("dhlexpress", "DHL"),
    ("dhlpaket", "DHL"),
    ("royalmail", "RoyalMail"),
    ("hermes", "Hermes"),
    ("deutschepost", "DeutschePost"),
    ("australiapost", "AustraliaPost"),
    ("auspost", "AustraliaPost"),
    ("canadapost", "CanadaPost"),
];

/// eBay's string for a carrier; `Other` for one that it does not name (ebay.md §8.3).
pub fn carrier(carrier: &str) -> &'static str {
    let plain: String = carrier
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    CARRIERS
        .iter()
        .find(|(name, _)| *name == plain)
        .map_or("Other", |(_, code)| code)
}

/// A tracking number as eBay takes it: letters and digits alone (ebay.md §8.3).
pub fn tracking(tracking: &str) -> String {
    tracking
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

/// eBay's reason of a cancellation by the seller (ebay.md §8.5). A wrong price has none of its own:
/// the seller cannot fulfil.
pub fn cancel_reason(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::BuyerAsked => "BUYER_ASKED_CANCEL",
        CancelReason::AddressProblem => "ADDRESS_ISSUES",
        CancelReason::OutOfStock | CancelReason::PriceError => "OUT_OF_STOCK_OR_CANNOT_FULFILL",
    }
}

/// eBay's reason of a refund (ebay.md §8.4).
pub fn refund_reason(reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::BuyerCancelled => "BUYER_CANCEL",
        RefundReason::SellerCancelled => "SELLER_CANCEL",
        RefundReason::NotReceived => "ITEM_NOT_RECEIVED",
        RefundReason::Returned => "BUYER_RETURN",
        RefundReason::NotAsDescribed => "ITEM_NOT_AS_DESCRIBED",
        RefundReason::Adjustment => "OTHER_ADJUSTMENT",
    }
}

#[cfg(test)]
mod tests {
    use super::{carrier, tracking};

    #[test]
    fn carriers_are_written_as_ebay_writes_them() {
        let check = |given: &str, expected: &str| assert_eq!(carrier(given), expected, "{given}");
        check("usps", "USPS");
        check("Royal Mail", "RoyalMail");
        check("FEDEX", "FedEx");
        check("Deutsche Post", "DeutschePost");
        check("Pigeon", "Other");
    }

    #[test]
    fn tracking_numbers_lose_blanks_and_hyphens() {
        assert_eq!(tracking(" 9400-1111 2222-AB "), "940011112222AB");
    }
}
