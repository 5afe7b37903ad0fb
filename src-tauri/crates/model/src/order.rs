//! Orders as every marketplace's are shown.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::account::Site;
use crate::catalogue::OptionValue;
use crate::money::Money;
use crate::sku::Sku;

/// An order as a marketplace returned it, in Barrow's words. Amounts are positive unless said.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Order {
    /// The marketplace's id, the key under the account.
    pub order_id: String,
    /// The buyer's order number where one purchase is several orders.
    pub customer_order_id: Option<String>,
    /// The country site in the marketplace's words.
    pub site: Site,
    /// When the buyer ordered.
    pub placed_at: DateTime<Utc>,
    /// When the marketplace last changed it.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// Deadline for shipping.
    pub ship_by: Option<DateTime<Utc>>,
    /// Promised arrival.
    pub deliver_by: Option<DateTime<Utc>>,
    /// The marketplace's own word for its state.
    pub marketplace_state: Option<String>,
    /// Whether it is paid.
    pub payment_state: PaymentState,
    /// The marketplace says: do not ship yet.
    pub on_hold: bool,
    /// The buyer asks to cancel.
    pub cancel_requested: bool,
    /// The order that this one replaces.
    pub replaces: Option<String>,
    /// Who ships.
    pub fulfilled_by: FulfilledBy,
    /// The service that the buyer chose.
    pub shipping_service: Option<String>,
    /// The buyer's words.
    pub buyer_note: Option<String>,
    /// What the marketplace calls the order's total.
    pub total: Option<Money>,
    /// The parts of the total.
    pub amounts: Amounts,
    /// Taxes one by one.
    pub taxes: Vec<Tax>,
    /// Money given back.
    pub refunds: Vec<Refund>,
    /// Who bought. None where the marketplace does not say, or says it no more.
    pub buyer: Option<Buyer>,
    /// Where it goes. None where the marketplace does not say, or says it no more.
    pub ship_to: Option<Address>,
    /// What was bought, at least one line.
    pub lines: Vec<OrderLine>,
    /// What has left, as the marketplace knows it.
    pub shipments: Vec<Shipment>,
    /// Whether the marketplace expects an acknowledgement that it has not got.
    pub needs_acknowledgement: bool,
}

/// The parts of an order's total; a part is none where the marketplace does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Amounts {
    /// Goods before discounts.
    pub items: Option<Money>,
    /// Shipping and handling.
    pub shipping: Option<Money>,
    /// Discounts, positive.
    pub discount: Option<Money>,
    /// Tax that the seller gets.
    pub tax: Option<Money>,
    /// Tax that the marketplace keeps and pays.
    pub tax_by_marketplace: Option<Money>,
    /// Anything else, may be negative.
    pub other: Option<Money>,
    /// Sum of the parts.
    pub total: Option<Money>,
    /// Given back, positive.
    pub refunded: Option<Money>,
}

/// One tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Tax {
    /// Its name.
    pub name: String,
    /// Amount.
    pub amount: Money,
    /// Who collects it.
    pub collected_by: TaxCollector,
    /// A number that customs papers need (IOSS, OSS).
    pub reference: Option<String>,
    /// What kind of number that is, in the marketplace's own word.
    #[serde(default)]
    pub reference_name: Option<String>,
}

/// Who collects a tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TaxCollector {
    /// The seller.
    Seller,
    /// The marketplace collects and remits.
    Marketplace,
}

/// Money given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Refund {
    /// The marketplace's id.
    pub id: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// For which line; none for the order.
    pub line_id: Option<String>,
    /// Amount, positive.
    pub amount: Money,
    /// Why, in the marketplace's words.
    pub reason: Option<String>,
    /// Where it stands.
    pub state: RefundStatus,
}

/// Where one refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// The buyer has it.
    Done,
    /// It did not work.
    Failed,
}

/// Who bought: personal data, never in a log.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Buyer {
    /// Name.
    pub name: Option<String>,
    /// E-mail, often a relay of the marketplace.
    pub email: Option<String>,
    /// Name at the marketplace.
    pub username: Option<String>,
    /// Tax number.
    pub tax_id: Option<String>,
}

