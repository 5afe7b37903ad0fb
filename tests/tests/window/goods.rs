//! The goods of the story: the file that the seller has, and what is expected of it elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use barrow_tests::lamps::lamps;
use rust_decimal::Decimal;
use tempfile::TempDir;

/// Units of each: in the file, or filled in where it tells none.
pub(crate) const QUANTITY: u32 = 10;

/// Goods that take the place of the real catalogue where it is not beside the checkout.
const MADE_UP: u32 = 60;

/// What the real catalogue leaves blank, by the window's words for the fields.
const BLANKS: [(&str, &str); 4] = [
    ("import_field_quantity", "10"),
    ("import_field_condition", "new"),
    ("import_field_description", "As named in the title."),
    ("import_field_images", "https://images.example.com/none.jpg"),
];

/// A list of products.
pub(crate) struct Goods {
    /// Where it is.
    pub(crate) file: PathBuf,
    /// Fields that it leaves blank, and what fills them.
    pub(crate) blanks: &'static [(&'static str, &'static str)],
    prices: BTreeMap<String, Decimal>,
    _folder: Option<TempDir>,
}

impl Goods {
    /// Consumer electronics, as a supplier lists them.
    pub(crate) fn of_the_catalogue() -> Self {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/catalogues/electronics.csv");
        if !file.is_file() {
            eprintln!("{} is not there: told with made-up goods.", file.display());
            return Self::made_up(MADE_UP);
        }
        Self {
            prices: prices(&file, "ASIN", "Price"),
            file,
            blanks: &BLANKS,
            _folder: None,
        }
    }

    /// Lamps with everything that marketplaces demand.
    pub(crate) fn made_up(count: u32) -> Self {
        let folder = TempDir::new().expect("a folder can be made");
        let file = folder.path().join("lamps.csv");
        fs::write(&file, lamps(count)).expect("a file can be written");
        Self {
            prices: prices(&file, "sku", "price"),
            file,
            blanks: &[],
            _folder: Some(folder),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.prices.len()
    }

    /// A dollar more than the price in the file.
    pub(crate) fn dearer(&self, sku: &str) -> Decimal {
        self.price(sku).expect("a SKU of the file") + Decimal::ONE
    }

    /// The price in the file; none for a SKU that is not in it.
    pub(crate) fn price(&self, sku: &str) -> Option<Decimal> {
        self.prices.get(sku).copied()
    }
}

/// Prices by SKU. Characters that are in no encoding do not matter here.
fn prices(file: &Path, sku: &str, price: &str) -> BTreeMap<String, Decimal> {
    let bytes = fs::read(file).expect("the file can be read");
    let text = String::from_utf8_lossy(&bytes);
    let (head, rows) = table(&text);
    let column = |name: &str| head.iter().position(|one| one == name);
    let (sku, price) = (column(sku).expect("a SKU"), column(price).expect("a price"));
    rows.iter()
        .map(|row| (row[sku].clone(), row[price].parse().expect("a price")))
        .collect()
}

/// What a list of orders should tell of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineTold<'a> {
    pub(crate) order: &'a str,
    pub(crate) sku: &'a str,
    pub(crate) quantity: &'a str,
    pub(crate) shipped: &'a str,
    pub(crate) tracking: &'a str,
}

/// A file of orders tells these lines and no others.
pub(crate) fn is_list_of_orders(file: &Path, expected: &[LineTold<'_>]) {
    let text = fs::read_to_string(file).expect("the file that the window named is there");
    let (head, rows) = table(&text);
    let cell = |row: &[String], name: &str| {
        let column = head.iter().position(|one| one == name);
        row[column.unwrap_or_else(|| panic!("no column {name} in {head:?}"))].clone()
    };
    for told in expected {
        let of_it = |row: &&Vec<String>| cell(row, "order_id") == told.order;
        let lines: Vec<&Vec<String>> = rows.iter().filter(of_it).collect();
        let [line] = lines.as_slice() else {
            panic!("{} stands in {} lines of {text}", told.order, lines.len());
        };
        let found =
            ["sku", "quantity", "quantity_shipped", "tracking"].map(|name| cell(line, name));
        let wanted = [told.sku, told.quantity, told.shipped, told.tracking];
        assert_eq!(found, wanted, "{text}");
    }
    assert_eq!(rows.len(), expected.len(), "{text}");
}

fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let head = cells(reader.headers().expect("a header"));
    let rows = reader.records();
    (head, rows.map(|row| cells(&row.expect("a row"))).collect())
}
