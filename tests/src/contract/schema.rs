//! Turns the schemas of OpenAPI 3 and of old JSON Schema drafts into one dialect, compiles each
//! once, and names the faults of a body.
//!
//! Only keywords that constrain a value are carried over; the files also hold examples and, among
//! the keywords, words that are none. In requests an object takes only the properties that its
//! schema names, because a marketplace ignores a misspelt one in silence.

use super::documents::{self, Document};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// A schema's place: a file and a JSON pointer into it.
#[derive(Debug, Clone)]
pub(super) struct SchemaAt {
    pub(super) document: Arc<Document>,
    pub(super) pointer: String,
}

/// Which way a body went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    Request,
    Response,
}

/// What is wrong with a body, without the value found.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: String,
    pub(super) message: String,
}

/// The compiled schemas.
#[derive(Debug, Default)]
pub(super) struct Schemas {
    compiled: HashMap<(String, String, Direction), Validator>,
}

impl Schemas {
    /// The faults of a body; `Err` if the schema cannot be compiled.
    pub(super) fn faults(
        &mut self,
        schema: SchemaAt,
        direction: Direction,
        body: &Value,
    ) -> Result<Vec<Fault>, String> {
        let key = (
            schema.document.name.clone(),
            schema.pointer.clone(),
            direction,
        );
        if !self.compiled.contains_key(&key) {
            let validator = compile(&schema, direction)?;
            self.compiled.insert(key.clone(), validator);
        }
        let validator = &self.compiled[&key];
        let faults = validator.iter_errors(body).map(|error| Fault {
            at: error.instance_path().to_string(),
            message: error.masked().to_string(),
        });
        Ok(faults.collect())
    }
}

fn compile(schema: &SchemaAt, direction: Direction) -> Result<Validator, String> {
    let translated = Translation::new(direction).run(schema)?;
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        // The files' formats are names of their own ("HH:mm"), or promise what answers do not keep.
        .should_validate_formats(false)
        .build(&translated)
        .map_err(|error| format!("{}{}: {error}", schema.document.name, schema.pointer))
}

/// Carries a schema and all that it refers to into one schema of its own.
struct Translation {
    direction: Direction,
    /// Places referred to, in order of their names `0`, `1`, …
    places: Vec<SchemaAt>,
    names: HashMap<(String, String), usize>,
    /// Files that were referred to by name.
    files: HashMap<String, Arc<Document>>,
}

/// Whether an object may have properties that its schema does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unnamed {
    Allowed,
    Refused,
}

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// Keywords whose value is carried over as it is.
const PLAIN: [&str; 13] = [
    "const",
    "minProperties",
    "maxProperties",
    "required",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "pattern",
    "multipleOf",
];

impl Translation {
    fn new(direction: Direction) -> Translation {
        let (names, files) = (HashMap::new(), HashMap::new());
        Translation {
            direction,
            places: Vec::new(),
            names,
            files,
        }
    }

    fn run(mut self, schema: &SchemaAt) -> Result<Value, String> {
        let unnamed = match self.direction {
            Direction::Request => Unnamed::Refused,
            Direction::Response => Unnamed::Allowed,
        };
        self.name_of(schema.document.clone(), schema.pointer.clone());
        let mut definitions = Map::new();
        // Grows while it runs: each translated schema may name more.
        while let Some(place) = self.places.get(definitions.len()).cloned() {
            let node = place
                .document
                .value
                .pointer(&place.pointer)
                .ok_or_else(|| {
                    format!("{} has nothing at {}", place.document.name, place.pointer)
                })?;
            let translated = self.node(node, &place.document, unnamed)?;
            definitions.insert(definitions.len().to_string(), translated);
        }
        Ok(json!({ "$ref": "#/$defs/0", "$defs": definitions }))
    }

    fn name_of(&mut self, document: Arc<Document>, pointer: String) -> usize {
        let next = self.places.len();
        let name = *self
            .names
            .entry((document.name.clone(), pointer.clone()))
            .or_insert(next);
        if name == next {
            self.places.push(SchemaAt { document, pointer });
        }
        name
    }

