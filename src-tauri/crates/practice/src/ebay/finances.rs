//! Money as the Finances API tells of it (ebay.md §8.7): sales with their fees, refunds with the
//! fees that are given back, ad fees some minutes after their sale.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::Call;
use super::money::amount;
use super::order::{Line, Order, Payment, Refund, stamp};
use super::state::State;
use crate::random::Random;

/// Transactions of a page (ebay.md §8.7).
const ROWS: usize = 20;
const ROWS_MAX: usize = 1_000;
/// The longest time that is asked for (ebay.md §8.7: 36 months).
const RANGE_DAYS: i64 = 3 * 366;
/// Of a hundred lines so many were sold through an ad.
const ADS: u64 = 15;
/// How long after its sale an ad fee is booked.
const AD_MINUTES: i64 = 5;

fn refusal(id: u32, message: &str) -> Refusal {
    Problem::new(400, id, "API_FINANCES", message).into()
}

/// A part of a fee or a price, rounded down to a whole cent.
fn share(minor: i64, of: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { minor * of / whole }
}

/// A final value fee of 13.25 % of a line, and of the first line the fixed part.
fn line_fees(order: &Order, line: &Line) -> Vec<(&'static str, i64)> {
    let base = line.cost_minor() + line.shipping_minor + line.tax_minor();
    let mut fees = vec![("FINAL_VALUE_FEE", base * 1325 / 10_000)];
    if order.lines.first().is_some_and(|first| first.id == line.id) {
        fees.push(("FINAL_VALUE_FEE_FIXED_PER_ORDER", 30));
    }
    fees
}

fn fee_total(order: &Order) -> i64 {
    let lines = order.lines.iter();
    lines
        .flat_map(|line| line_fees(order, line))
        .map(|(_, minor)| minor)
        .sum()
}

fn sale(order: &Order) -> Option<(DateTime<Utc>, Value)> {
    let Payment::Paid(at) = order.payment else {
        return None;
    };
    let money = |minor: i64| amount(minor, &order.currency);
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|line| {
            let fees: Vec<Value> = line_fees(order, line)
                .into_iter()
                .map(|(kind, minor)| json!({ "feeType": kind, "amount": money(minor) }))
                .collect();
            json!({
                "lineItemId": line.id,
                "feeBasisAmount": money(line.cost_minor() + line.shipping_minor),
                "marketplaceFees": fees,
            })
        })
        .collect();
    let body = json!({
        "transactionId": order.id.replace('-', ""),
        "transactionType": "SALE",
        "transactionStatus": "FUNDS_AVAILABLE_FOR_PAYOUT",
        "transactionDate": stamp(at),
        "bookingEntry": "CREDIT",
        "orderId": order.id,
        "buyer": { "username": order.buyer.username },
        "amount": money(order.total_minor() - fee_total(order)),
        "totalFeeAmount": money(fee_total(order)),
        "totalFeeBasisAmount": money(order.total_minor()),
        "orderLineItems": lines,
        "salesRecordReference": order.id.rsplit('-').next().unwrap_or_default(),
    });
    Some((at, body))
}

/// A refund gives the final value fee of its share back; the fixed part stays with eBay.
fn refund(order: &Order, refund: &Refund) -> (DateTime<Utc>, Value) {
    let money = |minor: i64| amount(minor, &order.currency);
    let total = order.total_minor();
    let mut credit = 0;
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|line| {
            let fee = line_fees(order, line)
                .first()
                .map_or(0, |(_, minor)| *minor);
            let back = share(fee, refund.minor, total);
            credit += back;
            json!({
                "lineItemId": line.id,
                "marketplaceFees": [{ "feeType": "FINAL_VALUE_FEE", "amount": money(back) }],
            })
        })
        .collect();
    let body = json!({
        "transactionId": refund.id,
        "transactionType": "REFUND",
        "transactionStatus": "FUNDS_AVAILABLE_FOR_PAYOUT",
        "transactionDate": stamp(refund.at),
        "bookingEntry": "DEBIT",
        "orderId": order.id,
        "buyer": { "username": order.buyer.username },
        "amount": money(refund.minor - credit),
        "totalFeeAmount": money(credit),
        "orderLineItems": lines,
    });
    (refund.at, body)
}

