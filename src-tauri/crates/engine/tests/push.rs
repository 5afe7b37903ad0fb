//! What a push does, rule by rule, against a marketplace in memory.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shop;

use barrow_engine::{PriceRule, Rules, StepKind, StockRule, Stop, Unmatched};
use barrow_model::{ActionKind, ListingState, Overrides, ProblemKind, Site};
use barrow_store::{NewListing, ProblemQuery, ReceiptQuery};
use rust_decimal::Decimal;

use shop::capability::{CALLS, FEEDS, FRAGILE, SECRETIVE};
use shop::market::{Fault, Market};
use shop::{Shop, sku, usd};

fn one_listing(capability: barrow_market::Capability) -> (Shop, std::sync::Arc<Market>, Ids) {
    let mut shop = Shop::new();
    let market = Market::new(capability, &shop.clock);
    let account = shop.account("one", market.clone());
    shop.variant("A", Some(usd(1_000)), Some(5));
    let listing = shop.list(account, "A");
    (shop, market, Ids { account, listing })
}

struct Ids {
    account: barrow_model::AccountId,
    listing: barrow_model::ListingId,
}

fn problems(shop: &Shop) -> Vec<ProblemKind> {
    let query = ProblemQuery {
        account_id: None,
        kind: None,
        after: 0,
        limit: 100,
    };
    let open = shop.store.read(|db| db.problems(&query)).unwrap();
    open.into_iter().map(|open| open.problem.kind).collect()
}

#[tokio::test(start_paused = true)]
async fn a_push_publishes_then_keeps_price_and_quantity_right() {
    let (mut shop, market, ids) = one_listing(CALLS);
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.defaults.len()), (1, 1));
    assert_eq!(market.live("A"), Some((1_000, 5)));
    assert_eq!(shop.listing(ids.listing).listing.state, ListingState::Live);
    assert_eq!(shop.push().await.done, 0, "nothing is left to do");

    shop.variant("A", Some(usd(1_100)), Some(3));
    let calls = market.calls("offers");
    assert_eq!(shop.push().await.done, 2);
    assert_eq!(market.live("A"), Some((1_100, 3)));
    assert_eq!(market.calls("offers"), calls + 1, "both travel together");
    let query = ReceiptQuery {
        account_id: None,
        sku_id: Some(shop.sku_id("A")),
        order_row_id: None,
        states: Vec::new(),
        kinds: Vec::new(),
        since: None,
        before: None,
        limit: 10,
    };
    let receipts = shop.store.read(|db| db.receipts(&query)).unwrap();
    assert_eq!(receipts.len(), 3);
    assert!(receipts.iter().all(|row| row.receipt.answered_at.is_some()));
}

#[tokio::test(start_paused = true)]
async fn a_plan_tells_what_a_push_does_and_writes_nothing() {
    let (mut shop, market, _) = one_listing(CALLS);
    let plan = shop.engine.plan(&[]).await.unwrap();
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(plan.changes[0].kind, ActionKind::Publish);
    assert_eq!(plan.calls[0].calls, 1);
    assert_eq!(
        shop.engine.plan(&[]).await.unwrap(),
        plan,
        "as it was before"
    );
    assert_eq!(market.calls("publish"), 0);
    shop.push().await;
    assert_eq!(shop.engine.plan(&[]).await.unwrap().changes, []);
    shop.variant("A", Some(usd(2_000)), None);
    let plan = shop.engine.plan(&[]).await.unwrap();
    assert_eq!(plan.held.len(), 1, "a price that doubles");
    assert_eq!(plan.held[0].0.before.as_deref(), Some("10.00 USD"));
    assert_eq!(plan.held[0].0.after.as_deref(), Some("20.00 USD"));
}

#[tokio::test(start_paused = true)]
async fn feeds_are_waited_for_and_one_at_a_time() {
    let (mut shop, market, ids) = one_listing(FEEDS);
    assert_eq!(shop.push_once().await.waiting, 1, "taken in, not done");
    shop.variant("A", Some(usd(1_100)), Some(4));
    assert_eq!(
        shop.push_once().await.done,
        0,
        "nothing overtakes the publish"
    );
    assert_eq!(market.calls("prices"), 0);
    let summary = shop.push().await;
    assert_eq!((summary.waiting, summary.unknown), (0, 0));
    assert_eq!(market.live("A"), Some((1_100, 4)));
    assert_eq!(
        shop.listing(ids.listing).standing.expected_quantity,
        Some(4)
    );
}

