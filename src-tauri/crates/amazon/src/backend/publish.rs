//! Publishing offers on existing pages, and ending them (amazon.md §4.1, §4.2, §5).

use barrow_wire::Object;
use std::collections::HashMap;

use barrow_market::{Answers, Batch, Error, ErrorKind, Outcome, RETRY_LATER, Result};
use barrow_model::{Action, Binding, Change, Problem, ProblemKind, Site};

use crate::backend::AmazonAdapter;
use crate::backend::feeds::FeedRow;
use crate::backend::pages::{Place, Places, Publish};
use crate::config::SiteFacts;
use crate::error::{issue_problem, worst};
use crate::limits::{DELETE_CALL, PATCH_CALL, PUT_CALL, RESTRICTIONS_CALL};
use crate::map::feed::Promise;
use crate::map::listing::summary;
use crate::map::offer::condition_note;
use crate::map::offer::{
    ReadyOffer, attributes, condition_type, note_patch, patch_body, price_patch, put_body,
    quantity_patch,
};
use crate::request::{
    delete_request, message_id, patch_request, put_request, restrictions_request,
};
use crate::types::catalog::RestrictionsAnswer;
use crate::types::listing::SubmissionAnswer;

/// A publish whose page is known.
struct Found<'a> {
    publish: Publish<'a>,
    asin: String,
    held: bool,
    handling_days: Option<u8>,
}

