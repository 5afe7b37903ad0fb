//! The steps of the demo: what a seller does, and what buyers do.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use barrow_api::{
    AccountAddRequest, Api, GivenSecrets, ListingAddRequest, ListingView, ListingsRequest,
    NamedValue, OrderDocument, OrdersRequest, PlanRequest, ProductRequest, PushRequest,
    PushResponse, SetRequest, ShipOrderRequest, StockRequest, SyncRequest,
};
use barrow_host::{Held, HeldListing, OrderRequestLine, PracticeHost};
use barrow_model::{ListingState, Money, OrderState};
use chrono::Utc;

use crate::demo::file::{self, Chosen};
use crate::demo::tale::{AccountTold, Refused, Tale};
use crate::output::Failure;
use crate::practice;
use crate::progress::Line;
use crate::report::counted;

/// Pushes until nothing is due; each waits for results itself.
const PUSHES_MAX: usize = 20;
const PATIENCE_SECONDS: u64 = 60;
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Pulls until orders are paid, and the time between two of them.
const PULLS_MAX: usize = 20;
const PULL_PAUSE: Duration = Duration::from_secs(2);

/// Listings that are fetched at a time.
const PAGE_ROWS: usize = 1000;

/// Mismatches that are named.
const NAMED_MAX: usize = 5;

const CARRIER: &str = "USPS";
const TRACKING: &str = "9400111899223100001234";

/// The seller and the buyers.
pub(super) struct Play<'a> {
    pub(super) api: Arc<Api>,
    pub(super) practice: Arc<PracticeHost>,
    pub(super) line: Arc<Line>,
    pub(super) tale: &'a mut Tale,
}

/// An account of the demo.
#[derive(Debug)]
pub(super) struct DemoAccount {
    name: String,
    marketplace: &'static str,
}

/// What is sold and changed.
#[derive(Debug, Default)]
struct Cast {
    /// SKUs that buyers can buy on every marketplace, and with whom more than one.
    everywhere: Vec<String>,
    /// Units for sale by marketplace and SKU.
    units: BTreeMap<(&'static str, String), u32>,
}

impl Play<'_> {
    /// Opens an account on each practice marketplace.
    pub(super) async fn open_accounts(&mut self) -> Result<Vec<DemoAccount>, Failure> {
        let mut accounts = Vec::new();
        for &marketplace in PracticeHost::names() {
            let name = format!("demo-{marketplace}");
            let request = AccountAddRequest {
                marketplace: marketplace.to_owned(),
                name: name.clone(),
                endpoint: Some("practice".to_owned()),
                settings: BTreeMap::new(),
                secrets: GivenSecrets::default(),
            };
            self.api.account_add(request).await?;
            self.tale.say(format!("Opened the account {name}."))?;
            accounts.push(DemoAccount { name, marketplace });
        }
        Ok(accounts)
    }

    pub(super) async fn import(
        &mut self,
        chosen: Chosen,
        given: Vec<NamedValue>,
    ) -> Result<(), Failure> {
        self.line.show("Importing");
        let imported = file::import(&self.api, chosen, given).await?;
        self.line.clear();
        self.tale.imported(imported)
    }

    /// Lists everything on every account, shows the plan, and sends it.
    pub(super) async fn list_and_publish(
        &mut self,
        accounts: &[DemoAccount],
    ) -> Result<(), Failure> {
        self.tale.say("")?;
        for account in accounts {
            let request = ListingAddRequest {
                account: account.name.clone(),
                site: None,
                all: true,
                skus: Vec::new(),
                alone: false,
            };
            let report = self.api.listing_add(request).await?;
            let count = counted(report.done, "listing", "listings");
            self.tale
                .say(format!("Listed on {}: {count}.", account.name))?;
        }
        for plan in self.api.plan(PlanRequest::default()).await?.accounts {
            let refused = plan.refused.len();
            self.tale.say(format!(
                "Plan for {} {refused} cannot be sent.",
                plan.summary
            ))?;
        }
        let sent = self.push_until_idle().await?;
        self.tell_push("Push", sent)
    }

    fn tell_push(&mut self, name: &str, sent: Sent) -> Result<(), Failure> {
        let count = counted(sent.done, "change", "changes");
        self.tale.say(format!("{name}: {count} sent and taken."))?;
        for problem in sent.problems {
            self.tale.say(format!("  {problem}"))?;
            self.tale.in_part();
        }
        if sent.left > 0 {
            let left = counted(sent.left, "change", "changes");
            self.tale
                .say(format!("  {left} still without an answer."))?;
            self.tale.in_part();
        }
        Ok(())
    }

