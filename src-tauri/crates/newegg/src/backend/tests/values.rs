//! Prices, quantities and endings by call: verbs, deactivated items, and what is read back.

use barrow_market::{ErrorKind, Fate, Outcome, Retry};
use barrow_model::{
    Action, Binding, Change, Currency, FulfilledBy, Money, ObservedState, ProblemKind, Target,
};
use barrow_wire::testing::{World, batch, line};

use super::script::{listing_change, site, world, world_on};

const IN: &str = "/marketplace/contentmgmt/item/international";

fn known() -> Binding {
    Binding::default().with("item_number", "9SIA1")
}

fn price(minor: i64) -> Action {
    Action::SetPrice(Money::new(minor, Currency::USD))
}

async fn submit(world: &World, lane: &'static str, changes: Vec<Change>) -> Vec<Outcome> {
    let listings = world.adapter.listings().expect("listings");
    let outcomes = listings.submit(&batch(lane, changes)).await;
    world.finished();
    outcomes.expect("outcomes")
}

async fn set(world: &World, lane: &'static str, action: Action) -> Outcome {
    let change = listing_change(1, "A1", known(), action);
    submit(world, lane, vec![change]).await.remove(0)
}

fn active(flag: &str, amount: &str) -> String {
    format!(
        r#"{{"SellerID":"A0xX","ItemNumber":"9SIA1","SellerPartNumber":"A1","PriceList":{{"Price":
        [{{"CountryCode":"USA","Currency":"USD","Active":"{flag}","SellingPrice":"{amount}"}}]}}}}"#
    )
}

const ECHO: &str = r#"{"SellerID":"A0xX","ItemNumber":"9SIA1","SellerPartNumber":"A1"}"#;

fn kind_of(outcome: &Outcome) -> ProblemKind {
    match &outcome.fate {
        Fate::Refused { problem, .. } => problem.kind,
        other => panic!("refused, not {other:?}"),
    }
}

#[tokio::test]
async fn the_united_states_write_with_post_and_read_with_put() {
    let world = world(vec![
        line(
            "POST /marketplace/contentmgmt/item/international/price?sellerid=A0xX",
            200,
            ECHO,
        ),
        line(
            "PUT /marketplace/contentmgmt/item/international/price",
            200,
            active("1", "19.90"),
        ),
    ]);
    let outcome = set(&world, "price_call", price(1990)).await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
    assert_eq!(
        world.bodies()[0],
        concat!(
            r#"{"Type":"1","Value":"A1","PriceList":{"Price":[{"CountryCode":"USA","#,
            r#""Currency":"USD","SellingPrice":"19.90"}]}}"#
        )
    );
    let world = super::script::world(vec![
        line(
            "POST /marketplace/contentmgmt/item/international/inventory",
            200,
            ECHO,
        ),
        line(
            "PUT /marketplace/contentmgmt/item/international/price",
            200,
            active("1", "19.90"),
        ),
    ]);
    let outcome = set(&world, "inventory_call", Action::SetQuantity(12)).await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
    assert_eq!(
        world.bodies()[0],
        concat!(
            r#"{"Type":"1","Value":"A1","#,
            r#""InventoryList":{"Inventory":[{"WarehouseLocation":"USA","#,
            r#""AvailableQuantity":"12"}]}}"#
        )
    );
    assert!(IN.starts_with("/marketplace"));
}

