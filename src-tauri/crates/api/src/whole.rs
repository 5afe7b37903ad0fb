//! Files that are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::{ApiError, Result};

/// Names that are tried for the file beside; more means that something leaves them behind.
const NAMES_MAX: u32 = 100;

/// Writes a file beside the one that is meant and puts it in its place when all of it is there.
/// Whoever reads the file sees the old one or the new one.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let unwritable = |error: std::io::Error| ApiError::unwritable(path, &error);
    if path.is_dir() {
        let error = std::io::Error::from(std::io::ErrorKind::IsADirectory);
        return Err(unwritable(error));
    }
    let (beside, file) = create_beside(path).map_err(unwritable)?;
    let written =
        write_to(file, path, write).and_then(|()| fs::rename(&beside, path).map_err(unwritable));
    if written.is_err() {
        // What is left of it holds half a file that nobody asked for.
        fs::remove_file(&beside).ok();
    }
    written
}

/// A folder that is gone when what is returned is dropped.
pub(crate) fn scratch() -> Result<TempDir> {
    let made = tempfile::Builder::new().prefix("barrow-").tempdir();
    made.map_err(|error| ApiError::unwritable(&std::env::temp_dir(), &error))
}

fn write_to(
    file: File,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let unwritable = |error: std::io::Error| ApiError::unwritable(path, &error);
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out
        .into_inner()
        .map_err(|error| unwritable(error.into_error()))?;
    file.sync_all().map_err(unwritable)
}

fn create_beside(path: &Path) -> std::io::Result<(PathBuf, File)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
    for number in 1..=NAMES_MAX {
        let beside = path.with_file_name(format!(".{name}.{number}.part"));
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside);
        match opened {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}