#[tokio::test(start_paused = true)]
async fn calls_are_the_fewest_that_batches_allow() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    let names: Vec<String> = (0..53).map(|i| format!("S{i}")).collect();
    for name in &names {
        shop.variant(name, Some(usd(1_000)), Some(5));
        shop.list(account, name);
    }
    shop.push().await;
    // 53 listings, 5 in a batch, 2 steps.
    assert_eq!(market.calls("publish"), 22);
    for name in &names {
        shop.variant(name, Some(usd(1_010)), Some(4));
    }
    shop.push().await;
    assert_eq!(market.calls("offers"), 3, "25 listings in a call");
    for name in &names {
        assert_eq!(market.live(name), Some((1_010, 4)));
    }
}

#[tokio::test(start_paused = true)]
async fn never_over_increases_wait_for_every_account_that_shares_the_stock() {
    let (shop, market, _) = one_listing(CALLS);
    let other = Market::new(CALLS, &shop.clock);
    let second = shop.account("two", other.clone());
    shop.list(second, "A");
    shop.push().await;
    assert_eq!(other.live("A"), Some((1_000, 5)));

    tokio::time::sleep(std::time::Duration::from_secs(3_600)).await;
    other.state().pull_fails = true;
    shop.count("A", 9);
    let summary = shop.push_once().await;
    assert_eq!(market.live("A"), Some((1_000, 5)), "two was not pulled");
    assert_eq!(summary.waiting, 2);
    assert_eq!(summary.problems.len(), 1);
    assert!(summary.next_due.is_some());

    shop.count("A", 2);
    shop.push_once().await;
    assert_eq!(market.live("A"), Some((1_000, 2)), "a decrease always goes");
    assert_eq!(other.live("A"), Some((1_000, 2)));

    other.state().pull_fails = false;
    shop.count("A", 9);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 9)));
}

#[tokio::test(start_paused = true)]
async fn never_over_a_kit_is_as_often_there_as_its_parts() {
    let (mut shop, market, ids) = one_listing(CALLS);
    shop.import(&[barrow_model::Row {
        kind: barrow_model::RowKind::Kit,
        price: Some(usd(2_500)),
        parts: vec![(sku("A"), 2)],
        ..shop::row("KIT")
    }]);
    shop.list(ids.account, "KIT");
    shop.push().await;
    assert_eq!(market.live("KIT"), Some((2_500, 2)));
    shop.count("A", 3);
    shop.push().await;
    assert_eq!(market.live("KIT"), Some((2_500, 1)));
}

#[tokio::test(start_paused = true)]
async fn never_under_prices_below_the_floor_blank_or_far_do_not_go() {
    let (mut shop, market, ids) = one_listing(CALLS);
    let floor = |floor| Rules {
        price: PriceRule {
            floor: Some(Decimal::from(floor)),
            ..PriceRule::default()
        },
        ..Rules::default()
    };
    shop.rules(ids.account, &floor(12));
    shop.variant("B", None, Some(5));
    let blank = shop.list(ids.account, "B");
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_200, 5)), "raised to the floor");
    assert_eq!(market.live("B"), None, "no price, no publish");
    assert_eq!(problems(&shop), [ProblemKind::PriceMissing]);
    let steps = shop.engine.explain(ids.listing).await.unwrap().price_steps;
    let raised = barrow_engine::StepKind::RaisedToFloor;
    assert_eq!(steps.last().unwrap().kind, raised, "and it says so");

    let below = Overrides {
        price: Some(usd(1_100)),
        ..Overrides::default()
    };
    shop.store
        .write(|tx| tx.set_overrides(ids.listing, &below, None))
        .unwrap();
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_200, 5)));
    assert!(problems(&shop).contains(&ProblemKind::PriceBelowFloor));

    let far = Overrides {
        price: Some(usd(2_000)),
        ..Overrides::default()
    };
    shop.store
        .write(|tx| {
            tx.set_overrides(ids.listing, &far, None)?;
            tx.set_listing_state(blank, ListingState::Ending)
        })
        .unwrap();
    let summary = shop.push().await;
    assert_eq!(summary.held.len(), 1);
    assert_eq!(summary.held[0].problem.kind, ProblemKind::PriceMovesFar);
    assert_eq!(market.live("A"), Some((1_200, 5)), "held for a yes");
    assert_eq!(shop.push_with(true).await.done, 1);
    assert_eq!(market.live("A"), Some((2_000, 5)));
    assert_eq!(problems(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn never_under_a_run_that_empties_much_stops_for_a_yes() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    let names: Vec<String> = (0..30).map(|i| format!("S{i}")).collect();
    for name in &names {
        shop.variant(name, Some(usd(1_000)), Some(5));
        shop.list(account, name);
    }
    shop.push().await;
    for name in &names[..12] {
        shop.count(name, 0);
    }
    shop.count("S20", 3);
    let plan = shop.engine.plan(&[]).await.unwrap();
    assert_eq!((plan.held.len(), plan.changes.len()), (12, 1));
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.held_count), (1, 12));
    assert_eq!(summary.held[0].problem.kind, ProblemKind::StockEmptied);
    assert_eq!(market.live("S0"), Some((1_000, 5)));
    // Three come back: nine are few enough.
    for name in &names[..3] {
        shop.count(name, 5);
    }
    assert_eq!(shop.push().await.held_count, 0);
    assert_eq!(market.live("S5"), Some((1_000, 0)));
    assert_eq!(market.live("S0"), Some((1_000, 5)));
}