    fn node(
        &mut self,
        node: &Value,
        here: &Arc<Document>,
        unnamed: Unnamed,
    ) -> Result<Value, String> {
        let Some(object) = node.as_object() else {
            return Ok(Value::Bool(node != &Value::Bool(false)));
        };
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, here);
        }
        let mut out = Map::new();
        let nullable = object.get("nullable") == Some(&Value::Bool(true));
        self.type_and_values(object, nullable, &mut out);
        for keyword in PLAIN {
            if let Some(value) = object.get(keyword).filter(|value| !value.is_boolean()) {
                out.insert(keyword.to_owned(), value.clone());
            }
        }
        bounds(object, &mut out);
        let mut combined = false;
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if let Some(parts) = object.get(keyword).and_then(Value::as_array) {
                combined = true;
                let parts: Result<Vec<Value>, String> = parts
                    .iter()
                    .map(|part| self.node(part, here, Unnamed::Allowed))
                    .collect();
                out.insert(keyword.to_owned(), Value::Array(parts?));
            }
        }
        if let Some(items) = object.get("items") {
            out.insert("items".to_owned(), self.node(items, here, self.nested())?);
        }
        self.properties(object, here, &mut out)?;
        let open = out.contains_key("additionalProperties");
        if unnamed == Unnamed::Refused && !open && (combined || out.contains_key("properties")) {
            let keyword = if combined {
                "unevaluatedProperties"
            } else {
                "additionalProperties"
            };
            out.insert(keyword.to_owned(), Value::Bool(false));
        }
        Ok(Value::Object(out))
    }

    /// What holds for objects inside: a part of a combination is open, what stands in it is not.
    fn nested(&self) -> Unnamed {
        match self.direction {
            Direction::Request => Unnamed::Refused,
            Direction::Response => Unnamed::Allowed,
        }
    }

    fn type_and_values(
        &self,
        object: &Map<String, Value>,
        nullable: bool,
        out: &mut Map<String, Value>,
    ) {
        let name = object.get("type").and_then(Value::as_str);
        if let Some(name) = name.filter(|name| TYPES.contains(name)) {
            let value = if nullable {
                json!([name, "null"])
            } else {
                json!(name)
            };
            out.insert("type".to_owned(), value);
        }
        if let Some(values) = object.get("enum").and_then(Value::as_array) {
            let mut values = values.clone();
            if nullable && !values.contains(&Value::Null) {
                values.push(Value::Null);
            }
            out.insert("enum".to_owned(), Value::Array(values));
        }
    }

    fn properties(
        &mut self,
        object: &Map<String, Value>,
        here: &Arc<Document>,
        out: &mut Map<String, Value>,
    ) -> Result<(), String> {
        if let Some(properties) = object.get("properties").and_then(Value::as_object) {
            let mut translated = Map::new();
            for (name, schema) in properties {
                translated.insert(name.clone(), self.node(schema, here, self.nested())?);
            }
            if !translated.is_empty() {
                out.insert("properties".to_owned(), Value::Object(translated));
            }
        }
        // A closed object of an old answer gains fields over time; only requests are held to it.
        match (object.get("additionalProperties"), self.direction) {
            (None, _) | (Some(Value::Bool(false)), Direction::Response) => {}
            (Some(more), _) => {
                let more = self.node(more, here, self.nested())?;
                out.insert("additionalProperties".to_owned(), more);
            }
        }
        Ok(())
    }

    fn reference(&mut self, reference: &str, here: &Arc<Document>) -> Result<Value, String> {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let document = if file.is_empty() {
            here.clone()
        } else {
            match self.files.get(file) {
                Some(document) => document.clone(),
                None => {
                    let text = documents::read(&here.folder.join(file))?;
                    let value = serde_json::from_str(&text)
                        .map_err(|error| format!("{file} is not JSON: {error}"))?;
                    let (name, folder) = (file.to_owned(), here.folder.clone());
                    let document = Arc::new(Document {
                        name,
                        value,
                        folder,
                    });
                    self.files.insert(file.to_owned(), document.clone());
                    document
                }
            }
        };
        let name = self.name_of(document, pointer.to_owned());
        Ok(json!({ "$ref": format!("#/$defs/{name}") }))
    }
}

