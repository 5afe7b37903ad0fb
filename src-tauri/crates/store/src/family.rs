//! Families: the variants that a marketplace shows as one.
//!
//! The variants of a product that are listed on an account's site together are of one family there,
//! unless the seller wants each alone. A listing enters or leaves a family only while it is not
//! there: what is for sale is never taken off sale to be shown otherwise.

use std::collections::BTreeMap;

use barrow_model::{AccountId, ActionKind, FamilyId, ListingId, Site, SkuId};
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::sql::{instant, json, to_json};
use crate::store::{Reader, Writer};

/// Longest key of a family: the shortest that a marketplace with families takes (ebay.md §6.1).
const KEY_CHARS_MAX: usize = 50;
/// Digits of a hash that make a key unique that is not the product's own handle.
const KEY_HASH_CHARS: usize = 10;

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

/// A family as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyFacts {
    /// Its key on the marketplace.
    pub key: String,
    /// The product's title.
    pub title: String,
    /// How many listings it has that have not ended.
    pub members: u64,
}

/// The listings of one product on an account's site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductPlace {
    /// The family of those that have one.
    pub family_id: Option<FamilyId>,
    /// All of them.
    pub listings: Vec<ListingId>,
    /// Under which SKU one is for sale, or on its way.
    pub there: Option<String>,
}

impl Reader<'_> {
    /// What people are told of a family.
    pub fn family_facts(&self, id: FamilyId) -> Result<FamilyFacts, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT f.key, ifnull((SELECT p.title FROM listings l JOIN skus s ON s.id = l.sku_id
                 JOIN products p ON p.id = s.product_id WHERE l.family_id = f.id LIMIT 1), f.title),
               (SELECT count(*) FROM listings l WHERE l.family_id = f.id AND l.state <> 'ended')
             FROM families f WHERE f.id = ?1",
        )?;
        let facts = statement.query_row([id.0], |row| {
            let members: i64 = row.get(2)?;
            Ok(FamilyFacts {
                key: row.get(0)?,
                title: row.get(1)?,
                members: members.unsigned_abs(),
            })
        });
        facts
            .optional()?
            .ok_or_else(|| StoreError::not_found("family", id))
    }

    /// The listings of the product of a SKU on an account's site.
    pub fn product_place(
        &self,
        account: AccountId,
        site: &Site,
        sku: SkuId,
    ) -> Result<ProductPlace, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT l.id, l.family_id, l.channel_sku,
               l.acknowledged_content IS NOT NULL OR l.state IN ('publishing', 'ending')
             FROM skus q CROSS JOIN listings l INDEXED BY listings_sku ON l.sku_id = q.id
             WHERE q.product_id = (SELECT product_id FROM skus WHERE id = ?3)
               AND q.kind = 'variant' AND l.account_id = ?1 AND l.site = ?2 ORDER BY l.id",
        )?;
        let mut rows = statement.query((account.0, &site.0, sku.0))?;
        let mut place = ProductPlace::default();
        while let Some(row) = rows.next()? {
            place.listings.push(ListingId(row.get(0)?));
            place.family_id = place
                .family_id
                .or(row.get::<_, Option<i64>>(1)?.map(FamilyId));
            if row.get(3)? && place.there.is_none() {
                place.there = Some(row.get(2)?);
            }
        }
        Ok(place)
    }

    /// Whether a SKU is one of several variants of its product that options tell apart.
    pub fn has_variants(&self, sku: SkuId) -> Result<bool, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT p.option_names <> '[]' AND s.kind = 'variant' AND 1 < (
               SELECT count(*) FROM skus v WHERE v.product_id = p.id AND v.kind = 'variant')
             FROM skus s JOIN products p ON p.id = s.product_id WHERE s.id = ?1",
        )?;
        Ok(statement.query_row([sku.0], |row| row.get(0))?)
    }

    /// The handle of a SKU's product, and the names of its options.
    pub fn product_options(&self, sku: SkuId) -> Result<(String, Vec<String>), StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT p.handle, p.option_names FROM skus s JOIN products p ON p.id = s.product_id
             WHERE s.id = ?1",
        )?;
        let (handle, names): (String, String) =
            statement.query_row([sku.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((handle, to_json(&names)?))
    }

    /// Whether the catalogue has a product of this handle.
    pub fn has_handle(&self, handle: &str) -> Result<bool, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM products WHERE handle = ?1)")?;
        Ok(statement.query_row([handle], |row| row.get(0))?)
    }

    /// The keys of the families of listings; those that stand alone are missing.
    pub fn family_keys(
        &self,
        listings: &[ListingId],
    ) -> Result<BTreeMap<ListingId, String>, StoreError> {
        let ids: Vec<i64> = listings.iter().map(|id| id.0).collect();
        let mut statement = self.connection().prepare_cached(
            "SELECT l.id, f.key FROM json_each(?1) j JOIN listings l ON l.id = j.value
             JOIN families f ON f.id = l.family_id",
        )?;
        let keys = statement.query_map([json(&ids)?], |row| {
            Ok((ListingId(row.get(0)?), row.get(1)?))
        })?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// How many changes of a kind wait for listings of a family.
    pub fn waiting_in_family(
        &self,
        family: FamilyId,
        kind: ActionKind,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT count(*) FROM listings l INDEXED BY listings_family
             CROSS JOIN changes c INDEXED BY changes_unsent ON c.listing_id = l.id
             WHERE l.family_id = ?1 AND c.kind = ?2 AND c.state = 'waiting' AND c.due_at <= ?3
               AND c.state IN ('waiting', 'held')",
        )?;
        let count: i64 =
            statement.query_row((family.0, kind.code(), instant(now)), |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// The newest listing; what is added from now on comes after it.
    pub fn last_listing(&self) -> Result<ListingId, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT ifnull(max(id), 0) FROM listings")?;
        Ok(statement.query_row([], |row| row.get(0).map(ListingId))?)
    }
}

