//! Products, variants and kits as wholes.

use std::collections::BTreeMap;

use barrow_model::{Kit, KitPart, OPTIONS_MAX, Product, ProductId, Revision, Sku, SkuId, Variant};
use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::sql;
use crate::store::Reader;

/// Which of the two kinds of things a SKU names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SkuKind {
    /// It has stock.
    Variant,
    /// It is made of variants.
    Kit,
}

/// What a SKU names.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A variant.
    Variant(Box<Variant>),
    /// A kit.
    Kit(Kit),
}

/// A product with everything that is sold of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductDetail {
    /// The product.
    pub product: Product,
    /// Its variants and kits, in the order in which they were added.
    pub items: Vec<Item>,
}

impl Item {
    /// Its row.
    pub fn id(&self) -> SkuId {
        match self {
            Self::Variant(variant) => variant.id,
            Self::Kit(kit) => kit.id,
        }
    }

    /// Its SKU.
    pub fn sku(&self) -> &Sku {
        match self {
            Self::Variant(variant) => &variant.sku,
            Self::Kit(kit) => &kit.sku,
        }
    }
}

impl Reader<'_> {
    /// Whether an address is that of a picture of a product or SKU. Looks at all of them: it is
    /// asked when somebody presses, not in a loop.
    pub fn is_image_url(&self, address: &str) -> Result<bool, StoreError> {
        let kept = |table: &str| {
            format!(
                "SELECT 1 FROM {table} t JOIN json_tree(t.images) image
                 WHERE instr(t.images, ?2) AND image.key = 'url' AND image.value = ?1"
            )
        };
        let (products, skus) = (kept("products"), kept("skus"));
        let sql = format!("SELECT EXISTS ({products} UNION ALL {skus})");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row((address, sql::json(address)?), |row| row.get(0))?)
    }
}

pub(crate) const PRODUCT_COLUMNS: &str = "p.id, p.handle, p.title, p.description, p.brand, \
     p.category, p.tags, p.attributes, p.images, p.option_names, p.revision";

pub(crate) const SKU_COLUMNS: &str = "s.id, s.sku, s.kind, s.product_id, s.options, s.gtin, \
     s.mpn, s.asin, s.condition, s.weight, s.length, s.width, s.height, s.cost_minor, \
     s.cost_currency, s.price_minor, s.price_currency, s.compare_at_minor, \
     s.compare_at_currency, s.images, s.attributes, s.revision";

