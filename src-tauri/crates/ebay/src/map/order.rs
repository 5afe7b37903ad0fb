//! An order of eBay's in Barrow's words (ebay.md §8.2). What eBay does not send, or sends no more,
//! stays none.

use barrow_market::OrderIssue;
use barrow_model::{
    Address, Buyer, Confirmation, FulfilledBy, OptionValue, Order, OrderLine, PaymentState,
    ProblemKind, Shipment, ShipmentLine, Site, Sku,
};

use super::money::instant;
use super::order_amounts::{amounts, line_money, money_at, refunds, taxes};
use crate::types;

/// What other calls told of an order.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    /// Its shipments; none where they were not read.
    pub shipments: Option<Vec<types::ShippingFulfillment>>,
    /// They were asked for and eBay could not tell: of a line of several units one has left for
    /// certain, and no more is believed until the packages are read.
    pub parts_unknown: bool,
}

/// Shortest text that is taken for a tracking number: without one eBay names a shipment by a short
/// number such as 999 (ebay.md §8.3).
const TRACKING_CHARS_MIN: usize = 8;

/// Aspects of a variation that are read; eBay lets five differ (ebay.md §6.6).
const ASPECTS_MAX: usize = 5;

/// The id of a record of which nothing else may be readable.
pub fn order_id(body: &str) -> Option<String> {
    serde_json::from_str::<types::OrderIds>(body).ok()?.order_id
}

/// Reads an order from a record. `home` is the account's site, for records that name none.
pub fn order(body: &str, home: &Site, extra: &Extra) -> Result<Order, OrderIssue> {
    let record = parse(body)?;
    let order_id = record
        .order_id
        .clone()
        .ok_or_else(|| issue("orderId", "an id"))?;
    let placed_at =
        instant(record.creation_date.as_deref()).ok_or_else(|| issue("creationDate", "a date"))?;
    if record.line_items.is_empty() {
        return Err(issue("lineItems", "at least one line"));
    }
    let cancelled = is_cancelled(&record);
    let shipments = shipments(&record, extra);
    let mut lines = Vec::with_capacity(record.line_items.len());
    for (index, item) in record.line_items.iter().enumerate() {
        lines.push(line(index, item, cancelled, (extra, &shipments))?);
    }
    let first = record.line_items.first();
    let site = first.and_then(|item| item.listing_marketplace_id.clone());
    let payments = &record.payment_summary.payments;
    let paid = payments
        .iter()
        .filter(|payment| payment.payment_status.as_deref() == Some("PAID"));
    let payment_state = payment_state(record.order_payment_status.as_deref());
    let instructions = &record.fulfillment_start_instructions;
    let service = instructions
        .iter()
        .find_map(|i| i.shipping_step.shipping_service_code.clone());
    Ok(Order {
        customer_order_id: other_number(&record),
        site: site.map_or_else(|| home.clone(), Site),
        placed_at,
        updated_at: instant(record.last_modified_date.as_deref()),
        paid_at: paid
            .filter_map(|p| instant(p.payment_date.as_deref()))
            .max(),
        ship_by: ship_by(&record),
        deliver_by: deliver_by(&record),
        marketplace_state: record.order_fulfillment_status.clone(),
        payment_state,
        on_hold: payment_state == PaymentState::Failed,
        cancel_requested: !cancelled && cancel_requested(&record),
        replaces: None,
        fulfilled_by: fulfilled_by(&record),
        shipping_service: service,
        buyer_note: words(record.buyer_checkout_notes.as_deref()),
        total: money_at(
            "pricingSummary.total",
            record.pricing_summary.total.as_ref(),
        )?,
        amounts: amounts(&record)?,
        taxes: taxes(&record)?,
        refunds: refunds(&record, &order_id)?,
        buyer: buyer(&record),
        ship_to: ship_to(&record),
        lines,
        shipments,
        needs_acknowledgement: false,
        order_id,
    })
}

/// The order's old number where it is another one than its id: cancellations name their order by it
/// (ebay.md §8.5).
fn other_number(record: &types::Order) -> Option<String> {
    let legacy = record.legacy_order_id.clone();
    legacy.filter(|legacy| record.order_id.as_ref() != Some(legacy))
}

/// Reads the structure. The parser's own words may quote what they stumble over, so that a record
/// that does not fit is read again field by field to name the one that is wrong.
fn parse(body: &str) -> Result<types::Order, OrderIssue> {
    if let Ok(record) = serde_json::from_str(body) {
        return Ok(record);
    }
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(body) else {
        return Err(issue("order", "a JSON object"));
    };
    for (name, value) in fields {
        let mut alone = serde_json::Map::new();
        alone.insert(name.clone(), value);
        let alone = serde_json::Value::Object(alone);
        if serde_json::from_value::<types::Order>(alone).is_err() {
            return Err(issue(name, "the form that eBay documents"));
        }
    }
    Err(issue("order", "the form that eBay documents"))
}

