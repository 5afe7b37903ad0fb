//! What is read of a listing of the marketplace in memory.

use barrow_model::{
    Attributes, Binding, FulfilledBy, Observed, ObservedDetails, ObservedState, Settings, Site, Sku,
};

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

/// What buyers read of a listing that somebody else made.
pub fn read_there() -> ObservedDetails {
    ObservedDetails {
        title: "There".to_owned(),
        description: "Theirs".to_owned(),
        brand: Some("Other".to_owned()),
        mpn: None,
        condition: None,
        category: None,
        attributes: Attributes::new(),
        options: Vec::new(),
        images: vec!["https://i.example/1.jpg".to_owned()],
        weight: None,
        dimensions: None,
        settings: Settings::new(),
        family: None,
    }
}
