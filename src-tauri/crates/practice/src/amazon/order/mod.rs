//! Orders: what buyers did, and how it goes on (amazon.md §7).

mod age;
mod arrive;
mod confirm;
mod read;
mod show;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(super) use age::advance;
pub(super) use arrive::place;
pub(super) use confirm::confirm;
pub(super) use read::{Walk, one, search};

use super::site::{HOME, find};
use super::state::State;
use crate::buyers::Buyer;
use crate::marketplace::{HeldOrder, HeldOrderLine, HeldShipment, Now, OrderRequestLine};

/// One order. Its figures change at once, the status that it tells some time later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    /// Marketplace id.
    site: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    pub(super) arrived: Duration,
    status: Status,
    /// When the status follows what has happened; none while it does.
    status_at: Option<Duration>,
    /// When the payment of a pending order is settled.
    verified_at: Option<Duration>,
    /// Whether it is then cancelled.
    declined: bool,
    /// When the buyer asks to cancel.
    asks_at: Option<Duration>,
    buyer: Buyer,
    company: Option<String>,
    purchase_number: Option<String>,
    programs: Vec<String>,
    service_level: String,
    by_amazon: bool,
    /// Whether prices are told while it is pending.
    tells_early: bool,
    ship_by: DateTime<Utc>,
    deliver_by: DateTime<Utc>,
    pub(super) lines: Vec<Line>,
    packages: Vec<Package>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Pending,
    Unshipped,
    PartiallyShipped,
    Shipped,
    Cancelled,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Unshipped => "UNSHIPPED",
            Self::PartiallyShipped => "PARTIALLY_SHIPPED",
            Self::Shipped => "SHIPPED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// One line. Amounts are those of the whole line, in the currency's smallest unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) sku: String,
    asin: String,
    title: String,
    condition: String,
    pub(super) quantity: u32,
    shipped: u32,
    pub(super) cancelled: u32,
    /// Of one unit.
    unit_price: i64,
    shipping: i64,
    gift_wrap: i64,
    item_discount: i64,
    shipping_discount: i64,
    item_tax: i64,
    shipping_tax: i64,
    business_price: bool,
    /// Why the buyer asks to cancel.
    cancel_request: Option<String>,
    /// What was paid back.
    refunded: i64,
    /// Who cancelled, and why.
    cancelled_by: Option<(String, String)>,
}

impl Line {
    /// Units that are neither shipped nor cancelled.
    pub(super) fn open(&self) -> u32 {
        self.quantity
            .saturating_sub(self.shipped)
            .saturating_sub(self.cancelled)
    }

    fn cancel(&mut self, who: &str, why: &str) {
        self.cancelled += self.open();
        self.cancelled_by = Some((who.to_owned(), why.to_owned()));
    }

    fn items(&self) -> i64 {
        self.unit_price.saturating_mul(i64::from(self.quantity))
    }

    fn tax(&self) -> i64 {
        self.item_tax + self.shipping_tax
    }

    fn discount(&self) -> i64 {
        self.item_discount + self.shipping_discount
    }

    fn total(&self) -> i64 {
        self.items() + self.shipping + self.gift_wrap + self.tax() - self.discount()
    }
}

/// A package that the seller confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Package {
    reference: String,
    carrier: String,
    service: Option<String>,
    tracking: String,
    shipped_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    confirmed: Duration,
    delivered: bool,
    /// Line id and units.
    items: Vec<(String, u32)>,
}

impl Order {
    /// What its lines come to.
    fn derived_status(&self) -> Status {
        let any_open = self.lines.iter().any(|line| line.open() > 0);
        let any_shipped = self.lines.iter().any(|line| line.shipped > 0);
        match (any_open, any_shipped) {
            (true, true) => Status::PartiallyShipped,
            (true, false) => Status::Unshipped,
            (false, true) => Status::Shipped,
            (false, false) => Status::Cancelled,
        }
    }

    fn touch(&mut self, now: Now) {
        self.updated_at = now.wall;
    }

    fn is_settled(&self) -> bool {
        match self.status {
            Status::Cancelled => true,
            Status::Shipped => {
                self.status_at.is_none() && self.packages.iter().all(|p| p.delivered)
            }
            _ => false,
        }
    }

    /// Cancels what is open of some lines, all where none is named. The units do not go back on
    /// sale: what can be sold is what the seller says next.
    pub(super) fn cancel(&mut self, line_ids: &[String], who: &str, why: &str, now: Now) {
        for line in &mut self.lines {
            let meant = line_ids.is_empty() || line_ids.contains(&line.id);
            if meant && line.open() > 0 {
                line.cancel(who, why);
            }
        }
        self.status = self.derived_status();
        self.status_at = None;
        self.touch(now);
    }

    /// Pays back some of a line: at most what was paid for what was shipped of the order.
    pub(super) fn refund(&mut self, line_id: &str, minor: i64, now: Now) -> bool {
        let line = self.lines.iter_mut().find(|line| line.id == line_id);
        let Some(line) = line.filter(|line| line.shipped > 0) else {
            return false;
        };
        let refunded = line.refunded.saturating_add(minor);
        if self.by_amazon || minor <= 0 || refunded > line.total() {
            return false;
        }
        line.refunded = refunded;
        self.touch(now);
        true
    }

    pub(super) fn currency(&self) -> &'static str {
        find(&self.site).unwrap_or(&HOME).currency
    }

    /// Whether the seller ships it and may still act on it.
    pub(super) fn is_open_to_seller(&self) -> bool {
        let waiting = matches!(self.status, Status::Unshipped | Status::PartiallyShipped);
        !self.by_amazon && waiting && self.lines.iter().any(|line| line.open() > 0)
    }
}

/// Units of each SKU that the seller is to ship of what was bought after a moment.
pub(super) fn bought_since(state: &State, since: Duration) -> BTreeMap<String, u64> {
    let mut bought: BTreeMap<String, u64> = BTreeMap::new();
    // Orders stand in the order of their arrival.
    let recent = state
        .orders
        .iter()
        .rev()
        .take_while(|order| order.arrived > since);
    for line in recent
        .filter(|order| !order.by_amazon)
        .flat_map(|order| &order.lines)
    {
        *bought.entry(line.sku.clone()).or_default() += u64::from(line.quantity);
    }
    bought
}

/// Returns an order as it is told to tests.
pub(super) fn held(order: &Order) -> HeldOrder {
    let line = |line: &Line| HeldOrderLine {
        sku: line.sku.clone(),
        quantity: line.quantity,
        quantity_shipped: line.shipped,
    };
    let sku = |id: &str| {
        let line = order.lines.iter().find(|line| line.id == id);
        line.map_or_else(String::new, |line| line.sku.clone())
    };
    let shipment = |package: &Package| HeldShipment {
        carrier: package.carrier.clone(),
        tracking: package.tracking.clone(),
        lines: package
            .items
            .iter()
            .map(|(id, quantity)| OrderRequestLine {
                sku: sku(id),
                quantity: *quantity,
            })
            .collect(),
    };
    HeldOrder {
        order_id: order.id.clone(),
        state: order.status.word().to_owned(),
        lines: order.lines.iter().map(line).collect(),
        shipments: order.packages.iter().map(shipment).collect(),
        refunded_minor: order.lines.iter().map(|line| line.refunded).sum(),
    }
}
