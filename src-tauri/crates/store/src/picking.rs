//! What is taken from the shelves for orders, and what a person needs to know to match a line.

use barrow_model::{LocationId, OrderRowId, Sku, SkuId};

use crate::error::StoreError;
use crate::sql::{json, to_sku};
use crate::store::Reader;

/// Orders that are picked for in one go at most.
pub const PICK_ORDERS_MAX: usize = 1_000;

/// Candidates for a line at most.
const CANDIDATES_MAX: usize = 8;

/// Words of a title that are looked for together at first.
const WORDS_MAX: usize = 6;

/// Units of a variant that orders still want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The variant: of a kit, its parts.
    pub sku_id: SkuId,
    /// Its SKU.
    pub sku: Sku,
    /// Units for all orders together.
    pub units: u64,
    /// Units for each order.
    pub orders: Vec<(OrderRowId, u64)>,
    /// Where it lies, most first.
    pub places: Vec<(LocationId, i64)>,
}

impl Reader<'_> {
    /// What orders still want of each variant, by SKU; at most [`PICK_ORDERS_MAX`] orders. Lines
    /// that nothing in the catalogue is are left out.
    pub fn picks(&self, orders: &[OrderRowId]) -> Result<Vec<Pick>, StoreError> {
        if orders.len() > PICK_ORDERS_MAX {
            return Err(StoreError::invalid("orders", "too many orders at once"));
        }
        let ids: Vec<i64> = orders.iter().map(|id| id.0).collect();
        let mut statement = self.connection().prepare_cached(
            "SELECT p.sku_id, s.sku, l.order_row_id, sum(p.units *
                 max(0, l.quantity - l.quantity_shipped - l.quantity_cancelled))
             FROM json_each(?1) j CROSS JOIN order_lines l ON l.order_row_id = j.value
             CROSS JOIN order_line_parts p ON p.order_line_id = l.id
             CROSS JOIN skus s ON s.id = p.sku_id
             WHERE l.quantity > l.quantity_shipped + l.quantity_cancelled
             GROUP BY p.sku_id, l.order_row_id ORDER BY s.sku, l.order_row_id",
        )?;
        let mut rows = statement.query([json(&ids)?])?;
        let mut picks: Vec<Pick> = Vec::new();
        while let Some(row) = rows.next()? {
            let sku_id = SkuId(row.get(0)?);
            let units = row.get::<_, i64>(3)?.unsigned_abs();
            let order = (OrderRowId(row.get(2)?), units);
            match picks.last_mut().filter(|pick| pick.sku_id == sku_id) {
                Some(pick) => {
                    pick.units += units;
                    pick.orders.push(order);
                }
                None => picks.push(Pick {
                    sku_id,
                    sku: to_sku(row.get(1)?)?,
                    units,
                    orders: vec![order],
                    places: Vec::new(),
                }),
            }
        }
        for pick in &mut picks {
            let stock = self.stock_by_location(pick.sku_id)?;
            let stock = stock.into_iter().filter(|stock| stock.on_hand > 0);
            pick.places = stock.map(|s| (s.location_id, s.on_hand)).collect();
            pick.places
                .sort_by_key(|(_, on_hand)| std::cmp::Reverse(*on_hand));
        }
        Ok(picks)
    }

    /// What a line that nothing matches may be: SKUs that are like its own, then those with the
    /// most words of its title.
    pub fn match_candidates(
        &self,
        sku: Option<&str>,
        title: &str,
    ) -> Result<Vec<SkuId>, StoreError> {
        let mut found: Vec<SkuId> = Vec::new();
        let mut add = |ids: Vec<SkuId>| {
            for id in ids {
                if !found.contains(&id) && found.len() < CANDIDATES_MAX {
                    found.push(id);
                }
            }
            found.len() >= CANDIDATES_MAX
        };
        if let Some(sku) = sku {
            // "SAM-860EVO-500" is looked for whole, then by its parts.
            let parts: Vec<&str> = sku.split(|c: char| !c.is_alphanumeric()).collect();
            for text in [sku.to_owned(), parts.join(" ")] {
                let rows = self.search(&text, CANDIDATES_MAX)?;
                if add(rows.into_iter().map(|row| row.id).collect()) {
                    return Ok(found);
                }
            }
        }
        let words: Vec<&str> = title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 2)
            .take(WORDS_MAX)
            .collect();
        for count in (1..=words.len()).rev() {
            let text = words.get(..count).unwrap_or_default().join(" ");
            let rows = self.search(&text, CANDIDATES_MAX)?;
            if add(rows.into_iter().map(|row| row.id).collect()) {
                break;
            }
        }
        Ok(found)
    }
}
