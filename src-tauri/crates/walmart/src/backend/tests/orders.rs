//! Paging through orders (walmart.md §7.1).

use barrow_market::{Cursor, ErrorKind, StreamId};
use barrow_wire::testing::{Line, World, line, now};
use chrono::TimeDelta;

use super::script::world;

fn page(ids: &[&str], total: u32, next: Option<&str>) -> String {
    let order = |id: &&str| {
        format!(
            r#"{{"purchaseOrderId":"{id}","orderDate":1580821000000,"orderLines":{{"orderLine":
            {{"lineNumber":"1","item":{{"sku":"A"}},"orderLineQuantity":{{"amount":"1"}}}}}}}}"#
        )
    };
    let orders: Vec<String> = ids.iter().map(order).collect();
    let next = next.map_or("null".to_owned(), |next| format!("\"{next}\""));
    format!(
        r#"{{"list":{{"meta":{{"totalCount":{total},"limit":200,"nextCursor":{next}}},
        "elements":{{"order":[{}]}}}}}}"#,
        orders.join(",")
    )
}

const FIRST: &str = "GET /v3/orders?createdStartDate=2026-05-27T08:00:00Z\
    &lastModifiedStartDate=2026-11-22T06:45:00Z&limit=200&shipNodeType=";

fn start(world: &World, stream: StreamId) -> Cursor {
    let orders = world.adapter.orders().expect("orders");
    orders
        .start(stream, now() - TimeDelta::hours(1))
        .expect("a cursor")
}

