//! The JSON of commands.

use std::sync::PoisonError;

use barrow_model::{Change, ChangeId, Settings};
use barrow_store::{NewAccount, NewAttempt, Sending};
use serde_json::{Value, json};

use super::World;
use crate::COMMANDS;

#[tokio::test]
async fn every_command_of_the_table_is_routed() {
    let world = World::new();
    for command in COMMANDS {
        let answer = world.call(command.name, json!({"no_such_field": 1})).await;
        assert_eq!(
            answer["error"]["params"]["why"], "request_invalid",
            "{}",
            command.name
        );
    }
    let unknown = world.call("frobnicate", Value::Null).await;
    assert_eq!(
        unknown,
        json!({"error": {"kind": "invalid_input",
            "params": {"command": "frobnicate", "why": "command_unknown"},
            "message": "There is no command “frobnicate”."}})
    );
}

#[tokio::test]
async fn a_request_may_name_its_language() {
    let world = World::new();
    let answer = world.call("accounts", json!({"locale": "pt-BR"})).await;
    assert_eq!(answer, json!({"accounts": [], "next": null}));
}

#[tokio::test]
async fn an_account_is_added_shown_and_removed_with_its_keys() {
    let world = World::new();
    world.add_account().await;
    let accounts = world.call("accounts", json!({})).await;
    assert_eq!(
        accounts,
        json!({"accounts": [{"name": "shop", "marketplace": "bazaar", "title": "Bazaar",
            "endpoint": "production", "settings": {"site": "BAZAAR_US"}, "secrets": {"key": true},
            "rules": {}, "state": "active", "pulled_at": null, "listings": {}, "revision": 1}],
            "next": null})
    );
    assert!(!accounts.to_string().contains("hunter2"));
    let removed = world.call("account_remove", json!({"name": "shop"})).await;
    assert_eq!(
        removed,
        json!({"done": 1, "held": [], "refused": [], "account": null})
    );
    assert_eq!(world.vault.kept(), 0);
}

#[tokio::test]
async fn an_account_with_work_under_way_stays_with_its_keys() {
    let world = World::new();
    world.add_account().await;
    let stays = async |kind: &str| {
        let told = world.call("account_remove", json!({"name": "shop"})).await;
        assert_eq!(told["error"]["kind"], kind, "{told}");
        assert_eq!(world.vault.kept(), 1);
        told
    };
    let hold = |held: bool| {
        let lock = &world.lock.held;
        *lock.lock().unwrap_or_else(PoisonError::into_inner) = held;
    };
    hold(true);
    stays("locked").await;
    hold(false);
    world.call("pull", json!({})).await;
    let parcel = json!({"order": "17", "carrier": "UPS", "tracking": "1Z9"});
    let shipped = world.call("ship", parcel).await;
    let change = ChangeId(shipped["change_id"].as_i64().expect("a change"));
    let stored = world.store.write(|tx| {
        let settings: Settings = [("consent_seller".to_owned(), "s1".to_owned())].into();
        let shop = tx.account_named("shop")?;
        tx.set_account_settings(shop.id, &settings, None)?;
        tx.add_account(&NewAccount {
            name: "other".to_owned(),
            marketplace: shop.marketplace,
            endpoint: shop.endpoint,
            settings,
        })?;
        let (target, action) = tx.queued_change(change)?.request.expect("an order's");
        let sending = Sending {
            change: Change {
                id: change,
                target,
                action,
            },
            value: None,
            price: None,
            quantity: None,
            content: None,
        };
        tx.begin_attempt(&NewAttempt {
            account_id: shop.id,
            lane: "orders",
            fingerprint: "f1",
            sendings: &[sending],
        })
    });
    stored.expect("is sent");
    let told = stays("invalid_input").await;
    assert_eq!(told["error"]["params"]["why"], "order_under_way", "{told}");
    let message = told["error"]["message"].as_str().unwrap_or_default();
    assert!(
        message.contains("order 17 is not answered yet"),
        "{message}"
    );
}

