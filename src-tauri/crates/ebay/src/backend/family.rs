//! Variants as one listing: items and offers as with any other, then the group, then its publish
//! (ebay.md §6.6).
//!
//! A group is read before it is written: what it holds beside goes out again, and variations that
//! buyers see stay in it. Everything that is done to one group is done one thing after another,
//! since eBay refuses writes at the same time (25025).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use barrow_market::{Error, ErrorKind, Fate, Retry};
use barrow_model::{Binding, CategoryId, ChangeId, FamilyMembership, Problem, ProblemKind, Sku};
use barrow_wire::CallSpec;
use bytes::Bytes;
use futures_util::lock::{Mutex as AsyncMutex, OwnedMutexGuard};
use http::Request;
use serde_json::{Value, json};

use super::EbayAdapter;
use super::bulk::{Sent, Told, status};
use super::publish::{Job, KNOWN, Written, gone};
use super::revisions::Revision;
use super::told::told;
use crate::config::SiteFacts;
use crate::error::{
    GROUP_UNKNOWN, IN_GROUP, PROPAGATION_WAIT, is_gone, is_passing, may_have_happened, parse_error,
    problem, refusal_of,
};
use crate::limits::{DELETE_GROUP, GET_GROUP, GET_STRUCTURES, PUBLISH_GROUP, PUT_GROUP};
use crate::map::Variation;
use crate::types::{BulkEntry, ErrorBody, ListingStructures, PostedListing, VendorIssue};
use crate::{GROUP, LISTING_ID, OFFER_ID, map, request};

/// Of these a group has one at least.
const GROUP_FIELDS: [&str; 3] = ["inventoryItemGroupKey", "variantSKUs", "title"];
/// The locks of groups, by key; those that nobody holds are dropped beyond this many.
const LOCKS_KEPT: usize = 1_000;

pub(super) type GroupLocks = HashMap<String, Arc<AsyncMutex<()>>>;

/// A call about a group that eBay did not do.
pub(super) enum Failed {
    /// Refused, with all that eBay says.
    Refused(Vec<VendorIssue>, Error),
    /// It had no effect.
    Error(Error),
    /// Nobody knows.
    Unknown,
    /// Not asked for: what is there forbids it.
    Told(Problem),
    /// Not asked for yet: the listing's revisions of the day are used up.
    Later(Fate),
}

type Done<T> = std::result::Result<T, Failed>;

impl Failed {
    /// The fate of a change whose group was not written.
    pub(super) fn told(&self) -> std::result::Result<Fate, Error> {
        match self {
            Self::Refused(issues, error) if !issues.is_empty() => {
                if issues.iter().any(|issue| issue.error_id == GROUP_UNKNOWN) {
                    // It was written a moment ago: eBay does not see it yet.
                    return Ok(Fate::Refused {
                        problem: problem(issues),
                        retry: Retry::After(PROPAGATION_WAIT),
                    });
                }
                Ok(refusal_of(ChangeId(0), error).fate)
            }
            Self::Refused(_, error) | Self::Error(error) => Err(error.clone()),
            Self::Unknown => Ok(Fate::Unknown),
            Self::Told(problem) => Ok(refused(problem.clone())),
            Self::Later(fate) => Ok(fate.clone()),
        }
    }

    /// Why a reading brought nothing.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Refused(_, error) | Self::Error(error) => error,
            Self::Unknown => Error::new(ErrorKind::NoAnswer, GET_GROUP.operation),
            Self::Told(problem) => {
                Error::new(ErrorKind::Refused, PUT_GROUP.operation).because(problem)
            }
            Self::Later(_) => Error::new(ErrorKind::RateLimited, PUT_GROUP.operation),
        }
    }

    /// Whether a person has to mend one of the variations, so that the others may fare better.
    fn is_of_some(&self) -> bool {
        matches!(self, Self::Refused(issues, _)
            if !issues.is_empty() && !issues.iter().any(is_passing))
    }

    /// Which of the SKUs eBay names.
    fn names(&self, sku: &Sku) -> Option<Problem> {
        let Self::Refused(issues, _) = self else {
            return None;
        };
        let about = issues.iter().filter(|issue| {
            let values = issue
                .parameters
                .iter()
                .filter_map(|one| one.value.as_deref());
            let texts = [issue.message.as_deref(), issue.long_message.as_deref()];
            let mut all = values.chain(texts.into_iter().flatten());
            all.any(|text| map::names_sku(text, sku.as_str()))
        });
        let about: Vec<VendorIssue> = about.cloned().collect();
        (!about.is_empty()).then(|| problem(&about))
    }
}

