//! What is to be done: the difference between what is wanted of a listing and what the marketplace
//! has. Only listings that something of changed are computed.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_model::{
    AccountId, AccountState, ActionKind, Delivery, FulfilledBy, ListingId, ListingState, Money,
    Problem,
};
use barrow_store::{
    ListedGoods, Priority, ProblemAt, Reader, StoreError, Travelling, Values, Wish, Writer,
};
use chrono::{DateTime, Utc};

use crate::demands::{KnownRules, demands};
use crate::engine::{Engine, ProgressEvent, Stage};
use crate::error::Result;
use crate::lane::calls_estimate;
use crate::safety::{JUDGED_MAX, Judged, judge_account, price_moves_far};
use crate::wanted::{Desk, Wanted};

/// What a push would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What would be sent.
    pub changes: Vec<PlannedChange>,
    /// What would wait for a yes, and why.
    pub held: Vec<(PlannedChange, Problem)>,
    /// What cannot be sent until something is mended.
    pub refused: Vec<PlannedRefusal>,
    /// Calls that the sending would take, lane by lane.
    pub calls: Vec<LaneCalls>,
}

/// One thing that would be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedChange {
    /// Where.
    pub account_id: AccountId,
    /// Of which listing.
    pub listing_id: ListingId,
    /// Under which SKU there.
    pub channel_sku: String,
    /// The key of the family that the listing will be shown in, where it is published.
    pub family: Option<String>,
    /// What.
    pub kind: ActionKind,
    /// What is there now.
    pub before: Option<String>,
    /// What would be there.
    pub after: Option<String>,
}

/// A listing that cannot be brought to what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRefusal {
    /// Where.
    pub account_id: AccountId,
    /// Which listing.
    pub listing_id: ListingId,
    /// Under which SKU there.
    pub channel_sku: String,
    /// Why.
    pub problem: Problem,
}

/// The calls that a lane would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneCalls {
    /// Where.
    pub account_id: AccountId,
    /// Which lane.
    pub lane: &'static str,
    /// How many.
    pub calls: u64,
    /// Whether each is a call, a feed or a file.
    pub delivery: Delivery,
    /// How long it takes from rest until the results are there.
    pub time: Duration,
}

/// What one listing needs.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) listing_id: ListingId,
    pub(crate) channel_sku: String,
    pub(crate) wanted: Values,
    pub(crate) wishes: Vec<Wish>,
    /// A state that it takes without anything being sent.
    pub(crate) state: Option<ListingState>,
    /// Why the rules give no price.
    pub(crate) rule_problem: Option<Problem>,
    /// What an adapter would refuse.
    pub(crate) demands: Vec<Problem>,
}

impl Engine {
    /// Tells what a push of some accounts would do. Writes nothing and calls nobody.
    pub async fn plan(&self, accounts: &[AccountId]) -> Result<Plan> {
        self.plan_watched(accounts, &|_| {}).await
    }

    /// The same, and tells of each account how far it is.
    pub async fn plan_watched(
        &self,
        accounts: &[AccountId],
        watch: &(dyn Fn(&ProgressEvent) + Sync),
    ) -> Result<Plan> {
        let mut plan = Plan::default();
        for id in self.chosen_accounts(accounts)? {
            let desk = self.desk(id).await?;
            let decisions = self.decide_all(&desk, watch).await?;
            self.add_to_plan(&desk, decisions, &mut plan)?;
        }
        Ok(plan)
    }

    /// The accounts that take part: those asked for, or all.
    pub(crate) fn chosen_accounts(&self, asked: &[AccountId]) -> Result<Vec<AccountId>> {
        let accounts = self.store.read(|db| db.accounts())?;
        Ok(accounts
            .into_iter()
            .filter(|account| account.state == AccountState::Active)
            .map(|account| account.id)
            .filter(|id| asked.is_empty() || asked.contains(id))
            .collect())
    }

