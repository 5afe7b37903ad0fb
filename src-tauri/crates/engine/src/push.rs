//! Push: pulls what is stale, plans, and sends until nothing is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use barrow_market::{Capability, Lane};
use barrow_model::{AccountId, ActionKind, Problem};
use barrow_store::{OpenKey, ProblemAt, QueuedChange};
use chrono::{DateTime, Duration, Utc};
use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt, join_all};
use futures_util::stream::FuturesUnordered;

use crate::engine::{Engine, ProgressEvent, Stage};
use crate::error::Result;
use crate::lane::choose_lane;
use crate::outbox::{Forming, PULL_AGE_MAX};
use crate::plan::needs_preparing;
use crate::pull::PullOptions;
use crate::send::JobEnd;
use crate::standing::tell_standing;
use crate::stop::Stop;
use crate::wanted::Desk;

/// Calls of one account that are under way at the same time: enough to use a limit of several
/// calls a second although an answer takes a while.
const JOBS_MAX: usize = 4;

/// Times that what became of a run is planned anew before it ends; what is left goes with the next.
const ROUNDS_MAX: u32 = 50;

/// Receipts are kept so long: a quarter, in which a seller still looks one up.
const RECEIPTS_KEPT: Duration = Duration::days(90);

/// Entries of each list of a summary; the counts go on.
pub(crate) const TOLD_MAX: usize = 1_000;

/// What a push is asked to do.
#[derive(Clone, Debug)]
pub struct PushOptions {
    /// For these accounts; for all where it is empty.
    pub accounts: Vec<AccountId>,
    /// Whether what is held is sent too.
    pub yes: bool,
    /// How long to wait, all in all, for limits and for results that are promised for later. With
    /// none the push ends when nothing is due, and [`Summary::next_due`] tells when to go on.
    pub patience: std::time::Duration,
}

/// What a push did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Changes that were done.
    pub done: u64,
    /// Changes that wait for a yes.
    pub held: Vec<Told>,
    /// How many wait for a yes.
    pub held_count: u64,
    /// Changes that were refused, and listings that cannot be sent as they are.
    pub refused: Vec<Told>,
    /// How many were refused.
    pub refused_count: u64,
    /// Changes that were sent and of which nobody knows yet.
    pub unknown: u64,
    /// Changes that wait, for a limit, a pull, or results.
    pub waiting: u64,
    /// What is wrong with accounts as a whole.
    pub problems: Vec<(AccountId, Problem)>,
    /// Account settings that were filled with the marketplace's first choice.
    pub defaults: Vec<(AccountId, String, String)>,
    /// When something is due next.
    pub next_due: Option<DateTime<Utc>>,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// The accounts that nothing more was sent to because they were stopped by themselves.
    pub stopped_accounts: Vec<AccountId>,
}

/// One change in a summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Where.
    pub account_id: AccountId,
    /// The SKU there; empty for orders.
    pub sku: String,
    /// What.
    pub kind: ActionKind,
    /// Why.
    pub problem: Problem,
}

/// Counts while a run goes on.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    summary: Mutex<Summary>,
    pub(crate) stop: Stop,
}

