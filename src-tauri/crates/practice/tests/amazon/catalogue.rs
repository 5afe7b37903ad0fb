//! The catalogue and what may be sold.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::Value;

use crate::{Seen, Seller, US, upc};

fn find(seller: &mut Seller, kind: &str, identifiers: &str) -> Seen {
    seller.wait(1);
    seller.get(&format!(
        "/catalog/2022-04-01/items?marketplaceIds={US}&identifiersType={kind}\
         &identifiers={identifiers}&includedData=identifiers,summaries&pageSize=20"
    ))
}

fn asins(seen: &Seen) -> Vec<String> {
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let items = seen.body["items"].as_array().unwrap().iter();
    items
        .map(|item| item["asin"].as_str().unwrap().to_owned())
        .collect()
}

/// A UPC of no example company.
fn barcode(number: u64) -> String {
    let payload = format!("{:011}", 4_100_000_000 + number * 7_919);
    let sum: u64 = payload
        .bytes()
        .enumerate()
        .map(|(index, c)| u64::from(c - b'0') * if index % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{payload}{}", (10 - sum % 10) % 10)
}

#[test]
fn a_barcode_is_found_in_every_form_and_its_page_tells_it() {
    let mut seller = Seller::new();
    let upc = upc(7);
    let first = find(&mut seller, "UPC", &upc);
    let asin = asins(&first);
    assert_eq!(asin.len(), 1);
    for (kind, text) in [
        ("EAN", format!("0{upc}")),
        ("GTIN", format!("00{upc}")),
        ("EAN", upc.clone()),
    ] {
        assert_eq!(
            asins(&find(&mut seller, kind, &text)),
            asin,
            "{kind} {text}"
        );
    }
    let by_asin = find(&mut seller, "ASIN", &asin[0]);
    assert_eq!(by_asin.body["items"], first.body["items"]);
    let told = &by_asin.body["items"][0]["identifiers"][0]["identifiers"];
    assert_eq!(
        told[0]["identifier"].as_str(),
        Some(format!("00{upc}").as_str())
    );
    // A wrong check digit finds nothing.
    let wrong = format!(
        "{}{}",
        &upc[..11],
        (upc[11..].parse::<u32>().unwrap() + 1) % 10
    );
    assert!(asins(&find(&mut seller, "UPC", &wrong)).is_empty());
}

#[test]
fn pages_are_the_same_whatever_the_seed_and_some_barcodes_have_none_or_two() {
    let mut one = Seller::new();
    let mut other = Seller::with(crate::settings(99, 0));
    let (mut none, mut two) = (0, 0);
    for chunk in (0..600_u64).collect::<Vec<_>>().chunks(10) {
        let codes: Vec<String> = chunk.iter().map(|number| barcode(*number)).collect();
        let found = find(&mut one, "UPC", &codes.join(","));
        assert_eq!(
            asins(&found),
            asins(&find(&mut other, "UPC", &codes.join(",")))
        );
        for code in codes {
            match asins(&find(&mut one, "UPC", &code)).len() {
                0 => none += 1,
                1 => {}
                2 => two += 1,
                more => panic!("{more} pages of {code}"),
            }
        }
    }
    assert!((40..120).contains(&none), "{none} of 600 have no page");
    assert!((1..30).contains(&two), "{two} of 600 have two pages");
    let examples: Vec<String> = (0..20).map(upc).collect();
    assert_eq!(asins(&find(&mut one, "UPC", &examples.join(","))).len(), 20);
}

#[test]
fn nothing_tells_which_identifier_found_which_page() {
    let mut seller = Seller::new();
    let (a, b) = (upc(1), upc(2));
    let there = find(&mut seller, "UPC", &format!("{a},{b}"));
    let back = find(&mut seller, "UPC", &format!("{b},{a}"));
    assert_eq!(there.body["items"], back.body["items"]);
}

#[test]
fn a_title_finds_its_page_for_most_titles_and_what_looks_like_it() {
    let mut seller = Seller::new();
    let (mut exact, mut other) = (0, 0);
    for number in 0..80 {
        seller.wait(1);
        let title = format!("Desk lamp of oak, number {number}");
        let words = title.replace(' ', "%20").replace(',', "%2C");
        let seen = seller.get(&format!(
            "/catalog/2022-04-01/items?marketplaceIds={US}&keywords={words}"
        ));
        let items = seen.body["items"].as_array().unwrap().clone();
        let is = |item: &&Value| item["summaries"][0]["itemName"] == title.as_str();
        let found: Vec<&Value> = items.iter().filter(is).collect();
        assert!(found.len() < 2);
        other += items.len() - found.len();
        let Some(found) = found.first() else {
            continue;
        };
        exact += 1;
        // What was found is found again by its ASIN.
        let asin = found["asin"].as_str().unwrap();
        let again = find(&mut seller, "ASIN", asin);
        let name = again.body.pointer("/items/0/summaries/0/itemName");
        assert_eq!(name.and_then(Value::as_str), Some(title.as_str()));
    }
    assert!((60..80).contains(&exact), "{exact} of 80");
    assert!(other > 20, "{other} others");
}

#[test]
fn searches_are_bounded_and_make_sense() {
    let mut seller = Seller::new();
    let codes: Vec<String> = (0..21).map(upc).collect();
    let base = format!("/catalog/2022-04-01/items?marketplaceIds={US}");
    let check = |seller: &mut Seller, path: &str, status: StatusCode| {
        seller.wait(1);
        let seen = seller.get(path);
        assert_eq!(seen.status, status, "{path}: {}", seen.text);
    };
    let bad = StatusCode::BAD_REQUEST;
    let many = format!("{base}&identifiersType=UPC&identifiers={}", codes.join(","));
    check(&mut seller, &many, bad);
    check(&mut seller, &base, bad);
    check(&mut seller, &format!("{base}&identifiers={}", upc(1)), bad);
    check(
        &mut seller,
        &format!("{base}&keywords=a&identifiers=b&identifiersType=UPC"),
        bad,
    );
    check(
        &mut seller,
        &format!("{base},A2EUQ1WTGCTBG2&keywords=a"),
        bad,
    );
    check(&mut seller, &format!("{base}&keywords=a&pageSize=50"), bad);
    check(&mut seller, &format!("{base}&keywords=a&pageToken=x"), bad);
    let elsewhere = "/catalog/2022-04-01/items?marketplaceIds=A1PA6795UKMFR9&keywords=a";
    check(&mut seller, elsewhere, StatusCode::FORBIDDEN);
}

#[test]
fn pages_of_results_lead_to_all_of_them() {
    let mut seller = Seller::new();
    let codes: Vec<String> = (0..20).map(upc).collect();
    let base = format!(
        "/catalog/2022-04-01/items?marketplaceIds={US}&identifiersType=UPC&identifiers={}\
         &pageSize=7",
        codes.join(",")
    );
    let mut seen = BTreeSet::new();
    let mut path = base.clone();
    for pages in 1.. {
        seller.wait(1);
        let page = seller.get(&path);
        assert_eq!(page.body["numberOfResults"], 20);
        seen.extend(asins(&page));
        match page.body["pagination"]["nextToken"].as_str() {
            Some(token) => path = format!("{base}&pageToken={token}"),
            None => {
                assert_eq!(pages, 3);
                break;
            }
        }
    }
    assert_eq!(seen.len(), 20);
}

#[test]
fn a_small_share_of_pages_needs_an_approval_and_examples_never_do() {
    let mut seller = Seller::new();
    let ask = |seller: &mut Seller, asin: &str| {
        seller.wait(1);
        let seen = seller.get(&format!(
            "/listings/2021-08-01/restrictions?asin={asin}&sellerId={}&marketplaceIds={US}",
            seller.id
        ));
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        let reason = seen.body.pointer("/restrictions/0/reasons/0/reasonCode");
        reason.and_then(Value::as_str).map(str::to_owned)
    };
    let mut reasons: Vec<Option<String>> = Vec::new();
    for number in 0..400 {
        reasons.push(ask(&mut seller, &format!("B0{number:08}")));
    }
    let count = |wanted: Option<&str>| {
        reasons
            .iter()
            .filter(|reason| reason.as_deref() == wanted)
            .count()
    };
    assert!((1..25).contains(&count(Some("APPROVAL_REQUIRED"))));
    assert!(
        (5..60).contains(&count(Some("ASIN_NOT_FOUND"))),
        "{}",
        count(Some("ASIN_NOT_FOUND"))
    );
    assert!(count(None) > 300);
    for number in 0..20 {
        let asin = asins(&find(&mut seller, "UPC", &upc(number))).remove(0);
        assert_eq!(ask(&mut seller, &asin), None);
    }
}
