//! The error table against the reference's (ebay.md §12). Each row is held to the bodies of its API
//! in `error_bodies`; what the adapter does about errors beside telling them is in `delays`.

use std::time::Duration;

use barrow_ebay::error::{is_warning, parse_error, refusal_of, rows, warning};
use barrow_ebay::types::VendorIssue;
use barrow_market::{ErrorKind, Fate, Retry};
use barrow_model::{ChangeId, ProblemKind};
use serde_json::{Value, json};

use crate::error_bodies::{recorded, shared};
use crate::error_rows::{ALL, REMARKS};

use ErrorKind::Refused;
use ProblemKind as Kind;

#[test]
fn what_comes_with_a_success_is_a_remark() {
    for (number, kind, field) in REMARKS {
        let body: Value = serde_json::from_slice(&recorded(200, *number, &[]).body).unwrap();
        let issue: VendorIssue = serde_json::from_value(body["errors"][0].clone()).unwrap();
        assert!(is_warning(&issue), "{number}");
        let told = warning(&issue);
        let found = (told.kind, told.field.unwrap_or_default());
        assert_eq!(found, (*kind, (*field).to_owned()), "{number}");
        let vendor = told.vendor.unwrap();
        assert_eq!(vendor.code, number.to_string());
        assert_eq!(vendor.text, "Eine lange Nachricht.");
    }
}

/// Numbers and statuses of a row, as its first two cells write them.
struct Reference {
    cell: String,
    numbers: Vec<(i64, i64)>,
    statuses: Vec<u16>,
}

/// `25041-25052`, `25014, 25015`, `25003 / 25004`, `349xx`: first and last of each.
fn numbers(cell: &str) -> Vec<(i64, i64)> {
    let parts = cell.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '-'));
    let read = parts.filter_map(|part| {
        let range = part.split_once('-').unwrap_or((part, part));
        let first = range.0.replace('x', "0").parse().ok()?;
        Some((first, range.1.replace('x', "9").parse().ok()?))
    });
    read.collect()
}

/// The rows of the reference's table of errors.
fn reference(text: &str) -> Vec<Reference> {
    let section = text.split("\n## ").find(|part| part.starts_with("12. "));
    let lines = section.unwrap_or_default().lines();
    let rows = lines.filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (cell, statuses) = (cells.next()?.to_owned(), cells.next()?);
        let numbers = numbers(&cell);
        let statuses = statuses.split(|sign: char| !sign.is_ascii_alphanumeric());
        (!numbers.is_empty()).then(|| Reference {
            statuses: statuses.filter_map(|status| status.parse().ok()).collect(),
            numbers,
            cell,
        })
    });
    rows.collect()
}

/// What of a row no recorded body covers.
fn uncovered(row: &Reference) -> Vec<String> {
    let refused = ALL
        .into_iter()
        .flatten()
        .map(|row| (row.number, row.status));
    let remarked = REMARKS.iter().map(|(number, _, _)| (*number, 200));
    let all: Vec<(i64, u16)> = refused.chain(remarked).collect();
    let of_row = |number: i64| {
        let mut ranges = row.numbers.iter();
        ranges.any(|(first, last)| (*first..=*last).contains(&number))
    };
    let met = |number: i64| all.iter().any(|(known, _)| *known == number);
    let mut missing = Vec::new();
    for (first, last) in &row.numbers {
        // Of a family such as 349xx no member is named.
        let both = row.cell.contains('x') || (met(*first) && met(*last));
        let any = all
            .iter()
            .any(|(known, _)| (*first..=*last).contains(known));
        if !both || !any {
            missing.push(format!("{first} to {last}"));
        }
    }
    for status in &row.statuses {
        let covered = |(number, known): &(i64, u16)| of_row(*number) && known == status;
        if !all.iter().any(covered) {
            missing.push(format!("{} with {status}", row.cell));
        }
    }
    missing
}

