//! The list of marketplaces. One more is one line.

use barrow_amazon::AmazonConnector;
use barrow_ebay::EbayConnector;
use barrow_market::Connector;
use barrow_newegg::NeweggConnector;
use barrow_walmart::WalmartConnector;
use barrow_wire::Parts;

/// A connector of every marketplace.
pub fn connectors(parts: &Parts) -> Vec<Box<dyn Connector>> {
    vec![
        Box::new(EbayConnector::new(parts.clone())),
        Box::new(AmazonConnector::new(parts.clone())),
        Box::new(WalmartConnector::new(parts.clone())),
        Box::new(NeweggConnector::new(parts.clone())),
    ]
}
