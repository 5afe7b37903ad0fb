//! Reading orders.

use std::time::Duration;

use barrow_market::RawRecord;
use barrow_model::{FulfilledBy, Money, Order, OrderState, ProblemKind};
use serde_json::Value;

use super::Suite;
use super::bench::Bench;
use super::pulling::{Pulled, TOLD_WITHIN};
use super::tap::Call;

/// From the start, pulling until there is no more gives every order, whole; however many there are.
pub async fn pull_gives_every_order(suite: &Suite) {
    // None, one, and more than two pages of 200.
    for count in [0, 1, 450] {
        let bench = suite.bench().await;
        let listings = bench.publish(&[1], 900).await;
        let mut cursors = bench.cursors();
        let mut placed = bench.order_many(&listings[0].sku, count);
        bench.pass(TOLD_WITHIN);
        let pulled = bench.pull(&mut cursors).await;
        placed.sort();
        assert_eq!(pulled.ids(), placed, "all {count} of them");
        assert!(pulled.unreadable.is_empty(), "{:?}", pulled.unreadable);
        assert!(count < 400 || pulled.pages > 2, "{} pages", pulled.pages);
        let price = (suite.subject.offer)(1).price;
        for order in pulled.orders.values().map(|pulled| &pulled.order) {
            assert_whole(&bench, order, price);
        }
    }
    order_of_two_lines(suite).await;
}

fn assert_whole(bench: &Bench, order: &Order, price: Money) {
    let id = &order.order_id;
    assert_eq!(order.site, bench.site(), "{id}");
    assert_eq!(order.state(), OrderState::ToShip, "{id}");
    assert_eq!(order.fulfilled_by, FulfilledBy::Seller, "{id}");
    assert!(order.placed_at <= bench.now(), "{id}");
    assert!(order.buyer.is_some(), "{id} has a buyer");
    let ship_to = order.ship_to.as_ref().expect("it goes somewhere");
    let told = [
        &ship_to.name,
        &ship_to.line1,
        &ship_to.city,
        &ship_to.postal_code,
    ];
    assert!(
        told.iter()
            .all(|part| part.as_ref().is_some_and(|text| !text.is_empty())),
        "{id}"
    );
    assert_eq!(ship_to.country.as_ref().map(String::len), Some(2), "{id}");
    assert_eq!(order.lines.len(), 1, "{id}");
    let line = &order.lines[0];
    assert_eq!(
        line.sku.as_ref().map(|sku| sku.as_str()),
        Some("HP-1"),
        "{id}"
    );
    assert_eq!((line.quantity, line.open()), (1, 1), "{id}");
    assert_eq!(line.unit_price, Some(price), "{id}");
    assert_eq!(line.subtotal, Some(price), "{id}");
    assert!(!line.line_id.is_empty() && !line.title.is_empty(), "{id}");
    assert_eq!(order.amounts.items, Some(price), "{id}");
    let total = order.total.or(order.amounts.total).expect("it has a total");
    let discount = order.amounts.discount.map_or(0, |discount| discount.minor);
    assert!(
        discount >= 0 && total.minor + discount >= price.minor,
        "{id}: {total:?}"
    );
}

/// Units and lines come as they were ordered.
async fn order_of_two_lines(suite: &Suite) {
    let bench = suite.bench().await;
    let listings = bench.publish(&[1, 2], 9).await;
    let mut cursors = bench.cursors();
    let placed = bench.order(&[(&listings[0].sku, 2), (&listings[1].sku, 3)]);
    bench.pass(TOLD_WITHIN);
    let pulled = bench.pull(&mut cursors).await;
    let order = &pulled.orders[&placed].order;
    let mut units: Vec<(String, u32)> = order
        .lines
        .iter()
        .map(|line| {
            (
                line.sku.clone().expect("it has one").to_string(),
                line.quantity,
            )
        })
        .collect();
    units.sort();
    // A marketplace may tell units one by one.
    let sum = |sku: &str| -> u32 {
        let of_sku = units.iter().filter(|(known, _)| known == sku);
        of_sku.map(|(_, quantity)| *quantity).sum()
    };
    assert_eq!((sum("HP-1"), sum("HP-2")), (2, 3), "{units:?}");
    let mut ids: Vec<&String> = order.lines.iter().map(|line| &line.line_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), order.lines.len(), "a line has an id of its own");
}

/// Nothing to read is no error: no orders, no ids, nothing new since the last pull.
pub async fn an_empty_answer_is_no_error(suite: &Suite) {
    let bench = suite.bench().await;
    let mut cursors = bench.cursors();
    for _ in 0..3 {
        let pulled = bench.pull(&mut cursors).await;
        assert!(pulled.orders.is_empty() && pulled.unreadable.is_empty());
        assert_eq!(pulled.covered.len(), bench.orders().streams().len());
        bench.pass(Duration::from_secs(3_600));
    }
    let page = bench.orders().fetch(&[]).await.expect("no ids, no orders");
    assert!(page.orders.is_empty() && page.unreadable.is_empty());
}

/// Makes the record of one order unreadable, wherever it stands in an answer: its own scalars stay,
/// everything that should be a list or an object becomes a number.
fn spoil(value: &mut Value, order_id: &str) -> bool {
    match value {
        Value::Array(items) => {
            let mut spoilt = false;
            for item in items {
                spoilt |= spoil(item, order_id);
            }
            spoilt
        }
        Value::Object(map) => {
            if map.values().any(|part| is_text(part, order_id)) {
                for part in map.values_mut().filter(|p| p.is_array() || p.is_object()) {
                    *part = Value::from(7);
                }
                return true;
            }
            map.values_mut()
                .fold(false, |spoilt, part| spoil(part, order_id) | spoilt)
        }
        _ => false,
    }
}

