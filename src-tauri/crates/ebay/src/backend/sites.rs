//! One SKU on several sites. eBay keeps one item of a SKU, in one language and with one quantity,
//! for all sites of a seller (ebay.md §6.2, §15.10): a second site would rewrite what buyers read
//! on the first, and sell its stock.

use std::collections::HashMap;

use barrow_market::{Error, Fate, Retry};
use barrow_model::{Problem, ProblemKind};
use serde_json::{Value, json};

use super::EbayAdapter;
use super::bulk::{Sent, Told};
use super::family::{family_of, listed_alone};
use super::publish::{Job, KNOWN, Written};
use crate::config::SiteFacts;
use crate::{map, types};

impl EbayAdapter {
    /// Why a job must not write the item that is there: buyers see it in a listing of its own, or
    /// on another site.
    pub(super) async fn forbidden_by(
        &self,
        job: Job<'_>,
        known: &Value,
    ) -> Option<Result<Fate, Error>> {
        match self.stands_alone(job, known).await {
            Ok(false) => {}
            Ok(true) => return Some(Ok(listed_alone())),
            Err(error) => return Some(Err(error)),
        }
        // Whoever wrote it last wrote it in his site's language. One that is revised and speaks
        // this site's is this site's own, and costs no call.
        if job.offer_id().is_some() && is_of_site(known, job.site) {
            return None;
        }
        match self.offers_of(job.site, &job.listing.sku).await {
            Ok(offers) => {
                let other = elsewhere(&offers, job.site, map::is_listed)?;
                Some(Ok(on_other_site(&other)))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Leaves out those whose item another site has written since: it is this seller's too, and
    /// both were being published. What cannot be read is no reason not to publish; a family's items
    /// are read with its group.
    pub(super) async fn not_rewritten<'a>(
        &self,
        jobs: Vec<Written<'a>>,
        told: &mut Vec<Told>,
    ) -> Vec<Written<'a>> {
        let Some(site) = jobs.first().map(|written| written.job.site) else {
            return jobs;
        };
        let mut skus: Vec<Value> = Vec::with_capacity(jobs.len());
        for written in jobs.iter().filter(|one| family_of(&one.job).is_none()) {
            let sku = json!({ "sku": written.job.listing.sku.as_str() });
            if !skus.contains(&sku) {
                skus.push(sku);
            }
        }
        let read = self.send_bulk(KNOWN, site, &skus).await;
        let items: HashMap<&str, &Value> = skus
            .iter()
            .zip(&read)
            .filter_map(|(sku, sent)| Some((sku["sku"].as_str()?, item_of(sent)?)))
            .collect();
        let mut kept = Vec::with_capacity(jobs.len());
        for written in jobs {
            let sku = &written.job.listing.sku;
            let item = items.get(sku.as_str());
            if item.is_none_or(|item| is_of_site(item, site)) {
                kept.push(written);
                continue;
            }
            let offers = self.offers_of(site, sku).await.unwrap_or_default();
            match elsewhere(&offers, site, |_| true) {
                Some(other) => told.push((written.job.change_id, Ok(on_other_site(&other)))),
                None => kept.push(written),
            }
        }
        kept
    }
}

/// Whether an item is in the language of a site; one that tells none may be.
fn is_of_site(item: &Value, site: &SiteFacts) -> bool {
    let locale = item["locale"].as_str();
    locale.is_none_or(|locale| locale.replace('_', "-") == site.language)
}

fn item_of(sent: &Sent) -> Option<&Value> {
    match sent {
        Sent::Answered(entries) => entries
            .iter()
            .find_map(|entry| entry.inventory_item.as_ref()),
        _ => None,
    }
}

fn elsewhere(
    offers: &[types::Offer],
    site: &SiteFacts,
    counts: fn(&types::Offer) -> bool,
) -> Option<String> {
    let others = offers.iter().filter(|offer| counts(offer));
    let mut sites = others.filter_map(|offer| offer.marketplace_id.as_deref());
    sites.find(|other| *other != site.id).map(str::to_owned)
}

fn on_other_site(site: &str) -> Fate {
    let problem = Problem::new(ProblemKind::SkuOnOtherSite).field("sku");
    Fate::Refused {
        problem: problem.param("site", site),
        retry: Retry::No,
    }
}
