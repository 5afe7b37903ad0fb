//! What every call goes through: which operation it is, whether its headers and token are right,
//! whether its limit allows it, and the faults that were asked for.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};

use super::call::{Answer, Call};
use super::error::{GATEWAY, Refusal};
use super::state::State;
use super::{auth, catalogue, feeds, inventory, items, limits, orders, price, settings, spec, xml};
use crate::bucket::Spent;
use crate::faults::{Early, gateway_page};
use crate::marketplace::{Now, Reply};

type Operation = fn(&mut State, &Call<'_>) -> Answer;

/// Answers one request. Operations are counted by the names of the official contract; operations
/// that it does not name (spec, feed submission, GTIN exemption) have names in its manner.
pub(super) fn answer(state: &mut State, request: &Request<Bytes>, now: Now) -> Reply {
    let call = Call::new(request, now);
    let (name, operation) = match find(&call) {
        Ok(found) => found,
        Err(refusal) => return Reply::Answer(shaped(&call, refusal.answer())),
    };
    *state.calls.entry(name.to_owned()).or_default() += 1;
    if name == "tokenAPI" {
        return Reply::Answer(shaped(&call, answered(auth::token(state, &call))));
    }
    match state.faults.early(name) {
        Some(Early::NoAnswer) => return Reply::NoAnswer,
        Some(Early::Html) => return Reply::Answer(gateway_page()),
        Some(Early::Broken(status)) => {
            return Reply::Answer(shaped(&call, Refusal::broken(status).answer()));
        }
        Some(Early::TokenExpired) => {
            auth::forget(state, call.header(auth::TOKEN_HEADER));
            return Reply::Answer(shaped(&call, Refusal::unauthorized().answer()));
        }
        Some(Early::TooMany) => {
            return Reply::Answer(shaped(&call, refused_by_limit(state, name, &call)));
        }
        None => {}
    }
    let response = guarded(state, name, operation, &call);
    let writes = !matches!(*request.method(), Method::GET);
    state.faults.late(name, writes, shaped(&call, response))
}

fn guarded(
    state: &mut State,
    name: &'static str,
    operation: Operation,
    call: &Call<'_>,
) -> Response<Bytes> {
    if let Err(refusal) = check_headers(call).and_then(|()| auth::check(state, call)) {
        return refusal.answer();
    }
    let Some((bucket, rate)) = limits::bucket(name, call) else {
        return answered(operation(state, call));
    };
    let spent = state.buckets.spend(&bucket, rate, call.now.elapsed);
    let mut response = if spent.granted {
        answered(operation(state, call))
    } else {
        Refusal::too_many().answer()
    };
    limits::tell(&mut response, &bucket, &spent, state.speed, call.now);
    response
}

/// How soon a call goes through again that was refused although its bucket is not empty.
const SPURIOUS_WAIT: Duration = Duration::from_secs(1);

/// Answers 429 out of the blue. The bucket keeps what it has: a caller that counts for itself must
/// not run into a limit later because of it.
fn refused_by_limit(state: &mut State, name: &'static str, call: &Call<'_>) -> Response<Bytes> {
    let mut response = Refusal::too_many().answer();
    if let Some((bucket, rate)) = limits::bucket(name, call) {
        let spent = Spent {
            granted: false,
            left: 0,
            rate,
            next_in: SPURIOUS_WAIT,
        };
        limits::tell(&mut response, &bucket, &spent, state.speed, call.now);
    }
    response
}

fn answered(answer: Answer) -> Response<Bytes> {
    answer.unwrap_or_else(|refusal| refusal.answer())
}

/// Turns an answer into XML unless JSON was asked for by name (walmart.md §1).
fn shaped(call: &Call<'_>, response: Response<Bytes>) -> Response<Bytes> {
    let accept = call.header("accept").unwrap_or_default();
    if accept.contains("json") {
        response
    } else {
        xml::twin(response)
    }
}

fn check_headers(call: &Call<'_>) -> Result<(), Refusal> {
    for name in ["WM_SVC.NAME", "WM_QOS.CORRELATION_ID"] {
        if call.header(name).is_none() {
            return Err(missing_header(name));
        }
    }
    let accept = call.header("accept").unwrap_or("*/*");
    let known = ["json", "xml", "*/*"]
        .iter()
        .any(|kind| accept.contains(kind));
    if !known {
        return Err(Refusal::new(
            StatusCode::NOT_ACCEPTABLE,
            "INVALID_ACCEPT_TYPE",
            GATEWAY,
            "The accept type is not supported.",
        ));
    }
    Ok(())
}

/// Refuses a call that lacks a header it needs.
pub(super) fn missing_header(name: &str) -> Refusal {
    let text = format!("The request header {name} is missing.");
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "MISSING_REQUEST_HEADER",
        GATEWAY,
        text,
    )
    .at(name)
}

