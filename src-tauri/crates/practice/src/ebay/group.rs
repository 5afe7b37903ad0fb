//! Inventory item groups: listings with variations (ebay.md §6.6).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal, problem_list};
use super::call::{Call, text};
use super::category::category_by_id;
use super::check::{KEY_CHARS_MAX, group_problems, invalid_field};
use super::item::are_distinct;
use super::lag::not_found_yet;
use super::listing::{revise, unpublish};
use super::media;
use super::publish::{new_listing, publish_problems};
use super::site::site_by_id;
use super::state::{Body, Group, Item, ListingStatus, Offer, State};
use super::words::aspect_name;

/// Variations of one listing.
const VARIATIONS_MAX: usize = 250;
/// Axes of one listing.
const AXES_MAX: usize = 5;

fn not_found(key: &str) -> Problem {
    let message =
        format!("The Inventory Item Group named {key} could not be found or is not available.");
    Problem::inventory(25705, &message).with("inventoryItemGroupKey", key)
}

fn inconsistent(what: &str) -> Problem {
    Problem::inventory(
        25013,
        &format!("Invalid data in the Inventory Item Group. {what}"),
    )
    .with("0", what)
}

/// `PUT /inventory_item_group/{inventoryItemGroupKey}`: replaces the whole group.
pub(super) fn put(state: &mut State, call: &Call) -> Outcome {
    let key = call.id(0).to_owned();
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
        let message = "Invalid value for inventoryItemGroupKey.";
        return Err(Problem::inventory(25709, message).into());
    }
    let mut body = call.object()?;
    let problems = group_problems(&body);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let skus = members(&body)?;
    check_members(state, &key, &skus)?;
    for own in ["inventoryItemGroupKey", "variantSKUs"] {
        body.shift_remove(own);
    }
    let before = state.groups.get(&key).map(|group| group.skus.clone());
    let left: Vec<String> = before
        .iter()
        .flatten()
        .filter(|sku| !skus.contains(sku))
        .cloned()
        .collect();
    let listing = live_listing(state, &key);
    if let Some(id) = &listing {
        refuse_sold_out_of_group(state, &left)?;
        revise(state, id, call.now)?;
    }
    for sku in &left {
        leave_group(state, &key, sku);
    }
    for sku in &skus {
        if let Some(item) = state.items.get_mut(sku)
            && !item.groups.contains(&key)
        {
            item.groups.push(key.clone());
        }
    }
    let created = before.is_none();
    state.groups.insert(key, Group { body, skus });
    Ok(if created {
        Answer::json(201, json!({}))
    } else {
        Answer::empty(204)
    })
}

fn members(body: &Body) -> Result<Vec<String>, Refusal> {
    let list = body.get("variantSKUs").and_then(Value::as_array);
    let skus: Option<Vec<String>> = list.map(|list| {
        list.iter()
            .filter_map(|sku| sku.as_str().map(str::to_owned))
            .collect()
    });
    let skus = skus.filter(|skus| !skus.is_empty() && skus.len() <= VARIATIONS_MAX);
    let skus = skus.ok_or_else(|| Problem::inventory(25709, "Invalid value for variantSKUs."))?;
    if !are_distinct(skus.iter().map(String::as_str)) {
        return Err(invalid_field("variantSKUs", "A SKU comes twice.").into());
    }
    Ok(skus)
}

fn check_members(state: &State, key: &str, skus: &[String]) -> Result<(), Refusal> {
    for sku in skus {
        let Some(item) = state.items.get(sku) else {
            let message = "One or more of the supplied SKU(s) could not be found in the system.";
            return Err(Problem::inventory(25701, message).with("sku", sku).into());
        };
        if let Some(other) = item.groups.iter().find(|other| *other != key) {
            let message = format!(
                "The following SKU is already a member of another group. SKU : {sku} groupId : \
                 {other}"
            );
            return Err(Problem::inventory(25703, &message).into());
        }
        let alone = state.offers_of_sku(sku).into_iter().find_map(|offer| {
            let (id, listing) = state.live_listing(offer)?;
            listing.group.is_none().then(|| id.clone())
        });
        if let Some(id) = alone {
            let message = format!(
                "The following SKU is already listed as a single SKU listing. SKU : {sku} Listing \
                 ID : {id}"
            );
            return Err(Problem::inventory(25704, &message)
                .with("listingId", &id)
                .into());
        }
    }
    Ok(())
}

