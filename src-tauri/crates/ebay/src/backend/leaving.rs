//! Ending variations: each leaves its group, the last ones end the listing (ebay.md §6.6).

use std::collections::BTreeMap;

use barrow_market::{Error, Fate};
use barrow_model::{Binding, Site, Sku};

use super::EbayAdapter;
use super::aspects::carried;
use super::bulk::Told;
use super::family::Failed;
use super::listings::Listed;
use super::revisions::Revision;
use crate::config::SiteFacts;
use crate::error::{is_passing, may_have_happened};
use crate::limits::{PRICE_QUANTITY, WITHDRAW_GROUP};
use crate::request::{PriceQuantityEntry, price_quantity, price_quantity_entry};
use crate::types::{BulkAnswer, Offer};
use crate::{GROUP, OFFER_ID, map, request};

/// A variation that is to go.
struct Leaver<'a> {
    change: &'a Listed<'a>,
    offer: Offer,
    /// Whether eBay keeps it in its listing: it has sold, or another site shows it as well.
    stays: bool,
}

impl EbayAdapter {
    /// Ends those of the listings that are variations, group by group.
    pub(super) async fn end_variations(&self, changes: &[Listed<'_>]) -> Vec<Told> {
        let mut groups: BTreeMap<(&str, &str), Vec<&Listed<'_>>> = BTreeMap::new();
        for change in changes {
            if let Some(key) = change.listing.binding.get(GROUP) {
                groups
                    .entry((key, change.site.id))
                    .or_default()
                    .push(change);
            }
        }
        let mut told = Vec::with_capacity(changes.len());
        for ((key, _), members) in groups {
            let _held = self.hold_group(key).await;
            told.extend(self.end_in_group(key, &members).await);
        }
        told
    }

    /// Ends a listing that its binding does not tell to be a variation, where it is one; else the
    /// refusal of its withdrawal counts.
    pub(super) async fn end_where_shown(
        &self,
        change: &Listed<'_>,
        refusal: Error,
    ) -> Result<Fate, Error> {
        let item = self.item_of(change.site, &change.listing.sku).await?;
        let item = item.unwrap_or_default();
        let Some(key) = item.group() else {
            return Err(refusal);
        };
        let _held = self.hold_group(key).await;
        let told = self.end_in_group(key, &[change]).await;
        told.into_iter()
            .next()
            .map_or(Err(refusal), |(_, fate)| fate)
    }

    /// Ends a variation that eBay does not let run out of stock: where no other one of its listing
    /// has any, the listing ends, whatever was sold of it.
    pub(super) async fn end_sold_out(&self, change: &Listed<'_>, key: &str) -> Result<Fate, Error> {
        let _held = self.hold_group(key).await;
        let leaver = match self.leaver(change).await? {
            Some(leaver) => leaver,
            None => return Ok(ended(change)),
        };
        let leavers = [leaver];
        let told = match self.others_have_stock(change, key).await {
            Ok(true) => self.take_from_sale(change.site, key, &leavers).await,
            Ok(false) => self.end_group(change.site, key, &leavers).await,
            Err(failed) => return failed.told(),
        };
        let fate = told.into_iter().next().map(|(_, fate)| fate);
        fate.unwrap_or(Ok(Fate::Unknown))
    }

    async fn others_have_stock(&self, change: &Listed<'_>, key: &str) -> Result<bool, Failed> {
        let site = change.site;
        let group = self.read_group(site, key).await?;
        for sku in group.iter().flat_map(map::members) {
            let Ok(sku) = Sku::new(&sku) else { continue };
            if sku == change.listing.sku {
                continue;
            }
            let offers = self.offers_of(site, &sku).await.map_err(Failed::Error)?;
            let own = map::offer_of_site(&offers, &Site(site.id.to_owned()));
            // One that tells no number of its own sells what its item has.
            let sells =
                |offer: &Offer| map::is_listed(offer) && offer.available_quantity != Some(0);
            if own.is_some_and(sells) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn end_in_group(&self, key: &str, members: &[&Listed<'_>]) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::with_capacity(members.len());
        let mut leavers = Vec::with_capacity(members.len());
        for change in members {
            match self.leaver(change).await {
                Ok(Some(leaver)) => leavers.push(leaver),
                Ok(None) => told.push((change.change.id, Ok(ended(change)))),
                Err(error) => told.push((change.change.id, Err(error))),
            }
        }
        let Some(site) = leavers.first().map(|leaver| leaver.change.site) else {
            return told;
        };
        let fates = match self.others_sell(site, key, &leavers).await {
            Ok(true) => self.take_from_sale(site, key, &leavers).await,
            Ok(false) => self.end_group(site, key, &leavers).await,
            Err(failed) => all(&leavers, || failed.told()),
        };
        told.extend(fates);
        told
    }

    /// A variation that buyers see; none where it is not for sale any more.
    async fn leaver<'a>(&self, change: &'a Listed<'a>) -> Result<Option<Leaver<'a>>, Error> {
        let listing = change.listing;
        let offers = self.offers_of(change.site, &listing.sku).await?;
        let Some(offer) = map::offer_of_site(&offers, &listing.site).cloned() else {
            return Ok(None);
        };
        let sku = listing.sku.as_str();
        if !map::is_listed(&offer) && !self.was_published(change.site, sku) {
            return Ok(None);
        }
        let shown = offers.iter().filter(|offer| map::is_listed(offer)).count();
        let sold = has_sold(&offer);
        Ok(Some(Leaver {
            change,
            offer,
            stays: sold || shown > 1,
        }))
    }

    /// Whether variations that stay are wanted on this site, even those out of stock. One that was
    /// ended here and is at zero is there only because eBay lets it not go.
    async fn others_sell(
        &self,
        site: &'static SiteFacts,
        key: &str,
        leavers: &[Leaver<'_>],
    ) -> Result<bool, Failed> {
        let Some(group) = self.read_group(site, key).await? else {
            return Ok(false);
        };
        for sku in map::members(&group) {
            let leaves = leavers
                .iter()
                .any(|one| one.change.listing.sku.as_str() == sku);
            let Ok(sku) = Sku::new(&sku) else { continue };
            if leaves {
                continue;
            }
            if self.was_published(site, sku.as_str()) {
                return Ok(true);
            }
            let offers = self.offers_of(site, &sku).await.map_err(Failed::Error)?;
            let own = map::offer_of_site(&offers, &Site(site.id.to_owned()));
            let sells = own.is_some_and(|offer| {
                let ended = self.was_ended(site, sku.as_str());
                map::is_listed(offer) && !(ended && offer.available_quantity == Some(0))
            });
            if sells {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes variations out of the group; those that eBay keeps are set to zero.
    async fn take_from_sale(
        &self,
        site: &'static SiteFacts,
        key: &str,
        leavers: &[Leaver<'_>],
    ) -> Vec<Told> {
        let (stay, go): (Vec<&Leaver<'_>>, Vec<&Leaver<'_>>) =
            leavers.iter().partition(|leaver| leaver.stays);
        let mut told = Vec::with_capacity(leavers.len());
        for leaver in stay {
            told.push((leaver.change.change.id, self.to_zero(site, leaver).await));
        }
        if go.is_empty() {
            return told;
        }
        let skus: Vec<&str> = go
            .iter()
            .map(|one| one.change.listing.sku.as_str())
            .collect();
        match self.take_out(site, key, &skus).await {
            Ok(()) => {
                for one in go {
                    self.note_ended(site, one.change.listing.sku.as_str());
                    told.push((one.change.change.id, Ok(ended(one.change))));
                }
            }
            // One has sold meanwhile: eBay lets it not go.
            Err(Failed::Refused(issues, _))
                if !issues.is_empty() && !issues.iter().any(is_passing) =>
            {
                for leaver in go {
                    told.push((leaver.change.change.id, self.to_zero(site, leaver).await));
                }
            }
            Err(failed) => told.extend(go.iter().map(|one| (one.change.change.id, failed.told()))),
        }
        told
    }

    /// Sets a variation to zero: the offer's own number, so that other sites sell on.
    async fn to_zero(&self, site: &'static SiteFacts, leaver: &Leaver<'_>) -> Result<Fate, Error> {
        let Some(offer_id) = leaver.offer.offer_id.as_deref() else {
            return Ok(ended(leaver.change));
        };
        if let Some(fate) = self.may_revise(leaver.change.listing, Revision::OFFER_ZERO) {
            return Ok(fate);
        }
        let entry = price_quantity_entry(&PriceQuantityEntry {
            sku: &leaver.change.listing.sku,
            quantity: None,
            offers: vec![(offer_id, None, Some(0))],
        });
        let request = price_quantity(self.api(), site, vec![entry])?;
        match self.call(&PRICE_QUANTITY, request).await {
            Ok(answer) => {
                // It was taken, and what became of it is not told.
                let read = answer.json::<BulkAnswer>(PRICE_QUANTITY.operation);
                let Some(read) = read.ok().filter(|read| !read.responses.is_empty()) else {
                    return Ok(Fate::Unknown);
                };
                match read
                    .responses
                    .iter()
                    .find(|entry| !super::bulk::done(entry))
                {
                    None => {
                        self.note_ended(site, leaver.change.listing.sku.as_str());
                        Ok(ended(leaver.change))
                    }
                    Some(entry) => super::publish::refused(
                        leaver.change.change.id,
                        std::slice::from_ref(entry),
                    ),
                }
            }
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Ends the group's listing on this site.
    async fn end_group(
        &self,
        site: &'static SiteFacts,
        key: &str,
        leavers: &[Leaver<'_>],
    ) -> Vec<Told> {
        let request = request::withdraw_group(self.api(), site, key);
        let failed = match self.group_call(&WITHDRAW_GROUP, request).await {
            Ok(_) => {
                for one in leavers {
                    self.note_ended(site, one.change.listing.sku.as_str());
                }
                let ended = |one: &Leaver<'_>| (one.change.change.id, Ok(ended(one.change)));
                return leavers.iter().map(ended).collect();
            }
            Err(failed) => failed,
        };
        let Failed::Refused(_, error) = &failed else {
            return all(leavers, || failed.told());
        };
        // A second withdrawal is refused (ebay.md §13): what the offers say counts.
        let mut told = Vec::with_capacity(leavers.len());
        for leaver in leavers {
            let fate = match self.leaver(leaver.change).await {
                Ok(None) => Ok(ended(leaver.change)),
                Ok(Some(_)) => Err(error.clone()),
                Err(error) => Err(error),
            };
            told.push((leaver.change.change.id, fate));
        }
        told
    }
}

fn all(leavers: &[Leaver<'_>], fate: impl Fn() -> Result<Fate, Error>) -> Vec<Told> {
    leavers
        .iter()
        .map(|leaver| (leaver.change.change.id, fate()))
        .collect()
}

fn has_sold(offer: &Offer) -> bool {
    let listing = offer.listing.as_ref();
    listing
        .and_then(|listing| listing.sold_quantity)
        .unwrap_or(0)
        > 0
}

/// It is for sale no more; its offer is kept for the next time.
fn ended(change: &Listed<'_>) -> Fate {
    let offer_id = change.listing.binding.get(OFFER_ID);
    Fate::Applied {
        binding: offer_id.map(|id| {
            let known = &change.listing.binding;
            carried(Binding::default().with(OFFER_ID, id), known)
        }),
    }
}
