//! Who makes the goods and who answers for them in the EU (ebay.md §6.4, `regulatory`), as the
//! seller says it with attributes of reserved names.

use barrow_market::AttributeRule;
use barrow_model::{Attributes, Problem};
use serde_json::{Map, Value, json};

use super::terms::{SAFETY_SITES, missing, not_allowed, rule, said};
use crate::config::SiteFacts;

pub(super) const MANUFACTURER: &str = "eBay: Manufacturer";
pub(super) const RESPONSIBLE: &str = "eBay: EU responsible person";

/// Most persons who answer for the goods (ebay.md §6.4).
const RESPONSIBLE_MAX: usize = 5;

/// What is told of each, eBay's name of it, and its most characters. The first is his name.
const FIELDS: [(&str, &str, usize); 8] = [
    ("", "companyName", 100),
    (" street", "addressLine1", 180),
    (" city", "city", 64),
    (" postal code", "postalCode", 9),
    (" country", "country", 2),
    (" e-mail", "email", 180),
    (" phone", "phone", 64),
    (" web page", "contactUrl", 250),
];

/// What makes an address: all of it or none (25110, 25113).
const ADDRESS: [&str; 4] = ["addressLine1", "city", "postalCode", "country"];

/// The one site whose buyers are under the EU's rules in a part of the country alone: who answers
/// for the goods need not be in the EU.
const PARTLY_EU: &str = "EBAY_GB";

/// The countries of the EU, with Northern Ireland, to whose goods its rules apply.
const EU: [&str; 28] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
];

/// The one kind of responsible person that eBay knows (ebay.md §6.4).
const EU_PERSON: &str = "EUResponsiblePerson";

/// The name of a responsible person's attribute; the first has no number.
fn responsible(place: usize) -> String {
    match place {
        0 => RESPONSIBLE.to_owned(),
        _ => format!("{RESPONSIBLE} {}", place + 1),
    }
}

fn rules_of(role: &str) -> impl Iterator<Item = AttributeRule> {
    let fields = FIELDS.iter();
    fields.map(move |(part, _, max)| rule(format!("{role}{part}"), &[], *max))
}

/// Who makes the goods, and who answers for them.
pub(super) fn rules() -> Vec<AttributeRule> {
    let maker = rules_of(MANUFACTURER);
    maker.chain(rules_of(RESPONSIBLE)).collect()
}

/// The others who answer for them: few sellers have any.
pub(super) fn more_rules() -> Vec<AttributeRule> {
    let others = (1..RESPONSIBLE_MAX).map(responsible);
    others
        .flat_map(|role| rules_of(&role).collect::<Vec<_>>())
        .collect()
}

fn person(attributes: &Attributes, role: &str) -> Map<String, Value> {
    let mut person = Map::new();
    for (part, own, _) in FIELDS {
        if let Some(text) = said(attributes, &format!("{role}{part}")) {
            person.insert(own.to_owned(), json!(text));
        }
    }
    person
}

/// Tells those of whom something is said.
pub(super) fn tell(attributes: &Attributes, told: &mut Map<String, Value>) {
    let maker = person(attributes, MANUFACTURER);
    if !maker.is_empty() {
        told.insert("manufacturer".to_owned(), Value::Object(maker));
    }
    let persons = (0..RESPONSIBLE_MAX).map(|place| person(attributes, &responsible(place)));
    let persons = persons.filter(|person| !person.is_empty());
    let persons: Vec<Value> = persons
        .map(|mut person| {
            person.insert("types".to_owned(), json!([EU_PERSON]));
            Value::Object(person)
        })
        .collect();
    if !persons.is_empty() {
        told.insert("responsiblePersons".to_owned(), Value::Array(persons));
    }
}

/// Who stands in an offer that is there.
pub(super) fn observed(regulatory: &Value) -> Attributes {
    let maker = (MANUFACTURER.to_owned(), &regulatory["manufacturer"]);
    let persons = regulatory["responsiblePersons"].as_array();
    let persons = persons.into_iter().flatten().take(RESPONSIBLE_MAX);
    let persons = persons
        .enumerate()
        .map(|(place, told)| (responsible(place), told));
    let mut attributes = Attributes::new();
    for (role, told) in std::iter::once(maker).chain(persons) {
        for (part, own, _) in FIELDS {
            let text = told[own].as_str().map(str::trim);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                attributes.insert(format!("{role}{part}"), vec![text.to_owned()]);
            }
        }
    }
    attributes
}

