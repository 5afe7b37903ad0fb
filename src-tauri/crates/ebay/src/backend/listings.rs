//! Listings, prices, stock.

use async_trait::async_trait;
use barrow_market::{
    Batch, Cursor, Error, ErrorKind, Fate, Listings, ObservePage, Outcome, Result, Retry, complete,
};
use barrow_model::{
    Action, Binding, Change, ListingRef, Observed, Problem, ProblemKind, Site, Target, Ticket,
};

use super::EbayAdapter;
use super::aspects::carried;
use super::bulk::{Told, finish};
use super::pictures::WithPictures;
use super::prices::{Setting, settings};
use super::publish::{Job, by_site};
use crate::config::SiteFacts;
use crate::error::may_have_happened;
use crate::limits::WITHDRAW;
use crate::{END, GROUP, OFFER_ID, PRICE_QUANTITY, PUBLISH, REVISE, map, request};

#[async_trait]
impl Listings for EbayAdapter {
    async fn submit(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut told: Vec<Told> = Vec::with_capacity(batch.changes.len());
        let changes = self.listed(&batch.changes, &mut told);
        match batch.lane {
            PUBLISH | REVISE => {
                let (changes, offers) = self.put_pictures(changes, &mut told).await;
                let (jobs, refused) = self.jobs(&changes, &offers, batch.lane == REVISE).await;
                told.extend(refused);
                for group in by_site(jobs) {
                    self.learn_conditions(&group).await;
                    told.extend(if batch.lane == PUBLISH {
                        self.publish(&group).await
                    } else {
                        self.revise(&group).await
                    });
                }
            }
            PRICE_QUANTITY => {
                let all = changes.iter().map(|change| {
                    (
                        change.change.id,
                        change.listing,
                        change.site,
                        change.action(),
                    )
                });
                for group in settings_by_site(settings(all)) {
                    told.extend(self.set_prices(group).await);
                }
            }
            END => {
                told.extend(self.end_variations(&changes).await);
                for change in &changes {
                    if change.listing.binding.get(GROUP).is_none() {
                        told.push((change.change.id, self.end(change).await));
                    }
                }
            }
            lane => return Err(Error::new(ErrorKind::Unsupported, "submit").with("lane", lane)),
        }
        let outcomes = self.with_remarks(finish(told)?);
        Ok(complete(&batch.changes, outcomes))
    }

    /// No lane gives tickets: every call is answered at once.
    async fn poll(&self, _ticket: &Ticket, changes: &[Change]) -> Result<Vec<Outcome>> {
        Ok(complete(changes, Vec::new()))
    }

    async fn look_up(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let mut told: Vec<Told> = Vec::with_capacity(batch.changes.len());
        for change in self.listed(&batch.changes, &mut told) {
            told.push((change.change.id, self.became(&change).await));
        }
        let outcomes = self.with_remarks(finish(told)?);
        Ok(complete(&batch.changes, outcomes))
    }

    async fn observe(&self, site: &Site, cursor: Option<&Cursor>) -> Result<ObservePage> {
        self.observe_page(site, cursor).await
    }

    async fn observe_some(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        self.observe_listings(listings).await
    }
}

/// A change of a listing on a site that is known.
pub(super) struct Listed<'a> {
    pub(super) change: &'a Change,
    pub(super) listing: &'a ListingRef,
    pub(super) site: &'static SiteFacts,
}

impl<'a> Listed<'a> {
    pub(super) fn action(&self) -> &'a Action {
        &self.change.action
    }
}

fn refused(problem: Problem) -> Fate {
    Fate::Refused {
        problem,
        retry: Retry::No,
    }
}

fn settings_by_site(settings: Vec<Setting<'_>>) -> Vec<Vec<Setting<'_>>> {
    let mut groups: Vec<Vec<Setting<'_>>> = Vec::new();
    for setting in settings {
        match groups
            .iter_mut()
            .find(|group| group[0].site == setting.site)
        {
            Some(group) => group.push(setting),
            None => groups.push(vec![setting]),
        }
    }
    groups
}

impl EbayAdapter {
    /// The changes of listings; others, and those on sites that eBay has not, are refused.
    fn listed<'a>(&self, changes: &'a [Change], told: &mut Vec<Told>) -> Vec<Listed<'a>> {
        let mut listed = Vec::with_capacity(changes.len());
        for change in changes {
            let Target::Listing(listing) = &change.target else {
                let fate = refused(Problem::new(ProblemKind::Unsupported));
                told.push((change.id, Ok(fate)));
                continue;
            };
            match self.facts(&listing.site, "submit") {
                Ok(site) => listed.push(Listed {
                    change,
                    listing,
                    site,
                }),
                Err(error) => told.push((change.id, Ok(refused(error.to_problem())))),
            }
        }
        listed
    }

    /// The listings to write. A revise needs an offer that is there; a binding that names none is
    /// looked up.
    async fn jobs<'a>(
        &self,
        changes: &'a [Listed<'a>],
        offers: &'a WithPictures,
        revise: bool,
    ) -> (Vec<Job<'a>>, Vec<Told>) {
        let mut jobs = Vec::with_capacity(changes.len());
        let mut told = Vec::new();
        for change in changes {
            let (Action::Publish(offer) | Action::Revise(offer)) = change.action() else {
                let fate = refused(Problem::new(ProblemKind::Unsupported));
                told.push((change.change.id, Ok(fate)));
                continue;
            };
            if revise && change.listing.binding.get(OFFER_ID).is_none() {
                // Stored first, then revised: the binding is learned here.
                told.push((change.change.id, self.learn_offer(change).await));
                continue;
            }
            jobs.push(Job {
                change_id: change.change.id,
                listing: change.listing,
                offer: offers.get(&change.change.id).unwrap_or(offer),
                site: change.site,
            });
        }
        (jobs, told)
    }

    async fn learn_offer(&self, change: &Listed<'_>) -> std::result::Result<Fate, Error> {
        let offers = self.offers_of(change.site, &change.listing.sku).await?;
        let offer = map::offer_of_site(&offers, &change.listing.site);
        Ok(match offer.and_then(map::seen) {
            Some(binding) => Fate::Advanced { binding },
            None => refused(Problem::new(ProblemKind::ListingGone)),
        })
    }

    /// Ends a listing; one that is not there, or has ended already, is ended.
    pub(super) async fn end(&self, change: &Listed<'_>) -> std::result::Result<Fate, Error> {
        let listing = change.listing;
        let offer_id = match listing.binding.get(OFFER_ID) {
            Some(offer_id) => offer_id.to_owned(),
            None => {
                let offers = self.offers_of(change.site, &listing.sku).await?;
                let offer = map::offer_of_site(&offers, &listing.site);
                match offer.and_then(|offer| offer.offer_id.clone()) {
                    Some(offer_id) => offer_id,
                    None => return Ok(Fate::Applied { binding: None }),
                }
            }
        };
        let ended = Fate::Applied {
            binding: Some(carried(
                Binding::default().with(OFFER_ID, offer_id.as_str()),
                &listing.binding,
            )),
        };
        let request = request::withdraw(self.api(), change.site, &offer_id)?;
        match self.call(&WITHDRAW, request).await {
            Ok(answer) => {
                self.note_said(change.change.id, &answer.body);
                Ok(ended)
            }
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            // A second withdrawal is refused (ebay.md §13): what the offer says counts.
            Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
                match self.read_offer(change.site, &offer_id).await {
                    Ok(offer) if !offer.as_ref().is_some_and(map::is_listed) => Ok(ended),
                    _ => self.end_where_shown(change, error).await,
                }
            }
            Err(error) => Err(error),
        }
    }
}
