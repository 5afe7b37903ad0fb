//! Finds what has drifted with a marketplace's own report, where there are too many listings to
//! read each: what the report shows as it should be is right, and only the rest is read by itself.
//! What buyers read is in no report: of that a part is read each time, in turn.

use std::collections::HashMap;

use barrow_market::{Adapter, Cursor, Elsewhere, ListedThere, Report};
use barrow_model::{ActionKind, FulfilledBy, ListingRef, ObservedState, Site};
use barrow_store::{ListingRow, ProblemAt, StoreError, Writer};
use chrono::{DateTime, TimeDelta, Utc};

use crate::engine::{Engine, ProgressEvent, Stage};
use crate::error::Result;
use crate::outbox::listing_ref;
use crate::reconcile::Observation;
use crate::stop::Stop;
use crate::wanted::Desk;

/// From so many listings on a report is asked for. One of eBay's takes minutes to be made; by calls
/// this many take as long.
const REPORT_FROM: usize = 1_000;

/// How long a report is waited for before all listings are read by calls.
const REPORT_WAIT_MAX: TimeDelta = TimeDelta::minutes(20);

/// Each comparison reads one in so many of the listings in full, where the last one ended.
const READ_IN_TURN: u64 = 10;

/// What a report shows by SKU. More than one row of a SKU tells nothing certain of either.
type Rows = HashMap<String, Vec<ListedThere>>;

impl Engine {
    /// Compares by report. Returns whether that was done: not where there are few listings, where
    /// the marketplace makes no reports, and where it made none in time.
    pub(crate) async fn compare_by_report(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        (site, stop): (&Site, &Stop),
        found: &mut Observation,
    ) -> Result<bool> {
        let Some(elsewhere) = adapter.elsewhere() else {
            return Ok(false);
        };
        let now = self.now();
        let many = |db: &barrow_store::Reader<'_>| {
            let ever = DateTime::<Utc>::MAX_UTC;
            let known = db.listings_unseen_since(desk.id(), site, ever, REPORT_FROM)?;
            Ok(known.len() >= REPORT_FROM)
        };
        if !self.store.read(many)? {
            return Ok(false);
        }
        let Some(rows) = self.report(elsewhere, stop).await else {
            return Ok(stop.is_asked());
        };
        self.faults.at("observe.answered");
        let mut last = None;
        while let Some((known, end)) = self.known_page(desk, site, last)? {
            last = Some(end);
            let rest = self.compare_page(desk, (known, &rows, now), found)?;
            let go_on = rest.is_empty() || self.read_some(desk, adapter, rest, found).await?;
            if !go_on || stop.is_asked() {
                return Ok(true);
            }
        }
        self.read_in_turn(desk, adapter, (site, stop), found)
            .await?;
        Ok(true)
    }

    /// Reads a part of the listings in full. What the report showed of them has been counted.
    async fn read_in_turn(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        (site, stop): (&Site, &Stop),
        found: &mut Observation,
    ) -> Result<()> {
        let stream = format!("listings {site}");
        let kept = self.store.read(|db| db.cursor(desk.id(), &stream))?;
        let mut cursor = kept
            .map(|kept| Cursor(kept.cursor))
            .filter(|cursor| !cursor.0.is_empty());
        let enough = found.seen + found.seen.div_ceil(READ_IN_TURN);
        let mut read = Observation {
            seen: found.seen,
            ..Observation::default()
        };
        while read.seen < enough && !stop.is_asked() {
            cursor = self
                .read_page(desk, adapter, (site, cursor.as_ref()), None, &mut read)
                .await?;
            // One that leads nowhere any more is forgotten as well: it begins anew.
            let next = cursor.as_ref().map_or("", |cursor| cursor.0.as_str());
            self.store
                .write(|tx| tx.set_cursor(desk.id(), &stream, next, None, false))?;
            if cursor.is_none() {
                break;
            }
        }
        found.drifted += read.drifted;
        found.problem = found.problem.take().or(read.problem);
        Ok(())
    }

    /// Everything that is live there, by SKU; none where no report could be had. One that failed is
    /// never taken for an empty one.
    async fn report(&self, elsewhere: &dyn Elsewhere, stop: &Stop) -> Option<Rows> {
        let given_up = self.now() + REPORT_WAIT_MAX;
        let mut ticket = elsewhere.ask().await.ok()?;
        let rows = loop {
            let wait = (ticket.not_before - self.now())
                .to_std()
                .unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.asked() => return None,
            }
            match elsewhere.read(&ticket).await.ok()? {
                Report::Whole(rows) => break rows,
                Report::Later(at) if at < given_up => ticket.not_before = at,
                Report::Later(_) => return None,
            }
        };
        let mut by_sku = Rows::new();
        for row in rows {
            if let Some(sku) = &row.sku {
                by_sku.entry(sku.clone()).or_default().push(row);
            }
        }
        Some(by_sku)
    }

    /// Notes what the report shows as it should be. Answers what must be read by itself.
    fn compare_page(
        &self,
        desk: &Desk,
        (known, rows, read_at): (Vec<ListingRow>, &Rows, DateTime<Utc>),
        found: &mut Observation,
    ) -> Result<Vec<ListingRef>> {
        let (right, rest): (Vec<_>, Vec<_>) = known.into_iter().partition(|row| shows(rows, row));
        found.seen += right.len() as u64;
        self.store.write(|tx| {
            for row in &right {
                confirm(tx, desk, row, read_at)?;
            }
            Ok(())
        })?;
        self.progress.tell(ProgressEvent {
            account_id: Some(desk.id()),
            stage: Stage::Observe,
            done: found.seen,
            total: None,
        });
        Ok(rest.iter().map(|row| listing_ref(&row.listing)).collect())
    }
}

/// Whether the report shows a listing as it was last left there. One that was seen blocked or ended
/// is read by itself: a report does not tell why.
fn shows(rows: &Rows, row: &ListingRow) -> bool {
    let standing = &row.standing;
    let was_well = matches!(
        standing.observed_state,
        None | Some(ObservedState::Live | ObservedState::OutOfStock)
    );
    let Some([there]) = rows
        .get(row.listing.channel_sku.as_str())
        .map(Vec::as_slice)
    else {
        return false;
    };
    was_well
        && row.fulfilled_by == FulfilledBy::Seller
        && there.price.is_some()
        && there.price == standing.acknowledged.price
        && there.quantity.is_some()
        && there.quantity == standing.expected_quantity
}

/// A listing is there as it should be.
fn confirm(
    tx: &mut Writer<'_>,
    desk: &Desk,
    row: &ListingRow,
    read_at: DateTime<Utc>,
) -> std::result::Result<(), StoreError> {
    let (id, standing) = (row.listing.id, &row.standing);
    let (Some(price), Some(quantity)) = (standing.acknowledged.price, standing.expected_quantity)
    else {
        return Ok(());
    };
    tx.store_listed(id, (price, quantity), read_at)?;
    // What is on its way now is not judged by an old picture.
    if tx.travelling(id)?.is_empty() {
        tx.clear_problem(&ProblemAt::listing(desk.id(), id, "observed"))?;
        tx.note_seen(
            id,
            &[ActionKind::SetPrice, ActionKind::SetQuantity],
            read_at,
        )?;
    }
    Ok(())
}
