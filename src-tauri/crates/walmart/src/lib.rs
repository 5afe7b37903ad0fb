//! Walmart Marketplace (United States): items, prices, stock, orders and shipments.
//!
//! Items are set up and changed through feeds, whose results are polled; single prices and
//! quantities go by call; orders are read per kind of ship node. The vendor's facts stand in
//! `walmart.md`; comments cite its sections.
//!
//! What it is not: it keeps nothing but an access token and what it has read of the account's
//! settings and specs. What must survive a restart is in bindings, tickets and cursors.
//!
//! Left out: returns, reports, promotions, the fulfilment service's own calls, markets other than
//! the United States, and goods that are not new.
//!
//! Start reading at [`WalmartConnector`], then `backend`.

mod auth;
mod backend;
mod config;
mod error;
mod limits;
mod map;
mod request;
mod types;

pub use backend::WalmartConnector;
