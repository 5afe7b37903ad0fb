//! Where a number comes from: the chain of steps that led to a price or a quantity.

use barrow_model::{ListingId, Money, Problem};
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::error::Result;
use crate::wanted::Wanted;

/// One step of a chain; its words for people go by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Step {
    /// What was done.
    pub kind: StepKind,
    /// With which number, or the number that came out.
    pub value: String,
}

impl Step {
    pub(crate) fn new(kind: StepKind, value: impl ToString) -> Self {
        Self {
            kind,
            value: value.to_string(),
        }
    }
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Starts from the catalogue's price.
    BasePrice,
    /// Starts from what a unit costs.
    BaseCost,
    /// The seller has set the price of this listing.
    PriceOverride,
    /// Changed into another currency at a rate of a day.
    Converted,
    /// Times a factor.
    Times,
    /// Plus an amount.
    Plus,
    /// Raised so that it is left after so many percent of fees.
    Fees,
    /// Rounded to this.
    Rounded,
    /// The floor is this.
    Floor,
    /// It was below the floor and is raised to it.
    RaisedToFloor,
    /// Units that can be sold.
    Available,
    /// A part of a kit suffices for so many.
    KitPart,
    /// The listing is paused.
    Paused,
    /// The seller has set the quantity of this listing.
    QuantityOverride,
    /// So many are kept back.
    Buffer,
    /// So many are offered at most.
    Cap,
    /// So many percent are offered here.
    Share,
    /// So many are offered, as long as they are there.
    Fixed,
    /// No more than this is available.
    AtMostAvailable,
    /// The marketplace keeps one number for all sites, and another listing allows only this.
    OnePool,
    /// The marketplace holds no more than this.
    MarketplaceMaximum,
}

/// What is wanted of a listing and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The price, or why there is none.
    pub price: std::result::Result<Money, Problem>,
    /// The steps to the price.
    pub price_steps: Vec<Step>,
    /// The quantity.
    pub quantity: u32,
    /// The steps to the quantity.
    pub quantity_steps: Vec<Step>,
}

impl Engine {
    /// Tells where a listing's wanted price and quantity come from. Writes nothing, calls nobody.
    pub async fn explain(&self, id: ListingId) -> Result<Explanation> {
        let account_id = self.store.read(|db| db.listing(id))?.listing.account_id;
        let desk = self.desk(account_id).await?;
        let wanted: Wanted = self.store.read(|db| {
            let goods = db.goods(&[id])?.pop();
            let listed = goods.ok_or_else(|| barrow_store::StoreError::NotFound {
                entity: "listing",
                key: id.to_string(),
            })?;
            desk.wanted(db, &listed, self.now())
        })?;
        Ok(Explanation {
            price: wanted.price,
            price_steps: wanted.price_steps,
            quantity: wanted.quantity,
            quantity_steps: wanted.quantity_steps,
        })
    }
}
