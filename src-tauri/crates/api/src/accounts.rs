//! Accounts: the seller's logins at marketplaces, their settings and keys.

use std::collections::BTreeMap;
use std::fmt;

use barrow_market::{CONSENT_UNTIL, Check, CheckState, ConnectorInfo, SellingLimit, SettingKind};
use barrow_model::{
    Account, AccountState, Endpoint, ListingState, Marketplace, Revision, Secret, Settings,
};
use barrow_store::NewAccount;
use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::account_mend::{CheckMendView, mend_view};
use crate::api::{Api, at_most};
use crate::error::{ApiError, Result, practice, vault};
use crate::report::ActionReport;
use crate::settings::{
    changed_rules, check_required, check_secrets, check_settings, fill_defaults, secret_keys,
    split_rules,
};
use crate::words::Words;

/// Settings that one request names at most.
const SETTINGS_MAX: usize = 100;

/// Keys and tokens that are given to the vault. They are read from a request and never written:
/// serialised, only the names are there.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "Record<string, string>")
)]
pub struct GivenSecrets(pub BTreeMap<String, Secret>);

impl fmt::Debug for GivenSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for GivenSecrets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        // The reader's own words would show what was given in a wrong form.
        let given = BTreeMap::<String, String>::deserialize(deserializer)
            .map_err(|_| D::Error::custom("each secret is a text under its name"))?;
        let secrets = given.into_iter();
        Ok(Self(
            secrets
                .map(|(key, text)| (key, Secret::new(text)))
                .collect(),
        ))
    }
}

impl Serialize for GivenSecrets {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.keys().map(|key| (key, "")))
    }
}

/// Asks which marketplaces there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MarketplacesRequest {}

/// The marketplaces that Barrow can sell on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MarketplacesResponse {
    /// Each with its settings.
    pub marketplaces: Vec<MarketplaceView>,
    /// Always null: they fit on one page.
    pub next: Option<String>,
}

/// A marketplace and what it wants to know of a seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MarketplaceView {
    /// Its name on the command line.
    pub marketplace: String,
    /// Its name as people write it.
    pub title: String,
    /// Where to get keys.
    pub help_url: String,
    /// Settings and keys, in the order in which they are asked for.
    pub fields: Vec<FieldView>,
    /// The key that a consent in the browser yields, by `account_consent`; null where keys are all
    /// that the marketplace asks for.
    pub consent: Option<String>,
    /// Whether `listing_elsewhere` tells what was listed there by other means.
    pub elsewhere: bool,
    /// Whether `ship` may be `untracked` there.
    pub ships_untracked: bool,
}

/// One setting or key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FieldView {
    /// Its name.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Where to find it.
    pub help: String,
    /// `secret`, `text`, `choice` or `default`.
    pub kind: String,
    /// The values of a choice.
    pub choices: Vec<String>,
    /// Whether the account cannot work without it.
    pub required: bool,
    /// What it is when the seller says nothing.
    pub default: Option<String>,
}

/// Adds an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountAddRequest {
    /// The marketplace, such as `ebay`.
    pub marketplace: String,
    /// The seller's name for the account, unique.
    pub name: String,
    /// `production`, `sandbox`, `practice` or an address; production where nothing is said.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Settings that are not secret.
    #[serde(default)]
    pub settings: Settings,
    /// Keys and tokens.
    #[serde(default)]
    pub secrets: GivenSecrets,
}

/// Asks for all accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountsRequest {}

/// All accounts, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountsResponse {
    /// The accounts.
    pub accounts: Vec<AccountView>,
    /// Always null: they fit on one page.
    pub next: Option<String>,
}

/// An account as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountView {
    /// The seller's name for it.
    pub name: String,
    /// The marketplace.
    pub marketplace: String,
    /// The marketplace's name as people write it.
    pub title: String,
    /// Which of its worlds.
    pub endpoint: String,
    /// Settings.
    pub settings: Settings,
    /// Which keys are in the vault; null where the vault does not tell.
    pub secrets: BTreeMap<String, Option<bool>>,
    /// Rules of prices and quantities, as far as they were set.
    pub rules: Value,
    /// Whether it takes part.
    pub state: AccountState,
    /// Orders are completely read up to here.
    pub pulled_at: Option<DateTime<Utc>>,
    /// How many listings it has in each state.
    pub listings: BTreeMap<String, u64>,
    /// Counts its edits.
    pub revision: Revision,
}

