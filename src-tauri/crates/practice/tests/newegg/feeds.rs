//! Feeds (newegg.md §5).

use barrow_practice::newegg::Platform;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    REVIEWED, Seen, Seller, barcode, envelope, feed_status_request, offer, offers, other_barcode,
    rows, word,
};

fn submit(seller: &mut Seller, request_type: &str, envelope: Value) -> Seen {
    seller.post(
        &format!("datafeedmgmt/feeds/submitfeed?requesttype={request_type}"),
        envelope,
    )
}

/// Processed, succeeded, failed.
fn counts(report: &Value) -> [String; 3] {
    ["ProcessedCount", "SuccessCount", "WithErrorCount"]
        .map(|name| word(&report["ProcessingSummary"][name]))
}

/// The lines that a report says of each row, by part number.
fn said(report: &Value) -> Vec<(String, Vec<String>)> {
    let results = match &report["Result"] {
        Value::Null => Vec::new(),
        Value::Array(results) => results.clone(),
        one => vec![one.clone()],
    };
    let lines = |result: &Value| {
        rows(result, "ErrorList", "ErrorDescription")
            .iter()
            .map(word)
            .collect::<Vec<_>>()
    };
    let name = |result: &Value| word(&result["AdditionalInfo"]["SellerPartNumber"]);
    results
        .iter()
        .map(|result| (name(result), lines(result)))
        .collect()
}

fn inventory(rows: Value) -> Value {
    envelope("2.0", "Inventory", json!({ "Inventory": { "Item": rows } }))
}

fn prices(rows: Value) -> Value {
    envelope("2.0", "Price", json!({ "Price": { "Item": rows } }))
}

#[test]
fn a_feed_is_submitted_then_in_progress_then_finished() {
    let mut seller = Seller::new();
    let id = seller.feed("ITEM_DATA", offers(vec![offer("A", 0, "5.00", 1)]));
    assert_eq!(id.len(), 13);
    assert_eq!(seller.feed_status(&id), "SUBMITTED");
    assert!(seller.held().listings.is_empty());
    seller.wait(61);
    assert_eq!(seller.feed_status(&id), "IN_PROGRESS");
    let early = seller.get(&format!("datafeedmgmt/feeds/result/{id}"));
    assert_eq!(early.status, StatusCode::BAD_REQUEST);
    seller.wait(400);
    assert_eq!(seller.feed_status(&id), "FINISHED");
    assert_eq!(counts(&seller.report(&id)), ["1", "1", "0"]);
    assert_eq!(
        seller.get("datafeedmgmt/feeds/result/2NOTAFEED").code(),
        "DF006"
    );
    let unknown = seller.put(
        "datafeedmgmt/feeds/status",
        feed_status_request("2NOTAFEED"),
    );
    assert_eq!(unknown.code(), "DF006");
}

