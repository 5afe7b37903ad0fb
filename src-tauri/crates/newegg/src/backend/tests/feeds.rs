//! Offers, prices and quantities by feed: rows, tickets, reports, content review.

use barrow_market::{Fate, Outcome, Retry};
use barrow_model::{
    Action, Attributes, Binding, Change, Condition, Content, Currency, Gtin, Money, Offer, Problem,
    ProblemKind, Settings, Ticket,
};
use barrow_wire::testing::{Line, World, batch, line};

use super::script::{listing_change, world};

pub(super) const UPC: &str = "614141000012";
pub(super) const SUBMIT: &str =
    "POST /marketplace/datafeedmgmt/feeds/submitfeed?sellerid=A0xX&requesttype=ITEM_DATA&v2";
const STATUS: &str = "PUT /marketplace/datafeedmgmt/feeds/status?sellerid=A0xX";
const RESULT: &str = "GET /marketplace/datafeedmgmt/feeds/result/2ABC?sellerid=A0xX";
const STOCKS: &str = "POST /marketplace/contentmgmt/item/international/inventorylist";
const PRICES: &str = "POST /marketplace/contentmgmt/item/international/pricelist";

pub(super) fn offer() -> Offer {
    Offer {
        content: Content {
            title: String::new(),
            description: String::new(),
            brand: Some("Acme".to_owned()),
            gtin: Some(Gtin::parse(UPC).expect("a barcode number")),
            mpn: Some("MPN-1".to_owned()),
            asin: None,
            condition: Condition::New,
            category_path: Vec::new(),
            category: None,
            attributes: Attributes::new(),
            options: Vec::new(),
            images: Vec::new(),
            weight: None,
            dimensions: None,
            compare_at: None,
            family: None,
        },
        price: Money::new(1990, Currency::USD),
        quantity: 5,
        settings: Settings::new(),
    }
}

pub(super) fn publish(id: i64, sku: &str, binding: Binding) -> Change {
    listing_change(id, sku, binding, Action::Publish(Box::new(offer())))
}

pub(super) fn entry(status: &str) -> String {
    format!(
        r#"{{"IsSuccess":true,"OperationType":"SubmitFeedResponse","SellerID":"A0xX","ResponseBody":
        {{"ResponseList":[{{"RequestId":"2ABC","RequestType":"ITEM_DATA",
        "RequestDate":"11/22/2026 0:00:01","RequestStatus":"{status}"}}]}}}}"#
    )
}

fn report(counts: [u32; 3], rows: &str) -> String {
    let [processed, good, bad] = counts;
    format!(
        r#"{{"NeweggEnvelope":{{"Header":{{"DocumentVersion":"1.0"}},"MessageType":
        "ProcessingReport","Message":{{"ProcessingReport":{{"StatusCode":"ProcessReport",
        "ProcessingSummary":{{"ProcessedCount":"{processed}","SuccessCount":"{good}",
        "WithErrorCount":"{bad}"}},"Result":{rows}}}}}}}}}"#
    )
}

fn stock(sku: &str, units: u32) -> String {
    format!(
        r#"{{"IsSuccess":true,"ResponseBody":{{"TotalCount":1,"ItemList":[{{"ItemNumber":"9SIA1",
        "SellerPartNumber":"{sku}","InventoryAllocation":[{{"WarehouseLocation":"USA",
        "FulfillmentOption":"0","AvailableQuantity":"{units}"}}]}}]}}}}"#
    )
}

fn priced(sku: &str, amount: &str, active: u32) -> String {
    format!(
        r#"{{"IsSuccess":true,"ResponseBody":{{"TotalCount":1,"ItemList":[{{"SellerPartNumber":
        "{sku}","PriceList":[{{"CountryCode":"USA","Currency":"USD","Active":{active},
        "SellingPrice":"{amount}"}}]}}]}}}}"#
    )
}

const NOTHING: &str = r#"{"IsSuccess":true,"ResponseBody":{"TotalCount":0,"ItemList":[]}}"#;

