//! How listings stand, and problems by their cause.

use barrow_model::{ListingId, Problem, ProblemKind};
use barrow_store::{ListingQuery, ProblemAt};
use serde_json::json;

use super::World;

/// Three mugs that are listed; two of them lack a brand, one an attribute.
async fn world() -> World {
    let world = World::new();
    world.add_account().await;
    world
        .import("sku,title,price,quantity\nA,Mug A,1.00,1\nB,Mug B,1.00,1\nC,Mug C,1.00,1\n")
        .await;
    world
        .call("listing_add", json!({"account": "shop", "all": true}))
        .await;
    let account = world.api.account("shop").await.expect("an account").id;
    let raised = world.store.write(|tx| {
        let rows = tx.listings_page(&ListingQuery {
            account_id: Some(account),
            state: None,
            sku_id: None,
            after: None,
            limit: 10,
        })?;
        let ids: Vec<ListingId> = rows.iter().map(|row| row.listing.id).collect();
        let brand = Problem::new(ProblemKind::BrandMissing)
            .field("brand")
            .vendor("ERR-7", "brand is required");
        let colour = Problem::new(ProblemKind::AttributeMissing)
            .field("attributes.Colour")
            .param("attribute", "Colour");
        let at = |id, subject: &str| ProblemAt::listing(account, id, subject);
        tx.raise_problem(&at(ids[0], "content"), &brand)?;
        tx.raise_problem(&at(ids[1], "content"), &brand)?;
        tx.raise_problem(&at(ids[2], "rule"), &colour)
    });
    raised.expect("raises");
    world
}

#[tokio::test]
async fn problems_with_one_cause_are_one_with_what_mends_it() {
    let world = world().await;
    let answer = world.call("problem_causes", json!({})).await;
    assert_eq!(
        (&answer["total"], &answer["listings"]),
        (&json!(2), &json!(3))
    );
    let brand = &answer["causes"][0];
    assert_eq!(
        [
            &brand["count"],
            &brand["mend"],
            &brand["field"],
            &brand["skus"]
        ],
        [
            &json!(2),
            &json!("set_field"),
            &json!("brand"),
            &json!(["A", "B"])
        ]
    );
    assert_eq!(
        brand["accounts"],
        json!([{"account": "shop", "marketplace": "bazaar", "count": 2}])
    );
    assert_eq!(brand["problem"]["vendor"]["code"], "ERR-7");
    assert_eq!(
        (&brand["problem"]["mend"], &brand["problem"]["set_field"]),
        (&json!("set_field"), &json!("brand"))
    );
    assert_eq!(answer["causes"][1]["field"], "attribute:Colour");
    let searched = world
        .call("problem_causes", json!({"search": "err-7"}))
        .await;
    assert_eq!(searched["causes"].as_array().map(Vec::len), Some(1));
    // All of it is mended with the cause alone.
    let filter = json!({"listing": {"cause": brand["cause"]}});
    let edits = json!([{"field": "brand", "how": "set", "value": "Acme"}]);
    let done = world
        .call(
            "set_many",
            json!({"all": true, "filter": filter, "edits": edits}),
        )
        .await;
    assert_eq!(done["done"], 2, "{done}");
    let retried = world
        .call("listing_retry", json!({"cause": brand["cause"]}))
        .await;
    assert_eq!(retried["done"], 2);
    let unknown = world
        .call(
            "listing_retry",
            json!({"account": "shop", "skus": ["A", "Z"]}),
        )
        .await;
    assert_eq!(
        (&unknown["done"], &unknown["refused"][0]["sku"]),
        (&json!(1), &json!("Z"))
    );
}

#[tokio::test]
async fn listings_are_counted_by_how_they_stand() {
    let world = world().await;
    world
        .call("listing_pause", json!({"account": "shop", "skus": ["C"]}))
        .await;
    let answer = world.call("listing_counts", json!({})).await;
    let counts = json!({"listings": 3, "live": 0, "off": 1, "sent": 0, "unknown": 0,
        "refused": 2, "needs_you": 1, "waiting": 0});
    assert_eq!(answer["total"], counts);
    assert_eq!(answer["accounts"][0]["account"], "shop");
    let needing = json!({"filter": {"listing": {"state": "needs_you"}}, "cells": true});
    let answer = world.call("products", needing).await;
    assert_eq!(answer["products"][0]["sku"], "C");
    assert_eq!(
        answer["products"][0]["cells"][0]["problem"],
        "attribute_missing"
    );
}
