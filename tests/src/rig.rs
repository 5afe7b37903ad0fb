//! A whole Barrow in one process: real engine, real store, real adapters and practice marketplaces,
//! called without sockets in a time that stands still until everybody waits for it, or served on
//! loopback in real time.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use barrow_engine::{Accounts, Engine, EngineParts, FaultPoints, NoFaults, Silent};
use barrow_host::{CatalogueNotes, CataloguePictures, SystemClock};
use barrow_market::{
    Adapter, Connection, Connector, Credentials, CredentialsError, Error, ErrorKind, Exclusion,
};
use barrow_model::{Account, AccountId, Clock, Endpoint, Marketplace, Random, Secret, Settings};
use barrow_practice::{Marketplaces, Rehearsal, Reply, ServeOptions, Server};
use barrow_store::{NewAccount, OpenOptions, Store};
use barrow_wire::{
    Body, HttpTransport, LimitState, MemoryLimits, Parts, Transport, TransportError,
    TransportErrorKind,
};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tokio::time::Instant;

use crate::shop::{members_max, pool};

/// When every rehearsal begins.
pub const BEGIN_SECONDS: i64 = 1_795_305_600;

/// Wall time that follows tokio's clock, paused or not.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    begun: Instant,
    begin: DateTime<Utc>,
}

impl TokioClock {
    /// A clock that shows an instant now.
    pub fn start(begin: DateTime<Utc>) -> Self {
        Self {
            begun: Instant::now(),
            begin,
        }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> DateTime<Utc> {
        self.begin + TimeDelta::from_std(self.begun.elapsed()).unwrap_or(TimeDelta::MAX)
    }
}

/// Random numbers from a seed.
pub struct Seeded(Mutex<ChaCha8Rng>);

impl Seeded {
    /// Numbers that derive from a seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }
}

impl fmt::Debug for Seeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seeded")
    }
}

impl Random for Seeded {
    fn next_u64(&self) -> u64 {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next_u64()
    }
}

/// Somebody who is told of every call to a practice marketplace in process.
pub trait Watcher: Send + Sync {
    /// A request has arrived and is about to be answered.
    fn arrives(&self, marketplace: &'static str, request: &Request<Bytes>);

    /// It was answered, or not: in any case it has taken what effect it takes.
    fn is_done(&self, marketplace: &'static str);
}

/// Who watches; nobody until [`Rig::watch`].
#[derive(Default)]
struct Watch(Mutex<Option<Arc<dyn Watcher>>>);

impl Watch {
    fn tell(&self, tell: impl FnOnce(&dyn Watcher)) {
        let watcher = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(watcher) = watcher {
            tell(watcher.as_ref());
        }
    }
}

/// Calls a practice marketplace in process.
pub struct PracticeTransport {
    marketplaces: Arc<Marketplaces>,
    name: &'static str,
    watch: Arc<Watch>,
    random: Arc<dyn Random>,
    /// The most milliseconds that a request or an answer is on its way.
    way_ms_max: u64,
}

impl fmt::Debug for PracticeTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PracticeTransport")
    }
}

impl PracticeTransport {
    async fn travel(&self) {
        if self.way_ms_max > 0 {
            let way = 1 + self.random.next_u64() % self.way_ms_max;
            tokio::time::sleep(Duration::from_millis(way)).await;
        }
    }
}

#[async_trait]
impl Transport for PracticeTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let no_answer = |detail: String| TransportError::new(TransportErrorKind::NoAnswer, detail);
        self.travel().await;
        self.watch
            .tell(|watcher| watcher.arrives(self.name, &request));
        let reply = self.marketplaces.call(self.name, request).await;
        self.watch.tell(|watcher| watcher.is_done(self.name));
        self.travel().await;
        match reply {
            Ok(Reply::Answer(response)) => Ok(response.map(Body::whole)),
            Ok(Reply::NoAnswer) => Err(no_answer("the connection closed".to_owned())),
            Ok(Reply::CutBody { response, sent }) => {
                Ok(response.map(|body| Body::cut(body.slice(..sent.min(body.len())))))
            }
            Err(error) => Err(no_answer(error.to_string())),
        }
    }
}

