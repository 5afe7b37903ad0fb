//! Purchase orders (walmart.md §7.2).

use barrow_market::{OrderIssue, PulledOrder, RawRecord, Unread};
use barrow_model::{
    Address, Amounts, Buyer, Confirmation, FulfilledBy, Money, Order, OrderLine, PaymentState,
    Refund, RefundStatus, Shipment, ShipmentLine, Site, Tax, TaxCollector,
};
use barrow_wire::Scalar;
use serde_json::value::RawValue;

use crate::config::SITE;
use crate::map::country::two_letters;
use crate::map::order_line::{LineCharges, money, order_line};
use crate::types::order::{PurchaseOrder, PurchaseOrderLine};

/// What stands where a buyer's e-mail should (walmart.md §14.12).
const EMAIL_PLACEHOLDER: &str = "nocxemail@walmartone.com";

/// Splits `order` into records: an array, or a lone object.
pub(crate) fn records(raw: &RawValue) -> Vec<&RawValue> {
    let text = raw.get().trim_start();
    if text.starts_with('[') {
        return serde_json::from_str(text).unwrap_or_default();
    }
    if text.starts_with('{') {
        return vec![raw];
    }
    Vec::new()
}

/// Reads a record. `node` is who ships where the record does not say.
pub(crate) fn read_record(body: &str, node: FulfilledBy) -> Result<PulledOrder, Unread> {
    let parsed = serde_json::from_str::<PurchaseOrder>(body)
        .map_err(|error| OrderIssue::of_json(error.column()));
    let (order_id, mapped) = match parsed {
        Ok(order) => (order.purchase_order_id.owned(), map_order(&order, node)),
        Err(issue) => (id_of(body), Err(issue)),
    };
    RawRecord::new(order_id, body).read_as(mapped)
}

/// The id of an order that cannot be read otherwise.
fn id_of(body: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Known {
        purchase_order_id: Scalar,
    }
    let known: Known = serde_json::from_str(body).ok()?;
    known.purchase_order_id.owned()
}

/// Maps an order.
pub(crate) fn map_order(order: &PurchaseOrder, node: FulfilledBy) -> Result<Order, OrderIssue> {
    let order_id = order
        .purchase_order_id
        .owned()
        .ok_or_else(|| OrderIssue::new("purchaseOrderId", "an order id"))?;
    let placed_at = order
        .order_date
        .instant_or_millis()
        .ok_or_else(|| OrderIssue::new("orderDate", "an instant"))?;
    let source = &order.order_lines.order_line.0;
    if source.is_empty() {
        return Err(OrderIssue::new("orderLines", "at least one line"));
    }
    let mut lines = Vec::with_capacity(source.len());
    let mut charges = Vec::with_capacity(source.len());
    let mut waits = false;
    for (index, line) in source.iter().enumerate() {
        let (mapped, units, sums) = order_line(line, index)?;
        waits |= units.created > 0;
        lines.push(mapped);
        charges.push(sums);
    }
    let refunds = refunds(&order_id, source)?;
    let amounts = amounts(&charges, &refunds)?;
    let summary = match &order.order_summary.total_amount {
        Some(total) => money(total, "orderSummary.totalAmount")?,
        None => None,
    };
    let fulfilled_by = fulfilled_by(&order.ship_node.kind).unwrap_or(node);
    let shipping = &order.shipping_info;
    let replacement = order
        .order_type
        .text()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("REPLACEMENT"));
    let (buyer, ship_to) = people(order);
    Ok(Order {
        customer_order_id: order.customer_order_id.owned(),
        site: Site(SITE.to_owned()),
        placed_at,
        updated_at: source
            .iter()
            .filter_map(|line| line.status_date.instant_or_millis())
            .max(),
        paid_at: None,
        ship_by: shipping.estimated_ship_date.instant_or_millis(),
        deliver_by: shipping.estimated_delivery_date.instant_or_millis(),
        marketplace_state: marketplace_state(source),
        // Walmart releases an order once it is paid.
        payment_state: PaymentState::Paid,
        on_hold: has_status(source, "OnHold"),
        cancel_requested: source.iter().any(|line| line.intent_to_cancel.is_set()),
        replaces: replacement
            .then(|| order.original_customer_order_id.owned())
            .flatten(),
        fulfilled_by,
        shipping_service: shipping.method_code.owned(),
        buyer_note: None,
        total: summary.or(amounts.total),
        taxes: taxes(&charges)?,
        amounts,
        refunds,
        buyer,
        ship_to,
        shipments: shipments(source, &lines),
        lines,
        needs_acknowledgement: waits && fulfilled_by == FulfilledBy::Seller,
        order_id,
    })
}

/// Who ships, by the node's type.
pub(crate) fn fulfilled_by(node_type: &Scalar) -> Option<FulfilledBy> {
    match node_type.text()?.to_ascii_lowercase().as_str() {
        "sellerfulfilled" => Some(FulfilledBy::Seller),
        "wfsfulfilled" => Some(FulfilledBy::Marketplace),
        "3plfulfilled" => Some(FulfilledBy::ThirdParty),
        _ => None,
    }
}

fn statuses(lines: &[PurchaseOrderLine]) -> impl Iterator<Item = &str> {
    lines
        .iter()
        .flat_map(|line| &line.order_line_statuses.order_line_status.0)
        .filter_map(|status| status.status.text())
}

fn has_status(lines: &[PurchaseOrderLine], wanted: &str) -> bool {
    statuses(lines).any(|status| status.eq_ignore_ascii_case(wanted))
}

/// The order has no status of its own: the lines' different ones, in their order.
fn marketplace_state(lines: &[PurchaseOrderLine]) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for status in statuses(lines) {
        if !words.contains(&status) {
            words.push(status);
        }
    }
    (!words.is_empty()).then(|| words.join(", "))
}

