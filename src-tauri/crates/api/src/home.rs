//! What the seller is told first: what must leave when, what waits for a person, how old what is
//! known is, what was sold.

use std::collections::BTreeMap;

use barrow_market::consent_problem;
use barrow_model::{
    Account, AccountId, AccountState, CaseKind, Currency, Money, Problem, ProblemKind,
};
use barrow_store::{
    CancelAsked, CasesWaiting, CauseCount, ConversationsWaiting, OutboxCounts, Reader, Sold,
    StoreError, ToShip,
};
use chrono::{DateTime, Duration, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::consent::consent_until;
use crate::error::Result;
use crate::mend::Mend;
use crate::problems::ProblemBody;

/// Days that sales are told of.
const SALES_DAYS: i64 = 30;

/// The furthest that a place on earth is from UTC, in minutes, and some.
const OFFSET_MINUTES_MAX: i32 = 16 * 60;

/// Asks what the seller is told first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct HomeRequest {
    /// How many minutes the seller's clock is ahead of UTC: his days begin at his midnight.
    #[serde(default)]
    pub offset_minutes: i32,
}

/// What the seller is told first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HomeResponse {
    /// When this was.
    pub at: DateTime<Utc>,
    /// Orders to ship.
    pub to_ship: ToShipView,
    /// What waits for a person, what hurts most first.
    pub needs: Vec<NeedView>,
    /// How many things wait for a person in all.
    pub needs_total: u64,
    /// Account by account, by name.
    pub accounts: Vec<AccountFacts>,
    /// What was sold in the last 30 days.
    pub sales: SalesView,
    /// Changes that wait in the outbox, all accounts together.
    pub outbox: OutboxView,
    /// How many SKUs the catalogue has.
    pub skus: u64,
}

/// Orders to ship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ToShipView {
    /// How many.
    pub count: u64,
    /// How many are late.
    pub overdue: u64,
    /// How many have no deadline.
    pub without_deadline: u64,
    /// When the next one must leave that is not late.
    pub next: Option<DateTime<Utc>>,
    /// By deadline and account, the first to leave first; the first 200.
    pub deadlines: Vec<DeadlineView>,
    /// Orders that left since the seller's midnight.
    pub shipped_today: u64,
}

/// Orders of an account with the same deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct DeadlineView {
    /// When they must leave.
    pub ship_by: DateTime<Utc>,
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// How many.
    pub count: u64,
}

/// What kind of thing waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NeedKind {
    /// An account cannot be reached or used.
    Account,
    /// Changes wait for a yes.
    Held,
    /// Buyers ask to cancel.
    Cancel,
    /// Cases after a sale that the seller must answer.
    Case,
    /// Buyers who wrote and wait for an answer.
    Message,
    /// Order lines whose SKU no product has.
    Unmatched,
    /// Order records that could not be read.
    Quarantine,
    /// Listings and orders with the same problem.
    Problem,
}

/// Something that waits for a person, once for everything with the same cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NeedView {
    /// What kind of thing.
    pub kind: NeedKind,
    /// The account; null where it is not one's alone.
    pub account: Option<String>,
    /// Its marketplace.
    pub marketplace: Option<String>,
    /// How many listings, orders or records.
    pub count: u64,
    /// What they have in common, as the list of problems filters by it.
    pub cause: Option<String>,
    /// What is wrong, where it is a problem.
    pub problem: Option<ProblemBody>,
    /// The SKU of one of them, at the marketplace.
    pub sku: Option<String>,
    /// The order of one of them, as `ACCOUNT/ID`.
    pub order: Option<String>,
    /// Since when, where that is known.
    pub since: Option<DateTime<Utc>>,
    /// By when the first of them must be answered, where there is a deadline.
    pub due: Option<DateTime<Utc>>,
    /// Of which kind the cases are, where it is cases.
    pub case_kind: Option<CaseKind>,
    /// The one action that mends it.
    pub mend: Mend,
}

/// How an account stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountFacts {
    /// The seller's name for it.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// The marketplace's name as people write it.
    pub title: String,
    /// Whether it takes part.
    pub state: AccountState,
    /// Whether it is a rehearsal.
    pub practice: bool,
    /// Orders are completely read up to here.
    pub pulled_at: Option<DateTime<Utc>>,
    /// When it last answered what was sent to it.
    pub pushed_at: Option<DateTime<Utc>>,
    /// What stands in its way as a whole.
    pub problem: Option<ProblemBody>,
    /// What waits in its outbox.
    pub outbox: OutboxView,
}

