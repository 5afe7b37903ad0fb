//! One request as the operations see it, and what they answer.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::dates;
use super::error::Refusal;
use super::platform::Platform;
use super::shape::Shape;
use super::xml;
use crate::http::{Query, content, header};
use crate::marketplace::Now;

/// What an operation answers.
pub(super) type Answer = Result<Shown, Refusal>;

/// The content of an answer, before its form.
#[derive(Debug)]
pub(super) enum Shown {
    /// Under `IsSuccess`, `OperationType`, `SellerID` and `ResponseBody`.
    Framed {
        operation: &'static str,
        body: Value,
        success: bool,
        memo: Option<String>,
        /// `ResponseDate`, as it is written.
        date: Option<String>,
    },
    /// An object of its own; the name is its root in XML.
    Flat { root: &'static str, body: Value },
}

impl Shown {
    pub(super) fn framed(operation: &'static str, body: Value) -> Self {
        Self::Framed {
            operation,
            body,
            success: true,
            memo: None,
            date: None,
        }
    }

    pub(super) fn dated(self, written: String) -> Self {
        match self {
            Self::Framed {
                operation,
                body,
                success,
                memo,
                ..
            } => Self::Framed {
                operation,
                body,
                success,
                memo,
                date: Some(written),
            },
            flat => flat,
        }
    }

    /// Puts the content into the form of an answer.
    pub(super) fn answer(self, seller_id: &str, shape: Shape) -> Response<Bytes> {
        let (root, body, framed) = match self {
            Self::Flat { root, body } => (root, body, false),
            Self::Framed {
                operation,
                body,
                success,
                memo,
                date,
            } => {
                let mut frame = json!({
                    "IsSuccess": shape.flag(success),
                    "OperationType": operation,
                    "SellerID": seller_id,
                    "ResponseBody": body,
                });
                if let Some(date) = date {
                    frame["ResponseDate"] = json!(date);
                }
                if memo.is_some() {
                    frame["Memo"] = json!(memo);
                }
                ("NeweggAPIResponse", frame, true)
            }
        };
        if shape.xml {
            let text = xml::document(root, &body);
            return content(StatusCode::OK, "application/xml", text);
        }
        let body = if framed && shape.wrapped {
            json!({ root: body })
        } else {
            body
        };
        let mark = if shape.bom { "\u{feff}" } else { "" };
        content(StatusCode::OK, "application/json", format!("{mark}{body}"))
    }
}

pub(super) struct Call<'a> {
    pub(super) request: &'a Request<Bytes>,
    pub(super) platform: Platform,
    /// The path after the platform's base, decoded.
    pub(super) path: &'a [String],
    pub(super) query: Query,
    pub(super) shape: Shape,
    pub(super) now: Now,
}

impl Call<'_> {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(self.request.headers(), name)
    }

    /// Returns the last segment of the path.
    pub(super) fn last(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// Reads the body as JSON.
    pub(super) fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(self.request.body())
            .map_err(|_| Refusal::general("The request body is not well formed."))
    }

    /// Reads the `RequestBody` of a framed request. In JSON the frame has no name of its own
    /// (newegg.md §3).
    pub(super) fn framed(&self, operation: &str) -> Result<Value, Refusal> {
        let body = self.json()?;
        if body.get("NeweggAPIRequest").is_some() {
            let text = "NeweggAPIRequest is the root of XML; JSON begins with OperationType.";
            return Err(Refusal::general(text));
        }
        if body.get("OperationType").and_then(Value::as_str) != Some(operation) {
            let text = format!("OperationType must be {operation}.");
            return Err(Refusal::general(text));
        }
        let inner = body.get("RequestBody").filter(|body| body.is_object());
        inner
            .cloned()
            .ok_or_else(|| Refusal::general("RequestBody is missing."))
    }

    pub(super) fn slashed(&self) -> String {
        dates::slashed(self.now.wall)
    }
}

/// Reads text or a literal as text; none where it is missing, empty or not one value.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Reads a list of a request: `{"XxxList":{"Xxx":[…]}}`, a single entry as itself, or an array.
pub(super) fn rows(value: &Value, list: &str, name: &str) -> Vec<Value> {
    match value.get(list) {
        Some(Value::Array(rows)) => rows.clone(),
        Some(Value::Object(inner)) => several(inner.get(name)),
        _ => Vec::new(),
    }
}

/// Reads an array, or its only entry as itself.
pub(super) fn several(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(rows)) => rows.clone(),
        None | Some(Value::Null) => Vec::new(),
        Some(row) => vec![row.clone()],
    }
}

/// Reads the texts of a list, empty ones left out.
pub(super) fn texts(rows: &[Value]) -> Vec<String> {
    rows.iter()
        .filter_map(|row| match row {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect()
}
