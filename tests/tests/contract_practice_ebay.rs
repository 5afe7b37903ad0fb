//! The practice eBay is held to the official contract: items are made and read, each answer
//! checked.

use barrow_ebay::config::site_facts;
use barrow_ebay::request::upload_picture;
use barrow_model::{PictureForm, Site};
use barrow_practice::{Ebay, Marketplace, Now, Reply, Settings};
use barrow_tests::contract::{Contract, Exchange, Specs};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use std::time::Duration;

/// A seller in front of the marketplace, with the contract between them.
struct Desk {
    ebay: Ebay,
    contract: Contract,
    authorization: String,
    elapsed: Duration,
}

impl Desk {
    /// Sends a request as a client should, checks both sides, and returns the answer's body.
    fn call(&mut self, method: Method, path: &str, media: &str, body: String) -> Value {
        self.call_with(method, path, media, body.into_bytes())
    }

    /// The same with a body that is no text.
    fn call_with(&mut self, method: Method, path: &str, media: &str, body: Vec<u8>) -> Value {
        self.elapsed += Duration::from_secs(1);
        let body = Bytes::from(body);
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("authorization", &self.authorization)
            .header("accept-language", "en-US")
            .header("content-language", "en-US")
            .header("content-type", media)
            .body(body.clone())
            .expect("a request of constants");
        let headers = request.headers().clone();
        let start = chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(20_000);
        let passed = chrono::Duration::from_std(self.elapsed).expect("a few seconds");
        let now = Now {
            wall: start + passed,
            elapsed: self.elapsed,
        };
        let answer = match self.ebay.handle(request, now) {
            Reply::Answer(answer) => Some(answer),
            Reply::NoAnswer | Reply::CutBody { .. } => None,
        };
        let answer = answer.expect("without a fault every request has a whole answer");
        let text = String::from_utf8_lossy(answer.body());
        let found = self.contract.check_exchange(&Exchange {
            method: &method,
            path_and_query: path,
            request_headers: &headers,
            request_body: Some(&body),
            status: answer.status().as_u16(),
            response_headers: answer.headers(),
            response_body: answer.body(),
        });
        assert!(found.is_empty(), "{text}\n{found:#?}");
        assert!(answer.status().is_success(), "{method} {path}: {text}");
        serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
    }

    fn get(&mut self, path: &str) -> Value {
        self.call(Method::GET, path, "application/json", String::new())
    }

    fn post(&mut self, path: &str, body: &Value) -> Value {
        self.call(Method::POST, path, "application/json", body.to_string())
    }
}

/// Opens the marketplace and fetches a token, or says that the contracts are absent.
fn desk() -> Option<Desk> {
    let contract = match Specs::open() {
        Ok(specs) => specs.ebay(),
        Err(missing) => {
            eprintln!("{missing}");
            return None;
        }
    };
    let ebay = Ebay::open(Settings {
        seed: 7,
        orders_per_hour: 0,
    });
    let secrets = ebay.connection().secrets;
    let pair = format!("{}:{}", secrets["client_id"], secrets["client_secret"]);
    let authorization = format!("Basic {}", BASE64_STANDARD.encode(pair));
    let refresh = secrets["refresh_token"]
        .replace('^', "%5E")
        .replace('#', "%23");
    let mut desk = Desk {
        ebay,
        contract,
        authorization,
        elapsed: Duration::ZERO,
    };
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    let media = "application/x-www-form-urlencoded";
    let answer = desk.call(Method::POST, "/identity/v1/oauth2/token", media, form);
    let token = answer["access_token"].as_str().expect("a token");
    desk.authorization = format!("Bearer {token}");
    Some(desk)
}

#[test]
fn making_and_reading_items_keeps_to_the_contract() {
    let Some(mut desk) = desk() else { return };
    let item = |sku: &str| {
        json!({"sku": sku, "locale": "en_US", "condition": "NEW",
            "availability": {"shipToLocationAvailability": {"quantity": 5}},
            "product": {"title": "Lamp", "description": "A lamp",
                "imageUrls": ["https://images.example/a.jpg"],
                "aspects": {"Brand": ["Unbranded"], "Colour": ["Red", "Blue"]}}})
    };
    let inventory = "/sell/inventory/v1";
    let items = json!({"requests": [item("A-1"), item("A-2")]});
    desk.post(
        &format!("{inventory}/bulk_create_or_replace_inventory_item"),
        &items,
    );
    desk.get(&format!("{inventory}/inventory_item/A-1"));
    desk.get(&format!("{inventory}/inventory_item?limit=100&offset=0"));
    let stock = json!({"requests": [
        {"sku": "A-1", "shipToLocationAvailability": {"quantity": 3}}]});
    desk.post(&format!("{inventory}/bulk_update_price_quantity"), &stock);
    desk.get("/sell/account/v1/privilege");
    desk.get("/sell/fulfillment/v1/order?limit=200&offset=0");
    let members = "conversation_type=FROM_MEMBERS&limit=50&offset=0";
    desk.get(&format!("/commerce/message/v1/conversation?{members}"));
    let taxonomy = "/commerce/taxonomy/v1";
    desk.get(&format!(
        "{taxonomy}/get_default_category_tree_id?marketplace_id=EBAY_US"
    ));
    desk.get(&format!(
        "{taxonomy}/category_tree/0/get_expired_categories"
    ));
    for category in ["15687", "176984"] {
        desk.get(&format!(
            "{taxonomy}/category_tree/0/get_item_aspects_for_category?category_id={category}"
        ));
    }
    eprintln!("{}", desk.contract.report());
}

#[test]
fn a_picture_is_put_there_as_the_adapter_does_it() {
    let Some(mut desk) = desk() else { return };
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x03\x20";
    let site = Site("EBAY_US".to_owned());
    let site = site_facts(&site).expect("eBay is there");
    let form = (PictureForm::Png, "00ff");
    let request = upload_picture("http://127.0.0.1:9", site, form, png);
    let request = request.expect("a request of constants");
    let media = request.headers()["content-type"].to_str();
    let media = media.expect("text").to_owned();
    let body = request.into_body().to_vec();
    let path = "/commerce/media/v1_beta/image/create_image_from_file";
    let made = desk.call_with(Method::POST, path, &media, body);
    assert!(
        made["imageUrl"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://")),
        "{made}"
    );
    assert!(made["expirationDate"].is_string());
    desk.get("/commerce/media/v1_beta/image/v1%7C7%7C1");
}