fn people(order: &PurchaseOrder) -> (Option<Buyer>, Option<Address>) {
    let shipping = &order.shipping_info;
    let address = shipping.postal_address.as_ref();
    let email = order
        .customer_email_id
        .text()
        .filter(|email| !email.eq_ignore_ascii_case(EMAIL_PLACEHOLDER))
        .map(str::to_owned);
    let name = address.and_then(|address| address.name.owned());
    let buyer = (name.is_some() || email.is_some()).then(|| Buyer {
        name: name.clone(),
        email,
        username: None,
        tax_id: None,
    });
    let ship_to = address.map(|address| Address {
        name,
        company: None,
        line1: address.address1.owned(),
        line2: address.address2.owned(),
        line3: None,
        city: address.city.owned(),
        region: address.state.owned(),
        postal_code: address.postal_code.owned(),
        country: address.country.text().map(two_letters),
        phone: shipping.phone.owned(),
        reference: None,
    });
    (buyer, ship_to)
}

fn add(field: &str, amounts: impl Iterator<Item = Money>) -> Result<Option<Money>, OrderIssue> {
    Money::sum(amounts)
        .map_err(|_| OrderIssue::new(field, "amounts of one currency that can be added"))
}

fn amounts(charges: &[LineCharges], refunds: &[Refund]) -> Result<Amounts, OrderIssue> {
    let sum =
        |part: fn(&LineCharges) -> Option<Money>| add("charges", charges.iter().filter_map(part));
    let (items, shipping, other) = (sum(|c| c.items)?, sum(|c| c.shipping)?, sum(|c| c.other)?);
    let (discount, tax) = (sum(|c| c.discount)?, sum(|c| c.tax)?);
    let less = discount.map(|d| Money::new(d.minor.saturating_neg(), d.currency));
    let parts = [items, shipping, other, tax, less];
    Ok(Amounts {
        items,
        shipping,
        discount,
        tax: None,
        // In the United States Walmart collects and remits sales tax itself.
        tax_by_marketplace: tax,
        other,
        total: add("charges", parts.into_iter().flatten())?,
        refunded: add("refund", refunds.iter().map(|refund| refund.amount))?,
    })
}

fn taxes(charges: &[LineCharges]) -> Result<Vec<Tax>, OrderIssue> {
    let mut taxes: Vec<Tax> = Vec::new();
    for (name, amount) in charges.iter().flat_map(|charges| &charges.taxes) {
        match taxes.iter_mut().find(|tax| tax.name == *name) {
            Some(tax) => {
                tax.amount = tax
                    .amount
                    .checked_add(*amount)
                    .map_err(|_| OrderIssue::new("charges.tax", "amounts of one currency"))?;
            }
            None => taxes.push(Tax {
                name: name.clone(),
                amount: *amount,
                collected_by: TaxCollector::Marketplace,
                reference: None,
                reference_name: None,
            }),
        }
    }
    Ok(taxes)
}

fn refunds(order_id: &str, lines: &[PurchaseOrderLine]) -> Result<Vec<Refund>, OrderIssue> {
    let mut refunds = Vec::new();
    for line in lines {
        let line_id = line.line_number.owned();
        for (index, refund) in line.refund.0.iter().enumerate() {
            let mut parts = Vec::new();
            for charge in &refund.refund_charges.refund_charge.0 {
                let charge = &charge.charge;
                parts.extend(money(&charge.charge_amount, "refund.chargeAmount")?);
                for tax in &charge.tax.0 {
                    parts.extend(money(&tax.tax_amount, "refund.taxAmount")?);
                }
            }
            let Some(sum) = add("refund", parts.into_iter())? else {
                continue;
            };
            let number = line_id.as_deref().unwrap_or_default();
            let charges = &refund.refund_charges.refund_charge.0;
            refunds.push(Refund {
                id: refund
                    .refund_id
                    .owned()
                    .unwrap_or_else(|| format!("{order_id}-{number}-{}", index + 1)),
                at: None,
                line_id: line_id.clone(),
                // Walmart writes what goes back below zero (walmart.md §7.3).
                amount: Money::new(sum.minor.saturating_abs(), sum.currency),
                reason: charges
                    .iter()
                    .find_map(|charge| charge.refund_reason.owned()),
                state: RefundStatus::Done,
            });
        }
    }
    Ok(refunds)
}

/// Lines that share a tracking number are one shipment.
fn shipments(source: &[PurchaseOrderLine], lines: &[OrderLine]) -> Vec<Shipment> {
    let mut shipments: Vec<Shipment> = Vec::new();
    for (from, line) in source.iter().zip(lines) {
        for status in &from.order_line_statuses.order_line_status.0 {
            let Some(info) = &status.tracking_info else {
                continue;
            };
            let Some(tracking) = info.tracking_number.owned() else {
                continue;
            };
            let part = ShipmentLine {
                line_id: line.line_id.clone(),
                quantity: status.status_quantity.amount.count().unwrap_or(1),
            };
            if let Some(shipment) = shipments.iter_mut().find(|s| s.id == tracking) {
                shipment.lines.push(part);
                continue;
            }
            shipments.push(Shipment {
                id: tracking.clone(),
                carrier: info.carrier_name.0.iter().find_map(|name| name.0.clone()),
                service: info.method_code.owned(),
                tracking: Some(tracking),
                tracking_url: info.tracking_url.owned(),
                shipped_at: info.ship_date_time.instant_or_millis(),
                confirmation: Confirmation::Confirmed,
                lines: vec![part],
            });
        }
    }
    shipments
}

#[cfg(test)]
mod tests;
