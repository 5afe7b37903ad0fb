//! Publishing, prices, quantities, endings.

use barrow_market::{ErrorKind, Fate, Outcome, Retry};
use barrow_model::{
    Action, Attributes, Binding, Condition, Content, Currency, Gtin, Image, ImageSource, Money,
    Offer, ProblemKind, Settings, Weight, WeightUnit,
};
use barrow_wire::testing::{World, batch, line};
use rust_decimal::Decimal;

use super::script::{listing_change, site, world};

fn offer(gtin: Option<&str>) -> Offer {
    Offer {
        content: Content {
            title: "Oak chair, natural".to_owned(),
            description: "A chair of oak.".to_owned(),
            brand: Some("Acme".to_owned()),
            gtin: gtin.map(|text| Gtin::parse(text).expect("a barcode number")),
            mpn: None,
            asin: None,
            condition: Condition::New,
            category_path: Vec::new(),
            category: Some(barrow_model::CategoryId("Chairs".to_owned())),
            attributes: Attributes::new(),
            options: Vec::new(),
            images: vec![Image {
                source: ImageSource::Url("https://i.example/1.jpg".to_owned()),
                alt: None,
            }],
            weight: Weight::new(Decimal::new(15, 1), WeightUnit::Pound).ok(),
            dimensions: None,
            compare_at: None,
            family: None,
        },
        price: Money::new(1990, Currency::USD),
        quantity: 5,
        settings: Settings::new(),
    }
}

const UPC: &str = "012345678905";
const SEARCH: &str = "GET /v3/items/walmart/search?upc=012345678905";
const FOUND: &str = r#"{"items":[{"itemId":"1","title":"Chair"}]}"#;
const SPEC: &str = "POST /v3/items/spec";
const FEED_ID: &str = r#"{"feedId":"F1@A"}"#;

fn publish(id: i64, sku: &str, gtin: Option<&str>, binding: Binding) -> barrow_model::Change {
    listing_change(id, sku, binding, Action::Publish(Box::new(offer(gtin))))
}

async fn submit(
    world: &World,
    lane: &'static str,
    changes: Vec<barrow_model::Change>,
) -> Vec<Outcome> {
    let listings = world.adapter.listings().expect("listings");
    listings
        .submit(&batch(lane, changes))
        .await
        .expect("outcomes")
}

fn status(state: &str, rows: &str) -> String {
    format!(
        r#"{{"feedId":"F1@A","feedStatus":"{state}","itemsReceived":1,
        "itemDetails":{{"itemIngestionStatus":[{rows}]}}}}"#
    )
}

