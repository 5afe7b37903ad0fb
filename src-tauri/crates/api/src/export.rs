//! Files of products, listings, stock and orders, as CSV and JSON. A product file can be imported
//! again and changes nothing then.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use barrow_intake::{ProductColumns, write_text};
use barrow_model::{Dimensions, Image, Money, OrderRowId, Row, RowImages, RowKind, SourceLine};
use barrow_store::{
    ExportRow, Item, ListingQuery, OrderFilter, OrderListFilter, OrderListQuery, OrderSort, Reader,
    Store,
};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::{ApiError, ApiErrorKind, Result, Why};
use crate::listings::with_names;
use crate::order_columns::{ORDER_COLUMNS, amount, order_cells};
use crate::order_document::OrderDocument;
use crate::report::{ActionReport, LISTED_MAX};
use crate::whole::write_whole;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ExportWhat {
    /// The catalogue, one row per SKU.
    Products,
    /// Listings.
    Listings,
    /// Stock, one row per SKU.
    Stock,
    /// Orders; as CSV one row per line.
    Orders,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// CSV in UTF-8.
    Csv,
    /// One JSON document.
    Json,
    /// A workbook; refused.
    Xlsx,
}

/// Writes a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// What.
    pub what: ExportWhat,
    /// How; CSV where nothing is said.
    #[serde(default)]
    pub format: Option<ExportFormat>,
    /// Where to.
    #[serde(default)]
    pub out: Option<PathBuf>,
    /// Of orders only these, in their order; all of them where nothing is said.
    #[serde(default)]
    pub shown: Option<OrdersShown>,
}

/// The orders that a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OrdersShown {
    /// Only those that have these words.
    #[serde(default)]
    pub search: Option<String>,
    /// Which orders.
    #[serde(default)]
    pub filter: OrderListFilter,
    /// What they are sorted by.
    #[serde(default)]
    pub sort: OrderSort,
    /// The other way round.
    #[serde(default)]
    pub descending: bool,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ExportResponse {
    /// `done` counts records.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The file.
    pub file: Option<PathBuf>,
}

impl OrdersShown {
    fn query(&self) -> OrderListQuery {
        OrderListQuery {
            search: self.search.clone().filter(|text| !text.trim().is_empty()),
            filter: self.filter.clone(),
            sort: self.sort,
            descending: self.descending,
            // Days group the list and leave its order alone.
            offset_minutes: 0,
        }
    }
}

impl Api {
    /// Writes a file, whole or not at all.
    pub async fn export(&self, request: ExportRequest) -> Result<ExportResponse> {
        let out = request
            .out
            .ok_or_else(|| ApiError::invalid(Why::OutMissing))?;
        let format = self.export_format(request.format)?;
        let store = Arc::clone(&self.parts.store);
        self.blocking(move || {
            let mut done = 0;
            write_whole(&out, |to| {
                let written = write(&store, (request.what, request.shown.as_ref()), format, to);
                done = written.map_err(|error| error.at_path(&out))?;
                Ok(())
            })?;
            Ok(ExportResponse {
                report: ActionReport::done(done),
                file: Some(out),
            })
        })
        .await
    }

    /// Writes to standard output or into memory. Returns how many records were written. Holds up
    /// the thread that calls it.
    pub fn export_to(&self, request: &ExportRequest, out: &mut dyn Write) -> Result<u64> {
        let format = self.export_format(request.format)?;
        let what = (request.what, request.shown.as_ref());
        write(&self.parts.store, what, format, out).map_err(|error| error.told_in(&self.words))
    }

    fn export_format(&self, format: Option<ExportFormat>) -> Result<ExportFormat> {
        match format.unwrap_or(ExportFormat::Csv) {
            ExportFormat::Xlsx => Err(ApiError::new(ApiErrorKind::Unsupported)
                .param("feature", "xlsx")
                .param("why", "xlsx")
                .told_in(&self.words)),
            format => Ok(format),
        }
    }
}

