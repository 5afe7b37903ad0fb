//! A block of values in one go, each row its own: what was pasted into a list, shown first where it
//! is long, kept whole or not at all, and taken back in one go.

use std::collections::BTreeMap;

use barrow_model::{Currency, Sku};
use barrow_store::{BatchKind, Item, Reader, StoreError, Value, Writer};
use serde::{Deserialize, Serialize};

use crate::api::{Api, SKUS_MAX, at_most, sku};
use crate::bulk::{SetManyRow, refused};
use crate::bulk_edits::counted;
use crate::error::Result;
use crate::fields::{FIELDS_MAX, Read, attribute_values, own_currency, read_fields, write};
use crate::products::StockHow;
use crate::report::{ActionReport, LISTED_MAX, RefusedItem};

/// Rows that a preview shows where a request says nothing.
const ROWS: usize = 8;

/// Sets fields of many SKUs, each to values of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SetBlockRequest {
    /// The rows, at most 10,000.
    pub rows: Vec<BlockRow>,
    /// Only looks at what would be done.
    #[serde(default)]
    pub preview: bool,
    /// Rows that a preview shows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// The new values of one SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BlockRow {
    /// Which SKU.
    pub sku: String,
    /// New values by field, as files have them.
    pub fields: BTreeMap<String, String>,
}

/// What was set, or would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SetBlockResponse {
    /// `done` counts SKUs that were changed; where anything is refused, nothing is done.
    #[serde(flatten)]
    pub report: ActionReport,
    /// SKUs that change.
    pub changed: u64,
    /// SKUs that are so already.
    pub unchanged: u64,
    /// Rows that are refused.
    pub refused_count: u64,
    /// What becomes of the first ones; empty where it was done.
    pub rows: Vec<SetManyRow>,
}

/// A row as it was read, in the currency of its SKU.
struct Planned {
    sku: Sku,
    read: Read,
}

#[derive(Default)]
struct Looked {
    planned: Vec<Planned>,
    changed: u64,
    unchanged: u64,
    rows: Vec<SetManyRow>,
    refused: Vec<RefusedItem>,
    refused_count: u64,
}

impl Api {
    /// Sets fields of many SKUs, each to values of its own: all of them, or none where one cannot
    /// be.
    pub async fn set_block(&self, request: SetBlockRequest) -> Result<SetBlockResponse> {
        at_most(request.rows.len(), SKUS_MAX)?;
        for row in &request.rows {
            at_most(row.fields.len(), FIELDS_MAX)?;
            for name in row.fields.keys() {
                crate::fields::check_name(name)?;
            }
        }
        let currency = self.currency().await?.unwrap_or(Currency::USD);
        let preview = request.preview;
        let shown = if preview {
            request.limit.unwrap_or(ROWS).min(LISTED_MAX)
        } else {
            0
        };
        let fields: Vec<String> = {
            let names = request.rows.iter().flat_map(|row| row.fields.keys());
            let names: std::collections::BTreeSet<&String> = names.collect();
            names.into_iter().cloned().collect()
        };
        let api = self.clone();
        let looked = self
            .on_store(move |store| {
                if preview {
                    return store.read(|db| api.look_at(db, &request.rows, currency, shown));
                }
                store.write(|tx| {
                    let mut looked = api.look_at(tx, &request.rows, currency, 0)?;
                    if looked.refused_count == 0 {
                        set_all(tx, &mut looked, &fields)?;
                    }
                    Ok(looked)
                })
            })
            .await?;
        let mut report = ActionReport::default();
        if !preview && looked.refused_count == 0 {
            report.done = looked.changed;
        }
        for item in looked.refused {
            report.refuse(item);
        }
        Ok(SetBlockResponse {
            report,
            changed: looked.changed,
            unchanged: looked.unchanged,
            refused_count: looked.refused_count,
            rows: looked.rows,
        })
    }

