//! Practice marketplaces: state machines that speak each marketplace's own API.
//!
//! They serve the newcomer, the tests and rehearsal, and are written from the references and the
//! official contracts, never from the adapters. Nothing here knows Barrow's own types: a practice
//! marketplace takes an HTTP request and answers it, as the real one would. Time and randomness
//! are passed in, so that the same seed and the same requests give the same answers, in process
//! under a paused clock or served over loopback.
//!
//! Start reading at [`Marketplace`].

pub mod bucket;
pub mod buyers;
pub mod ebay;
pub mod faults;
pub mod http;
mod marketplace;
pub mod random;
pub mod walmart;

pub use marketplace::{
    Connection, Fault, FaultError, Held, HeldListing, HeldMoney, HeldOrder, HeldOrderLine,
    HeldShipment, Marketplace, Now, OrderRequestLine, PlaceOrderError, Reply, Settings,
};
