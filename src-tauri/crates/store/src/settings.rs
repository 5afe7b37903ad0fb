//! What the seller chose for the window.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::store::{Reader, Writer};

/// Settings that are kept at most, and bytes of one.
const SETTINGS_MAX: i64 = 1_000;
const VALUE_BYTES_MAX: usize = 64 * 1024;
const NAME_BYTES_MAX: usize = 100;

impl Reader<'_> {
    /// All settings, as JSON by name.
    pub fn settings(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT name, value FROM settings")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer<'_> {
    /// Keeps a setting in place of an earlier value; none takes it away.
    pub fn keep_setting(&mut self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let Some(value) = value else {
            self.connection()
                .execute("DELETE FROM settings WHERE name = ?1", [name])?;
            return Ok(());
        };
        if name.is_empty() || name.len() > NAME_BYTES_MAX || value.len() > VALUE_BYTES_MAX {
            return Err(StoreError::invalid("setting", "it is too long"));
        }
        self.connection().execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )?;
        let kept: i64 =
            self.connection()
                .query_row("SELECT count(*) FROM settings", [], |row| row.get(0))?;
        if kept > SETTINGS_MAX {
            return Err(StoreError::invalid("setting", "there are too many"));
        }
        Ok(())
    }
}
