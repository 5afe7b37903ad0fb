//! Answers as XML, which is what Newegg sends unless JSON is asked for (newegg.md §2).

use serde_json::Value;

/// Returns a document whose root has this name.
pub(super) fn document(root: &str, body: &Value) -> String {
    let mut text = String::from(r#"<?xml version="1.0" encoding="utf-8"?>"#);
    element(&mut text, root, body);
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| element(text, name, item)),
        Value::Object(fields) => {
            open(text, name, "<");
            for (name, value) in fields {
                element(text, name, value);
            }
            open(text, name, "</");
        }
        Value::Null => {}
        Value::String(inner) => leaf(text, name, inner),
        other => leaf(text, name, &other.to_string()),
    }
}

fn leaf(text: &mut String, name: &str, inner: &str) {
    open(text, name, "<");
    for letter in inner.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            letter => text.push(letter),
        }
    }
    open(text, name, "</");
}

fn open(text: &mut String, name: &str, bracket: &str) {
    text.push_str(bracket);
    text.push_str(name);
    text.push('>');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn lists_become_repeated_elements() {
        let text = document("A", &json!({"b": [1, "x&y"], "c": {"d": null}}));
        let body = text.split_once("?>").map(|(_, body)| body);
        assert_eq!(body, Some("<A><b>1</b><b>x&amp;y</b><c></c></A>"));
    }
}
