//! Listings: what is offered where, what is wanted of it, and what the marketplace has taken.

use barrow_model::{
    AccountId, Binding, CategoryId, FamilyId, FulfilledBy, Listing, ListingId, ListingState, Money,
    Overrides, Revision, Site, Sku, SkuId,
};
use chrono::{DateTime, Duration, Utc};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};

use crate::error::StoreError;
use crate::sql::{instant, json, money, to_code, to_instant_opt, to_json, to_money, to_sku};
use crate::store::{Reader, Writer};

/// Rows of a page at most.
pub const LISTINGS_PAGE_MAX: usize = 1_000;

/// How far a marketplace's clock is taken to be off. A sale nearer than this to the moment in
/// which a quantity was set may lie before or after it.
const CLOCK_SKEW_SECONDS: i64 = 120;

/// A listing to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewListing {
    /// The login.
    pub account_id: AccountId,
    /// The country site.
    pub site: Site,
    /// The SKU there.
    pub channel_sku: Sku,
    /// What is sold.
    pub sku_id: SkuId,
    /// The marketplace's pool of its quantity; empty for its own.
    pub pool: String,
}

/// Price, quantity and content of a listing as somebody knows them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// Price.
    pub price: Option<Money>,
    /// Units for sale.
    pub quantity: Option<u32>,
    /// Hash of what buyers read.
    pub content: Option<String>,
}

/// What is wanted of a listing and what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// What the catalogue and the rules want.
    pub wanted: Values,
    /// What the marketplace has taken. A content says that the listing is there.
    pub acknowledged: Values,
    /// Units thought to be for sale there now; none where that is not certain.
    pub expected_quantity: Option<u32>,
    /// What was refused, in minor units, units and hash.
    pub refused: Refused,
    /// What was last seen there.
    pub observed: Values,
    /// When it was seen.
    pub observed_at: Option<DateTime<Utc>>,
    /// How it stood there, as [`barrow_model::ObservedState`] is written.
    pub observed_state: Option<barrow_model::ObservedState>,
}

/// What a marketplace refused and what is therefore not sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// A price in minor units.
    pub price_minor: Option<i64>,
    /// A quantity.
    pub quantity: Option<u32>,
    /// Hash of a content.
    pub content: Option<String>,
}

/// A listing with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListingRow {
    /// The listing.
    pub listing: Listing,
    /// The category that the marketplace suggested.
    pub category: Option<CategoryId>,
    /// Who keeps and ships the goods, as far as was seen.
    pub fulfilled_by: FulfilledBy,
    /// What is wanted and known.
    pub standing: Standing,
}

/// What decides on the quantity of a listing that shares one with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolMate {
    /// Where the listing stands.
    pub state: ListingState,
    /// The seller's number for it.
    pub quantity_override: Option<u32>,
}

/// Which listings a page holds.
#[derive(Clone, Debug)]
pub struct ListingQuery {
    /// Of this account only.
    pub account_id: Option<AccountId>,
    /// In this state only.
    pub state: Option<ListingState>,
    /// Of this variant or kit only.
    pub sku_id: Option<SkuId>,
    /// After this one.
    pub after: Option<ListingId>,
    /// Rows, at most [`LISTINGS_PAGE_MAX`].
    pub limit: usize,
}

pub(crate) const COLUMNS: &str = "l.id, l.account_id, l.site, l.channel_sku, l.sku_id, l.pool, \
    l.family_id, l.state, l.overrides, l.binding, l.category, l.wanted_price_minor, \
    l.wanted_price_currency, l.wanted_quantity, l.wanted_content, l.acknowledged_price_minor, \
    l.acknowledged_price_currency, l.acknowledged_quantity, l.acknowledged_content, \
    l.expected_quantity, l.refused_price_minor, l.refused_quantity, l.refused_content, \
    l.observed_price_minor, l.observed_price_currency, l.observed_quantity, l.observed_state, \
    l.observed_at, l.revision, l.fulfilled_by";

/// How many columns [`COLUMNS`] has.
pub(crate) const COLUMN_COUNT: usize = 30;

