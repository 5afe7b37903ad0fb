//! Listings: what is offered where, and what is known of it there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::account::{Settings, Site};
use crate::catalogue::{Attributes, Condition, Image, OptionValue};
use crate::gtin::Gtin;
use crate::id::{AccountId, FamilyId, ListingId, Revision, SkuId};
use crate::measure::{Dimensions, Weight};
use crate::money::Money;
use crate::order::FulfilledBy;
use crate::problem::Problem;
use crate::sku::Sku;

/// A category in the marketplace's own words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct CategoryId(pub String);

/// The identity of a listing or family on its marketplace: names and values that only the adapter
/// understands (`offer_id`, `listing_id`, `wpid`). Empty before the marketplace knows the listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Binding(pub BTreeMap<String, String>);

impl Binding {
    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The same with one value more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Whether the marketplace knows nothing yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One variant or kit on (account, site, channel SKU).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Listing {
    /// Its row.
    pub id: ListingId,
    /// The login.
    pub account_id: AccountId,
    /// The country site.
    pub site: Site,
    /// The SKU there; usually the seller's own.
    pub channel_sku: Sku,
    /// The variant or kit that is sold.
    pub sku_id: SkuId,
    /// The family that it is shown in.
    pub family_id: Option<FamilyId>,
    /// Where it stands.
    pub state: ListingState,
    /// What the seller has set for this listing alone.
    pub overrides: Overrides,
    /// Its identity there.
    pub binding: Binding,
    /// The marketplace's pool that its quantity belongs to; empty for its own.
    pub pool: String,
    /// Counts its edits.
    pub revision: Revision,
}

/// Where a listing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ListingState {
    /// To be published with the next push.
    New,
    /// On its way: something of it was sent, it is not live yet.
    Publishing,
    /// For sale, as far as is known.
    Live,
    /// The seller has paused it: its quantity is kept at zero.
    Paused,
    /// To be ended with the next push.
    Ending,
    /// Not for sale any more.
    Ended,
    /// The marketplace, or Barrow before it, refuses it; its problem says why.
    Refused,
}

impl ListingState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Publishing,
        Self::Live,
        Self::Paused,
        Self::Ending,
        Self::Ended,
        Self::Refused,
    ];

    /// Its name in files, in the database and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Publishing => "publishing",
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Ending => "ending",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }

    /// The state of a name as [`ListingState::code`] writes it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What the seller has set for one listing; everything else comes from the product, the account's
/// defaults and its rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Overrides {
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Price, instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The lowest price that may be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Money>,
    /// A fixed quantity, sent as long as that many are available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// Category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// Attributes, over those of product and variant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: Attributes,
    /// Settings, over the account's defaults.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: Settings,
}

/// How an adapter is told which listing is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingRef {
    /// Its row, to tell listings apart within a batch.
    pub id: ListingId,
    /// The country site.
    pub site: Site,
    /// The SKU there.
    pub sku: Sku,
    /// What the marketplace calls it, as far as is known.
    pub binding: Binding,
    /// The pool that its quantity belongs to.
    pub pool: String,
}

/// Everything that a buyer reads: computed from product, variant and overrides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Content {
    /// Title, with the variant's options where several variants are listed one by one.
    pub title: String,
    /// Description, plain text or HTML.
    pub description: String,
    /// Brand.
    pub brand: Option<String>,
    /// Barcode number.
    pub gtin: Option<Gtin>,
    /// Manufacturer part number.
    pub mpn: Option<String>,
    /// Amazon's number.
    pub asin: Option<String>,
    /// Condition; never left open here.
    pub condition: Condition,
    /// The seller's own category path.
    pub category_path: Vec<String>,
    /// The marketplace's category, once chosen or suggested.
    pub category: Option<CategoryId>,
    /// Attributes of product, variant and listing, the nearest wins.
    pub attributes: Attributes,
    /// Options that tell this variant from its siblings.
    pub options: Vec<OptionValue>,
    /// Pictures, the first one leads.
    pub images: Vec<Image>,
    /// Weight of the package.
    pub weight: Option<Weight>,
    /// Size of the package.
    pub dimensions: Option<Dimensions>,
    /// The price to compare with.
    pub compare_at: Option<Money>,
    /// The family that the listing is shown in.
    pub family: Option<FamilyMembership>,
}

/// A listing's place in a family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FamilyMembership {
    /// The family's key on the marketplace, stable.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Whether this variant stands for the family.
    pub primary: bool,
    /// Names of the options that its variants differ in, in their order.
    #[serde(default)]
    pub axes: Vec<String>,
    /// Attributes that hold for all its variants.
    #[serde(default)]
    pub attributes: Attributes,
    /// Pictures of the product as a whole.
    #[serde(default)]
    pub images: Vec<Image>,
}

/// The full wanted state of a listing. An adapter never needs to read back what it must not erase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Offer {
    /// What buyers read.
    pub content: Content,
    /// Price.
    pub price: Money,
    /// Units for sale.
    pub quantity: u32,
    /// The account's defaults and the listing's own settings, merged.
    pub settings: Settings,
}

/// A listing as it was found on the marketplace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Observed {
    /// The country site.
    pub site: Site,
    /// The SKU there.
    pub sku: Sku,
    /// Its identity there.
    pub binding: Binding,
    /// Title, where the marketplace tells.
    pub title: Option<String>,
    /// Barcode number, where the marketplace tells.
    pub gtin: Option<Gtin>,
    /// Price; none where the marketplace does not tell.
    pub price: Option<Money>,
    /// Units for sale; none where the marketplace does not tell.
    pub quantity: Option<u32>,
    /// Who keeps and ships the goods. Where it is not the seller, the quantity is not his to set.
    pub fulfilled_by: FulfilledBy,
    /// Where it stands there.
    pub state: ObservedState,
    /// Why it is not for sale.
    pub problems: Vec<Problem>,
    /// What buyers read, where the marketplace tells and all listings were read.
    #[serde(default)]
    pub details: Option<Box<ObservedDetails>>,
}

/// What buyers read of a listing as it was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ObservedDetails {
    /// Title of the whole listing.
    pub title: String,
    /// Description, plain text or HTML.
    pub description: String,
    /// Brand.
    pub brand: Option<String>,
    /// Manufacturer part number.
    pub mpn: Option<String>,
    /// Condition; none for one that Barrow has no grade for.
    pub condition: Option<Condition>,
    /// The marketplace's category.
    pub category: Option<CategoryId>,
    /// Attributes, without brand, part number and options.
    pub attributes: Attributes,
    /// Options that tell it from the other variants of its family.
    pub options: Vec<OptionValue>,
    /// Pictures of this listing.
    pub images: Vec<String>,
    /// Weight of the package.
    pub weight: Option<Weight>,
    /// Size of the package.
    pub dimensions: Option<Dimensions>,
    /// The account's settings for listings as this one has them, by the keys of the marketplace's
    /// connector: its policies, the place that it ships from.
    #[serde(default)]
    pub settings: Settings,
    /// The family that it is shown in.
    pub family: Option<ObservedFamily>,
}

/// A family as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ObservedFamily {
    /// Its key there.
    pub key: String,
    /// Names of the attributes that all its variants share.
    pub shared: Vec<String>,
    /// Pictures of the product as a whole.
    pub images: Vec<String>,
}

/// Where a listing stands on its marketplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ObservedState {
    /// Buyers can buy it.
    Live,
    /// It is there with a quantity of zero.
    OutOfStock,
    /// It is known there and not for sale yet.
    Pending,
    /// The marketplace keeps it from sale.
    Blocked,
    /// It has ended.
    Ended,
}