#[tokio::test]
async fn the_other_platforms_write_with_put_and_read_with_post() {
    for (platform, path) in [("B2B", "b2b"), ("CAN", "can")] {
        let write = format!("PUT /marketplace/{path}/contentmgmt/item/inventoryandprice?sellerid");
        let read = format!("POST /marketplace/{path}/contentmgmt/item/inventory?sellerid=A0xX&v");
        let stock = r#"{"SellerPartNumber":"A1","AvailableQuantity":5,"Active":true}"#;
        let world = world_on(
            platform,
            vec![
                line(
                    Box::leak(write.into_boxed_str()),
                    200,
                    r#"{"UpdateInventoryAndPriceResult":{"Result":"1"}}"#,
                ),
                line(Box::leak(read.into_boxed_str()), 200, stock),
            ],
        );
        let currency = if platform == "CAN" { "CAD" } else { "USD" };
        let currency = Currency::parse(currency).expect("a currency");
        // Both values of a listing travel in one call.
        let changes = vec![
            listing_change(
                1,
                "A1",
                known(),
                Action::SetPrice(Money::new(1500, currency)),
            ),
            {
                let mut change = listing_change(2, "A1", known(), Action::SetQuantity(5));
                if let Target::Listing(listing) = &mut change.target {
                    listing.id = barrow_model::ListingId(1);
                }
                change
            },
        ];
        let outcomes = submit(&world, "offer_call", changes).await;
        assert_eq!(outcomes.len(), 2);
        for outcome in outcomes {
            assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
        }
        let body = &world.bodies()[0];
        assert_eq!(
            body,
            r#"{"Type":"1","Value":"A1","Inventory":"5","SellingPrice":"15.00"}"#
        );
    }
}

#[tokio::test]
async fn an_item_that_is_off_swallows_updates_and_that_is_told() {
    let world = world(vec![
        line("POST", 200, ECHO),
        line("PUT", 200, active("0", "10.00")),
    ]);
    let outcome = set(&world, "price_call", price(1990)).await;
    assert_eq!(kind_of(&outcome), ProblemKind::ListingOnHold);
    // The answer itself may tell; then nothing is read.
    let told = r#"{"UpdateInventoryAndPriceResult":{"Result":"1","Active":"0"}}"#;
    let world = world_on("B2B", vec![line("PUT", 200, told)]);
    let outcome = set(&world, "offer_call", Action::SetQuantity(3)).await;
    assert_eq!(kind_of(&outcome), ProblemKind::ListingOnHold);
    // Nobody can buy what is off: zero is reached, and nothing is read.
    let world = super::script::world(vec![line("POST", 200, ECHO)]);
    let outcome = set(&world, "inventory_call", Action::SetQuantity(0)).await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }));
}

