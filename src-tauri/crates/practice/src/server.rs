//! Serves practice marketplaces over loopback, each on a port of its own, and a control port.

use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::control;
use crate::http::{BODY_BYTES_MAX, json};
use crate::marketplace::{Connection, Reply};
use crate::marketplaces::{Error, Marketplaces, NAMES};

/// The most connections that are open at once on one port.
const CONNECTIONS_MAX: usize = 256;
/// How long a connection may wait for the next request: longer than clients keep an idle one, so
/// that a request never meets a closing connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(600);
/// How often time passes while nobody calls.
const STEP_INTERVAL: Duration = Duration::from_secs(5);

/// Where to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The port of the first marketplace; the others follow in the order of [`NAMES`], and the
    /// control port comes last. 0 lets the system choose each.
    pub port: u16,
}

/// A running server. Dropping it stops it; [`Server::stop`] also tidies up what is kept.
#[derive(Debug)]
pub struct Server {
    marketplaces: Arc<Marketplaces>,
    addresses: Vec<(&'static str, SocketAddr)>,
    control: SocketAddr,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// What a client needs to know of a running server; printed as one line once it is ready. It holds
/// the practice keys, which open nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ready {
    /// The address of the control port.
    pub control: String,
    /// By name, in the order of ports.
    pub marketplaces: serde_json::Map<String, serde_json::Value>,
}

impl Server {
    /// Binds all ports on loopback and begins to serve.
    ///
    /// # Errors
    /// If a port cannot be bound, or there are not enough above the one that was asked for.
    pub async fn start(
        marketplaces: Arc<Marketplaces>,
        options: ServeOptions,
    ) -> std::io::Result<Self> {
        let (stopping, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut addresses = Vec::new();
        for (offset, name) in NAMES.into_iter().enumerate() {
            let listener = bind(options.port, offset).await?;
            addresses.push((name, listener.local_addr()?));
            let port = Port {
                marketplaces: Arc::clone(&marketplaces),
                role: Role::Marketplace(name),
            };
            tasks.spawn(accept(listener, port, stopped.clone()));
        }
        let listener = bind(options.port, NAMES.len()).await?;
        let control = listener.local_addr()?;
        let port = Port {
            marketplaces: Arc::clone(&marketplaces),
            role: Role::Control,
        };
        tasks.spawn(accept(listener, port, stopped.clone()));
        tasks.spawn(tick(Arc::clone(&marketplaces), stopped));
        Ok(Self {
            marketplaces,
            addresses,
            control,
            stopping,
            tasks,
        })
    }

    /// Returns the address of a marketplace, such as `http://127.0.0.1:8701`.
    pub fn endpoint(&self, name: &str) -> Option<String> {
        let found = self.addresses.iter().find(|(known, _)| *known == name);
        found.map(|(_, address)| format!("http://{address}"))
    }

    /// Returns what a client needs to know.
    pub fn ready(&self) -> Ready {
        let mut marketplaces = serde_json::Map::new();
        for (name, address) in &self.addresses {
            let Connection { settings, secrets } =
                self.marketplaces.connection(name).unwrap_or_default();
            let shown = serde_json::json!({
                "endpoint": format!("http://{address}"),
                "settings": settings,
                "secrets": secrets,
            });
            marketplaces.insert((*name).to_owned(), shown);
        }
        Ready {
            control: format!("http://{}", self.control),
            marketplaces,
        }
    }

    /// Stops serving and shortens what the next start has to read.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub async fn stop(mut self) -> Result<(), Error> {
        // Nobody may listen any more, which is as good as having been told.
        let _ = self.stopping.send(true);
        self.tasks.shutdown().await;
        self.marketplaces.save()
    }
}

async fn bind(first: u16, offset: usize) -> std::io::Result<TcpListener> {
    let port = match first {
        0 => 0,
        first => u16::try_from(usize::from(first) + offset).map_err(|_| {
            std::io::Error::new(std::io::ErrorKind::InvalidInput, "there is no such port")
        })?,
    };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

#[derive(Clone)]
struct Port {
    marketplaces: Arc<Marketplaces>,
    role: Role,
}

#[derive(Clone, Copy)]
enum Role {
    Marketplace(&'static str),
    Control,
}

async fn accept(listener: TcpListener, port: Port, mut stopped: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => return,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let port = port.clone();
                connections.spawn(async move {
                    serve(stream, port).await;
                    drop(place);
                });
            }
            // Out of file handles, or the client is gone already: others may still come.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn serve(stream: TcpStream, port: Port) {
    let service = service_fn(move |request| {
        let port = port.clone();
        async move { respond(port, request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    // An error is a client that went away or an answer that was cut on purpose.
    let _ = connection.await;
}

/// Breaks the connection off: the error never becomes an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection closes without an answer")]
struct BreakOff;

async fn respond(port: Port, request: Request<Incoming>) -> Result<Response<Sent>, BreakOff> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => {
            let text = serde_json::json!({ "error": "the body is too large or broke off" });
            return Ok(whole(json(StatusCode::PAYLOAD_TOO_LARGE, &text)));
        }
    };
    let request = Request::from_parts(head, body);
    match port.role {
        Role::Control => Ok(whole(control::answer(&port.marketplaces, &request))),
        Role::Marketplace(name) => match port.marketplaces.answer(name, request) {
            Ok(Reply::Answer(response)) => Ok(whole(response)),
            Ok(Reply::NoAnswer) | Err(_) => Err(BreakOff),
            Ok(Reply::CutBody { response, sent }) => Ok(cut(response, sent)),
        },
    }
}

fn whole(response: Response<Bytes>) -> Response<Sent> {
    response.map(|body| Sent {
        rest: Some(body),
        cut: false,
        paused: false,
        told: None,
    })
}

fn cut(response: Response<Bytes>, sent: usize) -> Response<Sent> {
    let length = response.body().len();
    let mut response = response.map(|body| Sent {
        rest: Some(body.slice(..sent.min(length))),
        cut: true,
        paused: false,
        told: Some(length as u64),
    });
    response
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// A body that may break off before its told length.
struct Sent {
    rest: Option<Bytes>,
    cut: bool,
    paused: bool,
    told: Option<u64>,
}

impl Body for Sent {
    type Data = Bytes;
    type Error = BreakOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BreakOff>>> {
        match self.rest.take() {
            Some(rest) if !rest.is_empty() => Poll::Ready(Some(Ok(Frame::data(rest)))),
            // What was given is written out only when there is nothing more to take for a moment.
            _ if self.cut && !std::mem::replace(&mut self.paused, true) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ if self.cut => Poll::Ready(Some(Err(BreakOff))),
            _ => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        !self.cut && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        let rest = self.rest.as_ref().map_or(0, |rest| rest.len() as u64);
        hyper::body::SizeHint::with_exact(self.told.unwrap_or(rest))
    }
}

/// Lets time pass also when nobody calls, so that orders carry the dates at which they came.
async fn tick(marketplaces: Arc<Marketplaces>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(STEP_INTERVAL) => {}
            _ = stopped.changed() => return,
        }
        // A folder that cannot be written is told of by the calls that need it.
        let _ = marketplaces.step();
    }
}
