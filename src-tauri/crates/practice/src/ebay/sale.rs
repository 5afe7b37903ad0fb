//! How orders come about: buyers who are sent, and buyers who come by themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::call::text;
use super::claim;
use super::fault::BUYER_REGRETS;
use super::message;
use super::order::{CancelState, Cancellation, Line, LineTax, Order, Payment};
use super::quirk::{self, Quirks};
use super::state::{Item, Seen, State};
use crate::buyers::Buyer;
use crate::random::Random;
use crate::{Now, OrderRequestLine, PlaceOrderError};

/// The hour by which `orders_per_hour` counts, in microseconds.
const HOUR_MICROS: u64 = 3_600_000_000;
/// The first order comes at most so late after something went live, in microseconds.
const FIRST_MICROS_MAX: u64 = 110_000_000;
/// How long a buyer takes who does not pay at once.
const PENDING: Duration = Duration::from_secs(600);
/// When a buyer who regrets asks to cancel.
const REGRET: Duration = Duration::from_secs(300);
/// Orders that come by themselves; a long-running practice stops there.
const ARRIVALS_MAX: u64 = 50_000;
/// Listings that a buyer looks at before giving up.
const LOOKS_MAX: usize = 16;

/// A place to live outside the United States: city, region, postal code.
type Place = (&'static str, &'static str, &'static str);

const PLACES: &[(&str, &[Place])] = &[
    (
        "GB",
        &[
            ("Leeds", "West Yorkshire", "LS1 4AP"),
            ("Bristol", "Avon", "BS1 5TR"),
        ],
    ),
    (
        "DE",
        &[
            ("Leipzig", "Sachsen", "04109"),
            ("Bremen", "Bremen", "28195"),
        ],
    ),
    (
        "CA",
        &[("Halifax", "NS", "B3H 1A1"), ("Calgary", "AB", "T2P 1J9")],
    ),
    ("AU", &[("Hobart", "TAS", "7000"), ("Perth", "WA", "6000")]),
    (
        "FR",
        &[
            ("Nantes", "Loire-Atlantique", "44000"),
            ("Lyon", "Rhône", "69002"),
        ],
    ),
    ("IT", &[("Torino", "TO", "10121"), ("Bari", "BA", "70121")]),
    (
        "ES",
        &[
            ("Valencia", "Valencia", "46001"),
            ("Bilbao", "Bizkaia", "48001"),
        ],
    ),
];

/// One line that is about to be sold.
struct Wanted {
    offer: String,
    units: u32,
}

/// A buyer who is sent buys exactly these lines and pays at once.
pub(super) fn place(
    state: &mut State,
    lines: &[OrderRequestLine],
    now: Now,
) -> Result<String, PlaceOrderError> {
    let mut units: BTreeMap<&str, u32> = BTreeMap::new();
    for line in lines {
        let sum = units.entry(&line.sku).or_insert(0);
        *sum = sum.saturating_add(line.quantity);
    }
    if lines.is_empty() || lines.iter().any(|line| line.quantity == 0) {
        return Err(PlaceOrderError::Empty);
    }
    let mut site: Option<String> = None;
    let mut wanted = Vec::new();
    for (sku, units) in units {
        let offers = state.offers_of_sku(sku).into_iter();
        let offers = offers.filter(|offer| state.live_listing(offer).is_some());
        let mut offers =
            offers.filter(|offer| site.as_deref().is_none_or(|site| site == offer.marketplace));
        let Some(offer) = offers.next() else {
            return Err(PlaceOrderError::NotForSale(sku.to_owned()));
        };
        let available = state.for_sale(offer);
        if available < units {
            return Err(PlaceOrderError::TooFew {
                sku: sku.to_owned(),
                available,
            });
        }
        site = Some(offer.marketplace.clone());
        wanted.push(Wanted {
            offer: offer.id.clone(),
            units,
        });
    }
    let id = sell(state, &wanted, now.into(), false).ok_or(PlaceOrderError::Empty)?;
    if state.faults.meets(BUYER_REGRETS, "placeOrder")
        && let Some(place) = state.order_places.get(&id).copied()
    {
        state.unsettled.insert(place);
        if let Some(order) = state.orders.get_mut(place) {
            order.regret = Some(now.elapsed);
        }
    }
    Ok(id)
}

/// Lets orders arrive, payments come in, refunds finish and buyers regret.
pub(super) fn advance(state: &mut State, now: Now) {
    arrive(state, now);
    settle_orders(state, now);
    claim::advance(state, now);
    message::advance(state, now);
    state.seen = Some(now.into());
}

fn arrive(state: &mut State, now: Now) {
    let Some(since) = state.live_since.filter(|_| state.orders_per_hour > 0) else {
        return;
    };
    let mut live: Option<Vec<String>> = None;
    while state.arrivals < ARRIVALS_MAX {
        let at = since + arrival(state, state.arrivals);
        if at > now.elapsed {
            return;
        }
        state.arrivals += 1;
        let wall = wall_at(state.seen, now, at);
        let live = live.get_or_insert_with(|| for_sale(state));
        if let Some(wanted) = choose(state, live) {
            sell(state, &wanted, Seen { wall, elapsed: at }, true);
            drop_sold_out(state, live, &wanted);
        }
    }
}

/// Ids of the offers that have something for sale, in order.
fn for_sale(state: &State) -> Vec<String> {
    let offers = state.offers.values();
    let live = offers.filter(|offer| state.for_sale(offer) > 0);
    live.map(|offer| offer.id.clone()).collect()
}

// Keeps the list what `for_sale` would give again, without looking at everything for each order:
// a sale can only end what it sold from.
fn drop_sold_out(state: &State, live: &mut Vec<String>, sold: &[Wanted]) {
    let skus = sold.iter().filter_map(|line| state.offers.get(&line.offer));
    for offer in skus.flat_map(|offer| state.offers_of_sku(&offer.sku)) {
        if state.for_sale(offer) == 0
            && let Ok(place) = live.binary_search(&offer.id)
        {
            live.remove(place);
        }
    }
}

/// When the nth order comes after something went live: one in each share of the hour.
fn arrival(state: &State, number: u64) -> Duration {
    let share = HOUR_MICROS / u64::from(state.orders_per_hour.max(1));
    let mut random = Random::named(state.seed, &format!("ebay arrival {number}"));
    let within = if number == 0 {
        share.min(FIRST_MICROS_MAX)
    } else {
        share
    };
    Duration::from_micros(number * share + random.below(within.max(1)))
}

/// The wall time of a moment between the last step and this one.
pub(super) fn wall_at(seen: Option<Seen>, now: Now, at: Duration) -> DateTime<Utc> {
    let Some(seen) = seen.filter(|seen| seen.elapsed < now.elapsed) else {
        return now.wall;
    };
    let whole = (now.elapsed - seen.elapsed).as_micros().max(1);
    let part = at.saturating_sub(seen.elapsed).as_micros().min(whole);
    let wall = u128::try_from((now.wall - seen.wall).num_microseconds().unwrap_or(0)).unwrap_or(0);
    let micros = i64::try_from(wall * part / whole).unwrap_or(0);
    seen.wall + chrono::Duration::microseconds(micros)
}

/// What a buyer who comes by takes, if anything is for sale.
fn choose(state: &State, live: &[String]) -> Option<Vec<Wanted>> {
    let mut random = Random::named(state.seed, &format!("ebay choice {}", state.arrivals));
    let first = state.offers.get(random.pick(live)?)?;
    let lines = match random.below(10) {
        0 => 3,
        1 | 2 => 2,
        _ => 1,
    };
    let mut chosen = vec![first];
    for _ in 0..LOOKS_MAX {
        if chosen.len() >= lines {
            break;
        }
        let Some(next) = random.pick(live).and_then(|id| state.offers.get(id)) else {
            break;
        };
        let known = chosen.iter().any(|offer| offer.sku == next.sku);
        if !known && next.marketplace == first.marketplace {
            chosen.push(next);
        }
    }
    let wanted = chosen.into_iter().map(|offer| {
        let most = u64::from(state.for_sale(offer)).min(if random.chance(20) { 3 } else { 1 });
        let units = u32::try_from(random.between(1, most)).unwrap_or(1);
        Wanted {
            offer: offer.id.clone(),
            units,
        }
    });
    Some(wanted.collect())
}

/// Writes the order down and takes the units off item and offer, as eBay does on a sale.
fn sell(state: &mut State, wanted: &[Wanted], at: Seen, by_itself: bool) -> Option<String> {
    let first = state.offers.get(&wanted.first()?.offer)?;
    let site = super::site::site_by_id(&first.marketplace)?;
    let number = state.next("order");
    let mut random = Random::named(state.seed, &format!("ebay order {number}"));
    let id = format!(
        "{:02}-{:05}-{:05}",
        10 + number / 100_000 % 90,
        random.below(100_000),
        number % 100_000
    );
    let named = if by_itself {
        Vec::new()
    } else {
        quirk::met(state)
    };
    let mut lines = order_lines(state, wanted, site.country, &mut random);
    for line in &mut lines {
        quirk::dress_sale(&named, line);
    }
    let buyer = buyer_in(site.country, &mut random);
    let handling = chrono::Duration::days(3);
    let min_delivery = at.wall + chrono::Duration::days(4);
    let pending = by_itself && random.chance(8);
    let payment = if pending {
        Payment::Pending(at.elapsed + PENDING)
    } else {
        Payment::Paid(at.wall)
    };
    let hub = random.chance(4).then(|| random.digits(16));
    let tax_id = matches!(site.country, "IT" | "ES").then(|| random.digits(11));
    let note = random
        .chance(10)
        .then(|| "Please leave it with a neighbour.".to_owned());
    let quirks = quirks_of(site.country, (hub, named), &mut random);
    let bare = quirks.has(quirk::BARE);
    let order = Order {
        id: id.clone(),
        site: site.id.to_owned(),
        currency: site.currency.to_owned(),
        created: at.wall,
        modified: at.wall,
        buyer,
        country: site.country.to_owned(),
        tax_id,
        note,
        payment,
        lines,
        quirks,
        min_delivery,
        max_delivery: min_delivery + chrono::Duration::days(3),
        ship_by: (!random.chance(10) && !bare).then(|| at.wall + handling),
        shipments: Vec::new(),
        refunds: Vec::new(),
        cancellation: None,
        regret: (by_itself && random.chance(3)).then(|| at.elapsed + REGRET),
    };
    for line in wanted {
        take_units(state, line);
    }
    let place = state.orders.len();
    if pending || order.regret.is_some() {
        state.unsettled.insert(place);
    }
    state.order_places.insert(id.clone(), place);
    state.order_places.insert(order.legacy_id(), place);
    state.orders.push(order);
    message::follow(state, &id, at, by_itself);
    Some(id)
}

/// What the order has and lacks: at random, and what was asked for.
fn quirks_of(
    country: &str,
    (hub, named): (Option<String>, Vec<String>),
    random: &mut Random,
) -> Quirks {
    let mut quirks = Quirks {
        no_phone: random.chance(15),
        no_carrier: random.chance(30),
        no_region: country != "US" && random.chance(40),
        hub: hub.filter(|_| country == "US"),
        named,
    };
    if quirks.has(quirk::BARE) {
        (quirks.no_phone, quirks.no_carrier, quirks.no_region) = (true, true, true);
    }
    if quirks.has(quirk::VIA_HUB) && quirks.hub.is_none() {
        quirks.hub = Some(random.digits(16));
    }
    quirks
}

fn take_units(state: &mut State, line: &Wanted) {
    let Some(offer) = state.offers.get_mut(&line.offer) else {
        return;
    };
    offer.sold = offer.sold.saturating_add(line.units);
    if let Some(units) = offer.quantity() {
        let left = units.saturating_sub(line.units);
        offer
            .body
            .insert("availableQuantity".to_owned(), left.into());
    }
    let sku = offer.sku.clone();
    if let Some(item) = state.items.get_mut(&sku)
        && let Some(units) = item.quantity()
    {
        item.set_quantity(units.saturating_sub(line.units));
    }
    state.settle_sku(&sku);
}

fn order_lines(
    state: &mut State,
    wanted: &[Wanted],
    country: &str,
    random: &mut Random,
) -> Vec<Line> {
    let taxed = random.chance(60);
    let mut lines = Vec::new();
    for line in wanted {
        let number = state.next("order line");
        let Some(offer) = state.offers.get(&line.offer) else {
            continue;
        };
        let item = state.items.get(&offer.sku);
        let unit_minor = offer.price().map_or(0, |(minor, _)| minor);
        let cost = unit_minor * i64::from(line.units);
        let blank = if random.chance(8) { " " } else { "" };
        lines.push(Line {
            id: format!(
                "{}",
                10_030_000_000_000 + state.seed % 1000 * 1_000_000 + number
            ),
            sku: offer.sku.clone(),
            title: format!("{blank}{}", title(state, item)),
            listing: offer.listing.clone().unwrap_or_default(),
            variation: variation(state, item),
            quantity: line.units,
            unit_minor,
            shipping_minor: if random.chance(50) { 0 } else { 495 },
            tax: taxed.then(|| line_tax(country, cost)).flatten(),
            own_tax_minor: 0,
            variation_id: quirk::variation_id(
                state.seed,
                offer.listing.as_deref().unwrap_or_default(),
                &offer.sku,
            ),
            refunded_minor: 0,
        });
    }
    lines
}

fn title(state: &State, item: Option<&Item>) -> String {
    let own = item
        .and_then(Item::product)
        .and_then(|product| text(product, "title"));
    let group = item
        .and_then(|item| item.groups.first())
        .and_then(|key| state.groups.get(key));
    let shared = group.and_then(|group| text(&group.body, "title"));
    own.or(shared).unwrap_or_default().to_owned()
}

/// Names and values in which the sold variation differs from its siblings.
fn variation(state: &State, item: Option<&Item>) -> Option<Vec<(String, String)>> {
    let item = item?;
    let group = state.groups.get(item.groups.first()?)?;
    let axes = group
        .body
        .get("variesBy")?
        .get("specifications")?
        .as_array()?;
    let names = axes.iter().filter_map(|axis| axis.get("name")?.as_str());
    let pairs = names.filter_map(|name| {
        let value = *item.aspect(name).first()?;
        Some((name.to_owned(), value.to_owned()))
    });
    Some(pairs.collect())
}

// What eBay collects and remits by itself (ebay.md §8.2).
fn line_tax(country: &str, cost: i64) -> Option<LineTax> {
    let (kind, rate, reference) = match country {
        "US" => ("STATE_SALES_TAX", 825, None),
        "CA" => ("GST", 500, None),
        "AU" => ("GST", 1000, Some(("ABN", "64652016681"))),
        "GB" => ("VAT", 2000, None),
        "CH" | "HK" | "SG" | "MY" | "PH" => return None,
        _ => ("VAT", 1900, Some(("IOSS", "IM2760000742"))),
    };
    let reference = reference.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(LineTax {
        kind: kind.to_owned(),
        minor: cost * rate / 10_000,
        reference,
    })
}

fn buyer_in(country: &str, random: &mut Random) -> Buyer {
    let mut buyer = Buyer::made_up(random);
    let places = PLACES
        .iter()
        .find(|(known, _)| *known == country)
        .map(|(_, places)| *places);
    if let Some((city, region, code)) = places.and_then(|places| random.pick(places)) {
        buyer.city = (*city).to_owned();
        buyer.state = (*region).to_owned();
        buyer.postal_code = (*code).to_owned();
    }
    buyer
}

/// Finishes what was due: payments, refunds, requests to cancel.
fn settle_orders(state: &mut State, now: Now) {
    let seen = state.seen;
    let places: Vec<usize> = state.unsettled.iter().copied().collect();
    for place in places {
        let Some(order) = state.orders.get_mut(place) else {
            continue;
        };
        let mut changed = None;
        if let Payment::Pending(due) = order.payment
            && due <= now.elapsed
        {
            let at = wall_at(seen, now, due);
            order.payment = Payment::Paid(at);
            changed = Some(at);
        }
        for refund in &mut order.refunds {
            if !refund.done && refund.done_at <= now.elapsed {
                refund.done = true;
                changed = changed.max(Some(wall_at(seen, now, refund.done_at)));
            }
        }
        if let Some(due) = order.regret.filter(|due| *due <= now.elapsed) {
            order.regret = None;
            let at = wall_at(seen, now, due);
            if regret(order, at, &mut state.cancellations) {
                changed = changed.max(Some(at));
            }
        }
        if let Some(at) = changed {
            order.modified = order.modified.max(at);
        }
        let refunding = order.refunds.iter().any(|refund| !refund.done);
        if order.paid() && order.regret.is_none() && !refunding {
            state.unsettled.remove(&place);
        }
    }
}

fn regret(order: &mut Order, at: DateTime<Utc>, known: &mut BTreeMap<String, String>) -> bool {
    if order.cancellation.is_some() || !order.shipments.is_empty() {
        return false;
    }
    let id = format!("5{}", order.id.replace('-', ""));
    known.insert(id.clone(), order.id.clone());
    order.cancellation = Some(Cancellation {
        id,
        state: CancelState::Requested,
        by_buyer: true,
        reason: "ORDER_MISTAKE".to_owned(),
        requested: at,
        closed: None,
    });
    true
}
