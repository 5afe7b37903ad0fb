//! Rates, sizes and delays, with the source above each (amazon.md §10).

use std::time::Duration;

use barrow_market::Rate;
use barrow_wire::{Bucket, CallSpec, Repeat};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
/// Rates below one call in some seconds are given per ten thousand seconds.
const TEN_THOUSAND_SECONDS: Duration = Duration::from_secs(10_000);

/// Amazon's limits are token buckets per operation and pair of account and application; one account
/// here has one application (amazon.md §10). Of the burst something is kept back, because calls
/// arrive closer together than they left.
const fn bucket(name: &'static str, calls: u32, per: Duration, burst: u32) -> Bucket {
    Bucket::of_seller(name, calls, per).burst(burst - kept_back(calls, per))
}

/// The calls that a rate allows in 0.4 seconds, at least one: calls differ by less in how long
/// they are on their way.
const fn kept_back(calls: u32, per: Duration) -> u32 {
    // The longest period here is hours, the highest rate a few calls a second.
    (calls * 400).div_ceil(per.as_millis() as u32)
}

/// Amazon's own rate of a bucket, for choosing a lane.
pub(crate) const fn rate(bucket: &Bucket) -> Rate {
    bucket
        .burst(bucket.burst + kept_back(bucket.calls, bucket.per))
        .rate()
}

/// getMarketplaceParticipations: 0.016/s, burst 15.
const PARTICIPATIONS: Bucket = bucket("participations", 160, TEN_THOUSAND_SECONDS, 15);
/// putListingsItem: 5/s, burst 5 (the model says 10; the lower one is safe).
pub(crate) const LISTING_PUT: Bucket = bucket("listing_put", 5, SECOND, 5);
/// patchListingsItem: 5/s, burst 5.
pub(crate) const LISTING_PATCH: Bucket = bucket("listing_patch", 5, SECOND, 5);
/// deleteListingsItem: 5/s, burst 5.
pub(crate) const LISTING_DELETE: Bucket = bucket("listing_delete", 5, SECOND, 5);
/// getListingsItem: 5/s, burst 5.
const LISTING_GET: Bucket = bucket("listing_get", 5, SECOND, 5);
/// searchListingsItems: 5/s, burst 5.
const LISTINGS_SEARCH: Bucket = bucket("listings_search", 5, SECOND, 5);
/// searchCatalogItems: 2/s, burst 2.
const CATALOG_SEARCH: Bucket = bucket("catalog_search", 2, SECOND, 2);
/// getListingsRestrictions: 5/s, burst 10.
const RESTRICTIONS: Bucket = bucket("restrictions", 5, SECOND, 10);
/// createFeedDocument: 0.5/s, burst 15.
const FEED_DOCUMENT_NEW: Bucket = bucket("feed_document_new", 1, Duration::from_secs(2), 15);
/// JSON_LISTINGS_FEED: 5 in 5 minutes for account and region; it takes the place of createFeed's
/// own rate (amazon.md §5, §10).
pub(crate) const LISTINGS_FEED: Bucket = bucket("listings_feed", 5, Duration::from_secs(300), 5);
/// getFeed: 2/s, burst 15.
const FEED_GET: Bucket = bucket("feed_get", 2, SECOND, 15);
/// getFeeds: 0.0222/s, burst 10.
const FEEDS_GET: Bucket = bucket("feeds_get", 222, TEN_THOUSAND_SECONDS, 10);
/// getFeedDocument: 0.0222/s, burst 10.
const FEED_DOCUMENT_GET: Bucket = bucket("feed_document_get", 222, TEN_THOUSAND_SECONDS, 10);
/// searchOrders: 0.0056/s, burst 20.
const ORDERS_SEARCH: Bucket = bucket("orders_search", 56, TEN_THOUSAND_SECONDS, 20);
/// getOrder: 0.5/s, burst 30.
const ORDER_GET: Bucket = bucket("order_get", 1, Duration::from_secs(2), 30);
/// confirmShipment: 2/s, burst 10.
pub(crate) const SHIP: Bucket = bucket("confirm_shipment", 2, SECOND, 10);

const SMALL: usize = 1 << 20;
/// A page of 20 listings with their attributes, or of 100 orders.
const PAGE: usize = 16 << 20;
/// A processing report of 20,000 messages with several issues each, compressed or not.
pub(crate) const REPORT_BYTES_MAX: usize = 64 << 20;

/// A call to an address that holds its own permission: login, and signed storage.
const fn open_call(operation: &'static str, timeout_s: u64, answer_bytes_max: usize) -> CallSpec {
    CallSpec::new(operation, &[], Repeat::Harmless, answer_bytes_max)
        .open()
        .within(Duration::from_secs(timeout_s))
}