#[tokio::test]
async fn a_write_that_cannot_be_made_sure_of_is_unknown() {
    let cases = [
        vec![
            line("POST", 200, ECHO),
            line("PUT", 200, active("1", "18.00")),
        ],
        vec![
            line("POST", 200, ECHO),
            line("PUT", 400, r#"[{"Code":"CE001"}]"#),
        ],
        vec![line("POST", 200, "{\"hello\":1}")],
        vec![line("POST", 200, "<html>")],
    ];
    for lines in cases {
        let shown = format!("{lines:?}");
        let world = world(lines);
        let outcome = set(&world, "price_call", price(1990)).await;
        assert_eq!(outcome.fate, Fate::Unknown, "{shown}");
    }
}

#[tokio::test]
async fn an_item_that_is_not_there_is_gone_or_still_in_review() {
    let absent = r#"<Errors><Error><Code>CT026</Code><Message>No item.</Message></Error></Errors>"#;
    let world = world(vec![line("POST", 400, absent)]);
    let outcome = set(&world, "price_call", price(1990)).await;
    assert_eq!(kind_of(&outcome), ProblemKind::ListingGone);
    let world = super::script::world(vec![line("POST", 400, absent)]);
    let change = listing_change(1, "A1", Binding::default(), price(1990));
    let outcome = submit(&world, "price_call", vec![change]).await.remove(0);
    let Fate::Refused { retry, .. } = outcome.fate else {
        panic!("refused, not {outcome:?}");
    };
    assert!(matches!(retry, Retry::After(wait) if !wait.is_zero()));
}

#[tokio::test]
async fn two_codes_are_told_apart_by_reading() {
    let same = r#"[{"Code":"CT055","Message":"?"}]"#;
    let stock = concat!(
        r#"{"IsSuccess":true,"ResponseBody":{"TotalCount":1,"#,
        r#""ItemList":[{"SellerPartNumber":"A1","AvailableQuantity":"3","#,
        r#""Active":1}]}}"#
    );
    let prices = concat!(
        r#"{"IsSuccess":true,"ResponseBody":{"TotalCount":1,"#,
        r#""ItemList":{"Item":{"SellerPartNumber":"A1","SellingPrice":"9"}}}}"#
    );
    let lists = || {
        vec![
            line(
                "PUT /marketplace/can/contentmgmt/item/inventoryandprice",
                400,
                same,
            ),
            line(
                "POST /marketplace/can/contentmgmt/item/inventorylist",
                200,
                stock,
            ),
            line(
                "POST /marketplace/can/contentmgmt/item/pricelist",
                200,
                prices,
            ),
        ]
    };
    let world = world_on("CAN", lists());
    let outcome = set(&world, "offer_call", Action::SetQuantity(3)).await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
    let world = world_on("CAN", lists());
    let outcome = set(&world, "offer_call", Action::SetQuantity(4)).await;
    assert_eq!(kind_of(&outcome), ProblemKind::Refused);
    let none = r#"{"IsSuccess":true,"ResponseBody":{"TotalCount":0,"ItemList":null}}"#;
    let world = world_on(
        "CAN",
        vec![
            line("PUT", 400, same),
            line("POST", 200, none),
            line("POST", 200, none),
        ],
    );
    let outcome = set(&world, "offer_call", Action::SetQuantity(4)).await;
    assert_eq!(kind_of(&outcome), ProblemKind::ListingGone);
}

#[tokio::test]
async fn ending_deactivates_and_keeps_the_price() {
    let world = world(vec![line("POST", 200, ECHO)]);
    let outcome = set(&world, "end_call", Action::End).await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }));
    assert_eq!(
        world.bodies()[0],
        concat!(
            r#"{"Type":"1","Value":"A1","PriceList":{"Price":[{"CountryCode":"USA","#,
            r#""Currency":"USD","Active":"0"}]}}"#
        )
    );
    let result = r#"{"UpdateInventoryAndPriceResult":{"Result":"1"}}"#;
    let world = world_on("B2B", vec![line("PUT", 200, result)]);
    let outcome = set(&world, "end_call", Action::End).await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }));
    assert_eq!(
        world.bodies()[0],
        r#"{"Type":"1","Value":"A1","Inventory":"0","Active":"0"}"#
    );
    // What is in review is said to be absent as well: of what was seen there it is looked up.
    let world = super::script::world(vec![line("POST", 400, r#"[{"Code":"CT026"}]"#)]);
    let outcome = set(&world, "end_call", Action::End).await;
    assert!(matches!(outcome.fate, Fate::Unknown), "{outcome:?}");
}

#[tokio::test]
async fn an_ending_without_an_answer_is_looked_up() {
    let check = |status: u16, body: String, applied: bool| async move {
        let world = world(vec![line("PUT", status, body)]);
        let listings = world.adapter.listings().expect("listings");
        let change = listing_change(1, "A1", known(), Action::End);
        let told = listings.look_up(&batch("end_call", vec![change])).await;
        let told = told.expect("outcomes").remove(0);
        assert_eq!(
            matches!(told.fate, Fate::Applied { .. }),
            applied,
            "{told:?}"
        );
    };
    check(200, active("0", "9.00"), true).await;
    check(200, active("1", "9.00"), false).await;
    check(400, r#"[{"Code":"CT026"}]"#.to_owned(), true).await;
}

#[tokio::test]
async fn a_call_that_had_no_effect_is_an_error() {
    let refused = || line("POST", 403, r#"[{"Code":"AccessDenied"}]"#);
    let world = world(vec![refused()]);
    let listings = world.adapter.listings().expect("listings");
    let changes = vec![listing_change(1, "A1", known(), price(1990))];
    let result = listings.submit(&batch("price_call", changes)).await;
    let error = result.expect_err("forbidden");
    assert_eq!(error.kind, ErrorKind::Forbidden);
    assert_eq!(error.to_problem().kind, ProblemKind::PermissionMissing);
}

#[tokio::test]
async fn a_price_in_another_currency_is_refused_unsent() {
    let world = world_on("CAN", vec![]);
    let outcome = set(&world, "offer_call", price(1990)).await;
    assert_eq!(kind_of(&outcome), ProblemKind::PriceCurrency);
}

#[tokio::test]
async fn some_listings_are_read_and_the_list_is_not_offered() {
    let stock = r#"{"NeweggAPIResponse":{"IsSuccess":"true","ResponseBody":{"TotalCount":2,
        "ItemList":[{"ItemNumber":"9SIA1","SellerPartNumber":"a1 ","InventoryAllocation":
        [{"WarehouseLocation":"USA","FulfillmentOption":0,"AvailableQuantity":3}]},
        {"ItemNumber":"9SIA2","SellerPartNumber":"B1","InventoryAllocation":
        [{"WarehouseLocation":"USA","FulfillmentOption":"1","AvailableQuantity":4}]}]}}}"#;
    let prices = r#"{"IsSuccess":true,"ResponseBody":{"TotalCount":1,"ItemList":
        [{"SellerPartNumber":"A1","PriceList":{"CountryCode":"USA","Active":1,
        "SellingPrice":9.5}}]}}"#;
    let world = world(vec![
        line(
            "POST /marketplace/contentmgmt/item/international/inventorylist",
            200,
            stock,
        ),
        line(
            "POST /marketplace/contentmgmt/item/international/pricelist",
            200,
            prices,
        ),
    ]);
    let listings = world.adapter.listings().expect("listings");
    let asked: Vec<_> = ["A1", "B1", "C1"]
        .iter()
        .map(
            |sku| match listing_change(1, sku, known(), Action::End).target {
                Target::Listing(listing) => listing,
                Target::Order(_) => unreachable!("a listing was made"),
            },
        )
        .collect();
    let seen = listings.observe_some(&asked).await.expect("they are read");
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].sku.as_str(), "A1");
    assert_eq!(seen[0].state, ObservedState::Live);
    assert_eq!(seen[0].quantity, Some(3));
    assert_eq!(seen[0].price, Some(Money::new(950, Currency::USD)));
    assert_eq!(seen[0].binding.get("item_number"), Some("9SIA1"));
    assert_eq!(seen[1].fulfilled_by, FulfilledBy::Marketplace);
    assert_eq!(
        world.bodies()[0],
        r#"{"Type":"1","Values":["A1","B1","C1"],"WarehouseList":["USA"]}"#
    );
    let error = listings
        .observe(&site(), None)
        .await
        .expect_err("not offered");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert_eq!(error.to_problem().kind, ProblemKind::Unsupported);
    assert!(!world.adapter.capability().reads_all_listings);
}

