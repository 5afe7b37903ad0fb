//! The bodies that Newegg takes, as newegg.md §3 to §6 describe them.
//!
//! They are strict: a name that the reference does not have is a fault, because a misspelt one is
//! ignored in silence. Numbers travel as texts.

use super::newegg::Row;
use super::{Findings, Place};
use serde_json::{Value, json};

/// The path under which feeds are submitted.
pub(super) const SUBMIT: &str = "datafeedmgmt/feeds/submitfeed";

/// The body of an operation.
pub(super) fn request(row: &Row<'_>) -> Value {
    match row.operation_type {
        "(none)" => item_body(row),
        // What stands in it goes by the feed's type: see [`feed`].
        "(NeweggEnvelope)" => json!({"type": "object", "additionalProperties": true}),
        // The two actions on an order share one path.
        "(Action 1)" | "(Action 2)" => json!({"anyOf": [void(), shipment()]}),
        types => framed(types, inside(row)),
    }
}

/// §3: the outer name `NeweggAPIRequest` of XML is not used in JSON.
fn framed(types: &str, body: Value) -> Value {
    let names: Vec<&str> = types.split(" | ").collect();
    let operation = match names.as_slice() {
        ["<Report>Request"] => json!({"type": "string", "pattern": "^[A-Z][A-Za-z]*Request$"}),
        names => json!({"type": "string", "enum": names}),
    };
    strict(
        json!({"OperationType": operation, "RequestBody": body}),
        &["OperationType", "RequestBody"],
    )
}

/// What stands in the frame; open where the reference does not describe it.
fn inside(row: &Row<'_>) -> Value {
    match row.path {
        "datafeedmgmt/feeds/status" | "reportmgmt/report/status" => requests_status(),
        "ordermgmt/order/orderinfo" => orders(),
        "ordermgmt/orderstatus/orders/confirmation" => {
            let numbers = strict(
                json!({"OrderNumber": list(order_number(), 100)}),
                &["OrderNumber"],
            );
            strict(
                json!({"DownloadedOrderList": numbers}),
                &["DownloadedOrderList"],
            )
        }
        "ordermgmt/killitem/orders/{orderNumber}" => {
            let item = strict(
                json!({"SellerPartNumber": part_number()}),
                &["SellerPartNumber"],
            );
            let items = strict(json!({"Item": list(item, 100)}), &["Item"]);
            let order = strict(json!({"ItemList": items}), &["ItemList"]);
            let kill = strict(json!({"Order": order}), &["Order"]);
            strict(json!({"KillItem": kill}), &["KillItem"])
        }
        "reportmgmt/report/submitrequest" => report(),
        "reportmgmt/report/result" => strict(
            json!({
                "RequestID": text(1, 40),
                "PageInfo": strict(json!({"PageIndex": digits(), "PageSize": page_size()}), &[]),
            }),
            &["RequestID"],
        ),
        _ => json!({"type": "object", "additionalProperties": true}),
    }
}

fn strict(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required,
        "additionalProperties": false})
}

fn list(item: Value, most: u32) -> Value {
    json!({"type": "array", "items": item, "minItems": 1, "maxItems": most})
}

fn text(least: u32, most: u32) -> Value {
    json!({"type": "string", "minLength": least, "maxLength": most})
}

fn digits() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{1,6}$"})
}

fn page_size() -> Value {
    json!({"type": "string", "pattern": "^([1-9][0-9]?|100)$"})
}

fn one_of(values: &[&str]) -> Value {
    json!({"type": "string", "enum": values})
}

/// Two decimals or none, from 0.01 to 99999.00, as a text.
fn price() -> Value {
    json!({"type": "string",
        "pattern": "^(0\\.(0[1-9]|[1-9][0-9])|[1-9][0-9]{0,4}(\\.[0-9]{2})?)$"})
}

fn price_or_zero() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{1,5}(\\.[0-9]{2})?$"})
}

fn part_number() -> Value {
    text(1, 40)
}

