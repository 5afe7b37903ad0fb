//! How answers that tell something are known from JSON of another shape. As every field may be
//! missing, that would read as an answer that tells of nothing: no offers, no items, no packages.

use super::{
    Aspects, CategorySuggestions, ConditionPolicies, ExpiredCategories, FulfillmentPolicies,
    InventoryItem, InventoryItems, InventoryLocations, Labels, ListingStructures, Offer, Offers,
    PaymentPolicies, Programs, RegulatoryPolicies, ReturnPolicies, ShippingFulfillments, User,
    WholeOffers,
};

/// An answer whose fields may all be missing.
pub trait Told {
    /// The fields of which it has at least one, as eBay's contract names them.
    const FIELDS: &'static [&'static str];
    /// Whether an object without any field tells that there is nothing. It does of what goods
    /// demand; of what is for sale, or was sent, it tells nothing.
    const MAY_BE_EMPTY: bool = false;
}

macro_rules! told {
    ($($answer:ty: $fields:expr;)*) => {
        $(impl Told for $answer {
            const FIELDS: &'static [&'static str] = &$fields;
        })*
    };
}

macro_rules! told_of_demands {
    ($($answer:ty: $fields:expr;)*) => {
        $(impl Told for $answer {
            const FIELDS: &'static [&'static str] = &$fields;
            const MAY_BE_EMPTY: bool = true;
        })*
    };
}

told! {
    InventoryItems: ["inventoryItems", "total", "size"];
    InventoryItem: ["sku", "product", "availability", "condition"];
    Offers: ["offers", "total", "size"];
    WholeOffers: ["offers", "total", "size"];
    Offer: ["offerId"];
    ShippingFulfillments: ["fulfillments", "total"];
    FulfillmentPolicies: ["fulfillmentPolicies", "total"];
    PaymentPolicies: ["paymentPolicies", "total"];
    ReturnPolicies: ["returnPolicies", "total"];
    InventoryLocations: ["locations", "total"];
    User: ["userId", "username"];
}

told_of_demands! {
    Aspects: ["aspects"];
    CategorySuggestions: ["categorySuggestions"];
    ConditionPolicies: ["itemConditionPolicies", "warnings"];
    ExpiredCategories: ["expiredCategories"];
    Labels: ["pictograms", "statements", "signalWords"];
    ListingStructures: ["listingStructurePolicies", "warnings"];
    Programs: ["programs"];
    RegulatoryPolicies: ["regulatoryPolicies", "warnings"];
}