#[tokio::test]
async fn one_unknown_part_number_spoils_no_batch_read() {
    let absent = r#"[{"Code":"CT026","Message":"B1"}]"#;
    let stock =
        r#"{"ResponseBody":{"ItemList":[{"SellerPartNumber":"A1","AvailableQuantity":3}]}}"#;
    let prices = r#"{"ResponseBody":{"ItemList":[{"SellerPartNumber":"A1","SellingPrice":"9"}]}}"#;
    let world = world(vec![
        line("POST", 400, absent),
        line("POST", 400, absent),
        line("POST", 200, stock),
        line("POST", 400, absent),
        line("POST", 400, absent),
        line("POST", 200, prices),
    ]);
    let listings = world.adapter.listings().expect("listings");
    let refs: Vec<_> = ["A1", "B1"]
        .iter()
        .filter_map(
            |sku| match listing_change(1, sku, known(), Action::End).target {
                Target::Listing(listing) => Some(listing),
                Target::Order(_) => None,
            },
        )
        .collect();
    let seen = listings.observe_some(&refs).await.expect("they are read");
    world.finished();
    assert_eq!(seen.len(), 1);
}

#[tokio::test]
async fn what_the_headers_say_of_a_limit_is_kept() {
    let world = world(vec![
        line("POST", 200, ECHO),
        line("PUT", 200, active("1", "19.90")),
    ]);
    world.script.answer_with(&[
        ("x-ratelimit-limit", "10000"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-resettime", "11/22/2026 12:30:00 AM"),
    ]);
    set(&world, "price_call", price(1990)).await;
    let listings = world.adapter.listings().expect("listings");
    let again = vec![listing_change(1, "A1", known(), price(1991))];
    let result = listings.submit(&batch("price_call", again)).await;
    let error = result.expect_err("used up");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    let until = error.not_before.expect("a time").to_rfc3339();
    assert_eq!(until, "2026-11-22T08:30:00+00:00");
}
