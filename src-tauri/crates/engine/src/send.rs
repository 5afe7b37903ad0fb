//! The three ways of talking about changes: sending them, asking about a ticket, looking up what
//! became of them.

use std::collections::{BTreeMap, BTreeSet};

use barrow_market::{
    Adapter, Batch, Error, ErrorKind, Fate, Lane, Outcome, Remarks, Status, complete,
};
use barrow_model::{ActionKind, Change, ChangeId, Problem, ProblemKind, Ticket};
use barrow_store::{OpenBatch, OpenKey, Settlement};
use chrono::{DateTime, Duration, Utc};

use crate::engine::Engine;
use crate::error::Result;
use crate::outbox::{Formed, delay};
use crate::push::Tally;
use crate::settlement::History;
use crate::wanted::Desk;

/// A limit that is used up without a word about when it ends is tried again after this.
const LIMIT_WAIT: Duration = Duration::minutes(1);

/// An account that needs a person is tried again after this, in case he has mended it elsewhere.
const PERSON_WAIT: Duration = Duration::minutes(15);

/// A ticket that was not answered for so long is looked up instead: feeds take a day at most.
const TICKET_AGE_MAX: Duration = Duration::hours(48);

/// Look-ups that may stay without an answer: with the delays between them most of a day. Then a
/// person must look.
const LOOKUPS_MAX: u32 = 20;

/// How a job ended, for what comes next in the same run.
#[derive(Debug)]
pub(crate) enum JobEnd {
    /// Answered.
    Done,
    /// Asked about an attempt under a ticket, or looked it up.
    Asked(OpenKey),
    /// Looked at what is demanded.
    Prepared {
        /// Whether the marketplace cannot be asked any more for now.
        blocked: bool,
        /// Whether the account's defaults have changed, so that it must be read anew.
        refilled: bool,
    },
    /// A lane's limit is used up until then.
    LaneBlocked(&'static str, DateTime<Utc>),
    /// The marketplace cannot be reached, or does not know us, until then.
    Down(DateTime<Utc>),
}

/// What an error without effect means for what was to be sent.
enum Failure {
    /// Wait for the lane.
    Lane(DateTime<Utc>),
    /// Wait for the marketplace.
    Away(DateTime<Utc>),
    /// A person must mend the account.
    Person(DateTime<Utc>),
    /// These changes cannot be done.
    Changes,
}

impl Engine {
    fn failure(&self, error: &Error, tries: u32) -> Failure {
        let now = self.now();
        match (error.kind, error.status) {
            (ErrorKind::RateLimited, _) => {
                Failure::Lane(error.not_before.unwrap_or(now + LIMIT_WAIT).max(now))
            }
            (
                ErrorKind::Config
                | ErrorKind::Unauthorized
                | ErrorKind::ConsentEnded
                | ErrorKind::Forbidden
                | ErrorKind::Tls,
                _,
            ) => Failure::Person(now + PERSON_WAIT),
            (_, Status::Temporary | Status::Persistent) => {
                let wait = now + delay(tries.max(1));
                Failure::Away(error.not_before.unwrap_or(wait).max(now))
            }
            (_, Status::Permanent) => Failure::Changes,
        }
    }

    /// Sends a batch whose attempt is committed, and stores what became of it.
    pub(crate) async fn send(&self, desk: &Desk, formed: Formed, tally: &Tally) -> Result<JobEnd> {
        let Ok(adapter) = &desk.adapter else {
            return Ok(JobEnd::Down(self.now()));
        };
        let answer = submit(adapter.as_ref(), &formed.batch).await;
        self.faults.at("push.answered");
        match answer {
            Ok(outcomes) => {
                let outcomes = complete(&formed.batch.changes, outcomes);
                self.store_outcomes(formed.lane, &formed.batch.changes, outcomes, (false, tally))?;
                Ok(JobEnd::Done)
            }
            Err(error) => self.store_failure(desk, &formed, &error, tally),
        }
    }

