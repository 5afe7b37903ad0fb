//! Reads bodies of each media type into JSON, so that one kind of schema fits all.

use super::Exchange;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// A media type without its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Media {
    /// In lower case; empty if none was named.
    pub(super) name: String,
    boundary: Option<String>,
}

impl Media {
    pub(super) fn of(headers: &HeaderMap) -> Media {
        let text = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        Media::parse(text.unwrap_or_default())
    }

    fn parse(text: &str) -> Media {
        let mut parts = text.split(';');
        let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let boundary = parts.find_map(|parameter| {
            let (key, value) = parameter.trim().split_once('=')?;
            key.eq_ignore_ascii_case("boundary")
                .then(|| value.trim_matches('"').to_owned())
        });
        Media { name, boundary }
    }

    /// Whether a contract's name of a media type, parameters ignored, means this one.
    pub(super) fn is(&self, described: &str) -> bool {
        Media::parse(described).name == self.name
    }

    fn is_json(&self) -> bool {
        self.name.is_empty() || self.name == "application/json" || self.name.ends_with("+json")
    }
}

/// Reads a body: JSON as it is, a form as an object of texts, anything else as one text.
pub(super) fn read(media: &Media, bytes: &[u8]) -> Result<Value, String> {
    if media.is_json() {
        // The parser's own message may quote the body.
        return serde_json::from_slice(bytes).map_err(|error| {
            format!(
                "is not JSON, at line {} column {}",
                error.line(),
                error.column()
            )
        });
    }
    match media.name.as_str() {
        "application/x-www-form-urlencoded" => {
            let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
            Ok(object(pairs(text)))
        }
        "multipart/form-data" => {
            let boundary = media
                .boundary
                .as_deref()
                .ok_or("the type names no boundary")?;
            Ok(object(parts(boundary, &String::from_utf8_lossy(bytes))?))
        }
        _ => Ok(Value::String(String::from_utf8_lossy(bytes).into_owned())),
    }
}

fn object(pairs: Vec<(String, String)>) -> Value {
    let fields = pairs
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)));
    Value::Object(fields.collect::<Map<String, Value>>())
}

/// The names and values of a query or a form, decoded.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|two| std::str::from_utf8(two).ok());
        match (
            bytes[at],
            hex.and_then(|two| u8::from_str_radix(two, 16).ok()),
        ) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The names and contents of a form's parts.
fn parts(boundary: &str, text: &str) -> Result<Vec<(String, String)>, String> {
    let delimiter = format!("--{boundary}");
    let (_, rest) = text
        .split_once(&delimiter)
        .ok_or("the form has no first boundary")?;
    let (inside, _) = rest
        .rsplit_once(&format!("\r\n{delimiter}--"))
        .ok_or("the form has no closing boundary")?;
    let mut found = Vec::new();
    for part in inside.split(&format!("\r\n{delimiter}")) {
        let part = part
            .strip_prefix("\r\n")
            .ok_or("a boundary is not a line of its own")?;
        let (headers, content) = part
            .split_once("\r\n\r\n")
            .ok_or("a part has no empty line after its headers")?;
        let name = headers
            .lines()
            .find_map(part_name)
            .ok_or("a part has no name")?;
        found.push((name, content.to_owned()));
    }
    Ok(found)
}

fn part_name(header: &str) -> Option<String> {
    let (key, value) = header.split_once(':')?;
    if !key.trim().eq_ignore_ascii_case("content-disposition") {
        return None;
    }
    value.split(';').find_map(|parameter| {
        let (key, value) = parameter.trim().split_once('=')?;
        (key == "name").then(|| value.trim_matches('"').to_owned())
    })
}

