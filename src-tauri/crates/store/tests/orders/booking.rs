//! What orders do to stock: each unit is booked once.

use std::sync::atomic::Ordering;

use barrow_model::{
    Binding, FulfilledBy, OptionValue, OrderState, Origin, PaymentState, Site, Sku, Stock,
};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest,
};

use crate::shop::{at, line, list, order, row, shop, told, updated};

#[test]
fn once_a_line_is_booked_once_however_often_it_is_pulled() {
    let shop = shop();
    let sold = order("1", vec![line("1", "A", 3)]);
    for _ in 0..3 {
        shop.put(&sold);
    }
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 3
        }
    );
    let shipped = updated(sold.clone(), 120, |o| o.lines[0].quantity_shipped = 2);
    for pulled in [&shipped, &sold, &shipped] {
        shop.put(pulled);
    }
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 8,
            reserved: 1
        }
    );
    let id = shop.put(&updated(shipped, 180, |o| {
        o.lines[0].quantity_cancelled = 1
    }));
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 8,
            reserved: 0
        }
    );
    assert_eq!(shop.get(id).state(), OrderState::Shipped);
    shop.holds_together();
}

#[test]
fn once_units_shipped_before_the_count_move_nothing() {
    let shop = shop();
    let mut old = order("1", vec![line("1", "A", 2)]);
    old.placed_at = at(-900_000);
    old.updated_at = Some(at(-800_000));
    old.lines[0].quantity_shipped = 2;
    shop.put(&old);
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 0
        }
    );

    let mut half = order("2", vec![line("1", "A", 2)]);
    half.placed_at = at(-900_000);
    half.updated_at = Some(at(-800_000));
    half.lines[0].quantity_shipped = 1;
    shop.put(&half);
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 1
        }
    );
    shop.put(&updated(half, 500, |o| o.lines[0].quantity_shipped = 2));
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 9,
            reserved: 0
        }
    );
    shop.holds_together();
}

#[test]
fn once_a_kit_books_a_snapshot_of_its_parts() {
    let shop = shop();
    let sold = order("1", vec![line("1", "KIT", 2)]);
    shop.put(&sold);
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 4
        }
    );
    assert_eq!(
        shop.stock("B"),
        Stock {
            on_hand: 10,
            reserved: 2
        }
    );
    let kit = Sku::new("KIT").unwrap();
    let parts = [(Sku::new("B").unwrap(), 5)];
    shop.store
        .write(|tx| tx.set_parts(&kit, &parts, None, Origin::User))
        .unwrap();
    shop.put(&updated(sold, 300, |o| o.lines[0].quantity_shipped = 2));
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 6,
            reserved: 0
        }
    );
    assert_eq!(
        shop.stock("B"),
        Stock {
            on_hand: 8,
            reserved: 0
        }
    );
    shop.holds_together();
}

#[test]
fn once_what_the_marketplace_fulfils_or_is_not_paid_leaves_stock_alone() {
    let shop = shop();
    let mut theirs = order("1", vec![line("1", "A", 3)]);
    theirs.fulfilled_by = FulfilledBy::Marketplace;
    shop.put(&theirs);
    shop.put(&updated(theirs, 100, |o| o.lines[0].quantity_shipped = 3));
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 0
        }
    );

    let mut pending = order("2", vec![line("1", "A", 3)]);
    pending.payment_state = PaymentState::Pending;
    shop.put(&pending);
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 3
        },
        "a pending order reserves"
    );
    shop.put(&updated(pending, 100, |o| {
        o.payment_state = PaymentState::Failed
    }));
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 0
        }
    );
    shop.holds_together();
}

#[test]
fn once_an_unknown_sku_is_booked_when_it_is_matched() {
    let shop = shop();
    let id = shop.put(&order("1", vec![line("1", "WHAT", 2), line("2", "A", 1)]));
    assert_eq!(
        shop.stock("A"),
        Stock {
            on_hand: 10,
            reserved: 1
        }
    );
    assert_eq!(
        shop.store.read(|db| db.unmatched_lines(10)).unwrap().len(),
        1
    );
    let b = shop.sku_id("B");
    shop.store.write(|tx| tx.match_line(id, "1", b)).unwrap();
    assert!(
        shop.store.write(|tx| tx.match_line(id, "1", b)).is_err(),
        "matched once"
    );
    assert_eq!(
        shop.stock("B"),
        Stock {
            on_hand: 10,
            reserved: 2
        }
    );

    shop.put(&order("2", vec![line("1", "LATER", 1)]));
    shop.import(&[row(2, "LATER", 5)]);
    shop.store.write(|tx| tx.match_all_lines()).unwrap();
    assert_eq!(
        shop.stock("LATER"),
        Stock {
            on_hand: 5,
            reserved: 1
        }
    );
    assert_eq!(shop.store.read(|db| db.unmatched_lines(10)).unwrap(), []);
    shop.holds_together();
}

