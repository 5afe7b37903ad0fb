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

/// What a revision of a listing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revision {
    /// It writes item and offer.
    Content,
    /// It sets price or quantity.
    Value,
    /// It takes the last units off sale.
    ToZero,
}

impl EbayAdapter {
    /// Spends the revisions of a listing's change; none left is told with when there is one again.
    /// A listing without an offer has nothing that could be revised.
    pub(super) fn may_revise(&self, listing: &ListingRef, revision: Revision) -> Option<Fate> {
        let offer_id = listing.binding.get(OFFER_ID)?;
        // The variations of a listing share its revisions.
        let owner = match listing.binding.get(GROUP) {
            Some(key) => format!("group {key}"),
            None => format!("offer {offer_id}"),
        };
        let now = self.clock.now();
        let times = if revision == Revision::Content { 2 } else { 1 };
        for _ in 0..times {
            let Take::NotBefore(at) = self.take(&owner, REVISIONS, now) else {
                continue;
            };
            let reserve = || self.take(&owner, REVISIONS_TO_ZERO, now);
            if revision == Revision::ToZero && reserve() == Take::Granted {
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
