//! Checks every call as it takes effect: what a seller's call makes a marketplace show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use barrow_market::Exclusion;
use barrow_model::{AccountId, Aspect, Clock, ListingId};
use barrow_practice::{HeldListing, Marketplaces};
use barrow_store::{Store, StoreError};
use bytes::Bytes;
use chrono::TimeDelta;
use http::{Method, Request};

use super::world::{FLOOR_CENTS, Trace};
use crate::rig::{BEGIN_SECONDS, TokioClock, Watcher};
use crate::shop::{ALL, Shop};

/// A publish or an increase follows a pull within 15 minutes (rule *never over*); a call that
/// waits for a limit, or is tried again, takes a little longer.
const PULL_AGE_SECONDS_MAX: i64 = 15 * 60 + 60;

/// What buyers see of one marketplace.
type Seen = BTreeMap<String, HeldListing>;

/// Watches the calls.
pub(super) struct Guard {
    store: Arc<Store>,
    marketplaces: Arc<Marketplaces>,
    accounts: BTreeMap<&'static str, AccountId>,
    exclusions: BTreeMap<&'static str, &'static [Exclusion]>,
    clock: Arc<TokioClock>,
    trace: Arc<Trace>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    seen: BTreeMap<&'static str, Seen>,
    /// The call that is being answered, where it may change something.
    call: Option<String>,
    broken: Vec<String>,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guard")
    }
}

impl Guard {
    pub(super) fn new(shop: &Shop, trace: &Arc<Trace>) -> Self {
        Self {
            store: Arc::clone(&shop.rig.store),
            marketplaces: Arc::clone(&shop.rig.marketplaces),
            accounts: shop.rig.accounts.clone(),
            exclusions: ALL.map(|name| (name, shop.rig.exclusions(name))).into(),
            clock: Arc::clone(&shop.rig.clock),
            trace: Arc::clone(trace),
            state: Mutex::default(),
        }
    }

