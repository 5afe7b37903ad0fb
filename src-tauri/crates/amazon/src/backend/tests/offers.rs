//! Prices, quantities and revisions by call; what is there.

use barrow_market::{ErrorKind, Fate, Retry};
use barrow_model::{
    Action, Binding, Change, Clock as _, Condition, Currency, FulfilledBy, ListingRef, Money,
    ObservedState, ProblemKind, Target,
};
use barrow_wire::testing::{batch, line, now};

use super::publish::{ACCEPTED, GET, GONE};
use super::script::{listing_change, refusal, site, ticket, world, world_with};
use crate::map::listing::tests::item;
use crate::map::offer::tests::offer;

const PATCH: &str = "PATCH /listings/2021-08-01/items/AX1/A1?marketplaceIds=ATVPDKIKX0DER";
const SEARCH: &str = "GET /listings/2021-08-01/items/AX1?marketplaceIds=ATVPDKIKX0DER";

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn change(id: i64, sku: &str, action: Action) -> Change {
    listing_change(
        id,
        sku,
        Binding::default().with("asin", "B000000001"),
        action,
    )
}

#[tokio::test]
async fn price_and_quantity_of_a_sku_are_one_patch() {
    let live = item("A1", "\"BUYABLE\"", 7, Some("20.00"));
    let world = world(vec![line(PATCH, 200, ACCEPTED), line(GET, 200, live)]);
    let changes = [
        change(1, "A1", Action::SetPrice(usd(2000))),
        change(2, "A1", Action::SetQuantity(7)),
    ];
    let outcomes = world.submit("offer_call", changes.to_vec()).await;
    let body = world.body(0);
    assert!(body.contains(r#""value_with_tax":20.00"#), "{body}");
    assert!(
        body.contains(r#""fulfillment_channel_code":"DEFAULT","quantity":7"#),
        "{body}"
    );
    assert_eq!(ticket(&outcomes[0]), ticket(&outcomes[1]));
    let done = world.poll(&ticket(&outcomes[0]), &changes).await;
    assert!(
        done.iter()
            .all(|one| matches!(one.fate, Fate::Applied { .. }))
    );
    world.finished();
}

#[tokio::test]
async fn a_value_that_never_shows_is_told_after_two_hours() {
    let old = || item("A1", "\"BUYABLE\"", 5, Some("19.99"));
    let mut lines = vec![line(PATCH, 200, ACCEPTED)];
    lines.extend((0..5).map(|_| line(GET, 200, old())));
    let world = world(lines);
    let changes = [change(1, "A1", Action::SetQuantity(7))];
    let mut outcomes = world.submit("offer_call", changes.to_vec()).await;
    while let Fate::Accepted { ticket } = &outcomes[0].fate {
        let wait = ticket.not_before - world.clock.now();
        world.clock.advance(wait.num_seconds());
        outcomes = world.poll(ticket, &changes).await;
    }
    assert_eq!((world.clock.now() - now()).num_minutes(), 120);
    let problem = refusal(&outcomes[0]);
    assert_eq!(problem.kind, ProblemKind::NotTakenOver);
    assert_eq!(problem.params["hours"], "2");
    world.finished();
}

#[tokio::test]
async fn errors_of_the_listing_end_the_waiting() {
    let wrong = item("A1", "\"BUYABLE\"", 5, Some("19.99")).replace(
        "\"issues\":[]",
        r#""issues":[{"code":"1","message":"below your minimum","severity":"ERROR",
        "categories":["INVALID_PRICE"],"attributeNames":["purchasable_offer"]}]"#,
    );
    let world = world(vec![
        line(PATCH, 200, ACCEPTED),
        line(GET, 200, wrong.clone()),
        line(GET, 200, wrong),
    ]);
    let changes = [change(1, "A1", Action::SetPrice(usd(100)))];
    let first = ticket(&world.submit("offer_call", changes.to_vec()).await[0]);
    let second = ticket(&world.poll(&first, &changes).await[0]);
    let told = world.poll(&second, &changes).await;
    let problem = refusal(&told[0]);
    assert_eq!(problem.kind, ProblemKind::PriceRefused);
    assert_eq!(problem.field.as_deref(), Some("price"));
    assert_eq!(
        problem.vendor.expect("its words").text,
        "below your minimum"
    );
    world.finished();
}

#[tokio::test]
async fn a_part_that_is_refused_lets_the_other_go_by_itself() {
    let invalid = r#"{"sku":"A1","status":"INVALID","submissionId":"s","issues":[
        {"code":"4000001","message":"bad price","severity":"ERROR",
        "categories":["INVALID_ATTRIBUTE"],"attributeNames":["purchasable_offer"]}]}"#;
    let world = world(vec![line(PATCH, 200, invalid)]);
    let changes = vec![
        change(1, "A1", Action::SetPrice(usd(2000))),
        change(2, "A1", Action::SetQuantity(7)),
    ];
    let outcomes = world.submit("offer_call", changes).await;
    let Fate::Refused { retry, problem } = &outcomes[0].fate else {
        panic!("refused, not {outcomes:?}");
    };
    assert_eq!(
        (*retry, problem.kind),
        (Retry::No, ProblemKind::PriceRefused)
    );
    let Fate::Refused { retry, .. } = &outcomes[1].fate else {
        panic!("again, not {outcomes:?}");
    };
    assert!(matches!(retry, Retry::After(_)));
}