    async fn decide_all(
        &self,
        desk: &Desk,
        watch: &(dyn Fn(&ProgressEvent) + Sync),
    ) -> Result<Vec<Decision>> {
        let all = self.store.read(|db| db.listings_to_plan(desk.id()))?;
        let mut decisions = Vec::with_capacity(all.len());
        let mut known = KnownRules::new(desk, self.now());
        for (page, ids) in all.chunks(PLAN_PAGE).enumerate() {
            self.store.read(|db| {
                for listed in db.goods(ids)? {
                    let now = self.now();
                    decisions.push(decide(db, desk, &listed, now, Some(&mut known))?);
                }
                Ok(())
            })?;
            watch(&ProgressEvent {
                account_id: Some(desk.id()),
                stage: Stage::Plan,
                done: (page * PLAN_PAGE + ids.len()) as u64,
                total: Some(all.len() as u64),
            });
            // Very many take seconds, and others want to be answered meanwhile.
            tokio::task::yield_now().await;
        }
        Ok(decisions)
    }

    fn add_to_plan(&self, desk: &Desk, decisions: Vec<Decision>, plan: &mut Plan) -> Result<()> {
        let known: BTreeMap<ListingId, usize> = decisions
            .iter()
            .enumerate()
            .map(|(index, decision)| (decision.listing_id, index))
            .collect();
        let mut judged: Vec<Judged> = Vec::new();
        let live = self.store.read(|db| {
            // What waited before and is not computed again goes with the rest.
            let unsent = db.unsent_of(desk.id(), &LISTING_KINDS, JUDGED_MAX)?;
            judged.extend(
                unsent
                    .iter()
                    .filter(|change| change.listing_id.is_some_and(|id| !known.contains_key(&id)))
                    .filter_map(Judged::from_queued),
            );
            db.live_count(desk.id())
        })?;
        for decision in decisions {
            let problems = decision.rule_problem.iter().chain(&decision.demands);
            plan.refused.extend(problems.map(|problem| PlannedRefusal {
                account_id: desk.id(),
                listing_id: decision.listing_id,
                channel_sku: decision.channel_sku.clone(),
                problem: problem.clone(),
            }));
            let doomed = !decision.demands.is_empty();
            judged.extend(
                decision
                    .wishes
                    .into_iter()
                    .filter(|wish| !(doomed && needs_preparing(wish.kind)))
                    .map(|wish| Judged::from_wish(wish, &decision.channel_sku)),
            );
        }
        judge_account(&desk.rules.safety, live, &mut judged);
        let mut counts: BTreeMap<ActionKind, u64> = BTreeMap::new();
        let families = self.families_of(&judged)?;
        for judged in judged {
            let change = PlannedChange {
                account_id: desk.id(),
                listing_id: judged.listing_id,
                channel_sku: judged.channel_sku,
                family: families.get(&judged.listing_id).cloned(),
                kind: judged.kind,
                before: judged.before,
                after: judged.after,
            };
            match judged.held.filter(|_| !judged.approved) {
                Some(problem) => plan.held.push((change, problem)),
                None => {
                    *counts.entry(change.kind).or_default() += 1;
                    plan.changes.push(change);
                }
            }
        }
        if let Some(capability) = desk.capability() {
            plan.calls
                .extend(calls_estimate(capability, &counts).into_iter().map(
                    |(lane, calls, time)| LaneCalls {
                        account_id: desk.id(),
                        lane: lane.name,
                        calls,
                        delivery: lane.delivery,
                        time,
                    },
                ));
        }
        Ok(())
    }

    /// The families of what would be published.
    fn families_of(&self, judged: &[Judged]) -> Result<BTreeMap<ListingId, String>> {
        let published = judged.iter().filter(|one| one.kind == ActionKind::Publish);
        let published: Vec<ListingId> = published.map(|one| one.listing_id).collect();
        Ok(self.store.read(|db| db.family_keys(&published))?)
    }

    /// Computes what changed and puts it into the outbox, page by page. Returns how many listings
    /// were computed.
    pub(crate) fn plan_into_outbox(&self, desk: &Desk) -> Result<u64> {
        let mut computed = 0;
        self.store.write(|tx| tx.spread_dirt())?;
        // What is marked behind this one meanwhile is for the next round.
        let mut last = ListingId(0);
        loop {
            let page = self.store.write(|tx| {
                let ids = tx.dirty_listings(desk.id(), last, PLAN_PAGE)?;
                last = ids.last().copied().unwrap_or(last);
                for listed in tx.goods(&ids)? {
                    let decision = decide(tx, desk, &listed, self.now(), None)?;
                    store_decision(tx, desk, &decision)?;
                }
                Ok(ids.len())
            })?;
            computed += page as u64;
            self.progress.tell(ProgressEvent {
                account_id: Some(desk.id()),
                stage: Stage::Plan,
                done: computed,
                total: None,
            });
            if page < PLAN_PAGE {
                return Ok(computed);
            }
        }
    }
}

