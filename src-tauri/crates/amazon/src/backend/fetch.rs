//! Calls, and reads that several roles share.

use std::collections::HashMap;

use barrow_market::{Error, ErrorKind, Result};
use barrow_model::{ListingRef, Site};
use barrow_wire::{Answer, Built, CallSpec};
use chrono::TimeDelta;
use serde::de::DeserializeOwned;

use crate::backend::AmazonAdapter;
use crate::config::SiteFacts;
use crate::error::{is_token_refused, parse_error};
use crate::limits::{
    IDENTIFIERS_MAX, LISTING_CALL, LISTINGS_CALL, PARTICIPATIONS_CALL, PARTICIPATIONS_KEPT,
};
use crate::request::{listing_request, listings_by_sku_request, participations_request};
use crate::types::account::{ParticipationsAnswer, SellerSite};
use crate::types::listing::{Item, ListingsAnswer};

/// What is there of some listings, by SKU; a SKU that was asked for and is missing is not there.
pub(crate) type Found = HashMap<String, Item>;

impl AmazonAdapter {
    /// Makes a call; any answer that is no success is an error.
    pub(crate) async fn call(&self, spec: &'static CallSpec, built: Built) -> Result<Answer> {
        let request = built?;
        let fetched = self.auth.fetched().await;
        let mut answer = self.client.call(spec, request.clone()).await?;
        // An old token can be refused with 403, which is then as good as not sent (amazon.md §10).
        if spec.authenticated && is_token_refused(answer.status, &answer.body) {
            self.auth.renew_after(fetched).await?;
            answer = self.client.call(spec, request).await?;
        }
        self.note_limit(spec, &answer);
        if answer.status.is_success() {
            return Ok(answer);
        }
        let Answer {
            status,
            headers,
            body,
        } = answer;
        Err(parse_error(spec.operation, status, &headers, &body))
    }