impl<'a> Found<'a> {
    fn ready(&'a self) -> ReadyOffer<'a> {
        ReadyOffer {
            offer: self.publish.offer,
            site: self.publish.site,
            asin: &self.asin,
            handling_days: self.handling_days,
        }
    }

    /// A listing that is there is patched: a full write would take away what else it holds
    /// (amazon.md §4.2).
    fn patches(&self) -> Vec<Object> {
        let offer = self.publish.offer;
        let site = self.publish.site;
        let mut patches = vec![
            quantity_patch(offer.quantity, self.handling_days),
            price_patch(&offer.price, site),
        ];
        let note = condition_note(&offer.content);
        patches.extend(note.map(|note| note_patch(note, site)));
        patches
    }
}

impl AmazonAdapter {
    /// Sends publishes, by call or as one feed. Nothing of a feed is sent while pages are missing:
    /// feeds are few and should be full. What was found is noted in bindings.
    pub(crate) async fn publish(&self, batch: &Batch, by_feed: bool) -> Result<Vec<Outcome>> {
        let (publishes, others) = self.publishes(&batch.changes)?;
        let places = self.find_places(&publishes).await?;
        let by_title = self.config.match_by_title;
        let (mut outcomes, mut found) = (others, Vec::new());
        let mut missing = Vec::new();
        for publish in publishes {
            let place = places.get(&publish).cloned();
            let handling = self.config.handling_days_of(&publish.offer.settings);
            match (place, handling) {
                (Some(Place::Refused(problem)), _) | (_, Err(problem)) => {
                    outcomes.push(Outcome::refused(publish.change.id, *problem));
                }
                (Some(Place::Known { asin, held }), Ok(handling_days)) => found.push(Found {
                    publish,
                    asin,
                    held,
                    handling_days,
                }),
                (None, Ok(_)) => missing.push(publish),
            }
        }
        if !missing.is_empty() {
            let noted = found.iter().map(|found| {
                let place = Place::Known {
                    asin: found.asin.clone(),
                    held: found.held,
                };
                let binding = found.publish.noting(&place, by_title);
                Outcome::advanced(found.publish.change.id, binding)
            });
            outcomes.extend(noted);
            outcomes.extend(self.come_again(&missing, &places));
            return Ok(outcomes);
        }
        if found.is_empty() {
            return Ok(outcomes);
        }
        if by_feed {
            outcomes.extend(
                self.publish_by_feed(&batch.changes, &found, outcomes.is_empty())
                    .await?,
            );
            return Ok(outcomes);
        }
        let mut answers = Answers::of(outcomes);
        for one in &found {
            if answers.is_stopped() {
                break;
            }
            answers.take(one.publish.change.id, self.publish_one(one).await);
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    /// The publishes of one site, the one with the most; those of others come again.
    fn publishes<'a>(&self, changes: &'a [Change]) -> Result<(Vec<Publish<'a>>, Vec<Outcome>)> {
        let mut by_site: HashMap<&Site, Vec<Publish<'a>>> = HashMap::new();
        for change in changes {
            if let (Action::Publish(offer), Some(listing)) = (&change.action, change.listing()) {
                by_site.entry(&listing.site).or_default().push(Publish {
                    change,
                    listing,
                    offer,
                    site: self.site_of(&listing.site)?,
                });
            }
        }
        let largest = by_site
            .iter()
            .max_by_key(|(site, members)| (members.len(), std::cmp::Reverse(&site.0)))
            .map(|(site, _)| *site);
        let own = largest.and_then(|site| by_site.remove(site));
        let others = by_site
            .into_values()
            .flatten()
            .map(|other| Outcome::advanced(other.change.id, other.listing.binding.clone()))
            .collect();
        Ok((own.unwrap_or_default(), others))
    }

    fn come_again(&self, missing: &[Publish<'_>], places: &Places) -> Vec<Outcome> {
        let now = self.clock.now();
        let again = |publish: &Publish<'_>| match &places.stop {
            Some(error) => Outcome::stopped(publish.change.id, error, now),
            None => Outcome::advanced(publish.change.id, publish.listing.binding.clone()),
        };
        missing.iter().map(again).collect()
    }

    async fn publish_one(&self, found: &Found<'_>) -> Result<Outcome> {
        let Publish {
            change,
            listing,
            site,
            ..
        } = found.publish;
        let base = &self.config.base;
        let (seller, sku) = (&self.config.seller_id, listing.sku.as_str());
        let answer = if found.held {
            let body = patch_body(&found.patches());
            let request = patch_request(base, seller, sku, site, &body);
            self.read::<SubmissionAnswer>(&PATCH_CALL, request).await
        } else {
            let request = put_request(base, seller, sku, site, &put_body(found.ready()));
            self.read::<SubmissionAnswer>(&PUT_CALL, request).await
        };
        let answer = match answer {
            Ok(answer) => answer,
            // It was taken away meanwhile: the next try finds it gone.
            Err(error) if error.kind == ErrorKind::NotFound && found.held => {
                return Ok(Outcome::advanced(change.id, Binding::default()));
            }
            Err(error) => return path_refusal(change, error),
        };
        if answer.status.text() != Some("INVALID") {
            let promise = Promise::of_call(answer.submission_id.owned());
            return Ok(Outcome::accepted(change.id, &self.ticket(&promise)));
        }
        let mut problem = refusal_of(&answer);
        if problem.kind == ProblemKind::ApprovalNeeded {
            let condition = condition_type(found.publish.offer.content.condition);
            let url = self.approval_url(site, &found.asin, condition).await;
            problem = url.into_iter().fold(problem, |p, url| p.param("url", url));
        }
        Ok(Outcome::refused(change.id, problem))
    }

    /// Where the seller can ask for approval, where Amazon tells (amazon.md §4.5). Only a help:
    /// without an answer the problem is told without it.
    async fn approval_url(
        &self,
        site: &'static SiteFacts,
        asin: &str,
        condition: Option<&'static str>,
    ) -> Option<String> {
        let seller = &self.config.seller_id;
        let condition = condition.unwrap_or("new_new");
        let request = restrictions_request(&self.config.base, seller, site, asin, condition);
        let answer: RestrictionsAnswer = self.read(&RESTRICTIONS_CALL, request).await.ok()?;
        let reasons = answer.restrictions.0.iter().flat_map(|r| &r.reasons.0);
        let mut links = reasons.flat_map(|reason| &reason.links.0);
        links.find_map(|link| link.resource.owned())
    }

    async fn publish_by_feed(
        &self,
        changes: &[Change],
        found: &[Found<'_>],
        alone: bool,
    ) -> Result<Vec<Outcome>> {
        let Some(site) = found.first().map(|one| one.publish.site) else {
            return Ok(Vec::new());
        };
        let by_title = self.config.match_by_title;
        let rows = found.iter().map(|one| {
            let place = Place::Known {
                asin: one.asin.clone(),
                held: one.held,
            };
            FeedRow {
                changes: vec![one.publish.change.id],
                sku: one.publish.listing.sku.as_str().to_owned(),
                bindings: vec![one.publish.noting(&place, by_title)],
                id: message_id(one.publish.change.id),
                body: publish_message(one),
            }
        });
        let sent = self.send_feed(site, rows.collect()).await;
        match sent {
            Ok(outcomes) => Ok(outcomes),
            Err(error) if alone => Err(error),
            // Others of the batch have their answer already.
            Err(error) => {
                let now = self.clock.now();
                let ours =
                    |change: &&Change| found.iter().any(|one| one.publish.change.id == change.id);
                let again = changes.iter().filter(ours);
                Ok(again
                    .map(|change| Outcome::stopped(change.id, &error, now))
                    .collect())
            }
        }
    }

    /// Ends listings one by one.
    pub(crate) async fn end(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut answers = Answers::default();
        for change in &batch.changes {
            if answers.is_stopped() {
                break;
            }
            answers.take(change.id, self.end_one(change).await);
        }
        answers.finish(&batch.changes, self.clock.now())
    }

    async fn end_one(&self, change: &Change) -> Result<Outcome> {
        let Some(listing) = change.listing() else {
            return Ok(Outcome::unknown(change.id));
        };
        let site = self.site_of(&listing.site)?;
        let (base, seller) = (&self.config.base, &self.config.seller_id);
        let request = delete_request(base, seller, listing.sku.as_str(), site);
        match self.read::<SubmissionAnswer>(&DELETE_CALL, request).await {
            // What is gone already is refused too: a look tells.
            Ok(answer) if answer.status.text() == Some("INVALID") => {
                let there = self.item(site, listing.sku.as_str()).await?;
                if there.is_none_or(|item| summary(&item, site).is_none()) {
                    return Ok(Outcome::applied(change.id, Some(Binding::default())));
                }
                Ok(Outcome::refused(change.id, refusal_of(&answer)))
            }
            Ok(answer) => {
                let promise = Promise::of_call(answer.submission_id.owned());
                Ok(Outcome::accepted(change.id, &self.ticket(&promise)))
            }
            // What is not there cannot be bought.
            Err(error) if error.kind == ErrorKind::NotFound => {
                Ok(Outcome::applied(change.id, Some(Binding::default())))
            }
            Err(error) => path_refusal(change, error),
        }
    }

    /// Ends many listings by one feed.
    pub(crate) fn end_rows(&self, changes: &[Change]) -> Vec<(Site, FeedRow)> {
        let row = |change: &Change| {
            let listing = change.listing().filter(|_| change.action == Action::End)?;
            let sku = listing.sku.as_str();
            let id = message_id(change.id);
            let body = Object::new()
                .put("messageId", id)
                .put("sku", sku)
                .put("operationType", "DELETE");
            let row = FeedRow {
                changes: vec![change.id],
                sku: sku.to_owned(),
                bindings: vec![listing.binding.clone()],
                id,
                body,
            };
            Some((listing.site.clone(), row))
        };
        changes.iter().filter_map(row).collect()
    }
}

fn publish_message(found: &Found<'_>) -> Object {
    let message = Object::new()
        .put("messageId", message_id(found.publish.change.id))
        .put("sku", found.publish.listing.sku.as_str());
    if found.held {
        return message
            .put("operationType", "PATCH")
            .put("productType", crate::map::offer::PRODUCT_TYPE)
            .put("patches", found.patches());
    }
    message
        .put("operationType", "UPDATE")
        .put("productType", crate::map::offer::PRODUCT_TYPE)
        .put("requirements", "LISTING_OFFER_ONLY")
        .put("attributes", attributes(found.ready()))
}

/// What a write was refused for.
pub(crate) fn refusal_of(answer: &SubmissionAnswer) -> Problem {
    match worst(answer.issues.0.iter()) {
        Some(issue) => issue_problem(issue),
        None => Problem::new(ProblemKind::Refused).vendor("INVALID", ""),
    }
}

/// A SKU with a slash is refused as if a permission were missing (amazon.md §10, §11.5): that
/// concerns this SKU and not the account.
pub(crate) fn path_refusal(change: &Change, error: Error) -> Result<Outcome> {
    let slashed = change
        .listing()
        .is_some_and(|listing| listing.sku.as_str().contains('/'));
    if slashed && matches!(error.kind, ErrorKind::Forbidden | ErrorKind::NotFound) {
        let mut problem = Problem::new(ProblemKind::SkuInvalid).field("sku");
        problem.vendor = error.vendor;
        return Ok(Outcome::refused(change.id, problem));
    }
    if error.kind == ErrorKind::NotFound {
        let mut problem = Problem::new(ProblemKind::ListingGone);
        problem.vendor = error.vendor;
        return Ok(Outcome::refused(change.id, problem));
    }
    Err(error)
}

/// Comes again after a while that the marketplace needs.
pub(crate) fn again_later(change: &Change, problem: Problem) -> Outcome {
    Outcome::later(change.id, problem, RETRY_LATER)
}
