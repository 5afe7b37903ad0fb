//! Reads what is really there: notes what was seen, finds what has drifted, and adopts listings
//! that were made elsewhere.

use std::time::Duration;

use barrow_market::{Adapter, Capability, Cursor};
use barrow_model::{
    AccountId, ActionKind, FulfilledBy, ListingId, ListingRef, Observed, ObservedDetails,
    ObservedState, Problem, Site,
};
use barrow_store::{ListingQuery, ListingRow, ProblemAt, StoreError, Writer};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::adopt::{Founding, Unmatched, adopt};
use crate::engine::{Engine, ProgressEvent, Stage};
use crate::error::Result;
use crate::outbox::listing_ref;
use crate::stop::Stop;
use crate::wanted::{Desk, half_digest};

/// Pages of one account and site in one run: a million listings are ten thousand pages of 100.
const PAGES_MAX: u32 = 20_000;

/// Listings that are read at once where there is no list of everything.
const KNOWN_PAGE: usize = 100;

/// Listings that are looked for one by one in a run because the list did not have them; the rest
/// waits for the next.
const UNSEEN_MAX: usize = 1_000;

/// Problems of unmatched listings in a summary; the count goes on.
const UNMATCHED_MAX: usize = 1_000;

/// What reading an account's listings showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// Listings that were read.
    pub seen: u64,
    /// Listings that differ from what the marketplace had taken; the next push mends them.
    pub drifted: u64,
    /// Listings that were linked to the catalogue.
    pub adopted: u64,
    /// Listings there that nothing in the catalogue fits, by SKU.
    pub unmatched: Vec<String>,
    /// How many those are.
    pub unmatched_count: u64,
    /// Why not everything was read.
    pub problem: Option<Problem>,
}

impl Engine {
    /// Reads an account's listings on a site and notes what differs from what was acknowledged.
    /// Where there are many and the marketplace makes reports, those that its report shows as they
    /// should be are not read by themselves.
    pub async fn observe(
        &self,
        account: AccountId,
        site: &Site,
        stop: &Stop,
    ) -> Result<Observation> {
        self.read_listings((account, site), None, stop).await
    }

    /// Reads an account's listings on a site and links those that are not known yet to variants
    /// and kits, by SKU, else by barcode number. What is adopted is taken as it stands there and
    /// not sent back.
    pub async fn adopt(
        &self,
        (account, site): (AccountId, &Site),
        unmatched: Unmatched,
        stop: &Stop,
    ) -> Result<Observation> {
        let mut founding = Founding::new(unmatched);
        let mut found = self
            .read_listings((account, site), Some(&mut founding), stop)
            .await?;
        let desk = self.desk(account).await?;
        found.adopted += self.found_products(&desk, founding, &mut found)?;
        Ok(found)
    }

    async fn read_listings(
        &self,
        (account, site): (AccountId, &Site),
        mut adopts: Option<&mut Founding>,
        stop: &Stop,
    ) -> Result<Observation> {
        let desk = self.desk(account).await?;
        let mut found = Observation::default();
        let adapter = match &desk.adapter {
            Ok(adapter) => adapter.clone(),
            Err(problem) => {
                found.problem = Some((**problem).clone());
                return Ok(found);
            }
        };
        if adopts.is_none() && !adapter.capability().reads_all_listings {
            self.read_known(&desk, adapter.as_ref(), (site, stop), &mut found)
                .await?;
            return Ok(found);
        }
        if adopts.is_none()
            && self
                .compare_by_report(&desk, adapter.as_ref(), (site, stop), &mut found)
                .await?
        {
            return Ok(found);
        }
        let began = self.now();
        let mut cursor: Option<Cursor> = None;
        for _ in 0..PAGES_MAX {
            let next = self
                .read_page(
                    &desk,
                    adapter.as_ref(),
                    (site, cursor.as_ref()),
                    adopts.as_deref_mut(),
                    &mut found,
                )
                .await?;
            let Some(next) = next else { break };
            if stop.is_asked() {
                return Ok(found);
            }
            cursor = Some(next);
        }
        if found.problem.is_none() && !stop.is_asked() {
            self.read_unseen(&desk, adapter.as_ref(), (site, began), &mut found)
                .await?;
        }
        Ok(found)
    }

