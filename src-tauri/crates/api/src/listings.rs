//! Listings: what is offered where, with which exceptions, and how it stands there.

use std::collections::BTreeMap;

use barrow_model::{
    Account, ListingId, ListingState, Money, Overrides, Problem, Revision, Site, Sku,
};
use barrow_store::{ListingQuery, ListingRow, NewListing, Reader, StoreError, Values};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, SKUS_MAX, at_most, sku};
use crate::error::{ApiError, Result, Why};
use crate::families::FamilyView;
use crate::problems::ProblemBody;
use crate::report::{ActionReport, LISTED_MAX, RefusedItem};

/// Settings of an account that may name its site, the nearest first.
const SITE_SETTINGS: [&str; 5] = [
    "site",
    "marketplace_id",
    "marketplace_ids",
    "platform",
    "market",
];

/// Lists products on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingAddRequest {
    /// Where.
    pub account: String,
    /// The country site; the account's own where nothing is said.
    #[serde(default)]
    pub site: Option<String>,
    /// Everything that is not listed there yet.
    #[serde(default)]
    pub all: bool,
    /// These SKUs.
    #[serde(default)]
    pub skus: Vec<String>,
    /// Lists each variant alone, also where the marketplace shows variants as one listing.
    #[serde(default)]
    pub alone: bool,
}

/// Names listings of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingPickRequest {
    /// Where.
    pub account: String,
    /// On this site only.
    #[serde(default)]
    pub site: Option<String>,
    /// All of them.
    #[serde(default)]
    pub all: bool,
    /// Those of these SKUs there.
    #[serde(default)]
    pub skus: Vec<String>,
}

/// Asks for a page of listings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingsRequest {
    /// Of this account only.
    #[serde(default)]
    pub account: Option<String>,
    /// In this state only.
    #[serde(default)]
    pub state: Option<String>,
    /// Of this SKU of the catalogue only.
    #[serde(default)]
    pub sku: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<ListingId>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of listings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingsResponse {
    /// The listings.
    pub listings: Vec<ListingView>,
    /// Where the next page begins; null at the end.
    pub next: Option<ListingId>,
}

/// A listing as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingView {
    /// Its number.
    pub id: ListingId,
    /// The account.
    pub account: String,
    /// The marketplace.
    pub marketplace: String,
    /// The country site.
    pub site: String,
    /// The SKU there.
    pub sku: Sku,
    /// The SKU in the catalogue.
    pub variant_sku: Sku,
    /// The product's title.
    pub title: String,
    /// Where it stands.
    pub state: ListingState,
    /// What the catalogue and the rules want; null before it was planned.
    pub wanted: ValuesView,
    /// What the marketplace has taken.
    pub acknowledged: ValuesView,
    /// What was last seen there.
    pub observed: ValuesView,
    /// When it was seen.
    pub observed_at: Option<DateTime<Utc>>,
    /// The category, as set or suggested.
    pub category: Option<String>,
    /// What is special about it.
    pub overrides: Overrides,
    /// What the marketplace calls it.
    pub binding: BTreeMap<String, String>,
    /// The listing with variations that it is part of; null where it stands alone.
    pub family: Option<FamilyView>,
    /// The marketplace's page about it, as buyers see it; null where there is none.
    pub page: Option<String>,
    /// What needs a person.
    pub problems: Vec<ProblemBody>,
    /// Counts its edits.
    pub revision: Revision,
}

/// Price and quantity as somebody knows them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ValuesView {
    /// Price.
    pub price: Option<Money>,
    /// Units for sale.
    pub quantity: Option<u32>,
}

impl Api {
    /// Lists products on an account; they are published with the next push.
    pub async fn listing_add(&self, request: ListingAddRequest) -> Result<ActionReport> {
        at_most(request.skus.len(), SKUS_MAX)?;
        let account = self.account(&request.account).await?;
        let site = self.site(&account, request.site.as_deref())?;
        let pool = self.parts.adapters.stock_pool(&account);
        let members_max = match request.alone {
            true => 0,
            false => self.parts.adapters.family_members_max(&account),
        };
        if request.all {
            let added = self
                .on_store(move |store| {
                    store.write(|tx| {
                        let last = tx.last_listing()?;
                        let added = tx.add_listings_of_all(account.id, &site, pool)?;
                        tx.form_families((account.id, &site), last, members_max)?;
                        Ok(added)
                    })
                })
                .await?;
            return Ok(ActionReport::done(added));
        }
        if request.skus.is_empty() {
            return Err(ApiError::invalid(Why::SkusMissing));
        }
        let id = account.id;
        let skus = request.skus;
        let results = self
            .on_store(move |store| {
                store.write(|tx| {
                    let mut results = Vec::with_capacity(skus.len());
                    let last = tx.last_listing()?;
                    for text in skus {
                        let Ok(channel_sku) = Sku::new(&text) else {
                            results.push((text, Err(SkuRefusal::Unknown)));
                            continue;
                        };
                        let Some(sku_id) = tx.find_sku(&channel_sku)? else {
                            results.push((text, Err(SkuRefusal::Unknown)));
                            continue;
                        };
                        let added = tx.add_listing(&NewListing {
                            account_id: id,
                            site: site.clone(),
                            channel_sku,
                            sku_id,
                            pool: pool.to_owned(),
                        });
                        match added {
                            Ok(_) => results.push((text, Ok(()))),
                            Err(StoreError::Duplicate { .. }) => {
                                results.push((text, Err(SkuRefusal::Listed)));
                            }
                            Err(error) => return Err(error),
                        }
                    }
                    tx.form_families((id, &site), last, members_max)?;
                    Ok(results)
                })
            })
            .await?;
        let mut report = ActionReport::default();
        for (text, result) in results {
            match result {
                Ok(()) => report.done += 1,
                Err(refusal) => report.refuse(self.refused_sku(&account, &text, refusal)),
            }
        }
        Ok(report)
    }

