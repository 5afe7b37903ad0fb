//! The commands of a folder over HTTP on this computer, with the window's files: what browser tests
//! talk to in place of the desktop app.
//!
//! `barrow-loopback [--data FOLDER] [--port N] [--seed empty|some|many] [--products N]
//! [--orders N]`
//! opens a fresh folder or the one that is named, serves, and prints one line of JSON when it is
//! ready: `{"url", "folder", "practice"}`. It ends when it is asked to, or when standard input
//! ends where `--until-eof` is given. It is no part of the application.

#![allow(clippy::print_stdout, reason = "the line that says it is ready")]

mod files;
mod many;
mod seed;
mod serve;

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use barrow_host::{Host, HostOptions, PracticeOptions, Silent, VaultChoice};
use barrow_model::Secret;
use barrow_tests::process::PASSPHRASE;
use serde_json::json;
use tempfile::TempDir;

use crate::seed::{Seed, Size};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What was asked for.
struct Options {
    data: Option<PathBuf>,
    dist: PathBuf,
    port: u16,
    seed: Seed,
    size: Size,
    until_eof: bool,
}

fn main() -> ExitCode {
    let ended = options(std::env::args().skip(1)).and_then(|options| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(run(options))
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, Failure> {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist");
    let mut options = Options {
        data: None,
        dist: PathBuf::from(dist),
        port: 0,
        seed: Seed::Empty,
        size: Size::MANY,
        until_eof: false,
    };
    while let Some(name) = arguments.next() {
        if name == "--until-eof" {
            options.until_eof = true;
            continue;
        }
        let value = arguments
            .next()
            .ok_or_else(|| format!("{name} is nothing, or lacks a value"))?;
        match name.as_str() {
            "--data" => options.data = Some(value.into()),
            "--dist" => options.dist = value.into(),
            "--port" => options.port = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            "--products" => options.size.products = value.parse()?,
            "--orders" => options.size.orders = value.parse()?,
            _ => return Err(format!("{name} is nothing that can be asked for").into()),
        }
    }
    Ok(options)
}

async fn run(options: Options) -> Result<(), Failure> {
    let (folder, _fresh) = match options.data {
        Some(folder) => (folder, None),
        None => {
            let fresh = TempDir::with_prefix("barrow-loopback-")?;
            (fresh.path().to_owned(), Some(fresh))
        }
    };
    let host = Host::open(HostOptions {
        folder: Some(folder.clone()),
        vault: VaultChoice::Passphrase(Secret::new(PASSPHRASE)),
        progress: Arc::new(Silent),
        // Orders come when a test places them, and not by themselves.
        practice: PracticeOptions {
            orders_per_hour: 0,
            ..PracticeOptions::FOLDER
        },
        page_limit: None,
    })?;
    let practice = host.practice.serve_here().await?;
    seed::plant(&host, options.seed, options.size).await?;
    let watching = tokio::spawn(host.watching());
    let served = serve::start(Arc::clone(&host.api), options.dist, options.port).await?;
    println!(
        "{}",
        json!({"url": served.url, "folder": folder, "practice": practice})
    );
    asked_to_end(options.until_eof).await;
    served.stop().await;
    watching.abort();
    host.practice.stop().await?;
    Ok(())
}

/// Waits for Ctrl-C, the system's request to end, or the end of standard input.
async fn asked_to_end(until_eof: bool) {
    let eof = async {
        if !until_eof {
            std::future::pending::<()>().await;
        }
        let read = || std::io::stdin().read_to_end(&mut Vec::new()).ok();
        tokio::task::spawn_blocking(read).await.ok();
    };
    tokio::select! {
        () = eof => {}
        () = interrupted() => {}
    }
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    tokio::signal::ctrl_c().await.ok();
}
