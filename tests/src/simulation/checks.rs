//! The rules that must hold after every step, after a run without trouble, and at the end.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_engine::{PullSummary, Summary};
use barrow_model::{
    AccountId, AccountState, FulfilledBy, ListingState, MovementKind, ObservedState, OrderState,
    SkuId,
};
use barrow_store::{ListingRow, OrderFilter, Reader, StoreError, StoredOrder};

use super::Checked;
use super::watch::cents;
use super::world::World;
use crate::shop::{ALL, NEWEGG};

/// Runs until everything must have settled: some wait an hour between tries.
const SETTLING_RUNS_MAX: u32 = 60;

/// Booked units by account, order, line and part.
type Booked = BTreeMap<(AccountId, String, String, SkuId), i64>;

impl World {
    /// The rules that hold at any time.
    pub(super) fn check(&self) -> Checked {
        if let Some(broken) = self.guard.broken() {
            return Err(broken);
        }
        let store = &self.shop.rig.store;
        let read = |error: StoreError| format!("the catalogue cannot be read: {error}");
        let faults = store.read(|db| db.verify_ledger()).map_err(read)?;
        if !faults.is_empty() {
            return Err(format!("ledger: {faults:?}"));
        }
        let wrong = store.read(|db| db.wrong_reservations()).map_err(read)?;
        if !wrong.is_empty() {
            return Err(format!("once: reservations of {wrong:?} are wrong"));
        }
        store
            .read(|db| Ok(self.check_bookings(db)))
            .map_err(read)??;
        self.check_refunds()?;
        for name in ALL {
            let violations = self.shop.held(name).limit_violations;
            if violations > 0 {
                return Err(format!(
                    "within limits: {violations} calls too many at {name}"
                ));
            }
        }
        Ok(())
    }

    /// *once*: what has left is booked, and not twice.
    fn check_bookings(&self, db: &Reader<'_>) -> Checked {
        let read = |error: StoreError| error.to_string();
        let mut booked = Booked::new();
        let mut counted = BTreeMap::new();
        for sku in &self.skus {
            let id = db.sku_id(sku).map_err(read)?;
            counted.insert(id, db.last_counted(id).map_err(read)?);
            for movement in db.movements(id, 1_000).map_err(read)? {
                if let (MovementKind::Shipped, Some(key)) = (movement.kind, movement.key) {
                    let key = (key.account_id, key.order_id, key.line_id, key.part);
                    *booked.entry(key).or_default() -= movement.delta;
                }
            }
        }
        let page = db
            .orders_page(&OrderFilter::default(), None, usize::MAX)
            .map_err(read)?;
        let mut may_be_booked = Booked::new();
        for stored in &page.orders {
            for (key, units) in shipped_units(db, stored).map_err(read)? {
                let is_after_count = counted
                    .get(&key.3)
                    .is_some_and(|at| at.is_none_or(|at| stored.order.placed_at > at));
                let is_booked = booked.get(&key).copied().unwrap_or_default();
                if is_after_count && !self.has_undone && is_booked != units {
                    return Err(format!(
                        "once: {key:?}: {units} have left, {is_booked} booked"
                    ));
                }
                may_be_booked.insert(key, units);
            }
        }
        for (key, units) in booked {
            let most = may_be_booked.get(&key).copied().unwrap_or_default();
            if page.next.is_none() && units > most {
                return Err(format!("once: {key:?}: {most} have left, {units} booked"));
            }
        }
        Ok(())
    }

    /// What holds after a run that nothing has stopped.
    pub(super) fn check_run(&self, pulled: &PullSummary, pushed: &Summary) -> Checked {
        for name in ALL {
            let account = self.shop.account(name);
            let of_account = pulled.accounts.iter().find(|one| one.account_id == account);
            if of_account.is_some_and(|one| one.is_complete()) {
                self.check_orders(name)?;
            }
        }
        let is_settled = pushed.waiting == 0
            && pushed.unknown == 0
            && pushed.held_count == 0
            && pushed.problems.is_empty();
        if is_settled {
            // Nothing is sent to an account that is paused: its listings stay as they are.
            for name in ALL.into_iter().filter(|name| !self.is_paused(name)) {
                for row in self.shop.listings(name) {
                    self.check_not_over(name, &row)?;
                }
            }
        }
        Ok(())
    }

    fn is_paused(&self, name: &str) -> bool {
        let account = self.shop.account(name);
        let state = self
            .shop
            .rig
            .store
            .read(|db| Ok(db.account(account)?.state));
        state.is_ok_and(|state| state == AccountState::Paused)
    }

