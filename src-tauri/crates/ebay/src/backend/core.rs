//! Is the account right, and what must be right before a publish.

use std::sync::PoisonError;

use async_trait::async_trait;
use barrow_market::{
    CATEGORIES_MAX, Category, CategoryQuery, CategoryRules, Check, CheckItem, CheckState, Choice,
    Choices, Core, ErrorKind, Mended, Result, SellingLimit, consent_problem,
};
use barrow_model::{CategoryId, Content, Offer, Problem, ProblemKind, Settings, Site};

use super::EbayAdapter;
use super::told::told;
use crate::config::{
    FULFILLMENT_POLICY_ID, MERCHANT_LOCATION_KEY, PAYMENT_POLICY_ID, RETURN_POLICY_ID, SiteFacts,
};
use crate::limits::{
    GET_FULFILLMENT_POLICIES, GET_LOCATIONS, GET_PAYMENT_POLICIES, GET_PRIVILEGES, GET_PROGRAMS,
    GET_RETURN_POLICIES, GET_SUGGESTIONS, GET_TREE_ID, GET_USER,
};
use crate::request::LOCATIONS_PAGE;
use crate::types::{
    CategorySuggestions, CategoryType, FulfillmentPolicies, InventoryLocation, InventoryLocations,
    PaymentPolicies, Privileges, Programs, ReturnPolicies, User,
};
use crate::{map, request};

/// Without it there are no business policies, and nothing can be published (ebay.md §4).
pub(super) const POLICIES_PROGRAM: &str = "SELLING_POLICY_MANAGEMENT";
/// Without it a listing ends when its stock is gone (ebay.md §6.5).
pub(super) const STOCK_PROGRAM: &str = "OUT_OF_STOCK_CONTROL";
/// The part of a check that is about business policies.
pub(super) const PROGRAMS: &str = "programs";
/// The part of a check that is about listings whose stock is gone.
pub(super) const OUT_OF_STOCK: &str = "out_of_stock";
/// Pages of locations that are read: a thousand locations.
const LOCATION_PAGES_MAX: usize = 10;
/// Policies that are known to cost by weight, at most; sellers have dozens.
const POLICIES_KEPT: usize = 1_000;
/// Longest search text; eBay names no number and looks at a title.
const QUERY_CHARS_MAX: usize = 200;

#[async_trait]
impl Core for EbayAdapter {
    async fn check(&self) -> Result<Check> {
        let request = request::privileges(self.api(), self.config.site)?;
        let answer = self.call(&GET_PRIVILEGES, request).await?;
        let privileges: Privileges = answer.json(GET_PRIVILEGES.operation)?;
        let mut items = vec![seller_item(&privileges)];
        let programs = self.programs().await?;
        let has = |name: &str| programs.iter().any(|program| program == name);
        let lacks = |program: &str| {
            let problem = || {
                let problem = Problem::new(ProblemKind::SellerNotReady).field(program);
                problem.param("why", "program")
            };
            (!has(program)).then(problem)
        };
        let programs = [
            (PROGRAMS, POLICIES_PROGRAM, CheckState::Missing),
            (OUT_OF_STOCK, STOCK_PROGRAM, CheckState::Limited),
        ];
        for (name, program, otherwise) in programs {
            items.push(CheckItem::new(name, lacks(program), otherwise));
        }
        let offered = if has(POLICIES_PROGRAM) {
            self.choices(&self.home).await?
        } else {
            // Reading policies is refused to him.
            self.choices_without_policies(&self.home).await?
        };
        let mut items: Vec<CheckItem> = items.into_iter().map(|it| self.mendable(it)).collect();
        for offered in offered {
            let problem = self.not_chosen(&offered);
            let item = CheckItem::new(&offered.key, problem, CheckState::Missing);
            // Where there are some, none has to be made.
            items.push(match offered.choices.is_empty() {
                true => self.mendable(item),
                false => item,
            });
        }
        if let Some(until) = self.config.consent_until {
            let problem = consent_problem(until, self.clock.now());
            items.push(CheckItem::new("consent", problem, CheckState::Limited));
        }
        let seller = self.seller_name().await;
        self.learn_limits().await;
        Ok(Check {
            seller,
            sites: vec![self.home.clone()],
            items,
            consent_until: self.config.consent_until,
            selling_limit: selling_limit(&privileges),
        })
    }

    async fn mend(&self, item: &str, fields: &Settings) -> Result<Mended> {
        self.mend_item(item, fields).await
    }

