//! What is wanted of a listing: computed from product, variant, rules and overrides.

use std::collections::BTreeMap;
use std::sync::Arc;

use barrow_market::{Adapter, Capability};
use barrow_model::{Account, AccountId, Content, ListingState, Money, Offer, Problem, Settings};
use barrow_store::{ListedGoods, Reader, StoreError, Values};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::explain::{Step, StepKind};
use crate::rules::{PriceInput, QuantityInput, Rate, Rules, price, quantity};

/// An account with what is needed to work for it.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) account: Account,
    pub(crate) rules: Rules,
    /// The settings of the account that concern listings.
    pub(crate) settings: Settings,
    /// The pool that quantities of new listings belong to.
    pub(crate) stock_pool: &'static str,
    /// None where the account lacks what an adapter is made of; then nothing can be sent.
    pub(crate) adapter: std::result::Result<Arc<dyn Adapter>, Box<Problem>>,
}

/// What is wanted of one listing.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The price, or why there is none.
    pub(crate) price: std::result::Result<Money, Problem>,
    pub(crate) price_steps: Vec<Step>,
    pub(crate) quantity: u32,
    pub(crate) quantity_steps: Vec<Step>,
    pub(crate) content: Content,
    /// Hash of content and settings.
    pub(crate) content_hash: String,
    /// The account's defaults with the listing's own settings over them.
    pub(crate) settings: Settings,
}

impl Wanted {
    pub(crate) fn values(&self) -> Values {
        Values {
            price: self.price.as_ref().ok().copied(),
            quantity: Some(self.quantity),
            content: Some(self.content_hash.clone()),
        }
    }

    /// The whole wanted state at a price and a quantity.
    pub(crate) fn offer(&self, price: Money, quantity: u32) -> Box<Offer> {
        Box::new(Offer {
            content: self.content.clone(),
            price,
            quantity,
            settings: self.settings.clone(),
        })
    }
}

impl Engine {
    /// Reads an account and makes its adapter.
    pub(crate) async fn desk(&self, id: AccountId) -> Result<Desk> {
        let (account, rules) = self
            .store
            .read(|db| Ok((db.account(id)?, db.account_rules(id)?)))?;
        let rules = Rules::read(&rules).map_err(|error| EngineError::Rules {
            account: account.name.clone(),
            reason: error.to_string(),
        })?;
        let adapter = self.accounts.adapter(&account).await;
        Ok(Desk {
            settings: self.accounts.listing_settings(&account),
            stock_pool: self.accounts.stock_pool(&account),
            rules,
            adapter: adapter.map_err(|error| Box::new(error.to_problem())),
            account,
        })
    }
}

impl Desk {
    pub(crate) fn id(&self) -> AccountId {
        self.account.id
    }

    pub(crate) fn capability(&self) -> Option<&Capability> {
        self.adapter
            .as_ref()
            .ok()
            .map(|adapter| adapter.capability())
    }

    /// Computes what is wanted of a listing now.
    pub(crate) fn wanted(
        &self,
        db: &Reader<'_>,
        listed: &ListedGoods,
        now: DateTime<Utc>,
    ) -> std::result::Result<Wanted, StoreError> {
        let overrides = &listed.row.listing.overrides;
        let goods = &listed.goods;
        let mut price_steps = Vec::new();
        let rates = |base, quote| {
            let found = db.currency_rate(base, quote, now).ok().flatten()?;
            Some(Rate {
                rate: found.rate,
                at: found.at,
            })
        };
        let input = PriceInput {
            price: goods.price,
            cost: goods.cost,
            price_override: overrides.price,
            floor_override: overrides.floor,
            rates: &rates,
            now,
        };
        let price = price(&self.rules.price, &input, &mut price_steps);
        let (quantity, quantity_steps) = self.quantity(db, listed)?;
        let content = self.content(listed);
        let mut settings = self.settings.clone();
        settings.extend(overrides.settings.clone());
        let content_hash = content_hash(&content, &settings)?;
        Ok(Wanted {
            price,
            price_steps,
            quantity,
            quantity_steps,
            content,
            content_hash,
            settings,
        })
    }

