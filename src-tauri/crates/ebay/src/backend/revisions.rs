//! eBay takes 250 revisions of a listing a day and then blocks it until the next (ebay.md §6.1).
//! They are counted here, kept over restarts by whoever keeps the limits; some are held back for
//! stock that goes to zero, so that what is sold out can always be taken off sale.

use std::time::Duration;

use barrow_market::{Fate, Retry};
use barrow_model::{ListingRef, Problem, ProblemKind};
use barrow_wire::{Bucket, BucketKey, Take};
use chrono::{DateTime, Utc};

use super::EbayAdapter;
use crate::limits::{REVISIONS, REVISIONS_SINGLE, REVISIONS_TO_ZERO};
use crate::{GROUP, OFFER_ID};

/// What a change takes of a listing's revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Revision {
    /// Whether eBay counts two writes, else one.
    is_pair: bool,
    /// Whether it takes the last units off sale.
    to_zero: bool,
}

impl Revision {
    /// It writes item and offer.
    pub(super) const CONTENT: Self = Self::of(true, false);
    /// It sets the offer's price.
    pub(super) const PRICE: Self = Self::of(false, false);
    /// It sets the quantity of item and offer, and perhaps the price with the latter (ebay.md
    /// §6.5).
    pub(super) const QUANTITY: Self = Self::of(true, false);
    /// The same to zero.
    pub(super) const ZERO: Self = Self::of(true, true);
    /// It sets the offer's quantity alone, to zero.
    pub(super) const OFFER_ZERO: Self = Self::of(false, true);
    /// It writes the group.
    pub(super) const GROUP: Self = Self::of(false, false);
    /// It writes the group without some variations.
    pub(super) const LEAVING: Self = Self::of(false, true);

    const fn of(is_pair: bool, to_zero: bool) -> Self {
        Self { is_pair, to_zero }
    }
}

impl EbayAdapter {
    /// Spends the revisions of a listing's change; none left is told with when there is one again.
    /// A listing without an offer has nothing that could be revised.
    pub(super) fn may_revise(&self, listing: &ListingRef, revision: Revision) -> Option<Fate> {
        let offer_id = listing.binding.get(OFFER_ID)?;
        match listing.binding.get(GROUP) {
            Some(key) => self.may_revise_group(key, revision),
            None => self.spend(&format!("offer {offer_id}"), revision),
        }
    }

    /// The same of a listing with variations, which share its revisions.
    pub(super) fn may_revise_group(&self, key: &str, revision: Revision) -> Option<Fate> {
        self.spend(&format!("group {key}"), revision)
    }

    /// Each bucket gives all that a change takes, or nothing: a change that waits uses nothing up.
    fn spend(&self, owner: &str, revision: Revision) -> Option<Fate> {
        let now = self.clock.now();
        let single = (!revision.is_pair).then_some(REVISIONS_SINGLE);
        let reserve = revision.to_zero.then_some(REVISIONS_TO_ZERO);
        let buckets = single.into_iter().chain([REVISIONS]).chain(reserve);
        let mut soonest: Option<DateTime<Utc>> = None;
        for bucket in buckets {
            match self.take(owner, bucket, now) {
                Take::Granted => return None,
                Take::NotBefore(at) => soonest = Some(soonest.map_or(at, |known| known.min(at))),
            }
        }
        Some(used_up(soonest.unwrap_or(now), now))
    }

    fn take(&self, owner: &str, bucket: Bucket, now: DateTime<Utc>) -> Take {
        let key = BucketKey {
            endpoint: self.endpoint.clone(),
            owner: format!("{} {owner}", self.seller),
            bucket: bucket.name,
        };
        let buckets = [(key, bucket)];
        let taken = self.limits.take(&buckets, now);
        // A day is long: when the write comes to eBay makes no difference to it.
        if taken == Take::Granted {
            self.limits.answered(&buckets, now, now);
        }
        taken
    }
}

fn used_up(at: DateTime<Utc>, now: DateTime<Utc>) -> Fate {
    let wait = (at - now).to_std().unwrap_or(Duration::ZERO);
    Fate::Refused {
        problem: Problem::new(ProblemKind::ListingLocked).param("until", at.to_rfc3339()),
        retry: Retry::After(wait),
    }
}
