//! Transactions (ebay.md §8.7).

use barrow_market::Result;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;

use super::orders::instant;
use super::{encoded, get};
use crate::config::SiteFacts;

/// Transactions of a page: as many as orders, of the 1,000 that eBay allows (ebay.md §8.7).
pub const TRANSACTIONS_PAGE: u64 = 200;

/// Which transactions are read, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Not before.
    pub from: DateTime<Utc>,
    /// Not after.
    pub to: DateTime<Utc>,
    /// Records to skip.
    pub offset: u64,
}

/// A page of transactions.
pub fn transactions(apiz: &str, site: &SiteFacts, booked: Booked) -> Result<Request<Bytes>> {
    let (from, to) = (instant(booked.from), instant(booked.to));
    let filter = encoded(&format!("transactionDate:[{from}..{to}]"));
    let path = format!(
        "/sell/finances/v1/transaction?filter={filter}&sort=transactionDate\
         &limit={TRANSACTIONS_PAGE}&offset={}",
        booked.offset
    );
    get(apiz, &path, site)
}
