//! What is known of an order's refunds beside what eBay shows: it tells no mark of ours, so that
//! one without an answer is known by what was there before and by what belongs to other changes.
//! Noted before money moves, for the answer may come after a restart.

use std::collections::{BTreeMap, BTreeSet};

use barrow_market::{Error, ErrorKind, Result};
use barrow_model::{ChangeId, OrderRef, Refund};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::EbayAdapter;
use super::pictures::digest_of;
use crate::limits::REFUND;

/// Money waits for so long where it cannot be noted.
const UNNOTED_WAIT: TimeDelta = TimeDelta::seconds(30);

/// The refunds of one order that changes asked for.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RefundNotes {
    /// The change that each belongs to, by eBay's id of it.
    of: BTreeMap<String, ChangeId>,
    /// What is under way; an order's changes go one after the other.
    asked: Option<Asked>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    change: ChangeId,
    /// The refunds that the order had when the change asked first.
    before: BTreeSet<String>,
}

impl RefundNotes {
    /// Notes what is there before a change asks. False where it asked before: then what was there
    /// at that time holds.
    pub(super) fn begin(&mut self, change: ChangeId, there: &[Refund]) -> bool {
        if self.is_asked_by(change) {
            return false;
        }
        let before = there.iter().map(|refund| refund.id.clone()).collect();
        self.asked = Some(Asked { change, before });
        true
    }

    /// Nothing came of it: the next time is the first one.
    pub(super) fn forget(&mut self, change: ChangeId) {
        if self.is_asked_by(change) {
            self.asked = None;
        }
    }

    /// The change has its refund.
    pub(super) fn belongs(&mut self, id: &str, change: ChangeId) {
        self.of.insert(id.to_owned(), change);
    }

    /// The refund of a change, by eBay's id of it.
    pub(super) fn of_change(&self, change: ChangeId) -> Option<&str> {
        let mut all = self.of.iter();
        let found = all.find(|(_, owner)| **owner == change);
        found.map(|(id, _)| id.as_str())
    }

    /// Whether a change asked before and has not been told.
    pub(super) fn is_asked_by(&self, change: ChangeId) -> bool {
        let asked = self.asked.as_ref();
        asked.is_some_and(|asked| asked.change == change)
    }

    /// Whether a refund can be what a change asked for: it was not there before, and is no other
    /// change's.
    pub(super) fn may_be_of(&self, change: ChangeId, refund: &Refund) -> bool {
        let owner = self.of.get(&refund.id);
        let asked = self.asked.as_ref();
        let asked = asked.filter(|asked| asked.change == change);
        owner.is_none_or(|owner| *owner == change)
            && asked.is_none_or(|asked| !asked.before.contains(&refund.id))
    }
}

impl EbayAdapter {
    /// What is noted of an order's refunds.
    ///
    /// # Errors
    /// The notes cannot be read: it must wait.
    pub(super) async fn refund_notes(&self, order: &OrderRef) -> Result<RefundNotes> {
        let note = self.notes.read(&name(order)).await;
        let note = note.map_err(|error| self.unnoted(&error.reason))?;
        note.map_or_else(
            || Ok(RefundNotes::default()),
            |note| serde_json::from_str(&note).map_err(|error| self.unnoted(&error.to_string())),
        )
    }

    /// Keeps what is known of an order's refunds.
    ///
    /// # Errors
    /// It cannot be kept: no money must move.
    pub(super) async fn note_refunds(&self, order: &OrderRef, notes: &RefundNotes) -> Result<()> {
        let unnoted = |reason: String| self.unnoted(&reason);
        let note = serde_json::to_string(notes).map_err(|error| unnoted(error.to_string()))?;
        let kept = self.notes.write(&name(order), &note).await;
        kept.map_err(|error| unnoted(error.reason))
    }

    /// The same after money has moved, or has not: what is known holds, noted or not.
    pub(super) async fn note_refunds_after(&self, order: &OrderRef, notes: &RefundNotes) {
        if let Err(error) = self.note_refunds(order, notes).await {
            tracing::warn!(%error, "what became of a refund could not be noted");
        }
    }

    fn unnoted(&self, reason: &str) -> Error {
        Error::new(ErrorKind::RateLimited, REFUND.operation)
            .with("reason", reason)
            .not_before(self.clock.now() + UNNOTED_WAIT)
    }
}

/// Not by the order's number, which is forgotten with its buyer.
fn name(order: &OrderRef) -> String {
    format!("refunds {}", digest_of(order.order_id.as_bytes()))
}
