//! What an offer that is there says beside its price and goods, under what Barrow says of it: Best
//! Offer, those who answer for the goods, their safety. Field by field, what Barrow wrote and says
//! no more goes; what was set by other means stays.

use serde_json::{Value, json};

use super::kept::{print, put_over, put_within, says, was_written, without};
use super::particulars;
use super::terms::RESERVED;

const POLICIES: &str = "listingPolicies";
const BEST_OFFER: &str = "bestOfferTerms";
/// What lets buyers make offers: the other terms cannot stand without it.
const TAKES_OFFERS: &str = "bestOfferEnabled";

const REGULATORY: &str = "regulatory";
/// Who makes the goods.
const MANUFACTURER: &str = "manufacturer";
/// Who answers for the goods in the EU.
const RESPONSIBLE: &str = "responsiblePersons";
/// The name of either; what else is told of him cannot stand without it.
const PERSON_NAME: &str = "companyName";
/// What is told of the goods in several fields.
const PARTS: [&str; 3] = ["productSafety", "hazmat", "energyEfficiencyLabel"];
/// What is told of them in one.
const SINGLE: [&str; 2] = ["repairScore", "documents"];

/// Names the terms that an offer is written with, like [`super::aspect_prints`] and beside them:
/// under reserved names, which no aspect has.
pub fn term_prints(offer: &Value) -> String {
    let of_part = |part: &str, told: &Value| -> String {
        let fields = told.as_object().into_iter().flatten();
        fields.map(|(field, _)| print(&term(part, field))).collect()
    };
    let regulatory = &offer[REGULATORY];
    let mut prints = of_part(BEST_OFFER, &offer[POLICIES][BEST_OFFER]);
    prints += &particulars::prints(offer);
    for part in PARTS {
        prints += &of_part(part, &regulatory[part]);
    }
    for field in SINGLE.iter().filter(|field| says(&regulatory[**field])) {
        prints += &print(&term(REGULATORY, field));
    }
    let maker = std::iter::once((MANUFACTURER, &regulatory[MANUFACTURER]));
    let persons = regulatory[RESPONSIBLE].as_array().into_iter().flatten();
    for (role, told) in maker.chain(persons.map(|told| (RESPONSIBLE, told))) {
        if let Some(name) = told[PERSON_NAME].as_str() {
            let person = person(role, name);
            prints += &of_part(&person, told);
            prints += &print(&person);
        }
    }
    prints
}

fn term(part: &str, field: &str) -> String {
    format!("{RESERVED}{part}.{field}")
}

fn person(role: &str, name: &str) -> String {
    format!("{RESERVED}{role} is {name}")
}

/// The offer that is there without what Barrow wrote of it and says no more. In the place of a
/// responsible person who goes while others are said stands nobody.
pub(super) fn terms_left(known: &Value, body: &Value, written: &str) -> Value {
    let mut left = known.clone();
    let own = &body[POLICIES][BEST_OFFER];
    if let Some(policies) = left.get_mut(POLICIES).and_then(Value::as_object_mut) {
        match policies.get_mut(BEST_OFFER) {
            Some(there) if !own.is_null() => {
                take_back(there, own, (BEST_OFFER, written));
            }
            _ if was_written(written, &term(BEST_OFFER, TAKES_OFFERS)) => {
                policies.remove(BEST_OFFER);
            }
            _ => {}
        }
    }
    let own = &body[REGULATORY];
    let Some(there) = left.get_mut(REGULATORY).and_then(Value::as_object_mut) else {
        return left;
    };
    for part in PARTS {
        if let Some(told) = there.get_mut(part) {
            let taken = take_back(told, &own[part], (part, written));
            // What would stand there alone is refused with all that Barrow says.
            if taken && own[part].is_null() && !stands(part, told) {
                *told = Value::Null;
            }
        }
    }
    let ours = |field: &str| was_written(written, &term(REGULATORY, field));
    there.retain(|field, _| !SINGLE.contains(&field.as_str()) || says(&own[field]) || !ours(field));
    if let Some(told) = there.get_mut(MANUFACTURER) {
        person_left(told, &[&own[MANUFACTURER]], (MANUFACTURER, written));
    }
    if let Some(persons) = there.get_mut(RESPONSIBLE).and_then(Value::as_array_mut) {
        let own: Vec<&Value> = own[RESPONSIBLE].as_array().into_iter().flatten().collect();
        for told in &mut *persons {
            person_left(told, &own, (RESPONSIBLE, written));
        }
        if own.is_empty() {
            persons.retain(says);
        }
    }
    there.retain(|_, told| says(told));
    left
}

/// Whether what is left of a part can stand without what is taken back (25081, 25083, 25084,
/// 25109).
fn stands(part: &str, told: &Value) -> bool {
    let has = |field: &str| says(&told[field]);
    match part {
        "productSafety" => has("pictograms") || has("statements"),
        "hazmat" => has("statements"),
        _ => has("imageURL") && has("productInformationSheet"),
    }
}

/// Takes back what Barrow wrote of somebody: what it does not say again, or all of him where it
/// does not name him.
fn person_left(there: &mut Value, own: &[&Value], (role, written): (&str, &str)) {
    let Some(name) = there[PERSON_NAME].as_str() else {
        return;
    };
    let person = person(role, name);
    if !was_written(written, &person) {
        return;
    }
    match own.iter().find(|own| own[PERSON_NAME] == name) {
        Some(own) => {
            take_back(there, own, (&person, written));
        }
        None => *there = Value::Null,
    }
}

