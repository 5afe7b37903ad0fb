//! The seller's stories, from the catalogue to what buyers see and back, over every practice
//! marketplace at once.

mod cards;
mod compare;
mod ebay;
mod families;
mod orders;
mod pictures;
mod round_trip;
mod safety;
mod selling;

use barrow_tests::shop::Shown;

fn live(price: &str, quantity: u32) -> Option<Shown> {
    Some(Shown {
        price: price.to_owned(),
        quantity,
        state: "live".to_owned(),
    })
}

fn told<'a>(calls: &'a [(&'static str, String, u64)]) -> Vec<(&'static str, &'a str, u64)> {
    calls
        .iter()
        .map(|(name, operation, times)| (*name, operation.as_str(), *times))
        .collect()
}