#[tokio::test]
async fn what_cannot_be_set_is_told_without_a_call() {
    let world = world(Vec::new());
    let euros = Action::SetPrice(Money::new(100, Currency::EUR));
    let outcomes = world
        .submit("offer_call", vec![change(1, "A1", euros)])
        .await;
    assert_eq!(refusal(&outcomes[0]).kind, ProblemKind::PriceCurrency);
    let by_amazon = Binding::default().with("channel", "AMAZON_NA");
    let quantity = listing_change(2, "A1", by_amazon, Action::SetQuantity(1));
    let outcomes = world.submit("offer_call", vec![quantity]).await;
    assert_eq!(refusal(&outcomes[0]).kind, ProblemKind::Unsupported);
    world.finished();
}

#[tokio::test]
async fn a_listing_that_is_gone_and_a_sku_that_no_path_takes_are_told() {
    let denied = r#"{"errors":[{"code":"Unauthorized","message":"Access is denied."}]}"#;
    let slashed = PATCH.replace("A1?", "A%2F1?");
    let world = world(vec![
        line(PATCH, 404, GONE),
        line(&slashed, 403, denied),
        line(PATCH, 403, denied),
    ]);
    let price = || Action::SetPrice(usd(2000));
    let gone = world
        .submit("offer_call", vec![change(1, "A1", price())])
        .await;
    assert_eq!(refusal(&gone[0]).kind, ProblemKind::ListingGone);
    let sku = world
        .submit("offer_call", vec![change(2, "A/1", price())])
        .await;
    assert_eq!(refusal(&sku[0]).kind, ProblemKind::SkuInvalid);
    let listings = world.adapter.listings().expect("listings");
    let asked = batch("offer_call", vec![change(3, "A1", price())]);
    let error = listings.submit(&asked).await.expect_err("a missing role");
    assert_eq!(error.kind, ErrorKind::Forbidden);
    assert_eq!(error.to_problem().params["permission"], "Product Listing");
    world.finished();
}