/// What is wrong with the body of a refusal.
///
/// eBay, Walmart and Amazon answer with `errors`, the token endpoints with `error`. The edge
/// before them answers in forms of its own when it is overloaded or broken, which it says with a
/// server's status or with one of `edge`: walmart.md §4, amazon.md §10.
pub(super) fn refusal_fault(exchange: &Exchange<'_>, edge: &[u16]) -> Option<&'static str> {
    let edge = exchange.status >= 500 || edge.contains(&exchange.status);
    let media = Media::of(exchange.response_headers);
    if edge && (exchange.response_body.is_empty() || !media.is_json()) {
        return None;
    }
    if exchange.response_body.is_empty() {
        return Some("a refusal without a body");
    }
    let Ok(body) = serde_json::from_slice::<Value>(exchange.response_body) else {
        return Some("a refusal that is not JSON");
    };
    let known = match (&body["errors"], &body["error"]) {
        (Value::Array(errors), _) => !errors.is_empty() && errors.iter().all(Value::is_object),
        (Value::Object(errors), _) => errors.contains_key("error"),
        (Value::Null, Value::Array(errors)) => !errors.is_empty(),
        (Value::Null, Value::Object(_) | Value::String(_)) => true,
        _ => false,
    };
    (!known).then_some("a refusal without the error form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(media: &str, body: &str, expected: Result<Value, &str>) {
        let read = read(&Media::parse(media), body.as_bytes());
        assert_eq!(read, expected.map_err(str::to_owned), "{media} {body:?}");
    }

    #[test]
    fn bodies_are_read_by_their_type() {
        check(
            "application/json; charset=utf-8",
            "{\"a\":1}",
            Ok(json!({"a": 1})),
        );
        check("", "{}", Ok(json!({})));
        check(
            "application/json",
            "{",
            Err("is not JSON, at line 1 column 1"),
        );
        check("text/plain", "x", Ok(json!("x")));
        check(
            "application/x-www-form-urlencoded",
            "grant_type=refresh_token&scope=a%20b+c&code=v%5E1%23",
            Ok(json!({"grant_type": "refresh_token", "scope": "a b c", "code": "v^1#"})),
        );
    }

    #[test]
    fn the_parts_of_a_form_are_found_by_name() {
        let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.json\"\r\n\
                    Content-Type: application/json\r\n\r\n{\"a\":\r\n1}\r\n--b\r\n\
                    content-disposition: form-data; name=\"note\"\r\n\r\n\r\n--b--\r\n";
        let expected = json!({"file": "{\"a\":\r\n1}", "note": ""});
        check(
            "multipart/form-data; boundary=b",
            form,
            Ok(expected.clone()),
        );
        check("multipart/form-data; boundary=\"b\"", form, Ok(expected));
        let unclosed = form.replace("--b--", "");
        check(
            "multipart/form-data; boundary=b",
            &unclosed,
            Err("the form has no closing boundary"),
        );
        check(
            "multipart/form-data",
            form,
            Err("the type names no boundary"),
        );
    }

    #[test]
    fn refusals_have_the_error_form_unless_the_edge_answers() {
        let check = |status: u16, media: &str, body: &str, good: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, media.parse().unwrap());
            let exchange = Exchange {
                method: &http::Method::GET,
                path_and_query: "/",
                request_headers: &HeaderMap::new(),
                request_body: None,
                status,
                response_headers: &headers,
                response_body: body.as_bytes(),
            };
            assert_eq!(
                refusal_fault(&exchange, &[411, 413, 429]).is_none(),
                good,
                "{status} {body}"
            );
        };
        check(
            400,
            "application/json",
            r#"{"errors":[{"errorId":1}]}"#,
            true,
        );
        check(400, "application/json", r#"{"errors":{"error":[]}}"#, true);
        check(400, "application/json", r#"{"error":[{"code":"X"}]}"#, true);
        check(
            400,
            "application/json",
            r#"{"error":"invalid_grant"}"#,
            true,
        );
        check(400, "application/json", r#"{"errors":[]}"#, false);
        check(400, "application/json", r#"{"message":"no"}"#, false);
        check(404, "text/html", "<html>", false);
        check(404, "application/json", "", false);
        check(429, "application/json", "", true);
        check(502, "text/html", "<html>", true);
        check(500, "application/json", "{}", false);
    }
}
