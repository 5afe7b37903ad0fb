//! Acknowledging, shipping, cancelling and refunding (walmart.md §7.3). A request is checked as a
//! whole before any of it takes effect.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::Value;

use super::super::call::{Answer, Call, ok};
use super::super::error::{ORDERS, Refusal};
use super::super::money;
use super::super::state::State;
use super::read::no_order;
use super::{Charge, Line, LineStatus, Order, Part, Tracking, release};
use crate::marketplace::Now;

/// Carriers that can be named as such (contract `orders.json`, `carrierName.carrier`).
const CARRIERS: [&str; 75] = [
    "UPS",
    "USPS",
    "FedEx",
    "Airborne",
    "OnTrac",
    "DHL Ecommerce - US",
    "DHL",
    "LS",
    "UDS",
    "UPSMI",
    "FDX",
    "PILOT",
    "ESTES",
    "SAIA",
    "FDS Express",
    "Seko Worldwide",
    "HIT Delivery",
    "FEDEXSP",
    "RL Carriers",
    "Metropolitan Warehouse & Delivery",
    "China Post",
    "YunExpress",
    "Yellow Freight Sys",
    "AIT Worldwide Logistics",
    "Chukou1",
    "Sendle",
    "Landmark Global",
    "Sunyou",
    "Yanwen",
    "4PX",
    "GLS",
    "OSM Worldwide",
    "FIRST MILE",
    "AM Trucking",
    "CEVA",
    "India Post",
    "SF Express",
    "CNE",
    "TForce Freight",
    "AxleHire",
    "LSO",
    "Royal Mail",
    "ABF Freight System",
    "WanB",
    "Roadrunner Freight",
    "Meyer Distribution",
    "AAA Cooper",
    "Canada Post",
    "Southeastern Freight Lines",
    "Japan Post",
    "Correos de Mexico",
    "XPO Logistics",
    "JD Logistics",
    "YDH",
    "JCEX",
    "Flyt",
    "Deutsche Post",
    "Better Trucks",
    "Asendia",
    "SFC",
    "UBI",
    "ePost Global",
    "YF Logistics",
    "RXO",
    "Estes Express",
    "Shypmax",
    "WIN.IT America",
    "PITT OHIO",
    "PostNord Sweden",
    "Equick",
    "Whistl",
    "Tusou",
    "Shiprocket",
    "DTDC",
    "PTS",
];

const METHODS: [&str; 6] = [
    "Standard",
    "Express",
    "OneDay",
    "Freight",
    "WhiteGlove",
    "Value",
];

const REQUESTED_BY_BUYER: &str = "CUSTOMER_REQUESTED_SELLER_TO_CANCEL";
const FRAUD: &str = "SELLER_CANCEL_FRAUD_STOP_SHIPMENT";
const CANCEL_REASONS: [&str; 5] = [
    REQUESTED_BY_BUYER,
    "SELLER_CANCEL_PRICING_ERROR",
    "SELLER_CANCEL_OUT_OF_STOCK",
    FRAUD,
    "SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE",
];

const REFUND_REASONS: [&str; 22] = [
    "BillingError",
    "TaxExemptCustomer",
    "ItemNotAsAdvertised",
    "IncorrectItemReceived",
    "CancelledYetShipped",
    "ItemNotReceivedByCustomer",
    "IncorrectShippingPrice",
    "DamagedItem",
    "DefectiveItem",
    "CustomerChangedMind",
    "CustomerReceivedItemLate",
    "Missing Parts / Instructions",
    "Finance -> Goodwill",
    "Finance -> Rollback",
    "Buyer canceled",
    "Customer returned item",
    "General adjustment",
    "Merchandise not received",
    "Quality -> Missing Parts / Instructions",
    "Shipping & Delivery -> Damaged",
    "Shipping & Delivery -> Shipping Price Discrepancy",
    "Others",
];

/// How far a clock may run ahead before a shipment is in the future.
const CLOCK_SKEW_MS: i64 = 60_000;

