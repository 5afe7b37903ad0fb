//! Listings of many products in one go: paused, sold again, ended, or put into a category. What
//! would become of them is shown first, account by account.

use std::collections::BTreeSet;

use barrow_model::{Account, CategoryId, ListingId, ListingState, Overrides, Sku, SkuId};
use barrow_store::{BatchKind, Filter, ListingQuery, ListingRow, Reader, StoreError, Writer};
use serde::{Deserialize, Serialize};

use crate::api::{Api, SKUS_MAX, at_most};
use crate::bulk::{BULK_SKUS_MAX, Chosen};
use crate::error::{ApiError, Result, Why};
use crate::listings::movable;
use crate::report::{ActionReport, LISTED_MAX};

/// Rows that a preview shows where a request says nothing.
const ROWS: usize = 8;

/// Turns the listings of many products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingsManyRequest {
    /// Those of these SKUs of the catalogue.
    #[serde(default)]
    pub skus: Vec<String>,
    /// Those of everything that `search` and `filter` find, instead of `skus`; at most
    /// [`BULK_SKUS_MAX`] products.
    #[serde(default)]
    pub all: bool,
    /// Only those that have these words.
    #[serde(default)]
    pub search: Option<String>,
    /// Which rows.
    #[serde(default)]
    pub filter: Filter,
    /// Without these SKUs.
    #[serde(default)]
    pub except: Vec<String>,
    /// At these accounts; at all of them where none is named.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// What is done.
    pub turn: ListingTurn,
    /// The category, as the marketplace names it; an empty one goes back to what is suggested.
    #[serde(default)]
    pub category: Option<String>,
    /// Only looks at what would be done.
    #[serde(default)]
    pub preview: bool,
    /// Rows that a preview shows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// What is done to listings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ListingTurn {
    /// They stay, at a quantity of zero.
    Pause,
    /// What is paused is sold again.
    Resume,
    /// They end with the next push.
    End,
    /// They go into a category.
    Category,
}

/// What was done, or would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingsManyResponse {
    /// `done` counts listings that were turned; `refused` names SKUs that do not exist.
    #[serde(flatten)]
    pub report: ActionReport,
    /// Products that were looked at.
    pub products: u64,
    /// Account by account.
    pub places: Vec<ListingsManyPlace>,
    /// The first ones; empty where it was done.
    pub rows: Vec<ListingsManyRow>,
}

/// What becomes of the listings of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingsManyPlace {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// Listings that change.
    pub changed: u64,
    /// Listings that are so already, or that it is too late for.
    pub unchanged: u64,
    /// Products that are not listed there.
    pub not_listed: u64,
}

/// What becomes of one listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingsManyRow {
    /// The listing.
    pub id: ListingId,
    /// The SKU there.
    pub sku: Sku,
    /// The product's title.
    pub title: String,
    /// The account.
    pub account: String,
    /// Its state or category now.
    pub from: Option<String>,
    /// Its state or category then.
    pub to: Option<String>,
}

/// What is to be done, with what it takes.
#[derive(Clone, Debug)]
enum What {
    State(ListingState),
    Category(Option<CategoryId>),
}

/// What becomes of all of them.
#[derive(Default)]
struct Turned {
    places: Vec<ListingsManyPlace>,
    rows: Vec<ListingsManyRow>,
    listings: Vec<(ListingId, Overrides)>,
    first: Option<Sku>,
}

impl Api {
    /// Turns the listings of many products, or shows what would become of them.
    pub async fn listings_many(
        &self,
        request: ListingsManyRequest,
    ) -> Result<ListingsManyResponse> {
        at_most(request.skus.len() + request.except.len(), SKUS_MAX)?;
        if !request.all && request.skus.is_empty() {
            return Err(ApiError::invalid(Why::SkusMissing));
        }
        let accounts = self.turned_at(&request).await?;
        let what = what(&request)?;
        let rows = request.limit.unwrap_or(ROWS).clamp(1, LISTED_MAX);
        let preview = request.preview;
        let chosen = Chosen {
            skus: request.skus,
            all: request.all,
            search: request.search,
            filter: request.filter,
            except: request.except,
        };
        let (turned, products, unknown) = self
            .on_store(move |store| {
                let (ids, unknown) = chosen.find(store)?;
                if ids.len() > BULK_SKUS_MAX {
                    return Ok(None);
                }
                let turned = match preview {
                    true => store.read(|db| planned(db, &ids, &accounts, (&what, rows)))?,
                    false => store.write(|tx| {
                        let mut turned = planned(tx, &ids, &accounts, (&what, 0))?;
                        write(tx, &mut turned, &what)?;
                        Ok(turned)
                    })?,
                };
                Ok(Some((turned, ids.len() as u64, unknown)))
            })
            .await?
            .ok_or_else(|| ApiError::invalid(Why::TooMany).param("limit", BULK_SKUS_MAX))?;
        let mut report = ActionReport::default();
        if !preview {
            report.done = turned.listings.len() as u64;
        }
        for name in &unknown {
            report.refuse(self.unknown_sku(name));
        }
        Ok(ListingsManyResponse {
            report,
            products,
            places: turned.places,
            rows: turned.rows,
        })
    }

