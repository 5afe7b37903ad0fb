//! The forms that programs rely on.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::barrow::{Going, Shop};

fn shop() -> Shop {
    let shop = Shop::new();
    let file = shop.file(
        "mugs.csv",
        "sku,title,price,currency,quantity\nA-1,Blue mug,9.9,USD,4\nA-2,Red mug,12,USD,3\n",
    );
    shop.run(&["import", &file]).done();
    shop
}

#[test]
fn lists_are_one_document_with_a_next_page() {
    let shop = Shop::new();
    let check = |arguments: &[&str], name: &str| {
        let document = shop.json(arguments);
        assert_eq!(document[name], json!([]), "{document}");
        assert_eq!(document.get("next"), Some(&Value::Null), "{document}");
    };
    check(&["products"], "products");
    check(&["listings"], "listings");
    check(&["orders"], "orders");
    check(&["problems"], "problems");
    check(&["receipts"], "receipts");
    check(&["quarantine", "list"], "quarantine");
    check(&["imports"], "imports");
    check(&["account", "list"], "accounts");
    check(&["plan"], "accounts");
    for what in ["products", "listings", "stock", "orders"] {
        check(&["export", what], what);
    }
}

#[test]
fn pages_follow_each_other() {
    let shop = shop();
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let mut page = vec!["products", "--limit", "1"];
        if let Some(sku) = after.as_str() {
            page.extend(["--after", sku]);
        }
        let document = shop.json(&page);
        let products = document["products"].as_array().unwrap();
        assert!(products.len() <= 1, "{document}");
        seen.extend(products.iter().map(|product| product["sku"].clone()));
        after = document["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(seen, ["A-1", "A-2"]);
    let found = shop.json(&["products", "--search", "red"]);
    assert_eq!(found["products"].as_array().unwrap().len(), 1, "{found}");
}

#[test]
fn money_is_an_amount_with_its_currency_and_actions_count() {
    let shop = shop();
    let products = shop.json(&["products"]);
    let price = &products["products"][0]["price"];
    assert_eq!(*price, json!({"amount": "9.90", "currency": "USD"}));
    let set = shop.json(&["set", "A-1", "price=10.5"]);
    assert_eq!(
        (&set["done"], &set["held"], &set["refused"]),
        (&json!(1), &json!([]), &json!([]))
    );
    let stock = shop.json(&["stock", "A-1", "--add", "-1", "--reason", "broken"]);
    assert_eq!(
        (&stock["on_hand"], &stock["available"]),
        (&json!(3), &json!(3))
    );
    let stock = shop.json(&["stock", "A-1", "--set", "8"]);
    assert_eq!(
        (&stock["change"], &stock["on_hand"]),
        (&json!(5), &json!(8))
    );
}

#[test]
fn tables_fit_a_terminal_and_nothing_but_them_is_on_standard_output() {
    let shop = Shop::new();
    let title = "A mug with a very long title ".repeat(6);
    let file = shop.file(
        "long.csv",
        format!("sku,title,price,quantity\nA-1,{title},1,1\n"),
    );
    shop.run(&["import", &file]).done();
    let run = shop.run_with("COLUMNS", "80", &["products"]).done();
    assert!(run.out.starts_with("SKU"), "{}", run.out);
    assert!(
        run.out.lines().all(|line| line.chars().count() <= 80),
        "{}",
        run.out
    );
    assert_eq!(run.err, "");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let shop = Shop::new();
    let mut rows = String::from("sku,title,price,quantity\n");
    for number in 0..5_000 {
        rows.push_str(&format!("N-{number},A mug of the number {number},9.90,4\n"));
    }
    let file = shop.file("many.csv", rows);
    shop.run(&["import", &file]).done();
    for arguments in [&["export", "products"][..], &["export", "stock", "--json"]] {
        let mut child = shop
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A few bytes only, so that the program has much left to write.
        let mut some = [0; 64];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut some).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn practice_prints_one_line_once_it_is_ready_and_stops_when_asked() {
    let shop = Shop::new();
    let mut serving = shop
        .command(&[
            "practice",
            "--json",
            "--seed",
            "7",
            "--faults",
            "timeout,ebay:500",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map(Going)
        .unwrap();
    let mut out = BufReader::new(serving.0.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert!(
        ready["control"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:"),
        "{ready}"
    );
    for name in ["ebay", "walmart"] {
        let at = &ready["marketplaces"][name];
        assert!(
            at["endpoint"]
                .as_str()
                .unwrap()
                .starts_with("http://127.0.0.1:"),
            "{at}"
        );
        assert!(
            at["settings"].is_object() && at["secrets"]["client_id"].is_string(),
            "{at}"
        );
    }
    let second = shop.run(&["practice", "--json"]);
    assert_eq!(
        (second.status, second.error().as_str()),
        (1, "practice"),
        "{second:?}"
    );
    let pid = serving.0.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .arg(&pid)
            .status()
            .unwrap()
            .success()
    );
    let status = serving.0.wait().unwrap();
    assert_eq!(status.code(), Some(0), "asked to end, it ends well");
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn an_unknown_fault_is_told_with_those_there_are() {
    let shop = Shop::new();
    let run = shop.run(&["practice", "--faults", "earthquake"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.err.contains("lost_answer"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_watch_prints_a_line_for_each_run_and_stops_when_asked() {
    let shop = shop();
    let mut watching = shop
        .command(&["sync", "--watch", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .map(Going)
        .unwrap();
    let mut line = String::new();
    BufReader::new(watching.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["pull"]["accounts"], json!([]), "{event}");
    let pid = watching.0.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(watching.0.wait().unwrap().code(), Some(0));
}
