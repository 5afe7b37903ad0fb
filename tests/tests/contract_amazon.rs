//! The validator itself, on exchanges with Amazon made by hand: it lets good ones pass and names
//! what is wrong with bad ones.

use barrow_tests::contract::talk::{Headers, Talk};
use barrow_tests::contract::{Contract, Place, Specs, Violation};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::Method;
use serde_json::{Value, json};
use std::io::Write as _;

const SITE: &str = "ATVPDKIKX0DER";

const HEADERS: Headers = &[
    ("x-amz-access-token", "Atza|t"),
    ("x-amz-date", "20261122T081500Z"),
    (
        "user-agent",
        "Barrow/0.1.0 (Language=Rust/1.95; Platform=Linux)",
    ),
    ("content-type", "application/json"),
];

fn talk(method: Method, path: &str, body: Option<Value>, answer: Value) -> Talk {
    Talk::new(method, path, HEADERS, body, &answer)
}

/// The contract, or `None` with a word about it where the specs are absent.
fn amazon() -> Option<Contract> {
    match Specs::open() {
        Ok(specs) => Some(specs.amazon()),
        Err(missing) => {
            eprintln!("{missing}");
            None
        }
    }
}

fn good(talk: Talk) {
    let Some(mut contract) = amazon() else { return };
    talk.is_good(&mut contract);
}

fn bad(talk: Talk, place: Place, at: &str) {
    let Some(mut contract) = amazon() else { return };
    talk.is_bad(&mut contract, place, at);
}

fn offer() -> Value {
    json!([{"marketplace_id": SITE, "currency": "USD", "audience": "ALL",
        "our_price": [{"schedule": [{"value_with_tax": 19.99}]}]}])
}

fn listing() -> Value {
    json!({"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": {
        "merchant_suggested_asin": [{"value": "B000000000", "marketplace_id": SITE}],
        "condition_type": [{"value": "new_new", "marketplace_id": SITE}],
        "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5,
            "lead_time_to_ship_max_days": 2}],
        "purchasable_offer": offer(),
    }})
}

const ITEM: &str = "/listings/2021-08-01/items/A1SELLER/A-1?marketplaceIds=ATVPDKIKX0DER";

fn put(body: Value) -> Talk {
    let answer = json!({"sku": "A-1", "status": "ACCEPTED", "submissionId": "s", "issues": []});
    talk(Method::PUT, ITEM, Some(body), answer)
}

fn put_with(change: impl Fn(&mut Value)) -> Talk {
    let mut body = listing();
    change(&mut body);
    put(body)
}

fn patch(op: &str, path: &str, value: Value) -> Talk {
    let body = json!({"productType": "PRODUCT",
        "patches": [{"op": op, "path": path, "value": value}]});
    Talk {
        method: Method::PATCH,
        ..put(body)
    }
}

#[test]
fn headers_and_encoding() {
    good(put(listing()));
    good(put(listing()).without("x-amz-date"));
    let header = Place::RequestHeader;
    bad(
        put(listing()).without("x-amz-access-token"),
        header,
        "x-amz-access-token",
    );
    bad(put(listing()).without("user-agent"), header, "user-agent");
    bad(
        put(listing()).header("user-agent", "Barrow/1 (Platform=Linux)"),
        header,
        "user-agent",
    );
    bad(
        put(listing()).header("x-amz-date", "2026-11-22"),
        header,
        "x-amz-date",
    );
    bad(
        put(listing()).without("content-type"),
        header,
        "content-type",
    );
    let at = |path: &str| Talk {
        path: path.to_owned(),
        ..put(listing())
    };
    let start = "/listings/2021-08-01/items/A1SELLER";
    good(at(&format!("{start}/A%201%2F2%2B?marketplaceIds={SITE}")));
    bad(
        at(&format!("{start}/A+1?marketplaceIds={SITE}")),
        Place::Path,
        "",
    );
    bad(at(&format!("{ITEM}&issueLocale=en+US")), Place::Query, "");
    bad(at(&format!("{ITEM}&mode=VALIDATION")), Place::Query, "mode");
    bad(
        at(&format!("{ITEM}&marketplace=1")),
        Place::Query,
        "marketplace",
    );
    bad(
        at(&format!("{ITEM},A2EUQ1WTGCTBG2")),
        Place::Query,
        "marketplaceIds",
    );
    bad(
        at(&format!("{ITEM}&marketplaceIds={SITE}")),
        Place::Query,
        "marketplaceIds",
    );
    bad(at(&format!("{start}/A-1")), Place::Query, "marketplaceIds");
    bad(
        at("/listings/2020-09-01/items/A1/A-1"),
        Place::Path,
        "/listings/2020-09-01/items/A1/A-1",
    );
}

