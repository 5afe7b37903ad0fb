//! Publishing offers: the checklist and the listing (ebay.md §6.4).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal, problem_list};
use super::call::{Call, text};
use super::category::{Aspect, Bound, Category, category_by_id};
use super::check::{RESTRICTED_CONDITIONS, condition_id, item_problems};
use super::fault::meet_entry;
use super::item::{BULK_ENTRIES_MAX, are_distinct, bulk_answer, set_errors};
use super::lag::not_found_yet;
use super::listing::unpublish;
use super::media;
use super::offer::not_available;
use super::site::{Site, site_by_id};
use super::state::{
    Body, Group, Item, Listing, ListingStatus, Offer, PolicyKind, State, aspect_values,
};
use super::terms;
use super::words::{aspect_name, aspect_value, identifier};
use crate::Now;

/// Pictures of one variation (ebay.md §6.2).
const VARIATION_IMAGES_MAX: usize = 12;

fn user_error(message: &str) -> Problem {
    Problem::inventory(25002, &format!("A user error has occurred. {message}"))
}

fn missing(field: &str) -> Problem {
    Problem::inventory(25017, &format!("A required field is missing. {field}")).with("0", field)
}

/// Everything that keeps an offer from being a listing; empty where it can be published.
pub(super) fn publish_problems(state: &State, offer: &Offer) -> Vec<Problem> {
    let Some(item) = state.items.get(&offer.sku) else {
        return vec![input_error("Product not found.")];
    };
    let Some(site) = site_by_id(&offer.marketplace) else {
        return vec![not_available()];
    };
    let group = item.groups.first().and_then(|key| state.groups.get(key));
    // ebay.md §15.3: a record in another language is not found for the marketplace.
    if !site
        .locales
        .iter()
        .any(|locale| locale.replace('-', "_") == item.locale)
    {
        return vec![input_error("Product not found.")];
    }
    let mut problems = offer_problems(state, offer, site);
    problems.extend(package_problem(state, offer, item));
    problems.extend(limit_problem(state, offer));
    problems.extend(item_problems(&item.body));
    problems.extend(product_problems(item, group, &offer.body));
    if state.effective_quantity(offer) == 0 {
        problems.push(Problem::inventory(
            25004,
            "Invalid quantity. It must be at least 1.",
        ));
    }
    let leaf = text(&offer.body, "categoryId")
        .and_then(category_by_id)
        .filter(|it| it.leaf());
    match leaf {
        None => problems.push(Problem::inventory(
            25005,
            "Invalid category. A leaf is needed.",
        )),
        Some(category) => {
            problems.extend(category_problems(site, category, item, group));
            problems.extend(terms::problems(site, category.id, item, offer));
        }
    }
    problems
}

fn input_error(what: &str) -> Problem {
    Problem::inventory(25604, &format!("Input error. {what}")).with("0", what)
}

fn offer_problems(state: &State, offer: &Offer, site: &Site) -> Vec<Problem> {
    let mut problems = Vec::new();
    if offer.format != "FIXED_PRICE" {
        // Bidding is not practised here.
        problems.push(Problem::inventory(25006, "Invalid listing option. AUCTION"));
    }
    let place = text(&offer.body, "merchantLocationKey").and_then(|key| state.location(key));
    if !place.is_some_and(|place| place.enabled) {
        problems.push(Problem::inventory(25012, "Invalid inventory location."));
    }
    if text(&offer.body, "listingDuration") != Some("GTC") {
        problems.push(Problem::inventory(
            25006,
            "Invalid listing option. listingDuration",
        ));
    }
    let price = offer
        .price()
        .filter(|(_, currency)| currency == site.currency);
    if price.is_none() {
        problems.push(Problem::inventory(25003, "Invalid price."));
    }
    problems.extend(policy_problems(state, offer));
    problems
}

fn policy_problems(state: &State, offer: &Offer) -> Vec<Problem> {
    let kinds = [
        (PolicyKind::Fulfillment, 25007, "Shipping"),
        (PolicyKind::Payment, 25008, "Payment"),
        (PolicyKind::Return, 25009, "Return"),
    ];
    let policies = offer.body.get("listingPolicies");
    let mut problems = Vec::new();
    for (kind, id, label) in kinds {
        let named = policies
            .and_then(|all| all.get(kind.id_name()))
            .and_then(Value::as_str);
        let found = named.and_then(|id| state.policy(kind, id));
        let other = named.filter(|_| found.is_none());
        match found {
            // ebay.md §15.8: a policy of another marketplace gives a misleading answer.
            Some(policy) if policy.marketplace != offer.marketplace => return vec![not_available()],
            Some(_) => {}
            None if other.is_some() => problems.push(wrong_policy(state, kind, named)),
            None => {
                let message = format!("Invalid {label} policy information.");
                problems.push(Problem::inventory(id, &message).with("0", kind.id_name()));
            }
        }
    }
    problems
}

