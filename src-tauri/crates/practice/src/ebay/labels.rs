//! Codes that tell how safe goods are and what is dangerous about them, each with its words. Those
//! of hazards stand here for eBay's own, which its Metadata API alone tells.

use serde_json::{Value, json};

/// A code and what it says.
pub(super) type Label = (&'static str, &'static str);

/// Pictograms and statements of product safety.
pub(super) const SAFETY: [&[Label]; 2] = [
    &[
        ("EBPSP101", "Not for children under 3 years"),
        ("EBPSP102", "Ages 8 and up"),
        ("EBPSP103", "Read the manual"),
        ("EBPSP201", "CE mark"),
    ],
    &[
        ("EBPSS101", "Small parts: choking hazard"),
        ("EBPSS102", "To be used under the watch of an adult"),
        ("EBPSS103", "Keep away from fire"),
        ("EBPSS104", "Keep away from water"),
        ("EBPSS105", "Hot surface"),
        ("EBPSS106", "Sharp edges"),
        ("EBPSS107", "Long cord: strangulation hazard"),
        ("EBPSS108", "To be fixed to a wall"),
        ("EBPSS109", "To be put together by an adult"),
    ],
];

/// Pictograms, statements and signal words of hazards.
pub(super) const HAZARDS: [&[Label]; 3] = [
    &[
        ("GHS01", "Explosive"),
        ("GHS02", "Flammable"),
        ("GHS03", "Oxidising"),
        ("GHS05", "Corrosive"),
        ("GHS07", "Harmful"),
        ("GHS09", "Hazardous to the environment"),
    ],
    &[
        ("H220", "Extremely flammable gas"),
        ("H222", "Extremely flammable aerosol"),
        ("H225", "Highly flammable liquid and vapour"),
        ("H229", "Pressurised container: may burst if heated"),
        ("H302", "Harmful if swallowed"),
        ("H314", "Causes severe skin burns and eye damage"),
        ("H315", "Causes skin irritation"),
        ("H318", "Causes serious eye damage"),
        ("H319", "Causes serious eye irritation"),
        ("H336", "May cause drowsiness or dizziness"),
        ("H411", "Toxic to aquatic life with long lasting effects"),
    ],
    &[("DANGER", "Danger"), ("WARNING", "Warning")],
];

/// Labels as the Metadata API tells them: `what` is the beginning of their members' names.
fn told(labels: &[Label], what: &str) -> Value {
    let labels = labels.iter();
    labels
        .map(|(id, words)| {
            json!({
                format!("{what}Id"): id,
                format!("{what}Description"): words,
            })
        })
        .collect()
}

/// The answer of `get_product_safety_labels`.
pub(super) fn of_safety() -> Value {
    let [pictograms, statements] = SAFETY;
    json!({
        "pictograms": told(pictograms, "pictogram"),
        "statements": told(statements, "statement"),
    })
}

/// The answer of `get_hazardous_materials_labels`.
pub(super) fn of_hazards() -> Value {
    let [pictograms, statements, words] = HAZARDS;
    json!({
        "pictograms": told(pictograms, "pictogram"),
        "statements": told(statements, "statement"),
        "signalWords": told(words, "signalWord"),
    })
}
