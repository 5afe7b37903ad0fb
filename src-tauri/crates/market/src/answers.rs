//! What errors mean for the changes of a batch.

use std::collections::HashSet;
use std::time::Duration;

use barrow_model::{Change, ChangeId};
use chrono::{DateTime, Utc};

use crate::error::{Error, ErrorKind, Result, Status};
use crate::outcome::{Fate, Outcome};

/// The pause before what a marketplace refused for a passing reason of its own is tried again,
/// where it names no time. Our choice: longer than most of their faults, shorter than a seller's
/// patience.
pub const RETRY_LATER: Duration = Duration::from_secs(15 * 60);

/// What an error means for the change whose call it ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// The change was refused; others may do better.
    Refused(Error),
    /// Nobody knows whether it was done.
    Unknown,
    /// It had no effect, and others would fare alike.
    Stopped(Error),
}

impl From<Error> for Ended {
    /// Sorts errors: what may have taken effect, what is the change's own fault, and what ends a
    /// batch.
    fn from(error: Error) -> Self {
        match error.kind {
            // A 5xx may come after the deed (walmart.md §4, §6.2; newegg.md §3).
            ErrorKind::NoAnswer | ErrorKind::Unreadable | ErrorKind::MarketplaceDown => {
                Self::Unknown
            }
            ErrorKind::NotFound | ErrorKind::Refused => Self::Refused(error),
            _ => Self::Stopped(error),
        }
    }
}

impl Outcome {
    /// Not done, because the batch had to stop before it: tried again when the error says.
    pub fn stopped(change_id: ChangeId, error: &Error, now: DateTime<Utc>) -> Self {
        let wait = error.wait(now).unwrap_or(Duration::ZERO);
        Self::later(change_id, error.to_problem(), wait)
    }

    /// Refused by an error of its own: until a person mends it where the error is permanent, else
    /// for [`RETRY_LATER`].
    pub fn refused_by(change_id: ChangeId, error: &Error) -> Self {
        match error.status {
            Status::Permanent => Self::refused(change_id, error.to_problem()),
            Status::Temporary | Status::Persistent => {
                Self::later(change_id, error.to_problem(), RETRY_LATER)
            }
        }
    }
}

/// Answers a batch change by change. An error that stops the batch is the batch's own as long as
/// nothing of it can have taken effect; later on, the rest is told to come again.
#[derive(Debug, Default)]
pub struct Answers {
    outcomes: Vec<Outcome>,
    touched: bool,
    stop: Option<Error>,
}

impl Answers {
    /// Begins with what is known already of other changes of the batch.
    pub fn of(outcomes: Vec<Outcome>) -> Self {
        Self {
            outcomes,
            ..Self::default()
        }
    }

    /// Takes what one change's call brought.
    pub fn take(&mut self, change_id: ChangeId, result: Result<Outcome>) {
        let ended = match result {
            Ok(done) => {
                self.touched |= !matches!(done.fate, Fate::Refused { .. });
                self.outcomes.push(done);
                return;
            }
            Err(error) => Ended::from(error),
        };
        match ended {
            Ended::Refused(error) => self.outcomes.push(Outcome::refused_by(change_id, &error)),
            Ended::Unknown => {
                self.touched = true;
                self.outcomes.push(Outcome::unknown(change_id));
            }
            Ended::Stopped(error) => self.stop = Some(error),
        }
    }

    /// Whether nothing more should be tried.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// One outcome per change.
    ///
    /// # Errors
    /// What stopped a batch of which nothing is known to have become anything.
    pub fn finish(self, changes: &[Change], now: DateTime<Utc>) -> Result<Vec<Outcome>> {
        let Some(error) = self.stop else {
            return Ok(self.outcomes);
        };
        if !self.touched && self.outcomes.is_empty() {
            return Err(error);
        }
        let mut outcomes = self.outcomes;
        let answered: HashSet<ChangeId> =
            outcomes.iter().map(|outcome| outcome.change_id).collect();
        let left = changes
            .iter()
            .filter(|change| !answered.contains(&change.id));
        outcomes.extend(left.map(|change| Outcome::stopped(change.id, &error, now)));
        Ok(outcomes)
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{Action, Change, ChangeId, OrderRef, OrderRowId, Site, Target};
    use chrono::DateTime;

    use super::Answers;
    use crate::error::{Error, ErrorKind};
    use crate::outcome::{Fate, Outcome, Retry};

    fn changes() -> Vec<Change> {
        let order = OrderRef {
            id: OrderRowId(1),
            order_id: "1".to_owned(),
            site: Site("X".to_owned()),
            placed_at: DateTime::UNIX_EPOCH,
        };
        let change = |id| Change {
            id: ChangeId(id),
            target: Target::Order(order.clone()),
            action: Action::Acknowledge,
        };
        (1..=3).map(change).collect()
    }

    /// A letter for each of three changes: done, refused, unknown, later, or how the whole ended.
    fn told(results: &[Result<(), ErrorKind>]) -> String {
        let changes = changes();
        let mut answers = Answers::default();
        for (change, result) in changes.iter().zip(results) {
            if answers.is_stopped() {
                break;
            }
            let result = result.map(|()| Outcome::applied(change.id, None));
            answers.take(change.id, result.map_err(|kind| Error::new(kind, "try")));
        }
        let letter = |outcome: &Outcome| match &outcome.fate {
            Fate::Refused { retry, .. } if *retry == Retry::No => 'r',
            Fate::Refused { .. } => 'l',
            Fate::Unknown => 'u',
            _ => 'd',
        };
        match answers.finish(&changes, DateTime::UNIX_EPOCH) {
            Ok(outcomes) => outcomes.iter().map(letter).collect(),
            Err(error) => format!("{:?}", error.kind),
        }
    }

    #[test]
    fn an_error_is_the_batchs_own_only_where_nothing_became_of_it() {
        let check = |results: &[Result<(), ErrorKind>], expected: &str| {
            assert_eq!(told(results), expected, "{results:?}");
        };
        let (refused, busy) = (Err(ErrorKind::Refused), Err(ErrorKind::RateLimited));
        check(&[Ok(()), Ok(()), Ok(())], "ddd");
        check(&[Ok(()), refused, Ok(())], "drd");
        check(&[Ok(()), Err(ErrorKind::NoAnswer), refused], "dur");
        check(&[busy], "RateLimited");
        check(&[refused, busy], "rll");
        check(&[Ok(()), busy], "dll");
        check(&[Err(ErrorKind::MarketplaceDown), busy], "ull");
    }
}
