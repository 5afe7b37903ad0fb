//! Commands over a catalogue in memory and a scripted marketplace.

mod account_facts;
mod answers;
mod block;
mod cases;
mod catalogue;
mod commands;
mod consent;
mod files;
mod making;
mod many;
mod order_views;
mod plan_rows;
mod staging;
mod standing;
mod taken_back;
mod told;
mod window;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use barrow_engine::{Accounts, Engine, EngineParts, NoFaults, Silent};
use barrow_market::{
    Adapter, Aftersales, Batch, BrowserConsent, Capability, Category, CategoryQuery, CategoryRules,
    Check, CheckItem, CheckState, Choices, ConnectorInfo, Consent, Core, Cursor, Error, ErrorKind,
    Lane, Listings, Mended, OrderPage, Orders, Outcome, Pages, PulledOrder, Rate, RawRecord,
    SettingField, SettingKind, Stream, StreamId,
};
use barrow_model::{
    Account, AccountId, ActionKind, Address, Amounts, Buyer, CategoryId, Change, Clock, Content,
    Currency, Delivery, FulfilledBy, Money, Offer, Order, OrderLine, PaymentState, Problem,
    ProblemKind, Random, Secret, Settings, Site, Sku, Ticket,
};
use barrow_store::{OpenOptions, Store};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    Api, ApiParts, EngineLock, KeysKept, LockHeld, PortError, Practice, PracticeConnection, Secrets,
};

/// Api, store and ports of a test.
struct World {
    api: Api,
    store: Arc<Store>,
    vault: Arc<Vault>,
    lock: Arc<Lock>,
}

impl World {
    fn new() -> Self {
        let options = OpenOptions {
            clock: Arc::new(Still),
            random: Arc::new(Dice),
            key: None,
            page_limit: None,
        };
        let store = Arc::new(Store::open_in_memory(options).expect("a catalogue"));
        let adapters: Arc<dyn Accounts> = Arc::new(Scripted);
        let engine = Arc::new(Engine::new(EngineParts {
            store: Arc::clone(&store),
            accounts: Arc::clone(&adapters),
            clock: Arc::new(Still),
            random: Arc::new(Dice),
            progress: Arc::new(Silent),
            faults: Arc::new(NoFaults),
        }));
        let (vault, lock) = (Arc::new(Vault::default()), Arc::new(Lock::default()));
        let api = Api::new(ApiParts {
            store: Arc::clone(&store),
            engine,
            connectors: vec![&INFO],
            folder: "/catalogues/mugs".into(),
            secrets: Arc::clone(&vault) as Arc<dyn Secrets>,
            practice: Arc::new(PracticeStub),
            lock: Arc::clone(&lock) as Arc<dyn EngineLock>,
            clock: Arc::new(Still),
            random: Arc::new(Dice),
            adapters,
            events: crate::Events::default(),
        });
        Self {
            api,
            store,
            vault,
            lock,
        }
    }

    /// Does a command as the window does.
    async fn call(&self, name: &str, request: Value) -> Value {
        match self.api.call(name, request).await {
            Ok(answer) => answer,
            Err(error) => serde_json::to_value(error).expect("an error is JSON"),
        }
    }

    /// An account with its keys, and a mug with three on hand.
    async fn with_mug() -> Self {
        let world = Self::new();
        world.add_account().await;
        world
            .import("sku,title,price,quantity\nMUG-1,Blue mug,12.50,3\n")
            .await;
        world
    }

    async fn add_account(&self) {
        let added = self
            .call(
                "account_add",
                json!({"marketplace": "bazaar", "name": "shop",
                    "settings": {"site": "BAZAAR_US"}, "secrets": {"key": "hunter2"}}),
            )
            .await;
        assert_eq!(added["done"], 1, "{added}");
    }

    async fn import(&self, csv: &str) -> Value {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("products.csv");
        std::fs::write(&file, csv).expect("writes");
        self.call("import", json!({"file": file})).await
    }
}

#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_305_600, 0).expect("an instant")
    }
}

#[derive(Debug)]
struct Dice;

/// Counts: names of attempts must differ.
static THROWN: AtomicU64 = AtomicU64::new(4);

impl Random for Dice {
    fn next_u64(&self) -> u64 {
        THROWN.fetch_add(1, Ordering::Relaxed)
    }
}

/// Keeps the names of secrets; refuses to when told so.
#[derive(Default)]
struct Vault {
    kept: Mutex<BTreeSet<(AccountId, String)>>,
    locked: Mutex<bool>,
}

impl Vault {
    fn kept(&self) -> usize {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }
}

impl Secrets for Vault {
    fn set(&self, account: AccountId, key: &str, _secret: &Secret) -> Result<(), PortError> {
        if *self.locked.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(PortError::new("the keyring is locked"));
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert((account, key.to_owned()));
        Ok(())
    }

