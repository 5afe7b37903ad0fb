//! The practice Walmart is held to the official contract: a seller's day, each answer checked.

use barrow_practice::{Marketplace, Now, OrderRequestLine, Reply, Settings, Walmart};
use barrow_tests::contract::{Contract, Exchange, Specs};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use std::time::Duration;

/// The marketplace, its contract and the time between them.
struct Day {
    walmart: Walmart,
    contract: Contract,
    /// The pair of keys for basic authentication.
    keys: String,
    token: String,
    elapsed: Duration,
}

impl Day {
    /// Sends a request as a client should, checks both sides, and returns the answer's body.
    fn call(&mut self, method: Method, path: &str, media: &str, body: String) -> Value {
        // A rate limit that is met would hide the answer that is to be checked.
        self.elapsed += Duration::from_secs(60);
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(
                "wm_qos.correlation_id",
                "0b1f7f0e-5b0f-4b57-8f8e-0d1f7d1c0001",
            )
            .header("wm_svc.name", "Walmart Marketplace")
            .header("accept", "application/json")
            .header("content-type", media);
        if path == "/v3/token" {
            request = request.header("authorization", format!("Basic {}", self.keys));
        } else {
            request = request.header("wm_sec.access_token", &self.token);
        }
        let body = Bytes::from(body);
        let request = request.body(body.clone()).expect("a request of constants");
        let headers = request.headers().clone();
        let now = self.now();
        self.walmart.advance(now);
        let answer = match self.walmart.handle(request, now) {
            Reply::Answer(answer) => Some(answer),
            Reply::NoAnswer | Reply::CutBody { .. } => None,
        };
        let answer = answer.expect("without a fault every request has a whole answer");
        let found = self.contract.check_exchange(&Exchange {
            method: &method,
            path_and_query: path,
            request_headers: &headers,
            request_body: Some(&body),
            status: answer.status().as_u16(),
            response_headers: answer.headers(),
            response_body: answer.body(),
        });
        assert!(
            found.is_empty(),
            "{}\n{found:#?}",
            String::from_utf8_lossy(answer.body())
        );
        assert!(
            answer.status().is_success(),
            "{method} {path}: {:?}",
            answer
        );
        serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
    }

    fn now(&self) -> Now {
        let start = chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(20_000);
        let passed = chrono::Duration::from_std(self.elapsed).expect("a few days");
        Now {
            wall: start + passed,
            elapsed: self.elapsed,
        }
    }

    fn renew_token(&mut self) {
        let form = "grant_type=client_credentials".to_owned();
        let media = "application/x-www-form-urlencoded";
        let answer = self.call(Method::POST, "/v3/token", media, form);
        self.token = answer["access_token"].as_str().expect("a token").to_owned();
    }

    fn get(&mut self, path: &str) -> Value {
        self.call(Method::GET, path, "application/json", String::new())
    }

    fn send(&mut self, method: Method, path: &str, body: &Value) -> Value {
        self.call(method, path, "application/json", body.to_string())
    }

    fn feed(&mut self, kind: &str, content: &Value) -> String {
        let form = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"feed.json\"\r\n\
             Content-Type: application/json\r\n\r\n{content}\r\n--b--\r\n"
        );
        let path = format!("/v3/feeds?feedType={kind}");
        let answer = self.call(Method::POST, &path, "multipart/form-data; boundary=b", form);
        answer["feedId"]
            .as_str()
            .expect("a feed has an id")
            .replace('@', "%40")
    }
}

/// Opens the shop and fetches a token, or says that the contracts are absent.
fn day() -> Option<Day> {
    let contract = match Specs::open() {
        Ok(specs) => specs.walmart(),
        Err(missing) => {
            eprintln!("{missing}");
            return None;
        }
    };
    let walmart = Walmart::open(Settings {
        seed: 7,
        orders_per_hour: 0,
    });
    let secrets = walmart.connection().secrets;
    let pair = format!("{}:{}", secrets["client_id"], secrets["client_secret"]);
    let keys = BASE64_STANDARD.encode(pair);
    let token = String::new();
    let mut day = Day {
        walmart,
        contract,
        keys,
        token,
        elapsed: Duration::ZERO,
    };
    day.renew_token();
    Some(day)
}

/// Lists many barcodes: the catalogue knows a share of them. Returns the SKUs that are live.
fn list_items(day: &mut Day) -> Vec<String> {
    let header = json!({"processMode": "REPLACE", "subset": "EXTERNAL", "locale": "en",
        "sellingChannel": "mpsetupbymatch", "version": "4.2"});
    let items: Vec<Value> = (0..20_u32)
        .map(|number| {
            let code = format!("01234567{number:03}");
            json!({"Item": {"sku": format!("A-{number}"), "price": 19.99, "ShippingWeight": 1.5,
                "productIdentifiers": {"productIdType": "UPC", "productId": with_check(&code)},
                "condition": "New"}})
        })
        .collect();
    let content = json!({"MPItemFeedHeader": header, "MPItem": items});
    let feed = day.feed("MP_ITEM_MATCH", &content);
    day.get(&format!(
        "/v3/feeds/{feed}?includeDetails=true&offset=0&limit=50"
    ));
    day.elapsed += Duration::from_secs(48 * 3600);
    day.renew_token();
    day.get("/v3/feeds?feedType=MP_ITEM_MATCH&limit=50&offset=0");
    day.get(&format!(
        "/v3/feeds/{feed}?includeDetails=true&offset=0&limit=50"
    ));
    let listed = day.get("/v3/items?limit=20&nextCursor=*");
    let items = listed["ItemResponse"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| Some(item["sku"].as_str()?.to_owned()))
        .collect()
}

