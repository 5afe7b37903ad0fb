//! Cancelling orders through the Post-Order API (ebay.md §8.5).

use chrono::DateTime;
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Refusal};
use super::call::{Call, text};
use super::order::{CancelState, Cancellation, Order, Refund, stamp};
use super::state::State;
use crate::Now;

/// What a seller may give as the reason.
const SELLER_REASONS: &[&str] = &[
    "BUYER_ASKED_CANCEL",
    "ADDRESS_ISSUES",
    "OUT_OF_STOCK_OR_CANNOT_FULFILL",
];
/// How long a seller has to agree.
const APPROVAL_DAYS: i64 = 3;
/// Cancellations of one search.
const SEARCH_ROWS_MAX: usize = 200;

fn refusal(status: u16, id: u32, message: &'static str) -> Refusal {
    Refusal::PostOrder {
        status,
        id,
        message,
    }
}

fn unknown_order() -> Refusal {
    refusal(404, 1612, "The order was not found.")
}

fn unknown_cancellation() -> Refusal {
    refusal(404, 1613, "The cancellation was not found.")
}

fn is_eligible(order: &Order) -> bool {
    let open = order
        .cancellation
        .as_ref()
        .is_some_and(|it| it.state != CancelState::Rejected);
    order.shipments.is_empty() && !open
}

/// `POST /cancellation/check_eligibility {"legacyOrderId"}`.
pub(super) fn check(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let id = text(&body, "legacyOrderId").unwrap_or_default();
    let order = state.order(id).ok_or_else(unknown_order)?;
    let eligible = is_eligible(order);
    let mut answer = json!({
        "legacyOrderId": id,
        "eligible": eligible,
        "eligibilityStatus": if eligible { "ELIGIBLE" } else { "INELIGIBLE" },
    });
    if !eligible {
        let reason = if order.shipments.is_empty() {
            "CANCEL_EXISTS"
        } else {
            "ORDER_SHIPPED"
        };
        answer["failureReason"] = json!([reason]);
    }
    Ok(Answer::ok(answer))
}

/// `POST /cancellation`: the seller cancels; what the buyer paid is refunded.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let legacy_id = text(&body, "legacyOrderId").unwrap_or_default();
    let reason = text(&body, "cancelReason").unwrap_or_default().to_owned();
    if !SELLER_REASONS.contains(&reason.as_str()) {
        return Err(refusal(400, 1604, "The cancel reason is invalid."));
    }
    let order = state.order(legacy_id).ok_or_else(unknown_order)?;
    if !is_eligible(order) {
        return Err(refusal(409, 1616, "The order cannot be cancelled."));
    }
    let order_id = order.id.clone();
    let number = state.next("cancellation");
    let id = format!("{}", 5_350_000_000 + state.seed % 997 * 10_000 + number);
    state.cancellations.insert(id.clone(), order_id.clone());
    if let Some(order) = state.order_mut(&order_id) {
        order.cancellation = Some(Cancellation {
            id: id.clone(),
            state: CancelState::Requested,
            by_buyer: false,
            reason,
            requested: call.now.wall,
            closed: None,
        });
    }
    complete(state, &order_id, call.now);
    Ok(Answer::json(201, json!({ "cancelId": id })))
}

/// Cancels for good and gives back what was paid and not yet refunded.
fn complete(state: &mut State, order_id: &str, now: Now) {
    let number = state.next("refund");
    let refund_id = format!("{}", 5_017_000_000 + state.seed % 997 * 10_000 + number);
    let place = state.order_places.get(order_id).copied();
    state.unsettled.extend(place);
    let Some(order) = state.order_mut(order_id) else {
        return;
    };
    if let Some(cancellation) = &mut order.cancellation {
        cancellation.state = CancelState::Completed;
        cancellation.closed = Some(now.wall);
    }
    let left = order.total_minor() - order.refunded_minor();
    if order.paid() && left > 0 {
        order.refunds.push(Refund {
            id: refund_id,
            at: now.wall,
            done_at: now.elapsed,
            done: false,
            minor: left,
            lines: Vec::new(),
        });
    }
    order.modified = now.wall;
}

fn order_of<'a>(state: &'a State, id: &str) -> Result<&'a Order, Refusal> {
    let order = state
        .cancellations
        .get(id)
        .and_then(|order| state.order(order));
    let current = |order: &&Order| order.cancellation.as_ref().is_some_and(|it| it.id == id);
    order.filter(current).ok_or_else(unknown_cancellation)
}

