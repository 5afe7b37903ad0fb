//! What eBay warns of with what it does: told with the outcome, and never a refusal.

use std::sync::Arc;

use barrow_market::{Batch, Fate, Outcome};
use barrow_model::{Action, ProblemKind};
use serde_json::json;

use crate::listings::{batch, change, publish, responses};
use crate::requests::{offer, usd};
use crate::script::{Reply, Script, answer, connect, ok};

async fn submit(script: &Arc<Script>, batch: &Batch) -> Vec<Outcome> {
    let adapter = connect(script);
    adapter.listings().unwrap().submit(batch).await.unwrap()
}

/// The outcome of a publish whose last call is answered so.
async fn published(last: Reply) -> Outcome {
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(json!({"offerId": "9"})),
        answer(204, json!(null)),
        last,
    ]);
    let changes = vec![change(1, "A", &[("offer_id", "9")], publish(offer()))];
    submit(&script, &batch("publish", changes)).await.remove(0)
}

fn told(outcome: &Outcome) -> Vec<(ProblemKind, &str)> {
    let warnings = outcome.remarks.warnings.iter();
    warnings
        .map(|one| {
            (
                one.kind,
                one.vendor.as_ref().map_or("", |v| v.code.as_str()),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_warning_is_told_and_is_no_refusal() {
    let cases = [
        (25096, ProblemKind::ListingOnHold),
        (25124, ProblemKind::PolicyInvalid),
        (25401, ProblemKind::OptionsDropped),
        (25402, ProblemKind::Remark),
        (25753, ProblemKind::Remark),
        (99_999, ProblemKind::Remark),
    ];
    for (number, kind) in cases {
        let warning = json!([{"errorId": number, "message": "Mind this."}]);
        let outcome = published(responses(json!([{"statusCode": 200, "offerId": "9",
            "listingId": "110", "warnings": warning}])))
        .await;
        assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
        assert_eq!(told(&outcome), [(kind, number.to_string().as_str())]);
        let text = outcome.remarks.warnings[0].vendor.as_ref().unwrap();
        assert_eq!(text.text, "Mind this.");
    }
}

#[tokio::test]
async fn a_warning_among_the_errors_of_what_was_done_is_no_refusal_either() {
    let outcome = published(responses(json!([{"statusCode": 200, "offerId": "9",
        "listingId": "110", "errors": [{"errorId": 25402, "message": "No change."}]}])))
    .await;
    assert!(matches!(outcome.fate, Fate::Applied { .. }), "{outcome:?}");
    assert_eq!(told(&outcome), [(ProblemKind::Remark, "25402")]);
}

#[tokio::test]
async fn an_error_stays_a_refusal_whatever_is_warned_of_beside() {
    let outcome = published(responses(json!([{"statusCode": 400, "offerId": "9",
        "errors": [{"errorId": 25005, "message": "No."}],
        "warnings": [{"errorId": 25402, "message": "x"}]}])))
    .await;
    assert!(matches!(outcome.fate, Fate::Refused { .. }), "{outcome:?}");
    assert_eq!(told(&outcome), []);
}

#[tokio::test]
async fn warnings_of_every_step_are_told_once() {
    let warning = |number: i64| json!([{"errorId": number, "message": "x"}]);
    let script = Script::new([
        responses(json!([{"statusCode": 200, "sku": "A", "warnings": warning(25402)}])),
        ok(json!({"offerId": "9"})),
        ok(json!({"offerId": "9", "warnings": warning(25753)})),
        responses(
            json!([{"statusCode": 200, "offerId": "9", "listingId": "110",
            "warnings": [{"errorId": 25402}, {"errorId": 25096}]}]),
        ),
    ]);
    let changes = vec![change(1, "A", &[("offer_id", "9")], publish(offer()))];
    let outcomes = submit(&script, &batch("publish", changes)).await;
    let codes: Vec<&str> = told(&outcomes[0]).iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, ["25402", "25753", "25096"]);
}

#[tokio::test]
async fn a_price_with_a_warning_is_set() {
    let script = Script::new([responses(json!([{"statusCode": 200, "sku": "A",
        "offerId": "9", "warnings": [{"errorId": 25124, "message": "30 days"}]}]))]);
    let price = Action::SetPrice(usd(1_250));
    let changes = vec![change(1, "A", &[("offer_id", "9")], price)];
    let outcomes = submit(&script, &batch("price_quantity", changes)).await;
    assert!(
        matches!(outcomes[0].fate, Fate::Applied { .. }),
        "{outcomes:?}"
    );
    assert_eq!(told(&outcomes[0]), [(ProblemKind::PolicyInvalid, "25124")]);
}

#[tokio::test]
async fn a_revise_that_went_out_with_fewer_units_says_so() {
    for (there, lowered) in [(1, true), (1_000, false)] {
        let script = Script::new([
            responses(json!([{"statusCode": 204, "sku": "A"}])),
            ok(json!({"offerId": "9", "sku": "A", "status": "PUBLISHED",
                "availableQuantity": there})),
            answer(204, json!(null)),
        ]);
        let revise = Action::Revise(Box::new(offer()));
        let changes = vec![change(1, "A", &[("offer_id", "9")], revise)];
        let outcomes = submit(&script, &batch("revise", changes)).await;
        assert!(
            matches!(outcomes[0].fate, Fate::Applied { .. }),
            "{outcomes:?}"
        );
        assert_eq!(outcomes[0].remarks.quantity_lowered, lowered, "{there}");
    }
}
