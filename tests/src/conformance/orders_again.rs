//! Reading orders again: overlap, what changes meanwhile, and restarts.

use std::time::Duration;

use barrow_model::{
    Action, ActionKind, Order, OrderLineQuantity, OrderRef, OrderRowId, ShipRequest, Target,
};

use super::Suite;
use super::bench::Bench;
use super::pulling::{Pulled, TOLD_WITHIN};

/// Ships all of an order.
async fn ship(bench: &Bench, order_id: &str) {
    let order = bench.fetch(order_id).await;
    let request = ShipRequest {
        reference: format!("S-{}", bench.number()),
        carrier: "UPS".to_owned(),
        service: None,
        tracking: "1Z999AA10123456784".to_owned(),
        tracking_url: None,
        shipped_at: bench.now(),
        lines: order
            .lines
            .iter()
            .map(|line| OrderLineQuantity {
                line_id: line.line_id.clone(),
                quantity: line.open(),
            })
            .collect(),
    };
    let target = Target::Order(OrderRef {
        id: OrderRowId(1),
        order_id: order_id.to_owned(),
        site: order.site.clone(),
        placed_at: order.placed_at,
    });
    let change = bench.change_of(target, Action::Ship(request));
    bench.apply(bench.lane(ActionKind::Ship), change).await;
    // A marketplace may take its time to show it.
    let shows = |order: &Order| order.lines.iter().all(|line| line.open() == 0);
    bench.fetch_until(order_id, shows).await;
}

/// From the last cursor on comes what changed since; what changes during a pull comes with it or
/// with the next.
pub async fn pull_again_gives_the_overlap(suite: &Suite) {
    let bench = suite.bench().await;
    let listings = bench.publish(&[1], 900).await;
    let sku = &listings[0].sku;
    let mut cursors = bench.cursors();
    let first = bench.order_many(sku, 3);
    bench.pass(TOLD_WITHIN);
    assert_eq!(bench.pull(&mut cursors).await.orders.len(), 3);
    bench.pass(Duration::from_secs(2 * 3_600));
    let later = bench.order(&[(sku, 1)]);
    ship(&bench, &first[1]).await;
    bench.pass(TOLD_WITHIN);
    let pulled = bench.pull(&mut cursors).await;
    assert!(pulled.ids().contains(&later.as_str()), "what is new comes");
    let changed = pulled
        .orders
        .get(&first[1])
        .expect("what has changed comes");
    assert_eq!(changed.order.lines[0].quantity_shipped, 1);
    changes_during_a_pull(suite).await;
}

async fn changes_during_a_pull(suite: &Suite) {
    let bench = suite.bench().await;
    let listings = bench.publish(&[1], 900).await;
    let sku = &listings[0].sku;
    let mut cursors = bench.cursors();
    let mut placed = bench.order_many(sku, 430);
    bench.pass(TOLD_WITHIN);
    let mut pulled = Pulled::default();
    let mut changed = false;
    for stream in bench.orders().streams() {
        let open = bench.open_for(stream.id);
        let page = bench.page(stream.id, &mut cursors, &open).await;
        for one in &page.orders {
            pulled
                .orders
                .insert(one.order.order_id.clone(), one.clone());
        }
        if page.more {
            if !changed {
                // Orders that were on the first page, and such as were to come later, change now.
                ship(&bench, &placed[2]).await;
                ship(&bench, &placed[428]).await;
                placed.push(bench.order(&[(sku, 1)]));
                bench.pass(Duration::from_secs(1));
                changed = true;
            }
            bench
                .pull_stream(stream.id, &mut cursors, &mut pulled)
                .await;
        }
    }
    assert!(changed, "so many orders are more than a page");
    bench.pass(TOLD_WITHIN);
    let next = bench.pull(&mut cursors).await;
    pulled.orders.extend(next.orders);
    for id in &placed {
        assert!(pulled.orders.contains_key(id), "{id} was given");
    }
    for id in [&placed[2], &placed[428]] {
        let shipped = pulled.orders[id].order.lines[0].quantity_shipped;
        assert_eq!(shipped, 1, "{id} was given as it is now");
    }
}

/// Every order that changed before `covered_through` has been given, and it lies in no future.
pub async fn covered_through_is_honest(suite: &Suite) {
    let bench = suite.bench().await;
    let listings = bench.publish(&[1], 900).await;
    let sku = &listings[0].sku;
    let mut cursors = bench.cursors();
    let mut last = None;
    let mut given = Pulled::default();
    let mut placed = Vec::new();
    for count in [1, 210, 0, 2] {
        for id in bench.order_many(sku, count) {
            placed.push((id, bench.now()));
        }
        let began = bench.now();
        let pulled = bench.pull(&mut cursors).await;
        given.orders.extend(pulled.orders);
        let covered = pulled
            .covered
            .values()
            .min()
            .copied()
            .expect("a last page tells");
        assert!(
            covered <= began,
            "what happens during a pull is not promised"
        );
        assert!(
            last.is_none_or(|last| last <= covered),
            "it never goes back"
        );
        last = Some(covered);
        for (id, at) in &placed {
            let promised = *at < covered;
            assert!(
                !promised || given.orders.contains_key(id),
                "{id} was promised"
            );
        }
        bench.pass(Duration::from_secs(600));
    }
    // Time that passes without orders is covered as well; a marketplace may leave out the last
    // minutes.
    let before = bench.now() - TOLD_WITHIN;
    let pulled = bench.pull(&mut cursors).await;
    assert!(pulled.covered.values().all(|covered| *covered >= before));
    given.orders.extend(pulled.orders);
    assert!(placed.iter().all(|(id, _)| given.orders.contains_key(id)));
}

/// A cursor that was stored and read back goes on where it was, at an adapter that knows nothing.
pub async fn cursor_survives_a_restart(suite: &Suite) {
    let mut bench = suite.bench().await;
    let listings = bench.publish(&[1], 900).await;
    let mut cursors = bench.cursors();
    let mut placed = bench.order_many(&listings[0].sku, 450);
    bench.pass(TOLD_WITHIN);
    let mut pulled = Pulled::default();
    let mut sizes = Vec::new();
    // What is read again on purpose is no beginning again.
    let streams = bench.orders().streams().iter();
    for stream in streams.filter(|stream| !stream.rereads_open) {
        loop {
            assert!(sizes.len() < 60, "a pull comes to an end");
            let page = bench.page(stream.id, &mut cursors, &[]).await;
            sizes.push(page.orders.len());
            for one in page.orders {
                pulled.orders.insert(one.order.order_id.clone(), one);
            }
            bench.restart();
            if !page.more {
                break;
            }
        }
    }
    placed.sort();
    assert_eq!(pulled.ids(), placed);
    // Each page brought something new: it did not begin again.
    let read: usize = sizes.iter().sum();
    assert!(read < 2 * placed.len(), "{sizes:?}");
}