#[test]
fn once_only_the_units_that_left_since_the_count_move() {
    let shop = shop();
    let mut sold = order("1", vec![line("1", "A", 3)]);
    sold.placed_at = at(-900_000);
    sold.lines[0].quantity_shipped = 3;
    sold.shipments = vec![
        told("F1", "1", &[("1", 2)], -800_000),
        told("F2", "2", &[("1", 1)], 50),
    ];
    shop.put(&sold);
    let left = Stock {
        on_hand: 9,
        reserved: 0,
    };
    assert_eq!(shop.stock("A"), left);
    shop.holds_together();
}

#[test]
fn ledger_what_is_kept_in_another_place_leaves_it_when_shipped() {
    let shop = shop();
    let mut kept = row(2, "C", 7);
    kept.location = Some("Garage".into());
    shop.import(&[kept]);
    let sold = order("1", vec![line("1", "C", 2)]);
    shop.put(&sold);
    shop.put(&updated(sold, 120, |o| o.lines[0].quantity_shipped = 2));
    let left = Stock {
        on_hand: 5,
        reserved: 0,
    };
    assert_eq!(shop.stock("C"), left);
    shop.holds_together();
}

#[test]
fn a_line_is_what_is_listed_where_it_was_bought() {
    let shop = shop();
    list(&shop, "EBAY_US", "X", "A", Binding::default());
    list(&shop, "EBAY_DE", "X", "B", Binding::default());
    list(
        &shop,
        "EBAY_DE",
        "Y",
        "B",
        Binding::default().with("item", "77"),
    );
    let check = |site: &str, sku: Option<&str>, listing_ref: Option<&str>, expected| {
        let mut sold = order(&format!("{site}{sku:?}"), vec![line("1", "A", 1)]);
        sold.site = Site(site.into());
        sold.lines[0].sku = sku.map(|sku| Sku::new(sku).unwrap());
        sold.lines[0].listing_ref = listing_ref.map(Into::into);
        let id = shop.put(&sold);
        let found = shop.store.read(|db| db.order(id)).unwrap().matches[0].clone();
        let found = found.map(|found| found.sku.as_str().to_owned());
        assert_eq!(found.as_deref(), expected, "{site} {sku:?}");
    };
    check("EBAY_US", Some("X"), None, Some("A"));
    check("EBAY_DE", Some("X"), None, Some("B"));
    check("EBAY_FR", Some("X"), None, None);
    check("EBAY_FR", Some("Y"), None, Some("B"));
    check("EBAY_US", None, Some("77"), Some("B"));
    check("EBAY_GB", None, Some("78"), None);
    shop.holds_together();
}

#[test]
fn a_sale_without_a_sku_lowers_the_listing_that_it_names() {
    let check = |listing_ref: &str, expected: [Option<u32>; 2]| {
        let shop = shop();
        let ids = ["A-1", "A-2"].map(|name| {
            let binding = Binding::default()
                .with("item", format!("item {name}"))
                .with("page", "page");
            list(&shop, "EBAY_US", name, "A", binding);
            let found = shop.store.read(|db| db.listings_of(shop.account, name));
            let id = found.unwrap()[0].listing.id;
            let noted = shop
                .store
                .write(|tx| tx.note_drift(id, None, Some(5), at(-900)));
            noted.unwrap();
            id
        });
        let mut sold = order("1", vec![line("1", "A", 2)]);
        sold.placed_at = at(3_600);
        sold.lines[0].sku = None;
        sold.lines[0].listing_ref = Some(listing_ref.to_owned());
        let id = shop.put(&sold);
        let known = shop.store.read(|db| db.order(id)).unwrap();
        assert!(known.matches[0].is_some(), "{listing_ref}");
        let there = ids.map(|id| {
            let found = shop.store.read(|db| db.listing(id)).unwrap();
            found.standing.expected_quantity
        });
        assert_eq!(there, expected, "{listing_ref}");
    };
    check("item A-1", [Some(3), Some(5)]);
    check("item A-2", [Some(5), Some(3)]);
    // Which of them it was is not known: both are sent again.
    check("page", [None, None]);
}

