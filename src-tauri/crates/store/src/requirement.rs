//! What marketplaces answered about categories, so that they are not asked again for every listing.

use barrow_model::{CategoryId, Currency, Endpoint, Marketplace, Site};
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;
use rust_decimal::Decimal;

use crate::error::StoreError;
use crate::sql::{instant, to_decimal, to_instant};
use crate::store::{Reader, Writer};

/// Whose advice it is: sandboxes and practice marketplaces have categories of their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AdviceOf {
    /// The marketplace.
    pub marketplace: Marketplace,
    /// Its world.
    pub endpoint: Endpoint,
    /// The country site.
    pub site: Site,
}

/// A day's exchange rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyRate {
    /// One unit of this
    pub base: Currency,
    /// in units of this:
    pub quote: Currency,
    /// so many.
    pub rate: Decimal,
    /// From when.
    pub at: DateTime<Utc>,
}

impl Reader<'_> {
    /// The category that was advised for a query, fetched at or after an instant. `Some(None)`
    /// where there was no advice.
    pub fn category_advice(
        &self,
        of: &AdviceOf,
        query: &str,
        since: DateTime<Utc>,
    ) -> Result<Option<Option<CategoryId>>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT category FROM category_advice WHERE marketplace = ?1 AND endpoint = ?2
               AND site = ?3 AND query = ?4 AND fetched_at >= ?5",
        )?;
        let found: Option<Option<String>> = statement
            .query_row(
                (
                    &of.marketplace.0,
                    of.endpoint.to_string(),
                    &of.site.0,
                    query,
                    instant(since),
                ),
                |row| row.get(0),
            )
            .optional()?;
        Ok(found.map(|category| category.map(CategoryId)))
    }

    /// What a category demands, as JSON, fetched at or after an instant.
    pub fn category_rules(
        &self,
        of: &AdviceOf,
        category: &CategoryId,
        since: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT rules FROM category_rules WHERE marketplace = ?1 AND endpoint = ?2
               AND site = ?3 AND category = ?4 AND fetched_at >= ?5",
        )?;
        Ok(statement
            .query_row(
                (
                    &of.marketplace.0,
                    of.endpoint.to_string(),
                    &of.site.0,
                    &category.0,
                    instant(since),
                ),
                |row| row.get(0),
            )
            .optional()?)
    }

    /// The latest rate between two currencies as of an instant.
    pub fn currency_rate(
        &self,
        base: Currency,
        quote: Currency,
        now: DateTime<Utc>,
    ) -> Result<Option<CurrencyRate>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT rate, at FROM currency_rates WHERE base = ?1 AND quote = ?2 AND at <= ?3
             ORDER BY at DESC LIMIT 1",
        )?;
        let found: Option<(String, i64)> = statement
            .query_row((base.as_str(), quote.as_str(), instant(now)), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        found
            .map(|(rate, at)| {
                Ok(CurrencyRate {
                    base,
                    quote,
                    rate: to_decimal(&rate)?,
                    at: to_instant(at)?,
                })
            })
            .transpose()
    }
}

impl Writer<'_> {
    /// Keeps a marketplace's advice.
    pub fn store_category_advice(
        &mut self,
        of: &AdviceOf,
        query: &str,
        category: Option<&CategoryId>,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT OR REPLACE INTO category_advice VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((
                &of.marketplace.0,
                of.endpoint.to_string(),
                &of.site.0,
                query,
                category.map(|category| &category.0),
                instant(self.now()),
            ))?;
        Ok(())
    }

    /// Keeps what a category demands, as JSON.
    pub fn store_category_rules(
        &mut self,
        of: &AdviceOf,
        category: &CategoryId,
        rules: &str,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT OR REPLACE INTO category_rules VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((
                &of.marketplace.0,
                of.endpoint.to_string(),
                &of.site.0,
                &category.0,
                rules,
                instant(self.now()),
            ))?;
        Ok(())
    }

    /// Keeps an exchange rate. Every listing is planned again, for any price may hang on it.
    pub fn store_currency_rate(&mut self, rate: &CurrencyRate) -> Result<(), StoreError> {
        if rate.rate <= Decimal::ZERO {
            return Err(StoreError::invalid("rate", "a rate is greater than zero"));
        }
        self.connection()
            .prepare_cached("INSERT OR REPLACE INTO currency_rates VALUES (?1, ?2, ?3, ?4)")?
            .execute((
                rate.base.as_str(),
                rate.quote.as_str(),
                rate.rate.to_string(),
                instant(rate.at),
            ))?;
        self.connection().execute(
            "INSERT INTO listing_dirty SELECT id FROM listings WHERE true ON CONFLICT DO NOTHING",
            [],
        )?;
        Ok(())
    }
}