/// Whether a value is this text, or a number that reads so.
fn is_text(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Number(own) => own.to_string() == text,
        _ => false,
    }
}

fn spoiling(order_id: &str) -> super::tap::Tamper {
    let order_id = order_id.to_owned();
    Box::new(move |call: &Call| {
        let (_, _, body) = call.answer.as_ref()?;
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let mut answer: Value = serde_json::from_slice(body).ok()?;
        spoil(&mut answer, &order_id).then(|| answer.to_string().into())
    })
}

/// A record that cannot be read is given whole, with why; the others are orders.
pub async fn one_unreadable_record_stops_no_other(suite: &Suite) {
    let bench = suite.bench().await;
    let listings = bench.publish(&[1], 50).await;
    let start = bench.cursors();
    let placed = bench.order_many(&listings[0].sku, 7);
    let victim = &placed[3];
    bench.pass(TOLD_WITHIN);
    bench.tamper(Some(spoiling(victim)));
    let pulled = bench.pull(&mut start.clone()).await;
    assert_victim_apart(&bench, &pulled, &placed, victim);
    let fetched = bench.fetch_page(&placed[2..5]).await;
    assert_eq!(fetched.orders.len(), 2);
    assert_eq!(fetched.unreadable.len(), 1);
    bench.tamper(None);
    // Once it can be read, it is read as any other.
    let pulled = bench.pull(&mut start.clone()).await;
    assert_eq!(pulled.orders.len(), placed.len());
    assert!(pulled.unreadable.is_empty());
    for pulled in pulled.orders.values() {
        let again = bench
            .orders()
            .read_record(&pulled.raw)
            .expect("it was readable");
        let mut expected = pulled.order.clone();
        // What other calls told beside the record is not in it.
        expected.shipments.clone_from(&again.order.shipments);
        assert_eq!(again.order, expected);
    }
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "7",
        "{\"orderId\":",
        "<html></html>",
    ] {
        let record = RawRecord {
            order_id: None,
            body: body.to_owned(),
        };
        let read = bench.orders().read_record(&record);
        assert!(read.is_err(), "{body:?} is no order");
    }
}

fn assert_victim_apart(bench: &Bench, pulled: &Pulled, placed: &[String], victim: &String) {
    let mut others: Vec<&str> = placed
        .iter()
        .filter(|id| *id != victim)
        .map(|id| &**id)
        .collect();
    others.sort_unstable();
    assert_eq!(pulled.ids(), others, "the others are orders");
    let [(raw, issue)] = pulled.unreadable.as_slice() else {
        panic!("one record is unreadable: {:?}", pulled.unreadable);
    };
    assert_eq!(raw.order_id.as_ref(), Some(victim), "its id could be read");
    assert!(
        raw.body.contains(victim.as_str()),
        "the record is given whole"
    );
    assert_eq!(issue.kind, ProblemKind::OrderUnreadable);
    assert!(!issue.field.is_empty() && !issue.expected.is_empty());
    assert!(
        !format!("{issue:?}").contains('7'),
        "the value found is not told: {issue:?}"
    );
    let again = bench
        .orders()
        .read_record(raw)
        .map(|read| read.order.order_id);
    assert_eq!(again.as_ref(), Err(issue), "and still cannot be read");
}

/// Orders are read by id; unknown ids are missing from the answer.
pub async fn fetch_reads_by_id(suite: &Suite) {
    let bench = suite.bench().await;
    let listings = bench.publish(&[1], 50).await;
    let placed = bench.order_many(&listings[0].sku, 5);
    // Ids of the marketplace's own form that it does not know.
    let unknown = |id: &String| -> String {
        let turned = id.chars().map(|c| match c.to_digit(10) {
            Some(digit) => char::from_digit(9 - digit, 10).unwrap_or(c),
            None => c,
        });
        turned.collect()
    };
    let ids = vec![placed[1].clone(), unknown(&placed[0]), placed[4].clone()];
    let page = bench.fetch_page(&ids).await;
    let mut found: Vec<&str> = page.orders.iter().map(|one| &*one.order.order_id).collect();
    found.sort_unstable();
    let mut expected = vec![placed[1].as_str(), placed[4].as_str()];
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(page.unreadable.is_empty() && !page.more);
    let none = bench.fetch_page(&[unknown(&placed[2])]).await;
    assert!(none.orders.is_empty() && none.unreadable.is_empty());
    let most = bench.adapter.capability().fetch_orders_max;
    let many = bench.order_many(&listings[0].sku, most.min(40));
    let page = bench.fetch_page(&many).await;
    assert_eq!(page.orders.len(), many.len());
}

/// An order that is not paid yet is given as pending, with its units open, and given again when it
/// is paid. Where orders are paid before they are told, there is nothing to see.
pub async fn a_pending_order_waits(suite: &Suite) {
    let bench = suite.bench().await;
    let listings = bench.publish(&[1], 5).await;
    if !bench.has_fault("pending_order", 1) {
        return;
    }
    let mut cursors = bench.cursors();
    let placed = bench.order(&[(&listings[0].sku, 2)]);
    let told = bench.fetch(&placed).await;
    assert_eq!(told.state(), OrderState::Pending, "{told:?}");
    let open: u32 = told.lines.iter().map(|line| line.open()).sum();
    assert_eq!(open, 2, "its units are not free any more");
    assert_eq!(bench.held_of(&listings[0].sku)[0].quantity, 3);
    let pulled = bench.pull(&mut cursors).await;
    for one in pulled.orders.values() {
        assert_eq!(one.order.state(), OrderState::Pending);
    }
    bench.pass_settled();
    let pulled = bench.pull(&mut cursors).await;
    assert_eq!(pulled.orders[&placed].order.state(), OrderState::ToShip);
}
