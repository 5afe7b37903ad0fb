//! Editing many products in one go: what would become of each is shown first, and all of it is
//! taken back in one go.

use std::collections::BTreeSet;

use barrow_model::{Currency, Origin, Sku, SkuId};
use barrow_store::{BatchKind, Filter, Reader, StoreError, Value, Writer};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, SKUS_MAX, at_most};
use crate::bulk_edits::{Edits, NotPossible, Planned};
use crate::error::{ApiError, Result, Why};
use crate::imports::FieldChangeView;
use crate::product_list::{skus_found, skus_named};
use crate::products::book;
use crate::report::{ActionReport, LISTED_MAX, RefusedItem};

/// SKUs that are edited in one go at most: they are written in one transaction, which others wait
/// for.
pub const BULK_SKUS_MAX: usize = 100_000;

/// Edits of one request.
const EDITS_MAX: usize = 50;

/// Edits many products in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SetManyRequest {
    /// These SKUs.
    #[serde(default)]
    pub skus: Vec<String>,
    /// Everything that `search` and `filter` find, instead of `skus`; at most [`BULK_SKUS_MAX`].
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
    /// What is done to each.
    pub edits: Vec<FieldEdit>,
    /// Only looks at what would be done.
    #[serde(default)]
    pub preview: bool,
    /// Rows that a preview shows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// What is done to one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct FieldEdit {
    /// The field, as files name it.
    pub field: String,
    /// What is done.
    pub how: EditHow,
    /// With which value: one of the field; an amount; a percentage; the name of another field.
    pub value: String,
    /// What a price that is raised or lowered ends in, such as `0.99`: the next one up that does.
    #[serde(default)]
    pub ending: Option<String>,
    /// The currency of an amount that is set or added: what is sold in another is refused. Where
    /// none is said, an amount is one of each product's own currency.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// What is done to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EditHow {
    /// It becomes the value; an empty one takes it away.
    Set,
    /// The value is added to the price, cost or quantity; a negative one is taken off.
    Add,
    /// So many percent are added to the price or cost; negative ones are taken off.
    Percent,
    /// It becomes what another field is: `title`, `brand`, `mpn`, `asin`, `gtin`, `sku` or
    /// `attribute:NAME`.
    Copy,
}

/// What editing many did or would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SetManyResponse {
    /// `done` counts SKUs that were changed; `refused` names those that cannot be, the first
    /// thousand.
    #[serde(flatten)]
    pub report: ActionReport,
    /// SKUs that were looked at.
    pub matched: u64,
    /// SKUs that change.
    pub changed: u64,
    /// SKUs that are so already.
    pub unchanged: u64,
    /// SKUs that cannot be changed so.
    pub refused_count: u64,
    /// What becomes of the first ones; empty where it was done.
    pub rows: Vec<SetManyRow>,
}

/// What becomes of one SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SetManyRow {
    /// The SKU.
    pub sku: Sku,
    /// The product's title.
    pub title: String,
    /// Field by field.
    pub fields: Vec<FieldChangeView>,
}

#[derive(Default)]
struct Tally {
    matched: u64,
    changed: u64,
    unchanged: u64,
    refused_count: u64,
    rows: Vec<SetManyRow>,
    refused: Vec<NotPossible>,
    first: Option<Sku>,
}

impl Api {
    /// Edits many products in one go, or shows what would become of them.
    pub async fn set_many(&self, request: SetManyRequest) -> Result<SetManyResponse> {
        at_most(request.skus.len() + request.except.len(), SKUS_MAX)?;
        at_most(request.edits.len(), EDITS_MAX)?;
        if !request.all && request.skus.is_empty() {
            return Err(ApiError::invalid(Why::SkusMissing));
        }
        let currency = self.currency().await?.unwrap_or(Currency::USD);
        let mut edits = match Edits::new(&request.edits, currency)? {
            Ok(edits) => edits,
            Err(issues) => {
                let mut report = ActionReport::default();
                for issue in issues {
                    report.refuse(self.refused_field(None, &issue));
                }
                return Ok(answer(report, Tally::default()));
            }
        };
        let fields: Vec<String> = request
            .edits
            .iter()
            .map(|edit| edit.field.clone())
            .collect();
        let chosen = Chosen {
            skus: request.skus,
            all: request.all,
            search: request.search,
            filter: request.filter,
            except: request.except,
        };
        let (preview_only, rows) = (request.preview, request.limit);
        let (tally, unknown) = self
            .on_store(move |store| {
                let (ids, unknown) = chosen.find(store)?;
                if ids.len() > BULK_SKUS_MAX {
                    return Ok(Err(ids.len()));
                }
                let mut tally = Tally::default();
                if preview_only {
                    let rows = rows.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
                    store.read(|db| preview(db, &mut edits, &ids, rows, &mut tally))?;
                } else {
                    store.write(|tx| apply(tx, &mut edits, &ids, &fields, &mut tally))?;
                }
                Ok(Ok((tally, unknown)))
            })
            .await?
            .map_err(|_| ApiError::invalid(Why::TooMany).param("limit", BULK_SKUS_MAX))?;
        let mut report = ActionReport::default();
        for name in &unknown {
            report.refuse(self.unknown_sku(name));
        }
        for one in &tally.refused {
            let params = [
                ("sku", one.sku.as_str()),
                ("field", one.field.as_str()),
                ("reason", one.reason.as_str()),
            ];
            let reason = self.words.text(one.key, &params);
            report.refuse(refused(one.sku.as_str(), one.key, &one.field, reason));
        }
        let mut response = answer(report, tally);
        response.refused_count += unknown.len() as u64;
        Ok(response)
    }