fn ads(state: &State, order: &Order) -> Vec<(DateTime<Utc>, Value)> {
    let Payment::Paid(at) = order.payment else {
        return Vec::new();
    };
    let at = at + Duration::minutes(AD_MINUTES);
    let lines = order.lines.iter().filter(|line| {
        let mut random = Random::named(state.seed, &format!("ebay ad {}", line.id));
        random.below(100) < ADS
    });
    lines
        .map(|line| {
            let body = json!({
                "transactionId": format!("FEE-{}", line.id),
                "transactionType": "NON_SALE_CHARGE",
                "transactionStatus": "FUNDS_AVAILABLE_FOR_PAYOUT",
                "transactionDate": stamp(at),
                "bookingEntry": "DEBIT",
                "feeType": "AD_FEE",
                "amount": amount(line.cost_minor() / 20, &order.currency),
                "references": [
                    { "referenceId": line.listing, "referenceType": "ITEM_ID" },
                    { "referenceId": order.id, "referenceType": "ORDER_ID" },
                ],
            });
            (at, body)
        })
        .collect()
}

/// Everything that was booked so far.
fn booked(state: &State, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Value)> {
    let mut rows = Vec::new();
    for order in &state.orders {
        rows.extend(sale(order));
        rows.extend(ads(state, order));
        let done = order.refunds.iter().filter(|refund| refund.done);
        rows.extend(done.map(|one| refund(order, one)));
    }
    rows.retain(|(at, _)| *at <= now);
    rows
}

/// An end of a range, which may be left out.
type End = Option<DateTime<Utc>>;

/// The two ends of `transactionDate:[from..to]`.
fn range(filter: &str) -> Option<(End, End)> {
    let inner = filter
        .strip_prefix("transactionDate:[")?
        .strip_suffix(']')?;
    let (from, to) = inner.split_once("..")?;
    let end = |text: &str| match text {
        "" => Some(None),
        text => {
            let at = DateTime::parse_from_rfc3339(text).ok()?;
            Some(Some(at.with_timezone(&Utc)))
        }
    };
    Some((end(from)?, end(to)?))
}

/// `GET /transaction`: 204 where there is none; newest first unless `sort` says otherwise. Of the
/// filters only the date is practised.
pub(super) fn transactions(state: &mut State, call: &Call) -> Outcome {
    let invalid = || refusal(135_008, "The value of transaction date filter is invalid.");
    let (from, to) = match call.parameter("filter") {
        None => (None, None),
        Some(filter) => range(filter).ok_or_else(invalid)?,
    };
    if let (Some(from), Some(to)) = (from, to) {
        if to < from {
            return Err(invalid());
        }
        if (to - from).num_days() > RANGE_DAYS {
            return Err(refusal(135_016, "The supplied date range is invalid."));
        }
    }
    let number = |name: &str, usual: usize| match call.parameter(name) {
        None => Ok(usual),
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| refusal(135_003, "The value of pagination is invalid.")),
    };
    let (limit, offset) = (number("limit", ROWS)?, number("offset", 0)?);
    if !(1..=ROWS_MAX).contains(&limit) {
        return Err(refusal(135_003, "The value of pagination is invalid."));
    }
    let mut rows = booked(state, call.now.wall);
    rows.retain(|(at, _)| from.is_none_or(|from| *at >= from) && to.is_none_or(|to| *at <= to));
    rows.sort_by_key(|(at, _)| *at);
    match call.parameter("sort") {
        Some("transactionDate") => {}
        None | Some("-transactionDate") => rows.reverse(),
        Some(_) => return Err(refusal(135_005, "The value of sorting is invalid.")),
    }
    if rows.is_empty() {
        return Ok(Answer::empty(204));
    }
    let rows = rows.into_iter().map(|(_, body)| body).collect();
    Ok(page_of(call, "transactions", rows, offset, limit))
}

/// One page of a list with its total, its own address, and that of the next page if there is one.
pub(super) fn page_of(
    call: &Call,
    name: &str,
    rows: Vec<Value>,
    offset: usize,
    limit: usize,
) -> Answer {
    let total = rows.len();
    let rows: Vec<Value> = rows.into_iter().skip(offset).take(limit).collect();
    let link = |offset: usize| {
        format!(
            "{}{}?limit={limit}&offset={offset}",
            call.base,
            call.resource()
        )
    };
    let mut body = json!({
        "href": link(offset), "limit": limit, "offset": offset, "total": total, name: rows,
    });
    if offset + limit < total {
        body["next"] = json!(link(offset + limit));
    }
    Answer::ok(body)
}
