//! Listings that were made elsewhere: on the marketplace's own pages, or with other programs.

use async_trait::async_trait;
use barrow_model::{Money, Problem, Ticket};
use chrono::{DateTime, Utc};

use crate::error::Result;

/// Reading what is live, whoever made it, and taking over what this adapter cannot work with yet.
///
/// # Behaviour
/// - `a_report_is_whole_or_none`: [`Elsewhere::read`] tells of every live listing, or that it is
///   not ready, or fails; a report that failed or was cut is never an empty one.
/// - `what_is_taken_over_can_be_adopted`: a listing that [`Elsewhere::take_over`] took over is seen
///   by [`crate::Listings::observe`] from then on, under the SKU that it names.
#[async_trait]
pub trait Elsewhere: Send + Sync {
    /// Asks for a report of everything that is live.
    async fn ask(&self) -> Result<Ticket>;

    /// What the report says. The same ticket may be read again.
    async fn read(&self, ticket: &Ticket) -> Result<Report>;

    /// So many listings are taken over in one call.
    fn take_over_max(&self) -> usize;

    /// Takes listings over, by the marketplace's own ids, one answer each. It cannot be undone: the
    /// seller must have said yes. Requires at most [`Elsewhere::take_over_max`].
    ///
    /// # Errors
    /// Only where nothing can have taken effect.
    async fn take_over(&self, listing_ids: &[String]) -> Result<Vec<TakenOver>>;
}

/// A report of everything that is live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// It is not ready; asking earlier than then is of no use.
    Later(DateTime<Utc>),
    /// Everything, a row for each SKU: the variations of a listing share its id.
    Whole(Vec<ListedThere>),
}

/// A SKU that is live at a marketplace, as its report tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedThere {
    /// The marketplace's own id of the listing.
    pub listing_id: String,
    /// The seller's SKU, where he gave it one.
    pub sku: Option<String>,
    /// Its price.
    pub price: Option<Money>,
    /// Units for sale.
    pub quantity: Option<u32>,
}

/// What became of a listing that was to be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// The marketplace's own id of the listing.
    pub listing_id: String,
    /// The SKUs under which it is known from now on.
    pub skus: Vec<String>,
    /// Why it was not taken over; none where it was.
    pub problem: Option<Problem>,
}
