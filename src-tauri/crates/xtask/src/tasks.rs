//! The tasks: what each needs, and its steps in order.

use crate::beside::Beside;
use crate::clock::Steps;
use crate::{Stop, cargo, interface, machine, package, packages};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A committed file that a program writes, and the test that knows whether it is stale.
struct Generated {
    file: &'static str,
    package: &'static str,
    /// Part of the names of the tests that write the file when `BARROW_BLESS` is set.
    test: &'static str,
}

const GENERATED: &[Generated] = &[
    Generated {
        file: "src-tauri/crates/store/schema.sql",
        package: "barrow-store",
        test: "schema",
    },
    Generated {
        file: "ui/src/backend/bindings.ts",
        package: "barrow-api",
        test: "bindings",
    },
];

/// Builds Barrow and opens its window; in text where there is no display, or where arguments say
/// what is to be rehearsed.
///
/// In the dev profile: a newcomer waits for the build far longer than for the start, SQLite is
/// optimised there as well, and `test` uses the same build.
pub(crate) fn run(arguments: &[String]) -> Result<(), Stop> {
    machine::require_rust()?;
    machine::require_c_compiler()?;
    if arguments.is_empty() && machine::has_display() {
        machine::require_node()?;
        machine::require_webview()?;
        eprintln!("Building Barrow's window; the first time takes some minutes.");
        interface::build()?;
        let built = cargo::build(&["-p", "barrow-desktop", "--bins"], &["barrow-desktop"])?;
        return run_each(&built, &[]);
    }
    if arguments.is_empty() {
        eprintln!("There is no display here to open a window on: the whole job, told in text.");
    }
    eprintln!("Building Barrow; the first time takes a few minutes.");
    let built = cargo::build(&["-p", "barrow-cli", "--bins"], &["barrow"])?;
    let mut demo = vec!["demo".to_owned()];
    demo.extend_from_slice(arguments);
    run_each(&built, &demo)
}

/// Starts programs one after the other, in the folder that this was called from, so that a file is
/// the one that the person typed. No advice: a program has said itself what is wrong.
fn run_each(programs: &[PathBuf], arguments: &[String]) -> Result<(), Stop> {
    for program in programs {
        cargo::run(Command::new(program).args(arguments), "")?;
    }
    Ok(())
}

/// The programs that tests start, by the variables that tell where they are.
struct Programs {
    barrow: PathBuf,
    desktop: PathBuf,
    loopback: PathBuf,
}

impl Programs {
    /// Builds them together with the tests, so that both share what they are made of.
    fn build() -> Result<Self, Stop> {
        let programs = ["barrow", "barrow-desktop", "barrow-loopback"];
        let advice = "The build failed, or a lint fired; each message above says where and why.";
        let mut command = cargo::checks(&["build"])?;
        command.args(locked());
        let parts = ["--workspace", "--all-targets"];
        let built = cargo::build_with(&mut command, &parts, &programs, advice)?;
        let [barrow, desktop, loopback]: [PathBuf; 3] = built
            .try_into()
            .map_err(|_| Stop::new("The build named too few programs."))?;
        Ok(Self {
            barrow,
            desktop,
            loopback,
        })
    }

