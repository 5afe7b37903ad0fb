//! Patches: only whole attributes can be named, and their values are found by selectors
//! (amazon.md §4.4).

use serde_json::{Map, Value};

use super::super::site::Site;
use super::check::{Completeness, attribute, audience, selectors};
use super::issue::Issue;

/// The most patches of one change.
const PATCHES_MAX: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    /// `add` and `replace` do the same.
    Replace,
    Merge,
    Delete,
}

/// One patch of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::amazon) struct Patch {
    op: Op,
    pub(super) attribute: String,
    value: Vec<Map<String, Value>>,
}

impl Patch {
    /// Replaces an attribute, as a partial update in a feed does; none where it is no list of
    /// objects.
    pub(in crate::amazon) fn replacing(attribute: &str, value: &Value) -> Option<Self> {
        Some(Self {
            op: Op::Replace,
            attribute: attribute.to_owned(),
            value: objects(value)?,
        })
    }

    /// Checks the patch itself, before it is laid over anything.
    pub(super) fn check(&self, site: &Site) -> Vec<Issue> {
        let completeness = match self.op {
            Op::Replace => Completeness::Whole,
            Op::Merge => Completeness::Merged,
            Op::Delete => return Vec::new(),
        };
        let values = self.value.iter().cloned().map(Value::Object).collect();
        attribute(&self.attribute, &Value::Array(values), site, completeness)
    }

    /// Lays the patch over the attributes.
    pub(super) fn apply(&self, attributes: &mut Map<String, Value>) {
        let name = self.attribute.as_str();
        let mut values = attributes.get(name).and_then(objects).unwrap_or_default();
        match self.op {
            Op::Replace => {
                values.retain(|old| !self.value.iter().any(|new| same(name, old, new)));
                values.extend(self.value.iter().cloned());
            }
            Op::Merge => {
                for new in &self.value {
                    match values.iter_mut().find(|old| same(name, old, new)) {
                        Some(old) => merge(old, new),
                        None => values.push(new.clone()),
                    }
                }
            }
            Op::Delete => values.retain(|old| !self.value.iter().any(|gone| selected(old, gone))),
        }
        if values.is_empty() {
            attributes.remove(name);
        } else {
            let values = values.into_iter().map(Value::Object).collect();
            attributes.insert(name.to_owned(), Value::Array(values));
        }
    }
}

fn merge(old: &mut Map<String, Value>, new: &Map<String, Value>) {
    for (field, value) in new {
        old.insert(field.clone(), value.clone());
    }
}

/// Whether two values of an attribute are the same one by its selectors.
fn same(name: &str, a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    selectors(name).iter().all(|selector| match *selector {
        "audience" => audience(a) == audience(b),
        selector => a.get(selector) == b.get(selector),
    })
}

/// Whether every field that a deletion names is as it says.
fn selected(old: &Map<String, Value>, gone: &Map<String, Value>) -> bool {
    gone.iter().all(|(field, value)| match field.as_str() {
        "audience" => audience(old) == value.as_str().unwrap_or_default(),
        _ => old.get(field) == Some(value),
    })
}

fn objects(value: &Value) -> Option<Vec<Map<String, Value>>> {
    let values = value.as_array()?.iter();
    values.map(|value| value.as_object().cloned()).collect()
}

/// Reads a list of patches.
pub(in crate::amazon) fn patches(value: Option<&Value>) -> Result<Vec<Patch>, String> {
    let rows = value.and_then(Value::as_array);
    let rows = rows.filter(|rows| (1..=PATCHES_MAX).contains(&rows.len()));
    let rows = rows.ok_or("The patches are missing or too many.")?;
    rows.iter().map(read).collect()
}

fn read(row: &Value) -> Result<Patch, String> {
    let op = match row.get("op").and_then(Value::as_str) {
        Some("add" | "replace") => Op::Replace,
        Some("merge") => Op::Merge,
        Some("delete") => Op::Delete,
        _ => return Err("The op of a patch must be add, replace, merge or delete.".to_owned()),
    };
    let path = row.get("path").and_then(Value::as_str).unwrap_or_default();
    let attribute = path.strip_prefix("/attributes/");
    let attribute = attribute.filter(|name| !name.is_empty() && !name.contains('/'));
    let attribute = attribute.ok_or("Invalid path provided.")?;
    let value = row.get("value").and_then(objects);
    let value = value.filter(|value| !value.is_empty());
    let value = value.ok_or("The value of a patch must be a list of objects.")?;
    Ok(Patch {
        op,
        attribute: attribute.to_owned(),
        value,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::patches;

    fn check(before: &Value, patch: Value, after: &Value) {
        let mut attributes = before.as_object().cloned().unwrap_or_default();
        for patch in patches(Some(&json!([patch]))).unwrap() {
            patch.apply(&mut attributes);
        }
        assert_eq!(&Value::Object(attributes), after);
    }

    #[test]
    fn replace_exchanges_whole_values_and_merge_keeps_what_it_does_not_name() {
        let path = "/attributes/fulfillment_availability";
        let both = |default: Value| {
            let other = json!({ "fulfillment_channel_code": "AMAZON_NA" });
            json!({ "fulfillment_availability": [other, default] })
        };
        let default = json!({
            "fulfillment_channel_code": "DEFAULT", "quantity": 3, "lead_time_to_ship_max_days": 2,
        });
        let new = json!({ "fulfillment_channel_code": "DEFAULT", "quantity": 7 });
        let replace = json!({ "op": "replace", "path": path, "value": [new] });
        check(&both(default.clone()), replace, &both(new.clone()));
        let merged = json!({
            "fulfillment_channel_code": "DEFAULT", "quantity": 7, "lead_time_to_ship_max_days": 2,
        });
        let merge = json!({ "op": "merge", "path": path, "value": [new] });
        check(&both(default.clone()), merge, &both(merged));
        let gone = json!([{ "fulfillment_channel_code": "AMAZON_NA" }]);
        let delete = json!({ "op": "delete", "path": path, "value": gone });
        let left = json!({ "fulfillment_availability": [default] });
        check(&both(default), delete, &left);
    }

    #[test]
    fn an_audience_left_out_is_everyone() {
        let value = |audience: Option<&str>, price: u32| {
            let mut value = json!({
                "marketplace_id": "M", "currency": "USD",
                "our_price": [{ "schedule": [{ "value_with_tax": price }] }],
            });
            if let Some(audience) = audience {
                value["audience"] = json!(audience);
            }
            value
        };
        let before = json!({ "purchasable_offer": [value(None, 1), value(Some("B2B"), 2)] });
        let patch = json!({
            "op": "replace", "path": "/attributes/purchasable_offer",
            "value": [value(Some("ALL"), 3)],
        });
        let after = json!({
            "purchasable_offer": [value(Some("B2B"), 2), value(Some("ALL"), 3)],
        });
        check(&before, patch, &after);
    }

    #[test]
    fn only_whole_attributes_can_be_named() {
        for path in [
            "/attributes/item_name/0",
            "/attributes/",
            "item_name",
            "/summaries",
        ] {
            let patch = json!([{ "op": "replace", "path": path, "value": [{}] }]);
            assert!(patches(Some(&patch)).is_err(), "{path}");
        }
        assert!(patches(Some(&json!([]))).is_err());
        let bare = json!([{ "op": "replace", "path": "/attributes/item_name", "value": {} }]);
        assert!(patches(Some(&bare)).is_err());
    }
}
