//! Each quirk of orders that ebay.md §8.1 and §8.2 tell of, on records as eBay sends them.

use barrow_market::{Orders, StreamId};
use barrow_model::{FulfilledBy, Order, PaymentState, RefundState, RefundStatus, TaxCollector};
use serde_json::{Value, json};

use crate::faults::TRIES;
use crate::orders::{money, order, page, read, sweep};
use crate::requests::usd;
use crate::script::{Script, answer, beginning, connect, ok};

/// The base order with one thing different, read.
fn with(change: impl FnOnce(&mut Value)) -> Order {
    let mut record = order();
    change(&mut record);
    read(&record).expect("it can be read")
}

fn step(record: &mut Value) -> &mut Value {
    &mut record["fulfillmentStartInstructions"][0]["shippingStep"]
}

fn line(record: &mut Value) -> &mut Value {
    &mut record["lineItems"][0]
}

#[test]
fn a_phone_may_be_an_empty_structure_and_a_region_missing() {
    let read = with(|record| step(record)["shipTo"]["primaryPhone"] = json!({}));
    let address = read.ship_to.unwrap();
    assert_eq!((address.phone, address.region), (None, None));
    assert_eq!(address.line1.as_deref(), Some("1 Road"));
}

#[test]
fn a_county_stands_in_for_a_region() {
    let county = json!("Kent");
    let read = with(|record| step(record)["shipTo"]["contactAddress"]["county"] = county);
    assert_eq!(read.ship_to.unwrap().region.as_deref(), Some("Kent"));
}

#[test]
fn carrier_deadline_and_dates_may_be_missing() {
    let read = with(|record| {
        step(record)["shippingServiceCode"] = Value::Null;
        line(record)["lineItemFulfillmentInstructions"] = Value::Null;
    });
    let found = (read.shipping_service, read.ship_by, read.deliver_by);
    assert_eq!(found, (None, None, None));
}

#[test]
fn a_line_without_a_sku_is_known_by_item_and_variation() {
    let check = |item: Value, variation: Value, expected: &str| {
        let read = with(|record| {
            line(record)["sku"] = Value::Null;
            line(record)["legacyItemId"] = item;
            line(record)["legacyVariationId"] = variation;
        });
        assert_eq!(read.lines[0].sku, None);
        assert_eq!(read.lines[0].listing_ref.as_deref(), Some(expected));
    };
    check(json!("110"), Value::Null, "110");
    check(json!("110"), json!("0"), "110");
    check(json!("110"), json!("7"), "110/7");
    check(json!(110), json!(7), "110/7");
}

#[test]
fn an_old_number_is_kept_where_it_is_another_one() {
    let number = |legacy: Value| with(|record| record["legacyOrderId"] = legacy).customer_order_id;
    assert_eq!(number(json!("110-220")).as_deref(), Some("110-220"));
    assert_eq!(number(json!("13-14786-65872")), None);
    assert_eq!(number(Value::Null), None);
}

#[test]
fn a_title_loses_its_leading_blanks() {
    let read = with(|record| line(record)["title"] = json!("   Red  boots "));
    assert_eq!(read.lines[0].title, "Red  boots");
}

#[test]
fn a_tax_without_a_kind_is_a_tax_all_the_same() {
    let read = with(|record| {
        line(record)["taxes"] = json!([{"amount": money("5.0")}]);
        line(record)["ebayCollectAndRemitTaxes"] = json!([]);
        record["pricingSummary"]["tax"] = money("5.0");
    });
    let [tax] = &read.taxes[..] else {
        panic!("{:?}", read.taxes)
    };
    assert_eq!(
        (tax.amount, tax.collected_by),
        (usd(500), TaxCollector::Seller)
    );
    assert_eq!(read.amounts.tax, Some(usd(500)));
}

