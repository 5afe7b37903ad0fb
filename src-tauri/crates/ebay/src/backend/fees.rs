//! Reading what eBay took of orders: transactions by their date, oldest first (ebay.md §8.7).

use async_trait::async_trait;
use barrow_market::{Cursor, Error, ErrorKind, FeePage, Fees, Result};
use barrow_model::ProblemKind;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::EbayAdapter;
use crate::error::parse_error;
use crate::limits::GET_TRANSACTIONS;
use crate::map::{self, Booking};
use crate::request::{self, Booked, TRANSACTIONS_PAGE};
use crate::types::TransactionPage;

/// How much is read again on purpose: fees are booked minutes after their sale, and bookings are
/// still changed for a while.
const OVERLAP: TimeDelta = TimeDelta::days(3);
/// How far back eBay reads: five years (ebay.md §8.7).
const HISTORY: TimeDelta = TimeDelta::days(5 * 365);
/// The longest time that one reading may span: 36 months, less a margin (ebay.md §8.7).
const SPAN: TimeDelta = TimeDelta::days(1_000);
/// Offsets are kept below 5,000 (ebay.md §8.7): from here on the time is narrowed.
const OFFSET_MAX: u64 = 5_000 - 2 * TRANSACTIONS_PAGE;

/// Where a reading stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    /// Everything that was booked before has been given.
    from: DateTime<Utc>,
    /// Where this reading ends; none before its first page.
    to: Option<DateTime<Utc>>,
    offset: u64,
}

impl Position {
    fn cursor(&self) -> Result<Cursor> {
        serde_json::to_string(self)
            .map(Cursor)
            .map_err(|_| Error::new(ErrorKind::Config, GET_TRANSACTIONS.operation))
    }

    /// Where reading goes on after a page of so many records, the last of that time.
    fn after(&self, to: DateTime<Utc>, records: u64, last: Option<DateTime<Utc>>) -> Self {
        let offset = self.offset + records;
        match last {
            // What was booked in the same moment is read again, and known by its key.
            Some(last) if offset >= OFFSET_MAX && last > self.from => Self {
                from: last,
                to: Some(to),
                offset: 0,
            },
            _ => Self {
                from: self.from,
                to: Some(to),
                offset,
            },
        }
    }
}

#[async_trait]
impl Fees for EbayAdapter {
    fn start(&self, since: DateTime<Utc>) -> Result<Cursor> {
        let position = Position {
            from: since,
            to: None,
            offset: 0,
        };
        position.cursor()
    }

    async fn read(&self, cursor: &Cursor) -> Result<FeePage> {
        let operation = GET_TRANSACTIONS.operation;
        let stored: Position = serde_json::from_str(&cursor.0)
            .map_err(|_| Error::new(ErrorKind::Config, operation).with("part", "cursor"))?;
        let now = self.clock.now();
        let position = match stored.to {
            Some(_) => stored,
            None => Position {
                from: (stored.from - OVERLAP).max(now - HISTORY),
                ..stored
            },
        };
        let to = position.to.unwrap_or(now).min(position.from + SPAN);
        let booked = Booked {
            from: position.from,
            to,
            offset: position.offset,
        };
        let request = request::transactions(&self.config.hosts.apiz, self.config.site, booked)?;
        let answer = self.answer(&GET_TRANSACTIONS, request).await?;
        if !answer.status.is_success() {
            return Err(named(parse_error(operation, &answer)));
        }
        let page: TransactionPage = match answer.status {
            StatusCode::NO_CONTENT => TransactionPage {
                transactions: Some(Vec::new()),
                ..TransactionPage::default()
            },
            _ => answer.json(operation)?,
        };
        let has_next = page.next.is_some();
        // JSON of another shape is no empty page: reading would go on behind what it never saw.
        let unread = Error::new(ErrorKind::Unreadable, operation).with("missing", "transactions");
        let records = page
            .transactions
            .or_else(|| (page.total == Some(0)).then(Vec::new))
            .ok_or(unread)?;
        let (mut entries, mut unreadable, mut last) = (Vec::new(), 0, None);
        for record in &records {
            let (at, booking) = map::booking(record);
            last = last.max(at);
            match booking {
                Booking::Fees(entry) => entries.push(entry),
                Booking::Other => {}
                Booking::Unreadable => unreadable += 1,
            }
        }
        let goes_on = has_next && !records.is_empty();
        let next = if goes_on {
            position.after(to, records.len() as u64, last)
        } else {
            Position {
                from: to,
                to: None,
                offset: 0,
            }
        };
        Ok(FeePage {
            entries,
            unreadable,
            next: next.cursor()?,
            // A time longer than eBay reads at once is read in parts.
            more: goes_on || to + OVERLAP < now,
        })
    }
}

/// Names the permission, which other calls on orders do not need (ebay.md §8.7).
fn named(error: Error) -> Error {
    let mut problem = error.to_problem();
    if problem.kind != ProblemKind::PermissionMissing {
        return error;
    }
    for (name, value) in [("permission", "sell.finances"), ("feature", "fees")] {
        problem.params.insert(name.to_owned(), value.to_owned());
    }
    error.because(problem)
}
