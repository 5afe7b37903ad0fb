//! Orders: what they do to stock everywhere, and what the marketplace is told of them.

use std::time::Duration;

use barrow_engine::{PullOptions, ShipOrder};
use barrow_model::{CancelReason, Clock, OrderState, Sku};
use barrow_tests::goods::{Goods, kit, row, sku};
use barrow_tests::rig::RigOptions;
use barrow_tests::shop::{ALL, EBAY, NEWEGG, Shop, WALMART};

use crate::live;

const MINUTES_10: Duration = Duration::from_secs(600);

/// Telling that an order has been received is not told of goods.
fn is_acknowledgement(operation: &str) -> bool {
    matches!(operation, "acknowledgeOrders" | "confirmOrders")
}

fn parcel(tracking: &str) -> ShipOrder {
    ShipOrder {
        carrier: "UPS".to_owned(),
        service: None,
        tracking: tracking.to_owned(),
        tracking_url: None,
        shipped_at: None,
        lines: Vec::new(),
        untracked: false,
        unpaid: false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_on_one_marketplace_lowers_the_others_in_the_same_sync() {
    for from in ALL {
        let shop = Shop::with_goods(2).await;
        let order = shop.order(from, &[(&sku(0), 2)]).expect("it is for sale");
        shop.pass(MINUTES_10).await;
        let before = shop.writes();
        let summary = shop.sync().await;
        assert_eq!(summary.refused, []);
        for name in ALL {
            assert_eq!(shop.for_sale(name, &sku(0)), Some(3), "{from}, {name}");
            assert_eq!(
                shop.for_sale(name, &sku(1)),
                Some(5),
                "what was not sold stays"
            );
        }
        let calls = shop.writes_since(&before);
        let echoes: Vec<_> = calls
            .iter()
            .filter(|(name, operation, _)| *name == from && !is_acknowledgement(operation))
            .collect();
        assert!(
            echoes.is_empty(),
            "{from} has lowered it by itself: {echoes:?}"
        );
        let stored = shop.stored_order(from, &order).expect("it was downloaded");
        assert_eq!(stored.order.state(), OrderState::ToShip);
        assert_eq!(
            (shop.stock(&sku(0)).on_hand, shop.stock(&sku(0)).reserved),
            (5, 2)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn kits_and_their_parts_share_their_stock() {
    let set = Sku::new("SET-1").expect("a SKU");
    let shop = Shop::open(RigOptions::quiet(3));
    let goods = Goods {
        count: 2,
        price_cents: 2_000,
        quantity: 7,
    };
    let parts = [(sku(0), 2), (sku(1), 1)];
    shop.import_rows(&[row(0, &goods), row(1, &goods), kit(&set, 5_500, &parts)]);
    shop.list_all();
    assert_eq!(shop.push().await.refused, []);
    for name in ALL {
        assert_eq!(shop.shown(name, &set), live("55.00", 3), "{name}");
    }
    shop.pass(MINUTES_10).await;

    shop.order(EBAY, &[(&set, 1)]).expect("it is for sale");
    shop.pass(MINUTES_10).await;
    shop.sync().await;
    assert_eq!(
        (shop.stock(&sku(0)).reserved, shop.stock(&sku(1)).reserved),
        (2, 1)
    );
    for name in ALL {
        assert_eq!(shop.for_sale(name, &sku(0)), Some(5), "{name}");
        assert_eq!(shop.for_sale(name, &sku(1)), Some(6), "{name}");
        assert_eq!(shop.for_sale(name, &set), Some(2), "{name}");
    }

    shop.order(WALMART, &[(&sku(0), 3)])
        .expect("it is for sale");
    shop.pass(MINUTES_10).await;
    shop.sync().await;
    for name in ALL {
        assert_eq!(shop.for_sale(name, &sku(0)), Some(2), "{name}");
        assert_eq!(shop.for_sale(name, &set), Some(1), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_of_an_unknown_sku_is_stored_and_booked_once_it_is_matched() {
    let earlier = Shop::with_goods(2).await;
    let orders = ALL.map(|name| {
        earlier
            .order(name, &[(&sku(0), 2)])
            .expect("it is for sale")
    });
    earlier.pass(MINUTES_10).await;

    // The seller begins anew, with an empty catalogue.
    let shop = Shop {
        rig: earlier.rig.anew(),
    };
    let pulled = shop.pull().await;
    let unmatched: std::collections::BTreeSet<&str> = pulled
        .unmatched
        .iter()
        .map(|line| line.order_id.as_str())
        .collect();
    assert_eq!(unmatched, orders.iter().map(String::as_str).collect());
    shop.import(1, 2_000, 9);
    for _ in 0..2 {
        let pulled = shop.pull().await;
        assert_eq!(pulled.unmatched, []);
        assert_eq!(
            (shop.stock(&sku(0)).on_hand, shop.stock(&sku(0)).reserved),
            (9, 8)
        );
        let wrong = shop.rig.store.read(|db| db.wrong_reservations());
        assert_eq!(wrong.expect("the catalogue can be read"), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_parcel_is_told_to_the_marketplace_and_moves_the_ledger_once() {
    for name in ALL {
        let shop = Shop::with_goods(1).await;
        let order = shop.order(name, &[(&sku(0), 2)]).expect("it is for sale");
        shop.pass(MINUTES_10).await;
        shop.sync().await;
        let id = shop.order_row(name, &order).expect("it was downloaded");
        let parcel = parcel("1Z999AA10123456784");
        let queued = shop
            .rig
            .engine
            .ship(id, &parcel)
            .await
            .expect("the catalogue is there");
        queued.expect("it can be shipped");
        let again = shop
            .rig
            .engine
            .ship(id, &parcel)
            .await
            .expect("the catalogue is there");
        assert!(again.is_err(), "everything is on its way already");
        let summary = shop.push().await;
        assert_eq!(summary.refused, [], "{name}");
        let held = shop.held_order(name, &order);
        let tracking: Vec<&str> = held
            .shipments
            .iter()
            .map(|parcel| parcel.tracking.as_str())
            .collect();
        assert!(!tracking.is_empty() && tracking.iter().all(|one| *one == parcel.tracking));
        let shipped: u32 = held.lines.iter().map(|line| line.quantity_shipped).sum();
        assert_eq!(shipped, 2, "{name}");
        for _ in 0..3 {
            assert_eq!(
                (shop.stock(&sku(0)).on_hand, shop.stock(&sku(0)).reserved),
                (3, 0)
            );
            shop.pass(MINUTES_10).await;
            shop.sync().await;
        }
        let stored = shop.stored_order(name, &order).expect("it was downloaded");
        assert!(matches!(
            stored.order.state(),
            OrderState::Shipped | OrderState::Delivered
        ));
        for other in ALL {
            assert_eq!(shop.for_sale(other, &sku(0)), Some(3), "{other}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_cancelled_can_be_sold_again() {
    // Amazon takes cancellations in files of its own only.
    for name in [EBAY, WALMART, NEWEGG] {
        let shop = Shop::with_goods(1).await;
        let order = shop.order(name, &[(&sku(0), 2)]).expect("it is for sale");
        shop.pass(MINUTES_10).await;
        shop.sync().await;
        let other = if name == EBAY { WALMART } else { EBAY };
        assert_eq!(shop.for_sale(other, &sku(0)), Some(3));
        let id = shop.order_row(name, &order).expect("it was downloaded");
        let queued = shop
            .rig
            .engine
            .cancel(id, &[], CancelReason::OutOfStock)
            .await;
        queued
            .expect("the catalogue is there")
            .expect("it can be cancelled");
        let summary = shop.push().await;
        assert_eq!(summary.refused, [], "{name}");
        shop.pass(MINUTES_10).await;
        shop.sync().await;
        let stored = shop.stored_order(name, &order).expect("it was downloaded");
        assert_eq!(stored.order.state(), OrderState::Cancelled, "{name}");
        assert_eq!(
            (shop.stock(&sku(0)).on_hand, shop.stock(&sku(0)).reserved),
            (5, 0)
        );
        for one in ALL {
            assert_eq!(
                shop.for_sale(one, &sku(0)),
                Some(5),
                "cancelled on {name}, seen on {one}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_download_of_old_orders_leaves_counted_stock_alone() {
    let earlier = Shop::with_goods(1).await;
    for name in ALL {
        let order = earlier
            .order(name, &[(&sku(0), 1)])
            .expect("it is for sale");
        earlier.pass(MINUTES_10).await;
        earlier.sync().await;
        let id = earlier.order_row(name, &order).expect("it was downloaded");
        let queued = earlier
            .rig
            .engine
            .ship(id, &parcel("1Z999AA10123456784"))
            .await;
        queued
            .expect("the catalogue is there")
            .expect("it can be shipped");
        earlier.push().await;
    }
    earlier.pass(Duration::from_secs(3_600)).await;
    let shop = Shop {
        rig: earlier.rig.anew(),
    };
    shop.import(1, 2_000, 8);
    let since = Some(shop.rig.clock.now() - chrono::TimeDelta::days(60));
    let options = PullOptions {
        accounts: Vec::new(),
        since,
    };
    let pulled = shop.rig.engine.pull(&options).await.expect("a pull ends");
    let new: u64 = pulled
        .accounts
        .iter()
        .map(|account| account.orders_new)
        .sum();
    assert_eq!(new, 4);
    assert_eq!(
        (shop.stock(&sku(0)).on_hand, shop.stock(&sku(0)).reserved),
        (8, 0)
    );
    assert_eq!(
        shop.rig
            .store
            .read(|db| db.verify_ledger())
            .expect("it can be read"),
        []
    );
}