pub(super) fn issue(field: impl Into<String>, expected: &str) -> OrderIssue {
    OrderIssue {
        kind: ProblemKind::OrderUnreadable,
        field: field.into(),
        expected: expected.to_owned(),
    }
}

fn is_cancelled(record: &types::Order) -> bool {
    // eBay writes one L; both are read.
    matches!(
        record.cancel_status.cancel_state.as_deref(),
        Some("CANCELED" | "CANCELLED")
    )
}

fn cancel_requested(record: &types::Order) -> bool {
    let status = &record.cancel_status;
    let open = status
        .cancel_requests
        .iter()
        .any(|request| request.cancel_request_state.as_deref() == Some("REQUESTED"));
    status.cancel_state.as_deref() == Some("IN_PROGRESS") || open
}

fn payment_state(status: Option<&str>) -> PaymentState {
    match status {
        Some("PENDING") => PaymentState::Pending,
        Some("PAID" | "PARTIALLY_REFUNDED" | "FULLY_REFUNDED") => PaymentState::Paid,
        Some("FAILED") => PaymentState::Failed,
        _ => PaymentState::Unknown,
    }
}

fn fulfilled_by(record: &types::Order) -> FulfilledBy {
    let by_program = record.program.fulfillment_program.fulfilled_by.as_deref() == Some("EBAY");
    let by_instruction = record
        .fulfillment_start_instructions
        .iter()
        .any(|i| i.fulfillment_instructions_type.as_deref() == Some("FULFILLED_BY_EBAY"));
    if by_program || by_instruction {
        FulfilledBy::Marketplace
    } else {
        FulfilledBy::Seller
    }
}

fn ship_by(record: &types::Order) -> Option<chrono::DateTime<chrono::Utc>> {
    let dates = record.line_items.iter();
    dates
        .filter_map(|i| instant(i.line_item_fulfillment_instructions.ship_by_date.as_deref()))
        .min()
}

fn deliver_by(record: &types::Order) -> Option<chrono::DateTime<chrono::Utc>> {
    let of_lines = record.line_items.iter().map(|i| {
        i.line_item_fulfillment_instructions
            .max_estimated_delivery_date
            .as_deref()
    });
    let of_order = record
        .fulfillment_start_instructions
        .iter()
        .map(|i| i.max_estimated_delivery_date.as_deref());
    of_lines.chain(of_order).filter_map(instant).max()
}