/// Changes in an outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OutboxView {
    /// Wait to be sent.
    pub waiting: u64,
    /// Wait for a yes.
    pub held: u64,
    /// Sent, and not answered for good.
    pub sent: u64,
    /// Sent, and nobody knows what became of them.
    pub unknown: u64,
}

/// What was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SalesView {
    /// The first day.
    pub from: NaiveDate,
    /// The last day: today.
    pub to: NaiveDate,
    /// By day, marketplace and currency; days without a sale are left out.
    pub days: Vec<SoldView>,
    /// Orders in all.
    pub orders: u64,
    /// Their totals, one for each currency.
    pub totals: Vec<Money>,
    /// Orders of as many days before.
    pub orders_before: u64,
    /// Their totals, one for each currency.
    pub totals_before: Vec<Money>,
}

/// What was sold on a day at a marketplace in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SoldView {
    /// The day.
    pub day: NaiveDate,
    /// The marketplace.
    pub marketplace: String,
    /// How many orders.
    pub orders: u64,
    /// Their total; null for orders whose total is not told.
    pub total: Option<Money>,
}

/// Everything that is read of the catalogue, in one view of it.
struct Facts {
    accounts: Vec<(Account, AccountRead)>,
    to_ship: ToShip,
    shipped_today: u64,
    causes: Vec<CauseCount>,
    cancels: Vec<(CancelAsked, String)>,
    cases: Vec<CasesWaiting>,
    messages: Vec<ConversationsWaiting>,
    unmatched: u64,
    quarantined: u64,
    sold: Vec<Sold>,
    sold_before: Vec<Sold>,
    skus: u64,
}

struct AccountRead {
    pulled_at: Option<DateTime<Utc>>,
    pushed_at: Option<DateTime<Utc>>,
    problem: Option<Problem>,
    outbox: OutboxCounts,
    held: Option<(u64, Problem)>,
}

/// The seller's days.
#[derive(Clone, Copy)]
struct Days {
    now: DateTime<Utc>,
    offset: TimeDelta,
}

impl Days {
    fn today(self) -> NaiveDate {
        (self.now + self.offset).date_naive()
    }

    /// When the day began that is so many days ago.
    fn begin(self, days_ago: i64) -> DateTime<Utc> {
        let day = self.today() - Duration::days(days_ago);
        day.and_time(chrono::NaiveTime::MIN).and_utc() - self.offset
    }
}

impl Api {
    /// What the seller is told first.
    pub async fn home(&self, request: HomeRequest) -> Result<HomeResponse> {
        let offset = request
            .offset_minutes
            .clamp(-OFFSET_MINUTES_MAX, OFFSET_MINUTES_MAX);
        let days = Days {
            now: self.parts.clock.now(),
            offset: TimeDelta::minutes(i64::from(offset)),
        };
        let facts = self
            .on_store(move |store| store.read(|db| read(db, days, offset)))
            .await?;
        let needs = self.needs(&facts);
        let accounts = facts.accounts.iter();
        let accounts: Vec<AccountFacts> = accounts
            .map(|(account, read)| self.account_facts(account, read))
            .collect();
        Ok(HomeResponse {
            at: days.now,
            to_ship: self.to_ship_view(&facts),
            needs_total: needs.iter().map(|need| need.count).sum(),
            needs,
            outbox: accounts
                .iter()
                .fold(OutboxView::default(), |sum, one| sum.and(one.outbox)),
            accounts,
            sales: sales(&facts, days),
            skus: facts.skus,
        })
    }

    fn to_ship_view(&self, facts: &Facts) -> ToShipView {
        let deadlines = facts.to_ship.deadlines.iter().map(|deadline| {
            let account = facts.account(deadline.account_id);
            DeadlineView {
                ship_by: deadline.ship_by,
                account: account.map(|a| a.name.clone()).unwrap_or_default(),
                marketplace: account.map(|a| a.marketplace.0.clone()).unwrap_or_default(),
                count: deadline.count,
            }
        });
        ToShipView {
            count: facts.to_ship.count,
            overdue: facts.to_ship.overdue,
            without_deadline: facts.to_ship.without_deadline,
            next: facts.to_ship.next,
            deadlines: deadlines.collect(),
            shipped_today: facts.shipped_today,
        }
    }

