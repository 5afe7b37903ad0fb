//! Import, preview, search, pages and plans over a large catalogue.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use barrow_host::{OsRandom, SystemClock};
use barrow_intake::{Form, Options};
use barrow_model::{Currency, Endpoint, Marketplace, Settings, Site, Sku};
use barrow_store::{
    Filter, ImportMeta, NewAccount, OpenOptions, Position, SortBy, SortOrder, Staging, Store,
};

use crate::figures::{line, memory_mib, p99, shown, timed, times};

const BRANDS: [&str; 8] = [
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hawthorn",
];
const NOUNS: [&str; 12] = [
    "speaker",
    "cable",
    "lamp",
    "mug",
    "backpack",
    "charger",
    "stand",
    "keyboard",
    "bottle",
    "notebook",
    "headphones",
    "adapter",
];
const WORDS: [&str; 10] = [
    "portable",
    "wireless",
    "black",
    "folding",
    "compact",
    "steel",
    "bamboo",
    "rechargeable",
    "waterproof",
    "classic",
];

/// A number that looks like chance and is the same in each run.
fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn pick<'a>(list: &[&'a str], number: u64) -> &'a str {
    list[usize::try_from(number % list.len() as u64).unwrap_or_default()]
}

fn gtin(number: u64) -> String {
    let body = format!("{:012}", 200_000_000_000 + number);
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A file of twelve columns.
fn write_file(path: &Path, rows: u64, cents_more: u64) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(
        out,
        "sku,title,brand,gtin,mpn,price,cost,quantity,weight,category,condition,description"
    )?;
    for row in 0..rows {
        let chance = mixed(row);
        let (brand, noun) = (pick(&BRANDS, chance), pick(&NOUNS, chance >> 8));
        let (first, second) = (pick(&WORDS, chance >> 16), pick(&WORDS, chance >> 24));
        let cents = 500 + chance % 20_000 + cents_more;
        writeln!(
            out,
            "SKU-{row:07},\"{brand} {first} {second} {noun}, model {}\",{brand},{},M{:06}-{},\
             {}.{:02},{}.00,{},{} lb,Home > {noun},new,A {first} {noun} by {brand}.",
            chance % 9973,
            gtin(row),
            chance % 1_000_000,
            row % 97,
            cents / 100,
            cents % 100,
            cents / 200,
            chance % 40,
            1 + chance % 20,
        )?;
    }
    out.flush()
}

fn open(folder: &Path) -> Store {
    let options = OpenOptions {
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
        key: None,
        page_limit: None,
    };
    Store::open(&folder.join("catalogue.barrow"), options).expect("the scratch folder is writable")
}

fn stage(store: &Store, file: &Path) -> Staging {
    let options = Options {
        form: Form::GUESSED,
        mapping: Vec::new(),
        defaults: Vec::new(),
        currency: Currency::USD,
    };
    let mut import = barrow_intake::open(file, &options).expect("the file was just written");
    let meta = ImportMeta {
        file_name: "bench.csv".to_owned(),
        layout: import.mapping().layout,
        content_hash: file.display().to_string(),
    };
    let mut staging = store.stage(meta).expect("the scratch folder is writable");
    while let Some(batch) = import.next_batch(5_000).expect("the file can be read") {
        staging.add(&batch.rows).expect("rows can be staged");
        staging
            .add_issues(&batch.issues)
            .expect("issues can be staged");
    }
    staging
}

/// The whole import of a large file.
pub(crate) fn import(folder: &Path, rows: u64) {
    let file = folder.join("large.csv");
    write_file(&file, rows, 0).expect("the scratch folder is writable");
    let yardstick = sqlite_shell(folder, &file);
    let store = open(folder);
    let ((), took) = timed(|| {
        let mut staging = stage(&store, &file);
        staging.apply().expect("the import can be applied");
    });
    let aim = yardstick.map_or("≤ 1.5 ×".to_owned(), |y| {
        format!("{} ≤ 1.5 ×", times(took, y))
    });
    let shell = yardstick.map_or("no sqlite3".to_owned(), shown);
    line(
        &format!("import {rows} rows of CSV"),
        &shell,
        &shown(took),
        &aim,
    );
    let memory = memory_mib().map_or("unknown".to_owned(), |mib| format!("{mib} MiB"));
    line("  memory of it, at most", "–", &memory, "≤ 200 MB");
}