/// What eBay would refuse.
pub(super) fn problems(site: &SiteFacts, attributes: &Attributes) -> Vec<Problem> {
    let roles = (0..RESPONSIBLE_MAX).map(responsible);
    let roles = std::iter::once(MANUFACTURER.to_owned()).chain(roles);
    let persons: Vec<(String, Map<String, Value>)> = roles
        .map(|role| {
            let person = person(attributes, &role);
            (role, person)
        })
        .collect();
    let mut problems: Vec<Problem> = persons
        .iter()
        .flat_map(|(role, person)| problems_of(role, person))
        .collect();
    let persons = persons.iter().map(|(_, person)| person);
    let countries: Vec<Option<&str>> = persons
        .filter(|person| !person.is_empty())
        .map(|person| person.get("country").and_then(Value::as_str))
        .collect();
    // Of one whose country is not told nobody knows that he is elsewhere (25115).
    let inside = |country: &str| EU.iter().any(|known| known.eq_ignore_ascii_case(country));
    let outside = |country: &Option<&str>| country.is_some_and(|it| !inside(it));
    let in_eu = SAFETY_SITES.contains(&site.id) && site.id != PARTLY_EU;
    if in_eu && !countries.is_empty() && countries.iter().all(outside) {
        let country = format!("{RESPONSIBLE} country");
        problems.push(not_allowed(&country, "").param("why", "outside"));
    }
    problems
}

fn problems_of(role: &str, person: &Map<String, Value>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let has = |field: &str| person.contains_key(field);
    // eBay wants his name, and one way to reach him (25111, 25114, 25118, 25119).
    let reached = ["addressLine1", "email", "phone", "contactUrl"];
    let reached = reached.iter().any(|field| has(field));
    if !person.is_empty() && !has("companyName") {
        problems.push(missing(role));
    } else if !person.is_empty() && !reached {
        problems.push(missing(&format!("{role} e-mail")));
    }
    let partly = ADDRESS.iter().any(|field| has(field));
    for (part, field, _) in FIELDS {
        if partly && ADDRESS.contains(&field) && !has(field) {
            problems.push(missing(&format!("{role}{part}")));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use barrow_model::{Attributes, Site};
    use serde_json::{Map, Value, json};

    use super::{observed, problems, tell};
    use crate::config::{SiteFacts, site_facts};
    use crate::map::terms::attributes;

    fn facts(site: &str) -> &'static SiteFacts {
        site_facts(&Site(site.to_owned())).unwrap()
    }

    #[test]
    fn five_persons_at_most_answer_for_the_goods() {
        let numbered = |place: u32| match place {
            1 => String::new(),
            _ => format!(" {place}"),
        };
        let mut said = Attributes::new();
        for place in 1..=6 {
            let role = format!("eBay: EU responsible person{}", numbered(place));
            said.insert(role.clone(), vec![format!("Person {place}")]);
            said.insert(format!("{role} phone"), vec![place.to_string()]);
        }
        let mut told = Map::new();
        tell(&said, &mut told);
        let persons = told["responsiblePersons"].as_array().unwrap();
        assert_eq!(persons.len(), 5);
        assert_eq!(
            persons[4],
            json!({ "companyName": "Person 5", "phone": "5",
            "types": ["EUResponsiblePerson"] })
        );
        let read = observed(&Value::Object(told));
        said.retain(|name, _| !name.contains('6'));
        assert_eq!(read, said);
    }

    #[test]
    fn each_person_has_a_name() {
        let said = attributes(&[("eBay: EU responsible person 2 phone", "1")]);
        let told = problems(facts("EBAY_DE"), &said);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].params["attribute"], "eBay: EU responsible person 2");
    }

    #[test]
    fn somebody_in_the_eu_answers_for_what_is_sold_there() {
        let check = |site: &str, countries: [&str; 2], expected: bool| {
            let mut said = Attributes::new();
            let roles = ["eBay: Manufacturer", "eBay: EU responsible person"];
            for (role, country) in roles.into_iter().zip(countries) {
                if country.is_empty() {
                    continue;
                }
                for (part, text) in [("", "A"), (" street", "1"), (" city", "C")] {
                    said.insert(format!("{role}{part}"), vec![text.to_owned()]);
                }
                for (part, text) in [(" postal code", "1"), (" country", country)] {
                    said.insert(format!("{role}{part}"), vec![text.to_owned()]);
                }
            }
            let told = problems(facts(site), &said);
            let outside = told
                .iter()
                .any(|problem| problem.params["why"] == "outside");
            assert_eq!(outside, expected, "{site} {countries:?}");
        };
        check("EBAY_DE", ["US", ""], true);
        check("EBAY_DE", ["US", "CN"], true);
        check("EBAY_DE", ["US", "IE"], false);
        check("EBAY_DE", ["de", ""], false);
        check("EBAY_GB", ["GB", ""], false);
        check("EBAY_DE", ["", ""], false);
    }
}