    async fn choices(&self, site: &Site) -> Result<Vec<Choices>> {
        let facts = self.facts(site, "choices")?;
        Ok(vec![
            choices(
                FULFILLMENT_POLICY_ID,
                self.fulfillment_policies(facts).await?,
            ),
            choices(PAYMENT_POLICY_ID, self.payment_policies(facts).await?),
            choices(RETURN_POLICY_ID, self.return_policies(facts).await?),
            choices(MERCHANT_LOCATION_KEY, self.locations(facts).await?),
        ])
    }

    async fn suggest_category(
        &self,
        site: &Site,
        query: &CategoryQuery,
    ) -> Result<Option<Category>> {
        let nearest = query.path.last().map(String::as_str).unwrap_or_default();
        let words = format!("{} {nearest}", query.title.trim());
        let found = self.suggestions(site, &words).await?;
        Ok(found.into_iter().next())
    }

    async fn find_categories(&self, site: &Site, words: &str) -> Result<Vec<Category>> {
        self.suggestions(site, words).await
    }

    async fn category_rules(&self, site: &Site, category: &CategoryId) -> Result<CategoryRules> {
        self.rules_of_category(site, category).await
    }

    async fn categories_version(&self, site: &Site) -> Result<Option<String>> {
        let facts = self.facts(site, GET_TREE_ID.operation)?;
        Ok(self.tree(facts).await?.version)
    }

    fn validate(&self, site: &Site, offer: &Offer, rules: Option<&CategoryRules>) -> Vec<Problem> {
        let mut problems = map::validate(self.facts(site, "validate").ok(), offer, rules);
        problems.extend(self.lacks_weight(offer));
        problems.extend(self.picture_problems(&offer.content));
        problems
    }

    fn needs_category(&self, _content: &Content) -> bool {
        true
    }
}

fn seller_item(privileges: &Privileges) -> CheckItem {
    // A seller whose registration is not completed cannot be bought from (ebay.md §1).
    let ready = privileges.seller_registration_completed != Some(false);
    let problem = Problem::new(ProblemKind::SellerNotReady).field("sellerRegistrationCompleted");
    CheckItem::new("seller", (!ready).then_some(problem), CheckState::Missing)
}

/// The seller's caps of a month; eBay names none for a seller without (ebay.md §4).
fn selling_limit(privileges: &Privileges) -> Option<SellingLimit> {
    let told = privileges.selling_limit.as_ref()?;
    let limit = SellingLimit {
        amount: told.amount.as_ref().and_then(map::money),
        units: told.quantity.and_then(|units| u32::try_from(units).ok()),
    };
    (limit.amount.is_some() || limit.units.is_some()).then_some(limit)
}

/// Nothing is chosen, or nothing that is there.
fn nothing_chosen(key: &str) -> Problem {
    if key == MERCHANT_LOCATION_KEY {
        return Problem::new(ProblemKind::LocationMissing).field(format!("settings.{key}"));
    }
    Problem::new(ProblemKind::PolicyMissing)
        .field(format!("settings.{key}"))
        .param("policy", key)
}

fn choices(key: &str, found: Vec<(Option<String>, Option<String>)>) -> Choices {
    let choices = found.into_iter().filter_map(|(value, label)| {
        let value = value?;
        let label = label.unwrap_or_else(|| value.clone());
        Some(Choice { value, label })
    });
    Choices {
        key: key.to_owned(),
        choices: choices.collect(),
    }
}

type Named = Vec<(Option<String>, Option<String>)>;

impl EbayAdapter {
    /// What a publish would lack of a default of the account's. A single choice is taken for him;
    /// between several he chooses.
    fn not_chosen(&self, offered: &Choices) -> Option<Problem> {
        let choices = &offered.choices;
        let is_ready = match self.config.chosen.get(offered.key.as_str()) {
            Some(value) => choices.iter().any(|choice| choice.value == *value),
            None => choices.len() == 1,
        };
        (!is_ready).then(|| nothing_chosen(&offered.key))
    }

