//! What was written is read a while later (ebay.md §12, 25604; §15.5): readings show what was there
//! before, and calls that build on something new do not find it yet.

use std::collections::BTreeMap;
use std::mem;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answer::{Outcome, Problem};
use super::call::Call;
use super::route::Route;
use super::state::{Group, Item, Listing, Offer, State};

/// What readings show instead of what is there.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Lag {
    /// How long readings stay behind; nil where they are up to date.
    behind: Duration,
    items: Older<Item>,
    offers: Older<Offer>,
    offers_of: Older<Vec<String>>,
    groups: Older<Group>,
    listings: Older<Listing>,
}

impl Lag {
    /// Readings stay behind by so many seconds from now on.
    pub(super) fn set(&mut self, seconds: u32) {
        self.behind = Duration::from_secs(seconds.into());
    }

    /// Whether an item was made so lately that other calls do not find it.
    pub(super) fn hides_item(&self, sku: &str) -> bool {
        self.items.hides(sku)
    }

    /// Whether an offer was made so lately that other calls do not find it.
    pub(super) fn hides_offer(&self, id: &str) -> bool {
        self.offers.hides(id)
    }

    /// Whether a group was made so lately that other calls do not find it.
    pub(super) fn hides_group(&self, key: &str) -> bool {
        self.groups.hides(key)
    }
}

/// The answer to what builds on something that is not found yet.
pub(super) fn not_found_yet(what: &str) -> Problem {
    let missing = format!("{what} not found.");
    Problem::inventory(25604, &format!("Input error. {missing}")).with("0", &missing)
}

/// What was there before it was written last, none where nothing was, and until when it is shown.
#[derive(Clone, Serialize, Deserialize)]
struct Older<T>(BTreeMap<String, (Option<T>, Duration)>);

impl<T> Default for Older<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Clone + PartialEq> Older<T> {
    fn hides(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|(older, _)| older.is_none())
    }

    fn expire(&mut self, now: Duration) {
        self.0.retain(|_, (_, until)| *until > now);
    }

    /// Keeps what was there of each thing that was written.
    fn keep(&mut self, before: BTreeMap<String, T>, after: &BTreeMap<String, T>, until: Duration) {
        let made = after.keys().filter(|key| !before.contains_key(*key));
        let made: Vec<String> = made.cloned().collect();
        let changed = before
            .into_iter()
            .filter(|(key, older)| after.get(key) != Some(older))
            .map(|(key, older)| (key, Some(older)));
        for (key, older) in changed.chain(made.into_iter().map(|key| (key, None))) {
            let kept = self.0.entry(key).or_insert((older, until));
            kept.1 = until;
        }
    }

    /// Puts what is shown in the place of what is there, and back.
    fn exchange(&mut self, there: &mut BTreeMap<String, T>) {
        for (key, (shown, _)) in &mut self.0 {
            let now = match shown.take() {
                Some(shown) => there.insert(key.clone(), shown),
                None => there.remove(key),
            };
            *shown = now;
        }
    }
}

/// Runs an operation of the Inventory API: a reading shows what was there a while ago.
pub(super) fn run(state: &mut State, route: &Route, call: &Call) -> Outcome {
    let now = call.now.elapsed;
    let lag = &mut state.lag;
    lag.items.expire(now);
    lag.offers.expire(now);
    lag.offers_of.expire(now);
    lag.groups.expire(now);
    lag.listings.expire(now);
    if !route.writes() {
        exchange(state);
        let outcome = (route.run)(state, call);
        exchange(state);
        return outcome;
    }
    if state.lag.behind.is_zero() {
        return (route.run)(state, call);
    }
    let items = state.items.clone();
    let offers = state.offers.clone();
    let offers_of = state.offers_of.clone();
    let groups = state.groups.clone();
    let listings = state.listings.clone();
    let outcome = (route.run)(state, call);
    let until = now + state.lag.behind;
    let lag = &mut state.lag;
    lag.items.keep(items, &state.items, until);
    lag.offers.keep(offers, &state.offers, until);
    lag.offers_of.keep(offers_of, &state.offers_of, until);
    lag.groups.keep(groups, &state.groups, until);
    lag.listings.keep(listings, &state.listings, until);
    outcome
}

fn exchange(state: &mut State) {
    let mut lag = mem::take(&mut state.lag);
    lag.items.exchange(&mut state.items);
    lag.offers.exchange(&mut state.offers);
    lag.offers_of.exchange(&mut state.offers_of);
    lag.groups.exchange(&mut state.groups);
    lag.listings.exchange(&mut state.listings);
    state.lag = lag;
}