/// The family of a job.
pub(super) fn family_of<'a>(job: &Job<'a>) -> Option<&'a FamilyMembership> {
    job.offer.content.family.as_ref()
}

/// Jobs of one family each, in their order.
pub(super) fn by_family<'a, T>(
    jobs: &'a [T],
    job: fn(&T) -> &Job<'a>,
) -> Vec<(&'a str, Vec<&'a T>)> {
    let mut families: Vec<(&str, Vec<&T>)> = Vec::new();
    for one in jobs {
        let Some(family) = family_of(job(one)) else {
            continue;
        };
        match families.iter_mut().find(|(key, _)| *key == family.key) {
            Some((_, members)) => members.push(one),
            None => families.push((&family.key, vec![one])),
        }
    }
    families
}

impl EbayAdapter {
    /// Whether a category may show variants as one listing: unless eBay says that it does not
    /// (ebay.md §6.6).
    pub(super) async fn takes_variations(
        &self,
        site: &'static SiteFacts,
        category: &CategoryId,
    ) -> barrow_market::Result<bool> {
        let request = request::listing_structures(self.api(), site, &category.0)?;
        let answer = self.call(&GET_STRUCTURES, request).await?;
        let read: ListingStructures = told(&answer, GET_STRUCTURES.operation)?;
        let mut policies = read.listing_structure_policies.iter();
        let own = policies.find(|policy| policy.category_id.as_deref() == Some(&category.0));
        Ok(own.and_then(|policy| policy.variations_supported) != Some(false))
    }