#[tokio::test]
async fn an_unknown_item_is_set_up_in_full_with_its_quantity() {
    let world = world(vec![
        line(SEARCH, 404, ""),
        line(SPEC, 200, "{}"),
        line("POST /v3/feeds?feedType=MP_ITEM", 200, FEED_ID),
        line(
            "GET /v3/feeds/F1%40A?includeDetails=true&offset=0&limit=50",
            200,
            status("INPROGRESS", ""),
        ),
        line(
            "GET /v3/feeds/F1%40A",
            200,
            status(
                "PROCESSED",
                r#"{"sku":"A1","wpid":"3K","ingestionStatus":"SUCCESS"}"#,
            ),
        ),
    ]);
    let change = publish(1, "A1", Some(UPC), Binding::default());
    let outcomes = submit(&world, "item_feed", vec![change.clone()]).await;
    let Fate::Accepted { ticket } = &outcomes[0].fate else {
        panic!("accepted, not {outcomes:?}");
    };
    let body = world.last_body();
    assert!(
        body.contains("filename=\"f00d.MP_ITEM.stock.json\""),
        "{body}"
    );
    let row =
        r#"{"Orderable":{"sku":"A1","productIdentifiers":{"productIdType":"UPC","productId":"#;
    assert!(body.contains(row), "{body}");
    let stock = r#""inventory":[{"fulfillmentCenterID":"100","quantity":5}]"#;
    assert!(
        body.contains(stock) && body.contains(r#""price":19.90"#),
        "{body}"
    );
    let listings = world.adapter.listings().expect("listings");
    let changes = [change];
    let running = listings.poll(ticket, &changes).await.expect("outcomes");
    assert!(matches!(running[0].fate, Fate::Accepted { .. }));
    let done = listings.poll(ticket, &changes).await.expect("outcomes");
    let Fate::Applied {
        binding: Some(binding),
    } = &done[0].fate
    else {
        panic!("applied, not {done:?}");
    };
    assert_eq!(binding.get("wpid"), Some("3K"));
    world.finished();
}

#[tokio::test]
async fn a_known_item_is_matched_and_its_quantity_follows() {
    let world = world(vec![
        line(SEARCH, 200, FOUND),
        line("POST /v3/feeds?feedType=MP_ITEM_MATCH", 200, FEED_ID),
        line(
            "GET /v3/feeds/F1%40A",
            200,
            status(
                "PROCESSED",
                r#"{"sku":"A1","wpid":"3K","ingestionStatus":"SUCCESS"}"#,
            ),
        ),
        line("PUT /v3/inventory?sku=A1&shipNode=100", 200, "{}"),
    ]);
    let change = publish(1, "A1", Some(UPC), Binding::default());
    let outcomes = submit(&world, "item_feed", vec![change.clone()]).await;
    let Fate::Accepted { ticket } = &outcomes[0].fate else {
        panic!("accepted, not {outcomes:?}");
    };
    let listings = world.adapter.listings().expect("listings");
    let polled = listings.poll(ticket, &[change]).await.expect("outcomes");
    let Fate::Advanced { binding } = &polled[0].fate else {
        panic!("advanced, not {polled:?}");
    };
    let again = publish(1, "A1", Some(UPC), binding.clone());
    let outcomes = submit(&world, "item_feed", vec![again]).await;
    let Fate::Applied {
        binding: Some(binding),
    } = &outcomes[0].fate
    else {
        panic!("applied, not {outcomes:?}");
    };
    assert_eq!(
        (binding.get("step"), binding.get("wpid")),
        (None, Some("3K"))
    );
    world.finished();
}

#[tokio::test]
async fn a_submit_sends_one_feed_and_notes_the_way_of_the_others() {
    let world = world(vec![
        line(SEARCH, 200, FOUND),
        line(SPEC, 200, "{}"),
        line("POST /v3/feeds?feedType=MP_ITEM", 200, FEED_ID),
        line("POST /v3/feeds?feedType=MP_ITEM_MATCH", 200, FEED_ID),
    ]);
    let changes = vec![
        publish(1, "A1", Some(UPC), Binding::default()),
        publish(2, "B1", None, Binding::default()),
        publish(3, "C1", None, Binding::default()),
    ];
    let outcomes = submit(&world, "item_feed", changes).await;
    assert_eq!(outcomes.len(), 3);
    let first = outcomes
        .iter()
        .find(|o| o.change_id.0 == 1)
        .expect("an outcome");
    let Fate::Advanced { binding } = &first.fate else {
        panic!("advanced, not {first:?}");
    };
    // The search is not repeated.
    let again = publish(1, "A1", Some(UPC), binding.clone());
    let outcomes = submit(&world, "item_feed", vec![again]).await;
    assert!(matches!(outcomes[0].fate, Fate::Accepted { .. }));
    world.finished();
}

#[tokio::test]
async fn a_feed_without_an_answer_is_found_by_its_file() {
    let row = |name: &str| {
        format!(
            r#"{{"totalResults":1,"results":{{"feed":[{{"feedId":"F9@A","feedType":"item",
            "fileName":"{name}","itemsReceived":1,"feedDate":1795334400000}}]}}}}"#
        )
    };
    let world = world(vec![
        line("POST /v3/feeds?feedType=price", 0, ""),
        line(
            "GET /v3/feeds?offset=0&limit=50",
            200,
            row("f00d.price.json"),
        ),
        line("GET /v3/feeds/F9%40A", 200, status("RECEIVED", "")),
        line(
            "GET /v3/feeds?offset=0&limit=50",
            200,
            row("beef.price.json"),
        ),
    ]);
    let price = Action::SetPrice(Money::new(1999, Currency::USD));
    let changes = vec![listing_change(1, "A1", Binding::default(), price)];
    let outcomes = submit(&world, "price_feed", changes.clone()).await;
    assert_eq!(outcomes[0].fate, Fate::Unknown);
    let listings = world.adapter.listings().expect("listings");
    let batch = batch("price_feed", changes);
    let found = listings.look_up(&batch).await.expect("outcomes");
    assert!(matches!(found[0].fate, Fate::Accepted { .. }));
    let missing = listings.look_up(&batch).await.expect("outcomes");
    let Fate::Refused { retry, .. } = &missing[0].fate else {
        panic!("refused, not {missing:?}");
    };
    assert!(matches!(retry, Retry::After(_)));
    world.finished();
}

#[tokio::test]
async fn a_call_that_had_no_effect_is_an_error() {
    let refused = r#"{"errors":[{"code":"FORBIDDEN.X"}]}"#;
    let world = world(vec![line("PUT /v3/price", 403, refused)]);
    let price = Action::SetPrice(Money::new(1999, Currency::USD));
    let changes = vec![listing_change(1, "A1", Binding::default(), price)];
    let listings = world.adapter.listings().expect("listings");
    let error = listings
        .submit(&batch("price_call", changes))
        .await
        .expect_err("forbidden");
    assert_eq!(error.kind, ErrorKind::Forbidden);
}

