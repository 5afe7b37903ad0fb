//! What an edit of many makes of one SKU: the values that are written, or why none can be.

use std::collections::BTreeMap;

use barrow_engine::round_price;
use barrow_model::{CellIssue, Currency, Money, Sku, SkuId};
use barrow_store::{FieldChange, Item, ProductDetail, Reader, StoreError, Value};
use rust_decimal::Decimal;

use crate::bulk::{EditHow, FieldEdit};
use crate::error::{ApiError, Result, Why};
use crate::fields::{Read, attribute_values, check_name, own_currency, read_fields};
use crate::products::StockHow;

/// Fields whose number can be raised and lowered.
const AMOUNTS: [&str; 3] = ["price", "cost", "compare_at"];
const QUANTITY: &str = "quantity";

/// Fields that can be copied into others, beside attributes.
const COPIED: [&str; 6] = ["title", "brand", "mpn", "asin", "gtin", "sku"];

const ATTRIBUTE: &str = "attribute:";

/// What is done to each SKU, as far as it can be read without one.
pub(crate) struct Edits {
    set: BTreeMap<String, String>,
    /// `set` as it reads in each currency.
    read: BTreeMap<Currency, Read>,
    sums: Vec<Sum>,
    copies: Vec<(String, String)>,
    /// The currency of amounts that name none, where a SKU has none.
    currency: Currency,
    /// The currencies that amounts are said to be in, by field.
    said: Vec<(String, Currency)>,
}

/// A number that is raised or lowered.
struct Sum {
    field: &'static str,
    how: EditHow,
    by: Decimal,
    ending: Option<Decimal>,
}

/// What is written to one SKU.
pub(crate) struct Planned {
    pub(crate) sku: Sku,
    pub(crate) values: Vec<(String, Value)>,
    pub(crate) stock: Option<StockHow>,
    pub(crate) changes: Vec<FieldChange>,
}

/// Why a SKU cannot be changed so: the key of its words, and the field.
pub(crate) struct NotPossible {
    pub(crate) sku: Sku,
    pub(crate) key: &'static str,
    pub(crate) field: String,
    pub(crate) reason: String,
}

/// What the catalogue allows, or why it does not.
pub(crate) type Possible<T, E> = std::result::Result<std::result::Result<T, E>, StoreError>;

impl Edits {
    /// Reads what is to be done; the issues are those of values that cannot be read.
    pub(crate) fn new(
        given: &[FieldEdit],
        currency: Currency,
    ) -> Result<std::result::Result<Self, Vec<CellIssue>>> {
        let mut edits = Self {
            set: BTreeMap::new(),
            read: BTreeMap::new(),
            sums: Vec::new(),
            copies: Vec::new(),
            currency,
            said: Vec::new(),
        };
        for edit in given {
            let amount = AMOUNTS.contains(&edit.field.as_str());
            if amount && matches!(edit.how, EditHow::Set | EditHow::Add) {
                let said = edit.currency.map(|currency| (edit.field.clone(), currency));
                edits.said.extend(said);
            }
            match edit.how {
                EditHow::Set if ["sku", "parts"].contains(&edit.field.as_str()) => {
                    return Err(not_so(&edit.field, "each product has its own"));
                }
                EditHow::Set => {
                    edits.set.insert(edit.field.clone(), edit.value.clone());
                }
                EditHow::Add | EditHow::Percent => edits.sums.push(Sum::new(edit)?),
                EditHow::Copy => {
                    check_name(&edit.field)?;
                    let from = edit.value.trim();
                    if !from.starts_with(ATTRIBUTE) && !COPIED.contains(&from) {
                        return Err(not_so(from, "it cannot be copied"));
                    }
                    edits.copies.push((edit.field.clone(), from.to_owned()));
                }
            }
        }
        match read_fields(&edits.set, currency)? {
            Ok(read) => edits.read.insert(currency, read),
            Err(issues) => return Ok(Err(issues)),
        };
        Ok(Ok(edits))
    }

