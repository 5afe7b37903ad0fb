//! Giving money back (ebay.md §8.4). eBay makes a second refund of every call, so that the order is
//! read before, and again where no answer came.

use std::collections::HashSet;

use barrow_market::{Error, ErrorKind, Fate, Result, Retry};
use barrow_model::{
    Action, ChangeId, Money, Order, OrderRef, Problem, ProblemKind, Refund, RefundReason,
    RefundStatus,
};
use barrow_wire::Answer;
use chrono::{DateTime, TimeDelta, Utc};

use super::EbayAdapter;
use super::aftersales::{applied, refused};
use super::look_up::not_done;
use super::refund_notes::RefundNotes;
use crate::error::{lacks_signature, may_have_happened};
use crate::limits::REFUND;
use crate::map;
use crate::request::{self, RefundBody};
use crate::types::RefundAnswer;

/// By how much eBay's clock may be behind ours where a refund is looked for by its time.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// For how long a refund without an answer is looked for before it is made again: eBay takes a
/// while to show what it has taken in (ebay.md §8.4), and the money must not go twice.
const LOOKED_FOR: TimeDelta = TimeDelta::minutes(5);

/// What the seller asks for, of an [`Action::Refund`].
struct Asked<'a> {
    line_id: Option<&'a str>,
    /// None for all that is left.
    amount: Option<Money>,
    reason: RefundReason,
    comment: Option<&'a str>,
}

fn asked(action: &Action) -> Option<Asked<'_>> {
    let Action::Refund {
        line_id,
        amount,
        reason,
        comment,
    } = action
    else {
        return None;
    };
    Some(Asked {
        line_id: line_id.as_deref(),
        amount: *amount,
        reason: *reason,
        comment: comment.as_deref(),
    })
}

impl EbayAdapter {
    /// Gives back an amount, or all that is left of a line or of the order.
    pub(super) async fn refund(
        &self,
        change_id: ChangeId,
        order: &OrderRef,
        action: &Action,
    ) -> Result<Fate> {
        let Some(asked) = asked(action) else {
            return Ok(refused(Problem::new(ProblemKind::Unsupported)));
        };
        // Reading changes nothing: whatever comes of it, no money has moved.
        let current = self.current(order).await?;
        let left = map::refundable(&current.record, &current.order, asked.line_id);
        let left = left.map_err(|_| Error::new(ErrorKind::Unreadable, REFUND.operation))?;
        let amount = match (asked.amount, left) {
            (Some(amount), _) => amount,
            (None, Some(left)) => left,
            (None, None) => {
                let line = asked.line_id.unwrap_or_default();
                let problem = Problem::new(ProblemKind::LineInvalid).field("lines");
                return Ok(refused(problem.param("line", line).param("open", 0)));
            }
        };
        if amount.minor <= 0 || is_too_much(&current.order, amount) {
            let problem = Problem::new(ProblemKind::RefundRefused).field("amount");
            return Ok(refused(problem));
        }
        let body = RefundBody {
            line_id: asked.line_id,
            amount,
            reason: asked.reason,
            comment: asked.comment,
        };
        let request = request::refund(self.api(), self.site_of(order), &order.order_id, &body)?;
        let wanted = (asked.line_id, asked.amount);
        let noted = self.noted(change_id, order, (&current.order, wanted));
        let Some((notes, is_first)) = noted.await? else {
            return Ok(applied());
        };
        let answered = self.call(&REFUND, request).await;
        self.note_answer((change_id, is_first), order, notes, &answered)
            .await;
        match answered {
            Ok(answer) => Ok(match refund_answer(&answer).has_failed() {
                true => refused(Problem::new(ProblemKind::RefundRefused)),
                // PENDING: the order tells when the buyer has it.
                false => applied(),
            }),
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            // One call is not taken: nobody else's, so that the account goes on.
            Err(error) if lacks_signature(&error) => Ok(refused(error.to_problem())),
            Err(error) if error.kind == ErrorKind::Forbidden => Err(named(error)),
            Err(error) => Err(error),
        }
    }

    /// What is noted of an order's refunds now that a change is about to ask for one, and whether
    /// it asks for the first time; none where it has been given by now.
    ///
    /// # Errors
    /// It cannot be noted: no money must move.
    pub(super) async fn noted(
        &self,
        change_id: ChangeId,
        of: &OrderRef,
        (order, wanted): (&Order, (Option<&str>, Option<Money>)),
    ) -> Result<Option<(RefundNotes, bool)>> {
        let mut notes = self.refund_notes(of).await?;
        if is_given(&notes, change_id, order) {
            return Ok(None);
        }
        if let Some(late) = arrived_late(&notes, change_id, wanted, order) {
            notes.belongs(&late, change_id);
            self.note_refunds_after(of, &notes).await;
            return Ok(None);
        }
        let is_first = notes.begin(change_id, &order.refunds);
        self.note_refunds(of, &notes).await?;
        Ok(Some((notes, is_first)))
    }

