use bytes::Bytes;
use http::{Method, Request};
use serde_json::json;

use super::{ACCOUNT, Desk, INVENTORY, ORDERS, TAXONOMY, item};
use crate::{Marketplace, Reply};

#[test]
fn inventory_calls_need_a_language_that_ebay_speaks() {
    for language in [
        None,
        Some("*"),
        Some("en"),
        Some("en-US,en;q=0.9"),
        Some("xx-XX"),
    ] {
        let mut desk = Desk::quiet();
        desk.headers.retain(|(name, _)| name != "accept-language");
        if let Some(language) = language {
            desk.headers
                .push(("accept-language".to_owned(), language.to_owned()));
        }
        let seen = desk.get(&format!("{INVENTORY}/location"));
        assert_eq!((seen.status, seen.error()), (400, 25709), "{language:?}");
        // Other APIs do not mind.
        assert_eq!(desk.get(&format!("{ACCOUNT}/privilege")).status, 200);
    }
}

#[test]
fn writes_of_records_need_their_language() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 1, "5.00");
    desk.headers.retain(|(name, _)| name != "content-language");
    let seen = desk.put(&format!("{INVENTORY}/inventory_item/A-2"), item(1));
    assert_eq!((seen.status, seen.error()), (400, 25709));
    let seen = desk.post(
        &format!("{INVENTORY}/bulk_create_offer"),
        json!({ "requests": [] }),
    );
    assert_eq!(seen.error(), 25709);
    assert_eq!(desk.publish(&offer).status, 200);
}

#[test]
fn publish_and_withdraw_need_a_body() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 1, "5.00");
    for action in ["publish", "withdraw"] {
        let request = desk.request(
            Method::POST,
            &format!("{INVENTORY}/offer/{offer}/{action}"),
            None,
        );
        let Reply::Answer(response) = desk.reply(request) else {
            panic!("no answer")
        };
        assert_eq!(response.status(), 411);
        assert_eq!(response.headers()["content-type"], "text/html");
    }
    assert_eq!(desk.publish(&offer).status, 200);
}

#[test]
fn a_body_must_be_json_and_say_so() {
    let mut desk = Desk::quiet();
    let request = |desk: &Desk, kind: &str, body: &'static str| {
        Request::builder()
            .method(Method::PUT)
            .uri(format!("{INVENTORY}/inventory_item/A-1"))
            .header("authorization", format!("Bearer {}", desk.token))
            .header("accept-language", "en-US")
            .header("content-language", "en-US")
            .header("content-type", kind)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap()
    };
    let form = request(&desk, "text/plain", "{}");
    assert_eq!(desk.send(form).status, 415);
    let broken = request(&desk, "application/json", "{\"a\":");
    assert_eq!(desk.send(broken).status, 400);
    let list = request(&desk, "application/json", "[]");
    assert_eq!(desk.send(list).status, 400);
}

#[test]
fn links_stay_on_the_address_that_was_called() {
    let mut desk = Desk::quiet();
    for number in 0..2 {
        desk.item(&format!("A-{number}"), 1);
    }
    let path = format!("{INVENTORY}/inventory_item?limit=1");
    let rest = "/sell/inventory/v1/inventory_item?limit=1&offset=1";
    let check = |desk: &mut Desk, uri: String, host: &str, expected: &str| {
        let mut request = desk.request(Method::GET, &uri, None);
        request.headers_mut().insert("host", host.parse().unwrap());
        assert_eq!(desk.send(request).body["next"], format!("{expected}{rest}"));
    };
    check(&mut desk, path.clone(), "ignored", "http://127.0.0.1:1");
    let absolute = format!("http://practice.example{path}");
    check(&mut desk, absolute, "ignored", "http://practice.example");
    let mut request = desk.request(Method::GET, &path, None);
    *request.uri_mut() = path.parse().unwrap();
    request
        .headers_mut()
        .insert("host", "127.0.0.1:8080".parse().unwrap());
    let next = format!("http://127.0.0.1:8080{rest}");
    assert_eq!(desk.send(request).body["next"], next);
}

#[test]
fn unknown_paths_and_tokens_are_refused() {
    let mut desk = Desk::quiet();
    assert_eq!(desk.get("/sell/inventory/v2/offer").status, 404);
    assert_eq!(desk.get("/").status, 404);
    desk.token = "v^1.1#other".to_owned();
    for path in [format!("{INVENTORY}/location"), ORDERS.to_owned()] {
        let seen = desk.get(&path);
        assert_eq!((seen.status, seen.error()), (401, 1001));
    }
}

