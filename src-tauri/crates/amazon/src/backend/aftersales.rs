//! Telling that goods have left (amazon.md §7.5). Cancelling and refunding have no operation of
//! their own and are not offered.

use async_trait::async_trait;
use barrow_market::{
    Aftersales, Answers, Batch, Error, ErrorKind, Orders as _, Outcome, PulledOrder, Result,
    complete,
};
use barrow_model::{
    Action, Change, Order, OrderLineQuantity, OrderRef, Problem, ProblemKind, ShipRequest, Target,
    Ticket,
};

use crate::backend::AmazonAdapter;
use crate::limits::{ORDER_CALL, SHIP_CALL};
use crate::map::carrier::carrier;
use crate::map::order::{SHIP_PLUS, is_ship_plus};
use crate::map::page::hash;
use crate::request::{Parcel, ship_request};

#[async_trait]
impl Aftersales for AmazonAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        for change in &batch.changes {
            if answers.is_stopped() {
                break;
            }
            if let (Target::Order(order), Action::Ship(asked)) = (&change.target, &change.action) {
                answers.take(change.id, self.ship(change, order, asked).await);
            }
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    /// Every call is answered at once: there are no tickets.
    async fn poll(&self, _ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(complete(changes, Vec::new()))
    }

    /// A package that Amazon does not show yet may be told again: the same number edits it.
    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            let (Target::Order(order), Action::Ship(asked)) = (&change.target, &change.action)
            else {
                continue;
            };
            outcomes.push(match self.order(&order.order_id).await? {
                Some(found) if shows(&found.order, asked) => Outcome::applied(change.id, None),
                Some(_) => Outcome::not_done(change.id),
                None => Outcome::refused(change.id, order_unknown()),
            });
        }
        Ok(outcomes)
    }
}

impl AmazonAdapter {
    /// An order as it is now; none where Amazon does not know it.
    async fn order(&self, order_id: &str) -> Result<Option<PulledOrder>> {
        let page = self.fetch(&[order_id.to_owned()]).await?;
        page.only(ORDER_CALL.operation)
    }

    async fn ship(
        &self,
        change: &Change,
        order: &OrderRef,
        asked: &ShipRequest,
    ) -> Result<Outcome> {
        let (code, name) = carrier(&asked.carrier);
        let parcel = Parcel {
            reference: package_number(&asked.reference),
            carrier: code,
            carrier_name: name,
            service: asked.service.as_deref(),
            tracking: &asked.tracking,
            // Neither in the future nor before the order (amazon.md §7.5).
            shipped_at: asked.shipped_at.min(self.clock.now()).max(order.placed_at),
        };
        let lines = pairs(&asked.lines);
        let base = &self.config.base;
        let request = ship_request(base, &order.order_id, &order.site.0, &parcel, &lines);
        match self.call(&SHIP_CALL, request).await {
            Ok(_) => Ok(Outcome::applied(change.id, None)),
            Err(error) if error.kind == ErrorKind::NotFound => {
                let mut problem = order_unknown();
                problem.vendor = error.vendor;
                Ok(Outcome::refused(change.id, problem))
            }
            Err(error) if error.kind == ErrorKind::Refused => {
                self.refused_shipment(change, order, asked, error).await
            }
            Err(error) => Err(error),
        }
    }

    /// Amazon refuses what is shipped already, and orders whose shipping it confirms itself: the
    /// order tells which (amazon.md §7.5).
    async fn refused_shipment(
        &self,
        change: &Change,
        order: &OrderRef,
        asked: &ShipRequest,
        error: Error,
    ) -> Result<Outcome> {
        let mut problem = Problem::new(ProblemKind::ShipRefused);
        problem.vendor.clone_from(&error.vendor);
        // The refusal stands whether or not the order can be read.
        match self.order(&order.order_id).await {
            Ok(Some(found)) if shows(&found.order, asked) => {
                return Ok(Outcome::applied(change.id, None));
            }
            Ok(Some(found)) if is_ship_plus(&found.raw) => {
                problem = problem.param("program", SHIP_PLUS);
            }
            _ => {}
        }
        Ok(Outcome::refused(change.id, problem))
    }
}

/// Whether a package with that tracking number holds the lines.
fn shows(order: &Order, asked: &ShipRequest) -> bool {
    let same = |package: &&barrow_model::Shipment| {
        package.tracking.as_deref() == Some(asked.tracking.as_str())
    };
    asked.lines.iter().all(|line| {
        let parts = order
            .shipments
            .iter()
            .filter(same)
            .flat_map(|package| &package.lines);
        let units = parts
            .filter(|part| part.line_id == line.line_id)
            .fold(0_u32, |units, part| units.saturating_add(part.quantity));
        units >= line.quantity
    })
}

fn pairs(lines: &[OrderLineQuantity]) -> Vec<(&str, u32)> {
    lines
        .iter()
        .map(|line| (line.line_id.as_str(), line.quantity))
        .collect()
}

fn order_unknown() -> Problem {
    Problem::new(ProblemKind::OrderUnknown)
}

/// The package's number: positive, and the same for the same reference, because the same number
/// again edits the package (amazon.md §7.5). It tells packages of one order apart.
fn package_number(reference: &str) -> String {
    let own = reference.parse::<u32>().ok();
    let number = own.filter(|number| (1..=0x3fff_ffff).contains(number));
    // Others lie above those that the seller numbers himself.
    let other = || 0x4000_0000 + (hash(reference) % 0x3fff_ffff) as u32;
    number.unwrap_or_else(other).to_string()
}

#[cfg(test)]
mod number_tests {
    use super::package_number;

    #[test]
    fn a_package_has_a_positive_number_of_its_own() {
        assert_eq!(package_number("7"), "7");
        let number = |reference: &str| package_number(reference).parse::<i32>().expect("a number");
        for reference in ["", "0", "-3", "S-1", "S-2", "99999999999", "Ä"] {
            assert!(number(reference) >= 0x4000_0000, "{reference}");
        }
        assert_eq!(number("S-1"), number("S-1"));
        assert_ne!(number("S-1"), number("S-2"));
    }
}