fn write(
    store: &Store,
    (what, shown): (ExportWhat, Option<&OrdersShown>),
    format: ExportFormat,
    out: &mut dyn Write,
) -> Result<u64> {
    let view = match (what, shown) {
        (ExportWhat::Orders, Some(shown)) => Some(store.order_view(&shown.query(), None)?),
        _ => None,
    };
    let orders_shown = view.as_ref().map(|view| view.ids.as_slice());
    // One view for the whole file; what others write meanwhile is not in it.
    let mut failed = None;
    let written = store.read(|db| {
        let written = match (what, format) {
            (ExportWhat::Products, ExportFormat::Json) => products_json(db, out),
            (ExportWhat::Products, _) => products_csv(db, out),
            (ExportWhat::Stock, format) => stock(db, format, out),
            (ExportWhat::Listings, format) => listings(db, format, out),
            (ExportWhat::Orders, format) => orders(db, orders_shown, format, out),
        };
        written.or_else(|error| {
            failed = Some(error);
            Ok(0)
        })
    })?;
    match failed {
        None => Ok(written),
        Some(error) => Err(error),
    }
}

/// Where writing goes is known to the caller alone; it replaces this name by the file's.
fn out_error(error: impl Into<std::io::Error>) -> ApiError {
    ApiError::unwritable(Path::new("standard output"), &error.into())
}

/// Takes every SKU in turn.
fn each_sku(db: &Reader<'_>, mut work: impl FnMut(&ExportRow) -> Result<()>) -> Result<u64> {
    let mut last: Option<ExportRow> = None;
    let mut count = 0;
    loop {
        let batch = db.export_batch(last.as_ref(), LISTED_MAX)?;
        for row in &batch {
            work(row)?;
            count += 1;
        }
        match batch.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => return Ok(count),
        }
    }
}

fn products_csv(db: &Reader<'_>, out: &mut dyn Write) -> Result<u64> {
    let (mut attributes, mut own) = (BTreeSet::new(), BTreeSet::new());
    each_sku(db, |row| {
        attributes.extend(row.product.attributes.keys().cloned());
        if let Item::Variant(variant) = &row.item {
            own.extend(variant.attributes.keys().cloned());
        }
        Ok(())
    })?;
    let columns = ProductColumns::new(attributes, own);
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns.header()).map_err(out_error)?;
    let count = each_sku(db, |row| {
        writer
            .write_record(columns.record(&product_row(row)))
            .map_err(out_error)
    })?;
    writer.flush().map_err(out_error)?;
    Ok(count)
}

/// A SKU as a row of a file.
fn product_row(row: &ExportRow) -> Row {
    let sources = |images: &[Image]| images.iter().map(|image| image.source.clone()).collect();
    let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    let product = &row.product;
    let mut cells = Row {
        line: SourceLine(0),
        kind: RowKind::Kit,
        handle: product.handle.clone(),
        sku: Some(row.item.sku().clone()),
        sku_derived: false,
        title: Some(product.title.clone()),
        description: Some(product.description.clone()).filter(|text| !text.is_empty()),
        brand: product.brand.clone(),
        category: some(&product.category),
        tags: some(&product.tags),
        options: row.options.clone(),
        gtin: None,
        mpn: None,
        asin: None,
        condition: None,
        weight: None,
        length: None,
        width: None,
        height: None,
        cost: None,
        price: None,
        compare_at: None,
        quantity: None,
        location: None,
        images: RowImages {
            product: sources(&product.images),
            variant: Vec::new(),
        },
        attributes: product.attributes.clone(),
        variant_attributes: barrow_model::Attributes::new(),
        parts: row.parts.clone(),
    };
    match &row.item {
        Item::Kit(kit) => cells.price = kit.price,
        Item::Variant(variant) => {
            cells.kind = RowKind::Variant;
            cells.gtin = variant.gtin;
            cells.mpn.clone_from(&variant.mpn);
            cells.asin.clone_from(&variant.asin);
            cells.condition = variant.condition;
            cells.weight = variant.weight;
            (cells.length, cells.width, cells.height) = sides(variant.dimensions.as_ref());
            cells.cost = variant.cost;
            cells.price = variant.price;
            cells.compare_at = variant.compare_at;
            cells.quantity = row.on_hand;
            cells.images.variant = sources(&variant.images);
            cells.variant_attributes = variant.attributes.clone();
        }
    }
    cells
}