#[tokio::test(start_paused = true)]
async fn unknown_is_not_failed_lost_answers_are_looked_up() {
    for fault in [Fault::LoseAnswer, Fault::LoseRequest] {
        for (capability, lane) in [(CALLS, "publish"), (FEEDS, "items")] {
            let (shop, market, _) = one_listing(capability);
            market.fail(fault.clone());
            let summary = shop.push().await;
            assert_eq!(market.live("A"), Some((1_000, 5)), "{fault:?} {lane}");
            assert_eq!((summary.unknown, summary.waiting), (0, 0));
            assert_eq!(market.state().there["A"].published, 1);
            assert!(market.state().lookups >= 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_quantity_whose_answer_was_lost_is_set_again() {
    let (shop, market, _) = one_listing(CALLS);
    shop.push().await;
    market.fail(Fault::LoseAnswer);
    shop.count("A", 9);
    shop.push_once().await;
    // Back to what was acknowledged before: what is there is not certain, so it goes out.
    shop.count("A", 5);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)));
}

#[tokio::test(start_paused = true)]
async fn limits_and_outages_put_off_and_lose_nothing() {
    for fault in [Fault::Limit(600), Fault::Unreachable, Fault::Later] {
        let (shop, market, _) = one_listing(CALLS);
        market.fail(fault.clone());
        let summary = shop.push_once().await;
        assert_eq!((summary.done, summary.waiting), (0, 1), "{fault:?}");
        assert!(summary.next_due.unwrap() > shop.engine_now());
        assert_eq!(shop.push().await.done, 1);
        assert_eq!(market.live("A"), Some((1_000, 5)), "{fault:?}");
        assert_eq!(problems(&shop), [], "mended by itself");
    }
    let (shop, market, _) = one_listing(CALLS);
    market.fail(Fault::WrongKeys);
    let summary = shop.push_once().await;
    assert_eq!(summary.problems[0].1.kind, ProblemKind::CredentialsRefused);
    assert_eq!(problems(&shop), [ProblemKind::CredentialsRefused]);
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_waits_until_it_changes() {
    let (mut shop, market, ids) = one_listing(CALLS);
    market.fail(Fault::Refuse(ProblemKind::Prohibited));
    let summary = shop.push().await;
    assert_eq!(summary.refused.len(), 1);
    assert_eq!(
        shop.listing(ids.listing).listing.state,
        ListingState::Refused
    );
    let calls = market.calls("publish");
    shop.count("A", 4);
    shop.push().await;
    assert_eq!(
        market.calls("publish"),
        calls,
        "the same is not tried again"
    );
    shop.import(&[barrow_model::Row {
        title: Some("Another title".into()),
        ..shop::row("A")
    }]);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 4)));
    assert_eq!(problems(&shop), []);
    // A refused price keeps nothing else from going.
    market.fail(Fault::Refuse(ProblemKind::PriceRefused));
    shop.variant("A", Some(usd(1_100)), None);
    shop.push().await;
    assert_eq!(problems(&shop), [ProblemKind::PriceRefused]);
    shop.count("A", 1);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 1)));
    shop.variant("A", Some(usd(1_050)), None);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_050, 1)));
    assert_eq!(problems(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn demands_are_told_before_a_call() {
    let (mut shop, market, ids) = one_listing(CALLS);
    market.state().categories = true;
    shop.import(&[barrow_model::Row {
        title: Some("A forbidden thing".into()),
        price: Some(usd(500)),
        quantity: Some(1),
        ..shop::row("F")
    }]);
    shop.list(ids.account, "F");
    let plan = shop.engine.plan(&[]).await.unwrap();
    assert_eq!((plan.changes.len(), plan.refused.len()), (1, 1));
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused_count), (1, 1));
    assert_eq!(summary.refused[0].problem.kind, ProblemKind::Prohibited);
    assert_eq!(market.calls("publish"), 2, "one listing in two steps");
    let row = shop.listing(ids.listing);
    assert_eq!(row.category.unwrap().0, "cat-0");
    let asked = market.state().advice_asked;
    shop.count("A", 4);
    shop.push().await;
    assert_eq!(market.state().advice_asked, asked, "asked once");
}

