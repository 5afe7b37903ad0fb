//! Reading what is really there.

use std::collections::BTreeMap;

use barrow_market::{Cursor, ErrorKind};
use barrow_model::{Action, ActionKind, ListingRef, Observed, ObservedState, ProblemKind};

use super::Suite;
use super::bench::Bench;

/// More pages than any observation of a test has.
const PAGES_MAX: usize = 50;

/// Pages to the end; the cursor is stored and read back each time.
pub(super) async fn observe_all(bench: &mut Bench) -> Vec<Observed> {
    let mut seen = Vec::new();
    let mut cursor: Option<Cursor> = None;
    for _ in 0..PAGES_MAX {
        let site = bench.site();
        let role = bench.adapter.listings().expect("listings are offered");
        let page = match role.observe(&site, cursor.as_ref()).await {
            Ok(page) => page,
            Err(error) => {
                bench.wait_for("observe", &error);
                continue;
            }
        };
        seen.extend(page.listings);
        let Some(next) = page.next else { return seen };
        let stored = serde_json::to_string(&next).expect("a cursor is a text");
        cursor = Some(serde_json::from_str(&stored).expect("as it was written"));
    }
    panic!("{PAGES_MAX} pages and no end");
}

/// Pages to the end, or, where the marketplace has no list of everything, reads listing by listing
/// what is known to be there; that there is no list is an error in words, and nobody is called.
async fn seen_of(bench: &mut Bench, listings: &[ListingRef]) -> Vec<Observed> {
    if bench.adapter.capability().reads_all_listings {
        return observe_all(bench).await;
    }
    bench.take_calls();
    let role = bench.adapter.listings().expect("listings are offered");
    let error = role
        .observe(&bench.site(), None)
        .await
        .expect_err("there is no list");
    assert_eq!(error.kind, ErrorKind::Unsupported, "{error}");
    assert_eq!(error.to_problem().kind, ProblemKind::Unsupported);
    assert!(bench.take_calls().is_empty(), "nobody is called for it");
    role.observe_some(listings).await.expect("they can be read")
}

/// Paging to the end gives each listing once or more, as it is; nothing gives none.
pub async fn observe_sees_every_listing(suite: &Suite) {
    let mut bench = suite.bench().await;
    assert!(
        seen_of(&mut bench, &[]).await.is_empty(),
        "nothing is there yet"
    );
    let numbers: Vec<u32> = (1..=60).collect();
    let listings = bench.publish(&numbers, 6).await;
    let sold_out = bench.change(&listings[0], Action::SetQuantity(0));
    bench
        .apply(bench.lane(ActionKind::SetQuantity), sold_out)
        .await;
    bench.restart();
    let mut seen: BTreeMap<String, Observed> = BTreeMap::new();
    for one in seen_of(&mut bench, &listings).await {
        if let Some(before) = seen.insert(one.sku.to_string(), one.clone()) {
            assert_eq!(before, one, "read twice, the same twice");
        }
    }
    assert_eq!(seen.len(), listings.len(), "each listing is seen");
    for listing in &listings {
        let held = bench.held_of(&listing.sku).remove(0);
        let one = seen
            .get(listing.sku.as_str())
            .expect("each listing is seen");
        let expected = match held.state.as_str() {
            "live" => ObservedState::Live,
            "out_of_stock" => ObservedState::OutOfStock,
            other => panic!("{} is {other}", listing.sku),
        };
        assert_eq!(one.state, expected, "{}", listing.sku);
        assert_eq!(one.quantity, Some(held.quantity), "{}", listing.sku);
        let price = one.price.map(|price| price.amount());
        assert_eq!(
            price,
            held.price.map(|price| price.amount),
            "{}",
            listing.sku
        );
        for (name, value) in &one.binding.0 {
            if let Some(known) = listing.binding.get(name) {
                assert_eq!(known, value, "{}: {name}", listing.sku);
            }
        }
    }
    let role = bench.adapter.listings().expect("listings are offered");
    let some = [
        listings[1].clone(),
        bench.listing("NOT-THERE"),
        listings[2].clone(),
    ];
    let read = role.observe_some(&some).await.expect("they can be read");
    let skus: Vec<&str> = read.iter().map(|one| one.sku.as_str()).collect();
    assert_eq!(skus, ["HP-2", "HP-3"], "what is not there is missing");
}
