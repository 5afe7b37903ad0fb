//! Products: lists, single ones, their fields and their stock.

use barrow_model::{
    Condition, Gtin, LocationId, Money, Movement, MovementKind, Origin, Product, Revision, Sku,
    SkuId, Stock, Variant,
};
use barrow_store::{
    BatchKind, CatalogueRow, Edit, Filter, Item, SkuKind, SortBy, StoreError, Writer,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, sku};
use crate::error::{ApiError, Result, Why};
use crate::imports::NamedValue;
use crate::product_list::ListingCell;
use crate::report::ActionReport;

/// Asks for a page of products, one row per SKU.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProductsRequest {
    /// Only those that have these words; the best ones first, without further pages.
    #[serde(default)]
    pub search: Option<String>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
    /// After this SKU.
    #[serde(default)]
    pub after: Option<String>,
    /// From this row on, counted from 0; instead of `after`.
    #[serde(default)]
    pub at: Option<u64>,
    /// What rows are sorted by; the SKU where nothing is said.
    #[serde(default)]
    pub sort: Option<SortBy>,
    /// The other way round.
    #[serde(default)]
    pub descending: bool,
    /// Which rows.
    #[serde(default)]
    pub filter: Filter,
    /// Goes on in the list of an earlier answer, as it was then.
    #[serde(default)]
    pub view: Option<u64>,
    /// Tells of each how it stands at each account.
    #[serde(default)]
    pub cells: bool,
}

/// A page of products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductsResponse {
    /// One for each SKU.
    pub products: Vec<ProductView>,
    /// The SKU after which the next page begins; null at the end.
    pub next: Option<String>,
    /// How many there are in all; null for a search as it is typed.
    pub total: Option<u64>,
    /// Names the list where it is kept, to go on in it by `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub view: Option<u64>,
}

/// A SKU as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductView {
    /// The SKU.
    pub sku: Sku,
    /// Variant or kit.
    pub kind: SkuKind,
    /// The product's stable name in files.
    pub handle: String,
    /// The product's title.
    pub title: String,
    /// Options with this variant's values.
    pub options: Vec<NamedValue>,
    /// Brand.
    pub brand: Option<String>,
    /// Barcode number, as it is written in the trade.
    pub gtin: Option<String>,
    /// Manufacturer part number.
    pub mpn: Option<String>,
    /// Condition.
    pub condition: Option<Condition>,
    /// What one costs.
    pub cost: Option<Money>,
    /// Base price.
    pub price: Option<Money>,
    /// Units on hand.
    pub on_hand: i64,
    /// Units sold and not yet shipped.
    pub reserved: i64,
    /// Units that can be sold.
    pub available: i64,
    /// How many pictures it has.
    pub images: u32,
    /// Counts its edits.
    pub revision: Revision,
    /// The last edit.
    pub updated_at: DateTime<Utc>,
    /// What the price leaves over the cost, in thousandths of the price; null where that is not
    /// known.
    pub margin: Option<i64>,
    /// How it stands at each account where it is listed, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub cells: Option<Vec<ListingCell>>,
}

/// Names a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProductRequest {
    /// Which SKU.
    pub sku: String,
}

/// A product with everything that is sold of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductResponse {
    /// The product.
    pub product: Product,
    /// Its variants.
    pub variants: Vec<Variant>,
    /// Its kits.
    pub kits: Vec<KitView>,
    /// The stock of the SKU that was asked for, by location; empty for a kit.
    pub stock: Vec<LocationStockView>,
    /// The stock of each of its variants and kits.
    pub stocks: Vec<SkuStockView>,
    /// What was changed, the last edit first.
    pub history: Vec<EditView>,
}

/// The stock of a SKU, over all locations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SkuStockView {
    /// The SKU.
    pub sku: Sku,
    /// Units on hand.
    pub on_hand: i64,
    /// Units sold and not yet shipped.
    pub reserved: i64,
    /// Units that can be sold.
    pub available: i64,
}

