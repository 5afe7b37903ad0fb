//! Problems of listings by their cause, and how many listings stand how: what is mended together.

use std::collections::BTreeMap;

use barrow_model::{AccountId, ListingId, Problem};

use crate::cells::{CellState, cell_state_sql};
use crate::error::StoreError;
use crate::filter::candidates_sql;
use crate::sql::to_json;
use crate::store::{Reader, Writer};

/// Causes that are told at most.
pub(crate) const CAUSES_MAX: usize = 1_000;

/// SKUs that are named for a cause.
const EXAMPLES: i64 = 5;

/// Listings that are tried again in one go at most.
const RETRIED_MAX: i64 = 100_000;

/// Listings with the same problem.
#[derive(Clone, Debug, PartialEq)]
pub struct ListingCause {
    /// What they have in common.
    pub cause: String,
    /// How many.
    pub count: u64,
    /// How many at each account, most first.
    pub accounts: Vec<(AccountId, u64)>,
    /// The problem of the oldest.
    pub example: Problem,
    /// Some of the SKUs in the catalogue.
    pub skus: Vec<String>,
}

/// How many, the first problem of them, and how many at each account.
type Group = (u64, i64, Vec<(AccountId, u64)>);

impl Reader<'_> {
    /// Problems of listings by cause, most first, and how many causes there are.
    pub fn listing_causes(
        &self,
        account: Option<AccountId>,
    ) -> Result<(Vec<ListingCause>, u64), StoreError> {
        let mut grouped = self.connection().prepare_cached(
            "SELECT cause, account_id, count(DISTINCT listing_id), min(id)
             FROM problems INDEXED BY problems_cause
             WHERE listing_id <> 0 AND (?1 IS NULL OR account_id = ?1)
             GROUP BY cause, account_id",
        )?;
        let mut rows = grouped.query([account.map(|id| id.0)])?;
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let count = row.get::<_, i64>(2)?.unsigned_abs();
            let first: i64 = row.get(3)?;
            let group = groups.entry(row.get(0)?).or_insert((0, first, Vec::new()));
            group.0 += count;
            group.1 = group.1.min(first);
            group.2.push((AccountId(row.get(1)?), count));
        }
        let total = groups.len() as u64;
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.0));
        groups.truncate(CAUSES_MAX);
        let mut causes = Vec::with_capacity(groups.len());
        for (cause, (count, first, mut accounts)) in groups {
            accounts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            causes.push(ListingCause {
                example: self.problem(first)?,
                skus: self.skus_of_cause(&cause, account)?,
                cause,
                count,
                accounts,
            });
        }
        Ok((causes, total))
    }

    fn problem(&self, id: i64) -> Result<Problem, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT problem FROM problems WHERE id = ?1")?;
        let text: String = query.query_row([id], |row| row.get(0))?;
        to_json(&text)
    }

    fn skus_of_cause(
        &self,
        cause: &str,
        account: Option<AccountId>,
    ) -> Result<Vec<String>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT DISTINCT s.sku FROM problems p INDEXED BY problems_cause
             CROSS JOIN listings l ON l.id = p.listing_id CROSS JOIN skus s ON s.id = l.sku_id
             WHERE p.cause = ?1 AND p.listing_id <> 0 AND (?2 IS NULL OR p.account_id = ?2)
             LIMIT ?3",
        )?;
        let rows = query.query_map((cause, account.map(|id| id.0), EXAMPLES), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many listings of each account stand so, where few rows tell: not for
    /// [`CellState::Live`] and [`CellState::Off`], which [`Reader::listing_counts`] tells.
    pub fn standing_counts(&self, state: CellState) -> Result<Vec<(AccountId, u64)>, StoreError> {
        let Some(from) = candidates_sql(state) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT l.account_id, count(*) FROM listings l
             WHERE l.id IN ({from}) AND {} = '{}' GROUP BY l.account_id",
            cell_state_sql(),
            state.code()
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([], |row| {
            Ok((AccountId(row.get(0)?), row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Lets listings with a problem of a cause be tried again with the next push. Returns how many.
    pub fn retry_cause(
        &mut self,
        cause: &str,
        account: Option<AccountId>,
    ) -> Result<u64, StoreError> {
        let ids: Vec<ListingId> = {
            let mut query = self.connection().prepare_cached(
                "SELECT DISTINCT listing_id FROM problems INDEXED BY problems_cause
                 WHERE cause = ?1 AND listing_id <> 0 AND (?2 IS NULL OR account_id = ?2)
                 LIMIT ?3",
            )?;
            let rows = query.query_map((cause, account.map(|id| id.0), RETRIED_MAX), |row| {
                row.get(0).map(ListingId)
            })?;
            rows.collect::<Result<_, _>>()?
        };
        for id in &ids {
            self.retry_listing(*id)?;
        }
        Ok(ids.len() as u64)
    }
}
