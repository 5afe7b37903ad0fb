//! A line of an order: quantities and amounts (amazon.md §7.1, §7.2).

use barrow_market::OrderIssue;
use barrow_model::{Currency, Money, OrderLine, Rounding, Sku};
use barrow_wire::Scalar;

use crate::types::order::{AmazonMoney, Breakdown, OrderItem};

/// An amount, where there is one.
pub(crate) fn money(
    amount: Option<&AmazonMoney>,
    field: &str,
) -> Result<Option<Money>, OrderIssue> {
    let Some(amount) = amount.filter(|amount| amount.amount.text().is_some()) else {
        return Ok(None);
    };
    let decimal = amount
        .amount
        .decimal()
        .ok_or_else(|| OrderIssue::new(format!("{field}.amount"), "a number"))?;
    let code = amount.currency_code.text().unwrap_or_default();
    let currency = Currency::parse(code)
        .map_err(|_| OrderIssue::new(format!("{field}.currencyCode"), "a currency"))?;
    Money::from_decimal(decimal, currency, Rounding::HalfUp)
        .map(Some)
        .map_err(|_| OrderIssue::new(format!("{field}.amount"), "an amount that can be held"))
}

/// The sum of amounts of one currency.
pub(crate) fn sum(
    field: &str,
    amounts: impl IntoIterator<Item = Money>,
) -> Result<Option<Money>, OrderIssue> {
    Money::sum(amounts).map_err(|error| OrderIssue::of_sum(field, &error))
}

/// What a line's parts add up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineAmounts {
    /// Goods before discounts.
    pub(crate) items: Option<Money>,
    /// Shipping.
    pub(crate) shipping: Option<Money>,
    /// Discounts, positive.
    pub(crate) discount: Option<Money>,
    /// Gift wrap, fees and the like.
    pub(crate) other: Option<Money>,
    /// Tax.
    pub(crate) tax: Option<Money>,
    /// Whether Amazon collects and remits the tax.
    pub(crate) tax_by_marketplace: bool,
    /// The number of an import scheme, which customs papers need.
    pub(crate) tax_reference: Option<String>,
}

fn absolute(amount: Money) -> Money {
    Money::new(amount.minor.saturating_abs(), amount.currency)
}

/// A part's amount: its own, else the sum of its details.
fn subtotal(part: &Breakdown, field: &str) -> Result<Option<Money>, OrderIssue> {
    if let Some(amount) = money(part.subtotal.as_ref(), field)? {
        return Ok(Some(amount));
    }
    let mut details = Vec::new();
    for detail in &part.detailed_breakdowns.0 {
        details.extend(money(detail.value.as_ref(), field)?);
    }
    sum(field, details)
}

/// Adds up the parts of a line. Kinds that are not known count as something else.
pub(crate) fn amounts(item: &OrderItem, field: &str) -> Result<LineAmounts, OrderIssue> {
    let (mut items, mut shipping, mut discount) = (Vec::new(), Vec::new(), Vec::new());
    let (mut other, mut tax) = (Vec::new(), Vec::new());
    for part in &item.proceeds.breakdowns.0 {
        let Some(amount) = subtotal(part, field)? else {
            continue;
        };
        match part.kind.text().unwrap_or_default() {
            "ITEM" => items.push(amount),
            "SHIPPING" => shipping.push(amount),
            "TAX" => tax.push(amount),
            // It may be written below zero or above.
            "DISCOUNT" => discount.push(absolute(amount)),
            _ => other.push(amount),
        }
    }
    let by_marketplace = item
        .tax
        .tax_collections
        .0
        .iter()
        .any(|collection| collection.model.text() == Some("MARKETPLACE_FACILITATOR"));
    Ok(LineAmounts {
        items: sum(field, items)?,
        shipping: sum(field, shipping)?,
        discount: sum(field, discount)?,
        other: sum(field, other)?,
        tax: sum(field, tax)?,
        tax_by_marketplace: by_marketplace,
        tax_reference: item
            .fulfillment
            .shipping
            .international_shipping
            .ioss_number
            .owned(),
    })
}

/// Units of a line: ordered, shipped, cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineUnits {
    pub(crate) ordered: u32,
    pub(crate) shipped: u32,
    pub(crate) cancelled: u32,
}

fn count(value: &Scalar, field: String) -> Result<Option<u32>, OrderIssue> {
    match value.text() {
        None => Ok(None),
        Some(_) => match value.count() {
            Some(count) => Ok(Some(count)),
            None => Err(OrderIssue::new(field, "a whole number")),
        },
    }
}

