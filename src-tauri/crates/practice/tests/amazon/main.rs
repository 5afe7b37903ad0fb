//! Behaviour of practice Amazon through its HTTP interface.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests too.

mod catalogue;
mod contract;
mod feeds;
mod gate;
mod kept;
mod listings;
mod orders;

use std::time::Duration;

use barrow_practice::amazon::Amazon;
use barrow_practice::{
    Fault, Held, HeldListing, Marketplace, Now, OrderRequestLine, Reply, Settings,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};

pub(crate) const US: &str = "ATVPDKIKX0DER";
pub(crate) const CA: &str = "A2EUQ1WTGCTBG2";

/// One answer, read.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Seen {
    /// The code of the first error.
    pub(crate) fn code(&self) -> &str {
        let code = self.body.pointer("/errors/0/code");
        code.and_then(Value::as_str).unwrap_or("")
    }
}

/// A seller with an account, whose time is moved by hand.
pub(crate) struct Seller {
    pub(crate) market: Amazon,
    pub(crate) now: Now,
    pub(crate) token: String,
    /// When the token is renewed; none leaves it to run out.
    pub(crate) renew_at: Option<DateTime<Utc>>,
    pub(crate) id: String,
}

pub(crate) fn settings(seed: u64, orders_per_hour: u32) -> Settings {
    Settings {
        seed,
        orders_per_hour,
    }
}

impl Seller {
    pub(crate) fn new() -> Self {
        Self::with(settings(1, 0))
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let wall: DateTime<Utc> = "2026-11-22T08:00:00Z".parse().unwrap();
        let now = Now {
            wall,
            elapsed: Duration::ZERO,
        };
        let market = Amazon::open(settings);
        let id = market.connection().settings["seller_id"].clone();
        let mut seller = Self {
            market,
            now,
            token: String::new(),
            renew_at: Some(wall),
            id,
        };
        seller.sign_in();
        seller
    }

