//! The words for people: templates by key, with parameters in braces.
//!
//! The texts stand in `ui/messages`, one file per language, and are embedded here for the command
//! line and for error files. A locale without a file of its own speaks English.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use barrow_market::SettingField;
use barrow_model::{CellIssue, CellIssueKind, Problem};
use serde_json::Value;

use crate::error::{ApiError, ApiErrorKind};

/// Stands where a template names a parameter that is not known.
const UNKNOWN: &str = "…";

/// Parameters that are counts or sums of money. Others that look like numbers are names, or stand
/// as the seller or the marketplace wrote them.
const NUMBERS: &[&str] = &[
    "amount",
    "asked",
    "calls",
    "changed",
    "count",
    "floor",
    "from",
    "hours",
    "length",
    "limit",
    "listings",
    "max",
    "minimum",
    "missing",
    "new",
    "of",
    "open",
    "price",
    "refused",
    "to",
    "unchanged",
    "variants",
];

type Messages = BTreeMap<String, String>;

/// Reads the embedded messages of a language. A test reads each: they cannot be anything but maps
/// of texts.
fn embedded(text: &str) -> Messages {
    serde_json::from_str(text).expect("the embedded messages are a map of texts")
}

static ENGLISH: LazyLock<Messages> =
    LazyLock::new(|| embedded(include_str!("../../../../ui/messages/en.json")));
static PORTUGUESE: LazyLock<Messages> =
    LazyLock::new(|| embedded(include_str!("../../../../ui/messages/pt-BR.json")));
static CHINESE: LazyLock<Messages> =
    LazyLock::new(|| embedded(include_str!("../../../../ui/messages/zh-TW.json")));

/// Languages with words of their own.
pub const LOCALES: &[&str] = &["en", "pt-BR", "zh-TW"];

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words {
    locale: &'static str,
    messages: &'static Messages,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.locale)
    }
}

impl Words {
    /// The words of a locale such as `en` or `pt-BR`; English for one that has none.
    pub fn of(locale: &str) -> Self {
        let language = locale.split(['-', '_', '.']).next().unwrap_or_default();
        let of = |locale, messages: &'static LazyLock<Messages>| Self {
            locale,
            messages: LazyLock::force(messages),
        };
        match language {
            "pt" => of("pt-BR", &PORTUGUESE),
            "zh" => of("zh-TW", &CHINESE),
            _ => Self::english(),
        }
    }

    /// English.
    pub fn english() -> Self {
        Self {
            locale: "en",
            messages: &ENGLISH,
        }
    }

    /// The locale that these words are in.
    pub fn locale(&self) -> &'static str {
        self.locale
    }

    /// A text with its parameters; none where the key has no words. A parameter that is missing
    /// becomes an ellipsis.
    pub fn say(&self, key: &str, params: &BTreeMap<String, String>) -> Option<String> {
        let found = self.messages.get(key).or_else(|| ENGLISH.get(key));
        found.map(|template| render(template, |name| Some(self.value(name, params.get(name)?))))
    }

    /// A parameter as this language writes it: counts and sums of money are grouped and pointed.
    fn value<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        let written = NUMBERS
            .contains(&name)
            .then(|| self.number(value))
            .flatten();
        written.map_or(Cow::Borrowed(value), Cow::Owned)
    }

    /// A decimal such as `-1234.50`, with a currency behind it or without, in this language; none
    /// where the text is something else. Exact: the digits are those that were there.
    fn number(&self, text: &str) -> Option<String> {
        let (amount, currency) = match text.split_once(' ') {
            Some((amount, currency)) => (amount, Some(currency)),
            None => (text, None),
        };
        let is_code = |code: &str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        if !currency.is_none_or(is_code) {
            return None;
        }
        let (sign, digits) = match amount.strip_prefix('-') {
            Some(digits) => ("−", digits),
            None => ("", amount),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !fraction.is_none_or(all_digits) {
            return None;
        }
        let (group, point) = match self.locale {
            "pt-BR" => ('.', ','),
            _ => (',', '.'),
        };
        let mut written = sign.to_owned();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                written.push(group);
            }
            written.push(digit);
        }
        if let Some(fraction) = fraction {
            written.push(point);
            written.push_str(fraction);
        }
        if let Some(currency) = currency {
            written.push(' ');
            written.push_str(currency);
        }
        Some(written)
    }

    /// A text with its parameters; the key itself where it has no words.
    pub(crate) fn text(&self, key: &str, params: &[(&str, &str)]) -> String {
        let params = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.say(key, &params).unwrap_or_else(|| key.to_owned())
    }

    /// What a fee is for. A kind that has no words is told by its own, as people write.
    pub(crate) fn fee(&self, marketplace: &str, kind: &str) -> String {
        let key = format!("fee_{marketplace}_{}", kind.to_ascii_lowercase());
        let known = self.say(&key, &BTreeMap::new());
        known.unwrap_or_else(|| {
            let plain = kind.replace('_', " ").to_lowercase();
            let mut letters = plain.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        })
    }

    /// What is wrong and how to mend it. `marketplace` is its name as people write it.
    pub fn problem(&self, problem: &Problem, marketplace: &str) -> String {
        let mut params = problem.params.clone();
        params
            .entry("marketplace".into())
            .or_insert_with(|| marketplace.to_owned());
        if let Some(field) = &problem.field {
            params
                .entry("field".into())
                .or_insert_with(|| field.clone());
        }
        let kind = format!("problem_{}", problem.kind.code());
        let particular = params.get("why").map(|why| format!("{kind}_{why}"));
        let key = particular
            .filter(|key| ENGLISH.contains_key(key))
            .unwrap_or(kind);
        let Some(vendor) = &problem.vendor else {
            return self.say(&key, &params).unwrap_or(key);
        };
        params.insert("vendor_text".into(), vendor.text.clone());
        params.insert("vendor_code".into(), vendor.code.clone());
        let text = self.say(&key, &params).unwrap_or_else(|| key.clone());
        let tells = self
            .messages
            .get(&key)
            .is_some_and(|t| t.contains("{vendor_text}"));
        if tells || vendor.text.is_empty() {
            return text;
        }
        params.insert("text".into(), text.clone());
        self.say("problem_with_vendor", &params).unwrap_or(text)
    }

    /// The same, naming the SKU or order that it is about.
    pub fn problem_of(&self, problem: &Problem, marketplace: &str, about: &str) -> String {
        let text = self.problem(problem, marketplace);
        if about.is_empty() {
            return self.text(
                "about_account",
                &[("marketplace", marketplace), ("text", &text)],
            );
        }
        let params = [
            ("about", about),
            ("marketplace", marketplace),
            ("text", &text),
        ];
        self.text("about_thing", &params)
    }

    /// What a marketplace's limit counts, by the limit's name; that name, made readable, where it
    /// has no words.
    pub(crate) fn limit(&self, marketplace: &str, name: &str) -> String {
        let said = self.say(&format!("limit_{marketplace}_{name}"), &BTreeMap::new());
        said.unwrap_or_else(|| name.replace(['_', '.', '-'], " "))
    }

    /// A setting's label and where its value is found; the marketplace's own where it has no words.
    pub(crate) fn setting(&self, marketplace: &str, field: &SettingField) -> (String, String) {
        let key = format!("setting_{marketplace}_{}", field.key);
        let said = |key: &str, own: &str| {
            let said = self.say(key, &BTreeMap::new());
            said.unwrap_or_else(|| own.to_owned())
        };
        (
            said(&key, field.label),
            said(&format!("{key}_help"), field.help),
        )
    }

    /// What is wrong with a cell or row of a file, and how to mend it.
    pub fn issue(&self, issue: &CellIssue) -> String {
        let mut params = issue_params(&issue.kind);
        if let Some(column) = &issue.column {
            params.insert("column".into(), column.clone());
        }
        params.insert("value".into(), issue.value.clone());
        let key = format!("issue_{}", issue_code(&issue.kind));
        self.say(&key, &params).unwrap_or(key)
    }

    /// Why a command was not done.
    pub(crate) fn error(&self, error: &ApiError) -> String {
        if let (ApiErrorKind::Marketplace, Some(problem)) = (error.kind, &error.problem) {
            let unknown = UNKNOWN.to_owned();
            let marketplace = error.params.get("marketplace").unwrap_or(&unknown);
            return self.problem(problem, marketplace);
        }
        let key = format!("error_{}", error.kind.code());
        let particular = error.params.get("why").map(|why| format!("{key}_{why}"));
        particular
            .and_then(|key| self.say(&key, &error.params))
            .or_else(|| self.say(&key, &error.params))
            .unwrap_or(key)
    }
}

