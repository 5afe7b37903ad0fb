//! Keys, platforms, methods, limits and faults: what every call goes through.

use barrow_practice::newegg::Platform;
use barrow_practice::{Fault, Marketplace, Reply};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{Seller, offers, settings, word};

const ACCOUNT: &str = "sellermgmt/seller/accountstatus";

#[test]
fn only_the_keys_and_the_seller_of_the_connection_are_accepted() {
    let check = |header: &str, value: &str, status: StatusCode, code: &str| {
        let mut forms = std::collections::BTreeSet::new();
        let mut seller = Seller::new();
        for _ in 0..40 {
            let mut request = seller.request(Method::GET, ACCOUNT, None);
            if value.is_empty() {
                request.headers_mut().remove(header);
            } else {
                request.headers_mut().insert(
                    http::HeaderName::from_bytes(header.as_bytes()).unwrap(),
                    value.parse().unwrap(),
                );
            }
            let seen = seller.send(request);
            assert_eq!(seen.status, status, "{header}");
            if seen.text == "Gateway: Seller Auth failed." {
                assert_eq!(seen.headers["content-type"], "text/plain");
                forms.insert("plain");
            } else {
                assert_eq!(seen.code(), code, "{}", seen.text);
                forms.insert("coded");
            }
        }
        assert_eq!(forms.into_iter().collect::<Vec<_>>(), ["coded", "plain"]);
    };
    check(
        "authorization",
        "other",
        StatusCode::UNAUTHORIZED,
        "InvalidConsumerKey",
    );
    check(
        "authorization",
        "",
        StatusCode::UNAUTHORIZED,
        "InvalidConsumerKey",
    );
    check(
        "secretkey",
        "other",
        StatusCode::UNAUTHORIZED,
        "InvalidToken",
    );
    check("secretkey", "", StatusCode::UNAUTHORIZED, "InvalidToken");

    let mut seller = Seller::new();
    for uri in ["?sellerid=OTHER", ""] {
        let mut request = seller.request(Method::GET, ACCOUNT, None);
        *request.uri_mut() = format!("/marketplace/{ACCOUNT}{uri}").parse().unwrap();
        let seen = seller.send(request);
        assert_eq!(
            (seen.status, seen.code().as_str()),
            (StatusCode::FORBIDDEN, "AccessDenied")
        );
    }
    assert_eq!(seller.get(ACCOUNT).body["ResponseBody"]["Status"], "Active");
}

#[test]
fn an_account_lives_on_one_platform() {
    for (own, base) in [
        (Platform::Us, "/marketplace"),
        (Platform::B2b, "/marketplace/b2b"),
        (Platform::Can, "/marketplace/can"),
    ] {
        for other in ["/marketplace", "/marketplace/b2b", "/marketplace/can"] {
            let mut seller = Seller::on(own);
            let mut request = seller.request(Method::GET, ACCOUNT, None);
            let uri = format!("{other}/{ACCOUNT}?sellerid={}", seller.seller_id);
            *request.uri_mut() = uri.parse().unwrap();
            let seen = seller.send(request);
            if other == base {
                assert_eq!(seen.status, StatusCode::OK, "{base}");
            } else {
                assert_eq!(seen.status, StatusCode::UNAUTHORIZED, "{base} {other}");
                assert_eq!(seen.text, "Gateway: Seller Auth failed.");
            }
        }
    }
    let keys = |platform| Seller::on(platform).market.connection().secrets;
    assert_ne!(keys(Platform::Us), keys(Platform::Can));
    let platform = |platform| Seller::on(platform).market.connection().settings["platform"].clone();
    assert_eq!(platform(Platform::B2b), "B2B");
}

#[test]
fn a_charset_behind_the_content_type_is_refused() {
    let check = |content_type: &str, status: StatusCode| {
        let mut seller = Seller::new();
        let body = crate::feed_status_request("2AAAAAAAAAAAA");
        let path = "datafeedmgmt/feeds/status";
        let mut request = seller.request(Method::PUT, path, Some(&body));
        request
            .headers_mut()
            .insert("content-type", content_type.parse().unwrap());
        let seen = seller.send(request);
        assert_eq!(seen.status, status, "{content_type}: {}", seen.text);
        let passed = seen.code() == "DF006";
        assert_eq!(passed, content_type == "application/json", "{content_type}");
    };
    check("application/json", StatusCode::BAD_REQUEST);
    check("application/json; charset=utf-8", StatusCode::BAD_REQUEST);
    check("text/json", StatusCode::BAD_REQUEST);
}

#[test]
fn the_outer_name_of_xml_is_not_used_in_json() {
    let mut seller = Seller::new();
    let framed = json!({ "NeweggAPIRequest": crate::feed_status_request("2AAAAAAAAAAAA") });
    let seen = seller.put("datafeedmgmt/feeds/status", framed);
    assert_eq!(seen.code(), "CE001");
    let mut wrong = crate::feed_status_request("2AAAAAAAAAAAA");
    wrong["OperationType"] = json!("FeedStatus");
    assert_eq!(
        seller.put("datafeedmgmt/feeds/status", wrong).code(),
        "CE001"
    );
}