    fn account_facts(&self, account: &Account, read: &AccountRead) -> AccountFacts {
        let title = self.title(&account.marketplace);
        AccountFacts {
            account: account.name.clone(),
            marketplace: account.marketplace.0.clone(),
            title: title.to_owned(),
            state: account.state,
            practice: account.endpoint.is_loopback(),
            pulled_at: read.pulled_at,
            pushed_at: read.pushed_at,
            problem: read
                .problem
                .as_ref()
                .map(|problem| ProblemBody::new(&self.words, problem, title)),
            outbox: OutboxView {
                waiting: read.outbox.waiting,
                held: read.outbox.held,
                sent: read.outbox.accepted,
                unknown: read.outbox.unknown,
            },
        }
    }

    fn needs(&self, facts: &Facts) -> Vec<NeedView> {
        let mut needs = Vec::new();
        for (account, read) in &facts.accounts {
            needs.extend(self.consent_need(account));
            if let Some((count, problem)) = &read.held {
                let mut need = self.need(NeedKind::Held, Some(account), *count);
                need.problem = Some(self.body(problem, account));
                need.mend = Mend::Answer;
                needs.push(need);
            }
        }
        for (asked, order_id) in &facts.cancels {
            let account = facts.account(asked.account_id);
            let mut need = self.need(NeedKind::Cancel, account, asked.count);
            need.order = account.map(|account| format!("{}/{order_id}", account.name));
            need.mend = Mend::Decide;
            needs.push(need);
        }
        for waiting in &facts.cases {
            needs.push(NeedView {
                due: waiting.respond_by,
                case_kind: Some(waiting.kind),
                mend: Mend::AnswerCase,
                ..self.need(
                    NeedKind::Case,
                    facts.account(waiting.account_id),
                    waiting.count,
                )
            });
        }
        for waiting in &facts.messages {
            let account = facts.account(waiting.account_id);
            needs.push(NeedView {
                since: Some(waiting.since),
                mend: Mend::AnswerMessage,
                ..self.need(NeedKind::Message, account, waiting.count)
            });
        }
        for cause in &facts.causes {
            needs.extend(self.need_of(facts, cause));
        }
        let loose = [
            (NeedKind::Unmatched, facts.unmatched, Mend::Match),
            (NeedKind::Quarantine, facts.quarantined, Mend::ReadAgain),
        ];
        for (kind, count, mend) in loose {
            if count > 0 {
                needs.push(NeedView {
                    mend,
                    ..self.need(kind, None, count)
                });
            }
        }
        // Most first within a kind, as they were counted.
        needs.sort_by_key(|need| need.kind);
        needs
    }

    fn need_of(&self, facts: &Facts, cause: &CauseCount) -> Option<NeedView> {
        let account = facts.account(cause.account_id)?;
        let mend = Mend::of(cause.example.kind);
        let is_whole = cause.channel_sku.is_none() && cause.order_row_id.is_none();
        // Unmatched lines and unread records are counted where they stand, and so are held changes.
        if matches!(mend, Mend::Match | Mend::ReadAgain | Mend::Answer) {
            return None;
        }
        let kind = if is_whole {
            NeedKind::Account
        } else {
            NeedKind::Problem
        };
        Some(NeedView {
            cause: Some(cause.cause.clone()),
            problem: Some(self.body(&cause.example, account)),
            sku: cause.channel_sku.clone(),
            since: Some(cause.since),
            mend,
            ..self.need(kind, Some(account), cause.count)
        })
    }

    /// A consent that ends soon, which takes a person; none where another problem of the account's
    /// tells of it already.
    fn consent_need(&self, account: &Account) -> Option<NeedView> {
        let until = consent_until(account)?;
        let problem = consent_problem(until, self.parts.clock.now())?;
        let ends =
            problem.kind == ProblemKind::ConsentEnds && account.state == AccountState::Active;
        ends.then(|| NeedView {
            mend: Mend::of(problem.kind),
            problem: Some(self.body(&problem, account)),
            ..self.need(NeedKind::Account, Some(account), 1)
        })
    }

