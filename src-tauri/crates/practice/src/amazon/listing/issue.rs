//! What Amazon finds fault with (amazon.md §4.2).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A required attribute is missing.
pub(super) const MISSING: &str = "90220";
/// An attribute has too few values.
pub(super) const TOO_FEW: &str = "99022";
/// An attribute is not known.
pub(super) const UNKNOWN: &str = "90000900";
/// A value has the wrong shape.
pub(super) const SHAPE: &str = "4000001";
/// A value is not one that is taken.
pub(super) const VALUE: &str = "90244";
/// A price lies outside its own bounds.
pub(super) const BOUNDS: &str = "18155";
/// What is told of the goods contradicts the catalogue.
pub(super) const CONFLICT: &str = "8541";
/// Several pages fit.
pub(super) const SEVERAL: &str = "8542";
/// No page fits.
pub(super) const NO_PAGE: &str = "8560";
/// The SKU does not exist.
pub(super) const NO_SKU: &str = "13013";
/// The seller needs an approval.
pub(super) const APPROVAL: &str = "18299";
/// A listing is taken down.
pub(super) const TAKEN_DOWN: &str = "99300";
/// Something could be better.
pub(super) const INCOMPLETE: &str = "18448";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::amazon) struct Issue {
    pub(in crate::amazon) code: Box<str>,
    pub(in crate::amazon) message: Box<str>,
    pub(in crate::amazon) severity: String,
    category: Option<Box<str>>,
    pub(in crate::amazon) attribute: Option<Box<str>>,
    suppressed: bool,
}

impl Issue {
    pub(super) fn error(code: &str, category: &str, message: impl Into<Box<str>>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            severity: "ERROR".to_owned(),
            category: Some(category)
                .filter(|category| !category.is_empty())
                .map(Into::into),
            attribute: None,
            suppressed: false,
        }
    }

    pub(super) fn warning(code: &str, category: &str, message: impl Into<Box<str>>) -> Self {
        Self {
            severity: "WARNING".to_owned(),
            ..Self::error(code, category, message)
        }
    }

    pub(super) fn at(mut self, attribute: &str) -> Self {
        self.attribute = Some(attribute.into());
        self
    }

    /// Takes the listing off sale until it is mended.
    pub(super) fn suppressing(mut self) -> Self {
        self.suppressed = true;
        self
    }

    pub(super) fn suppresses(&self) -> bool {
        self.suppressed
    }

    pub(super) fn missing(attribute: &str) -> Self {
        let text = format!("'{attribute}' is required but not supplied.");
        Self::error(MISSING, "MISSING_ATTRIBUTE", text).at(attribute)
    }

    pub(super) fn too_few(attribute: &str, field: &str) -> Self {
        let text = format!(
            "The field '{field}' for the attribute '{attribute}' does not have enough values. \
             The required minimum is '1' value(s)."
        );
        Self::error(TOO_FEW, "MISSING_ATTRIBUTE", text).at(attribute)
    }

    pub(super) fn unknown(attribute: &str) -> Self {
        let text = format!("The attribute '{attribute}' is not recognized.");
        Self::error(UNKNOWN, "INVALID_ATTRIBUTE", text).at(attribute)
    }

    pub(super) fn shape(attribute: &str, field: &str) -> Self {
        let text = format!("The value of '{field}' for '{attribute}' has an invalid type.");
        Self::error(SHAPE, "INVALID_ATTRIBUTE", text).at(attribute)
    }

    pub(super) fn value(attribute: &str, field: &str) -> Self {
        let text = format!("The value of '{field}' for '{attribute}' is invalid.");
        Self::error(VALUE, "INVALID_ATTRIBUTE", text).at(attribute)
    }

    /// As answers write it; submissions tell no marketplace.
    pub(in crate::amazon) fn shown(&self, site: Option<&str>) -> Value {
        let categories: Vec<&Box<str>> = self.category.iter().collect();
        let mut shown = json!({
            "code": self.code,
            "message": self.message,
            "severity": self.severity,
            "categories": categories,
        });
        if let Some(attribute) = &self.attribute {
            let top = attribute.split('.').next().unwrap_or_default();
            shown["attributeNames"] = json!([top]);
        }
        if self.suppressed {
            shown["enforcements"] = json!({
                "actions": [{ "action": "LISTING_SUPPRESSED" }],
                "exemption": { "status": "NOT_EXEMPT" },
            });
        }
        if let Some(site) = site {
            shown["marketplaceIds"] = json!([site]);
        }
        shown
    }
}
