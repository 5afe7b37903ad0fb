//! What the seller does to orders: it is checked here, waits in the outbox, and goes first.

use std::collections::BTreeMap;

use barrow_model::{
    Action, ActionKind, CancelReason, CaseAct, CaseAnswer, CaseKind, ChangeId, Money,
    OrderLineQuantity, OrderRowId, PaymentState, Problem, ProblemKind, RefundReason, RefundState,
    RefundStatus, ReturnAddress, ShipRequest,
};
use barrow_store::{AftersalesWish, StoredCase, StoredOrder};
use chrono::{DateTime, Utc};

use crate::engine::Engine;
use crate::error::Result;
use crate::pull::order_ref;

/// Goods that the seller has sent off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipOrder {
    /// Carrier as the seller names it.
    pub carrier: String,
    /// Service, where the seller names one.
    pub service: Option<String>,
    /// Tracking number.
    pub tracking: String,
    /// Where a buyer can follow it.
    pub tracking_url: Option<String>,
    /// When it left; now where nothing is said.
    pub shipped_at: Option<DateTime<Utc>>,
    /// What is in it; empty for everything that is still to be shipped.
    pub lines: Vec<OrderLineQuantity>,
    /// It leaves without carrier and tracking number; what is named of them does not count.
    pub untracked: bool,
    /// The seller's yes to ship what the buyer has not paid.
    pub unpaid: bool,
}

/// Money that the seller gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundOrder {
    /// For which line; none for the whole order.
    pub line_id: Option<String>,
    /// How much; none for all of it.
    pub amount: Option<Money>,
    /// Why.
    pub reason: RefundReason,
    /// Words for the buyer.
    pub comment: Option<String>,
}

/// A change that waits in the outbox, or why it cannot be made.
pub type Queued = std::result::Result<ChangeId, Problem>;

impl Engine {
    /// Queues a shipment. The marketplace is told with the next push, before anything else.
    pub async fn ship(&self, id: OrderRowId, ask: &ShipOrder) -> Result<Queued> {
        let stored = self.store.read(|db| db.order(id))?;
        if let Err(problem) = self.offered(&stored, ActionKind::Ship).await? {
            return Ok(Err(problem));
        }
        let payment = stored.order.payment_state;
        let is_paid = !matches!(payment, PaymentState::Pending | PaymentState::Failed);
        if !is_paid && !ask.unpaid {
            return Ok(Err(Problem::new(ProblemKind::NotPaid)));
        }
        if stored.order.refund_state() == RefundState::Full && !ask.unpaid {
            let problem = Problem::new(ProblemKind::NotPaid);
            return Ok(Err(problem.param("why", "refunded")));
        }
        let (carrier, tracking) = match ask.untracked {
            true => ("", ""),
            false => (ask.carrier.trim(), ask.tracking.trim()),
        };
        if !ask.untracked
            && let Err(problem) = check_parcel(carrier, tracking)
        {
            return Ok(Err(problem));
        }
        let now = self.now();
        let shipped_at = ask
            .shipped_at
            .unwrap_or(now)
            .min(now)
            .max(stored.order.placed_at);
        let queued = self.store.write(|tx| {
            let stored = tx.order(id)?;
            let under_way = tx.unsettled_actions(id)?;
            let lines = match lines_left(&stored, &under_way, &ask.lines) {
                Ok(lines) => lines,
                Err(problem) => return Ok(Err(problem)),
            };
            let request = ShipRequest {
                reference: free_reference(id, &stored),
                carrier: carrier.to_owned(),
                service: ask.service.clone(),
                tracking: tracking.to_owned(),
                tracking_url: ask.tracking_url.clone(),
                shipped_at,
                lines,
            };
            let change_id = tx.queue_aftersales(&AftersalesWish {
                account_id: stored.account_id,
                order: order_ref(id, &stored.order),
                action: Action::Ship(request.clone()),
                value: Some(request.tracking.clone()),
                deadline: stored.order.ship_by,
            })?;
            tx.queue_shipment(id, &request, change_id)?;
            Ok(Ok(change_id))
        })?;
        Ok(queued)
    }

