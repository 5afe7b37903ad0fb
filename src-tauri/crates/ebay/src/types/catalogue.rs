//! The Taxonomy and Metadata APIs' answers (ebay.md §6.3, §7).

use serde::Deserialize;

use super::common::{list, part, text};

/// `GET /get_default_category_tree_id`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategoryTreeId {
    /// The tree of the site.
    #[serde(deserialize_with = "text")]
    pub category_tree_id: Option<String>,
    /// Another one where categories were changed.
    #[serde(deserialize_with = "text")]
    pub category_tree_version: Option<String>,
}

/// `GET /category_tree/{id}/get_expired_categories`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExpiredCategories {
    /// Those that have another in their place.
    #[serde(deserialize_with = "list")]
    pub expired_categories: Vec<ExpiredCategory>,
}

/// A category that takes no listings any more.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExpiredCategory {
    /// The category.
    #[serde(deserialize_with = "text")]
    pub from_category_id: Option<String>,
    /// The one in its place.
    #[serde(deserialize_with = "text")]
    pub to_category_id: Option<String>,
}

/// `GET /category_tree/{id}/get_category_suggestions`, best first.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategorySuggestions {
    /// Suggestions.
    #[serde(deserialize_with = "list")]
    pub category_suggestions: Vec<CategorySuggestion>,
}

/// A suggested category with what lies above it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategorySuggestion {
    /// The category.
    #[serde(deserialize_with = "part")]
    pub category: CategoryName,
    /// What lies above it.
    #[serde(deserialize_with = "list")]
    pub category_tree_node_ancestors: Vec<Ancestor>,
}

/// A category's id and name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategoryName {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub category_id: Option<String>,
    /// Its name.
    pub category_name: Option<String>,
}

/// A category above another.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ancestor {
    /// Its name.
    pub category_name: Option<String>,
    /// Its depth, the root being 1.
    pub category_tree_node_level: Option<i64>,
}

/// `GET /category_tree/{id}/get_item_aspects_for_category`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Aspects {
    /// Aspects.
    #[serde(deserialize_with = "list")]
    pub aspects: Vec<Aspect>,
}

/// An aspect of a category.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Aspect {
    /// Its name; the key of the listing's aspects equals it.
    pub localized_aspect_name: Option<String>,
    /// What is demanded.
    #[serde(deserialize_with = "part")]
    pub aspect_constraint: AspectConstraint,
    /// Values that are allowed or suggested.
    #[serde(deserialize_with = "list")]
    pub aspect_values: Vec<AspectValue>,
}

/// What is demanded of an aspect.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AspectConstraint {
    /// The only field that tells what is mandatory.
    pub aspect_required: Option<bool>,
    /// About when it will be mandatory, as a date or an instant.
    pub expected_required_by_date: Option<String>,
    /// FREE_TEXT or SELECTION_ONLY.
    pub aspect_mode: Option<String>,
    /// Most characters of a value.
    pub aspect_max_length: Option<usize>,
    /// SINGLE or MULTI.
    pub item_to_aspect_cardinality: Option<String>,
    /// Whether variants may differ in it.
    pub aspect_enabled_for_variations: Option<bool>,
    /// STRING, STRING_ARRAY, NUMBER or DATE.
    pub aspect_data_type: Option<String>,
    /// NUMERIC_RANGE, whose form eBay does not tell.
    pub aspect_advanced_data_type: Option<String>,
    /// Of a number `int32` or `double`, of a date `YYYY`, `YYYYMM` or `YYYYMMDD`.
    pub aspect_format: Option<String>,
}

/// A value of an aspect.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AspectValue {
    /// The value.
    pub localized_value: Option<String>,
    /// Beside which values of other aspects it can be selected; empty for any.
    #[serde(deserialize_with = "list")]
    pub value_constraints: Vec<ValueConstraint>,
}

/// Beside which values of another aspect a value can be selected.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValueConstraint {
    /// The other aspect.
    pub applicable_for_localized_aspect_name: Option<String>,
    /// Its values.
    #[serde(deserialize_with = "list")]
    pub applicable_for_localized_aspect_values: Vec<String>,
}

