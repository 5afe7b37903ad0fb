//! Answers and refusals in eBay's shapes (ebay.md §12).

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::http::{content, empty, html_error, json};

/// What an operation gives back when it took the request.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: Option<Value>,
    /// A page for a browser, in place of a body.
    pub(super) page: Option<String>,
    /// A file, in place of both.
    pub(super) file: Option<Vec<u8>>,
}

impl Answer {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            location: None,
            body: Some(body),
            page: None,
            file: None,
        }
    }

    pub(super) fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            location: None,
            body: None,
            page: None,
            file: None,
        }
    }

    pub(super) fn created(location: String, body: Value) -> Self {
        Self {
            status: 201,
            location: Some(location),
            body: Some(body),
            page: None,
            file: None,
        }
    }
}

/// One entry of `errors[]` or `warnings[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) id: u32,
    pub(super) domain: &'static str,
    pub(super) subdomain: &'static str,
    pub(super) category: &'static str,
    pub(super) message: String,
    pub(super) parameters: Vec<(String, String)>,
}

impl Problem {
    pub(super) fn new(status: u16, id: u32, domain: &'static str, message: &str) -> Self {
        let category = if status >= 500 {
            "APPLICATION"
        } else {
            "REQUEST"
        };
        Self {
            status,
            id,
            domain,
            subdomain: "Selling",
            category,
            message: message.to_owned(),
            parameters: Vec::new(),
        }
    }

    /// A problem of the Inventory API; its status follows from its id (ebay.md §12).
    pub(super) fn inventory(id: u32, message: &str) -> Self {
        let status = match id {
            25001 | 25025 => 500,
            25702 | 25705 | 25710 | 25713 | 25805 => 404,
            25803 => 409,
            _ => 400,
        };
        Self::new(status, id, "API_INVENTORY", message)
    }

    pub(super) fn account(status: u16, id: u32, message: &str) -> Self {
        Self::new(status, id, "API_ACCOUNT", message)
    }

    pub(super) fn fulfillment(status: u16, id: u32, message: &str) -> Self {
        Self::new(status, id, "API_FULFILLMENT", message)
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn to_json(&self) -> Value {
        let mut entry = json!({
            "errorId": self.id,
            "domain": self.domain,
            "subdomain": self.subdomain,
            "category": self.category,
            "message": self.message,
            "longMessage": self.message,
        });
        if !self.parameters.is_empty() {
            let list: Vec<Value> = self
                .parameters
                .iter()
                .map(|(name, value)| json!({ "name": name, "value": value }))
                .collect();
            entry["parameters"] = Value::Array(list);
        }
        entry
    }
}

/// `errors[]` or `warnings[]` of several problems.
pub(super) fn problem_list(problems: &[Problem]) -> Value {
    Value::Array(problems.iter().map(Problem::to_json).collect())
}

/// Why an operation did not take the request.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The usual body with `errors[]`; the status is the first problem's.
    Problems(Vec<Problem>),
    /// The token endpoint's own shape: `error` and `error_description`.
    Oauth {
        status: u16,
        error: &'static str,
        description: &'static str,
    },
    /// The Post-Order API's own shape (ebay.md §12).
    PostOrder {
        status: u16,
        id: u32,
        message: &'static str,
    },
    /// The edge answers before the API is reached, with a page of HTML.
    Edge { status: u16 },
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

pub(super) type Outcome = Result<Answer, Refusal>;

/// Turns an outcome into the HTTP answer, with the ids that eBay's support asks for (ebay.md §3).
pub(super) fn respond(outcome: Outcome, request_id: &str) -> Response<Bytes> {
    let mut response = match outcome {
        Ok(Answer {
            status,
            location,
            body,
            page,
            file,
        }) => {
            let mut response = match (body, page, file) {
                (Some(body), ..) => json(code(status), &body),
                (_, Some(page), _) => content(code(status), "text/html; charset=utf-8", page),
                (.., Some(file)) => content(code(status), "application/octet-stream", file),
                (None, None, None) => empty(code(status)),
            };
            if let Some(location) = location.and_then(|text| HeaderValue::from_str(&text).ok()) {
                response.headers_mut().insert(LOCATION, location);
            }
            response
        }
        Err(Refusal::Problems(problems)) => {
            let status = problems.first().map_or(500, |problem| problem.status);
            json(code(status), &json!({ "errors": problem_list(&problems) }))
        }
        Err(Refusal::Oauth {
            status,
            error,
            description,
        }) => json(
            code(status),
            &json!({ "error": error, "error_description": description }),
        ),
        Err(Refusal::PostOrder {
            status,
            id,
            message,
        }) => {
            let entry = json!({
                "errorId": id,
                "domain": "returnErrorDomain",
                "severity": "ERROR",
                "category": "REQUEST",
                "message": message,
                "parameter": [],
                "httpStatusCode": status,
            });
            json(code(status), &json!({ "error": [entry] }))
        }
        Err(Refusal::Edge { status }) => html_error(code(status)),
    };
    if let Ok(value) = HeaderValue::from_str(request_id) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("rlogid"), value.clone());
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-ebay-request-id"), value);
    }
    response
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