#[tokio::test(start_paused = true)]
async fn between_several_policies_the_seller_chooses() {
    let (shop, market, _) = one_listing(CALLS);
    market.state().two_policies = true;
    assert_eq!(shop.push().await.refused_count, 1);
}

#[tokio::test(start_paused = true)]
async fn pausing_ending_and_running_empty() {
    for (capability, at_zero) in [(CALLS, Some((1_000, 0))), (FRAGILE, None)] {
        let (shop, market, ids) = one_listing(capability);
        shop.push().await;
        shop.count("A", 0);
        shop.push().await;
        assert_eq!(market.live("A"), at_zero);
        shop.count("A", 3);
        shop.push().await;
        assert_eq!(market.live("A"), Some((1_000, 3)), "back with the stock");
        let set = |state| {
            let id = ids.listing;
            shop.store
                .write(|tx| tx.set_listing_state(id, state))
                .unwrap();
        };
        set(ListingState::Paused);
        shop.push().await;
        assert_eq!(market.live("A"), at_zero);
        set(ListingState::Live);
        shop.push().await;
        assert_eq!(market.live("A"), Some((1_000, 3)));
        set(ListingState::Ending);
        shop.push().await;
        assert_eq!(market.live("A"), None);
        assert_eq!(shop.listing(ids.listing).listing.state, ListingState::Ended);
    }
}

#[tokio::test(start_paused = true)]
async fn no_echo_what_is_adopted_is_not_sent_back() {
    let (mut shop, market, ids) = one_listing(CALLS);
    shop.push().await;
    let other = Market::new(CALLS, &shop.clock);
    let there = market.state().there["A"].clone();
    other.state().there.insert("A".into(), there);
    let second = shop.account("two", other.clone());
    let found = shop
        .engine
        .adopt((second, &shop::site()), Unmatched::Leave, &Stop::default())
        .await
        .unwrap();
    assert_eq!((found.seen, found.adopted), (1, 1));
    assert_eq!(shop.push().await.done, 0);
    assert_eq!(other.calls("offers") + other.calls("revise"), 0);
    shop.variant("A", Some(usd(1_050)), None);
    shop.push().await;
    assert_eq!(
        other.live("A"),
        Some((1_050, 5)),
        "and kept right from then on"
    );
    let _ = ids;
}

#[tokio::test(start_paused = true)]
async fn drift_is_seen_and_mended() {
    let (shop, market, ids) = one_listing(CALLS);
    shop.push().await;
    let (us, stop) = (shop::site(), Stop::default());
    let there = || shop.engine.observe(ids.account, &us, &stop);
    assert_eq!(there().await.unwrap().drifted, 0);
    market.state().there.get_mut("A").unwrap().quantity = 50;
    assert_eq!(there().await.unwrap().drifted, 1);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)));
    market.state().there.get_mut("A").unwrap().live = false;
    assert_eq!(there().await.unwrap().drifted, 1);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)), "published again");
    // What the list does not have any more is looked for by itself.
    market.state().there.remove("A");
    assert_eq!(there().await.unwrap().drifted, 1);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)), "published again");
}

#[tokio::test(start_paused = true)]
async fn drift_is_seen_and_mended_where_there_is_no_list_of_everything() {
    let (shop, market, ids) = one_listing(SECRETIVE);
    shop.push().await;
    let (us, stop) = (shop::site(), Stop::default());
    let there = || shop.engine.observe(ids.account, &us, &stop);
    let seen = there().await.unwrap();
    assert_eq!((seen.seen, seen.drifted), (1, 0));
    market.state().there.get_mut("A").unwrap().quantity = 50;
    assert_eq!(there().await.unwrap().drifted, 1);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)));
    market.state().there.remove("A");
    assert_eq!(there().await.unwrap().drifted, 1);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)), "published again");
    let adopted = shop
        .engine
        .adopt((ids.account, &us), Unmatched::Leave, &stop)
        .await
        .unwrap();
    let problem = adopted.problem.expect("nothing can be adopted there");
    assert_eq!(problem.kind, ProblemKind::Unsupported);
}

