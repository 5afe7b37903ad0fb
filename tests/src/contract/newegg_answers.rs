//! The answers of Newegg, as newegg.md §3 to §8 describe them.
//!
//! They are tolerant as clients have to be: a list may be an array, an object with one entry or
//! with many, an array of such objects, a text or nothing; numbers and truths may be texts. What
//! must be there, and what kind of thing it is, is held to.

use super::newegg::Row;
use serde_json::{Value, json};
use std::path::Path;

/// The answer of an operation, where the reference describes one.
pub(super) fn answer(row: &Row<'_>, folder: &Path) -> Result<Value, String> {
    let schema = match row.path {
        "contentmgmt/item/international/inventory" if row.method == "PUT" => named("stock"),
        "contentmgmt/item/inventory" => named("stock_of_one"),
        "contentmgmt/item/international/price" if row.method == "PUT" => named("prices"),
        "contentmgmt/item/price" => named("price_of_one"),
        "contentmgmt/item/international/inventorylist" => items("stock"),
        "contentmgmt/item/inventorylist" => items("any_stock"),
        "contentmgmt/item/international/pricelist" => items("prices"),
        "contentmgmt/item/pricelist" => items("any_price"),
        "contentmgmt/item/inventoryandprice"
        | "contentmgmt/item/international/inventory"
        | "contentmgmt/item/international/price" => open(json!({}), &[]),
        "datafeedmgmt/feeds/submitfeed"
        | "datafeedmgmt/feeds/status"
        | "reportmgmt/report/submitrequest"
        | "reportmgmt/report/status" => open(
            json!({"ResponseList": list("ResponseInfo", "request")}),
            &[],
        ),
        "datafeedmgmt/feeds/result/{requestId}" => processing_report(folder)?,
        "ordermgmt/order/orderinfo" => orders(),
        "ordermgmt/orderstatus/orders/{orderNumber}" => order_status(row),
        "ordermgmt/orderstatus/orders/confirmation"
        | "ordermgmt/killitem/orders/{orderNumber}"
        | "sellermgmt/seller/accountstatus" => open(json!({}), &[]),
        // What the reference does not describe is counted as such.
        _ => return Ok(json!({"description": "not described"})),
    };
    Ok(json!({"content": {"application/json": {"schema": schema}}}))
}

/// The things that answers are made of, each under its name: lists name them more than once.
pub(super) fn entries() -> Value {
    let mut price = open(amounts(), &["CountryCode", "SellingPrice"]);
    price["properties"]["CountryCode"] = known();
    price["properties"]["Currency"] = scalar();
    json!({
        "scalar": {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"},
            {"type": "null"}]},
        // A number in digits, bare or as a text; an empty text is none.
        "number": {"anyOf": [{"type": "number"}, {"type": "null"},
            {"type": "string", "pattern": "^(-?[0-9]+(\\.[0-9]+)?)?$"}]},
        "known": {"anyOf": [{"type": "string", "minLength": 1}, {"type": "number"}]},
        "place": open(json!({"WarehouseLocation": known(), "FulfillmentOption": scalar(),
            "AvailableQuantity": number()}), &["WarehouseLocation", "AvailableQuantity"]),
        "price": price,
        "stock": item(json!({"InventoryAllocation": list("Inventory", "place")}),
            &["SellerPartNumber", "InventoryAllocation"]),
        "stock_of_one": item(json!({"FulfillmentOption": scalar(), "AvailableQuantity": number(),
            "Active": scalar()}), &["SellerPartNumber", "AvailableQuantity"]),
        "prices": item(json!({"PriceList": list("Price", "price")}),
            &["SellerPartNumber", "PriceList"]),
        "price_of_one": item(amounts(), &["SellerPartNumber", "SellingPrice"]),
        // §4.2 does not say in which form the classic batch reads answer.
        "any_stock": {"anyOf": [named("stock"), named("stock_of_one")]},
        "any_price": {"anyOf": [named("prices"), named("price_of_one")]},
        "request": open(json!({
            "RequestId": known(),
            "RequestType": scalar(),
            "RequestDate": scalar(),
            "RequestStatus": {"type": "string",
                "enum": ["SUBMITTED", "IN_PROGRESS", "FINISHED", "CANCELLED", "FAILED"]},
        }), &["RequestId", "RequestStatus"]),
        "order": order(),
        "order_item": open(json!({"SellerPartNumber": scalar(), "NeweggItemNumber": scalar(),
            "OrderedQty": number(), "ShippedQty": number(), "UnitPrice": number(),
            "ExtendUnitPrice": number(), "ExtendShippingCharge": number(),
            "ExtendSalesTax": number(), "Status": number()}),
            &["SellerPartNumber", "OrderedQty"]),
        "package": open(json!({"ShipCarrier": scalar(), "TrackingNumber": scalar(),
            "ShipDate": scalar()}), &[]),
    })
}

