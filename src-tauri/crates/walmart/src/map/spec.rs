//! What a product type demands, read from its JSON Schema (walmart.md §5.3).

use std::fmt::Write;

use barrow_market::{AttributeRule, CategoryRules};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use barrow_wire::{Object, number};

/// Most values of an attribute that are kept.
const VALUES_MAX: usize = 500;

/// What the adapter fills from title, description, price and so on.
const FILLED: &[&str] = &[
    "sku",
    "productIdentifiers",
    "price",
    "ShippingWeight",
    "productName",
    "brand",
    "shortDescription",
    "mainImageUrl",
    "productSecondaryImageURL",
    "inventory",
    "variantGroupId",
    "variantAttributeNames",
    "isPrimaryVariant",
];

/// A product type's attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TypeSpec {
    /// Attributes of `Orderable` and of `Visible`, without those that the adapter fills.
    pub(crate) attributes: Vec<Attribute>,
    /// Attributes in which variants may differ.
    pub(crate) varies: Vec<String>,
    /// Whether it takes variants.
    pub(crate) families: bool,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    title: String,
    /// Whether it belongs to the offer rather than to what buyers read.
    pub(crate) orderable: bool,
    required: bool,
    shape: Shape,
    values: Vec<String>,
}

/// The JSON form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Number,
    Texts,
    Numbers,
    /// A number with its unit.
    Measure,
    /// Something composed that a list of texts cannot express.
    Composed,
}

/// Reads the spec of one product type out of a spec answer. A type that is not in it has no
/// attributes.
pub(crate) fn type_spec(answer: &Value, product_type: &str) -> TypeSpec {
    let Some(item) = find_items(answer, 0) else {
        return TypeSpec::default();
    };
    let orderable = item.get("Orderable");
    let visible = item
        .get("Visible")
        .and_then(|visible| visible.get("properties"))
        .and_then(|types| types.get(product_type));
    let mut attributes = Vec::new();
    for (schema, is_orderable) in [(orderable, true), (visible, false)] {
        if let Some(schema) = schema {
            read_attributes(schema, is_orderable, &mut attributes);
        }
    }
    let properties = visible.and_then(|visible| visible.get("properties"));
    let varies = properties
        .and_then(|properties| properties.get("variantAttributeNames"))
        .map(|names| texts(names.pointer("/items/enum")))
        .unwrap_or_default();
    TypeSpec {
        attributes,
        varies,
        families: properties.is_some_and(|p| p.get("variantGroupId").is_some()),
    }
}

/// The properties of an item, wherever the answer wraps the schema: as text, in an array, or under
/// a name.
fn find_items(value: &Value, depth: usize) -> Option<Map<String, Value>> {
    if depth > 4 {
        return None;
    }
    if let Some(Value::Object(found)) = value.pointer("/properties/MPItem/items/properties") {
        return Some(found.clone());
    }
    match value {
        Value::String(text) => find_items(&serde_json::from_str(text).ok()?, depth + 1),
        Value::Array(items) => items.iter().find_map(|item| find_items(item, depth + 1)),
        Value::Object(members) => members
            .values()
            .find_map(|member| find_items(member, depth + 1)),
        _ => None,
    }
}

fn read_attributes(schema: &Value, orderable: bool, into: &mut Vec<Attribute>) {
    let required = texts(schema.get("required"));
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return;
    };
    for (name, property) in properties {
        if FILLED.contains(&name.as_str()) {
            continue;
        }
        let title = property
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or(name);
        let mut values = texts(property.get("enum"));
        if values.is_empty() {
            values = texts(property.pointer("/items/enum"));
        }
        values.truncate(VALUES_MAX);
        into.push(Attribute {
            name: name.clone(),
            title: title.to_owned(),
            orderable,
            required: required.contains(name),
            shape: shape(property),
            values,
        });
    }
}