/// What is done to listings.
const LISTING_KINDS: [ActionKind; 5] = [
    ActionKind::Publish,
    ActionKind::Revise,
    ActionKind::SetPrice,
    ActionKind::SetQuantity,
    ActionKind::End,
];

/// Listings that are planned in one transaction: short enough that nobody waits for it.
const PLAN_PAGE: usize = 1_000;

fn store_decision(
    tx: &mut Writer<'_>,
    desk: &Desk,
    decision: &Decision,
) -> std::result::Result<(), StoreError> {
    let id = decision.listing_id;
    tx.store_wanted(id, &decision.wanted)?;
    if let Some(state) = decision.state {
        tx.move_listing(id, state)?;
    }
    let kinds: Vec<ActionKind> = decision.wishes.iter().map(|wish| wish.kind).collect();
    tx.drop_unsent(id, &kinds)?;
    for wish in &decision.wishes {
        tx.queue_wish(wish)?;
    }
    let at = ProblemAt::listing(desk.id(), id, "rule");
    match &decision.rule_problem {
        Some(problem) => tx.raise_problem(&at, problem),
        None => tx.clear_problem(&at),
    }
}

pub(crate) fn needs_preparing(kind: ActionKind) -> bool {
    matches!(kind, ActionKind::Publish | ActionKind::Revise)
}

/// Decides what a listing needs, from what is known of it now. What an adapter would refuse is
/// looked for where rules are given.
pub(crate) fn decide(
    db: &Reader<'_>,
    desk: &Desk,
    listed: &ListedGoods,
    now: DateTime<Utc>,
    known: Option<&mut KnownRules>,
) -> std::result::Result<Decision, StoreError> {
    let wanted = desk.wanted(db, listed, now)?;
    let travelling = db.travelling(listed.row.listing.id)?;
    let mut case = Case {
        desk,
        listed,
        wanted: &wanted,
        travelling: &travelling,
        wishes: Vec::new(),
        state: None,
    };
    let is_there = listed.row.standing.acknowledged.content.is_some();
    match listed.row.listing.state {
        ListingState::Ended => {}
        ListingState::Ending => case.end(None),
        ListingState::Paused if !is_there => {}
        _ if is_there => case.keep_right(),
        _ => case.publish(),
    }
    let wants_price = !matches!(
        listed.row.listing.state,
        ListingState::Ended | ListingState::Ending
    );
    let (wishes, state) = (case.wishes, case.state);
    let publishes = wishes.iter().any(|wish| needs_preparing(wish.kind));
    Ok(Decision {
        listing_id: listed.row.listing.id,
        channel_sku: listed.row.listing.channel_sku.as_str().to_owned(),
        demands: match known.filter(|_| publishes) {
            Some(known) => demands(desk, listed, &wanted, known.of(db, listed, &wanted)?),
            None => Vec::new(),
        },
        rule_problem: wanted.price.as_ref().err().filter(|_| wants_price).cloned(),
        wanted: wanted.values(),
        wishes,
        state,
    })
}

/// One listing while it is decided.
struct Case<'a> {
    desk: &'a Desk,
    listed: &'a ListedGoods,
    wanted: &'a Wanted,
    travelling: &'a [Travelling],
    wishes: Vec<Wish>,
    state: Option<ListingState>,
}

