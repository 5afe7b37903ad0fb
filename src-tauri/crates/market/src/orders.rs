//! The role that reads orders.

use async_trait::async_trait;
use barrow_model::{MoneyError, Order, ProblemKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// One of the sequences in which a marketplace's orders are read: a status, a node type, a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct StreamId(pub &'static str);

/// A stream and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Its id, stable over versions: cursors are stored under it.
    pub id: StreamId,
    /// Whether it reads open orders again by id rather than new ones.
    pub rereads_open: bool,
}

/// How far a stream has been read: opaque, the adapter's own. The adapter applies the overlap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Reading orders.
///
/// # Requires
/// - Every order and every unreadable record of a page is stored, in the transaction that stores
///   the page's next cursor.
///
/// # Behaviour
/// - `pull_gives_every_order`: from `start`, pulling until `more` is false gives every order that
///   changed since, once or more often.
/// - `pull_again_gives_the_overlap`: pulling from the last cursor gives what changed since, and may
///   give again what was read; a change that happened during a pull is given by it or by the next.
/// - `one_unreadable_record_stops_no_other`: a record that cannot be read is given whole, the
///   others as orders.
/// - `an_empty_answer_is_no_error`.
/// - `covered_through_is_honest`: every order that was changed before it has been given. A
///   marketplace may leave the last minutes for the next pull.
/// - `a_pending_order_waits`: an order that is not paid yet is given as pending, with its units
///   open, and given again when it is paid.
/// - `fetch_reads_by_id`: unknown ids are missing from the answer, not an error.
/// - `cursor_survives_a_restart`: a cursor that was stored and read back goes on where it was.
#[async_trait]
pub trait Orders: Send + Sync {
    /// The streams that together give all orders.
    fn streams(&self) -> &'static [Stream];

    /// A cursor that reads everything that changed since. Calls nobody.
    fn start(&self, stream: StreamId, since: DateTime<Utc>) -> Result<Cursor>;

    /// Reads one page. `open` holds ids of orders that Barrow thinks open, for streams that read
    /// them again.
    async fn pull(&self, stream: StreamId, cursor: &Cursor, open: &[String]) -> Result<OrderPage>;

    /// Reads orders by id, at most `fetch_orders_max`.
    async fn fetch(&self, ids: &[String]) -> Result<OrderPage>;

    /// Reads a raw record again, as quarantine does after an update. No call.
    fn read_record(&self, record: &RawRecord) -> std::result::Result<PulledOrder, OrderIssue>;
}

/// A page of orders.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderPage {
    /// Orders that could be read.
    pub orders: Vec<PulledOrder>,
    /// Records that could not, with why.
    pub unreadable: Vec<(RawRecord, OrderIssue)>,
    /// Where the next page begins.
    pub next: Cursor,
    /// Whether there is more now.
    pub more: bool,
    /// Every order changed before this has been given by this stream; none before the last page.
    pub covered_through: Option<DateTime<Utc>>,
    /// How many there are in all, where the marketplace tells; for progress only.
    pub total: Option<u64>,
}

impl OrderPage {
    /// The order of a page that was fetched for one id; none where the marketplace does not know
    /// it.
    ///
    /// # Errors
    /// Unreadable, with the field, where its record is.
    pub fn only(mut self, operation: &'static str) -> Result<Option<PulledOrder>> {
        match (self.orders.pop(), self.unreadable.pop()) {
            (Some(found), _) => Ok(Some(found)),
            (None, None) => Ok(None),
            (None, Some((_, issue))) => {
                Err(Error::new(ErrorKind::Unreadable, operation).with("field", issue.field))
            }
        }
    }
}

/// An order and the record that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct PulledOrder {
    /// The order.
    pub order: Order,
    /// The record.
    pub raw: RawRecord,
}

/// Why a record is no order, with the record.
pub type Unread = Box<(RawRecord, OrderIssue)>;

/// Largest record that is kept, in bytes; of a larger one its beginning is.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// A record as the marketplace sent it. It holds personal data: kept apart, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct RawRecord {
    /// The order's id where it could be found.
    pub order_id: Option<String>,
    /// The record itself, at most [`RECORD_BYTES_MAX`].
    pub body: String,
}

impl RawRecord {
    /// A record, cut at [`RECORD_BYTES_MAX`].
    pub fn new(order_id: Option<String>, body: &str) -> Self {
        let mut end = body.len().min(RECORD_BYTES_MAX);
        while !body.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            order_id,
            body: body[..end].to_owned(),
        }
    }

    /// The record with the order that was read from it, or with why there is none.
    pub fn read_as(
        self,
        order: std::result::Result<Order, OrderIssue>,
    ) -> std::result::Result<PulledOrder, Unread> {
        match order {
            Ok(order) => Ok(PulledOrder { order, raw: self }),
            Err(issue) => Err(Box::new((self, issue))),
        }
    }
}

impl std::fmt::Debug for RawRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawRecord({} bytes)", self.body.len())
    }
}

/// Why a record could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderIssue {
    /// What is wrong; usually [`ProblemKind::OrderUnreadable`].
    pub kind: ProblemKind,
    /// Which field, in the marketplace's words. Never its value.
    pub field: String,
    /// What was expected there.
    pub expected: String,
}

impl OrderIssue {
    /// A field that cannot be read; never its value.
    pub fn new(field: impl Into<String>, expected: &str) -> Self {
        Self {
            kind: ProblemKind::OrderUnreadable,
            field: field.into(),
            expected: expected.to_owned(),
        }
    }

    /// A record that is no JSON of an order's form. The parser's own words may quote a buyer's
    /// data; only where it stopped is told.
    pub fn of_json(column: usize) -> Self {
        Self::new(format!("order, column {column}"), "an order")
    }

    /// Amounts that have no sum.
    pub fn of_sum(field: &str, error: &MoneyError) -> Self {
        match error {
            MoneyError::Mixed(_, _) => Self::new(field, "one currency"),
            _ => Self::new(field, "amounts that can be added"),
        }
    }
}
