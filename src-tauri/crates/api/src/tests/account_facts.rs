//! What an account may choose from, and what is left of its limits.

use barrow_store::LimitKey;
use serde_json::json;

use super::World;

#[tokio::test]
async fn what_is_left_of_limits_is_told_with_who_shares_them() {
    let world = World::new();
    world.add_account().await;
    world
        .call(
            "account_add",
            json!({"marketplace": "bazaar", "name": "second", "settings": {"site": "BAZAAR_DE"},
                "secrets": {"key": "hunter2"}}),
        )
        .await;
    let first = world.api.account("shop").await.expect("an account").id;
    let second = world.api.account("second").await.expect("an account").id;
    let written = world.store.write(|tx| {
        let ten_seconds_ago = tx.now() - chrono::TimeDelta::seconds(10);
        let key = |scope: &str, bucket: &str| LimitKey {
            endpoint: "production".into(),
            scope: scope.into(),
            bucket: bucket.into(),
        };
        tx.own_limits(first, "production", &["app", "seller-1"])?;
        tx.own_limits(second, "production", &["app", "seller-2"])?;
        let daily = json!({"micro_tokens": 4_000_000, "blocked_until": null, "calls": 1,
            "per_ms": 10_000, "burst": 10});
        tx.store_limit_use(&key("app", "daily"), &daily.to_string(), ten_seconds_ago)?;
        let own = json!({"micro_tokens": 0, "blocked_until": "2026-11-22T01:00:00Z", "calls": 10,
            "per_ms": 1_000, "burst": 10});
        tx.store_limit_use(
            &key("seller-1", "orders"),
            &own.to_string(),
            ten_seconds_ago,
        )?;
        // The marketplace counts a day anew at its own hour.
        let counted = json!({"micro_tokens": 2_000_000, "blocked_until": null, "calls": 1,
            "per_ms": 1_000, "burst": 10, "counted_until": "2026-11-22T08:00:00Z"});
        tx.store_limit_use(
            &key("seller-1", "reports"),
            &counted.to_string(),
            ten_seconds_ago,
        )?;
        let older = json!({"micro_tokens": 1, "blocked_until": null});
        tx.store_limit_use(
            &key("seller-1", "older"),
            &older.to_string(),
            ten_seconds_ago,
        )
    });
    written.expect("writes");
    let answer = world
        .call("account_limits", json!({"account": "shop"}))
        .await;
    assert_eq!(
        answer["accounts"],
        json!([{"account": "shop", "marketplace": "bazaar", "limits": [
            {"name": "orders", "title": "orders", "left": 0, "of": 10, "calls": 10,
                "per_seconds": 1, "full_at": null, "blocked_until": "2026-11-22T01:00:00Z",
                "shared_with": []},
            {"name": "reports", "title": "reports", "left": 2, "of": 10, "calls": 1,
                "per_seconds": 1, "full_at": "2026-11-22T08:00:00Z", "blocked_until": null,
                "shared_with": []},
            {"name": "daily", "title": "daily", "left": 5, "of": 10, "calls": 1, "per_seconds": 10,
                "full_at": "2026-11-22T00:00:50Z", "blocked_until": null,
                "shared_with": ["second"]}]}])
    );
    let all = world.call("account_limits", json!({})).await;
    assert_eq!(all["accounts"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn an_account_without_choices_says_so_with_its_site() {
    let world = World::new();
    world.add_account().await;
    let answer = world.call("account_choices", json!({"name": "shop"})).await;
    assert_eq!(answer, json!({"site": "BAZAAR_US", "settings": []}));
    let missing = world
        .call("account_choices", json!({"name": "nobody"}))
        .await;
    assert_eq!(missing["error"]["kind"], "not_found");
}
