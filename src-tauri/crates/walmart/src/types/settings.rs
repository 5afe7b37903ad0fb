//! Tokens and the account's settings (walmart.md §2.1, §3, §6.5).

use std::collections::BTreeMap;

use serde::Deserialize;

use barrow_wire::{Many, Scalar, or_default};

/// The answer of `POST /v3/token`. No `Debug`: it holds the token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    pub(crate) expires_in: Scalar,
}

/// The answer of `GET /v3/token/detail`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenDetail {
    pub(crate) scopes: BTreeMap<String, Scalar>,
}

/// The answer of `GET /v3/settings/partnerprofile`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PartnerProfile {
    #[serde(deserialize_with = "or_default")]
    pub(crate) partner: Partner,
    pub(crate) configurations: Many<Configuration>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Partner {
    pub(crate) partner_id: Scalar,
    pub(crate) partner_display_name: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Configuration {
    pub(crate) configuration_name: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) configuration: ConfigurationBody,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConfigurationBody {
    pub(crate) status: Scalar,
    pub(crate) values: Many<FeedThrottle>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FeedThrottle {
    pub(crate) feed_type: Scalar,
}

/// A fulfilment centre.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ShipNode {
    pub(crate) ship_node: Scalar,
    pub(crate) ship_node_name: Scalar,
    pub(crate) status: Scalar,
}