pub(crate) static TOKEN_CALL: CallSpec = open_call("token", 30, SMALL);
pub(crate) static PARTICIPATIONS_CALL: CallSpec = CallSpec::new(
    "getMarketplaceParticipations",
    &[PARTICIPATIONS],
    Repeat::Harmless,
    SMALL,
);
/// Putting and patching the same again leaves the same (amazon.md §10).
pub(crate) static PUT_CALL: CallSpec =
    CallSpec::new("putListingsItem", &[LISTING_PUT], Repeat::Harmless, SMALL);
pub(crate) static PATCH_CALL: CallSpec = CallSpec::new(
    "patchListingsItem",
    &[LISTING_PATCH],
    Repeat::Harmless,
    SMALL,
);
/// Deleting what is deleted changes nothing.
pub(crate) static DELETE_CALL: CallSpec = CallSpec::new(
    "deleteListingsItem",
    &[LISTING_DELETE],
    Repeat::Harmless,
    SMALL,
);
pub(crate) static LISTING_CALL: CallSpec =
    CallSpec::new("getListingsItem", &[LISTING_GET], Repeat::Harmless, PAGE);
pub(crate) static LISTINGS_CALL: CallSpec = CallSpec::new(
    "searchListingsItems",
    &[LISTINGS_SEARCH],
    Repeat::Harmless,
    PAGE,
);
pub(crate) static CATALOG_CALL: CallSpec = CallSpec::new(
    "searchCatalogItems",
    &[CATALOG_SEARCH],
    Repeat::Harmless,
    PAGE,
);
pub(crate) static RESTRICTIONS_CALL: CallSpec = CallSpec::new(
    "getListingsRestrictions",
    &[RESTRICTIONS],
    Repeat::Harmless,
    SMALL,
);
/// The feed's own limit is taken here, before anything of it is prepared: a document that no feed
/// may follow would be work for nothing. A document alone has no effect.
pub(crate) static FEED_DOCUMENT_NEW_CALL: CallSpec = CallSpec::new(
    "createFeedDocument",
    &[FEED_DOCUMENT_NEW, LISTINGS_FEED],
    Repeat::Harmless,
    SMALL,
);
/// Megabytes on a seller's line.
pub(crate) static UPLOAD_CALL: CallSpec = open_call("uploadFeedDocument", 240, SMALL);
/// Sent twice it is two feeds.
pub(crate) static FEED_NEW_CALL: CallSpec =
    CallSpec::new("createFeed", &[], Repeat::Harmful, SMALL);
pub(crate) static FEED_CALL: CallSpec =
    CallSpec::new("getFeed", &[FEED_GET], Repeat::Harmless, SMALL);
pub(crate) static FEEDS_CALL: CallSpec =
    CallSpec::new("getFeeds", &[FEEDS_GET], Repeat::Harmless, SMALL);
pub(crate) static FEED_DOCUMENT_CALL: CallSpec = CallSpec::new(
    "getFeedDocument",
    &[FEED_DOCUMENT_GET],
    Repeat::Harmless,
    SMALL,
);
pub(crate) static DOWNLOAD_CALL: CallSpec =
    open_call("downloadFeedDocument", 240, REPORT_BYTES_MAX);
pub(crate) static ORDERS_CALL: CallSpec =
    CallSpec::new("searchOrders", &[ORDERS_SEARCH], Repeat::Harmless, PAGE);
pub(crate) static ORDER_CALL: CallSpec =
    CallSpec::new("getOrder", &[ORDER_GET], Repeat::Harmless, SMALL * 4);
/// The same package reference again edits the package (amazon.md §7.5).
pub(crate) static SHIP_CALL: CallSpec =
    CallSpec::new("confirmShipment", &[SHIP], Repeat::Harmless, SMALL);

/// Listings of one feed; Amazon takes 25,000 messages (amazon.md §5), and this many of ours stay
/// below the size in most cases.
pub(crate) const FEED_LISTINGS_MAX: usize = 20_000;
/// A feed's file is to stay below 10 MiB (amazon.md §5); a little is left for its header.
pub(crate) const FEED_BYTES_MAX: usize = 10_000_000;

/// Both ways are taken in at once and show within minutes. What is reckoned here is what a feed
/// takes beyond a call, so that both cost the same at about 20 changes, as Amazon advises
/// (amazon.md §5).
pub(crate) const FEED_LATENCY: Duration = Duration::from_secs(8);
/// A write and at least one look at what became of it (amazon.md §4.6).
pub(crate) const CALLS_PER_CHANGE: u32 = 2;

