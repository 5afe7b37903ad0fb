//! Cases after a sale. No buyer's name or word is among what is kept, so that nothing of them has
//! to be erased.

use std::collections::BTreeSet;

use barrow_model::{AccountId, Action, Case, CaseKind, CaseState, ChangeId, OrderRowId, Target};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::sql::{code, instant, json, money, to_code, to_instant_opt, to_json, to_money};
use crate::store::{Reader, Writer};

/// Most cases of a list.
pub const CASES_MAX: usize = 1_000;

/// A case in the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCase {
    /// Its row.
    pub id: i64,
    /// Whose.
    pub account_id: AccountId,
    /// The case.
    pub case: Case,
    /// The order that it is about, where that is in the catalogue.
    pub order_row_id: Option<OrderRowId>,
    /// The account that keeps that order.
    pub order_account_id: Option<AccountId>,
    /// Whether that account was removed, so that nothing can be done to the order.
    pub order_left: bool,
    /// When it was seen to be closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Which cases are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseQuery {
    /// Only of this account.
    pub account_id: Option<AccountId>,
    /// Those that are closed, in place of those that are open.
    pub closed: bool,
    /// At most so many, and no more than [`CASES_MAX`].
    pub limit: usize,
}

/// Cases of an account that wait for the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasesWaiting {
    /// Whose.
    pub account_id: AccountId,
    /// Of which kind.
    pub kind: CaseKind,
    /// How many.
    pub count: u64,
    /// By when the first of them must be answered.
    pub respond_by: Option<DateTime<Utc>>,
}

/// The columns of a case and the row of its order.
const COLUMNS: &str = "c.id, c.account_id, c.kind, c.case_id, c.order_id, c.listing_ref, c.line_id,
    c.state, c.marketplace_state, c.reason, c.amount_minor, c.amount_currency, c.opened_at,
    c.respond_by, c.closed_at, c.offers, c.page, o.id, o.account_id,
    ifnull((SELECT removed_at IS NOT NULL FROM accounts WHERE id = o.account_id), 0)";

/// The order of a case: a seller's orders may be kept by another account of his than his cases.
const ORDER: &str = "LEFT JOIN orders o ON o.id = (SELECT r.id FROM orders r
    JOIN accounts t ON t.id = r.account_id
    JOIN accounts own ON own.marketplace = t.marketplace AND own.endpoint = t.endpoint
    WHERE own.id = c.account_id AND r.order_id = c.order_id
    ORDER BY r.account_id <> own.id LIMIT 1)";

/// Accounts that were removed keep their orders and show no cases.
const THERE: &str = "c.account_id IN (SELECT id FROM accounts WHERE removed_at IS NULL)";

fn stored(row: &Row<'_>) -> Result<StoredCase, StoreError> {
    Ok(StoredCase {
        id: row.get(0)?,
        account_id: AccountId(row.get(1)?),
        case: Case {
            kind: to_code(&row.get::<_, String>(2)?)?,
            case_id: row.get(3)?,
            order_id: row.get(4)?,
            listing_ref: row.get(5)?,
            line_id: row.get(6)?,
            state: to_code(&row.get::<_, String>(7)?)?,
            marketplace_state: row.get(8)?,
            reason: row.get(9)?,
            amount: to_money(row.get(10)?, row.get(11)?)?,
            opened_at: to_instant_opt(row.get(12)?)?,
            respond_by: to_instant_opt(row.get(13)?)?,
            offers: to_json(&row.get::<_, String>(15)?)?,
            page: row.get(16)?,
        },
        closed_at: to_instant_opt(row.get(14)?)?,
        order_row_id: row.get::<_, Option<i64>>(17)?.map(OrderRowId),
        order_account_id: row.get::<_, Option<i64>>(18)?.map(AccountId),
        order_left: row.get(19)?,
    })
}

