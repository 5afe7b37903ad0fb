//! The catalogue as a list: one row per SKU, in any order, from any place.
//!
//! A page goes on after a key, so it costs the same anywhere. A jump to a place counts along an
//! index from the nearer end.

use barrow_model::{Condition, Gtin, Money, ProductId, Revision, Sku, SkuId};
use chrono::{DateTime, Utc};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::available::AVAILABLE;
use crate::error::StoreError;
use crate::filter::{Filter, MARGIN};
use crate::product::SkuKind;
use crate::sql;
use crate::store::Reader;

/// Rows of one page at most.
pub const PAGE_ROWS_MAX: usize = 1_000;

/// What the list is sorted by; equal rows in the order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// When it was added.
    Added,
    /// The SKU.
    Sku,
    /// The product's title, without regard to case.
    Title,
    /// The base price in minor units; none comes first.
    Price,
    /// Units on hand; a kit counts as 0.
    Quantity,
    /// Units that can be sold, the fewest first.
    Available,
    /// The last edit.
    Updated,
    /// What one costs in minor units; none comes first.
    Cost,
    /// What is left of the price over the cost, as a share of the price; none comes first.
    Margin,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SortOrder {
    /// By what.
    pub by: SortBy,
    /// The other way round.
    pub descending: bool,
}

/// The place of a row in an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageKey {
    /// What the row is sorted by.
    pub value: KeyValue,
    /// The row.
    pub id: SkuId,
}

/// What a row is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum KeyValue {
    /// A price, a quantity, an instant.
    Number(i64),
    /// A SKU, a title.
    Text(String),
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// At the first row.
    Start,
    /// After a row.
    After(PageKey),
    /// At a row by its number, counted from 0.
    At(u64),
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its rows.
    pub rows: Vec<CatalogueRow>,
    /// Goes on after the last one; none at the end.
    pub next: Option<PageKey>,
}

/// A SKU as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogueRow {
    /// Its row.
    pub id: SkuId,
    /// The SKU.
    pub sku: Sku,
    /// Variant or kit.
    pub kind: SkuKind,
    /// Its product.
    pub product_id: ProductId,
    /// The product's stable name in files.
    pub handle: String,
    /// The product's title.
    pub title: String,
    /// Option names with values.
    pub options: Vec<(String, String)>,
    /// The product's brand.
    pub brand: Option<String>,
    /// Barcode number.
    pub gtin: Option<Gtin>,
    /// Manufacturer part number.
    pub mpn: Option<String>,
    /// Condition.
    pub condition: Option<Condition>,
    /// What one costs.
    pub cost: Option<Money>,
    /// Base price.
    pub price: Option<Money>,
    /// Units on hand; of a kit, how many could be made of its parts.
    pub on_hand: i64,
    /// Units sold and not yet shipped; of a kit 0, because its parts are reserved.
    pub reserved: i64,
    /// Units that can be sold; of a kit, the smallest of its parts'.
    pub available: i64,
    /// Pictures, the product's and its own.
    pub images: u32,
    /// Counts the SKU's edits.
    pub revision: Revision,
    /// The last edit.
    pub updated_at: DateTime<Utc>,
}

const ROW_SQL: &str = "
    SELECT s.id, s.sku, s.kind, s.product_id, p.handle, p.title, s.options, p.brand, s.gtin,
      s.mpn, s.condition, s.cost_minor, s.cost_currency, s.price_minor, s.price_currency,
      iif(s.kind = 'kit', (
        SELECT ifnull(min(max(v.on_hand, 0) / k.quantity), 0)
        FROM kit_parts k JOIN skus v ON v.id = k.variant_id WHERE k.kit_id = s.id), s.on_hand),
      iif(s.kind = 'kit', 0, ifnull(r.reserved, 0)),
      iif(s.kind = 'kit', (
        SELECT ifnull(min(max(v.on_hand - ifnull(x.reserved, 0), 0) / k.quantity), 0)
        FROM kit_parts k JOIN skus v ON v.id = k.variant_id
        LEFT JOIN stock_reserved x ON x.sku_id = v.id WHERE k.kit_id = s.id),
        max(s.on_hand - ifnull(r.reserved, 0), 0)),
      json_array_length(p.images) + json_array_length(s.images), s.revision, s.updated_at
    FROM skus s CROSS JOIN products p ON p.id = s.product_id
    LEFT JOIN stock_reserved r ON r.sku_id = s.id
    WHERE s.id = ?1";

