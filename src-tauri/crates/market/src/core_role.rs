//! The role that every adapter has: is the connection right, and what must be right before a
//! publish.

use async_trait::async_trait;
use barrow_model::{CategoryId, Condition, Content, Money, Offer, Problem, Settings, Site};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Questions about the account and about what the marketplace demands.
///
/// # Behaviour
/// - `check_tells_wrong_keys`: with keys that the marketplace refuses, [`Core::check`] is an error
///   of kind unauthorized or consent ended, never a panic and never a success.
/// - `check_names_what_is_missing`: with good keys it lists each part and what is missing.
/// - `mending_again_does_no_harm`: [`Core::mend`] of what is in order already changes nothing and
///   says the same; a setting that it gives is among the choices.
/// - `choices_fill_defaults`: what [`Core::choices`] offers can be set as the account's default and
///   is accepted in a publish.
/// - `validate_is_told_before_sending`: an offer that the marketplace would refuse for a missing
///   title, price, picture or required attribute is refused by [`Core::validate`] without a call.
///   What is the marketplace's own page's, title and pictures, say, is not demanded.
#[async_trait]
pub trait Core: Send + Sync {
    /// Tries the keys and reads what the account may do. Changes nothing.
    async fn check(&self) -> Result<Check>;

    /// Does at the marketplace what a part of a check is missing, with the fields that its
    /// [`CheckMend`] asks for.
    ///
    /// # Errors
    /// Config, where a field is missing or cannot be; unsupported, where the part has no mend.
    async fn mend(&self, item: &str, _fields: &Settings) -> Result<Mended> {
        Err(Error::new(ErrorKind::Unsupported, "mend").with("feature", item))
    }

    /// The choices for settings of kind [`crate::SettingKind::Default`], such as business policies,
    /// locations and ship nodes of a site.
    async fn choices(&self, site: &Site) -> Result<Vec<Choices>>;

    /// The marketplace's best category for a title and category path; none where it has no advice.
    async fn suggest_category(
        &self,
        site: &Site,
        query: &CategoryQuery,
    ) -> Result<Option<Category>>;

    /// Categories that words may mean, the best first, at most [`CATEGORIES_MAX`]; empty where the
    /// marketplace has none to choose among. What [`Core::suggest_category`] gives for a title of
    /// the same words is the first of them.
    async fn find_categories(&self, site: &Site, words: &str) -> Result<Vec<Category>> {
        let query = CategoryQuery {
            title: words.to_owned(),
            path: Vec::new(),
        };
        let found = self.suggest_category(site, &query).await?;
        Ok(found.into_iter().collect())
    }

    /// What the marketplace demands in a category.
    async fn category_rules(&self, site: &Site, category: &CategoryId) -> Result<CategoryRules>;

    /// What is wrong with an offer, before anything is sent. Pure.
    fn validate(&self, site: &Site, offer: &Offer, rules: Option<&CategoryRules>) -> Vec<Problem>;

    /// Whether a listing needs a category before it is published.
    fn needs_category(&self, content: &Content) -> bool;
}

/// What [`Core::check`] found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Check {
    /// The seller as the marketplace names him; not a person's name.
    pub seller: Option<String>,
    /// The sites on which he can sell.
    pub sites: Vec<Site>,
    /// Part by part, what is in order and what is missing.
    pub items: Vec<CheckItem>,
    /// When the consent ends, where it does.
    pub consent_until: Option<DateTime<Utc>>,
    /// How much the marketplace lets the seller sell; none for as much as he likes.
    pub selling_limit: Option<SellingLimit>,
}

/// How much a seller may sell in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SellingLimit {
    /// For so much; none where only units count.
    pub amount: Option<Money>,
    /// So many units; none where only money counts.
    pub units: Option<u32>,
}

/// One part of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CheckItem {
    /// What was looked at, such as `policies`.
    pub name: String,
    /// How it stands.
    pub state: CheckState,
    /// What is missing and what it would allow.
    pub problem: Option<Problem>,
    /// How it is mended from here; none where the seller must go elsewhere.
    pub mend: Option<CheckMend>,
}

/// How a part of a check is mended from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CheckMend {
    /// What is done.
    pub kind: MendKind,
    /// What the seller says for it.
    pub fields: Vec<MendField>,
}

