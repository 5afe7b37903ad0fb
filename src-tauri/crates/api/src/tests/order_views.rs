//! The list of orders, one from near, and work on many.

use barrow_model::{Currency, Money, Order, PaymentState};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{World, order};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_305_600 + seconds, 0).expect("an instant")
}

/// An order of some mugs that must leave so many hours from now.
fn mugs(number: &str, hours: i64, quantity: u32) -> Order {
    let mut order = order();
    order.order_id = number.into();
    order.placed_at = at(-1000 - hours);
    order.ship_by = Some(at(hours * 3600));
    order.total = Some(Money::new(1250 * i64::from(quantity), Currency::USD));
    order.lines.truncate(1);
    order.lines[0].quantity = quantity;
    order
}

/// The scripted order with its unknown vase, and four of mugs: one late, one unpaid.
pub(super) async fn world() -> World {
    let world = World::with_mug().await;
    world.call("pull", json!({})).await;
    let account = world.api.account("shop").await.expect("an account").id;
    let mut unpaid = mugs("U-4", 50, 1);
    unpaid.payment_state = PaymentState::Pending;
    let mut other = mugs("M-3", 30, 3);
    other.lines[0].title = "Grüne Tasse".into();
    other.buyer.as_mut().expect("a buyer").name = Some("Zoë Müller".into());
    let stored = world.store.write(|tx| {
        for order in [mugs("M-1", -2, 1), mugs("M-2", 3, 2), other, unpaid] {
            tx.store_order(account, &order, &order.order_id, false)?;
        }
        Ok(())
    });
    stored.expect("stores");
    world
}

fn numbers(answer: &Value) -> Vec<&str> {
    let rows = answer["rows"].as_array().expect("rows");
    rows.iter()
        .filter_map(|row| row["order_id"].as_str())
        .collect()
}