    fn has(&self, account: AccountId, key: &str) -> Result<bool, PortError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kept.contains(&(account, key.to_owned())))
    }

    fn remove_all(&self, account: AccountId, keys: &[&str]) -> Result<(), PortError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, key)| *of != account || !keys.contains(&key.as_str()));
        Ok(())
    }

    fn kept(&self) -> KeysKept {
        KeysKept::Memory
    }
}

struct PracticeStub;

#[async_trait]
impl Practice for PracticeStub {
    fn names(&self) -> &'static [&'static str] {
        &["bazaar"]
    }

    async fn connection(&self, _marketplace: &str) -> Result<PracticeConnection, PortError> {
        Ok(PracticeConnection {
            settings: BTreeMap::from([("site".into(), "BAZAAR_US".into())]),
            secrets: BTreeMap::from([("key".into(), Secret::new("practice-key"))]),
            endpoint: None,
        })
    }
}

#[derive(Default)]
struct Lock {
    held: Mutex<bool>,
}

impl EngineLock for Lock {
    fn acquire(&self, _what: &str) -> Result<Box<dyn Send>, LockHeld> {
        if *self.held.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(LockHeld::By {
                by: "barrow sync (process 7)".into(),
                since: None,
            });
        }
        Ok(Box::new(()))
    }
}

static INFO: ConnectorInfo = ConnectorInfo {
    marketplace: "bazaar",
    title: "Bazaar",
    fields: &[
        SettingField {
            key: "key",
            label: "API key",
            help: "On the keys page",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: "site",
            label: "Site",
            help: "Where you sell",
            kind: SettingKind::Choice(&["BAZAAR_US", "BAZAAR_DE"]),
            required: true,
            default: None,
        },
    ],
    stock_pool: "",
    family_members_max: 0,
    help_url: "https://bazaar.example/keys",
    order_pages: Some(Pages {
        hosts: &[("BAZAAR_US", "seller.bazaar.example")],
        path: "/orders/",
    }),
    listing_pages: Some((
        "item_id",
        Pages {
            hosts: &[("BAZAAR_US", "bazaar.example")],
            path: "/item/",
        },
    )),
    elsewhere: false,
    ships_untracked: false,
    consent: Some(BrowserConsent {
        yields: "key",
        pages: &["https://auth.bazaar.example/authorize"],
        path: "/authorize",
    }),
    made_secrets: &["made"],
};

const fn lane(name: &'static str, kinds: &'static [ActionKind]) -> Lane {
    Lane {
        name,
        delivery: Delivery::Call,
        kinds,
        changes_max: 25,
        rate: Rate {
            calls: 100,
            per: Duration::from_secs(1),
            burst: 100,
        },
        calls_per_batch: 1,
        latency: Duration::from_secs(1),
        repeatable: true,
    }
}

static CAPABILITY: Capability = Capability {
    lanes: &[
        lane(
            "listings",
            &[ActionKind::Publish, ActionKind::Revise, ActionKind::End],
        ),
        lane("offers", &[ActionKind::SetPrice, ActionKind::SetQuantity]),
        lane("ship", &[ActionKind::Ship]),
        lane("cases", &[ActionKind::AnswerCase]),
    ],
    exclusions: &[],
    sku_chars_max: 50,
    sku_signs: None,
    title_chars_max: 80,
    description_chars_max: 1000,
    images_max: 5,
    quantity_max: 1000,
    images_https_only: true,
    categories_by_name: false,
    keeps_listing_at_zero: true,
    lowers_quantity_on_sale: true,
    reads_all_listings: true,
    shows_changes_in: Duration::ZERO,
    shows_listings_in: Duration::ZERO,
    acknowledges_orders: false,
    order_history: Duration::from_secs(86_400 * 90),
    pull_overlap: Duration::from_secs(600),
    fetch_orders_max: 10,
    people_kept: None,
    ship_reference_chars_max: 30,
};

/// A marketplace that has one order and refuses every listing for want of a brand.
struct Scripted;

#[async_trait]
impl Accounts for Scripted {
    async fn adapter(&self, _account: &Account) -> barrow_market::Result<Arc<dyn Adapter>> {
        Ok(Arc::new(Self))
    }
}

impl Adapter for Scripted {
    fn capability(&self) -> &Capability {
        &CAPABILITY
    }

    fn core(&self) -> &dyn Core {
        self
    }

    fn listings(&self) -> Option<&dyn Listings> {
        None
    }

    fn orders(&self) -> Option<&dyn Orders> {
        Some(self)
    }

    fn aftersales(&self) -> Option<&dyn Aftersales> {
        Some(self)
    }

    fn consent(&self) -> Option<&dyn Consent> {
        Some(self)
    }
}

#[async_trait]
impl Core for Scripted {
    async fn check(&self) -> barrow_market::Result<Check> {
        Ok(Check {
            seller: Some("mugs4you".into()),
            sites: vec![Site("BAZAAR_US".into())],
            items: vec![CheckItem {
                name: "policies".into(),
                state: CheckState::Missing,
                problem: Some(Problem::new(ProblemKind::PolicyMissing).param("policy", "return")),
                mend: Some(consent::mend()),
            }],
            consent_until: None,
            selling_limit: None,
        })
    }

