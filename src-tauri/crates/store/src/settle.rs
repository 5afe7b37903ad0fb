//! What became of changes that were sent: their receipts, and what follows from them for listings,
//! orders and attempts.

use std::collections::BTreeSet;

use barrow_model::{
    ActionKind, AttemptId, Binding, ChangeId, ChangeState, ListingId, Money, Problem, ProblemKind,
    Ticket,
};
use chrono::{DateTime, Utc};

use crate::acknowledged::{acknowledging, refusing};
use crate::error::StoreError;
use crate::outbox::QueuedChange;
use crate::problem::ProblemAt;
use crate::sql::{instant, json};
use crate::store::Writer;

/// The subject of what a marketplace took and yet warns of.
const WARNING: &str = "warning";
/// The same of a price or a quantity: its answers say nothing of the content, and are as often
/// quiet as there is a price to set.
const WARNING_OF_VALUES: &str = "warning values";

/// The subject of what an answer warns of.
fn warning_of(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::SetPrice | ActionKind::SetQuantity => WARNING_OF_VALUES,
        _ => WARNING,
    }
}

/// What became of one change, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Settlement {
    /// Done.
    Applied {
        /// What the marketplace calls the listing now.
        binding: Option<Binding>,
    },
    /// Taken in.
    Accepted {
        /// Whom to ask.
        ticket: Ticket,
        /// When.
        due: DateTime<Utc>,
    },
    /// A step is done; the next one can be taken.
    Advanced {
        /// What the marketplace calls the listing now.
        binding: Binding,
    },
    /// It got no answer, and was found at a step from which it can go on. Unlike a step that was
    /// answered it counts as a try.
    Found {
        /// What the marketplace calls the listing now.
        binding: Binding,
        /// Not before.
        due: DateTime<Utc>,
    },
    /// The listing is not there any more; what is wanted is published again.
    Ended {
        /// What the marketplace calls the listing now.
        binding: Option<Binding>,
    },
    /// Not done; the same may be tried again.
    Again {
        /// Not before.
        due: DateTime<Utc>,
        /// What went wrong.
        problem: Option<Problem>,
        /// Whether the try counts.
        counts: bool,
        /// Whether it may have been done all the same, so that what is there is not certain.
        uncertain: bool,
    },
    /// Not done until a person mends something.
    Refused {
        /// What is wrong.
        problem: Problem,
    },
    /// Nobody knows.
    Unknown {
        /// When to look.
        due: DateTime<Utc>,
    },
}

impl Settlement {
    /// Whether one of several steps is done.
    pub fn is_a_step(&self) -> bool {
        matches!(self, Self::Advanced { .. } | Self::Found { .. })
    }
}

