//! Orders (newegg.md §6): what they are and how they age.

mod arrive;
mod read;
mod ship;
mod show;
mod void;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(super) use arrive::place;
pub(super) use read::{list, status};
pub(super) use ship::{ship, ship_notices};
pub(super) use void::{cancel, cancellation_result, confirm, kill};

use super::state::State;
use crate::buyers::Buyer;
use crate::marketplace::{HeldOrder, HeldOrderLine, HeldShipment, Now, OrderRequestLine};

/// How long after shipping an order is invoiced, in elapsed time.
const INVOICING: Duration = Duration::from_secs(3_600);
/// How long Newegg takes to ship what lies in its own warehouse.
const NEWEGG_HANDLING: Duration = Duration::from_secs(2 * 3_600);
/// How long Newegg takes to cancel such an order.
const NEWEGG_CANCELLING: Duration = Duration::from_secs(600);
/// Orders that nobody ships are voided so long after they were placed (newegg.md §6.6).
const AUTO_VOID_DAYS: i64 = 7;

/// One order. Lines have no ids: a part number is in an order once (newegg.md §6.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    number: String,
    /// `0` before invoicing.
    invoice: String,
    buyer: Buyer,
    placed_at: DateTime<Utc>,
    arrived: Duration,
    status: Status,
    /// When the buyer's payment is there, of an order that waits for it.
    paid_at: Option<Duration>,
    /// Until when shipments are refused because the portal has not got the order yet.
    in_portal_at: Option<Duration>,
    /// When it was shipped whole.
    shipped_at: Option<Duration>,
    /// When Newegg ends the cancellation of an order that it ships itself.
    cancelling_until: Option<Duration>,
    auto_voided: bool,
    downloaded: bool,
    /// Whether Newegg ships it.
    by_newegg: bool,
    /// Whether it was sold elsewhere and only sent to Newegg to be shipped.
    multichannel: bool,
    service: String,
    lines: Vec<Line>,
    packages: Vec<Package>,
    amounts: Amounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    Unshipped,
    PartiallyShipped,
    Shipped,
    Invoiced,
    Voided,
    PaymentPending,
}