pub(super) async fn submit(world: &World, lane: &'static str, changes: &[Change]) -> Vec<Outcome> {
    let listings = world.adapter.listings().expect("listings");
    let outcomes = listings.submit(&batch(lane, changes.to_vec())).await;
    outcomes.expect("outcomes")
}

async fn poll(world: &World, ticket: &Ticket, changes: &[Change]) -> Vec<Outcome> {
    let listings = world.adapter.listings().expect("listings");
    listings.poll(ticket, changes).await.expect("outcomes")
}

pub(super) fn ticket(outcome: &Outcome) -> Ticket {
    match &outcome.fate {
        Fate::Accepted { ticket } => ticket.clone(),
        other => panic!("accepted, not {other:?}"),
    }
}

fn refused(outcome: &Outcome) -> (Problem, Retry) {
    match &outcome.fate {
        Fate::Refused { problem, retry } => (problem.clone(), *retry),
        other => panic!("refused, not {other:?}"),
    }
}

/// A publish whose feed is finished with this report and that is then seen so.
async fn published(report: String, seen: Vec<Line>) -> (World, Vec<Change>, Vec<Outcome>) {
    let mut lines = vec![
        line(SUBMIT, 200, entry("SUBMITTED")),
        line(STATUS, 200, entry("FINISHED")),
        line(RESULT, 200, report),
    ];
    lines.extend(seen);
    let world = world(lines);
    let changes = vec![publish(1, "A1", Binding::default())];
    let sent = submit(&world, "item_feed", &changes).await;
    let outcomes = poll(&world, &ticket(&sent[0]), &changes).await;
    (world, changes, outcomes)
}

const FINE: [u32; 3] = [1, 1, 0];

#[tokio::test]
async fn an_offer_goes_by_feed_and_is_confirmed_by_reading() {
    let world = world(vec![
        line(SUBMIT, 200, entry("SUBMITTED")),
        line(STATUS, 200, entry("IN_PROGRESS")),
        line(STATUS, 200, entry("FINISHED")),
        line(RESULT, 200, report(FINE, "null")),
        line(STOCKS, 200, stock("A1", 5)),
        line(PRICES, 200, priced("A1", "19.90", 1)),
    ]);
    let changes = vec![publish(1, "A1", Binding::default())];
    let sent = submit(&world, "item_feed", &changes).await;
    assert_eq!(
        world.bodies()[0],
        concat!(
            r#"{"NeweggEnvelope":{"Header":{"DocumentVersion":"2.0"},"MessageType":"#,
            r#""BatchItemCreation","Message":{"Itemfeed":[{"Item":[{"BasicInfo":{"#,
            r#""SellerPartNumber":"A1","Manufacturer":"Acme","UPCOrISBN":"614141000012","#,
            r#""Currency":"USD","SellingPrice":"19.90","Shipping":"Default","Inventory":"5","#,
            r#""ActivationMark":"True","PacksOrSets":"1","ItemCondition":"New"}}]}]}}}"#
        )
    );
    let running = poll(&world, &ticket(&sent[0]), &changes).await;
    assert_eq!(
        world.bodies()[1],
        concat!(
            r#"{"OperationType":"GetFeedStatusRequest","RequestBody":{"GetRequestStatus":"#,
            r#"{"RequestIDList":{"RequestID":"2ABC"},"MaxCount":"1","RequestStatus":"ALL"}}}"#
        )
    );
    let done = poll(&world, &ticket(&running[0]), &changes).await;
    let Fate::Applied {
        binding: Some(binding),
    } = &done[0].fate
    else {
        panic!("applied, not {done:?}");
    };
    assert_eq!(binding.get("item_number"), Some("9SIA1"));
    world.finished();
}

