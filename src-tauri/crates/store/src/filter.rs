//! Which rows of the catalogue a list shows.

use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

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
    /// Only those with a price, or without.
    pub priced: Option<bool>,
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
        let mut sql = Conditions::default();
        match self.kind {
            Some(SkuKind::Variant) => sql.push("kind = 'variant'"),
            Some(SkuKind::Kit) => sql.push("kind = 'kit'"),
            None => {}
        }
        sql.either(self.on_hand, "on_hand > 0", "on_hand <= 0");
        sql.bound("on_hand >= ?", self.on_hand_min);
        sql.bound("on_hand <= ?", self.on_hand_max);
        sql.either(
            self.priced,
            "price_minor IS NOT NULL",
            "price_minor IS NULL",
        );
        // As its index has it; no price is below all others.
        sql.bound(
            "ifnull(price_minor, -1) >= ?",
            self.price_min.map(|minor| minor.max(0)),
        );
        if let Some(most) = self.price_max {
            sql.push("ifnull(price_minor, -1) BETWEEN 0 AND ?");
            sql.values.push(Value::Integer(most));
        }
        sql.either(self.costed, "cost_minor IS NOT NULL", "cost_minor IS NULL");
        if self.margin_min.is_some() || self.margin_max.is_some() {
            sql.push(&format!("{MARGIN} BETWEEN ? AND ?"));
            let least = self.margin_min.unwrap_or(i64::MIN).max(-999_999);
            sql.values.push(Value::Integer(least));
            let most = self.margin_max.unwrap_or(i64::MAX);
            sql.values.push(Value::Integer(most));
        }
        self.add_brands(&mut sql);
        sql.either(self.gtin, "gtin IS NOT NULL", "gtin IS NULL");
        let pictures = "(images <> '[]' OR EXISTS (SELECT 1 FROM products p
            WHERE p.id = skus.product_id AND p.images <> '[]'))";
        sql.either(self.images, pictures, &format!("NOT {pictures}"));
        if let Some(handle) = &self.handle {
            sql.push("product_id = (SELECT id FROM products WHERE handle = ?)");
            sql.values.push(Value::Text(handle.clone()));
        }
        if let Some(listing) = &self.listing {
            listing.add_to(&mut sql);
        }
        (sql.sql, sql.values)
    }

    fn add_brands(&self, sql: &mut Conditions) {
        // One brand beside several is one of them: both conditions must hold.
        for several in [self.brand.as_slice(), self.brands.as_slice()] {
            if several.is_empty() {
                continue;
            }
            let marks = vec!["?"; several.len().min(BRANDS_MAX)].join(", ");
            sql.push(&format!(
                "product_id IN (SELECT id FROM products WHERE brand IN ({marks}))"
            ));
            let texts = several.iter().take(BRANDS_MAX);
            sql.values
                .extend(texts.map(|brand| Value::Text(brand.clone())));
        }
    }
}

impl ListingFilter {
    fn add_to(&self, sql: &mut Conditions) {
        let (account, name) = match &self.account {
            Some(name) => (
                " AND l.account_id = (SELECT id FROM accounts WHERE name = ?)",
                Some(Value::Text(name.clone())),
            ),
            None => ("", None),
        };
        if let Some(listed) = self.listed {
            let not = if listed { "" } else { "NOT " };
            sql.push(&format!(
                "{not}EXISTS (SELECT 1 FROM listings l WHERE l.sku_id = skus.id{account})"
            ));
            sql.values.extend(name.clone());
        }
        if let Some(state) = self.state {
            sql.push(&format!("id IN ({})", state_sql(state, account)));
            sql.values.extend(name.clone());
        }
        if let Some(cause) = &self.cause {
            sql.push(&format!(
                "id IN (SELECT l.sku_id FROM problems p CROSS JOIN listings l ON l.id = p.listing_id
                   WHERE p.cause = ?{account})"
            ));
            sql.values.push(Value::Text(cause.clone()));
            sql.values.extend(name);
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

#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    fn push(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    fn either(&mut self, which: Option<bool>, yes: &str, no: &str) {
        match which {
            Some(true) => self.push(yes),
            Some(false) => self.push(no),
            None => {}
        }
    }

    fn bound(&mut self, condition: &str, bound: Option<i64>) {
        if let Some(bound) = bound {
            self.push(condition);
            self.values.push(Value::Integer(bound));
        }
    }
}
