use http::Method;
use serde_json::json;

use super::{Desk, INVENTORY, ORDERS};
use crate::{Fault, Marketplace, Reply};

#[test]
fn common_faults_meet_a_call_and_then_stop() {
    let check = |name: &str, status: u16, error: u64| {
        let mut desk = Desk::quiet();
        desk.fault(name, 1);
        let seen = desk.get(ORDERS);
        assert_eq!((seen.status, seen.error()), (status, error), "{name}");
    };
    check("429", 429, 2001);
    check("500", 500, 2003);
    check("503", 503, 2002);
    check("html", 502, 0);
    check("token_expired", 401, 1001);
    let mut desk = Desk::quiet();
    desk.fault("500", 1);
    desk.get(ORDERS);
    assert_eq!(desk.get(ORDERS).status, 200);
}

#[test]
fn an_expired_token_stays_expired() {
    let mut desk = Desk::quiet();
    desk.fault("token_expired", 1);
    assert_eq!(desk.get(ORDERS).status, 401);
    assert_eq!(desk.get(ORDERS).status, 401);
    desk.token = desk.refresh();
    assert_eq!(desk.get(ORDERS).status, 200);
}

#[test]
fn a_token_that_expires_does_not_meet_the_token_endpoint() {
    let mut desk = Desk::quiet();
    desk.fault("token_expired", 1);
    desk.token = desk.refresh();
    assert_eq!(desk.get(ORDERS).error(), 1001);
}

#[test]
fn a_timeout_takes_no_effect_and_a_lost_answer_does() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 2, "9.99");
    let publish = format!("{INVENTORY}/offer/{offer}/publish");
    let state = |desk: &Desk| desk.held().listings[0].state.clone();
    desk.fault("timeout", 1);
    let request = desk.request(Method::POST, &publish, Some(json!({})));
    assert!(matches!(desk.reply(request), Reply::NoAnswer));
    assert_eq!(state(&desk), "pending");
    desk.fault("lost_answer", 1);
    assert_eq!(desk.get(ORDERS).status, 200);
    let request = desk.request(Method::POST, &publish, Some(json!({})));
    assert!(matches!(desk.reply(request), Reply::NoAnswer));
    assert_eq!(state(&desk), "live");
}

#[test]
fn bodies_break_off_or_come_in_another_shape() {
    let mut desk = Desk::quiet();
    desk.fault("cut_body", 1);
    let request = desk.request(Method::GET, ORDERS, None);
    match desk.reply(request) {
        Reply::CutBody { response, sent } => assert!(sent < response.body().len()),
        other => panic!("{other:?}"),
    }
    desk.fault("wrong_json", 1);
    assert!(desk.get(ORDERS).body.get("orders").is_none());
}

