//! Faults at every call of every submit: what an adapter says then is what has happened.

use std::collections::BTreeMap;

use barrow_market::{Batch, Fate, Lane, Outcome, Result, Retry};
use barrow_model::{ActionKind, Change, Target};
use barrow_practice::faults::{
    AWAY, BROKEN, COMMON, CUT_BODY, HTML, LOST_ANSWER, TIMEOUT, WRONG_JSON,
};
use barrow_practice::{Held, HeldListing, HeldOrder};

use super::Suite;
use super::bench::Bench;
use super::deeds::Deed;
use super::drive::assert_each_once;

/// More often than any call is tried again.
const TIMES: u32 = 9;
/// Submits of one change, at most.
const STEPS_MAX: usize = 8;
/// Faults that leave a client in the dark.
const DARK: [&str; 7] = [
    TIMEOUT,
    LOST_ANSWER,
    CUT_BODY,
    WRONG_JSON,
    BROKEN,
    AWAY,
    HTML,
];
/// A place for a fault: one call of the nth submit of a change on a lane.
#[derive(Clone, Debug)]
struct Spot {
    kind: ActionKind,
    lane: &'static Lane,
    step: usize,
    operation: String,
}

/// What faults may not change: all that buyers and the seller see.
fn seen(held: Held) -> (Vec<HeldListing>, Vec<HeldOrder>) {
    (held.listings, held.orders)
}

/// Things to sell, each a new one.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

/// Brings a change to just before its nth submit, and gives the batch of that one; none where it
/// comes to its end before.
async fn brought_to(
    bench: &mut Bench,
    lane: &'static Lane,
    mut change: Change,
    step: usize,
) -> Option<Batch> {
    for _ in 0..step {
        bench.restart();
        let batch = bench.batch(lane, vec![change.clone()]);
        let outcomes = bench.submit_in_time(lane, &batch).await;
        let mut fate = outcomes.into_iter().next()?.fate;
        for _ in 0..STEPS_MAX {
            let Fate::Accepted { ticket } = &fate else {
                break;
            };
            bench.pass_until(ticket.not_before);
            let asked = std::slice::from_ref(&change);
            let polled = bench.poll_in_time(lane, ticket, asked).await;
            fate = polled.into_iter().next()?.fate;
        }
        match fate {
            Fate::Advanced { binding } => bind(&mut change, binding),
            Fate::Refused {
                retry: Retry::After(wait),
                ..
            } => bench.pass(wait),
            _ => return None,
        }
    }
    bench.restart();
    Some(bench.batch(lane, vec![change]))
}

fn bind(change: &mut Change, new: barrow_model::Binding) {
    if let Target::Listing(listing) = &mut change.target {
        listing.binding = new;
    }
}

/// The calls of every submit that each kind of change takes when nothing is in the way.
async fn spots(suite: &Suite) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut numbers = Numbers(0);
    let mut bench = suite.bench().await;
    for kind in ActionKind::ALL {
        for lane in bench.lanes(kind) {
            for step in 0..STEPS_MAX {
                // The goods differ in how they are published: a marketplace may know some.
                let deed = Deed::new(&bench, kind, numbers.next()).await;
                let Some(batch) = brought_to(&mut bench, lane, deed.change, step).await else {
                    break;
                };
                let before = bench.held().calls;
                bench.submit_in_time(lane, &batch).await;
                let called = new_calls(&before, &bench.held().calls);
                spots.extend(called.into_iter().map(|operation| Spot {
                    kind,
                    lane,
                    step,
                    operation,
                }));
                bench.pass_settled();
            }
        }
    }
    spots
}