fn order_number() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{1,20}$"})
}

fn day_or_moment() -> Value {
    json!({"type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?$"})
}

fn country() -> Value {
    json!({"type": "string", "pattern": "^[A-Z]{3}$"})
}

/// §4: an item by number, part number or barcode number.
fn item(more: Value, required: &[&str]) -> Value {
    let mut body = strict(more, required);
    body["properties"]["Type"] = one_of(&["0", "1", "2"]);
    body["properties"]["Value"] = part_number();
    body["properties"]["Condition"] = one_of(&["1", "2", "3", "4", "5", "6"]);
    let required = body["required"].as_array_mut();
    required
        .into_iter()
        .for_each(|names| names.extend([json!("Type"), json!("Value")]));
    body
}

fn items(more: Value, required: &[&str]) -> Value {
    let mut body = strict(more, required);
    body["properties"]["Type"] = one_of(&["0", "1", "2"]);
    body["properties"]["Values"] = list(part_number(), 100);
    let required = body["required"].as_array_mut();
    required
        .into_iter()
        .for_each(|names| names.extend([json!("Type"), json!("Values")]));
    body
}

/// §4.1 and §4.2: prices and stock have no frame, and the same verb reads here and writes there.
fn item_body(row: &Row<'_>) -> Value {
    let flag = one_of(&["0", "1"]);
    match (row.method, row.path) {
        ("PUT", "contentmgmt/item/international/inventory") => item(
            json!({"WarehouseList":
            strict(json!({"WarehouseLocation": list(country(), 10)}), &["WarehouseLocation"])}),
            &[],
        ),
        ("POST", "contentmgmt/item/international/inventory") => {
            let stock = strict(
                json!({"WarehouseLocation": country(),
                "AvailableQuantity": digits()}),
                &["WarehouseLocation", "AvailableQuantity"],
            );
            let stocks = strict(json!({"Inventory": list(stock, 10)}), &["Inventory"]);
            item(json!({"InventoryList": stocks}), &["InventoryList"])
        }
        ("PUT", "contentmgmt/item/international/price") => item(
            json!({"CountryList":
            strict(json!({"CountryCode": list(country(), 10)}), &["CountryCode"])}),
            &[],
        ),
        ("POST", "contentmgmt/item/international/price") => {
            let one = strict(
                json!({"CountryCode": country(), "Currency": country(),
                "Active": flag.clone(), "MSRP": price_or_zero(), "MAP": price_or_zero(),
                "CheckoutMAP": flag.clone(), "SellingPrice": price(), "LimitQuantity": digits(),
                "EnableFreeShipping": flag}),
                &["CountryCode"],
            );
            let prices = strict(json!({"Price": list(one, 10)}), &["Price"]);
            item(json!({"PriceList": prices}), &["PriceList"])
        }
        ("POST", "contentmgmt/item/international/inventorylist") => {
            items(json!({"WarehouseList": list(country(), 10)}), &[])
        }
        ("POST", "contentmgmt/item/international/pricelist") => {
            items(json!({"CountryList": list(country(), 10)}), &[])
        }
        ("POST", "contentmgmt/item/inventory" | "contentmgmt/item/price") => item(json!({}), &[]),
        ("POST", "contentmgmt/item/inventorylist" | "contentmgmt/item/pricelist") => {
            items(json!({}), &[])
        }
        ("PUT", "contentmgmt/item/inventoryandprice") => item(
            json!({"Inventory": digits(),
            "MSRP": price_or_zero(), "MAP": price_or_zero(), "CheckoutMAP": flag.clone(),
            "SellingPrice": price(), "EnableFreeShipping": flag.clone(), "Active": flag.clone(),
            "FulfillmentOption": flag, "LimitQuantity": digits()}),
            &[],
        ),
        // A new row of the table has to be described here first.
        _ => Value::Bool(false),
    }
}

