//! Acting on orders: telling of shipments, cancelling (ebay.md §8.3, §8.5).

use std::collections::HashSet;

use async_trait::async_trait;
use barrow_market::{Aftersales, Batch, Error, ErrorKind, Fate, Outcome, Result, Retry, complete};
use barrow_model::{
    Action, CancelReason, Change, Order, OrderLineQuantity, OrderRef, PaymentState, Problem,
    ProblemKind, ShipRequest, Target, Ticket,
};

use super::EbayAdapter;
use super::bulk::{Told, finish};
use super::case_answers::Answered;
use super::look_up::not_done;
use crate::config::SiteFacts;
use crate::error::{is_not_allowed, lacks_signature, may_have_happened, refuses_tracking};
use crate::limits::{APPROVE_CANCEL, CANCEL, CHECK_CANCEL, GET_ORDER, SHIP};
use crate::request::Paid;
use crate::{map, request, types};

/// The lanes of changes of orders.
const LANES: [&str; 5] = [
    crate::SHIP,
    crate::CANCEL,
    crate::REFUND,
    crate::REJECT_CANCEL,
    crate::ANSWER_CASE,
];

#[async_trait]
impl Aftersales for EbayAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        if !LANES.contains(&batch.lane) {
            return Err(Error::new(ErrorKind::Unsupported, "submit").with("lane", batch.lane));
        }
        let mut told: Vec<Told> = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            let fate = match (&change.target, &change.action) {
                (Target::Order(order), Action::Ship(request)) => self.ship(order, request).await,
                (Target::Order(order), Action::Cancel { lines, reason }) => {
                    self.cancel(order, lines, *reason).await
                }
                (Target::Order(order), Action::RejectCancel) => self.reject_cancel(order).await,
                (Target::Order(order), Action::AnswerCase { .. }) => {
                    match answered(&change.action) {
                        Some(answered) => self.answer_case(change.id, order, answered).await,
                        None => Ok(refused(Problem::new(ProblemKind::Unsupported))),
                    }
                }
                (Target::Order(order), action @ Action::Refund { .. }) => {
                    self.refund(change.id, order, action).await
                }
                _ => Ok(refused(Problem::new(ProblemKind::Unsupported))),
            };
            told.push((change.id, of_its_own(fate)));
        }
        Ok(complete(&batch.changes, finish(told)?))
    }

    /// No lane gives tickets: every call is answered at once.
    async fn poll(&self, _ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(complete(changes, Vec::new()))
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut told: Vec<Told> = Vec::with_capacity(batch.changes.len());
        let mut claimed = HashSet::new();
        for change in &batch.changes {
            let fate = match (&change.target, &change.action) {
                (Target::Order(order), action @ Action::Refund { .. }) => {
                    let since = batch.begun_at;
                    let asked = (change.id, since);
                    self.is_refunded(order, action, asked, &mut claimed).await
                }
                (Target::Order(order), Action::Ship(request)) => {
                    self.is_shipped(order, request).await
                }
                (Target::Order(order), Action::Cancel { .. }) => self.is_cancelled(order).await,
                (Target::Order(order), Action::RejectCancel) => self.is_rejected(order).await,
                (Target::Order(order), Action::AnswerCase { .. }) => {
                    match answered(&change.action) {
                        Some(answered) => {
                            let asked = (change.id, batch.begun_at);
                            let claimed = &mut claimed;
                            self.is_answered(order, answered, asked, claimed).await
                        }
                        None => Ok(refused(Problem::new(ProblemKind::Unsupported))),
                    }
                }
                _ => Ok(refused(Problem::new(ProblemKind::Unsupported))),
            };
            told.push((change.id, fate));
        }
        Ok(complete(&batch.changes, finish(told)?))
    }
}

pub(super) fn refused(problem: Problem) -> Fate {
    Fate::Refused {
        problem,
        retry: Retry::No,
    }
}

/// A permission that one thing needs and the seller has not given is that change's trouble alone:
/// prices and stock need another one and must go on.
fn of_its_own(fate: std::result::Result<Fate, Error>) -> std::result::Result<Fate, Error> {
    match fate {
        Err(error) if is_not_allowed(&error) => Ok(refused(error.to_problem())),
        fate => fate,
    }
}

pub(super) fn applied() -> Fate {
    Fate::Applied { binding: None }
}

fn answered(action: &Action) -> Option<Answered<'_>> {
    let Action::AnswerCase {
        kind,
        case_id,
        answer,
    } = action
    else {
        return None;
    };
    Some(Answered {
        kind: *kind,
        id: case_id,
        answer,
    })
}

/// An order as it stands now.
pub(super) struct Current {
    pub(super) record: types::Order,
    pub(super) order: Order,
}