    /// Queues a cancellation of lines; of everything that is open where none is named.
    pub async fn cancel(
        &self,
        id: OrderRowId,
        lines: &[OrderLineQuantity],
        reason: CancelReason,
    ) -> Result<Queued> {
        let stored = self.store.read(|db| db.order(id))?;
        if let Err(problem) = self.offered(&stored, ActionKind::Cancel).await? {
            return Ok(Err(problem));
        }
        let queued = self.store.write(|tx| {
            let stored = tx.order(id)?;
            let under_way = tx.unsettled_actions(id)?;
            // The same money must not go back in two ways.
            if under_way
                .iter()
                .chain(&tx.refunds_unread(id)?)
                .any(pays_a_case)
            {
                return Ok(Err(Problem::new(ProblemKind::CancelRefused)));
            }
            let lines = match lines_to_cancel(&stored, &under_way, lines) {
                Ok(lines) => lines,
                Err(problem) => return Ok(Err(problem)),
            };
            let value = lines
                .iter()
                .map(|line| u64::from(line.quantity))
                .sum::<u64>();
            let change_id = tx.queue_aftersales(&AftersalesWish {
                account_id: stored.account_id,
                order: order_ref(id, &stored.order),
                action: Action::Cancel { lines, reason },
                value: Some(value.to_string()),
                deadline: stored.order.ship_by,
            })?;
            Ok(Ok(change_id))
        })?;
        Ok(queued)
    }

    /// Queues that the buyer's wish to cancel is not agreed to.
    pub async fn reject_cancel(&self, id: OrderRowId) -> Result<Queued> {
        let stored = self.store.read(|db| db.order(id))?;
        if let Err(problem) = self.offered(&stored, ActionKind::RejectCancel).await? {
            return Ok(Err(problem));
        }
        let queued = self.store.write(|tx| {
            let stored = tx.order(id)?;
            let under_way = tx.unsettled_actions(id)?;
            let decided = under_way
                .iter()
                .any(|action| matches!(action, Action::RejectCancel | Action::Cancel { .. }));
            if decided || !stored.order.cancel_requested {
                let problem = Problem::new(ProblemKind::CancelRefused);
                return Ok(Err(problem.param("why", "not_asked")));
            }
            let change_id = tx.queue_aftersales(&AftersalesWish {
                account_id: stored.account_id,
                order: order_ref(id, &stored.order),
                action: Action::RejectCancel,
                value: None,
                deadline: stored.order.ship_by,
            })?;
            Ok(Ok(change_id))
        })?;
        Ok(queued)
    }