#[tokio::test]
async fn an_account_that_cannot_be_is_refused_in_words() {
    let world = World::new();
    let check = async |request: Value, why: &str, word: &str| {
        let told = world.call("account_add", request).await;
        assert_eq!(told["error"]["params"]["why"], why, "{told}");
        let message = told["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(word), "{message}");
        assert!(!told.to_string().contains("hunter2"), "{told}");
    };
    let add = |settings: Value, secrets: Value, endpoint: &str| {
        json!({"marketplace": "bazaar", "name": "shop", "endpoint": endpoint,
            "settings": settings, "secrets": secrets})
    };
    let key = || json!({"key": "hunter2"});
    let site = || json!({"site": "BAZAAR_US"});
    let other = json!({"marketplace": "souk", "name": "shop"});
    check(other, "marketplace_unknown", "bazaar").await;
    check(
        add(site(), key(), "http://x.example"),
        "endpoint_not_secure",
        "https",
    )
    .await;
    check(add(site(), key(), "nowhere"), "endpoint_unknown", "nowhere").await;
    check(
        add(json!({"key": "hunter2"}), key(), "sandbox"),
        "setting_is_secret",
        "key",
    )
    .await;
    check(
        add(json!({"site": "X"}), key(), "sandbox"),
        "setting_choice",
        "BAZAAR_DE",
    )
    .await;
    check(
        add(json!({"colour": "X"}), key(), "sandbox"),
        "setting_unknown",
        "site",
    )
    .await;
    check(
        add(site(), json!({}), "sandbox"),
        "settings_missing",
        "API key",
    )
    .await;
    check(
        add(site(), json!("hunter2"), "sandbox"),
        "request_invalid",
        "secret",
    )
    .await;
    check(
        add(json!({"speed": "10"}), key(), "sandbox"),
        "setting_loopback_only",
        "speed",
    )
    .await;
    assert_eq!(
        world.call("accounts", json!({})).await["accounts"],
        json!([])
    );
}

#[tokio::test]
async fn an_account_whose_keys_cannot_be_kept_is_not_added() {
    let world = World::new();
    *world
        .vault
        .locked
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = true;
    let request = json!({"marketplace": "bazaar", "name": "shop",
        "settings": {"site": "BAZAAR_US"}, "secrets": {"key": "hunter2"}});
    let told = world.call("account_add", request).await;
    assert_eq!(told["error"]["kind"], "vault");
    assert_eq!(
        world.call("accounts", json!({})).await["accounts"],
        json!([])
    );
}

#[tokio::test]
async fn a_practice_account_takes_its_settings_and_keys_from_there() {
    let world = World::new();
    let request = json!({"marketplace": "bazaar", "name": "try", "endpoint": "practice"});
    let added = world.call("account_add", request.clone()).await;
    assert_eq!(
        added["account"]["settings"],
        json!({"site": "BAZAAR_US"}),
        "{added}"
    );
    assert_eq!(added["account"]["secrets"], json!({"key": true}));
    let again = world.call("account_add", request).await;
    assert_eq!(again["error"]["kind"], "duplicate");
}

#[tokio::test]
async fn rules_are_set_by_their_path_and_checked() {
    let world = World::new();
    world.add_account().await;
    let set = |key: &str, value: &str| json!({"name": "shop", "settings": {key: value}});
    let changed = world
        .call("account_set", set("rules.price.factor", "1.15"))
        .await;
    assert_eq!(
        changed["account"]["rules"],
        json!({"price": {"factor": "1.15"}}),
        "{changed}"
    );
    let changed = world
        .call("account_set", set("rules.safety.listings_max", "50"))
        .await;
    assert_eq!(
        changed["account"]["rules"]["safety"],
        json!({"listings_max": 50})
    );
    let refused = world
        .call("account_set", set("rules.price.factor", "-1"))
        .await;
    assert_eq!(
        refused["error"]["params"]["why"], "rules_invalid",
        "{refused}"
    );
}

#[tokio::test]
async fn a_check_tells_what_is_missing() {
    let world = World::new();
    world.add_account().await;
    let check = world.call("account_check", json!({"name": "shop"})).await;
    assert_eq!(
        check,
        json!({"account": "shop", "marketplace": "bazaar", "ready": false, "seller": "mugs4you",
            "sites": ["BAZAAR_US"], "items": [{"name": "policies", "state": "missing",
                "kind": "policy_missing", "reason": "The return policy is missing. Choose one in \
                the account's settings, or create one at Bazaar.", "mend": {"kind":
                "create_location", "label": "Create a location", "fields": [
                {"key": "name", "label": "Name", "required": true, "value": "Main"},
                {"key": "city", "label": "City", "required": false, "value": null}]}}],
            "consent_until": null, "selling_limit": null})
    );
}

#[tokio::test]
async fn products_are_listed_searched_and_changed() {
    let world = World::with_mug().await;
    let listed = world.call("products", json!({})).await;
    assert_eq!(
        listed,
        json!({"products": [{"sku": "MUG-1", "kind": "variant", "handle": "MUG-1",
            "title": "Blue mug", "options": [], "brand": null, "gtin": null, "mpn": null,
            "condition": null, "cost": null,
            "price": {"amount": "12.50", "currency": "USD"}, "on_hand": 3, "reserved": 0,
            "available": 3, "images": 0, "revision": 1, "updated_at": "2026-11-22T00:00:00Z",
            "margin": null}],
            "next": null, "total": 1})
    );
    let fields = json!({"price": "14", "brand": "Acme", "quantity": "9",
        "attribute:Colour": "Blue|Navy"});
    let set = world
        .call("set", json!({"sku": "MUG-1", "fields": fields}))
        .await;
    assert_eq!(set["done"], 4, "{set}");
    let product = world.call("product", json!({"sku": "MUG-1"})).await;
    assert_eq!(
        product["product"]["attributes"],
        json!({"Colour": ["Blue", "Navy"]})
    );
    assert_eq!(product["variants"][0]["price"]["amount"], "14.00");
    assert_eq!(product["stock"][0]["on_hand"], 9);
    let found = world.call("products", json!({"search": "acme"})).await;
    assert_eq!(found["products"][0]["sku"], "MUG-1", "{found}");
    let refused = world
        .call("set", json!({"sku": "MUG-1", "fields": {"price": "abc"}}))
        .await;
    assert_eq!(refused["done"], 0);
    assert_eq!(refused["refused"][0]["kind"], "not_an_amount", "{refused}");
    let cleared = world
        .call("set", json!({"sku": "MUG-1", "fields": {"brand": ""}}))
        .await;
    assert_eq!(cleared["done"], 1, "{cleared}");
    let unknown = world
        .call("set", json!({"sku": "MUG-1", "fields": {"colour": "x"}}))
        .await;
    assert_eq!(unknown["error"]["params"]["why"], "field_unknown");
}

#[tokio::test]
async fn stock_is_counted_or_corrected() {
    let world = World::with_mug().await;
    let stock = world.call("stock", json!({"sku": "MUG-1", "set": 7})).await;
    assert_eq!(
        stock,
        json!({"done": 1, "held": [], "refused": [], "sku": "MUG-1", "change": 4, "on_hand": 7,
            "reserved": 0, "available": 7, "new_location": null})
    );
    let stock = world
        .call(
            "stock",
            json!({"sku": "MUG-1", "add": -2, "location": "Attic"}),
        )
        .await;
    assert_eq!([&stock["on_hand"], &stock["change"]], [5, -2]);
    assert_eq!(stock["new_location"], "Attic");
    let both = world
        .call("stock", json!({"sku": "MUG-1", "set": 1, "add": 1}))
        .await;
    assert_eq!(both["error"]["params"]["why"], "stock_how");
    let unknown = world.call("stock", json!({"sku": "NO", "set": 1})).await;
    assert_eq!(unknown["error"]["kind"], "not_found");
}

#[tokio::test]
async fn listings_are_added_set_planned_and_ended() {
    let world = World::with_mug().await;
    let added = world
        .call(
            "listing_add",
            json!({"account": "shop", "skus": ["MUG-1", "NO"]}),
        )
        .await;
    assert_eq!(
        [&added["done"], &added["refused"][0]["sku"]],
        [&json!(1), &json!("NO")]
    );
    assert_eq!(added["refused"][0]["kind"], "not_found");
    let reason = added["refused"][0]["reason"].as_str().unwrap_or_default();
    assert!(
        reason.contains("“NO”") && reason.contains("shop"),
        "{reason}"
    );
    let set = json!({"account": "shop", "sku": "MUG-1",
        "overrides": {"price": "15.00", "title": "Mug, blue"}});
    assert_eq!(world.call("listing_set", set).await["done"], 1);
    let listed = world
        .call("listings", json!({"account": "shop", "state": "new"}))
        .await;
    let listing = &listed["listings"][0];
    assert_eq!(listing["site"], "BAZAAR_US", "{listed}");
    assert_eq!(listing["title"], "Blue mug");
    assert_eq!(
        listing["overrides"],
        json!({"title": "Mug, blue", "price": {"amount": "15.00", "currency": "USD"}})
    );
    let plan = world.call("plan", json!({})).await;
    let of_shop = &plan["accounts"][0];
    assert_eq!(of_shop["account"], "shop", "{plan}");
    let planned = of_shop["lines"].as_array().map_or(0, Vec::len)
        + of_shop["refused"].as_array().map_or(0, Vec::len);
    assert_eq!(planned, 1, "{plan}");
    let ended = world
        .call("listing_end", json!({"account": "shop", "all": true}))
        .await;
    assert_eq!(ended, json!({"done": 1, "held": [], "refused": []}));
    let listed = world.call("listings", json!({})).await;
    assert_eq!(listed["listings"][0]["state"], "ended");
    let nothing = world
        .call("listing_pause", json!({"account": "shop"}))
        .await;
    assert_eq!(nothing["error"]["params"]["why"], "skus_missing");
}

#[tokio::test]
async fn orders_have_every_field_and_unknown_is_null() {
    let world = World::with_mug().await;
    let pulled = world.call("pull", json!({})).await;
    assert_eq!(pulled["done"], 1, "{pulled}");
    assert_eq!(
        pulled["unmatched"],
        json!([{"order": "shop/17", "line_id": "2", "sku": "VASE-9", "title": "Blue mug"}])
    );
    let listed = world.call("orders", json!({"state": "to_ship"})).await;
    let line = |line_id: &str, sku: &str, variant: Value, quantity: u32| {
        json!({"line_id": line_id, "sku": sku, "variant_sku": variant, "listing_ref": null,
            "title": "Blue mug", "quantity": quantity, "quantity_shipped": 0,
            "quantity_cancelled": 0, "quantity_returned": 0,
            "unit_price": {"amount": "12.50", "currency": "USD"}, "subtotal": null, "tax": null,
            "shipping": null, "discount": null, "state": "to_ship"})
    };
    assert_eq!(
        listed,
        json!({"orders": [{
            "account": "shop", "marketplace": "bazaar", "site": "BAZAAR_US", "order_id": "17",
            "customer_order_id": null, "placed_at": "2026-11-21T22:26:40Z", "updated_at": null,
            "paid_at": null, "ship_by": null, "deliver_by": null, "state": "to_ship",
            "marketplace_state": "OPEN", "payment_state": "paid", "refund_state": "none",
            "on_hold": false, "cancel_requested": false, "replaces": null,
            "fulfilled_by": "seller", "shipping_service": null, "buyer_note": null,
            "total": {"amount": "37.50", "currency": "USD"},
            "amounts": {"items": null, "shipping": null, "discount": null, "tax": null,
                "tax_by_marketplace": null, "other": null, "total": null, "refunded": null},
            "taxes": [], "refunds": [],
            "buyer": {"name": "Ada", "email": null, "username": null, "tax_id": null},
            "ship_to": {"name": null, "company": null, "line1": null, "line2": null,
                "line3": null, "city": "Reno", "region": null, "postal_code": null,
                "country": null, "phone": null, "reference": null},
            "lines": [line("1", "MUG-1", json!("MUG-1"), 2), line("2", "VASE-9", Value::Null, 1)],
            "shipments": [], "fees": []}],
            "next": null})
    );
}

#[tokio::test]
async fn what_is_done_to_an_order_waits_in_the_outbox_or_is_refused_in_words() {
    let world = World::with_mug().await;
    world.call("pull", json!({})).await;
    let matched = world
        .call(
            "match_line",
            json!({"order": "17", "line_id": "2", "sku": "MUG-1"}),
        )
        .await;
    assert_eq!(
        matched["order"]["lines"][1]["variant_sku"], "MUG-1",
        "{matched}"
    );
    let ship = json!({"order": "shop/17", "carrier": "UPS", "tracking": "1Z9",
        "lines": [{"line_id": "1", "quantity": 1}]});
    let shipped = world.call("ship", ship).await;
    assert_eq!(shipped["done"], 1, "{shipped}");
    assert_eq!(shipped["order"]["shipments"][0]["confirmation"], "queued");
    let receipts = world.call("receipts", json!({"order": "17"})).await;
    assert_eq!(receipts["receipts"][0]["kind"], "ship", "{receipts}");
    assert_eq!(receipts["receipts"][0]["to"], "1Z9");
    assert_eq!(receipts["receipts"][0]["state"], "waiting");
    let cancelled = world.call("cancel", json!({"order": "17"})).await;
    assert_eq!(cancelled["done"], 0);
    assert_eq!(cancelled["refused"][0]["kind"], "unsupported");
    let reason = cancelled["refused"][0]["reason"]
        .as_str()
        .unwrap_or_default();
    assert!(reason.starts_with("Order shop/17 at Bazaar:"), "{reason}");
    let unknown = world.call("order", json!({"order": "18"})).await;
    assert_eq!(
        unknown["error"]["message"],
        "There is no order “18”. Compare the name with the list."
    );
}

#[tokio::test]
async fn problems_say_where_they_are() {
    let world = World::with_mug().await;
    world.call("pull", json!({})).await;
    let problems = world
        .call("problems", json!({"kind": "sku_unmatched"}))
        .await;
    let problem = &problems["problems"][0];
    assert_eq!(problem["order"], "shop/17", "{problems}");
    assert_eq!(problem["kind"], "sku_unmatched");
    let reason = problem["reason"].as_str().unwrap_or_default();
    assert!(
        reason.contains("“VASE-9”") && reason.contains("Bazaar"),
        "{reason}"
    );
    assert_eq!(
        problems["counts"],
        json!([{"kind": "sku_unmatched", "count": 1}])
    );
    let quarantine = world.call("quarantine", json!({})).await;
    assert_eq!(
        quarantine,
        json!({"quarantine": [], "next": null, "total": 0})
    );
}

#[tokio::test]
async fn a_push_tells_what_it_did_and_says_who_holds_the_lock() {
    let world = World::with_mug().await;
    world
        .call("listing_add", json!({"account": "shop", "all": true}))
        .await;
    world.call("pull", json!({})).await;
    world
        .call(
            "ship",
            json!({"order": "17", "carrier": "UPS", "tracking": "1Z9"}),
        )
        .await;
    let pushed = world.call("push", json!({"patience_seconds": 0})).await;
    assert_eq!(pushed["done"], 1, "{pushed}");
    assert_eq!(pushed["refused"][0]["sku"], "MUG-1", "{pushed}");
    assert_eq!(pushed["held"], json!([]));
    *world
        .lock
        .held
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = true;
    for command in ["push", "pull", "sync"] {
        let told = world.call(command, json!({})).await;
        assert_eq!(told["error"]["kind"], "locked", "{told}");
        let message = told["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains("barrow sync (process 7)"), "{message}");
    }
}
