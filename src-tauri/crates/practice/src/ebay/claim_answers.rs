//! The seller's answers to what buyers bring up (ebay.md §8.5, §8.6). Shapes of Post-Order are
//! those of its documentation.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, text};
use super::check::price_of;
use super::claim::{Claim, ClaimKind, ClaimState, claimed_minor, find, refusal, unknown};
use super::dispute::shown;
use super::order::{Order, Refund};
use super::state::State;

/// The answer of a seller who does not agree to a dispute.
const CONTEST: &str = "CONTEST";
/// Longest note of a dispute.
const NOTE_CHARS_MAX: usize = 1_000;
/// Carriers as Post-Order writes them (ebay.md §8.3).
const CARRIERS: &[&str] = &[
    "USPS",
    "UPS",
    "FEDEX",
    "DHL",
    "ROYAL_MAIL",
    "HERMES",
    "DEUTSCHE_POST",
    "AUSTRALIA_POST",
    "CANADA_POST",
    "OTHER",
];

/// The place of a claim in one of some states.
pub(super) fn place_of(
    state: &State,
    kind: ClaimKind,
    id: &str,
    allowed: &[ClaimState],
) -> Result<usize, Refusal> {
    find(state, kind, id)?;
    let mut claims = state.claims.iter();
    let place = claims.position(|it| it.kind == kind && it.id == id);
    let place = place.ok_or_else(unknown)?;
    if allowed.contains(&state.claims[place].state) {
        return Ok(place);
    }
    Err(refusal(
        409,
        1617,
        "The action is not allowed in this state.",
    ))
}

fn turn(state: &mut State, place: usize, to: ClaimState, call: &Call) {
    if let Some(claim) = state.claims.get_mut(place) {
        claim.state = to;
        claim.revision += 1;
        claim.turned = Some((call.now.elapsed, call.now.wall));
    }
}

/// Gives the claimed money back.
fn give_back(state: &mut State, place: usize, call: &Call) {
    let about = state.claims.get(place);
    let Some((order_id, line_id)) = about.map(|it| (it.order.clone(), it.line.clone())) else {
        return;
    };
    let number = state.next("refund");
    let id = format!("{}", 5_017_000_000 + state.seed % 997 * 10_000 + number);
    let spot = state.order_places.get(&order_id).copied();
    state.unsettled.extend(spot);
    let mut given = None;
    if let Some(order) = state.order_mut(&order_id) {
        let minor = claimed_minor(order, &line_id);
        given = Some(minor);
        if let Some(line) = order.lines.iter_mut().find(|line| line.id == line_id) {
            line.refunded_minor += minor;
        }
        order.refunds.push(Refund {
            id,
            at: call.now.wall,
            done_at: call.now.elapsed,
            done: false,
            minor,
            lines: vec![(line_id, minor)],
        });
        order.modified = call.now.wall;
    }
    if let Some(claim) = state.claims.get_mut(place) {
        claim.given_minor = given;
    }
}

/// `POST /return/{returnId}/decide`: approved or declined.
pub(super) fn decide(state: &mut State, call: &Call) -> Outcome {
    let place = place_of(state, ClaimKind::Return, call.id(0), &[ClaimState::Seller])?;
    let body = call.object()?;
    let to = match text(&body, "decision") {
        Some("APPROVE") => ClaimState::Buyer,
        Some("DECLINE") => ClaimState::Closed,
        _ => return Err(refusal(400, 1601, "The decision is invalid.")),
    };
    turn(state, place, to, call);
    Ok(Answer::ok(json!({})))
}

/// `POST /return/{returnId}/mark_as_received`.
pub(super) fn received(state: &mut State, call: &Call) -> Outcome {
    call.object()?;
    let place = place_of(state, ClaimKind::Return, call.id(0), &[ClaimState::Back])?;
    turn(state, place, ClaimState::Received, call);
    Ok(Answer::ok(json!({})))
}

