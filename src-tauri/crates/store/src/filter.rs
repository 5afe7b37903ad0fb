//! Which rows of the catalogue a list shows.

use std::fmt::Write;

use barrow_model::Currency;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use crate::available::{KITS, RESERVED};
use crate::cells::{CellState, cell_state_sql};
use crate::product::SkuKind;

/// Brands that a filter names at most.
pub const BRANDS_MAX: usize = 500;

/// What is left of the price, in thousandths of it, as its index has it.
pub(crate) const MARGIN: &str = "ifnull(iif(price_minor > 0 AND price_currency = cost_currency, \
     (price_minor - cost_minor) * 1000 / price_minor, NULL), -1000000)";

/// Which rows are listed; every condition that is there must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(default)]
pub struct Filter {
    /// Only variants, or only kits.
    pub kind: Option<SkuKind>,
    /// Only those with stock on hand, or without.
    pub on_hand: Option<bool>,
    /// Only those with at least so many units on hand.
    pub on_hand_min: Option<i64>,
    /// Only those with at most so many units on hand.
    pub on_hand_max: Option<i64>,
    /// Only those of which at least so many can be sold.
    pub available_min: Option<i64>,
    /// Only those of which at most so many can be sold: what is reserved is taken off.
    pub available_max: Option<i64>,
    /// Only those with a price, or without.
    pub priced: Option<bool>,
    /// Only those with a price in this currency. Bounds of prices are meant in it; where none is
    /// said they are compared whatever the currency is.
    pub currency: Option<Currency>,
    /// Only those with a price of at least this, in minor units.
    pub price_min: Option<i64>,
    /// Only those with a price of at most this, in minor units.
    pub price_max: Option<i64>,
    /// Only those of which it is known what one costs, or not.
    pub costed: Option<bool>,
    /// Only those whose price leaves at least this over the cost, in thousandths of the price.
    pub margin_min: Option<i64>,
    /// Only those whose price leaves at most this over the cost, in thousandths of the price.
    pub margin_max: Option<i64>,
    /// Only this brand, exactly.
    pub brand: Option<String>,
    /// Only one of these brands, exactly; at most [`BRANDS_MAX`].
    pub brands: Vec<String>,
    /// Only those with a barcode number, or without.
    pub gtin: Option<bool>,
    /// Only those that have a picture, or none.
    pub images: Option<bool>,
    /// Only those of this product, by its stable name.
    pub handle: Option<String>,
    /// Only those that stand so somewhere.
    pub listing: Option<ListingFilter>,
}

/// How something stands on marketplaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct ListingFilter {
    /// At this account; at any where nothing is said.
    pub account: Option<String>,
    /// Only what is listed there, or is not.
    pub listed: Option<bool>,
    /// Only where a listing stands so. [`CellState::Live`] is every listing that is there and not
    /// paused, also while something of it is on its way.
    pub state: Option<CellState>,
    /// Only where a problem of this cause is open.
    pub cause: Option<String>,
}

impl Filter {
    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Conditions on `skus`, each beginning with `AND`, and their values in order.
    pub(crate) fn sql(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::new(), Vec::new());
        for condition in self.conditions() {
            let not = if condition.not { "NOT " } else { "" };
            // Writing to a String cannot fail.
            let _ = write!(sql, " AND {not}({})", condition.sql);
            values.extend(condition.values);
        }
        (sql, values)
    }

    /// The conditions one by one. Each is such that the rows for which it holds are found from an
    /// index alone, wherever there is one.
    pub(crate) fn conditions(&self) -> Vec<Condition> {
        let mut all = Conditions::default();
        let is_kit = self.kind.map(|kind| kind == SkuKind::Kit);
        all.either(is_kit, "id IN (SELECT kit_id FROM kit_parts)");
        all.either(self.on_hand, "on_hand > 0");
        all.bound("on_hand >= ?", self.on_hand_min);
        all.bound("on_hand <= ?", self.on_hand_max);
        // As its index has it; no price is below all others.
        all.either(self.priced, "ifnull(price_minor, -1) >= 0");
        self.add_prices(&mut all);
        self.add_available(&mut all);
        all.either(self.costed, "ifnull(cost_minor, -1) >= 0");
        if self.margin_min.is_some() || self.margin_max.is_some() {
            let least = self.margin_min.unwrap_or(i64::MIN).max(-999_999);
            let most = self.margin_max.unwrap_or(i64::MAX);
            all.push(
                format!("{MARGIN} BETWEEN ? AND ?"),
                vec![Value::Integer(least), Value::Integer(most)],
            );
        }
        self.add_brands(&mut all);
        all.either(self.gtin, "gtin IS NOT NULL");
        all.either(
            self.images,
            "images <> '[]' OR EXISTS (SELECT 1 FROM products p
               WHERE p.id = skus.product_id AND p.images <> '[]')",
        );
        if let Some(handle) = &self.handle {
            all.push(
                "product_id = (SELECT id FROM products WHERE handle = ?)".to_owned(),
                vec![Value::Text(handle.clone())],
            );
        }
        if let Some(listing) = &self.listing {
            listing.add_to(&mut all);
        }
        all.0
    }

    /// Bounds and currency are one condition: a price that is found by its index is looked at once.
    fn add_prices(&self, all: &mut Conditions) {
        let (mut sql, mut values) = (Vec::new(), Vec::new());
        if let Some(least) = self.price_min {
            sql.push("ifnull(price_minor, -1) >= ?");
            values.push(Value::Integer(least.max(0)));
        }
        if let Some(most) = self.price_max {
            sql.push("ifnull(price_minor, -1) BETWEEN 0 AND ?");
            values.push(Value::Integer(most));
        }
        if let Some(currency) = self.currency {
            sql.push("price_currency = ?");
            values.push(Value::Text(currency.as_str().to_owned()));
        }
        if !sql.is_empty() {
            all.push(sql.join(" AND "), values);
        }
    }

    /// What is on hand can be sold, but for the few of which something is reserved, and kits.
    fn add_available(&self, all: &mut Conditions) {
        if let Some(most) = self.available_max {
            all.push(
                format!(
                    "(on_hand <= ? AND id NOT IN (SELECT kit_id FROM kit_parts))
                     OR id IN ({RESERVED} <= ?) OR id IN ({KITS} <= ?)"
                ),
                // Nothing is available below zero, whatever the ledger says.
                vec![Value::Integer(if most < 0 { i64::MIN } else { most }); 3],
            );
        }
        if let Some(least) = self.available_min.filter(|least| *least > 0) {
            all.push(
                format!("(on_hand >= ? AND id NOT IN ({RESERVED} < ?)) OR id IN ({KITS} >= ?)"),
                vec![Value::Integer(least); 3],
            );
        }
    }

    fn add_brands(&self, all: &mut Conditions) {
        // One brand beside several is one of them: both conditions must hold.
        for several in [self.brand.as_slice(), self.brands.as_slice()] {
            if several.is_empty() {
                continue;
            }
            let marks = vec!["?"; several.len().min(BRANDS_MAX)].join(", ");
            let texts = several.iter().take(BRANDS_MAX);
            all.push(
                format!("product_id IN (SELECT id FROM products WHERE brand IN ({marks}))"),
                texts.map(|brand| Value::Text(brand.clone())).collect(),
            );
        }
    }
}

