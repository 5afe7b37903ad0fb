//! Prices and quantities of live listings (ebay.md §6.5).

use serde_json::{Value, json};

use super::answer::{Outcome, Problem};
use super::call::{Call, text};
use super::check::{is_quantity, price_of};
use super::fault::meet_entry;
use super::item::{BULK_ENTRIES_MAX, bulk_answer, set_errors};
use super::lag::not_found_yet;
use super::listing::{may_run_out, revise};
use super::money::amount;
use super::offer::not_available;
use super::site::site_by_id;
use super::state::{Body, State, object_in};
use crate::Now;

/// `POST /bulk_update_price_quantity`: up to 25 SKUs, each with up to 25 offers. Entries stand for
/// themselves.
pub(super) fn update(state: &mut State, call: &Call) -> Outcome {
    let requests = call.requests()?;
    if requests.is_empty() || requests.len() > BULK_ENTRIES_MAX {
        let message =
            format!("Invalid value for requests. Their number cannot exceed {BULK_ENTRIES_MAX}.");
        return Err(Problem::inventory(25709, &message).into());
    }
    let mut responses = Vec::new();
    let mut met = meet_entry(state, "bulkUpdatePriceQuantity");
    for request in &requests {
        if let Some(problem) = met.take() {
            let sku = text(request, "sku").unwrap_or_default();
            push(&mut responses, sku, None, Err(problem));
            continue;
        }
        update_sku(state, request, call.now, &mut responses);
    }
    Ok(bulk_answer(responses))
}

fn update_sku(state: &mut State, request: &Body, now: Now, responses: &mut Vec<Value>) {
    let sku = text(request, "sku").unwrap_or_default();
    let ship = request.get("shipToLocationAvailability");
    let offers = request.get("offers").and_then(Value::as_array);
    let offers = offers.map(Vec::as_slice).unwrap_or_default();
    if (ship.is_none() && offers.is_empty()) || offers.len() > BULK_ENTRIES_MAX {
        let problem = Problem::inventory(25709, "Invalid value for offers.");
        push(responses, sku, None, Err(problem));
        return;
    }
    if !state.items.contains_key(sku) {
        let message = format!("{sku} could not be found or is not available in the system.");
        let problem = Problem {
            status: 400,
            ..Problem::inventory(25702, &message)
        };
        push(responses, sku, None, Err(problem.with("sku", sku)));
        return;
    }
    if state.lag.hides_item(sku) {
        push(responses, sku, None, Err(not_found_yet("Availability")));
        return;
    }
    if let Some(ship) = ship {
        let outcome = update_item(state, sku, ship, now);
        push(responses, sku, None, outcome);
    }
    let mut done: Vec<&str> = Vec::new();
    for entry in offers {
        let id = entry
            .get("offerId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let outcome = if done.contains(&id) {
            Err(user_error("The offerId comes twice."))
        } else {
            update_offer(state, sku, id, entry, now)
        };
        done.push(id);
        push(responses, sku, Some(id), outcome);
    }
}

fn push(responses: &mut Vec<Value>, sku: &str, id: Option<&str>, outcome: Result<(), Problem>) {
    let mut entry = json!({ "sku": sku });
    if let Some(id) = id {
        entry["offerId"] = json!(id);
    }
    match outcome {
        Ok(()) => {
            entry["statusCode"] = json!(200);
            entry["warnings"] = json!([]);
            entry["errors"] = json!([]);
        }
        Err(problem) => set_errors(&mut entry, &[problem]),
    }
    responses.push(entry);
}

fn user_error(message: &str) -> Problem {
    Problem::inventory(25002, &format!("A user error has occurred. {message}"))
}

fn update_item(state: &mut State, sku: &str, ship: &Value, now: Now) -> Result<(), Problem> {
    let units = ship
        .get("quantity")
        .filter(|units| is_quantity(units))
        .and_then(Value::as_u64);
    let units = units.and_then(|units| u32::try_from(units).ok());
    let units = units.ok_or_else(|| Problem::inventory(25709, "Invalid value for quantity."))?;
    let live = state.live_listings_of(sku);
    refuse_nil(state, sku, units)?;
    for id in &live {
        revise(state, id, now)?;
    }
    if let Some(item) = state.items.get_mut(sku) {
        item.set_quantity(units);
    }
    state.settle_sku(sku);
    Ok(())
}

// ebay.md §6.5: without the program, 0 is refused.
fn refuse_nil(state: &State, sku: &str, units: u32) -> Result<(), Problem> {
    if units == 0 && !may_run_out(state, sku) {
        return Err(user_error("Invalid quantity. It must be at least 1."));
    }
    Ok(())
}

fn update_offer(
    state: &mut State,
    sku: &str,
    id: &str,
    entry: &Value,
    now: Now,
) -> Result<(), Problem> {
    let offer = state
        .offers
        .get(id)
        .filter(|offer| offer.sku == sku)
        .ok_or_else(not_available)?;
    if state.lag.hides_offer(id) {
        return Err(not_found_yet("Offer"));
    }
    if !offer.published {
        return Err(user_error("The offer is not published."));
    }
    let Some(listing) = state.live_listing(offer).map(|(id, _)| id.clone()) else {
        return Err(user_error("The listing has ended."));
    };
    let units = match entry.get("availableQuantity") {
        None => None,
        Some(units) if is_quantity(units) => units.as_u64().and_then(|it| u32::try_from(it).ok()),
        Some(_) => {
            return Err(Problem::inventory(
                25709,
                "Invalid value for availableQuantity.",
            ));
        }
    };
    let price = match entry.get("price") {
        None => None,
        Some(price) => {
            let own = site_by_id(&offer.marketplace).map(|site| site.currency);
            let price = price_of(price).filter(|(_, currency)| Some(currency.as_str()) == own);
            Some(price.ok_or_else(|| Problem::inventory(25003, "Invalid price."))?)
        }
    };
    if units.is_none() && price.is_none() {
        return Err(Problem::inventory(
            25709,
            "Invalid value for availableQuantity or price.",
        ));
    }
    refuse_nil(state, sku, units.unwrap_or(1))?;
    revise(state, &listing, now)?;
    if let Some(offer) = state.offers.get_mut(id) {
        if let Some(units) = units {
            offer
                .body
                .insert("availableQuantity".to_owned(), json!(units));
        }
        if let Some((minor, currency)) = price {
            let summary = object_in(&mut offer.body, "pricingSummary");
            summary.insert("price".to_owned(), amount(minor, &currency));
        }
    }
    state.settle_listing(&listing);
    Ok(())
}
