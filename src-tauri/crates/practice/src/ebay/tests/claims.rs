use serde_json::Value;

use super::media::send_form;
use super::{Desk, ORDERS};

const DISPUTES: &str = "/sell/fulfillment/v1/payment_dispute_summary";
const FINANCES: &str = "/sell/finances/v1/transaction";

/// An answer of Post-Order's.
fn post_order(desk: &mut Desk, path: &str) -> Value {
    let seen = desk.get(&format!("/post-order/v2/{path}"));
    assert_eq!(seen.status, 200, "{}", seen.body);
    seen.body
}

/// An order that is shipped, with the fault switched on before.
fn shipped(desk: &mut Desk, fault: &str) -> String {
    desk.live("A-1", 5, "9.99");
    desk.order("A-1", 1);
    let seen = desk.get(ORDERS);
    let order = seen.body["orders"][0].clone();
    let id = order["orderId"].as_str().unwrap().to_owned();
    desk.fault(fault, 1);
    let line = serde_json::json!({ "lineItemId": order["lineItems"][0]["lineItemId"] });
    let body = serde_json::json!({ "lineItems": [line] });
    let seen = desk.post(&format!("{ORDERS}/{id}/shipping_fulfillment"), body);
    assert_eq!(seen.status, 201);
    id
}

#[test]
fn a_return_is_brought_up_minutes_after_shipping_and_decided_by_ebay_in_the_end() {
    let mut desk = Desk::quiet();
    let order = shipped(&mut desk, "buyer_returns");
    assert_eq!(post_order(&mut desk, "return/search")["total"], 0);
    desk.pass(301);
    let open = "return/search?return_state=ALL_OPEN&role=SELLER";
    let found = post_order(&mut desk, open);
    assert_eq!(found["total"], 1);
    let one = &found["members"][0];
    assert_eq!(one["orderId"], order.as_str());
    assert_eq!(
        one["sellerResponseDue"]["activityDue"],
        "SELLER_APPROVE_REQUEST"
    );
    assert_eq!(
        post_order(&mut desk, "return/search?role=BUYER")["total"],
        0
    );
    let id = one["returnId"].as_str().unwrap();
    let alone = post_order(&mut desk, &format!("return/{id}"));
    assert_eq!(alone["summary"], *one);
    assert_eq!(
        post_order(&mut desk, "casemanagement/search")["totalNumberOfCases"],
        0
    );
    desk.pass(4 * 24 * 3_600);
    desk.token = desk.refresh();
    assert_eq!(post_order(&mut desk, open)["total"], 0);
    let cases = post_order(&mut desk, "casemanagement/search");
    assert_eq!(cases["members"][0]["caseStatusEnum"], "OPEN");
}

#[test]
fn an_inquiry_is_found_by_when_it_was_opened() {
    let mut desk = Desk::quiet();
    shipped(&mut desk, "buyer_misses");
    desk.pass(301);
    let search = |from: &str| {
        format!(
            "inquiry/search?inquiry_creation_date_range_from={from}\
             &inquiry_creation_date_range_to=2027-01-01T00%3A00%3A00.000Z"
        )
    };
    let all = post_order(&mut desk, &search("2026-11-22T00%3A00%3A00.000Z"));
    assert_eq!(all["totalNumberOfInquiries"], 1);
    assert_eq!(
        all["members"][0]["inquiryStatusEnum"],
        "WAITING_SELLER_RESPONSE"
    );
    let none = post_order(&mut desk, &search("2026-12-22T00%3A00%3A00.000Z"));
    assert_eq!(none["totalNumberOfInquiries"], 0);
}

#[test]
fn disputes_are_found_by_state_and_want_their_permission() {
    let mut desk = Desk::quiet();
    let order = shipped(&mut desk, "buyer_disputes");
    desk.pass(301);
    let seen = desk.get(&format!(
        "{DISPUTES}?payment_dispute_status=ACTION_NEEDED&limit=200"
    ));
    assert_eq!(seen.body["total"], 1);
    assert_eq!(
        seen.body["paymentDisputeSummaries"][0]["orderId"],
        order.as_str()
    );
    let seen = desk.get(&format!("{DISPUTES}?payment_dispute_status=CLOSED"));
    assert_eq!((seen.status, &seen.body["total"]), (200, &Value::from(0)));
    assert_eq!(desk.get(&format!("{DISPUTES}?limit=201")).error(), 33001);
}

