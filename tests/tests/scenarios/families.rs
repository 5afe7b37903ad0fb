//! Variants on eBay: one listing, each at its own price and stock.

use barrow_engine::Summary;
use barrow_model::{Condition, Currency, ListingState, Money, ProblemKind, Row, Sku, SourceLine};
use barrow_tests::goods::{Goods, row};
use barrow_tests::rig::RigOptions;
use barrow_tests::shop::{EBAY, Shop};

use crate::live;

const PUBLISH: &str = "publishOfferByInventoryItemGroup";

fn shirt(size: &str) -> Sku {
    Sku::new(format!("SHIRT-{size}")).expect("a SKU")
}

/// One size of a shirt at 20.00 USD, five of it.
fn size_row(number: u64, size: &str) -> Row {
    let goods = Goods {
        count: 1,
        price_cents: 2_000,
        quantity: 5,
    };
    Row {
        line: SourceLine(number + 2),
        handle: "cotton-shirt".to_owned(),
        sku: Some(shirt(size)),
        title: Some("Cotton t-shirt with a pocket".to_owned()),
        category: Some(vec!["Clothing".to_owned(), "T-Shirts".to_owned()]),
        mpn: None,
        options: vec![("Size".to_owned(), size.to_owned())],
        images: row(1, &goods).images,
        ..row(number, &goods)
    }
}

fn shop_with(rows: &[Row]) -> Shop {
    let shop = Shop::open(RigOptions::quiet(11));
    shop.import_rows(rows);
    shop.list_together(EBAY);
    shop
}

fn listing_ids(shop: &Shop) -> Vec<Option<String>> {
    let listings = shop.listings(EBAY).into_iter();
    listings
        .map(|row| row.listing.binding.get("listing_id").map(str::to_owned))
        .collect()
}

fn told_times(shop: &Shop, operation: &str) -> u64 {
    let writes = shop.writes();
    writes
        .get(&(EBAY, operation.to_owned()))
        .copied()
        .unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn variants_are_one_listing_and_each_keeps_its_own() {
    let shop = shop_with(&[size_row(1, "S"), size_row(2, "M"), size_row(3, "L")]);
    let plan = shop.rig.engine.plan(&[]).await.expect("a plan can be made");
    let families: Vec<_> = plan
        .changes
        .iter()
        .map(|one| one.family.as_deref())
        .collect();
    assert_eq!(families, [Some("cotton-shirt"); 3]);
    assert!(shop.writes().is_empty(), "a plan sends nothing");
    let summary = shop.push().await;
    assert_eq!(
        (summary.done, &summary.refused),
        (3, &Vec::new()),
        "{summary:?}"
    );
    let ids = listing_ids(&shop);
    assert!(
        ids[0].is_some() && ids.iter().all(|id| *id == ids[0]),
        "{ids:?}"
    );
    assert_eq!(told_times(&shop, PUBLISH), 1, "published once");

    shop.order(EBAY, &[(&shirt("M"), 2)])
        .expect("it is for sale");
    shop.set_price(&shirt("L"), Money::new(2_100, Currency::USD));
    shop.sync().await;
    assert_eq!(shop.shown(EBAY, &shirt("S")), live("20.00", 5));
    assert_eq!(shop.shown(EBAY, &shirt("M")), live("20.00", 3));
    assert_eq!(shop.shown(EBAY, &shirt("L")), live("21.00", 5));

    shop.import_rows(&[size_row(4, "XL")]);
    shop.list_together(EBAY);
    let summary = shop.push().await;
    assert_eq!(
        (summary.done, &summary.refused),
        (1, &Vec::new()),
        "{summary:?}"
    );
    assert_eq!(shop.shown(EBAY, &shirt("XL")), live("20.00", 5));
    let ids = listing_ids(&shop);
    assert!(ids.iter().all(|id| *id == ids[0]), "it joined: {ids:?}");

    for size in ["S", "M"] {
        shop.set_state(EBAY, &shirt(size), ListingState::Ending);
    }
    let summary = shop.push().await;
    assert_eq!(
        (summary.done, &summary.refused),
        (2, &Vec::new()),
        "{summary:?}"
    );
    assert_eq!(shop.shown(EBAY, &shirt("S")), None, "it has left");
    assert_eq!(
        shop.for_sale(EBAY, &shirt("M")),
        Some(0),
        "it has sold and stays at zero"
    );
    assert_eq!(shop.shown(EBAY, &shirt("XL")), live("20.00", 5));
    let before = shop.writes();
    shop.sync().await;
    assert_eq!(shop.writes_since(&before), [], "nothing is left to do");
}

#[tokio::test(start_paused = true)]
async fn what_variants_must_share_is_told_before_anything_is_sent() {
    let mut nameless = size_row(2, "M");
    nameless.options[0].1.clear();
    let mut twin = size_row(3, "T");
    twin.options[0].1 = "S".to_owned();
    let used = Row {
        condition: Some(Condition::Good),
        ..size_row(4, "L")
    };
    let shop = shop_with(&[size_row(1, "S"), nameless, twin, used]);
    let plan = shop.rig.engine.plan(&[]).await.expect("a plan can be made");
    let mut told: Vec<(String, ProblemKind)> = plan
        .refused
        .iter()
        .map(|one| (one.channel_sku.clone(), one.problem.kind))
        .collect();
    told.sort();
    let expected = [
        ("SHIRT-L", ProblemKind::FamilyCondition),
        ("SHIRT-M", ProblemKind::FamilyValueMissing),
        ("SHIRT-T", ProblemKind::FamilyValuesSame),
    ];
    assert_eq!(told, expected.map(|(sku, kind)| (sku.to_owned(), kind)));
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused_count), (1, 3), "{summary:?}");
    assert_eq!(shop.shown(EBAY, &shirt("S")), live("20.00", 5));
}

