//! What cannot be done is met with clear words, and nothing is changed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;

use crate::barrow::{Going, Shop};

const GOOD: &str = "sku,title,price,quantity\nA-1,Blue mug,9.90,4\nA-2,Red mug,9.90,3\n";

fn shop() -> Shop {
    let shop = Shop::new();
    let file = shop.file("good.csv", GOOD);
    shop.run(&["import", &file]).done();
    shop
}

/// A command fails with a kind, and nothing is changed.
fn refused(shop: &Shop, arguments: &[&str], kind: &str) {
    let before = shop.snapshot();
    let run = shop.run(&[arguments, &["--json"]].concat());
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, kind),
        "{arguments:?}: {run:?}"
    );
    let words = shop.run(arguments);
    assert_eq!((words.status, words.out.as_str()), (1, ""), "{words:?}");
    assert!(
        words.err.starts_with("barrow: ") && words.err.len() > 30,
        "{words:?}"
    );
    assert_eq!(shop.snapshot(), before, "{arguments:?} changed something");
}

#[test]
fn files_that_are_no_table_are_refused_whole() {
    let shop = shop();
    let scratch = shop.path(".");
    let check = |name: &str, content: &[u8], kind: &str| {
        let file = shop.file(name, content);
        refused(&shop, &["import", &file], kind);
    };
    refused(&shop, &["import", "/nowhere/none.csv"], "file_not_found");
    refused(
        &shop,
        &["import", scratch.to_str().unwrap()],
        "file_is_directory",
    );
    check("empty.csv", b"", "not_a_table");
    check(
        "zip.csv",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00rest of a workbook",
        "not_a_table",
    );
    check(
        "image.csv",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "not_a_table",
    );
    check(
        "prose.csv",
        b"Dear customer,\nthank you for your order.\n",
        "not_a_table",
    );
    check("numbers.csv", b"1,2,3\n4,5,6\n", "not_a_table");
    check("half.csv", b"\xff\xfes\x00k", "not_a_table");
}

