//! The eBay adapter against answers written by hand from the reference.

mod errors;
mod listings;
mod orders;
mod requests;
mod script;
mod tokens;
