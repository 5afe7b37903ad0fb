//! Carries changes to their end, as the engine's outbox does: stores what is learned, waits as
//! told, asks as promised.

use std::time::Duration;

use barrow_market::{Batch, Fate, Lane, Outcome, Result, Retry, check_batch};
use barrow_model::{Action, ActionKind, Change, ListingRef, Target, Ticket};
use chrono::TimeDelta;

use super::bench::Bench;

/// Rounds after which a change that has not come to its end never will.
const ROUNDS_MAX: u32 = 200;

/// Within which time a look tells what happened, where the marketplace can tell it at all.
const TOLD_WITHIN: TimeDelta = TimeDelta::minutes(15);

fn is_told(outcomes: &[Outcome]) -> bool {
    outcomes.iter().all(|outcome| outcome.fate != Fate::Unknown)
}

/// A change and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) change: Change,
    pub(super) fate: Fate,
}

impl Done {
    /// The listing with the binding that was learned.
    pub(super) fn listing(&self) -> ListingRef {
        match &self.change.target {
            Target::Listing(listing) => listing.clone(),
            Target::Order(_) => panic!("the change is of a listing"),
        }
    }

    pub(super) fn is_applied(&self) -> bool {
        matches!(self.fate, Fate::Applied { .. })
    }
}

/// Where a change stands between two calls.
#[derive(Clone, Debug)]
enum Step {
    Submit,
    Poll(Ticket),
    End(Fate),
}

/// A listing's lanes and an order's are of different roles.
fn is_aftersales(lane: &Lane) -> bool {
    lane.kinds.iter().any(|kind| kind.is_aftersales())
}

