//! Error answers in Walmart's envelope (walmart.md §4).

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::http::json as json_answer;

/// Why a call is refused: a code stem and its status from the table of walmart.md §4.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    stem: &'static str,
    service: &'static str,
    field: Option<String>,
    description: String,
}

/// The suffixes that codes carry, by service.
pub(super) const GATEWAY: &str = "GMP_GATEWAY_API";
pub(super) const ORDERS: &str = "GMP_ORDER_API";
pub(super) const ITEMS: &str = "GMP_ITEM_QUERY_API";
pub(super) const INVENTORY: &str = "GMP_INVENTORY_API";
pub(super) const PRICES: &str = "GMP_PRICE_API";
pub(super) const FEEDS: &str = "GMP_FEED_API";

impl Refusal {
    pub(super) fn new(
        status: StatusCode,
        stem: &'static str,
        service: &'static str,
        description: impl Into<String>,
    ) -> Self {
        Self {
            status,
            stem,
            service,
            field: None,
            description: description.into(),
        }
    }

    /// Names the field that is wrong.
    pub(super) fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(super) fn content(service: &'static str, description: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "INVALID_REQUEST_CONTENT",
            service,
            description,
        )
    }

    pub(super) fn malformed(service: &'static str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "MALFORMED_REQUEST_CONTENT",
            service,
            "The request body is not well formed.",
        )
    }

    pub(super) fn param(service: &'static str, name: &str, description: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "INVALID_REQUEST_PARAM",
            service,
            description,
        )
        .at(name)
    }

    pub(super) fn missing_param(service: &'static str, name: &str) -> Self {
        let text = format!("The request parameter {name} is missing.");
        Self::new(
            StatusCode::BAD_REQUEST,
            "MISSING_REQUEST_PARAM",
            service,
            text,
        )
        .at(name)
    }

    pub(super) fn not_found(service: &'static str, description: impl Into<String>) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "CONTENT_NOT_FOUND",
            service,
            description,
        )
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "UNAUTHORIZED",
            GATEWAY,
            "Unauthorized",
        )
    }

    pub(super) fn too_many() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "REQUEST_THRESHOLD_VIOLATED",
            GATEWAY,
            "The request limit of this operation is exhausted.",
        )
    }

    pub(super) fn broken(status: StatusCode) -> Self {
        Self::new(
            status,
            "SYSTEM_ERROR",
            GATEWAY,
            "An unexpected error occurred. Try again later.",
        )
    }

    /// The one error object inside the envelope.
    pub(super) fn object(&self) -> Value {
        let category = match self.status.as_u16() {
            400..=499 if self.field.is_some() => "DATA",
            400..=499 => "REQUEST",
            _ => "SYSTEM",
        };
        let mut error = json!({
            "code": format!("{}.{}", self.stem, self.service),
            "description": self.description,
            "info": self.description,
            "severity": "ERROR",
            "category": category,
            "causes": [],
            "errorIdentifiers": {},
        });
        if let Some(field) = &self.field {
            error["field"] = json!(field);
        }
        error
    }

    /// The answer. Orders use the older singular envelope; both are documented (walmart.md §4).
    pub(super) fn answer(&self) -> Response<Bytes> {
        let body = if self.service == ORDERS {
            json!({ "errors": { "error": [self.object()] } })
        } else {
            json!({ "errors": [self.object()] })
        };
        json_answer(self.status, &body)
    }
}
