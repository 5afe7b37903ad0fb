//! What every call goes through: which operation it is, whether its headers and token are right,
//! whether its limit allows it, and the faults that were asked for.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};

use super::call::{Answer, Call};
use super::error::Refusal;
use super::fault::MISSING_ROLE;
use super::limits::{self, LISTING_FEEDS, Limit, PREVIEWS};
use super::state::State;
use super::{auth, catalogue, feed, listing, order, restriction, seller};
use crate::faults::{Early, LOST_ANSWER, gateway_page};
use crate::http::html_error;
use crate::marketplace::{Now, Reply};

type Operation = fn(&mut State, &Call<'_>) -> Answer;

/// Answers one request. Operations are counted by the names of the official models; the token and
/// the documents, which no model names, as `token`, `uploadFeedDocument`, `downloadFeedDocument`.
pub(super) fn answer(state: &mut State, request: &Request<Bytes>, now: Now) -> Reply {
    let call = Call::new(request, now);
    let mut reply = route(state, &call);
    let response = match &mut reply {
        Reply::Answer(response) | Reply::CutBody { response, .. } => response,
        Reply::NoAnswer => return reply,
    };
    if let Ok(id) = HeaderValue::from_str(&state.uuid()) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    reply
}

fn route(state: &mut State, call: &Call<'_>) -> Reply {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match (call.request.method(), path.as_slice()) {
        (&Method::POST, ["auth", "o2", "token"]) => {
            count(state, "token");
            Reply::Answer(auth::token(state, call))
        }
        (method, ["feed-documents", id]) => {
            let name = if method == Method::PUT {
                "uploadFeedDocument"
            } else {
                "downloadFeedDocument"
            };
            count(state, name);
            document(state, call, name, id)
        }
        _ => match find(call) {
            Some((name, operation)) => {
                count(state, name);
                operate(state, call, name, operation)
            }
            // An unknown path is told as a missing role (amazon.md §10).
            None => Reply::Answer(Refusal::denied().answer("")),
        },
    }
}

fn count(state: &mut State, name: &str) {
    *state.calls.entry(name.to_owned()).or_default() += 1;
}

fn operate(state: &mut State, call: &Call<'_>, name: &'static str, operation: Operation) -> Reply {
    match state.faults.early(name) {
        Some(Early::NoAnswer) => return Reply::NoAnswer,
        Some(Early::Html) => return Reply::Answer(gateway_page()),
        Some(Early::Broken(StatusCode::SERVICE_UNAVAILABLE)) => {
            return Reply::Answer(html_error(StatusCode::SERVICE_UNAVAILABLE));
        }
        Some(Early::Broken(_)) => return Reply::Answer(Refusal::broken().answer(name)),
        Some(Early::TokenExpired) => {
            auth::forget(state, call);
            return Reply::Answer(auth::expired(name).answer(name));
        }
        // The bucket keeps what it has: a caller that counts for itself must not run into a limit
        // later because of it.
        Some(Early::TooMany) => return Reply::Answer(Refusal::too_many().answer(name)),
        None => {}
    }
    let mut response = guarded(state, name, operation, call);
    limits::tell(&mut response, name);
    let writes = call.request.method() != Method::GET;
    if response.body().is_empty() {
        // Nothing of such an answer can be cut or be of another shape.
        let lost = writes && state.faults.meets(LOST_ANSWER, name);
        return if lost {
            Reply::NoAnswer
        } else {
            Reply::Answer(response)
        };
    }
    state.faults.late(name, writes, response)
}

fn guarded(
    state: &mut State,
    name: &'static str,
    operation: Operation,
    call: &Call<'_>,
) -> Response<Bytes> {
    let refused = auth::check(state, call, name)
        .and_then(|()| check_role(state, name))
        .and_then(|()| spend(state, name, call));
    refused
        .and_then(|()| operation(state, call))
        .unwrap_or_else(|refusal| refusal.answer(name))
}

fn check_role(state: &mut State, name: &str) -> Result<(), Refusal> {
    if state.faults.meets(MISSING_ROLE, name) {
        return Err(Refusal::denied());
    }
    Ok(())
}

