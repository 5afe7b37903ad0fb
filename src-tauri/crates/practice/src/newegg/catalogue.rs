//! Newegg's catalogue: pages that exist whoever sells there, and manufacturers.
//!
//! What exists is a known share, the same under every seed: a barcode has a page in 7 of 8 cases
//! and always under the prefix 0614141 that GS1 keeps for examples; a manufacturer's part number
//! in 7 of 8; a manufacturer's name is registered in 31 of 32. Under the example prefix every
//! manufacturer is taken, and no review takes long: samples are made of such goods.

use serde::{Deserialize, Serialize};

use crate::random::seeded_hash;

/// The seed of what depends on no seed.
const FIXED: u64 = 0;

/// GTIN-14 of barcodes that always have a page begin so.
const EXAMPLE_PREFIX: &str = "00614141";

/// A page of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Page {
    /// Its number in the catalogue, which is not the number of an offer (newegg.md §4.2).
    pub(super) number: String,
    pub(super) title: String,
    pub(super) manufacturer: String,
    pub(super) part_number: String,
    /// Digits as they were asked for; empty where the page was found by part number.
    pub(super) barcode: String,
}

impl Page {
    /// Returns the page of a barcode, if there is one.
    pub(super) fn of_barcode(barcode: &str) -> Option<Self> {
        let gtin = gtin14(barcode);
        let number = seeded_hash(FIXED, &format!("newegg barcode {gtin}"));
        if number.is_multiple_of(8) && !is_example(barcode) {
            return None;
        }
        Some(Self {
            number: catalogue_number(number),
            title: format!("Catalogue item {}", gtin.trim_start_matches('0')),
            manufacturer: "Catalogue Brand".to_owned(),
            part_number: format!("CB-{}", number % 1_000_000),
            barcode: barcode.to_owned(),
        })
    }

    /// Returns the page of a manufacturer's part number, if there is one. Case is no difference.
    pub(super) fn of_part(manufacturer: &str, part_number: &str) -> Option<Self> {
        let (manufacturer, part_number) = (manufacturer.trim(), part_number.trim());
        let key = format!("{manufacturer}|{part_number}").to_lowercase();
        let number = seeded_hash(FIXED, &format!("newegg part {key}"));
        if number.is_multiple_of(8) {
            return None;
        }
        Some(Self {
            number: catalogue_number(number),
            title: format!("{manufacturer} {part_number}"),
            manufacturer: manufacturer.to_owned(),
            part_number: part_number.to_owned(),
            barcode: String::new(),
        })
    }

    /// Whether the page has a refurbished twin, whose number ends in R (newegg.md §8).
    pub(super) fn has_twin(&self) -> bool {
        seeded_hash(FIXED, &format!("newegg twin {}", self.number)).is_multiple_of(4)
    }
}

/// Fourteen digits keep the numbers of millions of pages apart.
fn catalogue_number(number: u64) -> String {
    format!("N82E168{:014}", number % 100_000_000_000_000)
}

/// Returns a barcode with leading zeros up to fourteen digits.
fn gtin14(barcode: &str) -> String {
    format!("{:0>14}", barcode.trim())
}

/// Tells whether a barcode has the prefix that GS1 keeps for examples.
pub(super) fn is_example(barcode: &str) -> bool {
    gtin14(barcode).starts_with(EXAMPLE_PREFIX)
}

/// Tells whether text is a barcode of 12 to 14 digits with its check digit, or an ISBN of ten.
pub(super) fn is_barcode(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        10 => {
            let (body, last) = text.split_at_checked(9).unwrap_or_default();
            body.bytes().all(|byte| byte.is_ascii_digit())
                && last.chars().all(|c| c.is_ascii_digit() || c == 'X')
        }
        12..=14 => digits && checked(text),
        _ => false,
    }
}

/// The check digit makes the sum of the digits, weighted 3 and 1 from the right, end in 0.
fn checked(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| u32::from(byte - b'0') * if place % 2 == 0 { 1 } else { 3 })
        .sum();
    sum.is_multiple_of(10)
}

/// Tells whether a manufacturer is registered under exactly this name (newegg.md §4.3).
pub(super) fn is_registered(manufacturer: &str) -> bool {
    let written = manufacturer.trim();
    let known = !seeded_hash(FIXED, &format!("newegg maker {written}")).is_multiple_of(32);
    known && written == manufacturer && !written.is_empty() && written.chars().count() <= 40
}

#[cfg(test)]
mod tests {
    use super::{Page, is_barcode, is_registered};

    #[test]
    fn a_known_share_exists() {
        let pages = (0..800).filter(|number| {
            Page::of_barcode(&format!("{:012}", 700_000_000_000_u64 + number)).is_some()
        });
        let pages = pages.count();
        assert!((660..740).contains(&pages), "{pages}");
        let parts = (0..800).filter(|number| Page::of_part("Acme", &number.to_string()).is_some());
        let parts = parts.count();
        assert!((660..740).contains(&parts), "{parts}");
        for number in 0..200 {
            assert!(Page::of_barcode(&format!("614141{number:05}0")).is_some());
        }
        for name in ["House Brand", "Kestrel", "Acme", "Catalogue Brand"] {
            assert!(is_registered(name), "{name}");
        }
        assert!(!is_registered("Kestrel "));
    }

    #[test]
    fn the_page_of_a_part_number_is_found_in_any_case() {
        let page = (0..9).find_map(|number| Page::of_part("Acme", &format!("a{number}")));
        let page = page.unwrap();
        let again = Page::of_part(" ACME", &page.part_number.to_uppercase());
        assert_eq!(again.unwrap().number, page.number);
    }

    #[test]
    fn barcodes_have_their_check_digit() {
        let check = |text: &str, expected| assert_eq!(is_barcode(text), expected, "{text}");
        check("614141000013", false);
        check("614141000012", true);
        check("614141000036", true);
        check("00614141000036", true);
        check("61414100003", false);
        check("030640615X", true);
        check("abc", false);
        check("éééééé", false);
    }
}
