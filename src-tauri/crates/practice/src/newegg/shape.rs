//! How an answer looks. Newegg's answers say the same in many forms (newegg.md §3); each answer
//! here takes one, drawn from the seed, so that no caller can rely on any.

use serde_json::{Value, json};

use super::money;
use crate::random::Random;

/// The form of one answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// XML was asked for.
    pub(super) xml: bool,
    /// Framed answers stand under `NeweggAPIResponse`.
    pub(super) wrapped: bool,
    /// A UTF-8 byte order mark comes first.
    pub(super) bom: bool,
    pub(super) refusal: RefusalForm,
    /// Numbers and booleans are literals, not text.
    pub(super) literal: bool,
    list: ListForm,
}

/// How an `XxxList` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListForm {
    /// `{"XxxList":{"Xxx":[…]}}`.
    Nested,
    /// The same, with a single entry as itself.
    Single,
    /// `{"XxxList":[…]}`.
    Bare,
    /// `{"XxxList":[{"Xxx":…}]}`.
    Wrappers,
}

/// How a refusal is written (newegg.md §3 "Errors").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusalForm {
    Array,
    Object,
    Xml,
    /// The gateway's own words; only where the reference knows them.
    Plain,
}

impl Shape {
    /// Draws the form of one answer. An answer in XML has one form only.
    pub(super) fn draw(random: &mut Random, xml: bool) -> Self {
        let lists = [
            ListForm::Nested,
            ListForm::Single,
            ListForm::Bare,
            ListForm::Wrappers,
        ];
        let drawn = Self {
            xml,
            wrapped: random.chance(50),
            bom: random.chance(15),
            refusal: match random.below(20) {
                0..=9 => RefusalForm::Array,
                10..=13 => RefusalForm::Object,
                14..=15 => RefusalForm::Xml,
                _ => RefusalForm::Plain,
            },
            literal: random.chance(50),
            list: random.pick(&lists).copied().unwrap_or(ListForm::Nested),
        };
        if !xml {
            return drawn;
        }
        Self {
            wrapped: true,
            bom: false,
            refusal: RefusalForm::Xml,
            literal: false,
            list: ListForm::Nested,
            ..drawn
        }
    }

    pub(super) fn number(self, number: impl Into<u64>) -> Value {
        let number = number.into();
        if self.literal {
            json!(number)
        } else {
            json!(number.to_string())
        }
    }

    /// Writes a count of things.
    pub(super) fn count(self, count: usize) -> Value {
        self.number(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Writes a number that is kept as its digits, such as an order number.
    pub(super) fn digits(self, digits: &str) -> Value {
        match digits.parse::<u64>() {
            Ok(number) if self.literal => json!(number),
            _ => json!(digits),
        }
    }

    pub(super) fn flag(self, flag: bool) -> Value {
        if self.literal {
            json!(flag)
        } else {
            json!(flag.to_string())
        }
    }

    /// Writes yes as 1 and no as 0.
    pub(super) fn bit(self, bit: bool) -> Value {
        self.number(u64::from(bit))
    }

    pub(super) fn money(self, cents: i64) -> Value {
        if self.literal {
            money::number(cents)
        } else {
            json!(money::text(cents))
        }
    }

    /// Writes what stands under an `XxxList`.
    pub(super) fn list(self, name: &str, mut rows: Vec<Value>) -> Value {
        let scalar = rows.iter().any(|row| !row.is_object());
        match self.list {
            ListForm::Single if rows.is_empty() => Value::Null,
            ListForm::Single if rows.len() == 1 => json!({ name: rows.remove(0) }),
            ListForm::Wrappers if rows.is_empty() => Value::Null,
            ListForm::Wrappers if !scalar => {
                rows.into_iter().map(|row| json!({ name: row })).collect()
            }
            ListForm::Bare | ListForm::Wrappers => Value::Array(rows),
            ListForm::Nested | ListForm::Single => json!({ name: rows }),
        }
    }

    /// Writes a list that is always nested, its only entry sometimes as itself.
    pub(super) fn nested(self, name: &str, rows: Vec<Value>) -> Value {
        json!({ name: self.several(rows) })
    }

    /// Writes an array, its only entry sometimes as itself.
    pub(super) fn several(self, mut rows: Vec<Value>) -> Value {
        if self.list == ListForm::Single && rows.len() == 1 {
            rows.remove(0)
        } else {
            Value::Array(rows)
        }
    }

    /// Whether a package of one line shows it in itself, as a newer sample does (newegg.md §6.1).
    pub(super) fn flat_packages(self) -> bool {
        self.list == ListForm::Bare
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::Shape;
    use crate::random::Random;

    #[test]
    fn every_form_of_a_list_comes_up() {
        let mut random = Random::new(1);
        let mut seen = BTreeSet::new();
        for _ in 0..200 {
            let shape = Shape::draw(&mut random, false);
            seen.insert(shape.list("Item", vec![json!({"a": 1})]).to_string());
            seen.insert(shape.list("Item", vec![]).to_string());
        }
        let expected = [
            "[]",
            "[{\"Item\":{\"a\":1}}]",
            "[{\"a\":1}]",
            "null",
            "{\"Item\":[]}",
            "{\"Item\":[{\"a\":1}]}",
            "{\"Item\":{\"a\":1}}",
        ];
        assert_eq!(
            seen.iter().map(String::as_str).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn xml_has_one_form() {
        let mut random = Random::new(1);
        for _ in 0..50 {
            let shape = Shape::draw(&mut random, true);
            assert!(shape.wrapped && !shape.bom && !shape.literal);
            assert_eq!(shape.list("A", vec![json!("b")]), json!({"A": ["b"]}));
        }
    }
}