    pub(crate) fn plan(&mut self, db: &Reader<'_>, id: SkuId) -> Possible<Planned, NotPossible> {
        let item = db.item(id)?;
        let sku = item.sku().clone();
        let not_possible = |key, field: &str| NotPossible {
            sku: sku.clone(),
            key,
            field: field.to_owned(),
            reason: String::new(),
        };
        let own = own_currency(&item);
        for (field, said) in &self.said {
            if own.is_some_and(|own| own != *said) {
                let mut refusal = not_possible("bulk_other_currency", field);
                refusal.reason = said.to_string();
                return Ok(Err(refusal));
            }
        }
        let said = self.said.first().map(|(_, said)| *said);
        let currency = own.or(said).unwrap_or(self.currency);
        self.read_in(currency);
        let Some(read) = self.read.get(&currency) else {
            return Ok(Err(not_possible("bulk_not_in_currency", "price")));
        };
        let mut values = read.values.clone();
        let mut stock = read.count.map(StockHow::Set);
        match self.texts(db, &item, read)? {
            Ok(texts) => values.extend(texts),
            Err(from) => return Ok(Err(not_possible("bulk_nothing_to_copy", from))),
        }
        for sum in &self.sums {
            match sum.apply(&item) {
                Ok(Some(value)) => values.push((sum.field.to_owned(), value)),
                Ok(None) => stock = sum.units().map(StockHow::Add),
                Err(key) => return Ok(Err(not_possible(key, sum.field))),
            }
        }
        let named: Vec<(&str, Value)> = values
            .iter()
            .map(|(n, v)| (n.as_str(), v.clone()))
            .collect();
        let mut changes = match db.field_changes(id, &named) {
            Ok(changes) => changes,
            Err(StoreError::Invalid { field, reason }) => {
                return Ok(Err(NotPossible {
                    sku,
                    key: "bulk_invalid",
                    field,
                    reason: reason.to_string(),
                }));
            }
            Err(error) => return Err(error),
        };
        if let Some(how) = stock {
            match counted(db, &item, how)? {
                Ok(change) => changes.extend(change),
                Err(key) => return Ok(Err(not_possible(key, QUANTITY))),
            }
        }
        Ok(Ok(Planned {
            sku,
            values,
            stock,
            changes,
        }))
    }
}

impl Edits {
    /// What reads in one currency reads in another, but for the digits of an amount.
    fn read_in(&mut self, currency: Currency) {
        if self.read.contains_key(&currency) {
            return;
        }
        if let Ok(Ok(read)) = read_fields(&self.set, currency) {
            self.read.insert(currency, read);
        }
    }

    /// Attributes that are set one by one, and what is copied; or what there is nothing of to copy.
    fn texts(
        &self,
        db: &Reader<'_>,
        item: &Item,
        read: &Read,
    ) -> Possible<Vec<(String, Value)>, &str> {
        if read.attributes.is_empty() && self.copies.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        let detail = db.product(item.sku())?;
        let (mut attributes, mut values) = (read.attributes.clone(), Vec::new());
        for (to, from) in &self.copies {
            let Some(text) = text_of(&detail, item, from) else {
                return Ok(Err(from));
            };
            match to.strip_prefix(ATTRIBUTE) {
                Some(name) => attributes.push((false, name.trim().to_owned(), vec![text])),
                None => values.push((to.clone(), Value::Text(text))),
            }
        }
        values.extend(attribute_values(&detail, item.sku(), &attributes));
        Ok(Ok(values))
    }
}

impl Sum {
    fn new(edit: &FieldEdit) -> Result<Self> {
        let amount = AMOUNTS.iter().find(|field| **field == edit.field);
        let field = match (amount, edit.how) {
            (Some(field), _) => field,
            (None, EditHow::Add) if edit.field == QUANTITY => QUANTITY,
            _ => return Err(not_so(&edit.field, "it is not a number to raise or lower")),
        };
        let number = |text: &str| {
            let text = text.trim().trim_end_matches('%').trim().replace('−', "-");
            text.trim_start_matches('+')
                .parse::<Decimal>()
                .map_err(|_| not_so(&edit.field, "it is not a number"))
        };
        let ending = edit
            .ending
            .as_deref()
            .filter(|text| !text.trim().is_empty());
        let ending = ending.map(number).transpose()?;
        if ending.is_some_and(|e| e < Decimal::ZERO || e >= Decimal::ONE) {
            return Err(not_so(
                &edit.field,
                "an ending is less than one, such as 0.99",
            ));
        }
        let sum = Self {
            field,
            how: edit.how,
            by: number(&edit.value)?,
            ending,
        };
        if field == QUANTITY && sum.units().is_none() {
            return Err(not_so(QUANTITY, "it is not a whole number"));
        }
        Ok(sum)
    }