/// `POST /return/{returnId}/issue_refund`: the parts make up the whole, which is what is claimed.
pub(super) fn refund_return(state: &mut State, call: &Call) -> Outcome {
    let open = [
        ClaimState::Seller,
        ClaimState::Buyer,
        ClaimState::Back,
        ClaimState::Received,
    ];
    let place = place_of(state, ClaimKind::Return, call.id(0), &open)?;
    let body = call.object()?;
    let claimed = state.claims.get(place).and_then(|claim| {
        let order = state.order(&claim.order)?;
        Some((claimed_minor(order, &claim.line), order.currency.clone()))
    });
    if parts_of(&body) != Some(claimed.ok_or_else(unknown)?) {
        return Err(refusal(400, 1605, "The refund amount is invalid."));
    }
    give_back(state, place, call);
    turn(state, place, ClaimState::Closed, call);
    Ok(Answer::ok(json!({ "refundStatus": "SUCCESS" })))
}

/// The sum of a refund, where its parts make it up and are of kinds that there are.
fn parts_of(body: &Map<String, Value>) -> Option<(i64, String)> {
    let detail = body.get("refundDetail")?;
    let mut sum = 0;
    let whole = of_number(detail.get("totalAmount")?)?;
    for part in detail.get("itemizedRefundDetail")?.as_array()? {
        let kind = part.get("refundFeeType")?.as_str()?;
        let (minor, currency) = of_number(part.get("refundAmount")?)?;
        if !["PURCHASE_PRICE", "ORIGINAL_SHIPPING"].contains(&kind) || currency != whole.1 {
            return None;
        }
        sum += minor;
    }
    (sum == whole.0).then_some(whole)
}

/// An amount as Post-Order takes it, a number.
fn of_number(amount: &Value) -> Option<(i64, String)> {
    let value = amount.get("value")?.as_number()?.to_string();
    price_of(&json!({ "value": value, "currency": amount.get("currency")? }))
}

/// `POST /inquiry/{inquiryId}/provide_shipment_info`: all of it, unless eBay has it already.
pub(super) fn provide_shipment(state: &mut State, call: &Call) -> Outcome {
    let seller = [ClaimState::Seller];
    let place = place_of(state, ClaimKind::Inquiry, call.id(0), &seller)?;
    let body = call.object()?;
    let known = body.get("proofOfShipmentUploaded") == Some(&Value::Bool(true));
    let carrier = text(&body, "shippingCarrierName").unwrap_or_default();
    let date = body.get("shippingDate").and_then(|date| date.get("value"));
    if !known && (!CARRIERS.contains(&carrier) || date.is_none_or(|date| !date.is_string())) {
        return Err(refusal(400, 1602, "The shipment information is missing."));
    }
    if let Some(claim) = state.claims.get_mut(place) {
        claim.tracking = text(&body, "trackingNumber").map(str::to_owned);
    }
    turn(state, place, ClaimState::Buyer, call);
    Ok(Answer::ok(json!({})))
}

/// `POST /inquiry/{inquiryId}/issue_refund`.
pub(super) fn refund_inquiry(state: &mut State, call: &Call) -> Outcome {
    refund_claim(state, ClaimKind::Inquiry, call)
}

/// `POST /casemanagement/{caseId}/issue_refund`.
pub(super) fn refund_case(state: &mut State, call: &Call) -> Outcome {
    refund_claim(state, ClaimKind::Case, call)
}

fn refund_claim(state: &mut State, kind: ClaimKind, call: &Call) -> Outcome {
    call.object()?;
    let open = [ClaimState::Seller, ClaimState::Buyer, ClaimState::EBay];
    let place = place_of(state, kind, call.id(0), &open)?;
    give_back(state, place, call);
    turn(state, place, ClaimState::Closed, call);
    Ok(Answer::ok(
        json!({ "refundResult": { "refundStatus": "SUCCESS" } }),
    ))
}

