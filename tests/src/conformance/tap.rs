//! The way between an adapter and a practice marketplace: real HTTP over loopback, with an ear on
//! the line.
//!
//! The exchange itself runs on a runtime with real time, while the adapter's own time is paused:
//! what an adapter waits for passes at once, and an answer that takes its time is waited for.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_trait::async_trait;
use barrow_model::Clock;
use barrow_wire::{Body, CallSpec, HttpTransport, Repeat, Transport, TransportError};
use bytes::Bytes;
use http::header::DATE;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use tokio::runtime::Runtime;

use super::clock::BenchClock;
use super::record::Record;
use crate::contract::Exchange;

/// Largest answer of a practice marketplace that is read.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// One call as it went over the line.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Path and query.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Whether the adapter says that a second sending may do harm.
    pub(super) harmful: bool,
    /// None where no whole answer came.
    pub(super) answer: Option<(StatusCode, HeaderMap, Bytes)>,
}

/// Changes an answer on its way to the adapter; none leaves it as it is.
pub(super) type Tamper = Box<dyn Fn(&Call) -> Option<Bytes> + Send>;

/// The transport of a bench.
pub(super) struct Tap {
    clock: Arc<BenchClock>,
    record: Arc<Record>,
    calls: Mutex<Vec<Call>>,
    tamper: Mutex<Option<Tamper>>,
}

impl Tap {
    pub(super) fn new(clock: Arc<BenchClock>, record: Arc<Record>) -> Self {
        Self {
            clock,
            record,
            calls: Mutex::default(),
            tamper: Mutex::default(),
        }
    }

    /// The calls since the last look.
    pub(super) fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut lock(&self.calls))
    }

    pub(super) fn tamper(&self, tamper: Option<Tamper>) {
        *lock(&self.tamper) = tamper;
    }
}

/// After a panic the state is still the best that is known.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The runtime on which sockets live: its time is real.
pub(super) fn outside() -> &'static Runtime {
    static OUTSIDE: OnceLock<Runtime> = OnceLock::new();
    OUTSIDE.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let built = builder.worker_threads(1).enable_all().build();
        built.expect("a machine that runs tests can start a thread")
    })
}

fn http() -> &'static HttpTransport {
    static HTTP: OnceLock<HttpTransport> = OnceLock::new();
    HTTP.get_or_init(|| HttpTransport::new("barrow-tests").expect("the HTTP client can be set up"))
}

#[async_trait]
impl Transport for Tap {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        // The marketplace sees the time at which the call leaves.
        self.clock.now();
        let spec = request.extensions().get::<CallSpec>().copied();
        let mut call = Call {
            method: request.method().clone(),
            path: request
                .uri()
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default(),
            headers: request.headers().clone(),
            body: request.body().clone(),
            harmful: spec.is_some_and(|spec| spec.repeat == Repeat::Harmful),
            answer: None,
        };
        // A blocking task keeps the paused time from running ahead of the answer.
        let exchange = tokio::task::spawn_blocking(move || outside().block_on(whole(request)));
        let answer = exchange.await.expect("an exchange does not panic");
        if let Ok((status, headers, body)) = &answer {
            call.answer = Some((*status, headers.clone(), body.clone()));
            let operation = spec.map(|spec| spec.operation);
            let exchange = Exchange {
                method: &call.method,
                path_and_query: &call.path,
                request_headers: &call.headers,
                request_body: Some(&call.body),
                status: status.as_u16(),
                response_headers: headers,
                response_body: body,
            };
            self.record.note(operation, &exchange);
        }
        let tampered = lock(&self.tamper).as_ref().and_then(|tamper| tamper(&call));
        lock(&self.calls).push(call);
        let (status, mut headers, body) = answer?;
        // The server stamps answers with this machine's time; the marketplace lives in the bench's.
        if headers.contains_key(DATE) {
            let stamp = self
                .clock
                .last()
                .format("%a, %d %b %Y %H:%M:%S GMT")
                .to_string();
            let stamp = HeaderValue::from_str(&stamp).expect("a date is plain text");
            headers.insert(DATE, stamp);
        }
        let mut response = Response::new(Body::whole(tampered.unwrap_or(body)));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

async fn whole(request: Request<Bytes>) -> Result<(StatusCode, HeaderMap, Bytes), TransportError> {
    let (head, body) = http().send(request).await?.into_parts();
    let body = body.collect(ANSWER_BYTES_MAX).await?;
    Ok((head.status, head.headers, body))
}
