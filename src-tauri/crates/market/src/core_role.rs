//! The role that every adapter has: is the connection right, and what must be right before a
//! publish.

use async_trait::async_trait;
use barrow_model::{CategoryId, Condition, Content, Money, Offer, Problem, Settings, Site};
use chrono::{DateTime, NaiveDate, Utc};
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

    /// The version of a site's categories: what was said of them under another holds no longer.
    /// None where the marketplace has none. The marketplace itself is asked once a day at most.
    async fn categories_version(&self, _site: &Site) -> Result<Option<String>> {
        Ok(None)
    }

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
    /// The version of the marketplace's categories that this was said of; none where it has none.
    #[serde(default)]
    pub version: Option<String>,
    /// It takes no listings any more: this category took its place.
    #[serde(default)]
    pub replaced_by: Option<CategoryId>,
}

/// What is demanded of one attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The form of a value that is not among [`AttributeRule::values`]; none for any text.
    #[serde(default)]
    pub form: Option<ValueForm>,
    /// From when on a listing is expected to need it; none where nothing is said.
    #[serde(default)]
    pub required_from: Option<NaiveDate>,
    /// Values that go only with some values of other attributes.
    #[serde(default)]
    pub bounds: Vec<ValueBound>,
}

/// The form of an attribute's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ValueForm {
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A year, in four digits.
    Year,
    /// Year and month, in six digits.
    Month,
    /// Year, month and day, in eight digits.
    Day,
}

impl ValueForm {
    /// Whether a value has it. Numbers may have a point or a comma.
    pub fn fits(self, value: &str) -> bool {
        let digits =
            |count: usize| value.len() == count && value.bytes().all(|sign| sign.is_ascii_digit());
        let is_day = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").is_ok();
        match self {
            Self::Whole => value.parse::<i32>().is_ok(),
            Self::Number => {
                let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
                let parts: Vec<&str> = unsigned.splitn(2, ['.', ',']).collect();
                let plain = |part: &&str| part.bytes().all(|sign| sign.is_ascii_digit());
                parts.iter().all(plain) && parts.iter().any(|part| !part.is_empty())
            }
            Self::Year => digits(4),
            Self::Month => digits(6) && is_day(&format!("{value}01")),
            Self::Day => digits(8) && is_day(value),
        }
    }

    /// Its name in JSON and in messages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Number => "number",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

/// A value that goes only with some values of another attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ValueBound {
    /// The value.
    pub value: String,
    /// The other attribute.
    pub attribute: String,
    /// The other attribute's values, of which one must be said.
    pub values: Vec<String>,
}

impl AttributeRule {
    /// What keeps a value from being said beside what is said of other attributes; empty where it
    /// may be said. Of several bounds one has to be kept; one by an attribute of which nothing is
    /// said keeps nothing back, as no marketplace says that it would.
    pub fn broken<'a>(
        &self,
        value: &str,
        said: impl Fn(&str) -> Option<&'a [String]>,
    ) -> Vec<&ValueBound> {
        let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        let kept = |bound: &ValueBound| {
            let said = said(&bound.attribute).unwrap_or_default();
            let is_bound = |said: &String| bound.values.iter().any(|value| same(value, said));
            said.is_empty() || said.iter().any(is_bound)
        };
        let bounds = self.bounds.iter();
        let bounds: Vec<&ValueBound> = bounds.filter(|bound| same(&bound.value, value)).collect();
        match bounds.iter().any(|bound| kept(bound)) {
            true => Vec::new(),
            false => bounds,
        }
    }

    /// Whether it is asked for of goods in a condition.
    pub fn is_of(&self, condition: Condition) -> bool {
        let mut known = self.conditions.iter();
        self.conditions.is_empty() || known.any(|code| code == condition.code())
    }
}

#[cfg(test)]
mod tests {
    use super::{AttributeRule, ValueBound, ValueForm};

    #[test]
    fn a_value_has_its_attributes_form() {
        let check = |form: ValueForm, good: &[&str], bad: &[&str]| {
            for value in good {
                assert!(form.fits(value), "{form:?} {value}");
            }
            for value in bad {
                assert!(!form.fits(value), "{form:?} {value}");
            }
        };
        check(
            ValueForm::Whole,
            &["0", "12", "-3"],
            &["", "1.5", "a", "3000000000", "1 "],
        );
        check(
            ValueForm::Number,
            &["12", "1.5", "1,5", "-.5", "3."],
            &["", ".", "1.5.2", "5 cm", "-"],
        );
        check(ValueForm::Year, &["2024"], &["24", "2024-01", "MMXX"]);
        check(
            ValueForm::Month,
            &["202412"],
            &["202413", "2024-12", "2024"],
        );
        check(ValueForm::Day, &["20240229"], &["20230229", "2024-02-29"]);
    }

    #[test]
    fn a_bound_value_goes_with_what_it_is_bound_to() {
        let bound = |attribute: &str, values: &[&str]| ValueBound {
            value: "Big & Tall".to_owned(),
            attribute: attribute.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let rule = AttributeRule {
            bounds: vec![
                bound("Department", &["Men", "Boys"]),
                bound("Fit", &["Wide"]),
            ],
            ..AttributeRule::default()
        };
        let check = |value: &str, said: &[(&str, &str)], broken: usize| {
            let said: Vec<(String, Vec<String>)> = said
                .iter()
                .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
                .collect();
            let of = |name: &str| {
                let found = said.iter().find(|(known, _)| known == name);
                found.map(|(_, values)| values.as_slice())
            };
            assert_eq!(rule.broken(value, of).len(), broken, "{value} {said:?}");
        };
        check("Regular", &[], 0);
        check("Big & Tall", &[], 0);
        check("big & tall", &[("Department", "men")], 0);
        let neither = [("Department", "Women"), ("Fit", "Slim")];
        check("Big & Tall", &neither, 2);
        check("Big & Tall", &[("Department", "Women"), ("Fit", "Wide")], 0);
    }
}
