//! A small seller with a catalogue, accounts and a marketplace in memory that keeps the contract.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(unreachable_pub, reason = "a module of tests is not an interface")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub mod capability;
pub mod market;
pub mod observed;
pub mod reports;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use barrow_engine::{
    Accounts, Engine, EngineParts, FaultPoints, NoFaults, PushOptions, Rules, Silent, Summary,
};
use barrow_market::Adapter;
use barrow_model::{
    Account, AccountId, Clock, Currency, Endpoint, Layout, ListingId, LocationId, Marketplace,
    Money, Origin, Random, Row, Settings, Site, Sku, SkuId, SourceLine,
};
use barrow_store::{ImportMeta, ListingRow, NewAccount, NewListing, OpenOptions, Store};
use chrono::{DateTime, Utc};
use tokio::time::Instant;

use market::Market;

/// Wall time that runs with tokio's paused clock.
#[derive(Debug, Clone)]
pub struct SimulatedClock {
    began: Instant,
}

impl Clock for SimulatedClock {
    fn now(&self) -> DateTime<Utc> {
        let base = DateTime::from_timestamp(1_795_305_600, 0).unwrap();
        base + chrono::Duration::from_std(self.began.elapsed()).unwrap()
    }
}

#[derive(Debug)]
pub struct Dice(Mutex<u64>);

impl Random for Dice {
    fn next_u64(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *state
    }
}

#[derive(Default)]
struct Adapters(Mutex<BTreeMap<AccountId, Arc<Market>>>);

#[async_trait]
impl Accounts for Adapters {
    async fn adapter(&self, account: &Account) -> barrow_market::Result<Arc<dyn Adapter>> {
        let adapters = self.0.lock().unwrap();
        Ok(adapters[&account.id].clone())
    }
}

pub struct Shop {
    pub clock: SimulatedClock,
    pub store: Store,
    path: PathBuf,
    _folder: tempfile::TempDir,
    adapters: Arc<Adapters>,
    dice: Arc<Dice>,
    pub engine: Arc<Engine>,
    rows: u64,
}

pub fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

pub fn site() -> Site {
    Site("US".into())
}

fn open(path: &std::path::Path, clock: &SimulatedClock) -> Store {
    let options = OpenOptions {
        clock: Arc::new(clock.clone()),
        random: Arc::new(Dice(Mutex::new(1))),
        key: None,
        page_limit: None,
    };
    Store::open(path, options).unwrap()
}

impl Shop {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalogue.barrow");
        let clock = SimulatedClock {
            began: Instant::now(),
        };
        let store = open(&path, &clock);
        let adapters = Arc::new(Adapters::default());
        let dice = Arc::new(Dice(Mutex::new(7)));
        let engine = engine(&store, &adapters, (&clock, &dice), Arc::new(NoFaults));
        Self {
            clock,
            store,
            path,
            _folder: folder,
            adapters,
            dice,
            engine,
            rows: 1,
        }
    }

    /// Opens the catalogue anew, as after a crash; the engine stops at `faults`.
    pub fn restart(&mut self, faults: Arc<dyn FaultPoints>) {
        self.store = open(&self.path, &self.clock);
        let parts = (&self.clock, &self.dice);
        self.engine = engine(&self.store, &self.adapters, parts, faults);
    }

    pub fn account(&self, name: &str, market: Arc<Market>) -> AccountId {
        let id = self
            .store
            .write(|tx| {
                tx.add_account(&NewAccount {
                    name: name.into(),
                    marketplace: Marketplace("test".into()),
                    endpoint: Endpoint::Practice,
                    settings: Settings::new(),
                })
            })
            .unwrap();
        self.adapters.0.lock().unwrap().insert(id, market);
        id
    }

    pub fn rules(&self, account: AccountId, rules: &Rules) {
        rules.check().unwrap();
        let text = serde_json::to_string(rules).unwrap();
        self.store
            .write(|tx| tx.set_account_rules(account, &text, None))
            .unwrap();
    }

    pub fn import(&mut self, rows: &[Row]) {
        self.rows += 1;
        let meta = ImportMeta {
            file_name: "a.csv".into(),
            layout: Layout::Plain,
            content_hash: self.rows.to_string(),
        };
        let mut staging = self.store.stage(meta).unwrap();
        staging.add(rows).unwrap();
        staging.apply().unwrap();
    }

    /// Adds or changes a variant.
    pub fn variant(&mut self, name: &str, price: Option<Money>, quantity: Option<i64>) -> SkuId {
        self.import(&[Row {
            price,
            quantity,
            ..row(name)
        }]);
        self.sku_id(name)
    }

    /// Adds variants that cost ten dollars, five units of each.
    pub fn variants(&mut self, names: &[String]) {
        let rows = names.iter().map(|name| Row {
            price: Some(usd(1_000)),
            quantity: Some(5),
            ..row(name)
        });
        let rows: Vec<Row> = rows.collect();
        self.import(&rows);
    }

    pub fn sku_id(&self, name: &str) -> SkuId {
        self.store.read(|db| db.sku_id(&sku(name))).unwrap()
    }

    pub fn list(&self, account: AccountId, name: &str) -> ListingId {
        let sku_id = self.sku_id(name);
        self.store
            .write(|tx| {
                tx.add_listing(&NewListing {
                    account_id: account,
                    site: site(),
                    channel_sku: sku(name),
                    sku_id,
                    pool: String::new(),
                })
            })
            .unwrap()
    }

    pub fn count(&self, name: &str, quantity: i64) {
        let id = self.sku_id(name);
        self.store
            .write(|tx| tx.count_stock(id, LocationId(1), quantity, None, Origin::User))
            .unwrap();
    }

    pub fn listing(&self, id: ListingId) -> ListingRow {
        self.store.read(|db| db.listing(id)).unwrap()
    }

    pub fn engine_now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Pushes and waits for what is promised within a day.
    pub async fn push(&self) -> Summary {
        self.push_with(false).await
    }

    pub async fn push_with(&self, yes: bool) -> Summary {
        self.engine.push(&options(yes, 86_400)).await.unwrap()
    }

    /// Pushes and waits for nothing.
    pub async fn push_once(&self) -> Summary {
        self.engine.push(&options(false, 0)).await.unwrap()
    }
}

pub fn options(yes: bool, patience: u64) -> PushOptions {
    PushOptions {
        accounts: Vec::new(),
        yes,
        patience: std::time::Duration::from_secs(patience),
    }
}

fn engine(
    store: &Store,
    adapters: &Arc<Adapters>,
    (clock, dice): (&SimulatedClock, &Arc<Dice>),
    faults: Arc<dyn FaultPoints>,
) -> Arc<Engine> {
    Arc::new(Engine::new(EngineParts {
        store: Arc::new(store.clone()),
        accounts: adapters.clone(),
        clock: Arc::new(clock.clone()),
        random: dice.clone(),
        progress: Arc::new(Silent),
        faults,
    }))
}

pub fn row(name: &str) -> Row {
    Row {
        title: Some(format!("Title of {name}")),
        ..Row::blank(SourceLine(2), name.to_lowercase(), sku(name))
    }
}