#[tokio::test]
async fn orders_are_listed_by_the_day_on_which_they_must_leave() {
    let world = world().await;
    let ask = json!({"filter": {"tab": "to_ship"}});
    let answer = world.call("order_rows", ask).await;
    assert_eq!(numbers(&answer), ["M-1", "M-2", "M-3", "17"], "{answer}");
    let groups = answer["groups"].as_array().expect("groups");
    let told: Vec<_> = groups
        .iter()
        .map(|group| {
            (
                &group["day"],
                &group["at"],
                &group["count"],
                &group["sums"][0]["amount"],
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (&json!("2026-11-21"), &json!(0), &json!(1), &json!("12.50")),
            (&json!("2026-11-22"), &json!(1), &json!(1), &json!("25.00")),
            (&json!("2026-11-23"), &json!(2), &json!(1), &json!("37.50")),
            (&Value::Null, &json!(3), &json!(1), &json!("37.50")),
        ]
    );
    let east = json!({"filter": {"tab": "to_ship"}, "offset_minutes": 180});
    let answer = world.call("order_rows", east).await;
    assert_eq!(answer["groups"][0]["count"], 2);
    let row = &answer["rows"][3];
    assert_eq!(
        [
            &row["order"],
            &row["buyer"],
            &row["units"],
            &row["unmatched"],
            &row["problem"]
        ],
        [
            &json!("shop/17"),
            &json!("Ada"),
            &json!(3),
            &json!(1),
            &json!("sku_unmatched")
        ]
    );
    let counts = world.call("order_counts", json!({})).await;
    let tabs = counts["tabs"].as_array().expect("tabs").iter();
    let tabs: Vec<_> = tabs.map(|tab| tab["count"].as_u64()).collect();
    assert_eq!(
        (tabs, &counts["all"]),
        ([4, 1, 1, 0, 0].map(Some).to_vec(), &json!(5))
    );
}

#[tokio::test]
async fn filters_orders_and_words_narrow_the_list() {
    let world = world().await;
    let check = async |request: Value, expected: &[&str]| {
        let answer = world.call("order_rows", request.clone()).await;
        assert_eq!(numbers(&answer), expected, "{request} {answer}");
        assert_eq!(answer["total"], expected.len());
    };
    check(json!({"filter": {"tab": "needs_you"}}), &["17"]).await;
    check(json!({"filter": {"states": ["pending"]}}), &["U-4"]).await;
    check(json!({"filter": {"ship_before": at(0)}}), &["M-1"]).await;
    check(
        json!({"filter": {"ship_from": at(0), "accounts": ["SHOP"]}}),
        &["M-2", "M-3", "U-4"],
    )
    .await;
    check(
        json!({"filter": {"total_min": 3750}, "sort": "number"}),
        &["17", "M-3"],
    )
    .await;
    check(json!({"filter": {"unmatched": true}}), &["17"]).await;
    check(json!({"filter": {"own": false}}), &[]).await;
    check(json!({"search": "zoë müll"}), &["M-3"]).await;
    check(json!({"search": "tasse"}), &["M-3"]).await;
    check(json!({"search": "vase-9"}), &["17"]).await;
    check(json!({"search": "mug M-"}), &["M-1", "M-2", "M-3"]).await;
    check(json!({"search": "nobody"}), &[]).await;
    let descending = json!({"sort": "total", "descending": true, "limit": 1, "at": 1});
    let answer = world.call("order_rows", descending).await;
    assert_eq!((numbers(&answer).len(), &answer["total"]), (1, &json!(5)));
}

#[tokio::test]
async fn forgotten_people_are_not_found() {
    let world = world().await;
    let id = world.api.find_order("M-3").await.expect("an order");
    world.store.write(|tx| tx.erase_people(id)).expect("erases");
    for (text, expected) in [("müller", 0), ("tasse", 1)] {
        let answer = world.call("order_rows", json!({"search": text})).await;
        assert_eq!(answer["total"], expected, "{text}");
    }
    let detail = world.call("order_detail", json!({"order": "M-3"})).await;
    assert_eq!(detail["order"]["buyer"], Value::Null);
    assert!(detail["erased_at"].is_string());
}

#[tokio::test]
async fn an_order_from_near_tells_its_shelves_its_story_and_what_can_be_done() {
    let world = world().await;
    let detail = world.call("order_detail", json!({"order": "17"})).await;
    assert_eq!(
        detail["lines"][0],
        json!({"line_id": "1", "title": "Blue mug", "open": 2, "left": 2, "on_hand": 3,
            "places": [{"location": detail["lines"][0]["places"][0]["location"], "on_hand": 3}]})
    );
    assert_eq!(detail["lines"][1]["on_hand"], Value::Null);
    let kinds = |detail: &Value| -> Vec<String> {
        let entries = detail["timeline"].as_array().expect("a timeline").iter();
        entries
            .map(|entry| entry["kind"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(kinds(&detail), ["placed", "pulled"]);
    let actions = json!({"ship": true, "ship_untracked": false, "cancel": false,
        "reject_cancel": false, "refund": false, "match_line": true});
    assert_eq!(detail["actions"], actions);
    let parcel = json!({"order": "M-2", "carrier": "USPS", "tracking": "9400"});
    world.call("ship", parcel).await;
    let shipped = world.call("order_detail", json!({"order": "M-2"})).await;
    assert_eq!(shipped["actions"]["ship"], false);
    assert_eq!(kinds(&shipped), ["placed", "pulled", "shipped", "change"]);
    assert_eq!(shipped["timeline"][2]["value"], "9400");
    let row = world.call("order_rows", json!({"search": "M-2"})).await;
    assert_eq!(row["rows"][0]["confirmation"], "queued");
}

#[tokio::test]
async fn what_is_not_paid_or_has_no_number_is_shipped_only_as_the_seller_and_the_marketplace_will()
{
    let world = world().await;
    let mut parcel = json!({"order": "U-4", "carrier": "USPS", "tracking": "9400"});
    let refused = world.call("ship", parcel.clone()).await;
    assert_eq!(refused["refused"][0]["kind"], "not_paid", "{refused}");
    parcel["unpaid"] = json!(true);
    let shipped = world.call("ship", parcel).await;
    assert_eq!(
        (&shipped["done"], &shipped["refused"]),
        (&json!(1), &json!([]))
    );
    let bare = json!({"order": "M-1", "carrier": "", "tracking": "", "untracked": true});
    let refused = world.call("ship", bare).await;
    assert_eq!(
        refused["refused"][0]["kind"], "tracking_needed",
        "{refused}"
    );
}

#[tokio::test]
async fn many_are_shipped_picked_and_packed_together() {
    let world = world().await;
    let orders = json!({"orders": ["M-2", "17", "M-3", "M-2"]});
    let picked = world.call("pick_list", orders.clone()).await;
    assert_eq!(
        (&picked["units"], picked["rows"].as_array().map(Vec::len)),
        (&json!(7), Some(1))
    );
    let row = &picked["rows"][0];
    assert_eq!(
        (&row["product"]["sku"], row["places"][0]["on_hand"].as_i64()),
        (&json!("MUG-1"), Some(3))
    );
    assert_eq!(row["orders"].as_array().map(Vec::len), Some(3));
    assert_eq!(picked["unmatched"][0]["sku"], "VASE-9");
    let packed = world.call("packing_slips", orders).await;
    let slips = packed["slips"].as_array().expect("slips");
    assert_eq!(slips.len(), 3);
    assert_eq!(
        slips[1]["lines"][1],
        json!({"line_id": "2", "sku": "VASE-9", "title": "Blue mug", "quantity": 1})
    );
    assert_eq!(slips[1]["order"]["ship_to"]["city"], "Reno");
    let parcel = |order: &str| json!({"order": order, "carrier": "USPS", "tracking": "1"});
    let shipped = world
        .call(
            "ship_many",
            json!({"orders": [parcel("M-1"), parcel("M-9"), parcel("M-2"), parcel("M-1")]}),
        )
        .await;
    assert_eq!(
        (
            &shipped["done"],
            shipped["changes"].as_array().map(Vec::len)
        ),
        (&json!(2), Some(2))
    );
    let refused = shipped["refused"].as_array().expect("a list").iter();
    let refused: Vec<_> = refused.map(|one| (&one["order"], &one["kind"])).collect();
    assert_eq!(
        refused,
        [
            (&json!("M-9"), &json!("not_found")),
            (&json!("shop/M-1"), &json!("ship_refused"))
        ]
    );
}

#[tokio::test]
async fn an_unknown_line_is_told_with_what_it_may_be() {
    let world = world().await;
    world
        .import("sku,title,price\nVASE-9-BLUE,Blue vase,5.00\n")
        .await;
    let all = world.call("unmatched_lines", json!({})).await;
    assert_eq!(all["lines"][0]["order"], "shop/17");
    let one = world.call("unmatched_lines", json!({"order": "17"})).await;
    let candidates = one["lines"][0]["candidates"]
        .as_array()
        .expect("candidates");
    let skus: Vec<_> = candidates
        .iter()
        .filter_map(|row| row["sku"].as_str())
        .collect();
    assert_eq!(skus, ["VASE-9-BLUE", "MUG-1"], "{one}");
    world
        .call(
            "match_line",
            json!({"order": "17", "line_id": "2", "sku": "VASE-9-BLUE"}),
        )
        .await;
    assert_eq!(
        world.call("unmatched_lines", json!({})).await["lines"],
        json!([])
    );
    let found = world
        .call("order_rows", json!({"search": "vase-9-blue"}))
        .await;
    assert_eq!(numbers(&found), ["17"]);
}

#[tokio::test]
async fn a_cancellation_that_cannot_be_is_told_before() {
    let world = world().await;
    let told = world.call("cancel_preview", json!({"order": "17"})).await;
    assert_eq!(told["problem"]["kind"], "unsupported", "{told}");
    assert_eq!(
        (&told["lines"], &told["whole"]),
        (&json!([]), &json!(false))
    );
}
