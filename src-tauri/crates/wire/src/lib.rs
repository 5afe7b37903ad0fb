//! The way to a marketplace: one [`Transport`] and the layers around it.
//!
//! Outermost first: trace, auth, retry, pace, timeout. A layer is a transport around a transport.
//! What a layer must know of a call travels with the request as a [`CallSpec`]. Nothing here knows
//! a vendor: an adapter brings its [`Authenticator`] and its buckets. Nothing here knows the store:
//! the use of limits is kept by whoever implements [`LimitState`].
//!
//! Bodies are the adapters' own; what several marketplaces' JSON has in common is here too:
//! [`Object`] for what is sent, [`Scalar`] and [`Many`] for what comes in forms that vary.
//!
//! Start reading at [`Client`].

mod auth;
mod body;
mod client;
mod error;
mod limit;
mod loose;
mod object;
mod pace;
mod real;
mod redact;
mod request;
mod retry;
#[cfg(feature = "testing")]
pub mod testing;
mod timeout;
mod trace;
mod transport;
mod under_way;

pub use auth::{AuthLayer, Authenticator};
pub use body::Body;
pub use client::{Answer, Client, Layers, Parts};
pub use error::{TransportError, TransportErrorKind};
pub use limit::{Bucket, BucketKey, BucketScope, LimitState, MemoryLimits, Owners, Take};
pub use loose::{Many, Scalar, or_default};
pub use object::{Object, amount, number};
pub use pace::{PaceLayer, ResetHint};
pub use real::{HttpTransport, RealTransportError};
pub use redact::{redact_headers, redact_query};
pub use request::{Built, cursor, escaped, place, request};
pub use retry::{RetryLayer, RetryPolicy};
pub use timeout::TimeoutLayer;
pub use trace::TraceLayer;
pub use transport::{CallSpec, Repeat, Transport};
pub use under_way::UnderWay;
