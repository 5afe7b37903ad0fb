//! Consent in a browser: the address to open, and what came back.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use barrow_market::{CONSENT_SELLER, CONSENT_UNTIL, Consent, GIVEN_BYTES_MAX};
use barrow_model::{Account, AccountId, Problem, ProblemKind, Secret};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::accounts::{AccountNameRequest, AccountView};
use crate::api::Api;
use crate::error::{ApiError, Result, Why};

/// A consent that was asked for is finished so long after at most.
const ASKED_FOR: TimeDelta = TimeDelta::minutes(10);

/// A consent that was asked for.
struct Asked {
    state: String,
    at: DateTime<Utc>,
}

/// The consents that were asked for and not given yet, one an account. An answer belongs to the
/// last of its account.
#[derive(Clone, Default)]
pub(crate) struct Consents(Arc<Mutex<HashMap<AccountId, Asked>>>);

impl Consents {
    fn asked(&self, account: AccountId, state: &str, at: DateTime<Utc>) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, one| at - one.at <= ASKED_FOR);
        let state = state.to_owned();
        asked.insert(account, Asked { state, at });
    }

    fn is_asked(&self, account: AccountId, state: &str, now: DateTime<Utc>) -> bool {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = asked.get(&account);
        one.is_some_and(|one| one.state == state && now - one.at <= ASKED_FOR)
    }

    fn finished(&self, account: AccountId) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.remove(&account);
    }
}

/// The page on which the seller agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountConsentResponse {
    /// The account.
    pub account: String,
    /// The address to open in the browser.
    pub url: String,
    /// What has to come back with the answer. The caller keeps it and gives it to
    /// `account_consent_finish`.
    pub state: String,
}

/// A text that holds a code. It is read from a request and never written.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct GivenText(pub Secret);

impl fmt::Debug for GivenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GivenText(…)")
    }
}

impl<'de> Deserialize<'de> for GivenText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        // Whatever is a text is taken: the reader's own words show only what is none.
        let text = String::deserialize(deserializer)?;
        Ok(Self(Secret::new(text)))
    }
}

impl Serialize for GivenText {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str("")
    }
}

/// Gives back what came of the seller's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountConsentFinishRequest {
    /// Which account.
    pub name: String,
    /// What `account_consent` said.
    pub state: String,
    /// The whole address at which the browser arrived.
    pub given: GivenText,
}

/// What a consent changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountConsentFinishResponse {
    /// When the consent ends; null where the marketplace does not tell.
    pub until: Option<DateTime<Utc>>,
    /// The account since.
    pub account: AccountView,
}

impl Api {
    /// The page on which the seller agrees. Nothing is kept until he has.
    pub async fn account_consent(
        &self,
        request: AccountNameRequest,
    ) -> Result<AccountConsentResponse> {
        let account = self.account(&request.name).await?;
        let random = &self.parts.random;
        let state = format!("{:016x}{:016x}", random.next_u64(), random.next_u64());
        let failed = |error| self.not_done(&account, error);
        let adapter = self.parts.adapters.adapter(&account).await;
        let adapter = adapter.map_err(failed)?;
        let consent = self.consent_of(&account, adapter.consent())?;
        let url = consent.address(&state).await.map_err(failed)?;
        let now = self.parts.clock.now();
        self.consents.asked(account.id, &state, now);
        Ok(AccountConsentResponse {
            account: account.name.clone(),
            url: url.expose().to_owned(),
            state,
        })
    }

