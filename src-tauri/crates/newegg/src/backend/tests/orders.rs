//! Paging through orders: statuses, Pacific windows, versions, and open orders by number.

use barrow_market::{Cursor, ErrorKind, OrderPage, StreamId};
use barrow_wire::testing::{Line, World, line, now};
use chrono::TimeDelta;

use super::script::world;

const ORDERS: &str = "PUT /marketplace/ordermgmt/order/orderinfo?sellerid=A0xX&version=315";
const OLD: &str = "PUT /marketplace/ordermgmt/order/orderinfo?sellerid=A0xX&version=304";
const NEW: StreamId = StreamId("orders");
const OPEN: StreamId = StreamId("open");

fn order(id: &str, channel: u32) -> String {
    format!(
        r#"{{"OrderNumber":"{id}","OrderDate":"11/21/2026 8:00:00","OrderStatus":0,"SalesChannel":
        {channel},"ItemInfoList":[{{"SellerPartNumber":"A1","OrderedQty":1}}]}}"#
    )
}

fn page(ids: &[&str], total: u32) -> String {
    let orders: Vec<String> = ids.iter().map(|id| order(id, 0)).collect();
    format!(
        r#"{{"NeweggAPIResponse":{{"IsSuccess":"true","ResponseBody":{{"PageInfo":{{"TotalCount":
        "{total}","TotalPageCount":"{}","PageSize":"100","PageIndex":"1"}},"OrderInfoList":
        {{"OrderInfo":[{}]}}}}}}}}"#,
        total.div_ceil(100),
        orders.join(",")
    )
}

fn none() -> Line {
    line(ORDERS, 200, page(&[], 0))
}

fn start(world: &World, stream: StreamId) -> Cursor {
    let orders = world.adapter.orders().expect("orders");
    let since = now() - TimeDelta::hours(1);
    orders.start(stream, since).expect("a cursor")
}

/// Pulls to the end; at most twenty pages.
async fn pull(
    world: &World,
    stream: StreamId,
    mut cursor: Cursor,
    open: &[String],
) -> Vec<OrderPage> {
    let orders = world.adapter.orders().expect("orders");
    let mut pages = Vec::new();
    for _ in 0..20 {
        let page = orders.pull(stream, &cursor, open).await.expect("a page");
        cursor = page.next.clone();
        let more = page.more;
        pages.push(page);
        if !more {
            return pages;
        }
    }
    panic!("no end");
}

fn ids(pages: &[OrderPage]) -> Vec<&str> {
    let orders = pages.iter().flat_map(|page| &page.orders);
    orders
        .map(|pulled| pulled.order.order_id.as_str())
        .collect()
}

#[tokio::test]
async fn every_status_is_read_and_open_ones_far_back() {
    let world = world(vec![
        none(),
        line(ORDERS, 200, page(&["1"], 1)),
        none(),
        line(ORDERS, 200, page(&["2"], 1)),
        none(),
        none(),
    ]);
    let pages = pull(&world, NEW, start(&world, NEW), &[]).await;
    world.finished();
    assert_eq!(ids(&pages), ["1", "2"]);
    let last = pages.last().expect("pages");
    assert_eq!(last.covered_through, Some(now()));
    assert!(pages[..5].iter().all(|page| page.covered_through.is_none()));
    let bodies = world.bodies();
    let asked = |status: u32, from: &str| {
        format!(
            "\"RequestCriteria\":{{\"Status\":\"{status}\",\"Type\":\"0\",\
             \"OrderDateFrom\":\"{from}\",\
             \"OrderDateTo\":\"2026-11-22 00:01:00\",\"OrderDownloaded\":\"0\"}}"
        )
    };
    // Eight o'clock is midnight there; what may be open still goes back fourteen days.
    for (body, status) in bodies.iter().zip([5, 0, 1, 2, 3, 4]) {
        let open = [5, 0, 1].contains(&status);
        let from = if open {
            "2026-11-07 22:45:00"
        } else {
            "2026-11-21 21:45:00"
        };
        assert!(body.contains(&asked(status, from)), "{body}");
        let head = r#"{"OperationType":"GetOrderInfoRequest","RequestBody":{"PageIndex":"1","#;
        assert!(
            body.starts_with(head) && body.contains(r#""PageSize":"100""#),
            "{body}"
        );
    }
}

#[tokio::test]
async fn pages_go_on_and_orders_that_move_up_are_not_missed() {
    let first: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let world = world(vec![
        none(),
        line(ORDERS, 200, page(&first, 250)),
        // One was shipped meanwhile: the rest has moved up by one.
        line(ORDERS, 200, page(&["x"], 249)),
        line(ORDERS, 200, page(&["y"], 249)),
        line(ORDERS, 200, page(&["x"], 249)),
        line(ORDERS, 200, page(&["z"], 249)),
        none(),
        none(),
        none(),
        none(),
    ]);
    pull(&world, NEW, start(&world, NEW), &[]).await;
    world.finished();
    let bodies = world.bodies();
    let asked: Vec<&str> = bodies[1..6]
        .iter()
        .filter_map(|body| body.split("\"PageIndex\":\"").nth(1)?.split('"').next())
        .collect();
    assert_eq!(asked, ["1", "2", "1", "2", "3"]);
}

#[tokio::test]
async fn pages_that_never_fit_together_are_an_error_and_not_a_loop() {
    let mut lines = vec![none()];
    lines.extend((0..9).map(|_| line(ORDERS, 200, page(&[], 50))));
    let world = world(lines);
    let orders = world.adapter.orders().expect("orders");
    let mut cursor = start(&world, NEW);
    for _ in 0..10 {
        match orders.pull(NEW, &cursor, &[]).await {
            Ok(page) => cursor = page.next,
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Unreadable);
                return;
            }
        }
    }
    panic!("no end");
}

