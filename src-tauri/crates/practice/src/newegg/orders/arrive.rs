//! Buyers: orders that come by themselves and orders that are placed on demand.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::items::Item;
use super::super::platform::Platform;
use super::super::state::State;
use super::{Amounts, Line, Order, Status};
use crate::buyers::Buyer;
use crate::marketplace::{Now, OrderRequestLine, PlaceOrderError};
use crate::random::Random;

/// The first order comes within this time after something is for sale, so that a newcomer sees one.
const FIRST_ORDER_SECONDS: (u64, u64) = (20, 100);

/// The most orders that come in one step, however long nobody looked: buyers do not wait.
const ARRIVALS_MAX: u32 = 500;

/// An order that waits for its payment does so for this long, in seconds.
const PAYMENT_SECONDS: (u64, u64) = (300, 1_800);
/// An order that the portal has not got yet is there after this long (newegg.md §6.5, SO016).
const PORTAL_SECONDS: (u64, u64) = (1_800, 7_200);

const SHIPPING_CENTS: i64 = 599;

/// Cities of Canada with their provinces and a postal code there.
const CANADIAN_CITIES: [(&str, &str, &str); 8] = [
    ("Toronto", "ON", "M5V 2T6"),
    ("Montreal", "QC", "H2Y 1C6"),
    ("Vancouver", "BC", "V6B 1A1"),
    ("Calgary", "AB", "T2P 1J9"),
    ("Halifax", "NS", "B3J 1S9"),
    ("Winnipeg", "MB", "R3C 1A3"),
    ("Regina", "SK", "S4P 3Y2"),
    ("Fredericton", "NB", "E3B 1B5"),
];

/// What chance decides of an order that comes by itself. One that is placed on demand has none of
/// it: it can be shipped at once.
#[derive(Clone, Copy, Debug, Default)]
struct Whims {
    by_newegg: bool,
    multichannel: bool,
    pending: bool,
    not_in_portal: bool,
    wants_to_cancel: bool,
}

/// Lets the orders come that are due.
pub(super) fn advance(state: &mut State, now: Now) {
    let Some(live_at) = state.first_live_at.filter(|_| state.orders_per_hour > 0) else {
        return;
    };
    let mut next = state.next_order_at.unwrap_or_else(|| {
        let (low, high) = FIRST_ORDER_SECONDS;
        live_at + Duration::from_secs(state.buyers.between(low, high))
    });
    let mean_ms = 3_600_000 / u64::from(state.orders_per_hour);
    let mut for_sale = None;
    let mut arrivals_left = ARRIVALS_MAX.min(state.orders_per_hour.saturating_mul(4));
    while next <= now.elapsed {
        if arrivals_left == 0 {
            next = now.elapsed;
        } else {
            arrivals_left -= 1;
            let for_sale = for_sale.get_or_insert_with(|| part_numbers_for_sale(state));
            arrive(state, for_sale, now);
        }
        let wait_ms = state
            .buyers
            .between(mean_ms / 2, mean_ms + mean_ms / 2)
            .max(1);
        next += Duration::from_millis(wait_ms);
    }
    state.next_order_at = Some(next);
}

fn part_numbers_for_sale(state: &State) -> Vec<String> {
    let for_sale = state.items.values().filter(|item| item.for_sale() > 0);
    for_sale.map(|item| item.part_number.clone()).collect()
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
        let Some(part_number) = state.buyers.pick(for_sale) else {
            continue;
        };
        let wanted = if state.buyers.chance(20) {
            state.buyers.between(2, 3)
        } else {
            1
        };
        let available = state.items.get(part_number).map_or(0, Item::for_sale);
        let wanted = u32::try_from(wanted).unwrap_or(1).min(available);
        if wanted > 0 {
            basket.insert(part_number.clone(), wanted);
        }
    }
    if basket.is_empty() {
        return;
    }
    // Newegg has no warehouse of its own for Newegg Business (endpoints.tsv, area sbn).
    let warehouse = state.platform != Platform::B2b;
    let random = &mut state.buyers;
    let multichannel = random.chance(4) && warehouse;
    let by_newegg = multichannel || (random.chance(10) && warehouse);
    let whims = Whims {
        by_newegg,
        multichannel,
        pending: random.chance(10) && !by_newegg,
        not_in_portal: random.chance(10) && !by_newegg,
        wants_to_cancel: random.chance(8) && !by_newegg,
    };
    order(state, &basket, whims, now);
}

