//! Making, copying and removing products by hand. Both can be taken back as other edits are.

use std::collections::{BTreeMap, BTreeSet};

use barrow_model::{Attributes, Currency, Sku, SkuId, Variant};
use barrow_store::{
    BatchKind, CatalogueRow, Filter, Hanging, Item, NewSku, Reader, SkuKind, StoreError, Value,
    Writer,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::api::{Api, PAGE_ROWS, SKUS_MAX, at_most, sku};
use crate::bulk::Chosen;
use crate::error::{ApiError, Result, Why};
use crate::fields::{FIELDS_MAX, Read, attributes_set, own_currency, read_fields};
use crate::products::kit_parts;
use crate::report::{ActionReport, LISTED_MAX, RefusedItem};

/// SKUs that are removed in one go at most: all that hangs on them is kept to bring them back.
pub const REMOVED_MAX: usize = 10_000;

/// Makes a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProductMakeRequest {
    /// Its fields, as files have them: `sku`, and `title` unless it is a copy. `quantity` counts
    /// its stock, `parts` makes it a kit.
    pub fields: BTreeMap<String, String>,
    /// A SKU that it is a copy of: it has the same but for what `fields` says, and without what
    /// names one thing alone (`gtin`, `mpn`, `asin`), without options and without stock.
    #[serde(default)]
    pub copy_of: Option<String>,
}

/// What became of making a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductMakeResponse {
    /// If a field is refused, nothing is made.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The new SKU; null where nothing was made.
    pub sku: Option<Sku>,
}

/// Removes products from the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProductsRemoveRequest {
    /// These SKUs.
    #[serde(default)]
    pub skus: Vec<String>,
    /// Everything that `search` and `filter` find, instead of `skus`; at most [`REMOVED_MAX`].
    #[serde(default)]
    pub all: bool,
    /// Only those that have these words.
    #[serde(default)]
    pub search: Option<String>,
    /// Which rows.
    #[serde(default)]
    pub filter: Filter,
    /// Without these SKUs.
    #[serde(default)]
    pub except: Vec<String>,
    /// Only looks at what would be removed.
    #[serde(default)]
    pub preview: bool,
    /// The `mark` of the preview that was agreed to. Where something else would be removed by now,
    /// nothing is, and the answer is what a preview would say.
    #[serde(default)]
    pub seen: Option<String>,
    /// Rows that a preview shows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// What was removed, or would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductsRemoveResponse {
    /// `done` counts SKUs that were removed; `refused` names those that stay and why, the first
    /// thousand.
    #[serde(flatten)]
    pub report: ActionReport,
    /// SKUs that were looked at.
    pub matched: u64,
    /// SKUs that can be removed.
    pub removable: u64,
    /// SKUs that stay.
    pub refused_count: u64,
    /// Of these, SKUs that stay because they are listed: once those listings have ended they can
    /// be removed.
    pub listed_count: u64,
    /// Listings that go with them: those that were never published or have ended.
    pub listings: u64,
    /// Units on hand of what can be removed.
    pub units: i64,
    /// Names what can be removed: the same SKUs have the same mark.
    pub mark: String,
    /// Nothing was removed, for it is not what was seen.
    pub changed: bool,
    /// The first of those that can be removed; empty where it was done.
    pub rows: Vec<ProductsRemoveRow>,
}

/// A SKU that can be removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProductsRemoveRow {
    /// The SKU.
    pub sku: Sku,
    /// The product's title.
    pub title: String,
    /// Units on hand.
    pub on_hand: i64,
    /// Listings that go with it.
    pub listings: u64,
}

#[derive(Default)]
struct Removal {
    matched: u64,
    removable: u64,
    stays: Vec<(Sku, Hanging)>,
    refused_count: u64,
    listed_count: u64,
    listings: u64,
    units: i64,
    rows: Vec<ProductsRemoveRow>,
    mark: Sha256,
    changed: bool,
    first: Option<Sku>,
}

impl Api {
    /// Makes a product, or a copy of one.
    pub async fn product_make(&self, request: ProductMakeRequest) -> Result<ProductMakeResponse> {
        at_most(request.fields.len(), FIELDS_MAX)?;
        let from = match &request.copy_of {
            Some(name) => {
                let name = sku(name)?;
                self.on_store(move |store| store.read(|db| source(db, &name)))
                    .await?
            }
            None => Source::default(),
        };
        let currency = match from.currency {
            Some(currency) => currency,
            None => self.currency().await?.unwrap_or(Currency::USD),
        };
        let fields = request.fields.into_iter();
        let fields: BTreeMap<String, String> = fields
            .filter(|(name, text)| !text.trim().is_empty() || name == "sku" || name == "title")
            .collect();
        let mut read = match read_fields(&fields, currency)? {
            Ok(read) => read,
            Err(issues) => {
                let mut report = ActionReport::default();
                for issue in issues {
                    report.refuse(self.refused_field(None, &issue));
                }
                return Ok(ProductMakeResponse { report, sku: None });
            }
        };
        let Some(name) = read.name.take() else {
            return Err(ApiError::invalid(Why::FieldInvalid)
                .param("field", "sku")
                .param("reason", "a product needs one"));
        };
        let new = new_sku(name.clone(), read, from);
        self.on_store(move |store| {
            store.write(|tx| {
                let batch = tx.begin_batch(BatchKind::Make)?;
                tx.make_sku(batch, &new)?;
                tx.end_batch(batch, &[], Some(&new.sku), 1)
            })
        })
        .await?;
        Ok(ProductMakeResponse {
            report: ActionReport::done(1),
            sku: Some(name),
        })
    }

