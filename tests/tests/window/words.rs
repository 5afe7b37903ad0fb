//! The window's words, by the keys that it finds them with: a test reads what a person reads, and
//! a better word breaks none.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// A word of the window.
///
/// # Panics
/// If the window has no such word.
pub(crate) fn word(key: &str) -> String {
    let english = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/messages/en.json");
    let english = fs::read(english).expect("the checkout has the window's words");
    let words: Map<String, Value> = serde_json::from_slice(&english).expect("words are JSON");
    let word = words.get(key).and_then(Value::as_str);
    word.unwrap_or_else(|| panic!("the window has no word {key}"))
        .to_owned()
}

/// A word of the window with what stands in it.
pub(crate) fn told(key: &str, parameters: &[(&str, &str)]) -> String {
    let mut text = word(key);
    for (name, value) in parameters {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    assert!(!text.contains('{'), "{key} wants more than {parameters:?}");
    text
}

/// What stands before and behind a parameter of a word.
pub(crate) fn around(key: &str, parameter: &str) -> (String, String) {
    let text = word(key);
    let (before, behind) = text
        .split_once(&format!("{{{parameter}}}"))
        .unwrap_or_else(|| panic!("{key} has no {parameter}"));
    (before.to_owned(), behind.to_owned())
}

/// A number as the window writes it.
pub(crate) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
