//! The window's files: installed, checked and built with npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::{Stop, cargo};

/// Folders in `ui` that hold nothing of ours.
const MADE: [&str; 4] = ["node_modules", "dist", "words", "test-results"];

/// Folders below each other at most: ours are four deep.
const DEPTH_MAX: usize = 16;

fn folder() -> Result<PathBuf, Stop> {
    Ok(cargo::root()?.join("ui"))
}

/// An npm command in `ui`.
fn npm(arguments: &[&str]) -> Result<Command, Stop> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(program);
    command.current_dir(folder()?).args(arguments);
    Ok(command)
}

/// Installs exactly what the lock file names, unless it is there already.
pub(crate) fn install() -> Result<(), Stop> {
    let ui = folder()?;
    // npm writes this one when it is done.
    let installed = modified(&ui.join("node_modules").join(".package-lock.json"));
    let locked = modified(&ui.join("package-lock.json"));
    if installed.is_some() && installed >= locked {
        return Ok(());
    }
    eprintln!("Installing what the window is built with, into ui/node_modules.");
    let advice = "npm could not install what the window needs; its message stands above.";
    cargo::run(&mut npm(&["ci", "--no-audit", "--no-fund"])?, advice)
}

/// Builds the window's files, unless they are newer than everything that they are made of.
pub(crate) fn build() -> Result<(), Stop> {
    let ui = folder()?;
    let built = modified(&ui.join("dist").join("index.html"));
    if built.is_some() && built >= newest(&ui, 0) {
        return Ok(());
    }
    install()?;
    script(
        "build",
        "The window could not be built; the message stands above.",
    )
}

/// Runs a script of `package.json`.
pub(crate) fn script(name: &str, advice: &str) -> Result<(), Stop> {
    cargo::run(&mut npm(&["run", name])?, advice)
}

/// A script with variables in its environment.
pub(crate) fn script_with(name: &str, variables: &[(&str, &Path)]) -> Result<Command, Stop> {
    let mut command = npm(&["run", name])?;
    command.envs(variables.iter().copied());
    Ok(command)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

/// When anything below a folder was last changed.
fn newest(folder: &Path, depth: usize) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?;
    let times = entries.flatten().filter_map(|entry| {
        let (path, name) = (entry.path(), entry.file_name());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        match is_folder {
            true if depth < DEPTH_MAX && !MADE.iter().any(|made| name == *made) => {
                newest(&path, depth + 1)
            }
            true => None,
            false => modified(&path),
        }
    });
    times.max()
}
