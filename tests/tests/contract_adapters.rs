//! Every adapter is held to its marketplace's official contract, in all that it does while the
//! conformance suite is run, and what was held is told operation by operation.
//!
//! `cargo nextest run -p barrow-tests --test contract_adapters --no-capture` shows it; it is left
//! in `target/contract-report.txt` as well.

use std::path::{Path, PathBuf};

use barrow_tests::conformance::{ALL as BEHAVIOURS, Suite};
use barrow_tests::subjects::ALL as SUBJECTS;

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[tokio::test(start_paused = true)]
async fn adapters_keep_to_the_official_contracts() {
    let mut report = String::new();
    for subject in SUBJECTS {
        let suite = Suite::open(subject);
        for behaviour in BEHAVIOURS {
            (behaviour.run)(&suite).await;
        }
        if let Some(held) = suite.report() {
            report.push_str(&held);
        }
        suite.finish();
    }
    println!("{report}");
    let target = checkout().join("target");
    std::fs::create_dir_all(&target).expect("the checkout can be written");
    std::fs::write(target.join("contract-report.txt"), report).expect("the folder can be written");
}

/// The names of behaviours in the contract's documentation: bullets that begin with a name.
fn documented(source: &str) -> Vec<String> {
    let bullets = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("/// - `"));
    let mut names = Vec::new();
    for bullet in bullets {
        let head = bullet.split(':').next().unwrap_or_default();
        for name in head.split([',', '`']).map(str::trim) {
            let named = name.contains('_') && name.chars().all(|c| c.is_lowercase() || c == '_');
            if named {
                names.push(name.to_owned());
            }
        }
    }
    names
}

#[test]
fn every_documented_behaviour_is_tried() {
    let folder = checkout().join("src-tauri/crates/market/src");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the contract's sources are there") {
        let path = entry.expect("a folder's entry").path();
        names.extend(documented(
            &std::fs::read_to_string(path).expect("a source is a text"),
        ));
    }
    assert!(
        names.len() > 20,
        "the contract names its behaviours: {names:?}"
    );
    for name in names {
        let tried = BEHAVIOURS.iter().any(|behaviour| behaviour.name == name);
        assert!(tried, "{name} is documented and not tried");
    }
}

#[test]
fn documented_names_are_found() {
    let source = "/// - `ends_well`: as it should.\n/// - Not a name.\n\
        /// - `one_thing`, `another_thing`: as for listings.\n/// - `Code`: no behaviour.\n";
    assert_eq!(
        documented(source),
        ["ends_well", "one_thing", "another_thing"]
    );
}
