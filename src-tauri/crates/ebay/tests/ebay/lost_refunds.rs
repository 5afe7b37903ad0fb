//! Refunds whose answer is lost: eBay makes a second one of every call, and shows none at once.

use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{Batch, Fate, MemoryNotes, Notes, NotesError, Retry};
use barrow_model::{Change, ChangeId};
use serde_json::{Value, json};

use crate::orders::{money, order};
use crate::refunds::{APPLIED, refund};
use crate::requests::usd;
use crate::script::{Reply, Script, beginning, connect_noting, connect_with, ok};

/// The order as it is read with refunds.
fn with(refunds: Value) -> Reply {
    let mut read = order();
    read["paymentSummary"]["refunds"] = refunds;
    ok(read)
}

#[tokio::test]
async fn a_refund_that_was_there_before_is_not_taken_for_a_lost_one() {
    let made = |id: &str| {
        json!({"refundId": id, "amount": money("5.0"), "refundStatus": "REFUNDED",
            "refundDate": "2026-11-22T08:00:10.000Z"})
    };
    let script = Script::new([
        with(json!([made("3")])),
        Reply::NoAnswer,
        with(json!([made("3")])),
        with(json!([made("3"), made("4")])),
    ]);
    let (adapter, clock) = connect_with(&script);
    let role = adapter.aftersales().unwrap();
    let five = refund(None, Some(usd(500)), None);
    assert_eq!(role.submit(&five).await.unwrap()[0].fate, Fate::Unknown);
    clock.skip(600);
    let fate = &role.look_up(&five).await.unwrap()[0].fate;
    assert!(matches!(fate, Fate::Refused { .. }), "{fate:?}");
    assert_eq!(role.look_up(&five).await.unwrap()[0].fate, APPLIED);
}

#[tokio::test]
async fn a_refund_that_shows_late_is_not_made_again() {
    let late = json!({"refundId": "4", "amount": money("5.0"), "refundStatus": "REFUNDED",
        "refundDate": "2026-11-22T08:00:10.000Z"});
    let script = Script::new([
        ok(order()),
        Reply::NoAnswer,
        ok(order()),
        with(json!([late])),
    ]);
    let (adapter, clock) = connect_with(&script);
    let role = adapter.aftersales().unwrap();
    let five = refund(None, Some(usd(500)), None);
    assert_eq!(role.submit(&five).await.unwrap()[0].fate, Fate::Unknown);
    clock.skip(600);
    let fate = &role.look_up(&five).await.unwrap()[0].fate;
    assert!(matches!(fate, Fate::Refused { .. }), "{fate:?}");
    assert_eq!(role.submit(&five).await.unwrap()[0].fate, APPLIED);
    let made = script.lines();
    let made = made.iter().filter(|line| line.starts_with("POST"));
    assert_eq!(made.count(), 1, "the money goes once");
}

#[tokio::test]
async fn a_refund_without_an_answer_is_looked_for_before_it_is_made_again() {
    let before = json!({"refundId": "3", "amount": money("5.0"), "refundStatus": "REFUNDED",
        "refundDate": "2026-11-21T00:00:00.000Z"});
    let made = json!({"refundId": "4", "amount": money("5.0"), "refundStatus": "PENDING",
        "refundDate": "2026-11-22T08:00:10.000Z"});
    let script = Script::new([
        ok(order()),
        Reply::NoAnswer,
        with(json!([before])),
        with(json!([before])),
        with(json!([before, made])),
        with(json!([made])),
        with(json!([made])),
    ]);
    let (adapter, clock) = connect_with(&script);
    let role = adapter.aftersales().unwrap();
    let five = refund(None, Some(usd(500)), None);
    let fate = &role.submit(&five).await.unwrap()[0].fate;
    assert_eq!(*fate, Fate::Unknown);
    // eBay may be slow to show it: for some minutes nobody knows.
    clock.skip(200);
    assert_eq!(role.look_up(&five).await.unwrap()[0].fate, Fate::Unknown);
    clock.skip(100);
    let fate = &role.look_up(&five).await.unwrap()[0].fate;
    assert!(
        matches!(
            fate,
            Fate::Refused {
                retry: Retry::After(_),
                ..
            }
        ),
        "{fate:?}"
    );
    assert_eq!(role.look_up(&five).await.unwrap()[0].fate, APPLIED);
    // One refund answers for one change only.
    let mut twice = five.clone();
    let again = Change {
        id: ChangeId(2),
        ..twice.changes[0].clone()
    };
    twice.changes.push(again);
    let outcomes = role.look_up(&twice).await.unwrap();
    assert_eq!(outcomes[0].fate, APPLIED);
    assert!(
        matches!(outcomes[1].fate, Fate::Refused { .. }),
        "{outcomes:?}"
    );
    assert!(twice.begun_at == beginning());
}

fn five_back(id: &str) -> Value {
    json!({"refundId": id, "amount": money("5.0"), "refundStatus": "REFUNDED",
        "refundDate": "2026-11-22T08:00:10.000Z"})
}

fn of(change: i64) -> Batch {
    let mut batch = refund(None, Some(usd(500)), None);
    batch.changes[0].id = ChangeId(change);
    batch
}