    fn look_at(
        &self,
        db: &Reader<'_>,
        rows: &[BlockRow],
        currency: Currency,
        shown: usize,
    ) -> std::result::Result<Looked, StoreError> {
        let mut looked = Looked::default();
        for row in rows {
            let found = match sku(&row.sku) {
                Ok(sku) => db.find_sku(&sku)?,
                Err(_) => None,
            };
            let Some(id) = found else {
                looked.refuse([self.unknown_sku(&row.sku)]);
                continue;
            };
            let item = db.item(id)?;
            let currency = own_currency(&item).unwrap_or(currency);
            let read = match read_fields(&row.fields, currency) {
                Ok(Ok(read)) => read,
                Ok(Err(issues)) => {
                    let sku = Some(item.sku());
                    looked.refuse(issues.iter().map(|issue| self.refused_field(sku, issue)));
                    continue;
                }
                Err(error) => {
                    let error = error.told_in(&self.words);
                    let field = error.params.get("field").cloned().unwrap_or_default();
                    looked.refuse([refused(&row.sku, "invalid_input", &field, error.message)]);
                    continue;
                }
            };
            let sku = item.sku().clone();
            match changes(db, &item, &read)? {
                Ok(changes) if changes.is_empty() => looked.unchanged += 1,
                Ok(changes) => {
                    looked.changed += 1;
                    if looked.rows.len() < shown {
                        looked.rows.push(SetManyRow {
                            sku: sku.clone(),
                            title: db.catalogue_row(id)?.title,
                            fields: changes.into_iter().map(Into::into).collect(),
                        });
                    }
                    looked.planned.push(Planned { sku, read });
                }
                Err((key, field, reason)) => {
                    let params = [
                        ("sku", row.sku.as_str()),
                        ("field", &field),
                        ("reason", &reason),
                    ];
                    let why = self.words.text(key, &params);
                    looked.refuse([refused(&row.sku, key, &field, why)]);
                }
            }
        }
        Ok(looked)
    }
}

impl Looked {
    fn refuse(&mut self, items: impl IntoIterator<Item = RefusedItem>) {
        self.refused_count += 1;
        let room = LISTED_MAX.saturating_sub(self.refused.len());
        self.refused.extend(items.into_iter().take(room));
    }
}

/// Why a row cannot be set so: the key of its words, the field, the reason.
type NotSo = (&'static str, String, String);

/// What setting the fields would change.
fn changes(
    db: &Reader<'_>,
    item: &Item,
    read: &Read,
) -> std::result::Result<std::result::Result<Vec<barrow_store::FieldChange>, NotSo>, StoreError> {
    let mut values = read.values.clone();
    if !read.attributes.is_empty() {
        let detail = db.product(item.sku())?;
        values.extend(attribute_values(&detail, item.sku(), &read.attributes));
    }
    let named: Vec<(&str, Value)> = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let mut changes = match db.field_changes(item.id(), &named) {
        Ok(changes) => changes,
        Err(StoreError::Invalid { field, reason }) => {
            return Ok(Err(("bulk_invalid", field, reason)));
        }
        Err(error) => return Err(error),
    };
    if let Some(count) = read.count {
        match counted(db, item, StockHow::Set(count))? {
            Ok(change) => changes.extend(change),
            Err(key) => return Ok(Err((key, "quantity".to_owned(), String::new()))),
        }
    }
    if read.name.is_some() || read.parts.is_some() {
        let reason = "each product has its own".to_owned();
        return Ok(Err(("bulk_invalid", "sku".to_owned(), reason)));
    }
    Ok(Ok(changes))
}

fn set_all(
    tx: &mut Writer<'_>,
    looked: &mut Looked,
    fields: &[String],
) -> std::result::Result<(), StoreError> {
    let batch = tx.begin_batch(BatchKind::SetMany)?;
    let first = looked.planned.first().map(|one| one.sku.clone());
    for Planned { sku, read } in looked.planned.drain(..) {
        write(tx, sku, read, None)?;
    }
    tx.end_batch(batch, fields, first.as_ref(), looked.changed)?;
    Ok(())
}
