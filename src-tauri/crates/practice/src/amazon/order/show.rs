//! Orders as the model writes them (amazon.md §7.1). What is not there is left out.

use serde_json::{Value, json};

use super::super::call::instant;
use super::super::money::money;
use super::super::site::{HOME, find};
use super::{Line, Order, Package, Status};
use crate::marketplace::Now;

/// What can be asked for beside the order itself.
pub(super) const DATA: [&str; 11] = [
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
];

pub(super) fn order(order: &Order, data: &[&str], now: Now) -> Value {
    let site = find(&order.site).unwrap_or(&HOME);
    let priced =
        order.status != Status::Cancelled && (order.status != Status::Pending || order.tells_early);
    let lines = order.lines.iter();
    let lines: Vec<Value> = lines
        .map(|one| line(one, order, data, priced, site.currency))
        .collect();
    let mut shown = json!({
        "orderId": order.id,
        "createdTime": instant(order.created_at),
        "lastUpdatedTime": instant(order.updated_at),
        "programs": order.programs,
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": site.id,
            "marketplaceName": site.name,
        },
        "orderItems": lines,
    });
    // Of an order whose payment is not settled nothing is told of people (amazon.md §7.4).
    let settled = order.status != Status::Pending;
    for name in data {
        match *name {
            "BUYER" if settled => shown["buyer"] = buyer(order),
            "RECIPIENT" if settled && !order.by_amazon => {
                shown["recipient"] =
                    json!({ "deliveryAddress": address(order, site.country, now) });
            }
            "PROCEEDS" if priced => shown["proceeds"] = proceeds(order, site.currency),
            "FULFILLMENT" => shown["fulfillment"] = fulfillment(order),
            "PACKAGES" if !order.by_amazon && !order.packages.is_empty() => {
                shown["packages"] = order.packages.iter().map(package).collect();
            }
            "PAYMENT" if priced && settled => {
                let total = order.lines.iter().map(Line::total).sum();
                shown["payment"] = json!({ "paymentExecutions": [{
                    "paymentMethod": "CreditCard",
                    "paymentAmount": money(total, site.currency),
                }]});
            }
            "TAX" => shown["tax"] = json!({ "taxRegistrations": [] }),
            _ => {}
        }
    }
    shown
}

fn buyer(order: &Order) -> Value {
    let mut shown = json!({ "buyerName": order.buyer.name });
    if !order.by_amazon {
        // Amazon tells an alias, never the buyer's own address.
        let alias = format!("{}@marketplace.amazon.example", order.buyer.username);
        shown["buyerEmail"] = Value::from(alias);
    }
    if let Some(company) = &order.company {
        shown["buyerCompanyName"] = Value::from(company.as_str());
    }
    if let Some(number) = &order.purchase_number {
        shown["buyerPurchaseOrderNumber"] = Value::from(number.as_str());
    }
    shown
}

fn address(order: &Order, country: &str, now: Now) -> Value {
    let buyer = &order.buyer;
    let mut shown = json!({
        "name": buyer.name,
        "addressLine1": buyer.line1,
        "city": buyer.city,
        "stateOrRegion": buyer.state,
        "postalCode": buyer.postal_code,
        "countryCode": country,
        "addressType": if order.company.is_some() { "COMMERCIAL" } else { "RESIDENTIAL" },
    });
    if let Some(line2) = &buyer.line2 {
        shown["addressLine2"] = Value::from(line2.as_str());
    }
    if let Some(company) = &order.company {
        shown["companyName"] = Value::from(company.as_str());
    }
    // The phone number goes once the order should have been delivered (amazon.md §7.4).
    if order.status != Status::Shipped || now.wall <= order.deliver_by {
        shown["phone"] = Value::from(buyer.phone.as_str());
    }
    shown
}

/// The kinds of proceeds of a line that are not nothing, in the smallest unit.
fn kinds(line: &Line) -> Vec<(&'static str, i64)> {
    let kinds = [
        ("ITEM", line.items()),
        ("SHIPPING", line.shipping),
        ("GIFT_WRAP", line.gift_wrap),
        ("TAX", line.tax()),
        ("DISCOUNT", -line.discount()),
    ];
    let there = kinds
        .into_iter()
        .filter(|(kind, minor)| *kind == "ITEM" || *minor != 0);
    there.collect()
}

fn proceeds(order: &Order, currency: &str) -> Value {
    let mut sums: Vec<(&str, i64)> = Vec::new();
    for (kind, minor) in order.lines.iter().flat_map(kinds) {
        match sums.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += minor,
            None => sums.push((kind, minor)),
        }
    }
    let breakdowns: Vec<Value> = sums
        .into_iter()
        .map(|(kind, minor)| json!({ "type": kind, "subtotal": money(minor, currency) }))
        .collect();
    let total = order.lines.iter().map(Line::total).sum();
    json!({ "grandTotal": money(total, currency), "breakdowns": breakdowns })
}

