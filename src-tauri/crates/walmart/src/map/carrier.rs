//! Carriers and services as the shipment schema spells them (walmart.md §7.3, `orders.json`).

use crate::request::Carrier;

/// The schema's list; a carrier must be spelled exactly so.
const CARRIERS: &[&str] = &[
    "UPS",
    "USPS",
    "FedEx",
    "Airborne",
    "OnTrac",
    "DHL Ecommerce - US",
    "DHL",
    "LS",
    "UDS",
    "UPSMI",
    "FDX",
    "PILOT",
    "ESTES",
    "SAIA",
    "FDS Express",
    "Seko Worldwide",
    "HIT Delivery",
    "FEDEXSP",
    "RL Carriers",
    "Metropolitan Warehouse & Delivery",
    "China Post",
    "YunExpress",
    "Yellow Freight Sys",
    "AIT Worldwide Logistics",
    "Chukou1",
    "Sendle",
    "Landmark Global",
    "Sunyou",
    "Yanwen",
    "4PX",
    "GLS",
    "OSM Worldwide",
    "FIRST MILE",
    "AM Trucking",
    "CEVA",
    "India Post",
    "SF Express",
    "CNE",
    "TForce Freight",
    "AxleHire",
    "LSO",
    "Royal Mail",
    "ABF Freight System",
    "WanB",
    "Roadrunner Freight",
    "Meyer Distribution",
    "AAA Cooper",
    "Canada Post",
    "Southeastern Freight Lines",
    "Japan Post",
    "Correos de Mexico",
    "XPO Logistics",
    "JD Logistics",
    "YDH",
    "JCEX",
    "Flyt",
    "Deutsche Post",
    "Better Trucks",
    "Asendia",
    "SFC",
    "UBI",
    "ePost Global",
    "YF Logistics",
    "RXO",
    "Estes Express",
    "Shypmax",
    "WIN.IT America",
    "PITT OHIO",
    "PostNord Sweden",
    "Equick",
    "Whistl",
    "Tusou",
    "Shiprocket",
    "DTDC",
    "PTS",
];

/// Other names that sellers use for carriers of the list.
const ALIASES: &[(&str, &str)] = &[
    ("federalexpress", "FedEx"),
    ("fedexground", "FedEx"),
    ("fedexhome", "FedEx"),
    ("fedexsmartpost", "FEDEXSP"),
    ("unitedparcelservice", "UPS"),
    ("upsground", "UPS"),
    ("upsmailinnovations", "UPSMI"),
    ("unitedstatespostalservice", "USPS"),
    ("uspostalservice", "USPS"),
    ("dhlexpress", "DHL"),
    ("dhlecommerce", "DHL Ecommerce - US"),
    ("lasership", "LS"),
];

/// Services of the schema.
const METHODS: &[&str] = &[
    "Standard",
    "Express",
    "OneDay",
    "Freight",
    "WhiteGlove",
    "Value",
];

fn normal(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The carrier that a seller's word means.
pub(crate) fn carrier(name: &str) -> Carrier<'_> {
    let normal_name = normal(name);
    let listed = CARRIERS.iter().find(|known| normal(known) == normal_name);
    let aliased = || ALIASES.iter().find(|(alias, _)| *alias == normal_name);
    match listed
        .copied()
        .or_else(|| aliased().map(|(_, known)| *known))
    {
        Some(known) => Carrier::Known(known),
        None => Carrier::Other(name.trim()),
    }
}

/// The service that a seller's word means; `Standard` where it means none of Walmart's.
pub(crate) fn method(service: Option<&str>) -> &'static str {
    let wanted = normal(service.unwrap_or_default());
    METHODS
        .iter()
        .find(|known| normal(known) == wanted)
        .copied()
        .unwrap_or("Standard")
}

#[cfg(test)]
mod tests {
    use super::{carrier, method};
    use crate::request::Carrier;

    #[test]
    fn carriers_are_spelled_as_the_schema_has_them() {
        let check = |name: &str, expected: Carrier<'_>| assert_eq!(carrier(name), expected);
        check("ups", Carrier::Known("UPS"));
        check("Fedex", Carrier::Known("FedEx"));
        check("DHL eCommerce US", Carrier::Known("DHL Ecommerce - US"));
        check("DHL eCommerce", Carrier::Known("DHL Ecommerce - US"));
        check("FedEx SmartPost", Carrier::Known("FEDEXSP"));
        check(" Pony Mail ", Carrier::Other("Pony Mail"));
    }

    #[test]
    fn unknown_services_are_standard() {
        let check = |name: Option<&str>, expected: &str| assert_eq!(method(name), expected);
        check(Some("one day"), "OneDay");
        check(Some("EXPRESS"), "Express");
        check(Some("Ground Advantage"), "Standard");
        check(None, "Standard");
    }
}
