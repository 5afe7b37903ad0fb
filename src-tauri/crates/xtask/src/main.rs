//! `cargo xtask`: sets up, builds, starts and checks Barrow on Linux, macOS and Windows.
//!
//! It is not part of the application, and nothing of the application depends on it. Its own words
//! go to standard error, so that standard output holds only what the started program prints.
//!
//! Start reading at [`tasks`]: each task is a list of steps. [`machine`] looks at what the
//! machine has and lacks, [`packages`] installs a missing system package or prints how to,
//! [`cargo`] builds and runs, [`interface`] builds the
//! window's files, [`package`] makes a Debian package, and [`clock`] times the steps.

mod beside;
mod cargo;
mod clock;
mod interface;
mod machine;
mod package;
mod packages;
mod tasks;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run               builds Barrow and opens its window; where there is no display,
                              the whole job on practice marketplaces, told in text
cargo xtask run -- ARGS       the same job in text: ARGS go to `barrow demo`,
                              for example: cargo xtask run -- FILE --json
cargo xtask test              formatting, lints, build, then all tests, those of
                              the window included
cargo xtask package           a Debian package of the window and the command line
cargo xtask bench [-- ARGS]   the measurements, each beside its yardstick (release build)
cargo xtask generate          writes the generated files anew
cargo xtask generate --check  fails if a generated file is stale
cargo xtask help              this text

Each task first looks for what it needs. On Debian and Ubuntu it installs a missing system
package itself (as root or with sudo) and says why; elsewhere it prints the exact command.
";

/// Why a task stopped, in words for the person who started it.
#[derive(Debug)]
struct Stop {
    /// What went wrong and what to do about it.
    message: String,
    /// The exit status to leave with; a started program's own is passed on.
    status: u8,
}

impl Stop {
    fn new(message: impl Into<String>) -> Stop {
        Stop {
            message: message.into(),
            status: 1,
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", &[][..]),
    };
    let rest = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    let result = match task {
        "run" => tasks::run(rest),
        "test" => tasks::test(rest),
        "bench" => tasks::bench(rest),
        "package" => tasks::package(rest),
        "generate" => tasks::generate(rest),
        "help" | "--help" | "-h" => {
            eprint!("{HELP}");
            Ok(())
        }
        other => Err(Stop {
            message: format!("There is no task {other:?}.\n\n{HELP}"),
            status: 2,
        }),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            if !stop.message.is_empty() {
                eprintln!("\n{}", stop.message);
            }
            ExitCode::from(stop.status)
        }
    }
}