    /// Says that the catalogue has no such SKU.
    pub(crate) fn unknown_sku(&self, name: &str) -> RefusedItem {
        let error = ApiError::not_found("sku", name).told_in(&self.words);
        refused(name, "not_found", "sku", error.message)
    }
}

fn answer(mut report: ActionReport, tally: Tally) -> SetManyResponse {
    // Rows are told before they are written, and `done` only after.
    if tally.first.is_some() {
        report.done = tally.changed;
    }
    SetManyResponse {
        report,
        matched: tally.matched,
        changed: tally.changed,
        unchanged: tally.unchanged,
        refused_count: tally.refused_count,
        rows: tally.rows,
    }
}

pub(crate) fn refused(sku: &str, kind: &str, field: &str, reason: String) -> RefusedItem {
    RefusedItem {
        account: None,
        sku: Some(sku.to_owned()),
        order: None,
        kind: kind.to_owned(),
        field: Some(field.to_owned()),
        reason,
        vendor: None,
    }
}

/// Which products are meant.
#[derive(Debug)]
pub(crate) struct Chosen {
    /// These SKUs.
    pub(crate) skus: Vec<String>,
    /// Everything that is found instead.
    pub(crate) all: bool,
    /// Found by these words.
    pub(crate) search: Option<String>,
    /// Found by this filter.
    pub(crate) filter: Filter,
    /// Without these SKUs.
    pub(crate) except: Vec<String>,
}

impl Chosen {
    /// Their rows, each once, and the SKUs that nothing has.
    pub(crate) fn find(
        self,
        store: &barrow_store::Store,
    ) -> std::result::Result<(Vec<SkuId>, Vec<String>), StoreError> {
        let (except, _) = store.read(|db| skus_named(db, &self.except))?;
        let except: BTreeSet<SkuId> = except.into_iter().collect();
        let (mut ids, unknown) = match self.all {
            true => (skus_found(store, self.search, self.filter)?, Vec::new()),
            false => store.read(|db| skus_named(db, &self.skus))?,
        };
        let mut seen = BTreeSet::new();
        ids.retain(|id| !except.contains(id) && seen.insert(*id));
        Ok((ids, unknown))
    }
}

fn preview(
    db: &Reader<'_>,
    edits: &mut Edits,
    ids: &[SkuId],
    rows: usize,
    tally: &mut Tally,
) -> std::result::Result<(), StoreError> {
    for id in ids {
        let Some(planned) = tally.plan(db, edits, *id)? else {
            continue;
        };
        if tally.rows.len() < rows {
            let changes = planned.changes.into_iter();
            tally.rows.push(SetManyRow {
                title: db.catalogue_row(*id)?.title,
                sku: planned.sku,
                fields: changes.map(FieldChangeView::from).collect(),
            });
        }
    }
    Ok(())
}

fn apply(
    tx: &mut Writer<'_>,
    edits: &mut Edits,
    ids: &[SkuId],
    fields: &[String],
    tally: &mut Tally,
) -> std::result::Result<(), StoreError> {
    let batch = tx.begin_batch(BatchKind::SetMany)?;
    let place = tx.default_location()?;
    for id in ids {
        let Some(planned) = tally.plan(tx, edits, *id)? else {
            continue;
        };
        let values = planned.values.iter();
        let values: Vec<(&str, Value)> = values.map(|(n, v)| (n.as_str(), v.clone())).collect();
        tx.set_fields(&planned.sku, &values, None, Origin::User)?;
        if let Some(how) = planned.stock {
            book(tx, *id, place, how, None)?;
        }
        tally.first.get_or_insert(planned.sku);
    }
    tx.end_batch(batch, fields, tally.first.as_ref(), tally.changed)?;
    Ok(())
}

impl Tally {
    /// What is to be written to a SKU; none where nothing is.
    fn plan(
        &mut self,
        db: &Reader<'_>,
        edits: &mut Edits,
        id: SkuId,
    ) -> std::result::Result<Option<Planned>, StoreError> {
        self.matched += 1;
        match edits.plan(db, id)? {
            Ok(planned) if planned.changes.is_empty() => {
                self.unchanged += 1;
                Ok(None)
            }
            Ok(planned) => {
                self.changed += 1;
                Ok(Some(planned))
            }
            Err(refusal) => {
                self.refused_count += 1;
                if self.refused.len() < LISTED_MAX {
                    self.refused.push(refusal);
                }
                Ok(None)
            }
        }
    }
}
