//! What became of changes that got no answer: read from offers and items.

use std::time::Duration;

use barrow_market::{Error, ErrorKind, Fate, Result, Retry};
use barrow_model::{Action, Binding, Observed, ObservedState, Problem, ProblemKind, Sku};
use serde_json::Value;

use super::EbayAdapter;
use super::aspects::{carried, named_by};
use super::listings::Listed;
use super::publish::Job;
use super::told::told;
use crate::config::SiteFacts;
use crate::limits::{GET_ITEM, GET_OFFER, GET_OFFERS};
use crate::types::{InventoryItem, Offer, Offers};
use crate::{ASPECTS, GROUP, OFFER_ID, map, request};

impl EbayAdapter {
    /// What became of one change.
    pub(super) async fn became(&self, change: &Listed<'_>) -> std::result::Result<Fate, Error> {
        let known = &change.listing.binding;
        Ok(match self.became_of(change).await? {
            Fate::Applied {
                binding: Some(binding),
            } => {
                let binding = match change.action() {
                    // What is for sale as it was wanted was written by this change.
                    Action::Publish(offer) => binding.with(ASPECTS, written(change, offer)),
                    _ => carried(binding, known),
                };
                Fate::Applied {
                    binding: Some(binding),
                }
            }
            Fate::Advanced { binding } => Fate::Advanced {
                binding: carried(binding, known),
            },
            other => other,
        })
    }

    async fn became_of(&self, change: &Listed<'_>) -> std::result::Result<Fate, Error> {
        let listing = change.listing;
        let offers = self.offers_of(change.site, &listing.sku).await?;
        let offer = map::offer_of_site(&offers, &listing.site);
        let Some(offer) = offer else {
            return Ok(match change.action() {
                Action::End => Fate::Applied { binding: None },
                _ => not_done(),
            });
        };
        if matches!(change.action(), Action::End) {
            let over = !map::is_listed(offer);
            let binding = map::seen(offer);
            return Ok(if over {
                Fate::Applied { binding }
            } else {
                not_done()
            });
        }
        let item = self
            .item_of(change.site, &listing.sku)
            .await?
            .unwrap_or_default();
        let Some(seen) = map::observed(&listing.site, &item, offer) else {
            return Ok(not_done());
        };
        Ok(match change.action() {
            Action::Publish(wanted) => {
                let holds =
                    seen.price == Some(wanted.price) && seen.quantity == Some(wanted.quantity);
                published(&seen, holds, wanted)
            }
            Action::SetPrice(price) if seen.price == Some(*price) => applied(),
            Action::SetQuantity(quantity) if seen.quantity == Some(*quantity) => applied(),
            // A revise is written whole each time: sending it again does no harm.
            _ => not_done(),
        })
    }

    /// What is told of a product that eBay does not find because it keeps it in the language of
    /// another site; none where it is in this site's, and is found in a while (ebay.md §12, 25604).
    pub(super) async fn of_other_language(
        &self,
        job: Job<'_>,
    ) -> std::result::Result<Option<Fate>, Error> {
        let item = self.item_of(job.site, &job.listing.sku).await?;
        let locale = item.and_then(|item| item.locale).unwrap_or_default();
        let own = job.site.language.replace('-', "_");
        if locale.is_empty() || locale == own {
            return Ok(None);
        }
        let problem = Problem::new(ProblemKind::OtherLanguage).field("sku");
        Ok(Some(Fate::Refused {
            problem: problem.param("language", locale.replace('_', "-")),
            retry: Retry::No,
        }))
    }

    /// The offers of a SKU; eBay answers 404 where there is none.
    pub(super) async fn offers_of(
        &self,
        site: &'static SiteFacts,
        sku: &Sku,
    ) -> Result<Vec<Offer>> {
        let request = request::get_offers(self.api(), site, sku)?;
        let operation = GET_OFFERS.operation;
        match self.call(&GET_OFFERS, request).await {
            Ok(answer) => Ok(told::<Offers>(&answer, operation)?.offers),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// An offer; none where it is not there.
    pub(super) async fn read_offer(
        &self,
        site: &'static SiteFacts,
        offer_id: &str,
    ) -> Result<Option<Offer>> {
        let request = request::get_offer(self.api(), site, offer_id)?;
        match self.call(&GET_OFFER, request).await {
            Ok(answer) => told(&answer, GET_OFFER.operation).map(Some),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An offer with all that it holds; none where it is not there.
    pub(super) async fn whole_offer(
        &self,
        site: &'static SiteFacts,
        offer_id: &str,
    ) -> Result<Option<Value>> {
        let request = request::get_offer(self.api(), site, offer_id)?;
        match self.call(&GET_OFFER, request).await {
            Ok(answer) => {
                let known: Value = answer.json(GET_OFFER.operation)?;
                // What is no offer must not be written back as one.
                if known["offerId"].is_null() {
                    return Err(Error::new(ErrorKind::Unreadable, GET_OFFER.operation));
                }
                Ok(Some(known))
            }
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An item; none where it is not there.
    pub(super) async fn item_of(
        &self,
        site: &'static SiteFacts,
        sku: &Sku,
    ) -> Result<Option<InventoryItem>> {
        let request = request::get_item(self.api(), site, sku)?;
        match self.call(&GET_ITEM, request).await {
            Ok(answer) => told(&answer, GET_ITEM.operation).map(Some),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The aspects and terms that a publish writes.
fn written(change: &Listed<'_>, offer: &barrow_model::Offer) -> String {
    let job = Job {
        change_id: change.change.id,
        listing: change.listing,
        offer,
        site: change.site,
    };
    // Which conditions the category takes changes no aspect's name.
    named_by(
        job,
        &map::item(&change.listing.sku, change.site, offer, &[]),
    )
}

/// What a publish came to. An offer that holds something else, or is not live, is a step on the
/// way: the next submit writes it whole and publishes.
fn published(seen: &Observed, holds: bool, wanted: &barrow_model::Offer) -> Fate {
    let live = matches!(seen.state, ObservedState::Live | ObservedState::OutOfStock);
    let family = wanted
        .content
        .family
        .as_ref()
        .map(|family| family.key.as_str());
    if live && holds && seen.binding.get(GROUP) == family {
        return Fate::Applied {
            binding: Some(seen.binding.clone()),
        };
    }
    match seen.binding.get(OFFER_ID) {
        Some(offer_id) => Fate::Advanced {
            binding: Binding::default().with(OFFER_ID, offer_id),
        },
        None => not_done(),
    }
}

fn applied() -> Fate {
    Fate::Applied { binding: None }
}

/// It did not take effect; sending it again is right.
pub(super) fn not_done() -> Fate {
    Fate::Refused {
        problem: Problem::new(ProblemKind::NoAnswer),
        retry: Retry::After(Duration::ZERO),
    }
}