#[test]
fn feeds_are_found_again_by_type_status_and_date() {
    let mut seller = Seller::new();
    seller.feed("ITEM_DATA", offers(vec![]));
    seller.wait(7_200);
    let late = seller.feed("INVENTORY_DATA", inventory(json!([])));
    let mut found = |filters: Value| {
        let mut asked = json!({ "RequestIDList": null, "MaxCount": "100" });
        for (name, value) in filters.as_object().unwrap() {
            asked[name] = value.clone();
        }
        let body = json!({
            "OperationType": "GetFeedStatusRequest",
            "RequestBody": { "GetRequestStatus": asked },
        });
        let seen = seller.put("datafeedmgmt/feeds/status", body);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        let rows = rows(seen.inner(), "ResponseList", "ResponseInfo");
        rows.iter()
            .map(|row| word(&row["RequestType"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(json!({})), ["INVENTORY_DATA", "ITEM_DATA"]);
    assert_eq!(found(json!({ "RequestType": "ITEM_DATA" })), ["ITEM_DATA"]);
    assert_eq!(
        found(json!({ "RequestStatus": "SUBMITTED" })),
        ["INVENTORY_DATA"]
    );
    assert_eq!(found(json!({ "MaxCount": "1" })), ["INVENTORY_DATA"]);
    // The marketplace's day has only begun on the coast of the Pacific.
    assert_eq!(
        found(json!({ "RequestDateFrom": "2026-11-22 01:00:00" })),
        ["INVENTORY_DATA"]
    );
    assert_eq!(
        found(json!({ "RequestDateTo": "2026-11-22 01:00:00" })),
        ["ITEM_DATA"]
    );
    let by_id = seller.put(
        "datafeedmgmt/feeds/status",
        json!({
            "OperationType": "GetFeedStatusRequest",
            "RequestBody": { "GetRequestStatus": { "RequestIDList": { "RequestID": [late] } } },
        }),
    );
    let row = rows(by_id.inner(), "ResponseList", "ResponseInfo")[0].clone();
    assert_eq!(row["RequestDate"], "11/22/2026 2:00:00");
}

#[test]
fn what_no_platform_takes_is_refused_at_once() {
    let check = |platform: Platform, request_type: &str, body: Value, code: &str| {
        let mut seller = Seller::on(platform);
        assert_eq!(
            submit(&mut seller, request_type, body).code(),
            code,
            "{request_type}"
        );
    };
    let both = envelope("1.0", "Inventory", json!({ "Inventory": { "Item": [] } }));
    check(Platform::Us, "ITEM_DATA", offers(vec![]), "");
    check(Platform::Us, "EVERYTHING", offers(vec![]), "DF003");
    check(Platform::Us, "", offers(vec![]), "DF003");
    check(
        Platform::Us,
        "INVENTORY_AND_PRICE_DATA",
        both.clone(),
        "DF003",
    );
    check(Platform::Can, "INVENTORY_AND_PRICE_DATA", both.clone(), "");
    check(
        Platform::B2b,
        "INVENTORY_DATA",
        inventory(json!([])),
        "DF003",
    );
    check(Platform::Can, "PRICE_DATA", prices(json!([])), "DF003");
    check(Platform::Us, "INVENTORY_DATA", both, "DF004");
    check(Platform::Us, "INVENTORY_DATA", prices(json!([])), "DF004");
    check(Platform::Us, "ITEM_DATA", json!({}), "DF004");
    check(Platform::Us, "ITEM_DATA&v2", offers(vec![]), "");
    check(Platform::Us, "ITEM_DATA&v1", offers(vec![]), "DF004");
    let mut overwriting = offers(vec![]);
    overwriting["NeweggEnvelope"]["Overwrite"] = json!("No");
    check(Platform::Us, "ITEM_DATA", overwriting, "DF004");
}

#[test]
fn a_file_has_its_limit_of_records_and_an_hour_has_one_too() {
    let mut seller = Seller::new();
    let row = offer("A", 0, "5.00", 1);
    let full = |count: usize| offers(vec![row.clone(); count]);
    assert_eq!(
        submit(&mut seller, "ITEM_DATA", full(3_001)).code(),
        "DF011"
    );
    for sent in 1..=10_u32 {
        let seen = submit(&mut seller, "ITEM_DATA", full(3_000));
        assert_eq!(seen.status, StatusCode::OK);
        let left = (30_000 - sent * 3_000).to_string();
        assert_eq!(seen.headers["x-recordcount-limit"], "30000");
        assert_eq!(seen.headers["x-recordcount-remaining"], left.as_str());
        seller.wait(30);
    }
    assert_eq!(seller.held().limit_violations, 0);
    let seen = submit(&mut seller, "ITEM_DATA", full(1));
    assert_eq!(seen.code(), "DF012");
    assert!(
        seen.text.contains("11/22/2026 1:00:00 AM (PT)"),
        "{}",
        seen.text
    );
    assert_eq!(seller.held().limit_violations, 1);
    let stock = json!({ "SellerPartNumber": "A", "WarehouseLocation": "USA", "Inventory": "1" });
    let seen = submit(&mut seller, "INVENTORY_DATA", inventory(json!([stock])));
    assert_eq!(seen.status, StatusCode::OK);
    seller.wait(3_600);
    assert_eq!(
        submit(&mut seller, "ITEM_DATA", full(1)).status,
        StatusCode::OK
    );
}

#[test]
fn a_report_lists_only_rows_that_failed_or_were_warned_of() {
    let mut seller = Seller::new();
    let mut warned = offer("W", 1, "20.00", 1);
    warned["BasicInfo"]["MSRP"] = json!("10.00");
    let mut failed = offer("F", 2, "20.00", 1);
    failed["BasicInfo"]["Inventory"] = json!("-3");
    failed["BasicInfo"]["Shipping"] = json!("Fast");
    let report = seller.feed_done(
        "ITEM_DATA",
        offers(vec![offer("A", 0, "5.00", 1), warned, failed]),
    );
    assert_eq!(report["StatusCode"], "ProcessReport");
    assert_eq!(counts(&report), ["3", "2", "1"]);
    let said = said(&report);
    let names: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["W", "F"]);
    assert_eq!(said[0].1[0], "Warning(s). Item created.");
    assert_eq!(said[1].1[0], "Error(s). Item not created.");
    assert!(
        said[1].1[1..].iter().all(|line| line.contains(" - ")),
        "{said:?}"
    );
    assert_eq!(said[1].1.len(), 3);
    let states: Vec<String> = seller
        .held()
        .listings
        .into_iter()
        .map(|listing| listing.state)
        .collect();
    assert_eq!(states, ["pending", "refused", "pending"]);
}

#[test]
fn an_offer_needs_a_page_a_known_manufacturer_and_the_required_fields() {
    let check = |change: &dyn Fn(&mut Value), reason: Option<&str>| {
        let mut seller = Seller::new();
        let mut row = offer("A", 0, "5.00", 1);
        change(&mut row["BasicInfo"]);
        let report = seller.feed_done("ITEM_DATA", offers(vec![row]));
        let said = said(&report);
        let lines = said
            .first()
            .map(|(_, lines)| lines.join("\n"))
            .unwrap_or_default();
        match reason {
            None => assert_eq!(lines, ""),
            Some(reason) => assert!(lines.contains(reason), "{reason}: {lines}"),
        }
    };
    check(&|_| {}, None);
    // Goods under the prefix of examples may be of any manufacturer.
    check(&|info| info["Manufacturer"] = json!("Kestrel "), None);
    check(
        &|info| info["UPCOrISBN"] = json!("614141000013"),
        Some("UPC - Format"),
    );
    check(
        &|info| {
            info["Manufacturer"] = json!("Kestrel ");
            info["UPCOrISBN"] = json!(other_barcode(1));
        },
        Some("Manufacturer - The manufacturer does not exist"),
    );
    check(
        &|info| info["Manufacturer"] = json!(""),
        Some("Manufacturer - The field is required"),
    );
    check(
        &|info| info["Colour"] = json!("red"),
        Some("The field Colour"),
    );
    check(
        &|info| info["MAP"] = json!("9.00"),
        Some("SellingPrice - Below MAP"),
    );
    check(
        &|info| info["CountryOfOrigin"] = json!("US"),
        Some("CountryOfOrigin - "),
    );
    check(&|info| info["LeadTime"] = json!("15"), Some("LeadTime - "));
    check(
        &|info| info["SellingPrice"] = json!(5),
        Some("SellingPrice - "),
    );
    check(&|info| info["Currency"] = json!("EUR"), Some("Currency - "));
    check(&|info| info["UPCOrISBN"] = json!(""), Some("UPC - One of"));
    for name in ["SellingPrice", "Shipping", "Inventory", "PacksOrSets"] {
        check(
            &|info| info[name] = json!(""),
            Some(&format!("{name} - The field is required")),
        );
    }
}

#[test]
fn one_barcode_in_eight_has_no_page() {
    let mut seller = Seller::new();
    let row = |number: usize| {
        let mut row = offer(&format!("SPN{number}"), 0, "5.00", 1);
        row["BasicInfo"]["UPCOrISBN"] = json!(other_barcode(number));
        row
    };
    let report = seller.feed_done("ITEM_DATA", offers((0..200).map(row).collect()));
    let failed: u32 = counts(&report)[2].parse().unwrap();
    assert!((10..45).contains(&failed), "{failed}");
    assert!(said(&report)[0].1[1].starts_with("UPC - No existing item matches"));
}

#[test]
fn pages_are_found_by_part_number_in_seven_of_eight() {
    let mut seller = Seller::new();
    let part = |number: usize| {
        let mut row = offer(&format!("SPN{number}"), 0, "5.00", 1);
        row["BasicInfo"]["UPCOrISBN"] = json!("");
        row["BasicInfo"]["Manufacturer"] = json!("House Brand");
        row["BasicInfo"]["ManufacturerPartsNumber"] = json!(format!("SPN{number}"));
        row
    };
    let report = seller.feed_done("ITEM_DATA", offers((0..200).map(part).collect()));
    let failed: u32 = counts(&report)[2].parse().unwrap();
    assert!((10..45).contains(&failed), "{failed}");
    assert!(said(&report)[0].1[1].contains("No existing item matches"));
}

#[test]
fn one_page_and_condition_has_one_offer() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 1)]);
    let mut used = offer("A-USED", 0, "4.00", 1);
    used["BasicInfo"]["ItemCondition"] = json!("UsedGood");
    let report = seller.feed_done("ITEM_DATA", offers(vec![offer("B", 0, "6.00", 1), used]));
    assert_eq!(counts(&report), ["2", "1", "1"]);
    let said = said(&report);
    assert!(said[0].1[1].contains("exists as A"), "{said:?}");

    let change = |seller: &mut Seller, name: &str, value: &str| {
        let mut row = offer("A", 0, "5.00", 1);
        row["BasicInfo"][name] = json!(value);
        counts(&seller.feed_done("ITEM_DATA", offers(vec![row])))[2].clone()
    };
    assert_eq!(change(&mut seller, "PacksOrSets", "2"), "1");
    assert_eq!(change(&mut seller, "ItemCondition", "Refurbished"), "1");
    assert_eq!(change(&mut seller, "UPCOrISBN", &barcode(7)), "1");
    assert_eq!(change(&mut seller, "SellingPrice", "7.00"), "0");
    assert_eq!(seller.listing("A").price.unwrap().amount, "7.00");
}