#[tokio::test]
async fn ending_what_is_gone_is_done() {
    let world = world(vec![line("DELETE /v3/items/A%2F1", 404, "")]);
    let changes = vec![listing_change(1, "A/1", Binding::default(), Action::End)];
    let outcomes = submit(&world, "end_call", changes).await;
    assert!(matches!(outcomes[0].fate, Fate::Applied { .. }));
}

#[test]
fn what_walmart_would_refuse_is_told_before() {
    let world = world(Vec::new());
    let check = |change: fn(&mut Offer), expected: &[ProblemKind]| {
        let mut offer = offer(Some(UPC));
        change(&mut offer);
        let problems = world.adapter.core().validate(&site(), &offer, None);
        let kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, expected);
    };
    check(|_| {}, &[]);
    check(|o| o.content.title.clear(), &[ProblemKind::TitleMissing]);
    check(
        |o| o.content.title = "Chair".into(),
        &[ProblemKind::TextTooShort],
    );
    check(
        |o| o.content.title = "x".repeat(200),
        &[ProblemKind::TextTooLong],
    );
    check(
        |o| o.content.description.clear(),
        &[ProblemKind::DescriptionMissing],
    );
    check(|o| o.content.brand = None, &[ProblemKind::BrandMissing]);
    check(|o| o.content.images.clear(), &[ProblemKind::ImageMissing]);
    check(
        |o| o.content.images[0].source = ImageSource::Url("http://i.example/1.jpg".into()),
        &[ProblemKind::ImageInvalid],
    );
    check(|o| o.price.minor = 0, &[ProblemKind::PriceNotPositive]);
    check(
        |o| o.price.currency = Currency::EUR,
        &[ProblemKind::PriceCurrency],
    );
    check(|o| o.content.gtin = None, &[ProblemKind::GtinMissing]);
    check(|o| o.content.weight = None, &[ProblemKind::WeightMissing]);
    check(
        |o| o.content.condition = Condition::Good,
        &[ProblemKind::ConditionInvalid],
    );
}

fn items(skus: &[&str], total: usize, cursor: &str) -> String {
    let item = |sku: &&str| format!(r#"{{"sku":"{sku}","publishedStatus":"PUBLISHED"}}"#);
    let items: Vec<String> = skus.iter().map(item).collect();
    format!(
        r#"{{"ItemResponse":[{}],"totalItems":{total},"nextCursor":"{cursor}"}}"#,
        items.join(",")
    )
}

async fn observed(world: &World) -> Vec<(String, Option<u32>)> {
    let listings = world.adapter.listings().expect("listings");
    let mut cursor = None;
    let mut seen = Vec::new();
    for _ in 0..10 {
        let page = listings
            .observe(&site(), cursor.as_ref())
            .await
            .expect("a page");
        seen.extend(
            page.listings
                .into_iter()
                .map(|o| (o.sku.to_string(), o.quantity)),
        );
        cursor = page.next;
        if cursor.is_none() {
            return seen;
        }
    }
    panic!("the walk does not end");
}

const STOCK: &str = r#"{"meta":{"totalCount":1},"elements":{"inventories":[{"sku":"A","nodes":
    [{"shipNode":"100","availToSellQty":{"unit":"EACH","amount":7}}]}]}}"#;

#[tokio::test]
async fn items_are_walked_with_a_handle_that_stays() {
    let world = world(vec![
        line("GET /v3/inventories?limit=50", 200, STOCK),
        line(
            "GET /v3/items?limit=200&nextCursor=*",
            200,
            items(&["A", "B"], 3, "S"),
        ),
        line(
            "GET /v3/items?limit=200&nextCursor=S",
            200,
            items(&["A", "B"], 3, "S"),
        ),
        line(
            "GET /v3/items?limit=200&nextCursor=S&offset=2",
            200,
            items(&["C"], 3, "S"),
        ),
    ]);
    let expected = [("A", Some(7)), ("B", None), ("C", None)].map(|(s, q)| (s.to_owned(), q));
    assert_eq!(observed(&world).await, expected);
    world.finished();
}

#[tokio::test]
async fn items_are_walked_with_a_handle_that_moves() {
    let world = world(vec![
        line("GET /v3/inventories?limit=50", 404, ""),
        line(
            "GET /v3/items?limit=200&nextCursor=*",
            200,
            items(&["A"], 3, "S1"),
        ),
        line(
            "GET /v3/items?limit=200&nextCursor=S1",
            200,
            items(&["B"], 3, "S2"),
        ),
        line(
            "GET /v3/items?limit=200&nextCursor=S2",
            200,
            items(&["C"], 3, "S3"),
        ),
    ]);
    let expected = ["A", "B", "C"].map(|sku| (sku.to_owned(), None));
    assert_eq!(observed(&world).await, expected);
    world.finished();
}

#[tokio::test]
async fn an_account_without_items_is_empty() {
    let world = world(vec![
        line("GET /v3/inventories", 404, ""),
        line("GET /v3/items", 404, ""),
    ]);
    assert_eq!(observed(&world).await, []);
}