impl Current {
    pub(super) fn is_cancelled(&self) -> bool {
        self.order
            .lines
            .iter()
            .all(|line| line.quantity_cancelled > 0)
    }

    /// The buyer's wish to cancel that waits for an answer.
    pub(super) fn request(&self) -> Option<&str> {
        let requests = &self.record.cancel_status.cancel_requests;
        let open = requests
            .iter()
            .find(|request| request.cancel_request_state.as_deref() == Some("REQUESTED"));
        open.and_then(|request| request.cancel_request_id.as_deref())
    }

    /// Whether these lines are the whole order: eBay cancels no part of one (ebay.md §8.5).
    fn is_whole(&self, lines: &[OrderLineQuantity]) -> bool {
        self.order.lines.iter().all(|line| {
            let wanted = lines.iter().filter(|wanted| wanted.line_id == line.line_id);
            wanted.map(|wanted| u64::from(wanted.quantity)).sum::<u64>() >= line.quantity.into()
        })
    }
}

/// The lines of a package that eBay has not been told of: it knows a package by its tracking
/// number, and further lines may follow in the same one.
fn untold(shipment: &ShipRequest, known: &[types::ShippingFulfillment]) -> Vec<OrderLineQuantity> {
    let wanted = map::tracking(&shipment.tracking);
    // What left without a number is known by its lines alone. Any unit marks the whole line, and
    // there is nothing else to tell of it: a second such parcel of a line says nothing new.
    let is_untracked = |one: &&types::ShippingFulfillment| {
        wanted.is_empty() && one.shipment_tracking_number.is_none()
    };
    let number = |one: &types::ShippingFulfillment| {
        let text = one
            .shipment_tracking_number
            .as_deref()
            .or(one.fulfillment_id.as_deref());
        text.map(map::tracking)
    };
    let same: Vec<_> = known
        .iter()
        .filter(|one| {
            let same = number(one).is_some_and(|number| number.eq_ignore_ascii_case(&wanted));
            same && !wanted.is_empty() || is_untracked(one)
        })
        .collect();
    // A package that tells no lines, or no number of a line's units, holds all of them.
    let told = |line: &OrderLineQuantity| {
        let of_one = |one: &&types::ShippingFulfillment| {
            let own = one.line_items.iter();
            let own = own.filter(|known| known.line_item_id.as_deref() == Some(&line.line_id));
            let units = own.map(|known| known.quantity.and_then(|units| u32::try_from(units).ok()));
            match one.line_items.is_empty() {
                true => u32::MAX,
                false => units
                    .map(|units| units.unwrap_or(u32::MAX))
                    .fold(0, u32::saturating_add),
            }
        };
        same.iter().map(of_one).fold(0, u32::saturating_add)
    };
    let left = shipment.lines.iter().map(|line| OrderLineQuantity {
        line_id: line.line_id.clone(),
        quantity: line.quantity.saturating_sub(told(line)),
    });
    left.filter(|line| line.quantity > 0).collect()
}

fn is_uncertain(carrier: &str) -> bool {
    !map::is_certain_carrier(&map::carrier(carrier))
}

impl EbayAdapter {
    /// One package. Carrier and tracking go together or not at all (ebay.md §8.3). eBay makes a
    /// second shipment of every call: those that are there are read first, and what they hold is
    /// not told again.
    async fn ship(
        &self,
        order: &OrderRef,
        shipment: &ShipRequest,
    ) -> std::result::Result<Fate, Error> {
        // A number of which nothing is left is a mistake, and no parcel without one.
        if !shipment.tracking.is_empty() && map::tracking(&shipment.tracking).is_empty() {
            let problem = Problem::new(ProblemKind::TrackingInvalid).field("tracking");
            return Ok(refused(problem));
        }
        let known = self.shipments_of(&order.order_id).await?;
        let lines = untold(shipment, &known);
        if lines.is_empty() {
            return Ok(applied());
        }
        let told = match self.tell_of_package(order, shipment, &lines).await {
            // Which carriers eBay knows is not told anywhere; the buyer's number is worth more.
            Err(error) if refuses_tracking(&error) && is_uncertain(&shipment.carrier) => {
                let other = ShipRequest {
                    carrier: map::OTHER_CARRIER.to_owned(),
                    ..shipment.clone()
                };
                self.tell_of_package(order, &other, &lines).await
            }
            told => told,
        };
        match told {
            Ok(()) => Ok(applied()),
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            Err(error) if refuses_tracking(&error) => {
                let mut problem = Problem::new(ProblemKind::TrackingInvalid)
                    .field("tracking")
                    .param("why", "carrier")
                    .param("carrier", &shipment.carrier);
                problem.vendor = error.vendor;
                Ok(refused(problem))
            }
            Err(error) => Err(error),
        }
    }

