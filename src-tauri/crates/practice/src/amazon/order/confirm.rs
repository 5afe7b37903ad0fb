//! Confirming shipments (amazon.md §7.5): one call per package, the same reference again edits it.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use http::StatusCode;
use serde_json::Value;

use super::super::call::{Answer, Call};
use super::super::error::Refusal;
use super::super::state::State;
use super::read::no_order;
use super::{Order, Package, Status};
use crate::http::empty;

/// How far a clock may run ahead before a shipment is in the future.
const CLOCK_SKEW: Duration = Duration::seconds(60);
/// How long the status of an order takes to follow; the real one takes up to an hour.
const STATUS_SECONDS: (u64, u64) = (10, 120);
const TEXT_MAX: usize = 200;
const LINES_MAX: usize = 500;

/// `POST /orders/v0/orders/{orderId}/shipmentConfirmation`.
pub(in crate::amazon) fn confirm(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let delay = state.delay(STATUS_SECONDS);
    let order = state
        .orders
        .iter_mut()
        .find(|order| order.id == call.segment(3));
    let order = order.ok_or_else(no_order)?;
    if body.get("marketplaceId").and_then(Value::as_str) != Some(order.site.as_str()) {
        return Err(wrong("marketplaceId", "missing or not that of the order"));
    }
    let detail = body.get("packageDetail");
    let detail = detail.ok_or_else(|| wrong("packageDetail", "missing"))?;
    let package = read(detail, order, call)?;
    check_open(order, &package)?;
    replace(order, package);
    order.status_at = Some(call.now.elapsed + delay);
    order.touch(call.now);
    Ok(empty(StatusCode::NO_CONTENT))
}

fn wrong(field: &str, problem: &str) -> Refusal {
    Refusal::invalid(format!("The field {field} is {problem}."))
}

fn text<'a>(detail: &'a Value, field: &str) -> Result<Option<&'a str>, Refusal> {
    match detail.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= TEXT_MAX => {
            Ok(Some(text.trim()).filter(|text| !text.is_empty()))
        }
        Some(Value::String(_)) => Err(wrong(field, "too long")),
        Some(_) => Err(Refusal::invalid(format!(
            "Request has fields with invalid type: {field}."
        ))),
    }
}

fn needed<'a>(detail: &'a Value, field: &str) -> Result<&'a str, Refusal> {
    text(detail, field)?.ok_or_else(|| wrong(field, "missing"))
}

fn read(detail: &Value, order: &Order, call: &Call<'_>) -> Result<Package, Refusal> {
    let reference = needed(detail, "packageReferenceId")?;
    let number = reference.parse::<u64>().ok().filter(|number| *number > 0);
    if number.is_none() {
        return Err(wrong("packageReferenceId", "not a positive number"));
    }
    let code = needed(detail, "carrierCode")?;
    let name = text(detail, "carrierName")?;
    if code.eq_ignore_ascii_case("other") && name.is_none() {
        return Err(wrong("carrierName", "needed with the carrier code Other"));
    }
    let carrier = if code.eq_ignore_ascii_case("other") {
        name.unwrap_or(code)
    } else {
        code
    };
    let shipped_at = DateTime::parse_from_rfc3339(needed(detail, "shipDate")?);
    let shipped_at = shipped_at.map_err(|_| wrong("shipDate", "not in ISO 8601 format"))?;
    let shipped_at = shipped_at.with_timezone(&Utc);
    if shipped_at > call.now.wall + CLOCK_SKEW {
        return Err(wrong("shipDate", "in the future"));
    }
    // A client may know the order's time to the second only.
    if shipped_at < order.created_at - Duration::seconds(1) {
        return Err(wrong("shipDate", "before the order"));
    }
    Ok(Package {
        reference: reference.to_owned(),
        carrier: carrier.to_owned(),
        service: text(detail, "shippingMethod")?.map(str::to_owned),
        tracking: needed(detail, "trackingNumber")?.to_owned(),
        shipped_at,
        created_at: call.now.wall,
        confirmed: call.now.elapsed,
        delivered: false,
        items: items(detail, order)?,
    })
}

fn items(detail: &Value, order: &Order) -> Result<Vec<(String, u32)>, Refusal> {
    let rows = detail.get("orderItems").and_then(Value::as_array);
    let rows = rows.filter(|rows| (1..=LINES_MAX).contains(&rows.len()));
    let rows = rows.ok_or_else(|| wrong("orderItems", "missing or too long"))?;
    let mut items: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows {
        let id = needed(row, "orderItemId")?;
        if !order.lines.iter().any(|line| line.id == id) {
            return Err(wrong("orderItemId", "not a line of the order"));
        }
        let units = row.get("quantity").and_then(Value::as_u64);
        let units = units.and_then(|units| u32::try_from(units).ok());
        let units = units.filter(|units| *units > 0);
        let units = units.ok_or_else(|| wrong("quantity", "not a positive number"))?;
        let sum = items.entry(id.to_owned()).or_default();
        *sum = sum.saturating_add(units);
    }
    Ok(items.into_iter().collect())
}

/// Units of a line that a package of the same reference has already.
fn had(order: &Order, reference: &str, id: &str) -> u32 {
    let package = order
        .packages
        .iter()
        .find(|package| package.reference == reference);
    let items = package
        .map(|package| package.items.as_slice())
        .unwrap_or_default();
    let item = items.iter().find(|(known, _)| known == id);
    item.map_or(0, |(_, units)| *units)
}

fn check_open(order: &Order, package: &Package) -> Result<(), Refusal> {
    if order.by_amazon {
        return Err(Refusal::invalid("The order is fulfilled by Amazon."));
    }
    if order
        .programs
        .iter()
        .any(|program| program == "FBM_SHIP_PLUS")
    {
        return Err(Refusal::invalid("The order cannot be confirmed manually."));
    }
    if matches!(order.status, Status::Pending | Status::Cancelled) {
        return Err(Refusal::invalid(
            "The order is not in a state to be shipped.",
        ));
    }
    let known = order
        .packages
        .iter()
        .any(|known| known.reference == package.reference);
    if !known && order.lines.iter().all(|line| line.open() == 0) {
        return Err(Refusal::invalid(
            "No package of the order can be updated (errorMetric=PackageToUpdateNotFound).",
        ));
    }
    for (id, units) in &package.items {
        let line = order.lines.iter().find(|line| line.id == *id);
        let open = line.map_or(0, |line| line.open());
        let open = open + had(order, &package.reference, id);
        if *units > open {
            return Err(wrong("quantity", "more than is to be shipped"));
        }
    }
    Ok(())
}

/// Puts a package in the place of an earlier one of its reference.
fn replace(order: &mut Order, package: Package) {
    for line in &mut order.lines {
        let of_line = |items: &[(String, u32)]| {
            let item = items.iter().find(|(id, _)| *id == line.id);
            item.map_or(0, |(_, units)| *units)
        };
        let old = order
            .packages
            .iter()
            .find(|known| known.reference == package.reference);
        let old = old.map_or(0, |old| of_line(&old.items));
        let new = of_line(&package.items);
        line.shipped = line.shipped.saturating_sub(old).saturating_add(new);
    }
    let known = order
        .packages
        .iter_mut()
        .find(|known| known.reference == package.reference);
    match known {
        Some(known) => {
            let created_at = known.created_at;
            *known = Package {
                created_at,
                ..package
            };
        }
        None => order.packages.push(package),
    }
}
