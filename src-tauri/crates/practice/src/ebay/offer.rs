//! Offers: a SKU on a marketplace in a format (ebay.md §6.4).

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal, problem_list};
use super::call::{Call, text};
use super::check::{offer_problems, price_of};
use super::fault::meet_entry;
use super::item::{BULK_ENTRIES_MAX, Paging, bulk_answer, set_errors};
use super::lag::not_found_yet;
use super::listing::{may_run_out, remove_offer, revise};
use super::money::amount;
use super::publish::publish_problems;
use super::site::site_by_id;
use super::state::{Body, ListingStatus, Offer, State};

const PAGE_ROWS: usize = 100;
/// Offers that a seller may keep.
const OFFERS_MAX: usize = 2_000_000;
/// Offers of one fee request (ebay.md §6.1).
const FEE_OFFERS_MAX: usize = 250;
/// Listings a month without an insertion fee, for sellers without a shop.
const FREE_LISTINGS: usize = 250;

/// The answer to an offer id that is unknown, or is not for this call (ebay.md §12, 25713).
pub(super) fn not_available() -> Problem {
    Problem::inventory(25713, "This Offer is not available.")
}

/// `POST /offer`: 201.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let id = add(state, call.object()?)?;
    Ok(Answer::json(201, json!({ "offerId": id })))
}

fn add(state: &mut State, mut body: Body) -> Result<String, Vec<Problem>> {
    let invalid = |name: &str| {
        vec![Problem::inventory(
            25709,
            &format!("Invalid value for {name}."),
        )]
    };
    let sku = text(&body, "sku").ok_or_else(|| invalid("sku"))?.to_owned();
    let marketplace = text(&body, "marketplaceId").unwrap_or_default().to_owned();
    let format = text(&body, "format").unwrap_or_default().to_owned();
    if site_by_id(&marketplace).is_none() {
        return Err(invalid("marketplaceId"));
    }
    if !matches!(format.as_str(), "FIXED_PRICE" | "AUCTION") {
        return Err(invalid("format"));
    }
    let Some(item) = state.items.get(&sku) else {
        let message = format!("{sku} could not be found or is not available in the system.");
        let problem = Problem {
            status: 400,
            ..Problem::inventory(25702, &message)
        };
        return Err(vec![problem.with("sku", &sku)]);
    };
    if state.lag.hides_item(&sku) {
        return Err(vec![not_found_yet("Product")]);
    }
    if format == "AUCTION" && !item.groups.is_empty() {
        let message = "Auction format is not permitted with a SKU that is part of an \
                       InventoryItemGroup.";
        return Err(vec![Problem::inventory(25756, message)]);
    }
    if let Some(twin) = state.twin(&sku, &marketplace, &format) {
        let problem = Problem::inventory(25002, "Offer entity already exists.");
        return Err(vec![problem.with("offerId", &twin.id)]);
    }
    let problems = offer_problems(&body, &format);
    if !problems.is_empty() {
        return Err(problems);
    }
    if state.offers.len() >= OFFERS_MAX {
        return Err(vec![Problem::inventory(
            25002,
            "A user error has occurred. Too many offers.",
        )]);
    }
    normalise(&mut body);
    let number = state.next("offer");
    let id = format!("{}", 9_553_000_000 + state.seed % 1000 + number * 10);
    state
        .offers_of
        .entry(sku.clone())
        .or_default()
        .push(id.clone());
    let offer = Offer {
        id: id.clone(),
        sku,
        marketplace,
        format,
        body,
        published: false,
        listing: None,
        sold: 0,
    };
    state.offers.insert(id.clone(), offer);
    Ok(id)
}

impl State {
    /// The one offer that a SKU may have on a marketplace in a format.
    fn twin(&self, sku: &str, marketplace: &str, format: &str) -> Option<&Offer> {
        let mut offers = self.offers_of_sku(sku).into_iter();
        offers.find(|offer| offer.marketplace == marketplace && offer.format == format)
    }
}

fn normalise(body: &mut Body) {
    let own = [
        "sku",
        "marketplaceId",
        "format",
        "offerId",
        "status",
        "listing",
    ];
    for name in own {
        body.shift_remove(name);
    }
    body.entry("includeCatalogProductDetails")
        .or_insert(json!(true));
    body.entry("hideBuyerDetails").or_insert(json!(false));
    let price = body
        .get_mut("pricingSummary")
        .and_then(|summary| summary.get_mut("price"));
    if let Some(price) = price
        && let Some((minor, currency)) = price_of(price)
    {
        *price = amount(minor, &currency);
    }
}

