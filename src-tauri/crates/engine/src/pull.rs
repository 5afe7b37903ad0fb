//! Downloading orders: each account's streams, page by page, until there is no more.
//!
//! A page's orders, its unreadable records and the cursor behind it are stored in one transaction
//! (*no order lost*). While a page is stored the next one is fetched; a run that ends in between
//! fetches it again.

use std::sync::Arc;
use std::time::Duration;

use barrow_market::{Adapter, Cursor, Error, ErrorKind, OrderPage, Orders, Stream};
use barrow_model::{
    Account, AccountId, AccountState, Action, OrderRef, OrderRowId, Problem, ProblemKind,
};
use barrow_store::{
    AftersalesWish, NewQuarantined, Oversold, ProblemAt, StoredCursor, UnmatchedLine,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tokio::task::JoinHandle;

use crate::engine::{Engine, ProgressEvent, Stage};
use crate::error::Result;
use crate::stop::Stop;

/// How far back a first download goes when nothing is said: marketplaces keep addresses as long.
const FIRST_DOWNLOAD_DAYS: i64 = 90;
/// Pages of one stream in one run. A million orders are five thousand pages of 200.
const PAGES_MAX: u32 = 20_000;
/// Longest wait for a limit in the middle of a download. A longer one ends the run with a problem,
/// and the next run goes on from the page that was stored.
const LIMIT_WAIT_MAX: Duration = Duration::from_secs(120);
/// Longest time that cases and fees of an account take in one run.
const BESIDE_MAX: Duration = Duration::from_secs(120);
/// Longest time that its messages take in one run, after that.
const MESSAGES_MAX: Duration = Duration::from_secs(60);
/// Open orders that are read again by number in one run.
const OPEN_ORDERS_MAX: usize = 10_000;

/// Which orders are downloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullOptions {
    /// From these accounts; empty for all that are active.
    pub accounts: Vec<AccountId>,
    /// Reads again from this day, where that is further back than what was read.
    pub since: Option<DateTime<Utc>>,
}

/// What a download brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PullSummary {
    /// Account by account.
    pub accounts: Vec<AccountPull>,
    /// Lines whose SKU no product has.
    pub unmatched: Vec<UnmatchedLine>,
    /// Variants of which more is sold than there is.
    pub oversold: Vec<Oversold>,
}

/// What one account brought.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountPull {
    /// The account.
    pub account_id: AccountId,
    /// Its name.
    pub account: String,
    /// Orders that were not there before.
    pub orders_new: u64,
    /// Orders of which something changed.
    pub orders_changed: u64,
    /// Orders that were read, again or for the first time.
    pub orders_read: u64,
    /// Records that could not be read and wait in quarantine.
    pub unreadable: u64,
    /// Every order changed before this is stored; none where the download is not complete.
    pub covered_through: Option<DateTime<Utc>>,
    /// Why it is not complete.
    pub problem: Option<Problem>,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

impl PullSummary {
    /// The accounts whose orders were read to their end.
    pub fn complete(&self) -> Vec<AccountId> {
        let complete = self.accounts.iter().filter(|pulled| pulled.is_complete());
        complete.map(|pulled| pulled.account_id).collect()
    }
}

impl AccountPull {
    /// Whether every stream was read to its end.
    pub fn is_complete(&self) -> bool {
        self.problem.is_none() && !self.stopped
    }
}

impl Engine {
    /// Downloads orders from all accounts at once, then what is told beside them. One account that
    /// fails stops no other.
    pub async fn pull(&self, options: &PullOptions) -> Result<PullSummary> {
        let stop = Stop::default();
        let summary = self.pull_until(options, &stop).await?;
        self.read_beside(&summary.complete(), &stop).await?;
        Ok(summary)
    }

    /// Reads the cases, fees and messages of accounts, all at once and no longer than three
    /// minutes: what leaves for a marketplace depends on none of it, and the next pull goes on.
    pub async fn read_beside(&self, accounts: &[AccountId], stop: &Stop) -> Result<()> {
        if accounts.is_empty() {
            return Ok(());
        }
        let accounts = self.accounts_to_pull(accounts)?;
        let reads = accounts
            .iter()
            .map(|account| self.read_beside_in_time(account, stop));
        join_all(reads).await.into_iter().collect()
    }

    async fn read_beside_in_time(&self, account: &Account, stop: &Stop) -> Result<()> {
        in_time(BESIDE_MAX, self.read_beside_of(account, stop)).await?;
        // Messages have a time of their own: where there is much else it would leave them none.
        in_time(MESSAGES_MAX, self.read_messages_of(account, stop)).await
    }