/// Secrets in memory.
pub struct GivenSecrets(BTreeMap<String, Secret>);

impl GivenSecrets {
    /// These secrets.
    pub fn new(secrets: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(
            secrets
                .into_iter()
                .map(|(key, text)| (key, Secret::new(text)))
                .collect(),
        )
    }
}

impl fmt::Debug for GivenSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GivenSecrets")
    }
}

#[async_trait]
impl Credentials for GivenSecrets {
    async fn read(&self, key: &str) -> Result<Option<Secret>, CredentialsError> {
        Ok(self.0.get(key).cloned())
    }

    async fn write(&self, _key: &str, _secret: Secret) -> Result<(), CredentialsError> {
        Ok(())
    }
}

/// The adapters of the rig's accounts.
#[derive(Default)]
struct Ways(Mutex<BTreeMap<AccountId, Arc<dyn Adapter>>>);

impl Ways {
    fn put(&self, id: AccountId, adapter: Arc<dyn Adapter>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, adapter);
    }
}

#[async_trait]
impl Accounts for Ways {
    async fn adapter(&self, account: &Account) -> barrow_market::Result<Arc<dyn Adapter>> {
        let ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let adapter = ways.get(&account.id).map(Arc::clone);
        adapter.ok_or_else(|| Error::new(ErrorKind::Config, "connect"))
    }

    fn stock_pool(&self, account: &Account) -> &'static str {
        pool(&account.marketplace.0)
    }

    fn family_members_max(&self, account: &Account) -> usize {
        members_max(&account.marketplace.0)
    }
}

/// How a rig is set up.
pub struct RigOptions {
    /// Everything that is left to chance derives from it.
    pub seed: u64,
    /// Orders that arrive by themselves.
    pub orders_per_hour: u32,
    /// The most milliseconds that a request or an answer is on its way, in process.
    pub way_ms_max: u64,
    /// Places to be passed.
    pub faults: Arc<dyn FaultPoints>,
}

impl RigOptions {
    /// A rig in which nothing arrives by itself and calls take no time.
    pub fn quiet(seed: u64) -> Self {
        Self {
            seed,
            orders_per_hour: 0,
            way_ms_max: 0,
            faults: Arc::new(NoFaults),
        }
    }
}

impl fmt::Debug for RigOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RigOptions")
    }
}

/// A whole Barrow in one process.
pub struct Rig {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The catalogue.
    pub store: Arc<Store>,
    /// The practice marketplaces.
    pub marketplaces: Arc<Marketplaces>,
    /// Time.
    pub clock: Arc<TokioClock>,
    /// The accounts, by marketplace.
    pub accounts: BTreeMap<&'static str, AccountId>,
    wires: Wires,
    /// Serves as long as it is there.
    _server: Option<Server>,
}

impl fmt::Debug for Rig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rig")
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}

/// How the adapters reach the marketplaces.
struct Wires {
    random: Arc<dyn Random>,
    limits: Arc<dyn LimitState>,
    watch: Arc<Watch>,
    way_ms_max: u64,
    /// Over sockets, where the marketplaces are served.
    http: Option<HttpTransport>,
}