    /// Keeps listings at a quantity of zero.
    pub async fn listing_pause(&self, request: ListingPickRequest) -> Result<ActionReport> {
        self.move_listings(request, ListingState::Paused).await
    }

    /// Lets listings be sold again, or lists them anew.
    pub async fn listing_resume(&self, request: ListingPickRequest) -> Result<ActionReport> {
        self.move_listings(request, ListingState::Live).await
    }

    /// Ends listings with the next push.
    pub async fn listing_end(&self, request: ListingPickRequest) -> Result<ActionReport> {
        self.move_listings(request, ListingState::Ending).await
    }

    /// A page of listings.
    pub async fn listings(&self, request: ListingsRequest) -> Result<ListingsResponse> {
        let account_id = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let state = request.state.as_deref().map(listing_state).transpose()?;
        let wanted = request.sku.as_deref().map(sku).transpose()?;
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let after = request.after;
        let accounts = self.all_accounts().await?;
        let rows = self
            .on_store(move |store| {
                store.read(|db| {
                    let sku_id = wanted.map(|sku| db.sku_id(&sku)).transpose()?;
                    let rows = db.listings_page(&ListingQuery {
                        account_id,
                        state,
                        sku_id,
                        after,
                        limit,
                    })?;
                    rows.into_iter().map(|row| with_names(db, row)).collect()
                })
            })
            .await?;
        let rows: Vec<Named> = rows;
        let next = rows
            .last()
            .filter(|_| rows.len() == limit)
            .map(|row| row.row.listing.id);
        let views = rows
            .into_iter()
            .map(|row| self.listing_view(&accounts, row));
        Ok(ListingsResponse {
            listings: views.collect(),
            next,
        })
    }

