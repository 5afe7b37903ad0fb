//! The role that keeps listings right.

use async_trait::async_trait;
use barrow_model::{Change, Observed, Site, Ticket};

use crate::error::Result;
use crate::orders::Cursor;
use crate::outcome::{Batch, Outcome};

/// Listings, prices and stock.
///
/// # Requires
/// - A batch holds one lane's kinds, at most `changes_max` of that lane, no two changes of one kind
///   for one listing, and passed [`crate::check_batch`].
/// - The attempt is stored before [`Listings::submit`] is called.
/// - The binding of `advanced` is stored before the change is submitted again.
///
/// # Behaviour
/// - `submit_answers_every_change_once`: one outcome per change id, in any order; a missing one
///   counts as unknown.
/// - `submit_err_means_no_effect`: `Err` only if nothing can have taken effect; otherwise `Ok` with
///   unknown where it is not known.
/// - `submit_takes_one_step`: at most one step that is not repeatable per call; `advanced` tells
///   that there are more.
/// - `one_bad_change_spoils_no_other`: a change that is refused does not keep the others of its
///   batch from being done.
/// - `publish_makes_it_live`: publish, submitted until it is neither advanced nor accepted, makes
///   the listing live with the offer's price and quantity.
/// - `publish_again_is_harmless`: publishing what is live already leaves one listing.
/// - `price_and_quantity_are_set`: afterwards the marketplace holds exactly the values sent.
/// - `quantity_zero_keeps_or_ends_as_declared`: as `keeps_listing_at_zero` says.
/// - `revise_erases_nothing`: a revise leaves everything that the offer holds and the marketplace
///   takes from sellers as the offer says, and price and quantity untouched otherwise.
/// - `end_ends`: afterwards nobody can buy it; ending again is applied, not refused.
/// - `ticket_is_polled_until_answered`: polling gives accepted until results are there, then one
///   final outcome per change.
/// - `look_up_tells_what_happened`: after a lost answer it tells applied, advanced or accepted
///   where the batch took effect, refused with retry where it did not, and unknown only where the
///   marketplace cannot tell. On a lane that is repeatable, refused with retry is right as well.
/// - `observe_sees_every_listing`: paging to the end gives each listing of the account once or
///   more; where `reads_all_listings` says that it cannot, it is an error of kind unsupported.
/// - `a_family_is_one_listing`: where the connector's `family_members_max` is not zero, publishes
///   of variants whose content names the same family make one listing, in which each keeps its own
///   price, quantity, binding and outcome; a variant that comes later joins it. Variants that the
///   marketplace shows and the batch does not name stay in it as they are.
/// - `a_bad_variant_spoils_no_other`: a variant that the marketplace refuses is refused alone; the
///   others of its family are listed without it.
/// - `a_variant_leaves_its_family`: ending one leaves the others for sale; where the marketplace
///   lets no variant go that has sold, its quantity is zero from then on. Ending all ends the
///   listing.
/// - `a_variant_listed_alone_is_told`: a variant that is for sale alone is refused, never ended in
///   silence to join its family.
/// - `limits_are_kept`: no call is made while a limit is known to be used up; the error is rate
///   limited with a time.
#[async_trait]
pub trait Listings: Send + Sync {
    /// Sends a batch, or its next step.
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>>;

    /// Asks what became of changes under a ticket.
    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>>;

    /// Finds out what became of a batch that got no answer. Sends nothing that changes anything.
    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>>;

    /// Reads what is really there, page by page; `None` begins.
    async fn observe(&self, site: &Site, cursor: Option<&Cursor>) -> Result<ObservePage>;

    /// Reads some listings; those that are not there are missing from the answer.
    async fn observe_some(&self, listings: &[barrow_model::ListingRef]) -> Result<Vec<Observed>>;
}

/// A page of what is there.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservePage {
    /// Listings.
    pub listings: Vec<Observed>,
    /// Where the next page begins; none at the end.
    pub next: Option<Cursor>,
}
