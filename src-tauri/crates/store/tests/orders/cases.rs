//! Cases after a sale, and fees.

use std::collections::BTreeSet;

use barrow_model::{
    AccountId, Case, CaseAct, CaseKind, CaseState, Currency, Endpoint, Fee, FeeEntry, Marketplace,
    Money, Settings,
};
use barrow_store::{CaseQuery, NewAccount, StoredCase};

use crate::shop::{Shop, at, line, order, shop};

fn case(id: &str, state: CaseState) -> Case {
    Case {
        kind: CaseKind::Return,
        case_id: id.to_owned(),
        order_id: None,
        listing_ref: None,
        line_id: None,
        state,
        marketplace_state: Some("OPEN".to_owned()),
        reason: None,
        amount: Some(Money::new(1_250, Currency::USD)),
        opened_at: Some(at(0)),
        respond_by: None,
        offers: vec![CaseAct::Approve],
        page: None,
    }
}

fn put(shop: &Shop, case: &Case) -> bool {
    shop.store
        .write(|tx| tx.put_case(shop.account, case))
        .unwrap()
}

fn found(shop: &Shop, closed: bool) -> Vec<StoredCase> {
    let query = CaseQuery {
        account_id: Some(shop.account),
        closed,
        limit: 10,
    };
    let count = shop.store.read(|db| db.case_count(&query)).unwrap();
    let found = shop.store.read(|db| db.cases(&query)).unwrap();
    assert_eq!(count, found.len() as u64);
    found
}

fn ids(cases: &[StoredCase]) -> Vec<&str> {
    cases.iter().map(|one| one.case.case_id.as_str()).collect()
}

#[test]
fn what_must_be_answered_first_stands_first() {
    let shop = shop();
    let by = |id: &str, seconds: i64| Case {
        respond_by: Some(at(seconds)),
        ..case(id, CaseState::WaitsForSeller)
    };
    put(&shop, &case("open", CaseState::Open));
    put(&shop, &by("late", 900));
    put(&shop, &case("whenever", CaseState::WaitsForSeller));
    put(&shop, &by("soon", 300));
    put(&shop, &case("over", CaseState::Closed));
    assert_eq!(
        ids(&found(&shop, false)),
        ["soon", "late", "whenever", "open"]
    );
    assert_eq!(ids(&found(&shop, true)), ["over"]);
    let waiting = shop.store.read(|db| db.cases_waiting()).unwrap();
    assert_eq!(
        (waiting[0].count, waiting[0].respond_by),
        (3, Some(at(300)))
    );
}

#[test]
fn what_is_not_told_any_more_stays_and_the_same_again_changes_nothing() {
    let shop = shop();
    let first = Case {
        order_id: Some("13-1".to_owned()),
        reason: Some("DEFECTIVE".to_owned()),
        ..case("1", CaseState::WaitsForSeller)
    };
    assert!(put(&shop, &first));
    assert!(!put(&shop, &first));
    let less = Case {
        order_id: None,
        reason: None,
        amount: None,
        state: CaseState::WaitsForBuyer,
        ..first.clone()
    };
    assert!(put(&shop, &less));
    let stored = found(&shop, false).remove(0).case;
    let expected = Case {
        state: CaseState::WaitsForBuyer,
        ..first
    };
    assert_eq!(stored, expected);
}

#[test]
fn what_a_whole_reading_does_not_give_is_closed_and_may_open_again() {
    let shop = shop();
    for id in ["1", "2"] {
        put(&shop, &case(id, CaseState::WaitsForSeller));
    }
    let close = |given: &[&str]| {
        let given: BTreeSet<String> = given.iter().map(|id| (*id).to_owned()).collect();
        let kind = CaseKind::Return;
        let closed = shop
            .store
            .write(|tx| tx.close_other_cases(shop.account, kind, &given));
        closed.unwrap()
    };
    assert_eq!(close(&["2"]), 1);
    assert_eq!(close(&["2"]), 0);
    let closed = found(&shop, true);
    assert_eq!(ids(&closed), ["1"]);
    assert!(closed[0].closed_at.is_some() && closed[0].case.offers.is_empty());
    assert!(put(&shop, &case("1", CaseState::WaitsForSeller)));
    assert_eq!(found(&shop, false).len(), 2);
}

