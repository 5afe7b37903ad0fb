//! Rates, sizes and delays, with the source above each (walmart.md §3, `rate_limits.tsv`).

use std::time::Duration;

use barrow_wire::{Bucket, CallSpec, Repeat};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

// Walmart's limits are token buckets per seller and endpoint (walmart.md §3).

/// PUT /v3/price: 100 an hour.
pub(crate) const PRICE: Bucket = Bucket::of_seller("price", 100, HOUR);
/// PUT /v3/inventory: 200 a minute.
pub(crate) const INVENTORY_PUT: Bucket = Bucket::of_seller("inventory_put", 200, MINUTE);
/// GET /v3/inventory: 200 a minute.
const INVENTORY_GET: Bucket = Bucket::of_seller("inventory_get", 200, MINUTE);
/// GET /v3/inventories: 200 a minute.
const INVENTORIES: Bucket = Bucket::of_seller("inventories", 200, MINUTE);
/// DELETE /v3/items/{sku}: 900 a minute.
pub(crate) const RETIRE: Bucket = Bucket::of_seller("retire", 900, MINUTE);
/// GET /v3/items/{id} without parameters: 900 a minute.
const ITEM: Bucket = Bucket::of_seller("item", 900, MINUTE);
/// GET /v3/items: 300 a minute; 60 hold for filters, which paging is not.
const ITEMS: Bucket = Bucket::of_seller("items", 300, MINUTE);
/// GET /v3/items/walmart/search: 200 a minute.
const SEARCH: Bucket = Bucket::of_seller("search", 200, MINUTE);
/// POST /v3/items/spec: the table says 10 a minute, the guide 3; the lower one is safe.
const SPEC: Bucket = Bucket::of_seller("spec", 3, MINUTE);
/// GET /v3/items/taxonomy: 200 a minute.
const TAXONOMY: Bucket = Bucket::of_seller("taxonomy", 200, MINUTE);
/// GET /v3/feeds and /v3/feeds/{id} share 5000 a minute.
const FEEDS_GET: Bucket = Bucket::of_seller("feeds_get", 5000, MINUTE);
/// MP_ITEM: 10 an hour.
pub(crate) const FEED_ITEM: Bucket = Bucket::of_seller("feed_item", 10, HOUR);
/// MP_MAINTENANCE: 10 an hour.
pub(crate) const FEED_MAINTENANCE: Bucket = Bucket::of_seller("feed_maintenance", 10, HOUR);
/// MP_ITEM_MATCH: 20 an hour.
const FEED_MATCH: Bucket = Bucket::of_seller("feed_match", 20, HOUR);
/// inventory: 10 an hour.
pub(crate) const FEED_INVENTORY: Bucket = Bucket::of_seller("feed_inventory", 10, HOUR);
/// price, PRICE_AND_PROMOTION: 10 an hour together.
pub(crate) const FEED_PRICE: Bucket = Bucket::of_seller("feed_price", 10, HOUR);
/// GET /v3/orders and /v3/orders/{id}: 5000 a minute.
const ORDERS: Bucket = Bucket::of_seller("orders", 5000, MINUTE);
/// POST …/acknowledge: 60 a minute.
pub(crate) const ACKNOWLEDGE: Bucket = Bucket::of_seller("acknowledge", 60, MINUTE);
/// POST …/shipping: 60 a minute.
pub(crate) const SHIP: Bucket = Bucket::of_seller("ship", 60, MINUTE);
/// POST …/cancel: 60 a minute.
pub(crate) const CANCEL: Bucket = Bucket::of_seller("cancel", 60, MINUTE);
/// POST …/refund: 60 a minute.
pub(crate) const REFUND: Bucket = Bucket::of_seller("refund", 60, MINUTE);
/// GET /v3/settings/partnerprofile and …/shipnodes: 50 a minute each.
const PROFILE: Bucket = Bucket::of_seller("partnerprofile", 50, MINUTE);
const SHIP_NODES: Bucket = Bucket::of_seller("shipnodes", 50, MINUTE);

const SMALL: usize = 1 << 20;
/// A page of 200 orders or items.
const PAGE: usize = 16 << 20;
/// The taxonomy and the spec of 20 product types are megabytes of JSON (walmart.md §5.3).
const LARGE: usize = 64 << 20;

