//! Made-up goods that every practice marketplace takes.

use std::hash::{DefaultHasher, Hash, Hasher};

use barrow_model::{
    Condition, Currency, Gtin, ImageSource, ImportId, Layout, Money, Row, RowImages, RowKind, Sku,
    SourceLine, Weight, WeightUnit,
};
use barrow_store::{ImportMeta, Store};
use rust_decimal::Decimal;

/// How many, at which price, and how many of each.
#[derive(Clone, Copy, Debug)]
pub struct Goods {
    /// Products of one variant each: `G-00000`, `G-00001`, …
    pub count: u64,
    /// Price in US cents.
    pub price_cents: i64,
    /// Units counted of each.
    pub quantity: i64,
}

/// The SKU of the product of a number.
pub fn sku(number: u64) -> Sku {
    Sku::new(format!("G-{number:05}")).expect("a SKU of letters and digits")
}

/// One row with everything that marketplaces demand.
pub fn row(number: u64, goods: &Goods) -> Row {
    let image = format!("https://images.example/goods/{number}.jpg");
    Row {
        title: Some(format!("Desk lamp of oak and brass, number {number}")),
        description: Some("A lamp for a desk, with a switch on its cable.".to_owned()),
        brand: Some("Alder".to_owned()),
        category: Some(vec!["Home".to_owned(), "Lamps".to_owned()]),
        gtin: Gtin::parse(&barcode(number)).ok(),
        mpn: Some(format!("L{number}")),
        condition: Some(Condition::New),
        weight: Weight::new(Decimal::from(2), WeightUnit::Pound).ok(),
        price: Some(Money::new(goods.price_cents, Currency::USD)),
        quantity: Some(goods.quantity),
        images: RowImages {
            product: vec![ImageSource::Url(image)],
            variant: Vec::new(),
        },
        ..Row::blank(
            SourceLine(number + 2),
            format!("g-{number:05}"),
            sku(number),
        )
    }
}

/// One row of a kit that is made of units of other goods.
pub fn kit(sku: &Sku, price_cents: i64, parts: &[(Sku, u32)]) -> Row {
    let goods = Goods {
        count: 1,
        price_cents,
        quantity: 0,
    };
    Row {
        kind: RowKind::Kit,
        handle: sku.as_str().to_lowercase(),
        sku: Some(sku.clone()),
        title: Some(format!("Set of lamps called {sku}")),
        quantity: None,
        parts: parts.to_vec(),
        // Far from those of single goods.
        ..row(90_000 + hash_of(sku.as_str()) % 10_000, &goods)
    }
}

/// A barcode number of twelve digits under the company prefix that GS1 uses in its examples, of
/// which practice marketplaces have every page. The numbers repeat after a hundred thousand.
pub fn barcode(number: u64) -> String {
    let body = format!("614141{:05}", number % 100_000);
    let digits = body.bytes().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit * 3 } else { digit })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Brings the goods into a catalogue, new or changed.
pub fn import(store: &Store, goods: Goods) -> ImportId {
    let rows: Vec<Row> = (0..goods.count).map(|number| row(number, &goods)).collect();
    import_rows(store, &rows)
}

fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn hash(rows: &[Row]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    format!("{:016x}", hash_of(rows))
}

/// Brings rows into a catalogue.
pub fn import_rows(store: &Store, rows: &[Row]) -> ImportId {
    let meta = ImportMeta {
        file_name: "goods.csv".to_owned(),
        layout: Layout::Plain,
        content_hash: hash(rows),
    };
    let mut staging = store.stage(meta).expect("an import can be staged");
    for some in rows.chunks(5_000) {
        staging.add(some).expect("rows can be staged");
    }
    staging.apply().expect("an import can be applied")
}