    fn store_outcomes(
        &self,
        lane: &'static Lane,
        changes: &[Change],
        outcomes: Vec<Outcome>,
        (looked_up, tally): (bool, &Tally),
    ) -> Result<()> {
        let kinds = kinds_of(changes);
        let histories = self.histories(changes)?;
        let done = |fate: &Fate| matches!(fate, Fate::Applied { .. });
        let remarks = outcomes
            .iter()
            .filter(|outcome| done(&outcome.fate) && outcome.remarks != Remarks::default())
            .map(|outcome| (outcome.change_id, outcome.remarks.clone()))
            .collect();
        let settlements = outcomes
            .into_iter()
            .filter_map(|outcome| {
                let kind = *kinds.get(&outcome.change_id)?;
                let (tries, steps) = *histories.get(&outcome.change_id)?;
                let history = History {
                    tries,
                    steps,
                    looked_up,
                };
                Some(self.settlement(lane, outcome, kind, history))
            })
            .collect();
        self.settle_remarked(Some(lane), (settlements, &remarks), tally)
    }

    /// Tries and steps of changes.
    fn histories(&self, changes: &[Change]) -> Result<BTreeMap<ChangeId, (u32, u32)>> {
        Ok(self.store.read(|db| {
            let mut histories = BTreeMap::new();
            for change in changes {
                if let Some(queued) = db.find_change(change.id)? {
                    histories.insert(change.id, (queued.tries, queued.steps));
                }
            }
            Ok(histories)
        })?)
    }

    fn store_failure(
        &self,
        desk: &Desk,
        formed: &Formed,
        error: &Error,
        tally: &Tally,
    ) -> Result<JobEnd> {
        tracing::warn!(lane = formed.lane.name, error = %error, "nothing was sent");
        let ids: Vec<ChangeId> = formed
            .batch
            .changes
            .iter()
            .map(|change| change.id)
            .collect();
        let tries = self
            .histories(&formed.batch.changes)?
            .values()
            .map(|(tries, _)| *tries)
            .max()
            .unwrap_or(1);
        let failure = self.failure(error, tries);
        let (due, counts) = match &failure {
            Failure::Lane(until) | Failure::Person(until) => (*until, false),
            Failure::Away(until) => (*until, true),
            Failure::Changes => {
                let problem = error.to_problem();
                let refused = ids
                    .into_iter()
                    .map(|id| {
                        (
                            id,
                            Settlement::Refused {
                                problem: problem.clone(),
                            },
                        )
                    })
                    .collect();
                self.settle_all(Some(formed.lane), refused, tally)?;
                return Ok(JobEnd::Done);
            }
        };
        self.store
            .write(|tx| tx.fail_attempt(formed.attempt_id, &ids, due, counts))?;
        self.faults.at("push.outcomes_stored");
        self.tell_failure(desk, error, &failure, tally)?;
        Ok(match failure {
            Failure::Lane(until) => JobEnd::LaneBlocked(formed.lane.name, until),
            _ => JobEnd::Down(due),
        })
    }

    fn tell_failure(
        &self,
        desk: &Desk,
        error: &Error,
        failure: &Failure,
        tally: &Tally,
    ) -> Result<()> {
        if matches!(failure, Failure::Away(_) | Failure::Person(_)) {
            let problem = error.to_problem();
            self.account_problem(desk.id(), "connection", &problem)?;
            tally.problem(desk.id(), problem);
        }
        Ok(())
    }

    /// Asks what became of changes under a ticket.
    pub(crate) async fn poll(&self, desk: &Desk, key: OpenKey, tally: &Tally) -> Result<JobEnd> {
        let open = self.store.read(|db| db.open_batch(&key))?;
        let (Ok(adapter), Some(ticket)) = (&desk.adapter, &open.ticket) else {
            return Ok(JobEnd::Down(self.now()));
        };
        let end = JobEnd::Asked(key);
        let now = self.now();
        let age = now - open.started_at;
        let lane = lane_of(adapter.as_ref(), &open);
        let Some(lane) = lane.filter(|_| age <= TICKET_AGE_MAX) else {
            let unknown = |change: &Change| (change.id, Settlement::Unknown { due: now });
            let settlements = open.changes.iter().map(unknown).collect();
            self.settle_all(None, settlements, tally)?;
            return Ok(end);
        };
        match poll(adapter.as_ref(), ticket, &open.changes).await {
            Ok(outcomes) => {
                self.faults.at("poll.answered");
                let outcomes = complete(&open.changes, outcomes)
                    .into_iter()
                    .map(|outcome| later(outcome, now, age))
                    .collect();
                self.store_outcomes(lane, &open.changes, outcomes, (false, tally))?;
                Ok(end)
            }
            Err(error) => {
                let failure = self.failure(&error, 1);
                self.after_failed_question(desk, &open, (&error, failure), tally, end)
            }
        }
    }