pub(crate) fn listing_row(row: &Row<'_>) -> Result<ListingRow, StoreError> {
    let state: String = row.get(7)?;
    let overrides: String = row.get(8)?;
    let binding: String = row.get(9)?;
    let listing = Listing {
        id: ListingId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        site: Site(row.get(2)?),
        channel_sku: to_sku(row.get(3)?)?,
        sku_id: SkuId(row.get(4)?),
        family_id: row.get::<_, Option<i64>>(6)?.map(FamilyId),
        state: to_code(&state)?,
        overrides: to_json(&overrides)?,
        binding: to_json(&binding)?,
        pool: row.get(5)?,
        revision: Revision(row.get(28)?),
    };
    let observed_state: Option<String> = row.get(26)?;
    let fulfilled_by: String = row.get(29)?;
    Ok(ListingRow {
        listing,
        fulfilled_by: to_code(&fulfilled_by)?,
        category: row.get::<_, Option<String>>(10)?.map(CategoryId),
        standing: Standing {
            wanted: Values {
                price: to_money(row.get(11)?, row.get(12)?)?,
                quantity: row.get(13)?,
                content: row.get(14)?,
            },
            acknowledged: Values {
                price: to_money(row.get(15)?, row.get(16)?)?,
                quantity: row.get(17)?,
                content: row.get(18)?,
            },
            expected_quantity: row.get(19)?,
            refused: Refused {
                price_minor: row.get(20)?,
                quantity: row.get(21)?,
                content: row.get(22)?,
            },
            observed: Values {
                price: to_money(row.get(23)?, row.get(24)?)?,
                quantity: row.get(25)?,
                content: None,
            },
            observed_at: to_instant_opt(row.get(27)?)?,
            observed_state: observed_state.as_deref().map(to_code).transpose()?,
        },
    })
}

