//! What an offer says of the goods' safety, their use of energy and their repair (ebay.md §6.4,
//! `regulatory`), as the seller says it with attributes of reserved names.
//!
//! Pictograms, statements and signal words are said in eBay's codes, which are the same on all of
//! its sites; a colon and each site's own words may stand behind one and are not sent. Documents
//! are said by the ids that eBay gave them where they were uploaded: Barrow uploads none.

use barrow_market::AttributeRule;
use barrow_model::{Attributes, Problem};
use serde_json::{Map, Value, json};

use super::regulated::{Regulated, Subject};
use super::terms::{SAFETY_SITES, missing, not_allowed, rule, said, too_many};
use crate::config::SiteFacts;

/// Longest code of eBay's and id of a document that is taken for one.
const CODE_CHARS_MAX: usize = 100;
/// Longest code with its words.
const LABEL_CHARS_MAX: usize = 1_000;
/// Longest words that tell of a component (25080).
const COMPONENT_CHARS_MAX: usize = 120;
/// Where eBay tells no limit, its answer tells.
const UNTOLD_CHARS_MAX: usize = 4_000;

/// Sites outside of [`SAFETY_SITES`] on which telephones and tablets tell how they use energy, by
/// the contract of `energyEfficiencyLabel`.
const ENERGY_SITES: [&str; 3] = ["EBAY_US", "EBAY_AU", "EBAY_CA"];

/// eBay's own name of hosts that keep its pictures.
const PICTURE_HOST: &str = "ebayimg.com";

pub(super) const SAFETY_PICTOGRAMS: &str = "eBay: Product safety pictograms";
pub(super) const SAFETY_STATEMENTS: &str = "eBay: Product safety statements";
pub(super) const HAZARD_STATEMENTS: &str = "eBay: Hazard statements";
pub(super) const REPAIR_SCORE: &str = "eBay: Repair score";
pub(super) const DOCUMENTS: &str = "eBay: Safety documents";

/// How something is said.
#[derive(Clone, Copy)]
enum Form {
    /// By one of eBay's codes.
    Code,
    /// By its codes, at most so many.
    Codes(usize),
    /// By ids of documents that are there.
    Documents,
    /// In words, of at most so many characters.
    Words(usize),
    /// By the address of a picture that eBay keeps.
    Picture,
    /// By a number from 0.0 to 10.0 with at most one decimal.
    Score,
}

/// Something that can be said.
struct Fact {
    name: &'static str,
    /// eBay's names: of what it belongs to, if to anything, and its own.
    part: Option<&'static str>,
    field: &'static str,
    form: Form,
}

const fn fact(
    name: &'static str,
    part: Option<&'static str>,
    field: &'static str,
    form: Form,
) -> Fact {
    Fact {
        name,
        part,
        field,
        form,
    }
}

const SAFETY: Option<&str> = Some("productSafety");
const HAZARD: Option<&str> = Some("hazmat");
const ENERGY: Option<&str> = Some("energyEfficiencyLabel");

static FACTS: [Fact; 12] = [
    fact(SAFETY_PICTOGRAMS, SAFETY, "pictograms", Form::Codes(2)),
    fact(SAFETY_STATEMENTS, SAFETY, "statements", Form::Codes(8)),
    fact(
        "eBay: Product safety component",
        SAFETY,
        "component",
        Form::Words(COMPONENT_CHARS_MAX),
    ),
    fact(
        "eBay: Hazard pictograms",
        HAZARD,
        "pictograms",
        Form::Codes(4),
    ),
    fact(HAZARD_STATEMENTS, HAZARD, "statements", Form::Codes(8)),
    fact("eBay: Hazard signal word", HAZARD, "signalWord", Form::Code),
    fact(
        "eBay: Hazard component",
        HAZARD,
        "component",
        Form::Words(COMPONENT_CHARS_MAX),
    ),
    fact(
        "eBay: Energy label picture",
        ENERGY,
        "imageURL",
        Form::Picture,
    ),
    fact(
        "eBay: Energy label words",
        ENERGY,
        "imageDescription",
        Form::Words(UNTOLD_CHARS_MAX),
    ),
    fact(
        "eBay: Energy label information sheet",
        ENERGY,
        "productInformationSheet",
        Form::Picture,
    ),
    fact(REPAIR_SCORE, None, "repairScore", Form::Score),
    fact(DOCUMENTS, None, "documents", Form::Documents),
];

