//! Goods on marketplaces: listed, kept as they are, paused, ended, adopted.

use std::time::Duration;

use barrow_engine::{PushOptions, Stop, Unmatched};
use barrow_model::{AccountState, CategoryId, Currency, ListingState, Money, ProblemKind};
use barrow_tests::goods::sku;
use barrow_tests::rig::{Rig, RigOptions};
use barrow_tests::shop::{ALL, AMAZON, EBAY, NEWEGG, Shop, WALMART};

use crate::{live, told};

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
        let found = shop
            .rig
            .engine
            .adopt(
                (shop.account(name), &site),
                Unmatched::Leave,
                &Stop::default(),
            )
            .await;
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

#[tokio::test(start_paused = true)]
async fn a_category_that_takes_no_listings_is_told_before_anything_is_sent() {
    let shop = Shop {
        rig: Rig::open(RigOptions::quiet(3), &[EBAY]),
    };
    shop.import(2, 2_000, 5);
    shop.list_all();
    for (number, category) in [(0, "293"), (1, "112529")] {
        let listing = shop.listings_of(EBAY, &sku(number))[0].listing.id;
        let category = CategoryId(category.to_owned());
        let kept = shop
            .rig
            .store
            .write(|tx| tx.store_category(listing, &category));
        kept.expect("a category can be kept");
    }
    let summary = shop.push().await;
    let told: Vec<_> = summary
        .refused
        .iter()
        .map(|one| (one.problem.kind, one.problem.params["category"].as_str()))
        .collect();
    assert_eq!(told, [(ProblemKind::CategoryInvalid, "293")], "{summary:?}");
    assert_eq!(summary.done, 1, "{summary:?}");
    assert_eq!(shop.shown(EBAY, &sku(0)), None, "nothing of it was sent");
    let asked = || shop.held(EBAY).calls["getItemAspectsForCategory"];
    let before = asked();
    shop.set_price(&sku(0), Money::new(2_500, Currency::USD));
    shop.push().await;
    assert_eq!(asked(), before, "the answer is known");
}
