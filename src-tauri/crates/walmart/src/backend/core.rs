//! Questions about the account.

use async_trait::async_trait;
use barrow_market::{
    Category, CategoryQuery, CategoryRules, Check, CheckItem, CheckState, Choice, Choices, Core,
    ErrorKind, Result,
};
use barrow_model::{CategoryId, Content, Offer, Problem, ProblemKind, Site};
use barrow_wire::Scalar;

use crate::backend::WalmartAdapter;
use crate::config::{SHIP_NODE, SITE};
use crate::limits::TOKEN_DETAIL_CALL;
use crate::map::offer::validate;
use crate::map::taxonomy::{search, suggest};
use crate::request::token_detail_request;
use crate::types::settings::{PartnerProfile, TokenDetail};

/// Scopes that the adapter needs, what for, and whether it writes there (walmart.md §2.1). Selling
/// works without those that are only read.
const SCOPES: &[(&str, &str, bool)] = &[
    ("feeds", "publish", true),
    ("item", "publish", true),
    ("price", "set_price", true),
    ("inventory", "set_quantity", true),
    ("orders", "orders", true),
    ("shipping", "ship_node", false),
];

#[async_trait]
impl Core for WalmartAdapter {
    async fn check(&self) -> Result<Check> {
        let request = token_detail_request(&self.config.base);
        let detail: TokenDetail = self
            .find(&TOKEN_DETAIL_CALL, request)
            .await?
            .unwrap_or_default();
        let mut items: Vec<CheckItem> = SCOPES
            .iter()
            .map(|(scope, feature, writes)| {
                scope_item(scope, feature, *writes, detail.scopes.get(*scope))
            })
            .collect();
        let profile = self.profile().await?;
        items.push(status_item(&profile));
        items.push(throttle_item(&profile));
        items.push(self.node_item().await?);
        Ok(Check {
            seller: profile.partner.partner_display_name.owned(),
            sites: vec![Site(SITE.to_owned())],
            items,
            consent_until: None,
            selling_limit: None,
        })
    }

    async fn choices(&self, _site: &Site) -> Result<Vec<Choices>> {
        let mut nodes: Vec<Choice> = self
            .ship_nodes()
            .await?
            .iter()
            .filter_map(|node| {
                let value = node.ship_node.owned()?;
                let label = node.ship_node_name.owned().unwrap_or_else(|| value.clone());
                Some(Choice { value, label })
            })
            .collect();
        if nodes.is_empty() {
            // A seller with one warehouse has his partner id as its number (walmart.md §6.3).
            let partner = self.profile().await?.partner;
            nodes.extend(partner.partner_id.owned().map(|value| {
                Choice {
                    label: partner
                        .partner_display_name
                        .owned()
                        .unwrap_or_else(|| value.clone()),
                    value,
                }
            }));
        }
        // A product type is no choice to make once for all goods: the first one would be as wrong
        // as any other.
        Ok(vec![Choices {
            key: SHIP_NODE.to_owned(),
            choices: nodes,
        }])
    }

    async fn suggest_category(
        &self,
        _site: &Site,
        query: &CategoryQuery,
    ) -> Result<Option<Category>> {
        let types = self.product_types().await?;
        let fallback = || {
            self.config.product_type.as_ref().map(|name| Category {
                id: CategoryId(name.clone()),
                path: vec![name.clone()],
            })
        };
        Ok(suggest(&types, query).or_else(fallback))
    }

    async fn find_categories(&self, _site: &Site, words: &str) -> Result<Vec<Category>> {
        Ok(search(&self.product_types().await?, words))
    }

    async fn category_rules(&self, _site: &Site, category: &CategoryId) -> Result<CategoryRules> {
        let spec = self.type_spec(&category.0).await?;
        Ok(spec.rules(self.config.gtin_exemption))
    }

    fn validate(&self, _site: &Site, offer: &Offer, rules: Option<&CategoryRules>) -> Vec<Problem> {
        validate(&self.config, offer, rules)
    }

    /// With a barcode number the item may be in Walmart's catalogue already; without one it is set
    /// up in full, which needs a product type.
    fn needs_category(&self, content: &Content) -> bool {
        content.gtin.is_none()
    }
}

impl WalmartAdapter {
    async fn node_item(&self) -> Result<CheckItem> {
        let nodes = match self.ship_nodes().await {
            Ok(nodes) => nodes,
            Err(error) if error.kind == ErrorKind::Forbidden => Vec::new(),
            Err(error) => return Err(error),
        };
        let chosen = self.config.ship_node.as_deref();
        let known = |wanted| {
            nodes
                .iter()
                .any(|node| node.ship_node.text() == Some(wanted))
        };
        let problem = match chosen {
            Some(chosen) if !nodes.is_empty() && !known(chosen) => {
                Some(Problem::new(ProblemKind::SettingInvalid).param("setting", SHIP_NODE))
            }
            None if nodes.is_empty() => Some(Problem::new(ProblemKind::LocationMissing)),
            _ => None,
        };
        Ok(CheckItem::new("ship_node", problem, CheckState::Limited))
    }
}

/// A scope that is not told is taken to be there: a 403 would say otherwise.
fn scope_item(scope: &str, feature: &str, writes: bool, level: Option<&Scalar>) -> CheckItem {
    let level = level.and_then(Scalar::text).unwrap_or("full_access");
    let enough = level == "full_access" || (level == "view_only" && !writes);
    let problem = (!enough).then(|| {
        Problem::new(ProblemKind::PermissionMissing)
            .param("permission", scope)
            .param("feature", feature)
            .param("level", level)
    });
    let otherwise = if writes {
        CheckState::Missing
    } else {
        CheckState::Limited
    };
    CheckItem::new(scope, problem, otherwise)
}

/// Whether the account may sell (walmart.md §3).
fn status_item(profile: &PartnerProfile) -> CheckItem {
    let status = configuration(profile, "ACCOUNT").and_then(|body| body.status.text());
    let problem = status
        .filter(|status| *status != "ACTIVE" && *status != "ONBOARDING_ACTIVE")
        .map(|status| Problem::new(ProblemKind::SellerNotReady).param("status", status));
    CheckItem::new("account", problem, CheckState::Missing)
}

/// Whether Walmart has given the account limits for item feeds; an account without a tier has none
/// of its own and the general ones hold (walmart.md §3).
fn throttle_item(profile: &PartnerProfile) -> CheckItem {
    let own = configuration(profile, "FEED").map_or(&[][..], |body| &body.values.0);
    let listed = own
        .iter()
        .any(|throttle| throttle.feed_type.text() == Some("MP_ITEM"));
    let problem = (!own.is_empty() && !listed).then(|| {
        Problem::new(ProblemKind::PermissionMissing)
            .param("permission", "MP_ITEM")
            .param("feature", "publish")
    });
    CheckItem::new("feed_limits", problem, CheckState::Limited)
}

fn configuration<'a>(
    profile: &'a PartnerProfile,
    name: &str,
) -> Option<&'a crate::types::settings::ConfigurationBody> {
    let named = |entry: &&crate::types::settings::Configuration| {
        entry.configuration_name.text() == Some(name)
    };
    profile
        .configurations
        .0
        .iter()
        .find(named)
        .map(|entry| &entry.configuration)
}
