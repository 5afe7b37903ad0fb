//! Shipping (newegg.md §6.3): by call, and by the feed of shipping notices (§5.3).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::call::{Answer, Call, Shown, several, text};
use super::super::dates;
use super::super::error::Refusal;
use super::super::state::State;
use super::read::{find, unknown};
use super::{Order, Package, Status};
use crate::marketplace::{Now, OrderRequestLine};

/// The most packages of one call.
const PACKAGES_MAX: usize = 100;

/// One package as it was asked for, and what became of it.
struct Parcel {
    package: Package,
    result: Result<(), String>,
}

/// `PUT ordermgmt/orderstatus/orders/{OrderNumber}` with action 2. Whether the order may be shipped
/// at all is refused with a code; each package has a result of its own in an answer that always
/// says success.
pub(in crate::newegg) fn ship(state: &mut State, call: &Call<'_>) -> Answer {
    let index = find(state, call.last())?;
    let body = malformed_without(call.json().ok())?;
    if text(&body, "Action").as_deref() != Some("2") {
        return Err(Refusal::bad("SO030", "Action must be 1 or 2."));
    }
    let shipment = malformed_without(body.pointer("/Value/Shipment").cloned())?;
    let header = malformed_without(shipment.get("Header").cloned())?;
    let same = text(&header, "SONumber").as_deref() == Some(call.last())
        && text(&header, "SellerID").as_deref() == Some(state.keys.seller_id.as_str());
    if !same {
        let text = "The order number or seller of the body is not that of the address.";
        return Err(Refusal::bad("SO040", text));
    }
    if state.faults.meets("not_in_portal", "shipOrder") {
        return Err(not_in_portal());
    }
    let order = state.orders.get_mut(index).ok_or_else(unknown)?;
    check_state(order, call.now)?;
    let mut parcels = Vec::new();
    for row in several(shipment.pointer("/PackageList/Package")) {
        parcels.push(parcel(&row, call.now)?);
    }
    if parcels.is_empty() || parcels.len() > PACKAGES_MAX {
        return Err(content("PackageList", "missing or too long"));
    }
    send(order, &mut parcels, call.now);
    Ok(shown(order, &parcels, state.keys.seller_id.as_str(), call))
}

fn malformed_without(part: Option<Value>) -> Result<Value, Refusal> {
    part.ok_or_else(|| Refusal::bad("SO030", "The request body is malformed."))
}

fn content(field: &str, problem: &str) -> Refusal {
    Refusal::bad("SO020", format!("Invalid shipment: {field} is {problem}."))
}

pub(super) fn not_in_portal() -> Refusal {
    let text = "The order is not downloaded to the portal yet. Try again in 2 hours.";
    Refusal::bad("SO016", text)
}

fn check_state(order: &Order, now: Now) -> Result<(), Refusal> {
    if order.by_newegg {
        return Err(Refusal::bad(
            "SO012",
            "Only orders that the seller ships can be shipped.",
        ));
    }
    match order.status {
        Status::Shipped | Status::Invoiced => {
            return Err(Refusal::bad("SO025", "The order is shipped already."));
        }
        Status::Voided | Status::PaymentPending => {
            return Err(Refusal::bad(
                "SO011",
                "Only unshipped orders can be shipped.",
            ));
        }
        Status::Unshipped | Status::PartiallyShipped => {}
    }
    if order.in_portal_at.is_some_and(|at| at > now.elapsed) {
        return Err(not_in_portal());
    }
    Ok(())
}

fn parcel(row: &Value, now: Now) -> Result<Parcel, Refusal> {
    let needed = |name: &str| text(row, name).ok_or_else(|| content(name, "missing"));
    let mut lines: Vec<OrderRequestLine> = Vec::new();
    for item in several(row.pointer("/ItemList/Item")) {
        let quantity = text(&item, "ShippedQty").and_then(|text| text.parse().ok());
        let quantity = quantity.filter(|units: &u32| *units > 0);
        let name = text(&item, "SellerPartNumber").or_else(|| text(&item, "NeweggItemNumber"));
        lines.push(OrderRequestLine {
            sku: name.ok_or_else(|| content("SellerPartNumber", "missing"))?,
            quantity: quantity.ok_or_else(|| content("ShippedQty", "not a number above 0"))?,
        });
    }
    if lines.is_empty() {
        return Err(content("ItemList", "missing"));
    }
    Ok(Parcel {
        package: Package {
            carrier: needed("ShipCarrier")?,
            service: needed("ShipService")?,
            tracking: needed("TrackingNumber")?,
            shipped_at: now.wall,
            lines,
        },
        result: Ok(()),
    })
}

/// Sends the packages whose lines are right. An item's whole quantity must be in the packages of
/// one call.
fn send(order: &mut Order, parcels: &mut [Parcel], now: Now) {
    let mut units: BTreeMap<String, u32> = BTreeMap::new();
    for parcel in parcels.iter_mut() {
        for line in &mut parcel.package.lines {
            let meant = order
                .lines
                .iter()
                .find(|known| known.part_number == line.sku || known.item_number == line.sku);
            match meant {
                Some(known) => line.sku.clone_from(&known.part_number),
                None => parcel.result = Err(format!("{} is not in the order.", line.sku)),
            }
            let sum = units.entry(line.sku.clone()).or_default();
            *sum = sum.saturating_add(line.quantity);
        }
    }
    for parcel in parcels.iter_mut().filter(|parcel| parcel.result.is_ok()) {
        for line in &parcel.package.lines {
            let known = order
                .lines
                .iter()
                .find(|known| known.part_number == line.sku);
            let Some(known) = known else { continue };
            let sum = units.get(&line.sku).copied().unwrap_or(0);
            if known.cancelled {
                parcel.result = Err(format!("{} is cancelled.", line.sku));
            } else if known.shipped > 0 {
                parcel.result = Err(format!("{} is shipped already.", line.sku));
            } else if sum != known.quantity {
                let text = format!(
                    "The whole quantity of {} must be shipped: {} ordered, {sum} shipped.",
                    line.sku, known.quantity
                );
                parcel.result = Err(text);
            }
        }
    }
    refuse_broken_lines(parcels);
    for parcel in parcels.iter().filter(|parcel| parcel.result.is_ok()) {
        order.pack(parcel.package.clone(), now);
    }
}