/// A kit as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct KitView {
    /// The SKU.
    pub sku: Sku,
    /// Its parts.
    pub parts: Vec<KitPartView>,
    /// Base price.
    pub price: Option<Money>,
    /// Counts its edits.
    pub revision: Revision,
}

/// A part of a kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct KitPartView {
    /// The part's SKU.
    pub sku: Sku,
    /// Units in one kit.
    pub quantity: u32,
}

/// Stock at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LocationStockView {
    /// Where.
    pub location: String,
    /// Units.
    pub on_hand: i64,
    /// When they were last counted there.
    pub counted_at: Option<DateTime<Utc>>,
}

/// One edit of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct EditView {
    /// When.
    pub at: DateTime<Utc>,
    /// Who caused it: `user`, `import:N`, `account:N`, `rule:N`.
    pub origin: String,
    /// The field.
    pub field: String,
    /// What was there.
    pub from: Option<String>,
    /// What is there since.
    pub to: Option<String>,
}

/// Counts or corrects stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct StockRequest {
    /// Which SKU.
    pub sku: String,
    /// What was counted; or `add`.
    #[serde(default)]
    pub set: Option<i64>,
    /// Units more, negative for fewer; or `set`.
    #[serde(default)]
    pub add: Option<i64>,
    /// Where; the default location where nothing is said. A new name makes a new location.
    #[serde(default)]
    pub location: Option<String>,
    /// Why, in the seller's words.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Stock after a count or correction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StockResponse {
    /// What was done.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The SKU.
    pub sku: Sku,
    /// How many units more than before.
    pub change: i64,
    /// Units on hand, over all locations.
    pub on_hand: i64,
    /// Units sold and not yet shipped.
    pub reserved: i64,
    /// Units that can be sold.
    pub available: i64,
    /// The location, where it is a new one.
    pub new_location: Option<String>,
}

impl Api {
    /// The product that a SKU belongs to.
    pub async fn product(&self, request: ProductRequest) -> Result<ProductResponse> {
        let sku = sku(&request.sku)?;
        self.on_store(move |store| {
            store.read(|db| {
                let id = db.sku_id(&sku)?;
                let detail = db.product(&sku)?;
                let locations = db.locations()?;
                let place = |id: LocationId| {
                    let mut found = locations.iter().filter(|location| location.id == id);
                    found.next().map(|location| location.name.clone())
                };
                let (mut variants, mut kits) = (Vec::new(), Vec::new());
                let mut stocks = Vec::with_capacity(detail.items.len());
                for item in detail.items {
                    let row = db.catalogue_row(item.id())?;
                    stocks.push(SkuStockView {
                        sku: row.sku,
                        on_hand: row.on_hand,
                        reserved: row.reserved,
                        available: row.available,
                    });
                    match item {
                        Item::Variant(variant) => variants.push(*variant),
                        Item::Kit(kit) => kits.push(KitView {
                            parts: kit_parts(db, &kit)?,
                            sku: kit.sku,
                            price: kit.price,
                            revision: kit.revision,
                        }),
                    }
                }
                let stock = db.stock_by_location(id)?.into_iter();
                let edits = db.edits(id, PAGE_ROWS)?.into_iter();
                Ok(ProductResponse {
                    product: detail.product,
                    variants,
                    kits,
                    stock: stock
                        .map(|stock| LocationStockView {
                            location: place(stock.location_id).unwrap_or_default(),
                            on_hand: stock.on_hand,
                            counted_at: stock.counted_at,
                        })
                        .collect(),
                    stocks,
                    history: edits.map(EditView::from).collect(),
                })
            })
        })
        .await
    }

