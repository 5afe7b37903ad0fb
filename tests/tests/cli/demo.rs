//! The demo does the whole job, on its own sample and on real catalogues.

use std::path::PathBuf;

use serde_json::Value;

use crate::barrow::{Run, Shop, catalogue};

/// The folder of a demo, removed afterwards.
struct Told {
    document: Value,
    folder: PathBuf,
}

impl Drop for Told {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

fn demo(arguments: &[&str]) -> (i32, Told) {
    let shop = Shop::new();
    let run: Run = shop.run(&[&["demo", "--json"], arguments].concat());
    assert!(run.status == 0 || run.status == 3, "{run:?}");
    let document = run.json();
    let folder = PathBuf::from(document["folder"].as_str().unwrap());
    assert!(
        !shop.data().exists(),
        "a demo leaves the seller's own folder alone"
    );
    (run.status, Told { document, folder })
}

/// What must hold of every demo.
fn check(document: &Value) {
    for check in document["checks"].as_array().unwrap() {
        assert_eq!(check["holds"], true, "{check}");
    }
    let listed = |account: &Value| {
        let refused = account["refused"].as_array().unwrap();
        for item in refused {
            assert!(
                item["sku"].as_str().is_some_and(|sku| !sku.is_empty()),
                "{item}"
            );
            assert!(
                item["reason"]
                    .as_str()
                    .is_some_and(|reason| reason.len() > 20),
                "{item}"
            );
        }
        let live = account["live"].as_u64().unwrap();
        // Goods without a barcode have a page at a share of marketplaces only.
        assert!(live > refused.len() as u64, "most is live: {account}");
        assert!(account["calls"].as_u64().unwrap() > 0);
        live + refused.len() as u64
    };
    let accounts = document["accounts"].as_array().unwrap();
    let names: Vec<&str> = accounts
        .iter()
        .map(|account| account["marketplace"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["ebay", "amazon", "walmart", "newegg"]);
    let counts: Vec<u64> = accounts.iter().map(listed).collect();
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    let orders = document["orders"].as_array().unwrap();
    let counted: u64 = accounts
        .iter()
        .map(|account| account["orders"].as_u64().unwrap())
        .sum();
    assert_eq!(orders.len() as u64, counted);
    let state = |state: &str| {
        orders
            .iter()
            .filter(|order| order["state"] == state)
            .count()
    };
    assert_eq!(state("shipped"), 1, "{orders:?}");
    assert_eq!(state("to_ship") + 1, orders.len());
    let shipped = orders
        .iter()
        .find(|order| order["state"] == "shipped")
        .unwrap();
    assert_eq!(shipped["shipments"][0]["carrier"], "USPS", "{shipped}");
    for order in orders {
        for field in [
            "customer_order_id",
            "ship_by",
            "replaces",
            "buyer_note",
            "shipments",
        ] {
            assert!(order.get(field).is_some(), "{field} is left out: {order}");
        }
        let total = &order["total"];
        assert!(
            total["amount"].is_string() && total["currency"] == "USD",
            "{total}"
        );
        for line in order["lines"].as_array().unwrap() {
            assert!(line["variant_sku"].is_string(), "{line}");
        }
    }
}

#[test]
fn the_sample_goes_live_whole() {
    let (status, told) = demo(&[]);
    assert_eq!(status, 0, "{}", told.document);
    check(&told.document);
    let accounts = told.document["accounts"].as_array().unwrap();
    for account in accounts {
        assert!(account["live"].as_u64().unwrap() >= 60, "{account}");
        assert_eq!(account["refused"].as_array().unwrap().len(), 0, "{account}");
    }
    assert!(told.folder.join("catalogue.barrow").is_file());
    assert_eq!(told.document["supplied"], serde_json::json!({}));
}

#[test]
fn what_a_file_lacks_is_supplied_and_told_and_what_is_given_comes_first() {
    let shop = Shop::new();
    let mut rows = String::from("sku,title,price\n");
    for number in 1..=12 {
        rows.push_str(&format!(
            "T-{number},Tideline Wool Scarf No. {number},{number}9.90\n"
        ));
    }
    let file = shop.file("scarves.csv", rows);
    let (status, told) = demo(&[
        &file,
        "--default",
        "quantity=3",
        "--default",
        "brand=Tideline",
    ]);
    assert!(status == 0 || status == 3, "{}", told.document);
    check(&told.document);
    let supplied = &told.document["supplied"];
    assert_eq!(supplied["quantity"], "3");
    assert_eq!(supplied["brand"], "Tideline");
    for field in ["description", "images", "weight", "condition"] {
        assert!(supplied[field].is_string(), "{field}: {supplied}");
    }
}

/// Most of a real catalogue goes live.
fn goes_live(name: &str) {
    let Some(file) = catalogue(name) else {
        return;
    };
    let (_, told) = demo(&[file.to_str().unwrap()]);
    check(&told.document);
}

#[test]
fn most_of_electronics_goes_live() {
    goes_live("electronics.csv");
}

#[test]
fn most_of_apparel_from_shopify_goes_live() {
    goes_live("shopify-apparel.csv");
}

#[test]
fn most_of_products_from_woocommerce_goes_live() {
    goes_live("woocommerce-products.csv");
}

#[test]
fn a_demo_of_a_file_that_is_none_leaves_nothing_behind() {
    let shop = Shop::new();
    let run = shop.run(&["demo", "/nowhere/none.csv", "--json"]);
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, "file_not_found"),
        "{run:?}"
    );
}

#[test]
fn a_person_reads_what_happened() {
    let shop = Shop::new();
    let run = shop.run(&["demo"]).done();
    for words in [
        "Downloaded from demo-ebay",
        "checked: ",
        "Shipped demo-ebay/",
        "live, 0 refused",
    ] {
        assert!(run.out.contains(words), "{words}: {}", run.out);
    }
    assert_eq!(run.err, "", "progress is for terminals only");
    let folder = run
        .out
        .lines()
        .find_map(|line| line.strip_prefix("Everything of it is in "));
    std::fs::remove_dir_all(folder.expect("the folder is named")).unwrap();
}
