//! Forms batches out of what waits, and stores what became of them.
//!
//! A batch forms and its attempt is committed in one durable transaction: the values in it are
//! those of that moment, and whatever happens afterwards it is known what left.

use std::collections::{BTreeMap, BTreeSet};

use barrow_market::{Batch, Capability, Lane, Remarks};
use barrow_model::{
    Action, ActionKind, Aspect, AttemptId, Change, ChangeId, Listing, ListingId, ListingRef,
    ListingState, SkuId, Target,
};
use barrow_store::{
    ListedGoods, NewAttempt, Priority, QueuedChange, Reader, Sendable, Sending, Settlement,
    StoreError, Writer,
};
use chrono::{DateTime, Duration, Utc};

use crate::engine::Engine;
use crate::error::Result;
use crate::family::whole_families;
use crate::plan::direction;
use crate::safety::price_moves_far;
use crate::wanted::{Desk, Wanted};

/// A publish or an increase goes only where every account that shares the stock was pulled within
/// this time.
pub const PULL_AGE_MAX: Duration = Duration::minutes(15);

/// A change that needs a pull looks again after this.
const PULL_WAIT: Duration = Duration::minutes(1);

/// Delays between tries and look-ups, in seconds; the last one repeats.
const DELAYS: [i64; 7] = [5, 15, 60, 300, 900, 1_800, 3_600];

/// How long to wait after so many failures.
pub(crate) fn delay(failures: u32) -> Duration {
    let index = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    Duration::seconds(DELAYS[index.min(DELAYS.len() - 1)])
}

/// A batch whose attempt is committed.
#[derive(Clone, Debug)]
pub(crate) struct Formed {
    pub(crate) attempt_id: AttemptId,
    pub(crate) lane: &'static Lane,
    pub(crate) batch: Batch,
}

/// What forming a batch came to.
#[derive(Debug)]
pub(crate) enum Forming {
    /// A batch is committed.
    Formed(Formed),
    /// What waited was dropped, put off or held: look again.
    Moved,
    /// Nothing can be sent.
    Nothing,
}

/// Aspects that keep a change of an aspect waiting while they are in flight.
fn waits_for(capability: &Capability, aspect: Option<Aspect>) -> Vec<Aspect> {
    let excluded = capability
        .exclusions
        .iter()
        .filter(|exclusion| Some(exclusion.waits) == aspect)
        .map(|exclusion| exclusion.in_flight);
    aspect.into_iter().chain(excluded).collect()
}

impl Engine {
    /// Forms the next batch of a lane and commits its attempt.
    pub(crate) fn form_batch(
        &self,
        desk: &Desk,
        capability: &Capability,
        lane: &'static Lane,
    ) -> Result<Forming> {
        let now = self.now();
        let fingerprint = format!(
            "barrow-{:016x}{:016x}",
            self.random.next_u64(),
            self.random.next_u64()
        );
        let forming = self.store.write_durably(|tx| {
            let picked = pick(tx, desk, capability, lane, now)?;
            if picked.is_empty() {
                return Ok(Forming::Nothing);
            }
            let sendings = fill(tx, desk, picked, now)?;
            if sendings.is_empty() {
                return Ok(Forming::Moved);
            }
            let attempt_id = tx.begin_attempt(&NewAttempt {
                account_id: desk.id(),
                lane: lane.name,
                fingerprint: &fingerprint,
                sendings: &sendings,
            })?;
            let changes = sendings.into_iter().map(|sending| sending.change).collect();
            Ok(Forming::Formed(Formed {
                attempt_id,
                lane,
                batch: Batch {
                    lane: lane.name,
                    changes,
                    fingerprint: fingerprint.clone(),
                    begun_at: now,
                },
            }))
        })?;
        Ok(forming)
    }