/// What is done to mend a part of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MendKind {
    /// A place that goods ship from is created.
    CreateLocation,
    /// The seller joins a program of the marketplace.
    JoinProgram,
}

impl MendKind {
    /// Its name in JSON and in messages.
    pub fn code(self) -> &'static str {
        match self {
            Self::CreateLocation => "create_location",
            Self::JoinProgram => "join_program",
        }
    }
}

/// What is asked for to mend something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MendField {
    /// Its name; its words are `mend_field_KEY` in messages.
    pub key: String,
    /// Whether it may stay empty.
    pub required: bool,
    /// What stands in it at first.
    pub value: Option<String>,
}

impl MendField {
    /// A field that may not stay empty.
    pub fn needed(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            required: true,
            value: None,
        }
    }

    /// A field that may stay empty.
    pub fn free(key: &str) -> Self {
        Self {
            required: false,
            ..Self::needed(key)
        }
    }

    /// The same with something in it.
    #[must_use]
    pub fn with(mut self, value: &str) -> Self {
        self.value = Some(value.to_owned());
        self
    }
}

/// What mending did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// Settings that the account has from now on, such as the place that was created.
    pub settings: Settings,
    /// The marketplace may take so long until it counts; none where it counts at once.
    pub hours_max: Option<u32>,
}

impl CheckItem {
    /// A part that is in order where there is no problem, and stands as `otherwise` where there is.
    pub fn new(name: &str, problem: Option<Problem>, otherwise: CheckState) -> Self {
        Self {
            name: name.to_owned(),
            state: match problem {
                Some(_) => otherwise,
                None => CheckState::Good,
            },
            problem,
            mend: None,
        }
    }

    /// The same, mended from here where it is not in order.
    #[must_use]
    pub fn mended_by(mut self, mend: CheckMend) -> Self {
        self.mend = self.problem.is_some().then_some(mend);
        self
    }
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// In order.
    Good,
    /// Selling works, something else does not.
    Limited,
    /// Selling does not work until it is mended.
    Missing,
}

/// The choices for one default setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Choices {
    /// The setting.
    pub key: String,
    /// What can be chosen, the marketplace's own default first.
    pub choices: Vec<Choice>,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Choice {
    /// The value of the setting.
    pub value: String,
    /// How the seller knows it.
    pub label: String,
}

/// What a category is looked for by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CategoryQuery {
    /// A title.
    pub title: String,
    /// The seller's own category path.
    pub path: Vec<String>,
}

/// Categories that a search answers at most.
pub const CATEGORIES_MAX: usize = 20;

/// A category of the marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Category {
    /// Its id there.
    pub id: CategoryId,
    /// Its path in people's words, outermost first.
    pub path: Vec<String>,
}

/// What a category demands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CategoryRules {
    /// Attributes that it knows.
    pub attributes: Vec<AttributeRule>,
    /// Conditions that it allows, as [`barrow_model::Condition::code`]; empty where any is.
    pub conditions: Vec<String>,
    /// Whether it demands a barcode number.
    pub gtin_required: bool,
    /// Whether it takes variants as one listing.
    pub families: bool,
}

/// What is demanded of one attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AttributeRule {
    /// Its name there.
    pub name: String,
    /// Whether a listing must have it.
    pub required: bool,
    /// Whether only [`AttributeRule::values`] are allowed.
    pub closed: bool,
    /// Allowed or suggested values, at most 500.
    pub values: Vec<String>,
    /// Most characters of a value; none where nothing is said.
    #[serde(default)]
    pub chars_max: Option<usize>,
    /// Whether it takes several values.
    pub multiple: bool,
    /// Whether variants may differ in it.
    pub varies: bool,
    /// The conditions in which it is asked for, as [`barrow_model::Condition::code`]; empty for
    /// any.
    #[serde(default)]
    pub conditions: Vec<String>,
}

impl AttributeRule {
    /// Whether it is asked for of goods in a condition.
    pub fn is_of(&self, condition: Condition) -> bool {
        let mut known = self.conditions.iter();
        self.conditions.is_empty() || known.any(|code| code == condition.code())
    }
}
