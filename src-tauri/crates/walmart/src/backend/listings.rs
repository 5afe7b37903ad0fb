//! Listings: feeds, single prices and quantities, endings.

use async_trait::async_trait;
use barrow_market::{
    Answers, Batch, Cursor, Error, ErrorKind, Listings, ObservePage, Outcome, RETRY_LATER, Result,
};
use barrow_model::{Action, Change, ListingRef, Observed, ObservedState, Site, Ticket};

use crate::backend::WalmartAdapter;
use crate::backend::capability::{
    END_CALL, INVENTORY_CALL, INVENTORY_FEED, ITEM_FEED, PRICE_CALL, PRICE_FEED, REVISE_FEED,
};
use crate::backend::feeds::{FeedFrame, FeedRow};
use crate::backend::publish::{INVENTORY_STEP, STEP, done};
use crate::limits::{INVENTORY_PUT_CALL, PRICE_CALL as PRICE, RETIRE_CALL, SINGLE_QUANTITIES_MAX};
use crate::map::item::WPID;
use crate::request::{
    FeedType, inventory_put_request, inventory_row, price_request, price_row, retire_request,
};

#[async_trait]
impl Listings for WalmartAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        match batch.lane {
            ITEM_FEED => self.publish(batch).await,
            REVISE_FEED => self.revise(batch).await,
            PRICE_FEED => self.value_feed(batch, FeedType::Price).await,
            INVENTORY_FEED => self.value_feed(batch, FeedType::Inventory).await,
            PRICE_CALL | INVENTORY_CALL | END_CALL => self.single_calls(batch).await,
            _ => Err(Error::new(ErrorKind::Unsupported, "submit").with("lane", batch.lane)),
        }
    }

    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        self.poll_feed(ticket, changes).await
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        match batch.lane {
            ITEM_FEED => {
                let told = self.look_up_feed(&batch.fingerprint, &batch.changes);
                self.look_up_stock(told.await?, &batch.changes).await
            }
            REVISE_FEED | PRICE_FEED | INVENTORY_FEED => {
                self.look_up_feed(&batch.fingerprint, &batch.changes).await
            }
            END_CALL => self.look_up_ends(&batch.changes).await,
            // An absolute value may simply be sent again.
            _ => Ok(batch
                .changes
                .iter()
                .map(|change| Outcome::not_done(change.id))
                .collect()),
        }
    }

    async fn observe(&self, _site: &Site, cursor: Option<&Cursor>) -> Result<ObservePage> {
        self.observe_page(cursor).await
    }

    async fn observe_some(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        let mut found = Vec::with_capacity(listings.len());
        for listing in listings {
            found.extend(self.observe_one(listing.sku.as_str()).await?);
        }
        Ok(found)
    }
}

impl WalmartAdapter {
    async fn value_feed(&self, batch: &Batch, feed: FeedType) -> Result<Vec<Outcome>> {
        let mut rows = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            let Some(listing) = change.listing() else {
                continue;
            };
            let sku = listing.sku.as_str();
            let row = match &change.action {
                Action::SetPrice(price) => price_row(sku, price),
                Action::SetQuantity(quantity) => inventory_row(sku, *quantity),
                _ => continue,
            };
            rows.push(FeedRow {
                change_id: change.id,
                sku: sku.to_owned(),
                binding: listing.binding.clone(),
                bytes: row.bytes(),
            });
        }
        let frame = FeedFrame {
            feed,
            fingerprint: &batch.fingerprint,
            node: self.config.ship_node.as_deref(),
            stocked: false,
        };
        self.send_feed(frame, rows).await
    }

    async fn single_calls(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        for change in &batch.changes {
            if answers.is_stopped() {
                break;
            }
            if let Some(listing) = change.listing() {
                answers.take(change.id, self.single_call(change, listing).await);
            }
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    async fn single_call(&self, change: &Change, listing: &ListingRef) -> Result<Outcome> {
        let base = &self.config.base;
        let sku = listing.sku.as_str();
        let result = match &change.action {
            Action::SetPrice(price) => self.call(&PRICE, price_request(base, sku, price)).await,
            Action::SetQuantity(quantity) => {
                let node = self.config.ship_node.as_deref();
                let request = inventory_put_request(base, sku, *quantity, node);
                self.call(&INVENTORY_PUT_CALL, request).await
            }
            Action::End => self.call(&RETIRE_CALL, retire_request(base, sku)).await,
            _ => return Ok(Outcome::unknown(change.id)),
        };
        match result {
            Ok(_) => Ok(Outcome::applied(change.id, None)),
            Err(error) if error.kind == ErrorKind::NotFound => match change.action {
                // What is not there cannot be bought.
                Action::End => Ok(Outcome::applied(change.id, None)),
                // An item that is not live yet reaches price and stock systems later.
                _ if listing.binding.get(WPID).is_none() => {
                    Ok(Outcome::later(change.id, error.to_problem(), RETRY_LATER))
                }
                _ => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// The last step of a publish goes by calls where it is for few, and they leave no feed to be
    /// found: what is there tells.
    async fn look_up_stock(
        &self,
        mut told: Vec<Outcome>,
        changes: &[Change],
    ) -> Result<Vec<Outcome>> {
        let last = |change: &&Change| {
            change
                .listing()
                .is_some_and(|known| known.binding.get(STEP) == Some(INVENTORY_STEP))
        };
        if changes.iter().filter(last).count() > SINGLE_QUANTITIES_MAX {
            return Ok(told);
        }
        for (outcome, change) in told.iter_mut().zip(changes) {
            let (Some(listing), Action::Publish(offer)) = (change.listing(), &change.action) else {
                continue;
            };
            if !last(&change) || *outcome != Outcome::not_done(change.id) {
                continue;
            }
            let seen = self.observe_one(listing.sku.as_str()).await?;
            if seen.is_some_and(|seen| seen.quantity == Some(offer.quantity)) {
                *outcome = Outcome::applied(change.id, Some(done(listing.binding.clone())));
            }
        }
        Ok(told)
    }

    /// A retired item is gone, or says so itself (walmart.md §6.3: it can take two days).
    async fn look_up_ends(&self, changes: &[Change]) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(changes.len());
        for change in changes {
            let Some(listing) = change.listing() else {
                continue;
            };
            let seen = self.observe_one(listing.sku.as_str()).await?;
            let ended = seen.is_none_or(|seen| seen.state == ObservedState::Ended);
            outcomes.push(if ended {
                Outcome::applied(change.id, Some(done(listing.binding.clone())))
            } else {
                Outcome::not_done(change.id)
            });
        }
        Ok(outcomes)
    }
}
