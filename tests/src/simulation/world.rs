//! What there is in a simulation, and what happens in a step.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use barrow_engine::{PriceRule, Rules};
use barrow_model::{Clock, ImportId, Sku};
use rust_decimal::Decimal;

use super::Checked;
use super::chance::Chance;
use super::money::AskedRefund;
use super::trouble::Crashes;
use super::watch::Guard;
use crate::goods::{Goods, import, sku};
use crate::rig::RigOptions;
use crate::shop::{ALL, Shop};

/// Lines of the trace that are kept: the last steps, with every call in them.
const TRACE_LINES_MAX: usize = 1_500;

/// Products that a simulation begins with.
const PRODUCTS: u64 = 5;

/// The lowest price that is ever to be seen, in cents.
pub(super) const FLOOR_CENTS: i64 = 500;

/// What happened, newest last.
#[derive(Debug, Default)]
pub(super) struct Trace(Mutex<VecDeque<String>>);

impl Trace {
    pub(super) fn note(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= TRACE_LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// What happened lately.
    pub(super) fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Everything of one simulation.
#[derive(Debug)]
pub(super) struct World {
    pub(super) chance: Chance,
    pub(super) shop: Shop,
    pub(super) crashes: Arc<Crashes>,
    pub(super) guard: Arc<Guard>,
    pub(super) trace: Arc<Trace>,
    /// Goods and kits that there are.
    pub(super) skus: Vec<Sku>,
    pub(super) kits: Vec<Sku>,
    pub(super) products: u64,
    pub(super) imports: Vec<ImportId>,
    pub(super) refunds: Vec<AskedRefund>,
    /// Whether an import was undone: then it is not known any more when a SKU was counted.
    pub(super) has_undone: bool,
    /// Orders that arrive by themselves.
    pub(super) orders_per_hour: u32,
    /// Faults that were switched on, by marketplace.
    pub(super) went_wrong: BTreeSet<(&'static str, &'static str)>,
    /// Whether buyers order while a run goes on.
    pub(super) buyers_come: bool,
    /// Orders that there were before the last run, by marketplace.
    pub(super) orders_before: BTreeMap<&'static str, BTreeSet<String>>,
}

impl World {
    pub(super) fn open(seed: u64, trace: &Arc<Trace>) -> Self {
        let crashes = Arc::new(Crashes::default());
        let orders_per_hour = if seed.is_multiple_of(3) { 2 } else { 0 };
        let shop = Shop::open(RigOptions {
            seed,
            orders_per_hour,
            way_ms_max: 400,
            faults: Arc::clone(&crashes) as Arc<dyn barrow_engine::FaultPoints>,
        });
        let guard = Arc::new(Guard::new(&shop, trace));
        shop.rig
            .watch(Arc::clone(&guard) as Arc<dyn crate::rig::Watcher>);
        Self {
            chance: Chance::new(seed ^ 0x5eed),
            shop,
            crashes,
            guard,
            trace: Arc::clone(trace),
            skus: Vec::new(),
            kits: Vec::new(),
            products: 0,
            imports: Vec::new(),
            refunds: Vec::new(),
            has_undone: false,
            orders_before: BTreeMap::new(),
            went_wrong: BTreeSet::new(),
            orders_per_hour,
            buyers_come: true,
        }
    }

    /// Adds a line to what is told of a failure.
    pub(super) fn note(&self, line: String) {
        let seconds = (self.shop.rig.clock.now().timestamp() - crate::rig::BEGIN_SECONDS).max(0);
        self.trace.note(format!("{seconds:>7} {line}"));
    }

    /// A catalogue that is listed everywhere, with a floor under all prices.
    pub(super) async fn begin(&mut self) -> Checked {
        let rules = Rules {
            price: PriceRule {
                floor: Some(Decimal::new(FLOOR_CENTS, 2)),
                ..PriceRule::default()
            },
            ..Rules::default()
        };
        let rules = serde_json::to_string(&rules).expect("rules are JSON");
        for name in ALL {
            let id = self.shop.account(name);
            let write = self
                .shop
                .rig
                .store
                .write(|tx| tx.set_account_rules(id, &rules, None));
            write.expect("rules can be set");
        }
        let goods = Goods {
            count: PRODUCTS,
            price_cents: 2_000,
            quantity: 8,
        };
        import(&self.shop.rig.store, goods);
        self.products = PRODUCTS;
        self.skus = (0..PRODUCTS).map(sku).collect();
        self.shop.list_all();
        self.run_sync(Duration::from_secs(3_600), true).await;
        self.check()
    }

    /// Some things happen, and the seller may synchronise.
    pub(super) async fn step(&mut self) -> Checked {
        for _ in 0..self.chance.between(0, 3) {
            self.seller_acts().await;
        }
        for _ in 0..self.chance.between(0, 2) {
            self.buyer_orders();
        }
        if self.chance.percent(40) {
            self.something_goes_wrong();
        }
        if self.chance.percent(10) {
            self.look().await;
        }
        if self.chance.percent(75) {
            self.synchronise().await?;
        }
        let seconds: u64 = self
            .chance
            .pick(&[1, 20, 120, 600, 1_800, 7_200])
            .unwrap_or(1);
        self.note(format!("{seconds} seconds pass"));
        self.shop.pass(Duration::from_secs(seconds)).await;
        Ok(())
    }
}