    /// *no order lost*: every order from before a complete pull is stored or in quarantine.
    fn check_orders(&self, name: &'static str) -> Checked {
        let quarantine = self.shop.rig.store.read(|db| db.quarantine(1_000));
        let quarantine = quarantine.map_err(|error| error.to_string())?;
        for order_id in self.orders_before.get(name).into_iter().flatten() {
            let stored = self.shop.order_row(name, order_id).is_some();
            let aside = quarantine
                .iter()
                .any(|one| one.order_id.as_ref() == Some(order_id));
            if !stored && !aside && !self.is_hidden(name, order_id) {
                let held = self.shop.held_order(name, order_id);
                return Err(format!("no order lost: {order_id} of {name} is: {held:?}"));
            }
        }
        Ok(())
    }

    /// Whether Newegg tells nothing of an order: of those that are not paid yet its newest version
    /// alone knows (newegg.md §6.1).
    fn is_hidden(&self, name: &'static str, order_id: &str) -> bool {
        let refused = self.went_wrong.contains(&(NEWEGG, "version_refused"));
        refused && name == NEWEGG && self.shop.held_order(name, order_id).state == "Payment Pending"
    }

    /// *never over*: buyers are offered at most what is wanted.
    fn check_not_over(&self, name: &'static str, row: &ListingRow) -> Checked {
        let sku = &row.listing.channel_sku;
        let wanted = row.standing.wanted.quantity.unwrap_or_default();
        let refused =
            row.standing.refused.quantity.is_some() || row.listing.state == ListingState::Refused;
        let Some(shown) = self.shop.shown(name, sku) else {
            return Ok(());
        };
        if refused || shown.quantity <= wanted || self.is_cancelled_unseen(name, sku.as_str()) {
            return Ok(());
        }
        Err(format!(
            "never over: {name} offers {} of {sku}, wanted {wanted}",
            shown.quantity
        ))
    }

    /// Whether units came back to the marketplace's quantity by a cancellation that is not known.
    fn is_cancelled_unseen(&self, name: &'static str, sku: &str) -> bool {
        self.shop.held(name).orders.iter().any(|order| {
            let of_sku = order.lines.iter().any(|line| line.sku == sku);
            let is_cancelled = order.state.to_lowercase().contains("cancel");
            let stored = self.shop.stored_order(name, &order.order_id);
            let known = stored.is_some_and(|known| known.order.state() == OrderState::Cancelled);
            of_sku && is_cancelled && !known
        })
    }

    /// *converge*: with no new input and no faults, what is there is what is wanted.
    pub(super) async fn settle(&mut self) -> Checked {
        self.note("-- nothing new happens, and all goes well".to_owned());
        self.all_goes_well();
        self.buyers_come = false;
        for name in ALL {
            self.set_account_state(name, AccountState::Active);
        }
        let mut apart = "nothing was run".to_owned();
        for _ in 0..SETTLING_RUNS_MAX {
            self.shop.pass(Duration::from_secs(1_800)).await;
            self.seller_tries_again();
            self.look().await;
            let Some(pushed) = self.run_sync(Duration::from_secs(3_600), true).await else {
                return Err("the engine panicked".to_owned());
            };
            self.check()?;
            match self.check_settled(&pushed) {
                Ok(()) => return self.check_end().await,
                Err(still) => apart = still,
            }
        }
        Err(format!("converge: {apart}"))
    }

    /// What was refused because of faults is tried again by a person.
    fn seller_tries_again(&self) {
        for name in ALL {
            for row in self.shop.listings(name) {
                let refused = &row.standing.refused;
                let is_refused = row.listing.state == ListingState::Refused
                    || refused.price_minor.is_some()
                    || refused.quantity.is_some()
                    || refused.content.is_some();
                if is_refused {
                    let write = self
                        .shop
                        .rig
                        .store
                        .write(|tx| tx.retry_listing(row.listing.id));
                    write.expect("a listing can be tried again");
                }
            }
        }
    }

    fn check_settled(&self, pushed: &Summary) -> Checked {
        if (pushed.waiting, pushed.unknown, pushed.held_count) != (0, 0, 0) {
            let (waiting, unknown, held) = (pushed.waiting, pushed.unknown, pushed.held_count);
            return Err(format!("{waiting} wait, {unknown} unknown, {held} held"));
        }
        for name in ALL {
            for row in self.shop.listings(name) {
                self.check_agrees(name, &row)?;
            }
        }
        Ok(())
    }

