//! The form in which the fill of a bucket is kept over restarts.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::limit::{Bucket, BucketScope, Fill};

/// A bucket's fill with the bucket itself, for whoever shows how much is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFill {
    /// Millionths of a token.
    micro_tokens: i64,
    /// When it was reckoned; none in what an older program wrote.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    blocked_until: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted_until: Option<DateTime<Utc>>,
    /// So many calls in so many milliseconds, so many saved up; zeros in what an older program
    /// wrote.
    #[serde(default)]
    calls: u32,
    #[serde(default)]
    per_ms: u64,
    #[serde(default)]
    burst: u32,
}

impl KeptFill {
    /// What is to be kept of a bucket.
    pub fn new(bucket: &Bucket, fill: &Fill) -> Self {
        Self {
            micro_tokens: fill.micro_tokens,
            at: Some(fill.at),
            blocked_until: fill.blocked_until,
            counted_until: fill.counted_until,
            calls: bucket.calls,
            per_ms: u64::try_from(bucket.per.as_millis()).unwrap_or(u64::MAX),
            burst: bucket.burst,
        }
    }

    /// The fill; `kept_at` is when it was written, to the millisecond. A limit that is used to its
    /// end for long would gain a little with each call by that alone.
    pub fn fill(&self, kept_at: DateTime<Utc>) -> Fill {
        Fill {
            micro_tokens: self.micro_tokens,
            at: self.at.unwrap_or(kept_at),
            blocked_until: self.blocked_until,
            counted_until: self.counted_until,
        }
    }

    /// The bucket, without its name; none where its size was not kept.
    pub fn bucket(&self) -> Option<Bucket> {
        (self.calls > 0 && self.per_ms > 0).then_some(Bucket {
            name: "",
            scope: BucketScope::Seller,
            calls: self.calls,
            per: Duration::from_millis(self.per_ms),
            burst: self.burst.max(1),
        })
    }
}