    /// The first rule that a call has broken.
    pub(super) fn broken(&self) -> Option<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.broken.first().cloned()
    }

    fn look(&self, marketplace: &'static str) -> Seen {
        let mut held = self.marketplaces.held().expect("it is kept in memory");
        let held = held.remove(marketplace).expect("it is practised");
        // A SKU that has ended may be there again.
        let (ended, there): (Vec<_>, Vec<_>) = held
            .listings
            .into_iter()
            .partition(|one| one.state == "ended");
        ended
            .into_iter()
            .chain(there)
            .map(|one| (one.sku.clone(), one))
            .collect()
    }

    /// *never under*: what is shown anew has a price, and never one below the floor.
    fn check_prices(
        &self,
        name: &str,
        before: Option<&Seen>,
        after: &Seen,
        broken: &mut Vec<String>,
    ) {
        for (sku, shown) in after {
            let known = before.and_then(|before| before.get(sku));
            let Some(price) = &shown.price else { continue };
            if known.and_then(|known| known.price.as_ref()) == Some(price) {
                continue;
            }
            if cents(&price.amount) < FLOOR_CENTS {
                broken.push(format!(
                    "never under: {name} shows {sku} at {}",
                    price.amount
                ));
            }
        }
    }

    /// *never over*: what rises by a call is at most what is available, and every account that
    /// shares the stock was pulled just now.
    fn check_rises(
        &self,
        name: &'static str,
        before: &Seen,
        after: &Seen,
        broken: &mut Vec<String>,
    ) -> Result<(), StoreError> {
        for (sku, shown) in after {
            let there = before.get(sku).map_or(0, for_sale);
            let rises_to = for_sale(shown);
            if rises_to <= there {
                continue;
            }
            let account = self.accounts[name];
            let now = self.clock.now();
            self.store.read(|db| {
                let rows = db.listings_of(account, sku)?;
                let ids: Vec<ListingId> = rows.iter().map(|row| row.listing.id).collect();
                for listed in db.goods(&ids)? {
                    let available = listed.goods.available;
                    if i64::from(rises_to) > available {
                        broken.push(format!(
                            "never over: {name} {sku} rises from {there} to {rises_to}, \
                             {available} are available"
                        ));
                    }
                    let standing = &listed.row.standing;
                    let thought = standing
                        .expected_quantity
                        .or(standing.acknowledged.quantity);
                    if thought.is_some_and(|thought| rises_to < thought) {
                        // A decrease always goes; that more was sold meanwhile nobody knew.
                        continue;
                    }
                    let mut sharing = db.accounts_sharing_stock(listed.row.listing.sku_id)?;
                    sharing.push(account);
                    for other in sharing {
                        let age = db.pulled_at(other)?.map(|at| now - at);
                        if age.is_none_or(|age| age > TimeDelta::seconds(PULL_AGE_SECONDS_MAX)) {
                            broken.push(format!(
                                "never over: {name} {sku} rises to {rises_to}, account {other} \
                                 was pulled {age:?} ago"
                            ));
                        }
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// *one at a time*: at most one change of an aspect is in flight.
    fn check_in_flight(
        &self,
        name: &'static str,
        broken: &mut Vec<String>,
    ) -> Result<(), StoreError> {
        let exclusions = self.exclusions[name];
        let account = self.accounts[name];
        self.store.read(|db| {
            for sku in self.look(name).keys() {
                for row in db.listings_of(account, sku)? {
                    let mut busy: BTreeSet<&'static str> = BTreeSet::new();
                    let travelling = db.travelling(row.listing.id)?;
                    let aspects: Vec<Aspect> = travelling
                        .iter()
                        .filter_map(|change| change.kind.aspect())
                        .collect();
                    let twice = aspects.iter().any(|aspect| !busy.insert(word(*aspect)));
                    // Where only one of them waits, the other may follow it.
                    let excluded = exclusions.iter().any(|one| {
                        let both = |other: &&Exclusion| {
                            other.in_flight == one.waits && other.waits == one.in_flight
                        };
                        aspects.contains(&one.in_flight)
                            && aspects.contains(&one.waits)
                            && exclusions.iter().find(both).is_some()
                    });
                    if twice || excluded {
                        broken.push(format!("one at a time: {name} {sku}: {aspects:?}"));
                    }
                }
            }
            Ok(())
        })
    }
}

fn word(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Content => "content",
        Aspect::Price => "price",
        Aspect::Quantity => "quantity",
    }
}

fn for_sale(shown: &HeldListing) -> u32 {
    if shown.state == "live" {
        shown.quantity
    } else {
        0
    }
}

/// Cents of decimal text with two decimals.
pub(super) fn cents(amount: &str) -> i64 {
    amount.replace('.', "").parse().unwrap_or_default()
}

impl Watcher for Guard {
    fn arrives(&self, marketplace: &'static str, request: &Request<Bytes>) {
        let seconds = self.clock.now().timestamp() - BEGIN_SECONDS;
        let path = request.uri().path();
        self.trace.note(format!(
            "{seconds:>7}   {marketplace} {} {path}",
            request.method()
        ));
        if request.method() == Method::GET || path.contains("token") {
            return;
        }
        let now = self.look(marketplace);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { seen, call, broken } = &mut *state;
        self.check_prices(marketplace, seen.get(marketplace), &now, broken);
        let checked = self.check_in_flight(marketplace, broken);
        checked.expect("the catalogue can be read");
        seen.insert(marketplace, now);
        *call = Some(path.to_owned());
    }

    fn is_done(&self, marketplace: &'static str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { seen, call, broken } = &mut *state;
        let Some(path) = call.take() else { return };
        let now = self.look(marketplace);
        let before = seen.insert(marketplace, now.clone()).unwrap_or_default();
        self.check_prices(marketplace, Some(&before), &now, broken);
        // Units of an order that is cancelled are for sale again by themselves.
        if !path.contains("cancel") && !path.contains("orders") {
            let checked = self.check_rises(marketplace, &before, &now, broken);
            checked.expect("the catalogue can be read");
        }
    }
}
