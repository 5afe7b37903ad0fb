//! Publishing: item and offer, then publish. One step that is not repeatable per change and submit.

use std::collections::HashSet;
use std::sync::PoisonError;

use barrow_market::{Error, ErrorKind, Fate, Outcome, Retry, Status};
use barrow_model::{Binding, ChangeId, Condition, ListingRef, Offer, Problem, ProblemKind};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::EbayAdapter;
use super::aspects::{named_aspects, named_by, remembering};
use super::bulk::{Bulk, Sent, Told, done, status};
use super::family::family_of;
use super::look_up::not_done;
use super::print::{print, without_print};
use super::revisions::Revision;
use crate::config::SiteFacts;
use crate::error::{
    OFFER_NOT_AVAILABLE, PROPAGATION_WAIT, existing_offer, is_gone, is_in_group, may_have_happened,
    refusal, refusal_of, says_not_found,
};
use crate::limits::{BULK_CREATE_OFFER, BULK_GET_ITEMS, BULK_ITEMS, BULK_PUBLISH, UPDATE_OFFER};
use crate::types::BulkEntry;
use crate::{ASPECTS, GROUP, LISTING_ID, OFFER_ID, SENT, map, request};

pub(super) const ITEMS: Bulk = Bulk {
    spec: &BULK_ITEMS,
    build: request::bulk_items,
    belongs: |entry, sent| entry.sku.is_some() && entry.sku.as_deref() == sent["sku"].as_str(),
};

pub(super) const KNOWN: Bulk = Bulk {
    spec: &BULK_GET_ITEMS,
    build: request::bulk_get_items,
    ..ITEMS
};

const CREATE: Bulk = Bulk {
    spec: &BULK_CREATE_OFFER,
    build: request::bulk_create_offer,
    belongs: |entry, sent| {
        let same = entry.sku.is_some() && entry.sku.as_deref() == sent["sku"].as_str();
        let elsewhere = entry.marketplace_id.is_some()
            && entry.marketplace_id.as_deref() != sent["marketplaceId"].as_str();
        same && !elsewhere
    },
};

const PUBLISH: Bulk = Bulk {
    spec: &BULK_PUBLISH,
    build: request::bulk_publish,
    belongs: |entry, sent| {
        entry.offer_id.is_some() && entry.offer_id.as_deref() == sent["offerId"].as_str()
    },
};

/// Once the seller's limit is reached, every publish is refused (25026, ebay.md §12): for so long
/// none is tried, so that a long push makes one call a minute instead of thousands.
const SELLING_LIMIT_PAUSE: TimeDelta = TimeDelta::minutes(1);

/// One listing to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job<'a> {
    pub(super) change_id: ChangeId,
    pub(super) listing: &'a ListingRef,
    pub(super) offer: &'a Offer,
    pub(super) site: &'static SiteFacts,
}

impl Job<'_> {
    pub(super) fn offer_id(&self) -> Option<&str> {
        self.listing.binding.get(OFFER_ID)
    }
}

/// A job with the item that it writes.
pub(super) struct Written<'a> {
    pub(super) job: Job<'a>,
    item: Value,
    print: String,
    /// Whether it is a revision: what is for sale must not grow by it.
    revises: bool,
    /// The aspects and terms that Barrow names, see [`ASPECTS`].
    pub(super) aspects: String,
}