    /// Reads listing by listing what is known to be there, where the marketplace has no list of
    /// everything.
    async fn read_known(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        (site, stop): (&Site, &Stop),
        found: &mut Observation,
    ) -> Result<()> {
        let mut last = None;
        while let Some((known, end)) = self.known_page(desk, site, last)? {
            last = Some(end);
            let there = known.iter().map(|row| listing_ref(&row.listing)).collect();
            if !self.read_some(desk, adapter, there, found).await? || stop.is_asked() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next listings of a site that are taken to be there, and the last that was looked at;
    /// none at the end.
    pub(crate) fn known_page(
        &self,
        desk: &Desk,
        site: &Site,
        after: Option<ListingId>,
    ) -> Result<Option<(Vec<ListingRow>, ListingId)>> {
        let page = self.store.read(|db| {
            db.listings_page(&ListingQuery {
                account_id: Some(desk.id()),
                state: None,
                sku_id: None,
                after,
                limit: KNOWN_PAGE,
            })
        })?;
        let Some(end) = page.last().map(|row| row.listing.id) else {
            return Ok(None);
        };
        let there = page.into_iter().filter(|row| row.listing.site == *site);
        let there = there.filter(|row| row.standing.acknowledged.content.is_some());
        Ok(Some((there.collect(), end)))
    }

    /// Reads listings one by one and notes those that are not there any more. Returns whether the
    /// marketplace answered.
    pub(crate) async fn read_some(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        there: Vec<ListingRef>,
        found: &mut Observation,
    ) -> Result<bool> {
        let Some(role) = adapter.listings() else {
            return Ok(false);
        };
        let read_at = self.now();
        let seen = match role.observe_some(&there).await {
            Ok(seen) => seen,
            Err(error) => {
                found.problem = Some(error.to_problem());
                return Ok(false);
            }
        };
        self.faults.at("observe.answered");
        self.store.write(|tx| {
            for listing in &there {
                let known = seen.iter().find(|observed| observed.sku == listing.sku);
                let drifted = match known {
                    Some(observed) => note(tx, desk, listing.id, observed, read_at)?,
                    None => note_missing(tx, desk, listing.id, read_at)?,
                };
                found.seen += u64::from(known.is_some());
                found.drifted += u64::from(drifted);
            }
            Ok(())
        })?;
        self.progress.tell(ProgressEvent {
            account_id: Some(desk.id()),
            stage: Stage::Observe,
            done: found.seen,
            total: None,
        });
        Ok(true)
    }

    /// Looks for what was not in the list although it was taken to be there. A list that leaves
    /// something out proves nothing: each is read by itself.
    async fn read_unseen(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        (site, since): (&Site, DateTime<Utc>),
        found: &mut Observation,
    ) -> Result<()> {
        let unseen = self
            .store
            .read(|db| db.listings_unseen_since(desk.id(), site, since, UNSEEN_MAX))?;
        for part in unseen.chunks(KNOWN_PAGE) {
            let there = part.iter().map(listing_ref).collect();
            if !self.read_some(desk, adapter, there, found).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    pub(crate) async fn read_page(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        (site, cursor): (&Site, Option<&Cursor>),
        mut adopts: Option<&mut Founding>,
        found: &mut Observation,
    ) -> Result<Option<Cursor>> {
        let Some(role) = adapter.listings() else {
            return Ok(None);
        };
        // What was sent while the page was read may be in it or not.
        let read_at = self.now();
        let page = match role.observe(site, cursor).await {
            Ok(page) => page,
            Err(error) => {
                found.problem = Some(error.to_problem());
                return Ok(None);
            }
        };
        self.faults.at("observe.answered");
        self.store.write(|tx| {
            for observed in &page.listings {
                found.seen += 1;
                let known = tx.listing_at(desk.id(), &observed.site, observed.sku.as_str())?;
                if let Some(id) = known {
                    let drifted = note(tx, desk, id, observed, read_at)?;
                    found.drifted += u64::from(drifted);
                    if let Some(all) = &mut adopts {
                        all.note_mate(observed, tx.listing(id)?.listing.sku_id);
                    }
                    continue;
                }
                let adopted = match &mut adopts {
                    Some(all) => match adopt(tx, desk, observed, (self.now(), false))? {
                        Some(sku) => {
                            all.note_mate(observed, sku);
                            true
                        }
                        None => false,
                    },
                    None => false,
                };
                let kept = !adopted && adopts.as_mut().is_some_and(|all| all.keep(observed));
                match adopted {
                    true => found.adopted += 1,
                    false if kept => {}
                    false => leave(found, observed),
                }
            }
            Ok(())
        })?;
        self.progress.tell(ProgressEvent {
            account_id: Some(desk.id()),
            stage: Stage::Observe,
            done: found.seen,
            total: None,
        });
        Ok(page.next.filter(|next| Some(next) != cursor))
    }
}

/// What of a listing was sent so short a time before it was read that the marketplace may still
/// show what was there before: nothing is judged by such a picture.
#[derive(Clone, Copy, Default)]
struct Fresh {
    price: bool,
    quantity: bool,
    content: bool,
    listing: bool,
}

impl Fresh {
    fn of(
        tx: &Writer<'_>,
        desk: &Desk,
        (id, read_at): (ListingId, DateTime<Utc>),
    ) -> std::result::Result<Self, StoreError> {
        let capability = desk.capability();
        let since = |shows_in: fn(&Capability) -> Duration| {
            let time = capability.map(shows_in).unwrap_or_default();
            read_at - TimeDelta::from_std(time).unwrap_or_default()
        };
        let changes_since = since(|capability| capability.shows_changes_in);
        let listings_since = since(|capability| capability.shows_listings_in);
        let applied = tx.applied_since(id, changes_since.min(listings_since))?;
        let mut fresh = Self::default();
        for (kind, at) in applied {
            let is_new = kind == ActionKind::Publish;
            fresh.listing |= is_new && at > listings_since;
            if at <= changes_since {
                continue;
            }
            let whole = is_new || kind == ActionKind::Revise;
            fresh.price |= whole || kind == ActionKind::SetPrice;
            fresh.quantity |= whole || kind == ActionKind::SetQuantity;
            fresh.content |= whole;
        }
        Ok(fresh)
    }
}

/// A listing that was there and is not any more; what is on its way decides first.
fn note_missing(
    tx: &mut Writer<'_>,
    desk: &Desk,
    id: ListingId,
    read_at: DateTime<Utc>,
) -> std::result::Result<bool, StoreError> {
    if !tx.travelling(id)?.is_empty() || Fresh::of(tx, desk, (id, read_at))?.listing {
        return Ok(false);
    }
    tx.note_gone(id)?;
    Ok(true)
}

pub(crate) fn leave(found: &mut Observation, observed: &Observed) {
    found.unmatched_count += 1;
    if found.unmatched.len() < UNMATCHED_MAX {
        found.unmatched.push(observed.sku.as_str().to_owned());
    }
}

/// Stores what was seen of a listing. What differs from what was acknowledged is what is there now:
/// the listing is planned again from it. Returns whether it differed.
fn note(
    tx: &mut Writer<'_>,
    desk: &Desk,
    id: ListingId,
    observed: &Observed,
    read_at: DateTime<Utc>,
) -> std::result::Result<bool, StoreError> {
    let row = tx.listing(id)?;
    tx.store_observed(id, observed, read_at)?;
    // What is on its way now is not judged by an old picture.
    if !tx.travelling(id)?.is_empty() {
        return Ok(false);
    }
    let standing = &row.standing;
    if standing.acknowledged.content.is_none() {
        return Ok(false);
    }
    let at = ProblemAt::listing(desk.id(), id, "observed");
    match observed.problems.first() {
        Some(problem) => tx.raise_problem(&at, problem)?,
        None => tx.clear_problem(&at)?,
    }
    let fresh = Fresh::of(tx, desk, (id, read_at))?;
    if observed.state == ObservedState::Ended {
        if !fresh.listing {
            tx.note_gone(id)?;
        }
        return Ok(!fresh.listing);
    }
    let other_price = observed
        .price
        .filter(|_| observed.price != standing.acknowledged.price);
    let other_quantity = observed
        .quantity
        .filter(|_| observed.fulfilled_by == FulfilledBy::Seller)
        .filter(|_| observed.quantity != standing.expected_quantity);
    let price = other_price.filter(|_| !fresh.price);
    let quantity = other_quantity.filter(|_| !fresh.quantity);
    if price.is_some() || quantity.is_some() {
        tx.note_drift(id, price, quantity, read_at)?;
    }
    let rewritten = match &observed.details {
        Some(details) if !fresh.content => {
            let stands_for_all = details.family.is_none() || tx.is_first_of_family(id)?;
            tx.note_content(id, &content_print(details, stands_for_all)?)?
        }
        _ => false,
    };
    let mut seen = Vec::new();
    if observed.price.is_some() && other_price.is_none() {
        seen.push(ActionKind::SetPrice);
    }
    if observed.quantity.is_some() && other_quantity.is_none() {
        seen.push(ActionKind::SetQuantity);
    }
    if other_price.is_none() && other_quantity.is_none() && !rewritten {
        seen.extend([ActionKind::Publish, ActionKind::Revise]);
    }
    tx.note_seen(id, &seen, read_at)?;
    Ok(price.is_some() || quantity.is_some() || rewritten)
}

/// What stands for what buyers read. Pictures are left out: marketplaces give them addresses of
/// their own. What a family shows in common is its first member's: sent once, it is mended for all.
fn content_print(
    details: &ObservedDetails,
    stands_for_all: bool,
) -> std::result::Result<String, StoreError> {
    let common = (&details.title, &details.description, &details.brand);
    let common = stands_for_all.then_some(common);
    let shared = details
        .family
        .as_ref()
        .map(|family| family.shared.as_slice());
    let is_common = |name: &String| shared.is_some_and(|shared| shared.contains(name));
    let attributes = details.attributes.iter();
    let attributes = attributes.filter(|(name, _)| stands_for_all || !is_common(name));
    let attributes: Vec<_> = attributes.collect();
    let goods = (&details.mpn, details.condition, &details.options);
    let offer = (&details.category, &details.settings);
    let text = serde_json::to_vec(&(common, attributes, goods, offer));
    let text = text.map_err(|error| StoreError::Invalid {
        field: "content".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(half_digest(Sha256::new().chain_update(&text)))
}
