//! Real catalogues in and out: what is exported and imported again changes nothing.

use serde_json::Value;

use crate::barrow::{Shop, catalogue};

const CATALOGUES: [&str; 3] = [
    "electronics.csv",
    "shopify-apparel.csv",
    "woocommerce-products.csv",
];

#[test]
fn a_catalogue_is_previewed_applied_undone_and_comes_back_unchanged() {
    for name in CATALOGUES {
        let Some(file) = catalogue(name) else {
            continue;
        };
        let file = file.to_str().unwrap();
        let shop = Shop::new();
        let empty = shop.snapshot();

        let preview = import(&shop, &[file, "--preview"]);
        assert!(preview["import"]["id"].is_null());
        assert_eq!(shop.snapshot(), empty, "{name}: a preview changes nothing");

        let applied = import(&shop, &[file]);
        for count in ["new", "changed", "unchanged", "refused"] {
            assert_eq!(
                applied["import"][count], preview["import"][count],
                "{name} {count}"
            );
        }
        assert!(
            applied["import"]["new"].as_u64().unwrap() >= 20,
            "{applied}"
        );
        let first = products(&shop);

        let again = import(&shop, &[file]);
        assert_eq!(
            changes(&again),
            (0, 0),
            "{name}: the same file changes nothing"
        );
        assert_eq!(
            again["import"]["same_as"], applied["import"]["id"],
            "{name}"
        );
        assert_eq!(products(&shop), first);

        round_trip(&shop, name, &first);

        let id = applied["import"]["id"].to_string();
        shop.run(&["undo", &id]).done();
        let left = shop.json(&["products"]);
        assert_eq!(
            left["products"],
            Value::Array(Vec::new()),
            "{name}: taken back"
        );
        import(&shop, &[file]);
        assert_eq!(products(&shop), first, "{name}: and be applied again");
    }
}

/// Exports and imports again, here and into an empty catalogue.
fn round_trip(shop: &Shop, name: &str, first: &str) {
    let out = shop.path("export.csv");
    let out = out.to_str().unwrap();
    shop.run(&["export", "products", "--out", out]).done();
    let same = import(shop, &[out]);
    assert_eq!(
        changes(&same),
        (0, 0),
        "{name}: our own export changes nothing"
    );
    assert_eq!(same["import"]["refused"], 0, "{name}");
    let printed = shop.run(&["export", "products"]).done();
    assert_eq!(printed.out, std::fs::read_to_string(out).unwrap(), "{name}");

    let other = Shop::new();
    import(&other, &[out]);
    let exported = other.run(&["export", "products"]).done();
    assert_eq!(exported.out, printed.out, "{name}: a copy exports the same");
    assert_eq!(products(shop), first, "{name}");
}

fn import(shop: &Shop, arguments: &[&str]) -> Value {
    let run = shop.run(&[&["import"], arguments, &["--json"]].concat());
    let document = run.json();
    let expected = if document["import"]["refused"] == 0 {
        0
    } else {
        3
    };
    assert_eq!(run.status, expected, "{run:?}");
    document
}

fn changes(document: &Value) -> (u64, u64) {
    let count = |name: &str| document["import"][name].as_u64().unwrap();
    (count("new"), count("changed"))
}

/// The products as a file has them: without numbers of ours.
fn products(shop: &Shop) -> String {
    shop.run(&["export", "products"]).done().out
}
