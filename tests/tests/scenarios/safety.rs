//! What is stopped, and what goes on.

use std::time::Duration;

use barrow_engine::Summary;
use barrow_model::{Currency, Money, ProblemKind};
use barrow_tests::goods::{Goods, row, sku};
use barrow_tests::shop::{ALL, EBAY, Shop, WALMART};

use crate::live;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn kinds_of_problems(summary: &Summary) -> Vec<ProblemKind> {
    summary
        .problems
        .iter()
        .map(|(_, problem)| problem.kind)
        .collect()
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