impl Tally {
    fn with<T>(&self, work: impl FnOnce(&mut Summary) -> T) -> T {
        // Counting cannot be left half done.
        work(&mut self.summary.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn done(&self) {
        self.with(|summary| summary.done += 1);
    }

    pub(crate) fn refused(&self, change: &QueuedChange, problem: Problem) {
        self.with(|summary| {
            summary.refused_count += 1;
            if summary.refused.len() < TOLD_MAX {
                summary.refused.push(told(change, problem));
            }
        });
    }

    pub(crate) fn problem(&self, account: AccountId, problem: Problem) {
        self.with(|summary| {
            let entry = (account, problem);
            if !summary.problems.contains(&entry) {
                summary.problems.push(entry);
            }
        });
    }

    pub(crate) fn default_set(&self, account: AccountId, key: String, value: String) {
        self.with(|summary| summary.defaults.push((account, key, value)));
    }

    fn count(&self) -> u64 {
        self.with(|summary| summary.done)
    }
}

fn told(change: &QueuedChange, problem: Problem) -> Told {
    Told {
        account_id: change.account_id,
        sku: change.channel_sku.clone().unwrap_or_default(),
        kind: change.kind,
        problem,
    }
}

impl Engine {
    /// Makes marketplaces agree with the catalogue: pulls stale accounts first, plans, sends.
    pub async fn push(&self, options: &PushOptions) -> Result<Summary> {
        self.push_until(options, &Stop::default()).await
    }

    /// The same, until it is stopped: between two batches, and after what is under way is stored.
    pub async fn push_until(&self, options: &PushOptions, stop: &Stop) -> Result<Summary> {
        let _sending = self.sending.lock().await;
        self.recover()?;
        let kept_since = self.now() - RECEIPTS_KEPT;
        self.store.write(|tx| tx.prune_receipts(kept_since))?;
        let tally = Tally {
            summary: Mutex::default(),
            stop: stop.clone(),
        };
        let accounts = self.chosen_accounts(&options.accounts)?;
        let patience = Duration::from_std(options.patience).unwrap_or_else(|_| Duration::zero());
        let give_up = self.now() + patience;
        loop {
            self.freshen(&accounts, &tally).await?;
            let began = self.now();
            let is_cut = self
                .send_what_is_due(&accounts, options.yes, &tally)
                .await?;
            if is_cut && !stop.is_asked() {
                continue;
            }
            let stopped = stop.accounts();
            let going = accounts.iter().copied();
            let going: Vec<AccountId> = going.filter(|id| !stopped.contains(id)).collect();
            match self.due_after(&going, began)? {
                Some(due) if due <= give_up && !stop.is_asked() => {
                    self.sleep_until(due, (stop, stopped.len())).await;
                }
                next => return self.finish(&accounts, tally, next),
            }
        }
    }

    /// Marks what was being sent when the program ended as unknown, so that it is looked up before
    /// it is sent again. A push does it by itself. Call it only while nothing is being sent.
    pub fn recover(&self) -> Result<u64> {
        Ok(self.store.write(|tx| tx.recover_attempts())?)
    }

    async fn sleep_until(&self, due: DateTime<Utc>, (stop, stopped): (&Stop, usize)) {
        let wait = (due - self.now()).to_std().unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.asked_beyond(stopped) => {}
        }
    }

    /// Pulls the accounts whose orders are not known up to just now.
    async fn freshen(&self, accounts: &[AccountId], tally: &Tally) -> Result<()> {
        let now = self.now();
        let active = self.chosen_accounts(&[])?;
        let stale = self.store.read(|db| {
            let mut stale = Vec::new();
            for id in active {
                // Half the age that is allowed leaves time for what is sent afterwards.
                let fresh = db
                    .pulled_at(id)?
                    .is_some_and(|at| now - at <= PULL_AGE_MAX / 2);
                let fresh = fresh && !db.is_pull_awaited(id)?;
                let shares = accounts.contains(&id) || db.live_count(id)? > 0;
                if !fresh && shares {
                    stale.push(id);
                }
            }
            Ok(stale)
        })?;
        if stale.is_empty() {
            return Ok(());
        }
        let pulled = self
            .pull_until(
                &PullOptions {
                    accounts: stale,
                    since: None,
                },
                &tally.stop,
            )
            .await?;
        for account in pulled.accounts {
            if let Some(problem) = account.problem {
                tally.problem(account.account_id, problem);
            }
        }
        Ok(())
    }

    /// Plans and sends for all accounts at once, again while answers leave something to do.
    /// Returns whether it was cut short because orders have to be read again.
    pub(crate) async fn send_what_is_due(
        &self,
        accounts: &[AccountId],
        yes: bool,
        tally: &Tally,
    ) -> Result<bool> {
        // Half the age that is allowed, and the pull before is at most the other half old.
        let until = self.now() + PULL_AGE_MAX / 2;
        let runs = accounts
            .iter()
            .map(|id| self.run_account(*id, yes, (until, tally)));
        let mut is_cut = false;
        for end in join_all(runs).await {
            is_cut |= end?;
        }
        Ok(is_cut)
    }

    async fn run_account(
        &self,
        id: AccountId,
        yes: bool,
        (until, tally): (DateTime<Utc>, &Tally),
    ) -> Result<bool> {
        for _ in 0..ROUNDS_MAX {
            // It may be removed or paused while it is worked for.
            if tally.stop.is_asked_for(id) || self.chosen_accounts(&[id])?.is_empty() {
                return Ok(false);
            }
            let desk = self.desk(id).await?;
            let computed = self.plan_into_outbox(&desk)?;
            self.judge_outbox(&desk, yes)?;
            self.faults.at("push.planned");
            let adapter = match &desk.adapter {
                Ok(adapter) => adapter.clone(),
                Err(problem) => {
                    self.account_problem(id, "connection", problem)?;
                    tally.problem(id, (**problem).clone());
                    return Ok(false);
                }
            };
            self.send_answers(id, adapter.as_ref(), tally).await?;
            let sent = self
                .drive(&desk, adapter.capability(), (until, tally))
                .await?;
            if self.now() >= until {
                return Ok(sent > 0);
            }
            let dirty = self.store.read(|db| db.has_listings_to_plan(id))?;
            if !dirty || computed == 0 && sent == 0 {
                return Ok(false);
            }
        }
        Ok(false)
    }

    pub(crate) fn account_problem(
        &self,
        id: AccountId,
        subject: &str,
        problem: &Problem,
    ) -> Result<()> {
        let at = ProblemAt::account(id, subject);
        Ok(self.store.write(|tx| tx.raise_problem(&at, problem))?)
    }

    /// Sends for one account until nothing is due. Returns how many jobs were done.
    async fn drive(
        &self,
        desk: &Desk,
        capability: &Capability,
        (until, tally): (DateTime<Utc>, &Tally),
    ) -> Result<u64> {
        let mut jobs: FuturesUnordered<BoxFuture<'_, Result<JobEnd>>> = FuturesUnordered::new();
        let mut drive = Drive::default();
        let mut done = 0;
        loop {
            while jobs.len() < JOBS_MAX
                && drive.down.is_none()
                && !tally.stop.is_asked_for(desk.id())
                && !drive.is_stale
                && self.now() < until
                && let Some(job) = self.next_job(desk, capability, tally, &mut drive)?
            {
                jobs.push(job);
            }
            let Some(end) = jobs.next().await else { break };
            done += 1;
            self.progress.tell(ProgressEvent {
                account_id: Some(desk.id()),
                stage: Stage::Send,
                done: tally.count(),
                total: None,
            });
            drive.absorb(end?);
        }
        self.note_waits(desk.id(), drive.waits(capability));
        if done > 0 && drive.down.is_none() {
            let at = ProblemAt::account(desk.id(), "connection");
            self.store.write(|tx| tx.clear_problem(&at))?;
        }
        Ok(done)
    }

    /// What to do next: look up what is unknown, ask what was promised, look at what is demanded,
    /// send what waits.
    fn next_job<'a>(
        &'a self,
        desk: &'a Desk,
        capability: &'a Capability,
        tally: &'a Tally,
        drive: &mut Drive,
    ) -> Result<Option<BoxFuture<'a, Result<JobEnd>>>> {
        let now = self.now();
        let (lookups, polls) = self.store.read(|db| {
            Ok((
                db.lookups_due(desk.id(), now, JOBS_MAX * 2)?,
                db.polls_due(desk.id(), now, JOBS_MAX * 2)?,
            ))
        })?;
        for key in lookups {
            if drive.asked.insert(key.clone()) {
                return Ok(Some(self.look_up(desk, key, tally).boxed()));
            }
        }
        for key in polls {
            if drive.asked.insert(key.clone()) {
                return Ok(Some(self.poll(desk, key, tally).boxed()));
            }
        }
        if !drive.is_preparing && !drive.is_unprepared_blocked {
            let waiting = self.store.read(|db| db.unprepared(desk.id(), now, 1))?;
            if !waiting.is_empty() {
                drive.is_preparing = true;
                return Ok(Some(self.prepare(desk, tally).boxed()));
            }
        }
        self.next_sending(desk, capability, tally, drive)
    }

    fn next_sending<'a>(
        &'a self,
        desk: &'a Desk,
        capability: &'a Capability,
        tally: &'a Tally,
        drive: &mut Drive,
    ) -> Result<Option<BoxFuture<'a, Result<JobEnd>>>> {
        let mut looks = 0;
        while let Some(lane) = drive.next_lane(self, desk, capability)? {
            match self.form_batch(desk, capability, lane)? {
                Forming::Formed(formed) => {
                    self.faults.at("push.attempt_committed");
                    return Ok(Some(self.send(desk, formed, tally).boxed()));
                }
                Forming::Moved if looks < LOOKS_MAX => looks += 1,
                Forming::Moved | Forming::Nothing => {
                    drive.spent.insert(lane.name);
                    looks = 0;
                }
            }
        }
        Ok(None)
    }

    fn note_waits(&self, id: AccountId, waits: Vec<(Option<ActionKind>, DateTime<Utc>)>) {
        let mut known = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(account, _), _| *account != id);
        known.extend(waits.into_iter().map(|(kind, until)| ((id, kind), until)));
    }

    /// When something is due next, after everything that was due at an instant was looked at.
    fn due_after(
        &self,
        accounts: &[AccountId],
        began: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>> {
        let mut next: Option<DateTime<Utc>> = None;
        for id in accounts {
            let (due, waiting) = self.store.read(|db| {
                let counts = db.outbox_counts(*id)?;
                Ok((db.next_due(*id, began)?, counts.waiting))
            })?;
            let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
            let of_account = waits.iter().filter(|((account, _), _)| account == id);
            let soonest = of_account.map(|(_, until)| *until).min();
            let down = waits.get(&(*id, None)).copied();
            let mut due = match (due, soonest.filter(|_| waiting > 0)) {
                (Some(due), Some(soonest)) => Some(due.min(soonest)),
                (due, soonest) => due.or(soonest),
            };
            if due.is_none() && waiting > 0 {
                due = Some(began + LOOK_AGAIN);
            }
            let due = due.map(|due| down.map_or(due, |down| due.max(down)));
            next = match (next, due) {
                (Some(next), Some(due)) => Some(next.min(due)),
                (next, due) => next.or(due),
            };
        }
        Ok(next)
    }

    fn finish(
        &self,
        accounts: &[AccountId],
        tally: Tally,
        next_due: Option<DateTime<Utc>>,
    ) -> Result<Summary> {
        let stopped = tally.stop.is_asked();
        let stopped_accounts = tally.stop.accounts();
        let summary = tally.summary.into_inner();
        let mut summary = summary.unwrap_or_else(PoisonError::into_inner);
        summary.stopped = stopped;
        summary.stopped_accounts = stopped_accounts;
        summary.next_due = next_due;
        self.store.read(|db| {
            for id in accounts {
                let counts = db.outbox_counts(*id)?;
                summary.unknown += counts.unknown;
                summary.waiting += counts.waiting + counts.accepted;
                summary.held_count += counts.held;
                tell_standing(db, *id, &mut summary)?;
                for change in db.held(*id, TOLD_MAX)? {
                    if let Some(problem) = change.problem.clone()
                        && summary.held.len() < TOLD_MAX
                    {
                        summary.held.push(told(&change, problem));
                    }
                }
            }
            Ok(())
        })?;
        Ok(summary)
    }
}

