//! Countries: Newegg writes the English name in capitals (newegg.md §6.1, §12.8).

/// Names and ISO 3166 codes of three letters, with those of two.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("UNITED STATES", "USA", "US"),
    ("UNITED STATES OF AMERICA", "USA", "US"),
    ("CANADA", "CAN", "CA"),
    ("PUERTO RICO", "PRI", "PR"),
    ("GUAM", "GUM", "GU"),
    ("VIRGIN ISLANDS, U.S.", "VIR", "VI"),
    ("MEXICO", "MEX", "MX"),
    ("UNITED KINGDOM", "GBR", "GB"),
    ("GREAT BRITAIN", "GBR", "GB"),
    ("IRELAND", "IRL", "IE"),
    ("AUSTRALIA", "AUS", "AU"),
    ("NEW ZEALAND", "NZL", "NZ"),
    ("INDIA", "IND", "IN"),
    ("SINGAPORE", "SGP", "SG"),
    ("MALAYSIA", "MYS", "MY"),
    ("PHILIPPINES", "PHL", "PH"),
    ("THAILAND", "THA", "TH"),
    ("INDONESIA", "IDN", "ID"),
    ("VIETNAM", "VNM", "VN"),
    ("VIET NAM", "VNM", "VN"),
    ("HONG KONG", "HKG", "HK"),
    ("CHINA", "CHN", "CN"),
    ("TAIWAN", "TWN", "TW"),
    ("JAPAN", "JPN", "JP"),
    ("KOREA, REPUBLIC OF", "KOR", "KR"),
    ("SOUTH KOREA", "KOR", "KR"),
    ("ISRAEL", "ISR", "IL"),
    ("SAUDI ARABIA", "SAU", "SA"),
    ("UNITED ARAB EMIRATES", "ARE", "AE"),
    ("KUWAIT", "KWT", "KW"),
    ("QATAR", "QAT", "QA"),
    ("BAHRAIN", "BHR", "BH"),
    ("OMAN", "OMN", "OM"),
    ("EGYPT", "EGY", "EG"),
    ("TURKEY", "TUR", "TR"),
    ("SOUTH AFRICA", "ZAF", "ZA"),
    ("BRAZIL", "BRA", "BR"),
    ("ARGENTINA", "ARG", "AR"),
    ("CHILE", "CHL", "CL"),
    ("COLOMBIA", "COL", "CO"),
    ("PERU", "PER", "PE"),
    ("GERMANY", "DEU", "DE"),
    ("FRANCE", "FRA", "FR"),
    ("ITALY", "ITA", "IT"),
    ("SPAIN", "ESP", "ES"),
    ("PORTUGAL", "PRT", "PT"),
    ("NETHERLANDS", "NLD", "NL"),
    ("BELGIUM", "BEL", "BE"),
    ("LUXEMBOURG", "LUX", "LU"),
    ("AUSTRIA", "AUT", "AT"),
    ("SWITZERLAND", "CHE", "CH"),
    ("POLAND", "POL", "PL"),
    ("CZECH REPUBLIC", "CZE", "CZ"),
    ("DENMARK", "DNK", "DK"),
    ("SWEDEN", "SWE", "SE"),
    ("NORWAY", "NOR", "NO"),
    ("FINLAND", "FIN", "FI"),
    // An old code that Newegg still uses (newegg.md §5.1).
    ("ROMANIA", "ROM", "RO"),
    ("ROMANIA", "ROU", "RO"),
    ("GREECE", "GRC", "GR"),
    ("HUNGARY", "HUN", "HU"),
];

/// The code of two letters; what is not known is kept as it came.
pub(crate) fn two_letters(country: &str) -> String {
    let upper = country.trim().to_uppercase();
    COUNTRIES
        .iter()
        .find(|(name, three, _)| *name == upper || *three == upper)
        .map_or_else(
            || country.trim().to_owned(),
            |(_, _, two)| (*two).to_owned(),
        )
}

#[cfg(test)]
mod tests {
    use super::two_letters;

    #[test]
    fn names_become_two_letters() {
        let check = |name: &str, expected: &str| assert_eq!(two_letters(name), expected);
        check("UNITED STATES", "US");
        check("United States", "US");
        check("CANADA", "CA");
        check("USA", "US");
        check("US", "US");
        check("ATLANTIS", "ATLANTIS");
    }
}
