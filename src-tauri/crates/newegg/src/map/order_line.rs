//! A line of an order: quantities and amounts (newegg.md §6.1).

use barrow_market::OrderIssue;
use barrow_model::{Currency, Money, OrderLine, Rounding, Sku};

use crate::types::node::Node;

/// Where the order as a whole stands (newegg.md §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderStatus {
    Unshipped,
    PartlyShipped,
    Shipped,
    Invoiced,
    Voided,
    PaymentPending,
    Unknown,
}

impl OrderStatus {
    pub(crate) fn read(node: Node<'_>) -> Self {
        match node.count() {
            Some(0) => Self::Unshipped,
            Some(1) => Self::PartlyShipped,
            Some(2) => Self::Shipped,
            Some(3) => Self::Invoiced,
            Some(4) => Self::Voided,
            Some(5) => Self::PaymentPending,
            _ => Self::Unknown,
        }
    }

    /// Newegg's word for it.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Self::Unshipped => Some("Unshipped"),
            Self::PartlyShipped => Some("Partially Shipped"),
            Self::Shipped => Some("Shipped"),
            Self::Invoiced => Some("Invoiced"),
            Self::Voided => Some("Voided"),
            Self::PaymentPending => Some("Payment Pending"),
            Self::Unknown => None,
        }
    }
}

/// An amount, where there is one.
pub(crate) fn money(
    node: Node<'_>,
    field: &str,
    currency: Currency,
) -> Result<Option<Money>, OrderIssue> {
    let place = node.get(field);
    if !place.is_there() {
        return Ok(None);
    }
    let decimal = place
        .decimal()
        .ok_or_else(|| OrderIssue::new(field, "a number"))?;
    Money::from_decimal(decimal, currency, Rounding::HalfUp)
        .map(Some)
        .map_err(|_| OrderIssue::new(field, "an amount that can be held"))
}

/// The sum of amounts that are there.
pub(crate) fn sum(
    field: &str,
    amounts: impl IntoIterator<Item = Option<Money>>,
) -> Result<Option<Money>, OrderIssue> {
    Money::sum(amounts.into_iter().flatten())
        .map_err(|_| OrderIssue::new(field, "amounts that can be added"))
}

/// Reads a line. It has no id of its own: the part number is its key (newegg.md §6.1).
pub(crate) fn order_line(
    row: Node<'_>,
    order: OrderStatus,
    currency: Currency,
) -> Result<OrderLine, OrderIssue> {
    let sku = row.get("SellerPartNumber").text();
    let item = row.get("NeweggItemNumber").text();
    let line_id = sku.clone().or_else(|| item.clone());
    let line_id = line_id.ok_or_else(|| OrderIssue::new("SellerPartNumber", "a part number"))?;
    let quantity = row
        .get("OrderedQty")
        .count()
        .filter(|units| *units > 0)
        .ok_or_else(|| OrderIssue::new("OrderedQty", "a whole number above zero"))?;
    let (shipped, cancelled) = units(row, order, quantity);
    let unit_price = money(row, "UnitPrice", currency)?;
    let subtotal = match money(row, "ExtendUnitPrice", currency)? {
        Some(told) => Some(told),
        None => unit_price
            .map(|price| price.checked_mul(quantity))
            .transpose()
            .map_err(|_| OrderIssue::new("UnitPrice", "an amount that can be held"))?,
    };
    Ok(OrderLine {
        sku: sku.and_then(|sku| Sku::new(sku).ok()),
        listing_ref: item,
        options: Vec::new(),
        title: row
            .get("Description")
            .text()
            .unwrap_or_else(|| line_id.clone()),
        line_id,
        quantity,
        quantity_shipped: shipped,
        quantity_cancelled: cancelled,
        quantity_returned: 0,
        unit_price,
        subtotal,
        tax: money(row, "ExtendSalesTax", currency)?,
        shipping: money(row, "ExtendShippingCharge", currency)?,
        discount: None,
        delivered: false,
    })
}

/// Units shipped and cancelled, by the line's own status and the order's: lines go whole
/// (newegg.md §6.3, §6.4).
fn units(row: Node<'_>, order: OrderStatus, ordered: u32) -> (u32, u32) {
    let told = row.get("ShippedQty").count();
    let (is_shipped, is_cancelled) = match row.get("Status").count() {
        Some(2) => (true, false),
        Some(3) => (false, true),
        // The line's status stays behind the order's.
        _ => (
            matches!(order, OrderStatus::Shipped | OrderStatus::Invoiced),
            order == OrderStatus::Voided,
        ),
    };
    let shipped = match told {
        Some(units) if units > 0 => units.min(ordered),
        _ if is_shipped => ordered,
        _ => 0,
    };
    let cancelled = if is_cancelled || order == OrderStatus::Voided {
        ordered - shipped
    } else {
        0
    };
    (shipped, cancelled)
}

/// Lines of one part number become one: nothing else tells them apart.
pub(crate) fn merged(lines: Vec<OrderLine>) -> Result<Vec<OrderLine>, OrderIssue> {
    let mut out: Vec<OrderLine> = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(known) = out.iter_mut().find(|known| known.line_id == line.line_id) else {
            out.push(line);
            continue;
        };
        let add = |a: u32, b: u32| {
            a.checked_add(b)
                .ok_or_else(|| OrderIssue::new("OrderedQty", "units that can be added"))
        };
        known.quantity = add(known.quantity, line.quantity)?;
        known.quantity_shipped = add(known.quantity_shipped, line.quantity_shipped)?;
        known.quantity_cancelled = add(known.quantity_cancelled, line.quantity_cancelled)?;
        if known.unit_price != line.unit_price {
            known.unit_price = None;
        }
        known.subtotal = sum("ExtendUnitPrice", [known.subtotal, line.subtotal])?;
        known.tax = sum("ExtendSalesTax", [known.tax, line.tax])?;
        known.shipping = sum("ExtendShippingCharge", [known.shipping, line.shipping])?;
    }
    Ok(out)
}
