//! The role that acts on orders.

use async_trait::async_trait;
use barrow_model::{Change, Ticket};

use crate::error::Result;
use crate::outcome::{Batch, Outcome};

/// Acknowledging, shipping, cancelling or not, refunding, answering cases.
///
/// # Requires
/// - As for [`crate::Listings`]: the attempt is stored first; batches hold one lane's kinds.
///
/// # Behaviour
/// - `submit_answers_every_change_once`, `submit_err_means_no_effect`: as for listings.
/// - `ship_tells_lines_and_tracking`: afterwards, as soon as the marketplace shows it, the order's
///   lines are shipped by the quantities sent, with carrier and tracking. Where a parcel holds
///   whole lines only, one with some units of a line is refused as an invalid line, unsent.
/// - `ship_again_is_not_doubled`: after a lost answer, [`Aftersales::look_up`] finds the shipment
///   as soon as the marketplace shows it, and going on from what it tells leaves one shipment.
/// - `acknowledge_again_is_harmless`.
/// - `a_rejected_wish_is_gone`: afterwards the order is as it was before its buyer asked to cancel,
///   and his wish is gone.
/// - `an_answered_case_waits_no_more`: afterwards the case does not offer that answer any more, and
///   money that it gave back is seen in its order. Where the case does not take the answer, or is
///   about another sum than the seller was told, it is refused as a case and nothing is done.
/// - `cancel_is_seen_in_the_order`: a cancelled line's quantity is seen in the next pull.
#[async_trait]
pub trait Aftersales: Send + Sync {
    /// Sends a batch.
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>>;

    /// Asks what became of changes under a ticket.
    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>>;

    /// Finds out what became of a batch that got no answer. Sends nothing that changes anything.
    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>>;
}
