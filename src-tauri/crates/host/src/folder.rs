//! The folder that holds a catalogue and what belongs to it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder of Barrow's. Everything of one catalogue is in it and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system does not say where applications keep their data.
    #[error("this system has no folder for application data; choose one with --data")]
    NoDefault,
    /// The folder could not be made.
    #[error("the folder {} cannot be made: {source}", path.display())]
    Unusable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Folder {
    /// The folder that was asked for, or the system's one for application data; made if it is not
    /// there, readable by its owner alone where the system knows owners.
    pub fn open(asked: Option<&Path>) -> Result<Self, FolderError> {
        let path = match asked {
            Some(path) => path.to_owned(),
            None => directories::ProjectDirs::from("", "", "Barrow")
                .ok_or(FolderError::NoDefault)?
                .data_dir()
                .to_owned(),
        };
        if !path.is_dir() {
            make(&path).map_err(|source| FolderError::Unusable {
                path: path.clone(),
                source,
            })?;
        }
        Ok(Self(path))
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The catalogue.
    pub fn catalogue(&self) -> PathBuf {
        self.0.join("catalogue.barrow")
    }

    /// The encrypted vault, where there is no keyring.
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault.json")
    }

    /// Held while orders are pulled or changes are pushed.
    pub fn engine_lock(&self) -> PathBuf {
        self.0.join("engine.lock")
    }

    /// Held by the process that serves the practice marketplaces.
    pub fn practice_lock(&self) -> PathBuf {
        self.0.join("practice.lock")
    }

    /// Where the practice marketplaces are served.
    pub fn practice_address(&self) -> PathBuf {
        self.0.join("practice.json")
    }

    /// What the practice marketplaces hold.
    pub fn practice(&self) -> PathBuf {
        self.0.join("practice")
    }
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}
