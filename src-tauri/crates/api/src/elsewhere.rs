//! Listings that were made elsewhere: seen, and taken over when the seller says so.

use std::collections::HashSet;

use barrow_market::{Elsewhere, ListedThere, Report, TakenOver};
use barrow_model::{Account, AccountId, Money, Problem, ProblemKind, Sku, Ticket};
use barrow_store::{Reader, StoreError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, at_most};
use crate::error::{ApiError, Result, Why};
use crate::problems::ProblemBody;

/// Rows that an answer holds.
const ROWS_MAX: usize = 10_000;
/// Listings that one request takes over at most.
const TAKEN_MAX: usize = 500;

/// Asks a marketplace for a report of everything that is live there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ElsewhereRequest {
    /// Which account.
    pub account: String,
    /// The ticket of the answer before; none asks for a new report.
    #[serde(default)]
    pub ticket: Option<String>,
}

/// How far a report is, and what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ElsewhereResponse {
    /// The report, for the next request.
    pub ticket: String,
    /// After how many seconds to ask again, at least; null once the report is there.
    pub again_in_seconds: Option<u32>,
    /// What the catalogue does not work with yet; the first 10,000 rows.
    pub listings: Vec<ElsewhereRow>,
    /// How many of these there are in all.
    pub total: u64,
    /// How many rows the report has, those that Barrow works with included.
    pub seen: u64,
}

/// A SKU that is live at a marketplace and that the catalogue does not work with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ElsewhereRow {
    /// The marketplace's own id of the listing, for `listing_take_over`.
    pub listing_id: String,
    /// The SKU there; null where it has none.
    pub sku: Option<String>,
    /// The title of the catalogue's product of that SKU; null where there is none. The report has
    /// no titles.
    pub title: Option<String>,
    /// Its price.
    pub price: Option<Money>,
    /// Units for sale.
    pub quantity: Option<u32>,
    /// Whether a product of the catalogue has that SKU.
    pub known: bool,
    /// Its page; null where its address is not known, or where the account only practises.
    pub page: Option<String>,
}

/// Takes listings over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingTakeOverRequest {
    /// Which account.
    pub account: String,
    /// The marketplace's own ids.
    pub listing_ids: Vec<String>,
    /// The seller knows that it cannot be undone.
    pub understood: bool,
}

/// What became of listings that were to be taken over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingTakeOverResponse {
    /// How many were taken over. They are linked with `listing_adopt`.
    pub done: u64,
    /// Listing by listing.
    pub listings: Vec<TakenOverView>,
}

/// What became of one listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TakenOverView {
    /// The marketplace's own id.
    pub listing_id: String,
    /// The SKUs under which it is known from now on.
    pub skus: Vec<String>,
    /// Why it was not taken over.
    pub problem: Option<ProblemBody>,
}

impl Api {
    /// Asks for, or reads, a report of everything that is live at a marketplace, and tells what of
    /// it the catalogue does not work with. Changes nothing there.
    pub async fn listing_elsewhere(&self, request: ElsewhereRequest) -> Result<ElsewhereResponse> {
        let account = self.account(&request.account).await?;
        let failed = |error| self.not_done(&account, error);
        let adapter = self.parts.adapters.adapter(&account).await;
        let adapter = adapter.map_err(failed)?;
        let elsewhere = self.elsewhere_of(&account, adapter.elsewhere())?;
        let now = self.parts.clock.now();
        let seconds = |at: DateTime<Utc>| u32::try_from((at - now).num_seconds()).unwrap_or(0);
        let waiting = |ticket: Ticket| ElsewhereResponse {
            ticket: ticket.token,
            again_in_seconds: Some(seconds(ticket.not_before)),
            listings: Vec::new(),
            total: 0,
            seen: 0,
        };
        let Some(token) = request.ticket else {
            return Ok(waiting(elsewhere.ask().await.map_err(failed)?));
        };
        let ticket = Ticket {
            token,
            not_before: now,
        };
        match elsewhere.read(&ticket).await.map_err(failed)? {
            Report::Later(not_before) => Ok(waiting(Ticket {
                not_before,
                ..ticket
            })),
            Report::Whole(rows) => self.found_elsewhere(&account, ticket.token, rows).await,
        }
    }