#[test]
fn prices() {
    let path = "/attributes/purchasable_offer";
    good(patch("replace", path, offer()));
    let body = Place::RequestBody;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut value = offer();
        change(&mut value[0]);
        patch("replace", path, value)
    };
    let at = |rest: &str| format!("/patches/0/value/0{rest}");
    let price = "/our_price/0/schedule/0/value_with_tax";
    // Binary floats make 19.99 no multiple of 0.01; decimals do.
    for right in [19.99, 0.07, 4.35, 1_234.1] {
        good(with(&|o| {
            o["our_price"][0]["schedule"][0]["value_with_tax"] = json!(right)
        }));
    }
    for wrong in [json!("19.99"), json!(0), json!(19.999)] {
        let talk = with(&|o| o["our_price"][0]["schedule"][0]["value_with_tax"] = wrong.clone());
        bad(talk, body, &at(price));
    }
    bad(
        with(&|o| o["our_price"] = json!({"schedule": []})),
        body,
        &at("/our_price"),
    );
    bad(
        with(&|o| o["currency"] = json!("$")),
        body,
        &at("/currency"),
    );
    bad(
        with(&|o| o["end_at"] = json!({"value": null})),
        body,
        &at("/end_at/value"),
    );
    bad(with(&|o| o["ourPrice"] = json!([])), body, &at(""));
    bad(
        with(&|o| {
            o.as_object_mut().unwrap().remove("marketplace_id");
        }),
        body,
        &at(""),
    );
    bad(
        patch("replace", "/attributes/purchaseable_offer", offer()),
        body,
        "/patches/0/value",
    );
    bad(
        patch("replace", &format!("{path}/0"), offer()),
        body,
        "/patches/0/path",
    );
    bad(patch("set", path, offer()), body, "/patches/0/op");
    bad(
        put_with(|l| l["attributes"]["purchasable_offer"] = json!({})),
        body,
        "/attributes/purchasable_offer",
    );
}

#[test]
fn quantities() {
    let path = "/attributes/fulfillment_availability";
    let check = |entry: Value, good_one: bool| {
        let talk = patch("merge", path, json!([entry.clone()]));
        let Some(mut contract) = amazon() else { return };
        let found = talk.check(&mut contract);
        assert_eq!(found.is_empty(), good_one, "{entry}: {found:#?}");
    };
    check(
        json!({"fulfillment_channel_code": "DEFAULT", "quantity": 0}),
        true,
    );
    check(
        json!({"fulfillment_channel_code": "DEFAULT", "is_inventory_available": true}),
        true,
    );
    check(json!({"fulfillment_channel_code": "AMAZON_NA"}), true);
    check(
        json!({"fulfillment_channel_code": "AMAZON_NA", "quantity": 5}),
        false,
    );
    check(json!({"fulfillment_channel_code": "DEFAULT"}), false);
    check(json!({"quantity": 5}), false);
    check(
        json!({"fulfillment_channel_code": "DEFAULT", "quantity": -1}),
        false,
    );
    check(
        json!({"fulfillment_channel_code": "DEFAULT", "quantity": "5"}),
        false,
    );
    let with_site = json!({"fulfillment_channel_code": "DEFAULT", "quantity": 5,
        "marketplace_id": SITE});
    check(with_site, false);
    let late = json!({"fulfillment_channel_code": "DEFAULT", "quantity": 5,
        "lead_time_to_ship_max_days": 31});
    check(late, false);
    let bare = json!({"fulfillment_channel_code": "DEFAULT", "quantity": 5});
    bad(
        patch("merge", path, bare),
        Place::RequestBody,
        "/patches/0/value",
    );
    good(patch(
        "delete",
        path,
        json!([{"fulfillment_channel_code": "DEFAULT"}]),
    ));
}

