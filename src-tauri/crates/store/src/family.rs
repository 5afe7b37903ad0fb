//! Families: the variants that a marketplace shows as one.

use barrow_model::{AccountId, FamilyId, ListingId, Site};

use crate::error::StoreError;
use crate::store::Writer;

/// A family to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFamily {
    /// The account.
    pub account_id: AccountId,
    /// The country site.
    pub site: Site,
    /// Its key on the marketplace, stable, unique there.
    pub key: String,
    /// Its title.
    pub title: String,
}

impl Writer<'_> {
    /// Adds a family, or gives the one of the key a new title.
    pub fn put_family(&mut self, family: &NewFamily) -> Result<FamilyId, StoreError> {
        let id = self
            .connection()
            .prepare_cached(
                "INSERT INTO families (account_id, site, key, title) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET title = excluded.title RETURNING id",
            )?
            .query_row(
                (
                    family.account_id.0,
                    &family.site.0,
                    &family.key,
                    &family.title,
                ),
                |row| row.get(0),
            )?;
        Ok(FamilyId(id))
    }

    /// Shows a listing in a family of its own account and site, or by itself.
    pub fn set_family(
        &mut self,
        listing: ListingId,
        family: Option<FamilyId>,
    ) -> Result<(), StoreError> {
        let moved = self
            .connection()
            .prepare_cached(
                "UPDATE listings SET family_id = ?2, revision = revision + 1
                 WHERE id = ?1 AND (?2 IS NULL OR EXISTS (SELECT 1 FROM families f
                   WHERE f.id = ?2 AND f.account_id = listings.account_id
                     AND f.site = listings.site))",
            )?
            .execute((listing.0, family.map(|id| id.0)))?;
        if moved == 0 {
            return Err(StoreError::not_found(
                "listing of that account and site",
                listing,
            ));
        }
        Ok(())
    }
}
