//! Acting on orders.

use barrow_market::{Fate, Retry};
use barrow_model::{
    Action, ActionKind, CancelReason, Confirmation, Order, OrderLineQuantity, OrderState,
    ProblemKind, RefundReason, ShipRequest,
};

use super::Suite;
use super::bench::Bench;
use super::deeds::{self, Deed};
use super::drive::Done;
use super::pulling::TOLD_WITHIN;

/// Applies an action to an order and reads the order again, as soon as it is there to see.
async fn act(
    bench: &Bench,
    order: &Order,
    action: Action,
    shows: impl Fn(&Order) -> bool,
) -> Order {
    let lane = bench.lane(action.kind());
    let done: Done = bench
        .apply(lane, deeds::of_order(bench, order, action))
        .await;
    assert!(done.is_applied());
    bench.fetch_until(&order.order_id, shows).await
}

fn lines_of(order: &Order, sku: &str, mut units: u32) -> Vec<OrderLineQuantity> {
    let mut lines = Vec::new();
    for line in &order.lines {
        let of_sku = line.sku.as_ref().is_some_and(|known| known.as_str() == sku);
        let taken = line.open().min(units);
        if of_sku && taken > 0 {
            units -= taken;
            lines.push(OrderLineQuantity {
                line_id: line.line_id.clone(),
                quantity: taken,
            });
        }
    }
    assert_eq!(units, 0, "the order has as many units");
    lines
}

fn shipped(order: &Order, sku: &str) -> u32 {
    let of_sku = order
        .lines
        .iter()
        .filter(|line| line.sku.as_ref().is_some_and(|known| known.as_str() == sku));
    of_sku.map(|line| line.quantity_shipped).sum()
}

/// Afterwards the lines are shipped by the quantities sent, with carrier and tracking; parcel by
/// parcel.
pub async fn ship_tells_lines_and_tracking(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.lanes(ActionKind::Ship).is_empty() {
        return;
    }
    let listings = bench.publish(&[1, 2], 9).await;
    let id = bench.order(&[(&listings[0].sku, 2), (&listings[1].sku, 1)]);
    let order = bench.fetch(&id).await;
    let mut parcel = deeds::parcel(&bench, &order, "1Z999AA10123456784");
    parcel.lines = lines_of(&order, "HP-1", 1);
    let mut first = 1;
    if !suite.subject.ships_units {
        some_units_are_refused(&bench, &order, parcel.clone()).await;
        parcel.lines = lines_of(&order, "HP-1", 2);
        first = 2;
    }
    let of_both = |order: &Order| (shipped(order, "HP-1"), shipped(order, "HP-2"));
    let ship = Action::Ship(parcel);
    let order = act(&bench, &order, ship, |order| of_both(order) != (0, 0)).await;
    assert_eq!(of_both(&order), (first, 0));
    assert_eq!(order.state(), OrderState::PartlyShipped);
    let mut parcel = deeds::parcel(&bench, &order, "9400 1000 0000 0000 0000 00");
    parcel.carrier = "USPS".to_owned();
    let rest = [
        lines_of(&order, "HP-1", 2 - first),
        lines_of(&order, "HP-2", 1),
    ];
    parcel.lines = rest.concat();
    let ship = Action::Ship(parcel);
    let order = act(&bench, &order, ship, |order| of_both(order) != (first, 0)).await;
    assert_eq!((shipped(&order, "HP-1"), shipped(&order, "HP-2")), (2, 1));
    assert_eq!(order.state(), OrderState::Shipped);
    assert_eq!(order.shipments.len(), 2, "{:?}", order.shipments);
    for (shipment, (carrier, digits)) in order.shipments.iter().zip([
        ("UPS", "1Z999AA10123456784"),
        ("USPS", "9400100000000000000000"),
    ]) {
        assert_eq!(shipment.carrier.as_deref(), Some(carrier));
        let tracking = shipment
            .tracking
            .clone()
            .unwrap_or_default()
            .replace(' ', "");
        assert_eq!(tracking, digits);
        assert_eq!(shipment.confirmation, Confirmation::Confirmed);
        assert!(!shipment.lines.is_empty());
    }
    let held = bench.held_order(&id);
    assert_eq!(held.shipments.len(), 2);
    assert!(
        held.lines
            .iter()
            .all(|line| line.quantity_shipped == line.quantity)
    );
}

