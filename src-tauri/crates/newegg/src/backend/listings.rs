//! Listings: feeds, single prices and quantities, endings.

use async_trait::async_trait;
use barrow_market::{Batch, Cursor, Error, ErrorKind, Listings, ObservePage, Outcome, Result};
use barrow_model::{Change, ListingRef, Observed, Problem, ProblemKind, Site, Ticket};

use crate::backend::NeweggAdapter;
use crate::backend::capability::{
    END_CALL, INVENTORY_CALL, INVENTORY_FEED, ITEM_FEED, OFFER_CALL, OFFER_FEED, PRICE_CALL,
    PRICE_FEED,
};
use crate::request::FeedKind;

#[async_trait]
impl Listings for NeweggAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        match batch.lane {
            ITEM_FEED => self.publish(batch).await,
            PRICE_FEED => self.value_feed(batch, FeedKind::Price).await,
            INVENTORY_FEED => self.value_feed(batch, FeedKind::Inventory).await,
            OFFER_FEED => self.value_feed(batch, FeedKind::InventoryAndPrice).await,
            PRICE_CALL | INVENTORY_CALL | OFFER_CALL => self.value_calls(batch).await,
            END_CALL => self.end_calls(batch).await,
            _ => Err(Error::new(ErrorKind::Unsupported, "submit").with("lane", batch.lane)),
        }
    }

    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        self.poll_feed(ticket, changes).await
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        match batch.lane {
            ITEM_FEED => self.look_up_feed(FeedKind::Items, batch).await,
            PRICE_FEED => self.look_up_feed(FeedKind::Price, batch).await,
            INVENTORY_FEED => self.look_up_feed(FeedKind::Inventory, batch).await,
            OFFER_FEED => self.look_up_feed(FeedKind::InventoryAndPrice, batch).await,
            END_CALL => self.look_up_ends(&batch.changes).await,
            // An absolute value may simply be sent again.
            _ => Ok(batch
                .changes
                .iter()
                .map(|change| Outcome::not_done(change.id))
                .collect()),
        }
    }

    /// Newegg gives the list of an account's items as a file over plain FTP alone
    /// (newegg.md §4.3, §8).
    async fn observe(&self, _site: &Site, _cursor: Option<&Cursor>) -> Result<ObservePage> {
        let problem = Problem::new(ProblemKind::Unsupported).param("feature", "observe");
        Err(Error::new(ErrorKind::Unsupported, "observe").because(problem))
    }

    async fn observe_some(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        self.observe_listings(listings).await
    }
}