/// What the sqlite3 shell takes to import the file and fill the same tables, indexes and search
/// index from it, with no trigger in the way.
fn sqlite_shell(folder: &Path, file: &Path) -> Option<Duration> {
    let script = folder.join("yardstick.sql");
    let database = folder.join("yardstick.db");
    let schema = include_str!("../../../../src-tauri/crates/store/schema.sql");
    let text = format!(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;\n{schema}\n{}\n.mode csv\n\
         .import {} raw\n{FILL}",
        drop_triggers(schema),
        file.display()
    );
    std::fs::write(&script, text).ok()?;
    let input = File::open(&script).ok()?;
    let mut command = Command::new("sqlite3");
    command
        .arg("-bail")
        .arg(&database)
        .stdin(input)
        .stdout(std::process::Stdio::null());
    let (status, took) = timed(|| command.status());
    status.ok()?.success().then_some(took)
}

fn drop_triggers(schema: &str) -> String {
    schema
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE TRIGGER "))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(|name| format!("DROP TRIGGER {name};\n"))
        .collect()
}

const FILL: &str = "
BEGIN;
INSERT INTO products (handle, title, description, brand, category)
  SELECT sku, title, description, brand, json_array(category) FROM raw;
INSERT INTO skus (sku, kind, product_id, title_key, gtin, mpn, condition, weight, cost_minor,
    cost_currency, price_minor, price_currency, on_hand, created_at, updated_at)
  SELECT r.sku, 'variant', p.id, lower(substr(r.title, 1, 48)), '0' || r.gtin, r.mpn, r.condition,
    r.weight, CAST(round(r.cost * 100) AS INTEGER), 'USD',
    CAST(round(r.price * 100) AS INTEGER), 'USD', CAST(r.quantity AS INTEGER), 0, 0
  FROM raw r JOIN products p ON p.handle = r.sku;
INSERT INTO movements (sku_id, location_id, delta, kind, origin, at)
  SELECT s.id, 1, s.on_hand, 'count', 'import:1', 0 FROM skus s;
INSERT INTO stock (sku_id, location_id, on_hand, counted_at)
  SELECT s.id, 1, s.on_hand, 0 FROM skus s;
INSERT INTO search (rowid, title, sku, brand, gtin, mpn)
  SELECT s.id, p.title, s.sku, p.brand, s.gtin, s.mpn
  FROM skus s JOIN products p ON p.id = s.product_id;
COMMIT;
";

/// A preview of a file that changes half of what is there.
pub(crate) fn preview(folder: &Path, rows: u64) {
    let small = folder.join("preview");
    std::fs::create_dir_all(&small).expect("the scratch folder is writable");
    let store = open(&small);
    let (first, second) = (small.join("first.csv"), small.join("second.csv"));
    write_file(&first, rows / 2, 0).expect("the scratch folder is writable");
    write_file(&second, rows, 1).expect("the scratch folder is writable");
    stage(&store, &first)
        .apply()
        .expect("the import can be applied");
    let (preview, took) = timed(|| {
        let mut staging = stage(&store, &second);
        staging.preview().expect("rows can be compared")
    });
    assert_eq!(
        preview.new + preview.changed,
        rows,
        "half is new, half has another price"
    );
    line(
        &format!("preview of {rows} rows, fully checked"),
        "–",
        &shown(took),
        "≤ 2 s",
    );
}

/// Search as one types, and pages in any order.
pub(crate) fn browse(folder: &Path) {
    let store = open(folder);
    let count = store
        .read(|db| db.sku_count())
        .expect("the catalogue can be read");
    search(&store, count);
    pages(&store, count);
}

