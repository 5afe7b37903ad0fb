//! What Walmart's errors mean: one table for calls (walmart.md §4), one for feeds (§13).

use barrow_market::{Error, ErrorKind, Status};
use barrow_model::{Problem, ProblemKind};
use http::StatusCode;
use serde_json::Value;

use crate::config::SPEC_VERSION_KEY;

/// Code stems of calls, matched on the part before the first point (walmart.md §4).
const STEMS: &[(&str, ErrorKind)] = &[
    ("UNAUTHORIZED", ErrorKind::Unauthorized),
    ("FORBIDDEN", ErrorKind::Forbidden),
    ("CONTENT_NOT_FOUND", ErrorKind::NotFound),
    ("URI_NOT_FOUND", ErrorKind::NotFound),
    ("INVALID_REQUEST", ErrorKind::Refused),
    ("INVALID_REQUEST_HEADER", ErrorKind::Refused),
    ("INVALID_REQUEST_PARAM", ErrorKind::Refused),
    ("INVALID_REQUEST_CONTENT", ErrorKind::Refused),
    ("MISSING_REQUEST_HEADER", ErrorKind::Refused),
    ("MISSING_REQUEST_PARAM", ErrorKind::Refused),
    ("MALFORMED_REQUEST_CONTENT", ErrorKind::Refused),
    ("METHOD_NOT_ALLOWED", ErrorKind::Refused),
    ("INVALID_ACCEPT_TYPE", ErrorKind::Refused),
    ("UNSUPPORTED_MEDIA_TYPE", ErrorKind::Refused),
    ("RESOURCE_IS_LOCKED", ErrorKind::Refused),
    ("SYSTEM_ERROR", ErrorKind::MarketplaceDown),
];

/// What an item's ingestion code asks for (walmart.md §13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ingestion {
    /// A person must mend it.
    Problem(ProblemKind),
    /// A setting of the account must be mended.
    Setting(&'static str),
    /// Walmart is still reviewing: pending, not failed.
    Review,
}

/// Ingestion codes; the long numeric ones are matched on their tail, because their head differs
/// between services.
const INGESTION: &[(&str, Ingestion)] = &[
    ("ERR_INT_SYS_0801003", Ingestion::Setting(SPEC_VERSION_KEY)),
    ("WM_SPEC_MODE", Ingestion::Setting(SPEC_VERSION_KEY)),
    ("74597363510508", Ingestion::Setting(SPEC_VERSION_KEY)),
    (
        "ERR_EXT_DATA_0101211",
        Ingestion::Problem(ProblemKind::GtinConflict),
    ),
    (
        "ERR_EXT_DATA_0101119",
        Ingestion::Problem(ProblemKind::GtinConflict),
    ),
    (
        "60670554076755",
        Ingestion::Problem(ProblemKind::AttributeInvalid),
    ),
    (
        "72600149546850",
        Ingestion::Problem(ProblemKind::AttributeMissing),
    ),
    (
        "50716566635066",
        Ingestion::Problem(ProblemKind::AttributeInvalid),
    ),
    (
        "68050064665065",
        Ingestion::Problem(ProblemKind::FieldInvalid),
    ),
    (
        "55506974520167",
        Ingestion::Problem(ProblemKind::AttributeMissing),
    ),
    (
        "00030257670757",
        Ingestion::Problem(ProblemKind::FieldInvalid),
    ),
    (
        "01076067496949",
        Ingestion::Problem(ProblemKind::TextTooLong),
    ),
    (
        "54514906640101",
        Ingestion::Problem(ProblemKind::GtinInvalid),
    ),
    ("56026862530206", Ingestion::Review),
    ("66547201695750", Ingestion::Review),
    (
        "71666506605865",
        Ingestion::Problem(ProblemKind::Prohibited),
    ),
    (
        "61696573580701",
        Ingestion::Problem(ProblemKind::Prohibited),
    ),
    (
        "61020366035308",
        Ingestion::Problem(ProblemKind::Prohibited),
    ),
    (
        "07705958490105",
        Ingestion::Problem(ProblemKind::ListingOnHold),
    ),
];