// ebay.md §6.6: a variation with sales stays; its quantity is set to 0 instead.
fn refuse_sold_out_of_group(state: &State, left: &[String]) -> Result<(), Refusal> {
    for sku in left {
        if state
            .offers_of_sku(sku)
            .iter()
            .any(|offer| offer.published && offer.sold > 0)
        {
            return Err(inconsistent("A variation with sales cannot be removed.").into());
        }
    }
    Ok(())
}

fn leave_group(state: &mut State, key: &str, sku: &str) {
    if let Some(item) = state.items.get_mut(sku) {
        item.groups.retain(|group| group != key);
    }
    for id in state.offers_of.get(sku).cloned().unwrap_or_default() {
        unpublish(state, &id);
    }
}

fn live_listing(state: &State, key: &str) -> Option<String> {
    let group = state.groups.get(key)?;
    let mut offers = group.skus.iter().flat_map(|sku| state.offers_of_sku(sku));
    offers.find_map(|offer| state.live_listing(offer).map(|(id, _)| id.clone()))
}

/// `GET /inventory_item_group/{inventoryItemGroupKey}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let key = call.id(0);
    let group = state.groups.get(key).ok_or_else(|| not_found(key))?;
    let mut body = group.body.clone();
    body.insert("inventoryItemGroupKey".to_owned(), json!(key));
    body.insert("variantSKUs".to_owned(), json!(group.skus));
    Ok(Answer::ok(Value::Object(body)))
}

/// `DELETE /inventory_item_group/{inventoryItemGroupKey}`: ends its listings, keeps the items.
pub(super) fn delete(state: &mut State, call: &Call) -> Outcome {
    let key = call.id(0);
    let group = state.groups.remove(key).ok_or_else(|| not_found(key))?;
    for sku in &group.skus {
        leave_group(state, key, sku);
    }
    Ok(Answer::empty(204))
}

/// The group and marketplace that a publish or withdraw names.
fn named(state: &State, body: &Body) -> Result<(String, String), Refusal> {
    let invalid = |name: &str| Problem::inventory(25709, &format!("Invalid value for {name}."));
    let key = text(body, "inventoryItemGroupKey");
    let key = key
        .ok_or_else(|| invalid("inventoryItemGroupKey"))?
        .to_owned();
    let marketplace = text(body, "marketplaceId").ok_or_else(|| invalid("marketplaceId"))?;
    if !state.groups.contains_key(&key) {
        return Err(Problem {
            status: 400,
            ..not_found(&key)
        }
        .into());
    }
    Ok((key, marketplace.to_owned()))
}

impl State {
    fn group_offers(&self, key: &str, marketplace: &str) -> Vec<&Offer> {
        let skus = self
            .groups
            .get(key)
            .map(|group| group.skus.as_slice())
            .unwrap_or_default();
        let offers = skus.iter().flat_map(|sku| self.offers_of_sku(sku));
        offers
            .filter(|offer| offer.marketplace == marketplace)
            .collect()
    }
}

/// `POST /offer/publish_by_inventory_item_group`. Members without an offer are left out; data that
/// do not fit together fail the whole.
pub(super) fn publish(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let (key, marketplace) = named(state, &body)?;
    let offers = state.group_offers(&key, &marketplace);
    let unseen = |offer: &&Offer| state.lag.hides_offer(&offer.id);
    if offers.is_empty() || state.lag.hides_group(&key) || offers.iter().any(unseen) {
        return Err(not_found_yet("Offer").into());
    }
    let mut problems = group_publish_problems(state, &key, &offers);
    problems.extend(media::gone(
        state,
        state.groups.get(&key).map(|group| &group.body),
    ));
    for offer in &offers {
        problems.extend(publish_problems(state, offer));
        // What a live listing shows stays (ebay.md §6.8).
        let fresh = state.live_listing(offer).is_none();
        let item = state.items.get(&offer.sku).filter(|_| fresh);
        problems.extend(media::gone(state, item.and_then(Item::product)));
    }
    let empty = offers
        .iter()
        .all(|offer| state.effective_quantity(offer) == 0);
    // A variation may be sold out as long as another is not.
    problems.retain(|problem| problem.id != 25004 || empty);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let ids: BTreeSet<String> = offers.iter().map(|offer| offer.id.clone()).collect();
    let live = offers
        .iter()
        .find_map(|offer| state.live_listing(offer))
        .map(|(id, _)| id.clone());
    let Some(id) = live else {
        let id = new_listing(state, Some(key), ids, call.now);
        return Ok(Answer::ok(json!({ "listingId": id, "warnings": [] })));
    };
    let added = join(state, &id, &ids);
    let mut warnings = Vec::new();
    if added == 0 {
        let message = "System warning. The offers are already published.";
        warnings.push(Problem {
            status: 200,
            ..Problem::inventory(25402, message)
        });
    }
    Ok(Answer::ok(
        json!({ "listingId": id, "warnings": problem_list(&warnings) }),
    ))
}

