//! Turns operations of Swagger 2 into the form of OpenAPI 3, so that one reader fits both.
//!
//! Schemas stay where they are, in `definitions`: references to them go on working.

use serde_json::{Map, Value, json};

/// What a parameter says of its values beside its name, in Swagger 2 in the parameter itself.
const OF_VALUES: [&str; 9] = [
    "type",
    "enum",
    "items",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "pattern",
    "maxLength",
];

/// Rewrites the operations of a Swagger 2 file; another file is left as it is.
pub(super) fn modernize(document: &mut Value) {
    if document["swagger"] != "2.0" {
        return;
    }
    let paths = document["paths"].as_object_mut();
    for operations in paths.into_iter().flat_map(Map::values_mut) {
        let operations = operations.as_object_mut();
        for operation in operations.into_iter().flat_map(Map::values_mut) {
            if let Some(operation) = operation.as_object_mut() {
                rewrite(operation);
            }
        }
    }
}

fn rewrite(operation: &mut Map<String, Value>) {
    let parameters = operation.remove("parameters").unwrap_or(json!([]));
    let mut kept = Vec::new();
    for mut parameter in parameters.as_array().cloned().unwrap_or_default() {
        if parameter["in"] == "body" {
            let body = json!({
                "required": parameter["required"] == true,
                "content": {"application/json": {"schema": parameter["schema"].take()}},
            });
            operation.insert("requestBody".to_owned(), body);
        } else {
            parameter["schema"] = of_values(&parameter);
            kept.push(parameter);
        }
    }
    operation.insert("parameters".to_owned(), Value::Array(kept));
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        let schema = response["schema"].take();
        if !schema.is_null() {
            response["content"] = json!({"application/json": {"schema": schema}});
        }
    }
}

/// The schema of a parameter's values. A list is one text with commas unless it says otherwise.
fn of_values(parameter: &Value) -> Value {
    let mut schema = Map::new();
    for keyword in OF_VALUES {
        if let Some(value) = parameter.get(keyword) {
            schema.insert(keyword.to_owned(), value.clone());
        }
    }
    if parameter["type"] == "array" {
        let format = parameter["collectionFormat"].as_str().unwrap_or("csv");
        schema.insert("collectionFormat".to_owned(), json!(format));
    }
    Value::Object(schema)
}

#[cfg(test)]
mod tests {
    use super::modernize;
    use serde_json::json;

    #[test]
    fn an_operation_takes_the_newer_form() {
        let mut document = json!({"swagger": "2.0", "paths": {"/a": {"parameters": [], "post": {
            "parameters": [
                {"name": "ids", "in": "query", "required": true, "type": "array",
                    "items": {"type": "string"}},
                {"name": "body", "in": "body", "required": true, "schema": {"$ref": "#/x"}},
            ],
            "responses": {"200": {"description": "", "schema": {"type": "object"}}, "204": {}},
        }}}});
        modernize(&mut document);
        let operation = &document["paths"]["/a"]["post"];
        let list = json!({"type": "array", "items": {"type": "string"}, "collectionFormat": "csv"});
        assert_eq!(operation["parameters"][0]["schema"], list);
        assert_eq!(operation["parameters"].as_array().map(Vec::len), Some(1));
        let body = json!({"required": true,
            "content": {"application/json": {"schema": {"$ref": "#/x"}}}});
        assert_eq!(operation["requestBody"], body);
        let answers = &operation["responses"];
        let answer = &answers["200"]["content"]["application/json"]["schema"];
        assert_eq!(answer["type"], "object");
        assert!(answers["204"]["content"].is_null());
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let mut document = json!({"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [
            {"name": "n", "in": "query", "schema": {"type": "integer"}}]}}}});
        let before = document.clone();
        modernize(&mut document);
        assert_eq!(document, before);
    }
}
