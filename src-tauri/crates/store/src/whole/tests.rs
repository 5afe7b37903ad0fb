//! Making, removing, and taking both back.

use barrow_model::{
    AccountId, Currency, Endpoint, ListingId, Marketplace, Money, Origin, Overrides, Settings,
    Site, Sku, SkuId,
};

use super::{Hanging, NewSku};
use crate::account::NewAccount;
use crate::batch::{BatchKind, BatchOutcome};
use crate::edit::Value;
use crate::error::StoreError;
use crate::import::tests::{apply, everything, kit, ledger_holds, on_hand, sku, titled};
use crate::listing::NewListing;
use crate::store::Store;
use crate::store::tests::memory;

fn catalogue() -> Store {
    let store = memory();
    let rows = [titled(2, "A", 100, 5), kit(3, "K", &[("A", 2)])];
    apply(&store, "one", &rows);
    store
}

fn new(name: &str, counted: Option<i64>) -> NewSku {
    let price = Value::Amount(Money::new(1_290, Currency::USD));
    let title = Value::Text(format!("Title of {name}"));
    NewSku {
        sku: sku(name),
        parts: None,
        fields: vec![("price".to_owned(), price), ("title".to_owned(), title)],
        counted,
    }
}

fn make(store: &Store, new: &NewSku) -> Result<SkuId, StoreError> {
    store.write(|tx| {
        let batch = tx.begin_batch(BatchKind::Make)?;
        let id = tx.make_sku(batch, new)?;
        tx.end_batch(batch, &[], Some(&new.sku), 1)?;
        Ok(id)
    })
}

fn remove(store: &Store, names: &[&str]) -> Result<(), StoreError> {
    store.write(|tx| {
        let batch = tx.begin_batch(BatchKind::Remove)?;
        for name in names {
            let id = tx.sku_id(&sku(name))?;
            tx.remove_sku(batch, id)?;
        }
        tx.end_batch(batch, &[], Some(&sku(names[0])), names.len() as u64)?;
        Ok(())
    })
}

fn undo(store: &Store) -> BatchOutcome {
    let undone = store.write(|tx| tx.undo_batch());
    undone.expect("undoes").expect("a batch")
}

fn redo(store: &Store) -> BatchOutcome {
    let redone = store.write(|tx| tx.redo_batch());
    redone.expect("redoes").expect("a batch")
}

fn names(store: &Store) -> Vec<Sku> {
    let rows = everything(store);
    rows.iter().map(|row| row.item.sku().clone()).collect()
}

fn found(store: &Store, text: &str) -> usize {
    store
        .read(|db| db.search(text, 10))
        .expect("searches")
        .len()
}

#[test]
fn what_is_made_is_taken_back_and_made_again_with_its_stock() {
    let store = catalogue();
    make(&store, &new("N", Some(4))).expect("makes");
    let made = everything(&store);
    assert_eq!((on_hand(&store, "N"), found(&store, "Title of N")), (4, 1));
    assert_eq!(undo(&store).undone.restored, 1);
    assert_eq!(names(&store), [sku("A"), sku("K")]);
    assert_eq!(found(&store, "Title of N"), 0);
    assert_eq!(redo(&store).undone.restored, 1);
    assert_eq!(everything(&store), made);
    ledger_holds(&store);
}

#[test]
fn what_was_made_and_edited_since_stays_until_the_edit_is_taken_back() {
    let store = catalogue();
    make(&store, &new("N", None)).expect("makes");
    store
        .write(|tx| {
            let batch = tx.begin_batch(BatchKind::Set)?;
            let title = Value::Text("Other".into());
            tx.set_fields(&sku("N"), &[("title", title)], None, Origin::User)?;
            tx.end_batch(batch, &["title".to_owned()], Some(&sku("N")), 1)
        })
        .expect("edits");
    undo(&store);
    assert_eq!(undo(&store).undone.skipped, []);
    assert_eq!(names(&store), [sku("A"), sku("K")]);
    make(&store, &new("M", None)).expect("makes");
    store
        .write(|tx| {
            let place = tx.default_location()?;
            let id = tx.sku_id(&sku("M"))?;
            tx.count_stock(id, place, 3, None, Origin::System)
        })
        .expect("counts");
    assert_eq!(undo(&store).undone.skipped.len(), 1);
    assert_eq!(on_hand(&store, "M"), 3);
}

#[test]
fn what_is_removed_comes_back_as_it_was() {
    let store = catalogue();
    let before = everything(&store);
    remove(&store, &["K", "A"]).expect("removes");
    assert_eq!(names(&store), Vec::<Sku>::new());
    assert_eq!(store.read(|db| db.product_count()).expect("counts"), 0);
    assert_eq!(undo(&store).undone.restored, 2);
    assert_eq!(everything(&store), before);
    assert_eq!(found(&store, "Title of A"), 1);
    ledger_holds(&store);
    assert_eq!(redo(&store).undone.restored, 2);
    assert_eq!(names(&store), Vec::<Sku>::new());
}