fn search(store: &Store, count: u64) {
    let mut samples = Vec::new();
    let phrases = [
        "portable speaker",
        "sku-0004567",
        "steel mug cedar",
        "2000000123",
        "M0421",
    ];
    for phrase in phrases {
        for end in 1..=phrase.len() {
            for _ in 0..5 {
                let found = timed(|| store.read(|db| db.search(&phrase[..end], 50)));
                found.0.expect("the catalogue can be searched");
                samples.push(found.1);
            }
        }
    }
    line(
        &format!("search as you type, {count} SKUs, p99"),
        "–",
        &shown(p99(samples)),
        "≤ 16 ms",
    );
}

fn pages(store: &Store, count: u64) {
    let orders = [
        SortBy::Title,
        SortBy::Sku,
        SortBy::Price,
        SortBy::Quantity,
        SortBy::Updated,
    ];
    let (mut moving, mut jumping) = (Vec::new(), Vec::new());
    for by in orders {
        for descending in [false, true] {
            let order = SortOrder { by, descending };
            for jump in 0..10_u64 {
                let at = Position::At(mixed(jump) % count.max(1));
                let mut place = at;
                for step in 0..6 {
                    let (page, took) = timed(|| {
                        store.read(|db| db.products_page(order, &Filter::default(), &place, 200))
                    });
                    let page = page.expect("the catalogue can be paged");
                    if step == 0 {
                        jumping.push(took)
                    } else {
                        moving.push(took)
                    }
                    match page.next {
                        Some(next) => place = Position::After(next),
                        None => break,
                    }
                }
            }
        }
    }
    line(
        "a page of 200 rows, moving on, p99",
        "–",
        &shown(p99(moving)),
        "≤ 16 ms",
    );
    line(
        "a page of 200 rows, jumping anywhere, p99",
        "–",
        &shown(p99(jumping)),
        "≤ 60 ms",
    );
}

/// A plan after ten thousand of all listings changed.
pub(crate) fn plan(folder: &Path) {
    let store = open(folder);
    let account = store
        .write(|tx| {
            let account = tx.add_account(&NewAccount {
                name: "bench".to_owned(),
                marketplace: Marketplace("ebay".to_owned()),
                endpoint: Endpoint::Production,
                settings: Settings::new(),
            })?;
            tx.add_listings_of_all(account, &Site("EBAY_US".to_owned()), "")?;
            Ok(account)
        })
        .expect("the catalogue can be written");
    settle_all(&folder.join("catalogue.barrow"));
    let count = store
        .read(|db| db.sku_count())
        .expect("the catalogue can be read");
    let changed = 10_000.min(count);
    for number in 0..changed {
        let sku = Sku::new(format!("SKU-{:07}", number * (count / changed))).expect("a SKU");
        store
            .write(|tx| {
                let id = tx.sku_id(&sku)?;
                let location = tx.default_location()?;
                tx.count_stock(id, location, 41, None, barrow_model::Origin::User)
            })
            .expect("stock can be counted");
    }
    let engine = crate::push::engine_without_marketplaces(store);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("threads can be started");
    let (plan, took) = timed(|| runtime.block_on(engine.plan(&[account])));
    let plan = plan.expect("a plan can be made");
    assert!(
        !plan.changes.is_empty(),
        "ten thousand listings have another stock"
    );
    let what = format!("plan after {changed} of {count} listings changed");
    line(&what, "–", &shown(took), "≤ 1 s");
}

/// Makes every listing one that the marketplace has taken as it is.
fn settle_all(path: &PathBuf) {
    let db = rusqlite::Connection::open(path).expect("the catalogue is there");
    db.execute_batch(
        "UPDATE listings SET state = 'live', acknowledged_content = 'settled',
           (acknowledged_quantity,
           expected_quantity, acknowledged_price_minor, acknowledged_price_currency) =
           (SELECT on_hand, on_hand, price_minor, price_currency FROM skus
            WHERE skus.id = listings.sku_id);
         DELETE FROM listing_dirty; DELETE FROM catalogue_dirty;",
    )
    .expect("listings can be settled");
}
