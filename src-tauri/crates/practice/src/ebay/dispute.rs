//! Payment disputes (ebay.md §8.6).

use serde_json::{Value, json};

use super::answer::{Outcome, Problem, Refusal};
use super::call::Call;
use super::claim::{Claim, ClaimKind, ClaimState, claimed_minor};
use super::finances::page_of;
use super::money::amount;
use super::order::{Order, stamp};
use super::state::State;

/// Disputes of a page; the contract's most.
const ROWS_MAX: usize = 200;

fn word(claim: &Claim) -> &'static str {
    match claim.state {
        ClaimState::Seller => "ACTION_NEEDED",
        ClaimState::Buyer | ClaimState::Back | ClaimState::Received | ClaimState::EBay => "OPEN",
        ClaimState::Closed => "CLOSED",
    }
}

pub(super) fn shown(claim: &Claim, order: &Order) -> Value {
    let mut body = json!({
        "paymentDisputeId": claim.id,
        "orderId": order.id,
        "amount": amount(claimed_minor(order, &claim.line), &order.currency),
        "buyerUsername": order.buyer.username,
        "reason": match claim.not_as_described {
            true => "SIGNIFICANTLY_NOT_AS_DESCRIBED",
            false => "ITEM_NOT_RECEIVED",
        },
        "paymentDisputeStatus": word(claim),
    });
    if let Some(opened) = claim.opened {
        body["openDate"] = json!(stamp(opened));
    }
    if let Some(by) = claim.respond_by() {
        body["respondByDate"] = json!(stamp(by));
    }
    body
}

fn invalid() -> Refusal {
    Problem::fulfillment(400, 33001, "Invalid input request").into()
}

/// `GET /payment_dispute_summary`, newest first.
pub(super) fn summaries(state: &mut State, call: &Call) -> Outcome {
    let number = |name: &str, usual: usize| match call.parameter(name) {
        None => Ok(usual),
        Some(text) => text.parse::<usize>().map_err(|_| invalid()),
    };
    let (limit, offset) = (number("limit", ROWS_MAX)?, number("offset", 0)?);
    if !(1..=ROWS_MAX).contains(&limit) {
        return Err(invalid());
    }
    let wanted: Vec<&str> = call.query.all("payment_dispute_status").collect();
    let order = call.parameter("order_id");
    let claims = state.claims.iter().rev();
    let rows: Vec<Value> = claims
        .filter(|it| it.kind == ClaimKind::Dispute && it.opened.is_some())
        .filter(|it| order.is_none_or(|order| order == it.order))
        .filter(|it| order.is_some() || wanted.is_empty() || wanted.contains(&word(it)))
        .filter_map(|it| Some(shown(it, state.order(&it.order)?)))
        .collect();
    Ok(page_of(
        call,
        "paymentDisputeSummaries",
        rows,
        offset,
        limit,
    ))
}
