//! What is asked of an account: is it ready, who is it, how many calls are left; and in which
//! language every call speaks (ebay.md §3, §4, §13).

use barrow_ebay::config::SITES;
use barrow_ebay::request;
use barrow_market::{CheckState, ErrorKind};
use barrow_model::{Action, CategoryId, ProblemKind, Site, Sku};
use serde_json::{Value, json};

use crate::listings::{PRICES, batch, change, responses};
use crate::requests::{offer, usd};
use crate::script::{Reply, Script, answer, connect, connect_set, connect_with, ok};

fn program(name: &str) -> Value {
    json!({"programType": name})
}

fn locations() -> Reply {
    ok(
        json!({"locations": [{"merchantLocationKey": "main", "name": "Main",
        "merchantLocationStatus": "ENABLED"}], "total": 1}),
    )
}

/// What eBay says is left of the Inventory API, and when it begins anew.
fn left(inventory: i64) -> Reply {
    let rate = |remaining: i64, window: i64| {
        json!({"count": 1, "limit": 2_000_000, "remaining": remaining,
            "reset": "2026-11-22T20:00:00.000Z", "timeWindow": window})
    };
    ok(json!({"rateLimits": [
        {"apiContext": "sell", "apiName": "Inventory", "apiVersion": "v1", "resources": [
            {"name": "sell.inventory", "rates": [rate(inventory, 86_400), rate(0, 5)]},
            {"name": "sell.inventory.more", "rates": [rate(900_000, 86_400)]}]},
        {"apiContext": "buy", "apiName": "browse", "resources": [
            {"name": "buy.browse", "rates": [rate(0, 86_400)]}]}]}))
}

#[tokio::test]
async fn a_ready_account_names_its_seller() {
    let programs = [
        program("SELLING_POLICY_MANAGEMENT"),
        program("OUT_OF_STOCK_CONTROL"),
    ];
    let script = Script::new([
        ok(json!({"sellerRegistrationCompleted": true})),
        ok(json!({ "programs": programs })),
        ok(json!({"fulfillmentPolicies": [{"fulfillmentPolicyId": "61", "name": "Flat"}]})),
        ok(json!({"paymentPolicies": [{"paymentPolicyId": "62", "name": "Pay"}]})),
        ok(json!({"returnPolicies": [{"returnPolicyId": "63", "name": "30 days"}]})),
        locations(),
        ok(json!({"userId": "0A1", "username": "boots-and-more", "status": "CONFIRMED"})),
        left(1_000),
    ]);
    let check = connect(&script).core().check().await.unwrap();
    assert_eq!(check.seller.as_deref(), Some("boots-and-more"));
    assert!(
        check
            .items
            .iter()
            .all(|item| item.state == CheckState::Good),
        "{check:?}"
    );
    assert_eq!(script.lines()[6], "GET /commerce/identity/v1/user/");
    assert_eq!(
        script.lines()[7],
        "GET /developer/analytics/v1_beta/rate_limit/"
    );
    // The limits are the application's: its own token asks.
    assert_eq!(script.token_calls().len(), 2);
}

#[tokio::test]
async fn a_seller_who_has_not_opted_in_is_told_and_not_asked_for_policies() {
    let script = Script::new([
        ok(json!({"sellerRegistrationCompleted": true})),
        ok(json!({"programs": []})),
        locations(),
        answer(403, json!({"errors": [{"errorId": 1100}]})),
        answer(404, json!({"errors": [{"errorId": 2002}]})),
    ]);
    let check = connect(&script).core().check().await.unwrap();
    assert_eq!(check.seller, None, "that permission is not needed to sell");
    let found = |name: &str| {
        let item = check.items.iter().find(|item| item.name == name).unwrap();
        (
            item.state,
            item.problem.as_ref().map(|problem| problem.kind),
        )
    };
    let not_ready = Some(ProblemKind::SellerNotReady);
    assert_eq!(found("programs"), (CheckState::Missing, not_ready));
    assert_eq!(found("out_of_stock"), (CheckState::Limited, not_ready));
    let missing = Some(ProblemKind::PolicyMissing);
    assert_eq!(found("return_policy_id"), (CheckState::Missing, missing));
    assert_eq!(found("merchant_location_key"), (CheckState::Good, None));
}