/// What cannot be left out where something of a part is said; of several in a row one is enough,
/// and the first is asked for (25081, 25083, 25084, 25109).
const NEEDED: [(Option<&str>, &[&str]); 5] = [
    (SAFETY, &["statements", "pictograms"]),
    (HAZARD, &["statements"]),
    (ENERGY, &["imageURL"]),
    (ENERGY, &["imageDescription"]),
    (ENERGY, &["productInformationSheet"]),
];

impl Fact {
    /// The values that are said, each of them once: eBay takes none twice (25077). Of codes the
    /// words are left away.
    fn said<'a>(&self, attributes: &'a Attributes) -> Vec<&'a str> {
        let values = attributes.get(self.name).into_iter().flatten();
        let mut said: Vec<&str> = Vec::new();
        for value in values {
            let value = match self.form {
                Form::Code | Form::Codes(_) => code(value),
                _ => value.trim(),
            };
            if !value.is_empty() && !said.contains(&value) {
                said.push(value);
            }
        }
        said
    }

    fn value(&self, said: &[&str]) -> Option<Value> {
        let first = said.first()?;
        match self.form {
            Form::Codes(_) => Some(json!(said)),
            Form::Code | Form::Words(_) | Form::Picture => Some(json!(first)),
            Form::Score => score(first).map(|score| json!(score)),
            Form::Documents => {
                let ids = said.iter();
                Some(ids.map(|id| json!({ "documentId": id })).collect())
            }
        }
    }

    /// What the law calls what it belongs to.
    fn subject(&self) -> Option<Subject> {
        match (self.part, self.form) {
            (SAFETY, _) => Some(Subject::Safety),
            (HAZARD, _) => Some(Subject::Hazard),
            (ENERGY, _) => Some(Subject::Energy),
            (_, Form::Score) => Some(Subject::Repair),
            (_, Form::Documents) => Some(Subject::Documents),
            _ => None,
        }
    }

    fn rule(&self, regulated: &Regulated) -> AttributeRule {
        let chars_max = match self.form {
            Form::Code | Form::Codes(_) => LABEL_CHARS_MAX,
            Form::Documents => CODE_CHARS_MAX,
            Form::Words(max) => max,
            Form::Picture | Form::Score => UNTOLD_CHARS_MAX,
        };
        AttributeRule {
            multiple: matches!(self.form, Form::Codes(_) | Form::Documents),
            values: regulated.labels(self.subject(), self.field),
            ..rule(self.name.to_owned(), &[], chars_max)
        }
    }

    /// What is wrong with the values that are said.
    fn wrong(&self, said: &[&str]) -> Option<Problem> {
        if let Form::Codes(most) = self.form
            && said.len() > most
        {
            return Some(too_many(self.name, most));
        }
        let (why, fits): (_, fn(&str) -> bool) = match self.form {
            Form::Words(_) => return None,
            Form::Code | Form::Codes(_) | Form::Documents => ("code", is_code),
            Form::Picture => ("picture", is_picture),
            Form::Score => ("score", |text| score(text).is_some()),
        };
        let wrong = said.iter().find(|value| !fits(value))?;
        let problem = not_allowed(self.name, "").param("why", why);
        Some(problem.param("value", wrong))
    }
}

/// A code without the words behind it.
fn code(value: &str) -> &str {
    let (code, _) = value.split_once(':').unwrap_or((value, ""));
    code.trim()
}

fn is_code(text: &str) -> bool {
    text.len() <= CODE_CHARS_MAX
        && text
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "-_.".contains(sign))
}

/// Whether two values of an attribute stand for the same of eBay's codes.
pub(super) fn same_code(name: &str, one: &str, other: &str) -> bool {
    let coded = |fact: &Fact| matches!(fact.form, Form::Code | Form::Codes(_));
    FACTS.iter().any(|fact| fact.name == name && coded(fact)) && code(one) == code(other)
}

/// Whether buyers of a site are told how safe goods are, whatever the category.
pub(super) fn asked_for(site: &SiteFacts) -> bool {
    SAFETY_SITES.contains(&site.id)
}

