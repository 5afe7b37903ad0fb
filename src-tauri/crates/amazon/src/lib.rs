//! Amazon, by the Selling Partner API: offers on existing pages, prices, stock, orders, shipments.
//!
//! An offer is put on the page that its ASIN or barcode number names; single changes go by call,
//! many by feed. Amazon takes both in without saying what becomes of them, so every write ends with
//! reading what is live. The vendor's facts stand in `amazon.md`; comments cite its sections.
//!
//! What it is not: it keeps nothing but an access token and what it has read of the account. What
//! must survive a restart is in bindings, tickets and cursors. It brings no keys of its own: each
//! seller uses those of a private application (amazon.md §0.1).
//!
//! Left out: new catalogue pages, variations, sale prices and prices for businesses, shipping
//! templates, goods in Amazon's own warehouses (they are seen, and never written), cancelling and
//! refunding (Amazon takes them by flat file only), reports, notifications.
//!
//! Start reading at [`AmazonConnector`], then `backend`.

mod auth;
mod backend;
mod config;
mod error;
mod limits;
mod map;
mod request;
mod types;

pub use backend::AmazonConnector;
