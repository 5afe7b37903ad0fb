//! What stands at eBay and Barrow does not know of. eBay erases what a write leaves out
//! (ebay.md §6.2, §6.4): what was read goes out again whole, with what Barrow says put over it, so
//! that terms, tax, product safety or a field that eBay has only had since yesterday stay as the
//! seller has set them by other means.

use barrow_model::Content;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::descriptors::over_descriptors;
use super::kept_terms::{keep_terms, terms_left};
use super::listing::LISTING_ASPECTS_MAX;
use super::money::instant;
use super::particulars;
use super::rules::condition_code;
use crate::config::SiteFacts;

/// An item's identifiers.
const IDENTIFIERS: [&str; 3] = ["ean", "upc", "isbn"];
/// What tells of used goods; it belongs to the condition.
const OF_CONDITION: [&str; 2] = ["conditionDescription", "conditionDescriptors"];
/// What eBay tells of an item and takes from nobody.
const ITEM_READ_ONLY: [&str; 2] = ["groupIds", "inventoryItemGroupKeys"];
/// What eBay tells of a product's units and takes from nobody.
const UNITS_READ_ONLY: &str = "allocationByFormat";
/// What eBay tells of an offer, and what an update may not name (ebay.md §6.4).
const OFFER_READ_ONLY: [&str; 6] = [
    "format",
    "listing",
    "marketplaceId",
    "offerId",
    "sku",
    "status",
];

/// Puts an item's body over the item that is there. `written` holds the aspects that Barrow wrote
/// last, as [`aspect_prints`] tells them: of those, what Barrow names no more goes; others stay.
pub fn keep_item(
    body: &mut Value,
    known: &Value,
    content: &Content,
    (site, written): (&SiteFacts, &str),
) {
    let known = &particulars::left(known, body, written);
    // Several of eBay's words are read as one grade: the word that is there says it better.
    let says_so = |word: &str| condition_code(word).is_none_or(|it| it == content.condition);
    if known["condition"].as_str().is_some_and(says_so) {
        replace(body, known, "condition");
    }
    let mut kept = without(known, &ITEM_READ_ONLY);
    if body["condition"] != known["condition"] {
        kept.retain(|name, _| !OF_CONDITION.contains(&name.as_str()));
    }
    let (product, there) = (&mut body["product"], &known["product"]);
    if content.description.trim().is_empty() {
        replace(product, there, "description");
    }
    if content.images.is_empty() {
        replace(product, there, "imageUrls");
    }
    // A title would stand over the group's, and a number beside ours be another product's.
    let mut left_out = vec!["title", "epid", "aspects"];
    left_out.extend(IDENTIFIERS);
    put_over(product, without(there, &left_out));
    if content.mpn.is_none() && product["brand"] == there["brand"] {
        replace(product, there, "mpn");
    }
    keep_identifiers(product, there, content);
    keep_aspects(product, there, site, written);
    let (units, stock) = ("shipToLocationAvailability", "availability");
    if let Some(own) = body.get_mut(stock) {
        let there = &known[stock];
        if let Some(own) = own.get_mut(units) {
            put_over(own, without(&there[units], &[UNITS_READ_ONLY]));
        }
        put_over(own, without(there, &[]));
    }
    put_within(body, known, "packageWeightAndSize");
    let descriptors = "conditionDescriptors";
    if body.get(descriptors).is_some() && kept.contains_key(descriptors) {
        body[descriptors] = over_descriptors(&body[descriptors], &known[descriptors]);
    }
    put_over(body, kept);
}

