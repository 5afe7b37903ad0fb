//! Reading items: a hundred at a time, stock and price apart (newegg.md §4).

use std::collections::HashMap;

use barrow_market::{Error, Result};
use barrow_model::{ListingRef, Observed};
use barrow_wire::{Built, CallSpec};
use serde_json::Value;

use crate::backend::NeweggAdapter;
use crate::config::Config;
use crate::error::{ABSENT_OR_SAME, NOT_IN_ACCOUNT, has_code};
use crate::limits::{
    INVENTORY_LIST_CALL, LIST_MAX, PRICE_LIST_CALL, READ_INVENTORY_CALL, READ_PRICE_CALL,
};
use crate::map::item::{Seen, sku_of};
use crate::request::{activity_request, inventory_list_request, price_list_request};
use crate::types::node::Node;

/// What was read of several items, by part number. Newegg does not tell capitals apart.
#[derive(Default)]
pub(crate) struct SeenItems(HashMap<String, Seen>);

impl SeenItems {
    pub(crate) fn get(&self, sku: &str) -> Option<&Seen> {
        self.0.get(&sku.to_lowercase())
    }
}

/// Members of answers about an item.
pub(crate) const ITEM_MEMBERS: &[&str] = &[
    "SellerPartNumber",
    "ItemNumber",
    "NeweggItemNumber",
    "PriceList",
    "InventoryAllocation",
    "UpdateInventoryAndPriceResult",
    "IsSuccess",
];

/// Whether an error says that an item is not there.
pub(crate) fn says_absent(error: &Error) -> bool {
    has_code(error, NOT_IN_ACCOUNT)
        || has_code(error, ABSENT_OR_SAME)
        || has_code(error, &["CT002"])
}

impl NeweggAdapter {
    /// Reads items; those that are not in the account, or still in review, are missing.
    pub(crate) async fn seen_items(&self, skus: &[&str]) -> Result<SeenItems> {
        let mut seen = SeenItems::default();
        for part in skus.chunks(LIST_MAX) {
            for (spec, build) in [
                (&INVENTORY_LIST_CALL, inventory_list_request as ListRequest),
                (&PRICE_LIST_CALL, price_list_request as ListRequest),
            ] {
                for answer in self.item_lists(spec, build, part).await? {
                    self.learn_list(&answer, &mut seen);
                }
            }
        }
        Ok(seen)
    }

    fn learn_list(&self, answer: &Value, seen: &mut SeenItems) {
        let body = Node::of(answer).body();
        for row in body.get("ItemList").list("Item") {
            if let Some(sku) = sku_of(row) {
                let one = seen.0.entry(sku.to_lowercase()).or_default();
                one.learn(self.config.platform, row);
            }
        }
    }

    /// The answers of a batch read. Where one unknown part number spoils it, it is halved: at most
    /// two calls for each part number.
    async fn item_lists(
        &self,
        spec: &CallSpec,
        build: ListRequest,
        skus: &[&str],
    ) -> Result<Vec<Value>> {
        let mut answers = Vec::new();
        let mut parts = vec![skus];
        while let Some(part) = parts.pop() {
            let members = ["ItemList", "TotalCount"];
            match self.read(spec, build(&self.config, part), &members).await {
                Ok(answer) => answers.push(answer),
                Err(error) if says_absent(&error) => {
                    if part.len() > 1 {
                        let (first, second) = part.split_at(part.len() / 2);
                        parts.extend([first, second]);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(answers)
    }

    /// Whether an item is active, and its price where the platform tells both together; none where
    /// it is not there.
    pub(crate) async fn activity(&self, sku: &str) -> Result<Option<Seen>> {
        let spec = if self.config.platform.is_classic() {
            &READ_INVENTORY_CALL
        } else {
            &READ_PRICE_CALL
        };
        let request = activity_request(&self.config, sku);
        match self.read(spec, request, ITEM_MEMBERS).await {
            Ok(answer) => {
                let mut seen = Seen::default();
                seen.learn(self.config.platform, Node::of(&answer).body());
                Ok(Some(seen))
            }
            Err(error) if says_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn observe_listings(&self, listings: &[ListingRef]) -> Result<Vec<Observed>> {
        let skus: Vec<&str> = listings.iter().map(|one| one.sku.as_str()).collect();
        let seen = self.seen_items(&skus).await?;
        let found = listings.iter().filter_map(|one| {
            let item = seen.get(one.sku.as_str())?;
            Some(item.observed(&one.site, &one.sku, &one.binding))
        });
        Ok(found.collect())
    }
}

type ListRequest = fn(&Config, &[&str]) -> Built;
