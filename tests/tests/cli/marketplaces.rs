//! The trade from the command line, each command a process of its own, on practice marketplaces
//! that another process serves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::barrow::{Going, Shop};

struct Market {
    shop: Shop,
    _serving: Going,
    control: String,
}

const MUGS: &str = "sku,title,description,brand,price,quantity,images,weight\n\
    MUG-1,Ostara Stoneware Mug in blue,A mug.,Ostara,12.90,5,https://images.example.com/1.jpg,400 g\n\
    MUG-2,Ostara Stoneware Mug in red,A mug.,Ostara,13.90,8,https://images.example.com/2.jpg,400 g\n\
    MUG-3,Ostara Stoneware Mug in gray,A mug.,Ostara,,8,https://images.example.com/3.jpg,400 g\n";

impl Market {
    /// Three mugs, one of them without a price, listed on both marketplaces and pushed.
    fn open() -> Self {
        let shop = Shop::new();
        let mut serving = shop
            .command(&["practice", "--json", "--speed", "600"])
            .stdout(Stdio::piped())
            .spawn()
            .map(Going)
            .unwrap();
        let mut line = String::new();
        BufReader::new(serving.0.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let control = ready["control"]
            .as_str()
            .unwrap()
            .trim_start_matches("http://")
            .to_owned();
        let file = shop.file("mugs.csv", MUGS);
        shop.run(&["import", &file]).done();
        for name in ["ebay", "walmart"] {
            shop.run(&["account", "add", name, name, "--endpoint", "practice"])
                .done();
            shop.run(&["account", "check", name]).done();
            shop.run(&["listing", "add", name, "--all"]).done();
        }
        Self {
            shop,
            _serving: serving,
            control,
        }
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.control).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n",
            self.control,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    fn order(&self, marketplace: &str, sku: &str, quantity: u32) -> String {
        let lines = json!([{"sku": sku, "quantity": quantity}]);
        let placed = self.ask(
            "POST",
            "/orders",
            &json!({"marketplace": marketplace, "lines": lines}),
        );
        placed["order_id"]
            .as_str()
            .unwrap_or_else(|| panic!("{placed}"))
            .to_owned()
    }

    fn held(&self, marketplace: &str, sku: &str) -> Value {
        let state = self.ask("GET", "/state", &Value::Null);
        let listings = state[marketplace]["listings"].as_array().unwrap().clone();
        let found = listings.into_iter().find(|listing| listing["sku"] == sku);
        found.unwrap_or_else(|| panic!("{sku} is not on {marketplace}"))
    }
}

#[test]
fn goods_are_listed_sold_and_shipped() {
    let market = Market::open();
    let shop = &market.shop;
    let plan = shop.run(&["plan", "--json"]);
    assert_eq!(plan.status, 3, "a mug has no price: {plan:?}");
    assert_eq!(plan.json()["accounts"][0]["line_count"], 2, "{plan:?}");

    shop.run(&["push"]);
    let problems = shop.json(&["problems"]);
    let told: Vec<(&Value, &Value)> = problems["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (&problem["sku"], &problem["kind"]))
        .collect();
    let missing = (&json!("MUG-3"), &json!("price_missing"));
    assert_eq!(told, [missing, missing], "{problems}");
    shop.run(&["set", "MUG-3", "price=9.90"]).done();
    shop.run(&["push"]).done();
    for marketplace in ["ebay", "walmart"] {
        let held = market.held(marketplace, "MUG-3");
        assert_eq!(
            (&held["state"], &held["quantity"]),
            (&json!("live"), &json!(8)),
            "{held}"
        );
    }

    let order = market.order("ebay", "MUG-1", 2);
    shop.run(&["sync"]).done();
    assert_eq!(
        market.held("walmart", "MUG-1")["quantity"],
        3,
        "sold on eBay, gone on Walmart"
    );
    let orders = shop.json(&["orders", "--state", "to_ship"]);
    assert_eq!(orders["orders"][0]["order_id"], order.as_str(), "{orders}");
    assert_eq!(
        shop.json(&["orders", "--account", "walmart"])["orders"],
        json!([])
    );

    let buyer = orders["orders"][0]["buyer"]["username"].as_str();
    let buyer = buyer.expect("a user name");
    let found = shop.json(&["orders", "--search", buyer]);
    assert_eq!(found["orders"][0]["order_id"], order.as_str(), "{found}");
    let found = shop.json(&["orders", "--search", "nobody-at-all"]);
    assert_eq!(found["orders"], json!([]));

    let name = format!("ebay/{order}");
    let ship = [
        "ship",
        &name,
        "--carrier",
        "USPS",
        "--tracking",
        "9400111899223100001234",
    ];
    shop.run(&ship).done();
    shop.run(&["push"]).done();
    shop.run(&["pull"]).done();
    let orders = shop.json(&["orders"]);
    assert_eq!(orders["orders"][0]["state"], "shipped", "{orders}");
    let again = shop.run(&[&ship[..], &["--json"]].concat());
    assert_eq!(
        (again.status, &again.json()["done"]),
        (3, &json!(0)),
        "{again:?}"
    );

    let receipts = shop.json(&["receipts", "MUG-1"]);
    let kinds: Vec<&str> = receipts["receipts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|receipt| receipt["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"publish") && kinds.contains(&"set_quantity"),
        "{kinds:?}"
    );
}

#[test]
fn what_can_be_chosen_what_is_asked_for_and_what_is_left_are_shown() {
    let market = Market::open();
    let shop = &market.shop;
    let told = shop.json(&["account", "choices", "ebay"]);
    let settings = told["settings"].as_array().unwrap();
    let policy = settings
        .iter()
        .find(|setting| setting["key"] == "fulfillment_policy_id")
        .unwrap();
    let first = policy["choices"][0]["value"].as_str().unwrap();
    let shown = shop.run(&["account", "choices", "ebay"]).done();
    assert!(shown.out.contains(first), "{shown:?}");
    shop.run(&["push"]);
    let told = shop.json(&["account", "limits", "ebay"]);
    let limits = told["accounts"][0]["limits"].as_array().unwrap();
    let policies = |limit: &Value| limit["name"] == "account";
    assert!(limits.iter().any(policies), "{told}");
    let shown = shop.run(&["account", "limits", "ebay"]).done();
    assert!(shown.out.contains("Policies and programs"), "{shown:?}");
    let told = shop.json(&["listing", "attributes", "ebay", "MUG-1"]);
    let listings = told["listings"].as_array().unwrap();
    assert_eq!(
        (listings.len(), &listings[0]["rules_known"]),
        (1, &json!(true))
    );
    let shown = shop.run(&["listing", "attributes", "ebay", "MUG-1"]).done();
    assert!(shown.out.contains("eBay: Best Offer"), "{shown:?}");
    let other = shop.run(&["listing", "attributes", "nobody", "MUG-1"]);
    assert_eq!(other.status, 2, "{other:?}");
}

#[test]
fn listings_are_paused_resumed_and_ended() {
    let market = Market::open();
    let shop = &market.shop;
    shop.run(&["push"]);
    shop.run(&["listing", "set", "ebay", "MUG-1", "price=14.50"])
        .done();
    shop.run(&["listing", "pause", "ebay", "MUG-2"]).done();
    shop.run(&["push", "ebay", "--yes"]);
    assert_eq!(market.held("ebay", "MUG-1")["price"]["amount"], "14.50");
    assert_eq!(market.held("ebay", "MUG-2")["quantity"], 0);
    assert_eq!(market.held("walmart", "MUG-1")["price"]["amount"], "12.90");
    shop.run(&["listing", "resume", "ebay", "MUG-2"]).done();
    shop.run(&["listing", "end", "ebay", "MUG-1"]).done();
    shop.run(&["push", "ebay", "--yes"]);
    assert_eq!(market.held("ebay", "MUG-2")["quantity"], 8);
    assert_eq!(market.held("ebay", "MUG-1")["state"], "ended");
    let unknown = shop.run(&["listing", "end", "ebay", "NONE", "--json"]);
    assert_eq!(
        (unknown.status, &unknown.json()["refused"][0]["sku"]),
        (3, &json!("NONE"))
    );
}

#[test]
fn a_price_that_moves_far_waits_for_a_yes() {
    let market = Market::open();
    let shop = &market.shop;
    shop.run(&["push"]);
    shop.run(&["set", "MUG-3", "price=9.90"]).done();
    shop.run(&["push"]).done();
    shop.run(&["set", "MUG-1", "price=1.29"]).done();
    let held = shop.run(&["push", "--json"]);
    assert_eq!(held.status, 3, "{held:?}");
    assert_eq!(held.json()["held"][0]["sku"], "MUG-1", "{held:?}");
    assert_eq!(market.held("ebay", "MUG-1")["price"]["amount"], "12.90");
    shop.run(&["push", "--yes"]).done();
    assert_eq!(market.held("ebay", "MUG-1")["price"]["amount"], "1.29");
}

#[test]
fn a_case_is_refunded_with_the_sum_that_it_is_about_and_no_other() {
    let market = Market::open();
    let shop = &market.shop;
    shop.run(&["push", "ebay"]);
    let fault = json!({"marketplace": "ebay", "name": "buyer_misses", "times": 1});
    market.ask("POST", "/faults", &fault);
    let order = format!("ebay/{}", market.order("ebay", "MUG-1", 1));
    shop.run(&["pull"]).done();
    let parcel = ["--carrier", "USPS", "--tracking", "9400111899223100001234"];
    shop.run(&[&["ship", &order][..], &parcel].concat()).done();
    shop.run(&["push", "ebay"]);
    market.ask("POST", "/clock", &json!({"advance_seconds": 600}));
    shop.run(&["pull"]).done();
    let cases = shop.json(&["cases"]);
    let case = &cases["cases"][0];
    let id = case["case_id"]
        .as_str()
        .unwrap_or_else(|| panic!("{cases}"));
    let about = case["amount"]["amount"].as_str().unwrap();
    let answer = |said: &[&str]| {
        let refund = ["cases", "answer", "ebay", id, "refund", "--json"];
        shop.run(&[&refund[..], said].concat())
    };
    let unsaid = answer(&[]);
    assert_eq!(unsaid.status, 2, "{unsaid:?}");
    let message = unsaid.json()["error"]["message"].to_string();
    assert!(message.contains(&format!("--amount {about}")), "{message}");
    for said in ["0.01", "99.99"] {
        let other = answer(&["--amount", said]);
        let told = other.json();
        assert_eq!((other.status, &told["done"]), (3, &json!(0)), "{other:?}");
        assert_eq!(told["refused"][0]["kind"], "case_refused", "{told}");
    }
    assert_eq!(answer(&["--amount", "much"]).status, 2);
    assert_eq!(answer(&["--amount", about]).json()["done"], 1);
    shop.run(&["push", "ebay"]);
    shop.run(&["pull"]).done();
    assert_eq!(shop.json(&["cases"])["cases"], json!([]));
}