/// Fills a template. Only names in the template are replaced: braces in values stay as they are.
fn render<'a>(template: &str, value: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            text.push_str(UNKNOWN);
            return text;
        };
        match value(name) {
            Some(value) if !value.is_empty() => text.push_str(&value),
            _ => text.push_str(UNKNOWN),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// The kind of an issue as JSON and messages name it.
pub(crate) fn issue_code(kind: &CellIssueKind) -> &'static str {
    match kind {
        CellIssueKind::TitleMissing => "title_missing",
        CellIssueKind::SkuMissing => "sku_missing",
        CellIssueKind::SkuInvalid => "sku_invalid",
        CellIssueKind::SkuDuplicate { .. } => "sku_duplicate",
        CellIssueKind::NotANumber => "not_a_number",
        CellIssueKind::Negative => "negative",
        CellIssueKind::NotWhole => "not_whole",
        CellIssueKind::NotAnAmount => "not_an_amount",
        CellIssueKind::Currency { .. } => "currency",
        CellIssueKind::GtinCheckDigit { .. } => "gtin_check_digit",
        CellIssueKind::GtinRounded => "gtin_rounded",
        CellIssueKind::GtinRepaired { .. } => "gtin_repaired",
        CellIssueKind::GtinInvalid => "gtin_invalid",
        CellIssueKind::ConditionUnknown => "condition_unknown",
        CellIssueKind::MeasureInvalid => "measure_invalid",
        CellIssueKind::ImageInvalid => "image_invalid",
        CellIssueKind::CellTooLarge { .. } => "cell_too_large",
        CellIssueKind::TooManyCells => "too_many_cells",
        CellIssueKind::QuoteUnclosed => "quote_unclosed",
        CellIssueKind::ParentMissing => "parent_missing",
        CellIssueKind::KindUnsupported { .. } => "kind_unsupported",
        CellIssueKind::TooManyOptions => "too_many_options",
        CellIssueKind::PartUnknown => "part_unknown",
        CellIssueKind::Undecodable => "undecodable",
    }
}

/// The particulars of an issue, by their names in JSON.
fn issue_params(kind: &CellIssueKind) -> BTreeMap<String, String> {
    let Ok(Value::Object(fields)) = serde_json::to_value(kind) else {
        return BTreeMap::new();
    };
    fields
        .into_iter()
        .filter(|(name, _)| name != "kind")
        .map(|(name, value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        })
        .collect()
}
