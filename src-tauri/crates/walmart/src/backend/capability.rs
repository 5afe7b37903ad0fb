//! What Walmart can do, number by number.

use std::time::Duration;

use barrow_market::{Capability, Exclusion, Lane};
use barrow_model::{ActionKind, Aspect};

use crate::limits;
use crate::map::offer::{DESCRIPTION_CHARS_MAX, TITLE_CHARS_MAX};

pub(crate) const ITEM_FEED: &str = "item_feed";
pub(crate) const REVISE_FEED: &str = "revise_feed";
pub(crate) const PRICE_CALL: &str = "price_call";
pub(crate) const PRICE_FEED: &str = "price_feed";
pub(crate) const INVENTORY_CALL: &str = "inventory_call";
pub(crate) const INVENTORY_FEED: &str = "inventory_feed";
pub(crate) const END_CALL: &str = "end_call";
pub(crate) const ACKNOWLEDGE: &str = "acknowledge";
pub(crate) const SHIP: &str = "ship";
pub(crate) const CANCEL: &str = "cancel";
pub(crate) const REFUND: &str = "refund";

/// Rates are those of `limits`, from walmart.md §3.
static LANES: &[Lane] = &[
    Lane::feed(
        ITEM_FEED,
        &[ActionKind::Publish],
        limits::FEED_ITEMS_MAX,
        limits::FEED_ITEM.rate(),
        limits::ITEM_FEED_LATENCY,
    ),
    Lane::feed(
        REVISE_FEED,
        &[ActionKind::Revise],
        limits::FEED_ITEMS_MAX,
        limits::FEED_MAINTENANCE.rate(),
        limits::ITEM_FEED_LATENCY,
    ),
    Lane::call(PRICE_CALL, &[ActionKind::SetPrice], limits::PRICE.rate()).repeatable(),
    Lane::feed(
        PRICE_FEED,
        &[ActionKind::SetPrice],
        limits::FEED_ITEMS_MAX,
        limits::FEED_PRICE.rate(),
        limits::STOCK_FEED_LATENCY,
    ),
    Lane::call(
        INVENTORY_CALL,
        &[ActionKind::SetQuantity],
        limits::INVENTORY_PUT.rate(),
    )
    .repeatable(),
    Lane::feed(
        INVENTORY_FEED,
        &[ActionKind::SetQuantity],
        limits::FEED_ITEMS_MAX,
        limits::FEED_INVENTORY.rate(),
        limits::STOCK_FEED_LATENCY,
    ),
    Lane::call(END_CALL, &[ActionKind::End], limits::RETIRE.rate()).repeatable(),
    Lane::call(
        ACKNOWLEDGE,
        &[ActionKind::Acknowledge],
        limits::ACKNOWLEDGE.rate(),
    )
    .repeatable(),
    Lane::call(SHIP, &[ActionKind::Ship], limits::SHIP.rate()),
    Lane::call(CANCEL, &[ActionKind::Cancel], limits::CANCEL.rate()),
    Lane::call(REFUND, &[ActionKind::Refund], limits::REFUND.rate()),
];

pub(crate) static CAPABILITY: Capability = Capability {
    lanes: LANES,
    // walmart.md §6.2: feeds run side by side and finish out of order, and an item feed carries the
    // price. It carries the quantity too, but a decrease must not wait hours for a content feed: it
    // goes out, and what a late feed sets back is seen as a difference and sent again.
    exclusions: &[Exclusion {
        in_flight: Aspect::Content,
        waits: Aspect::Price,
    }],
    // walmart.md §6.3: sku ≤ 50.
    sku_chars_max: 50,
    // The schema of walmart.md §6.3 names no signs that a SKU may not have.
    sku_signs: None,
    // walmart.md §6.3: productName 10–199.
    title_chars_max: TITLE_CHARS_MAX,
    // walmart.md §6.3: shortDescription ≤ 4000.
    description_chars_max: DESCRIPTION_CHARS_MAX,
    // The schema sets no limit on productSecondaryImageURL; a bound of our own.
    images_max: 20,
    // walmart.md §6.5 names none; what fits the schema's integer.
    quantity_max: 999_999,
    // walmart.md §6.3: public, HTTPS, no redirects.
    images_https_only: true,
    categories_by_name: true,
    // walmart.md §6.3: set stock to 0 rather than retiring.
    keeps_listing_at_zero: true,
    // walmart.md §6.5: availToSellQty is inputQty without what is reserved.
    lowers_quantity_on_sale: true,
    // All items by cursor (GET /v3/items).
    reads_all_listings: true,
    // walmart.md §7.3.
    acknowledges_orders: true,
    // walmart.md §6.2: 15 minutes for prices and stock.
    shows_changes_in: Duration::from_secs(15 * 60),
    // walmart.md §6.2: up to two days.
    shows_listings_in: Duration::from_secs(48 * 60 * 60),
    // walmart.md §7.1: 180 days.
    order_history: limits::ORDER_HISTORY,
    // walmart.md §7.4: 15 minutes.
    pull_overlap: limits::ORDER_OVERLAP,
    fetch_orders_max: limits::FETCH_ORDERS_MAX,
    people_kept: None,
    // walmart.md §7.3: sellerOrderId ≤ 30.
    ship_reference_chars_max: 30,
};