/// `GET /marketplace/{id}/get_listing_structure_policies`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListingStructures {
    /// One per category.
    #[serde(deserialize_with = "list")]
    pub listing_structure_policies: Vec<ListingStructure>,
}

/// How a category lists.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListingStructure {
    /// The category.
    #[serde(deserialize_with = "text")]
    pub category_id: Option<String>,
    /// Whether it shows variants as one listing.
    pub variations_supported: Option<bool>,
}

/// `GET /marketplace/{id}/get_regulatory_policies`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RegulatoryPolicies {
    /// One per category.
    #[serde(deserialize_with = "list")]
    pub regulatory_policies: Vec<RegulatoryPolicy>,
}

/// What goods of a category must tell by law.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RegulatoryPolicy {
    /// The category.
    #[serde(deserialize_with = "text")]
    pub category_id: Option<String>,
    /// What can be told.
    #[serde(deserialize_with = "list")]
    pub supported_attributes: Vec<RegulatoryAttribute>,
}

/// Something that can be told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RegulatoryAttribute {
    /// RegulatoryAttributeEnum, whose words the contract does not list.
    pub name: Option<String>,
    /// OPTIONAL, RECOMMENDED or REQUIRED.
    pub usage: Option<String>,
}

/// `GET /marketplace/{id}/get_product_safety_labels` and
/// `GET /marketplace/{id}/get_hazardous_materials_labels`, which alone has signal words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Labels {
    /// The pictograms.
    #[serde(deserialize_with = "list")]
    pub pictograms: Vec<Label>,
    /// The statements.
    #[serde(deserialize_with = "list")]
    pub statements: Vec<Label>,
    /// The signal words.
    #[serde(deserialize_with = "list")]
    pub signal_words: Vec<Label>,
}

/// A pictogram, a statement or a signal word.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Label {
    /// Its code, the same on all sites.
    #[serde(
        alias = "pictogramId",
        alias = "statementId",
        alias = "signalWordId",
        deserialize_with = "text"
    )]
    pub id: Option<String>,
    /// What it says, in the site's language.
    #[serde(
        alias = "pictogramDescription",
        alias = "statementDescription",
        alias = "signalWordDescription"
    )]
    pub description: Option<String>,
}

/// `GET /marketplace/{id}/get_item_condition_policies`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionPolicies {
    /// One per category.
    #[serde(deserialize_with = "list")]
    pub item_condition_policies: Vec<ConditionPolicy>,
}

/// Which conditions a category takes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionPolicy {
    /// The category.
    #[serde(deserialize_with = "text")]
    pub category_id: Option<String>,
    /// The conditions.
    #[serde(deserialize_with = "list")]
    pub item_conditions: Vec<ItemCondition>,
}

/// A condition by its number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemCondition {
    /// Such as `1000`.
    #[serde(deserialize_with = "text")]
    pub condition_id: Option<String>,
    /// What tells goods of this condition apart.
    #[serde(deserialize_with = "list")]
    pub condition_descriptors: Vec<ItemConditionDescriptor>,
}

/// What tells goods of a condition apart, such as a card's grade.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemConditionDescriptor {
    /// Such as `27501`.
    #[serde(deserialize_with = "text")]
    pub condition_descriptor_id: Option<String>,
    /// Its name in the site's language.
    pub condition_descriptor_name: Option<String>,
    /// How it is said.
    #[serde(deserialize_with = "part")]
    pub condition_descriptor_constraint: DescriptorConstraint,
    /// What can be said.
    #[serde(deserialize_with = "list")]
    pub condition_descriptor_values: Vec<DescriptorValue>,
}

/// How a descriptor is said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DescriptorConstraint {
    /// REQUIRED, where it is.
    pub usage: Option<String>,
    /// FREE_TEXT, where its values are not given.
    pub mode: Option<String>,
    /// SINGLE or MULTI.
    pub cardinality: Option<String>,
    /// Most characters of a text.
    pub max_length: Option<usize>,
}

/// A value of a descriptor.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DescriptorValue {
    /// Such as `275010`.
    #[serde(deserialize_with = "text")]
    pub condition_descriptor_value_id: Option<String>,
    /// Its name in the site's language.
    pub condition_descriptor_value_name: Option<String>,
}
