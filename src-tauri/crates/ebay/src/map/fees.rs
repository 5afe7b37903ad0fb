//! What eBay took of orders, from its transactions (ebay.md §8.7).

use barrow_model::{Fee, FeeEntry, Money};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::money::{instant, money};
use crate::types::Transaction;

/// What a transaction came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booking {
    /// Something was taken of an order, or given back.
    Fees(FeeEntry),
    /// It is about something else: a payout, a subscription.
    Other,
    /// It cannot be read.
    Unreadable,
}

/// Reads a transaction; beside it when it was.
pub fn booking(record: &Value) -> (Option<DateTime<Utc>>, Booking) {
    let Ok(told) = Transaction::deserialize(record) else {
        return (None, Booking::Unreadable);
    };
    let at = instant(told.transaction_date.as_deref());
    (at, entry(&told, at))
}

fn entry(told: &Transaction, at: Option<DateTime<Utc>>) -> Booking {
    let (Some(id), Some(kind)) = (&told.transaction_id, told.transaction_type.as_deref()) else {
        return Booking::Unreadable;
    };
    let fees = match kind {
        "SALE" => of_lines(told, false),
        // What it lists are fees that are given back.
        "REFUND" => of_lines(told, true),
        // Ad fees, and now and then final value fees, minutes after the sale.
        "NON_SALE_CHARGE" => alone(told, told.fee_type.as_deref().unwrap_or("OTHER_FEES")),
        // eBay's price of a label; given back where the label is voided.
        "SHIPPING_LABEL" => alone(told, "SHIPPING_LABEL"),
        _ => return Booking::Other,
    };
    let Some(order_id) = order_of(told) else {
        return Booking::Other;
    };
    match fees {
        None => Booking::Unreadable,
        Some(fees) => Booking::Fees(FeeEntry {
            entry: format!("{kind}/{id}"),
            order_id,
            at,
            fees,
        }),
    }
}

fn order_of(told: &Transaction) -> Option<String> {
    let named = told.references.iter().find(|reference| {
        let kind = reference.reference_type.as_deref().unwrap_or_default();
        kind.eq_ignore_ascii_case("ORDER_ID")
    });
    let named = named.and_then(|reference| reference.reference_id.clone());
    told.order_id.clone().or(named)
}

fn of_lines(told: &Transaction, back: bool) -> Option<Vec<Fee>> {
    let mut fees = Vec::new();
    for line in &told.order_line_items {
        for fee in &line.marketplace_fees {
            let amount = money(&fee.amount)?;
            if amount.minor == 0 {
                continue;
            }
            fees.push(Fee {
                line_id: line.line_item_id.clone(),
                kind: fee
                    .fee_type
                    .clone()
                    .unwrap_or_else(|| "OTHER_FEES".to_owned()),
                amount: signed(amount, back),
            });
        }
    }
    Some(fees)
}

fn alone(told: &Transaction, kind: &str) -> Option<Vec<Fee>> {
    let amount = money(&told.amount)?;
    let back = told.booking_entry.as_deref() == Some("CREDIT");
    let line = match told.order_line_items.as_slice() {
        [line] => line.line_item_id.clone(),
        _ => None,
    };
    Some(vec![Fee {
        line_id: line,
        kind: kind.to_owned(),
        amount: signed(amount, back),
    }])
}

fn signed(amount: Money, back: bool) -> Money {
    let minor = amount.minor.saturating_abs();
    let minor = if back { -minor } else { minor };
    Money::new(minor, amount.currency)
}
