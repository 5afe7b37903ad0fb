//! Acting on orders (walmart.md §7.3).

use barrow_market::{Fate, Outcome};
use barrow_model::{
    Action, Change, ChangeId, OrderLineQuantity, OrderRef, OrderRowId, ProblemKind, ShipRequest,
    Target,
};
use barrow_wire::testing::{World, batch, line, now};
use chrono::TimeDelta;

use super::script::{site, world};

fn change(action: Action) -> Change {
    Change {
        id: ChangeId(1),
        target: Target::Order(OrderRef {
            id: OrderRowId(1),
            order_id: "15781".to_owned(),
            site: site(),
            placed_at: now() - TimeDelta::days(1),
        }),
        action,
    }
}

fn parcel(carrier: &str, url: Option<&str>) -> Action {
    Action::Ship(ShipRequest {
        reference: "R-1".to_owned(),
        carrier: carrier.to_owned(),
        service: None,
        tracking: "1Z9".to_owned(),
        tracking_url: url.map(str::to_owned),
        shipped_at: now() + TimeDelta::days(2),
        lines: vec![OrderLineQuantity {
            line_id: "1".to_owned(),
            quantity: 1,
        }],
    })
}

fn order(status: &str, tracking: &str, intent: &str) -> String {
    format!(
        r#"{{"order":{{"purchaseOrderId":"15781","orderDate":1580821000000,"orderLines":
        {{"orderLine":[{{"lineNumber":"1","item":{{"sku":"A"}},"orderLineQuantity":{{"amount":"1"}},
        "intentToCancel":{intent},"charges":{{"charge":[{{"chargeType":"PRODUCT","chargeAmount":
        {{"currency":"USD","amount":10}}}}]}},"orderLineStatuses":{{"orderLineStatus":
        [{{"status":"{status}","statusQuantity":{{"amount":"1"}},
        "trackingInfo":{tracking}}}]}}}}]}}}}}}"#
    )
}

async fn submit(world: &World, lane: &'static str, action: Action) -> Vec<Outcome> {
    let aftersales = world.adapter.aftersales().expect("aftersales");
    let batch = batch(lane, vec![change(action)]);
    aftersales.submit(&batch).await.expect("outcomes")
}