/// The longest `sellerOrderId` (walmart.md §7.3).
const SELLER_ORDER_ID_MAX: usize = 30;

/// `POST /v3/orders/{purchaseOrderId}/acknowledge`: safe to repeat.
pub(in crate::walmart) fn acknowledge(state: &mut State, call: &Call<'_>) -> Answer {
    let order = own_order(state, call)?;
    let mut changed = false;
    for line in &mut order.lines {
        for part in line
            .parts
            .iter_mut()
            .filter(|part| part.status == LineStatus::Created)
        {
            part.status = LineStatus::Acknowledged;
            line.changed_at = call.now.wall;
            changed = true;
        }
    }
    if changed {
        order.touch(call.now);
    }
    answer(state, call)
}

/// `POST /v3/orders/{purchaseOrderId}/shipping`.
pub(in crate::walmart) fn ship(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json(ORDERS)?;
    let shipment = body
        .get("orderShipment")
        .ok_or_else(|| wrong("orderShipment", "missing"))?;
    let order = own_order(state, call)?;
    let correction = shipment.get("processMode").and_then(Value::as_str) == Some("PARTIAL_UPDATE");
    let mut parts: Vec<(usize, Option<String>, Option<String>, Part)> = Vec::new();
    for row in order_lines(shipment)? {
        let (index, line) = find_line(order, row)?;
        let seller_order_id = text(row, "sellerOrderId")?;
        if seller_order_id.chars().count() > SELLER_ORDER_ID_MAX {
            return Err(wrong("sellerOrderId", "longer than 30 characters"));
        }
        let overridden = row.get("intentToCancelOverride").and_then(Value::as_bool) == Some(true);
        if line.intent_to_cancel && !overridden && !correction {
            let problem = "needed as true, because the buyer asked to cancel the line";
            return Err(wrong("intentToCancelOverride", problem));
        }
        for status in statuses(row)? {
            let part = shipped_part(status, order, call.now)?;
            let current = status.pointer("/currentTrackingInfo/trackingNumber");
            let current = current.and_then(Value::as_str).map(str::to_owned);
            parts.push((index, Some(seller_order_id.to_owned()), current, part));
        }
    }
    if correction {
        correct_tracking(order, parts, call.now)?;
        return answer(state, call);
    }
    check_open(
        order,
        parts
            .iter()
            .map(|(index, _, _, part)| (*index, part.quantity)),
    )?;
    let mut sent = Vec::new();
    for (index, seller_order_id, _, part) in parts {
        let Some(line) = order.lines.get_mut(index) else {
            continue;
        };
        sent.push((line.sku.clone(), line.node.clone(), part.quantity));
        line.seller_order_id = seller_order_id;
        line.changed_at = call.now.wall;
        line.close(part);
    }
    order.touch(call.now);
    for (sku, node, units) in sent {
        release(state, &sku, &node, units);
    }
    answer(state, call)
}

/// Replaces the tracking of what is already shipped. Which number `currentTrackingInfo` means is
/// not documented; the old one is looked for, and else the first parcel of the line is meant.
fn correct_tracking(
    order: &mut Order,
    parts: Vec<(usize, Option<String>, Option<String>, Part)>,
    now: Now,
) -> Result<(), Refusal> {
    let none = || wrong("lineNumber", "not a line with a shipped parcel");
    let shipped = |line: &Line| line.parts.iter().any(|part| part.status.is_sent());
    if parts
        .iter()
        .any(|(index, ..)| order.lines.get(*index).is_none_or(|line| !shipped(line)))
    {
        return Err(none());
    }
    for (index, _, current, corrected) in parts {
        let line = order.lines.get_mut(index).ok_or_else(none)?;
        let is_current = |part: &Part| {
            let number = part
                .tracking
                .as_ref()
                .map(|tracking| tracking.number.as_str());
            part.status.is_sent() && number == current.as_deref()
        };
        let position = line
            .parts
            .iter()
            .position(is_current)
            .or_else(|| line.parts.iter().position(|part| part.status.is_sent()));
        let part = position
            .and_then(|position| line.parts.get_mut(position))
            .ok_or_else(none)?;
        part.tracking = corrected.tracking;
        line.changed_at = now.wall;
    }
    order.touch(now);
    Ok(())
}