impl Reader<'_> {
    /// The id of a SKU.
    pub fn sku_id(&self, sku: &Sku) -> Result<SkuId, StoreError> {
        self.find_sku(sku)?
            .ok_or_else(|| StoreError::not_found("sku", sku))
    }

    /// The id of a SKU, where the catalogue has it.
    pub fn find_sku(&self, sku: &Sku) -> Result<Option<SkuId>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT id FROM skus WHERE sku = ?1")?
            .query_row([sku.as_str()], |row| row.get(0).map(SkuId))
            .optional()?)
    }

    /// The variant or kit of an id.
    pub fn item(&self, id: SkuId) -> Result<Item, StoreError> {
        let sql = format!(
            "SELECT {SKU_COLUMNS}, p.option_names
             FROM skus s JOIN products p ON p.id = s.product_id WHERE s.id = ?1"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let mut rows = query.query([id.0])?;
        match rows.next()? {
            Some(row) => {
                let names: Vec<String> = sql::to_json(&row.get::<_, String>(22)?)?;
                self.item_of(row, 0, &names)
            }
            None => Err(StoreError::not_found("sku", id)),
        }
    }

    /// The product of an id.
    pub fn product_by_id(&self, id: ProductId) -> Result<Product, StoreError> {
        let sql = format!("SELECT {PRODUCT_COLUMNS} FROM products p WHERE p.id = ?1");
        let mut query = self.connection().prepare_cached(&sql)?;
        let mut rows = query.query([id.0])?;
        match rows.next()? {
            Some(row) => product(row, 0),
            None => Err(StoreError::not_found("product", id)),
        }
    }

    /// The product that a SKU belongs to, with all that is sold of it.
    pub fn product(&self, sku: &Sku) -> Result<ProductDetail, StoreError> {
        let id = self.sku_id(sku)?;
        let product_id: i64 = self.connection().query_row(
            "SELECT product_id FROM skus WHERE id = ?1",
            [id.0],
            |row| row.get(0),
        )?;
        let product = self.product_by_id(ProductId(product_id))?;
        let sql = format!("SELECT {SKU_COLUMNS} FROM skus s WHERE s.product_id = ?1 ORDER BY s.id");
        let mut query = self.connection().prepare_cached(&sql)?;
        let mut rows = query.query([product_id])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(self.item_of(row, 0, &product.option_names)?);
        }
        Ok(ProductDetail { product, items })
    }

    /// A kit's parts, by the ids of its variants.
    pub fn kit_parts(&self, kit: SkuId) -> Result<Vec<KitPart>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT variant_id, quantity FROM kit_parts WHERE kit_id = ?1 ORDER BY variant_id",
        )?;
        let rows = query.query_map([kit.0], |row| {
            Ok(KitPart {
                variant_id: SkuId(row.get(0)?),
                quantity: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The kits that a variant is a part of.
    pub fn kits_of(&self, variant: SkuId) -> Result<Vec<SkuId>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT kit_id FROM kit_parts WHERE variant_id = ?1 ORDER BY kit_id")?;
        let rows = query.query_map([variant.0], |row| row.get(0).map(SkuId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The item of [`SKU_COLUMNS`] from a column on, with the names of its product's options.
    pub(crate) fn item_of(
        &self,
        row: &Row<'_>,
        at: usize,
        option_names: &[String],
    ) -> Result<Item, StoreError> {
        let id = SkuId(row.get(at)?);
        let sku = sql::to_sku(row.get(at + 1)?)?;
        let product_id = ProductId(row.get(at + 3)?);
        let price = sql::to_money(row.get(at + 15)?, row.get(at + 16)?)?;
        let revision = Revision(row.get(at + 21)?);
        if row.get_ref(at + 2)?.as_str().ok() == Some("kit") {
            return Ok(Item::Kit(Kit {
                id,
                product_id,
                sku,
                parts: self.kit_parts(id)?,
                price,
                revision,
            }));
        }
        let pairs: Vec<(String, String)> = sql::to_json(&row.get::<_, String>(at + 4)?)?;
        Ok(Item::Variant(Box::new(Variant {
            id,
            product_id,
            sku,
            options: option_values(option_names, pairs),
            gtin: sql::to_gtin(row.get(at + 5)?)?,
            mpn: row.get(at + 6)?,
            asin: row.get(at + 7)?,
            condition: sql::to_condition(row.get(at + 8)?)?,
            weight: sql::to_weight(row.get(at + 9)?)?,
            dimensions: sql::to_dimensions([
                row.get(at + 10)?,
                row.get(at + 11)?,
                row.get(at + 12)?,
            ])?,
            cost: sql::to_money(row.get(at + 13)?, row.get(at + 14)?)?,
            price,
            compare_at: sql::to_money(row.get(at + 17)?, row.get(at + 18)?)?,
            images: sql::to_json(&row.get::<_, String>(at + 19)?)?,
            attributes: sql::to_json(&row.get::<_, String>(at + 20)?)?,
            revision,
        })))
    }
}

/// Values in the order of the product's option names; empty where the variant has none.
fn option_values(names: &[String], pairs: Vec<(String, String)>) -> Vec<String> {
    let mut values: BTreeMap<String, String> = pairs.into_iter().collect();
    names
        .iter()
        .take(OPTIONS_MAX)
        .map(|name| values.remove(name).unwrap_or_default())
        .collect()
}

/// The product of [`PRODUCT_COLUMNS`] from a column on.
pub(crate) fn product(row: &Row<'_>, at: usize) -> Result<Product, StoreError> {
    let text = |offset: usize| row.get::<_, String>(at + offset);
    Ok(Product {
        id: ProductId(row.get(at)?),
        handle: text(1)?,
        title: text(2)?,
        description: text(3)?,
        brand: row.get(at + 4)?,
        category: sql::to_json(&text(5)?)?,
        tags: sql::to_json(&text(6)?)?,
        attributes: sql::to_json(&text(7)?)?,
        images: sql::to_json(&text(8)?)?,
        option_names: sql::to_json(&text(9)?)?,
        revision: Revision(row.get(at + 10)?),
    })
}
