//! Stock: the sum of an append-only ledger.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, LocationId, SkuId};
use crate::origin::Origin;

/// What a variant has, over all locations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Stock {
    /// Counted units: the sum of the ledger. Below zero only where more was shipped than counted.
    pub on_hand: i64,
    /// Units sold and neither shipped nor cancelled.
    pub reserved: i64,
}

impl Stock {
    /// Units that can be sold, never below zero.
    pub fn available(&self) -> i64 {
        self.on_hand.saturating_sub(self.reserved).max(0)
    }

    /// Units sold that are not there: what no engine could avoid, counted.
    pub fn missing(&self) -> i64 {
        self.reserved.saturating_sub(self.on_hand).max(0)
    }
}

/// One line of the ledger. Movements are deltas and are never changed or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Movement {
    /// The variant; a kit books its parts.
    pub sku_id: SkuId,
    /// Where.
    pub location_id: LocationId,
    /// Units, positive for more.
    pub delta: i64,
    /// What happened.
    pub kind: MovementKind,
    /// Who caused it.
    pub origin: Origin,
    /// The seller's words.
    pub reason: Option<String>,
    /// When it was booked.
    pub at: DateTime<Utc>,
    /// What it is booked for, once; none for counts and corrections.
    pub key: Option<MovementKey>,
}

/// What kind of movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// The seller counted: the delta makes the sum what was counted.
    Count,
    /// The seller added or took away.
    Correction,
    /// Units of an order left.
    Shipped,
    /// Units came back and were put on the shelf by the seller.
    Returned,
    /// Taken from one location for another.
    Transfer,
}

/// Names the thing that a movement books, so that it is booked once however often it is seen. The
/// quantity is cumulative: the line's shipped total after the movement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MovementKey {
    /// The account the order came from.
    pub account_id: AccountId,
    /// The marketplace's order id.
    pub order_id: String,
    /// The marketplace's line id.
    pub line_id: String,
    /// The variant booked: the line's own, or a part of its kit.
    pub part: SkuId,
    /// The line's cumulative quantity after this movement, in units of the part.
    pub cumulative: i64,
}