    async fn mend(&self, item: &str, fields: &Settings) -> barrow_market::Result<Mended> {
        consent::mended(item, fields)
    }

    async fn choices(&self, _site: &Site) -> barrow_market::Result<Vec<Choices>> {
        Ok(Vec::new())
    }

    async fn suggest_category(
        &self,
        _site: &Site,
        _query: &CategoryQuery,
    ) -> barrow_market::Result<Option<Category>> {
        Ok(None)
    }

    async fn category_rules(
        &self,
        _site: &Site,
        _category: &CategoryId,
    ) -> barrow_market::Result<CategoryRules> {
        Ok(CategoryRules::default())
    }

    fn validate(
        &self,
        _site: &Site,
        offer: &Offer,
        _rules: Option<&CategoryRules>,
    ) -> Vec<Problem> {
        match &offer.content.brand {
            Some(_) => Vec::new(),
            None => vec![Problem::new(ProblemKind::BrandMissing).field("brand")],
        }
    }

    fn needs_category(&self, _content: &Content) -> bool {
        false
    }
}

const ORDERS: StreamId = StreamId("orders");

#[async_trait]
impl Orders for Scripted {
    fn streams(&self) -> &'static [Stream] {
        &[Stream {
            id: ORDERS,
            rereads_open: false,
        }]
    }

    fn start(&self, _stream: StreamId, since: DateTime<Utc>) -> barrow_market::Result<Cursor> {
        Ok(Cursor(since.to_rfc3339()))
    }

    async fn pull(
        &self,
        _stream: StreamId,
        _cursor: &Cursor,
        _open: &[String],
    ) -> barrow_market::Result<OrderPage> {
        Ok(OrderPage {
            orders: vec![PulledOrder {
                order: order(),
                raw: RawRecord {
                    order_id: Some("17".into()),
                    body: "{}".into(),
                },
            }],
            unreadable: Vec::new(),
            next: Cursor("end".into()),
            more: false,
            covered_through: None,
            total: Some(1),
        })
    }

    async fn fetch(&self, _ids: &[String]) -> barrow_market::Result<OrderPage> {
        Err(Error::new(ErrorKind::Unsupported, "fetch"))
    }

    fn read_record(&self, record: &RawRecord) -> Result<PulledOrder, barrow_market::OrderIssue> {
        Ok(PulledOrder {
            order: order(),
            raw: record.clone(),
        })
    }
}

#[async_trait]
impl Aftersales for Scripted {
    async fn submit(&self, batch: &Batch) -> barrow_market::Result<Vec<Outcome>> {
        let applied = batch
            .changes
            .iter()
            .map(|change| Outcome::applied(change.id, None));
        Ok(applied.collect())
    }

    async fn poll(
        &self,
        _ticket: &Ticket,
        _changes: &[Change],
    ) -> barrow_market::Result<Vec<Outcome>> {
        Ok(Vec::new())
    }

    async fn look_up(&self, batch: &Batch) -> barrow_market::Result<Vec<Outcome>> {
        self.submit(batch).await
    }
}

/// An order of two mugs and of something that nobody knows.
fn order() -> Order {
    let line = |line_id: &str, sku: &str, quantity: u32| OrderLine {
        line_id: line_id.into(),
        sku: Sku::new(sku).ok(),
        listing_ref: None,
        options: Vec::new(),
        title: "Blue mug".into(),
        quantity,
        quantity_shipped: 0,
        quantity_cancelled: 0,
        quantity_returned: 0,
        unit_price: Some(Money::new(1250, Currency::USD)),
        subtotal: None,
        tax: None,
        shipping: None,
        discount: None,
        delivered: false,
    };
    Order {
        order_id: "17".into(),
        customer_order_id: None,
        site: Site("BAZAAR_US".into()),
        placed_at: DateTime::from_timestamp(1_795_300_000, 0).expect("an instant"),
        updated_at: None,
        paid_at: None,
        ship_by: None,
        deliver_by: None,
        marketplace_state: Some("OPEN".into()),
        payment_state: PaymentState::Paid,
        on_hold: false,
        cancel_requested: false,
        replaces: None,
        fulfilled_by: FulfilledBy::Seller,
        shipping_service: None,
        buyer_note: None,
        total: Some(Money::new(3750, Currency::USD)),
        amounts: Amounts::default(),
        taxes: Vec::new(),
        refunds: Vec::new(),
        buyer: Some(Buyer {
            name: Some("Ada".into()),
            ..Buyer::default()
        }),
        ship_to: Some(Address {
            city: Some("Reno".into()),
            ..Address::default()
        }),
        lines: vec![line("1", "MUG-1", 2), line("2", "VASE-9", 1)],
        shipments: Vec::new(),
        needs_acknowledgement: false,
    }
}