#[test]
fn offers() {
    let body = Place::RequestBody;
    let barcode = json!([{"type": "upc", "value": "614141000012", "marketplace_id": SITE}]);
    let without_page = |l: &mut Value| {
        l["attributes"]
            .as_object_mut()
            .unwrap()
            .remove("merchant_suggested_asin");
    };
    bad(put_with(without_page), body, "/attributes");
    good(put_with(|l| {
        without_page(l);
        l["attributes"]["externally_assigned_product_identifier"] = barcode.clone();
    }));
    let wrong = |name: &'static str, value: Value| {
        put_with(move |l| l["attributes"][name][0]["value"] = value.clone())
    };
    bad(
        wrong("merchant_suggested_asin", json!("B0000")),
        body,
        "/attributes/merchant_suggested_asin/0/value",
    );
    bad(
        wrong("condition_type", json!("new")),
        body,
        "/attributes/condition_type/0/value",
    );
    bad(
        put_with(|l| l["requirements"] = json!("OFFER_ONLY")),
        body,
        "/requirements",
    );
    bad(put_with(|l| l["product_type"] = json!("X")), body, "");
    bad(
        put_with(|l| l["attributes"]["fulfillmentAvailability"] = json!([{}])),
        body,
        "/attributes/fulfillmentAvailability",
    );
    // A refusal of a listing is answered with 200, and held to its form as well.
    let issue = json!({"code": "90220", "message": "m", "severity": "ERROR",
        "categories": ["MISSING_ATTRIBUTE"]});
    let answer = |issue: Value| {
        let answer = json!({"sku": "A-1", "status": "INVALID", "submissionId": "s",
            "issues": [issue]});
        Talk {
            answer: answer.to_string().into_bytes(),
            ..put(listing())
        }
    };
    good(answer(issue.clone()));
    let mut wrong = issue;
    wrong["severity"] = json!("FATAL");
    bad(answer(wrong), Place::ResponseBody, "/issues/0/severity");
}

