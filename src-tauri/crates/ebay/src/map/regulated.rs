//! What eBay tells of the law: what goods of a category must say of themselves, and the words of
//! its codes (ebay.md §6.4, Metadata's `getRegulatoryPolicies` and its calls for labels).

use barrow_model::{Attributes, CategoryId};

use super::terms::said;
use super::{persons, safety};
use crate::config::SiteFacts;
use crate::types::{Label, Labels, RegulatoryPolicies};

/// eBay's word for what a listing must say.
const REQUIRED: &str = "REQUIRED";

/// Something that the law may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Manufacturer,
    Responsible,
    Safety,
    Hazard,
    Energy,
    Repair,
    Documents,
}

/// Parts of eBay's words for each. The contract names the enumeration (`RegulatoryAttributeEnum`)
/// and lists no words of it: they are known by the names of the containers that they speak of, and
/// one that names none of these is left to eBay. Hazards come before safety.
const WORDS: [(&str, Subject); 7] = [
    ("MANUFACTURER", Subject::Manufacturer),
    ("RESPONSIBLE", Subject::Responsible),
    ("HAZ", Subject::Hazard),
    ("SAFETY", Subject::Safety),
    ("ENERGY", Subject::Energy),
    ("REPAIR", Subject::Repair),
    ("DOCUMENT", Subject::Documents),
];

/// What the law asks of goods, as eBay tells it.
#[derive(Clone, Debug, Default)]
pub struct Regulated {
    /// What can be said of goods of the category, and whether it must be.
    subjects: Vec<(Subject, bool)>,
    safety: Labels,
    hazards: Labels,
}

impl Regulated {
    /// What is told of a category.
    pub fn of(policies: &RegulatoryPolicies, category: &CategoryId) -> Self {
        let policies = policies.regulatory_policies.iter();
        let own = policies.filter(|one| one.category_id.as_deref() == Some(category.0.as_str()));
        let subjects = own
            .flat_map(|policy| &policy.supported_attributes)
            .filter_map(|told| {
                let name = told.name.as_deref()?.to_ascii_uppercase();
                let (_, subject) = WORDS.iter().find(|(word, _)| name.contains(word))?;
                Some((*subject, told.usage.as_deref() == Some(REQUIRED)))
            });
        Self {
            subjects: subjects.collect(),
            ..Self::default()
        }
    }

    /// Whether something is said there in eBay's codes.
    pub fn takes_codes(&self, site: &SiteFacts) -> bool {
        let can = |subject| self.can_say(subject);
        safety::asked_for(site) || can(Subject::Safety) || can(Subject::Hazard)
    }

    /// The same with the words of codes.
    #[must_use]
    pub fn with_labels(self, safety: Labels, hazards: Labels) -> Self {
        Self {
            safety,
            hazards,
            ..self
        }
    }

    pub(super) fn can_say(&self, subject: Subject) -> bool {
        self.subjects.iter().any(|(known, _)| *known == subject)
    }

    /// Whether an attribute must be said. What tells the use of energy is never asked for: eBay
    /// may have it of somebody else (`energyEfficiencyLabel`).
    pub(super) fn demands(&self, name: &str) -> bool {
        self.subjects.iter().any(|(subject, required)| {
            *required && first_attribute(*subject).is_some_and(|first| first == name)
        })
    }

    /// What can be said in the codes of an attribute, each with its words.
    pub(super) fn labels(&self, subject: Option<Subject>, field: &str) -> Vec<String> {
        let of = match subject {
            Some(Subject::Safety) => &self.safety,
            Some(Subject::Hazard) => &self.hazards,
            _ => return Vec::new(),
        };
        let labels = match field {
            "pictograms" => &of.pictograms,
            "statements" => &of.statements,
            "signalWord" => &of.signal_words,
            _ => return Vec::new(),
        };
        labels.iter().filter_map(label).collect()
    }
}

/// A code and what it says, in one line.
fn label(told: &Label) -> Option<String> {
    let code = told.id.as_deref().map(str::trim)?;
    let words = told.description.as_deref().unwrap_or_default();
    // Several values are told with a bar between them.
    let words = words.replace('|', "/");
    let words: Vec<&str> = words.split_whitespace().collect();
    match (code.is_empty(), words.is_empty()) {
        (true, _) => None,
        (false, true) => Some(code.to_owned()),
        (false, false) => Some(format!("{code}: {}", words.join(" "))),
    }
}

/// The attribute without which nothing is said of a subject.
fn first_attribute(subject: Subject) -> Option<&'static str> {
    match subject {
        Subject::Manufacturer => Some(persons::MANUFACTURER),
        Subject::Responsible => Some(persons::RESPONSIBLE),
        Subject::Safety => Some(safety::SAFETY_STATEMENTS),
        Subject::Hazard => Some(safety::HAZARD_STATEMENTS),
        Subject::Repair => Some(safety::REPAIR_SCORE),
        Subject::Documents => Some(safety::DOCUMENTS),
        Subject::Energy => None,
    }
}

/// Whether what must be said is said by another attribute: pictograms tell of safety like
/// statements do (25109).
pub(super) fn said_otherwise(attributes: &Attributes, name: &str) -> bool {
    name == safety::SAFETY_STATEMENTS && said(attributes, safety::SAFETY_PICTOGRAMS).is_some()
}

#[cfg(test)]
mod tests {
    use barrow_model::CategoryId;
    use serde_json::{Value, json};

    use super::{Regulated, Subject};

    fn regulated(attributes: Value) -> Regulated {
        let policies = json!({ "regulatoryPolicies": [
            { "categoryId": "8", "supportedAttributes": [
                { "name": "REPAIR_SCORE", "usage": "REQUIRED" }] },
            { "categoryId": "7", "supportedAttributes": attributes },
        ]});
        let policies = serde_json::from_value(policies).unwrap();
        Regulated::of(&policies, &CategoryId("7".to_owned()))
    }

    #[test]
    fn what_a_category_requires_is_demanded_by_its_first_attribute() {
        let told = regulated(json!([
            { "name": "MANUFACTURER", "usage": "REQUIRED" },
            { "name": "RESPONSIBLE_PERSON", "usage": "RECOMMENDED" },
            { "name": "ENERGY_EFFICIENCY_LABEL", "usage": "REQUIRED" },
            { "name": "SOMETHING_NEW", "usage": "REQUIRED" },
            { "usage": "REQUIRED" },
        ]));
        let demanded = |name: &str| told.demands(&format!("eBay: {name}"));
        assert!(demanded("Manufacturer"));
        assert!(!demanded("Manufacturer phone"));
        assert!(!demanded("EU responsible person"));
        assert!(!demanded("Energy label picture"));
        assert!(!demanded("Repair score"));
        assert!(told.can_say(Subject::Responsible) && told.can_say(Subject::Energy));
        assert!(!told.can_say(Subject::Repair));
    }

    #[test]
    fn labels_are_offered_with_their_words() {
        let labels = json!({ "statements": [
            { "statementId": "S1", "statementDescription": " Keep\naway  from fire " },
            { "statementId": "S2" },
            { "statementDescription": "of nothing" },
        ], "pictograms": null });
        let labels = serde_json::from_value(labels).unwrap();
        let told = regulated(json!([])).with_labels(labels, Default::default());
        let of_safety = told.labels(Some(Subject::Safety), "statements");
        assert_eq!(of_safety, ["S1: Keep away from fire", "S2"]);
        let none: [&str; 0] = [];
        assert_eq!(told.labels(Some(Subject::Hazard), "statements"), none);
        assert_eq!(told.labels(Some(Subject::Safety), "signalWord"), none);
    }
}
