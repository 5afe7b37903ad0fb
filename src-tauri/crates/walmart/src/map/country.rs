//! Country codes: Walmart writes three letters, sometimes two (walmart.md §7.2).

/// ISO 3166 codes of three letters and of two: the places that Walmart's orders go to.
const CODES: &[(&str, &str)] = &[
    ("USA", "US"),
    ("PRI", "PR"),
    ("VIR", "VI"),
    ("GUM", "GU"),
    ("ASM", "AS"),
    ("MNP", "MP"),
    ("UMI", "UM"),
    ("CAN", "CA"),
    ("MEX", "MX"),
    ("CHL", "CL"),
    ("GBR", "GB"),
    ("DEU", "DE"),
    ("FRA", "FR"),
    ("ESP", "ES"),
    ("ITA", "IT"),
    ("NLD", "NL"),
    ("CHN", "CN"),
    ("HKG", "HK"),
    ("JPN", "JP"),
    ("KOR", "KR"),
    ("IND", "IN"),
    ("AUS", "AU"),
    ("BRA", "BR"),
];

/// The code of two letters; what is not known is kept as it came.
pub(crate) fn two_letters(code: &str) -> String {
    let upper = code.trim().to_ascii_uppercase();
    CODES
        .iter()
        .find(|(three, _)| *three == upper)
        .map_or(upper, |(_, two)| (*two).to_owned())
}

#[cfg(test)]
mod tests {
    use super::two_letters;

    #[test]
    fn codes_become_two_letters() {
        let check = |code: &str, expected: &str| assert_eq!(two_letters(code), expected);
        check("USA", "US");
        check("us", "US");
        check("PRI", "PR");
        check("XYZ", "XYZ");
    }
}
