//! Reading back what really stands on a marketplace: to compare it, and to take it over.

use barrow_engine::{Observation, Unmatched};
use barrow_model::Account;
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::Result;
use crate::listings::SkuRefusal;
use crate::report::{ActionReport, At, RefusedItem};

/// Takes over what an account lists already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingAdoptRequest {
    /// Where.
    pub account: String,
    /// The country site; the account's own where nothing is said.
    #[serde(default)]
    pub site: Option<String>,
    /// Makes products of what no product fits, with the stock that the marketplace shows.
    #[serde(default)]
    pub create: bool,
}

/// What an account lists already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdoptResponse {
    /// `done` counts listings that were linked to the catalogue; `refused` names those that no
    /// product fits.
    #[serde(flatten)]
    pub report: ActionReport,
    /// Listings that were read.
    pub seen: u64,
    /// Listings that differ from what the marketplace had taken; the next push mends them.
    pub drifted: u64,
    /// Listings that no product fits, in all.
    pub unmatched_count: u64,
}

/// Compares what stands on a marketplace with what was sent there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingCompareRequest {
    /// Where.
    pub account: String,
    /// The country site; the account's own where nothing is said.
    #[serde(default)]
    pub site: Option<String>,
}

/// How what stands there compares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CompareResponse {
    /// `done` counts listings that are as they were sent; `refused` says why not all were read.
    #[serde(flatten)]
    pub report: ActionReport,
    /// Listings that differ or are gone; the next push mends them.
    pub drifted: u64,
}

impl Api {
    /// Reads what an account lists already and links it to the catalogue. What is there is taken as
    /// it stands and not sent back.
    pub async fn listing_adopt(&self, request: ListingAdoptRequest) -> Result<AdoptResponse> {
        let account = self.account(&request.account).await?;
        let site = self.site(&account, request.site.as_deref())?;
        let _work = self.engine_work().await?;
        let unmatched = match request.create {
            true => Unmatched::Create,
            false => Unmatched::Leave,
        };
        let found = self
            .parts
            .engine
            .adopt((account.id, &site), unmatched, &self.stop())
            .await?;
        let mut report = ActionReport::done(found.adopted);
        self.refuse_unread(&mut report, &account, &found);
        for text in &found.unmatched {
            report.refuse(self.refused_sku(&account, text, SkuRefusal::OnlyThere));
        }
        Ok(AdoptResponse {
            report,
            seen: found.seen,
            drifted: found.drifted,
            unmatched_count: found.unmatched_count,
        })
    }

    /// Reads what stands on a marketplace and notes what differs from what it had taken. Nothing is
    /// changed there: the next push mends it.
    pub async fn listing_compare(&self, request: ListingCompareRequest) -> Result<CompareResponse> {
        let account = self.account(&request.account).await?;
        let site = self.site(&account, request.site.as_deref())?;
        let _work = self.engine_work().await?;
        let engine = &self.parts.engine;
        let found = engine.observe(account.id, &site, &self.stop()).await?;
        self.go_on()?;
        let mut report = ActionReport::done(found.seen.saturating_sub(found.drifted));
        self.refuse_unread(&mut report, &account, &found);
        Ok(CompareResponse {
            report,
            drifted: found.drifted,
        })
    }

    fn refuse_unread(&self, report: &mut ActionReport, account: &Account, found: &Observation) {
        if let Some(problem) = &found.problem {
            let at = At {
                account: &account.name,
                marketplace: self.title(&account.marketplace),
            };
            report.refuse(RefusedItem::of_account(&self.words, at, problem));
        }
    }
}