    async fn read_messages_of(&self, account: &Account, stop: &Stop) -> Result<()> {
        match self.accounts.adapter(account).await {
            Ok(adapter) => self.pull_messages(account, &adapter, stop).await,
            // That it cannot be connected is told by the pull.
            Err(_) => Ok(()),
        }
    }

    async fn read_beside_of(&self, account: &Account, stop: &Stop) -> Result<()> {
        // That it cannot be connected is told by the pull.
        let Ok(adapter) = self.accounts.adapter(account).await else {
            return Ok(());
        };
        if self.pull_cases(account, &adapter, stop).await? {
            self.pull_fees(account, &adapter, stop).await?;
        }
        Ok(())
    }

    /// Downloads orders alone, until it is stopped: between two pages. The next pull goes on from
    /// there.
    pub async fn pull_until(&self, options: &PullOptions, stop: &Stop) -> Result<PullSummary> {
        let accounts = self.accounts_to_pull(&options.accounts)?;
        let pulls = accounts
            .iter()
            .map(|account| self.pull_account(account, options.since, stop));
        let mut summary = PullSummary::default();
        for pulled in join_all(pulls).await {
            summary.accounts.push(pulled?);
        }
        self.store.write(|tx| tx.match_all_lines())?;
        summary.unmatched = self.store.read(|db| db.unmatched_lines(1000))?;
        summary.oversold = self.store.read(|db| db.oversold())?;
        Ok(summary)
    }

    fn accounts_to_pull(&self, wanted: &[AccountId]) -> Result<Vec<Account>> {
        let accounts = self.store.read(|db| db.accounts())?;
        Ok(accounts
            .into_iter()
            .filter(|account| match wanted {
                [] => account.state == AccountState::Active,
                ids => ids.contains(&account.id),
            })
            .collect())
    }

    async fn pull_account(
        &self,
        account: &Account,
        since: Option<DateTime<Utc>>,
        stop: &Stop,
    ) -> Result<AccountPull> {
        let mut pulled = AccountPull {
            account_id: account.id,
            account: account.name.clone(),
            orders_new: 0,
            orders_changed: 0,
            orders_read: 0,
            unreadable: 0,
            covered_through: None,
            problem: None,
            stopped: false,
        };
        let adapter = match self.accounts.adapter(account).await {
            Ok(adapter) => adapter,
            Err(error) => {
                pulled.problem = Some(error.to_problem());
                self.note_pull_problem(account.id, pulled.problem.as_ref())?;
                return Ok(pulled);
            }
        };
        let Some(orders) = adapter.orders() else {
            // Nobody sells there without our knowing: everything up to now is known.
            let now = self.now();
            self.store.write(|tx| tx.note_pull(account.id, now))?;
            pulled.covered_through = Some(now);
            return Ok(pulled);
        };
        let mut covered: Option<DateTime<Utc>> = None;
        for stream in orders.streams() {
            match self
                .pull_stream(account, &adapter, stream, (since, stop), &mut pulled)
                .await?
            {
                _ if pulled.stopped => break,
                Ok(through) => {
                    covered = Some(covered.map_or(through, |so_far| so_far.min(through)))
                }
                Err(error) => {
                    pulled.problem.get_or_insert(error.to_problem());
                    if !concerns_one_stream(&error) {
                        break;
                    }
                }
            }
        }
        if !pulled.stopped {
            self.note_pull_problem(account.id, pulled.problem.as_ref())?;
        }
        if pulled.is_complete() {
            pulled.covered_through = covered;
            if let Some(covered) = covered {
                self.store.write(|tx| tx.note_pull(account.id, covered))?;
            }
            self.faults.at("pull.completed");
        }
        if adapter.capability().acknowledges_orders {
            self.queue_acknowledgements(account.id)?;
        }
        self.forget_people(account.id, &adapter)?;
        Ok(pulled)
    }

    /// Erases buyers that the marketplace does not let be kept any longer.
    fn forget_people(&self, account: AccountId, adapter: &Arc<dyn Adapter>) -> Result<()> {
        let kept = adapter.capability().people_kept.map(TimeDelta::from_std);
        if let Some(Ok(kept)) = kept {
            self.store.write(|tx| {
                tx.erase_old_people(account, kept)?;
                tx.erase_old_conversations(account, kept)
            })?;
        }
        Ok(())
    }

