//! Practice Amazon: one seller in the North American region of the Selling Partner API.
//!
//! Start reading at [`Amazon`]; `route` names every operation that is answered, `state` is all that
//! is remembered, and the other files are split by Amazon's own resources. Section numbers
//! (amazon.md §4.4) are those of the project's Amazon reference.
//!
//! What the reference leaves open is decided so: codes of listing issues are Amazon's where the
//! reference names one, else made up in the same manner (callers must not know them); a quantity
//! that takes effect late is lowered by what was bought since it was sent; orders of the last two
//! minutes are answered already, although `lastUpdatedBefore` does not vouch for them yet; a
//! `DISCOUNT` is negative, so that breakdowns add up to their total.

mod auth;
mod call;
mod catalogue;
mod error;
mod fault;
mod feed;
mod limits;
mod listing;
mod money;
mod order;
mod restriction;
mod route;
mod seller;
mod site;
mod state;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;

use crate::marketplace::{
    Connection, Fault, FaultError, Held, Marketplace, Now, OrderRequestLine, PlaceOrderError,
    Reply, Settings,
};
use fault::FAULTS;
use state::State;

/// The practice marketplace called `amazon`.
#[derive(Debug)]
pub struct Amazon {
    state: State,
}

impl Amazon {
    /// Opens an account without listings, feeds or orders.
    pub fn open(settings: Settings) -> Self {
        Self {
            state: State::open(&settings),
        }
    }
}

impl Marketplace for Amazon {
    fn name(&self) -> &'static str {
        "amazon"
    }

    fn connection(&self) -> Connection {
        let keys = &self.state.keys;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Connection {
            settings: BTreeMap::from([
                pair("seller_id", &keys.seller_id),
                pair("marketplace_ids", site::HOME.id),
                pair("match_by_title", "yes"),
            ]),
            secrets: BTreeMap::from([
                pair("client_id", &keys.client_id),
                pair("client_secret", &keys.client_secret),
                pair("refresh_token", &keys.refresh_token),
            ]),
        }
    }

    fn handle(&mut self, request: Request<Bytes>, now: Now) -> Reply {
        self.advance(now);
        route::answer(&mut self.state, &request, now)
    }

    fn advance(&mut self, now: Now) {
        feed::advance(&mut self.state, now);
        listing::advance(&mut self.state, now);
        order::advance(&mut self.state, now);
    }

    fn place_order(
        &mut self,
        lines: &[OrderRequestLine],
        now: Now,
    ) -> Result<String, PlaceOrderError> {
        self.advance(now);
        order::place(&mut self.state, lines, now)
    }

    fn faults(&self) -> &'static [&'static str] {
        &FAULTS
    }

    fn set_fault(&mut self, fault: Fault) -> Result<(), FaultError> {
        self.state.faults.set(fault, &FAULTS)
    }

    fn held(&self) -> Held {
        Held {
            listings: listing::held(&self.state),
            orders: self.state.orders.iter().map(order::held).collect(),
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
        self.state = state;
        Ok(())
    }
}
