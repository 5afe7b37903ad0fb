//! Category trees and what categories demand (ebay.md §6.3, §7).

use std::collections::{BTreeSet, HashMap};
use std::sync::PoisonError;

use barrow_market::{CategoryRules, Error, ErrorKind, Result};
use barrow_model::{CategoryId, Condition, ProblemKind, Site};
use chrono::{DateTime, TimeDelta, Utc};

use super::publish::Job;
use super::told::told;
use super::{CONDITIONS_KEPT, EbayAdapter};
use crate::config::SiteFacts;
use crate::limits::{GET_ASPECTS, GET_CONDITIONS, GET_EXPIRED, GET_TREE_ID};
use crate::request::CONDITION_CATEGORIES_MAX;
use crate::types::{Aspects, CategoryTreeId, ConditionPolicies, ExpiredCategories};
use crate::{map, request};

/// How long a tree is taken to be the one that it was: calls for them are 5,000 a day (ebay.md
/// §13).
const TREE_KEPT: TimeDelta = TimeDelta::days(1);

/// The categories of a site.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) id: String,
    /// Another one where categories were changed.
    pub(super) version: Option<String>,
    asked_at: DateTime<Utc>,
}

/// The trees of sites.
pub(super) type Trees = HashMap<&'static str, Tree>;

impl EbayAdapter {
    pub(super) async fn rules_of_category(
        &self,
        site: &Site,
        category: &CategoryId,
    ) -> Result<CategoryRules> {
        let facts = self.facts(site, GET_ASPECTS.operation)?;
        let tree = self.tree(facts).await?;
        let request = request::aspects(self.api(), facts, &tree.id, &category.0)?;
        let answer = match self.call(&GET_ASPECTS, request).await {
            Ok(answer) => answer,
            Err(error) if is_gone(&error) => {
                let retired = self.retired(facts, tree, category).await;
                return retired.ok_or(error);
            }
            Err(error) => return Err(error),
        };
        let aspects: Aspects = told(&answer, GET_ASPECTS.operation)?;
        let policies = self.condition_policies(facts, category).await?;
        let regulated = self.regulated(facts, category).await?;
        let mut rules = map::category_rules(facts, &aspects, &policies, &regulated, category);
        let allowed = map::allowed_conditions(&policies, category);
        // Nothing said of aspects says nothing of variations either.
        let may = rules.families || aspects.aspects.is_empty();
        rules.families = may && self.takes_variations(facts, category).await?;
        rules.version = tree.version;
        self.keep_conditions(facts, category, &allowed);
        Ok(rules)
    }

    /// What is said of a category that another took the place of; none where eBay names none, or
    /// cannot be asked now.
    async fn retired(
        &self,
        site: &'static SiteFacts,
        tree: Tree,
        category: &CategoryId,
    ) -> Option<CategoryRules> {
        let request = request::expired_categories(self.api(), site, &tree.id).ok()?;
        let answer = self.call(&GET_EXPIRED, request).await.ok()?;
        let expired: ExpiredCategories = told(&answer, GET_EXPIRED.operation).ok()?;
        let mut expired = expired.expired_categories.into_iter();
        let found = expired.find(|one| one.from_category_id.as_deref() == Some(&*category.0))?;
        Some(CategoryRules {
            replaced_by: Some(CategoryId(found.to_category_id?)),
            version: tree.version,
            // A family of it stays one: it is to be sold in the other.
            families: true,
            ..CategoryRules::default()
        })
    }

    /// The tree of a site, asked for once a day. One of yesterday is better than none.
    pub(super) async fn tree(&self, site: &'static SiteFacts) -> Result<Tree> {
        let now = self.clock.now();
        let kept = self.kept_tree(site);
        if let Some(tree) = kept.as_ref().filter(|tree| now - tree.asked_at < TREE_KEPT) {
            return Ok(tree.clone());
        }
        let asked = self.ask_tree(site, now).await;
        let tree = match (asked, &kept) {
            (Ok(tree), _) => tree,
            (Err(_), Some(kept)) => return Ok(kept.clone()),
            (Err(error), None) => return Err(error),
        };
        if kept.is_some_and(|kept| kept.version != tree.version) {
            self.forget_conditions();
        }
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        trees.insert(site.id, tree.clone());
        Ok(tree)
    }

