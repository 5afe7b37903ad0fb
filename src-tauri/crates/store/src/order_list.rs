//! The list of orders as the window shows it: filtered, sorted, by the day on which they must
//! leave, and cut from any place.

use std::sync::Arc;

use barrow_model::{
    AccountId, Confirmation, Currency, FulfilledBy, Money, OrderRowId, OrderState, PaymentState,
    ProblemKind,
};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::order_search::order_search_sql;
use crate::page::direction;
use crate::sql::{instant, to_code, to_currency, to_instant, to_instant_opt, to_money};
use crate::store::{Reader, Store};
use crate::view::{View, ViewOf};

/// Titles of lines that a row tells.
const TITLES: i64 = 3;

/// Milliseconds of a day and of a minute.
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// Orders without a deadline come after all others, as their index has it.
const SHIP_BY: &str = "ifnull(o.ship_by, 9223372036854775807)";

/// Something about an order waits for a person.
const NEEDS_YOU: &str = "o.id IN (
    SELECT id FROM orders WHERE cancel_requested = 1
      AND state IN ('pending', 'to_ship', 'partly_shipped')
    UNION SELECT l.order_row_id FROM order_lines l INDEXED BY order_lines_unmatched
      WHERE l.sku_id IS NULL
    UNION SELECT p.order_row_id FROM problems p INDEXED BY problems_order
      WHERE p.order_row_id <> 0)";

/// Which part of the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OrderTab {
    /// To be shipped by the seller, or partly shipped; also what is on hold.
    ToShip,
    /// A buyer asks to cancel, a SKU that no product has, or something went wrong.
    NeedsYou,
    /// Not paid yet.
    Pending,
    /// All of it has left.
    Shipped,
    /// All of it is cancelled.
    Cancelled,
}

/// Which orders are listed; every condition that is there must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct OrderListFilter {
    /// Only this part.
    pub tab: Option<OrderTab>,
    /// Only in one of these states; empty for all.
    pub states: Vec<OrderState>,
    /// Only of these accounts, by name; empty for all.
    pub accounts: Vec<String>,
    /// Only those that must leave at this instant or later.
    pub ship_from: Option<DateTime<Utc>>,
    /// Only those that must leave before this instant.
    pub ship_before: Option<DateTime<Utc>>,
    /// Only those placed at this instant or later.
    pub placed_from: Option<DateTime<Utc>>,
    /// Only those placed before this instant.
    pub placed_before: Option<DateTime<Utc>>,
    /// Only those with a total of at least this, in minor units.
    pub total_min: Option<i64>,
    /// Only those with a line whose SKU no product has, or without.
    pub unmatched: Option<bool>,
    /// Only those that the marketplace keeps back, or not.
    pub on_hold: Option<bool>,
    /// Only those whose buyer asks to cancel, or not.
    pub cancel_requested: Option<bool>,
    /// Only those that the seller ships, or others do.
    pub own: Option<bool>,
}

/// What orders are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OrderSort {
    /// The deadline; those without one last.
    #[default]
    ShipBy,
    /// When it was placed.
    Placed,
    /// The total in minor units.
    Total,
    /// The account, then when it was placed.
    Account,
    /// The order's number.
    Number,
}

/// A list of orders that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderListQuery {
    /// Only those that have these words.
    pub search: Option<String>,
    /// Only those that pass.
    pub filter: OrderListFilter,
    /// In this order.
    pub sort: OrderSort,
    /// The other way round.
    pub descending: bool,
    /// How many minutes the seller's clock is ahead of UTC: his days begin at his midnight.
    pub offset_minutes: i32,
}

/// Orders of a list that must leave on the same day, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderGroup {
    /// The day, in the seller's time; none for orders without a deadline.
    pub day: Option<NaiveDate>,
    /// The place of the first in the list.
    pub at: u64,
    /// How many.
    pub count: u64,
    /// When the first of them must leave.
    pub first: Option<DateTime<Utc>>,
    /// Their totals, by currency.
    pub sums: Vec<Money>,
}

