//! Words: every kind has them, and they render.

use std::collections::{BTreeMap, BTreeSet};

use barrow_model::{ActionKind, CellIssue, CellIssueKind, Problem, ProblemKind, SourceLine};

use crate::words::issue_code;
use crate::{ApiError, ApiErrorKind, LOCALES, NoTable, Why, Words};

fn issue_kinds() -> Vec<CellIssueKind> {
    use CellIssueKind as Kind;
    vec![
        Kind::TitleMissing,
        Kind::SkuMissing,
        Kind::SkuInvalid,
        Kind::SkuDuplicate { first_line: 7 },
        Kind::NotANumber,
        Kind::Negative,
        Kind::NotWhole,
        Kind::NotAnAmount,
        Kind::Currency {
            expected: "USD".into(),
        },
        Kind::GtinCheckDigit { expected: 4 },
        Kind::GtinRounded,
        Kind::GtinRepaired {
            taken_for: "4006381333931".into(),
        },
        Kind::GtinInvalid,
        Kind::ConditionUnknown,
        Kind::MeasureInvalid,
        Kind::ImageInvalid,
        Kind::CellTooLarge { limit: 100 },
        Kind::TooManyCells,
        Kind::QuoteUnclosed,
        Kind::ParentMissing,
        Kind::KindUnsupported {
            found: "grouped".into(),
        },
        Kind::TooManyOptions,
        Kind::PartUnknown,
        Kind::Undecodable,
    ]
}

fn is_rendered(text: &str) -> bool {
    !text.contains(['{', '}']) && text.contains(' ')
}

#[test]
fn every_problem_has_words_that_render() {
    let words = Words::english();
    for kind in ProblemKind::ALL {
        let text = words.problem(&Problem::new(*kind), "Bazaar");
        assert!(is_rendered(&text), "{kind}: {text}");
    }
}

#[test]
fn every_error_has_words_that_render() {
    for kind in ApiErrorKind::ALL {
        let text = ApiError::new(*kind).message;
        assert!(is_rendered(&text), "{}: {text}", kind.code());
    }
    let general = ApiError::new(ApiErrorKind::InvalidInput).message;
    for why in Why::ALL {
        let text = ApiError::invalid(*why).message;
        assert!(
            is_rendered(&text) && text != general,
            "{}: {text}",
            why.code()
        );
    }
    let general = ApiError::new(ApiErrorKind::NotATable).message;
    for why in NoTable::ALL {
        let error = ApiError::new(ApiErrorKind::NotATable).param("why", why.code());
        assert!(is_rendered(&error.message), "{}: {error}", why.code());
        assert_ne!(error.message, general, "{}", why.code());
    }
}

#[test]
fn every_issue_of_a_cell_has_words_that_render() {
    let codes: BTreeSet<&str> = issue_kinds().iter().map(issue_code).collect();
    assert_eq!(codes.len(), issue_kinds().len());
    for kind in issue_kinds() {
        let code = issue_code(&kind);
        let tagged = serde_json::to_value(&kind).expect("a value");
        assert_eq!(tagged["kind"], code, "JSON and words name it alike");
        let issue = CellIssue {
            line: SourceLine(2),
            column: Some("Barcode".into()),
            value: "x{column}".into(),
            kind,
            refuses: true,
        };
        let text = Words::english().issue(&issue);
        let without_value = text.replace("x{column}", "x");
        assert!(
            is_rendered(&without_value) && !text.contains('…'),
            "{code}: {text}"
        );
    }
}

#[test]
fn every_planned_change_has_words() {
    for kind in ActionKind::ALL {
        let key = format!("plan_{}", kind.code());
        let said = Words::english().say(&key, &BTreeMap::new());
        assert!(said.is_some(), "{key}");
    }
}

#[test]
fn a_missing_parameter_is_an_ellipsis_and_a_value_is_never_a_template() {
    let words = Words::english();
    let text = words.problem(&Problem::new(ProblemKind::SettingMissing), "Bazaar");
    assert!(text.contains("“…”"), "{text}");
    let problem = Problem::new(ProblemKind::SettingMissing).param("setting", "{marketplace}");
    let text = words.problem(&problem, "Bazaar");
    assert!(text.contains("“{marketplace}”"), "{text}");
}

#[test]
fn the_marketplaces_own_words_are_kept_beside_ours() {
    let problem = Problem::new(ProblemKind::BrandMissing).vendor("25002", "Brand is missing");
    let text = Words::english().problem_of(&problem, "eBay", "MUG-1");
    assert!(
        text.starts_with("MUG-1 at eBay: The brand is missing."),
        "{text}"
    );
    assert!(text.ends_with("(eBay says: Brand is missing)"), "{text}");
    let refused = Problem::new(ProblemKind::Refused).vendor("1", "No.");
    let text = Words::english().problem(&refused, "eBay");
    assert_eq!(text.matches("No.").count(), 1, "{text}");
}

#[test]
fn counts_and_sums_stand_as_the_language_writes_them() {
    let check = |locale: &str, problem: &Problem, expected: &[&str]| {
        let text = Words::of(locale).problem(problem, "eBay");
        for part in expected {
            assert!(text.contains(part), "{locale}: {text}");
        }
    };
    let far = Problem::new(ProblemKind::PriceMovesFar)
        .param("from", "1234567.50 USD")
        .param("to", "9.00 USD");
    check("en", &far, &["1,234,567.50 USD", "9.00 USD"]);
    check("pt-BR", &far, &["1.234.567,50 USD", "9,00 USD"]);
    check("zh-TW", &far, &["1,234,567.50 USD", "9.00 USD"]);
    let many = Problem::new(ProblemKind::ManyChanges)
        .param("count", 12_345)
        .param("of", 999);
    check("pt-BR", &many, &["12.345", "999"]);
    let rate = Problem::new(ProblemKind::RateMissing)
        .param("from", "USD")
        .param("to", "BRL");
    check("pt-BR", &rate, &["USD", "BRL"]);
    let name = Problem::new(ProblemKind::CategoryInvalid).param("category", 20_625);
    check("pt-BR", &name, &["20625"]);
}

#[test]
fn a_locale_without_words_speaks_english() {
    let check = |locale: &str, expected: &str| {
        assert_eq!(Words::of(locale).locale(), expected, "{locale}");
    };
    check("pt_BR.UTF-8", "pt-BR");
    check("zh-Hant", "zh-TW");
    check("en_GB.UTF-8", "en");
    check("fr", "en");
    check("", "en");
}

#[test]
fn every_language_has_every_word_with_the_same_parameters() {
    let read = |locale: &str| -> BTreeMap<String, String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/messages");
        let text = std::fs::read_to_string(format!("{folder}/{locale}.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let parameters = |text: &str| -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts
            .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
            .collect()
    };
    let english = read("en");
    for locale in LOCALES {
        let words = read(locale);
        assert_eq!(
            words.keys().collect::<Vec<_>>(),
            english.keys().collect::<Vec<_>>(),
            "{locale}"
        );
        for (key, text) in &english {
            assert_eq!(parameters(&words[key]), parameters(text), "{locale} {key}");
        }
    }
}