pub(crate) static TOKEN_CALL: CallSpec = CallSpec::new("tokenAPI", &[], Repeat::Harmless, SMALL)
    .open()
    .within(Duration::from_secs(30));
pub(crate) static TOKEN_DETAIL_CALL: CallSpec =
    CallSpec::new("getTokenDetail", &[], Repeat::Harmless, SMALL);
pub(crate) static PROFILE_CALL: CallSpec = CallSpec::new(
    "getPartnerConfigurations",
    &[PROFILE],
    Repeat::Harmless,
    SMALL,
);
pub(crate) static SHIP_NODES_CALL: CallSpec = CallSpec::new(
    "getAllFulfillmentCenters",
    &[SHIP_NODES],
    Repeat::Harmless,
    SMALL,
);
pub(crate) static TAXONOMY_CALL: CallSpec =
    CallSpec::new("getTaxonomy", &[TAXONOMY], Repeat::Harmless, LARGE);
pub(crate) static SPEC_CALL: CallSpec = CallSpec::new("getSpec", &[SPEC], Repeat::Harmless, LARGE);
pub(crate) static SEARCH_CALL: CallSpec =
    CallSpec::new("getSearch", &[SEARCH], Repeat::Harmless, SMALL);
pub(crate) static ITEMS_CALL: CallSpec =
    CallSpec::new("getAllItems", &[ITEMS], Repeat::Harmless, PAGE);
pub(crate) static ITEM_CALL: CallSpec =
    CallSpec::new("getAnItem", &[ITEM], Repeat::Harmless, SMALL);
/// Retiring what is retired changes nothing.
pub(crate) static RETIRE_CALL: CallSpec =
    CallSpec::new("retireAnItem", &[RETIRE], Repeat::Harmless, SMALL);
pub(crate) static PRICE_CALL: CallSpec =
    CallSpec::new("updatePrice", &[PRICE], Repeat::Harmless, SMALL);
pub(crate) static INVENTORY_PUT_CALL: CallSpec = CallSpec::new(
    "updateInventoryForAnItem",
    &[INVENTORY_PUT],
    Repeat::Harmless,
    SMALL,
);
pub(crate) static INVENTORY_GET_CALL: CallSpec =
    CallSpec::new("getInventory", &[INVENTORY_GET], Repeat::Harmless, SMALL);
pub(crate) static INVENTORIES_CALL: CallSpec = CallSpec::new(
    "getMultiNodeInventoryForAllSkuAndAllShipNodes",
    &[INVENTORIES],
    Repeat::Harmless,
    PAGE,
);
pub(crate) static FEEDS_CALL: CallSpec =
    CallSpec::new("getAllFeedStatuses", &[FEEDS_GET], Repeat::Harmless, PAGE);
pub(crate) static FEED_STATUS_CALL: CallSpec =
    CallSpec::new("getFeedItemStatus", &[FEEDS_GET], Repeat::Harmless, PAGE);
pub(crate) static ORDERS_CALL: CallSpec =
    CallSpec::new("getAllOrders", &[ORDERS], Repeat::Harmless, PAGE);
pub(crate) static ORDER_CALL: CallSpec =
    CallSpec::new("getAnOrder", &[ORDERS], Repeat::Harmless, SMALL * 4);
/// Safe to repeat (walmart.md §4).
pub(crate) static ACKNOWLEDGE_CALL: CallSpec = CallSpec::new(
    "acknowledgeOrders",
    &[ACKNOWLEDGE],
    Repeat::Harmless,
    SMALL * 4,
);
pub(crate) static SHIP_CALL: CallSpec =
    CallSpec::new("shippingUpdates", &[SHIP], Repeat::Harmful, SMALL * 4);
pub(crate) static CANCEL_CALL: CallSpec =
    CallSpec::new("cancelOrderLines", &[CANCEL], Repeat::Harmful, SMALL * 4);
pub(crate) static REFUND_CALL: CallSpec =
    CallSpec::new("refundOrderLines", &[REFUND], Repeat::Harmful, SMALL * 4);

/// A feed is megabytes on a seller's line, and there is no idempotency key (walmart.md §6.2).
const fn feed_call(buckets: &'static [Bucket]) -> CallSpec {
    CallSpec::new("feeds", buckets, Repeat::Harmful, SMALL).within(Duration::from_secs(300))
}