impl Rig {
    /// In memory and in process, with one account at each of `names`.
    pub fn open(options: RigOptions, names: &[&'static str]) -> Self {
        let begin = DateTime::from_timestamp(BEGIN_SECONDS, 0).unwrap_or_default();
        let clock = Arc::new(TokioClock::start(begin));
        let random: Arc<dyn Random> = Arc::new(Seeded::new(options.seed));
        let store = Store::open_in_memory(store_options(&clock, &random));
        let store = store.expect("a catalogue in memory needs nothing that could be missing");
        let marketplaces = marketplaces(&clock, &options);
        Self::assemble((clock, random), store, marketplaces, options, None, names)
    }

    /// In real time, with the catalogue in a folder and the marketplaces served on loopback; one
    /// account at each.
    pub async fn open_served(options: RigOptions, folder: &Path) -> Self {
        let clock = Arc::new(TokioClock::start(SystemClock.now()));
        let random: Arc<dyn Random> = Arc::new(Seeded::new(options.seed));
        let path = folder.join("catalogue.barrow");
        let store = Store::open(&path, store_options(&clock, &random));
        let store = store.expect("the folder can be written");
        let marketplaces = marketplaces(&clock, &options);
        let server = Server::start(Arc::clone(&marketplaces), ServeOptions { port: 0 }).await;
        let server = server.expect("loopback has free ports");
        let names = &barrow_practice::NAMES;
        Self::assemble(
            (clock, random),
            store,
            marketplaces,
            options,
            Some(server),
            names,
        )
    }

    /// Another Barrow with an empty catalogue, at the same marketplaces and in the same time.
    pub fn beside(&self, options: RigOptions, names: &[&'static str]) -> Self {
        let random: Arc<dyn Random> = Arc::new(Seeded::new(options.seed));
        let store = Store::open_in_memory(store_options(&self.clock, &random));
        let store = store.expect("a catalogue in memory needs nothing that could be missing");
        let parts = (Arc::clone(&self.clock), random);
        let marketplaces = Arc::clone(&self.marketplaces);
        Self::assemble(parts, store, marketplaces, options, None, names)
    }

    fn assemble(
        (clock, random): (Arc<TokioClock>, Arc<dyn Random>),
        store: Store,
        marketplaces: Arc<Marketplaces>,
        options: RigOptions,
        server: Option<Server>,
        names: &[&'static str],
    ) -> Self {
        let http = server.as_ref().map(|_| {
            HttpTransport::new("barrow-tests").expect("a client needs nothing but the provider")
        });
        let wires = Wires {
            random,
            limits: Arc::new(MemoryLimits::default()),
            watch: Arc::default(),
            way_ms_max: options.way_ms_max,
            http,
        };
        let accounts = names
            .iter()
            .map(|name| {
                // In process an address is needed for paths to stand on; nobody listens there.
                let nobody = || "http://127.0.0.1:9".to_owned();
                let served = server.as_ref().and_then(|server| server.endpoint(name));
                let endpoint = Endpoint::Custom(served.unwrap_or_else(nobody));
                (*name, add_account(&store, &marketplaces, endpoint, name))
            })
            .collect();
        let store = Arc::new(store);
        // It has no ways to the marketplaces before the accounts are there.
        let engine = engine(&store, &clock, &wires, (Arc::default(), Arc::new(NoFaults)));
        let mut rig = Self {
            engine,
            store,
            marketplaces,
            clock,
            accounts,
            wires,
            _server: server,
        };
        rig.restart(options.faults);
        rig
    }

    /// The program ends and starts again: everything that was not stored is forgotten.
    pub fn restart(&mut self, faults: Arc<dyn FaultPoints>) {
        let ways = Arc::new(Ways::default());
        for (name, id) in &self.accounts {
            ways.put(*id, self.connect(name, *id));
        }
        self.engine = engine(&self.store, &self.clock, &self.wires, (ways, faults));
    }

    /// The seller begins anew: an empty catalogue, the same accounts and marketplaces, in process.
    pub fn anew(&self) -> Self {
        let random = Arc::clone(&self.wires.random);
        let store = Store::open_in_memory(store_options(&self.clock, &random));
        let store = store.expect("a catalogue in memory needs nothing that could be missing");
        let names: Vec<&'static str> = self.accounts.keys().copied().collect();
        let options = RigOptions {
            way_ms_max: self.wires.way_ms_max,
            ..RigOptions::quiet(0)
        };
        let marketplaces = Arc::clone(&self.marketplaces);
        let clock = (Arc::clone(&self.clock), random);
        Self::assemble(clock, store, marketplaces, options, None, &names)
    }

    /// The aspects of a SKU that exclude each other at a marketplace.
    pub fn exclusions(&self, name: &'static str) -> &'static [Exclusion] {
        self.connect(name, self.accounts[name])
            .capability()
            .exclusions
    }

    /// Tells somebody of every call in process from now on.
    pub fn watch(&self, watcher: Arc<dyn Watcher>) {
        let mut watch = self
            .wires
            .watch
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *watch = Some(watcher);
    }

    fn connect(&self, name: &'static str, id: AccountId) -> Arc<dyn Adapter> {
        let transport: Arc<dyn Transport> = match &self.wires.http {
            Some(http) => Arc::new(http.clone()),
            None => Arc::new(PracticeTransport {
                marketplaces: Arc::clone(&self.marketplaces),
                name,
                watch: Arc::clone(&self.wires.watch),
                random: Arc::clone(&self.wires.random),
                way_ms_max: self.wires.way_ms_max,
            }),
        };
        let parts = Parts {
            transport,
            limits: Arc::clone(&self.wires.limits),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            random: Arc::clone(&self.wires.random),
        };
        let connector: Box<dyn Connector> = barrow_host::connectors(&parts)
            .into_iter()
            .find(|connector| connector.info().marketplace == name)
            .expect("host lists every marketplace");
        let account = self
            .store
            .read(|db| db.account(id))
            .expect("the account was added");
        let found = self.marketplaces.connection(name).expect("it is practised");
        let connection = Connection {
            account_id: id,
            pictures: Arc::new(CataloguePictures::new(
                Arc::clone(&self.store),
                id,
                &account.endpoint,
            )),
            notes: Arc::new(CatalogueNotes::new(
                Arc::clone(&self.store),
                id,
                &account.endpoint,
            )),
            endpoint: account.endpoint,
            settings: account.settings,
            credentials: Arc::new(GivenSecrets::new(found.secrets)),
        };
        connector
            .connect(connection)
            .expect("the settings are complete")
    }
}

fn store_options(clock: &Arc<TokioClock>, random: &Arc<dyn Random>) -> OpenOptions {
    OpenOptions {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        random: Arc::clone(random),
        key: None,
        page_limit: None,
    }
}

fn marketplaces(clock: &Arc<TokioClock>, options: &RigOptions) -> Arc<Marketplaces> {
    let wall = Arc::clone(clock);
    Arc::new(Marketplaces::open(Rehearsal {
        settings: barrow_practice::Settings {
            seed: options.seed,
            orders_per_hour: options.orders_per_hour,
        },
        speed: 1,
        wall: Arc::new(move || wall.now()),
    }))
}

fn add_account(
    store: &Store,
    marketplaces: &Marketplaces,
    endpoint: Endpoint,
    name: &'static str,
) -> AccountId {
    let found = marketplaces.connection(name).expect("it is practised");
    let settings: Settings = found.settings;
    let new = NewAccount {
        name: format!("my-{name}"),
        marketplace: Marketplace(name.to_owned()),
        endpoint,
        settings,
    };
    store
        .write(|tx| tx.add_account(&new))
        .expect("a new name is free")
}

fn engine(
    store: &Arc<Store>,
    clock: &Arc<TokioClock>,
    wires: &Wires,
    (ways, faults): (Arc<Ways>, Arc<dyn FaultPoints>),
) -> Arc<Engine> {
    Arc::new(Engine::new(EngineParts {
        store: Arc::clone(store),
        accounts: ways,
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        random: Arc::clone(&wires.random),
        progress: Arc::new(Silent),
        faults,
    }))
}
