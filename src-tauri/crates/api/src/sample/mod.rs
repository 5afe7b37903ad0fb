//! The sample catalogue: goods of brands that do not exist, written as a plain CSV file and
//! imported like any seller's file.
//!
//! `goods.csv` holds a line for each product: options as `Name=value|value;Name=…`, of which every
//! combination becomes a variant, and for kits their parts.

use std::io;
use std::path::Path;

use serde::Deserialize;

const GOODS: &str = include_str!("goods.csv");

/// A product with all its variants, or a kit.
#[derive(Deserialize)]
struct Goods {
    /// Begins the SKUs, and is the handle in small letters.
    code: String,
    /// Begins with the brand.
    title: String,
    category: String,
    price: String,
    cost: String,
    grams: u32,
    /// Units of each variant.
    stock: String,
    options: String,
    parts: String,
}

const HEADER: [&str; 21] = [
    "handle",
    "sku",
    "title",
    "description",
    "brand",
    "category",
    "gtin",
    "mpn",
    "weight",
    "cost",
    "price",
    "currency",
    "quantity",
    "images",
    "parts",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "option3_name",
    "option3_value",
];

/// The column of the SKU.
const SKU: usize = 1;

/// An option's name with one of its values.
type Choice<'a> = (&'a str, &'a str);

/// Writes the sample catalogue as a CSV file. Answers its SKUs.
pub fn write_sample(path: &Path) -> io::Result<Vec<String>> {
    let mut out = csv::Writer::from_path(path)?;
    out.write_record(HEADER)?;
    let mut skus = Vec::new();
    for goods in csv::Reader::from_reader(GOODS.as_bytes()).deserialize() {
        let goods: Goods = goods?;
        for variant in variants(&goods.options) {
            let number = skus.len() as u64 + 1;
            let cells = record(&goods, &variant, number);
            out.write_record(&cells)?;
            skus.extend(cells.into_iter().nth(SKU));
        }
    }
    out.flush()?;
    Ok(skus)
}

/// Every combination of option values; one empty combination where there are no options.
fn variants(options: &str) -> Vec<Vec<Choice<'_>>> {
    let mut all: Vec<Vec<Choice<'_>>> = vec![Vec::new()];
    for (name, values) in options
        .split(';')
        .filter_map(|option| option.split_once('='))
    {
        let longer = all.iter().flat_map(|chosen| {
            values.split('|').map(move |value| {
                let mut chosen = chosen.clone();
                chosen.push((name, value));
                chosen
            })
        });
        all = longer.collect();
    }
    all
}

fn record(goods: &Goods, variant: &[Choice<'_>], number: u64) -> Vec<String> {
    let sku = variant.iter().fold(goods.code.clone(), |sku, (_, value)| {
        let short: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{sku}-{}", short.to_uppercase())
    });
    let Goods { title, .. } = goods;
    let brand = title.split(' ').next().unwrap_or_default();
    let is_kit = !goods.parts.is_empty();
    let own = |text: String| if is_kit { String::new() } else { text };
    let mut cells = vec![
        goods.code.to_lowercase(),
        sku.clone(),
        title.clone(),
        format!("{title}. New, in its original package, with the {brand} warranty of two years."),
        brand.to_owned(),
        goods.category.clone(),
        gtin(number),
        own(sku),
        format!("{} g", goods.grams),
        goods.cost.clone(),
        goods.price.clone(),
        "USD".to_owned(),
        goods.stock.clone(),
        format!(
            "https://images.example.com/{}.jpg",
            goods.code.to_lowercase()
        ),
        goods.parts.clone(),
    ];
    for place in 0..3 {
        let (name, value) = variant.get(place).copied().unwrap_or_default();
        cells.extend([name.to_owned(), value.to_owned()]);
    }
    cells
}

/// A number of 13 digits under the company prefix that GS1 uses in its examples: it belongs to no
/// product in the world, and practice marketplaces have a page for each.
fn gtin(number: u64) -> String {
    let body = format!("0614141{number:05}");
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = body
        .bytes()
        .zip(weights)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use barrow_model::{Gtin, Sku};

    use super::{GOODS, Goods, HEADER, write_sample};

    fn goods() -> Vec<Goods> {
        csv::Reader::from_reader(GOODS.as_bytes())
            .deserialize()
            .map(Result::unwrap)
            .collect()
    }

    fn records() -> Vec<csv::StringRecord> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sample.csv");
        write_sample(&file).unwrap();
        let mut reader = csv::Reader::from_path(&file).unwrap();
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), HEADER);
        reader.records().map(Result::unwrap).collect()
    }

    #[test]
    fn the_sample_has_what_a_shop_has() {
        let goods = goods();
        assert!(goods.len() >= 60);
        assert!(
            goods
                .iter()
                .filter(|goods| !goods.options.is_empty())
                .count()
                >= 8
        );
        assert!(
            goods
                .iter()
                .any(|goods| goods.options.split(';').count() == 3)
        );
        assert!(goods.iter().filter(|goods| !goods.parts.is_empty()).count() >= 3);
        for goods in goods {
            // eBay takes no longer title.
            assert!((10..=80).contains(&goods.title.len()), "{}", goods.title);
        }
    }

    #[test]
    fn skus_and_barcode_numbers_are_valid_and_unique_and_parts_exist() {
        let records = records();
        let skus: BTreeSet<&str> = records.iter().map(|record| &record[1]).collect();
        assert_eq!(skus.len(), records.len());
        let mut numbers = BTreeSet::new();
        for record in &records {
            Sku::new(&record[1]).unwrap();
            if record[14].is_empty() {
                assert!(
                    numbers.insert(Gtin::parse(&record[6]).unwrap()),
                    "{record:?}"
                );
            }
            for part in record[14].split(';').filter(|part| !part.is_empty()) {
                let (sku, units) = part.split_once(':').unwrap();
                assert!(skus.contains(sku), "{sku}");
                assert!(units.parse::<u32>().unwrap() > 0);
            }
        }
    }

    #[test]
    fn the_sample_is_the_same_every_time() {
        assert_eq!(records(), records());
    }
}
