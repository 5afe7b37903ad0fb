//! What a marketplace demands of listings, told in the plan and before a call.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shop;

use barrow_market::Capability;
use barrow_model::{Binding, ProblemKind};

use shop::capability::CALLS;
use shop::market::Market;
use shop::{Shop, usd};

#[tokio::test(start_paused = true)]
async fn a_sku_with_signs_that_are_not_taken_is_told_in_the_plan() {
    let mut shop = Shop::new();
    let strict = Capability {
        sku_signs: Some("-_"),
        sku_chars_max: 5,
        ..CALLS
    };
    let market = Market::new(strict, &shop.clock);
    let account = shop.account("one", market.clone());
    for name in ["A-1", "B 1", "C-1234"] {
        shop.variant(name, Some(usd(1_000)), Some(5));
        shop.list(account, name);
    }
    let plan = shop.engine.plan(&[]).await.unwrap();
    let refused: Vec<(&str, ProblemKind, Option<&str>)> = plan
        .refused
        .iter()
        .map(|refused| {
            let allowed = refused.problem.params.get("allowed");
            let kind = refused.problem.kind;
            (
                refused.channel_sku.as_str(),
                kind,
                allowed.map(String::as_str),
            )
        })
        .collect();
    let invalid = ProblemKind::SkuInvalid;
    assert_eq!(
        refused,
        [("B 1", invalid, Some("- _")), ("C-1234", invalid, None)]
    );
    assert_eq!(plan.changes.len(), 1);
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused_count), (1, 2));
    assert_eq!(market.calls("publish"), 2, "one listing in two steps");
}

#[tokio::test(start_paused = true)]
async fn a_sku_that_the_marketplace_has_taken_already_keeps_its_signs() {
    let mut shop = Shop::new();
    let strict = Capability {
        sku_signs: Some(""),
        ..CALLS
    };
    let market = Market::new(strict, &shop.clock);
    let account = shop.account("one", market.clone());
    shop.variant("B 1", Some(usd(1_000)), Some(5));
    let listing = shop.list(account, "B 1");
    let binding = Binding::default().with("item", "B 1");
    shop.store
        .write(|tx| tx.store_binding(listing, &binding))
        .unwrap();
    assert_eq!(shop.engine.plan(&[]).await.unwrap().refused, []);
    shop.push().await;
    assert_eq!(market.live("B 1"), Some((1_000, 5)));
}

#[tokio::test(start_paused = true)]
async fn rules_hold_while_the_categories_are_of_their_version() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    market.state().categories = true;
    market.state().version = Some("1".to_owned());
    let account = shop.account("one", market.clone());
    shop.variant("A", Some(usd(1_000)), Some(5));
    shop.list(account, "A");
    let mut revised = 0;
    let mut asked_after = async |days: u64, version: Option<&str>| {
        tokio::time::advance(std::time::Duration::from_secs(days * 86_400)).await;
        market.state().version = version.map(str::to_owned);
        revised += 1;
        shop.import(&[barrow_model::Row {
            title: Some(format!("Title number {revised}")),
            ..shop::row("A")
        }]);
        shop.push().await;
        let state = market.state();
        assert_eq!(state.there["A"].title, format!("Title number {revised}"));
        state.rules_asked
    };
    assert_eq!(asked_after(0, Some("1")).await, 1);
    assert_eq!(asked_after(10, Some("1")).await, 1, "the same version");
    assert_eq!(asked_after(1, Some("2")).await, 2, "another version");
    assert_eq!(asked_after(6, None).await, 2, "not told, and a week");
    assert_eq!(asked_after(2, None).await, 3, "not told, and longer");
    assert_eq!(asked_after(6, None).await, 3, "of no version, and a week");
    assert_eq!(asked_after(2, None).await, 4, "of no version, and longer");
}