#[test]
fn a_line_without_a_sku_is_the_variant_that_the_buyer_chose() {
    let shop = shop();
    let color = |sku: &str, value: &str| {
        let mut row = row(9, sku, 5);
        row.handle = "shirt".to_owned();
        row.options = vec![
            ("Colour".to_owned(), value.to_owned()),
            ("Size".to_owned(), "M".to_owned()),
        ];
        row
    };
    shop.import(&[color("S-RED", "Dark Red"), color("S-BLUE", "Blue")]);
    for sku in ["S-RED", "S-BLUE"] {
        list(
            &shop,
            "EBAY_US",
            sku,
            sku,
            Binding::default().with("item", "88"),
        );
    }
    let mut number = 0;
    let mut check = |listing: &str, options: Vec<OptionValue>, expected: Option<&str>| {
        number += 1;
        let mut sold = order(&format!("chosen {number}"), vec![line("1", "A", 1)]);
        sold.site = Site("EBAY_US".into());
        sold.lines[0].sku = None;
        sold.lines[0].listing_ref = Some(listing.to_owned());
        sold.lines[0].options = options;
        let id = shop.put(&sold);
        let found = shop.store.read(|db| db.order(id)).unwrap().matches[0].clone();
        let found = found.map(|found| found.sku.as_str().to_owned());
        assert_eq!(found.as_deref(), expected, "{listing}");
    };
    let red = || vec![chosen("Size", "M"), chosen("colour", " dark  red ")];
    check("88/501", Vec::new(), None);
    check("88/501", vec![chosen("Colour", "Green")], None);
    check("88/501", red(), Some("S-RED"));
    // What it is called there is known from now on.
    check("88/501", Vec::new(), Some("S-RED"));
    // Names may be the site's own.
    check(
        "88",
        vec![chosen("Farbe", "Blue"), chosen("Größe", "M")],
        Some("S-BLUE"),
    );
    check("89/501", red(), None);
    shop.holds_together();
}

fn chosen(name: &str, value: &str) -> OptionValue {
    OptionValue {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

fn snapshots() -> impl Strategy<Value = Vec<(usize, u32, u32, bool)>> {
    let payment = prop_oneof![4 => Just(false), 1 => Just(true)];
    proptest::collection::vec((0..4_usize, 0..4_u32, 0..3_u32, payment), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever is pulled, however often and in whatever order: reservations are the sum of open
    /// units, and stock is what was counted less what was shipped since.
    #[test]
    fn ledger_and_reservations_hold_in_any_order(pulls in snapshots(), seed in any::<u64>()) {
        let shop = shop();
        shop.clock.0.fetch_add(1_000, Ordering::SeqCst);
        let mut shipped = [0_u32; 4];
        for (step, (which, sent, cancelled, failed)) in pulls.into_iter().enumerate() {
            let sku = ["A", "B", "KIT", "A"][which];
            // Some answers are older than what is stored and must change nothing.
            let stale = (seed >> (step % 64)) & 1 == 1 && step > 10;
            let when = if stale { 61 } else { 100 + i64::try_from(step).unwrap() };
            let snapshot = updated(order(&which.to_string(), vec![line("1", sku, 4)]), when, |o| {
                o.lines[0].quantity_shipped = sent;
                o.lines[0].quantity_cancelled = cancelled;
                if failed {
                    o.payment_state = PaymentState::Failed;
                }
            });
            let id = shop.put(&snapshot);
            shipped[which] = shop.get(id).lines[0].quantity_shipped;
            shop.holds_together();
        }
        let [a, b, kit, more_a] = shipped.map(i64::from);
        prop_assert_eq!(shop.stock("A").on_hand, 10 - a - more_a - 2 * kit);
        prop_assert_eq!(shop.stock("B").on_hand, 10 - b - kit);
    }
}
