//! Reading orders: `getOrders` and `getOrder` (ebay.md §8.1).

use chrono::{DateTime, Days, Months, Utc};
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, percent_encode};
use super::order::{Order, View};
use super::state::State;

const PAGE_ROWS: usize = 50;
const PAGE_ROWS_MAX: usize = 200;
const ORDER_IDS_MAX: usize = 50;
/// The window where no date is asked for.
const USUAL_DAYS: u64 = 90;
/// How far back orders are shown.
const YEARS_MAX: u32 = 2;

fn problem(id: u32, message: &str) -> Refusal {
    Problem::fulfillment(400, id, message).into()
}

/// A range of dates; the end may be open.
#[derive(Clone, Copy)]
struct Range {
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
}

impl Range {
    fn holds(&self, date: DateTime<Utc>) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

/// What a search asks for.
#[derive(Default)]
struct Filter {
    created: Option<Range>,
    modified: Option<Range>,
    statuses: Option<Vec<String>>,
}

/// `GET /order/{orderId}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let taxes = wants_taxes(call)?;
    let id = call.id(0);
    let order = state.order(id).ok_or_else(|| unknown_order(id))?;
    let view = View {
        now: call.now.wall,
        taxes,
        single: true,
    };
    Ok(Answer::ok(order.shown(state, call, view)))
}

/// The answer to an order id that is unknown.
pub(super) fn unknown_order(id: &str) -> Refusal {
    Problem::fulfillment(404, 32100, &format!("Invalid order ID: {id}")).into()
}

impl State {
    pub(super) fn order(&self, id: &str) -> Option<&Order> {
        self.orders.get(*self.order_places.get(id)?)
    }

    pub(super) fn order_mut(&mut self, id: &str) -> Option<&mut Order> {
        self.orders.get_mut(*self.order_places.get(id)?)
    }
}

fn wants_taxes(call: &Call) -> Result<bool, Refusal> {
    match call.parameter("fieldGroups") {
        None => Ok(false),
        Some("TAX_BREAKDOWN") => Ok(true),
        Some(other) => Err(problem(32800, &format!("Invalid field group: {other}"))),
    }
}

/// `GET /order?filter=&limit=&offset=&orderIds=`, newest first.
pub(super) fn list(state: &mut State, call: &Call) -> Outcome {
    let taxes = wants_taxes(call)?;
    let view = View {
        now: call.now.wall,
        taxes,
        single: false,
    };
    if let Some(ids) = call.parameter("orderIds") {
        return by_ids(state, call, ids, view);
    }
    let (limit, offset) = paging(call)?;
    let filter = read_filter(call)?;
    let found: Vec<&Order> = state
        .orders
        .iter()
        .rev()
        .filter(|order| fits(order, &filter, call.now.wall))
        .collect();
    let total = found.len();
    let page: Vec<Value> = found
        .into_iter()
        .skip(offset)
        .take(limit)
        .map(|order| order.shown(state, call, view))
        .collect();
    let mut extra = String::new();
    for name in ["filter", "fieldGroups"] {
        for value in call.query.all(name) {
            extra.push_str(&format!("{name}={}&", percent_encode(value)));
        }
    }
    let link = |offset: usize| {
        format!(
            "{}{}?{extra}limit={limit}&offset={offset}",
            call.base,
            call.resource()
        )
    };
    let mut body = json!({
        "href": link(offset), "total": total, "limit": limit, "offset": offset, "orders": page,
    });
    if offset.saturating_add(limit) < total {
        body["next"] = json!(link(offset + limit));
    }
    if offset > 0 {
        body["prev"] = json!(link(offset.saturating_sub(limit)));
    }
    Ok(Answer::ok(body))
}

// `orderIds` overrides every other parameter (ebay.md §8.1).
fn by_ids(state: &State, call: &Call, ids: &str, view: View) -> Outcome {
    let ids: Vec<&str> = ids
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .collect();
    if ids.len() > ORDER_IDS_MAX {
        let message = "Exceeded maximum number of order IDs (the current limit is 50)";
        return Err(problem(30900, message));
    }
    let orders = ids.iter().filter_map(|id| state.order(id));
    let orders: Vec<Value> = orders.map(|order| order.shown(state, call, view)).collect();
    Ok(Answer::ok(json!({
        "href": format!("{}{}?orderIds={}", call.base, call.resource(), ids.join(",")),
        "total": orders.len(),
        "limit": PAGE_ROWS,
        "offset": 0,
        "orders": orders,
    })))
}

