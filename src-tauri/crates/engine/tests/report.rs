//! What holds where there are so many listings that a marketplace's report is compared: only what
//! it does not show as it should be is read by itself.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shop;

use std::sync::Arc;

use barrow_engine::{Observation, Stop};
use barrow_model::AccountId;

use shop::capability::FEEDS;
use shop::market::Market;
use shop::observed::read_there;
use shop::reports::Reports;
use shop::{Shop, usd};

/// As many as a report is asked for.
const MANY: usize = 1_000;

async fn listed(count: usize) -> (Shop, Arc<Market>, AccountId) {
    let mut shop = Shop::new();
    let market = Market::new(FEEDS, &shop.clock);
    let account = shop.account("one", market.clone());
    let names: Vec<String> = (0..count).map(|number| format!("S-{number:04}")).collect();
    shop.variants(&names);
    for name in &names {
        shop.list(account, name);
    }
    shop.push_with(true).await;
    assert_eq!(market.state().there.len(), count);
    (shop, market, account)
}

async fn look(shop: &Shop, account: AccountId) -> Observation {
    let (site, stop) = (shop::site(), Stop::default());
    shop.engine.observe(account, &site, &stop).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn only_what_the_report_does_not_show_as_it_should_be_is_read_by_itself() {
    let (shop, market, account) = listed(MANY).await;
    market.state().reports = Some(Reports::Right);
    let seen = look(&shop, account).await;
    assert_eq!((seen.seen, seen.drifted), (MANY as u64, 0));
    assert_eq!(market.state().read_alone.len(), 0, "the report was enough");
    {
        let there = &mut market.state().there;
        there.get_mut("S-0001").unwrap().quantity = 50;
        there.get_mut("S-0500").unwrap().price = usd(1);
        there.get_mut("S-0700").unwrap().live = false;
        there.remove("S-0999");
    }
    let seen = look(&shop, account).await;
    assert_eq!((seen.seen, seen.drifted), (MANY as u64 - 1, 4));
    let alone = market.state().read_alone.clone();
    assert_eq!(alone, ["S-0001", "S-0500", "S-0700", "S-0999"]);
    shop.push_with(true).await;
    let mended = market
        .state()
        .there
        .values()
        .filter(|there| there.live)
        .count();
    assert_eq!(
        mended, MANY,
        "what drifted is mended, what ended is there again"
    );
    assert_eq!(look(&shop, account).await.drifted, 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_report_the_list_is_read() {
    let (shop, market, account) = listed(MANY).await;
    for reports in [None, Some(Reports::Failing), Some(Reports::Never)] {
        market.state().reports = reports;
        market.state().there.get_mut("S-0001").unwrap().quantity = 50;
        let seen = look(&shop, account).await;
        assert_eq!((seen.seen, seen.drifted), (MANY as u64, 1), "{reports:?}");
        assert_eq!(market.state().read_alone.len(), 0, "{reports:?}");
        shop.push_with(true).await;
    }
}

#[tokio::test(start_paused = true)]
async fn few_listings_need_no_report() {
    let (shop, market, account) = listed(3).await;
    market.state().reports = Some(Reports::Failing);
    let began = shop.engine_now();
    let seen = look(&shop, account).await;
    assert_eq!((seen.seen, seen.drifted), (3, 0));
    assert_eq!(shop.engine_now(), began, "nobody waited for one");
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_report_can_be_stopped() {
    let (shop, market, account) = listed(MANY).await;
    market.state().reports = Some(Reports::Never);
    let stop = Stop::default();
    let site = shop::site();
    let looking = shop.engine.observe(account, &site, &stop);
    let (seen, ()) = tokio::join!(looking, async { stop.ask() });
    assert_eq!(seen.unwrap().seen, 0);
}

#[tokio::test(start_paused = true)]
async fn what_buyers_read_is_read_in_turn_beside_the_report() {
    let (shop, market, account) = listed(MANY).await;
    {
        let mut state = market.state();
        state.reports = Some(Reports::Right);
        let names: Vec<String> = state.there.keys().cloned().collect();
        let read = names.into_iter().map(|name| (name, read_there()));
        state.details = read.collect();
    }
    let round = async || {
        let mut drifted = 0;
        for _ in 0..10 {
            let before = market.state().pages_read;
            let seen = look(&shop, account).await;
            assert_eq!((seen.seen, seen.problem), (MANY as u64, None));
            assert_eq!(market.state().pages_read, before + 1, "a tenth");
            drifted += seen.drifted;
        }
        drifted
    };
    assert_eq!(round().await, 0);
    let changed = "S-0777";
    market.state().details.get_mut(changed).unwrap().title = "By others".to_owned();
    assert_eq!(round().await, 1);
    assert_eq!(shop.push_with(true).await.done, 1, "it is mended");
}
