//! Acting on orders (walmart.md §7.3).

use async_trait::async_trait;
use barrow_market::{
    Aftersales, Answers, Batch, Error, ErrorKind, Outcome, RETRY_LATER, Result, complete,
};
use barrow_model::{
    Action, Change, Money, Order, OrderLine, OrderLineQuantity, OrderRef, Problem, ProblemKind,
    RefundReason, ShipRequest, Target, Ticket,
};

use crate::backend::WalmartAdapter;
use crate::limits::{ACKNOWLEDGE_CALL, CANCEL_CALL, REFUND_CALL, SHIP_CALL};
use crate::map::carrier::{carrier, method};
use crate::map::reasons;
use crate::request::{
    Carrier, LineRefund, Parcel, RefundCharge, acknowledge_request, cancel_request, refund_request,
    ship_request,
};

#[async_trait]
impl Aftersales for WalmartAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        for change in &batch.changes {
            if answers.is_stopped() {
                break;
            }
            if let Target::Order(order) = &change.target {
                answers.take(change.id, self.act(change, order).await);
            }
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    /// Every call is answered at once: there are no tickets.
    async fn poll(&self, _ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(complete(changes, Vec::new()))
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            if let Target::Order(order) = &change.target {
                let found = self.order(&order.order_id).await?;
                outcomes.push(match found {
                    Some(found) => what_happened(change, &found),
                    None => Outcome::refused(change.id, order_unknown()),
                });
            }
        }
        Ok(outcomes)
    }
}

impl WalmartAdapter {
    /// An order as it is now; none where Walmart does not know it.
    async fn order(&self, order_id: &str) -> Result<Option<Order>> {
        use barrow_market::Orders as _;
        let page = self.fetch(&[order_id.to_owned()]).await?;
        Ok(page.only("getAnOrder")?.map(|found| found.order))
    }

    async fn act(&self, change: &Change, order: &OrderRef) -> Result<Outcome> {
        let id = &order.order_id;
        let base = &self.config.base;
        let (result, kind) = match &change.action {
            Action::Acknowledge => {
                let request = acknowledge_request(base, id);
                (
                    self.call(&ACKNOWLEDGE_CALL, request).await,
                    ProblemKind::Refused,
                )
            }
            Action::Ship(parcel) => return self.ship(change, order, parcel).await,
            Action::Cancel { lines, reason } => {
                let request =
                    cancel_request(base, id, reasons::cancellation(*reason), &pairs(lines));
                (
                    self.call(&CANCEL_CALL, request).await,
                    ProblemKind::CancelRefused,
                )
            }
            Action::Refund {
                line_id,
                amount,
                reason,
                comment,
            } => {
                let asked = Refund {
                    line_id: line_id.as_deref(),
                    amount: *amount,
                    reason: *reason,
                    comment: comment.as_deref(),
                };
                return self.refund(change, order, &asked).await;
            }
            _ => return Err(Error::new(ErrorKind::Unsupported, "submit")),
        };
        settled(change, result.map(|_| ()), kind)
    }

    async fn ship(
        &self,
        change: &Change,
        order: &OrderRef,
        asked: &ShipRequest,
    ) -> Result<Outcome> {
        let carrier = carrier(&asked.carrier);
        let url = asked
            .tracking_url
            .as_deref()
            .filter(|url| !url.trim().is_empty());
        if matches!(carrier, Carrier::Other(_)) && url.is_none() {
            // A carrier beyond the list is taken with a tracking address only (walmart.md §7.3).
            let problem = Problem::new(ProblemKind::CarrierInvalid)
                .field("tracking_url")
                .param("carrier", &asked.carrier);
            return Ok(Outcome::refused(change.id, problem));
        }
        // Neither in the future nor before the order (walmart.md §7.3).
        let shipped_at = asked.shipped_at.min(self.clock.now()).max(order.placed_at);
        let parcel = Parcel {
            carrier,
            method: method(asked.service.as_deref()),
            tracking: &asked.tracking,
            tracking_url: url,
            shipped_at,
            reference: if asked.reference.is_empty() {
                &order.order_id
            } else {
                &asked.reference
            },
        };
        let lines = pairs(&asked.lines);
        let send = |although_cancelled| {
            ship_request(
                &self.config.base,
                &order.order_id,
                &parcel,
                &lines,
                although_cancelled,
            )
        };
        let first = self.call(&SHIP_CALL, send(false)).await;
        let refused = first
            .as_ref()
            .is_err_and(|error| error.kind == ErrorKind::Refused);
        // A parcel that has left has left: where the buyer had asked to cancel, Walmart wants that
        // said. A refused call has had no effect, so this is still the one step of the change.
        let result = if refused && self.wants_override(&order.order_id, &lines).await {
            self.call(&SHIP_CALL, send(true)).await
        } else {
            first
        };
        settled(change, result.map(|_| ()), ProblemKind::ShipRefused)
    }