    /// The accounts that are meant. A category is one marketplace's own.
    async fn turned_at(&self, request: &ListingsManyRequest) -> Result<Vec<Account>> {
        let accounts = match request.accounts.is_empty() {
            true => self.all_accounts().await?,
            false => {
                let mut named = Vec::with_capacity(request.accounts.len());
                for name in &request.accounts {
                    named.push(self.account(name).await?);
                }
                named
            }
        };
        let marketplaces: BTreeSet<&str> =
            accounts.iter().map(|a| a.marketplace.0.as_str()).collect();
        if request.turn == ListingTurn::Category && marketplaces.len() > 1 {
            return Err(ApiError::invalid(Why::CategoryOfOne));
        }
        Ok(accounts)
    }
}

fn what(request: &ListingsManyRequest) -> Result<What> {
    Ok(match request.turn {
        ListingTurn::Pause => What::State(ListingState::Paused),
        ListingTurn::Resume => What::State(ListingState::Live),
        ListingTurn::End => What::State(ListingState::Ending),
        ListingTurn::Category => {
            let text = request.category.as_deref().ok_or_else(|| {
                ApiError::invalid(Why::FieldInvalid)
                    .param("field", "category")
                    .param("reason", "it is missing")
            })?;
            let given = text.trim();
            What::Category((!given.is_empty()).then(|| CategoryId(given.to_owned())))
        }
    })
}

fn planned(
    db: &Reader<'_>,
    ids: &[SkuId],
    accounts: &[Account],
    (what, rows): (&What, usize),
) -> std::result::Result<Turned, StoreError> {
    let mut turned = Turned {
        places: accounts
            .iter()
            .map(|account| ListingsManyPlace {
                account: account.name.clone(),
                marketplace: account.marketplace.0.clone(),
                changed: 0,
                unchanged: 0,
                not_listed: 0,
            })
            .collect(),
        ..Turned::default()
    };
    for id in ids {
        let listings = db.listings_page(&ListingQuery {
            account_id: None,
            state: None,
            sku_id: Some(*id),
            after: None,
            limit: LISTED_MAX,
        })?;
        for (account, place) in accounts.iter().zip(&mut turned.places) {
            let mut here = listings.iter();
            let mut listed = false;
            while let Some(row) = here.find(|row| row.listing.account_id == account.id) {
                listed = true;
                let Some((from, to)) = change_of(row, what) else {
                    place.unchanged += 1;
                    continue;
                };
                place.changed += 1;
                if turned.rows.len() < rows {
                    turned.rows.push(ListingsManyRow {
                        id: row.listing.id,
                        sku: row.listing.channel_sku.clone(),
                        title: db.catalogue_row(*id)?.title,
                        account: account.name.clone(),
                        from,
                        to,
                    });
                }
                let first = &row.listing.channel_sku;
                turned.first.get_or_insert_with(|| first.clone());
                let overrides = row.listing.overrides.clone();
                turned.listings.push((row.listing.id, overrides));
            }
            place.not_listed += u64::from(!listed);
        }
    }
    Ok(turned)
}

/// What a listing is now and would be; none where it stays as it is.
fn change_of(row: &ListingRow, what: &What) -> Option<(Option<String>, Option<String>)> {
    match what {
        What::State(state) => {
            let from = row.listing.state;
            let moves = from != *state && movable(from, *state, true);
            moves.then(|| {
                let code = |state: ListingState| Some(state.code().to_owned());
                (code(from), code(*state))
            })
        }
        What::Category(category) => {
            let own = &row.listing.overrides.category;
            let open = row.listing.state != ListingState::Ended;
            let name = |category: &Option<CategoryId>| {
                let category = category.as_ref().or(row.category.as_ref());
                category.map(|category| category.0.clone())
            };
            (own != category && open).then(|| (name(own), name(category)))
        }
    }
}

fn write(
    tx: &mut Writer<'_>,
    turned: &mut Turned,
    what: &What,
) -> std::result::Result<(), StoreError> {
    match what {
        What::State(state) => {
            for (id, _) in &turned.listings {
                tx.set_listing_state(*id, *state)?;
            }
        }
        What::Category(category) => {
            let batch = tx.begin_batch(BatchKind::ListingSet)?;
            for (id, overrides) in &mut turned.listings {
                overrides.category.clone_from(category);
                tx.set_overrides_in(batch, *id, overrides, None)?;
            }
            let count = turned.listings.len() as u64;
            tx.end_batch(
                batch,
                &["category".to_owned()],
                turned.first.as_ref(),
                count,
            )?;
        }
    }
    Ok(())
}