#[tokio::test(start_paused = true)]
async fn sites_that_share_one_quantity_get_it_once_and_never_more_than_any_allows() {
    let (shop, market, ids) = one_listing(CALLS);
    let pooled = |site: &str| NewListing {
        account_id: ids.account,
        site: Site(site.into()),
        channel_sku: sku("A"),
        sku_id: shop.sku_id("A"),
        pool: "region".into(),
    };
    let add = |new| shop.store.write(|tx| tx.add_listing(&new)).unwrap();
    shop.store
        .write(|tx| tx.move_listing(ids.listing, ListingState::Ended))
        .unwrap();
    let (north, south) = (add(pooled("NORTH")), add(pooled("SOUTH")));
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)));
    let before = market.calls("offers");
    let at_most_two = Overrides {
        quantity: Some(2),
        ..Overrides::default()
    };
    shop.store
        .write(|tx| tx.set_overrides(south, &at_most_two, None))
        .unwrap();
    shop.count("A", 9);
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 2)));
    assert_eq!(market.calls("offers") - before, 1, "one number, one call");
    let told = shop.engine.explain(north).await.unwrap();
    let last = told.quantity_steps.last().unwrap();
    assert_eq!((told.quantity, last.kind), (2, StepKind::OnePool));
    for id in [north, south] {
        assert_eq!(shop.listing(id).standing.expected_quantity, Some(2));
    }
    shop.push().await;
    assert_eq!(market.calls("offers") - before, 1, "and nothing is left");
}

#[tokio::test(start_paused = true)]
async fn a_sale_lowers_what_is_expected_only_where_it_came_later() {
    let (shop, market, ids) = one_listing(CALLS);
    shop.push().await;
    let sell = |minutes: i64| {
        let at = shop.engine_now() + chrono::Duration::minutes(minutes);
        let (site, sku) = (shop::site(), sku("A"));
        let sold = (ids.account, &site, &sku);
        shop.store.write(|tx| tx.note_sale(sold, 2, at)).unwrap();
        shop.listing(ids.listing).standing.expected_quantity
    };
    assert_eq!(sell(-10), Some(5), "sold before the quantity was set");
    assert_eq!(sell(10), Some(3), "sold after it");
    assert_eq!(sell(0), None, "nobody can tell");
    shop.push().await;
    assert_eq!(market.live("A"), Some((1_000, 5)), "so it goes out again");
    assert_eq!(
        shop.listing(ids.listing).standing.expected_quantity,
        Some(5)
    );
}

#[tokio::test(start_paused = true)]
async fn rules_of_stock_hold_back_what_they_say() {
    let check = async |rule: StockRule, expected: u32| {
        let (shop, market, ids) = one_listing(CALLS);
        let rules = Rules {
            stock: rule,
            ..Rules::default()
        };
        shop.rules(ids.account, &rules);
        shop.push().await;
        assert_eq!(market.live("A"), Some((1_000, expected)));
    };
    let buffered = |buffer, cap| StockRule::Buffered { buffer, cap };
    check(buffered(2, None), 3).await;
    check(buffered(0, Some(4)), 4).await;
    let percent = Decimal::from(50);
    check(StockRule::Share { percent }, 2).await;
    check(StockRule::Fixed { quantity: 3 }, 3).await;
    check(StockRule::Fixed { quantity: 30 }, 5).await;
}

#[tokio::test(start_paused = true)]
async fn feeds_are_full_before_they_leave() {
    let mut shop = Shop::new();
    let market = Market::new(FEEDS, &shop.clock);
    let account = shop.account("one", market.clone());
    let rows: Vec<_> = (0..250)
        .map(|i| barrow_model::Row {
            price: Some(usd(1_000)),
            quantity: Some(5),
            ..shop::row(&format!("S{i}"))
        })
        .collect();
    shop.import(&rows);
    for i in 0..250 {
        shop.list(account, &format!("S{i}"));
    }
    assert_eq!(shop.push().await.done, 250);
    assert_eq!(market.calls("items"), 1, "all of them fit");
}

#[tokio::test(start_paused = true)]
async fn what_stands_refused_is_told_by_every_push() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    shop.variant("A", None, Some(5));
    shop.list(account, "A");
    for _ in 0..2 {
        let summary = shop.push().await;
        assert_eq!(summary.refused_count, 1);
        assert_eq!(summary.refused[0].sku, "A");
        assert_eq!(summary.refused[0].problem.kind, ProblemKind::PriceMissing);
    }
    shop.variant("A", Some(usd(1_000)), None);
    assert_eq!(shop.push().await.refused_count, 0);
}
