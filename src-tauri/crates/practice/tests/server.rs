//! Practice marketplaces over loopback: the control port, faults on the wire, and what is kept.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests too.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use barrow_practice::{
    Error, Fault, Marketplaces, Now, OrderRequestLine, Rehearsal, Reply, ServeOptions, Server,
    Settings,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use serde_json::{Value, json};

/// A wall clock that is moved by hand.
#[derive(Clone)]
struct Clock(Arc<Mutex<DateTime<Utc>>>);

impl Clock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(
            "2026-11-22T08:00:00Z".parse().unwrap(),
        )))
    }

    fn pass(&self, seconds: i64) {
        *self.0.lock().unwrap() += chrono::Duration::seconds(seconds);
    }

    fn rehearsal(&self, speed: u32) -> Rehearsal {
        let clock = self.clone();
        Rehearsal {
            settings: Settings {
                seed: 1,
                orders_per_hour: 0,
            },
            speed,
            wall: Arc::new(move || *clock.0.lock().unwrap()),
        }
    }
}

/// Sends one request over a socket and returns status line and body; empty where nothing came.
fn ask(address: &str, head: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    let host = address.trim_start_matches("http://");
    let host = if head.contains("\r\nHost:") {
        String::new()
    } else {
        format!("Host: {host}\r\n")
    };
    let length = body.len();
    write!(
        stream,
        "{head}\r\n{host}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = Vec::new();
    // A connection that is broken off may end in an error; what came before counts.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or((answer.as_str(), ""));
    (head.to_owned(), body.to_owned())
}

fn json_of(answer: (String, String)) -> Value {
    serde_json::from_str(&answer.1).unwrap_or_else(|_| panic!("no JSON in {answer:?}"))
}

async fn serve(rehearsal: Rehearsal) -> (Server, Arc<Marketplaces>) {
    let marketplaces = Arc::new(Marketplaces::open(rehearsal));
    let server = Server::start(Arc::clone(&marketplaces), ServeOptions { port: 0 })
        .await
        .unwrap();
    (server, marketplaces)
}

fn token_head(marketplaces: &Marketplaces) -> String {
    let secrets = marketplaces.connection("walmart").unwrap().secrets;
    let basic = STANDARD.encode(format!(
        "{}:{}",
        secrets["client_id"], secrets["client_secret"]
    ));
    format!(
        "POST /v3/token HTTP/1.1\r\nAuthorization: Basic {basic}\r\nWM_SVC.NAME: W\r\n\
         WM_QOS.CORRELATION_ID: 1\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded"
    )
}

const GRANT: &str = "grant_type=client_credentials";

#[tokio::test(flavor = "multi_thread")]
async fn the_ready_line_leads_to_every_marketplace() {
    let (server, marketplaces) = serve(Clock::new().rehearsal(1)).await;
    let ready = serde_json::to_value(server.ready()).unwrap();
    let names: Vec<&String> = ready["marketplaces"].as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 4, "{names:?}");
    let walmart = &ready["marketplaces"]["walmart"];
    assert!(walmart["secrets"]["client_secret"].is_string());
    assert!(walmart["settings"].is_object());
    let endpoint = walmart["endpoint"].as_str().unwrap().to_owned();
    assert_eq!(server.endpoint("walmart").unwrap(), endpoint);
    let answer = ask(&endpoint, &token_head(&marketplaces), GRANT);
    assert!(answer.0.starts_with("HTTP/1.1 200"), "{}", answer.0);
    assert_eq!(json_of(answer)["expires_in"], json!(900));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_follow_the_one_that_was_asked_for() {
    // A port that was free a moment ago, with room above it.
    let free = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let marketplaces = Arc::new(Marketplaces::open(Clock::new().rehearsal(1)));
    let Ok(server) = Server::start(marketplaces, ServeOptions { port: free }).await else {
        // Somebody else was faster with one of the ports above.
        return;
    };
    let port = |endpoint: String| endpoint.rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
    for (offset, name) in (0..).zip(["ebay", "amazon", "walmart", "newegg"]) {
        let found = port(server.endpoint(name).unwrap());
        assert_eq!(found, free + offset, "{name}");
    }
    assert_eq!(port(server.ready().control), free + 4);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_port_answers_in_plain_words() {
    let (server, _marketplaces) = serve(Clock::new().rehearsal(1)).await;
    let control = server.ready().control;
    let check = |head: &str, body: &str, status: &str, says: &str| {
        let (found, text) = ask(&control, &format!("{head} HTTP/1.1"), body);
        assert!(
            found.starts_with(&format!("HTTP/1.1 {status}")),
            "{head}: {found}"
        );
        assert!(text.contains(says), "{head}: {text}");
    };
    check("GET /state", "", "200", r#""listings":[]"#);
    check("GET /nothing", "", "404", "GET /state");
    check("GET /orders", "", "405", "error");
    let order = r#"{"marketplace":"walmart","lines":[{"sku":"A","quantity":1}]}"#;
    check(
        "POST /orders",
        order,
        "409",
        "nothing is for sale under SKU A",
    );
    check("POST /orders", "{}", "400", "marketplace");
    check(
        "POST /orders",
        r#"{"marketplace":"bazaar","lines":[]}"#,
        "404",
        "bazaar",
    );
    let fault = r#"{"marketplace":"walmart","name":"500","times":2}"#;
    check("POST /faults", fault, "200", r#""times":2"#);
    check(
        "POST /faults",
        &fault.replace("500", "flood"),
        "400",
        "there are: 429",
    );
    check("POST /clock", r#"{"advance_seconds":60}"#, "200", "60");
    check(
        "POST /clock",
        r#"{"advance_seconds":99999999999}"#,
        "400",
        "at most",
    );
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_port_refuses_what_a_web_page_could_send() {
    let (server, _marketplaces) = serve(Clock::new().rehearsal(1)).await;
    let control = server.ready().control;
    let check = |headers: &str, status: &str| {
        let (found, _) = ask(&control, &format!("GET /state HTTP/1.1{headers}"), "");
        assert!(
            found.starts_with(&format!("HTTP/1.1 {status}")),
            "{headers}: {found}"
        );
    };
    check("", "200");
    check("\r\nHost: localhost", "200");
    check("\r\nOrigin: http://127.0.0.1:5173", "200");
    check("\r\nHost: rebound.example", "403");
    check("\r\nHost: 127.0.0.1.rebound.example:80", "403");
    check("\r\nOrigin: https://shop.example", "403");
    check("\r\nOrigin: null", "403");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_break_the_connection_off_on_the_wire() {
    let (server, marketplaces) = serve(Clock::new().rehearsal(1)).await;
    let endpoint = server.endpoint("walmart").unwrap();
    let token = json_of(ask(&endpoint, &token_head(&marketplaces), GRANT))["access_token"].clone();
    let head = format!(
        "GET /v3/settings/partnerprofile HTTP/1.1\r\nWM_SEC.ACCESS_TOKEN: {}\r\nWM_SVC.NAME: W\r\n\
         WM_QOS.CORRELATION_ID: 2\r\nAccept: application/json",
        token.as_str().unwrap()
    );
    let whole = ask(&endpoint, &head, "").1;
    let fault = |name: &str| {
        let fault = Fault {
            name: name.to_owned(),
            times: 1,
        };
        marketplaces.set_fault("walmart", fault).unwrap();
    };
    fault("timeout");
    assert_eq!(ask(&endpoint, &head, ""), (String::new(), String::new()));
    fault("cut_body");
    let (found, cut) = ask(&endpoint, &head, "");
    assert!(
        found
            .to_lowercase()
            .contains(&format!("content-length: {}", whole.len()))
    );
    assert!(
        cut.len() < whole.len() && whole.starts_with(&cut),
        "{} bytes",
        cut.len()
    );
    assert_eq!(ask(&endpoint, &head, "").1, whole);
    server.stop().await.unwrap();
}

#[test]
fn elapsed_time_runs_at_its_speed_and_jumps_on_demand_while_dates_stay_real() {
    let clock = Clock::new();
    let marketplaces = Marketplaces::open(clock.rehearsal(10));
    let start = marketplaces.now();
    clock.pass(60);
    marketplaces.advance(Duration::from_secs(5)).unwrap();
    let Now { wall, elapsed } = marketplaces.now();
    assert_eq!(elapsed, Duration::from_secs(605));
    assert_eq!(wall - start.wall, chrono::Duration::seconds(60));
    clock.pass(-3_600);
    assert!(marketplaces.now().elapsed >= elapsed);
}

/// A walmart call in process.
async fn call(marketplaces: &Marketplaces, method: &str, path: &str, body: &str) -> Value {
    let token = {
        let head = token_head(marketplaces);
        let mut request = Request::builder().method("POST").uri("/v3/token");
        for line in head.split("\r\n").skip(1) {
            let (name, value) = line.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        read(marketplaces, request.body(Bytes::from(GRANT)).unwrap()).await["access_token"].clone()
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("WM_SEC.ACCESS_TOKEN", token.as_str().unwrap())
        .header("WM_SVC.NAME", "W")
        .header("WM_QOS.CORRELATION_ID", "3")
        .header("Accept", "application/json")
        .header("Content-Type", "application/json")
        .body(Bytes::from(body.to_owned()))
        .unwrap();
    read(marketplaces, request).await
}

async fn read(marketplaces: &Marketplaces, request: Request<Bytes>) -> Value {
    match marketplaces.call("walmart", request).await.unwrap() {
        Reply::Answer(response) => serde_json::from_slice(response.body()).unwrap(),
        other => panic!("no answer: {other:?}"),
    }
}

/// Sets an item up, sells one and leaves a feed unfinished.
async fn trade(marketplaces: &Marketplaces) {
    let item = json!({
        "MPItemFeedHeader": {
            "businessUnit": "WALMART_US", "locale": "en", "version": "5.0.20260608-18_15_07-api",
        },
        "MPItem": [{
            "Orderable": {
                "sku": "A",
                "productIdentifiers": { "productIdType": "CUSTOM", "productId": "CUSTOM" },
                "price": 4.5, "ShippingWeight": 1,
            },
            "Visible": { "Things": { "productName": "Thing", "brand": "Acme" } },
        }],
    });
    call(
        marketplaces,
        "POST",
        "/v3/feeds?feedType=MP_ITEM",
        &item.to_string(),
    )
    .await;
    marketplaces.advance(Duration::from_secs(300)).unwrap();
    let stock = r#"{"sku":"A","quantity":{"unit":"EACH","amount":5}}"#;
    call(marketplaces, "PUT", "/v3/inventory?sku=A", stock).await;
    let line = OrderRequestLine {
        sku: "A".to_owned(),
        quantity: 2,
    };
    marketplaces.place_order("walmart", &[line]).unwrap();
    call(
        marketplaces,
        "POST",
        "/v3/feeds?feedType=MP_ITEM",
        &item.to_string(),
    )
    .await;
    let fault = Fault {
        name: "500".to_owned(),
        times: 3,
    };
    marketplaces.set_fault("walmart", fault).unwrap();
}

fn kept(clock: &Clock, folder: &Path) -> Marketplaces {
    Marketplaces::open_from(clock.rehearsal(1), folder).unwrap()
}

#[tokio::test]
async fn nothing_is_forgotten_after_a_crash_or_after_saving() {
    for saves in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::new();
        let first = kept(&clock, folder.path());
        trade(&first).await;
        if saves {
            first.save().unwrap();
            first.save().unwrap();
        }
        let (held, now) = (first.held().unwrap(), first.now());
        assert_eq!(held["walmart"].listings[0].quantity, 3);
        assert_eq!(held["walmart"].orders.len(), 1);
        drop(first);
        let second = kept(&clock, folder.path());
        assert_eq!(second.now(), now, "saves: {saves}");
        assert_eq!(second.held().unwrap(), held, "saves: {saves}");
        clock.pass(100);
        assert_eq!(second.now().elapsed, now.elapsed + Duration::from_secs(100));
    }
}

#[tokio::test]
async fn a_torn_last_line_is_left_out_and_a_damaged_one_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::new();
    let first = kept(&clock, folder.path());
    trade(&first).await;
    let held = first.held().unwrap();
    drop(first);
    let path = folder.path().join("walmart.journal");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, [whole.as_slice(), b"{\"number\":99"].concat()).unwrap();
    let second = kept(&clock, folder.path());
    assert_eq!(second.held().unwrap(), held);
    drop(second);
    std::fs::write(&path, [b"{}\n", whole.as_slice()].concat()).unwrap();
    let error = Marketplaces::open_from(clock.rehearsal(1), folder.path()).unwrap_err();
    assert!(matches!(error, Error::Saved { .. }), "{error}");
}
