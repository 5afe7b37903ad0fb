//! One change of each kind, with what must be there for it, and how to see that it is done.

use barrow_model::{
    Action, ActionKind, CancelReason, Case, CaseAnswer, CaseKind, Change, ListingRef, Money, Order,
    OrderLineQuantity, OrderRef, OrderRowId, RefundReason, ShipRequest, Target,
};

use super::bench::Bench;
use super::publishing::publish_of;

/// Within this buyers bring up what they have to say.
pub(super) const BROUGHT_UP: std::time::Duration = std::time::Duration::from_secs(900);

/// Units of every listing that a deed needs.
const UNITS: u32 = 5;

/// A change that can be done now.
pub(super) struct Deed {
    pub(super) change: Change,
}

impl Deed {
    /// Makes ready what a change of a kind needs, with the nth thing to sell, and the change.
    pub(super) async fn new(bench: &Bench, kind: ActionKind, number: u32) -> Self {
        if kind == ActionKind::Publish {
            let change = publish_of(bench, number).await;
            return Self { change };
        }
        let listing = bench.publish(&[number], UNITS).await.remove(0);
        let change = if kind.is_aftersales() {
            of_bought(bench, kind, &listing).await
        } else {
            let action = of_listing(bench, kind, number).await;
            bench.change(&listing, action)
        };
        Self { change }
    }

    /// Whether it is done, as the marketplace holds it; none where that cannot be seen, because
    /// the texts of the offer are not shown.
    pub(super) async fn is_done(&self, bench: &Bench) -> Option<bool> {
        if bench.subject.on_pages && self.change.action.kind() == ActionKind::Revise {
            return None;
        }
        Some(match &self.change.target {
            Target::Listing(listing) => self.is_done_to_listing(bench, listing).await,
            Target::Order(order) => {
                let read = bench.fetch(&order.order_id).await;
                self.is_done_to_order(bench, &read)
            }
        })
    }

    async fn is_done_to_listing(&self, bench: &Bench, listing: &ListingRef) -> bool {
        let held = bench.held_of(&listing.sku);
        let Some(one) = held.first() else {
            return false;
        };
        assert!(held.len() == 1, "never twice: {held:?}");
        let price = one.price.as_ref().map(|price| price.amount.clone());
        match &self.change.action {
            Action::Publish(offer) => {
                one.state == "live"
                    && one.quantity == offer.quantity
                    && price == Some(offer.price.amount())
            }
            Action::Revise(offer) => {
                let role = bench.adapter.listings().expect("listings are offered");
                let seen = role.observe_some(std::slice::from_ref(listing)).await;
                let seen = seen.expect("it can be read").pop().expect("it is there");
                seen.title.as_deref() == Some(offer.content.title.as_str())
            }
            Action::SetPrice(wanted) => price == Some(wanted.amount()),
            Action::SetQuantity(wanted) => one.quantity == *wanted,
            _ => one.state == "ended",
        }
    }

    fn is_done_to_order(&self, bench: &Bench, order: &Order) -> bool {
        let line = &order.lines[0];
        match &self.change.action {
            Action::Acknowledge => !order.needs_acknowledgement,
            Action::Ship(_) => {
                // The marketplace holds the parcel before the lines show it.
                let parcels = bench.held_order(&order.order_id).shipments.len();
                assert!(parcels <= 1, "never twice");
                parcels == 1
            }
            Action::RejectCancel => !order.cancel_requested,
            Action::Cancel { .. } => line.quantity_cancelled == line.quantity,
            _ => {
                let price = line.subtotal.expect("a line has a price").minor;
                let given: i64 = order.refunds.iter().map(|refund| refund.amount.minor).sum();
                assert!(given < 2 * price, "never twice: {:?}", order.refunds);
                given > 0
            }
        }
    }
}

async fn of_listing(bench: &Bench, kind: ActionKind, number: u32) -> Action {
    let mut offer = bench.offer(number).await;
    match kind {
        ActionKind::Revise => {
            offer.quantity = UNITS;
            offer.content.title = format!("Wireless Headphones Revision {number}");
            Action::Revise(Box::new(offer))
        }
        ActionKind::SetPrice => Action::SetPrice(Money::new(9_905, offer.price.currency)),
        ActionKind::SetQuantity => Action::SetQuantity(2),
        ActionKind::End => Action::End,
        other => panic!("{other:?} is not done to a listing"),
    }
}

