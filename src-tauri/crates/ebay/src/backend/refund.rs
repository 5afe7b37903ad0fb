//! Giving money back (ebay.md §8.4). eBay makes a second refund of every call, so that the order is
//! read before, and again where no answer came.

use std::collections::{HashMap, HashSet};
use std::sync::{MutexGuard, PoisonError};

use barrow_market::{Error, ErrorKind, Fate, Result, Retry};
use barrow_model::{
    Action, ChangeId, Money, Order, OrderRef, Problem, ProblemKind, Refund, RefundReason,
    RefundStatus,
};
use chrono::{DateTime, TimeDelta, Utc};

use super::EbayAdapter;
use super::aftersales::{applied, refused};
use super::look_up::not_done;
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

/// Refunds under way of which is known what was there before; beyond it their times tell.
const REFUNDS_NOTED_MAX: usize = 1_000;

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
        if self.arrived_late(change_id, &asked, &current.order) {
            return Ok(applied());
        }
        self.note_refunds(change_id, &current.order.refunds);
        let answered = self.call(&REFUND, request).await;
        if answered
            .as_ref()
            .is_err_and(|error| !may_have_happened(error))
        {
            self.forget_refunds(change_id);
        }
        match answered {
            Ok(answer) => {
                let told: RefundAnswer = serde_json::from_slice(&answer.body).unwrap_or_default();
                self.note_refund_of(change_id, told.refund_id.as_deref());
                Ok(match told.refund_status.as_deref() {
                    Some("FAILED") => refused(Problem::new(ProblemKind::RefundRefused)),
                    // PENDING: the order tells when the buyer has it.
                    _ => applied(),
                })
            }
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            // One call is not taken: nobody else's, so that the account goes on.
            Err(error) if lacks_signature(&error) => Ok(refused(error.to_problem())),
            Err(error) if error.kind == ErrorKind::Forbidden => Err(named(error)),
            Err(error) => Err(error),
        }
    }

    /// Keeps which refunds an order had before one more was asked for, for the first time.
    pub(super) fn note_refunds(&self, change_id: ChangeId, refunds: &[Refund]) {
        let ids = || refunds.iter().map(|refund| refund.id.clone()).collect();
        let mut before = self.refunds_before();
        if before.len() >= REFUNDS_NOTED_MAX {
            before.clear();
        }
        before.entry(change_id).or_insert_with(ids);
    }

    /// Nothing of what was asked for can have happened: the next time is a first one.
    pub(super) fn forget_refunds(&self, change_id: ChangeId) {
        self.refunds_before().remove(&change_id);
    }

    /// A refund of which eBay told the id belongs to no other change.
    fn note_refund_of(&self, change_id: ChangeId, id: Option<&str>) {
        let mut before = self.refunds_before();
        before.remove(&change_id);
        if let Some(id) = id {
            for ids in before.values_mut() {
                ids.insert(id.to_owned());
            }
        }
    }

    /// Whether the order has by now what was asked for before, without an answer.
    fn arrived_late(&self, change_id: ChangeId, asked: &Asked<'_>, order: &Order) -> bool {
        let before = self.refunds_before();
        let Some(known) = before.get(&change_id) else {
            return false;
        };
        order.refunds.iter().any(|refund| {
            !known.contains(&refund.id)
                && refund.state != RefundStatus::Failed
                && is_of((asked.line_id, asked.amount), refund)
        })
    }

    fn refunds_before(&self) -> MutexGuard<'_, HashMap<ChangeId, HashSet<String>>> {
        let before = self.refunds_before.lock();
        before.unwrap_or_else(PoisonError::into_inner)
    }

    fn was_there_before(&self, change_id: ChangeId, refund: &Refund) -> bool {
        let before = self.refunds_before();
        let ids = before.get(&change_id);
        ids.is_some_and(|ids| ids.contains(&refund.id))
    }

    /// Whether the order has the refund: one that was not there before, of this amount and line,
    /// and that no other change has been told of. `claimed` holds the ids of those that have. What
    /// was there before is known while the program runs, and else told by its time.
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
        let current = self.current(order).await?;
        let fits = |refund: &&Refund| {
            let recent = refund.at.is_none_or(|at| at >= since - CLOCKS_DIFFER);
            let is_new = !self.was_there_before(change_id, refund);
            is_new && recent && is_of((line_id, amount), refund) && !claimed.contains(&refund.id)
        };
        let Some(found) = current.order.refunds.iter().find(fits) else {
            return Ok(None);
        };
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