/// Reads a line's units. What is neither shipped nor still to be shipped is cancelled, except while
/// the order waits for its payment, when nothing is to be shipped yet.
pub(crate) fn units(item: &OrderItem, state: &str, field: &str) -> Result<LineUnits, OrderIssue> {
    let ordered = count(&item.quantity_ordered, format!("{field}.quantityOrdered"))?
        .ok_or_else(|| OrderIssue::new(format!("{field}.quantityOrdered"), "a whole number"))?;
    let fulfillment = &item.fulfillment;
    let done = count(
        &fulfillment.quantity_fulfilled,
        format!("{field}.fulfillment.quantityFulfilled"),
    )?;
    let left = count(
        &fulfillment.quantity_unfulfilled,
        format!("{field}.fulfillment.quantityUnfulfilled"),
    )?;
    // A line of which nothing is left may be told as one of none.
    let (total, none_left) = (ordered.max(1), ordered == 0);
    let shipped = match done {
        Some(done) => done.min(total),
        None if state == "SHIPPED" => ordered,
        None => 0,
    };
    let rest = total - shipped;
    let waits = state.starts_with("PENDING");
    let is_cancelled = item.cancellation.cancellation_execution.is_some();
    let cancelled = match (state, left) {
        ("CANCELLED", _) => rest,
        _ if none_left => rest,
        (_, Some(left)) if !waits || is_cancelled => rest.saturating_sub(left),
        (_, None) if is_cancelled => rest,
        _ => 0,
    };
    Ok(LineUnits {
        ordered: total,
        shipped,
        cancelled,
    })
}

/// A line with its amounts. `delivered` says how many of its units have arrived.
pub(crate) fn order_line(
    item: &OrderItem,
    state: &str,
    index: usize,
    delivered: &dyn Fn(&str) -> u32,
) -> Result<(OrderLine, LineAmounts), OrderIssue> {
    let field = format!("orderItems[{index}]");
    let line_id = item
        .order_item_id
        .owned()
        .ok_or_else(|| OrderIssue::new(format!("{field}.orderItemId"), "a line id"))?;
    let units = units(item, state, &field)?;
    let amounts = amounts(item, &format!("{field}.proceeds"))?;
    let product = &item.product;
    let told = money(
        product.price.unit_price.as_ref(),
        &format!("{field}.product.price.unitPrice"),
    )?;
    let unit_price = told.or_else(|| {
        let items = amounts.items?;
        let quantity = i64::from(units.ordered);
        (items.minor % quantity == 0).then(|| Money::new(items.minor / quantity, items.currency))
    });
    let line = OrderLine {
        sku: product.seller_sku.text().and_then(|sku| Sku::new(sku).ok()),
        listing_ref: product.asin.owned(),
        options: Vec::new(),
        title: product.title.owned().unwrap_or_default(),
        quantity: units.ordered,
        quantity_shipped: units.shipped,
        quantity_cancelled: units.cancelled,
        quantity_returned: 0,
        unit_price,
        subtotal: amounts.items,
        tax: amounts.tax,
        shipping: amounts.shipping,
        discount: amounts.discount,
        delivered: units.shipped > 0 && delivered(&line_id) >= units.shipped,
        line_id,
    };
    Ok((line, amounts))
}

#[cfg(test)]
mod tests {
    use super::{LineUnits, units};
    use crate::types::order::OrderItem;

    #[test]
    fn units_are_shipped_open_or_cancelled() {
        let check = |state: &str, json: &str, expected: [u32; 3]| {
            let item: OrderItem = serde_json::from_str(json).expect("a line");
            let [ordered, shipped, cancelled] = expected;
            let wanted = LineUnits {
                ordered,
                shipped,
                cancelled,
            };
            assert_eq!(units(&item, state, "l").expect("units"), wanted, "{json}");
        };
        let plain = r#"{"quantityOrdered":3}"#;
        check("PENDING", plain, [3, 0, 0]);
        check("UNSHIPPED", plain, [3, 0, 0]);
        check("SHIPPED", plain, [3, 3, 0]);
        check("CANCELLED", plain, [3, 0, 3]);
        let part = r#"{"quantityOrdered":"3","fulfillment":{"quantityFulfilled":1,
            "quantityUnfulfilled":1}}"#;
        check("PARTIALLY_SHIPPED", part, [3, 1, 1]);
        let waits = r#"{"quantityOrdered":2,"fulfillment":{"quantityFulfilled":0,
            "quantityUnfulfilled":0}}"#;
        check("PENDING", waits, [2, 0, 0]);
        check("UNSHIPPED", waits, [2, 0, 2]);
        let gone = r#"{"quantityOrdered":0,"fulfillment":{"quantityFulfilled":0,
            "quantityUnfulfilled":0}}"#;
        check("CANCELLED", gone, [1, 0, 1]);
        check("UNSHIPPED", gone, [1, 0, 1]);
        let executed = r#"{"quantityOrdered":2,"cancellation":{"cancellationExecution":{
            "cancelledBy":"BUYER"}}}"#;
        check("UNSHIPPED", executed, [2, 0, 2]);
    }

    #[test]
    fn what_is_no_number_is_named_without_its_value() {
        let item: OrderItem = serde_json::from_str(r#"{"quantityOrdered":"many"}"#).expect("it");
        let issue = units(&item, "UNSHIPPED", "orderItems[0]").expect_err("no number");
        assert_eq!(issue.field, "orderItems[0].quantityOrdered");
        assert!(!format!("{issue:?}").contains("many"));
    }
}
