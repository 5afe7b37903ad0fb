//! Money that is given back, packages that eBay knows already, orders that cannot be cancelled.

use std::sync::Arc;

use barrow_market::{Batch, Fate, Retry};
use barrow_model::{Action, Money, OrderLineQuantity, ProblemKind, RefundReason};
use serde_json::{Value, json};

use crate::orders::{cancel, money, order, ship};
use crate::requests::usd;
use crate::script::{Reply, Script, answer, connect, ok};

pub(crate) const APPLIED: Fate = Fate::Applied { binding: None };

pub(crate) fn refund(line_id: Option<&str>, amount: Option<Money>, comment: Option<&str>) -> Batch {
    let mut batch = ship("1");
    batch.lane = "refund";
    batch.changes[0].action = Action::Refund {
        line_id: line_id.map(str::to_owned),
        amount,
        reason: RefundReason::Returned,
        comment: comment.map(str::to_owned),
    };
    batch
}

fn pending() -> Reply {
    ok(json!({"refundId": "5", "refundStatus": "PENDING"}))
}

async fn submit(script: &Arc<Script>, batch: &Batch) -> Fate {
    let adapter = connect(script);
    let role = adapter.aftersales().unwrap();
    role.submit(batch).await.unwrap().remove(0).fate
}

fn kind(fate: &Fate) -> Option<ProblemKind> {
    match fate {
        Fate::Refused { problem, .. } => Some(problem.kind),
        _ => None,
    }
}

#[tokio::test]
async fn an_order_a_line_or_an_amount_is_given_back() {
    let check = |batch: Batch, expected: Value| async move {
        let script = Script::new([ok(order()), pending()]);
        assert_eq!(submit(&script, &batch).await, APPLIED);
        let path = "POST /sell/fulfillment/v1/order/13-14786-65872/issue_refund";
        assert_eq!(script.lines()[1], path);
        assert_eq!(script.asked()[1].json(), expected);
    };
    // All of the order: what eBay collected goes back by itself.
    let whole = json!({"reasonForRefund": "BUYER_RETURN",
        "orderLevelRefundAmount": {"value": "260.00", "currency": "USD"}});
    check(refund(None, None, None), whole).await;
    // All of the line: 263 less 10 off, 1 of shipping, 6 of its own tax.
    let line = json!({"reasonForRefund": "BUYER_RETURN", "refundItems": [{"lineItemId": "10",
        "refundAmount": {"value": "260.00", "currency": "USD"}}]});
    check(refund(Some("10"), None, None), line).await;
    let part = json!({"reasonForRefund": "BUYER_RETURN", "comment": "y".repeat(100),
        "refundItems": [{"lineItemId": "10",
            "refundAmount": {"value": "5.50", "currency": "USD"}}]});
    let long = "y".repeat(130);
    check(refund(Some("10"), Some(usd(550)), Some(&long)), part).await;
}

#[tokio::test]
async fn of_what_was_given_back_already_only_the_rest_is_left() {
    let mut partly = order();
    partly["paymentSummary"]["refunds"] = json!([
        {"refundId": "3", "amount": money("60.0"), "refundStatus": "REFUNDED"},
        {"refundId": "4", "amount": money("99.0"), "refundStatus": "FAILED"}]);
    partly["lineItems"][0]["refunds"] = json!([{"refundId": "3", "amount": money("60.0")}]);
    for line in [None, Some("10")] {
        let script = Script::new([ok(partly.clone()), pending()]);
        assert_eq!(submit(&script, &refund(line, None, None)).await, APPLIED);
        let sent = script.asked()[1].json();
        let amount = match line {
            Some(_) => &sent["refundItems"][0]["refundAmount"],
            None => &sent["orderLevelRefundAmount"],
        };
        assert_eq!(amount["value"], json!("200.00"), "{line:?}");
    }
    // Somebody gave back a part meanwhile: the amount is more than what is left.
    let script = Script::new([ok(partly.clone())]);
    let fate = submit(&script, &refund(None, Some(usd(25_000)), None)).await;
    assert_eq!(kind(&fate), Some(ProblemKind::RefundRefused));
    assert_eq!(script.lines().len(), 1, "nothing is sent");
    let mut nothing_left = partly;
    nothing_left["paymentSummary"]["refunds"][0]["amount"] = money("260.0");
    let script = Script::new([ok(nothing_left)]);
    let fate = submit(&script, &refund(None, None, None)).await;
    assert_eq!(kind(&fate), Some(ProblemKind::RefundRefused));
    let script = Script::new([ok(order())]);
    let fate = submit(&script, &refund(Some("77"), None, None)).await;
    assert_eq!(kind(&fate), Some(ProblemKind::LineInvalid));
}

