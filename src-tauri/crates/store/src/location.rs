//! Places where stock lies. One of them is the default, made with the catalogue.

use barrow_model::LocationId;
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::store::{Reader, Writer};

/// Locations at most; they are shown in one list.
const LOCATIONS_MAX: usize = 1_000;

/// A place where stock lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its row.
    pub id: LocationId,
    /// Its name, unique whatever the case of its letters.
    pub name: String,
    /// Whether counts without a location mean it.
    pub is_default: bool,
}

impl Reader<'_> {
    /// All locations, the default one first.
    pub fn locations(&self) -> Result<Vec<Location>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT id, name, is_default FROM locations ORDER BY is_default DESC, name LIMIT ?1",
        )?;
        let rows = query.query_map([LOCATIONS_MAX as i64], |row| {
            Ok(Location {
                id: LocationId(row.get(0)?),
                name: row.get(1)?,
                is_default: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The location that counts without one mean.
    pub fn default_location(&self) -> Result<LocationId, StoreError> {
        let sql = "SELECT id FROM locations WHERE is_default = 1";
        let id = self
            .connection()
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        Ok(LocationId(id))
    }

    /// A location by its name.
    pub fn location(&self, name: &str) -> Result<LocationId, StoreError> {
        self.connection()
            .prepare_cached("SELECT id FROM locations WHERE name = ?1")?
            .query_row([name.trim()], |row| row.get(0).map(LocationId))
            .optional()?
            .ok_or_else(|| StoreError::not_found("location", name))
    }
}

impl Writer<'_> {
    /// Adds a location.
    pub fn add_location(&mut self, name: &str) -> Result<LocationId, StoreError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(StoreError::invalid("location", "it needs a name"));
        }
        if self.location(name).is_ok() {
            return Err(StoreError::Duplicate {
                field: "location".to_owned(),
                value: name.to_owned(),
            });
        }
        if self.locations()?.len() >= LOCATIONS_MAX {
            return Err(StoreError::invalid("location", "there are too many"));
        }
        self.connection().execute(
            "INSERT INTO locations (name, is_default) VALUES (?1, 0)",
            [name],
        )?;
        Ok(LocationId(self.connection().last_insert_rowid()))
    }
}

#[cfg(test)]
mod tests {
    use crate::error::StoreError;
    use crate::store::tests::memory;

    #[test]
    fn a_catalogue_has_a_default_location_and_names_are_unique() {
        let store = memory();
        let garage = store.write(|tx| tx.add_location(" Garage ")).expect("adds");
        store
            .read(|db| {
                let all = db.locations()?;
                assert_eq!(all.len(), 2);
                assert_eq!(all[0].id, db.default_location()?);
                assert_eq!(db.location("garage")?, garage);
                Ok(())
            })
            .expect("reads");
        let again = store.write(|tx| tx.add_location("GARAGE"));
        assert!(matches!(again, Err(StoreError::Duplicate { .. })));
        let nameless = store.write(|tx| tx.add_location(" "));
        assert!(matches!(nameless, Err(StoreError::Invalid { .. })));
    }
}
