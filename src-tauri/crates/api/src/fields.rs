//! Setting fields of products: values are read exactly as the cells of a file are, so that what a
//! file may say can be typed, and the same words tell what is wrong.

use std::collections::BTreeMap;
use std::io::Cursor;

use barrow_intake::{Form, Import, Options};
use barrow_model::{
    Attributes, CellIssue, Currency, Field, Image, ImageSource, Origin, Revision, Row, Sku,
};
use barrow_store::{BatchKind, Item, ProductDetail, Reader, StoreError, Value, Writer};
use serde::{Deserialize, Serialize};

use crate::api::{Api, at_most, sku};
use crate::error::{ApiError, ApiErrorKind, Result, Why};
use crate::products::{StockHow, book};
use crate::report::{ActionReport, RefusedItem};
use crate::words::issue_code;

/// Fields that one request sets at most.
pub(crate) const FIELDS_MAX: usize = 200;

const ATTRIBUTE: &str = "attribute:";
const VARIANT_ATTRIBUTE: &str = "variant_attribute:";

/// Fields that are not set on a product that is there.
const NOT_SET: [Field; 3] = [Field::Handle, Field::Location, Field::Currency];

/// Sets fields of a SKU and of its product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SetRequest {
    /// Which SKU.
    pub sku: String,
    /// New values by field, as files have them; an empty one takes the field away. `sku` gives
    /// another name, `quantity` counts stock, `attribute:NAME` sets one attribute.
    pub fields: BTreeMap<String, String>,
    /// The SKU's revision that was seen; none writes over whatever is there.
    #[serde(default)]
    pub expected: Option<Revision>,
}

/// What became of setting fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SetResponse {
    /// `done` counts fields; if one is refused, none is set.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The SKU since.
    pub sku: Sku,
    /// Its revision since.
    pub revision: Revision,
}

/// Fields as they were read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) values: Vec<(String, Value)>,
    /// Whether it is the variant's own, its name, its values.
    pub(crate) attributes: Vec<(bool, String, Vec<String>)>,
    pub(crate) count: Option<i64>,
    pub(crate) name: Option<Sku>,
    pub(crate) parts: Option<Vec<(Sku, u32)>>,
}

impl Api {
    /// Sets fields of a SKU and of its product: all of them or none.
    pub async fn set(&self, request: SetRequest) -> Result<SetResponse> {
        at_most(request.fields.len(), FIELDS_MAX)?;
        let sku = sku(&request.sku)?;
        let asked = sku.clone();
        let detail = self
            .on_store(move |store| store.read(|db| db.product(&asked)))
            .await?;
        let item = detail.items.iter().find(|item| item.sku() == &sku);
        let item = item.ok_or_else(|| ApiError::not_found("sku", &sku))?;
        let currency = match own_currency(item) {
            Some(currency) => currency,
            None => self.currency().await?.unwrap_or(Currency::USD),
        };
        let revision = match item {
            Item::Variant(variant) => variant.revision,
            Item::Kit(kit) => kit.revision,
        };
        let read = match read_fields(&request.fields, currency)? {
            Ok(read) => read,
            Err(issues) => {
                let mut report = ActionReport::default();
                for issue in issues {
                    report.refuse(self.refused_field(Some(&sku), &issue));
                }
                return Ok(SetResponse {
                    report,
                    sku,
                    revision,
                });
            }
        };
        let (expected, count) = (request.expected, request.fields.len() as u64);
        let names: Vec<String> = request.fields.into_keys().collect();
        let (sku, revision) = self
            .on_store(move |store| {
                store.write(|tx| {
                    let batch = tx.begin_batch(BatchKind::Set)?;
                    let written = write(tx, sku, read, expected)?;
                    tx.end_batch(batch, &names, Some(&written.0), 1)?;
                    Ok(written)
                })
            })
            .await?;
        Ok(SetResponse {
            report: ActionReport::done(count),
            sku,
            revision,
        })
    }

    pub(crate) fn refused_field(&self, sku: Option<&Sku>, issue: &CellIssue) -> RefusedItem {
        RefusedItem {
            account: None,
            sku: sku.map(Sku::to_string),
            order: None,
            kind: issue_code(&issue.kind).to_owned(),
            field: issue.column.clone(),
            reason: self.words.issue(issue),
            vendor: None,
        }
    }
}

pub(crate) fn own_currency(item: &Item) -> Option<Currency> {
    let price = match item {
        Item::Variant(variant) => variant.price.or(variant.cost).or(variant.compare_at),
        Item::Kit(kit) => kit.price,
    };
    price.map(|price| price.currency)
}

