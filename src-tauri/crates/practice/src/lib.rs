//! Practice marketplaces: state machines that speak each marketplace's own API.
//!
//! They serve the newcomer, the tests and rehearsal, and are written from the references and the
//! official contracts, never from the adapters. Nothing here knows Barrow's own types: a practice
//! marketplace takes an HTTP request and answers it, as the real one would. Time and randomness
//! are passed in, so that the same seed and the same requests give the same answers, in process
//! under a paused clock or served over loopback.
//!
//! Start reading at [`Marketplace`], then [`Marketplaces`], which holds one of each and the time
//! they share, and [`Server`], which serves them.

pub mod amazon;
pub mod bucket;
pub mod buyers;
mod control;
pub mod ebay;
pub mod faults;
pub mod http;
mod journal;
mod marketplace;
mod marketplaces;
mod multipart;
pub mod newegg;
pub mod random;
mod server;
pub mod walmart;

pub use amazon::Amazon;
pub use ebay::Ebay;
pub use marketplace::{
    Connection, Fault, FaultError, Held, HeldListing, HeldMoney, HeldOrder, HeldOrderLine,
    HeldShipment, Marketplace, Now, OrderRequestLine, PlaceOrderError, Reply, Settings,
};
pub use marketplaces::{Error, FAULT_POINTS, Marketplaces, NAMES, Places, Rehearsal, WallClock};
pub use newegg::Newegg;
pub use server::{Ready, ServeOptions, Server};
pub use walmart::Walmart;
