//! Reports of everything that is live, and the migration of what they find (ebay.md §6.7, §10.1).

use std::io::Read;

use flate2::read::DeflateDecoder;
use http::{Method, Request};
use serde_json::json;

use super::{Desk, INVENTORY, Seen};
use crate::Reply;

const TASKS: &str = "/sell/feed/v1/inventory_task";
const MIGRATE: &str = "/sell/inventory/v1/bulk_migrate_listing";

fn ask(desk: &mut Desk) -> Seen {
    let header = ("x-ebay-c-marketplace-id".to_owned(), "EBAY_US".to_owned());
    desk.headers.push(header);
    let body = json!({ "feedType": "LMS_ACTIVE_INVENTORY_REPORT", "schemaVersion": "1.0" });
    let seen = desk.post(TASKS, body);
    desk.headers.pop();
    seen
}

/// The file of a report, out of its archive.
fn report(desk: &mut Desk, place: &str) -> String {
    let place = place.replace("inventory_task", "task");
    let request: Request<_> =
        desk.request(Method::GET, &format!("{place}/download_result_file"), None);
    let Reply::Answer(answer) = desk.reply(request) else {
        panic!("no whole answer");
    };
    let body = answer.body();
    assert!(body.starts_with(b"PK\x03\x04"), "{:?}", answer.status());
    let name = usize::from(body[26]);
    let mut text = String::new();
    let mut packed = DeflateDecoder::new(&body[30 + name..]);
    packed.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_report_tells_what_the_inventory_api_does_not_know() {
    let mut desk = Desk::quiet();
    desk.live("A-1", 3, "9.99");
    let asked = ask(&mut desk);
    assert_eq!(asked.status, 202);
    let place = asked.location;
    assert_eq!(desk.get(&place).body["status"], "IN_PROCESS");
    let file = place.replace("inventory_task", "task");
    let early = desk.get(&format!("{file}/download_result_file"));
    assert_eq!((early.status, early.error()), (404, 160_014));
    desk.pass(60);
    assert_eq!(desk.get(&place).body["status"], "COMPLETED");
    let text = report(&mut desk, &place);
    assert!(
        text.contains("<SKU>A-1</SKU><Price currencyID=\"USD\">9.99</Price>"),
        "{text}"
    );
    assert!(text.contains("<SKU>OLD-LAMP</SKU>"), "{text}");
    assert!(text.contains("<ItemID>120500000025</ItemID>"), "{text}");
    assert_eq!(
        desk.get(&format!("{INVENTORY}/inventory_item/OLD-LAMP"))
            .status,
        404
    );
}

#[test]
fn a_report_may_fail_and_there_are_twenty_five_a_day() {
    let mut desk = Desk::quiet();
    desk.fault("report_fails", 1);
    let place = ask(&mut desk).location;
    desk.pass(60);
    assert_eq!(desk.get(&place).body["status"], "FAILED");
    for _ in 1..25 {
        assert_eq!(ask(&mut desk).status, 202);
    }
    let seen = ask(&mut desk);
    assert_eq!((seen.status, seen.error()), (409, 160_025));
}

#[test]
fn a_listing_is_migrated_where_it_has_all_that_is_needed() {
    let mut desk = Desk::quiet();
    desk.item("OLD-CLOCK", 1);
    let migrate = |desk: &mut Desk, ids: &[u64]| {
        let id = |number: &u64| json!({ "listingId": (120_500_000_000 + number).to_string() });
        let requests: Vec<_> = ids.iter().map(id).collect();
        desk.post(MIGRATE, json!({ "requests": requests }))
    };
    let seen = migrate(&mut desk, &[11, 18, 25, 39, 46]);
    assert_eq!(seen.status, 207, "{}", seen.body);
    let told = seen.body["responses"].as_array().unwrap();
    assert_eq!(told[0]["inventoryItems"][0]["sku"], "OLD-LAMP");
    for refused in &told[1..] {
        assert_eq!(refused["errors"][0]["errorId"], 25718, "{refused}");
    }
    let offers = desk.get(&format!("{INVENTORY}/offer?sku=OLD-LAMP"));
    let offer = &offers.body["offers"][0];
    assert_eq!(offer["listing"]["listingId"], "120500000011");
    assert_eq!(offer["status"], "PUBLISHED");
    for unknown in [11, 99] {
        let seen = migrate(&mut desk, &[unknown]);
        assert_eq!(seen.body["responses"][0]["errors"][0]["errorId"], 25718);
    }
    let seen = migrate(&mut desk, &[1, 2, 3, 4, 5, 6]);
    assert_eq!((seen.status, seen.error()), (400, 25718));
}

#[test]
fn variations_are_migrated_as_a_group() {
    let mut desk = Desk::quiet();
    let requests = json!({ "requests": [{ "listingId": "120500000032" }] });
    let seen = desk.post(MIGRATE, requests);
    assert_eq!(seen.status, 200, "{}", seen.body);
    let key = &seen.body["responses"][0]["inventoryItemGroupKey"];
    let path = format!("{INVENTORY}/inventory_item_group/{}", key.as_str().unwrap());
    let group = desk.get(&path);
    assert_eq!(
        group.body["variantSKUs"],
        json!(["OLD-SCARF-BLUE", "OLD-SCARF-RED"])
    );
    let sold = desk.order("OLD-SCARF-RED", 1);
    assert!(!sold.is_empty());
    // What was migrated can be written again as it is read.
    let offers = desk.get(&format!("{INVENTORY}/offer?sku=OLD-SCARF-RED"));
    let mut offer = offers.body["offers"][0].clone();
    let id = offer["offerId"].as_str().unwrap().to_owned();
    offer["pricingSummary"]["price"]["value"] = json!("21.0");
    let written = desk.put(&format!("{INVENTORY}/offer/{id}"), offer);
    assert_eq!(written.status, 204, "{}", written.body);
}