/// When what was taken in is worth a look, look by look: 30 s, 2 min, 10 min, 30 min, 2 h after
/// sending (amazon.md §4.6), and for new listings up to 24 h.
pub(crate) const LOOKS: &[Duration] = &[
    Duration::from_secs(30),
    Duration::from_secs(90),
    Duration::from_secs(8 * 60),
    Duration::from_secs(20 * 60),
    Duration::from_secs(90 * 60),
    Duration::from_secs(4 * 3600),
    Duration::from_secs(8 * 3600),
    Duration::from_secs(10 * 3600),
];
/// Looks at prices and quantities, which usually show within minutes: two hours of them.
pub(crate) const VALUE_LOOKS: usize = 5;
/// Looks at what nobody knows to have been sent, beyond which it is sent again if no feed is under
/// way: ten minutes of them.
pub(crate) const MAYBE_LOOKS: usize = 3;
/// From this look on, errors that Amazon reports are taken to be those of what was sent: earlier
/// ones may be older.
pub(crate) const ISSUES_FROM_LOOK: usize = 1;
/// From this look on, fewer live units than were written are taken to be sales: ten minutes, when a
/// quantity has usually landed (amazon.md §4.6).
pub(crate) const SALES_FROM_LOOK: usize = 2;

/// When a feed's state is worth a look. Small ones are done in minutes; one that stalls is given up
/// after six hours (amazon.md §5).
pub(crate) const FEED_LOOKS: &[Duration] = &[
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(120),
    Duration::from_secs(360),
    Duration::from_secs(20 * 60),
    Duration::from_secs(30 * 60),
    HOUR,
    HOUR,
    HOUR,
    HOUR,
    HOUR,
];
/// How long a feed may stall.
pub(crate) const FEED_HOURS_MAX: u32 = 6;

/// Identifiers of one search, in listings and in the catalogue (amazon.md §4.2, §4.5).
pub(crate) const IDENTIFIERS_MAX: usize = 20;
/// Listings or catalogue items of a page (amazon.md §4.2, §4.5).
pub(crate) const ITEMS_PAGE: usize = 20;
/// Pages of one listings search: 1000 items can be paged (amazon.md §4.2).
pub(crate) const SEARCH_PAGES_MAX: usize = 50;
/// Pages of one catalogue search of 20 identifiers: a few pages for each number are far more than
/// there are.
pub(crate) const CATALOG_PAGES_MAX: usize = 5;
/// Searches of the catalogue in one submit: most of a minute at the allowed rate. What is left
/// comes again.
pub(crate) const CATALOG_SEARCHES_MAX: usize = 100;
/// Searches of listings in one submit or poll: most of a minute at the allowed rate.
pub(crate) const LISTING_READS_MAX: usize = 200;
/// Pages that several fits are told of.
pub(crate) const CANDIDATES_MAX: usize = 10;

/// Orders of a page (amazon.md §7.1).
pub(crate) const ORDERS_PAGE: usize = 100;
/// Orders are known for two years (amazon.md §7.4).
pub(crate) const ORDER_HISTORY: Duration = Duration::from_secs(730 * 86_400);
/// What is read again on purpose (amazon.md §7.4).
pub(crate) const ORDER_OVERLAP: Duration = Duration::from_secs(300);
/// Orders are complete up to two minutes ago (amazon.md §7.1).
pub(crate) const ORDER_DELAY: Duration = Duration::from_secs(120);
/// A page's token lives 24 hours (amazon.md §7.1); an hour before that the reading begins again.
pub(crate) const ORDER_TOKEN_LIFE: Duration = Duration::from_secs(23 * 3600);
/// How long orders are read without what was refused, before it is asked for again: a refusal of
/// one region lasted for hours (amazon.md §7.4).
pub(crate) const REDUCED_FOR: Duration = Duration::from_secs(6 * 3600);
/// Pages of one reading of orders: a million orders.
pub(crate) const ORDER_PAGES_MAX: u32 = 10_000;
/// Times that a reading whose page token died is begun again.
pub(crate) const RESTARTS_MAX: u32 = 3;
/// Orders read by id at once; each is a call, and the burst is 30.
pub(crate) const FETCH_ORDERS_MAX: usize = 30;

/// Buyers' data may be kept for 30 days after delivery (amazon.md §3).
pub(crate) const PEOPLE_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// How long the account's sites are remembered: they change with contracts.
pub(crate) const PARTICIPATIONS_KEPT: Duration = HOUR;
/// A token is renewed so long before its end (amazon.md §2.1).
pub(crate) const TOKEN_RENEW_BEFORE: Duration = Duration::from_secs(300);
/// A token's life where Amazon does not say it, and the longest that is believed.
pub(crate) const TOKEN_LIFE: Duration = HOUR;
