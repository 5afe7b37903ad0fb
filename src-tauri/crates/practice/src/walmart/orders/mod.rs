//! Orders (walmart.md §7): what they are, how they come and how they age.

mod arrive;
mod read;
mod show;
mod write;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(super) use arrive::place;
pub(super) use read::{list, one, released};
pub(super) use write::{acknowledge, cancel, refund, ship};

use super::state::State;
use crate::buyers::Buyer;
use crate::marketplace::{HeldOrder, HeldOrderLine, HeldShipment, Now, OrderRequestLine};

/// How long a parcel travels, in elapsed time: rehearsal should see it arrive.
const TRAVEL: Duration = Duration::from_secs(2 * 24 * 3_600);
/// How long Walmart takes to ship an order that it fulfils itself.
const WFS_HANDLING: Duration = Duration::from_secs(3_600);
/// Lines that are open so long after they should have shipped are cancelled (walmart.md §7.3).
const AUTO_CANCEL_DAYS: i64 = 4;

/// One purchase order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    purchase_order_id: String,
    customer_order_id: String,
    buyer_id: String,
    buyer: Buyer,
    placed_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    arrived: Duration,
    ship_by: DateTime<Utc>,
    deliver_by: DateTime<Utc>,
    method: String,
    node_type: NodeType,
    program: Option<String>,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum NodeType {
    Seller,
    Walmart,
}

impl NodeType {
    fn word(self) -> &'static str {
        match self {
            Self::Seller => "SellerFulfilled",
            Self::Walmart => "WFSFulfilled",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    number: String,
    sku: String,
    name: String,
    condition: String,
    image: Option<String>,
    weight: u64,
    /// Where the units were taken from.
    node: String,
    quantity: u32,
    charges: Vec<Charge>,
    /// Quantities by what became of them; they sum to `quantity`.
    parts: Vec<Part>,
    changed_at: DateTime<Utc>,
    intent_to_cancel: bool,
    seller_order_id: Option<String>,
    refunds: Vec<Charge>,
    refund_id: Option<String>,
    refund_comments: Option<String>,
}

/// A charge of a whole line, tax beside it. Of refunds the amounts are negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Charge {
    kind: String,
    name: String,
    /// Cents.
    amount: i64,
    tax_name: Option<String>,
    /// Cents.
    tax: i64,
    reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    status: LineStatus,
    quantity: u32,
    reason: Option<String>,
    tracking: Option<Tracking>,
    /// When it was shipped, in elapsed time.
    shipped: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum LineStatus {
    Created,
    Acknowledged,
    Shipped,
    Delivered,
    Cancelled,
}

impl LineStatus {
    fn word(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Acknowledged => "Acknowledged",
            Self::Shipped => "Shipped",
            Self::Delivered => "Delivered",
            Self::Cancelled => "Cancelled",
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::Acknowledged)
    }