impl Reader<'_> {
    /// Cases: those that wait for the seller by their deadlines, then the other open ones; closed
    /// ones the last first.
    pub fn cases(&self, query: &CaseQuery) -> Result<Vec<StoredCase>, StoreError> {
        let (index, wanted, order) = if query.closed {
            (
                "cases_closed",
                "c.state = 'closed'",
                "c.closed_at DESC, c.id",
            )
        } else {
            let by =
                "c.state <> 'waits_for_seller', ifnull(c.respond_by, 9223372036854775807), c.id";
            ("cases_open", "c.state <> 'closed'", by)
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM cases c INDEXED BY {index} {ORDER}
             WHERE {wanted} AND {THERE} AND (?1 IS NULL OR c.account_id = ?1)
             ORDER BY {order} LIMIT ?2"
        );
        let limit = i64::try_from(query.limit.min(CASES_MAX)).unwrap_or(i64::MAX);
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query(params![query.account_id.map(|id| id.0), limit])?;
        let mut cases = Vec::new();
        while let Some(row) = rows.next()? {
            cases.push(stored(row)?);
        }
        Ok(cases)
    }

    /// How many cases an account has, or all have, that are open or closed.
    pub fn case_count(&self, query: &CaseQuery) -> Result<u64, StoreError> {
        let wanted = if query.closed { "=" } else { "<>" };
        let sql = format!(
            "SELECT count(*) FROM cases c WHERE c.state {wanted} 'closed' AND {THERE}
               AND (?1 IS NULL OR c.account_id = ?1)"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let count: i64 =
            statement.query_row([query.account_id.map(|id| id.0)], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// The cases of an order, the last opened first.
    pub fn order_cases(&self, id: OrderRowId) -> Result<Vec<StoredCase>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM orders o JOIN accounts own ON own.id = o.account_id
             JOIN accounts t ON t.marketplace = own.marketplace AND t.endpoint = own.endpoint
             JOIN cases c INDEXED BY cases_order
               ON c.account_id = t.id AND c.order_id = o.order_id
             WHERE o.id = ?1 ORDER BY c.opened_at DESC, c.id LIMIT {CASES_MAX}"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        let mut cases = Vec::new();
        while let Some(row) = rows.next()? {
            cases.push(stored(row)?);
        }
        Ok(cases)
    }

    /// A case; none where there is none of this row.
    pub fn case(&self, id: i64) -> Result<Option<StoredCase>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cases c {ORDER} WHERE c.id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id])?;
        rows.next()?.map(stored).transpose()
    }

    /// Cases that wait for the seller, by account and kind. Of requests to cancel only those of
    /// orders that do not themselves say that they are to be cancelled.
    pub fn cases_waiting(&self) -> Result<Vec<CasesWaiting>, StoreError> {
        let sql = format!(
            "SELECT c.account_id, c.kind, count(*), min(c.respond_by)
            FROM cases c INDEXED BY cases_waiting
            WHERE c.state = 'waits_for_seller' AND {THERE}
              AND (c.kind <> 'cancellation' OR NOT EXISTS
              (SELECT 1 FROM orders o JOIN accounts t ON t.id = o.account_id
                 JOIN accounts own ON own.id = c.account_id
                 WHERE o.order_id = c.order_id AND o.cancel_requested = 1
                   AND own.marketplace = t.marketplace AND own.endpoint = t.endpoint))
            GROUP BY c.account_id, c.kind ORDER BY min(ifnull(c.respond_by, 9223372036854775807))"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            waiting.push(CasesWaiting {
                account_id: AccountId(row.get(0)?),
                kind: to_code(&row.get::<_, String>(1)?)?,
                count: row.get::<_, i64>(2)?.unsigned_abs(),
                respond_by: to_instant_opt(row.get(3)?)?,
            });
        }
        Ok(waiting)
    }
}