fn line_proceeds(line: &Line, currency: &str) -> Value {
    let breakdowns: Vec<Value> = kinds(line)
        .into_iter()
        .map(|(kind, minor)| {
            let details: &[(&str, i64)] = match kind {
                "TAX" => &[("ITEM", line.item_tax), ("SHIPPING", line.shipping_tax)],
                "DISCOUNT" => &[
                    ("ITEM", -line.item_discount),
                    ("SHIPPING", -line.shipping_discount),
                ],
                _ => &[],
            };
            let mut shown = json!({ "type": kind, "subtotal": money(minor, currency) });
            if !details.is_empty() {
                let there = details.iter().filter(|(_, minor)| *minor != 0);
                let rows = there.map(
                    |(kind, minor)| json!({ "subtype": kind, "value": money(*minor, currency) }),
                );
                shown["detailedBreakdowns"] = rows.collect();
            }
            shown
        })
        .collect();
    json!({ "proceedsTotal": money(line.total(), currency), "breakdowns": breakdowns })
}

fn fulfillment(order: &Order) -> Value {
    json!({
        "fulfillmentStatus": order.status.word(),
        "fulfilledBy": if order.by_amazon { "AMAZON" } else { "MERCHANT" },
        "fulfillmentServiceLevel": order.service_level,
        "shipByWindow": {
            "earliestDateTime": instant(order.created_at),
            "latestDateTime": instant(order.ship_by),
        },
        "deliverByWindow": {
            "earliestDateTime": instant(order.ship_by),
            "latestDateTime": instant(order.deliver_by),
        },
    })
}

fn line(line: &Line, order: &Order, data: &[&str], priced: bool, currency: &str) -> Value {
    let (kind, subtype) = condition(&line.condition);
    let mut product = json!({
        "asin": line.asin,
        "title": line.title,
        "sellerSku": line.sku,
        "condition": { "conditionType": kind, "conditionSubtype": subtype },
    });
    if priced {
        product["price"] = json!({ "unitPrice": money(line.unit_price, currency) });
        if line.business_price {
            product["price"]["priceDesignation"] = Value::from("BUSINESS_PRICE");
        }
    }
    let mut shown = json!({
        "orderItemId": line.id,
        "quantityOrdered": line.quantity,
        "programs": [],
        "product": product,
    });
    for name in data {
        match *name {
            "PROCEEDS" if priced => shown["proceeds"] = line_proceeds(line, currency),
            "PROMOTION" if line.discount() > 0 => {
                let id = format!("PRACTICE-{}", order.id);
                shown["promotion"] = json!({ "breakdowns": [{ "promotionId": id }] });
            }
            "CANCELLATION" => {
                if let Some(cancellation) = cancellation(line) {
                    shown["cancellation"] = cancellation;
                }
            }
            "FULFILLMENT" => {
                shown["fulfillment"] = json!({
                    "quantityFulfilled": line.shipped,
                    "quantityUnfulfilled": line.open(),
                });
                if line.gift_wrap > 0 {
                    shown["fulfillment"]["packing"] = json!({ "giftOption": {
                        "giftMessage": "With best wishes",
                        "giftWrapLevel": "Classic",
                    }});
                }
            }
            "TAX" if line.tax() > 0 => {
                shown["tax"] = json!({ "taxCollections": [{
                    "model": "MARKETPLACE_FACILITATOR",
                    "responsibleParty": "Amazon Services, Inc.",
                }]});
            }
            _ => {}
        }
    }
    shown
}

fn cancellation(line: &Line) -> Option<Value> {
    let mut shown = serde_json::Map::new();
    if let Some(reason) = &line.cancel_request {
        let request = json!({ "requester": "BUYER", "cancelReason": reason });
        shown.insert("cancellationRequest".to_owned(), request);
    }
    if let Some((who, why)) = &line.cancelled_by {
        let execution = json!({ "cancelledBy": who, "cancelReason": why });
        shown.insert("cancellationExecution".to_owned(), execution);
    }
    (!shown.is_empty()).then_some(Value::Object(shown))
}

/// Orders name conditions by two words that listings join.
fn condition(condition: &str) -> (&'static str, &'static str) {
    match condition {
        "new_open_box" => ("NEW", "OPEN_BOX"),
        "new_oem" => ("NEW", "OEM"),
        "refurbished_refurbished" => ("REFURBISHED", "REFURBISHED"),
        "used_like_new" => ("USED", "MINT"),
        "used_very_good" => ("USED", "VERY_GOOD"),
        "used_good" => ("USED", "GOOD"),
        "used_acceptable" => ("USED", "ACCEPTABLE"),
        "collectible_like_new" => ("COLLECTIBLE", "MINT"),
        "collectible_very_good" => ("COLLECTIBLE", "VERY_GOOD"),
        "collectible_good" => ("COLLECTIBLE", "GOOD"),
        "collectible_acceptable" => ("COLLECTIBLE", "ACCEPTABLE"),
        "club_club" => ("CLUB", "CLUB"),
        _ => ("NEW", "NEW"),
    }
}

fn package(package: &Package) -> Value {
    let (status, detailed) = if package.delivered {
        ("DELIVERED", "DELIVERED")
    } else {
        ("SHIPPED", "PICKED_UP")
    };
    let items = package.items.iter();
    let items: Vec<Value> = items
        .map(|(id, quantity)| json!({ "orderItemId": id, "quantity": quantity }))
        .collect();
    let mut shown = json!({
        "packageReferenceId": package.reference,
        "createdTime": instant(package.created_at),
        "packageStatus": { "status": status, "detailedStatus": detailed },
        "carrier": package.carrier,
        "shipTime": instant(package.shipped_at),
        "trackingNumber": package.tracking,
        "packageItems": items,
    });
    if let Some(service) = &package.service {
        shown["shippingService"] = Value::from(service.as_str());
    }
    shown
}