/// Changes an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountSetRequest {
    /// Which account.
    pub name: String,
    /// New values; an empty one takes a setting away. `rules.price.factor` and the like are the
    /// account's rules.
    #[serde(default)]
    pub settings: Settings,
    /// New keys and tokens.
    #[serde(default)]
    pub secrets: GivenSecrets,
    /// Lets it take part, or not.
    #[serde(default)]
    pub state: Option<AccountState>,
    /// The revision that was seen; none writes over whatever is there.
    #[serde(default)]
    pub expected: Option<Revision>,
}

/// Names an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountNameRequest {
    /// Which account.
    pub name: String,
}

/// What became of a change to an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountResponse {
    /// What was done.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The account since; null where it is gone.
    pub account: Option<AccountView>,
}

/// What a check of an account found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountCheckResponse {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// Whether it can sell now.
    pub ready: bool,
    /// The seller as the marketplace names him.
    pub seller: Option<String>,
    /// The sites on which he can sell.
    pub sites: Vec<String>,
    /// Part by part.
    pub items: Vec<CheckItemView>,
    /// When the consent ends.
    pub consent_until: Option<DateTime<Utc>>,
    /// How much the marketplace lets the seller sell in a month; null for as much as he likes.
    pub selling_limit: Option<SellingLimit>,
}

/// One part of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CheckItemView {
    /// What was looked at.
    pub name: String,
    /// How it stands.
    pub state: CheckState,
    /// The kind of problem, where there is one.
    pub kind: Option<String>,
    /// What is missing and how to mend it, in words.
    pub reason: Option<String>,
    /// How it is mended from here, by `account_mend`; null where that is done elsewhere.
    pub mend: Option<CheckMendView>,
}

impl Api {
    /// The marketplaces that Barrow can sell on, with their settings.
    pub async fn marketplaces(
        &self,
        _request: MarketplacesRequest,
    ) -> Result<MarketplacesResponse> {
        let connectors = self.parts.connectors.iter();
        let marketplaces = connectors.map(|info| marketplace(info, &self.words));
        Ok(MarketplacesResponse {
            marketplaces: marketplaces.collect(),
            next: None,
        })
    }

    /// All accounts.
    pub async fn accounts(&self, _request: AccountsRequest) -> Result<AccountsResponse> {
        let mut accounts = Vec::new();
        for account in self.all_accounts().await? {
            accounts.push(self.account_view(account).await?);
        }
        Ok(AccountsResponse {
            accounts,
            next: None,
        })
    }

    /// Adds an account: checks its settings, keeps them in the catalogue and its keys in the vault.
    /// One at practice takes what it needs from there. Nothing is kept if something is wrong.
    pub async fn account_add(&self, request: AccountAddRequest) -> Result<AccountResponse> {
        at_most(
            request.settings.len() + request.secrets.0.len(),
            SETTINGS_MAX,
        )?;
        let info = self.connector(&request.marketplace)?;
        let endpoint: Endpoint = request
            .endpoint
            .as_deref()
            .unwrap_or("production")
            .parse()
            .map_err(ApiError::from)?;
        let (mut settings, mut secrets) = (request.settings, request.secrets.0);
        let is_told = endpoint == Endpoint::Practice && secrets.is_empty();
        if is_told {
            let asked = self.parts.practice.connection(info.marketplace).await;
            let connection = asked.map_err(practice)?;
            let mut given = connection.settings;
            given.append(&mut settings);
            settings = given;
            secrets = connection.secrets;
        }
        let (settings, rules) = split_rules(settings);
        let mut settings = check_settings(info, &endpoint, settings)?;
        check_secrets(info, &secrets)?;
        fill_defaults(info, &mut settings);
        check_required(info, &settings, |key| secrets.contains_key(key))?;
        let rules = changed_rules("{}", rules)?;
        let new = NewAccount {
            name: request.name,
            marketplace: Marketplace(info.marketplace.to_owned()),
            endpoint,
            settings,
        };
        let account = self
            .on_store(move |store| {
                store.write(|tx| {
                    let id = tx.add_account(&new)?;
                    if let Some(rules) = &rules {
                        tx.set_account_rules(id, rules, None)?;
                    }
                    tx.account(id)
                })
            })
            .await?;
        // Practice tells its keys again to whoever asks: a rehearsal needs no vault.
        if let Err(error) = self.keep_secrets(&account, &secrets)
            && !is_told
        {
            // An account without its keys would only fail later; nothing of it is kept.
            self.forget_secrets(&account).ok();
            let id = account.id;
            self.on_store(move |store| store.write(|tx| tx.remove_account(id)))
                .await?;
            return Err(error);
        }
        Ok(AccountResponse {
            report: ActionReport::done(1),
            account: Some(self.account_view(account).await?),
        })
    }

