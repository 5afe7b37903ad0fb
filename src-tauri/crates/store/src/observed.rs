//! What was seen of listings on marketplaces, and what follows from it.

use barrow_model::{
    AccountId, Gtin, Listing, ListingId, Money, Observed, ObservedState, Site, SkuId,
};
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::listing::{COLUMNS, listing_row};
use crate::sql::{code, instant, json, money};
use crate::store::{Reader, Writer};

impl Reader<'_> {
    /// The listing on (account, site, channel SKU).
    pub fn listing_at(
        &self,
        account: AccountId,
        site: &Site,
        channel_sku: &str,
    ) -> Result<Option<ListingId>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT id FROM listings WHERE account_id = ?1 AND site = ?2 AND channel_sku = ?3",
        )?;
        Ok(statement
            .query_row((account.0, &site.0, channel_sku), |row| {
                row.get(0).map(ListingId)
            })
            .optional()?)
    }

    /// The variant or kit of a barcode number; none where several have it.
    pub fn sku_id_of_gtin(&self, gtin: Gtin) -> Result<Option<SkuId>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT min(id) FROM skus WHERE gtin = ?1 GROUP BY gtin HAVING count(*) = 1",
        )?;
        Ok(statement
            .query_row([gtin.as_gtin14()], |row| row.get(0).map(SkuId))
            .optional()?)
    }

    /// The title of the product that a variant or kit is of.
    pub fn title_of_sku(&self, id: SkuId) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT p.title FROM skus s JOIN products p ON p.id = s.product_id WHERE s.id = ?1",
        )?;
        Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
    }

    /// The title of the product that a listing is of.
    pub fn title_of_listing(&self, id: ListingId) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT p.title FROM listings l JOIN skus s ON s.id = l.sku_id
             JOIN products p ON p.id = s.product_id WHERE l.id = ?1",
        )?;
        Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
    }

    /// Whether no other listing of its family that is taken to be there came before a listing.
    pub fn is_first_of_family(&self, id: ListingId) -> Result<bool, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM listings l JOIN listings mate
               ON mate.family_id = l.family_id AND mate.id < l.id
             WHERE l.id = ?1 AND mate.acknowledged_content IS NOT NULL)",
        )?;
        Ok(statement.query_row([id.0], |row| row.get(0))?)
    }

    /// Listings of an account on a site that are taken to be there and were not seen since.
    pub fn listings_unseen_since(
        &self,
        account_id: AccountId,
        site: &Site,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Listing>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM listings l WHERE l.account_id = ?1 AND l.site = ?2
               AND l.acknowledged_content IS NOT NULL AND ifnull(l.observed_at, 0) < ?3
             ORDER BY l.id LIMIT ?4"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((account_id.0, &site.0, instant(since), limit))?;
        let mut unseen = Vec::new();
        while let Some(row) = rows.next()? {
            unseen.push(listing_row(row)?.listing);
        }
        Ok(unseen)
    }
}

