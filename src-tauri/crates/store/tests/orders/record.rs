//! What is kept of an order: what was told once, and by the newest answer.

use barrow_model::{
    Address, Binding, Buyer, Confirmation, Currency, Endpoint, Marketplace, Money, Order,
    OrderState, Settings, Shipment, ShipmentLine,
};
use barrow_store::NewAccount;

use crate::shop::{at, line, list, order, shop, told, updated};

#[test]
fn no_order_lost_what_is_not_sent_any_more_is_not_erased() {
    let shop = shop();
    let mut full = order("1", vec![line("1", "A", 1)]);
    full.buyer = Some(Buyer {
        name: Some("Ada".into()),
        ..Buyer::default()
    });
    full.ship_to = Some(Address {
        name: Some("Ada".into()),
        line1: Some("1 Way".into()),
        city: Some("York".into()),
        phone: Some("1".into()),
        ..Address::default()
    });
    full.ship_by = Some(at(9_000));
    full.buyer_note = Some("blue".into());
    let id = shop.put(&full);
    let bare = updated(order("1", vec![line("1", "A", 1)]), 700, |o| {
        o.ship_to = Some(Address {
            city: Some("Y".into()),
            ..Address::default()
        });
    });
    shop.put(&bare);
    let kept = shop.get(id);
    assert_eq!(kept.buyer, full.buyer);
    assert_eq!(kept.ship_to, full.ship_to);
    assert_eq!(kept.ship_by, full.ship_by);
    assert_eq!(kept.buyer_note, full.buyer_note);

    shop.store.write(|tx| tx.erase_people(id)).unwrap();
    shop.put(&updated(full, 900, |_| {}));
    let erased = shop.get(id);
    assert_eq!(
        (erased.buyer, erased.ship_to, erased.buyer_note),
        (None, None, None)
    );
}

#[test]
fn an_older_answer_changes_nothing() {
    let shop = shop();
    let sold = order("1", vec![line("1", "A", 2)]);
    let newer = updated(sold.clone(), 500, |o| {
        o.lines[0].quantity_shipped = 2;
        o.cancel_requested = true;
    });
    let id = shop.put(&newer);
    shop.put(&sold);
    let kept = shop.get(id);
    assert!(kept.cancel_requested);
    assert_eq!(kept.lines[0].quantity_shipped, 2);
}

#[test]
fn a_shipment_is_shown_once_though_the_marketplace_names_it_its_own_way() {
    let shop = shop();
    let id = shop.put(&order("1", vec![line("1", "A", 2)]));
    let request = barrow_model::ShipRequest {
        reference: "1-1".into(),
        carrier: "UPS".into(),
        service: None,
        tracking: "1Z 9-9".into(),
        tracking_url: None,
        shipped_at: at(100),
        lines: vec![barrow_model::OrderLineQuantity {
            line_id: "1".into(),
            quantity: 1,
        }],
    };
    let change = barrow_model::ChangeId(77);
    shop.store
        .write(|tx| tx.queue_shipment(id, &request, change))
        .unwrap();
    assert_eq!(shop.get(id).shipments[0].confirmation, Confirmation::Queued);
    shop.put(&updated(order("1", vec![line("1", "A", 2)]), 600, |o| {
        o.lines[0].quantity_shipped = 1;
        o.shipments = vec![Shipment {
            id: "1Z99".into(),
            carrier: Some("UPS".into()),
            service: None,
            tracking: Some("1Z99".into()),
            tracking_url: None,
            shipped_at: Some(at(100)),
            confirmation: Confirmation::Confirmed,
            lines: vec![ShipmentLine {
                line_id: "1".into(),
                quantity: 1,
            }],
        }];
    }));
    let found = shop.get(id);
    assert_eq!(found.shipments.len(), 1);
    assert_eq!(found.shipments[0].confirmation, Confirmation::Confirmed);
    assert_eq!(found.state(), OrderState::PartlyShipped);
    shop.holds_together();
}