    /// Queues an answer to a case, where the marketplace offers it and no other is on its way. Of
    /// a request to cancel it is the cancellation itself, or that it is not agreed to. Money is
    /// given back only where the answer names the sum that the case is about.
    pub async fn answer_case(&self, case: &StoredCase, answer: CaseAnswer) -> Result<Queued> {
        let Some(id) = case.order_row_id else {
            return Ok(Err(case_refused("not_offered")));
        };
        match (case.case.kind, &answer) {
            (CaseKind::Cancellation, CaseAnswer::Approve) => {
                return self.cancel(id, &[], CancelReason::BuyerAsked).await;
            }
            (CaseKind::Cancellation, CaseAnswer::Decline { .. }) => {
                return self.reject_cancel(id).await;
            }
            _ => {}
        }
        let stored = self.store.read(|db| db.order(id))?;
        if let Err(problem) = self.offered(&stored, ActionKind::AnswerCase).await? {
            return Ok(Err(problem));
        }
        let answer = match checked_answer(answer, self.now()) {
            Ok(answer) => answer,
            Err(problem) => return Ok(Err(problem)),
        };
        let row = case.id;
        let queued = self.store.write(|tx| {
            let Some(StoredCase { case, .. }) = tx.case(row)? else {
                return Ok(Err(case_refused("not_offered")));
            };
            let pays = answer.act() == CaseAct::Refund;
            let is_in_the_way = |action: &Action| match action {
                Action::AnswerCase { kind, case_id, .. } => {
                    *kind == case.kind && *case_id == case.case_id
                }
                // The same money must not go back in two ways.
                Action::Refund { .. } | Action::Cancel { .. } => pays,
                _ => false,
            };
            let is_given = |action: &Action| pays && matches!(action, Action::Refund { .. });
            if tx.unsettled_actions(id)?.iter().any(is_in_the_way)
                || tx.refunds_unread(id)?.iter().any(is_given)
            {
                return Ok(Err(case_refused("under_way")));
            }
            if !case.offers.contains(&answer.act()) {
                return Ok(Err(case_refused("not_offered")));
            }
            if !gives_what_it_is_about(&answer, case.amount) {
                return Ok(Err(case_refused("amount")));
            }
            let stored = tx.order(id)?;
            let change_id = tx.queue_aftersales(&AftersalesWish {
                account_id: stored.account_id,
                order: order_ref(id, &stored.order),
                value: told_of(&answer),
                action: Action::AnswerCase {
                    kind: case.kind,
                    case_id: case.case_id,
                    answer,
                },
                deadline: case.respond_by,
            })?;
            Ok(Ok(change_id))
        })?;
        Ok(queued)
    }

    /// What a cancellation would cancel, or why it cannot be made. Writes nothing.
    pub async fn cancellable(
        &self,
        id: OrderRowId,
        lines: &[OrderLineQuantity],
    ) -> Result<std::result::Result<Vec<OrderLineQuantity>, Problem>> {
        let (stored, under_way) = self
            .store
            .read(|db| Ok((db.order(id)?, db.unsettled_actions(id)?)))?;
        if let Err(problem) = self.offered(&stored, ActionKind::Cancel).await? {
            return Ok(Err(problem));
        }
        Ok(lines_to_cancel(&stored, &under_way, lines))
    }

    /// Queues a refund.
    pub async fn refund(&self, id: OrderRowId, ask: &RefundOrder) -> Result<Queued> {
        let stored = self.store.read(|db| db.order(id))?;
        if let Err(problem) = self.offered(&stored, ActionKind::Refund).await? {
            return Ok(Err(problem));
        }
        let queued = self.store.write(|tx| {
            let stored = tx.order(id)?;
            let mut going_back = tx.unsettled_actions(id)?;
            going_back.extend(tx.refunds_unread(id)?);
            if let Err(problem) = check_refund(&stored, &going_back, ask) {
                return Ok(Err(problem));
            }
            let change_id = tx.queue_aftersales(&AftersalesWish {
                account_id: stored.account_id,
                order: order_ref(id, &stored.order),
                action: Action::Refund {
                    line_id: ask.line_id.clone(),
                    amount: ask.amount,
                    reason: ask.reason,
                    comment: ask.comment.clone(),
                },
                value: ask.amount.map(|amount| amount.to_string()),
                deadline: None,
            })?;
            Ok(Ok(change_id))
        })?;
        Ok(queued)
    }

    async fn offered(
        &self,
        stored: &StoredOrder,
        kind: ActionKind,
    ) -> Result<std::result::Result<(), Problem>> {
        let account = self.store.read(|db| db.account(stored.account_id))?;
        Ok(match self.accounts.adapter(&account).await {
            Err(error) => Err(error.to_problem()),
            Ok(adapter) if adapter.capability().offers(kind) => Ok(()),
            Ok(_) => Err(Problem::new(ProblemKind::Unsupported).param("feature", kind.code())),
        })
    }
}

/// A name for a parcel that no other parcel of the order has had: those that were read back have
/// the marketplace's names, and one that was taken back leaves a gap.
fn free_reference(id: OrderRowId, stored: &StoredOrder) -> String {
    let shipments = &stored.order.shipments;
    let mut number = shipments.len() + 1;
    loop {
        let name = format!("{id}-{number}");
        if !shipments.iter().any(|shipment| shipment.id == name) {
            return name;
        }
        number += 1;
    }
}

