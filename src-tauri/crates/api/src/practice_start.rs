//! The newcomer's one click: accounts at the practice marketplaces, a sample catalogue if wished,
//! listed on all of them, so that orders begin to arrive.

use std::collections::BTreeMap;

use barrow_model::Endpoint;
use serde::{Deserialize, Serialize};

use crate::accounts::{AccountAddRequest, GivenSecrets};
use crate::api::Api;
use crate::error::{ApiError, ApiErrorKind, Result, Why};
use crate::imports::{ImportForm, ImportRequest};
use crate::listings::ListingAddRequest;
use crate::report::ActionReport;
use crate::sync::PushRequest;
use crate::whole::scratch;

/// How long the first push waits for feeds. What comes later comes with the next sync.
const PATIENCE_SECONDS: u64 = 60;

/// Sets up a rehearsal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PracticeStartRequest {
    /// Fills the catalogue with a sample, lists it everywhere and sends it. The seller's own goods
    /// are not listed: that is theirs to say.
    #[serde(default)]
    pub sample: bool,
}

/// A rehearsal that is set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PracticeStartResponse {
    /// The practice accounts, those that were there already included.
    pub accounts: Vec<String>,
    /// SKUs that the sample made.
    pub skus: u64,
    /// Listings that were made.
    pub listed: u64,
    /// What the first push did; `done` counts its changes.
    #[serde(flatten)]
    pub report: ActionReport,
}

impl Api {
    /// Opens an account at every practice marketplace that has none yet; with the sample, fills
    /// the catalogue, lists the sample on all of them and sends it. Done again, it does what is
    /// missing.
    ///
    /// Not in a catalogue that sells for real: practice orders reserve stock like all others, and
    /// real listings would show less than there is.
    pub async fn practice_start(
        &self,
        request: PracticeStartRequest,
    ) -> Result<PracticeStartResponse> {
        let real = self.all_accounts().await?;
        if let Some(real) = real.iter().find(|one| one.endpoint != Endpoint::Practice) {
            return Err(ApiError::invalid(Why::PracticeBesideReal).param("account", &real.name));
        }
        let mut response = PracticeStartResponse {
            accounts: self.practice_accounts().await?,
            skus: 0,
            listed: 0,
            report: ActionReport::default(),
        };
        if !request.sample {
            return Ok(response);
        }
        self.go_on()?;
        let (new, skus) = self.import_sample().await?;
        response.skus = new;
        for account in &response.accounts {
            self.go_on()?;
            let added = self
                .listing_add(ListingAddRequest {
                    account: account.clone(),
                    site: None,
                    all: false,
                    skus: skus.clone(),
                    alone: false,
                })
                .await?;
            response.listed += added.done;
        }
        // A first publish may look like too much at once; here it is what was asked for.
        let pushed = self
            .push(PushRequest {
                accounts: response.accounts.clone(),
                yes: true,
                patience_seconds: Some(PATIENCE_SECONDS),
            })
            .await?;
        response.report = pushed.report;
        Ok(response)
    }

    /// The names of the practice accounts, after those that were missing are added.
    async fn practice_accounts(&self) -> Result<Vec<String>> {
        let known = self.all_accounts().await?;
        let mut names = Vec::new();
        for &marketplace in self.parts.practice.names() {
            let is_ours = |account: &&barrow_model::Account| {
                account.endpoint == Endpoint::Practice && account.marketplace.0 == marketplace
            };
            if let Some(account) = known.iter().find(is_ours) {
                names.push(account.name.clone());
                continue;
            }
            self.go_on()?;
            let title = self.connector(marketplace)?.title;
            let name = self
                .words
                .text("practice_account", &[("marketplace", title)]);
            self.account_add(AccountAddRequest {
                marketplace: marketplace.to_owned(),
                name: name.clone(),
                endpoint: Some("practice".to_owned()),
                settings: BTreeMap::new(),
                secrets: GivenSecrets::default(),
            })
            .await?;
            names.push(name);
        }
        Ok(names)
    }

    /// How many SKUs the sample has made, and all SKUs of it.
    async fn import_sample(&self) -> Result<(u64, Vec<String>)> {
        let folder = self.blocking(scratch).await?;
        let file = folder.path().join("sample.csv");
        let skus = crate::sample::write_sample(&file)
            .map_err(|error| ApiError::unwritable(&file, &error))?;
        let imported = self
            .import(ImportRequest {
                file,
                profile: None,
                map: Vec::new(),
                defaults: Vec::new(),
                form: ImportForm::default(),
                preview: false,
                errors: None,
                after: None,
            })
            .await?;
        if imported.import.refused > 0 {
            return Err(ApiError::new(ApiErrorKind::Internal)
                .param("reason", "the sample catalogue was refused in part"));
        }
        Ok((imported.import.new, skus))
    }
}
