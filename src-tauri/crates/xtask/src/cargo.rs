//! Builds and runs through cargo, always from the workspace's folder.

use crate::Stop;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

/// The folder that holds the workspace's manifest.
pub(crate) fn root() -> Result<PathBuf, Stop> {
    // Cargo sets it when it starts this program; the other is where it was built.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let root = here.ancestors().nth(3).map(PathBuf::from);
    root.ok_or_else(|| Stop::new(format!("{} is not in a checkout of Barrow", here.display())))
}

/// A cargo command in the workspace's folder.
pub(crate) fn cargo(arguments: &[&str]) -> Result<Command, Stop> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root()?).args(arguments);
    // What cargo tells this program about itself must not reach the builds that it starts:
    // build scripts watch some of these variables and would run again.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
        command.env_remove(name);
    }
    Ok(command)
}

/// Whether this is a checkout that is checked once and thrown away.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some()
}

/// A cargo command for the checks: builds of different kinds would have nothing in common, so all
/// commands of the checks go through here.
pub(crate) fn checks(arguments: &[&str]) -> Result<Command, Stop> {
    let mut command = cargo(arguments)?;
    if is_ci() {
        // A checkout that is built once has no use for what makes the next build faster, nor for
        // line numbers of calls: both take longer and twice the room. A failing test still says
        // where.
        command.env("CARGO_INCREMENTAL", "0");
        command.env("CARGO_PROFILE_DEV_DEBUG", "false");
        // The linter is the compiler with more to say. Letting it build as well saves reading
        // everything a second time; what it builds is for tests only, never for people.
        command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
        command.env("RUSTFLAGS", "-D warnings");
    }
    Ok(command)
}

/// Runs a command to its end; `advice` says what to do if it fails.
pub(crate) fn run(command: &mut Command, advice: &str) -> Result<(), Stop> {
    let status = command
        .status()
        .map_err(|error| Stop::new(format!("{command:?} did not start: {error}")))?;
    ended(status, advice)
}

/// How a program ended: if it failed, a stop with its own exit status.
pub(crate) fn ended(status: ExitStatus, advice: &str) -> Result<(), Stop> {
    if status.success() {
        return Ok(());
    }
    let status = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Err(Stop {
        message: advice.to_owned(),
        status,
    })
}

/// Builds what the arguments name in one go and returns where programs of it are, in the order of
/// their names.
pub(crate) fn build(parts: &[&str], programs: &[&str]) -> Result<Vec<PathBuf>, Stop> {
    let advice = "The build failed; the compiler's message stands above.";
    build_with(&mut cargo(&["build"])?, parts, programs, advice)
}

/// The same for the checks, by the command that they build with.
pub(crate) fn build_with(
    command: &mut Command,
    parts: &[&str],
    programs: &[&str],
    advice: &str,
) -> Result<Vec<PathBuf>, Stop> {
    command
        .args(["--message-format", JSON_MESSAGES])
        .args(parts);
    let mut found: Vec<Option<PathBuf>> = vec![None; programs.len()];
    read_lines(command, advice, |line| {
        for (program, place) in programs.iter().zip(&mut found) {
            if let Some(path) = executable_of(line, program) {
                *place = Some(path);
            }
        }
    })?;
    let named = programs.iter().zip(found);
    named
        .map(|(program, path)| {
            path.ok_or_else(|| Stop::new(format!("The build named no program `{program}`.")))
        })
        .collect()
}

/// Cargo's messages as JSON, with the compiler's own still shown to people.
const JSON_MESSAGES: &str = "json-render-diagnostics";

/// Runs a command and hands over each line of its standard output.
pub(crate) fn read_lines(
    command: &mut Command,
    advice: &str,
    mut line: impl FnMut(&str),
) -> Result<(), Stop> {
    let not_started = |error| Stop::new(format!("cargo did not start: {error}"));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(not_started)?;
    if let Some(output) = child.stdout.take() {
        for text in BufReader::new(output).lines() {
            let text = text.map_err(|error| Stop::new(format!("cargo's output broke: {error}")))?;
            line(&text);
        }
    }
    ended(child.wait().map_err(not_started)?, advice)
}

/// The path of a program, if the line is cargo's message that it was built.
///
/// Cargo writes one message to a line, without spaces, and says where the target folder is
/// better than a guess could: it may be set in the environment or in a person's own settings.
fn executable_of(line: &str, program: &str) -> Option<PathBuf> {
    if !line.starts_with("{\"reason\":\"compiler-artifact\"")
        || !line.contains(&format!("\"name\":\"{program}\""))
        || is_test_harness(line)
    {
        return None;
    }
    let (_, rest) = line.split_once("\"executable\":\"")?;
    let mut path = String::new();
    let mut letters = rest.chars();
    loop {
        match letters.next()? {
            '"' => return Some(PathBuf::from(path)),
            '\\' => path.push(letters.next()?),
            letter => path.push(letter),
        }
    }
}

/// Whether a message is about the tests inside a program, which have its name as well.
fn is_test_harness(line: &str) -> bool {
    let profile = line
        .split_once("\"profile\":{")
        .and_then(|(_, rest)| rest.split_once('}'));
    profile.is_some_and(|(profile, _)| profile.contains("\"test\":true"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_in_cargos_messages() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(
                executable_of(line, "barrow"),
                expected.map(PathBuf::from),
                "{line}"
            );
        };
        check(
            r#"{"reason":"compiler-artifact","target":{"name":"barrow"},"executable":"/t/barrow"}"#,
            Some("/t/barrow"),
        );
        check(
            r#"{"reason":"compiler-artifact","target":{"name":"barrow"},"executable":"C:\\b.exe"}"#,
            Some(r"C:\b.exe"),
        );
        check(
            r#"{"reason":"compiler-artifact","target":{"name":"x"},"executable":"/x"}"#,
            None,
        );
        check(
            r#"{"reason":"compiler-artifact","target":{"name":"barrow"},"executable":null}"#,
            None,
        );
        check(
            concat!(
                r#"{"reason":"compiler-artifact","target":{"name":"barrow","test":true},"#,
                r#""profile":{"test":true},"executable":"/t/deps/barrow-1"}"#
            ),
            None,
        );
        check(
            concat!(
                r#"{"reason":"compiler-artifact","target":{"name":"barrow","test":true},"#,
                r#""profile":{"test":false},"executable":"/t/barrow"}"#
            ),
            Some("/t/barrow"),
        );
        check(r#"{"reason":"build-finished","success":true}"#, None);
    }

    #[test]
    fn the_root_holds_the_workspace() {
        let manifest = std::fs::read_to_string(root().unwrap().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"));
    }
}
