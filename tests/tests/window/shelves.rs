//! What stands on the marketplaces' shelves, as they tell it themselves.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use barrow_practice::{Held, HeldListing, HeldOrder, NAMES};
use barrow_tests::process::Served;
use rust_decimal::Decimal;

use crate::goods::{Goods, QUANTITY};

/// The marketplaces of the story.
pub(crate) const MARKETPLACES: [&str; 4] = NAMES;

/// Calls that a push of new listings begins with.
const BEGINNINGS: [&str; 3] = [
    "bulkCreateOrReplaceInventoryItem",
    "createFeed",
    "submitFeed",
];

/// Calls that hand over a whole feed, and how many it takes undisturbed: Walmart has one for items
/// that its catalogue knows, and one for others. Amazon's go by how many listings are prepared at
/// that moment, as they may also travel alone.
const FEEDS: [(&str, &str, u64); 2] = [("walmart", "submitFeed", 2), ("newegg", "submitFeed", 1)];

/// Differences that are shown.
const SHOWN_MAX: usize = 5;

/// What stands on all marketplaces.
#[derive(Clone)]
pub(crate) struct Shelves(BTreeMap<String, Held>);

/// What buyers see of a listing, by its marketplace and SKU.
type Listings = BTreeMap<(String, String), HeldListing>;

impl Shelves {
    /// As they stand now. No limit of theirs was ever exceeded.
    pub(crate) fn of(served: &Served) -> Self {
        let held: BTreeMap<String, Held> =
            serde_json::from_value(served.state()).expect("each tells what it holds");
        let names: Vec<&str> = held.keys().map(String::as_str).collect();
        assert_eq!(names.len(), MARKETPLACES.len(), "{names:?}");
        for (name, held) in &held {
            assert_eq!(held.limit_violations, 0, "within limits: {name}");
        }
        Self(held)
    }

    /// As they stand once something is so.
    pub(crate) async fn until(served: &Served, most: Duration, so: fn(&Self) -> bool) -> Self {
        let began = Instant::now();
        loop {
            let shelves = Self::of(served);
            if so(&shelves) {
                return shelves;
            }
            assert!(began.elapsed() < most, "the marketplaces hear nothing");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Each listing once.
    fn listings(&self) -> Listings {
        let mut listings = Listings::new();
        for (marketplace, held) in &self.0 {
            for listing in &held.listings {
                let at = (marketplace.clone(), listing.sku.clone());
                let twice = listings.insert(at, listing.clone());
                assert_eq!(twice, None, "{marketplace} holds it twice");
            }
        }
        listings
    }

    /// Listings on all of them, those that were refused there included.
    pub(crate) fn count(&self) -> usize {
        self.listings().len()
    }

    /// Listings that buyers can buy from.
    pub(crate) fn live(&self) -> usize {
        let listings = self.listings();
        listings.values().filter(|one| one.state == "live").count()
    }

    /// Everything that is for sale is of the file, at its price; and most of the file is for sale.
    pub(crate) fn are_of(&self, goods: &Goods) {
        for ((marketplace, sku), listing) in self.listings() {
            let price = goods.price(&sku);
            assert!(
                price.is_some(),
                "{marketplace} holds {sku}, which is not in the file"
            );
            if listing.state == "live" {
                let found = (price_of(&listing), listing.quantity);
                assert_eq!(found, (price, QUANTITY), "{marketplace} {sku}");
            }
        }
        for (marketplace, held) in &self.0 {
            let live = held.listings.iter().filter(|one| one.state == "live");
            assert!(
                live.count() * 2 > goods.count(),
                "{marketplace} sells less than half"
            );
        }
    }

    /// Two SKUs that are for sale on every marketplace, for more than a dollar more would move far.
    pub(crate) fn two_everywhere(&self, goods: &Goods) -> [String; 2] {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for ((_, sku), listing) in self.listings() {
            let costs_enough = goods.price(&sku) > Some(Decimal::from(20));
            if listing.state == "live" && costs_enough {
                *counts.entry(sku).or_default() += 1;
            }
        }
        let everywhere = counts
            .into_iter()
            .filter(|(_, count)| *count == MARKETPLACES.len());
        let mut skus = everywhere.map(|(sku, _)| sku);
        let mut next = || skus.next().expect("two SKUs are for sale everywhere");
        [next(), next()]
    }

    /// As after another price of a SKU reached all of them.
    pub(crate) fn repriced(mut self, sku: &str, price: Decimal) -> Self {
        for listing in self.of_sku(sku) {
            if let Some(shown) = &mut listing.price {
                shown.amount = price.to_string();
            }
        }
        self
    }

    /// As after another quantity of a SKU reached all of them.
    pub(crate) fn restocked(mut self, sku: &str, quantity: u32) -> Self {
        for listing in self.of_sku(sku) {
            listing.quantity = quantity;
        }
        self
    }

    fn of_sku(&mut self, sku: &str) -> impl Iterator<Item = &mut HeldListing> {
        let listings = self.0.values_mut().flat_map(|held| &mut held.listings);
        listings.filter(move |listing| listing.sku == sku)
    }

    /// Fails where other listings are there than expected.
    pub(crate) fn show_the_same_as(&self, expected: &Self, why: &str) {
        let (found, expected) = (self.listings(), expected.listings());
        let differ = expected
            .keys()
            .chain(found.keys())
            .filter(|at| found.get(at) != expected.get(at));
        let differ: Vec<_> = differ
            .take(SHOWN_MAX)
            .map(|at| (at, "expected", expected.get(at), "found", found.get(at)))
            .collect();
        assert!(differ.is_empty(), "{why}: {differ:#?}");
    }

    /// All of an order has left, once, under this number.
    pub(crate) fn shipped(&self, order: &str, tracking: &str) {
        let order = self.order(order);
        let [shipment] = order.shipments.as_slice() else {
            panic!("it left once: {order:?}");
        };
        assert_eq!(shipment.tracking, tracking, "{order:?}");
        for line in &order.lines {
            assert_eq!(line.quantity_shipped, line.quantity, "{order:?}");
        }
    }

    /// Nothing of an order has left.
    pub(crate) fn not_shipped(&self, order: &str) {
        let order = self.order(order);
        assert!(order.shipments.is_empty(), "{order:?}");
    }

    fn order(&self, id: &str) -> &HeldOrder {
        let mut orders = self.0.values().flat_map(|held| &held.orders);
        let found = orders.find(|order| order.order_id == id);
        found.unwrap_or_else(|| panic!("no marketplace has the order {id}"))
    }

    /// Whether anything of a push of new listings has come.
    pub(crate) fn have_begun(&self) -> bool {
        let mut calls = self.0.values().flat_map(|held| held.calls.keys());
        calls.any(|call| BEGINNINGS.contains(&call.as_str()))
    }

    /// No feed came twice.
    pub(crate) fn took_each_feed_once(&self) {
        for (marketplace, call, needed) in FEEDS {
            let count = self.0[marketplace].calls.get(call).copied();
            assert_eq!(count, Some(needed), "{marketplace} {call}");
        }
    }
}

fn price_of(listing: &HeldListing) -> Option<Decimal> {
    let price = listing.price.as_ref()?;
    Some(price.amount.parse().expect("an amount"))
}