    /// Reads one stream up to now, or until it is stopped; the inner error is the marketplace's. A
    /// read that was cut off is ended first. It ends at the moment when it began, so what came
    /// since is read after it.
    async fn pull_stream(
        &self,
        account: &Account,
        adapter: &Arc<dyn Adapter>,
        stream: &Stream,
        (since, stop): (Option<DateTime<Utc>>, &Stop),
        pulled: &mut AccountPull,
    ) -> Result<barrow_market::Result<DateTime<Utc>>> {
        let stored = self.store.read(|db| db.cursor(account.id, stream.id.0))?;
        let cut_off = stored.clone().filter(|stored| stored.under_way);
        let begin = match self.first_cursor(adapter, stream, stored, since) {
            Ok(cursor) => cursor,
            Err(error) => return Ok(Err(error)),
        };
        let is_rest = cut_off.is_some_and(|cut_off| cut_off.cursor == begin.0);
        let source = Source {
            account,
            adapter,
            stream,
        };
        let first = self.read_stream(&source, begin, stop, pulled).await?;
        let read = match first {
            Ok(first) if is_rest && !pulled.stopped => {
                self.read_stream(&source, first.next, stop, pulled).await?
            }
            first => first,
        };
        Ok(read.map(|read| read.covered_through))
    }

    /// Reads from a cursor until there is no more, or until it is stopped.
    async fn read_stream(
        &self,
        source: &Source<'_>,
        begin: Cursor,
        stop: &Stop,
        pulled: &mut AccountPull,
    ) -> Result<barrow_market::Result<Read>> {
        let open = if source.stream.rereads_open {
            self.store
                .read(|db| db.open_order_ids(source.account.id, OPEN_ORDERS_MAX))?
        } else {
            Vec::new()
        };
        let open: Arc<[String]> = open.into();
        let started = self.now();
        let mut cursor = begin;
        let mut fetching = source.fetch(cursor.clone(), &open);
        for _ in 0..PAGES_MAX {
            let fetched = tokio::select! {
                // A page that has come at the same moment is fetched again by the next pull.
                biased;
                () = stop.asked() => {
                    pulled.stopped = true;
                    return Ok(Ok(Read { next: cursor, covered_through: started }));
                }
                fetched = fetching.page() => fetched,
            };
            let page = match fetched {
                Ok(page) => page,
                Err(error) => match self.wait_for_limit(&error, stop).await {
                    true => {
                        fetching = source.fetch(cursor.clone(), &open);
                        continue;
                    }
                    false => return Ok(Err(error)),
                },
            };
            self.faults.at("pull.page_received");
            let stuck = page.more && page.next == cursor;
            if page.more && !stuck {
                fetching = source.fetch(page.next.clone(), &open);
            }
            self.store_page(source, &page, pulled)?;
            self.faults.at("pull.page_stored");
            self.progress.tell(ProgressEvent {
                account_id: Some(source.account.id),
                stage: Stage::Pull,
                done: pulled.orders_read,
                total: page.total,
            });
            if stuck {
                return Ok(Err(not_advancing()));
            }
            if !page.more {
                let covered_through = page.covered_through.unwrap_or(started);
                return Ok(Ok(Read {
                    next: page.next,
                    covered_through,
                }));
            }
            cursor = page.next;
        }
        Ok(Err(not_advancing()))
    }

    fn first_cursor(
        &self,
        adapter: &Arc<dyn Adapter>,
        stream: &Stream,
        stored: Option<StoredCursor>,
        since: Option<DateTime<Utc>>,
    ) -> barrow_market::Result<Cursor> {
        let orders = orders_of(adapter)?;
        let usual = self.now() - TimeDelta::days(FIRST_DOWNLOAD_DAYS);
        let begin = match (stored, since) {
            (None, since) => since.unwrap_or(usual),
            (Some(stored), None) => return Ok(Cursor(stored.cursor)),
            // Beginning later than a download that was not finished would leave a gap.
            (
                Some(StoredCursor {
                    covered_through: None,
                    ..
                }),
                Some(since),
            ) => since.min(usual),
            (
                Some(StoredCursor {
                    covered_through: Some(covered),
                    cursor,
                    ..
                }),
                Some(since),
            ) => {
                if since >= covered {
                    return Ok(Cursor(cursor));
                }
                since
            }
        };
        orders.start(stream.id, begin)
    }