/// A policy that is there and is of another kind, or is not there at all (ebay.md §12).
fn wrong_policy(state: &State, kind: PolicyKind, named: Option<&str>) -> Problem {
    let id = named.unwrap_or_default();
    if state.policies.iter().any(|policy| policy.id == id) {
        let wanted = match kind {
            PolicyKind::Fulfillment => "FULFILLMENT_POLICY",
            PolicyKind::Payment => "PAYMENT_POLICY",
            PolicyKind::Return => "RETURN_POLICY",
        };
        let message = format!("The policy(ies) {id} is not of type {wanted}");
        let told = Problem::inventory(25036, &message).with("PolicyId", id);
        return told.with("PolicyEnum", wanted);
    }
    Problem::inventory(
        25035,
        "The specified policy is not found for the market place",
    )
}

/// Where the policy reckons the postage from the parcel, the parcel's weight is needed (ebay.md
/// §6.2, §12).
fn package_problem(state: &State, offer: &Offer, item: &Item) -> Option<Problem> {
    let policies = offer.body.get("listingPolicies")?;
    let id = policies.get(PolicyKind::Fulfillment.id_name())?.as_str()?;
    let policy = state.policy(PolicyKind::Fulfillment, id)?;
    let options = policy.body.get("shippingOptions")?.as_array()?;
    let calculated = options
        .iter()
        .any(|option| option.get("costType").and_then(Value::as_str) == Some("CALCULATED"));
    let package = item.body.get("packageWeightAndSize");
    let weighs = package.is_some_and(|package| package.get("weight").is_some());
    let message = "Invalid shipping package details. The weight is missing.";
    (calculated && !weighs).then(|| Problem::inventory(25020, message))
}

/// What the seller may have for sale, where it is little (ebay.md §4): all that is for sale already
/// counts.
fn limit_problem(state: &State, offer: &Offer) -> Option<Problem> {
    let limit = state.selling_limit.as_ref()?;
    let worth = |offer: &Offer, units: u32| {
        let price = offer.price().map_or(0, |(minor, _)| minor);
        price.saturating_mul(i64::from(units))
    };
    let own = state.effective_quantity(offer);
    let mut sum = (u64::from(own), worth(offer, own));
    for other in state.offers.values().filter(|other| other.id != offer.id) {
        let units = state.for_sale(other);
        sum.0 += u64::from(units);
        sum.1 = sum.1.saturating_add(worth(other, units));
    }
    let over = sum.0 > limit.units || sum.1 > limit.minor;
    over.then(|| Problem::inventory(25026, "Selling limit exceeded."))
}

