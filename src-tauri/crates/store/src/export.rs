//! The whole catalogue in batches, for files.

use barrow_model::{Kit, Product, Sku, SkuId};
use rusqlite::params;

use crate::error::StoreError;
use crate::page::PAGE_ROWS_MAX;
use crate::product::{Item, PRODUCT_COLUMNS, SKU_COLUMNS, product};
use crate::sql;
use crate::store::Reader;

/// Everything of one SKU that a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRow {
    /// Its product.
    pub product: Product,
    /// The variant or kit.
    pub item: Item,
    /// Option names with this variant's values.
    pub options: Vec<(String, String)>,
    /// A kit's parts by SKU.
    pub parts: Vec<(Sku, u32)>,
    /// Units on hand; none for a kit.
    pub on_hand: Option<i64>,
    /// Units sold and not yet shipped.
    pub reserved: i64,
}

impl Reader<'_> {
    /// The next SKUs after one, products in the order in which they were added and each product's
    /// SKUs together. Empty at the end.
    pub fn export_batch(
        &self,
        after: Option<&ExportRow>,
        limit: usize,
    ) -> Result<Vec<ExportRow>, StoreError> {
        let (product_id, sku_id) = after.map_or((0, 0), |row| (row.product.id.0, row.item.id().0));
        let sql = format!(
            "SELECT {SKU_COLUMNS}, {PRODUCT_COLUMNS}, s.on_hand, ifnull(r.reserved, 0)
             FROM products p CROSS JOIN skus s ON s.product_id = p.id
             LEFT JOIN stock_reserved r ON r.sku_id = s.id
             WHERE p.id >= ?1 AND (p.id > ?1 OR s.id > ?2)
             ORDER BY p.id, s.id LIMIT ?3"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let limit = limit.min(PAGE_ROWS_MAX) as i64;
        let mut rows = query.query(params![product_id, sku_id, limit])?;
        let mut batch = Vec::new();
        while let Some(row) = rows.next()? {
            let product = product(row, 22)?;
            let item = self.item_of(row, 0, &product.option_names)?;
            let parts = match &item {
                Item::Kit(kit) => self.part_skus(kit)?,
                Item::Variant(_) => Vec::new(),
            };
            batch.push(ExportRow {
                options: sql::to_json(&row.get::<_, String>(4)?)?,
                on_hand: match &item {
                    Item::Variant(_) => Some(row.get(33)?),
                    Item::Kit(_) => None,
                },
                reserved: row.get(34)?,
                product,
                item,
                parts,
            });
        }
        Ok(batch)
    }

    fn part_skus(&self, kit: &Kit) -> Result<Vec<(Sku, u32)>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT sku FROM skus WHERE id = ?1")?;
        kit.parts
            .iter()
            .map(|part| {
                let SkuId(id) = part.variant_id;
                let sku = query.query_row([id], |row| row.get(0))?;
                Ok((sql::to_sku(sku)?, part.quantity))
            })
            .collect()
    }
}
