//! Problems of listings by their cause, each with the one action that mends all of it, and how many
//! listings stand how at each account.

use std::collections::BTreeMap;

use barrow_model::ListingState;
use barrow_store::{CellState, ListingCause};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS};
use crate::error::{ApiError, Result, Why};
use crate::listings::ListingPickRequest;
use crate::mend::Mend;
use crate::problems::{ProblemBody, field_of};
use crate::report::{ActionReport, LISTED_MAX};

/// Asks for the causes of problems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProblemCausesRequest {
    /// At this account only.
    #[serde(default)]
    pub account: Option<String>,
    /// Only those whose words, field or SKUs hold this.
    #[serde(default)]
    pub search: Option<String>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Causes of problems, those of most listings first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProblemCausesResponse {
    /// The causes.
    pub causes: Vec<CauseView>,
    /// How many causes there are in all.
    pub total: u64,
    /// How many listings they keep back in all; one with two problems counts twice.
    pub listings: u64,
}

/// Listings with the same problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CauseView {
    /// What they have in common; `filter.listing.cause` of a list of products takes it.
    pub cause: String,
    /// How many listings.
    pub count: u64,
    /// How many at each account, most first.
    pub accounts: Vec<CauseAccount>,
    /// What is wrong, in words, with the marketplace's own beside; of one of them.
    pub problem: ProblemBody,
    /// What the words are made with.
    pub params: BTreeMap<String, String>,
    /// Some of the SKUs in the catalogue.
    pub skus: Vec<String>,
    /// What mends it.
    pub mend: Mend,
    /// The field that `set_many` sets to mend it; null where it is no field of the product.
    pub field: Option<String>,
}

/// How many listings of an account have a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CauseAccount {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// How many.
    pub count: u64,
}

/// Asks how many listings stand how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingCountsRequest {}

/// How many listings stand how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingCountsResponse {
    /// Account by account, by name.
    pub accounts: Vec<ListingCounts>,
    /// All together.
    pub total: StandingCounts,
}

/// How many listings of an account stand how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListingCounts {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// How many stand how.
    #[serde(flatten)]
    pub counts: StandingCounts,
}

/// How many listings stand how. Those that need a hand are also among those that are live or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StandingCounts {
    /// All of them.
    pub listings: u64,
    /// There for buyers, and not paused.
    pub live: u64,
    /// Paused or ended.
    pub off: u64,
    /// Something of it is on its way.
    pub sent: u64,
    /// Sent, and nobody knows what became of it.
    pub unknown: u64,
    /// Refused by the marketplace.
    pub refused: u64,
    /// Waits for a person.
    pub needs_you: u64,
    /// Changes that wait to be sent.
    pub waiting: u64,
}

/// Lets refused listings be tried again with the next push.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingRetryRequest {
    /// At this account; at all where none is named and there is a cause.
    #[serde(default)]
    pub account: Option<String>,
    /// All with a problem of this cause.
    #[serde(default)]
    pub cause: Option<String>,
    /// Those of these SKUs there.
    #[serde(default)]
    pub skus: Vec<String>,
}

impl Api {
    /// Problems of listings by their cause.
    pub async fn problem_causes(
        &self,
        request: ProblemCausesRequest,
    ) -> Result<ProblemCausesResponse> {
        let account = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let accounts = self.all_accounts().await?;
        let (causes, total) = self
            .on_store(move |store| store.read(|db| db.listing_causes(account)))
            .await?;
        let listings = causes.iter().map(|cause| cause.count).sum();
        let wanted = request.search.unwrap_or_default().trim().to_lowercase();
        let views = causes.into_iter().map(|cause| self.cause(&accounts, cause));
        let found = views.filter(|view| wanted.is_empty() || holds(view, &wanted));
        Ok(ProblemCausesResponse {
            causes: found.take(limit).collect(),
            total,
            listings,
        })
    }

