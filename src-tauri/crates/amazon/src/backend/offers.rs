//! Prices, quantities and what an offer says of itself: patches of listings that are there
//! (amazon.md §4.4).

use barrow_wire::Object;
use std::collections::HashMap;
use std::time::Duration;

use barrow_market::{Batch, Ended, ErrorKind, Outcome, Result};
use barrow_model::{
    Action, Binding, Change, ChangeId, ListingRef, Offer, Problem, ProblemKind, Site,
};

use crate::backend::AmazonAdapter;
use crate::backend::feeds::FeedRow;
use crate::backend::fetch::{Found, groups_of};
use crate::backend::publish::{path_refusal, refusal_of};
use crate::config::SiteFacts;
use crate::limits::{LISTING_READS_MAX, PATCH_CALL};
use crate::map::feed::Promise;
use crate::map::listing::{ASIN, CHANNEL, foreign_channel, quantity, summary};
use crate::map::offer::{PRODUCT_TYPE, named_asin};
use crate::map::offer::{condition_note, note_patch, patch_body, price_patch, quantity_patch};
use crate::map::verdict::{is_blamed, not_ours, revises_days, revises_note};
use crate::request::{message_id, patch_request};
use crate::types::listing::{Item, SubmissionAnswer};

/// What is to be set on one listing, all of it in one write.
struct Work<'a> {
    listing: &'a ListingRef,
    site: &'static SiteFacts,
    parts: Vec<(&'a Change, Vec<Object>)>,
}

impl Work<'_> {
    fn patches(&self) -> Vec<Object> {
        let parts = self.parts.iter().flat_map(|(_, patches)| patches);
        parts.cloned().collect()
    }
}

impl AmazonAdapter {
    /// Sets what is wanted on one listing.
    pub(crate) async fn patch_one(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let (works, mut outcomes) = self.works(&batch.changes).await?;
        for work in &works {
            let nothing_yet = outcomes.is_empty();
            match self.patch(work).await {
                Ok(told) => outcomes.extend(told),
                Err(error) => match Ended::from(error) {
                    Ended::Stopped(error) if nothing_yet => return Err(error),
                    Ended::Stopped(error) => {
                        let now = self.clock.now();
                        let parts = work.parts.iter();
                        outcomes.extend(
                            parts.map(|(change, _)| Outcome::stopped(change.id, &error, now)),
                        );
                    }
                    Ended::Unknown => {
                        let parts = work.parts.iter();
                        outcomes.extend(parts.map(|(change, _)| Outcome::unknown(change.id)));
                    }
                    Ended::Refused(error) => {
                        let parts = work.parts.iter();
                        outcomes.extend(
                            parts.map(|(change, _)| Outcome::refused_by(change.id, &error)),
                        );
                    }
                },
            }
        }
        Ok(outcomes)
    }

    async fn patch(&self, work: &Work<'_>) -> Result<Vec<Outcome>> {
        let (base, seller) = (&self.config.base, &self.config.seller_id);
        let sku = work.listing.sku.as_str();
        let body = patch_body(&work.patches());
        let request = patch_request(base, seller, sku, work.site, &body);
        let answer = match self.read::<SubmissionAnswer>(&PATCH_CALL, request).await {
            Ok(answer) => answer,
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Forbidden) => {
                let each = work.parts.iter();
                return each
                    .map(|(change, _)| path_refusal(change, error.clone()))
                    .collect();
            }
            Err(error) => return Err(error),
        };
        let parts = work.parts.iter();
        if answer.status.text() == Some("INVALID") {
            return Ok(parts
                .map(|(change, _)| blamed(change, &answer, work.parts.len()))
                .collect());
        }
        let promise = Promise::of_call(answer.submission_id.owned());
        let ticket = self.ticket(&promise);
        Ok(parts
            .map(|(change, _)| Outcome::accepted(change.id, &ticket))
            .collect())
    }

    /// Sets what is wanted on many listings, by one feed of one site.
    pub(crate) async fn patch_many(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let (works, mut outcomes) = self.works(&batch.changes).await?;
        let rows = works
            .iter()
            .map(|work| (work.listing.site.clone(), row(work)));
        let sent = self.send_site(rows.collect(), outcomes.is_empty()).await?;
        outcomes.extend(sent);
        Ok(outcomes)
    }

    /// Sorts changes by listing and finds out what each writes. What needs no write, or cannot be
    /// one, is answered at once.
    async fn works<'a>(&self, changes: &'a [Change]) -> Result<(Vec<Work<'a>>, Vec<Outcome>)> {
        let (items, unread) = self.items_to_revise(changes).await?;
        let mut outcomes = Vec::new();
        let mut works: Vec<Work<'a>> = Vec::new();
        let mut places: HashMap<(&Site, &str), usize> = HashMap::new();
        for change in changes {
            let Some(listing) = change.listing() else {
                continue;
            };
            let site = self.site_of(&listing.site)?;
            let part = match &change.action {
                Action::SetPrice(price) => Part::of_price(price, site),
                Action::SetQuantity(units) => Part::of_quantity(*units, listing),
                Action::Revise(_) if unread.contains(&change.id) => Part::Again,
                Action::Revise(offer) => {
                    let item = items.get(listing.sku.as_str());
                    match self.config.handling_days_of(&offer.settings) {
                        Ok(days) => Part::of_revision(item, offer, site, days),
                        Err(problem) => Part::Refused(problem),
                    }
                }
                _ => continue,
            };
            match part {
                Part::Write(patches) => {
                    let key = (&listing.site, listing.sku.as_str());
                    let place = *places.entry(key).or_insert_with(|| {
                        works.push(Work {
                            listing,
                            site,
                            parts: Vec::new(),
                        });
                        works.len() - 1
                    });
                    works[place].parts.push((change, patches));
                }
                Part::Nothing => outcomes.push(Outcome::applied(change.id, None)),
                Part::Again => outcomes.push(Outcome::advanced(change.id, listing.binding.clone())),
                Part::Refused(problem) => outcomes.push(Outcome::refused(change.id, *problem)),
            }
        }
        Ok((works, outcomes))
    }

    /// What is there of listings that are to be revised: only differences are sent. Gives what
    /// could not be read within the bounds as well.
    async fn items_to_revise(&self, changes: &[Change]) -> Result<(Found, Vec<ChangeId>)> {
        let revised = |change: &&Change| matches!(change.action, Action::Revise(_));
        let listings = changes.iter().filter(revised).filter_map(Change::listing);
        let mut found = Found::new();
        let mut read = std::collections::HashSet::new();
        for (number, (site, skus)) in groups_of(listings).into_iter().enumerate() {
            if number == LISTING_READS_MAX {
                break;
            }
            match self.items(self.site_of(site)?, &skus).await {
                Ok(items) => found.extend(items),
                Err(error) if number == 0 => return Err(error),
                Err(_) => break,
            }
            read.extend(skus);
        }
        let unread = changes.iter().filter(revised).filter(|change| {
            change
                .listing()
                .is_some_and(|listing| !read.contains(listing.sku.as_str()))
        });
        Ok((found, unread.map(|change| change.id).collect()))
    }
}

