//! The validator itself, on exchanges with Walmart made by hand: it lets good ones pass and names
//! what is wrong with bad ones.

use barrow_tests::contract::{Contract, Exchange, Place, Specs, Violation};
use http::{HeaderMap, HeaderName, Method};
use serde_json::{Value, json};

/// An exchange that keeps to the contract until a test changes it.
struct Talk {
    method: Method,
    path: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<String>,
    status: u16,
    answer: String,
}

impl Talk {
    fn new(method: Method, path: &'static str, body: Option<Value>, answer: Value) -> Talk {
        let headers = vec![
            ("wm_sec.access_token", "t"),
            (
                "wm_qos.correlation_id",
                "0b1f7f0e-5b0f-4b57-8f8e-0d1f7d1c0001",
            ),
            ("wm_svc.name", "Walmart Marketplace"),
            ("accept", "application/json"),
            ("content-type", "application/json"),
        ];
        let body = body.map(|body| body.to_string());
        Talk {
            method,
            path,
            headers,
            body,
            status: 200,
            answer: answer.to_string(),
        }
    }

    fn header(mut self, name: &'static str, value: &'static str) -> Talk {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    fn without(mut self, name: &'static str) -> Talk {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    fn check(&self, contract: &mut Contract) -> Vec<Violation> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.insert(
                HeaderName::from_static(name),
                value.parse().expect("a header value"),
            );
        }
        let mut answered = HeaderMap::new();
        answered.insert(
            "content-type",
            "application/json;charset=UTF-8"
                .parse()
                .expect("a header value"),
        );
        contract.check_exchange(&Exchange {
            method: &self.method,
            path_and_query: self.path,
            request_headers: &headers,
            request_body: self.body.as_deref().map(str::as_bytes),
            status: self.status,
            response_headers: &answered,
            response_body: self.answer.as_bytes(),
        })
    }
}

/// The contract, or `None` with a word about it where the specs are absent.
fn walmart() -> Option<Contract> {
    match Specs::open() {
        Ok(specs) => Some(specs.walmart()),
        Err(missing) => {
            eprintln!("{missing}");
            None
        }
    }
}

fn good(talk: Talk) {
    let Some(mut contract) = walmart() else {
        return;
    };
    let found = talk.check(&mut contract);
    assert!(found.is_empty(), "{found:#?}");
}

/// Checks that exactly one fault is found, and where.
fn bad(talk: Talk, place: Place, at: &str) {
    let Some(mut contract) = walmart() else {
        return;
    };
    let found = talk.check(&mut contract);
    let places: Vec<(Place, &str)> = found.iter().map(|v| (v.place, v.at.as_str())).collect();
    assert_eq!(places, [(place, at)], "{found:#?}");
}

fn price(pricing: Value) -> Talk {
    let body = json!({"sku": "A-1", "pricing": [pricing]});
    let answer = json!({"ItemPriceResponse": {"sku": "A-1", "message": "Thank you."}});
    Talk::new(Method::PUT, "/v3/price", Some(body), answer)
}

fn base_price() -> Value {
    json!({"currentPriceType": "BASE", "currentPrice": {"currency": "USD", "amount": 19.99}})
}

#[test]
fn prices() {
    good(price(base_price()));
    let with = |change: fn(&mut Value)| {
        let mut pricing = base_price();
        change(&mut pricing);
        price(pricing)
    };
    let body = Place::RequestBody;
    bad(
        with(|p| p["currentPrice"]["amount"] = json!("19.99")),
        body,
        "/pricing/0/currentPrice/amount",
    );
    bad(
        with(|p| p["currentPrice"]["currency"] = json!("EUR")),
        body,
        "/pricing/0/currentPrice/currency",
    );
    bad(
        with(|p| p["currentPriceType"] = json!("NORMAL")),
        body,
        "/pricing/0/currentPriceType",
    );
    bad(with(|p| p["currentprice"] = json!({})), body, "/pricing/0");
    bad(
        with(|p| {
            p.as_object_mut().unwrap().remove("currentPrice");
        }),
        body,
        "/pricing/0",
    );
    bad(
        price(base_price()).without("wm_svc.name"),
        Place::RequestHeader,
        "WM_SVC.NAME",
    );
    bad(
        price(base_price()).without("wm_qos.correlation_id"),
        Place::RequestHeader,
        "WM_QOS.CORRELATION_ID",
    );
}

