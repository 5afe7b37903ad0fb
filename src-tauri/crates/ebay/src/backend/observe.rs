//! What is really there: items page by page, then the offers of each SKU (ebay.md §6.7).

use std::collections::{BTreeMap, BTreeSet};

use barrow_market::{Cursor, Error, ErrorKind, ObservePage, Result};
use barrow_model::{ListingRef, Observed, Site, Sku};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::EbayAdapter;
use super::told::told;
use crate::config::SiteFacts;
use crate::limits::{GET_ITEMS, GET_OFFERS};
use crate::types::{InventoryItem, InventoryItems, Offer, WholeOffers};
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
        let facts = self.facts(site, GET_ITEMS.operation)?;
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
            Ok(answer) => told(&answer, GET_ITEMS.operation)?,
            Err(error) if error.kind == ErrorKind::NotFound => InventoryItems::default(),
            Err(error) => return Err(error),
        };
        let first = page.inventory_items.first();
        let first = first.and_then(|item| item["sku"].as_str().map(str::to_owned));
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
        items: Vec<Value>,
    ) -> Result<Vec<Observed>> {
        let known: Vec<(Sku, InventoryItem, Value)> = items
            .into_iter()
            .filter_map(|whole| {
                let item = InventoryItem::deserialize(&whole).ok()?;
                let sku = Sku::new(item.sku.as_deref()?).ok()?;
                Some((sku, item, whole))
            })
            .collect();
        let groups = &self.groups_of(facts, &known).await?;
        let read = stream::iter(known.into_iter().map(|(sku, item, whole)| async move {
            let offers = self.whole_offers_of(facts, &sku).await?;
            let group = item.group().and_then(|key| Some((key, groups.get(key)?)));
            let mut read = seen(site, facts, (&item, &whole), &offers, group);
            if let Some(read) = &mut read {
                self.read_descriptors(facts, &whole, read).await;
            }
            Ok::<_, Error>(read)
        }));
        let read: Vec<Option<Observed>> = read.buffered(AT_ONCE).try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }

    /// The groups that show items of a page.
    async fn groups_of(
        &self,
        facts: &'static SiteFacts,
        items: &[(Sku, InventoryItem, Value)],
    ) -> Result<BTreeMap<String, Value>> {
        let keys: BTreeSet<&str> = items
            .iter()
            .filter_map(|(_, item, _)| item.group())
            .collect();
        let mut groups = BTreeMap::new();
        for key in keys {
            match self.read_group(facts, key).await {
                Ok(Some(group)) => {
                    groups.insert(key.to_owned(), group);
                }
                Ok(None) => {}
                Err(failed) => return Err(failed.into_error()),
            }
        }
        Ok(groups)
    }

    /// The offers of a SKU with all that they hold; eBay answers 404 where there is none.
    async fn whole_offers_of(&self, site: &'static SiteFacts, sku: &Sku) -> Result<Vec<Value>> {
        let request = request::get_offers(self.api(), site, sku)?;
        match self.call(&GET_OFFERS, request).await {
            Ok(answer) => Ok(told::<WholeOffers>(&answer, GET_OFFERS.operation)?.offers),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn observe_listings(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        let read = stream::iter(listings.iter().cloned().map(|listing| async move {
            let facts = self.facts(&listing.site, "observe")?;
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

/// A listing with what buyers read of it.
fn seen(
    site: &Site,
    facts: &SiteFacts,
    (item, whole): (&InventoryItem, &Value),
    offers: &[Value],
    group: Option<(&str, &Value)>,
) -> Option<Observed> {
    let read: Vec<Offer> = offers
        .iter()
        .map(|offer| Offer::deserialize(offer).unwrap_or_default())
        .collect();
    let offer = map::offer_of_site(&read, site)?;
    let place = read.iter().position(|other| std::ptr::eq(other, offer))?;
    let mut observed = map::observed(site, item, offer)?;
    let details = map::details(facts, whole, &offers[place], group);
    if let Some(details) = &details {
        observed.title = Some(details.title.clone());
    }
    observed.details = details.map(Box::new);
    Some(observed)
}
