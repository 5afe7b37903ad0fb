//! Practice Walmart: one United States seller at Walmart Marketplace.
//!
//! Start reading at [`Walmart`]; `route` names every operation that is answered, `state` is all
//! that is remembered, and the other files are split by Walmart's own resources. Section numbers
//! (walmart.md §6.3) are those of the project's Walmart reference.
//!
//! Where the reference and the older OpenAPI documents disagree, the reference is followed: an
//! order is answered as `{"order":{…}}`, a read of one item as `ItemResponse`.

mod auth;
mod call;
mod catalogue;
mod error;
mod feeds;
mod inventory;
mod items;
mod limits;
mod money;
mod orders;
mod price;
mod route;
mod settings;
mod spec;
mod state;
mod xml;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;

use crate::marketplace::{
    Connection, Fault, FaultError, Held, HeldListing, HeldMoney, Marketplace, Now,
    OrderRequestLine, PlaceOrderError, Reply, Settings,
};
use state::State;

/// Faults of Walmart's own beside the common ones.
///
/// `feed_error` refuses the next feed file as a whole, `slow_feed` lets the next feed take four
/// hours, `item_system_error` and `item_timeout_error` spoil the next row of a feed,
/// `compliance_review` and `prohibited` meet the next row of an item feed (walmart.md §13), and
/// `escaped_cursor` writes the next `nextCursor` of orders with `&amp;` (walmart.md §7.1).
const FAULTS: [&str; 16] = [
    crate::faults::TOO_MANY,
    crate::faults::BROKEN,
    crate::faults::AWAY,
    crate::faults::TIMEOUT,
    crate::faults::LOST_ANSWER,
    crate::faults::CUT_BODY,
    crate::faults::HTML,
    crate::faults::TOKEN_EXPIRED,
    crate::faults::WRONG_JSON,
    "feed_error",
    "slow_feed",
    "item_system_error",
    "item_timeout_error",
    "compliance_review",
    "prohibited",
    "escaped_cursor",
];

/// The practice marketplace called `walmart`.
#[derive(Debug)]
pub struct Walmart {
    state: State,
}

impl Walmart {
    /// Opens an account without items, feeds or orders.
    pub fn open(settings: Settings) -> Self {
        Self {
            state: State::open(&settings),
        }
    }
}

impl Marketplace for Walmart {
    fn name(&self) -> &'static str {
        "walmart"
    }

    fn connection(&self) -> Connection {
        let keys = &self.state.keys;
        Connection {
            // This seller has asked for an exemption, and it was granted; any product type is
            // taken.
            settings: BTreeMap::from([
                ("gtin_exemption".to_owned(), "yes".to_owned()),
                ("product_type".to_owned(), "Other".to_owned()),
            ]),
            secrets: BTreeMap::from([
                ("client_id".to_owned(), keys.client_id.clone()),
                ("client_secret".to_owned(), keys.client_secret.clone()),
            ]),
        }
    }

    fn handle(&mut self, request: Request<Bytes>, now: Now) -> Reply {
        self.advance(now);
        route::answer(&mut self.state, &request, now)
    }

    fn advance(&mut self, now: Now) {
        feeds::advance(&mut self.state, now);
        items::advance(&mut self.state, now);
        orders::advance(&mut self.state, now);
    }

    fn place_order(
        &mut self,
        lines: &[OrderRequestLine],
        now: Now,
    ) -> Result<String, PlaceOrderError> {
        self.advance(now);
        orders::place(&mut self.state, lines, now)
    }

    fn set_speed(&mut self, speed: u32) {
        self.state.speed = speed.max(1);
    }

    fn faults(&self) -> &'static [&'static str] {
        &FAULTS
    }

    fn set_fault(&mut self, fault: Fault) -> Result<(), FaultError> {
        self.state.faults.set(fault, &FAULTS)
    }

    fn held(&self) -> Held {
        let items = self.state.items.values().map(|item| HeldListing {
            sku: item.sku.clone(),
            price: item.price.map(|cents| HeldMoney {
                amount: money::text(cents),
                currency: money::CURRENCY.to_owned(),
            }),
            quantity: item.for_sale(),
            state: item.held_state().to_owned(),
        });
        let refused = self.state.refused.iter().map(|sku| HeldListing {
            sku: sku.clone(),
            price: None,
            quantity: 0,
            state: "refused".to_owned(),
        });
        let mut listings: Vec<_> = items.chain(refused).collect();
        listings.sort_by(|a, b| a.sku.cmp(&b.sku));
        Held {
            listings,
            orders: self.state.orders.iter().map(orders::held).collect(),
            calls: self.state.calls.clone(),
            limit_violations: self.state.buckets.violations(),
        }
    }

    fn save(&self) -> serde_json::Value {
        // The state is made of values that serialise; its maps have text for keys.
        serde_json::to_value(&self.state).unwrap_or_default()
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let mut state: State = serde_json::from_value(saved).map_err(|error| error.to_string())?;
        state.orders_per_hour = self.state.orders_per_hour;
        state.speed = self.state.speed;
        self.state = state;
        Ok(())
    }
}