#[tokio::test]
async fn refusals_of_refunds_are_told_and_what_passes_is_tried_again() {
    let check = |status: u16, number: i64, waits: bool| async move {
        let body = json!({"errors": [{"errorId": number, "message": "x"}]});
        let script = Script::new([ok(order()), answer(status, body)]);
        let fate = submit(&script, &refund(None, None, None)).await;
        let Fate::Refused { problem, retry } = fate else {
            panic!("{number}")
        };
        assert_eq!(problem.kind, ProblemKind::RefundRefused, "{number}");
        assert_eq!(retry != Retry::No, waits, "{number}");
    };
    check(400, 34917, false).await;
    check(400, 34916, false).await;
    check(409, 34924, false).await;
    check(400, 34922, true).await;
    check(409, 34929, true).await;
    let script = Script::new([ok(order()), ok(json!({"refundStatus": "FAILED"}))]);
    let fate = submit(&script, &refund(None, None, None)).await;
    assert_eq!(kind(&fate), Some(ProblemKind::RefundRefused));
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let body = json!({"errors": [{"errorId": 1100, "message": "x"}]});
    let script = Script::new([ok(order()), answer(403, body)]);
    // It is this change's trouble: the account goes on.
    let Fate::Refused { problem, retry } = submit(&script, &refund(None, None, None)).await else {
        panic!("it is refused")
    };
    assert_eq!(
        (problem.kind, retry),
        (ProblemKind::PermissionMissing, Retry::No)
    );
    let permission = problem.params.get("permission").map(String::as_str);
    assert_eq!(permission, Some("sell.finances"));
}

#[tokio::test]
async fn a_cancellation_that_one_scheme_is_refused_for_goes_with_the_other() {
    let dead = || answer(401, json!({"errors": [{"errorId": 1001, "message": "x"}]}));
    let may = || ok(json!({"eligible": true}));
    // A refused token is fetched anew before anything else is believed.
    let script = Script::new([
        ok(order()),
        dead(),
        dead(),
        may(),
        ok(json!({"cancelId": "5"})),
    ]);
    assert_eq!(submit(&script, &cancel(2)).await, APPLIED);
    let schemes = script.asked().into_iter().map(|asked| {
        let value = &asked.headers["authorization"];
        value.split(' ').next().unwrap_or_default().to_owned()
    });
    let schemes: Vec<String> = schemes.collect();
    assert_eq!(schemes, ["Bearer", "IAF", "IAF", "Bearer", "Bearer"]);
    // Where neither is taken, the order is told of it and nothing else stops.
    let script = Script::new([ok(order()), dead(), dead(), dead(), dead()]);
    let fate = submit(&script, &cancel(2)).await;
    assert_eq!(kind(&fate), Some(ProblemKind::PermissionMissing));
}

#[tokio::test]
async fn a_package_that_ebay_knows_is_not_told_again_and_its_further_lines_are() {
    let there = |line: &str| {
        let lines = json!([{"lineItemId": line, "quantity": 1}]);
        ok(json!({"fulfillments": [{"fulfillmentId": "94001234", "lineItems": lines}]}))
    };
    let script = Script::new([there("10")]);
    assert_eq!(submit(&script, &ship("9400-1234")).await, APPLIED);
    assert_eq!(script.lines().len(), 1, "nothing was told");
    let mut both = ship("9400-1234");
    if let Action::Ship(request) = &mut both.changes[0].action {
        request.lines.push(OrderLineQuantity {
            line_id: "11".to_owned(),
            quantity: 3,
        });
    }
    let script = Script::new([there("10"), answer(201, json!({}))]);
    assert_eq!(submit(&script, &both).await, APPLIED);
    let told = script.asked()[1].json();
    assert_eq!(
        told["lineItems"],
        json!([{"lineItemId": "11", "quantity": 3}])
    );
}

#[tokio::test]
async fn an_order_that_ebay_would_not_cancel_is_told_before() {
    let not = json!({"eligible": false, "failureReason": ["ORDER_SHIPPED"]});
    let script = Script::new([ok(order()), ok(not)]);
    let fate = submit(&script, &cancel(2)).await;
    let Fate::Refused { problem, .. } = fate else {
        panic!("{fate:?}")
    };
    assert_eq!(problem.kind, ProblemKind::CancelRefused);
    assert_eq!(problem.vendor.unwrap().code, "ORDER_SHIPPED");
    let check = "POST /post-order/v2/cancellation/check_eligibility";
    assert_eq!(script.lines()[1], check);
    // Where eBay no longer answers the question, the cancellation itself tells.
    let retired = answer(404, json!({"error": [{"errorId": 1, "message": "gone"}]}));
    let script = Script::new([ok(order()), retired, ok(json!({"cancelId": "5"}))]);
    assert_eq!(submit(&script, &cancel(2)).await, APPLIED);
}
