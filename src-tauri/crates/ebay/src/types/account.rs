//! The Account API's answers and inventory locations (ebay.md §4, §5).

use std::fmt;

use serde::Deserialize;

use super::common::{Amount, list, text};

/// `GET /privilege`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Privileges {
    /// Whether the seller may sell.
    pub seller_registration_completed: Option<bool>,
    /// Monthly caps; none for a seller without.
    pub selling_limit: Option<SellingLimit>,
}

/// A seller's monthly caps.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SellingLimit {
    /// In money.
    pub amount: Option<Amount>,
    /// In units.
    pub quantity: Option<i64>,
}

/// `GET /program/get_opted_in_programs`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Programs {
    /// Programs that the seller takes part in.
    #[serde(deserialize_with = "list")]
    pub programs: Vec<Program>,
}

/// A seller program.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Program {
    /// Such as `SELLING_POLICY_MANAGEMENT`.
    pub program_type: Option<String>,
}

/// `GET /fulfillment_policy`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FulfillmentPolicies {
    /// Shipping policies of a site.
    #[serde(deserialize_with = "list")]
    pub fulfillment_policies: Vec<FulfillmentPolicy>,
}

/// A shipping policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FulfillmentPolicy {
    /// Its id.
    pub fulfillment_policy_id: Option<String>,
    /// The seller's name for it.
    pub name: Option<String>,
    /// What may be sold under it.
    #[serde(deserialize_with = "list")]
    pub category_types: Vec<CategoryType>,
    /// How it is shipped, at home and abroad.
    #[serde(deserialize_with = "list")]
    pub shipping_options: Vec<ShippingOption>,
}

impl FulfillmentPolicy {
    /// Whether the buyer pays by weight, so that eBay must know it (25020, ebay.md §6.2).
    pub fn is_calculated(&self) -> bool {
        let mut options = self.shipping_options.iter();
        options.any(|option| option.cost_type.as_deref() == Some("CALCULATED"))
    }
}

/// How goods are shipped under a policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShippingOption {
    /// FLAT_RATE, CALCULATED or NOT_SPECIFIED.
    pub cost_type: Option<String>,
}

/// What may be sold under a policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CategoryType {
    /// `ALL_EXCLUDING_MOTORS_VEHICLES` or `MOTORS_VEHICLES`.
    pub name: Option<String>,
}

impl CategoryType {
    /// Whether a policy is for vehicles alone, which Barrow does not list (ebay.md §5). One that
    /// names nothing is for everything.
    pub fn is_of_vehicles(named: &[Self]) -> bool {
        let of_vehicles = |one: &Self| one.name.as_deref() == Some("MOTORS_VEHICLES");
        !named.is_empty() && named.iter().all(of_vehicles)
    }
}

/// `GET /payment_policy`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentPolicies {
    /// Payment policies of a site.
    #[serde(deserialize_with = "list")]
    pub payment_policies: Vec<PaymentPolicy>,
}

/// A payment policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentPolicy {
    /// Its id.
    pub payment_policy_id: Option<String>,
    /// The seller's name for it.
    pub name: Option<String>,
    /// What may be sold under it.
    #[serde(deserialize_with = "list")]
    pub category_types: Vec<CategoryType>,
}

/// `GET /return_policy`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnPolicies {
    /// Return policies of a site.
    #[serde(deserialize_with = "list")]
    pub return_policies: Vec<ReturnPolicy>,
}

/// A return policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnPolicy {
    /// Its id.
    pub return_policy_id: Option<String>,
    /// The seller's name for it.
    pub name: Option<String>,
    /// What may be sold under it.
    #[serde(deserialize_with = "list")]
    pub category_types: Vec<CategoryType>,
}

/// `GET /location`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InventoryLocations {
    /// Places that goods ship from.
    #[serde(deserialize_with = "list")]
    pub locations: Vec<InventoryLocation>,
    /// The page behind this one; none at the end.
    #[serde(deserialize_with = "text")]
    pub next: Option<String>,
}

/// A place that goods ship from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InventoryLocation {
    /// The seller's key.
    pub merchant_location_key: Option<String>,
    /// The seller's name for it.
    pub name: Option<String>,
    /// ENABLED or DISABLED.
    pub merchant_location_status: Option<String>,
    /// Where it is; told of one location, and of many.
    pub location: LocationPlace,
}

/// Where a location is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LocationPlace {
    /// The parts of its address by eBay's names.
    pub address: serde_json::Map<String, serde_json::Value>,
}

/// `GET /user/`: the seller as eBay knows him, without what tells of a person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct User {
    /// An id that never changes.
    pub user_id: Option<String>,
    /// The name that buyers see, which he may change.
    pub username: Option<String>,
}

/// `GET /rate_limit/`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RateLimits {
    /// API by API.
    #[serde(deserialize_with = "list")]
    pub rate_limits: Vec<ApiLimits>,
}

/// The limits of an API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiLimits {
    /// Such as `sell`.
    pub api_context: Option<String>,
    /// Such as `inventory`.
    pub api_name: Option<String>,
    /// Its resources.
    #[serde(deserialize_with = "list")]
    pub resources: Vec<LimitedResource>,
}

/// A part of an API with limits of its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LimitedResource {
    /// Such as `sell.inventory`.
    pub name: Option<String>,
    /// Its limits, one each length of time.
    #[serde(deserialize_with = "list")]
    pub rates: Vec<LimitedRate>,
}

/// How much of a limit is left.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LimitedRate {
    /// Calls that are left.
    pub remaining: Option<i64>,
    /// When they are given anew.
    pub reset: Option<String>,
    /// Seconds that it counts over.
    pub time_window: Option<i64>,
}

/// `POST /signing_key` (ebay.md §2.6). Secret: it has no `Debug` of its parts.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SigningKeyAnswer {
    /// PKCS #8 in Base64. It is told once.
    pub private_key: Option<String>,
    /// What the key's header holds.
    pub jwe: Option<String>,
    /// Seconds since 1970.
    pub expiration_time: Option<i64>,
}

impl fmt::Debug for SigningKeyAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKeyAnswer(…)")
    }
}