#[tokio::test]
async fn an_old_platform_is_asked_in_the_old_version() {
    let refused = r#"[{"Code":"CE001","Message":"version"}]"#;
    let old = || line(OLD, 200, page(&[], 0));
    let world = world(vec![
        line(ORDERS, 400, refused),
        line(ORDERS, 400, refused),
        line(OLD, 200, page(&["1"], 1)),
        old(),
        old(),
        old(),
        old(),
    ]);
    let pages = pull(&world, NEW, start(&world, NEW), &[]).await;
    assert_eq!(ids(&pages), ["1"]);
    world.finished();
    // What both versions refuse is refused.
    let world = super::script::world(vec![
        line(ORDERS, 400, refused),
        line(ORDERS, 400, refused),
        line(OLD, 400, refused),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let first = orders
        .pull(NEW, &start(&world, NEW), &[])
        .await
        .expect("none");
    let error = orders
        .pull(NEW, &first.next, &[])
        .await
        .expect_err("refused");
    assert_eq!(error.kind, ErrorKind::Refused);
}

#[tokio::test]
async fn an_old_platform_is_asked_in_the_new_version_again_after_some_hours() {
    let refused = r#"[{"Code":"CE001","Message":"version"}]"#;
    let mut lines = vec![line(ORDERS, 400, refused), line(ORDERS, 400, refused)];
    lines.extend((0..5).map(|_| line(OLD, 200, page(&[], 0))));
    // Those that are not paid are asked for each time.
    lines.push(line(ORDERS, 400, refused));
    lines.extend((0..5).map(|_| line(OLD, 200, page(&[], 0))));
    lines.extend((0..6).map(|_| line(ORDERS, 200, page(&[], 0))));
    let world = world(lines);
    let first = pull(&world, NEW, start(&world, NEW), &[]).await;
    let next = |pages: &[OrderPage]| pages.last().expect("a page").next.clone();
    world.clock.advance(5 * 3_600);
    let second = pull(&world, NEW, next(&first), &[]).await;
    world.clock.advance(3_600);
    pull(&world, NEW, next(&second), &[]).await;
    world.finished();
}

#[tokio::test]
async fn a_platform_that_tells_of_unpaid_orders_knows_the_new_version() {
    let refused = r#"[{"Code":"CE001","Message":"now and then"}]"#;
    let mut lines = vec![line(ORDERS, 400, refused), line(ORDERS, 400, refused)];
    lines.extend((0..5).map(|_| line(OLD, 200, page(&[], 0))));
    lines.extend((0..6).map(|_| line(ORDERS, 200, page(&[], 0))));
    let world = world(lines);
    let first = pull(&world, NEW, start(&world, NEW), &[]).await;
    let next = first.last().expect("a page").next.clone();
    pull(&world, NEW, next, &[]).await;
    world.finished();
}

#[tokio::test]
async fn an_answer_that_is_none_is_no_empty_page() {
    for body in ["{\"hello\":1}", "<html>", "[]"] {
        let world = world(vec![line(ORDERS, 200, body)]);
        let orders = world.adapter.orders().expect("orders");
        let result = orders.pull(NEW, &start(&world, NEW), &[]).await;
        assert_eq!(
            result.expect_err(body).kind,
            ErrorKind::Unreadable,
            "{body}"
        );
    }
}

#[tokio::test]
async fn sales_of_other_channels_are_left_out_and_one_bad_record_stops_none() {
    let bad = r#"{"OrderNumber":"9","OrderDate":"?","ItemInfoList":7}"#;
    let list = [order("1", 0), order("2", 1), bad.to_owned(), order("3", 2)].join(",");
    let body = format!(r#"{{"PageInfo":{{"TotalCount":4}},"OrderInfoList":[{list}]}}"#);
    let world = world(vec![line(ORDERS, 200, body)]);
    let orders = world.adapter.orders().expect("orders");
    let page = orders
        .pull(NEW, &start(&world, NEW), &[])
        .await
        .expect("a page");
    assert_eq!(ids(std::slice::from_ref(&page)), ["1", "3"]);
    let (raw, issue) = &page.unreadable[0];
    assert_eq!(
        (raw.order_id.as_deref(), issue.field.as_str()),
        (Some("9"), "OrderDate")
    );
    assert_eq!(raw.body, bad);
    let read = orders
        .read_record(&page.orders[0].raw)
        .expect("it was readable");
    assert_eq!(read.order, page.orders[0].order);
}

#[tokio::test]
async fn open_orders_are_read_again_by_number() {
    let open: Vec<String> = (100..250).map(|n| n.to_string()).collect();
    let world = world(vec![
        line(ORDERS, 200, page(&["100", "101"], 2)),
        line(ORDERS, 200, page(&["249"], 1)),
    ]);
    let pages = pull(&world, OPEN, start(&world, OPEN), &open).await;
    world.finished();
    assert_eq!(ids(&pages), ["100", "101", "249"]);
    assert_eq!(pages[1].covered_through, Some(now()));
    let bodies = world.bodies();
    assert!(bodies[0].contains(r#""RequestCriteria":{"OrderNumberList":{"OrderNumber":["100","#));
    assert!(!bodies[0].contains("Status"), "{}", bodies[0]);
    assert!(bodies[1].contains(r#"["200","#) && bodies[1].contains(r#""249"]"#));
    // None are open: nobody is asked.
    let world = super::script::world(vec![]);
    let pages = pull(&world, OPEN, start(&world, OPEN), &[]).await;
    assert_eq!(pages[0].covered_through, Some(now()));
}

#[tokio::test]
async fn unknown_numbers_are_missing_from_the_answer() {
    let unknown = r#"[{"Code":"SO003","Message":"No such order."}]"#;
    let world = world(vec![
        line(ORDERS, 400, unknown),
        line(ORDERS, 400, unknown),
        line(ORDERS, 200, page(&["1"], 1)),
    ]);
    let orders = world.adapter.orders().expect("orders");
    let ids_asked = ["1".to_owned(), "2".to_owned()];
    let found = orders.fetch(&ids_asked).await.expect("no error");
    world.finished();
    assert_eq!(ids(&[found]), ["1"]);
}

#[tokio::test]
async fn in_the_autumn_hour_the_window_reaches_further() {
    let world = world((0..6).map(|_| none()).collect());
    // Half past one for the second time, ten hours after an hour that was read to its end.
    world
        .clock
        .set("2026-11-01T09:30:00Z".parse().expect("an instant"));
    let orders = world.adapter.orders().expect("orders");
    let since = "2026-11-01T08:45:00Z".parse().expect("an instant");
    let cursor = orders.start(NEW, since).expect("a cursor");
    pull(&world, NEW, cursor, &[]).await;
    let body = &world.bodies()[3];
    let from = r#""OrderDateFrom":"2026-11-01 00:30:00""#;
    let to = r#""OrderDateTo":"2026-11-01 02:31:00""#;
    assert!(body.contains(from) && body.contains(to), "{body}");
}

#[tokio::test]
async fn a_clock_that_runs_ahead_promises_nothing() {
    let world = world((0..6).map(|_| none()).collect());
    world
        .script
        .answer_with(&[("date", "Sun, 22 Nov 2026 07:50:00 GMT")]);
    let pages = pull(&world, NEW, start(&world, NEW), &[]).await;
    let covered = pages.last().and_then(|page| page.covered_through);
    assert_eq!(covered, Some(now() - TimeDelta::minutes(10)));
}
