//! Every adapter is held to its marketplace's official contract, in all that it does while the
//! conformance suite is run, and what was held is told operation by operation.
//!
//! `cargo nextest run -p barrow-tests --test contract_adapters --no-capture` shows it; it is left
//! in `target/contract-report-MARKETPLACE-SITE.txt` as well.

use std::path::{Path, PathBuf};

use barrow_tests::conformance::{ALL as BEHAVIOURS, Suite};
use barrow_tests::subjects::{
    ALL as SUBJECTS, AMAZON, EBAY, NEWEGG, NEWEGG_B2B, NEWEGG_CANADA, Subject, WALMART,
};

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[allow(
    clippy::print_stdout,
    reason = "the count by operation is what it is run for"
)]
async fn keeps_to_its_contract(subject: &'static Subject) {
    let suite = Suite::open(subject);
    for behaviour in BEHAVIOURS {
        (behaviour.run)(&suite).await;
    }
    if let Some(report) = suite.report() {
        println!("{report}");
        let target = checkout().join("target");
        std::fs::create_dir_all(&target).expect("the checkout can be written");
        let name = format!("contract-report-{}-{}.txt", subject.name, subject.site);
        std::fs::write(target.join(name), report).expect("the folder can be written");
    }
    suite.finish();
}

/// A test for each, because each takes its time.
macro_rules! each_subject {
    ($($name:ident: $subject:expr,)+) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                keeps_to_its_contract($subject).await;
            }
        )+

        #[test]
        fn every_subject_is_held_to_its_contract() {
            let held = [$($subject),+].map(|subject| (subject.name, subject.site));
            let all: Vec<_> = SUBJECTS.iter().map(|one| (one.name, one.site)).collect();
            assert_eq!(all, held);
        }
    };
}

each_subject! {
    ebay_keeps_to_its_contract: &EBAY,
    amazon_keeps_to_its_contract: &AMAZON,
    walmart_keeps_to_its_contract: &WALMART,
    newegg_keeps_to_its_contract: &NEWEGG,
    newegg_business_keeps_to_its_contract: &NEWEGG_B2B,
    newegg_canada_keeps_to_its_contract: &NEWEGG_CANADA,
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