#[test]
fn a_promotion_is_the_same_path_with_another_query() {
    let promoted = |query| Talk {
        path: query,
        ..price(base_price())
    };
    good(promoted("/v3/price?promo=true"));
    bad(
        promoted("/v3/price?promotion=true"),
        Place::Query,
        "promotion",
    );
}

#[test]
fn inventory() {
    let stock = json!({"sku": "A-1", "quantity": {"unit": "EACH", "amount": 5}});
    let put = |path, body: Value| Talk::new(Method::PUT, path, Some(body), stock.clone());
    good(put("/v3/inventory?sku=A-1", stock.clone()));
    good(put("/v3/inventory?sku=A-1&shipNode=100009", stock.clone()));
    bad(put("/v3/inventory", stock.clone()), Place::Query, "sku");
    let flat = json!({"sku": "A-1", "quantity": 5});
    bad(
        put("/v3/inventory?sku=A-1", flat),
        Place::RequestBody,
        "/quantity",
    );
    let unit = json!({"sku": "A-1", "quantity": {"unit": "PIECE", "amount": 5}});
    bad(
        put("/v3/inventory?sku=A-1", unit),
        Place::RequestBody,
        "/quantity/unit",
    );
    let read = |answer| Talk::new(Method::GET, "/v3/inventory?sku=A-1", None, answer);
    good(read(stock.clone()));
    bad(read(json!({"sku": "A-1"})), Place::ResponseBody, "");
    good(Talk {
        status: 404,
        ..read(json!({"errors": [{"code": "CONTENT_NOT_FOUND.GMP_INVENTORY_API"}]}))
    });
    bad(
        Talk {
            status: 404,
            ..read(json!({"message": "none"}))
        },
        Place::ResponseBody,
        "",
    );
}

fn order() -> Value {
    json!({
        "purchaseOrderId": "1796277083022",
        "customerOrderId": "5281956426648",
        "customerEmailId": "x@relay.walmart.com",
        "orderDate": 1_767_225_600_000_u64,
        "shippingInfo": {
            "phone": "5550100", "methodCode": "Standard",
            "estimatedDeliveryDate": 1_767_225_600_000_u64,
            "estimatedShipDate": 1_767_225_600_000_u64,
            "postalAddress": {"name": "N", "address1": "1 A St", "city": "C", "state": "CA",
                "postalCode": "90001", "country": "USA"},
        },
        "orderLines": {"orderLine": []},
    })
}

#[test]
fn orders() {
    let path = "/v3/orders?createdStartDate=2026-11-01T00:00:00Z&limit=200&productInfo=true";
    let talk = |order: Value| {
        let meta = json!({"totalCount": 1, "limit": 200, "nextCursor": ""});
        let answer = json!({"list": {"meta": meta, "elements": {"order": [order]}}});
        Talk::new(Method::GET, path, None, answer)
    };
    good(talk(order()));
    let mut wrong = order();
    wrong["orderDate"] = json!("2026-01-01");
    bad(
        talk(wrong),
        Place::ResponseBody,
        "/list/elements/order/0/orderDate",
    );
    let mut wrong = order();
    wrong.as_object_mut().unwrap().remove("purchaseOrderId");
    bad(talk(wrong), Place::ResponseBody, "/list/elements/order/0");
    // The next page is asked for with a query that the marketplace made.
    let cursor = "/v3/orders?limit=200&hasMoreElements=true&soIndex=9&poIndex=9&sellerId=1";
    good(Talk {
        path: cursor,
        ..talk(order())
    });
    // The contract describes one order bare; it is answered as the marketplace does.
    let one = |answer| Talk::new(Method::GET, "/v3/orders/1796277083022", None, answer);
    good(one(json!({"order": order()})));
    bad(one(json!({"Order": order()})), Place::ResponseBody, "");
    let misspelt = "/v3/orders?createdStart=2026-11-01";
    bad(
        Talk {
            path: misspelt,
            ..talk(order())
        },
        Place::Query,
        "createdStart",
    );
}

