//! What waits for a yes, and the outbox as a whole.

use barrow_model::{
    AccountId, ActionKind, Currency, ListingId, ListingState, Money, Problem, ProblemKind,
};
use barrow_store::{ListingQuery, Priority, Values, Wish};
use serde_json::{Value, json};

use super::World;

/// Three mugs that are listed. The prices of two would fall far, one would be ended, and the
/// quantity of the last would fall to nothing.
async fn world() -> World {
    let world = World::new();
    world.add_account().await;
    world
        .import("sku,title,price,quantity\nA,Mug A,5.00,1\nB,Mug B,9.00,1\nC,Mug C,9.00,1\n")
        .await;
    world
        .call("listing_add", json!({"account": "shop", "all": true}))
        .await;
    let account = world.api.account("shop").await.expect("an account").id;
    let queued = world.store.write(|tx| {
        let ids = ids(tx, account)?;
        let far = Problem::new(ProblemKind::PriceMovesFar).field("price");
        let many = Problem::new(ProblemKind::ManyChanges);
        let emptied = Problem::new(ProblemKind::StockEmptied);
        for id in &ids {
            let price = Some(Money::new(500, Currency::USD));
            tx.store_wanted(
                *id,
                &Values {
                    price,
                    ..Values::default()
                },
            )?;
        }
        tx.queue_wish(&wish(
            ids[0],
            ActionKind::SetPrice,
            "9.00 USD",
            "5.00 USD",
            &far,
        ))?;
        tx.queue_wish(&wish(
            ids[1],
            ActionKind::SetPrice,
            "10.00 USD",
            "5.00 USD",
            &far,
        ))?;
        tx.queue_wish(&wish(ids[2], ActionKind::SetQuantity, "4", "0", &emptied))?;
        tx.move_listing(ids[1], ListingState::Ending)?;
        tx.queue_wish(&wish(ids[1], ActionKind::End, "4", "ended", &many))
    });
    queued.expect("queues");
    world
}

fn ids(
    db: &barrow_store::Reader<'_>,
    account: AccountId,
) -> Result<Vec<ListingId>, barrow_store::StoreError> {
    let rows = db.listings_page(&ListingQuery {
        account_id: Some(account),
        state: None,
        sku_id: None,
        after: None,
        limit: 10,
    })?;
    Ok(rows.iter().map(|row| row.listing.id).collect())
}

fn wish(
    listing_id: ListingId,
    kind: ActionKind,
    before: &str,
    after: &str,
    held: &Problem,
) -> Wish {
    let priority = match kind {
        ActionKind::SetQuantity => Priority::QuantityDown,
        ActionKind::End => Priority::End,
        _ => Priority::Price,
    };
    Wish {
        listing_id,
        kind,
        priority,
        before: Some(before.into()),
        after: Some(after.into()),
        held: Some(held.clone()),
        needs_preparing: false,
    }
}

#[tokio::test]
async fn what_is_held_is_told_by_why_and_answered_one_by_one_or_whole() {
    let world = world().await;
    let held = world.call("held_groups", json!({})).await;
    assert_eq!(held["total"], 4);
    let prices = &held["groups"][0];
    assert_eq!(
        [
            &prices["change"],
            &prices["why"],
            &prices["count"],
            &prices["can_drop"]
        ],
        [
            &json!("set_price"),
            &json!("price_moves_far"),
            &json!(2),
            &json!(true)
        ]
    );
    assert_eq!(
        prices["rows"][1],
        json!({"id": prices["rows"][1]["id"], "sku": "B", "title": "Mug B",
            "from": "10.00 USD", "to": "5.00 USD", "by": -500, "origin": null})
    );
    let group = json!({"account": "shop", "change": "set_price", "why": "price_moves_far"});
    let mut some = group.clone();
    some["except"] = json!([prices["rows"][0]["id"]]);
    let yes = world.call("held_approve", some).await;
    assert_eq!(yes["done"], 1);
    let rows = world.call("held_rows", group.clone()).await;
    assert_eq!(
        (
            &rows["rows"][0]["sku"],
            rows["rows"].as_array().map(Vec::len)
        ),
        (&json!("A"), Some(1))
    );
    let no = world.call("held_drop", group.clone()).await;
    assert_eq!((&no["done"], &no["refused"]), (&json!(1), &json!([])));
    assert_eq!(world.call("held_rows", group).await["rows"], json!([]));
    // The price that was said no to is not wanted again.
    let account = world.api.account("shop").await.expect("an account").id;
    let refused = world
        .store
        .read(|db| Ok(db.listing(ids(db, account)?[0])?.standing.refused));
    assert_eq!(refused.expect("reads").price_minor, Some(500));
}