/// The exclusive bounds: a number today, in old drafts a flag beside the inclusive one.
fn bounds(object: &Map<String, Value>, out: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match object.get(exclusive) {
            Some(Value::Bool(true)) => {
                if let Some(bound) = out.remove(inclusive) {
                    out.insert(exclusive.to_owned(), bound);
                }
            }
            Some(bound @ Value::Number(_)) => {
                out.insert(exclusive.to_owned(), bound.clone());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn faults(schema: Value, direction: Direction, body: Value) -> Vec<String> {
        let name = "test.json".to_owned();
        let document = Arc::new(Document {
            name,
            value: schema,
            folder: PathBuf::new(),
        });
        let at = SchemaAt {
            document,
            pointer: String::new(),
        };
        let found = Schemas::default().faults(at, direction, &body).unwrap();
        found
            .into_iter()
            .map(|fault| format!("{}: {}", fault.at, fault.message))
            .collect()
    }

    fn fits(schema: Value, direction: Direction, body: Value) -> bool {
        faults(schema, direction, body).is_empty()
    }

    #[test]
    fn a_request_takes_only_named_properties_and_an_answer_may_have_more() {
        let schema = json!({"type": "object", "properties": {"sku": {"type": "string"}}});
        assert!(fits(
            schema.clone(),
            Direction::Request,
            json!({"sku": "A"})
        ));
        assert!(!fits(
            schema.clone(),
            Direction::Request,
            json!({"skew": "A"})
        ));
        assert!(fits(schema, Direction::Response, json!({"skew": "A"})));
    }

    #[test]
    fn parts_of_a_combination_together_name_the_properties() {
        let schema = json!({"anyOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {"type": "object", "properties": {"b": {"type": "object",
                "properties": {"c": {"type": "string"}}}}},
        ]});
        assert!(fits(
            schema.clone(),
            Direction::Request,
            json!({"b": {"c": "1"}})
        ));
        assert!(!fits(schema.clone(), Direction::Request, json!({"z": 1})));
        assert!(!fits(schema, Direction::Request, json!({"b": {"z": 1}})));
    }

    #[test]
    fn nullable_allows_null_beside_type_and_values() {
        let schema = json!({"type": "string", "enum": ["A"], "nullable": true});
        assert!(fits(schema.clone(), Direction::Response, json!(null)));
        assert!(!fits(schema, Direction::Response, json!("B")));
        assert!(!fits(
            json!({"type": "string"}),
            Direction::Response,
            json!(null)
        ));
    }

    #[test]
    fn cents_are_counted_in_decimals() {
        let schema = json!({"type": "number", "multipleOf": 0.01});
        for price in [
            0.01,
            0.07,
            4.35,
            19.99,
            1.1,
            33.33,
            1_000_000.01,
            99_999_999.99,
        ] {
            assert!(
                fits(schema.clone(), Direction::Request, json!(price)),
                "{price}"
            );
        }
        for price in [19.999, 0.005, 4.351] {
            assert!(
                !fits(schema.clone(), Direction::Request, json!(price)),
                "{price}"
            );
        }
    }

    #[test]
    fn references_within_a_file_are_followed_even_in_a_circle() {
        let schema = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        let good = json!({"next": {"next": {}}});
        assert!(fits(schema.clone(), Direction::Request, good));
        assert!(!fits(
            schema,
            Direction::Request,
            json!({"next": {"nxt": {}}})
        ));
    }

    #[test]
    fn a_flag_of_an_old_draft_makes_a_bound_exclusive() {
        let schema = json!({"type": "number", "minimum": 1, "exclusiveMinimum": true});
        assert!(!fits(schema.clone(), Direction::Request, json!(1)));
        assert!(fits(schema, Direction::Request, json!(2)));
        let schema = json!({"type": "number", "minimum": 1, "exclusiveMinimum": false});
        assert!(fits(schema, Direction::Request, json!(1)));
    }

    #[test]
    fn a_whole_number_written_with_a_point_is_an_integer() {
        assert!(fits(
            json!({"type": "integer"}),
            Direction::Request,
            json!(5.0)
        ));
        assert!(!fits(
            json!({"type": "integer"}),
            Direction::Request,
            json!(5.5)
        ));
    }

    #[test]
    fn a_fault_does_not_repeat_the_value() {
        let schema = json!({"type": "object", "properties": {"n": {"type": "integer"}}});
        let found = faults(schema, Direction::Response, json!({"n": "Jane Doe"}));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("/n: "), "{found:?}");
        assert!(!found[0].contains("Jane"), "{found:?}");
    }
}
