//! An order's money: parts, taxes, refunds (ebay.md §8.2).

use barrow_market::OrderIssue;
use barrow_model::{Amounts, Money, Refund, RefundStatus, Tax, TaxCollector};

use super::money::{instant, money};
use super::order::issue;
use crate::types::{Amount, LineItem, LineRefund, Order, OrderRefund};

/// Name of a tax that eBay does not name.
const UNNAMED: &str = "Tax";

/// The amount of a field: none where it is absent, an issue where it is there and is no amount.
pub(super) fn money_at(field: &str, amount: Option<&Amount>) -> Result<Option<Money>, OrderIssue> {
    match amount {
        Some(amount) if amount.value.is_some() => match money(amount) {
            Some(read) => Ok(Some(read)),
            None => Err(issue(field, "an amount")),
        },
        _ => Ok(None),
    }
}

/// eBay writes discounts below zero; Barrow keeps them above.
pub(super) fn positive(money: Money) -> Money {
    Money::new(money.minor.saturating_abs(), money.currency)
}

pub(super) fn sum(
    field: &str,
    parts: impl IntoIterator<Item = Option<Money>>,
) -> Result<Option<Money>, OrderIssue> {
    Money::sum(parts.into_iter().flatten()).map_err(|_| issue(field, "amounts of one currency"))
}

pub(super) fn minus(field: &str, from: Money, less: Money) -> Result<Money, OrderIssue> {
    from.checked_sub(less)
        .map_err(|_| issue(field, "amounts of one currency"))
}

/// What a line's buyer pays.
pub(super) struct LineMoney {
    pub(super) unit_price: Option<Money>,
    pub(super) subtotal: Option<Money>,
    pub(super) tax: Option<Money>,
    pub(super) shipping: Option<Money>,
    pub(super) discount: Option<Money>,
}

pub(super) fn line_money(
    index: usize,
    item: &LineItem,
    quantity: u32,
) -> Result<LineMoney, OrderIssue> {
    let field = |name: &str| format!("lineItems[{index}].{name}");
    let subtotal = money_at(&field("lineItemCost"), item.line_item_cost.as_ref())?;
    let units = i64::from(quantity);
    let unit_price = subtotal
        .filter(|subtotal| subtotal.minor % units == 0)
        .map(|subtotal| Money::new(subtotal.minor / units, subtotal.currency));
    let reduced = money_at(
        &field("discountedLineItemCost"),
        item.discounted_line_item_cost.as_ref(),
    )?;
    let discount = match (subtotal, reduced) {
        (Some(full), Some(reduced)) => Some(positive(minus(&field("discount"), full, reduced)?)),
        _ => {
            let name = field("appliedPromotions");
            let mut promotions = Vec::new();
            for promotion in &item.applied_promotions {
                promotions.push(money_at(&name, promotion.discount_amount.as_ref())?.map(positive));
            }
            sum(&name, promotions)?
        }
    };
    let delivery = &item.delivery_cost;
    let shipping_name = field("deliveryCost");
    let shipping = sum(
        &shipping_name,
        [
            money_at(&shipping_name, delivery.shipping_cost.as_ref())?,
            money_at(&shipping_name, delivery.handling_cost.as_ref())?,
        ],
    )?;
    let taxes = split_taxes(index, item)?;
    let tax = sum(
        &field("taxes"),
        [
            taxes.seller,
            taxes.marketplace_inside,
            taxes.marketplace_beside,
        ],
    )?;
    Ok(LineMoney {
        unit_price,
        subtotal,
        tax,
        shipping,
        discount,
    })
}

/// A line's taxes by who keeps them. What eBay collects stands among the line's taxes as well
/// where the breakdown was asked for, and then it is in the order's total; else it stands beside.
struct SplitTaxes {
    seller: Option<Money>,
    marketplace_inside: Option<Money>,
    marketplace_beside: Option<Money>,
    named: Vec<Tax>,
}

