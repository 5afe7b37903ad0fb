//! Items, prices and stock (walmart.md §5, §6.4, §6.5).

use barrow_model::{Gtin, GtinKind, Money};
use barrow_wire::{Built, Object, amount, escaped};
use bytes::Bytes;
use http::Method;

use crate::limits::{INVENTORIES_PAGE, ITEMS_PAGE};
use crate::request::{get, request, with_json};

/// A page of the seller's items. `*` begins a walk; `offset` goes with a handle that stays the
/// same for all pages.
pub(crate) fn items_request(base: &str, cursor: &str, offset: Option<usize>) -> Built {
    let cursor = if cursor == "*" {
        "*".to_owned()
    } else {
        escaped(cursor)
    };
    let mut uri = format!("{base}/v3/items?limit={ITEMS_PAGE}&nextCursor={cursor}");
    if let Some(offset) = offset {
        uri.push_str(&format!("&offset={offset}"));
    }
    get(&uri)
}

/// One item by its SKU, without parameters: those cost the higher rate.
pub(crate) fn item_request(base: &str, sku: &str) -> Built {
    let sku = escaped(sku);
    get(&format!("{base}/v3/items/{sku}?productIdType=SKU"))
}

/// Unlists an item.
pub(crate) fn retire_request(base: &str, sku: &str) -> Built {
    let uri = format!("{base}/v3/items/{}", escaped(sku));
    request(Method::DELETE, &uri, None, Bytes::new())
}

/// Looks whether Walmart's catalogue knows a barcode number (walmart.md §5.2).
pub(crate) fn search_request(base: &str, gtin: &Gtin) -> Built {
    let (name, number) = match gtin.kind() {
        GtinKind::Upc => ("upc", gtin.as_written()),
        _ => ("gtin", gtin.as_gtin14()),
    };
    get(&format!("{base}/v3/items/walmart/search?{name}={number}"))
}

/// Categories and product types of a spec version.
pub(crate) fn taxonomy_request(base: &str) -> Built {
    get(&format!(
        "{base}/v3/items/taxonomy?feedType=MP_ITEM&version=5.0"
    ))
}

/// The demands of product types (walmart.md §5.3).
pub(crate) fn spec_request(base: &str, version: &str, product_types: &[&str]) -> Built {
    let body = Object::new()
        .put("feedType", "MP_ITEM")
        .put("version", version)
        .put("productTypes", product_types);
    with_json(Method::POST, &format!("{base}/v3/items/spec"), &body)
}

/// The members of a price, for the call and for the feed alike.
pub(crate) fn price_body(sku: &str, price: &Money) -> Object {
    let current = Object::new()
        .put("currency", price.currency.as_str())
        .put("amount", amount(price));
    let pricing = Object::new()
        .put("currentPriceType", "BASE")
        .put("currentPrice", current);
    Object::new().put("sku", sku).put("pricing", [pricing])
}

/// Sets one price (walmart.md §6.4).
pub(crate) fn price_request(base: &str, sku: &str, price: &Money) -> Built {
    with_json(
        Method::PUT,
        &format!("{base}/v3/price"),
        &price_body(sku, price),
    )
}

/// The members of a quantity, for the call and for the feed alike.
pub(crate) fn inventory_body(sku: &str, quantity: u32) -> Object {
    let units = Object::new().put("unit", "EACH").put("amount", quantity);
    Object::new().put("sku", sku).put("quantity", units)
}

fn inventory_uri(base: &str, sku: &str, node: Option<&str>) -> String {
    let mut uri = format!("{base}/v3/inventory?sku={}", escaped(sku));
    if let Some(node) = node {
        uri.push_str(&format!("&shipNode={}", escaped(node)));
    }
    uri
}

/// Sets one quantity; the SKU stands in the query and in the body (walmart.md §6.5).
pub(crate) fn inventory_put_request(
    base: &str,
    sku: &str,
    quantity: u32,
    node: Option<&str>,
) -> Built {
    let uri = inventory_uri(base, sku, node);
    with_json(Method::PUT, &uri, &inventory_body(sku, quantity))
}

/// Reads one quantity.
pub(crate) fn inventory_request(base: &str, sku: &str, node: Option<&str>) -> Built {
    get(&inventory_uri(base, sku, node))
}

/// A page of all quantities at all nodes.
pub(crate) fn inventories_request(base: &str, cursor: Option<&str>) -> Built {
    let mut uri = format!("{base}/v3/inventories?limit={INVENTORIES_PAGE}");
    if let Some(cursor) = cursor {
        uri.push_str(&format!("&nextCursor={}", escaped(cursor)));
    }
    get(&uri)
}

#[cfg(test)]
mod tests {
    use crate::request::compact;
    use barrow_model::{Currency, Gtin, Money};
    use http::Request;

    use super::{
        Built, inventory_put_request, item_request, items_request, price_request, search_request,
        spec_request,
    };

    fn check(built: Built, method: &str, uri: &str, body: &str) {
        let request: Request<bytes::Bytes> = built.expect("a request");
        assert_eq!(request.method().as_str(), method);
        assert_eq!(request.uri().to_string(), format!("https://w{uri}"));
        assert_eq!(request.headers()["accept"], "application/json");
        assert_eq!(request.headers()["wm_svc.name"], "Walmart Marketplace");
        assert_eq!(std::str::from_utf8(request.body()), Ok(body));
    }

    #[test]
    fn requests_are_as_the_reference_has_them() {
        let price = Money::new(1990, Currency::USD);
        check(
            price_request("https://w", "A1", &price),
            "PUT",
            "/v3/price",
            &compact(
                r#"
                {"sku":"A1","pricing":[{"currentPriceType":"BASE","currentPrice":{
                "currency":"USD","amount":19.90}}]}"#,
            ),
        );
        check(
            inventory_put_request("https://w", "A/1 ü", 5, Some("100")),
            "PUT",
            "/v3/inventory?sku=A%2F1%20%C3%BC&shipNode=100",
            r#"{"sku":"A/1 ü","quantity":{"unit":"EACH","amount":5}}"#,
        );
        check(
            item_request("https://w", "A/1"),
            "GET",
            "/v3/items/A%2F1?productIdType=SKU",
            "",
        );
        check(
            items_request("https://w", "*", None),
            "GET",
            "/v3/items?limit=200&nextCursor=*",
            "",
        );
        check(
            items_request("https://w", "AoE/=", Some(200)),
            "GET",
            "/v3/items?limit=200&nextCursor=AoE%2F%3D&offset=200",
            "",
        );
        check(
            spec_request("https://w", "5.0.20260608-18_15_07-api", &["Desk Chairs"]),
            "POST",
            "/v3/items/spec",
            &compact(
                r#"
                {"feedType":"MP_ITEM","version":"5.0.20260608-18_15_07-api",
                "productTypes":["Desk Chairs"]}"#,
            ),
        );
    }

    #[test]
    fn a_barcode_is_searched_as_upc_or_as_gtin() {
        let check_search = |text: &str, uri: &str| {
            let gtin = Gtin::parse(text).expect("a barcode number");
            check(search_request("https://w", &gtin), "GET", uri, "");
        };
        check_search("012345678905", "/v3/items/walmart/search?upc=012345678905");
        check_search(
            "4006381333931",
            "/v3/items/walmart/search?gtin=04006381333931",
        );
    }
}
