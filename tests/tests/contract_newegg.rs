//! The validator itself, on exchanges with Newegg made by hand: it lets good ones pass, in each of
//! the dresses that answers have, and names what is wrong with bad ones.

use barrow_tests::contract::talk::{Headers, Talk};
use barrow_tests::contract::{Contract, Place, Specs};
use http::Method;
use serde_json::{Value, json};

const US: &str = "/marketplace/";
const CAN: &str = "/marketplace/can/";

const HEADERS: Headers = &[
    ("authorization", "720ddc067f4d115bd544aff46bc75634"),
    ("secretkey", "21EC2020-3AEA-1069-A2DD-08002B30309D"),
    ("accept", "application/json"),
    ("content-type", "application/json"),
];

fn talk(method: Method, path: &str, body: Option<Value>, answer: Value) -> Talk {
    let mark = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{mark}sellerid=A0XX");
    Talk::new(method, &path, HEADERS, body, &answer)
}

/// The contract, or `None` with a word about it where the specs are absent.
fn newegg() -> Option<Contract> {
    match Specs::open() {
        Ok(specs) => Some(specs.newegg()),
        Err(missing) => {
            eprintln!("{missing}");
            None
        }
    }
}

fn good(talk: Talk) {
    let Some(mut contract) = newegg() else { return };
    talk.is_good(&mut contract);
}

fn bad(talk: Talk, place: Place, at: &str) {
    let Some(mut contract) = newegg() else { return };
    talk.is_bad(&mut contract, place, at);
}

fn stock(entries: Value) -> Value {
    json!({"SellerID": "A0XX", "ItemNumber": "9SIA1", "SellerPartNumber": "A-1",
        "InventoryAllocation": entries})
}

fn read_stock(answer: Value) -> Talk {
    let asked = json!({"Type": "1", "Value": "A-1",
        "WarehouseList": {"WarehouseLocation": ["USA"]}});
    let path = format!("{US}contentmgmt/item/international/inventory");
    talk(Method::PUT, &path, Some(asked), answer)
}

fn write_stock(quantity: Value) -> Talk {
    let asked = json!({"Type": "1", "Value": "A-1", "InventoryList": {"Inventory": [
        {"WarehouseLocation": "USA", "AvailableQuantity": quantity}]}});
    let path = format!("{US}contentmgmt/item/international/inventory");
    talk(Method::POST, &path, Some(asked), stock(Value::Null))
}

#[test]
fn the_same_verb_reads_here_and_writes_there() {
    let entry = json!({"WarehouseLocation": "USA", "FulfillmentOption": "0",
        "AvailableQuantity": "12"});
    let there = || stock(json!({"Inventory": [entry.clone()]}));
    good(read_stock(there()));
    good(write_stock(json!("12")));
    bad(
        write_stock(json!(12)),
        Place::RequestBody,
        "/InventoryList/Inventory/0/AvailableQuantity",
    );
    let turned = Talk {
        method: Method::POST,
        ..read_stock(there())
    };
    bad(turned, Place::RequestBody, "");
    let classic = |method, rest: &str, body, answer| {
        talk(
            method,
            &format!("{CAN}contentmgmt/item/{rest}"),
            Some(body),
            answer,
        )
    };
    let read = json!({"Type": "1", "Value": "A-1"});
    let told = json!({"SellerPartNumber": "A-1", "AvailableQuantity": 3, "Active": true});
    good(classic(
        Method::POST,
        "inventory?version=304",
        read.clone(),
        told.clone(),
    ));
    bad(
        classic(Method::POST, "inventory", read.clone(), told.clone()),
        Place::Query,
        "version",
    );
    let write = json!({"Type": "1", "Value": "A-1", "Inventory": "20"});
    let done = json!({"UpdateInventoryAndPriceResult": {"Result": "1"}});
    good(classic(Method::PUT, "inventoryandprice", write, done));
    // What another platform has is not there.
    let path = "/marketplace/can/contentmgmt/item/international/inventory";
    let elsewhere = talk(Method::PUT, path, Some(read), told);
    bad(elsewhere, Place::Path, path);
}