#[test]
fn no_order_lost_two_shipments_in_one_parcel_do_not_stop_a_download() {
    let shop = shop();
    let sold = order("1", vec![line("1", "A", 1), line("2", "B", 1)]);
    let id = shop.put(&sold);
    for (number, line_id) in [(1, "1"), (2, "2")] {
        let request = barrow_model::ShipRequest {
            reference: format!("1-{number}"),
            carrier: "UPS".into(),
            service: None,
            tracking: "1Z99".into(),
            tracking_url: None,
            shipped_at: at(100),
            lines: vec![barrow_model::OrderLineQuantity {
                line_id: line_id.into(),
                quantity: 1,
            }],
        };
        let change = barrow_model::ChangeId(70 + number);
        shop.store
            .write(|tx| tx.queue_shipment(id, &request, change))
            .unwrap();
    }
    for seconds in [600, 700] {
        shop.put(&updated(sold.clone(), seconds, |o| {
            o.lines[0].quantity_shipped = 1;
            o.lines[1].quantity_shipped = 1;
            o.shipments = vec![
                told("F1", "1Z99", &[("1", 1)], 100),
                told("F2", "1Z99", &[("2", 1)], 100),
            ];
        }));
        let shipments = shop.get(id).shipments;
        let names: Vec<_> = shipments.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(names, ["F1", "F2"]);
    }
    shop.holds_together();
}

#[test]
fn what_is_read_beside_an_unchanged_record_is_not_lost() {
    let shop = shop();
    let put = |order: &Order| {
        let stored = shop
            .store
            .write(|tx| tx.store_order(shop.account, order, "{}", true))
            .unwrap();
        (stored.id, stored.changed)
    };
    let mut sold = order("1", vec![line("1", "A", 2)]);
    let (id, changed) = put(&sold);
    assert!(changed);
    assert!(!put(&sold).1, "the same again");
    sold.lines[0].quantity_shipped = 1;
    sold.shipments = vec![told("F1", "1", &[("1", 1)], 100)];
    assert!(put(&sold).1);
    assert_eq!(shop.get(id).state(), OrderState::PartlyShipped);
    assert_eq!(shop.get(id).shipments.len(), 1);
}

#[test]
fn the_money_of_a_line_stays_when_it_is_not_told_again() {
    let shop = shop();
    let dollars = |amount: &str| {
        let currency = Currency::parse("USD").unwrap();
        Some(Money::parse(amount, currency).unwrap())
    };
    let price = dollars("34.90");
    let mut sold = order("1", vec![line("1", "A", 1)]);
    sold.lines[0].unit_price = price;
    sold.lines[0].tax = price;
    let newer = dollars("30.00");
    shop.put(&sold);
    let id = shop.put(&updated(sold, 500, |o| {
        o.lines[0].unit_price = None;
        o.lines[0].tax = newer;
    }));
    let kept = &shop.get(id).lines[0];
    assert_eq!((kept.unit_price, kept.tax), (price, newer));
}

#[test]
fn orders_of_a_removed_account_stay_and_are_its_own_when_it_comes_back() {
    let shop = shop();
    let sold = order("1", vec![line("1", "A", 3)]);
    let id = shop.put(&sold);
    list(&shop, "EBAY_US", "X", "A", Binding::default());
    shop.store
        .write(|tx| tx.remove_account(shop.account))
        .unwrap();
    assert_eq!(shop.store.read(|db| db.accounts()).unwrap(), []);
    assert!(shop.store.read(|db| db.account_named("shop")).is_err());
    let kept = shop.store.read(|db| db.order(id)).unwrap();
    assert_eq!(
        (kept.account_name.as_str(), kept.order.lines.len()),
        ("shop", 1)
    );
    let page = shop
        .store
        .read(|db| db.orders_page(&Default::default(), None, 10))
        .unwrap();
    assert_eq!(page.orders.len(), 1);

    let add = |marketplace: &str| {
        let new = NewAccount {
            name: "Shop".into(),
            marketplace: Marketplace(marketplace.into()),
            endpoint: Endpoint::Production,
            settings: Settings::new(),
        };
        shop.store.write(|tx| tx.add_account(&new)).unwrap()
    };
    assert_eq!(add("ebay"), shop.account);
    assert!(!shop.put_changed(&sold), "downloaded again, booked once");
    assert_eq!(shop.stock("A").reserved, 3);
    shop.store
        .write(|tx| tx.remove_account(shop.account))
        .unwrap();
    assert_ne!(add("walmart"), shop.account, "another shop of that name");
    let kept = shop.store.read(|db| db.order(id)).unwrap();
    assert_eq!(kept.account_name, format!("Shop #{}", shop.account));
    shop.holds_together();
}

#[test]
fn orders_page_by_key_newest_first() {
    let shop = shop();
    for number in 0..25 {
        let mut placed = order(&format!("{number:02}"), vec![line("1", "A", 1)]);
        placed.placed_at = at(number / 2);
        shop.put(&placed);
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = shop
            .store
            .read(|db| db.orders_page(&Default::default(), after, 7))
            .unwrap();
        seen.extend(page.orders.into_iter().map(|found| found.order.order_id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut expected: Vec<String> = (0..25).map(|n| format!("{n:02}")).collect();
    expected.reverse();
    assert_eq!(seen, expected);
}
