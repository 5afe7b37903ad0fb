//! The seller's stories, from the catalogue to what buyers see and back, over every practice
//! marketplace at once.
//!
//! Long: the stories share one shop and are read one after the other.

use std::time::Duration;

use barrow_engine::{PullOptions, PushOptions, ShipOrder, Summary};
use barrow_model::{
    AccountState, CancelReason, Clock, Currency, ListingState, Money, OrderState, ProblemKind, Sku,
};
use barrow_tests::goods::{Goods, kit, row, sku};
use barrow_tests::rig::RigOptions;
use barrow_tests::shop::{ALL, AMAZON, EBAY, NEWEGG, Shop, Shown, WALMART};

const MINUTES_10: Duration = Duration::from_secs(600);

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn live(price: &str, quantity: u32) -> Option<Shown> {
    Some(Shown {
        price: price.to_owned(),
        quantity,
        state: "live".to_owned(),
    })
}

fn told<'a>(calls: &'a [(&'static str, String, u64)]) -> Vec<(&'static str, &'a str, u64)> {
    calls
        .iter()
        .map(|(name, operation, times)| (*name, operation.as_str(), *times))
        .collect()
}

/// Telling that an order has been received is not told of goods.
fn is_acknowledgement(operation: &str) -> bool {
    matches!(operation, "acknowledgeOrders" | "confirmOrders")
}

fn kinds_of_problems(summary: &Summary) -> Vec<ProblemKind> {
    summary
        .problems
        .iter()
        .map(|(_, problem)| problem.kind)
        .collect()
}

fn parcel(tracking: &str) -> ShipOrder {
    ShipOrder {
        carrier: "UPS".to_owned(),
        service: None,
        tracking: tracking.to_owned(),
        tracking_url: None,
        shipped_at: None,
        lines: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn goods_of_a_file_are_live_on_every_marketplace() {
    let shop = Shop::open(RigOptions::quiet(1));
    shop.import(3, 2_000, 5);
    shop.list_all();
    let plan = shop.rig.engine.plan(&[]).await.expect("a plan can be made");
    assert_eq!(
        (plan.changes.len(), plan.held.len(), plan.refused.len()),
        (12, 0, 0)
    );
    assert!(shop.writes().is_empty(), "a plan sends nothing");
    let summary = shop.push().await;
    assert_eq!(
        (summary.done, summary.waiting, summary.unknown),
        (12, 0, 0),
        "{summary:?}"
    );
    for name in ALL {
        for number in 0..3 {
            assert_eq!(
                shop.shown(name, &sku(number)),
                live("20.00", 5),
                "{name} {number}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_push_takes_the_fewest_calls_and_the_soonest_lane() {
    const COUNT: u64 = 150;
    const AMAZON_FEED: [&str; 3] = ["createFeed", "createFeedDocument", "uploadFeedDocument"];
    let shop = Shop::with_goods(COUNT).await;
    let before = shop.writes();
    shop.import(COUNT, 2_100, 5);
    shop.push().await;
    // Walmart sets 100 prices an hour one by one, and ten thousand with one feed.
    let calls = shop.writes_since(&before);
    let bulk = COUNT.div_ceil(25);
    let feed = AMAZON_FEED.map(|operation| (AMAZON, operation, 1));
    let expected = [
        (EBAY, "bulkUpdatePriceQuantity", bulk),
        (NEWEGG, "writePrice", COUNT),
        (WALMART, "submitFeed", 1),
    ];
    assert_eq!(told(&calls), [&feed[..], &expected].concat(), "prices");

    let before = shop.writes();
    shop.import(COUNT, 2_100, 4);
    shop.push().await;
    // Quantities go 200 a minute one by one, sooner than a feed is worked on.
    let calls = shop.writes_since(&before);
    let expected = [
        (EBAY, "bulkUpdatePriceQuantity", bulk),
        (NEWEGG, "writeInventory", COUNT),
        (WALMART, "updateInventoryForAnItem", COUNT),
    ];
    assert_eq!(told(&calls), [&feed[..], &expected].concat(), "quantities");

    let before = shop.writes();
    shop.import(COUNT, 2_150, 3);
    shop.push_with(false, Duration::from_secs(3_600)).await;
    let calls = shop.writes_since(&before);
    for together in [&feed[..], &[(EBAY, "bulkUpdatePriceQuantity", bulk)]].concat() {
        assert!(
            told(&calls).contains(&together),
            "a price and a quantity travel together: {calls:?}"
        );
    }
    for name in ALL {
        assert_eq!(shop.for_sale(name, &sku(149)), Some(3), "{name}");
    }
    let over = ALL.map(|name| shop.held(name).limit_violations);
    assert_eq!(over, [0; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_second_push_with_nothing_changed_sends_nothing() {
    let shop = Shop::with_goods(3).await;
    let before = shop.writes();
    let summary = shop.push().await;
    assert_eq!((summary.done, shop.writes_since(&before)), (0, Vec::new()));
    shop.import(3, 2_000, 5);
    let summary = shop.sync().await;
    assert_eq!(
        (summary.done, shop.writes_since(&before)),
        (0, Vec::new()),
        "the same file"
    );
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
async fn a_paused_account_is_left_alone_and_the_others_go_on() {
    let shop = Shop::with_goods(2).await;
    let paused = shop.account(WALMART);
    let set = |state| {
        let write = shop
            .rig
            .store
            .write(|tx| tx.set_account_state(paused, state, None));
        write.expect("an account can be paused");
    };
    set(AccountState::Paused);
    let before = shop.held(WALMART).calls;
    shop.import(2, 2_100, 4);
    let summary = shop.sync().await;
    assert_eq!(
        (summary.done, summary.problems.len()),
        (12, 0),
        "{summary:?}"
    );
    assert_eq!(shop.shown(EBAY, &sku(0)), live("21.00", 4));
    assert_eq!(shop.held(WALMART).calls, before, "nobody calls there");
    set(AccountState::Active);
    shop.push().await;
    assert_eq!(shop.shown(WALMART, &sku(0)), live("21.00", 4));
}

#[tokio::test(start_paused = true)]
async fn a_listing_is_paused_ended_and_listed_again() {
    let shop = Shop::with_goods(2).await;
    for name in ALL {
        shop.set_state(name, &sku(0), ListingState::Paused);
    }
    shop.push().await;
    for name in ALL {
        assert_eq!(shop.for_sale(name, &sku(0)), Some(0), "{name}");
        shop.set_state(name, &sku(0), ListingState::Ending);
    }
    shop.push().await;
    for name in ALL {
        assert_eq!(shop.shown(name, &sku(0)), None, "{name}");
        assert_eq!(shop.shown(name, &sku(1)), live("20.00", 5), "{name}");
        let state = shop.listings_of(name, &sku(0))[0].listing.state;
        assert_eq!(state, ListingState::Ended, "{name}");
        shop.set_state(name, &sku(0), ListingState::Live);
    }
    assert_eq!(shop.push().await.refused, []);
    for name in ALL {
        assert_eq!(shop.shown(name, &sku(0)), live("20.00", 5), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_price_that_moves_far_waits_for_a_yes() {
    let shop = Shop::with_goods(1).await;
    shop.set_price(&sku(0), usd(3_500));
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.held_count), (0, 4));
    assert!(
        summary
            .held
            .iter()
            .all(|told| told.problem.kind == ProblemKind::PriceMovesFar)
    );
    for name in ALL {
        assert_eq!(shop.shown(name, &sku(0)), live("20.00", 5), "{name}");
    }
    let summary = shop.push_with(true, Duration::from_secs(86_400)).await;
    assert_eq!((summary.done, summary.held_count), (4, 0));
    for name in ALL {
        assert_eq!(shop.shown(name, &sku(0)), live("35.00", 5), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_empties_the_stock_column_waits_for_a_yes() {
    let shop = Shop::with_goods(15).await;
    shop.import(15, 2_000, 0);
    let summary = shop.sync().await;
    assert_eq!((summary.done, summary.held_count), (0, 60));
    assert!(
        summary
            .held
            .iter()
            .all(|told| told.problem.kind == ProblemKind::StockEmptied)
    );
    assert_eq!(shop.for_sale(EBAY, &sku(14)), Some(5));
    // The right file comes after all: nothing is left to ask.
    shop.import(15, 2_000, 5);
    let summary = shop.sync().await;
    assert_eq!((summary.done, summary.held_count), (0, 0));
    shop.import(15, 2_000, 0);
    let summary = shop.push_with(true, Duration::from_secs(86_400)).await;
    assert_eq!((summary.done, summary.held_count), (60, 0));
    for name in ALL {
        assert_eq!(shop.for_sale(name, &sku(14)), Some(0), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_price_of_zero_or_none_never_leaves() {
    let shop = Shop::with_goods(2).await;
    let goods = |price_cents| Goods {
        count: 1,
        price_cents,
        quantity: 6,
    };
    let blank = barrow_model::Row {
        price: None,
        ..row(1, &goods(0))
    };
    shop.import_rows(&[row(0, &goods(0)), blank]);
    let summary = shop.push_with(true, Duration::from_secs(86_400)).await;
    assert_eq!(
        summary.done, 8,
        "the quantities go all the same: {summary:?}"
    );
    for name in ALL {
        assert_eq!(shop.shown(name, &sku(0)), live("20.00", 6), "{name}");
        assert_eq!(shop.shown(name, &sku(1)), live("20.00", 6), "{name}");
    }
    let counts = shop.rig.store.read(|db| db.problem_counts());
    let counts = counts.expect("the catalogue can be read");
    assert_eq!(counts, [(ProblemKind::PriceNotPositive, 4)]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_in_the_middle_of_a_run_is_renewed() {
    let shop = Shop::with_goods(60).await;
    shop.fault(EBAY, "token_expired@bulkUpdatePriceQuantity", 1);
    shop.fault(WALMART, "token_expired@updatePrice", 1);
    shop.import(60, 2_050, 5);
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.problems), (240, Vec::new()));
    for name in ALL {
        assert_eq!(shop.shown(name, &sku(59)), live("20.50", 5), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_consent_that_was_revoked_stops_one_account_alone() {
    let shop = Shop::with_goods(1).await;
    shop.fault(EBAY, "token_expired", 1);
    shop.fault(EBAY, "invalid_grant", 1_000);
    shop.count(&sku(0), 4);
    let pulled = shop.pull().await;
    let complete: Vec<bool> = pulled
        .accounts
        .iter()
        .map(|one| one.is_complete())
        .collect();
    assert_eq!(complete, [true, false, true, true]);
    let summary = shop.push_with(false, Duration::ZERO).await;
    let kinds = kinds_of_problems(&summary);
    assert!(kinds.contains(&ProblemKind::ConsentEnded), "{summary:?}");
    assert_eq!(
        shop.for_sale(WALMART, &sku(0)),
        Some(4),
        "the other goes on"
    );
    assert_eq!(shop.for_sale(EBAY, &sku(0)), Some(5));
    shop.fault(EBAY, "invalid_grant", 0);
    shop.pass(Duration::from_secs(3_600)).await;
    shop.push().await;
    assert_eq!(
        shop.for_sale(EBAY, &sku(0)),
        Some(4),
        "the seller has consented again"
    );
    let open = shop.rig.store.read(|db| db.problem_counts());
    assert_eq!(
        open.expect("the catalogue can be read"),
        [],
        "and nothing is left to say"
    );
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

#[tokio::test(start_paused = true)]
async fn listings_that_were_made_elsewhere_are_adopted_and_not_sent_back() {
    // Newegg has no list that a program can read.
    const LISTED: [&str; 3] = [EBAY, AMAZON, WALMART];
    let earlier = Shop::with_goods(2).await;
    let shop = Shop {
        rig: earlier.rig.anew(),
    };
    shop.import(2, 2_000, 5);
    for name in LISTED {
        let site = barrow_tests::shop::site(name);
        let found = shop.rig.engine.adopt(shop.account(name), &site).await;
        let found = found.expect("the catalogue is there");
        assert_eq!(
            (found.adopted, found.unmatched_count),
            (2, 0),
            "{name}: {found:?}"
        );
    }
    let before = shop.writes();
    let options = PushOptions {
        accounts: Vec::new(),
        yes: true,
        patience: Duration::from_secs(86_400),
    };
    let summary = shop.rig.engine.push(&options).await.expect("a push ends");
    assert_eq!((summary.done, shop.writes_since(&before)), (0, Vec::new()));
    shop.count(&sku(1), 2);
    shop.push().await;
    for name in LISTED {
        assert_eq!(
            shop.for_sale(name, &sku(1)),
            Some(2),
            "and kept right from then on, {name}"
        );
    }
}