    /// How many listings stand how at each account.
    pub async fn listing_counts(
        &self,
        _request: ListingCountsRequest,
    ) -> Result<ListingCountsResponse> {
        let accounts = self.all_accounts().await?;
        self.on_store(move |store| {
            store.read(|db| {
                let standing = |state| db.standing_counts(state);
                let of = |counts: &[(barrow_model::AccountId, u64)], id| {
                    counts
                        .iter()
                        .find(|(of, _)| *of == id)
                        .map_or(0, |(_, n)| *n)
                };
                let sent = standing(CellState::Sent)?;
                let unknown = standing(CellState::Unknown)?;
                let refused = standing(CellState::Refused)?;
                let needs_you = standing(CellState::NeedsYou)?;
                let mut total = StandingCounts::default();
                let mut views = Vec::with_capacity(accounts.len());
                for account in accounts {
                    let mut counts = StandingCounts {
                        sent: of(&sent, account.id),
                        unknown: of(&unknown, account.id),
                        refused: of(&refused, account.id),
                        needs_you: of(&needs_you, account.id),
                        waiting: db.outbox_counts(account.id)?.waiting,
                        ..StandingCounts::default()
                    };
                    for (state, count) in db.listing_counts(account.id)? {
                        counts.listings += count;
                        match state {
                            ListingState::Live => counts.live += count,
                            ListingState::Paused | ListingState::Ended => counts.off += count,
                            _ => {}
                        }
                    }
                    total.add(counts);
                    views.push(ListingCounts {
                        account: account.name,
                        marketplace: account.marketplace.0,
                        counts,
                    });
                }
                Ok(ListingCountsResponse {
                    accounts: views,
                    total,
                })
            })
        })
        .await
    }

    /// Lets listings be tried again that were refused.
    pub async fn listing_retry(&self, request: ListingRetryRequest) -> Result<ActionReport> {
        let account = match &request.account {
            Some(name) => Some(self.account(name).await?),
            None => None,
        };
        if let Some(cause) = request.cause {
            let id = account.map(|account| account.id);
            let done = self
                .on_store(move |store| store.write(|tx| tx.retry_cause(&cause, id)))
                .await?;
            return Ok(ActionReport::done(done));
        }
        let account = account.ok_or_else(|| ApiError::invalid(Why::SkusMissing))?;
        let pick = ListingPickRequest {
            account: account.name.clone(),
            site: None,
            all: false,
            skus: request.skus,
        };
        let (rows, unknown) = self.picked(&account, &pick).await?;
        let done = self
            .on_store(move |store| {
                store.write(|tx| {
                    for row in &rows {
                        tx.retry_listing(row.listing.id)?;
                    }
                    Ok(rows.len() as u64)
                })
            })
            .await?;
        let mut report = ActionReport::done(done);
        for text in unknown {
            report.refuse(self.not_listed(&account, &text));
        }
        Ok(report)
    }

    fn cause(&self, accounts: &[barrow_model::Account], cause: ListingCause) -> CauseView {
        let found = |id| accounts.iter().find(move |account| account.id == id);
        let first = cause.accounts.first().and_then(|(id, _)| found(*id));
        let title = first.map_or("", |account| self.title(&account.marketplace));
        let counted = cause.accounts.iter().filter_map(|(id, count)| {
            let account = found(*id)?;
            Some(CauseAccount {
                account: account.name.clone(),
                marketplace: account.marketplace.0.clone(),
                count: *count,
            })
        });
        CauseView {
            accounts: counted.collect(),
            problem: ProblemBody::new(&self.words, &cause.example, title),
            mend: Mend::of(cause.example.kind),
            field: field_of(&cause.example),
            params: cause.example.params,
            skus: cause.skus,
            cause: cause.cause,
            count: cause.count,
        }
    }
}

impl StandingCounts {
    fn add(&mut self, other: Self) {
        self.listings += other.listings;
        self.live += other.live;
        self.off += other.off;
        self.sent += other.sent;
        self.unknown += other.unknown;
        self.refused += other.refused;
        self.needs_you += other.needs_you;
        self.waiting += other.waiting;
    }
}

fn holds(view: &CauseView, wanted: &str) -> bool {
    let vendor = view.problem.vendor.as_ref();
    let texts = [&view.problem.reason, &view.cause];
    let texts = texts.into_iter().chain(&view.skus);
    let texts = texts.chain(vendor.into_iter().flat_map(|v| [&v.code, &v.text]));
    texts
        .into_iter()
        .any(|text| text.to_lowercase().contains(wanted))
}