/// A product whose variants were listed just now.
struct Listed {
    product: i64,
    handle: String,
    title: String,
    /// The family of its older listings.
    family: Option<i64>,
    /// Whether it has older listings that stand alone.
    alone: bool,
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

    /// Puts the listings that were added after one into families: variants of products that have
    /// several, told apart by options, at most `members_max`. They join the family that their
    /// product has there; where others of the product stand alone, so do they.
    pub fn form_families(
        &mut self,
        (account, site): (AccountId, &Site),
        after: ListingId,
        members_max: usize,
    ) -> Result<(), StoreError> {
        for listed in self.listed_after((account, site), after, members_max)? {
            let family = match listed.family {
                Some(id) => FamilyId(id),
                None if listed.alone => continue,
                None => self.put_family(&NewFamily {
                    account_id: account,
                    site: site.clone(),
                    key: family_key(&listed.handle),
                    title: listed.title,
                })?,
            };
            self.connection()
                .prepare_cached(
                    "UPDATE listings SET family_id = ?1 WHERE id > ?2 AND account_id = ?3
                       AND site = ?4 AND sku_id IN (
                         SELECT id FROM skus WHERE product_id = ?5 AND kind = 'variant')",
                )?
                .execute((family.0, after.0, account.0, &site.0, listed.product))?;
        }
        Ok(())
    }

