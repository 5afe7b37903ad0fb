//! What Amazon can do, number by number.

use std::time::Duration;

use barrow_market::{Capability, Exclusion, Lane, Rate};
use barrow_model::{ActionKind, Aspect};

use crate::limits;
use crate::map::offer::TITLE_CHARS_MAX;

pub(crate) const LISTING_CALL: &str = "listing_call";
pub(crate) const LISTING_FEED: &str = "listing_feed";
pub(crate) const OFFER_CALL: &str = "offer_call";
pub(crate) const OFFER_FEED: &str = "offer_feed";
pub(crate) const END_CALL: &str = "end_call";
pub(crate) const SHIP: &str = "ship";

/// A single write. Put, patch and delete leave the same when they are repeated (amazon.md §10).
const fn call(
    name: &'static str,
    kinds: &'static [ActionKind],
    rate: Rate,
    calls_per_batch: u32,
) -> Lane {
    Lane::call(name, kinds, rate)
        .batch(1, calls_per_batch)
        .repeatable()
}

/// A feed is looked up before it is sent again: the first one may still wait in Amazon's queue and
/// set a newer value back.
const fn feed(name: &'static str, kinds: &'static [ActionKind]) -> Lane {
    let rate = limits::rate(&limits::LISTINGS_FEED);
    Lane::feed(
        name,
        kinds,
        limits::FEED_LISTINGS_MAX,
        rate,
        limits::FEED_LATENCY,
    )
}

/// What is set on a listing that is there; several kinds of one SKU travel as one patch.
const OFFER_KINDS: &[ActionKind] = &[
    ActionKind::SetPrice,
    ActionKind::SetQuantity,
    ActionKind::Revise,
];

static LANES: &[Lane] = &[
    call(
        LISTING_CALL,
        &[ActionKind::Publish],
        limits::rate(&limits::LISTING_PUT),
        limits::CALLS_PER_CHANGE,
    ),
    feed(LISTING_FEED, &[ActionKind::Publish, ActionKind::End]),
    call(
        OFFER_CALL,
        OFFER_KINDS,
        limits::rate(&limits::LISTING_PATCH),
        limits::CALLS_PER_CHANGE,
    ),
    feed(OFFER_FEED, OFFER_KINDS),
    call(
        END_CALL,
        &[ActionKind::End],
        limits::rate(&limits::LISTING_DELETE),
        limits::CALLS_PER_CHANGE,
    ),
    // The same package reference again edits the package (amazon.md §7.5).
    call(SHIP, &[ActionKind::Ship], limits::rate(&limits::SHIP), 1),
];

pub(crate) static CAPABILITY: Capability = Capability {
    lanes: LANES,
    // amazon.md §5: a full write and a patch may be applied out of order, and the full write
    // carries price and quantity.
    exclusions: &[
        Exclusion {
            in_flight: Aspect::Content,
            waits: Aspect::Price,
        },
        Exclusion {
            in_flight: Aspect::Content,
            waits: Aspect::Quantity,
        },
    ],
    // amazon.md §11.5: 40 characters.
    sku_chars_max: 40,
    // amazon.md §11.5: no sign is refused for itself; a slash fails on some paths alone.
    sku_signs: None,
    // Titles are the page's own and are not sent; this is the longest by which one is looked for.
    title_chars_max: TITLE_CHARS_MAX,
    // Descriptions and pictures are the page's own and are not sent; bounds of our own.
    description_chars_max: 100_000,
    images_max: 100,
    // amazon.md §4.3 names none; a bound of our own.
    quantity_max: 999_999,
    images_https_only: false,
    categories_by_name: true,
    // amazon.md §12: a quantity of zero is the reversible way to end.
    keeps_listing_at_zero: true,
    // A pending order already takes its units (amazon.md §7.4).
    lowers_quantity_on_sale: true,
    // By times of change (amazon.md §4.2).
    reads_all_listings: true,
    // The merchant does not acknowledge orders (amazon.md §7).
    acknowledges_orders: false,
    // amazon.md §4.6: minutes, looked at for the last time after two hours.
    shows_changes_in: Duration::from_secs(2 * 60 * 60),
    // amazon.md §4.6: a day at worst.
    shows_listings_in: Duration::from_secs(24 * 60 * 60),
    // amazon.md §7.4.
    order_history: limits::ORDER_HISTORY,
    pull_overlap: limits::ORDER_OVERLAP,
    fetch_orders_max: limits::FETCH_ORDERS_MAX,
    // amazon.md §3.
    people_kept: Some(limits::PEOPLE_KEPT),
    // The reference becomes a number (amazon.md §7.5); a bound of our own.
    ship_reference_chars_max: 40,
};

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use barrow_market::Lane;
    use barrow_model::ActionKind;

    use super::{CAPABILITY, LANES};

    /// The engine's reckoning: a call takes 200 ms where no limit holds it up.
    fn time_of(lane: &Lane, changes: u64) -> Duration {
        let calls = changes.div_ceil(lane.changes_max as u64) * u64::from(lane.calls_per_batch);
        let calls = u32::try_from(calls).expect("few calls");
        let limited = calls.saturating_sub(lane.rate.burst);
        let per_call = lane.rate.per / lane.rate.calls;
        (per_call * limited).max(Duration::from_millis(200) * calls) + lane.latency
    }

    #[test]
    fn twenty_changes_go_by_call_and_more_by_feed() {
        for kind in [
            ActionKind::SetPrice,
            ActionKind::SetQuantity,
            ActionKind::Revise,
            ActionKind::Publish,
            ActionKind::End,
        ] {
            let check = |changes: u64, by_call: bool| {
                let best = CAPABILITY
                    .lanes_for(kind)
                    .min_by_key(|l| time_of(l, changes));
                let name = best.expect("a lane").name;
                assert_eq!(name.ends_with("_call"), by_call, "{kind:?} {changes}");
            };
            check(1, true);
            check(20, true);
            check(21, false);
            check(10_000, false);
        }
    }

    #[test]
    fn cancelling_and_refunding_are_not_offered() {
        for kind in [
            ActionKind::Cancel,
            ActionKind::Refund,
            ActionKind::Acknowledge,
        ] {
            assert!(!CAPABILITY.offers(kind), "{kind:?}");
        }
        assert!(LANES.iter().all(|lane| !lane.kinds.is_empty()));
    }
}