#[tokio::test]
async fn a_row_that_failed_is_refused_and_one_that_was_warned_of_is_not() {
    let failed = r#"[{"AdditionalInfo":{"SellerPartNumber":"A1"},"ErrorList":{"ErrorDescription":
        ["Error(s). Item not created.","Manufacturer - The manufacturer is not found."]}}]"#;
    let (world, _, outcomes) = published(report([1, 0, 1], failed), vec![]).await;
    let (problem, retry) = refused(&outcomes[0]);
    assert_eq!(problem.kind, ProblemKind::FieldInvalid);
    assert_eq!(problem.field.as_deref(), Some("brand"));
    assert_eq!(retry, Retry::No);
    world.finished();
    let warned = r#"{"AdditionalInfo":{"SellerPartNumber":"A1"},"ErrorList":{"ErrorDescription":
        "Warning(s). Item created. Shipping - Default is taken."}}"#;
    let seen = || {
        vec![
            line(STOCKS, 200, stock("A1", 5)),
            line(PRICES, 200, priced("A1", "19.90", 1)),
        ]
    };
    let (world, _, outcomes) = published(report(FINE, warned), seen()).await;
    assert!(matches!(outcomes[0].fate, Fate::Applied { .. }));
    world.finished();
    // The page's own offer is there already: what is there tells.
    let own = r#"{"AdditionalInfo":{"SellerPartNumber":"A1"},"ErrorList":{"ErrorDescription":
        ["Error(s). Item not created.","UPC - Already exists as seller part number A1."]}}"#;
    let (world, _, outcomes) = published(report([1, 0, 1], own), seen()).await;
    assert!(
        matches!(outcomes[0].fate, Fate::Applied { .. }),
        "{outcomes:?}"
    );
    world.finished();
    let other = own.replace("number A1", "number A12");
    let (_, _, outcomes) = published(report([1, 0, 1], &other), vec![]).await;
    assert_eq!(refused(&outcomes[0]).0.kind, ProblemKind::ListingDuplicate);
}

#[tokio::test]
async fn a_file_or_feed_that_fails_as_a_whole() {
    let file = |word: &str| report(FINE, "null").replace("ProcessReport\"", &format!("{word}\""));
    let broken = file("FileContentError");
    assert!(broken.contains("FileContentError"));
    let (_, _, outcomes) = published(broken, vec![]).await;
    assert_eq!(refused(&outcomes[0]).1, Retry::No);
    let (_, _, outcomes) = published(file("UploadFtpError"), vec![]).await;
    assert!(matches!(refused(&outcomes[0]).1, Retry::After(_)));
    let (_, _, outcomes) = published(file("Init"), vec![]).await;
    ticket(&outcomes[0]);
    for word in ["CANCELLED", "FAILED"] {
        let world = world(vec![
            line(SUBMIT, 200, entry("SUBMITTED")),
            line(STATUS, 200, entry(word)),
        ]);
        let changes = vec![publish(1, "A1", Binding::default())];
        let sent = submit(&world, "item_feed", &changes).await;
        let outcomes = poll(&world, &ticket(&sent[0]), &changes).await;
        assert!(matches!(refused(&outcomes[0]).1, Retry::After(_)), "{word}");
    }
}