impl Reader<'_> {
    /// The listing of an id.
    pub fn listing(&self, id: ListingId) -> Result<ListingRow, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM listings l WHERE l.id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        match rows.next()? {
            Some(row) => listing_row(row),
            None => Err(StoreError::not_found("listing", id)),
        }
    }

    /// The listings of an account under a SKU there, on all its sites.
    pub fn listings_of(
        &self,
        account: AccountId,
        channel_sku: &str,
    ) -> Result<Vec<ListingRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM listings l WHERE l.account_id = ?1 AND l.channel_sku = ?2
             ORDER BY l.id"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((account.0, channel_sku))?;
        let mut listings = Vec::new();
        while let Some(row) = rows.next()? {
            listings.push(listing_row(row)?);
        }
        Ok(listings)
    }

    /// A page of listings, by id.
    pub fn listings_page(&self, query: &ListingQuery) -> Result<Vec<ListingRow>, StoreError> {
        let limit = query.limit.clamp(1, LISTINGS_PAGE_MAX);
        let mut sql = format!("SELECT {COLUMNS} FROM listings l WHERE l.id > ?");
        let mut values = vec![Value::Integer(query.after.map_or(0, |id| id.0))];
        if let Some(account) = query.account_id {
            sql.push_str(" AND l.account_id = ?");
            values.push(Value::Integer(account.0));
        }
        if let Some(state) = query.state {
            sql.push_str(" AND l.state = ?");
            values.push(Value::Text(state.code().to_owned()));
        }
        if let Some(sku) = query.sku_id {
            sql.push_str(" AND l.sku_id = ?");
            values.push(Value::Integer(sku.0));
        }
        sql.push_str(" ORDER BY l.id LIMIT ?");
        values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut listings = Vec::new();
        while let Some(row) = rows.next()? {
            listings.push(listing_row(row)?);
        }
        Ok(listings)
    }

    /// How many listings of an account marketplaces show, as far as is known.
    pub fn live_count(&self, account: AccountId) -> Result<u64, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT count(*) FROM listings
             WHERE account_id = ?1 AND acknowledged_content IS NOT NULL",
        )?;
        let count: i64 = statement.query_row([account.0], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// How many listings an account has in each state.
    pub fn listing_counts(
        &self,
        account: AccountId,
    ) -> Result<Vec<(ListingState, u64)>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT state, count(*) FROM listings WHERE account_id = ?1
             GROUP BY state ORDER BY state",
        )?;
        let mut rows = statement.query([account.0])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            let count: i64 = row.get(1)?;
            counts.push((to_code(&row.get::<_, String>(0)?)?, count.unsigned_abs()));
        }
        Ok(counts)
    }

    /// The accounts that take part and list a variant or kit, or something that shares its stock.
    pub fn accounts_sharing_stock(&self, sku: SkuId) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "WITH parts (id) AS (
               SELECT ?1 UNION SELECT variant_id FROM kit_parts WHERE kit_id = ?1),
             sharing (id) AS (
               SELECT id FROM parts
               UNION SELECT kit_id FROM kit_parts WHERE variant_id IN (SELECT id FROM parts))
             SELECT DISTINCT l.account_id FROM listings l JOIN accounts a ON a.id = l.account_id
             WHERE l.sku_id IN (SELECT id FROM sharing) AND a.state = 'active'
               AND (l.acknowledged_content IS NOT NULL OR l.state IN ('publishing', 'ending'))",
        )?;
        let ids = statement.query_map([sku.0], |row| row.get(0).map(AccountId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Listings of an account that are marked to be computed again, by id, after one. What changed
    /// in the catalogue is among them once it was handed on; see [`Writer::spread_dirt`].
    pub fn dirty_listings(
        &self,
        account: AccountId,
        after: ListingId,
        limit: usize,
    ) -> Result<Vec<ListingId>, StoreError> {
        // The order of the tables is that of the work: few are marked, many are listed.
        let mut statement = self.connection().prepare_cached(
            "SELECT d.listing_id FROM listing_dirty d CROSS JOIN listings l ON l.id = d.listing_id
             WHERE d.listing_id > ?2 AND l.account_id = ?1 ORDER BY d.listing_id LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids =
            statement.query_map((account.0, after.0, limit), |row| row.get(0).map(ListingId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// All listings of an account whose wanted state has to be computed again, by id, also for what
    /// changed in the catalogue and was not handed on yet.
    pub fn listings_to_plan(&self, account: AccountId) -> Result<Vec<ListingId>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT d.listing_id FROM listing_dirty d CROSS JOIN listings l ON l.id = d.listing_id
               WHERE l.account_id = ?1
             UNION
             SELECT l.id FROM catalogue_dirty d CROSS JOIN listings l INDEXED BY listings_sku
               ON l.sku_id = d.sku_id WHERE l.account_id = ?1
             ORDER BY 1",
        )?;
        let ids = statement.query_map([account.0], |row| row.get(0).map(ListingId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Whether an account has a listing whose wanted state has to be computed again.
    pub fn has_listings_to_plan(&self, account: AccountId) -> Result<bool, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM listing_dirty d CROSS JOIN listings l
                 ON l.id = d.listing_id WHERE l.account_id = ?1)
               OR EXISTS (SELECT 1 FROM catalogue_dirty d CROSS JOIN listings l
                 INDEXED BY listings_sku ON l.sku_id = d.sku_id WHERE l.account_id = ?1)",
        )?;
        Ok(statement.query_row([account.0], |row| row.get(0))?)
    }
}

impl Reader<'_> {
    /// The other listings that are there and share one quantity with a listing; none for one that
    /// has a quantity of its own.
    pub fn pool_mates(&self, listing: &Listing) -> Result<Vec<PoolMate>, StoreError> {
        if listing.pool.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection().prepare_cached(
            "SELECT state, overrides FROM listings INDEXED BY listings_channel_sku
             WHERE account_id = ?1 AND channel_sku = ?2 AND pool = ?3 AND id <> ?4
               AND (acknowledged_content IS NOT NULL OR state = 'publishing')",
        )?;
        let mut rows = statement.query((
            listing.account_id.0,
            listing.channel_sku.as_str(),
            &listing.pool,
            listing.id.0,
        ))?;
        let mut mates = Vec::new();
        while let Some(row) = rows.next()? {
            let state: String = row.get(0)?;
            let overrides: String = row.get(1)?;
            let overrides: Overrides = to_json(&overrides)?;
            mates.push(PoolMate {
                state: to_code(&state)?,
                quantity_override: overrides.quantity,
            });
        }
        Ok(mates)
    }
}

impl Writer<'_> {
    /// Adds a listing, to be published with the next push.
    pub fn add_listing(&mut self, new: &NewListing) -> Result<ListingId, StoreError> {
        let db = self.connection();
        let added = db
            .prepare_cached(
                "INSERT INTO listings (account_id, site, channel_sku, sku_id, pool, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'new') ON CONFLICT DO NOTHING",
            )?
            .execute((
                new.account_id.0,
                &new.site.0,
                new.channel_sku.as_str(),
                new.sku_id.0,
                &new.pool,
            ))?;
        if added == 0 {
            return Err(StoreError::Duplicate {
                field: "listing".to_owned(),
                value: new.channel_sku.as_str().to_owned(),
            });
        }
        Ok(ListingId(db.last_insert_rowid()))
    }

    /// Adds a listing under the seller's own SKU for everything that is not listed there yet.
    /// Returns how many there are more.
    pub fn add_listings_of_all(
        &mut self,
        account: AccountId,
        site: &Site,
        pool: &str,
    ) -> Result<u64, StoreError> {
        let added = self.connection().execute(
            "INSERT INTO listings (account_id, site, channel_sku, sku_id, pool, state)
             SELECT ?1, ?2, sku, id, ?3, 'new' FROM skus s WHERE NOT EXISTS (
               SELECT 1 FROM listings l
               WHERE l.sku_id = s.id AND l.account_id = ?1 AND l.site = ?2)
             ORDER BY s.id ON CONFLICT DO NOTHING",
            (account.0, &site.0, pool),
        )?;
        Ok(added as u64)
    }

    /// Replaces what the seller has set for a listing. What was refused is tried again.
    pub fn set_overrides(
        &mut self,
        id: ListingId,
        overrides: &Overrides,
        expected: Option<Revision>,
    ) -> Result<Revision, StoreError> {
        let before = self.listing(id)?.listing;
        let found = before.revision;
        if let Some(expected) = expected
            && expected != found
        {
            return Err(StoreError::Conflict { expected, found });
        }
        // What stands above all variants of a family is set for one and holds for all.
        if let Some(family) = before.family_id {
            self.mark_family_dirty(family)?;
        }
        self.connection()
            .prepare_cached(
                "UPDATE listings SET overrides = ?2, revision = revision + 1 WHERE id = ?1",
            )?
            .execute((id.0, json(overrides)?))?;
        self.retry_listing(id)?;
        Ok(Revision(found.0 + 1))
    }

    /// Brings a listing to where the seller wants it: `live` to list it again or go on, `paused`,
    /// `ending`. Of a listing that never was there, ending is its end.
    pub fn set_listing_state(
        &mut self,
        id: ListingId,
        state: ListingState,
    ) -> Result<(), StoreError> {
        let found = self.listing(id)?;
        let is_there = found.standing.acknowledged.content.is_some();
        let is_coming = found.listing.state == ListingState::Publishing;
        let next = match state {
            ListingState::Live | ListingState::New if is_there => ListingState::Live,
            ListingState::Live | ListingState::New => ListingState::New,
            ListingState::Paused => ListingState::Paused,
            ListingState::Ending if is_there || is_coming => ListingState::Ending,
            ListingState::Ending => ListingState::Ended,
            ListingState::Publishing | ListingState::Ended | ListingState::Refused => {
                return Err(StoreError::invalid(
                    "state",
                    "this is not the seller's to say",
                ));
            }
        };
        self.connection()
            .prepare_cached(
                "UPDATE listings SET state = ?2, revision = revision + 1 WHERE id = ?1",
            )?
            .execute((id.0, next.code()))?;
        self.retry_listing(id)
    }

    /// Lets a listing be planned again, and what was refused be tried again.
    pub fn retry_listing(&mut self, id: ListingId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE listings SET refused_price_minor = NULL, refused_quantity = NULL,
                   refused_content = NULL, state = iif(state <> 'refused', state,
                     iif(acknowledged_content IS NULL, 'new', 'live')) WHERE id = ?1",
            )?
            .execute([id.0])?;
        self.mark_dirty(id)
    }

    /// Lets a listing be planned again.
    pub fn mark_dirty(&mut self, id: ListingId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("INSERT INTO listing_dirty VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([id.0])?;
        Ok(())
    }

    /// Hands what changed in the catalogue on to the listings that it concerns.
    pub fn spread_dirt(&mut self) -> Result<(), StoreError> {
        self.spread_to_mates()?;
        self.connection().execute_batch(
            "INSERT INTO listing_dirty
               SELECT l.id FROM catalogue_dirty d CROSS JOIN listings l INDEXED BY listings_sku
                 ON l.sku_id = d.sku_id WHERE true
               ON CONFLICT DO NOTHING;
             DELETE FROM catalogue_dirty;",
        )?;
        Ok(())
    }

    /// Stores what was computed to be wanted; the listing is planned.
    pub fn store_wanted(&mut self, id: ListingId, wanted: &Values) -> Result<(), StoreError> {
        self.store_wanted_values(id, wanted)?;
        self.connection()
            .prepare_cached("DELETE FROM listing_dirty WHERE listing_id = ?1")?
            .execute([id.0])?;
        Ok(())
    }

    /// Stores what was computed to be wanted while a batch formed.
    pub fn store_wanted_values(
        &mut self,
        id: ListingId,
        wanted: &Values,
    ) -> Result<(), StoreError> {
        let (minor, currency) = money(wanted.price);
        self.connection()
            .prepare_cached(
                "UPDATE listings SET wanted_price_minor = ?2, wanted_price_currency = ?3,
                   wanted_quantity = ?4, wanted_content = ?5 WHERE id = ?1",
            )?
            .execute((id.0, minor, currency, wanted.quantity, &wanted.content))?;
        Ok(())
    }

    /// Moves a listing on its way without planning it again.
    pub fn move_listing(&mut self, id: ListingId, state: ListingState) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE listings SET state = ?2 WHERE id = ?1")?
            .execute((id.0, state.code()))?;
        Ok(())
    }

    /// Keeps the category that a marketplace suggested for a listing.
    pub fn store_category(
        &mut self,
        id: ListingId,
        category: &CategoryId,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE listings SET category = ?2 WHERE id = ?1")?
            .execute((id.0, &category.0))?;
        Ok(())
    }

    /// Stores what the marketplace calls a listing.
    pub fn store_binding(&mut self, id: ListingId, binding: &Binding) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE listings SET binding = ?2 WHERE id = ?1")?
            .execute((id.0, json(binding)?))?;
        Ok(())
    }

    /// Notes a sale on a site of a marketplace that lowers its quantity by itself, and with it that
    /// of all sites where they share one. Call it once per booked sale. A sale from before the
    /// quantity was set is part of neither side's sum: the quantity there is what was set. Where it
    /// cannot be told which came first, what is there is not certain and the quantity goes out
    /// again.
    pub fn note_sale(
        &mut self,
        (account, site, sku): (AccountId, &Site, &Sku),
        units: u32,
        sold_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let skew = Duration::seconds(CLOCK_SKEW_SECONDS);
        let db = self.connection();
        let busy: Option<i64> = db
            .prepare_cached(
                "SELECT min(sent_at) FROM changes INDEXED BY changes_busy
                 WHERE account_id = ?1 AND channel_sku = ?2
                   AND kind IN ('set_quantity', 'publish')
                   AND state IN ('in_flight', 'accepted', 'unknown')",
            )?
            .query_row((account.0, sku.as_str()), |row| row.get(0))
            .optional()?
            .flatten();
        let meanwhile = busy.is_some_and(|sent_at| instant(sold_at + skew) >= sent_at);
        db.prepare_cached(
            "UPDATE listings SET
               sold_meanwhile = max(sold_meanwhile, ?4),
               expected_quantity = CASE
                 WHEN ?5 > quantity_answered_at + ?7 THEN max(0, expected_quantity - ?6)
                 WHEN ?5 >= quantity_sent_at - ?7 THEN NULL
                 ELSE expected_quantity END
             WHERE account_id = ?1 AND channel_sku = ?2 AND (site = ?3 OR pool <> '')",
        )?
        .execute((
            account.0,
            sku.as_str(),
            &site.0,
            meanwhile,
            instant(sold_at),
            units,
            skew.num_milliseconds(),
        ))?;
        db.prepare_cached(
            "INSERT INTO listing_dirty SELECT id FROM listings
             WHERE account_id = ?1 AND channel_sku = ?2 AND (site = ?3 OR pool <> '')
             ON CONFLICT DO NOTHING",
        )?
        .execute((account.0, sku.as_str(), &site.0))?;
        Ok(())
    }
}