/// What an ingestion code asks for; none where the table does not know it.
pub(crate) fn ingestion(code: &str) -> Option<Ingestion> {
    INGESTION
        .iter()
        .find(|(known, _)| code == *known || (known.len() == 14 && code.ends_with(known)))
        .map(|(_, meaning)| *meaning)
}

/// The problem of an ingestion error. Without a known code the field that it names decides.
pub(crate) fn ingestion_problem(code: &str, field: Option<&str>, text: &str) -> Problem {
    let problem = match ingestion(code) {
        Some(Ingestion::Setting(setting)) => {
            Problem::new(ProblemKind::SettingInvalid).param("setting", setting)
        }
        Some(Ingestion::Problem(kind)) => Problem::new(kind),
        Some(Ingestion::Review) => Problem::new(ProblemKind::ListingOnHold),
        None => Problem::new(field.map_or(ProblemKind::Refused, kind_of_field)),
    };
    let problem = match field {
        Some(field) => problem.field(our_field(field)).param("attribute", field),
        None => problem,
    };
    problem.vendor(code, text)
}

/// Fields that an item feed names, in Walmart's words and in ours.
const FIELDS: &[(&str, &str, ProblemKind)] = &[
    ("sku", "sku", ProblemKind::SkuInvalid),
    ("productId", "gtin", ProblemKind::GtinInvalid),
    ("productIdentifiers", "gtin", ProblemKind::GtinInvalid),
    ("productName", "title", ProblemKind::FieldInvalid),
    ("shortDescription", "description", ProblemKind::FieldInvalid),
    ("mainImageUrl", "images", ProblemKind::ImageInvalid),
    (
        "productSecondaryImageURL",
        "images",
        ProblemKind::ImageInvalid,
    ),
    ("brand", "brand", ProblemKind::FieldInvalid),
    ("price", "price", ProblemKind::PriceRefused),
    ("currentPrice", "price", ProblemKind::PriceRefused),
    ("quantity", "quantity", ProblemKind::QuantityRefused),
    ("ShippingWeight", "weight", ProblemKind::WeightMissing),
    ("variantGroupId", "options", ProblemKind::FamilyInvalid),
    (
        "fulfillmentCenterID",
        "settings.ship_node",
        ProblemKind::LocationMissing,
    ),
    ("condition", "condition", ProblemKind::ConditionInvalid),
];

fn kind_of_field(field: &str) -> ProblemKind {
    FIELDS
        .iter()
        .find(|(name, _, _)| field.eq_ignore_ascii_case(name))
        .map_or(ProblemKind::Refused, |(_, _, kind)| *kind)
}

fn our_field(field: &str) -> String {
    FIELDS
        .iter()
        .find(|(name, _, _)| field.eq_ignore_ascii_case(name))
        .map_or_else(
            || format!("attributes.{field}"),
            |(_, ours, _)| (*ours).to_owned(),
        )
}

/// Turns an answer that is no success into an error (walmart.md §4).
pub(crate) fn parse_error(operation: &'static str, status: StatusCode, body: &[u8]) -> Error {
    let said = envelope(body);
    let stem = said
        .as_ref()
        .map(|said| said.code.split('.').next().unwrap_or_default());
    let by_status = kind_of_status(status);
    let by_stem = STEMS
        .iter()
        .find(|(known, _)| Some(*known) == stem)
        .map(|(_, kind)| *kind);
    // A fault of theirs stays one, whatever the body says; otherwise the code is more exact.
    let kind = match by_stem {
        Some(kind) if !status.is_server_error() => kind,
        _ => by_status,
    };
    let mut error = Error::new(kind, operation).with("status", status.as_u16());
    if stem == Some("RESOURCE_IS_LOCKED") || status == StatusCode::LOCKED {
        error.status = Status::Temporary;
        error = error.because(with_vendor(Problem::new(ProblemKind::ListingLocked), &said));
    }
    match said {
        Some(said) => error.vendor(said.code, said.text),
        None => error,
    }
}

