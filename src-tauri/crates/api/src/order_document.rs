//! An order as the command line and exports show it: every field is there, unknown is null.

use barrow_model::{
    Address, Amounts, Buyer, FulfilledBy, Money, OrderLine, OrderState, PaymentState, Refund,
    RefundState, Shipment, Sku, Tax,
};
use barrow_store::{LineMatch, StoredOrder};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An order. Amounts are positive unless said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderDocument {
    /// The account's name.
    pub account: String,
    /// The marketplace.
    pub marketplace: String,
    /// The vendor's own id of the country site.
    pub site: String,
    /// The marketplace's order number.
    pub order_id: String,
    /// The buyer's number where one purchase is several orders.
    pub customer_order_id: Option<String>,
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
    /// Where it stands, derived from quantities.
    pub state: OrderState,
    /// The marketplace's own word for its state.
    pub marketplace_state: Option<String>,
    /// Whether it is paid.
    pub payment_state: PaymentState,
    /// How much was given back.
    pub refund_state: RefundState,
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
    /// Who bought.
    pub buyer: Option<Buyer>,
    /// Where it goes.
    pub ship_to: Option<Address>,
    /// What was bought.
    pub lines: Vec<OrderLineDocument>,
    /// What has left.
    pub shipments: Vec<Shipment>,
    /// What the marketplace took of it, as far as it tells; below zero where it was given back.
    pub fees: Vec<OrderFee>,
}

/// Something that the marketplace took of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderFee {
    /// The line; null where the booking names none.
    pub line_id: Option<String>,
    /// What for, in the marketplace's own word.
    pub kind: String,
    /// How much; below zero where it was given back.
    pub amount: Money,
    /// When it was booked.
    pub at: Option<DateTime<Utc>>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderLineDocument {
    /// The marketplace's line id; the SKU where it has none.
    pub line_id: String,
    /// The marketplace's SKU.
    pub sku: Option<Sku>,
    /// Ours, once matched.
    pub variant_sku: Option<Sku>,
    /// The marketplace's listing.
    pub listing_ref: Option<String>,
    /// Title.
    pub title: String,
    /// Units ordered.
    pub quantity: u32,
    /// Units shipped.
    pub quantity_shipped: u32,
    /// Units cancelled.
    pub quantity_cancelled: u32,
    /// Units that came back.
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
    /// Where it stands, derived from quantities.
    pub state: OrderState,
}

impl From<StoredOrder> for OrderDocument {
    fn from(stored: StoredOrder) -> Self {
        let order = stored.order;
        let (state, refund_state) = (order.state(), order.refund_state());
        let pending = order.payment_state == PaymentState::Pending;
        let mut matches = stored.matches.into_iter();
        let lines = order.lines.into_iter();
        let fees = stored.fees.into_iter();
        let fees = fees.map(|stored| OrderFee {
            line_id: stored.fee.line_id,
            kind: stored.fee.kind,
            amount: stored.fee.amount,
            at: stored.at,
        });
        Self {
            account: stored.account_name,
            marketplace: stored.marketplace.0,
            site: order.site.0,
            order_id: order.order_id,
            customer_order_id: order.customer_order_id,
            placed_at: order.placed_at,
            updated_at: order.updated_at,
            paid_at: order.paid_at,
            ship_by: order.ship_by,
            deliver_by: order.deliver_by,
            state,
            marketplace_state: order.marketplace_state,
            payment_state: order.payment_state,
            refund_state,
            on_hold: order.on_hold,
            cancel_requested: order.cancel_requested,
            replaces: order.replaces,
            fulfilled_by: order.fulfilled_by,
            shipping_service: order.shipping_service,
            buyer_note: order.buyer_note,
            total: order.total,
            amounts: order.amounts,
            taxes: order.taxes,
            refunds: order.refunds,
            buyer: order.buyer,
            ship_to: order.ship_to,
            lines: lines
                .map(|line| line_document(line, matches.next().flatten(), pending))
                .collect(),
            shipments: order.shipments,
            fees: fees.collect(),
        }
    }
}

fn line_document(line: OrderLine, found: Option<LineMatch>, pending: bool) -> OrderLineDocument {
    OrderLineDocument {
        state: line.state(pending),
        line_id: line.line_id,
        sku: line.sku,
        variant_sku: found.map(|found| found.sku),
        listing_ref: line.listing_ref,
        title: line.title,
        quantity: line.quantity,
        quantity_shipped: line.quantity_shipped,
        quantity_cancelled: line.quantity_cancelled,
        quantity_returned: line.quantity_returned,
        unit_price: line.unit_price,
        subtotal: line.subtotal,
        tax: line.tax,
        shipping: line.shipping,
        discount: line.discount,
    }
}
