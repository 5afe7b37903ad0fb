//! Reading orders.

use barrow_market::{Cursor, ErrorKind, OrderPage};
use barrow_model::OrderState;
use barrow_wire::testing::{World, line, now};

use super::script::{world, world_with};

const ORDERS: &str = "GET /orders/2026-01-01/orders?marketplaceIds=ATVPDKIKX0DER\
    &lastUpdatedAfter=2026-11-22T06%3A55%3A00.000Z&maxResultsPerPage=100&includedData=";
const DENIED: &str = r#"{"errors":[{"code":"Unauthorized","message":"Access is denied."}]}"#;
const BAD: &str = r#"{"errors":[{"code":"InvalidInput","message":"Invalid request."}]}"#;

fn order(id: &str, state: &str) -> String {
    format!(
        r#"{{"orderId":"{id}","createdTime":"2026-11-22T07:00:00Z",
        "lastUpdatedTime":"2026-11-22T07:30:00Z","salesChannel":{{"channelName":"AMAZON",
        "marketplaceId":"ATVPDKIKX0DER"}},"fulfillment":{{"fulfillmentStatus":"{state}",
        "fulfilledBy":"MERCHANT"}},"orderItems":[{{"orderItemId":"81","quantityOrdered":1,
        "product":{{"sellerSku":"A1"}}}}]}}"#
    )
}

