//! The forms that one and the same answer takes (newegg.md §3).

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::json;

use crate::{Seller, rows, settings, word};
use barrow_practice::newegg::Platform;

#[test]
fn the_same_order_is_told_in_every_form() {
    let mut seller = Seller::new();
    seller.publish(&[("A", "5.90", 9)]);
    let number = seller.order(&[("A", 1)]);
    let mut forms = BTreeSet::new();
    for _ in 0..60 {
        let seen = seller.orderinfo(
            315,
            json!({ "OrderNumberList": { "OrderNumber": [number] } }),
        );
        forms.insert(if seen.text.contains("NeweggAPIResponse") {
            "framed"
        } else {
            "bare"
        });
        if seen.text.starts_with('\u{feff}') {
            forms.insert("marked");
        }
        let list = &seen.inner()["OrderInfoList"];
        forms.insert(match list {
            list if list.get("OrderInfo").is_some_and(|inner| inner.is_array()) => "nested",
            list if list.get("OrderInfo").is_some() => "single",
            list if list
                .get(0)
                .is_some_and(|row| row.get("OrderInfo").is_some()) =>
            {
                "wrappers"
            }
            _ => "array",
        });
        let orders = rows(seen.inner(), "OrderInfoList", "OrderInfo");
        let amount = &orders[0]["OrderItemAmount"];
        forms.insert(if amount.is_string() {
            "text"
        } else {
            "literal"
        });
        assert!(["5.90", "5.9"].contains(&word(amount).as_str()), "{amount}");
        assert_eq!(orders.len(), 1);
    }
    let all = [
        "array", "bare", "framed", "literal", "marked", "nested", "single", "text", "wrappers",
    ];
    assert_eq!(forms.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn the_same_refusal_is_told_in_every_form() {
    let mut seller = Seller::new();
    let mut forms = BTreeSet::new();
    for _ in 0..60 {
        let seen = seller.get("ordermgmt/orderstatus/orders/123456789");
        assert_eq!(
            (seen.status, seen.code().as_str()),
            (StatusCode::BAD_REQUEST, "SO003")
        );
        forms.insert(match &seen.body {
            body if body.is_array() => "array",
            body if body.is_object() => "object",
            _ => "xml",
        });
    }
    assert_eq!(
        forms.into_iter().collect::<Vec<_>>(),
        ["array", "object", "xml"]
    );
    seller.fault("xml_error", 1);
    let seen = seller.get("ordermgmt/orderstatus/orders/123456789");
    assert_eq!(seen.headers["content-type"], "application/xml");
    assert!(
        seen.text
            .contains("<Errors><Error><Code>SO003</Code><Message>"),
        "{}",
        seen.text
    );
}

#[test]
fn without_accept_the_answer_is_xml() {
    let mut seller = Seller::new();
    for accept in [None, Some("application/xml")] {
        let path = "sellermgmt/seller/accountstatus";
        let mut request = seller.request(Method::GET, path, None);
        request.headers_mut().remove("accept");
        if let Some(accept) = accept {
            request
                .headers_mut()
                .insert("accept", accept.parse().unwrap());
        }
        let seen = seller.send(request);
        assert_eq!(seen.headers["content-type"], "application/xml");
        assert!(
            seen.text
                .contains("<NeweggAPIResponse><IsSuccess>true</IsSuccess>")
        );
        assert!(
            seen.text.contains("<Status>Active</Status>"),
            "{}",
            seen.text
        );
    }
}

#[test]
fn the_forms_come_from_the_seed() {
    let texts = |seed: u64| {
        let mut seller = Seller::with(Platform::Us, settings(seed, 0));
        let answers = (0..30).map(|_| seller.get("ordermgmt/servicestatus").text);
        answers.collect::<Vec<_>>()
    };
    assert_eq!(texts(1), texts(1));
    assert_ne!(texts(1), texts(2));
}
