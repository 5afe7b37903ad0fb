//! Consent in a browser, and mending what a check finds missing, from the command line: a practice
//! marketplace of another process is walked as a browser walks it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use barrow_tests::browser::{filled, form};
use barrow_wire::escaped;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::barrow::{Going, Shop};

/// An eBay to practise with, and an account there for which nobody has agreed.
struct Desk {
    shop: Shop,
    _serving: Going,
    host: String,
    secrets: Value,
}

struct Answer {
    head: String,
    body: String,
}

impl Desk {
    fn open() -> Self {
        let shop = Shop::new();
        let mut serving = shop
            .command(&["practice", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .map(Going)
            .unwrap();
        let mut line = String::new();
        let mut told = BufReader::new(serving.0.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let ebay = &ready["marketplaces"]["ebay"];
        let endpoint = ebay["endpoint"].as_str().unwrap().to_owned();
        let desk = Self {
            shop,
            _serving: serving,
            host: endpoint.trim_start_matches("http://").to_owned(),
            secrets: ebay["secrets"].clone(),
        };
        let key = |name: &str| format!("{name}={}\n", desk.secret(name));
        let keys = [key("client_id"), key("client_secret"), key("ru_name")].concat();
        let add = ["account", "add", "ebay", "shop", "--endpoint", &endpoint];
        let added = desk.shop.run_given(&keys, &add).done();
        assert!(
            added.out.contains("barrow account consent shop"),
            "{added:?}"
        );
        desk
    }

    fn secret(&self, name: &str) -> &str {
        self.secrets[name].as_str().unwrap()
    }

    fn ask(&self, method: &str, path: &str, headers: &[String], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let length = format!("content-length: {}", body.len());
        let host = format!("host: {}", self.host);
        let mut head = vec![format!("{method} {path} HTTP/1.1"), host, length];
        head.push("connection: close".to_owned());
        head.extend(headers.iter().cloned());
        let request = format!("{}\r\n\r\n{body}", head.join("\r\n"));
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// The seller opens the page and presses a button; where his browser arrives.
    fn answers(&self, address: &str, button: &str) -> String {
        let own = format!("http://{}", self.host);
        let page = self.ask("GET", address.strip_prefix(&own).unwrap(), &[], "");
        let (action, fields) = form(&page.body);
        let kind = "content-type: application/x-www-form-urlencoded".to_owned();
        let sent = self.ask("POST", &action, &[kind], &filled(&fields, button));
        let mut lines = sent.head.lines();
        let line = lines.find_map(|line| line.strip_prefix("location: "));
        line.unwrap_or_else(|| panic!("{}", sent.head)).to_owned()
    }

    /// Runs the command, answers what it asks, and tells how it ended.
    fn consent(&self, button: &str) -> (i32, Value) {
        let mut child = self
            .shop
            .command(&["account", "consent", "shop", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map(Going)
            .unwrap();
        let told = BufReader::new(child.0.stderr.take().unwrap());
        let mut lines = told.lines().map(Result::unwrap);
        let address = lines.find(|line| line.starts_with("http")).unwrap();
        let arrived = self.answers(&address, button);
        let mut input = child.0.stdin.take().unwrap();
        writeln!(input, "{arrived}").unwrap();
        drop(input);
        lines.for_each(drop);
        let mut out = String::new();
        child
            .0
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut out)
            .unwrap();
        let status = child.0.wait().unwrap().code().unwrap();
        (status, serde_json::from_str(&out).unwrap())
    }

    /// A call that the seller makes elsewhere, with a token of his own.
    fn elsewhere(&self, method: &str, path: &str, body: &str) {
        let pair = format!(
            "{}:{}",
            self.secret("client_id"),
            self.secret("client_secret")
        );
        let headers = [
            format!("authorization: Basic {}", BASE64_STANDARD.encode(pair)),
            "content-type: application/x-www-form-urlencoded".to_owned(),
        ];
        let token = escaped(self.secret("refresh_token"));
        let grant = format!("grant_type=refresh_token&refresh_token={token}");
        let answer = self.ask("POST", "/identity/v1/oauth2/token", &headers, &grant);
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        let headers = [
            format!(
                "authorization: Bearer {}",
                answer["access_token"].as_str().unwrap()
            ),
            "content-type: application/json".to_owned(),
            "accept-language: en-US".to_owned(),
        ];
        let done = self.ask(method, path, &headers, body);
        assert!(done.head.starts_with("HTTP/1.1 20"), "{}", done.head);
    }
}

fn item<'a>(check: &'a Value, name: &str) -> &'a Value {
    let items = check["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {check}"))
}

#[test]
fn the_seller_agrees_in_a_browser() {
    let desk = Desk::open();
    let check = ["account", "check", "shop", "--json"];
    let before = desk.shop.run(&check);
    assert_eq!(
        before.json()["error"]["params"]["problem"],
        "consent_missing"
    );
    let (status, declined) = desk.consent("decline");
    assert_eq!(status, 1, "{declined}");
    let params = &declined["error"]["params"];
    assert_eq!(
        (&params["problem"], &params["why"]),
        (&json!("consent_refused"), &json!("declined"))
    );
    let (status, agreed) = desk.consent("agree");
    assert_eq!(status, 0, "{agreed}");
    assert!(agreed["until"].as_str().is_some(), "{agreed}");
    assert_eq!(agreed["account"]["secrets"]["refresh_token"], true);
    let after = desk.shop.json(&check[..3]);
    assert_eq!(
        (&after["ready"], &after["consent_until"]),
        (&json!(true), &agreed["until"])
    );
    assert_eq!(item(&after, "consent")["state"], "good");
}

#[test]
fn what_a_check_finds_missing_is_mended_from_here() {
    let desk = Desk::open();
    assert_eq!(desk.consent("agree").0, 0);
    let programs = "/sell/account/v1/program/opt_out";
    desk.elsewhere(
        "POST",
        programs,
        r#"{"programType":"OUT_OF_STOCK_CONTROL"}"#,
    );
    desk.elsewhere("DELETE", "/sell/inventory/v1/location/main", "");
    let check = ["account", "check", "shop"];
    let told = desk.shop.run(&check);
    assert_eq!(told.status, 3, "{told:?}");
    let command = "barrow account mend shop merchant_location_key name=Main country=US \
                   postal_code=POSTAL_CODE\n";
    assert!(told.out.contains(command), "{told:?}");
    let mend = |more: &[&str]| {
        let begin = ["account", "mend", "shop"];
        let arguments = [begin.as_slice(), more, &["--json"]].concat();
        desk.shop.run(&arguments)
    };
    let lacking = mend(&["merchant_location_key", "name=Main"]);
    assert_eq!(
        lacking.json()["error"]["params"]["problem"],
        "field_missing"
    );
    let place = [
        "merchant_location_key",
        "name=Back room",
        "country=US",
        "postal_code=95125",
    ];
    let created = mend(&place).done();
    let settings = &created.json()["account"]["settings"];
    assert_eq!(settings["merchant_location_key"], "back-room");
    let joined = mend(&["out_of_stock"]).done();
    assert_eq!(joined.json()["hours_max"], 24);
    mend(&["out_of_stock"]).done();
    let after = desk.shop.json(&check);
    assert_eq!(after["ready"], true, "{after}");
    assert_eq!(item(&after, "out_of_stock")["state"], "good");
    let unknown = mend(&["seller"]);
    assert_eq!(unknown.json()["error"]["params"]["problem"], "unsupported");
}