/// When something waits and nothing tells until when, it is looked at again after this.
const LOOK_AGAIN: Duration = Duration::minutes(1);

/// Times that a lane is looked at again after what waited for it was dropped or put off.
const LOOKS_MAX: u32 = 1_000;

/// Where one account's sending stands.
#[derive(Debug, Default)]
struct Drive {
    /// Attempts that are being asked about.
    asked: BTreeSet<OpenKey>,
    /// Lanes that nothing can be sent on until something is answered.
    spent: BTreeSet<&'static str>,
    /// Lanes whose limit is used up, and until when.
    blocked: BTreeMap<&'static str, DateTime<Utc>>,
    /// What waits and the lane that it goes by, first things first.
    chosen: Vec<(ActionKind, &'static Lane)>,
    /// Jobs that ended since the lanes were chosen.
    ended: u32,
    /// Whether the lanes were chosen at all.
    is_chosen: bool,
    is_preparing: bool,
    is_unprepared_blocked: bool,
    /// Whether the account must be read anew before more is sent.
    is_stale: bool,
    /// Until when the marketplace cannot be reached or does not know us.
    down: Option<DateTime<Utc>>,
}

/// Jobs after which what waits is counted anew. Counting costs as much as there is in the outbox.
const ENDED_MAX: u32 = 25;

impl Drive {
    /// The lane of the first thing that waits.
    fn next_lane(
        &mut self,
        engine: &Engine,
        desk: &Desk,
        capability: &Capability,
    ) -> Result<Option<&'static Lane>> {
        if !self.is_chosen || self.ended >= ENDED_MAX {
            self.choose(engine, desk, capability)?;
        }
        if let Some(lane) = self.usable() {
            return Ok(Some(lane));
        }
        if self.ended > 0 {
            self.choose(engine, desk, capability)?;
        }
        Ok(self.usable())
    }

