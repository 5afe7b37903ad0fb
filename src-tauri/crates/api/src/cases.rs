//! Cases after a sale: one list from everywhere, first what must be answered first.

use barrow_model::{Account, AccountId, CaseAct, CaseKind, CaseState, Endpoint, Money};
use barrow_store::{CaseQuery, StoredCase};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, at_most};
use crate::error::Result;
use crate::report::LISTED_MAX;

/// Asks for cases after a sale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CasesRequest {
    /// Of this account only.
    #[serde(default)]
    pub account: Option<String>,
    /// Of this order only, open or closed, as `ACCOUNT/ID` or `ID`.
    #[serde(default)]
    pub order: Option<String>,
    /// Those that are closed, in place of those that are open.
    #[serde(default)]
    pub closed: bool,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Cases after a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CasesResponse {
    /// The cases: those that wait for the seller by their deadlines, then the other open ones;
    /// closed ones the last first.
    pub cases: Vec<CaseView>,
    /// How many there are of those that were asked for.
    pub total: u64,
    /// How many wait for the seller, on all accounts.
    pub waiting: u64,
}

/// A case after a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CaseView {
    /// Its row.
    pub id: i64,
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// The marketplace's id of it.
    pub case_id: String,
    /// What it is about.
    pub kind: CaseKind,
    /// Whose turn it is.
    pub state: CaseState,
    /// The marketplace's own word for that.
    pub marketplace_state: Option<String>,
    /// Why, in the marketplace's own word.
    pub reason: Option<String>,
    /// The money that it is about.
    pub amount: Option<Money>,
    /// The order's id at the marketplace, where it is told.
    pub order_id: Option<String>,
    /// The order as `ACCOUNT/ID`; null where it is not in the catalogue.
    pub order: Option<String>,
    /// The order's line, where it is told.
    pub line_id: Option<String>,
    /// When it was opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// By when the seller must answer; null where it is not his turn.
    pub respond_by: Option<DateTime<Utc>>,
    /// When it was seen to be closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What the seller can answer, as the marketplace offers it.
    pub offers: Vec<CaseAct>,
    /// The marketplace's page, where it can be answered; null in a rehearsal.
    pub page: Option<String>,
}

impl CaseView {
    pub(crate) fn new(stored: StoredCase, accounts: &[Account]) -> Self {
        let of = |id: AccountId| accounts.iter().find(|account| account.id == id);
        let account = of(stored.account_id);
        let name = account
            .map(|account| account.name.clone())
            .unwrap_or_default();
        let marketplace = account.map(|account| account.marketplace.0.clone());
        let real = account.is_some_and(|account| account.endpoint == Endpoint::Production);
        let case = stored.case;
        let keeper = stored.order_account_id.and_then(of);
        let here = keeper.zip(case.order_id.as_ref());
        Self {
            id: stored.id,
            marketplace: marketplace.unwrap_or_default(),
            case_id: case.case_id,
            kind: case.kind,
            state: case.state,
            marketplace_state: case.marketplace_state,
            reason: case.reason,
            amount: case.amount,
            order: here.map(|(keeper, order_id)| format!("{}/{order_id}", keeper.name)),
            order_id: case.order_id,
            line_id: case.line_id,
            opened_at: case.opened_at,
            respond_by: case.respond_by,
            closed_at: stored.closed_at,
            offers: case.offers,
            page: case.page.filter(|_| real),
            account: name,
        }
    }
}

impl Api {
    /// Cases after a sale.
    pub async fn cases(&self, request: CasesRequest) -> Result<CasesResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS);
        at_most(limit, LISTED_MAX)?;
        let account_id = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let order = match &request.order {
            Some(order) => Some(self.find_order(order).await?),
            None => None,
        };
        let accounts = self.every_account().await?;
        let query = CaseQuery {
            account_id,
            closed: request.closed,
            limit,
        };
        let (found, total, waiting) = self
            .on_store(move |store| {
                store.read(|db| {
                    let (found, total) = match order {
                        Some(order) => {
                            let mut found = db.order_cases(order)?;
                            let total = found.len() as u64;
                            found.truncate(query.limit);
                            (found, total)
                        }
                        None => (db.cases(&query)?, db.case_count(&query)?),
                    };
                    let waiting = db.cases_waiting()?;
                    Ok((
                        found,
                        total,
                        waiting.iter().map(|one| one.count).sum::<u64>(),
                    ))
                })
            })
            .await?;
        let cases = found.into_iter();
        let cases = cases.map(|stored| CaseView::new(stored, &accounts));
        Ok(CasesResponse {
            cases: cases.collect(),
            total,
            waiting,
        })
    }
}
