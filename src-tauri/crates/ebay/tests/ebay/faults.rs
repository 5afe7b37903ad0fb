//! Faults of eBay's own: one entry's, everyone's, and what is not known because of them.

use barrow_market::{Fate, Retry};
use barrow_model::{Action, Change, ProblemKind};
use serde_json::{Value, json};

use crate::listings::{PRICES, batch, change, responses, submit};
use crate::orders::{order, page, sweep};
use crate::requests::usd;
use crate::script::{Reply, Script, answer, connect_with, ok};

/// eBay's own words for a fault of its own (ebay.md §12).
fn fault() -> Reply {
    answer(
        500,
        json!({"errors": [{"errorId": 25001, "message": "system error"}]}),
    )
}

/// Until the adapter gives up: once, and the short retries of a harmless call.
fn faults(calls: usize) -> Vec<Reply> {
    (0..calls * TRIES).map(|_| fault()).collect()
}

pub(crate) const TRIES: usize = 3;

fn prices(skus: &[&str]) -> Vec<Change> {
    let of_one = |(place, sku): (usize, &&str)| {
        let binding = [("offer_id", *sku)];
        let id = i64::try_from(place).expect("a few") + 1;
        change(id, sku, &binding, Action::SetPrice(usd(999)))
    };
    skus.iter().enumerate().map(of_one).collect()
}