#[tokio::test]
async fn an_offer_in_review_is_waited_for_and_then_given_up() {
    let absent = || {
        vec![
            line(STOCKS, 400, r#"[{"Code":"CT026"}]"#),
            line(PRICES, 200, NOTHING),
        ]
    };
    let (_, _, outcomes) = published(report(FINE, "null"), absent()).await;
    let waiting = ticket(&outcomes[0]);
    // Still in review the next day but one: hours pass without a word.
    let world = world(absent());
    let changes = vec![publish(1, "A1", Binding::default())];
    world.clock.advance(23 * 3600);
    let again = poll(&world, &waiting, &changes).await;
    assert!(ticket(&again[0]).not_before > waiting.not_before);
    let world = super::script::world(absent());
    world.clock.advance(25 * 3600);
    let outcomes = poll(&world, &ticket(&again[0]), &changes).await;
    let (problem, _) = refused(&outcomes[0]);
    assert_eq!(problem.kind, ProblemKind::NotTakenOver);
    assert_eq!(problem.params.get("hours").map(String::as_str), Some("25"));
    // Reviewed at last.
    let world = super::script::world(vec![
        line(STOCKS, 200, stock("A1", 4)),
        line(PRICES, 200, priced("A1", "19.90", 1)),
    ]);
    let outcomes = poll(&world, &waiting, &changes).await;
    assert!(
        matches!(outcomes[0].fate, Fate::Applied { .. }),
        "one was sold meanwhile"
    );
}

#[tokio::test]
async fn what_stands_there_otherwise_is_set_by_calls() {
    for (units, amount, active) in [
        (0, "19.90", 0),
        (5, "17.00", 1),
        (0, "19.90", 1),
        (9, "19.90", 1),
    ] {
        let seen = vec![
            line(STOCKS, 200, stock("A1", units)),
            line(PRICES, 200, priced("A1", amount, active)),
        ];
        let (_, _, outcomes) = published(report(FINE, "null"), seen).await;
        let Fate::Advanced { binding } = &outcomes[0].fate else {
            panic!("advanced, not {outcomes:?}");
        };
        let echo = r#"{"SellerPartNumber":"A1","ItemNumber":"9SIA1"}"#;
        let price = concat!(
            r#"{"SellerPartNumber":"A1","PriceList":{"Price":{"CountryCode":"USA","#,
            r#""Active":"1","SellingPrice":"19.90"}}}"#
        );
        let world = world(vec![
            line(
                "POST /marketplace/contentmgmt/item/international/price",
                200,
                echo,
            ),
            line(
                "POST /marketplace/contentmgmt/item/international/inventory",
                200,
                echo,
            ),
            line(
                "PUT /marketplace/contentmgmt/item/international/price",
                200,
                price,
            ),
        ]);
        let again = submit(&world, "item_feed", &[publish(1, "A1", binding.clone())]).await;
        let Fate::Applied {
            binding: Some(binding),
        } = &again[0].fate
        else {
            panic!("applied, not {again:?}");
        };
        assert_eq!(
            (binding.get("step"), binding.get("item_number")),
            (None, Some("9SIA1"))
        );
        let row = r#""Active":"1","SellingPrice":"19.90""#;
        assert!(world.bodies()[0].contains(row), "{}", world.bodies()[0]);
        world.finished();
    }
}

#[tokio::test]
async fn a_value_that_a_feed_has_taken_is_read_back() {
    let changes = |action: Action| {
        let binding = Binding::default().with("item_number", "9SIA1");
        vec![listing_change(1, "A1", binding, action)]
    };
    let run = |lane: &'static str, action: Action, seen: Vec<Line>| async move {
        let mut lines = vec![
            line("POST", 200, entry("SUBMITTED")),
            line(STATUS, 200, entry("FINISHED")),
            line(RESULT, 200, report(FINE, "null")),
        ];
        lines.extend(seen);
        let world = world(lines);
        let changes = changes(action);
        let sent = submit(&world, lane, &changes).await;
        poll(&world, &ticket(&sent[0]), &changes).await.remove(0)
    };
    let seen = |units: u32, amount: &str, active: u32| {
        vec![
            line(STOCKS, 200, stock("A1", units)),
            line(PRICES, 200, priced("A1", amount, active)),
        ]
    };
    let price = || Action::SetPrice(Money::new(1500, Currency::USD));
    let good = run("price_feed", price(), seen(3, "15", 1)).await;
    assert!(matches!(good.fate, Fate::Applied { .. }));
    let off = run("price_feed", price(), seen(0, "19.90", 0)).await;
    assert_eq!(refused(&off).0.kind, ProblemKind::ListingOnHold);
    // Not shown yet.
    ticket(&run("price_feed", price(), seen(3, "19.90", 1)).await);
    let none = vec![line(STOCKS, 200, NOTHING), line(PRICES, 200, NOTHING)];
    let gone = run("price_feed", price(), none).await;
    assert_eq!(refused(&gone).0.kind, ProblemKind::ListingGone);
    // Some were sold while the feed was worked on.
    let sold = run("inventory_feed", Action::SetQuantity(4), seen(3, "15", 1)).await;
    assert!(matches!(sold.fate, Fate::Applied { .. }));
    let off = run("inventory_feed", Action::SetQuantity(4), seen(0, "15", 0)).await;
    assert_eq!(refused(&off).0.kind, ProblemKind::ListingOnHold);
}