fn shipped_part(status: &Value, order: &Order, now: Now) -> Result<Part, Refusal> {
    if status.get("status").and_then(Value::as_str) != Some("Shipped") {
        return Err(wrong("status", "not Shipped"));
    }
    let info = status
        .get("trackingInfo")
        .ok_or_else(|| wrong("trackingInfo", "missing"))?;
    let shipped_at = info.get("shipDateTime").and_then(Value::as_i64);
    let shipped_at = shipped_at.ok_or_else(|| wrong("shipDateTime", "not in milliseconds"))?;
    if shipped_at > now.wall.timestamp_millis() + CLOCK_SKEW_MS {
        return Err(wrong("shipDateTime", "in the future"));
    }
    if shipped_at / 1_000 < order.placed_at.timestamp() {
        return Err(wrong("shipDateTime", "before the order date"));
    }
    let name = |field: &str| {
        info.pointer(&format!("/carrierName/{field}"))
            .and_then(Value::as_str)
    };
    let url = info
        .get("trackingURL")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let (carrier, other_carrier) = match (name("carrier"), name("otherCarrier")) {
        (Some(carrier), _) if CARRIERS.contains(&carrier) => (Some(carrier.to_owned()), None),
        (Some(_), _) => return Err(wrong("carrier", "not a carrier that is known")),
        (None, Some(_)) if url.is_none() => {
            return Err(wrong(
                "trackingURL",
                "missing, although needed for another carrier",
            ));
        }
        (None, Some(other)) if !other.is_empty() => (None, Some(other.to_owned())),
        (None, _) => return Err(wrong("carrierName", "missing")),
    };
    let method = text(info, "methodCode")?;
    if !METHODS.contains(&method) {
        return Err(wrong("methodCode", "not a method that is known"));
    }
    Ok(Part {
        status: LineStatus::Shipped,
        quantity: status_quantity(status)?,
        reason: None,
        tracking: Some(Tracking {
            shipped_at,
            carrier,
            other_carrier,
            method: method.to_owned(),
            number: text(info, "trackingNumber")?.to_owned(),
            url,
        }),
        shipped: now.elapsed,
    })
}

/// `POST /v3/orders/{purchaseOrderId}/cancel`.
pub(in crate::walmart) fn cancel(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json(ORDERS)?;
    let cancellation = body.get("orderCancellation");
    let cancellation = cancellation.ok_or_else(|| wrong("orderCancellation", "missing"))?;
    let order = own_order(state, call)?;
    let mut parts: Vec<(usize, Part)> = Vec::new();
    for row in order_lines(cancellation)? {
        let (index, line) = find_line(order, row)?;
        for status in statuses(row)? {
            if status.get("status").and_then(Value::as_str) != Some("Cancelled") {
                return Err(wrong("status", "not Cancelled"));
            }
            let reason = text(status, "cancellationReason")?;
            let allowed = match reason {
                REQUESTED_BY_BUYER => line.intent_to_cancel,
                FRAUD => false,
                reason => CANCEL_REASONS.contains(&reason),
            };
            if !allowed {
                return Err(wrong("cancellationReason", "not allowed for this line"));
            }
            let part = Part::cancelled(status_quantity(status)?, Some(reason.to_owned()));
            parts.push((index, part));
        }
    }
    check_open(
        order,
        parts.iter().map(|(index, part)| (*index, part.quantity)),
    )?;
    let mut freed = Vec::new();
    for (index, part) in parts {
        let Some(line) = order.lines.get_mut(index) else {
            continue;
        };
        freed.push((line.sku.clone(), line.node.clone(), part.quantity));
        line.changed_at = call.now.wall;
        line.close(part);
    }
    order.touch(call.now);
    for (sku, node, units) in freed {
        release(state, &sku, &node, units);
    }
    answer(state, call)
}

