//! Which calls an adapter can make, as its own table of limits says.

use std::collections::BTreeSet;
use std::path::Path;

/// What begins a call in a table of limits; its name is the text that follows.
const BEGINNINGS: [&str; 2] = ["CallSpec::new(", "open_call("];

/// The names of all calls of a marketplace's adapter.
pub(super) fn calls(marketplace: &str) -> BTreeSet<String> {
    if marketplace == "ebay" {
        let specs = barrow_ebay::limits::SPECS.iter();
        return specs.map(|spec| spec.operation.to_owned()).collect();
    }
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates");
    let source = std::fs::read_to_string(crates.join(marketplace).join("src/limits.rs"));
    named(&source.expect("an adapter has its limits in a file"))
}

/// The names in a source: texts that follow a beginning at once.
fn named(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for beginning in BEGINNINGS {
        for rest in source.split(beginning).skip(1) {
            let text = rest.trim_start().strip_prefix('"');
            let name = text.and_then(|text| text.split_once('"'));
            names.extend(name.map(|(name, _)| name.to_owned()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{calls, named};

    #[test]
    fn every_text_that_begins_a_call_is_its_name() {
        let source = "static A: CallSpec =\n    CallSpec::new(\"one\", &[], X);\nCallSpec::new(\n  \
                      \"two\",\n  &[]);\nCallSpec::new(operation, &[]);\nopen_call(\"three\", 1);";
        let names: Vec<String> = named(source).into_iter().collect();
        assert_eq!(names, ["one", "three", "two"]);
    }

    #[test]
    fn every_adapter_has_calls() {
        for (marketplace, known) in [
            ("ebay", "bulkCreateOffer"),
            ("amazon", "putListingsItem"),
            ("walmart", "updatePrice"),
            ("newegg", "submitFeed"),
        ] {
            assert!(calls(marketplace).contains(known), "{marketplace}");
        }
    }
}
