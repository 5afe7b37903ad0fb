//! Prices and quantities, 25 SKUs at a time (ebay.md §6.5).

use barrow_market::{Fate, Retry};
use barrow_model::{Action, ChangeId, ListingRef, Money, Problem, ProblemKind, Sku};
use serde_json::Value;

use super::EbayAdapter;
use super::bulk::{Bulk, Sent, Told, done};
use super::publish::refused;
use super::revisions::Revision;
use super::sold_out::lasting_refusal;
use crate::config::SiteFacts;
use crate::error::{OFFER_NOT_AVAILABLE, PROPAGATION_WAIT, says_not_available};
use crate::limits::PRICE_QUANTITY;
use crate::request::{PriceQuantityEntry, price_quantity, price_quantity_entry};
use crate::types::BulkEntry;
use crate::{OFFER_ID, map};

const PRICES: Bulk = Bulk {
    spec: &PRICE_QUANTITY,
    build: price_quantity,
    belongs: |entry, sent| {
        let offers = sent["offers"].as_array();
        let of_offer = entry.offer_id.is_some()
            && offers.is_some_and(|offers| {
                offers
                    .iter()
                    .any(|o| entry.offer_id.as_deref() == o["offerId"].as_str())
            });
        let of_item = entry.sku.is_some() && entry.sku.as_deref() == sent["sku"].as_str();
        of_offer || of_item
    },
};

/// What one listing is set to: its price, its quantity, or both.
#[derive(Clone, Debug)]
pub(super) struct Setting<'a> {
    pub(super) changes: Vec<ChangeId>,
    /// Those of them that set the quantity.
    pub(super) of_quantity: Vec<ChangeId>,
    pub(super) listing: &'a ListingRef,
    pub(super) site: &'static SiteFacts,
    pub(super) price: Option<Money>,
    pub(super) quantity: Option<u32>,
    pub(super) offer_id: Option<String>,
    /// Whether the item's own quantity stays as it is: an offer at zero is sold out whatever its
    /// item says, and that takes one revision where both take two.
    pub(super) is_offer_alone: bool,
}

impl Setting<'_> {
    fn is_both(&self) -> bool {
        self.price.is_some() && self.quantity.is_some()
    }

    /// Its quantity, then its price.
    fn apart(self) -> [Self; 2] {
        let mut of_price = self.changes.clone();
        of_price.retain(|change_id| !self.of_quantity.contains(change_id));
        let quantity = Self {
            changes: self.of_quantity.clone(),
            price: None,
            ..self.clone()
        };
        let price = Self {
            changes: of_price,
            of_quantity: Vec::new(),
            quantity: None,
            ..self
        };
        [quantity, price]
    }
}

/// Merges the changes of each listing: price and quantity travel in one entry.
pub(super) fn settings<'a>(
    changes: impl IntoIterator<Item = (ChangeId, &'a ListingRef, &'static SiteFacts, &'a Action)>,
) -> Vec<Setting<'a>> {
    let mut all: Vec<Setting<'a>> = Vec::new();
    for (change_id, listing, site, action) in changes {
        let place = all
            .iter()
            .position(|setting| setting.listing.id == listing.id);
        let place = place.unwrap_or_else(|| {
            all.push(Setting {
                changes: Vec::new(),
                of_quantity: Vec::new(),
                listing,
                site,
                price: None,
                quantity: None,
                offer_id: listing.binding.get(OFFER_ID).map(str::to_owned),
                is_offer_alone: false,
            });
            all.len() - 1
        });
        all[place].changes.push(change_id);
        match action {
            Action::SetPrice(price) => all[place].price = Some(*price),
            Action::SetQuantity(quantity) => {
                all[place].quantity = Some(*quantity);
                all[place].of_quantity.push(change_id);
            }
            _ => {}
        }
    }
    all
}

impl EbayAdapter {
    /// Sets prices and quantities. All are of one site. Where eBay refuses a price and a quantity
    /// that travel together, each is sent alone: a bad price must not keep a zero from going.
    pub(super) async fn set_prices(&self, settings: Vec<Setting<'_>>) -> Vec<Told> {
        let (mut told, refused) = self.set_together(settings).await;
        for part in refused.into_iter().flat_map(Setting::apart) {
            told.extend(self.set_together(vec![part]).await.0);
        }
        told
    }

