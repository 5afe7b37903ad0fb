//! Amazon's limits (amazon.md §10): a token bucket per operation. Where the table and a model
//! disagree, the model's burst counts.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};

use crate::bucket::{Rate, Refill};

/// A limit as Amazon writes it: calls per second, in ten-thousandths, and the burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    per_10_000_seconds: u64,
    burst: u32,
}

const fn limit(per_10_000_seconds: u64, burst: u32) -> Limit {
    Limit {
        per_10_000_seconds,
        burst,
    }
}

/// Five feeds of listings in five minutes (amazon.md §5).
pub(super) const LISTING_FEEDS: Rate = Rate::evenly(5, 300);

/// Previews of listings: one a second; no burst is documented.
pub(super) const PREVIEWS: Rate = Rate::evenly(1, 1);

impl Limit {
    /// Returns the limit of an operation; none where Amazon documents none (tokens, documents).
    pub(super) fn of(operation: &str) -> Option<Self> {
        Some(match operation {
            "searchOrders" => limit(56, 20),
            "getOrder" => limit(5_000, 30),
            "confirmShipment" => limit(20_000, 10),
            "putListingsItem" | "getListingsItem" | "getListingsRestrictions" => limit(50_000, 10),
            "patchListingsItem" | "deleteListingsItem" | "searchListingsItems" => limit(50_000, 5),
            "searchCatalogItems" | "getCatalogItem" => limit(20_000, 2),
            "getMarketplaceParticipations" | "getAccount" => limit(160, 15),
            "createFeed" => limit(83, 15),
            "createFeedDocument" => limit(5_000, 15),
            "getFeed" | "cancelFeed" => limit(20_000, 15),
            "getFeeds" | "getFeedDocument" => limit(222, 10),
            _ => return None,
        })
    }

    pub(super) fn rate(self) -> Rate {
        let window_us = u64::from(self.burst).saturating_mul(10_000_000_000);
        Rate {
            calls: self.burst,
            window: Duration::from_micros(window_us / self.per_10_000_seconds.max(1)),
            refill: Refill::Evenly,
        }
    }

    fn per_second(self) -> String {
        let text = format!(
            "{}.{:04}",
            self.per_10_000_seconds / 10_000,
            self.per_10_000_seconds % 10_000
        );
        let text = text.trim_end_matches('0');
        // Whole rates are told as `5.0`.
        if text.ends_with('.') {
            format!("{text}0")
        } else {
            text.to_owned()
        }
    }
}

/// Tells the rate with most answers; never with 429 or when a server fails.
pub(super) fn tell(response: &mut Response<Bytes>, operation: &str) {
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return;
    }
    let value = Limit::of(operation).map(|limit| HeaderValue::from_str(&limit.per_second()));
    if let Some(Ok(value)) = value {
        response
            .headers_mut()
            .insert("x-amzn-ratelimit-limit", value);
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn rates_are_told_as_amazon_writes_them() {
        let check = |operation, expected: &str| {
            assert_eq!(
                Limit::of(operation).map(Limit::per_second).as_deref(),
                Some(expected)
            );
        };
        check("searchOrders", "0.0056");
        check("getOrder", "0.5");
        check("patchListingsItem", "5.0");
    }
}
