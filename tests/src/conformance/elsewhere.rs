//! What was listed by other means than this adapter: seen in a report, and taken over.

use std::collections::BTreeSet;

use barrow_market::{Elsewhere, ErrorKind, ListedThere, Report, TakenOver};
use barrow_model::{ObservedState, ProblemKind};

use super::Suite;
use super::bench::Bench;
use super::observing::observe_all;

/// Times that a report is looked at before it is given up.
const LOOKS_MAX: usize = 100;

fn role(bench: &Bench) -> Option<&dyn Elsewhere> {
    bench.adapter.elsewhere()
}

/// Asks for a report and waits for what becomes of it.
async fn report(bench: &Bench) -> barrow_market::Result<Vec<ListedThere>> {
    let role = role(bench).expect("it is offered");
    let ticket = role.ask().await.expect("a report can be asked for");
    bench.pass_until(ticket.not_before);
    for _ in 0..LOOKS_MAX {
        match role.read(&ticket).await? {
            Report::Whole(rows) => {
                let again = role.read(&ticket).await?;
                assert_eq!(again, Report::Whole(rows.clone()), "it may be read again");
                return Ok(rows);
            }
            Report::Later(at) => {
                assert!(at > bench.now(), "it says when to ask again");
                bench.pass_until(at);
            }
        }
    }
    panic!("{LOOKS_MAX} looks and no report");
}

/// A report tells of every live listing, whoever made it; one that failed is an error and never an
/// empty one.
pub async fn a_report_is_whole_or_none(suite: &Suite) {
    let bench = suite.bench().await;
    if role(&bench).is_none() {
        return;
    }
    let listings = bench.publish(&[1, 2], 6).await;
    let rows = report(&bench).await.expect("the report is made");
    for listing in &listings {
        let held = bench.held_of(&listing.sku).remove(0);
        let is_its = |row: &&ListedThere| row.sku.as_deref() == Some(listing.sku.as_str());
        let row = rows.iter().find(is_its).expect("what is live is told");
        assert_eq!(row.quantity, Some(held.quantity), "{}", listing.sku);
        let price = row.price.map(|price| price.amount());
        assert_eq!(
            price,
            held.price.map(|price| price.amount),
            "{}",
            listing.sku
        );
    }
    assert!(
        rows.len() > listings.len(),
        "what others made is told as well"
    );
    bench.fault("report_fails", 1);
    let failed = report(&bench).await.expect_err("it failed");
    assert_eq!(failed.kind, ErrorKind::Unreadable, "{failed}");
}

/// A listing that is taken over is observed from then on, under the SKUs that are told, as it
/// stood; one that cannot be is told and stays as it is. Taking over again is told as well.
pub async fn what_is_taken_over_can_be_adopted(suite: &Suite) {
    let mut bench = suite.bench().await;
    if role(&bench).is_none() {
        return;
    }
    let rows = report(&bench).await.expect("the report is made");
    let ids: BTreeSet<String> = rows.iter().map(|row| row.listing_id.clone()).collect();
    let taken = take_over(&bench, &ids).await;
    let told = taken.iter().map(|one| one.listing_id.clone());
    assert_eq!(told.collect::<BTreeSet<_>>(), ids, "one answer each");
    let done: Vec<&TakenOver> = taken.iter().filter(|one| one.problem.is_none()).collect();
    assert!(
        done.iter().any(|one| one.skus.len() > 1),
        "one has variants"
    );
    assert!(done.len() < taken.len(), "not all can be");
    for one in taken.iter().filter(|one| one.problem.is_some()) {
        let problem = one.problem.as_ref().expect("filtered");
        assert_eq!(problem.kind, ProblemKind::NotHandedOver, "{problem:?}");
        assert!(problem.vendor.is_some(), "the marketplace says why");
    }
    let skus: BTreeSet<&String> = done.iter().flat_map(|one| &one.skus).collect();
    let seen = observe_all(&mut bench).await;
    let found: BTreeSet<String> = seen.iter().map(|one| one.sku.to_string()).collect();
    assert_eq!(found.iter().collect::<BTreeSet<_>>(), skus);
    for one in &seen {
        assert_eq!(one.state, ObservedState::Live);
        assert!(one.details.is_some(), "it can be adopted: {}", one.sku);
        let is_its = |row: &&ListedThere| row.sku.as_deref() == Some(one.sku.as_str());
        let row = rows.iter().find(is_its).expect("it was in the report");
        assert_eq!((one.price, one.quantity), (row.price, row.quantity));
    }
    let again: BTreeSet<String> = done.iter().map(|one| one.listing_id.clone()).collect();
    for one in take_over(&bench, &again).await {
        assert!(one.problem.is_some(), "it was taken over before: {one:?}");
    }
}

async fn take_over(bench: &Bench, ids: &BTreeSet<String>) -> Vec<TakenOver> {
    let role = role(bench).expect("it is offered");
    let ids: Vec<String> = ids.iter().cloned().collect();
    let mut taken = Vec::new();
    for some in ids.chunks(role.take_over_max()) {
        taken.extend(role.take_over(some).await.expect("it is answered"));
    }
    taken
}
