//! Buyers: orders that come by themselves and orders that are placed on demand.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::state::{Item, State};
use super::{Charge, Line, LineStatus, NodeType, Order, Part};
use crate::buyers::Buyer;
use crate::marketplace::{Now, OrderRequestLine, PlaceOrderError};
use crate::random::Random;

/// The first order comes within this time after something is for sale, so that a newcomer sees one.
const FIRST_ORDER_SECONDS: (u64, u64) = (20, 100);

/// The most orders that come in one step, however long nobody looked: buyers do not wait.
const ARRIVALS_MAX: u32 = 500;

/// Line quantities above this are never split into lines of one unit.
const SPLIT_UNITS_MAX: u32 = 10;

/// Lets the orders come that are due.
pub(super) fn advance(state: &mut State, now: Now) {
    let Some(live_at) = state.first_live_at.filter(|_| state.orders_per_hour > 0) else {
        return;
    };
    let first = state.next_order_at;
    let mut next = first.unwrap_or_else(|| {
        let (low, high) = FIRST_ORDER_SECONDS;
        live_at + Duration::from_secs(state.buyers.between(low, high))
    });
    let mut for_sale = None;
    let mut arrivals_left = ARRIVALS_MAX.min(state.orders_per_hour.saturating_mul(4));
    while next <= now.elapsed {
        if arrivals_left == 0 {
            next = now.elapsed;
        } else {
            arrivals_left -= 1;
            let for_sale = for_sale.get_or_insert_with(|| skus_for_sale(state));
            arrive(state, for_sale, now);
        }
        let mean_ms = 3_600_000 / u64::from(state.orders_per_hour);
        let wait_ms = state
            .buyers
            .between(mean_ms / 2, mean_ms + mean_ms / 2)
            .max(1);
        next += Duration::from_millis(wait_ms);
    }
    state.next_order_at = Some(next);
}

fn skus_for_sale(state: &State) -> Vec<String> {
    let for_sale = state.items.values().filter(|item| item.for_sale() > 0);
    for_sale.map(|item| item.sku.clone()).collect()
}

/// A buyer chooses among what is for sale; nothing happens where nothing is left.
fn arrive(state: &mut State, for_sale: &[String], now: Now) {
    let mut basket: BTreeMap<String, u32> = BTreeMap::new();
    let choices = if state.buyers.chance(25) {
        state.buyers.between(2, 3)
    } else {
        1
    };
    for _ in 0..choices {
        let Some(sku) = state.buyers.pick(for_sale) else {
            continue;
        };
        let wanted = if state.buyers.chance(20) {
            state.buyers.between(2, 3)
        } else {
            1
        };
        let available = state.items.get(sku).map_or(0, Item::for_sale);
        let wanted = u32::try_from(wanted).unwrap_or(1).min(available);
        if wanted > 0 {
            basket.insert(sku.clone(), wanted);
        }
    }
    if basket.is_empty() {
        return;
    }
    let lines: Vec<OrderRequestLine> = basket
        .into_iter()
        .map(|(sku, quantity)| OrderRequestLine { sku, quantity })
        .collect();
    let node_type = if state.buyers.chance(10) {
        NodeType::Walmart
    } else {
        NodeType::Seller
    };
    let intends = node_type == NodeType::Seller && state.buyers.chance(8);
    let order = order(state, &lines, node_type, now);
    let Some(order) = state
        .orders
        .iter_mut()
        .find(|known| known.purchase_order_id == order)
    else {
        return;
    };
    if let Some(line) = order.lines.first_mut() {
        line.intent_to_cancel = intends;
    }
}

/// Places an order on demand.
pub(in crate::walmart) fn place(
    state: &mut State,
    lines: &[OrderRequestLine],
    now: Now,
) -> Result<String, PlaceOrderError> {
    if lines.is_empty() || lines.iter().any(|line| line.quantity == 0) {
        return Err(PlaceOrderError::Empty);
    }
    let mut asked: BTreeMap<&str, u32> = BTreeMap::new();
    for line in lines {
        let units = asked.entry(line.sku.as_str()).or_default();
        *units = units.saturating_add(line.quantity);
    }
    for (sku, units) in asked {
        let available = match state.items.get(sku) {
            Some(item) if item.is_live() => item.for_sale(),
            _ => return Err(PlaceOrderError::NotForSale(sku.to_owned())),
        };
        if available < units {
            return Err(PlaceOrderError::TooFew {
                sku: sku.to_owned(),
                available,
            });
        }
    }
    Ok(order(state, lines, NodeType::Seller, now))
}