impl Writer<'_> {
    /// Stores what was seen of a listing.
    pub fn store_observed(
        &mut self,
        id: ListingId,
        observed: &Observed,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (minor, currency) = money(observed.price);
        self.connection()
            .prepare_cached(
                "UPDATE listings SET observed_price_minor = ?2, observed_price_currency = ?3,
                   observed_quantity = ?4, observed_state = ?5, observed_title = ?6,
                   observed_at = ?7, fulfilled_by = ?8 WHERE id = ?1",
            )?
            .execute((
                id.0,
                minor,
                currency,
                observed.quantity,
                code(&observed.state)?,
                &observed.title,
                instant(at),
                code(&observed.fulfilled_by)?,
            ))?;
        let for_sale = matches!(
            observed.state,
            ObservedState::Live | ObservedState::OutOfStock
        );
        if for_sale && observed.problems.is_empty() {
            self.note_for_sale(id, at)?;
        }
        Ok(())
    }

    /// Stores that a listing was seen for sale at a price and a quantity, and nothing else of it.
    pub fn store_listed(
        &mut self,
        id: ListingId,
        (price, quantity): (Money, u32),
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let state = match quantity {
            0 => ObservedState::OutOfStock,
            _ => ObservedState::Live,
        };
        self.connection()
            .prepare_cached(
                "UPDATE listings SET observed_price_minor = ?2, observed_price_currency = ?3,
                   observed_quantity = ?4, observed_state = ?5, observed_at = ?6 WHERE id = ?1",
            )?
            .execute((
                id.0,
                price.minor,
                price.currency.as_str(),
                quantity,
                code(&state)?,
                instant(at),
            ))?;
        Ok(())
    }

    /// Takes it that a price or a quantity was there at an instant which nobody sent, so that what
    /// is wanted is compared with it. A sale from before is part of that quantity already.
    pub fn note_drift(
        &mut self,
        id: ListingId,
        price: Option<Money>,
        quantity: Option<u32>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if let Some(price) = price {
            self.connection()
                .prepare_cached(
                    "UPDATE listings SET acknowledged_price_minor = ?2,
                       acknowledged_price_currency = ?3 WHERE id = ?1",
                )?
                .execute((id.0, price.minor, price.currency.as_str()))?;
        }
        if let Some(quantity) = quantity {
            self.connection()
                .prepare_cached(
                    "UPDATE listings SET expected_quantity = ?2, acknowledged_quantity = ?2,
                       quantity_sent_at = ?3, quantity_answered_at = ?3 WHERE id = ?1",
                )?
                .execute((id.0, quantity, instant(at)))?;
        }
        self.mark_dirty(id)
    }

    /// Compares what buyers read of a listing with what they read when its content was seen first
    /// after it was acknowledged; `print` stands for it. Where somebody else has changed what was
    /// sent it is sent again with the next push. What was found there and never sent may change.
    /// Returns whether it was changed.
    pub fn note_content(&mut self, id: ListingId, print: &str) -> Result<bool, StoreError> {
        let changed = self
            .connection()
            .prepare_cached(
                "UPDATE listings SET content_there = NULL, acknowledged_content = 'unknown'
                 WHERE id = ?1 AND content_is_sent AND acknowledged_content <> 'unknown'
                   AND content_there_of = acknowledged_content AND content_there <> ?2",
            )?
            .execute((id.0, print))?;
        if changed > 0 {
            self.mark_dirty(id)?;
            return Ok(true);
        }
        self.connection()
            .prepare_cached(
                "UPDATE listings SET content_there = ?2, content_there_of = acknowledged_content
                 WHERE id = ?1 AND (content_there IS NOT ?2
                   OR content_there_of IS NOT acknowledged_content)",
            )?
            .execute((id.0, print))?;
        Ok(false)
    }

    /// Takes it that a listing has ended there by itself. One that is wanted is published again.
    pub fn note_gone(&mut self, id: ListingId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE listings SET state = CASE state WHEN 'ending' THEN 'ended'
                   WHEN 'live' THEN 'new' ELSE state END,
                   acknowledged_price_minor = NULL, acknowledged_price_currency = NULL,
                   acknowledged_quantity = NULL, acknowledged_content = NULL,
                   expected_quantity = NULL WHERE id = ?1",
            )?
            .execute([id.0])?;
        self.mark_dirty(id)
    }

    /// Takes a listing as it was found: its values are acknowledged and not sent back.
    pub fn store_adopted(
        &mut self,
        id: ListingId,
        observed: &Observed,
        content: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (minor, currency) = money(observed.price);
        self.connection()
            .prepare_cached(
                "UPDATE listings SET state = 'live', binding = ?2, acknowledged_price_minor = ?3,
                   acknowledged_price_currency = ?4, acknowledged_quantity = ?5,
                   expected_quantity = ?5, acknowledged_content = ?6, quantity_sent_at = ?7,
                   quantity_answered_at = ?7, content_is_sent = 0 WHERE id = ?1",
            )?
            .execute((
                id.0,
                json(&observed.binding)?,
                minor,
                currency,
                observed.quantity,
                content,
                instant(at),
            ))?;
        self.store_observed(id, observed, at)
    }
}
