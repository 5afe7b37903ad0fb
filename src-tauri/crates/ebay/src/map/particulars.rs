//! What a seller may say of a listing in one field each: a subtitle, his store's categories, the
//! VAT, how used goods look. He says it with attributes of reserved names.

use barrow_market::{AttributeRule, ValueForm};
use barrow_model::{Attributes, CategoryId, Condition, Problem};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};

use super::kept::{print, says, was_written};
use super::terms::{NO, RESERVED, SAFETY_SITES, YES, not_allowed, rule, too_many};
use crate::config::SiteFacts;

/// Most of a store's categories that a listing stands in (`storeCategoryNames`).
const STORE_CATEGORIES_MAX: usize = 2;
/// Most characters of a path of a store's categories: three names of up to 35 with slashes.
const STORE_CATEGORY_CHARS_MAX: usize = 3 * 36;
/// Most characters of a number.
const NUMBER_CHARS_MAX: usize = 10;
/// Digits behind the point of a VAT rate (ebay.md §6.4).
const VAT_SCALE_MAX: u32 = 3;
/// A site beside the EU's whose sellers name a VAT rate.
const VAT_ELSEWHERE: &str = "EBAY_CH";

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text {
        chars_max: usize,
    },
    Texts,
    Category,
    /// A whole number, not below the first.
    Whole(i64),
    Percent,
    YesNo,
}

/// One field, and what says it.
#[derive(Debug)]
struct Particular {
    name: &'static str,
    /// Where it stands in item or offer.
    path: &'static [&'static str],
    form: Form,
}

/// What an item has (ebay.md §6.2).
const OF_ITEM: [Particular; 2] = [
    Particular {
        name: "eBay: Subtitle",
        path: &["product", "subtitle"],
        form: Form::Text { chars_max: 55 },
    },
    Particular {
        name: CONDITION_DESCRIPTION,
        path: &["conditionDescription"],
        form: Form::Text { chars_max: 1000 },
    },
];

const CONDITION_DESCRIPTION: &str = "eBay: Condition description";
const VAT: &str = "eBay: VAT percent";

/// What an offer has (ebay.md §6.4).
const OF_OFFER: [Particular; 6] = [
    Particular {
        name: "eBay: Store category",
        path: &["storeCategoryNames"],
        form: Form::Texts,
    },
    Particular {
        name: "eBay: Second category",
        path: &["secondaryCategoryId"],
        form: Form::Category,
    },
    Particular {
        name: "eBay: Most per buyer",
        path: &["quantityLimitPerBuyer"],
        form: Form::Whole(1),
    },
    Particular {
        name: "eBay: Lot size",
        path: &["lotSize"],
        form: Form::Whole(2),
    },
    Particular {
        name: VAT,
        path: &["tax", "vatPercentage"],
        form: Form::Percent,
    },
    Particular {
        name: "eBay: Private listing",
        path: &["hideBuyerDetails"],
        form: Form::YesNo,
    },
];

/// Conditions of which eBay takes no description and says so, in its words (ebay.md §6.2).
const WITHOUT_DESCRIPTION: [&str; 4] = ["NEW", "LIKE_NEW", "NEW_OTHER", "NEW_WITH_DEFECTS"];
/// Grades that are always one of these; goods like new are `USED_EXCELLENT` in some categories.
const NEW: [Condition; 3] = [
    Condition::New,
    Condition::NewOther,
    Condition::NewWithDefects,
];

impl Particular {
    fn is_of(&self, site: &SiteFacts) -> bool {
        let of_vat = SAFETY_SITES.contains(&site.id) || site.id == VAT_ELSEWHERE;
        self.form != Form::Percent || of_vat
    }

    fn rule(&self) -> AttributeRule {
        let (values, chars_max): (&[&str], usize) = match self.form {
            Form::Text { chars_max } => (&[], chars_max),
            Form::Texts => (&[], STORE_CATEGORY_CHARS_MAX),
            Form::Category | Form::Whole(_) | Form::Percent => (&[], NUMBER_CHARS_MAX),
            Form::YesNo => (&[YES, NO], YES.len()),
        };
        let conditions = match self.name {
            CONDITION_DESCRIPTION => {
                let described = Condition::ALL
                    .into_iter()
                    .filter(|condition| !NEW.contains(condition));
                described.map(|one| one.code().to_owned()).collect()
            }
            _ => Vec::new(),
        };
        AttributeRule {
            multiple: self.form == Form::Texts,
            form: match self.form {
                Form::Whole(_) => Some(ValueForm::Whole),
                Form::Percent => Some(ValueForm::Number),
                _ => None,
            },
            conditions,
            ..rule(self.name.to_owned(), values, chars_max)
        }
    }

