//! What eBay does in its own way: listings that end when they are sold out, a number of revisions a
//! day, permissions one by one.

use std::time::Duration;

use barrow_engine::RefundOrder;
use barrow_model::{ProblemKind, RefundReason, Row, Sku};
use barrow_tests::goods::{Goods, row, sku};
use barrow_tests::rig::RigOptions;
use barrow_tests::shop::{EBAY, Shop};

use crate::{live, told};

const MINUTES_10: Duration = Duration::from_secs(600);
const PROGRAM_OFF: &str = "stock_program_off";

fn goods(quantity: i64) -> Goods {
    Goods {
        count: 1,
        price_cents: 2_000,
        quantity,
    }
}

/// A seller on eBay alone, with five of one lamp live.
async fn one_lamp() -> Shop {
    lamps(5).await
}

async fn lamps(quantity: i64) -> Shop {
    let shop = Shop::open(RigOptions::quiet(13));
    shop.import_rows(&[row(0, &goods(quantity))]);
    shop.list(EBAY, &sku(0), &sku(0));
    let summary = shop.push().await;
    assert_eq!((summary.done, &summary.refused), (1, &Vec::new()));
    shop.pass(MINUTES_10).await;
    shop
}

fn shirt(size: &str) -> Sku {
    Sku::new(format!("SHIRT-{size}")).expect("a SKU")
}

fn size_row(number: u64, size: &str) -> Row {
    Row {
        handle: "cotton-shirt".to_owned(),
        sku: Some(shirt(size)),
        title: Some("Cotton t-shirt with a pocket".to_owned()),
        category: Some(vec!["Clothing".to_owned(), "T-Shirts".to_owned()]),
        mpn: None,
        options: vec![("Size".to_owned(), size.to_owned())],
        images: row(1, &goods(5)).images,
        ..row(number, &goods(5))
    }
}

#[tokio::test(start_paused = true)]
async fn never_over_what_cannot_be_kept_at_zero_is_ended_and_comes_back() {
    let shop = one_lamp().await;
    shop.fault(EBAY, PROGRAM_OFF, 1);
    shop.count(&sku(0), 0);
    let summary = shop.sync().await;
    assert_eq!(summary.refused, []);
    assert_eq!(shop.shown(EBAY, &sku(0)), None, "nobody can buy it");
    shop.count(&sku(0), 4);
    let summary = shop.sync().await;
    assert_eq!(summary.refused, []);
    assert_eq!(shop.shown(EBAY, &sku(0)), live("20.00", 4));

    // The last unit is sold: eBay ends the listing by itself.
    shop.pass(MINUTES_10).await;
    shop.order(EBAY, &[(&sku(0), 4)]).expect("it is for sale");
    shop.pass(MINUTES_10).await;
    shop.sync().await;
    assert_eq!(shop.shown(EBAY, &sku(0)), None);
    shop.count(&sku(0), 9);
    let summary = shop.sync().await;
    assert_eq!(summary.refused, []);
    assert_eq!(
        shop.shown(EBAY, &sku(0)),
        live("20.00", 5),
        "4 are reserved"
    );
}

#[tokio::test(start_paused = true)]
async fn never_over_a_variation_runs_out_and_the_last_one_ends_the_listing() {
    let shop = Shop::open(RigOptions::quiet(17));
    shop.import_rows(&[size_row(1, "S"), size_row(2, "M")]);
    shop.list_together(EBAY);
    assert_eq!(shop.push().await.refused, []);
    shop.fault(EBAY, PROGRAM_OFF, 1);
    shop.pass(MINUTES_10).await;
    // One that has sold cannot leave the listing.
    shop.order(EBAY, &[(&shirt("S"), 1)])
        .expect("it is for sale");
    shop.pass(MINUTES_10).await;
    shop.sync().await;
    shop.count(&shirt("S"), 0);
    assert_eq!(shop.sync().await.refused, []);
    assert_eq!(shop.for_sale(EBAY, &shirt("S")), Some(0));
    assert_eq!(shop.shown(EBAY, &shirt("M")), live("20.00", 5));
    shop.count(&shirt("M"), 0);
    assert_eq!(shop.sync().await.refused, []);
    assert_eq!(shop.shown(EBAY, &shirt("M")), None);
    shop.count(&shirt("S"), 3);
    shop.count(&shirt("M"), 2);
    assert_eq!(shop.sync().await.refused, []);
    assert_eq!(shop.for_sale(EBAY, &shirt("M")), Some(2));
    assert_eq!(shop.for_sale(EBAY, &shirt("S")), Some(2), "one is reserved");
}

#[tokio::test(start_paused = true)]
async fn one_refund_that_is_not_allowed_stops_nothing_else() {
    let shop = one_lamp().await;
    let order = shop.order(EBAY, &[(&sku(0), 1)]).expect("it is for sale");
    shop.pass(MINUTES_10).await;
    shop.sync().await;
    shop.fault(EBAY, "forbidden@issueRefund", 1_000);
    let row = shop.order_row(EBAY, &order).expect("it was downloaded");
    let ask = RefundOrder {
        line_id: None,
        amount: None,
        reason: RefundReason::Returned,
        comment: None,
    };
    let queued = shop.rig.engine.refund(row, &ask).await;
    assert!(queued.expect("the catalogue can be read").is_ok());
    shop.count(&sku(0), 2);
    let summary = shop.sync().await;
    assert_eq!(shop.for_sale(EBAY, &sku(0)), Some(1));
    let told: Vec<ProblemKind> = summary.refused.iter().map(|one| one.problem.kind).collect();
    assert_eq!(told, [ProblemKind::PermissionMissing]);
}

