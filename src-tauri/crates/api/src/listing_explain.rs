//! Where a listing's numbers come from.

use barrow_model::{ListingId, Money};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::Result;
use crate::problems::ProblemBody;

/// Asks where a listing's numbers come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingExplainRequest {
    /// Its number.
    pub id: ListingId,
}

/// Where a listing's numbers come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingExplainResponse {
    /// The wanted price; null where there can be none.
    pub price: Option<Money>,
    /// Why there is none.
    pub price_problem: Option<ProblemBody>,
    /// The steps to the price.
    pub price_steps: Vec<barrow_engine::Step>,
    /// The wanted quantity.
    pub quantity: u32,
    /// The steps to the quantity.
    pub quantity_steps: Vec<barrow_engine::Step>,
}

impl Api {
    /// Tells where a listing's price and quantity come from.
    pub async fn listing_explain(
        &self,
        request: ListingExplainRequest,
    ) -> Result<ListingExplainResponse> {
        let explained = self.parts.engine.explain(request.id).await?;
        let problem = explained.price.as_ref().err();
        Ok(ListingExplainResponse {
            price_problem: problem.map(|p| ProblemBody::new(&self.words, p, "")),
            price: explained.price.ok(),
            price_steps: explained.price_steps,
            quantity: explained.quantity,
            quantity_steps: explained.quantity_steps,
        })
    }
}