    /// The site of an account's listings: the one that was named, or the account's own.
    pub(crate) fn site(&self, account: &Account, named: Option<&str>) -> Result<Site> {
        if let Some(site) = named.map(str::trim).filter(|site| !site.is_empty()) {
            return Ok(Site(site.to_owned()));
        }
        let first = |value: &str| {
            value
                .split(',')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let own = SITE_SETTINGS
            .iter()
            .find_map(|key| account.settings.get(*key));
        match own
            .map(|value| first(value))
            .filter(|site| !site.is_empty())
        {
            Some(site) => Ok(Site(site)),
            None => Err(ApiError::invalid(Why::SiteMissing).param("account", &account.name)),
        }
    }

    async fn move_listings(
        &self,
        request: ListingPickRequest,
        state: ListingState,
    ) -> Result<ActionReport> {
        let account = self.account(&request.account).await?;
        let (rows, unknown) = self.picked(&account, &request).await?;
        let rows: Vec<ListingId> = rows
            .into_iter()
            .filter(|row| movable(row.listing.state, state, request.all))
            .map(|row| row.listing.id)
            .collect();
        let done = self
            .on_store(move |store| {
                store.write(|tx| {
                    for id in &rows {
                        tx.set_listing_state(*id, state)?;
                    }
                    Ok(rows.len() as u64)
                })
            })
            .await?;
        let mut report = ActionReport::done(done);
        for text in unknown {
            report.refuse(self.refused_sku(&account, &text, SkuRefusal::NotListed));
        }
        Ok(report)
    }

    /// The listings that a request names, and the SKUs that have none.
    pub(crate) async fn picked(
        &self,
        account: &Account,
        pick: &ListingPickRequest,
    ) -> Result<(Vec<ListingRow>, Vec<String>)> {
        at_most(pick.skus.len(), SKUS_MAX)?;
        if !pick.all && pick.skus.is_empty() {
            return Err(ApiError::invalid(Why::SkusMissing));
        }
        let (id, pick) = (account.id, pick.clone());
        self.on_store(move |store| {
            store.read(|db| {
                let here = |row: &ListingRow| match &pick.site {
                    Some(site) => row.listing.site.0 == *site,
                    None => true,
                };
                if pick.all {
                    let mut rows = all_listings(db, id)?;
                    rows.retain(here);
                    return Ok((rows, Vec::new()));
                }
                let (mut rows, mut unknown) = (Vec::new(), Vec::new());
                for text in &pick.skus {
                    let mut found = db.listings_of(id, text.trim())?;
                    found.retain(here);
                    if found.is_empty() {
                        unknown.push(text.clone());
                    }
                    rows.append(&mut found);
                }
                Ok((rows, unknown))
            })
        })
        .await
    }

    /// Says that an account lists no such SKU.
    pub(crate) fn not_listed(&self, account: &Account, text: &str) -> RefusedItem {
        self.refused_sku(account, text, SkuRefusal::NotListed)
    }

    pub(crate) fn refused_sku(
        &self,
        account: &Account,
        text: &str,
        why: SkuRefusal,
    ) -> RefusedItem {
        let (kind, key) = match why {
            SkuRefusal::Unknown => ("not_found", "listing_sku_unknown"),
            SkuRefusal::Listed => ("duplicate", "listing_sku_listed"),
            SkuRefusal::NotListed => ("not_found", "listing_sku_not_listed"),
            SkuRefusal::OnlyThere => ("sku_unmatched", "adopt_unmatched"),
        };
        let params = [("sku", text), ("account", account.name.as_str())];
        RefusedItem {
            account: Some(account.name.clone()),
            sku: Some(text.to_owned()),
            order: None,
            kind: kind.to_owned(),
            field: Some("sku".to_owned()),
            reason: self.words.text(key, &params),
            vendor: None,
        }
    }

    pub(crate) fn listing_view(&self, accounts: &[Account], named: Named) -> ListingView {
        let Named {
            row,
            sku,
            title,
            problems,
            family,
        } = named;
        let account = accounts.iter().find(|a| a.id == row.listing.account_id);
        let at = account.map_or("", |account| self.title(&account.marketplace));
        let bodies = problems
            .iter()
            .map(|p| ProblemBody::new(&self.words, p, at));
        let own = row.listing.overrides.category.clone();
        let page = account.and_then(|account| {
            self.listing_page(account, &row.listing.site.0, &row.listing.binding)
        });
        ListingView {
            page,
            family,
            id: row.listing.id,
            account: account.map(|a| a.name.clone()).unwrap_or_default(),
            marketplace: account.map(|a| a.marketplace.0.clone()).unwrap_or_default(),
            site: row.listing.site.0,
            sku: row.listing.channel_sku,
            variant_sku: sku,
            title,
            state: row.listing.state,
            wanted: values(&row.standing.wanted),
            acknowledged: values(&row.standing.acknowledged),
            observed: values(&row.standing.observed),
            observed_at: row.standing.observed_at,
            category: own.or(row.category).map(|category| category.0),
            overrides: row.listing.overrides,
            binding: row.listing.binding.0,
            problems: bodies.collect(),
            revision: row.listing.revision,
        }
    }
}

/// A listing with what people call it.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) row: ListingRow,
    pub(crate) sku: Sku,
    pub(crate) title: String,
    pub(crate) problems: Vec<Problem>,
    pub(crate) family: Option<FamilyView>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum SkuRefusal {
    Unknown,
    Listed,
    NotListed,
    OnlyThere,
}

pub(crate) fn with_names(
    db: &Reader<'_>,
    row: ListingRow,
) -> std::result::Result<Named, StoreError> {
    let product = db.catalogue_row(row.listing.sku_id)?;
    let family = row.listing.family_id;
    let family = family.map(|id| db.family_facts(id)).transpose()?;
    Ok(Named {
        family: family.map(FamilyView::from),
        problems: db.listing_problems(row.listing.id)?,
        row,
        sku: product.sku,
        title: product.title,
    })
}

fn all_listings(
    db: &Reader<'_>,
    account: barrow_model::AccountId,
) -> std::result::Result<Vec<ListingRow>, StoreError> {
    let mut rows: Vec<ListingRow> = Vec::new();
    loop {
        let mut page = db.listings_page(&ListingQuery {
            account_id: Some(account),
            state: None,
            sku_id: None,
            after: rows.last().map(|row| row.listing.id),
            limit: LISTED_MAX,
        })?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.append(&mut page);
    }
}

/// Whether a listing goes to a state. With all of them, those that are there or have ended stay;
/// one that is named goes wherever the seller wants it.
pub(crate) fn movable(from: ListingState, to: ListingState, all: bool) -> bool {
    match to {
        ListingState::Live => from == ListingState::Paused || (!all && from != ListingState::Live),
        ListingState::Paused => !matches!(from, ListingState::Ending | ListingState::Ended),
        _ => !matches!(from, ListingState::Ended),
    }
}

fn values(values: &Values) -> ValuesView {
    ValuesView {
        price: values.price,
        quantity: values.quantity,
    }
}

pub(crate) fn listing_state(text: &str) -> Result<ListingState> {
    ListingState::from_code(text).ok_or_else(|| {
        let allowed = ListingState::ALL.map(ListingState::code).join(", ");
        ApiError::invalid(Why::StateUnknown)
            .param("value", text)
            .param("allowed", allowed)
    })
}
