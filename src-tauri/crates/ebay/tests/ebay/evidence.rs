//! What a dispute is contested with, against scripted answers (ebay.md §8.6).

use std::sync::Arc;

use barrow_market::Fate;
use barrow_model::{CaseAnswer, CaseKind, Evidence, EvidenceKind, ProblemKind};
use serde_json::{Value, json};

use crate::case_answers::{APPLIED, batch, refused};
use crate::pictures::shelf;
use crate::script::{Reply, Script, answer, connect_showing, ok};

const UPLOAD: &str = "POST /sell/fulfillment/v1/payment_dispute/5001/upload_evidence_file";
const ADD: &str = "POST /sell/fulfillment/v1/payment_dispute/5001/add_evidence";
const CONTEST: &str = "POST /sell/fulfillment/v1/payment_dispute/5001/contest";
const READ: &str = "GET /sell/fulfillment/v1/payment_dispute/5001";

/// A dispute with the files of these names.
fn dispute(revision: i64, names: &[&str]) -> Reply {
    let line = |item: &str| json!([{"itemId": item, "lineItemId": "2"}]);
    let files = names
        .iter()
        .map(|name| json!({"fileId": "f", "name": name}));
    let files: Vec<Value> = files.collect();
    ok(
        json!({"paymentDisputeStatus": "ACTION_NEEDED", "revision": revision,
        "lineItems": line("1"),
        "evidenceRequests": [{"evidenceType": "PROOF_OF_DELIVERY", "lineItems": line("9")}],
        "evidence": [{"evidenceType": "PROOF_OF_DELIVERY", "files": files}]}),
    )
}

fn done() -> Reply {
    answer(204, Value::Null)
}

/// An eBay that has these files, and takes one more and then the contest.
fn taking(names: &[&str]) -> Arc<Script> {
    Script::new([
        dispute(3, names),
        ok(json!({"fileId": "f1"})),
        ok(json!({"evidenceId": "e1"})),
        dispute(4, names),
        done(),
    ])
}

fn with_files(kind: EvidenceKind, files: &[&str]) -> CaseAnswer {
    let files = files.iter().map(|file| (*file).to_owned());
    CaseAnswer::Contest {
        note: None,
        evidence: Some(Evidence {
            kind,
            files: files.collect(),
        }),
        return_to: None,
    }
}

async fn contest(script: &Arc<Script>, kind: EvidenceKind, files: &[&str]) -> Fate {
    let given = with_files(kind, files);
    let adapter = connect_showing(script, shelf());
    let role = adapter.aftersales().expect("eBay has it");
    let batch = batch(CaseKind::Dispute, given);
    let told = role.submit(&batch).await.expect("an answer");
    told.into_iter().next().expect("one fate").fate
}

/// The name under which the first of the files goes.
fn name_of(script: &Script) -> String {
    let asked = script.asked();
    let upload = asked
        .iter()
        .find(|one| one.path.ends_with("_file"))
        .expect("a file was sent");
    let (_, rest) = upload
        .body
        .split_once("filename=\"")
        .expect("it has a name");
    rest.split_once('"').expect("it ends").0.to_owned()
}

#[tokio::test]
async fn files_are_put_there_added_and_contested_with() {
    let script = taking(&[]);
    // Two files of the same content are one.
    let files = ["/mug.png", "/copy.png"];
    let fate = contest(&script, EvidenceKind::Delivery, &files).await;
    assert_eq!(fate, APPLIED);
    assert_eq!(script.lines(), [READ, UPLOAD, ADD, READ, CONTEST]);
    let asked = script.asked();
    let added = asked[2].json();
    let expected = json!({"evidenceType": "PROOF_OF_DELIVERY", "files": [{"fileId": "f1"}],
        "lineItems": [{"itemId": "9", "lineItemId": "2"}]});
    assert_eq!(
        added, expected,
        "the lines that are asked about are given back"
    );
    assert_eq!(asked[4].json(), json!({"revision": 4}));
    // What is with the dispute is known by its name.
    let name = name_of(&script);
    let script = Script::new([dispute(4, &[&name]), done()]);
    let fate = contest(&script, EvidenceKind::Delivery, &files).await;
    assert_eq!(fate, APPLIED);
    assert_eq!(script.lines(), [READ, CONTEST]);
    // As something else it is not there yet, and what eBay asks nothing of is about what the
    // dispute is about.
    let script = taking(&[&name]);
    contest(&script, EvidenceKind::AsDescribed, &["/mug.png"]).await;
    let added = script.asked()[2].json();
    assert_eq!(added["evidenceType"], "PROOF_OF_ITEM_AS_DESCRIBED");
    assert_eq!(added["lineItems"][0]["itemId"], "1");
}

#[tokio::test]
async fn nothing_is_contested_while_nobody_knows_what_was_added() {
    let script = Script::new([
        dispute(3, &[]),
        ok(json!({"fileId": "f1"})),
        answer(500, json!({"errors": [{"errorId": 33000}]})),
    ]);
    let fate = contest(&script, EvidenceKind::Delivery, &["/mug.png"]).await;
    assert_eq!(fate, Fate::Unknown);
}

#[tokio::test]
async fn a_file_that_is_not_taken_is_named_and_nothing_is_contested() {
    let check = |files: &'static [&'static str], why: &'static str| async move {
        let script = Script::new([dispute(3, &[])]);
        let fate = contest(&script, EvidenceKind::Delivery, files).await;
        let problem = refused(&fate);
        assert_eq!(problem.kind, ProblemKind::EvidenceFile);
        assert_eq!(problem.params["why"], why, "{files:?}");
        assert_eq!(script.lines(), [READ]);
    };
    check(&["/gone.png"], "missing").await;
    check(&["/notes.png"], "form").await;
    check(&["/huge.png"], "too_large").await;
    check(&[], "none").await;
    for (number, why) in [(33005, "form"), (33006, "too_large"), (33105, "many")] {
        let no = json!({"errors": [{"errorId": number, "message": "No."}]});
        let script = Script::new([dispute(3, &[]), answer(400, no)]);
        let fate = contest(&script, EvidenceKind::Delivery, &["/mug.png"]).await;
        let problem = refused(&fate);
        assert_eq!(problem.params["why"], why);
        assert_eq!(problem.params["file"], "/mug.png");
        assert_eq!(problem.vendor.as_ref().unwrap().code, number.to_string());
    }
}
