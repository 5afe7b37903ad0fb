//! Rates, sizes and delays, with the source above each (newegg.md §3).

use std::time::Duration;

use barrow_wire::{Bucket, CallSpec, Repeat};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Newegg counts per seller and function and does not say whether its hour begins with the clock or
/// with the first call. What is saved up and what is refilled within one hour add up to the limit,
/// so that no hour has more calls, wherever it begins.
const fn bucket(name: &'static str, limit: u32, per: Duration) -> Bucket {
    let burst = if limit / 10 > 2 { limit / 10 } else { 2 };
    Bucket::of_seller(name, limit - burst, per).burst(burst)
}

/// Item price and item inventory, single: 10 000 an hour each, writing and reading apart.
pub(crate) const PRICE_WRITE: Bucket = bucket("price_write", 10_000, HOUR);
pub(crate) const INVENTORY_WRITE: Bucket = bucket("inventory_write", 10_000, HOUR);
pub(crate) const OFFER_WRITE: Bucket = bucket("offer_write", 10_000, HOUR);
const ITEM_READ: Bucket = bucket("item_read", 10_000, HOUR);
/// No limit is told for batch reads; a bound of our own.
const PRICE_LIST: Bucket = bucket("price_list", 2_000, HOUR);
const INVENTORY_LIST: Bucket = bucket("inventory_list", 2_000, HOUR);
/// Feed submit: 10 a minute.
pub(crate) const FEED_SUBMIT: Bucket = bucket("feed_submit", 10, MINUTE);
/// Feed status: 10 000 an hour; for results the same is taken.
const FEED_STATUS: Bucket = bucket("feed_status", 10_000, HOUR);
const FEED_RESULT: Bucket = bucket("feed_result", 10_000, HOUR);
/// orderinfo, ship, cancel, confirm and killitem: 1000 an hour each.
const ORDER_INFO: Bucket = bucket("order_info", 1_000, HOUR);
/// Shipping and cancelling are one function with two actions (newegg.md §6.3, §6.4).
pub(crate) const ORDER_STATUS: Bucket = bucket("order_status", 1_000, HOUR);
pub(crate) const CONFIRM: Bucket = bucket("confirm", 1_000, HOUR);
const KILL_ITEM: Bucket = bucket("kill_item", 1_000, HOUR);

/// Records of feeds in thousands an hour: 30 of items, 100 of others. A feed takes as many tokens
/// as it has thousands of records, and the last of them may be owed: that is left out above.
const fn records(name: &'static str, calls: u32, burst: u32) -> Bucket {
    Bucket::of_seller(name, calls, HOUR).burst(burst)
}
pub(crate) const ITEM_RECORDS: Bucket = records("item_records", 20, 8);
pub(crate) const STOCK_RECORDS: Bucket = records("stock_records", 60, 31);
/// What one token of records stands for.
pub(crate) const RECORDS_PER_TOKEN: usize = 1_000;
/// Feeds below these sizes take no token: as many as may be submitted in an hour stay within it.
const ITEM_RECORDS_FREE: usize = 50;
const STOCK_RECORDS_FREE: usize = 180;

const SMALL: usize = 1 << 20;
/// A page of 100 orders, a list of 100 items, a report of 10 000 rows.
const LARGE: usize = 32 << 20;

pub(crate) static ACCOUNT_CALL: CallSpec =
    CallSpec::new("accountStatus", &[], Repeat::Harmless, SMALL);
pub(crate) static SERVICE_CALL: CallSpec =
    CallSpec::new("serviceStatus", &[], Repeat::Harmless, SMALL);
pub(crate) static READ_PRICE_CALL: CallSpec =
    CallSpec::new("readPrice", &[ITEM_READ], Repeat::Harmless, SMALL);
pub(crate) static READ_INVENTORY_CALL: CallSpec =
    CallSpec::new("readInventory", &[ITEM_READ], Repeat::Harmless, SMALL);
pub(crate) static PRICE_LIST_CALL: CallSpec =
    CallSpec::new("readPriceList", &[PRICE_LIST], Repeat::Harmless, LARGE);
pub(crate) static INVENTORY_LIST_CALL: CallSpec = CallSpec::new(
    "readInventoryList",
    &[INVENTORY_LIST],
    Repeat::Harmless,
    LARGE,
);
/// Absolute values may be written again (newegg.md §3).
pub(crate) static WRITE_PRICE_CALL: CallSpec =
    CallSpec::new("writePrice", &[PRICE_WRITE], Repeat::Harmless, SMALL);
pub(crate) static WRITE_INVENTORY_CALL: CallSpec = CallSpec::new(
    "writeInventory",
    &[INVENTORY_WRITE],
    Repeat::Harmless,
    SMALL,
);
pub(crate) static WRITE_OFFER_CALL: CallSpec = CallSpec::new(
    "writeInventoryAndPrice",
    &[OFFER_WRITE],
    Repeat::Harmless,
    SMALL,
);
pub(crate) static FEED_STATUS_CALL: CallSpec =
    CallSpec::new("feedStatus", &[FEED_STATUS], Repeat::Harmless, SMALL);
pub(crate) static FEED_RESULT_CALL: CallSpec =
    CallSpec::new("feedResult", &[FEED_RESULT], Repeat::Harmless, LARGE);
pub(crate) static ORDERS_CALL: CallSpec =
    CallSpec::new("orderInfo", &[ORDER_INFO], Repeat::Harmless, LARGE);
