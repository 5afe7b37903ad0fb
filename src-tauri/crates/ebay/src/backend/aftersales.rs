//! Acting on orders: telling of shipments (ebay.md §8.3).

use async_trait::async_trait;
use barrow_market::{Aftersales, Batch, Error, ErrorKind, Fate, Outcome, Result, Retry, complete};
use barrow_model::{Action, Change, OrderRef, Problem, ProblemKind, ShipRequest, Target, Ticket};

use super::EbayAdapter;
use super::bulk::{Told, finish};
use super::look_up::not_done;
use crate::config::site_facts;
use crate::error::may_have_happened;
use crate::limits::SHIP;
use crate::{map, request, types};

#[async_trait]
impl Aftersales for EbayAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        if batch.lane != crate::SHIP {
            return Err(Error::new(ErrorKind::Unsupported, "submit").with("lane", batch.lane));
        }
        let mut told: Vec<Told> = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            let fate = match shipment(change) {
                Some((order, request)) => self.ship(order, request).await,
                None => Ok(unsupported()),
            };
            told.push((change.id, fate));
        }
        Ok(complete(&batch.changes, finish(told)?))
    }

    /// No lane gives tickets: every call is answered at once.
    async fn poll(&self, _ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(complete(changes, Vec::new()))
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut told: Vec<Told> = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            let fate = match shipment(change) {
                Some((order, request)) => self.is_shipped(order, request).await,
                None => Ok(unsupported()),
            };
            told.push((change.id, fate));
        }
        Ok(complete(&batch.changes, finish(told)?))
    }
}

fn shipment(change: &Change) -> Option<(&OrderRef, &ShipRequest)> {
    match (&change.target, &change.action) {
        (Target::Order(order), Action::Ship(request)) => Some((order, request)),
        _ => None,
    }
}

fn unsupported() -> Fate {
    Fate::Refused {
        problem: Problem::new(ProblemKind::Unsupported),
        retry: Retry::No,
    }
}

impl EbayAdapter {
    /// One package. Carrier and tracking go together or not at all (ebay.md §8.3); Barrow always
    /// has both.
    async fn ship(
        &self,
        order: &OrderRef,
        shipment: &ShipRequest,
    ) -> std::result::Result<Fate, Error> {
        if map::tracking(&shipment.tracking).is_empty() {
            return Ok(Fate::Refused {
                problem: Problem::new(ProblemKind::TrackingInvalid).field("tracking"),
                retry: Retry::No,
            });
        }
        let site = site_facts(&order.site).unwrap_or(self.config.site);
        let now = self.clock.now();
        let request = request::ship(
            self.api(),
            site,
            &order.order_id,
            shipment,
            order.placed_at,
            now,
        )?;
        match self.call(&SHIP, request).await {
            Ok(_) => Ok(Fate::Applied { binding: None }),
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Whether the order has the shipment already: by its tracking number.
    async fn is_shipped(
        &self,
        order: &OrderRef,
        shipment: &ShipRequest,
    ) -> std::result::Result<Fate, Error> {
        let wanted = map::tracking(&shipment.tracking);
        let known = self.shipments_of(&order.order_id).await?;
        let number = |one: &types::ShippingFulfillment| {
            let text = one
                .shipment_tracking_number
                .as_deref()
                .or(one.fulfillment_id.as_deref());
            text.map(map::tracking)
        };
        let there = known
            .iter()
            .any(|one| number(one).is_some_and(|number| number.eq_ignore_ascii_case(&wanted)));
        Ok(if there {
            Fate::Applied { binding: None }
        } else {
            not_done()
        })
    }
}
