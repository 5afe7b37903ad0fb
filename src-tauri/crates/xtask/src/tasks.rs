//! The tasks: what each needs, and its steps in order.

use crate::clock::Steps;
use crate::{Stop, cargo, machine, packages};
use std::process::Command;

/// A committed file that a program writes, and the test that knows whether it is stale.
struct Generated {
    file: &'static str,
    package: &'static str,
    /// What of the package the test needs beside its usual parts.
    features: &'static str,
    /// Part of the names of the tests that write the file when `BARROW_BLESS` is set.
    test: &'static str,
}

const GENERATED: &[Generated] = &[
    Generated {
        file: "src-tauri/crates/store/schema.sql",
        package: "barrow-store",
        features: "",
        test: "schema",
    },
    Generated {
        file: "ui/src/backend/bindings.ts",
        package: "barrow-api",
        features: "typescript",
        test: "bindings",
    },
];

/// Builds and starts the main job.
///
/// In the dev profile: a newcomer waits for the build far longer than for the demonstration,
/// SQLite is optimised there as well, and `test` uses the same build.
pub(crate) fn run(arguments: &[String]) -> Result<(), Stop> {
    machine::require_rust()?;
    machine::require_c_compiler()?;
    machine::require_node_for_interface()?;
    eprintln!("Building Barrow; the first time takes a few minutes.");
    let barrow = cargo::build_barrow()?;
    // In the folder it was called from, so that FILE means what the person typed. No advice:
    // the program has said itself what is wrong.
    cargo::run(Command::new(barrow).arg("demo").args(arguments), "")
}

/// Checks everything, stops at the first step that fails.
///
/// Stale generated files have no step of their own: their tests are among all tests.
pub(crate) fn test(arguments: &[String]) -> Result<(), Stop> {
    no_arguments("test", arguments)?;
    let mut steps = Steps::default();
    steps.step("what the machine has", || {
        machine::require_rust()?;
        machine::require_c_compiler()?;
        machine::require("git", &packages::GIT)?;
        machine::require_rust_parts()?;
        machine::require_node_for_interface()
    })?;
    steps.step("formatting", || {
        let advice = "The code is not formatted. Run: cargo fmt --all";
        cargo::run(&mut cargo::cargo(&["fmt", "--all", "--check"])?, advice)
    })?;
    steps.step("lints", || {
        let advice = "A lint fired. Each message above says where and what is better.";
        let mut command = cargo::cargo(&["clippy"])?;
        cargo::run(
            command
                .args(locked())
                .args(["--all-targets", "--", "-D", "warnings"]),
            advice,
        )
    })?;
    let barrow = steps.step("build", cargo::build_barrow)?;
    steps.step("doc tests", || {
        let advice = "An example in the documentation fails; it is named above.";
        cargo::run(cargo::cargo(&["test", "--doc"])?.args(locked()), advice)
    })?;
    // The tests come last, so that their closing lines are what the reader sees.
    steps.step("tests", || {
        let (mut command, again) = if machine::has_nextest() {
            eprintln!("Running with cargo-nextest.");
            (cargo::cargo(&["nextest", "run"])?, "cargo nextest run NAME")
        } else {
            eprintln!("Running with cargo test, because cargo-nextest is not installed.");
            let targets = [
                "test",
                "--no-fail-fast",
                "--lib",
                "--bins",
                "--tests",
                "--examples",
            ];
            (cargo::cargo(&targets)?, "cargo test NAME")
        };
        let advice = format!(
            "A test failed; it is named above. To run it alone:\n\n    \
             BARROW_BIN={} {again}",
            barrow.display()
        );
        cargo::run(command.args(locked()).env("BARROW_BIN", &barrow), &advice)
    })?;
    steps.print();
    Ok(())
}

/// Measures in a release build.
pub(crate) fn bench(arguments: &[String]) -> Result<(), Stop> {
    machine::require_rust()?;
    machine::require_c_compiler()?;
    machine::require("sqlite3", &packages::SQLITE_SHELL)?;
    let bench = [
        "run",
        "--release",
        "-p",
        "barrow-tests",
        "--bin",
        "bench",
        "--",
    ];
    cargo::run(
        cargo::cargo(&bench)?.args(arguments),
        "The measurement failed; see above.",
    )
}

/// Writes the generated files, or with `--check` only says whether they are stale.
pub(crate) fn generate(arguments: &[String]) -> Result<(), Stop> {
    let check = arguments == ["--check"];
    if !check {
        no_arguments("generate", arguments)?;
    }
    machine::require_rust()?;
    machine::require_c_compiler()?;
    for generated in GENERATED {
        let Generated {
            file,
            package,
            features,
            test,
        } = generated;
        let advice = format!("{file} is stale. Run: cargo xtask generate");
        let mut command = cargo::cargo(&["test", "-p", package, "--features", features, test])?;
        if !check {
            command.env("BARROW_BLESS", "1");
        }
        let mut passed = 0;
        cargo::read_lines(&mut command, &advice, |line| {
            eprintln!("{line}");
            passed += tests_passed(line);
        })?;
        if passed == 0 {
            let message = format!("{package} has no test named {test:?} that knows {file}.");
            return Err(Stop::new(message));
        }
        eprintln!("{file} is up to date.");
    }
    Ok(())
}

/// The number of tests that a summary line of the test harness counts as passed.
fn tests_passed(line: &str) -> u32 {
    let counted = line
        .strip_prefix("test result: ok. ")
        .and_then(|rest| rest.split(' ').next());
    counted.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// In continuous integration a stale lock file is an error, elsewhere it is brought up to date.
fn locked() -> &'static [&'static str] {
    if std::env::var_os("CI").is_some() {
        &["--locked"]
    } else {
        &[]
    }
}

fn no_arguments(task: &str, arguments: &[String]) -> Result<(), Stop> {
    if arguments.is_empty() {
        return Ok(());
    }
    let message = format!(
        "`cargo xtask {task}` does not take {:?}.",
        arguments.join(" ")
    );
    Err(Stop { message, status: 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_are_counted_in_the_summary_line_only() {
        let check = |line: &str, expected: u32| assert_eq!(tests_passed(line), expected, "{line}");
        check(
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out",
            12,
        );
        check(
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out",
            0,
        );
        check("test result: FAILED. 3 passed; 1 failed", 0);
        check("test schema::is_current ... ok", 0);
    }

    #[test]
    fn a_task_refuses_arguments_it_would_ignore() {
        assert_eq!(
            no_arguments("test", &["fast".to_owned()])
                .unwrap_err()
                .status,
            2
        );
        assert!(no_arguments("test", &[]).is_ok());
    }
}
