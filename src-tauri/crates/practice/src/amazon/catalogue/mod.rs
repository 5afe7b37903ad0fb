//! Amazon's catalogue: pages that exist whoever sells there (amazon.md §4.5).
//!
//! Whether a page exists does not depend on the seed. An ASIN is a number, and the numbers of the
//! first two thirds or so are a barcode each, in disguise: so the page that a barcode finds still
//! tells the barcode when it is asked for by its ASIN, and nothing need be remembered.

mod barcode;
mod search;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use barcode::gtin14;
pub(super) use search::{one, search};

use super::state::State;
use crate::random::seeded_hash;

/// How many numbers an ASIN of `B0` and eight letters or digits can be.
const ASINS: u64 = 36_u64.pow(8);
/// How many barcodes of 13 digits there are, without their check digit.
const BARCODES: u64 = 1_000_000_000_000;
/// Scatters neighbouring barcodes; it and [`ASINS`] have no common divisor.
const SCATTER: u64 = 1_640_531_527_003;
/// `SCATTER * GATHER` leaves 1 when divided by [`ASINS`].
const GATHER: u64 = 1_434_456_826_579;
/// Barcodes of GS1's example company always have one page.
const EXAMPLES: &str = "00614141";
/// The most pages that are remembered.
const PAGES_MAX: usize = 100_000;

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A page of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) asin: String,
    pub(super) title: String,
    pub(super) brand: Option<String>,
    pub(super) gtin: Option<String>,
    pub(super) product_type: String,
}

/// A page that its ASIN does not tell everything of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KnownPage {
    pub(super) title: String,
    pub(super) brand: Option<String>,
    pub(super) gtin: Option<String>,
    pub(super) product_type: String,
}

impl KnownPage {
    fn page(&self, asin: &str) -> Page {
        Page {
            asin: asin.to_owned(),
            title: self.title.clone(),
            brand: self.brand.clone(),
            gtin: self.gtin.clone(),
            product_type: self.product_type.clone(),
        }
    }
}

/// Tells whether text has the form of an ASIN.
pub(super) fn is_asin(text: &str) -> bool {
    let letters = |c: u8| c.is_ascii_digit() || c.is_ascii_uppercase();
    let isbn = |text: &str| text.bytes().take(9).all(|c| c.is_ascii_digit());
    text.len() == 10 && text.bytes().all(letters) && (text.starts_with('B') || isbn(text))
}

/// Returns the page of an ASIN, if there is one.
pub(super) fn page(state: &State, asin: &str) -> Option<Page> {
    let known = state.pages.get(asin).or_else(|| state.own_pages.get(asin));
    if let Some(known) = known {
        return Some(known.page(asin));
    }
    if !is_asin(asin) {
        return None;
    }
    if let Some((gtin, second)) = barcode_of(asin)
        && pages_there(&gtin) > usize::from(second)
    {
        return Some(of_barcode(asin, &gtin, second));
    }
    let hash = seeded_hash(0, &format!("amazon asin {asin}"));
    (!hash.is_multiple_of(16)).then(|| Page {
        asin: asin.to_owned(),
        title: format!("Catalogue item {asin}"),
        brand: None,
        gtin: None,
        product_type: product_type(hash),
    })
}

/// Returns the pages of a barcode of 14 digits.
pub(super) fn pages_of(state: &State, gtin: &str) -> Vec<Page> {
    let own = state.own_pages.iter();
    let own = own.filter(|(_, known)| known.gtin.as_deref() == Some(gtin));
    let mut pages: Vec<Page> = own.map(|(asin, known)| known.page(asin)).collect();
    let count = pages_there(gtin);
    for second in [false, true].into_iter().take(count) {
        let asin = asin_of(gtin, second);
        pages.push(of_barcode(&asin, gtin, second));
    }
    pages
}

/// How many pages a barcode has: one in eight has none, one in 64 has two.
fn pages_there(gtin: &str) -> usize {
    if gtin.starts_with(EXAMPLES) {
        return 1;
    }
    let hash = seeded_hash(0, &format!("amazon barcode {gtin}"));
    match hash {
        _ if hash.is_multiple_of(8) => 0,
        _ if (hash / 8).is_multiple_of(64) => 2,
        _ => 1,
    }
}