#[test]
fn a_dead_refresh_token_is_an_invalid_grant() {
    let mut desk = Desk::quiet();
    desk.fault("invalid_grant", 1);
    let token = super::super::call::percent_encode(&desk.secret("refresh_token"));
    let form = format!("grant_type=refresh_token&refresh_token={token}");
    let seen = desk.form(&form);
    assert_eq!(
        (seen.status, seen.body["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    assert_eq!(desk.form(&form).status, 200);
}

#[test]
fn inventory_faults_meet_the_calls_they_belong_to() {
    let mut desk = Desk::quiet();
    let offer = desk.offer("A-1", 2, "9.99");
    desk.fault("propagation", 1);
    assert_eq!(desk.get(&format!("{INVENTORY}/location")).status, 200);
    let seen = desk.publish(&offer);
    assert_eq!((seen.status, seen.error()), (400, 25604));
    desk.fault("propagation", 1);
    assert_eq!(
        desk.get(&format!("{INVENTORY}/offer/{offer}")).error(),
        25713
    );
    desk.fault("25001", 1);
    let seen = desk.publish(&offer);
    assert_eq!((seen.status, seen.error()), (500, 25001));
    desk.fault("25025", 1);
    assert_eq!(desk.publish(&offer).error(), 25025);
    desk.fault("25026", 1);
    assert_eq!(desk.publish(&offer).error(), 25026);
    assert_eq!(desk.publish(&offer).status, 200);
}

#[test]
fn in_a_bulk_call_a_delay_meets_one_entry() {
    let mut desk = Desk::quiet();
    let ids = [desk.offer("A-1", 2, "9.99"), desk.offer("A-2", 2, "9.99")];
    desk.fault("propagation", 1);
    let list = ids.map(|id| json!({ "offerId": id }));
    let path = format!("{INVENTORY}/bulk_publish_offer");
    let seen = desk.post(&path, json!({ "requests": list.clone() }));
    assert_eq!(seen.status, 207);
    assert_eq!(seen.body["responses"][0]["errors"][0]["errorId"], 25604);
    assert_eq!(seen.body["responses"][1]["statusCode"], 200);
    assert_eq!(desk.post(&path, json!({ "requests": list })).status, 200);
    desk.fault("propagation", 1);
    let ship = json!({ "quantity": 1 });
    let entry = json!({ "sku": "A-1", "shipToLocationAvailability": ship });
    let path = format!("{INVENTORY}/bulk_update_price_quantity");
    let seen = desk.post(&path, json!({ "requests": [entry] }));
    assert_eq!(seen.body["responses"][0]["errors"][0]["errorId"], 25604);
    assert_eq!(desk.held().listings[0].quantity, 2);
}

#[test]
fn every_named_fault_can_be_switched_on_and_no_other() {
    let mut desk = Desk::quiet();
    for name in desk.ebay.faults() {
        desk.fault(name, 1);
        desk.fault(name, 0);
    }
    assert_eq!(desk.get(ORDERS).status, 200);
    let other = Fault {
        name: "earthquake".to_owned(),
        times: 1,
    };
    assert!(desk.ebay.set_fault(other).is_err());
}

#[test]
fn readings_may_stay_behind_what_was_written() {
    let mut desk = Desk::quiet();
    let known = desk.live("A-1", 5, "9.99");
    desk.fault("readings_late", 10);
    desk.item("A-2", 3);
    let new = format!("{INVENTORY}/inventory_item/A-2");
    assert_eq!(desk.get(&new).error(), 25710);
    let body = desk.offer_body("A-2", "4.50");
    assert_eq!(
        desk.post(&format!("{INVENTORY}/offer"), body.clone())
            .error(),
        25604
    );

    let entry = json!({
        "sku": "A-1",
        "shipToLocationAvailability": { "quantity": 2 },
        "offers": [{ "offerId": known, "price": { "value": "8.88", "currency": "USD" } }],
    });
    let bulk = format!("{INVENTORY}/bulk_update_price_quantity");
    assert_eq!(desk.post(&bulk, json!({ "requests": [entry] })).status, 200);
    let offer = format!("{INVENTORY}/offer/{known}");
    let price = |desk: &mut Desk| {
        let body = desk.get(&offer).body;
        body["pricingSummary"]["price"]["value"].clone()
    };
    assert_eq!(price(&mut desk), "9.99");
    assert_eq!(desk.held().listings[0].quantity, 2);

    desk.pass(10);
    assert_eq!(price(&mut desk), "8.88");
    assert_eq!(desk.get(&new).status, 200);
    let seen = desk.post(&format!("{INVENTORY}/offer"), body);
    let made = seen.body["offerId"].as_str().unwrap().to_owned();
    assert_eq!(
        desk.get(&format!("{INVENTORY}/offer?sku=A-2")).error(),
        25713
    );
    assert_eq!(desk.publish(&made).error(), 25604);
    desk.pass(10);
    assert_eq!(desk.publish(&made).status, 200);

    desk.fault("readings_late", 0);
    assert_eq!(
        desk.post(
            &bulk,
            json!({ "requests": [{
        "sku": "A-1",
        "offers": [{ "offerId": known, "price": { "value": "7.77", "currency": "USD" } }],
    }] })
        )
        .status,
        200
    );
    assert_eq!(price(&mut desk), "7.77");
}
