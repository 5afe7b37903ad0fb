//! What is stored of an outcome: done, a step, again later, a person's turn.

use barrow_market::{Fate, Lane, Outcome, Retry};
use barrow_model::{ActionKind, ChangeId, Problem, ProblemKind};
use barrow_store::Settlement;
use chrono::{DateTime, Duration, Utc};

use crate::engine::Engine;
use crate::outbox::delay;

/// A refusal that may pass by itself is tried so often: with the delays below that is a working
/// day, longer than a marketplace's faults usually last. Then a person is told.
const TRIES_MAX: u32 = 12;

/// Steps of a publish. Ten thousand items whose barcode numbers are searched for a few hundred at a
/// time take dozens without anything to show for it; far more is a loop.
const STEPS_MAX: u32 = 1_000;

/// What has become of a change so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    /// How often it was sent since its last step.
    pub(crate) tries: u32,
    /// Steps that are done.
    pub(crate) steps: u32,
    /// Whether the marketplace was asked what became of it, because it got no answer.
    pub(crate) looked_up: bool,
}

impl Engine {
    /// What is stored of an outcome, by what became of the change and how often it was tried.
    pub(crate) fn settlement(
        &self,
        lane: &Lane,
        outcome: Outcome,
        kind: ActionKind,
        history: History,
    ) -> (ChangeId, Settlement) {
        let now = self.now();
        let History {
            tries,
            steps,
            looked_up,
        } = history;
        let settlement = match outcome.fate {
            Fate::Applied { binding } => Settlement::Applied { binding },
            Fate::Accepted { ticket } => Settlement::Accepted {
                // At most once a second, whatever the ticket says.
                due: ticket.not_before.max(now + Duration::seconds(1)),
                ticket,
            },
            Fate::Advanced { .. } if steps >= STEPS_MAX => Settlement::Refused {
                problem: Problem::new(ProblemKind::FateUnknown).param("action", kind.code()),
            },
            // It was sent so often, and each time it had to be looked for: it does not get on.
            Fate::Advanced { .. } if looked_up && tries >= TRIES_MAX => Settlement::Refused {
                problem: Problem::new(ProblemKind::MarketplaceDown),
            },
            Fate::Advanced { binding } if looked_up => Settlement::Found {
                binding,
                // Once an answer may be lost.
                due: now + again_in(tries, tries.saturating_sub(1)),
            },
            Fate::Advanced { binding } => Settlement::Advanced { binding },
            Fate::Ended { binding } => Settlement::Ended { binding },
            Fate::Refused { problem, retry } => refused(problem, retry, tries, now),
            Fate::Unknown if lane.repeatable && kind.is_repeatable() => Settlement::Again {
                due: now + delay(tries.max(1)),
                problem: None,
                counts: true,
                uncertain: true,
            },
            Fate::Unknown => Settlement::Unknown {
                due: now + delay(1),
            },
        };
        (outcome.change_id, settlement)
    }
}

/// What is stored of a refusal.
fn refused(problem: Problem, retry: Retry, tries: u32, now: DateTime<Utc>) -> Settlement {
    let Retry::After(wait) = retry else {
        return Settlement::Refused { problem };
    };
    let wait = Duration::from_std(wait);
    // Nothing was sent: our own count of a limit says until when.
    let counts = !waits_for_limit(&problem);
    if counts && tries >= TRIES_MAX {
        return Settlement::Refused { problem };
    }
    let wait = if counts {
        let asked = wait.unwrap_or_else(|_| delay(tries));
        asked.max(again_in(tries, tries))
    } else {
        let known = wait.unwrap_or_else(|_| delay(1));
        known.max(Duration::seconds(1))
    };
    Settlement::Again {
        due: now + wait,
        problem: Some(problem),
        counts,
        uncertain: false,
    }
}

/// How long to leave a change alone: not at all after its first try.
fn again_in(tries: u32, delays: u32) -> Duration {
    if tries > 1 {
        delay(delays)
    } else {
        Duration::zero()
    }
}

/// Whether a change waits until a time that is known: trying it then is not trying it again.
fn waits_for_limit(problem: &Problem) -> bool {
    let kinds = [ProblemKind::ListingLocked, ProblemKind::LimitReached];
    kinds.contains(&problem.kind) && problem.params.contains_key("until")
}
