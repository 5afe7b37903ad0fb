//! Feeds and their documents.

use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::{Seen, Seller, US, offer, price, replace, stock};

const JSON: &str = "application/json; charset=UTF-8";

impl Seller {
    /// Uploads a document, as whoever knows its address may.
    pub(crate) fn upload(&mut self, document: &Value, text: &str) -> Seen {
        let url = document["url"].as_str().unwrap();
        assert!(url.starts_with("http://127.0.0.1:4001/"), "{url}");
        self.storage(Method::PUT, url, &[("content-type", JSON)], text)
    }

    pub(crate) fn storage(
        &mut self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        text: &str,
    ) -> Seen {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::from(text.to_owned())).unwrap();
        self.send(request)
    }

    /// Downloads a result and decompresses it where its description says so.
    pub(crate) fn download(&mut self, document: &Value) -> Value {
        serde_json::from_str(&self.download_text(document)).unwrap()
    }

    fn download_text(&mut self, document: &Value) -> String {
        let url = document["url"].as_str().unwrap().to_owned();
        let seen = self.storage(Method::GET, &url, &[], "");
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert!(!seen.headers.contains_key("content-encoding"));
        if document["compressionAlgorithm"] != "GZIP" {
            return seen.text;
        }
        let mut text = String::new();
        GzDecoder::new(seen.bytes.as_ref())
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn document(&mut self) -> Value {
        let path = "/feeds/2021-06-30/documents";
        let seen = self.post(path, json!({ "contentType": JSON }));
        assert_eq!(seen.status, StatusCode::CREATED, "{}", seen.text);
        seen.body
    }

    fn hand_over(&mut self, document: &Value, feed_type: &str) -> Seen {
        self.post(
            "/feeds/2021-06-30/feeds",
            json!({
                "feedType": feed_type,
                "marketplaceIds": [US],
                "inputFeedDocumentId": document["feedDocumentId"],
            }),
        )
    }

    /// Hands a feed over and returns its path.
    fn feed(&mut self, feed_type: &str, text: &str) -> String {
        let document = self.document();
        assert_eq!(self.upload(&document, text).status, StatusCode::OK);
        let seen = self.hand_over(&document, feed_type);
        assert_eq!(seen.status, StatusCode::ACCEPTED, "{}", seen.text);
        format!(
            "/feeds/2021-06-30/feeds/{}",
            seen.body["feedId"].as_str().unwrap()
        )
    }

    fn result(&mut self, feed: &Value) -> Value {
        let id = feed["resultFeedDocumentId"]
            .as_str()
            .expect("it has a result");
        let document = self.get(&format!("/feeds/2021-06-30/documents/{id}"));
        assert_eq!(document.status, StatusCode::OK, "{}", document.text);
        document.body
    }

    /// Hands a feed of listings over, waits for its end and returns it with its report.
    fn listings(&mut self, messages: Value) -> (Value, Value) {
        let text = file(self, messages).to_string();
        let path = self.feed("JSON_LISTINGS_FEED", &text);
        self.wait(120);
        let feed = self.get(&path).body;
        let result = self.result(&feed);
        let report = self.download(&result);
        (feed, report)
    }
}

fn file(seller: &Seller, messages: Value) -> Value {
    json!({ "header": { "sellerId": seller.id, "version": "2.0" }, "messages": messages })
}

fn quantity(id: u64, sku: &str, units: u32) -> Value {
    json!({
        "messageId": id, "sku": sku, "operationType": "PATCH", "productType": "PRODUCT",
        "patches": replace("fulfillment_availability", stock(units)),
    })
}

fn update(id: u64, sku: &str, number: usize, units: u32) -> Value {
    let mut message = offer(number, 5.0, units);
    message["messageId"] = json!(id);
    message["sku"] = json!(sku);
    message["operationType"] = json!("UPDATE");
    message
}