fn spend(state: &mut State, name: &str, call: &Call<'_>) -> Result<(), Refusal> {
    let preview = call.query.get("mode") == Some("VALIDATION_PREVIEW");
    let (bucket, rate) = match Limit::of(name) {
        None => return Ok(()),
        Some(_) if preview => ("listing preview", PREVIEWS),
        Some(_) if name == "createFeed" && feed::is_of_listings(call) => {
            ("createFeed of listings", LISTING_FEEDS)
        }
        Some(limit) => (name, limit.rate()),
    };
    let spent = state.buckets.spend(bucket, rate, call.now.elapsed);
    spent.granted.then_some(()).ok_or_else(Refusal::too_many)
}

/// Documents lie at another service, which knows nothing of tokens (amazon.md §5).
fn document(state: &mut State, call: &Call<'_>, name: &'static str, id: &str) -> Reply {
    match state.faults.early(name) {
        Some(Early::NoAnswer) => return Reply::NoAnswer,
        Some(Early::Html) => return Reply::Answer(gateway_page()),
        Some(Early::Broken(StatusCode::SERVICE_UNAVAILABLE) | Early::TooMany) => {
            return Reply::Answer(feed::slow_down());
        }
        Some(Early::Broken(_)) => return Reply::Answer(feed::internal_error()),
        Some(Early::TokenExpired) => return Reply::Answer(feed::address_expired()),
        None => {}
    }
    let response = feed::exchange(state, call, id);
    let writes = name == "uploadFeedDocument";
    if response.body().is_empty() {
        return match writes && state.faults.meets(LOST_ANSWER, name) {
            true => Reply::NoAnswer,
            false => Reply::Answer(response),
        };
    }
    state.faults.late(name, writes, response)
}

fn find(call: &Call<'_>) -> Option<(&'static str, Operation)> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let found: (&'static str, Operation) = match (call.request.method().as_str(), path.as_slice()) {
        ("GET", ["sellers", "v1", "marketplaceParticipations"]) => {
            ("getMarketplaceParticipations", seller::participations)
        }
        ("GET", ["sellers", "v1", "account"]) => ("getAccount", seller::account),
        ("GET", ["catalog", "2022-04-01", "items"]) => ("searchCatalogItems", catalogue::search),
        ("GET", ["catalog", "2022-04-01", "items", _]) => ("getCatalogItem", catalogue::one),
        ("GET", ["listings", "2021-08-01", "restrictions"]) => {
            ("getListingsRestrictions", restriction::list)
        }
        ("GET", ["listings", "2021-08-01", "items", _]) => ("searchListingsItems", listing::search),
        ("GET", ["listings", "2021-08-01", "items", _, _]) => ("getListingsItem", listing::one),
        ("PUT", ["listings", "2021-08-01", "items", _, _]) => ("putListingsItem", listing::put),
        ("PATCH", ["listings", "2021-08-01", "items", _, _]) => {
            ("patchListingsItem", listing::patch)
        }
        ("DELETE", ["listings", "2021-08-01", "items", _, _]) => {
            ("deleteListingsItem", listing::delete)
        }
        ("POST", ["feeds", "2021-06-30", "documents"]) => {
            ("createFeedDocument", feed::create_document)
        }
        ("GET", ["feeds", "2021-06-30", "documents", _]) => ("getFeedDocument", feed::document),
        ("POST", ["feeds", "2021-06-30", "feeds"]) => ("createFeed", feed::create),
        ("GET", ["feeds", "2021-06-30", "feeds"]) => ("getFeeds", feed::list),
        ("GET", ["feeds", "2021-06-30", "feeds", _]) => ("getFeed", feed::one),
        ("DELETE", ["feeds", "2021-06-30", "feeds", _]) => ("cancelFeed", feed::cancel),
        ("GET", ["orders", "2026-01-01", "orders"]) => ("searchOrders", order::search),
        ("GET", ["orders", "2026-01-01", "orders", _]) => ("getOrder", order::one),
        ("POST", ["orders", "v0", "orders", _, "shipmentConfirmation"]) => {
            ("confirmShipment", order::confirm)
        }
        _ => return None,
    };
    Some(found)
}
