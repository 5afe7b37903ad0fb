//! Goods that this seller may not sell, or not yet (amazon.md §4.5).

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use super::catalogue::{Page, is_asin, page};
use super::error::Refusal;
use super::listing::CONDITIONS;
use super::state::State;
use crate::random::seeded_hash;

/// One page in so many needs an approval.
const GATED_ONE_IN: u64 = 48;

/// Tells whether the seller needs an approval for a page; goods of the example barcodes, which
/// samples use, are free to sell.
pub(super) fn needs_approval(page: &Page) -> bool {
    let example = page
        .gtin
        .as_ref()
        .is_some_and(|gtin| gtin.starts_with("00614141"));
    let hash = seeded_hash(0, &format!("amazon approval {}", page.asin));
    !example && hash.is_multiple_of(GATED_ONE_IN)
}

/// Where the seller asks for it.
pub(super) fn approval_address(asin: &str) -> String {
    format!("https://sellercentral.amazon.com/hz/approvalrequest/restrictions/approve?asin={asin}")
}

/// `GET /listings/2021-08-01/restrictions`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let asin = call.query.get("asin");
    let asin = asin.ok_or_else(|| Refusal::param("asin", "missing"))?;
    if call.query.get("sellerId") != Some(state.keys.seller_id.as_str()) {
        return Err(Refusal::denied());
    }
    let sites = call.sites(20)?;
    let condition = call.word("conditionType", &CONDITIONS)?;
    let reason = match page(state, asin) {
        Some(page) if needs_approval(&page) => json!({
            "reasonCode": "APPROVAL_REQUIRED",
            "message": "You need approval to list this product.",
            "links": [{
                "resource": approval_address(asin),
                "verb": "GET",
                "title": "Request Approval via Seller Central.",
                "type": "text/html",
            }],
        }),
        Some(_) => return ok(&json!({ "restrictions": [] })),
        None if !is_asin(asin) => return Err(Refusal::param("asin", "not an ASIN")),
        None => json!({
            "reasonCode": "ASIN_NOT_FOUND",
            "message": "The specified ASIN does not exist in the requested marketplace.",
        }),
    };
    let restriction = |id: &str| {
        let mut restriction = json!({ "marketplaceId": id, "reasons": [reason.clone()] });
        if let Some(condition) = condition {
            restriction["conditionType"] = Value::from(condition);
        }
        restriction
    };
    let restrictions: Vec<Value> = sites.iter().map(|site| restriction(site.id)).collect();
    ok(&json!({ "restrictions": restrictions }))
}
