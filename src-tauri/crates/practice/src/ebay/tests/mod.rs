//! Behaviour of the practice eBay, seen through its API.

mod accounts;
mod checklist;
mod claims;
mod conventions;
mod faults;
mod feed;
mod groups;
mod invariants;
mod items;
mod media;
mod messages;
mod offers;
mod orders;
mod quirks;
mod sales;
mod signatures;
mod taxonomy;
mod tokens;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request, Response};
use serde_json::{Value, json};

use super::Ebay;
use crate::{Fault, Held, Marketplace, Now, OrderRequestLine, Reply, Settings};

pub(super) const INVENTORY: &str = "/sell/inventory/v1";
pub(super) const ACCOUNT: &str = "/sell/account/v1";
pub(super) const ORDERS: &str = "/sell/fulfillment/v1/order";
pub(super) const TAXONOMY: &str = "/commerce/taxonomy/v1";

/// An answer as a test looks at it.
pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) location: String,
}

impl Seen {
    /// The first error's id, 0 without one. Post-Order lists them in `error` (ebay.md §12).
    pub(super) fn error(&self) -> u64 {
        let lists = ["errors", "error"].map(|name| self.body[name][0]["errorId"].as_u64());
        lists.into_iter().flatten().next().unwrap_or(0)
    }

    pub(super) fn errors(&self) -> Vec<u64> {
        let list = self.body["errors"].as_array().cloned().unwrap_or_default();
        list.iter()
            .filter_map(|error| error["errorId"].as_u64())
            .collect()
    }
}

/// A seller with a valid token in front of a practice eBay.
pub(super) struct Desk {
    pub(super) ebay: Ebay,
    pub(super) now: Now,
    pub(super) token: String,
    pub(super) headers: Vec<(String, String)>,
}

pub(super) fn noon() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

impl Desk {
    pub(super) fn open(seed: u64, orders_per_hour: u32) -> Self {
        let ebay = Ebay::open(Settings {
            seed,
            orders_per_hour,
        });
        let now = Now {
            wall: noon(),
            elapsed: Duration::ZERO,
        };
        let headers = [("accept-language", "en-US"), ("content-language", "en-US")];
        let headers = headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let mut desk = Self {
            ebay,
            now,
            token: String::new(),
            headers,
        };
        desk.token = desk.refresh();
        desk
    }

    pub(super) fn quiet() -> Self {
        Self::open(7, 0)
    }

    pub(super) fn secret(&self, name: &str) -> String {
        self.ebay.connection().secrets[name].clone()
    }

    pub(super) fn basic(&self) -> String {
        let pair = format!(
            "{}:{}",
            self.secret("client_id"),
            self.secret("client_secret")
        );
        format!("Basic {}", STANDARD.encode(pair))
    }

    pub(super) fn form(&mut self, body: &str) -> Seen {
        let request = Request::builder()
            .method(Method::POST)
            .uri("http://127.0.0.1:1/identity/v1/oauth2/token")
            .header("authorization", self.basic())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        self.send(request)
    }

    pub(super) fn refresh(&mut self) -> String {
        let token = super::call::percent_encode(&self.secret("refresh_token"));
        let seen = self.form(&format!("grant_type=refresh_token&refresh_token={token}"));
        assert_eq!(seen.status, 200, "{}", seen.body);
        seen.body["access_token"].as_str().unwrap().to_owned()
    }

    pub(super) fn reply(&mut self, request: Request<Bytes>) -> Reply {
        self.ebay.handle(request, self.now)
    }

    pub(super) fn send(&mut self, request: Request<Bytes>) -> Seen {
        match self.reply(request) {
            Reply::Answer(response) => seen(&response),
            other => panic!("no whole answer: {other:?}"),
        }
    }

