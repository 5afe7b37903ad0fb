//! The validator itself, on exchanges with eBay made by hand: it lets good ones pass and names
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
    fn new(
        method: Method,
        path: &'static str,
        body: Option<Value>,
        status: u16,
        answer: Value,
    ) -> Talk {
        let mut headers = vec![("authorization", "Bearer t")];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let answer = if answer.is_null() {
            String::new()
        } else {
            answer.to_string()
        };
        Talk {
            method,
            path,
            headers,
            body: body.map(|body| body.to_string()),
            status,
            answer,
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
            "application/json".parse().expect("a header value"),
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
fn ebay() -> Option<Contract> {
    match Specs::open() {
        Ok(specs) => Some(specs.ebay()),
        Err(missing) => {
            eprintln!("{missing}");
            None
        }
    }
}

fn good(talk: Talk) {
    let Some(mut contract) = ebay() else { return };
    let found = talk.check(&mut contract);
    assert!(found.is_empty(), "{found:#?}");
}

/// Checks that exactly one fault is found, and where.
fn bad(talk: Talk, place: Place, at: &str) {
    let Some(mut contract) = ebay() else { return };
    let found = talk.check(&mut contract);
    let places: Vec<(Place, &str)> = found.iter().map(|v| (v.place, v.at.as_str())).collect();
    assert_eq!(places, [(place, at)], "{found:#?}");
}

fn quantities(status: u16, requests: Value, answer: Value) -> Talk {
    let path = "/sell/inventory/v1/bulk_update_price_quantity";
    let body = json!({ "requests": requests });
    Talk::new(Method::POST, path, Some(body), status, answer)
}

fn quantity() -> Value {
    json!({
        "sku": "A-1",
        "shipToLocationAvailability": {"quantity": 5},
        "offers": [{"offerId": "9", "availableQuantity": 5,
            "price": {"value": "19.99", "currency": "USD"}}],
    })
}

#[test]
fn price_and_quantity_in_bulk() {
    let answer = json!({"responses": [{"offerId": "9", "sku": "A-1", "statusCode": 200}]});
    good(quantities(200, json!([quantity()]), answer.clone()));
    good(quantities(207, json!([quantity()]), answer.clone()));
    let with = |change: fn(&mut Value)| {
        let mut request = quantity();
        change(&mut request);
        quantities(200, json!([request]), answer.clone())
    };
    let body = Place::RequestBody;
    bad(
        with(|r| r["offers"][0]["price"]["value"] = json!(19.99)),
        body,
        "/requests/0/offers/0/price/value",
    );
    bad(
        with(|r| r["offers"][0]["availableQuantity"] = json!("5")),
        body,
        "/requests/0/offers/0/availableQuantity",
    );
    bad(
        with(|r| r["offers"][0]["avalableQuantity"] = json!(5)),
        body,
        "/requests/0/offers/0",
    );
    bad(with(|r| r["SKU"] = json!("A-1")), body, "/requests/0");
    let answer = json!({"responses": [{"statusCode": "200"}]});
    let at = "/responses/0/statusCode";
    bad(
        quantities(200, json!([quantity()]), answer.clone()),
        Place::ResponseBody,
        at,
    );
    // The answer 207 is described by the schema of 200.
    bad(
        quantities(207, json!([quantity()]), answer),
        Place::ResponseBody,
        at,
    );
}

#[test]
fn what_is_asked_of_the_request_besides_its_body() {
    let talk = || quantities(200, json!([quantity()]), json!({"responses": []}));
    bad(
        talk().without("authorization"),
        Place::RequestHeader,
        "Authorization",
    );
    bad(
        talk().header("authorization", "t"),
        Place::RequestHeader,
        "Authorization",
    );
    bad(
        Talk {
            status: 202,
            ..talk()
        },
        Place::Status,
        "",
    );
    bad(
        Talk {
            body: None,
            ..talk()
        },
        Place::RequestBody,
        "",
    );
    bad(
        Talk {
            body: Some("{".to_owned()),
            ..talk()
        },
        Place::RequestBody,
        "",
    );
    bad(
        talk().header("content-type", "text/plain"),
        Place::RequestBody,
        "",
    );
    let lost = "/sell/inventory/v1/bulk_update_price";
    bad(
        Talk {
            path: lost,
            ..talk()
        },
        Place::Path,
        lost,
    );
    let asked = "/sell/inventory/v1/bulk_update_price_quantity?dry=1";
    bad(
        Talk {
            path: asked,
            ..talk()
        },
        Place::Query,
        "dry",
    );
}

fn items(product: Value) -> Talk {
    let body = json!({"requests": [{
        "sku": "A-1",
        "locale": "en_US",
        "condition": "NEW",
        "availability": {"shipToLocationAvailability": {"quantity": 5}},
        "product": product,
    }]});
    let answer = json!({"responses": [{"sku": "A-1", "locale": "en_US", "statusCode": 200}]});
    let path = "/sell/inventory/v1/bulk_create_or_replace_inventory_item";
    Talk::new(Method::POST, path, Some(body), 200, answer).header("content-language", "en-US")
}

#[test]
fn items_in_bulk() {
    let product = json!({
        "title": "Lamp", "description": "A lamp", "brand": "B", "mpn": "M", "upc": ["012345678905"],
        "imageUrls": ["https://images.example/a.jpg"],
        "aspects": {"Colour": ["Red", "Blue"], "Größe": ["1"]},
    });
    good(items(product.clone()));
    bad(
        items(product).without("content-language"),
        Place::RequestHeader,
        "Content-Language",
    );
    let body = Place::RequestBody;
    // The published schema types aspects as a text; they are a map of lists.
    bad(
        items(json!({"aspects": "Red"})),
        body,
        "/requests/0/product/aspects",
    );
    bad(
        items(json!({"aspects": {"Colour": "Red"}})),
        body,
        "/requests/0/product/aspects/Colour",
    );
    bad(
        items(json!({"upc": "012345678905"})),
        body,
        "/requests/0/product/upc",
    );
    bad(
        items(json!({"tittle": "Lamp"})),
        body,
        "/requests/0/product",
    );
}

#[test]
fn publish() {
    let path = "/sell/inventory/v1/offer/9/publish";
    let talk = |body| Talk::new(Method::POST, path, body, 200, json!({"listingId": "110"}));
    good(talk(None));
    // The edge wants a body, the contract none.
    good(talk(Some(json!({}))));
    bad(talk(Some(json!({"offerId": "9"}))), Place::RequestBody, "");
    bad(
        Talk {
            answer: json!({"listingId": 110}).to_string(),
            ..talk(None)
        },
        Place::ResponseBody,
        "/listingId",
    );
    bad(
        Talk {
            answer: String::from("<html>"),
            ..talk(None)
        },
        Place::ResponseBody,
        "",
    );
    let refused = json!({"errors": [{"errorId": 25002, "message": "no", "category": "REQUEST"}]});
    good(Talk {
        status: 400,
        answer: refused.to_string(),
        ..talk(None)
    });
    bad(
        Talk {
            status: 400,
            answer: String::from("{}"),
            ..talk(None)
        },
        Place::ResponseBody,
        "",
    );
}

#[test]
fn orders() {
    let path = "/sell/fulfillment/v1/order?limit=200&offset=0\
                &filter=lastmodifieddate:%5B2026-11-01T00:00:00.000Z..%5D";
    let order = json!({
        "orderId": "13-14786-65872",
        "legacyOrderId": "known to the sample, not to the schema",
        "orderFulfillmentStatus": "NOT_STARTED",
        "pricingSummary": {"total": {"value": "34.9", "currency": "USD"}},
        "lineItems": [{"lineItemId": "1", "sku": "A-1", "quantity": 2,
            "lineItemCost": {"value": "34.9", "currency": "USD"}}],
    });
    let talk = |order: Value| {
        let answer = json!({"href": "h", "limit": 200, "offset": 0, "total": 1, "orders": [order]});
        Talk::new(Method::GET, path, None, 200, answer)
    };
    good(talk(order.clone()));
    let mut wrong = order.clone();
    wrong["lineItems"][0]["quantity"] = json!("2");
    bad(
        talk(wrong),
        Place::ResponseBody,
        "/orders/0/lineItems/0/quantity",
    );
    let mut wrong = order.clone();
    wrong["pricingSummary"]["total"]["value"] = json!(34.9);
    bad(
        talk(wrong),
        Place::ResponseBody,
        "/orders/0/pricingSummary/total/value",
    );
    bad(
        Talk {
            answer: String::new(),
            ..talk(order.clone())
        },
        Place::ResponseBody,
        "",
    );
    let page = "/sell/fulfillment/v1/order?page=2";
    bad(
        Talk {
            path: page,
            ..talk(order)
        },
        Place::Query,
        "page",
    );
}

fn token(form: &str, answer: Value) -> Talk {
    let talk = Talk::new(Method::POST, "/identity/v1/oauth2/token", None, 200, answer);
    let talk = talk.header("authorization", "Basic aWQ6c2VjcmV0");
    let talk = talk.header("content-type", "application/x-www-form-urlencoded");
    Talk {
        body: Some(form.to_owned()),
        ..talk
    }
}

#[test]
fn tokens() {
    let answer =
        json!({"access_token": "a", "expires_in": 7200, "token_type": "User Access Token"});
    let form = "grant_type=refresh_token&refresh_token=v%5E1";
    good(token(form, answer.clone()));
    bad(
        token("grant_type=password", answer.clone()),
        Place::RequestBody,
        "/grant_type",
    );
    bad(
        token("grant_type=refresh_token&refreshtoken=v", answer.clone()),
        Place::RequestBody,
        "",
    );
    bad(
        token(form, answer).without("authorization"),
        Place::RequestHeader,
        "Authorization",
    );
    bad(
        token(form, json!({"access_token": "a", "token_type": "t"})),
        Place::ResponseBody,
        "",
    );
    let refused = json!({"error": "invalid_grant", "error_description": "dead"});
    good(Talk {
        status: 400,
        ..token(form, refused)
    });
}

#[test]
fn the_report_names_each_operation_and_what_no_schema_describes() {
    let Some(mut contract) = ebay() else { return };
    let talk = quantities(200, json!([quantity()]), json!({"responses": []}));
    talk.check(&mut contract);
    talk.check(&mut contract);
    let cancel = "/post-order/v2/cancellation/1/approve";
    let found = Talk::new(Method::POST, cancel, None, 200, Value::Null).check(&mut contract);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(contract.held(), (2, 2));
    assert_eq!(
        contract.report(),
        "eBay: 2 requests and 2 answers held to the official contract, 2 operations seen\n  \
         POST /post-order/v2/cancellation/{cancelId}/approve: 1 body that no schema describes\n  \
         POST /sell/inventory/v1/bulk_update_price_quantity: 2 requests, 2 answers\n"
    );
}

#[test]
fn a_violation_does_not_repeat_what_was_sent() {
    let Some(mut contract) = ebay() else { return };
    let product = json!({"title": {"secret": "buyer@example.com"}});
    let found = items(product).check(&mut contract);
    assert!(!found.is_empty());
    assert!(
        !format!("{found:?}").contains("buyer@example.com"),
        "{found:?}"
    );
}

#[test]
fn each_error_that_the_contract_lists_has_a_row_in_the_adapters_table() {
    let specs = match Specs::open() {
        Ok(specs) => specs,
        Err(missing) => return eprintln!("{missing}"),
    };
    let calls = barrow_ebay::limits::SPECS.iter();
    let used: Vec<&str> = calls.map(|spec| spec.operation).collect();
    let listed = specs.ebay_errors(&used).expect("the contract can be read");
    assert!(listed.len() > 100, "{} are listed", listed.len());
    let known: Vec<(i64, i64)> = barrow_ebay::error::rows().collect();
    // 25002 is told by its parameters, beside the table.
    let missing: Vec<_> = listed
        .iter()
        .filter(|(number, _)| **number != 25002)
        .filter(|(number, _)| {
            !known
                .iter()
                .any(|(first, last)| (first..=last).contains(number))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
