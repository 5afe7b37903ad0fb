//! Feeds, from the document to the report.

use std::io::Write as _;

use barrow_market::{ErrorKind, Fate, Retry};
use barrow_model::{
    Action, Binding, Change, Clock as _, Currency, Money, ProblemKind, Site, Target,
};
use barrow_wire::testing::{Line, World, batch, line};

use super::publish::{GONE, page, pages, publish};
use super::script::{listing_change, refusal, ticket, world, world_with};
use crate::map::listing::tests::item;
use crate::map::offer::tests::offer;

const DOCUMENT: &str = "POST /feeds/2021-06-30/documents";
const UPLOAD: &str = "PUT /upload/d1?sig=x";
const FEED: &str = "POST /feeds/2021-06-30/feeds";
const STATE: &str = "GET /feeds/2021-06-30/feeds/F1";
const OPEN: &str = "GET /feeds/2021-06-30/feeds?feedTypes=JSON_LISTINGS_FEED";
const REPORT: &str = "GET /feeds/2021-06-30/documents/r1";
const DOWNLOAD: &str = "GET /download/r1?sig=y";
const SEARCH: &str = "GET /listings/2021-08-01/items/AX1?marketplaceIds=ATVPDKIKX0DER";
const PLACE: &str = r#"{"feedDocumentId":"d1","url":"http://127.0.0.1:1/upload/d1?sig=x"}"#;
const TAKEN: &str = r#"{"feedId":"F1"}"#;

fn state(word: &str) -> String {
    format!(
        r#"{{"feedId":"F1","feedType":"JSON_LISTINGS_FEED","createdTime":"2026-11-22T08:00:00Z",
        "processingStatus":"{word}","resultFeedDocumentId":"r1"}}"#
    )
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn report(issues: &str) -> Vec<Line> {
    let place = r#"{"feedDocumentId":"r1","url":"http://127.0.0.1:1/download/r1?sig=y",
        "compressionAlgorithm":"GZIP"}"#;
    let text = format!(
        r#"{{"header":{{"sellerId":"AX1","version":"2.0","feedId":"F1"}},"issues":[{issues}],
        "summary":{{"errors":0,"warnings":0,"messagesProcessed":2,"messagesAccepted":2,
        "messagesInvalid":0}}}}"#
    );
    vec![line(REPORT, 200, place), line(DOWNLOAD, 200, gzip(&text))]
}

fn sending() -> Vec<Line> {
    vec![
        line(DOCUMENT, 201, PLACE),
        line(UPLOAD, 200, ""),
        line(FEED, 202, TAKEN),
    ]
}

fn price(id: i64, sku: &str, minor: i64) -> Change {
    let binding = Binding::default().with("asin", "B000000001");
    listing_change(
        id,
        sku,
        binding,
        Action::SetPrice(Money::new(minor, Currency::USD)),
    )
}

fn quantity(id: i64, sku: &str, units: u32) -> Change {
    listing_change(id, sku, Binding::default(), Action::SetQuantity(units))
}

