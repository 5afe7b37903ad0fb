//! Reports of everything that is live, as the marketplace in memory makes them.

use async_trait::async_trait;
use barrow_market::{Elsewhere, Error, ErrorKind, ListedThere, Report, Result, TakenOver};
use barrow_model::{Clock, Ticket};
use chrono::{DateTime, Utc};

use super::market::Market;

/// How a report comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reports {
    /// After a while, and right.
    Right,
    /// It fails.
    Failing,
    /// It is never ready.
    Never,
}

#[async_trait]
impl Elsewhere for Market {
    async fn ask(&self) -> Result<Ticket> {
        Ok(Ticket {
            token: (self.clock.now() + chrono::Duration::seconds(60)).to_rfc3339(),
            not_before: self.clock.now() + chrono::Duration::seconds(30),
        })
    }

    async fn read(&self, ticket: &Ticket) -> Result<Report> {
        let now = self.clock.now();
        let ready: DateTime<Utc> = ticket.token.parse().expect("a ticket of ours");
        let state = self.state();
        match state.reports {
            Some(Reports::Right) if ready <= now => {}
            Some(Reports::Failing) if ready <= now => {
                return Err(Error::new(ErrorKind::Unreadable, "report"));
            }
            _ => return Ok(Report::Later(now + chrono::Duration::seconds(30))),
        }
        let live = state.there.iter().filter(|(_, there)| there.live);
        let rows = live.map(|(name, there)| ListedThere {
            listing_id: format!("there-{name}"),
            sku: Some(name.clone()),
            price: Some(there.price),
            quantity: Some(there.quantity),
        });
        Ok(Report::Whole(rows.collect()))
    }

    fn take_over_max(&self) -> usize {
        1
    }

    async fn take_over(&self, _listing_ids: &[String]) -> Result<Vec<TakenOver>> {
        Err(Error::new(ErrorKind::Unsupported, "take_over"))
    }
}
