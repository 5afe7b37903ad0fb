//! Listings as the model writes them (amazon.md §4.2).

use serde_json::{Value, json};

use super::super::call::instant;
use super::super::money::money;
use super::super::site::Site;
use super::check::{PRICE, QUANTITY};
use super::{AMAZON, Channel, Listing, MERCHANT, Offer};

/// What can be asked for.
pub(in crate::amazon) const DATA: [&str; 8] = [
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
];

/// Returns a listing as one marketplace has it.
pub(in crate::amazon) fn item(listing: &Listing, site: &Site, data: &[&str]) -> Value {
    let mut item = json!({ "sku": listing.sku });
    let Some(offer) = listing.offers.get(site.id) else {
        return item;
    };
    for name in data {
        item[*name] = match *name {
            "attributes" => attributes(offer, site),
            "issues" => offer
                .issues
                .iter()
                .map(|issue| issue.shown(Some(site.id)))
                .collect(),
            "relationships" => json!([{ "marketplaceId": site.id, "relationships": [] }]),
            "productTypes" => json!([{
                "marketplaceId": site.id,
                "productType": offer.product_type,
            }]),
            // Until it has taken effect, nothing of it is live.
            _ if !offer.taken => json!([]),
            "summaries" => json!([summary(listing, offer, site)]),
            "offers" => offers(offer, site),
            "fulfillmentAvailability" => availability(listing),
            _ => json!([]),
        };
    }
    item
}

/// What buyers can do with it: nothing where it is suppressed or out of stock.
pub(super) fn status(listing: &Listing, site: &Site) -> Vec<&'static str> {
    if listing.for_sale(site.id) > 0 {
        vec!["BUYABLE", "DISCOVERABLE"]
    } else {
        Vec::new()
    }
}

fn summary(listing: &Listing, offer: &Offer, site: &Site) -> Value {
    let mut summary = json!({
        "marketplaceId": site.id,
        "asin": offer.asin,
        "productType": offer.product_type,
        "conditionType": offer.condition,
        "status": status(listing, site),
        "itemName": offer.title,
        "createdDate": instant(offer.created_at),
        "lastUpdatedDate": instant(offer.updated_at),
        "mainImage": {
            "link": format!("https://images.example/{}.jpg", offer.asin),
            "height": 500,
            "width": 500,
        },
    });
    if listing.stock.channel == Some(Channel::Amazon) {
        summary["fnSku"] = Value::from(offer.asin.replacen('B', "X", 1));
    }
    summary
}

fn offers(offer: &Offer, site: &Site) -> Value {
    let row = |kind: &str, audience: &str, display: &str, minor: i64| {
        json!({
            "marketplaceId": site.id,
            "offerType": kind,
            "price": money(minor, site.currency),
            "audience": { "value": audience, "displayName": display },
        })
    };
    let everyone = offer
        .price
        .map(|minor| row("B2C", "ALL", "Sell on Amazon", minor));
    let firms = offer
        .business_price
        .map(|minor| row("B2B", "B2B", "Amazon Business", minor));
    everyone.into_iter().chain(firms).collect()
}

fn availability(listing: &Listing) -> Value {
    match listing.stock.channel {
        None => json!([]),
        Some(Channel::Merchant) => json!([{
            "fulfillmentChannelCode": MERCHANT,
            "quantity": listing.stock.units,
        }]),
        Some(Channel::Amazon) => json!([{ "fulfillmentChannelCode": AMAZON }]),
    }
}

/// What was submitted, with what reads add to it (amazon.md §4.3).
fn attributes(offer: &Offer, site: &Site) -> Value {
    let mut attributes = offer.attributes.clone();
    let added = [
        (PRICE, "audience", "ALL"),
        (QUANTITY, "marketplace_id", site.id),
    ];
    for (name, field, value) in added {
        let values = attributes.get_mut(name).and_then(Value::as_array_mut);
        for object in values.into_iter().flatten() {
            if let Some(object) = object.as_object_mut() {
                object.entry(field).or_insert_with(|| Value::from(value));
            }
        }
    }
    Value::Object(attributes)
}
