//! Answers to cases.

use barrow_model::{Case, CaseAct, CaseKind, CaseState, Currency, Money};
use serde_json::{Value, json};

use super::World;

/// A shop whose buyer did not get what he paid 25 dollars for.
async fn world() -> (World, Value) {
    world_with(CaseKind::Inquiry, CaseAct::Refund).await
}

/// A shop with a case of a kind, which is answered with this.
async fn world_with(kind: CaseKind, offer: CaseAct) -> (World, Value) {
    let world = World::with_mug().await;
    world.call("pull", json!({})).await;
    let account = world.api.account("shop").await.expect("an account").id;
    let case = Case {
        kind,
        case_id: "5300000001".into(),
        order_id: Some("17".into()),
        listing_ref: None,
        line_id: None,
        state: CaseState::WaitsForSeller,
        marketplace_state: None,
        reason: None,
        amount: Some(Money::new(2500, Currency::USD)),
        opened_at: None,
        respond_by: None,
        offers: vec![offer],
        page: None,
    };
    let stored = world.store.write(|tx| tx.put_case(account, &case));
    assert!(stored.expect("stores"));
    let told = world.call("cases", json!({})).await;
    (world, told["cases"][0].clone())
}

#[tokio::test]
async fn a_case_gives_back_the_sum_that_was_shown_and_no_other() {
    let (world, case) = world().await;
    assert_eq!(case["amount"]["amount"], "25.00", "{case}");
    let answered = async |amount: Value| {
        let request = json!({"case": case["id"], "act": "refund", "amount": amount});
        world.call("case_act", request).await
    };
    let usd = |amount: &str| json!({"amount": amount, "currency": "USD"});
    let euros = json!({"amount": "25.00", "currency": "EUR"});
    for other in [usd("24.99"), usd("25.01"), usd("0.00"), euros, Value::Null] {
        let told = answered(other.clone()).await;
        assert_eq!(told["done"], 0, "{other} {told}");
        assert_eq!(told["refused"][0]["kind"], "case_refused", "{told}");
        assert_eq!(told["change_id"], Value::Null);
    }
    let told = answered(usd("25.00")).await;
    assert_eq!(told["done"], 1, "{told}");
    let shown = world.call("cases", json!({})).await;
    assert_eq!(shown["cases"][0]["answering"], "refund", "{shown}");
}

#[tokio::test]
async fn a_dispute_is_contested_with_files_that_a_bank_takes() {
    let (world, case) = world_with(CaseKind::Dispute, CaseAct::Contest).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("the folder can be written");
        path.to_str().expect("a path of text").to_owned()
    };
    let jpeg = b"\xff\xd8\xff\xe0".as_slice();
    let slip = file("slip.jpg", jpeg);
    let letter = file("letter.png", b"%PDF-1.7");
    let large = file("large.jpg", &[jpeg, &vec![0; 1_500_000]].concat());
    let [half, other] =
        ["half.jpg", "other.jpg"].map(|name| file(name, &[jpeg, &vec![0; 800_000]].concat()));
    let gone = folder
        .path()
        .join("gone.jpg")
        .to_string_lossy()
        .into_owned();
    let contest = async |files: &[&str]| {
        let evidence = json!({"kind": "delivery", "files": files});
        let request = json!({"case": case["id"], "act": "contest", "evidence": evidence});
        world.call("case_act", request).await
    };
    for (files, words) in [
        (vec![letter.as_str()], "neither JPG nor PNG"),
        (vec![large.as_str()], "larger than 1.5 MB"),
        (vec![half.as_str(), other.as_str()], "1.5 MB together"),
        (
            vec![slip.as_str(), gone.as_str()],
            "gone.jpg is not on this computer",
        ),
        (vec!["slip.jpg"], "not on this computer"),
        (vec![], "No file was chosen"),
    ] {
        let told = contest(&files).await;
        assert_eq!(told["done"], 0, "{files:?} {told}");
        assert_eq!(told["refused"][0]["kind"], "evidence_file");
        let reason = told["refused"][0]["reason"].as_str().expect("words");
        assert!(reason.contains(words), "{reason}");
    }
    let told = contest(&[&slip]).await;
    assert_eq!(told["done"], 1, "{told}");
}
