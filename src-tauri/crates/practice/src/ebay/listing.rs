//! Live listings: revising and ending them.

use super::answer::Problem;
use super::state::{Listing, ListingStatus, State};
use crate::Now;

/// Revisions of a listing in one calendar day (ebay.md §6.1).
const REVISIONS_PER_DAY_MAX: u32 = 250;

impl Listing {
    /// Counts a revision, or refuses it when the day's are used up.
    fn revise(&mut self, now: Now) -> Result<(), Problem> {
        let day = now.wall.format("%Y-%m-%d").to_string();
        if self.day != day {
            self.day = day;
            self.revisions = 0;
        }
        if self.revisions >= REVISIONS_PER_DAY_MAX {
            let message = "A user error has occurred. This listing has reached the maximum number \
                           of revisions for today.";
            return Err(Problem::inventory(25002, message));
        }
        self.revisions += 1;
        Ok(())
    }
}

/// Counts a revision of a listing that is live.
pub(super) fn revise(state: &mut State, listing: &str, now: Now) -> Result<(), Problem> {
    match state.listings.get_mut(listing) {
        Some(listing) => listing.revise(now),
        None => Ok(()),
    }
}

/// Counts a revision of every listing in which a SKU is live.
pub(super) fn revise_sku(state: &mut State, sku: &str, now: Now) -> Result<(), Problem> {
    for id in state.live_listings_of(sku) {
        revise(state, &id, now)?;
    }
    Ok(())
}

/// Whether a SKU may be set to 0: the seller has the program that keeps its listings (ebay.md
/// §6.5), or in each another variation has some yet (ebay.md §6.6: one that has sold cannot be
/// removed and is set to 0).
pub(super) fn may_run_out(state: &State, sku: &str) -> bool {
    if state.keeps_out_of_stock() {
        return true;
    }
    let others_sell = |id: &String| {
        let offers = state.listings.get(id).map(|listing| &listing.offers);
        let mut members = offers
            .into_iter()
            .flatten()
            .filter_map(|id| state.offers.get(id));
        members.any(|offer| offer.sku != sku && state.effective_quantity(offer) > 0)
    };
    state.live_listings_of(sku).iter().all(others_sell)
}

/// Takes an offer out of its listing, which ends when nothing is left in it.
pub(super) fn unpublish(state: &mut State, offer_id: &str) {
    let Some(offer) = state.offers.get_mut(offer_id) else {
        return;
    };
    offer.published = false;
    let Some(id) = offer.listing.clone() else {
        return;
    };
    let Some(listing) = state.listings.get_mut(&id) else {
        return;
    };
    listing.offers.remove(offer_id);
    if listing.offers.is_empty() {
        listing.status = ListingStatus::Ended;
    } else {
        state.settle_listing(&id);
    }
}

/// Removes an offer, ending its listing first.
pub(super) fn remove_offer(state: &mut State, offer_id: &str) {
    unpublish(state, offer_id);
    let Some(offer) = state.offers.remove(offer_id) else {
        return;
    };
    if let Some(ids) = state.offers_of.get_mut(&offer.sku) {
        ids.retain(|id| id != offer_id);
    }
}
