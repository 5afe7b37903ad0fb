//! Orders (newegg.md §6.1).

use barrow_market::{OrderIssue, PulledOrder, RawRecord, Unread};
use barrow_model::{
    Address, Amounts, Buyer, Confirmation, Currency, FulfilledBy, Money, Order, OrderLine,
    PaymentState, Refund, RefundStatus, Shipment, ShipmentLine, Site, Tax, TaxCollector,
};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::Platform;
use crate::map::country::two_letters;
use crate::map::order_line::{OrderStatus, merged, money, order_line, sum};
use crate::types::node::{Node, raw_list, raw_member, raw_members};

/// A record that could be read.
pub(crate) struct ReadOrder {
    pub(crate) order: PulledOrder,
    /// A sale of another channel that Newegg ships: not one of Newegg's (newegg.md §10).
    pub(crate) is_multi_channel: bool,
}

/// A page of records, as they came.
pub(crate) struct RawPage<'a> {
    pub(crate) records: Vec<&'a RawValue>,
    pub(crate) total: Option<u32>,
    pub(crate) pages: Option<u32>,
}

/// Splits an answer into its records.
pub(crate) fn raw_page(body: &str) -> Result<RawPage<'_>, serde_json::Error> {
    let mut page = RawPage {
        records: Vec::new(),
        total: None,
        pages: None,
    };
    if body.trim().is_empty() {
        return Ok(page);
    }
    let whole: &RawValue = serde_json::from_str(body)?;
    let mut at = whole;
    for name in ["NeweggAPIResponse", "ResponseBody"] {
        let members = raw_members(at).unwrap_or_default();
        if let Some(inner) = raw_member(&members, name).filter(|raw| raw.get() != "null") {
            at = inner;
        }
    }
    let members = raw_members(at).unwrap_or_default();
    if let Some(list) = raw_member(&members, "OrderInfoList") {
        page.records = raw_list(list, "OrderInfo");
    }
    if let Some(info) = raw_member(&members, "PageInfo") {
        let info: Value = serde_json::from_str(info.get())?;
        page.total = Node::of(&info).get("TotalCount").count();
        page.pages = Node::of(&info).get("TotalPageCount").count();
    }
    Ok(page)
}

/// Reads a record.
pub(crate) fn read_record(body: &str, platform: Platform) -> Result<ReadOrder, Unread> {
    let parsed =
        serde_json::from_str::<Value>(body).map_err(|error| OrderIssue::of_json(error.column()));
    let (order_id, mapped) = match &parsed {
        Ok(value) => {
            let record = Node::of(value);
            let id = record.get("OrderNumber").text();
            let mapped = map_order(record, platform);
            (id, mapped.map(|order| (order, channel(record) == Some(1))))
        }
        Err(issue) => (None, Err(issue.clone())),
    };
    let is_multi_channel = matches!(mapped, Ok((_, true)));
    let order = RawRecord::new(order_id, body).read_as(mapped.map(|(order, _)| order))?;
    Ok(ReadOrder {
        order,
        is_multi_channel,
    })
}

fn channel(record: Node<'_>) -> Option<u32> {
    record.get("SalesChannel").count()
}