/// A line whose other package failed would leave in part: its packages fail together.
fn refuse_broken_lines(parcels: &mut [Parcel]) {
    loop {
        let failed: Vec<String> = parcels
            .iter()
            .filter(|parcel| parcel.result.is_err())
            .flat_map(|parcel| &parcel.package.lines)
            .map(|line| line.sku.clone())
            .collect();
        let next = parcels.iter_mut().find(|parcel| {
            let lines = &parcel.package.lines;
            parcel.result.is_ok() && lines.iter().any(|line| failed.contains(&line.sku))
        });
        let Some(parcel) = next else { break };
        parcel.result = Err("Another package of the same item failed.".to_owned());
    }
}

fn shown(order: &Order, parcels: &[Parcel], seller_id: &str, call: &Call<'_>) -> Shown {
    let shape = call.shape;
    let failed = parcels
        .iter()
        .filter(|parcel| parcel.result.is_err())
        .count();
    let packages = parcels
        .iter()
        .map(|parcel| {
            let lines = parcel.package.lines.iter().map(|line| {
                let known = order
                    .lines
                    .iter()
                    .find(|known| known.part_number == line.sku);
                json!({
                    "SellerPartNumber": line.sku,
                    "NeweggItemNumber": known.map_or("", |known| known.item_number.as_str()),
                    "ShippedQty": shape.number(line.quantity),
                })
            });
            json!({
                "TrackingNumber": parcel.package.tracking,
                "ShipDate": dates::padded(parcel.package.shipped_at),
                "ProcessStatus": shape.flag(parcel.result.is_ok()),
                "ProcessResult": parcel.result.as_ref().err().map_or("Success", String::as_str),
                "ItemList": shape.list("Item", lines.collect()),
            })
        })
        .collect();
    Shown::Flat {
        root: "ShipOrderResponse",
        body: json!({
            "IsSuccess": shape.flag(true),
            "PackageProcessingSummary": {
                "TotalPackageCount": shape.count(parcels.len()),
                "SuccessCount": shape.count(parcels.len() - failed),
                "FailCount": shape.count(failed),
            },
            "Result": {
                "OrderNumber": shape.digits(&order.number),
                "SellerID": seller_id,
                "OrderStatus": order.status.word(),
                "Shipment": { "PackageList": shape.list("Package", packages) },
            },
        }),
    }
}

/// What identifies a row of a feed of shipping notices.
pub(in crate::newegg) type NoticeInfo = Vec<(String, String)>;

/// Works through the packages of a feed; returns those that failed, with the reason.
pub(in crate::newegg) fn ship_notices(
    state: &mut State,
    rows: &[Value],
    now: Now,
) -> Vec<(NoticeInfo, String)> {
    let mut by_order: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for row in rows {
        by_order
            .entry(text(row, "OrderNumber").unwrap_or_default())
            .or_default()
            .push(row);
    }
    let mut failed = Vec::new();
    for (number, rows) in by_order {
        match notice(state, &number, &rows, now) {
            Ok(parcels) => {
                for parcel in parcels {
                    if let Err(reason) = parcel.result {
                        failed.push((notice_info(&number, &parcel.package.tracking), reason));
                    }
                }
            }
            Err(refusal) => {
                for row in rows {
                    let tracking = text(row, "TrackingNumber").unwrap_or_default();
                    let reason = format!("OrderNumber - {}", refusal.message());
                    failed.push((notice_info(&number, &tracking), reason));
                }
            }
        }
    }
    failed
}

fn notice_info(number: &str, tracking: &str) -> NoticeInfo {
    [("OrderNumber", number), ("TrackingNumber", tracking)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

fn notice(
    state: &mut State,
    number: &str,
    rows: &[&Value],
    now: Now,
) -> Result<Vec<Parcel>, Refusal> {
    let index = find(state, number)?;
    let order = state.orders.get_mut(index).ok_or_else(unknown)?;
    check_state(order, now)?;
    let mut parcels = Vec::new();
    for row in rows {
        let items: Vec<Value> = several(row.pointer("/ItemInformation/Item"))
            .iter()
            .map(|item| {
                json!({
                    "SellerPartNumber": item.get("SellerPartNumber"),
                    "NeweggItemNumber": item.get("NeweggItemNumber"),
                    "ShippedQty": item.get("ShippedQuantity"),
                })
            })
            .collect();
        let as_package = json!({
            "TrackingNumber": row.get("TrackingNumber"),
            "ShipCarrier": row.get("ActualShippingCarrier"),
            "ShipService": row.get("ActualShippingMethod"),
            "ItemList": { "Item": items },
        });
        parcels.push(parcel(&as_package, now)?);
    }
    send(order, &mut parcels, now);
    Ok(parcels)
}
