//! Changes take effect when their time has come (amazon.md §4.6).

use serde_json::{Map, Value};

use super::super::catalogue::page;
use super::super::restriction::needs_approval;
use super::super::state::State;
use super::check::{PRICE, QUANTITY, audience, our_price};
use super::issue::{APPROVAL, INCOMPLETE, Issue, TAKEN_DOWN};
use super::write::skips_offer;
use super::{AMAZON, Channel, Listing, MERCHANT, Offer, Stock, Submission, Work};
use crate::marketplace::Now;
use crate::random::seeded_hash;

/// What lies at Amazon of goods that it comes to fulfil: the practice seller has sent some there.
const UNITS_AT_AMAZON: u32 = 20;
/// What is for sale of goods that are said to be there without a number.
const UNITS_UNCOUNTED: u32 = 100;
/// One offer in so many could be told better.
const INCOMPLETE_ONE_IN: u64 = 12;

/// Lets the changes take effect that are due, in the order in which they are.
pub(in crate::amazon) fn advance(state: &mut State, now: Now) {
    if state.next_effect_at.is_none_or(|at| at > now.elapsed) {
        return;
    }
    let due = state
        .submissions
        .iter()
        .filter(|(_, one)| one.due <= now.elapsed);
    let mut due: Vec<_> = due.map(|(number, one)| (one.due, *number)).collect();
    due.sort();
    for (_, number) in due {
        if let Some(submission) = state.submissions.remove(&number) {
            take_effect(state, submission, now);
        }
    }
    state.next_effect_at = state.submissions.values().map(|one| one.due).min();
}

fn take_effect(state: &mut State, submission: Submission, now: Now) {
    let Some(listing) = state.listings.get_mut(&submission.sku) else {
        return;
    };
    if submission.lost {
        return;
    }
    match &submission.work {
        Work::Delete => {
            listing.offers.remove(&submission.site);
            if listing.offers.is_empty() {
                listing.stock = Stock {
                    sold: listing.stock.sold,
                    ..Stock::default()
                };
            }
        }
        Work::Write { touched, whole } => {
            write(listing, &submission, touched, *whole, now);
            judge(state, &submission);
        }
    }
    let listing = state.listings.get(&submission.sku);
    let live = listing.is_some_and(|listing| listing.for_sale(&submission.site) > 0);
    if live && state.first_live_at.is_none() {
        state.first_live_at = Some(now.elapsed);
    }
}

fn write(
    listing: &mut Listing,
    submission: &Submission,
    touched: &Map<String, Value>,
    whole: bool,
    now: Now,
) {
    let Some(offer) = listing.offers.get_mut(&submission.site) else {
        return;
    };
    offer.taken |= whole;
    offer.updated_at = now.wall;
    if let Some(values) = touched.get(PRICE) {
        let of = |wanted: &str| {
            let mut values = values.as_array().into_iter().flatten();
            values.find(|value| {
                value
                    .as_object()
                    .is_some_and(|value| audience(value) == wanted)
            })
        };
        offer.price = of("ALL").and_then(our_price);
        offer.business_price = of("B2B").and_then(our_price);
    }
    if touched.contains_key("skip_offer") {
        offer.skips_offer = skips_offer(touched);
    }
    if let Some(values) = touched.get(QUANTITY) {
        let bought = listing.stock.sold.saturating_sub(submission.sold);
        set_stock(&mut listing.stock, values, bought);
    }
}

/// Sets who ships and how much there is: an absolute number, less what was bought since it was
/// sent, because the seller could not know of that.
fn set_stock(stock: &mut Stock, values: &Value, bought: u64) {
    let find = |code: &str| {
        let mut values = values.as_array().into_iter().flatten();
        values.find(|value| value.get("fulfillment_channel_code") == Some(&Value::from(code)))
    };
    let lead_days = |value: &Value| {
        let days = value
            .get("lead_time_to_ship_max_days")
            .and_then(Value::as_u64);
        days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0)
    };
    // Any other channel ends the offer of goods that the seller ships (amazon.md §4.4).
    if find(AMAZON).is_some() {
        if stock.channel != Some(Channel::Amazon) {
            stock.units = UNITS_AT_AMAZON;
        }
        stock.channel = Some(Channel::Amazon);
        return;
    }
    let Some(own) = find(MERCHANT) else {
        stock.channel = None;
        stock.units = 0;
        return;
    };
    let there = own.get("is_inventory_available").and_then(Value::as_bool);
    let units = match own.get("quantity").and_then(Value::as_u64) {
        Some(units) => units,
        None if there == Some(true) => u64::from(UNITS_UNCOUNTED),
        None => 0,
    };
    stock.channel = Some(Channel::Merchant);
    stock.units = u32::try_from(units.saturating_sub(bought)).unwrap_or(u32::MAX);
    stock.lead_days = lead_days(own);
}

/// Finds what is wrong with an offer that has taken effect.
fn judge(state: &mut State, submission: &Submission) {
    let listing = state.listings.get(&submission.sku);
    let offer = listing.and_then(|listing| listing.offers.get(&submission.site));
    let Some(offer) = offer else {
        return;
    };
    let mut issues = Vec::new();
    if page(state, &offer.asin).is_some_and(|page| needs_approval(&page)) {
        let text = "You need approval to list this product.";
        issues.push(Issue::error(APPROVAL, "QUALIFICATION_REQUIRED", text).suppressing());
    }
    if submission.suppressed {
        let text = "Product Detail Page Rules Violation.";
        issues.push(Issue::error(TAKEN_DOWN, "", text).suppressing());
    }
    if seeded_hash(1, &offer.asin).is_multiple_of(INCOMPLETE_ONE_IN) {
        let text = "Attributes tagged as relevant are incomplete.";
        issues.push(Issue::warning(INCOMPLETE, "MISSING_ATTRIBUTE", text).at("item_weight"));
    }
    set_issues(state, submission, issues);
}

fn set_issues(state: &mut State, submission: &Submission, issues: Vec<Issue>) {
    let listing = state.listings.get_mut(&submission.sku);
    let offer: Option<&mut Offer> =
        listing.and_then(|listing| listing.offers.get_mut(&submission.site));
    if let Some(offer) = offer {
        offer.issues = issues;
    }
}