fn split_taxes(index: usize, item: &LineItem) -> Result<SplitTaxes, OrderIssue> {
    let field = |name: &str| format!("lineItems[{index}].{name}");
    let mut listed = Vec::new();
    for tax in &item.taxes {
        if let Some(amount) = money_at(&field("taxes"), tax.amount.as_ref())? {
            listed.push((tax.tax_type.clone(), amount));
        }
    }
    let mut inside = Vec::new();
    let mut beside = Vec::new();
    let mut named = Vec::new();
    let name = field("ebayCollectAndRemitTaxes");
    for tax in &item.ebay_collect_and_remit_taxes {
        let Some(amount) = money_at(&name, tax.amount.as_ref())? else {
            continue;
        };
        let same = listed.iter().position(|(kind, listed)| {
            let kinds_differ = kind.is_some() && tax.tax_type.is_some() && *kind != tax.tax_type;
            *listed == amount && !kinds_differ
        });
        match same {
            Some(position) => {
                listed.remove(position);
                inside.push(Some(amount));
            }
            None => beside.push(Some(amount)),
        }
        let reference = tax.ebay_reference.as_ref();
        named.push(Tax {
            name: tax.tax_type.clone().unwrap_or_else(|| UNNAMED.to_owned()),
            amount,
            collected_by: TaxCollector::Marketplace,
            reference: reference.and_then(|reference| reference.value.clone()),
            reference_name: reference.and_then(|reference| reference.name.clone()),
        });
    }
    let seller = sum(
        &field("taxes"),
        listed.iter().map(|(_, amount)| Some(*amount)),
    )?;
    named.extend(listed.into_iter().map(|(kind, amount)| Tax {
        name: kind.unwrap_or_else(|| UNNAMED.to_owned()),
        amount,
        collected_by: TaxCollector::Seller,
        reference: None,
        reference_name: None,
    }));
    Ok(SplitTaxes {
        seller,
        marketplace_inside: sum(&name, inside)?,
        marketplace_beside: sum(&name, beside)?,
        named,
    })
}

/// The tax of a line that the seller collects.
pub(super) fn seller_tax(index: usize, item: &LineItem) -> Result<Option<Money>, OrderIssue> {
    Ok(split_taxes(index, item)?.seller)
}

/// All taxes one by one; those of nothing are left out.
pub(super) fn taxes(record: &Order) -> Result<Vec<Tax>, OrderIssue> {
    let mut all = Vec::new();
    for (index, item) in record.line_items.iter().enumerate() {
        all.extend(split_taxes(index, item)?.named);
    }
    all.retain(|tax| tax.amount.minor != 0);
    Ok(all)
}

/// The parts of the total. eBay's own tax and fee hold what it collects where the lines name it
/// among their taxes: that part is taken out of them, the rest is the seller's.
pub(super) fn amounts(record: &Order) -> Result<Amounts, OrderIssue> {
    let summary = &record.pricing_summary;
    let read = |name: &str, amount: &Option<Amount>| {
        money_at(&format!("pricingSummary.{name}"), amount.as_ref())
    };
    let items = read("priceSubtotal", &summary.price_subtotal)?;
    let shipping = read("deliveryCost", &summary.delivery_cost)?;
    let off_price = read("priceDiscount", &summary.price_discount)?.map(positive);
    let off_delivery = read("deliveryDiscount", &summary.delivery_discount)?.map(positive);
    let discount = sum("pricingSummary", [off_price, off_delivery])?;
    let adjustment = read("adjustment", &summary.adjustment)?;

    let mut seller = Vec::new();
    let mut inside = Vec::new();
    let mut beside = Vec::new();
    for (index, item) in record.line_items.iter().enumerate() {
        let taxes = split_taxes(index, item)?;
        seller.push(taxes.seller);
        inside.push(taxes.marketplace_inside);
        beside.push(taxes.marketplace_beside);
    }
    let inside = sum("ebayCollectAndRemitTaxes", inside)?;
    let beside = sum("ebayCollectAndRemitTaxes", beside)?;
    let tax_by_marketplace = sum("ebayCollectAndRemitTaxes", [inside, beside])?;

    let tax = match read("tax", &summary.tax)? {
        Some(tax) => Some(tax),
        None => sum("taxes", seller.into_iter().chain([inside]))?,
    };
    let fee = read("fee", &summary.fee)?;
    let (tax, fee) = without_marketplace(tax, fee, inside)?;
    let other = sum("pricingSummary", [fee, adjustment])?;

    let added = sum(
        "pricingSummary",
        [items, shipping, tax, tax_by_marketplace, other],
    )?;
    let total = match (added, discount) {
        (Some(added), Some(discount)) => Some(minus("pricingSummary", added, discount)?),
        (added, _) => added,
    };
    let refunded = refunds(record, "")?
        .into_iter()
        .filter(|refund| refund.state == RefundStatus::Done)
        .map(|refund| Some(refund.amount));
    Ok(Amounts {
        items,
        shipping,
        discount,
        tax,
        tax_by_marketplace,
        other,
        total,
        refunded: sum("refunds", refunded)?,
    })
}

