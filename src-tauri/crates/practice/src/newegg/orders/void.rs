//! Cancelling orders and lines, and confirming their download (newegg.md §6.2, §6.4).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::call::{Answer, Call, Shown, rows, several, text, texts};
use super::super::dates;
use super::super::error::Refusal;
use super::super::state::State;
use super::read::{find, unknown};
use super::ship::not_in_portal;
use super::{NEWEGG_CANCELLING, Order, Status};

/// Out of stock, customer requested, price error, unable to fulfil.
const REASONS: [&str; 4] = ["24", "72", "73", "74"];

/// The most orders that are confirmed at once.
const CONFIRMED_MAX: usize = 1_000;

/// `PUT ordermgmt/orderstatus/orders/{OrderNumber}` with action 1.
pub(in crate::newegg) fn cancel(state: &mut State, call: &Call<'_>) -> Answer {
    let index = find(state, call.last())?;
    let body = call
        .json()
        .map_err(|_| Refusal::bad("SO030", "The request body is malformed."))?;
    let reason = text(&body, "Value").unwrap_or_default();
    if !REASONS.contains(&reason.as_str()) {
        return Err(Refusal::bad("SO017", "The reason is not valid."));
    }
    if state.faults.meets("not_in_portal", "cancelOrder") {
        return Err(not_in_portal());
    }
    let order = state.orders.get_mut(index).ok_or_else(unknown)?;
    match order.status {
        Status::Voided => return Err(Refusal::bad("SO008", "The order is voided already.")),
        Status::Unshipped | Status::PaymentPending => {}
        _ => {
            return Err(Refusal::bad(
                "SO006",
                "Only unshipped orders can be voided.",
            ));
        }
    }
    if order.in_portal_at.is_some_and(|at| at > call.now.elapsed) {
        return Err(not_in_portal());
    }
    let word = if order.by_newegg {
        order.cancelling_until = Some(call.now.elapsed + NEWEGG_CANCELLING);
        "Processing"
    } else {
        order.void();
        "Void"
    };
    Ok(Shown::Flat {
        root: "UpdateOrderStatusInfo",
        body: json!({
            "IsSuccess": call.shape.flag(true),
            "Result": {
                "OrderNumber": call.shape.digits(&order.number),
                "SellerID": state.keys.seller_id,
                "OrderStatus": word,
            },
        }),
    })
}

/// `GET ordermgmt/sbnorder/cancellationresult/{OrderNumber}`.
pub(in crate::newegg) fn cancellation_result(state: &mut State, call: &Call<'_>) -> Answer {
    let index = find(state, call.last())?;
    let order = state.orders.get(index).ok_or_else(unknown)?;
    let word = match order.status {
        _ if order.cancelling_until.is_some() => "Processing",
        Status::Voided => "Void",
        _ => "Failed",
    };
    let body = json!({
        "OrderNumber": call.shape.digits(&order.number),
        "RequestStatus": word,
    });
    Ok(Shown::framed("GetSBNOrderCancellationResponse", body))
}

/// `PUT ordermgmt/killitem/orders/{OrderNumber}`: whole lines only.
pub(in crate::newegg) fn kill(state: &mut State, call: &Call<'_>) -> Answer {
    let index = find(state, call.last())?;
    let body = call.framed("KillItemRequest")?;
    let wanted = several(body.pointer("/KillItem/Order/ItemList/Item"));
    let wanted: Vec<String> = wanted
        .iter()
        .map(|row| text(row, "SellerPartNumber").unwrap_or_default())
        .collect();
    let order = state.orders.get_mut(index).ok_or_else(unknown)?;
    if order.by_newegg {
        return Err(Refusal::bad(
            "SO005",
            "Items that Newegg ships cannot be removed.",
        ));
    }
    if order.status == Status::Voided {
        return Err(Refusal::bad("SO008", "The order is voided already."));
    }
    if wanted.is_empty() {
        return Err(Refusal::bad("SO030", "The request body is malformed."));
    }
    check_names(order, &wanted)?;
    let shipped = |line: &super::Line| wanted.contains(&line.part_number) && line.shipped > 0;
    let memo = order.lines.iter().find(|line| shipped(line)).map(|line| {
        format!(
            "{} is shipped already; nothing was removed.",
            line.part_number
        )
    });
    if memo.is_none() {
        for line in &mut order.lines {
            line.cancelled |= wanted.contains(&line.part_number);
        }
        order.settle(call.now);
    }
    let removed: &[String] = if memo.is_none() { &wanted } else { &[] };
    let removed = removed
        .iter()
        .map(|name| json!({ "SellerPartNumber": name }))
        .collect();
    let date = dates::dashed(call.now.wall);
    let body = json!({
        "Orders": {
            "OrderNumber": call.shape.digits(&order.number),
            "Result": { "ItemList": call.shape.list("Item", removed) },
        },
        "RequestDate": date,
    });
    Ok(Shown::Framed {
        operation: "KillItemResponse",
        body,
        success: memo.is_none(),
        memo,
        date: Some(date),
    })
}

fn check_names(order: &Order, wanted: &[String]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for part_number in wanted {
        let line = order
            .lines
            .iter()
            .find(|line| line.part_number == *part_number);
        let Some(line) = line else {
            return Err(Refusal::bad("SO050", "A part number is not in the order."));
        };
        if !seen.insert(part_number) {
            return Err(Refusal::bad("SO055", "A part number is given twice."));
        }
        if line.cancelled {
            return Err(Refusal::bad("SO051", "An item is cancelled already."));
        }
    }
    Ok(())
}

/// `POST ordermgmt/orderstatus/orders/confirmation`: a flag, nothing else. Numbers that do not
/// exist are left out of the answer.
pub(in crate::newegg) fn confirm(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.framed("OrderConfirmationRequest")?;
    let numbers = texts(&rows(&body, "DownloadedOrderList", "OrderNumber"));
    if numbers.is_empty() || numbers.len() > CONFIRMED_MAX {
        return Err(Refusal::general(
            "DownloadedOrderList is missing or too long.",
        ));
    }
    let numbers: BTreeSet<String> = numbers.into_iter().collect();
    let mut confirmed: Vec<Value> = Vec::new();
    for order in &mut state.orders {
        if numbers.contains(&order.number) {
            order.downloaded = true;
            confirmed.push(call.shape.digits(&order.number));
        }
    }
    let date = call.slashed();
    let body = json!({
        "RequestDate": date,
        "DownloadedOrderList": call.shape.list("OrderNumber", confirmed),
    });
    Ok(Shown::framed("OrderConfirmationResponse", body).dated(date))
}
