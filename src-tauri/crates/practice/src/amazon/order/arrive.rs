//! Buyers: orders that come by themselves and orders that are placed on demand.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::fault::PENDING_ORDER;
use super::super::listing::{Channel, Listing};
use super::super::site::Site;
use super::super::state::State;
use super::{Line, Order, Status};
use crate::buyers::Buyer;
use crate::marketplace::{Now, OrderRequestLine, PlaceOrderError};
use crate::random::Random;

/// The first order comes within this time after something is for sale, so that a newcomer sees one.
const FIRST_ORDER_SECONDS: (u64, u64) = (20, 100);
/// The most orders that come in one step, however long nobody looked: buyers do not wait.
const ARRIVALS_MAX: u32 = 500;
/// How long a payment takes to settle; the real ones take half an hour.
const PENDING_SECONDS: (u64, u64) = (60, 600);
/// When a buyer who changes their mind asks to cancel.
const ASK_SECONDS: (u64, u64) = (300, 3_600);
/// Days from shipping to delivery.
const TRAVEL_DAYS: i64 = 5;

/// How an order comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Manner {
    by_amazon: bool,
    pending: bool,
    /// It comes by itself: buyers may think again, and programs may apply.
    lively: bool,
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
    let mut for_sale = None;
    let mut left = ARRIVALS_MAX.min(state.orders_per_hour.saturating_mul(4));
    while next <= now.elapsed {
        if left == 0 {
            next = now.elapsed;
        } else {
            left -= 1;
            let for_sale = for_sale.get_or_insert_with(|| goods_for_sale(state));
            arrive(state, for_sale, now);
        }
        let mean_ms = 3_600_000 / u64::from(state.orders_per_hour);
        let wait_ms = state.buyers.between(mean_ms / 2, mean_ms + mean_ms / 2);
        next += Duration::from_millis(wait_ms.max(1));
    }
    state.next_order_at = Some(next);
}

/// Marketplace and SKU of everything that is for sale.
fn goods_for_sale(state: &State) -> Vec<(String, String)> {
    let listings = state.listings.values();
    let offered = listings.flat_map(|listing| {
        let sites = listing.offers.keys();
        let sites = sites.filter(|site| listing.for_sale(site) > 0);
        sites.map(|site| (site.clone(), listing.sku.clone()))
    });
    offered.collect()
}

/// A buyer chooses among what is for sale; nothing happens where nothing is left.
fn arrive(state: &mut State, for_sale: &[(String, String)], now: Now) {
    let Some((site, first)) = state.buyers.pick(for_sale).cloned() else {
        return;
    };
    let mut choices = vec![first];
    if state.buyers.chance(25) {
        for _ in 0..state.buyers.between(1, 2) {
            let other = state.buyers.pick(for_sale).filter(|other| other.0 == site);
            choices.extend(other.map(|(_, sku)| sku.clone()));
        }
    }
    let channel = |state: &State, sku: &str| state.listings.get(sku)?.stock.channel;
    let shipper = choices.first().and_then(|sku| channel(state, sku));
    let mut basket: BTreeMap<String, u32> = BTreeMap::new();
    for sku in choices {
        let wanted = if state.buyers.chance(20) {
            state.buyers.between(2, 3)
        } else {
            1
        };
        let there = state
            .listings
            .get(&sku)
            .map_or(0, |listing| listing.for_sale(&site));
        let wanted = u32::try_from(wanted).unwrap_or(1).min(there);
        if wanted > 0 && channel(state, &sku) == shipper {
            basket.insert(sku, wanted);
        }
    }
    if basket.is_empty() {
        return;
    }
    let lines: Vec<OrderRequestLine> = basket
        .into_iter()
        .map(|(sku, quantity)| OrderRequestLine { sku, quantity })
        .collect();
    let manner = Manner {
        by_amazon: state.buyers.chance(10) || shipper == Some(Channel::Amazon),
        pending: true,
        lively: true,
    };
    if let Some(site) = super::super::site::find(&site) {
        write_down(state, &lines, site, manner, now);
    }
}

/// Places an order on demand. Its payment is settled at once, unless the fault `pending_order` was
/// asked for.
pub(in crate::amazon) fn place(
    state: &mut State,
    lines: &[OrderRequestLine],
    now: Now,
) -> Result<String, PlaceOrderError> {
    let first = lines.first().ok_or(PlaceOrderError::Empty)?;
    if lines.iter().any(|line| line.quantity == 0) {
        return Err(PlaceOrderError::Empty);
    }
    let not_for_sale = |sku: &str| PlaceOrderError::NotForSale(sku.to_owned());
    let site = state.listings.get(&first.sku).and_then(Listing::main_site);
    let site = site.ok_or_else(|| not_for_sale(&first.sku))?;
    let mut asked: BTreeMap<&str, u32> = BTreeMap::new();
    for line in lines {
        let units = asked.entry(line.sku.as_str()).or_default();
        *units = units.saturating_add(line.quantity);
    }
    let shipper = state
        .listings
        .get(&first.sku)
        .and_then(|one| one.stock.channel);
    for (sku, units) in asked {
        let listing = state.listings.get(sku);
        let listing = listing.filter(|listing| {
            let live = listing
                .offers
                .get(site.id)
                .is_some_and(|offer| offer.is_live());
            live && listing.stock.channel == shipper
        });
        let listing = listing.ok_or_else(|| not_for_sale(sku))?;
        let available = listing.for_sale(site.id);
        if available < units {
            return Err(PlaceOrderError::TooFew {
                sku: sku.to_owned(),
                available,
            });
        }
    }
    let manner = Manner {
        by_amazon: shipper == Some(Channel::Amazon),
        pending: state.faults.meets(PENDING_ORDER, "order"),
        lively: false,
    };
    Ok(write_down(state, lines, site, manner, now))
}

