//! Calls, and what their answers say of limits.

use barrow_market::{Error, ErrorKind, Result};
use barrow_wire::{Answer, Built, CallSpec};
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use serde_json::Value;

use crate::backend::NeweggAdapter;
use crate::error::{parse_error, unsuccessful};
use crate::limits::{BUSY_WAIT, FEED_SUBMIT, ITEM_RECORDS, RECORDS_PER_TOKEN, STOCK_RECORDS};
use crate::request::FeedKind;
use crate::types::node::{Node, parsed};
use crate::types::time::deadline_within;

impl NeweggAdapter {
    /// Makes a call and gives its answer; any that is no success is an error.
    pub(crate) async fn call(&self, spec: &CallSpec, built: Built) -> Result<Answer> {
        let answer = self.client.call(spec, built?).await?;
        self.note_limits(spec, &answer.headers);
        if answer.status.is_success() {
            return Ok(answer);
        }
        Err(parse_error(spec.operation, answer.status, &answer.body))
    }

    /// The same, read as JSON. It must hold one of the members that such an answer has, wrapped or
    /// flat: another one tells nothing. One that says of itself that it is no success is an error.
    pub(crate) async fn read(
        &self,
        spec: &CallSpec,
        built: Built,
        members: &[&str],
    ) -> Result<Value> {
        let answer = self.call(spec, built).await?;
        let value = parsed(spec.operation, &answer.body)?;
        judged(spec.operation, value, members)
    }

    /// Newegg tells with its answers how many calls and records are left (newegg.md §3). What it
    /// says may tighten what is known, never loosen it.
    fn note_limits(&self, spec: &CallSpec, headers: &HeaderMap) {
        let number =
            |name: &str| -> Option<u32> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
        let time = |name: &str| deadline_within(headers.get(name)?.to_str().ok()?);
        let Some(bucket) = spec.buckets.first() else {
            return;
        };
        if let Some(left) = number("x-ratelimit-remaining") {
            let until = time("x-ratelimit-resettime");
            self.client.note_limit(bucket, left, until);
        }
        let records = spec.buckets.get(1).filter(|_| *bucket == FEED_SUBMIT);
        if let (Some(bucket), Some(left)) = (records, number("x-recordcount-remaining")) {
            let tokens = left as usize / RECORDS_PER_TOKEN;
            let until = time("x-recordcount-resettime");
            let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
            self.client.note_limit(bucket, tokens, until);
        }
    }

    /// Records of feeds are used up until then.
    pub(crate) fn note_records_spent(&self, kind: FeedKind, until: DateTime<Utc>) {
        let bucket = match kind {
            FeedKind::Items => &ITEM_RECORDS,
            _ => &STOCK_RECORDS,
        };
        self.client.note_limit(bucket, 0, Some(until));
    }
}

/// The answer, if it is one.
pub(crate) fn judged(operation: &'static str, value: Value, members: &[&str]) -> Result<Value> {
    let node = Node::of(&value);
    let (opened, body) = (node.opened(), node.body());
    let is_told = |name: &&str| opened.has(name) || body.has(name);
    if opened.get("IsSuccess").flag() == Some(false) {
        return Err(unsuccessful(operation, &value));
    }
    if !members.iter().any(is_told) {
        return Err(Error::new(ErrorKind::Unreadable, operation).with("reason", "not its answer"));
    }
    Ok(value)
}

/// When the next call is allowed after a 429 (newegg.md §3).
pub(crate) fn reset_time(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let told = ["x-ratelimit-resettime", "x-recordcount-resettime"]
        .iter()
        .filter_map(|name| deadline_within(headers.get(*name)?.to_str().ok()?))
        .filter(|at| *at > now)
        .min();
    told.or_else(|| Some(now + TimeDelta::from_std(BUSY_WAIT).ok()?))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use http::{HeaderMap, HeaderValue};

    use super::reset_time;

    #[test]
    fn a_refusal_for_now_says_until_when_in_pacific_time() {
        let now: DateTime<Utc> = "2026-11-22T08:00:00Z".parse().expect("an instant");
        let check = |text: Option<&'static str>, expected: &str| {
            let mut headers = HeaderMap::new();
            if let Some(text) = text {
                headers.insert("X-RateLimit-ResetTime", HeaderValue::from_static(text));
            }
            let at = reset_time(&headers, now).expect("a time").to_rfc3339();
            assert_eq!(at, expected, "{text:?}");
        };
        check(Some("11/22/2026 12:30:00 AM"), "2026-11-22T08:30:00+00:00");
        check(None, "2026-11-22T08:01:00+00:00");
        check(Some("soon"), "2026-11-22T08:01:00+00:00");
        check(Some("11/22/2025 12:30:00 AM"), "2026-11-22T08:01:00+00:00");
    }
}