/// A UPC with its check digit.
fn with_check(code: &str) -> String {
    let digits = code.bytes().enumerate();
    let sum: u32 = digits
        .map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{code}{}", (10 - sum % 10) % 10)
}

#[test]
fn listing_pricing_and_stocking_keep_to_the_contract() {
    let Some(mut day) = day() else { return };
    let skus = list_items(&mut day);
    let sku = skus
        .first()
        .expect("the catalogue knows one of the barcodes")
        .clone();
    day.get(&format!("/v3/items/{sku}?productIdType=SKU"));
    let pricing = json!([{"currentPriceType": "BASE",
        "currentPrice": {"currency": "USD", "amount": 24.5}}]);
    let price = json!({"sku": sku, "pricing": pricing});
    day.send(Method::PUT, "/v3/price", &price);
    let stock = json!({"sku": sku, "quantity": {"unit": "EACH", "amount": 5}});
    day.send(Method::PUT, &format!("/v3/inventory?sku={sku}"), &stock);
    day.get(&format!("/v3/inventory?sku={sku}"));
    day.get("/v3/inventories?limit=50");
    let prices = json!({"PriceHeader": {"version": "1.7"}, "Price": [price]});
    let feed = day.feed("price", &prices);
    day.get(&format!(
        "/v3/feeds/{feed}?includeDetails=true&offset=0&limit=50"
    ));
    let stocks = json!({"InventoryHeader": {"version": "1.4"}, "Inventory": [stock]});
    day.feed("inventory", &stocks);
    eprintln!("{}", day.contract.report());
}

#[test]
fn orders_and_what_is_done_with_them_keep_to_the_contract() {
    let Some(mut day) = day() else { return };
    let skus = list_items(&mut day);
    let sku = skus
        .first()
        .expect("the catalogue knows one of the barcodes")
        .clone();
    let stock = json!({"sku": sku, "quantity": {"unit": "EACH", "amount": 9}});
    day.send(Method::PUT, &format!("/v3/inventory?sku={sku}"), &stock);
    let mut placed = Vec::new();
    for quantity in [1, 2, 1] {
        let lines = [OrderRequestLine {
            sku: sku.clone(),
            quantity,
        }];
        let now = day.now();
        placed.push(
            day.walmart
                .place_order(&lines, now)
                .expect("it is in stock"),
        );
    }
    let since = "createdStartDate=2020-01-01T00:00:00Z";
    let answer = day.get(&format!("/v3/orders?{since}&limit=100&productInfo=true"));
    let orders = answer["list"]["elements"]["order"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(orders.len(), placed.len());
    for order in &orders {
        let id = order["purchaseOrderId"]
            .as_str()
            .expect("an order has an id");
        day.send(
            Method::POST,
            &format!("/v3/orders/{id}/acknowledge"),
            &json!({}),
        );
    }
    let id = orders[0]["purchaseOrderId"]
        .as_str()
        .expect("an order has an id");
    let amount = orders[0]["orderLines"]["orderLine"][0]["orderLineQuantity"]["amount"].clone();
    let quantity = json!({"unitOfMeasurement": "EACH", "amount": amount});
    let tracking = json!({"shipDateTime": day.now().wall.timestamp_millis(),
        "carrierName": {"carrier": "UPS"}, "methodCode": "Standard",
        "trackingNumber": "1Z999AA10123456784"});
    let shipped = json!({"status": "Shipped", "statusQuantity": quantity,
        "trackingInfo": tracking});
    let line = json!({"lineNumber": "1", "sellerOrderId": id,
        "orderLineStatuses": {"orderLineStatus": [shipped]}});
    let body = json!({"orderShipment": {"orderLines": {"orderLine": [line]}}});
    day.send(Method::POST, &format!("/v3/orders/{id}/shipping"), &body);
    let id = orders[1]["purchaseOrderId"]
        .as_str()
        .expect("an order has an id");
    let amount = orders[1]["orderLines"]["orderLine"][0]["orderLineQuantity"]["amount"].clone();
    let cancelled = json!({"status": "Cancelled",
        "cancellationReason": "SELLER_CANCEL_OUT_OF_STOCK",
        "statusQuantity": {"unitOfMeasurement": "EACH", "amount": amount}});
    let line = json!({"lineNumber": "1", "orderLineStatuses": {"orderLineStatus": [cancelled]}});
    let body = json!({"orderCancellation": {"orderLines": {"orderLine": [line]}}});
    day.send(Method::POST, &format!("/v3/orders/{id}/cancel"), &body);
    day.get(&format!("/v3/orders/{id}?productInfo=true"));
    eprintln!("{}", day.contract.report());
}
