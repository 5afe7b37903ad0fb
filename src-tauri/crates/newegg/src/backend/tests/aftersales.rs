//! Acting on orders.

use barrow_market::{ErrorKind, Fate, Outcome, Retry};
use barrow_model::{
    Action, CancelReason, Change, ChangeId, OrderLineQuantity, OrderRef, OrderRowId, Problem,
    ProblemKind, ShipRequest, Target,
};
use barrow_wire::testing::{Line, World, batch, line, now};
use chrono::TimeDelta;

use super::script::{site, world};

const ORDERS: &str = "PUT /marketplace/ordermgmt/order/orderinfo?sellerid=A0xX&version=315";
const STATUS: &str = "PUT /marketplace/ordermgmt/orderstatus/orders/157?sellerid=A0xX&version=304";
const KILL: &str = "PUT /marketplace/ordermgmt/killitem/orders/157?sellerid=A0xX";
const CONFIRM: &str = "POST /marketplace/ordermgmt/orderstatus/orders/confirmation?sellerid=A0xX";

fn change_of(number: &str, id: i64, action: Action) -> Change {
    Change {
        id: ChangeId(id),
        target: Target::Order(OrderRef {
            id: OrderRowId(id),
            order_id: number.to_owned(),
            site: site(),
            placed_at: now() - TimeDelta::days(1),
        }),
        action,
    }
}

fn lines(asked: &[(&str, u32)]) -> Vec<OrderLineQuantity> {
    let line = |(line_id, quantity): &(&str, u32)| OrderLineQuantity {
        line_id: (*line_id).to_owned(),
        quantity: *quantity,
    };
    asked.iter().map(line).collect()
}

fn parcel(asked: &[(&str, u32)]) -> Action {
    Action::Ship(ShipRequest {
        reference: "R-1".to_owned(),
        carrier: "ups".to_owned(),
        service: Some("Ground".to_owned()),
        tracking: "1Z 9".to_owned(),
        tracking_url: None,
        shipped_at: now(),
        lines: lines(asked),
    })
}

fn cancel(asked: &[(&str, u32)], reason: CancelReason) -> Action {
    Action::Cancel {
        lines: lines(asked),
        reason,
    }
}

/// The order as it is: lines of A1 (two units) and B1 (one), each with its status.
fn order(status: u32, a1: u32, b1: u32, packages: &str) -> Line {
    let item = |sku: &str, units: u32, status: u32| {
        let shipped = if status == 2 { units } else { 0 };
        format!(
            r#"{{"SellerPartNumber":"{sku}","NeweggItemNumber":"9SI{sku}","OrderedQty":{units},
            "ShippedQty":{shipped},"Status":{status}}}"#
        )
    };
    let body = format!(
        r#"{{"PageInfo":{{"TotalCount":1}},"OrderInfoList":[{{"OrderNumber":"157","OrderDate":
        "11/21/2026 8:00:00","OrderStatus":{status},"OrderDownloaded":false,"ItemInfoList":
        [{},{}],"PackageInfoList":{packages}}}]}}"#,
        item("A1", 2, a1),
        item("B1", 1, b1)
    );
    line(ORDERS, 200, body)
}

fn open() -> Line {
    order(0, 1, 1, "null")
}

const SHIPPED: &str = r#"[{"TrackingNumber":"1Z9","ShipCarrier":"UPS","ItemInfoList":{"ItemInfo":
    {"SellerPartNumber":"A1","ShippedQty":"2"}}}]"#;

fn result(status: bool, words: &str, counts: [u32; 2]) -> String {
    let [good, bad] = counts;
    format!(
        r#"{{"IsSuccess":true,"PackageProcessingSummary":{{"TotalPackageCount":1,"SuccessCount":
        {good},"FailCount":{bad}}},"Result":{{"OrderNumber":"157","Shipment":{{"PackageList":
        [{{"TrackingNumber":"1Z9","ProcessStatus":{status},"ProcessResult":"{words}"}}]}}}}}}"#
    )
}

async fn act(action: Action, lane: &'static str, lines: Vec<Line>) -> (Outcome, World) {
    let world = world(lines);
    let aftersales = world.adapter.aftersales().expect("aftersales");
    let batch = batch(lane, vec![change_of("157", 1, action)]);
    let outcome = aftersales.submit(&batch).await.expect("outcomes").remove(0);
    world.finished();
    (outcome, world)
}

