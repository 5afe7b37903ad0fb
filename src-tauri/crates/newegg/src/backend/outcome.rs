//! What an error means for one change, and for the rest of a batch.

use std::time::Duration;

use barrow_market::{Error, ErrorKind, Fate, Outcome, Result, Retry};
use barrow_model::{Binding, Change, ChangeId, ListingRef, Problem, Target, Ticket};
use chrono::{DateTime, Utc};

use crate::limits::RETRY_LATER;

/// What an error means for the change whose call it ended.
pub(crate) enum Ended {
    /// The change was refused; others may do better.
    Refused(Error),
    /// Nobody knows whether it was done.
    Unknown,
    /// It had no effect, and others would fare alike.
    Stopped(Error),
}

/// Sorts errors: what may have taken effect, what is the change's own fault, and what ends a batch.
pub(crate) fn ended(error: Error) -> Ended {
    match error.kind {
        // A 5xx may come after the deed (newegg.md §3).
        ErrorKind::NoAnswer | ErrorKind::Unreadable | ErrorKind::MarketplaceDown => Ended::Unknown,
        ErrorKind::NotFound | ErrorKind::Refused => Ended::Refused(error),
        _ => Ended::Stopped(error),
    }
}

pub(crate) fn outcome(change_id: ChangeId, fate: Fate) -> Outcome {
    Outcome { change_id, fate }
}

pub(crate) fn accepted(change_id: ChangeId, ticket: &Ticket) -> Outcome {
    let ticket = ticket.clone();
    outcome(change_id, Fate::Accepted { ticket })
}

pub(crate) fn advanced(change_id: ChangeId, binding: Binding) -> Outcome {
    outcome(change_id, Fate::Advanced { binding })
}

/// Not done, and tried again by itself after a while.
pub(crate) fn later(change_id: ChangeId, problem: Problem, wait: Duration) -> Outcome {
    let retry = Retry::After(wait);
    outcome(change_id, Fate::Refused { problem, retry })
}

/// Not done, because the batch had to stop before it.
pub(crate) fn stopped(change_id: ChangeId, error: &Error, now: DateTime<Utc>) -> Outcome {
    later(
        change_id,
        error.to_problem(),
        error.wait(now).unwrap_or(Duration::ZERO),
    )
}

/// Refused, with a pause first where the marketplace is only busy with it.
pub(crate) fn refused(change_id: ChangeId, error: &Error) -> Outcome {
    match error.status {
        barrow_market::Status::Permanent => Outcome::refused(change_id, error.to_problem()),
        _ => later(change_id, error.to_problem(), RETRY_LATER),
    }
}

/// Answers a batch change by change. An error that stops the batch is the batch's own as long as
/// nothing of it can have taken effect; later on, the rest is told to come again.
#[derive(Default)]
pub(crate) struct Answers {
    outcomes: Vec<Outcome>,
    touched: bool,
    stop: Option<Error>,
}

impl Answers {
    /// Takes what one change's call brought.
    pub(crate) fn take(&mut self, change_id: ChangeId, result: Result<Outcome>) {
        let ended = match result {
            Ok(done) => {
                self.touched |= !matches!(done.fate, Fate::Refused { .. });
                self.outcomes.push(done);
                return;
            }
            Err(error) => ended(error),
        };
        match ended {
            Ended::Refused(error) => self.outcomes.push(refused(change_id, &error)),
            Ended::Unknown => {
                self.touched = true;
                self.outcomes.push(Outcome::unknown(change_id));
            }
            Ended::Stopped(error) => self.stop = Some(error),
        }
    }

    /// Whether nothing more should be tried.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// One outcome per change, or the error that stopped a batch without effect.
    pub(crate) fn finish(self, changes: &[Change], now: DateTime<Utc>) -> Result<Vec<Outcome>> {
        let Some(error) = self.stop else {
            return Ok(self.outcomes);
        };
        if !self.touched && self.outcomes.is_empty() {
            return Err(error);
        }
        let mut outcomes = self.outcomes;
        let answered: std::collections::HashSet<ChangeId> =
            outcomes.iter().map(|outcome| outcome.change_id).collect();
        for change in changes {
            if !answered.contains(&change.id) {
                outcomes.push(stopped(change.id, &error, now));
            }
        }
        Ok(outcomes)
    }
}

/// The listing of a change.
pub(crate) fn listing(change: &Change) -> Option<&ListingRef> {
    match &change.target {
        Target::Listing(listing) => Some(listing),
        Target::Order(_) => None,
    }
}

/// It did not take effect, and may be sent again at once.
pub(crate) fn not_sent(change: &Change) -> Outcome {
    let problem = Problem::new(barrow_model::ProblemKind::NoAnswer);
    later(change.id, problem, Duration::ZERO)
}