#[tokio::test]
async fn an_answer_is_of_what_was_shown() {
    let world = world().await;
    let held = world.call("held_groups", json!({})).await;
    let mut answer = json!({"account": "shop", "change": "set_price", "why": "price_moves_far"});
    answer["seen"] = held["groups"][0]["seen"].clone();
    // One more comes to the question while it is read.
    let account = world.api.account("shop").await.expect("an account").id;
    let far = Problem::new(ProblemKind::PriceMovesFar).field("price");
    let queued = world.store.write(|tx| {
        let third = ids(tx, account)?[2];
        tx.queue_wish(&wish(
            third,
            ActionKind::SetPrice,
            "9.00 USD",
            "5.00 USD",
            &far,
        ))
    });
    queued.expect("queues");
    // What became another value since a moment before is not what was seen then.
    let mut earlier = answer.clone();
    earlier["seen"]["at"] = json!("2026-11-21T23:59:59Z");
    assert_eq!(world.call("held_approve", earlier).await["done"], 0);
    assert_eq!(world.call("held_approve", answer).await["done"], 2);
    let group = json!({"account": "shop", "change": "set_price", "why": "price_moves_far"});
    let left = world.call("held_rows", group).await;
    let skus: Vec<_> = left["rows"].as_array().expect("rows").iter().collect();
    assert_eq!((skus.len(), &skus[0]["sku"]), (1, &json!("C")));
}

#[tokio::test]
async fn a_no_to_an_end_lets_it_live_and_a_quantity_cannot_stay() {
    let world = world().await;
    let answer = |change: &str, why: &str| json!({"account": "shop", "change": change, "why": why});
    let ended = world.call("held_drop", answer("end", "many_changes")).await;
    assert_eq!(ended["done"], 1);
    let kept = world
        .call("held_drop", answer("set_quantity", "stock_emptied"))
        .await;
    assert_eq!(
        [
            &kept["done"],
            &kept["refused"][0]["kind"],
            &kept["refused"][0]["sku"]
        ],
        [&json!(0), &json!("held_quantity_stays"), &json!("C")]
    );
    let reason = kept["refused"][0]["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("shop"), "{reason}");
    let account = world.api.account("shop").await.expect("an account").id;
    let state = world
        .store
        .read(|db| Ok(db.listing(ids(db, account)?[1])?.listing.state));
    assert_eq!(state.expect("reads"), ListingState::New);
}

#[tokio::test]
async fn the_outbox_is_counted_and_receipts_are_filtered() {
    let world = world().await;
    let outbox = world.call("outbox", json!({})).await;
    assert_eq!(outbox["total"], 4, "{outbox}");
    let counts = outbox["accounts"][0]["counts"].as_array().expect("counts");
    let told = |change: &str| {
        let mut found = counts.iter().filter(|count| count["change"] == change);
        found.next().map(|count| {
            (
                count["state"].clone(),
                count["count"].clone(),
                count["down"].clone(),
            )
        })
    };
    assert_eq!(
        told("set_price"),
        Some((json!("held"), json!(2), json!(false)))
    );
    assert_eq!(
        told("set_quantity"),
        Some((json!("held"), json!(1), json!(true)))
    );
    let check = async |request: Value, expected: usize| {
        let answer = world.call("receipts", request.clone()).await;
        let found = answer["receipts"].as_array().map(Vec::len);
        assert_eq!(found, Some(expected), "{request} {answer}");
    };
    check(json!({}), 4).await;
    check(json!({"states": ["held"]}), 4).await;
    check(json!({"states": ["waiting", "applied"]}), 0).await;
    check(json!({"states": ["held"], "kinds": ["end"]}), 1).await;
    check(json!({"since": "2026-11-23"}), 0).await;
}

#[tokio::test]
async fn a_plan_tells_its_groups_and_how_long_they_take() {
    let world = World::with_mug().await;
    world
        .call("set", json!({"sku": "MUG-1", "fields": {"brand": "Acme"}}))
        .await;
    world
        .call("listing_add", json!({"account": "shop", "all": true}))
        .await;
    let plan = world.call("plan", json!({})).await;
    let account = &plan["accounts"][0];
    assert_eq!(
        account["groups"],
        json!([{"group": "publish", "count": 1}]),
        "{plan}"
    );
    assert_eq!(
        account["lanes"],
        json!([{"lane": "listings", "delivery": "call", "calls": 1, "seconds": 1}])
    );
    assert_eq!(
        [&account["held_count"], &account["refused_count"]],
        [&json!(0), &json!(0)]
    );
}

#[tokio::test]
async fn practice_is_told_at_its_own_speed() {
    let world = World::new();
    world.add_account().await;
    world
        .call(
            "account_add",
            json!({"marketplace": "bazaar", "name": "practice", "endpoint": "http://127.0.0.1:9",
                "settings": {"site": "BAZAAR_US", "speed": "2"},
                "secrets": {"key": "hunter2"}}),
        )
        .await;
    let rows = (0..300).map(|number| format!("MUG-{number},Mug {number},12.50,3,Acme\n"));
    let file = format!(
        "sku,title,price,quantity,brand\n{}",
        rows.collect::<String>()
    );
    world.import(&file).await;
    for account in ["shop", "practice"] {
        world
            .call("listing_add", json!({"account": account, "all": true}))
            .await;
    }
    let plan = world.call("plan", json!({})).await;
    let seconds = |name: &str| {
        let accounts = plan["accounts"].as_array().into_iter().flatten();
        let mut found = accounts.filter(|account| account["account"] == name);
        found.next().and_then(|account| account["seconds"].as_u64())
    };
    let real = seconds("shop").expect("takes time");
    assert!(real > 2, "{real}");
    assert_eq!(seconds("practice"), Some(real.div_ceil(2)));
}
