//! What a marketplace takes of an order.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::money::Money;

/// A booking of a marketplace's with what it took, or gave back, of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeEntry {
    /// The marketplace's key of the booking: the same again replaces what was told before.
    pub entry: String,
    /// The order's id at the marketplace.
    pub order_id: String,
    /// When it was booked.
    pub at: Option<DateTime<Utc>>,
    /// What was taken; empty where nothing was.
    pub fees: Vec<Fee>,
}

/// What was taken for one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// The order's line; none where the booking names none.
    pub line_id: Option<String>,
    /// What for, in the marketplace's own word.
    pub kind: String,
    /// How much the seller pays; below zero where it is given back.
    pub amount: Money,
}
