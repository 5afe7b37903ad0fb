//! Variants that are shown as one, and listings that were made elsewhere: they become products
//! beside what the catalogue has.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shop;

use barrow_engine::{PriceRule, Rules, Stop, Unmatched};
use barrow_model::{ListingId, ObservedDetails, ObservedFamily, OptionValue, Row, Settings};
use barrow_store::ListingRow;

use shop::capability::CALLS;
use shop::market::{Market, There};
use shop::{Shop, sku, usd};

fn there(minor: i64) -> There {
    There {
        price: usd(minor),
        quantity: 4,
        title: "There".to_owned(),
        step: 2,
        live: true,
        published: 1,
    }
}

fn details(family: Option<&str>, option: Option<(&str, &str)>) -> ObservedDetails {
    let option = option.map(|(name, value)| OptionValue {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    ObservedDetails {
        options: option.into_iter().collect(),
        family: family.map(|key| ObservedFamily {
            key: key.to_owned(),
            shared: Vec::new(),
            images: Vec::new(),
        }),
        ..shop::observed::read_there()
    }
}

fn sized(name: &str, size: &str) -> Row {
    Row {
        handle: "shirt".to_owned(),
        title: Some("My shirt".to_owned()),
        options: vec![("Size".to_owned(), size.to_owned())],
        price: Some(usd(2_000)),
        quantity: Some(4),
        ..shop::row(name)
    }
}

fn adopted(shop: &Shop, account: barrow_model::AccountId, name: &str) -> ListingRow {
    let found = shop.store.read(|db| {
        let id = db.listing_at(account, &shop::site(), name)?;
        id.map(|id| db.listing(id)).transpose()
    });
    found.unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_the_catalogue_stays_as_it_is() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    shop.import(&[sized("S", "Small"), sized("P", "Petite")]);
    // A product whose name another listing has for its SKU.
    shop.import(&[Row {
        handle: "B".to_owned(),
        ..shop::row("X")
    }]);
    {
        let mut state = market.state();
        let shown = [
            ("S", details(Some("shirt"), Some(("Size", "S")))),
            ("M", details(Some("shirt"), Some(("Size", "M")))),
            ("P", details(Some("other"), Some(("Cut", "P")))),
            ("B", details(None, None)),
        ];
        for (name, details) in shown {
            state.there.insert(name.to_owned(), there(2_000));
            state.details.insert(name.to_owned(), details);
        }
    }
    let before = shop.store.read(|db| db.product(&sku("S"))).unwrap().product;
    let found = shop
        .engine
        .adopt(
            (account, &shop::site()),
            Unmatched::Create,
            &Stop::default(),
        )
        .await
        .unwrap();
    assert_eq!((found.adopted, found.unmatched_count), (4, 0), "{found:?}");

    let product = |name: &str| shop.store.read(|db| db.product(&sku(name))).unwrap();
    assert_eq!(product("S").product, before, "nothing of it was changed");
    assert_eq!(product("M").product, before, "its variant joined it");
    assert_eq!(product("X").product.title, "Title of X");
    assert_eq!(product("B").product.handle, "B-2");
    assert_eq!(product("B").product.title, "There");

    let family = |name: &str| adopted(&shop, account, name).listing.family_id;
    assert!(family("S").is_some() && family("S") == family("M"));
    assert_eq!(family("P"), None, "its product knows no such option");
}

#[tokio::test(start_paused = true)]
async fn what_was_founded_keeps_its_price() {
    let shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    let dearer = PriceRule {
        factor: 2.into(),
        ..PriceRule::default()
    };
    let rules = Rules {
        price: dearer,
        ..Rules::default()
    };
    shop.rules(account, &rules);
    {
        let mut state = market.state();
        state.there.insert("B".to_owned(), there(2_000));
        state.details.insert("B".to_owned(), details(None, None));
    }
    shop.engine
        .adopt(
            (account, &shop::site()),
            Unmatched::Create,
            &Stop::default(),
        )
        .await
        .unwrap();
    let overrides = adopted(&shop, account, "B").listing.overrides;
    assert_eq!(overrides.price, Some(usd(2_000)));
    assert_eq!(shop.push().await.done, 0);
    assert_eq!(market.live("B"), Some((2_000, 4)));
}

#[tokio::test(start_paused = true)]
async fn a_variant_refused_because_of_its_mate_goes_once_the_mate_is_mended() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    let none_left = |size: &str| Row {
        quantity: Some(0),
        ..sized("S", size)
    };
    shop.import(&[none_left("Small"), sized("T", "Small")]);
    shop.list(account, "S");
    shop.list(account, "T");
    let site = shop::site();
    shop.store
        .write(|tx| tx.form_families((account, &site), ListingId(0), 10))
        .unwrap();
    let summary = shop.push().await;
    assert_eq!((summary.done, summary.refused_count), (0, 1), "{summary:?}");
    assert_eq!(market.live("T"), None);

    shop.import(&[none_left("Large")]);
    shop.push().await;
    assert_eq!(market.live("T"), Some((2_000, 4)));
}

#[tokio::test(start_paused = true)]
async fn what_an_adopted_listing_has_otherwise_than_its_account_stays_so() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    shop.import(&[shop::row("A"), shop::row("B")]);
    let settings = [("policy", "61"), ("place", "main")];
    let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
    shop.store
        .write(|tx| tx.set_account_settings(account, &settings.into(), None))
        .unwrap();
    {
        let mut state = market.state();
        for (name, policy) in [("A", "99"), ("B", "61")] {
            let mut details = details(None, None);
            let own = [("policy", policy), ("place", "main")];
            let own = own.map(|(key, value)| (key.to_owned(), value.to_owned()));
            details.settings = own.into();
            state.there.insert(name.to_owned(), there(2_000));
            state.details.insert(name.to_owned(), details);
        }
    }
    let site = shop::site();
    let found = shop
        .engine
        .adopt((account, &site), Unmatched::Leave, &Stop::default())
        .await
        .unwrap();
    assert_eq!(found.adopted, 2);
    let own = |name: &str| adopted(&shop, account, name).listing.overrides.settings;
    let kept: Settings = [("policy".to_owned(), "99".to_owned())].into();
    assert_eq!(own("A"), kept);
    assert_eq!(own("B"), Settings::new(), "it follows the account");
    let sent = market.calls("revise");
    shop.push().await;
    assert_eq!(market.calls("revise"), sent, "nothing is sent for it");
}