/// Writes an order down and takes its units off sale. The caller has checked that they are there.
fn write_down(
    state: &mut State,
    wanted: &[OrderRequestLine],
    site: &Site,
    manner: Manner,
    now: Now,
) -> String {
    let business = manner.lively && state.buyers.chance(12);
    let mut lines: Vec<Line> = Vec::new();
    let mut handling_days = 2;
    for line in wanted {
        let Some(listing) = state.listings.get_mut(&line.sku) else {
            continue;
        };
        handling_days = handling_days.max(i64::from(listing.stock.lead_days));
        take(listing, line.quantity, manner.by_amazon);
        lines.push(new_line(
            &mut state.buyers,
            listing,
            site,
            line.quantity,
            business,
        ));
    }
    let order = new_order(
        &mut state.buyers,
        lines,
        site,
        manner,
        business,
        handling_days,
        now,
    );
    let id = order.id.clone();
    state.orders.push(order);
    id
}

/// Takes units off sale. What Amazon ships of goods that lie with the seller is its own stock.
fn take(listing: &mut Listing, units: u32, by_amazon: bool) {
    let stock = &mut listing.stock;
    match (by_amazon, stock.channel) {
        (true, Some(Channel::Amazon)) => stock.units = stock.units.saturating_sub(units),
        (true, _) => {}
        (false, _) => {
            stock.units = stock.units.saturating_sub(units);
            stock.sold = stock.sold.saturating_add(u64::from(units));
        }
    }
}

fn new_line(
    random: &mut Random,
    listing: &Listing,
    site: &Site,
    units: u32,
    business: bool,
) -> Line {
    let offer = listing.offers.get(site.id);
    let price = offer.and_then(|offer| offer.price).unwrap_or(0);
    let special = offer
        .and_then(|offer| offer.business_price)
        .filter(|_| business);
    let unit_price = special.unwrap_or(price);
    let items = unit_price.saturating_mul(i64::from(units));
    let shipping = if random.chance(40) { 599 } else { 0 };
    let gift_wrap = if random.chance(5) { 399 } else { 0 };
    let item_discount = if random.chance(12) { items / 10 } else { 0 };
    let shipping_discount = if random.chance(10) { shipping } else { 0 };
    let permille = i64::try_from(random.between(0, 95)).unwrap_or(0);
    let tax = |amount: i64| amount.saturating_mul(permille) / 1_000;
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    Line {
        id: random.digits(14),
        sku: listing.sku.clone(),
        asin: text(offer.map(|offer| &offer.asin)),
        title: text(offer.map(|offer| &offer.title)),
        condition: text(offer.map(|offer| &offer.condition)),
        quantity: units,
        shipped: 0,
        cancelled: 0,
        unit_price,
        shipping,
        gift_wrap,
        item_discount,
        shipping_discount,
        item_tax: tax(items - item_discount),
        shipping_tax: tax(shipping - shipping_discount),
        business_price: special.is_some(),
        cancel_request: None,
        refunded: 0,
        cancelled_by: None,
    }
}

fn new_order(
    random: &mut Random,
    lines: Vec<Line>,
    site: &Site,
    manner: Manner,
    business: bool,
    handling_days: i64,
    now: Now,
) -> Order {
    let id = format!(
        "1{}-{}-{}",
        random.text(2, "0123456789"),
        random.digits(7),
        random.digits(7)
    );
    let pending = random.between(PENDING_SECONDS.0, PENDING_SECONDS.1);
    let pending = manner
        .pending
        .then(|| now.elapsed + Duration::from_secs(pending));
    let asks = random.between(ASK_SECONDS.0, ASK_SECONDS.1);
    let asks = now.elapsed + Duration::from_secs(asks);
    let asks = (random.chance(6) && manner.lively && !manner.by_amazon).then_some(asks);
    let mut programs = Vec::new();
    let mut program = |name: &str, percent: u64, applies: bool| {
        if random.chance(percent) && applies {
            programs.push(name.to_owned());
        }
    };
    program("PRIME", 12, manner.lively || manner.by_amazon);
    program("AMAZON_BUSINESS", 100, business);
    program("PREMIUM", 2, manner.lively && !manner.by_amazon);
    // Orders of this program cannot be confirmed by hand.
    program("FBM_SHIP_PLUS", 2, manner.lively && !manner.by_amazon);
    let levels = [
        "STANDARD",
        "STANDARD",
        "STANDARD",
        "EXPEDITED",
        "SECOND_DAY",
    ];
    let level = random.pick(&levels).copied().unwrap_or("STANDARD");
    let ship_by = now.wall + chrono::Duration::days(handling_days);
    Order {
        id,
        site: site.id.to_owned(),
        created_at: now.wall,
        updated_at: now.wall,
        arrived: now.elapsed,
        status: if pending.is_some() {
            Status::Pending
        } else {
            Status::Unshipped
        },
        status_at: None,
        verified_at: pending,
        declined: manner.lively && random.chance(5),
        asks_at: asks,
        buyer: Buyer::made_up(random),
        company: business.then(|| format!("Office Supplies {}", random.digits(3))),
        purchase_number: (business && random.chance(50)).then(|| random.digits(6)),
        programs,
        service_level: level.to_owned(),
        by_amazon: manner.by_amazon,
        tells_early: random.chance(30),
        ship_by,
        deliver_by: ship_by + chrono::Duration::days(TRAVEL_DAYS),
        lines,
        packages: Vec::new(),
    }
}
