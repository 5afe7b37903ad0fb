//! What holds when the seller stops a run: it ends soon, everything that was sent is known, and the
//! next run does the rest and nothing twice.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shop;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use barrow_engine::{FaultPoints, PullOptions, Stop};
use barrow_market::Capability;

use shop::capability::{CALLS, FEEDS};
use shop::market::Market;
use shop::{Shop, options, usd};

const LISTINGS: u32 = 120;

/// Asks for the stop when a place is passed for the n-th time.
struct AskAt {
    place: &'static str,
    left: AtomicU32,
    stop: Stop,
}

impl FaultPoints for AskAt {
    fn at(&self, name: &'static str) {
        if name == self.place && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.stop.ask();
        }
    }
}

fn full(capability: Capability, place: &'static str, times: u32) -> (Shop, Arc<Market>, Stop) {
    let mut shop = Shop::new();
    let market = Market::new(capability, &shop.clock);
    let account = shop.account("one", market.clone());
    for number in 0..LISTINGS {
        let name = format!("S-{number:03}");
        shop.variant(&name, Some(usd(1_000)), Some(5));
        shop.list(account, &name);
    }
    let stop = Stop::default();
    shop.restart(Arc::new(AskAt {
        place,
        left: AtomicU32::new(times),
        stop: stop.clone(),
    }));
    (shop, market, stop)
}

fn published_once(market: &Market) -> usize {
    let state = market.state();
    assert!(state.there.values().all(|there| there.published <= 1));
    state.there.values().filter(|there| there.live).count()
}

#[tokio::test(start_paused = true)]
async fn a_push_that_is_stopped_ends_between_batches_and_the_next_one_does_the_rest() {
    for place in [
        "push.planned",
        "push.attempt_committed",
        "push.outcomes_stored",
    ] {
        let (shop, market, stop) = full(CALLS, place, 1);
        let options = options(true, 86_400);
        let summary = shop.engine.push_until(&options, &stop).await.unwrap();
        assert!(summary.stopped, "{place}");
        assert!(
            summary.done < u64::from(LISTINGS),
            "{place}: {}",
            summary.done
        );
        assert_eq!(summary.unknown, 0, "what was sent is known: {place}");
        let left = shop.engine.push(&options).await.unwrap();
        assert!(!left.stopped, "{place}");
        assert_eq!(summary.done + left.done, u64::from(LISTINGS), "{place}");
        assert_eq!(published_once(&market), LISTINGS as usize, "{place}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_account_of_a_push_is_stopped_and_the_others_go_on() {
    let mut shop = Shop::new();
    let markets = [(); 2].map(|()| Market::new(FEEDS, &shop.clock));
    let accounts = ["one", "two"].map(|name| {
        let market = &markets[usize::from(name == "two")];
        shop.account(name, market.clone())
    });
    for number in 0..LISTINGS {
        let name = format!("S-{number:03}");
        shop.variant(&name, Some(usd(1_000)), Some(5));
        for account in accounts {
            shop.list(account, &name);
        }
    }
    let stop = Stop::default();
    stop.ask_account(accounts[0]);
    let options = options(true, 86_400);
    let summary = shop.engine.push_until(&options, &stop).await.unwrap();
    assert_eq!(
        (summary.stopped, summary.stopped_accounts),
        (false, vec![accounts[0]])
    );
    assert_eq!(summary.done, u64::from(LISTINGS));
    assert_eq!(
        markets.each_ref().map(|market| published_once(market)),
        [0, LISTINGS as usize]
    );
    let left = shop.engine.push(&options).await.unwrap();
    assert_eq!(left.done, u64::from(LISTINGS));
    assert_eq!(published_once(&markets[0]), LISTINGS as usize);
}

#[tokio::test(start_paused = true)]
async fn a_push_that_waits_for_a_feed_is_stopped_without_waiting_for_it() {
    let (shop, market, stop) = full(FEEDS, "push.outcomes_stored", 1);
    let options = options(true, 86_400);
    let began = shop.engine_now();
    let summary = shop.engine.push_until(&options, &stop).await.unwrap();
    assert!(summary.stopped);
    assert!(shop.engine_now() - began < chrono::Duration::seconds(60));
    assert!(summary.waiting > 0, "the feed is not answered yet");
    let left = shop.engine.push(&options).await.unwrap();
    assert_eq!(summary.done + left.done, u64::from(LISTINGS));
    assert_eq!(published_once(&market), LISTINGS as usize);
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_is_stopped_says_that_it_is_not_complete_and_raises_no_problem() {
    let (shop, market, stop) = full(CALLS, "pull.page_received", 9);
    stop.ask();
    let pulled = shop
        .engine
        .pull_until(&PullOptions::default(), &stop)
        .await
        .unwrap();
    let account = &pulled.accounts[0];
    assert!(account.stopped && !account.is_complete());
    assert_eq!(
        (account.problem.as_ref(), account.covered_through),
        (None, None)
    );
    let again = shop.engine.pull(&PullOptions::default()).await.unwrap();
    assert!(again.accounts[0].is_complete());
    assert!(market.state().pulls > 0);
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_goes_on_after_a_stop_reads_what_came_since_too() {
    let (shop, market, stop) = full(CALLS, "pull.page_stored", 1);
    market.state().two_pages = true;
    let pull = PullOptions::default();
    let cut_off = shop.engine.pull_until(&pull, &stop).await.unwrap();
    assert!(cut_off.accounts[0].stopped);
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let began = shop.engine_now();
    let pulled = shop.engine.pull(&pull).await.unwrap();
    let account = &pulled.accounts[0];
    assert!(account.is_complete());
    assert!(account.covered_through >= Some(began), "{account:?}");
    assert_eq!(market.state().pulls, 1 + 1 + 2, "nothing is read twice");
    let pulls = market.state().pulls;
    shop.engine.pull(&pull).await.unwrap();
    assert_eq!(market.state().pulls - pulls, 2, "a whole one is read once");
}