    async fn wants_override(&self, order_id: &str, lines: &[(&str, u32)]) -> bool {
        let found = self.order(order_id).await.ok().flatten();
        found.is_some_and(|order| {
            let open = |line: &str| {
                order
                    .lines
                    .iter()
                    .any(|l| l.line_id == line && l.open() > 0)
            };
            order.cancel_requested && lines.iter().all(|(line, _)| open(line))
        })
    }

    /// Refunds need the order's own charges, so it is read first.
    async fn refund(
        &self,
        change: &Change,
        order: &OrderRef,
        asked: &Refund<'_>,
    ) -> Result<Outcome> {
        let found = match self.order(&order.order_id).await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(Outcome::refused(change.id, order_unknown())),
            // Nothing was sent yet: an answer that is missing is not an unknown refund.
            Err(error) => return Ok(Outcome::later(change.id, error.to_problem(), RETRY_LATER)),
        };
        let lines = match refund_lines(&found, asked) {
            Ok(lines) => lines,
            Err(problem) => return Ok(Outcome::refused(change.id, *problem)),
        };
        let request = refund_request(
            &self.config.base,
            &order.order_id,
            reasons::refund(asked.reason),
            asked.comment,
            &lines,
        );
        let result = self.call(&REFUND_CALL, request).await;
        settled(change, result.map(|_| ()), ProblemKind::RefundRefused)
    }
}

/// A refund as it is asked for.
struct Refund<'a> {
    line_id: Option<&'a str>,
    amount: Option<Money>,
    reason: RefundReason,
    comment: Option<&'a str>,
}

/// What goes back for which line: all of it, or a part of one line's price.
fn refund_lines<'a>(
    order: &'a Order,
    asked: &Refund<'_>,
) -> std::result::Result<Vec<LineRefund<'a>>, Box<Problem>> {
    let wanted = |line: &&OrderLine| is_refunded(line, asked.line_id);
    let lines: Vec<_> = order.lines.iter().filter(wanted).collect();
    let invalid = || Box::new(Problem::new(ProblemKind::LineInvalid).field("line_id"));
    if lines.is_empty() {
        return Err(invalid());
    }
    let Some(amount) = asked.amount else {
        return Ok(lines
            .into_iter()
            .map(|line| LineRefund {
                line_id: &line.line_id,
                full: true,
                charges: [
                    ("PRODUCT", "Item Price", paid(line), line.tax),
                    ("SHIPPING", "Shipping Price", line.shipping, None),
                ]
                .into_iter()
                .filter_map(|(kind, name, amount, tax)| {
                    Some(RefundCharge {
                        kind,
                        name,
                        amount: amount.filter(|amount| amount.minor > 0)?,
                        tax: tax.filter(|tax| tax.minor > 0),
                    })
                })
                .collect(),
            })
            .collect());
    };
    // Which line a part of several lines' price belongs to, only the seller can say.
    let [line] = lines.as_slice() else {
        return Err(invalid());
    };
    if amount.minor <= 0 {
        return Err(Box::new(
            Problem::new(ProblemKind::RefundRefused).field("amount"),
        ));
    }
    Ok(vec![LineRefund {
        line_id: &line.line_id,
        full: false,
        charges: vec![RefundCharge {
            kind: "PRODUCT",
            name: "Item Price",
            amount,
            tax: None,
        }],
    }])
}

/// Whether a refund of this line, or of the whole order, concerns a line. Of a whole order, what
/// was cancelled has cost the buyer nothing.
fn is_refunded(line: &OrderLine, asked: Option<&str>) -> bool {
    match asked {
        Some(asked) => asked == line.line_id,
        None => line.quantity_cancelled < line.quantity,
    }
}

