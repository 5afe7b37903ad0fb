//! The practice Newegg is held to what the reference says of Newegg: a seller's day on each
//! platform, each answer checked.

use barrow_practice::newegg::{Newegg, Platform};
use barrow_practice::{Marketplace, Now, OrderRequestLine, Reply, Settings};
use barrow_tests::contract::{Contract, Exchange, Specs};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// The marketplace, its contract and the time between them.
struct Day {
    newegg: Newegg,
    contract: Contract,
    base: &'static str,
    elapsed: Duration,
}

impl Day {
    /// Sends a request as a client should, checks both sides, and returns the answer without the
    /// frames that it may have or not.
    fn call(&mut self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        self.elapsed += Duration::from_secs(10);
        let connection = self.newegg.connection();
        let mark = if path.contains('?') { '&' } else { '?' };
        let seller = &connection.settings["seller_id"];
        let path = format!("{}{path}{mark}sellerid={seller}", self.base);
        let sent = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let sent = Bytes::from(sent);
        let request = Request::builder()
            .method(method.clone())
            .uri(&path)
            .header("authorization", &connection.secrets["api_key"])
            .header("secretkey", &connection.secrets["secret_key"])
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .body(sent.clone())
            .expect("a request of constants");
        let headers = request.headers().clone();
        let now = self.now();
        let answer = match self.newegg.handle(request, now) {
            Reply::Answer(answer) => Some(answer),
            Reply::NoAnswer | Reply::CutBody { .. } => None,
        };
        let answer = answer.expect("without a fault every request has a whole answer");
        let found = self.contract.check_exchange(&Exchange {
            method: &method,
            path_and_query: &path,
            request_headers: &headers,
            request_body: Some(&sent),
            status: answer.status().as_u16(),
            response_headers: answer.headers(),
            response_body: answer.body(),
        });
        let text = String::from_utf8_lossy(answer.body());
        assert!(found.is_empty(), "{method} {path}: {text}\n{found:#?}");
        (answer.status(), bare(&text))
    }

    fn send(&mut self, method: Method, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method.clone(), path, body);
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    fn now(&self) -> Now {
        let start = chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(20_000);
        let passed = chrono::Duration::from_std(self.elapsed).expect("a few days");
        Now {
            wall: start + passed,
            elapsed: self.elapsed,
        }
    }

    fn pass(&mut self, hours: u64) {
        self.elapsed += Duration::from_secs(hours * 3_600);
        let now = self.now();
        self.newegg.advance(now);
    }

    /// Submits a feed, waits for its end, and reads its state and its report.
    fn feed(&mut self, kind: &str, body: &Value) {
        let path = format!("datafeedmgmt/feeds/submitfeed?requesttype={kind}");
        let submitted = self.send(Method::POST, &path, body);
        let id = found(&submitted, "RequestId").expect("a feed has an id");
        let ask = json!({"OperationType": "GetFeedStatusRequest", "RequestBody": {
            "GetRequestStatus": {"RequestIDList": {"RequestID": id.clone()}, "MaxCount": "100"}}});
        self.send(Method::PUT, "datafeedmgmt/feeds/status", &ask);
        self.pass(2);
        self.send(Method::PUT, "datafeedmgmt/feeds/status", &ask);
        let path = format!("datafeedmgmt/feeds/result/{id}");
        self.send(Method::GET, &path, &Value::Null);
    }

    /// Offers goods that Newegg knows and waits until they are reviewed.
    fn list(&mut self) {
        let offer = |sku: &str, code: &str| {
            json!({"BasicInfo": {"SellerPartNumber": sku, "Manufacturer": "House Brand",
                "UPCOrISBN": code, "SellingPrice": "19.99", "Shipping": "Default",
                "Inventory": "9", "PacksOrSets": "1", "ItemCondition": "New",
                "ActivationMark": "True"}})
        };
        // The second number is of no goods at all: its row is reported.
        let rows = [offer("A-1", "614141000012"), offer("A-2", "000000000000")];
        let message = json!({"Itemfeed": [{"Item": rows}]});
        self.feed(
            "ITEM_DATA&v2",
            &envelope("2.0", "BatchItemCreation", &message),
        );
        self.pass(8);
    }
}

fn envelope(version: &str, kind: &str, message: &Value) -> Value {
    json!({"NeweggEnvelope": {"Header": {"DocumentVersion": version}, "MessageType": kind,
        "Message": message}})
}

