//! Builds requests. Pure: no clock, no chance, no network.

mod feeds;
mod items;
mod orders;

use barrow_wire::{Built, escaped};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde_json::Value;

pub(crate) use feeds::{
    FeedKind, feed_envelope, feed_list_request, feed_result_request, feed_status_request,
    inventory_row, offer_row, price_row, submit_feed_request,
};
pub(crate) use items::{
    OfferValues, activity_request, inventory_list_request, price_list_request,
    write_inventory_request, write_offer_request, write_price_request,
};
pub(crate) use orders::{
    OrderWindow, Parcel, cancel_request, confirm_request, kill_items_request, orders_by_number,
    orders_request, ship_request,
};

use crate::config::Config;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A call under the account's platform. `path` is in lower case, `query` is ready to be sent; the
/// seller id comes first, in its own case (newegg.md §1, §2). The keys are put on by the
/// authenticator.
fn request(
    config: &Config,
    method: Method,
    path: &str,
    query: &str,
    body: Option<&Value>,
) -> Built {
    let more = if query.is_empty() { "" } else { "&" };
    let uri = format!(
        "{}/{path}?sellerid={}{more}{query}",
        config.base,
        escaped(&config.seller_id)
    );
    let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let mut built = barrow_wire::request(method, &uri, body)?;
    let headers = built.headers_mut();
    // Without a charset, which Newegg does not take; without Accept it answers XML.
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(ACCEPT, JSON);
    Ok(built)
}

/// Whether the keys are right (newegg.md §2, §9).
pub(crate) fn account_request(config: &Config) -> Built {
    let path = "sellermgmt/seller/accountstatus";
    request(config, Method::GET, path, "", None)
}

/// Whether a part of the service is up (newegg.md §9); `area` such as `ordermgmt`.
pub(crate) fn service_request(config: &Config, area: &str) -> Built {
    let path = format!("{area}/servicestatus");
    request(config, Method::GET, &path, "", None)
}