/// `GET /payment_dispute/{payment_dispute_id}`.
pub(super) fn get_dispute(state: &mut State, call: &Call) -> Outcome {
    let claim = find(state, ClaimKind::Dispute, call.id(0)).map_err(|_| no_dispute())?;
    let order = state.order(&claim.order).ok_or_else(no_dispute)?;
    let mut body = shown(claim, order);
    body["revision"] = json!(claim.revision);
    if let Some(address) = &claim.return_address {
        body["returnAddress"] = address.clone();
    }
    match &claim.response {
        Some(response) => body["sellerResponse"] = json!(response),
        None if claim.state == ClaimState::Seller => {
            body["availableChoices"] = json!(["ACCEPT", "CONTEST"]);
        }
        None => {}
    }
    let lines = about(claim, order);
    if claim.state == ClaimState::Seller {
        body["evidenceRequests"] = json!([{
            "evidenceType": "PROOF_OF_DELIVERY",
            "lineItems": lines,
        }]);
    }
    let shown: Vec<Value> = claim
        .evidence
        .iter()
        .map(|set| set.told(claim, &lines))
        .collect();
    if !shown.is_empty() {
        body["evidence"] = json!(shown);
    }
    body["lineItems"] = lines;
    Ok(Answer::ok(body))
}

/// What a dispute is about.
pub(super) fn about(claim: &Claim, order: &Order) -> Value {
    let line = order.lines.iter().find(|line| line.id == claim.line);
    json!([{
        "itemId": line.map(|line| line.listing.clone()),
        "lineItemId": claim.line,
    }])
}

pub(super) fn no_dispute() -> Refusal {
    Problem::fulfillment(404, 33001, "Invalid Payment Dispute Id").into()
}

/// `POST /payment_dispute/{payment_dispute_id}/accept`: 204.
pub(super) fn accept_dispute(state: &mut State, call: &Call) -> Outcome {
    answer_dispute(state, call, ("ACCEPT", ClaimState::Closed))
}

/// `POST /payment_dispute/{payment_dispute_id}/contest`: 204. Of goods that did not come, the
/// tracking number that eBay was told is evidence by itself.
pub(super) fn contest_dispute(state: &mut State, call: &Call) -> Outcome {
    answer_dispute(state, call, (CONTEST, ClaimState::EBay))
}

/// Whether a bank has something to go by.
fn has_evidence(state: &State, place: usize) -> bool {
    let claim = &state.claims[place];
    let order = state.order(&claim.order);
    let mut shipments = order.iter().flat_map(|order| &order.shipments);
    !claim.evidence.is_empty() || shipments.any(|shipment| shipment.tracking.is_some())
}

/// Whether goods can be sent to an address, and its owner called.
fn is_whole(address: &Value) -> bool {
    let says = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let parts = ["fullName", "addressLine1", "city", "postalCode", "country"];
    let number = &address["primaryPhone"]["number"];
    let digits = |text: &str| text.bytes().all(|sign| sign.is_ascii_digit());
    parts.iter().all(|part| says(&address[*part]))
        && says(number)
        && number.as_str().is_some_and(digits)
}

fn answer_dispute(state: &mut State, call: &Call, (response, to): (&str, ClaimState)) -> Outcome {
    let claim = find(state, ClaimKind::Dispute, call.id(0)).map_err(|_| no_dispute())?;
    let invalid = || Refusal::from(Problem::fulfillment(400, 33100, "Invalid input request"));
    let body = call.object()?;
    let revision = body.get("revision").and_then(Value::as_u64);
    let long = text(&body, "note").is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX);
    let revision = revision.filter(|_| !long).ok_or_else(invalid)?;
    let address = body.get("returnAddress").cloned();
    let needed = response == CONTEST && claim.not_as_described;
    if (needed && address.is_none()) || address.as_ref().is_some_and(|it| !is_whole(it)) {
        return Err(invalid());
    }
    if revision != claim.revision {
        let message = "There was a change in payment dispute attributes. Please use get payment \
                       dispute api to get latest details.";
        return Err(Problem::fulfillment(409, 33011, message).into());
    }
    let seller = [ClaimState::Seller];
    let place = place_of(state, ClaimKind::Dispute, call.id(0), &seller).map_err(|_| {
        Refusal::from(Problem::fulfillment(
            409,
            33101,
            "Invalid payment dispute state",
        ))
    })?;
    if response == CONTEST && !has_evidence(state, place) {
        let message = "No evidence available for contest";
        return Err(Problem::fulfillment(409, 33102, message).into());
    }
    if let Some(claim) = state.claims.get_mut(place) {
        claim.response = Some(response.to_owned());
        claim.return_address = address;
    }
    turn(state, place, to, call);
    Ok(Answer::empty(204))
}
