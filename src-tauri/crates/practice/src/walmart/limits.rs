//! Walmart's limits (walmart.md §3), and how its answers tell of them.

use bytes::Bytes;
use chrono::SecondsFormat;
use http::{HeaderValue, Response};

use super::call::Call;
use crate::bucket::{Rate, Spent};
use crate::marketplace::Now;
use crate::random::seeded_hash;

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// One kind of feed that is taken, with its own limits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FeedLimit {
    pub(super) feed_type: &'static str,
    /// Feeds with the same bucket share its calls.
    pub(super) bucket: &'static str,
    pub(super) per_hour: u32,
    pub(super) bytes_max: usize,
    pub(super) items_max: usize,
}

/// The feeds that are taken. Figures: walmart.md §3 "Feed submission limits"; the size of a feed
/// whose type has none there is that of the 10 MB that price feeds have.
pub(super) const FEEDS: [FeedLimit; 8] = [
    feed("MP_ITEM", "MP_ITEM", 10, 25 * MEGABYTE),
    feed("MP_MAINTENANCE", "MP_MAINTENANCE", 10, 25 * MEGABYTE),
    feed("MP_ITEM_MATCH", "MP_ITEM_MATCH", 20, 25 * MEGABYTE),
    feed("price", "price", 10, 10 * MEGABYTE),
    feed("PRICE_AND_PROMOTION", "price", 10, 10 * MEGABYTE),
    feed("inventory", "inventory", 10, 10 * MEGABYTE),
    feed("MP_INVENTORY", "MP_INVENTORY", 50, MEGABYTE),
    feed("RETIRE_ITEM", "RETIRE_ITEM", 10, 10 * MEGABYTE),
];

const MEGABYTE: usize = 1024 * 1024;

const fn feed(
    feed_type: &'static str,
    bucket: &'static str,
    per_hour: u32,
    bytes_max: usize,
) -> FeedLimit {
    FeedLimit {
        feed_type,
        bucket,
        per_hour,
        bytes_max,
        items_max: 10_000,
    }
}

impl FeedLimit {
    pub(super) fn of(feed_type: &str) -> Option<&'static Self> {
        FEEDS.iter().find(|limit| limit.feed_type == feed_type)
    }

    pub(super) fn rate(&self) -> Rate {
        Rate::evenly(self.per_hour, HOUR)
    }
}

/// Returns the bucket that a call of an operation spends from and its rate; none where Walmart
/// documents no limit (the token) or the feed type is not taken.
pub(super) fn bucket(operation: &'static str, call: &Call<'_>) -> Option<(String, Rate)> {
    let minute = |calls| Some((operation.to_owned(), Rate::evenly(calls, MINUTE)));
    let named = |name: &str, rate| Some((name.to_owned(), rate));
    let filtered = |filters: &[&str]| filters.iter().any(|name| call.query.get(name).is_some());
    match operation {
        "tokenAPI" | "getTokenDetail" => None,
        "getAllOrders" | "getAnOrder" => minute(5_000),
        "getAllReleasedOrders"
        | "acknowledgeOrders"
        | "shippingUpdates"
        | "cancelOrderLines"
        | "refundOrderLines" => minute(60),
        "getAllItems"
            if filtered(&[
                "sku",
                "lifecycleStatus",
                "publishedStatus",
                "variantGroupId",
                "condition",
            ]) =>
        {
            named("getAllItems with filters", Rate::evenly(60, MINUTE))
        }
        "getAllItems" => minute(300),
        // The id is a SKU unless told otherwise, so that naming it so is no filter.
        "getAnItem"
            if filtered(&["condition"])
                || call
                    .query
                    .get("productIdType")
                    .is_some_and(|kind| kind != "SKU") =>
        {
            named("getAnItem with filters", Rate::evenly(60, MINUTE))
        }
        "getAnItem" | "retireAnItem" => minute(900),
        "getTaxonomyResponse" | "getCountByStatus" => {
            named("taxonomy and count", Rate::evenly(200, MINUTE))
        }
        "getSpec" => minute(10),
        "getGtinExemptionStatus" => minute(100),
        "getAllFeedStatuses" | "getFeedItemStatus" => {
            named("feed statuses", Rate::evenly(5_000, MINUTE))
        }
        "updatePrice" => named("updatePrice", Rate::evenly(100, HOUR)),
        "getLagTime" => named("getLagTime", Rate::evenly(20, HOUR)),
        "getAllFulfillmentCenters" | "getPartnerConfigurations" => minute(50),
        "submitFeed" => {
            let limit = FeedLimit::of(call.query.get("feedType")?)?;
            named(&format!("feed {}", limit.bucket), limit.rate())
        }
        _ => minute(200),
    }
}

/// Tells what is left, in one of the three forms that have been seen (walmart.md §3); a bucket
/// always uses the same. Times are the caller's: elapsed time runs `speed` times as fast.
pub(super) fn tell(
    response: &mut Response<Bytes>,
    bucket: &str,
    spent: &Spent,
    speed: u32,
    now: Now,
) {
    let wait = spent.next_in / speed.max(1);
    let seconds = u64::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(1);
    let at = now.wall + chrono::Duration::from_std(wait).unwrap_or_default();
    let (name, text) = match seeded_hash(0, bucket) % 3 {
        0 => ("x-next-replenish-time", seconds.to_string()),
        1 => (
            "x-next-replenishment-time",
            at.timestamp_millis().to_string(),
        ),
        _ => (
            "x-next-replenish-time",
            at.to_rfc3339_opts(SecondsFormat::Millis, true),
        ),
    };
    let headers = response.headers_mut();
    headers.insert("x-current-token-count", HeaderValue::from(spent.left));
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(name, value);
    }
    if !spent.granted && seeded_hash(1, bucket).is_multiple_of(2) {
        headers.insert("retry-after", HeaderValue::from(seconds));
    }
}