fn found(items: &[String]) -> String {
    format!(r#"{{"numberOfResults":2,"items":[{}]}}"#, items.join(","))
}

async fn send(world: &World, changes: &[Change]) -> barrow_model::Ticket {
    let outcomes = world.submit("offer_feed", changes.to_vec()).await;
    let first = ticket(&outcomes[0]);
    assert!(
        outcomes.iter().all(|one| ticket(one) == first),
        "one ticket"
    );
    first
}

#[tokio::test]
async fn a_feed_runs_is_reported_and_what_is_live_ends_it() {
    let mut lines = sending();
    lines.push(line(STATE, 200, state("IN_PROGRESS")));
    lines.push(line(STATE, 200, state("DONE")));
    let bad = r#"{"messageId":3,"sku":"A2","code":"90220","severity":"ERROR","message":"no price",
        "attributeName":"purchasable_offer.our_price"},
        {"messageId":1,"code":"1","severity":"WARNING","message":"m"}"#;
    lines.extend(report(bad));
    let live = item("A1", "\"BUYABLE\"", 7, Some("20.00"));
    lines.push(line("GET /listings/2021-08-01/items/AX1/A1?", 200, live));
    let world = world(lines);
    let changes = [
        price(1, "A1", 2000),
        quantity(2, "A1", 7),
        price(3, "A2", 5),
    ];
    let first = send(&world, &changes).await;
    {
        let sent = world.script.sent();
        assert_eq!(sent[1].headers().len(), 1, "no header of Amazon's");
        let kind = &sent[1].headers()["content-type"];
        assert_eq!(kind, "application/json; charset=UTF-8");
    }
    let document = world.body(1);
    let one = r#"{"messageId":1,"sku":"A1","operationType":"PATCH","productType":"PRODUCT""#;
    assert!(document.contains(one), "{document}");
    assert_eq!(
        document.matches("\"messageId\"").count(),
        2,
        "one message a SKU"
    );
    assert!(world.body(2).contains(r#""inputFeedDocumentId":"d1""#));
    let second = ticket(&world.poll(&first, &changes).await[0]);
    let done = world.poll(&second, &changes).await;
    let by_id = |id: i64| done.iter().find(|one| one.change_id.0 == id).expect("it");
    assert!(matches!(by_id(1).fate, Fate::Applied { .. }));
    assert!(matches!(by_id(2).fate, Fate::Applied { .. }));
    assert_eq!(refusal(by_id(3)).kind, ProblemKind::PriceMissing);
    world.finished();
}

#[tokio::test]
async fn what_is_not_live_after_a_feed_is_looked_at_again() {
    let mut lines = sending();
    lines.push(line(STATE, 200, state("DONE")));
    lines.extend(report(""));
    let old = || {
        found(&[
            item("A1", "", 5, Some("1.00")),
            item("A2", "", 5, Some("1.00")),
        ])
    };
    let new = found(&[
        item("A1", "", 5, Some("20.00")),
        item("A2", "", 5, Some("20.00")),
    ]);
    lines.push(line(SEARCH, 200, old()));
    lines.push(line(SEARCH, 200, new));
    let world = world(lines);
    let changes = [price(1, "A1", 2000), price(2, "A2", 2000)];
    let first = send(&world, &changes).await;
    let told = world.poll(&first, &changes).await;
    let later = ticket(&told[0]);
    assert_eq!((later.not_before - world.clock.now()).num_seconds(), 30);
    let done = world.poll(&later, &changes).await;
    assert!(
        done.iter()
            .all(|one| matches!(one.fate, Fate::Applied { .. })),
        "{done:?}"
    );
    assert!(
        world
            .target(7)
            .contains("&identifiersType=SKU&identifiers=A1,A2&")
    );
    world.finished();
}

#[tokio::test]
async fn an_innocent_part_of_a_refused_message_goes_again() {
    let mut lines = sending();
    lines.push(line(STATE, 200, state("DONE")));
    lines.extend(report(
        r#"{"messageId":1,"code":"4000001","severity":"ERROR","message":"bad",
        "attributeName":"purchasable_offer"}"#,
    ));
    let world = world(lines);
    let changes = [price(1, "A1", 2000), quantity(2, "A1", 7)];
    let first = send(&world, &changes).await;
    let told = world.poll(&first, &changes).await;
    assert_eq!(refusal(&told[0]).kind, ProblemKind::PriceRefused);
    let Fate::Refused { retry, .. } = &told[1].fate else {
        panic!("again, not {told:?}");
    };
    assert!(matches!(retry, Retry::After(_)));
    world.finished();
}

#[tokio::test]
async fn publishes_wait_for_their_pages_and_go_together() {
    let twins = [
        page("B000000001", "0614141000012"),
        page("B000000002", "614141000029"),
    ];
    let catalog = "GET /catalog/2022-04-01/items?marketplaceIds=ATVPDKIKX0DER";
    let mut lines = vec![
        line(SEARCH, 200, found(&[])),
        line(catalog, 200, pages(&twins)),
    ];
    lines.extend(sending());
    let world = world(lines);
    let mut second = offer();
    second.content.gtin = barrow_model::Gtin::parse("614141000029").ok();
    let changes = vec![
        publish(1, "A1", Binding::default(), offer()),
        publish(2, "A2", Binding::default(), second),
    ];
    let outcomes = world.submit("listing_feed", changes).await;
    assert_eq!(ticket(&outcomes[0]), ticket(&outcomes[1]));
    assert!(
        world
            .target(1)
            .ends_with("&identifiers=0614141000012,0614141000029")
    );
    let document = world.body(3);
    for text in [
        r#""operationType":"UPDATE","productType":"PRODUCT","requirements":"LISTING_OFFER_ONLY""#,
        r#""merchant_suggested_asin":[{"value":"B000000002","#,
    ] {
        assert!(document.contains(text), "{document}");
    }
    world.finished();
}

#[tokio::test(start_paused = true)]
async fn what_was_found_before_a_limit_is_noted() {
    let catalog = "GET /catalog/2022-04-01/items?marketplaceIds=ATVPDKIKX0DER";
    let gtin = |number: usize| {
        let start = format!("614141{number:05}");
        let digit = (0..10).find_map(|d| barrow_model::Gtin::parse(&format!("{start}{d}")).ok());
        digit.expect("one digit is right")
    };
    let changes: Vec<Change> = (0..25)
        .map(|number| {
            let mut offer = offer();
            offer.content.gtin = Some(gtin(number));
            let id = i64::try_from(number).expect("few") + 1;
            publish(id, &format!("S{number}"), Binding::default(), offer)
        })
        .collect();
    let known: Vec<String> = (0..20)
        .map(|number| page(&format!("B0000000{number:02}"), &gtin(number).as_gtin14()))
        .collect();
    let world = world(vec![
        line(SEARCH, 200, found(&[])),
        line(SEARCH, 200, found(&[])),
        line(catalog, 200, pages(&known)),
    ]);
    let outcomes = world.submit("listing_feed", changes).await;
    let noted = outcomes.iter().filter_map(|one| match &one.fate {
        Fate::Advanced { binding } => Some(binding),
        _ => None,
    });
    let noted: Vec<_> = noted.collect();
    assert_eq!(noted.len(), 20);
    assert_eq!(noted[0].get("asin"), Some("B000000000"));
    assert_eq!(noted[0].get("held"), Some("no"));
    let waits = outcomes.iter().filter(|one| {
        matches!(&one.fate, Fate::Refused { retry: Retry::After(wait), .. }
            if wait.as_secs() <= 1)
    });
    assert_eq!(waits.count(), 5);
    world.finished();
    let again = publish(1, "S0", noted[0].clone(), {
        let mut offer = offer();
        offer.content.gtin = Some(gtin(0));
        offer
    });
    let world = super::script::world(sending());
    let outcomes = world.submit("listing_feed", vec![again]).await;
    ticket(&outcomes[0]);
    world.finished();
}

#[tokio::test]
async fn a_feed_is_of_one_site_and_the_others_come_again() {
    let settings = [("marketplace_ids", "ATVPDKIKX0DER,A2EUQ1WTGCTBG2")];
    let world = world_with(&settings, sending());
    let mut canadian = quantity(3, "A3", 1);
    if let Target::Listing(listing) = &mut canadian.target {
        listing.site = Site("A2EUQ1WTGCTBG2".to_owned());
    }
    let changes = vec![price(1, "A1", 2000), price(2, "A2", 2000), canadian];
    let outcomes = world.submit("offer_feed", changes).await;
    let fate = |id: i64| {
        let found = outcomes.iter().find(|one| one.change_id.0 == id);
        &found.expect("an outcome").fate
    };
    assert!(matches!(fate(1), Fate::Accepted { .. }));
    assert!(matches!(fate(3), Fate::Advanced { .. }));
    assert!(
        world
            .body(2)
            .contains(r#""marketplaceIds":["ATVPDKIKX0DER"]"#)
    );
    world.finished();
}

#[tokio::test]
async fn endings_are_messages_of_their_own() {
    let mut lines = sending();
    lines.push(line(STATE, 200, state("DONE")));
    lines.extend(report(""));
    lines.push(line("GET /listings/2021-08-01/items/AX1/A1?", 404, GONE));
    let world = world(lines);
    let changes = [listing_change(9, "A1", Binding::default(), Action::End)];
    let outcomes = world.submit("listing_feed", changes.to_vec()).await;
    let message = r#"{"messageId":9,"sku":"A1","operationType":"DELETE"}"#;
    assert!(world.body(1).contains(message), "{}", world.body(1));
    let done = world.poll(&ticket(&outcomes[0]), &changes).await;
    assert!(matches!(done[0].fate, Fate::Applied { .. }), "{done:?}");
    world.finished();
}

#[tokio::test]
async fn an_ending_that_is_refused_because_nothing_is_left_is_done() {
    let refused = r#"{"messageId":9,"sku":"A1","code":"13013","severity":"ERROR","message":"no"}"#;
    for (left, applied) in [(None, true), (Some(item("A1", "", 5, None)), false)] {
        let mut lines = sending();
        lines.push(line(STATE, 200, state("DONE")));
        lines.extend(report(refused));
        let one = "GET /listings/2021-08-01/items/AX1/A1?";
        lines.push(match left {
            Some(item) => line(one, 200, item),
            None => line(one, 404, GONE),
        });
        let world = world(lines);
        let changes = [listing_change(9, "A1", Binding::default(), Action::End)];
        let outcomes = world.submit("listing_feed", changes.to_vec()).await;
        let done = world.poll(&ticket(&outcomes[0]), &changes).await;
        assert_eq!(done.len(), 1, "one outcome");
        let is_applied = matches!(done[0].fate, Fate::Applied { .. });
        assert_eq!(is_applied, applied, "{done:?}");
        world.finished();
    }
}

#[tokio::test]
async fn a_broken_or_cancelled_feed_goes_again() {
    for word in ["FATAL", "CANCELLED"] {
        let mut lines = sending();
        lines.push(line(STATE, 200, state(word)));
        if word == "FATAL" {
            lines.extend(report(""));
            let old = item("A1", "", 5, Some("1.00"));
            lines.push(line("GET /listings/2021-08-01/items/AX1/A1?", 200, old));
        }
        let world = world(lines);
        let changes = [price(1, "A1", 2000)];
        let first = send(&world, &changes).await;
        let told = world.poll(&first, &changes).await;
        let Fate::Refused { retry, problem } = &told[0].fate else {
            panic!("again, not {told:?}");
        };
        assert!(matches!(retry, Retry::After(_)));
        assert_eq!(problem.vendor.as_ref().expect("its word").code, word);
        world.finished();
    }
}

#[tokio::test]
async fn a_feed_that_stalls_is_told_after_six_hours() {
    let mut lines = sending();
    lines.extend((0..12).map(|_| line(STATE, 200, state("IN_QUEUE"))));
    let world = world(lines);
    let changes = [price(1, "A1", 2000)];
    let begun = world.clock.now();
    let mut next = send(&world, &changes).await;
    let told = loop {
        let wait = next.not_before - world.clock.now();
        world.clock.advance(wait.num_seconds());
        let told = world.poll(&next, &changes).await;
        match &told[0].fate {
            Fate::Accepted { ticket } => next = ticket.clone(),
            _ => break told,
        }
    };
    assert_eq!((world.clock.now() - begun).num_hours(), 6);
    assert_eq!(refusal(&told[0]).kind, ProblemKind::NotTakenOver);
    world.finished();
}

#[tokio::test(start_paused = true)]
async fn before_the_feed_is_made_nothing_has_happened() {
    let denied = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";
    for upload in [line(UPLOAD, 403, denied), line(UPLOAD, 0, "")] {
        let cut = upload;
        let mut lines = vec![line(DOCUMENT, 201, PLACE), cut];
        lines.extend((0..2).map(|_| line(UPLOAD, 0, "")));
        let world = world(lines);
        let listings = world.adapter.listings().expect("listings");
        let asked = batch("offer_feed", vec![price(1, "A1", 5)]);
        let told = listings.submit(&asked).await;
        let error = told.expect_err("nothing was made");
        assert_ne!(error.status, barrow_market::Status::Permanent, "{error}");
        assert!(!format!("{error:?}").contains("sig="), "{error:?}");
    }
}

#[tokio::test]
async fn the_feeds_limit_is_asked_before_its_document() {
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.extend(sending());
    }
    let world = world(lines);
    for _ in 0..4 {
        send(&world, &[price(1, "A1", 2000)]).await;
    }
    let listings = world.adapter.listings().expect("listings");
    let told = listings
        .submit(&batch("offer_feed", vec![price(1, "A1", 5)]))
        .await;
    let error = told.expect_err("a fifth in five minutes is kept back");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    let wait = error.not_before.expect("a time") - world.clock.now();
    assert_eq!(wait.num_seconds(), 60);
    world.finished();
}

#[tokio::test]
async fn a_limit_that_the_feed_itself_meets_is_kept() {
    let world = world(vec![
        line(DOCUMENT, 201, PLACE),
        line(UPLOAD, 200, ""),
        line(FEED, 429, "").with("retry-after", "120"),
    ]);
    let listings = world.adapter.listings().expect("listings");
    for _ in 0..2 {
        let told = listings
            .submit(&batch("offer_feed", vec![price(1, "A1", 5)]))
            .await;
        let error = told.expect_err("too many");
        assert_eq!(error.kind, ErrorKind::RateLimited);
        let wait = error.not_before.expect("a time") - world.clock.now();
        assert_eq!(wait.num_seconds(), 120);
    }
    world.finished();
}

#[tokio::test]
async fn a_feed_without_an_answer_is_found_by_what_is_live() {
    let one = "GET /listings/2021-08-01/items/AX1/A1?";
    let old = || item("A1", "", 5, Some("1.00"));
    let mut lines = vec![
        line(DOCUMENT, 201, PLACE),
        line(UPLOAD, 200, ""),
        line(FEED, 0, ""),
    ];
    lines.extend((0..4).map(|_| line(one, 200, old())));
    lines.push(line(
        OPEN,
        200,
        format!(r#"{{"feeds":[{}]}}"#, state("IN_QUEUE")),
    ));
    lines.push(line(one, 200, old()));
    lines.push(line(OPEN, 200, r#"{"feeds":[]}"#));
    let world = world(lines);
    let changes = [price(1, "A1", 2000)];
    let asked = batch("offer_feed", changes.to_vec());
    let outcomes = world.submit("offer_feed", changes.to_vec()).await;
    assert_eq!(outcomes[0].fate, Fate::Unknown);
    let listings = world.adapter.listings().expect("listings");
    let told = listings.look_up(&asked).await.expect("outcomes");
    let mut next = ticket(&told[0]);
    let mut looks = 0;
    let told = loop {
        let wait = next.not_before - world.clock.now();
        world.clock.advance(wait.num_seconds());
        looks += 1;
        let told = world.poll(&next, &changes).await;
        match &told[0].fate {
            Fate::Accepted { ticket } => next = ticket.clone(),
            _ => break told,
        }
    };
    assert_eq!(looks, 4, "a feed in the queue may be ours");
    let Fate::Refused { retry, .. } = &told[0].fate else {
        panic!("it may be sent again, not {told:?}");
    };
    assert!(matches!(retry, Retry::After(_)));
    world.finished();
}
