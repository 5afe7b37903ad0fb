//! How many calls are left today, as eBay itself counts them: other programs may use the same
//! application's (ebay.md §13).

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use barrow_market::Result;
use barrow_wire::{Bucket, CallSpec};
use bytes::Bytes;
use chrono::TimeDelta;
use http::Request;

use super::EbayAdapter;
use crate::limits::{
    ACCOUNT, DISPUTES, FEED, FINANCES, FULFILLMENT, GET_RATE_LIMITS, GET_USER_RATE_LIMITS,
    IDENTITY, INVENTORY, MEDIA, MESSAGES, METADATA, TAXONOMY,
};
use crate::types::{ApiLimits, LimitedRate, LimitedResource, RateLimits};
use crate::{map, request};

/// Each API by eBay's names for it, and the bucket that its calls are taken from.
const APIS: [(&str, &str, Bucket); 11] = [
    ("sell", "inventory", INVENTORY),
    ("sell", "fulfillment", FULFILLMENT),
    ("sell", "account", ACCOUNT),
    ("sell", "metadata", METADATA),
    ("sell", "finances", FINANCES),
    ("sell", "feed", FEED),
    ("commerce", "taxonomy", TAXONOMY),
    ("commerce", "identity", IDENTITY),
    ("commerce", "media", MEDIA),
    ("commerce", "message", MESSAGES),
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

/// Whose limits are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// The application's: eBay's own count of what Barrow counts.
    Application,
    /// The application's for this seller: one limit more.
    Seller,
}

impl EbayAdapter {
    /// Takes over what eBay says is left. That it does not say is no trouble: what Barrow counts
    /// itself holds.
    pub(super) async fn learn_limits(&self) {
        if !self.is_time_to_ask() {
            return;
        }
        let site = self.config.site;
        let of_application = request::rate_limits(self.api(), site);
        self.learn(&GET_RATE_LIMITS, of_application, Whose::Application)
            .await;
        let of_seller = request::user_rate_limits(self.api(), site);
        self.learn(&GET_USER_RATE_LIMITS, of_seller, Whose::Seller)
            .await;
    }

    /// Asks once what is left for the seller, when eBay first answers: other programs may have used
    /// it up. With the seller's own token, for the application's cost one of a thousand a day.
    pub(super) async fn learn_limits_once(&self) {
        if self.quota_known.swap(true, Ordering::Relaxed) {
            return;
        }
        let of_seller = request::user_rate_limits(self.api(), self.config.site);
        self.learn(&GET_USER_RATE_LIMITS, of_seller, Whose::Seller)
            .await;
    }

    async fn learn(&self, spec: &'static CallSpec, request: Result<Request<Bytes>>, whose: Whose) {
        let Ok(request) = request else { return };
        // Not through `answer`, which would ask again.
        let Ok(answer) = self.client.call(spec, request).await else {
            return;
        };
        if !answer.status.is_success() || answer.body.is_empty() {
            return;
        }
        let Ok(told) = answer.json::<RateLimits>(spec.operation) else {
            return;
        };
        for limits in &told.rate_limits {
            self.note(limits, whose);
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

    fn note(&self, limits: &ApiLimits, whose: Whose) {
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
        let of_disputes = |resource: &&LimitedResource| {
            let name = resource.name.as_deref().unwrap_or_default();
            name.to_lowercase().contains(DISPUTE)
        };
        let (disputes, own): (Vec<_>, Vec<_>) = limits.resources.iter().partition(of_disputes);
        for resource in disputes {
            self.note_resource(&DISPUTES, resource, whose);
        }
        // A part with a limit of its own says nothing about the rest: what is told of the whole
        // counts, or the one thing that is told.
        let whole = format!("{context}.{name}");
        let of_whole = own.iter().find(|resource| is(&resource.name, &whole));
        let only = own.first().filter(|_| own.len() == 1);
        if let Some(resource) = of_whole.or(only) {
            self.note_resource(bucket, resource, whose);
        }
    }

    fn note_resource(&self, bucket: &Bucket, resource: &LimitedResource, whose: Whose) {
        let daily = resource
            .rates
            .iter()
            .filter(|rate| rate.time_window == Some(DAY_SECONDS));
        let least = daily
            .filter_map(|rate| Some((left(rate)?, rate)))
            .min_by_key(|(left, _)| *left);
        let Some((left, rate)) = least else { return };
        let now = self.clock.now();
        let until = map::instant(rate.reset.as_deref());
        match (whose, until) {
            (Whose::Application, Some(until)) if until > now => {
                self.client.note_counted(bucket, left, until);
            }
            _ => self.client.note_limit(bucket, left, until),
        }
    }
}

fn left(rate: &LimitedRate) -> Option<u32> {
    rate.remaining
        .map(|left| u32::try_from(left.max(0)).unwrap_or(u32::MAX))
}
