//! Reports and the limits of offers, held to the published schemas of feeds.

use std::path::PathBuf;

use chrono::NaiveDateTime;
use http::Method;
use serde_json::{Value, json};

use crate::{Seller, offer, offers, rows, word};

/// One element of an XML document.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
    text: String,
}

impl Node {
    /// Reads the root of a document of elements, attributes and text.
    fn parse(text: &str) -> Self {
        let mut open = vec![Self::default()];
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            open.last_mut().unwrap().text += &unescaped(before.trim());
            let end = if after.starts_with("!--") { "-->" } else { ">" };
            let (tag, after) = after.split_once(end).unwrap();
            rest = after;
            if tag.starts_with(['?', '!']) {
                continue;
            }
            if let Some(name) = tag.strip_prefix('/') {
                let closed = open.pop().unwrap();
                assert_eq!(name, closed.name);
                open.last_mut().unwrap().children.push(closed);
                continue;
            }
            let node = Self::start(tag.trim_end_matches('/'));
            if tag.ends_with('/') {
                open.last_mut().unwrap().children.push(node);
            } else {
                open.push(node);
            }
        }
        assert_eq!(open.len(), 1, "every element is closed");
        open.remove(0).children.remove(0)
    }

    fn start(tag: &str) -> Self {
        let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').unwrap();
            attributes.push((name.trim().to_owned(), value.to_owned()));
            rest = after;
        }
        Self {
            name: name.trim().to_owned(),
            attributes,
            ..Self::default()
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Finds the declaration of an element, wherever it is.
    fn declaration(&self, name: &str) -> Option<&Self> {
        if self.name == "xs:element" && self.attribute("name") == Some(name) {
            return Some(self);
        }
        self.children
            .iter()
            .find_map(|child| child.declaration(name))
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Reads a schema; none in a checkout without the documents beside it, which has nothing to hold
/// anything against.
fn schema(name: &str) -> Option<Node> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let path = root
        .join("../shared/marketplaces/specs/newegg/xsd")
        .join(name);
    let text = std::fs::read_to_string(&path).ok()?;
    Some(Node::parse(text.trim_start_matches('\u{feff}')))
}

fn bound(particle: &Node, name: &str) -> usize {
    match particle.attribute(name) {
        None => 1,
        Some("unbounded") => usize::MAX,
        Some(number) => number.parse().unwrap(),
    }
}

/// Holds an element to its declaration; collects what is wrong.
fn check(declared: &Node, node: &Node, wrong: &mut Vec<String>) {
    let mut fail = |text: String| wrong.push(format!("{}: {text}", node.name));
    if declared
        .attribute("fixed")
        .is_some_and(|fixed| fixed != node.text)
    {
        fail(format!("is {} and not fixed", node.text));
    }
    match declared.attribute("type") {
        Some("xs:int") if node.text.parse::<i32>().is_err() => fail("is no int".to_owned()),
        Some("xs:dateTime") if node.text.parse::<NaiveDateTime>().is_err() => {
            fail("is no dateTime".to_owned());
        }
        _ => {}
    }
    let restriction = declared
        .child("xs:simpleType")
        .and_then(|kind| kind.child("xs:restriction"));
    if let Some(restriction) = restriction {
        let allowed = |facet: &Node| facet.attribute("value") == Some(node.text.as_str());
        if !restriction.children.iter().any(allowed) {
            fail(format!("{} is not among the values", node.text));
        }
    }
    let content = declared
        .child("xs:complexType")
        .map(|kind| &kind.children[0]);
    match content {
        None if node.children.is_empty() => {}
        None => fail("has children".to_owned()),
        Some(content) => {
            let read = consume(content, &node.children, 0, wrong);
            if let Some(left) = node.children.get(read) {
                wrong.push(format!("{}: {} is not expected", node.name, left.name));
            }
        }
    }
}

/// Reads children as a particle says; returns how far.
fn consume(particle: &Node, children: &[Node], from: usize, wrong: &mut Vec<String>) -> usize {
    let mut at = from;
    for round in 0..bound(particle, "maxOccurs") {
        let before = at;
        match particle.name.as_str() {
            "xs:element" => {
                let name = particle.attribute("name").unwrap();
                match children.get(at).filter(|child| child.name == name) {
                    Some(child) => {
                        check(particle, child, wrong);
                        at += 1;
                    }
                    None if round < bound(particle, "minOccurs") => {
                        wrong.push(format!("{name} is missing"));
                    }
                    None => {}
                }
            }
            "xs:sequence" if round > 0 && at == children.len() => {}
            "xs:sequence" => {
                for part in &particle.children {
                    at = consume(part, children, at, wrong);
                }
            }
            "xs:choice" => {
                let name = children.get(at).map(|child| child.name.as_str());
                let chosen = particle
                    .children
                    .iter()
                    .find(|part| part.attribute("name") == name);
                if let Some(chosen) = chosen.filter(|_| name.is_some()) {
                    at = consume(chosen, children, at, wrong);
                }
            }
            other => panic!("{other} is not known"),
        }
        if at == before {
            break;
        }
    }
    at
}

#[test]
fn a_report_in_xml_is_what_the_schema_of_reports_says() {
    let Some(schema) = schema("ProcessingReport.xsd") else {
        return;
    };
    let declared = schema.child("xs:element").unwrap();
    let mut broken = offer("B", 1, "5.00", 1);
    broken["BasicInfo"]["Shipping"] = json!("Fast & <free>");
    broken["BasicInfo"]["ManufacturerPartsNumber"] = json!("M1");
    for rows in [
        vec![offer("A", 0, "5.00", 1)],
        vec![offer("A", 0, "5.00", 1), broken],
    ] {
        let failing = rows.len() - 1;
        let mut seller = Seller::new();
        let id = seller.feed("ITEM_DATA", offers(rows));
        seller.wait(600);
        let path = format!("datafeedmgmt/feeds/result/{id}");
        let mut request = seller.request(Method::GET, &path, None);
        request
            .headers_mut()
            .insert("accept", "application/xml".parse().unwrap());
        let seen = seller.send(request);
        let report = Node::parse(&seen.text);
        assert_eq!(report.name, "NeweggEnvelope");
        let mut wrong = Vec::new();
        check(declared, &report, &mut wrong);
        assert_eq!(wrong, Vec::<String>::new(), "{}", seen.text);
        assert_eq!(seen.text.matches("<Result>").count(), failing);
    }
}

#[test]
fn the_schema_check_sees_what_is_wrong() {
    let Some(schema) = schema("ProcessingReport.xsd") else {
        return;
    };
    let declared = schema.child("xs:element").unwrap();
    let head = "<NeweggEnvelope><Header><DocumentVersion>1.0</DocumentVersion></Header>\
        <MessageType>ProcessingReport</MessageType><Message><ProcessingReport>\
        <OriginalMessageName>a</OriginalMessageName>\
        <OriginalMessageType>BatchItemCreation</OriginalMessageType>";
    let tail = "</ProcessingReport></Message></NeweggEnvelope>";
    let stamp = "<ProcessedStamp>2026-11-22T01:00:00</ProcessedStamp>";
    let check_body = |body: &str, expected: usize| {
        let mut wrong = Vec::new();
        check(
            declared,
            &Node::parse(&format!("{head}{body}{tail}")),
            &mut wrong,
        );
        assert_eq!(wrong.len(), expected, "{wrong:?}");
    };
    check_body(&format!("{stamp}<StatusCode>ProcessReport</StatusCode>"), 0);
    check_body(&format!("{stamp}<StatusCode>Done</StatusCode>"), 1);
    check_body("<StatusCode>ProcessReport</StatusCode>", 1);
    check_body(
        &format!("{stamp}<StatusCode>ProcessReport</StatusCode><Extra/>"),
        1,
    );
}

/// Whether a value is refused for what it is, when an offer has it in this field.
fn is_refused(field: &str, value: &str) -> bool {
    let mut seller = Seller::new();
    let mut row = offer("A", 0, "5.00", 1);
    row["BasicInfo"][field] = json!(value);
    let report = seller.feed_done("ITEM_DATA", offers(vec![row]));
    let results = match &report["Result"] {
        Value::Null => return false,
        Value::Array(results) => results.clone(),
        one => vec![one.clone()],
    };
    let lines = rows(&results[0], "ErrorList", "ErrorDescription");
    lines.iter().map(word).any(|line| {
        let of_value = ["At most", "Must be", "required"];
        line.starts_with(&format!("{field} - ")) && of_value.iter().any(|text| line.contains(text))
    })
}

/// Values on both sides of a facet: those that are allowed and those that are not.
fn around(facet: &Node, restriction: &Node) -> (Vec<String>, Vec<String>) {
    let value = facet.attribute("value").unwrap();
    let decimals = restriction.child("xs:fractionDigits").is_some();
    let number = |steps: i64| {
        let (whole, cents) = value.split_once('.').unwrap_or((value, "00"));
        let cents: i64 = whole.parse::<i64>().unwrap() * 100 + cents.parse::<i64>().unwrap();
        let cents = cents + steps * if decimals { 1 } else { 100 };
        if decimals {
            let sign = if cents < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
        } else {
            (cents / 100).to_string()
        }
    };
    let letters = |more: usize| "x".repeat(value.parse::<usize>().unwrap() + more);
    match facet.name.as_str() {
        "xs:maxLength" => (vec![letters(0)], vec![letters(1)]),
        "xs:minLength" => (vec![letters(0)], vec![]),
        "xs:minInclusive" => (vec![number(0)], vec![number(-1)]),
        "xs:maxInclusive" => (vec![number(0)], vec![number(1)]),
        "xs:fractionDigits" => (vec!["7.25".to_owned()], vec!["7.255".to_owned()]),
        "xs:enumeration" => (vec![value.to_owned()], vec![format!("{value}!")]),
        other => panic!("{other} is not known"),
    }
}

#[test]
fn the_limits_of_offers_are_those_of_the_schema_of_items() {
    let Some(schema) = schema("Itemfeed.xsd") else {
        return;
    };
    let fields = [
        "SellerPartNumber",
        "Manufacturer",
        "ManufacturerPartsNumber",
        "UPCOrISBN",
        "PacksOrSets",
        "ItemCondition",
        "MSRP",
        "MAP",
        "CheckoutMAP",
        "SellingPrice",
        "Shipping",
        "Inventory",
        "ActivationMark",
    ];
    let mut probes = 0;
    for field in fields {
        let declared = schema.declaration(field).unwrap();
        let kind = declared.child("xs:simpleType").unwrap();
        let restriction = kind.child("xs:restriction").unwrap();
        for facet in &restriction.children {
            let (allowed, refused) = around(facet, restriction);
            for value in allowed {
                assert!(!is_refused(field, &value), "{field} {value}");
                probes += 1;
            }
            for value in refused {
                assert!(is_refused(field, &value), "{field} {value}");
                probes += 1;
            }
        }
    }
    assert!(probes > 50, "{probes}");
}