/// Puts an offer's body over the offer that is there. `written` holds the terms that Barrow wrote
/// last, as [`super::term_prints`] tells them: of those, what Barrow says no more goes; others
/// stay.
pub fn keep_offer(
    body: &mut Value,
    known: &Value,
    content: &Content,
    (now, written): (DateTime<Utc>, &str),
) {
    let known = &particulars::left(&terms_left(known, body, written), body, written);
    if content.description.trim().is_empty() {
        replace(body, known, "listingDescription");
    }
    keep_terms(body, known);
    put_within(body, known, "tax");
    put_within(body, known, "listingPolicies");
    put_within(body, known, "pricingSummary");
    let mut kept = without(known, &OFFER_READ_ONLY);
    // A start that is over is refused where it was taken before (25752, ebay.md §12).
    let starts = instant(known["listingStartDate"].as_str());
    if starts.is_none_or(|at| at <= now) {
        kept.remove("listingStartDate");
    }
    put_over(body, kept);
}

/// Names what an item is written with, aspect by aspect, so that what Barrow takes back can be told
/// from what the seller has set by other means: eight digits for each.
pub fn aspect_prints(item: &Value) -> String {
    let aspects = item["product"]["aspects"].as_object().into_iter().flatten();
    let prints: String = aspects.map(|(name, _)| print(name)).collect();
    prints + &particulars::prints(item)
}

