//! What the seller gives back: once, whatever is lost on the way.

use barrow_engine::RefundOrder;
use barrow_model::{ChangeId, ChangeState, Money, OrderState, ProblemKind, RefundReason};

use super::Checked;
use super::world::World;

/// A refund that the seller has asked for.
#[derive(Clone, Debug)]
pub(super) struct AskedRefund {
    marketplace: &'static str,
    order_id: String,
    change: ChangeId,
    minor: i64,
    /// What the buyer had got back before Barrow gave anything, as the marketplace knows it.
    before: i64,
}

impl World {
    /// Gives a little back of an order, so that several refunds of one sum may be under way.
    pub(super) async fn refunds(&mut self) {
        let orders = self.known_orders();
        let Some(stored) = self.chance.pick(&orders) else {
            return;
        };
        let order = &stored.order;
        let (Some(line), Some(total)) = (order.lines.first(), order.total) else {
            return;
        };
        let cents = i64::try_from(self.chance.between(1, 2)).unwrap_or(1) * 50;
        let ask = RefundOrder {
            line_id: Some(line.line_id.clone()),
            amount: Some(Money::new(cents, total.currency)),
            reason: RefundReason::Returned,
            comment: None,
        };
        let Some(marketplace) = self.shop.name_of(stored.account_id) else {
            return;
        };
        let order_id = order.order_id.clone();
        let mut asked = self.refunds.iter();
        let known = asked.find(|one| one.marketplace == marketplace && one.order_id == order_id);
        let before = known.map_or_else(
            || self.shop.held_order(marketplace, &order_id).refunded_minor,
            |known| known.before,
        );
        let queued = self.shop.rig.engine.refund(stored.id, &ask).await;
        let queued = queued.expect("the catalogue is there");
        let problem = queued.as_ref().err().map(|problem| problem.kind);
        self.note(format!("gives back {cents} of {order_id}: {problem:?}"));
        if let Ok(change) = queued {
            self.refunds.push(AskedRefund {
                marketplace,
                order_id,
                change,
                minor: cents,
                before,
            });
        }
    }

    /// *money once*: a buyer gets back at most what was asked for, and what is said to be done.
    pub(super) fn check_refunds(&self) -> Checked {
        for (at, one) in self.refunds.iter().enumerate() {
            let of_order = |other: &&AskedRefund| {
                (other.marketplace, &other.order_id) == (one.marketplace, &one.order_id)
            };
            if self.refunds[..at].iter().any(|other| of_order(&other)) {
                continue;
            }
            self.check_refunds_of(&self.refunds.iter().filter(of_order).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn check_refunds_of(&self, asked: &[&AskedRefund]) -> Checked {
        let Some(one) = asked.first() else {
            return Ok(());
        };
        let held = self.shop.held_order(one.marketplace, &one.order_id);
        let stored = self.shop.stored_order(one.marketplace, &one.order_id);
        let cancelled = stored.is_some_and(|known| known.order.state() == OrderState::Cancelled);
        // A cancellation gives back the rest.
        if cancelled || held.state.to_lowercase().contains("cancel") {
            return Ok(());
        }
        let (mut least, mut most) = (0, 0);
        let mut states = Vec::new();
        for refund in asked {
            let change = self
                .shop
                .rig
                .store
                .read(|db| db.queued_change(refund.change));
            let change = change.map_err(|error| error.to_string())?;
            states.push((refund.change, change.state));
            match change.state {
                ChangeState::Applied => {
                    least += refund.minor;
                    most += refund.minor;
                }
                ChangeState::Dropped => {}
                // Where nobody knows what became of it, a person is told to look.
                ChangeState::Refused => {
                    let problem = change.problem.as_ref();
                    if problem.is_some_and(|told| told.kind == ProblemKind::FateUnknown) {
                        most += refund.minor;
                    }
                }
                _ => most += refund.minor,
            }
        }
        let given = held.refunded_minor - one.before;
        if (least..=most).contains(&given) {
            return Ok(());
        }
        Err(format!(
            "money once: {} of {} got back {given}, expected {least} to {most}: {states:?}",
            one.order_id, one.marketplace
        ))
    }
}