#[test]
fn a_name_that_was_taken_meanwhile_is_not_taken_from_the_newcomer() {
    let store = catalogue();
    remove(&store, &["K"]).expect("removes");
    apply(&store, "two", &[titled(2, "K", 700, 1)]);
    let outcome = undo(&store);
    assert_eq!(outcome.undone.restored, 0);
    assert_eq!(outcome.undone.skipped[0].sku, Some(sku("K")));
    assert_eq!(on_hand(&store, "K"), 1);
}

#[test]
fn what_hangs_on_it_keeps_it() {
    let store = catalogue();
    let hanging = |name: &str| {
        let read = store.read(|db| db.hanging(db.sku_id(&sku(name))?));
        read.expect("reads")
    };
    let expected = Hanging {
        kits: vec![sku("K")],
        ..Hanging::default()
    };
    assert_eq!(hanging("A"), expected);
    assert!(hanging("K").lets_go());
    let refused = remove(&store, &["A"]);
    assert!(matches!(refused, Err(StoreError::InUse { .. })));
    assert_eq!(names(&store).len(), 2);
}

#[test]
fn what_cannot_be_made_makes_nothing() {
    let store = catalogue();
    let check = |new: &NewSku| {
        assert!(make(&store, new).is_err(), "{new:?}");
        assert_eq!(names(&store).len(), 2);
    };
    check(&new("A", None));
    check(&NewSku {
        fields: Vec::new(),
        ..new("N", None)
    });
    check(&NewSku {
        parts: Some(vec![(sku("K"), 1)]),
        ..new("N", None)
    });
    check(&NewSku {
        counted: Some(-1),
        ..new("N", None)
    });
}

/// Lists a SKU at a shop of its own, where it is nowhere yet.
fn listed(store: &Store, name: &str) -> (AccountId, ListingId) {
    let account = NewAccount {
        name: "shop".into(),
        marketplace: Marketplace("ebay".into()),
        endpoint: Endpoint::Production,
        settings: Settings::new(),
    };
    let made = store.write(|tx| {
        let account_id = tx.add_account(&account)?;
        let sku_id = tx.sku_id(&sku(name))?;
        Ok((account_id, tx.add_listing(&listing(account_id, sku_id))?))
    });
    made.expect("lists")
}

fn listing(account_id: AccountId, sku_id: SkuId) -> NewListing {
    NewListing {
        account_id,
        site: Site("EBAY_US".into()),
        channel_sku: sku("X"),
        sku_id,
        pool: String::new(),
    }
}

fn overrides(store: &Store, id: ListingId) -> Overrides {
    let row = store.read(|db| db.listing(id));
    row.expect("is there").listing.overrides
}

#[test]
fn what_was_set_for_a_listing_is_taken_back_after_its_product_came_back() {
    let store = catalogue();
    let (_, id) = listed(&store, "K");
    let own = Overrides {
        title: Some("Own".into()),
        ..Overrides::default()
    };
    store
        .write(|tx| {
            let batch = tx.begin_batch(BatchKind::ListingSet)?;
            tx.set_overrides_in(batch, id, &own, None)?;
            tx.end_batch(batch, &["title".to_owned()], Some(&sku("K")), 1)
        })
        .expect("sets");
    remove(&store, &["K"]).expect("removes");
    assert_eq!(undo(&store).undone.skipped, []);
    assert_eq!(overrides(&store, id), own);
    assert_eq!(undo(&store).undone.restored, 1);
    assert_eq!(overrides(&store, id), Overrides::default());
    assert_eq!(redo(&store).undone.restored, 1);
    assert_eq!(redo(&store).undone.restored, 1);
    assert_eq!(names(&store), [sku("A")]);
}

#[test]
fn a_listing_that_cannot_come_back_is_named() {
    let check = |meanwhile: fn(&Store, AccountId), comes: bool| {
        let store = catalogue();
        let (account, id) = listed(&store, "K");
        remove(&store, &["K"]).expect("removes");
        meanwhile(&store, account);
        let undone = undo(&store).undone;
        assert_eq!(undone.restored, 1);
        let skipped: Vec<_> = undone.skipped.iter().map(|one| &*one.field).collect();
        assert_eq!(skipped.is_empty(), comes, "{skipped:?}");
        assert!(comes || skipped == ["listing"]);
        let there = store.read(|db| db.listing(id)).map(|row| row.listing.id);
        assert_eq!(there.ok(), comes.then_some(id));
    };
    check(|_, _| (), true);
    let taken = |store: &Store, account| {
        let other = store.write(|tx| {
            let other = tx.sku_id(&sku("A"))?;
            tx.add_listing(&listing(account, other))
        });
        other.expect("lists");
    };
    check(taken, false);
    check(
        |store, account| {
            let gone = store.write(|tx| tx.remove_account(account));
            gone.expect("removes");
        },
        false,
    );
    // The row that keeps a removed account's orders is no account to list at.
    check(
        |store, account| {
            let left = store.write(|tx| {
                tx.connection().execute(
                    "UPDATE accounts SET removed_at = 1 WHERE id = ?1",
                    [account.0],
                )?;
                Ok(())
            });
            left.expect("leaves");
        },
        false,
    );
}
