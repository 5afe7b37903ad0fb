//! What is read of a listing of the marketplace in memory.

use barrow_model::{Binding, FulfilledBy, Observed, ObservedState, Site, Sku};

use super::market::There;

pub fn observed(site: &Site, name: &str, there: &There) -> Observed {
    Observed {
        details: None,
        site: site.clone(),
        sku: Sku::new(name).expect("a SKU"),
        binding: Binding::default().with("item", name),
        title: Some(there.title.clone()),
        gtin: None,
        price: Some(there.price),
        quantity: Some(there.quantity),
        fulfilled_by: FulfilledBy::Seller,
        state: match (there.live, there.quantity) {
            (false, _) => ObservedState::Ended,
            (true, 0) => ObservedState::OutOfStock,
            (true, _) => ObservedState::Live,
        },
        problems: Vec::new(),
    }
}
