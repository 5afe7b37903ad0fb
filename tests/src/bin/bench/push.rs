//! How many calls a push takes, and how long the marketplace's limits make it last.

use std::sync::Arc;
use std::time::Duration;

use barrow_engine::{Accounts, Engine, EngineParts, NoFaults, PushOptions, Silent};
use barrow_host::{OsRandom, SystemClock};
use barrow_market::{Adapter, Error, ErrorKind};
use barrow_model::{Account, Site};
use barrow_store::Store;
use barrow_tests::goods::{Goods, import};
use barrow_tests::rig::{Rig, RigOptions};
use tokio::time::Instant;

use crate::figures::line;

struct Nobody;

#[async_trait::async_trait]
impl Accounts for Nobody {
    async fn adapter(&self, _: &Account) -> barrow_market::Result<Arc<dyn Adapter>> {
        Err(Error::new(ErrorKind::Config, "connect"))
    }
}

/// An engine that can plan and reaches nobody.
pub(crate) fn engine_without_marketplaces(store: Store) -> Engine {
    Engine::new(EngineParts {
        store: Arc::new(store),
        accounts: Arc::new(Nobody),
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
        progress: Arc::new(Silent),
        faults: Arc::new(NoFaults),
    })
}

/// Publishes listings on practice eBay, changes every price, and counts. Time is the
/// marketplace's: it stands still while we compute.
pub(crate) fn push(listings: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a thread can be started");
    runtime.block_on(async {
        let rig = Rig::open(RigOptions::quiet(7), &["ebay"]);
        let account = rig.accounts["ebay"];
        import(
            &rig.store,
            Goods {
                count: listings,
                price_cents: 2_000,
                quantity: 5,
            },
        );
        let site = Site("EBAY_US".to_owned());
        rig.store
            .write(|tx| tx.add_listings_of_all(account, &site, ""))
            .expect("listings are added");
        let options = PushOptions {
            accounts: Vec::new(),
            yes: true,
            patience: Duration::from_secs(86_400),
        };
        let published = rig.engine.push(&options).await.expect("a push ends");
        assert_eq!(
            published.refused_count,
            0,
            "{:?}",
            published.refused.first()
        );

        import(
            &rig.store,
            Goods {
                count: listings,
                price_cents: 2_100,
                quantity: 5,
            },
        );
        let before = calls(&rig, "bulkUpdatePriceQuantity");
        let start = Instant::now();
        let summary = rig.engine.push(&options).await.expect("a push ends");
        let took = start.elapsed();
        assert_eq!(summary.done, listings, "every price is changed");
        let calls = calls(&rig, "bulkUpdatePriceQuantity") - before;
        let fewest = listings.div_ceil(25);
        let what = format!("calls for {listings} price changes (eBay, 25 each)");
        line(&what, &fewest.to_string(), &calls.to_string(), "equal");
        let rate = &barrow_ebay::limits::POLITE;
        let allowed = rate.per.as_secs_f64() * fewest.saturating_sub(u64::from(rate.burst)) as f64
            / f64::from(rate.calls);
        let measured = took.as_secs_f64();
        line(
            "  time of it under the adapter's limits",
            &format!("{allowed:.1} s"),
            &format!("{measured:.1} s"),
            &format!("{:.2} × ≤ 1.05 ×", measured / allowed.max(0.001)),
        );
    });
}

fn calls(rig: &Rig, operation: &str) -> u64 {
    let held = rig.marketplaces.held().expect("kept in memory");
    held["ebay"]
        .calls
        .get(operation)
        .copied()
        .unwrap_or_default()
}
