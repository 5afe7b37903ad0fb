//! Newegg's contract, made of its endpoint table, read when needed, and of what newegg.md says of
//! bodies: Newegg publishes no schema that a machine could hold a call to.
//!
//! The table names method, path, platforms, operation type and version; the frames of requests
//! follow from it. What stands inside is written in [`super::newegg_requests`] and
//! [`super::newegg_answers`].

use super::{Exchange, Findings, Place, newegg_answers, newegg_requests};
use http::HeaderMap;
use serde_json::{Map, Value, json};
use std::path::Path;

/// The platforms, by the name of the table and by what stands before their paths: newegg.md §1.
const PLATFORMS: [(&str, &str); 3] = [
    ("US", "/marketplace/"),
    ("B2B", "/marketplace/b2b/"),
    ("CAN", "/marketplace/can/"),
];

/// The versions of newegg.md §6.1; there is no 308.
const ORDER_VERSIONS: [&str; 11] = [
    "304", "305", "306", "307", "309", "310", "311", "312", "313", "314", "315",
];

/// Makes the contract out of the table, in the form of OpenAPI 3.
pub(super) fn document(folder: &Path) -> Result<Value, String> {
    let file = folder.join("endpoints.tsv");
    let table = super::documents::read(&file)?;
    let mut paths = Map::new();
    for line in table.lines().skip(1).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [_, method, path, platforms, operation_type, version, ..] = cells.as_slice() else {
            return Err(format!("{}: a line has too few cells", file.display()));
        };
        for (platform, base) in PLATFORMS {
            let served = *platforms == "all" || platforms.split(',').any(|one| one == platform);
            if !served {
                continue;
            }
            for path in spelt_out(path) {
                let row = Row {
                    method,
                    path: &path,
                    platform,
                    operation_type,
                    version,
                };
                let operations = paths.entry(format!("{base}{path}")).or_insert(json!({}));
                operations[method.to_lowercase()] = row.operation(folder)?;
            }
        }
    }
    Ok(json!({"paths": paths}))
}

/// A row for every area is one for each: newegg.md §9.
fn spelt_out(path: &str) -> Vec<String> {
    let Some(rest) = path.strip_prefix("{area}mgmt") else {
        return vec![path.to_owned()];
    };
    let areas = [
        "contentmgmt",
        "ordermgmt",
        "datafeedmgmt",
        "servicemgmt",
        "reportmgmt",
        "sellermgmt",
        "sbnmgmt",
        "shippingservice",
    ];
    areas.iter().map(|area| format!("{area}{rest}")).collect()
}

/// A row of the table, on one platform.
pub(super) struct Row<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) platform: &'a str,
    pub(super) operation_type: &'a str,
    version: &'a str,
}

impl Row<'_> {
    fn operation(&self, folder: &Path) -> Result<Value, String> {
        let mut operation = json!({
            "parameters": self.parameters(),
            "responses": {"200": newegg_answers::answer(self, folder)?},
        });
        if self.operation_type != "-" {
            operation["requestBody"] = json!({
                "required": true,
                "content": {"application/json": {"schema": newegg_requests::request(self)}},
            });
        }
        Ok(operation)
    }

    fn parameters(&self) -> Value {
        let mut parameters = vec![
            query("sellerid", true, json!({"type": "string", "minLength": 1})),
            json!({"in": "header", "name": "Authorization", "required": true}),
            json!({"in": "header", "name": "SecretKey", "required": true}),
            json!({"in": "header", "name": "Accept", "required": true}),
        ];
        let versions: Vec<&str> = match self.version {
            "" => Vec::new(),
            "304-315" => ORDER_VERSIONS.to_vec(),
            "305-310" => ORDER_VERSIONS[1..6].to_vec(),
            one => one
                .split(", ")
                .filter(|part| !part.contains(' ') || part.contains(self.platform))
                .filter_map(|part| part.split(' ').next())
                .collect(),
        };
        if !versions.is_empty() {
            // §9: the account's status is told without a version as well.
            let required = self.path != "sellermgmt/seller/accountstatus";
            let schema = json!({"type": "string", "enum": versions});
            parameters.push(query("version", required, schema));
        }
        if self.path == newegg_requests::SUBMIT {
            let schema = json!({"type": "string", "minLength": 1});
            parameters.push(query("requesttype", true, schema));
            for flag in ["v1", "v2", "v3"] {
                parameters.push(query(
                    flag,
                    false,
                    json!({"type": "string", "maxLength": 0}),
                ));
            }
        }
        Value::Array(parameters)
    }
}

