//! Newegg's limits (newegg.md §3), and how its answers tell of them.

use bytes::Bytes;
use http::{HeaderValue, Response};

use super::dates;
use crate::bucket::{Rate, Spent};
use crate::marketplace::Now;

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// Returns the limit of an operation, counted per clock window and refilled at its end; none where
/// the reference knows no figure.
pub(super) fn rate(operation: &str) -> Option<Rate> {
    let hourly = |calls| Some(Rate::per_window(calls, HOUR));
    match operation {
        "orderInfo" | "shipOrder" | "cancelOrder" | "confirmOrders" | "killItem" => hourly(1_000),
        "orderStatus" => hourly(500),
        "readInventory"
        | "writeInventory"
        | "readPrice"
        | "writePrice"
        | "writeInventoryAndPrice" => hourly(10_000),
        "submitFeed" => Some(Rate::per_window(10, MINUTE)),
        "feedStatus" => hourly(10_000),
        "submitReport" => hourly(100),
        "reportStatus" | "reportResult" => hourly(500),
        _ => None,
    }
}

/// Rows of all feeds in an hour.
pub(super) const RECORDS: Rate = Rate::per_window(100_000, HOUR);
/// Rows of item feeds in an hour.
pub(super) const ITEM_RECORDS: Rate = Rate::per_window(30_000, HOUR);

/// Tells what is left of a limit: `prefix` is `X-RateLimit` for calls and `X-RecordCount` for rows.
/// Times are the caller's: elapsed time runs `speed` times as fast.
pub(super) fn tell(
    response: &mut Response<Bytes>,
    prefix: Counted,
    spent: &Spent,
    speed: u32,
    now: Now,
) {
    let names = match prefix {
        Counted::Calls => [
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-resettime",
        ],
        Counted::Records => [
            "x-recordcount-limit",
            "x-recordcount-remaining",
            "x-recordcount-resettime",
        ],
    };
    let values = [
        spent.rate.calls.to_string(),
        spent.left.to_string(),
        reset_time(spent, speed, now),
    ];
    for (name, value) in names.into_iter().zip(values) {
        // Digits and a date are always text that a header takes.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    Calls,
    Records,
}

/// Returns when a limit renews, rounded up to the second that is shown.
pub(super) fn reset_time(spent: &Spent, speed: u32, now: Now) -> String {
    let wait = spent.next_in / speed.max(1);
    let at = now.wall + chrono::Duration::from_std(wait).unwrap_or_default();
    let fraction = i64::from(at.timestamp_subsec_nanos());
    let up = if fraction == 0 {
        chrono::Duration::zero()
    } else {
        chrono::Duration::nanoseconds(1_000_000_000 - fraction)
    };
    dates::reset(at + up)
}
