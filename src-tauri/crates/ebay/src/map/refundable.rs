//! What can still be given back (ebay.md §8.4).

use barrow_market::OrderIssue;
use barrow_model::{Money, Order, RefundStatus};

use super::order::issue;
use super::order_amounts::{line_money, minus, money_at, positive, seller_tax, sum};
use crate::types;

/// What is left of a line or of the whole order: what the buyer paid to the seller, less what was
/// given back or is on its way. Tax that eBay collected goes back by itself. None where the order
/// has no such line, or does not tell its amounts.
pub fn refundable(
    record: &types::Order,
    order: &Order,
    line_id: Option<&str>,
) -> Result<Option<Money>, OrderIssue> {
    let paid = match line_id {
        Some(line_id) => paid_for_line(record, line_id)?,
        None => paid_for_order(order)?,
    };
    let Some(paid) = paid else { return Ok(None) };
    let given = order
        .refunds
        .iter()
        .filter(|refund| refund.state != RefundStatus::Failed)
        .filter(|refund| line_id.is_none() || refund.line_id.as_deref() == line_id)
        .map(|refund| Some(refund.amount));
    less(Some(paid), sum("refunds", given)?)
}

fn less(from: Option<Money>, part: Option<Money>) -> Result<Option<Money>, OrderIssue> {
    match (from, part) {
        (Some(from), Some(part)) => minus("refunds", from, part).map(Some),
        (from, _) => Ok(from),
    }
}

fn paid_for_order(order: &Order) -> Result<Option<Money>, OrderIssue> {
    less(order.amounts.total, order.amounts.tax_by_marketplace)
}

fn paid_for_line(record: &types::Order, line_id: &str) -> Result<Option<Money>, OrderIssue> {
    let found = record
        .line_items
        .iter()
        .enumerate()
        .find(|(_, item)| item.line_item_id.as_deref() == Some(line_id));
    let Some((index, item)) = found else {
        return Ok(None);
    };
    let units = item.quantity.and_then(|units| u32::try_from(units).ok());
    let units = units
        .filter(|units| *units >= 1)
        .ok_or_else(|| issue(format!("lineItems[{index}].quantity"), "a number"))?;
    let money = line_money(index, item, units)?;
    let field = format!("lineItems[{index}].deliveryCost");
    let off_delivery = money_at(&field, item.delivery_cost.discount_amount.as_ref())?;
    let tax = seller_tax(index, item)?;
    let added = sum(&field, [money.subtotal, money.shipping, tax])?;
    let reduced = sum(&field, [money.discount, off_delivery.map(positive)])?;
    less(added, reduced)
}