fn bare(text: &str) -> Value {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// The first value of a name, however deep, as a text.
fn found(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(map) => match map.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => map.values().find_map(|part| found(part, name)),
        },
        Value::Array(items) => items.iter().find_map(|part| found(part, name)),
        _ => None,
    }
}

/// Opens the shop, or says that the contracts are absent. The answers' dress goes by the seed.
fn day(platform: Platform, seed: u64) -> Option<Day> {
    let contract = match Specs::open() {
        Ok(specs) => specs.newegg(),
        Err(missing) => {
            eprintln!("{missing}");
            return None;
        }
    };
    let settings = Settings {
        seed,
        orders_per_hour: 0,
    };
    let base = match platform {
        Platform::Us => "/marketplace/",
        Platform::B2b => "/marketplace/b2b/",
        Platform::Can => "/marketplace/can/",
    };
    Some(Day {
        newegg: Newegg::open_on(platform, settings),
        contract,
        base,
        elapsed: Duration::ZERO,
    })
}

const PLATFORMS: [Platform; 3] = [Platform::Us, Platform::B2b, Platform::Can];

#[test]
fn prices_and_stock_keep_to_the_reference() {
    for (seed, platform) in PLATFORMS.into_iter().enumerate() {
        let Some(mut day) = day(platform, seed as u64) else {
            return;
        };
        let item = |more: Value| {
            let mut body = json!({"Type": "1", "Value": "A-1"});
            for (name, value) in more.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            body
        };
        day.send(
            Method::GET,
            "sellermgmt/seller/accountstatus?version=307",
            &Value::Null,
        );
        day.send(Method::GET, "ordermgmt/servicestatus", &Value::Null);
        day.list();
        let several = json!({"Type": "1", "Values": ["A-1", "NOT-THERE"]});
        // The dress changes from answer to answer.
        for round in 0..12 {
            if platform == Platform::Us {
                us_prices_and_stock(&mut day, &item);
                continue;
            }
            let write = item(json!({"Inventory": format!("2{round}"), "SellingPrice": "15.00"}));
            day.send(Method::PUT, "contentmgmt/item/inventoryandprice", &write);
            day.send(
                Method::POST,
                "contentmgmt/item/inventory?version=304",
                &item(json!({})),
            );
            day.send(Method::POST, "contentmgmt/item/price", &item(json!({})));
            day.send(Method::POST, "contentmgmt/item/inventorylist", &several);
            day.send(Method::POST, "contentmgmt/item/pricelist", &several);
        }
        eprintln!("{}", day.contract.report());
    }
}

fn us_prices_and_stock(day: &mut Day, item: &dyn Fn(Value) -> Value) {
    let stock = "contentmgmt/item/international/inventory";
    let entry = json!({"WarehouseLocation": "USA", "AvailableQuantity": "12"});
    let write = item(json!({"InventoryList": {"Inventory": [entry]}}));
    day.send(Method::POST, stock, &write);
    let read = item(json!({"WarehouseList": {"WarehouseLocation": ["USA"]}}));
    day.send(Method::PUT, stock, &read);
    let price = "contentmgmt/item/international/price";
    let entry = json!({"CountryCode": "USA", "Currency": "USD", "SellingPrice": "24.50"});
    let write = item(json!({"PriceList": {"Price": [entry]}}));
    day.send(Method::POST, price, &write);
    let read = item(json!({"CountryList": {"CountryCode": ["USA"]}}));
    day.send(Method::PUT, price, &read);
    let several = json!({"Type": "1", "Values": ["A-1", "NOT-THERE"],
        "WarehouseList": ["USA"]});
    day.send(Method::POST, &format!("{stock}list"), &several);
    let several = json!({"Type": "1", "Values": ["A-1", "NOT-THERE"], "CountryList": ["USA"]});
    day.send(Method::POST, &format!("{price}list"), &several);
}

