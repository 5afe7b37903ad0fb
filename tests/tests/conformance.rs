//! Every adapter behaves as the contract of adapters says, and all that it sends and is answered
//! meanwhile keeps to its marketplace's official contract, which is told operation by operation.
//!
//! `cargo nextest run -p barrow-tests --test conformance --no-capture` shows it; it is left in
//! `target/contract-report-MARKETPLACE-SITE.txt` as well. `BARROW_BEHAVIOUR=refund` tries only
//! those behaviours whose names hold that.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use barrow_tests::conformance::{ALL as BEHAVIOURS, Behaviour, Suite};
use barrow_tests::subjects::{
    ALL as SUBJECTS, AMAZON, EBAY, EBAY_GERMANY, NEWEGG, NEWEGG_B2B, NEWEGG_CANADA, Subject,
    WALMART,
};

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Tries all behaviours in one process: a contract is read once, and counted over all of them.
fn conforms(subject: &'static Subject) {
    let part = std::env::var("BARROW_BEHAVIOUR").unwrap_or_default();
    let chosen: Vec<&Behaviour> = BEHAVIOURS
        .iter()
        .filter(|behaviour| behaviour.name.contains(&part))
        .collect();
    assert!(!chosen.is_empty(), "no behaviour has {part:?} in its name");
    let suite = Suite::open(subject);
    let broken: Vec<&str> = chosen
        .iter()
        .filter(|behaviour| !is_kept(behaviour, &suite))
        .map(|behaviour| behaviour.name)
        .collect();
    if part.is_empty() {
        leave_report(subject, &suite);
    }
    // What panicked has said on its own line why.
    assert!(broken.is_empty(), "{subject:?} does not keep to {broken:?}");
    suite.finish();
    if let (Some(allowed), Some(unmet), "") = (subject.unmet, suite.unmet(), part.as_str()) {
        let allowed: Vec<&str> = allowed.iter().map(|(call, _)| *call).collect();
        let told = "calls that were never done, and so never held to the contract";
        assert_eq!(unmet, allowed, "{subject:?}: {told}");
    }
}

/// Tries one; a failing one does not hide the others.
fn is_kept(behaviour: &Behaviour, suite: &Suite) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let tried = AssertUnwindSafe(|| runtime.block_on((behaviour.run)(suite)));
    catch_unwind(tried).is_ok()
}

#[allow(
    clippy::print_stdout,
    reason = "the count by operation is what it is run for"
)]
fn leave_report(subject: &Subject, suite: &Suite) {
    let Some(report) = suite.report() else { return };
    println!("{report}");
    let target = checkout().join("target");
    std::fs::create_dir_all(&target).expect("the checkout can be written");
    let name = format!("contract-report-{}-{}.txt", subject.name, subject.site);
    std::fs::write(target.join(name), report).expect("the folder can be written");
}

/// A test for each, because each takes its time.
macro_rules! each_subject {
    ($($name:ident: $subject:expr,)+) => {
        $(
            #[test]
            fn $name() {
                conforms($subject);
            }
        )+

        #[test]
        fn every_subject_is_tried() {
            let tried = [$($subject),+].map(|subject| (subject.name, subject.site));
            let all: Vec<_> = SUBJECTS.iter().map(|one| (one.name, one.site)).collect();
            assert_eq!(all, tried);
        }
    };
}

each_subject! {
    ebay: &EBAY,
    ebay_germany: &EBAY_GERMANY,
    amazon: &AMAZON,
    walmart: &WALMART,
    newegg: &NEWEGG,
    newegg_business: &NEWEGG_B2B,
    newegg_canada: &NEWEGG_CANADA,
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