/// Only a flag (newegg.md §6.2).
pub(crate) static CONFIRM_CALL: CallSpec =
    CallSpec::new("confirmOrders", &[CONFIRM], Repeat::Harmless, SMALL);
pub(crate) static SHIP_CALL: CallSpec =
    CallSpec::new("shipOrder", &[ORDER_STATUS], Repeat::Harmful, SMALL);
pub(crate) static CANCEL_CALL: CallSpec =
    CallSpec::new("cancelOrder", &[ORDER_STATUS], Repeat::Harmful, SMALL);
pub(crate) static KILL_ITEM_CALL: CallSpec =
    CallSpec::new("killItem", &[KILL_ITEM], Repeat::Harmful, SMALL);

static ITEM_FEED_BUCKETS: [Bucket; 4] = [FEED_SUBMIT, ITEM_RECORDS, ITEM_RECORDS, ITEM_RECORDS];
static STOCK_FEED_BUCKETS: [Bucket; 11] = [
    FEED_SUBMIT,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
    STOCK_RECORDS,
];

/// Submitting a feed of so many records. It may be megabytes on a seller's line, and there is no
/// idempotency key (newegg.md §1).
pub(crate) fn feed_call(is_item_feed: bool, rows: usize) -> CallSpec {
    let (buckets, free): (&'static [Bucket], usize) = if is_item_feed {
        (&ITEM_FEED_BUCKETS, ITEM_RECORDS_FREE)
    } else {
        (&STOCK_FEED_BUCKETS, STOCK_RECORDS_FREE)
    };
    let tokens = if rows <= free {
        0
    } else {
        rows.div_ceil(RECORDS_PER_TOKEN)
    };
    let buckets = &buckets[..buckets.len().min(1 + tokens)];
    CallSpec::new("submitFeed", buckets, Repeat::Harmful, SMALL).within(Duration::from_secs(300))
}

/// ITEM_DATA: 3000 records and 15 MB a file; a little is left for the envelope.
pub(crate) const ITEM_FEED_ROWS_MAX: usize = 3_000;
pub(crate) const ITEM_FEED_BYTES_MAX: usize = 14_500_000;
/// Other feeds: 10 000 records a file. Their size is not told; the same is taken.
pub(crate) const STOCK_FEED_ROWS_MAX: usize = 10_000;
/// Feeds that are listed at once (newegg.md §5).
pub(crate) const FEED_LIST_MAX: usize = 100;
/// How far Newegg's clock may be behind this machine's for a feed to count as taken in after it
/// was sent.
pub(crate) const FEED_CLOCK_SLACK: Duration = Duration::from_secs(5 * 60);

/// When a feed is worth a look: after one or two minutes, then every five; item feeds take longer
/// (newegg.md §5).
pub(crate) const STOCK_FEED_LOOKS: &[Duration] = &[
    Duration::from_secs(2 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
];
pub(crate) const ITEM_FEED_LOOKS: &[Duration] = &[
    Duration::from_secs(2 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(30 * 60),
];
/// Content review takes 2–6 hours, up to 24 (newegg.md §5.1). The first looks are closer together,
/// because an offer on a known item often needs none.
pub(crate) const REVIEW_LOOKS: &[Duration] = &[
    Duration::from_secs(10 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(20 * 60),
    Duration::from_secs(30 * 60),
    HOUR,
];
/// After that an offer is not in review any more.
pub(crate) const REVIEW_HOURS_MAX: i64 = 24;
/// A value that a feed has taken is read back at once; a lag of this is borne.
pub(crate) const VALUE_HOURS_MAX: i64 = 1;
/// How long price and stock feeds usually take: worth it beyond a few hundred changes
/// (newegg.md §11).
pub(crate) const STOCK_FEED_LATENCY: Duration = Duration::from_secs(2 * 60);
/// How long an offer usually takes, review included.
pub(crate) const ITEM_FEED_LATENCY: Duration = Duration::from_secs(4 * 3600);
/// SO016: the order has not reached the portal yet; try again in about two hours
/// (newegg.md §6.5).
pub(crate) const NOT_IN_PORTAL_YET: Duration = Duration::from_secs(2 * 3600);
/// A 429 that names no time: limits are by the minute at the shortest.
pub(crate) const BUSY_WAIT: Duration = MINUTE;

/// Items of a batch read (newegg.md §4.1, unconfirmed).
pub(crate) const LIST_MAX: usize = 100;
/// Offers that are set by single calls in one submit. What is left comes again.
pub(crate) const SINGLE_VALUES_MAX: usize = 50;

/// Orders of a page and of a list of numbers (newegg.md §6.1).
pub(crate) const ORDERS_PAGE: usize = 100;
/// Pages of one status: a million orders.
pub(crate) const ORDERS_PAGES_MAX: u32 = 10_000;
/// How far back orders are asked for; Newegg names no bound, this is ours.
pub(crate) const ORDER_HISTORY: Duration = Duration::from_secs(730 * 86_400);
/// What is read again on purpose: dates are local, and in the autumn hour an hour off
/// (newegg.md §3).
pub(crate) const ORDER_OVERLAP: Duration = Duration::from_secs(75 * 60);
/// Open orders are read anew so far back with each pull: unshipped ones are voided within 14 days
/// (newegg.md §6.6, §11).
pub(crate) const OPEN_ORDER_DAYS: i64 = 14;
/// Times that pages which do not fit together are read again.
pub(crate) const RESTARTS_MAX: u32 = 5;
