//! Listings (amazon.md §4.2).

use serde::Deserialize;
use serde_json::Value;

use barrow_wire::{Many, Scalar, or_default};

/// The answer of `GET /listings/2021-08-01/items/{sellerId}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListingsAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(crate) pagination: Pagination,
    pub(crate) items: Many<Item>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Pagination {
    pub(crate) next_token: Scalar,
}

/// A listing: what is live, what was submitted last, and what is wrong with it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Item {
    pub(crate) sku: Scalar,
    pub(crate) summaries: Many<Summary>,
    /// What was submitted, by attribute (amazon.md §4.3).
    pub(crate) attributes: Option<Value>,
    pub(crate) issues: Many<Issue>,
    pub(crate) offers: Many<ItemOffer>,
    /// What is live.
    pub(crate) fulfillment_availability: Many<Availability>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Summary {
    pub(crate) marketplace_id: Scalar,
    pub(crate) asin: Scalar,
    pub(crate) condition_type: Scalar,
    pub(crate) status: Many<Scalar>,
    pub(crate) item_name: Scalar,
    pub(crate) created_date: Scalar,
    pub(crate) last_updated_date: Scalar,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ItemOffer {
    pub(crate) marketplace_id: Scalar,
    pub(crate) offer_type: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) price: OfferPrice,
    #[serde(deserialize_with = "or_default")]
    pub(crate) audience: Audience,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OfferPrice {
    pub(crate) amount: Scalar,
    pub(crate) currency_code: Scalar,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Audience {
    pub(crate) value: Scalar,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Availability {
    pub(crate) fulfillment_channel_code: Scalar,
    pub(crate) quantity: Scalar,
}

/// What is wrong, of a listing, a write or a message of a feed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Issue {
    pub(crate) code: Scalar,
    pub(crate) message: Scalar,
    pub(crate) severity: Scalar,
    pub(crate) categories: Many<Scalar>,
    pub(crate) attribute_names: Many<Scalar>,
    /// In a feed's report one name stands alone.
    pub(crate) attribute_name: Scalar,
    pub(crate) marketplace_ids: Many<Scalar>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) enforcements: Enforcements,
    /// Of a feed's report.
    pub(crate) message_id: Scalar,
    /// Of a feed's report.
    pub(crate) sku: Scalar,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Enforcements {
    pub(crate) actions: Many<EnforcementAction>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EnforcementAction {
    pub(crate) action: Scalar,
}

/// The answer of a write.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SubmissionAnswer {
    pub(crate) status: Scalar,
    pub(crate) submission_id: Scalar,
    pub(crate) issues: Many<Issue>,
}