#[test]
fn headers_and_query() {
    let there = || read_stock(stock(json!({"Inventory": []})));
    let header = Place::RequestHeader;
    good(there());
    bad(there().without("secretkey"), header, "SecretKey");
    bad(there().without("authorization"), header, "Authorization");
    bad(
        there().header("authorization", "Bearer 720d"),
        header,
        "Authorization",
    );
    bad(
        there().header("content-type", "application/json; charset=utf-8"),
        header,
        "Content-Type",
    );
    bad(there().without("content-type"), header, "Content-Type");
    bad(there().without("accept"), header, "Accept");
    let path = "/marketplace/contentmgmt/item/international/inventory";
    let stranger = Talk {
        path: path.to_owned(),
        ..there()
    };
    bad(stranger, Place::Query, "sellerid");
    let shouted = Talk {
        path: format!("{US}ContentMgmt/x"),
        ..there()
    };
    bad(shouted, Place::Path, "/marketplace/ContentMgmt/x");
}

#[test]
fn every_dress_of_a_list_is_taken() {
    let entry = json!({"WarehouseLocation": "USA", "AvailableQuantity": "12"});
    for list in [
        json!({"Inventory": [entry.clone()]}),
        json!({"Inventory": entry.clone()}),
        json!([entry.clone()]),
        json!([{"Inventory": entry.clone()}]),
        entry.clone(),
        Value::Null,
        json!(""),
    ] {
        good(read_stock(stock(list.clone())));
        good(read_stock(
            json!({"NeweggAPIResponse": stock(list.clone())}),
        ));
        let framed = json!({"IsSuccess": "true", "ResponseBody": stock(list)});
        good(read_stock(framed.clone()));
        let marked = Talk {
            answer: format!("\u{feff}{framed}").into_bytes(),
            ..read_stock(Value::Null)
        };
        good(marked);
    }
    for wrong in [
        json!(7),
        json!([7]),
        json!({"Inventory": [{"WarehouseLocation": "USA"}]}),
    ] {
        bad(
            read_stock(stock(wrong)),
            Place::ResponseBody,
            "/InventoryAllocation",
        );
    }
    bad(
        read_stock(json!({"SellerPartNumber": "A-1"})),
        Place::ResponseBody,
        "",
    );
}

#[test]
fn prices() {
    let write = |price: Value| {
        let body = json!({"Type": "1", "Value": "A-1", "PriceList": {"Price": [price]}});
        let path = format!("{US}contentmgmt/item/international/price");
        talk(
            Method::POST,
            &path,
            Some(body),
            json!({"SellerPartNumber": "A-1"}),
        )
    };
    good(write(
        json!({"CountryCode": "USA", "Currency": "USD", "SellingPrice": "19.99"}),
    ));
    good(write(json!({"CountryCode": "USA", "Active": "0"})));
    let body = Place::RequestBody;
    let at = "/PriceList/Price/0/SellingPrice";
    for wrong in [
        json!(19.99),
        json!("19.9"),
        json!("0.00"),
        json!("19,99"),
        json!("100000.00"),
    ] {
        bad(
            write(json!({"CountryCode": "USA", "SellingPrice": wrong})),
            body,
            at,
        );
    }
    bad(
        write(json!({"CountryCode": "USA", "Price": "1.00"})),
        body,
        "/PriceList/Price/0",
    );
}

fn offer() -> Value {
    json!({"SellerPartNumber": "A-1", "Manufacturer": "Kestrel", "UPCOrISBN": "614141000012",
        "SellingPrice": "34.91", "Shipping": "Default", "Inventory": "5", "PacksOrSets": "1",
        "ItemCondition": "New"})
}

fn submit(base: &str, query: &str, version: &str, kind: &str, message: Value) -> Talk {
    let body = json!({"NeweggEnvelope": {"Header": {"DocumentVersion": version},
        "MessageType": kind, "Message": message}});
    let request = json!({"RequestId": "2A", "RequestType": "ITEM_DATA",
        "RequestDate": "11/22/2026 00:05:09", "RequestStatus": "SUBMITTED"});
    let answer = json!({"IsSuccess": true, "ResponseBody": {"ResponseList": [request]}});
    let path = format!("{base}datafeedmgmt/feeds/submitfeed?requesttype={query}");
    talk(Method::POST, &path, Some(body), answer)
}