#[test]
fn items_with_content_of_their_own_are_refused_in_words() {
    let mut seller = Seller::new();
    let row = json!({ "Action": "Create Item", "BasicInfo": { "SellerPartNumber": "A" } });
    let message =
        json!({ "Itemfeed": { "SummaryInfo": { "SubCategoryID": "1045" }, "Item": [row] } });
    let report = seller.feed_done("ITEM_DATA", envelope("1.0", "BatchItemCreation", message));
    assert_eq!(counts(&report), ["1", "0", "1"]);
    assert!(said(&report)[0].1[1].contains("not enabled"));
}

#[test]
fn feeds_of_stock_and_prices_change_what_they_name() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 1), ("B", "6.00", 2)]);
    let stock = |name: &str, units: &str| {
        json!({ "SellerPartNumber": name, "NeweggItemNumber": "", "WarehouseLocation": "USA",
            "FulfillmentOption": "Seller", "Inventory": units })
    };
    let rows = json!([stock("A", "11"), stock("X", "3"), stock("A", "12")]);
    let report = seller.feed_done("INVENTORY_DATA", inventory(rows));
    assert_eq!(counts(&report), ["3", "1", "2"]);
    assert_eq!(said(&report)[0].1[0], "Error(s). Item not updated.");
    assert_eq!(
        (seller.listing("A").quantity, seller.listing("B").quantity),
        (11, 2)
    );
    let price = json!({ "SellerPartNumber": "B", "CountryCode": "USA", "Currency": "USD",
        "SellingPrice": "8.00", "CheckoutMAP": "False", "Shipping": "Free",
        "ActivationMark": "True", "MSRP": "9", "MAP": "0", "LimitQuantity": "0" });
    // A single row may stand as itself.
    let report = seller.feed_done("PRICE_DATA", prices(price));
    assert_eq!(counts(&report), ["1", "1", "0"]);
    assert_eq!(seller.listing("B").price.unwrap().amount, "8.00");
}