/// Takes what eBay keeps out of tax, and what then is left of it out of the fee.
fn without_marketplace(
    tax: Option<Money>,
    fee: Option<Money>,
    kept: Option<Money>,
) -> Result<(Option<Money>, Option<Money>), OrderIssue> {
    let Some(kept) = kept else {
        return Ok((tax, fee));
    };
    let mut rest = kept;
    let mut take = |from: Option<Money>| -> Result<Option<Money>, OrderIssue> {
        let Some(from) = from else { return Ok(None) };
        let part = Money::new(rest.minor.min(from.minor), rest.currency);
        rest = minus("tax", rest, part)?;
        Ok(Some(minus("tax", from, part)?))
    };
    Ok((take(tax)?, take(fee)?))
}

/// Money given back: the order's refunds, with the line where exactly one names the same refund,
/// and those that only a line names.
pub(super) fn refunds(record: &Order, order_id: &str) -> Result<Vec<Refund>, OrderIssue> {
    let of_lines: Vec<(&LineItem, &LineRefund)> = record
        .line_items
        .iter()
        .flat_map(|item| item.refunds.iter().map(move |refund| (item, refund)))
        .collect();
    let mut all = Vec::new();
    for (index, refund) in record.payment_summary.refunds.iter().enumerate() {
        let field = format!("paymentSummary.refunds[{index}].amount");
        let Some(amount) = money_at(&field, refund.amount.as_ref())? else {
            continue;
        };
        let mut named = of_lines
            .iter()
            .filter(|(_, line)| refund.refund_id.is_some() && line.refund_id == refund.refund_id);
        let line_id = match (named.next(), named.next()) {
            (Some((item, _)), None) => item.line_item_id.clone(),
            _ => None,
        };
        let id = refund_id(refund, order_id, index);
        all.push(Refund {
            id,
            at: instant(refund.refund_date.as_deref()),
            line_id,
            amount: positive(amount),
            reason: None,
            state: refund_status(refund.refund_status.as_deref()),
        });
    }
    let of_order = all.len();
    for (item, refund) in of_lines {
        let Some(amount) = money_at("lineItems.refunds.amount", refund.amount.as_ref())? else {
            continue;
        };
        if is_of_order(record, refund) {
            continue;
        }
        let id = refund
            .refund_id
            .clone()
            .or_else(|| refund.refund_reference_id.clone());
        // One refund of several lines stands at each of them with what it gives for that line.
        let of_lines = all.get_mut(of_order..).unwrap_or_default().iter_mut();
        let mut same = of_lines.filter(|known| id.as_deref() == Some(known.id.as_str()));
        if let Some(same) = same.next() {
            same.amount.minor = same.amount.minor.saturating_add(positive(amount).minor);
            same.line_id = None;
            continue;
        }
        let is_given = refund.refund_date.is_some();
        all.push(Refund {
            id: id.unwrap_or_else(|| format!("{order_id}-{}", all.len() + 1)),
            at: instant(refund.refund_date.as_deref()),
            line_id: item.line_item_id.clone(),
            amount: positive(amount),
            reason: None,
            // A date is told when it has been given (`LineItemRefund`).
            state: match is_given {
                true => RefundStatus::Done,
                false => RefundStatus::Pending,
            },
        });
    }
    Ok(all)
}

/// Whether a refund that stands at a line stands at the order as well: by its id, or where neither
/// has one by sum and time.
fn is_of_order(record: &Order, of_line: &LineRefund) -> bool {
    let value = |amount: &Option<Amount>| amount.as_ref().and_then(|it| it.value.clone());
    record.payment_summary.refunds.iter().any(|of_order| {
        of_order.refund_id == of_line.refund_id
            && (of_line.refund_id.is_some()
                || (value(&of_order.amount) == value(&of_line.amount)
                    && of_order.refund_date == of_line.refund_date))
    })
}

fn refund_id(refund: &OrderRefund, order_id: &str, index: usize) -> String {
    refund
        .refund_id
        .clone()
        .or_else(|| refund.refund_reference_id.clone())
        .unwrap_or_else(|| format!("{order_id}-{}", index + 1))
}

fn refund_status(status: Option<&str>) -> RefundStatus {
    match status {
        Some("PENDING") => RefundStatus::Pending,
        Some("FAILED") => RefundStatus::Failed,
        // Older records name no state; they tell of what has been done.
        _ => RefundStatus::Done,
    }
}