    fn is_sent(self) -> bool {
        matches!(self, Self::Shipped | Self::Delivered)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tracking {
    /// Unix milliseconds.
    shipped_at: i64,
    carrier: Option<String>,
    other_carrier: Option<String>,
    method: String,
    number: String,
    url: Option<String>,
}

impl Line {
    fn open(&self) -> u32 {
        self.with(LineStatus::is_open)
    }

    fn sent(&self) -> u32 {
        self.with(LineStatus::is_sent)
    }

    fn with(&self, wanted: fn(LineStatus) -> bool) -> u32 {
        self.parts
            .iter()
            .filter(|part| wanted(part.status))
            .map(|part| part.quantity)
            .sum()
    }

    /// Moves open units into a part of their own. The caller has checked that there are as many.
    fn close(&mut self, part: Part) {
        let mut left = part.quantity;
        for open in self.parts.iter_mut().filter(|part| part.status.is_open()) {
            let taken = open.quantity.min(left);
            open.quantity -= taken;
            left -= taken;
        }
        self.parts.retain(|part| part.quantity > 0);
        self.parts.push(part);
    }
}

impl Order {
    /// The earliest step that some unit is still at: an order has no status of its own.
    fn state(&self) -> LineStatus {
        let parts = self.lines.iter().flat_map(|line| &line.parts);
        parts
            .map(|part| part.status)
            .min()
            .unwrap_or(LineStatus::Cancelled)
    }

    fn touch(&mut self, now: Now) {
        self.changed_at = now.wall;
    }
}

/// Lets orders come, be delivered and be cancelled when nobody ships them.
pub(super) fn advance(state: &mut State, now: Now) {
    let mut released = Vec::new();
    for order in &mut state.orders {
        if order.state() >= LineStatus::Delivered {
            continue;
        }
        let late = order.ship_by + chrono::Duration::days(AUTO_CANCEL_DAYS) < now.wall;
        let mut changed = false;
        for line in &mut order.lines {
            changed |= line.age(order.node_type, order.arrived, now);
            let open = line.open();
            if late && open > 0 {
                line.close(Part::cancelled(open, None));
                released.push((line.sku.clone(), line.node.clone(), open));
                line.changed_at = now.wall;
                changed = true;
            }
        }
        if changed {
            order.touch(now);
        }
    }
    for (sku, node, units) in released {
        release(state, &sku, &node, units);
    }
    arrive::advance(state, now);
}

impl Line {
    /// Ships what Walmart ships itself and delivers what has travelled long enough.
    fn age(&mut self, node_type: NodeType, arrived: Duration, now: Now) -> bool {
        let mut changed = false;
        let open = self.open();
        if node_type == NodeType::Walmart && open > 0 && arrived + WFS_HANDLING <= now.elapsed {
            self.close(Part {
                status: LineStatus::Shipped,
                quantity: open,
                reason: None,
                tracking: Some(Tracking {
                    shipped_at: now.wall.timestamp_millis(),
                    carrier: Some("FedEx".to_owned()),
                    other_carrier: None,
                    method: "Standard".to_owned(),
                    number: format!("WFS{}", arrived.as_millis()),
                    url: None,
                }),
                shipped: now.elapsed,
            });
            changed = true;
        }
        for part in &mut self.parts {
            if part.status == LineStatus::Shipped && part.shipped + TRAVEL <= now.elapsed {
                part.status = LineStatus::Delivered;
                changed = true;
            }
        }
        if changed {
            self.changed_at = now.wall;
        }
        changed
    }
}

impl Part {
    fn cancelled(quantity: u32, reason: Option<String>) -> Self {
        Self {
            status: LineStatus::Cancelled,
            quantity,
            reason,
            tracking: None,
            shipped: Duration::ZERO,
        }
    }
}

/// Units that were sold are no longer waiting to be shipped. They do not go back on sale: what can
/// be sold is what the seller says next.
fn release(state: &mut State, sku: &str, node: &str, units: u32) {
    let stock = state
        .items
        .get_mut(sku)
        .and_then(|item| item.nodes.get_mut(node));
    if let Some(stock) = stock {
        stock.reserved = stock.reserved.saturating_sub(units);
    }
}

/// Returns an order as it is told to tests.
pub(super) fn held(order: &Order) -> HeldOrder {
    let mut shipments: Vec<HeldShipment> = Vec::new();
    for line in &order.lines {
        for part in &line.parts {
            let Some(tracking) = part.tracking.as_ref().filter(|_| part.status.is_sent()) else {
                continue;
            };
            let carrier = tracking
                .carrier
                .as_ref()
                .or(tracking.other_carrier.as_ref());
            let carrier = carrier.cloned().unwrap_or_default();
            let sent = OrderRequestLine {
                sku: line.sku.clone(),
                quantity: part.quantity,
            };
            let known = shipments
                .iter_mut()
                .find(|known| known.carrier == carrier && known.tracking == tracking.number);
            match known {
                Some(known) => known.lines.push(sent),
                None => shipments.push(HeldShipment {
                    carrier,
                    tracking: tracking.number.clone(),
                    lines: vec![sent],
                }),
            }
        }
    }
    HeldOrder {
        order_id: order.purchase_order_id.clone(),
        state: order.state().word().to_owned(),
        lines: order
            .lines
            .iter()
            .map(|line| HeldOrderLine {
                sku: line.sku.clone(),
                quantity: line.quantity,
                quantity_shipped: line.sent(),
            })
            .collect(),
        shipments,
        refunded_minor: order
            .lines
            .iter()
            .flat_map(|line| &line.refunds)
            .map(|back| -(back.amount + back.tax))
            .sum(),
    }
}
