//! Mappings of suppliers' files, kept under a name.

use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::sql::{instant, json, to_json};
use crate::store::{Reader, Writer};

/// Longest name of a profile, in characters.
const NAME_CHARS_MAX: usize = 100;

/// What a supplier's columns hold, and what blank cells are taken for; in the words of `intake`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappingProfile {
    /// Pairs of a column's header and what it is taken for.
    pub columns: Vec<(String, String)>,
    /// Pairs of a field and the value of its blank cells.
    pub defaults: Vec<(String, String)>,
    /// Pairs of a part of the file's form and what was said of it: `encoding` and `big5`.
    pub form: Vec<(String, String)>,
}

/// Profiles that are listed at most.
const PROFILES_MAX: i64 = 1_000;

impl Reader<'_> {
    /// All mappings with their names, the last one that was kept first.
    pub fn mapping_profiles(&self) -> Result<Vec<(String, MappingProfile)>, StoreError> {
        let sql = "SELECT name, columns, defaults, form FROM mapping_profiles
            ORDER BY updated_at DESC, name LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([PROFILES_MAX])?;
        let mut profiles = Vec::new();
        while let Some(row) = rows.next()? {
            let profile = MappingProfile {
                columns: to_json(&row.get::<_, String>(1)?)?,
                defaults: to_json(&row.get::<_, String>(2)?)?,
                form: to_json(&row.get::<_, String>(3)?)?,
            };
            profiles.push((row.get(0)?, profile));
        }
        Ok(profiles)
    }

    /// The mapping under a name, whatever the case of its letters; none where there is none.
    pub fn mapping_profile(&self, name: &str) -> Result<Option<MappingProfile>, StoreError> {
        let sql = "SELECT columns, defaults, form FROM mapping_profiles WHERE name = ?1";
        let found: Option<[String; 3]> = self
            .connection()
            .prepare_cached(sql)?
            .query_row([name.trim()], |row| {
                Ok([row.get(0)?, row.get(1)?, row.get(2)?])
            })
            .optional()?;
        found
            .map(|[columns, defaults, form]| {
                Ok(MappingProfile {
                    columns: to_json(&columns)?,
                    defaults: to_json(&defaults)?,
                    form: to_json(&form)?,
                })
            })
            .transpose()
    }
}

impl Writer<'_> {
    /// Keeps a mapping under a name, in place of an earlier one.
    pub fn keep_mapping_profile(
        &mut self,
        name: &str,
        profile: &MappingProfile,
    ) -> Result<(), StoreError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(StoreError::invalid(
                "profile",
                "a name of 1 to 100 characters is needed",
            ));
        }
        let sql = "INSERT INTO mapping_profiles (name, columns, defaults, form, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (name) DO UPDATE SET columns = excluded.columns,
              defaults = excluded.defaults, form = excluded.form,
              updated_at = excluded.updated_at";
        let values = (
            name,
            json(&profile.columns)?,
            json(&profile.defaults)?,
            json(&profile.form)?,
            instant(self.now()),
        );
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::MappingProfile;
    use crate::store::tests::memory;

    #[test]
    fn a_mapping_is_kept_under_a_name_of_any_case() {
        let store = memory();
        let profile = MappingProfile {
            columns: vec![("Item no.".into(), "sku".into())],
            defaults: vec![("quantity".into(), "5".into())],
            form: vec![("encoding".into(), "big5".into())],
        };
        store
            .write(|tx| tx.keep_mapping_profile(" Acme ", &profile))
            .expect("kept");
        let found = store.read(|db| db.mapping_profile("ACME")).expect("read");
        assert_eq!(found, Some(profile));
        assert_eq!(
            store.read(|db| db.mapping_profile("other")).expect("read"),
            None
        );
        let empty = MappingProfile::default();
        assert!(
            store
                .write(|tx| tx.keep_mapping_profile("  ", &empty))
                .is_err()
        );
    }
}