/// An order as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderRow {
    /// Its row.
    pub id: OrderRowId,
    /// The account.
    pub account_id: AccountId,
    /// The marketplace's number.
    pub order_id: String,
    /// The country site.
    pub site: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Deadline for shipping.
    pub ship_by: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: OrderState,
    /// Whether it is paid.
    pub payment_state: PaymentState,
    /// Whether the marketplace keeps it back.
    pub on_hold: bool,
    /// Whether the buyer asks to cancel.
    pub cancel_requested: bool,
    /// Who ships.
    pub fulfilled_by: FulfilledBy,
    /// The service that the buyer chose.
    pub shipping_service: Option<String>,
    /// What the marketplace calls its total.
    pub total: Option<Money>,
    /// Who bought, as far as it is known.
    pub buyer: Option<String>,
    /// How many lines it has.
    pub lines: u32,
    /// Units of all lines.
    pub units: u32,
    /// What the first lines were sold as.
    pub titles: Vec<String>,
    /// Lines whose SKU no product has.
    pub unmatched: u32,
    /// How far the marketplace knows of the last shipment that it was told of.
    pub confirmation: Option<Confirmation>,
    /// What is wrong with it.
    pub problem: Option<ProblemKind>,
}

impl OrderTab {
    fn sql(self) -> &'static str {
        match self {
            Self::ToShip => {
                "o.state IN ('to_ship', 'partly_shipped') AND o.fulfilled_by = 'seller'"
            }
            Self::NeedsYou => NEEDS_YOU,
            Self::Pending => "o.state IN ('pending', 'unknown')",
            Self::Shipped => "o.state IN ('shipped', 'delivered')",
            Self::Cancelled => "o.state = 'cancelled'",
        }
    }
}

impl OrderSort {
    fn sql(self, descending: bool) -> String {
        let (direction, _) = direction(descending);
        let by: &[&str] = match self {
            Self::ShipBy => &[SHIP_BY, "o.placed_at", "o.id"],
            Self::Placed => &["o.placed_at", "o.id"],
            Self::Total => &["ifnull(o.total_minor, -1)", "o.placed_at", "o.id"],
            Self::Account => &["o.account_id", "o.placed_at", "o.id"],
            Self::Number => &["o.order_id", "o.id"],
        };
        let by: Vec<String> = by.iter().map(|by| format!("{by} {direction}")).collect();
        by.join(", ")
    }
}

impl OrderListFilter {
    /// Conditions on `orders o`, and their values in order.
    fn sql(&self) -> (Vec<String>, Vec<Value>) {
        let mut clauses: Vec<String> = self.tab.iter().map(|tab| tab.sql().to_owned()).collect();
        let mut values = Vec::new();
        let mut any_of = |column: &str, texts: Vec<String>| {
            if !texts.is_empty() {
                let marks = vec!["?"; texts.len()].join(", ");
                clauses.push(format!("{column} IN ({marks})"));
                values.extend(texts.into_iter().map(Value::Text));
            }
        };
        let states = self.states.iter().map(|state| state.code().to_owned());
        any_of("o.state", states.collect());
        if !self.accounts.is_empty() {
            let marks = vec!["?"; self.accounts.len()].join(", ");
            clauses.push(format!(
                "o.account_id IN (SELECT id FROM accounts WHERE name IN ({marks}))"
            ));
            values.extend(self.accounts.iter().cloned().map(Value::Text));
        }
        let bounds = [
            ("o.ship_by >= ?", self.ship_from.map(instant)),
            ("o.ship_by < ?", self.ship_before.map(instant)),
            ("o.placed_at >= ?", self.placed_from.map(instant)),
            ("o.placed_at < ?", self.placed_before.map(instant)),
            ("o.total_minor >= ?", self.total_min),
        ];
        for (clause, bound) in bounds {
            if let Some(bound) = bound {
                clauses.push(clause.to_owned());
                values.push(Value::Integer(bound));
            }
        }
        let unmatched = "o.id IN (SELECT order_row_id FROM order_lines WHERE sku_id IS NULL)";
        let own = "o.fulfilled_by = 'seller'";
        let choices = [
            (unmatched, self.unmatched),
            ("o.on_hold = 1", self.on_hold),
            ("o.cancel_requested = 1", self.cancel_requested),
            (own, self.own),
        ];
        for (clause, wanted) in choices {
            match wanted {
                Some(true) => clauses.push(clause.to_owned()),
                Some(false) => clauses.push(format!("NOT ({clause})")),
                None => {}
            }
        }
        (clauses, values)
    }
}

impl Store {
    /// The list of orders that was asked for. With the token of a list that is still kept it is
    /// that list, whatever was written since.
    pub fn order_view(
        &self,
        query: &OrderListQuery,
        token: Option<u64>,
    ) -> Result<Arc<View>, StoreError> {
        let of = ViewOf::Orders(query.clone());
        let seen = vec![self.data_version()?];
        if let Some(view) = self.shared.views.find(&of, token, &seen) {
            return Ok(view);
        }
        let view = self.read(|db| db.list_orders(query))?;
        Ok(self.shared.views.keep(of, seen, view))
    }
}

