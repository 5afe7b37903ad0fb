//! Listings that the seller made on the marketplace's own pages, from the report to the link.

use serde_json::Value;

use crate::barrow::Shop;

const OLD: &str = "sku,title,description,brand,price,quantity,gtin\n\
    OLD-LAMP,Desk lamp of brass,A lamp.,Unbranded,49.00,3,\n\
    MY-CLOCK,Wall clock,A clock.,Unbranded,24.50,1,4006381333931\n";

fn rows(found: &Value) -> Vec<(String, Value, Value)> {
    let listings = found["listings"].as_array().expect("rows");
    let row = |row: &Value| {
        let id = row["listing_id"].as_str().expect("an id").to_owned();
        (id, row["sku"].clone(), row["title"].clone())
    };
    listings.iter().map(row).collect()
}

#[test]
fn listings_of_other_means_are_seen_taken_over_and_linked() {
    let shop = Shop::new();
    let file = shop.file("old.csv", OLD);
    shop.run(&["import", &file]).done();
    shop.run(&["account", "add", "ebay", "bay", "--endpoint", "practice"])
        .done();
    let found = shop.json(&["listing", "elsewhere", "bay"]);
    let seen = rows(&found);
    assert_eq!(found["total"], 8, "{found}");
    assert_eq!(found["seen"], 8);
    let known: Vec<&str> = seen
        .iter()
        .filter_map(|(_, _, title)| title.as_str())
        .collect();
    assert_eq!(known, ["Desk lamp of brass"], "by its SKU");
    let ids: Vec<&str> = seen.iter().map(|(id, ..)| id.as_str()).collect();

    let mut unasked = vec!["listing", "take-over", "bay"];
    unasked.extend(&ids);
    let told = [unasked.as_slice(), &["--json"]].concat();
    let refused = shop.run(&told);
    assert_eq!(
        (refused.status, refused.error().as_str()),
        (1, "invalid_input")
    );

    let understood = [unasked.as_slice(), &["--understood", "--json"]].concat();
    let taken = shop.run(&understood);
    assert_eq!(taken.status, 3, "some cannot be: {taken:?}");
    let taken = taken.json();
    assert_eq!(taken["done"], 3, "{taken}");
    let reasons = taken["listings"].as_array().expect("an answer each").iter();
    let reasons: Vec<&str> = reasons
        .filter_map(|one| one["problem"]["reason"].as_str())
        .collect();
    assert_eq!(reasons.len(), 3, "{taken}");
    assert!(
        reasons.iter().all(|reason| reason.contains("eBay")),
        "{reasons:?}"
    );

    let linked = shop.run(&["listing", "adopt", "bay", "--json"]).json();
    assert_eq!(linked["done"], 2, "by SKU and by barcode number: {linked}");
    assert_eq!(linked["unmatched_count"], 2, "the scarf: {linked}");
    let made = shop
        .run(&["listing", "adopt", "bay", "--create", "--json"])
        .json();
    assert_eq!(made["done"], 2, "{made}");

    let left = shop.json(&["listing", "elsewhere", "bay"]);
    let left = rows(&left);
    assert!(left.iter().all(|(_, sku, _)| sku != "OLD-LAMP"), "{left:?}");
    assert_eq!(left.len(), 4, "a card, two hats and a print: {left:?}");
    // What was linked is worked with like any other.
    shop.run(&["set", "OLD-LAMP", "price=45.00"]).done();
    shop.run(&["sync"]).done();
    let live = shop.json(&["listings", "--account", "bay"]);
    let lamp = live["listings"].as_array().expect("rows").iter();
    let mut lamp = lamp.filter(|row| row["sku"] == "OLD-LAMP");
    let lamp = lamp.next().unwrap_or_else(|| panic!("{live}"));
    assert_eq!(lamp["acknowledged"]["price"]["amount"], "45.00", "{lamp}");
}