    /// What is said of it, in eBay's form; none where nothing is said, or nothing that eBay takes.
    fn value(&self, attributes: &Attributes) -> Option<Value> {
        let told = attributes.get(self.name)?.iter().map(|text| text.trim());
        let mut told = told.filter(|text| !text.is_empty());
        match self.form {
            Form::Texts => {
                let texts: Vec<&str> = told.take(STORE_CATEGORIES_MAX).collect();
                (!texts.is_empty()).then(|| json!(texts))
            }
            Form::Text { .. } => told.next().map(|text| json!(text)),
            Form::Category => {
                let text = told.next()?;
                text.bytes()
                    .all(|byte| byte.is_ascii_digit())
                    .then(|| json!(text))
            }
            Form::Whole(least) => {
                let number: i64 = told.next()?.parse().ok()?;
                let fits = number >= least && i32::try_from(number).is_ok();
                fits.then(|| json!(number))
            }
            Form::Percent => {
                let rate: Decimal = told.next()?.replace(',', ".").parse().ok()?;
                let rate = rate.normalize();
                let in_range = rate >= Decimal::ZERO && rate < Decimal::ONE_HUNDRED;
                let fits = in_range && rate.scale() <= VAT_SCALE_MAX;
                rate.to_f64().filter(|_| fits).map(|rate| json!(rate))
            }
            Form::YesNo => told
                .next()
                .map(|word| json!(word.eq_ignore_ascii_case(YES))),
        }
    }

    /// What stands at eBay, in the seller's form.
    fn observed(&self, body: &Value) -> Option<Vec<String>> {
        let value = self.at(body);
        let told: Vec<String> = match (self.form, value) {
            (Form::Texts, Value::Array(texts)) => {
                let texts = texts.iter().filter_map(Value::as_str);
                texts.map(str::to_owned).collect()
            }
            (Form::Text { .. } | Form::Category, Value::String(text)) => vec![text.clone()],
            (Form::Whole(least), Value::Number(number)) => {
                let number = number.as_i64().filter(|number| number >= &least);
                number.iter().map(i64::to_string).collect()
            }
            (Form::Percent, Value::Number(number)) => {
                let rate: Option<Decimal> = number.to_string().parse().ok();
                rate.map(|rate| rate.normalize().to_string())
                    .into_iter()
                    .collect()
            }
            (Form::YesNo, Value::Bool(true)) => vec![YES.to_owned()],
            _ => Vec::new(),
        };
        let said: Vec<String> = told
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .collect();
        (!said.is_empty()).then_some(said)
    }

    fn at<'a>(&self, body: &'a Value) -> &'a Value {
        self.path.iter().fold(body, |body, name| &body[*name])
    }

    /// Its name among what is remembered as written.
    fn term(&self) -> String {
        format!("{RESERVED}{}", self.path.join("."))
    }
}

/// What can be said of listings of a site.
pub(super) fn rules(site: &SiteFacts) -> Vec<AttributeRule> {
    let all = OF_ITEM.iter().chain(&OF_OFFER);
    all.filter(|one| one.is_of(site))
        .map(Particular::rule)
        .collect()
}

/// Says it in an item's body.
pub(super) fn tell_item(attributes: &Attributes, body: &mut Value) {
    let word = body["condition"].as_str().unwrap_or_default();
    let described = !WITHOUT_DESCRIPTION.contains(&word);
    let said = OF_ITEM
        .iter()
        .filter(|one| described || one.name != CONDITION_DESCRIPTION);
    tell(said, attributes, body);
}

/// Says it in an offer's body.
pub(super) fn tell_offer(attributes: &Attributes, site: &SiteFacts, body: &mut Value) {
    tell(
        OF_OFFER.iter().filter(|one| one.is_of(site)),
        attributes,
        body,
    );
}

fn tell<'a>(said: impl Iterator<Item = &'a Particular>, attributes: &Attributes, body: &mut Value) {
    for one in said {
        if let Some(value) = one.value(attributes) {
            put(body, one.path, value);
        }
    }
}

fn put(body: &mut Value, path: &[&str], value: Value) {
    let Some((name, rest)) = path.split_first() else {
        *body = value;
        return;
    };
    if !body.is_object() {
        *body = Value::Object(Map::new());
    }
    put(&mut body[*name], rest, value);
}

/// What item and offer that are there say.
pub(super) fn observed(item: &Value, offer: &Value) -> Attributes {
    let of_item = OF_ITEM.iter().map(|one| (one, item));
    let all = of_item.chain(OF_OFFER.iter().map(|one| (one, offer)));
    all.filter_map(|(one, body)| Some((one.name.to_owned(), one.observed(body)?)))
        .collect()
}

/// Names what item and offer are written with, like [`super::aspect_prints`] and beside them.
pub(super) fn prints(body: &Value) -> String {
    let all = OF_ITEM.iter().chain(&OF_OFFER);
    let written = all.filter(|one| says(one.at(body)));
    written.map(|one| print(&one.term())).collect()
}

/// What is there without what Barrow wrote and says no more.
pub(super) fn left(known: &Value, body: &Value, written: &str) -> Value {
    let mut left = known.clone();
    for one in OF_ITEM.iter().chain(&OF_OFFER) {
        let taken_back = !says(one.at(body)) && was_written(written, &one.term());
        if taken_back && says(one.at(known)) {
            put(&mut left, one.path, Value::Null);
        }
    }
    left
}

