//! Looks at what the machine has: the version of Rust and of Node, and programs.

use crate::packages::{self, Package};
use crate::{Stop, cargo};
use std::path::Path;
use std::process::{Command, Stdio};

/// Node that Vite 8 and its parts run on.
const NODE_MIN: Version = Version(20, 19);

/// Major and minor number; patches never decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Stops unless Rust is at least the workspace's `rust-version`.
pub(crate) fn require_rust() -> Result<(), Stop> {
    let path = cargo::root()?.join("Cargo.toml");
    let manifest = std::fs::read_to_string(&path)
        .map_err(|error| Stop::new(format!("{} cannot be read: {error}", path.display())))?;
    let needed = rust_version(&manifest)
        .ok_or_else(|| Stop::new(format!("{} names no rust-version", path.display())))?;
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let answer = output_of(Command::new(rustc).arg("--version"));
    match answer.as_deref().and_then(version) {
        Some(found) if found >= needed => Ok(()),
        Some(found) => Err(Stop::new(format!(
            "Rust {found} is too old: Barrow needs {needed} or newer. Get it with:\n\n    \
             rustup update stable\n\n\
             If Rust came from the system's packages, install rustup from https://rustup.rs \
             instead."
        ))),
        None => Err(Stop::new(
            "`rustc --version` did not answer. Install Rust: https://rustup.rs",
        )),
    }
}

/// Stops unless Node is new enough to build the window.
pub(crate) fn require_node() -> Result<(), Stop> {
    let answer = output_of(Command::new("node").arg("--version"));
    match answer.as_deref().and_then(version) {
        Some(found) if found >= NODE_MIN => Ok(()),
        Some(found) => Err(Stop::new(format!(
            "Node {found} is too old: {NODE_MIN} or newer is needed to build the window. \
             Get it from https://nodejs.org, then start again."
        ))),
        None => Err(Stop::new(format!(
            "Node {NODE_MIN} or newer is needed to build the window, and was not found. \
             Get it from https://nodejs.org, then start again."
        ))),
    }
}

/// Installs a C compiler where there is none.
///
/// On Windows the linker that built this very program comes with the compiler.
pub(crate) fn require_c_compiler() -> Result<(), Stop> {
    if cfg!(windows) || std::env::var_os("CC").is_some() {
        return Ok(());
    }
    require("cc", &packages::C_COMPILER)
}

/// Installs a package unless its program answers to `--version`.
pub(crate) fn require(program: &str, package: &Package) -> Result<(), Stop> {
    if output_of(Command::new(program).arg("--version")).is_some() {
        return Ok(());
    }
    packages::install(package)
}

/// Installs the library that shows the window, where the system does not bring it.
pub(crate) fn require_webview() -> Result<(), Stop> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    require("pkg-config", &packages::PKG_CONFIG)?;
    let asked = ["--exists", "webkit2gtk-4.1", "gtk+-3.0"];
    if output_of(Command::new("pkg-config").args(asked)).is_some() {
        return Ok(());
    }
    packages::install(&packages::WEBVIEW)
}

/// Installs what the tests of the window run in: a browser, and on Linux a display and a driver of
/// the real webview.
pub(crate) fn require_test_browsers() -> Result<(), Stop> {
    if cfg!(target_os = "linux") {
        if find("Xvfb").is_none() || find("xvfb-run").is_none() {
            packages::install(&packages::DISPLAY)?;
        }
        if find("WebKitWebDriver").is_none() {
            packages::install(&packages::WEBVIEW_DRIVER)?;
        }
    }
    let chromium = ["chromium", "chromium-browser", "google-chrome"];
    if cfg!(target_os = "linux") && chromium.iter().all(|name| find(name).is_none()) {
        packages::install(&packages::CHROMIUM)?;
    }
    Ok(())
}

/// Where a program is; some do not answer to `--version`.
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&folders).map(|folder| folder.join(program));
    places.find(|place| place.is_file())
}

/// Whether a window can be shown here.
pub(crate) fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Installs rustfmt and clippy where Rust was installed without them.
pub(crate) fn require_rust_parts() -> Result<(), Stop> {
    let mut missing = Vec::new();
    for (command, part) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if output_of(Command::new("cargo").args([command, "--version"])).is_none() {
            missing.push(part);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let parts = missing.join(" ");
    eprintln!("The checks of formatting and lints need {parts}: installing with rustup.");
    let status = Command::new("rustup")
        .args(["component", "add"])
        .args(&missing)
        .status();
    if status.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(Stop::new(format!(
        "{parts} could not be installed. Install it with:\n\n    rustup component add {parts}\n\n\
         or, where Rust came from the system's packages, with those. Then start again."
    )))
}

/// Whether cargo-nextest is there.
pub(crate) fn has_nextest() -> bool {
    output_of(Command::new("cargo").args(["nextest", "--version"])).is_some()
}

/// What a program prints, or `None` if it is missing or fails.
fn output_of(command: &mut Command) -> Option<String> {
    let root = cargo::root().ok()?;
    let output = command
        .current_dir::<&Path>(root.as_ref())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first thing in a text that looks like a version.
fn version(text: &str) -> Option<Version> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .find_map(|word| {
            let mut numbers = word.split('.');
            let major = numbers.next()?.parse().ok()?;
            let minor = numbers.next()?.parse().ok()?;
            Some(Version(major, minor))
        })
}

fn rust_version(manifest: &str) -> Option<Version> {
    manifest
        .lines()
        .find(|line| line.starts_with("rust-version"))
        .and_then(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_print() {
        let check = |text: &str, expected: Option<Version>| assert_eq!(version(text), expected);
        check("rustc 1.95.0 (59807616e 2026-04-14)", Some(Version(1, 95)));
        check(
            "rustc 1.91.0-nightly (abc 2025-09-01)",
            Some(Version(1, 91)),
        );
        check("v20.19.4\n", Some(Version(20, 19)));
        check("rust-version = \"1.90\"", Some(Version(1, 90)));
        check("no number", None);
        check("", None);
    }

    #[test]
    fn versions_compare_by_number_not_by_text() {
        assert!(Version(1, 100) > Version(1, 90));
        assert!(Version(2, 0) > Version(1, 99));
        assert!(Version(20, 9) < NODE_MIN);
    }

    #[test]
    fn the_workspace_names_its_rust() {
        let manifest = std::fs::read_to_string(cargo::root().unwrap().join("Cargo.toml")).unwrap();
        assert!(rust_version(&manifest).is_some());
    }

    #[test]
    fn a_missing_program_has_no_output() {
        assert_eq!(
            output_of(&mut Command::new("no-such-program-anywhere")),
            None
        );
    }
}
