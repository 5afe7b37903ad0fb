//! Very much: written straight into the catalogue, so that it takes a minute and not an hour.

use barrow_host::Host;
use barrow_model::{
    Account, Address, Amounts, Buyer, Condition, Currency, FulfilledBy, Gtin, Money, Order,
    OrderLine, PaymentState, Row, Sku,
};
use barrow_store::ImportMeta;
use barrow_tests::goods::{self, Goods};
use chrono::{DateTime, Duration, Utc};
use rusqlite::Connection;

use crate::Failure;
use crate::seed::Size;

/// Rows that are staged and orders that are stored in one go.
const BATCH: u64 = 5_000;

/// SKUs that stand on every account.
const LISTED: u64 = 100_000;

/// One listing in so many has changed since the last push.
const TO_PLAN: i64 = 50;

/// Days that the orders are spread over.
const DAYS: i64 = 60;

const ADJECTIVES: [&str; 8] = [
    "Oak", "Brass", "Folding", "Wireless", "Compact", "Steel", "Bamboo", "Classic",
];
const NOUNS: [&str; 10] = [
    "desk lamp",
    "speaker",
    "backpack",
    "charger",
    "stand",
    "keyboard",
    "bottle",
    "notebook",
    "headphones",
    "adapter",
];
const BRANDS: [&str; 6] = ["Alder", "Birch", "Cedar", "Elm", "Fir", "Hawthorn"];

/// Fills the catalogue.
pub(crate) fn plant(host: &Host, size: Size) -> Result<(), Failure> {
    products(host, size.products)?;
    let accounts = host.store.read(|db| db.accounts())?;
    orders(host, &accounts, size)?;
    listings(host)
}

/// A number that looks like chance and is the same every time.
fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn pick<'a>(list: &[&'a str], number: u64) -> &'a str {
    let place = usize::try_from(number % list.len() as u64).unwrap_or_default();
    list.get(place).copied().unwrap_or_default()
}

fn sku(number: u64) -> Sku {
    Sku::new(format!("SKU-{number:07}")).expect("a SKU of letters and digits")
}

fn cents(number: u64) -> i64 {
    500 + i64::try_from(mixed(number) % 20_000).unwrap_or_default()
}

fn row(number: u64) -> Row {
    let chance = mixed(number);
    let brand = pick(&BRANDS, chance);
    let noun = pick(&NOUNS, chance >> 16);
    let price = cents(number);
    let title = format!(
        "{brand} {} {noun}, model {number}",
        pick(&ADJECTIVES, chance >> 8)
    );
    let gtin = Gtin::parse(&goods::barcode(number)).ok();
    Row {
        handle: format!("p-{number:07}"),
        sku: Some(sku(number)),
        title: Some(title),
        brand: Some(brand.to_owned()),
        category: Some(vec!["Home".to_owned(), noun.to_owned()]),
        gtin: gtin.filter(|_| number < 100_000),
        condition: Some(Condition::New),
        cost: Some(Money::new(price / 2, Currency::USD)),
        price: Some(Money::new(price, Currency::USD)),
        quantity: Some(i64::try_from(chance % 40).unwrap_or_default()),
        ..goods::row(
            number,
            &Goods {
                count: 1,
                price_cents: price,
                quantity: 0,
            },
        )
    }
}

fn products(host: &Host, count: u64) -> Result<(), Failure> {
    let mut staging = host.store.stage(ImportMeta {
        file_name: "very-many.csv".to_owned(),
        layout: barrow_model::Layout::Plain,
        content_hash: format!("very many: {count}"),
    })?;
    for start in (0..count).step_by(usize::try_from(BATCH)?) {
        let rows: Vec<Row> = (start..count.min(start + BATCH)).map(row).collect();
        staging.add(&rows)?;
    }
    staging.apply()?;
    Ok(())
}

