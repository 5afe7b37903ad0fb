//! What is said of a listing on eBay beside its item specifics: a card's grade, Best Offer, who
//! answers for the goods and how safe they are.

use barrow_engine::{Stop, Unmatched};
use barrow_model::{Attributes, Condition, Currency, Money, Origin, ProblemKind, Row};
use barrow_store::Value;
use barrow_tests::goods::{Goods, row, sku};
use barrow_tests::rig::RigOptions;
use barrow_tests::shop::{EBAY, Shop, site};

use crate::live;

const GRADER: &str = "eBay: Professional Grader";
const ACCEPTED: &str = "eBay: Best Offer accepted from";

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
        .collect()
}

/// A card in the condition that graded ones have, listed and not yet pushed.
fn graded_card() -> Shop {
    let shop = Shop::open(RigOptions::quiet(31));
    let goods = Goods {
        count: 1,
        price_cents: 2_000,
        quantity: 1,
    };
    let card = Row {
        title: Some("Pokemon trading card, foil".to_owned()),
        category: Some(vec!["Trading card".to_owned()]),
        condition: Some(Condition::LikeNew),
        attributes: attributes(&[("Game", "Pokemon")]),
        ..row(0, &goods)
    };
    shop.import_rows(&[card]);
    shop.list(EBAY, &sku(0), &sku(0));
    shop
}

fn say(shop: &Shop, pairs: &[(&str, &str)]) {
    let mut all = attributes(&[("Game", "Pokemon")]);
    all.extend(attributes(pairs));
    let fields = [("attributes", Value::Map(all))];
    let set = shop
        .rig
        .store
        .write(|tx| tx.set_fields(&sku(0), &fields, None, Origin::User));
    set.expect("attributes can be set");
}

fn said(shop: &Shop) -> Attributes {
    let product = shop.rig.store.read(|db| db.product(&sku(0)));
    let detail = product.expect("it is there");
    let mut all = detail.product.attributes;
    for item in detail.items {
        if let barrow_store::Item::Variant(variant) = item {
            all.extend(variant.attributes.clone());
        }
    }
    all
}

async fn refusals(shop: &Shop) -> Vec<(ProblemKind, Option<String>)> {
    let before = shop.writes();
    let summary = shop.push().await;
    assert_eq!(
        shop.writes_since(&before),
        [],
        "it is told before anything is sent"
    );
    let told = summary.refused.into_iter();
    told.map(|one| {
        (
            one.problem.kind,
            one.problem.params.get("attribute").cloned(),
        )
    })
    .collect()
}

#[tokio::test(start_paused = true)]
async fn a_graded_card_goes_up_with_its_grade_and_comes_back_with_it() {
    let shop = graded_card();
    let missing = |name: &str| (ProblemKind::AttributeMissing, Some(name.to_owned()));
    let told = refusals(&shop).await;
    assert!(told.contains(&missing(GRADER)), "{told:?}");

    let graded = [
        (GRADER, "Beckett Grading Services (BGS)"),
        ("eBay: Grade", "9.5"),
        ("eBay: Certification Number", "0012345678"),
        ("eBay: Best Offer", "Yes"),
        (ACCEPTED, "18.00"),
        ("eBay: Hazard statements", "H225"),
        ("eBay: Repair score", "7.9"),
    ];
    let mut wrong = graded;
    wrong[4].1 = "25.00";
    say(&shop, &wrong);
    let told = refusals(&shop).await;
    assert_eq!(
        told,
        [(ProblemKind::AttributeInvalid, Some(ACCEPTED.to_owned()))]
    );

    say(&shop, &graded);
    let summary = shop.push().await;
    assert_eq!(summary.refused, []);
    assert_eq!(shop.shown(EBAY, &sku(0)), live("20.00", 1));

    let empty = shop.beside(32);
    let account = empty.account(EBAY);
    let found = empty
        .rig
        .engine
        .adopt((account, &site(EBAY)), Unmatched::Create, &Stop::default())
        .await;
    assert_eq!(found.expect("it can be read").adopted, 1);
    assert_eq!(
        said(&empty),
        said(&shop),
        "grade, Best Offer and safety are read back"
    );
    let before = empty.writes();
    empty.push().await;
    assert_eq!(empty.writes_since(&before), [], "nothing goes back");

    // Another grade leaves what is not said again as it is.
    let mut better = attributes(&graded);
    better.remove(GRADER);
    better.remove("eBay: Certification Number");
    better.extend(attributes(&[("eBay: Grade", "10"), (GRADER, "Other")]));
    let pairs: Vec<(&str, &str)> = better
        .iter()
        .map(|(name, values)| (name.as_str(), values[0].as_str()))
        .collect();
    say(&shop, &pairs);
    shop.set_price(&sku(0), Money::new(2_100, Currency::USD));
    assert_eq!(shop.push().await.refused, []);
    let again = shop.beside(33);
    let account = again.account(EBAY);
    let found = again
        .rig
        .engine
        .adopt((account, &site(EBAY)), Unmatched::Create, &Stop::default())
        .await;
    assert_eq!(found.expect("it can be read").adopted, 1);
    let there = said(&again);
    assert_eq!(there["eBay: Grade"], ["10"]);
    assert_eq!(there["eBay: Certification Number"], ["0012345678"]);
}
