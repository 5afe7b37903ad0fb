//! Carriers as Amazon names them in shipment confirmations (amazon.md §7.5).

/// Codes that Amazon knows, in its own spelling. What is not among them travels as `Other` with
/// the carrier's name, which is right for every carrier.
const CARRIERS: &[&str] = &[
    "USPS",
    "UPS",
    "UPSMI",
    "FedEx",
    "DHL",
    "DHL eCommerce",
    "OnTrac",
    "Lasership",
    "OSM",
    "Newgistics",
    "Canada Post",
    "Purolator",
    "Royal Mail",
    "Parcelforce",
    "Yodel",
    "Hermes",
    "Evri",
    "DPD",
    "GLS",
    "TNT",
    "Deutsche Post",
    "La Poste",
    "Colissimo",
    "Chronopost",
    "Mondial Relay",
    "Poste Italiane",
    "BRT",
    "SDA",
    "Correos",
    "SEUR",
    "PostNL",
    "PostNord",
    "InPost",
    "Australia Post",
    "Japan Post",
    "Sagawa",
    "Yamato",
    "Delhivery",
    "Blue Dart",
    "DTDC",
    "China Post",
    "Yanwen",
    "YunExpress",
    "4PX",
    "SF Express",
];

/// Other names that sellers use for carriers of the list.
const ALIASES: &[(&str, &str)] = &[
    ("federalexpress", "FedEx"),
    ("fedexground", "FedEx"),
    ("fedexhome", "FedEx"),
    ("unitedparcelservice", "UPS"),
    ("upsground", "UPS"),
    ("upsmailinnovations", "UPSMI"),
    ("unitedstatespostalservice", "USPS"),
    ("uspostalservice", "USPS"),
    ("dhlexpress", "DHL"),
    ("dhlpaket", "DHL"),
    ("dhlglobalmail", "DHL eCommerce"),
];

/// What is sent where the carrier is not among Amazon's.
const OTHER: &str = "Other";

fn normal(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Amazon's code and the carrier's name.
pub(crate) fn carrier(name: &str) -> (&'static str, &str) {
    let wanted = normal(name);
    let listed = CARRIERS.iter().find(|known| normal(known) == wanted);
    let aliased = || ALIASES.iter().find(|(alias, _)| *alias == wanted);
    match listed
        .copied()
        .or_else(|| aliased().map(|(_, known)| *known))
    {
        Some(known) => (known, known),
        None => (OTHER, name.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::carrier;

    #[test]
    fn unlisted_carriers_keep_their_name() {
        let check = |name: &str, expected: (&str, &str)| assert_eq!(carrier(name), expected);
        check("ups", ("UPS", "UPS"));
        check("Fed Ex", ("FedEx", "FedEx"));
        check("DHL Paket", ("DHL", "DHL"));
        check("Royal-Mail", ("Royal Mail", "Royal Mail"));
        check(" Pony Mail ", ("Other", "Pony Mail"));
    }
}