type Side = Option<barrow_model::Length>;

fn sides(dimensions: Option<&Dimensions>) -> (Side, Side, Side) {
    match dimensions {
        Some(sides) => (Some(sides.length), Some(sides.width), Some(sides.height)),
        None => (None, None, None),
    }
}

/// The first part of a JSON document of one list, its records, and its end.
struct JsonList<'a> {
    out: &'a mut dyn Write,
    first: bool,
}

impl<'a> JsonList<'a> {
    fn begin(out: &'a mut dyn Write, name: &str) -> Result<Self> {
        write!(out, "{{\"{name}\":[").map_err(out_error)?;
        Ok(Self { out, first: true })
    }

    fn add(&mut self, record: &impl Serialize) -> Result<()> {
        let mark = if self.first { "\n" } else { ",\n" };
        self.first = false;
        self.out.write_all(mark.as_bytes()).map_err(out_error)?;
        serde_json::to_writer(&mut *self.out, record).map_err(out_error)
    }

    fn end(self) -> Result<()> {
        self.out
            .write_all(b"\n],\"next\":null}\n")
            .map_err(out_error)
    }
}

#[derive(Serialize)]
struct ProductRecord<'a> {
    product: &'a barrow_model::Product,
    variant: Option<&'a barrow_model::Variant>,
    kit: Option<&'a barrow_model::Kit>,
    parts: &'a [(barrow_model::Sku, u32)],
    on_hand: Option<i64>,
    reserved: i64,
}

fn products_json(db: &Reader<'_>, out: &mut dyn Write) -> Result<u64> {
    let mut list = JsonList::begin(out, "products")?;
    let count = each_sku(db, |row| {
        let (variant, kit) = match &row.item {
            Item::Variant(variant) => (Some(variant.as_ref()), None),
            Item::Kit(kit) => (None, Some(kit)),
        };
        list.add(&ProductRecord {
            product: &row.product,
            variant,
            kit,
            parts: &row.parts,
            on_hand: row.on_hand,
            reserved: row.reserved,
        })
    })?;
    list.end()?;
    Ok(count)
}

#[derive(Serialize)]
struct StockRecord<'a> {
    sku: &'a str,
    title: &'a str,
    on_hand: Option<i64>,
    reserved: i64,
    available: Option<i64>,
}

fn stock(db: &Reader<'_>, format: ExportFormat, out: &mut dyn Write) -> Result<u64> {
    let record = |row: &ExportRow, work: &mut dyn FnMut(&StockRecord<'_>) -> Result<()>| {
        work(&StockRecord {
            sku: row.item.sku().as_str(),
            title: &row.product.title,
            on_hand: row.on_hand,
            reserved: row.reserved,
            available: row
                .on_hand
                .map(|units| units.saturating_sub(row.reserved).max(0)),
        })
    };
    if format == ExportFormat::Json {
        let mut list = JsonList::begin(out, "stock")?;
        let count = each_sku(db, |row| record(row, &mut |stock| list.add(stock)))?;
        list.end()?;
        return Ok(count);
    }
    let mut writer = csv::Writer::from_writer(out);
    let header = ["sku", "title", "on_hand", "reserved", "available"];
    writer.write_record(header).map_err(out_error)?;
    let number = |units: Option<i64>| units.map(|u| u.to_string()).unwrap_or_default();
    let count = each_sku(db, |row| {
        record(row, &mut |stock| {
            let cells = [
                write_text(stock.sku),
                write_text(stock.title),
                number(stock.on_hand),
                stock.reserved.to_string(),
                number(stock.available),
            ];
            writer.write_record(cells).map_err(out_error)
        })
    })?;
    writer.flush().map_err(out_error)?;
    Ok(count)
}

#[derive(Serialize)]
struct ListingRecord {
    account: String,
    marketplace: String,
    site: String,
    sku: String,
    variant_sku: String,
    title: String,
    state: &'static str,
    price: Option<Money>,
    quantity: Option<u32>,
    binding: std::collections::BTreeMap<String, String>,
}