    fn need(&self, kind: NeedKind, account: Option<&Account>, count: u64) -> NeedView {
        NeedView {
            kind,
            account: account.map(|account| account.name.clone()),
            marketplace: account.map(|account| account.marketplace.0.clone()),
            count,
            cause: None,
            problem: None,
            sku: None,
            order: None,
            since: None,
            due: None,
            case_kind: None,
            mend: Mend::Wait,
        }
    }

    fn body(&self, problem: &Problem, account: &Account) -> ProblemBody {
        ProblemBody::new(&self.words, problem, self.title(&account.marketplace))
    }
}

impl Facts {
    fn account(&self, id: AccountId) -> Option<&Account> {
        let mut accounts = self.accounts.iter().map(|(account, _)| account);
        accounts.find(|account| account.id == id)
    }
}

impl OutboxView {
    fn and(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            held: self.held + other.held,
            sent: self.sent + other.sent,
            unknown: self.unknown + other.unknown,
        }
    }
}

fn read(
    db: &Reader<'_>,
    days: Days,
    offset_minutes: i32,
) -> std::result::Result<Facts, StoreError> {
    let mut accounts = Vec::new();
    for account in db.accounts()? {
        let id = account.id;
        let read = AccountRead {
            pulled_at: db.pulled_at(id)?,
            pushed_at: db.pushed_at(id)?,
            problem: db.account_problem(id)?,
            outbox: db.outbox_counts(id)?,
            held: db.held_first(id)?,
        };
        accounts.push((account, read));
    }
    let mut cancels = Vec::new();
    for asked in db.cancel_asked()? {
        let order = db.order(asked.example)?.order.order_id;
        cancels.push((asked, order));
    }
    // Today is one of the days that are told of.
    let (from, before) = (days.begin(SALES_DAYS - 1), days.begin(2 * SALES_DAYS - 1));
    Ok(Facts {
        accounts,
        to_ship: db.to_ship(days.now)?,
        shipped_today: db.shipped_since(days.begin(0))?,
        causes: db.causes()?,
        cancels,
        cases: db.cases_waiting()?,
        messages: db.conversations_waiting()?,
        unmatched: db.unmatched_count()?,
        quarantined: db.quarantine_count()?,
        sold: db.sold((from, days.begin(-1)), offset_minutes)?,
        sold_before: db.sold((before, from), offset_minutes)?,
        skus: db.sku_count()?,
    })
}

fn sales(facts: &Facts, days: Days) -> SalesView {
    let mut by_day: BTreeMap<(i64, &str, Option<Currency>), (u64, i64)> = BTreeMap::new();
    for sold in &facts.sold {
        let account = facts.account(sold.account_id);
        let marketplace = account.map_or("", |account| account.marketplace.0.as_str());
        let entry = by_day
            .entry((sold.day, marketplace, sold.currency))
            .or_default();
        entry.0 += sold.orders;
        entry.1 = entry.1.saturating_add(sold.minor);
    }
    let days_sold = by_day.into_iter().map(|(at, (orders, minor))| {
        let (day, marketplace, currency) = at;
        SoldView {
            day: NaiveDate::default() + Duration::days(day),
            marketplace: marketplace.to_owned(),
            orders,
            total: currency.map(|currency| Money::new(minor, currency)),
        }
    });
    let today = days.today();
    SalesView {
        from: today - Duration::days(SALES_DAYS - 1),
        to: today,
        days: days_sold.collect(),
        orders: orders(&facts.sold),
        totals: totals(&facts.sold),
        orders_before: orders(&facts.sold_before),
        totals_before: totals(&facts.sold_before),
    }
}

fn orders(sold: &[Sold]) -> u64 {
    sold.iter().map(|sold| sold.orders).sum()
}

fn totals(sold: &[Sold]) -> Vec<Money> {
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for sold in sold {
        if let Some(currency) = sold.currency {
            let sum = sums.entry(currency).or_default();
            *sum = sum.saturating_add(sold.minor);
        }
    }
    let sums = sums.into_iter();
    sums.map(|(currency, minor)| Money::new(minor, currency))
        .collect()
}