/// Maps an order.
fn map_order(record: Node<'_>, platform: Platform) -> Result<Order, OrderIssue> {
    let order_id = record
        .get("OrderNumber")
        .text()
        .ok_or_else(|| OrderIssue::new("OrderNumber", "an order number"))?;
    let placed_at = record
        .get("OrderDate")
        .instant()
        .ok_or_else(|| OrderIssue::new("OrderDate", "a date"))?;
    let status = OrderStatus::read(record.get("OrderStatus"));
    let currency = currency(record, platform)?;
    let rows = record.get("ItemInfoList").list("ItemInfo");
    if rows.is_empty() {
        return Err(OrderIssue::new("ItemInfoList", "at least one line"));
    }
    let lines = rows
        .into_iter()
        .map(|row| order_line(row, status, currency))
        .collect::<Result<Vec<_>, _>>()?;
    let amounts = amounts(record, &lines, platform, currency)?;
    let (buyer, ship_to) = people(record);
    let is_theirs = record.get("FulfillmentOption").count() == Some(1);
    let downloaded = record.get("OrderDownloaded").flag().unwrap_or(false);
    let is_open = matches!(status, OrderStatus::Unshipped | OrderStatus::PartlyShipped);
    let items = record.get("ItemInfoList").list("ItemInfo");
    Ok(Order {
        customer_order_id: None,
        site: Site(platform.site().to_owned()),
        placed_at,
        updated_at: None,
        paid_at: None,
        ship_by: record
            .get("OnTimeShipDueDate")
            .instant()
            .or_else(|| record.get("AutoVoidTime").instant()),
        deliver_by: record.get("DeliverDueDate").instant(),
        marketplace_state: record
            .get("OrderStatusDescription")
            .text()
            .or_else(|| status.word().map(str::to_owned)),
        payment_state: match status {
            OrderStatus::PaymentPending => PaymentState::Pending,
            OrderStatus::Unknown => PaymentState::Unknown,
            _ => PaymentState::Paid,
        },
        on_hold: false,
        cancel_requested: items
            .iter()
            .any(|row| row.get("BuyerRequestedCancel").flag() == Some(true)),
        replaces: None,
        fulfilled_by: if is_theirs {
            FulfilledBy::Marketplace
        } else {
            FulfilledBy::Seller
        },
        shipping_service: record.get("ShipService").text(),
        buyer_note: None,
        total: money(record, "OrderTotalAmount", currency)?.or(amounts.total),
        taxes: taxes(record, platform, currency)?,
        refunds: refunds(&order_id, amounts.refunded),
        amounts,
        buyer,
        ship_to,
        shipments: shipments(record),
        lines: merged(lines)?,
        needs_acknowledgement: is_open && !is_theirs && !downloaded,
        order_id,
    })
}

fn currency(record: Node<'_>, platform: Platform) -> Result<Currency, OrderIssue> {
    match record.get("CurrencyCode").text() {
        Some(code) => {
            Currency::parse(&code).map_err(|_| OrderIssue::new("CurrencyCode", "a currency"))
        }
        None => Ok(platform.currency()),
    }
}

/// Taxes of Canada come apart and are the seller's to pay; elsewhere Newegg collects and pays.
const TAXES: &[(&str, &str, TaxCollector)] = &[
    ("SalesTax", "Sales tax", TaxCollector::Marketplace),
    ("GSTorHSTAmount", "GST/HST", TaxCollector::Seller),
    ("PSTorQSTAmount", "PST/QST", TaxCollector::Seller),
];

fn taxes(record: Node<'_>, platform: Platform, currency: Currency) -> Result<Vec<Tax>, OrderIssue> {
    let mut taxes = Vec::new();
    for (field, name, collector) in TAXES {
        let amount = money(record, field, currency)?.filter(|amount| amount.minor != 0);
        let Some(amount) = amount else { continue };
        taxes.push(Tax {
            name: (*name).to_owned(),
            amount,
            collected_by: match platform {
                Platform::Canada => TaxCollector::Seller,
                Platform::Us | Platform::Business => *collector,
            },
            reference: None,
            reference_name: None,
        });
    }
    Ok(taxes)
}

fn amounts(
    record: Node<'_>,
    lines: &[OrderLine],
    platform: Platform,
    currency: Currency,
) -> Result<Amounts, OrderIssue> {
    let read = |field: &str| money(record, field, currency);
    let items = match sum("ExtendUnitPrice", lines.iter().map(|line| line.subtotal))? {
        Some(items) => Some(items),
        None => read("OrderItemAmount")?,
    };
    let shipping = read("ShippingAmount")?;
    // Written below zero or above; it lowers the total either way.
    let discount = read("DiscountAmount")?
        .map(|amount| Money::new(amount.minor.saturating_abs(), amount.currency));
    let others = [
        read("VATTotal")?,
        read("DutyTotal")?,
        read("RecyclingFeeAmount")?,
        read("EHFAmount")?,
    ];
    let other = sum("DutyTotal", others)?;
    let of = |collector: TaxCollector| {
        let taxes = taxes(record, platform, currency)?;
        let chosen = taxes.iter().filter(|tax| tax.collected_by == collector);
        sum("SalesTax", chosen.map(|tax| Some(tax.amount)))
    };
    let (tax, tax_by_marketplace) = (of(TaxCollector::Seller)?, of(TaxCollector::Marketplace)?);
    let less = discount.map(|d| Money::new(d.minor.saturating_neg(), d.currency));
    let parts = [items, shipping, other, tax, tax_by_marketplace, less];
    let refunded = read("RefundAmount")?
        .map(|amount| Money::new(amount.minor.saturating_abs(), amount.currency))
        .filter(|amount| amount.minor > 0);
    Ok(Amounts {
        items,
        shipping,
        discount,
        tax,
        tax_by_marketplace,
        other,
        total: sum("OrderTotalAmount", parts)?,
        refunded,
    })
}

