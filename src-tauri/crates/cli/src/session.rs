//! One run of the program: the folder it works on, and how it is stopped.

use std::path::PathBuf;
use std::sync::Arc;

use barrow_api::{Api, ApiError};
use barrow_host::{FolderError, Host, HostError, HostOptions, PracticeOptions, VaultChoice};
use barrow_model::Secret;
use tokio::sync::watch;

use crate::output::{Failure, Output};
use crate::progress::Line;
use crate::secrets;

/// The passphrase of the encrypted vault.
const PASSPHRASE: &str = "BARROW_PASSPHRASE";

/// Pages that the catalogue may have at most: shows what a full disk does.
const PAGE_LIMIT: &str = "BARROW_PAGE_LIMIT";

/// What every command needs.
pub(crate) struct Session {
    pub(crate) output: Output,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) stop: Stop,
    pub(crate) line: Arc<Line>,
}

impl Session {
    /// Opens the folder's catalogue with the practice marketplaces of a folder.
    pub(crate) fn open(&self) -> Result<Host, Failure> {
        self.open_at(self.folder.clone(), PracticeOptions::FOLDER, vault_choice())
    }

    pub(crate) fn open_at(
        &self,
        folder: Option<PathBuf>,
        practice: PracticeOptions,
        vault: VaultChoice,
    ) -> Result<Host, Failure> {
        let options = HostOptions {
            folder,
            vault,
            progress: Arc::clone(&self.line) as Arc<dyn barrow_host::Progress>,
            practice,
            page_limit: page_limit()?,
        };
        Host::open(options).map_err(not_open)
    }

    /// Runs a command on the opened folder. When the person stops it, it ends where it waits:
    /// every step is stored before the next one is taken, so that nothing is lost.
    pub(crate) async fn with_api<T>(
        &self,
        work: impl AsyncFnOnce(Arc<Api>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let host = self.open()?;
        let done = tokio::select! {
            done = work(Arc::clone(&host.api)) => done,
            () = self.stop.asked() => Err(Failure::Stopped),
        };
        self.line.clear();
        // What the practice marketplaces hold is kept already; stopping only tidies it up.
        host.practice.stop().await.ok();
        done
    }
}

fn vault_choice() -> VaultChoice {
    match std::env::var(PASSPHRASE) {
        Ok(text) if !text.is_empty() => VaultChoice::Passphrase(Secret::new(text)),
        _ => VaultChoice::System(Box::new(secrets::passphrase)),
    }
}

fn page_limit() -> Result<Option<u32>, Failure> {
    let Ok(text) = std::env::var(PAGE_LIMIT) else {
        return Ok(None);
    };
    text.parse()
        .map(Some)
        .map_err(|_| Failure::Usage(format!("{PAGE_LIMIT} is not a number.")))
}

fn not_open(error: HostError) -> Failure {
    match error {
        HostError::Folder(FolderError::NoDefault) => {
            Failure::Usage(FolderError::NoDefault.to_string())
        }
        other => Failure::Api(ApiError::from(other)),
    }
}

/// Says that the person wants the program to stop. Clones say it together.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens for Ctrl-C and for the system's request to end. The second one ends at once.
    pub(crate) fn listen() -> Self {
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            asked_by_system().await;
            sender.send_replace(true);
            asked_by_system().await;
            std::process::exit(1);
        });
        Self(receiver)
    }

    /// Whether it was asked.
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is asked.
    pub(crate) async fn asked(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|stop| *stop).await.is_err() {
            // Nobody listens any more: nobody will ask.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
async fn asked_by_system() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            tokio::signal::ctrl_c().await.ok();
        }
    }
}

#[cfg(not(unix))]
async fn asked_by_system() {
    tokio::signal::ctrl_c().await.ok();
}
