//! A liberal reader: wrapped or flat, text or number, list or lone object (newegg.md §3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use barrow_market::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::types::time;

/// A place in an answer, which may not be there.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a>(Option<&'a Value>);

impl<'a> Node<'a> {
    /// A value.
    pub(crate) fn of(value: &'a Value) -> Self {
        Self(Some(value))
    }

    /// The member of a name, in whatever case.
    pub(crate) fn get(self, name: &str) -> Self {
        let Some(Value::Object(members)) = self.0 else {
            return Self(None);
        };
        let exact = members.get(name);
        Self(exact.or_else(|| {
            let mut others = members.iter();
            others
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        }))
    }

    /// Whether there is a member of that name, null included.
    pub(crate) fn has(self, name: &str) -> bool {
        self.get(name).0.is_some()
    }

    /// Whether something is there: anything but nothing, null and an empty text.
    pub(crate) fn is_there(self) -> bool {
        match self.0 {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        }
    }

    /// A text, number or truth value as text without blanks around it; none where it is empty.
    pub(crate) fn text(self) -> Option<String> {
        let text = match self.0? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// A number, written as text or as literal.
    pub(crate) fn decimal(self) -> Option<Decimal> {
        let text = self.text()?;
        let plain = text.replace(',', "");
        plain
            .parse()
            .ok()
            .or_else(|| Decimal::from_scientific(&plain).ok())
    }

    /// A count: whole, not negative, written `3`, `"3"` or `"3.00"`.
    pub(crate) fn count(self) -> Option<u32> {
        let decimal = self.decimal()?.normalize();
        (decimal.scale() == 0).then(|| u32::try_from(decimal).ok())?
    }

    /// Yes or no, written in any of the ways.
    pub(crate) fn flag(self) -> Option<bool> {
        match self.text()?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "y" => Some(true),
            "false" | "0" | "no" | "n" => Some(false),
            _ => None,
        }
    }

    /// A date.
    pub(crate) fn instant(self) -> Option<DateTime<Utc>> {
        time::instant(&self.text()?)
    }

    /// The entries of an `XxxList` whose entries are called `inner`: an object around an array, an
    /// object around a lone entry, an array, an array of wrappers, a lone entry, or nothing.
    pub(crate) fn list(self, inner: &str) -> Vec<Self> {
        match self.0 {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .flat_map(|item| match item {
                    Value::Object(members) if members.len() == 1 => Self::of(item).list(inner),
                    Value::Null => Vec::new(),
                    _ => vec![Self::of(item)],
                })
                .collect(),
            Some(Value::Object(members)) => {
                let wrapped = self.get(inner);
                if wrapped.0.is_some() {
                    wrapped.list(inner)
                } else if members.is_empty() {
                    Vec::new()
                } else {
                    vec![self]
                }
            }
            Some(_) if self.is_there() => vec![self],
            Some(_) => Vec::new(),
        }
    }

    /// The answer without its outer name, where it has one.
    pub(crate) fn opened(self) -> Self {
        ["NeweggAPIResponse", "NeweggEnvelope"]
            .iter()
            .map(|name| self.get(name))
            .find(|inner| inner.is_there())
            .unwrap_or(self)
    }

    /// What the answer is about: its `ResponseBody`, or itself where it is flat.
    pub(crate) fn body(self) -> Self {
        let opened = self.opened();
        let body = opened.get("ResponseBody");
        if body.is_there() { body } else { opened }
    }
}

/// A body as text: without the mark that some begin with, and with broken letters replaced.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    String::from_utf8_lossy(body)
}

/// A body as JSON. An empty one is null; anything else that is none is unreadable, and only where
/// it went wrong is told: the parser's words may quote a buyer.
pub(crate) fn parsed(operation: &'static str, body: &[u8]) -> Result<Value> {
    let text = text_of(body);
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).map_err(|error| unreadable(operation, &error))
}

/// The error of a body that is not JSON.
pub(crate) fn unreadable(operation: &'static str, error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Unreadable, operation)
        .with("line", error.line())
        .with("column", error.column())
        .with("mistake", format!("{:?}", error.classify()))
}

/// The entries of a list as they came, by the same rules as [`Node::list`].
pub(crate) fn raw_list<'a>(raw: &'a RawValue, inner: &str) -> Vec<&'a RawValue> {
    let text = raw.get().trim_start();
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
        return items
            .into_iter()
            .flat_map(|item| match raw_members(item) {
                Some(members) if members.len() == 1 => raw_list(item, inner),
                _ if item.get() == "null" => Vec::new(),
                _ => vec![item],
            })
            .collect();
    }
    match raw_members(raw) {
        Some(members) => match raw_member(&members, inner) {
            Some(wrapped) => raw_list(wrapped, inner),
            None if members.is_empty() => Vec::new(),
            None => vec![raw],
        },
        None if matches!(text, "null" | "\"\"") => Vec::new(),
        None => vec![raw],
    }
}