/// `POST /bulk_create_offer`: up to 25 whole offers.
pub(super) fn bulk_create(state: &mut State, call: &Call) -> Outcome {
    let requests = call.requests()?;
    if requests.len() > BULK_ENTRIES_MAX {
        let message =
            format!("The number of offers in the request cannot exceed {BULK_ENTRIES_MAX}.");
        return Err(Problem::inventory(25730, &message).into());
    }
    let keys: Vec<Option<[&str; 3]>> = requests.iter().map(offer_key).collect();
    if keys.is_empty() || keys.contains(&None) {
        let message = "Invalid SKU, marketplaceId or format.";
        return Err(Problem::inventory(25735, message).into());
    }
    let repeated = |(place, key): (usize, &Option<[&str; 3]>)| keys[..place].contains(key);
    if keys.iter().enumerate().any(repeated) {
        let message = "The combination of SKU, marketplaceId and format should be unique.";
        return Err(Problem::inventory(25729, message).into());
    }
    let mut met = meet_entry(state, "bulkCreateOffer");
    let responses = requests
        .into_iter()
        .map(|body| {
            let mut entry = json!({
                "sku": body.get("sku"),
                "marketplaceId": body.get("marketplaceId"),
                "format": body.get("format"),
            });
            let outcome = match met.take() {
                Some(problem) => Err(vec![problem]),
                None => add(state, body),
            };
            match outcome {
                Ok(id) => {
                    entry["offerId"] = json!(id);
                    entry["statusCode"] = json!(200);
                    entry["warnings"] = json!([]);
                    entry["errors"] = json!([]);
                }
                Err(problems) => set_errors(&mut entry, &problems),
            }
            entry
        })
        .collect();
    Ok(bulk_answer(responses))
}

fn offer_key(body: &Body) -> Option<[&str; 3]> {
    Some([
        text(body, "sku")?,
        text(body, "marketplaceId")?,
        text(body, "format")?,
    ])
}

/// `PUT /offer/{offerId}`: replaces everything but SKU, marketplace and format. A live listing is
/// revised at once.
pub(super) fn update(state: &mut State, call: &Call) -> Outcome {
    let offer = state.offers.get(call.id(0)).ok_or_else(not_available)?;
    if state.lag.hides_offer(&offer.id) {
        return Err(not_available().into());
    }
    let mut body = call.object()?;
    let problems = offer_problems(&body, &offer.format);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    normalise(&mut body);
    let changed = Offer {
        body,
        ..offer.clone()
    };
    let live = state.live_listing(offer).map(|(id, _)| id.clone());
    if let Some(listing) = live {
        refuse_bad_revision(state, &changed)?;
        revise(state, &listing, call.now)?;
        state.offers.insert(changed.id.clone(), changed);
        state.settle_listing(&listing);
    } else {
        state.offers.insert(changed.id.clone(), changed);
    }
    Ok(Answer::empty(204))
}

fn refuse_bad_revision(state: &State, changed: &Offer) -> Result<(), Refusal> {
    // ebay.md §6.4: what a live listing cannot be without.
    for name in [
        "listingDescription",
        "categoryId",
        "listingPolicies",
        "pricingSummary",
    ] {
        let grouped = state
            .items
            .get(&changed.sku)
            .is_some_and(|item| !item.groups.is_empty());
        if name == "listingDescription" && grouped {
            continue;
        }
        if !changed.body.contains_key(name) {
            let message = format!("A required field is missing. {name}");
            return Err(Problem::inventory(25017, &message).with("0", name).into());
        }
    }
    if changed.quantity() == Some(0) && !may_run_out(state, &changed.sku) {
        return Err(Problem::inventory(25004, "Invalid quantity. It must be at least 1.").into());
    }
    let mut problems = publish_problems(state, changed);
    // Stock may be nil in a live listing; only the first publish asks for some.
    problems.retain(|problem| problem.id != 25004);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.into())
    }
}