/// What one change comes to.
enum Part {
    Write(Vec<Object>),
    /// It is there already.
    Nothing,
    /// It comes again.
    Again,
    Refused(Box<Problem>),
}

impl Part {
    fn of_price(price: &barrow_model::Money, site: &SiteFacts) -> Self {
        if price.currency != site.currency() {
            let problem = Problem::new(ProblemKind::PriceCurrency).field("price");
            return Self::Refused(Box::new(
                problem
                    .param("currency", price.currency)
                    .param("expected", site.currency()),
            ));
        }
        Self::Write(vec![price_patch(price, site)])
    }

    /// A listing in Amazon's own warehouse is never written.
    fn of_quantity(units: u32, listing: &ListingRef) -> Self {
        match listing.binding.get(CHANNEL) {
            Some(_) => Self::Refused(Box::new(not_ours())),
            None => Self::Write(vec![quantity_patch(units, None)]),
        }
    }

    /// What an offer says of itself and is otherwise there. The days until shipping travel with a
    /// quantity only (amazon.md §4.4): with the one that is live, so that no sale is undone.
    fn of_revision(
        item: Option<&Item>,
        offer: &Offer,
        site: &SiteFacts,
        handling_days: Option<u8>,
    ) -> Self {
        let found = item.and_then(|item| Some((item, summary(item, site)?)));
        let Some((item, known)) = found else {
            return Self::Refused(Box::new(Problem::new(ProblemKind::ListingGone)));
        };
        match named_asin(&offer.content) {
            Err(problem) => return Self::Refused(problem),
            Ok(Some(asin)) if known.asin.text().is_some_and(|held| held != asin) => {
                // A SKU keeps its page for good.
                let problem = Problem::new(ProblemKind::FieldInvalid).field(ASIN);
                let held = known.asin.text().unwrap_or_default();
                return Self::Refused(Box::new(problem.param("allowed", held)));
            }
            Ok(_) => {}
        }
        let mut patches = Vec::new();
        if let Some(note) = condition_note(&offer.content)
            && revises_note(item, offer, site)
        {
            patches.push(note_patch(note, site));
        }
        let own = foreign_channel(item).is_none();
        if let (Some(units), true) = (quantity(item), own && revises_days(item, handling_days)) {
            patches.push(quantity_patch(units, handling_days));
        }
        if patches.is_empty() {
            Self::Nothing
        } else {
            Self::Write(patches)
        }
    }
}

fn row(work: &Work<'_>) -> FeedRow {
    let ids = work.parts.iter().map(|(change, _)| change.id);
    let first = ids.clone().min().unwrap_or(ChangeId(1));
    let id = message_id(first);
    let body = Object::new()
        .put("messageId", id)
        .put("sku", work.listing.sku.as_str())
        .put("operationType", "PATCH")
        .put("productType", PRODUCT_TYPE)
        .put("patches", work.patches());
    let binding = |(_, _): &(&Change, Vec<Object>)| -> Binding { work.listing.binding.clone() };
    FeedRow {
        changes: ids.collect(),
        sku: work.listing.sku.as_str().to_owned(),
        bindings: work.parts.iter().map(binding).collect(),
        id,
        body,
    }
}

/// A write that was refused as a whole, for one of its parts: that part is told why, and the others
/// go by themselves.
fn blamed(change: &Change, answer: &SubmissionAnswer, parts: usize) -> Outcome {
    let kind = change.action.kind();
    let errors = answer.issues.0.iter().filter(|i| crate::error::is_error(i));
    let named: Vec<Option<bool>> = errors.map(|issue| is_blamed(issue, kind)).collect();
    let innocent = parts > 1 && !named.is_empty() && named.iter().all(|b| *b == Some(false));
    let problem = refusal_of(answer);
    if innocent {
        return Outcome::later(change.id, problem, Duration::ZERO);
    }
    Outcome::refused(change.id, problem)
}
