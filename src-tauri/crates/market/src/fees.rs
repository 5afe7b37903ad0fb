//! The role that reads what a marketplace took of orders.

use async_trait::async_trait;
use barrow_model::FeeEntry;
use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::orders::Cursor;

/// Reading fees.
///
/// # Requires
/// - The entries of a page are stored in the transaction that stores the cursor behind it.
///
/// # Behaviour
/// - `fees_of_orders_are_given`: from `start`, reading until `more` is false gives every booking
///   since that takes something of an order or gives it back; some of them again, under the key
///   that they had.
#[async_trait]
pub trait Fees: Send + Sync {
    /// A cursor that reads everything that was booked since. Calls nobody.
    fn start(&self, since: DateTime<Utc>) -> Result<Cursor>;

    /// Reads one page.
    async fn read(&self, cursor: &Cursor) -> Result<FeePage>;
}

/// A page of bookings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeePage {
    /// Bookings that concern an order.
    pub entries: Vec<FeeEntry>,
    /// How many could not be read.
    pub unreadable: u64,
    /// Where the next page begins.
    pub next: Cursor,
    /// Whether there is more now.
    pub more: bool,
}
