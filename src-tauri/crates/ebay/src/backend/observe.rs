//! What is really there: items page by page, then the offers of each SKU (ebay.md §6.7).

use barrow_market::{Cursor, Error, ErrorKind, ObservePage, Result};
use barrow_model::{ListingRef, Observed, Site, Sku};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::EbayAdapter;
use crate::config::{SiteFacts, known_site};
use crate::limits::GET_ITEMS;
use crate::types::{InventoryItem, InventoryItems};
use crate::{map, request};

/// Items of a page. Each costs a call for its offers: at ten a second a page takes five seconds.
const PAGE: usize = 50;
/// Calls at once; eBay advises 5 to 10 (ebay.md §13).
const AT_ONCE: usize = 5;

/// Where a reading stands.
#[derive(Serialize, Deserialize)]
struct Position {
    /// Limit and offset of eBay's own `next` link.
    query: String,
    /// The first SKU of the page before: a page that begins with it again brings nothing new.
    first: Option<String>,
}

impl EbayAdapter {
    pub(super) async fn observe_page(
        &self,
        site: &Site,
        cursor: Option<&Cursor>,
    ) -> Result<ObservePage> {
        let facts = known_site(site, GET_ITEMS.operation)?;
        let position = match cursor {
            Some(Cursor(text)) => serde_json::from_str(text)
                .map_err(|_| Error::new(ErrorKind::Config, GET_ITEMS.operation))?,
            None => Position {
                query: format!("limit={PAGE}&offset=0"),
                first: None,
            },
        };
        let request = request::get_items(self.api(), facts, &position.query)?;
        let page: InventoryItems = match self.call(&GET_ITEMS, request).await {
            Ok(answer) if answer.body.is_empty() => InventoryItems::default(),
            Ok(answer) => answer.json(GET_ITEMS.operation)?,
            Err(error) if error.kind == ErrorKind::NotFound => InventoryItems::default(),
            Err(error) => return Err(error),
        };
        let first = page
            .inventory_items
            .first()
            .and_then(|item| item.sku.clone());
        let again = first.is_none() || first == position.first;
        if again {
            return Ok(ObservePage {
                listings: Vec::new(),
                next: None,
            });
        }
        let next = page
            .next
            .as_deref()
            .and_then(request::next_query)
            .filter(|query| *query != position.query);
        let listings = self.with_offers(site, facts, page.inventory_items).await?;
        let next = next.map(|query| Position { query, first });
        let next = next
            .map(|position| serde_json::to_string(&position))
            .transpose();
        let next = next.map_err(|_| Error::new(ErrorKind::Config, GET_ITEMS.operation))?;
        Ok(ObservePage {
            listings,
            next: next.map(Cursor),
        })
    }

    async fn with_offers(
        &self,
        site: &Site,
        facts: &'static SiteFacts,
        items: Vec<InventoryItem>,
    ) -> Result<Vec<Observed>> {
        let known = items.into_iter().filter_map(|item| {
            let sku = Sku::new(item.sku.as_deref()?).ok()?;
            Some((sku, item))
        });
        let read = stream::iter(known.map(|(sku, item)| async move {
            let offers = self.offers_of(facts, &sku).await?;
            let offer = map::offer_of_site(&offers, site);
            Ok::<_, Error>(offer.and_then(|offer| map::observed(site, &item, offer)))
        }));
        let read: Vec<Option<Observed>> = read.buffered(AT_ONCE).try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }

    pub(super) async fn observe_listings(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        let read = stream::iter(listings.iter().cloned().map(|listing| async move {
            let facts = known_site(&listing.site, "observe")?;
            let offers = self.offers_of(facts, &listing.sku).await?;
            let Some(offer) = map::offer_of_site(&offers, &listing.site) else {
                return Ok::<_, Error>(None);
            };
            let item = self.item_of(facts, &listing.sku).await?.unwrap_or_default();
            Ok(map::observed(&listing.site, &item, offer))
        }));
        let read: Vec<Option<Observed>> = read.buffered(AT_ONCE).try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }
}
