//! Amazon's JSON, as it comes and as it goes.
//!
//! Reading is tolerant: unknown words are kept as text, numbers may be texts and texts numbers,
//! dates may be empty, and what is missing is none (amazon.md §11.17, §11.18).

pub(crate) mod account;
pub(crate) mod catalog;
pub(crate) mod feed;
pub(crate) mod listing;
pub(crate) mod order;