    /// The same, with the answer read.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        spec: &'static CallSpec,
        built: Built,
    ) -> Result<T> {
        self.call(spec, built).await?.json(spec.operation)
    }

    /// Most answers tell the rate in calls per second (amazon.md §10). One that is lower than what
    /// is known makes the next call wait as long as it asks; a higher one changes nothing.
    fn note_limit(&self, spec: &CallSpec, answer: &Answer) {
        let Some(bucket) = spec.buckets.first() else {
            return;
        };
        let told = answer.headers.get("x-amzn-ratelimit-limit");
        let Some(per_call) = told.and_then(|v| v.to_str().ok()).and_then(pause) else {
            return;
        };
        let known = TimeDelta::from_std(bucket.per / bucket.calls.max(1)).unwrap_or_default();
        // A rounded figure of the same rate is no lower rate.
        if per_call * 100 > known * 110 {
            let until = self.clock.now() + per_call;
            self.client.note_limit(bucket, 0, Some(until));
        }
    }

    /// The seller's sites as Amazon tells them, asked once an hour: the limit is one call a minute.
    pub(crate) async fn seller_sites(&self) -> Result<Vec<SellerSite>> {
        let now = self.clock.now();
        let kept = TimeDelta::from_std(PARTICIPATIONS_KEPT).unwrap_or_default();
        if let Some((at, sites)) = &self.memory().sites
            && now - *at < kept
        {
            return Ok(sites.clone());
        }
        let request = participations_request(&self.config.base);
        let answer: ParticipationsAnswer = self.read(&PARTICIPATIONS_CALL, request).await?;
        let sites = answer.payload.0;
        self.memory().sites = Some((now, sites.clone()));
        Ok(sites)
    }

    /// The facts of a listing's site.
    pub(crate) fn site_of(&self, site: &Site) -> Result<&'static SiteFacts> {
        self.config.site(site).ok_or_else(|| {
            Error::new(ErrorKind::Config, "submit").because(crate::config::setting_problem(
                barrow_model::ProblemKind::SettingInvalid,
                crate::config::MARKETPLACE_IDS,
            ))
        })
    }

    /// Reads one listing; none where it is not there.
    pub(crate) async fn item(&self, site: &'static SiteFacts, sku: &str) -> Result<Option<Item>> {
        let seller = &self.config.seller_id;
        let request = listing_request(&self.config.base, seller, sku, site);
        match self.read::<Item>(&LISTING_CALL, request).await {
            Ok(item) => Ok(Some(item)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads up to twenty listings of a site: one by itself, several in one call. A SKU with a
    /// comma cannot stand in a list and is read alone (amazon.md §2.2).
    pub(crate) async fn items(&self, site: &'static SiteFacts, skus: &[&str]) -> Result<Found> {
        let (alone, listed): (Vec<&str>, Vec<&str>) =
            skus.iter().partition(|sku| sku.contains(','));
        let mut found = Found::new();
        // A slash fails in a path on some endpoints, though escaped (amazon.md §11.5).
        match listed.as_slice() {
            [] => {}
            [sku] if !sku.contains('/') => {
                let item = self.item(site, sku).await?;
                found.extend(item.map(|item| ((*sku).to_owned(), item)));
            }
            _ => {
                let seller = &self.config.seller_id;
                let request = listings_by_sku_request(&self.config.base, seller, &listed, site);
                let answer: ListingsAnswer = self.read(&LISTINGS_CALL, request).await?;
                let named = answer.items.0.into_iter().filter_map(|item| {
                    let sku = item.sku.owned()?;
                    listed.contains(&sku.as_str()).then_some((sku, item))
                });
                found.extend(named);
            }
        }
        for sku in alone {
            let item = self.item(site, sku).await?;
            found.extend(item.map(|item| (sku.to_owned(), item)));
        }
        Ok(found)
    }
}

/// Listings in groups of one site and at most twenty SKUs, each SKU once.
pub(crate) fn groups_of<'a>(
    listings: impl IntoIterator<Item = &'a ListingRef>,
) -> Vec<(&'a Site, Vec<&'a str>)> {
    let mut groups: Vec<(&Site, Vec<&str>)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut open: HashMap<&Site, usize> = HashMap::new();
    for listing in listings {
        let (site, sku) = (&listing.site, listing.sku.as_str());
        if !seen.insert((site, sku)) {
            continue;
        }
        let free = open.get(site).copied();
        match free.filter(|place| groups[*place].1.len() < IDENTIFIERS_MAX) {
            Some(place) => groups[place].1.push(sku),
            None => {
                open.insert(site, groups.len());
                groups.push((site, vec![sku]));
            }
        }
    }
    groups
}

/// The pause between two calls of a rate that is told in calls per second.
fn pause(text: &str) -> Option<TimeDelta> {
    let rate: rust_decimal::Decimal = text.trim().parse().ok()?;
    if rate <= rust_decimal::Decimal::ZERO {
        return None;
    }
    let millis = rust_decimal::Decimal::ONE_THOUSAND.checked_div(rate)?;
    let millis = i64::try_from(millis.trunc()).ok()?;
    // A day bounds what a mistaken figure can stop.
    Some(TimeDelta::milliseconds(millis.min(86_400_000)))
}

#[cfg(test)]
mod tests {
    use barrow_model::{Binding, ListingId, ListingRef, Site, Sku};

    use super::{groups_of, pause};

    #[test]
    fn a_rate_is_a_pause() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(
                pause(text).map(|p| p.num_milliseconds()),
                expected,
                "{text}"
            );
        };
        check("5.0", Some(200));
        check("0.0056", Some(178_571));
        check("0", None);
        check("-1", None);
        check("soon", None);
    }

    #[test]
    fn groups_are_of_one_site_and_twenty_at_most() {
        let listing = |site: &str, number: usize| ListingRef {
            id: ListingId(1),
            site: Site(site.to_owned()),
            sku: Sku::new(format!("S{number}")).expect("a SKU"),
            binding: Binding::default(),
            pool: String::new(),
        };
        let mut listings: Vec<ListingRef> = (0..25).map(|n| listing("A", n)).collect();
        listings.insert(3, listing("B", 1));
        listings.push(listing("A", 1));
        let groups = groups_of(&listings);
        let sizes: Vec<_> = groups
            .iter()
            .map(|(site, skus)| (site.0.as_str(), skus.len()))
            .collect();
        assert_eq!(sizes, [("A", 20), ("B", 1), ("A", 5)]);
    }
}
