//! Error answers in Amazon's envelope (amazon.md §10).

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::http::json as json_answer;

/// Why a call is refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: &'static str,
    message: String,
    details: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: String::new(),
        }
    }

    /// Adds what only some gateways tell.
    pub(super) fn detailed(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
        self
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidInput", message)
    }

    pub(super) fn param(name: &str, problem: &str) -> Self {
        Self::invalid(format!("The parameter {name} is {problem}."))
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    /// A role, region, marketplace or path that this application must not reach.
    pub(super) fn denied() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Unauthorized",
            "Access to requested resource is denied.",
        )
    }

    pub(super) fn unsupported() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "InvalidInput",
            "The content type of the request is not supported.",
        )
    }

    pub(super) fn too_many() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "QuotaExceeded",
            "You exceeded your quota for the requested resource.",
        )
    }

    pub(super) fn broken() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalFailure",
            "Something went wrong inside. Try again.",
        )
    }

    /// The answer. Some gateways leave empty details out, others write them (amazon.md §10).
    pub(super) fn answer(&self, operation: &str) -> Response<Bytes> {
        let terse = ["Feed", "Marketplace", "Account", "Restrictions"];
        let terse = terse.iter().any(|word| operation.contains(word));
        let mut error = json!({ "code": self.code, "message": self.message });
        if !self.details.is_empty() || !terse {
            error["details"] = Value::from(self.details.as_str());
        }
        json_answer(self.status, &json!({ "errors": [error] }))
    }
}