pub(crate) static FEED_ITEM_CALL: CallSpec = feed_call(&[FEED_ITEM]);
pub(crate) static FEED_MATCH_CALL: CallSpec = feed_call(&[FEED_MATCH]);
pub(crate) static FEED_MAINTENANCE_CALL: CallSpec = feed_call(&[FEED_MAINTENANCE]);
pub(crate) static FEED_INVENTORY_CALL: CallSpec = feed_call(&[FEED_INVENTORY]);
pub(crate) static FEED_PRICE_CALL: CallSpec = feed_call(&[FEED_PRICE]);

/// Items per feed (walmart.md §3).
pub(crate) const FEED_ITEMS_MAX: usize = 10_000;
/// Item feeds: 25 MB (walmart.md §3); a little is left for the header and the multipart frame.
pub(crate) const ITEM_FEED_BYTES_MAX: usize = 24_500_000;
/// Stock feeds: 10 MB (walmart.md §3). The price feed's size is not told; the same is taken.
pub(crate) const STOCK_FEED_BYTES_MAX: usize = 9_500_000;
/// Rows per page of a feed's details (walmart.md §6.2).
pub(crate) const FEED_PAGE: usize = 50;
/// Pages of the list of feeds that are searched for one that was sent: 1000 feeds are days.
pub(crate) const FEED_LIST_PAGES_MAX: usize = 20;

/// When the result of an item feed is worth a look, look by look (walmart.md §6.2: 15 min, 1 h,
/// 2 h, 4 h). The early ones are closer together, because reading is all but free.
pub(crate) const ITEM_FEED_LOOKS: &[Duration] = &[
    Duration::from_secs(15 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(30 * 60),
    HOUR,
    Duration::from_secs(2 * 3600),
    Duration::from_secs(4 * 3600),
];
/// Price and stock feeds: first look after 5 minutes, promised within 15 (walmart.md §6.2).
pub(crate) const STOCK_FEED_LOOKS: &[Duration] = &[
    Duration::from_secs(5 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    HOUR,
];
/// How long an item feed usually takes.
pub(crate) const ITEM_FEED_LATENCY: Duration = Duration::from_secs(15 * 60);
/// How long a price or stock feed usually takes.
pub(crate) const STOCK_FEED_LATENCY: Duration = Duration::from_secs(5 * 60);

/// Searches of one submit: two minutes at the allowed rate. What is left comes again.
pub(crate) const SEARCHES_MAX: usize = 400;
/// Quantities that are set one by one after a match feed; beyond it one stock feed costs less.
pub(crate) const SINGLE_QUANTITIES_MAX: usize = 50;
/// Product types of one spec call (walmart.md §5.3).
pub(crate) const SPEC_TYPES_MAX: usize = 20;
/// Product types whose spec is kept in memory.
pub(crate) const SPECS_KEPT_MAX: usize = 200;

/// Items of a page: older deployments allow 200, newer 1000 (walmart.md §5.1).
pub(crate) const ITEMS_PAGE: usize = 200;
/// Stock rows of a page (walmart.md §6.5).
pub(crate) const INVENTORIES_PAGE: usize = 50;
/// Stock pages of one walk: a million items.
pub(crate) const INVENTORIES_PAGES_MAX: usize = 20_000;
/// Times that a walk whose handle died is begun again.
pub(crate) const RESTARTS_MAX: u32 = 3;

/// Orders of a page (walmart.md §7.1).
pub(crate) const ORDERS_PAGE: usize = 200;
/// More orders than this are refused in one query (walmart.md §7.1).
pub(crate) const ORDERS_QUERY_MAX: u64 = 10_000;
/// Orders are kept for 180 days (walmart.md §7.1).
pub(crate) const ORDER_HISTORY: Duration = Duration::from_secs(180 * 86_400);
/// `createdStartDate` is always sent, because it defaults to a week (walmart.md §7.1).
pub(crate) const CREATED_WINDOW_DAYS: i64 = 179;
/// What is read again on purpose (walmart.md §7.4).
pub(crate) const ORDER_OVERLAP: Duration = Duration::from_secs(15 * 60);
/// Orders read by id at once; each is a call.
pub(crate) const FETCH_ORDERS_MAX: usize = 50;

/// A token lives 900 s and is renewed at 80 % of that (walmart.md §2.1).
pub(crate) const TOKEN_RENEW_PERCENT: i64 = 80;
/// A token's life is believed up to this.
pub(crate) const TOKEN_LIFE_MAX: Duration = DAY;