#[test]
fn what_ebay_collects_keeps_its_reference_and_is_not_the_sellers() {
    for (name, number) in [
        ("IOSS", "IM2760000742"),
        ("OSS", "EU276"),
        ("ABN", "646520"),
    ] {
        let read = with(|record| {
            record["ebayCollectAndRemitTax"] = json!(true);
            line(record)["ebayCollectAndRemitTaxes"] = json!([{"taxType": "VAT",
                "amount": money("24.33"), "collectionMethod": "NET",
                "ebayReference": {"name": name, "value": number}}]);
        });
        let mut taxes = read.taxes.iter();
        let kept = taxes.find(|tax| tax.collected_by == TaxCollector::Marketplace);
        let kept = kept.expect("a tax of eBay's");
        assert_eq!(kept.reference.as_deref(), Some(number));
        assert_eq!(kept.reference_name.as_deref(), Some(name));
        assert_eq!(read.amounts.tax_by_marketplace, Some(usd(2433)));
        assert_eq!(read.amounts.tax, Some(usd(0)));
        assert_eq!(read.amounts.total, read.total);
    }
}

#[test]
fn an_order_through_a_hub_ships_to_the_hub_with_its_number() {
    let hub = |reference: Value| {
        with(|record| {
            record["fulfillmentStartInstructions"][0]["ebaySupportedFulfillment"] = json!(true);
            record["fulfillmentStartInstructions"][0]["finalDestinationAddress"] =
                json!({"addressLine1": "9 Rue", "city": "Lyon", "countryCode": "FR"});
            step(record)["shipToReferenceId"] = reference;
            step(record)["shipTo"]["fullName"] = json!("Hub of eBay");
        })
    };
    for reference in [json!("7001"), json!(7001), Value::Null] {
        let read = hub(reference.clone());
        let address = read.ship_to.unwrap();
        assert_eq!(address.city.as_deref(), Some("Town"));
        assert_eq!(address.name.as_deref(), Some("Hub of eBay"));
        let expected = (!reference.is_null()).then_some("7001");
        assert_eq!(address.reference.as_deref(), expected);
        // The hub is not who bought.
        let buyer = read.buyer.unwrap();
        assert_eq!((buyer.name, buyer.email), (None, None));
        assert_eq!(buyer.username.as_deref(), Some("bootlover"));
    }
}

#[test]
fn a_buyer_is_read_as_long_as_ebay_names_him() {
    let read = with(|record| {
        record["buyer"]["buyerRegistrationAddress"] =
            json!({"fullName": "Ann Registered", "email": "r@members.ebay.com"});
    });
    let buyer = read.buyer.unwrap();
    assert_eq!(buyer.name.as_deref(), Some("Ann Registered"));
    assert_eq!(buyer.email.as_deref(), Some("r@members.ebay.com"));
    // After 14 days the e-mail is gone, after 90 name, street and phone; none of them is made up.
    let aged = with(|record| {
        let town = json!({"city": "Town", "postalCode": "95125", "countryCode": "US"});
        step(record)["shipTo"] = json!({"contactAddress": town});
    });
    let buyer = aged.buyer.unwrap();
    assert_eq!((buyer.name, buyer.email), (None, None));
    let address = aged.ship_to.unwrap();
    assert_eq!(
        (address.name, address.line1, address.phone),
        (None, None, None)
    );
    assert_eq!(address.city.as_deref(), Some("Town"));
}

