//! Publishing and ending.

use barrow_market::{ErrorKind, Fate, Retry};
use barrow_model::{Action, Binding, Change, Clock as _, Offer, ProblemKind};
use barrow_wire::testing::{Line, batch, line, now};

use super::script::{listing_change, refusal, ticket, world, world_with};
use crate::map::listing::tests::item;
use crate::map::offer::tests::offer;

pub(super) const GET: &str = "GET /listings/2021-08-01/items/AX1/A1?marketplaceIds=ATVPDKIKX0DER";
const PUT: &str = "PUT /listings/2021-08-01/items/AX1/A1?marketplaceIds=ATVPDKIKX0DER";
const CATALOG: &str = "GET /catalog/2022-04-01/items?marketplaceIds=ATVPDKIKX0DER";
pub(super) const GONE: &str = r#"{"errors":[{"code":"NOT_FOUND","message":"SKU not found"}]}"#;
pub(super) const ACCEPTED: &str =
    r#"{"sku":"A1","status":"ACCEPTED","submissionId":"s-1","issues":[]}"#;

pub(super) fn page(asin: &str, number: &str) -> String {
    format!(
        r#"{{"asin":"{asin}","identifiers":[{{"marketplaceId":"ATVPDKIKX0DER","identifiers":[
        {{"identifierType":"EAN","identifier":"{number}"}}]}}],"summaries":[{{
        "marketplaceId":"ATVPDKIKX0DER","itemName":"Oak chair, natural","brand":"Acme"}}]}}"#
    )
}

pub(super) fn pages(items: &[String]) -> String {
    let count = items.len();
    format!(
        r#"{{"numberOfResults":{count},"items":[{}]}}"#,
        items.join(",")
    )
}

pub(super) fn publish(id: i64, sku: &str, binding: Binding, offer: Offer) -> Change {
    listing_change(id, sku, binding, Action::Publish(Box::new(offer)))
}

fn plain() -> Change {
    publish(1, "A1", Binding::default(), offer())
}

