//! Looking for a category of a marketplace by words, instead of knowing its number.

use barrow_market::Category;
use barrow_model::CategoryId;
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::{ApiError, Result};

/// Signs of a search that are sent at most; a category's name is far shorter.
const WORDS_CHARS_MAX: usize = 200;

/// Asks an account's marketplace for categories that words may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CategorySearchRequest {
    /// The account.
    pub account: String,
    /// The site; the account's own where nothing is said.
    #[serde(default)]
    pub site: Option<String>,
    /// The words.
    pub words: String,
}

/// Categories that words may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CategorySearchResponse {
    /// The best first, at most twenty. Empty where nothing is found, and where the marketplace has
    /// none to choose among.
    pub categories: Vec<CategoryView>,
    /// Whether a category is a name there, so that words of which nothing is found can be one.
    /// Where not, it is a number to be chosen or known.
    pub by_name: bool,
}

/// A category of a marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CategoryView {
    /// What it is named by there.
    pub id: CategoryId,
    /// Its path in the marketplace's words, outermost first.
    pub path: Vec<String>,
}

impl Api {
    /// Categories of an account's marketplace that words may mean.
    pub async fn category_search(
        &self,
        request: CategorySearchRequest,
    ) -> Result<CategorySearchResponse> {
        let account = self.account(&request.account).await?;
        let site = self.site(&account, request.site.as_deref())?;
        let words = request
            .words
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let words: String = words.chars().take(WORDS_CHARS_MAX).collect();
        let title = self.title(&account.marketplace).to_owned();
        let failed = |error: barrow_market::Error| {
            ApiError::marketplace(&title, error.to_problem()).told_in(&self.words)
        };
        let adapter = self.parts.adapters.adapter(&account).await;
        let adapter = adapter.map_err(failed)?;
        let by_name = adapter.capability().categories_by_name;
        if words.is_empty() {
            return Ok(CategorySearchResponse {
                categories: Vec::new(),
                by_name,
            });
        }
        let found = adapter.core().find_categories(&site, &words).await;
        let found = found.map_err(failed)?.into_iter();
        Ok(CategorySearchResponse {
            categories: found
                .map(|Category { id, path }| CategoryView { id, path })
                .collect(),
            by_name,
        })
    }
}