/// Newegg tells what was given back in all, not refund by refund.
fn refunds(order_id: &str, refunded: Option<Money>) -> Vec<Refund> {
    refunded
        .map(|amount| Refund {
            id: format!("{order_id}-refunds"),
            at: None,
            line_id: None,
            amount,
            reason: None,
            state: RefundStatus::Done,
        })
        .into_iter()
        .collect()
}

/// The e-mail is a relay of Newegg's (newegg.md §12.9); one with stars in it is none.
fn people(record: Node<'_>) -> (Option<Buyer>, Option<Address>) {
    let text = |field: &str| record.get(field).text();
    let names = [text("ShipToFirstName"), text("ShipToLastName")];
    let names: Vec<String> = names.into_iter().flatten().collect();
    let customer = text("CustomerName");
    let name = if names.is_empty() {
        customer.clone()
    } else {
        Some(names.join(" "))
    };
    let email = text("CustomerEmailAddress").filter(|email| !email.contains('*'));
    let buyer_name = customer.or_else(|| name.clone());
    let buyer = (buyer_name.is_some() || email.is_some()).then_some(Buyer {
        name: buyer_name,
        email,
        username: None,
        tax_id: None,
    });
    let ship_to = Address {
        name,
        company: text("ShipToCompany"),
        line1: text("ShipToAddress1"),
        line2: text("ShipToAddress2"),
        line3: None,
        city: text("ShipToCityName"),
        region: text("ShipToStateCode"),
        postal_code: text("ShipToZipCode"),
        country: text("ShipToCountryCode").map(|name| two_letters(&name)),
        phone: text("CustomerPhoneNumber"),
        reference: None,
    };
    let is_told = ship_to.name.is_some() || ship_to.line1.is_some() || ship_to.city.is_some();
    (buyer, is_told.then_some(ship_to))
}

/// Packages with the same tracking number are one; their items stand in a list or, in newer
/// answers, in the package itself.
fn shipments(record: Node<'_>) -> Vec<Shipment> {
    let mut shipments: Vec<Shipment> = Vec::new();
    for package in record.get("PackageInfoList").list("PackageInfo") {
        let tracking = package.get("TrackingNumber").text();
        let mut items = package.get("ItemInfoList").list("ItemInfo");
        if items.is_empty() {
            items.push(package);
        }
        let lines: Vec<ShipmentLine> = items
            .into_iter()
            .filter_map(|item| {
                Some(ShipmentLine {
                    line_id: item.get("SellerPartNumber").text()?,
                    quantity: item.get("ShippedQty").count()?,
                })
            })
            .collect();
        if tracking.is_none() && lines.is_empty() {
            continue;
        }
        let known = shipments
            .iter_mut()
            .find(|shipment| tracking.is_some() && shipment.tracking == tracking);
        if let Some(known) = known {
            known.lines.extend(lines);
            continue;
        }
        let number = shipments.len() + 1;
        shipments.push(Shipment {
            id: tracking.clone().unwrap_or_else(|| number.to_string()),
            carrier: package.get("ShipCarrier").text(),
            service: package.get("ShipService").text(),
            tracking,
            tracking_url: None,
            shipped_at: package.get("ShipDate").instant(),
            confirmation: Confirmation::Confirmed,
            lines,
        });
    }
    shipments
}

#[cfg(test)]
mod tests;
