//! How single SKUs stand at each account, in one word each: the cells of a list of products.

use barrow_model::{AccountId, ListingId, ListingState, Money, ProblemKind, Site, SkuId};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::sql::{json, to_code, to_money};
use crate::store::Reader;

/// SKUs whose cells are read at once at most.
pub const CELLS_SKUS_MAX: usize = 1_000;

/// How a listing stands, as people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// Something is wanted and not sent yet.
    Pending,
    /// Something is on its way and not answered for good.
    Sent,
    /// The marketplace has what is wanted.
    Live,
    /// The marketplace said no.
    Refused,
    /// It waits for a person: held, off from what the rules allow, or kept back there.
    NeedsYou,
    /// Something was sent and nobody knows what became of it.
    Unknown,
    /// Paused or ended, on purpose.
    Off,
}

impl CellState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Sent,
        Self::Live,
        Self::Refused,
        Self::NeedsYou,
        Self::Unknown,
        Self::Off,
    ];

    /// Its name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Live => "live",
            Self::Refused => "refused",
            Self::NeedsYou => "needs_you",
            Self::Unknown => "unknown",
            Self::Off => "off",
        }
    }
}

/// A SKU at an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What is sold.
    pub sku_id: SkuId,
    /// The listing.
    pub listing_id: ListingId,
    /// Where.
    pub account_id: AccountId,
    /// The country site.
    pub site: Site,
    /// How it stands, in one word.
    pub state: CellState,
    /// How it stands exactly.
    pub listing_state: ListingState,
    /// The price there, as far as is known.
    pub price: Option<Money>,
    /// Units for sale there, as far as is known.
    pub quantity: Option<u32>,
    /// The price that is wanted.
    pub wanted_price: Option<Money>,
    /// Units that are wanted for sale.
    pub wanted_quantity: Option<u32>,
    /// Whether it was seen there since it was answered last.
    pub seen: bool,
    /// What is wrong with it, the oldest.
    pub problem: Option<ProblemKind>,
}

/// The word for how the listing `l` stands, as one expression.
pub(crate) fn cell_state_sql() -> &'static str {
    "CASE
       WHEN EXISTS (SELECT 1 FROM changes c INDEXED BY changes_busy
         WHERE c.account_id = l.account_id AND c.channel_sku = l.channel_sku
           AND c.listing_id = l.id AND c.state = 'unknown'
           AND c.state IN ('in_flight', 'accepted', 'unknown')) THEN 'unknown'
       WHEN l.state = 'refused' THEN 'refused'
       WHEN EXISTS (SELECT 1 FROM problems p WHERE p.listing_id = l.id AND p.listing_id <> 0
         AND p.subject NOT IN ('rule', 'observed', 'warning', 'warning values')) THEN 'refused'
       WHEN EXISTS (SELECT 1 FROM problems p WHERE p.listing_id = l.id AND p.listing_id <> 0)
         THEN 'needs_you'
       WHEN EXISTS (SELECT 1 FROM changes c INDEXED BY changes_unsent
         WHERE c.listing_id = l.id AND c.state = 'held' AND c.state IN ('waiting', 'held'))
         THEN 'needs_you'
       WHEN EXISTS (SELECT 1 FROM changes c INDEXED BY changes_busy
         WHERE c.account_id = l.account_id AND c.channel_sku = l.channel_sku
           AND c.listing_id = l.id AND c.state IN ('in_flight', 'accepted', 'unknown')) THEN 'sent'
       WHEN l.state = 'ended' THEN 'off'
       WHEN l.state IN ('new', 'publishing', 'ending') THEN 'pending'
       WHEN EXISTS (SELECT 1 FROM changes c INDEXED BY changes_unsent
         WHERE c.listing_id = l.id AND c.state IN ('waiting', 'held')) THEN 'pending'
       WHEN l.state = 'paused' THEN 'off'
       WHEN EXISTS (SELECT 1 FROM listing_dirty d WHERE d.listing_id = l.id) THEN 'pending'
       WHEN EXISTS (SELECT 1 FROM catalogue_dirty d WHERE d.sku_id = l.sku_id) THEN 'pending'
       ELSE 'live' END"
}

impl Reader<'_> {
    /// How SKUs stand at each account, by SKU, account and site; at most [`CELLS_SKUS_MAX`] SKUs.
    pub fn cells(&self, ids: &[SkuId]) -> Result<Vec<Cell>, StoreError> {
        if ids.len() > CELLS_SKUS_MAX {
            return Err(StoreError::invalid("ids", "too many SKUs at once"));
        }
        let sql = format!(
            "SELECT l.sku_id, l.id, l.account_id, l.site, {}, l.state,
               ifnull(l.acknowledged_price_minor, l.observed_price_minor),
               iif(l.acknowledged_price_minor IS NULL, l.observed_price_currency,
                 l.acknowledged_price_currency),
               ifnull(l.expected_quantity, ifnull(l.acknowledged_quantity, l.observed_quantity)),
               l.wanted_price_minor, l.wanted_price_currency, l.wanted_quantity,
               l.observed_at IS NOT NULL AND l.observed_at >= ifnull(l.quantity_answered_at, 0),
               (SELECT p.kind FROM problems p WHERE p.listing_id = l.id AND p.listing_id <> 0
                ORDER BY p.id LIMIT 1)
             FROM json_each(?1) j CROSS JOIN listings l INDEXED BY listings_sku
               ON l.sku_id = j.value
             ORDER BY l.sku_id, l.account_id, l.site, l.id",
            cell_state_sql()
        );
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([json(&ids)?])?;
        let mut cells = Vec::new();
        while let Some(row) = rows.next()? {
            let problem: Option<String> = row.get(13)?;
            cells.push(Cell {
                sku_id: SkuId(row.get(0)?),
                listing_id: ListingId(row.get(1)?),
                account_id: AccountId(row.get(2)?),
                site: Site(row.get(3)?),
                state: to_code(&row.get::<_, String>(4)?)?,
                listing_state: to_code(&row.get::<_, String>(5)?)?,
                price: to_money(row.get(6)?, row.get(7)?)?,
                quantity: row.get(8)?,
                wanted_price: to_money(row.get(9)?, row.get(10)?)?,
                wanted_quantity: row.get(11)?,
                seen: row.get(12)?,
                problem: problem.as_deref().and_then(ProblemKind::from_code),
            });
        }
        Ok(cells)
    }
}