impl ListingFilter {
    fn add_to(&self, all: &mut Conditions) {
        let (account, name) = match &self.account {
            Some(name) => (
                " AND l.account_id = (SELECT id FROM accounts WHERE name = ?)",
                vec![Value::Text(name.clone())],
            ),
            None => ("", Vec::new()),
        };
        if let Some(listed) = self.listed {
            all.0.push(Condition {
                sql: format!("id IN (SELECT l.sku_id FROM listings l WHERE 1{account})"),
                values: name.clone(),
                not: !listed,
            });
        }
        if let Some(state) = self.state {
            all.push(
                format!("id IN ({})", state_sql(state, account)),
                name.clone(),
            );
        }
        if let Some(cause) = &self.cause {
            let mut values = vec![Value::Text(cause.clone())];
            values.extend(name);
            all.push(
                format!(
                    "id IN (SELECT l.sku_id FROM problems p
                       CROSS JOIN listings l ON l.id = p.listing_id WHERE p.cause = ?{account})"
                ),
                values,
            );
        }
    }
}

/// SKUs of what stands so.
fn state_sql(state: CellState, account: &str) -> String {
    match (state, candidates_sql(state)) {
        (CellState::Off, _) => {
            format!("SELECT l.sku_id FROM listings l WHERE l.state IN ('paused', 'ended'){account}")
        }
        (_, None) => format!("SELECT l.sku_id FROM listings l WHERE l.state = 'live'{account}"),
        (_, Some(from)) => format!(
            "SELECT l.sku_id FROM listings l WHERE l.id IN ({from}){account} AND {} = '{}'",
            cell_state_sql(),
            state.code()
        ),
    }
}

/// The listings among which are all that stand so, from the rows that say it: usually few.
pub(crate) fn candidates_sql(state: CellState) -> Option<String> {
    let busy = "SELECT listing_id FROM changes
        WHERE state IN ('in_flight', 'accepted', 'unknown') AND listing_id IS NOT NULL";
    let held = "SELECT listing_id FROM changes WHERE state = 'held' AND listing_id IS NOT NULL";
    let wrong = "SELECT listing_id FROM problems WHERE listing_id <> 0";
    Some(match state {
        CellState::Live | CellState::Off => return None,
        CellState::Unknown | CellState::Sent => busy.to_owned(),
        CellState::NeedsYou => format!("{held} UNION {wrong}"),
        CellState::Refused => {
            format!("{wrong} UNION SELECT id FROM listings WHERE state = 'refused'")
        }
        CellState::Pending => "SELECT listing_id FROM changes
              WHERE state = 'waiting' AND listing_id IS NOT NULL
            UNION SELECT listing_id FROM listing_dirty
            UNION SELECT b.id FROM catalogue_dirty d CROSS JOIN listings b ON b.sku_id = d.sku_id
            UNION SELECT id FROM listings WHERE state IN ('new', 'publishing', 'ending')"
            .to_owned(),
    })
}

/// One condition on `skus`.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
    /// Whether it must not hold.
    pub(crate) not: bool,
}

#[derive(Default)]
struct Conditions(Vec<Condition>);

impl Conditions {
    fn push(&mut self, sql: String, values: Vec<Value>) {
        self.0.push(Condition {
            sql,
            values,
            not: false,
        });
    }

    fn either(&mut self, which: Option<bool>, sql: &str) {
        self.0.extend(which.map(|holds| Condition {
            sql: sql.to_owned(),
            values: Vec::new(),
            not: !holds,
        }));
    }

    fn bound(&mut self, sql: &str, bound: Option<i64>) {
        if let Some(bound) = bound {
            self.push(sql.to_owned(), vec![Value::Integer(bound)]);
        }
    }
}
