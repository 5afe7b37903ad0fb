//! The control port: what each marketplace holds, orders and faults on demand, time.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::{header, json as answer_json};
use crate::marketplace::{Fault, OrderRequestLine};
use crate::marketplaces::{Error, Marketplaces};

/// The furthest jump of time: a year.
const ADVANCE_SECONDS_MAX: u64 = 366 * 24 * 3_600;
/// The most lines of one order.
const ORDER_LINES_MAX: usize = 100;
/// The most units of one line.
const LINE_UNITS_MAX: u32 = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderBody {
    marketplace: String,
    lines: Vec<OrderRequestLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultBody {
    marketplace: String,
    name: String,
    times: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockBody {
    advance_seconds: u64,
}

type Answer = Result<Value, (StatusCode, String)>;

/// Answers one request.
pub(crate) fn answer(marketplaces: &Marketplaces, request: &Request<Bytes>) -> Response<Bytes> {
    let path = request.uri().path();
    let answer = check_origin(request).and_then(|()| match (request.method(), path) {
        (&Method::GET, "/state") => Ok(json!(marketplaces.held().map_err(told)?)),
        (&Method::POST, "/orders") => place_order(marketplaces, request),
        (&Method::POST, "/faults") => set_fault(marketplaces, request),
        (&Method::POST, "/clock") => advance(marketplaces, request),
        (_, "/state" | "/orders" | "/faults" | "/clock") => Err((
            StatusCode::METHOD_NOT_ALLOWED,
            "use GET for /state, else POST".to_owned(),
        )),
        _ => Err((
            StatusCode::NOT_FOUND,
            "there are GET /state, POST /orders, POST /faults and POST /clock".to_owned(),
        )),
    });
    match answer {
        Ok(body) => answer_json(StatusCode::OK, &body),
        Err((status, text)) => answer_json(status, &json!({ "error": text })),
    }
}

fn place_order(marketplaces: &Marketplaces, request: &Request<Bytes>) -> Answer {
    let body: OrderBody = body(request)?;
    let too_large = body.lines.len() > ORDER_LINES_MAX
        || body.lines.iter().any(|line| line.quantity > LINE_UNITS_MAX);
    if too_large {
        let text = format!(
            "an order has at most {ORDER_LINES_MAX} lines of at most {LINE_UNITS_MAX} units"
        );
        return Err((StatusCode::BAD_REQUEST, text));
    }
    let id = marketplaces
        .place_order(&body.marketplace, &body.lines)
        .map_err(told)?;
    Ok(json!({ "order_id": id }))
}

fn set_fault(marketplaces: &Marketplaces, request: &Request<Bytes>) -> Answer {
    let body: FaultBody = body(request)?;
    let fault = Fault {
        name: body.name,
        times: body.times,
    };
    marketplaces
        .set_fault(&body.marketplace, fault.clone())
        .map_err(told)?;
    Ok(json!({ "name": fault.name, "times": fault.times }))
}

fn advance(marketplaces: &Marketplaces, request: &Request<Bytes>) -> Answer {
    let body: ClockBody = body(request)?;
    if body.advance_seconds > ADVANCE_SECONDS_MAX {
        let text = format!("time moves at most {ADVANCE_SECONDS_MAX} seconds at once");
        return Err((StatusCode::BAD_REQUEST, text));
    }
    marketplaces
        .advance(Duration::from_secs(body.advance_seconds))
        .map_err(told)?;
    Ok(json!({ "advanced_seconds": body.advance_seconds }))
}

fn told(error: Error) -> (StatusCode, String) {
    let status = match error {
        Error::UnknownMarketplace { .. } => StatusCode::NOT_FOUND,
        Error::PlaceOrder(_) => StatusCode::CONFLICT,
        Error::Folder { .. } | Error::Saved { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, error.to_string())
}

fn body<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, (StatusCode, String)> {
    serde_json::from_slice(request.body()).map_err(|error| {
        (
            StatusCode::BAD_REQUEST,
            format!("the body does not fit: {error}"),
        )
    })
}

/// Refuses what a web page could send: a foreign name that was made to point to loopback, or a
/// page of another origin.
fn check_origin(request: &Request<Bytes>) -> Result<(), (StatusCode, String)> {
    let refused = |what: &str| {
        Err((
            StatusCode::FORBIDDEN,
            format!("only programs on this machine may ask ({what})"),
        ))
    };
    let host = header(request.headers(), "host").unwrap_or_default();
    if !is_loopback(host) {
        return refused("the Host is another");
    }
    match header(request.headers(), "origin") {
        None => Ok(()),
        Some(origin) if origin.strip_prefix("http://").is_some_and(is_loopback) => Ok(()),
        Some(_) => refused("the Origin is another"),
    }
}

fn is_loopback(authority: &str) -> bool {
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}