fn offers(row: Value) -> Talk {
    let message = json!({"Itemfeed": [{"Item": [{"BasicInfo": row}]}]});
    submit(US, "ITEM_DATA&v2", "2.0", "BatchItemCreation", message)
}

#[test]
fn feeds_of_offers() {
    good(offers(offer()));
    let with = |change: fn(&mut Value)| {
        let mut row = offer();
        change(&mut row);
        offers(row)
    };
    let body = Place::RequestBody;
    let row = "/NeweggEnvelope/Message/Itemfeed/0/Item/0/BasicInfo";
    let at = |rest: &str| format!("{row}{rest}");
    good(with(|r| r["ActivationMark"] = json!("True")));
    bad(
        with(|r| r["ActivationMark"] = json!(true)),
        body,
        &at("/ActivationMark"),
    );
    bad(
        with(|r| r["SellingPrice"] = json!("34.9")),
        body,
        &at("/SellingPrice"),
    );
    bad(with(|r| r["Inventory"] = json!(5)), body, &at("/Inventory"));
    bad(with(|r| r["Condition"] = json!("New")), body, row);
    let nameless = |r: &mut Value| {
        r.as_object_mut().unwrap().remove("UPCOrISBN");
    };
    bad(with(nameless), body, row);
    let many = json!({"Itemfeed": [{"Item": vec![json!({"BasicInfo": offer()}); 3_001]}]});
    bad(
        submit(US, "ITEM_DATA&v2", "2.0", "BatchItemCreation", many),
        body,
        "/NeweggEnvelope/Message/Itemfeed/0/Item",
    );
}

#[test]
fn nothing_is_ever_overwritten() {
    for value in ["Yes", "No"] {
        let talk = offers(offer());
        let mut body: Value = serde_json::from_str(talk.body.as_deref().unwrap()).unwrap();
        body["NeweggEnvelope"]["Overwrite"] = json!(value);
        let body = Some(body.to_string());
        bad(Talk { body, ..talk }, Place::RequestBody, "/NeweggEnvelope");
    }
}

#[test]
fn feeds_of_prices_and_stock_go_by_platform() {
    let stock = json!({"Inventory": {"Item": [{"SellerPartNumber": "A-1",
        "WarehouseLocation": "USA", "FulfillmentOption": "Seller", "Inventory": "5"}]}});
    good(submit(
        US,
        "INVENTORY_DATA",
        "2.0",
        "Inventory",
        stock.clone(),
    ));
    let query = Place::Query;
    bad(
        submit(CAN, "INVENTORY_DATA", "2.0", "Inventory", stock.clone()),
        query,
        "requesttype",
    );
    bad(
        submit(US, "INVENTORY", "2.0", "Inventory", stock.clone()),
        query,
        "requesttype",
    );
    bad(
        submit(US, "INVENTORY_DATA", "1.0", "Inventory", stock),
        Place::RequestBody,
        "/NeweggEnvelope/Header/DocumentVersion",
    );
    let both = json!({"Inventory": {"Item": [{"SellerPartNumber": "A-1", "Currency": "CAD",
        "SellingPrice": "5.00", "Inventory": "5", "ActivationMark": "True"}]}});
    good(submit(
        CAN,
        "INVENTORY_AND_PRICE_DATA",
        "1.0",
        "Inventory",
        both.clone(),
    ));
    bad(
        submit(US, "INVENTORY_AND_PRICE_DATA", "1.0", "Inventory", both),
        query,
        "requesttype",
    );
    // The flag of an item feed goes with its version.
    let message = json!({"Itemfeed": [{"Item": [{"BasicInfo": offer()}]}]});
    let kind = "BatchItemCreation";
    bad(
        submit(US, "ITEM_DATA&v1", "2.0", kind, message.clone()),
        query,
        "requesttype",
    );
    bad(
        submit(US, "ITEM_DATA", "2.0", kind, message),
        query,
        "requesttype",
    );
}