    /// Changes settings, rules, keys or the state of an account.
    pub async fn account_set(&self, request: AccountSetRequest) -> Result<AccountResponse> {
        at_most(
            request.settings.len() + request.secrets.0.len(),
            SETTINGS_MAX,
        )?;
        let account = self.account(&request.name).await?;
        let info = self.connector(&account.marketplace.0)?;
        let (given, rules) = split_rules(request.settings);
        let given = check_settings(info, &account.endpoint, given)?;
        check_secrets(info, &request.secrets.0)?;
        let mut settings = account.settings.clone();
        for (key, value) in given {
            if value.is_empty() {
                settings.remove(&key);
            } else {
                settings.insert(key, value);
            }
        }
        if info
            .consent
            .is_some_and(|one| request.secrets.0.contains_key(one.yields))
        {
            // Nobody knows when a consent ends that was given elsewhere. Whether it is the same
            // seller's, its first use tells.
            settings.remove(CONSENT_UNTIL);
        }
        fill_defaults(info, &mut settings);
        check_required(info, &settings, |_| true)?;
        let id = account.id;
        let kept = self
            .on_store(move |store| store.read(|db| db.account_rules(id)))
            .await?;
        let rules = changed_rules(&kept, rules)?;
        self.keep_secrets(&account, &request.secrets.0)?;
        let (state, mut expected) = (request.state, request.expected);
        let account = self
            .on_store(move |store| {
                store.write(|tx| {
                    if settings != account.settings || expected.is_some() {
                        let revision = tx.set_account_settings(id, &settings, expected)?;
                        expected = expected.map(|_| revision);
                    }
                    if let Some(rules) = &rules {
                        let revision = tx.set_account_rules(id, rules, expected)?;
                        expected = expected.map(|_| revision);
                    }
                    if let Some(state) = state {
                        tx.set_account_state(id, state, expected)?;
                    }
                    tx.account(id)
                })
            })
            .await?;
        Ok(AccountResponse {
            report: ActionReport::done(1),
            account: Some(self.account_view(account).await?),
        })
    }

    /// Removes an account with its keys. What is listed there stays listed.
    pub async fn account_remove(&self, request: AccountNameRequest) -> Result<AccountResponse> {
        let account = self.account(&request.name).await?;
        let id = account.id;
        // Nothing is sent for it meanwhile; and where it stays, it keeps its keys.
        let _lock = self.hold("account_remove").await?;
        self.on_store(move |store| store.read(|db| db.check_removable(id)))
            .await?;
        self.forget_secrets(&account)?;
        self.on_store(move |store| store.write(|tx| tx.remove_account(id)))
            .await?;
        Ok(AccountResponse {
            report: ActionReport::done(1),
            account: None,
        })
    }

    /// Asks the marketplace whether the account can sell, and what is missing.
    pub async fn account_check(&self, request: AccountNameRequest) -> Result<AccountCheckResponse> {
        let account = self.account(&request.name).await?;
        let title = self.title(&account.marketplace).to_owned();
        let failed = |error: barrow_market::Error| {
            ApiError::marketplace(&title, error.to_problem()).told_in(&self.words)
        };
        let adapter = self
            .parts
            .adapters
            .adapter(&account)
            .await
            .map_err(failed)?;
        let check = adapter.core().check().await.map_err(failed)?;
        Ok(self.check_view(&account, &title, check))
    }