#[test]
fn a_bad_row_is_refused_with_its_line_and_the_others_are_taken() {
    let check = |row: &str, kind: &str| {
        let shop = Shop::new();
        let text = format!("sku,title,price,quantity,gtin\nA-1,Blue mug,9.90,4,\n{row}\n");
        let file = shop.file("rows.csv", text);
        let preview = shop.run(&["import", &file, "--preview", "--json"]);
        assert_eq!(preview.status, 3, "{preview:?}");
        assert!(
            shop.json(&["products"])["products"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        let run = shop.run(&["import", &file, "--json"]);
        assert_eq!(run.status, 3, "{run:?}");
        let document = run.json();
        let issue = &document["refused"][0];
        assert_eq!(
            (&issue["line"], &issue["kind"]),
            (&3.into(), &kind.into()),
            "{document}"
        );
        assert!(issue["reason"].as_str().unwrap().len() > 20, "{issue}");
        let products = shop.json(&["products"]);
        let skus: Vec<&str> = products["products"]
            .as_array()
            .unwrap()
            .iter()
            .map(|product| product["sku"].as_str().unwrap())
            .collect();
        assert_eq!(skus, ["A-1"], "{row}");
    };
    check("A-1,Another mug,5,1,", "sku_duplicate");
    check("A-2,Red mug,-9.90,4,", "negative");
    check("A-2,Red mug,cheap,4,", "not_an_amount");
    check("A-2,Red mug,9.90,-4,", "negative");
    check("A-2,Red mug,9.90,1.5,", "not_whole");
    check("A-2,Red mug,9.90,4,4006381333932", "gtin_check_digit");
    check("A-2,,9.90,4,", "title_missing");
    let large = "x".repeat(10 * 1024 * 1024);
    check(&format!("A-2,{large},9.90,4,"), "cell_too_large");
}

#[test]
fn refused_rows_are_written_to_be_corrected() {
    let shop = Shop::new();
    let file = shop.file(
        "rows.csv",
        "sku,title,price\nA-1,Blue mug,9.90\nA-2,Red mug,-1\n",
    );
    let errors = shop.path("errors.csv");
    let run = shop.run(&["import", &file, "--errors", errors.to_str().unwrap()]);
    assert_eq!(run.status, 3, "{run:?}");
    let text = std::fs::read_to_string(&errors).unwrap();
    assert!(text.contains("A-2") && !text.contains("A-1"), "{text}");
    std::fs::write(&errors, text.replace("-1", "9.90")).unwrap();
    shop.run(&["import", errors.to_str().unwrap()]).done();
    assert_eq!(
        shop.json(&["products"])["products"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn what_is_not_there_is_named() {
    let shop = shop();
    refused(&shop, &["set", "NONE", "price=1"], "not_found");
    refused(&shop, &["stock", "NONE", "--set", "1"], "not_found");
    refused(&shop, &["undo", "99"], "not_found");
    refused(&shop, &["account", "check", "none"], "not_found");
    refused(&shop, &["listing", "add", "none", "--all"], "not_found");
    refused(
        &shop,
        &["ship", "77", "--carrier", "UPS", "--tracking", "1"],
        "not_found",
    );
    refused(&shop, &["listings", "--state", "asleep"], "invalid_input");
    refused(&shop, &["orders", "--state", "asleep"], "invalid_input");
    refused(&shop, &["account", "add", "bazaar", "a"], "invalid_input");
    refused(&shop, &["account", "add", "ebay", "a"], "invalid_input");
    refused(
        &shop,
        &[
            "account",
            "add",
            "ebay",
            "a",
            "--endpoint",
            "http://example.com",
        ],
        "invalid_input",
    );
    refused(
        &shop,
        &[
            "export",
            "products",
            "--format",
            "xlsx",
            "--out",
            "/nowhere/a.xlsx",
        ],
        "unsupported",
    );
    refused(
        &shop,
        &["export", "products", "--out", "/nowhere/a.csv"],
        "file_unwritable",
    );
}

#[test]
fn a_value_that_cannot_be_is_refused_and_none_is_set() {
    let shop = shop();
    let before = shop.snapshot();
    for fields in [
        &["price=-1", "title=New"][..],
        &["title=New", "gtin=4006381333932"],
    ] {
        let run = shop.run(&[&["set", "A-1"], fields, &["--json"]].concat());
        assert_eq!(run.status, 3, "{run:?}");
        assert_eq!(run.json()["done"], 0, "{run:?}");
    }
    assert_eq!(shop.snapshot(), before);
}

const KEYS: &str = "client_id=a\nclient_secret=b-secret\n";

fn with_account(endpoint: &str) -> Shop {
    let shop = shop();
    let add = ["account", "add", "walmart", "w", "--endpoint", endpoint];
    shop.run_given(KEYS, &add).done();
    shop.run(&["listing", "add", "w", "--all"]).done();
    shop
}

/// A server that gives every connection the same bytes. It ends with the process.
fn server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let asked = stream.read(&mut [0; 4096]).unwrap_or(0);
            if asked > 0 {
                // Whoever hangs up first is the client's affair.
                stream.write_all(answer).ok();
            }
        }
    });
    format!("127.0.0.1:{port}")
}

#[test]
fn a_marketplace_that_cannot_be_reached_or_is_none_is_told_apart() {
    let check = |endpoint: &str, problem: &str| {
        let shop = with_account(endpoint);
        let before = shop.snapshot();
        let run = shop.run(&["account", "check", "w", "--json"]);
        assert_eq!(
            (run.status, run.error().as_str()),
            (1, "marketplace"),
            "{run:?}"
        );
        assert_eq!(run.json()["error"]["params"]["problem"], problem, "{run:?}");
        assert!(!run.out.contains("b-secret"));
        assert_eq!(shop.snapshot(), before);
        let pull = shop.run(&["pull", "--json"]);
        assert_eq!(pull.status, 3, "{pull:?}");
        assert_eq!(pull.json()["refused"][0]["kind"], problem, "{pull:?}");
    };
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    check(&format!("http://{address}"), "unreachable");
    let plain = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    check(&format!("https://{plain}"), "tls_failed");
    let page = server(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>",
    );
    check(&format!("http://{page}"), "answer_unreadable");
}

#[test]
fn keys_that_the_marketplace_does_not_know_are_told_as_such() {
    let shop = shop();
    let mut serving = shop
        .command(&["practice", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map(Going)
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    let at = ready["marketplaces"]["walmart"]["endpoint"]
        .as_str()
        .unwrap();
    shop.run_given(KEYS, &["account", "add", "walmart", "w", "--endpoint", at])
        .done();
    let run = shop.run(&["account", "check", "w", "--json"]);
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, "marketplace"),
        "{run:?}"
    );
    assert_eq!(
        run.json()["error"]["params"]["problem"],
        "credentials_refused",
        "{run:?}"
    );
}

#[test]
fn keys_are_read_line_by_line_and_a_bad_line_is_told_without_its_content() {
    let shop = shop();
    let add = ["account", "add", "walmart", "w", "--json"];
    let run = shop.run_given("client_id=a\nhunter2hunter2\n", &add);
    assert_eq!(
        (run.status, run.error().as_str()),
        (2, "bad_usage"),
        "{run:?}"
    );
    assert!(
        !run.out.contains("hunter2") && run.out.contains("Line 2"),
        "{run:?}"
    );
    assert!(
        shop.json(&["account", "list"])["accounts"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_full_disk_changes_nothing() {
    let shop = shop();
    let before = shop.snapshot();
    let mut rows = String::from("sku,title,price,quantity\n");
    for number in 0..20_000 {
        rows.push_str(&format!("N-{number},A mug of the number {number},9.90,4\n"));
    }
    let file = shop.file("many.csv", rows);
    let run = shop.run_with("BARROW_PAGE_LIMIT", "400", &["import", &file, "--json"]);
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, "disk_full"),
        "{run:?}"
    );
    assert_eq!(shop.snapshot(), before);
    shop.run(&["import", &file]).done();
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let shop = Shop::new();
    let closed = shop.path("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(closed.join("probe"), "").is_ok() {
        eprintln!("Skipped: this user may write wherever it wants.");
        return;
    }
    let data = closed.join("data");
    let run = shop.run_with(
        "BARROW_DATA",
        data.to_str().unwrap(),
        &["products", "--json"],
    );
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, "file_unwritable"),
        "{run:?}"
    );
}