/// §5 and §8: how requests stand, by number or by date.
fn requests_status() -> Value {
    let numbers = json!({"anyOf": [text(1, 40), list(text(1, 40), 100)]});
    let status = strict(
        json!({
            "RequestIDList": strict(json!({"RequestID": numbers}), &["RequestID"]),
            "MaxCount": page_size(),
            "RequestStatus": one_of(&["ALL", "SUBMITTED", "IN_PROGRESS", "FINISHED", "CANCELLED",
                "FAILED"]),
            "RequestType": text(1, 60),
            "RequestDateFrom": day_or_moment(),
            "RequestDateTo": day_or_moment(),
        }),
        &[],
    );
    strict(json!({"GetRequestStatus": status}), &["GetRequestStatus"])
}

/// §6.1: by number, or by status and date; without a status the list fails.
fn orders() -> Value {
    let numbers = json!({"anyOf": [
        strict(json!({"OrderNumber": list(order_number(), 100)}), &["OrderNumber"]),
        list(order_number(), 100),
    ]});
    let by_number = strict(json!({"OrderNumberList": numbers}), &["OrderNumberList"]);
    let by_date = strict(
        json!({
            "Status": one_of(&["0", "1", "2", "3", "4", "5"]),
            "Type": one_of(&["0", "1", "2", "3", "4"]),
            "VoidSoon": one_of(&["24", "48"]),
            "OrderDateFrom": day_or_moment(),
            "OrderDateTo": day_or_moment(),
            "OrderDownloaded": one_of(&["0", "1"]),
            "CountryCode": country(),
            "PremierOrder": one_of(&["0", "1", "2"]),
        }),
        &["Status"],
    );
    strict(
        json!({"PageIndex": json!({"type": "string", "pattern": "^[1-9][0-9]{0,5}$"}),
        "PageSize": page_size(), "RequestCriteria": {"anyOf": [by_number, by_date]}}),
        &["PageIndex", "PageSize", "RequestCriteria"],
    )
}

/// §6.4: the four reasons.
fn void() -> Value {
    strict(
        json!({"Action": {"const": "1"}, "Value": one_of(&["24", "72", "73", "74"])}),
        &["Action", "Value"],
    )
}

/// §6.3.
fn shipment() -> Value {
    let item = strict(
        json!({"SellerPartNumber": part_number(), "NeweggItemNumber": text(0, 40),
        "ShippedQty": json!({"type": "string", "pattern": "^[1-9][0-9]{0,5}$"})}),
        &["SellerPartNumber", "ShippedQty"],
    );
    let package = strict(
        json!({
            "TrackingNumber": text(1, 100),
            "ShipCarrier": text(1, 100),
            "ShipService": text(1, 100),
            "ShipFromAddress": text(0, 200),
            "ItemList": strict(json!({"Item": list(item, 500)}), &["Item"]),
        }),
        &["TrackingNumber", "ShipCarrier", "ShipService", "ItemList"],
    );
    let header = strict(
        json!({"SellerID": text(1, 20), "SONumber": order_number()}),
        &["SellerID", "SONumber"],
    );
    let shipment = strict(
        json!({"Header": header,
        "PackageList": strict(json!({"Package": list(package, 50)}), &["Package"])}),
        &["Header", "PackageList"],
    );
    strict(
        json!({"Action": {"const": "2"},
        "Value": strict(json!({"Shipment": shipment}), &["Shipment"])}),
        &["Action", "Value"],
    )
}

/// §8: a look at Newegg's catalogue; other reports are open.
fn report() -> Value {
    let row = strict(
        json!({"UPC": text(0, 40), "Condition": text(0, 20),
        "ManufacturerName": text(0, 40), "ManufacturerPartNumber": text(0, 40),
        "PacksOrSets": digits()}),
        &[],
    );
    let look_up = strict(json!({"Item": list(row, 1000)}), &["Item"]);
    json!({"type": "object", "minProperties": 1, "maxProperties": 1, "properties": {
        "RequestCriteria": look_up,
        "OrderListReportCriteria": {"type": "object", "additionalProperties": true},
        "DailyInventoryReportCriteria": {"type": "object", "additionalProperties": true},
        "DailyPriceReportCriteria": {"type": "object", "additionalProperties": true},
        "ItemBasicInfoReportCriteria": {"type": "object", "additionalProperties": true},
    }})
}