/// Places an order on demand.
pub(in crate::newegg) fn place(
    state: &mut State,
    lines: &[OrderRequestLine],
    now: Now,
) -> Result<String, PlaceOrderError> {
    if lines.is_empty() || lines.iter().any(|line| line.quantity == 0) {
        return Err(PlaceOrderError::Empty);
    }
    let mut basket: BTreeMap<String, u32> = BTreeMap::new();
    for line in lines {
        let units = basket.entry(line.sku.clone()).or_default();
        *units = units.saturating_add(line.quantity);
    }
    for (part_number, units) in &basket {
        let available = match state.items.get(part_number) {
            Some(item) if item.is_live() => item.for_sale(),
            _ => return Err(PlaceOrderError::NotForSale(part_number.clone())),
        };
        if available < *units {
            return Err(PlaceOrderError::TooFew {
                sku: part_number.clone(),
                available,
            });
        }
    }
    Ok(order(state, &basket, Whims::default(), now))
}

/// Writes an order down and takes its units off sale, except where Newegg's own are sent. The
/// caller has checked that they are there.
fn order(state: &mut State, basket: &BTreeMap<String, u32>, whims: Whims, now: Now) -> String {
    let tax_permille = i64::try_from(state.buyers.between(0, 95)).unwrap_or(0);
    let pays_shipping = state.buyers.chance(30);
    let mut lines: Vec<Line> = Vec::new();
    for (part_number, units) in basket {
        let Some(item) = state.items.get_mut(part_number) else {
            continue;
        };
        if !whims.by_newegg {
            let home = item.home.clone();
            if let Some(stock) = item.stock.get_mut(&home) {
                *stock = stock.saturating_sub(*units);
            }
        }
        let shipping = if pays_shipping && lines.is_empty() {
            SHIPPING_CENTS
        } else {
            0
        };
        lines.push(new_line(item, *units, shipping, tax_permille));
    }
    if let Some(line) = lines.first_mut() {
        line.cancel_requested = whims.wants_to_cancel;
    }
    let mut number = state.buyers.digits(9);
    while state.orders.iter().any(|order| order.number == number) {
        number = state.buyers.digits(9);
    }
    let order = new_order(state, number.clone(), lines, whims, now);
    state.orders.push(order);
    number
}

fn new_line(item: &Item, units: u32, shipping: i64, tax_permille: i64) -> Line {
    let price = item.home_price();
    let unit_price = price.map_or(0, |price| price.selling);
    let free = price.is_some_and(|price| price.free_shipping);
    let total = unit_price.saturating_mul(i64::from(units));
    Line {
        part_number: item.part_number.clone(),
        item_number: item.item_number.clone(),
        manufacturer_part: item.manufacturer_part.clone(),
        barcode: item.barcode.clone(),
        title: item.title.clone(),
        quantity: units,
        shipped: 0,
        cancelled: false,
        cancel_requested: false,
        unit_price,
        shipping: if free { 0 } else { shipping },
        tax: total.saturating_mul(tax_permille) / 1_000,
    }
}

fn new_order(state: &mut State, number: String, lines: Vec<Line>, whims: Whims, now: Now) -> Order {
    let random = &mut state.buyers;
    let services = [
        "Standard Shipping (5-7 business days)",
        "Standard Shipping (5-7 business days)",
        "Expedited Shipping (3-5 business days)",
        "Two-Day Shipping (2 business days)",
    ];
    let service = random.pick(&services).copied().unwrap_or(services[0]);
    let items = lines.iter().map(Line::total).sum();
    let discount = if random.chance(10) { items / 10 } else { 0 };
    let amounts = Amounts {
        items,
        shipping: lines.iter().map(|line| line.shipping).sum(),
        discount,
        tax: lines.iter().map(|line| line.tax).sum(),
    };
    let paid_in = random.between(PAYMENT_SECONDS.0, PAYMENT_SECONDS.1);
    let portal_in = random.between(PORTAL_SECONDS.0, PORTAL_SECONDS.1);
    let later = |seconds: u64| now.elapsed + Duration::from_secs(seconds);
    Order {
        number,
        invoice: "0".to_owned(),
        buyer: buyer(state.platform, random),
        placed_at: now.wall,
        arrived: now.elapsed,
        status: if whims.pending {
            Status::PaymentPending
        } else {
            Status::Unshipped
        },
        paid_at: whims.pending.then(|| later(paid_in)),
        in_portal_at: whims.not_in_portal.then(|| later(portal_in)),
        shipped_at: None,
        cancelling_until: None,
        auto_voided: false,
        downloaded: false,
        by_newegg: whims.by_newegg,
        multichannel: whims.multichannel,
        service: service.to_owned(),
        lines,
        packages: Vec::new(),
        amounts,
    }
}

fn buyer(platform: Platform, random: &mut Random) -> Buyer {
    let buyer = Buyer::made_up(random);
    if platform != Platform::Can {
        return buyer;
    }
    let (city, province, postal_code) = random.pick(&CANADIAN_CITIES).copied().unwrap_or_default();
    Buyer {
        city: city.to_owned(),
        state: province.to_owned(),
        postal_code: postal_code.to_owned(),
        ..buyer
    }
}
