//! What a run does not do without a yes: moving a price far, running many listings empty, ending
//! many.

use barrow_model::{ActionKind, ChangeState, ListingId, Money, Problem, ProblemKind};
use barrow_store::{QueuedChange, StoreError, Wish, Writer};
use rust_decimal::Decimal;

use crate::error::Result;
use crate::rules::SafetyRule;
use crate::wanted::Desk;

/// Changes that are judged together at most; beyond it there are too many in any case.
pub(crate) const JUDGED_MAX: usize = 2_000_000;

/// A change as safety looks at it.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) listing_id: ListingId,
    pub(crate) channel_sku: String,
    pub(crate) kind: ActionKind,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) held: Option<Problem>,
    pub(crate) approved: bool,
}

impl Judged {
    pub(crate) fn from_wish(wish: Wish, channel_sku: &str) -> Self {
        Self {
            listing_id: wish.listing_id,
            channel_sku: channel_sku.to_owned(),
            kind: wish.kind,
            before: wish.before,
            after: wish.after,
            held: wish.held,
            approved: false,
        }
    }

    pub(crate) fn from_queued(change: &QueuedChange) -> Option<Self> {
        let held = change.problem.clone();
        Some(Self {
            listing_id: change.listing_id?,
            channel_sku: change.channel_sku.clone().unwrap_or_default(),
            kind: change.kind,
            before: change.before.clone(),
            after: change.after.clone(),
            held: held.filter(|_| change.state == ChangeState::Held),
            approved: change.approved,
        })
    }

    fn empties(&self) -> bool {
        let to_zero = matches!(self.kind, ActionKind::SetQuantity | ActionKind::End)
            && self.after.as_deref() == Some("0");
        to_zero && self.before.as_deref() != Some("0")
    }

    fn ends(&self) -> bool {
        self.kind == ActionKind::End && self.after.is_none()
    }
}

/// Why a price that moves so far waits for a yes.
pub(crate) fn price_moves_far(rule: &SafetyRule, from: Money, to: Money) -> Option<Problem> {
    let told = || {
        Problem::new(ProblemKind::PriceMovesFar)
            .field("price")
            .param("from", from)
            .param("to", to)
    };
    if from.currency != to.currency || from.minor <= 0 {
        return Some(told());
    }
    let moved =
        Decimal::from(to.minor - from.minor) * Decimal::ONE_HUNDRED / Decimal::from(from.minor);
    let far = moved > rule.price_up_percent_max || -moved > rule.price_down_percent_max;
    far.then(told)
}

/// Holds what runs too many listings of an account empty, or ends too many. What was approved
/// counts as decided; what is held for these reasons and is few now is let go.
pub(crate) fn judge_account(rule: &SafetyRule, live: u64, changes: &mut [Judged]) {
    let judge = |changes: &mut [Judged], kind: ProblemKind, is_one: fn(&Judged) -> bool| {
        let open = |change: &Judged| is_one(change) && !change.approved;
        let count = changes.iter().filter(|change| open(change)).count() as u64;
        let many = count > u64::from(rule.listings_max)
            && count * 100 > live * u64::from(rule.share_percent_max);
        for change in changes.iter_mut().filter(|change| open(change)) {
            if many {
                let problem = Problem::new(kind).param("count", count).param("of", live);
                change.held = Some(problem);
            } else if change.held.as_ref().is_some_and(|held| held.kind == kind) {
                change.held = None;
            }
        }
    };
    judge(changes, ProblemKind::StockEmptied, Judged::empties);
    judge(changes, ProblemKind::ManyChanges, Judged::ends);
}

impl crate::engine::Engine {
    /// Judges what waits for an account, and with a yes lets it all go.
    pub(crate) fn judge_outbox(&self, desk: &Desk, yes: bool) -> Result<()> {
        self.store.write(|tx| {
            let live = tx.live_count(desk.id())?;
            let kinds = [ActionKind::SetQuantity, ActionKind::End];
            let unsent = tx.unsent_of(desk.id(), &kinds, JUDGED_MAX)?;
            let mut changes: Vec<Judged> = unsent.iter().filter_map(Judged::from_queued).collect();
            judge_account(&desk.rules.safety, live, &mut changes);
            for (queued, judged) in unsent.iter().zip(&changes) {
                store_judgement(tx, queued, judged)?;
            }
            if yes {
                tx.approve_held(desk.id())?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

fn store_judgement(
    tx: &mut Writer<'_>,
    queued: &QueuedChange,
    judged: &Judged,
) -> std::result::Result<(), StoreError> {
    match (&judged.held, queued.state) {
        (Some(problem), ChangeState::Waiting) => tx.hold_change(queued.id, problem),
        (None, ChangeState::Held) => tx.release_change(queued.id),
        _ => Ok(()),
    }
}