impl Writer<'_> {
    /// Stores what became of a change that is in flight, accepted or unknown. What is settled
    /// already is left as it is: an answer may come twice, or after the account was removed.
    /// Returns whether there was anything to settle.
    pub fn settle(&mut self, id: ChangeId, settlement: &Settlement) -> Result<bool, StoreError> {
        let settled = self.settle_one(id, settlement)?;
        if let Some(attempt) = settled.as_ref().and_then(|queued| queued.attempt_id) {
            self.close_attempt(attempt)?;
        }
        Ok(settled.is_some())
    }

    /// Stores what became of several changes, and of the attempts that they travelled in. Returns
    /// those that there was anything to settle of, as they stood before.
    pub fn settle_all(
        &mut self,
        outcomes: &[(ChangeId, Settlement)],
    ) -> Result<Vec<QueuedChange>, StoreError> {
        let mut attempts = BTreeSet::new();
        let mut settled = Vec::with_capacity(outcomes.len());
        for (id, settlement) in outcomes {
            if let Some(queued) = self.settle_one(*id, settlement)? {
                attempts.extend(queued.attempt_id);
                settled.push(queued);
            }
        }
        for attempt in attempts {
            self.close_attempt(attempt)?;
        }
        Ok(settled)
    }

    fn settle_one(
        &mut self,
        id: ChangeId,
        settlement: &Settlement,
    ) -> Result<Option<QueuedChange>, StoreError> {
        let Some(queued) = self.find_change(id)? else {
            return Ok(None);
        };
        if !matches!(
            queued.state,
            ChangeState::InFlight | ChangeState::Accepted | ChangeState::Unknown
        ) {
            return Ok(None);
        }
        self.write_settlement(&queued, settlement)?;
        self.follow_order(&queued, settlement)?;
        let is_open = matches!(
            settlement,
            Settlement::Accepted { .. } | Settlement::Unknown { .. }
        );
        if let Some(attempt) = queued.attempt_id.filter(|_| !is_open) {
            self.connection()
                .prepare_cached(
                    "UPDATE attempt_changes SET sent = NULL
                     WHERE attempt_id = ?1 AND change_id = ?2",
                )?
                .execute((attempt.0, queued.id.0))?;
        }
        Ok(Some(queued))
    }

    fn write_settlement(
        &mut self,
        queued: &QueuedChange,
        settlement: &Settlement,
    ) -> Result<(), StoreError> {
        match settlement {
            Settlement::Applied { binding } => self.settle_applied(queued, binding.as_ref())?,
            Settlement::Accepted { ticket, due } => {
                self.connection()
                    .prepare_cached(
                        "UPDATE changes SET state = 'accepted', ticket = ?2, due_at = ?3
                         WHERE id = ?1",
                    )?
                    .execute((queued.id.0, json(ticket)?, instant(*due)))?;
            }
            Settlement::Advanced { binding } => {
                if let Some(listing) = queued.listing_id {
                    self.store_binding(listing, binding)?;
                }
                self.connection()
                    .prepare_cached(
                        "UPDATE changes SET tries = 0, steps = steps + 1 WHERE id = ?1",
                    )?
                    .execute([queued.id.0])?;
                self.back_to_waiting(queued, None, None)?;
            }
            Settlement::Found { binding, due } => {
                if let Some(listing) = queued.listing_id {
                    self.store_binding(listing, binding)?;
                }
                self.connection()
                    .prepare_cached("UPDATE changes SET steps = steps + 1 WHERE id = ?1")?
                    .execute([queued.id.0])?;
                self.back_to_waiting(queued, Some(*due), None)?;
            }
            Settlement::Ended { binding } => self.settle_ended(queued, binding.as_ref())?,
            Settlement::Again {
                due,
                problem,
                counts,
                uncertain,
            } => {
                if *uncertain {
                    self.forget_acknowledged(queued)?;
                }
                if !counts {
                    self.connection()
                        .prepare_cached(
                            "UPDATE changes SET tries = max(0, tries - 1) WHERE id = ?1",
                        )?
                        .execute([queued.id.0])?;
                }
                self.back_to_waiting(queued, Some(*due), problem.as_ref())?;
            }
            Settlement::Refused { problem } => self.settle_refused(queued, problem)?,
            Settlement::Unknown { due } => {
                self.connection()
                    .prepare_cached(
                        "UPDATE changes SET state = 'unknown', due_at = ?2 WHERE id = ?1",
                    )?
                    .execute((queued.id.0, instant(*due)))?;
            }
        }
        Ok(())
    }

    /// Refuses a change that never left, because it would be refused.
    pub fn refuse_unsent(
        &mut self,
        id: ChangeId,
        price: Option<Money>,
        content: Option<&str>,
        problem: &Problem,
    ) -> Result<(), StoreError> {
        let queued = self.queued_change(id)?;
        self.connection()
            .prepare_cached(
                "UPDATE changes SET sent_price_minor = ?2, sent_content = ?3, ready = 1
                 WHERE id = ?1",
            )?
            .execute((id.0, price.map(|price| price.minor), content))?;
        self.settle_refused(&queued, problem)
    }

    /// What may or may not have been done leaves it open what is there, until it is set again. Of a
    /// quantity the most that may be there is kept: below it a new one goes down.
    fn forget_acknowledged(&self, queued: &QueuedChange) -> Result<(), StoreError> {
        let sql = match queued.kind {
            ActionKind::SetQuantity => {
                "UPDATE listings SET expected_quantity = NULL,
                   acknowledged_quantity = max(ifnull(acknowledged_quantity, 0), ifnull(
                     (SELECT sent_quantity FROM changes WHERE id = ?2), 0))
                 WHERE id = ?1 OR pool <> '' AND (account_id, channel_sku, pool) IN
                   (SELECT account_id, channel_sku, pool FROM listings WHERE id = ?1)"
            }
            ActionKind::SetPrice => {
                "UPDATE listings SET acknowledged_price_minor = NULL,
                   acknowledged_price_currency = NULL WHERE id = ?1 AND ?2 IS NOT NULL"
            }
            // No hash of a content is this word.
            ActionKind::Revise => {
                "UPDATE listings SET acknowledged_content = 'unknown'
                 WHERE id = ?1 AND ?2 IS NOT NULL AND acknowledged_content IS NOT NULL"
            }
            _ => return Ok(()),
        };
        if let Some(listing) = queued.listing_id {
            self.connection()
                .prepare_cached(sql)?
                .execute((listing.0, queued.id.0))?;
        }
        Ok(())
    }

    /// A newer wish of the kind may wait already; then this one has nothing left to do. What it was
    /// put off for was said of its own value: another one, such as a zero after a sale, does not
    /// wait for it.
    fn back_to_waiting(
        &mut self,
        queued: &QueuedChange,
        due: Option<DateTime<Utc>>,
        problem: Option<&Problem>,
    ) -> Result<(), StoreError> {
        let due = instant(due.unwrap_or(self.now()));
        let db = self.connection();
        if let Some(listing) = queued.listing_id {
            db.prepare_cached(
                "UPDATE changes SET wanted_at = min(wanted_at, ?4), due_at = iif(
                   value IS (SELECT value FROM changes WHERE id = ?3), max(due_at, ?5), due_at)
                 WHERE listing_id = ?1 AND kind = ?2 AND id <> ?3 AND state IN ('waiting', 'held')",
            )?
            .execute((
                listing.0,
                queued.kind.code(),
                queued.id.0,
                instant(queued.wanted_at),
                due,
            ))?;
        }
        db.prepare_cached(
            "UPDATE changes SET due_at = ?2, problem = ?3, ticket = NULL, state = iif(
               listing_id IS NOT NULL AND EXISTS (SELECT 1 FROM changes n
                 WHERE n.listing_id = changes.listing_id AND n.kind = changes.kind
                   AND n.id <> changes.id AND n.state IN ('waiting', 'held')),
               'dropped', 'waiting') WHERE id = ?1",
        )?
        .execute((queued.id.0, due, problem.map(json).transpose()?))?;
        Ok(())
    }

    fn settle_applied(
        &mut self,
        queued: &QueuedChange,
        binding: Option<&Binding>,
    ) -> Result<(), StoreError> {
        let now = instant(self.now());
        self.connection()
            .prepare_cached(
                "UPDATE changes SET state = 'applied', answered_at = ?2, problem = NULL,
                   ticket = NULL WHERE id = ?1",
            )?
            .execute((queued.id.0, now))?;
        let Some(listing) = queued.listing_id else {
            return self.clear_problem(&ProblemAt::change(queued));
        };
        if let Some(binding) = binding {
            self.store_binding(listing, binding)?;
        }
        let sql = acknowledging(queued.kind);
        if !sql.is_empty() {
            self.connection()
                .prepare_cached(sql)?
                .execute((listing.0, queued.id.0, now))?;
        }
        if queued.kind == ActionKind::Publish || queued.kind == ActionKind::End {
            for subject in ["content", "price", "quantity"] {
                self.clear_problem(&ProblemAt::listing(queued.account_id, listing, subject))?;
            }
        } else {
            self.clear_problem(&ProblemAt::change(queued))?;
        }
        self.clear_warnings(queued, listing)?;
        self.mark_if_wanting(listing)
    }

    /// A later answer says anew what it warns of: one to a price or a quantity what such a one had
    /// warned of, any other all.
    fn clear_warnings(
        &mut self,
        queued: &QueuedChange,
        listing: ListingId,
    ) -> Result<(), StoreError> {
        let own = ProblemAt::listing(queued.account_id, listing, warning_of(queued.kind));
        self.clear_problem(&own)?;
        if own.subject == WARNING {
            let at = ProblemAt::listing(queued.account_id, listing, WARNING_OF_VALUES);
            self.clear_problem(&at)?;
        }
        Ok(())
    }

    /// What was seen for sale at an instant, with nothing wrong, was not kept back then. Nothing
    /// else that was warned of before is contradicted by it.
    pub(crate) fn note_for_sale(
        &mut self,
        listing: ListingId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "DELETE FROM problems WHERE listing_id = ?1 AND listing_id <> 0
                   AND subject IN (?2, ?3) AND kind = ?4 AND since < ?5",
            )?
            .execute((
                listing.0,
                WARNING,
                WARNING_OF_VALUES,
                ProblemKind::ListingOnHold.code(),
                instant(at),
            ))?;
        Ok(())
    }

    /// Stores what the marketplace remarked of a change that was just settled as done: with its
    /// receipt, and as an open problem of the listing where somebody has something to mend. A
    /// warning takes nothing back. Where fewer units went out than were wanted, it is not known
    /// that the wanted ones are there, and what was sold only a later pull tells.
    pub fn note_remarks(
        &mut self,
        queued: &QueuedChange,
        warnings: &[Problem],
        quantity_lowered: bool,
    ) -> Result<(), StoreError> {
        // What needs somebody is told before what is only to be known.
        let lasting = warnings.iter().find(|one| one.kind != ProblemKind::Remark);
        if let Some(first) = lasting.or(warnings.first()) {
            self.connection()
                .prepare_cached(
                    "UPDATE changes SET problem = ?2 WHERE id = ?1 AND state = 'applied'",
                )?
                .execute((queued.id.0, json(first)?))?;
        }
        let Some(listing) = queued.listing_id else {
            return Ok(());
        };
        if let Some(problem) = lasting {
            let at = |subject| ProblemAt::listing(queued.account_id, listing, subject);
            // What the content is warned of already is not told twice.
            if !self.is_open(&at(WARNING), problem.kind)? {
                self.raise_problem(&at(warning_of(queued.kind)), problem)?;
            }
        }
        if !quantity_lowered {
            return Ok(());
        }
        self.connection()
            .prepare_cached(
                "UPDATE listings SET expected_quantity = NULL, lowered_at = ?2 WHERE id = ?1",
            )?
            .execute((listing.0, instant(self.now())))?;
        self.mark_if_wanting(listing)
    }

    /// A zero is reached where nothing is for sale; another value has no listing to stand in.
    fn settle_ended(
        &mut self,
        queued: &QueuedChange,
        binding: Option<&Binding>,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE changes SET answered_at = ?2, problem = NULL, ticket = NULL,
                   state = iif(kind = ?3 AND sent_quantity = 0, 'applied', 'dropped')
                 WHERE id = ?1",
            )?
            .execute((
                queued.id.0,
                instant(self.now()),
                ActionKind::SetQuantity.code(),
            ))?;
        self.clear_problem(&ProblemAt::change(queued))?;
        let Some(listing) = queued.listing_id else {
            return Ok(());
        };
        for subject in [WARNING, WARNING_OF_VALUES] {
            self.clear_problem(&ProblemAt::listing(queued.account_id, listing, subject))?;
        }
        if let Some(binding) = binding {
            self.store_binding(listing, binding)?;
        }
        self.note_gone(listing)
    }

    /// What was computed while the change was on its way may differ from what travelled.
    fn mark_if_wanting(&mut self, listing: ListingId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO listing_dirty SELECT id FROM listings WHERE id = ?1 AND (
                   state NOT IN ('live', 'ended') OR wanted_price_minor IS NOT
                     acknowledged_price_minor
                   OR wanted_price_currency IS NOT acknowledged_price_currency
                   OR wanted_quantity IS NOT expected_quantity
                   OR wanted_content IS NOT acknowledged_content) ON CONFLICT DO NOTHING",
            )?
            .execute([listing.0])?;
        Ok(())
    }

    fn settle_refused(
        &mut self,
        queued: &QueuedChange,
        problem: &Problem,
    ) -> Result<(), StoreError> {
        let now = instant(self.now());
        let db = self.connection();
        db.prepare_cached(
            "UPDATE changes SET state = 'refused', answered_at = ?2, problem = ?3, ticket = NULL
             WHERE id = ?1",
        )?
        .execute((queued.id.0, now, json(problem)?))?;
        self.raise_problem(&ProblemAt::change(queued), problem)?;
        let Some(listing) = queued.listing_id else {
            return Ok(());
        };
        let sql = refusing(queued.kind);
        if !sql.is_empty() {
            let quantity = problem.kind == ProblemKind::QuantityRefused;
            db.prepare_cached(sql)?
                .execute((listing.0, queued.id.0, quantity))?;
        }
        if problem.kind == ProblemKind::FateUnknown {
            self.forget_acknowledged(queued)?;
        }
        self.mark_if_wanting(listing)
    }

    /// An attempt is as unknown as its changes.
    fn close_attempt(&self, attempt: AttemptId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE attempts SET answered_at = ?2, state = CASE
                   WHEN EXISTS (SELECT 1 FROM attempt_changes a JOIN changes c ON c.id = a.change_id
                     WHERE a.attempt_id = ?1 AND a.sent IS NOT NULL AND c.attempt_id = ?1
                       AND c.state = 'unknown') THEN 'unknown' ELSE 'answered' END
                 WHERE id = ?1",
            )?
            .execute((attempt.0, instant(self.now())))?;
        Ok(())
    }

    /// Notes that a batch had no effect at all; its changes wait again.
    pub fn fail_attempt(
        &mut self,
        attempt: AttemptId,
        changes: &[ChangeId],
        due: DateTime<Utc>,
        counts: bool,
    ) -> Result<(), StoreError> {
        let again = Settlement::Again {
            due,
            problem: None,
            counts,
            uncertain: false,
        };
        for id in changes {
            self.settle_one(*id, &again)?;
        }
        self.connection()
            .prepare_cached("UPDATE attempts SET state = 'failed' WHERE id = ?1")?
            .execute([attempt.0])?;
        Ok(())
    }
}
