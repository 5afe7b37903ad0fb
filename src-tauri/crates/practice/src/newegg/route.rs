//! What every call goes through: which operation it is, whether its keys are right, whether its
//! limit allows it, and the faults that were asked for.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

use super::call::{Answer, Call, text};
use super::error::Refusal;
use super::limits::{self, Counted};
use super::platform::Platform;
use super::shape::{RefusalForm, Shape};
use super::state::State;
use super::{account, auth, classic, feeds, inventory, orders, price, report};
use crate::bucket::Spent;
use crate::faults::{Early, gateway_page};
use crate::http::{Query, header, segments};
use crate::marketplace::{Now, Reply};

type Operation = fn(&mut State, &Call<'_>) -> Answer;

/// Answers one request.
pub(super) fn answer(state: &mut State, request: &Request<Bytes>, now: Now) -> Reply {
    let path = segments(request.uri().path());
    let accept = header(request.headers(), "accept").unwrap_or_default();
    let mut shape = Shape::draw(&mut state.shapes, !accept.contains("json"));
    let Some((platform, rest)) = Platform::of_path(&path) else {
        let refusal = Refusal::not_found("Nothing is found under this address.");
        return Reply::Answer(refusal.answer(shape));
    };
    let call = Call {
        request,
        platform,
        path: rest,
        query: Query::parse(request.uri().query().unwrap_or("")),
        shape,
        now,
    };
    let (name, operation) = match find(&call) {
        Ok(found) => found,
        Err(refusal) => return Reply::Answer(refusal.answer(shape)),
    };
    *state.calls.entry(name.to_owned()).or_default() += 1;
    if state.faults.meets("xml_error", name) {
        shape.refusal = RefusalForm::Xml;
    }
    let call = Call { shape, ..call };
    match early(state, name, &call) {
        Some(reply) => reply,
        None => {
            let response = guarded(state, name, operation, &call);
            state.faults.late(name, writes(name), response)
        }
    }
}

/// Returns the answer of a fault that meets the call before it is looked at.
fn early(state: &mut State, name: &'static str, call: &Call<'_>) -> Option<Reply> {
    if state.faults.meets("bad_key", name) {
        return Some(Reply::Answer(Refusal::gateway().answer(call.shape)));
    }
    let response = match state.faults.early(name)? {
        Early::NoAnswer => return Some(Reply::NoAnswer),
        Early::Html => gateway_page(),
        Early::Broken(status) => Refusal::broken(status).answer(call.shape),
        Early::TokenExpired => {
            let text = "The secret key is not valid any more.";
            Refusal::unauthorized("InvalidToken", text).answer(call.shape)
        }
        Early::TooMany => refused_by_limit(state, name, call),
    };
    Some(Reply::Answer(response))
}

fn guarded(
    state: &mut State,
    name: &'static str,
    operation: Operation,
    call: &Call<'_>,
) -> Response<Bytes> {
    let checked = auth::check(state, call).and_then(|()| auth::check_content(call));
    if let Err(refusal) = checked {
        return refusal.answer(call.shape);
    }
    let Some(rate) = limits::rate(name) else {
        return answered(state, operation, call);
    };
    let spent = state.buckets.spend(name, rate, call.now.elapsed);
    let mut response = if spent.granted {
        answered(state, operation, call)
    } else {
        Refusal::too_many().answer(call.shape)
    };
    limits::tell(&mut response, Counted::Calls, &spent, state.speed, call.now);
    if name == "submitFeed" {
        feeds::tell_records(state, call, &mut response);
    }
    response
}

fn answered(state: &mut State, operation: Operation, call: &Call<'_>) -> Response<Bytes> {
    match operation(state, call) {
        Ok(shown) => shown.answer(&state.keys.seller_id, call.shape),
        Err(refusal) => refusal.answer(call.shape),
    }
}

/// How soon a call goes through again that was refused although its limit is not spent.
const SPURIOUS_WAIT: Duration = Duration::from_secs(1);

/// Answers 429 out of the blue. The limit keeps what it has: a caller that counts for itself must
/// not run into it later because of this.
fn refused_by_limit(state: &State, name: &'static str, call: &Call<'_>) -> Response<Bytes> {
    let mut response = Refusal::too_many().answer(call.shape);
    if let Some(rate) = limits::rate(name) {
        let spent = Spent {
            granted: false,
            left: 0,
            rate,
            next_in: SPURIOUS_WAIT,
        };
        limits::tell(&mut response, Counted::Calls, &spent, state.speed, call.now);
    }
    response
}

/// Whether an operation changes something: methods do not tell (newegg.md §4.1).
fn writes(name: &str) -> bool {
    ["write", "submit", "ship", "cancel", "confirm", "kill"]
        .iter()
        .any(|verb| name.starts_with(verb))
}

/// Returns the name of a call's operation; empty where it has none.
pub(super) fn operation_name(call: &Call<'_>) -> &'static str {
    find(call).map_or("", |(name, _)| name)
}

const STATUS_AREAS: [&str; 8] = [
    "contentmgmt",
    "ordermgmt",
    "datafeedmgmt",
    "servicemgmt",
    "reportmgmt",
    "sellermgmt",
    "sbnmgmt",
    "shippingservice",
];

fn find(call: &Call<'_>) -> Result<(&'static str, Operation), Refusal> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let found = match path.as_slice() {
        ["contentmgmt", "item", rest @ ..] => item_call(call, rest),
        ["contentmgmt", "manufacturer", "manufacturerinfo", rest @ ..] => {
            let known = rest.is_empty() || rest == ["v2"];
            known.then(|| vec![(Method::PUT, "manufacturerInfo", account::manufacturers as _)])
        }
        ["datafeedmgmt", "feeds", rest @ ..] => feed_call(rest),
        ["ordermgmt", rest @ ..] if rest != ["servicestatus"] => order_call(call, rest),
        ["reportmgmt", "report", "submitrequest"] => {
            Some(vec![(Method::POST, "submitReport", report::submit as _)])
        }
        ["reportmgmt", "report", "status"] => {
            Some(vec![(Method::PUT, "reportStatus", report::status as _)])
        }
        ["reportmgmt", "report", "result"] => {
            Some(vec![(Method::PUT, "reportResult", report::result as _)])
        }
        ["sellermgmt", "seller", "accountstatus"] => {
            Some(vec![(Method::GET, "accountStatus", account::status as _)])
        }
        [area, "servicestatus"] if STATUS_AREAS.contains(area) => {
            Some(vec![(Method::GET, "serviceStatus", account::service as _)])
        }
        _ => None,
    };
    let methods: Vec<(Method, &'static str, Operation)> = found.ok_or_else(|| {
        Refusal::not_found("Nothing is found under this address on this practice account.")
    })?;
    methods
        .into_iter()
        .find(|(method, ..)| call.request.method() == method)
        .map(|(_, name, operation)| (name, operation))
        .ok_or_else(Refusal::wrong_method)
}