#[tokio::test(start_paused = true)]
async fn a_text_that_others_changed_is_set_right_and_one_that_was_found_is_theirs() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    let priced = |name: &str| Row {
        price: Some(usd(2_000)),
        quantity: Some(4),
        ..shop::row(name)
    };
    shop.import(&[priced("A"), priced("B")]);
    shop.list(account, "A");
    assert_eq!(shop.push().await.done, 1);
    {
        let mut state = market.state();
        state.there.insert("B".to_owned(), there(2_000));
        for name in ["A", "B"] {
            state.details.insert(name.to_owned(), details(None, None));
        }
    }
    let (site, stop) = (shop::site(), Stop::default());
    let place = (account, &site);
    let adopts = shop.engine.adopt(place, Unmatched::Leave, &stop);
    assert_eq!(adopts.await.unwrap().adopted, 1);
    shop.push().await;
    let observe = || shop.engine.observe(account, &site, &stop);
    observe().await.unwrap();
    assert_eq!(observe().await.unwrap().drifted, 0);
    let rename = |title: &str| {
        for details in market.state().details.values_mut() {
            details.title = title.to_owned();
        }
    };
    rename("By others");
    let sent = market.calls("revise");
    assert_eq!(observe().await.unwrap().drifted, 1, "of what was sent here");
    shop.push().await;
    assert_eq!(market.calls("revise"), sent + 1);
    rename("There");
    assert_eq!(observe().await.unwrap().drifted, 0, "it is as it was sent");
    assert_eq!(observe().await.unwrap().drifted, 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_family_shows_in_common_is_sent_again_once() {
    let mut shop = Shop::new();
    let market = Market::new(CALLS, &shop.clock);
    let account = shop.account("one", market.clone());
    let sizes = ["S", "M", "L"];
    shop.import(&sizes.map(|size| sized(size, size)));
    let (site, stop) = (shop::site(), Stop::default());
    let listed = shop.store.write(|tx| {
        let last = tx.last_listing()?;
        tx.add_listings_of_all(account, &site, "")?;
        tx.form_families((account, &site), last, 100)
    });
    listed.unwrap();
    assert_eq!(shop.push().await.done, 3);
    let show = |title: &str, own: &str| {
        let mut state = market.state();
        for size in sizes {
            let mut shown = details(Some("shirt"), Some(("Size", size)));
            shown.title = title.to_owned();
            let said = if size == "M" { own } else { "Cotton" };
            let said = ("Material".to_owned(), vec![said.to_owned()]);
            shown.attributes.extend([said]);
            state.details.insert(size.to_owned(), shown);
        }
    };
    let drifted = async || {
        let seen = shop.engine.observe(account, &site, &stop).await;
        seen.unwrap().drifted
    };
    show("Shirt", "Cotton");
    assert_eq!(drifted().await, 0);
    show("By others", "Cotton");
    assert_eq!(drifted().await, 1, "one stands for all");
    shop.push().await;
    assert_eq!(drifted().await, 0);
    show("By others", "Wool");
    assert_eq!(drifted().await, 1, "its own");
}