fn find(call: &Call<'_>) -> Result<(&'static str, Operation), Refusal> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let get = call.request.method() == Method::GET;
    let post = call.request.method() == Method::POST;
    let put = call.request.method() == Method::PUT;
    let delete = call.request.method() == Method::DELETE;
    let found: (&'static str, Operation) = match path.as_slice() {
        ["token"] if post => ("tokenAPI", auth::token),
        ["token", "detail"] if get => ("getTokenDetail", auth::detail),
        ["settings", "partnerprofile"] if get => {
            ("getPartnerConfigurations", settings::partner_profile)
        }
        ["settings", "shipping", "shipnodes"] if get => {
            ("getAllFulfillmentCenters", settings::ship_nodes)
        }
        ["items"] if get => ("getAllItems", items::list),
        ["items", "count"] if get => ("getCountByStatus", items::count),
        ["items", "taxonomy"] if get => ("getTaxonomyResponse", spec::taxonomy),
        ["items", "walmart", "search"] if get => ("getSearchResult", catalogue::search),
        ["items", "gtin-exemption", "status"] if get => {
            ("getGtinExemptionStatus", settings::gtin_exemption)
        }
        ["items", "spec"] if post => ("getSpec", spec::spec),
        ["items", _] if get => ("getAnItem", items::one),
        ["items", _] if delete => ("retireAnItem", items::retire),
        ["feeds"] if post => ("submitFeed", feeds::submit),
        ["feeds"] if get => ("getAllFeedStatuses", feeds::list),
        ["feeds", _] if get => ("getFeedItemStatus", feeds::one),
        ["price"] if put => ("updatePrice", price::update),
        ["inventory"] if get => ("getInventory", inventory::one),
        ["inventory"] if put => ("updateInventoryForAnItem", inventory::update),
        ["inventories"] if get => (
            "getMultiNodeInventoryForAllSkuAndAllShipNodes",
            inventory::all_nodes_of_all,
        ),
        ["inventories", _] if get => (
            "getMultiNodeInventoryForSkuAndAllShipnodes",
            inventory::all_nodes,
        ),
        ["inventories", _] if put => ("updateMultiNodeInventory", inventory::update_nodes),
        ["lagtime"] if get => ("getLagTime", inventory::lag_time),
        ["orders"] if get => ("getAllOrders", orders::list),
        ["orders", "released"] if get => ("getAllReleasedOrders", orders::released),
        ["orders", _] if get => ("getAnOrder", orders::one),
        ["orders", _, "acknowledge"] if post => ("acknowledgeOrders", orders::acknowledge),
        ["orders", _, "shipping"] if post => ("shippingUpdates", orders::ship),
        ["orders", _, "cancel"] if post => ("cancelOrderLines", orders::cancel),
        ["orders", _, "refund"] if post => ("refundOrderLines", orders::refund),
        _ => {
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "URI_NOT_FOUND",
                GATEWAY,
                "Nothing is found under this address and method.",
            ));
        }
    };
    Ok(found)
}
