//! Answers to cases after a sale: what is read before, what is sent, what a refusal comes to.

use std::sync::Arc;

use barrow_market::{Batch, Fate, Retry};
use barrow_model::{Action, CaseAnswer, CaseKind, Problem, ProblemKind, ReturnAddress};
use serde_json::{Value, json};

use crate::orders::{order, ship};
use crate::requests::usd;
use crate::script::{Reply, Script, answer, connect, connect_with, ok};

pub(crate) const APPLIED: Fate = Fate::Applied { binding: None };

pub(crate) fn batch(kind: CaseKind, given: CaseAnswer) -> Batch {
    let mut batch = ship("1");
    batch.lane = "answer_case";
    batch.changes[0].action = Action::AnswerCase {
        kind,
        case_id: "5001".to_owned(),
        answer: given,
    };
    batch
}

async fn submit(script: &Arc<Script>, batch: &Batch) -> Fate {
    let adapter = connect(script);
    let role = adapter.aftersales().unwrap();
    role.submit(batch).await.unwrap().remove(0).fate
}

pub(crate) fn refused(fate: &Fate) -> &Problem {
    match fate {
        Fate::Refused {
            problem,
            retry: Retry::No,
        } => problem,
        other => panic!("{other:?}"),
    }
}

fn a_return(options: &[&str]) -> Value {
    let options = options.iter().map(|option| json!({"actionType": option}));
    let sum = |value: f64| json!({"value": value, "currency": "USD"});
    let part = |of: &str, value: f64| json!({"refundFeeType": of, "estimatedAmount": sum(value)});
    let parts = [part("PURCHASE_PRICE", 18.5), part("ORIGINAL_SHIPPING", 2.0)];
    json!({
        "summary": {"state": "RETURN_REQUESTED", "status": "WAITING_FOR_SELLER_INFO",
            "sellerTotalRefund": {"estimatedRefundAmount": {"value": 20.5, "currency": "USD"}},
            "sellerAvailableOptions": options.collect::<Vec<_>>()},
        "detail": {"refundInfo": {"estimatedRefundDetail": {"itemizedRefundDetail": parts}}},
    })
}

fn claim(status: &str) -> Value {
    json!({"status": status, "claimAmount": {"value": 9, "currency": "USD"}})
}

fn dispute() -> Value {
    json!({"paymentDisputeStatus": "ACTION_NEEDED", "revision": 3,
        "availableChoices": ["ACCEPT", "CONTEST"]})
}

fn contest(note: Option<String>) -> CaseAnswer {
    CaseAnswer::Contest {
        note,
        evidence: None,
        return_to: None,
    }
}

fn refund(cents: i64) -> CaseAnswer {
    CaseAnswer::Refund {
        amount: Some(usd(cents)),
    }
}

/// A case that stands as `there` says is answered by this call.
async fn check(kind: CaseKind, given: CaseAnswer, there: Value, path: &str, body: Value) {
    let mut replies = vec![ok(there)];
    if matches!(given, CaseAnswer::Refund { .. }) {
        // Which refunds its order has before.
        replies.push(ok(order()));
    }
    let last = replies.len();
    replies.push(ok(json!({})));
    let script = Script::new(replies);
    let fate = submit(&script, &batch(kind, given)).await;
    assert_eq!(fate, APPLIED, "{path}");
    assert_eq!(script.lines()[last], format!("POST {path}"));
    assert_eq!(script.asked()[last].json(), body, "{path}");
}