/// Where an order goes: personal data, never in a log.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Address {
    /// Name.
    pub name: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// First line.
    pub line1: Option<String>,
    /// Second line.
    pub line2: Option<String>,
    /// Third line.
    pub line3: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166 code of two letters.
    pub country: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// A number that a hub needs on the label.
    pub reference: Option<String>,
}

/// Without the buyer's words.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("order_id", &self.order_id)
            .field("site", &self.site)
            .field("placed_at", &self.placed_at)
            .field("updated_at", &self.updated_at)
            .field("marketplace_state", &self.marketplace_state)
            .field("payment_state", &self.payment_state)
            .field("fulfilled_by", &self.fulfilled_by)
            .field("total", &self.total)
            .field("amounts", &self.amounts)
            .field("taxes", &self.taxes)
            .field("refunds", &self.refunds)
            .field("lines", &self.lines)
            .field("shipments", &self.shipments)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Buyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buyer(…)")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderLine {
    /// The marketplace's line id; the SKU where the marketplace has none.
    pub line_id: String,
    /// The SKU there; none for listings that were made without one.
    pub sku: Option<Sku>,
    /// The marketplace's listing, to match lines without a SKU; of one that shows several variants
    /// with what the marketplace calls the variant behind a slash.
    pub listing_ref: Option<String>,
    /// What the buyer chose of a listing that shows several variants, in the marketplace's words.
    pub options: Vec<OptionValue>,
    /// Title.
    pub title: String,
    /// Units ordered, at least 1.
    pub quantity: u32,
    /// Units shipped, cumulative.
    pub quantity_shipped: u32,
    /// Units cancelled, cumulative.
    pub quantity_cancelled: u32,
    /// Units that came back, cumulative.
    pub quantity_returned: u32,
    /// Price of one unit.
    pub unit_price: Option<Money>,
    /// Units × price before discount.
    pub subtotal: Option<Money>,
    /// Tax.
    pub tax: Option<Money>,
    /// Shipping.
    pub shipping: Option<Money>,
    /// Discount, positive.
    pub discount: Option<Money>,
    /// Whether the buyer has it, where the marketplace tells.
    pub delivered: bool,
}

impl OrderLine {
    /// Units that are still to be shipped.
    pub fn open(&self) -> u32 {
        self.quantity
            .saturating_sub(self.quantity_shipped)
            .saturating_sub(self.quantity_cancelled)
    }

    /// Its state, from the quantities.
    pub fn state(&self, pending: bool) -> OrderState {
        let quantities = Quantities {
            ordered: self.quantity.into(),
            shipped: self.quantity_shipped.into(),
            open: self.open().into(),
            delivered: self.delivered,
        };
        quantities.state(pending)
    }
}

impl Order {
    /// Its state, from the quantities of its lines.
    pub fn state(&self) -> OrderState {
        order_state(&self.lines, self.payment_state)
    }

    /// How much of it was given back.
    pub fn refund_state(&self) -> RefundState {
        let done = self
            .refunds
            .iter()
            .filter(|r| r.state == RefundStatus::Done);
        match (
            Money::sum(done.map(|r| r.amount)),
            self.amounts.total.or(self.total),
        ) {
            (Ok(None), _) => RefundState::None,
            (Ok(Some(sum)), Some(total)) if sum.currency == total.currency => {
                if sum.minor >= total.minor {
                    RefundState::Full
                } else {
                    RefundState::Partial
                }
            }
            _ => RefundState::Partial,
        }
    }
}

/// The state of an order with these lines. What is open is summed line by line: a unit of one line
/// that was shipped and cancelled says nothing of another line.
pub fn order_state(lines: &[OrderLine], payment: PaymentState) -> OrderState {
    let sum = |of: fn(&OrderLine) -> u32| lines.iter().map(|l| u64::from(of(l))).sum();
    let quantities = Quantities {
        ordered: sum(|l| l.quantity),
        shipped: sum(|l| l.quantity_shipped),
        open: sum(OrderLine::open),
        delivered: lines.iter().all(|l| l.delivered || l.quantity_shipped == 0),
    };
    quantities.state(payment == PaymentState::Pending)
}