/// Another account of the seller's at the same place.
fn twin_of(shop: &Shop) -> AccountId {
    let twin = NewAccount {
        name: "shop abroad".into(),
        marketplace: Marketplace("ebay".into()),
        endpoint: Endpoint::Production,
        settings: Settings::new(),
    };
    shop.store.write(|tx| tx.add_account(&twin)).unwrap()
}

#[test]
fn a_case_that_two_accounts_of_a_seller_give_is_kept_once_and_follows_whichever_reads_it() {
    let shop = shop();
    let twin = twin_of(&shop);
    let put_by = |account: AccountId, case: &Case| {
        let changed = shop.store.write(|tx| tx.put_case(account, case));
        changed.unwrap()
    };
    let told = case("1", CaseState::WaitsForSeller);
    assert!(put(&shop, &told));
    assert!(!put_by(twin, &told), "nothing new");
    let later = case("1", CaseState::WaitsForBuyer);
    assert!(put_by(twin, &later), "read by the other account alone");
    let kept = found(&shop, false);
    assert_eq!(
        (kept.len(), kept[0].case.state),
        (1, CaseState::WaitsForBuyer)
    );
    let close_by = |account: AccountId| {
        let (kind, none) = (CaseKind::Return, BTreeSet::new());
        let closed = shop
            .store
            .write(|tx| tx.close_other_cases(account, kind, &none));
        closed.unwrap()
    };
    assert_eq!(close_by(shop.account), 0, "the other account gave it last");
    assert_eq!(close_by(twin), 1);
}

#[test]
fn a_case_finds_its_order_where_another_account_of_the_seller_keeps_it() {
    let shop = shop();
    let twin = twin_of(&shop);
    let kept = shop.put(&order("13-1", vec![line("10", "A", 1)]));
    let told = Case {
        order_id: Some("13-1".to_owned()),
        ..case("1", CaseState::WaitsForSeller)
    };
    shop.store.write(|tx| tx.put_case(twin, &told)).unwrap();
    let of_order = shop.store.read(|db| db.order_cases(kept)).unwrap();
    assert_eq!(ids(&of_order), ["1"]);
    let keeper = (of_order[0].order_row_id, of_order[0].order_account_id);
    assert_eq!(keeper, (Some(kept), Some(shop.account)));
    let query = CaseQuery {
        account_id: Some(twin),
        closed: false,
        limit: 10,
    };
    assert_eq!(shop.store.read(|db| db.cases(&query)).unwrap(), of_order);
}

#[test]
fn a_booking_that_two_accounts_of_a_seller_give_counts_once() {
    let shop = shop();
    let twin = twin_of(&shop);
    let kept = shop.put(&order("13-1", vec![line("10", "A", 1)]));
    let booked = |entry: &str| FeeEntry {
        entry: entry.to_owned(),
        order_id: "13-1".to_owned(),
        at: Some(at(5)),
        fees: vec![Fee {
            line_id: None,
            kind: "AD_FEE".to_owned(),
            amount: Money::new(50, Currency::USD),
        }],
    };
    let put = |account: AccountId, entry: &str| {
        let put = shop.store.write(|tx| tx.put_fees(account, &booked(entry)));
        put.unwrap();
        shop.store.read(|db| db.order_fees(kept)).unwrap().len()
    };
    assert_eq!(put(twin, "SALE/1"), 1);
    assert_eq!(put(shop.account, "SALE/1"), 1);
    assert_eq!(put(twin, "SALE/2"), 2);
}