    async fn found_elsewhere(
        &self,
        account: &Account,
        ticket: String,
        rows: Vec<ListedThere>,
    ) -> Result<ElsewhereResponse> {
        let seen = rows.len() as u64;
        let id = account.id;
        let found = move |db: &Reader<'_>| unlinked(db, id, rows);
        let (rows, total) = self.on_store(move |store| store.read(found)).await?;
        let site = self.site(account, None)?;
        let listings = rows.into_iter().map(|(row, own)| ElsewhereRow {
            page: self.listing_page_of(account, &site.0, &row.listing_id),
            listing_id: row.listing_id,
            sku: row.sku,
            price: row.price,
            quantity: row.quantity,
            known: own.is_some(),
            title: own,
        });
        Ok(ElsewhereResponse {
            ticket,
            again_in_seconds: None,
            listings: listings.collect(),
            total,
            seen,
        })
    }

    /// Takes listings over that were made elsewhere, so that Barrow can work with them. It cannot
    /// be undone.
    pub async fn listing_take_over(
        &self,
        request: ListingTakeOverRequest,
    ) -> Result<ListingTakeOverResponse> {
        at_most(request.listing_ids.len(), TAKEN_MAX)?;
        let account = self.account(&request.account).await?;
        let title = self.title(&account.marketplace).to_owned();
        if !request.understood {
            let refused = ApiError::invalid(Why::NotUnderstood).param("marketplace", &title);
            return Err(refused.told_in(&self.words));
        }
        let failed = |error| self.not_done(&account, error);
        let adapter = self.parts.adapters.adapter(&account).await;
        let adapter = adapter.map_err(failed)?;
        let elsewhere = self.elsewhere_of(&account, adapter.elsewhere())?;
        let _work = self.engine_work().await?;
        let mut taken: Vec<TakenOver> = Vec::new();
        let mut named = HashSet::new();
        let mut ids = request.listing_ids;
        ids.retain(|id| named.insert(id.clone()));
        for some in ids.chunks(elsewhere.take_over_max().max(1)) {
            match elsewhere.take_over(some).await {
                Ok(answered) => taken.extend(answered),
                Err(error) if taken.is_empty() => return Err(failed(error)),
                // What was done before is told; the rest was not asked for.
                Err(error) => {
                    taken.extend(ids.iter().skip(taken.len()).map(|id| TakenOver {
                        listing_id: id.clone(),
                        skus: Vec::new(),
                        problem: Some(error.to_problem()),
                    }));
                    break;
                }
            }
        }
        let done = taken.iter().filter(|one| one.problem.is_none()).count();
        let listings = taken.into_iter().map(|one| TakenOverView {
            listing_id: one.listing_id,
            skus: one.skus,
            problem: one
                .problem
                .map(|problem| ProblemBody::new(&self.words, &problem, &title)),
        });
        Ok(ListingTakeOverResponse {
            done: done as u64,
            listings: listings.collect(),
        })
    }

    fn elsewhere_of<'a>(
        &self,
        account: &Account,
        elsewhere: Option<&'a dyn Elsewhere>,
    ) -> Result<&'a dyn Elsewhere> {
        elsewhere.ok_or_else(|| {
            let problem = Problem::new(ProblemKind::Unsupported).param("feature", "elsewhere");
            let title = self.title(&account.marketplace);
            ApiError::marketplace(title, problem).told_in(&self.words)
        })
    }
}

/// Rows with the title of the catalogue's own product, and how many there are.
type Unlinked = (Vec<(ListedThere, Option<String>)>, u64);

/// The first of what the catalogue does not work with, each with the title of its own product of
/// that SKU, and how many there are.
fn unlinked(
    db: &Reader<'_>,
    account: AccountId,
    rows: Vec<ListedThere>,
) -> std::result::Result<Unlinked, StoreError> {
    let (mut kept, mut total) = (Vec::new(), 0_u64);
    for row in rows {
        let sku = row.sku.as_deref().and_then(|sku| Sku::new(sku).ok());
        let listed = match &sku {
            Some(sku) => !db.listings_of(account, sku.as_str())?.is_empty(),
            None => false,
        };
        if listed {
            continue;
        }
        total += 1;
        if kept.len() >= ROWS_MAX {
            continue;
        }
        let own = match &sku {
            Some(sku) => db.find_sku(sku)?,
            None => None,
        };
        let title = match own {
            Some(own) => db.title_of_sku(own)?,
            None => None,
        };
        kept.push((row, title));
    }
    Ok((kept, total))
}