    /// Pushes until nothing waits any more.
    async fn push_until_idle(&self) -> Result<Sent, Failure> {
        let mut sent = Sent::default();
        let mut yes = false;
        for _ in 0..PUSHES_MAX {
            let request = PushRequest {
                accounts: Vec::new(),
                yes,
                patience_seconds: Some(PATIENCE_SECONDS),
            };
            let response = self.api.push(request).await?;
            self.line.clear();
            let pause = pause(&response);
            let held = response.held_count > 0;
            sent.add(response);
            // A first publish of a whole catalogue may be held as too much at once.
            if !held && sent.left == 0 {
                break;
            }
            yes = held;
            if !held {
                self.line.show("Waiting for the marketplaces");
                tokio::time::sleep(pause).await;
                self.line.clear();
            }
        }
        Ok(sent)
    }

    /// A price and a stock change; buyers order; the orders are downloaded, one of them shipped.
    pub(super) async fn sell(&mut self) -> Result<(), Failure> {
        let cast = self.cast().await?;
        self.tale.say("")?;
        if cast.everywhere.is_empty() {
            self.tale
                .say("Nothing is live everywhere, so that nothing can be sold.")?;
            self.tale.in_part();
            return Ok(());
        }
        self.change(&cast).await?;
        let placed = self.order(&cast).await?;
        let sync = self
            .api
            .sync(SyncRequest {
                accounts: Vec::new(),
                yes: false,
                patience_seconds: Some(PATIENCE_SECONDS),
            })
            .await?;
        self.line.clear();
        for account in &sync.pull.accounts {
            let count = counted(account.orders_new, "new order", "new orders");
            self.tale
                .say(format!("Downloaded from {}: {count}.", account.account))?;
        }
        let mut sent = Sent::default();
        sent.add(sync.push);
        if sent.left > 0 {
            sent.add_all(self.push_until_idle().await?);
        }
        self.tell_push("Prices and stock in the same sync", sent)?;
        self.check_sold(&cast).await?;
        self.wait_for_payment().await?;
        self.ship(&placed).await
    }

    /// Some marketplaces give an order before it is paid: it is reserved, and not shipped yet.
    async fn wait_for_payment(&mut self) -> Result<(), Failure> {
        for turn in 0..PULLS_MAX {
            let orders = self.orders().await?;
            let pending = orders
                .iter()
                .filter(|order| order.state == OrderState::Pending);
            let pending = pending.count();
            if pending == 0 {
                return Ok(());
            }
            if turn == 0 {
                let count = counted(pending as u64, "order waits", "orders wait");
                self.tale.say(format!("{count} for payment."))?;
            }
            self.line.show("Waiting for payment");
            tokio::time::sleep(PULL_PAUSE).await;
            self.api.pull(barrow_api::PullRequest::default()).await?;
            self.line.clear();
        }
        Ok(())
    }

    /// What is live with more than one unit on every marketplace.
    async fn cast(&self) -> Result<Cast, Failure> {
        let held = self.practice.held().await.map_err(practice::failure)?;
        let mut cast = Cast::default();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (&marketplace, held) in &held {
            for listing in held
                .listings
                .iter()
                .filter(|l| l.state == "live" && l.quantity > 0)
            {
                *counts.entry(listing.sku.clone()).or_default() += 1;
                cast.units
                    .insert((marketplace, listing.sku.clone()), listing.quantity);
            }
        }
        let everywhere = counts.into_iter().filter(|(_, count)| *count == held.len());
        for (sku, _) in everywhere {
            // A kit's stock is that of its parts: it is left to the comparison at the end.
            if self.price_of(&sku).await?.is_some() {
                cast.everywhere.push(sku);
            }
            if cast.everywhere.len() == 5 {
                break;
            }
        }
        Ok(cast)
    }

    /// The base price of a variant; none for a kit.
    async fn price_of(&self, sku: &str) -> Result<Option<Money>, Failure> {
        let product = self
            .api
            .product(ProductRequest {
                sku: sku.to_owned(),
            })
            .await?;
        let variant = product
            .variants
            .into_iter()
            .find(|variant| variant.sku.as_str() == sku);
        Ok(variant.and_then(|variant| variant.price))
    }

    async fn change(&mut self, cast: &Cast) -> Result<(), Failure> {
        if let Some(sku) = cast.everywhere.last()
            && let Some(price) = self.price_of(sku).await?
        {
            // A twentieth more: far less than what would be held.
            let raised = Money {
                minor: price.minor + (price.minor / 20).max(1),
                ..price
            };
            let fields = BTreeMap::from([("price".to_owned(), raised.amount())]);
            self.api
                .set(SetRequest {
                    sku: sku.clone(),
                    fields,
                    expected: None,
                })
                .await?;
            self.tale.say(format!(
                "Raised the price of {sku} from {price} to {raised}."
            ))?;
        }
        if let [_, .., sku, _] = cast.everywhere.as_slice() {
            let request = StockRequest {
                sku: sku.clone(),
                set: None,
                add: Some(5),
                location: None,
                reason: Some("a delivery".to_owned()),
            };
            let stock = self.api.stock(request).await?;
            self.tale
                .say(format!("5 more of {sku} came: {} on hand.", stock.on_hand))?;
        }
        Ok(())
    }