    /// Notes what an answer says of a refund; where nothing can have come of it, and nothing was
    /// asked before, the next time is the first one.
    async fn note_answer(
        &self,
        (change_id, is_first): (ChangeId, bool),
        order: &OrderRef,
        mut notes: RefundNotes,
        answered: &Result<Answer>,
    ) {
        match answered.as_ref().map(refund_answer) {
            Ok(told) if !told.has_failed() => match &told.refund_id {
                Some(id) => notes.belongs(id, change_id),
                None => return,
            },
            Err(error) if may_have_happened(error) => return,
            Ok(_) | Err(_) if is_first => notes.forget(change_id),
            Ok(_) | Err(_) => return,
        }
        self.note_refunds_after(order, &notes).await;
    }

    /// Whether the order has the refund: one that was not there before, of this amount and line,
    /// and that belongs to no other change. `claimed` holds the ids of those that do in this batch.
    pub(super) async fn is_refunded(
        &self,
        order: &OrderRef,
        action: &Action,
        (change_id, since): (ChangeId, DateTime<Utc>),
        claimed: &mut HashSet<String>,
    ) -> Result<Fate> {
        let Some(asked) = asked(action) else {
            return Ok(refused(Problem::new(ProblemKind::Unsupported)));
        };
        let wanted = (asked.line_id, asked.amount);
        let found = self.given_back(order, wanted, (change_id, since), claimed);
        Ok(found.await?.unwrap_or_else(|| self.not_there_yet(since)))
    }

    /// What is told of a refund that the order does not have: nobody knows until it was looked for
    /// long enough.
    pub(super) fn not_there_yet(&self, since: DateTime<Utc>) -> Fate {
        if self.clock.now() - since < LOOKED_FOR {
            Fate::Unknown
        } else {
            not_done()
        }
    }

    /// What became of a refund as its order tells it, by line and amount; none where it is not
    /// there.
    pub(super) async fn given_back(
        &self,
        order: &OrderRef,
        (line_id, amount): (Option<&str>, Option<Money>),
        (change_id, since): (ChangeId, DateTime<Utc>),
        claimed: &mut HashSet<String>,
    ) -> Result<Option<Fate>> {
        let mut notes = self.refund_notes(order).await?;
        let current = self.current(order).await?;
        let known = notes.of_change(change_id).map(str::to_owned);
        let fits = |refund: &&Refund| {
            let recent = refund.at.is_none_or(|at| at >= since - CLOCKS_DIFFER);
            let may_be = recent && notes.may_be_of(change_id, refund);
            match &known {
                Some(id) => refund.id == *id,
                None => may_be && is_of((line_id, amount), refund) && !claimed.contains(&refund.id),
            }
        };
        let Some(found) = current.order.refunds.iter().find(fits) else {
            // eBay has told of it and does not show it yet.
            return Ok(known.map(|_| applied()));
        };
        if known.is_none() {
            notes.belongs(&found.id, change_id);
            self.note_refunds_after(order, &notes).await;
        }
        claimed.insert(found.id.clone());
        Ok(Some(if found.state == RefundStatus::Failed {
            Fate::Refused {
                problem: Problem::new(ProblemKind::RefundRefused),
                retry: Retry::No,
            }
        } else {
            applied()
        }))
    }
}

fn refund_answer(answer: &Answer) -> RefundAnswer {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// Whether eBay has told of a change's refund, and it did not fail since.
fn is_given(notes: &RefundNotes, change_id: ChangeId, order: &Order) -> bool {
    let failed = |id: &str| {
        let mut all = order.refunds.iter();
        all.any(|refund| refund.id == id && refund.state == RefundStatus::Failed)
    };
    notes.of_change(change_id).is_some_and(|id| !failed(id))
}

/// The refund that the order has by now of what a change asked for before, without an answer.
fn arrived_late(
    notes: &RefundNotes,
    change_id: ChangeId,
    wanted: (Option<&str>, Option<Money>),
    order: &Order,
) -> Option<String> {
    if !notes.is_asked_by(change_id) {
        return None;
    }
    let mut all = order.refunds.iter();
    let found = all.find(|refund| {
        notes.may_be_of(change_id, refund)
            && refund.state != RefundStatus::Failed
            && is_of(wanted, refund)
    });
    found.map(|refund| refund.id.clone())
}

/// Whether a refund is of this line and amount, where they are told.
fn is_of((line_id, amount): (Option<&str>, Option<Money>), refund: &Refund) -> bool {
    // eBay does not always tell the line of a refund.
    let line = match (line_id, refund.line_id.as_deref()) {
        (Some(asked), Some(told)) => asked == told,
        _ => true,
    };
    line && amount.is_none_or(|amount| amount == refund.amount)
}

/// Whether more would be given back than was paid, with what was given back meanwhile.
fn is_too_much(order: &Order, amount: Money) -> bool {
    let given = order
        .refunds
        .iter()
        .filter(|refund| refund.state != RefundStatus::Failed);
    let given = given.map(|refund| refund.amount);
    match (
        order.amounts.total.or(order.total),
        Money::sum(given.chain([amount])),
    ) {
        (Some(total), Ok(Some(sum))) => sum.currency != total.currency || sum.minor > total.minor,
        (Some(_), Err(_)) => true,
        _ => false,
    }
}

/// Names the permission: refunds need one that other calls on orders do not (ebay.md §8.4).
fn named(error: Error) -> Error {
    let mut problem = error.to_problem();
    for (name, value) in [("permission", "sell.finances"), ("feature", "refund")] {
        problem.params.insert(name.to_owned(), value.to_owned());
    }
    error.because(problem)
}