/// The contents of feeds, by their type, each with the platforms that take it.
pub(super) fn feeds() -> Value {
    json!({
        "ITEM_DATA": envelope("2.0", "BatchItemCreation", item_data()),
        "INVENTORY_DATA": envelope("2.0", "Inventory", rows("Inventory", strict(json!({
            "SellerPartNumber": part_number(), "NeweggItemNumber": text(0, 40),
            "WarehouseLocation": country(), "FulfillmentOption": one_of(&["Seller", "Newegg"]),
            "Inventory": digits()}), &["SellerPartNumber", "WarehouseLocation", "Inventory"]))),
        "PRICE_DATA": envelope("2.0", "Price", rows("Price", strict(json!({
            "SellerPartNumber": part_number(), "NeweggItemNumber": text(0, 40),
            "CountryCode": country(), "Currency": country(), "MSRP": price_or_zero(),
            "MAP": price_or_zero(), "CheckoutMAP": truth(), "SellingPrice": price(),
            "LimitQuantity": digits(), "Shipping": one_of(&["Default", "Free"]),
            "ActivationMark": truth()}), &["SellerPartNumber", "CountryCode", "SellingPrice"]))),
        "INVENTORY_AND_PRICE_DATA": envelope("1.0", "Inventory", rows("Inventory", strict(json!({
            "SellerPartNumber": part_number(), "NeweggItemNumber": text(0, 40),
            "Currency": country(), "MSRP": price_or_zero(), "MAP": price_or_zero(),
            "CheckoutMAP": truth(), "SellingPrice": price(), "Inventory": digits(),
            "FulfillmentOption": one_of(&["Seller", "Newegg"]), "LimitQuantity": digits(),
            "Shipping": one_of(&["Default", "Free"]), "ActivationMark": truth()}),
            &["SellerPartNumber"]))),
    })
}

fn truth() -> Value {
    one_of(&["True", "False"])
}

/// §5.2: `Overwrite` stays out; `Yes` would take every other item off sale.
fn envelope(version: &str, message_type: &str, message: Value) -> Value {
    let header = strict(
        json!({"DocumentVersion": {"const": version}}),
        &["DocumentVersion"],
    );
    let inside = strict(
        json!({"Header": header, "MessageType": {"const": message_type},
        "Message": message}),
        &["Header", "MessageType", "Message"],
    );
    strict(json!({"NeweggEnvelope": inside}), &["NeweggEnvelope"])
}

fn rows(name: &str, row: Value) -> Value {
    let items = strict(json!({"Item": list(row, 10_000)}), &["Item"]);
    strict(json!({name: items}), &[name])
}

/// §5.1: an offer on an item that Newegg knows, with the limits of the published item feed.
fn item_data() -> Value {
    let mut basic = strict(
        json!({
            "SellerPartNumber": part_number(),
            "Manufacturer": text(1, 40),
            "UPCOrISBN": text(1, 40),
            "ManufacturerPartsNumber": text(1, 20),
            "NeweggItemNumber": text(1, 40),
            "SellingPrice": price(),
            "Shipping": one_of(&["Default", "Free"]),
            "Inventory": digits(),
            "PacksOrSets": {"type": "string", "pattern": "^[1-9][0-9]{0,3}$"},
            "ItemCondition": one_of(&["New", "Refurbished", "UsedLikeNew", "UsedVeryGood",
                "UsedGood",
                "UsedAcceptable"]),
            "MSRP": price(),
            "MAP": price_or_zero(),
            "CheckoutMAP": truth(),
            "LimitQuantity": digits(),
            "ActivationMark": truth(),
            "Currency": country(),
            "CountryOfOrigin": country(),
            "LeadTime": {"type": "string", "pattern": "^([1-9]|1[0-4])$"},
            "ShippingTemplate": text(1, 100),
        }),
        &[
            "SellerPartNumber",
            "Manufacturer",
            "SellingPrice",
            "Shipping",
            "Inventory",
            "PacksOrSets",
        ],
    );
    basic["anyOf"] = json!([{"required": ["UPCOrISBN"]},
        {"required": ["ManufacturerPartsNumber"]}, {"required": ["NeweggItemNumber"]}]);
    let row = strict(json!({"BasicInfo": basic}), &["BasicInfo"]);
    let block = strict(json!({"Item": list(row, 3_000)}), &["Item"]);
    strict(json!({"Itemfeed": list(block, 1)}), &["Itemfeed"])
}