    /// Waits until nobody else writes a group.
    pub(super) async fn hold_group(&self, key: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
            if locks.len() >= LOCKS_KEPT {
                locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            }
            Arc::clone(locks.entry(key.to_owned()).or_default())
        };
        lock.lock_owned().await
    }

    /// Makes each family's variations one listing, or adds them to the one that is there.
    pub(super) async fn publish_families(&self, jobs: &[Written<'_>], told: &mut Vec<Told>) {
        for (key, members) in by_family(jobs, |written| &written.job) {
            let _held = self.hold_group(key).await;
            let jobs: Vec<Job<'_>> = members.iter().map(|member| member.job).collect();
            let fates = self.publish_family(key, jobs).await;
            for fate in fates.iter().filter_map(|(_, fate)| fate.as_ref().ok()) {
                self.note_full(fate);
            }
            told.extend(fates);
        }
    }

    /// Publishes the variations of one family. What eBay refuses for one of them is told of that
    /// one, and the others go without it.
    async fn publish_family(&self, key: &str, mut jobs: Vec<Job<'_>>) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::with_capacity(jobs.len());
        loop {
            let failed = match self.group_live(key, &jobs).await {
                Ok(listing_id) => {
                    told.extend(
                        jobs.iter()
                            .map(|job| (job.change_id, Ok(live(job, key, listing_id.as_deref())))),
                    );
                    return told;
                }
                Err(failed) => failed,
            };
            let before = jobs.len();
            if failed.is_of_some() {
                jobs.retain(|job| match failed.names(&job.listing.sku) {
                    Some(problem) => {
                        told.push((job.change_id, Ok(refused(problem))));
                        false
                    }
                    None => true,
                });
            }
            if jobs.is_empty() {
                return told;
            }
            if jobs.len() < before {
                continue;
            }
            if failed.is_of_some() && jobs.len() > 1 {
                told.extend(self.publish_one_by_one(key, &jobs).await);
            } else {
                told.extend(jobs.iter().map(|job| (job.change_id, failed.told())));
            }
            return told;
        }
    }

    /// Where eBay does not say which variation it refuses, each joins by itself.
    async fn publish_one_by_one(&self, key: &str, jobs: &[Job<'_>]) -> Vec<Told> {
        let mut told = Vec::with_capacity(jobs.len());
        for job in jobs {
            let fate = match self.group_live(key, std::slice::from_ref(job)).await {
                Ok(listing_id) => Ok(live(job, key, listing_id.as_deref())),
                Err(failed) => failed.told(),
            };
            told.push((job.change_id, fate));
        }
        told
    }

    /// Writes the group and publishes it; gives the listing's id.
    async fn group_live(&self, key: &str, jobs: &[Job<'_>]) -> Done<Option<String>> {
        let Some(site) = jobs.first().map(|job| job.site) else {
            return Ok(None);
        };
        self.write_group(key, jobs).await?;
        let request = request::publish_group(self.api(), site, key);
        let body = self.group_call(&PUBLISH_GROUP, request).await?;
        for job in jobs {
            self.note_published(site, job.listing.sku.as_str());
            self.note_said(job.change_id, &body);
        }
        let posted: PostedListing = serde_json::from_slice(&body).map_err(|_| Failed::Unknown)?;
        Ok(posted.listing_id)
    }

    /// Writes the group with these variations and those that buyers see in it.
    pub(super) async fn write_group(&self, key: &str, jobs: &[Job<'_>]) -> Done<()> {
        let Some(first) = jobs.first() else {
            return Ok(());
        };
        let site = first.site;
        let Some(family) = family_of(first) else {
            return Ok(());
        };
        let known = self.read_group(site, key).await?;
        let mut others: Vec<String> = known.iter().flat_map(map::members).collect();
        others.retain(|sku| !jobs.iter().any(|job| job.listing.sku.as_str() == sku));
        let standing = self.standing(site, others).await?;
        // Another listing of the seller's has the same key: nothing of it is taken over.
        if let (Some(known), false) = (&known, standing.is_empty())
            && !map::same_axes(known, &family.axes)
        {
            return Err(Failed::Told(
                Problem::new(ProblemKind::FamilyInvalid).field("options"),
            ));
        }
        let mut variations: Vec<Variation<'_>> = standing
            .iter()
            .map(|(sku, item)| Variation::standing(sku, item))
            .collect();
        variations.extend(
            jobs.iter()
                .map(|job| Variation::written(job.listing.sku.as_str(), site, &job.offer.content)),
        );
        let body = map::group(first.offer, family, &variations, known.as_ref());
        if known.as_ref().is_some_and(|known| says_all(known, &body)) {
            return Ok(());
        }
        // A group that is not there yet has no listing.
        if known.is_some()
            && let Some(fate) = self.may_revise_group(key, Revision::GROUP)
        {
            return Err(Failed::Later(fate));
        }
        let request = request::put_group(self.api(), site, key, &body);
        let said = self.group_call(&PUT_GROUP, request).await?;
        for job in jobs {
            self.note_said(job.change_id, &said);
        }
        Ok(())
    }

    /// Of the SKUs of a group, those that buyers see, each with its item. Only what eBay says to be
    /// off sale leaves: an offer that is not found may be one that is not shown yet.
    async fn standing(
        &self,
        site: &'static SiteFacts,
        skus: Vec<String>,
    ) -> Done<Vec<(String, Value)>> {
        let mut seen = Vec::with_capacity(skus.len());
        for sku in skus {
            let Ok(name) = Sku::new(&sku) else { continue };
            let offers = self.offers_of(site, &name).await.map_err(Failed::Error)?;
            let shown = offers.iter().any(map::is_listed) || self.was_published(site, &sku);
            if shown || (offers.is_empty() && !self.was_ended(site, &sku)) {
                seen.push((sku, shown));
            }
        }
        let mut standing = Vec::with_capacity(seen.len());
        for chunk in seen.chunks(crate::BULK) {
            let asked: Vec<Value> = chunk.iter().map(|(sku, _)| json!({ "sku": sku })).collect();
            let read = self.send_bulk(KNOWN, site, &asked).await;
            for ((sku, shown), sent) in chunk.iter().zip(read) {
                let entries = match sent {
                    Sent::Answered(entries) => entries,
                    // Neither item nor offer: it is gone.
                    Sent::Failed(error) if !shown && error.kind == ErrorKind::NotFound => continue,
                    Sent::Failed(error) => return Err(Failed::Error(error)),
                    Sent::Unknown => Vec::new(),
                };
                let absent = |entry: &BulkEntry| status(entry) == 404 || is_gone(&entry.errors);
                if !shown && entries.iter().any(absent) {
                    continue;
                }
                let item = entries
                    .into_iter()
                    .find_map(|entry: BulkEntry| entry.inventory_item);
                // A variation that buyers see must not leave because its item was not readable.
                let unread =
                    || Failed::Error(Error::new(ErrorKind::Unreadable, KNOWN.spec.operation));
                standing.push((sku.clone(), item.ok_or_else(unread)?));
            }
        }
        Ok(standing)
    }

    /// A group with all that it holds; none where it is not there.
    pub(super) async fn read_group(
        &self,
        site: &'static SiteFacts,
        key: &str,
    ) -> Done<Option<Value>> {
        let request = request::get_group(self.api(), site, key);
        match self.group_call(&GET_GROUP, request).await {
            Ok(body) => {
                let unread = || Error::new(ErrorKind::Unreadable, GET_GROUP.operation);
                let known: Option<Value> = serde_json::from_slice(&body).ok();
                // What is no group must not be written back as one.
                let is_group =
                    |known: &Value| GROUP_FIELDS.iter().any(|field| !known[field].is_null());
                let known = known.filter(is_group).ok_or_else(unread);
                known.map(Some).map_err(Failed::Error)
            }
            Err(Failed::Refused(_, error)) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(Failed::Refused(issues, _))
                if issues.iter().any(|issue| issue.error_id == GROUP_UNKNOWN) =>
            {
                Ok(None)
            }
            Err(failed) => Err(failed),
        }
    }

    /// Makes a call about a group.
    pub(super) async fn group_call(
        &self,
        spec: &'static CallSpec,
        request: barrow_market::Result<Request<Bytes>>,
    ) -> Done<Bytes> {
        let request = request.map_err(Failed::Error)?;
        let reads = spec.operation == GET_GROUP.operation;
        let answer = match self.answer(spec, request).await {
            Ok(answer) => answer,
            Err(error) if !reads && may_have_happened(&error) => return Err(Failed::Unknown),
            Err(error) => return Err(Failed::Error(error)),
        };
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        let error = parse_error(spec.operation, &answer);
        let body: ErrorBody = serde_json::from_slice(&answer.body).unwrap_or_default();
        let own = matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound);
        Err(match own {
            true => Failed::Refused(body.errors, error),
            false if body.errors.is_empty() && !reads && may_have_happened(&error) => {
                Failed::Unknown
            }
            false => Failed::Error(error),
        })
    }

    /// Whether a job's SKU is for sale alone while it is wanted in a family. Its item must not be
    /// written as a variation then: buyers read it.
    pub(super) async fn stands_alone(
        &self,
        job: Job<'_>,
        known: &Value,
    ) -> std::result::Result<bool, Error> {
        let shown = |name: &str| known[name].as_array().is_some_and(|keys| !keys.is_empty());
        let grouped = ["inventoryItemGroupKeys", "groupIds"]
            .into_iter()
            .any(shown);
        if family_of(&job).is_none() || grouped {
            return Ok(false);
        }
        let offers = self.offers_of(job.site, &job.listing.sku).await?;
        Ok(offers.iter().any(map::is_listed))
    }

    /// Takes a SKU that is to be listed alone out of the group that it was shown in, unless buyers
    /// see it there (25732).
    pub(super) async fn leave_group(&self, job: Job<'_>) -> std::result::Result<Fate, Error> {
        let sku = &job.listing.sku;
        let item = self.item_of(job.site, sku).await?.unwrap_or_default();
        let again = || Fate::Advanced {
            binding: job.listing.binding.clone(),
        };
        let Some(key) = item.group() else {
            return Ok(again());
        };
        let _held = self.hold_group(key).await;
        let offers = self.offers_of(job.site, sku).await?;
        if offers.iter().any(map::is_listed) {
            let problem = Problem::new(ProblemKind::InOtherFamily).field("sku");
            return Ok(refused(problem.vendor(IN_GROUP.to_string(), "")));
        }
        match self.take_out(job.site, key, &[sku.as_str()]).await {
            Ok(()) => Ok(again()),
            Err(failed) => failed.told(),
        }
    }

    /// Writes a group without some of its SKUs; one that would be empty is removed.
    pub(super) async fn take_out(
        &self,
        site: &'static SiteFacts,
        key: &str,
        leaving: &[&str],
    ) -> Done<()> {
        let Some(mut body) = self.read_group(site, key).await? else {
            return Ok(());
        };
        let all = map::members(&body);
        let stay: Vec<&String> = all
            .iter()
            .filter(|sku| !leaving.contains(&sku.as_str()))
            .collect();
        if stay.len() == all.len() {
            return Ok(());
        }
        if stay.is_empty() {
            let request = request::delete_group(self.api(), site, key);
            return self.group_call(&DELETE_GROUP, request).await.map(drop);
        }
        if let Some(fate) = self.may_revise_group(key, Revision::LEAVING) {
            return Err(Failed::Later(fate));
        }
        body["variantSKUs"] = json!(stay);
        if let Some(body) = body.as_object_mut() {
            body.remove("inventoryItemGroupKey");
        }
        let request = request::put_group(self.api(), site, key, &body);
        self.group_call(&PUT_GROUP, request).await.map(drop)
    }

    /// Brings the groups of revised variations up to date.
    pub(super) async fn revise_families(&self, jobs: &[Written<'_>], told: &mut Vec<Told>) {
        for (key, members) in by_family(jobs, |written| &written.job) {
            let _held = self.hold_group(key).await;
            let jobs: Vec<Job<'_>> = members.iter().map(|member| member.job).collect();
            let known = self.read_group(jobs[0].site, key).await;
            let fate = match known {
                // It was ended there by other means: what was revised is for sale no more.
                Ok(None) => Ok(gone()),
                Ok(Some(_)) => match self.write_group(key, &jobs).await {
                    Ok(()) => Ok(Fate::Applied { binding: None }),
                    Err(failed) => failed.told(),
                },
                Err(failed) => failed.told(),
            };
            told.extend(jobs.iter().map(|job| (job.change_id, fate.clone())));
        }
    }
}

/// Whether a group holds already all that would be written.
fn says_all(known: &Value, body: &Value) -> bool {
    let members = body.as_object().into_iter().flatten();
    let mut same = members.map(|(name, value)| known.get(name) == Some(value));
    same.all(|same| same)
}

fn live(job: &Job<'_>, key: &str, listing_id: Option<&str>) -> Fate {
    let (Some(offer_id), Some(listing_id)) = (job.listing.binding.get(OFFER_ID), listing_id) else {
        // Published without saying as what: reading the offer tells.
        return Fate::Unknown;
    };
    Fate::Applied {
        binding: Some(
            Binding::default()
                .with(OFFER_ID, offer_id)
                .with(LISTING_ID, listing_id)
                .with(GROUP, key),
        ),
    }
}

/// It is for sale alone, and is not taken off sale without the seller's word.
pub(super) fn listed_alone() -> Fate {
    refused(Problem::new(ProblemKind::ListedAlone).field("sku"))
}

fn refused(problem: Problem) -> Fate {
    Fate::Refused {
        problem,
        retry: Retry::No,
    }
}