#[test]
fn a_combined_order_has_each_line_with_its_own_money_and_deadline() {
    let read = with(|record| {
        let mut second = line(record).clone();
        second["lineItemId"] = json!("11");
        second["legacyItemId"] = json!("111");
        second["sku"] = json!("HAT-1");
        second["quantity"] = json!(3);
        second["lineItemCost"] = money("30.0");
        second["discountedLineItemCost"] = Value::Null;
        second["appliedPromotions"] = json!([{"discountAmount": money("-2.0")}]);
        second["deliveryCost"] =
            json!({"shippingCost": money("2.0"), "handlingCost": money("1.0")});
        second["taxes"] = json!([]);
        second["ebayCollectAndRemitTaxes"] = json!([]);
        second["lineItemFulfillmentInstructions"]["shipByDate"] = json!("2026-11-23T06:59:59.000Z");
        second["linkedOrderLineItems"] = json!([{"orderId": "13-1", "lineItemId": "12"}]);
        record["lineItems"].as_array_mut().unwrap().push(second);
    });
    assert_eq!(read.lines.len(), 2);
    let hat = &read.lines[1];
    assert_eq!((hat.quantity, hat.unit_price), (3, Some(usd(1000))));
    assert_eq!(
        (hat.discount, hat.shipping),
        (Some(usd(200)), Some(usd(300)))
    );
    let first_deadline = "2026-11-23T06:59:59Z".parse().ok();
    assert_eq!(
        read.ship_by, first_deadline,
        "the order ships by its first deadline"
    );
}

#[test]
fn refunds_of_lines_stand_beside_those_of_the_order() {
    let told = |of_order: Value, of_lines: [Value; 2]| {
        let mut record = order();
        let line = record["lineItems"][0].clone();
        record["lineItems"] = json!([line, line]);
        record["paymentSummary"]["refunds"] = of_order;
        for (place, (id, refunds)) in ["l1", "l2"].into_iter().zip(of_lines).enumerate() {
            record["lineItems"][place]["lineItemId"] = json!(id);
            record["lineItems"][place]["refunds"] = refunds;
        }
        let refunds = read(&record).unwrap().refunds.into_iter();
        refunds
            .map(|it| (it.id, it.line_id, it.amount.minor, it.state))
            .collect::<Vec<_>>()
    };
    let at = "2026-11-20T08:00:00.000Z";
    let elsewhere = json!([{"refundReferenceId": "x", "amount": money("1.0"), "refundDate": at}]);
    let own = json!([{"refundId": "5", "amount": money("3.0"), "refundDate": at}]);
    let line = |id: &str| Some(id.to_owned());
    let (done, pending) = (RefundStatus::Done, RefundStatus::Pending);
    let expected = [
        ("x".to_owned(), None, 100, done),
        ("5".to_owned(), line("l1"), 300, done),
    ];
    assert_eq!(told(elsewhere, [own, json!([])]), expected);
    // One of several lines is one refund; without a date it is not given yet.
    let parts = ["5.0", "7.0"].map(|sum| json!([{"refundId": "R", "amount": money(sum)}]));
    assert_eq!(
        told(json!([]), parts),
        [("R".to_owned(), None, 1_200, pending)]
    );
    // What neither level names is the same where sum and time are.
    let unnamed = || json!([{"amount": money("2.0"), "refundDate": at}]);
    assert_eq!(told(unnamed(), [unnamed(), json!([])]).len(), 1);
}

#[test]
fn payment_states_and_refunds_are_ebays() {
    let check = |status: &str, expected: PaymentState| {
        let read = with(|record| record["orderPaymentStatus"] = json!(status));
        assert_eq!(read.payment_state, expected, "{status}");
    };
    check("PENDING", PaymentState::Pending);
    check("FAILED", PaymentState::Failed);
    check("PARTIALLY_REFUNDED", PaymentState::Paid);
    check("FULLY_REFUNDED", PaymentState::Paid);
    let read = with(|record| {
        record["paymentSummary"]["refunds"] = json!([
            {"refundReferenceId": "r-1", "amount": money("1.0"), "refundStatus": "FAILED"},
            {"amount": money("2.0")}]);
    });
    assert_eq!(read.refunds[0].id, "r-1");
    assert_eq!(
        read.amounts.refunded,
        Some(usd(200)),
        "a failed one gave nothing back"
    );
    assert_eq!(read.refund_state(), RefundState::Partial);
}