#[test]
fn calls_are_counted_by_the_names_of_the_contract() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 1, "5.00");
    desk.get(ORDERS);
    desk.get(&format!("{INVENTORY}/offer"));
    let calls = desk.held().calls;
    for name in [
        "createOrReplaceInventoryItem",
        "createOffer",
        "publishOffer",
        "getOrders",
    ] {
        assert_eq!(calls[name], 1, "{name}");
    }
    assert_eq!(calls["getOffers"], 1);
}

#[test]
fn a_burst_over_the_limit_is_refused_and_counted_until_time_passes() {
    let mut desk = Desk::quiet();
    let path = format!("{TAXONOMY}/get_default_category_tree_id?marketplace_id=EBAY_US");
    for _ in 0..250 {
        assert_eq!(desk.get(&path).status, 200);
    }
    assert_eq!(desk.held().limit_violations, 0);
    let seen = desk.get(&path);
    assert_eq!((seen.status, seen.error()), (429, 2001));
    assert_eq!(desk.held().limit_violations, 1);
    desk.pass(5);
    assert_eq!(desk.get(&path).status, 200);
}

#[test]
fn a_days_calls_end_and_come_back_the_next_day() {
    let mut desk = Desk::quiet();
    let path = format!("{TAXONOMY}/get_default_category_tree_id?marketplace_id=EBAY_US");
    let mut granted = 0;
    for _ in 0..40 {
        for _ in 0..250 {
            granted += u32::from(desk.get(&path).status == 200);
        }
        desk.pass(5);
        desk.token = desk.refresh();
    }
    assert_eq!(granted, 5000);
    desk.pass(86_400);
    desk.token = desk.refresh();
    assert_eq!(desk.get(&path).status, 200);
}

#[test]
fn the_rate_calls_tell_what_is_left() {
    let mut desk = Desk::quiet();
    desk.get(&format!("{INVENTORY}/location"));
    let path = "/developer/analytics/v1_beta/rate_limit/?api_context=sell&api_name=inventory";
    let seen = desk.get(path);
    let limits = seen.body["rateLimits"].as_array().unwrap();
    assert_eq!(limits.len(), 1);
    let rate = &limits[0]["resources"][0]["rates"][0];
    assert_eq!(rate["limit"], 2_000_000);
    assert_eq!(rate["remaining"], 1_999_999);
    assert_eq!(rate["count"], 1);
    assert_eq!(rate["timeWindow"], 86_400);
    assert_eq!(rate["reset"], "2026-11-23T12:00:00.000Z");
    let none = "/developer/analytics/v1_beta/user_rate_limit/?api_context=buy";
    assert_eq!(desk.get(none).status, 204);
}

#[test]
fn the_same_seed_and_calls_give_the_same_answers() {
    let run = |seed: u64| {
        let mut desk = Desk::open(seed, 60);
        desk.live("A-1", 50, "12.50");
        desk.live("A-2", 50, "7.00");
        desk.pass(3600);
        desk.token = desk.refresh();
        desk.get(&format!("{ORDERS}?limit=200")).body
    };
    let first = run(3);
    assert!(first["total"].as_u64().unwrap() > 20);
    assert_eq!(first, run(3));
    assert_ne!(first, run(4));
}

#[test]
fn what_is_saved_is_restored_whole() {
    let mut desk = Desk::open(5, 30);
    desk.live("A-1", 40, "12.50");
    desk.fault("429@getOrder", 2);
    desk.pass(2000);
    let saved = desk.ebay.save();
    let mut other = Desk::open(99, 0);
    other.ebay.restore(saved.clone()).unwrap();
    assert_eq!(other.ebay.save(), saved);
    assert_eq!(other.held(), desk.held());
    other.now = desk.now;
    other.token = desk.token.clone();
    for both in [&mut desk, &mut other] {
        both.pass(1000);
    }
    let path = format!("{ORDERS}?limit=200");
    assert_eq!(desk.get(&path).body, other.get(&path).body);
    assert_eq!(desk.get("/commerce/identity/v1/user/").body, {
        other.get("/commerce/identity/v1/user/").body
    });
    assert_eq!(desk.ebay.save(), other.ebay.save());
}

#[test]
fn what_was_not_saved_by_it_is_not_restored() {
    let mut desk = Desk::quiet();
    let before = desk.held();
    assert!(desk.ebay.restore(json!({ "seed": 1 })).is_err());
    assert_eq!(desk.held(), before);
}
