//! What a check found missing is mended from here.

use barrow_market::{CheckMend, MendKind};
use barrow_model::Settings;
use serde::{Deserialize, Serialize};

use crate::accounts::AccountView;
use crate::api::{Api, at_most};
use crate::error::Result;
use crate::words::Words;

/// Fields that one request gives at most.
const FIELDS_MAX: usize = 50;

/// How a part of a check is mended from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CheckMendView {
    /// What is done.
    pub kind: MendKind,
    /// What is done, in words.
    pub label: String,
    /// What has to be said for it; none where nothing has.
    pub fields: Vec<MendFieldView>,
}

/// What has to be said to mend something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MendFieldView {
    /// Its name.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Whether it must not stay empty.
    pub required: bool,
    /// What stands in it at first.
    pub value: Option<String>,
}

/// Mends a part of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AccountMendRequest {
    /// Which account.
    pub name: String,
    /// Which part, as `account_check` names it.
    pub item: String,
    /// What its mend asks for.
    #[serde(default)]
    pub fields: Settings,
}

/// What mending did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountMendResponse {
    /// The part.
    pub item: String,
    /// What is told of it.
    pub told: String,
    /// The marketplace may take so many hours until it counts; null where it counts at once.
    pub hours_max: Option<u32>,
    /// The account since.
    pub account: AccountView,
}

impl Api {
    /// Does at the marketplace what a part of a check is missing.
    pub async fn account_mend(&self, request: AccountMendRequest) -> Result<AccountMendResponse> {
        at_most(request.fields.len(), FIELDS_MAX)?;
        let account = self.account(&request.name).await?;
        let failed = |error| self.not_done(&account, error);
        let adapter = self.parts.adapters.adapter(&account).await;
        let adapter = adapter.map_err(failed)?;
        let mended = adapter.core().mend(&request.item, &request.fields).await;
        let mended = mended.map_err(failed)?;
        let title = self.title(&account.marketplace).to_owned();
        let settings = mended.settings.into_iter();
        let changes = settings.map(|(key, value)| (key, Some(value))).collect();
        let account = self.change_settings(account.id, changes).await?;
        let hours = mended.hours_max.map(|hours| hours.to_string());
        let params = [
            ("marketplace", title.as_str()),
            ("hours", hours.as_deref().unwrap_or_default()),
        ];
        let told = match hours {
            Some(_) => self.words.text("mended_in_hours", &params),
            None => self.words.text("mended", &params),
        };
        Ok(AccountMendResponse {
            item: request.item,
            told,
            hours_max: mended.hours_max,
            account: self.account_view(account).await?,
        })
    }
}

/// A mend in words.
pub(crate) fn mend_view(mend: CheckMend, words: &Words) -> CheckMendView {
    let fields = mend.fields.into_iter().map(|field| MendFieldView {
        label: words.text(&format!("mend_field_{}", field.key), &[]),
        key: field.key,
        required: field.required,
        value: field.value,
    });
    CheckMendView {
        kind: mend.kind,
        label: words.text(&format!("mend_{}", mend.kind.code()), &[]),
        fields: fields.collect(),
    }
}
