//! Holds the texts of query parameters to their simple schemas.

use serde_json::Value;

/// What is wrong with the values of one parameter, as often as it was sent.
pub(super) fn faults(schema: &Value, values: &[&str]) -> Vec<String> {
    // A list in one text, in the older form of contracts: an empty list is not sent.
    if schema["collectionFormat"] != "csv" {
        return values
            .iter()
            .filter_map(|value| text_fault(schema, value))
            .collect();
    }
    if values.len() > 1 {
        return vec!["is sent once, its values with commas between them".to_owned()];
    }
    let entries: Vec<&str> = values.iter().flat_map(|text| text.split(',')).collect();
    let mut found: Vec<String> = entries
        .iter()
        .filter_map(|entry| text_fault(&schema["items"], entry))
        .collect();
    if entries.iter().any(|entry| entry.is_empty()) {
        found.push("has an empty value".to_owned());
    }
    let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
    if entries.len() as u64 > most {
        found.push(format!("has more than {most} values"));
    }
    found
}

/// What is wrong with a text under a simple schema.
fn text_fault(schema: &Value, text: &str) -> Option<String> {
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.iter().any(|value| value == text)
    {
        return Some("is not one of the documented values".to_owned());
    }
    let fits = match schema["type"].as_str() {
        Some("integer") => text.parse::<i64>().is_ok(),
        Some("number") => text.parse::<f64>().is_ok(),
        Some("boolean") => text == "true" || text == "false",
        _ => true,
    };
    if !fits {
        return Some(format!("is not a text of type {}", schema["type"]));
    }
    let number = text.parse::<i64>().ok();
    let bound = |name: &str| schema[name].as_i64().zip(number);
    if bound("minimum").is_some_and(|(least, number)| number < least) {
        return Some("is less than the least allowed".to_owned());
    }
    if bound("maximum").is_some_and(|(most, number)| number > most) {
        return Some("is more than the most allowed".to_owned());
    }
    let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
    (text.chars().count() as u64 > most).then(|| "is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::faults;
    use serde_json::{Value, json};

    fn check(schema: &Value, values: &[&str], good: bool) {
        let found = faults(schema, values);
        assert_eq!(found.is_empty(), good, "{schema} {values:?}: {found:?}");
    }

    #[test]
    fn texts_are_held_to_type_and_values() {
        check(&json!({"type": "integer", "maximum": 20}), &["20"], true);
        check(&json!({"type": "integer", "maximum": 20}), &["21"], false);
        check(&json!({"type": "integer", "minimum": 1}), &["0"], false);
        check(&json!({"type": "integer"}), &["many"], false);
        check(&json!({"type": "boolean"}), &["yes"], false);
        check(&json!({"type": "string", "maxLength": 0}), &[""], true);
        check(&json!({"type": "string", "maxLength": 0}), &["v2"], false);
        check(&json!({"enum": ["A"]}), &["A", "A"], true);
        check(&json!({"enum": ["A"]}), &["A", "B"], false);
    }

    #[test]
    fn a_list_is_one_text_with_commas() {
        let list = json!({"type": "array", "collectionFormat": "csv", "maxItems": 2,
            "items": {"type": "string", "enum": ["A", "B", "C"]}});
        check(&list, &[], true);
        check(&list, &["A"], true);
        check(&list, &["A,B"], true);
        check(&list, &["A", "B"], false);
        check(&list, &["A,D"], false);
        check(&list, &["A,B,C"], false);
        check(
            &json!({"type": "array", "collectionFormat": "csv", "items": {}}),
            &[""],
            false,
        );
    }
}
