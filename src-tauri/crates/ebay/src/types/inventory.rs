//! The Inventory API's answers (ebay.md §6).

use serde::Deserialize;
use serde_json::Value;

use super::common::{Amount, VendorIssue, list, part, text};
use super::feed::MigratedItem;

/// A bulk call's answer, entry by entry, with HTTP 200 or 207 (ebay.md §6.1).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BulkAnswer {
    /// Entries in eBay's order.
    #[serde(deserialize_with = "list")]
    pub responses: Vec<BulkEntry>,
}

/// What became of one entry of a bulk call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BulkEntry {
    /// Its own HTTP status.
    pub status_code: Option<u16>,
    /// The SKU.
    #[serde(deserialize_with = "text")]
    pub sku: Option<String>,
    /// The site, in answers about offers.
    pub marketplace_id: Option<String>,
    /// The offer.
    #[serde(deserialize_with = "text")]
    pub offer_id: Option<String>,
    /// The listing, once published.
    #[serde(deserialize_with = "text")]
    pub listing_id: Option<String>,
    /// The item, in answers to a reading.
    pub inventory_item: Option<Value>,
    /// The SKUs of a listing that was migrated.
    #[serde(deserialize_with = "list")]
    pub inventory_items: Vec<MigratedItem>,
    /// Why not.
    #[serde(deserialize_with = "list")]
    pub errors: Vec<VendorIssue>,
    /// What eBay remarks of what it did (ebay.md §12).
    #[serde(deserialize_with = "list")]
    pub warnings: Vec<VendorIssue>,
}

/// `GET /inventory_item`, a page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InventoryItems {
    /// Items, whole.
    #[serde(deserialize_with = "list")]
    pub inventory_items: Vec<Value>,
    /// The next page; none at the end.
    pub next: Option<String>,
}

/// An inventory item, as far as it is read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InventoryItem {
    /// Its SKU.
    #[serde(deserialize_with = "text")]
    pub sku: Option<String>,
    /// The language that it is kept in, with an underscore.
    pub locale: Option<String>,
    /// Its stock.
    #[serde(deserialize_with = "part")]
    pub availability: Availability,
    /// Its product.
    #[serde(deserialize_with = "part")]
    pub product: Product,
    /// The groups that show it with other variants.
    #[serde(deserialize_with = "list")]
    pub inventory_item_group_keys: Vec<String>,
    /// The same in the answer to a reading of one item.
    #[serde(deserialize_with = "list")]
    pub group_ids: Vec<String>,
}

impl InventoryItem {
    /// The group that shows it with other variants; a SKU is in one at most (ebay.md §6.6).
    pub fn group(&self) -> Option<&str> {
        let keys = self.inventory_item_group_keys.iter();
        keys.chain(&self.group_ids).next().map(String::as_str)
    }
}

/// Stock of an item.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Availability {
    /// Stock that is shipped.
    #[serde(deserialize_with = "part")]
    pub ship_to_location_availability: ShipToLocation,
}

/// Stock that is shipped.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShipToLocation {
    /// Units.
    pub quantity: Option<i64>,
}

/// Product data of an item, as far as it is read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Product {
    /// Title.
    pub title: Option<String>,
    /// EANs.
    #[serde(deserialize_with = "list")]
    pub ean: Vec<String>,
    /// UPCs.
    #[serde(deserialize_with = "list")]
    pub upc: Vec<String>,
    /// ISBNs.
    #[serde(deserialize_with = "list")]
    pub isbn: Vec<String>,
}

/// `GET /offer?sku=`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Offers {
    /// Offers of the SKU.
    #[serde(deserialize_with = "list")]
    pub offers: Vec<Offer>,
}

/// The same, whole.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WholeOffers {
    /// Offers of the SKU.
    #[serde(deserialize_with = "list")]
    pub offers: Vec<Value>,
}

/// An offer, as far as it is read (ebay.md §6.4).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Offer {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub offer_id: Option<String>,
    /// Its SKU.
    #[serde(deserialize_with = "text")]
    pub sku: Option<String>,
    /// Its site.
    pub marketplace_id: Option<String>,
    /// FIXED_PRICE or AUCTION.
    pub format: Option<String>,
    /// Units, where the offer has a number of its own.
    pub available_quantity: Option<i64>,
    /// Prices.
    #[serde(deserialize_with = "part")]
    pub pricing_summary: OfferPricing,
    /// PUBLISHED or UNPUBLISHED.
    pub status: Option<String>,
    /// The listing, once published.
    pub listing: Option<ListingDetails>,
}

/// Prices of an offer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OfferPricing {
    /// The price.
    pub price: Option<Amount>,
}

/// The listing of an offer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListingDetails {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub listing_id: Option<String>,
    /// ACTIVE, OUT_OF_STOCK, INACTIVE, ENDED, EBAY_ENDED, NOT_LISTED.
    pub listing_status: Option<String>,
    /// Units sold.
    pub sold_quantity: Option<i64>,
    /// Whether eBay keeps it back for a policy violation.
    pub listing_on_hold: Option<bool>,
}

/// The answer to a publish, a withdrawal and an update of one offer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PostedListing {
    /// The listing.
    #[serde(deserialize_with = "text")]
    pub listing_id: Option<String>,
    /// What eBay remarks of it (ebay.md §12).
    #[serde(deserialize_with = "list")]
    pub warnings: Vec<VendorIssue>,
}
