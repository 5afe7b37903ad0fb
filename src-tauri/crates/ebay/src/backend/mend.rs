//! What a check finds missing and can be mended from here: a place that goods ship from, programs
//! that the seller has not joined (ebay.md §4, §5).

use std::collections::BTreeMap;

use barrow_market::{CheckItem, CheckMend, Error, ErrorKind, MendField, MendKind, Mended, Result};
use barrow_model::{Problem, ProblemKind, Settings};
use serde_json::{Map, Value, json};

use super::EbayAdapter;
use super::core::{OUT_OF_STOCK, POLICIES_PROGRAM, PROGRAMS, STOCK_PROGRAM};
use crate::config::MERCHANT_LOCATION_KEY;
use crate::error::{is_there_already, parse_error};
use crate::limits::{CREATE_LOCATION, OPT_IN};
use crate::request;

/// Joining a program takes up to a day (ebay.md §4).
const JOINING_HOURS_MAX: u32 = 24;
/// Longest key of a location (ebay.md §5).
const KEY_CHARS_MAX: usize = 36;
/// The key of a location whose name has nothing that a key could be made of.
const KEY_DEFAULT: &str = "main";
/// Longest part of an address. eBay names no number for most; this is what a label takes.
const ADDRESS_CHARS_MAX: usize = 128;

/// Fields of an address, and what eBay calls them.
const ADDRESS: &[(&str, &str)] = &[
    ("country", "country"),
    ("postal_code", "postalCode"),
    ("city", "city"),
    ("region", "stateOrProvince"),
    ("line1", "addressLine1"),
];

impl EbayAdapter {
    /// The same part of a check, with the way to mend it where there is one.
    pub(super) fn mendable(&self, item: CheckItem) -> CheckItem {
        let mend = match item.name.as_str() {
            PROGRAMS | OUT_OF_STOCK => CheckMend {
                kind: MendKind::JoinProgram,
                fields: Vec::new(),
            },
            MERCHANT_LOCATION_KEY => CheckMend {
                kind: MendKind::CreateLocation,
                fields: self.location_fields(),
            },
            _ => return item,
        };
        item.mended_by(mend)
    }

    fn location_fields(&self) -> Vec<MendField> {
        // The last two letters of a site's id are its country's, but for Great Britain's too.
        let country = self.config.site.id.rsplit('_').next().unwrap_or_default();
        vec![
            MendField::needed("name").with("Main"),
            MendField::needed("country").with(country),
            MendField::free("postal_code"),
            MendField::free("city"),
            MendField::free("region"),
            MendField::free("line1"),
        ]
    }

    pub(super) async fn mend_item(&self, item: &str, fields: &Settings) -> Result<Mended> {
        match item {
            PROGRAMS => self.join(POLICIES_PROGRAM).await,
            OUT_OF_STOCK => self.join(STOCK_PROGRAM).await,
            MERCHANT_LOCATION_KEY => self.create_location(fields).await,
            _ => Err(Error::new(ErrorKind::Unsupported, "mend").with("feature", item)),
        }
    }

    async fn join(&self, program: &str) -> Result<Mended> {
        let request = request::opt_in(self.api(), self.config.site, program)?;
        let answer = self.answer(&OPT_IN, request).await?;
        if !answer.status.is_success() && !is_there_already(&answer) {
            return Err(parse_error(OPT_IN.operation, &answer));
        }
        Ok(Mended {
            settings: Settings::new(),
            hours_max: Some(JOINING_HOURS_MAX),
        })
    }

    async fn create_location(&self, fields: &Settings) -> Result<Mended> {
        let (key, location) = location(fields)?;
        let request = request::create_location(self.api(), self.config.site, &key, &location)?;
        let answer = self.answer(&CREATE_LOCATION, request).await?;
        if !answer.status.is_success() && !is_there_already(&answer) {
            return Err(parse_error(CREATE_LOCATION.operation, &answer));
        }
        Ok(Mended {
            settings: BTreeMap::from([(MERCHANT_LOCATION_KEY.to_owned(), key)]),
            hours_max: None,
        })
    }
}

/// A location's key and body. A warehouse needs postal code and country, or city, state and
/// country (ebay.md §5).
fn location(fields: &Settings) -> Result<(String, Value)> {
    let given = |name: &str| {
        let value = fields.get(name).map(|value| value.trim());
        value.filter(|value| !value.is_empty())
    };
    let name = given("name").ok_or_else(|| missing("name"))?;
    let country = given("country").ok_or_else(|| missing("country"))?;
    let country = country.to_ascii_uppercase();
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(invalid("country"));
    }
    let is_found =
        given("postal_code").is_some() || (given("city").is_some() && given("region").is_some());
    if !is_found {
        return Err(missing("postal_code"));
    }
    let mut address = Map::new();
    for (ours, theirs) in ADDRESS {
        if let Some(value) = given(ours) {
            if value.chars().count() > ADDRESS_CHARS_MAX {
                return Err(invalid(ours));
            }
            address.insert((*theirs).to_owned(), Value::from(value));
        }
    }
    address.insert("country".to_owned(), Value::from(country));
    let body = json!({
        "location": { "address": address },
        "locationTypes": ["WAREHOUSE"],
        "merchantLocationStatus": "ENABLED",
        "name": name,
    });
    Ok((key_of(name), body))
}

/// The key that a location has for good, made of its name.
fn key_of(name: &str) -> String {
    let mut key = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    key.truncate(KEY_CHARS_MAX);
    let key = key.trim_end_matches('-');
    if key.is_empty() { KEY_DEFAULT } else { key }.to_owned()
}

fn missing(field: &str) -> Error {
    told(Problem::new(ProblemKind::FieldMissing), field)
}

fn invalid(field: &str) -> Error {
    told(Problem::new(ProblemKind::FieldInvalid), field)
}

fn told(problem: Problem, field: &str) -> Error {
    Error::new(ErrorKind::Config, "mend").because(problem.field(field))
}

#[cfg(test)]
mod tests {
    use barrow_model::Settings;
    use serde_json::json;

    use super::{key_of, location};

    fn settings(given: &[(&str, &str)]) -> Settings {
        let pairs = given.iter();
        pairs
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn keys_are_made_of_names() {
        let check = |name: &str, expected: &str| assert_eq!(key_of(name), expected, "{name}");
        check("Main", "main");
        check("  Lager Köln 2 ", "lager-k-ln-2");
        check("倉庫", "main");
        check(&"ab ".repeat(20), "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab");
    }

    #[test]
    fn a_location_needs_what_a_parcel_is_collected_by() {
        let check = |given: &[(&str, &str)], expected: Option<&str>| {
            let field = location(&settings(given))
                .err()
                .map(|error| error.to_problem());
            let field = field.and_then(|problem| problem.field);
            assert_eq!(field.as_deref(), expected, "{given:?}");
        };
        let good = [
            ("name", "Main"),
            ("country", "us"),
            ("postal_code", "95125"),
        ];
        check(&good, None);
        check(&good[1..], Some("name"));
        check(&good[..2], Some("postal_code"));
        check(&[("name", "Main"), ("postal_code", "1")], Some("country"));
        check(&[good[0], ("country", "USA"), good[2]], Some("country"));
        check(
            &[good[0], good[1], ("city", "San Jose")],
            Some("postal_code"),
        );
        check(
            &[good[0], good[1], ("city", "San Jose"), ("region", "CA")],
            None,
        );
        let (key, body) = location(&settings(&good)).unwrap();
        assert_eq!(key, "main");
        let address = json!({"postalCode": "95125", "country": "US"});
        assert_eq!(body["location"]["address"], address);
    }
}