fn shipment(line: Value) -> Talk {
    let body = json!({"orderShipment": {"orderLines": {"orderLine": [line]}}});
    let path = "/v3/orders/1796277083022/shipping";
    Talk::new(Method::POST, path, Some(body), json!({"order": order()}))
}

fn shipped_line() -> Value {
    json!({
        "lineNumber": "1",
        "sellerOrderId": "1796277083022",
        "orderLineStatuses": {"orderLineStatus": [{
            "status": "Shipped",
            "statusQuantity": {"unitOfMeasurement": "EACH", "amount": "1"},
            "trackingInfo": {
                "shipDateTime": 1_767_225_600_000_u64,
                "carrierName": {"carrier": "UPS"},
                "methodCode": "Standard",
                "trackingNumber": "1Z999AA10123456784",
            },
        }]},
    })
}

#[test]
fn shipping() {
    good(shipment(shipped_line()));
    let with = |change: fn(&mut Value)| {
        let mut line = shipped_line();
        change(&mut line["orderLineStatuses"]["orderLineStatus"][0]);
        shipment(line)
    };
    let status = "/orderShipment/orderLines/orderLine/0/orderLineStatuses/orderLineStatus/0";
    let at = |rest: &str| format!("{status}{rest}");
    let body = Place::RequestBody;
    let carrier = at("/trackingInfo/carrierName/carrier");
    bad(
        with(|s| s["trackingInfo"]["carrierName"]["carrier"] = json!("ups")),
        body,
        &carrier,
    );
    let date = at("/trackingInfo/shipDateTime");
    bad(
        with(|s| s["trackingInfo"]["shipDateTime"] = json!("2026-01-01")),
        body,
        &date,
    );
    let amount = at("/statusQuantity/amount");
    bad(
        with(|s| s["statusQuantity"]["amount"] = json!(1)),
        body,
        &amount,
    );
    bad(
        with(|s| {
            s.as_object_mut().unwrap().remove("trackingInfo");
        }),
        body,
        status,
    );
    let mut line = shipped_line();
    line.as_object_mut().unwrap().remove("sellerOrderId");
    bad(
        shipment(line),
        body,
        "/orderShipment/orderLines/orderLine/0",
    );
}

fn feed(path: &'static str, content: &Value) -> Talk {
    let answer = json!({"feedId": "F129C19240844B97A3C6AD8F1A2C4997@AU8BAQA"});
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"feed.json\"\r\n\
         Content-Type: application/json\r\n\r\n{content}\r\n--b--\r\n"
    );
    let talk = Talk::new(Method::POST, path, None, answer);
    Talk {
        body: Some(form),
        ..talk.header("content-type", "multipart/form-data; boundary=b")
    }
}

#[test]
fn feeds_of_prices_and_stock() {
    let prices = |pricing: Value| {
        let price = json!({"sku": "A-1", "pricing": [pricing]});
        json!({"PriceHeader": {"version": "1.7"}, "Price": [price]})
    };
    let path = "/v3/feeds?feedType=price";
    good(feed(path, &prices(base_price())));
    let wrong =
        json!({"currentPriceType": "BASE", "currentPrice": {"currency": "USD", "amount": "1"}});
    let body = Place::RequestBody;
    bad(
        feed(path, &prices(wrong)),
        body,
        "/Price/0/pricing/0/currentPrice/amount",
    );
    bad(feed(path, &json!({"PriceFeed": {}})), body, "");
    let stock = |key: &str| {
        let row = json!({"sku": "A-1", "quantity": {"unit": "EACH", "amount": 5}});
        json!({"InventoryHeader": {"version": "1.4"}, key: [row]})
    };
    let path = "/v3/feeds?feedType=inventory";
    good(feed(path, &stock("Inventory")));
    bad(feed(path, &stock("inventory")), body, "");
    let content = stock("Inventory");
    let direct = Talk::new(Method::POST, path, Some(content), json!({"feedId": "F@1"}));
    good(direct);
    let unnamed = feed(path, &stock("Inventory"));
    let renamed = unnamed
        .body
        .clone()
        .map(|body| body.replace("name=\"file\"", "name=\"feed\""));
    bad(
        Talk {
            body: renamed,
            ..unnamed
        },
        body,
        "/file",
    );
    bad(
        feed("/v3/feeds?feedType=prices", &json!({})),
        Place::Query,
        "feedType",
    );
}

