//! Orders as they are read. Writing is in [`crate::order_write`], the ledger in
//! [`crate::booking`].

use barrow_model::{
    AccountId, Address, Amounts, Buyer, Marketplace, Money, Order, OrderLine, OrderRowId,
    OrderState, PaymentState, Site, Sku, SkuId, order_state,
};
use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::fee::StoredFee;
use crate::order_search::order_search_sql;
use crate::sql::{instant, to_code, to_instant, to_instant_opt, to_json, to_money, to_sku};
use crate::store::Reader;

/// Most orders of a page.
pub const ORDERS_PAGE_MAX: usize = 1000;

/// An order in the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredOrder {
    /// Its row.
    pub id: OrderRowId,
    /// The account that it came from.
    pub account_id: AccountId,
    /// That account's name.
    pub account_name: String,
    /// Where it was bought.
    pub marketplace: Marketplace,
    /// The order.
    pub order: Order,
    /// What each line is in the catalogue, in the order of the lines; none until it is matched.
    pub matches: Vec<Option<LineMatch>>,
    /// When it was first seen.
    pub first_seen_at: DateTime<Utc>,
    /// What the marketplace took of it and gave back, in the order in which it was booked.
    pub fees: Vec<StoredFee>,
}

/// What a line of an order is in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineMatch {
    /// The variant or kit.
    pub sku_id: SkuId,
    /// Its SKU.
    pub sku: Sku,
}

/// Which orders are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only in this state.
    pub state: Option<OrderState>,
    /// Only of these accounts; empty for all.
    pub accounts: Vec<AccountId>,
    /// Only those placed then or later.
    pub since: Option<DateTime<Utc>>,
    /// Only those that have these words in their number, a line's SKU or title, or the name of who
    /// bought.
    pub search: Option<String>,
}

/// Where a page begins: orders are listed newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderKey {
    /// When the order was placed, in milliseconds since 1970.
    pub placed_at_ms: i64,
    /// Its row.
    pub id: OrderRowId,
}

/// A page of orders.
#[derive(Clone, Debug, PartialEq)]
pub struct OrdersPage {
    /// The orders.
    pub orders: Vec<StoredOrder>,
    /// Where the next page begins; none at the end.
    pub next: Option<OrderKey>,
}

/// The money of a line; what is not told is left out, so that it replaces nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LineAmounts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit_price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subtotal: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tax: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shipping: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) discount: Option<Money>,
}

const COLUMNS: &str = "o.id, o.account_id, a.name, a.marketplace, o.order_id, o.customer_order_id,
    o.site, o.placed_at, o.updated_at, o.paid_at, o.ship_by, o.deliver_by, o.marketplace_state,
    o.payment_state, o.on_hold, o.cancel_requested, o.replaces, o.fulfilled_by,
    o.shipping_service, o.total_minor, o.total_currency, o.amounts, o.taxes,
    o.needs_acknowledgement, o.first_seen_at, p.buyer, p.ship_to, p.buyer_note";

const TABLES: &str = "orders o JOIN accounts a ON a.id = o.account_id
    LEFT JOIN order_people p ON p.order_row_id = o.id";

