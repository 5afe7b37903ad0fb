//! Downloading orders, beside a bare loop that fetches and discards the same pages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use barrow_engine::{PullOptions, PushOptions};
use barrow_host::{OsRandom, SystemClock};
use barrow_market::{Connection, Connector, MemoryNotes, NoPictures};
use barrow_model::{AccountId, Site};
use barrow_practice::OrderRequestLine;
use barrow_tests::goods::{Goods, import, sku};
use barrow_tests::rig::{GivenSecrets, Rig, RigOptions};
use barrow_wire::{HttpTransport, MemoryLimits, Parts};
use chrono::TimeDelta;

use crate::figures::{line, shown, times};

/// Places orders on practice eBay, serves it on loopback, and downloads them.
pub(crate) fn pull(orders: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("threads can be started");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a scratch folder can be made");
        let rig = Rig::open_served(RigOptions::quiet(7), folder.path()).await;
        let account = rig.accounts["ebay"];
        import(
            &rig.store,
            Goods {
                count: 50,
                price_cents: 2_000,
                quantity: 1_000,
            },
        );
        let site = Site("EBAY_US".to_owned());
        rig.store
            .write(|tx| tx.add_listings_of_all(account, &site, ""))
            .expect("listings are added");
        let patience = Duration::from_secs(600);
        let options = PushOptions {
            accounts: Vec::new(),
            yes: true,
            patience,
        };
        let summary = rig.engine.push(&options).await.expect("a push ends");
        assert_eq!(summary.refused_count, 0, "{:?}", summary.refused.first());
        for number in 0..orders {
            let wanted = OrderRequestLine {
                sku: sku(number % 50).to_string(),
                quantity: 1,
            };
            rig.marketplaces
                .place_order("ebay", &[wanted])
                .expect("it is for sale");
        }
        let bare = bare_loop(&rig, account, orders).await;
        let start = Instant::now();
        let pulled = rig
            .engine
            .pull(&PullOptions::default())
            .await
            .expect("a pull ends");
        let took = start.elapsed();
        let stored: u64 = pulled
            .accounts
            .iter()
            .map(|account| account.orders_new)
            .sum();
        assert_eq!(stored, orders, "{:?}", pulled.accounts);
        let aim = format!("{} ≤ 1.2 ×", times(took, bare));
        line(
            &format!("download of {orders} orders (eBay)"),
            &shown(bare),
            &shown(took),
            &aim,
        );
    });
}

/// The same pages, read by the same adapter and thrown away.
async fn bare_loop(rig: &Rig, account: AccountId, orders: u64) -> Duration {
    let stored = rig
        .store
        .read(|db| db.account(account))
        .expect("the account is there");
    let parts = Parts {
        transport: Arc::new(HttpTransport::new("bench").expect("a client can be made")),
        limits: Arc::new(MemoryLimits::default()),
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
    };
    let found = rig
        .marketplaces
        .connection("ebay")
        .expect("it is in the list");
    let connector = barrow_ebay::EbayConnector::new(parts);
    let adapter = connector
        .connect(Connection {
            account_id: account,
            endpoint: stored.endpoint,
            settings: stored.settings,
            credentials: Arc::new(GivenSecrets::new(found.secrets)),
            pictures: Arc::new(NoPictures),
            notes: Arc::new(MemoryNotes::default()),
        })
        .expect("the settings are complete");
    let reader = adapter.orders().expect("eBay has orders");
    let stream = reader.streams()[0].id;
    let since = chrono::Utc::now() - TimeDelta::days(90);
    let mut cursor = reader.start(stream, since).expect("a stream can be begun");
    let start = Instant::now();
    let mut read = 0;
    loop {
        let page = reader
            .pull(stream, &cursor, &[])
            .await
            .expect("a page can be read");
        read += page.orders.len() as u64;
        cursor = page.next;
        if !page.more {
            break;
        }
    }
    assert!(read >= orders, "the bare loop reads every order");
    start.elapsed()
}
