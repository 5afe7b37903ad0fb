//! What is written is read again, and nothing that is read makes the reader fail.

use crate::common::{options, read_with};
use barrow_intake::ProductColumns;
use barrow_model::{
    Condition, Currency, Gtin, ImageSource, Length, LengthUnit, Money, Row, RowImages, RowKind,
    Sku, SourceLine, Weight, WeightUnit,
};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use rust_decimal::Decimal;

/// Text without outer blanks, with everything in it that a grammar could stumble over.
fn text() -> impl Strategy<Value = String> {
    "[-=+@'\"\\\\|,;:> \n\tA-Za-z0-9éß紅€]{1,12}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("not blank", |text| {
            !text.is_empty() && !text.starts_with("=\"")
        })
}

fn word() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace(['\n', '\t'], "_"))
}

fn money() -> impl Strategy<Value = Money> {
    (0_i64..100_000_000).prop_map(|minor| Money::new(minor, Currency::USD))
}

fn length() -> impl Strategy<Value = Length> {
    let units = prop_oneof![
        Just(LengthUnit::Centimetre),
        Just(LengthUnit::Metre),
        Just(LengthUnit::Inch),
        Just(LengthUnit::Foot)
    ];
    (0_i64..1_000_000, 0_u32..7, units).prop_filter_map("a length", |(n, scale, unit)| {
        Length::new(Decimal::new(n, scale), unit).ok()
    })
}

fn weight() -> impl Strategy<Value = Weight> {
    let units = prop_oneof![
        Just(WeightUnit::Gram),
        Just(WeightUnit::Kilogram),
        Just(WeightUnit::Ounce),
        Just(WeightUnit::Pound)
    ];
    (0_i64..1_000_000, 0_u32..7, units).prop_filter_map("a weight", |(n, scale, unit)| {
        Weight::new(Decimal::new(n, scale), unit).ok()
    })
}

fn gtin() -> impl Strategy<Value = Gtin> {
    (1_u64..1_000_000_000_000).prop_filter_map("a number", |body| {
        (0..10).find_map(|check| Gtin::parse(&format!("{body:012}{check}")).ok())
    })
}

fn images() -> impl Strategy<Value = Vec<ImageSource>> {
    let url = "[a-z]{1,8}(/[a-z0-9|,;\\\\=?&%-]{0,8}){0,2}"
        .prop_map(|rest| ImageSource::Url(format!("https://{rest}")))
        .prop_filter("ends well", |image| {
            let ImageSource::Url(url) = image else {
                return false;
            };
            !url.ends_with([',', ';'])
        });
    let file = "[A-Z]:(\\\\[a-z |]{1,6}[a-z]){1,2}\\.jpg".prop_map(ImageSource::File);
    vec(prop_oneof![url, file], 0..4).prop_map(|mut images| {
        let mut seen = std::collections::HashSet::new();
        images.retain(|image| seen.insert(image.clone()));
        images
    })
}

fn distinct(values: Vec<String>) -> Option<Vec<String>> {
    let mut seen = std::collections::HashSet::new();
    let values: Vec<_> = values
        .into_iter()
        .filter(|v| seen.insert(v.clone()))
        .collect();
    (!values.is_empty()).then_some(values)
}

fn sku() -> impl Strategy<Value = Sku> {
    word().prop_filter_map("a SKU", |text| Sku::new(text).ok())
}