    async fn ask_tree(&self, site: &'static SiteFacts, now: DateTime<Utc>) -> Result<Tree> {
        let request = request::default_tree_id(self.api(), site)?;
        let answer = self.call(&GET_TREE_ID, request).await?;
        let read: CategoryTreeId = answer.json(GET_TREE_ID.operation)?;
        let id = read
            .category_tree_id
            .filter(|tree| !tree.is_empty())
            .ok_or_else(|| Error::new(ErrorKind::Unreadable, GET_TREE_ID.operation))?;
        Ok(Tree {
            id,
            version: read.category_tree_version,
            asked_at: now,
        })
    }

    fn kept_tree(&self, site: &SiteFacts) -> Option<Tree> {
        let kept = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(site.id).cloned()
    }

    /// What categories take is asked again after they were changed.
    fn forget_conditions(&self) {
        let mut conditions = self
            .conditions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        conditions.clear();
        let mut descriptors = self
            .descriptors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        descriptors.clear();
    }

    pub(super) async fn condition_policies(
        &self,
        site: &'static SiteFacts,
        category: &CategoryId,
    ) -> Result<ConditionPolicies> {
        self.policies_of(site, &[category.0.as_str()]).await
    }

    async fn policies_of(
        &self,
        site: &'static SiteFacts,
        categories: &[&str],
    ) -> Result<ConditionPolicies> {
        let request = request::conditions(self.api(), site, categories)?;
        let answer = self.call(&GET_CONDITIONS, request).await?;
        told(&answer, GET_CONDITIONS.operation)
    }

    /// Numbers of the conditions that a category takes, asked for once.
    pub(super) async fn conditions_of(
        &self,
        site: &'static SiteFacts,
        category: &CategoryId,
    ) -> Result<Vec<u32>> {
        if let Some(allowed) = self.kept_conditions(site, category) {
            return Ok(allowed);
        }
        let policies = self.condition_policies(site, category).await?;
        let allowed = map::allowed_conditions(&policies, category);
        self.keep_conditions(site, category, &allowed);
        Ok(allowed)
    }

    /// Asks what the categories of used goods take: of all that are not known in one call. What
    /// cannot be had now is asked for where it is needed.
    pub(super) async fn learn_conditions(&self, jobs: &[Job<'_>]) {
        let Some(site) = jobs.first().map(|job| job.site) else {
            return;
        };
        let used = jobs
            .iter()
            .filter(|job| job.offer.content.condition != Condition::New);
        let categories = used.filter_map(|job| job.offer.content.category.as_ref());
        let unknown: BTreeSet<&CategoryId> = categories
            .filter(|category| self.kept_conditions(site, category).is_none())
            .collect();
        if unknown.len() < 2 {
            return;
        }
        let unknown: Vec<&str> = unknown.into_iter().map(|one| one.0.as_str()).collect();
        for some in unknown.chunks(CONDITION_CATEGORIES_MAX) {
            let Ok(policies) = self.policies_of(site, some).await else {
                return;
            };
            let told = policies.item_condition_policies.iter();
            let told: BTreeSet<&str> = told.filter_map(|one| one.category_id.as_deref()).collect();
            for category in some.iter().filter(|category| told.contains(**category)) {
                let category = CategoryId((*category).to_owned());
                let allowed = map::allowed_conditions(&policies, &category);
                self.keep_conditions(site, &category, &allowed);
                self.keep_descriptors(site, category, &policies);
            }
        }
    }

    fn kept_conditions(&self, site: &SiteFacts, category: &CategoryId) -> Option<Vec<u32>> {
        let kept = self
            .conditions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kept.get(&(site.id, category.clone())).cloned()
    }

    fn keep_conditions(&self, site: &'static SiteFacts, category: &CategoryId, allowed: &[u32]) {
        let mut kept = self
            .conditions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CONDITIONS_KEPT {
            kept.clear();
        }
        kept.insert((site.id, category.clone()), allowed.to_vec());
    }
}

/// Whether eBay says that it has no such category.
fn is_gone(error: &Error) -> bool {
    let told = error.problem.as_ref().map(|problem| problem.kind);
    told == Some(ProblemKind::CategoryInvalid)
}
