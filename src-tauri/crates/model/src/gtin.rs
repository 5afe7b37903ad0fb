//! Global Trade Item Numbers: UPC, EAN, ISBN, JAN.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A barcode number whose check digit is right. Held as 14 digits with leading zeros, so that the
/// same product is the same value whether it was written as UPC or as EAN.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct Gtin([u8; 14]);

/// Which number a GTIN is in the trade's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GtinKind {
    /// 12 digits, North America.
    Upc,
    /// 13 or 8 digits.
    Ean,
    /// 13 digits beginning 978 or 979: books.
    Isbn,
    /// 13 digits beginning 45 or 49: Japan.
    Jan,
    /// 14 digits: a package of several.
    Gtin14,
}

/// Why a text is no GTIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Something other than digits, blanks and hyphens.
    #[error("a barcode number has digits only")]
    NotDigits,
    /// A number in scientific notation: a spreadsheet has rounded it.
    #[error("a spreadsheet has shortened this number; its last digits are lost")]
    Rounded,
    /// Not 8, 10 (ISBN), 12, 13 or 14 digits.
    #[error("a barcode number has 8, 12, 13 or 14 digits, this one has {0}")]
    Length(usize),
    /// The last digit does not fit the others.
    #[error("the check digit is {found}, it would have to be {expected}")]
    CheckDigit {
        /// What stands there (`X` of an ISBN as 10).
        found: u8,
        /// What the other digits ask for.
        expected: u8,
    },
}

impl Gtin {
    /// Reads a number written with or without blanks and hyphens; an ISBN-10 becomes its ISBN-13.
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        let compact: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        if looks_rounded(&compact) {
            return Err(GtinError::Rounded);
        }
        if compact.len() == 10
            && compact[..9].bytes().all(|b| b.is_ascii_digit())
            && matches!(compact.as_bytes()[9], b'0'..=b'9' | b'X' | b'x')
        {
            return Self::from_isbn10(compact.as_bytes());
        }
        if compact.is_empty() || !compact.bytes().all(|b| b.is_ascii_digit()) {
            return Err(GtinError::NotDigits);
        }
        if !matches!(compact.len(), 8 | 12 | 13 | 14) {
            return Err(GtinError::Length(compact.len()));
        }
        let mut digits = [0_u8; 14];
        for (place, byte) in digits[14 - compact.len()..].iter_mut().zip(compact.bytes()) {
            *place = byte - b'0';
        }
        let expected = check_digit(&digits[..13]);
        if digits[13] != expected {
            return Err(GtinError::CheckDigit {
                found: digits[13],
                expected,
            });
        }
        Ok(Self(digits))
    }

    fn from_isbn10(text: &[u8]) -> Result<Self, GtinError> {
        let sum: u32 = (0..9)
            .map(|i| u32::from(text[i] - b'0') * (10 - i as u32))
            .sum();
        let expected = ((11 - sum % 11) % 11) as u8;
        let found = if text[9].eq_ignore_ascii_case(&b'X') {
            10
        } else {
            text[9] - b'0'
        };
        if found != expected {
            return Err(GtinError::CheckDigit { found, expected });
        }
        let mut digits = [0_u8; 14];
        digits[1..4].copy_from_slice(&[9, 7, 8]);
        for (place, byte) in digits[4..13].iter_mut().zip(text) {
            *place = byte - b'0';
        }
        digits[13] = check_digit(&digits[..13]);
        Ok(Self(digits))
    }

    /// Which number it is.
    pub fn kind(&self) -> GtinKind {
        let d = &self.0;
        match (d[0], d[1]) {
            (1..=9, _) => GtinKind::Gtin14,
            (0, 0) if d[2..6].iter().any(|x| *x != 0) || d[6] == 0 => GtinKind::Upc,
            (0, 0) => GtinKind::Ean,
            _ if d[1..4] == [9, 7, 8] || d[1..4] == [9, 7, 9] => GtinKind::Isbn,
            _ if d[1..3] == [4, 5] || d[1..3] == [4, 9] => GtinKind::Jan,
            _ => GtinKind::Ean,
        }
    }

    /// As it is written in the trade: 12 digits for a UPC, 8 or 13 for an EAN, ISBN or JAN, else
    /// 14.
    pub fn as_written(&self) -> String {
        let all = self.as_gtin14();
        match self.kind() {
            GtinKind::Upc => all[2..].to_owned(),
            GtinKind::Ean if all.starts_with("000000") => all[6..].to_owned(),
            GtinKind::Ean | GtinKind::Isbn | GtinKind::Jan => all[1..].to_owned(),
            GtinKind::Gtin14 => all,
        }
    }

    /// All 14 digits.
    pub fn as_gtin14(&self) -> String {
        self.0.iter().map(|d| char::from(b'0' + d)).collect()
    }

    /// The last 13 digits; none where the first of 14 is not zero.
    pub fn as_gtin13(&self) -> Option<String> {
        (self.0[0] == 0).then(|| self.as_gtin14()[1..].to_owned())
    }
}

