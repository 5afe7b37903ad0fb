//! Refusals in Newegg's several forms (newegg.md §3 "Errors").
//!
//! Codes that the reference names are used for what it says they mean. For other mistakes a code
//! in the same manner stands in, which callers must not know: CE001 is a bad request in general.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use super::shape::{RefusalForm, Shape};
use super::xml;
use crate::http::{content, html_error, json as json_answer};

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    manner: Manner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// In whichever form the answer takes.
    Any,
    /// Always an array of code and message.
    Array,
    /// In any form, or in the gateway's plain words.
    Gateway,
    /// The gateway's plain words.
    Plain,
    /// In any form, or the page of a broken server.
    Page,
}

/// What the gateway says of keys that it refuses (newegg.md §2).
const GATEWAY_WORDS: &str = "Gateway: Seller Auth failed.";

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            manner: Manner::Any,
        }
    }

    /// The request itself is wrong: status 400.
    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// The request is wrong in a way that has no code of its own.
    pub(super) fn general(message: impl Into<String>) -> Self {
        Self::bad("CE001", message)
    }

    pub(super) fn unauthorized(code: &'static str, message: &str) -> Self {
        Self {
            manner: Manner::Gateway,
            ..Self::new(StatusCode::UNAUTHORIZED, code, message)
        }
    }

    pub(super) fn gateway() -> Self {
        Self {
            manner: Manner::Plain,
            ..Self::new(StatusCode::UNAUTHORIZED, "AccessDenied", GATEWAY_WORDS)
        }
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", message)
    }

    pub(super) fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "CE001", message)
    }

    pub(super) fn wrong_method() -> Self {
        let text = "This address does not take this method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "CE001", text)
    }

    pub(super) fn too_many() -> Self {
        Self {
            manner: Manner::Array,
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "429", "Too many request.")
        }
    }

    pub(super) fn broken(status: StatusCode) -> Self {
        Self {
            manner: Manner::Page,
            ..Self::new(
                status,
                "CE002",
                "An internal error occurred. Try again later.",
            )
        }
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn answer(&self, shape: Shape) -> Response<Bytes> {
        let error = json!({ "Code": self.code, "Message": self.message });
        let plain = shape.refusal == RefusalForm::Plain;
        match (self.manner, shape.refusal) {
            (Manner::Plain, _) => content(self.status, "text/plain", GATEWAY_WORDS),
            (Manner::Gateway, _) if plain => content(self.status, "text/plain", GATEWAY_WORDS),
            (Manner::Page, _) if plain => html_error(self.status),
            (Manner::Array, _) if !shape.xml => json_answer(self.status, &[error]),
            (_, RefusalForm::Xml) => {
                let errors = json!({ "Error": error });
                content(
                    self.status,
                    "application/xml",
                    xml::document("Errors", &errors),
                )
            }
            (_, RefusalForm::Object) => json_answer(self.status, &error),
            _ => json_answer(self.status, &[error]),
        }
    }
}
