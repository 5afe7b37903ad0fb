//! Reading orders (walmart.md §7.1).

use chrono::{DateTime, Duration, NaiveDate, SecondsFormat, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::super::call::{Answer, Call, ok};
use super::super::error::{ORDERS, Refusal};
use super::super::state::State;
use super::show::{Extras, order as shown};
use super::{LineStatus, NodeType, Order};
use crate::random::seeded_hash;

const LIMIT_DEFAULT: u64 = 100;
const LIMIT_MAX: u64 = 200;
/// What is shown when no start is asked for.
const DEFAULT_DAYS: i64 = 7;
/// How far back orders can be read.
const HISTORY_DAYS: i64 = 180;
/// The most orders of one query.
const ORDERS_MAX: usize = 10_000;

/// `GET /v3/orders`.
pub(in crate::walmart) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    page(state, call, None)
}

/// `GET /v3/orders/released`: orders with lines that nobody has acknowledged.
pub(in crate::walmart) fn released(state: &mut State, call: &Call<'_>) -> Answer {
    page(state, call, Some(LineStatus::Created))
}

/// `GET /v3/orders/{purchaseOrderId}`.
pub(in crate::walmart) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let found = state
        .orders
        .iter()
        .find(|order| order.purchase_order_id == call.segment(1));
    let found = found.ok_or_else(no_order)?;
    ok(&json!({ "order": shown(found, extras(call), &state.keys.partner_id) }))
}

/// Refuses what is asked of an order that is not there.
pub(super) fn no_order() -> Refusal {
    Refusal::not_found(ORDERS, "The purchase order is not found.")
}

fn extras(call: &Call<'_>) -> Extras {
    Extras {
        product_info: call.query.get("productInfo") == Some("true"),
        replacement_info: call.query.get("replacementInfo") == Some("true"),
    }
}

fn page(state: &mut State, call: &Call<'_>, only: Option<LineStatus>) -> Answer {
    let after = cursor_position(state, call)?;
    let filter = Filter::read(call, only)?;
    let limit = call
        .number(ORDERS, "limit", LIMIT_DEFAULT, LIMIT_MAX)?
        .max(1);
    let matching: Vec<(usize, &Order)> = state
        .orders
        .iter()
        .enumerate()
        .filter(|(_, order)| filter.takes(order))
        .collect();
    if matching.len() > ORDERS_MAX {
        let text = "More than 10000 orders match; narrow the dates.";
        return Err(Refusal::content(ORDERS, text).at("createdStartDate"));
    }
    let rest: Vec<&(usize, &Order)> = matching
        .iter()
        .filter(|(index, _)| after.is_none_or(|after| *index > after))
        .collect();
    if rest.is_empty() {
        return Err(Refusal::not_found(
            ORDERS,
            "No order is found for these parameters.",
        ));
    }
    let partner_id = &state.keys.partner_id;
    let orders: Vec<Value> = rest
        .iter()
        .take(limit)
        .map(|(_, order)| shown(order, extras(call), partner_id))
        .collect();
    let mut meta = json!({ "totalCount": matching.len(), "limit": limit });
    let last = rest
        .get(limit - 1)
        .filter(|_| rest.len() > limit)
        .map(|(index, _)| *index);
    if let Some(last) = last {
        let cursor = next_cursor(state.seed, partner_id, call, &filter, limit, last);
        let escaped = state.faults.meets("escaped_cursor", "getAllOrders");
        let cursor = if escaped {
            cursor.replace('&', "&amp;")
        } else {
            cursor
        };
        meta["nextCursor"] = json!(cursor);
    }
    ok(&json!({ "list": { "meta": meta, "elements": { "order": orders } } }))
}

/// Parameters that a cursor carries on.
const CARRIED: [&str; 14] = [
    "sku",
    "customerOrderId",
    "purchaseOrderId",
    "status",
    "fromExpectedShipDate",
    "toExpectedShipDate",
    "lastModifiedStartDate",
    "lastModifiedEndDate",
    "productInfo",
    "replacementInfo",
    "orderType",
    "shipNodeType",
    "shippingProgramType",
    "incentiveInfo",
];

/// Builds the query of the next page, to be sent as it is: its last parameter signs all before it.
fn next_cursor(
    seed: u64,
    partner_id: &str,
    call: &Call<'_>,
    filter: &Filter<'_>,
    limit: usize,
    last: usize,
) -> String {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut text = format!(
        "?limit={limit}&hasMoreElements=true&soIndex={last}&poIndex={last}\
         &partnerId={partner_id}&sellerId={partner_id}&createdStartDate={}&createdEndDate={}",
        time(filter.created.0),
        time(filter.created.1),
    );
    for name in CARRIED {
        if let Some(value) = call.query.get(name) {
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            text.push_str(&format!("&{name}={value}"));
        }
    }
    let signature = seeded_hash(seed, &text);
    format!("{text}&signature={signature:016x}")
}

