//! What tells used goods of a category apart, asked for where a listing says it (ebay.md §6.3).

use std::sync::{Arc, PoisonError};

use barrow_market::{Error, Fate, Result, Retry, Status};
use barrow_model::{CategoryId, Observed};
use serde_json::Value;

use super::EbayAdapter;
use super::publish::Job;
use crate::config::SiteFacts;
use crate::map::{self, Descriptor};
use crate::types::ConditionPolicies;

/// Categories whose descriptors are kept in memory; beyond it they are asked for again.
const KEPT_MAX: usize = 1_000;

/// The descriptors of categories, by site.
pub(super) type Kept = std::collections::HashMap<(&'static str, CategoryId), Arc<[Descriptor]>>;

impl EbayAdapter {
    /// The descriptors of a category, asked for once.
    async fn descriptors_of(
        &self,
        site: &'static SiteFacts,
        category: &CategoryId,
    ) -> Result<Arc<[Descriptor]>> {
        let key = (site.id, category.clone());
        let kept = self
            .descriptors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .map(Arc::clone);
        if let Some(known) = kept {
            return Ok(known);
        }
        let policies = self.condition_policies(site, category).await?;
        Ok(self.keep_descriptors(site, key.1, &policies))
    }

    /// Keeps the descriptors of a category.
    pub(super) fn keep_descriptors(
        &self,
        site: &'static SiteFacts,
        category: CategoryId,
        policies: &ConditionPolicies,
    ) -> Arc<[Descriptor]> {
        let known: Arc<[Descriptor]> = map::descriptors(policies, &category).into();
        let mut kept = self
            .descriptors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert((site.id, category), Arc::clone(&known));
        known
    }

    /// Puts what an offer says of used goods into its item's body, in eBay's numbers.
    pub(super) async fn describe(
        &self,
        job: Job<'_>,
        item: &mut Value,
    ) -> std::result::Result<(), std::result::Result<Fate, Error>> {
        let content = &job.offer.content;
        let Some(category) = content
            .category
            .as_ref()
            .filter(|_| map::may_describe(content))
        else {
            return Ok(());
        };
        let known = self.descriptors_of(job.site, category).await.map_err(Err)?;
        let body = map::descriptors_body(content, &known).map_err(|problem| {
            Ok(Fate::Refused {
                problem,
                retry: Retry::No,
            })
        })?;
        if !body.is_empty() {
            item["conditionDescriptors"] = Value::Array(body);
        }
        Ok(())
    }

    /// Adds what a listing says of used goods, in eBay's words, to what buyers read of it. Where
    /// eBay has no words it stays unsaid here, and there as it is. Where they cannot be had now,
    /// nothing is told of what buyers read: a part of it would look as if somebody had changed it.
    pub(super) async fn read_descriptors(
        &self,
        site: &'static SiteFacts,
        item: &Value,
        observed: &mut Observed,
    ) {
        let Some(details) = observed.details.as_mut() else {
            return;
        };
        let says = item["conditionDescriptors"]
            .as_array()
            .is_some_and(|list| !list.is_empty());
        let Some(category) = details.category.clone().filter(|_| says) else {
            return;
        };
        match self.descriptors_of(site, &category).await {
            Ok(known) => details.attributes.extend(map::described(item, &known)),
            Err(error) if error.status == Status::Permanent => {}
            Err(_) => observed.details = None,
        }
    }
}