impl Reader<'_> {
    /// One order by its row.
    pub fn order(&self, id: OrderRowId) -> Result<StoredOrder, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE o.id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let found = statement
            .query_row([id.0], |row| Ok(read_head(row)))
            .optional()?;
        let head = found.ok_or_else(|| StoreError::not_found("order", id))??;
        self.with_lines(head)
    }

    /// The row of an account's order.
    pub fn order_row(
        &self,
        account_id: AccountId,
        order_id: &str,
    ) -> Result<Option<OrderRowId>, StoreError> {
        let sql = "SELECT id FROM orders WHERE account_id = ?1 AND order_id = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let id = statement
            .query_row((account_id.0, order_id), |row| row.get(0))
            .optional()?;
        Ok(id.map(OrderRowId))
    }

    /// The rows of all orders with this number, over all accounts.
    pub fn orders_numbered(&self, order_id: &str) -> Result<Vec<OrderRowId>, StoreError> {
        let sql = "SELECT id FROM orders WHERE order_id = ?1 ORDER BY id LIMIT 20";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map([order_id], |row| Ok(OrderRowId(row.get(0)?)))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// A page of orders, newest first.
    pub fn orders_page(
        &self,
        filter: &OrderFilter,
        after: Option<OrderKey>,
        limit: usize,
    ) -> Result<OrdersPage, StoreError> {
        let limit = limit.clamp(1, ORDERS_PAGE_MAX);
        let (mut clauses, mut values) = filter_sql(filter);
        if let Some(key) = after {
            clauses.push("(o.placed_at, o.id) < (?, ?)".to_owned());
            values.extend([Value::from(key.placed_at_ms), Value::from(key.id.0)]);
        }
        let clause = if clauses.is_empty() {
            "1".to_owned()
        } else {
            clauses.join(" AND ")
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE {clause}
             ORDER BY o.placed_at DESC, o.id DESC LIMIT {}",
            limit + 1
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut orders = Vec::new();
        let mut more = false;
        while let Some(row) = rows.next()? {
            if orders.len() == limit {
                more = true;
                break;
            }
            orders.push(self.with_lines(read_head(row)?)?);
        }
        let last = orders.last().filter(|_| more);
        let next = last.map(|last: &StoredOrder| OrderKey {
            placed_at_ms: instant(last.order.placed_at),
            id: last.id,
        });
        Ok(OrdersPage { orders, next })
    }

    /// When the people of an order were forgotten.
    pub fn people_erased_at(&self, id: OrderRowId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT erased_at FROM order_people WHERE order_row_id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let at: Option<Option<i64>> = statement.query_row([id.0], |row| row.get(0)).optional()?;
        to_instant_opt(at.flatten())
    }

    /// How many orders there are in each state.
    pub fn orders_by_state(&self) -> Result<Vec<(OrderState, u64)>, StoreError> {
        let sql = "SELECT state, count(*) FROM orders GROUP BY state";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut counts = Vec::new();
        for row in rows {
            let (code, count): (String, i64) = row?;
            counts.push((to_code(&code)?, u64::try_from(count).unwrap_or_default()));
        }
        Ok(counts)
    }

    /// Order numbers of an account that are not finished, oldest first, at most `limit`.
    pub fn open_order_ids(
        &self,
        account_id: AccountId,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT order_id FROM orders
            WHERE account_id = ?1 AND state IN ('pending', 'to_ship', 'partly_shipped', 'unknown')
            ORDER BY placed_at, id LIMIT ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = statement.query_map((account_id.0, limit), |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Orders that wait for an acknowledgement and have none queued, oldest first.
    pub fn orders_to_acknowledge(
        &self,
        account_id: AccountId,
    ) -> Result<Vec<OrderRowId>, StoreError> {
        let sql = "SELECT o.id FROM orders o
            WHERE o.account_id = ?1 AND o.needs_acknowledgement = 1
              AND o.state IN ('to_ship', 'pending') AND o.fulfilled_by = 'seller'
              AND NOT EXISTS (SELECT 1 FROM changes c
                WHERE c.order_row_id = o.id AND c.kind = 'acknowledge')
            ORDER BY o.id LIMIT 10000";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map([account_id.0], |row| Ok(OrderRowId(row.get(0)?)))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The state of an order from what its lines hold.
    pub(crate) fn derived_state(&self, id: OrderRowId) -> Result<OrderState, StoreError> {
        let sql = "SELECT l.line_id, l.sku, l.listing_ref, l.title, l.quantity, l.quantity_shipped,
              l.quantity_cancelled, l.quantity_returned, l.delivered, '{}', '[]',
              o.payment_state
            FROM orders o JOIN order_lines l ON l.order_row_id = o.id WHERE o.id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let mut lines = Vec::new();
        let mut payment = PaymentState::Unknown;
        while let Some(row) = rows.next()? {
            lines.push(read_line(row)?);
            payment = to_code(&row.get::<_, String>(11)?)?;
        }
        Ok(order_state(&lines, payment))
    }

    fn with_lines(&self, mut stored: StoredOrder) -> Result<StoredOrder, StoreError> {
        let sql = "SELECT l.line_id, l.sku, l.listing_ref, l.title, l.quantity, l.quantity_shipped,
              l.quantity_cancelled, l.quantity_returned, l.delivered, l.amounts, l.options,
              l.sku_id, s.sku
            FROM order_lines l LEFT JOIN skus s ON s.id = l.sku_id
            WHERE l.order_row_id = ?1 ORDER BY l.position, l.id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([stored.id.0])?;
        while let Some(row) = rows.next()? {
            stored.order.lines.push(read_line(row)?);
            let sku_id: Option<i64> = row.get(11)?;
            let sku: Option<String> = row.get(12)?;
            let line_match = match (sku_id, sku) {
                (Some(id), Some(sku)) => Some(LineMatch {
                    sku_id: SkuId(id),
                    sku: to_sku(sku)?,
                }),
                _ => None,
            };
            stored.matches.push(line_match);
        }
        stored.order.shipments = self.shipments_of(stored.id)?;
        stored.order.refunds = self.refunds_of(stored.id)?;
        stored.fees = self.order_fees(stored.id)?;
        Ok(stored)
    }
}

fn filter_sql(filter: &OrderFilter) -> (Vec<String>, Vec<Value>) {
    let mut clauses = Vec::new();
    let mut values = Vec::new();
    if let Some(state) = filter.state {
        clauses.push("o.state = ?".to_owned());
        values.push(Value::from(state.code().to_owned()));
    }
    if !filter.accounts.is_empty() {
        let marks = vec!["?"; filter.accounts.len()].join(", ");
        clauses.push(format!("o.account_id IN ({marks})"));
        values.extend(filter.accounts.iter().map(|id| Value::from(id.0)));
    }
    if let Some(since) = filter.since {
        clauses.push("o.placed_at >= ?".to_owned());
        values.push(Value::from(instant(since)));
    }
    if let Some((condition, texts)) = filter.search.as_deref().and_then(order_search_sql) {
        clauses.push(condition);
        values.extend(texts.into_iter().map(Value::from));
    }
    (clauses, values)
}

fn read_head(row: &Row<'_>) -> Result<StoredOrder, StoreError> {
    let buyer: Option<String> = row.get(25)?;
    let ship_to: Option<String> = row.get(26)?;
    let buyer: Buyer = buyer
        .as_deref()
        .map(to_json)
        .transpose()?
        .unwrap_or_default();
    let ship_to: Address = ship_to
        .as_deref()
        .map(to_json)
        .transpose()?
        .unwrap_or_default();
    let amounts: Amounts = to_json(&row.get::<_, String>(21)?)?;
    Ok(StoredOrder {
        id: OrderRowId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        account_name: row.get(2)?,
        marketplace: Marketplace(row.get(3)?),
        order: Order {
            order_id: row.get(4)?,
            customer_order_id: row.get(5)?,
            site: Site(row.get(6)?),
            placed_at: to_instant(row.get(7)?)?,
            updated_at: to_instant_opt(row.get(8)?)?,
            paid_at: to_instant_opt(row.get(9)?)?,
            ship_by: to_instant_opt(row.get(10)?)?,
            deliver_by: to_instant_opt(row.get(11)?)?,
            marketplace_state: row.get(12)?,
            payment_state: to_code(&row.get::<_, String>(13)?)?,
            on_hold: row.get(14)?,
            cancel_requested: row.get(15)?,
            replaces: row.get(16)?,
            fulfilled_by: to_code(&row.get::<_, String>(17)?)?,
            shipping_service: row.get(18)?,
            buyer_note: row.get(27)?,
            total: to_money(row.get(19)?, row.get(20)?)?,
            amounts,
            taxes: to_json(&row.get::<_, String>(22)?)?,
            refunds: Vec::new(),
            buyer: (buyer != Buyer::default()).then_some(buyer),
            ship_to: (ship_to != Address::default()).then_some(ship_to),
            lines: Vec::new(),
            shipments: Vec::new(),
            needs_acknowledgement: row.get(23)?,
        },
        matches: Vec::new(),
        first_seen_at: to_instant(row.get(24)?)?,
        fees: Vec::new(),
    })
}

pub(crate) fn read_line(row: &Row<'_>) -> Result<OrderLine, StoreError> {
    let sku: Option<String> = row.get(1)?;
    let amounts: LineAmounts = to_json(&row.get::<_, String>(9)?)?;
    Ok(OrderLine {
        line_id: row.get(0)?,
        sku: sku.map(to_sku).transpose()?,
        listing_ref: row.get(2)?,
        options: to_json(&row.get::<_, String>(10)?)?,
        title: row.get(3)?,
        quantity: row.get(4)?,
        quantity_shipped: row.get(5)?,
        quantity_cancelled: row.get(6)?,
        quantity_returned: row.get(7)?,
        unit_price: amounts.unit_price,
        subtotal: amounts.subtotal,
        tax: amounts.tax,
        shipping: amounts.shipping,
        discount: amounts.discount,
        delivered: row.get(8)?,
    })
}