    pub(super) fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Request<Bytes> {
        let uri = if path.starts_with('/') {
            format!("http://127.0.0.1:1{path}")
        } else {
            path.to_owned()
        };
        let scheme = if path.contains("/post-order/") {
            "IAF"
        } else {
            "Bearer"
        };
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("authorization", format!("{scheme} {}", self.token));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(Bytes::from(body.to_string()))
                .unwrap(),
            None => request.body(Bytes::new()).unwrap(),
        }
    }

    pub(super) fn get(&mut self, path: &str) -> Seen {
        let request = self.request(Method::GET, path, None);
        self.send(request)
    }

    pub(super) fn post(&mut self, path: &str, body: Value) -> Seen {
        let request = self.request(Method::POST, path, Some(body));
        self.send(request)
    }

    pub(super) fn post_empty(&mut self, path: &str) -> Seen {
        let request = self.request(Method::POST, path, None);
        self.send(request)
    }

    pub(super) fn put(&mut self, path: &str, body: Value) -> Seen {
        let request = self.request(Method::PUT, path, Some(body));
        self.send(request)
    }

    pub(super) fn delete(&mut self, path: &str) -> Seen {
        let request = self.request(Method::DELETE, path, None);
        self.send(request)
    }

    pub(super) fn pass(&mut self, seconds: u64) {
        self.now.elapsed += Duration::from_secs(seconds);
        self.now.wall += Duration::from_secs(seconds);
        self.ebay.advance(self.now);
    }

    pub(super) fn fault(&mut self, name: &str, times: u32) {
        self.ebay
            .set_fault(Fault {
                name: name.to_owned(),
                times,
            })
            .unwrap();
    }

    pub(super) fn held(&self) -> Held {
        self.ebay.held()
    }

    pub(super) fn order(&mut self, sku: &str, quantity: u32) -> String {
        let line = OrderRequestLine {
            sku: sku.to_owned(),
            quantity,
        };
        self.ebay.place_order(&[line], self.now).unwrap()
    }

    pub(super) fn policy(&mut self, kind: &str, list: &str, id: &str) -> String {
        let seen = self.get(&format!("{ACCOUNT}/{kind}_policy?marketplace_id=EBAY_US"));
        seen.body[list][0][id].as_str().unwrap().to_owned()
    }

    pub(super) fn policies(&mut self) -> Value {
        json!({
            "fulfillmentPolicyId":
                self.policy("fulfillment", "fulfillmentPolicies", "fulfillmentPolicyId"),
            "paymentPolicyId": self.policy("payment", "paymentPolicies", "paymentPolicyId"),
            "returnPolicyId": self.policy("return", "returnPolicies", "returnPolicyId"),
        })
    }

    pub(super) fn item(&mut self, sku: &str, quantity: u32) {
        let seen = self.put(&format!("{INVENTORY}/inventory_item/{sku}"), item(quantity));
        assert!(seen.status < 300, "{}", seen.body);
    }

    /// An item and its offer, not yet published; the offer's id.
    pub(super) fn offer(&mut self, sku: &str, quantity: u32, price: &str) -> String {
        self.item(sku, quantity);
        let body = self.offer_body(sku, price);
        let seen = self.post(&format!("{INVENTORY}/offer"), body);
        assert_eq!(seen.status, 201, "{}", seen.body);
        seen.body["offerId"].as_str().unwrap().to_owned()
    }

    pub(super) fn offer_body(&mut self, sku: &str, price: &str) -> Value {
        json!({
            "sku": sku,
            "marketplaceId": "EBAY_US",
            "format": "FIXED_PRICE",
            "listingDuration": "GTC",
            "categoryId": "112529",
            "merchantLocationKey": "main",
            "listingDescription": "<p>Sounds good.</p>",
            "pricingSummary": { "price": { "value": price, "currency": "USD" } },
            "listingPolicies": self.policies(),
        })
    }

    pub(super) fn publish(&mut self, offer: &str) -> Seen {
        self.post(&format!("{INVENTORY}/offer/{offer}/publish"), json!({}))
    }

    /// A live listing; the offer's id.
    pub(super) fn live(&mut self, sku: &str, quantity: u32, price: &str) -> String {
        let offer = self.offer(sku, quantity, price);
        let seen = self.publish(&offer);
        assert_eq!(seen.status, 200, "{}", seen.body);
        offer
    }
}

pub(super) fn seen(response: &Response<Bytes>) -> Seen {
    let location = response
        .headers()
        .get("location")
        .map(|value| value.to_str().unwrap());
    Seen {
        status: response.status().as_u16(),
        body: serde_json::from_slice(response.body()).unwrap_or(Value::Null),
        location: location.unwrap_or_default().to_owned(),
    }
}

pub(super) fn item(quantity: u32) -> Value {
    json!({
        "availability": { "shipToLocationAvailability": { "quantity": quantity } },
        "condition": "NEW",
        "product": {
            "title": "Headphones that fold",
            "description": "They fold.",
            "aspects": { "Brand": ["Acme"] },
            "brand": "Acme",
            "mpn": "F-1",
            "imageUrls": ["https://images.example/1.jpg"],
        },
    })
}
