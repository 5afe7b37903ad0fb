//! What every practice marketplace can do.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response};
use serde::{Deserialize, Serialize};

/// The present, as the caller sees it, for one request or one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// Wall time, for dates that are shown: order dates, expiry stamps.
    pub wall: DateTime<Utc>,
    /// Time since the marketplace was opened, for delays and rate windows. It runs `speed` times
    /// as fast as `wall`, so that rehearsal need not wait as long as the real thing.
    pub elapsed: Duration,
}

/// What becomes of a request.
#[derive(Debug)]
pub enum Reply {
    /// The answer arrives whole.
    Answer(Response<Bytes>),
    /// The connection closes before any answer, although the request may have taken effect.
    NoAnswer,
    /// The head and the first `sent` bytes of the body arrive, then the connection closes.
    CutBody {
        /// The whole answer.
        response: Response<Bytes>,
        /// How many bytes of its body arrive.
        sent: usize,
    },
}

/// How an account reaches a practice marketplace; the names of settings and secrets are those of
/// Barrow's command line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Connection {
    /// Settings that may be shown, such as `marketplace_id`.
    pub settings: BTreeMap<String, String>,
    /// Keys that this marketplace accepts; all others are refused.
    pub secrets: BTreeMap<String, String>,
}

/// What a practice marketplace is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Everything that is left to chance derives from it.
    pub seed: u64,
    /// How many orders arrive by themselves in the first hour of elapsed time once something is
    /// live; 0 for none.
    pub orders_per_hour: u32,
}

/// One line of an order that a buyer places.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct OrderRequestLine {
    /// The seller's SKU as it is known to the marketplace.
    pub sku: String,
    /// Units, at least 1.
    pub quantity: u32,
}

/// Why a buyer could not place an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceOrderError {
    /// Nothing is for sale under this SKU.
    NotForSale(String),
    /// Fewer are for sale than were asked for.
    TooFew {
        /// The SKU.
        sku: String,
        /// Units for sale.
        available: u32,
    },
    /// The order has no line or a line of no units.
    Empty,
}

impl fmt::Display for PlaceOrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotForSale(sku) => write!(f, "nothing is for sale under SKU {sku}"),
            Self::TooFew { sku, available } => {
                write!(f, "only {available} of SKU {sku} are for sale")
            }
            Self::Empty => write!(f, "an order needs a line of at least one unit"),
        }
    }
}

impl std::error::Error for PlaceOrderError {}

/// A named misbehaviour of a practice marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its name, one of [`Marketplace::faults`].
    pub name: String,
    /// How many requests it meets before it stops by itself.
    pub times: u32,
}

/// A fault that this marketplace does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultError {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: &'static [&'static str],
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no fault is called {}; there are: {}",
            self.name,
            self.known.join(", ")
        )
    }
}

impl std::error::Error for FaultError {}

/// What a practice marketplace holds, for tests and for the curious. Serialised as `GET /state`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Everything the seller has put there, ended listings included, by SKU.
    pub listings: Vec<HeldListing>,
    /// Every order, oldest first.
    pub orders: Vec<HeldOrder>,
    /// Calls by operation name of the official contract (`bulkCreateOffer`), refused ones included.
    pub calls: BTreeMap<String, u64>,
    /// Calls that came although a limit was exhausted: a well-behaved client has none.
    pub limit_violations: u64,
}

/// An amount as it is shown: never computed with here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldMoney {
    /// Decimal text with the currency's own number of decimals, such as `34.90`.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

/// One listing as buyers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldListing {
    /// The seller's SKU.
    pub sku: String,
    /// None while no price was ever given.
    pub price: Option<HeldMoney>,
    /// Units that buyers can buy now.
    pub quantity: u32,
    /// `live`, `out_of_stock`, `pending` (not yet for sale), `ended` or `refused`.
    pub state: String,
}

/// One order as the marketplace holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldOrder {
    /// The marketplace's own id.
    pub order_id: String,
    /// The marketplace's own word for its state.
    pub state: String,
    /// Its lines.
    pub lines: Vec<HeldOrderLine>,
    /// What the seller has shipped.
    pub shipments: Vec<HeldShipment>,
    /// What the buyer got back, in the currency's smallest unit; what is under way counts.
    pub refunded_minor: i64,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldOrderLine {
    /// The seller's SKU.
    pub sku: String,
    /// Units ordered.
    pub quantity: u32,
    /// Units shipped.
    pub quantity_shipped: u32,
}

/// One shipment of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldShipment {
    /// Carrier as the marketplace names it.
    pub carrier: String,
    /// Tracking number.
    pub tracking: String,
    /// SKU and units in it.
    pub lines: Vec<OrderRequestLine>,
}

/// A practice marketplace: one seller's account at one marketplace, with all its state.
///
/// # Requires
/// Calls come one after the other (`&mut self`) with a [`Now`] that never goes back.
///
/// # Behaviour
/// - The same seed and the same calls give the same answers.
/// - Only the keys of [`Marketplace::connection`] are accepted.
/// - A request over a limit is refused as the real marketplace does and counted as a violation.
/// - [`Marketplace::save`] and [`Marketplace::restore`] keep everything, tokens and buckets
///   included.
pub trait Marketplace: Send {
    /// `ebay`, `walmart`, …: the name on the command line.
    fn name(&self) -> &'static str;

    /// The settings and keys that reach this one.
    fn connection(&self) -> Connection;

    /// Answers one request. The path, query and headers are the real marketplace's; the host is
    /// ignored.
    fn handle(&mut self, request: Request<Bytes>, now: Now) -> Reply;

    /// Lets time pass: feeds finish, orders arrive, rate windows refill.
    fn advance(&mut self, now: Now);

    /// A buyer places an order; returns its id.
    fn place_order(
        &mut self,
        lines: &[OrderRequestLine],
        now: Now,
    ) -> Result<String, PlaceOrderError>;

    /// Tells how many times faster than the wall elapsed time runs, at least 1: answers that say
    /// when a limit refills say it in the caller's own time. It is 1 until told.
    fn set_speed(&mut self, _speed: u32) {}

    /// Names of the faults that can be switched on.
    fn faults(&self) -> &'static [&'static str];

    /// Switches a fault on; `times` of 0 switches it off.
    fn set_fault(&mut self, fault: Fault) -> Result<(), FaultError>;

    /// What it holds now.
    fn held(&self) -> Held;

    /// Everything it knows, to go on later.
    fn save(&self) -> serde_json::Value;

    /// Goes on from what [`Marketplace::save`] gave; an error names what does not fit.
    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String>;
}
