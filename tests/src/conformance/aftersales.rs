//! Acting on orders.

use barrow_model::{
    Action, ActionKind, CancelReason, Confirmation, Order, OrderLineQuantity, OrderState,
    RefundReason,
};

use super::Suite;
use super::bench::Bench;
use super::deeds::{self, Deed};
use super::drive::Done;

/// Applies an action to an order and reads the order again.
async fn act(bench: &Bench, order: &Order, action: Action) -> Order {
    let lane = bench.lane(action.kind());
    let done: Done = bench
        .apply(lane, deeds::of_order(bench, order, action))
        .await;
    assert!(done.is_applied());
    bench.fetch(&order.order_id).await
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
    let order = act(&bench, &order, Action::Ship(parcel)).await;
    assert_eq!((shipped(&order, "HP-1"), shipped(&order, "HP-2")), (1, 0));
    assert_eq!(order.state(), OrderState::PartlyShipped);
    let mut parcel = deeds::parcel(&bench, &order, "9400 1000 0000 0000 0000 00");
    parcel.carrier = "USPS".to_owned();
    let rest = [lines_of(&order, "HP-1", 1), lines_of(&order, "HP-2", 1)];
    parcel.lines = rest.concat();
    let order = act(&bench, &order, Action::Ship(parcel)).await;
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
        assert_eq!(outcomes[0].fate, barrow_market::Fate::Unknown);
        let told = bench
            .look_up(lane, &batch)
            .await
            .expect("it can be looked up");
        let found = matches!(told[0].fate, barrow_market::Fate::Applied { .. });
        assert!(found, "{told:?}");
        assert_eq!(bench.held_order(&order_id).shipments.len(), 1);
        // A second look tells the same, and changes nothing.
        let again = bench
            .look_up(lane, &batch)
            .await
            .expect("it can be looked up");
        assert_eq!(again, told);
        assert_eq!(bench.held_order(&order_id).shipments.len(), 1);
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
        let once = act(&bench, &order, Action::Acknowledge).await;
        assert!(!once.needs_acknowledgement);
        let twice = act(&bench, &order, Action::Acknowledge).await;
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
    let order = bench.pull(&mut cursors).await.orders[&id].order.clone();
    let lines = [lines_of(&order, "HP-1", 1), lines_of(&order, "HP-2", 2)].concat();
    let reason = CancelReason::OutOfStock;
    act(&bench, &order, Action::Cancel { lines, reason }).await;
    bench.pass(std::time::Duration::from_secs(60));
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
    let seen = act(&bench, &order, refund).await;
    let given = seen
        .refunds
        .iter()
        .map(|refund| refund.amount.minor)
        .sum::<i64>();
    let price = order.lines[0].subtotal.expect("a line has a price");
    assert!(given >= price.minor, "{:?}", seen.refunds);
}
