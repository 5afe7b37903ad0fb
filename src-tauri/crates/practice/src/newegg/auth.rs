//! The keys in the headers and the seller in the query (newegg.md §2).

use super::call::Call;
use super::error::Refusal;
use super::state::State;

/// Lets a call pass that carries both keys and the seller id of this account on its platform.
pub(super) fn check(state: &State, call: &Call<'_>) -> Result<(), Refusal> {
    if call.platform != state.platform {
        return Err(Refusal::gateway());
    }
    if call.header("authorization") != Some(state.keys.api_key.as_str()) {
        let text = "The API key is not valid.";
        return Err(Refusal::unauthorized("InvalidConsumerKey", text));
    }
    if call.header("secretkey") != Some(state.keys.secret_key.as_str()) {
        let text = "The secret key is not valid for this API key.";
        return Err(Refusal::unauthorized("InvalidToken", text));
    }
    if call.query.get("sellerid") != Some(state.keys.seller_id.as_str()) {
        let text = "The seller has not authorized this key.";
        return Err(Refusal::forbidden(text));
    }
    Ok(())
}

/// Refuses content types that are not read: with a charset behind them as well (newegg.md §2).
pub(super) fn check_content(call: &Call<'_>) -> Result<(), Refusal> {
    let content_type = call.header("content-type");
    if call.request.body().is_empty() && content_type.is_none() {
        return Ok(());
    }
    match content_type {
        Some("application/json") => Ok(()),
        Some("application/xml") if call.request.body().is_empty() => Ok(()),
        Some("application/xml") => {
            let text = "This practice account reads requests in JSON only.";
            Err(Refusal::general(text))
        }
        _ => {
            let text = "Content-Type must be application/json or application/xml.";
            Err(Refusal::general(text))
        }
    }
}
