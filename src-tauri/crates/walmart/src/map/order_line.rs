//! A line of an order: quantities, charges, taxes (walmart.md §7.2).

use barrow_market::OrderIssue;
use barrow_model::{Currency, Money, OrderLine, Rounding, Sku};
use barrow_wire::Scalar;

use crate::types::order::{Amount, Charge, PurchaseOrderLine};

/// An amount, where there is one. Noise beyond the currency's decimals is rounded away.
pub(crate) fn money(amount: &Amount, field: &str) -> Result<Option<Money>, OrderIssue> {
    if amount.amount.text().is_none() {
        return Ok(None);
    }
    let decimal = amount
        .amount
        .decimal()
        .ok_or_else(|| OrderIssue::new(format!("{field}.amount"), "a number"))?;
    let currency = match amount.currency.text() {
        Some(code) => Currency::parse(code)
            .map_err(|_| OrderIssue::new(format!("{field}.currency"), "a currency"))?,
        None => crate::config::CURRENCY,
    };
    Money::from_decimal(decimal, currency, Rounding::HalfUp)
        .map(Some)
        .map_err(|_| OrderIssue::new(format!("{field}.amount"), "an amount that can be held"))
}

fn sum(field: &str, amounts: impl IntoIterator<Item = Money>) -> Result<Option<Money>, OrderIssue> {
    Money::sum(amounts).map_err(|error| OrderIssue::of_sum(field, &error))
}

/// What a line's charges add up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineCharges {
    /// Goods before discounts.
    pub(crate) items: Option<Money>,
    /// Shipping.
    pub(crate) shipping: Option<Money>,
    /// Discounts, positive.
    pub(crate) discount: Option<Money>,
    /// Fees and the like.
    pub(crate) other: Option<Money>,
    /// Tax of all charges.
    pub(crate) tax: Option<Money>,
    /// Taxes one by one.
    pub(crate) taxes: Vec<(String, Money)>,
}

/// Adds up charges. A subscription's discount is a PRODUCT charge of its own, below zero: all of
/// them count, not the first (walmart.md §7.2).
pub(crate) fn charges(charges: &[Charge], field: &str) -> Result<LineCharges, OrderIssue> {
    let (mut items, mut shipping, mut discount) = (Vec::new(), Vec::new(), Vec::new());
    let (mut other, mut taxes) = (Vec::new(), Vec::new());
    for charge in charges {
        let amount = money(&charge.charge_amount, &format!("{field}.chargeAmount"))?;
        let name = charge.charge_name.text().unwrap_or_default();
        let kind = charge.charge_type.text().unwrap_or("PRODUCT");
        if let Some(amount) = amount {
            let reduces = amount.minor < 0 || name.to_ascii_lowercase().contains("discount");
            match kind.to_ascii_uppercase().as_str() {
                "PRODUCT" | "SHIPPING" if reduces => {
                    discount.push(Money::new(amount.minor.saturating_abs(), amount.currency));
                }
                "PRODUCT" => items.push(amount),
                "SHIPPING" => shipping.push(amount),
                _ => other.push(amount),
            }
        }
        for tax in &charge.tax.0 {
            if let Some(amount) = money(&tax.tax_amount, &format!("{field}.taxAmount"))? {
                taxes.push((
                    tax.tax_name.owned().unwrap_or_else(|| "Tax".to_owned()),
                    amount,
                ));
            }
        }
    }
    Ok(LineCharges {
        items: sum(field, items)?,
        shipping: sum(field, shipping)?,
        discount: sum(field, discount)?,
        other: sum(field, other)?,
        tax: sum(field, taxes.iter().map(|(_, amount)| *amount))?,
        taxes,
    })
}

/// How many of a line's units stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineUnits {
    pub(crate) created: u32,
    pub(crate) shipped: u32,
    pub(crate) delivered: u32,
    pub(crate) cancelled: u32,
    pub(crate) total: u32,
}

/// Adds up a line's statuses, which are per quantity: of three units, two may be shipped and one
/// cancelled (walmart.md §7.2).
pub(crate) fn units(line: &PurchaseOrderLine, field: &str) -> Result<LineUnits, OrderIssue> {
    let mut units = LineUnits::default();
    for status in &line.order_line_statuses.order_line_status.0 {
        let field = format!("{field}.orderLineStatuses.statusQuantity");
        let amount = count(&status.status_quantity.amount, &field)?.unwrap_or(1);
        let word = status
            .status
            .text()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let place = match word.as_str() {
            "created" => Some(&mut units.created),
            // A refunded unit has left; whether it came back is told by returns alone.
            "shipped" | "refund" | "refunded" => Some(&mut units.shipped),
            "delivered" => Some(&mut units.delivered),
            "cancelled" | "canceled" => Some(&mut units.cancelled),
            _ => None,
        };
        if let Some(place) = place {
            *place = place.saturating_add(amount);
        }
        units.total = units.total.saturating_add(amount);
    }
    let ordered = count(
        &line.order_line_quantity.amount,
        &format!("{field}.orderLineQuantity"),
    )?;
    units.total = units.total.max(ordered.unwrap_or(0));
    if units.total == 0 {
        return Err(OrderIssue::new(
            format!("{field}.orderLineQuantity"),
            "at least one unit",
        ));
    }
    Ok(units)
}

fn count(amount: &Scalar, field: &str) -> Result<Option<u32>, OrderIssue> {
    match amount.text() {
        None => Ok(None),
        Some(_) => match amount.count() {
            Some(count) => Ok(Some(count)),
            None => Err(OrderIssue::new(format!("{field}.amount"), "a whole number")),
        },
    }
}

/// A line with its charges.
pub(crate) fn order_line(
    line: &PurchaseOrderLine,
    index: usize,
) -> Result<(OrderLine, LineUnits, LineCharges), OrderIssue> {
    let field = format!("orderLines.orderLine[{index}]");
    let line_id = line
        .line_number
        .owned()
        .ok_or_else(|| OrderIssue::new(format!("{field}.lineNumber"), "a line number"))?;
    let units = units(line, &field)?;
    let charges = charges(&line.charges.charge.0, &format!("{field}.charges"))?;
    let sku = line.item.sku.text().and_then(|text| Sku::new(text).ok());
    let shipped = units.shipped.saturating_add(units.delivered);
    // PRODUCT is the line's amount (walmart.md §7.2); a unit's price is told only where it divides.
    let unit_price = charges.items.and_then(|items| {
        let quantity = i64::from(units.total);
        (items.minor % quantity == 0).then(|| Money::new(items.minor / quantity, items.currency))
    });
    let mapped = OrderLine {
        line_id,
        sku,
        listing_ref: None,
        options: Vec::new(),
        title: line.item.product_name.owned().unwrap_or_default(),
        quantity: units.total,
        quantity_shipped: shipped,
        quantity_cancelled: units.cancelled,
        quantity_returned: 0,
        unit_price,
        subtotal: charges.items,
        tax: charges.tax,
        shipping: charges.shipping,
        discount: charges.discount,
        delivered: units.delivered > 0 && units.shipped == 0,
    };
    Ok((mapped, units, charges))
}
