//! Carriers as Newegg spells those that it follows; others are free text (newegg.md §6.3).

const CARRIERS: &[(&str, &str)] = &[
    ("ups", "UPS"),
    ("unitedparcelservice", "UPS"),
    ("fedex", "FedEx"),
    ("federalexpress", "FedEx"),
    ("usps", "USPS"),
    ("unitedstatespostalservice", "USPS"),
    ("dhl", "DHL"),
    ("canadapost", "Canada Post"),
    ("purolator", "Purolator"),
    ("ontrac", "OnTrac"),
];

/// Where the seller names no service; Newegg demands one and takes any text.
const SERVICE: &str = "Standard";

/// The usual spelling of a carrier, else what the seller wrote.
pub(crate) fn carrier(name: &str) -> &str {
    let letters: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    CARRIERS
        .iter()
        .find(|(known, _)| *known == letters)
        .map_or(name.trim(), |(_, usual)| usual)
}

/// The service, which must not be missing.
pub(crate) fn service(named: Option<&str>) -> &str {
    named
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .unwrap_or(SERVICE)
}

#[cfg(test)]
mod tests {
    use super::{carrier, service};

    #[test]
    fn usual_names_are_spelled_as_usual() {
        let check = |name: &str, expected: &str| assert_eq!(carrier(name), expected);
        check("ups", "UPS");
        check("Fed Ex", "FedEx");
        check("U.S.P.S.", "USPS");
        check(" Pony Express ", "Pony Express");
        assert_eq!(
            (service(Some(" ")), service(Some("Ground"))),
            ("Standard", "Ground")
        );
    }
}