#[test]
fn a_feed_waits_is_worked_through_and_its_changes_take_effect_later_still() {
    let mut seller = Seller::new();
    let messages = json!([update(1, "A", 1, 3), update(2, "B", 2, 4)]);
    let text = file(&seller, messages).to_string();
    let path = seller.feed("JSON_LISTINGS_FEED", &text);
    assert_eq!(seller.get(&path).body["processingStatus"], "IN_QUEUE");
    seller.wait(25);
    let working = seller.get(&path).body;
    assert_eq!(working["processingStatus"], "IN_PROGRESS");
    assert!(working.get("resultFeedDocumentId").is_none());
    seller.wait(60);
    let done = seller.get(&path).body;
    assert_eq!(done["processingStatus"], "DONE");
    let result = seller.result(&done);
    let report = seller.download(&result);
    let summary = json!({
        "errors": 0, "warnings": 0, "messagesProcessed": 2, "messagesAccepted": 2,
        "messagesInvalid": 0,
    });
    assert_eq!(report["summary"], summary);
    assert_eq!(seller.listing("A").state, "pending");
    seller.wait(400);
    assert_eq!(seller.listing("A").quantity, 3);
    assert_eq!(seller.listing("B").quantity, 4);
}

#[test]
fn every_operation_is_taken_and_fields_of_another_are_not() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 1.0, 1), ("B", 1.0, 1), ("C", 1.0, 1)]);
    let partial = json!({
        "messageId": 2, "sku": "B", "operationType": "PARTIAL_UPDATE", "productType": "PRODUCT",
        "attributes": { "purchasable_offer": price(US, 7.5) },
    });
    let delete = json!({ "messageId": 3, "sku": "C", "operationType": "DELETE" });
    let (_, report) = seller.listings(json!([quantity(1, "A", 9), partial, delete]));
    assert_eq!(report["summary"]["messagesAccepted"], 3, "{report}");
    seller.wait(200);
    assert_eq!(seller.listing("A").quantity, 9);
    assert_eq!(seller.listing("B").price.unwrap().amount, "7.50");
    assert_eq!(seller.listing("C").state, "ended");
    let mut with_attributes = quantity(1, "A", 8);
    with_attributes["attributes"] = json!({ "item_name": [] });
    let mut with_requirements = quantity(2, "A", 8);
    with_requirements["requirements"] = json!("LISTING_OFFER_ONLY");
    let mut delete = json!({ "messageId": 3, "sku": "A", "operationType": "DELETE" });
    delete["productType"] = json!("PRODUCT");
    let unknown = json!({ "messageId": 4, "sku": "A", "operationType": "UPSERT" });
    let no_id = json!({ "sku": "A", "operationType": "DELETE" });
    let no_sku = json!({ "messageId": 6, "operationType": "DELETE" });
    let twice = [quantity(7, "A", 3), quantity(7, "A", 4)];
    let mut messages = vec![
        with_attributes,
        with_requirements,
        delete,
        unknown,
        no_id,
        no_sku,
    ];
    messages.extend(twice);
    messages.push(quantity(8, "gone", 3));
    let (feed, report) = seller.listings(json!(messages));
    assert_eq!(
        feed["processingStatus"], "DONE",
        "refused messages do not fail a feed"
    );
    assert_eq!(report["summary"]["messagesAccepted"], 1, "{report}");
    assert_eq!(report["summary"]["messagesInvalid"], 8, "{report}");
    let ids: Vec<Option<u64>> = report["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["messageId"].as_u64())
        .collect();
    let expected = [
        Some(1),
        Some(2),
        Some(3),
        Some(4),
        None,
        Some(6),
        Some(7),
        Some(8),
    ];
    assert_eq!(ids, expected);
    assert_eq!(report["issues"][7]["code"], "13013");
    seller.wait(200);
    assert_eq!(seller.listing("A").quantity, 3);
}