struct Quantities {
    ordered: u64,
    shipped: u64,
    open: u64,
    delivered: bool,
}

impl Quantities {
    fn state(&self, pending: bool) -> OrderState {
        match (self.ordered, self.shipped, self.open) {
            (0, _, _) => OrderState::Unknown,
            (_, 0, 0) => OrderState::Cancelled,
            (_, _, 0) if self.delivered => OrderState::Delivered,
            (_, _, 0) => OrderState::Shipped,
            (_, 0, _) if pending => OrderState::Pending,
            (_, 0, _) => OrderState::ToShip,
            _ => OrderState::PartlyShipped,
        }
    }
}

/// Where an order or a line stands, derived from quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Not paid yet; stock is reserved.
    Pending,
    /// Paid and to be shipped.
    ToShip,
    /// Some of it has left.
    PartlyShipped,
    /// All that was not cancelled has left.
    Shipped,
    /// The buyer has it.
    Delivered,
    /// All of it is cancelled.
    Cancelled,
    /// The marketplace does not tell.
    Unknown,
}

impl OrderState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::ToShip,
        Self::PartlyShipped,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
        Self::Unknown,
    ];

    /// Its name in files, in the database and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::ToShip => "to_ship",
            Self::PartlyShipped => "partly_shipped",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }

    /// The state of a name as [`OrderState::code`] writes it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Whether an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Not yet.
    Pending,
    /// Paid.
    Paid,
    /// It failed.
    Failed,
    /// The marketplace does not tell.
    Unknown,
}

/// How much of an order was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Nothing.
    None,
    /// A part.
    Partial,
    /// All of it.
    Full,
}

/// Who ships an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FulfilledBy {
    /// The seller; it touches the seller's own stock.
    Seller,
    /// The marketplace, from its own warehouse.
    Marketplace,
    /// A third party.
    ThirdParty,
}

/// Goods that have left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Shipment {
    /// The marketplace's id, or the seller's reference while it has none.
    pub id: String,
    /// Carrier.
    pub carrier: Option<String>,
    /// Service.
    pub service: Option<String>,
    /// Tracking number.
    pub tracking: Option<String>,
    /// Where a buyer can follow it.
    pub tracking_url: Option<String>,
    /// When it left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// Whether the marketplace knows.
    pub confirmation: Confirmation,
    /// What is in it.
    pub lines: Vec<ShipmentLine>,
}

/// So many units of a line in a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ShipmentLine {
    /// The marketplace's line id.
    pub line_id: String,
    /// Units.
    pub quantity: u32,
}

/// Whether the marketplace knows of a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// Waits in the outbox.
    Queued,
    /// Sent, no answer yet.
    Sent,
    /// The marketplace has it.
    Confirmed,
    /// The marketplace refused it.
    Refused,
}

#[cfg(test)]
mod tests {
    use super::{OrderLine, OrderState};

    #[test]
    fn a_line_is_what_its_quantities_say() {
        let check = |quantities: [u32; 3], pending: bool, expected: OrderState| {
            let [quantity, quantity_shipped, quantity_cancelled] = quantities;
            let line = OrderLine {
                line_id: "1".into(),
                sku: None,
                listing_ref: None,
                options: Vec::new(),
                title: String::new(),
                quantity,
                quantity_shipped,
                quantity_cancelled,
                quantity_returned: 0,
                unit_price: None,
                subtotal: None,
                tax: None,
                shipping: None,
                discount: None,
                delivered: false,
            };
            assert_eq!(line.state(pending), expected, "{quantities:?}");
        };
        check([2, 0, 0], false, OrderState::ToShip);
        check([2, 0, 0], true, OrderState::Pending);
        check([2, 1, 0], false, OrderState::PartlyShipped);
        check([2, 1, 1], false, OrderState::Shipped);
        check([2, 0, 2], false, OrderState::Cancelled);
        check([2, 0, 1], false, OrderState::ToShip);
        check([2, 2, 0], false, OrderState::Shipped);
    }
}
