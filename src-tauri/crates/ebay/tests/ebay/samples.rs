//! eBay's own sample bodies, read at test time from beside the checkout: each that the adapter
//! reads is given to it as an answer.

use barrow_ebay::config::{BASE_SCOPE, SCOPES, SITES};
use barrow_market::{ErrorKind, Fate, RawRecord, Report};
use barrow_model::{Action, ProblemKind, TaxCollector, Ticket};
use serde_json::{Value, json};

use crate::error_bodies::shared;
use crate::listings::{batch, change, kind, publish, responses, submit};
use crate::requests::{offer, usd};
use crate::script::{Reply, Script, beginning, connect, ok};

/// A sample; none, with a word about it, where there are none.
fn sample(name: &str) -> Option<String> {
    let file = shared().join("marketplaces/specs/ebay/samples").join(name);
    let read = std::fs::read_to_string(&file);
    if read.is_err() {
        eprintln!("skipped: the sample is not there ({})", file.display());
    }
    read.ok()
}

fn value(name: &str) -> Option<Value> {
    sample(name).map(|text| serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn the_sample_of_a_missing_aspect_names_it() {
    let name = "inventory_error_missing_aspect_25002.json";
    let Some(body) = value(name) else { return };
    let known = [("offer_id", "9")];
    let entry = json!([{"offerId": "9", "statusCode": 400, "errors": body["errors"]}]);
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(json!({"offerId": "9", "marketplaceId": "EBAY_US"})),
        Reply::Answer(204, String::new()),
        responses(entry),
    ]);
    let changes = vec![change(1, "A", &known, publish(offer()))];
    let fates = submit(&script, &batch("publish", changes)).await;
    assert_eq!(kind(&fates[0]), Some(ProblemKind::BrandMissing));
}

#[tokio::test]
async fn the_sample_of_an_offer_that_exists_is_adopted() {
    let name = "inventory_error_offer_exists_25002.json";
    let Some(body) = value(name) else { return };
    let refused = json!([{"sku": "A", "statusCode": 400, "errors": body["errors"]}]);
    let script = Script::new([
        responses(json!([{"statusCode": 200, "sku": "A"}])),
        responses(refused),
    ]);
    let changes = vec![change(1, "A", &[], publish(offer()))];
    let fates = submit(&script, &batch("publish", changes)).await;
    let [Fate::Advanced { binding }] = &fates[..] else {
        panic!("{fates:?}")
    };
    assert_eq!(binding.get("offer_id"), Some("9553634010"));
}

#[tokio::test]
async fn the_sample_of_an_invalid_token_has_it_fetched_anew_once() {
    let Some(body) = sample("oauth_error_invalid_token_1001.json") else {
        return;
    };
    let refused = || Reply::Answer(401, body.clone());
    let script = Script::new([refused(), refused()]);
    let adapter = connect(&script);
    let price = Action::SetPrice(usd(999));
    let changes = vec![change(1, "A", &[("offer_id", "9")], price)];
    let sent = batch("price_quantity", changes);
    let error = adapter.listings().unwrap().submit(&sent).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert_eq!(script.token_calls().len(), 2);
}

#[tokio::test]
async fn the_sample_of_a_report_is_read_whole() {
    let Some(file) = sample("feed_active_inventory_report.xml") else {
        return;
    };
    let status = json!({"taskId": "task-7", "status": "COMPLETED"});
    let script = Script::new([ok(status), Reply::Answer(200, file)]);
    let adapter = connect(&script);
    let ticket = Ticket {
        token: "task-7".to_owned(),
        not_before: beginning(),
    };
    let read = adapter.elsewhere().unwrap().read(&ticket).await.unwrap();
    let Report::Whole(rows) = read else {
        panic!("{read:?}")
    };
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(row.listing_id, "206000000001");
    let told = (row.sku.as_deref(), row.price, row.quantity);
    assert_eq!(told, (Some("SKU-1"), Some(usd(1538)), Some(1)));
}

#[test]
fn the_sample_of_an_order_adds_up() {
    let Some(body) = sample("fulfillment_getOrder_tax_breakdown.json") else {
        return;
    };
    let adapter = connect(&Script::new([]));
    let raw = RawRecord {
        order_id: None,
        body,
    };
    let read = adapter.orders().unwrap().read_record(&raw).unwrap().order;
    assert_eq!(read.total, Some(usd(29_433)));
    assert_eq!(read.amounts.total, read.total);
    assert_eq!(read.amounts.tax_by_marketplace, Some(usd(3_033)));
    let by_ebay = |tax: &&barrow_model::Tax| tax.collected_by == TaxCollector::Marketplace;
    assert_eq!(read.taxes.iter().filter(by_ebay).count(), 2);
    assert_eq!(read.lines[0].listing_ref.as_deref(), Some("2********4"));
}

#[test]
fn each_permission_that_is_asked_for_is_among_ebays() {
    let files = ["oauth_scopes_production.json", "oauth_scopes_sandbox.json"];
    for file in files {
        let Some(known) = value(file) else { return };
        let known: Vec<&str> = known
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|scope| scope["Scope"].as_str())
            .collect();
        for scope in SCOPES {
            let whole = format!("{BASE_SCOPE}/{scope}");
            assert!(known.contains(&whole.as_str()), "{file}: {whole}");
        }
    }
}

#[test]
fn each_site_that_is_offered_is_among_ebays() {
    let Some(known) = sample("marketplace_id_values.json") else {
        return;
    };
    for site in SITES {
        assert!(known.contains(&format!("\"{}\"", site.id)), "{}", site.id);
    }
}