#[tokio::test(start_paused = true)]
async fn the_seller_chooses_while_nothing_is_for_sale() {
    let shop = shop_with(&[size_row(1, "S"), size_row(2, "M")]);
    let account = shop.account(EBAY);
    let site = barrow_tests::shop::site(EBAY);
    let id = shop.sku_id(&shirt("S"));
    let alone = shop
        .rig
        .store
        .write(|tx| tx.list_alone((account, &site), id));
    assert_eq!(alone.expect("both are listed"), 2);
    shop.push().await;
    let ids = listing_ids(&shop);
    assert!(
        ids[0].is_some() && ids[0] != ids[1],
        "two listings: {ids:?}"
    );
    let place = shop
        .rig
        .store
        .read(|db| db.product_place(account, &site, id));
    assert!(
        place.expect("it is listed").there.is_some(),
        "too late to choose"
    );
    // A variant that comes later stands alone as well.
    shop.import_rows(&[size_row(3, "L")]);
    shop.list_together(EBAY);
    shop.push().await;
    assert_eq!(told_times(&shop, PUBLISH), 0);
    assert_eq!(shop.shown(EBAY, &shirt("L")), live("20.00", 5));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_publishes_nothing_twice() {
    for operation in [PUBLISH, "createOrReplaceInventoryItemGroup"] {
        let shop = shop_with(&[size_row(1, "S"), size_row(2, "M")]);
        let fault = format!("lost_answer@{operation}");
        shop.fault(EBAY, &fault, 1);
        shop.push().await;
        let ids = listing_ids(&shop);
        assert!(ids[0].is_some() && ids[0] == ids[1], "{fault}: {ids:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_category_without_variations_lists_each_alone() {
    let edition = |number: u64, format: &str| {
        let told = [
            ("Author", "A. Writer"),
            ("Book Title", "Harbour"),
            ("Language", "English"),
        ];
        let told = told.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        Row {
            handle: "harbour".to_owned(),
            title: Some("Harbour, a novel".to_owned()),
            category: Some(vec!["Books".to_owned(), "Fiction".to_owned()]),
            options: vec![("Format".to_owned(), format.to_owned())],
            attributes: told.into_iter().collect(),
            ..size_row(number, format)
        }
    };
    let shop = shop_with(&[edition(1, "Hardcover"), edition(2, "Paperback")]);
    let summary = shop.push().await;
    assert_eq!(
        (summary.done, &summary.refused),
        (2, &Vec::new()),
        "{summary:?}"
    );
    let ids = listing_ids(&shop);
    assert!(
        ids[0].is_some() && ids[0] != ids[1],
        "two listings: {ids:?}"
    );
    assert_eq!(told_times(&shop, PUBLISH), 0);
}

#[tokio::test(start_paused = true)]
async fn a_family_is_listed_and_changed_though_readings_stay_behind() {
    let shop = Shop::open(RigOptions::quiet(12));
    shop.fault(EBAY, "readings_late", 8);
    shop.import_rows(&[size_row(1, "S"), size_row(2, "M")]);
    shop.list_together(EBAY);
    let told = |summary: Summary| (summary.done, summary.refused, summary.unknown);
    assert_eq!(told(shop.push().await), (2, Vec::new(), 0));

    shop.import_rows(&[size_row(3, "L")]);
    shop.list_together(EBAY);
    shop.set_price(&shirt("S"), Money::new(1_900, Currency::USD));
    assert_eq!(told(shop.push().await), (2, Vec::new(), 0));
    assert_eq!(shop.shown(EBAY, &shirt("S")), live("19.00", 5));
    assert_eq!(shop.shown(EBAY, &shirt("L")), live("20.00", 5));
    let ids = listing_ids(&shop);
    assert!(ids.iter().all(|id| *id == ids[0]), "it joined: {ids:?}");

    shop.set_state(EBAY, &shirt("M"), ListingState::Ending);
    assert_eq!(told(shop.push().await), (1, Vec::new(), 0));
    assert_eq!(shop.shown(EBAY, &shirt("M")), None);
    assert_eq!(shop.shown(EBAY, &shirt("S")), live("19.00", 5));
}
