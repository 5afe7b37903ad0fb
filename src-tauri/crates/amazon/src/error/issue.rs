//! What is wrong with a listing or a message: categories first, because codes are opaque and
//! change; never the text, which is localised (amazon.md §4.2).

use barrow_model::{Problem, ProblemKind};

use crate::types::listing::Issue;

/// Codes that say more than their category (amazon.md §4.2).
const CODES_FIRST: &[(&str, ProblemKind)] = &[
    ("8541", ProblemKind::GtinConflict),
    ("18299", ProblemKind::ApprovalNeeded),
    ("5665", ProblemKind::ApprovalNeeded),
];

/// Categories.
const CATEGORIES: &[(&str, ProblemKind)] = &[
    ("QUALIFICATION_REQUIRED", ProblemKind::ApprovalNeeded),
    ("DUPLICATE", ProblemKind::ListingDuplicate),
    ("MISSING_PRICE", ProblemKind::PriceMissing),
    ("INVALID_PRICE", ProblemKind::PriceRefused),
    ("MISSING_IMAGE", ProblemKind::ImageMissing),
    ("INVALID_IMAGE", ProblemKind::ImageInvalid),
    ("MISSING_ATTRIBUTE", ProblemKind::AttributeMissing),
    ("INVALID_ATTRIBUTE", ProblemKind::AttributeInvalid),
];

/// Codes where there is no category, as in a feed's report.
const CODES: &[(&str, ProblemKind)] = &[
    ("90220", ProblemKind::AttributeMissing),
    ("99022", ProblemKind::AttributeMissing),
    ("90000900", ProblemKind::AttributeInvalid),
    ("4000001", ProblemKind::AttributeInvalid),
];

/// Attributes that an offer sends: ours, what it is when it is missing, and when it is not taken.
const FIELDS: &[(&str, &str, ProblemKind, ProblemKind)] = &[
    (
        "purchasable_offer",
        "price",
        ProblemKind::PriceMissing,
        ProblemKind::PriceRefused,
    ),
    (
        "fulfillment_availability",
        "quantity",
        ProblemKind::FieldMissing,
        ProblemKind::QuantityRefused,
    ),
    (
        "condition_type",
        "condition",
        ProblemKind::ConditionInvalid,
        ProblemKind::ConditionInvalid,
    ),
    (
        "condition_note",
        "attributes.condition_note",
        ProblemKind::FieldMissing,
        ProblemKind::FieldInvalid,
    ),
    (
        "merchant_suggested_asin",
        "asin",
        ProblemKind::PageMissing,
        ProblemKind::PageMissing,
    ),
    (
        "externally_assigned_product_identifier",
        "gtin",
        ProblemKind::GtinMissing,
        ProblemKind::GtinInvalid,
    ),
];

/// Whether it keeps the listing from what was wanted.
pub(crate) fn is_error(issue: &Issue) -> bool {
    issue.severity.text() == Some("ERROR")
}

/// The issue to tell first: the first error that the tables know, else the first error.
pub(crate) fn worst<'a>(issues: impl Iterator<Item = &'a Issue> + Clone) -> Option<&'a Issue> {
    let mut errors = issues.filter(|issue| is_error(issue));
    let first = errors.clone().next();
    errors
        .find(|issue| issue_problem(issue).kind != ProblemKind::Refused)
        .or(first)
}

/// Whether an issue is about one of these attributes.
pub(crate) fn concerns(issue: &Issue, attributes: &[&str]) -> bool {
    names(issue).any(|name| attributes.contains(&name))
}

/// The top-level attributes that an issue names.
fn names(issue: &Issue) -> impl Iterator<Item = &str> {
    let listed = issue
        .attribute_names
        .0
        .iter()
        .filter_map(|name| name.text());
    let alone = issue.attribute_name.text();
    listed
        .chain(alone)
        .map(|name| name.split(['.', '/', '[']).next().unwrap_or(name))
}

/// What an issue means, with Amazon's own code and words.
pub(crate) fn issue_problem(issue: &Issue) -> Problem {
    let code = issue.code.text().unwrap_or("UNKNOWN");
    let by_code = |table: &[(&str, ProblemKind)]| {
        let found = table.iter().find(|(known, _)| *known == code);
        found.map(|(_, kind)| *kind)
    };
    let by_category = || {
        let told = issue.categories.0.iter().filter_map(|c| c.text());
        CATEGORIES
            .iter()
            .find(|(known, _)| told.clone().any(|category| category == *known))
            .map(|(_, kind)| *kind)
    };
    let kind = by_code(CODES_FIRST)
        .or_else(by_category)
        .or_else(|| by_code(CODES))
        .unwrap_or(ProblemKind::Refused);
    let attribute = names(issue).next();
    let known = FIELDS
        .iter()
        .find(|(theirs, _, _, _)| Some(*theirs) == attribute);
    let mut problem = match (kind, known) {
        (ProblemKind::AttributeMissing, Some((_, ours, missing, _))) => {
            Problem::new(*missing).field(*ours)
        }
        (ProblemKind::AttributeInvalid, Some((_, ours, _, invalid))) => {
            Problem::new(*invalid).field(*ours)
        }
        (kind, Some((_, ours, _, _))) => Problem::new(kind).field(*ours),
        (kind, None) => match attribute {
            Some(name) => Problem::new(kind).field(format!("attributes.{name}")),
            None => Problem::new(kind),
        },
    };
    if let Some(name) = attribute {
        problem = problem.param("attribute", name);
    }
    problem.vendor(code, issue.message.text().unwrap_or_default())
}