/// Reads values as the cells of a file of one row.
pub(crate) fn read_fields(
    fields: &BTreeMap<String, String>,
    currency: Currency,
) -> Result<std::result::Result<Read, Vec<CellIssue>>> {
    let mut read = Read::default();
    let mut header = vec!["handle".to_owned()];
    let mut cells = vec!["set".to_owned()];
    let mut currency = currency;
    for (name, text) in fields {
        check_name(name)?;
        if !text.trim().is_empty() {
            header.push(name.clone());
            cells.push(barrow_intake::write_text(text.trim()));
            currency = named_currency(name, text).unwrap_or(currency);
        } else if let Some(attribute) = name.strip_prefix(ATTRIBUTE) {
            read.attributes
                .push((false, attribute.to_owned(), Vec::new()));
        } else if let Some(attribute) = name.strip_prefix(VARIANT_ATTRIBUTE) {
            read.attributes
                .push((true, attribute.to_owned(), Vec::new()));
        } else if ["sku", "quantity", "parts", "title"].contains(&name.as_str()) {
            return Err(ApiError::invalid(Why::FieldInvalid)
                .param("field", name)
                .param("reason", "it cannot be empty"));
        } else {
            read.values.push((name.clone(), Value::Nothing));
        }
    }
    if header.len() == 1 {
        return Ok(Ok(read));
    }
    let options = Options {
        form: Form::GUESSED,
        mapping: Vec::new(),
        defaults: Vec::new(),
        currency,
    };
    let mut file = Import::new(Cursor::new(csv(&header, &cells)?), "fields", &options)?;
    let batch = file.next_batch(1)?.unwrap_or_default();
    let refusing: Vec<CellIssue> = batch.issues.into_iter().filter(|i| i.refuses).collect();
    let Some(row) = batch.rows.into_iter().next() else {
        return Ok(Err(refusing));
    };
    if !refusing.is_empty() {
        return Ok(Err(refusing));
    }
    for name in header.iter().skip(1) {
        take(&mut read, &row, name)?;
    }
    Ok(Ok(read))
}

pub(crate) fn check_name(name: &str) -> Result<()> {
    let named = [ATTRIBUTE, VARIANT_ATTRIBUTE].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|n| !n.trim().is_empty())
    });
    let field = Field::from_code(name).filter(|field| !NOT_SET.contains(field));
    if named || field.is_some() {
        return Ok(());
    }
    let known = Field::ALL
        .into_iter()
        .filter(|field| !NOT_SET.contains(field));
    let mut known: Vec<&str> = known.map(Field::code).collect();
    known.push("attribute:NAME");
    known.push("variant_attribute:NAME");
    Err(ApiError::invalid(Why::FieldUnknown)
        .param("field", name)
        .param("known", known.join(", ")))
}

/// The currency that an amount names itself, such as `34.90 EUR`.
fn named_currency(name: &str, text: &str) -> Option<Currency> {
    if !["price", "cost", "compare_at"].contains(&name) {
        return None;
    }
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let last = words.next_back()?;
    [first, last]
        .iter()
        .find_map(|word| Currency::parse(word).ok())
}

fn csv(header: &[String], cells: &[String]) -> Result<Vec<u8>> {
    let failed = |reason: String| ApiError::new(ApiErrorKind::Internal).param("reason", reason);
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for record in [header, cells] {
        writer
            .write_record(record)
            .map_err(|error| failed(error.to_string()))?;
    }
    writer
        .into_inner()
        .map_err(|error| failed(error.to_string()))
}