fn shape(property: &Value) -> Shape {
    let kind = |value: &Value| value.get("type").and_then(Value::as_str).map(str::to_owned);
    match kind(property).as_deref() {
        Some("number" | "integer") => Shape::Number,
        Some("array") => match property.get("items").and_then(kind).as_deref() {
            Some("number" | "integer") => Shape::Numbers,
            Some("object") => Shape::Composed,
            _ => Shape::Texts,
        },
        Some("object") if property.pointer("/properties/measure").is_some() => Shape::Measure,
        Some("object") => Shape::Composed,
        _ => Shape::Text,
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let Some(Value::Array(items)) = value else {
        return Vec::new();
    };
    items
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A name without case, blanks and punctuation, with the American spelling.
pub(crate) fn normal(name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    match plain.as_str() {
        "colour" => "color".to_owned(),
        "feature" | "features" | "bulletpoint" | "bulletpoints" | "bullets" => {
            "keyfeatures".to_owned()
        }
        _ => plain,
    }
}

impl TypeSpec {
    /// The rules as the contract has them.
    pub(crate) fn rules(&self, gtin_exemption: bool) -> CategoryRules {
        let rule = |attribute: &Attribute| AttributeRule {
            name: attribute.name.clone(),
            required: attribute.required,
            closed: !attribute.values.is_empty(),
            values: attribute.values.clone(),
            multiple: matches!(attribute.shape, Shape::Texts | Shape::Numbers),
            varies: self.varies.contains(&attribute.name),
            ..AttributeRule::default()
        };
        CategoryRules {
            attributes: self.attributes.iter().map(rule).collect(),
            conditions: vec!["new".to_owned()],
            gtin_required: !gtin_exemption,
            families: self.families,
            ..CategoryRules::default()
        }
    }

    /// The attribute that a seller's name means, by its name or its title.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        let wanted = normal(name);
        let by_name = |attribute: &&Attribute| normal(&attribute.name) == wanted;
        let by_title = |attribute: &&Attribute| normal(&attribute.title) == wanted;
        let attributes = || self.attributes.iter();
        attributes()
            .find(by_name)
            .or_else(|| attributes().find(by_title))
    }
}

impl Attribute {
    /// Puts values on an object in the form that the attribute has. What does not fit the form goes
    /// as text: Walmart then names the field, and the seller sees which it is.
    pub(crate) fn put(&self, object: &mut Object, values: &[String]) {
        let Some(first) = values.first() else {
            return;
        };
        let name = self.name.as_str();
        match self.shape {
            Shape::Number => match decimal(first) {
                Some(value) => object.set(name, number(value)),
                None => object.set(name, first),
            },
            Shape::Numbers => {
                let numbers: Option<Vec<_>> =
                    values.iter().map(|v| decimal(v).map(number)).collect();
                match numbers {
                    Some(numbers) => object.set(name, numbers),
                    None => object.set(name, values),
                }
            }
            Shape::Measure => match measure(first) {
                Some(measure) => object.set(name, measure),
                None => object.set(name, first),
            },
            Shape::Texts => object.set(name, self.spelled(values)),
            Shape::Text => object.set(name, self.spelled(values).join(", ")),
            Shape::Composed => match serde_json::from_str::<Value>(first) {
                Ok(value) => object.set(name, value),
                Err(_) => object.set(name, values),
            },
        }
    }

    /// Values in the spelling of the attribute's list where they differ by case alone.
    fn spelled(&self, values: &[String]) -> Vec<String> {
        let spell = |value: &String| {
            let listed = self
                .values
                .iter()
                .find(|known| known.eq_ignore_ascii_case(value));
            listed.unwrap_or(value).clone()
        };
        values.iter().map(spell).collect()
    }
}

/// Numbers have at most two decimals (walmart.md §6.3).
fn decimal(text: &str) -> Option<Decimal> {
    Some(text.trim().parse::<Decimal>().ok()?.round_dp(2).normalize())
}

/// `12.5 in` as number and unit.
fn measure(text: &str) -> Option<Object> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let value = decimal(&text[..end])?;
    let mut unit = String::new();
    write!(unit, "{}", text[end..].trim()).ok()?;
    (!unit.is_empty()).then(|| {
        Object::new()
            .put("measure", number(value))
            .put("unit", unit)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::type_spec;
    use barrow_wire::Object;

    fn answer() -> Value {
        json!({"properties": {"MPItemFeedHeader": {}, "MPItem": {"items": {"properties": {
            "Orderable": {"required": ["sku", "price", "MustShipAlone"], "properties": {
                "sku": {"type": "string"}, "price": {"type": "number"},
                "MustShipAlone": {"type": "string", "enum": ["Yes", "No"]}}},
            "Visible": {"properties": {"Desk Chairs": {
                "required": ["productName", "keyFeatures", "color"],
                "properties": {
                    "productName": {"type": "string"},
                    "keyFeatures": {"type": "array", "title": "Key Features",
                        "items": {"type": "string"}},
                    "color": {"type": "array", "title": "Color", "items": {"type": "string"}},
                    "seatHeight": {"type": "object", "title": "Seat Height",
                        "properties": {"measure": {}, "unit": {}}},
                    "pieceCount": {"type": "integer", "title": "Number of Pieces"},
                    "variantGroupId": {"type": "string"},
                    "variantAttributeNames": {"type": "array",
                        "items": {"enum": ["color", "size"]}}}}}}}}}}})
    }

    #[test]
    fn rules_name_what_the_seller_must_give() {
        let spec = type_spec(&answer(), "Desk Chairs");
        let rules = spec.rules(false);
        let required: Vec<&str> = rules
            .attributes
            .iter()
            .filter(|rule| rule.required)
            .map(|rule| rule.name.as_str())
            .collect();
        assert_eq!(required, ["MustShipAlone", "keyFeatures", "color"]);
        assert!(rules.families && rules.gtin_required);
        let color = rules
            .attributes
            .iter()
            .find(|rule| rule.name == "color")
            .expect("color");
        assert!(color.varies && color.multiple && !color.closed);
    }

    #[test]
    fn the_schema_may_come_as_text() {
        let text = Value::String(answer().to_string());
        let spec = type_spec(&json!({ "schema": text }), "Desk Chairs");
        assert_eq!(spec, type_spec(&answer(), "Desk Chairs"));
        assert!(
            type_spec(&answer(), "Sofas")
                .attributes
                .iter()
                .all(|a| a.orderable)
        );
    }

    #[test]
    fn values_take_the_form_of_the_attribute() {
        let spec = type_spec(&answer(), "Desk Chairs");
        let check = |name: &str, values: &[&str], expected: &str| {
            let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
            let mut object = Object::new();
            spec.attribute(name).expect(name).put(&mut object, &values);
            assert_eq!(String::from_utf8(object.bytes()).expect("JSON"), expected);
        };
        check("Colour", &["Red"], r#"{"color":["Red"]}"#);
        check("Bullet points", &["a", "b"], r#"{"keyFeatures":["a","b"]}"#);
        check("number of pieces", &["4"], r#"{"pieceCount":4}"#);
        check("number of pieces", &["four"], r#"{"pieceCount":"four"}"#);
        check(
            "Seat height",
            &["18.5 in"],
            r#"{"seatHeight":{"measure":18.5,"unit":"in"}}"#,
        );
        check("mustShipAlone", &["no"], r#"{"MustShipAlone":"No"}"#);
    }
}