/// `POST /v3/orders/{purchaseOrderId}/refund`.
pub(in crate::walmart) fn refund(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json(ORDERS)?;
    let wanted = body
        .get("orderRefund")
        .ok_or_else(|| wrong("orderRefund", "missing"))?;
    let refund_id = state.ids.digits(18);
    let order = own_order(state, call)?;
    if text(wanted, "purchaseOrderId")? != order.purchase_order_id {
        return Err(wrong("purchaseOrderId", "not the one of the address"));
    }
    let rows = order_lines(wanted)?;
    let is_full = |row: &Value| row.get("isFullRefund").and_then(Value::as_bool) == Some(true);
    if rows.iter().any(is_full) && !rows.iter().all(is_full) {
        return Err(wrong("isFullRefund", "not the same for all lines"));
    }
    let mut backs: Vec<(usize, Vec<Charge>, Option<String>)> = Vec::new();
    for row in rows {
        let (index, line) = find_line(order, row)?;
        if line.sent() == 0 {
            return Err(wrong("lineNumber", "not shipped; cancel it instead"));
        }
        let (charges, comments) = refund_charges(row, line, is_full(row))?;
        let back: i64 = charges
            .iter()
            .map(|charge| charge.amount + charge.tax)
            .sum();
        let earlier: i64 = line
            .refunds
            .iter()
            .map(|charge| charge.amount + charge.tax)
            .sum();
        if back >= 0 || line.total() + earlier + back < 0 {
            return Err(wrong(
                "chargeAmount",
                "not negative, or more than what is left",
            ));
        }
        if backs.iter().any(|(known, ..)| *known == index) {
            return Err(wrong("lineNumber", "in the request more than once"));
        }
        backs.push((index, charges, comments));
    }
    for (index, charges, comments) in backs {
        let Some(line) = order.lines.get_mut(index) else {
            continue;
        };
        line.refunds.extend(charges);
        line.refund_id = Some(refund_id.clone());
        line.refund_comments = comments.or(line.refund_comments.take());
        line.changed_at = call.now.wall;
    }
    order.touch(call.now);
    answer(state, call)
}

fn refund_charges(
    row: &Value,
    line: &Line,
    full: bool,
) -> Result<(Vec<Charge>, Option<String>), Refusal> {
    let refunds = row.pointer("/refunds/refund").and_then(Value::as_array);
    let refunds = refunds.filter(|refunds| !refunds.is_empty());
    let refunds = refunds.ok_or_else(|| wrong("refunds", "missing"))?;
    let mut charges = Vec::new();
    let mut comments = None;
    for refund in refunds {
        comments = refund
            .get("refundComments")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let rows = refund
            .pointer("/refundCharges/refundCharge")
            .and_then(Value::as_array);
        for row in rows.ok_or_else(|| wrong("refundCharges", "missing"))? {
            charges.push(refund_charge(row)?);
        }
    }
    if !full {
        return Ok((charges, comments));
    }
    let reason = charges.first().and_then(|charge| charge.reason.clone());
    let negative = |charge: &Charge| Charge {
        amount: -charge.amount,
        tax: -charge.tax,
        reason: reason.clone().or_else(|| Some("Others".to_owned())),
        ..charge.clone()
    };
    Ok((line.charges.iter().map(negative).collect(), comments))
}

fn refund_charge(row: &Value) -> Result<Charge, Refusal> {
    let reason = text(row, "refundReason")?;
    if !REFUND_REASONS.contains(&reason) {
        return Err(wrong("refundReason", "not a reason that is known"));
    }
    let charge = row
        .get("charge")
        .ok_or_else(|| wrong("charge", "missing"))?;
    let kind = text(charge, "chargeType")?;
    let name = text(charge, "chargeName")?;
    let cents = |pointer: &str, field: &str| {
        let amount = charge.pointer(pointer).unwrap_or(&Value::Null);
        money::cents(amount)
            .ok()
            .filter(|cents| *cents <= 0)
            .ok_or_else(|| wrong(field, "not a negative amount"))
    };
    let amount = cents("/chargeAmount/amount", "chargeAmount")?;
    let taxed = charge.get("tax").is_some_and(|tax| !tax.is_null());
    let tax = if taxed {
        cents("/tax/taxAmount/amount", "taxAmount")?
    } else {
        0
    };
    let tax_name = charge
        .pointer("/tax/taxName")
        .and_then(Value::as_str)
        .map(str::to_owned);
    Ok(Charge {
        kind: kind.to_owned(),
        name: name.to_owned(),
        amount,
        tax_name,
        tax,
        reason: Some(reason.to_owned()),
    })
}