#[tokio::test]
async fn a_barcode_finds_its_page_and_what_is_live_ends_it() {
    let live = item("A1", "\"BUYABLE\"", 5, Some("19.90"));
    let world = world(vec![
        line(GET, 404, GONE),
        line(CATALOG, 200, pages(&[page("B000000001", "614141000012")])),
        line(PUT, 200, ACCEPTED),
        line(GET, 404, GONE),
        line(GET, 200, live),
    ]);
    let changes = [plain()];
    let outcomes = world.submit("listing_call", changes.to_vec()).await;
    assert!(
        world
            .target(1)
            .ends_with("&identifiersType=EAN&identifiers=0614141000012")
    );
    let asin = r#""merchant_suggested_asin":[{"value":"B000000001","#;
    assert!(world.body(2).contains(asin), "{}", world.body(2));
    assert!(world.body(2).contains(r#""value_with_tax":19.90"#));
    let first = ticket(&outcomes[0]);
    assert!(first.token.contains("s-1"), "Amazon's number is kept");
    assert_eq!((first.not_before - now()).num_seconds(), 30);
    let second = ticket(&world.poll(&first, &changes).await[0]);
    assert_eq!((second.not_before - now()).num_seconds(), 90);
    let done = world.poll(&second, &changes).await;
    let Fate::Applied {
        binding: Some(binding),
    } = &done[0].fate
    else {
        panic!("applied, not {done:?}");
    };
    assert_eq!(*binding, Binding::default().with("asin", "B000000001"));
    world.finished();
}

#[tokio::test]
async fn the_looks_spread_over_a_day_and_then_it_is_told() {
    let mut lines = vec![line(GET, 404, GONE), line(PUT, 200, ACCEPTED)];
    lines.extend((0..8).map(|_| line(GET, 404, GONE)));
    let world = world(lines);
    let mut named = offer();
    named.content.asin = Some("b000000001".to_owned());
    let changes = [publish(1, "A1", Binding::default(), named)];
    let mut outcomes = world.submit("listing_call", changes.to_vec()).await;
    let mut waits = Vec::new();
    while let Fate::Accepted { ticket } = &outcomes[0].fate {
        let wait = ticket.not_before - world.clock.now();
        waits.push(wait.num_minutes());
        world.clock.advance(wait.num_seconds());
        outcomes = world.poll(ticket, &changes).await;
    }
    assert_eq!(waits, [0, 1, 8, 20, 90, 240, 480, 600]);
    let problem = refusal(&outcomes[0]);
    assert_eq!(problem.kind, ProblemKind::NotTakenOver);
    assert_eq!(problem.params["hours"], "24");
    world.finished();
}

#[tokio::test]
async fn without_a_page_or_with_several_nothing_is_sent() {
    let two = [
        page("B000000001", "614141000012"),
        page("B2", "00614141000012"),
    ];
    let cases = [
        (pages(&[]), ProblemKind::PageMissing),
        (pages(&two), ProblemKind::PageAmbiguous),
        (
            pages(&[page("B3", "614141000029")]),
            ProblemKind::PageMissing,
        ),
    ];
    for (answer, kind) in cases {
        let world = world(vec![line(GET, 404, GONE), line(CATALOG, 200, answer)]);
        let outcomes = world.submit("listing_call", vec![plain()]).await;
        let problem = refusal(&outcomes[0]);
        assert_eq!(problem.kind, kind);
        if kind == ProblemKind::PageAmbiguous {
            assert_eq!(problem.params["candidates"], "B000000001, B2");
        }
        world.finished();
    }
}

#[tokio::test]
async fn a_title_finds_a_page_where_the_seller_wants_that() {
    let mut nameless = offer();
    nameless.content.gtin = None;
    let change = publish(1, "A1", Binding::default(), nameless);
    let world = world_with(
        &[("match_by_title", "yes")],
        vec![
            line(GET, 404, GONE),
            line(CATALOG, 200, pages(&[page("B000000001", "614141000012")])),
            line(PUT, 200, ACCEPTED),
        ],
    );
    let outcomes = world.submit("listing_call", vec![change.clone()]).await;
    ticket(&outcomes[0]);
    assert!(world.target(1).ends_with("&keywords=Oak%20chair%20natural"));
    world.finished();
    let world = super::script::world(Vec::new());
    let outcomes = world.submit("listing_call", vec![change]).await;
    assert_eq!(refusal(&outcomes[0]).kind, ProblemKind::GtinMissing);
}

#[tokio::test]
async fn what_is_there_is_patched_and_keeps_its_page() {
    let patch = PUT.replace("PUT", "PATCH");
    let world = world(vec![
        line(GET, 200, item("A1", "", 0, None)),
        line(&patch, 200, ACCEPTED),
    ]);
    let outcomes = world.submit("listing_call", vec![plain()]).await;
    ticket(&outcomes[0]);
    let body = world.body(1);
    assert!(
        body.contains(r#""path":"/attributes/purchasable_offer""#),
        "{body}"
    );
    assert!(body.contains(r#""op":"merge","path":"/attributes/fulfillment_availability""#));
    world.finished();
}

#[tokio::test]
async fn goods_in_amazons_warehouse_another_page_or_condition_are_not_written() {
    let held = item("A1", "\"BUYABLE\"", 5, Some("19.90"));
    let by_amazon = held.replace("\"DEFAULT\"", "\"AMAZON_NA\"");
    let mut other_page = offer();
    other_page.content.asin = Some("B0000000ZZ".to_owned());
    let mut used = offer();
    used.content.condition = barrow_model::Condition::Good;
    let cases = [
        (by_amazon, offer(), ProblemKind::Unsupported),
        (held.clone(), other_page, ProblemKind::FieldInvalid),
        (held, used, ProblemKind::ConditionInvalid),
    ];
    for (there, offer, kind) in cases {
        let world = world(vec![line(GET, 200, there)]);
        let change = publish(1, "A1", Binding::default(), offer);
        let outcomes = world.submit("listing_call", vec![change]).await;
        assert_eq!(refusal(&outcomes[0]).kind, kind);
        world.finished();
    }
}

#[tokio::test]
async fn invalid_is_a_refusal_though_the_status_is_200() {
    let invalid = r#"{"sku":"A1","status":"INVALID","submissionId":"s-1","issues":[
        {"code":"18299","message":"You need approval","severity":"ERROR",
        "categories":["QUALIFICATION_REQUIRED"]}]}"#;
    let restricted = r#"{"restrictions":[{"marketplaceId":"ATVPDKIKX0DER","reasons":[
        {"message":"m","reasonCode":"APPROVAL_REQUIRED","links":[
        {"resource":"https://sellercentral.example/ask","verb":"GET"}]}]}]}"#;
    let world = world(vec![
        line(GET, 404, GONE),
        line(CATALOG, 200, pages(&[page("B000000001", "614141000012")])),
        line(PUT, 200, invalid),
        line(
            "GET /listings/2021-08-01/restrictions?asin=B000000001&sellerId=AX1",
            200,
            restricted,
        ),
    ]);
    let outcomes = world.submit("listing_call", vec![plain()]).await;
    let problem = refusal(&outcomes[0]);
    assert_eq!(problem.kind, ProblemKind::ApprovalNeeded);
    assert_eq!(problem.params["url"], "https://sellercentral.example/ask");
    assert_eq!(problem.vendor.expect("its words").text, "You need approval");
    world.finished();
}

