//! Practice eBay.
