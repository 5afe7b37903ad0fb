//! Tokens and the seller's sites (amazon.md §1, §2.1).

use serde::Deserialize;

use barrow_wire::{Many, Scalar, or_default};

/// The answer of `POST /auth/o2/token`. No `Debug`: it holds the token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    pub(crate) expires_in: Scalar,
}

/// The answer of `GET /sellers/v1/marketplaceParticipations`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ParticipationsAnswer {
    pub(crate) payload: Many<SellerSite>,
}

/// One site of the seller.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SellerSite {
    #[serde(deserialize_with = "or_default")]
    pub(crate) marketplace: MarketplaceId,
    #[serde(deserialize_with = "or_default")]
    pub(crate) participation: Participation,
    pub(crate) store_name: Scalar,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MarketplaceId {
    pub(crate) id: Scalar,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Participation {
    pub(crate) is_participating: Scalar,
    pub(crate) has_suspended_listings: Scalar,
}
