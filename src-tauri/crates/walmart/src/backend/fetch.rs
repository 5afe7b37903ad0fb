//! Calls, and reads that several roles share.

use barrow_wire::{Answer, Built, CallSpec, Many, Scalar};
use std::sync::Arc;

use barrow_market::{Error, ErrorKind, Result};
use barrow_model::Settings;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::backend::WalmartAdapter;
use crate::error::parse_error;
use crate::limits::{
    PROFILE_CALL, SHIP_NODES_CALL, SPEC_CALL, SPEC_TYPES_MAX, SPECS_KEPT_MAX, TAXONOMY_CALL,
};
use crate::map::spec::{TypeSpec, type_spec};
use crate::map::taxonomy::{ProductType, product_types};
use crate::request::{profile_request, ship_nodes_request, spec_request, taxonomy_request};
use crate::types::item::TaxonomyAnswer;
use crate::types::settings::{PartnerProfile, ShipNode};

impl WalmartAdapter {
    /// Makes a call; any answer that is no success is an error.
    pub(crate) async fn call(&self, spec: &'static CallSpec, built: Built) -> Result<Answer> {
        succeeded(spec, self.answered(spec, built).await?)
    }

    /// Makes a call and gives its answer, success or not.
    pub(crate) async fn answered(&self, spec: &'static CallSpec, built: Built) -> Result<Answer> {
        let answer = self.client.call(spec, built?).await?;
        self.note_limits(spec, &answer.headers);
        Ok(answer)
    }

    /// The same, with the answer read.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        spec: &'static CallSpec,
        built: Built,
    ) -> Result<T> {
        self.call(spec, built).await?.json(spec.operation)
    }

    /// The same, where 404 means that there is nothing (walmart.md §4).
    pub(crate) async fn find<T: DeserializeOwned>(
        &self,
        spec: &'static CallSpec,
        built: Built,
    ) -> Result<Option<T>> {
        match self.read(spec, built).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Walmart tells with each answer how many calls are left (walmart.md §3).
    fn note_limits(&self, spec: &CallSpec, headers: &HeaderMap) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        // With several buckets it is not told which one is meant.
        let [bucket] = spec.buckets else {
            return;
        };
        let Some(left) = text("x-current-token-count").and_then(|text| text.trim().parse().ok())
        else {
            return;
        };
        let until = next_replenish(headers, self.clock.now());
        self.client.note_limit(bucket, left, until);
    }

    pub(crate) async fn profile(&self) -> Result<PartnerProfile> {
        self.read(&PROFILE_CALL, profile_request(&self.config.base))
            .await
    }

    /// The account's active fulfilment centres; none where the account has no access to them.
    pub(crate) async fn ship_nodes(&self) -> Result<Vec<ShipNode>> {
        let nodes: Option<Many<ShipNode>> = self
            .find(&SHIP_NODES_CALL, ship_nodes_request(&self.config.base))
            .await?;
        let active = |node: &ShipNode| {
            let status = node.status.text().unwrap_or("ACTIVE");
            node.ship_node.text().is_some() && status.eq_ignore_ascii_case("ACTIVE")
        };
        Ok(nodes
            .unwrap_or_default()
            .0
            .into_iter()
            .filter(active)
            .collect())
    }

    /// Where a listing's quantity is kept: as the seller has chosen, else the account's first
    /// centre, else its partner id (walmart.md §6.3). None where Walmart tells neither: the
    /// quantity then follows by a call of its own.
    pub(crate) async fn ship_node(&self, settings: &Settings) -> Result<Option<String>> {
        if let Some(chosen) = self.config.ship_node_of(settings) {
            return Ok(Some(chosen));
        }
        if let Some(known) = self.memory().ship_node.clone() {
            return Ok(Some(known));
        }
        let first = match self.ship_nodes().await {
            Ok(nodes) => nodes.first().and_then(|node| node.ship_node.owned()),
            Err(error) if error.kind == ErrorKind::Forbidden => None,
            Err(error) => return Err(error),
        };
        let node = match first {
            Some(node) => Some(node),
            None => match self.profile().await {
                Ok(profile) => profile.partner.partner_id.owned(),
                Err(error) if matches!(error.kind, ErrorKind::Forbidden | ErrorKind::NotFound) => {
                    None
                }
                Err(error) => return Err(error),
            },
        };
        self.memory().ship_node.clone_from(&node);
        Ok(node)
    }

    /// The product types that Walmart knows.
    pub(crate) async fn product_types(&self) -> Result<Arc<Vec<ProductType>>> {
        if let Some(known) = self.memory().product_types.clone() {
            return Ok(known);
        }
        let request = taxonomy_request(&self.config.base);
        let answer: Option<TaxonomyAnswer> = self.find(&TAXONOMY_CALL, request).await?;
        let types = Arc::new(product_types(&answer.unwrap_or_default()));
        // An answer that holds none is asked for again: nothing could be published with it.
        if !types.is_empty() {
            self.memory().product_types = Some(Arc::clone(&types));
        }
        Ok(types)
    }

    /// The spec of a product type, from memory or from Walmart. One that Walmart does not give has
    /// no attributes; the feed's answer then says what is wrong.
    pub(crate) async fn type_spec(&self, product_type: &str) -> Result<Arc<TypeSpec>> {
        self.learn_specs(&[product_type]).await?;
        let known = self.memory().specs.get(product_type).map(Arc::clone);
        Ok(known.unwrap_or_default())
    }

    /// Reads the specs of product types that are not known yet, twenty in a call.
    pub(crate) async fn learn_specs(&self, product_types: &[&str]) -> Result<()> {
        let mut missing: Vec<&str> = Vec::new();
        {
            let mut memory = self.memory();
            if memory.specs.len() > SPECS_KEPT_MAX {
                memory.specs.clear();
            }
            for product_type in product_types {
                if !memory.specs.contains_key(*product_type) && !missing.contains(product_type) {
                    missing.push(product_type);
                }
            }
        }
        for types in missing.chunks(SPEC_TYPES_MAX) {
            let request = spec_request(&self.config.base, &self.config.spec_version, types);
            let answer: Value = match self.read(&SPEC_CALL, request).await {
                Ok(answer) => answer,
                Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
                    Value::Null
                }
                Err(error) => return Err(error),
            };
            let mut memory = self.memory();
            for product_type in types {
                let spec = Arc::new(type_spec(&answer, product_type));
                memory.specs.insert((*product_type).to_owned(), spec);
            }
        }
        Ok(())
    }
}