    /// Finds out what became of an attempt that got no answer.
    pub(crate) async fn look_up(&self, desk: &Desk, key: OpenKey, tally: &Tally) -> Result<JobEnd> {
        let open = self.store.read(|db| db.open_batch(&key))?;
        let Ok(adapter) = &desk.adapter else {
            return Ok(JobEnd::Down(self.now()));
        };
        let end = JobEnd::Asked(key);
        let now = self.now();
        let Some(lane) = lane_of(adapter.as_ref(), &open) else {
            // Sent by a version that had a lane which this one has not.
            self.give_up(open.changes.iter(), tally)?;
            return Ok(end);
        };
        let (repeat, ask): (Vec<Change>, Vec<Change>) = open
            .changes
            .iter()
            .cloned()
            .partition(|change| lane.repeatable && change.action.kind().is_repeatable());
        let again = repeat.iter().map(|change| {
            let again = Settlement::Again {
                due: now,
                problem: None,
                counts: false,
                uncertain: true,
            };
            (change.id, again)
        });
        self.settle_all(Some(lane), again.collect(), tally)?;
        if ask.is_empty() {
            return Ok(end);
        }
        self.store.write(|tx| tx.note_lookup(open.attempt_id))?;
        let batch = Batch {
            lane: lane.name,
            changes: ask,
            fingerprint: open.fingerprint.clone(),
            begun_at: open.started_at,
        };
        match look_up(adapter.as_ref(), &batch).await {
            Ok(outcomes) => {
                self.faults.at("look_up.answered");
                let outcomes = complete(&batch.changes, outcomes);
                self.store_looked_up(lane, &open, outcomes, tally)?;
                Ok(end)
            }
            Err(error) => {
                let failure = self.failure(&error, open.lookups + 1);
                self.after_failed_question(desk, &open, (&error, failure), tally, end)
            }
        }
    }

    fn store_looked_up(
        &self,
        lane: &'static Lane,
        open: &OpenBatch,
        outcomes: Vec<Outcome>,
        tally: &Tally,
    ) -> Result<()> {
        let due = self.now() + delay(open.lookups + 1);
        let (unknown, known): (Vec<Outcome>, Vec<Outcome>) = outcomes
            .into_iter()
            .partition(|outcome| outcome.fate == Fate::Unknown);
        self.store_outcomes(lane, &open.changes, known, (true, tally))?;
        let unknown: BTreeSet<ChangeId> = unknown
            .into_iter()
            .map(|outcome| outcome.change_id)
            .collect();
        if open.lookups >= LOOKUPS_MAX {
            let changes = open.changes.iter();
            return self.give_up(changes.filter(|change| unknown.contains(&change.id)), tally);
        }
        let unknown = unknown
            .into_iter()
            .map(|id| (id, Settlement::Unknown { due }))
            .collect();
        self.settle_all(Some(lane), unknown, tally)
    }

    /// Nobody can tell. A price or a quantity is set again, which is right whatever became of the
    /// first one after so long; for the rest a person must look.
    fn give_up<'a>(&self, changes: impl Iterator<Item = &'a Change>, tally: &Tally) -> Result<()> {
        let now = self.now();
        let settlements = changes.map(|change| {
            let kind = change.action.kind();
            let settlement = if kind.is_repeatable() {
                Settlement::Again {
                    due: now,
                    problem: None,
                    counts: true,
                    uncertain: true,
                }
            } else {
                let problem = Problem::new(ProblemKind::FateUnknown);
                Settlement::Refused {
                    problem: problem.param("action", kind.code()),
                }
            };
            (change.id, settlement)
        });
        self.settle_all(None, settlements.collect(), tally)
    }

