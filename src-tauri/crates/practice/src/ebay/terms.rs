//! What a listing says beside its aspects: what tells used goods apart, Best Offer (ebay.md §6.3,
//! §6.4).

use serde_json::{Value, json};

use super::answer::Problem;
use super::check::{condition_id, price_of};
use super::regulatory;
use super::site::Site;
use super::state::{Item, Offer};

/// Longest text of a descriptor that takes one.
const TEXT_CHARS_MAX: usize = 30;

/// Something that tells goods of a condition apart.
struct Descriptor {
    /// The condition's number.
    condition: &'static str,
    id: &'static str,
    name: &'static str,
    required: bool,
    /// Numbers and words; none where it is a text.
    values: &'static [(&'static str, &'static str)],
}

/// Cards that were graded, and cards that were not.
const OF_CARDS: &[Descriptor] = &[
    Descriptor {
        condition: "2750",
        id: "27501",
        name: "Professional Grader",
        required: true,
        values: &[
            ("275010", "Professional Sports Authenticator (PSA)"),
            ("275013", "Beckett Grading Services (BGS)"),
            ("2750123", "Other"),
        ],
    },
    Descriptor {
        condition: "2750",
        id: "27502",
        name: "Grade",
        required: true,
        values: &[("275020", "10"), ("275021", "9.5"), ("275022", "9")],
    },
    Descriptor {
        condition: "2750",
        id: "27503",
        name: "Certification Number",
        required: false,
        values: &[],
    },
    Descriptor {
        condition: "4000",
        id: "40001",
        name: "Card Condition",
        required: true,
        values: &[
            ("400010", "Near mint or better"),
            ("400011", "Excellent"),
            ("400012", "Very good"),
            ("400013", "Poor"),
        ],
    },
];

/// Categories of single cards.
const CARDS: [&str; 1] = ["261328"];

fn descriptors(category: &str, condition: &str) -> impl Iterator<Item = &'static Descriptor> {
    let of_category = if CARDS.contains(&category) {
        OF_CARDS
    } else {
        &[]
    };
    of_category
        .iter()
        .filter(move |one| one.condition == condition)
}

/// The descriptors of a condition in a category, as the Metadata API tells them.
pub(super) fn shown(category: &str, condition: &str) -> Vec<Value> {
    let shown = descriptors(category, condition).map(|one| {
        let values: Vec<Value> = one
            .values
            .iter()
            .map(|(id, name)| {
                json!({
                    "conditionDescriptorValueId": id,
                    "conditionDescriptorValueName": name,
                })
            })
            .collect();
        let mut constraint = json!({
            "cardinality": "SINGLE",
            "mode": if one.values.is_empty() { "FREE_TEXT" } else { "SELECTION_ONLY" },
            "usage": if one.required { "REQUIRED" } else { "OPTIONAL" },
        });
        if one.values.is_empty() {
            constraint["maxLength"] = json!(TEXT_CHARS_MAX);
        }
        json!({
            "conditionDescriptorId": one.id,
            "conditionDescriptorName": one.name,
            "conditionDescriptorConstraint": constraint,
            "conditionDescriptorValues": values,
        })
    });
    shown.collect()
}

/// Everything of this that keeps an offer from being a listing.
pub(super) fn problems(site: &Site, category: &str, item: &Item, offer: &Offer) -> Vec<Problem> {
    let mut problems = descriptor_problems(category, item);
    problems.extend(best_offer_problem(offer));
    let regulatory = offer.body.get("regulatory").unwrap_or(&Value::Null);
    problems.extend(regulatory::problems(site, category, regulatory));
    problems
}

fn descriptor_problems(category: &str, item: &Item) -> Vec<Problem> {
    let condition = item.body.get("condition").and_then(Value::as_str);
    let condition = condition.and_then(condition_id).unwrap_or_default();
    let told = item
        .body
        .get("conditionDescriptors")
        .and_then(Value::as_array);
    let told = told.map(Vec::as_slice).unwrap_or_default();
    let invalid = |what: &str| {
        let message = format!("The item condition information is invalid. {what}");
        Problem::inventory(25021, &message).with("0", what)
    };
    let mut problems = Vec::new();
    for one in descriptors(category, condition) {
        let Some(said) = told.iter().find(|said| said["name"] == one.id) else {
            if one.required {
                problems.push(invalid(&format!("{} is missing.", one.name)));
            }
            continue;
        };
        let values = said["values"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let text = said["additionalInfo"].as_str().unwrap_or_default();
        let known = |value: &Value| one.values.iter().any(|(id, _)| value == id);
        let fits = match one.values.is_empty() {
            true => values.is_empty() && (1..=TEXT_CHARS_MAX).contains(&text.chars().count()),
            false => values.len() == 1 && values.iter().all(known),
        };
        if !fits {
            problems.push(invalid(&format!("{} has a wrong value.", one.name)));
        }
    }
    problems
}

/// Both prices are below the listing's (ebay.md §6.4).
fn best_offer_problem(offer: &Offer) -> Option<Problem> {
    let terms = offer.body.get("listingPolicies")?.get("bestOfferTerms")?;
    if terms.get("bestOfferEnabled") != Some(&json!(true)) {
        return None;
    }
    let (price, currency) = offer.price()?;
    let read = |name: &str| terms.get(name).map(price_of);
    let (accepted, declined) = (read("autoAcceptPrice"), read("autoDeclinePrice"));
    let below = |told: &Option<Option<(i64, String)>>, limit: i64| match told {
        None => true,
        Some(Some((minor, own))) => *minor < limit && *own == currency,
        Some(None) => false,
    };
    let limit = match &accepted {
        Some(Some((minor, _))) => price.min(*minor),
        _ => price,
    };
    (!below(&accepted, price) || !below(&declined, limit)).then(|| {
        let message = "Invalid listing option. The Best Offer prices must be below the price.";
        Problem::inventory(25006, message).with("0", "bestOfferTerms")
    })
}
