//! What an account may choose from, and what is left of the limits that it works under.

use barrow_market::KeptFill;
use barrow_model::Account;
use barrow_store::{LimitKey, LimitUse};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::{ApiError, Result};

/// Asks what an account's settings can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountChoicesRequest {
    /// Which account.
    pub name: String,
    /// On this site; the account's own where nothing is said.
    #[serde(default)]
    pub site: Option<String>,
}

/// What an account's settings can be, as its marketplace tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountChoicesResponse {
    /// The site.
    pub site: String,
    /// Setting by setting.
    pub settings: Vec<SettingChoices>,
}

/// What one setting can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SettingChoices {
    /// The setting, as `account_set` names it.
    pub key: String,
    /// Its label.
    pub label: String,
    /// What it is now; null where it is not set.
    pub value: Option<String>,
    /// What it can be, the marketplace's own first choice first.
    pub choices: Vec<ChoiceView>,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ChoiceView {
    /// The value of the setting.
    pub value: String,
    /// How the seller knows it.
    pub label: String,
}

/// Asks what is left of limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountLimitsRequest {
    /// Of this account only.
    #[serde(default)]
    pub account: Option<String>,
}

/// What is left of limits, account by account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountLimitsResponse {
    /// When this was.
    pub at: DateTime<Utc>,
    /// The accounts, by name.
    pub accounts: Vec<AccountLimitsView>,
}

/// What is left of the limits that an account works under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountLimitsView {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// The limits of which something was used, those with the least left first.
    pub limits: Vec<LimitView>,
}

/// What is left of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LimitView {
    /// Its name.
    pub name: String,
    /// What it counts, in the words of the language.
    pub title: String,
    /// Calls that can be made now.
    pub left: u64,
    /// Calls that are saved up at most.
    pub of: u64,
    /// So many come back …
    pub calls: u64,
    /// … in so many seconds, at least one.
    pub per_seconds: u64,
    /// When all of it is there again; null where it is.
    pub full_at: Option<DateTime<Utc>>,
    /// The marketplace said: none before then.
    pub blocked_until: Option<DateTime<Utc>>,
    /// Other accounts that use it up too.
    pub shared_with: Vec<String>,
}

impl Api {
    /// Asks a marketplace what an account's settings can be: its policies, places and the like.
    pub async fn account_choices(
        &self,
        request: AccountChoicesRequest,
    ) -> Result<AccountChoicesResponse> {
        let account = self.account(&request.name).await?;
        let site = self.site(&account, request.site.as_deref())?;
        let info = self.connector(&account.marketplace.0)?;
        let title = self.title(&account.marketplace).to_owned();
        let failed = |error: barrow_market::Error| {
            ApiError::marketplace(&title, error.to_problem()).told_in(&self.words)
        };
        let adapter = self.parts.adapters.adapter(&account).await;
        let adapter = adapter.map_err(failed)?;
        let found = adapter.core().choices(&site).await.map_err(failed)?;
        let settings = found.into_iter().map(|found| SettingChoices {
            label: info.field(&found.key).map_or(found.key.clone(), |field| {
                self.words.setting(info.marketplace, field).0
            }),
            value: account.settings.get(&found.key).cloned(),
            key: found.key,
            choices: found
                .choices
                .into_iter()
                .map(|choice| ChoiceView {
                    value: choice.value,
                    label: choice.label,
                })
                .collect(),
        });
        Ok(AccountChoicesResponse {
            settings: settings.collect(),
            site: site.0,
        })
    }

    /// What is left of the limits that accounts work under. Calls nobody.
    pub async fn account_limits(
        &self,
        request: AccountLimitsRequest,
    ) -> Result<AccountLimitsResponse> {
        let only = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let all = self.all_accounts().await?;
        let now = self.parts.clock.now();
        let words = self.words;
        let accounts = self
            .on_store(move |store| {
                store.read(|db| {
                    let mut views = Vec::new();
                    let asked = |account: &&Account| only.is_none_or(|id| id == account.id);
                    for account in all.iter().filter(asked) {
                        let mut limits = Vec::new();
                        for (key, used) in db.limits_of(account.id)? {
                            let shared = db.limit_shared_with(account.id, &key)?;
                            let names = all.iter().filter(|other| shared.contains(&other.id));
                            let names = names.map(|other| other.name.clone()).collect();
                            let title = words.limit(&account.marketplace.0, &key.bucket);
                            limits.extend(limit(key, title, &used, now, names));
                        }
                        limits.sort_by_key(|limit| limit.left.saturating_mul(1000) / limit.of);
                        views.push(AccountLimitsView {
                            account: account.name.clone(),
                            marketplace: account.marketplace.0.clone(),
                            limits,
                        });
                    }
                    Ok(views)
                })
            })
            .await?;
        Ok(AccountLimitsResponse { at: now, accounts })
    }
}

/// A limit as it stands now; none where its size was not kept.
fn limit(
    key: LimitKey,
    title: String,
    used: &LimitUse,
    now: DateTime<Utc>,
    shared_with: Vec<String>,
) -> Option<LimitView> {
    let kept: KeptFill = serde_json::from_str(&used.state).ok()?;
    let rate = kept.rate()?;
    let fill = kept.fill(used.updated_at).refilled(rate, now);
    let blocked_until = fill.blocked_until.filter(|until| *until > now);
    let left = match blocked_until {
        Some(_) => 0,
        None => fill.tokens(),
    };
    Some(LimitView {
        name: key.bucket,
        title,
        left,
        of: u64::from(rate.burst),
        calls: u64::from(rate.calls),
        per_seconds: rate.per.as_secs().max(1),
        full_at: fill.full_at(rate),
        blocked_until,
        shared_with,
    })
}
