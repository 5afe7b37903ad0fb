//! Reading orders (amazon.md §7.1).

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::call::{Answer, Call, instant, known_site, ok};
use super::super::error::Refusal;
use super::super::fault::{MISSING_PII_ROLE, REDUCED_DATA};
use super::super::state::State;
use super::Order;
use super::show::{DATA, order as shown};

const PAGE_SIZE_MAX: usize = 100;
const SITES_MAX: usize = 50;
/// An end must be this old, and is this old where none is given (amazon.md §7.1).
const END_AGE: Duration = Duration::minutes(2);
/// How long a page can be asked for.
const TOKEN_LIFE: Duration = Duration::hours(24);
/// How far back orders are known.
const HISTORY_DAYS: i64 = 730;
/// The most pages that can be asked for at once; the oldest is forgotten first.
const WALKS_MAX: usize = 1_000;

const STATUSES: [&str; 7] = [
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
];

/// A page that is still to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::amazon) struct Walk {
    token: String,
    question: String,
    /// The last order of the page before.
    after: (DateTime<Utc>, String),
    /// What the first page vouched for.
    covered: DateTime<Utc>,
    begun_at: DateTime<Utc>,
}

/// `GET /orders/2026-01-01/orders/{orderId}`.
pub(in crate::amazon) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let data = data(state, call, "getOrder")?;
    let id = call.segment(3);
    if !is_order_id(id) {
        return Err(Refusal::param("orderId", "not of the form 3-7-7"));
    }
    let found = state.orders.iter().find(|order| order.id == id);
    let found = found.ok_or_else(no_order)?;
    ok(&json!({ "order": shown(found, &data, call.now) }))
}

/// Refuses what is asked of an order that is not there.
pub(super) fn no_order() -> Refusal {
    Refusal::not_found("The order is not found.")
}

fn is_order_id(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [3, 7, 7] && id.bytes().all(|c| c.is_ascii_digit() || c == b'-')
}

/// Returns which data sets are asked for, where the seller's roles allow them.
fn data<'a>(
    state: &mut State,
    call: &'a Call<'_>,
    operation: &str,
) -> Result<Vec<&'a str>, Refusal> {
    let data = call.words("includedData", &DATA)?;
    let personal = ["BUYER", "RECIPIENT", "TAX"];
    if data.iter().any(|name| personal.contains(name))
        && state.faults.meets(MISSING_PII_ROLE, operation)
    {
        return Err(Refusal::denied());
    }
    let plain = ["PROCEEDS", "FULFILLMENT", "PACKAGES", "CANCELLATION"];
    if data.iter().any(|name| !plain.contains(name)) && state.faults.meets(REDUCED_DATA, operation)
    {
        return Err(Refusal::param("includedData", "not available"));
    }
    Ok(data)
}

/// `GET /orders/2026-01-01/orders`. Orders come by the time that is asked for, so that one that
/// changes meanwhile moves to the end: it may be told twice and is never left out.
pub(in crate::amazon) fn search(state: &mut State, call: &Call<'_>) -> Answer {
    let data = data(state, call, "searchOrders")?;
    let size = call.number("maxResultsPerPage", PAGE_SIZE_MAX, PAGE_SIZE_MAX)?;
    let filter = Filter::read(call)?;
    let question = question(call);
    let walk = walk(state, call, &question)?;
    let covered = match &walk {
        Some(walk) => walk.covered,
        None => filter.until.unwrap_or(call.now.wall - END_AGE),
    };
    let mut found: Vec<&Order> = state
        .orders
        .iter()
        .filter(|order| filter.takes(order))
        .collect();
    let position = |order: &Order| (filter.time(order), order.id.clone());
    if let Some(walk) = &walk {
        found.retain(|order| position(order) > walk.after);
    }
    found.sort_by_cached_key(|order| position(order));
    let orders: Vec<Value> = found
        .iter()
        .take(size)
        .map(|order| shown(order, &data, call.now))
        .collect();
    let more = found.len() > size;
    let last = found
        .get(size.saturating_sub(1))
        .filter(|_| more)
        .map(|order| position(order));
    let mut body = json!({ "orders": orders });
    body[filter.end_name()] = Value::from(instant(covered));
    if let Some(after) = last {
        let token = state.opaque(64);
        body["pagination"] = json!({ "nextToken": token });
        while state.walks.len() >= WALKS_MAX {
            state.walks.pop_front();
        }
        state.walks.push_back(Walk {
            token,
            question,
            after,
            covered,
            begun_at: call.now.wall,
        });
    }
    ok(&body)
}