fn product_problems(item: &Item, group: Option<&Group>, offer: &Body) -> Vec<Problem> {
    let mut problems = Vec::new();
    let product = item.product();
    let own = |name: &str| product.is_some_and(|it| has_text(it, name));
    let shared = |name: &str| group.is_some_and(|group| has_text(&group.body, name));
    if !own("title") && !shared("title") {
        problems.push(missing("title"));
    }
    if !own("description") && !shared("description") && !has_text(offer, "listingDescription") {
        problems.push(missing("description"));
    }
    let count = |holder: Option<&Body>| {
        holder
            .and_then(|it| it.get("imageUrls"))
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    if count(product) + count(group.map(|group| &group.body)) == 0 {
        let message = "Invalid pictures. At least one picture is needed.";
        problems.push(Problem::inventory(25014, message));
    }
    if group.is_some() && count(product) > VARIATION_IMAGES_MAX {
        let message = "Invalid pictures. A variation has too many.";
        problems.push(Problem::inventory(25014, message));
    }
    // ebay.md §6.2: a part number without its brand is refused.
    if own("mpn") && !own("brand") {
        problems.push(user_error("Brand MPN is invalid. Brand is missing.").with("2", "Brand MPN"));
    }
    problems
}

fn has_text(body: &Body, name: &str) -> bool {
    text(body, name).is_some_and(|value| !value.trim().is_empty())
}

fn category_problems(
    site: &Site,
    category: &Category,
    item: &Item,
    group: Option<&Group>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let condition = text(&item.body, "condition").and_then(condition_id);
    match condition.filter(|id| category.conditions().contains(id)) {
        None => {
            let message = "Invalid condition information.";
            problems.push(Problem::inventory(25021, message));
        }
        Some(id) if RESTRICTED_CONDITIONS.contains(&id) => {
            let message = "Seller is not eligible to use Refurbished Item Condition";
            problems.push(Problem::inventory(25047, message));
        }
        Some(_) => {}
    }
    if category.identifier() && !has_identifier(item) {
        let kind = identifier(site);
        let message = format!("The {kind} field is missing. Please add {kind} and try again.");
        problems.push(user_error(&message).with("0", &message).with("2", kind));
    }
    let said = |name: &str| {
        let mut values = item.aspect(name);
        if values.is_empty() {
            values = aspect_values(group.map(|group| &group.body), name);
        }
        values.retain(|value| !value.trim().is_empty());
        values
    };
    for aspect in category.aspects() {
        problems.extend(aspect_problems(site, aspect, &said));
    }
    problems
}

fn aspect_problems<'a>(
    site: &Site,
    aspect: &Aspect,
    said: &impl Fn(&str) -> Vec<&'a str>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let name = aspect_name(site, aspect.name);
    let values = said(name);
    if values.is_empty() && aspect.required {
        problems.push(missing_aspect(name));
    }
    let takes = |value: &&str| {
        let mut known = aspect.values.iter();
        let is_known = known.any(|own| aspect_value(site, own) == *value);
        let has_form = !aspect.closed && aspect.form.takes(value);
        (is_known || has_form) && is_selectable(site, aspect, value, said)
    };
    if !values.iter().all(takes) {
        let message = format!("Invalid attribute. {name}");
        problems.push(Problem::inventory(25022, &message).with("0", name));
    }
    if values.len() > 1 && !aspect.multi {
        let short = format!("{name} should contain only one value.");
        problems.push(user_error(&short).with("0", &short).with("2", name));
    }
    problems
}

/// Whether a value goes with what is said of the aspects that it is bound to (ebay.md §7).
fn is_selectable<'a>(
    site: &Site,
    aspect: &Aspect,
    value: &str,
    said: &impl Fn(&str) -> Vec<&'a str>,
) -> bool {
    let of_value = |bound: &&Bound| aspect_value(site, bound.value) == value;
    let mut bounds = aspect.bounds.iter().filter(of_value).peekable();
    bounds.peek().is_none()
        || bounds.any(|bound| {
            let said = said(aspect_name(site, bound.aspect));
            let mut values = bound.values.iter();
            said.is_empty() || values.any(|value| said.contains(&aspect_value(site, value)))
        })
}

/// Whether goods have a code, or words that say that they have none.
fn has_identifier(item: &Item) -> bool {
    let lists = ["ean", "upc", "isbn"].map(|name| item.product().and_then(|it| it.get(name)));
    let mut values = lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten();
    values.any(|value| value.as_str().is_some_and(|text| !text.trim().is_empty()))
}

// The words and the parameters of a recorded answer; parameter 2 is the aspect (ebay.md §12).
fn missing_aspect(name: &str) -> Problem {
    let short = format!("The item specific {name} is missing.");
    let long =
        format!("{short} Add {name} to this listing, enter a valid value, and then try again.");
    user_error(&long)
        .with("0", &short)
        .with("1", &long)
        .with("2", name)
}

/// `POST /offer/{offerId}/publish`.
pub(super) fn publish(state: &mut State, call: &Call) -> Outcome {
    require_body(call)?;
    let (listing, warnings) = publish_one(state, call.id(0), call.now)?;
    Ok(Answer::ok(
        json!({ "listingId": listing, "warnings": problem_list(&warnings) }),
    ))
}

// ebay.md §3: without a literal `{}` the edge answers.
fn require_body(call: &Call) -> Result<(), Refusal> {
    if call.body.is_empty() {
        return Err(Refusal::Edge { status: 411 });
    }
    call.object().map(drop)
}

