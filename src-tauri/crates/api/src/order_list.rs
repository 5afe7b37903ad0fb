//! The list of orders as the window shows it: any filter, any order, from any place, with the days
//! on which they must leave.

use barrow_model::{
    Account, Confirmation, FulfilledBy, Money, OrderState, PaymentState, ProblemKind,
};
use barrow_store::{OrderGroup, OrderListFilter, OrderListQuery, OrderRow, OrderSort, OrderTab};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS};
use crate::error::Result;
use crate::report::LISTED_MAX;

/// The furthest that a place on earth is from UTC, in minutes, and some.
const OFFSET_MINUTES_MAX: i32 = 16 * 60;

/// Groups that an answer tells at most.
const GROUPS_MAX: usize = 2_000;

/// Asks for a page of the list of orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OrderRowsRequest {
    /// Only those that have these words: in number, SKUs and titles, or who bought.
    #[serde(default)]
    pub search: Option<String>,
    /// Which orders.
    #[serde(default)]
    pub filter: OrderListFilter,
    /// What they are sorted by; the deadline where nothing is said.
    #[serde(default)]
    pub sort: OrderSort,
    /// The other way round.
    #[serde(default)]
    pub descending: bool,
    /// From this row on, counted from 0.
    #[serde(default)]
    pub at: u64,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
    /// How many minutes the seller's clock is ahead of UTC: his days begin at his midnight.
    #[serde(default)]
    pub offset_minutes: i32,
    /// Goes on in the list of an earlier answer, as it was then.
    #[serde(default)]
    pub view: Option<u64>,
}

/// A page of the list of orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderRowsResponse {
    /// The orders.
    pub rows: Vec<OrderRowView>,
    /// How many there are in the list.
    pub total: u64,
    /// Names the list, to go on in it.
    pub view: u64,
    /// The list by the day on which orders must leave, where it is sorted by that; otherwise all
    /// of it as one.
    pub groups: Vec<OrderGroupView>,
}

/// Orders that must leave on the same day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderGroupView {
    /// The day, in the seller's time; null for orders without a deadline.
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

/// An order as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderRowView {
    /// `ACCOUNT/ID`, as other commands name it.
    pub order: String,
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// The country site.
    pub site: String,
    /// The marketplace's number.
    pub order_id: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Deadline for shipping.
    pub ship_by: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: OrderState,
    /// Whether it is paid.
    pub payment_state: PaymentState,
    /// Whether the marketplace says: do not ship yet.
    pub on_hold: bool,
    /// Whether the buyer asks to cancel.
    pub cancel_requested: bool,
    /// Who ships.
    pub fulfilled_by: FulfilledBy,
    /// The service that the buyer chose.
    pub shipping_service: Option<String>,
    /// What the marketplace calls its total.
    pub total: Option<Money>,
    /// Who bought; null where that is not told.
    pub buyer: Option<String>,
    /// How many lines it has.
    pub lines: u32,
    /// Units of all lines.
    pub units: u32,
    /// What the first three lines are: the own product's title, else what it was sold as.
    pub titles: Vec<String>,
    /// Lines whose SKU no product has.
    pub unmatched: u32,
    /// How far the marketplace knows of the last shipment that was queued here.
    pub confirmation: Option<Confirmation>,
    /// What is wrong with it.
    pub problem: Option<ProblemKind>,
}

/// Asks how many orders there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OrderCountsRequest {}

/// How many orders there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderCountsResponse {
    /// Part by part; an order may be in several.
    pub tabs: Vec<OrderTabCount>,
    /// All of them.
    pub all: u64,
}

/// How many orders a part has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderTabCount {
    /// The part.
    pub tab: OrderTab,
    /// How many.
    pub count: u64,
}

impl Api {
    /// A page of the list of orders.
    pub async fn order_rows(&self, request: OrderRowsRequest) -> Result<OrderRowsResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let (at, token) = (request.at, request.view);
        let query = OrderListQuery {
            search: request.search.filter(|text| !text.trim().is_empty()),
            filter: request.filter,
            sort: request.sort,
            descending: request.descending,
            offset_minutes: request
                .offset_minutes
                .clamp(-OFFSET_MINUTES_MAX, OFFSET_MINUTES_MAX),
        };
        let accounts = self.every_account().await?;
        self.on_store(move |store| {
            let view = store.order_view(&query, token)?;
            let rows = store.read(|db| db.order_rows(view.page(at, limit)))?;
            let groups = view.groups.iter().take(GROUPS_MAX).cloned();
            Ok(OrderRowsResponse {
                rows: rows
                    .into_iter()
                    .map(|row| row_view(&accounts, row))
                    .collect(),
                total: view.ids.len() as u64,
                view: view.token,
                groups: groups.map(OrderGroupView::from).collect(),
            })
        })
        .await
    }

    /// How many orders each part of the list has.
    pub async fn order_counts(&self, _request: OrderCountsRequest) -> Result<OrderCountsResponse> {
        let (tabs, all) = self
            .on_store(|store| store.read(|db| db.order_tab_counts()))
            .await?;
        let tabs = tabs.into_iter();
        Ok(OrderCountsResponse {
            tabs: tabs
                .map(|(tab, count)| OrderTabCount { tab, count })
                .collect(),
            all,
        })
    }
}

impl From<OrderGroup> for OrderGroupView {
    fn from(group: OrderGroup) -> Self {
        Self {
            day: group.day,
            at: group.at,
            count: group.count,
            first: group.first,
            sums: group.sums,
        }
    }
}

fn row_view(accounts: &[Account], row: OrderRow) -> OrderRowView {
    let account = accounts.iter().find(|a| a.id == row.account_id);
    let name = account.map(|a| a.name.clone()).unwrap_or_default();
    OrderRowView {
        order: format!("{name}/{}", row.order_id),
        account: name,
        marketplace: account.map(|a| a.marketplace.0.clone()).unwrap_or_default(),
        site: row.site,
        order_id: row.order_id,
        placed_at: row.placed_at,
        ship_by: row.ship_by,
        state: row.state,
        payment_state: row.payment_state,
        on_hold: row.on_hold,
        cancel_requested: row.cancel_requested,
        fulfilled_by: row.fulfilled_by,
        shipping_service: row.shipping_service,
        total: row.total,
        buyer: row.buyer,
        lines: row.lines,
        units: row.units,
        titles: row.titles,
        unmatched: row.unmatched,
        confirmation: row.confirmation,
        problem: row.problem,
    }
}
