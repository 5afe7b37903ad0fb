//! Questions about the account.

use async_trait::async_trait;
use barrow_market::{
    Category, CategoryQuery, CategoryRules, Check, CheckItem, CheckState, Choices, Core, Error,
    ErrorKind, Result,
};
use barrow_model::{CategoryId, Content, Offer, Problem, ProblemKind, Site};

use crate::backend::AmazonAdapter;
use crate::config::{MARKETPLACE_IDS, SELLER_ID, SiteFacts, setting_problem, site_of};
use crate::limits::LISTINGS_CALL;
use crate::map::offer::validate;
use crate::request::first_listing_request;
use crate::types::account::SellerSite;
use crate::types::listing::ListingsAnswer;

#[async_trait]
impl Core for AmazonAdapter {
    async fn check(&self) -> Result<Check> {
        let told = match self.seller_sites().await {
            Ok(sites) => Some(sites),
            // One call a minute: the rest can be looked at without it.
            Err(error) if error.kind == ErrorKind::RateLimited => None,
            Err(error) => return Err(error),
        };
        let mut items = Vec::new();
        if let Some(told) = &told {
            items.extend(self.config.sites.iter().map(|site| site_item(site, told)));
        }
        items.push(self.listings_item().await?);
        items.extend(self.orders_items().await?);
        let told = told.unwrap_or_default();
        let sites = if told.is_empty() {
            let own = self.config.sites.iter();
            own.map(|site| Site(site.id.to_owned())).collect()
        } else {
            sites(&told)
        };
        Ok(Check {
            seller: told.iter().find_map(|site| site.store_name.owned()),
            sites,
            items,
            consent_until: None,
            selling_limit: None,
        })
    }

    /// Offers on existing pages leave nothing open that has choices.
    async fn choices(&self, _site: &Site) -> Result<Vec<Choices>> {
        Ok(Vec::new())
    }

    /// A page has its category already.
    async fn suggest_category(
        &self,
        _site: &Site,
        _query: &CategoryQuery,
    ) -> Result<Option<Category>> {
        Ok(None)
    }

    /// A page has its attributes already.
    async fn category_rules(&self, _site: &Site, _category: &CategoryId) -> Result<CategoryRules> {
        Ok(CategoryRules::default())
    }

    fn validate(&self, site: &Site, offer: &Offer, _rules: Option<&CategoryRules>) -> Vec<Problem> {
        validate(&self.config, self.config.site(site), offer)
    }

    fn needs_category(&self, _content: &Content) -> bool {
        false
    }
}

impl AmazonAdapter {
    /// Whether the merchant token is right and listings may be read (amazon.md §12).
    async fn listings_item(&self) -> Result<CheckItem> {
        let site = self.config.default_site();
        let request = first_listing_request(&self.config.base, &self.config.seller_id, site);
        let answer = self.read::<ListingsAnswer>(&LISTINGS_CALL, request).await;
        let problem = match answer {
            Ok(_) => None,
            Err(error) => Some(listings_problem(error)?),
        };
        Ok(CheckItem::new("listings", problem, CheckState::Missing))
    }
}

/// What a refused reading of listings says; other errors say nothing of the account.
fn listings_problem(error: Error) -> Result<Problem> {
    match error.kind {
        ErrorKind::Forbidden => Ok(error.to_problem()),
        ErrorKind::Refused | ErrorKind::NotFound => {
            let mut problem = setting_problem(ProblemKind::SettingInvalid, SELLER_ID);
            problem.vendor = error.vendor;
            Ok(problem)
        }
        _ => Err(error),
    }
}

fn is_participating(site: &SellerSite) -> bool {
    site.participation.is_participating.is_set()
}

/// How one of the account's sites stands: another region's or one without a contract is not told
/// by Amazon, and suspended listings do not sell (amazon.md §1).
fn site_item(site: &SiteFacts, told: &[SellerSite]) -> CheckItem {
    let known = told
        .iter()
        .find(|one| one.marketplace.id.text() == Some(site.id));
    let problem = match known {
        Some(known) if !is_participating(known) => {
            Some(Problem::new(ProblemKind::SellerNotReady).param("status", "not participating"))
        }
        Some(known) if known.participation.has_suspended_listings.is_set() => {
            Some(Problem::new(ProblemKind::SellerNotReady).param("status", "suspended listings"))
        }
        Some(_) => None,
        None => Some(setting_problem(
            ProblemKind::SettingInvalid,
            MARKETPLACE_IDS,
        )),
    };
    let problem = problem.map(|problem| problem.param("site", site.id));
    CheckItem::new(
        &format!("marketplace {}", site.id),
        problem,
        CheckState::Missing,
    )
}

/// The sites where the seller takes part; Amazon also tells pseudo sites (amazon.md §1).
fn sites(told: &[SellerSite]) -> Vec<Site> {
    let mut sites: Vec<Site> = Vec::new();
    for one in told.iter().filter(|one| is_participating(one)) {
        if let Some(site) = one.marketplace.id.text().and_then(site_of) {
            sites.push(Site(site.id.to_owned()));
        }
    }
    sites
}