pub(super) fn print(name: &str) -> String {
    let digest = Sha256::digest(name.to_lowercase());
    let bytes = digest.iter().take(4);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn was_written(written: &str, name: &str) -> bool {
    let print = print(name);
    let mut prints = written.as_bytes().chunks(print.len());
    prints.any(|known| known == print.as_bytes())
}

/// Whether something is said: null, an empty text and an empty list say nothing.
pub(super) fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// What is said in an object, without some names.
pub(super) fn without(known: &Value, names: &[&str]) -> Map<String, Value> {
    let mut kept = known.as_object().cloned().unwrap_or_default();
    kept.retain(|name, value| !names.contains(&name.as_str()) && says(value));
    kept
}

/// Puts an object over what is kept of the one that is there.
pub(super) fn put_over(own: &mut Value, mut kept: Map<String, Value>) {
    if let Some(own) = own.as_object_mut() {
        kept.append(own);
        *own = kept;
    }
}

pub(super) fn put_within(body: &mut Value, known: &Value, part: &str) {
    let mut own = match &body[part] {
        Value::Object(own) => Value::Object(own.clone()),
        _ => Value::Object(Map::new()),
    };
    put_over(&mut own, without(&known[part], &[]));
    if let (Some(body), true) = (body.as_object_mut(), says(&own)) {
        body.insert(part.to_owned(), own);
    }
}

fn replace(body: &mut Value, known: &Value, name: &str) {
    if let (Some(body), true) = (body.as_object_mut(), says(&known[name])) {
        body.insert(name.to_owned(), known[name].clone());
    }
}

/// Where the seller has told Barrow no number, the numbers that are there stay, and with them the
/// entry of eBay's catalogue.
fn keep_identifiers(product: &mut Value, known: &Value, content: &Content) {
    let known_some = IDENTIFIERS.iter().any(|name| says(&known[*name]));
    if content.gtin.is_none() && known_some {
        if let Some(product) = product.as_object_mut() {
            product.retain(|name, _| !IDENTIFIERS.contains(&name.as_str()));
        }
        for name in IDENTIFIERS {
            replace(product, known, name);
        }
    }
    let same = IDENTIFIERS
        .iter()
        .all(|name| !says(&product[*name]) || product[*name] == known[*name]);
    if same {
        replace(product, known, "epid");
    }
}

/// An aspect that is there and that Barrow never wrote stays; one that it wrote and names no more
/// goes. What Barrow says that a product has not stands back behind what is there.
fn keep_aspects(product: &mut Value, known: &Value, site: &SiteFacts, written: &str) {
    let (Some(aspects), Some(known)) = (
        product["aspects"].as_object_mut(),
        known["aspects"].as_object(),
    ) else {
        return;
    };
    let has_not = json!([site.does_not_apply]);
    // What stands under the English name of an aspect that has one of its own here.
    let foreign = [("Brand", site.brand), ("MPN", site.part_number)];
    let foreign = |name: &str| {
        foreign
            .iter()
            .any(|(other, own)| *other == name && name != *own)
    };
    let there = known.iter().filter(|(_, values)| says(values));
    for (name, values) in there.filter(|(name, _)| !foreign(name)) {
        let ours = aspects
            .iter()
            .find(|(own, _)| own.to_lowercase() == name.to_lowercase())
            .map(|(own, values)| (own.clone(), *values == has_not));
        match ours {
            Some((own, true)) => {
                aspects.insert(own, values.clone());
            }
            None if aspects.len() < LISTING_ASPECTS_MAX && !was_written(written, name) => {
                aspects.insert(name.clone(), values.clone());
            }
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{Content, Site};
    use serde_json::{Value, json};

    use super::{aspect_prints, keep_item, keep_offer};
    use crate::config::site_facts;

    fn content() -> Content {
        let content = json!({
            "title": "Lamp", "description": "A lamp.", "brand": null, "mpn": null,
            "gtin": null, "asin": null, "condition": "new", "category_path": [],
            "category": null, "attributes": { "Colour": ["Red"] }, "options": [],
            "images": [{ "source": { "url": "https://i.example/1.jpg" }, "alt": null }],
            "weight": null, "dimensions": null, "compare_at": null, "family": null,
        });
        serde_json::from_value(content).unwrap()
    }

    fn kept(body: &Value, known: &Value, written: &str) -> Value {
        let mut body = body.clone();
        let site = site_facts(&Site("EBAY_US".to_owned())).unwrap();
        keep_item(&mut body, known, &content(), (site, written));
        body
    }

    #[test]
    fn fields_that_nobody_has_heard_of_go_out_again_and_ours_stand_over_them() {
        let body = json!({
            "sku": "A", "locale": "en_US", "condition": "NEW",
            "availability": { "shipToLocationAvailability": { "quantity": 5 } },
            "product": { "title": "Lamp", "description": "A lamp.", "upc": ["Does not apply"],
                "imageUrls": ["https://i.example/1.jpg"], "aspects": {} },
        });
        let known = json!({
            "sku": "A", "locale": "de_DE", "condition": "NEW", "groupIds": ["1"],
            "inventoryItemGroupKeys": ["g"], "conditionDescription": "Boxed", "someday": { "a": 1 },
            "availability": {
                "pickupAtLocationAvailability": [{ "quantity": 1 }],
                "shipToLocationAvailability": { "quantity": 9,
                    "allocationByFormat": [{ "quantity": 1 }],
                    "availabilityDistributions": [{ "merchantLocationKey": "main" }] },
            },
            "product": { "title": "Old", "subtitle": "Sub", "epid": "7", "later": [true],
                "ean": ["4006381333931"], "imageUrls": ["https://i.example/old.jpg"] },
        });
        let expected = json!({
            "sku": "A", "locale": "en_US", "condition": "NEW", "conditionDescription": "Boxed",
            "someday": { "a": 1 },
            "availability": {
                "pickupAtLocationAvailability": [{ "quantity": 1 }],
                "shipToLocationAvailability": { "quantity": 5,
                    "availabilityDistributions": [{ "merchantLocationKey": "main" }] },
            },
            "product": { "title": "Lamp", "description": "A lamp.", "subtitle": "Sub", "epid": "7",
                "later": [true], "ean": ["4006381333931"],
                "imageUrls": ["https://i.example/1.jpg"], "aspects": {} },
        });
        assert_eq!(kept(&body, &known, ""), expected);
        let mut used = known;
        used["condition"] = json!("USED_GOOD");
        let told = kept(&body, &used, "");
        assert_eq!(
            told.get("conditionDescription"),
            None,
            "of another condition"
        );
    }

    #[test]
    fn an_aspect_goes_only_where_barrow_wrote_it() {
        let with = |aspects: Value| json!({ "product": { "aspects": aspects } });
        let ours = with(json!({ "Colour": ["Red"], "MPN": ["Does not apply"] }));
        let there = with(
            json!({ "colour": ["Blue"], "Style": ["Modern"], "Year": ["1950"],
            "MPN": ["L-1"] }),
        );
        let stays = |written: &str| kept(&ours, &there, written)["product"]["aspects"].clone();
        let all = json!({ "Colour": ["Red"], "MPN": ["L-1"], "Style": ["Modern"],
            "Year": ["1950"] });
        assert_eq!(stays(""), all, "nothing was written by Barrow");
        let written = aspect_prints(&with(json!({ "Colour": ["Red"], "STYLE": ["Old"] })));
        let left = json!({ "Colour": ["Red"], "MPN": ["L-1"], "Year": ["1950"] });
        assert_eq!(stays(&written), left, "what Barrow took back goes");
    }

    #[test]
    fn an_offer_keeps_its_terms_and_a_start_that_lies_ahead() {
        let now = "2026-11-22T08:00:00Z".parse().unwrap();
        let check = |start: &str, stays: bool| {
            let known = json!({
                "offerId": "9", "sku": "A", "marketplaceId": "EBAY_US", "format": "FIXED_PRICE",
                "status": "UNPUBLISHED", "listing": {}, "listingStartDate": start, "later": "x",
                "pricingSummary": { "price": { "value": "1.0" }, "pricingVisibility": "NONE" },
                "listingPolicies": { "paymentPolicyId": "1", "returnPolicyId": "2" },
            });
            let mut body = json!({
                "availableQuantity": 5, "pricingSummary": { "price": { "value": "2.0" } },
                "listingPolicies": { "paymentPolicyId": "3" },
            });
            keep_offer(&mut body, &known, &content(), (now, ""));
            let mut expected = json!({
                "availableQuantity": 5, "later": "x",
                "pricingSummary": { "price": { "value": "2.0" }, "pricingVisibility": "NONE" },
                "listingPolicies": { "paymentPolicyId": "3", "returnPolicyId": "2" },
            });
            if stays {
                expected["listingStartDate"] = json!(start);
            }
            assert_eq!(body, expected);
        };
        check("2026-11-23T08:00:00.000Z", true);
        check("2026-11-21T08:00:00.000Z", false);
    }

    #[test]
    fn what_is_said_of_offers_and_makers_stands_over_what_is_there() {
        let check = |own: Value, known: Value, expected: Value| {
            let mut body = json!({ "listingPolicies": {}, "pricingSummary": {} });
            body.as_object_mut()
                .unwrap()
                .extend(own.as_object().unwrap().clone());
            let at = "2026-11-22T12:00:00Z".parse().unwrap();
            keep_offer(&mut body, &known, &content(), (at, ""));
            for (part, expected) in expected.as_object().unwrap() {
                assert_eq!(body[part], *expected, "{part}");
            }
        };
        let terms = |terms: Value| json!({ "listingPolicies": { "bestOfferTerms": terms } });
        let there = json!({ "bestOfferEnabled": true, "autoDeclinePrice": { "value": "5.0" } });
        let both = json!({ "autoDeclinePrice": { "value": "5.0" }, "bestOfferEnabled": true });
        check(json!({}), terms(there.clone()), terms(there.clone()));
        check(
            terms(json!({ "bestOfferEnabled": true })),
            terms(there.clone()),
            terms(both),
        );
        let no = json!({ "bestOfferEnabled": false });
        check(terms(no.clone()), terms(there), terms(no));
        let known = json!({ "regulatory": { "repairScore": 8.1,
            "manufacturer": { "companyName": "Acme", "phone": "1" },
            "responsiblePersons": [{ "companyName": "Old" }, { "companyName": "Second" }] } });
        let own = json!({ "regulatory": {
            "manufacturer": { "companyName": "Acme", "email": "a@acme.example" },
            "responsiblePersons": [{ "companyName": "New", "phone": "2" }] } });
        let expected = json!({ "regulatory": { "repairScore": 8.1,
            "manufacturer": { "companyName": "Acme", "phone": "1", "email": "a@acme.example" },
            "responsiblePersons": [{ "companyName": "New", "phone": "2" },
                { "companyName": "Second" }] } });
        check(own, known.clone(), expected);
        check(json!({}), known.clone(), known);
    }
}