fn set(sku: &str) -> Reply {
    responses(json!([{"sku": sku, "offerId": sku, "statusCode": 200}]))
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_ebay_stumbles_over_spoils_no_other() {
    let mut replies = faults(1);
    replies.push(set("A"));
    replies.extend(faults(1));
    replies.push(set("C"));
    let script = Script::new(replies);
    let fates = submit(&script, &batch("price_quantity", prices(&["A", "B", "C"]))).await;
    assert_eq!(fates[0], Fate::Applied { binding: None });
    assert_eq!(fates[2], Fate::Applied { binding: None });
    // It is tried again so often as a fault may take to pass, and then told.
    assert!(
        matches!(
            &fates[1],
            Fate::Refused {
                retry: Retry::After(_),
                ..
            }
        ),
        "{fates:?}"
    );
    assert!(script.lines().iter().all(|line| line == PRICES));
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_all_entries_meet_is_nobodys() {
    let script = Script::new(faults(4));
    let skus = ["A", "B", "C", "D", "E", "F"];
    let (adapter, _) = connect_with(&script);
    let role = adapter.listings().expect("listings are offered");
    let told = role.submit(&batch("price_quantity", prices(&skus))).await;
    let error = told.expect_err("nothing was done");
    assert_eq!(error.to_problem().kind, ProblemKind::MarketplaceDown);
    assert_eq!(
        script.lines().len(),
        4 * TRIES,
        "the other three are not tried"
    );
}

fn parted() -> Value {
    let mut parted = order();
    parted["lineItems"][0]["quantity"] = json!(5);
    parted["lineItems"][0]["lineItemFulfillmentStatus"] = json!("FULFILLED");
    parted["fulfillmentHrefs"] = json!(["https://api.ebay.com/x/shipping_fulfillment/94001234"]);
    parted["lastModifiedDate"] = json!("2026-10-01T08:00:00.000Z");
    parted
}

#[tokio::test(start_paused = true)]
async fn a_line_of_several_units_is_shipped_as_far_as_its_packages_tell() {
    let script = Script::new([page(vec![parted()], false), packages(2)]);
    let pages = sweep(&script, 1).await;
    assert_eq!(pages[0].orders[0].order.lines[0].quantity_shipped, 2);
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_packages_cannot_be_read_holds_up_no_other_and_is_read_again() {
    let mut replies = vec![page(vec![parted()], false)];
    replies.extend(faults(1));
    let script = Script::new(replies);
    let (adapter, _) = connect_with(&script);
    let role = adapter.orders().expect("orders are offered");
    let stream = role.streams()[0].id;
    let since = crate::script::beginning();
    let mut cursor = role.start(stream, since).expect("a beginning");
    let pull = async |cursor: &mut barrow_market::Cursor, replies: Vec<Reply>| {
        if !replies.is_empty() {
            *script.replies.lock().expect("it is unlocked") = replies.into();
        }
        let page = role.pull(stream, cursor, &[]).await.expect("it is read");
        assert!(!page.more && page.covered_through.is_some());
        *cursor = page.next.clone();
        let orders = page.orders.iter();
        orders
            .map(|one| one.order.lines[0].quantity_shipped)
            .collect::<Vec<u32>>()
    };
    // One unit has left for certain.
    assert_eq!(pull(&mut cursor, Vec::new()).await, [1]);
    let mut still = vec![page(Vec::new(), false), ok(parted())];
    still.extend(faults(1));
    assert!(pull(&mut cursor, still).await.is_empty());
    let told = vec![page(Vec::new(), false), ok(parted()), packages(2)];
    assert_eq!(pull(&mut cursor, told).await, [2]);
    let asked = script.lines().len();
    let nothing = vec![page(Vec::new(), false)];
    assert!(pull(&mut cursor, nothing).await.is_empty());
    assert_eq!(script.lines().len(), asked + 1, "it is known now");
}

fn packages(units: u32) -> Reply {
    ok(json!({"fulfillments": [{"fulfillmentId": "94001234",
        "shipmentTrackingNumber": "94001234", "shippingCarrierCode": "USPS",
        "lineItems": [{"lineItemId": "10", "quantity": units}]}], "total": 1}))
}

fn ids<'a>(records: impl IntoIterator<Item = &'a barrow_market::RawRecord>) -> Vec<&'a str> {
    let ids = records.into_iter();
    ids.map(|raw| raw.order_id.as_deref().expect("an id"))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_packages_stay_unknown_is_given_up_and_told() {
    let mut replies = vec![page(vec![parted()], false)];
    replies.extend(faults(1));
    let script = Script::new(replies);
    let (adapter, _) = connect_with(&script);
    let role = adapter.orders().expect("orders are offered");
    let stream = role.streams()[0].id;
    let begin = role
        .start(stream, crate::script::beginning())
        .expect("a beginning");
    let first = role.pull(stream, &begin, &[]).await.expect("it is read");
    let mut cursor = first.next;
    let mut pull = async |replies: Vec<Reply>| {
        script.replies.lock().expect("unlocked").extend(replies);
        let page = role.pull(stream, &cursor, &[]).await.expect("it is read");
        assert!(!page.more && page.orders.is_empty(), "nothing is new");
        cursor = page.next;
        page.unreadable
    };
    let still = || {
        let mut still = vec![page(Vec::new(), false), ok(parted())];
        still.extend(faults(1));
        still
    };
    for _ in 1..96 {
        assert!(pull(still()).await.is_empty());
    }
    let told = pull(still()).await;
    assert_eq!(ids(told.iter().map(|(raw, _)| raw)), ["13-14786-65872"]);
    assert_eq!(told[0].1.kind, ProblemKind::OrderUnreadable);
    assert_eq!(told[0].1.field, "order");
    let nothing = pull(vec![page(Vec::new(), false)]).await;
    assert!(nothing.is_empty(), "it is asked for and told once");
}

#[tokio::test(start_paused = true)]
async fn a_sweep_waits_where_no_more_orders_can_be_read_again() {
    let all: Vec<Value> = (0..201)
        .map(|number| {
            let mut one = parted();
            one["orderId"] = json!(format!("o-{number}"));
            one
        })
        .collect();
    let mut replies = vec![page(all.clone(), false)];
    replies.extend(faults(all.len()));
    let script = Script::new(replies);
    let (adapter, clock) = connect_with(&script);
    let role = adapter.orders().expect("orders are offered");
    let stream = role.streams()[0].id;
    let since = crate::script::beginning();
    let begin = role.start(stream, since).expect("a beginning");
    let held = role.pull(stream, &begin, &[]).await.expect("it is read");
    assert_eq!(held.orders.len(), 201, "the orders themselves are there");
    assert_eq!(ids(held.unreadable.iter().map(|(raw, _)| raw)), ["o-200"]);
    assert_eq!((held.more, held.covered_through), (false, Some(since)));
    clock.skip(900);
    let mut replies = vec![page(all.clone(), false)];
    replies.extend(all.iter().map(|_| packages(2)));
    script.replies.lock().expect("unlocked").extend(replies);
    let read = role
        .pull(stream, &held.next, &[])
        .await
        .expect("it is read");
    let lines = script.lines();
    let windows: Vec<&String> = lines
        .iter()
        .filter(|line| line.contains("/order?"))
        .collect();
    assert_eq!(windows[0], windows[1], "the same is read again");
    assert!(read.unreadable.is_empty());
    let shipped = |one: &barrow_market::PulledOrder| one.order.lines[0].quantity_shipped;
    assert!(read.orders.iter().all(|one| shipped(one) == 2));
    assert!(read.covered_through > Some(since), "it goes on");
}

fn refused(number: i64) -> Reply {
    let errors = json!([{"errorId": number, "message": "no"}]);
    responses(json!([{"sku": "A", "offerId": "A", "statusCode": 400, "errors": errors}]))
}

#[tokio::test(start_paused = true)]
async fn a_bad_price_keeps_no_zero_from_going() {
    let script = Script::new([refused(25003), set("A"), refused(25003)]);
    let binding = [("offer_id", "A")];
    let both = vec![
        change(1, "A", &binding, Action::SetPrice(usd(1))),
        change(2, "A", &binding, Action::SetQuantity(0)),
    ];
    let fates = submit(&script, &batch("price_quantity", both)).await;
    assert!(matches!(&fates[0], Fate::Refused { .. }), "{fates:?}");
    assert_eq!(fates[1], Fate::Applied { binding: None });
    assert_eq!(script.lines(), [PRICES; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_listing_is_ended_only_where_it_is_known_that_it_cannot_be_kept() {
    let check = |number: i64, ends: bool| async move {
        let listed = json!({"offerId": "A", "status": "PUBLISHED",
            "listing": {"listingStatus": "ACTIVE"}});
        let may_not_ask = json!({"errors": [{"errorId": 1100, "message": "no"}]});
        let mut replies = vec![refused(number), ok(listed), answer(403, may_not_ask)];
        if ends {
            replies.push(ok(json!({"listingId": "110"})));
        }
        let script = Script::new(replies);
        let zero = change(1, "A", &[("offer_id", "A")], Action::SetQuantity(0));
        let fates = submit(&script, &batch("price_quantity", vec![zero])).await;
        assert_eq!(matches!(&fates[0], Fate::Ended { .. }), ends, "{fates:?}");
        let withdrawn = script.lines().iter().any(|line| line.contains("withdraw"));
        assert_eq!(withdrawn, ends, "{number}");
    };
    check(25004, true).await;
    check(25002, false).await;
}