    /// Buyers order: one of the first SKU on each marketplace, and others.
    async fn order(&mut self, cast: &Cast) -> Result<Vec<(&'static str, String)>, Failure> {
        let mut placed = Vec::new();
        for (place, &marketplace) in PracticeHost::names().iter().enumerate() {
            let mut baskets = Vec::new();
            if let Some(sku) = cast.everywhere.get(place) {
                baskets.push(vec![OrderRequestLine {
                    sku: sku.clone(),
                    quantity: 1,
                }]);
            }
            if let [first, .., other] = cast.everywhere.as_slice() {
                let lines = [first, other].map(|sku| OrderRequestLine {
                    sku: sku.clone(),
                    quantity: 1,
                });
                // All marketplaces sell the first: the last unit of it is sold once only.
                let units = cast
                    .units
                    .get(&(marketplace, first.clone()))
                    .copied()
                    .unwrap_or(0);
                if units as usize > PracticeHost::names().len() {
                    baskets.push(lines.to_vec());
                }
            }
            for lines in baskets {
                let order = self.practice.place_order(marketplace, &lines).await;
                let order = order.map_err(practice::failure)?;
                let goods: Vec<String> = lines
                    .iter()
                    .map(|line| format!("{} × {}", line.quantity, line.sku))
                    .collect();
                self.tale.say(format!(
                    "A buyer on {marketplace} orders {}.",
                    goods.join(", ")
                ))?;
                placed.push((marketplace, order));
            }
        }
        Ok(placed)
    }

    /// What one marketplace sold is gone from the others, in the same sync.
    async fn check_sold(&mut self, cast: &Cast) -> Result<(), Failure> {
        let wrong = self.mismatches().await?;
        let what = match cast.everywhere.first() {
            Some(sku) => format!("what was sold of {sku} and others is gone everywhere"),
            None => "what was sold is gone everywhere".to_owned(),
        };
        self.tale.check(&what, wrong)
    }