fn change_ids(jobs: &[Written<'_>]) -> HashSet<ChangeId> {
    jobs.iter().map(|job| job.job.change_id).collect()
}

/// Once its item is written a change has had an effect: what fails then is refused, to be tried
/// again, and is no error of a submit without effect.
fn with_effect(told: Vec<Told>, touched: &HashSet<ChangeId>) -> Vec<Told> {
    let of_one = |(change_id, fate): Told| match fate {
        Err(error) if touched.contains(&change_id) => {
            (change_id, Ok(refusal_of(change_id, &error).fate))
        }
        fate => (change_id, fate),
    };
    told.into_iter().map(of_one).collect()
}

impl EbayAdapter {
    /// The next step of each: new offers are made, offers that are right are published, others are
    /// brought up to date and published. All are of one site.
    pub(super) async fn publish(&self, jobs: &[Job<'_>]) -> Vec<Told> {
        if self.is_full() {
            let refused = jobs.iter().map(|job| (job.change_id, Ok(full())));
            return refused.collect();
        }
        let mut told = Vec::with_capacity(jobs.len());
        let mut fresh = Vec::new();
        let mut ready = Vec::new();
        for job in jobs {
            let item = match self.item_body(*job).await {
                Ok(item) => item,
                Err(fate) => {
                    told.push((job.change_id, fate));
                    continue;
                }
            };
            let offer = map::offer_create(&job.listing.sku, job.site, job.offer);
            let print = print(&item, &offer);
            let job = Written {
                job: *job,
                aspects: named_by(*job, &item),
                item,
                print,
                revises: false,
            };
            let up_to_date = job.job.listing.binding.get(SENT) == Some(job.print.as_str());
            if job.job.offer_id().is_some() && up_to_date {
                ready.push(job);
                continue;
            }
            // Written anew it holds something else than the print says, also where publishing it
            // then fails: the print goes first, or a later step would take what is there for what
            // is wanted once that is what it was at first.
            if let Some(binding) = without_print(&job.job.listing.binding) {
                told.push((job.job.change_id, Ok(Fate::Advanced { binding })));
                continue;
            }
            // An offer that was made by other means may be live already.
            match self.may_revise(job.job.listing, Revision::CONTENT) {
                Some(fate) => told.push((job.job.change_id, Ok(fate))),
                None => fresh.push(job),
            }
        }
        let written = self.write_items(fresh, &mut told).await;
        let touched = change_ids(&written);
        let named = named_aspects(written.iter().chain(&ready));
        let (known, new): (Vec<_>, Vec<_>) = written
            .into_iter()
            .partition(|job| job.job.offer_id().is_some());
        self.create_offers(&new, &mut told).await;
        for job in known {
            match self.update_offer(&job).await {
                Ok(()) => ready.push(job),
                Err(told_of_it) => told.push(told_of_it),
            }
        }
        let mut ready = self.not_rewritten(ready, &mut told).await;
        self.publish_families(&ready, &mut told).await;
        ready.retain(|written| family_of(&written.job).is_none());
        self.publish_offers(&ready, &mut told).await;
        remembering(with_effect(told, &touched), &named)
    }

    /// Brings items and offers up to date. All are of one site.
    pub(super) async fn revise(&self, jobs: &[Job<'_>]) -> Vec<Told> {
        let mut told = Vec::with_capacity(jobs.len());
        let mut known = Vec::with_capacity(jobs.len());
        for job in jobs {
            let item = match self.item_body(*job).await {
                Ok(item) => item,
                Err(fate) => {
                    told.push((job.change_id, fate));
                    continue;
                }
            };
            // Counted last: what is not sent takes no revision of the day's.
            if let Some(fate) = self.may_revise(job.listing, Revision::CONTENT) {
                told.push((job.change_id, Ok(fate)));
                continue;
            }
            known.push(Written {
                job: *job,
                aspects: named_by(*job, &item),
                item,
                print: String::new(),
                revises: true,
            });
        }
        let written = self.write_items(known, &mut told).await;
        let touched = change_ids(&written);
        let named = named_aspects(&written);
        let mut of_families = Vec::new();
        for written in written {
            let job = written.job;
            match self.update_offer(&written).await {
                Ok(()) if family_of(&job).is_some() => of_families.push(written),
                Ok(()) => told.push((job.change_id, Ok(Fate::Applied { binding: None }))),
                Err(told_of_it) => told.push(told_of_it),
            }
        }
        self.revise_families(&of_families, &mut told).await;
        remembering(with_effect(told, &touched), &named)
    }

    /// The item that a job writes: a variation's where it is shown with others.
    async fn item_body(
        &self,
        job: Job<'_>,
    ) -> std::result::Result<Value, std::result::Result<Fate, Error>> {
        let allowed = self.allowed_conditions(job).await.map_err(Err)?;
        let mut item = map::item(&job.listing.sku, job.site, job.offer, &allowed);
        // One that is shown in a group without its family has no title of its own either.
        if family_of(&job).is_some() || job.listing.binding.get(GROUP).is_some() {
            map::as_variation(&mut item, &job.offer.content);
        }
        self.describe(job, &mut item).await?;
        Ok(item)
    }

    /// Conditions that the category takes, where the answer can matter: new goods are new in every
    /// category. Where eBay cannot tell them now, used goods wait, for buyers would read a wrong
    /// grade; where it never tells them, they go out as they are graded.
    async fn allowed_conditions(&self, job: Job<'_>) -> std::result::Result<Vec<u32>, Error> {
        let (Some(category), false) = (
            &job.offer.content.category,
            job.offer.content.condition == Condition::New,
        ) else {
            return Ok(Vec::new());
        };
        match self.conditions_of(job.site, category).await {
            Err(error) if error.status == Status::Permanent => Ok(Vec::new()),
            told => told,
        }
    }

    /// Writes items and gives back the jobs whose item is there.
    async fn write_items<'a>(
        &self,
        jobs: Vec<Written<'a>>,
        told: &mut Vec<Told>,
    ) -> Vec<Written<'a>> {
        let Some(site) = jobs.first().map(|job| job.job.site) else {
            return Vec::new();
        };
        let jobs = self.with_known(site, jobs, told).await;
        // eBay refuses duplicates within a call (25728).
        let mut seen = HashSet::new();
        let items: Vec<Value> = jobs
            .iter()
            .filter(|job| seen.insert(job.job.listing.sku.as_str()))
            .map(|job| job.item.clone())
            .collect();
        let sent = self.send_bulk(ITEMS, site, &items).await;
        let mut written = Vec::with_capacity(jobs.len());
        for job in jobs {
            let place = items
                .iter()
                .position(|item| item["sku"].as_str() == Some(job.job.listing.sku.as_str()));
            let change_id = job.job.change_id;
            let sent = place.and_then(|place| sent.get(place));
            self.note_warned(change_id, sent);
            match sent {
                Some(Sent::Answered(entries)) if entries.iter().all(done) => written.push(job),
                Some(Sent::Answered(entries)) => {
                    told.push((change_id, refused(change_id, entries)))
                }
                Some(Sent::Failed(error)) => told.push((change_id, Err(error.clone()))),
                Some(Sent::Unknown) | None => told.push((change_id, Ok(Fate::Unknown))),
            }
        }
        written
    }

    /// Reads the items that are there and adds to the jobs what these hold beside. A job whose item
    /// cannot be read is not written: it could erase something.
    async fn with_known<'a>(
        &self,
        site: &'static SiteFacts,
        jobs: Vec<Written<'a>>,
        told: &mut Vec<Told>,
    ) -> Vec<Written<'a>> {
        let mut skus: Vec<Value> = Vec::with_capacity(jobs.len());
        for job in &jobs {
            let sku = json!({ "sku": job.job.listing.sku.as_str() });
            if !skus.contains(&sku) {
                skus.push(sku);
            }
        }
        let read = self.send_bulk(KNOWN, site, &skus).await;
        let mut kept = Vec::with_capacity(jobs.len());
        for mut job in jobs {
            let (change_id, own) = (job.job.change_id, job.job.listing.sku.as_str());
            let place = skus.iter().position(|sku| sku["sku"] == own);
            match place.and_then(|place| read.get(place)) {
                Some(Sent::Answered(entries)) => {
                    let known = entries
                        .iter()
                        .find_map(|entry| entry.inventory_item.as_ref());
                    let absent = |entry: &BulkEntry| status(entry) == 404 || is_gone(&entry.errors);
                    match known {
                        Some(known) => {
                            if let Some(fate) = self.forbidden_by(job.job, known).await {
                                told.push((change_id, fate));
                                continue;
                            }
                            let content = &job.job.offer.content;
                            let written = job.job.listing.binding.get(ASPECTS);
                            let written = (site, written.unwrap_or_default());
                            map::keep_item(&mut job.item, known, content, written);
                            if job.revises {
                                let lower = map::item_not_above(&mut job.item, known);
                                self.note_lowered(change_id, lower);
                            }
                        }
                        None if entries.iter().any(absent) => {}
                        None => {
                            told.push((change_id, refused(change_id, entries)));
                            continue;
                        }
                    }
                }
                Some(Sent::Failed(error)) if error.kind == ErrorKind::NotFound => {}
                Some(Sent::Failed(error)) => {
                    told.push((change_id, Err(error.clone())));
                    continue;
                }
                Some(Sent::Unknown) | None => {
                    told.push((change_id, Ok(not_done())));
                    continue;
                }
            }
            kept.push(job);
        }
        kept
    }

    /// Whether eBay said a moment ago that the seller's limit is reached.
    fn is_full(&self) -> bool {
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        full_at.is_some_and(|at| self.clock.now() - at < SELLING_LIMIT_PAUSE)
    }

    pub(super) fn note_full(&self, fate: &Fate) {
        if let Fate::Refused { problem, .. } = fate
            && problem.kind == ProblemKind::SellingLimit
        {
            let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
            *full_at = Some(self.clock.now());
        }
    }

    async fn create_offers(&self, jobs: &[Written<'_>], told: &mut Vec<Told>) {
        let Some(site) = jobs.first().map(|job| job.job.site) else {
            return;
        };
        let offers: Vec<Value> = jobs
            .iter()
            .map(|job| map::offer_create(&job.job.listing.sku, site, job.job.offer))
            .collect();
        let sent = self.send_bulk(CREATE, site, &offers).await;
        for (job, sent) in jobs.iter().zip(sent) {
            let change_id = job.job.change_id;
            self.note_warned(change_id, Some(&sent));
            let fate = match sent {
                Sent::Answered(entries) => Ok(created(job, &entries)),
                Sent::Failed(error) => Err(error),
                Sent::Unknown => Ok(Fate::Unknown),
            };
            told.push((change_id, fate));
        }
    }

    async fn update_offer(&self, written: &Written<'_>) -> std::result::Result<(), Told> {
        let job = written.job;
        let change_id = job.change_id;
        let Some(offer_id) = job.offer_id() else {
            return Err((change_id, Ok(gone())));
        };
        let mut body = map::offer_update(job.offer, job.site);
        match self.whole_offer(job.site, offer_id).await {
            Ok(Some(known)) => {
                let now = self.clock.now();
                let before = (now, job.listing.binding.get(ASPECTS).unwrap_or_default());
                map::keep_offer(&mut body, &known, &job.offer.content, before);
                if written.revises && map::offer_not_above(&mut body, &known) {
                    self.note_lowered(change_id, true);
                }
                if family_of(&job).is_some() {
                    map::without_best_offer(&mut body);
                }
            }
            // It is made anew by the next step.
            Ok(None) => {
                let binding = Binding::default();
                return Err((change_id, Ok(Fate::Advanced { binding })));
            }
            Err(error) => return Err((change_id, Err(error))),
        }
        let request = request::update_offer(self.api(), job.site, offer_id, &body);
        let result = match request {
            Ok(request) => self.call(&UPDATE_OFFER, request).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(answer) => {
                self.note_said(change_id, &answer.body);
                Ok(())
            }
            Err(error) if error.kind == ErrorKind::NotFound => {
                Err((change_id, self.without_offer(job, Vec::new()).await))
            }
            Err(error) if may_have_happened(&error) && error.kind != ErrorKind::MarketplaceDown => {
                Err((change_id, Ok(Fate::Unknown)))
            }
            Err(error) => Err((change_id, Err(error))),
        }
    }

    async fn publish_offers(&self, jobs: &[Written<'_>], told: &mut Vec<Told>) {
        let Some(site) = jobs.first().map(|job| job.job.site) else {
            return;
        };
        let offers: Vec<Value> = jobs
            .iter()
            .map(|job| json!({ "offerId": job.job.offer_id() }))
            .collect();
        let sent = self.send_bulk(PUBLISH, site, &offers).await;
        for (job, sent) in jobs.iter().zip(sent) {
            let change_id = job.job.change_id;
            self.note_warned(change_id, Some(&sent));
            let fate = match sent {
                Sent::Answered(entries) => self.published(job, entries).await,
                Sent::Failed(error) => Err(error),
                Sent::Unknown => Ok(Fate::Unknown),
            };
            told.push((change_id, fate));
        }
    }

    async fn published(
        &self,
        job: &Written<'_>,
        entries: Vec<BulkEntry>,
    ) -> std::result::Result<Fate, barrow_market::Error> {
        let listing_id = entries
            .iter()
            .filter(|entry| done(entry))
            .find_map(|entry| entry.listing_id.clone());
        if let (Some(listing_id), Some(offer_id)) = (listing_id, job.job.offer_id()) {
            let binding = Binding::default()
                .with(OFFER_ID, offer_id)
                .with(LISTING_ID, listing_id);
            return Ok(Fate::Applied {
                binding: Some(binding),
            });
        }
        if entries.iter().all(done) {
            // Published without saying as what: reading the offer tells.
            return Ok(Fate::Unknown);
        }
        if entries.iter().any(|entry| is_in_group(&entry.errors)) {
            return self.leave_group(job.job).await;
        }
        if entries.iter().any(|entry| is_gone(&entry.errors)) {
            return self.without_offer(job.job, entries).await;
        }
        if entries.iter().any(|entry| says_not_found(&entry.errors))
            && let Some(fate) = self.of_other_language(job.job).await?
        {
            return Ok(fate);
        }
        let fate = refused(job.job.change_id, &entries)?;
        self.note_full(&fate);
        Ok(naming_category(fate, job.job.offer))
    }

    /// What to do where eBay says that the offer is not there. It says so too of one that was just
    /// written, and where policies do not fit the site (25713, ebay.md §12): only an offer that
    /// cannot be read is made anew; another is tried again, and its policies are named meanwhile.
    async fn without_offer(
        &self,
        job: Job<'_>,
        entries: Vec<BulkEntry>,
    ) -> std::result::Result<Fate, barrow_market::Error> {
        let Some(offer_id) = job.offer_id() else {
            return Ok(gone());
        };
        match self.read_offer(job.site, offer_id).await? {
            None => Ok(Fate::Advanced {
                binding: Binding::default(),
            }),
            Some(_) => {
                let problem = Problem::new(ProblemKind::PolicyInvalid).field("settings");
                let first = entries.iter().flat_map(|entry| &entry.errors).next();
                let words = first
                    .and_then(|issue| issue.message.as_deref())
                    .unwrap_or_default();
                Ok(Fate::Refused {
                    problem: problem
                        .param("policy", "policy")
                        .vendor(OFFER_NOT_AVAILABLE.to_string(), words),
                    retry: Retry::After(PROPAGATION_WAIT),
                })
            }
        }
    }
}

/// What an answered offer tells: made, there already and to be adopted, or refused.
fn created(job: &Written<'_>, entries: &[BulkEntry]) -> Fate {
    let adopted = entries
        .iter()
        .find_map(|entry| existing_offer(&entry.errors));
    if let Some(offer_id) = adopted {
        // Without a print: the next step brings it up to date before it is published.
        return Fate::Advanced {
            binding: Binding::default().with(OFFER_ID, offer_id),
        };
    }
    let made = entries.iter().filter(|entry| done(entry));
    if let Some(offer_id) = made.filter_map(|entry| entry.offer_id.clone()).next() {
        let binding = Binding::default().with(OFFER_ID, offer_id);
        return Fate::Advanced {
            binding: binding.with(SENT, job.print.as_str()),
        };
    }
    if entries.iter().all(done) {
        return Fate::Unknown;
    }
    refused(job.job.change_id, entries).unwrap_or(Fate::Unknown)
}

/// Names the category where eBay refuses it.
fn naming_category(mut fate: Fate, offer: &Offer) -> Fate {
    if let (Fate::Refused { problem, .. }, Some(category)) = (&mut fate, &offer.content.category)
        && problem.kind == ProblemKind::CategoryInvalid
    {
        let category = category.0.clone();
        problem.params.insert("category".to_owned(), category);
    }
    fate
}

/// The fate of a change whose entry eBay refused.
pub(super) fn refused(
    change_id: ChangeId,
    entries: &[BulkEntry],
) -> std::result::Result<Fate, barrow_market::Error> {
    let wrong = entries.iter().find(|entry| !done(entry));
    let outcome: Outcome = match wrong {
        Some(entry) => refusal(change_id, status(entry), &entry.errors),
        None => Outcome::unknown(change_id),
    };
    Ok(outcome.fate)
}

fn full() -> Fate {
    Fate::Refused {
        problem: Problem::new(ProblemKind::SellingLimit),
        retry: Retry::No,
    }
}

pub(super) fn gone() -> Fate {
    Fate::Refused {
        problem: Problem::new(ProblemKind::ListingGone),
        retry: Retry::No,
    }
}

/// Jobs of one site each, in their order.
pub(super) fn by_site<'a>(jobs: Vec<Job<'a>>) -> Vec<Vec<Job<'a>>> {
    let mut groups: Vec<Vec<Job<'a>>> = Vec::new();
    for job in jobs {
        match groups.iter_mut().find(|group| group[0].site == job.site) {
            Some(group) => group.push(job),
            None => groups.push(vec![job]),
        }
    }
    groups
}