    /// Books a count or a correction of stock.
    pub async fn stock(&self, request: StockRequest) -> Result<StockResponse> {
        let sku = sku(&request.sku)?;
        let how = match (request.set, request.add) {
            (Some(counted), None) => StockHow::Set(counted),
            (None, Some(units)) => StockHow::Add(units),
            _ => return Err(ApiError::invalid(Why::StockHow).param("sku", &sku)),
        };
        let (location, reason) = (request.location, request.reason);
        self.on_store(move |store| {
            store.write(|tx| {
                let id = tx.sku_id(&sku)?;
                let (location_id, new_location) = find_location(tx, location.as_deref())?;
                let batch = tx.begin_batch(BatchKind::Stock)?;
                let change = book(tx, id, location_id, how, reason)?;
                tx.end_batch(batch, &["quantity".to_owned()], Some(&sku), 1)?;
                let stock: Stock = tx.stock(id)?;
                Ok(StockResponse {
                    report: ActionReport::done(u64::from(change != 0)),
                    sku,
                    change,
                    on_hand: stock.on_hand,
                    reserved: stock.reserved,
                    available: stock.available(),
                    new_location,
                })
            })
        })
        .await
    }
}

/// What is done to stock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StockHow {
    Set(i64),
    Add(i64),
}

/// Books on the ledger and tells by how much it moved.
pub(crate) fn book(
    tx: &mut Writer<'_>,
    id: SkuId,
    location_id: LocationId,
    how: StockHow,
    reason: Option<String>,
) -> std::result::Result<i64, StoreError> {
    match how {
        StockHow::Set(counted) => tx.count_stock(id, location_id, counted, reason, Origin::User),
        StockHow::Add(0) => Ok(0),
        StockHow::Add(delta) => {
            let movement = Movement {
                sku_id: id,
                location_id,
                delta,
                kind: MovementKind::Correction,
                origin: Origin::User,
                reason,
                at: tx.now(),
                key: None,
            };
            tx.add_movement(&movement)?;
            Ok(delta)
        }
    }
}

fn find_location(
    tx: &mut Writer<'_>,
    name: Option<&str>,
) -> std::result::Result<(LocationId, Option<String>), StoreError> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok((tx.default_location()?, None));
    };
    match tx.location(name) {
        Ok(id) => Ok((id, None)),
        Err(StoreError::NotFound { .. }) => Ok((tx.add_location(name)?, Some(name.to_owned()))),
        Err(error) => Err(error),
    }
}

pub(crate) fn kit_parts(
    db: &barrow_store::Reader<'_>,
    kit: &barrow_model::Kit,
) -> std::result::Result<Vec<KitPartView>, StoreError> {
    let mut parts = Vec::with_capacity(kit.parts.len());
    for part in &kit.parts {
        parts.push(KitPartView {
            sku: db.item(part.variant_id)?.sku().clone(),
            quantity: part.quantity,
        });
    }
    Ok(parts)
}

impl From<Edit> for EditView {
    fn from(edit: Edit) -> Self {
        Self {
            at: edit.at,
            origin: edit.origin.to_string(),
            field: edit.field,
            from: edit.before,
            to: edit.after,
        }
    }
}

pub(crate) fn product_view(row: CatalogueRow) -> ProductView {
    let margin = margin(row.price, row.cost);
    let options = row.options.into_iter();
    ProductView {
        sku: row.sku,
        kind: row.kind,
        handle: row.handle,
        title: row.title,
        options: options
            .map(|(name, value)| NamedValue { name, value })
            .collect(),
        brand: row.brand,
        gtin: row.gtin.map(|gtin: Gtin| gtin.as_written()),
        mpn: row.mpn,
        condition: row.condition,
        cost: row.cost,
        price: row.price,
        on_hand: row.on_hand,
        reserved: row.reserved,
        available: row.available,
        images: row.images,
        revision: row.revision,
        updated_at: row.updated_at,
        margin,
        cells: None,
    }
}

/// As the catalogue sorts by it: in thousandths of the price, towards zero.
fn margin(price: Option<Money>, cost: Option<Money>) -> Option<i64> {
    let (price, cost) = (price?, cost?);
    if price.minor <= 0 || price.currency != cost.currency {
        return None;
    }
    let over = price.minor.checked_sub(cost.minor)?;
    over.checked_mul(1000)?.checked_div(price.minor)
}