#[tokio::test]
async fn a_return_is_read_and_then_answered_as_ebay_wants_it() {
    let asked = a_return(&["SELLER_APPROVE_REQUEST", "SELLER_DECLINE_REQUEST"]);
    let decide = "/post-order/v2/return/5001/decide";
    let yes = json!({"decision": "APPROVE"});
    check(
        CaseKind::Return,
        CaseAnswer::Approve,
        asked.clone(),
        decide,
        yes,
    )
    .await;
    let comment = Some("y".repeat(1_200));
    let no = json!({"decision": "DECLINE", "comments": {"content": "y".repeat(1_000)}});
    check(
        CaseKind::Return,
        CaseAnswer::Decline { comment },
        asked,
        decide,
        no,
    )
    .await;
    let back = a_return(&["SELLER_MARK_AS_RECEIVED", "SELLER_ISSUE_REFUND"]);
    let path = "/post-order/v2/return/5001/mark_as_received";
    check(
        CaseKind::Return,
        CaseAnswer::MarkReceived,
        back.clone(),
        path,
        json!({}),
    )
    .await;
    let sum = |value: f64| json!({"value": value, "currency": "USD"});
    let part = |of: &str, value: f64| json!({"refundFeeType": of, "refundAmount": sum(value)});
    let money = json!({"refundDetail": {
        "itemizedRefundDetail": [part("PURCHASE_PRICE", 18.5), part("ORIGINAL_SHIPPING", 2.0)],
        "totalAmount": {"value": 20.5, "currency": "USD"}}});
    let path = "/post-order/v2/return/5001/issue_refund";
    check(CaseKind::Return, refund(2_050), back, path, money).await;
}

#[tokio::test]
async fn claims_and_disputes_are_read_and_then_answered_as_ebay_wants_it() {
    let sent = CaseAnswer::ProvideShipment {
        carrier: "royal mail".to_owned(),
        tracking: "AB 123-GB".to_owned(),
        shipped_at: "2026-11-20T08:00:00Z".parse().unwrap(),
    };
    let told = json!({"shippedWithTracking": true, "shippingCarrierName": "ROYAL_MAIL",
        "trackingNumber": "AB123GB", "shippingDate": {"value": "2026-11-20T08:00:00.000Z"}});
    let path = "/post-order/v2/inquiry/5001/provide_shipment_info";
    let waits = claim("WAITING_SELLER_RESPONSE");
    check(CaseKind::Inquiry, sent, waits.clone(), path, told).await;
    let path = "/post-order/v2/inquiry/5001/issue_refund";
    check(CaseKind::Inquiry, refund(900), waits, path, json!({})).await;
    let path = "/post-order/v2/casemanagement/5001/issue_refund";
    check(
        CaseKind::Case,
        refund(900),
        claim("WAITING_CS"),
        path,
        json!({}),
    )
    .await;
    let path = "/sell/fulfillment/v1/payment_dispute/5001/accept";
    let at = json!({"revision": 3});
    check(CaseKind::Dispute, CaseAnswer::Accept, dispute(), path, at).await;
    let path = "/sell/fulfillment/v1/payment_dispute/5001/contest";
    let note = Some("It came.".to_owned());
    let at = json!({"revision": 3, "note": "It came."});
    check(CaseKind::Dispute, contest(note), dispute(), path, at).await;
}

#[tokio::test]
async fn a_dispute_about_the_goods_is_contested_with_an_address() {
    let mut about_goods = dispute();
    about_goods["reason"] = json!("SIGNIFICANTLY_NOT_AS_DESCRIBED");
    let script = Script::new([ok(about_goods.clone())]);
    let fate = submit(&script, &batch(CaseKind::Dispute, contest(None))).await;
    assert_eq!(refused(&fate).params["why"], "return_address");
    assert_eq!(script.lines().len(), 1, "nothing is sent");
    let script = Script::new([ok(about_goods), answer(204, Value::Null)]);
    let address = ReturnAddress {
        name: "Ann Lee".to_owned(),
        line1: "1 Main St".to_owned(),
        city: "Reno".to_owned(),
        region: "NV".to_owned(),
        postal_code: "89501".to_owned(),
        country: "US".to_owned(),
        phone: "(775) 555-0100".to_owned(),
        ..ReturnAddress::default()
    };
    let accept = CaseAnswer::AcceptWithAddress {
        return_to: address.clone(),
    };
    let contest = CaseAnswer::Contest {
        note: None,
        evidence: None,
        return_to: Some(address),
    };
    assert_eq!(
        submit(&script, &batch(CaseKind::Dispute, contest)).await,
        APPLIED
    );
    let path = "/sell/fulfillment/v1/payment_dispute/5001/accept";
    let expected = json!({"revision": 3, "returnAddress": {
        "fullName": "Ann Lee", "addressLine1": "1 Main St", "city": "Reno",
        "stateOrProvince": "NV", "postalCode": "89501", "country": "US",
        "primaryPhone": {"countryCode": "US", "number": "7755550100"},
    }});
    assert_eq!(script.asked()[1].json(), expected);
    check(CaseKind::Dispute, accept, dispute(), path, expected).await;
}

