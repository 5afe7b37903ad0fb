//! Open problems: what needs a person. A problem is gone when what it is about is mended.

use barrow_model::{AccountId, ListingId, OrderRowId, Problem, ProblemKind};
use chrono::{DateTime, Utc};

use crate::error::StoreError;
use crate::outbox::QueuedChange;
use crate::sql::{code, instant, json, to_instant, to_json};
use crate::store::{Reader, Writer};

/// Problems of a page at most.
pub const PROBLEMS_PAGE_MAX: usize = 1_000;

/// What a problem is about: at most one problem is open for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemAt {
    /// The account.
    pub account_id: AccountId,
    /// The listing, where it is one's.
    pub listing_id: Option<ListingId>,
    /// The order, where it is one's.
    pub order_row_id: Option<OrderRowId>,
    /// Which side: `content`, `price`, `quantity`, `rule`, `connection`, `pull`, `observed`,
    /// `warning`, `warning values` for a price or a quantity, `change N`.
    pub subject: String,
}

impl ProblemAt {
    /// Of the account itself.
    pub fn account(account_id: AccountId, subject: &str) -> Self {
        Self {
            account_id,
            listing_id: None,
            order_row_id: None,
            subject: subject.to_owned(),
        }
    }

    /// Of a listing.
    pub fn listing(account_id: AccountId, listing_id: ListingId, subject: &str) -> Self {
        Self {
            account_id,
            listing_id: Some(listing_id),
            order_row_id: None,
            subject: subject.to_owned(),
        }
    }

    /// Of an order.
    pub fn order(account_id: AccountId, order_row_id: OrderRowId, subject: &str) -> Self {
        Self {
            account_id,
            listing_id: None,
            order_row_id: Some(order_row_id),
            subject: subject.to_owned(),
        }
    }

    pub(crate) fn change(queued: &QueuedChange) -> Self {
        let aspect = queued.kind.aspect().and_then(|aspect| code(&aspect).ok());
        Self {
            account_id: queued.account_id,
            listing_id: queued.listing_id,
            order_row_id: queued.order_row_id,
            subject: aspect.unwrap_or_else(|| format!("change {}", queued.id)),
        }
    }
}

/// An open problem.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenProblem {
    /// Its row.
    pub id: i64,
    /// What it is about.
    pub at: ProblemAt,
    /// The listing's SKU at the marketplace.
    pub channel_sku: Option<String>,
    /// What is wrong.
    pub problem: Problem,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Which problems a page holds.
#[derive(Clone, Debug)]
pub struct ProblemQuery {
    /// Of this account only.
    pub account_id: Option<AccountId>,
    /// Of this kind only.
    pub kind: Option<ProblemKind>,
    /// After this row.
    pub after: i64,
    /// Rows, at most [`PROBLEMS_PAGE_MAX`].
    pub limit: usize,
}

impl Reader<'_> {
    /// A page of open problems, oldest first.
    pub fn problems(&self, query: &ProblemQuery) -> Result<Vec<OpenProblem>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT p.id, p.account_id, p.listing_id, p.order_row_id, p.subject, p.problem, p.since,
               l.channel_sku
             FROM problems p LEFT JOIN listings l ON l.id = p.listing_id
             WHERE p.id > ?1 AND (?2 IS NULL OR p.account_id = ?2) AND (?3 IS NULL OR p.kind = ?3)
             ORDER BY p.id LIMIT ?4",
        )?;
        let limit = query.limit.clamp(1, PROBLEMS_PAGE_MAX);
        let mut rows = statement.query((
            query.after,
            query.account_id.map(|id| id.0),
            query.kind.map(ProblemKind::code),
            i64::try_from(limit).unwrap_or(i64::MAX),
        ))?;
        let mut problems = Vec::new();
        while let Some(row) = rows.next()? {
            let listing: i64 = row.get(2)?;
            let order: i64 = row.get(3)?;
            problems.push(OpenProblem {
                id: row.get(0)?,
                at: ProblemAt {
                    account_id: AccountId(row.get(1)?),
                    listing_id: (listing != 0).then_some(ListingId(listing)),
                    order_row_id: (order != 0).then_some(OrderRowId(order)),
                    subject: row.get(4)?,
                },
                channel_sku: row.get(7)?,
                problem: to_json(&row.get::<_, String>(5)?)?,
                since: to_instant(row.get(6)?)?,
            });
        }
        Ok(problems)
    }

    /// The open problems of a listing.
    pub fn listing_problems(&self, id: ListingId) -> Result<Vec<Problem>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT problem FROM problems WHERE listing_id = ?1 ORDER BY id")?;
        let mut rows = statement.query([id.0])?;
        let mut problems = Vec::new();
        while let Some(row) = rows.next()? {
            problems.push(to_json(&row.get::<_, String>(0)?)?);
        }
        Ok(problems)
    }

    /// The open problems of an order.
    pub fn order_problems(&self, id: OrderRowId) -> Result<Vec<Problem>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT problem FROM problems WHERE order_row_id = ?1 AND order_row_id <> 0
             ORDER BY id",
        )?;
        let mut rows = statement.query([id.0])?;
        let mut problems = Vec::new();
        while let Some(row) = rows.next()? {
            problems.push(to_json(&row.get::<_, String>(0)?)?);
        }
        Ok(problems)
    }

    /// How many problems of each kind are open, most first. A kind that this version does not know
    /// is left out.
    pub fn problem_counts(&self) -> Result<Vec<(ProblemKind, u64)>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT kind, count(*) FROM problems GROUP BY kind ORDER BY count(*) DESC, kind",
        )?;
        let mut rows = statement.query([])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            let count: i64 = row.get(1)?;
            if let Some(kind) = ProblemKind::from_code(&row.get::<_, String>(0)?) {
                counts.push((kind, count.unsigned_abs()));
            }
        }
        Ok(counts)
    }
}

impl Writer<'_> {
    /// Opens a problem, or replaces the one that is open for the same thing.
    pub fn raise_problem(&mut self, at: &ProblemAt, problem: &Problem) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO problems (account_id, listing_id, order_row_id, subject, kind, problem,
                   since, cause) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT DO UPDATE SET kind = excluded.kind, problem = excluded.problem,
                   cause = excluded.cause,
                   since = iif(kind = excluded.kind, since, excluded.since)",
            )?
            .execute((
                at.account_id.0,
                at.listing_id.map_or(0, |id| id.0),
                at.order_row_id.map_or(0, |id| id.0),
                &at.subject,
                problem.kind.code(),
                json(problem)?,
                instant(self.now()),
                problem.cause(),
            ))?;
        Ok(())
    }

    /// Whether a problem of this kind is open for a thing.
    pub(crate) fn is_open(&self, at: &ProblemAt, kind: ProblemKind) -> Result<bool, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT 1 FROM problems WHERE account_id = ?1 AND listing_id = ?2
               AND order_row_id = ?3 AND subject = ?4 AND kind = ?5",
        )?;
        Ok(statement.exists((
            at.account_id.0,
            at.listing_id.map_or(0, |id| id.0),
            at.order_row_id.map_or(0, |id| id.0),
            &at.subject,
            kind.code(),
        ))?)
    }

    /// Closes the problem of a thing, where one is open.
    pub fn clear_problem(&mut self, at: &ProblemAt) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "DELETE FROM problems WHERE account_id = ?1 AND listing_id = ?2
                   AND order_row_id = ?3 AND subject = ?4",
            )?
            .execute((
                at.account_id.0,
                at.listing_id.map_or(0, |id| id.0),
                at.order_row_id.map_or(0, |id| id.0),
                &at.subject,
            ))?;
        Ok(())
    }
}
