//! Marking orders as shipped (ebay.md §8.3).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, text};
use super::claim;
use super::order::{Order, Shipment, stamp};
use super::order_search::unknown_order;
use super::state::{Body, State};

/// Packages of one order (ebay.md §8.3, 34100).
const SHIPMENTS_MAX: usize = 100;
/// The fulfillment id of a package without tracking (ebay.md §8.3).
const UNTRACKED_ID: usize = 999;

/// eBay's strings for carriers, as far as the reference names them: case-sensitive (ebay.md §8.3).
const CARRIERS: [&str; 10] = [
    "USPS",
    "UPS",
    "FedEx",
    "DHL",
    "RoyalMail",
    "Hermes",
    "DeutschePost",
    "AustraliaPost",
    "CanadaPost",
    "Other",
];

fn problem(id: u32, message: &str) -> Refusal {
    Problem::fulfillment(400, id, message).into()
}

/// `POST /order/{orderId}/shipping_fulfillment`: 201; `Location` ends with the id.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let order_id = call.id(0).to_owned();
    let order = state
        .order(&order_id)
        .ok_or_else(|| unknown_order(&order_id))?;
    let body = call.object()?;
    if order.cancelled() {
        return Err(problem(
            32600,
            "Invalid input data. The order is cancelled.",
        ));
    }
    if order.shipments.len() >= SHIPMENTS_MAX {
        return Err(problem(
            34100,
            "Maximum tracking number for order is exceeded",
        ));
    }
    let (carrier, tracking) = read_tracking(&body)?;
    let lines = read_lines(order, &body)?;
    let shipped = read_date(order, &body, call.now.wall)?;
    let untracked = order
        .shipments
        .iter()
        .filter(|shipment| shipment.tracking.is_none())
        .count();
    let id = tracking
        .clone()
        .unwrap_or_else(|| format!("{}", UNTRACKED_ID + untracked));
    let location = format!(
        "{}/sell/fulfillment/v1/order/{order_id}/shipping_fulfillment/{id}",
        call.base
    );
    if let Some(order) = state.order_mut(&order_id) {
        order.shipments.push(Shipment {
            id,
            carrier,
            tracking,
            shipped,
            lines,
        });
        order.modified = call.now.wall;
    }
    claim::follow(state, &order_id, call.now);
    Ok(Answer::created(location, json!({})))
}

// Carrier and tracking go together or not at all; a carrier of the list, letters and digits only.
fn read_tracking(body: &Body) -> Result<(Option<String>, Option<String>), Refusal> {
    let carrier = text(body, "shippingCarrierCode").filter(|text| !text.is_empty());
    let tracking = text(body, "trackingNumber").filter(|text| !text.is_empty());
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match (carrier, tracking) {
        (None, None) => Ok((None, None)),
        (Some(carrier), Some(tracking)) if plain(tracking) && CARRIERS.contains(&carrier) => {
            Ok((Some(carrier.to_owned()), Some(tracking.to_owned())))
        }
        _ => Err(problem(
            32300,
            "Invalid shipment tracking number or carrier",
        )),
    }
}

fn read_lines(order: &Order, body: &Body) -> Result<Vec<(String, u32)>, Refusal> {
    let list = body
        .get("lineItems")
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| problem(32600, "Invalid input data. lineItems"))?;
    let mut lines: Vec<(String, u32)> = Vec::new();
    for entry in list {
        let id = entry
            .get("lineItemId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let line = order.lines.iter().find(|line| line.id == id);
        let line = line.ok_or_else(|| problem(32200, &format!("Invalid line item id: {id}")))?;
        if lines.iter().any(|(known, _)| known == id) {
            return Err(problem(32210, "Duplicate line item in the request"));
        }
        let units = match entry.get("quantity") {
            None => Some(1),
            Some(units) => units.as_u64().and_then(|units| u32::try_from(units).ok()),
        };
        let left = line.quantity.saturating_sub(order.shipped(id));
        let units = units.filter(|units| (1..=left).contains(units));
        let units = units.ok_or_else(|| problem(32600, "Invalid input data. quantity"))?;
        lines.push((id.to_owned(), units));
    }
    Ok(lines)
}

fn read_date(order: &Order, body: &Body, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let Some(date) = text(body, "shippedDate") else {
        return Ok(now);
    };
    let invalid = || problem(32500, "Invalid shipped date");
    let date = DateTime::parse_from_rfc3339(date)
        .map_err(|_| invalid())?
        .with_timezone(&Utc);
    // Dates are compared by the day, as clocks differ.
    if date.date_naive() < order.created.date_naive() || date.date_naive() > now.date_naive() {
        return Err(invalid());
    }
    Ok(date)
}

fn shown(shipment: &Shipment) -> Value {
    let lines: Vec<Value> = shipment
        .lines
        .iter()
        .map(|(id, units)| json!({ "lineItemId": id, "quantity": units }))
        .collect();
    let mut body = json!({
        "fulfillmentId": shipment.id,
        "shippedDate": stamp(shipment.shipped),
        "lineItems": lines,
    });
    if let Some(carrier) = &shipment.carrier {
        body["shippingCarrierCode"] = json!(carrier);
    }
    if let Some(tracking) = &shipment.tracking {
        body["shipmentTrackingNumber"] = json!(tracking);
    }
    body
}

/// `GET /order/{orderId}/shipping_fulfillment`.
pub(super) fn list(state: &mut State, call: &Call) -> Outcome {
    let order = state
        .order(call.id(0))
        .ok_or_else(|| unknown_order(call.id(0)))?;
    let list: Vec<Value> = order.shipments.iter().map(shown).collect();
    Ok(Answer::ok(
        json!({ "fulfillments": list, "total": list.len(), "warnings": [] }),
    ))
}

/// `GET /order/{orderId}/shipping_fulfillment/{fulfillmentId}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let order = state
        .order(call.id(0))
        .ok_or_else(|| unknown_order(call.id(0)))?;
    let id = call.id(1);
    let found = order.shipments.iter().find(|shipment| shipment.id == id);
    let message = format!("Invalid shipping fulfillment ID: {id}");
    let unknown = || Refusal::from(Problem::fulfillment(404, 32110, &message));
    found
        .map(|shipment| Answer::ok(shown(shipment)))
        .ok_or_else(unknown)
}
