//! The look-up of existing items (newegg.md §8).

use http::StatusCode;
use serde_json::{Value, json};

use crate::{REVIEWED, Seen, Seller, barcode, offer, offers, rows, word};

fn submit(seller: &mut Seller, items: Vec<Value>) -> Seen {
    let body = json!({
        "OperationType": "ItemLookupRequest",
        "RequestBody": { "RequestCriteria": { "Item": items } },
    });
    seller.post("reportmgmt/report/submitrequest", body)
}

fn status(seller: &mut Seller, id: &str) -> Seen {
    let body = json!({
        "OperationType": "GetReportStatusRequest",
        "RequestBody": { "GetRequestStatus": {
            "RequestIDList": { "RequestID": [id] }, "MaxCount": "100",
        } },
    });
    seller.put("reportmgmt/report/status", body)
}

fn result(seller: &mut Seller, id: &str, page: u32, size: u32) -> Seen {
    let body = json!({
        "OperationType": "ItemLookupRequest",
        "RequestBody": { "RequestID": id,
            "PageInfo": { "PageIndex": page.to_string(), "PageSize": size.to_string() } },
    });
    seller.put("reportmgmt/report/result", body)
}

fn id_of(seen: &Seen) -> String {
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    word(&rows(seen.inner(), "ResponseList", "ResponseInfo")[0]["RequestId"])
}

fn looked_up(seller: &mut Seller, items: Vec<Value>) -> Vec<Value> {
    let id = id_of(&submit(seller, items));
    seller.wait(200);
    let seen = result(seller, &id, 1, 100);
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    rows(seen.inner(), "ItemList", "Item")
}

#[test]
fn a_look_up_is_asked_for_and_read_later() {
    let mut seller = Seller::new();
    let id = id_of(&submit(
        &mut seller,
        vec![json!({ "UPC": barcode(0), "Condition": "1" })],
    ));
    let state = |seller: &mut Seller, id: &str| {
        let seen = status(seller, id);
        word(&rows(seen.inner(), "ResponseList", "ResponseInfo")[0]["RequestStatus"])
    };
    assert_eq!(state(&mut seller, &id), "SUBMITTED");
    assert_eq!(
        result(&mut seller, &id, 1, 100).status,
        StatusCode::BAD_REQUEST
    );
    seller.wait(41);
    assert_ne!(state(&mut seller, &id), "SUBMITTED");
    seller.wait(100);
    assert_eq!(state(&mut seller, &id), "FINISHED");
    assert_eq!(
        status(&mut seller, "2UNKNOWN").status,
        StatusCode::BAD_REQUEST
    );
    seller.fault("report_stall", 1);
    let stalled = id_of(&submit(&mut seller, vec![json!({ "UPC": barcode(0) })]));
    seller.wait(3_600);
    assert_eq!(state(&mut seller, &stalled), "IN_PROGRESS");
}

#[test]
fn hits_have_a_number_misses_a_note_and_twins_no_condition() {
    let mut seller = Seller::new();
    let asked: Vec<Value> = (0..90)
        .map(|number| {
            let part_number = format!("P{number}");
            json!({ "ManufacturerName": "House Brand", "ManufacturerPartNumber": part_number,
                "Condition": "1", "PacksOrSets": "1" })
        })
        .collect();
    let found = looked_up(&mut seller, asked);
    let number = |row: &&Value| row.get("NeweggItemNumber").map(word);
    let misses = found.iter().filter(|row| number(row).is_none());
    let misses: Vec<&Value> = misses.collect();
    assert!((3..25).contains(&misses.len()), "{}", misses.len());
    assert!(misses.iter().all(|row| row.get("Note").is_some()));
    let twins = found
        .iter()
        .filter(|row| number(row).is_some_and(|text| text.ends_with('R')));
    let twins: Vec<&Value> = twins.collect();
    assert!(!twins.is_empty());
    assert!(twins.iter().all(|row| row.get("Condition").is_none()));
    assert!(
        found
            .iter()
            .any(|row| word(&row["ManufacturerPartNumber"]).ends_with(' '))
    );
}

#[test]
fn a_number_that_was_told_can_be_offered_but_does_not_name_the_offer() {
    let mut seller = Seller::new();
    let mut row = offer("A", 0, "5.00", 1);
    row["BasicInfo"]["UPCOrISBN"] = json!("");
    let with = |number: &str| {
        let mut row = row.clone();
        row["BasicInfo"]["NeweggItemNumber"] = json!(number);
        offers(vec![row])
    };
    let found = looked_up(
        &mut seller,
        vec![json!({ "UPC": barcode(3), "Condition": "1" })],
    );
    let number = word(&found[0]["NeweggItemNumber"]);
    let failed = |seller: &mut Seller, number: &str| {
        let report = seller.feed_done("ITEM_DATA", with(number));
        word(&report["ProcessingSummary"]["WithErrorCount"])
    };
    assert_eq!(failed(&mut seller, "N82E16899999999999"), "1");
    assert_eq!(failed(&mut seller, &number), "0");
    seller.wait(REVIEWED);
    let body = json!({ "Type": "0", "Value": number });
    assert_eq!(
        seller
            .put("contentmgmt/item/international/inventory", body)
            .code(),
        "CT026"
    );
}

#[test]
fn results_come_in_pages() {
    let mut seller = Seller::new();
    let asked = (0..25)
        .map(|number| json!({ "UPC": barcode(number) }))
        .collect();
    let id = id_of(&submit(&mut seller, asked));
    seller.wait(200);
    let first = result(&mut seller, &id, 1, 10);
    let total: usize = word(&first.inner()["PageInfo"]["TotalCount"])
        .parse()
        .unwrap();
    assert!(total >= 25);
    let pages = total.div_ceil(10);
    let mut seen = 0;
    for page in 1..=pages {
        let page = result(&mut seller, &id, u32::try_from(page).unwrap(), 10);
        seen += rows(page.inner(), "ItemList", "Item").len();
    }
    assert_eq!(seen, total);
}

#[test]
fn what_cannot_be_looked_up_is_refused() {
    let mut seller = Seller::new();
    let check = |seller: &mut Seller, items: Vec<Value>| {
        assert_eq!(submit(seller, items).code(), "RP004");
    };
    check(&mut seller, vec![]);
    check(&mut seller, vec![json!({ "ManufacturerName": "Acme" })]);
    check(&mut seller, vec![json!({ "UPC": "1" }); 1_001]);
    let other = json!({ "OperationType": "DailyInventoryReportRequest", "RequestBody": {} });
    assert_eq!(
        seller.post("reportmgmt/report/submitrequest", other).code(),
        "RP003"
    );
}