fn page(orders: &[String], token: Option<&str>) -> String {
    let pagination = match token {
        Some(token) => format!(r#","pagination":{{"nextToken":"{token}"}}"#),
        None => String::new(),
    };
    format!(
        r#"{{"orders":[{}]{pagination},"lastUpdatedBefore":"2026-11-22T07:57:00Z"}}"#,
        orders.join(",")
    )
}

fn start(world: &World) -> Cursor {
    let orders = world.adapter.orders().expect("orders");
    let hour_ago = now() - chrono::TimeDelta::hours(1);
    let stream = orders.streams()[0].id;
    orders.start(stream, hour_ago).expect("a cursor")
}

async fn pull(world: &World, cursor: &Cursor) -> OrderPage {
    let orders = world.adapter.orders().expect("orders");
    let stream = orders.streams()[0].id;
    orders.pull(stream, cursor, &[]).await.expect("a page")
}

#[tokio::test]
async fn pages_repeat_their_question_and_the_next_one_overlaps() {
    let world = world(vec![
        line(ORDERS, 200, page(&[order("1", "PENDING")], Some("t/1"))),
        line(ORDERS, 200, page(&[order("2", "UNSHIPPED")], None)),
        line(
            "GET /orders/2026-01-01/orders?marketplaceIds=ATVPDKIKX0DER\
            &lastUpdatedAfter=2026-11-22T07%3A52%3A00.000Z",
            200,
            page(&[], None),
        ),
    ]);
    let first = pull(&world, &start(&world)).await;
    assert!(first.more && first.covered_through.is_none());
    assert_eq!(first.orders[0].order.state(), OrderState::Pending);
    let second = pull(&world, &first.next).await;
    assert!(world.target(1).ends_with("&paginationToken=t%2F1"));
    assert!(
        world
            .target(1)
            .contains("includedData=BUYER,RECIPIENT,PROCEEDS,EXPENSE,")
    );
    assert!(!second.more);
    let covered = second.covered_through.expect("it is covered");
    assert_eq!(covered.to_rfc3339(), "2026-11-22T07:57:00+00:00");
    let third = pull(&world, &second.next).await;
    assert!(third.orders.is_empty());
    world.finished();
}

#[tokio::test]
async fn a_record_that_cannot_be_read_stops_no_other() {
    let bad = r#"{"orderId":"9","createdTime":"soon","orderItems":[]}"#.to_owned();
    let world = world(vec![line(
        ORDERS,
        200,
        page(&[bad, order("2", "UNSHIPPED")], None),
    )]);
    let found = pull(&world, &start(&world)).await;
    assert_eq!(found.orders[0].order.order_id, "2");
    let (raw, issue) = &found.unreadable[0];
    assert_eq!(
        (raw.order_id.as_deref(), issue.field.as_str()),
        (Some("9"), "createdTime")
    );
    let orders = world.adapter.orders().expect("orders");
    assert!(orders.read_record(raw).is_err());
    assert!(orders.read_record(&found.orders[0].raw).is_ok());
}

#[tokio::test]
async fn what_is_refused_with_orders_is_left_out_for_hours() {
    for (status, body) in [(403, DENIED), (400, BAD)] {
        let reduced = format!("{ORDERS}PROCEEDS,CANCELLATION");
        let all = format!("{ORDERS}BUYER,");
        let world = world(vec![
            line(&all, status, body),
            line(&reduced, 200, page(&[order("1", "UNSHIPPED")], Some("t"))),
            line(&reduced, 200, page(&[], None)),
            line("GET /orders/2026-01-01/orders?", 200, page(&[], None)),
        ]);
        let first = pull(&world, &start(&world)).await;
        assert_eq!(first.orders.len(), 1);
        let last = pull(&world, &first.next).await;
        world.clock.advance(6 * 3600 + 1);
        pull(&world, &last.next).await;
        assert!(world.target(3).contains("includedData=BUYER,"));
        world.finished();
    }
}

#[tokio::test]
async fn a_missing_role_is_an_error_with_its_name() {
    let world = world(vec![line(ORDERS, 403, DENIED), line(ORDERS, 403, DENIED)]);
    let orders = world.adapter.orders().expect("orders");
    let stream = orders.streams()[0].id;
    let told = orders.pull(stream, &start(&world), &[]).await;
    let error = told.expect_err("a missing role");
    assert_eq!(error.kind, ErrorKind::Forbidden);
    let problem = error.to_problem();
    assert_eq!(problem.params["permission"], "Inventory and Order Tracking");
    world.finished();
}

#[tokio::test]
async fn a_token_that_died_begins_the_reading_again() {
    let world = world(vec![
        line(ORDERS, 200, page(&[order("1", "UNSHIPPED")], Some("t"))),
        line(ORDERS, 400, BAD),
        line(ORDERS, 200, page(&[order("1", "UNSHIPPED")], Some("u"))),
    ]);
    let first = pull(&world, &start(&world)).await;
    let dead = pull(&world, &first.next).await;
    assert!(dead.more && dead.orders.is_empty());
    let again = pull(&world, &dead.next).await;
    assert_eq!(again.orders.len(), 1);
    world.clock.advance(23 * 3600);
    let old = pull(&world, &again.next).await;
    assert!(
        old.more && old.orders.is_empty(),
        "a day-old token is not tried"
    );
    world.finished();
}

#[tokio::test]
async fn the_scarce_call_is_not_made_while_its_limit_is_used_up() {
    let lines = (0..19).map(|_| line("GET /orders/2026-01-01/orders?", 200, page(&[], None)));
    let world = world(lines.collect());
    let cursor = start(&world);
    for _ in 0..19 {
        pull(&world, &cursor).await;
    }
    let orders = world.adapter.orders().expect("orders");
    let told = orders.pull(orders.streams()[0].id, &cursor, &[]).await;
    let error = told.expect_err("nineteen at once, and one is kept back");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(
        (error.not_before.expect("a time") - now()).num_seconds(),
        178
    );
    world.finished();
}

#[tokio::test]
async fn an_answer_without_the_list_is_not_taken_for_an_empty_one() {
    for body in [
        r#"{"unexpected":[]}"#,
        r#"{"orders":null}"#,
        r#"{"orders":{}}"#,
    ] {
        let world = world(vec![line("GET /orders/2026-01-01/orders?", 200, body)]);
        let orders = world.adapter.orders().expect("orders");
        let told = orders
            .pull(orders.streams()[0].id, &start(&world), &[])
            .await;
        assert_eq!(told.expect_err(body).kind, ErrorKind::Unreadable);
    }
}

#[tokio::test]
async fn orders_are_read_by_id_and_unknown_ones_are_missing() {
    let one = "GET /orders/2026-01-01/orders/111-1?includedData=BUYER,";
    let none = "GET /orders/2026-01-01/orders/";
    let world = world_with(
        &[],
        vec![
            line(
                one,
                200,
                format!(r#"{{"order":{}}}"#, order("111-1", "SHIPPED")),
            ),
            line(none, 404, ""),
            line(none, 400, BAD),
            line(none, 400, BAD),
        ],
    );
    let orders = world.adapter.orders().expect("orders");
    let ids = ["111-1", "111-2", "nonsense"].map(str::to_owned);
    let page = orders.fetch(&ids).await.expect("a page");
    assert_eq!(page.orders.len(), 1);
    assert_eq!(page.orders[0].order.state(), OrderState::Shipped);
    world.finished();
}