impl Status {
    fn code(self) -> u8 {
        match self {
            Self::Unshipped => 0,
            Self::PartiallyShipped => 1,
            Self::Shipped => 2,
            Self::Invoiced => 3,
            Self::Voided => 4,
            Self::PaymentPending => 5,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Unshipped => "Unshipped",
            Self::PartiallyShipped => "Partially Shipped",
            Self::Shipped => "Shipped",
            Self::Invoiced => "Invoiced",
            Self::Voided => "Voided",
            Self::PaymentPending => "Payment Pending",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    part_number: String,
    item_number: String,
    manufacturer_part: String,
    barcode: String,
    title: String,
    quantity: u32,
    shipped: u32,
    cancelled: bool,
    cancel_requested: bool,
    /// Cents.
    unit_price: i64,
    /// Cents, of the whole line.
    shipping: i64,
    /// Cents, of the whole line.
    tax: i64,
}

impl Line {
    fn is_open(&self) -> bool {
        !self.cancelled && self.shipped == 0
    }

    fn total(&self) -> i64 {
        self.unit_price.saturating_mul(i64::from(self.quantity))
    }
}

/// Cents of the whole order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Amounts {
    items: i64,
    shipping: i64,
    discount: i64,
    /// Sales tax; on newegg.ca the sum of the two taxes there.
    tax: i64,
}

impl Amounts {
    fn total(self) -> i64 {
        self.items + self.shipping + self.tax - self.discount
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Package {
    carrier: String,
    service: String,
    tracking: String,
    shipped_at: DateTime<Utc>,
    lines: Vec<OrderRequestLine>,
}

impl Order {
    /// Tells whether it was sold elsewhere and is only shipped by Newegg.
    pub(super) fn is_multichannel(&self) -> bool {
        self.multichannel
    }

    fn auto_void_at(&self) -> DateTime<Utc> {
        self.placed_at + chrono::Duration::days(AUTO_VOID_DAYS)
    }

    fn is_open(&self) -> bool {
        matches!(
            self.status,
            Status::Unshipped | Status::PartiallyShipped | Status::PaymentPending
        )
    }

    /// Puts lines into a package that has left.
    fn pack(&mut self, package: Package, now: Now) {
        for sent in &package.lines {
            let line = self
                .lines
                .iter_mut()
                .find(|line| line.part_number == sent.sku);
            if let Some(line) = line {
                line.shipped = line.shipped.saturating_add(sent.quantity);
            }
        }
        self.packages.push(package);
        self.settle(now);
    }

    /// Derives the status from what became of the lines.
    fn settle(&mut self, now: Now) {
        let any_shipped = self.lines.iter().any(|line| line.shipped > 0);
        let any_open = self.lines.iter().any(Line::is_open);
        self.status = match (any_shipped, any_open) {
            (true, true) => Status::PartiallyShipped,
            (true, false) => Status::Shipped,
            (false, true) if self.status == Status::PaymentPending => Status::PaymentPending,
            (false, true) => Status::Unshipped,
            (false, false) => Status::Voided,
        };
        if self.status == Status::Shipped {
            self.shipped_at = Some(now.elapsed);
        }
    }

    fn void(&mut self) {
        self.status = Status::Voided;
        for line in self.lines.iter_mut().filter(|line| line.shipped == 0) {
            line.cancelled = true;
        }
    }

    /// Lets time do what it does to an order; returns whether it is to be invoiced.
    fn age(&mut self, now: Now) -> bool {
        let due = |at: Option<Duration>| at.is_some_and(|at| at <= now.elapsed);
        if self.status == Status::PaymentPending && due(self.paid_at) {
            self.status = Status::Unshipped;
        }
        if due(self.cancelling_until) {
            self.cancelling_until = None;
            if self.is_open() {
                self.void();
            }
        }
        let handled = self.arrived + NEWEGG_HANDLING <= now.elapsed;
        let waits = self.status == Status::Unshipped && self.cancelling_until.is_none();
        if self.by_newegg && waits && handled {
            let package = self.newegg_package(now);
            self.pack(package, now);
        }
        if self.is_open() && self.auto_void_at() <= now.wall {
            self.auto_voided = true;
            self.close_open_lines(now);
        }
        self.status == Status::Shipped && due(self.shipped_at.map(|at| at + INVOICING))
    }

    /// The part of an order that was shipped stays; the rest is cancelled.
    fn close_open_lines(&mut self, now: Now) {
        for line in self.lines.iter_mut().filter(|line| line.shipped == 0) {
            line.cancelled = true;
        }
        self.settle(now);
    }

    fn newegg_package(&self, now: Now) -> Package {
        let open = self.lines.iter().filter(|line| line.is_open());
        Package {
            carrier: "UPS".to_owned(),
            service: "Ground".to_owned(),
            tracking: format!("1ZNEWEGG{}", self.number),
            shipped_at: now.wall,
            lines: open
                .map(|line| OrderRequestLine {
                    sku: line.part_number.clone(),
                    quantity: line.quantity,
                })
                .collect(),
        }
    }
}

/// Lets orders come, be paid, invoiced and voided when nobody ships them.
pub(super) fn advance(state: &mut State, now: Now) {
    for order in &mut state.orders {
        if matches!(order.status, Status::Invoiced | Status::Voided) {
            continue;
        }
        if order.age(now) {
            order.status = Status::Invoiced;
            order.invoice = state.ids.digits(9);
        }
    }
    arrive::advance(state, now);
}

/// Returns an order as it is told to tests.
pub(super) fn held(order: &Order) -> HeldOrder {
    HeldOrder {
        order_id: order.number.clone(),
        state: order.status.word().to_owned(),
        lines: order
            .lines
            .iter()
            .map(|line| HeldOrderLine {
                sku: line.part_number.clone(),
                quantity: line.quantity,
                quantity_shipped: line.shipped,
            })
            .collect(),
        shipments: order
            .packages
            .iter()
            .map(|package| HeldShipment {
                carrier: package.carrier.clone(),
                tracking: package.tracking.clone(),
                lines: package.lines.clone(),
            })
            .collect(),
        // Newegg takes no refunds from programs.
        refunded_minor: 0,
    }
}
