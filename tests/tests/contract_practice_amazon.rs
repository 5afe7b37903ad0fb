//! The practice Amazon is held to the official contract: a seller's day, each answer checked.

use barrow_practice::amazon::Amazon;
use barrow_practice::{Marketplace, Now, OrderRequestLine, Reply, Settings};
use barrow_tests::contract::{Contract, Exchange, Specs};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const SITE: &str = "ATVPDKIKX0DER";
const UPC: &str = "614141000012";

/// The marketplace, its contract and the time between them.
struct Day {
    amazon: Amazon,
    contract: Contract,
    seller: String,
    token: String,
    elapsed: Duration,
}

/// What is sent beside method and path.
struct Sent {
    media: &'static str,
    body: String,
    /// Whether Amazon's own headers go with it.
    ours: bool,
}

impl Day {
    /// Sends a request as a client should, checks both sides, and returns the answer.
    fn exchange(&mut self, method: Method, path: &str, sent: Sent) -> Response<Bytes> {
        // A rate limit that is met would hide the answer that is to be checked.
        self.elapsed += Duration::from_secs(200);
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("host", "127.0.0.1:9");
        if sent.ours {
            request = request
                .header("x-amz-access-token", &self.token)
                .header("x-amz-date", "20261122T081500Z")
                .header("user-agent", "Tests/1 (Language=Rust/1.95; Platform=Linux)");
        }
        if !sent.media.is_empty() {
            request = request.header("content-type", sent.media);
        }
        let body = Bytes::from(sent.body);
        let request = request.body(body.clone()).expect("a request of constants");
        let headers = request.headers().clone();
        let now = self.now();
        self.amazon.advance(now);
        let answer = match self.amazon.handle(request, now) {
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
        let text = String::from_utf8_lossy(answer.body());
        assert!(found.is_empty(), "{method} {path}: {text}\n{found:#?}");
        answer
    }

    fn call(&mut self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let sent = Sent {
            media: if body.is_null() {
                ""
            } else {
                "application/json"
            },
            body: if body.is_null() {
                String::new()
            } else {
                body.to_string()
            },
            ours: true,
        };
        let answer = self.exchange(method, path, sent);
        let read = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        (answer.status(), read)
    }

    /// The same, which must go well.
    fn send(&mut self, method: Method, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method.clone(), path, body);
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    fn get(&mut self, path: &str) -> Value {
        self.send(Method::GET, path, &Value::Null)
    }

    fn item(&self, sku: &str, more: &str) -> String {
        let seller = &self.seller;
        format!("/listings/2021-08-01/items/{seller}/{sku}?marketplaceIds={SITE}{more}")
    }

    fn now(&self) -> Now {
        let start = chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(20_000);
        let passed = chrono::Duration::from_std(self.elapsed).expect("a few days");
        Now {
            wall: start + passed,
            elapsed: self.elapsed,
        }
    }

    /// Lets hours pass; the token is renewed after them.
    fn pass(&mut self, hours: u64) {
        self.elapsed += Duration::from_secs(hours * 3_600);
        self.renew_token();
    }

    fn renew_token(&mut self) {
        let keys = self.amazon.connection().secrets;
        let mut form = "grant_type=refresh_token".to_owned();
        for (name, value) in &keys {
            let value = value.replace('|', "%7C");
            form.push_str(&format!("&{name}={value}"));
        }
        let sent = Sent {
            media: "application/x-www-form-urlencoded;charset=UTF-8",
            body: form,
            ours: false,
        };
        let answer = self.exchange(Method::POST, "/auth/o2/token", sent);
        let answer: Value = serde_json::from_slice(answer.body()).expect("JSON");
        self.token = answer["access_token"].as_str().expect("a token").to_owned();
    }

    /// The page of the barcode number that always has one.
    fn asin(&mut self) -> String {
        let path = format!(
            "/catalog/2022-04-01/items?marketplaceIds={SITE}&identifiers={UPC}\
             &identifiersType=UPC&includedData=summaries,identifiers&pageSize=20"
        );
        let found = self.get(&path);
        found["items"][0]["asin"]
            .as_str()
            .expect("a page")
            .to_owned()
    }

    /// Offers units on that page and waits until they are for sale.
    fn list(&mut self, sku: &str, quantity: u32) {
        let asin = self.asin();
        let body = listing(&asin, quantity);
        let path = self.item(sku, "");
        let answer = self.send(Method::PUT, &path, &body);
        assert_eq!(answer["status"], "ACCEPTED", "{answer}");
        self.pass(13);
    }
}

fn listing(asin: &str, quantity: u32) -> Value {
    json!({"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": {
        "merchant_suggested_asin": [{"value": asin, "marketplace_id": SITE}],
        "condition_type": [{"value": "new_new", "marketplace_id": SITE}],
        "fulfillment_availability":
            [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}],
        "purchasable_offer": price(19.99),
    }})
}

