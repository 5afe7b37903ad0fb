//! Refunds by the seller (ebay.md §8.4).

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, text};
use super::check::price_of;
use super::order::{Order, Refund};
use super::state::{Body, State};

/// How long a refund stays PENDING.
const PROCESSING: Duration = Duration::from_secs(60);
/// The longest comment that is refused by its own error; the schema says 100 (ebay.md §8.4).
const COMMENT_CHARS_MAX: usize = 100;

const REASONS: &[&str] = &[
    "BUYER_CANCEL",
    "SELLER_CANCEL",
    "ITEM_NOT_RECEIVED",
    "BUYER_RETURN",
    "ITEM_NOT_AS_DESCRIBED",
    "OTHER_ADJUSTMENT",
    "SHIPPING_DISCOUNT",
];

fn problem(status: u16, id: u32, message: &str) -> Refusal {
    Problem::fulfillment(status, id, message).into()
}

/// `POST /order/{order_id}/issue_refund`: done some time later; repeating it refunds again.
pub(super) fn issue(state: &mut State, call: &Call) -> Outcome {
    let id = call.id(0).to_owned();
    let unknown = || problem(404, 34913, "Can not find the order.");
    let order = state.order(&id).ok_or_else(unknown)?;
    let body = call.object()?;
    check(order, &body)?;
    let (minor, lines) = read_amount(order, &body)?;
    if minor > order.total_minor() - order.refunded_minor() {
        return Err(problem(
            400,
            34915,
            "The refund amount exceeds order amount.",
        ));
    }
    let number = state.next("refund");
    let refund_id = format!("{}", 5_017_000_000 + state.seed % 997 * 10_000 + number);
    let place = state.order_places.get(&id).copied();
    state.unsettled.extend(place);
    if let Some(order) = state.order_mut(&id) {
        for (line_id, part) in &lines {
            if let Some(line) = order.lines.iter_mut().find(|line| line.id == *line_id) {
                line.refunded_minor += part;
            }
        }
        order.refunds.push(Refund {
            id: refund_id.clone(),
            at: call.now.wall,
            done_at: call.now.elapsed + PROCESSING,
            done: false,
            minor,
            lines,
        });
        order.modified = call.now.wall;
    }
    Ok(Answer::ok(
        json!({ "refundId": refund_id, "refundStatus": "PENDING" }),
    ))
}

fn check(order: &Order, body: &Body) -> Result<(), Refusal> {
    let reason = text(body, "reasonForRefund").unwrap_or_default();
    if !REASONS.contains(&reason) {
        return Err(problem(400, 34903, "The refund reason must be specified."));
    }
    if text(body, "comment").is_some_and(|it| it.chars().count() > COMMENT_CHARS_MAX) {
        return Err(problem(400, 34921, "The comment exceeds the length limit."));
    }
    if !order.paid() {
        let message = "You cannot refund this order yet since the buyer payment has not been \
                       processed.";
        return Err(problem(409, 34929, message));
    }
    if order.refunds.iter().any(|refund| !refund.done) {
        let message = "Refund can't be issued while previous refund is processing.";
        return Err(problem(400, 34922, message));
    }
    if order.refunded_minor() >= order.total_minor() {
        return Err(problem(400, 34917, "This order was already refunded."));
    }
    Ok(())
}

/// The sum and its parts by line.
fn read_amount(order: &Order, body: &Body) -> Result<(i64, Vec<(String, i64)>), Refusal> {
    if let Some(whole) = body.get("orderLevelRefundAmount") {
        return Ok((read_money(order, whole)?, Vec::new()));
    }
    let items = body
        .get("refundItems")
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty());
    let neither = "Either orderLevelRefundAmount or refundItems must be specified.";
    let items = items.ok_or_else(|| problem(400, 34905, neither))?;
    let mut parts: Vec<(String, i64)> = Vec::new();
    for item in items {
        let id = item.get("lineItemId").and_then(Value::as_str);
        let none = "Either legacyReference or lineItemId must be specified for item level refund.";
        let id = id.ok_or_else(|| problem(400, 34910, none))?;
        let line = order.lines.iter().find(|line| line.id == id);
        let line = line.ok_or_else(|| problem(400, 34914, "Can't find the item in the order."))?;
        let minor = read_money(order, item.get("refundAmount").unwrap_or(&Value::Null))?;
        let known: i64 = parts
            .iter()
            .filter(|(known, _)| known == id)
            .map(|(_, part)| part)
            .sum();
        let left = line.cost_minor() + line.shipping_minor - line.refunded_minor - known;
        if minor > left {
            let message = "The item refund amount exceeds the item remaining amount.";
            return Err(problem(409, 34924, message));
        }
        parts.push((id.to_owned(), minor));
    }
    Ok((parts.iter().map(|(_, part)| part).sum(), parts))
}

fn read_money(order: &Order, amount: &Value) -> Result<i64, Refusal> {
    if amount.get("value").is_none() {
        return Err(problem(400, 34906, "The amount value must be specified."));
    }
    if amount.get("currency").is_none() {
        return Err(problem(
            400,
            34908,
            "The amount currency must be specified.",
        ));
    }
    let message = "The amount value must be positive and within two decimals.";
    let (minor, currency) = price_of(amount).ok_or_else(|| problem(400, 34907, message))?;
    if currency != order.currency {
        return Err(problem(400, 34909, "The amount currency isn't correct."));
    }
    Ok(minor)
}