#[test]
fn amounts_that_were_converted_are_read_in_the_currency_that_is_paid() {
    let read = with(|record| {
        let converted = json!({"value": "284.33", "currency": "USD",
            "convertedFromValue": "261.0", "convertedFromCurrency": "EUR"});
        record["pricingSummary"]["total"] = converted;
        record["paymentSummary"]["totalDueSeller"] = json!({"value": "220.1", "currency": "GBP"});
    });
    assert_eq!(read.total, Some(usd(28433)));
}

#[test]
fn an_order_of_another_site_belongs_to_where_it_was_listed() {
    let read = with(|record| {
        line(record)["listingMarketplaceId"] = json!("EBAY_DE");
        line(record)["purchaseMarketplaceId"] = json!("EBAY_AT");
    });
    assert_eq!(read.site.0, "EBAY_DE");
}

#[test]
fn what_ebay_ships_is_not_the_sellers_to_ship() {
    let by_instruction = with(|record| {
        record["fulfillmentStartInstructions"][0]["fulfillmentInstructionsType"] =
            json!("FULFILLED_BY_EBAY");
    });
    assert_eq!(by_instruction.fulfilled_by, FulfilledBy::Marketplace);
    let by_program = with(|record| {
        record["program"] = json!({"fulfillmentProgram": {"fulfilledBy": "EBAY"}});
    });
    assert_eq!(by_program.fulfilled_by, FulfilledBy::Marketplace);
}

#[test]
fn words_that_are_new_to_barrow_stop_nothing() {
    let read = with(|record| {
        record["orderFulfillmentStatus"] = json!("TELEPORTED");
        record["cancelStatus"]["cancelState"] = json!("PONDERED");
        record["legacyOrderId"] = json!(131478665872_i64);
        line(record)["lineItemFulfillmentStatus"] = json!("TELEPORTED");
        line(record)["giftDetails"] = json!({"message": "x"});
    });
    assert_eq!(read.marketplace_state.as_deref(), Some("TELEPORTED"));
    assert!(!read.cancel_requested);
    assert_eq!(read.lines[0].quantity_shipped, 0);
}

#[tokio::test]
async fn who_asked_to_cancel_is_read_from_the_order_alone() {
    let mut listed = order();
    listed["cancelStatus"] = json!({"cancelState": "IN_PROGRESS", "cancelRequests": []});
    let mut whole = listed.clone();
    whole["cancelStatus"]["cancelRequests"] = json!([{"cancelRequestId": "77",
        "cancelRequestState": "REQUESTED", "cancelInitiator": "BUYER"}]);
    let script = Script::new([page(vec![listed, order()], false), ok(whole)]);
    let pages = sweep(&script, 1).await;
    assert!(pages[0].orders[0].order.cancel_requested);
    assert!(pages[0].orders[0].raw.body.contains("cancelInitiator"));
    assert!(!pages[0].orders[1].order.cancel_requested);
    let lines = script.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].starts_with("GET /sell/fulfillment/v1/order/13-14786-65872?"));
}

#[tokio::test]
async fn a_tax_number_is_read_where_invoices_need_it() {
    let sold_in = |site: &str| {
        let mut one = order();
        line(&mut one)["listingMarketplaceId"] = json!(site);
        one["lastModifiedDate"] = json!("2026-11-21T08:00:00.000Z");
        one
    };
    let mut whole = sold_in("EBAY_IT");
    whole["buyer"]["taxIdentifier"] = json!({"taxpayerId": "RSSMRA80A01H501U",
        "taxIdentifierType": "CODICE_FISCALE", "issuingCountry": "IT"});
    let mut old = sold_in("EBAY_IT");
    old["lastModifiedDate"] = json!("2026-10-01T08:00:00.000Z");
    let records = vec![sold_in("EBAY_IT"), sold_in("EBAY_US"), old];
    let script = Script::new([page(records, false), ok(whole)]);
    let pages = sweep(&script, 1).await;
    let numbers: Vec<Option<String>> = pages[0]
        .orders
        .iter()
        .map(|pulled| pulled.order.buyer.clone().and_then(|buyer| buyer.tax_id))
        .collect();
    assert_eq!(numbers, [Some("RSSMRA80A01H501U".to_owned()), None, None]);
}

