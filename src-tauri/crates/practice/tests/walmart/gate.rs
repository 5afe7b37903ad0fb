//! Tokens, headers, limits and faults: what every call goes through.

use barrow_practice::{Fault, Marketplace, Reply};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::json;

use crate::Seller;

#[test]
fn a_token_opens_for_900_seconds_and_not_one_more() {
    let mut seller = Seller::new();
    seller.renew_at = None;
    let detail = seller.get("/v3/token/detail");
    assert_eq!(detail.body["is_valid"], json!(true));
    assert_eq!(detail.body["scopes"]["orders"], json!("full_access"));
    assert!(seller.token.len() > 1_000);
    seller.wait(599);
    seller.wait(300);
    assert_eq!(seller.get("/v3/token/detail").status, StatusCode::OK);
    seller.wait(1);
    let expired = seller.get("/v3/token/detail");
    assert_eq!(
        (expired.status, expired.code()),
        (StatusCode::UNAUTHORIZED, "UNAUTHORIZED")
    );
    seller.sign_in();
    assert_eq!(seller.get("/v3/token/detail").status, StatusCode::OK);
}

#[test]
fn only_the_keys_of_the_connection_are_accepted() {
    let mut seller = Seller::new();
    let secrets = seller.market.connection().secrets;
    let (id, secret) = (
        secrets["client_id"].clone(),
        secrets["client_secret"].clone(),
    );
    assert_eq!(
        seller.ask_token("other", &secret).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        seller.ask_token(&id, "other").status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(seller.ask_token(&id, &secret).status, StatusCode::OK);
    seller.token = "made up".to_owned();
    assert_eq!(seller.get("/v3/items").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn each_required_header_is_asked_for() {
    let mut seller = Seller::new();
    for name in ["WM_SVC.NAME", "WM_QOS.CORRELATION_ID"] {
        let mut request = seller.signed(Method::GET, "/v3/items", None);
        request.headers_mut().remove(name);
        let seen = seller.send(request);
        assert_eq!(
            (seen.status, seen.code()),
            (StatusCode::BAD_REQUEST, "MISSING_REQUEST_HEADER"),
            "{name}"
        );
    }
    let mut request = seller.signed(Method::GET, "/v3/items", None);
    request.headers_mut().remove("WM_SEC.ACCESS_TOKEN");
    assert_eq!(seller.send(request).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn without_accept_the_answer_is_xml() {
    let mut seller = Seller::new();
    let mut request = seller.signed(Method::GET, "/v3/token/detail", None);
    request.headers_mut().remove("accept");
    let seen = seller.send(request);
    assert_eq!(seen.headers["content-type"], "application/xml");
    assert!(
        seen.text.contains("<is_valid>true</is_valid>"),
        "{}",
        seen.text
    );
    let mut request = seller.signed(Method::GET, "/v3/token/detail", None);
    request
        .headers_mut()
        .insert("accept", "text/csv".parse().unwrap());
    assert_eq!(seller.send(request).status, StatusCode::NOT_ACCEPTABLE);
}

#[test]
fn every_operation_has_the_limit_of_the_reference() {
    let check = |path: &str, calls: u32| {
        let mut seller = Seller::new();
        for left in (0..calls).rev() {
            let seen = seller.get(path);
            assert_ne!(seen.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
            assert_eq!(
                seen.headers["x-current-token-count"],
                left.to_string().as_str()
            );
        }
        assert_eq!(seller.held().limit_violations, 0);
        let seen = seller.get(path);
        assert_eq!(seen.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert!(
            seen.headers.contains_key("x-next-replenish-time")
                || seen.headers.contains_key("x-next-replenishment-time")
        );
        assert_eq!(seller.held().limit_violations, 1);
    };
    check("/v3/items", 300);
    check("/v3/items?limit=5&offset=0", 300);
    check("/v3/items?sku=A", 60);
    check("/v3/items/A", 900);
    check("/v3/items/A?productIdType=GTIN", 60);
    check("/v3/items/walmart/search?query=a", 200);
    check("/v3/items/taxonomy?feedType=MP_ITEM&version=5.0", 200);
    check("/v3/orders", 5_000);
    check("/v3/orders/released", 60);
    check("/v3/feeds", 5_000);
    check("/v3/inventory?sku=A", 200);
    check("/v3/inventories", 200);
    check("/v3/lagtime?sku=A", 20);
    check("/v3/settings/partnerprofile", 50);
    check("/v3/settings/shipping/shipnodes", 50);
}

#[test]
fn a_bucket_refills_evenly_and_is_shared_where_the_reference_says_so() {
    let mut seller = Seller::new();
    let price = json!({
        "sku": "A",
        "pricing": [{
            "currentPriceType": "BASE", "currentPrice": { "currency": "USD", "amount": 1 },
        }],
    });
    for _ in 0..100 {
        assert_eq!(
            seller.put("/v3/price", price.clone()).status,
            StatusCode::NOT_FOUND
        );
    }
    assert_eq!(
        seller.put("/v3/price", price.clone()).status,
        StatusCode::TOO_MANY_REQUESTS
    );
    seller.wait(36);
    assert_eq!(
        seller.put("/v3/price", price.clone()).status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        seller.put("/v3/price", price).status,
        StatusCode::TOO_MANY_REQUESTS
    );

    let legacy = json!({ "PriceHeader": { "version": "1.7" }, "Price": [{ "sku": "A" }] });
    for _ in 0..9 {
        seller.feed("price", legacy.clone());
    }
    let new = "/v3/feeds?feedType=PRICE_AND_PROMOTION";
    assert_eq!(seller.post(new, json!({})).status, StatusCode::OK);
    assert_eq!(
        seller.post(new, json!({})).status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        seller
            .post("/v3/feeds?feedType=inventory", json!({}))
            .status,
        StatusCode::OK
    );
}

#[test]
fn the_next_token_is_told_in_three_forms() {
    let mut seller = Seller::new();
    let mut forms = std::collections::BTreeSet::new();
    for path in [
        "/v3/items",
        "/v3/items/A",
        "/v3/orders",
        "/v3/orders/released",
        "/v3/feeds",
        "/v3/inventory?sku=A",
        "/v3/lagtime?sku=A",
        "/v3/settings/partnerprofile",
    ] {
        let headers = seller.get(path).headers;
        let value = headers.get("x-next-replenish-time");
        let value = value
            .or_else(|| headers.get("x-next-replenishment-time"))
            .unwrap();
        let value = value.to_str().unwrap();
        forms.insert(match value.parse::<u64>() {
            Ok(number) if number < 1_000_000 => "seconds",
            Ok(_) => "milliseconds",
            Err(_) => "text",
        });
    }
    assert_eq!(
        forms.into_iter().collect::<Vec<_>>(),
        ["milliseconds", "seconds", "text"]
    );
}

#[test]
fn faults_meet_calls_as_they_are_named() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 1)]);
    let check = |seller: &mut Seller, name: &str, status: u16, content_type: &str| {
        seller.fault(name, 1);
        let seen = seller.get("/v3/items");
        assert_eq!(seen.status.as_u16(), status, "{name}");
        assert_eq!(seen.headers["content-type"], content_type, "{name}");
        seller.sign_in();
        assert_eq!(seller.get("/v3/items").status, StatusCode::OK, "{name}");
    };
    check(&mut seller, "500", 500, "application/json");
    check(&mut seller, "503", 503, "application/json");
    check(&mut seller, "html", 502, "text/html");
    check(&mut seller, "token_expired", 401, "application/json");
    seller.fault("429", 1);
    assert_eq!(
        seller.get("/v3/items").status,
        StatusCode::TOO_MANY_REQUESTS
    );
    seller.wait(60);
    seller.fault("wrong_json", 1);
    assert_eq!(seller.get("/v3/items").body.get("ItemResponse"), None);
    seller.fault("timeout", 1);
    let request = seller.signed(Method::GET, "/v3/items", None);
    assert!(matches!(seller.reply(request), Reply::NoAnswer));
    seller.fault("cut_body", 1);
    let request = seller.signed(Method::GET, "/v3/items", None);
    let Reply::CutBody { response, sent } = seller.reply(request) else {
        panic!("the body was not cut");
    };
    assert!(sent < response.body().len());
    let unknown = Fault {
        name: "flood".to_owned(),
        times: 1,
    };
    assert!(seller.market.set_fault(unknown).is_err());
}

#[test]
fn a_timeout_changes_nothing_and_a_lost_answer_everything() {
    let mut seller = Seller::new();
    seller.publish(&[("A", 5.0, 1)]);
    let body = json!({ "sku": "A", "quantity": { "unit": "EACH", "amount": 9 } });
    for (fault, units) in [("timeout", 1), ("lost_answer", 9)] {
        seller.fault(fault, 1);
        let request = seller.signed(Method::PUT, "/v3/inventory?sku=A", Some(&body));
        assert!(matches!(seller.reply(request), Reply::NoAnswer), "{fault}");
        assert_eq!(seller.listing("A").quantity, units, "{fault}");
    }
}

#[test]
fn what_is_not_there_is_refused_in_walmarts_envelope() {
    let mut seller = Seller::new();
    let seen = seller.get("/v3/nowhere");
    assert_eq!(
        (seen.status, seen.code()),
        (StatusCode::NOT_FOUND, "URI_NOT_FOUND")
    );
    let mut request = seller.signed(Method::PUT, "/v3/price", None);
    *request.body_mut() = Bytes::from("{}");
    let seen = seller.send(request);
    assert_eq!(seen.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[test]
fn a_faster_rehearsal_tells_when_to_come_back_in_the_callers_time() {
    let wait = |speed: u32| {
        let mut seller = Seller::new();
        seller.market.set_speed(speed);
        for _ in 0..20 {
            seller.get("/v3/lagtime?sku=A");
        }
        let headers = seller.get("/v3/lagtime?sku=A").headers;
        let value = headers.get("x-next-replenish-time");
        let value = value
            .or_else(|| headers.get("x-next-replenishment-time"))
            .unwrap();
        let value = value.to_str().unwrap();
        let at = value
            .parse::<chrono::DateTime<chrono::Utc>>()
            .ok()
            .map(|at| at - seller.now.wall);
        let millis = value.parse::<i64>().ok();
        let until = millis.map(|at| at - seller.now.wall.timestamp_millis());
        let seconds = millis.filter(|seconds| *seconds < 1_000_000);
        seconds
            .or(at.map(|at| at.num_seconds()))
            .or(until.map(|ms| ms / 1_000))
            .unwrap()
    };
    assert_eq!((wait(1), wait(60)), (180, 3));
}