impl Case<'_> {
    fn offers(&self, kind: ActionKind) -> bool {
        self.desk.capability().is_none_or(|c| c.offers(kind))
    }

    fn keeps_at_zero(&self) -> bool {
        self.desk
            .capability()
            .is_none_or(|capability| capability.keeps_listing_at_zero)
    }

    fn on_its_way(&self, kind: ActionKind) -> Option<&Travelling> {
        self.travelling.iter().find(|change| change.kind == kind)
    }

    fn wish(
        &mut self,
        kind: ActionKind,
        priority: Priority,
        values: (Option<String>, Option<String>),
        held: Option<Problem>,
    ) {
        self.wishes.push(Wish {
            listing_id: self.listed.row.listing.id,
            kind,
            priority,
            before: values.0,
            after: values.1,
            held,
            needs_preparing: needs_preparing(kind),
        });
    }

    fn end(&mut self, after: Option<String>) {
        let refused = self.listed.row.standing.refused.content.as_deref() == Some("end");
        if refused || self.on_its_way(ActionKind::End).is_some() {
            return;
        }
        if self.offers(ActionKind::End) {
            let before = self.listed.row.standing.expected_quantity;
            let before = before.map(|quantity| quantity.to_string());
            self.wish(ActionKind::End, Priority::End, (before, after), None);
        }
    }

    /// Not there yet: publishes it where there is something to sell at a price.
    fn publish(&mut self) {
        let Ok(price) = self.wanted.price else { return };
        if self.wanted.quantity == 0 || !self.offers(ActionKind::Publish) {
            return;
        }
        // What becomes of the one that is on its way decides what is next.
        if self.on_its_way(ActionKind::Publish).is_some() {
            return;
        }
        let standing = &self.listed.row.standing;
        if self.listed.row.listing.state == ListingState::Refused {
            let same = standing.refused.content.as_ref() == Some(&self.wanted.content_hash)
                && standing.refused.price_minor == Some(price.minor)
                && standing
                    .refused
                    .quantity
                    .is_none_or(|refused| refused == self.wanted.quantity);
            if same {
                return;
            }
            self.state = Some(ListingState::New);
        }
        let after = format!("{price}, {}", self.wanted.quantity);
        self.wish(
            ActionKind::Publish,
            Priority::Publish,
            (None, Some(after)),
            None,
        );
    }

    /// There already: brings quantity, price and content to what is wanted.
    fn keep_right(&mut self) {
        if self.wanted.quantity == 0 && !self.keeps_at_zero() {
            return self.end(Some("0".to_owned()));
        }
        self.set_quantity();
        if let Ok(price) = self.wanted.price {
            self.set_price(price);
        }
        self.revise();
    }

    fn set_quantity(&mut self) {
        if self.listed.row.fulfilled_by != FulfilledBy::Seller {
            return;
        }
        let standing = &self.listed.row.standing;
        let wanted = self.wanted.quantity;
        let expected = match self.on_its_way(ActionKind::SetQuantity) {
            Some(change) => change.values.quantity,
            None => standing.expected_quantity,
        };
        if expected == Some(wanted)
            || standing.refused.quantity == Some(wanted)
            || !self.offers(ActionKind::SetQuantity)
        {
            return;
        }
        let there = expected.or(standing.acknowledged.quantity);
        let priority = direction(expected, standing.acknowledged.quantity, wanted);
        let values = (
            there.map(|quantity| quantity.to_string()),
            Some(wanted.to_string()),
        );
        self.wish(ActionKind::SetQuantity, priority, values, None);
    }

    fn set_price(&mut self, wanted: Money) {
        let standing = &self.listed.row.standing;
        let there = match self.on_its_way(ActionKind::SetPrice) {
            Some(change) => change.values.price,
            None => standing.acknowledged.price,
        };
        if there == Some(wanted)
            || standing.refused.price_minor == Some(wanted.minor)
            || !self.offers(ActionKind::SetPrice)
        {
            return;
        }
        let from = there.or(standing.observed.price);
        let held = from.and_then(|from| price_moves_far(&self.desk.rules.safety, from, wanted));
        let values = (
            from.map(|price| price.to_string()),
            Some(wanted.to_string()),
        );
        self.wish(ActionKind::SetPrice, Priority::Price, values, held);
    }

    fn revise(&mut self) {
        let standing = &self.listed.row.standing;
        let there = match self.on_its_way(ActionKind::Revise) {
            Some(change) => change.values.content.as_ref(),
            None => standing.acknowledged.content.as_ref(),
        };
        let wanted = Some(&self.wanted.content_hash);
        if there == wanted
            || standing.refused.content.as_ref() == wanted
            || !self.offers(ActionKind::Revise)
        {
            return;
        }
        let values = (None, Some(self.wanted.content_hash.clone()));
        self.wish(ActionKind::Revise, Priority::Revise, values, None);
    }
}

/// A quantity goes down where the marketplace may have more than is wanted: then it must not wait.
/// Where it is not certain what is there, and it is not more than is wanted, it may be less.
pub(crate) fn direction(expected: Option<u32>, at_most: Option<u32>, wanted: u32) -> Priority {
    match (expected, at_most) {
        (Some(there), _) if wanted > there => Priority::QuantityUp,
        (None, Some(at_most)) if wanted >= at_most => Priority::QuantityUp,
        _ => Priority::QuantityDown,
    }
}
