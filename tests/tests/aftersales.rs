//! What the seller does to an order is done once, whatever is asked twice.

use std::time::Duration;

use barrow_engine::{PullOptions, PushOptions, RefundOrder, ShipOrder};
use barrow_model::{CancelReason, Money, OrderRowId, ProblemKind, RefundReason, Site};
use barrow_practice::OrderRequestLine;
use barrow_store::OrderFilter;
use barrow_tests::goods::{Goods, import, sku};
use barrow_tests::rig::{Rig, RigOptions};

async fn push(rig: &Rig) {
    let patience = Duration::from_secs(86_400);
    let options = PushOptions {
        accounts: Vec::new(),
        yes: true,
        patience,
    };
    let summary = rig.engine.push(&options).await.expect("a push ends");
    assert_eq!(summary.refused_count, 0, "{:?}", summary.refused);
}

/// A shop on practice Walmart with one order of three units.
async fn shop() -> (Rig, OrderRowId) {
    let rig = Rig::open(RigOptions::quiet(11), &["walmart"]);
    import(
        &rig.store,
        Goods {
            count: 2,
            price_cents: 2_000,
            quantity: 10,
        },
    );
    let site = Site("WALMART_US".to_owned());
    let account = rig.accounts["walmart"];
    rig.store
        .write(|tx| tx.add_listings_of_all(account, &site, ""))
        .expect("listings are added");
    push(&rig).await;
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let wanted = OrderRequestLine {
        sku: sku(0).to_string(),
        quantity: 3,
    };
    rig.marketplaces
        .place_order("walmart", &[wanted])
        .expect("it is for sale");
    rig.engine
        .pull(&PullOptions::default())
        .await
        .expect("a pull ends");
    let page = rig
        .store
        .read(|db| db.orders_page(&OrderFilter::default(), None, 10));
    let id = page.expect("orders can be read").orders[0].id;
    (rig, id)
}

fn parcel() -> ShipOrder {
    ShipOrder {
        carrier: "UPS".to_owned(),
        service: None,
        tracking: "1Z999".to_owned(),
        tracking_url: None,
        shipped_at: None,
        lines: Vec::new(),
        untracked: false,
        unpaid: false,
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_on_its_way_is_neither_shipped_nor_cancelled_again() {
    let (rig, id) = shop().await;
    rig.engine
        .ship(id, &parcel())
        .await
        .expect("asked")
        .expect("queued");
    let again = rig.engine.ship(id, &parcel()).await.expect("asked");
    assert_eq!(
        again.map_err(|problem| problem.kind),
        Err(ProblemKind::ShipRefused)
    );
    let cancel = rig
        .engine
        .cancel(id, &[], CancelReason::OutOfStock)
        .await
        .expect("asked");
    assert_eq!(
        cancel.map_err(|problem| problem.kind),
        Err(ProblemKind::CancelRefused)
    );
    push(&rig).await;
    push(&rig).await;
    let held = rig.marketplaces.held().expect("kept in memory");
    let order = &held["walmart"].orders[0];
    let shipped: u32 = order.lines.iter().map(|line| line.quantity_shipped).sum();
    assert_eq!((shipped, held["walmart"].calls["shippingUpdates"]), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_that_waits_is_not_asked_for_twice() {
    let (rig, id) = shop().await;
    rig.engine
        .cancel(id, &[], CancelReason::OutOfStock)
        .await
        .expect("asked")
        .expect("queued");
    let again = rig
        .engine
        .cancel(id, &[], CancelReason::OutOfStock)
        .await
        .expect("asked");
    assert_eq!(
        again.map_err(|problem| problem.kind),
        Err(ProblemKind::CancelRefused)
    );
    let ship = rig.engine.ship(id, &parcel()).await.expect("asked");
    assert_eq!(
        ship.map_err(|problem| problem.kind),
        Err(ProblemKind::ShipRefused)
    );
}

#[tokio::test(start_paused = true)]
async fn no_more_is_given_back_than_was_paid() {
    let (rig, id) = shop().await;
    let total = rig
        .store
        .read(|db| db.order(id))
        .expect("stored")
        .order
        .amounts
        .total;
    let total = total.expect("Walmart tells the amounts");
    let refund = |minor: Option<i64>| RefundOrder {
        line_id: None,
        amount: minor.map(|minor| Money::new(minor, total.currency)),
        reason: RefundReason::Adjustment,
        comment: None,
    };
    let ask = async |ask: RefundOrder| {
        let queued = rig.engine.refund(id, &ask).await.expect("asked");
        queued.map(|_| ()).map_err(|problem| problem.kind)
    };
    assert_eq!(ask(refund(Some(0))).await, Err(ProblemKind::RefundRefused));
    assert_eq!(
        ask(refund(Some(total.minor + 1))).await,
        Err(ProblemKind::RefundRefused)
    );
    assert_eq!(ask(refund(Some(total.minor - 100))).await, Ok(()));
    assert_eq!(
        ask(refund(Some(101))).await,
        Err(ProblemKind::RefundRefused)
    );
    assert_eq!(ask(refund(None)).await, Err(ProblemKind::RefundRefused));
    assert_eq!(ask(refund(Some(100))).await, Ok(()));
}