impl Writer<'_> {
    /// Keeps a case as the marketplace tells of it. What it does not tell any more, such as the
    /// order, stays as it was; one that another account of the seller has given is kept there,
    /// whichever reads it. Returns whether anything changed.
    pub fn put_case(&mut self, read_by: AccountId, case: &Case) -> Result<bool, StoreError> {
        let account_id = self.keeper_of(read_by, case)?;
        let now = self.now();
        let known = self.known_case(account_id, case)?;
        let case = match &known {
            Some(known) => told_of(case, &known.case),
            None => case.clone(),
        };
        let case = self.with_order(account_id, case)?;
        let closed_at = match (&known, case.state) {
            (_, state) if state != CaseState::Closed => None,
            (Some(known), _) => Some(known.closed_at.unwrap_or(now)),
            (None, _) => Some(now),
        };
        let changed = known
            .as_ref()
            .is_none_or(|known| known.case != case || known.closed_at != closed_at);
        let sql = "INSERT INTO cases (account_id, kind, case_id, order_id, listing_ref, line_id,
              state, marketplace_state, reason, amount_minor, amount_currency, opened_at,
              respond_by, closed_at, offers, page, first_seen_at, seen_at, read_by)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
              ?17, ?18)
            ON CONFLICT (account_id, kind, case_id) DO UPDATE SET order_id = excluded.order_id,
              listing_ref = excluded.listing_ref, line_id = excluded.line_id,
              state = excluded.state, marketplace_state = excluded.marketplace_state,
              reason = excluded.reason, amount_minor = excluded.amount_minor,
              amount_currency = excluded.amount_currency, opened_at = excluded.opened_at,
              respond_by = excluded.respond_by, closed_at = excluded.closed_at,
              offers = excluded.offers, page = excluded.page, seen_at = excluded.seen_at,
              read_by = excluded.read_by";
        let (minor, currency) = money(case.amount);
        self.connection().prepare_cached(sql)?.execute(params![
            account_id.0,
            code(&case.kind)?,
            case.case_id,
            case.order_id,
            case.listing_ref,
            case.line_id,
            code(&case.state)?,
            case.marketplace_state,
            case.reason,
            minor,
            currency,
            case.opened_at.map(instant),
            case.respond_by.map(instant),
            closed_at.map(instant),
            json(&case.offers)?,
            case.page,
            instant(now),
            read_by.0,
        ])?;
        Ok(changed)
    }

    /// Closes the open cases of a kind that an account gave last and whose whole reading gives them
    /// no more. Returns how many.
    pub fn close_other_cases(
        &mut self,
        account_id: AccountId,
        kind: CaseKind,
        given: &BTreeSet<String>,
    ) -> Result<u64, StoreError> {
        let now = instant(self.now());
        let db = self.connection();
        let mut open = db.prepare_cached(
            "SELECT id, case_id FROM cases
             WHERE read_by = ?1 AND kind = ?2 AND state <> 'closed'",
        )?;
        let rows = open.query_map((account_id.0, code(&kind)?), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        let open: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
        let mut close = db.prepare_cached(
            "UPDATE cases SET state = 'closed', respond_by = NULL, offers = '[]', closed_at = ?2
             WHERE id = ?1",
        )?;
        let mut closed = 0;
        for (id, case_id) in open {
            if !given.contains(&case_id) {
                close.execute((id, now))?;
                closed += 1;
            }
        }
        Ok(closed)
    }

    /// Keeps that a case was answered: until it is read again, nobody knows whose turn it is, and
    /// it offers nothing.
    pub(crate) fn note_answered(&mut self, id: ChangeId) -> Result<(), StoreError> {
        let db = self.connection();
        let sql = "SELECT account_id, payload FROM changes WHERE id = ?1 AND payload IS NOT NULL";
        let mut statement = db.prepare_cached(sql)?;
        let found = statement.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)));
        let Some((account_id, payload)): Option<(i64, String)> = found.optional()? else {
            return Ok(());
        };
        let (_, action): (Target, Action) = to_json(&payload)?;
        let Action::AnswerCase { kind, case_id, .. } = action else {
            return Ok(());
        };
        // A seller's orders may be kept by another account of his than his cases.
        let sql = "UPDATE cases SET state = 'open', respond_by = NULL, offers = '[]'
            WHERE kind = ?2 AND case_id = ?3 AND state <> 'closed' AND account_id IN
              (SELECT t.id FROM accounts own JOIN accounts t
                 ON t.marketplace = own.marketplace AND t.endpoint = own.endpoint
               WHERE own.id = ?1)";
        db.prepare_cached(sql)?
            .execute((account_id, code(&kind)?, case_id))?;
        Ok(())
    }

    /// The account that keeps a case: ids are the marketplace's own, and the same one there is the
    /// same case.
    fn keeper_of(&self, read_by: AccountId, case: &Case) -> Result<AccountId, StoreError> {
        let sql = "SELECT c.account_id FROM accounts own
            JOIN accounts t ON t.marketplace = own.marketplace AND t.endpoint = own.endpoint
              AND (t.id = own.id OR t.removed_at IS NULL)
            JOIN cases c ON c.account_id = t.id AND c.kind = ?2 AND c.case_id = ?3
            WHERE own.id = ?1 ORDER BY c.account_id = ?1 DESC, c.id LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let values = (read_by.0, code(&case.kind)?, &case.case_id);
        let kept: Option<i64> = statement.query_row(values, |row| row.get(0)).optional()?;
        Ok(kept.map_or(read_by, AccountId))
    }

    fn known_case(
        &self,
        account_id: AccountId,
        case: &Case,
    ) -> Result<Option<StoredCase>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cases c {ORDER}
             WHERE c.account_id = ?1 AND c.kind = ?2 AND c.case_id = ?3"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((account_id.0, code(&case.kind)?, &case.case_id))?;
        rows.next()?.map(stored).transpose()
    }

    /// Finds the order of a case that names only the sale: by its line and listing, no other way.
    /// A case may name the listing alone where a variant of it was sold.
    fn with_order(&self, account_id: AccountId, case: Case) -> Result<Case, StoreError> {
        if let Some(number) = &case.order_id {
            let known = self.order_of_number(account_id, number)?;
            let order_id = known.or(case.order_id);
            return Ok(Case { order_id, ..case });
        }
        let Some(line_id) = &case.line_id else {
            return Ok(case);
        };
        let sql = "SELECT o.order_id FROM order_lines l JOIN orders o ON o.id = l.order_row_id
            JOIN accounts t ON t.id = o.account_id
            JOIN accounts own ON own.marketplace = t.marketplace AND own.endpoint = t.endpoint
            WHERE own.id = ?1 AND l.line_id = ?3
              AND (l.listing_ref = ?2 OR l.listing_ref > ?2 || '/' AND l.listing_ref < ?2 || '0')
            LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let values = (account_id.0, &case.listing_ref, line_id);
        let found = statement.query_row(values, |row| row.get(0)).optional()?;
        Ok(Case {
            order_id: found,
            ..case
        })
    }

    /// The order that a case names by another number of its, where no order has that one for its
    /// id; none where several have it.
    fn order_of_number(
        &self,
        account_id: AccountId,
        number: &str,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT DISTINCT o.order_id FROM orders o
            JOIN accounts t ON t.id = o.account_id
            JOIN accounts own ON own.marketplace = t.marketplace AND own.endpoint = t.endpoint
            WHERE own.id = ?1 AND o.customer_order_id = ?2
              AND NOT EXISTS (SELECT 1 FROM orders WHERE order_id = ?2) LIMIT 2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map((account_id.0, number), |row| row.get(0))?;
        let mut found: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok(found.pop().filter(|_| found.is_empty()))
    }
}

/// A case as it is told now, with what was told before and is not any more.
fn told_of(told: &Case, known: &Case) -> Case {
    Case {
        order_id: told.order_id.clone().or_else(|| known.order_id.clone()),
        listing_ref: told
            .listing_ref
            .clone()
            .or_else(|| known.listing_ref.clone()),
        line_id: told.line_id.clone().or_else(|| known.line_id.clone()),
        reason: told.reason.clone().or_else(|| known.reason.clone()),
        amount: told.amount.or(known.amount),
        opened_at: told.opened_at.or(known.opened_at),
        ..told.clone()
    }
}