fn with_vendor(problem: Problem, said: &Option<Said>) -> Problem {
    match said {
        Some(said) => problem.vendor(said.code.clone(), &said.text),
        None => problem,
    }
}

fn kind_of_status(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        // 520 is the edge's own (walmart.md §4).
        500..=599 => ErrorKind::MarketplaceDown,
        _ => ErrorKind::Refused,
    }
}

/// What an envelope says: the first error that is one, else the first entry.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    code: String,
    text: String,
}

fn envelope(body: &[u8]) -> Option<Said> {
    let text = std::str::from_utf8(body).ok()?.trim_start();
    if text.starts_with('<') {
        return xml_envelope(text);
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let entries = entries(&value, 0);
    let entry = entries
        .iter()
        .find(|entry| field(entry, "severity").is_none_or(|s| s == "ERROR"))
        .or_else(|| entries.first())?;
    let text = field(entry, "description")
        .or_else(|| field(entry, "message"))
        .or_else(|| field(entry, "info"))
        .or_else(|| field(entry, "error_description"))
        .unwrap_or_default();
    let code = field(entry, "code").unwrap_or_else(|| "UNKNOWN".to_owned());
    Some(Said { code, text })
}

/// The entries under `errors` and `error`, as arrays, as objects, or one within the other.
fn entries(value: &Value, depth: usize) -> Vec<&Value> {
    // The known envelopes nest once; deeper ones are not Walmart's.
    if depth > 3 {
        return Vec::new();
    }
    match value {
        Value::Array(items) => items
            .iter()
            .flat_map(|item| entries(item, depth + 1))
            .collect(),
        Value::Object(members) => {
            let nested = ["errors", "error"]
                .iter()
                .find_map(|name| members.get(*name).filter(|v| v.is_array() || v.is_object()));
            match nested {
                Some(nested) => entries(nested, depth + 1),
                None if depth > 0 || members.contains_key("code") => vec![value],
                None if members.contains_key("error") => vec![value],
                None => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn field(entry: &Value, name: &str) -> Option<String> {
    match entry.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The XML twin; element names are matched without their prefix, which varies.
fn xml_envelope(text: &str) -> Option<Said> {
    let code = xml_element(text, "code")?;
    let text = xml_element(text, "description").or_else(|| xml_element(text, "message"));
    Some(Said {
        code,
        text: text.unwrap_or_default(),
    })
}

fn xml_element(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let end = rest.find('>')?;
        let tag = rest[..end].split_whitespace().next().unwrap_or_default();
        if tag.rsplit(':').next() == Some(name) && !tag.starts_with('/') {
            let content = &rest[end + 1..];
            return Some(content[..content.find('<')?].trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use barrow_market::{ErrorKind, Status};
    use barrow_model::ProblemKind;
    use http::StatusCode;

    use super::{Ingestion, ingestion, ingestion_problem, parse_error};

    fn check(status: u16, body: &str, kind: ErrorKind, code: Option<&str>) {
        let status = StatusCode::from_u16(status).expect("a status");
        let error = parse_error("getAllOrders", status, body.as_bytes());
        assert_eq!(error.kind, kind, "{body}");
        let found = error.vendor.as_ref().map(|vendor| vendor.code.as_str());
        assert_eq!(found, code, "{body}");
    }

    #[test]
    fn every_envelope_is_read() {
        let entry = r#"{"code":"CONTENT_NOT_FOUND.GMP_ORDER_API","field":"data","description":"No
            orders","severity":"ERROR","category":"DATA","causes":[],"errorIdentifiers":{}}"#
            .replace('\n', " ");
        let code = Some("CONTENT_NOT_FOUND.GMP_ORDER_API");
        for body in [
            format!("{{\"errors\":[{entry}]}}"),
            format!("{{\"error\":[{entry}]}}"),
            format!("{{\"errors\":{{\"error\":[{entry}]}}}}"),
            format!("{{\"error\":{entry}}}"),
            format!("{{\"errors\":{{\"error\":{entry}}}}}"),
        ] {
            check(404, &body, ErrorKind::NotFound, code);
        }
        let xml = "<?xml version=\"1.0\"?><ns2:errors xmlns:ns2=\"http://walmart.com/\"><ns2:error>\
            <ns2:code>CONTENT_NOT_FOUND.GMP_ORDER_API</ns2:code><ns2:description>No orders\
            </ns2:description></ns2:error></ns2:errors>";
        check(404, xml, ErrorKind::NotFound, code);
    }

    #[test]
    fn the_stem_decides_and_the_status_where_there_is_none() {
        let body = |code: &str| format!("{{\"errors\":[{{\"code\":\"{code}\"}}]}}");
        let gateway = "UNAUTHORIZED.GMP_GATEWAY_API";
        check(401, &body(gateway), ErrorKind::Unauthorized, Some(gateway));
        let content = "INVALID_REQUEST_CONTENT.GMP_INVENTORY_API";
        check(400, &body(content), ErrorKind::Refused, Some(content));
        check(403, "{}", ErrorKind::Forbidden, None);
        check(404, "", ErrorKind::NotFound, None);
        check(413, "", ErrorKind::Refused, None);
        let html = "<html><body>Bad gateway</body></html>";
        check(502, html, ErrorKind::MarketplaceDown, None);
        check(520, html, ErrorKind::MarketplaceDown, None);
        let system = "SYSTEM_ERROR.GMP_ITEM_API";
        check(500, &body(system), ErrorKind::MarketplaceDown, Some(system));
    }

    #[test]
    fn warnings_do_not_hide_the_error() {
        let body = r#"{"errors":[{"code":"A","severity":"WARN"},
            {"code":"INVALID_REQUEST_PARAM.X","severity":"ERROR"}]}"#;
        check(
            400,
            body,
            ErrorKind::Refused,
            Some("INVALID_REQUEST_PARAM.X"),
        );
    }

    #[test]
    fn a_lock_passes() {
        let body =
            r#"{"errors":[{"code":"RESOURCE_IS_LOCKED.GMP_ITEM_API","description":"busy"}]}"#;
        let error = parse_error("retireAnItem", StatusCode::LOCKED, body.as_bytes());
        assert_eq!(error.status, Status::Temporary);
        assert_eq!(error.to_problem().kind, ProblemKind::ListingLocked);
    }

    #[test]
    fn ingestion_codes_are_known_by_head_or_tail() {
        let check = |code: &str, expected: Option<Ingestion>| {
            assert_eq!(ingestion(code), expected, "{code}");
        };
        let problem = |kind| Some(Ingestion::Problem(kind));
        check(
            "ERR_INT_SYS_0801003",
            Some(Ingestion::Setting("item_spec_version")),
        );
        check(
            "WM_SPEC_MODE",
            Some(Ingestion::Setting("item_spec_version")),
        );
        check("ERR_EXT_DATA_0101119", problem(ProblemKind::GtinConflict));
        check(
            "EXT_DATA_ERROR_72600149546850",
            problem(ProblemKind::AttributeMissing),
        );
        check("EXT_DATA_ERROR_56026862530206", Some(Ingestion::Review));
        check(
            "EXT_DATA_ERROR_71666506605865",
            problem(ProblemKind::Prohibited),
        );
        check("ERR_SOMETHING_NEW", None);
    }

    #[test]
    fn an_unknown_code_keeps_field_and_words() {
        let problem = ingestion_problem("ERR_NEW", Some("mainImageUrl"), "not reachable");
        assert_eq!(problem.kind, ProblemKind::ImageInvalid);
        assert_eq!(problem.field.as_deref(), Some("images"));
        let vendor = problem.vendor.expect("the vendor's words");
        assert_eq!(
            (vendor.code.as_str(), vendor.text.as_str()),
            ("ERR_NEW", "not reachable")
        );
        let problem = ingestion_problem("ERR_NEW", Some("seatHeight"), "");
        assert_eq!(problem.field.as_deref(), Some("attributes.seatHeight"));
    }
}