    async fn ship(&mut self, placed: &[(&'static str, String)]) -> Result<(), Failure> {
        let Some((marketplace, order_id)) = placed.first() else {
            return Ok(());
        };
        let orders = self.orders().await?;
        let order = orders
            .iter()
            .find(|order| order.order_id == *order_id && order.marketplace == *marketplace);
        let Some(order) = order else {
            let wrong = format!("order {order_id} of {marketplace} was not downloaded");
            return self.tale.check("every order is downloaded", Some(wrong));
        };
        let name = format!("{}/{}", order.account, order.order_id);
        let request = ShipOrderRequest {
            order: name.clone(),
            carrier: CARRIER.to_owned(),
            tracking: TRACKING.to_owned(),
            service: None,
            tracking_url: None,
            shipped_at: None,
            lines: Vec::new(),
            untracked: false,
            unpaid: false,
        };
        let response = self.api.ship(request).await?;
        for refused in response.report.refused {
            self.tale.say(format!("  {}", refused.reason))?;
            self.tale.in_part();
        }
        let sent = self.push_until_idle().await?;
        self.tale.say(format!("Shipped {name} with {CARRIER}."))?;
        self.tell_push("Push", sent)?;
        let held = self.practice.held().await.map_err(practice::failure)?;
        let there = held
            .get(marketplace)
            .into_iter()
            .flat_map(|held| &held.orders);
        let known = there
            .filter(|order| order.order_id == *order_id)
            .flat_map(|order| &order.shipments)
            .any(|shipment| shipment.tracking == TRACKING);
        let wrong = (!known).then(|| format!("{marketplace} does not show it"));
        self.tale
            .check("the buyer can see the tracking number", wrong)?;
        // The order is read once more, as the marketplace shows it since.
        self.api.pull(barrow_api::PullRequest::default()).await?;
        self.line.clear();
        Ok(())
    }

    /// Compares catalogue and marketplaces, and tells how each account stands.
    pub(super) async fn compare_and_close(
        &mut self,
        accounts: &[DemoAccount],
    ) -> Result<(), Failure> {
        self.tale.say("")?;
        let wrong = self.mismatches().await?;
        self.tale.check(
            "every listing shows the price and stock that the catalogue wants",
            wrong,
        )?;
        let held = self.practice.held().await.map_err(practice::failure)?;
        let over: u64 = held.values().map(|held| held.limit_violations).sum();
        let wrong = (over > 0).then(|| counted(over, "call too many", "calls too many"));
        self.tale.check("no call went over a limit", wrong)?;
        let orders = self.orders().await?;
        let there: usize = held.values().map(|held| held.orders.len()).sum();
        let wrong = (there != orders.len())
            .then(|| format!("{there} are there, {} were downloaded", orders.len()));
        self.tale.check("every order is downloaded once", wrong)?;
        self.tale.say("")?;
        for account in accounts {
            let told = self
                .account_told(account, held.get(account.marketplace), &orders)
                .await?;
            self.tale.account(told)?;
        }
        self.tale.orders(orders)
    }

    async fn account_told(
        &self,
        account: &DemoAccount,
        held: Option<&Held>,
        orders: &[OrderDocument],
    ) -> Result<AccountTold, Failure> {
        let (mut live, mut refused) = (0, Vec::new());
        for listing in self.listings(Some(&account.name)).await? {
            if listing.state == ListingState::Live {
                live += 1;
                continue;
            }
            let reason = listing
                .problems
                .first()
                .map(|problem| problem.reason.clone());
            let reason = reason.unwrap_or_else(|| format!("It is {}.", listing.state.code()));
            let sku = listing.sku.to_string();
            refused.push(Refused {
                reason: format!("{sku}: {reason}"),
                sku,
            });
        }
        Ok(AccountTold {
            account: account.name.clone(),
            marketplace: account.marketplace.to_owned(),
            live,
            refused,
            calls: held
                .map(|held| held.calls.values().sum())
                .unwrap_or_default(),
            orders: orders
                .iter()
                .filter(|order| order.account == account.name)
                .count(),
        })
    }

    /// Live listings whose price or quantity there is not what the catalogue wants; none where all
    /// agree.
    async fn mismatches(&self) -> Result<Option<String>, Failure> {
        let held = self.practice.held().await.map_err(practice::failure)?;
        let mut wrong = Vec::new();
        for listing in self.listings(None).await? {
            if listing.state != ListingState::Live {
                continue;
            }
            let there = held.get(listing.marketplace.as_str()).and_then(|held| {
                held.listings
                    .iter()
                    .find(|there| there.sku == listing.sku.as_str())
            });
            if !agrees(&listing, there) {
                wrong.push(format!("{} on {}", listing.sku, listing.account));
            }
        }
        if wrong.is_empty() {
            return Ok(None);
        }
        let named: Vec<&str> = wrong.iter().take(NAMED_MAX).map(String::as_str).collect();
        Ok(Some(format!(
            "{} differ, such as {}",
            wrong.len(),
            named.join(", ")
        )))
    }

    async fn listings(&self, account: Option<&str>) -> Result<Vec<ListingView>, Failure> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let request = ListingsRequest {
                account: account.map(str::to_owned),
                after,
                limit: Some(PAGE_ROWS),
                ..ListingsRequest::default()
            };
            let mut page = self.api.listings(request).await?;
            all.append(&mut page.listings);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    async fn orders(&self) -> Result<Vec<OrderDocument>, Failure> {
        Ok(self.api.orders(OrdersRequest::default()).await?.orders)
    }
}

/// What came of several pushes.
#[derive(Debug, Default)]
struct Sent {
    done: u64,
    /// Without an answer at the end.
    left: u64,
    problems: Vec<String>,
}

impl Sent {
    fn add_all(&mut self, later: Sent) {
        self.done += later.done;
        self.left = later.left;
        self.problems = later.problems;
    }

    fn add(&mut self, response: PushResponse) {
        self.done += response.report.done;
        self.left = response.waiting + response.unknown;
        self.problems = response
            .problems
            .into_iter()
            .map(|problem| problem.reason)
            .collect();
    }
}

/// Until something is due, but not long: a marketplace may answer earlier.
fn pause(response: &PushResponse) -> Duration {
    let due = response
        .next_due
        .and_then(|at| (at - Utc::now()).to_std().ok());
    due.unwrap_or_default()
        .clamp(Duration::from_millis(100), PAUSE_MAX)
}

fn agrees(listing: &ListingView, there: Option<&HeldListing>) -> bool {
    let Some(there) = there else {
        return false;
    };
    let price = there
        .price
        .as_ref()
        .map(|p| (p.amount.clone(), p.currency.clone()));
    let wanted = listing
        .wanted
        .price
        .map(|p| (p.amount(), p.currency.to_string()));
    price == wanted && Some(there.quantity) == listing.wanted.quantity
}