fn refused(outcome: &Outcome) -> (Problem, Retry) {
    match &outcome.fate {
        Fate::Refused { problem, retry } => (problem.clone(), *retry),
        other => panic!("refused, not {other:?}"),
    }
}

fn assert_applied(outcome: &Outcome) {
    assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_parcel_holds_whole_lines() {
    let lines = vec![open(), line(STATUS, 200, result(true, "Success", [1, 0]))];
    let (outcome, world) = act(parcel(&[("A1", 2)]), "ship", lines).await;
    assert_applied(&outcome);
    assert_eq!(
        world.bodies()[1],
        concat!(
            r#"{"Action":"2","Value":{"Shipment":{"Header":{"SellerID":"A0xX","SONumber":"157"},"#,
            r#""PackageList":{"Package":[{"TrackingNumber":"1Z9","ShipCarrier":"UPS","#,
            r#""ShipService":"Ground","ItemList":{"Item":[{"SellerPartNumber":"A1","#,
            r#""NeweggItemNumber":"9SIA1","ShippedQty":"2"}]}}]}}}}"#
        )
    );
    // Part of a line is refused in words, unsent.
    for asked in [[("A1", 1)], [("A1", 3)], [("C1", 1)]] {
        let (outcome, _) = act(parcel(&asked), "ship", vec![open()]).await;
        let (problem, retry) = refused(&outcome);
        assert_eq!((problem.kind, retry), (ProblemKind::LineInvalid, Retry::No));
        assert_eq!(
            problem.params.get("line").map(String::as_str),
            Some(asked[0].0)
        );
        assert!(problem.params.contains_key("open"));
    }
}

#[tokio::test]
async fn each_package_is_judged_although_all_is_said_to_be_well() {
    let sent = |body: String| async move {
        let lines = vec![open(), line(STATUS, 200, body)];
        act(parcel(&[("A1", 2)]), "ship", lines).await.0
    };
    let outcome = sent(result(false, "Invalid item.", [0, 1])).await;
    let (problem, retry) = refused(&outcome);
    assert_eq!((problem.kind, retry), (ProblemKind::ShipRefused, Retry::No));
    assert_eq!(problem.vendor.expect("words").text, "Invalid item.");
    let counts =
        r#"{"IsSuccess":true,"PackageProcessingSummary":{"SuccessCount":"0","FailCount":"1"}}"#;
    assert_eq!(
        refused(&sent(counts.to_owned()).await).0.kind,
        ProblemKind::ShipRefused
    );
    let counts =
        r#"{"IsSuccess":true,"PackageProcessingSummary":{"SuccessCount":"1","FailCount":"0"}}"#;
    assert_applied(&sent(counts.to_owned()).await);
    // Nothing but success is no answer.
    let outcome = sent(r#"{"IsSuccess":true}"#.to_owned()).await;
    assert_eq!(outcome.fate, Fate::Unknown);
}

#[tokio::test]
async fn codes_of_shipping_say_what_to_do() {
    let sent = |code: &str, more: Vec<Line>| {
        let body = format!(r#"[{{"Code":"{code}","Message":"words"}}]"#);
        let mut lines = vec![open(), line(STATUS, 400, body)];
        lines.extend(more);
        async move { act(parcel(&[("A1", 2)]), "ship", lines).await.0 }
    };
    let two_hours = Retry::After(std::time::Duration::from_secs(2 * 3600));
    assert_eq!(refused(&sent("SO016", vec![]).await).1, two_hours);
    let refusal = refused(&sent("SO011", vec![]).await);
    assert_eq!(
        (refusal.0.kind, refusal.1),
        (ProblemKind::ShipRefused, Retry::No)
    );
    assert_eq!(
        refused(&sent("SO003", vec![]).await).0.kind,
        ProblemKind::OrderUnknown
    );
    let (problem, _) = refused(&sent("CE001", vec![]).await);
    assert_eq!(problem.kind, ProblemKind::ShipRefused);
    // Already shipped: as asked, or otherwise.
    assert_applied(&sent("SO025", vec![order(1, 2, 1, SHIPPED)]).await);
    let other = SHIPPED.replace("1Z9", "1Z8");
    let outcome = sent("SO027", vec![order(1, 2, 1, &other)]).await;
    assert_eq!(refused(&outcome).0.kind, ProblemKind::ShipRefused);
}

#[tokio::test]
async fn a_lost_shipment_is_looked_up_by_its_packages() {
    let look = |line: Line| async move {
        let world = world(vec![line]);
        let aftersales = world.adapter.aftersales().expect("aftersales");
        let batch = batch("ship", vec![change_of("157", 1, parcel(&[("A1", 2)]))]);
        aftersales
            .look_up(&batch)
            .await
            .expect("outcomes")
            .remove(0)
    };
    assert_applied(&look(order(1, 2, 1, SHIPPED)).await);
    assert!(matches!(refused(&look(open()).await).1, Retry::After(_)));
    let other = SHIPPED.replace("1Z9", "1Z8");
    assert_eq!(look(order(1, 2, 1, &other)).await.fate, Fate::Unknown);
    let none = line(
        ORDERS,
        200,
        r#"{"PageInfo":{"TotalCount":"0"},"OrderInfoList":null}"#,
    );
    assert_eq!(refused(&look(none).await).0.kind, ProblemKind::OrderUnknown);
    // Without an answer nobody knows; one that is there already is not sent again.
    let lines = vec![open(), line(STATUS, 0, "")];
    let (outcome, _) = act(parcel(&[("A1", 2)]), "ship", lines).await;
    assert_eq!(outcome.fate, Fate::Unknown);
    let shipped = vec![order(1, 2, 1, SHIPPED)];
    assert_applied(&act(parcel(&[("A1", 2)]), "ship", shipped).await.0);
}

#[tokio::test]
async fn an_order_that_cannot_be_read_has_not_been_acted_on() {
    let (outcome, _) = act(
        parcel(&[("A1", 2)]),
        "ship",
        vec![line(ORDERS, 200, "<html>")],
    )
    .await;
    assert!(matches!(refused(&outcome).1, Retry::After(_)));
    let world = world(vec![line(ORDERS, 403, r#"[{"Code":"AccessDenied"}]"#)]);
    let aftersales = world.adapter.aftersales().expect("aftersales");
    let batch = batch("ship", vec![change_of("157", 1, parcel(&[("A1", 2)]))]);
    let error = aftersales.submit(&batch).await.expect_err("forbidden");
    assert_eq!(error.kind, ErrorKind::Forbidden);
}

#[tokio::test]
async fn what_newegg_ships_is_not_the_sellers() {
    let Line { status, body, .. } = open();
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    let theirs = body.replace(
        "\"OrderStatus\"",
        "\"FulfillmentOption\":\"1\",\"OrderStatus\"",
    );
    for action in [
        parcel(&[("A1", 2)]),
        cancel(&[("A1", 2), ("B1", 1)], CancelReason::OutOfStock),
    ] {
        let lane = if matches!(action, Action::Ship(_)) {
            "ship"
        } else {
            "cancel"
        };
        let lines = vec![line(ORDERS, status, theirs.clone())];
        let (outcome, _) = act(action, lane, lines).await;
        assert_eq!(refused(&outcome).1, Retry::No);
    }
}

#[tokio::test]
async fn a_whole_order_is_voided_with_its_reason() {
    let void = r#"{"IsSuccess":true,"Result":{"OrderNumber":"157","OrderStatus":"Void"}}"#;
    for (reason, number) in [
        (CancelReason::OutOfStock, "24"),
        (CancelReason::BuyerAsked, "72"),
        (CancelReason::PriceError, "73"),
        (CancelReason::AddressProblem, "74"),
    ] {
        let action = cancel(&[("A1", 2), ("B1", 1)], reason);
        let (outcome, world) = act(action, "cancel", vec![open(), line(STATUS, 200, void)]).await;
        assert_applied(&outcome);
        let body = format!(r#"{{"Action":"1","Value":"{number}"}}"#);
        assert_eq!(world.bodies()[1], body);
    }
    let all = || cancel(&[("A1", 2), ("B1", 1)], CancelReason::OutOfStock);
    let said = r#"{"IsSuccess":true}"#;
    let (outcome, _) = act(all(), "cancel", vec![open(), line(STATUS, 200, said)]).await;
    assert_eq!(outcome.fate, Fate::Unknown);
    let code = r#"[{"Code":"SO006","Message":"Only unshipped."}]"#;
    let (outcome, _) = act(all(), "cancel", vec![open(), line(STATUS, 400, code)]).await;
    assert_eq!(refused(&outcome).0.kind, ProblemKind::CancelRefused);
    let code = r#"[{"Code":"SO008","Message":"Void already."}]"#;
    let lines = vec![open(), line(STATUS, 400, code), order(4, 1, 1, "null")];
    assert_applied(&act(all(), "cancel", lines).await.0);
    // It is void already: nothing is sent.
    assert_applied(&act(all(), "cancel", vec![order(4, 1, 1, "null")]).await.0);
}

#[tokio::test]
async fn lines_are_removed_whole() {
    let one = || cancel(&[("B1", 1)], CancelReason::OutOfStock);
    let done = r#"{"IsSuccess":true,"ResponseBody":{"Orders":{"OrderNumber":"157","Result":
        {"ItemList":{"Item":[{"SellerPartNumber":"B1"}]}}}}}"#;
    let (outcome, world) = act(one(), "cancel", vec![open(), line(KILL, 200, done)]).await;
    assert_applied(&outcome);
    assert_eq!(
        world.bodies()[1],
        concat!(
            r#"{"OperationType":"KillItemRequest","RequestBody":{"KillItem":{"Order":"#,
            r#"{"ItemList":{"Item":[{"SellerPartNumber":"B1"}]}}}}}"#
        )
    );
    let said = r#"{"IsSuccess":true,"ResponseBody":{}}"#;
    let (outcome, _) = act(one(), "cancel", vec![open(), line(KILL, 200, said)]).await;
    assert_eq!(outcome.fate, Fate::Unknown);
    let memo = r#"{"IsSuccess":"false","Memo":"Not possible any more."}"#;
    let (outcome, _) = act(one(), "cancel", vec![open(), line(KILL, 200, memo)]).await;
    let (problem, _) = refused(&outcome);
    assert_eq!(problem.kind, ProblemKind::CancelRefused);
    assert_eq!(
        problem.vendor.expect("words").text,
        "Not possible any more."
    );
    // Part of a line is refused in words, unsent.
    let part = cancel(&[("A1", 1)], CancelReason::OutOfStock);
    let (outcome, _) = act(part, "cancel", vec![open()]).await;
    assert_eq!(refused(&outcome).0.kind, ProblemKind::LineInvalid);
    // What has left is not cancelled.
    let shipped = cancel(&[("A1", 2)], CancelReason::OutOfStock);
    let (outcome, _) = act(shipped, "cancel", vec![order(1, 2, 1, SHIPPED)]).await;
    assert_eq!(refused(&outcome).0.kind, ProblemKind::CancelRefused);
}

#[tokio::test]
async fn orders_are_confirmed_together() {
    let world = world(vec![line(
        CONFIRM,
        200,
        r#"{"IsSuccess":"true","ResponseBody":{}}"#,
    )]);
    let aftersales = world.adapter.aftersales().expect("aftersales");
    let changes = vec![
        change_of("157", 1, Action::Acknowledge),
        change_of("158", 2, Action::Acknowledge),
    ];
    let batched = batch("acknowledge", changes.clone());
    let outcomes = aftersales.submit(&batched).await.expect("outcomes");
    assert_eq!(outcomes.len(), 2);
    outcomes.iter().for_each(assert_applied);
    assert_eq!(
        world.bodies()[0],
        concat!(
            r#"{"OperationType":"OrderConfirmationRequest","RequestBody":"#,
            r#"{"DownloadedOrderList":{"OrderNumber":["157","158"]}}}"#
        )
    );
    // One bad number spoils no other.
    let bad = r#"[{"Code":"SO003","Message":"158"}]"#;
    let world = super::script::world(vec![
        line(CONFIRM, 400, bad),
        line(CONFIRM, 200, r#"{"IsSuccess":true}"#),
        line(CONFIRM, 400, bad),
    ]);
    let aftersales = world.adapter.aftersales().expect("aftersales");
    let outcomes = aftersales.submit(&batch("acknowledge", changes)).await;
    let outcomes = outcomes.expect("outcomes");
    assert_applied(&outcomes[0]);
    assert_eq!(refused(&outcomes[1]).0.kind, ProblemKind::OrderUnknown);
    world.finished();
}

#[test]
fn nothing_is_given_back_through_the_api() {
    let world = world(vec![]);
    let capability = world.adapter.capability();
    assert!(!capability.offers(barrow_model::ActionKind::Refund));
    assert!(!capability.offers(barrow_model::ActionKind::Revise));
}
