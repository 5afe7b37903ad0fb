//! The fields of products and SKUs that people and files change: which columns hold each, and the
//! pieces of SQL that compare, record and restore it. Imports, edits and undo share them.

use std::fmt::Write;

use barrow_model::{Currency, Image, ImageSource, Money};
use rusqlite::Connection;

use crate::error::StoreError;

/// What a field belongs to; also the name in the history of edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A product.
    Product,
    /// A variant or kit.
    Sku,
}

impl Entity {
    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Sku => "sku",
        }
    }

    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Product => "products",
            Self::Sku => "skus",
        }
    }

    pub(crate) fn columns(self) -> &'static [FieldColumn] {
        match self {
            Self::Product => PRODUCT_FIELDS,
            Self::Sku => SKU_FIELDS,
        }
    }

    pub(crate) fn from_code(code: &str) -> Result<Self, StoreError> {
        match code {
            "product" => Ok(Self::Product),
            "sku" => Ok(Self::Sku),
            _ => Err(StoreError::corrupt(format!("{code:?} is no entity"))),
        }
    }
}

/// How a field stands in its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One text.
    Text,
    /// `x_minor` and `x_currency`; in the history `MINOR CURRENCY`.
    Amount,
    /// A JSON list.
    List,
    /// A JSON list of pictures.
    Images,
    /// A JSON map; a file adds to it and replaces single names.
    Map,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldColumn {
    /// Its name in files, the history and `set`.
    pub(crate) code: &'static str,
    /// Its column, without `_minor` and `_currency`.
    pub(crate) column: &'static str,
    pub(crate) shape: Shape,
    /// Whether it may be nothing.
    pub(crate) optional: bool,
}

const fn field(
    code: &'static str,
    column: &'static str,
    shape: Shape,
    optional: bool,
) -> FieldColumn {
    FieldColumn {
        code,
        column,
        shape,
        optional,
    }
}

/// In the order of their bits in a staged difference; at most 24.
pub(crate) const PRODUCT_FIELDS: &[FieldColumn] = &[
    field("title", "title", Shape::Text, false),
    field("description", "description", Shape::Text, false),
    field("brand", "brand", Shape::Text, true),
    field("category", "category", Shape::List, false),
    field("tags", "tags", Shape::List, false),
    field("attributes", "attributes", Shape::Map, false),
    field("images", "images", Shape::Images, false),
    field("option_names", "option_names", Shape::List, false),
];

/// In the order of their bits in a staged difference; at most 24.
pub(crate) const SKU_FIELDS: &[FieldColumn] = &[
    field("options", "options", Shape::List, false),
    field("gtin", "gtin", Shape::Text, true),
    field("mpn", "mpn", Shape::Text, true),
    field("asin", "asin", Shape::Text, true),
    field("condition", "condition", Shape::Text, true),
    field("weight", "weight", Shape::Text, true),
    field("length", "length", Shape::Text, true),
    field("width", "width", Shape::Text, true),
    field("height", "height", Shape::Text, true),
    field("cost", "cost", Shape::Amount, true),
    field("price", "price", Shape::Amount, true),
    field("compare_at", "compare_at", Shape::Amount, true),
    field("variant_images", "images", Shape::Images, false),
    field("variant_attributes", "attributes", Shape::Map, false),
];

/// The history's name of a kit's parts, which are rows and not a column.
pub(crate) const PARTS: &str = "parts";

/// The history's name of the SKU itself.
pub(crate) const NAME: &str = "sku";

/// The name of counted stock, which is a movement and not a column.
pub(crate) const QUANTITY: &str = "quantity";

/// Finds a field by its name.
pub(crate) fn find(code: &str) -> Option<(Entity, FieldColumn)> {
    [Entity::Product, Entity::Sku]
        .into_iter()
        .find_map(|entity| {
            let found = entity.columns().iter().find(|field| field.code == code)?;
            Some((entity, *found))
        })
}

impl FieldColumn {
    /// The field of a row as one text, as the history keeps it.
    pub(crate) fn text(&self, row: &str) -> String {
        let column = self.column;
        match self.shape {
            Shape::Amount => format!("{row}.{column}_minor || ' ' || {row}.{column}_currency"),
            _ => format!("{row}.{column}"),
        }
    }

    /// 1 where a staged row has another value than the kept one, else 0.
    pub(crate) fn differs(&self, staged: &str, kept: &str) -> String {
        let column = self.column;
        match self.shape {
            Shape::Amount => format!(
                "({staged}.{column}_minor IS NOT NULL AND \
                 ({staged}.{column}_minor IS NOT {kept}.{column}_minor OR \
                 {staged}.{column}_currency IS NOT {kept}.{column}_currency))"
            ),
            Shape::Map => format!(
                "({staged}.{column} IS NOT NULL AND \
                 json_patch({kept}.{column}, {staged}.{column}) IS NOT {kept}.{column})"
            ),
            _ => format!(
                "({staged}.{column} IS NOT NULL AND {staged}.{column} IS NOT {kept}.{column})"
            ),
        }
    }