fn new_calls(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> Vec<String> {
    let more = after
        .iter()
        .filter(|(name, count)| before.get(*name).is_none_or(|known| known < *count));
    more.map(|(name, _)| name.clone()).collect()
}

/// One submit with a fault in its way.
struct Trial {
    deed: Deed,
    batch: Batch,
    result: Result<Vec<Outcome>>,
    before: (Vec<HeldListing>, Vec<HeldOrder>),
}

async fn tried(bench: &mut Bench, spot: &Spot, fault: &str, number: u32) -> Option<Trial> {
    let mut deed = Deed::new(bench, spot.kind, number).await;
    let batch = brought_to(bench, spot.lane, deed.change.clone(), spot.step).await?;
    deed.change = batch.changes[0].clone();
    let before = seen(bench.held());
    let name = format!("{fault}@{}", spot.operation);
    bench.fault(&name, TIMES);
    let result = bench.submit(spot.lane, &batch).await;
    bench.fault(&name, 0);
    Some(Trial {
        deed,
        batch,
        result,
        before,
    })
}

/// One outcome per change id, whatever is in the way; in batches as full as a test can make them.
pub async fn submit_answers_every_change_once(suite: &Suite) {
    let mut bench = suite.bench().await;
    let mut numbers = Numbers(0);
    for kind in ActionKind::ALL {
        for lane in bench.lanes(kind) {
            let size = lane.changes_max.min(4);
            for fault in COMMON.into_iter().map(Some).chain([None]) {
                let mut changes = Vec::new();
                for _ in 0..size {
                    changes.push(Deed::new(&bench, kind, numbers.next()).await.change);
                }
                bench.restart();
                if let Some(fault) = fault {
                    bench.fault(fault, 1);
                }
                let batch = bench.batch(lane, changes.clone());
                if let Ok(outcomes) = bench.submit(lane, &batch).await {
                    assert_each_once(&changes, &outcomes);
                }
                if let Ok(outcomes) = bench.look_up(lane, &batch).await {
                    assert_each_once(&changes, &outcomes);
                }
                if let Some(fault) = fault {
                    bench.fault(fault, 0);
                }
                bench.pass_settled();
            }
        }
    }
}

/// An error only where nothing has taken effect, now and later.
pub async fn submit_err_means_no_effect(suite: &Suite) {
    let mut numbers = Numbers(0);
    let mut errors = 0;
    for spot in spots(suite).await {
        let mut bench = suite.bench().await;
        for fault in COMMON {
            let trial = tried(&mut bench, &spot, fault, numbers.next()).await;
            let Some(trial) = trial else { continue };
            if let Err(error) = &trial.result {
                errors += 1;
                let words = format!("{spot:?} met {fault}: {error}");
                assert_eq!(seen(bench.held()), trial.before, "at once, {words}");
                bench.pass_settled();
                let later = seen(bench.held());
                assert_eq!(later.0, trial.before.0, "later, {words}");
                assert!(
                    trial.deed.is_done(&bench).await != Some(true) || is_done_alone(&spot),
                    "{words}"
                );
            }
            bench.pass_settled();
        }
    }
    assert!(errors > 0, "some faults are errors");
}

/// What a marketplace does by itself after some hours.
fn is_done_alone(spot: &Spot) -> bool {
    spot.kind == ActionKind::Acknowledge
}

/// After an answer that nobody got, a look tells what happened, at an adapter that knows nothing;
/// and going on from there brings every change to its end, once.
pub async fn look_up_tells_what_happened(suite: &Suite) {
    let mut numbers = Numbers(0);
    let mut unknown = 0;
    for spot in spots(suite).await {
        let mut bench = suite.bench().await;
        for fault in DARK {
            let trial = tried(&mut bench, &spot, fault, numbers.next()).await;
            let Some(trial) = trial else { continue };
            let Ok(outcomes) = &trial.result else {
                continue;
            };
            if outcomes.iter().all(|outcome| outcome.fate != Fate::Unknown) {
                continue;
            }
            unknown += 1;
            assert_told(&mut bench, &spot, fault, trial).await;
        }
    }
    assert!(unknown > 0, "some faults leave a client in the dark");
}

async fn assert_told(bench: &mut Bench, spot: &Spot, fault: &str, trial: Trial) {
    let words = format!("{spot:?} met {fault}");
    let Trial { deed, batch, .. } = trial;
    bench.restart();
    let before = seen(bench.held());
    let mut told = bench.look_up_in_time(spot.lane, &batch).await;
    assert_each_once(&batch.changes, &told);
    assert_eq!(
        seen(bench.held()),
        before,
        "a look changes nothing: {words}"
    );
    let fate = told.remove(0).fate;
    let done = deed.is_done(bench).await;
    match &fate {
        Fate::Applied { .. } => assert!(done != Some(false), "told applied and is not: {words}"),
        Fate::Refused {
            retry: Retry::After(_),
            ..
        } => assert!(
            done != Some(true) || spot.lane.repeatable,
            "told refused and is done: {words}"
        ),
        Fate::Advanced { .. } | Fate::Accepted { .. } => {}
        other => panic!("{words}: {other:?}"),
    }
    let change = batch.changes[0].clone();
    let ended = bench
        .settle_from(spot.lane, vec![(change, Some(fate))])
        .await;
    assert!(ended[0].is_applied(), "{words}: {ended:?}");
    let done = deed.is_done(bench).await;
    assert!(done != Some(false), "and it is done: {words}");
}