fn words(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn buyer(record: &types::Order) -> Option<Buyer> {
    let given = record.buyer.as_ref();
    let registered = given.and_then(|buyer| buyer.buyer_registration_address.as_ref());
    let instruction = first_instruction(record);
    let to = instruction.and_then(|instruction| instruction.shipping_step.ship_to.as_ref());
    // A hub's name is nobody's: only a receiver who is no hub stands in for the buyer.
    let own = to.filter(|_| !instruction.is_some_and(goes_to_hub));
    let buyer = Buyer {
        name: registered
            .and_then(|address| words(address.full_name.as_deref()))
            .or_else(|| own.and_then(|to| words(to.full_name.as_deref()))),
        email: registered
            .and_then(|address| words(address.email.as_deref()))
            .or_else(|| own.and_then(|to| words(to.email.as_deref()))),
        username: given.and_then(|buyer| words(buyer.username.as_deref())),
        tax_id: given
            .and_then(|buyer| buyer.tax_identifier.as_ref())
            .and_then(|tax| words(tax.taxpayer_id.as_deref())),
    };
    (buyer != Buyer::default()).then_some(buyer)
}

fn first_instruction(record: &types::Order) -> Option<&types::FulfillmentInstruction> {
    let mut instructions = record.fulfillment_start_instructions.iter();
    instructions.find(|instruction| instruction.shipping_step.ship_to.is_some())
}

/// Whether the goods go to eBay's hub first; its label needs a number (ebay.md §8.2).
fn goes_to_hub(instruction: &types::FulfillmentInstruction) -> bool {
    instruction.ebay_supported_fulfillment == Some(true)
        || instruction.shipping_step.ship_to_reference_id.is_some()
}

/// Where the goods go: the hub, where eBay supports the shipment (ebay.md §8.2).
fn ship_to(record: &types::Order) -> Option<Address> {
    let step = &first_instruction(record)?.shipping_step;
    let to = step.ship_to.as_ref()?;
    let address = &to.contact_address;
    let read = Address {
        name: words(to.full_name.as_deref()),
        company: words(to.company_name.as_deref()),
        line1: words(address.address_line1.as_deref()),
        line2: words(address.address_line2.as_deref()),
        line3: None,
        city: words(address.city.as_deref()),
        region: words(address.state_or_province.as_deref())
            .or_else(|| words(address.county.as_deref())),
        postal_code: words(address.postal_code.as_deref()),
        country: words(address.country_code.as_deref()),
        phone: words(to.primary_phone.phone_number.as_deref()),
        reference: words(step.ship_to_reference_id.as_deref()),
    };
    (read != Address::default()).then_some(read)
}

fn line(
    index: usize,
    item: &types::LineItem,
    cancelled: bool,
    (extra, shipments): (&Extra, &[Shipment]),
) -> Result<OrderLine, OrderIssue> {
    let field = |name: &str| format!("lineItems[{index}].{name}");
    let line_id = item
        .line_item_id
        .clone()
        .ok_or_else(|| issue(field("lineItemId"), "an id"))?;
    let quantity = item
        .quantity
        .and_then(|quantity| u32::try_from(quantity).ok())
        .filter(|quantity| *quantity >= 1)
        .ok_or_else(|| issue(field("quantity"), "a whole number of at least 1"))?;
    let sent: u32 = shipments
        .iter()
        .flat_map(|shipment| &shipment.lines)
        .filter(|line| line.line_id == line_id)
        .fold(0, |sum, line| sum.saturating_add(line.quantity));
    // Any unit marks the whole line as fulfilled (ebay.md §8.3): the packages tell how many left.
    let shipped = match item.line_item_fulfillment_status.as_deref() {
        Some("FULFILLED") if extra.parts_unknown => sent.clamp(1, quantity),
        Some("FULFILLED") if sent == 0 => quantity,
        _ => sent.min(quantity),
    };
    let listing = match (&item.legacy_item_id, &item.legacy_variation_id) {
        (Some(item), Some(variation)) if variation != "0" => Some(format!("{item}/{variation}")),
        (item, _) => item.clone(),
    };
    let money = line_money(index, item, quantity)?;
    Ok(OrderLine {
        sku: item.sku.as_deref().and_then(|sku| Sku::new(sku).ok()),
        listing_ref: listing,
        options: chosen(item),
        title: words(item.title.as_deref()).unwrap_or_default(),
        quantity,
        quantity_shipped: shipped,
        quantity_cancelled: if cancelled { quantity - shipped } else { 0 },
        quantity_returned: 0,
        unit_price: money.unit_price,
        subtotal: money.subtotal,
        tax: money.tax,
        shipping: money.shipping,
        discount: money.discount,
        delivered: false,
        line_id,
    })
}

/// What the buyer chose of a listing with variations (ebay.md §8.2, §14).
fn chosen(item: &types::LineItem) -> Vec<OptionValue> {
    let aspects = item.variation_aspects.iter();
    aspects
        .filter_map(|aspect| {
            Some(OptionValue {
                name: words(aspect.name.as_deref())?,
                value: words(aspect.value.as_deref())?,
            })
        })
        .take(ASPECTS_MAX)
        .collect()
}

/// An order's shipments: as they were read, else what the addresses of the shipments tell.
pub fn shipments(record: &types::Order, extra: &Extra) -> Vec<Shipment> {
    match &extra.shipments {
        Some(read) => read.iter().map(|one| shipment(record, one)).collect(),
        None => from_addresses(record, extra),
    }
}

fn shipment(record: &types::Order, read: &types::ShippingFulfillment) -> Shipment {
    let ordered = |id: &str| {
        let item = record.line_items.iter();
        item.filter(|item| item.line_item_id.as_deref() == Some(id))
            .find_map(|item| item.quantity)
    };
    let lines = read
        .line_items
        .iter()
        .filter_map(|line| {
            let line_id = line.line_item_id.clone()?;
            let quantity = line.quantity.or_else(|| ordered(&line_id)).unwrap_or(1);
            Some(ShipmentLine {
                quantity: u32::try_from(quantity.max(1)).unwrap_or(u32::MAX),
                line_id,
            })
        })
        .collect();
    let tracking = words(read.shipment_tracking_number.as_deref());
    Shipment {
        id: read
            .fulfillment_id
            .clone()
            .or_else(|| tracking.clone())
            .unwrap_or_default(),
        carrier: words(read.shipping_carrier_code.as_deref()),
        service: None,
        tracking,
        tracking_url: None,
        shipped_at: instant(read.shipped_date.as_deref()),
        confirmation: Confirmation::Confirmed,
        lines,
    }
}

fn from_addresses(record: &types::Order, extra: &Extra) -> Vec<Shipment> {
    let whole = record.fulfillment_hrefs.len() == 1
        && !extra.parts_unknown
        && record
            .line_items
            .iter()
            .all(|item| item.line_item_fulfillment_status.as_deref() == Some("FULFILLED"));
    let all_lines = || {
        let items = record.line_items.iter();
        items
            .filter_map(|item| {
                Some(ShipmentLine {
                    line_id: item.line_item_id.clone()?,
                    quantity: u32::try_from(item.quantity?).ok()?,
                })
            })
            .collect()
    };
    record
        .fulfillment_hrefs
        .iter()
        .filter_map(|address| address.trim_end_matches('/').rsplit('/').next())
        .filter(|id| !id.is_empty())
        .map(|id| Shipment {
            id: id.to_owned(),
            carrier: None,
            service: None,
            tracking: (id.len() >= TRACKING_CHARS_MIN).then(|| id.to_owned()),
            tracking_url: None,
            shipped_at: None,
            confirmation: Confirmation::Confirmed,
            lines: if whole { all_lines() } else { Vec::new() },
        })
        .collect()
}