#[test]
fn feeds_of_prices_and_stock_keep_to_the_reference() {
    for (seed, platform) in PLATFORMS.into_iter().enumerate() {
        let Some(mut day) = day(platform, 20 + seed as u64) else {
            return;
        };
        day.list();
        if platform == Platform::Us {
            let row = |sku: &str| {
                json!({"SellerPartNumber": sku, "WarehouseLocation": "USA",
                    "FulfillmentOption": "Seller", "Inventory": "5"})
            };
            let message = json!({"Inventory": {"Item": [row("A-1"), row("NOT-THERE")]}});
            day.feed("INVENTORY_DATA", &envelope("2.0", "Inventory", &message));
            let row = json!({"SellerPartNumber": "A-1", "CountryCode": "USA", "Currency": "USD",
                "SellingPrice": "20.00"});
            let message = json!({"Price": {"Item": [row]}});
            day.feed("PRICE_DATA", &envelope("2.0", "Price", &message));
        } else {
            let row = json!({"SellerPartNumber": "A-1", "SellingPrice": "20.00",
                "Inventory": "5"});
            let message = json!({"Inventory": {"Item": [row]}});
            day.feed(
                "INVENTORY_AND_PRICE_DATA",
                &envelope("1.0", "Inventory", &message),
            );
        }
    }
}

fn orders_of(status: &str) -> Value {
    json!({"OperationType": "GetOrderInfoRequest", "RequestBody": {"PageIndex": "1",
        "PageSize": "100", "RequestCriteria": {"Status": status,
            "OrderDateFrom": "2024-10-01 00:00:00", "OrderDateTo": "2024-10-20 00:00:00"}}})
}

#[test]
fn orders_and_what_is_done_with_them_keep_to_the_reference() {
    for (seed, platform) in PLATFORMS.into_iter().enumerate() {
        let Some(mut day) = day(platform, 40 + seed as u64) else {
            return;
        };
        day.list();
        let mut placed = Vec::new();
        for quantity in [1, 2, 1] {
            let lines = [OrderRequestLine {
                sku: "A-1".to_owned(),
                quantity,
            }];
            let now = day.now();
            placed.push(day.newegg.place_order(&lines, now).expect("it is in stock"));
        }
        day.pass(3);
        let list = "ordermgmt/order/orderinfo?version=315";
        for status in ["0", "1", "2", "3", "4", "0", "0", "0"] {
            day.send(Method::PUT, list, &orders_of(status));
        }
        let confirmed = json!({"OperationType": "OrderConfirmationRequest", "RequestBody": {
            "DownloadedOrderList": {"OrderNumber": placed}}});
        day.send(
            Method::POST,
            "ordermgmt/orderstatus/orders/confirmation",
            &confirmed,
        );
        let header = json!({"SellerID": day.newegg.connection().settings["seller_id"],
            "SONumber": placed[0]});
        let package = json!({"TrackingNumber": "1Z999AA10123456784", "ShipCarrier": "UPS",
            "ShipService": "Ground", "ItemList": {"Item": [
                {"SellerPartNumber": "A-1", "ShippedQty": "1"}]}});
        let ship = json!({"Action": "2", "Value": {"Shipment": {"Header": header,
            "PackageList": {"Package": [package]}}}});
        let at = |number: &str| format!("ordermgmt/orderstatus/orders/{number}?version=304");
        day.send(Method::PUT, &at(&placed[0]), &ship);
        let (status, _) = day.call(Method::PUT, &at(&placed[0]), &ship);
        assert!(status.is_client_error(), "it is shipped already: {status}");
        day.send(
            Method::PUT,
            &at(&placed[1]),
            &json!({"Action": "1", "Value": "24"}),
        );
        let inside = json!({"KillItem": {"Order": {"ItemList": {"Item": [
            {"SellerPartNumber": "A-1"}]}}}});
        let kill = json!({"OperationType": "KillItemRequest", "RequestBody": inside});
        let path = format!("ordermgmt/killitem/orders/{}", placed[2]);
        day.send(Method::PUT, &path, &kill);
        day.send(Method::GET, &at(&placed[0]), &Value::Null);
        let numbers = json!({"OperationType": "GetOrderInfoRequest", "RequestBody": {
            "PageIndex": "1", "PageSize": "100", "RequestCriteria": {
                "OrderNumberList": {"OrderNumber": placed}}}});
        for _ in 0..8 {
            day.send(Method::PUT, list, &numbers);
        }
        eprintln!("{}", day.contract.report());
    }
}

#[test]
fn refusals_keep_to_the_reference() {
    let Some(mut day) = day(Platform::Us, 60) else {
        return;
    };
    let read = json!({"Type": "1", "Value": "NOT-THERE",
        "WarehouseList": {"WarehouseLocation": ["USA"]}});
    for _ in 0..12 {
        let path = "contentmgmt/item/international/inventory";
        let (status, _) = day.call(Method::PUT, path, &read);
        assert!(status.is_client_error(), "{status}");
    }
}
