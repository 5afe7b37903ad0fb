//! Walmart's JSON, as it comes and as it goes.
//!
//! Reading is tolerant: unknown words are kept as text, a lone object stands for an array, numbers
//! may be texts and texts numbers, and what is missing is none (walmart.md §7.2: XML heritage).

pub(crate) mod feed;
pub(crate) mod item;
pub(crate) mod order;
pub(crate) mod settings;
