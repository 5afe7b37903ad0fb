//! Answers calls, tells events, serves files; on loopback alone.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use barrow_api::{Api, ApiError, ApiErrorKind, CacheTag, Event, Listening};
use bytes::Bytes;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, ORIGIN};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::files;

/// A request's longest body.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What a listener that comes back says it heard last. What happened meanwhile is not known.
const HEARD_BEFORE: &str = "last-event-id";

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// A server that runs.
pub(crate) struct Served {
    /// Where it is.
    pub(crate) url: String,
    stopping: watch::Sender<bool>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Served {
    pub(crate) async fn stop(self) {
        self.stopping.send_replace(true);
        self.accepting.await.ok();
    }
}

struct Site {
    api: Arc<Api>,
    dist: PathBuf,
}

/// Serves on a port of loopback; 0 for a free one.
pub(crate) async fn start(api: Arc<Api>, dist: PathBuf, port: u16) -> std::io::Result<Served> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stopping, stopped) = watch::channel(false);
    let site = Arc::new(Site { api, dist });
    Ok(Served {
        url,
        stopping,
        accepting: tokio::spawn(accept(listener, site, stopped)),
    })
}

async fn accept(listener: TcpListener, site: Arc<Site>, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => return,
        };
        while connections.try_join_next().is_some() {}
        if let Ok((stream, _)) = accepted {
            connections.spawn(serve(stream, Arc::clone(&site)));
        }
    }
}

async fn serve(stream: TcpStream, site: Arc<Site>) {
    let service = service_fn(move |request| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(respond(&site, request).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // An error is a browser that went away.
    connection.await.ok();
}

async fn respond(site: &Site, request: Request<Incoming>) -> Response<Body> {
    if !is_from_here(request.headers()) {
        return plain(StatusCode::FORBIDDEN, "text/plain", Bytes::new());
    }
    let path = request.uri().path().to_owned();
    match (request.method(), path.as_str()) {
        (&Method::POST, path) if path.starts_with("/call/") => {
            let name = path.trim_start_matches("/call/").to_owned();
            call(&site.api, &name, request).await
        }
        (&Method::GET, "/events") => events(&site.api, request.headers()),
        (&Method::GET, path) => match files::read(&site.dist, path) {
            Some((kind, content)) => plain(StatusCode::OK, kind, content),
            None => plain(StatusCode::NOT_FOUND, "text/plain", Bytes::new()),
        },
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, "text/plain", Bytes::new()),
    }
}

/// Pages of others must not call: a browser tells where a request comes from.
fn is_from_here(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let is_loopback = host.is_some_and(|host| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        name == "127.0.0.1" || name == "localhost"
    });
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let is_own = origin.is_none_or(|origin| {
        ["http://127.0.0.1:", "http://localhost:"]
            .iter()
            .any(|own| origin.starts_with(own))
    });
    is_loopback && is_own
}

async fn call(api: &Api, name: &str, request: Request<Incoming>) -> Response<Body> {
    let body = Limited::new(request.into_body(), BODY_BYTES_MAX);
    let Ok(body) = body.collect().await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", Bytes::new());
    };
    let body = body.to_bytes();
    let asked: Value = match body.is_empty() {
        true => Value::Null,
        false => match serde_json::from_slice(&body) {
            Ok(asked) => asked,
            Err(_) => return plain(StatusCode::BAD_REQUEST, "text/plain", Bytes::new()),
        },
    };
    let (status, answer) = match api.call(name, asked).await {
        Ok(answer) => (StatusCode::OK, serde_json::to_vec(&answer)),
        Err(error) => (status(&error), serde_json::to_vec(&error)),
    };
    plain(
        status,
        "application/json",
        Bytes::from(answer.unwrap_or_default()),
    )
}

fn status(error: &ApiError) -> StatusCode {
    match error.kind {
        ApiErrorKind::NotFound | ApiErrorKind::FileNotFound => StatusCode::NOT_FOUND,
        ApiErrorKind::InvalidInput => StatusCode::BAD_REQUEST,
        ApiErrorKind::Duplicate
        | ApiErrorKind::Conflict
        | ApiErrorKind::Busy
        | ApiErrorKind::Locked
        | ApiErrorKind::Cancelled => StatusCode::CONFLICT,
        ApiErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Events one after the other, for as long as somebody listens.
fn events(api: &Api, headers: &HeaderMap) -> Response<Body> {
    let missed = headers.contains_key(HEARD_BEFORE).then(|| Event::Touched {
        tags: CacheTag::ALL.to_vec(),
    });
    let start = (api.events(), missed, 0_u64);
    let told = stream::unfold(start, |(mut listening, missed, number)| async move {
        let text = match (number, missed) {
            // What opens the way: the browser knows then that it is heard.
            (0, missed) => {
                let text = ": listening\n\n".to_owned();
                return Some((frame(text), (listening, missed, 1)));
            }
            (_, Some(event)) => told(number, &event),
            (_, None) => next(number, &mut listening).await,
        };
        Some((frame(text), (listening, None, number + 1)))
    });
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(told)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn next(number: u64, listening: &mut Listening) -> String {
    let event = listening.next().await;
    told(number, &event)
}

fn told(number: u64, event: &Event) -> String {
    let event = serde_json::to_string(event).unwrap_or_default();
    format!("id: {number}\ndata: {event}\n\n")
}

fn frame(text: String) -> Result<Frame<Bytes>, Infallible> {
    Ok(Frame::data(Bytes::from(text)))
}

fn plain(status: StatusCode, kind: &'static str, content: Bytes) -> Response<Body> {
    let mut response = Response::new(BodyExt::boxed_unsync(Full::new(content)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, files::POLICY.clone());
    response
}