/// The order whose buyer waits for the seller's word.
fn waiting(state: &State, id: &str) -> Result<String, Refusal> {
    let order = order_of(state, id)?;
    let open = order
        .cancellation
        .as_ref()
        .is_some_and(|it| it.state == CancelState::Requested && it.by_buyer);
    if open {
        return Ok(order.id.clone());
    }
    Err(refusal(409, 1617, "The cancellation is closed."))
}

/// `POST /cancellation/{cancelId}/approve`, without a body.
pub(super) fn approve(state: &mut State, call: &Call) -> Outcome {
    let order = waiting(state, call.id(0))?;
    complete(state, &order, call.now);
    Ok(Answer::ok(json!({})))
}

/// `POST /cancellation/{cancelId}/reject`.
pub(super) fn reject(state: &mut State, call: &Call) -> Outcome {
    let order = waiting(state, call.id(0))?;
    if let Some(order) = state.order_mut(&order) {
        if let Some(cancellation) = &mut order.cancellation {
            cancellation.state = CancelState::Rejected;
            cancellation.closed = Some(call.now.wall);
        }
        order.modified = call.now.wall;
    }
    Ok(Answer::ok(json!({})))
}

fn shown(order: &Order, cancellation: &Cancellation) -> Value {
    let (state, status) = match (cancellation.state, cancellation.by_buyer) {
        (CancelState::Requested, _) => ("APPROVAL_PENDING", "CANCEL_REQUESTED"),
        (CancelState::Rejected, _) => ("CLOSED", "CANCEL_REJECTED"),
        (CancelState::Completed, _) => ("CLOSED", "CANCEL_CLOSED_WITH_REFUND"),
    };
    let mut body = json!({
        "cancelId": cancellation.id,
        "legacyOrderId": order.legacy_id(),
        "marketplaceId": order.site,
        "requestorType": if cancellation.by_buyer { "BUYER" } else { "SELLER" },
        "cancelReason": cancellation.reason,
        "cancelState": state,
        "cancelStatus": status,
        "cancelRequestDate": { "value": stamp(cancellation.requested) },
    });
    if state == "APPROVAL_PENDING" {
        let by = cancellation.requested + chrono::Duration::days(APPROVAL_DAYS);
        body["sellerResponseDueDate"] = json!({ "value": stamp(by) });
    }
    if let Some(date) = cancellation.closed {
        body["cancelCloseDate"] = json!({ "value": stamp(date) });
    }
    body
}

/// `GET /cancellation/{cancelId}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let order = order_of(state, call.id(0))?;
    let detail = order.cancellation.as_ref().map(|it| shown(order, it));
    Ok(Answer::ok(json!({ "cancelDetail": detail })))
}

/// `GET /cancellation/search`, newest first.
pub(super) fn search(state: &mut State, call: &Call) -> Outcome {
    let wanted = call.parameter("legacy_order_id");
    let number = |name: &str| call.parameter(name).and_then(|text| text.parse().ok());
    let limit: usize = number("limit").unwrap_or(SEARCH_ROWS_MAX);
    let skip: usize = number("offset").unwrap_or(0);
    let bound = |name: &str| {
        let text = call.parameter(&format!("creation_date_range_{name}"))?;
        DateTime::parse_from_rfc3339(text).ok()
    };
    let (from, to) = (bound("from"), bound("to"));
    let is_in = |it: &Cancellation| {
        from.is_none_or(|from| it.requested >= from) && to.is_none_or(|to| it.requested <= to)
    };
    let orders = state.orders.iter().rev();
    let rows: Vec<Value> = orders
        .filter(|order| wanted.is_none_or(|id| id == order.legacy_id()))
        .filter_map(|order| Some((order, order.cancellation.as_ref()?)))
        .filter(|(_, it)| is_in(it))
        .map(|(order, it)| shown(order, it))
        .collect();
    let total = rows.len();
    let rows: Vec<Value> = rows
        .into_iter()
        .skip(skip)
        .take(limit.clamp(1, SEARCH_ROWS_MAX))
        .collect();
    Ok(Answer::ok(json!({ "cancellations": rows, "total": total })))
}