/// Writes an order down and takes its units off sale. The caller has checked that they are there.
fn order(state: &mut State, wanted: &[OrderRequestLine], node_type: NodeType, now: Now) -> String {
    let mut lines: Vec<Line> = Vec::new();
    let mut handling_days = 1;
    for line in wanted {
        let Some(item) = state.items.get_mut(&line.sku) else {
            continue;
        };
        handling_days = handling_days.max(i64::from(item.lag_days));
        let node = if node_type == NodeType::Seller {
            take(item, line.quantity)
        } else {
            String::from("WFS")
        };
        let item = item.clone();
        let random = &mut state.buyers;
        // Walmart normally splits units into lines of one (walmart.md §7.2).
        let whole = line.quantity > SPLIT_UNITS_MAX || random.chance(25);
        let (count, units) = if whole {
            (1, line.quantity)
        } else {
            (line.quantity, 1)
        };
        let subscribed = random.chance(8);
        let tax_permille = i64::try_from(random.between(0, 95)).unwrap_or(0);
        for _ in 0..count {
            let number = (lines.len() + 1).to_string();
            let charges = charges(&item, units, subscribed, tax_permille);
            lines.push(new_line(&item, number, &node, units, charges, now));
        }
    }
    let random = &mut state.buyers;
    if random.chance(30) {
        let shipping = Charge {
            kind: "SHIPPING".to_owned(),
            name: "Shipping".to_owned(),
            amount: 599,
            tax_name: None,
            tax: 0,
            reason: None,
        };
        if let Some(line) = lines.first_mut() {
            line.charges.push(shipping);
        }
    }
    let order = new_order(random, lines, node_type, handling_days, now);
    let id = order.purchase_order_id.clone();
    state.orders.push(order);
    id
}

fn new_order(
    random: &mut Random,
    lines: Vec<Line>,
    node_type: NodeType,
    handling_days: i64,
    now: Now,
) -> Order {
    let hex = "0123456789abcdef";
    let methods = ["Standard", "Standard", "Standard", "Value", "Express"];
    let method = random.pick(&methods).copied().unwrap_or("Standard");
    let ship_by = now.wall + chrono::Duration::days(handling_days);
    Order {
        purchase_order_id: format!("1{}", random.digits(12)),
        customer_order_id: format!("2000{}", random.digits(11)),
        buyer_id: [8, 4, 4, 4, 12]
            .map(|length| random.text(length, hex))
            .join("-"),
        buyer: Buyer::made_up(random),
        placed_at: now.wall,
        changed_at: now.wall,
        arrived: now.elapsed,
        ship_by,
        deliver_by: ship_by + chrono::Duration::days(4),
        method: method.to_owned(),
        node_type,
        program: (method == "Express").then(|| "TWO_DAY".to_owned()),
        lines,
    }
}

fn new_line(
    item: &Item,
    number: String,
    node: &str,
    units: u32,
    charges: Vec<Charge>,
    now: Now,
) -> Line {
    Line {
        number,
        sku: item.sku.clone(),
        name: item.name.clone(),
        condition: item.condition.clone(),
        image: item.image.clone(),
        weight: item.weight,
        node: node.to_owned(),
        quantity: units,
        charges,
        parts: vec![Part {
            status: LineStatus::Created,
            quantity: units,
            reason: None,
            tracking: None,
            shipped: Duration::ZERO,
        }],
        changed_at: now.wall,
        intent_to_cancel: false,
        seller_order_id: None,
        refunds: Vec::new(),
        refund_id: None,
        refund_comments: None,
    }
}

/// Charges are those of the whole line (walmart.md §7.2).
fn charges(item: &Item, units: u32, subscribed: bool, tax_permille: i64) -> Vec<Charge> {
    let product = |name: &str, amount: i64| Charge {
        kind: "PRODUCT".to_owned(),
        name: name.to_owned(),
        amount,
        tax_name: (tax_permille > 0).then(|| "Tax1".to_owned()),
        tax: amount.saturating_mul(tax_permille) / 1_000,
        reason: None,
    };
    let price = item.price.unwrap_or(0).saturating_mul(i64::from(units));
    let mut charges = vec![product("ItemPrice", price)];
    if subscribed && price >= 20 {
        charges.push(product("SubscriptionDiscount", -(price / 20)));
    }
    charges
}

/// Takes units off sale, from the node that has the most, and returns that node.
fn take(item: &mut Item, units: u32) -> String {
    let mut left = units;
    let mut names: Vec<(u32, String)> = item
        .nodes
        .iter()
        .map(|(name, stock)| (stock.available, name.clone()))
        .collect();
    names.sort_by(|a, b| b.cmp(a));
    for (_, name) in &names {
        if let Some(stock) = item.nodes.get_mut(name) {
            let taken = stock.available.min(left);
            stock.available -= taken;
            stock.reserved = stock.reserved.saturating_add(taken);
            left -= taken;
        }
    }
    names
        .into_iter()
        .next()
        .map(|(_, name)| name)
        .unwrap_or_default()
}