/// Where a parcel holds whole lines only, one with some units is refused in words, unsent.
async fn some_units_are_refused(bench: &Bench, order: &Order, parcel: ShipRequest) {
    let lane = bench.lane(ActionKind::Ship);
    let change = deeds::of_order(bench, order, Action::Ship(parcel));
    let done = bench.settle(lane, vec![change]).await.remove(0);
    let Fate::Refused { problem, retry } = &done.fate else {
        panic!("{done:?}")
    };
    assert_eq!(
        (problem.kind, *retry),
        (ProblemKind::LineInvalid, Retry::No)
    );
    assert!(bench.held_order(&order.order_id).shipments.is_empty());
}

/// After a lost answer the shipment is found, so that it is not sent again.
pub async fn ship_again_is_not_doubled(suite: &Suite) {
    let bench = suite.bench().await;
    for lane in bench.lanes(ActionKind::Ship) {
        let change = Deed::new(&bench, ActionKind::Ship, 1).await.change;
        let order_id = deeds::order_id(&change);
        bench.fault("lost_answer", 1);
        let batch = bench.batch(lane, vec![change.clone()]);
        let outcomes = bench
            .submit(lane, &batch)
            .await
            .expect("it may have taken effect");
        // Where sending again edits the shipment, that may have been done already.
        let fate = &outcomes[0].fate;
        let told = matches!(
            fate,
            Fate::Unknown | Fate::Applied { .. } | Fate::Accepted { .. }
        );
        assert!(told, "{outcomes:?}");
        // It may take a while until a marketplace shows what it took in; two looks are as one.
        for _ in 0..2 {
            let mut told = bench.look_up_in_time(lane, &batch).await;
            assert_eq!(bench.held_order(&order_id).shipments.len(), 1);
            let begun = vec![(change.clone(), Some(told.remove(0).fate))];
            let done = bench.settle_from(lane, begun).await;
            assert!(done[0].is_applied(), "{done:?}");
            assert_eq!(bench.held_order(&order_id).shipments.len(), 1);
        }
        bench.pass_settled();
        let told = bench.look_up_in_time(lane, &batch).await;
        assert!(matches!(told[0].fate, Fate::Applied { .. }), "{told:?}");
    }
}

/// Acknowledging twice is as acknowledging once.
pub async fn acknowledge_again_is_harmless(suite: &Suite) {
    let bench = suite.bench().await;
    let lanes = bench.lanes(ActionKind::Acknowledge);
    let listings = bench.publish(&[1], 9).await;
    let id = bench.order(&[(&listings[0].sku, 1)]);
    let order = bench.fetch(&id).await;
    assert_eq!(
        order.needs_acknowledgement,
        !lanes.is_empty(),
        "as the capability says"
    );
    for _ in lanes {
        let shows = |order: &Order| !order.needs_acknowledgement;
        let once = act(&bench, &order, Action::Acknowledge, shows).await;
        let twice = act(&bench, &order, Action::Acknowledge, shows).await;
        assert_eq!(once, twice);
    }
}

/// A cancelled line's quantity is seen in the next pull.
pub async fn cancel_is_seen_in_the_order(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.lanes(ActionKind::Cancel).is_empty() {
        return;
    }
    let listings = bench.publish(&[1, 2], 9).await;
    let mut cursors = bench.cursors();
    let id = bench.order(&[(&listings[0].sku, 1), (&listings[1].sku, 2)]);
    bench.pass(TOLD_WITHIN);
    let order = bench.pull(&mut cursors).await.orders[&id].order.clone();
    let lines = [lines_of(&order, "HP-1", 1), lines_of(&order, "HP-2", 2)].concat();
    let reason = CancelReason::OutOfStock;
    let cancel = Action::Cancel { lines, reason };
    let shows = |order: &Order| order.state() == OrderState::Cancelled;
    act(&bench, &order, cancel, shows).await;
    bench.pass(TOLD_WITHIN);
    let seen = bench.pull(&mut cursors).await.orders[&id].order.clone();
    for line in &seen.lines {
        assert_eq!(
            (line.quantity_cancelled, line.open()),
            (line.quantity, 0),
            "{line:?}"
        );
    }
    assert_eq!(seen.state(), OrderState::Cancelled);
}

