//! The seller's account (amazon.md §1).

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use super::site::{PSEUDO, SITES};
use super::state::State;

/// `GET /sellers/v1/marketplaceParticipations`.
pub(super) fn participations(_state: &mut State, _call: &Call<'_>) -> Answer {
    ok(&json!({ "payload": list() }))
}

/// `GET /sellers/v1/account`.
pub(super) fn account(_state: &mut State, _call: &Call<'_>) -> Answer {
    ok(&json!({
        "payload": {
            "businessType": "PRIVATE_LIMITED",
            "sellingPlan": "PROFESSIONAL",
            "marketplaceParticipationList": list(),
        },
    }))
}

fn list() -> Vec<Value> {
    SITES
        .iter()
        .chain([&PSEUDO])
        .map(|site| {
            json!({
                "marketplace": {
                    "id": site.id,
                    "name": site.name,
                    "countryCode": site.country,
                    "defaultCurrencyCode": site.currency,
                    "defaultLanguageCode": site.locale,
                    "domainName": site.domain,
                },
                "participation": {
                    "isParticipating": site.participates,
                    "hasSuspendedListings": false,
                },
                "storeName": "Practice Seller",
            })
        })
        .collect()
}