    fn quantity(
        &self,
        db: &Reader<'_>,
        listed: &ListedGoods,
    ) -> std::result::Result<(u32, Vec<Step>), StoreError> {
        let mut steps: Vec<Step> = listed
            .goods
            .parts
            .iter()
            .map(|part| {
                let enough = part.available / i64::from(part.quantity.max(1));
                Step::new(StepKind::KitPart, format!("{} {enough}", part.sku.as_str()))
            })
            .collect();
        let listing = &listed.row.listing;
        let input = |state, quantity_override| QuantityInput {
            available: listed.goods.available,
            quantity_override,
            paused: matches!(
                state,
                ListingState::Paused | ListingState::Ending | ListingState::Ended
            ),
            quantity_max: self.capability().map_or(u32::MAX, |c| c.quantity_max),
        };
        let own = input(listing.state, listing.overrides.quantity);
        let wanted = quantity(&self.rules.stock, &own, &mut steps);
        // One that ends takes nothing from the others, which sell on.
        let mates = db.pool_mates(listing)?;
        let selling = mates
            .iter()
            .filter(|mate| !matches!(mate.state, ListingState::Ending | ListingState::Ended));
        let shared = selling
            .map(|mate| input(mate.state, mate.quantity_override))
            .map(|input| quantity(&self.rules.stock, &input, &mut Vec::new()))
            .fold(wanted, u32::min);
        if shared < wanted {
            steps.push(Step::new(StepKind::OnePool, shared));
        }
        Ok((shared, steps))
    }

    fn content(&self, listed: &ListedGoods) -> Content {
        let goods = &listed.goods;
        let overrides = &listed.row.listing.overrides;
        let mut attributes = goods.attributes.clone();
        attributes.extend(overrides.attributes.clone());
        // In a family, what was set for one variant holds for all.
        let of_family = goods.mates.as_ref();
        let description = match of_family {
            Some(mates) => mates.description.clone(),
            None => overrides.description.clone(),
        };
        let own_title = match (&goods.family, &overrides.title) {
            (Some(family), _) => family.title.clone(),
            (None, Some(own)) => own.clone(),
            (None, None) => title(listed),
        };
        Content {
            title: own_title,
            description: description.unwrap_or_else(|| goods.description.clone()),
            brand: goods.brand.clone(),
            gtin: goods.gtin,
            mpn: goods.mpn.clone(),
            asin: goods.asin.clone(),
            condition: goods.condition.unwrap_or(self.rules.condition.0),
            category_path: goods.category.clone(),
            category: overrides
                .category
                .clone()
                .or_else(|| listed.row.category.clone()),
            attributes,
            options: goods.options.clone(),
            images: goods.images.clone(),
            weight: goods.weight,
            dimensions: goods.dimensions,
            compare_at: goods.compare_at,
            family: goods.family.clone(),
        }
    }
}

/// The product's title, with the options where several variants are listed one by one: buyers could
/// not tell them apart otherwise.
fn title(listed: &ListedGoods) -> String {
    let goods = &listed.goods;
    if goods.siblings < 2 {
        return goods.title.clone();
    }
    let shown = goods.title.to_lowercase();
    let missing: Vec<&str> = goods
        .options
        .iter()
        .map(|option| option.value.as_str())
        .filter(|value| !has_word(&shown, &value.to_lowercase()))
        .collect();
    if missing.is_empty() {
        return goods.title.clone();
    }
    format!("{} - {}", goods.title, missing.join(", "))
}

/// Whether a text has a value as a word of its own: "L" is not in "Lamp".
fn has_word(text: &str, value: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !value.is_empty()
        && text.match_indices(value).any(|(at, found)| {
            edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next())
        })
}

fn content_hash(
    content: &Content,
    settings: &BTreeMap<String, String>,
) -> std::result::Result<String, StoreError> {
    let text = serde_json::to_vec(&(content, settings)).map_err(|error| StoreError::Invalid {
        field: "content".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(half_digest(Sha256::new().chain_update(&text)))
}

/// Half of a digest, in hexadecimal: it tells a million contents apart, and every listing keeps
/// four of them.
pub(crate) fn half_digest(digest: Sha256) -> String {
    let whole = digest.finalize();
    whole[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