/// Stands in the catalogue as if it had been published: nothing is sent for it.
fn listings(host: &Host) -> Result<(), Failure> {
    let accounts = host.store.read(|db| db.accounts())?;
    let connection = Connection::open(host.folder.catalogue())?;
    connection.busy_timeout(std::time::Duration::from_secs(60))?;
    let tx = connection.unchecked_transaction()?;
    for account in &accounts {
        let site = site(account);
        tx.execute(
            "INSERT INTO listings (account_id, site, channel_sku, sku_id, state,
               wanted_price_minor, wanted_price_currency, wanted_quantity,
               acknowledged_price_minor, acknowledged_price_currency, acknowledged_quantity,
               acknowledged_content, wanted_content, expected_quantity)
             SELECT ?1, ?2, sku, id, CASE WHEN id % 50 = 0 THEN 'refused' WHEN id % 33 = 0
                 THEN 'paused' ELSE 'live' END, price_minor, 'USD', free, price_minor, 'USD',
               free, iif(id % 50 = 0, NULL, 'x'), 'x', free
             FROM (SELECT *, max(0, on_hand - ifnull(
                 (SELECT reserved FROM stock_reserved WHERE sku_id = skus.id), 0)) AS free
               FROM skus)
             WHERE id % 50 <> ?1 % 50 ORDER BY id LIMIT ?3",
            (account.id.0, &site, i64::try_from(LISTED)?),
        )?;
        tx.execute(
            "INSERT INTO problems (account_id, listing_id, subject, kind, problem, cause, since)
             SELECT account_id, id, 'content', kind,
               json_object('kind', kind, 'field', field, 'params', json('{}'), 'vendor', NULL),
               kind || '/' || field, ?2
             FROM (SELECT *, iif(id % 3 = 0, 'brand_missing', 'image_missing') AS kind,
               iif(id % 3 = 0, 'brand', 'images') AS field FROM listings
               WHERE account_id = ?1 AND state = 'refused')",
            (account.id.0, Utc::now().timestamp_millis()),
        )?;
    }
    tx.execute("DELETE FROM catalogue_dirty", [])?;
    tx.execute(
        "DELETE FROM listing_dirty WHERE listing_id % ?1 <> 0",
        [TO_PLAN],
    )?;
    tx.commit()?;
    Ok(())
}

/// The site of an account, as its settings name it.
fn site(account: &Account) -> String {
    let named = ["marketplace_id", "marketplace_ids", "platform", "site"];
    let mut found = named.iter().filter_map(|key| account.settings.get(*key));
    let sites = found.next().map_or("US", String::as_str);
    sites.split(',').next().unwrap_or("US").to_owned()
}

fn orders(host: &Host, accounts: &[Account], size: Size) -> Result<(), Failure> {
    let now = Utc::now();
    for start in (0..size.orders).step_by(usize::try_from(BATCH)?) {
        host.store.write(|tx| {
            for number in start..size.orders.min(start + BATCH) {
                let place = usize::try_from(number).unwrap_or_default() % accounts.len().max(1);
                if let Some(account) = accounts.get(place) {
                    let order = order(number, account, size, now);
                    tx.store_order(account.id, &order, "{}", true)?;
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn order(number: u64, account: &Account, size: Size, now: DateTime<Utc>) -> Order {
    let chance = mixed(number ^ 0xbeef);
    let back = Duration::days(DAYS) * i32::try_from(number % 10_000).unwrap_or_default() / 10_000;
    let placed_at = now - back;
    // The newest hundredth waits to be shipped, the rest has left.
    let is_open = back < Duration::hours(14);
    let product = chance % LISTED.min(size.products).max(1);
    let quantity = 1 + u32::try_from(chance % 3).unwrap_or_default();
    let price = Money::new(cents(product), Currency::USD);
    let total = Money::new(price.minor * i64::from(quantity), Currency::USD);
    let line = OrderLine {
        line_id: "1".to_owned(),
        sku: Some(sku(product)),
        listing_ref: None,
        options: Vec::new(),
        title: format!("Model {product}"),
        quantity,
        quantity_shipped: if is_open { 0 } else { quantity },
        quantity_cancelled: 0,
        quantity_returned: 0,
        unit_price: Some(price),
        subtotal: Some(total),
        tax: None,
        shipping: None,
        discount: None,
        delivered: !is_open,
    };
    Order {
        order_id: format!("{:02}-{number:07}", account.id.0),
        customer_order_id: None,
        site: barrow_model::Site(site(account)),
        placed_at,
        updated_at: Some(placed_at),
        paid_at: Some(placed_at),
        ship_by: Some(placed_at + Duration::hours(16)),
        deliver_by: None,
        marketplace_state: None,
        payment_state: PaymentState::Paid,
        on_hold: false,
        cancel_requested: is_open && chance.is_multiple_of(200),
        replaces: None,
        fulfilled_by: FulfilledBy::Seller,
        shipping_service: None,
        buyer_note: None,
        total: Some(total),
        amounts: Amounts::default(),
        taxes: Vec::new(),
        refunds: Vec::new(),
        buyer: Some(Buyer {
            name: Some(format!("Buyer {}", chance % 50_000)),
            ..Buyer::default()
        }),
        ship_to: Some(Address {
            city: Some("Reno".to_owned()),
            country: Some("US".to_owned()),
            ..Address::default()
        }),
        lines: vec![line],
        shipments: Vec::new(),
        needs_acknowledgement: false,
    }
}
