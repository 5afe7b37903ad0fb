//! Behaviour of practice Walmart through its HTTP interface.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests too.

mod contract;
mod feeds;
mod gate;
mod items;
mod kept;
mod orders;

use std::time::Duration;

use barrow_practice::{
    Fault, Held, HeldListing, Marketplace, Now, OrderRequestLine, Reply, Settings, Walmart,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};

/// A version of the item specification as feeds must name it.
pub(crate) const VERSION: &str = "5.0.20260608-18_15_07-api";

/// One answer, read.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Seen {
    /// The code of the first error, without the service behind the dot.
    pub(crate) fn code(&self) -> &str {
        let code = self.body.pointer("/errors/0/code");
        let code = code.or_else(|| self.body.pointer("/errors/error/0/code"));
        code.and_then(Value::as_str)
            .unwrap_or("")
            .split('.')
            .next()
            .unwrap_or("")
    }
}

/// A seller with an account, whose time is moved by hand.
pub(crate) struct Seller {
    pub(crate) market: Walmart,
    pub(crate) now: Now,
    pub(crate) token: String,
    /// When the token is renewed; none leaves it to run out.
    pub(crate) renew_at: Option<DateTime<Utc>>,
    calls: u32,
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
        let market = Walmart::open(settings);
        let mut seller = Self {
            market,
            now,
            token: String::new(),
            renew_at: Some(wall),
            calls: 0,
        };
        seller.sign_in();
        seller
    }

    pub(crate) fn sign_in(&mut self) {
        let secrets = self.market.connection().secrets;
        let seen = self.ask_token(&secrets["client_id"], &secrets["client_secret"]);
        assert_eq!(seen.status, StatusCode::OK);
        self.token = seen.body["access_token"].as_str().unwrap().to_owned();
        if self.renew_at.is_some() {
            self.renew_at = Some(self.now.wall + chrono::Duration::seconds(800));
        }
    }

    pub(crate) fn ask_token(&mut self, id: &str, secret: &str) -> Seen {
        let request = self
            .request(Method::POST, "/v3/token")
            .header(
                "authorization",
                format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))),
            )
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from("grant_type=client_credentials"))
            .unwrap();
        self.send(request)
    }

    pub(crate) fn request(&mut self, method: Method, path: &str) -> http::request::Builder {
        self.calls += 1;
        Request::builder()
            .method(method)
            .uri(path)
            .header("WM_SVC.NAME", "Walmart Marketplace")
            .header("WM_QOS.CORRELATION_ID", format!("call-{}", self.calls))
            .header("accept", "application/json")
    }

    pub(crate) fn reply(&mut self, request: Request<Bytes>) -> Reply {
        self.market.handle(request, self.now)
    }

    pub(crate) fn send(&mut self, request: Request<Bytes>) -> Seen {
        let Reply::Answer(response) = self.reply(request) else {
            panic!("an answer was expected");
        };
        let (head, body) = response.into_parts();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Seen {
            status: head.status,
            headers: head.headers,
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
        let token = self.token.clone();
        let mut builder = self
            .request(method, path)
            .header("WM_SEC.ACCESS_TOKEN", token);
        if body.is_some() {
            builder = builder.header("content-type", "application/json");
        }
        builder
            .body(
                body.map(|body| Bytes::from(body.to_string()))
                    .unwrap_or_default(),
            )
            .unwrap()
    }

    pub(crate) fn get(&mut self, path: &str) -> Seen {
        let request = self.signed(Method::GET, path, None);
        self.send(request)
    }

    pub(crate) fn put(&mut self, path: &str, body: Value) -> Seen {
        let request = self.signed(Method::PUT, path, Some(&body));
        self.send(request)
    }

    pub(crate) fn post(&mut self, path: &str, body: Value) -> Seen {
        let request = self.signed(Method::POST, path, Some(&body));
        self.send(request)
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

    /// Sends a feed and returns its id.
    pub(crate) fn feed(&mut self, feed_type: &str, body: Value) -> String {
        let seen = self.post(&format!("/v3/feeds?feedType={feed_type}"), body);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        seen.body["feedId"].as_str().unwrap().to_owned()
    }

    pub(crate) fn feed_status(&mut self, id: &str) -> Value {
        let id = id.replace('@', "%40");
        self.get(&format!("/v3/feeds/{id}?includeDetails=true"))
            .body
    }

    /// Sends a feed, waits until it is done and returns its details.
    pub(crate) fn feed_done(&mut self, feed_type: &str, body: Value) -> Value {
        let id = self.feed(feed_type, body);
        self.wait(150);
        self.feed_status(&id)
    }

    /// Sets items up and waits until they are published.
    pub(crate) fn publish(&mut self, items: &[(&str, f64, u32)]) {
        let rows = items
            .iter()
            .map(|(sku, price, _)| item(sku, *price))
            .collect();
        let done = self.feed_done("MP_ITEM", item_feed(rows));
        assert_eq!(done["itemsSucceeded"], json!(items.len()), "{done}");
        for (sku, _, units) in items {
            let body = json!({ "sku": sku, "quantity": { "unit": "EACH", "amount": units } });
            let seen = self.put(&format!("/v3/inventory?sku={sku}"), body);
            assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        }
        self.wait(150);
    }

    pub(crate) fn held(&self) -> Held {
        self.market.held()
    }

    pub(crate) fn listing(&self, sku: &str) -> HeldListing {
        let listings = self.held().listings;
        listings
            .into_iter()
            .find(|listing| listing.sku == sku)
            .expect("the SKU is held")
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

/// A row of an item feed under a GTIN exemption.
pub(crate) fn item(sku: &str, price: f64) -> Value {
    json!({
        "Orderable": {
            "sku": sku,
            "productIdentifiers": { "productIdType": "CUSTOM", "productId": "CUSTOM" },
            "price": price,
            "ShippingWeight": 1.5,
        },
        "Visible": {
            "Anything At All": { "productName": format!("Product {sku}"), "brand": "Acme" },
        },
    })
}

pub(crate) fn item_feed(rows: Vec<Value>) -> Value {
    json!({
        "MPItemFeedHeader": { "businessUnit": "WALMART_US", "locale": "en", "version": VERSION },
        "MPItem": rows,
    })
}
