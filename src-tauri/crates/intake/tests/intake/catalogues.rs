//! The real catalogues beside the checkout, with what is known of them.

use std::path::PathBuf;

use barrow_intake::{Batch, Import, Options, open};
use barrow_model::{CellIssueKind, Condition, Field, Layout, Row, RowKind};

use crate::common::options;

fn catalogue(name: &str) -> Option<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/catalogues");
    let path = PathBuf::from(folder).join(name);
    if !path.exists() {
        eprintln!("{name} is not beside the checkout; nothing was checked");
        return None;
    }
    Some(path)
}

fn read(name: &str, options: &Options) -> Option<(Batch, Layout)> {
    let mut import: Import<_> = open(&catalogue(name)?, options).expect("opens");
    let layout = import.mapping().layout;
    let batch = import.next_batch(10_000).expect("reads").expect("a batch");
    assert!(import.next_batch(10).expect("reads").is_none());
    Some((batch, layout))
}

fn row<'a>(batch: &'a Batch, sku: &str) -> &'a Row {
    let is_it = |row: &&Row| row.sku.as_ref().is_some_and(|s| s.as_str() == sku);
    batch.rows.iter().find(is_it).expect("a row of the SKU")
}

#[test]
fn electronics_come_through_whole_with_skus_from_asins() {
    let Some((batch, layout)) = read("electronics.csv", &options("USD")) else {
        return;
    };
    assert_eq!(layout, Layout::Plain);
    assert_eq!(
        (batch.rows.len(), batch.records, batch.refused),
        (583, 583, 0)
    );
    assert!(batch.rows.iter().all(|row| row.sku_derived));
    assert!(
        batch
            .rows
            .iter()
            .all(|row| row.price.is_some() && row.weight.is_some())
    );
    let kinds: Vec<_> = batch.issues.iter().map(|i| (&i.kind, i.refuses)).collect();
    assert_eq!(kinds, [(&CellIssueKind::Undecodable, false)]);

    let first = row(&batch, "B00C78VIUE");
    assert_eq!(first.price.map(|m| m.amount()), Some("104.99".into()));
    assert_eq!(first.brand.as_deref(), Some("Sanus"));
    assert_eq!(first.line.0, 2);
    let quoted = row(&batch, "B0725FX4RF");
    let title = "Samsung - 50 Class (49.5\" Diag.) - LED - 1080p - Smart - HDTV\"";
    assert_eq!(quoted.title.as_deref(), Some(title));
    assert_eq!(quoted.line.0, 32);
}

#[test]
fn shopify_apparel_gets_stable_skus_and_the_given_defaults() {
    let mut given = options("USD");
    given.defaults = vec![
        (Field::Condition, "new".into()),
        (Field::Weight, "1 lb".into()),
        (Field::Quantity, "10".into()),
    ];
    let Some((batch, layout)) = read("shopify-apparel.csv", &given) else {
        return;
    };
    assert_eq!(layout, Layout::Shopify);
    assert_eq!((batch.rows.len(), batch.issues.len()), (22, 0));
    assert!(batch.rows.iter().all(|row| row.sku_derived));
    let products: std::collections::BTreeSet<_> = batch.rows.iter().map(|r| &r.handle).collect();
    assert_eq!(products.len(), 20);

    let shirt = row(&batch, "ocean-blue-shirt");
    assert!(shirt.options.is_empty());
    assert_eq!(shirt.quantity, Some(1));
    assert_eq!(
        shirt.weight.map(|w| w.value().to_string()),
        Some("1".into())
    );
    assert_eq!(shirt.images.product.len(), 1);
    let medium = row(&batch, "classic-varsity-top-medium");
    assert_eq!(medium.options, [("Size".to_owned(), "Medium".to_owned())]);
    assert_eq!(medium.title, None);
    assert_eq!(medium.condition, Some(Condition::New));
}

#[test]
fn woocommerce_variations_find_their_parents() {
    let Some((batch, layout)) = read("woocommerce-products.csv", &options("USD")) else {
        return;
    };
    assert_eq!(layout, Layout::WooCommerce);
    let of_kind = |kind| batch.rows.iter().filter(|row| row.kind == kind).count();
    assert_eq!(of_kind(RowKind::Product), 2);
    assert_eq!(of_kind(RowKind::Variant) as u64, batch.records - 2 - 2);
    let refused: Vec<_> = batch.issues.iter().filter(|i| i.refuses).collect();
    let expected = ["grouped", "external"].map(|found| CellIssueKind::KindUnsupported {
        found: found.to_owned(),
    });
    assert_eq!(
        refused.iter().map(|i| &i.kind).collect::<Vec<_>>(),
        expected.each_ref()
    );

    let red = row(&batch, "cc-hoodie-red");
    assert_eq!(red.handle, "cc-hoodie");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(red.options, [pair("Color", "Red"), pair("Logo", "No")]);
    assert_eq!(red.price.map(|m| m.amount()), Some("42.00".into()));
    assert_eq!(red.compare_at.map(|m| m.amount()), Some("45.00".into()));
    assert_eq!((red.title.as_deref(), red.images.variant.len()), (None, 1));
    let blue = row(&batch, "cc-t-shirt-blue");
    assert_eq!(blue.options, [pair("Color", "Blue")]);
    let is_parent = |row: &&Row| row.handle == "cc-hoodie" && row.kind == RowKind::Product;
    let parent = batch.rows.iter().find(is_parent).expect("a parent");
    assert_eq!(parent.title.as_deref(), Some("Hoodie"));
    let category = ["Clothing".to_owned(), "Hoodies".to_owned()];
    assert_eq!(parent.category.as_deref(), Some(&category[..]));
    assert!(parent.attributes.is_empty());
    let beanie = row(&batch, "cc-beanie");
    assert_eq!(beanie.attributes["Color"], ["Red"]);
    assert_eq!(beanie.handle, "cc-beanie");
}