    /// Stores what became of a batch's changes, in one transaction, and counts it.
    pub(crate) fn settle_all(
        &self,
        lane: Option<&Lane>,
        outcomes: Vec<(ChangeId, Settlement)>,
        told: &crate::push::Tally,
    ) -> Result<()> {
        self.settle_remarked(lane, (outcomes, &BTreeMap::new()), told)
    }

    /// The same with what the marketplace remarked of some of them.
    pub(crate) fn settle_remarked(
        &self,
        lane: Option<&Lane>,
        (outcomes, remarks): (Vec<(ChangeId, Settlement)>, &BTreeMap<ChangeId, Remarks>),
        told: &crate::push::Tally,
    ) -> Result<()> {
        let settled = self.store.write(|tx| {
            let settled = tx.settle_all(&outcomes)?;
            for queued in &settled {
                if let Some(said) = remarks.get(&queued.id) {
                    tx.note_remarks(queued, &said.warnings, said.quantity_lowered)?;
                }
            }
            Ok(settled)
        })?;
        self.faults.at("push.outcomes_stored");
        if outcomes
            .iter()
            .any(|(_, settlement)| settlement.is_a_step())
        {
            self.faults.at("push.advanced_stored");
        }
        let mut outcomes: BTreeMap<ChangeId, Settlement> = outcomes.into_iter().collect();
        for change in settled {
            match outcomes.remove(&change.id) {
                Some(Settlement::Applied { .. } | Settlement::Ended { .. }) => told.done(),
                Some(Settlement::Refused { problem }) => {
                    tracing::info!(
                        lane = lane.map_or("", |lane| lane.name),
                        kind = change.kind.code(),
                        problem = %problem.kind,
                        "refused"
                    );
                    told.refused(&change, problem);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Picks what a batch of a lane can carry, first things first: as many listings as it takes, and of
/// each everything that the lane carries.
fn pick(
    db: &Reader<'_>,
    desk: &Desk,
    capability: &Capability,
    lane: &Lane,
    now: DateTime<Utc>,
) -> std::result::Result<Vec<QueuedChange>, StoreError> {
    let mut found: Vec<QueuedChange> = Vec::new();
    for kind in lane.kinds {
        found.extend(db.sendable(&Sendable {
            account_id: desk.id(),
            kind: *kind,
            waits_for: &waits_for(capability, kind.aspect()),
            now,
            limit: lane.changes_max.max(1),
        })?);
    }
    found.sort_by_key(|change| (change.priority, change.id));
    let limit = lane.changes_max.max(1);
    let mut subjects: BTreeSet<(Option<ListingId>, Option<i64>)> = BTreeSet::new();
    let mut busy: BTreeMap<String, Vec<Aspect>> = BTreeMap::new();
    let mut orders = BTreeSet::new();
    let mut picked = Vec::new();
    let subject = |change: &QueuedChange| (change.listing_id, change.order_row_id.map(|id| id.0));
    for change in found {
        let fits = subjects.contains(&subject(&change)) || subjects.len() < limit;
        if !fits || !is_free(capability, &change, &mut busy, &mut orders) {
            continue;
        }
        subjects.insert(subject(&change));
        picked.push(change);
    }
    add_mates(db, capability, lane, &mut picked, (&mut busy, now))?;
    Ok(picked)
}

/// Adds what else waits for the picked listings and travels on the same lane, beyond what the
/// first look found.
fn add_mates(
    db: &Reader<'_>,
    capability: &Capability,
    lane: &Lane,
    picked: &mut Vec<QueuedChange>,
    (busy, now): (&mut BTreeMap<String, Vec<Aspect>>, DateTime<Utc>),
) -> std::result::Result<(), StoreError> {
    if lane.kinds.len() < 2 {
        return Ok(());
    }
    let have: BTreeSet<ChangeId> = picked.iter().map(|change| change.id).collect();
    let listings: BTreeSet<ListingId> = picked.iter().filter_map(|c| c.listing_id).collect();
    for listing in listings {
        for kind in lane.kinds.iter().filter(|kind| kind.aspect().is_some()) {
            let Some(mate) = db.waiting_for(listing, *kind, now)? else {
                continue;
            };
            let sku = mate.channel_sku.clone().unwrap_or_default();
            let blocking = waits_for(capability, kind.aspect());
            if !have.contains(&mate.id)
                && !db.is_in_flight(mate.account_id, &sku, &blocking)?
                && is_free(capability, &mate, busy, &mut BTreeSet::new())
            {
                picked.push(mate);
            }
        }
    }
    Ok(())
}

/// Whether nothing that is in the batch already keeps a change waiting; it is in it afterwards.
fn is_free(
    capability: &Capability,
    change: &QueuedChange,
    busy: &mut BTreeMap<String, Vec<Aspect>>,
    orders: &mut BTreeSet<i64>,
) -> bool {
    let Some(sku) = &change.channel_sku else {
        return change.order_row_id.is_none_or(|id| orders.insert(id.0));
    };
    let aspect = change.kind.aspect();
    let in_batch = busy.entry(sku.clone()).or_default();
    let blocking = waits_for(capability, aspect);
    if in_batch.iter().any(|other| blocking.contains(other)) {
        return false;
    }
    in_batch.extend(aspect);
    true
}

/// Gives each picked change its values of this moment. What is not needed any more is dropped, what
/// must not go yet is put off.
fn fill(
    tx: &mut Writer<'_>,
    desk: &Desk,
    picked: Vec<QueuedChange>,
    now: DateTime<Utc>,
) -> std::result::Result<Vec<Sending>, StoreError> {
    let ids: BTreeSet<ListingId> = picked.iter().filter_map(|c| c.listing_id).collect();
    let ids: Vec<ListingId> = ids.into_iter().collect();
    let mut goods: BTreeMap<ListingId, (ListedGoods, Wanted)> = BTreeMap::new();
    for chunk in ids.chunks(barrow_store::GOODS_MAX) {
        for listed in tx.goods(chunk)? {
            let wanted = desk.wanted(tx, &listed, now)?;
            goods.insert(listed.row.listing.id, (listed, wanted));
        }
    }
    let picked = whole_families(tx, picked, &goods, now)?;
    let mut pulls = Pulls::default();
    let mut sendings = Vec::with_capacity(picked.len());
    for change in picked {
        let filled = match change.listing_id {
            None => order_sending(&change),
            Some(id) => match goods.get(&id) {
                Some((listed, wanted)) => {
                    let mut filling = Filling {
                        desk,
                        listed,
                        wanted,
                        change: &change,
                        now,
                    };
                    filling.fill(tx, &mut pulls)?
                }
                None => Filled::Drop,
            },
        };
        match filled {
            Filled::Send(sending) => sendings.push(*sending),
            Filled::Drop => {
                tx.drop_change(change.id)?;
            }
            Filled::PutOff(until) => tx.put_off(change.id, until)?,
            Filled::PlanAgain(id) => {
                tx.mark_dirty(id)?;
                tx.put_off(change.id, now + Duration::seconds(1))?;
            }
        }
    }
    Ok(sendings)
}

/// What becomes of a picked change.
enum Filled {
    Send(Box<Sending>),
    /// Not needed any more.
    Drop,
    /// Must not go yet.
    PutOff(DateTime<Utc>),
    /// Something moved since it was planned, so that it must be judged anew.
    PlanAgain(ListingId),
}

fn order_sending(change: &QueuedChange) -> Filled {
    match &change.request {
        Some((target, action)) => Filled::Send(Box::new(Sending {
            change: Change {
                id: change.id,
                target: target.clone(),
                action: action.clone(),
            },
            value: None,
            price: None,
            quantity: None,
            content: None,
        })),
        None => Filled::Drop,
    }
}

/// One change while its values are computed.
struct Filling<'a> {
    desk: &'a Desk,
    listed: &'a ListedGoods,
    wanted: &'a Wanted,
    change: &'a QueuedChange,
    now: DateTime<Utc>,
}

impl Filling<'_> {
    fn fill(
        &mut self,
        tx: &mut Writer<'_>,
        pulls: &mut Pulls,
    ) -> std::result::Result<Filled, StoreError> {
        let id = self.listed.row.listing.id;
        Ok(match self.change.kind {
            ActionKind::Publish => {
                let Ok(price) = self.wanted.price else {
                    return Ok(Filled::PlanAgain(id));
                };
                if self.wanted.quantity == 0 || !self.is_to_be_there() {
                    return Ok(Filled::PlanAgain(id));
                }
                if !pulls.are_fresh(tx, self.sku_id(), self.desk, self.now)? {
                    return Ok(Filled::PutOff(self.now + PULL_WAIT));
                }
                tx.move_listing(id, ListingState::Publishing)?;
                tx.store_wanted_values(id, &self.wanted.values())?;
                let quantity = self.wanted.quantity;
                let mut sending = self.sending(
                    Action::Publish(self.wanted.offer(price, quantity)),
                    Some(format!("{price}, {quantity}")),
                );
                sending.price = Some(price);
                sending.quantity = Some(quantity);
                sending.content = Some(self.wanted.content_hash.clone());
                Filled::Send(Box::new(sending))
            }
            // A content may carry its quantity: after a sale that is not known it would raise it.
            ActionKind::Revise if !pulls.are_fresh(tx, self.sku_id(), self.desk, self.now)? => {
                Filled::PutOff(self.now + PULL_WAIT)
            }
            ActionKind::Revise => self.revise(),
            ActionKind::SetPrice => self.set_price(),
            ActionKind::SetQuantity => return self.set_quantity(tx, pulls),
            ActionKind::End => {
                let emptied = self.change.after.is_some();
                if emptied && self.wanted.quantity > 0 {
                    return Ok(Filled::PlanAgain(id));
                }
                Filled::Send(Box::new(self.sending(Action::End, None)))
            }
            _ => Filled::Drop,
        })
    }

    fn sku_id(&self) -> SkuId {
        self.listed.row.listing.sku_id
    }

    fn is_to_be_there(&self) -> bool {
        !matches!(
            self.listed.row.listing.state,
            ListingState::Ending | ListingState::Ended | ListingState::Paused
        )
    }

    fn revise(&self) -> Filled {
        let standing = &self.listed.row.standing;
        let hash = &self.wanted.content_hash;
        if standing.acknowledged.content.as_ref() == Some(hash) {
            return Filled::Drop;
        }
        let known = standing
            .acknowledged
            .price
            .or(standing.observed.price)
            .or(self.wanted.price.as_ref().ok().copied());
        let Some(price) = known else {
            return Filled::PlanAgain(self.listed.row.listing.id);
        };
        // What is there already must not grow by a revision, nor be more than can be sold.
        let there = standing
            .expected_quantity
            .or(standing.acknowledged.quantity)
            .unwrap_or(0);
        let quantity = there.min(self.wanted.quantity);
        let mut sending = self.sending(Action::Revise(self.wanted.offer(price, quantity)), None);
        sending.content = Some(hash.clone());
        // Whether it carries them is the marketplace's: what is there afterwards is compared.
        sending.price = Some(price);
        sending.quantity = Some(quantity);
        Filled::Send(Box::new(sending))
    }

    fn set_price(&self) -> Filled {
        let Ok(price) = self.wanted.price else {
            return Filled::PlanAgain(self.listed.row.listing.id);
        };
        let there = self.listed.row.standing.acknowledged.price;
        if there == Some(price) {
            return Filled::Drop;
        }
        // A price that was not judged as it stands now must be judged again.
        let judged = self.change.after.as_deref() == Some(price.to_string().as_str());
        let far = there
            .and_then(|there| price_moves_far(&self.desk.rules.safety, there, price))
            .is_some();
        if !judged || far && !self.change.approved {
            return Filled::PlanAgain(self.listed.row.listing.id);
        }
        let mut sending = self.sending(Action::SetPrice(price), Some(price.to_string()));
        sending.price = Some(price);
        Filled::Send(Box::new(sending))
    }

    fn set_quantity(
        &self,
        tx: &mut Writer<'_>,
        pulls: &mut Pulls,
    ) -> std::result::Result<Filled, StoreError> {
        let standing = &self.listed.row.standing;
        let quantity = self.wanted.quantity;
        if standing.expected_quantity == Some(quantity) {
            return Ok(Filled::Drop);
        }
        // Running empty is judged together with what else does.
        let is_judged = self.change.approved || self.change.after.as_deref() == Some("0");
        if quantity == 0 && !is_judged {
            return Ok(Filled::PlanAgain(self.listed.row.listing.id));
        }
        if quantity > 0 && self.is_pull_awaited(tx)? {
            return Ok(Filled::PutOff(self.now + PULL_WAIT));
        }
        let at_most = standing.acknowledged.quantity;
        let direction = direction(standing.expected_quantity, at_most, quantity);
        if direction == Priority::QuantityUp
            && !pulls.are_fresh(tx, self.sku_id(), self.desk, self.now)?
        {
            return Ok(Filled::PutOff(self.now + PULL_WAIT));
        }
        // What was computed now is what the marketplace is to acknowledge.
        let mut values = standing.wanted.clone();
        values.quantity = Some(quantity);
        tx.store_wanted_values(self.listed.row.listing.id, &values)?;
        let mut sending = self.sending(Action::SetQuantity(quantity), Some(quantity.to_string()));
        sending.quantity = Some(quantity);
        Ok(Filled::Send(Box::new(sending)))
    }

    /// Whether fewer units were there than was thought, and no pull since tells what was sold: any
    /// quantity could be one too many.
    fn is_pull_awaited(&self, db: &Reader<'_>) -> std::result::Result<bool, StoreError> {
        let Some(lowered) = db.lowered_at(self.listed.row.listing.id)? else {
            return Ok(false);
        };
        let pulled = db.pulled_at(self.desk.id())?;
        Ok(pulled.is_none_or(|at| at <= lowered))
    }

    fn sending(&self, action: Action, value: Option<String>) -> Sending {
        let listing = &self.listed.row.listing;
        Sending {
            change: Change {
                id: self.change.id,
                target: Target::Listing(listing_ref(listing)),
                action,
            },
            value,
            price: None,
            quantity: None,
            content: None,
        }
    }
}

/// How an adapter is told which listing is meant.
pub(crate) fn listing_ref(listing: &Listing) -> ListingRef {
    ListingRef {
        id: listing.id,
        site: listing.site.clone(),
        sku: listing.channel_sku.clone(),
        binding: listing.binding.clone(),
        pool: listing.pool.clone(),
    }
}

/// What is known of pulls while a batch forms.
#[derive(Default)]
struct Pulls {
    known: BTreeMap<barrow_model::AccountId, bool>,
}

impl Pulls {
    /// Whether the account and every account that sells from the same stock was pulled just now.
    fn are_fresh(
        &mut self,
        db: &Reader<'_>,
        sku: SkuId,
        desk: &Desk,
        now: DateTime<Utc>,
    ) -> std::result::Result<bool, StoreError> {
        let mut accounts = db.accounts_sharing_stock(sku)?;
        accounts.push(desk.id());
        for account in accounts {
            let fresh = match self.known.get(&account) {
                Some(fresh) => *fresh,
                None => {
                    let pulled = db.pulled_at(account)?;
                    let fresh = pulled.is_some_and(|at| now - at <= PULL_AGE_MAX);
                    self.known.insert(account, fresh);
                    fresh
                }
            };
            if !fresh {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
