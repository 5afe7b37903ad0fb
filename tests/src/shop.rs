//! A small seller at every practice marketplace: what sellers and buyers do, and what can be seen.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_engine::{PullOptions, PullSummary, PushOptions, Summary};
use barrow_model::{
    AccountId, ListingId, ListingState, Money, OrderRowId, Origin, Row, Site, Sku, SkuId, Stock,
};
use barrow_practice::{Fault, Held, HeldOrder, OrderRequestLine, PlaceOrderError};
use barrow_store::{ListingQuery, ListingRow, NewListing, StoredOrder, Value};

use crate::goods;
use crate::rig::{Rig, RigOptions};

/// eBay's name.
pub const EBAY: &str = "ebay";
/// Amazon's name.
pub const AMAZON: &str = "amazon";
/// Walmart's name.
pub const WALMART: &str = "walmart";
/// Newegg's name.
pub const NEWEGG: &str = "newegg";

/// Every marketplace.
pub const ALL: [&str; 4] = [EBAY, AMAZON, WALMART, NEWEGG];

/// How long a seller waits for marketplaces that take a change in and show it later.
const SYNC_PATIENCE: Duration = Duration::from_secs(3_600);

/// The country site that is sold on at a marketplace.
pub fn site(marketplace: &str) -> Site {
    let name = match marketplace {
        EBAY => "EBAY_US",
        AMAZON => "ATVPDKIKX0DER",
        WALMART => "WALMART_US",
        _ => "US",
    };
    Site(name.to_owned())
}

/// The pool that quantities belong to at a marketplace.
pub fn pool(marketplace: &str) -> &'static str {
    if marketplace == AMAZON { "region" } else { "" }
}

/// Most variants that one listing of a marketplace shows; zero where each is listed alone.
pub fn members_max(marketplace: &str) -> usize {
    if marketplace == EBAY { 250 } else { 0 }
}

/// What buyers see of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The price as decimal text.
    pub price: String,
    /// Units for sale.
    pub quantity: u32,
    /// The state in the practice marketplace's words.
    pub state: String,
}

/// A seller with an account at every practice marketplace.
#[derive(Debug)]
pub struct Shop {
    /// All of it.
    pub rig: Rig,
}

impl Shop {
    /// An empty catalogue, and marketplaces with nothing on them.
    pub fn open(options: RigOptions) -> Self {
        Self {
            rig: Rig::open(options, &barrow_practice::NAMES),
        }
    }

    /// The same seller with an empty catalogue: what was listed before is still there.
    pub fn beside(&self, seed: u64) -> Self {
        let options = RigOptions::quiet(seed);
        Self {
            rig: self.rig.beside(options, &barrow_practice::NAMES),
        }
    }

    /// So many goods, live on every marketplace, five of each at 20.00 USD.
    pub async fn with_goods(count: u64) -> Self {
        let shop = Self::open(RigOptions::quiet(7));
        shop.import(count, 2_000, 5);
        shop.list_all();
        let summary = shop.push().await;
        assert_eq!(
            (summary.done, summary.refused),
            (ALL.len() as u64 * count, Vec::new())
        );
        // What is sold and when a quantity was set must be told apart by marketplaces' clocks.
        shop.pass(Duration::from_secs(600)).await;
        shop
    }

    /// Imports a file of goods.
    pub fn import(&self, count: u64, price_cents: i64, quantity: i64) {
        goods::import(
            &self.rig.store,
            goods::Goods {
                count,
                price_cents,
                quantity,
            },
        );
    }

    /// Imports rows.
    pub fn import_rows(&self, rows: &[Row]) {
        goods::import_rows(&self.rig.store, rows);
    }

    /// An account.
    pub fn account(&self, marketplace: &str) -> AccountId {
        self.rig.accounts[marketplace]
    }

