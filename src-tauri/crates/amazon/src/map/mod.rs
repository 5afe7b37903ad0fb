//! Between Barrow's words and Amazon's. Pure.

pub(crate) mod carrier;
pub(crate) mod feed;
pub(crate) mod listing;
pub(crate) mod offer;
pub(crate) mod order;
pub(crate) mod order_line;
pub(crate) mod page;
pub(crate) mod verdict;