#[tokio::test]
async fn what_ebay_says_is_left_is_kept_to_after_a_refusal_for_now() {
    let prices = || responses(json!([{"sku": "A", "offerId": "9", "statusCode": 200}]));
    let too_many = answer(429, json!({"errors": [{"errorId": 2001}]}));
    let script = Script::new([too_many, left(0), prices()]);
    let (adapter, clock) = connect_with(&script);
    let role = adapter.listings().unwrap();
    let send = || {
        let price = Action::SetPrice(usd(999));
        let changes = vec![change(1, "A", &[("offer_id", "9")], price)];
        batch("price_quantity", changes)
    };
    let refused = role.submit(&send()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::RateLimited);
    clock.skip(10);
    let refused = role.submit(&send()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::RateLimited);
    let reset = "2026-11-22T20:00:00Z".parse().ok();
    assert_eq!(refused.not_before, reset);
    clock.skip(12 * 60 * 60);
    role.submit(&send()).await.expect("the day is new");
    let asked = "GET /developer/analytics/v1_beta/rate_limit/";
    assert_eq!(script.lines(), [PRICES, asked, PRICES]);
}

#[tokio::test]
async fn ebays_own_count_holds_until_it_counts_anew() {
    let resource = |name: &str, remaining: i64| {
        json!({"name": name, "rates": [{"limit": 10, "remaining": remaining,
            "reset": "2026-11-22T20:00:00Z", "timeWindow": 86_400}]})
    };
    // Of a part with a limit of its own nothing is said here.
    let parts = [
        resource("sell.inventory.part", 0),
        resource("sell.inventory", 1),
    ];
    let told = json!({"rateLimits": [{"apiContext": "sell", "apiName": "inventory",
        "resources": parts}]});
    let prices = || responses(json!([{"sku": "A", "offerId": "9", "statusCode": 200}]));
    let too_many = answer(429, json!({"errors": [{"errorId": 2001}]}));
    let script = Script::new([too_many, ok(told), prices(), prices()]);
    let (adapter, clock) = connect_with(&script);
    let role = adapter.listings().unwrap();
    let send = || {
        let price = Action::SetPrice(usd(999));
        batch(
            "price_quantity",
            vec![change(1, "A", &[("offer_id", "9")], price)],
        )
    };
    role.submit(&send()).await.unwrap_err();
    clock.skip(10);
    role.submit(&send()).await.expect("one is left");
    clock.skip(60);
    let refused = role.submit(&send()).await.unwrap_err();
    assert_eq!(refused.not_before, "2026-11-22T20:00:00Z".parse().ok());
    clock.skip(12 * 60 * 60);
    role.submit(&send()).await.expect("the day is new");
}

#[tokio::test]
async fn goods_without_a_weight_are_told_where_the_postage_goes_by_weight() {
    let policy = |id: &str, cost: &str| {
        json!({"fulfillmentPolicyId": id, "name": id, "shippingOptions":
            [{"optionType": "DOMESTIC", "costType": cost}]})
    };
    let policies = [policy("61", "FLAT_RATE"), policy("66", "CALCULATED")];
    let script = Script::new([
        ok(json!({ "fulfillmentPolicies": policies })),
        ok(json!({"paymentPolicies": []})),
        ok(json!({"returnPolicies": []})),
        locations(),
    ]);
    let adapter = connect(&script);
    let site = Site("EBAY_US".to_owned());
    adapter.core().choices(&site).await.unwrap();
    for (policy, lacks) in [("61", false), ("66", true)] {
        let mut offer = offer();
        offer.content.weight = None;
        let key = "fulfillment_policy_id".to_owned();
        offer.settings.insert(key, policy.to_owned());
        let problems = adapter.core().validate(&site, &offer, None);
        let told = problems
            .iter()
            .any(|problem| problem.kind == barrow_model::ProblemKind::WeightMissing);
        assert_eq!(told, lacks, "{policy}");
    }
}