#[tokio::test]
async fn a_revision_sends_differences_and_the_live_quantity_with_days() {
    let mut used = offer();
    used.content.condition = Condition::Good;
    used.quantity = 99;
    let note = vec!["A scratch".to_owned()];
    used.content
        .attributes
        .insert("condition_note".into(), note);
    let there = item("A1", "\"BUYABLE\"", 4, Some("19.90"));
    let revise = [change(1, "A1", Action::Revise(Box::new(used)))];
    let world = world_with(
        &[("handling_days", "5")],
        vec![line(GET, 200, there), line(PATCH, 200, ACCEPTED)],
    );
    ticket(&world.submit("offer_call", revise.to_vec()).await[0]);
    let body = world.body(1);
    assert!(body.contains(r#""value":"A scratch""#), "{body}");
    assert!(
        body.contains(r#""quantity":4,"lead_time_to_ship_max_days":5"#),
        "{body}"
    );
    assert!(
        !body.contains("purchasable_offer"),
        "the price is left alone: {body}"
    );
    world.finished();
}

#[tokio::test]
async fn a_revision_that_changes_nothing_is_done() {
    let there = item("A1", "\"BUYABLE\"", 4, Some("19.90"));
    let world = world(vec![line(GET, 200, there)]);
    let revise = change(1, "A1", Action::Revise(Box::new(offer())));
    let outcomes = world.submit("offer_call", vec![revise]).await;
    assert!(
        matches!(outcomes[0].fate, Fate::Applied { .. }),
        "{outcomes:?}"
    );
    world.finished();
}

#[tokio::test]
async fn many_are_read_in_one_call_and_commas_alone() {
    let by_amazon =
        item("F1", "\"BUYABLE\"", 3, Some("19.99")).replace("\"DEFAULT\"", "\"AMAZON_NA\"");
    let found = format!(
        r#"{{"numberOfResults":2,"items":[{},{by_amazon}]}}"#,
        item("A1", "\"BUYABLE\"", 3, Some("19.99"))
    );
    let comma = "GET /listings/2021-08-01/items/AX1/B%2C1?marketplaceIds=ATVPDKIKX0DER";
    let world = world(vec![
        line(SEARCH, 200, found),
        line(comma, 200, item("B,1", "", 0, None)),
    ]);
    let listing = |sku: &str| -> ListingRef {
        match change(1, sku, Action::End).target {
            Target::Listing(listing) => listing,
            Target::Order(_) => panic!("it is a listing"),
        }
    };
    let asked = [
        listing("A1"),
        listing("B,1"),
        listing("NONE"),
        listing("F1"),
    ];
    let listings = world.adapter.listings().expect("listings");
    let seen = listings.observe_some(&asked).await.expect("listings");
    assert!(
        world.target(0).contains("&identifiers=A1,NONE,F1&"),
        "{}",
        world.target(0)
    );
    let told: Vec<_> = seen
        .iter()
        .map(|one| (one.sku.as_str(), one.state, one.quantity, one.fulfilled_by))
        .collect();
    let ours = FulfilledBy::Seller;
    assert_eq!(
        told,
        [
            ("A1", ObservedState::Live, Some(3), ours),
            ("B,1", ObservedState::OutOfStock, Some(0), ours),
            ("F1", ObservedState::Live, None, FulfilledBy::Marketplace),
        ]
    );
    world.finished();
}

#[tokio::test]
async fn a_walk_follows_tokens_to_the_end() {
    let first = format!(
        r#"{{"numberOfResults":2,"pagination":{{"nextToken":"t/1"}},"items":[{}]}}"#,
        item("A1", "\"BUYABLE\"", 3, Some("19.99"))
    );
    let last = format!(
        r#"{{"numberOfResults":2,"items":[{}]}}"#,
        item("A2", "\"BUYABLE\"", 3, Some("19.99"))
    );
    let world = world(vec![line(SEARCH, 200, first), line(SEARCH, 200, last)]);
    let listings = world.adapter.listings().expect("listings");
    let page = listings.observe(&site(), None).await.expect("a page");
    let next = page.next.expect("there is more");
    let page = listings
        .observe(&site(), Some(&next))
        .await
        .expect("a page");
    assert!(
        world
            .target(1)
            .ends_with("&sortBy=lastUpdatedDate&pageToken=t%2F1")
    );
    assert_eq!(page.listings[0].sku.as_str(), "A2");
    assert!(page.next.is_none());
    world.finished();
}

#[tokio::test]
async fn a_lower_rate_that_is_told_is_kept() {
    let world = world(vec![
        line(PATCH, 200, ACCEPTED).with("x-amzn-ratelimit-limit", "0.01"),
    ]);
    let price = || change(1, "A1", Action::SetPrice(usd(2000)));
    world.submit("offer_call", vec![price()]).await;
    let listings = world.adapter.listings().expect("listings");
    let told = listings.submit(&batch("offer_call", vec![price()])).await;
    let error = told.expect_err("the next one waits");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(
        (error.not_before.expect("a time") - now()).num_seconds(),
        100
    );
    world.finished();
}

#[tokio::test]
async fn a_strangers_ticket_tells_nothing() {
    let world = world(Vec::new());
    let stray = barrow_model::Ticket {
        token: "none of ours".to_owned(),
        not_before: now(),
    };
    let told = world.poll(&stray, &[change(1, "A1", Action::End)]).await;
    assert_eq!(told[0].fate, Fate::Unknown);
}