#[test]
fn transactions_are_sales_with_their_fees_newest_first() {
    let mut desk = Desk::quiet();
    assert_eq!(desk.get(FINANCES).status, 204);
    desk.live("A-1", 5, "9.99");
    desk.order("A-1", 1);
    desk.pass(60);
    desk.order("A-1", 2);
    let sales = |desk: &mut Desk, query: &str| -> Vec<Value> {
        let seen = desk.get(&format!("{FINANCES}{query}"));
        let rows = seen.body["transactions"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let rows = rows.into_iter();
        rows.filter(|row| row["transactionType"] == "SALE")
            .collect()
    };
    let rows = sales(&mut desk, "");
    assert_eq!(rows.len(), 2);
    let fee = &rows[1]["orderLineItems"][0]["marketplaceFees"][0];
    assert_eq!(fee["feeType"], "FINAL_VALUE_FEE");
    let oldest = sales(&mut desk, "?sort=transactionDate&limit=1");
    assert_eq!(oldest, rows[1..]);
    let since = "?filter=transactionDate%3A%5B2026-11-22T12%3A00%3A30.000Z..%5D";
    assert_eq!(sales(&mut desk, since), rows[..1]);
    assert_eq!(desk.get(&format!("{FINANCES}?limit=1001")).error(), 135_003);
    assert_eq!(
        desk.get(&format!("{FINANCES}?filter=nonsense")).error(),
        135_008
    );
}

#[test]
fn what_was_brought_up_is_kept() {
    use crate::{Marketplace, Settings};
    let mut desk = Desk::quiet();
    shipped(&mut desk, "buyer_returns");
    desk.pass(301);
    let saved = desk.ebay.save();
    let settings = Settings {
        seed: 7,
        orders_per_hour: 0,
    };
    desk.ebay = super::super::Ebay::open(settings);
    desk.ebay.restore(saved).unwrap();
    assert_eq!(post_order(&mut desk, "return/search")["total"], 1);
}

/// The id of the claim that a search finds, under its name there.
fn only(desk: &mut Desk, search: &str, name: &str) -> String {
    let found = post_order(desk, search);
    let [one] = found["members"].as_array().unwrap().as_slice() else {
        panic!("{found}")
    };
    one[name].to_string().trim_matches('"').to_owned()
}

#[test]
fn a_return_goes_from_its_approval_to_its_refund_step_by_step() {
    let mut desk = Desk::quiet();
    let order = shipped(&mut desk, "buyer_returns");
    desk.pass(301);
    let id = only(&mut desk, "return/search", "returnId");
    let path = |deed: &str| format!("/post-order/v2/return/{id}/{deed}");
    let none = serde_json::json!({});
    assert_eq!(
        desk.post(&path("mark_as_received"), none.clone()).error(),
        1617
    );
    let maybe = serde_json::json!({ "decision": "MAYBE" });
    assert_eq!(desk.post(&path("decide"), maybe).error(), 1601);
    let yes = serde_json::json!({ "decision": "APPROVE" });
    assert_eq!(desk.post(&path("decide"), yes.clone()).status, 200);
    assert_eq!(desk.post(&path("decide"), yes).error(), 1617);
    desk.pass(1_801);
    let back = post_order(&mut desk, &format!("return/{id}"));
    assert_eq!(back["summary"]["state"], "ITEM_DELIVERED");
    assert_eq!(desk.post(&path("mark_as_received"), none).status, 200);
    let told = post_order(&mut desk, &format!("return/{id}"));
    let options = told["summary"]["sellerAvailableOptions"]
        .as_array()
        .unwrap();
    assert_eq!(options.len(), 1);
    assert_eq!(options[0]["actionType"], "SELLER_ISSUE_REFUND");
    let total = told["summary"]["sellerTotalRefund"]["estimatedRefundAmount"].clone();
    let parts = &told["detail"]["refundInfo"]["estimatedRefundDetail"]["itemizedRefundDetail"];
    let parts = parts.as_array().unwrap().iter();
    let parts = parts.map(|part| {
        serde_json::json!({ "refundFeeType": part["refundFeeType"],
            "refundAmount": part["estimatedAmount"] })
    });
    let whole = |parts: Vec<Value>| {
        serde_json::json!({ "refundDetail": {
            "itemizedRefundDetail": parts, "totalAmount": total } })
    };
    let less = whole(Vec::new());
    assert_eq!(desk.post(&path("issue_refund"), less).error(), 1605);
    let all = whole(parts.collect());
    assert_eq!(desk.post(&path("issue_refund"), all.clone()).status, 200);
    assert_eq!(desk.post(&path("issue_refund"), all).error(), 1617);
    let seen = desk.get(&format!("{ORDERS}/{order}"));
    let refunds = seen.body["lineItems"][0]["refunds"].as_array().unwrap();
    assert_eq!(refunds.len(), 1, "once");
    let told = post_order(&mut desk, &format!("return/{id}"));
    assert_eq!(told["summary"]["state"], "CLOSED");
}

#[test]
fn how_goods_were_sent_is_told_whole_and_money_goes_back_once() {
    let mut desk = Desk::quiet();
    shipped(&mut desk, "buyer_misses");
    desk.pass(301);
    let id = only(&mut desk, "inquiry/search", "inquiryId");
    let path = |deed: &str| format!("/post-order/v2/inquiry/{id}/{deed}");
    let sent = |carrier: &str| {
        serde_json::json!({ "shippingCarrierName": carrier, "trackingNumber": "1Z9",
            "shippingDate": { "value": "2026-11-22T08:00:00.000Z" } })
    };
    let deed = path("provide_shipment_info");
    assert_eq!(desk.post(&deed, sent("RoyalMail")).error(), 1602);
    assert_eq!(desk.post(&deed, sent("ROYAL_MAIL")).status, 200);
    let told = post_order(&mut desk, &format!("inquiry/{id}"));
    assert_eq!(told["status"], "WAITING_BUYER_RESPONSE");
    let shipment = &told["inquiryHistoryDetails"]["shipmentTrackingDetails"];
    assert_eq!(shipment["trackingNumber"], "1Z9");
    assert_eq!(desk.post(&deed, sent("UPS")).error(), 1617);
    let none = serde_json::json!({});
    assert_eq!(desk.post(&path("issue_refund"), none.clone()).status, 200);
    assert_eq!(desk.post(&path("issue_refund"), none).error(), 1617);
}

/// A desk with a dispute that waits for the seller, and its path.
fn disputed() -> (Desk, String) {
    let mut desk = Desk::quiet();
    shipped(&mut desk, "buyer_disputes");
    desk.pass(301);
    let found = desk.get(DISPUTES);
    let id = &found.body["paymentDisputeSummaries"][0]["paymentDisputeId"];
    let id = id.as_str().expect("an id");
    let path = format!("/sell/fulfillment/v1/payment_dispute/{id}");
    (desk, path)
}

#[test]
fn a_dispute_is_answered_once_and_at_its_revision() {
    let (mut desk, path) = disputed();
    let told = desk.get(&path).body;
    let revision = told["revision"].as_u64().unwrap();
    assert_eq!(
        told["availableChoices"],
        serde_json::json!(["ACCEPT", "CONTEST"])
    );
    let at = |revision: u64| serde_json::json!({ "revision": revision });
    let contest = format!("{path}/contest");
    assert_eq!(desk.post(&contest, serde_json::json!({})).error(), 33100);
    assert_eq!(desk.post(&contest, at(revision)).error(), 33102);
    let upload = format!("{path}/upload_evidence_file");
    let file = send_form(&mut desk, &upload, ("file", "a.png"), b"\x89PNG\r\n\x1a\n");
    let set = serde_json::json!({
        "evidenceType": "PROOF_OF_DELIVERY",
        "files": [{"fileId": file.body["fileId"]}],
        "lineItems": told["lineItems"],
    });
    assert_eq!(desk.post(&format!("{path}/add_evidence"), set).status, 200);
    let revision = revision + 1;
    assert_eq!(desk.post(&contest, at(revision + 1)).error(), 33011);
    assert_eq!(desk.post(&contest, at(revision)).status, 204);
    assert_eq!(desk.get(&path).body["sellerResponse"], "CONTEST");
    let accept = format!("{path}/accept");
    assert_eq!(desk.post(&accept, at(revision + 1)).error(), 33101);
    let unknown = "/sell/fulfillment/v1/payment_dispute/1/accept";
    assert_eq!(desk.post(unknown, at(1)).error(), 33001);
}

#[test]
fn what_shows_that_a_dispute_is_not_right_is_taken_until_it_is_contested() {
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0";
    let (mut desk, path) = disputed();
    let there = desk.get(&path).body;
    let upload = format!("{path}/upload_evidence_file");
    let put = |desk: &mut Desk, part: &str, name: &str, content: &[u8]| {
        send_form(desk, &upload, (part, name), content)
    };
    assert_eq!(put(&mut desk, "image", "a.jpg", JPEG).error(), 33100);
    assert_eq!(put(&mut desk, "file", "", JPEG).error(), 33106);
    assert_eq!(put(&mut desk, "file", "a.pdf", b"%PDF-1.7").error(), 33005);
    let large = [JPEG, &vec![0; 1_500_000]].concat();
    assert_eq!(put(&mut desk, "file", "a.jpg", &large).error(), 33006);
    let file = put(&mut desk, "file", "a.jpg", JPEG).body["fileId"].clone();
    let half = [JPEG, &vec![0; 1_499_990]].concat();
    let other = put(&mut desk, "file", "b.jpg", &half).body["fileId"].clone();
    let body = |kind: &str, files: &[&serde_json::Value]| {
        let files: Vec<_> = files
            .iter()
            .map(|id| serde_json::json!({"fileId": id}))
            .collect();
        let lines = &there["evidenceRequests"][0]["lineItems"];
        serde_json::json!({"evidenceType": kind, "files": files, "lineItems": lines})
    };
    let (add, kind) = (format!("{path}/add_evidence"), "PROOF_OF_DELIVERY");
    let refused = [
        (body("PROOF", &[&file]), 33008),
        (body(kind, &[]), 33100),
        (body(kind, &[&serde_json::json!("9")]), 33003),
        (body(kind, &[&file, &file, &file, &other]), 33104),
    ];
    for (body, id) in refused {
        assert_eq!(desk.post(&add, body).error(), id);
    }
    let mut elsewhere = body(kind, &[&file]);
    elsewhere["lineItems"] = serde_json::json!([{"itemId": "1", "lineItemId": "2"}]);
    assert_eq!(desk.post(&add, elsewhere).error(), 33007);
    assert!(desk.get(&path).body["evidence"].is_null());
    let added = desk.post(&add, body(kind, &[&file]));
    assert_eq!(added.status, 200, "{}", added.body);
    let told = desk.get(&path).body;
    let set = &told["evidence"][0];
    assert_eq!(set["evidenceId"], added.body["evidenceId"]);
    assert_eq!(set["files"][0]["name"], "a.jpg");
    let revision = told["revision"].as_u64().unwrap();
    assert_eq!(revision, there["revision"].as_u64().unwrap() + 1);
    let contest = serde_json::json!({ "revision": revision });
    assert_eq!(desk.post(&format!("{path}/contest"), contest).status, 204);
    assert_eq!(put(&mut desk, "file", "c.jpg", JPEG).error(), 33004);
    assert_eq!(desk.post(&add, body(kind, &[&other])).error(), 33004);
}