fn listings(db: &Reader<'_>, format: ExportFormat, out: &mut dyn Write) -> Result<u64> {
    if format == ExportFormat::Json {
        let mut list = JsonList::begin(out, "listings")?;
        let count = each_listing(db, |listing| list.add(listing))?;
        list.end()?;
        return Ok(count);
    }
    let mut writer = csv::Writer::from_writer(out);
    let header = [
        "account",
        "marketplace",
        "site",
        "sku",
        "variant_sku",
        "title",
        "state",
        "price",
        "currency",
        "quantity",
        "binding",
    ];
    writer.write_record(header).map_err(out_error)?;
    let count = each_listing(db, |listing| {
        let binding = listing
            .binding
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cells = [
            write_text(&listing.account),
            listing.marketplace.clone(),
            write_text(&listing.site),
            write_text(&listing.sku),
            write_text(&listing.variant_sku),
            write_text(&listing.title),
            listing.state.to_owned(),
            amount(listing.price),
            listing
                .price
                .map(|p| p.currency.to_string())
                .unwrap_or_default(),
            listing.quantity.map(|q| q.to_string()).unwrap_or_default(),
            write_text(&binding.collect::<Vec<_>>().join(";")),
        ];
        writer.write_record(cells).map_err(out_error)
    })?;
    writer.flush().map_err(out_error)?;
    Ok(count)
}

fn each_listing(
    db: &Reader<'_>,
    mut work: impl FnMut(&ListingRecord) -> Result<()>,
) -> Result<u64> {
    let accounts = db.accounts()?;
    let (mut after, mut count) = (None, 0);
    loop {
        let page = db.listings_page(&ListingQuery {
            account_id: None,
            state: None,
            sku_id: None,
            after,
            limit: LISTED_MAX,
        })?;
        if page.is_empty() {
            return Ok(count);
        }
        for row in page {
            after = Some(row.listing.id);
            let named = with_names(db, row)?;
            let listing = named.row.listing;
            let account = accounts.iter().find(|a| a.id == listing.account_id);
            let known = (named.row.standing.acknowledged, named.row.standing.wanted);
            work(&ListingRecord {
                account: account.map(|a| a.name.clone()).unwrap_or_default(),
                marketplace: account.map(|a| a.marketplace.0.clone()).unwrap_or_default(),
                site: listing.site.0,
                sku: listing.channel_sku.to_string(),
                variant_sku: named.sku.to_string(),
                title: named.title,
                state: listing.state.code(),
                price: known.0.price.or(known.1.price),
                quantity: known.0.quantity.or(known.1.quantity),
                binding: listing.binding.0,
            })?;
            count += 1;
        }
    }
}

fn orders(
    db: &Reader<'_>,
    shown: Option<&[i64]>,
    format: ExportFormat,
    out: &mut dyn Write,
) -> Result<u64> {
    if format == ExportFormat::Json {
        let mut list = JsonList::begin(out, "orders")?;
        let count = each_order(db, shown, |order| list.add(order))?;
        list.end()?;
        return Ok(count);
    }
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(ORDER_COLUMNS).map_err(out_error)?;
    let count = each_order(db, shown, |order| {
        for line in &order.lines {
            writer
                .write_record(order_cells(order, line))
                .map_err(out_error)?;
        }
        Ok(())
    })?;
    writer.flush().map_err(out_error)?;
    Ok(count)
}

fn each_order(
    db: &Reader<'_>,
    shown: Option<&[i64]>,
    mut work: impl FnMut(&OrderDocument) -> Result<()>,
) -> Result<u64> {
    if let Some(ids) = shown {
        for id in ids {
            work(&db.order(OrderRowId(*id))?.into())?;
        }
        return Ok(ids.len() as u64);
    }
    let (mut after, mut count) = (None, 0);
    loop {
        let page = db.orders_page(&OrderFilter::default(), after, LISTED_MAX)?;
        for order in page.orders {
            work(&order.into())?;
            count += 1;
        }
        after = page.next;
        if after.is_none() {
            return Ok(count);
        }
    }
}
