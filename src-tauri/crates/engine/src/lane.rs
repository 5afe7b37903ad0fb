//! Which lane carries what: the one that is done soonest under its rate and latency.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_market::{Capability, Lane};
use barrow_model::ActionKind;

/// What a call takes where nothing limits it: a marketplace answers in about this time. It makes
/// one call of many changes cheaper than many calls, also while a burst is free.
const CALL_TIME: Duration = Duration::from_millis(200);

/// Chooses the lane for so many changes of a kind.
pub(crate) fn choose_lane(
    capability: &Capability,
    kind: ActionKind,
    waiting: u64,
    blocked: &dyn Fn(&Lane) -> bool,
) -> Option<&'static Lane> {
    // The first of equals: the adapter's order.
    capability
        .lanes_for(kind)
        .filter(|lane| !blocked(lane))
        .min_by_key(|lane| (time_of(lane, waiting), calls_of(lane, waiting)))
}

/// The fewest calls that carry so many changes.
pub(crate) fn calls_of(lane: &Lane, changes: u64) -> u64 {
    let per_batch = lane.changes_max.max(1) as u64;
    changes.div_ceil(per_batch) * u64::from(lane.calls_per_batch.max(1))
}

/// How long so many changes take until their results are there.
fn time_of(lane: &Lane, changes: u64) -> Duration {
    let calls = calls_of(lane, changes);
    let limited = calls.saturating_sub(u64::from(lane.rate.burst.max(1)));
    let per_call = lane.rate.per / lane.rate.calls.max(1);
    let times =
        |time: Duration, count: u64| time.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
    times(per_call, limited)
        .max(times(CALL_TIME, calls))
        .saturating_add(lane.latency)
}

/// Calls that changes of each kind take, and the time until their results are there. Kinds that
/// share a lane travel together where they are of the same listings; this counts them apart
/// and is therefore at most too high.
pub(crate) fn calls_estimate(
    capability: &Capability,
    counts: &BTreeMap<ActionKind, u64>,
) -> Vec<(&'static Lane, u64, Duration)> {
    let mut most: BTreeMap<&'static str, (u64, &'static Lane)> = BTreeMap::new();
    for (kind, count) in counts {
        if let Some(lane) = choose_lane(capability, *kind, *count, &|_| false) {
            let entry = most.entry(lane.name).or_insert((0, lane));
            entry.0 += count;
        }
    }
    most.into_values()
        .map(|(count, lane)| (lane, calls_of(lane, count), time_of(lane, count)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use barrow_market::{Lane, Rate};
    use barrow_model::{ActionKind, Delivery};

    use super::{calls_of, time_of};

    const CALL: Lane = Lane {
        name: "price",
        delivery: Delivery::Call,
        kinds: &[ActionKind::SetPrice],
        changes_max: 1,
        rate: Rate {
            calls: 100,
            per: Duration::from_secs(3_600),
            burst: 100,
        },
        calls_per_batch: 1,
        latency: Duration::ZERO,
        repeatable: true,
    };

    const FEED: Lane = Lane {
        name: "prices",
        delivery: Delivery::Feed,
        changes_max: 10_000,
        rate: Rate {
            calls: 10,
            per: Duration::from_secs(3_600),
            burst: 10,
        },
        latency: Duration::from_secs(900),
        repeatable: false,
        ..CALL
    };

    #[test]
    fn few_go_by_call_and_many_by_feed() {
        let check = |changes: u64, by_call: bool| {
            assert_eq!(
                time_of(&CALL, changes) <= time_of(&FEED, changes),
                by_call,
                "{changes}"
            );
        };
        check(1, true);
        check(100, true);
        check(500, false);
        check(20_000, false);
    }

    #[test]
    fn calls_are_the_fewest_that_batches_allow() {
        assert_eq!(calls_of(&FEED, 10_000), 1);
        assert_eq!(calls_of(&FEED, 10_001), 2);
        assert_eq!(calls_of(&CALL, 7), 7);
    }
}