    fn units(&self) -> Option<i64> {
        let whole = self.by.is_integer() && self.field == QUANTITY;
        i64::try_from(self.by).ok().filter(|_| whole)
    }

    /// The new amount; none for stock, which is booked.
    fn apply(&self, item: &Item) -> std::result::Result<Option<Value>, &'static str> {
        if self.field == QUANTITY {
            return Ok(None);
        }
        let old: Option<Money> = match (item, self.field) {
            (Item::Variant(variant), "price") => variant.price,
            (Item::Variant(variant), "cost") => variant.cost,
            (Item::Variant(variant), _) => variant.compare_at,
            (Item::Kit(kit), "price") => kit.price,
            (Item::Kit(_), _) => None,
        };
        let old = old.ok_or("bulk_no_amount")?;
        let exact = match self.how {
            EditHow::Percent => (Decimal::ONE_HUNDRED.checked_add(self.by))
                .and_then(|percent| old.to_decimal().checked_mul(percent))
                .map(|hundredfold| hundredfold / Decimal::ONE_HUNDRED),
            _ => old.to_decimal().checked_add(self.by),
        };
        let exact = exact.filter(|amount| *amount >= Decimal::ZERO);
        let exact = exact.ok_or("bulk_below_zero")?;
        let new = round_price(exact, self.ending, old.currency).ok_or("bulk_below_zero")?;
        Ok(Some(Value::Amount(new)))
    }
}

/// What becomes of the stock at the default location; nothing where it is so already.
pub(crate) fn counted(
    db: &Reader<'_>,
    item: &Item,
    how: StockHow,
) -> Possible<Option<FieldChange>, &'static str> {
    let Item::Variant(variant) = item else {
        return Ok(Err("bulk_kit_stock"));
    };
    let place = db.default_location()?;
    let stock = db.stock_by_location(variant.id)?;
    let there = stock.iter().find(|stock| stock.location_id == place);
    let before = there.map_or(0, |stock| stock.on_hand);
    let after = match how {
        StockHow::Set(counted) => counted,
        StockHow::Add(units) => before.saturating_add(units),
    };
    if after < 0 {
        return Ok(Err("bulk_below_zero"));
    }
    let change = FieldChange {
        field: QUANTITY.to_owned(),
        before: Some(before.to_string()),
        after: Some(after.to_string()),
    };
    Ok(Ok((before != after).then_some(change)))
}

/// What a field says, as a text.
fn text_of(detail: &ProductDetail, item: &Item, field: &str) -> Option<String> {
    let product = &detail.product;
    let variant = match item {
        Item::Variant(variant) => Some(variant),
        Item::Kit(_) => None,
    };
    let text = match field {
        "title" => Some(product.title.clone()),
        "brand" => product.brand.clone(),
        "mpn" => variant.and_then(|variant| variant.mpn.clone()),
        "asin" => variant.and_then(|variant| variant.asin.clone()),
        "gtin" => variant.and_then(|variant| variant.gtin.map(|gtin| gtin.as_written())),
        "sku" => Some(item.sku().to_string()),
        _ => {
            let name = field.strip_prefix(ATTRIBUTE)?;
            let own = variant.and_then(|variant| variant.attributes.get(name));
            let values = own.or_else(|| product.attributes.get(name))?;
            values.first().cloned()
        }
    };
    text.filter(|text| !text.trim().is_empty())
}

fn not_so(field: &str, reason: &str) -> ApiError {
    ApiError::invalid(Why::FieldInvalid)
        .param("field", field)
        .param("reason", reason)
}
