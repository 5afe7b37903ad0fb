//! Between Walmart's words and Barrow's. Pure.

pub(crate) mod carrier;
pub(crate) mod country;
pub(crate) mod feed;
pub(crate) mod item;
pub(crate) mod offer;
pub(crate) mod order;
pub(crate) mod order_line;
pub(crate) mod reasons;
pub(crate) mod spec;
pub(crate) mod taxonomy;