    fn listed_after(
        &self,
        (account, site): (AccountId, &Site),
        after: ListingId,
        members_max: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let members_max = i64::try_from(members_max).unwrap_or(i64::MAX);
        let mut statement = self.connection().prepare_cached(
            "SELECT p.id, p.handle, p.title, max(o.family_id),
               ifnull(max(o.id IS NOT NULL AND o.family_id IS NULL AND o.state <> 'ended'), 0)
             FROM listings l CROSS JOIN skus s ON s.id = l.sku_id
             JOIN products p ON p.id = s.product_id
             JOIN skus q ON q.product_id = p.id
             LEFT JOIN listings o INDEXED BY listings_sku ON o.sku_id = q.id
               AND o.account_id = ?1 AND o.site = ?2 AND o.id <= ?3
             WHERE l.id > ?3 AND l.account_id = ?1 AND l.site = ?2 AND s.kind = 'variant'
               AND p.option_names <> '[]'
               AND (SELECT count(*) FROM skus v WHERE v.product_id = p.id AND v.kind = 'variant')
                 BETWEEN 2 AND ?4
             GROUP BY p.id",
        )?;
        let rows = statement.query_map((account.0, &site.0, after.0, members_max), |row| {
            Ok(Listed {
                product: row.get(0)?,
                handle: row.get(1)?,
                title: row.get(2)?,
                family: row.get(3)?,
                alone: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Shows the variants of a SKU's product on an account's site as one listing from the next
    /// push on; returns how many there are. Call it only while none of them is there.
    pub fn list_together(
        &mut self,
        (account, site): (AccountId, &Site),
        sku: SkuId,
    ) -> Result<u64, StoreError> {
        let place = self.product_place(account, site, sku)?;
        let (handle, title): (String, String) = self
            .connection()
            .prepare_cached(
                "SELECT p.handle, p.title FROM skus s JOIN products p ON p.id = s.product_id
                 WHERE s.id = ?1",
            )?
            .query_row([sku.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let family = self.put_family(&NewFamily {
            account_id: account,
            site: site.clone(),
            key: family_key(&handle),
            title,
        })?;
        for id in &place.listings {
            self.set_family(*id, Some(family))?;
            self.retry_listing(*id)?;
        }
        Ok(place.listings.len() as u64)
    }

    /// Lists the variants of a SKU's product on an account's site one by one from the next push
    /// on; returns how many there are. Call it only while none of them is there.
    pub fn list_alone(
        &mut self,
        (account, site): (AccountId, &Site),
        sku: SkuId,
    ) -> Result<u64, StoreError> {
        let place = self.product_place(account, site, sku)?;
        for id in &place.listings {
            self.set_family(*id, None)?;
            self.retry_listing(*id)?;
        }
        Ok(place.listings.len() as u64)
    }

    /// Dissolves a family of which nothing is there: its listings, which are returned, stand alone.
    pub fn dissolve_family(&mut self, family: FamilyId) -> Result<Vec<ListingId>, StoreError> {
        let db = self.connection();
        let there: bool = db
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM listings WHERE family_id = ?1
                   AND (acknowledged_content IS NOT NULL OR state IN ('publishing', 'ending')))",
            )?
            .query_row([family.0], |row| row.get(0))?;
        if there {
            return Ok(Vec::new());
        }
        let mut statement = db.prepare_cached(
            "UPDATE listings SET family_id = NULL WHERE family_id = ?1 RETURNING id",
        )?;
        let freed = statement.query_map([family.0], |row| row.get(0).map(ListingId))?;
        Ok(freed.collect::<Result<_, _>>()?)
    }

    /// Lets all listings of a family be planned again, also those that were refused because of one
    /// another.
    pub(crate) fn mark_family_dirty(&mut self, family: FamilyId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO listing_dirty SELECT id FROM listings WHERE family_id = ?1
                 ON CONFLICT DO NOTHING",
            )?
            .execute([family.0])?;
        self.connection()
            .prepare_cached(
                "UPDATE listings SET refused_price_minor = NULL, refused_quantity = NULL,
                   refused_content = NULL, state = iif(state <> 'refused', state,
                     iif(acknowledged_content IS NULL, 'new', 'live'))
                 WHERE family_id = ?1 AND EXISTS (SELECT 1 FROM problems p
                   WHERE p.listing_id = listings.id AND p.listing_id <> 0
                     AND p.kind GLOB 'family_*')",
            )?
            .execute([family.0])?;
        Ok(())
    }

    /// Hands what changed in the catalogue on to variants that were refused because of the others
    /// of their family: one of these may have been mended.
    pub(crate) fn spread_to_mates(&mut self) -> Result<(), StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT DISTINCT m.family_id FROM problems p
             CROSS JOIN listings m ON m.id = p.listing_id
             WHERE p.kind GLOB 'family_*' AND m.family_id IN (
               SELECT l.family_id FROM catalogue_dirty d
               CROSS JOIN listings l INDEXED BY listings_sku ON l.sku_id = d.sku_id)",
        )?;
        let families = statement.query_map([], |row| row.get(0).map(FamilyId))?;
        let families: Vec<FamilyId> = families.collect::<Result<_, _>>()?;
        drop(statement);
        families
            .into_iter()
            .try_for_each(|family| self.mark_family_dirty(family))
    }

    /// Shows a listing in a family of its own account and site, or by itself. What was told of the
    /// family that it is shown in or not (subject `family`) is settled with it.
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
        self.connection()
            .prepare_cached(
                "DELETE FROM problems
                 WHERE listing_id = ?1 AND listing_id <> 0 AND subject = 'family'",
            )?
            .execute([listing.0])?;
        Ok(())
    }
}

/// The key of a product's family: its handle, which the seller knows it by, where a marketplace can
/// take it; else as much of it as can be taken, with a hash that keeps it unique.
pub fn family_key(handle: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !handle.is_empty() && handle.chars().all(plain) && handle.len() <= KEY_CHARS_MAX {
        return handle.to_owned();
    }
    let taken: String = handle
        .chars()
        .map(|letter| if plain(letter) { letter } else { '-' })
        .take(KEY_CHARS_MAX - KEY_HASH_CHARS - 1)
        .collect();
    let digest = Sha256::digest(handle);
    let hash: String = digest[..KEY_HASH_CHARS / 2]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{taken}-{hash}")
}

#[cfg(test)]
mod tests {
    use super::family_key;

    #[test]
    fn a_key_is_the_handle_where_a_marketplace_takes_it_and_unique_where_not() {
        assert_eq!(family_key("linen-shirt_2"), "linen-shirt_2");
        let long = family_key(&"x".repeat(80));
        assert_eq!(long.len(), 50);
        let (first, second) = (family_key("棉質上衣"), family_key("棉質上着"));
        assert!(first.is_ascii() && first != second, "{first} {second}");
    }
}