#[tokio::test(start_paused = true)]
async fn a_tax_number_that_ebay_could_not_tell_is_asked_for_again() {
    let mut sold = order();
    line(&mut sold)["listingMarketplaceId"] = json!("EBAY_IT");
    sold["lastModifiedDate"] = json!("2026-11-21T08:00:00.000Z");
    let mut whole = sold.clone();
    whole["buyer"]["taxIdentifier"] = json!({"taxpayerId": "RSSMRA80A01H501U"});
    let down = || {
        answer(
            500,
            json!({"errors": [{"errorId": 30500, "message": "no"}]}),
        )
    };
    let mut replies = vec![page(vec![sold], false)];
    replies.extend((0..TRIES).map(|_| down()));
    replies.extend([page(vec![], false), ok(whole), page(vec![], false)]);
    let script = Script::new(replies);
    let pages = sweep(&script, 3).await;
    let number = |index: usize| {
        let pulled = pages[index].orders.first()?;
        pulled.order.buyer.clone()?.tax_id
    };
    assert_eq!(pages[0].orders.len(), 1, "the order itself is there");
    assert_eq!(number(0), None);
    assert_eq!(number(1).as_deref(), Some("RSSMRA80A01H501U"));
    assert!(pages[2].orders.is_empty(), "it is known now");
}

#[tokio::test(start_paused = true)]
async fn orders_that_wait_for_a_tax_number_hold_no_page_back() {
    let sold = |number: usize| {
        let mut sold = order();
        sold["orderId"] = json!(format!("o-{number}"));
        line(&mut sold)["listingMarketplaceId"] = json!("EBAY_IT");
        sold["lastModifiedDate"] = json!("2026-11-21T08:00:00.000Z");
        sold
    };
    let down = || {
        answer(
            500,
            json!({"errors": [{"errorId": 30500, "message": "no"}]}),
        )
    };
    let mut replies = vec![page((0..201).map(sold).collect(), false)];
    replies.extend((0..201 * TRIES).map(|_| down()));
    let script = Script::new(replies);
    let pages = sweep(&script, 1).await;
    assert_eq!(pages[0].orders.len(), 201);
    assert!(pages[0].covered_through > Some(beginning()), "it goes on");
    // The one that can wait no more is told at once.
    let told = pages[0].unreadable.iter();
    let told: Vec<_> = told.map(|(raw, _)| raw.order_id.as_deref()).collect();
    assert_eq!(told, [Some("o-200")]);
}

#[tokio::test]
async fn an_order_that_is_read_by_its_id_keeps_the_tax_that_ebay_collects() {
    let script = Script::new([ok(order()), answer(404, json!({}))]);
    let adapter = connect(&script);
    let role: &dyn Orders = adapter.orders().unwrap();
    let ids = ["13-14786-65872".to_owned(), "gone".to_owned()];
    let read = role.fetch(&ids).await.unwrap();
    assert_eq!(read.orders.len(), 1);
    for line in script.lines() {
        assert!(
            line.starts_with("GET /sell/fulfillment/v1/order/"),
            "{line}"
        );
        assert!(line.ends_with("?fieldGroups=TAX_BREAKDOWN"), "{line}");
    }
}

/// A record with the least that an order has.
fn small(number: usize) -> Value {
    json!({"orderId": format!("o-{number}"), "creationDate": "2026-10-20T07:58:13.000Z",
        "lastModifiedDate": "2026-10-20T07:58:13.000Z",
        "lineItems": [{"lineItemId": "1", "quantity": 1}]})
}