/// Whether this gives back what a case is about.
fn pays_a_case(action: &Action) -> bool {
    matches!(
        action,
        Action::AnswerCase {
            answer: CaseAnswer::Refund { .. },
            ..
        }
    )
}

fn case_refused(why: &str) -> Problem {
    Problem::new(ProblemKind::CaseRefused).param("why", why)
}

/// Whether an answer gives back nothing, or just the sum of its case: the seller has seen what
/// goes, also where the case has become another since.
fn gives_what_it_is_about(answer: &CaseAnswer, about: Option<Money>) -> bool {
    match answer {
        CaseAnswer::Refund { amount } => amount.is_some() && *amount == about,
        _ => true,
    }
}

/// What receipts show of an answer.
fn told_of(answer: &CaseAnswer) -> Option<String> {
    match answer {
        CaseAnswer::Refund { amount } => amount.map(|amount| amount.to_string()),
        CaseAnswer::ProvideShipment { tracking, .. } => Some(tracking.clone()),
        _ => None,
    }
}

/// An address that goods, and a call, arrive at.
fn whole_address(address: ReturnAddress) -> std::result::Result<ReturnAddress, Problem> {
    let address = address.tidied();
    match address.lacks() {
        Some(part) => Err(case_refused("return_address").param("part", part)),
        None => Ok(address),
    }
}

