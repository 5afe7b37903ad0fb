//! A bench: fresh practice marketplaces, one adapter in front of them, and all that a test needs
//! to ask of both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use barrow_market::{
    Adapter, Batch, CategoryRules, Connection, Credentials, CredentialsError, Lane, MemoryNotes,
    NoPictures, Notes, Pictures, Result,
};
use barrow_model::{
    AccountId, Action, Binding, CategoryId, Change, ChangeId, Clock, Endpoint, ListingId,
    ListingRef, Offer, Secret, Settings, Site, Sku, Target,
};
use barrow_practice::{
    Fault, Held, HeldListing, HeldOrder, Marketplaces, OrderRequestLine, Rehearsal, ServeOptions,
    Server,
};
use barrow_wire::{MemoryLimits, Parts};
use chrono::{DateTime, TimeDelta, Utc};

use super::Suite;
use super::clock::{BenchClock, BenchRandom};
use super::tap::{Call, Tamper, Tap, outside};
use crate::subjects::Subject;

/// Everything that is left to chance on a practice marketplace derives from it.
const SEED: u64 = 20_261_122;
/// A marketplace does something at least so often.
const STEP_MAX: Duration = Duration::from_secs(10 * 60);

/// How an adapter is connected, where it differs from the practice marketplace's own advice.
#[derive(Clone, Debug, Default)]
pub(super) struct Wiring {
    /// Another address.
    pub(super) endpoint: Option<String>,
    /// Secrets that are others, or, where none, not given.
    pub(super) secrets: BTreeMap<String, Option<String>>,
    /// Settings that are others.
    pub(super) settings: Settings,
}

/// Practice marketplaces and an adapter.
pub(super) struct Bench {
    pub(super) subject: &'static Subject,
    pub(super) marketplaces: Arc<Marketplaces>,
    pub(super) tap: Arc<Tap>,
    pub(super) adapter: Arc<dyn Adapter>,
    pub(super) clock: Arc<BenchClock>,
    pool: &'static str,
    server: Server,
    limits: Arc<MemoryLimits>,
    notes: Arc<MemoryNotes>,
    numbers: AtomicI64,
    /// Orders that were given and are open still, as Barrow would know them.
    pub(super) open: Mutex<BTreeSet<String>>,
    pub(super) defaults: Mutex<Option<Settings>>,
    pub(super) advice: Mutex<Option<(Option<CategoryId>, CategoryRules)>>,
}

impl Suite {
    /// A bench with nothing on it.
    pub(super) async fn bench(&self) -> Bench {
        let clock = Arc::new(BenchClock::new());
        let told = Arc::clone(&clock);
        let settings = barrow_practice::Settings {
            seed: SEED,
            orders_per_hour: 0,
        };
        let mut marketplaces = Marketplaces::open(Rehearsal {
            settings: settings.clone(),
            speed: 1,
            wall: Arc::new(move || told.last()),
        });
        if let Some(open) = self.subject.practice {
            marketplaces = marketplaces.with(open(settings));
        }
        let marketplaces = Arc::new(marketplaces);
        let served = Arc::clone(&marketplaces);
        let server = outside()
            .spawn(async move { Server::start(served, ServeOptions { port: 0 }).await })
            .await
            .expect("starting does not panic")
            .expect("loopback has free ports");
        let tap = Arc::new(Tap::new(Arc::clone(&clock), Arc::clone(&self.record)));
        let limits = Arc::new(MemoryLimits::default());
        let notes = Arc::new(MemoryNotes::default());
        let table = Table {
            subject: self.subject,
            marketplaces: &marketplaces,
            server: &server,
            tap: &tap,
            clock: &clock,
            limits: &limits,
            notes: &notes,
        };
        let adapter = table.connect(&Wiring::default(), Arc::new(NoPictures));
        let adapter = adapter.expect("it connects");
        let pool = (self.subject.connector)(table.parts()).info().stock_pool;
        Bench {
            pool,
            subject: self.subject,
            marketplaces,
            tap,
            adapter,
            clock,
            server,
            limits,
            notes,
            numbers: AtomicI64::new(0),
            open: Mutex::default(),
            defaults: Mutex::new(None),
            advice: Mutex::new(None),
        }
    }
}

