//! Speed, beside yardsticks that are measured in the same run.
//!
//! `cargo xtask bench` runs all parts; `cargo xtask bench -- import search` runs some;
//! `--rows N` makes the large catalogue smaller. `window` measures the real window; it runs only
//! where it is named. Each part is a process of its own, so that its
//! memory is its own.

#![allow(clippy::print_stdout, reason = "figures are what this program is for")]
#![allow(clippy::float_arithmetic, reason = "figures are shown, not kept")]

mod catalogue;
mod figures;
mod orders;
mod push;
mod window;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The parts, in the order in which they run; later ones use what earlier ones leave.
const PARTS: [&str; 6] = ["import", "preview", "browse", "plan", "push", "pull"];

/// The part that needs a display, and runs where it is named.
const WINDOW: &str = "window";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rows = value_of(&arguments, "--rows").and_then(|text| text.parse().ok());
    let rows: u64 = rows.unwrap_or(1_000_000);
    if let Some(part) = value_of(&arguments, "--part") {
        let folder = PathBuf::from(value_of(&arguments, "--folder").unwrap_or_default());
        return run(&part, &folder, rows);
    }
    let wanted: Vec<&str> = PARTS
        .into_iter()
        .chain([WINDOW])
        .filter(|part| arguments.iter().any(|word| word == part))
        .collect();
    let wanted = if wanted.is_empty() {
        PARTS.to_vec()
    } else {
        wanted
    };
    let Ok(folder) = tempfile::tempdir() else {
        eprintln!("no folder for scratch files could be made");
        return ExitCode::FAILURE;
    };
    figures::head();
    let needs_catalogue = wanted.iter().any(|part| matches!(*part, "browse" | "plan"));
    if needs_catalogue && !wanted.contains(&"import") && !child("import", folder.path(), rows) {
        return ExitCode::FAILURE;
    }
    for part in wanted {
        if !child(part, folder.path(), rows) {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn value_of(arguments: &[String], name: &str) -> Option<String> {
    let at = arguments.iter().position(|word| word == name)?;
    arguments.get(at + 1).cloned()
}

fn child(part: &str, folder: &Path, rows: u64) -> bool {
    let Ok(program) = std::env::current_exe() else {
        return false;
    };
    let status = Command::new(program)
        .args(["--part", part, "--rows", &rows.to_string(), "--folder"])
        .arg(folder)
        .status();
    status.is_ok_and(|status| status.success())
}

fn run(part: &str, folder: &Path, rows: u64) -> ExitCode {
    match part {
        "import" => catalogue::import(folder, rows),
        "preview" => catalogue::preview(folder, 100_000),
        "browse" => catalogue::browse(folder),
        "plan" => catalogue::plan(folder),
        "push" => push::push(10_000),
        "pull" => orders::pull(10_000),
        WINDOW => window::window(folder, rows),
        other => {
            eprintln!("there is no part called {other}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