    fn check_agrees(&self, name: &'static str, row: &ListingRow) -> Checked {
        let (sku, wanted) = (&row.listing.channel_sku, &row.standing.wanted);
        let state = row.listing.state;
        let shown = self.shop.shown(name, sku);
        let is_there = row.standing.acknowledged.content.is_some();
        let Some(shown) = shown else {
            // What has nothing to sell, or no price, is not published.
            let fine = !is_there
                && (matches!(state, ListingState::Ended | ListingState::Paused)
                    || wanted.quantity == Some(0)
                    || wanted.price.is_none());
            let told = || {
                let held = self.shop.held(name).listings;
                let there = held.into_iter().find(|one| one.sku == sku.as_str());
                Err(format!(
                    "{name} {sku} is {state:?}, there {there:?}, standing {:?}",
                    row.standing
                ))
            };
            return if fine || self.is_known_as_blocked(row) {
                Ok(())
            } else {
                told()
            };
        };
        // It was put there by a publish whose fate is not known, and nobody can buy it.
        if !is_there && wanted.quantity == Some(0) && shown.quantity == 0 {
            return Ok(());
        }
        let apart = || {
            Err(format!(
                "{name} {sku} is {state:?}, shown {shown:?}, wanted {:?}",
                row.standing
            ))
        };
        if state == ListingState::Ended || Some(shown.quantity) != wanted.quantity {
            return apart();
        }
        match wanted.price {
            Some(price) if price.minor != cents(&shown.price) => apart(),
            _ => Ok(()),
        }
    }

    /// Whether the marketplace has taken a listing down, and the seller, who alone can mend that,
    /// is told why.
    fn is_known_as_blocked(&self, row: &ListingRow) -> bool {
        let id = row.listing.id;
        let problems = self.shop.rig.store.read(|db| db.listing_problems(id));
        row.standing.observed_state == Some(ObservedState::Blocked)
            && problems.is_ok_and(|problems| !problems.is_empty())
    }

    /// At the very end nothing is left to send, and orders are on both sides the same.
    async fn check_end(&mut self) -> Checked {
        // What was shipped in the last run is confirmed by the next pull, and may free stock.
        self.run_sync(Duration::from_secs(3_600), true).await;
        let before = self.shop.writes();
        let pushed = self.run_sync(Duration::from_secs(60), true).await;
        let done = pushed.map(|pushed| pushed.done);
        let writes: Vec<_> = self
            .shop
            .writes_since(&before)
            .into_iter()
            .filter(|(_, operation, _)| {
                !matches!(operation.as_str(), "acknowledgeOrders" | "confirmOrders")
            })
            .collect();
        let nobody_buys = self.orders_per_hour == 0;
        if nobody_buys && !writes.is_empty() {
            return Err(format!(
                "nothing changed, and {done:?} were sent: {writes:?}"
            ));
        }
        for name in ALL {
            self.check_orders(name)?;
            for order_id in self.orders_before.get(name).into_iter().flatten() {
                self.check_order_agrees(name, order_id)?;
            }
        }
        Ok(())
    }

    fn check_order_agrees(&self, name: &'static str, order_id: &str) -> Checked {
        let held = self.shop.held_order(name, order_id);
        let Some(stored) = self.shop.stored_order(name, order_id) else {
            return Ok(());
        };
        let there: u32 = held.lines.iter().map(|line| line.quantity_shipped).sum();
        let here: u32 = stored
            .order
            .lines
            .iter()
            .map(|line| line.quantity_shipped)
            .sum();
        if there == here {
            return Ok(());
        }
        Err(format!(
            "{order_id} of {name}: {there} have left there, {here} here"
        ))
    }
}

/// Units of each part that have left with an order, as far as its lines are known goods.
fn shipped_units(db: &Reader<'_>, stored: &StoredOrder) -> Result<Booked, StoreError> {
    let mut shipped = Booked::new();
    if stored.order.fulfilled_by != FulfilledBy::Seller {
        return Ok(shipped);
    }
    for (line, matched) in stored.order.lines.iter().zip(&stored.matches) {
        let Some(matched) = matched else { continue };
        let parts = db.kit_parts(matched.sku_id)?;
        let units: Vec<(SkuId, i64)> = if parts.is_empty() {
            vec![(matched.sku_id, 1)]
        } else {
            parts
                .iter()
                .map(|part| (part.variant_id, part.quantity.into()))
                .collect()
        };
        for (part, units) in units {
            let order_id = stored.order.order_id.clone();
            let key = (stored.account_id, order_id, line.line_id.clone(), part);
            *shipped.entry(key).or_default() += i64::from(line.quantity_shipped) * units;
        }
    }
    Ok(shipped)
}