fn open(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

fn named(entry: &str) -> Value {
    json!({"$ref": format!("#/entries/{entry}")})
}

/// A text, a number or a truth, in whatever dress.
fn scalar() -> Value {
    named("scalar")
}

fn number() -> Value {
    named("number")
}

fn known() -> Value {
    named("known")
}

/// §3: every dress of a list whose entries are called `name`.
fn list(name: &str, entry: &str) -> Value {
    let entry = named(entry);
    let wrapped = open(
        json!({name: {"anyOf": [entry, {"type": "array", "items": entry},
        {"type": "null"}]}}),
        &[name],
    );
    json!({"anyOf": [
        {"type": "null"},
        {"type": "string", "maxLength": 0},
        wrapped.clone(),
        {"type": "array", "items": wrapped},
        {"type": "array", "items": entry},
        entry,
    ]})
}

/// §4.1 and §4.2: an item says whose and which it is.
fn item(properties: Value, required: &[&str]) -> Value {
    let mut item = open(properties, required);
    for name in ["SellerID", "ItemNumber", "SellerPartNumber"] {
        item["properties"][name] = scalar();
    }
    item
}

fn items(item: &str) -> Value {
    open(
        json!({"TotalCount": number(), "ItemList": list("Item", item)}),
        &["ItemList"],
    )
}

fn amounts() -> Value {
    json!({"Active": scalar(), "SellingPrice": number(), "MSRP": number(), "MAP": number(),
        "CheckoutMAP": scalar(), "EnableFreeShipping": scalar(), "OnPromotion": scalar()})
}

/// §5, with the values that the published description of the report knows.
fn processing_report(folder: &Path) -> Result<Value, String> {
    let file = folder.join("xsd/ProcessingReport.xsd");
    let codes = enumerated(&super::documents::read(&file)?, "StatusCode");
    if codes.is_empty() {
        return Err(format!("{} has no status codes any more", file.display()));
    }
    let reasons = json!({"anyOf": [scalar(), {"type": "array", "items": scalar()}]});
    let errors = open(json!({"ErrorDescription": reasons}), &["ErrorDescription"]);
    let row = open(
        json!({"AdditionalInfo": {"type": "object"},
        "ErrorList": {"anyOf": [errors, {"type": "array", "items": scalar()}]}}),
        &["ErrorList"],
    );
    let report = open(
        json!({
            "StatusCode": {"type": "string", "enum": codes},
            "ProcessingSummary": open(json!({"ProcessedCount": number(), "SuccessCount": number(),
                "WithErrorCount": number()}),
            &["ProcessedCount", "SuccessCount", "WithErrorCount"]),
            "Result": {"anyOf": [row.clone(), {"type": "array", "items": row}, {"type": "null"}]},
        }),
        &["StatusCode"],
    );
    let message = open(json!({"ProcessingReport": report}), &["ProcessingReport"]);
    let envelope = open(
        json!({"MessageType": {"const": "ProcessingReport"}, "Message": message}),
        &["Message"],
    );
    Ok(open(
        json!({"NeweggEnvelope": envelope}),
        &["NeweggEnvelope"],
    ))
}

/// The allowed values of an element in an XML schema.
fn enumerated(schema: &str, element: &str) -> Vec<String> {
    let start = format!("<xs:element name=\"{element}\"");
    let Some((_, rest)) = schema.split_once(&start) else {
        return Vec::new();
    };
    let inside = rest.split("</xs:element>").next().unwrap_or_default();
    let values = inside.split("<xs:enumeration value=\"").skip(1);
    values
        .filter_map(|value| Some(value.split_once('"')?.0.to_owned()))
        .collect()
}

/// §6.1.
fn order() -> Value {
    let mut order = open(
        json!({
            "OrderNumber": known(),
            "OrderDate": {"type": "string", "minLength": 8},
            "InvoiceNumber": scalar(),
            "OrderDownloaded": scalar(),
            "ShipToCountryCode": scalar(),
            "ItemInfoList": list("ItemInfo", "order_item"),
            "PackageInfoList": list("PackageInfo", "package"),
        }),
        &[
            "OrderNumber",
            "OrderDate",
            "OrderStatus",
            "ItemInfoList",
            "OrderTotalAmount",
        ],
    );
    for name in [
        "OrderStatus",
        "OrderItemAmount",
        "ShippingAmount",
        "DiscountAmount",
        "RefundAmount",
        "SalesTax",
        "OrderTotalAmount",
        "OrderQty",
        "SalesChannel",
        "FulfillmentOption",
    ] {
        order["properties"][name] = number();
    }
    order
}

fn orders() -> Value {
    let page = open(
        json!({"TotalCount": number(), "TotalPageCount": number(),
        "PageSize": number(), "PageIndex": number()}),
        &["TotalCount"],
    );
    open(
        json!({"PageInfo": page, "OrderInfoList": list("OrderInfo", "order")}),
        &["PageInfo"],
    )
}

/// §6.1 read, §6.3 and §6.4 written.
fn order_status(row: &Row<'_>) -> Value {
    if row.method == "GET" {
        return open(
            json!({"OrderNumber": known(), "OrderStatusCode": number()}),
            &["OrderNumber", "OrderStatusCode"],
        );
    }
    let result = open(
        json!({"OrderNumber": known(), "OrderStatus": scalar()}),
        &["OrderNumber"],
    );
    open(
        json!({"IsSuccess": scalar(), "Result": result}),
        &["Result"],
    )
}

#[cfg(test)]
mod tests {
    use super::enumerated;

    #[test]
    fn allowed_values_are_read_from_the_description() {
        let schema = "<xs:element name=\"A\"><xs:enumeration value=\"X\" />\
            <xs:enumeration value=\"Y\"/></xs:element><xs:element name=\"B\">\
            <xs:enumeration value=\"Z\"/></xs:element>";
        assert_eq!(enumerated(schema, "A"), ["X", "Y"]);
        assert_eq!(enumerated(schema, "C"), Vec::<String>::new());
    }
}
