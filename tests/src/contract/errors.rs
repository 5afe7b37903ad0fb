//! The errors that a contract lists operation by operation. eBay keeps them beside the answers, in
//! an extension of its own.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::documents::{json_files, read};

/// The numbers of the errors that refuse these operations, each with one of them.
pub(super) fn listed(folder: &Path, operations: &[&str]) -> Result<BTreeMap<i64, String>, String> {
    let mut found = BTreeMap::new();
    for file in json_files(folder)? {
        let text = read(&file)?;
        let told = |error: serde_json::Error| format!("{}: {error}", file.display());
        let document: Value = serde_json::from_str(&text).map_err(told)?;
        let paths = document["paths"].as_object();
        let paths = paths.ok_or_else(|| format!("{} has no paths", file.display()))?;
        for operation in paths.values().filter_map(Value::as_object) {
            for described in operation.values() {
                let name = described["operationId"].as_str().unwrap_or_default();
                if operations.contains(&name) {
                    take(described, name, &mut found);
                }
            }
        }
    }
    Ok(found)
}

fn take(described: &Value, name: &str, found: &mut BTreeMap<i64, String>) {
    let responses = described["responses"].as_object();
    for (status, response) in responses.into_iter().flatten() {
        // What comes with a success is a warning.
        if status.starts_with('2') {
            continue;
        }
        let errors = response["x-response-codes"]["errors"].as_object();
        for number in errors.into_iter().flat_map(|errors| errors.keys()) {
            if let Ok(number) = number.parse() {
                found.entry(number).or_insert_with(|| name.to_owned());
            }
        }
    }
}

/// The statuses that an operation lists with each number.
fn by_number(described: &Value) -> BTreeMap<i64, Vec<u16>> {
    let mut found: BTreeMap<i64, Vec<u16>> = BTreeMap::new();
    for (status, response) in described["responses"].as_object().into_iter().flatten() {
        let errors = response["x-response-codes"]["errors"].as_object();
        for number in errors.into_iter().flat_map(|errors| errors.keys()) {
            if let (Ok(number), Ok(status)) = (number.parse(), status.parse()) {
                found.entry(number).or_default().push(status);
            }
        }
    }
    found
}

/// Whether any call may be refused so: for its token, at the gateway (ebay.md §12), for its
/// signature (ebay.md §2.6).
fn is_of_any_call(number: i64) -> bool {
    matches!(number, 1001..=1100 | 2001..=2003 | 215_000..=215_122)
}

fn numbers(errors: &Value) -> impl Iterator<Item = i64> {
    let errors = errors.as_array().into_iter().flatten();
    errors.filter_map(|error| error["errorId"].as_i64())
}

/// What an answer refuses with, of the whole call or of its entries, and its operation does not
/// list. Entries are not held to a status: they have one of their own.
pub(super) fn unlisted(
    described: &Value,
    status: u16,
    body: &[u8],
    is_known: impl Fn(i64) -> bool,
) -> Vec<String> {
    let listed = by_number(described);
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    let allowed = |number: i64| is_of_any_call(number) || is_known(number);
    let success = (200..300).contains(&status);
    // The status is that of the first error.
    let first = numbers(&body["errors"]).next().filter(|_| !success);
    let entries = body["responses"].as_array().into_iter().flatten();
    let entries = entries.flat_map(|entry| numbers(&entry["errors"]));
    let all = numbers(&body["errors"]).chain(entries);
    let mut found: Vec<String> = all
        .filter(|number| !allowed(*number) && !listed.contains_key(number))
        .map(|number| format!("{number} is not among the errors that are listed"))
        .collect();
    if let Some(statuses) = first.and_then(|number| listed.get(&number))
        && !statuses.contains(&status)
        && !first.is_some_and(allowed)
    {
        let number = first.unwrap_or_default();
        found.push(format!(
            "{number} is listed with {statuses:?}, not with {status}"
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_is_held_to_the_numbers_and_statuses_that_are_listed() {
        let described = json!({"responses": {
            "200": {"description": "done"},
            "400": {"x-response-codes": {"errors": {"25002": {}, "25709": {}}}},
            "404": {"x-response-codes": {"errors": {"25710": {}}}},
        }});
        let check = |status: u16, body: Value, expected: usize| {
            let known = |number: i64| number == 25_604;
            let found = unlisted(&described, status, body.to_string().as_bytes(), known);
            assert_eq!(found.len(), expected, "{body} {found:?}");
        };
        let whole = |number: i64| json!({"errors": [{"errorId": number}]});
        let entry = |number: i64| json!({"responses": [{"errors": [{"errorId": number}]}]});
        check(400, whole(25_002), 0);
        check(404, whole(25_710), 0);
        check(400, whole(25_710), 1);
        check(400, whole(25_003), 1);
        check(400, whole(25_604), 0);
        check(401, whole(1001), 0);
        check(207, entry(25_709), 0);
        check(200, entry(25_710), 0);
        check(207, entry(25_003), 1);
        check(200, json!({"responses": [{"errors": []}]}), 0);
    }
}