    /// Sets them, and gives back those whose price and quantity were refused together.
    async fn set_together<'a>(
        &self,
        mut settings: Vec<Setting<'a>>,
    ) -> (Vec<Told>, Vec<Setting<'a>>) {
        let mut told = Vec::new();
        let mut refused = Vec::new();
        self.find_offers(&mut settings, &mut told).await;
        settings.retain_mut(|setting| match self.may_set(setting) {
            None => true,
            Some(fate) => {
                let changes = setting.changes.iter();
                told.extend(changes.map(|change_id| (*change_id, Ok(fate.clone()))));
                false
            }
        });
        let Some(site) = settings.first().map(|setting| setting.site) else {
            return (told, refused);
        };
        let entries = entries(&settings);
        let bodies: Vec<Value> = entries.iter().map(price_quantity_entry).collect();
        let sent = self.send_bulk(PRICES, site, &bodies).await;
        let mut program = None;
        for setting in &settings {
            let place = entries
                .iter()
                .position(|entry| *entry.sku == setting.listing.sku);
            let sent = place.and_then(|place| sent.get(place));
            for change_id in &setting.changes {
                self.note_warned(*change_id, sent);
            }
            let waits = not_available(setting, sent) && self.is_there(setting).await;
            let fate = match setting.changes.first() {
                Some(_) if waits => Ok(not_seen_yet()),
                Some(first) => {
                    let fate = fate(*first, setting, sent);
                    if setting.is_both() && lasting_refusal(&fate).is_some() {
                        refused.push(setting.clone());
                        continue;
                    }
                    self.unless_ended(setting, fate, &mut program).await
                }
                None => continue,
            };
            let changes = setting.changes.iter();
            told.extend(changes.map(|change_id| (*change_id, fate.clone())));
        }
        (told, refused)
    }

    fn may_set(&self, setting: &mut Setting<'_>) -> Option<Fate> {
        let revision = match setting.quantity {
            Some(0) => Revision::ZERO,
            Some(_) => Revision::QUANTITY,
            None => Revision::PRICE,
        };
        let fate = self.may_revise(setting.listing, revision)?;
        if revision == Revision::ZERO
            && self
                .may_revise(setting.listing, Revision::OFFER_ZERO)
                .is_none()
        {
            setting.is_offer_alone = true;
            return None;
        }
        Some(fate)
    }

    /// Whether the offer can be read: eBay tells of an offer that was just written, or whose
    /// policies do not fit, as not available (25713, ebay.md §12).
    async fn is_there(&self, setting: &Setting<'_>) -> bool {
        let Some(offer_id) = setting.offer_id.as_deref() else {
            return false;
        };
        // Where it cannot be read now, eBay's own answer counts.
        matches!(self.read_offer(setting.site, offer_id).await, Ok(Some(_)))
    }

    /// Finds offers that the binding does not name. A listing without one is not there.
    async fn find_offers(&self, settings: &mut Vec<Setting<'_>>, told: &mut Vec<Told>) {
        let mut found = Vec::with_capacity(settings.len());
        for mut setting in std::mem::take(settings) {
            if setting.offer_id.is_some() {
                found.push(setting);
                continue;
            }
            let listing = setting.listing;
            let fate = match self.offers_of(setting.site, &listing.sku).await {
                Ok(offers) => {
                    let offer = map::offer_of_site(&offers, &listing.site);
                    setting.offer_id = offer.and_then(|offer| offer.offer_id.clone());
                    if setting.offer_id.is_some() {
                        found.push(setting);
                        continue;
                    }
                    Ok(Fate::Refused {
                        problem: Problem::new(ProblemKind::ListingGone),
                        retry: Retry::No,
                    })
                }
                Err(error) => Err(error),
            };
            for change_id in setting.changes {
                told.push((change_id, fate.clone()));
            }
        }
        *settings = found;
    }
}

/// One entry per SKU: eBay refuses a SKU twice in a call. The item keeps enough for the offer that
/// wants most.
fn entries<'a>(settings: &'a [Setting<'a>]) -> Vec<PriceQuantityEntry<'a>> {
    let mut entries: Vec<PriceQuantityEntry<'a>> = Vec::new();
    for setting in settings {
        let sku: &Sku = &setting.listing.sku;
        let Some(offer_id) = setting.offer_id.as_deref() else {
            continue;
        };
        let offer = (offer_id, setting.price, setting.quantity);
        let of_item = setting.quantity.filter(|_| !setting.is_offer_alone);
        match entries.iter_mut().find(|entry| entry.sku == sku) {
            Some(entry) => {
                entry.quantity = entry.quantity.max(of_item);
                entry.offers.push(offer);
            }
            None => entries.push(PriceQuantityEntry {
                sku,
                quantity: of_item,
                offers: vec![offer],
            }),
        }
    }
    entries
}

/// The entries of the item and of this offer; those of the SKU's other offers do not count.
fn own(setting: &Setting<'_>, answered: &[BulkEntry]) -> Vec<BulkEntry> {
    let own = answered
        .iter()
        .filter(|entry| entry.offer_id.is_none() || entry.offer_id == setting.offer_id);
    own.cloned().collect()
}

fn not_available(setting: &Setting<'_>, sent: Option<&Sent>) -> bool {
    let Some(Sent::Answered(answered)) = sent else {
        return false;
    };
    let mut own = own(setting, answered).into_iter();
    own.any(|entry| says_not_available(&entry.errors))
}

fn not_seen_yet() -> Fate {
    Fate::Refused {
        problem: Problem::new(ProblemKind::MarketplaceDown)
            .vendor(OFFER_NOT_AVAILABLE.to_string(), ""),
        retry: Retry::After(PROPAGATION_WAIT),
    }
}

fn fate(
    change_id: ChangeId,
    setting: &Setting<'_>,
    sent: Option<&Sent>,
) -> Result<Fate, barrow_market::Error> {
    match sent {
        Some(Sent::Answered(answered)) => {
            let own = own(setting, answered);
            if own.is_empty() {
                Ok(Fate::Unknown)
            } else if own.iter().all(done) {
                Ok(Fate::Applied { binding: None })
            } else {
                refused(change_id, &own)
            }
        }
        Some(Sent::Failed(error)) => Err(error.clone()),
        Some(Sent::Unknown) | None => Ok(Fate::Unknown),
    }
}
