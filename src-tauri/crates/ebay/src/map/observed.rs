//! Listings as they stand at eBay.

use barrow_model::{
    Binding, FulfilledBy, Gtin, Observed, ObservedState, Problem, ProblemKind, Site, Sku,
};

use super::money::money;
use crate::types::{InventoryItem, Offer};
use crate::{GROUP, LISTING_ID, OFFER_ID};

/// The fixed-price offer of a site; a SKU may be in an auction as well.
pub fn offer_of_site<'a>(offers: &'a [Offer], site: &Site) -> Option<&'a Offer> {
    offers.iter().find(|offer| {
        offer
            .marketplace_id
            .as_deref()
            .is_none_or(|id| id == site.0)
            && offer.format.as_deref() != Some("AUCTION")
    })
}

/// What an offer is bound by: its id, and its listing's while buyers can find it.
pub fn seen(offer: &Offer) -> Option<Binding> {
    let mut binding = Binding::default().with(OFFER_ID, offer.offer_id.clone()?);
    let listing = offer
        .listing
        .as_ref()
        .and_then(|listing| listing.listing_id.clone());
    if let Some(listing) = listing.filter(|_| is_listed(offer)) {
        binding = binding.with(LISTING_ID, listing);
    }
    Some(binding)
}

/// Whether an offer has a listing that has not ended.
pub fn is_listed(offer: &Offer) -> bool {
    !matches!(state(offer), ObservedState::Ended | ObservedState::Pending)
}

/// Where an offer stands. `PUBLISHED` alone says little: eBay or the seller may have ended the
/// listing elsewhere (ebay.md §6.4, §15).
fn state(offer: &Offer) -> ObservedState {
    let listing = offer.listing.as_ref();
    let status = listing.and_then(|listing| listing.listing_status.as_deref());
    let held = listing.and_then(|listing| listing.listing_on_hold) == Some(true);
    match (offer.status.as_deref(), status) {
        (_, Some("ENDED" | "EBAY_ENDED")) => ObservedState::Ended,
        // eBay does not tell a withdrawn offer from one that was never published; nobody can buy
        // either.
        (Some("UNPUBLISHED"), _) => ObservedState::Ended,
        (_, Some("NOT_LISTED")) => ObservedState::Pending,
        (_, _) if held => ObservedState::Blocked,
        (_, Some("INACTIVE")) => ObservedState::Blocked,
        (_, Some("OUT_OF_STOCK")) => ObservedState::OutOfStock,
        (Some("PUBLISHED"), _) | (_, Some("ACTIVE")) => ObservedState::Live,
        _ => ObservedState::Pending,
    }
}

/// A listing from its item and offer. What buyers can buy is the smaller of both quantities
/// (ebay.md §6.5).
pub fn observed(site: &Site, item: &InventoryItem, offer: &Offer) -> Option<Observed> {
    let sku = Sku::new(item.sku.as_deref().or(offer.sku.as_deref())?).ok()?;
    let whole = |quantity: i64| u32::try_from(quantity.max(0)).unwrap_or(u32::MAX);
    let of_item = item
        .availability
        .ship_to_location_availability
        .quantity
        .map(whole);
    let of_offer = offer.available_quantity.map(whole);
    let quantity = match (of_item, of_offer) {
        (Some(item), Some(offer)) => Some(item.min(offer)),
        (one, other) => one.or(other),
    };
    let mut state = state(offer);
    if state == ObservedState::Live && quantity == Some(0) {
        state = ObservedState::OutOfStock;
    }
    let held = offer
        .listing
        .as_ref()
        .and_then(|listing| listing.listing_on_hold)
        == Some(true);
    let product = &item.product;
    let codes = product.upc.iter().chain(&product.ean).chain(&product.isbn);
    Some(Observed {
        details: None,
        site: site.clone(),
        sku,
        binding: match item.group() {
            Some(key) if is_listed(offer) => seen(offer)?.with(GROUP, key),
            _ => seen(offer)?,
        },
        title: product.title.clone(),
        gtin: codes.into_iter().find_map(|code| Gtin::parse(code).ok()),
        price: offer.pricing_summary.price.as_ref().and_then(money),
        quantity,
        fulfilled_by: FulfilledBy::Seller,
        state,
        problems: if held {
            vec![Problem::new(ProblemKind::ListingOnHold)]
        } else {
            Vec::new()
        },
    })
}