#[test]
fn the_other_platforms_have_one_feed_for_both() {
    let mut seller = Seller::on(Platform::Can);
    seller.publish(&[("A", "5.00", 1)]);
    let row = json!({ "SellerPartNumber": "A", "Currency": "CAD", "SellingPrice": "7.50",
        "Inventory": "4", "FulfillmentOption": "Seller", "Shipping": "Default",
        "ActivationMark": "True", "LimitQuantity": "0" });
    let both = envelope(
        "1.0",
        "Inventory",
        json!({ "Inventory": { "Item": [row] } }),
    );
    let report = seller.feed_done("INVENTORY_AND_PRICE_DATA", both);
    assert_eq!(counts(&report), ["1", "1", "0"]);
    let listing = seller.listing("A");
    assert_eq!(
        (listing.quantity, listing.price.unwrap().amount.as_str()),
        (4, "7.50")
    );
}

#[test]
fn overwrite_takes_everything_else_off_sale() {
    for at_top in [true, false] {
        let mut seller = Seller::on(Platform::B2b);
        seller.publish(&[("A", "5.00", 1), ("B", "6.00", 2), ("C", "7.00", 3)]);
        let mut row = json!({ "SellerPartNumber": "B", "Inventory": "4" });
        if !at_top {
            row["Overwrite"] = json!("Yes");
        }
        let mut feed = envelope(
            "1.0",
            "Inventory",
            json!({ "Inventory": { "Item": [row] } }),
        );
        if at_top {
            feed["NeweggEnvelope"]["Overwrite"] = json!("Yes");
        }
        seller.feed_done("INVENTORY_AND_PRICE_DATA", feed);
        let states: Vec<String> = seller
            .held()
            .listings
            .into_iter()
            .map(|listing| listing.state)
            .collect();
        assert_eq!(states, ["ended", "live", "ended"], "{at_top}");
    }
}

