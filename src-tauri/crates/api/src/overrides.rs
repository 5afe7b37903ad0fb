//! What is special about a listing: values of its own instead of the product's and the rules'.

use std::collections::BTreeMap;

use barrow_market::{ConnectorInfo, SettingKind};
use barrow_model::{CategoryId, Currency, Money, Overrides, Revision, Sku};
use barrow_store::BatchKind;
use serde::{Deserialize, Serialize};

use crate::api::{Api, at_most};
use crate::error::{ApiError, Result, Why};
use crate::listings::ListingPickRequest;
use crate::report::ActionReport;

/// Values that one request sets at most.
const OVERRIDES_MAX: usize = 200;

const ATTRIBUTE: &str = "attribute:";

/// Sets what is special about a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingSetRequest {
    /// Where.
    pub account: String,
    /// On this site only.
    #[serde(default)]
    pub site: Option<String>,
    /// The SKU there.
    pub sku: String,
    /// `title`, `description`, `price`, `floor`, `quantity`, `category`, `attribute:NAME` or a
    /// setting of the account; an empty value goes back to what product and rules say.
    pub overrides: BTreeMap<String, String>,
    /// The revision that was seen; none writes over whatever is there.
    #[serde(default)]
    pub expected: Option<Revision>,
}

impl Api {
    /// Sets what is special about a listing.
    pub async fn listing_set(&self, request: ListingSetRequest) -> Result<ActionReport> {
        at_most(request.overrides.len(), OVERRIDES_MAX)?;
        let account = self.account(&request.account).await?;
        let info = self.connector(&account.marketplace.0)?;
        let pick = ListingPickRequest {
            account: request.account,
            site: request.site,
            all: false,
            skus: vec![request.sku.clone()],
        };
        let (rows, _) = self.picked(&account, &pick).await?;
        if rows.is_empty() {
            return Err(ApiError::not_found("listing", &request.sku));
        }
        let currency = self.currency().await?.unwrap_or(Currency::USD);
        let mut changed = Vec::with_capacity(rows.len());
        for row in rows {
            let standing = &row.standing;
            let known = standing.acknowledged.price.or(standing.wanted.price);
            let currency = known.map_or(currency, |price| price.currency);
            let mut overrides = row.listing.overrides;
            for (name, text) in &request.overrides {
                set_override(&mut overrides, info, name, text.trim(), currency)?;
            }
            changed.push((row.listing.id, overrides));
        }
        let expected = request.expected;
        let sku = Sku::new(&request.sku).ok();
        let names: Vec<String> = request.overrides.into_keys().collect();
        let done = self
            .on_store(move |store| {
                store.write(|tx| {
                    let batch = tx.begin_batch(BatchKind::ListingSet)?;
                    for (id, overrides) in &changed {
                        tx.set_overrides_in(batch, *id, overrides, expected)?;
                    }
                    let count = changed.len() as u64;
                    tx.end_batch(batch, &names, sku.as_ref(), count)?;
                    Ok(count)
                })
            })
            .await?;
        Ok(ActionReport::done(done))
    }
}

fn set_override(
    overrides: &mut Overrides,
    info: &'static ConnectorInfo,
    name: &str,
    text: &str,
    currency: Currency,
) -> Result<()> {
    let given = (!text.is_empty()).then(|| text.to_owned());
    if let Some(attribute) = name.strip_prefix(ATTRIBUTE) {
        let values: Vec<String> = text.split('|').map(|v| v.trim().to_owned()).collect();
        match given {
            Some(_) => overrides
                .attributes
                .insert(attribute.trim().to_owned(), values),
            None => overrides.attributes.remove(attribute.trim()),
        };
        return Ok(());
    }
    match name {
        "title" => overrides.title = given,
        "description" => overrides.description = given,
        "category" => overrides.category = given.map(CategoryId),
        "price" => overrides.price = given.map(|t| amount(name, &t, currency)).transpose()?,
        "floor" => overrides.floor = given.map(|t| amount(name, &t, currency)).transpose()?,
        "quantity" => {
            let number = given.map(|t| t.parse::<u32>()).transpose();
            overrides.quantity = number.map_err(|error| {
                ApiError::invalid(Why::FieldInvalid)
                    .param("field", name)
                    .param("reason", error)
            })?;
        }
        _ => set_own_setting(overrides, info, name, given)?,
    }
    Ok(())
}

fn set_own_setting(
    overrides: &mut Overrides,
    info: &'static ConnectorInfo,
    name: &str,
    given: Option<String>,
) -> Result<()> {
    let of_listing = info
        .fields
        .iter()
        .filter(|field| field.kind == SettingKind::Default);
    let names: Vec<&str> = of_listing.map(|field| field.key).collect();
    if !names.contains(&name) {
        let mut known = vec![
            "title",
            "description",
            "price",
            "floor",
            "quantity",
            "category",
        ];
        known.push("attribute:NAME");
        known.extend(names);
        return Err(ApiError::invalid(Why::FieldUnknown)
            .param("field", name)
            .param("known", known.join(", ")));
    }
    match given {
        Some(value) => overrides.settings.insert(name.to_owned(), value),
        None => overrides.settings.remove(name),
    };
    Ok(())
}

/// An amount such as `34.90` or `34.90 EUR`, above zero.
pub(crate) fn amount(field: &str, text: &str, currency: Currency) -> Result<Money> {
    let invalid = || {
        ApiError::invalid(Why::AmountInvalid)
            .param("field", field)
            .param("value", text)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let parsed = match words.as_slice() {
        [number] => Money::parse(number, currency),
        [number, code] if Currency::parse(code).is_ok() => {
            Money::parse(number, Currency::parse(code).map_err(|_| invalid())?)
        }
        [code, number] => Money::parse(number, Currency::parse(code).map_err(|_| invalid())?),
        _ => return Err(invalid()),
    };
    parsed
        .ok()
        .filter(|money| money.minor > 0)
        .ok_or_else(invalid)
}