/// Takes what a column says out of the row.
fn take(read: &mut Read, row: &Row, name: &str) -> Result<()> {
    if let Some(attribute) = name.strip_prefix(VARIANT_ATTRIBUTE) {
        let values = row
            .variant_attributes
            .get(attribute.trim())
            .cloned()
            .unwrap_or_default();
        read.attributes
            .push((true, attribute.trim().to_owned(), values));
        return Ok(());
    }
    if let Some(attribute) = name.strip_prefix(ATTRIBUTE) {
        let values = row
            .attributes
            .get(attribute.trim())
            .cloned()
            .unwrap_or_default();
        read.attributes
            .push((false, attribute.trim().to_owned(), values));
        return Ok(());
    }
    let field = Field::from_code(name).ok_or_else(|| ApiError::invalid(Why::FieldUnknown))?;
    let text = |value: &Option<String>| value.clone().map(Value::Text);
    let value = match field {
        Field::Title => text(&row.title),
        Field::Description => text(&row.description),
        Field::Brand => text(&row.brand),
        Field::Mpn => text(&row.mpn),
        Field::Asin => text(&row.asin),
        Field::Category => row.category.clone().map(Value::List),
        Field::Tags => row.tags.clone().map(Value::List),
        Field::Gtin => row.gtin.map(Value::Gtin),
        Field::Condition => row.condition.map(Value::Condition),
        Field::Weight => row.weight.map(Value::Weight),
        Field::Length => row.length.map(Value::Length),
        Field::Width => row.width.map(Value::Length),
        Field::Height => row.height.map(Value::Length),
        Field::Cost => row.cost.map(Value::Amount),
        Field::Price => row.price.map(Value::Amount),
        Field::CompareAt => row.compare_at.map(Value::Amount),
        Field::Images => Some(images(&row.images.product)),
        Field::VariantImages => Some(images(&row.images.variant)),
        Field::Quantity => {
            read.count = row.quantity;
            return Ok(());
        }
        Field::Sku => {
            read.name.clone_from(&row.sku);
            return Ok(());
        }
        Field::Parts => {
            read.parts = Some(row.parts.clone());
            return Ok(());
        }
        Field::Handle | Field::Location | Field::Currency => None,
    };
    let value = value.ok_or_else(|| {
        ApiError::invalid(Why::FieldInvalid)
            .param("field", name)
            .param("reason", "it says nothing")
    })?;
    read.values.push((name.to_owned(), value));
    Ok(())
}

fn images(sources: &[ImageSource]) -> Value {
    let images = sources.iter().map(|source| Image {
        source: source.clone(),
        alt: None,
    });
    Value::Images(images.collect())
}

pub(crate) fn write(
    tx: &mut Writer<'_>,
    sku: Sku,
    mut read: Read,
    expected: Option<Revision>,
) -> std::result::Result<(Sku, Revision), StoreError> {
    let detail = tx.product(&sku)?;
    let attributes = attribute_values(&detail, &sku, &read.attributes);
    read.values.extend(attributes);
    let mut changes: Vec<(&str, Value)> = Vec::with_capacity(read.values.len());
    for (name, value) in &read.values {
        changes.push((name.as_str(), value.clone()));
    }
    let mut revision = tx.set_fields(&sku, &changes, expected, Origin::User)?;
    if let Some(parts) = &read.parts {
        revision = tx.set_parts(&sku, parts, Some(revision), Origin::User)?;
    }
    if let Some(counted) = read.count {
        let (id, location) = (tx.sku_id(&sku)?, tx.default_location()?);
        book(tx, id, location, StockHow::Set(counted), None)?;
        revision = revision_of(tx, &sku)?;
    }
    let Some(name) = read.name.filter(|name| *name != sku) else {
        return Ok((sku, revision));
    };
    let revision = tx.rename_sku(&sku, &name, Some(revision), Origin::User)?;
    Ok((name, revision))
}

fn revision_of(db: &Reader<'_>, sku: &Sku) -> std::result::Result<Revision, StoreError> {
    Ok(match db.item(db.sku_id(sku)?)? {
        Item::Variant(variant) => variant.revision,
        Item::Kit(kit) => kit.revision,
    })
}

/// Attributes of product and variant with single ones set anew or taken away.
pub(crate) fn attribute_values(
    detail: &ProductDetail,
    sku: &Sku,
    attributes: &[(bool, String, Vec<String>)],
) -> Vec<(String, Value)> {
    let variant = detail.items.iter().find_map(|item| match item {
        Item::Variant(variant) if &variant.sku == sku => Some(variant.attributes.clone()),
        Item::Variant(_) | Item::Kit(_) => None,
    });
    let of_product = detail.product.attributes.clone();
    attributes_set((of_product, variant.unwrap_or_default()), attributes)
}

/// The same, of the attributes of a product and of a variant.
pub(crate) fn attributes_set(
    (mut of_product, mut of_variant): (Attributes, Attributes),
    attributes: &[(bool, String, Vec<String>)],
) -> Vec<(String, Value)> {
    let mut touched = [false, false];
    for (own, name, values) in attributes {
        let map = if *own {
            &mut of_variant
        } else {
            &mut of_product
        };
        touched[usize::from(*own)] = true;
        if values.is_empty() {
            map.remove(name);
        } else {
            map.insert(name.clone(), values.clone());
        }
    }
    let mut values = Vec::new();
    if touched[0] {
        values.push(("attributes".to_owned(), Value::Map(of_product)));
    }
    if touched[1] {
        values.push(("variant_attributes".to_owned(), Value::Map(of_variant)));
    }
    values
}
