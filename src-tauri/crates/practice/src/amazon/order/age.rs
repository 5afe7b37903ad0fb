//! What becomes of orders by themselves.

use std::time::Duration;

use super::super::state::State;
use super::{Order, Status, arrive};
use crate::marketplace::Now;

/// How long Amazon takes to ship what it ships.
const AMAZON_HANDLING: Duration = Duration::from_secs(4 * 3_600);
/// How long a package travels.
const TRAVEL: Duration = Duration::from_secs(2 * 24 * 3_600);
/// How late an order may be before Amazon cancels it.
const LATE_DAYS: i64 = 7;

/// Lets orders be paid, shipped, delivered and cancelled, and new ones come.
pub(in crate::amazon) fn advance(state: &mut State, now: Now) {
    for order in state.orders.iter_mut().filter(|order| !order.is_settled()) {
        settle_payment(order, now);
        if order.status == Status::Unshipped {
            ask_to_cancel(order, now);
        }
        let late = order.ship_by + chrono::Duration::days(LATE_DAYS) < now.wall;
        if late && order.is_open_to_seller() {
            order.cancel(&[], "AMAZON", "The order was not shipped in time", now);
        }
        ship_what_amazon_ships(order, now);
        if order.status_at.is_some_and(|at| at <= now.elapsed) {
            order.status_at = None;
            order.status = order.derived_status();
            order.touch(now);
        }
        deliver(order, now);
    }
    arrive::advance(state, now);
}

fn settle_payment(order: &mut Order, now: Now) {
    let settled = order.verified_at.is_some_and(|at| at <= now.elapsed);
    if order.status != Status::Pending || !settled {
        return;
    }
    order.verified_at = None;
    if order.declined {
        return order.cancel(&[], "BUYER", "The buyer changed their mind", now);
    }
    order.status = Status::Unshipped;
    order.touch(now);
}

fn ask_to_cancel(order: &mut Order, now: Now) {
    if order.asks_at.is_none_or(|at| at > now.elapsed) {
        return;
    }
    order.asks_at = None;
    if let Some(line) = order.lines.first_mut() {
        line.cancel_request = Some("Ordered by mistake".to_owned());
    }
    order.touch(now);
}

fn ship_what_amazon_ships(order: &mut Order, now: Now) {
    let due = order.arrived + AMAZON_HANDLING <= now.elapsed;
    if !order.by_amazon || order.status != Status::Unshipped || !due {
        return;
    }
    for line in &mut order.lines {
        line.shipped += line.open();
    }
    order.status = order.derived_status();
    order.touch(now);
}

fn deliver(order: &mut Order, now: Now) {
    let mut delivered = false;
    for package in order
        .packages
        .iter_mut()
        .filter(|package| !package.delivered)
    {
        if package.confirmed + TRAVEL <= now.elapsed {
            package.delivered = true;
            delivered = true;
        }
    }
    if delivered {
        order.touch(now);
    }
}