#[test]
fn no_row_of_the_reference_is_without_a_recorded_body() {
    let file = shared().join("marketplaces/ebay.md");
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("skipped: the reference is not there ({})", file.display());
        return;
    };
    let rows = reference(&text);
    assert!(rows.len() > 40, "{} rows", rows.len());
    let missing: Vec<String> = rows.iter().flat_map(uncovered).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_references_table_is_read_row_by_row() {
    let text = "## 11. Else\n| 1 | 2 | 3 |\n## 12. Errors\n\n\
                | errorId | HTTP | x |\n|---|---|---|\n\
                | 25041-25052 | 400 (500 seen) | a |\n| 1, 2 / 3 (ACCESS) | 4xx | b |\n\
                | 349xx | 400/409 | c |\n## 13. More\n| 7 | 8 | 9 |\n";
    let rows = reference(text);
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row.numbers.clone(), row.statuses.clone()))
        .collect();
    let expected = [
        (vec![(25041, 25052)], vec![400, 500]),
        (vec![(1, 1), (2, 2), (3, 3)], vec![]),
        (vec![(34900, 34999)], vec![400, 409]),
    ];
    assert_eq!(found, expected);
    let unknown = Reference {
        cell: "99998".to_owned(),
        numbers: vec![(99_998, 99_998)],
        statuses: vec![400],
    };
    assert_eq!(uncovered(&unknown), ["99998 to 99998", "99998 with 400"]);
}

#[test]
fn no_row_of_the_table_is_without_a_recorded_body() {
    for (first, last) in rows() {
        let met = ALL
            .into_iter()
            .flatten()
            .any(|row| (first..=last).contains(&row.number));
        assert!(met, "{first} to {last}");
    }
}

#[test]
fn words_name_what_they_need() {
    let check = |number: i64, parameters: &[(&str, &str)], name: &str, value: &str| {
        let error = parse_error("anyCall", &recorded(400, number, parameters));
        let told = error.to_problem();
        assert_eq!(told.params.get(name).map(String::as_str), Some(value));
        assert_eq!(told.vendor.unwrap().text, "Eine lange Nachricht.");
    };
    check(25007, &[], "policy", "fulfillment_policy_id");
    check(
        25017,
        &[("0", "returnPolicyId")],
        "policy",
        "return_policy_id",
    );
    check(25015, &[("0", "https://x/1.jpg")], "url", "https://x/1.jpg");
    check(25022, &[("0", "Color")], "attribute", "Color");
    check(25707, &[], "limit", "50");
    check(21400, &[], "setting", "marketplace_id");
}

#[test]
fn of_several_errors_the_one_that_lasts_is_told() {
    let mut answer = recorded(400, 25001, &[]);
    let lasting = recorded(400, 25007, &[]);
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
    let more: Value = serde_json::from_slice(&lasting.body).unwrap();
    body["errors"]
        .as_array_mut()
        .unwrap()
        .push(json!({"errorId": 99_999}));
    body["errors"]
        .as_array_mut()
        .unwrap()
        .push(more["errors"][0].clone());
    answer.body = body.to_string().into();
    let error = parse_error("anyCall", &answer);
    assert_eq!(error.to_problem().kind, Kind::PolicyInvalid);
    let told = refusal_of(ChangeId(1), &error);
    assert!(matches!(
        told.fate,
        Fate::Refused {
            retry: Retry::No,
            ..
        }
    ));
}

#[test]
fn a_seller_without_business_policies_is_told_to_opt_in() {
    let answer = recorded(400, 20403, &[]);
    let told = parse_error("getReturnPolicies", &answer).to_problem();
    assert_eq!(told.kind, Kind::SellerNotReady);
    assert_eq!(told.field.as_deref(), Some("SELLING_POLICY_MANAGEMENT"));
    let other = parse_error("anyCall", &answer).to_problem();
    assert_eq!(other.kind, Kind::PolicyInvalid);
}

#[test]
fn a_number_without_a_row_is_told_in_ebays_own_words() {
    let error = parse_error("anyCall", &recorded(400, 99_999, &[]));
    assert_eq!(error.kind, Refused);
    let told = refusal_of(ChangeId(1), &error);
    let Fate::Refused { problem, retry } = told.fate else {
        panic!("it is refused")
    };
    assert_eq!((problem.kind, retry), (Kind::Refused, Retry::No));
    let down = parse_error("anyCall", &recorded(503, 99_999, &[]));
    let told = refusal_of(ChangeId(1), &down);
    let waits = Retry::After(Duration::from_secs(60));
    assert!(matches!(told.fate, Fate::Refused { retry, .. } if retry == waits));
}
