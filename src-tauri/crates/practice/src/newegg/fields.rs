//! Reads the fields of one row and collects what is wrong with them.

use serde_json::Value;

use super::call::text;
use super::money::{self, PRICE_MAX};

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) field: &'static str,
    pub(super) reason: String,
}

impl Wrong {
    pub(super) fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self {
            field,
            reason: reason.into(),
        }
    }

    /// As reports say it (newegg.md §5): the field, a dash, the reason.
    pub(super) fn line(&self) -> String {
        format!("{} - {}", self.field, self.reason)
    }
}

/// The most units that are taken (newegg.md §5.1).
pub(super) const UNITS_MAX: u32 = 999_999;

pub(super) struct Fields<'a> {
    row: &'a Value,
    pub(super) wrong: Vec<Wrong>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(row: &'a Value) -> Self {
        Self {
            row,
            wrong: Vec::new(),
        }
    }

    pub(super) fn fail(&mut self, field: &'static str, reason: impl Into<String>) {
        self.wrong.push(Wrong::new(field, reason));
    }

    /// Refuses fields that a row does not have.
    pub(super) fn only(&mut self, known: &[&str]) {
        let fields = self.row.as_object().into_iter().flatten();
        let unknown = fields
            .map(|(name, _)| name)
            .find(|name| !known.contains(&name.as_str()));
        if let Some(name) = unknown {
            self.fail(
                "Item",
                format!("The field {name} is not part of this feed."),
            );
        }
    }

    /// Returns text; none where it is missing or empty.
    pub(super) fn text(&mut self, name: &'static str, letters_max: usize) -> Option<String> {
        let found = text(self.row, name)?;
        if found.chars().count() > letters_max {
            self.fail(name, format!("At most {letters_max} letters are allowed."));
            return None;
        }
        Some(found)
    }

    pub(super) fn needed(&mut self, name: &'static str, letters_max: usize) -> String {
        if text(self.row, name).is_none() {
            self.fail(name, "The field is required.");
        }
        self.text(name, letters_max).unwrap_or_default()
    }

    /// Returns cents. Amounts are text of at most two decimals (newegg.md §4.2).
    pub(super) fn money(&mut self, name: &'static str, cents_min: i64) -> Option<i64> {
        let written = match self.row.get(name) {
            None | Some(Value::Null) => return None,
            Some(Value::String(text)) if text.is_empty() => return None,
            Some(Value::String(text)) => money::cents(text),
            Some(_) => None,
        };
        let Some(cents) = written else {
            self.fail(name, "Must be text of digits with at most 2 decimals.");
            return None;
        };
        if !(cents_min..=PRICE_MAX).contains(&cents) {
            let (low, high) = (money::text(cents_min), money::text(PRICE_MAX));
            self.fail(name, format!("Must be from {low} to {high}."));
            return None;
        }
        Some(cents)
    }

    pub(super) fn count(&mut self, name: &'static str, low: u32, high: u32) -> Option<u32> {
        let written = text(self.row, name)?;
        let number = written
            .parse()
            .ok()
            .filter(|number| (low..=high).contains(number));
        if number.is_none() {
            self.fail(
                name,
                format!("Must be a whole number from {low} to {high}."),
            );
        }
        number
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let written = text(self.row, name)?;
        let chosen = choices.iter().find(|(word, _)| *word == written);
        if chosen.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.fail(name, format!("Must be one of {}.", words.join(", ")));
        }
        chosen.map(|(_, value)| *value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        text(self.row, name).is_some()
    }
}