#[test]
fn a_case_that_names_the_sale_alone_finds_its_order() {
    let shop = shop();
    let sold = |id: &str, line_id: &str, listing: &str| {
        let mut sold = line(line_id, "A", 1);
        sold.listing_ref = Some(listing.to_owned());
        shop.put(&order(id, vec![sold]))
    };
    let first = sold("13-1", "10", "1100");
    sold("13-2", "11", "1100");
    let about = |id: &str, listing: &str, line_id: &str| Case {
        listing_ref: Some(listing.to_owned()),
        line_id: Some(line_id.to_owned()),
        ..case(id, CaseState::Open)
    };
    put(&shop, &about("1", "1100", "10"));
    // No order is guessed: it could never be put right.
    put(&shop, &about("2", "1200", "99"));
    let rows = || -> Vec<_> {
        let found = found(&shop, false);
        found.iter().map(|one| one.order_row_id).collect()
    };
    assert_eq!(rows(), [Some(first), None]);
    // An order that comes later is found by the next reading.
    let later = sold("13-3", "99", "1200");
    put(&shop, &about("2", "1200", "99"));
    assert_eq!(rows(), [Some(first), Some(later)]);
    let of_order = shop.store.read(|db| db.order_cases(later)).unwrap();
    assert_eq!(ids(&of_order), ["2"]);
}

#[test]
fn a_case_finds_its_order_by_its_other_number_and_by_the_listing_of_a_variant() {
    let shop = shop();
    let mut named = order("13-1", vec![line("10", "A", 1)]);
    named.customer_order_id = Some("200-7".to_owned());
    let named = shop.put(&named);
    // Another order has the first one's other number for its id: that one is meant.
    let mut other = order("13-2", vec![line("11", "A", 1)]);
    other.customer_order_id = Some("13-1".to_owned());
    shop.put(&other);
    let mut sold = line("12", "A", 1);
    sold.listing_ref = Some("1100/7".to_owned());
    let variant = shop.put(&order("13-3", vec![sold]));
    let by_number = |id: &str, number: &str| Case {
        order_id: Some(number.to_owned()),
        ..case(id, CaseState::Open)
    };
    let by_sale = |id: &str, listing: &str| Case {
        order_id: None,
        listing_ref: Some(listing.to_owned()),
        line_id: Some("12".to_owned()),
        ..case(id, CaseState::Open)
    };
    for told in [
        by_number("1", "200-7"),
        by_number("2", "13-1"),
        by_number("3", "unknown"),
        by_sale("4", "1100"),
        by_sale("5", "110"),
    ] {
        put(&shop, &told);
    }
    let found = found(&shop, false);
    let row = |id: &str| {
        let one = found.iter().find(|one| one.case.case_id == id);
        one.and_then(|one| one.order_row_id)
    };
    assert_eq!(
        (row("1"), row("2"), row("3")),
        (Some(named), Some(named), None)
    );
    assert_eq!((row("4"), row("5")), (Some(variant), None));
    let of_order = shop.store.read(|db| db.order_cases(named)).unwrap();
    assert_eq!(of_order.len(), 2);
}

#[test]
fn a_booking_that_is_told_again_replaces_what_was_told() {
    let shop = shop();
    let order = shop.put(&order("13-1", vec![line("10", "A", 1)]));
    let entry = |minors: &[i64]| FeeEntry {
        entry: "SALE/1".to_owned(),
        order_id: "13-1".to_owned(),
        at: Some(at(5)),
        fees: minors
            .iter()
            .map(|minor| Fee {
                line_id: None,
                kind: "FINAL_VALUE_FEE".to_owned(),
                amount: Money::new(*minor, Currency::USD),
            })
            .collect(),
    };
    let fees = |entry: &FeeEntry| {
        let put = shop.store.write(|tx| tx.put_fees(shop.account, entry));
        put.unwrap();
        let fees = shop.store.read(|db| db.order_fees(order)).unwrap();
        fees.iter()
            .map(|one| one.fee.amount.minor)
            .collect::<Vec<_>>()
    };
    assert_eq!(fees(&entry(&[133, 30])), [133, 30]);
    assert_eq!(fees(&entry(&[-133])), [-133]);
    assert_eq!(fees(&entry(&[])), [0_i64; 0]);
}
