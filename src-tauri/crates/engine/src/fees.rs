//! Reading what a marketplace took of orders. As with cases, that it cannot be read leaves the
//! orders' pull as complete as it is.

use std::sync::Arc;

use barrow_market::{Adapter, Cursor, ErrorKind};
use barrow_model::{Account, AccountId};
use barrow_store::ProblemAt;
use chrono::TimeDelta;

use crate::engine::Engine;
use crate::error::Result;
use crate::stop::Stop;

/// The name under which it is kept how far fees have been read.
const STREAM: &str = "fees";
/// How far back the first reading goes: as far as the first download of orders.
const FIRST_DAYS: i64 = 90;
/// Pages of one run; the next goes on.
const PAGES_MAX: u32 = 200;

impl Engine {
    /// Reads what was booked since the last time, until it is stopped: between two pages.
    pub(crate) async fn pull_fees(
        &self,
        account: &Account,
        adapter: &Arc<dyn Adapter>,
        stop: &Stop,
    ) -> Result<()> {
        let Some(fees) = adapter.fees() else {
            return Ok(());
        };
        let stored = self.store.read(|db| db.cursor(account.id, STREAM))?;
        let begin = match stored {
            Some(stored) => Ok(Cursor(stored.cursor)),
            None => fees.start(self.now() - TimeDelta::days(FIRST_DAYS)),
        };
        let mut cursor = match begin {
            Ok(cursor) => cursor,
            Err(error) => return self.note_fees_error(account.id, &error),
        };
        for _ in 0..PAGES_MAX {
            let page = tokio::select! {
                biased;
                () = stop.asked() => return Ok(()),
                page = fees.read(&cursor) => page,
            };
            let page = match page {
                Ok(page) => page,
                Err(error) => return self.note_fees_error(account.id, &error),
            };
            let stuck = page.more && page.next == cursor;
            self.store.write(|tx| {
                for entry in &page.entries {
                    tx.put_fees(account.id, entry)?;
                }
                tx.set_cursor(account.id, STREAM, &page.next.0, None, page.more)
            })?;
            if page.unreadable > 0 {
                tracing::warn!(count = page.unreadable, "bookings that cannot be read");
            }
            if !page.more || stuck {
                break;
            }
            cursor = page.next;
        }
        let at = ProblemAt::account(account.id, STREAM);
        self.store.write(|tx| tx.clear_problem(&at))?;
        Ok(())
    }

    /// What somebody must mend is told; what passes by itself is read by the next pull.
    fn note_fees_error(&self, account: AccountId, error: &barrow_market::Error) -> Result<()> {
        if !matches!(error.kind, ErrorKind::Forbidden | ErrorKind::Refused) {
            tracing::warn!(error = %error, "fees are not read this time");
            return Ok(());
        }
        let (at, problem) = (ProblemAt::account(account, STREAM), error.to_problem());
        self.store.write(|tx| tx.raise_problem(&at, &problem))?;
        Ok(())
    }
}
