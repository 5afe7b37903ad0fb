//! The seller: privileges, programs and identity (ebay.md §4).

use serde_json::json;

use super::answer::{Answer, Outcome, Problem};
use super::call::{Call, text};
use super::money::amount;
use super::state::{SellingLimit, State};
use crate::random::seeded_hash;

/// Business policies, without which nothing is published (ebay.md §4).
pub(super) const POLICY_PROGRAM: &str = "SELLING_POLICY_MANAGEMENT";
/// The program that keeps a listing whose stock is gone (ebay.md §6.5).
pub(super) const STOCK_PROGRAM: &str = "OUT_OF_STOCK_CONTROL";

/// Programs that a seller can opt in to.
const PROGRAMS: &[&str] = &[POLICY_PROGRAM, STOCK_PROGRAM, "PARTNER_MOTORS_DEALER"];

/// What an old seller may have for sale; it is never reached.
const LARGE_LIMIT: SellingLimit = SellingLimit {
    units: 10_000_000,
    minor: 2_500_000_000,
};
/// What a new seller may have for sale.
pub(super) const SMALL_LIMIT: SellingLimit = SellingLimit {
    units: 20,
    minor: 100_000,
};

/// The seller's user name.
pub(super) fn username(state: &State) -> String {
    format!(
        "practice-seller-{}",
        seeded_hash(state.seed, "ebay seller") % 10_000
    )
}

/// `GET /sell/account/v1/privilege`. Without `sellingLimit` there is no cap.
pub(super) fn privileges(state: &mut State, _: &Call) -> Outcome {
    let limit = state.selling_limit.as_ref().unwrap_or(&LARGE_LIMIT);
    Ok(Answer::ok(json!({
        "sellerRegistrationCompleted": true,
        "sellingLimit": {
            "amount": amount(limit.minor, "USD"),
            "quantity": limit.units,
        },
    })))
}

/// `GET /program/get_opted_in_programs`.
pub(super) fn programs(state: &mut State, _: &Call) -> Outcome {
    let list: Vec<_> = state
        .programs
        .iter()
        .map(|program| json!({ "programType": program }))
        .collect();
    Ok(Answer::ok(json!({ "programs": list })))
}

/// `POST /program/opt_in`; 409 and 25803 where it is on already. It takes effect at once.
pub(super) fn opt_in(state: &mut State, call: &Call) -> Outcome {
    let program = known_program(call)?;
    if !state.programs.insert(program) {
        return Err(Problem::account(409, 25803, "programType already exists.").into());
    }
    Ok(Answer::ok(json!({})))
}

/// `POST /program/opt_out`.
pub(super) fn opt_out(state: &mut State, call: &Call) -> Outcome {
    let program = known_program(call)?;
    if !state.programs.remove(&program) {
        return Err(Problem::account(404, 20404, "programType not found.").into());
    }
    // Listings that were only hidden end when nothing keeps them any more.
    let hidden: Vec<String> = state.listings.keys().cloned().collect();
    for listing in hidden {
        state.settle_listing(&listing);
    }
    Ok(Answer::ok(json!({})))
}

fn known_program(call: &Call) -> Result<String, super::answer::Refusal> {
    let body = call.object()?;
    let missing = || Problem::account(400, 20401, "Missing field programType.");
    let program = text(&body, "programType").ok_or_else(missing)?;
    if PROGRAMS.contains(&program) {
        return Ok(program.to_owned());
    }
    Err(Problem::account(404, 20404, "programType not found.").into())
}

/// `GET /commerce/identity/v1/user/`.
pub(super) fn user(state: &mut State, _: &Call) -> Outcome {
    let hash = seeded_hash(state.seed, "ebay user id");
    Ok(Answer::ok(json!({
        "userId": format!("{hash:011X}"),
        "username": username(state),
        "accountType": "BUSINESS",
        "registrationMarketplaceId": "EBAY_US",
        "status": "CONFIRMED",
    })))
}
