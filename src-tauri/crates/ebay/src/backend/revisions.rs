//! eBay takes 250 revisions of a listing a day and then blocks it until the next (ebay.md §6.1).
//! They are counted here, kept over restarts by whoever keeps the limits; some are held back for
//! stock that goes to zero, so that what is sold out can always be taken off sale.

use std::time::Duration;

use barrow_market::{Fate, Retry};
use barrow_model::{ListingRef, Problem, ProblemKind};
use barrow_wire::{Bucket, BucketKey, Take};
use chrono::{DateTime, Utc};

use super::EbayAdapter;
use crate::limits::{REVISIONS, REVISIONS_TO_ZERO};
use crate::{GROUP, OFFER_ID};

/// What a change takes of a listing's revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Revision {
    /// How many writes eBay counts.
    times: u32,
    /// Whether it takes the last units off sale.
    to_zero: bool,
}

impl Revision {
    /// It writes item and offer.
    pub(super) const CONTENT: Self = Self::of(2, false);
    /// It sets the offer's price.
    pub(super) const PRICE: Self = Self::of(1, false);
    /// It sets the quantity of item and offer, and perhaps the price with the latter (ebay.md
    /// §6.5).
    pub(super) const QUANTITY: Self = Self::of(2, false);
    /// The same to zero.
    pub(super) const ZERO: Self = Self::of(2, true);
    /// It sets the offer's quantity alone, to zero.
    pub(super) const OFFER_ZERO: Self = Self::of(1, true);
    /// It writes the group.
    pub(super) const GROUP: Self = Self::of(1, false);
    /// It writes the group without some variations.
    pub(super) const LEAVING: Self = Self::of(1, true);

    const fn of(times: u32, to_zero: bool) -> Self {
        Self { times, to_zero }
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

    fn spend(&self, owner: &str, revision: Revision) -> Option<Fate> {
        let now = self.clock.now();
        for _ in 0..revision.times {
            let Take::NotBefore(at) = self.take(owner, REVISIONS, now) else {
                continue;
            };
            let reserve = || self.take(owner, REVISIONS_TO_ZERO, now);
            if revision.to_zero && reserve() == Take::Granted {
                continue;
            }
            return Some(used_up(at, now));
        }
        None
    }

    fn take(&self, owner: &str, bucket: Bucket, now: DateTime<Utc>) -> Take {
        let key = BucketKey {
            endpoint: self.endpoint.clone(),
            owner: format!("{} {owner}", self.seller),
            bucket: bucket.name,
        };
        self.limits.take(&[(key, bucket)], now)
    }
}

fn used_up(at: DateTime<Utc>, now: DateTime<Utc>) -> Fate {
    let wait = (at - now).to_std().unwrap_or(Duration::ZERO);
    Fate::Refused {
        problem: Problem::new(ProblemKind::ListingLocked).param("until", at.to_rfc3339()),
        retry: Retry::After(wait),
    }
}
