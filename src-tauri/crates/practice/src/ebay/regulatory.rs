//! What an offer says of those who answer for the goods, of their safety, their use of energy and
//! their repair (ebay.md §6.4, §12: 25076 to 25122).

use serde_json::{Value, json};

use super::answer::Problem;
use super::labels::{self, Label};
use super::site::Site;

/// Most persons who answer for the goods.
const PERSONS_MAX: usize = 5;
/// Longest words that tell of a component.
const COMPONENT_CHARS_MAX: usize = 120;
/// Where eBay keeps pictures.
const PICTURES: &str = "https://i.ebayimg.com/";

/// Codes of one field, and the most of them that an offer has.
struct Codes {
    field: &'static str,
    most: usize,
    known: &'static [Label],
}

const fn codes(field: &'static str, most: usize, known: &'static [Label]) -> Codes {
    Codes { field, most, known }
}

const OF_SAFETY: [Codes; 2] = [
    codes("pictograms", 2, labels::SAFETY[0]),
    codes("statements", 8, labels::SAFETY[1]),
];

const OF_HAZARDS: [Codes; 3] = [
    codes("pictograms", 4, labels::HAZARDS[0]),
    codes("statements", 8, labels::HAZARDS[1]),
    codes("signalWord", 1, labels::HAZARDS[2]),
];

/// Members of the EU, whose buyers must be told who answers for goods.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Categories whose goods children play with, and one whose goods burn.
const TOYS: [&str; 3] = ["183446", "2617", "19006"];
const CANDLES: &str = "46782";

/// What a category of a site asks of goods by law: eBay's words for what, and whether a listing
/// must have it.
pub(super) fn asked(site: &Site, category: &str) -> Vec<(&'static str, bool)> {
    let eu = EU.contains(&site.country);
    if !eu && site.country != "GB" {
        return match category {
            CANDLES => vec![("HAZMAT", false)],
            _ => Vec::new(),
        };
    }
    let toys = eu && TOYS.contains(&category);
    vec![
        ("MANUFACTURER", toys || (eu && category == CANDLES)),
        ("RESPONSIBLE_PERSON", false),
        ("PRODUCT_SAFETY", toys),
        ("HAZMAT", eu && category == CANDLES),
        ("DOCUMENTS", false),
    ]
}

const NO_MANUFACTURER: &str =
    "Manufacturer information is incomplete. Please provide the company name.";
const NO_SAFETY: &str = "Product safety information incomplete. Your listing must include \
                         pictograms or safety statements.";
const NO_HAZARDS: &str = "Hazardous material information incomplete. Your listing must include \
                          hazardous statements.";

/// Documents that the seller has uploaded.
const DOCUMENTS: [&str; 3] = ["doc-manual-de", "doc-manual-fr", "doc-declaration"];

fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Everything of this that keeps an offer from being a listing.
pub(super) fn problems(site: &Site, category: &str, regulatory: &Value) -> Vec<Problem> {
    let mut problems = left_out(site, category, regulatory);
    problems.extend(person_problems(regulatory));
    problems.extend(outside_problem(site, regulatory));
    problems.extend(safety_problems(&regulatory["productSafety"]));
    problems.extend(hazard_problems(&regulatory["hazmat"]));
    problems.extend(energy_problems(&regulatory["energyEfficiencyLabel"]));
    problems.extend(score_problem(&regulatory["repairScore"]));
    let documents = regulatory["documents"].as_array().into_iter().flatten();
    for document in documents {
        let id = document["documentId"].as_str().unwrap_or_default();
        if !DOCUMENTS.contains(&id) {
            let message =
                format!("Regulatory document ID(s) {id} not found. Please use valid ID(s).");
            problems.push(Problem::inventory(25104, &message).with("0", id));
        }
    }
    problems
}

/// What a category must have and the offer has nothing of.
fn left_out(site: &Site, category: &str, regulatory: &Value) -> Vec<Problem> {
    let required = asked(site, category).into_iter();
    let required = required.filter(|(_, required)| *required);
    required
        .filter_map(|(what, _)| {
            let (field, id, message) = match what {
                "MANUFACTURER" => ("manufacturer", 25111, NO_MANUFACTURER),
                "PRODUCT_SAFETY" => ("productSafety", 25109, NO_SAFETY),
                "HAZMAT" => ("hazmat", 25081, NO_HAZARDS),
                _ => return None,
            };
            (!says(&regulatory[field])).then(|| Problem::inventory(id, message))
        })
        .collect()
}

/// Somebody in the EU answers for goods that are sold there, where it is told where anybody is.
fn outside_problem(site: &Site, regulatory: &Value) -> Option<Problem> {
    let persons = regulatory["responsiblePersons"].as_array();
    let persons = std::iter::once(&regulatory["manufacturer"])
        .chain(persons.into_iter().flatten())
        .filter(|person| says(person));
    let countries: Vec<&str> = persons
        .map(|person| person["country"].as_str().unwrap_or_default())
        .collect();
    let inside = |country: &&str| country.is_empty() || EU.contains(country);
    let outside = !countries.is_empty() && !countries.iter().any(inside);
    (outside && EU.contains(&site.country)).then(|| {
        let message = "Either the Manufacturer or at least one of the Responsible Persons must be \
                       located in the EU.";
        Problem::inventory(25115, message)
    })
}