/// Afterwards the order is as it was before its buyer asked to cancel, and his wish is gone.
pub async fn a_rejected_wish_is_gone(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.lanes(ActionKind::RejectCancel).is_empty() {
        return;
    }
    let listings = bench.publish(&[1], 9).await;
    let mut cursors = bench.cursors();
    bench.fault("buyer_regrets", 1);
    let id = bench.order(&[(&listings[0].sku, 1)]);
    bench.pass(TOLD_WITHIN);
    let order = bench.pull(&mut cursors).await.orders[&id].order.clone();
    assert!(order.cancel_requested, "the buyer asks to cancel");
    let shows = |order: &Order| !order.cancel_requested;
    act(&bench, &order, Action::RejectCancel, shows).await;
    bench.pass(TOLD_WITHIN);
    let seen = bench.pull(&mut cursors).await.orders[&id].order.clone();
    assert_eq!(
        (seen.cancel_requested, seen.state()),
        (false, OrderState::ToShip)
    );
}

/// What the buyer asked to cancel is cancelled once the seller cancels it: that is his yes.
pub async fn a_wish_that_is_agreed_to_cancels(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.lanes(ActionKind::RejectCancel).is_empty() {
        return;
    }
    let listings = bench.publish(&[1], 9).await;
    let mut cursors = bench.cursors();
    bench.fault("buyer_regrets", 1);
    let id = bench.order(&[(&listings[0].sku, 1)]);
    bench.pass(TOLD_WITHIN);
    let order = bench.pull(&mut cursors).await.orders[&id].order.clone();
    let lines = lines_of(&order, "HP-1", 1);
    let reason = CancelReason::BuyerAsked;
    let cancel = Action::Cancel { lines, reason };
    let shows = |order: &Order| order.state() == OrderState::Cancelled;
    let seen = act(&bench, &order, cancel, shows).await;
    assert!(!seen.cancel_requested, "nothing waits for an answer");
}

/// Money that was given back is seen in the order.
pub async fn refund_is_seen_in_the_order(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.lanes(ActionKind::Refund).is_empty() {
        return;
    }
    let change = Deed::new(&bench, ActionKind::Refund, 1).await.change;
    let order = bench.fetch(&deeds::order_id(&change)).await;
    assert!(order.refunds.is_empty());
    let refund = Action::Refund {
        line_id: Some(order.lines[0].line_id.clone()),
        amount: None,
        reason: RefundReason::Returned,
        comment: None,
    };
    let shows = |order: &Order| !order.refunds.is_empty();
    let seen = act(&bench, &order, refund, shows).await;
    let given = seen
        .refunds
        .iter()
        .map(|refund| refund.amount.minor)
        .sum::<i64>();
    let price = order.lines[0].subtotal.expect("a line has a price");
    assert!(given >= price.minor, "{:?}", seen.refunds);
}

/// Where sellers of some countries must sign, the first call that is refused for it is signed, and
/// so are those that follow, with one key.
pub async fn what_must_be_signed_is_signed(suite: &Suite) {
    let bench = suite.bench().await;
    if !bench.has_fault(SIGNATURE_REQUIRED, 0) {
        return;
    }
    bench.fault(SIGNATURE_REQUIRED, 100);
    for number in [1, 2] {
        let change = Deed::new(&bench, ActionKind::Refund, number).await.change;
        let order = bench.fetch(&deeds::order_id(&change)).await;
        bench.take_calls();
        let refund = Action::Refund {
            line_id: Some(order.lines[0].line_id.clone()),
            amount: None,
            reason: RefundReason::Returned,
            comment: None,
        };
        act(&bench, &order, refund, |order| !order.refunds.is_empty()).await;
        let calls = bench.take_calls();
        let signed = calls
            .iter()
            .filter(|call| call.headers.contains_key("signature"));
        assert_eq!(signed.count(), 1, "the refund is signed");
        let keys = calls
            .iter()
            .filter(|call| call.path.contains("signing_key"));
        assert_eq!(keys.count(), usize::from(number == 1), "a key is made once");
    }
}

/// The practice marketplace's name for a seller who must sign.
const SIGNATURE_REQUIRED: &str = "signature_required";
