//! Builds requests. Pure: no clock, no chance, no network.

mod feeds;
mod items;
mod orders;

use barrow_market::{Error, ErrorKind};
use barrow_model::Secret;
use barrow_wire::{Built, Object};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};

pub(crate) use feeds::{
    FeedType, feed_file_name, feed_request, feed_status_request, feed_type_of_file, feeds_request,
    identifiers, inventory_row, match_row, price_row,
};
pub(crate) use items::{
    inventories_request, inventory_put_request, inventory_request, item_request, items_request,
    price_request, retire_request, search_request, spec_request, taxonomy_request,
};
pub(crate) use orders::{
    Carrier, LineRefund, Parcel, RefundCharge, acknowledge_request, cancel_request, order_request,
    orders_next_request, orders_request, refund_request, ship_request,
};

pub(crate) const ACCESS_TOKEN: &str = "wm_sec.access_token";
pub(crate) const CORRELATION_ID: &str = "wm_qos.correlation_id";
const SERVICE_NAME: &str = "wm_svc.name";
const SERVICE: HeaderValue = HeaderValue::from_static("Walmart Marketplace");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request with the headers that every call has (walmart.md §2.2); token and correlation id are
/// put on by the authenticator.
fn request(method: Method, uri: &str, content_type: Option<HeaderValue>, body: Bytes) -> Built {
    let mut built = barrow_wire::request(method, uri, body)?;
    let headers = built.headers_mut();
    headers.insert(SERVICE_NAME, SERVICE);
    // Without it many endpoints answer XML (walmart.md §1).
    headers.insert(ACCEPT, JSON);
    if let Some(content_type) = content_type {
        headers.insert(CONTENT_TYPE, content_type);
    }
    Ok(built)
}

fn get(uri: &str) -> Built {
    request(Method::GET, uri, None, Bytes::new())
}

fn with_json(method: Method, uri: &str, body: &Object) -> Built {
    request(method, uri, Some(JSON), body.bytes().into())
}

/// Asks for a token (walmart.md §2.1). `basic` is the whole header.
pub(crate) fn token_request(base: &str, basic: &Secret, correlation_id: &str) -> Built {
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let body = Bytes::from_static(b"grant_type=client_credentials");
    let mut built = request(Method::POST, &format!("{base}/v3/token"), Some(form), body)?;
    let bad = |_| Error::new(ErrorKind::Config, "tokenAPI").with("setting", "client_id");
    let mut authorization = HeaderValue::from_str(basic.expose()).map_err(bad)?;
    authorization.set_sensitive(true);
    let correlation = HeaderValue::from_str(correlation_id).map_err(bad)?;
    let headers = built.headers_mut();
    headers.insert(AUTHORIZATION, authorization);
    headers.insert(CORRELATION_ID, correlation);
    Ok(built)
}

/// What the token allows (walmart.md §2.1).
pub(crate) fn token_detail_request(base: &str) -> Built {
    get(&format!("{base}/v3/token/detail"))
}

/// Who the seller is and what limits he has (walmart.md §3).
pub(crate) fn profile_request(base: &str) -> Built {
    get(&format!("{base}/v3/settings/partnerprofile"))
}

/// His fulfilment centres (walmart.md §6.5).
pub(crate) fn ship_nodes_request(base: &str) -> Built {
    get(&format!("{base}/v3/settings/shipping/shipnodes"))
}

/// A literal of several lines as one, without the lines' indentation.
#[cfg(test)]
pub(crate) fn compact(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}