#[test]
fn a_document_that_is_none_is_fatal_and_says_why() {
    let mut seller = Seller::new();
    let right = file(&seller, json!([quantity(1, "A", 1)]));
    let with = |pointer: &str, value: Value| {
        let mut file = right.clone();
        *file.pointer_mut(pointer).unwrap() = value;
        file.to_string()
    };
    let many: Vec<Value> = (1..=25_001).map(|id| json!({ "messageId": id })).collect();
    let report = json!({ "includedData": ["prices"], "apiVersion": "2021-08-01" });
    let mut header = right["header"].clone();
    header["report"] = report;
    for text in [
        "not json".to_owned(),
        with("/header/version", json!("1.0")),
        with("/header/sellerId", json!("A0THER")),
        with("/header", header),
        with("/messages", json!([])),
        with("/messages", json!(many)),
    ] {
        let path = seller.feed("JSON_LISTINGS_FEED", &text);
        seller.wait(400);
        let feed = seller.get(&path).body;
        assert_eq!(feed["processingStatus"], "FATAL", "{text:.80}");
        let result = seller.result(&feed);
        let report = seller.download(&result);
        assert_eq!(report["summary"]["messagesProcessed"], 0);
        assert!(report["issues"][0].get("messageId").is_none());
    }
    let path = seller.feed("POST_PRODUCT_DATA", "<xml/>");
    seller.wait(120);
    assert_eq!(seller.get(&path).body["processingStatus"], "FATAL");
}

#[test]
fn a_report_tells_of_listings_where_that_is_asked_for() {
    let mut seller = Seller::new();
    let mut text = file(&seller, json!([update(1, "A", 1, 3)]));
    let data = ["summaries", "issues"];
    text["header"]["report"] = json!({ "includedData": data, "apiVersion": "2021-08-01" });
    let path = seller.feed("JSON_LISTINGS_FEED", &text.to_string());
    seller.wait(100);
    assert_eq!(seller.get(&path).body["processingStatus"], "IN_PROGRESS");
    seller.wait(500);
    let feed = seller.get(&path).body;
    assert_eq!(feed["processingStatus"], "DONE");
    let result = seller.result(&feed);
    let report = seller.download(&result);
    assert_eq!(report["items"][0]["sku"], "A");
    assert_eq!(
        report["items"][0]["summaries"][0]["status"][0], "BUYABLE",
        "{report}"
    );
    assert_eq!(report["summary"]["itemSummary"]["items"], 1);
}

#[test]
fn the_storage_takes_what_was_signed_and_nothing_else() {
    let mut seller = Seller::new();
    let document = seller.document();
    let url = document["url"].as_str().unwrap().to_owned();
    let mut check = |method: Method, url: &str, headers: &[(&str, &str)], status: StatusCode| {
        let seen = seller.storage(method, url, headers, "{}");
        assert_eq!(seen.status, status, "{headers:?}: {}", seen.text);
        if status != StatusCode::OK {
            assert_eq!(seen.headers["content-type"], "application/xml");
            assert!(seen.text.contains("<Error><Code>"), "{}", seen.text);
        }
    };
    let denied = StatusCode::FORBIDDEN;
    check(Method::PUT, &url, &[], denied);
    check(
        Method::PUT,
        &url,
        &[("content-type", "application/json")],
        denied,
    );
    let token = ("x-amz-access-token", "Atza|x");
    check(Method::PUT, &url, &[("content-type", JSON), token], denied);
    check(
        Method::PUT,
        &url,
        &[("content-type", JSON), ("authorization", "Bearer x")],
        denied,
    );
    check(Method::GET, &url, &[], denied);
    let changed = url.replace("Signature=", "Signature=0");
    check(Method::PUT, &changed, &[("content-type", JSON)], denied);
    check(Method::PUT, &url, &[("content-type", JSON)], StatusCode::OK);
    seller.wait(301);
    let late = seller.storage(Method::PUT, &url, &[("content-type", JSON)], "{}");
    assert_eq!(late.status, denied);
    assert!(late.text.contains("expired"), "{}", late.text);
}

