//! Where the seller's own pictures were put at marketplaces, by their content.

use barrow_model::AccountId;
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::sql::{instant, to_instant};
use crate::store::{Reader, Writer};

/// Which picture, and at which marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PictureKey {
    /// The account under which it was put there.
    pub account_id: AccountId,
    /// Scheme, host and port, or the word for them.
    pub endpoint: String,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub digest: String,
}

/// Where a picture was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicturePlace {
    /// The marketplace's address of it.
    pub address: String,
    /// Until when it is there without being shown; none where nothing is said.
    pub until: Option<DateTime<Utc>>,
}

impl Reader<'_> {
    /// Where a picture was put; none where that is not known.
    pub fn picture_place(&self, key: &PictureKey) -> Result<Option<PicturePlace>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT address, until FROM hosted_pictures
             WHERE account_id = ?1 AND endpoint = ?2 AND digest = ?3",
        )?;
        let found: Option<(String, Option<i64>)> = statement
            .query_row((key.account_id.0, &key.endpoint, &key.digest), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let place = found.map(|(address, until)| {
            let until = until.map(to_instant).transpose()?;
            Ok(PicturePlace { address, until })
        });
        place.transpose()
    }
}

impl Writer<'_> {
    /// Keeps where a picture was put, in place of what was known of it, and forgets those that are
    /// not there any more. An account that was removed meanwhile keeps none.
    pub fn keep_picture_place(
        &mut self,
        key: &PictureKey,
        place: &PicturePlace,
    ) -> Result<(), StoreError> {
        let now = instant(self.now());
        let db = self.connection();
        db.prepare_cached("DELETE FROM hosted_pictures WHERE until < ?1")?
            .execute([now])?;
        db.prepare_cached(
            "INSERT OR REPLACE INTO hosted_pictures (account_id, endpoint, digest, address, until)
             SELECT id, ?2, ?3, ?4, ?5 FROM accounts WHERE id = ?1",
        )?
        .execute((
            key.account_id.0,
            &key.endpoint,
            &key.digest,
            &place.address,
            place.until.map(instant),
        ))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{AccountId, Endpoint, Marketplace, Settings};
    use chrono::TimeDelta;

    use super::{PictureKey, PicturePlace};
    use crate::account::NewAccount;
    use crate::store::tests::memory;

    #[test]
    fn a_place_is_kept_until_it_is_over_and_goes_with_its_account() {
        let store = memory();
        let new = NewAccount {
            name: "shop".to_owned(),
            marketplace: Marketplace("ebay".to_owned()),
            endpoint: Endpoint::Sandbox,
            settings: Settings::new(),
        };
        let id = store.write(|tx| tx.add_account(&new)).unwrap();
        let key = |digest: &str, account_id: AccountId| PictureKey {
            account_id,
            endpoint: "sandbox".to_owned(),
            digest: digest.to_owned(),
        };
        let now = store.write(|tx| Ok(tx.now())).unwrap();
        let place = |address: &str, hours: i64| PicturePlace {
            address: address.to_owned(),
            until: Some(now + TimeDelta::hours(hours)),
        };
        let keep = |key: &PictureKey, place: &PicturePlace| {
            store.write(|tx| tx.keep_picture_place(key, place)).unwrap();
        };
        let found = |key: &PictureKey| store.read(|db| db.picture_place(key)).unwrap();
        keep(&key("a", id), &place("https://a.example/1", 1));
        keep(&key("a", id), &place("https://a.example/2", 1));
        let known = found(&key("a", id)).unwrap();
        assert_eq!(known, place("https://a.example/2", 1));
        keep(&key("b", id), &place("https://b.example", -1));
        assert_eq!(found(&key("b", id)).unwrap().address, "https://b.example");
        keep(&key("c", AccountId(99)), &place("https://c.example", 1));
        assert_eq!(found(&key("c", AccountId(99))), None, "nobody's");
        keep(&key("d", id), &place("https://d.example", 1));
        assert_eq!(found(&key("b", id)), None, "what is over goes");
        store.write(|tx| tx.remove_account(id)).unwrap();
        assert_eq!(found(&key("a", id)), None);
    }
}
