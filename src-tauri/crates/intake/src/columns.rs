//! How rows stand in Barrow's own product files: the names of the columns and the grammar of the
//! cells. What is written here and read again is the same row.
//!
//! - A column is named by [`Field::code`], `option1_name` to `option3_value`, `attribute:NAME` or
//!   `variant_attribute:NAME`.
//! - Values of an attribute, tags and pictures are separated by `|`, the steps of a category by
//!   ` > `, parts of a kit by `;` with `:` before the units. Where a value contains one of its
//!   separators or a backslash, a backslash stands before it.
//! - A cell that a spreadsheet would take for a formula (beginning with `=`, `+`, `-`, `@`, or an
//!   apostrophe before one of these) has an apostrophe before it, which reading takes away.
//! - Amounts are plain decimals with their currency in a column of its own; a weight or length has
//!   its unit behind it.
//! - Blanks around a value are no part of it. Stock below zero is left blank, because a count
//!   cannot be negative, and a blank changes nothing.

use barrow_model::{
    Field, ImageSource, Length, LengthUnit, Money, OPTIONS_MAX, Row, RowKind, Weight, WeightUnit,
};

/// The columns of a product file, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductColumns {
    attributes: Vec<String>,
    variant_attributes: Vec<String>,
}

const LEADING: [Field; 5] = [
    Field::Handle,
    Field::Sku,
    Field::Title,
    Field::Description,
    Field::Brand,
];
const TRAILING: [Field; 19] = [
    Field::Category,
    Field::Tags,
    Field::Gtin,
    Field::Mpn,
    Field::Asin,
    Field::Condition,
    Field::Weight,
    Field::Length,
    Field::Width,
    Field::Height,
    Field::Cost,
    Field::Price,
    Field::CompareAt,
    Field::Currency,
    Field::Quantity,
    Field::Location,
    Field::Images,
    Field::VariantImages,
    Field::Parts,
];

impl ProductColumns {
    /// The columns for products with these attributes, each name once.
    pub fn new(
        attributes: impl IntoIterator<Item = String>,
        variant_attributes: impl IntoIterator<Item = String>,
    ) -> Self {
        let sorted = |names: &mut dyn Iterator<Item = String>| {
            let mut names: Vec<String> = names.collect();
            names.sort();
            names.dedup();
            names
        };
        Self {
            attributes: sorted(&mut attributes.into_iter()),
            variant_attributes: sorted(&mut variant_attributes.into_iter()),
        }
    }

    /// The header's cells.
    pub fn header(&self) -> Vec<String> {
        let codes = |fields: &[Field]| -> Vec<String> {
            fields.iter().map(|field| field.code().to_owned()).collect()
        };
        let mut header = codes(&LEADING);
        for number in 1..=OPTIONS_MAX {
            header.push(format!("option{number}_name"));
            header.push(format!("option{number}_value"));
        }
        header.extend(codes(&TRAILING));
        header.extend(
            self.attributes
                .iter()
                .map(|name| format!("attribute:{name}")),
        );
        let own = self.variant_attributes.iter();
        header.extend(own.map(|name| format!("variant_attribute:{name}")));
        header
    }

    /// The cells of a variant or kit. Of the row, `line` and `sku_derived` are not written;
    /// attributes that are not among the columns are left out.
    pub fn record(&self, row: &Row) -> Vec<String> {
        let mut cells: Vec<String> = LEADING
            .iter()
            .map(|field| write_field(row, *field))
            .collect();
        for number in 0..OPTIONS_MAX {
            let (name, value) = match row.options.get(number) {
                Some((name, value)) => (name.as_str(), value.as_str()),
                None => ("", ""),
            };
            cells.push(write_text(name));
            cells.push(write_text(value));
        }
        cells.extend(TRAILING.iter().map(|field| write_field(row, *field)));
        for (names, values) in [
            (&self.attributes, &row.attributes),
            (&self.variant_attributes, &row.variant_attributes),
        ] {
            for name in names {
                let values = values.get(name).map(Vec::as_slice).unwrap_or_default();
                cells.push(write_text(&write_list(values, &['|'], "|")));
            }
        }
        cells
    }
}

