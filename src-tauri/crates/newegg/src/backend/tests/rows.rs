//! What stands in the rows of feeds, and what is refused before.

use barrow_market::Fate;
use barrow_model::{
    Action, Binding, Change, Condition, Currency, Money, Offer, ProblemKind, Ticket,
};
use barrow_wire::testing::line;

use super::feeds::{SUBMIT, UPC, entry, offer, publish, submit, ticket};
use super::script::{listing_change, site, world, world_on, world_with};

#[tokio::test]
async fn no_feed_ever_says_overwrite() {
    let price = Action::SetPrice(Money::new(1990, Currency::USD));
    let lanes: [(&str, &'static str, Action); 4] = [
        ("US", "item_feed", Action::Publish(Box::new(offer()))),
        ("US", "price_feed", price.clone()),
        ("US", "inventory_feed", Action::SetQuantity(4)),
        ("B2B", "offer_feed", price),
    ];
    for (platform, lane, action) in lanes {
        let world = world_on(platform, vec![line("POST", 200, entry("SUBMITTED"))]);
        let change = listing_change(1, "A1", Binding::default(), action);
        let sent = submit(&world, lane, &[change]).await;
        ticket(&sent[0]);
        for body in world.bodies() {
            assert!(body.contains("NeweggEnvelope"), "{body}");
            assert!(!body.to_lowercase().contains("overwrite"), "{body}");
        }
    }
    // Every lane that is a feed is among them.
    let feeds = |platform: &str| {
        let world = world_on(platform, vec![]);
        let lanes = world.adapter.capability().lanes.iter();
        lanes
            .filter(|lane| lane.delivery == barrow_model::Delivery::Feed)
            .map(|lane| lane.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(feeds("US"), ["item_feed", "price_feed", "inventory_feed"]);
    assert_eq!(feeds("CAN"), ["item_feed", "offer_feed"]);
}

#[tokio::test]
async fn value_feeds_have_the_rows_of_their_platform() {
    let price = Action::SetPrice(Money::new(1990, Currency::USD));
    let units = Action::SetQuantity(4);
    let check = |platform: &'static str,
                 lane: &'static str,
                 actions: Vec<Action>,
                 row: &'static str,
                 kind: &'static str| async move {
        let world = world_on(platform, vec![line("POST", 200, entry("SUBMITTED"))]);
        let changes: Vec<Change> = actions
            .into_iter()
            .enumerate()
            .map(|(place, action)| {
                let mut change = listing_change(1, "A1", Binding::default(), action);
                change.id = barrow_model::ChangeId(place as i64 + 1);
                change
            })
            .collect();
        let sent = submit(&world, lane, &changes).await;
        assert_eq!(sent.len(), changes.len());
        let tickets: Vec<Ticket> = sent.iter().map(ticket).collect();
        assert!(tickets.windows(2).all(|pair| pair[0] == pair[1]));
        let body = &world.bodies()[0];
        assert!(body.contains(row), "{body}");
        let requests = world.script.sent();
        let query = requests[0].uri().query().expect("a query").to_owned();
        assert_eq!(query, format!("sellerid=A0xX&requesttype={kind}"));
    };
    let row = concat!(
        r#"{"Header":{"DocumentVersion":"2.0"},"MessageType":"Price","#,
        r#""Message":{"Price":{"Item":[{"SellerPartNumber":"A1","#,
        r#""CountryCode":"USA","Currency":"USD","SellingPrice":"19.90"}]}}}"#
    );
    check("US", "price_feed", vec![price.clone()], row, "PRICE_DATA").await;
    let row = concat!(
        r#"{"Header":{"DocumentVersion":"2.0"},"MessageType":"Inventory","#,
        r#""Message":{"Inventory":{"Item":[{"SellerPartNumber":"A1","#,
        r#""WarehouseLocation":"USA","FulfillmentOption":"Seller","#,
        r#""Inventory":"4"}]}}}"#
    );
    check(
        "US",
        "inventory_feed",
        vec![units.clone()],
        row,
        "INVENTORY_DATA",
    )
    .await;
    let row = concat!(
        r#"{"Header":{"DocumentVersion":"1.0"},"MessageType":"Inventory","#,
        r#""Message":{"Inventory":{"Item":[{"SellerPartNumber":"A1","#,
        r#""Currency":"USD","SellingPrice":"19.90","Inventory":"4","#,
        r#""FulfillmentOption":"Seller"}]}}}"#
    );
    let kind = "INVENTORY_AND_PRICE_DATA";
    check("B2B", "offer_feed", vec![price, units], row, kind).await;
}

#[tokio::test]
async fn a_row_that_cannot_be_spoils_no_other() {
    let world = world(vec![line(SUBMIT, 200, entry("SUBMITTED"))]);
    let mut nameless = offer();
    nameless.content.brand = None;
    let bad = listing_change(
        2,
        "B1",
        Binding::default(),
        Action::Publish(Box::new(nameless)),
    );
    let changes = [
        publish(1, "A1", Binding::default()),
        bad,
        publish(3, "a1", Binding::default()),
    ];
    let outcomes = submit(&world, "item_feed", &changes).await;
    let of = |id: i64| {
        let found = outcomes.iter().find(|outcome| outcome.change_id.0 == id);
        &found.expect("an outcome").fate
    };
    assert!(matches!(of(1), Fate::Accepted { .. }));
    let Fate::Refused { problem, .. } = of(2) else {
        panic!("refused, not {outcomes:?}");
    };
    assert_eq!(problem.kind, ProblemKind::BrandMissing);
    // A second row of a part number comes again.
    assert!(matches!(of(3), Fate::Advanced { .. }));
}

/// What is said of an offer that is changed so, on an account with these settings.
fn validated(settings: &[(&str, &str)], change: fn(&mut Offer)) -> Vec<ProblemKind> {
    let world = world_with(settings, vec![]);
    let mut offer = offer();
    change(&mut offer);
    let problems = world.adapter.core().validate(&site(), &offer, None);
    problems.iter().map(|problem| problem.kind).collect()
}

#[test]
fn an_offer_needs_a_maker_and_something_that_names_the_item() {
    let check = |settings: &[(&str, &str)], change: fn(&mut Offer), expected: &[ProblemKind]| {
        assert_eq!(validated(settings, change), expected, "{settings:?}");
    };
    let long = &[ProblemKind::TextTooLong];
    let bare = |o: &mut Offer| (o.content.gtin, o.content.mpn) = (None, None);
    let long_number = |o: &mut Offer| {
        o.content.gtin = None;
        o.content.mpn = Some("x".repeat(21));
    };
    let nameless = |o: &mut Offer| o.content.brand = None;
    check(&[], |_| {}, &[]);
    check(&[], nameless, &[ProblemKind::BrandMissing]);
    check(&[("manufacturer", "House")], nameless, &[]);
    check(&[], |o| o.content.brand = Some("x".repeat(41)), long);
    check(&[], |o| o.content.gtin = None, &[]);
    check(&[], bare, &[ProblemKind::GtinMissing]);
    check(&[("part_number", "sku")], bare, &[]);
    check(&[], long_number, long);
}

#[test]
fn an_offer_needs_values_that_can_be() {
    let check = |change: fn(&mut Offer), expected: &[ProblemKind]| {
        assert_eq!(validated(&[], change), expected);
    };
    let condition = &[ProblemKind::ConditionInvalid];
    check(|o| o.content.condition = Condition::ForParts, condition);
    check(|o| o.content.condition = Condition::Good, &[]);
    check(|o| o.price.minor = 0, &[ProblemKind::PriceNotPositive]);
    check(|o| o.price.minor = 9_999_901, &[ProblemKind::PriceRefused]);
    let currency = &[ProblemKind::PriceCurrency];
    check(|o| o.price.currency = Currency::EUR, currency);
    assert_eq!(validated(&[("platform", "CAN")], |_| {}), currency);
    check(|o| o.quantity = 1_000_000, &[ProblemKind::QuantityRefused]);
}

#[tokio::test]
async fn an_item_is_named_in_one_way() {
    let sent = |settings: &'static [(&'static str, &'static str)],
                change: fn(&mut Offer),
                binding: Binding| async move {
        let world = world_with(settings, vec![line(SUBMIT, 200, entry("SUBMITTED"))]);
        let mut offer = offer();
        change(&mut offer);
        let change = listing_change(1, "SKU-7", binding, Action::Publish(Box::new(offer)));
        submit(&world, "item_feed", &[change]).await;
        world.bodies().remove(0)
    };
    let check = |body: &str, name: &str, value: &str| {
        let member = format!(r#""{name}":"{value}""#);
        assert!(body.contains(&member), "{body}");
        let names = ["NeweggItemNumber", "UPCOrISBN", "ManufacturerPartsNumber"];
        let found = names.iter().filter(|name| body.contains(**name)).count();
        assert_eq!(found, 1, "{body}");
    };
    let body = sent(&[], |_| {}, Binding::default()).await;
    check(&body, "UPCOrISBN", UPC);
    let body = sent(&[], |o| o.content.gtin = None, Binding::default()).await;
    check(&body, "ManufacturerPartsNumber", "MPN-1");
    let bare = |o: &mut Offer| {
        o.content.gtin = None;
        o.content.mpn = None;
    };
    let body = sent(&[("part_number", "sku")], bare, Binding::default()).await;
    check(&body, "ManufacturerPartsNumber", "SKU-7");
    let learned = Binding::default().with("item_number", "9SIA1");
    check(&sent(&[], bare, learned).await, "NeweggItemNumber", "9SIA1");
    let entered = |o: &mut Offer| {
        let values = vec!["N82E1".to_owned()];
        o.content
            .attributes
            .insert("Newegg Item Number".to_owned(), values);
        o.content.compare_at = Some(Money::new(2990, Currency::USD));
        o.content.condition = Condition::SellerRefurbished;
        o.settings.insert("shipping".to_owned(), "Free".to_owned());
    };
    let body = sent(&[], entered, Binding::default()).await;
    check(&body, "NeweggItemNumber", "N82E1");
    for member in [
        r#""MSRP":"29.90""#,
        r#""ItemCondition":"Refurbished""#,
        r#""Shipping":"Free""#,
    ] {
        assert!(body.contains(member), "{body}");
    }
}