    /// Removes products, or shows which of them can be. What is listed must be ended first, kits
    /// go before their parts, and what was ordered stays for the sake of its orders.
    pub async fn products_remove(
        &self,
        request: ProductsRemoveRequest,
    ) -> Result<ProductsRemoveResponse> {
        at_most(request.skus.len() + request.except.len(), SKUS_MAX)?;
        if !request.all && request.skus.is_empty() {
            return Err(ApiError::invalid(Why::SkusMissing));
        }
        let chosen = Chosen {
            skus: request.skus,
            all: request.all,
            search: request.search,
            filter: request.filter,
            except: request.except,
        };
        let preview = request.preview;
        let seen = request.seen;
        let rows = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let (removal, unknown) = self
            .on_store(move |store| {
                let (ids, unknown) = chosen.find(store)?;
                if ids.len() > REMOVED_MAX {
                    return Ok(None);
                }
                let removal = match preview {
                    true => store.read(|db| looked_at(db, &ids, rows))?,
                    false => store.write(|tx| remove(tx, &ids, seen.as_deref(), rows))?,
                };
                Ok(Some((removal, unknown)))
            })
            .await?
            .ok_or_else(|| ApiError::invalid(Why::TooMany).param("limit", REMOVED_MAX))?;
        let mut report = ActionReport::default();
        if !preview && !removal.changed {
            report.done = removal.removable;
        }
        for name in &unknown {
            report.refuse(self.unknown_sku(name));
        }
        for (sku, hanging) in &removal.stays {
            report.refuse(self.kept_sku(sku, hanging));
        }
        Ok(ProductsRemoveResponse {
            report,
            matched: removal.matched,
            removable: removal.removable,
            refused_count: removal.refused_count + unknown.len() as u64,
            listed_count: removal.listed_count,
            listings: removal.listings,
            units: removal.units,
            mark: removal.mark(),
            changed: removal.changed,
            rows: removal.rows,
        })
    }

    /// Says why a SKU stays: what keeps it longest. `remove_listed` is told where nothing but its
    /// listings keeps it, so that nobody ends those of a SKU that stays all the same.
    fn kept_sku(&self, sku: &Sku, hanging: &Hanging) -> RefusedItem {
        let (key, what) = if hanging.order_lines > 0 {
            ("remove_ordered", hanging.order_lines.to_string())
        } else if let Some(kit) = hanging.kits.first() {
            ("remove_in_kit", kit.to_string())
        } else {
            ("remove_listed", hanging.there.join(", "))
        };
        let params = [("sku", sku.as_str()), ("what", what.as_str())];
        RefusedItem {
            account: None,
            sku: Some(sku.to_string()),
            order: None,
            kind: key.to_owned(),
            field: None,
            reason: self.words.text(key, &params),
            vendor: None,
        }
    }
}

/// What is copied: its fields, its parts where it is a kit, and the currency of its price.
#[derive(Debug, Default)]
struct Source {
    fields: BTreeMap<String, Value>,
    attributes: (Attributes, Attributes),
    parts: Option<Vec<(Sku, u32)>>,
    currency: Option<Currency>,
}

fn source(db: &Reader<'_>, name: &Sku) -> std::result::Result<Source, StoreError> {
    let detail = db.product(name)?;
    let item = db.item(db.sku_id(name)?)?;
    let product = detail.product;
    let mut fields = BTreeMap::from([
        ("title", Value::Text(product.title)),
        ("description", Value::Text(product.description)),
        ("category", Value::List(product.category)),
        ("tags", Value::List(product.tags)),
        ("attributes", Value::Map(product.attributes.clone())),
        ("images", Value::Images(product.images)),
    ]);
    fields.extend(product.brand.map(|brand| ("brand", Value::Text(brand))));
    let mut source = Source {
        currency: own_currency(&item),
        ..Source::default()
    };
    match item {
        Item::Variant(variant) => {
            source.attributes.1 = variant.attributes.clone();
            fields.extend(of_variant(*variant));
        }
        Item::Kit(kit) => {
            fields.extend(kit.price.map(|price| ("price", Value::Amount(price))));
            let parts = kit_parts(db, &kit)?.into_iter();
            source.parts = Some(parts.map(|part| (part.sku, part.quantity)).collect());
        }
    }
    source.attributes.0 = product.attributes;
    let fields = fields.into_iter();
    source.fields = fields
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Ok(source)
}