fn query(name: &str, required: bool, schema: Value) -> Value {
    json!({"in": "query", "name": name, "required": required, "schema": schema})
}

/// §2: the key stands as it is, and no media type has a parameter.
pub(super) fn check_call(exchange: &Exchange<'_>, findings: &mut Findings) {
    let headers = exchange.request_headers;
    let key = text(headers, "authorization");
    if key.is_some_and(|key| key.is_empty() || key.contains(' ')) {
        let message = "is the key as it is, without a scheme";
        findings.add(Place::RequestHeader, "Authorization", message);
    }
    let sent_body = exchange.request_body.is_some_and(|body| !body.is_empty());
    let media = text(headers, "content-type");
    if media.is_some_and(|media| media.contains(';')) {
        let message = "takes no parameter such as charset";
        findings.add(Place::RequestHeader, "Content-Type", message);
    } else if sent_body && media.is_none() {
        let message = "is required and was not sent";
        findings.add(Place::RequestHeader, "Content-Type", message);
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// §3: an answer without its byte order mark and without the frames that it may have or not.
pub(super) fn bare(body: &[u8]) -> Result<Value, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut answer: Value = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("is not JSON, at line {line} column {column}")
    })?;
    for frame in ["NeweggAPIResponse", "ResponseBody"] {
        if answer[frame].is_object() {
            answer = answer[frame].take();
        }
    }
    Ok(answer)
}

/// What is wrong with the form of a refusal: §3 knows a list or an object with a code, XML, and
/// what the gateway says in its own words.
pub(super) fn refusal_fault(exchange: &Exchange<'_>) -> Option<&'static str> {
    let body = exchange.response_body;
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.is_empty() {
        let edge = exchange.status >= 500 || exchange.status == 429;
        return (!edge).then_some("a refusal without a body");
    }
    let has_code = |error: &Value| !error["Code"].is_null() && error.is_object();
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Array(errors)) if !errors.is_empty() && errors.iter().all(has_code) => None,
        Ok(error @ Value::Object(_)) if has_code(&error) => None,
        Ok(_) => Some("a refusal without the error form"),
        Err(_) if body.starts_with(b"{") || body.starts_with(b"[") => {
            Some("a refusal that is not JSON")
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{bare, refusal_fault, spelt_out};
    use crate::contract::Exchange;
    use http::{HeaderMap, Method};
    use serde_json::json;

    #[test]
    fn frames_and_marks_are_taken_off() {
        let check = |body: &str| assert_eq!(bare(body.as_bytes()), Ok(json!({"a": 1})), "{body}");
        check(r#"{"a":1}"#);
        check("\u{feff}{\"a\":1}");
        check(r#"{"NeweggAPIResponse":{"IsSuccess":"true","ResponseBody":{"a":1}}}"#);
        check(r#"{"IsSuccess":true,"ResponseBody":{"a":1}}"#);
        check(r#"{"NeweggAPIResponse":{"a":1}}"#);
        assert!(bare(b"<html>").is_err());
    }

    #[test]
    fn refusals_have_one_of_four_forms() {
        let check = |status: u16, body: &str, good: bool| {
            let exchange = Exchange {
                method: &Method::GET,
                path_and_query: "/",
                request_headers: &HeaderMap::new(),
                request_body: None,
                status,
                response_headers: &HeaderMap::new(),
                response_body: body.as_bytes(),
            };
            assert_eq!(refusal_fault(&exchange).is_none(), good, "{status} {body}");
        };
        check(400, r#"[{"Code":"SO003","Message":"No."}]"#, true);
        check(400, r#"{"Code":"CE001","Message":"No."}"#, true);
        check(
            404,
            "<Errors><Error><Code>CT026</Code></Error></Errors>",
            true,
        );
        check(401, "Gateway: Seller Auth failed.", true);
        check(400, "[]", false);
        check(400, r#"{"Message":"No."}"#, false);
        check(400, "{\"Code\":", false);
        check(400, "", false);
        check(500, "", true);
    }

    #[test]
    fn the_health_of_every_area_has_a_path() {
        let paths = spelt_out("{area}mgmt/servicestatus");
        assert!(
            paths.contains(&"ordermgmt/servicestatus".to_owned()),
            "{paths:?}"
        );
        assert_eq!(spelt_out("a/{id}"), ["a/{id}"]);
    }
}
