//! What the law asks of goods, as eBay tells it (ebay.md §6.4).

use std::collections::HashMap;
use std::sync::PoisonError;

use barrow_market::{ErrorKind, Result};
use barrow_model::CategoryId;
use barrow_wire::CallSpec;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::Request;

use super::EbayAdapter;
use super::told::told;
use crate::config::SiteFacts;
use crate::limits::{GET_HAZARD_LABELS, GET_REGULATORY, GET_SAFETY_LABELS};
use crate::map::Regulated;
use crate::request;
use crate::types::{Labels, RegulatoryPolicies};

/// Sites that the calls do not know, by the contract of `getRegulatoryPolicies`.
const NOT_THERE: [&str; 4] = ["EBAY_HK", "EBAY_MY", "EBAY_TW", "EBAY_PH"];
/// How long the words of codes are taken to be what they were.
const LABELS_KEPT: TimeDelta = TimeDelta::days(1);

/// The labels of safety and of hazards by site, and when they were asked for.
pub(super) type LabelsBySite = HashMap<&'static str, (Labels, Labels, DateTime<Utc>)>;

impl EbayAdapter {
    /// What the law asks of goods of a category. A site that refuses to tell asks for nothing.
    pub(super) async fn regulated(
        &self,
        site: &'static SiteFacts,
        category: &CategoryId,
    ) -> Result<Regulated> {
        if NOT_THERE.contains(&site.id) {
            return Ok(Regulated::default());
        }
        let request = request::regulatory_policies(self.api(), site, &category.0)?;
        let policies: RegulatoryPolicies = match self.call(&GET_REGULATORY, request).await {
            Ok(answer) => told(&answer, GET_REGULATORY.operation)?,
            Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
                RegulatoryPolicies::default()
            }
            Err(error) => return Err(error),
        };
        let regulated = Regulated::of(&policies, category);
        if !regulated.takes_codes(site) {
            return Ok(regulated);
        }
        let (safety, hazards) = self.labels(site).await;
        Ok(regulated.with_labels(safety, hazards))
    }

    /// The words of codes, asked for once a day. Codes can be said without them: what cannot be
    /// had now is asked for with the next category.
    async fn labels(&self, site: &'static SiteFacts) -> (Labels, Labels) {
        let now = self.clock.now();
        if let Some((safety, hazards, asked_at)) = self.kept_labels(site)
            && now - asked_at < LABELS_KEPT
        {
            return (safety, hazards);
        }
        let safety = request::safety_labels(self.api(), site);
        let safety = self.labels_of(&GET_SAFETY_LABELS, safety).await;
        let hazards = request::hazard_labels(self.api(), site);
        let hazards = self.labels_of(&GET_HAZARD_LABELS, hazards).await;
        if let (Some(safety), Some(hazards)) = (&safety, &hazards) {
            let mut kept = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(site.id, (safety.clone(), hazards.clone(), now));
        }
        (safety.unwrap_or_default(), hazards.unwrap_or_default())
    }

    async fn labels_of(
        &self,
        spec: &'static CallSpec,
        request: Result<Request<Bytes>>,
    ) -> Option<Labels> {
        let answer = self.call(spec, request.ok()?).await.ok()?;
        told(&answer, spec.operation).ok()
    }

    fn kept_labels(&self, site: &SiteFacts) -> Option<(Labels, Labels, DateTime<Utc>)> {
        let kept = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(site.id).cloned()
    }
}
