//! What a check finds missing and can be mended from here: a place that goods ship from, programs
//! that the seller has not joined (ebay.md §4, §5).

use std::collections::BTreeMap;

use barrow_market::{CheckItem, CheckMend, Error, ErrorKind, MendField, MendKind, Mended, Result};
use barrow_model::{Problem, ProblemKind, Settings};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::EbayAdapter;
use super::core::{OUT_OF_STOCK, POLICIES_PROGRAM, PROGRAMS, STOCK_PROGRAM};
use crate::config::MERCHANT_LOCATION_KEY;
use crate::error::{is_there_already, parse_error};
use crate::limits::{CREATE_LOCATION, ENABLE_LOCATION, GET_LOCATION, OPT_IN};
use crate::request;
use crate::types::InventoryLocation;

/// Joining a program takes up to a day (ebay.md §4).
const JOINING_HOURS_MAX: u32 = 24;
/// Longest key of a location (ebay.md §5).
const KEY_CHARS_MAX: usize = 36;
/// The key of a location whose name has nothing that a key could be made of.
const KEY_DEFAULT: &str = "main";
/// Bytes of a name's digest that go into a key.
const DIGEST_BYTES: usize = 4;
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
        if is_there_already(&answer) {
            self.take_location(&key, &location).await?;
        } else if !answer.status.is_success() {
            return Err(parse_error(CREATE_LOCATION.operation, &answer));
        }
        Ok(Mended {
            settings: BTreeMap::from([(MERCHANT_LOCATION_KEY.to_owned(), key)]),
            hours_max: None,
        })
    }

    /// Takes a location that is there already, where it is the same place.
    async fn take_location(&self, key: &str, wanted: &Value) -> Result<()> {
        let (api, site) = (self.api(), self.config.site);
        let request = request::location(api, site, key)?;
        let answer = self.call(&GET_LOCATION, request).await?;
        let found: InventoryLocation = answer.json(GET_LOCATION.operation)?;
        if !is_same_place(&found.location.address, &wanted["location"]["address"]) {
            let problem = Problem::new(ProblemKind::FieldInvalid).param("why", "location_taken");
            return Err(told(problem, "name"));
        }
        if found.merchant_location_status.as_deref() == Some("DISABLED") {
            let request = request::enable_location(api, site, key)?;
            self.call(&ENABLE_LOCATION, request).await?;
        }
        Ok(())
    }
}

/// Whether two addresses have the same parts, however they are written.
fn is_same_place(found: &Map<String, Value>, wanted: &Value) -> bool {
    let plain = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str).unwrap_or_default();
        text.trim().to_lowercase()
    };
    let mut parts = ADDRESS.iter();
    parts.all(|(_, part)| plain(found.get(*part)) == plain(wanted.get(*part)))
}

/// A location's key and body. A warehouse needs postal code and country, or city, state and
/// country (ebay.md §5).
fn location(fields: &Settings) -> Result<(String, Value)> {
    let given = |name: &str| {
        let value = fields.get(name).map(|value| value.trim());
        value.filter(|value| !value.is_empty())
    };
    // What says nothing is no name and no part of an address.
    let empty =
        |name: &&str| given(name).is_some_and(|value| !value.chars().any(char::is_alphanumeric));
    let mut all = ["name"]
        .into_iter()
        .chain(ADDRESS.iter().map(|(ours, _)| *ours));
    if let Some(field) = all.find(empty) {
        return Err(invalid(field));
    }
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
    let name = name.trim();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c.to_ascii_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    let key = key.trim_end_matches('-');
    if name.is_ascii() && key.len() <= KEY_CHARS_MAX {
        return if key.is_empty() { KEY_DEFAULT } else { key }.to_owned();
    }
    // What the key leaves out must still tell names apart. The key is ASCII up to here.
    let digest = Sha256::digest(name.as_bytes());
    let digest: String = digest
        .iter()
        .take(DIGEST_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let begin = &key[..key.len().min(KEY_CHARS_MAX - 1 - digest.len())];
    let begin = begin.trim_end_matches('-');
    if begin.is_empty() {
        return digest;
    }
    format!("{begin}-{digest}")
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
    use serde_json::{Value, json};

    use super::{is_same_place, key_of, location};

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
        check("  Back room 2 ", "back-room-2");
        check(
            "ab ".repeat(12).trim(),
            "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab",
        );
    }

    #[test]
    fn names_that_a_key_cannot_hold_have_keys_of_their_own() {
        let names = [
            "倉庫",
            "店",
            "Lager Köln",
            "Lager Kåln",
            &"ab ".repeat(20),
            &"ab ".repeat(21),
        ];
        let mut keys: Vec<String> = names.iter().map(|name| key_of(name)).collect();
        assert!(keys[2].starts_with("lager-k-ln-"), "{keys:?}");
        assert!(
            keys.iter().all(|key| key.len() <= 36 && key.is_ascii()),
            "{keys:?}"
        );
        assert_eq!(key_of(" Lager Köln "), keys[2]);
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), names.len(), "{keys:?}");
    }

    #[test]
    fn a_place_is_the_same_however_it_is_written() {
        let check = |found: Value, expected: bool| {
            let wanted = json!({"country": "DE", "postalCode": "10115", "city": "Berlin"});
            let found = found.as_object().unwrap();
            assert_eq!(is_same_place(found, &wanted), expected, "{found:?}");
        };
        check(
            json!({"country": "de", "postalCode": " 10115", "city": "BERLIN"}),
            true,
        );
        check(json!({"country": "DE", "postalCode": "10115"}), false);
        check(
            json!({"country": "DE", "postalCode": "10117", "city": "Berlin"}),
            false,
        );
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
        check(&[("name", "…"), good[1], good[2]], Some("name"));
        check(
            &[good[0], good[1], ("postal_code", "…")],
            Some("postal_code"),
        );
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