fn paging(call: &Call) -> Result<(usize, usize), Refusal> {
    let limit = match call.parameter("limit") {
        None => PAGE_ROWS,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=PAGE_ROWS_MAX).contains(limit))
            .ok_or_else(|| problem(31100, &format!("Invalid limit: {text}")))?,
    };
    let offset = match call.parameter("offset") {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| problem(31000, &format!("Invalid offset: {text}")))?,
    };
    Ok((limit, offset))
}

fn fits(order: &Order, filter: &Filter, now: DateTime<Utc>) -> bool {
    let statuses = filter.statuses.as_ref();
    if statuses.is_some_and(|wanted| !wanted.iter().any(|status| status == order.status())) {
        return false;
    }
    let oldest = now
        .checked_sub_months(Months::new(12 * YEARS_MAX))
        .unwrap_or(now);
    if order.created < oldest {
        return false;
    }
    // With both dates only the creation date counts (ebay.md §8.1).
    match (filter.created, filter.modified) {
        (Some(range), _) => range.holds(order.created),
        (None, Some(range)) => range.holds(order.modified),
        (None, None) => order.created >= now.checked_sub_days(Days::new(USUAL_DAYS)).unwrap_or(now),
    }
}

/// Reads `name:[from..to]` and `name:{A|B}`, separated by commas outside brackets.
fn read_filter(call: &Call) -> Result<Filter, Refusal> {
    let mut filter = Filter::default();
    for text in call.query.all("filter") {
        for part in split_outside_brackets(text) {
            let (name, value) = part.split_once(':').unwrap_or((part, ""));
            match name.trim() {
                "creationdate" => filter.created = Some(read_range(name, value, call)?),
                "lastmodifieddate" => filter.modified = Some(read_range(name, value, call)?),
                "orderfulfillmentstatus" => filter.statuses = Some(read_statuses(value)?),
                other => return Err(problem(30700, &format!("Invalid filter name: {other}"))),
            }
        }
    }
    Ok(filter)
}

fn split_outside_brackets(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    text.split(|sign: char| {
        match sign {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        sign == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
    .collect()
}

fn invalid_value(name: &str, value: &str) -> Refusal {
    problem(
        30800,
        &format!("Invalid filter value {value} for filter {name}"),
    )
}

fn read_range(name: &str, value: &str, call: &Call) -> Result<Range, Refusal> {
    let inner = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let (from, to) = inner
        .and_then(|inner| inner.split_once(".."))
        .ok_or_else(|| invalid_value(name, value))?;
    if from.is_empty() {
        return Err(problem(30820, "Start date is missing"));
    }
    let date = |text: &str| {
        let date = DateTime::parse_from_rfc3339(text).map(|date| date.with_timezone(&Utc));
        date.map_err(|_| problem(30810, "Invalid date format"))
    };
    let from = date(from)?;
    let to = if to.is_empty() { None } else { Some(date(to)?) };
    let now = call.now.wall;
    if from > now || to.is_some_and(|to| to > now) {
        return Err(problem(30850, "Start and end dates can't be in the future"));
    }
    if to.is_some_and(|to| from > to) {
        return Err(problem(30840, "Start date should be before end date"));
    }
    let oldest = to
        .unwrap_or(now)
        .checked_sub_months(Months::new(12 * YEARS_MAX));
    if oldest.is_some_and(|oldest| from < oldest) {
        let message = "Time range between start date and end date must be within '2' years.";
        return Err(problem(30830, message));
    }
    Ok(Range { from, to })
}

// Only these two combinations are taken (ebay.md §8.1).
fn read_statuses(value: &str) -> Result<Vec<String>, Refusal> {
    let inner = value
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let mut statuses: Vec<String> = inner
        .unwrap_or_default()
        .split('|')
        .map(|status| status.trim().to_owned())
        .collect();
    statuses.sort();
    let pairs = [["IN_PROGRESS", "NOT_STARTED"], ["FULFILLED", "IN_PROGRESS"]];
    if pairs.iter().any(|pair| statuses == *pair) {
        return Ok(statuses);
    }
    Err(invalid_value("orderfulfillmentstatus", value))
}