    /// Leaf categories by the words of a title, the best first (ebay.md §7).
    async fn suggestions(&self, site: &Site, words: &str) -> Result<Vec<Category>> {
        let facts = self.facts(site, GET_SUGGESTIONS.operation)?;
        let words: String = words.trim().chars().take(QUERY_CHARS_MAX).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let tree = self.tree(facts).await?;
        let request = request::category_suggestions(self.api(), facts, &tree.id, &words)?;
        let answer = match self.call(&GET_SUGGESTIONS, request).await {
            Ok(answer) => answer,
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let found: CategorySuggestions = told(&answer, GET_SUGGESTIONS.operation)?;
        let found = found.category_suggestions.iter().filter_map(map::category);
        Ok(found.take(CATEGORIES_MAX).collect())
    }

    async fn choices_without_policies(&self, site: &Site) -> Result<Vec<Choices>> {
        let facts = self.facts(site, "choices")?;
        let locations = self.locations(facts).await?;
        let none = |key: &str| choices(key, Vec::new());
        Ok(vec![
            none(FULFILLMENT_POLICY_ID),
            none(PAYMENT_POLICY_ID),
            none(RETURN_POLICY_ID),
            choices(MERCHANT_LOCATION_KEY, locations),
        ])
    }

    /// The seller's name at eBay. It needs a permission that selling does not: without it the
    /// account is as good.
    async fn seller_name(&self) -> Option<String> {
        let request = request::user(&self.config.hosts.apiz, self.config.site).ok()?;
        let answer = self.call(&GET_USER, request).await.ok()?;
        let user: User = told(&answer, GET_USER.operation).ok()?;
        user.username.or(user.user_id)
    }

    pub(super) async fn programs(&self) -> Result<Vec<String>> {
        let request = request::opted_in_programs(self.api(), self.config.site)?;
        let answer = self.call(&GET_PROGRAMS, request).await?;
        let read: Programs = told(&answer, GET_PROGRAMS.operation)?;
        Ok(read
            .programs
            .into_iter()
            .filter_map(|program| program.program_type)
            .collect())
    }

    async fn fulfillment_policies(&self, site: &'static SiteFacts) -> Result<Named> {
        let request = request::fulfillment_policies(self.api(), site)?;
        let answer = self.call(&GET_FULFILLMENT_POLICIES, request).await?;
        let read: FulfillmentPolicies = told(&answer, GET_FULFILLMENT_POLICIES.operation)?;
        {
            let mut known = self
                .by_weight
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            for policy in &read.fulfillment_policies {
                let Some(id) = &policy.fulfillment_policy_id else {
                    continue;
                };
                if !policy.is_calculated() {
                    known.remove(id);
                } else if known.len() < POLICIES_KEPT {
                    known.insert(id.clone());
                }
            }
        }
        let policies = read.fulfillment_policies.into_iter();
        Ok(policies
            .filter(|policy| !CategoryType::is_of_vehicles(&policy.category_types))
            .map(|policy| (policy.fulfillment_policy_id, policy.name))
            .collect())
    }

    /// The buyer pays the postage by weight, and the goods have none (25020, ebay.md §6.2). What is
    /// known of the policies was read with the account's choices.
    fn lacks_weight(&self, offer: &Offer) -> Option<Problem> {
        let policy = offer.settings.get(FULFILLMENT_POLICY_ID)?;
        let known = self
            .by_weight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let lacks = offer.content.weight.is_none() && known.contains(policy);
        lacks.then(|| Problem::new(ProblemKind::WeightMissing).field("weight"))
    }

    async fn payment_policies(&self, site: &'static SiteFacts) -> Result<Named> {
        let request = request::payment_policies(self.api(), site)?;
        let answer = self.call(&GET_PAYMENT_POLICIES, request).await?;
        let read: PaymentPolicies = told(&answer, GET_PAYMENT_POLICIES.operation)?;
        let policies = read.payment_policies.into_iter();
        Ok(policies
            .filter(|policy| !CategoryType::is_of_vehicles(&policy.category_types))
            .map(|policy| (policy.payment_policy_id, policy.name))
            .collect())
    }

    async fn return_policies(&self, site: &'static SiteFacts) -> Result<Named> {
        let request = request::return_policies(self.api(), site)?;
        let answer = self.call(&GET_RETURN_POLICIES, request).await?;
        let read: ReturnPolicies = told(&answer, GET_RETURN_POLICIES.operation)?;
        let policies = read.return_policies.into_iter();
        Ok(policies
            .filter(|policy| !CategoryType::is_of_vehicles(&policy.category_types))
            .map(|policy| (policy.return_policy_id, policy.name))
            .collect())
    }

    async fn locations(&self, site: &'static SiteFacts) -> Result<Named> {
        let mut usable = Named::new();
        for page in 0..LOCATION_PAGES_MAX {
            let request = request::locations(self.api(), site, page * LOCATIONS_PAGE)?;
            let answer = self.call(&GET_LOCATIONS, request).await?;
            let read: InventoryLocations = told(&answer, GET_LOCATIONS.operation)?;
            let is_last = read.next.is_none() || read.locations.is_empty();
            let enabled = |location: &InventoryLocation| {
                location.merchant_location_status.as_deref() != Some("DISABLED")
            };
            let named = read.locations.into_iter().filter(enabled);
            usable.extend(named.map(|location| (location.merchant_location_key, location.name)));
            if is_last {
                break;
            }
        }
        Ok(usable)
    }
}
