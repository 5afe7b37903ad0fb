//! Behaviour of practice Newegg through its HTTP interface.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests too.

mod feeds;
mod gate;
mod items;
mod kept;
mod orders;
mod orders_done;
mod reports;
mod shapes;
mod xsd;

use std::time::Duration;

use barrow_practice::newegg::{Newegg, Platform};
use barrow_practice::{
    Fault, Held, HeldListing, HeldOrder, Marketplace, Now, OrderRequestLine, Reply, Settings,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};

/// Seven hours are enough for every content review that is not stuck.
pub(crate) const REVIEWED: u64 = 7 * 3_600;

/// One answer, read whatever its form.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// Without byte order mark and `NeweggAPIResponse`.
    pub(crate) body: Value,
}

impl Seen {
    /// The code of a refusal; empty where there is none.
    pub(crate) fn code(&self) -> String {
        let of = |value: &Value| value.get("Code").and_then(Value::as_str).map(str::to_owned);
        let in_xml = || {
            let (_, rest) = self.text.split_once("<Code>")?;
            rest.split_once("</Code>").map(|(code, _)| code.to_owned())
        };
        let first = self.body.get(0).and_then(of);
        first
            .or_else(|| of(&self.body))
            .or_else(in_xml)
            .unwrap_or_default()
    }

    /// The `ResponseBody` of a framed answer.
    pub(crate) fn inner(&self) -> &Value {
        &self.body["ResponseBody"]
    }
}

/// Text of a value that may be text or a literal.
pub(crate) fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The amount of a value in cents.
pub(crate) fn cents(value: &Value) -> i64 {
    let text = word(value);
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, "0"));
    let decimals: i64 = format!("{decimals:0<2}").parse().unwrap();
    whole.parse::<i64>().unwrap() * 100 + decimals
}

/// The rows under an `XxxList`, in any of its forms.
pub(crate) fn rows(holder: &Value, list: &str, name: &str) -> Vec<Value> {
    let unwrapped = |row: &Value| row.get(name).unwrap_or(row).clone();
    match holder.get(list) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(rows)) => rows.iter().map(unwrapped).collect(),
        Some(object) => match object.get(name) {
            Some(Value::Array(rows)) => rows.clone(),
            Some(row) => vec![row.clone()],
            None => panic!("no {name} in {object}"),
        },
    }
}

/// A seller with an account, whose time is moved by hand.
pub(crate) struct Seller {
    pub(crate) market: Newegg,
    pub(crate) platform: Platform,
    pub(crate) now: Now,
    pub(crate) seller_id: String,
    api_key: String,
    secret_key: String,
}

pub(crate) fn settings(seed: u64, orders_per_hour: u32) -> Settings {
    Settings {
        seed,
        orders_per_hour,
    }
}

impl Seller {
    pub(crate) fn new() -> Self {
        Self::with(Platform::Us, settings(1, 0))
    }

    pub(crate) fn on(platform: Platform) -> Self {
        Self::with(platform, settings(1, 0))
    }

    pub(crate) fn with(platform: Platform, settings: Settings) -> Self {
        let market = Newegg::open_on(platform, settings);
        let connection = market.connection();
        Self {
            market,
            platform,
            now: Now {
                wall: "2026-11-22T08:00:00Z".parse().unwrap(),
                elapsed: Duration::ZERO,
            },
            seller_id: connection.settings["seller_id"].clone(),
            api_key: connection.secrets["api_key"].clone(),
            secret_key: connection.secrets["secret_key"].clone(),
        }
    }