#[test]
fn the_state_and_the_report_of_a_feed() {
    let ask = |inside: Value| {
        let body = json!({"OperationType": "GetFeedStatusRequest",
            "RequestBody": {"GetRequestStatus": inside}});
        let answer = json!({"NeweggAPIResponse": {"ResponseBody": {"ResponseList": {
            "ResponseInfo": {"RequestId": "2A", "RequestStatus": "IN_PROGRESS"}}}}});
        let path = format!("{US}datafeedmgmt/feeds/status");
        talk(Method::PUT, &path, Some(body), answer)
    };
    good(ask(
        json!({"RequestIDList": {"RequestID": "2A"}, "MaxCount": "100"}),
    ));
    good(ask(json!({"RequestIDList": {"RequestID": ["2A", "2B"]}})));
    let at = "/RequestBody/GetRequestStatus";
    let body = Place::RequestBody;
    bad(
        ask(json!({"MaxCount": "101"})),
        body,
        &format!("{at}/MaxCount"),
    );
    bad(
        ask(json!({"RequestStatus": "DONE"})),
        body,
        &format!("{at}/RequestStatus"),
    );
    let report = |code: &str, result: Value| {
        let summary = json!({"ProcessedCount": "5", "SuccessCount": 4, "WithErrorCount": "1"});
        let inside = json!({"StatusCode": code, "ProcessingSummary": summary, "Result": result});
        let answer = json!({"NeweggEnvelope": {"MessageType": "ProcessingReport",
            "Message": {"ProcessingReport": inside}}});
        let path = format!("{US}datafeedmgmt/feeds/result/2A");
        talk(Method::GET, &path, None, answer).without("content-type")
    };
    let row = json!({"AdditionalInfo": {"SellerPartNumber": "A-1"},
        "ErrorList": {"ErrorDescription": ["Error(s). Item not created.", "Manufacturer - no"]}});
    good(report("ProcessReport", json!([row.clone()])));
    good(report("ProcessReport", row));
    good(report("FileFormatError", Value::Null));
    let at = "/NeweggEnvelope/Message/ProcessingReport";
    bad(
        report("Processed", Value::Null),
        Place::ResponseBody,
        &format!("{at}/StatusCode"),
    );
    bad(
        report("ProcessReport", json!([7])),
        Place::ResponseBody,
        &format!("{at}/Result"),
    );
}

fn order() -> Value {
    json!({"OrderNumber": 123_456_789, "OrderDate": "11/22/2026 0:05:09", "OrderStatus": "0",
        "OrderTotalAmount": "39.90", "ItemInfoList": [{"SellerPartNumber": "A-1",
            "OrderedQty": "1", "ShippedQty": 0, "UnitPrice": "34.91"}], "PackageInfoList": null})
}

fn list_orders(criteria: Value, answer: Value) -> Talk {
    let body = json!({"OperationType": "GetOrderInfoRequest", "RequestBody": {
        "PageIndex": "1", "PageSize": "100", "RequestCriteria": criteria}});
    let path = format!("{US}ordermgmt/order/orderinfo?version=315");
    talk(Method::PUT, &path, Some(body), answer)
}

#[test]
fn orders() {
    let criteria = || {
        json!({"Status": "0", "OrderDateFrom": "2026-11-20 00:00:00",
            "OrderDateTo": "2026-11-22 08:00:00"})
    };
    let page = |list: Value| {
        let page = json!({"TotalCount": "1", "TotalPageCount": 1});
        json!({"IsSuccess": "true", "ResponseBody": {"PageInfo": page, "OrderInfoList": list}})
    };
    good(list_orders(
        criteria(),
        page(json!({"OrderInfo": [order()]})),
    ));
    good(list_orders(criteria(), page(json!([order()]))));
    good(list_orders(criteria(), page(Value::Null)));
    let numbers = json!({"OrderNumberList": {"OrderNumber": ["123456789"]}});
    good(list_orders(numbers, page(json!([order()]))));
    let body = Place::RequestBody;
    let at = "/RequestBody/RequestCriteria";
    let mut wrong = criteria();
    wrong.as_object_mut().unwrap().remove("Status");
    bad(list_orders(wrong, page(Value::Null)), body, at);
    let mut wrong = criteria();
    wrong["OrderDateTo"] = json!("2026-11-22T08:00:00Z");
    bad(list_orders(wrong, page(Value::Null)), body, at);
    let mut wrong = order();
    wrong.as_object_mut().unwrap().remove("OrderDate");
    bad(
        list_orders(criteria(), page(json!([wrong]))),
        Place::ResponseBody,
        "/OrderInfoList",
    );
    let talk = list_orders(criteria(), page(Value::Null));
    let mut framed: Value = serde_json::from_str(talk.body.as_deref().unwrap()).unwrap();
    framed = json!({"NeweggAPIRequest": framed.take()});
    let outer = Talk {
        body: Some(framed.to_string()),
        ..talk
    };
    let Some(mut contract) = newegg() else { return };
    assert!(
        !outer.check(&mut contract).is_empty(),
        "no outer name in JSON"
    );
    let path = outer.path.replace("315", "308");
    bad(
        Talk {
            path,
            ..list_orders(criteria(), page(Value::Null))
        },
        Place::Query,
        "version",
    );
}

