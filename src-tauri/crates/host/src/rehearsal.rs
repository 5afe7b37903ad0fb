//! Shortens waiting in a rehearsal: practice marketplaces that run N times as fast are asked N
//! times as soon. Adapters do not know of it.

use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{
    Adapter, Aftersales, Batch, Capability, Cases, Consent, Core, Cursor, Elsewhere, Fate, Fees,
    Listings, Messages, ObservePage, Orders, Outcome, Report, Result, Retry, TakenOver,
};
use barrow_model::{Change, Clock, ListingRef, Observed, Site, Ticket};
use chrono::{DateTime, Utc};

/// An adapter whose tickets and retries come due `speed` times as soon.
pub(crate) struct Rehearsed {
    inner: Arc<dyn Adapter>,
    pace: Pace,
}

#[derive(Clone)]
struct Pace {
    clock: Arc<dyn Clock>,
    speed: u32,
}

impl Rehearsed {
    pub(crate) fn new(inner: Arc<dyn Adapter>, clock: Arc<dyn Clock>, speed: u32) -> Self {
        Self {
            inner,
            pace: Pace {
                clock,
                speed: speed.max(1),
            },
        }
    }
}

impl Pace {
    /// An instant that is waited for, as much nearer as the rehearsal is faster.
    fn sooner(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let now = self.clock.now();
        let speed = i32::try_from(self.speed).unwrap_or(i32::MAX);
        if at > now {
            now + (at - now) / speed
        } else {
            at
        }
    }

    fn sooner_told(&self, ticket: Ticket) -> Ticket {
        Ticket {
            not_before: self.sooner(ticket.not_before),
            ..ticket
        }
    }

    fn shorten(&self, outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let shorter = |fate: Fate| match fate {
            Fate::Accepted { ticket } => Fate::Accepted {
                ticket: self.sooner_told(ticket),
            },
            Fate::Refused {
                problem,
                retry: Retry::After(wait),
            } => Fate::Refused {
                problem,
                retry: Retry::After(wait / self.speed),
            },
            other => other,
        };
        outcomes
            .into_iter()
            .map(|outcome| Outcome {
                fate: shorter(outcome.fate),
                ..outcome
            })
            .collect()
    }
}

impl Adapter for Rehearsed {
    fn capability(&self) -> &Capability {
        self.inner.capability()
    }

    fn core(&self) -> &dyn Core {
        self.inner.core()
    }

    fn listings(&self) -> Option<&dyn Listings> {
        self.inner.listings().map(|_| self as &dyn Listings)
    }

    fn orders(&self) -> Option<&dyn Orders> {
        self.inner.orders()
    }

    fn aftersales(&self) -> Option<&dyn Aftersales> {
        self.inner.aftersales().map(|_| self as &dyn Aftersales)
    }

    fn cases(&self) -> Option<&dyn Cases> {
        self.inner.cases()
    }

    fn fees(&self) -> Option<&dyn Fees> {
        self.inner.fees()
    }

    fn messages(&self) -> Option<&dyn Messages> {
        self.inner.messages()
    }

    fn elsewhere(&self) -> Option<&dyn Elsewhere> {
        self.inner.elsewhere().map(|_| self as &dyn Elsewhere)
    }

    fn consent(&self) -> Option<&dyn Consent> {
        self.inner.consent()
    }
}

impl Rehearsed {
    fn inner_listings(&self) -> Result<&dyn Listings> {
        self.inner.listings().ok_or_else(|| unsupported("listings"))
    }

    fn inner_elsewhere(&self) -> Result<&dyn Elsewhere> {
        self.inner
            .elsewhere()
            .ok_or_else(|| unsupported("elsewhere"))
    }

    fn inner_aftersales(&self) -> Result<&dyn Aftersales> {
        self.inner
            .aftersales()
            .ok_or_else(|| unsupported("aftersales"))
    }
}

fn unsupported(operation: &'static str) -> barrow_market::Error {
    barrow_market::Error::new(barrow_market::ErrorKind::Unsupported, operation)
}

#[async_trait]
impl Listings for Rehearsed {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        Ok(self
            .pace
            .shorten(self.inner_listings()?.submit(batch).await?))
    }

    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(self
            .pace
            .shorten(self.inner_listings()?.poll(ticket, changes).await?))
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        Ok(self
            .pace
            .shorten(self.inner_listings()?.look_up(batch).await?))
    }

    async fn observe(&self, site: &Site, cursor: Option<&Cursor>) -> Result<ObservePage> {
        self.inner_listings()?.observe(site, cursor).await
    }

    async fn observe_some(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        self.inner_listings()?.observe_some(listings).await
    }
}

#[async_trait]
impl Aftersales for Rehearsed {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        Ok(self
            .pace
            .shorten(self.inner_aftersales()?.submit(batch).await?))
    }

    async fn poll(&self, ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(self
            .pace
            .shorten(self.inner_aftersales()?.poll(ticket, changes).await?))
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        Ok(self
            .pace
            .shorten(self.inner_aftersales()?.look_up(batch).await?))
    }
}

#[async_trait]
impl Elsewhere for Rehearsed {
    async fn ask(&self) -> Result<Ticket> {
        let ticket = self.inner_elsewhere()?.ask().await?;
        Ok(self.pace.sooner_told(ticket))
    }

    async fn read(&self, ticket: &Ticket) -> Result<Report> {
        Ok(match self.inner_elsewhere()?.read(ticket).await? {
            Report::Later(at) => Report::Later(self.pace.sooner(at)),
            whole @ Report::Whole(_) => whole,
        })
    }

    fn take_over_max(&self) -> usize {
        self.inner
            .elsewhere()
            .map_or(1, |elsewhere| elsewhere.take_over_max())
    }

    async fn take_over(&self, listing_ids: &[String]) -> Result<Vec<TakenOver>> {
        self.inner_elsewhere()?.take_over(listing_ids).await
    }
}