/// The cell of a field as it stands in a product file; empty for what the row leaves open.
pub fn write_field(row: &Row, field: Field) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let money = |value: &Option<Money>| value.map(|m| m.amount()).unwrap_or_default();
    let length = |value: &Option<Length>| value.map(|l| write_length(&l)).unwrap_or_default();
    let cell = match field {
        Field::Handle => row.handle.clone(),
        Field::Sku => row
            .sku
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        Field::Title => text(&row.title),
        Field::Description => text(&row.description),
        Field::Brand => text(&row.brand),
        Field::Category => {
            let steps = row.category.as_deref().unwrap_or_default();
            write_list(steps, &['>'], " > ")
        }
        Field::Tags => {
            let tags = row.tags.as_deref().unwrap_or_default();
            write_list(tags, &['|', ',', ';'], "|")
        }
        Field::Gtin => row.gtin.map(|gtin| gtin.as_written()).unwrap_or_default(),
        Field::Mpn => text(&row.mpn),
        Field::Asin => text(&row.asin),
        Field::Condition => row
            .condition
            .map(|c| c.code().to_owned())
            .unwrap_or_default(),
        Field::Weight => row.weight.map(|w| write_weight(&w)).unwrap_or_default(),
        Field::Length => length(&row.length),
        Field::Width => length(&row.width),
        Field::Height => length(&row.height),
        Field::Cost => money(&row.cost),
        Field::Price => money(&row.price),
        Field::CompareAt => money(&row.compare_at),
        Field::Currency => [row.price, row.cost, row.compare_at]
            .into_iter()
            .flatten()
            .next()
            .map(|m| m.currency.as_str().to_owned())
            .unwrap_or_default(),
        Field::Quantity => match row.quantity {
            Some(count) if count >= 0 && row.kind != RowKind::Kit => count.to_string(),
            _ => String::new(),
        },
        Field::Location => text(&row.location),
        Field::Images => write_images(&row.images.product),
        Field::VariantImages => write_images(&row.images.variant),
        Field::Parts => write_parts(row),
    };
    write_text(&cell)
}

fn write_parts(row: &Row) -> String {
    let parts: Vec<String> = row
        .parts
        .iter()
        .map(|(sku, units)| format!("{}:{units}", escape(sku.as_str(), &[':', ';'])))
        .collect();
    parts.join(";")
}

fn write_images(images: &[ImageSource]) -> String {
    let texts: Vec<String> = images
        .iter()
        .map(|image| match image {
            ImageSource::Url(text) | ImageSource::File(text) => text.clone(),
        })
        .collect();
    write_list(&texts, &['|'], " | ")
}

/// A weight with its unit, such as `10.7 lb`.
pub fn write_weight(weight: &Weight) -> String {
    let unit = match weight.unit() {
        WeightUnit::Gram => "g",
        WeightUnit::Kilogram => "kg",
        WeightUnit::Ounce => "oz",
        WeightUnit::Pound => "lb",
    };
    format!("{} {unit}", weight.value())
}

/// A length with its unit, such as `10 cm`.
pub fn write_length(length: &Length) -> String {
    let unit = match length.unit() {
        LengthUnit::Centimetre => "cm",
        LengthUnit::Metre => "m",
        LengthUnit::Inch => "in",
        LengthUnit::Foot => "ft",
    };
    format!("{} {unit}", length.value())
}

const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\'', '\t', '\r'];

/// A text as a cell that no spreadsheet takes for a formula.
pub fn write_text(text: &str) -> String {
    if text.starts_with(FORMULA_STARTS) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Takes away the apostrophe of [`write_text`].
pub fn read_text(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(FORMULA_STARTS) => text,
        _ => cell,
    }
}

/// Several values as one cell; `separators` are escaped in them, `between` joins them.
pub fn write_list(values: &[String], separators: &[char], between: &str) -> String {
    let escaped: Vec<String> = values.iter().map(|v| escape(v, separators)).collect();
    escaped.join(between)
}

/// The values of a cell that [`write_list`] wrote, without outer blanks and empty ones.
pub fn split_list(cell: &str, separators: &[char]) -> Vec<String> {
    if !cell.contains('\\') {
        let pieces = cell.split(separators).map(str::trim);
        return pieces
            .filter(|piece| !piece.is_empty())
            .map(str::to_owned)
            .collect();
    }
    split_escaped(cell, separators)
        .into_iter()
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .map(|piece| unescape(piece, separators))
        .collect()
}

/// Puts a backslash before separators and backslashes.
pub fn escape(text: &str, separators: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || separators.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Takes away the backslashes of [`escape`]; before any other character a backslash is text.
pub fn unescape(text: &str, separators: &[char]) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && (*next == '\\' || separators.contains(next)) => {
                plain.push(*next);
                chars.next();
            }
            _ => plain.push(c),
        }
    }
    plain
}

/// Splits at separators that no backslash stands before; the pieces are still escaped.
pub fn split_escaped<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            let escapes = |next: &(usize, char)| next.1 == '\\' || separators.contains(&next.1);
            chars.next_if(escapes);
        } else if separators.contains(&c) {
            pieces.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    pieces.push(&text[start..]);
    pieces
}
