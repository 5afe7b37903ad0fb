//! Settings, keys and rules of an account, checked before they are kept.

use std::collections::BTreeMap;
use std::fmt;

use barrow_engine::Rules;
use barrow_market::{ConnectorInfo, SettingKind};
use barrow_model::{Account, Endpoint, Secret, Settings};
use serde_json::{Map, Value};

use crate::error::{ApiError, Result, Why};

/// The setting that shortens waits, understood by `host`; for practice and loopback only.
const SPEED: &str = "speed";

/// Keys of settings that begin so are the account's rules: `rules.price.factor`.
const RULES: &str = "rules.";

/// How many times faster than the marketplace an account is answered, at least 1.
pub(crate) fn speed(account: &Account) -> u64 {
    let asked = account.settings.get(SPEED);
    asked
        .and_then(|text| text.parse().ok())
        .filter(|_| account.endpoint.is_loopback())
        .unwrap_or(1)
        .max(1)
}

pub(crate) fn secret_keys(info: &'static ConnectorInfo) -> Vec<&'static str> {
    let secret = info.fields.iter().filter(|f| f.kind == SettingKind::Secret);
    secret.map(|field| field.key).collect()
}

/// Settings that the marketplace has, each with a value that it can have. An empty one is kept
/// as it is: whoever asked wants it gone.
pub(crate) fn check_settings(
    info: &'static ConnectorInfo,
    endpoint: &Endpoint,
    given: Settings,
) -> Result<Settings> {
    for (key, value) in &given {
        let refused = |why| ApiError::invalid(why).param("setting", key);
        if key == SPEED {
            if !endpoint.is_loopback() {
                return Err(refused(Why::SettingLoopbackOnly));
            }
            continue;
        }
        let Some(field) = info.field(key) else {
            let known = info.fields.iter().filter(|f| f.kind != SettingKind::Secret);
            let known: Vec<&str> = known.map(|field| field.key).collect();
            return Err(refused(Why::SettingUnknown)
                .param("marketplace", info.title)
                .param("known", known.join(", ")));
        };
        match field.kind {
            SettingKind::Secret => return Err(refused(Why::SettingIsSecret)),
            SettingKind::Choice(choices)
                if !value.is_empty() && !choices.contains(&value.as_str()) =>
            {
                return Err(refused(Why::SettingChoice)
                    .param("value", value)
                    .param("allowed", choices.join(", ")));
            }
            SettingKind::Choice(_) | SettingKind::Text | SettingKind::Default => {}
        }
    }
    Ok(given)
}

pub(crate) fn check_secrets(
    info: &'static ConnectorInfo,
    secrets: &BTreeMap<String, Secret>,
) -> Result<()> {
    for (key, secret) in secrets {
        let refused = |why| ApiError::invalid(why).param("setting", key);
        match info.field(key) {
            Some(field) if field.kind == SettingKind::Secret && secret.is_empty() => {
                return Err(refused(Why::SettingsMissing)
                    .param("settings", field.label)
                    .param("marketplace", info.title));
            }
            Some(field) if field.kind == SettingKind::Secret => {}
            Some(_) => return Err(refused(Why::SettingNotSecret)),
            None => {
                return Err(refused(Why::SettingUnknown)
                    .param("marketplace", info.title)
                    .param("known", secret_keys(info).join(", ")));
            }
        }
    }
    Ok(())
}

pub(crate) fn fill_defaults(info: &'static ConnectorInfo, settings: &mut Settings) {
    settings.retain(|_, value| !value.is_empty());
    for field in info.fields {
        if let Some(default) = field.default {
            settings
                .entry(field.key.to_owned())
                .or_insert_with(|| default.to_owned());
        }
    }
}

pub(crate) fn check_required(
    info: &'static ConnectorInfo,
    settings: &Settings,
    has_secret: impl Fn(&str) -> bool,
) -> Result<()> {
    let missing = info.fields.iter().filter(|field| {
        let there = match field.kind {
            SettingKind::Secret => has_secret(field.key),
            _ => settings.contains_key(field.key),
        };
        field.required && !there
    });
    let missing: Vec<String> = missing
        .map(|field| format!("{} ({})", field.label, field.key))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid(Why::SettingsMissing)
        .param("settings", missing.join(", "))
        .param("marketplace", info.title))
}

pub(crate) fn split_rules(given: Settings) -> (Settings, Settings) {
    given
        .into_iter()
        .partition(|(key, _)| !key.starts_with(RULES))
}

/// The rules with some of them set anew; none where nothing is.
pub(crate) fn changed_rules(kept: &str, given: Settings) -> Result<Option<String>> {
    if given.is_empty() {
        return Ok(None);
    }
    let invalid =
        |reason: &dyn fmt::Display| ApiError::invalid(Why::RulesInvalid).param("reason", reason);
    let mut rules: Value = serde_json::from_str(kept).map_err(|error| invalid(&error))?;
    for (key, text) in given {
        let path: Vec<&str> = key.trim_start_matches(RULES).split('.').collect();
        // Decimals are texts in rules, so that they stay exact; counts are numbers.
        let values = [
            Some(Value::from(text.as_str())),
            text.parse::<i64>().ok().map(Value::from),
        ];
        let mut reason = key.clone();
        let mut found = None;
        for value in values.into_iter().flatten() {
            let mut changed = rules.clone();
            if set_path(&mut changed, &path, &value).is_none() {
                break;
            }
            match Rules::read(&changed.to_string()) {
                Ok(_) => {
                    found = Some(changed);
                    break;
                }
                Err(error) => reason = format!("{key}: {error}"),
            }
        }
        rules = found.ok_or_else(|| invalid(&reason))?;
    }
    Ok(Some(rules.to_string()))
}

/// Sets the value under a path; an empty text takes it away.
fn set_path(at: &mut Value, path: &[&str], value: &Value) -> Option<()> {
    let (first, rest) = path.split_first()?;
    if first.is_empty() {
        return None;
    }
    if at.is_null() {
        *at = Value::Object(Map::new());
    }
    let object = at.as_object_mut()?;
    if !rest.is_empty() {
        let slot = object.entry((*first).to_owned()).or_insert(Value::Null);
        return set_path(slot, rest, value);
    }
    if value.as_str() == Some("") {
        object.shift_remove(*first);
    } else {
        object.insert((*first).to_owned(), value.clone());
    }
    Some(())
}