#[test]
fn refusals() {
    let refused = |status, body: &str| Talk {
        status,
        answer: body.as_bytes().to_vec(),
        ..put(listing())
    };
    good(refused(
        400,
        r#"{"errors":[{"code":"InvalidInput","message":"m","details":"d"}]}"#,
    ));
    good(refused(
        429,
        r#"{"errors":[{"code":"QuotaExceeded","message":"m"}]}"#,
    ));
    good(refused(503, "<html></html>"));
    good(refused(403, ""));
    let body = Place::ResponseBody;
    bad(
        refused(400, r#"{"errors":[{"code":"InvalidInput"}]}"#),
        body,
        "",
    );
    bad(refused(400, r#"{"message":"no"}"#), body, "");
    bad(refused(400, "<html></html>"), body, "");
}

fn order() -> Value {
    json!({"orderId": "111-1111111-1111111", "createdTime": "2026-11-22T08:00:00Z",
        "lastUpdatedTime": "2026-11-22T08:00:00Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": SITE},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        "orderItems": [{"orderItemId": "1", "quantityOrdered": 1,
            "product": {"asin": "B000000000", "sellerSku": "A-1"}}]})
}

#[test]
fn orders() {
    let answer =
        |order: Value| json!({"orders": [order], "lastUpdatedBefore": "2026-11-22T08:00:00Z"});
    let start = "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-22T00:00:00Z";
    let more = "&marketplaceIds=ATVPDKIKX0DER,A2EUQ1WTGCTBG2&includedData=BUYER,PACKAGES";
    let search = |path: &str, order| talk(Method::GET, path, None, answer(order));
    good(search(&format!("{start}{more}"), order()));
    let twice = "&includedData=BUYER&includedData=TAX";
    bad(
        search(&format!("{start}{twice}"), order()),
        Place::Query,
        "includedData",
    );
    let both = format!("{start}&createdAfter=2026-11-22T00:00:00Z");
    bad(search(&both, order()), Place::Query, "lastUpdatedAfter");
    let wrong = "&includedData=BUYERS";
    bad(
        search(&format!("{start}{wrong}"), order()),
        Place::Query,
        "includedData",
    );
    let mut wrong = order();
    wrong["orderItems"][0]["quantityOrdered"] = json!("1");
    bad(
        search(start, wrong),
        Place::ResponseBody,
        "/orders/0/orderItems/0/quantityOrdered",
    );
    let one = "/orders/2026-01-01/orders/111-1111111-1111111?includedData=BUYER";
    good(talk(Method::GET, one, None, json!({"order": order()})));
    bad(
        talk(Method::GET, one, None, order()),
        Place::ResponseBody,
        "",
    );
}

#[test]
fn shipments() {
    let confirm = |change: fn(&mut Value)| {
        let mut package = json!({"packageReferenceId": "1", "carrierCode": "UPS",
            "trackingNumber": "1Z999AA10123456784", "shipDate": "2026-11-22T08:00:00.000Z",
            "orderItems": [{"orderItemId": "1", "quantity": 1}]});
        change(&mut package);
        let body = json!({"marketplaceId": SITE, "packageDetail": package});
        let path = "/orders/v0/orders/111-1111111-1111111/shipmentConfirmation";
        talk(Method::POST, path, Some(body), Value::Null).answered(204, "")
    };
    good(confirm(|_| {}));
    let body = Place::RequestBody;
    let at = "/packageDetail/packageReferenceId";
    bad(confirm(|p| p["packageReferenceId"] = json!(1)), body, at);
    bad(
        confirm(|p| p["packageReferenceId"] = json!("S-1")),
        body,
        at,
    );
    bad(
        confirm(|p| p["tracking"] = json!("1")),
        body,
        "/packageDetail",
    );
    bad(confirm(|_| {}).with_status(200), Place::Status, "");
}

#[test]
fn the_catalogue_is_asked_by_identifiers_or_by_words() {
    let answer = json!({"numberOfResults": 0, "items": []});
    let search = |query: &str| {
        let path = format!("/catalog/2022-04-01/items?marketplaceIds={SITE}&{query}");
        talk(Method::GET, &path, None, answer.clone())
    };
    let twenty: Vec<String> = (0..20)
        .map(|number| format!("6141410000{number:02}"))
        .collect();
    let twenty = twenty.join(",");
    good(search(&format!(
        "identifiers={twenty}&identifiersType=UPC&includedData=identifiers"
    )));
    let most = format!("identifiers={twenty},1&identifiersType=UPC");
    bad(search(&most), Place::Query, "identifiers");
    bad(search("identifiers=1"), Place::Query, "identifiersType");
    bad(search("pageSize=20"), Place::Query, "identifiers");
    bad(search("keywords=a&pageSize=21"), Place::Query, "pageSize");
}

/// A whole feed: announced, put, created, fetched.
#[test]
fn documents_of_feeds() {
    let Some(mut contract) = amazon() else { return };
    let held = feed(&mut contract, &message(), "DONE", true);
    assert!(held.is_empty(), "{held:#?}");
    let report = contract.report();
    for line in [
        "JSON_LISTINGS_FEED document: 1 request\n",
        "JSON_LISTINGS_FEED processing report: 1 answer\n",
        "PUT to a presigned address: 1 request, 1 answer; by the reference, no schema",
    ] {
        assert!(report.contains(line), "{line:?} in {report}");
    }
    assert_eq!(
        (contract.held(), contract.held_to_reference()),
        ((4, 4), (2, 2))
    );
    let mut wrong = message();
    wrong["requirements"] = json!("LISTING");
    let found = feed(&mut contract, &wrong, "DONE", true);
    assert!(found.iter().any(|v| v.at == "/messages/0"), "{found:#?}");
    let mut wrong = message();
    wrong["patches"][0]["value"][0]["quantity"] = json!(-1);
    let found = feed(&mut contract, &wrong, "DONE", true);
    assert_eq!(
        found[0].at, "/messages/0/patches/0/value/0/quantity",
        "{found:#?}"
    );
    assert!(
        !feed(&mut contract, &message(), "DONE", false).is_empty(),
        "it is not packed"
    );
}

fn message() -> Value {
    json!({"messageId": 1, "sku": "A-1", "operationType": "PATCH", "productType": "PRODUCT",
        "patches": [{"op": "merge", "path": "/attributes/fulfillment_availability",
            "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}]}]})
}

fn feed(contract: &mut Contract, message: &Value, status: &str, packed: bool) -> Vec<Violation> {
    const JSON: &str = "application/json; charset=UTF-8";
    let (document, put_at) = ("/feeds/2021-06-30/documents", "/uploads/d1");
    let address = format!("http://127.0.0.1:9{put_at}?X-Amz-Signature=1");
    let answer = json!({"feedDocumentId": "d1", "url": address});
    let asked = json!({"contentType": JSON});
    let announce = talk(Method::POST, document, Some(asked), answer).with_status(201);
    let content = json!({"header": {"sellerId": "A1SELLER", "version": "2.0"},
        "messages": [message]});
    let mut upload = talk(Method::PUT, put_at, Some(content), Value::Null);
    upload.headers = vec![("content-type", JSON)];
    let feed = json!({"feedId": "1", "feedType": "JSON_LISTINGS_FEED",
        "createdTime": "2026-11-22T08:00:00Z", "processingStatus": status,
        "resultFeedDocumentId": "d2"});
    let state = talk(Method::GET, "/feeds/2021-06-30/feeds/1", None, feed);
    let address = "http://127.0.0.1:9/results/d2?X-Amz-Signature=1";
    let answer = json!({"feedDocumentId": "d2", "url": address, "compressionAlgorithm": "GZIP"});
    let told = talk(Method::GET, &format!("{document}/d2"), None, answer);
    let report = json!({"header": {"sellerId": "A1SELLER", "version": "2.0", "feedId": "1"},
        "issues": [], "summary": {"errors": 0, "warnings": 0, "messagesProcessed": 1,
            "messagesAccepted": 1, "messagesInvalid": 0}});
    let mut fetch = talk(Method::GET, "/results/d2", None, report);
    fetch.headers.clear();
    if packed {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer
            .write_all(&fetch.answer)
            .expect("memory can be written");
        fetch.answer = packer.finish().expect("memory can be written");
    }
    let talks = [announce, upload, state, told, fetch];
    talks.iter().flat_map(|talk| talk.check(contract)).collect()
}

#[test]
fn presigned_addresses_take_nothing_of_amazons() {
    let check = |headers: Vec<(&'static str, &'static str)>, at: &str| {
        let Some(mut contract) = amazon() else { return };
        let answer = json!({"feedDocumentId": "d1", "url": "http://127.0.0.1:9/uploads/d1"});
        let asked = json!({"contentType": "application/json; charset=UTF-8"});
        let path = "/feeds/2021-06-30/documents";
        let announce = talk(Method::POST, path, Some(asked), answer).with_status(201);
        assert!(announce.check(&mut contract).is_empty());
        let content = json!({"header": {"sellerId": "A1", "version": "2.0"},
            "messages": [message()]});
        let mut upload = talk(Method::PUT, "/uploads/d1", Some(content), Value::Null);
        upload.headers = headers;
        let found = upload.check(&mut contract);
        let places: Vec<(Place, &str)> = found.iter().map(|v| (v.place, v.at.as_str())).collect();
        assert_eq!(places, [(Place::RequestHeader, at)], "{found:#?}");
    };
    let right = ("content-type", "application/json; charset=UTF-8");
    check(
        vec![right, ("x-amz-access-token", "t")],
        "x-amz-access-token",
    );
    check(vec![("content-type", "application/json")], "content-type");
    // An address that was never answered is none.
    let path = "/uploads/d9";
    bad(
        talk(Method::PUT, path, None, Value::Null),
        Place::Path,
        path,
    );
}

#[test]
fn tokens() {
    let answer = json!({"access_token": "Atza|a", "token_type": "bearer", "expires_in": 3600});
    let ask = |form: &str| {
        let talk = talk(Method::POST, "/auth/o2/token", None, answer.clone());
        let media = "application/x-www-form-urlencoded;charset=UTF-8";
        Talk {
            body: Some(form.to_owned()),
            headers: vec![("content-type", media)],
            ..talk
        }
    };
    let keys = "client_id=amzn1.c&client_secret=s";
    let renewal = format!("grant_type=refresh_token&refresh_token=Atzr%7Cr&{keys}");
    good(ask(&renewal));
    let body = Place::RequestBody;
    bad(ask(&format!("grant_type=refresh_token&{keys}")), body, "");
    bad(
        ask("grant_type=refresh_token&refresh_token=r&client_id=c"),
        body,
        "",
    );
    bad(ask(&format!("{renewal}&marketplace=1")), body, "");
    let refused = |answer: &str| Talk {
        status: 400,
        answer: answer.as_bytes().to_vec(),
        ..ask(&renewal)
    };
    good(refused(
        r#"{"error":"invalid_grant","error_description":"d","request_id":"r"}"#,
    ));
    bad(
        refused(r#"{"fault":"invalid_grant"}"#),
        Place::ResponseBody,
        "",
    );
    let Some(mut contract) = amazon() else { return };
    ask(&renewal).check(&mut contract);
    assert_eq!(
        (contract.held(), contract.held_to_reference()),
        ((0, 0), (1, 1))
    );
}
