//! Records that could not be read are read again: after an update, or when the seller asks.

use barrow_store::Quarantined;

use crate::engine::Engine;
use crate::error::Result;

/// Records that are read again in one run.
const RECORDS_MAX: usize = 10_000;

/// What reading again brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuarantineSummary {
    /// Records that could be read and are orders now.
    pub read: u64,
    /// Records that still wait.
    pub waiting: u64,
}

impl Engine {
    /// Reads every record in quarantine again. Calls nobody.
    pub async fn retry_quarantine(&self) -> Result<QuarantineSummary> {
        let records = self.store.read(|db| db.quarantine(RECORDS_MAX))?;
        let mut summary = QuarantineSummary::default();
        for record in records {
            if self.retry_record(&record).await? {
                summary.read += 1;
            } else {
                summary.waiting += 1;
            }
        }
        Ok(summary)
    }

    async fn retry_record(&self, record: &Quarantined) -> Result<bool> {
        let account = self.store.read(|db| db.account(record.account_id))?;
        let Ok(adapter) = self.accounts.adapter(&account).await else {
            return Ok(false);
        };
        let Some(orders) = adapter.orders() else {
            return Ok(false);
        };
        let raw = barrow_market::RawRecord {
            order_id: record.order_id.clone(),
            body: record.body.clone(),
        };
        let Ok(found) = orders.read_record(&raw) else {
            return Ok(false);
        };
        let lowers = adapter.capability().lowers_quantity_on_sale;
        self.store.write(|tx| {
            tx.store_order(account.id, &found.order, &found.raw.body, lowers)?;
            tx.remove_quarantine(record)
        })?;
        Ok(true)
    }
}