#[test]
fn each_platform_has_item_addresses_and_verbs_of_its_own() {
    let check = |platform: Platform, method: Method, path: &str, expected: u16| {
        let mut seller = Seller::on(platform);
        let body = json!({ "Type": "1", "Value": "A", "Values": ["A"] });
        let request = seller.request(
            method.clone(),
            &format!("contentmgmt/item/{path}"),
            Some(&body),
        );
        let status = seller.send(request).status.as_u16();
        assert_eq!(status, expected, "{platform:?} {method} {path}");
    };
    // 400 is an answer of the operation itself: the item is not there.
    for path in ["inventory", "price"] {
        let us = format!("international/{path}");
        check(Platform::Us, Method::PUT, &us, 400);
        check(Platform::Us, Method::POST, &us, 400);
        check(Platform::Us, Method::GET, &us, 405);
        check(Platform::Us, Method::POST, path, 404);
        for other in [Platform::B2b, Platform::Can] {
            check(other, Method::POST, path, 400);
            check(other, Method::PUT, path, 405);
            check(other, Method::PUT, &us, 404);
        }
    }
    check(
        Platform::Us,
        Method::POST,
        "international/inventorylist",
        200,
    );
    check(Platform::Us, Method::PUT, "international/pricelist", 405);
    check(Platform::Us, Method::PUT, "inventoryandprice", 404);
    check(Platform::Can, Method::PUT, "inventoryandprice", 400);
    check(Platform::Can, Method::POST, "inventoryandprice", 405);
    check(Platform::B2b, Method::POST, "pricelist", 200);
}