fn calls(script: &Script) -> usize {
    let made = script.lines();
    made.iter().filter(|line| line.starts_with("POST")).count()
}

#[tokio::test]
async fn a_refund_that_shows_after_a_restart_is_not_made_again() {
    let notes: Arc<dyn Notes> = Arc::new(MemoryNotes::default());
    let before = Script::new([with(json!([five_back("3")])), Reply::NoAnswer]);
    let (adapter, _) = connect_noting(&before, Arc::clone(&notes));
    let sent = adapter.aftersales().unwrap().submit(&of(1)).await.unwrap();
    assert_eq!(sent[0].fate, Fate::Unknown);
    let after = Script::new([
        with(json!([five_back("3")])),
        with(json!([five_back("3"), five_back("4")])),
        with(json!([five_back("3"), five_back("4")])),
    ]);
    let (adapter, clock) = connect_noting(&after, notes);
    let role = adapter.aftersales().unwrap();
    clock.skip(600);
    let fate = &role.look_up(&of(1)).await.unwrap()[0].fate;
    assert!(matches!(fate, Fate::Refused { .. }), "{fate:?}");
    assert_eq!(role.submit(&of(1)).await.unwrap()[0].fate, APPLIED);
    // That was lost, too: what was found once is known.
    assert_eq!(role.look_up(&of(1)).await.unwrap()[0].fate, APPLIED);
    assert_eq!(
        (calls(&before), calls(&after)),
        (1, 0),
        "the money goes once"
    );
}

#[tokio::test]
async fn a_refund_that_ebay_told_of_is_known_after_a_restart_before_it_shows() {
    let notes: Arc<dyn Notes> = Arc::new(MemoryNotes::default());
    let told = ok(json!({"refundId": "4", "refundStatus": "PENDING"}));
    let before = Script::new([ok(order()), told]);
    let (adapter, _) = connect_noting(&before, Arc::clone(&notes));
    let sent = adapter.aftersales().unwrap().submit(&of(1)).await.unwrap();
    assert_eq!(sent[0].fate, APPLIED);
    let mut failed = five_back("4");
    failed["refundStatus"] = json!("FAILED");
    let after = Script::new([ok(order()), ok(order()), with(json!([failed]))]);
    let (adapter, clock) = connect_noting(&after, notes);
    let role = adapter.aftersales().unwrap();
    clock.skip(600);
    assert_eq!(role.look_up(&of(1)).await.unwrap()[0].fate, APPLIED);
    assert_eq!(role.submit(&of(1)).await.unwrap()[0].fate, APPLIED);
    assert_eq!(calls(&after), 0);
    // The bank did not take it: the seller is told.
    let fate = &role.look_up(&of(1)).await.unwrap()[0].fate;
    let expected = matches!(
        fate,
        Fate::Refused {
            retry: Retry::No,
            ..
        }
    );
    assert!(expected, "{fate:?}");
}

#[tokio::test]
async fn a_refund_of_another_change_that_shows_late_answers_for_no_other() {
    let notes: Arc<dyn Notes> = Arc::new(MemoryNotes::default());
    let told = ok(json!({"refundId": "4", "refundStatus": "PENDING"}));
    // The first one does not show yet when the second is asked for.
    let before = Script::new([ok(order()), told, ok(order()), Reply::NoAnswer]);
    let (adapter, _) = connect_noting(&before, Arc::clone(&notes));
    let role = adapter.aftersales().unwrap();
    assert_eq!(role.submit(&of(1)).await.unwrap()[0].fate, APPLIED);
    assert_eq!(role.submit(&of(2)).await.unwrap()[0].fate, Fate::Unknown);
    let again = ok(json!({"refundId": "5", "refundStatus": "PENDING"}));
    let shown = || with(json!([five_back("4")]));
    let after = Script::new([shown(), shown(), again]);
    let (adapter, clock) = connect_noting(&after, notes);
    let role = adapter.aftersales().unwrap();
    clock.skip(600);
    let fate = &role.look_up(&of(2)).await.unwrap()[0].fate;
    assert!(matches!(fate, Fate::Refused { .. }), "{fate:?}");
    assert_eq!(role.submit(&of(2)).await.unwrap()[0].fate, APPLIED);
    assert_eq!(calls(&after), 1, "the second one is still owed");
}

/// A catalogue that cannot be written.
struct Full;

#[async_trait]
impl Notes for Full {
    async fn read(&self, _name: &str) -> Result<Option<String>, NotesError> {
        Ok(None)
    }

    async fn write(&self, _name: &str, _note: &str) -> Result<(), NotesError> {
        let reason = "the disk is full".to_owned();
        Err(NotesError { reason })
    }
}

#[tokio::test]
async fn no_money_moves_while_it_cannot_be_noted() {
    let script = Script::new([ok(order())]);
    let (adapter, _) = connect_noting(&script, Arc::new(Full));
    let sent = adapter.aftersales().unwrap().submit(&of(1)).await;
    let error = sent.unwrap_err();
    assert!(
        error.not_before.is_some_and(|at| at > beginning()),
        "{error:?}"
    );
    assert_eq!(calls(&script), 0);
}
