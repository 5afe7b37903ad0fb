//! The seller's account: limits of its feeds, ship nodes, GTIN exemption.

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use super::limits::FEEDS;
use super::state::State;

/// `GET /v3/settings/partnerprofile` (walmart.md §3).
pub(super) fn partner_profile(state: &mut State, _call: &Call<'_>) -> Answer {
    let throttles: Vec<Value> = FEEDS
        .iter()
        .map(|limit| {
            json!({
                "feedType": limit.feed_type,
                "throttleConfigurations": [{
                    "type": "SELLER",
                    "rate": {
                        "count": limit.per_hour,
                        "replenishTimeWindow": { "value": 3600, "unitOfMeasurement": "SECOND" },
                    },
                    "fileSize": { "value": limit.bytes_max, "unitOfMeasurement": "BYTES" },
                }],
            })
        })
        .collect();
    ok(&json!({
        "partner": {
            "partnerId": state.keys.partner_id,
            "partnerName": "Practice Seller",
            "partnerDisplayName": "Practice Seller",
            "partnerStoreId": "0",
        },
        "configurations": [
            { "configurationName": "ACCOUNT", "configuration": { "status": "ACTIVE" } },
            { "configurationName": "FEED", "configuration": { "values": throttles } },
        ],
    }))
}

/// `GET /v3/settings/shipping/shipnodes` (walmart.md §6.5).
pub(super) fn ship_nodes(state: &mut State, _call: &Call<'_>) -> Answer {
    ok(&json!([{
        "shipNode": state.keys.ship_node,
        "shipNodeName": "Own warehouse",
        "nodeType": "PHYSICAL",
        "status": "ACTIVE",
        "customNodeId": "OWN",
        "timeZone": "America/Chicago",
        "distributorSupportedServices": [],
        "postalAddress": {
            "addressLine1": "12 Practice Way",
            "city": "Madison",
            "state": "WI",
            "country": "USA",
            "postalCode": "53703",
        },
    }]))
}

/// `GET /v3/items/gtin-exemption/status`: whoever asks has the exemption. No contract describes the
/// answer, so that nothing but the word APPROVED should be read from it.
pub(super) fn gtin_exemption(_state: &mut State, _call: &Call<'_>) -> Answer {
    ok(&json!({
        "status": "APPROVED",
        "exemptions": [{ "brand": "ALL", "category": "ALL", "status": "APPROVED" }],
    }))
}
