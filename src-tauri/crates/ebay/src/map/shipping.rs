//! Carriers, tracking numbers and reasons in eBay's words.

use barrow_model::{CancelReason, RefundReason};

/// eBay's strings for carriers, which are case-sensitive values of its Trading API (ebay.md §8.3),
/// by how sellers write them: lower case, letters and digits alone.
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
    ("myhermes", "Hermes"),
    ("deutschepost", "DeutschePost"),
    ("australiapost", "AustraliaPost"),
    ("auspost", "AustraliaPost"),
    ("canadapost", "CanadaPost"),
    ("postescanada", "CanadaPost"),
    ("dpd", "DPD"),
    ("gls", "GLS"),
    ("evri", "Evri"),
    ("parcelforce", "Parcelforce"),
    ("parcelforceworldwide", "Parcelforce"),
    ("tnt", "TNT"),
    ("yodel", "Yodel"),
    ("yamato", "Yamato"),
    ("yamatotransport", "Yamato"),
    ("japanpost", "JapanPost"),
    ("laposte", "LaPoste"),
    ("colissimo", "Colissimo"),
    ("chronopost", "Chronopost"),
    ("correos", "Correos"),
    ("posteitaliane", "PosteItaliane"),
    ("postnl", "PostNL"),
    ("bpost", "bpost"),
    ("swisspost", "SwissPost"),
    ("inpost", "InPost"),
    ("chinapost", "ChinaPost"),
    ("singaporepost", "SingaporePost"),
    ("singpost", "SingaporePost"),
    ("hongkongpost", "HongKongPost"),
    ("ontrac", "OnTrac"),
];

/// Longest name of a carrier that is sent as it was written.
const CARRIER_CHARS_MAX: usize = 50;

/// eBay's string for a carrier that is in its list as far as it is known.
fn known_carrier(carrier: &str) -> Option<&'static str> {
    let plain: String = carrier
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let mut known = CARRIERS.iter();
    known
        .find(|(name, _)| *name == plain)
        .map(|(_, code)| *code)
}

/// eBay's string for carriers that its list has not.
pub const OTHER_CARRIER: &str = "Other";

/// eBay's string for a carrier; one that is not known goes as the seller wrote it, for eBay's list
/// is long and grows (ebay.md §8.3). `Other` where nothing of it can be written.
pub fn carrier(carrier: &str) -> String {
    if let Some(known) = known_carrier(carrier) {
        return known.to_owned();
    }
    let written: String = carrier
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-'))
        .take(CARRIER_CHARS_MAX)
        .collect();
    match written.trim() {
        "" => OTHER_CARRIER.to_owned(),
        written => written.to_owned(),
    }
}

/// Of [`CARRIERS`] those that are in eBay's list for certain, and in Post-Order's (ebay.md §8.3).
const CERTAIN: [&str; 9] = [
    "USPS",
    "UPS",
    "FedEx",
    "DHL",
    "RoyalMail",
    "Hermes",
    "DeutschePost",
    "AustraliaPost",
    "CanadaPost",
];

/// Whether eBay takes a string for a carrier for certain: what it then refuses is not the carrier.
pub fn is_certain_carrier(code: &str) -> bool {
    code == OTHER_CARRIER || CERTAIN.contains(&code)
}

/// Post-Order's string for a carrier: the same names, in upper case (ebay.md §8.3).
pub fn post_order_carrier(name: &str) -> String {
    // Its list is a closed one.
    let known = known_carrier(name)
        .filter(|code| CERTAIN.contains(code))
        .unwrap_or(OTHER_CARRIER);
    if known == "FedEx" {
        return "FEDEX".to_owned();
    }
    let mut written = String::with_capacity(known.len() + 2);
    let mut after_small = false;
    for letter in known.chars() {
        if letter.is_ascii_uppercase() && after_small {
            written.push('_');
        }
        after_small = letter.is_ascii_lowercase();
        written.push(letter.to_ascii_uppercase());
    }
    written
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
    use super::{carrier, post_order_carrier, tracking};

    #[test]
    fn carriers_are_written_as_ebay_writes_them() {
        let check = |given: &str, expected: &str| assert_eq!(carrier(given), expected, "{given}");
        check("usps", "USPS");
        check("Royal Mail", "RoyalMail");
        check("FEDEX", "FedEx");
        check("Deutsche Post", "DeutschePost");
        check("dpd", "DPD");
        check("Yamato Transport", "Yamato");
        check("Evri", "Evri");
        check(" Pigeon Post (UK)!", "Pigeon Post UK");
        check("!", "Other");
    }

    #[test]
    fn post_order_writes_carriers_in_upper_case() {
        let check = |given: &str, expected: &str| assert_eq!(post_order_carrier(given), expected);
        check("usps", "USPS");
        check("Royal Mail", "ROYAL_MAIL");
        check("FedEx", "FEDEX");
        check("Deutsche Post", "DEUTSCHE_POST");
        check("dpd", "OTHER");
        check("Pigeon", "OTHER");
    }

    #[test]
    fn tracking_numbers_lose_blanks_and_hyphens() {
        assert_eq!(tracking(" 9400-1111 2222-AB "), "940011112222AB");
    }
}
