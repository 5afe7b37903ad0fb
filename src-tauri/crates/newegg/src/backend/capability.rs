//! What Newegg can do, number by number; the platforms differ in how prices and stock are set.

use std::time::Duration;

use barrow_market::{Capability, Exclusion, Lane};
use barrow_model::{ActionKind, Aspect};

use crate::limits;
use crate::map::offer::{QUANTITY_MAX, SKU_CHARS_MAX};

pub(crate) const ITEM_FEED: &str = "item_feed";
pub(crate) const PRICE_CALL: &str = "price_call";
pub(crate) const PRICE_FEED: &str = "price_feed";
pub(crate) const INVENTORY_CALL: &str = "inventory_call";
pub(crate) const INVENTORY_FEED: &str = "inventory_feed";
pub(crate) const OFFER_CALL: &str = "offer_call";
pub(crate) const OFFER_FEED: &str = "offer_feed";
pub(crate) const END_CALL: &str = "end_call";
pub(crate) const ACKNOWLEDGE: &str = "acknowledge";
pub(crate) const SHIP: &str = "ship";
pub(crate) const CANCEL: &str = "cancel";

const VALUES: &[ActionKind] = &[ActionKind::SetPrice, ActionKind::SetQuantity];

const fn feed(
    name: &'static str,
    kinds: &'static [ActionKind],
    changes_max: usize,
    latency: Duration,
) -> Lane {
    Lane::feed(
        name,
        kinds,
        changes_max,
        limits::FEED_SUBMIT.rate(),
        latency,
    )
}

const PUBLISH: Lane = feed(
    ITEM_FEED,
    &[ActionKind::Publish],
    limits::ITEM_FEED_ROWS_MAX,
    limits::ITEM_FEED_LATENCY,
);
const CONFIRM: Lane = Lane::call(
    ACKNOWLEDGE,
    &[ActionKind::Acknowledge],
    limits::CONFIRM.rate(),
)
.batch(limits::ORDERS_PAGE, 1)
.repeatable();
const SHIPPING: Lane = Lane::call(SHIP, &[ActionKind::Ship], limits::ORDER_STATUS.rate());
const CANCELLING: Lane = Lane::call(CANCEL, &[ActionKind::Cancel], limits::ORDER_STATUS.rate());

/// Rates are those of `limits`, from newegg.md §3.
static UNITED_STATES_LANES: &[Lane] = &[
    PUBLISH,
    Lane::call(
        PRICE_CALL,
        &[ActionKind::SetPrice],
        limits::PRICE_WRITE.rate(),
    )
    .repeatable(),
    feed(
        PRICE_FEED,
        &[ActionKind::SetPrice],
        limits::STOCK_FEED_ROWS_MAX,
        limits::STOCK_FEED_LATENCY,
    ),
    Lane::call(
        INVENTORY_CALL,
        &[ActionKind::SetQuantity],
        limits::INVENTORY_WRITE.rate(),
    )
    .repeatable(),
    feed(
        INVENTORY_FEED,
        &[ActionKind::SetQuantity],
        limits::STOCK_FEED_ROWS_MAX,
        limits::STOCK_FEED_LATENCY,
    ),
    Lane::call(END_CALL, &[ActionKind::End], limits::PRICE_WRITE.rate()).repeatable(),
    CONFIRM,
    SHIPPING,
    CANCELLING,
];

static CLASSIC_LANES: &[Lane] = &[
    PUBLISH,
    Lane::call(OFFER_CALL, VALUES, limits::OFFER_WRITE.rate()).repeatable(),
    feed(
        OFFER_FEED,
        VALUES,
        limits::STOCK_FEED_ROWS_MAX,
        limits::STOCK_FEED_LATENCY,
    ),
    Lane::call(END_CALL, &[ActionKind::End], limits::OFFER_WRITE.rate()).repeatable(),
    CONFIRM,
    SHIPPING,
    CANCELLING,
];

/// newegg.com.
pub(crate) static UNITED_STATES: Capability = Capability {
    lanes: UNITED_STATES_LANES,
    ..COMMON
};

/// Newegg Business and newegg.ca.
pub(crate) static CLASSIC: Capability = COMMON;

const COMMON: Capability = Capability {
    lanes: CLASSIC_LANES,
    // An item feed carries the price and may be worked through hours later. It carries the quantity
    // too, but a decrease must not wait hours for a review: it goes out, and is tried again as long
    // as the offer is not known there.
    exclusions: &[Exclusion {
        in_flight: Aspect::Content,
        waits: Aspect::Price,
    }],
    // newegg.md §5.1: SellerPartNumber 1–40.
    sku_chars_max: SKU_CHARS_MAX,
    // newegg.md §5.1 names no signs that a part number may not have.
    sku_signs: None,
    // newegg.md §5.1: WebsiteShortTitle, ProductDescription and images of v1; an offer on an item
    // of the catalogue sends none of them.
    title_chars_max: 200,
    description_chars_max: 4_000,
    images_max: 7,
    // newegg.md §5.1: Inventory 0–999999.
    quantity_max: QUANTITY_MAX,
    images_https_only: false,
    categories_by_name: true,
    // newegg.md §4: stock and activity are apart.
    keeps_listing_at_zero: true,
    // The available quantity goes down as buyers order.
    lowers_quantity_on_sale: true,
    // newegg.md §4.3, §8: the list of items comes over plain FTP alone.
    reads_all_listings: false,
    shows_changes_in: Duration::ZERO,
    // newegg.md §5.1: a new item is reviewed first, up to a day.
    shows_listings_in: Duration::from_secs(24 * 60 * 60),
    // newegg.md §6.2.
    acknowledges_orders: true,
    order_history: limits::ORDER_HISTORY,
    pull_overlap: limits::ORDER_OVERLAP,
    fetch_orders_max: limits::ORDERS_PAGE,
    people_kept: None,
    // No reference of the seller's goes with a shipment (newegg.md §6.3); a bound of our own.
    ship_reference_chars_max: 30,
};