#[tokio::test]
async fn a_feed_without_an_answer_is_found_by_what_is_there_or_by_its_type() {
    let seen = |units: u32| {
        vec![
            line(STOCKS, 200, stock("A1", units)),
            line(PRICES, 200, priced("A1", "19.90", 1)),
        ]
    };
    let absent = || vec![line(STOCKS, 200, NOTHING), line(PRICES, 200, NOTHING)];
    let look = |lines: Vec<Line>| async move {
        let world = world(lines);
        let listings = world.adapter.listings().expect("listings");
        let change = publish(1, "A1", Binding::default());
        let told = listings.look_up(&batch("item_feed", vec![change])).await;
        world.finished();
        (told.expect("outcomes").remove(0), world.bodies())
    };
    let (applied, _) = look(seen(5)).await;
    assert!(matches!(applied.fate, Fate::Applied { .. }));
    let with = |word: &str| {
        let mut lines = absent();
        lines.push(line(STATUS, 200, entry(word)));
        lines
    };
    let (running, bodies) = look(with("IN_PROGRESS")).await;
    ticket(&running);
    let asked = concat!(
        r#"{"MaxCount":"100","RequestStatus":"ALL","RequestType":"ITEM_DATA","#,
        r#""RequestDateFrom":"2026-11-21 23:55:00","RequestDateTo":"2026-11-22 01:00:00"}"#
    );
    assert!(bodies[2].contains(asked), "{}", bodies[2]);
    let (finished, _) = look(with("FINISHED")).await;
    ticket(&finished);
    let (dropped, _) = look(with("CANCELLED")).await;
    assert!(matches!(refused(&dropped).1, Retry::After(_)));
    let mut earlier = absent();
    let long_ago = entry("FINISHED").replace("11/22/2026 0:00:01", "11/21/2026 23:54:59");
    earlier.push(line(STATUS, 200, long_ago));
    let (others, _) = look(earlier).await;
    assert!(matches!(refused(&others).1, Retry::After(_)));
    // A feed of another size is another's.
    let world = world(vec![
        line(STATUS, 200, entry("FINISHED")),
        line(RESULT, 200, report([7, 7, 0], "null")),
        line(STOCKS, 200, NOTHING),
        line(PRICES, 200, NOTHING),
    ]);
    let changes = vec![publish(1, "A1", Binding::default())];
    let told = poll(&world, &ticket(&running), &changes).await;
    assert!(matches!(refused(&told[0]).1, Retry::After(_)));
    world.finished();
}

#[tokio::test]
async fn a_feed_that_is_not_taken_in() {
    let send = |status: u16, body: &'static str| async move {
        let world = world(vec![line(SUBMIT, status, body)]);
        let listings = world.adapter.listings().expect("listings");
        let changes = vec![publish(1, "A1", Binding::default())];
        listings.submit(&batch("item_feed", changes)).await
    };
    // Nobody knows.
    for (status, body) in [
        (0, ""),
        (500, "<html>"),
        (200, "{}"),
        (200, "{\"IsSuccess\":true}"),
    ] {
        let outcomes = send(status, body).await.expect("outcomes");
        assert_eq!(outcomes[0].fate, Fate::Unknown, "{status} {body}");
    }
    let body = r#"[{"Code":"DF011","Message":"Too many records."}]"#;
    let outcomes = send(400, body).await.expect("outcomes");
    assert_eq!(refused(&outcomes[0]).1, Retry::No);
    let body = r#"[{"Code":"DF012","Message":"Please retry after 11/22/2026 1:15:00."}]"#;
    let error = send(400, body).await.expect_err("later");
    let until = error.not_before.expect("a time").to_rfc3339();
    assert_eq!(until, "2026-11-22T09:15:00+00:00");
    let error = send(403, "Gateway: Seller Auth failed.")
        .await
        .expect_err("keys");
    assert_eq!(error.kind, barrow_market::ErrorKind::Unauthorized);
}