    pub(crate) fn sign_in(&mut self) {
        let secrets = self.market.connection().secrets;
        let seen = self.ask_token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", &secrets["refresh_token"]),
            ("client_id", &secrets["client_id"]),
            ("client_secret", &secrets["client_secret"]),
        ]);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        self.token = seen.body["access_token"].as_str().unwrap().to_owned();
        if self.renew_at.is_some() {
            self.renew_at = Some(self.now.wall + chrono::Duration::seconds(3_500));
        }
    }

    pub(crate) fn ask_token(&mut self, form: &[(&str, &str)]) -> Seen {
        let form: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace('|', "%7C")))
            .collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri("/auth/o2/token")
            .header(
                "content-type",
                "application/x-www-form-urlencoded;charset=UTF-8",
            )
            .body(Bytes::from(form.join("&")))
            .unwrap();
        self.send(request)
    }

    pub(crate) fn reply(&mut self, request: Request<Bytes>) -> Reply {
        self.market.handle(request, self.now)
    }

    pub(crate) fn send(&mut self, request: Request<Bytes>) -> Seen {
        let Reply::Answer(response) = self.reply(request) else {
            panic!("an answer was expected");
        };
        let (head, bytes) = response.into_parts();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Seen {
            status: head.status,
            headers: head.headers,
            bytes,
            text,
            body,
        }
    }

    pub(crate) fn signed(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Request<Bytes> {
        if self.renew_at.is_some_and(|at| at <= self.now.wall) {
            self.sign_in();
        }
        let mut builder = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:4001")
            .header(
                "user-agent",
                "Barrow/0.1 (Language=Rust/1.90; Platform=Linux)",
            )
            .header("x-amz-access-token", &self.token);
        if body.is_some() {
            builder = builder.header("content-type", "application/json");
        }
        let body = body.map(|body| Bytes::from(body.to_string()));
        builder.body(body.unwrap_or_default()).unwrap()
    }

    pub(crate) fn call(&mut self, method: Method, path: &str, body: Option<Value>) -> Seen {
        let request = self.signed(method, path, body.as_ref());
        self.send(request)
    }

    pub(crate) fn get(&mut self, path: &str) -> Seen {
        self.call(Method::GET, path, None)
    }

    pub(crate) fn post(&mut self, path: &str, body: Value) -> Seen {
        self.call(Method::POST, path, Some(body))
    }

    /// Lets wall time and elapsed time pass alike.
    pub(crate) fn wait(&mut self, seconds: u64) {
        let by = Duration::from_secs(seconds);
        self.now.wall += chrono::Duration::from_std(by).unwrap();
        self.now.elapsed += by;
        self.market.advance(self.now);
    }

    pub(crate) fn fault(&mut self, name: &str, times: u32) {
        self.market
            .set_fault(Fault {
                name: name.to_owned(),
                times,
            })
            .unwrap();
    }

    pub(crate) fn item_path(&self, sku: &str, site: &str) -> String {
        let sku = sku.replace('/', "%2F").replace(' ', "%20");
        format!(
            "/listings/2021-08-01/items/{}/{sku}?marketplaceIds={site}",
            self.id
        )
    }

    /// Puts an offer without waiting for anything.
    pub(crate) fn put(&mut self, sku: &str, site: &str, body: Value) -> Seen {
        let path = self.item_path(sku, site);
        self.call(Method::PUT, &path, Some(body))
    }

    pub(crate) fn patch(&mut self, sku: &str, site: &str, patches: Value) -> Seen {
        let path = self.item_path(sku, site);
        let body = json!({ "productType": "PRODUCT", "patches": patches });
        self.call(Method::PATCH, &path, Some(body))
    }

    /// What reads tell of a listing, everything asked for.
    pub(crate) fn item(&mut self, sku: &str, site: &str) -> Value {
        let path = self.item_path(sku, site);
        let data = "summaries,attributes,issues,offers,fulfillmentAvailability,productTypes";
        self.get(&format!("{path}&includedData={data}")).body
    }

    /// Offers goods of the nth example barcode in the United States and waits until they are live.
    pub(crate) fn publish(&mut self, goods: &[(&str, f64, u32)]) {
        for (number, (sku, price, units)) in goods.iter().enumerate() {
            let seen = self.put(sku, US, offer(number, *price, *units));
            assert_eq!(seen.body["status"], "ACCEPTED", "{}", seen.text);
            self.wait(1);
        }
        self.wait(600);
    }

    pub(crate) fn held(&self) -> Held {
        self.market.held()
    }

    pub(crate) fn listing(&self, sku: &str) -> HeldListing {
        let mut listings = self.held().listings.into_iter();
        let found = listings.find(|listing| listing.sku == sku);
        found.expect("the SKU is held")
    }

    pub(crate) fn order(&mut self, lines: &[(&str, u32)]) -> String {
        let lines: Vec<OrderRequestLine> = lines
            .iter()
            .map(|(sku, quantity)| OrderRequestLine {
                sku: (*sku).to_owned(),
                quantity: *quantity,
            })
            .collect();
        self.market.place_order(&lines, self.now).unwrap()
    }
}

/// The nth UPC of GS1's example company.
pub(crate) fn upc(number: usize) -> String {
    let payload = format!("614141{number:05}");
    let sum: usize = payload
        .bytes()
        .enumerate()
        .map(|(index, c)| usize::from(c - b'0') * if index % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{payload}{}", (10 - sum % 10) % 10)
}

pub(crate) fn price(site: &str, amount: f64) -> Value {
    let currency = if site == US { "USD" } else { "CAD" };
    json!([{
        "marketplace_id": site,
        "currency": currency,
        "our_price": [{ "schedule": [{ "value_with_tax": amount }] }],
    }])
}

pub(crate) fn stock(units: u32) -> Value {
    json!([{ "fulfillment_channel_code": "DEFAULT", "quantity": units }])
}

/// A new offer of the goods of the nth example barcode.
pub(crate) fn offer(number: usize, amount: f64, units: u32) -> Value {
    offer_at(US, number, amount, units)
}

pub(crate) fn offer_at(site: &str, number: usize, amount: f64, units: u32) -> Value {
    json!({
        "productType": "PRODUCT",
        "requirements": "LISTING_OFFER_ONLY",
        "attributes": {
            "condition_type": [{ "value": "new_new", "marketplace_id": site }],
            "externally_assigned_product_identifier": [{
                "type": "upc", "value": upc(number), "marketplace_id": site,
            }],
            "purchasable_offer": price(site, amount),
            "fulfillment_availability": stock(units),
        },
    })
}

/// A patch that replaces one attribute.
pub(crate) fn replace(attribute: &str, value: Value) -> Value {
    json!([{ "op": "replace", "path": format!("/attributes/{attribute}"), "value": value }])
}