#[tokio::test(start_paused = true)]
async fn a_publish_without_an_answer_is_looked_at() {
    let cut = |status| {
        let mut lines: Vec<Line> = vec![
            line(GET, 404, GONE),
            line(CATALOG, 200, pages(&[page("B000000001", "614141000012")])),
        ];
        lines.extend((0..3).map(|_| line(PUT, status, "")));
        lines
    };
    for status in [0, 503] {
        let mut lines = cut(status);
        lines.push(line(GET, 200, item("A1", "\"BUYABLE\"", 5, Some("19.90"))));
        lines.push(line(GET, 404, GONE));
        let world = world(lines);
        let outcomes = world.submit("listing_call", vec![plain()]).await;
        assert_eq!(outcomes[0].fate, Fate::Unknown);
        let listings = world.adapter.listings().expect("listings");
        let asked = batch("listing_call", vec![plain()]);
        let told = listings.look_up(&asked).await.expect("outcomes");
        assert!(matches!(told[0].fate, Fate::Applied { .. }), "{told:?}");
        let told = listings.look_up(&asked).await.expect("outcomes");
        let Fate::Refused { retry, .. } = &told[0].fate else {
            panic!("it may be sent again, not {told:?}");
        };
        assert!(matches!(retry, Retry::After(_)));
        world.finished();
    }
}

#[tokio::test]
async fn a_limit_before_anything_is_the_batchs_own_error() {
    let world = world(vec![line(GET, 429, "").with("retry-after", "60")]);
    let listings = world.adapter.listings().expect("listings");
    let told = listings.submit(&batch("listing_call", vec![plain()])).await;
    let error = told.expect_err("a limit");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(
        (error.not_before.expect("a time") - now()).num_seconds(),
        60
    );
    world.finished();
}

#[tokio::test]
async fn ending_is_done_when_nothing_is_left() {
    let delete = "DELETE /listings/2021-08-01/items/AX1/A1?marketplaceIds=ATVPDKIKX0DER";
    let world = world(vec![
        line(delete, 200, ACCEPTED),
        line(GET, 200, item("A1", "\"BUYABLE\"", 5, Some("19.90"))),
        line(GET, 404, GONE),
        line(delete, 404, GONE),
    ]);
    let end = listing_change(1, "A1", Binding::default(), Action::End);
    let changes = [end];
    let first = ticket(&world.submit("end_call", changes.to_vec()).await[0]);
    let second = ticket(&world.poll(&first, &changes).await[0]);
    let done = world.poll(&second, &changes).await;
    assert!(matches!(done[0].fate, Fate::Applied { .. }), "{done:?}");
    let again = world.submit("end_call", changes.to_vec()).await;
    assert!(matches!(again[0].fate, Fate::Applied { .. }), "{again:?}");
    world.finished();
}