/// Takes back the fields that Barrow wrote and does not say again; tells whether there were any.
fn take_back(there: &mut Value, own: &Value, (part, written): (&str, &str)) -> bool {
    let Some(there) = there.as_object_mut() else {
        return false;
    };
    let before = there.len();
    there.retain(|field, _| says(&own[field]) || !was_written(written, &term(part, field)));
    there.len() < before
}

/// Puts the terms that Barrow says over those that are left there, field by field.
pub(super) fn keep_terms(body: &mut Value, known: &Value) {
    let policies = &mut body[POLICIES];
    if policies[BEST_OFFER][TAKES_OFFERS] == json!(true) {
        put_within(policies, &known[POLICIES], BEST_OFFER);
    }
    if body.get(REGULATORY).is_none() {
        return;
    }
    let (own, there) = (&mut body[REGULATORY], &known[REGULATORY]);
    for part in PARTS {
        if own.get(part).is_some() {
            put_within(own, there, part);
        }
    }
    if let Some(own) = own.get_mut(MANUFACTURER)
        && (own[PERSON_NAME].is_null() || own[PERSON_NAME] == there[MANUFACTURER][PERSON_NAME])
    {
        put_over(own, without(&there[MANUFACTURER], &[]));
    }
    let persons = own.get_mut(RESPONSIBLE).and_then(Value::as_array_mut);
    if let (Some(own), Some(there)) = (persons, there[RESPONSIBLE].as_array()) {
        keep_persons(own, there);
    }
    put_within(body, known, REGULATORY);
}

/// Each person stands over the one of his name, or takes the place of another; the others stay
/// behind.
fn keep_persons(own: &mut Vec<Value>, there: &[Value]) {
    let of_name = |name: &Value| there.iter().find(|there| there[PERSON_NAME] == *name);
    let mut others: Vec<Option<&Value>> = there.iter().map(Some).collect();
    for (place, own) in own.iter_mut().enumerate() {
        match of_name(&own[PERSON_NAME]) {
            Some(same) => put_over(own, without(same, &[])),
            None => {
                if let Some(other) = others.get_mut(place) {
                    *other = None;
                }
            }
        }
    }
    let said = |name: &Value| own.iter().any(|own| own[PERSON_NAME] == *name);
    let others = others.into_iter().flatten().filter(|other| says(other));
    let others: Vec<Value> = others
        .filter(|other| !said(&other[PERSON_NAME]))
        .cloned()
        .collect();
    own.extend(others);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{keep_terms, term_prints, terms_left};

    /// What is sent of the goods where this is said, and this is there.
    fn sent(own: Value, there: Value, written: &str) -> Value {
        let mut body = json!({ "listingPolicies": {}, "regulatory": own });
        let known = json!({ "regulatory": there });
        let left = terms_left(&known, &body, written);
        keep_terms(&mut body, &left);
        body["regulatory"].clone()
    }

    fn prints(regulatory: &Value) -> String {
        term_prints(&json!({ "regulatory": regulatory }))
    }

    #[test]
    fn what_others_say_of_the_goods_stays_beside_what_barrow_says() {
        let there = json!({ "repairScore": 8.1, "documents": [{ "documentId": "d" }],
            "productSafety": { "pictograms": ["P"], "statements": ["S"] } });
        let own = json!({ "productSafety": { "statements": ["T"] } });
        let expected = json!({ "repairScore": 8.1, "documents": [{ "documentId": "d" }],
            "productSafety": { "pictograms": ["P"], "statements": ["T"] } });
        assert_eq!(sent(own, there.clone(), ""), expected);
        assert_eq!(sent(json!({}), there.clone(), ""), there);
    }

    #[test]
    fn what_barrow_wrote_of_the_goods_goes_with_what_cannot_stand_without_it() {
        let own = json!({ "repairScore": 7.9, "hazmat": { "statements": ["S"] },
            "productSafety": { "statements": ["T"] } });
        let there = json!({ "repairScore": 7.9, "documents": [{ "documentId": "d" }],
            "hazmat": { "statements": ["S"], "component": "Acetone" },
            "productSafety": { "statements": ["T"], "pictograms": ["P"] } });
        let left = json!({ "documents": [{ "documentId": "d" }],
            "productSafety": { "pictograms": ["P"] } });
        assert_eq!(sent(json!({}), there.clone(), &prints(&own)), left);
        assert_eq!(sent(own.clone(), there.clone(), &prints(&own)), there);
    }

    #[test]
    fn of_several_persons_those_of_others_stay() {
        let one = |name: &str, phone: &str| json!({ "companyName": name, "phone": phone });
        let persons = |list: &[Value]| json!({ "responsiblePersons": list });
        let check = |own: &[Value], there: &[Value], written: &str, expected: &[Value]| {
            let sent = sent(persons(own), persons(there), written);
            assert_eq!(sent["responsiblePersons"], json!(expected));
        };
        let (a, b, c) = (one("A", "1"), one("B", "2"), one("C", "3"));
        let all = [a.clone(), b.clone(), c.clone()];
        let written = prints(&persons(&all[..2]));
        check(&all[1..2], &all, &written, &all[1..]);
        check(&all[..2], &all, &written, &all);
        check(&all[..1], &[b.clone(), a.clone()], "", &[a, b]);
        let new = one("N", "4");
        check(
            std::slice::from_ref(&new),
            &all,
            &written,
            &[new.clone(), c.clone()],
        );
        let mine = json!({ "companyName": "C", "email": "c@c.example" });
        let both = json!({ "companyName": "C", "email": "c@c.example", "phone": "3" });
        check(&[mine], &[c], "", &[both]);
    }
}