fn row() -> impl Strategy<Value = Row> {
    let names = (
        word(),
        sku(),
        of(text()),
        of(text()),
        of(word()),
        of(word()),
        of(word()),
    );
    let lists = (
        vec(word(), 0..4).prop_map(distinct),
        vec(word(), 0..4).prop_map(distinct),
        vec((word(), word()), 0..4),
        images(),
        images(),
        btree_map(word(), vec(word(), 1..4), 0..3),
        btree_map(word(), vec(word(), 1..4), 0..3),
    );
    let measures = (of(weight()), of(length()), of(length()), of(length()));
    let amounts = (
        of(money()),
        of(money()),
        of(money()),
        of(0_i64..1_000_000),
        of(gtin()),
    );
    let rest = (of(0_usize..10), of(word()), vec((sku(), 1_u32..9), 0..3));
    (names, lists, measures, amounts, rest).prop_map(|(names, lists, measures, amounts, rest)| {
        Row {
            line: SourceLine(2),
            kind: if rest.2.is_empty() {
                RowKind::Variant
            } else {
                RowKind::Kit
            },
            handle: names.0,
            sku: Some(names.1),
            sku_derived: false,
            title: names.2,
            description: names.3,
            brand: names.4,
            category: lists.0,
            tags: lists.1,
            options: lists.2.into_iter().take(3).collect(),
            gtin: amounts.4,
            mpn: names.5,
            asin: names.6,
            condition: rest.0.map(|index| Condition::ALL[index]),
            weight: measures.0,
            length: measures.1,
            width: measures.2,
            height: measures.3,
            cost: amounts.0,
            price: amounts.1,
            compare_at: amounts.2,
            quantity: amounts.3.filter(|_| rest.2.is_empty()),
            location: rest.1,
            images: RowImages {
                product: lists.3,
                variant: lists.4,
            },
            attributes: lists.5,
            variant_attributes: lists.6,
            parts: rest.2,
        }
    })
}

proptest! {
    #[test]
    fn a_row_that_is_written_and_read_is_the_same_row(row in row()) {
        let columns = ProductColumns::new(
            row.attributes.keys().cloned(),
            row.variant_attributes.keys().cloned(),
        );
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(columns.header()).expect("written");
        writer.write_record(columns.record(&row)).expect("written");
        let bytes = writer.into_inner().expect("written");
        let found = read_with(&bytes, &options("USD"), 10).expect("a file that can be read");
        prop_assert_eq!(&found.issues, &Vec::new());
        prop_assert_eq!(found.mapping.ignored().count(), 0);
        prop_assert_eq!(&found.rows, &vec![row]);
    }

    #[test]
    fn records_are_split_as_the_csv_format_has_them(
        cells in vec(vec("[a-z\",\n\r;é]{0,6}", 3), 1..6),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["sku", "title", "description"]).expect("written");
        let mut expected = Vec::new();
        for (index, record) in cells.iter().enumerate() {
            let sku = format!("S{index}");
            writer.write_record([sku.as_str(), &record[0], &record[1]]).expect("written");
            let value = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
            expected.push((sku, value(&record[0]), value(&record[1])));
        }
        let bytes = writer.into_inner().expect("written");
        let found = read_with(&bytes, &options("USD"), 2).expect("a file that can be read");
        let rows: Vec<_> = found
            .rows
            .into_iter()
            .map(|row| (row.handle, row.title, row.description))
            .collect();
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn no_bytes_make_the_reader_fail(
        header in prop_oneof![
            Just("sku,title,price,qty,upc,weight,image,parts,option1 name,option1 value\n"),
            Just("Handle,Title,Variant Price,Option1 Name,Option1 Value,Image Src,Gift Card\n"),
            Just("ID,Type,SKU,Name,Regular price,Sale price,Parent,Attribute 1 name\n"),
            Just(""),
        ],
        text in "([-a-z0-9\",;\n\r\t.€$'|\\\\> ]|variation|id:1|\\PC){0,200}",
        tail in vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = header.as_bytes().to_vec();
        bytes.extend(text.bytes());
        let whole = read_with(&bytes, &options("EUR"), 3);
        prop_assert!(header.is_empty() || whole.is_ok());
        bytes.extend(&tail);
        if let Ok(whole) = read_with(&bytes, &options("JPY"), 3) {
            let refused = whole.issues.iter().filter(|issue| issue.refuses);
            prop_assert!(whole.refused <= refused.count() as u64);
        }
        let _ = read_with(&tail, &options("USD"), 3);
    }
}