#[test]
fn services_tell_their_health() {
    let mut seller = Seller::new();
    for area in [
        "contentmgmt",
        "ordermgmt",
        "datafeedmgmt",
        "reportmgmt",
        "sellermgmt",
    ] {
        let seen = seller.get(&format!("{area}/servicestatus"));
        assert_eq!(word(&seen.inner()["Status"]), "1", "{area}");
    }
    assert_eq!(seller.held().calls["serviceStatus"], 5);
    assert_eq!(
        seller.get("nomgmt/servicestatus").status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn warehouses_are_told_from_version_307_on() {
    let mut seller = Seller::new();
    let without = seller.get(ACCOUNT);
    assert!(without.inner().get("FufillmentCenterList").is_none());
    let with = seller.get(&format!("{ACCOUNT}?version=307"));
    assert_eq!(
        with.inner()["FufillmentCenterList"][0]["WarehouseLocation"],
        "USA"
    );
}

#[test]
fn a_registered_manufacturer_is_found_by_its_name() {
    let mut seller = Seller::new();
    let mut look_up = |name: &str, path: &str| {
        let body = json!({
            "OperationType": "GetManufacturerRequest",
            "RequestBody": { "RequestCriteria": { "ManufacturerName": name } },
        });
        let seen = seller.put(&format!("contentmgmt/manufacturer/{path}"), body);
        let found = crate::rows(seen.inner(), "ManufacturerList", "Manufacturer");
        let names: Vec<String> = found.iter().map(|row| word(&row["Name"])).collect();
        assert_eq!(
            word(&seen.inner()["PageInfo"]["TotalCount"]),
            names.len().to_string()
        );
        names
    };
    assert_eq!(look_up("Kestrel", "manufacturerinfo"), ["Kestrel"]);
    assert_eq!(
        look_up("House Brand", "manufacturerinfo/v2"),
        ["House Brand"]
    );
    let unknown = (0..200).map(|number| format!("Maker {number}"));
    let unknown = unknown
        .filter(|name| look_up(name, "manufacturerinfo").is_empty())
        .count();
    assert!((1..20).contains(&unknown), "{unknown}");
}

fn order_request(number: &str) -> Value {
    json!({
        "OperationType": "GetOrderInfoRequest",
        "RequestBody": { "RequestCriteria": { "OrderNumberList": { "OrderNumber": [number] } } },
    })
}

#[test]
fn each_function_has_its_hourly_limit_and_tells_what_is_left_of_it() {
    let check = |calls: u32, mut ask: Box<dyn FnMut(&mut Seller) -> crate::Seen>| {
        let mut seller = Seller::new();
        for left in (0..calls).rev() {
            let seen = ask(&mut seller);
            assert_ne!(seen.status, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(
                seen.headers["x-ratelimit-limit"],
                calls.to_string().as_str()
            );
            assert_eq!(
                seen.headers["x-ratelimit-remaining"],
                left.to_string().as_str()
            );
            assert_eq!(
                seen.headers["x-ratelimit-resettime"],
                "11/22/2026 1:00:00 AM"
            );
        }
        assert_eq!(seller.held().limit_violations, 0);
        let seen = ask(&mut seller);
        assert_eq!(seen.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(
            seen.body,
            json!([{ "Code": "429", "Message": "Too many request." }])
        );
        assert_eq!(seller.held().limit_violations, 1);
        seller.wait(3_599);
        assert_eq!(ask(&mut seller).status, StatusCode::TOO_MANY_REQUESTS);
        seller.wait(1);
        assert_ne!(ask(&mut seller).status, StatusCode::TOO_MANY_REQUESTS);
    };
    check(
        500,
        Box::new(|seller| seller.get("ordermgmt/orderstatus/orders/123456789")),
    );
    check(
        1_000,
        Box::new(|seller| seller.put("ordermgmt/order/orderinfo", order_request("123456789"))),
    );
    check(
        100,
        Box::new(|seller| seller.post("reportmgmt/report/submitrequest", json!({}))),
    );
    check(
        1_000,
        Box::new(|seller| seller.put("ordermgmt/killitem/orders/123456789", json!({}))),
    );
}

#[test]
fn ten_feeds_a_minute_are_taken() {
    let mut seller = Seller::new();
    for _ in 0..10 {
        seller.feed("ITEM_DATA", offers(vec![]));
    }
    let path = "datafeedmgmt/feeds/submitfeed?requesttype=ITEM_DATA";
    let seen = seller.post(path, offers(vec![]));
    assert_eq!(seen.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        seen.headers["x-ratelimit-resettime"],
        "11/22/2026 12:01:00 AM"
    );
    seller.wait(60);
    seller.feed("ITEM_DATA", offers(vec![]));
}

#[test]
fn a_faster_rehearsal_tells_when_to_come_back_in_the_callers_time() {
    let reset = |speed: u32| {
        let mut seller = Seller::new();
        seller.market.set_speed(speed);
        let seen = seller.get("ordermgmt/orderstatus/orders/123456789");
        seen.headers["x-ratelimit-resettime"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(reset(1), "11/22/2026 1:00:00 AM");
    assert_eq!(reset(60), "11/22/2026 12:01:00 AM");
}

#[test]
fn faults_meet_calls_as_they_are_named() {
    let mut seller = Seller::new();
    let mut check = |name: &str, status: u16| {
        seller.fault(name, 1);
        let seen = seller.get(ACCOUNT);
        assert_eq!(seen.status.as_u16(), status, "{name}");
        assert_eq!(seller.get(ACCOUNT).status, StatusCode::OK, "{name}");
        seen
    };
    check("500", 500);
    check("503", 503);
    check("429", 429);
    assert_eq!(check("html", 502).headers["content-type"], "text/html");
    assert!(["InvalidToken", ""].contains(&check("token_expired", 401).code().as_str()));
    assert_eq!(check("bad_key", 401).text, "Gateway: Seller Auth failed.");
    assert!(check("wrong_json", 200).body.get("ResponseBody").is_none());
    seller.fault("timeout", 1);
    let request = seller.request(Method::GET, ACCOUNT, None);
    assert!(matches!(seller.reply(request), Reply::NoAnswer));
    seller.fault("cut_body", 1);
    let request = seller.request(Method::GET, ACCOUNT, None);
    let Reply::CutBody { response, sent } = seller.reply(request) else {
        panic!("the body was not cut");
    };
    assert!(sent < response.body().len());
    let unknown = Fault {
        name: "flood".to_owned(),
        times: 1,
    };
    assert!(seller.market.set_fault(unknown).is_err());
    assert_eq!(seller.held().limit_violations, 0);
}

#[test]
fn a_timeout_changes_nothing_and_a_lost_answer_everything() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 1)]);
    let body = json!({ "Type": "1", "Value": "A", "InventoryList": { "Inventory": [
        { "WarehouseLocation": "USA", "AvailableQuantity": "9" },
    ] } });
    let path = "contentmgmt/item/international/inventory";
    for (fault, units) in [("timeout", 1), ("lost_answer", 9)] {
        seller.fault(fault, 1);
        let request = seller.request(Method::POST, path, Some(&body));
        assert!(matches!(seller.reply(request), Reply::NoAnswer), "{fault}");
        assert_eq!(seller.listing("A").quantity, units, "{fault}");
    }
    // A read is never lost: the fault waits for a write, although reads are PUT here.
    seller.fault("lost_answer", 1);
    assert_eq!(
        seller
            .put(path, json!({ "Type": "1", "Value": "A" }))
            .status,
        StatusCode::OK
    );
}

#[test]
fn the_same_seed_has_the_same_keys() {
    let keys = |seed| {
        Seller::with(Platform::Us, settings(seed, 0))
            .market
            .connection()
            .secrets
    };
    assert_eq!(keys(3), keys(3));
    assert_ne!(keys(3), keys(4));
}
