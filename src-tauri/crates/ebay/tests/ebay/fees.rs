//! What eBay took of orders, as its transactions tell.

use barrow_market::{Cursor, ErrorKind};
use barrow_model::ProblemKind;
use serde_json::{Value, json};

use crate::requests::usd;
use crate::script::{Reply, Script, answer, beginning, connect, ok};

fn amount(value: &str) -> Value {
    json!({"value": value, "currency": "USD"})
}

fn page(transactions: &Value, next: bool) -> Reply {
    let next = next.then_some("https://apiz.ebay.com/next");
    ok(json!({"transactions": transactions, "next": next, "total": 9}))
}

/// Key, line, kind and minor units of each fee that a record comes to.
async fn fees_of(record: Value) -> Vec<(String, Option<String>, String, i64)> {
    let script = Script::new([page(&json!([record]), false)]);
    let adapter = connect(&script);
    let fees = adapter.fees().unwrap();
    let cursor = fees.start(beginning()).unwrap();
    let read = fees.read(&cursor).await.unwrap();
    assert!(!read.more);
    let entries = read.entries.into_iter();
    entries
        .flat_map(|entry| {
            assert_eq!(entry.order_id, "13-1");
            let key = entry.entry;
            let fees = entry.fees.into_iter();
            fees.map(move |fee| {
                assert_eq!(fee.amount.currency, usd(1).currency);
                (key.clone(), fee.line_id, fee.kind, fee.amount.minor)
            })
        })
        .collect()
}

/// Key, line, kind and minor units of a fee.
type Told = (&'static str, Option<&'static str>, &'static str, i64);

#[tokio::test]
async fn sales_take_refunds_give_back_and_charges_stand_alone() {
    let check = |record: Value, expected: Vec<Told>| async move {
        let found = fees_of(record).await;
        let found: Vec<_> = found
            .iter()
            .map(|(key, line, kind, minor)| (key.as_str(), line.as_deref(), kind.as_str(), *minor))
            .collect();
        assert_eq!(found, expected);
    };
    let lines = json!([{"lineItemId": "10", "marketplaceFees": [
        {"feeType": "FINAL_VALUE_FEE", "amount": amount("1.33")},
        {"feeType": "FINAL_VALUE_FEE_FIXED_PER_ORDER", "amount": amount("0.3")},
        {"feeType": "INTERNATIONAL_FEE", "amount": amount("0")}]}]);
    let sale = json!({"transactionId": "1", "transactionType": "SALE", "orderId": "13-1",
        "bookingEntry": "CREDIT", "amount": amount("8.37"), "orderLineItems": lines,
        "buyer": {"username": "anna"}, "ebayCollectedTaxAmount": amount("1.0")});
    let expected = vec![
        ("SALE/1", Some("10"), "FINAL_VALUE_FEE", 133),
        ("SALE/1", Some("10"), "FINAL_VALUE_FEE_FIXED_PER_ORDER", 30),
    ];
    check(sale, expected).await;
    let back = json!([{"lineItemId": "10", "marketplaceFees": [
        {"feeType": "FINAL_VALUE_FEE", "amount": amount("1.33")}]}]);
    let refund = json!({"transactionId": "1", "transactionType": "REFUND", "orderId": "13-1",
        "bookingEntry": "DEBIT", "amount": amount("10.0"), "orderLineItems": back});
    check(
        refund,
        vec![("REFUND/1", Some("10"), "FINAL_VALUE_FEE", -133)],
    )
    .await;
    // An ad fee names its order among its references alone (ebay.md §8.7).
    let ad = |entry: &str| {
        json!({"transactionId": "F7", "transactionType": "NON_SALE_CHARGE",
            "bookingEntry": entry, "feeType": "AD_FEE", "amount": amount("0.5"),
            "references": [{"referenceType": "ITEM_ID", "referenceId": "110"},
                {"referenceType": "ORDER_ID", "referenceId": "13-1"}]})
    };
    check(
        ad("DEBIT"),
        vec![("NON_SALE_CHARGE/F7", None, "AD_FEE", 50)],
    )
    .await;
    check(
        ad("CREDIT"),
        vec![("NON_SALE_CHARGE/F7", None, "AD_FEE", -50)],
    )
    .await;
    let label = json!({"transactionId": "L", "transactionType": "SHIPPING_LABEL",
        "orderId": "13-1", "bookingEntry": "CREDIT", "amount": amount("4.2")});
    check(
        label,
        vec![("SHIPPING_LABEL/L", None, "SHIPPING_LABEL", -420)],
    )
    .await;
    let store = json!({"transactionId": "S", "transactionType": "NON_SALE_CHARGE",
        "bookingEntry": "DEBIT", "feeType": "OTHER_FEES", "amount": amount("21.95")});
    check(store, Vec::new()).await;
    check(
        json!({"transactionId": "P", "transactionType": "TRANSFER"}),
        Vec::new(),
    )
    .await;
}

#[tokio::test]
async fn transactions_are_read_page_by_page_and_some_again_the_next_time() {
    let record = |id: u32| {
        json!({"transactionId": id.to_string(), "transactionType": "TRANSFER",
            "transactionDate": "2026-11-21T10:00:00.000Z"})
    };
    let many: Vec<Value> = (0..200).map(record).collect();
    let script = Script::new([
        page(&json!(many), true),
        page(&json!([record(200)]), false),
        Reply::Answer(204, String::new()),
    ]);
    let adapter = connect(&script);
    let fees = adapter.fees().unwrap();
    let mut cursor = fees.start(beginning()).unwrap();
    let mut more = Vec::new();
    for _ in 0..3 {
        let page = fees.read(&cursor).await.unwrap();
        more.push(page.more);
        cursor = page.next;
    }
    assert_eq!(more, [true, false, false]);
    let lines = script.lines();
    let from =
        "GET /sell/finances/v1/transaction?filter=transactionDate%3A%5B2026-11-19T08%3A00%3A00";
    assert!(lines[0].starts_with(from), "{}", lines[0]);
    assert!(
        lines[0].ends_with("&sort=transactionDate&limit=200&offset=0"),
        "{}",
        lines[0]
    );
    // The end of a reading does not move.
    let window = |line: &str| line.split("&sort").next().unwrap().to_owned();
    assert_eq!(window(&lines[0]), window(&lines[1]));
    assert!(lines[1].ends_with("offset=200"), "{}", lines[1]);
    assert!(lines[2].ends_with("offset=0"), "{}", lines[2]);
}

#[tokio::test]
async fn a_missing_permission_is_named_and_another_shape_is_no_empty_page() {
    let forbidden = answer(403, json!({"errors": [{"errorId": 1100}]}));
    let script = Script::new([forbidden, ok(json!({"unexpected": []}))]);
    let adapter = connect(&script);
    let fees = adapter.fees().unwrap();
    let cursor = fees.start(beginning()).unwrap();
    let problem = fees.read(&cursor).await.unwrap_err().to_problem();
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    assert_eq!(problem.params["permission"], "sell.finances");
    let error = fees.read(&cursor).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreadable);
    let error = fees.read(&Cursor("nonsense".to_owned())).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config);
}