    async fn tell_of_package(
        &self,
        order: &OrderRef,
        shipment: &ShipRequest,
        lines: &[OrderLineQuantity],
    ) -> Result<()> {
        let (site, now) = (self.site_of(order), self.clock.now());
        let request = request::ship(self.api(), site, order, shipment, lines, now)?;
        self.call(&SHIP, request).await.map(|_| ())
    }

    /// Whether the order has the shipment already, with every line of it.
    async fn is_shipped(
        &self,
        order: &OrderRef,
        shipment: &ShipRequest,
    ) -> std::result::Result<Fate, Error> {
        let known = self.shipments_of(&order.order_id).await?;
        let there = untold(shipment, &known).is_empty();
        Ok(if there { applied() } else { not_done() })
    }

    pub(super) async fn current(&self, order: &OrderRef) -> Result<Current> {
        let unreadable = || Error::new(ErrorKind::Unreadable, GET_ORDER.operation);
        let body = self.whole(&order.order_id).await?;
        let record = serde_json::from_str(&body).map_err(|_| unreadable())?;
        let extra = map::Extra::default();
        let order = map::order(&body, &self.home, &extra).map_err(|_| unreadable())?;
        Ok(Current { record, order })
    }

    /// Cancels a whole order: agrees to the buyer's wish where there is one, else asks for it.
    async fn cancel(
        &self,
        order: &OrderRef,
        lines: &[OrderLineQuantity],
        reason: CancelReason,
    ) -> std::result::Result<Fate, Error> {
        // Reading changes nothing: whatever comes of it, the order is not cancelled by it.
        let current = self.current(order).await?;
        if current.is_cancelled() {
            return Ok(applied());
        }
        if !current.is_whole(lines) {
            let problem = Problem::new(ProblemKind::Unsupported).field("lines");
            return Ok(refused(problem.param("feature", "cancel_part")));
        }
        let site = self.site_of(order);
        let answered = match current.request() {
            Some(id) => {
                let request = request::approve_cancellation(self.api(), site, id)?;
                self.call(&APPROVE_CANCEL, request).await
            }
            None if current.order.cancel_requested => return Ok(applied()),
            None => {
                let legacy = current.record.legacy_order_id.as_deref();
                let id = legacy.unwrap_or(&order.order_id);
                if let Some(why) = self.cannot_cancel(site, id).await? {
                    return Ok(refused(why));
                }
                let paid = Paid {
                    paid: current.order.payment_state == PaymentState::Paid,
                    at: current.order.paid_at,
                };
                let request = request::cancel(self.api(), site, id, reason, paid)?;
                self.call(&CANCEL, request).await
            }
        };
        match answered {
            Ok(_) => Ok(applied()),
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            Err(error) if lacks_signature(&error) => Ok(refused(error.to_problem())),
            Err(error) if error.kind == ErrorKind::Refused => {
                let mut problem = Problem::new(ProblemKind::CancelRefused);
                problem.vendor = error.vendor;
                Ok(refused(problem))
            }
            Err(error) => Err(error),
        }
    }

    /// Why eBay would not cancel an order. Parts of this API come and go (ebay.md §8.5): where the
    /// question itself is refused, the cancellation is tried.
    async fn cannot_cancel(
        &self,
        site: &'static SiteFacts,
        legacy_order_id: &str,
    ) -> Result<Option<Problem>> {
        let request = request::check_cancel(self.api(), site, legacy_order_id)?;
        let told: types::CancelEligibility = match self.call(&CHECK_CANCEL, request).await {
            Ok(answer) => serde_json::from_slice(&answer.body).unwrap_or_default(),
            Err(error) if lacks_signature(&error) => return Ok(Some(error.to_problem())),
            Err(error) => match error.kind {
                ErrorKind::Refused
                | ErrorKind::NotFound
                | ErrorKind::Unreadable
                | ErrorKind::MarketplaceDown => return Ok(None),
                _ => return Err(error),
            },
        };
        let problem = || {
            let problem = Problem::new(ProblemKind::CancelRefused);
            match told.failure_reason.first() {
                Some(code) => problem.vendor(code.as_str(), ""),
                None => problem,
            }
        };
        Ok((told.eligible == Some(false)).then(problem))
    }

    async fn is_cancelled(&self, order: &OrderRef) -> std::result::Result<Fate, Error> {
        let current = self.current(order).await?;
        let asked = current.order.cancel_requested && current.request().is_none();
        Ok(if current.is_cancelled() || asked {
            applied()
        } else {
            not_done()
        })
    }

    pub(super) fn site_of(&self, order: &OrderRef) -> &'static SiteFacts {
        self.facts(&order.site, "order").unwrap_or(self.config.site)
    }
}