/// An offer as reads show it.
pub(super) fn shown(state: &State, offer: &Offer) -> Value {
    let mut body = offer.body.clone();
    body.insert("offerId".to_owned(), json!(offer.id));
    body.insert("sku".to_owned(), json!(offer.sku));
    body.insert("marketplaceId".to_owned(), json!(offer.marketplace));
    body.insert("format".to_owned(), json!(offer.format));
    let status = if offer.published {
        "PUBLISHED"
    } else {
        "UNPUBLISHED"
    };
    body.insert("status".to_owned(), json!(status));
    if let Some(id) = offer.listing.as_ref().filter(|_| offer.published) {
        let listing = state.listings.get(id);
        let status = listing.map_or(ListingStatus::Ended, |listing| listing.status);
        let details = json!({
            "listingId": id,
            "listingStatus": status.code(),
            "soldQuantity": offer.sold,
            "listingOnHold": false,
        });
        body.insert("listing".to_owned(), details);
    }
    Value::Object(body)
}

/// `GET /offer/{offerId}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let offer = state.offers.get(call.id(0)).ok_or_else(not_available)?;
    Ok(Answer::ok(shown(state, offer)))
}

/// `GET /offer?sku=`; without a SKU nothing is listed (ebay.md §6.1).
pub(super) fn list(state: &mut State, call: &Call) -> Outcome {
    let Some(sku) = call.parameter("sku") else {
        return Err(Problem::inventory(25709, "Invalid value for sku.").into());
    };
    let paging = Paging::read(call, PAGE_ROWS, PAGE_ROWS)?;
    let fits = |name: &str, value: &str| call.parameter(name).is_none_or(|wanted| wanted == value);
    let offers: Vec<&Offer> = state
        .offers_of_sku(sku)
        .into_iter()
        .filter(|offer| fits("format", &offer.format) && fits("marketplace_id", &offer.marketplace))
        .collect();
    if offers.is_empty() {
        return Err(not_available().into());
    }
    let start = paging.page.saturating_mul(paging.limit);
    let page = offers.iter().skip(start).take(paging.limit);
    let rows: Vec<Value> = page.map(|offer| shown(state, offer)).collect();
    let sku = super::call::percent_encode(sku);
    let mut body = paging.frame(call, offers.len(), &format!("sku={sku}&"));
    body["size"] = json!(rows.len());
    body["offers"] = Value::Array(rows);
    Ok(Answer::ok(body))
}

/// `DELETE /offer/{offerId}`: ends the listing. A variation with sales stays (ebay.md §6.1).
pub(super) fn delete(state: &mut State, call: &Call) -> Outcome {
    let offer = state.offers.get(call.id(0)).ok_or_else(not_available)?;
    let grouped = state
        .items
        .get(&offer.sku)
        .is_some_and(|item| !item.groups.is_empty());
    if grouped && offer.sold > 0 && state.live_listing(offer).is_some() {
        let message = "A user error has occurred. A variation with sales cannot be removed.";
        return Err(Problem::inventory(25002, message).into());
    }
    remove_offer(state, call.id(0));
    Ok(Answer::empty(204))
}

/// `POST /offer/get_listing_fees`: what publishing would cost, by marketplace.
pub(super) fn fees(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let offers = body.get("offers").and_then(Value::as_array);
    let offers = offers.filter(|list| (1..=FEE_OFFERS_MAX).contains(&list.len()));
    let invalid = || Problem::inventory(25709, "Invalid value for offers.");
    let mut counts: Vec<(String, u32)> = Vec::new();
    for entry in offers.ok_or_else(invalid)? {
        let id = entry
            .get("offerId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let offer = state.offers.get(id).filter(|offer| !offer.published);
        let Some(offer) = offer else {
            let message = "One or more provided offerId(s) are invalid.";
            return Err(Problem::inventory(25754, message)
                .with("offerId", id)
                .into());
        };
        match counts
            .iter_mut()
            .find(|(site, _)| *site == offer.marketplace)
        {
            Some((_, count)) => *count += 1,
            None => counts.push((offer.marketplace.clone(), 1)),
        }
    }
    let free = FREE_LISTINGS.saturating_sub(state.listings.len());
    let summaries: Vec<Value> = counts
        .into_iter()
        .map(|(marketplace, count)| {
            let currency = site_by_id(&marketplace).map_or("USD", |site| site.currency);
            let charged = i64::from(count) - i64::try_from(free).unwrap_or(0).min(i64::from(count));
            json!({
                "marketplaceId": marketplace,
                "fees": [{
                    "feeType": "INSERTION_FEE",
                    "amount": amount(charged * 35, currency),
                    "promotionalDiscount": amount(0, currency),
                }],
                "warnings": problem_list(&[]),
            })
        })
        .collect();
    Ok(Answer::ok(json!({ "feeSummaries": summaries })))
}
