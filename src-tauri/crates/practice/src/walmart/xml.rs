//! The XML that Walmart answers when nobody asks for JSON (walmart.md §1).

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use crate::http::content;

/// Returns the XML twin of a JSON answer, headers of its own kept.
pub(super) fn twin(response: Response<Bytes>) -> Response<Bytes> {
    let Ok(body) = serde_json::from_slice::<Value>(response.body()) else {
        return response;
    };
    let mut text = String::from(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#);
    match &body {
        Value::Object(fields) if fields.len() == 1 => {
            for (name, value) in fields {
                element(&mut text, name, value);
            }
        }
        other => element(&mut text, "response", other),
    }
    let mut xml = content(response.status(), "application/xml", text);
    for (name, value) in response.headers() {
        if name.as_str().starts_with("x-") || name == http::header::RETRY_AFTER {
            xml.headers_mut().insert(name.clone(), value.clone());
        }
    }
    xml
}

fn element(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) if name == "errors" => {
            text.push_str("<errors>");
            items.iter().for_each(|item| element(text, "error", item));
            text.push_str("</errors>");
        }
        Value::Array(items) => items.iter().for_each(|item| element(text, name, item)),
        Value::Object(fields) => {
            open(text, name, "<");
            fields
                .iter()
                .for_each(|(name, value)| element(text, name, value));
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
    use http::StatusCode;
    use serde_json::json;

    use super::twin;
    use crate::http::json as answer;

    #[test]
    fn errors_and_lists_become_repeated_elements() {
        let check = |body: serde_json::Value, expected: &str| {
            let xml = twin(answer(StatusCode::OK, &body));
            let text = String::from_utf8(xml.body().to_vec()).unwrap();
            assert_eq!(text.split_once("?>").unwrap().1, expected);
        };
        check(
            json!({"errors": [{"code": "A&B"}, {"code": "C"}]}),
            "<errors><error><code>A&amp;B</code></error><error><code>C</code></error></errors>",
        );
        check(
            json!({"a": 1, "b": [2, 3]}),
            "<response><a>1</a><b>2</b><b>3</b></response>",
        );
    }
}
