//! What holds where a revision finds fewer units than were thought: some were sold meanwhile.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shop;

use std::time::Duration;

use barrow_model::{ListingId, Row};

use shop::capability::CALLS;
use shop::market::Market;
use shop::{Shop, usd};

/// A listing that is live with five, of which two were sold since the pull, and a new title.
async fn sold_since_the_pull() -> (Shop, std::sync::Arc<Market>, ListingId) {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    shop.variant("A", Some(usd(1_000)), Some(5));
    let listing = shop.list(account, "A");
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)));
    market.state().there.get_mut("A").unwrap().quantity = 3;
    market.state().most.clear();
    shop.import(&[Row {
        title: Some("Another title".into()),
        ..shop::row("A")
    }]);
    (shop, market, listing)
}

#[tokio::test(start_paused = true)]
async fn what_was_lowered_is_not_raised_before_a_later_pull() {
    let (shop, market, listing) = sold_since_the_pull().await;
    shop.push_once().await;
    assert_eq!(market.state().there["A"].title, "Another title");
    assert_eq!(market.live("A"), Some((1_000, 3)));
    // Four would be fewer than was thought, and more than is there.
    shop.count("A", 4);
    market.state().pull_fails = true;
    tokio::time::advance(Duration::from_secs(61)).await;
    shop.push_once().await;
    assert!(market.state().most.is_empty(), "nothing was sent");
    assert_eq!(shop.listing(listing).standing.expected_quantity, None);
}

#[tokio::test(start_paused = true)]
async fn what_was_lowered_goes_out_again_after_a_pull() {
    let (shop, market, listing) = sold_since_the_pull().await;
    shop.push_once().await;
    let pulls = market.state().pulls;
    shop.count("A", 4);
    shop.push().await;
    assert!(market.state().pulls > pulls, "a fresh one is not enough");
    assert_eq!(market.live("A"), Some((1_000, 4)));
    let known = shop.listing(listing).standing.expected_quantity;
    assert_eq!(known, Some(4));
}

#[tokio::test(start_paused = true)]
async fn what_was_lowered_can_be_emptied_without_a_pull() {
    let (shop, market, _) = sold_since_the_pull().await;
    shop.push_once().await;
    shop.count("A", 0);
    market.state().pull_fails = true;
    tokio::time::advance(Duration::from_secs(61)).await;
    shop.engine.push(&shop::options(true, 0)).await.unwrap();
    assert_eq!(market.live("A").map(|(_, there)| there), Some(0));
}