/// What an adapter is connected over.
struct Table<'a> {
    subject: &'static Subject,
    marketplaces: &'a Marketplaces,
    server: &'a Server,
    tap: &'a Arc<Tap>,
    clock: &'a Arc<BenchClock>,
    limits: &'a Arc<MemoryLimits>,
    notes: &'a Arc<MemoryNotes>,
}

impl Table<'_> {
    fn parts(&self) -> Parts {
        Parts {
            transport: Arc::clone(self.tap) as Arc<dyn barrow_wire::Transport>,
            limits: Arc::clone(self.limits) as Arc<dyn barrow_wire::LimitState>,
            clock: Arc::clone(self.clock) as Arc<dyn Clock>,
            random: Arc::new(BenchRandom::default()),
        }
    }

    fn connect(&self, wiring: &Wiring, pictures: Arc<dyn Pictures>) -> Result<Arc<dyn Adapter>> {
        let name = self.subject.name;
        let known = self.marketplaces.connection(name).expect("it is practised");
        let mut secrets: BTreeMap<String, Option<String>> = known
            .secrets
            .into_iter()
            .map(|(key, value)| (key, Some(value)))
            .collect();
        secrets.extend(wiring.secrets.clone());
        let mut settings = known.settings;
        let own = self.subject.settings.iter();
        settings.extend(own.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        settings.extend(wiring.settings.clone());
        let served = self.server.endpoint(name).expect("it is served");
        let address = wiring.endpoint.clone().unwrap_or(served);
        (self.subject.connector)(self.parts()).connect(Connection {
            account_id: AccountId(1),
            endpoint: Endpoint::Custom(address),
            settings,
            credentials: Arc::new(Keys(Mutex::new(secrets))),
            pictures,
            notes: Arc::clone(self.notes) as Arc<dyn Notes>,
        })
    }
}

/// Secrets in memory.
struct Keys(Mutex<BTreeMap<String, Option<String>>>);

#[async_trait]
impl Credentials for Keys {
    async fn read(&self, key: &str) -> std::result::Result<Option<Secret>, CredentialsError> {
        let keys = self.0.lock().expect("no test panics while it holds keys");
        Ok(keys.get(key).cloned().flatten().map(Secret::new))
    }

    async fn write(&self, key: &str, secret: Secret) -> std::result::Result<(), CredentialsError> {
        let mut keys = self.0.lock().expect("no test panics while it holds keys");
        keys.insert(key.to_owned(), Some(secret.expose().to_owned()));
        Ok(())
    }
}