#[tokio::test]
async fn what_does_not_wait_for_the_answer_is_left_alone() {
    let check = |kind, given, there: Reply, why: Option<&'static str>| async move {
        let script = Script::new([there]);
        let fate = submit(&script, &batch(kind, given)).await;
        let problem = refused(&fate);
        assert_eq!(problem.kind, ProblemKind::CaseRefused);
        assert_eq!(problem.params.get("why").map(String::as_str), why);
        assert_eq!(script.lines().len(), 1, "nothing is sent");
    };
    let not_offered = Some("not_offered");
    let gone = a_return(&["SELLER_ISSUE_REFUND"]);
    check(CaseKind::Return, CaseAnswer::Approve, ok(gone), not_offered).await;
    check(
        CaseKind::Inquiry,
        refund(900),
        ok(claim("CLOSED")),
        not_offered,
    )
    .await;
    let closed = json!({"paymentDisputeStatus": "CLOSED", "revision": 4});
    check(
        CaseKind::Dispute,
        CaseAnswer::Accept,
        ok(closed),
        not_offered,
    )
    .await;
    // Another sum than the seller was told.
    check(
        CaseKind::Inquiry,
        refund(800),
        ok(claim("OPEN")),
        Some("amount"),
    )
    .await;
    // Neither is a sum that only one of both knows.
    let amount = Some("amount");
    let untold = json!({"status": "OPEN"});
    for kind in [CaseKind::Inquiry, CaseKind::Case] {
        check(kind, refund(900), ok(untold.clone()), amount).await;
        let unseen = CaseAnswer::Refund { amount: None };
        check(kind, unseen, ok(claim("OPEN")), amount).await;
    }
    let back = || a_return(&["SELLER_ISSUE_REFUND"]);
    let unseen = CaseAnswer::Refund { amount: None };
    check(CaseKind::Return, unseen, ok(back()), amount).await;
    check(CaseKind::Return, refund(2_000), ok(back()), amount).await;
    let mut unestimated = back();
    unestimated["summary"]["sellerTotalRefund"] = json!({});
    check(CaseKind::Return, refund(2_050), ok(unestimated), amount).await;
    // Parts of Post-Order come and go.
    let missing = || answer(404, json!({"error": [{"errorId": 1613}]}));
    check(CaseKind::Case, refund(900), missing(), None).await;
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let check = |status: u16, number: i64, why: Option<&'static str>| async move {
        let no = json!({"errors": [{"errorId": number, "message": "No."}]});
        let script = Script::new([ok(dispute()), answer(status, no)]);
        let note = contest(None);
        let fate = submit(&script, &batch(CaseKind::Dispute, note)).await;
        let problem = refused(&fate);
        assert_eq!(problem.kind, ProblemKind::CaseRefused, "{number}");
        assert_eq!(problem.params.get("why").map(String::as_str), why);
        let vendor = problem.vendor.as_ref().unwrap();
        assert_eq!(vendor.code, number.to_string());
    };
    check(409, 33102, Some("evidence")).await;
    check(409, 33101, None).await;
    check(404, 33001, None).await;
    check(400, 33100, None).await;
    // Something was done to it meanwhile: it is read and answered anew.
    let changed = answer(409, json!({"errors": [{"errorId": 33011}]}));
    let script = Script::new([ok(dispute()), changed]);
    let fate = submit(&script, &batch(CaseKind::Dispute, CaseAnswer::Accept)).await;
    assert!(
        matches!(
            fate,
            Fate::Refused {
                retry: Retry::After(_),
                ..
            }
        ),
        "{fate:?}"
    );
}