/// An answer without blanks around its words; how something was sent is told whole.
fn checked_answer(
    answer: CaseAnswer,
    now: DateTime<Utc>,
) -> std::result::Result<CaseAnswer, Problem> {
    let words = |text: Option<String>| {
        let text = text.map(|text| text.trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    Ok(match answer {
        CaseAnswer::Decline { comment } => CaseAnswer::Decline {
            comment: words(comment),
        },
        CaseAnswer::Contest {
            note,
            evidence,
            return_to,
        } => CaseAnswer::Contest {
            note: words(note),
            evidence,
            return_to: return_to.map(whole_address).transpose()?,
        },
        CaseAnswer::AcceptWithAddress { return_to } => CaseAnswer::AcceptWithAddress {
            return_to: whole_address(return_to)?,
        },
        CaseAnswer::ProvideShipment {
            carrier,
            tracking,
            shipped_at,
        } => {
            check_parcel(&carrier, &tracking)?;
            CaseAnswer::ProvideShipment {
                carrier: carrier.trim().to_owned(),
                tracking: tracking.trim().to_owned(),
                shipped_at: shipped_at.min(now),
            }
        }
        answer => answer,
    })
}

fn check_parcel(carrier: &str, tracking: &str) -> std::result::Result<(), Problem> {
    if carrier.trim().is_empty() {
        return Err(Problem::new(ProblemKind::CarrierInvalid)
            .field("carrier")
            .param("carrier", ""));
    }
    if tracking.trim().is_empty() {
        return Err(Problem::new(ProblemKind::TrackingInvalid).field("tracking"));
    }
    Ok(())
}

/// What of an order is still to be shipped and not in a parcel or cancellation that is under way.
pub fn lines_to_ship(stored: &StoredOrder, under_way: &[Action]) -> Vec<OrderLineQuantity> {
    lines_left(stored, under_way, &[]).unwrap_or_default()
}

fn lines_to_cancel(
    stored: &StoredOrder,
    under_way: &[Action],
    wanted: &[OrderLineQuantity],
) -> std::result::Result<Vec<OrderLineQuantity>, Problem> {
    lines_left(stored, under_way, wanted).map_err(|problem| Problem {
        kind: ProblemKind::CancelRefused,
        ..problem
    })
}

/// The lines of a shipment or a cancellation: those that were named, checked against what is open
/// and not on its way already, or everything that is.
fn lines_left(
    stored: &StoredOrder,
    under_way: &[Action],
    wanted: &[OrderLineQuantity],
) -> std::result::Result<Vec<OrderLineQuantity>, Problem> {
    let mut left: BTreeMap<&str, u32> = stored
        .order
        .lines
        .iter()
        .map(|line| (line.line_id.as_str(), line.open()))
        .collect();
    let taken = under_way.iter().flat_map(|action| match action {
        Action::Ship(request) => request.lines.as_slice(),
        Action::Cancel { lines, .. } => lines.as_slice(),
        _ => &[],
    });
    for line in taken {
        if let Some(open) = left.get_mut(line.line_id.as_str()) {
            *open = open.saturating_sub(line.quantity);
        }
    }
    if wanted.is_empty() {
        let lines: Vec<_> = stored
            .order
            .lines
            .iter()
            .filter_map(|line| {
                let quantity = left.get(line.line_id.as_str()).copied().unwrap_or_default();
                (quantity > 0).then(|| OrderLineQuantity {
                    line_id: line.line_id.clone(),
                    quantity,
                })
            })
            .collect();
        if lines.is_empty() {
            return Err(
                Problem::new(ProblemKind::ShipRefused).param("state", stored.order.state().code())
            );
        }
        return Ok(lines);
    }
    for line in wanted {
        let refused = |open: u32| {
            Problem::new(ProblemKind::LineInvalid)
                .field("lines")
                .param("line", &line.line_id)
                .param("asked", line.quantity)
                .param("open", open)
        };
        match left.get_mut(line.line_id.as_str()) {
            Some(open) if line.quantity > 0 && line.quantity <= *open => *open -= line.quantity,
            Some(open) => return Err(refused(*open)),
            None => return Err(refused(0)),
        }
    }
    Ok(wanted.to_vec())
}

/// No more is given back than was paid, what is given back already and what goes back included.
fn check_refund(
    stored: &StoredOrder,
    going_back: &[Action],
    ask: &RefundOrder,
) -> std::result::Result<(), Problem> {
    let order = &stored.order;
    if let Some(line_id) = &ask.line_id
        && !order.lines.iter().any(|line| &line.line_id == line_id)
    {
        return Err(Problem::new(ProblemKind::LineInvalid)
            .field("lines")
            .param("line", line_id)
            .param("open", 0));
    }
    let refused = || {
        let problem = Problem::new(ProblemKind::RefundRefused).field("amount");
        let amount = ask
            .amount
            .map_or_else(String::new, |amount| amount.to_string());
        Err(problem.param("amount", amount))
    };
    let mut given = Vec::new();
    for action in going_back {
        match action {
            // How much "all of it" is, is not known before it is answered.
            Action::Refund { amount: None, .. }
            | Action::AnswerCase {
                answer: CaseAnswer::Refund { amount: None },
                ..
            } => return refused(),
            Action::Refund {
                amount: Some(amount),
                ..
            }
            | Action::AnswerCase {
                answer:
                    CaseAnswer::Refund {
                        amount: Some(amount),
                    },
                ..
            } => given.push(*amount),
            _ => {}
        }
    }
    let settled = order
        .refunds
        .iter()
        .filter(|refund| refund.state != RefundStatus::Failed);
    given.extend(settled.map(|refund| refund.amount));
    let total = order.amounts.total.or(order.total);
    match (ask.amount, total, Money::sum(given.iter().copied())) {
        (Some(amount), _, _) if amount.minor <= 0 => refused(),
        (Some(amount), Some(total), Ok(given)) => {
            let given = given.unwrap_or(Money::zero(total.currency));
            match amount.checked_add(given) {
                Ok(sum) if sum.currency == total.currency && sum.minor <= total.minor => Ok(()),
                _ => refused(),
            }
        }
        (None, _, Ok(given)) if given.is_none() || ask.line_id.is_some() => Ok(()),
        (Some(_), None, Ok(_)) => Ok(()),
        _ => refused(),
    }
}