impl Bench {
    fn table(&self) -> Table<'_> {
        Table {
            subject: self.subject,
            marketplaces: &self.marketplaces,
            server: &self.server,
            tap: &self.tap,
            clock: &self.clock,
            limits: &self.limits,
            notes: &self.notes,
        }
    }

    /// What a connector is given.
    pub(super) fn parts(&self) -> Parts {
        self.table().parts()
    }

    /// Another adapter of the same account, wired as asked. Limits are remembered.
    pub(super) fn connect(&self, wiring: &Wiring) -> Result<Arc<dyn Adapter>> {
        self.table().connect(wiring, Arc::new(NoPictures))
    }

    /// The same account's adapter with pictures of the seller's own.
    pub(super) fn connect_showing(&self, pictures: Arc<dyn Pictures>) -> Arc<dyn Adapter> {
        let connected = self.table().connect(&Wiring::default(), pictures);
        connected.expect("it connects")
    }

    /// The program ends and starts again: what the adapter kept in memory is gone.
    pub(super) fn restart(&mut self) {
        self.adapter = self.connect(&Wiring::default()).expect("it connects");
    }

    /// The address of the practice marketplace.
    pub(super) fn address(&self) -> String {
        let served = self.server.endpoint(self.subject.name);
        served.expect("it is served")
    }

    /// The site that is sold on.
    pub(super) fn site(&self) -> Site {
        Site(self.subject.site.to_owned())
    }

    /// The present.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets time pass on both sides. The marketplace sees it pass: what it does late follows on
    /// what it did before.
    pub(super) fn pass(&self, by: Duration) {
        let mut left = by;
        loop {
            let step = left.min(STEP_MAX);
            let passed = TimeDelta::from_std(step).expect("a test lasts no centuries");
            self.clock.pass(passed);
            self.marketplaces.step().expect("memory can be written");
            left -= step;
            if left.is_zero() {
                return;
            }
        }
    }

    /// Lets time pass until a moment, if it is still to come.
    pub(super) fn pass_until(&self, at: DateTime<Utc>) {
        self.pass((at - self.now()).to_std().unwrap_or_default());
    }

    /// Lets as much time pass as everything takes that was begun.
    pub(super) fn pass_settled(&self) {
        self.pass(self.subject.settled);
    }

    /// What the marketplace holds now.
    pub(super) fn held(&self) -> Held {
        self.now();
        let mut held = self.marketplaces.held().expect("memory can be written");
        held.remove(self.subject.name).expect("it is practised")
    }

    /// The listings of a SKU that the marketplace holds.
    pub(super) fn held_of(&self, sku: &Sku) -> Vec<HeldListing> {
        let held = self.held().listings.into_iter();
        held.filter(|one| one.sku == sku.as_str()).collect()
    }

    /// An order as the marketplace holds it.
    pub(super) fn held_order(&self, order_id: &str) -> HeldOrder {
        let mut held = self.held().orders.into_iter();
        let found = held.find(|order| order.order_id == order_id);
        found.expect("a placed order stays")
    }

    /// Switches a fault on, or off with no times.
    pub(super) fn fault(&self, name: &str, times: u32) {
        let fault = Fault {
            name: name.to_owned(),
            times,
        };
        let set = self.marketplaces.set_fault(self.subject.name, fault);
        set.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Whether the practice marketplace knows a misbehaviour; where it does, it is switched on.
    pub(super) fn has_fault(&self, name: &str, times: u32) -> bool {
        let fault = Fault {
            name: name.to_owned(),
            times,
        };
        let set = self.marketplaces.set_fault(self.subject.name, fault);
        set.is_ok()
    }

    /// A buyer orders units of SKUs.
    pub(super) fn order(&self, lines: &[(&Sku, u32)]) -> String {
        self.now();
        let lines: Vec<OrderRequestLine> = lines
            .iter()
            .map(|(sku, quantity)| OrderRequestLine {
                sku: sku.to_string(),
                quantity: *quantity,
            })
            .collect();
        let placed = self.marketplaces.place_order(self.subject.name, &lines);
        placed.expect("the goods are for sale")
    }

    /// The calls since the last look.
    pub(super) fn take_calls(&self) -> Vec<Call> {
        self.tap.take_calls()
    }

    /// Changes answers on their way to the adapter.
    pub(super) fn tamper(&self, tamper: Option<Tamper>) {
        self.tap.tamper(tamper);
    }

    pub(super) fn number(&self) -> i64 {
        self.numbers.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// A listing that the marketplace does not know yet.
    pub(super) fn listing(&self, sku: &str) -> ListingRef {
        ListingRef {
            id: ListingId(self.number()),
            site: self.site(),
            sku: Sku::new(sku).expect("a SKU"),
            binding: Binding::default(),
            pool: self.pool.to_owned(),
        }
    }

    /// A change of a listing.
    pub(super) fn change(&self, listing: &ListingRef, action: Action) -> Change {
        self.change_of(Target::Listing(listing.clone()), action)
    }

    /// A change of anything.
    pub(super) fn change_of(&self, target: Target, action: Action) -> Change {
        Change {
            id: ChangeId(self.number()),
            target,
            action,
        }
    }

    /// A batch on a lane, with a fingerprint of its own.
    pub(super) fn batch(&self, lane: &'static Lane, changes: Vec<Change>) -> Batch {
        Batch {
            lane: lane.name,
            changes,
            fingerprint: format!("conformance-{}", self.number()),
            begun_at: self.now(),
        }
    }

    /// The account's defaults: the first of each choice that the marketplace offers.
    pub(super) async fn defaults(&self) -> Settings {
        let known = self.defaults.lock().expect("held for moments").clone();
        if let Some(known) = known {
            return known;
        }
        let choices = self.adapter.core().choices(&self.site()).await;
        let choices = choices.expect("choices can be read");
        let first = choices.into_iter().filter_map(|offered| {
            let first = offered.choices.into_iter().next()?;
            Some((offered.key, first.value))
        });
        let settings: Settings = first.collect();
        *self.defaults.lock().expect("held for moments") = Some(settings.clone());
        settings
    }

    /// The nth thing to sell, complete: category, attributes and settings as the adapter advises.
    pub(super) async fn offer(&self, number: u32) -> Offer {
        let mut offer = (self.subject.offer)(number);
        offer.settings = self.defaults().await;
        super::advice::complete(self, &mut offer).await;
        offer
    }
}
