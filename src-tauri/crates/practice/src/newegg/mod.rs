//! Practice Newegg: one seller's account on one of Newegg's three platforms.
//!
//! Start reading at [`Newegg`]; `route` names every operation that is answered, `state` is all
//! that is remembered, `shape` is how differently one and the same answer may look, and the other
//! files are split by Newegg's own resources. Section numbers (newegg.md §6.3) are those of the
//! project's Newegg reference.
//!
//! What it is not: bodies are read as JSON only (answers are XML where XML is asked for), items
//! with content of their own (ITEM_DATA 1.0 and 3.0), returns, refunds, labels, inbound shipments
//! and reports other than ITEM_LOOKUP are refused in words. Where the reference says that an
//! answer's form is not confirmed, the form here is one that the published samples show.
//!
//! Rehearsal should be pleasant: new offers pass the content review within 20 minutes of elapsed
//! time, but for one in 32 that takes the 2 to 6 hours that are usual (newegg.md §5.1).

mod account;
mod auth;
mod call;
mod catalogue;
mod classic;
mod dates;
mod error;
mod feeds;
mod fields;
mod inventory;
mod items;
mod limits;
mod money;
mod offer;
mod orders;
mod platform;
mod price;
mod report;
mod route;
mod shape;
mod state;
mod xml;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;

pub use platform::Platform;

use crate::marketplace::{
    Connection, Fault, FaultError, Held, HeldListing, HeldMoney, Marketplace, Now,
    OrderRequestLine, PlaceOrderError, Reply, Settings,
};
use state::State;

/// Faults of Newegg's own beside the common ones.
///
/// `bad_key` answers the next call with the gateway's plain text of a refused key; `feed_stall`
/// lets the next feed take six hours, `feed_failed` and `feed_cancelled` end it in that status,
/// `feed_file_error` ends it with a file-level failure, and `feed_row_error` refuses its next row;
/// `report_stall` lets the next report take six hours; `inactive` deactivates the item of the next
/// price or stock call before it is answered (newegg.md §4.2); `in_review` answers that call
/// CT026; `stuck_review` keeps the next new offer in review for 30 days; `sbn_stock` gives the
/// next new offer units at Newegg's warehouse; `not_in_portal` answers the next shipment or
/// cancellation SO016; `version_refused` refuses the next order read of a version above 304;
/// `xml_error` writes the next refusal as XML (newegg.md §3).
const FAULTS: [&str; 23] = [
    crate::faults::TOO_MANY,
    crate::faults::BROKEN,
    crate::faults::AWAY,
    crate::faults::TIMEOUT,
    crate::faults::LOST_ANSWER,
    crate::faults::CUT_BODY,
    crate::faults::HTML,
    crate::faults::TOKEN_EXPIRED,
    crate::faults::WRONG_JSON,
    "bad_key",
    "feed_stall",
    "feed_failed",
    "feed_cancelled",
    "feed_file_error",
    "feed_row_error",
    "report_stall",
    "inactive",
    "in_review",
    "stuck_review",
    "sbn_stock",
    "not_in_portal",
    "version_refused",
    "xml_error",
];

/// The practice marketplace called `newegg`.
#[derive(Debug)]
pub struct Newegg {
    state: State,
}

impl Newegg {
    /// Opens an account on newegg.com without items, feeds or orders.
    pub fn open(settings: Settings) -> Self {
        Self::open_on(Platform::Us, settings)
    }

    /// Opens an account on one platform. The others refuse its keys (newegg.md §1).
    pub fn open_on(platform: Platform, settings: Settings) -> Self {
        Self {
            state: State::open(platform, &settings),
        }
    }
}

impl Marketplace for Newegg {
    fn name(&self) -> &'static str {
        "newegg"
    }

    fn connection(&self) -> Connection {
        let keys = &self.state.keys;
        Connection {
            // Goods of one's own make have neither a registered manufacturer nor its part number.
            settings: BTreeMap::from([
                ("seller_id".to_owned(), keys.seller_id.clone()),
                ("platform".to_owned(), self.state.platform.word().to_owned()),
                ("part_number".to_owned(), "sku".to_owned()),
                ("manufacturer".to_owned(), "House Brand".to_owned()),
            ]),
            secrets: BTreeMap::from([
                ("api_key".to_owned(), keys.api_key.clone()),
                ("secret_key".to_owned(), keys.secret_key.clone()),
            ]),
        }
    }

    fn handle(&mut self, request: Request<Bytes>, now: Now) -> Reply {
        self.advance(now);
        route::answer(&mut self.state, &request, now)
    }

    fn advance(&mut self, now: Now) {
        feeds::advance(&mut self.state, now);
        report::advance(&mut self.state, now);
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
            sku: item.part_number.clone(),
            price: item.home_price().map(|price| HeldMoney {
                amount: money::text(price.selling),
                currency: price.currency.clone(),
            }),
            quantity: item.for_sale(),
            state: item.held_state().to_owned(),
        });
        let refused = self.state.refused.iter().map(|part_number| HeldListing {
            sku: part_number.clone(),
            price: None,
            quantity: 0,
            state: "refused".to_owned(),
        });
        let mut listings: Vec<_> = items.chain(refused).collect();
        listings.sort_by(|a, b| a.sku.cmp(&b.sku));
        Held {
            listings,
            // What is sold elsewhere and only shipped from Newegg's warehouse is no order here.
            orders: self
                .state
                .orders
                .iter()
                .filter(|order| !order.is_multichannel())
                .map(orders::held)
                .collect(),
            calls: self.state.calls.clone(),
            limit_violations: self
                .state
                .buckets
                .violations()
                .saturating_add(self.state.record_violations),
        }
    }

    fn save(&self) -> serde_json::Value {
        // The state is made of values that serialise; its maps have text for keys.
        serde_json::to_value(&self.state).unwrap_or_default()
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let mut state: State = serde_json::from_value(saved).map_err(|error| error.to_string())?;
        if state.platform != self.state.platform {
            return Err(format!(
                "the account is on {}, not on {}",
                state.platform.word(),
                self.state.platform.word()
            ));
        }
        state.orders_per_hour = self.state.orders_per_hour;
        state.speed = self.state.speed;
        self.state = state;
        Ok(())
    }
}