type Methods = Option<Vec<(Method, &'static str, Operation)>>;

/// On newegg.com PUT reads and POST writes; on the other platforms it is the other way round, under
/// other addresses (newegg.md §4).
fn item_call(call: &Call<'_>, path: &[&str]) -> Methods {
    let us = call.platform == Platform::Us;
    Some(match path {
        ["international", "inventory"] if us => vec![
            (Method::PUT, "readInventory", inventory::read),
            (Method::POST, "writeInventory", inventory::write),
        ],
        ["international", "price"] if us => vec![
            (Method::PUT, "readPrice", price::read),
            (Method::POST, "writePrice", price::write),
        ],
        ["international", "inventorylist"] if us => {
            vec![(Method::POST, "readInventoryList", inventory::batch)]
        }
        ["international", "pricelist"] if us => {
            vec![(Method::POST, "readPriceList", price::batch)]
        }
        ["inventory"] if !us => vec![(Method::POST, "readInventory", classic::read_inventory)],
        ["price"] if !us => vec![(Method::POST, "readPrice", classic::read_price)],
        ["inventorylist"] if !us => {
            vec![(Method::POST, "readInventoryList", inventory::batch)]
        }
        ["pricelist"] if !us => vec![(Method::POST, "readPriceList", classic::batch_prices)],
        ["inventoryandprice"] if !us => {
            vec![(Method::PUT, "writeInventoryAndPrice", classic::write)]
        }
        _ => return None,
    })
}

fn feed_call(path: &[&str]) -> Methods {
    Some(match path {
        ["submitfeed"] => vec![(Method::POST, "submitFeed", feeds::submit)],
        ["status"] => vec![(Method::PUT, "feedStatus", feeds::status)],
        ["result", _] => vec![(Method::GET, "feedResult", feeds::result)],
        _ => return None,
    })
}

fn order_call(call: &Call<'_>, path: &[&str]) -> Methods {
    Some(match path {
        ["order", "orderinfo"] => vec![(Method::PUT, "orderInfo", orders::list)],
        ["orderstatus", "orders", "confirmation"] => {
            vec![(Method::POST, "confirmOrders", orders::confirm)]
        }
        ["orderstatus", "orders", _] => {
            let body: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
            let put: (Method, &'static str, Operation) =
                if text(&body, "Action").as_deref() == Some("1") {
                    (Method::PUT, "cancelOrder", orders::cancel)
                } else {
                    (Method::PUT, "shipOrder", orders::ship)
                };
            vec![(Method::GET, "orderStatus", orders::status), put]
        }
        ["killitem", "orders", _] => vec![(Method::PUT, "killItem", orders::kill)],
        ["sbnorder", "cancellationresult", _] => {
            vec![(
                Method::GET,
                "cancellationResult",
                orders::cancellation_result,
            )]
        }
        _ => return None,
    })
}