/// Returns after which order a cursor goes on. A cursor that was changed on its way, if only
/// encoded anew, is refused (walmart.md §14).
fn cursor_position(state: &State, call: &Call<'_>) -> Result<Option<usize>, Refusal> {
    if call.query.get("hasMoreElements").is_none() {
        return Ok(None);
    }
    let raw = call.request.uri().query().unwrap_or_default();
    let refusal = || Refusal::param(ORDERS, "nextCursor", "The cursor is not valid.");
    let (signed, signature) = raw.rsplit_once("&signature=").ok_or_else(refusal)?;
    let expected = format!("{:016x}", seeded_hash(state.seed, &format!("?{signed}")));
    if signature != expected {
        return Err(refusal());
    }
    let position = call.query.get("poIndex").and_then(|text| text.parse().ok());
    position.map(Some).ok_or_else(refusal)
}

type Between = (DateTime<Utc>, DateTime<Utc>);

struct Filter<'a> {
    call: &'a Call<'a>,
    created: Between,
    changed: Between,
    ship_by: Between,
    status: Option<String>,
    node_type: &'a str,
}

impl<'a> Filter<'a> {
    fn read(call: &'a Call<'a>, only: Option<LineStatus>) -> Result<Self, Refusal> {
        let now = call.now.wall;
        let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        let oldest = now - Duration::days(HISTORY_DAYS);
        let since = date(call, "createdStartDate", now - Duration::days(DEFAULT_DAYS))?;
        let node_type = call.query.get("shipNodeType").unwrap_or("SellerFulfilled");
        if !["SellerFulfilled", "WFSFulfilled", "3PLFulfilled"].contains(&node_type) {
            let text = "The type of the ship node is not known.";
            return Err(Refusal::param(ORDERS, "shipNodeType", text));
        }
        let status = match only {
            Some(status) => Some(status.word().to_owned()),
            None => call.query.get("status").map(str::to_owned),
        };
        let known = [
            "Created",
            "Acknowledged",
            "Shipped",
            "Delivered",
            "Cancelled",
        ];
        if status
            .as_ref()
            .is_some_and(|status| !known.contains(&status.as_str()))
        {
            return Err(Refusal::param(ORDERS, "status", "The status is not known."));
        }
        Ok(Self {
            call,
            created: (since.max(oldest), date(call, "createdEndDate", now)?),
            changed: (
                date(call, "lastModifiedStartDate", min)?,
                date(call, "lastModifiedEndDate", max)?,
            ),
            ship_by: (
                date(call, "fromExpectedShipDate", min)?,
                date(call, "toExpectedShipDate", max)?,
            ),
            status,
            node_type,
        })
    }

    fn takes(&self, order: &Order) -> bool {
        let within = |at: DateTime<Utc>, between: Between| between.0 <= at && at <= between.1;
        let query = &self.call.query;
        let is = |name: &str, value: &str| query.get(name).is_none_or(|wanted| wanted == value);
        let has_status = |status: &str| {
            let mut parts = order.lines.iter().flat_map(|line| &line.parts);
            parts.any(|part| part.status.word() == status)
        };
        within(order.placed_at, self.created)
            && within(order.changed_at, self.changed)
            && within(order.ship_by, self.ship_by)
            && order.node_type.word() == self.node_type
            && self.status.as_deref().is_none_or(has_status)
            && is("purchaseOrderId", &order.purchase_order_id)
            && is("customerOrderId", &order.customer_order_id)
            && is(
                "shippingProgramType",
                order.program.as_deref().unwrap_or(""),
            )
            && is("orderType", "REGULAR")
            && query
                .get("sku")
                .is_none_or(|sku| order.lines.iter().any(|line| line.sku == sku))
    }
}

/// Reads `2020-03-16` or `2020-03-16T10:30:15Z`.
fn date(call: &Call<'_>, name: &str, default: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let Some(text) = call.query.get(name) else {
        return Ok(default);
    };
    // An offset's plus sign reads as a space in a query.
    let time = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    if let Ok(time) = time {
        return Ok(time.with_timezone(&Utc));
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let start = day.and_then(|day| day.and_hms_opt(0, 0, 0));
    start.map(|start| start.and_utc()).ok_or_else(|| {
        Refusal::param(
            ORDERS,
            name,
            "The date is not of the form yyyy-MM-ddTHH:mm:ssZ.",
        )
    })
}

impl Order {
    /// Tells whether the seller may act on the order: Walmart's own are read only.
    pub(super) fn is_own(&self) -> bool {
        self.node_type == NodeType::Seller
    }

    /// The order with nothing beside it, as writes answer it.
    pub(super) fn plain(&self, partner_id: &str) -> Value {
        json!({ "order": shown(self, Extras::NONE, partner_id) })
    }
}
