//! Answers to cases.

use barrow_model::{Case, CaseAct, CaseKind, CaseState, Currency, Money};
use serde_json::{Value, json};

use super::World;

/// A shop whose buyer did not get what he paid 25 dollars for.
async fn world() -> (World, Value) {
    let world = World::with_mug().await;
    world.call("pull", json!({})).await;
    let account = world.api.account("shop").await.expect("an account").id;
    let case = Case {
        kind: CaseKind::Inquiry,
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
        offers: vec![CaseAct::Refund],
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