/// What another of the same kind shares; a number that names one thing alone is not among it.
fn of_variant(variant: Variant) -> Vec<(&'static str, Value)> {
    let sides = variant.dimensions;
    let [length, width, height] = [
        sides.map(|sides| sides.length),
        sides.map(|sides| sides.width),
        sides.map(|sides| sides.height),
    ];
    let given = [
        ("condition", variant.condition.map(Value::Condition)),
        ("weight", variant.weight.map(Value::Weight)),
        ("length", length.map(Value::Length)),
        ("width", width.map(Value::Length)),
        ("height", height.map(Value::Length)),
        ("cost", variant.cost.map(Value::Amount)),
        ("price", variant.price.map(Value::Amount)),
        ("compare_at", variant.compare_at.map(Value::Amount)),
        ("variant_images", Some(Value::Images(variant.images))),
        ("variant_attributes", Some(Value::Map(variant.attributes))),
    ];
    let given = given.into_iter();
    given
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// What is made: what was read, over what is copied.
fn new_sku(sku: Sku, read: Read, from: Source) -> NewSku {
    let mut fields = from.fields;
    fields.extend(attributes_set(from.attributes, &read.attributes));
    fields.extend(read.values);
    NewSku {
        sku,
        parts: read.parts.or(from.parts),
        fields: fields.into_iter().collect(),
        counted: read.count,
    }
}

/// Kits are looked at before their parts: one that goes does not keep what it is made of.
fn in_order(db: &Reader<'_>, ids: &[SkuId]) -> std::result::Result<Vec<CatalogueRow>, StoreError> {
    let rows = ids.iter().map(|id| db.catalogue_row(*id));
    let mut rows: Vec<CatalogueRow> = rows.collect::<std::result::Result<_, _>>()?;
    rows.sort_by_key(|row| row.kind != SkuKind::Kit);
    Ok(rows)
}

fn looked_at(
    db: &Reader<'_>,
    ids: &[SkuId],
    rows: usize,
) -> std::result::Result<Removal, StoreError> {
    let mut removal = Removal::default();
    let mut gone: BTreeSet<Sku> = BTreeSet::new();
    for row in in_order(db, ids)? {
        let mut hanging = db.hanging(row.id)?;
        hanging.kits.retain(|kit| !gone.contains(kit));
        if removal.takes(&row, hanging, rows) {
            gone.insert(row.sku);
        }
    }
    Ok(removal)
}

fn remove(
    tx: &mut Writer<'_>,
    ids: &[SkuId],
    seen: Option<&str>,
    rows: usize,
) -> std::result::Result<Removal, StoreError> {
    if let Some(seen) = seen {
        let mut now = looked_at(tx, ids, rows)?;
        now.changed = now.mark() != seen;
        if now.changed {
            return Ok(now);
        }
    }
    let mut removal = Removal::default();
    let batch = tx.begin_batch(BatchKind::Remove)?;
    for row in in_order(tx, ids)? {
        let hanging = tx.hanging(row.id)?;
        if removal.takes(&row, hanging, 0) {
            tx.remove_sku(batch, row.id)?;
        }
    }
    let count = removal.removable;
    tx.end_batch(batch, &[], removal.first.as_ref(), count)?;
    Ok(removal)
}

impl Removal {
    fn mark(&self) -> String {
        let digest = self.mark.clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Notes a SKU, and answers whether it can go.
    fn takes(&mut self, row: &CatalogueRow, hanging: Hanging, rows: usize) -> bool {
        self.matched += 1;
        if !hanging.lets_go() {
            self.refused_count += 1;
            let only_listed = hanging.kits.is_empty() && hanging.order_lines == 0;
            self.listed_count += u64::from(only_listed);
            if self.stays.len() < LISTED_MAX {
                self.stays.push((row.sku.clone(), hanging));
            }
            return false;
        }
        self.removable += 1;
        self.mark.update(row.id.0.to_be_bytes());
        self.listings += hanging.listings;
        if row.kind == SkuKind::Variant {
            self.units = self.units.saturating_add(row.on_hand);
        }
        self.first.get_or_insert_with(|| row.sku.clone());
        if self.rows.len() < rows {
            self.rows.push(ProductsRemoveRow {
                sku: row.sku.clone(),
                title: row.title.clone(),
                on_hand: row.on_hand,
                listings: hanging.listings,
            });
        }
        true
    }
}