#[test]
fn every_site_speaks_its_language_and_sells_in_its_currency() {
    let expected = [
        ("EBAY_US", "en-US", "USD"),
        ("EBAY_MOTORS_US", "en-US", "USD"),
        ("EBAY_CA", "en-CA", "CAD"),
        ("EBAY_GB", "en-GB", "GBP"),
        ("EBAY_DE", "de-DE", "EUR"),
        ("EBAY_AT", "de-AT", "EUR"),
        ("EBAY_CH", "de-CH", "CHF"),
        ("EBAY_FR", "fr-FR", "EUR"),
        ("EBAY_IT", "it-IT", "EUR"),
        ("EBAY_ES", "es-ES", "EUR"),
        ("EBAY_NL", "nl-NL", "EUR"),
        ("EBAY_BE", "fr-BE", "EUR"),
        ("EBAY_IE", "en-IE", "EUR"),
        ("EBAY_PL", "pl-PL", "PLN"),
        ("EBAY_AU", "en-AU", "AUD"),
        ("EBAY_HK", "zh-HK", "HKD"),
        ("EBAY_SG", "en-US", "SGD"),
        ("EBAY_MY", "en-US", "MYR"),
        ("EBAY_PH", "en-PH", "PHP"),
    ];
    let found: Vec<_> = SITES
        .iter()
        .map(|site| (site.id, site.language, site.currency))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_call_of_the_inventory_api_tells_its_language() {
    let api = "https://api.ebay.com";
    let sku = Sku::new("A").unwrap();
    for site in SITES {
        let written = [
            request::bulk_items(api, site, vec![json!({})]),
            request::bulk_get_items(api, site, vec![json!({})]),
            request::bulk_create_offer(api, site, vec![json!({})]),
            request::bulk_publish(api, site, vec![json!({})]),
            request::price_quantity(api, site, vec![json!({})]),
            request::update_offer(api, site, "9", &json!({})),
            request::withdraw(api, site, "9"),
        ];
        for built in written {
            let headers = built.unwrap().headers().clone();
            assert_eq!(headers["accept-language"], site.language, "{}", site.id);
            assert_eq!(headers["content-language"], site.language, "{}", site.id);
        }
        let read = [
            request::get_offers(api, site, &sku),
            request::get_offer(api, site, "9"),
            request::get_item(api, site, &sku),
            request::get_items(api, site, "limit=1&offset=0"),
            request::locations(api, site, 0),
        ];
        for built in read {
            let headers = built.unwrap().headers().clone();
            assert_eq!(headers["accept-language"], site.language, "{}", site.id);
        }
    }
}

#[test]
fn a_missing_number_does_not_apply_in_the_sites_own_words() {
    let check = |id: &str, kind: &str, words: &str| {
        let site = barrow_ebay::config::site_facts(&Site(id.to_owned())).unwrap();
        let mut offer = offer();
        offer.content.gtin = None;
        offer.content.mpn = None;
        offer.content.category = Some(CategoryId("1".to_owned()));
        let sku = Sku::new("A").unwrap();
        let item = barrow_ebay::map::item(&sku, site, &offer, &[]);
        assert_eq!(item["product"][kind], json!([words]), "{id}");
        assert_eq!(item["product"]["mpn"], json!(words), "{id}");
        assert_eq!(item["locale"], json!(site.language.replace('-', "_")));
    };
    check("EBAY_US", "upc", "Does not apply");
    check("EBAY_GB", "ean", "Does not apply");
    check("EBAY_DE", "ean", "Nicht zutreffend");
    check("EBAY_AT", "ean", "Nicht zutreffend");
    check("EBAY_FR", "ean", "Non applicable");
    check("EBAY_IT", "ean", "Non applicabile");
    check("EBAY_ES", "ean", "No aplicable");
    check("EBAY_NL", "ean", "Niet van toepassing");
    check("EBAY_PL", "ean", "Nie dotyczy");
}

#[tokio::test]
async fn between_several_policies_the_seller_has_to_choose() {
    let state = async |settings: &[(&str, &str)]| {
        let policies = ["61", "64"].map(|id| json!({"fulfillmentPolicyId": id, "name": id}));
        let programs = [
            program("SELLING_POLICY_MANAGEMENT"),
            program("OUT_OF_STOCK_CONTROL"),
        ];
        let script = Script::new([
            ok(json!({"sellerRegistrationCompleted": true})),
            ok(json!({ "programs": programs })),
            ok(json!({ "fulfillmentPolicies": policies })),
            ok(json!({"paymentPolicies": [{"paymentPolicyId": "62", "name": "Pay"}]})),
            ok(json!({"returnPolicies": [{"returnPolicyId": "63", "name": "30 days"}]})),
            locations(),
            answer(403, json!({"errors": [{"errorId": 1100}]})),
            left(1_000),
        ]);
        let check = connect_set(&script, settings).core().check().await.unwrap();
        let mut items = check.items.into_iter();
        let item = items.find(|item| item.name == "fulfillment_policy_id");
        item.unwrap().state
    };
    assert_eq!(state(&[]).await, CheckState::Missing);
    let key = "fulfillment_policy_id";
    assert_eq!(state(&[(key, "64")]).await, CheckState::Good);
    assert_eq!(
        state(&[(key, "99")]).await,
        CheckState::Missing,
        "it is gone"
    );
}