/// Adds offers to a live listing; tells how many were not in it.
fn join(state: &mut State, listing_id: &str, ids: &BTreeSet<String>) -> usize {
    let mut added = 0;
    for id in ids {
        let Some(offer) = state.offers.get_mut(id) else {
            continue;
        };
        if offer.published && offer.listing.as_deref() == Some(listing_id) {
            continue;
        }
        offer.published = true;
        offer.listing = Some(listing_id.to_owned());
        offer.sold = 0;
        added += 1;
        if let Some(listing) = state.listings.get_mut(listing_id) {
            listing.offers.insert(id.clone());
            listing.status = ListingStatus::Active;
        }
    }
    state.settle_listing(listing_id);
    added
}

fn group_publish_problems(state: &State, key: &str, offers: &[&Offer]) -> Vec<Problem> {
    let Some(group) = state.groups.get(key) else {
        return vec![not_found(key)];
    };
    let mut problems = Vec::new();
    for name in [
        "categoryId",
        "merchantLocationKey",
        "listingPolicies",
        "format",
    ] {
        let first = offers.first().and_then(|offer| offer.body.get(name));
        if offers.iter().any(|offer| offer.body.get(name) != first) {
            problems.push(inconsistent(&format!(
                "{name} differs between the variations."
            )));
        }
    }
    let best_offer = |offer: &&Offer| {
        let terms = offer
            .body
            .get("listingPolicies")
            .and_then(|all| all.get("bestOfferTerms"));
        terms.and_then(|terms| terms.get("bestOfferEnabled")) == Some(&json!(true))
    };
    if offers.iter().any(best_offer) {
        problems.push(inconsistent("Best Offer is not available with variations."));
    }
    problems.extend(axis_problems(state, group, offers));
    problems
}

fn axis_problems(state: &State, group: &Group, offers: &[&Offer]) -> Vec<Problem> {
    let category = offers
        .first()
        .and_then(|offer| text(&offer.body, "categoryId"));
    let Some(category) = category.and_then(category_by_id) else {
        return Vec::new();
    };
    if !category.variations() {
        return vec![inconsistent("The category does not allow variations.")];
    }
    let axes = axes_of(&group.body);
    if axes.is_empty() || axes.len() > AXES_MAX {
        return vec![inconsistent(
            "variesBy.specifications is missing or too long.",
        )];
    }
    let site = offers
        .first()
        .and_then(|offer| site_by_id(&offer.marketplace));
    let mut problems = Vec::new();
    for (name, _) in &axes {
        let called = |own: &'static str| site.map_or(own, |site| aspect_name(site, own));
        let known = category
            .aspects()
            .iter()
            .find(|aspect| called(aspect.name) == *name);
        if known.is_some_and(|aspect| !aspect.varies) {
            problems.push(inconsistent(&format!(
                "{name} cannot be used for variations."
            )));
        }
    }
    let mut seen = BTreeSet::new();
    for offer in offers {
        let Some(item) = state.items.get(&offer.sku) else {
            continue;
        };
        let mut place = Vec::new();
        for (name, values) in &axes {
            match item.aspect(name).as_slice() {
                [value] if values.contains(value) => place.push((*value).to_owned()),
                _ => problems.push(inconsistent(&format!("{name} of {}", offer.sku))),
            }
        }
        if !seen.insert(place) {
            problems.push(inconsistent("Two variations have the same values."));
        }
    }
    problems
}

/// Names and values of `variesBy.specifications`.
fn axes_of(body: &Body) -> Vec<(&str, Vec<&str>)> {
    let list = body
        .get("variesBy")
        .and_then(|varies| varies.get("specifications"));
    let list = list
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    list.iter()
        .filter_map(|axis| {
            let name = axis.get("name")?.as_str()?;
            let values = axis.get("values")?.as_array()?;
            Some((name, values.iter().filter_map(Value::as_str).collect()))
        })
        .collect()
}

/// `POST /offer/withdraw_by_inventory_item_group`: 204.
pub(super) fn withdraw(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let (key, marketplace) = named(state, &body)?;
    let offers = state.group_offers(&key, &marketplace);
    let live: Vec<String> = offers
        .iter()
        .filter(|offer| offer.published)
        .map(|offer| offer.id.clone())
        .collect();
    if live.is_empty() {
        return Err(Problem::inventory(25725, "No offer found").into());
    }
    for id in live {
        unpublish(state, &id);
    }
    Ok(Answer::empty(204))
}