#[test]
fn rows_for_deactivated_items_succeed_and_do_nothing() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.00", 1)]);
    let row = |mark: &str, price: &str| {
        json!([{ "SellerPartNumber": "A", "CountryCode": "USA", "SellingPrice": price,
            "ActivationMark": mark }])
    };
    seller.feed_done("PRICE_DATA", prices(row("False", "5.00")));
    assert_eq!(seller.listing("A").state, "ended");
    let report = seller.feed_done("PRICE_DATA", prices(row("", "6.00")));
    assert_eq!(counts(&report), ["1", "1", "0"]);
    assert_eq!(seller.listing("A").price.unwrap().amount, "5.00");
    seller.feed_done("PRICE_DATA", prices(row("True", "6.00")));
    assert_eq!(seller.listing("A").price.unwrap().amount, "6.00");
    assert_eq!(seller.listing("A").state, "live");
}

#[test]
fn feeds_fail_as_they_are_told_to() {
    let mut seller = Seller::new();
    let ends = |seller: &mut Seller, fault: &str| {
        seller.fault(fault, 1);
        let id = seller.feed("ITEM_DATA", offers(vec![offer("A", 0, "5.00", 1)]));
        seller.wait(1_000);
        (seller.feed_status(&id), id)
    };
    assert_eq!(ends(&mut seller, "feed_failed").0, "FAILED");
    assert_eq!(ends(&mut seller, "feed_cancelled").0, "CANCELLED");
    let (status, id) = ends(&mut seller, "feed_file_error");
    assert_eq!(status, "FINISHED");
    let report = seller.report(&id);
    assert_eq!(
        (word(&report["StatusCode"]).as_str(), counts(&report)),
        ("FileContentError", ["0", "0", "0"].map(str::to_owned),)
    );
    assert!(seller.held().listings.is_empty());
    let (status, id) = ends(&mut seller, "feed_row_error");
    assert_eq!(
        (status.as_str(), counts(&seller.report(&id))[2].as_str()),
        ("FINISHED", "1")
    );
    let (status, id) = ends(&mut seller, "feed_stall");
    assert_eq!(status, "IN_PROGRESS");
    seller.wait(6 * 3_600);
    assert_eq!(seller.feed_status(&id), "FINISHED");
    let empty = seller.feed_done("ITEM_DATA", offers(vec![]));
    assert_eq!(empty["StatusCode"], "NoRecord");
}

#[test]
fn a_stuck_review_outlasts_a_day() {
    let mut seller = Seller::new();
    seller.fault("stuck_review", 1);
    seller.feed_done("ITEM_DATA", offers(vec![offer("A", 0, "5.00", 1)]));
    seller.wait(24 * 3_600 + REVIEWED);
    assert_eq!(seller.listing("A").state, "pending");
}