    /// The marketplace of an account.
    pub fn name_of(&self, account: AccountId) -> Option<&'static str> {
        let mut all = self.rig.accounts.iter();
        let found = all.find(|(_, id)| **id == account);
        found.map(|(name, _)| *name)
    }

    /// Lists everything everywhere.
    pub fn list_all(&self) {
        for (name, id) in &self.rig.accounts {
            let added = self
                .rig
                .store
                .write(|tx| tx.add_listings_of_all(*id, &site(name), pool(name)));
            added.expect("listings can be added");
        }
    }

    /// Lists everything on one marketplace, variants as one listing where it shows them so.
    pub fn list_together(&self, marketplace: &str) {
        let (id, site) = (self.account(marketplace), site(marketplace));
        let listed = self.rig.store.write(|tx| {
            let last = tx.last_listing()?;
            tx.add_listings_of_all(id, &site, pool(marketplace))?;
            tx.form_families((id, &site), last, members_max(marketplace))
        });
        listed.expect("listings can be added");
    }

    /// Lists one thing under a SKU of the marketplace's.
    pub fn list(&self, marketplace: &str, sku: &Sku, channel_sku: &Sku) -> ListingId {
        let new = NewListing {
            account_id: self.account(marketplace),
            site: site(marketplace),
            channel_sku: channel_sku.clone(),
            sku_id: self.sku_id(sku),
            pool: pool(marketplace).to_owned(),
        };
        self.rig
            .store
            .write(|tx| tx.add_listing(&new))
            .expect("it is not listed yet")
    }

    /// Sends what is wanted and waits a day for results.
    pub async fn push(&self) -> Summary {
        self.push_with(false, Duration::from_secs(86_400)).await
    }

    /// Sends what is wanted.
    pub async fn push_with(&self, yes: bool, patience: Duration) -> Summary {
        let options = PushOptions {
            accounts: Vec::new(),
            yes,
            patience,
        };
        self.rig.engine.push(&options).await.expect("a push ends")
    }

    /// Downloads orders.
    pub async fn pull(&self) -> PullSummary {
        self.rig
            .engine
            .pull(&PullOptions::default())
            .await
            .expect("a pull ends")
    }

    /// Downloads orders, then sends what is due now.
    pub async fn sync(&self) -> Summary {
        self.pull().await;
        self.push_with(false, SYNC_PATIENCE).await
    }

    /// Lets time pass.
    pub async fn pass(&self, by: Duration) {
        tokio::time::sleep(by).await;
    }

    /// What a marketplace holds.
    pub fn held(&self, marketplace: &str) -> Held {
        let mut held = self.rig.marketplaces.held().expect("it is kept in memory");
        held.remove(marketplace).expect("it is practised")
    }

    /// What buyers see of a listing that is for sale, or was and has sold out.
    pub fn shown(&self, marketplace: &str, sku: &Sku) -> Option<Shown> {
        let held = self.held(marketplace).listings.into_iter();
        let there = |state: &str| matches!(state, "live" | "out_of_stock");
        let found = held
            .filter(|one| one.sku == sku.as_str())
            .find(|one| there(&one.state))?;
        Some(Shown {
            price: found.price.map(|price| price.amount).unwrap_or_default(),
            quantity: found.quantity,
            state: found.state,
        })
    }

    /// Units that buyers can buy.
    pub fn for_sale(&self, marketplace: &str, sku: &Sku) -> Option<u32> {
        self.shown(marketplace, sku).map(|shown| shown.quantity)
    }

    /// A buyer orders.
    pub fn order(
        &self,
        marketplace: &str,
        lines: &[(&Sku, u32)],
    ) -> Result<String, PlaceOrderError> {
        let lines: Vec<OrderRequestLine> = lines
            .iter()
            .map(|(sku, quantity)| OrderRequestLine {
                sku: sku.to_string(),
                quantity: *quantity,
            })
            .collect();
        match self.rig.marketplaces.place_order(marketplace, &lines) {
            Ok(id) => Ok(id),
            Err(barrow_practice::Error::PlaceOrder(error)) => Err(error),
            Err(error) => unreachable!("a practice marketplace in memory: {error}"),
        }
    }

    /// An order as the marketplace holds it.
    pub fn held_order(&self, marketplace: &str, order_id: &str) -> HeldOrder {
        let mut orders = self.held(marketplace).orders.into_iter();
        orders
            .find(|order| order.order_id == order_id)
            .expect("a placed order stays")
    }

    /// An order as it is stored.
    pub fn stored_order(&self, marketplace: &str, order_id: &str) -> Option<StoredOrder> {
        let id = self.order_row(marketplace, order_id)?;
        Some(
            self.rig
                .store
                .read(|db| db.order(id))
                .expect("its row is there"),
        )
    }

    /// The row of an order.
    pub fn order_row(&self, marketplace: &str, order_id: &str) -> Option<OrderRowId> {
        let account = self.account(marketplace);
        let found = self.rig.store.read(|db| db.order_row(account, order_id));
        found.expect("the catalogue can be read")
    }

    /// Switches a fault on, or off with no times.
    pub fn fault(&self, marketplace: &str, name: &str, times: u32) {
        let fault = Fault {
            name: name.to_owned(),
            times,
        };
        let set = self.rig.marketplaces.set_fault(marketplace, fault);
        set.expect("the marketplace knows the fault");
    }

    /// Calls that changed something or tried to, by marketplace and operation.
    pub fn writes(&self) -> BTreeMap<(&'static str, String), u64> {
        let held = self.rig.marketplaces.held().expect("it is kept in memory");
        let of_one = |(name, held): (&'static str, Held)| {
            let calls = held.calls.into_iter();
            let writes = calls.filter(|(operation, _)| is_write(operation));
            writes
                .map(move |(operation, times)| ((name, operation), times))
                .collect::<Vec<_>>()
        };
        held.into_iter().flat_map(of_one).collect()
    }

    /// Writes since an earlier look.
    pub fn writes_since(
        &self,
        before: &BTreeMap<(&'static str, String), u64>,
    ) -> Vec<(&'static str, String, u64)> {
        let since = self
            .writes()
            .into_iter()
            .filter_map(|((name, operation), times)| {
                let key = (name, operation);
                let more = times - before.get(&key).copied().unwrap_or_default();
                (more > 0).then_some((key.0, key.1, more))
            });
        since.collect()
    }

    /// The row of a SKU.
    pub fn sku_id(&self, sku: &Sku) -> SkuId {
        self.rig
            .store
            .read(|db| db.sku_id(sku))
            .expect("it is in the catalogue")
    }

    /// Stock of a variant.
    pub fn stock(&self, sku: &Sku) -> Stock {
        let id = self.sku_id(sku);
        self.rig
            .store
            .read(|db| db.stock(id))
            .expect("it is in the catalogue")
    }

    /// The seller counts.
    pub fn count(&self, sku: &Sku, counted: i64) {
        let id = self.sku_id(sku);
        let write = self.rig.store.write(|tx| {
            let location = tx.default_location()?;
            tx.count_stock(id, location, counted, None, Origin::User)
        });
        write.expect("a variant can be counted");
    }

    /// The seller sets a price.
    pub fn set_price(&self, sku: &Sku, price: Money) {
        let value = [("price", Value::Amount(price))];
        let write = self
            .rig
            .store
            .write(|tx| tx.set_fields(sku, &value, None, Origin::User));
        write.expect("a price can be set");
    }

    /// The seller pauses, ends or resumes what is listed under a SKU.
    pub fn set_state(&self, marketplace: &str, sku: &Sku, state: ListingState) {
        for row in self.listings_of(marketplace, sku) {
            let write = self
                .rig
                .store
                .write(|tx| tx.set_listing_state(row.listing.id, state));
            write.expect("the seller may say so");
        }
    }

    /// The listings under a SKU of the marketplace's.
    pub fn listings_of(&self, marketplace: &str, sku: &Sku) -> Vec<ListingRow> {
        let account = self.account(marketplace);
        let found = self
            .rig
            .store
            .read(|db| db.listings_of(account, sku.as_str()));
        found.expect("the catalogue can be read")
    }

    /// All listings of an account.
    pub fn listings(&self, marketplace: &str) -> Vec<ListingRow> {
        let query = ListingQuery {
            account_id: Some(self.account(marketplace)),
            state: None,
            sku_id: None,
            after: None,
            limit: barrow_store::LISTINGS_PAGE_MAX,
        };
        let found = self.rig.store.read(|db| db.listings_page(&query));
        found.expect("the catalogue can be read")
    }
}

/// Whether an operation of an official contract changes something. Tokens do not count.
fn is_write(operation: &str) -> bool {
    const READS: [&str; 6] = ["get", "bulkget", "search", "read", "download", "token"];
    // Newegg's own reads, by the names of their functions.
    const OTHERS: [&str; 10] = [
        "feedStatus",
        "feedResult",
        "orderInfo",
        "orderStatus",
        "accountStatus",
        "serviceStatus",
        "manufacturerInfo",
        "reportStatus",
        "reportResult",
        "submitReport",
    ];
    let lower = operation.to_lowercase();
    let reads = READS.iter().any(|read| lower.starts_with(read)) || lower.contains("token");
    !reads && !OTHERS.contains(&operation)
}