    /// The value after a staged row is applied, as one text.
    pub(crate) fn text_after(&self, staged: &str, kept: &str) -> String {
        match self.shape {
            Shape::Map => format!("json_patch({kept}.{0}, {staged}.{0})", self.column),
            _ => self.text(staged),
        }
    }

    /// Assigns what a staged row has and leaves the rest: `column = …`.
    pub(crate) fn assign_staged(&self, staged: &str, kept: &str) -> String {
        let column = self.column;
        match self.shape {
            Shape::Amount => format!(
                "{column}_minor = ifnull({staged}.{column}_minor, {kept}.{column}_minor), \
                 {column}_currency = ifnull({staged}.{column}_currency, {kept}.{column}_currency)"
            ),
            Shape::Map => format!(
                "{column} = iif({staged}.{column} IS NULL, {kept}.{column}, \
                 json_patch({kept}.{column}, {staged}.{column}))"
            ),
            _ => format!("{column} = ifnull({staged}.{column}, {kept}.{column})"),
        }
    }

    /// Assigns one text, given as `?1`.
    pub(crate) fn assign_text(&self) -> String {
        let column = self.column;
        match self.shape {
            Shape::Amount => format!(
                "{column}_minor = CAST(substr(?1, 1, instr(?1, ' ') - 1) AS INTEGER), \
                 {column}_currency = substr(?1, instr(?1, ' ') + 1)"
            ),
            _ => format!("{column} = ?1"),
        }
    }

    /// Names of its columns.
    pub(crate) fn names(&self) -> Vec<String> {
        match self.shape {
            Shape::Amount => vec![
                format!("{}_minor", self.column),
                format!("{}_currency", self.column),
            ],
            _ => vec![self.column.to_owned()],
        }
    }

    /// What a new row has where the file has nothing.
    pub(crate) fn default(&self) -> &'static str {
        match self.shape {
            Shape::Map => "'{}'",
            Shape::List | Shape::Images => "'[]'",
            _ if self.optional => "NULL",
            _ => "''",
        }
    }

    /// The text that a person reads.
    pub(crate) fn readable(&self, text: &str) -> String {
        match self.shape {
            Shape::Text | Shape::Map => Some(text.to_owned()),
            Shape::Amount => amount(text).map(|money| money.to_string()),
            Shape::List => list(text),
            Shape::Images => images(text),
        }
        .unwrap_or_else(|| text.to_owned())
    }
}

/// The bits of all fields that differ, as one expression.
pub(crate) fn differences(fields: &[FieldColumn], staged: &str, kept: &str) -> String {
    let mut sql = String::from("0");
    for (bit, field) in fields.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(sql, " | ({} << {bit})", field.differs(staged, kept));
    }
    sql
}

/// The amount of `MINOR CURRENCY`.
pub(crate) fn amount(text: &str) -> Option<Money> {
    let (minor, code) = text.split_once(' ')?;
    Some(Money::new(minor.parse().ok()?, Currency::parse(code).ok()?))
}

fn list(text: &str) -> Option<String> {
    let items: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    let words = items.iter().map(|item| match item {
        serde_json::Value::String(word) => word.clone(),
        serde_json::Value::Array(pair) => pair
            .iter()
            .map(|part| {
                part.as_str()
                    .map_or_else(|| part.to_string(), str::to_owned)
            })
            .collect::<Vec<_>>()
            .join(": "),
        other => other.to_string(),
    });
    Some(words.collect::<Vec<_>>().join("; "))
}

fn images(text: &str) -> Option<String> {
    let images: Vec<Image> = serde_json::from_str(text).ok()?;
    let sources = images.into_iter().map(|image| match image.source {
        ImageSource::Url(text) | ImageSource::File(text) => text,
    });
    Some(sources.collect::<Vec<_>>().join(" "))
}

/// What a person reads for a field's text in the history.
pub(crate) fn readable(code: &str, text: Option<String>) -> Option<String> {
    let text = text?;
    Some(match find(code) {
        Some((_, field)) => field.readable(&text),
        None if code == PARTS => list(&text).unwrap_or(text),
        None => text,
    })
}

/// The field's present text; `None` if the row is gone.
pub(crate) fn current(
    connection: &Connection,
    entity: Entity,
    id: i64,
    field: FieldColumn,
) -> Result<Option<Option<String>>, StoreError> {
    use rusqlite::OptionalExtension;
    let table = entity.table();
    let sql = format!("SELECT {} FROM {table} t WHERE id = ?1", field.text("t"));
    let found = connection
        .prepare_cached(&sql)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(found)
}
