//! Feeds (newegg.md §5). No feed ever says `Overwrite`: `Yes` would deactivate every listing of the
//! account that is not in the file.

use barrow_model::Money;
use barrow_wire::{Built, escaped};
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::config::Config;
use crate::limits::FEED_LIST_MAX;
use crate::request::items::COUNTRY;
use crate::request::request;
use crate::types::time::pacific_text;

/// What a feed carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum FeedKind {
    /// Offers on items that the catalogue knows.
    Items,
    /// Stock, US.
    Inventory,
    /// Prices, US.
    Price,
    /// Both, the other platforms.
    InventoryAndPrice,
}

impl FeedKind {
    /// What Newegg calls it.
    pub(crate) fn request_type(self) -> &'static str {
        match self {
            Self::Items => "ITEM_DATA",
            Self::Inventory => "INVENTORY_DATA",
            Self::Price => "PRICE_DATA",
            Self::InventoryAndPrice => "INVENTORY_AND_PRICE_DATA",
        }
    }
}

/// The envelope of a feed with its rows.
pub(crate) fn feed_envelope(kind: FeedKind, rows: Vec<Value>) -> Value {
    let (version, message_type, message) = match kind {
        FeedKind::Items => (
            "2.0",
            "BatchItemCreation",
            json!({"Itemfeed": [{"Item": rows}]}),
        ),
        FeedKind::Inventory => ("2.0", "Inventory", json!({"Inventory": {"Item": rows}})),
        FeedKind::Price => ("2.0", "Price", json!({"Price": {"Item": rows}})),
        FeedKind::InventoryAndPrice => ("1.0", "Inventory", json!({"Inventory": {"Item": rows}})),
    };
    json!({"NeweggEnvelope": {
        "Header": {"DocumentVersion": version}, "MessageType": message_type, "Message": message,
    }})
}

/// A row of a stock feed.
pub(crate) fn inventory_row(sku: &str, quantity: u32) -> Value {
    json!({
        "SellerPartNumber": sku, "WarehouseLocation": COUNTRY, "FulfillmentOption": "Seller",
        "Inventory": quantity.to_string(),
    })
}

/// A row of a price feed.
pub(crate) fn price_row(sku: &str, price: &Money) -> Value {
    json!({
        "SellerPartNumber": sku, "CountryCode": COUNTRY, "Currency": price.currency.as_str(),
        "SellingPrice": price.amount(),
    })
}

/// A row of a feed of both; what is left out stays.
pub(crate) fn offer_row(sku: &str, price: Option<&Money>, quantity: Option<u32>) -> Value {
    let mut row = json!({"SellerPartNumber": sku});
    if let Some(price) = price {
        row["Currency"] = price.currency.as_str().into();
        row["SellingPrice"] = price.amount().into();
    }
    if let Some(quantity) = quantity {
        row["Inventory"] = quantity.to_string().into();
        row["FulfillmentOption"] = "Seller".into();
    }
    row
}

/// Submits a feed. Offers on existing items carry the flag `v2` (newegg.md §5).
pub(crate) fn submit_feed_request(config: &Config, kind: FeedKind, envelope: &Value) -> Built {
    let flag = if kind == FeedKind::Items { "&v2" } else { "" };
    let query = format!("requesttype={}{flag}", kind.request_type());
    let path = "datafeedmgmt/feeds/submitfeed";
    request(config, Method::POST, path, &query, Some(envelope))
}

/// How a feed stands.
pub(crate) fn feed_status_request(config: &Config, feed: &str) -> Built {
    let asked = json!({
        "RequestIDList": {"RequestID": feed}, "MaxCount": "1", "RequestStatus": "ALL",
    });
    status_request(config, asked)
}

/// The feeds of a kind that were submitted within a time.
pub(crate) fn feed_list_request(
    config: &Config,
    kind: FeedKind,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Built {
    let asked = json!({
        "MaxCount": FEED_LIST_MAX.to_string(), "RequestStatus": "ALL",
        "RequestType": kind.request_type(),
        "RequestDateFrom": pacific_text(from), "RequestDateTo": pacific_text(to),
    });
    status_request(config, asked)
}

fn status_request(config: &Config, asked: Value) -> Built {
    let body = json!({
        "OperationType": "GetFeedStatusRequest", "RequestBody": {"GetRequestStatus": asked},
    });
    let path = "datafeedmgmt/feeds/status";
    request(config, Method::PUT, path, "", Some(&body))
}

/// What became of a feed's rows.
pub(crate) fn feed_result_request(config: &Config, feed: &str) -> Built {
    let path = format!("datafeedmgmt/feeds/result/{}", escaped(feed));
    request(config, Method::GET, &path, "", None)
}