#[tokio::test]
async fn an_answer_that_nobody_heard_is_looked_for() {
    let check = |kind, given, replies: Vec<Reply>, applied: bool| async move {
        let script = Script::new(replies);
        let (adapter, clock) = connect_with(&script);
        clock.skip(600);
        let role = adapter.aftersales().unwrap();
        let fate = role
            .look_up(&batch(kind, given))
            .await
            .unwrap()
            .remove(0)
            .fate;
        match applied {
            true => assert_eq!(fate, APPLIED),
            false => assert!(
                matches!(
                    fate,
                    Fate::Refused {
                        retry: Retry::After(_),
                        ..
                    }
                ),
                "{fate:?}"
            ),
        }
    };
    let gone = a_return(&[]);
    check(CaseKind::Return, CaseAnswer::Approve, vec![ok(gone)], true).await;
    let there = a_return(&["SELLER_APPROVE_REQUEST"]);
    check(
        CaseKind::Return,
        CaseAnswer::Approve,
        vec![ok(there)],
        false,
    )
    .await;
    // Still open, and the money is with the order: eBay closes it later.
    let mut paid_back = order();
    paid_back["paymentSummary"]["refunds"] = json!([{"refundId": "5", "refundStatus": "PENDING",
        "refundDate": "2099-01-01T00:00:00.000Z", "amount": {"value": "9.00", "currency": "USD"}}]);
    let replies = vec![ok(claim("OPEN")), ok(paid_back)];
    check(CaseKind::Inquiry, refund(900), replies, true).await;
    let replies = vec![ok(claim("OPEN")), ok(order())];
    check(CaseKind::Inquiry, refund(900), replies, false).await;
    let answered = json!({"paymentDisputeStatus": "OPEN", "sellerResponse": "ACCEPT"});
    check(
        CaseKind::Dispute,
        CaseAnswer::Accept,
        vec![ok(answered)],
        true,
    )
    .await;
    check(
        CaseKind::Dispute,
        CaseAnswer::Accept,
        vec![ok(dispute())],
        false,
    )
    .await;
}

/// An order with these refunds of 9.00.
fn paid_back(ids: &[&str]) -> Reply {
    let refunds = ids.iter().map(|id| {
        json!({"refundId": id, "refundStatus": "PENDING",
            "refundDate": "2099-01-01T00:00:00.000Z",
            "amount": {"value": "9.00", "currency": "USD"}})
    });
    let mut told = order();
    told["paymentSummary"]["refunds"] = refunds.collect();
    ok(told)
}

#[tokio::test]
async fn money_of_a_case_that_is_over_is_given_only_where_its_order_has_it() {
    let check = async |status: &str, later: &[&str]| {
        let script = Script::new([
            ok(claim("OPEN")),
            paid_back(&["3"]),
            Reply::NoAnswer,
            ok(claim(status)),
            paid_back(later),
        ]);
        let (adapter, clock) = connect_with(&script);
        let role = adapter.aftersales().unwrap();
        let batch = batch(CaseKind::Inquiry, refund(900));
        assert_eq!(role.submit(&batch).await.unwrap()[0].fate, Fate::Unknown);
        clock.skip(600);
        role.look_up(&batch).await.unwrap().remove(0).fate
    };
    // A refund of the same sum was there before: it is another one.
    assert_eq!(check("CLOSED", &["3"]).await, Fate::Unknown);
    assert_eq!(check("CLOSED", &["3", "4"]).await, APPLIED);
    assert_eq!(check("OPEN", &["3", "4"]).await, APPLIED);
    for status in ["OPEN", "CLOSED_WITH_ESCALATION"] {
        let fate = check(status, &["3"]).await;
        assert!(matches!(fate, Fate::Refused { .. }), "{status}: {fate:?}");
    }
}