#[tokio::test]
async fn a_parcel_is_told_with_a_time_that_can_be() {
    let shipped = order("Shipped", "null", "null");
    let world = world(vec![line("POST /v3/orders/15781/shipping", 200, shipped)]);
    let outcomes = submit(&world, "ship", parcel("ups", None)).await;
    assert!(matches!(outcomes[0].fate, Fate::Applied { .. }));
    let body = world.last_body();
    let at = format!("\"shipDateTime\":{}", now().timestamp_millis());
    assert!(body.contains(&at), "not in the future: {body}");
    assert!(
        body.contains(r#""carrierName":{"carrier":"UPS"}"#),
        "{body}"
    );
}

#[tokio::test]
async fn an_unlisted_carrier_needs_a_tracking_address() {
    let world = world(vec![line("POST /v3/orders/15781/shipping", 200, "{}")]);
    let outcomes = submit(&world, "ship", parcel("Pony", None)).await;
    let Fate::Refused { problem, .. } = &outcomes[0].fate else {
        panic!("refused, not {outcomes:?}");
    };
    assert_eq!(problem.kind, ProblemKind::CarrierInvalid);
    assert_eq!(problem.field.as_deref(), Some("tracking_url"));
    let outcomes = submit(&world, "ship", parcel("Pony", Some("https://t.example"))).await;
    assert!(matches!(outcomes[0].fate, Fate::Applied { .. }));
    assert!(world.last_body().contains(r#"{"otherCarrier":"Pony"}"#));
}

#[tokio::test]
async fn a_parcel_that_left_although_the_buyer_cancelled_says_so() {
    let refused = r#"{"errors":[{"code":"INVALID_REQUEST_CONTENT.GMP_ORDER_API"}]}"#;
    let world = world(vec![
        line("POST /v3/orders/15781/shipping", 400, refused),
        line(
            "GET /v3/orders/15781",
            200,
            order("Acknowledged", "null", "\"YES\""),
        ),
        line("POST /v3/orders/15781/shipping", 200, "{}"),
    ]);
    let outcomes = submit(&world, "ship", parcel("UPS", None)).await;
    assert!(matches!(outcomes[0].fate, Fate::Applied { .. }));
    assert!(
        world
            .last_body()
            .contains(r#""intentToCancelOverride":true"#)
    );
}

#[tokio::test]
async fn a_parcel_without_an_answer_is_looked_up() {
    let info = r#"{"trackingNumber":"1Z9","carrierName":{"carrier":"UPS"}}"#;
    let world = world(vec![
        line("POST /v3/orders/15781/shipping", 0, ""),
        line("GET /v3/orders/15781", 200, order("Shipped", info, "null")),
        line(
            "GET /v3/orders/15781",
            200,
            order("Acknowledged", "null", "null"),
        ),
    ]);
    let outcomes = submit(&world, "ship", parcel("UPS", None)).await;
    assert_eq!(outcomes[0].fate, Fate::Unknown);
    let aftersales = world.adapter.aftersales().expect("aftersales");
    let batch = batch("ship", vec![change(parcel("UPS", None))]);
    let found = aftersales.look_up(&batch).await.expect("outcomes");
    assert!(matches!(found[0].fate, Fate::Applied { .. }));
    let missing = aftersales.look_up(&batch).await.expect("outcomes");
    assert!(matches!(missing[0].fate, Fate::Refused { .. }));
    world.finished();
}

#[tokio::test]
async fn a_full_refund_gives_back_every_charge() {
    let world = world(vec![
        line(
            "GET /v3/orders/15781",
            200,
            order("Shipped", "null", "null"),
        ),
        line("POST /v3/orders/15781/refund", 200, "{}"),
    ]);
    let refund = Action::Refund {
        line_id: None,
        amount: None,
        reason: barrow_model::RefundReason::NotAsDescribed,
        comment: None,
    };
    let outcomes = submit(&world, "refund", refund).await;
    assert!(matches!(outcomes[0].fate, Fate::Applied { .. }));
    let body = world.last_body();
    assert!(body.contains(r#""isFullRefund":true"#) && body.contains(r#""amount":-10.00"#));
}

#[tokio::test]
async fn a_full_refund_gives_back_what_was_paid_and_nothing_of_cancelled_lines() {
    let line_of = |number: &str, status: &str| {
        format!(
            r#"{{"lineNumber":"{number}","item":{{"sku":"A"}},"orderLineQuantity":{{"amount":"1"}},
            "charges":{{"charge":[
            {{"chargeType":"PRODUCT","chargeName":"ItemPrice","chargeAmount":{{"currency":"USD",
                "amount":10}}}},
            {{"chargeType":"PRODUCT","chargeName":"SubscriptionDiscount","chargeAmount":
                {{"currency":"USD","amount":-0.5}}}}]}},"orderLineStatuses":{{"orderLineStatus":
            [{{"status":"{status}","statusQuantity":{{"amount":"1"}}}}]}}}}"#
        )
    };
    let lines = [line_of("1", "Shipped"), line_of("2", "Cancelled")].join(",");
    let body = format!(
        r#"{{"order":{{"purchaseOrderId":"15781","orderDate":1580821000000,"orderLines":
        {{"orderLine":[{lines}]}}}}}}"#
    );
    let world = world(vec![
        line("GET /v3/orders/15781", 200, body),
        line("POST /v3/orders/15781/refund", 200, "{}"),
    ]);
    let refund = Action::Refund {
        line_id: None,
        amount: None,
        reason: barrow_model::RefundReason::NotAsDescribed,
        comment: None,
    };
    submit(&world, "refund", refund).await;
    let body = world.last_body();
    assert!(body.contains(r#""amount":-9.50"#), "{body}");
    assert!(!body.contains(r#""lineNumber":"2""#), "{body}");
}