    fn after_failed_question(
        &self,
        desk: &Desk,
        open: &OpenBatch,
        (error, failure): (&Error, Failure),
        tally: &Tally,
        end: JobEnd,
    ) -> Result<JobEnd> {
        let now = self.now();
        tracing::warn!(lane = open.lane, error = %error, "a question was not answered");
        self.tell_failure(desk, error, &failure, tally)?;
        let put_off = |until| {
            self.store
                .write(|tx| tx.put_off_attempt(open.attempt_id, until))
        };
        match failure {
            Failure::Lane(until) => {
                put_off(until)?;
                Ok(end)
            }
            Failure::Away(until) | Failure::Person(until) => {
                put_off(until)?;
                Ok(JobEnd::Down(until))
            }
            Failure::Changes if open.ticket.is_some() => {
                // The ticket is worth nothing; what it promised is unknown.
                let unknown = |change: &Change| (change.id, Settlement::Unknown { due: now });
                self.settle_all(None, open.changes.iter().map(unknown).collect(), tally)?;
                Ok(end)
            }
            Failure::Changes if open.lookups >= LOOKUPS_MAX => {
                self.give_up(open.changes.iter(), tally)?;
                Ok(end)
            }
            Failure::Changes => {
                put_off(now + delay(open.lookups + 1))?;
                Ok(end)
            }
        }
    }
}

/// A ticket that is not answered yet is asked less and less often.
fn later(mut outcome: Outcome, now: DateTime<Utc>, age: Duration) -> Outcome {
    if let Fate::Accepted { ticket } = &mut outcome.fate {
        let pause = (age / 10).clamp(Duration::seconds(5), Duration::minutes(15));
        if ticket.not_before <= now + Duration::seconds(1) {
            ticket.not_before = now + pause;
        }
    }
    outcome
}

fn kinds_of(changes: &[Change]) -> BTreeMap<ChangeId, ActionKind> {
    changes
        .iter()
        .map(|change| (change.id, change.action.kind()))
        .collect()
}

fn lane_of(adapter: &dyn Adapter, open: &OpenBatch) -> Option<&'static Lane> {
    adapter.capability().lane(&open.lane)
}

fn is_aftersales(changes: &[Change]) -> bool {
    changes
        .iter()
        .any(|change| change.action.kind().is_aftersales())
}

fn no_role(operation: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, operation)
}

async fn submit(adapter: &dyn Adapter, batch: &Batch) -> barrow_market::Result<Vec<Outcome>> {
    let (allowed, mut refused) = barrow_market::check_batch(adapter.capability(), batch.clone());
    if allowed.changes.is_empty() {
        return Ok(refused);
    }
    let outcomes = if is_aftersales(&allowed.changes) {
        let role = adapter.aftersales().ok_or_else(|| no_role("submit"))?;
        role.submit(&allowed).await?
    } else {
        let role = adapter.listings().ok_or_else(|| no_role("submit"))?;
        role.submit(&allowed).await?
    };
    refused.extend(outcomes);
    Ok(refused)
}

async fn poll(
    adapter: &dyn Adapter,
    ticket: &Ticket,
    changes: &[Change],
) -> barrow_market::Result<Vec<Outcome>> {
    if is_aftersales(changes) {
        let role = adapter.aftersales().ok_or_else(|| no_role("poll"))?;
        role.poll(ticket, changes).await
    } else {
        let role = adapter.listings().ok_or_else(|| no_role("poll"))?;
        role.poll(ticket, changes).await
    }
}

async fn look_up(adapter: &dyn Adapter, batch: &Batch) -> barrow_market::Result<Vec<Outcome>> {
    if is_aftersales(&batch.changes) {
        let role = adapter.aftersales().ok_or_else(|| no_role("look_up"))?;
        role.look_up(batch).await
    } else {
        let role = adapter.listings().ok_or_else(|| no_role("look_up"))?;
        role.look_up(batch).await
    }
}
