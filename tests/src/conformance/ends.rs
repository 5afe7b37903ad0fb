//! Ending listings.

use barrow_model::{Action, ActionKind, ObservedState, Sku};

use super::Suite;
use super::bench::Bench;
use super::publishing::{assert_for_sale, observe_one, offer_of, publish_of};

/// Nobody can buy it.
pub(super) fn assert_ended(bench: &Bench, sku: &Sku) {
    for held in bench.held_of(sku) {
        assert_eq!((held.state.as_str(), held.quantity), ("ended", 0), "{sku}");
    }
}

/// Afterwards nobody can buy it; ending it again, or what was never there, is applied; and it can
/// be published again.
pub async fn end_ends(suite: &Suite) {
    let bench = suite.bench().await;
    for lane in bench.lanes(ActionKind::End) {
        let listings = bench.publish(&[1, 2, 3], 5).await;
        for listing in &listings[..2] {
            let done = bench.apply(lane, bench.change(listing, Action::End)).await;
            assert_ended(&bench, &listing.sku);
            let seen = observe_one(&bench, &done).await;
            assert!(seen.is_none_or(|seen| seen.state == ObservedState::Ended));
            let again = bench
                .apply(lane, bench.change(&done.listing(), Action::End))
                .await;
            assert_ended(&bench, &listing.sku);
            // With the binding from before, and with none: what is ended stays ended.
            bench.apply(lane, bench.change(listing, Action::End)).await;
            let mut forgotten = again.listing();
            forgotten.binding = barrow_model::Binding::default();
            bench
                .apply(lane, bench.change(&forgotten, Action::End))
                .await;
            assert_ended(&bench, &listing.sku);
        }
        let never = bench.listing("NEVER-THERE");
        bench.apply(lane, bench.change(&never, Action::End)).await;
        let untouched = (suite.subject.offer)(3);
        assert_for_sale(&bench, &listings[2].sku, untouched.price, 5);
        let again = publish_of(&bench, 1).await;
        let done = bench.apply(bench.lane(ActionKind::Publish), again).await;
        let offer = offer_of(&done.change);
        assert_for_sale(&bench, &done.listing().sku, offer.price, offer.quantity);
    }
}
