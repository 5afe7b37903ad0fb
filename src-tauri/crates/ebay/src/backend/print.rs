//! What tells whether an offer that an earlier step made still holds what is wanted.

use barrow_model::Binding;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::SENT;

/// The print of what item and offer are written with, to know whether an offer that was made by an
/// earlier step still holds what is wanted now.
pub(super) fn print(item: &Value, offer: &Value) -> String {
    let digest = Sha256::digest(format!("{item}\n{offer}"));
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The binding of an offer whose print does not hold; none where it has no print.
pub(super) fn without_print(binding: &Binding) -> Option<Binding> {
    let mut without = binding.clone();
    without.0.remove(SENT)?;
    Some(without)
}
