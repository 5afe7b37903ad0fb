//! Opens the folder.

use std::path::PathBuf;
use std::sync::Arc;

use barrow_api::ApiError;
use barrow_host::{Host, HostOptions, PracticeOptions, Silent, VaultChoice};
use barrow_model::Secret;

/// The folder, in place of the system's one for application data.
const FOLDER: &str = "BARROW_DATA";

/// Opens the encrypted vault, in place of the system's keyring.
const PASSPHRASE: &str = "BARROW_PASSPHRASE";

/// Opens the folder that was named, or the system's one for application data.
pub(crate) fn open() -> Result<Host, ApiError> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let passphrase = named(PASSPHRASE).and_then(|text| text.into_string().ok());
    open_at(named(FOLDER).map(PathBuf::from), passphrase)
}

/// Opens a folder; none for the system's one for application data.
pub(crate) fn open_at(
    folder: Option<PathBuf>,
    passphrase: Option<String>,
) -> Result<Host, ApiError> {
    let vault = match passphrase {
        Some(passphrase) => VaultChoice::Passphrase(Secret::new(passphrase)),
        // A window has no terminal to ask on; the command's error tells what to do.
        None => VaultChoice::System(Box::new(|| None)),
    };
    let opened = Host::open(HostOptions {
        folder,
        vault,
        // The window listens to the commands' own events.
        progress: Arc::new(Silent),
        practice: PracticeOptions::FOLDER,
        page_limit: None,
    });
    opened.map_err(ApiError::from)
}