#[test]
fn acting_on_orders() {
    let act = |body: Value| {
        let path = format!("{US}ordermgmt/orderstatus/orders/123456789?version=304");
        let answer = json!({"IsSuccess": true, "Result": {"OrderNumber": "123456789"}});
        talk(Method::PUT, &path, Some(body), answer)
    };
    let ship = |change: fn(&mut Value)| {
        let mut package = json!({"TrackingNumber": "1Z999AA10123456784", "ShipCarrier": "UPS",
            "ShipService": "Ground", "ItemList": {"Item": [
                {"SellerPartNumber": "A-1", "ShippedQty": "1"}]}});
        change(&mut package);
        let header = json!({"SellerID": "A0XX", "SONumber": "123456789"});
        act(
            json!({"Action": "2", "Value": {"Shipment": {"Header": header,
            "PackageList": {"Package": [package]}}}}),
        )
    };
    good(ship(|_| {}));
    let body = Place::RequestBody;
    bad(ship(|p| p["ShipCarrier"] = json!("")), body, "");
    bad(ship(|p| p["Tracking"] = json!("1")), body, "");
    bad(
        ship(|p| p["ItemList"]["Item"][0]["ShippedQty"] = json!("0")),
        body,
        "",
    );
    good(act(json!({"Action": "1", "Value": "24"})));
    bad(act(json!({"Action": "1", "Value": "25"})), body, "");
    let kill = |item: Value| {
        let inside = json!({"KillItem": {"Order": {"ItemList": {"Item": [item]}}}});
        let body = json!({"OperationType": "KillItemRequest", "RequestBody": inside});
        let path = format!("{US}ordermgmt/killitem/orders/123456789");
        talk(
            Method::PUT,
            &path,
            Some(body),
            json!({"ResponseBody": {"Orders": {}}}),
        )
    };
    good(kill(json!({"SellerPartNumber": "A-1"})));
    bad(
        kill(json!({"SellerPartNumber": "A-1", "Quantity": "1"})),
        body,
        "/RequestBody/KillItem/Order/ItemList/Item/0",
    );
}

#[test]
fn refusals_come_in_four_forms() {
    let refused = |status: u16, answer: &str| Talk {
        status,
        answer: answer.as_bytes().to_vec(),
        ..write_stock(json!("1"))
    };
    good(refused(400, r#"[{"Code":"CT026","Message":"m"}]"#));
    good(refused(400, r#"{"Code":"CE001","Message":"m"}"#));
    good(refused(
        404,
        "<Errors><Error><Code>CT026</Code></Error></Errors>",
    ));
    good(refused(401, "Gateway: Seller Auth failed."));
    bad(refused(400, r#"{"error":"no"}"#), Place::ResponseBody, "");
}

#[test]
fn all_is_counted_as_held_to_the_reference_alone() {
    let Some(mut contract) = newegg() else { return };
    assert!(write_stock(json!("1")).check(&mut contract).is_empty());
    let health = format!("{US}ordermgmt/servicestatus");
    let health = talk(Method::GET, &health, None, json!({"Status": "1"}));
    assert!(health.check(&mut contract).is_empty());
    assert_eq!(
        contract.report(),
        "Newegg: 0 requests and 0 answers held to the official contract, 2 requests and \
         1 answer to the reference alone, 2 operations seen\n  \
         GET /marketplace/ordermgmt/servicestatus: 1 request, 1 body that no schema describes; \
         by the reference, no schema is published\n  \
         POST /marketplace/contentmgmt/item/international/inventory: 1 request, 1 answer; \
         by the reference, no schema is published\n"
    );
}