fn publish_one(
    state: &mut State,
    offer_id: &str,
    now: Now,
) -> Result<(String, Vec<Problem>), Vec<Problem>> {
    let offer = state
        .offers
        .get(offer_id)
        .ok_or_else(|| vec![not_available()])?;
    if state.lag.hides_offer(offer_id) {
        return Err(vec![not_found_yet("Offer")]);
    }
    let grouped = state
        .items
        .get(&offer.sku)
        .is_some_and(|item| !item.groups.is_empty());
    if grouped {
        let message = "Offers associated with SKUs that are part of a variation group cannot be \
                       published using this endpoint.";
        return Err(vec![Problem::inventory(25732, message)]);
    }
    if let Some((id, _)) = state.live_listing(offer) {
        let message = "System warning. The offer is already published.";
        return Ok((
            id.clone(),
            vec![Problem {
                status: 200,
                ..Problem::inventory(25402, message)
            }],
        ));
    }
    let mut problems = publish_problems(state, offer);
    let item = state.items.get(&offer.sku);
    problems.extend(media::gone(state, item.and_then(Item::product)));
    if !problems.is_empty() {
        return Err(problems);
    }
    let id = new_listing(state, None, BTreeSet::from([offer_id.to_owned()]), now);
    Ok((id, Vec::new()))
}

/// Puts offers live together under a new listing id.
pub(super) fn new_listing(
    state: &mut State,
    group: Option<String>,
    offers: BTreeSet<String>,
    now: Now,
) -> String {
    let number = state.next("listing");
    let id = format!(
        "{}",
        110_500_000_000 + (state.seed % 9973) * 10_000_000 + number * 7
    );
    for offer_id in &offers {
        if let Some(offer) = state.offers.get_mut(offer_id) {
            offer.published = true;
            offer.listing = Some(id.clone());
            offer.sold = 0;
        }
    }
    let status = ListingStatus::Active;
    let listing = Listing {
        status,
        group,
        offers,
        day: String::new(),
        revisions: 0,
    };
    state.listings.insert(id.clone(), listing);
    state.live_since.get_or_insert(now.elapsed);
    id
}

/// `POST /bulk_publish_offer`: up to 25.
pub(super) fn bulk_publish(state: &mut State, call: &Call) -> Outcome {
    let requests = call.requests()?;
    if requests.len() > BULK_ENTRIES_MAX {
        let message =
            format!("The number of offers in the request cannot exceed {BULK_ENTRIES_MAX}.");
        return Err(Problem::inventory(25730, &message).into());
    }
    let ids: Vec<&str> = requests
        .iter()
        .map(|body| text(body, "offerId").unwrap_or_default())
        .collect();
    if ids.is_empty() || ids.contains(&"") {
        return Err(Problem::inventory(25709, "Invalid offerId").into());
    }
    if !are_distinct(ids.iter().copied()) {
        return Err(Problem::inventory(25731, "OfferId should be unique in the request.").into());
    }
    let mut met = meet_entry(state, "bulkPublishOffer");
    let responses = ids
        .into_iter()
        .map(|id| {
            let outcome = match met.take() {
                Some(problem) => Err(vec![problem]),
                None => publish_one(state, id, call.now),
            };
            publish_entry(id, outcome)
        })
        .collect();
    Ok(bulk_answer(responses))
}

fn publish_entry(id: &str, outcome: Result<(String, Vec<Problem>), Vec<Problem>>) -> Value {
    let mut entry = json!({ "offerId": id });
    match outcome {
        Ok((listing, warnings)) => {
            entry["listingId"] = json!(listing);
            entry["statusCode"] = json!(200);
            entry["warnings"] = problem_list(&warnings);
            entry["errors"] = json!([]);
        }
        Err(problems) => set_errors(&mut entry, &problems),
    }
    entry
}

/// `POST /offer/{offerId}/withdraw`: ends the listing and keeps the offer.
pub(super) fn withdraw(state: &mut State, call: &Call) -> Outcome {
    require_body(call)?;
    let offer = state.offers.get(call.id(0)).ok_or_else(not_available)?;
    if state.lag.hides_offer(&offer.id) {
        return Err(not_available().into());
    }
    let Some(listing) = offer.listing.clone().filter(|_| offer.published) else {
        return Err(user_error("The offer is not published.").into());
    };
    let grouped = state
        .listings
        .get(&listing)
        .is_some_and(|listing| listing.group.is_some());
    if grouped {
        return Err(user_error("A variation is withdrawn with its group.").into());
    }
    unpublish(state, call.id(0));
    Ok(Answer::ok(json!({ "listingId": listing, "warnings": [] })))
}
