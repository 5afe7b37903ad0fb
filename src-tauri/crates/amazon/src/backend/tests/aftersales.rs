//! Telling that goods have left.

use barrow_market::{Fate, Retry};
use barrow_model::{
    Action, Change, ChangeId, OrderLineQuantity, OrderRef, OrderRowId, ProblemKind, ShipRequest,
    Target,
};
use barrow_wire::testing::{World, batch, line, now};

use super::script::{refusal, site, world};

const ID: &str = "111-1111111-1111111";
const SHIP: &str = "POST /orders/v0/orders/111-1111111-1111111/shipmentConfirmation";
const READ: &str = "GET /orders/2026-01-01/orders/111-1111111-1111111?";
const REFUSED: &str = r#"{"errors":[{"code":"InvalidInput",
    "message":"PackageToUpdateNotFound"}]}"#;

fn ship() -> Change {
    Change {
        id: ChangeId(1),
        target: Target::Order(OrderRef {
            id: OrderRowId(1),
            order_id: ID.to_owned(),
            site: site(),
            placed_at: now() - chrono::TimeDelta::hours(1),
        }),
        action: Action::Ship(ShipRequest {
            reference: "S-7".to_owned(),
            carrier: "Pony Mail".to_owned(),
            service: Some("Ground".to_owned()),
            tracking: "1Z9".to_owned(),
            tracking_url: None,
            // The seller's clock runs ahead.
            shipped_at: now() + chrono::TimeDelta::hours(2),
            lines: vec![OrderLineQuantity {
                line_id: "81".to_owned(),
                quantity: 2,
            }],
        }),
    }
}

fn order(program: &str, packages: &str) -> String {
    format!(
        r#"{{"order":{{"orderId":"{ID}","createdTime":"2026-11-22T07:00:00Z",
        "lastUpdatedTime":"2026-11-22T07:30:00Z","programs":["{program}"],
        "salesChannel":{{"channelName":"AMAZON","marketplaceId":"ATVPDKIKX0DER"}},
        "fulfillment":{{"fulfillmentStatus":"UNSHIPPED","fulfilledBy":"MERCHANT"}},
        "packages":[{packages}],"orderItems":[{{"orderItemId":"81","quantityOrdered":2,
        "product":{{"sellerSku":"A1"}}}}]}}}}"#
    )
}

const OURS: &str = r#"{"packageReferenceId":"7","trackingNumber":"1Z9",
    "packageItems":[{"orderItemId":"81","quantity":2}]}"#;

async fn submit(world: &World) -> barrow_market::Outcome {
    let aftersales = world.adapter.aftersales().expect("shipments");
    let told = aftersales.submit(&batch("ship", vec![ship()])).await;
    told.expect("outcomes").remove(0)
}

#[tokio::test]
async fn a_package_is_told_with_a_stable_number_and_a_date_that_can_be() {
    let world = world(vec![line(SHIP, 204, ""), line(SHIP, 204, "")]);
    for _ in 0..2 {
        let outcome = submit(&world).await;
        assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
    }
    let body = world.body(0);
    assert_eq!(body, world.body(1), "the same number edits");
    for text in [
        r#""marketplaceId":"ATVPDKIKX0DER""#,
        r#""carrierCode":"Other","carrierName":"Pony Mail","shippingMethod":"Ground""#,
        r#""shipDate":"2026-11-22T08:00:00.000Z""#,
        r#""orderItems":[{"orderItemId":"81","quantity":2}]"#,
    ] {
        assert!(body.contains(text), "{body}");
    }
    world.finished();
}

#[tokio::test]
async fn what_is_shipped_already_is_done() {
    let world = world(vec![
        line(SHIP, 400, REFUSED.replace('\n', " ")),
        line(READ, 200, order("PRIME", OURS)),
    ]);
    let outcome = submit(&world).await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
    world.finished();
}

#[tokio::test]
async fn a_refusal_keeps_amazons_words_and_names_its_own_shipping() {
    for (program, named) in [("PRIME", None), ("FBM_SHIP_PLUS", Some("FBM_SHIP_PLUS"))] {
        let world = world(vec![
            line(SHIP, 400, REFUSED.replace('\n', " ")),
            line(READ, 200, order(program, "")),
        ]);
        let problem = refusal(&submit(&world).await);
        assert_eq!(problem.kind, ProblemKind::ShipRefused);
        assert_eq!(problem.params.get("program").map(String::as_str), named);
        let vendor = problem.vendor.expect("its words");
        assert_eq!(vendor.text, "PackageToUpdateNotFound");
        world.finished();
    }
}

#[tokio::test]
async fn an_unknown_order_is_told() {
    let world = world(vec![line(SHIP, 404, "")]);
    assert_eq!(
        refusal(&submit(&world).await).kind,
        ProblemKind::OrderUnknown
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_answer_the_order_tells() {
    let mut lines: Vec<_> = (0..3).map(|_| line(SHIP, 0, "")).collect();
    lines.push(line(READ, 200, order("PRIME", OURS)));
    lines.push(line(READ, 200, order("PRIME", "")));
    lines.push(line(READ, 404, ""));
    let world = world(lines);
    assert_eq!(submit(&world).await.fate, Fate::Unknown);
    let aftersales = world.adapter.aftersales().expect("shipments");
    let asked = batch("ship", vec![ship()]);
    let told = aftersales.look_up(&asked).await.expect("outcomes");
    assert!(matches!(told[0].fate, Fate::Applied { .. }), "{told:?}");
    let told = aftersales.look_up(&asked).await.expect("outcomes");
    let Fate::Refused { retry, .. } = &told[0].fate else {
        panic!("again, not {told:?}");
    };
    assert!(matches!(retry, Retry::After(_)));
    let told = aftersales.look_up(&asked).await.expect("outcomes");
    assert_eq!(refusal(&told[0]).kind, ProblemKind::OrderUnknown);
    world.finished();
}