fn person_problems(regulatory: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(manufacturer) = regulatory.get("manufacturer") {
        problems.extend(person_problem(
            manufacturer,
            "Manufacturer",
            [25111, 25118, 25110],
        ));
    }
    let persons = regulatory["responsiblePersons"].as_array();
    if persons.is_some_and(|persons| persons.len() > PERSONS_MAX) {
        let field = "responsiblePersons";
        let message = format!(
            "Responsible Person structure incorrect for {field}. Max allowed number of entries is \
             {PERSONS_MAX}."
        );
        let problem = Problem::inventory(25112, &message).with("0", field);
        problems.push(problem.with("1", &PERSONS_MAX.to_string()));
    }
    for person in persons.into_iter().flatten() {
        problems.extend(person_problem(
            person,
            "Responsible Person",
            [25114, 25119, 25113],
        ));
        if person.get("types") != Some(&json!(["EUResponsiblePerson"])) {
            let message = "Please provide a minimum of 1 and a maximum of 1 types for a \
                           Responsible Person.";
            problems.push(Problem::inventory(25116, message));
        }
    }
    problems
}

/// Name, a way to reach him, and the whole address where one is given, by their numbers.
fn person_problem(
    person: &Value,
    who: &str,
    [name, contact, address]: [u32; 3],
) -> Option<Problem> {
    let has = |field: &str| person[field].as_str().is_some_and(|text| !text.is_empty());
    let parts = ["addressLine1", "city", "postalCode", "country"];
    let partly = parts.iter().any(|field| has(field));
    let whole = parts.iter().all(|field| has(field));
    if !has("companyName") {
        let message = format!("{who} information is incomplete. Please provide the company name.");
        return Some(Problem::inventory(name, &message));
    }
    if partly && !whole {
        let message = format!(
            "{who} address information is incomplete. When providing the address, please provide \
             the street, city, postal code and country"
        );
        return Some(Problem::inventory(address, &message));
    }
    if !whole
        && !["email", "contactUrl", "phone"]
            .iter()
            .any(|field| has(field))
    {
        let message = format!(
            "Seller must provide at least one form of contact info for {who} - either address, \
             email, contact URL or phone."
        );
        return Some(Problem::inventory(contact, &message));
    }
    None
}

/// Codes that eBay does not know, and more of them than it takes, which it tells with a number of
/// each container's own.
fn code_problems(told: &Value, codes: &[Codes], what: &str, structure: u32) -> Vec<Problem> {
    let mut problems = Vec::new();
    for Codes { field, most, known } in codes {
        let said = match &told[*field] {
            Value::Array(values) => values.iter().collect(),
            one if says(one) => vec![one],
            _ => Vec::new(),
        };
        if said.len() > *most {
            let message = format!(
                "{what} structure incorrect for {field}. Max allowed number of entries is {most}."
            );
            let problem = Problem::inventory(structure, &message).with("0", field);
            problems.push(problem.with("1", &most.to_string()));
        }
        let said = said
            .into_iter()
            .map(|code| code.as_str().unwrap_or_default());
        let known = |code: &&str| known.iter().any(|(id, _)| id == code);
        let unknown: Vec<&str> = said.filter(|code| !known(code)).collect();
        if !unknown.is_empty() {
            let (field, ids) = (format!("{what} {field}"), unknown.join(", "));
            let message = format!("{field} ID(s) {ids} not found. Please use valid ID(s).");
            let problem = Problem::inventory(25076, &message).with("0", &field);
            problems.push(problem.with("1", &ids));
        }
    }
    problems
}

fn component_problem(told: &Value) -> Option<Problem> {
    let component = told["component"].as_str().unwrap_or_default();
    (component.chars().count() > COMPONENT_CHARS_MAX).then(|| {
        let message = format!(
            "The value of the component field is invalid. Field must not exceed \
             {COMPONENT_CHARS_MAX} characters."
        );
        Problem::inventory(25080, &message).with("0", "component")
    })
}

fn safety_problems(told: &Value) -> Vec<Problem> {
    let mut problems = code_problems(told, &OF_SAFETY, "Product Safety", 25108);
    problems.extend(component_problem(told));
    if says(told) && !says(&told["pictograms"]) && !says(&told["statements"]) {
        problems.push(Problem::inventory(25109, NO_SAFETY));
    }
    problems
}

fn hazard_problems(told: &Value) -> Vec<Problem> {
    let mut problems = code_problems(told, &OF_HAZARDS, "Hazmat", 25078);
    problems.extend(component_problem(told));
    if says(told) && !says(&told["statements"]) {
        problems.push(Problem::inventory(25081, NO_HAZARDS));
    }
    problems
}

fn energy_problems(told: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let addresses = [&told["imageURL"], &told["productInformationSheet"]];
    let [image, sheet] = addresses.map(says);
    if says(&told["imageDescription"]) && !image {
        let message = "Energy efficiency image is missing.  Image is required with image \
                       description.";
        problems.push(Problem::inventory(25083, message));
    }
    if image != sheet {
        let message = "The listing must have both an energy efficiency label and a product \
                       information sheet.";
        problems.push(Problem::inventory(25084, message));
    }
    let elsewhere = |address: &&Value| {
        let address = address.as_str().unwrap_or_default();
        !address.is_empty() && !address.starts_with(PICTURES)
    };
    if addresses.iter().any(elsewhere) {
        let message = "The URL provided must be an eBay Picture Service URL.";
        problems.push(Problem::inventory(25086, message));
    }
    problems
}

/// From 0.0 to 10.0, with one decimal.
fn score_problem(told: &Value) -> Option<Problem> {
    if !says(told) {
        return None;
    }
    let fits = told.as_f64().is_some_and(|score| {
        let tenths = told.to_string();
        let decimals = tenths
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        (0.0..=10.0).contains(&score) && decimals <= 1
    });
    (!fits).then(|| {
        let message = "Repair score invalid. Repair score must be in the range from 0.0 to 10.0 \
                       with one decimal place.";
        let problem = Problem::inventory(25079, message).with("0", "0.0");
        problem.with("1", "10.0")
    })
}