    /// A request with everything right, to a path after the platform's base.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Request<Bytes> {
        let base = match self.platform {
            Platform::Us => "/marketplace",
            Platform::B2b => "/marketplace/b2b",
            Platform::Can => "/marketplace/can",
        };
        let join = if path.contains('?') { '&' } else { '?' };
        let seller_id = &self.seller_id;
        let mut builder = Request::builder()
            .method(method)
            .uri(format!("{base}/{path}{join}sellerid={seller_id}"))
            .header("authorization", &self.api_key)
            .header("secretkey", &self.secret_key)
            .header("accept", "application/json");
        if body.is_some() {
            builder = builder.header("content-type", "application/json");
        }
        let body = body.map(|body| Bytes::from(body.to_string()));
        builder.body(body.unwrap_or_default()).unwrap()
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
        let plain = text.trim_start_matches('\u{feff}');
        let mut body: Value = serde_json::from_str(plain).unwrap_or(Value::Null);
        if let Some(inner) = body.get_mut("NeweggAPIResponse") {
            body = inner.take();
        }
        Seen {
            status: head.status,
            headers: head.headers,
            text,
            body,
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Seen {
        let request = self.request(Method::GET, path, None);
        self.send(request)
    }

    pub(crate) fn put(&mut self, path: &str, body: Value) -> Seen {
        let request = self.request(Method::PUT, path, Some(&body));
        self.send(request)
    }

    pub(crate) fn post(&mut self, path: &str, body: Value) -> Seen {
        let request = self.request(Method::POST, path, Some(&body));
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
        let name = name.to_owned();
        self.market.set_fault(Fault { name, times }).unwrap();
    }

    /// Sends a feed and returns its id.
    pub(crate) fn feed(&mut self, request_type: &str, envelope: Value) -> String {
        let path = format!("datafeedmgmt/feeds/submitfeed?requesttype={request_type}");
        let seen = self.post(&path, envelope);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        let rows = rows(seen.inner(), "ResponseList", "ResponseInfo");
        assert_eq!(rows[0]["RequestStatus"], "SUBMITTED");
        assert_eq!(rows[0]["RequestType"], request_type);
        word(&rows[0]["RequestId"])
    }

    pub(crate) fn feed_status(&mut self, id: &str) -> String {
        let seen = self.put("datafeedmgmt/feeds/status", feed_status_request(id));
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        let rows = rows(seen.inner(), "ResponseList", "ResponseInfo");
        word(&rows[0]["RequestStatus"])
    }

    /// The report of a feed that is over.
    pub(crate) fn report(&mut self, id: &str) -> Value {
        let seen = self.get(&format!("datafeedmgmt/feeds/result/{id}"));
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        let report = seen
            .body
            .pointer("/NeweggEnvelope/Message/ProcessingReport");
        report.unwrap_or_else(|| panic!("{}", seen.text)).clone()
    }

    /// Sends a feed, waits until it is over and returns its report.
    pub(crate) fn feed_done(&mut self, request_type: &str, envelope: Value) -> Value {
        let id = self.feed(request_type, envelope);
        self.wait(600);
        self.report(&id)
    }

    /// Offers items and waits until they are reviewed.
    pub(crate) fn publish(&mut self, items: &[(&str, &str, u32)]) {
        let rows = items
            .iter()
            .enumerate()
            .map(|(number, (part_number, price, units))| offer(part_number, number, price, *units))
            .collect();
        let report = self.feed_done("ITEM_DATA", offers(rows));
        assert_eq!(
            word(&report["ProcessingSummary"]["WithErrorCount"]),
            "0",
            "{report}"
        );
        self.wait(REVIEWED);
    }

    pub(crate) fn held(&self) -> Held {
        self.market.held()
    }

    pub(crate) fn listing(&self, part_number: &str) -> HeldListing {
        let listings = self.held().listings;
        let found = listings
            .into_iter()
            .find(|listing| listing.sku == part_number);
        found.expect("the part number is held")
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

    pub(crate) fn held_order(&self, number: &str) -> HeldOrder {
        let orders = self.held().orders;
        orders
            .into_iter()
            .find(|order| order.order_id == number)
            .expect("the order is held")
    }

    /// Asks for orders and returns them.
    pub(crate) fn orders(&mut self, criteria: Value) -> Vec<Value> {
        let seen = self.orderinfo(315, criteria);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        rows(seen.inner(), "OrderInfoList", "OrderInfo")
    }

    pub(crate) fn orderinfo(&mut self, version: u32, criteria: Value) -> Seen {
        let body = json!({
            "OperationType": "GetOrderInfoRequest",
            "RequestBody": { "PageIndex": "1", "PageSize": "100", "RequestCriteria": criteria },
        });
        self.put(
            &format!("ordermgmt/order/orderinfo?version={version}"),
            body,
        )
    }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn feed_status_request(id: &str) -> Value {
    json!({
        "OperationType": "GetFeedStatusRequest",
        "RequestBody": { "GetRequestStatus": {
            "RequestIDList": { "RequestID": id }, "MaxCount": "100", "RequestStatus": "ALL",
        } },
    })
}

/// A barcode that always has a page.
pub(crate) fn barcode(number: usize) -> String {
    with_check_digit(&format!("614141{number:05}"))
}

/// A barcode of goods that are no example: one in eight has no page.
pub(crate) fn other_barcode(number: usize) -> String {
    with_check_digit(&format!("84200{number:06}"))
}

fn with_check_digit(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .enumerate()
        .map(|(place, byte)| u32::from(byte - b'0') * if place % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A row that offers the item with the nth barcode.
pub(crate) fn offer(part_number: &str, number: usize, price: &str, units: u32) -> Value {
    json!({ "BasicInfo": {
        "SellerPartNumber": part_number,
        "Manufacturer": "Kestrel",
        "UPCOrISBN": barcode(number),
        "SellingPrice": price,
        "Shipping": "Default",
        "Inventory": units.to_string(),
        "PacksOrSets": "1",
        "ItemCondition": "New",
        "ActivationMark": "True",
    } })
}

pub(crate) fn envelope(version: &str, message_type: &str, message: Value) -> Value {
    json!({ "NeweggEnvelope": {
        "Header": { "DocumentVersion": version },
        "MessageType": message_type,
        "Message": message,
    } })
}

pub(crate) fn offers(rows: Vec<Value>) -> Value {
    envelope(
        "2.0",
        "BatchItemCreation",
        json!({ "Itemfeed": [{ "Item": rows }] }),
    )
}