fn looks_rounded(text: &str) -> bool {
    text.split_once(['E', 'e'])
        .is_some_and(|(mantissa, exponent)| {
            !mantissa.is_empty()
                && mantissa
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
                && exponent
                    .trim_start_matches('+')
                    .bytes()
                    .all(|b| b.is_ascii_digit())
        })
}

fn check_digit(thirteen: &[u8]) -> u8 {
    let sum: u32 = thirteen
        .iter()
        .enumerate()
        .map(|(i, d)| u32::from(*d) * if i % 2 == 0 { 3 } else { 1 })
        .sum();
    ((10 - sum % 10) % 10) as u8
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_written())
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gtin({self})")
    }
}

impl TryFrom<String> for Gtin {
    type Error = GtinError;

    fn try_from(text: String) -> Result<Self, GtinError> {
        Self::parse(&text)
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> Self {
        gtin.as_written()
    }
}

#[cfg(test)]
mod tests {
    use super::{Gtin, GtinError, GtinKind};

    #[test]
    fn reads_every_form_and_says_what_is_wrong() {
        let check = |text: &str, expected: Result<(&str, GtinKind), GtinError>| {
            let found = Gtin::parse(text);
            assert_eq!(
                found.map(|g| (g.as_written(), g.kind())),
                expected.map(|(t, k)| (t.to_owned(), k)),
                "{text}"
            );
        };
        check("012345678905", Ok(("012345678905", GtinKind::Upc)));
        check("0 12345-67890 5", Ok(("012345678905", GtinKind::Upc)));
        check("4006381333931", Ok(("4006381333931", GtinKind::Ean)));
        check("96385074", Ok(("96385074", GtinKind::Ean)));
        check("0306406152", Ok(("9780306406157", GtinKind::Isbn)));
        check("080442957X", Ok(("9780804429573", GtinKind::Isbn)));
        check("4901234567894", Ok(("4901234567894", GtinKind::Jan)));
        check("10012345678902", Ok(("10012345678902", GtinKind::Gtin14)));
        check(
            "012345678906",
            Err(GtinError::CheckDigit {
                found: 6,
                expected: 5,
            }),
        );
        check("8.85909E+11", Err(GtinError::Rounded));
        check("1234567", Err(GtinError::Length(7)));
        check("", Err(GtinError::NotDigits));
        check("n/a", Err(GtinError::NotDigits));
    }

    #[test]
    fn the_same_product_is_the_same_value_as_upc_and_as_ean() {
        assert_eq!(Gtin::parse("012345678905"), Gtin::parse("0012345678905"));
        assert_eq!(
            Gtin::parse("012345678905").map(|g| g.as_gtin14()),
            Ok("00012345678905".into())
        );
    }
}