#[test]
fn a_feed_needs_a_type_one_marketplace_and_an_uploaded_document() {
    let mut seller = Seller::new();
    let document = seller.document();
    let bad = StatusCode::BAD_REQUEST;
    assert_eq!(
        seller.hand_over(&document, "JSON_LISTINGS_FEED").status,
        bad
    );
    seller.upload(&document, "{}");
    assert_eq!(seller.hand_over(&document, "SOMETHING_ELSE").status, bad);
    let two = json!({
        "feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US, "A2EUQ1WTGCTBG2"],
        "inputFeedDocumentId": document["feedDocumentId"],
    });
    assert_eq!(seller.post("/feeds/2021-06-30/feeds", two).status, bad);
    assert_eq!(
        seller.hand_over(&document, "JSON_LISTINGS_FEED").status,
        StatusCode::ACCEPTED
    );
}

#[test]
fn five_feeds_of_listings_fit_into_five_minutes() {
    let mut seller = Seller::new();
    let document = seller.document();
    seller.upload(&document, "{}");
    for _ in 0..5 {
        let seen = seller.hand_over(&document, "JSON_LISTINGS_FEED");
        assert_eq!(seen.status, StatusCode::ACCEPTED);
    }
    let too_many = seller.hand_over(&document, "JSON_LISTINGS_FEED");
    assert_eq!(too_many.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(seller.held().limit_violations, 1);
    seller.wait(60);
    assert_eq!(
        seller.hand_over(&document, "JSON_LISTINGS_FEED").status,
        StatusCode::ACCEPTED
    );
}

#[test]
fn feeds_are_listed_newest_first_and_cancelled_only_in_their_queue() {
    let mut seller = Seller::new();
    let text = file(&seller, json!([quantity(1, "A", 1)])).to_string();
    let paths: Vec<String> = (0..3)
        .map(|_| {
            seller.wait(100);
            seller.feed("JSON_LISTINGS_FEED", &text)
        })
        .collect();
    let cancelled = seller.call(Method::DELETE, &paths[2], None);
    assert_eq!(
        (cancelled.status, cancelled.text.as_str()),
        (StatusCode::OK, "")
    );
    assert_eq!(
        seller.call(Method::DELETE, &paths[0], None).status,
        StatusCode::BAD_REQUEST
    );
    seller.wait(200);
    assert_eq!(seller.get(&paths[2]).body["processingStatus"], "CANCELLED");
    let base = "/feeds/2021-06-30/feeds";
    let ids = |seen: &Seen| -> Vec<String> {
        let feeds = seen.body["feeds"].as_array().unwrap().iter();
        feeds
            .map(|feed| format!("{base}/{}", feed["feedId"].as_str().unwrap()))
            .collect()
    };
    let first = seller.get(&format!("{base}?feedTypes=JSON_LISTINGS_FEED&pageSize=2"));
    assert_eq!(ids(&first), [paths[2].clone(), paths[1].clone()]);
    let token = first.body["nextToken"].as_str().unwrap();
    let token: String = percent(token);
    let second = seller.get(&format!("{base}?nextToken={token}"));
    assert_eq!(ids(&second), [paths[0].clone()]);
    assert!(second.body.get("nextToken").is_none());
    let more = seller.get(&format!("{base}?nextToken={token}&pageSize=2"));
    assert_eq!(more.status, StatusCode::BAD_REQUEST);
    let done = format!("{base}?feedTypes=JSON_LISTINGS_FEED&processingStatuses=DONE");
    assert_eq!(ids(&seller.get(&done)).len(), 2);
}

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[test]
fn feeds_stall_and_fail_on_demand() {
    let mut seller = Seller::new();
    let goods: Vec<(String, f64, u32)> = (0..4)
        .map(|number| (format!("S{number}"), 5.0, 1))
        .collect();
    let goods: Vec<(&str, f64, u32)> = goods.iter().map(|(s, p, u)| (s.as_str(), *p, *u)).collect();
    seller.publish(&goods);
    let messages = |units: u32| -> Value {
        (0..4)
            .map(|number| quantity(number + 1, &format!("S{number}"), units))
            .collect()
    };
    let quantities = |seller: &Seller| -> Vec<u32> {
        seller
            .held()
            .listings
            .iter()
            .map(|listing| listing.quantity)
            .collect()
    };
    let text = file(&seller, messages(2)).to_string();
    seller.fault("feed_stall", 1);
    let stalled = seller.feed("JSON_LISTINGS_FEED", &text);
    seller.wait(6 * 3_600);
    assert_eq!(seller.get(&stalled).body["processingStatus"], "IN_PROGRESS");
    assert_eq!(quantities(&seller), [1, 1, 1, 1]);
    seller.wait(2 * 3_600);
    assert_eq!(seller.get(&stalled).body["processingStatus"], "DONE");
    seller.wait(200);
    assert_eq!(quantities(&seller), [2, 2, 2, 2]);
    let text = file(&seller, messages(3)).to_string();
    seller.fault("feed_fatal", 1);
    let fatal = seller.feed("JSON_LISTINGS_FEED", &text);
    seller.wait(400);
    let feed = seller.get(&fatal).body;
    assert_eq!(feed["processingStatus"], "FATAL");
    assert!(feed.get("resultFeedDocumentId").is_none());
    assert_eq!(quantities(&seller), [2, 2, 2, 2]);
    seller.fault("feed_fatal_partial", 1);
    let partial = seller.feed("JSON_LISTINGS_FEED", &text);
    seller.wait(400);
    let feed = seller.get(&partial).body;
    assert_eq!(feed["processingStatus"], "FATAL");
    let result = seller.result(&feed);
    let report = seller.download(&result);
    assert_eq!(report["summary"]["messagesAccepted"], 2, "{report}");
    assert_eq!(quantities(&seller), [3, 3, 2, 2]);
}

#[test]
fn a_flat_file_cancels_and_another_refunds() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 10.0, 50)]);
    let (kept, gone) = (seller.order(&[("A", 2)]), seller.order(&[("A", 1)]));
    let text = format!(
        "order-id\tcancellation-reason-code\tamazon-order-item-code\n\
         {gone}\tNoInventory\t\n{kept}\tNoInventory\tnone\nother\tNoInventory\t\n"
    );
    let path = seller.feed("POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA", &text);
    seller.wait(120);
    let feed = seller.get(&path).body;
    assert_eq!(feed["processingStatus"], "DONE");
    let result = seller.result(&feed);
    let report = seller.download_text(&result);
    assert!(
        report.contains("processed\t\t3") && report.contains("successful\t\t1"),
        "{report}"
    );
    let state = |seller: &Seller, id: &str| {
        let mut orders = seller.held().orders.into_iter();
        orders.find(|order| order.order_id == id).unwrap().state
    };
    assert_eq!(state(&seller, &gone), "CANCELLED");
    assert_eq!(state(&seller, &kept), "UNSHIPPED");
    let item = seller.ship(&kept, "1", 2);
    let text = format!(
        "order-id\torder-item-id\tadjustment-reason-code\tcurrency\titem-price-adj\n\
         {kept}\t{item}\tCustomerReturn\tUSD\t4.50\n\
         {kept}\t{item}\tCustomerReturn\tUSD\t4000\n\
         {kept}\t{item}\tCustomerReturn\tCAD\t1\n"
    );
    let path = seller.feed("POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA", &text);
    seller.wait(120);
    let feed = seller.get(&path).body;
    let result = seller.result(&feed);
    let report = seller.download_text(&result);
    assert!(report.contains("successful\t\t1"), "{report}");
}
