//! How many calls are left today, as eBay itself counts them: other programs may use the same
//! application's (ebay.md §13).

use std::sync::PoisonError;

use barrow_wire::Bucket;
use chrono::TimeDelta;

use super::EbayAdapter;
use crate::limits::{
    ACCOUNT, DISPUTES, FULFILLMENT, GET_RATE_LIMITS, IDENTITY, INVENTORY, MEDIA, METADATA, TAXONOMY,
};
use crate::types::{ApiLimits, LimitedRate, LimitedResource, RateLimits};
use crate::{map, request};

/// Each API by eBay's names for it, and the bucket that its calls are taken from.
const APIS: [(&str, &str, Bucket); 8] = [
    ("sell", "inventory", INVENTORY),
    ("sell", "fulfillment", FULFILLMENT),
    ("sell", "account", ACCOUNT),
    ("sell", "metadata", METADATA),
    ("commerce", "taxonomy", TAXONOMY),
    ("commerce", "identity", IDENTITY),
    ("commerce", "media", MEDIA),
    // Where disputes are told as an API of their own.
    ("sell", "fulfillment_dispute", DISPUTES),
];

/// Payment disputes have a limit of their own within the orders' API (ebay.md §13); their resource
/// is known by this word.
const DISPUTE: &str = "dispute";
/// The limits that count are those of a day, in seconds.
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// It is asked once in this time, however often a limit is met.
const ASKED_EVERY: TimeDelta = TimeDelta::minutes(5);

impl EbayAdapter {
    /// Takes over what eBay says is left. That it does not say is no trouble: what Barrow counts
    /// itself holds.
    pub(super) async fn learn_limits(&self) {
        if !self.is_time_to_ask() {
            return;
        }
        let Ok(request) = request::rate_limits(self.api(), self.config.site) else {
            return;
        };
        // Not through `answer`, which would ask again.
        let Ok(answer) = self.client.call(&GET_RATE_LIMITS, request).await else {
            return;
        };
        if !answer.status.is_success() || answer.body.is_empty() {
            return;
        }
        let Ok(told) = answer.json::<RateLimits>(GET_RATE_LIMITS.operation) else {
            return;
        };
        for limits in &told.rate_limits {
            self.note(limits);
        }
    }

    fn is_time_to_ask(&self) -> bool {
        let now = self.clock.now();
        let mut asked_at = self.quota_at.lock().unwrap_or_else(PoisonError::into_inner);
        if asked_at.is_some_and(|at| now - at < ASKED_EVERY) {
            return false;
        }
        *asked_at = Some(now);
        true
    }

    fn note(&self, limits: &ApiLimits) {
        let is = |name: &Option<String>, known: &str| {
            name.as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case(known))
        };
        let api = APIS.iter().find(|(context, name, _)| {
            is(&limits.api_context, context) && is(&limits.api_name, name)
        });
        let Some((context, name, bucket)) = api else {
            return;
        };
        let whole = format!("{context}.{name}");
        let is_whole = |resource: &LimitedResource| is(&resource.name, &whole);
        let is_told_whole = limits.resources.iter().any(is_whole);
        for resource in &limits.resources {
            let bucket = match resource.name.as_deref() {
                Some(name) if name.to_lowercase().contains(DISPUTE) => &DISPUTES,
                // A part with a limit of its own says nothing about the rest.
                _ if is_told_whole && !is_whole(resource) => continue,
                _ => bucket,
            };
            self.note_resource(bucket, resource);
        }
    }

    fn note_resource(&self, bucket: &Bucket, resource: &LimitedResource) {
        let daily = resource
            .rates
            .iter()
            .filter(|rate| rate.time_window == Some(DAY_SECONDS));
        let least = daily
            .filter_map(|rate| Some((left(rate)?, rate)))
            .min_by_key(|(left, _)| *left);
        if let Some((left, rate)) = least {
            let until = map::instant(rate.reset.as_deref());
            self.client.note_limit(bucket, left, until);
        }
    }
}

fn left(rate: &LimitedRate) -> Option<u32> {
    rate.remaining
        .map(|left| u32::try_from(left.max(0)).unwrap_or(u32::MAX))
}