impl SortBy {
    /// The indexed expression; texts and numbers never mix.
    pub(crate) fn expression(self) -> &'static str {
        match self {
            Self::Added => "id",
            Self::Sku => "sku",
            Self::Title => "title_key",
            Self::Price => "ifnull(price_minor, -1)",
            Self::Quantity => "on_hand",
            Self::Available => AVAILABLE,
            Self::Updated => "updated_at",
            Self::Cost => "ifnull(cost_minor, -1)",
            Self::Margin => MARGIN,
        }
    }
}

impl Reader<'_> {
    /// How many SKUs there are.
    pub fn sku_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT skus FROM totals";
        let count: i64 = self
            .connection()
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// How many SKUs a filter leaves. Without conditions this is [`Reader::sku_count`].
    pub fn filtered_count(&self, filter: &Filter) -> Result<u64, StoreError> {
        let (condition, values) = filter.sql();
        if values.is_empty() && condition.is_empty() {
            return self.sku_count();
        }
        let sql = format!("SELECT count(*) FROM skus WHERE 1 {condition}");
        let count: i64 = self
            .connection()
            .prepare_cached(&sql)?
            .query_row(params_from_iter(values), |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// A page of the list.
    pub fn products_page(
        &self,
        order: SortOrder,
        filter: &Filter,
        position: &Position,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let limit = limit.min(PAGE_ROWS_MAX);
        let keys = match position {
            Position::Start => self.keys_at(order, filter, 0, limit)?,
            Position::After(key) => self.keys_after(order, filter, key, limit)?,
            Position::At(place) => self.keys_at(order, filter, *place, limit)?,
        };
        let rows = keys
            .iter()
            .map(|key| self.catalogue_row(key.id))
            .collect::<Result<_, _>>()?;
        let next = (keys.len() == limit).then(|| keys.into_iter().next_back());
        Ok(Page {
            rows,
            next: next.flatten(),
        })
    }

    /// The place of a SKU in an order, to go on after it.
    pub fn page_key(&self, order: SortOrder, sku: &Sku) -> Result<PageKey, StoreError> {
        let id = self.sku_id(sku)?;
        let sql = format!(
            "SELECT {}, id FROM skus WHERE id = ?1",
            order.by.expression()
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        query.query_row([id.0], |row| Ok(page_key(row)))?
    }

    /// A SKU as lists show it.
    pub fn catalogue_row(&self, id: SkuId) -> Result<CatalogueRow, StoreError> {
        let mut query = self.connection().prepare_cached(ROW_SQL)?;
        let mut rows = query.query([id.0])?;
        match rows.next()? {
            Some(row) => catalogue_row(row),
            None => Err(StoreError::not_found("sku", id)),
        }
    }

    fn keys_after(
        &self,
        order: SortOrder,
        filter: &Filter,
        key: &PageKey,
        limit: usize,
    ) -> Result<Vec<PageKey>, StoreError> {
        let by = order.by.expression();
        let (direction, beyond) = direction(order.descending);
        let (condition, values) = filter.sql();
        let id = SqlValue::Integer(key.id.0);
        if order.by == SortBy::Added {
            let sql = format!(
                "SELECT id, id FROM skus WHERE id {beyond} ? {condition}
                 ORDER BY id {direction} LIMIT ?"
            );
            return self.keys(&sql, vec![id], &values, &[limit as i64]);
        }
        let value = match &key.value {
            KeyValue::Number(number) => SqlValue::Integer(*number),
            KeyValue::Text(text) => SqlValue::Text(text.clone()),
        };
        // First the rest of those that are equal, of which there may be very many.
        let equal = format!(
            "SELECT {by}, id FROM skus WHERE {by} = ? AND id {beyond} ? {condition}
             ORDER BY id {direction} LIMIT ?"
        );
        let mut keys = self.keys(&equal, vec![value.clone(), id], &values, &[limit as i64])?;
        if keys.len() < limit {
            let others = format!(
                "SELECT {by}, id FROM skus WHERE {by} {beyond} ? {condition}
                 ORDER BY {by} {direction}, id {direction} LIMIT ?"
            );
            let rest = (limit - keys.len()) as i64;
            keys.extend(self.keys(&others, vec![value], &values, &[rest])?);
        }
        Ok(keys)
    }

    fn keys_at(
        &self,
        order: SortOrder,
        filter: &Filter,
        place: u64,
        limit: usize,
    ) -> Result<Vec<PageKey>, StoreError> {
        let (condition, values) = filter.sql();
        let count = match place {
            0 => u64::MAX,
            _ => self.filtered_count(filter)?,
        };
        if place >= count {
            return Ok(Vec::new());
        }
        let rows = (limit as u64).min(count - place);
        let from_end = count - place - rows;
        let backwards = from_end < place;
        let skip = if backwards { from_end } else { place };
        let by = order.by.expression();
        let (direction, _) = direction(order.descending != backwards);
        let sql = format!(
            "SELECT {by}, id FROM skus WHERE 1 {condition}
             ORDER BY {by} {direction}, id {direction} LIMIT ? OFFSET ?"
        );
        // A page and a catalogue have far fewer rows than i64 can count.
        let mut keys = self.keys(&sql, Vec::new(), &values, &[rows as i64, skip as i64])?;
        if backwards {
            keys.reverse();
        }
        Ok(keys)
    }

    fn keys(
        &self,
        sql: &str,
        mut values: Vec<SqlValue>,
        filter: &[SqlValue],
        numbers: &[i64],
    ) -> Result<Vec<PageKey>, StoreError> {
        values.extend_from_slice(filter);
        values.extend(numbers.iter().copied().map(SqlValue::Integer));
        let mut query = self.connection().prepare_cached(sql)?;
        let mut rows = query.query(params_from_iter(values))?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.push(page_key(row)?);
        }
        Ok(keys)
    }
}

pub(crate) fn direction(descending: bool) -> (&'static str, &'static str) {
    if descending {
        ("DESC", "<")
    } else {
        ("ASC", ">")
    }
}

fn page_key(row: &Row<'_>) -> Result<PageKey, StoreError> {
    let value = match row.get(0)? {
        SqlValue::Integer(number) => KeyValue::Number(number),
        SqlValue::Text(text) => KeyValue::Text(text),
        other => return Err(StoreError::corrupt(format!("{other:?} is no sort key"))),
    };
    Ok(PageKey {
        value,
        id: SkuId(row.get(1)?),
    })
}

fn catalogue_row(row: &Row<'_>) -> Result<CatalogueRow, StoreError> {
    Ok(CatalogueRow {
        id: SkuId(row.get(0)?),
        sku: sql::to_sku(row.get(1)?)?,
        kind: sql::to_code(&row.get::<_, String>(2)?)?,
        product_id: ProductId(row.get(3)?),
        handle: row.get(4)?,
        title: row.get(5)?,
        options: sql::to_json(&row.get::<_, String>(6)?)?,
        brand: row.get(7)?,
        gtin: sql::to_gtin(row.get(8)?)?,
        mpn: row.get(9)?,
        condition: sql::to_condition(row.get(10)?)?,
        cost: sql::to_money(row.get(11)?, row.get(12)?)?,
        price: sql::to_money(row.get(13)?, row.get(14)?)?,
        on_hand: row.get(15)?,
        reserved: row.get(16)?,
        available: row.get(17)?,
        images: row.get(18)?,
        revision: Revision(row.get(19)?),
        updated_at: sql::to_instant(row.get(20)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Position, SortBy, SortOrder};
    use crate::filter::Filter;
    use crate::import::tests::{apply, kit, titled};
    use crate::store::Store;
    use crate::store::tests::memory;

    const ALL: [SortBy; 8] = [
        SortBy::Added,
        SortBy::Sku,
        SortBy::Title,
        SortBy::Price,
        SortBy::Quantity,
        SortBy::Updated,
        SortBy::Cost,
        SortBy::Margin,
    ];

    /// Many equal prices and quantities.
    fn catalogue() -> Store {
        let store = memory();
        let mut rows: Vec<_> = (2..40)
            .map(|line| {
                let number = (line * 7) % 38;
                titled(
                    line,
                    &format!("S{number:02}"),
                    number as i64 % 3,
                    number as i64 % 2,
                )
            })
            .collect();
        rows.push(kit(50, "KIT", &[("S01", 1), ("S03", 1)]));
        apply(&store, "one", &rows);
        store
    }

    #[test]
    fn every_order_lists_each_row_once_moving_on_and_jumping() {
        let store = catalogue();
        for by in ALL {
            for descending in [false, true] {
                let order = SortOrder { by, descending };
                let page = |position: &Position, limit| {
                    store
                        .read(|db| db.products_page(order, &Filter::default(), position, limit))
                        .expect("lists")
                };
                let whole = page(&Position::Start, 100);
                assert_eq!(whole.rows.len(), 39);
                assert_eq!(whole.next, None);
                let mut moved = page(&Position::Start, 7);
                let mut rows = moved.rows;
                while let Some(key) = moved.next.take() {
                    moved = page(&Position::After(key), 7);
                    rows.append(&mut moved.rows);
                }
                assert_eq!(rows, whole.rows, "{order:?}");
                for place in [0, 1, 19, 33, 38] {
                    let jumped = page(&Position::At(place as u64), 5).rows;
                    let end = whole.rows.len().min(place + 5);
                    assert_eq!(jumped, whole.rows[place..end], "{order:?} {place}");
                }
                assert_eq!(page(&Position::At(39), 5).rows, []);
            }
        }
    }

    #[test]
    fn filters_narrow_pages_and_counts_alike() {
        let store = catalogue();
        let check = |filter: Filter, expected: u64| {
            let order = SortOrder {
                by: SortBy::Title,
                descending: true,
            };
            store
                .read(|db| {
                    let page = db.products_page(order, &filter, &Position::Start, 100)?;
                    assert_eq!(page.rows.len() as u64, expected, "{filter:?}");
                    assert_eq!(db.filtered_count(&filter)?, expected);
                    Ok(())
                })
                .expect("lists");
        };
        check(Filter::default(), 39);
        let kits = Some(crate::SkuKind::Kit);
        check(
            Filter {
                kind: kits,
                ..Filter::default()
            },
            1,
        );
        check(
            Filter {
                on_hand: Some(true),
                ..Filter::default()
            },
            19,
        );
        check(
            Filter {
                priced: Some(false),
                ..Filter::default()
            },
            0,
        );
        check(
            Filter {
                brand: Some("none".into()),
                ..Filter::default()
            },
            0,
        );
    }

    #[test]
    fn a_kit_has_as_many_as_its_scarcest_part() {
        let store = catalogue();
        let sku = crate::import::tests::sku("KIT");
        let row = store
            .read(|db| db.catalogue_row(db.sku_id(&sku)?))
            .expect("reads");
        assert_eq!((row.on_hand, row.available), (1, 1));
    }
}
