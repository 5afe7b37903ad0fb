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
