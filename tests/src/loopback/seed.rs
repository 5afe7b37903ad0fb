//! Prepared catalogues: nothing, some of everything, and very much.

use std::str::FromStr;

use barrow_host::{Host, OrderRequestLine, PracticeHost};
use serde_json::{Value, json};

use crate::{Failure, many};

/// Orders of each marketplace in the prepared catalogue.
const ORDERS_EACH: usize = 5;

/// Which catalogue is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seed {
    /// Nothing.
    Empty,
    /// Practice accounts, the sample catalogue listed on all, orders, things that wait.
    Some,
    /// The same accounts, a million products, a hundred thousand orders.
    Many,
}

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "empty" => Ok(Self::Empty),
            "some" => Ok(Self::Some),
            "many" => Ok(Self::Many),
            _ => Err(format!("{text} is no seed; there are: empty, some, many")),
        }
    }
}

/// How much very much is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Products of one variant each.
    pub(crate) products: u64,
    /// Orders, spread over the accounts and the last sixty days.
    pub(crate) orders: u64,
}

impl Size {
    pub(crate) const MANY: Self = Self {
        products: 1_000_000,
        orders: 100_000,
    };
}

/// Prepares a catalogue, unless there are products in it already.
pub(crate) async fn plant(host: &Host, seed: Seed, size: Size) -> Result<(), Failure> {
    if seed == Seed::Empty || host.store.read(|db| db.sku_count())? > 0 {
        return Ok(());
    }
    let call = async |name: &str, request: Value| host.api.call(name, request).await;
    match seed {
        Seed::Empty => Ok(()),
        Seed::Some => {
            call("practice_start", json!({"sample": true})).await?;
            some(host).await
        }
        Seed::Many => {
            call("practice_start", json!({})).await?;
            many::plant(host, size)
        }
    }
}

/// Buyers order, one order is shipped, one price moves too far, one SKU is known to nobody.
async fn some(host: &Host) -> Result<(), Failure> {
    let call = async |name: &str, request: Value| host.api.call(name, request).await;
    let held = host.practice.held().await?;
    for &marketplace in PracticeHost::names() {
        let Some(held) = held.get(marketplace) else {
            continue;
        };
        let live = held.listings.iter().filter(|listing| listing.quantity > 1);
        for listing in live.take(ORDERS_EACH) {
            let line = OrderRequestLine {
                sku: listing.sku.clone(),
                quantity: 1,
            };
            host.practice.place_order(marketplace, &[line]).await?;
        }
    }
    call("pull", json!({})).await?;
    let orders = call("orders", json!({"state": "to_ship", "limit": 1})).await?;
    if let Some(order) = orders["orders"].get(0) {
        let name = |field: &str| order[field].as_str().unwrap_or_default().to_owned();
        let order = format!("{}/{}", name("account"), name("order_id"));
        let parcel = json!({"order": order, "carrier": "USPS",
            "tracking": "9400111899223100001234"});
        call("ship", parcel).await?;
    }
    let products = call("products", json!({"limit": 1})).await?;
    if let Some(sku) = products["products"][0]["sku"].as_str() {
        let cheap = json!({"sku": sku, "fields": {"price": "1.00"}});
        call("set", cheap).await?;
    }
    call("push", json!({"patience_seconds": 5})).await?;
    Ok(())
}