/// A change of an order that a buyer has just placed.
async fn of_bought(bench: &Bench, kind: ActionKind, listing: &ListingRef) -> Change {
    if kind == ActionKind::RejectCancel {
        bench.fault("buyer_regrets", 1);
    }
    let id = bench.order(&[(&listing.sku, 1)]);
    bench.pass(std::time::Duration::from_secs(60));
    let mut order = bench.fetch(&id).await;
    let misses = kind == ActionKind::AnswerCase;
    let goes_back = kind == ActionKind::Refund || misses;
    if goes_back && !bench.lanes(ActionKind::Ship).is_empty() {
        if misses {
            bench.fault("buyer_misses", 1);
        }
        // Money goes back for what has left.
        let parcel = parcel(bench, &order, "1Z999AA10123456784");
        let shipped = of_order(bench, &order, Action::Ship(parcel));
        bench.apply(bench.lane(ActionKind::Ship), shipped).await;
        if misses {
            bench.pass(BROUGHT_UP);
        }
        order = bench.fetch(&id).await;
    }
    let line = &order.lines[0];
    let action = match kind {
        ActionKind::Acknowledge => Action::Acknowledge,
        ActionKind::Ship => Action::Ship(parcel(bench, &order, "1Z999AA10123456784")),
        ActionKind::Cancel => Action::Cancel {
            lines: vec![OrderLineQuantity {
                line_id: line.line_id.clone(),
                quantity: line.quantity,
            }],
            reason: CancelReason::OutOfStock,
        },
        ActionKind::Refund => Action::Refund {
            line_id: Some(line.line_id.clone()),
            amount: None,
            reason: RefundReason::Returned,
            comment: None,
        },
        ActionKind::RejectCancel => Action::RejectCancel,
        ActionKind::AnswerCase => {
            let case = inquiry_of(bench, &order).await;
            Action::AnswerCase {
                kind: case.kind,
                case_id: case.case_id,
                answer: CaseAnswer::Refund {
                    amount: case.amount,
                },
            }
        }
        other => panic!("{other:?} is not done to an order"),
    };
    of_order(bench, &order, action)
}

/// The case of an order's buyer who says that the goods did not come.
async fn inquiry_of(bench: &Bench, order: &Order) -> Case {
    let role = bench.adapter.cases().expect("cases are read");
    let page = role.read(CaseKind::Inquiry, 0).await.expect("it is read");
    let line = &order.lines[0].line_id;
    let mut cases = page.cases.into_iter();
    let found = cases.find(|case| case.line_id.as_ref() == Some(line));
    found.expect("the buyer has told")
}

/// A change of an order.
pub(super) fn of_order(bench: &Bench, order: &Order, action: Action) -> Change {
    let target = Target::Order(OrderRef {
        id: OrderRowId(1),
        order_id: order.order_id.clone(),
        site: order.site.clone(),
        placed_at: order.placed_at,
    });
    bench.change_of(target, action)
}

/// The order that a change is done to.
pub(super) fn order_id(change: &Change) -> String {
    match &change.target {
        Target::Order(order) => order.order_id.clone(),
        Target::Listing(listing) => panic!("{} is no order", listing.sku),
    }
}

/// All that is open of an order, in one parcel.
pub(super) fn parcel(bench: &Bench, order: &Order, tracking: &str) -> ShipRequest {
    let open = order.lines.iter().filter(|line| line.open() > 0);
    ShipRequest {
        reference: format!("S-{}", bench.number()),
        carrier: "UPS".to_owned(),
        service: None,
        tracking: tracking.to_owned(),
        tracking_url: None,
        shipped_at: bench.now(),
        lines: open
            .map(|line| OrderLineQuantity {
                line_id: line.line_id.clone(),
                quantity: line.open(),
            })
            .collect(),
    }
}