    fn variables(&self) -> [(&'static str, &Path); 3] {
        [
            ("BARROW_BIN", &self.barrow),
            ("BARROW_DESKTOP", &self.desktop),
            ("BARROW_LOOPBACK", &self.loopback),
        ]
    }
}

/// Checks everything, stops at the first step that fails.
pub(crate) fn test(arguments: &[String]) -> Result<(), Stop> {
    no_arguments("test", arguments)?;
    let mut steps = Steps::default();
    steps.step("what the machine has", || {
        machine::require_rust()?;
        machine::require_c_compiler()?;
        machine::require("git", &packages::GIT)?;
        machine::require_rust_parts()?;
        machine::require_node()?;
        machine::require_webview()?;
        machine::require_test_browsers()
    })?;
    steps.step("formatting", || {
        let advice = "The code is not formatted. Run: cargo fmt --all";
        cargo::run(&mut cargo::cargo(&["fmt", "--all", "--check"])?, advice)
    })?;
    test_interface(&mut steps)?;
    // There the linter builds; here it goes first, for what it builds would not serve
    // `cargo nextest run NAME` afterwards.
    if !cargo::is_ci() {
        steps.step("lints", lints)?;
    }
    let title = if cargo::is_ci() {
        "lints and build"
    } else {
        "build"
    };
    let programs = steps.step(title, Programs::build)?;
    steps.step("tests, and views in a browser", || {
        let beside = views(&programs)?;
        let tested = all_tests(&programs);
        // What the views said comes last and whole, whatever the tests have come to.
        let viewed = beside.finish("A view is not what it should be; the test is named above.");
        tested.and(viewed)
    })?;
    steps.print();
    Ok(())
}

fn lints() -> Result<(), Stop> {
    let advice = "A lint fired. Each message above says where and what is better.";
    let mut command = cargo::cargo(&["clippy", "--workspace", "--all-targets"])?;
    cargo::run(command.args(["--", "-D", "warnings"]), advice)
}

/// Starts the tests of the views in a browser. They go beside the others, because both wait more
/// than they compute: for pages, for practice marketplaces, for programs that are killed.
fn views(programs: &Programs) -> Result<Beside, Stop> {
    eprintln!("The views are looked at meanwhile; what is found there is told at the end.");
    let command = interface::script_with("e2e", &programs.variables())?;
    Ok(Beside::start(command))
}

/// The window's own checks and tests, and its files, which the shell is built with.
fn test_interface(steps: &mut Steps) -> Result<(), Stop> {
    steps.step("window: parts", interface::install)?;
    steps.step("window: types", || {
        interface::script("check", "The window's types do not fit; see above.")
    })?;
    steps.step("window: tests", || {
        interface::script("test", "A test of the window fails; it is named above.")
    })?;
    steps.step("window: build", interface::build)
}

/// How many tests run at a time: one more than there are processors, because some only wait.
fn threads() -> usize {
    1 + std::thread::available_parallelism().map_or(1, usize::from)
}

fn all_tests(programs: &Programs) -> Result<(), Stop> {
    let (mut command, again) = if machine::has_nextest() {
        eprintln!("Running with cargo-nextest.");
        (
            on_display(cargo::checks(&[
                "nextest",
                "run",
                "--workspace",
                "--test-threads",
                &threads().to_string(),
            ])?),
            "cargo nextest run NAME",
        )
    } else {
        eprintln!("Running with cargo test, because cargo-nextest is not installed.");
        let targets = [
            "test",
            "--workspace",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
            "--examples",
        ];
        (on_display(cargo::checks(&targets)?), "cargo test NAME")
    };
    let advice = format!(
        "A test failed; it is named above. To run it alone:\n\n    \
         BARROW_BIN={} {again}",
        programs.barrow.display()
    );
    let command = command.args(locked()).envs(programs.variables());
    cargo::run(command, &advice)
}

/// A command that finds a display, for what drives the real window.
fn on_display(plain: Command) -> Command {
    if machine::has_display() {
        return plain;
    }
    let mut command = Command::new("xvfb-run");
    command
        .args(["--auto-servernum", "--server-args=-screen 0 1920x1080x24"])
        .arg(plain.get_program())
        .args(plain.get_args());
    if let Some(folder) = plain.get_current_dir() {
        command.current_dir(folder);
    }
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Makes a Debian package in a release build.
pub(crate) fn package(arguments: &[String]) -> Result<(), Stop> {
    no_arguments("package", arguments)?;
    machine::require_rust()?;
    machine::require_c_compiler()?;
    machine::require_node()?;
    machine::require_webview()?;
    machine::require("dpkg-deb", &packages::DPKG_DEB)?;
    interface::build()?;
    let parts = [
        "-p",
        "barrow-desktop",
        "-p",
        "barrow-cli",
        "--bins",
        "--release",
    ];
    let built = cargo::build(&parts, &["barrow-desktop", "barrow"])?;
    let [desktop, barrow] = built.as_slice() else {
        return Err(Stop::new("The build named too few programs."));
    };
    let made = package::make(desktop, barrow, env!("CARGO_PKG_VERSION"))?;
    eprintln!("Install it with: sudo apt-get install {}", made.display());
    Ok(())
}

/// Measures in a release build.
pub(crate) fn bench(arguments: &[String]) -> Result<(), Stop> {
    machine::require_rust()?;
    machine::require_c_compiler()?;
    machine::require("sqlite3", &packages::SQLITE_SHELL)?;
    let mut parts = vec!["--release", "-p", "barrow-tests", "--bins"];
    if !arguments.iter().any(|argument| argument == "window") {
        let built = cargo::build(&parts, &["bench"])?;
        return run_each(&built, arguments);
    }
    machine::require_node()?;
    machine::require_webview()?;
    machine::require_test_browsers()?;
    interface::build()?;
    parts.extend(["-p", "barrow-desktop", "--example", "empty"]);
    let programs = ["bench", "barrow-loopback", "barrow-desktop", "empty"];
    let built = cargo::build(&parts, &programs)?;
    let [bench, loopback, desktop, empty] = built.as_slice() else {
        return Err(Stop::new("The build named too few programs."));
    };
    let mut command = on_display(Command::new(bench));
    command
        .args(arguments)
        .env("BARROW_LOOPBACK", loopback)
        .env("BARROW_DESKTOP", desktop)
        .env("BARROW_EMPTY_WINDOW", empty);
    cargo::run(&mut command, "The measurement failed; see above.")
}

/// Writes the generated files, or with `--check` only says whether they are stale.
pub(crate) fn generate(arguments: &[String]) -> Result<(), Stop> {
    let check = arguments == ["--check"];
    if !check {
        no_arguments("generate", arguments)?;
    }
    machine::require_rust()?;
    machine::require_c_compiler()?;
    GENERATED.iter().try_for_each(|file| file.renew(check))
}

impl Generated {
    /// Writes the file, or only says whether it is stale.
    fn renew(&self, check: bool) -> Result<(), Stop> {
        let Self {
            file,
            package,
            test,
        } = self;
        let advice = format!("{file} is stale. Run: cargo xtask generate");
        let mut command = cargo::cargo(&["test", "-p", package, test])?;
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
        Ok(())
    }
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
    if cargo::is_ci() { &["--locked"] } else { &[] }
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