/// What a line's goods have cost: more than the balance is not given back (walmart.md §7.3).
fn paid(line: &OrderLine) -> Option<Money> {
    let (subtotal, discount) = (line.subtotal?, line.discount);
    match discount {
        Some(discount) => subtotal.checked_sub(discount).ok(),
        None => Some(subtotal),
    }
}

fn pairs(lines: &[OrderLineQuantity]) -> Vec<(&str, u32)> {
    lines
        .iter()
        .map(|line| (line.line_id.as_str(), line.quantity))
        .collect()
}

/// Turns a refusal into the problem of its kind of action.
fn settled(change: &Change, result: Result<()>, kind: ProblemKind) -> Result<Outcome> {
    match result {
        Ok(()) => Ok(Outcome::applied(change.id, None)),
        Err(error) if error.kind == ErrorKind::NotFound => {
            let mut problem = order_unknown();
            problem.vendor = error.vendor;
            Ok(Outcome::refused(change.id, problem))
        }
        Err(error) if error.kind == ErrorKind::Refused && error.problem.is_none() => {
            let mut problem = Problem::new(kind);
            problem.vendor.clone_from(&error.vendor);
            Ok(Outcome::refused(change.id, problem))
        }
        Err(error) => Err(error),
    }
}

fn order_unknown() -> Problem {
    Problem::new(ProblemKind::OrderUnknown)
}

/// What became of an action, by the order as it is now.
fn what_happened(change: &Change, order: &Order) -> Outcome {
    let happened = match &change.action {
        Action::Acknowledge => Some(!order.needs_acknowledgement),
        Action::Ship(asked) => shipped(order, asked),
        Action::Cancel { lines, .. } => cancelled(order, lines),
        Action::Refund {
            line_id, amount, ..
        } => refunded(order, line_id.as_deref(), *amount),
        _ => None,
    };
    match happened {
        Some(true) => Outcome::applied(change.id, None),
        Some(false) => Outcome::not_done(change.id),
        None => Outcome::unknown(change.id),
    }
}

/// Whether a parcel with that tracking number holds the lines; unknown where it holds some.
fn shipped(order: &Order, asked: &ShipRequest) -> Option<bool> {
    let told = |line: &OrderLineQuantity| {
        let parcels = order
            .shipments
            .iter()
            .filter(|parcel| parcel.tracking.as_deref() == Some(asked.tracking.as_str()));
        let units: u32 = parcels
            .flat_map(|parcel| &parcel.lines)
            .filter(|part| part.line_id == line.line_id)
            .map(|part| part.quantity)
            .sum();
        units >= line.quantity
    };
    all_or_none(asked.lines.iter().map(told))
}

/// Whether as many units of the lines are cancelled; unknown where some are.
fn cancelled(order: &Order, lines: &[OrderLineQuantity]) -> Option<bool> {
    let told = |wanted: &OrderLineQuantity| {
        let line = order
            .lines
            .iter()
            .find(|line| line.line_id == wanted.line_id);
        line.is_some_and(|line| line.quantity_cancelled >= wanted.quantity)
    };
    all_or_none(lines.iter().map(told))
}

/// Whether such a refund is there. Without any, it did not happen; with others, nobody can tell.
fn refunded(order: &Order, line_id: Option<&str>, amount: Option<Money>) -> Option<bool> {
    let concerned = |refund: &&barrow_model::Refund| {
        line_id.is_none_or(|line_id| refund.line_id.as_deref() == Some(line_id))
    };
    let found: Vec<_> = order.refunds.iter().filter(concerned).collect();
    if found.is_empty() {
        return Some(false);
    }
    match amount {
        Some(amount) => found
            .iter()
            .any(|refund| refund.amount == amount)
            .then_some(true),
        None => {
            let lines = order.lines.iter().filter(|line| is_refunded(line, line_id));
            let each = |line: &barrow_model::OrderLine| {
                found
                    .iter()
                    .any(|refund| refund.line_id.as_deref() == Some(&line.line_id))
            };
            lines.into_iter().all(each).then_some(true)
        }
    }
}

fn all_or_none(mut told: impl Iterator<Item = bool> + Clone) -> Option<bool> {
    if told.clone().all(|yes| yes) {
        return Some(true);
    }
    (!told.any(|yes| yes)).then_some(false)
}