/// Whether an address is one of eBay's own pictures (25086).
fn is_picture(text: &str) -> bool {
    let path = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let host = path.and_then(|path| path.split('/').next());
    host.and_then(|host| host.strip_suffix(PICTURE_HOST))
        .is_some_and(|own| own.is_empty() || own.ends_with('.'))
}

/// A score: `7.9`, not `7.90` (25079).
fn score(text: &str) -> Option<f64> {
    let (whole, tenths) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|sign| sign.is_ascii_digit())
    };
    if !digits(whole, 2) || !digits(tenths, 1) {
        return None;
    }
    let score: f64 = text.parse().ok()?;
    (score <= 10.0).then_some(score)
}

/// What can be said on a site, of goods that the law asks this of.
pub(super) fn rules(site: &SiteFacts, regulated: &Regulated) -> Vec<AttributeRule> {
    let safety = asked_for(site);
    let energy = safety || ENERGY_SITES.contains(&site.id);
    let told = |fact: &Fact| fact.subject().is_some_and(|it| regulated.can_say(it));
    let facts = FACTS.iter();
    facts
        .filter(|fact| safety || (energy && fact.part == ENERGY) || told(fact))
        .map(|fact| fact.rule(regulated))
        .collect()
}

/// Tells what is said.
pub(super) fn tell(attributes: &Attributes, told: &mut Map<String, Value>) {
    for fact in &FACTS {
        let Some(value) = fact.value(&fact.said(attributes)) else {
            continue;
        };
        let Some(part) = fact.part else {
            told.insert(fact.field.to_owned(), value);
            continue;
        };
        let part = told.entry(part).or_insert_with(|| json!({}));
        part[fact.field] = value;
    }
}

/// What an offer that is there says.
pub(super) fn observed(regulatory: &Value) -> Attributes {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => number.as_f64().map(|number| format!("{number:.1}")),
        other => other["documentId"].as_str().map(str::to_owned),
    };
    let mut attributes = Attributes::new();
    for fact in &FACTS {
        let told = match fact.part {
            Some(part) => &regulatory[part][fact.field],
            None => &regulatory[fact.field],
        };
        let values: Vec<String> = match told {
            Value::Array(values) => values.iter().filter_map(text).collect(),
            one => text(one).into_iter().collect(),
        };
        let values: Vec<String> = values.into_iter().filter(|text| !text.is_empty()).collect();
        if !values.is_empty() {
            attributes.insert(fact.name.to_owned(), values);
        }
    }
    attributes
}