fn price(amount: f64) -> Value {
    json!([{"marketplace_id": SITE, "currency": "USD", "audience": "ALL",
        "our_price": [{"schedule": [{"value_with_tax": amount}]}]}])
}

/// Opens the shop and fetches a token, or says that the contracts are absent.
fn day() -> Option<Day> {
    let contract = match Specs::open() {
        Ok(specs) => specs.amazon(),
        Err(missing) => {
            eprintln!("{missing}");
            return None;
        }
    };
    let amazon = Amazon::open(Settings {
        seed: 7,
        orders_per_hour: 0,
    });
    let seller = amazon.connection().settings["seller_id"].clone();
    let mut day = Day {
        amazon,
        contract,
        seller,
        token: String::new(),
        elapsed: Duration::ZERO,
    };
    day.renew_token();
    Some(day)
}

const ALL_OF_ITEM: &str = "&includedData=summaries,attributes,issues,offers,\
    fulfillmentAvailability,relationships,productTypes&issueLocale=en_US";

#[test]
fn listing_pricing_and_stocking_keep_to_the_contract() {
    let Some(mut day) = day() else { return };
    day.get("/sellers/v1/marketplaceParticipations");
    let asin = day.asin();
    let keywords = format!("/catalog/2022-04-01/items?marketplaceIds={SITE}&keywords=red,lamp");
    day.get(&keywords);
    let seller = day.seller.clone();
    day.get(&format!(
        "/listings/2021-08-01/restrictions?asin={asin}&sellerId={seller}\
         &marketplaceIds={SITE}&conditionType=new_new"
    ));
    let preview = day.item(
        "A-1",
        "&mode=VALIDATION_PREVIEW&includedData=identifiers,issues",
    );
    day.send(Method::PUT, &preview, &listing(&asin, 5));
    let mut wrong = listing(&asin, 5);
    let attributes = wrong["attributes"].as_object_mut().expect("an object");
    attributes.remove("condition_type");
    let answer = day.send(Method::PUT, &preview, &wrong);
    assert_eq!(answer["status"], "INVALID", "{answer}");
    day.list("A-1", 5);
    let item = day.item("A-1", ALL_OF_ITEM);
    let read = day.get(&item);
    assert_eq!(read["fulfillmentAvailability"][0]["quantity"], 5, "{read}");
    let patches = json!({"productType": "PRODUCT", "patches": [
        {"op": "merge", "path": "/attributes/fulfillment_availability",
            "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 3}]},
        {"op": "replace", "path": "/attributes/purchasable_offer", "value": price(24.5)},
    ]});
    let path = day.item("A-1", "");
    day.send(Method::PATCH, &path, &patches);
    day.pass(5);
    let read = day.get(&item);
    assert_eq!(read["fulfillmentAvailability"][0]["quantity"], 3, "{read}");
    let all = format!("/listings/2021-08-01/items/{seller}?marketplaceIds={SITE}&pageSize=20");
    day.get(&format!(
        "{all}{ALL_OF_ITEM}&sortBy=lastUpdatedDate&sortOrder=ASC"
    ));
    day.get(&format!("{all}&identifiers=A-1,A-2&identifiersType=SKU"));
    day.send(Method::DELETE, &path, &Value::Null);
    day.pass(13);
    let (status, _) = day.call(Method::GET, &item, &Value::Null);
    assert_eq!(status, StatusCode::NOT_FOUND);
    eprintln!("{}", day.contract.report());
}

#[test]
fn feeds_keep_to_the_contract() {
    let Some(mut day) = day() else { return };
    const JSON: &str = "application/json; charset=UTF-8";
    let documents = "/feeds/2021-06-30/documents";
    let announced = day.send(Method::POST, documents, &json!({"contentType": JSON}));
    let asin = day.asin();
    // The address is good for five minutes, and each call takes three: ask once more.
    let announced = match announced["feedDocumentId"].as_str() {
        Some(_) => day.send(Method::POST, documents, &json!({"contentType": JSON})),
        None => announced,
    };
    let mut update = listing(&asin, 5);
    update["messageId"] = json!(1);
    update["sku"] = json!("A-1");
    update["operationType"] = json!("UPDATE");
    let gone = json!({"messageId": 2, "sku": "A-2", "operationType": "DELETE"});
    let content = json!({"header": {"sellerId": day.seller, "version": "2.0",
        "issueLocale": "en_US"}, "messages": [update, gone]});
    let sent = Sent {
        media: JSON,
        body: content.to_string(),
        ours: false,
    };
    let path = path_of(&announced);
    let answer = day.exchange(Method::PUT, &path, sent);
    assert!(answer.status().is_success(), "{answer:?}");
    let feed = json!({"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [SITE],
        "inputFeedDocumentId": announced["feedDocumentId"]});
    let feeds = "/feeds/2021-06-30/feeds";
    let created = day.send(Method::POST, feeds, &feed);
    let id = created["feedId"].as_str().expect("an id").to_owned();
    day.get(&format!("{feeds}/{id}"));
    day.pass(2);
    day.get(&format!("{feeds}?feedTypes=JSON_LISTINGS_FEED&pageSize=10"));
    let state = day.get(&format!("{feeds}/{id}"));
    assert_eq!(state["processingStatus"], "DONE", "{state}");
    let result = state["resultFeedDocumentId"].as_str().expect("a result");
    let told = day.get(&format!("{documents}/{result}"));
    let sent = Sent {
        media: "",
        body: String::new(),
        ours: false,
    };
    let report = day.exchange(Method::GET, &path_of(&told), sent);
    assert!(report.status().is_success(), "{report:?}");
    let held = day.contract.report();
    assert!(held.contains("processing report: 1 answer"), "{held}");
    eprintln!("{held}");
}

fn path_of(answer: &Value) -> String {
    let url = answer["url"].as_str().expect("an address");
    let (_, rest) = url.split_once("://").expect("a scheme");
    rest[rest.find('/').expect("a path")..].to_owned()
}

#[test]
fn orders_and_what_is_done_with_them_keep_to_the_contract() {
    let Some(mut day) = day() else { return };
    day.list("A-1", 9);
    for quantity in [1, 2] {
        let lines = [OrderRequestLine {
            sku: "A-1".to_owned(),
            quantity,
        }];
        let now = day.now();
        day.amazon.place_order(&lines, now).expect("it is in stock");
    }
    day.pass(2);
    let all = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,\
        PAYMENT";
    let start = "/orders/2026-01-01/orders?lastUpdatedAfter=2020-01-01T00:00:00Z";
    let found = day.get(&format!(
        "{start}&marketplaceIds={SITE}&maxResultsPerPage=1&includedData={all}"
    ));
    let token = found["pagination"]["nextToken"]
        .as_str()
        .expect("there is more");
    let next = format!(
        "{start}&marketplaceIds={SITE}&maxResultsPerPage=1&includedData={all}\
         &paginationToken={token}"
    );
    day.get(&next);
    let order = &found["orders"][0];
    let id = order["orderId"].as_str().expect("an id").to_owned();
    day.get(&format!("/orders/2026-01-01/orders/{id}"));
    let line = &order["orderItems"][0];
    let shipped = day
        .now()
        .wall
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let package = json!({"packageReferenceId": "1", "carrierCode": "UPS",
        "shippingMethod": "UPS Ground", "trackingNumber": "1Z999AA10123456784",
        "shipDate": shipped, "orderItems": [
            {"orderItemId": line["orderItemId"], "quantity": line["quantityOrdered"]}]});
    let body = json!({"marketplaceId": SITE, "packageDetail": package});
    let path = format!("/orders/v0/orders/{id}/shipmentConfirmation");
    day.send(Method::POST, &path, &body);
    day.pass(2);
    let read = day.get(&format!(
        "/orders/2026-01-01/orders/{id}?includedData={all}"
    ));
    let status = &read["order"]["fulfillment"]["fulfillmentStatus"];
    assert_eq!(status, "SHIPPED", "{read}");
    eprintln!("{}", day.contract.report());
}

#[test]
fn refusals_keep_to_the_contract() {
    let Some(mut day) = day() else { return };
    let item = day.item("NOT-THERE", "");
    assert_eq!(
        day.call(Method::GET, &item, &Value::Null).0,
        StatusCode::NOT_FOUND
    );
    let order = "/orders/2026-01-01/orders/999-9999999-9999999";
    assert_eq!(
        day.call(Method::GET, order, &Value::Null).0,
        StatusCode::NOT_FOUND
    );
    day.token = "Atza|wrong".to_owned();
    let (status, answer) = day.call(Method::GET, &item, &Value::Null);
    assert!(matches!(status.as_u16(), 401 | 403), "{status} {answer}");
}
