//! Orders as the contract writes them (walmart.md §7.2). What is not there is left out: the
//! contract allows no null.

use serde_json::{Value, json};

use super::super::money::{self, CURRENCY};
use super::{Charge, Line, Order, Part, Tracking};

/// What a reader asks for beside the order itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extras {
    pub(super) product_info: bool,
    pub(super) replacement_info: bool,
}

impl Extras {
    pub(super) const NONE: Self = Self {
        product_info: false,
        replacement_info: false,
    };
}

pub(super) fn order(order: &Order, extras: Extras, partner_id: &str) -> Value {
    let buyer = &order.buyer;
    let mut address = json!({
        "name": buyer.name,
        "address1": buyer.line1,
        "city": buyer.city,
        "state": buyer.state,
        "postalCode": buyer.postal_code,
        "country": "USA",
        "addressType": "RESIDENTIAL",
    });
    if let Some(line2) = &buyer.line2 {
        address["address2"] = json!(line2);
    }
    let total = order.lines.iter().map(Line::total).sum();
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|each| line(each, order, extras))
        .collect();
    let mut shown = json!({
        "purchaseOrderId": order.purchase_order_id,
        "customerOrderId": order.customer_order_id,
        "customerEmailId": buyer.email,
        "orderDate": order.placed_at.timestamp_millis(),
        "buyerId": order.buyer_id,
        "mart": "US",
        "isGuest": false,
        "shippingInfo": {
            "phone": buyer.phone,
            "estimatedDeliveryDate": order.deliver_by.timestamp_millis(),
            "estimatedShipDate": order.ship_by.timestamp_millis(),
            "methodCode": order.method,
            "postalAddress": address,
        },
        "orderLines": { "orderLine": lines },
        "paymentTypes": ["CREDITCARD"],
        "orderSummary": {
            "totalAmount": { "currencyAmount": money::number(total), "currencyUnit": CURRENCY },
        },
        "shipNode": { "type": order.node_type.word(), "id": partner_id },
    });
    if extras.replacement_info {
        shown["orderType"] = json!("REGULAR");
    }
    shown
}

impl Line {
    /// Everything that is charged for the line, tax included, in cents.
    pub(super) fn total(&self) -> i64 {
        self.charges
            .iter()
            .map(|charge| charge.amount + charge.tax)
            .sum()
    }
}

fn line(line: &Line, order: &Order, extras: Extras) -> Value {
    let mut item = json!({
        "productName": line.name,
        "sku": line.sku,
        "condition": line.condition,
    });
    if extras.product_info {
        if let Some(image) = &line.image {
            item["imageUrl"] = json!(image);
        }
        let weight = format!("{}.{:03}", line.weight / 1_000, line.weight % 1_000);
        item["weight"] = json!({ "value": weight, "unit": "Pounds" });
    }
    let ship_method = if order.method == "Express" {
        "EXPEDITED"
    } else {
        "STANDARD"
    };
    let mut fulfillment = json!({
        "fulfillmentOption": "S2H",
        "shipMethod": ship_method,
        "pickUpDateTime": order.deliver_by.timestamp_millis(),
    });
    if let Some(program) = &order.program {
        fulfillment["shippingProgramType"] = json!(program);
    }
    let mut shown = json!({
        "lineNumber": line.number,
        "item": item,
        "charges": { "charge": line.charges.iter().map(charge).collect::<Vec<_>>() },
        "orderLineQuantity": each(line.quantity),
        "statusDate": line.changed_at.timestamp_millis(),
        "orderLineStatuses": {
            "orderLineStatus": line.parts.iter().map(part).collect::<Vec<_>>(),
        },
        "fulfillment": fulfillment,
    });
    if line.intent_to_cancel {
        shown["intentToCancel"] = json!("TRUE");
    }
    if let Some(id) = &line.seller_order_id {
        shown["sellerOrderId"] = json!(id);
    }
    if let Some(id) = &line.refund_id {
        shown["refund"] = refund(line, id);
    }
    shown
}

fn refund(line: &Line, id: &str) -> Value {
    let charges: Vec<Value> = line
        .refunds
        .iter()
        .map(|back| json!({ "refundReason": back.reason, "charge": charge(back) }))
        .collect();
    let mut shown = json!({ "refundId": id, "refundCharges": { "refundCharge": charges } });
    if let Some(comments) = &line.refund_comments {
        shown["refundComments"] = json!(comments);
    }
    shown
}

fn charge(charge: &Charge) -> Value {
    let mut shown = json!({
        "chargeType": charge.kind,
        "chargeName": charge.name,
        "chargeAmount": { "currency": CURRENCY, "amount": money::number(charge.amount) },
    });
    if let Some(name) = &charge.tax_name {
        shown["tax"] = json!({
            "taxName": name,
            "taxAmount": { "currency": CURRENCY, "amount": money::number(charge.tax) },
        });
    }
    shown
}

fn part(part: &Part) -> Value {
    let mut shown = json!({
        "status": part.status.word(),
        "statusQuantity": each(part.quantity),
    });
    if let Some(reason) = &part.reason {
        shown["cancellationReason"] = json!(reason);
    }
    if let Some(tracking) = &part.tracking {
        shown["trackingInfo"] = tracking_info(tracking);
    }
    shown
}

fn tracking_info(tracking: &Tracking) -> Value {
    let mut carrier = json!({});
    if let Some(name) = &tracking.carrier {
        carrier["carrier"] = json!(name);
    }
    if let Some(name) = &tracking.other_carrier {
        carrier["otherCarrier"] = json!(name);
    }
    let mut shown = json!({
        "shipDateTime": tracking.shipped_at,
        "carrierName": carrier,
        "methodCode": tracking.method,
        "trackingNumber": tracking.number,
    });
    if let Some(url) = &tracking.url {
        shown["trackingURL"] = json!(url);
    }
    shown
}

fn each(amount: u32) -> Value {
    json!({ "unitOfMeasurement": "EACH", "amount": amount.to_string() })
}