impl Reader<'_> {
    fn list_orders(&self, query: &OrderListQuery) -> Result<View, StoreError> {
        let (sql, values) = list_sql(query);
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut view = View {
            token: 0,
            ids: Vec::new(),
            complete: true,
            groups: Vec::new(),
        };
        while let Some(row) = rows.next()? {
            let ship_by: Option<i64> = row.get(1)?;
            let total = to_money(row.get(2)?, row.get(3)?)?;
            add_to_group(&mut view, ship_by, total, query)?;
            view.ids.push(row.get(0)?);
        }
        Ok(view)
    }

    /// Orders as lists show them, by their rows; those that are gone are left out.
    pub fn order_rows(&self, ids: &[i64]) -> Result<Vec<OrderRow>, StoreError> {
        let sql = format!(
            "SELECT o.id, o.account_id, o.order_id, o.site, o.placed_at, o.ship_by, o.state,
               o.payment_state, o.on_hold, o.cancel_requested, o.fulfilled_by,
               o.shipping_service, o.total_minor, o.total_currency,
               ifnull(nullif(p.ship_to ->> 'name', ''),
                 ifnull(nullif(p.buyer ->> 'name', ''), p.buyer ->> 'username')),
               (SELECT s.confirmation FROM shipments s WHERE s.order_row_id = o.id
                 AND s.change_id IS NOT NULL ORDER BY s.id DESC LIMIT 1),
               (SELECT w.kind FROM problems w WHERE w.order_row_id = o.id AND w.order_row_id <> 0
                 ORDER BY w.id LIMIT 1),
               (SELECT count(*) FROM order_lines l WHERE l.order_row_id = o.id),
               (SELECT ifnull(sum(l.quantity), 0) FROM order_lines l WHERE l.order_row_id = o.id),
               (SELECT count(*) FROM order_lines l
                 WHERE l.order_row_id = o.id AND l.sku_id IS NULL),
               (SELECT json_group_array(title) FROM (SELECT ifnull(g.title, l.title) AS title
                 FROM order_lines l LEFT JOIN skus k ON k.id = l.sku_id
                 LEFT JOIN products g ON g.id = k.product_id
                 WHERE l.order_row_id = o.id ORDER BY l.position, l.id LIMIT {TITLES}))
             FROM orders o LEFT JOIN order_people p ON p.order_row_id = o.id WHERE o.id = ?1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut orders = Vec::with_capacity(ids.len());
        for id in ids {
            let mut rows = statement.query([id])?;
            if let Some(row) = rows.next()? {
                orders.push(order_row(row)?);
            }
        }
        Ok(orders)
    }

    /// How many orders each part has, and how many there are in all.
    pub fn order_tab_counts(&self) -> Result<(Vec<(OrderTab, u64)>, u64), StoreError> {
        let count = |condition: &str| -> Result<u64, StoreError> {
            let sql = format!("SELECT count(*) FROM orders o WHERE {condition}");
            let mut statement = self.connection().prepare_cached(&sql)?;
            let count: i64 = statement.query_row([], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        };
        let mut counts = Vec::new();
        for tab in [
            OrderTab::ToShip,
            OrderTab::NeedsYou,
            OrderTab::Pending,
            OrderTab::Shipped,
            OrderTab::Cancelled,
        ] {
            counts.push((tab, count(tab.sql())?));
        }
        Ok((counts, count("1")?))
    }
}

fn list_sql(query: &OrderListQuery) -> (String, Vec<Value>) {
    let (mut clauses, mut values) = query.filter.sql();
    if let Some((condition, texts)) = query.search.as_deref().and_then(order_search_sql) {
        clauses.push(condition);
        values.extend(texts.into_iter().map(Value::from));
    }
    let clause = match clauses.is_empty() {
        true => "1".to_owned(),
        false => clauses.join(" AND "),
    };
    let order = query.sort.sql(query.descending);
    let sql = format!(
        "SELECT o.id, o.ship_by, o.total_minor, o.total_currency FROM orders o
         WHERE {clause} ORDER BY {order}"
    );
    (sql, values)
}

/// Counts an order to its day. Days are told where orders are sorted by them; otherwise all orders
/// are one group without a day.
fn add_to_group(
    view: &mut View,
    ship_by: Option<i64>,
    total: Option<Money>,
    query: &OrderListQuery,
) -> Result<(), StoreError> {
    let offset = i64::from(query.offset_minutes) * MINUTE_MS;
    let by_day = query.sort == OrderSort::ShipBy;
    let day = ship_by
        .filter(|_| by_day)
        .map(|at| (at + offset).div_euclid(DAY_MS));
    let day = day.and_then(|day| NaiveDate::from_epoch_days(i32::try_from(day).ok()?));
    let ship_by = ship_by.map(to_instant).transpose()?;
    let at = view.ids.len() as u64;
    if view
        .groups
        .last()
        .is_none_or(|group| by_day && group.day != day)
    {
        view.groups.push(OrderGroup {
            day,
            at,
            count: 0,
            first: ship_by,
            sums: Vec::new(),
        });
    }
    // A group was pushed where there was none.
    let Some(group) = view.groups.last_mut() else {
        return Ok(());
    };
    group.count += 1;
    group.first = match (group.first, ship_by) {
        (Some(first), Some(at)) => Some(first.min(at)),
        (first, at) => first.or(at),
    };
    if let Some(total) = total {
        let same = |sum: &&mut Money| sum.currency == total.currency;
        match group.sums.iter_mut().find(same) {
            Some(sum) => sum.minor = sum.minor.saturating_add(total.minor),
            None => group.sums.push(total),
        }
    }
    Ok(())
}

fn order_row(row: &Row<'_>) -> Result<OrderRow, StoreError> {
    let currency: Option<String> = row.get(13)?;
    let currency: Option<Currency> = currency.as_deref().map(to_currency).transpose()?;
    let total: Option<i64> = row.get(12)?;
    let confirmation: Option<String> = row.get(15)?;
    let problem: Option<String> = row.get(16)?;
    Ok(OrderRow {
        id: OrderRowId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        order_id: row.get(2)?,
        site: row.get(3)?,
        placed_at: to_instant(row.get(4)?)?,
        ship_by: to_instant_opt(row.get(5)?)?,
        state: to_code(&row.get::<_, String>(6)?)?,
        payment_state: to_code(&row.get::<_, String>(7)?)?,
        on_hold: row.get(8)?,
        cancel_requested: row.get(9)?,
        fulfilled_by: to_code(&row.get::<_, String>(10)?)?,
        shipping_service: row.get(11)?,
        total: total
            .zip(currency)
            .map(|(minor, currency)| Money::new(minor, currency)),
        buyer: row.get(14)?,
        confirmation: confirmation.as_deref().map(to_code).transpose()?,
        problem: problem.as_deref().and_then(ProblemKind::from_code),
        lines: row.get(17)?,
        units: row.get(18)?,
        unmatched: row.get(19)?,
        titles: crate::sql::to_json(&row.get::<_, String>(20)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{OrderListFilter, OrderListQuery, OrderSort, OrderTab, list_sql};
    use crate::store::tests::memory;
    use crate::view::tests::plan;

    #[test]
    fn lists_of_orders_walk_no_more_than_they_show() {
        let store = memory();
        let check = |query: OrderListQuery, index: &str, sorted: bool| {
            let (sql, values) = list_sql(&query);
            let steps = plan(&store, &sql, values.len());
            assert!(steps.contains(index), "{query:?}\n{steps}");
            assert_eq!(
                steps.contains("USE TEMP B-TREE"),
                sorted,
                "{query:?}\n{steps}"
            );
        };
        let by = |sort| OrderListQuery {
            sort,
            ..OrderListQuery::default()
        };
        check(by(OrderSort::ShipBy), "orders_ship_by", false);
        check(by(OrderSort::Placed), "orders_placed", false);
        let tab = |tab| OrderListQuery {
            filter: OrderListFilter {
                tab: Some(tab),
                ..OrderListFilter::default()
            },
            ..OrderListQuery::default()
        };
        check(tab(OrderTab::NeedsYou), "order_lines_unmatched", true);
        let found = OrderListQuery {
            search: Some("mug".into()),
            ..OrderListQuery::default()
        };
        check(found, "order_search", true);
        for tab in [OrderTab::ToShip, OrderTab::Pending, OrderTab::Shipped] {
            let sql = format!("SELECT count(*) FROM orders o WHERE {}", tab.sql());
            let steps = plan(&store, &sql, 0);
            assert!(steps.contains("USING"), "{tab:?}\n{steps}");
        }
    }
}
