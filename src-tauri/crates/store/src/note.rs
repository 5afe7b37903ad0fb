//! Notes of adapters: what must be known again after a restart and no marketplace tells.

use barrow_model::AccountId;
use chrono::TimeDelta;
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::sql::instant;
use crate::store::{Reader, Writer};

/// Notes that were not written for so long are forgotten.
const KEPT_FOR: TimeDelta = TimeDelta::days(180);

/// Which note.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoteKey {
    /// The account whose adapter keeps it.
    pub account_id: AccountId,
    /// Scheme, host and port, or the word for them.
    pub endpoint: String,
    /// The adapter's name for it; nothing of a buyer.
    pub name: String,
}

impl Reader<'_> {
    /// A note; none where nothing was noted.
    pub fn note(&self, key: &NoteKey) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT note FROM notes WHERE account_id = ?1 AND endpoint = ?2 AND name = ?3",
        )?;
        let note = statement.query_row((key.account_id.0, &key.endpoint, &key.name), |row| {
            row.get(0)
        });
        Ok(note.optional()?)
    }
}

impl Writer<'_> {
    /// Keeps a note in place of the one of that name, and forgets those of half a year ago; use
    /// [`crate::Store::write_durably`].
    ///
    /// # Errors
    /// Also where the account is not there any more.
    pub fn keep_note(&mut self, key: &NoteKey, note: &str) -> Result<(), StoreError> {
        let now = self.now();
        let db = self.connection();
        db.prepare_cached("DELETE FROM notes WHERE kept_at < ?1")?
            .execute([instant(now - KEPT_FOR)])?;
        db.prepare_cached(
            "INSERT OR REPLACE INTO notes (account_id, endpoint, name, note, kept_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            key.account_id.0,
            &key.endpoint,
            &key.name,
            note,
            instant(now),
        ))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{AccountId, Endpoint, Marketplace, Settings};

    use super::NoteKey;
    use crate::account::NewAccount;
    use crate::store::tests::memory;

    #[test]
    fn a_note_is_kept_in_place_of_the_one_before_and_goes_with_its_account() {
        let store = memory();
        let new = NewAccount {
            name: "shop".to_owned(),
            marketplace: Marketplace("ebay".to_owned()),
            endpoint: Endpoint::Sandbox,
            settings: Settings::new(),
        };
        let id = store.write(|tx| tx.add_account(&new)).unwrap();
        let key = |name: &str, endpoint: &str| NoteKey {
            account_id: id,
            endpoint: endpoint.to_owned(),
            name: name.to_owned(),
        };
        let keep = |key: &NoteKey, note: &str| store.write(|tx| tx.keep_note(key, note));
        let found = |key: &NoteKey| store.read(|db| db.note(key)).unwrap();
        keep(&key("a", "sandbox"), "1").unwrap();
        keep(&key("a", "sandbox"), "2").unwrap();
        keep(&key("a", "production"), "3").unwrap();
        assert_eq!(found(&key("a", "sandbox")).as_deref(), Some("2"));
        assert_eq!(found(&key("a", "production")).as_deref(), Some("3"));
        assert_eq!(found(&key("b", "sandbox")), None);
        let nobodys = NoteKey {
            account_id: AccountId(99),
            ..key("a", "sandbox")
        };
        assert!(keep(&nobodys, "4").is_err(), "it must not be taken as kept");
        store.write(|tx| tx.remove_account(id)).unwrap();
        assert_eq!(found(&key("a", "sandbox")), None);
    }
}
