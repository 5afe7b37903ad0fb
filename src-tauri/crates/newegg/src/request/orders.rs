//! Orders and what is done to them (newegg.md §6).

use barrow_wire::{Built, escaped};
use chrono::{DateTime, Utc};
use http::Method;
use serde_json::{Value, json};

use crate::config::Config;
use crate::limits::ORDERS_PAGE;
use crate::request::request;
use crate::types::time::pacific_text;

/// A page of orders of one status that were placed within a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrderWindow {
    pub(crate) status: u8,
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    /// From 1.
    pub(crate) page: u32,
}

fn order_info(config: &Config, version: u16, page: u32, criteria: Value) -> Built {
    let body = json!({
        "OperationType": "GetOrderInfoRequest",
        "RequestBody": {
            "PageIndex": page.to_string(), "PageSize": ORDERS_PAGE.to_string(),
            "RequestCriteria": criteria,
        },
    });
    let path = "ordermgmt/order/orderinfo";
    request(
        config,
        Method::PUT,
        path,
        &format!("version={version}"),
        Some(&body),
    )
}

/// Reads a page of orders (newegg.md §6.1).
pub(crate) fn orders_request(config: &Config, version: u16, window: &OrderWindow) -> Built {
    let criteria = json!({
        "Status": window.status.to_string(), "Type": "0",
        "OrderDateFrom": pacific_text(window.from), "OrderDateTo": pacific_text(window.to),
        "OrderDownloaded": "0",
    });
    order_info(config, version, window.page, criteria)
}

/// Reads orders by number; all other criteria would be ignored.
pub(crate) fn orders_by_number(config: &Config, version: u16, numbers: &[&str]) -> Built {
    let criteria = json!({"OrderNumberList": {"OrderNumber": numbers}});
    order_info(config, version, 1, criteria)
}

/// Says that orders were downloaded (newegg.md §6.2).
pub(crate) fn confirm_request(config: &Config, numbers: &[&str]) -> Built {
    let body = json!({
        "OperationType": "OrderConfirmationRequest",
        "RequestBody": {"DownloadedOrderList": {"OrderNumber": numbers}},
    });
    let path = "ordermgmt/orderstatus/orders/confirmation";
    request(config, Method::POST, path, "", Some(&body))
}

/// A parcel in Newegg's words.
#[derive(Clone, Debug)]
pub(crate) struct Parcel<'a> {
    pub(crate) carrier: &'a str,
    pub(crate) service: &'a str,
    pub(crate) tracking: &'a str,
    /// Part number, Newegg's item number where it is known, units.
    pub(crate) items: Vec<(&'a str, Option<&'a str>, u32)>,
}

fn order_status(config: &Config, number: &str, body: &Value) -> Built {
    let path = format!("ordermgmt/orderstatus/orders/{}", escaped(number));
    request(config, Method::PUT, &path, "version=304", Some(body))
}

/// Tells that a parcel has left (newegg.md §6.3).
pub(crate) fn ship_request(config: &Config, number: &str, parcel: &Parcel<'_>) -> Built {
    let item = |(sku, item, units): &(&str, Option<&str>, u32)| {
        let mut row = json!({"SellerPartNumber": sku});
        if let Some(item) = item {
            row["NeweggItemNumber"] = (*item).into();
        }
        row["ShippedQty"] = units.to_string().into();
        row
    };
    let items: Vec<Value> = parcel.items.iter().map(item).collect();
    let body = json!({"Action": "2", "Value": {"Shipment": {
        "Header": {"SellerID": config.seller_id, "SONumber": number},
        "PackageList": {"Package": [{
            "TrackingNumber": parcel.tracking, "ShipCarrier": parcel.carrier,
            "ShipService": parcel.service, "ItemList": {"Item": items},
        }]},
    }}});
    order_status(config, number, &body)
}

/// Cancels a whole order (newegg.md §6.4).
pub(crate) fn cancel_request(config: &Config, number: &str, reason: &str) -> Built {
    order_status(config, number, &json!({"Action": "1", "Value": reason}))
}

/// Cancels whole lines of an order (newegg.md §6.4).
pub(crate) fn kill_items_request(config: &Config, number: &str, skus: &[&str]) -> Built {
    let items: Vec<Value> = skus
        .iter()
        .map(|sku| json!({"SellerPartNumber": sku}))
        .collect();
    let body = json!({
        "OperationType": "KillItemRequest",
        "RequestBody": {"KillItem": {"Order": {"ItemList": {"Item": items}}}},
    });
    let path = format!("ordermgmt/killitem/orders/{}", escaped(number));
    request(config, Method::PUT, &path, "", Some(&body))
}