/// What eBay would refuse.
pub(super) fn problems(attributes: &Attributes) -> Vec<Problem> {
    let wrong = |fact: &Fact| fact.wrong(&fact.said(attributes));
    let mut problems: Vec<Problem> = FACTS.iter().filter_map(wrong).collect();
    for (part, needed) in NEEDED {
        let of_part = || FACTS.iter().filter(|fact| fact.part == part);
        let says = |fact: &Fact| said(attributes, fact.name).is_some();
        let of_field = |field: &&str| of_part().find(|fact| fact.field == *field);
        let any = of_part().any(says);
        if any && !needed.iter().filter_map(of_field).any(says) {
            let first = needed.first().and_then(of_field);
            problems.extend(first.map(|fact| missing(fact.name)));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use barrow_model::{Attributes, Site};
    use serde_json::{Map, Value, json};

    use super::{FACTS, is_picture, observed, problems, rules, same_code, score, tell};
    use crate::config::site_facts;
    use crate::map::regulated::Regulated;

    fn attributes(pairs: &[(&str, &[&str])]) -> Attributes {
        let said = |(name, values): &(&str, &[&str])| {
            let values = values.iter().map(|value| (*value).to_owned());
            (format!("eBay: {name}"), values.collect())
        };
        pairs.iter().map(said).collect()
    }

    fn told(said: &Attributes) -> Value {
        let mut told = Map::new();
        tell(said, &mut told);
        Value::Object(told)
    }

    const LABEL: &str = "https://i.ebayimg.com/00/s/label.jpg";

    #[test]
    fn what_was_said_is_sent_in_ebays_fields_and_read_back() {
        let said = attributes(&[
            ("Product safety pictograms", &["EBPSP101", "EBPSP201"]),
            ("Product safety statements", &["EBPSS101"]),
            ("Product safety component", &["Tipping hazard"]),
            ("Hazard pictograms", &["H1"]),
            ("Hazard statements", &["S1", "S2"]),
            ("Hazard signal word", &["W1"]),
            ("Hazard component", &["Acetone"]),
            ("Energy label picture", &[LABEL]),
            ("Energy label words", &["On a scale of A to G: E."]),
            ("Energy label information sheet", &[LABEL]),
            ("Repair score", &["7.9"]),
            ("Safety documents", &["d-1", "d-2"]),
        ]);
        assert_eq!(said.len(), FACTS.len());
        assert_eq!(problems(&said), []);
        let expected = json!({
            "productSafety": { "pictograms": ["EBPSP101", "EBPSP201"],
                "statements": ["EBPSS101"], "component": "Tipping hazard" },
            "hazmat": { "pictograms": ["H1"], "statements": ["S1", "S2"], "signalWord": "W1",
                "component": "Acetone" },
            "energyEfficiencyLabel": { "imageURL": LABEL, "productInformationSheet": LABEL,
                "imageDescription": "On a scale of A to G: E." },
            "repairScore": 7.9,
            "documents": [{ "documentId": "d-1" }, { "documentId": "d-2" }],
        });
        assert_eq!(told(&said), expected);
        assert_eq!(observed(&expected), said);
        assert_eq!(observed(&Value::Null), Attributes::new());
    }

    #[test]
    fn a_code_that_is_said_twice_is_sent_once() {
        let said = attributes(&[("Hazard statements", &["S1", " S1 ", "", "S2"])]);
        assert_eq!(
            told(&said),
            json!({ "hazmat": { "statements": ["S1", "S2"] } })
        );
    }

    #[test]
    fn the_words_behind_a_code_are_not_sent() {
        let said = attributes(&[
            (
                "Hazard statements",
                &["H225: Highly flammable: keep away", "H225"],
            ),
            ("Hazard signal word", &["DANGER : Gefahr"]),
            ("Hazard component", &["Acetone: 5 %"]),
        ]);
        assert_eq!(problems(&said), []);
        let expected = json!({ "hazmat": { "statements": ["H225"], "signalWord": "DANGER",
            "component": "Acetone: 5 %" } });
        assert_eq!(told(&said), expected);
        assert!(same_code(
            "eBay: Hazard statements",
            "H225",
            "H225: Highly flammable"
        ));
        assert!(!same_code(
            "eBay: Hazard statements",
            "H225",
            "H2: Highly flammable"
        ));
        assert!(!same_code(
            "eBay: Hazard component",
            "Acetone",
            "Acetone: 5 %"
        ));
    }

    #[test]
    fn scores_have_one_decimal_and_end_at_ten() {
        for (text, expected) in [
            ("7.9", Some(7.9)),
            ("0.0", Some(0.0)),
            ("10", Some(10.0)),
            ("10.1", None),
            ("2.10", None),
            ("7.", None),
            ("-1", None),
            ("7,9", None),
            ("nan", None),
        ] {
            assert_eq!(score(text), expected, "{text}");
        }
    }

    #[test]
    fn a_picture_is_on_ebays_hosts() {
        assert!(is_picture(LABEL));
        assert!(is_picture("http://i.sandbox.ebayimg.com/1.jpg"));
        for other in [
            "https://i.example/1.jpg",
            "https://notebayimg.com/1.jpg",
            "https://i.example/ebayimg.com",
            "ftp://i.ebayimg.com/1.jpg",
        ] {
            assert!(!is_picture(other), "{other}");
        }
    }

    #[test]
    fn sites_ask_for_what_their_buyers_are_told() {
        let named = |site: &str| {
            let facts = site_facts(&Site(site.to_owned())).unwrap();
            rules(facts, &Regulated::default()).len()
        };
        let counts = ["EBAY_DE", "EBAY_GB", "EBAY_US", "EBAY_HK"].map(named);
        assert_eq!(counts, [FACTS.len(), FACTS.len(), 3, 0]);
    }
}