/// Everything that was asked but what may change from page to page.
fn question(call: &Call<'_>) -> String {
    let free = ["paginationToken", "maxResultsPerPage", "includedData"];
    let mut pairs: Vec<(&str, &str)> = call
        .query
        .pairs()
        .filter(|(name, _)| !free.contains(name))
        .collect();
    pairs.sort();
    format!("{pairs:?}")
}

fn walk(state: &State, call: &Call<'_>, question: &str) -> Result<Option<Walk>, Refusal> {
    let Some(token) = call.query.get("paginationToken") else {
        return Ok(None);
    };
    let walk = state.walks.iter().find(|walk| walk.token == token);
    let walk = walk.filter(|walk| walk.begun_at + TOKEN_LIFE > call.now.wall);
    let walk = walk.ok_or_else(|| Refusal::param("paginationToken", "not valid or too old"))?;
    if walk.question != question {
        let text = "The parameters must be those that the pagination token was given for.";
        return Err(Refusal::invalid(text));
    }
    Ok(Some(walk.clone()))
}

struct Filter<'a> {
    by_update: bool,
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    sites: Vec<&'a str>,
    statuses: Vec<&'a str>,
    fulfilled_by: Vec<&'a str>,
}

impl<'a> Filter<'a> {
    fn read(call: &'a Call<'_>) -> Result<Self, Refusal> {
        let created = (call.time("createdAfter")?, call.time("createdBefore")?);
        let updated = (
            call.time("lastUpdatedAfter")?,
            call.time("lastUpdatedBefore")?,
        );
        let (by_update, since, until) = match (created, updated) {
            ((Some(since), until), (None, None)) => (false, since, until),
            ((None, None), (Some(since), until)) => (true, since, until),
            _ => {
                let text = "Exactly one of createdAfter and lastUpdatedAfter must be given, with \
                            no end of the other.";
                return Err(Refusal::invalid(text));
            }
        };
        let end = if by_update {
            "lastUpdatedBefore"
        } else {
            "createdBefore"
        };
        if until.is_some_and(|until| until > call.now.wall - END_AGE) {
            return Err(Refusal::param(end, "less than two minutes ago"));
        }
        if until.is_some_and(|until| until < since) {
            return Err(Refusal::param(end, "before the beginning"));
        }
        let sites = call.list("marketplaceIds", SITES_MAX)?;
        for site in &sites {
            known_site(site)?;
        }
        Ok(Self {
            by_update,
            since: since.max(call.now.wall - Duration::days(HISTORY_DAYS)),
            until,
            sites,
            statuses: call.words("fulfillmentStatuses", &STATUSES)?,
            fulfilled_by: call.words("fulfilledBy", &["MERCHANT", "AMAZON"])?,
        })
    }

    fn end_name(&self) -> &'static str {
        if self.by_update {
            "lastUpdatedBefore"
        } else {
            "createdBefore"
        }
    }

    fn time(&self, order: &Order) -> DateTime<Utc> {
        if self.by_update {
            order.updated_at
        } else {
            order.created_at
        }
    }

    fn takes(&self, order: &Order) -> bool {
        let at = self.time(order);
        let within = self.since <= at && self.until.is_none_or(|until| at <= until);
        let shipper = if order.by_amazon {
            "AMAZON"
        } else {
            "MERCHANT"
        };
        let is = |wanted: &[&str], word: &str| wanted.is_empty() || wanted.contains(&word);
        within
            && is(&self.sites, &order.site)
            && is(&self.statuses, order.status.word())
            && is(&self.fulfilled_by, shipper)
    }
}
