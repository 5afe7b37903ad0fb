//! Listings: calls and feeds by lane.

use async_trait::async_trait;
use barrow_market::{Batch, Cursor, Error, ErrorKind, Listings, ObservePage, Outcome, Result};
use barrow_model::{ActionKind, Change, ListingRef, Observed, Site, Ticket};

use crate::backend::AmazonAdapter;
use crate::backend::capability::{END_CALL, LISTING_CALL, LISTING_FEED, OFFER_CALL, OFFER_FEED};
use crate::backend::fetch::groups_of;
use crate::map::listing::observed;

#[async_trait]
impl Listings for AmazonAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        match batch.lane {
            LISTING_CALL => self.publish(batch, false).await,
            LISTING_FEED => self.listing_feed(batch).await,
            OFFER_CALL => self.patch_one(batch).await,
            OFFER_FEED => self.patch_many(batch).await,
            END_CALL => self.end(batch).await,
            _ => Err(Error::new(ErrorKind::Unsupported, "submit").with("lane", batch.lane)),
        }
    }

    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        self.poll_promise(ticket, changes).await
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let by_feed = matches!(batch.lane, LISTING_FEED | OFFER_FEED);
        self.look_up_changes(&batch.changes, by_feed).await
    }

    async fn observe(&self, site: &Site, cursor: Option<&Cursor>) -> Result<ObservePage> {
        self.observe_page(site, cursor).await
    }

    async fn observe_some(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        let mut found = Vec::with_capacity(listings.len());
        for (site, skus) in groups_of(listings) {
            let site = self.site_of(site)?;
            let items = self.items(site, &skus).await?;
            let in_order = skus.iter().filter_map(|sku| items.get(*sku));
            found.extend(in_order.filter_map(|item| observed(item, site)));
        }
        Ok(found)
    }
}

impl AmazonAdapter {
    /// Publishes and endings share the feeds that the limit allows. Endings need no looking for
    /// pages: a batch that holds both sends them first, and the publishes come again.
    async fn listing_feed(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let ends = self.end_rows(&batch.changes);
        if ends.is_empty() {
            return self.publish(batch, true).await;
        }
        let others = batch
            .changes
            .iter()
            .filter(|change| change.action.kind() != ActionKind::End);
        let again: Vec<Outcome> = others
            .filter_map(|change| {
                let listing = change.listing()?;
                Some(Outcome::advanced(change.id, listing.binding.clone()))
            })
            .collect();
        let mut outcomes = self.send_site(ends, true).await?;
        outcomes.extend(again);
        Ok(outcomes)
    }
}