#[test]
fn a_folder_that_is_a_file_is_told() {
    let shop = Shop::new();
    let file = shop.file("data", "not a folder");
    let run = shop.run_with("BARROW_DATA", &file, &["products", "--json"]);
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, "file_unwritable"),
        "{run:?}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a folder");
}

#[test]
fn a_catalogue_of_a_newer_program_or_none_at_all_is_left_alone() {
    let shop = shop();
    let catalogue = shop.data().join("catalogue.barrow");
    let connection = rusqlite::Connection::open(&catalogue).unwrap();
    connection
        .pragma_update(None, "user_version", 999_999)
        .unwrap();
    connection
        .execute("UPDATE meta SET min_reader_version = 999999", [])
        .unwrap();
    drop(connection);
    let run = shop.run(&["products", "--json"]);
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, "newer_catalogue"),
        "{run:?}"
    );

    let other = Shop::new();
    std::fs::create_dir(other.data()).unwrap();
    let catalogue = other.data().join("catalogue.barrow");
    std::fs::write(&catalogue, "a letter to nobody in particular".repeat(200)).unwrap();
    let before = std::fs::read(&catalogue).unwrap();
    let run = other.run(&["products", "--json"]);
    assert_eq!(
        (run.status, run.error().as_str()),
        (1, "not_a_catalogue"),
        "{run:?}"
    );
    assert_eq!(std::fs::read(&catalogue).unwrap(), before);
}

#[test]
fn a_second_sync_at_once_is_told_who_is_at_work() {
    let shop = shop();
    let lock = std::fs::File::create(shop.data().join("engine.lock")).unwrap();
    lock.try_lock().unwrap();
    for command in [&["sync"][..], &["push"], &["pull"]] {
        refused(&shop, command, "locked");
    }
    drop(lock);
    shop.run(&["sync"]).done();
}
