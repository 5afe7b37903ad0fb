//! What was changed at a marketplace by other means is found, also among very many listings.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_engine::{Observation, Stop};
use barrow_model::{Currency, Money};
use barrow_tests::goods::sku;
use barrow_tests::rig::RigOptions;
use barrow_tests::shop::{EBAY, Shop, site};

use crate::live;

/// As many listings as a report is asked for.
const MANY: u64 = 1_000;

/// A shop with everything on eBay alone.
async fn on_ebay() -> Shop {
    let shop = Shop::open(RigOptions::quiet(41));
    shop.import(MANY, 2_000, 5);
    shop.list_together(EBAY);
    let summary = shop.push_with(true, Duration::from_secs(86_400)).await;
    assert_eq!((summary.done, summary.refused), (MANY, Vec::new()));
    shop
}

async fn compare(shop: &Shop) -> Observation {
    let (account, site, stop) = (shop.account(EBAY), site(EBAY), Stop::default());
    let compared = shop.rig.engine.observe(account, &site, &stop).await;
    compared.expect("the catalogue is there")
}

const READINGS_LATE: &str = "readings_late";

/// Two products on eBay alone, whose readings stay behind.
async fn behind() -> Shop {
    let shop = Shop::open(RigOptions::quiet(43));
    shop.fault(EBAY, READINGS_LATE, 8);
    shop.import(2, 2_000, 5);
    shop.list_together(EBAY);
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused), (2, Vec::new()));
    shop
}

fn calls(shop: &Shop) -> BTreeMap<String, u64> {
    shop.held(EBAY).calls
}

#[tokio::test(start_paused = true)]
async fn among_many_listings_a_report_tells_what_was_changed_by_other_means() {
    let shop = on_ebay().await;
    let before = calls(&shop);
    let compared = compare(&shop).await;
    assert_eq!(
        (compared.seen, compared.drifted, compared.problem),
        (MANY, 0, None)
    );
    let after = calls(&shop);
    let made = after.values().sum::<u64>() - before.values().sum::<u64>();
    // A tenth is read in full.
    assert!(made <= MANY / 10 + 12, "{made} calls for {MANY} listings");

    let changed = sku(7);
    let other = shop.beside(42);
    other.import(MANY, 2_100, 9);
    other.list(EBAY, &changed, &changed);
    other.push_with(true, Duration::from_secs(86_400)).await;
    assert_eq!(shop.shown(EBAY, &changed), live("21.00", 9));

    let compared = compare(&shop).await;
    assert_eq!(
        (compared.seen, compared.drifted, compared.problem),
        (MANY, 1, None)
    );
    let summary = shop.push().await;
    assert_eq!(summary.refused, Vec::new());
    assert_eq!(shop.shown(EBAY, &changed), live("20.00", 5), "it is mended");
}

#[tokio::test(start_paused = true)]
async fn what_was_just_sent_is_not_taken_for_changed_elsewhere() {
    let shop = behind().await;
    let drifted = |compared: Observation| (compared.seen, compared.drifted, compared.problem);
    assert_eq!(drifted(compare(&shop).await), (2, 0, None));
    shop.pass(Duration::from_secs(60)).await;
    assert_eq!(drifted(compare(&shop).await), (2, 0, None));

    shop.set_price(&sku(0), Money::new(1_750, Currency::USD));
    shop.count(&sku(1), 2);
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused), (2, Vec::new()));
    assert_eq!(drifted(compare(&shop).await), (2, 0, None));
    let before = calls(&shop);
    let summary = shop.push().await;
    assert_eq!(
        (summary.done, summary.waiting),
        (0, 0),
        "nothing is sent twice"
    );
    assert_eq!(calls(&shop), before);
    assert_eq!(shop.shown(EBAY, &sku(0)), live("17.50", 5));
    assert_eq!(shop.for_sale(EBAY, &sku(1)), Some(2));

    // What was before is there again although nobody sent it: now it counts.
    shop.pass(Duration::from_secs(60)).await;
    assert_eq!(drifted(compare(&shop).await), (2, 0, None));
    let other = shop.beside(44);
    other.import(1, 2_000, 5);
    other.list(EBAY, &sku(0), &sku(0));
    other.push_with(true, Duration::from_secs(600)).await;
    shop.pass(Duration::from_secs(60)).await;
    assert_eq!(drifted(compare(&shop).await), (2, 1, None));
    shop.push().await;
    assert_eq!(shop.shown(EBAY, &sku(0)), live("17.50", 5), "it is mended");
}