    /// Exchanges what came back for keys, and keeps those in the vault. What was pasted wrongly is
    /// pasted again; a consent that was asked for is given once, within ten minutes.
    pub async fn account_consent_finish(
        &self,
        request: AccountConsentFinishRequest,
    ) -> Result<AccountConsentFinishResponse> {
        let given = &request.given.0;
        if given.expose().len() > GIVEN_BYTES_MAX {
            return Err(ApiError::invalid(Why::TooMany).param("limit", GIVEN_BYTES_MAX));
        }
        let account = self.account(&request.name).await?;
        let failed = |error| self.not_done(&account, error);
        let now = self.parts.clock.now();
        if !self.consents.is_asked(account.id, &request.state, now) {
            return Err(self.consent_refused(&account, "other"));
        }
        let adapter = self.parts.adapters.adapter(&account).await;
        let adapter = adapter.map_err(failed)?;
        let consent = self.consent_of(&account, adapter.consent())?;
        let consented = consent.exchange(given, &request.state).await;
        let consented = consented.map_err(failed)?;
        self.consents.finished(account.id);
        // What is listed belongs to the seller who agreed first.
        let known = account.settings.get(CONSENT_SELLER);
        let differs = |id: &String| known.is_some_and(|known| known != id);
        if consented.seller.as_ref().is_some_and(differs) {
            return Err(self.consent_refused(&account, "seller"));
        }
        let secrets = consented.secrets.into_iter();
        let secrets: BTreeMap<String, Secret> = secrets
            .map(|(key, secret)| (key.to_owned(), secret))
            .collect();
        self.keep_secrets(&account, &secrets)?;
        let (until, seller) = (consented.until, consented.seller);
        let account = self.keep_consent(&account, until, seller).await?;
        Ok(AccountConsentFinishResponse {
            until: consent_until(&account),
            account: self.account_view(account).await?,
        })
    }

    fn consent_of<'a>(
        &self,
        account: &Account,
        consent: Option<&'a dyn Consent>,
    ) -> Result<&'a dyn Consent> {
        consent.ok_or_else(|| {
            let problem = Problem::new(ProblemKind::Unsupported).param("feature", "consent");
            let title = self.title(&account.marketplace);
            ApiError::marketplace(title, problem).told_in(&self.words)
        })
    }

    fn consent_refused(&self, account: &Account, why: &str) -> ApiError {
        let problem = Problem::new(ProblemKind::ConsentRefused).param("why", why);
        let title = self.title(&account.marketplace);
        ApiError::marketplace(title, problem).told_in(&self.words)
    }

    /// What a marketplace did not do, in words.
    pub(crate) fn not_done(&self, account: &Account, error: barrow_market::Error) -> ApiError {
        let title = self.title(&account.marketplace);
        ApiError::marketplace(title, error.to_problem()).told_in(&self.words)
    }

    /// Keeps who agreed and when that ends, beside an account's settings: it is told of without a
    /// vault. A seller who is not told stays the one who is known.
    pub(crate) async fn keep_consent(
        &self,
        account: &Account,
        until: Option<DateTime<Utc>>,
        seller: Option<String>,
    ) -> Result<Account> {
        let until = until.map(|until| until.to_rfc3339_opts(SecondsFormat::Secs, true));
        let mut changes = BTreeMap::from([(CONSENT_UNTIL.to_owned(), until)]);
        if seller.is_some() {
            changes.insert(CONSENT_SELLER.to_owned(), seller);
        }
        self.change_settings(account.id, changes).await
    }

    /// Sets and removes single settings of an account; whatever else was set meanwhile stays.
    pub(crate) async fn change_settings(
        &self,
        id: AccountId,
        changes: BTreeMap<String, Option<String>>,
    ) -> Result<Account> {
        self.on_store(move |store| {
            store.write(|tx| {
                let account = tx.account(id)?;
                let mut settings = account.settings.clone();
                for (key, value) in &changes {
                    match value {
                        Some(value) => settings.insert(key.clone(), value.clone()),
                        None => settings.remove(key),
                    };
                }
                if settings == account.settings {
                    return Ok(account);
                }
                tx.set_account_settings(id, &settings, None)?;
                tx.account(id)
            })
        })
        .await
    }
}

/// When an account's consent ends, where that is known.
pub(crate) fn consent_until(account: &Account) -> Option<DateTime<Utc>> {
    let text = account.settings.get(CONSENT_UNTIL)?;
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    Some(at.with_timezone(&Utc))
}
