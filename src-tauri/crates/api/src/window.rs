//! What the seller chose for the window: language, looks, how often to sync, how views are laid
//! out. It is kept with the catalogue.

use std::collections::BTreeMap;

use barrow_model::ReturnAddress;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::api::{Api, at_most};
use crate::error::{ApiError, Result, Why};

/// Views whose layout is set in one request.
const LAYOUTS_MAX: usize = 100;

/// Layouts are kept under this, by the name of a view.
const LAYOUT: &str = "layout.";

/// Where buyers send goods back is kept under this.
const RETURN_ADDRESS: &str = "return_address";

/// Minutes between two syncs at least and at most: limits are kept, and a day is long.
const SYNC_MINUTES: std::ops::RangeInclusive<u32> = 1..=1_440;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How close rows stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// As drawn.
    #[default]
    Regular,
    /// Closer.
    Close,
    /// Wider.
    Wide,
}

/// Asks what was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SettingsRequest {}

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SettingsResponse {
    /// The language; null for the system's.
    pub language: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// How close rows stand.
    pub density: Density,
    /// Minutes between two syncs; null where nothing is synced by itself.
    pub sync_minutes: Option<u32>,
    /// How views are laid out, by their names; texts of the window's own.
    pub layouts: BTreeMap<String, String>,
    /// Where buyers last were to send goods back; null where nobody said yet.
    pub return_address: Option<ReturnAddress>,
}

/// Chooses anew. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SettingsSetRequest {
    /// The language, such as `pt-BR`; empty for the system's.
    #[serde(default)]
    pub language: Option<String>,
    /// Light or dark.
    #[serde(default)]
    pub theme: Option<Theme>,
    /// How close rows stand.
    #[serde(default)]
    pub density: Option<Density>,
    /// Minutes between two syncs, from 1 to 1440; 0 for never.
    #[serde(default)]
    pub sync_minutes: Option<u32>,
    /// Layouts of views, by their names; an empty one is forgotten.
    #[serde(default)]
    pub layouts: BTreeMap<String, String>,
}

impl Api {
    /// What was chosen for the window.
    pub async fn settings(&self, _request: SettingsRequest) -> Result<SettingsResponse> {
        let kept = self
            .on_store(|store| store.read(|db| db.settings()))
            .await?;
        let layouts = kept.iter().filter_map(|(name, value)| {
            let view = name.strip_prefix(LAYOUT)?;
            Some((view.to_owned(), value.clone()))
        });
        Ok(SettingsResponse {
            language: read(&kept, "language"),
            theme: read(&kept, "theme").unwrap_or_default(),
            density: read(&kept, "density").unwrap_or_default(),
            sync_minutes: read(&kept, "sync_minutes"),
            layouts: layouts.collect(),
            return_address: read(&kept, RETURN_ADDRESS),
        })
    }

    /// Keeps where buyers send goods back.
    pub(crate) async fn keep_return_address(&self, address: ReturnAddress) -> Result<()> {
        let kept = text(&address);
        self.on_store(move |store| store.write(|tx| tx.keep_setting(RETURN_ADDRESS, Some(&kept))))
            .await
    }

    /// Chooses anew for the window.
    pub async fn settings_set(&self, request: SettingsSetRequest) -> Result<SettingsResponse> {
        at_most(request.layouts.len(), LAYOUTS_MAX)?;
        let minutes = request.sync_minutes.filter(|minutes| *minutes > 0);
        if minutes.is_some_and(|minutes| !SYNC_MINUTES.contains(&minutes)) {
            return Err(ApiError::invalid(Why::FieldInvalid)
                .param("field", "sync_minutes")
                .param("reason", "1 to 1440 minutes, or 0 for never"));
        }
        let mut chosen: Vec<(String, Option<String>)> = Vec::new();
        let mut choose = |name: &str, value: Option<String>| chosen.push((name.to_owned(), value));
        if let Some(language) = request.language {
            choose("language", (!language.is_empty()).then(|| text(&language)));
        }
        if let Some(theme) = request.theme {
            choose("theme", Some(text(&theme)));
        }
        if let Some(density) = request.density {
            choose("density", Some(text(&density)));
        }
        if request.sync_minutes.is_some() {
            choose("sync_minutes", minutes.map(|minutes| text(&minutes)));
        }
        for (view, layout) in request.layouts {
            let layout = (!layout.is_empty()).then_some(layout);
            choose(&format!("{LAYOUT}{view}"), layout);
        }
        self.on_store(move |store| {
            store.write(|tx| {
                for (name, value) in &chosen {
                    tx.keep_setting(name, value.as_deref())?;
                }
                Ok(())
            })
        })
        .await?;
        self.settings(SettingsRequest {}).await
    }
}

/// A value as it is kept.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A kept value; none where another version kept something else.
fn read<T: DeserializeOwned>(kept: &BTreeMap<String, String>, name: &str) -> Option<T> {
    serde_json::from_str(kept.get(name)?).ok()
}