/// What of this eBay would refuse, or not understand.
pub(super) fn problems(
    site: &SiteFacts,
    attributes: &Attributes,
    category: Option<&CategoryId>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for one in OF_ITEM
        .iter()
        .chain(&OF_OFFER)
        .filter(|one| one.is_of(site))
    {
        let Some(values) = attributes.get(one.name) else {
            continue;
        };
        let said = values.iter().filter(|text| !text.trim().is_empty()).count();
        if one.form == Form::Texts && said > STORE_CATEGORIES_MAX {
            problems.push(too_many(one.name, STORE_CATEGORIES_MAX));
            continue;
        }
        let is_first = |value: &Value| {
            one.form == Form::Category
                && category.is_some_and(|category| value.as_str() == Some(&category.0))
        };
        match one.value(attributes) {
            None if said > 0 => problems.push(not_allowed(one.name, one.hint())),
            Some(value) if is_first(&value) => {
                problems.push(not_allowed(one.name, "").param("why", "first"));
            }
            _ => {}
        }
    }
    problems
}

impl Particular {
    /// What eBay takes, in a few signs.
    fn hint(&self) -> String {
        match self.form {
            Form::Whole(least) => format!("≥ {least}"),
            Form::Percent => "0–99.999".to_owned(),
            Form::Category => "0–9".to_owned(),
            Form::YesNo => format!("{YES}, {NO}"),
            Form::Text { .. } | Form::Texts => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{Attributes, CategoryId, Site};
    use serde_json::{Value, json};

    use super::{left, observed, prints, problems, tell_offer};
    use crate::config::{SiteFacts, site_facts};
    use crate::map::terms::attributes;

    fn facts(site: &str) -> &'static SiteFacts {
        site_facts(&Site(site.to_owned())).unwrap()
    }

    fn said() -> Attributes {
        let mut said = attributes(&[
            ("eBay: Second category", "1234"),
            ("eBay: Most per buyer", "3"),
            ("eBay: Lot size", "12"),
            ("eBay: VAT percent", "19"),
            ("eBay: Private listing", "Yes"),
        ]);
        let paths = ["/Garden/Lamps", "/New"].map(str::to_owned);
        said.insert("eBay: Store category".to_owned(), paths.to_vec());
        said
    }

    #[test]
    fn what_is_said_of_an_offer_is_read_back() {
        let mut body = json!({ "tax": { "applyTax": true } });
        tell_offer(&said(), facts("EBAY_DE"), &mut body);
        assert_eq!(
            body,
            json!({
                "storeCategoryNames": ["/Garden/Lamps", "/New"], "secondaryCategoryId": "1234",
                "quantityLimitPerBuyer": 3, "lotSize": 12, "hideBuyerDetails": true,
                "tax": { "applyTax": true, "vatPercentage": 19.0 },
            })
        );
        assert_eq!(observed(&Value::Null, &body), said());
        let mut abroad = json!({});
        tell_offer(&said(), facts("EBAY_US"), &mut abroad);
        assert_eq!(abroad["tax"], Value::Null, "nobody names a VAT there");
    }

    #[test]
    fn what_barrow_wrote_and_says_no_more_goes_and_the_rest_stays() {
        let there = json!({ "lotSize": 12, "quantityLimitPerBuyer": 3,
            "tax": { "applyTax": true, "vatPercentage": 19.0 } });
        let written = prints(&json!({ "lotSize": 2, "tax": { "vatPercentage": 7.0 } }));
        let stays = left(&there, &json!({}), &written);
        assert_eq!(stays["quantityLimitPerBuyer"], 3);
        assert_eq!(stays["lotSize"], Value::Null);
        assert_eq!(
            stays["tax"],
            json!({ "applyTax": true, "vatPercentage": null })
        );
        assert_eq!(
            left(&there, &json!({ "lotSize": 4 }), &written)["lotSize"],
            12
        );
    }

    #[test]
    fn what_ebay_would_not_understand_is_told() {
        let check = |name: &str, value: &str, expected: usize| {
            let category = CategoryId("99".to_owned());
            let said = attributes(&[(name, value)]);
            let told = problems(facts("EBAY_DE"), &said, Some(&category));
            assert_eq!(told.len(), expected, "{name} {value}");
        };
        check("eBay: VAT percent", "19,5", 0);
        check("eBay: VAT percent", "190", 1);
        check("eBay: VAT percent", "1.2345", 1);
        check("eBay: Lot size", "1", 1);
        check("eBay: Most per buyer", "many", 1);
        check("eBay: Second category", "Lamps", 1);
        check("eBay: Second category", "99", 1);
        check("eBay: Second category", "98", 0);
        check("eBay: Lot size", " ", 0);
        let mut many = said();
        let paths = ["/A", "/B", "/C"].map(str::to_owned);
        many.insert("eBay: Store category".to_owned(), paths.to_vec());
        assert_eq!(problems(facts("EBAY_DE"), &many, None).len(), 1);
    }
}
