//! Prices and quantities.

use barrow_market::Lane;
use barrow_model::{Action, ActionKind, Change, ListingRef, Money};

use super::Suite;
use super::bench::Bench;
use super::publishing::{assert_for_sale, offer_of, publish_of};

/// Afterwards the marketplace holds exactly the values sent, on every way that carries them.
pub async fn price_and_quantity_are_set(suite: &Suite) {
    let bench = suite.bench().await;
    let currency = (suite.subject.offer)(1).price.currency;
    let listings = bench.publish(&[1, 2, 3], 5).await;
    for listing in &listings {
        let price = (suite.subject.offer)(listing_number(listing)).price;
        assert_for_sale(&bench, &listing.sku, price, 5);
    }
    for lane in bench.lanes(ActionKind::SetPrice) {
        for minor in [1, 999, 123_456] {
            let price = Money::new(minor, currency);
            set(&bench, lane, &listings, &[Action::SetPrice(price)]).await;
            for listing in &listings {
                assert_for_sale(&bench, &listing.sku, price, 5);
            }
        }
    }
    for lane in bench.lanes(ActionKind::SetQuantity) {
        for units in [1, 2, 999] {
            set(&bench, lane, &listings, &[Action::SetQuantity(units)]).await;
            for listing in &listings {
                assert_eq!(
                    bench.held_of(&listing.sku)[0].quantity,
                    units,
                    "{}",
                    lane.name
                );
            }
        }
    }
    for lane in bench.lanes(ActionKind::SetPrice) {
        if lane.kinds.contains(&ActionKind::SetQuantity) {
            let both = [
                Action::SetPrice(Money::new(2_500, currency)),
                Action::SetQuantity(4),
            ];
            set(&bench, lane, &listings, &both).await;
            for listing in &listings {
                assert_for_sale(&bench, &listing.sku, Money::new(2_500, currency), 4);
            }
        }
    }
}

fn listing_number(listing: &ListingRef) -> u32 {
    let digits = listing.sku.as_str().trim_start_matches("HP-");
    digits
        .parse()
        .expect("SKUs of the bench carry their number")
}

async fn set(bench: &Bench, lane: &'static Lane, listings: &[ListingRef], actions: &[Action]) {
    let changes: Vec<Change> = listings
        .iter()
        .flat_map(|listing| {
            actions
                .iter()
                .map(|action| bench.change(listing, action.clone()))
        })
        .collect();
    for done in bench.settle(lane, changes).await {
        assert!(done.is_applied(), "{}: {done:?}", lane.name);
    }
}

/// A quantity of zero leaves the listing there, or ends it, as the capability says.
pub async fn quantity_zero_keeps_or_ends_as_declared(suite: &Suite) {
    let bench = suite.bench().await;
    let keeps = bench.adapter.capability().keeps_listing_at_zero;
    for (place, lane) in bench.lanes(ActionKind::SetQuantity).into_iter().enumerate() {
        let number = u32::try_from(place).expect("few lanes") + 1;
        let publish = publish_of(&bench, number).await;
        let offer = offer_of(&publish).clone();
        let done = bench.apply(bench.lane(ActionKind::Publish), publish).await;
        let listing = done.listing();
        bench
            .apply(lane, bench.change(&listing, Action::SetQuantity(0)))
            .await;
        let held = bench.held_of(&listing.sku);
        let expected = if keeps { "out_of_stock" } else { "ended" };
        assert_eq!((held[0].state.as_str(), held[0].quantity), (expected, 0));
        if keeps {
            bench
                .apply(lane, bench.change(&listing, Action::SetQuantity(3)))
                .await;
            assert_for_sale(&bench, &listing.sku, offer.price, 3);
        }
    }
}
