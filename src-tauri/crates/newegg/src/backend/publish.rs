//! Publishing: an offer on an item that the catalogue knows goes by feed (newegg.md §5.1, v2). What
//! stands there afterwards otherwise than it was sent, such as a deactivated listing, is set by
//! single calls as a step of its own.

use std::collections::HashSet;

use barrow_market::{Answers, Batch, Outcome, RETRY_LATER, Result};
use barrow_model::{Action, Binding, Change, FulfilledBy, ListingRef, Offer};

use crate::backend::NeweggAdapter;
use crate::backend::feeds::FeedRow;
use crate::backend::values::{Written, absent, deactivated};
use crate::limits::{REVIEW_LOOKS, SINGLE_VALUES_MAX};
use crate::map::item::{ITEM_NUMBER, Seen};
use crate::map::offer::item_row;
use crate::request::{FeedKind, OfferValues};

/// The step that comes next, in bindings.
const STEP: &str = "step";
/// Price, quantity and activity come next.
const VALUES_STEP: &str = "values";

/// A publish that takes part in a submit.
struct Publish<'a> {
    change: &'a Change,
    listing: &'a ListingRef,
    offer: &'a Offer,
}

/// How a listing stands beside its offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not in the account, or still in review.
    Absent,
    /// There, off or with other values.
    Differs,
    /// For sale as offered.
    Good,
}

/// The binding of a change that has no step left.
pub(crate) fn done(mut binding: Binding) -> Binding {
    binding.0.remove(STEP);
    binding
}

/// The binding of a publish whose values are to be set.
pub(crate) fn values_next(binding: Binding) -> Binding {
    binding.with(STEP, VALUES_STEP)
}

/// Compares what is there with an offer. Fewer units than offered have been sold meanwhile.
pub(crate) fn standing(seen: Option<&Seen>, offer: &Offer) -> Standing {
    let Some(seen) = seen else {
        return Standing::Absent;
    };
    let has_units = match (seen.fulfilled_by(), seen.quantity()) {
        (FulfilledBy::Seller, Some(units)) => {
            units <= offer.quantity && (units > 0 || offer.quantity == 0)
        }
        (FulfilledBy::Seller, None) => false,
        // Not the seller's to set.
        _ => true,
    };
    if seen.active != Some(false) && seen.price == Some(offer.price) && has_units {
        Standing::Good
    } else {
        Standing::Differs
    }
}

impl NeweggAdapter {
    pub(crate) async fn publish(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let publishes = batch.changes.iter().filter_map(publish_of);
        let (by_call, by_feed): (Vec<_>, Vec<_>) =
            publishes.partition(|p| p.listing.binding.get(STEP) == Some(VALUES_STEP));
        let mut outcomes = self.set_offers(&by_call).await?;
        let (rows, refused) = self.rows(&by_feed);
        let touched = !outcomes.is_empty();
        outcomes.extend(refused);
        match self.send_feed(FeedKind::Items, rows).await {
            Ok(sent) => outcomes.extend(sent),
            Err(error) if !touched => return Err(error),
            Err(error) => {
                let now = self.clock.now();
                let answered: HashSet<_> = outcomes.iter().map(|o| o.change_id).collect();
                let left = by_feed
                    .iter()
                    .filter(|p| !answered.contains(&p.change.id))
                    .map(|p| Outcome::stopped(p.change.id, &error, now));
                let left: Vec<Outcome> = left.collect();
                outcomes.extend(left);
            }
        }
        Ok(outcomes)
    }

    fn rows(&self, publishes: &[Publish<'_>]) -> (Vec<FeedRow>, Vec<Outcome>) {
        let (mut rows, mut refused) = (Vec::with_capacity(publishes.len()), Vec::new());
        for publish in publishes {
            let sku = publish.listing.sku.as_str();
            let learned = publish.listing.binding.get(ITEM_NUMBER);
            match item_row(&self.config, publish.offer, sku, learned) {
                Ok(row) => rows.push(FeedRow {
                    change_ids: vec![publish.change.id],
                    sku: sku.to_owned(),
                    binding: publish.listing.binding.clone(),
                    row,
                }),
                Err(problem) => refused.push(Outcome::refused(publish.change.id, *problem)),
            }
        }
        (rows, refused)
    }

    /// Sets activity, price and quantity one by one; repeating is harmless.
    async fn set_offers(&self, publishes: &[Publish<'_>]) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        let changes: Vec<Change> = publishes.iter().map(|p| p.change.clone()).collect();
        for (place, publish) in publishes.iter().enumerate() {
            if answers.is_stopped() {
                break;
            }
            let id = publish.change.id;
            if place >= SINGLE_VALUES_MAX {
                let again = Outcome::advanced(id, publish.listing.binding.clone());
                answers.take(id, Ok(again));
                continue;
            }
            let written = self.set_offer(publish).await;
            answers.take(id, written);
        }
        answers.finish(&changes, self.clock.now())
    }

    async fn set_offer(&self, publish: &Publish<'_>) -> Result<Outcome> {
        let (change, listing, offer) = (publish.change, publish.listing, publish.offer);
        let values = OfferValues {
            price: Some(offer.price),
            quantity: Some(offer.quantity),
            active: Some(true),
        };
        Ok(match self.write(listing.sku.as_str(), &values).await? {
            Written::Done => Outcome::applied(change.id, Some(done(listing.binding.clone()))),
            // Newegg may still be at it; it is tried for half a day, then a person is told.
            Written::Off => {
                let wait = REVIEW_LOOKS.last().copied().unwrap_or(RETRY_LATER);
                Outcome::later(change.id, deactivated(), wait)
            }
            Written::Absent(error) => absent(change, listing, error.to_problem()),
            // Not known, and harmless to set again.
            Written::Unknown => Outcome::advanced(change.id, listing.binding.clone()),
        })
    }
}

fn publish_of(change: &Change) -> Option<Publish<'_>> {
    match (&change.action, change.listing()) {
        (Action::Publish(offer), Some(listing)) => Some(Publish {
            change,
            listing,
            offer,
        }),
        _ => None,
    }
}