    fn usable(&self) -> Option<&'static Lane> {
        self.chosen
            .iter()
            .map(|(_, lane)| *lane)
            .find(|lane| !self.spent.contains(lane.name) && !self.blocked.contains_key(lane.name))
    }

    fn choose(&mut self, engine: &Engine, desk: &Desk, capability: &Capability) -> Result<()> {
        let now = engine.now();
        let (waiting, unprepared) = engine.store.read(|db| {
            let unprepared = db.unprepared(desk.id(), now, 1)?;
            Ok((db.waiting(desk.id(), now)?, !unprepared.is_empty()))
        })?;
        let grows = unprepared && !self.is_unprepared_blocked;
        self.chosen = waiting
            .iter()
            .filter_map(|waiting| {
                let blocked = |lane: &Lane| self.blocked.contains_key(lane.name);
                let lane = choose_lane(capability, waiting.kind, waiting.count, &blocked)?;
                // Calls are few: a batch that is still filling up is not sent half empty.
                let is_filling = grows
                    && needs_preparing(waiting.kind)
                    && waiting.count < lane.changes_max as u64;
                (!is_filling).then_some((waiting.kind, lane))
            })
            .collect();
        self.is_chosen = true;
        self.ended = 0;
        Ok(())
    }

    fn absorb(&mut self, end: JobEnd) {
        // What was answered may have made room for what waited behind it.
        self.spent.clear();
        self.ended += 1;
        match end {
            JobEnd::Done => {}
            JobEnd::Asked(key) => {
                self.asked.remove(&key);
            }
            JobEnd::Prepared { blocked, refilled } => {
                self.is_preparing = false;
                self.is_stale |= refilled;
                self.is_unprepared_blocked |= blocked;
            }
            JobEnd::LaneBlocked(lane, until) => {
                self.blocked.insert(lane, until);
                self.is_chosen = false;
            }
            JobEnd::Down(until) => self.down = Some(until),
        }
    }

    /// Until when kinds of changes wait because every lane of theirs is blocked.
    fn waits(&self, capability: &Capability) -> Vec<(Option<ActionKind>, DateTime<Utc>)> {
        let of_kind = |kind: ActionKind| {
            let mut lanes = capability.lanes_for(kind).peekable();
            lanes.peek()?;
            let untils: Option<Vec<_>> = lanes.map(|lane| self.blocked.get(lane.name)).collect();
            Some((Some(kind), *untils?.into_iter().min()?))
        };
        ActionKind::ALL
            .into_iter()
            .filter_map(of_kind)
            .chain(self.down.map(|until| (None, until)))
            .collect()
    }
}
