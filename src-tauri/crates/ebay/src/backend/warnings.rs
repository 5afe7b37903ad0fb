//! What eBay remarks of a change while it is carried out, step by step: kept until the change is
//! done, and then told with its outcome.

use std::collections::HashMap;
use std::sync::PoisonError;

use barrow_market::{Fate, Outcome, Remarks, Retry};
use barrow_model::ChangeId;

use super::EbayAdapter;
use super::bulk::Sent;
use crate::error::{is_warning, warning};
use crate::types::{PostedListing, VendorIssue};

/// Changes whose remarks are kept; those of more are told with what was done in one step alone.
const CHANGES_MAX: usize = 10_000;
/// Remarks that are kept of one change.
const REMARKS_MAX: usize = 10;

/// What was remarked of changes that are not done yet.
pub(super) type Remarked = HashMap<ChangeId, Remarks>;

impl EbayAdapter {
    fn remark(&self, change_id: ChangeId, say: impl FnOnce(&mut Remarks)) {
        let mut all = self.remarked.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < CHANGES_MAX || all.contains_key(&change_id) {
            say(all.entry(change_id).or_default());
        }
    }

    /// Keeps what eBay warns of. The same number twice says the same.
    pub(super) fn note_warnings<'a>(
        &self,
        change_id: ChangeId,
        issues: impl IntoIterator<Item = &'a VendorIssue>,
    ) {
        let mut issues = issues.into_iter().peekable();
        if issues.peek().is_none() {
            return;
        }
        self.remark(change_id, |remarks| {
            for issue in issues {
                let told = warning(issue);
                let code = |problem: &barrow_model::Problem| {
                    let vendor = problem.vendor.as_ref();
                    vendor.map(|vendor| vendor.code.clone())
                };
                let known = remarks.warnings.iter().any(|one| code(one) == code(&told));
                if !known && remarks.warnings.len() < REMARKS_MAX {
                    remarks.warnings.push(told);
                }
            }
        });
    }

    /// Keeps what eBay warns of in the answer to a call about one listing or group. A body that
    /// says nothing of the kind, or is empty, warns of nothing.
    pub(super) fn note_said(&self, change_id: ChangeId, body: &[u8]) {
        let said: PostedListing = serde_json::from_slice(body).unwrap_or_default();
        self.note_warnings(change_id, &said.warnings);
    }

    /// Keeps what eBay warns of in an entry of a bulk call.
    pub(super) fn note_warned(&self, change_id: ChangeId, sent: Option<&Sent>) {
        let Some(Sent::Answered(entries)) = sent else {
            return;
        };
        let told = entries.iter().flat_map(|entry| {
            let misplaced = entry.errors.iter().filter(|issue| is_warning(issue));
            entry.warnings.iter().chain(misplaced)
        });
        self.note_warnings(change_id, told);
    }

    /// Notes whether fewer units went out than the change says.
    pub(super) fn note_lowered(&self, change_id: ChangeId, is_lower: bool) {
        let known = self.remarked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = known.contains_key(&change_id);
        drop(known);
        if is_lower || is_known {
            self.remark(change_id, |remarks| remarks.quantity_lowered = is_lower);
        }
    }

    /// Tells with what is done what was remarked of it; of what is refused for good nothing was
    /// done.
    pub(super) fn with_remarks(&self, mut outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let mut all = self.remarked.lock().unwrap_or_else(PoisonError::into_inner);
        for outcome in &mut outcomes {
            match outcome.fate {
                Fate::Applied { .. } | Fate::Ended { .. } => {
                    outcome.remarks = all.remove(&outcome.change_id).unwrap_or_default();
                }
                Fate::Refused {
                    retry: Retry::No, ..
                } => {
                    all.remove(&outcome.change_id);
                }
                _ => {}
            }
        }
        outcomes
    }
}
