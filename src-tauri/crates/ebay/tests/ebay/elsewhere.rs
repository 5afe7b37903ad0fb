//! Reports and migration against scripted answers (ebay.md §6.7, §10.1).

use barrow_market::{ErrorKind, Report};
use barrow_model::{ProblemKind, Ticket};
use serde_json::json;

use crate::script::{Reply, Script, answer, beginning, connect, ok};

const TASK: &str = "/sell/feed/v1/inventory_task/task-7";

fn ticket() -> Ticket {
    Ticket {
        token: "task-7".to_owned(),
        not_before: beginning(),
    }
}

#[tokio::test]
async fn a_report_that_is_not_whole_is_told_and_never_empty() {
    let check = async |replies: Vec<Reply>, expected: Option<ErrorKind>| {
        let script = Script::new(replies);
        let adapter = connect(&script);
        let read = adapter.elsewhere().unwrap().read(&ticket()).await;
        match expected {
            Some(kind) => assert_eq!(read.unwrap_err().kind, kind),
            None => assert!(matches!(read, Ok(Report::Later(_))), "{read:?}"),
        }
        assert_eq!(script.lines()[0], format!("GET {TASK}"));
    };
    let status = |status: &str| ok(json!({ "taskId": "task-7", "status": status }));
    for waiting in ["CREATED", "QUEUED", "IN_PROCESS", "SOMETHING_NEW"] {
        check(vec![status(waiting)], None).await;
    }
    for failed in [
        "FAILED",
        "COMPLETED_WITH_ERROR",
        "PARTIALLY_PROCESSED",
        "ABORTED",
    ] {
        check(vec![status(failed)], Some(ErrorKind::Unreadable)).await;
    }
    let cut = Reply::Answer(200, "<BulkDataExchangeResponses><ActiveInv".to_owned());
    check(vec![status("COMPLETED"), cut], Some(ErrorKind::Unreadable)).await;
    let page = Reply::Answer(200, "<html>Sorry</html>".to_owned());
    check(vec![status("COMPLETED"), page], Some(ErrorKind::Unreadable)).await;
    let nothing = Reply::Answer(200, String::new());
    check(
        vec![status("COMPLETED"), nothing],
        Some(ErrorKind::Unreadable),
    )
    .await;
}

#[tokio::test]
async fn what_became_of_each_listing_is_told() {
    let ids = ["11", "12", "13"].map(str::to_owned);
    let script = Script::new([answer(
        207,
        json!({ "responses": [
            { "statusCode": 200, "listingId": "11", "marketplaceId": "EBAY_US",
                "inventoryItems": [{ "sku": "A", "offerId": "1" },
                    { "sku": "B", "offerId": "2" }] },
            { "statusCode": 400, "listingId": "12",
                "errors": [{ "errorId": 25718, "message": "It has no SKU." }] },
        ]}),
    )]);
    let adapter = connect(&script);
    let taken = adapter.elsewhere().unwrap().take_over(&ids).await.unwrap();
    assert_eq!(
        (taken[0].skus.join(","), &taken[0].problem),
        ("A,B".to_owned(), &None)
    );
    let refused = taken[1].problem.as_ref().unwrap();
    assert_eq!(refused.kind, ProblemKind::NotHandedOver);
    assert_eq!(refused.vendor.as_ref().unwrap().text, "It has no SKU.");
    let lost = taken[2].problem.as_ref().unwrap();
    assert_eq!(lost.kind, ProblemKind::FateUnknown, "it was not answered");
    let path = "POST /sell/inventory/v1/bulk_migrate_listing";
    assert_eq!(script.lines(), [path]);
    let sent = json!({ "requests": [
        { "listingId": "11" }, { "listingId": "12" }, { "listingId": "13" }] });
    assert_eq!(script.asked()[0].json(), sent);
}

#[tokio::test]
async fn a_migration_without_an_answer_is_unknown_and_not_made_again() {
    let script = Script::new([Reply::NoAnswer]);
    let adapter = connect(&script);
    let ids = ["11".to_owned()];
    let taken = adapter.elsewhere().unwrap().take_over(&ids).await.unwrap();
    let told = taken[0].problem.as_ref().unwrap();
    assert_eq!(told.kind, ProblemKind::FateUnknown);
    assert_eq!(script.lines().len(), 1);
}
