//! One seller with several accounts: each order is kept and booked once.

use barrow_model::{
    AccountId, Binding, Endpoint, FulfilledBy, ListingId, Marketplace, Observed, ObservedState,
    Order, OrderLine, OrderRowId, Settings, Site, Sku,
};
use barrow_store::{NewAccount, NewListing};

use crate::shop::{Shop, at, line, order, shop, updated};

const GERMAN: &str = "EBAY_DE";

pub(crate) fn another(shop: &Shop, name: &str, seller: Option<&str>) -> AccountId {
    let mut settings = Settings::new();
    if let Some(seller) = seller {
        settings.insert("consent_seller".to_owned(), seller.to_owned());
    }
    let account = NewAccount {
        name: name.into(),
        marketplace: Marketplace("ebay".into()),
        endpoint: Endpoint::Production,
        settings,
    };
    shop.store.write(|tx| tx.add_account(&account)).unwrap()
}

/// Lists a SKU at an account's German site under another one, five of it.
fn list_five(shop: &Shop, account_id: AccountId, channel_sku: &str, sku: &str) -> ListingId {
    let channel_sku = Sku::new(channel_sku).unwrap();
    let new = NewListing {
        account_id,
        site: Site(GERMAN.into()),
        channel_sku: channel_sku.clone(),
        sku_id: shop.sku_id(sku),
        pool: String::new(),
    };
    let seen = Observed {
        details: None,
        site: Site(GERMAN.into()),
        sku: channel_sku,
        binding: Binding::default(),
        title: None,
        gtin: None,
        price: None,
        quantity: Some(5),
        fulfilled_by: FulfilledBy::Seller,
        state: ObservedState::Live,
        problems: Vec::new(),
    };
    shop.store
        .write(|tx| {
            let id = tx.add_listing(&new)?;
            tx.store_adopted(id, &seen, "content", at(0))?;
            Ok(id)
        })
        .unwrap()
}

pub(crate) fn put(shop: &Shop, account: AccountId, order: &Order) -> (OrderRowId, bool) {
    let record = format!("{order:?}");
    let stored = shop
        .store
        .write(|tx| tx.store_order(account, order, &record, true))
        .unwrap();
    (stored.id, stored.new)
}

fn german(id: &str, lines: Vec<OrderLine>) -> Order {
    Order {
        site: Site(GERMAN.into()),
        ..order(id, lines)
    }
}

#[test]
fn once_an_order_that_two_accounts_give_is_booked_once() {
    let shop = shop();
    let other = another(&shop, "other", None);
    let sold = order("1", vec![line("1", "A", 3)]);
    let (first, new) = put(&shop, shop.account, &sold);
    assert!(new);
    assert_eq!(put(&shop, other, &sold), (first, false));
    assert_eq!(shop.stock("A").reserved, 3);
    let shipped = updated(sold, 120, |order| order.lines[0].quantity_shipped = 3);
    assert_eq!(put(&shop, other, &shipped), (first, false));
    put(&shop, shop.account, &shipped);
    assert_eq!((shop.stock("A").on_hand, shop.stock("A").reserved), (7, 0));
    // Another order that only has the same number is another seller's.
    let mut foreign = order("1", vec![line("9", "B", 1)]);
    foreign.placed_at = at(30);
    let (second, new) = put(&shop, other, &foreign);
    assert!(new && second != first);
    shop.holds_together();
}

#[test]
fn once_an_order_of_an_account_that_was_removed_moves_to_the_other() {
    let shop = shop();
    let other = another(&shop, "other", None);
    let sold = order("1", vec![line("1", "A", 3)]);
    let (first, _) = put(&shop, shop.account, &sold);
    shop.store
        .write(|tx| tx.remove_account(shop.account))
        .unwrap();
    let shipped = updated(sold, 120, |order| order.lines[0].quantity_shipped = 3);
    assert_eq!(put(&shop, other, &shipped), (first, false));
    let row = shop.store.read(|db| db.order(first)).unwrap();
    assert_eq!(row.account_id, other);
    assert_eq!((shop.stock("A").on_hand, shop.stock("A").reserved), (7, 0));
}

#[test]
fn a_line_is_what_the_site_lists_where_it_was_bought() {
    let check = |seller: Option<&str>, found: bool| {
        let shop = shop();
        shop.store
            .write(|tx| {
                let settings = [("consent_seller".to_owned(), "ann".to_owned())];
                tx.set_account_settings(shop.account, &settings.into(), None)
            })
            .unwrap();
        let other = another(&shop, "de", seller);
        let listing = list_five(&shop, other, "A-DE", "A");
        let (id, _) = put(
            &shop,
            shop.account,
            &german("1", vec![line("1", "A-DE", 2)]),
        );
        assert_eq!(shop.stock("A").reserved, if found { 2 } else { 0 });
        let standing = shop.store.read(|db| db.listing(listing)).unwrap().standing;
        // How many are left there is not known before it is set.
        let expected = if found { None } else { Some(5) };
        assert_eq!(standing.expected_quantity, expected, "{seller:?}");
        let row = shop.store.read(|db| db.order(id)).unwrap();
        assert_eq!(row.account_id, shop.account);
        shop.holds_together();
    };
    check(Some("ann"), true);
    check(None, true);
    check(Some("bob"), false);
}

#[test]
fn what_the_catalogue_calls_so_comes_before_a_guess() {
    let check = |seller: Option<&str>, booked: &str, other: &str| {
        let shop = shop();
        shop.store
            .write(|tx| {
                let settings = [("consent_seller".to_owned(), "ann".to_owned())];
                tx.set_account_settings(shop.account, &settings.into(), None)
            })
            .unwrap();
        let german_account = another(&shop, "de", seller);
        // Under a SKU that the catalogue has for something else.
        list_five(&shop, german_account, "B", "A");
        put(&shop, shop.account, &german("1", vec![line("1", "B", 2)]));
        assert_eq!(shop.stock(booked).reserved, 2, "{seller:?}");
        assert_eq!(shop.stock(other).reserved, 0, "{seller:?}");
        shop.holds_together();
    };
    check(Some("ann"), "A", "B");
    check(None, "B", "A");
    check(Some("bob"), "B", "A");
}

#[test]
fn what_is_open_of_an_account_that_is_removed_can_be_shipped_by_another_of_the_seller() {
    let shop = shop();
    let named = |name: &str, seller: &str| another(&shop, name, Some(seller));
    let (stranger, first, heir) = (named("x", "s2"), named("us", "s1"), named("de", "s1"));
    let mut gone = order("2", vec![line("2", "A", 1)]);
    gone.lines[0].quantity_shipped = 1;
    gone.placed_at = at(-100 * 86_400);
    let (open, _) = put(&shop, first, &order("1", vec![line("1", "A", 3)]));
    let (done, _) = put(&shop, first, &gone);
    let before = shop.stock("A");
    shop.store.write(|tx| tx.remove_account(first)).unwrap();
    let account = |id: OrderRowId| shop.store.read(|db| db.order(id)).unwrap().account_id;
    assert_eq!((account(open), account(done)), (heir, first));
    assert_eq!(shop.stock("A"), before);
    // Nobody else's.
    let (left, _) = put(&shop, stranger, &order("3", vec![line("3", "A", 1)]));
    shop.store.write(|tx| tx.remove_account(stranger)).unwrap();
    assert_eq!(account(left), stranger);
    shop.holds_together();
}