fn of_barcode(asin: &str, gtin: &str, second: bool) -> Page {
    let digits = gtin.trim_start_matches('0');
    let pack = if second { " (Pack of 2)" } else { "" };
    Page {
        asin: asin.to_owned(),
        title: format!("Catalogue item {digits}{pack}"),
        brand: Some("Catalogue Brand".to_owned()),
        gtin: Some(gtin.to_owned()),
        product_type: product_type(seeded_hash(0, digits)),
    }
}

fn product_type(hash: u64) -> String {
    let types = ["LUGGAGE", "HEADPHONES", "LAMP", "SHIRT"];
    let index = usize::try_from(hash / 1_024 % 4).unwrap_or(0);
    types[index].to_owned()
}

/// The ASIN of a barcode. Cartons, whose first digit is not 0, are too many for the disguise: their
/// ASINs are drawn, and looked up again they tell no barcode.
fn asin_of(gtin: &str, second: bool) -> String {
    let number: u64 = gtin
        .get(1..13)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let number = number + if second { BARCODES } else { 0 };
    if gtin.starts_with('0') {
        spelled(number)
    } else {
        drawn(&format!("carton {gtin} {second}"))
    }
}

/// The ASIN of something that is no barcode.
fn drawn(what: &str) -> String {
    let hash = seeded_hash(0, &format!("amazon page {what}"));
    spelled(2 * BARCODES + hash % (ASINS - 2 * BARCODES))
}

fn spelled(number: u64) -> String {
    let scattered = u128::from(number) * u128::from(SCATTER) % u128::from(ASINS);
    let mut left = u64::try_from(scattered).unwrap_or(0);
    let mut letters = [b'0'; 8];
    for letter in letters.iter_mut().rev() {
        *letter = DIGITS[usize::try_from(left % 36).unwrap_or(0)];
        left /= 36;
    }
    format!("B0{}", String::from_utf8_lossy(&letters))
}

/// The barcode that an ASIN disguises, and whether it is the second page of it.
fn barcode_of(asin: &str) -> Option<(String, bool)> {
    let letters = asin.strip_prefix("B0")?;
    let scattered = u64::from_str_radix(letters, 36).ok()?;
    let number = u128::from(scattered) * u128::from(GATHER) % u128::from(ASINS);
    let number = u64::try_from(number).ok()?;
    if number >= 2 * BARCODES {
        return None;
    }
    let payload = format!("0{:012}", number % BARCODES);
    let gtin = format!("{payload}{}", barcode::check_digit(&payload));
    Some((gtin, number >= BARCODES))
}

/// Remembers a page under an ASIN of its own and returns it.
pub(super) fn remember(
    pages: &mut BTreeMap<String, KnownPage>,
    what: &str,
    known: KnownPage,
) -> Page {
    let asin = drawn(what);
    while pages.len() >= PAGES_MAX {
        pages.pop_first();
    }
    let known = pages.entry(asin.clone()).or_insert(known);
    known.page(&asin)
}

#[cfg(test)]
mod tests {
    use super::barcode::gtin14;
    use super::{asin_of, barcode_of, is_asin, pages_there};

    #[test]
    fn an_asin_tells_the_barcode_it_was_made_of() {
        for number in (0..10_000_u64).map(|number| number * 99_999_989) {
            let payload = format!("0{:012}", number % 1_000_000_000_000);
            let gtin = format!("{payload}{}", super::barcode::check_digit(&payload));
            for second in [false, true] {
                let asin = asin_of(&gtin, second);
                assert!(is_asin(&asin), "{asin}");
                assert_eq!(barcode_of(&asin), Some((gtin.clone(), second)));
            }
        }
    }

    #[test]
    fn pages_exist_for_the_promised_share_of_barcodes() {
        let counts: Vec<usize> = (0..64_000_u64)
            .map(|number| {
                let payload = format!("04{number:011}");
                pages_there(&format!(
                    "{payload}{}",
                    super::barcode::check_digit(&payload)
                ))
            })
            .collect();
        let share = |wanted| counts.iter().filter(|count| **count == wanted).count();
        assert!((7_500..8_500).contains(&share(0)), "{}", share(0));
        assert!((700..1_050).contains(&share(2)), "{}", share(2));
        let example = gtin14("UPC", "614141000012").unwrap_or_default();
        assert_eq!(pages_there(&example), 1);
    }
}
