//! Flat files that cancel and refund orders (amazon.md §5). Columns are found by their names.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::order::Order;
use super::super::state::State;
use crate::marketplace::Now;

/// Columns of a refund that are amounts; together they are what is paid back.
const AMOUNTS: [&str; 6] = [
    "item-price-adj",
    "item-tax-adj",
    "shipping-price-adj",
    "shipping-tax-adj",
    "gift-wrap-price-adj",
    "gift-wrap-tax-adj",
];

/// Works through a file and returns its report.
pub(super) fn work(state: &mut State, text: &str, refunds: bool, now: Now) -> String {
    let mut lines = text.lines().map(|line| line.trim_end_matches('\r'));
    let header = lines.next().unwrap_or_default();
    let names: Vec<&str> = header.split('\t').map(str::trim).collect();
    let mut processed = 0;
    let mut errors = Vec::new();
    for (index, line) in lines
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        processed += 1;
        let row = Row {
            names: &names,
            cells: line.split('\t').map(str::trim).collect(),
        };
        let done = if refunds {
            refund(state, &row, now)
        } else {
            cancel(state, &row, now)
        };
        if let Err(text) = done {
            errors.push(format!("{}\t18029\tError\t{text}", index + 1));
        }
    }
    let successful = processed - errors.len();
    let mut report = format!(
        "Feed Processing Summary:\n\tNumber of records processed\t\t{processed}\n\
         \tNumber of records successful\t\t{successful}\n\n\
         original-record-number\terror-code\terror-type\terror-message\n"
    );
    for error in errors {
        report.push_str(&error);
        report.push('\n');
    }
    report
}

struct Row<'a> {
    names: &'a [&'a str],
    cells: Vec<&'a str>,
}

impl Row<'_> {
    fn cell(&self, name: &str) -> &str {
        let index = self.names.iter().position(|known| *known == name);
        index
            .and_then(|index| self.cells.get(index))
            .copied()
            .unwrap_or_default()
    }

    fn reason(&self, name: &str) -> Result<&str, &'static str> {
        let reason = self.cell(name);
        let word = !reason.is_empty() && reason.bytes().all(|c| c.is_ascii_alphabetic());
        word.then_some(reason)
            .ok_or("The reason code is missing or not known.")
    }
}

fn order<'a>(state: &'a mut State, row: &Row<'_>) -> Result<&'a mut Order, &'static str> {
    let id = row.cell("order-id");
    let order = state.orders.iter_mut().find(|order| order.id == id);
    order.ok_or("The order is not found.")
}

/// Cancels one line, or the whole order where none is named.
fn cancel(state: &mut State, row: &Row<'_>, now: Now) -> Result<(), &'static str> {
    let reason = row.reason("cancellation-reason-code")?.to_owned();
    let line = row.cell("amazon-order-item-code").to_owned();
    let order = order(state, row)?;
    if !order.is_open_to_seller() {
        return Err("The order cannot be cancelled any more.");
    }
    let open = order
        .lines
        .iter()
        .any(|known| known.id == line && known.open() > 0);
    if !line.is_empty() && !open {
        return Err("The order item is not found or not open.");
    }
    let lines = if line.is_empty() {
        Vec::new()
    } else {
        vec![line]
    };
    order.cancel(&lines, "MERCHANT", &reason, now);
    Ok(())
}

fn refund(state: &mut State, row: &Row<'_>, now: Now) -> Result<(), &'static str> {
    row.reason("adjustment-reason-code")?;
    let line = row.cell("order-item-id").to_owned();
    let mut minor = 0_i64;
    for name in AMOUNTS {
        let text = row.cell(name);
        if text.is_empty() {
            continue;
        }
        let amount = text
            .parse::<Decimal>()
            .ok()
            .filter(|amount| amount.scale() <= 2);
        let units = amount.and_then(|amount| amount.checked_mul(Decimal::from(100)));
        let units = units
            .and_then(|units| units.to_i64())
            .filter(|units| *units >= 0);
        minor = minor.saturating_add(units.ok_or("An amount cannot be read.")?);
    }
    let currency = row.cell("currency").to_owned();
    let order = order(state, row)?;
    if order.currency() != currency {
        return Err("The currency is not that of the order.");
    }
    if !order.refund(&line, minor, now) {
        return Err("The refund is more than was paid for what was shipped.");
    }
    Ok(())
}
