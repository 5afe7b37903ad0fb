//! Reading answers that tell something.

use std::collections::HashMap;

use barrow_market::{Error, ErrorKind, Result};
use barrow_wire::Answer;
use http::StatusCode;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::types::Told;

/// What an answer tells; what is left out by [`StatusCode::NO_CONTENT`] is empty.
///
/// # Errors
/// Unreadable: no JSON, or JSON of another shape, or no body where there should be one.
pub(super) fn told<T>(answer: &Answer, operation: &'static str) -> Result<T>
where
    T: Told + DeserializeOwned + Default,
{
    if answer.status == StatusCode::NO_CONTENT {
        return Ok(T::default());
    }
    let fields: HashMap<String, IgnoredAny> = answer.json(operation)?;
    let has_one = T::FIELDS.iter().any(|field| fields.contains_key(*field));
    let is_empty = T::MAY_BE_EMPTY && fields.is_empty();
    if !has_one && !is_empty {
        let missing = T::FIELDS.first().copied().unwrap_or_default();
        return Err(Error::new(ErrorKind::Unreadable, operation).with("missing", missing));
    }
    answer.json(operation)
}