/// The platforms of a feed, where its content is described: §5.
const FEED_PLATFORMS: [(&str, &[&str]); 4] = [
    (
        "ITEM_DATA",
        &["/marketplace/", "/marketplace/b2b/", "/marketplace/can/"],
    ),
    ("INVENTORY_DATA", &["/marketplace/"]),
    ("PRICE_DATA", &["/marketplace/"]),
    (
        "INVENTORY_AND_PRICE_DATA",
        &["/marketplace/b2b/", "/marketplace/can/"],
    ),
];

/// Feeds that exist and are not described.
const OTHER_FEEDS: [&str; 11] = [
    "ORDER_SHIP_NOTICE_DATA",
    "MULTICHANNEL_ORDER_DATA",
    "VOLUME_DISCOUNT_DATA",
    "ITEM_PROMOTION_DATA",
    "ITEM_PREMIER_MARK_DATA",
    "ITEM_CHINATAXSETTING_DATA",
    "ITEM_SUBSCRIPTION",
    "ITEM_CAPROP65_DATA",
    "ITEM_SAFEGUARD_SETTING_DATA",
    "ITEM_WARRANTY_DATA",
    "ITEM_COUNTRY_RESTRICTION_DATA",
];

/// What a submit of a feed is held to.
pub(super) enum Feed {
    /// The schema of its content, by its pointer.
    Described(String),
    /// The feed exists; its content is not described.
    Open,
}

/// The feed that a call submits, and the faults of its query.
pub(super) fn feed(
    path: &str,
    query: &[(String, String)],
    content: &Value,
    findings: &mut Findings,
) -> Option<Feed> {
    let base = path.strip_suffix(SUBMIT)?;
    let (_, kind) = query.iter().find(|(name, _)| name == "requesttype")?;
    if OTHER_FEEDS.contains(&kind.as_str()) {
        return Some(Feed::Open);
    }
    let known = FEED_PLATFORMS.iter().find(|(name, _)| name == kind);
    let Some((_, bases)) = known else {
        findings.add(
            Place::Query,
            "requesttype",
            "the reference has no such feed type",
        );
        return None;
    };
    if !bases.contains(&base) {
        findings.add(
            Place::Query,
            "requesttype",
            "the platform takes no such feed",
        );
        return None;
    }
    let flags: Vec<&str> = ["v1", "v2", "v3"]
        .into_iter()
        .filter(|flag| query.iter().any(|(name, _)| name == flag))
        .collect();
    let version = &content["NeweggEnvelope"]["Header"]["DocumentVersion"];
    // §5: the flag goes with the version of the document.
    let fits = match (kind.as_str(), flags.as_slice()) {
        ("ITEM_DATA", [flag]) => *version == format!("{}.0", &flag[1..]),
        ("ITEM_DATA", []) => version == "1.0",
        (_, flags) => flags.is_empty(),
    };
    if !fits {
        findings.add(
            Place::Query,
            "requesttype",
            "the flag does not fit the document",
        );
        return None;
    }
    let described = kind != "ITEM_DATA" || version == "2.0";
    Some(if described {
        Feed::Described(format!("/feeds/{kind}"))
    } else {
        Feed::Open
    })
}
