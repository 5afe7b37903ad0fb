//! An order as it is told (newegg.md §6.1): dates in a form of each field's own.

use serde_json::{Value, json};

use super::super::dates;
use super::super::platform::Platform;
use super::super::shape::Shape;
use super::super::state::State;
use super::{Line, Order, Package};

/// An order should have left after this many days, and arrived after that many.
const SHIP_DAYS: i64 = 2;
const DELIVER_DAYS: i64 = 9;

pub(super) fn order_info(order: &Order, state: &State, shape: Shape, version: u32) -> Value {
    let buyer = &order.buyer;
    let (first, last) = buyer.name.split_once(' ').unwrap_or((&buyer.name, ""));
    let login = buyer.username.as_str();
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|line| line_info(line, state.platform, shape))
        .collect();
    let packages: Vec<Value> = order
        .packages
        .iter()
        .map(|package| package_info(package, order, shape))
        .collect();
    let mut info = json!({
        "SellerID": state.keys.seller_id,
        "OrderNumber": shape.digits(&order.number),
        "SellerOrderNumber": "",
        "InvoiceNumber": shape.digits(&order.invoice),
        "OrderDownloaded": shape.flag(order.downloaded),
        "OrderDate": dates::slashed(order.placed_at),
        "OrderStatus": shape.number(order.status.code()),
        "OrderStatusDescription": order.status.word(),
        "CustomerName": buyer.name,
        "CustomerPhoneNumber": buyer.phone,
        "CustomerEmailAddress": format!("{login}@marketplace.newegg.com"),
        "ShipToAddress1": buyer.line1,
        "ShipToAddress2": buyer.line2.as_deref().unwrap_or(""),
        "ShipToCityName": buyer.city,
        "ShipToStateCode": buyer.state,
        "ShipToZipCode": buyer.postal_code,
        "ShipToCountryCode": state.platform.country_name(),
        "ShipService": order.service,
        "ShipToFirstName": first,
        "ShipToLastName": last,
        "ShipToCompany": "",
        "OrderQty": shape.number(order.lines.iter().map(|line| line.quantity).sum::<u32>()),
        "IsAutoVoid": shape.flag(order.auto_voided),
        "SalesChannel": shape.number(u8::from(order.multichannel)),
        "FulfillmentOption": shape.number(u8::from(order.by_newegg)),
    });
    amounts(&mut info, order, state.platform, shape);
    newer(&mut info, order, state.platform, shape, version);
    info["ItemInfoList"] = shape.list("ItemInfo", lines);
    info["PackageInfoList"] = shape.list("PackageInfo", packages);
    info
}

fn amounts(info: &mut Value, order: &Order, platform: Platform, shape: Shape) {
    let amounts = order.amounts;
    info["OrderItemAmount"] = shape.money(amounts.items);
    info["ShippingAmount"] = shape.money(amounts.shipping);
    info["DiscountAmount"] = shape.money(amounts.discount);
    info["RefundAmount"] = shape.money(0);
    if platform == Platform::Can {
        let federal = amounts.tax / 2;
        info["GSTorHSTAmount"] = shape.money(federal);
        info["PSTorQSTAmount"] = shape.money(amounts.tax - federal);
        info["EHFAmount"] = shape.money(0);
    } else {
        info["SalesTax"] = shape.money(amounts.tax);
    }
    for name in ["VATTotal", "DutyTotal", "RecyclingFeeAmount"] {
        info[name] = shape.money(0);
    }
    info["OrderTotalAmount"] = shape.money(amounts.total());
}

/// Fields that only newer versions have.
fn newer(info: &mut Value, order: &Order, platform: Platform, shape: Shape, version: u32) {
    let after = |days: i64| order.placed_at + chrono::Duration::days(days);
    if version >= 311 {
        info["OnTimeShipDueDate"] = json!(dates::padded(after(SHIP_DAYS)));
        info["DeliverDueDate"] = json!(dates::padded(after(DELIVER_DAYS)));
    }
    if version >= 313 {
        info["CurrencyCode"] = json!(platform.currency());
        info["AutoVoidTime"] = json!(dates::iso(order.auto_void_at()));
    }
    if version >= 314 {
        info["SignatureRequired"] = shape.flag(false);
    }
}

fn line_info(line: &Line, platform: Platform, shape: Shape) -> Value {
    let (status, word) = match line {
        Line {
            cancelled: true, ..
        } => (3_u8, "Cancelled"),
        Line { shipped: 1.., .. } => (2, "Shipped"),
        _ => (1, "Unshipped"),
    };
    let mut info = json!({
        "SellerPartNumber": line.part_number,
        "NeweggItemNumber": line.item_number,
        "MfrPartNumber": line.manufacturer_part,
        "UPCCode": line.barcode,
        "Description": line.title,
        "OrderedQty": shape.number(line.quantity),
        "ShippedQty": shape.number(line.shipped),
        "UnitPrice": shape.money(line.unit_price),
        "ExtendUnitPrice": shape.money(line.total()),
        "ExtendShippingCharge": shape.money(line.shipping),
        "ExtendSalesTax": shape.money(line.tax),
        "ExtendVAT": shape.money(0),
        "ExtendDuty": shape.money(0),
        "Status": shape.number(status),
        "StatusDescription": word,
        "BuyerRequestedCancel": shape.flag(line.cancel_requested),
    });
    if platform != Platform::Us {
        let units = i64::from(line.quantity.max(1));
        info["UnitShippingCharge"] = shape.money(line.shipping / units);
    }
    info
}

fn package_info(package: &Package, order: &Order, shape: Shape) -> Value {
    let mut info = json!({
        "PackageType": "Package",
        "ShipCarrier": package.carrier,
        "ShipService": package.service,
        "TrackingNumber": package.tracking,
        "ShipDate": dates::padded(package.shipped_at),
    });
    if shape.flat_packages() && package.lines.len() == 1 {
        for line in &package.lines {
            info["SellerPartNumber"] = json!(line.sku);
            info["ShippedQty"] = shape.number(line.quantity);
        }
        return info;
    }
    let lines = package
        .lines
        .iter()
        .map(|sent| {
            let line = order.lines.iter().find(|line| line.part_number == sent.sku);
            json!({
                "SellerPartNumber": sent.sku,
                "MfrPartNumber": line.map_or("", |line| line.manufacturer_part.as_str()),
                "ShippedQty": shape.number(sent.quantity),
                "FufillmentCenter": if order.by_newegg { "Newegg" } else { "" },
            })
        })
        .collect();
    info["ItemInfoList"] = shape.list("ItemInfo", lines);
    info
}