/// The answer where it is a success, else its error.
pub(crate) fn succeeded(spec: &CallSpec, answer: Answer) -> Result<Answer> {
    if answer.status.is_success() {
        return Ok(answer);
    }
    Err(parse_error(spec.operation, answer.status, &answer.body))
}

/// When Walmart's headers say that the next call is allowed (walmart.md §3).
pub(crate) fn next_replenish(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    [
        "x-next-replenish-time",
        "x-next-replenishment-time",
        "x-replenish-time",
    ]
    .iter()
    .find_map(|name| replenish_time(headers.get(*name)?.to_str().ok()?, now))
}

/// When the next call is allowed: seconds from now, epoch milliseconds or a text (walmart.md §3).
fn replenish_time(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let json = serde_json::to_string(text.trim()).ok()?;
    let scalar: Scalar = serde_json::from_str(&json).ok()?;
    match text.trim().parse::<i64>() {
        // Below ten years it is a time span, above ten milliard it is milliseconds.
        Ok(seconds) if (0..315_360_000).contains(&seconds) => {
            Some(now + TimeDelta::seconds(seconds.min(86_400)))
        }
        Ok(seconds) if seconds < 10_000_000_000 => DateTime::from_timestamp(seconds, 0),
        _ => scalar.instant_or_millis(),
    }
}

/// The error of a walk that comes round to where it has been.
pub(crate) fn loops(operation: &'static str) -> Error {
    Error::new(ErrorKind::Unreadable, operation).with("reason", "the cursor does not move on")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::replenish_time;

    #[test]
    fn the_next_call_is_told_in_three_ways() {
        let now: DateTime<Utc> = "2026-11-22T08:00:00Z".parse().expect("an instant");
        let check = |text: &str| {
            let at = replenish_time(text, now).expect(text);
            assert_eq!(at.to_rfc3339(), "2026-11-22T08:01:00+00:00", "{text}");
        };
        check("60");
        check("1795334460000");
        check("1795334460");
        check("2026-11-22T08:01:00Z");
        assert_eq!(replenish_time("soon", now), None);
    }
}
