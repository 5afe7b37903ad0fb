//! Orders (amazon.md §7.1).

use barrow_market::{OrderIssue, PulledOrder, RawRecord, Unread};
use barrow_model::{
    Address, Amounts, Buyer, Confirmation, FulfilledBy, Money, Order, OrderLine, PaymentState,
    Shipment, ShipmentLine, Site, Tax, TaxCollector,
};
use barrow_wire::Scalar;
use serde_json::value::RawValue;

use crate::config::SiteFacts;
use crate::map::order_line::{LineAmounts, money, order_line, sum};
use crate::types::order::{AmazonOrder, DeliveryAddress, OrderItem, Package};

/// Programs that the seller handles otherwise than usual; told beside the service.
const PROGRAMS: &[&str] = &[
    "PRIME",
    "PREMIUM",
    "FBM_SHIP_PLUS",
    "AMAZON_EASY_SHIP",
    "DELIVERY_BY_AMAZON",
    "IN_STORE_PICK_UP",
];
/// The program whose shipments Amazon confirms itself (amazon.md §7.5).
pub(crate) const SHIP_PLUS: &str = "FBM_SHIP_PLUS";

/// Parts a list of orders into records, each to be read by itself.
pub(crate) fn records(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

/// Reads a record. An order that names no site is taken to be of `default`.
pub(crate) fn read_record(body: &str, default: &SiteFacts) -> Result<PulledOrder, Unread> {
    let parsed = serde_json::from_str::<AmazonOrder>(body)
        .map_err(|error| OrderIssue::of_json(error.column()));
    let (order_id, mapped) = match parsed {
        Ok(order) => (order.order_id.owned(), map_order(&order, default)),
        Err(issue) => (id_of(body), Err(issue)),
    };
    RawRecord::new(order_id, body).read_as(mapped)
}

/// The id of an order that cannot be read otherwise.
fn id_of(body: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Known {
        order_id: Scalar,
    }
    let known: Known = serde_json::from_str(body).ok()?;
    known.order_id.owned()
}

/// Whether an order of this record is of Amazon's own confirmed shipping.
pub(crate) fn is_ship_plus(record: &RawRecord) -> bool {
    let order = serde_json::from_str::<AmazonOrder>(&record.body);
    order.is_ok_and(|order| {
        let mut programs = order.programs.0.iter();
        programs.any(|program| program.text() == Some(SHIP_PLUS))
    })
}

/// Maps an order.
pub(crate) fn map_order(order: &AmazonOrder, default: &SiteFacts) -> Result<Order, OrderIssue> {
    let order_id = order
        .order_id
        .owned()
        .ok_or_else(|| OrderIssue::new("orderId", "an order id"))?;
    let placed_at = order
        .created_time
        .instant()
        .ok_or_else(|| OrderIssue::new("createdTime", "an instant"))?;
    let source = &order.order_items.0;
    if source.is_empty() {
        return Err(OrderIssue::new("orderItems", "at least one line"));
    }
    let fulfillment = &order.fulfillment;
    let state = fulfillment.fulfillment_status.text().unwrap_or_default();
    let delivered = |line: &str| delivered_units(&order.packages.0, line);
    let mut lines = Vec::with_capacity(source.len());
    let mut parts = Vec::with_capacity(source.len());
    for (index, item) in source.iter().enumerate() {
        let (line, amounts) = order_line(item, state, index, &delivered)?;
        lines.push(line);
        parts.push(amounts);
    }
    let grand = money(order.proceeds.grand_total.as_ref(), "proceeds.grandTotal")?;
    let amounts = amounts(order, &parts, grand)?;
    let site = order.sales_channel.marketplace_id.text();
    let replaced = order.associated_orders.0.iter();
    Ok(Order {
        customer_order_id: None,
        site: Site(site.unwrap_or(default.id).to_owned()),
        placed_at,
        updated_at: order.last_updated_time.instant(),
        paid_at: None,
        ship_by: fulfillment.ship_by_window.latest_date_time.instant(),
        deliver_by: fulfillment.deliver_by_window.latest_date_time.instant(),
        marketplace_state: fulfillment.fulfillment_status.owned(),
        payment_state: payment_state(state),
        on_hold: matches!(state, "INVOICE_UNCONFIRMED" | "UNFULFILLABLE"),
        cancel_requested: source.iter().any(asks_to_cancel),
        replaces: replaced
            .filter(|other| is_original(other.association_type.text()))
            .find_map(|other| other.order_id.owned()),
        fulfilled_by: match fulfillment.fulfilled_by.text() {
            Some("AMAZON") => FulfilledBy::Marketplace,
            _ => FulfilledBy::Seller,
        },
        shipping_service: service(order),
        buyer_note: note(order),
        total: grand.or(amounts.total),
        taxes: taxes(&parts)?,
        amounts,
        refunds: Vec::new(),
        buyer: buyer(order),
        ship_to: ship_to(order),
        shipments: shipments(&order.packages.0, &lines),
        lines,
        needs_acknowledgement: false,
        order_id,
    })
}

fn is_original(kind: Option<&str>) -> bool {
    matches!(
        kind,
        Some("REPLACEMENT_ORIGINAL_ID" | "EXCHANGE_ORIGINAL_ID")
    )
}

/// A pending order is not paid and must not be shipped; its goods are reserved (amazon.md §7.4).
fn payment_state(state: &str) -> PaymentState {
    match state {
        "PENDING" | "PENDING_AVAILABILITY" => PaymentState::Pending,
        "UNSHIPPED"
        | "PARTIALLY_SHIPPED"
        | "SHIPPED"
        | "CANCELLED"
        | "UNFULFILLABLE"
        | "INVOICE_UNCONFIRMED" => PaymentState::Paid,
        _ => PaymentState::Unknown,
    }
}

fn asks_to_cancel(item: &OrderItem) -> bool {
    item.cancellation
        .cancellation_request
        .as_ref()
        .is_some_and(|request| request.requester.text().unwrap_or("BUYER") == "BUYER")
}

fn service(order: &AmazonOrder) -> Option<String> {
    let level = order.fulfillment.fulfillment_service_level.text();
    let programs = order.programs.0.iter().filter_map(Scalar::text);
    let special = programs.filter(|program| PROGRAMS.contains(program));
    let words: Vec<&str> = level.into_iter().chain(special).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// What the buyer says: how to deliver, and what to write on a gift.
fn note(order: &AmazonOrder) -> Option<String> {
    let instruction = order
        .recipient
        .delivery_preference
        .address_instruction
        .text();
    let gifts = order.order_items.0.iter();
    let gifts = gifts.filter_map(|item| item.fulfillment.packing.gift_option.gift_message.text());
    let mut words: Vec<&str> = Vec::new();
    for word in instruction.into_iter().chain(gifts) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    (!words.is_empty()).then(|| words.join("\n"))
}

fn buyer(order: &AmazonOrder) -> Option<Buyer> {
    let source = &order.buyer;
    let registrations = order.tax.tax_registrations.0.iter();
    let tax_id = registrations
        .filter(|registration| registration.entity_type.text() == Some("BUYER"))
        .find_map(|registration| registration.tax_registration_number.owned());
    let buyer = Buyer {
        name: source.buyer_name.owned(),
        email: source.buyer_email.owned(),
        username: None,
        tax_id,
    };
    (buyer != Buyer::default()).then_some(buyer)
}

fn ship_to(order: &AmazonOrder) -> Option<Address> {
    let source = order.recipient.delivery_address.as_ref()?;
    let company = source.company_name.owned();
    let address = Address {
        name: source.name.owned(),
        company: company.or_else(|| order.buyer.buyer_company_name.owned()),
        line1: source.address_line1.owned().or_else(|| street(source)),
        line2: source
            .address_line2
            .owned()
            .or_else(|| source.extended_fields.complement.owned()),
        line3: source
            .address_line3
            .owned()
            .or_else(|| source.extended_fields.neighborhood.owned())
            .or_else(|| source.district_or_county.owned()),
        city: source.city.owned().or_else(|| source.municipality.owned()),
        region: source.state_or_region.owned(),
        postal_code: source.postal_code.owned(),
        country: source.country_code.owned(),
        phone: source.phone.owned(),
        reference: None,
    };
    (address != Address::default()).then_some(address)
}

/// Brazilian addresses come in parts.
fn street(source: &DeliveryAddress) -> Option<String> {
    let fields = &source.extended_fields;
    let name = fields.street_name.text()?;
    Some(match fields.street_number.text() {
        Some(number) => format!("{name}, {number}"),
        None => name.to_owned(),
    })
}

/// The parts of the total. Where the prices hold the tax already, which the grand total tells, it
/// is no part of its own.
fn amounts(
    order: &AmazonOrder,
    parts: &[LineAmounts],
    grand: Option<Money>,
) -> Result<Amounts, OrderIssue> {
    let field = "orderItems.proceeds";
    let all = |part: fn(&LineAmounts) -> Option<Money>| sum(field, parts.iter().filter_map(part));
    let (items, shipping, discount) = (
        all(|part| part.items)?,
        all(|part| part.shipping)?,
        all(|part| part.discount)?,
    );
    let mut others: Vec<Money> = parts.iter().filter_map(|part| part.other).collect();
    // A tip belongs to no line.
    for part in &order.proceeds.breakdowns.0 {
        if part.kind.text() == Some("DELIVERY_TIP") {
            others.extend(money(part.subtotal.as_ref(), "proceeds.breakdowns")?);
        }
    }
    let other = sum(field, others)?;
    let own = all(|part| part.tax.filter(|_| !part.tax_by_marketplace))?;
    let theirs = all(|part| part.tax.filter(|_| part.tax_by_marketplace))?;
    let less = discount.map(|d| Money::new(d.minor.saturating_neg(), d.currency));
    let net = sum(field, [items, shipping, other, less].into_iter().flatten())?;
    let included = net.is_some() && net == grand;
    let gross = sum(field, [net, own, theirs].into_iter().flatten())?;
    Ok(Amounts {
        items,
        shipping,
        discount,
        tax: own.filter(|_| !included),
        tax_by_marketplace: theirs.filter(|_| !included),
        other,
        total: if included { net } else { gross },
        refunded: None,
    })
}

/// Taxes by who collects them and under which number.
fn taxes(parts: &[LineAmounts]) -> Result<Vec<Tax>, OrderIssue> {
    let mut taxes: Vec<Tax> = Vec::new();
    for part in parts {
        let Some(amount) = part.tax else { continue };
        let collected_by = if part.tax_by_marketplace {
            TaxCollector::Marketplace
        } else {
            TaxCollector::Seller
        };
        let same = taxes
            .iter_mut()
            .find(|tax| tax.collected_by == collected_by && tax.reference == part.tax_reference);
        match same {
            Some(tax) => {
                let total = tax.amount.checked_add(amount);
                tax.amount =
                    total.map_err(|_| OrderIssue::new("orderItems.proceeds", "one currency"))?;
            }
            None => taxes.push(Tax {
                name: "Tax".to_owned(),
                amount,
                collected_by,
                reference: part.tax_reference.clone(),
                reference_name: None,
            }),
        }
    }
    Ok(taxes)
}

fn status(package: &Package) -> &str {
    package.package_status.status.text().unwrap_or_default()
}

/// Units of a line that have arrived.
fn delivered_units(packages: &[Package], line_id: &str) -> u32 {
    packages
        .iter()
        .filter(|package| status(package) == "DELIVERED")
        .flat_map(|package| &package.package_items.0)
        .filter(|part| part.order_item_id.text() == Some(line_id))
        .fold(0, |units: u32, part| {
            units.saturating_add(part.quantity.count().unwrap_or(0))
        })
}

/// Packages that have left. One that waits for its carrier, or was given up, has not.
fn shipments(packages: &[Package], lines: &[OrderLine]) -> Vec<Shipment> {
    packages
        .iter()
        .filter(|package| !matches!(status(package), "PENDING" | "CANCELLED"))
        .filter_map(|package| {
            let id = package.package_reference_id.owned()?;
            let parts = package.package_items.0.iter().filter_map(|part| {
                Some(ShipmentLine {
                    line_id: part.order_item_id.owned()?,
                    quantity: part.quantity.count()?,
                })
            });
            let mut parts: Vec<ShipmentLine> = parts.collect();
            // A package that tells no contents holds all that has left of the only line.
            if let ([], [line]) = (&parts[..], lines) {
                parts.push(ShipmentLine {
                    line_id: line.line_id.clone(),
                    quantity: line.quantity_shipped.max(1),
                });
            }
            Some(Shipment {
                id,
                carrier: package.carrier.owned(),
                service: package.shipping_service.owned(),
                tracking: package.tracking_number.owned(),
                tracking_url: None,
                shipped_at: package.ship_time.instant(),
                confirmation: Confirmation::Confirmed,
                lines: parts,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