#[test]
fn feeds_of_offers_on_known_products() {
    let path = "/v3/feeds?feedType=MP_ITEM_MATCH";
    let offer = |price: f64| {
        json!({
            "MPItemFeedHeader": {"processMode": "REPLACE", "subset": "EXTERNAL", "locale": "en",
                "sellingChannel": "mpsetupbymatch", "version": "4.2"},
            "MPItem": [{"Item": {"sku": "A-1", "price": price, "ShippingWeight": 1.5,
                "productIdentifiers": {"productIdType": "UPC", "productId": "012345678905"},
                "condition": "New"}}],
        })
    };
    // Binary floats make 19.99 no multiple of 0.01; decimals do.
    for price in [19.99, 0.07, 4.35, 1_234.1] {
        good(feed(path, &offer(price)));
    }
    let body = Place::RequestBody;
    bad(feed(path, &offer(19.999)), body, "/MPItem/0/Item/price");
    let mut wrong = offer(19.99);
    wrong["MPItem"][0]["Item"]["productIdentifiers"]["productIdType"] = json!("ASIN");
    let at = "/MPItem/0/Item/productIdentifiers/productIdType";
    bad(feed(path, &wrong), body, at);
    let mut wrong = offer(19.99);
    wrong["MPItem"][0]["Item"]["shippingWeight"] = json!(1.5);
    bad(feed(path, &wrong), body, "/MPItem/0/Item");
}

#[test]
fn a_feed_without_a_published_schema_is_counted_as_such() {
    let Some(mut contract) = walmart() else {
        return;
    };
    let content = json!({"MPItemFeedHeader": {}, "MPItem": []});
    let found = feed("/v3/feeds?feedType=MP_ITEM", &content).check(&mut contract);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(
        contract.report(),
        "Walmart: 0 requests and 1 answer held to the official contract, 2 operations seen\n  \
         POST /v3/feeds: 1 answer\n  \
         POST /v3/feeds with feedType=MP_ITEM: 1 body that no schema describes\n"
    );
}

#[test]
fn the_state_of_feeds() {
    let one = json!({"feedId": "F@1", "feedStatus": "PROCESSED", "itemsReceived": 1,
        "itemsSucceeded": 1, "itemsFailed": 0, "itemsProcessing": 0});
    let path = "/v3/feeds/F%401?includeDetails=true&offset=0&limit=50";
    good(Talk::new(Method::GET, path, None, one.clone()));
    let mut wrong = one;
    wrong["itemsFailed"] = json!("none");
    bad(
        Talk::new(Method::GET, path, None, wrong),
        Place::ResponseBody,
        "/itemsFailed",
    );
    let list = json!({"totalResults": 0, "offset": 0, "limit": 50, "results": {"feed": []}});
    good(Talk::new(
        Method::GET,
        "/v3/feeds?feedType=price&limit=50",
        None,
        list,
    ));
}

#[test]
fn tokens() {
    let answer = json!({"access_token": "a", "token_type": "Bearer", "expires_in": 900});
    let ask = |form: &str, answer| {
        let talk = Talk::new(Method::POST, "/v3/token", None, answer);
        let talk = talk.header("content-type", "application/x-www-form-urlencoded");
        let talk = talk
            .header("authorization", "Basic aWQ6c2VjcmV0")
            .without("wm_sec.access_token");
        Talk {
            body: Some(form.to_owned()),
            ..talk
        }
    };
    good(ask("grant_type=client_credentials", answer.clone()));
    bad(
        ask("grant_type=password", answer.clone()),
        Place::RequestBody,
        "/grant_type",
    );
    bad(
        ask("grant_type=client_credentials", answer.clone()).without("authorization"),
        Place::RequestHeader,
        "Authorization",
    );
    bad(
        ask(
            "grant_type=client_credentials",
            json!({"access_token": "a", "token_type": "Bearer"}),
        ),
        Place::ResponseBody,
        "",
    );
}
