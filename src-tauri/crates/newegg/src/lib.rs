//! Newegg Marketplace (United States, Newegg Business, Canada): offers on items that Newegg's
//! catalogue knows, prices, stock, orders and shipments.
//!
//! Each platform is a seller account of its own with its own keys, paths and verbs. Offers are made
//! through feeds, whose results are polled and then read back, because Newegg reviews new offers
//! for hours; prices and quantities go by call or by feed. The vendor's facts stand in `newegg.md`;
//! comments cite its sections.
//!
//! What it is not: it keeps nothing but the keys and what it has learned of the account while the
//! program runs. What must survive a restart is in bindings, tickets and cursors.
//!
//! Left out: items new to Newegg's catalogue (feed v1), texts and pictures (they are the
//! catalogue's), returns and refunds, stock that Newegg keeps (SBN), other countries than the
//! platform's own, and the list of all listings, which Newegg gives over plain FTP alone.
//!
//! Start reading at [`NeweggConnector`], then `backend`.

mod auth;
mod backend;
mod config;
mod error;
mod limits;
mod map;
mod request;
mod types;

pub use backend::NeweggConnector;
