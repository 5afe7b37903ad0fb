//! Not agreeing to a buyer's wish to cancel (ebay.md §8.5). Which wish waits is read before, and
//! again where no answer came: one that is gone needs no answer.

use barrow_market::{Error, ErrorKind, Fate, Result};
use barrow_model::{OrderRef, Problem, ProblemKind};

use super::EbayAdapter;
use super::aftersales::{applied, refused};
use super::look_up::not_done;
use crate::error::{lacks_signature, may_have_happened};
use crate::limits::REJECT_CANCEL;
use crate::map;
use crate::request;

impl EbayAdapter {
    /// Does not agree. Of goods that have left eBay is told with it.
    pub(super) async fn reject_cancel(&self, order: &OrderRef) -> Result<Fate> {
        // Reading changes nothing: whatever comes of it, nothing was rejected.
        let current = self.current(order).await?;
        if current.is_cancelled() {
            return Ok(refused(Problem::new(ProblemKind::CancelRefused)));
        }
        let Some(id) = current.request() else {
            return Ok(applied());
        };
        let sent = self.shipments_of(&order.order_id).await?;
        let last = sent.last().and_then(|one| {
            let at = map::instant(one.shipped_date.as_deref())?;
            Some((at, one.shipment_tracking_number.as_deref()))
        });
        let site = self.site_of(order);
        let request = request::reject_cancellation(self.api(), site, id, last)?;
        match self.call(&REJECT_CANCEL, request).await {
            Ok(_) => Ok(applied()),
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            Err(error) if lacks_signature(&error) => Ok(refused(error.to_problem())),
            Err(error) if error.kind == ErrorKind::Refused => Ok(refused(told(error))),
            Err(error) => Err(error),
        }
    }

    /// Whether the buyer's wish is gone.
    pub(super) async fn is_rejected(&self, order: &OrderRef) -> Result<Fate> {
        let current = self.current(order).await?;
        Ok(if current.request().is_none() {
            applied()
        } else {
            not_done()
        })
    }
}

fn told(error: Error) -> Problem {
    let mut problem = Problem::new(ProblemKind::CancelRefused);
    problem.vendor = error.vendor;
    problem
}
