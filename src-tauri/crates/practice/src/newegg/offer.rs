//! Changes of price and stock, whichever call or feed they come by.

use serde_json::Value;

use super::fields::{Fields, UNITS_MAX, Wrong};
use super::items::{Item, Price};

/// Countries that can be sold to and their currencies; the platform's own comes first.
const COUNTRIES: [(&str, &str); 12] = [
    ("USA", "USD"),
    ("CAN", "CAD"),
    ("AUS", "AUD"),
    ("IND", "INR"),
    ("IRL", "EUR"),
    ("GBR", "GBP"),
    ("NZL", "NZD"),
    ("SGP", "SGD"),
    ("HKG", "HKD"),
    ("NLD", "EUR"),
    ("POL", "PLN"),
    ("MEX", "MXN"),
];

/// Returns a country's currency; none where it is not sold to.
pub(super) fn currency_of(country: &str) -> Option<&'static str> {
    let known = COUNTRIES.iter().find(|(code, _)| *code == country);
    known.map(|(_, currency)| *currency)
}

/// What one row asks for; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) units: Option<u32>,
    pub(super) currency: Option<String>,
    pub(super) selling: Option<i64>,
    pub(super) msrp: Option<i64>,
    pub(super) map: Option<i64>,
    pub(super) checkout_map: Option<bool>,
    pub(super) free_shipping: Option<bool>,
    pub(super) active: Option<bool>,
    pub(super) limit: Option<u32>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applied {
    Stored,
    /// The item is as it was asked to be already.
    Same,
    /// The item is deactivated: the answer is the same, and nothing was done (newegg.md §4.2).
    Swallowed,
}

const BITS: [(&str, bool); 2] = [("0", false), ("1", true)];
const WORDS: [(&str, bool); 2] = [("False", false), ("True", true)];
const SHIPPING: [(&str, bool); 2] = [("Default", false), ("Free", true)];

impl Change {
    /// Reads the fields of a call: yes is 1.
    pub(super) fn of_call(fields: &mut Fields<'_>, units: &'static str) -> Self {
        Self {
            checkout_map: fields.choice("CheckoutMAP", &BITS),
            free_shipping: fields.choice("EnableFreeShipping", &BITS),
            active: fields.choice("Active", &BITS),
            ..Self::amounts(fields, units)
        }
    }

    /// Reads the fields of a feed: yes is True.
    pub(super) fn of_feed(fields: &mut Fields<'_>) -> Self {
        Self {
            checkout_map: fields.choice("CheckoutMAP", &WORDS),
            free_shipping: fields.choice("Shipping", &SHIPPING),
            active: fields.choice("ActivationMark", &WORDS),
            ..Self::amounts(fields, "Inventory")
        }
    }

    fn amounts(fields: &mut Fields<'_>, units: &'static str) -> Self {
        Self {
            units: fields.count(units, 0, UNITS_MAX),
            currency: fields.text("Currency", 3),
            selling: fields.money("SellingPrice", 1),
            msrp: fields.money("MSRP", 1),
            map: fields.money("MAP", 0),
            limit: fields.count("LimitQuantity", 0, UNITS_MAX),
            ..Self::default()
        }
    }

    fn touches_price(&self) -> bool {
        let without_units = Self {
            units: None,
            currency: None,
            ..self.clone()
        };
        without_units != Self::default()
    }

    /// Makes the change. `stores` lets it through to a deactivated item, as item feeds do.
    pub(super) fn apply(
        &self,
        item: &mut Item,
        country: &str,
        stores: bool,
    ) -> Result<Applied, Wrong> {
        let price = self.priced(item, country)?;
        if !item.is_active() && self.active != Some(true) && !stores {
            return Ok(Applied::Swallowed);
        }
        let before = item.clone();
        if let Some(price) = price {
            item.prices.insert(country.to_owned(), price);
        }
        if let Some(units) = self.units {
            item.stock.insert(country.to_owned(), units);
        }
        Ok(if *item == before {
            Applied::Same
        } else {
            Applied::Stored
        })
    }

    /// Returns the price that the change leads to; none where it is about stock alone.
    fn priced(&self, item: &Item, country: &str) -> Result<Option<Price>, Wrong> {
        let own = currency_of(country)
            .ok_or_else(|| Wrong::new("CountryCode", "The country is not sold to."))?;
        if self
            .currency
            .as_deref()
            .is_some_and(|currency| currency != own)
        {
            return Err(Wrong::new("Currency", format!("Must be {own}.")));
        }
        if !self.touches_price() {
            return Ok(None);
        }
        let known = item.prices.get(country);
        let selling = self.selling.or(known.map(|price| price.selling));
        let selling =
            selling.ok_or_else(|| Wrong::new("SellingPrice", "The field is required."))?;
        let mut price = known.cloned().unwrap_or_else(|| Price {
            currency: own.to_owned(),
            active: true,
            selling,
            msrp: None,
            map: 0,
            checkout_map: false,
            limit: 0,
            free_shipping: false,
        });
        price.selling = selling;
        price.msrp = self.msrp.or(price.msrp);
        price.map = self.map.unwrap_or(price.map);
        price.checkout_map = self.checkout_map.unwrap_or(price.checkout_map);
        price.free_shipping = self.free_shipping.unwrap_or(price.free_shipping);
        price.active = self.active.unwrap_or(price.active);
        price.limit = self.limit.unwrap_or(price.limit);
        if price.selling < price.map && !price.checkout_map {
            let reason = "Below MAP; turn CheckoutMAP on to sell below it.";
            return Err(Wrong::new("SellingPrice", reason));
        }
        Ok(Some(price))
    }
}

/// Reads the country of a row; the platform's own where none is named.
pub(super) fn country(row: &Value, field: &str, home: &str) -> String {
    super::call::text(row, field).unwrap_or_else(|| home.to_owned())
}