impl Bench {
    /// The lanes that carry a kind.
    pub(super) fn lanes(&self, kind: ActionKind) -> Vec<&'static Lane> {
        self.adapter.capability().lanes_for(kind).collect()
    }

    /// The first lane that carries a kind which the adapter offers.
    pub(super) fn lane(&self, kind: ActionKind) -> &'static Lane {
        let lanes = self.lanes(kind);
        lanes.first().copied().expect("the kind is offered")
    }

    /// One submit by the role that the lane belongs to.
    pub(super) async fn submit(&self, lane: &'static Lane, batch: &Batch) -> Result<Vec<Outcome>> {
        if is_aftersales(lane) {
            let role = self.adapter.aftersales().expect("a lane has its role");
            return role.submit(batch).await;
        }
        let role = self.adapter.listings().expect("a lane has its role");
        role.submit(batch).await
    }

    pub(super) async fn poll(
        &self,
        lane: &'static Lane,
        ticket: &Ticket,
        changes: &[Change],
    ) -> Result<Vec<Outcome>> {
        if is_aftersales(lane) {
            let role = self.adapter.aftersales().expect("a lane has its role");
            return role.poll(ticket, changes).await;
        }
        let role = self.adapter.listings().expect("a lane has its role");
        role.poll(ticket, changes).await
    }

    pub(super) async fn look_up(&self, lane: &'static Lane, batch: &Batch) -> Result<Vec<Outcome>> {
        if is_aftersales(lane) {
            let role = self.adapter.aftersales().expect("a lane has its role");
            return role.look_up(batch).await;
        }
        let role = self.adapter.listings().expect("a lane has its role");
        role.look_up(batch).await
    }

    /// The same, at the time at which the limits allow it.
    pub(super) async fn submit_in_time(&self, lane: &'static Lane, batch: &Batch) -> Vec<Outcome> {
        for _ in 0..ROUNDS_MAX {
            match self.submit(lane, batch).await {
                Ok(outcomes) => return outcomes,
                Err(error) => self.wait_for(lane.name, &error),
            }
        }
        panic!("no time is the right one on {}", lane.name)
    }

    pub(super) async fn poll_in_time(
        &self,
        lane: &'static Lane,
        ticket: &Ticket,
        changes: &[Change],
    ) -> Vec<Outcome> {
        for _ in 0..ROUNDS_MAX {
            match self.poll(lane, ticket, changes).await {
                Ok(outcomes) => return outcomes,
                Err(error) => self.wait_for(lane.name, &error),
            }
        }
        panic!("no time is the right one on {}", lane.name)
    }

    /// What looking up tells once it can: for some minutes nobody may know yet.
    pub(super) async fn look_up_in_time(&self, lane: &'static Lane, batch: &Batch) -> Vec<Outcome> {
        let until = self.now() + TOLD_WITHIN;
        for _ in 0..ROUNDS_MAX {
            match self.look_up(lane, batch).await {
                Ok(outcomes) if is_told(&outcomes) || self.now() >= until => return outcomes,
                Ok(_) => self.pass(Duration::from_secs(60)),
                Err(error) => self.wait_for(lane.name, &error),
            }
        }
        panic!("no time is the right one on {}", lane.name)
    }

    /// Lets time pass until a limit allows the call; any other error fails the test.
    pub(super) fn wait_for(&self, what: &str, error: &barrow_market::Error) {
        let until = error.not_before;
        self.pass_until(until.unwrap_or_else(|| panic!("{what}: {error}")));
    }

    /// Carries changes of one lane to their end.
    pub(super) async fn settle(&self, lane: &'static Lane, changes: Vec<Change>) -> Vec<Done> {
        let begun = changes.into_iter().map(|change| (change, None)).collect();
        self.settle_from(lane, begun).await
    }

    /// The same from where changes stand already: none has not been sent.
    pub(super) async fn settle_from(
        &self,
        lane: &'static Lane,
        begun: Vec<(Change, Option<Fate>)>,
    ) -> Vec<Done> {
        let mut steps: Vec<(Change, Step)> = begun
            .into_iter()
            .map(|(mut change, fate)| {
                let step = fate.map_or(Step::Submit, |fate| self.take(&mut change, fate));
                (change, step)
            })
            .collect();
        for _ in 0..ROUNDS_MAX {
            if steps.iter().all(|(_, step)| matches!(step, Step::End(_))) {
                let done = steps.into_iter().filter_map(|(change, step)| match step {
                    Step::End(fate) => Some(Done { change, fate }),
                    Step::Submit | Step::Poll(_) => None,
                });
                return done.collect();
            }
            self.submit_waiting(lane, &mut steps).await;
            self.poll_promised(lane, &mut steps).await;
        }
        panic!(
            "no end after {ROUNDS_MAX} rounds on {}: {steps:?}",
            lane.name
        );
    }

    async fn submit_waiting(&self, lane: &'static Lane, steps: &mut [(Change, Step)]) {
        let waiting = steps
            .iter()
            .filter(|(_, step)| matches!(step, Step::Submit));
        let waiting: Vec<Change> = waiting.map(|(change, _)| change.clone()).collect();
        for changes in waiting.chunks(lane.changes_max) {
            let batch = self.batch(lane, changes.to_vec());
            let (batch, refused) = check_batch(self.adapter.capability(), batch);
            assert!(refused.is_empty(), "the changes are allowed: {refused:?}");
            let outcomes = self.submit_in_time(lane, &batch).await;
            self.note(steps, changes, outcomes);
        }
    }

    /// Waits for the ticket that is due first, and asks about all that are due then.
    async fn poll_promised(&self, lane: &'static Lane, steps: &mut [(Change, Step)]) {
        let promised = |steps: &[(Change, Step)]| -> Vec<Ticket> {
            let tickets = steps.iter().filter_map(|(_, step)| match step {
                Step::Poll(ticket) => Some(ticket.clone()),
                Step::Submit | Step::End(_) => None,
            });
            let mut tickets: Vec<Ticket> = tickets.collect();
            tickets.sort_by(|a, b| (a.not_before, &a.token).cmp(&(b.not_before, &b.token)));
            tickets.dedup();
            tickets
        };
        let tickets = promised(steps);
        let Some(first) = tickets.first() else { return };
        self.pass_until(first.not_before);
        let now = self.now();
        for ticket in tickets.iter().filter(|ticket| ticket.not_before <= now) {
            let of_ticket = steps
                .iter()
                .filter(|(_, step)| matches!(step, Step::Poll(other) if other == ticket));
            let changes: Vec<Change> = of_ticket.map(|(change, _)| change.clone()).collect();
            let outcomes = self.poll_in_time(lane, ticket, &changes).await;
            self.note(steps, &changes, outcomes);
        }
    }

    fn note(&self, steps: &mut [(Change, Step)], asked: &[Change], outcomes: Vec<Outcome>) {
        assert_each_once(asked, &outcomes);
        for outcome in outcomes {
            let place = steps
                .iter_mut()
                .find(|(change, _)| change.id == outcome.change_id);
            let (change, step) = place.expect("only changes that were asked about are answered");
            *step = self.take(change, outcome.fate);
        }
    }

    /// Stores what a fate tells, and says what comes next.
    fn take(&self, change: &mut Change, fate: Fate) -> Step {
        match fate {
            Fate::Advanced { binding } => {
                bind(change, binding);
                Step::Submit
            }
            Fate::Accepted { ticket } => Step::Poll(ticket),
            Fate::Refused {
                retry: Retry::After(wait),
                ..
            } => {
                self.pass(wait + Duration::from_secs(1));
                Step::Submit
            }
            Fate::Applied { ref binding } | Fate::Ended { ref binding } => {
                if let Some(binding) = binding {
                    bind(change, binding.clone());
                }
                Step::End(fate)
            }
            Fate::Refused { .. } | Fate::Unknown => Step::End(fate),
        }
    }

    /// Carries one change to its end, which must be that it is applied.
    pub(super) async fn apply(&self, lane: &'static Lane, change: Change) -> Done {
        let mut done = self.settle(lane, vec![change]).await;
        let done = done.pop().expect("one change has one end");
        assert!(done.is_applied(), "on {}: {done:?}", lane.name);
        done
    }

    /// Publishes things to sell, by number, each with so many units.
    pub(super) async fn publish(&self, numbers: &[u32], quantity: u32) -> Vec<ListingRef> {
        let lane = self.lane(ActionKind::Publish);
        let mut changes = Vec::with_capacity(numbers.len());
        for number in numbers {
            let mut offer = self.offer(*number).await;
            offer.quantity = quantity;
            let listing = self.listing(&format!("HP-{number}"));
            changes.push(self.change(&listing, Action::Publish(Box::new(offer))));
        }
        let done = self.settle(lane, changes).await;
        for one in &done {
            assert!(one.is_applied(), "{one:?}");
        }
        done.iter().map(Done::listing).collect()
    }
}

fn bind(change: &mut Change, binding: barrow_model::Binding) {
    if let Target::Listing(listing) = &mut change.target {
        listing.binding = binding;
    }
}

/// One outcome per change, whatever the order.
pub(super) fn assert_each_once(asked: &[Change], outcomes: &[Outcome]) {
    let mut wanted: Vec<_> = asked.iter().map(|change| change.id).collect();
    let mut given: Vec<_> = outcomes.iter().map(|outcome| outcome.change_id).collect();
    wanted.sort();
    given.sort();
    assert_eq!(given, wanted, "one outcome per change: {outcomes:?}");
}