/// The members of an object as they came; none where it is no object.
pub(crate) fn raw_members(raw: &RawValue) -> Option<BTreeMap<String, &RawValue>> {
    if !raw.get().trim_start().starts_with('{') {
        return None;
    }
    serde_json::from_str(raw.get()).ok()
}

/// The member of a name, in whatever case.
pub(crate) fn raw_member<'a>(
    members: &BTreeMap<String, &'a RawValue>,
    name: &str,
) -> Option<&'a RawValue> {
    members.get(name).copied().or_else(|| {
        let mut others = members.iter();
        others
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::value::RawValue;

    use super::{Node, parsed, raw_list};

    fn value(json: &str) -> Value {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn lists_have_every_shape() {
        let check = |json: &str, expected: &[&str]| {
            let whole = value(json);
            let found: Vec<String> = Node::of(&whole)
                .list("ItemInfo")
                .iter()
                .filter_map(|node| node.get("A").text().or(node.text()))
                .collect();
            assert_eq!(found, expected, "{json}");
            let raw: &RawValue = serde_json::from_str(json).expect(json);
            assert_eq!(raw_list(raw, "ItemInfo").len(), expected.len(), "{json}");
        };
        check(
            r#"{"ItemInfo":[{"A":1,"B":2},{"A":"2","B":2}]}"#,
            &["1", "2"],
        );
        check(r#"{"ItemInfo":{"A":"1","B":2}}"#, &["1"]);
        check(r#"[{"A":1,"B":2},{"A":2,"B":2}]"#, &["1", "2"]);
        check(r#"[{"A":1}]"#, &["1"]);
        check(
            r#"[{"ItemInfo":{"A":1,"B":2}},{"ItemInfo":{"A":2,"B":2}}]"#,
            &["1", "2"],
        );
        check(
            r#"[{"iteminfo":[{"A":1,"B":2},{"A":2,"B":2}]}]"#,
            &["1", "2"],
        );
        check(r#"{"A":1,"B":2}"#, &["1"]);
        check(r#"{"ItemInfo":"123"}"#, &["123"]);
        check(r#"{"ItemInfo":["123","456"]}"#, &["123", "456"]);
        check(r#"["123","456"]"#, &["123", "456"]);
        check(r#""123""#, &["123"]);
        for nothing in ["null", "{}", "[]", "\"\"", r#"{"ItemInfo":null}"#, "[null]"] {
            check(nothing, &[]);
        }
    }

    #[test]
    fn values_are_texts_or_literals() {
        let check = |json: &str, count: Option<u32>, flag: Option<bool>| {
            let whole = value(json);
            assert_eq!(Node::of(&whole).count(), count, "{json}");
            assert_eq!(Node::of(&whole).flag(), flag, "{json}");
        };
        check("2", Some(2), None);
        check("\"2\"", Some(2), None);
        check("\"2.00\"", Some(2), None);
        check("\"1,234\"", Some(1234), None);
        check("1", Some(1), Some(true));
        check("\"0\"", Some(0), Some(false));
        check("true", None, Some(true));
        check("\"True\"", None, Some(true));
        check("\"false\"", None, Some(false));
        check("\"\"", None, None);
        check("null", None, None);
        check("\"2.5\"", None, None);
        check("-1", None, None);
        check("{\"a\":1}", None, None);
    }

    #[test]
    fn answers_are_wrapped_or_flat() {
        for json in [
            r#"{"NeweggAPIResponse":{"IsSuccess":"true","ResponseBody":{"Status":"1"}}}"#,
            r#"{"IsSuccess":true,"ResponseBody":{"Status":"1"}}"#,
            r#"{"status":1}"#,
            "\u{feff}{\"Status\":\"1\"}",
        ] {
            let whole = parsed("test", json.as_bytes()).expect(json);
            let status = Node::of(&whole).body().get("Status").count();
            assert_eq!(status, Some(1), "{json}");
        }
        assert!(parsed("test", b"<html>").is_err());
        assert_eq!(parsed("test", b" \r\n").expect("nothing"), Value::Null);
        // One letter that is none spoils nothing.
        let whole = parsed("test", b"{\"Status\":\"1\",\"Name\":\"\xff\"}").expect("readable");
        assert_eq!(Node::of(&whole).body().get("Status").count(), Some(1));
    }
}
