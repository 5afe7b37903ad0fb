//! Between Newegg's words and ours. Pure.

pub(crate) mod carrier;
pub(crate) mod country;
pub(crate) mod feed;
pub(crate) mod item;
pub(crate) mod offer;
pub(crate) mod order;
pub(crate) mod order_line;
pub(crate) mod reasons;