#[tokio::test]
async fn pages_follow_the_cursor_as_it_came() {
    let world = world(vec![
        line(
            FIRST,
            200,
            page(&["1"], 2, Some("?limit=200&amp;soIndex=5%2B6&amp;a=b")),
        ),
        line(
            "GET /v3/orders?limit=200&soIndex=5%2B6&a=b",
            200,
            page(&["2"], 2, None),
        ),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let first = orders
        .pull(stream, &start(&world, stream), &[])
        .await
        .expect("a page");
    assert!(first.more);
    assert_eq!(first.covered_through, None);
    assert_eq!(first.total, Some(2));
    world.clock.advance(60);
    let second = orders.pull(stream, &first.next, &[]).await.expect("a page");
    assert!(!second.more);
    // What changed while paging is read by the next pull: covered is the sweep's beginning.
    assert_eq!(second.covered_through, Some(now()));
    world.finished();
}

#[tokio::test]
async fn each_stream_asks_for_its_nodes() {
    for (stream, node) in [("seller", "Seller"), ("wfs", "WFS"), ("3pl", "3PL")] {
        let world = world(vec![line(FIRST, 404, "")]);
        let orders = world.adapter.orders().expect("orders");
        let stream = StreamId(stream);
        let page = orders
            .pull(stream, &start(&world, stream), &[])
            .await
            .expect("a page");
        assert!(page.orders.is_empty() && !page.more);
        assert!(
            world
                .last_target()
                .ends_with(&format!("shipNodeType={node}Fulfilled"))
        );
    }
}

#[tokio::test]
async fn a_cursor_that_comes_back_is_an_error_and_not_a_loop() {
    let again = || page(&["1"], 9, Some("?a=1"));
    let world = world(vec![
        line("GET /v3/orders", 200, again()),
        line("GET /v3/orders?a=1", 200, again()),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let first = orders
        .pull(stream, &start(&world, stream), &[])
        .await
        .expect("a page");
    let error = orders
        .pull(stream, &first.next, &[])
        .await
        .expect_err("a loop");
    assert_eq!(error.kind, ErrorKind::Unreadable);
}

#[tokio::test]
async fn a_cursor_that_died_begins_the_sweep_again() {
    let world = world(vec![
        line("GET /v3/orders", 200, page(&["1"], 2, Some("?a=1"))),
        line(
            "GET /v3/orders?a=1",
            400,
            r#"{"errors":[{"code":"INVALID_REQUEST_PARAM.X"}]}"#,
        ),
        line(FIRST, 200, page(&["1", "2"], 2, None)),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let mut cursor = start(&world, stream);
    let mut read = Vec::new();
    for _ in 0..3 {
        let page = orders.pull(stream, &cursor, &[]).await.expect("a page");
        read.extend(page.orders.into_iter().map(|pulled| pulled.order.order_id));
        cursor = page.next;
    }
    assert_eq!(read, ["1", "1", "2"]);
    world.finished();
}

#[tokio::test]
async fn nothing_where_orders_were_announced_is_no_end() {
    let world = world(vec![
        line("GET /v3/orders", 200, page(&["1"], 2, Some("?a=1"))),
        line("GET /v3/orders?a=1", 404, ""),
        line(FIRST, 200, page(&["1"], 2, Some("?a=2"))),
        line("GET /v3/orders?a=2", 200, page(&["2"], 2, Some("?a=3"))),
        // All that were announced have come: a last page without any is the end.
        line("GET /v3/orders?a=3", 404, ""),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let mut cursor = start(&world, stream);
    let mut more = Vec::new();
    for _ in 0..5 {
        let page = orders.pull(stream, &cursor, &[]).await.expect("a page");
        more.push((page.more, page.covered_through.is_some()));
        cursor = page.next;
    }
    let going = (true, false);
    assert_eq!(more, [going, going, going, going, (false, true)]);
    world.finished();
}

#[tokio::test]
async fn a_clock_that_runs_ahead_leaves_no_order_out() {
    let world = world(vec![
        line("GET /v3/orders", 404, ""),
        line("GET /v3/orders", 404, ""),
    ]);
    // It is an hour earlier at Walmart.
    world
        .script
        .answer_with(&[("date", "Sun, 22 Nov 2026 07:00:00 GMT")]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let first = orders
        .pull(stream, &start(&world, stream), &[])
        .await
        .expect("a page");
    assert_eq!(first.covered_through, Some(now() - TimeDelta::hours(1)));
    orders.pull(stream, &first.next, &[]).await.expect("a page");
    assert!(
        world
            .last_target()
            .contains("lastModifiedStartDate=2026-11-22T06:45:00Z")
    );
}

#[tokio::test]
async fn a_refusal_of_too_many_orders_narrows_the_time() {
    let refusal = r#"{"errors":[{"code":"INVALID_REQUEST_PARAM.GMP_ORDER_API"}]}"#;
    let world = world(vec![
        line("GET /v3/orders", 400, refusal),
        line("GET /v3/orders", 200, page(&["1"], 1, None)),
        line("GET /v3/orders", 400, refusal),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let since = now() - TimeDelta::hours(36);
    let cursor = orders.start(stream, since).expect("a cursor");
    let page = orders.pull(stream, &cursor, &[]).await.expect("a page");
    let until = "lastModifiedEndDate=2026-11-21T13:52:30Z";
    assert!(world.last_target().contains(until));
    assert!(page.more && page.covered_through.is_none());
    // Within a day it is not for their number that they are refused.
    let error = orders.pull(stream, &page.next, &[]).await;
    assert_eq!(error.expect_err("refused").kind, ErrorKind::Refused);
}

#[tokio::test]
async fn too_many_orders_are_read_window_by_window() {
    let many = page(&["1"], 12_000, Some("?a=1"));
    let world = world(vec![
        line("GET /v3/orders", 200, many),
        line("GET /v3/orders", 200, page(&["1"], 1, None)),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let page = orders
        .pull(stream, &start(&world, stream), &[])
        .await
        .expect("a page");
    // Half of the 75 minutes from the overlap on.
    assert!(
        world
            .last_target()
            .contains("lastModifiedEndDate=2026-11-22T07:22:30Z")
    );
    assert!(page.more, "the rest of the time is still to come");
    assert_eq!(page.covered_through, None);
}

#[tokio::test]
async fn one_bad_record_stops_no_other() {
    let body = page(&["1", "2"], 2, None).replacen("\"orderDate\":1580821000000", "\"x\":0", 1);
    let world = world(vec![line("GET /v3/orders", 200, body)]);
    let orders = world.adapter.orders().expect("orders");
    let stream = StreamId("seller");
    let page = orders
        .pull(stream, &start(&world, stream), &[])
        .await
        .expect("a page");
    assert_eq!(page.orders[0].order.order_id, "2");
    let (raw, issue) = &page.unreadable[0];
    assert_eq!(raw.order_id.as_deref(), Some("1"));
    assert_eq!(issue.field, "orderDate");
    let again = orders.read_record(&page.orders[0].raw).expect("an order");
    assert_eq!(again.order, page.orders[0].order);
}

#[tokio::test]
async fn unknown_ids_are_missing() {
    let lines: Vec<Line> = vec![line("GET /v3/orders/77", 404, "")];
    let world = world(lines);
    let orders = world.adapter.orders().expect("orders");
    let page = orders.fetch(&["77".to_owned()]).await.expect("a page");
    assert!(page.orders.is_empty() && page.unreadable.is_empty());
}