#[tokio::test]
async fn ten_thousand_orders_of_a_first_download_come_down_200_a_page() {
    let empty = || page(vec![], false);
    // Eight windows of 90 days without orders, then the one in which all were placed.
    let mut replies: Vec<_> = (0..8).map(|_| empty()).collect();
    for number in 0..50 {
        let records = (number * 200..(number + 1) * 200).map(small).collect();
        replies.push(page(records, number < 49));
    }
    replies.push(empty());
    let script = Script::new(replies);
    let adapter = connect(&script);
    let role: &dyn Orders = adapter.orders().unwrap();
    let stream = StreamId("modified");
    let two_years_ago = beginning() - chrono::TimeDelta::days(730);
    let mut cursor = role.start(stream, two_years_ago).unwrap();
    let mut read = 0;
    loop {
        let page = role.pull(stream, &cursor, &[]).await.unwrap();
        read += page.orders.len();
        cursor = page.next;
        assert_eq!(page.covered_through.is_some(), !page.more);
        if !page.more {
            break;
        }
    }
    assert_eq!(read, 10_000);
    let lines = script.lines();
    let placed = lines.iter().filter(|line| line.contains("creationdate"));
    assert_eq!(placed.count(), 8 + 50);
    assert_eq!(lines.len(), 8 + 50 + 1);
    assert!(lines.iter().all(|line| line.contains("limit=200")));
    // Never both dates at once: eBay would look at one of them only.
    let both = |line: &&String| line.contains("creationdate") && line.contains("lastmodifieddate");
    assert!(!lines.iter().any(|line| both(&line)));
    // The windows follow each other, none ends in the future, and what changed meanwhile follows.
    assert!(
        lines[0].contains("creationdate%3A%5B2024-11-23T08"),
        "{}",
        lines[0]
    );
    assert!(lines[0].contains("..2025-02-21T08"), "{}", lines[0]);
    assert!(
        lines[1].contains("creationdate%3A%5B2025-02-21T08"),
        "{}",
        lines[1]
    );
    assert!(lines[8].contains("..2026-11-22T08"), "{}", lines[8]);
    assert!(
        lines[58].contains("lastmodifieddate%3A%5B2026-11-22T07%3A50"),
        "{}",
        lines[58]
    );
}

#[tokio::test]
async fn of_a_long_first_download_only_what_changed_since_is_given() {
    let mut old = small(1);
    old["creationDate"] = json!("2025-01-01T00:00:00.000Z");
    old["lastModifiedDate"] = json!("2025-01-02T00:00:00.000Z");
    let mut changed = old.clone();
    changed["orderId"] = json!("o-2");
    changed["lastModifiedDate"] = json!("2026-11-01T00:00:00.000Z");
    let mut silent = old.clone();
    silent["orderId"] = json!("o-3");
    silent["lastModifiedDate"] = Value::Null;
    let script = Script::new([page(vec![old, changed, silent], false)]);
    let adapter = connect(&script);
    let role: &dyn Orders = adapter.orders().unwrap();
    let stream = StreamId("modified");
    let since = beginning() - chrono::TimeDelta::days(180);
    let cursor = role.start(stream, since).unwrap();
    let page = role.pull(stream, &cursor, &[]).await.unwrap();
    let given: Vec<&str> = page
        .orders
        .iter()
        .map(|pulled| pulled.order.order_id.as_str())
        .collect();
    assert_eq!(given, ["o-2", "o-3"]);
}

#[tokio::test]
async fn a_cursor_of_an_earlier_version_goes_on() {
    let script = Script::new([page(vec![order()], false)]);
    let adapter = connect(&script);
    let role: &dyn Orders = adapter.orders().unwrap();
    let stored = r#"{"since":"2026-11-20T00:00:00Z","offset":0,"sweep_started":null}"#;
    let cursor = barrow_market::Cursor(stored.to_owned());
    let page = role.pull(StreamId("modified"), &cursor, &[]).await.unwrap();
    assert!(!page.more && page.orders.len() == 1);
    assert!(script.lines()[0].contains("lastmodifieddate"));
}
