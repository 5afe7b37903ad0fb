//! What is sent together, and what became of each part.

use std::collections::HashMap;
use std::time::Duration;

use barrow_model::{Binding, Change, ChangeId, Problem, ProblemKind, Ticket};
use chrono::{DateTime, Utc};

/// Changes that travel together on one lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The [`crate::Lane::name`] that carries them.
    pub lane: &'static str,
    /// The changes, in the order in which they should take effect; at most the lane's
    /// `changes_max`. Several may concern one listing where the lane carries several kinds.
    pub changes: Vec<Change>,
    /// The attempt's own stable name, unique for each sending: adapters put it where the
    /// marketplace keeps it (a file name), so that [`crate::Listings::look_up`] can recognise what
    /// was sent.
    pub fingerprint: String,
    /// When the attempt was written down, before it left: what a marketplace took in earlier is
    /// not of this sending.
    pub begun_at: DateTime<Utc>,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The change.
    pub change_id: ChangeId,
    /// What became of it.
    pub fate: Fate,
    /// What is to be known of it beside; it counts where it was done.
    pub remarks: Remarks,
}

/// What is to be known of a change that was done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remarks {
    /// What the marketplace took and yet warns of. A warning is no refusal.
    pub warnings: Vec<Problem>,
    /// Fewer units went out than the change says, because fewer are there: it was sold meanwhile.
    pub quantity_lowered: bool,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// Done. The binding replaces the listing's where one is given.
    Applied {
        /// What the marketplace calls the listing now.
        binding: Option<Binding>,
    },
    /// Taken in; the ticket will tell. All changes of a feed share one ticket.
    Accepted {
        /// Whom to ask.
        ticket: Ticket,
    },
    /// One of several steps is done. The binding is stored, then the change is submitted again.
    Advanced {
        /// What the marketplace calls the listing now.
        binding: Binding,
    },
    /// The listing is not there any more: it was ended because it cannot be kept without stock, or
    /// it had ended before. It is published again once there is something to sell.
    Ended {
        /// What the marketplace calls it now; replaces the listing's where one is given.
        binding: Option<Binding>,
    },
    /// Not done, and why.
    Refused {
        /// What is wrong.
        problem: Problem,
        /// Whether the same may be tried again by itself.
        retry: Retry,
    },
    /// Nobody knows whether it was done.
    Unknown,
}

/// Whether a refused change may be tried again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Only after a person has mended something.
    No,
    /// It may work later: a lock, a delay, a fault of the marketplace's own.
    After(Duration),
}

impl Outcome {
    /// What became of a change, without remarks.
    pub fn new(change_id: ChangeId, fate: Fate) -> Self {
        Self {
            change_id,
            fate,
            remarks: Remarks::default(),
        }
    }

    /// Done.
    pub fn applied(change_id: ChangeId, binding: Option<Binding>) -> Self {
        Self::new(change_id, Fate::Applied { binding })
    }

    /// Refused until a person mends it.
    pub fn refused(change_id: ChangeId, problem: Problem) -> Self {
        Self::new(
            change_id,
            Fate::Refused {
                problem,
                retry: Retry::No,
            },
        )
    }

    /// Taken in; the ticket will tell.
    pub fn accepted(change_id: ChangeId, ticket: &Ticket) -> Self {
        Self::new(
            change_id,
            Fate::Accepted {
                ticket: ticket.clone(),
            },
        )
    }

    /// One of several steps is done.
    pub fn advanced(change_id: ChangeId, binding: Binding) -> Self {
        Self::new(change_id, Fate::Advanced { binding })
    }

    /// Not done, and tried again by itself after a while.
    pub fn later(change_id: ChangeId, problem: Problem, wait: Duration) -> Self {
        Self::new(
            change_id,
            Fate::Refused {
                problem,
                retry: Retry::After(wait),
            },
        )
    }

    /// It is known that it had no effect, though no answer came: it may be sent again at once.
    pub fn not_done(change_id: ChangeId) -> Self {
        let problem = Problem::new(ProblemKind::NoAnswer);
        Self::later(change_id, problem, Duration::ZERO)
    }

    /// Nobody knows.
    pub fn unknown(change_id: ChangeId) -> Self {
        Self::new(change_id, Fate::Unknown)
    }
}

/// Gives exactly one outcome per change, in the changes' order: the last one that was reported, or
/// unknown where none was. Outcomes of changes that were not asked about are dropped.
pub fn complete(changes: &[Change], outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let mut by_change: HashMap<ChangeId, Outcome> = outcomes
        .into_iter()
        .map(|outcome| (outcome.change_id, outcome))
        .collect();
    changes
        .iter()
        .map(|change| {
            let told = by_change.remove(&change.id);
            told.unwrap_or_else(|| Outcome::unknown(change.id))
        })
        .collect()
}