#[tokio::test(start_paused = true)]
async fn never_over_after_a_day_of_changes_a_zero_still_goes() {
    let shop = one_lamp().await;
    for change in 0..130 {
        shop.count(&sku(0), 5 + change % 2);
        let summary = shop.push().await;
        assert_eq!(summary.refused, [], "eBay never blocked it");
    }
    // The rest of the day's revisions is kept for this.
    shop.count(&sku(0), 0);
    let summary = shop.push().await;
    assert_eq!(summary.refused, []);
    assert_eq!(shop.for_sale(EBAY, &sku(0)), Some(0));
}

#[tokio::test(start_paused = true)]
async fn never_over_a_new_title_does_not_undo_a_sale() {
    let shop = one_lamp().await;
    shop.pull().await;
    shop.order(EBAY, &[(&sku(0), 2)]).expect("it is for sale");
    let renamed = Row {
        title: Some("Desk lamp of walnut".to_owned()),
        ..row(0, &goods(5))
    };
    shop.import_rows(&[renamed]);
    // The sale is not known yet: orders were read a moment ago. That fewer are there tells of it,
    // and no number goes out before orders are read again.
    let summary = shop.push().await;
    assert_eq!(summary.refused, []);
    assert_eq!(shop.for_sale(EBAY, &sku(0)), Some(3));
    shop.pass(MINUTES_10).await;
    shop.sync().await;
    assert_eq!(shop.for_sale(EBAY, &sku(0)), Some(3));
}

#[tokio::test(start_paused = true)]
async fn no_order_lost_each_quirk_of_an_order_is_stored_and_booked() {
    let shop = lamps(30).await;
    let mut reserved = 0;
    for quirk in [
        "order_bare",
        "order_without_sku",
        "order_tax_without_type",
        "order_converted",
        "order_of_another_site",
        "order_linked",
        "order_gift",
        "order_via_hub",
        "order_anonymised",
        "order_by_ebay",
    ] {
        shop.fault(EBAY, quirk, 1);
        let order = shop.order(EBAY, &[(&sku(0), 2)]).expect("it is for sale");
        shop.pass(MINUTES_10).await;
        shop.pull().await;
        let stored = shop.stored_order(EBAY, &order);
        assert!(stored.is_some(), "{quirk} is stored");
        // What eBay keeps and ships never was the seller's own stock.
        reserved += if quirk == "order_by_ebay" { 0 } else { 2 };
        assert_eq!(shop.stock(&sku(0)).reserved, reserved, "{quirk}");
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_prices_take_four_hundred_calls() {
    const COUNT: u64 = 10_000;
    let shop = Shop::open(RigOptions::quiet(17));
    shop.import(COUNT, 2_000, 5);
    shop.list_together(EBAY);
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused), (COUNT, Vec::new()));
    shop.pass(MINUTES_10).await;
    let before = shop.writes();
    shop.import(COUNT, 2_100, 5);
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused), (COUNT, Vec::new()));
    let calls = shop.writes_since(&before);
    let fewest = (EBAY, "bulkUpdatePriceQuantity", COUNT.div_ceil(25));
    assert_eq!(told(&calls), [fewest]);
    assert_eq!(shop.shown(EBAY, &sku(9_999)), live("21.00", 5));
    assert_eq!(shop.held(EBAY).limit_violations, 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_known_category_demands_is_told_by_the_preview() {
    let phone = |number: u64| Row {
        title: Some(format!("Cell phone smartphone {number}")),
        category: Some(vec!["Cell Phones & Smartphones".to_owned()]),
        ..row(number, &goods(5))
    };
    let shop = Shop::open(RigOptions::quiet(14));
    shop.import_rows(&[phone(0)]);
    shop.list(EBAY, &sku(0), &sku(0));
    let lacks = |problem: &barrow_model::Problem| {
        let attribute = problem.params.get("attribute").map(String::as_str);
        problem.kind == ProblemKind::AttributeMissing && attribute == Some("Model")
    };
    let summary = shop.push().await;
    let [told] = &summary.refused[..] else {
        panic!("{summary:?}")
    };
    assert!(lacks(&told.problem), "{told:?}");
    // Another of the same category: nobody has to be asked.
    shop.import_rows(&[phone(1)]);
    let listing = shop.list(EBAY, &sku(1), &sku(1));
    let first = shop.listings_of(EBAY, &sku(0)).pop().expect("it is listed");
    let category = first.category.expect("it was advised");
    let set = shop
        .rig
        .store
        .write(|tx| tx.store_category(listing, &category));
    set.expect("it can be set");
    let plan = shop.rig.engine.plan(&[]).await.expect("a plan can be made");
    let refused: Vec<_> = plan
        .refused
        .iter()
        .filter(|one| lacks(&one.problem))
        .collect();
    assert!(
        refused.iter().any(|one| one.listing_id == listing),
        "{plan:?}"
    );
    assert!(shop.writes().is_empty());
}
