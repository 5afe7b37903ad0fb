//! Questions about the account.

use async_trait::async_trait;
use barrow_market::{
    Category, CategoryQuery, CategoryRules, Check, CheckItem, CheckState, Choices, Core, Error,
    ErrorKind, Result,
};
use barrow_model::{CategoryId, Content, Offer, Problem, ProblemKind, Site};

use crate::backend::NeweggAdapter;
use crate::limits::{ACCOUNT_CALL, SERVICE_CALL};
use crate::map::offer::problems;
use crate::request::{account_request, service_request};
use crate::types::node::Node;

/// Parts of the service that the adapter needs, and whether selling is possible without.
const AREAS: &[(&str, CheckState)] = &[
    ("contentmgmt", CheckState::Missing),
    ("datafeedmgmt", CheckState::Missing),
    ("ordermgmt", CheckState::Missing),
];

#[async_trait]
impl Core for NeweggAdapter {
    async fn check(&self) -> Result<Check> {
        let members = ["SellerID", "Status", "ResponseBody", "IsSuccess"];
        let request = account_request(&self.config);
        let answer = self.read(&ACCOUNT_CALL, request, &members).await;
        let answer = answer.map_err(unknown_keys)?;
        let body = Node::of(&answer).body();
        let mut items = vec![account_item(body)];
        for (area, otherwise) in AREAS {
            items.push(self.area_item(area, *otherwise).await?);
        }
        let name = body.get("SellerName").text();
        Ok(Check {
            seller: name.or_else(|| Some(self.config.seller_id.clone())),
            sites: vec![Site(self.config.platform.site().to_owned())],
            items,
            consent_until: None,
            selling_limit: None,
        })
    }

    /// No setting has choices that Newegg would have to be asked for.
    async fn choices(&self, _site: &Site) -> Result<Vec<Choices>> {
        Ok(Vec::new())
    }

    /// An offer on an item of the catalogue has the item's own category.
    async fn suggest_category(
        &self,
        _site: &Site,
        _query: &CategoryQuery,
    ) -> Result<Option<Category>> {
        Ok(None)
    }

    async fn category_rules(&self, _site: &Site, _category: &CategoryId) -> Result<CategoryRules> {
        Ok(CategoryRules::default())
    }

    fn validate(
        &self,
        _site: &Site,
        offer: &Offer,
        _rules: Option<&CategoryRules>,
    ) -> Vec<Problem> {
        problems(&self.config, offer, None, None)
    }

    fn needs_category(&self, _content: &Content) -> bool {
        false
    }
}

impl NeweggAdapter {
    async fn area_item(&self, area: &'static str, otherwise: CheckState) -> Result<CheckItem> {
        let members = ["Status", "ResponseBody", "IsSuccess"];
        let request = service_request(&self.config, area);
        let problem = match self.read(&SERVICE_CALL, request, &members).await {
            Ok(answer) => {
                let is_down = Node::of(&answer).body().get("Status").flag() == Some(false);
                is_down.then(|| Problem::new(ProblemKind::MarketplaceDown))
            }
            Err(error) if error.kind == ErrorKind::Forbidden => Some(error.to_problem()),
            // Nothing is known of a part that does not tell how it is.
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Refused) => None,
            Err(error) => return Err(error),
        };
        Ok(CheckItem::new(area, problem, otherwise))
    }
}

/// Keys that may not even ask for the account are not this account's (newegg.md §1, §2).
fn unknown_keys(mut error: Error) -> Error {
    if error.kind == ErrorKind::Forbidden {
        error.kind = ErrorKind::Unauthorized;
        error.problem = None;
    }
    error
}

/// Words for an account that cannot sell; what is not told is taken to be in order.
const CLOSED: &[&str] = &[
    "inactive", "suspend", "closed", "terminat", "deactiv", "pending",
];

fn account_item(body: Node<'_>) -> CheckItem {
    let places = [body.get("Status"), body.get("AccountStatus")];
    let status = places.iter().find_map(|place| place.text());
    let status = status.unwrap_or_default();
    let words = status.to_ascii_lowercase();
    let is_closed = words == "0" || CLOSED.iter().any(|word| words.contains(word));
    let problem =
        is_closed.then(|| Problem::new(ProblemKind::SellerNotReady).vendor("Status", &status));
    CheckItem::new("account", problem, CheckState::Missing)
}
