//! Orders as a table: one row per line, the order's own columns repeated.

use barrow_intake::write_text;
use barrow_model::{Money, Shipment, Sku};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::order_document::{OrderDocument, OrderLineDocument};

/// The header.
pub(crate) const ORDER_COLUMNS: [&str; 46] = [
    "account",
    "marketplace",
    "site",
    "order_id",
    "customer_order_id",
    "placed_at",
    "paid_at",
    "ship_by",
    "state",
    "payment_state",
    "refund_state",
    "fulfilled_by",
    "shipping_service",
    "currency",
    "order_total",
    "order_tax",
    "order_shipping",
    "order_discount",
    "order_refunded",
    "buyer_name",
    "buyer_email",
    "ship_to_name",
    "ship_to_company",
    "ship_to_line1",
    "ship_to_line2",
    "ship_to_line3",
    "ship_to_city",
    "ship_to_region",
    "ship_to_postal_code",
    "ship_to_country",
    "ship_to_phone",
    "line_id",
    "sku",
    "variant_sku",
    "title",
    "quantity",
    "quantity_shipped",
    "quantity_cancelled",
    "unit_price",
    "subtotal",
    "tax",
    "shipping",
    "carrier",
    "tracking",
    "fees",
    "order_tax_references",
];

/// The cells of a line.
pub(crate) fn order_cells(order: &OrderDocument, line: &OrderLineDocument) -> Vec<String> {
    let text = |value: &Option<String>| write_text(value.as_deref().unwrap_or_default());
    let buyer = order.buyer.clone().unwrap_or_default();
    let to = order.ship_to.clone().unwrap_or_default();
    let at = |at: Option<DateTime<Utc>>| {
        at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
            .unwrap_or_default()
    };
    let total = order.total.or(order.amounts.total);
    let currency = total
        .or(line.unit_price)
        .map(|money| money.currency.to_string());
    let mut shipments = order.shipments.iter().rev();
    let shipment =
        shipments.find(|shipment| shipment.lines.iter().any(|l| l.line_id == line.line_id));
    let of_shipment = |of: fn(&Shipment) -> Option<String>| {
        write_text(&shipment.and_then(of).unwrap_or_default())
    };
    let sku =
        |sku: &Option<Sku>| write_text(sku.as_ref().map(|sku| sku.as_str()).unwrap_or_default());
    vec![
        write_text(&order.account),
        order.marketplace.clone(),
        write_text(&order.site),
        write_text(&order.order_id),
        text(&order.customer_order_id),
        at(Some(order.placed_at)),
        at(order.paid_at),
        at(order.ship_by),
        order.state.code().to_owned(),
        code(&order.payment_state),
        code(&order.refund_state),
        code(&order.fulfilled_by),
        text(&order.shipping_service),
        currency.unwrap_or_default(),
        amount(total),
        amount(order.amounts.tax),
        amount(order.amounts.shipping),
        amount(order.amounts.discount),
        amount(order.amounts.refunded),
        text(&buyer.name),
        text(&buyer.email),
        text(&to.name),
        text(&to.company),
        text(&to.line1),
        text(&to.line2),
        text(&to.line3),
        text(&to.city),
        text(&to.region),
        text(&to.postal_code),
        text(&to.country),
        text(&to.phone),
        write_text(&line.line_id),
        sku(&line.sku),
        sku(&line.variant_sku),
        write_text(&line.title),
        line.quantity.to_string(),
        line.quantity_shipped.to_string(),
        line.quantity_cancelled.to_string(),
        amount(line.unit_price),
        amount(line.subtotal),
        amount(line.tax),
        amount(line.shipping),
        of_shipment(|shipment| shipment.carrier.clone()),
        of_shipment(|shipment| shipment.tracking.clone()),
        amount(fees_of(order, line, total)),
        write_text(&tax_references(order)),
    ]
}

/// The numbers that customs papers need, each once, with what kind they are.
fn tax_references(order: &OrderDocument) -> String {
    let mut told: Vec<String> = Vec::new();
    for tax in &order.taxes {
        let name = tax.reference_name.as_deref().unwrap_or_default();
        let number = tax.reference.as_deref().unwrap_or_default();
        let text = format!("{name} {number}").trim().to_owned();
        if !number.is_empty() && !told.contains(&text) {
            told.push(text);
        }
    }
    told.join(", ")
}

/// What was taken for a line; what was taken for no line stands at the first. None where it is in
/// another currency than the order.
fn fees_of(order: &OrderDocument, line: &OrderLineDocument, total: Option<Money>) -> Option<Money> {
    let first = order.lines.first();
    let is_first = first.is_some_and(|first| first.line_id == line.line_id);
    let fees = order.fees.iter().filter(|fee| match &fee.line_id {
        Some(line_id) => *line_id == line.line_id,
        None => is_first,
    });
    let sum = Money::sum(fees.map(|fee| fee.amount)).ok()??;
    let differs = total.is_some_and(|total| total.currency != sum.currency);
    (!differs).then_some(sum)
}

/// An amount without its currency; empty where it is not known.
pub(crate) fn amount(money: Option<Money>) -> String {
    money.map(|money| money.amount()).unwrap_or_default()
}

/// The name of a state as JSON writes it.
fn code(state: &impl Serialize) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}