    fn store_page(
        &self,
        source: &Source<'_>,
        page: &OrderPage,
        pulled: &mut AccountPull,
    ) -> Result<()> {
        let account = source.account;
        let lowers = source.adapter.capability().lowers_quantity_on_sale;
        let (new, changed) = self.store.write(|tx| {
            let (mut new, mut changed) = (0, 0);
            for found in &page.orders {
                let stored = tx.store_order(account.id, &found.order, &found.raw.body, lowers)?;
                tx.remove_quarantined_order(account.id, &found.order.order_id)?;
                new += u64::from(stored.new);
                changed += u64::from(stored.changed && !stored.new);
            }
            for (record, issue) in &page.unreadable {
                tx.put_quarantine(&NewQuarantined {
                    account_id: account.id,
                    order_id: record.order_id.as_deref(),
                    body: &record.body,
                    kind: issue.kind,
                    field: &issue.field,
                    expected: &issue.expected,
                })?;
            }
            let (stream, next) = (source.stream.id.0, &page.next.0);
            tx.set_cursor(account.id, stream, next, page.covered_through, page.more)?;
            Ok((new, changed))
        })?;
        pulled.orders_new += new;
        pulled.orders_changed += changed;
        pulled.orders_read += page.orders.len() as u64;
        pulled.unreadable += page.unreadable.len() as u64;
        Ok(())
    }

    /// Waits where the marketplace says when it will answer, and soon; no longer than until it is
    /// stopped.
    async fn wait_for_limit(&self, error: &Error, stop: &Stop) -> bool {
        let wait = match (error.kind, error.wait(self.now())) {
            (ErrorKind::RateLimited, Some(wait)) if wait <= LIMIT_WAIT_MAX => wait,
            _ => return false,
        };
        tokio::select! {
            () = tokio::time::sleep(wait + Duration::from_millis(1)) => {}
            () = stop.asked() => {}
        }
        true
    }

    fn note_pull_problem(&self, account_id: AccountId, problem: Option<&Problem>) -> Result<()> {
        let at = ProblemAt::account(account_id, "pull");
        self.store.write(|tx| match problem {
            Some(problem) => tx.raise_problem(&at, problem),
            None => tx.clear_problem(&at),
        })?;
        Ok(())
    }

    fn queue_acknowledgements(&self, account_id: AccountId) -> Result<()> {
        let waiting = self.store.read(|db| db.orders_to_acknowledge(account_id))?;
        if waiting.is_empty() {
            return Ok(());
        }
        self.store.write(|tx| {
            for id in waiting {
                let stored = tx.order(id)?;
                tx.queue_aftersales(&AftersalesWish {
                    account_id,
                    order: order_ref(id, &stored.order),
                    action: Action::Acknowledge,
                    value: None,
                    deadline: stored.order.ship_by,
                })?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// Where orders are read.
struct Source<'a> {
    account: &'a Account,
    adapter: &'a Arc<dyn Adapter>,
    stream: &'a Stream,
}

impl Source<'_> {
    fn fetch(&self, cursor: Cursor, open: &Arc<[String]>) -> Fetching {
        let (adapter, open) = (Arc::clone(self.adapter), Arc::clone(open));
        let stream = self.stream.id;
        Fetching(tokio::spawn(async move {
            orders_of(&adapter)?.pull(stream, &cursor, &open).await
        }))
    }
}

/// How far a stream was read in one go.
struct Read {
    /// Where the next read begins.
    next: Cursor,
    /// Every order changed before this is stored.
    covered_through: DateTime<Utc>,
}

/// A page that is being fetched while the one before is stored.
struct Fetching(JoinHandle<barrow_market::Result<OrderPage>>);

impl Fetching {
    async fn page(&mut self) -> barrow_market::Result<OrderPage> {
        match (&mut self.0).await {
            Ok(page) => page,
            Err(_) => Err(Error::new(ErrorKind::Unreadable, "orders")),
        }
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How an adapter is told which order is meant.
pub(crate) fn order_ref(id: OrderRowId, order: &barrow_model::Order) -> OrderRef {
    OrderRef {
        id,
        order_id: order.order_id.clone(),
        site: order.site.clone(),
        placed_at: order.placed_at,
    }
}

pub(crate) fn orders_of(adapter: &Arc<dyn Adapter>) -> barrow_market::Result<&dyn Orders> {
    adapter
        .orders()
        .ok_or_else(|| Error::new(ErrorKind::Unsupported, "orders"))
}

/// Reads for so long at most; the next pull goes on.
async fn in_time(most: Duration, read: impl Future<Output = Result<()>>) -> Result<()> {
    match tokio::time::timeout(most, read).await {
        Ok(read) => read,
        Err(_) => {
            tracing::warn!("what stands beside orders takes too long this time");
            Ok(())
        }
    }
}

/// Whether the account's other streams may still be read: a marketplace may refuse the orders of a
/// programme that the seller is not in, and those that the seller ships must come all the same.
fn concerns_one_stream(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Refused
            | ErrorKind::Unreadable
            | ErrorKind::Unsupported
    )
}

fn not_advancing() -> Error {
    let problem = Problem::new(ProblemKind::AnswerUnreadable).field("orders");
    Error::new(ErrorKind::Unreadable, "orders").because(problem)
}