    fn check_view(&self, account: &Account, title: &str, check: Check) -> AccountCheckResponse {
        let items: Vec<CheckItemView> = check
            .items
            .into_iter()
            .map(|item| CheckItemView {
                name: item.name,
                state: item.state,
                kind: item.problem.as_ref().map(|p| p.kind.code().to_owned()),
                reason: item.problem.map(|p| self.words.problem(&p, title)),
                mend: item.mend.map(|mend| mend_view(mend, &self.words)),
            })
            .collect();
        AccountCheckResponse {
            account: account.name.clone(),
            marketplace: account.marketplace.0.clone(),
            ready: items.iter().all(|item| item.state != CheckState::Missing),
            seller: check.seller,
            sites: check.sites.into_iter().map(|site| site.0).collect(),
            items,
            consent_until: check.consent_until,
            selling_limit: check.selling_limit,
        }
    }

    pub(crate) async fn account_view(&self, account: Account) -> Result<AccountView> {
        let id = account.id;
        type Facts = (String, Option<DateTime<Utc>>, Vec<(ListingState, u64)>);
        let (rules, pulled_at, counts): Facts = self
            .on_store(move |store| {
                store.read(|db| {
                    Ok((
                        db.account_rules(id)?,
                        db.pulled_at(id)?,
                        db.listing_counts(id)?,
                    ))
                })
            })
            .await?;
        let secret_keys = self
            .connector(&account.marketplace.0)
            .map(secret_keys)
            .unwrap_or_default();
        let secrets = secret_keys
            .into_iter()
            .map(|key| (key.to_owned(), self.parts.secrets.has(id, key).ok()))
            .collect();
        Ok(AccountView {
            title: self.title(&account.marketplace).to_owned(),
            name: account.name,
            marketplace: account.marketplace.0,
            endpoint: account.endpoint.to_string(),
            settings: account.settings,
            secrets,
            rules: serde_json::from_str(&rules).unwrap_or_default(),
            state: account.state,
            pulled_at,
            listings: counts
                .into_iter()
                .map(|(state, count)| (state.code().to_owned(), count))
                .collect(),
            revision: account.revision,
        })
    }

    pub(crate) fn keep_secrets(
        &self,
        account: &Account,
        secrets: &BTreeMap<String, Secret>,
    ) -> Result<()> {
        for (key, secret) in secrets {
            let kept = self.parts.secrets.set(account.id, key, secret);
            kept.map_err(|error| vault(error).told_in(&self.words))?;
        }
        Ok(())
    }

    fn forget_secrets(&self, account: &Account) -> Result<()> {
        // A marketplace that this program does not know has no keys that it could name.
        let Ok(info) = self.connector(&account.marketplace.0) else {
            return Ok(());
        };
        let mut keys = secret_keys(info);
        keys.extend(info.made_secrets);
        let gone = self.parts.secrets.remove_all(account.id, &keys);
        gone.map_err(|error| vault(error).told_in(&self.words))
    }
}

fn marketplace(info: &ConnectorInfo, words: &Words) -> MarketplaceView {
    let fields = info.fields.iter().map(|field| {
        let (kind, choices) = match field.kind {
            SettingKind::Secret => ("secret", &[][..]),
            SettingKind::Text => ("text", &[][..]),
            SettingKind::Choice(choices) => ("choice", choices),
            SettingKind::Default => ("default", &[][..]),
        };
        let (label, help) = words.setting(info.marketplace, field);
        FieldView {
            key: field.key.to_owned(),
            label,
            help,
            kind: kind.to_owned(),
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
            required: field.required,
            default: field.default.map(str::to_owned),
        }
    });
    MarketplaceView {
        marketplace: info.marketplace.to_owned(),
        title: info.title.to_owned(),
        help_url: info.help_url.to_owned(),
        fields: fields.collect(),
        consent: info.consent.map(|consent| consent.yields.to_owned()),
        elsewhere: info.elsewhere,
        ships_untracked: info.ships_untracked,
    }
}