fn own_order<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Order, Refusal> {
    let id = call.segment(1);
    let order = state
        .orders
        .iter_mut()
        .find(|order| order.purchase_order_id == id);
    let order = order.ok_or_else(no_order)?;
    if !order.is_own() {
        let text = "Walmart fulfils this order; it cannot be changed here.";
        let status = StatusCode::BAD_REQUEST;
        return Err(Refusal::new(status, "INVALID_REQUEST", ORDERS, text));
    }
    Ok(order)
}

fn answer(state: &State, call: &Call<'_>) -> Answer {
    let id = call.segment(1);
    let order = state
        .orders
        .iter()
        .find(|order| order.purchase_order_id == id);
    ok(&order.ok_or_else(no_order)?.plain(&state.keys.partner_id))
}

fn order_lines(body: &Value) -> Result<&Vec<Value>, Refusal> {
    let lines = body
        .pointer("/orderLines/orderLine")
        .and_then(Value::as_array);
    lines
        .filter(|lines| !lines.is_empty())
        .ok_or_else(|| wrong("orderLine", "missing"))
}

fn statuses(row: &Value) -> Result<&Vec<Value>, Refusal> {
    let statuses = row
        .pointer("/orderLineStatuses/orderLineStatus")
        .and_then(Value::as_array);
    let statuses = statuses.filter(|statuses| !statuses.is_empty());
    statuses.ok_or_else(|| wrong("orderLineStatus", "missing"))
}

fn find_line<'a>(order: &'a Order, row: &Value) -> Result<(usize, &'a Line), Refusal> {
    let number = text(row, "lineNumber")?;
    let found = order
        .lines
        .iter()
        .enumerate()
        .find(|(_, line)| line.number == number);
    found.ok_or_else(|| wrong("lineNumber", "not a line of the order"))
}

fn status_quantity(status: &Value) -> Result<u32, Refusal> {
    let quantity = status.get("statusQuantity");
    let quantity = quantity.ok_or_else(|| wrong("statusQuantity", "missing"))?;
    if !["EACH", "EA"].contains(&text(quantity, "unitOfMeasurement")?) {
        return Err(wrong("unitOfMeasurement", "not EACH"));
    }
    let amount = text(quantity, "amount")?
        .parse::<u32>()
        .ok()
        .filter(|amount| *amount > 0);
    amount.ok_or_else(|| wrong("amount", "not a whole number above zero"))
}

fn check_open(order: &Order, wanted: impl Iterator<Item = (usize, u32)>) -> Result<(), Refusal> {
    let mut units: BTreeMap<usize, u32> = BTreeMap::new();
    for (index, quantity) in wanted {
        let sum = units.entry(index).or_default();
        *sum = sum.saturating_add(quantity);
    }
    let too_many = |(index, units): (&usize, &u32)| {
        order
            .lines
            .get(*index)
            .is_none_or(|line| line.open() < *units)
    };
    if units.iter().any(too_many) {
        return Err(wrong(
            "statusQuantity",
            "more than what is still open on the line",
        ));
    }
    Ok(())
}

fn text<'a>(value: &'a Value, field: &'static str) -> Result<&'a str, Refusal> {
    let text = value
        .get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    text.ok_or_else(|| wrong(field, "missing"))
}

fn wrong(field: &str, problem: &str) -> Refusal {
    Refusal::content(ORDERS, format!("{field} is {problem}.")).at(field)
}
