//! Keeps two processes from pushing or pulling on one folder at once.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

use barrow_api::{EngineLock, LockHeld};
use barrow_model::Clock;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A lock file. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    path: PathBuf,
    clock: Arc<dyn Clock>,
}

/// Who has the lock; written into the file for whoever comes meanwhile.
#[derive(Serialize, Deserialize)]
struct Holder {
    process: u32,
    what: String,
    since: DateTime<Utc>,
}

impl FolderLock {
    /// A lock on a file that is made when it is first taken.
    pub fn new(path: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { path, clock }
    }

    /// Takes the lock, or says who has it.
    pub fn take(&self, what: &str) -> Result<File, LockHeld> {
        let unusable = |error: std::io::Error| LockHeld::Unusable {
            path: self.path.clone(),
            reason: error.to_string(),
        };
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        let mut file = options.open(&self.path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held_by(&mut file)),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let holder = Holder {
            process: std::process::id(),
            what: what.to_owned(),
            since: self.clock.now(),
        };
        let text = serde_json::to_vec(&holder).map_err(|error| LockHeld::Unusable {
            path: self.path.clone(),
            reason: error.to_string(),
        })?;
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(&text))
            .map_err(unusable)?;
        Ok(file)
    }
}

fn held_by(file: &mut File) -> LockHeld {
    let mut text = String::new();
    // The holder may just be writing, and some systems refuse reads of a locked file.
    let holder = Read::by_ref(file)
        .take(4096)
        .read_to_string(&mut text)
        .ok()
        .and_then(|_| serde_json::from_str::<Holder>(&text).ok());
    match holder {
        Some(holder) => LockHeld::By {
            by: format!("{} (process {})", holder.what, holder.process),
            since: Some(holder.since),
        },
        None => LockHeld::By {
            by: "unknown".to_owned(),
            since: None,
        },
    }
}

impl EngineLock for FolderLock {
    fn acquire(&self, what: &str) -> Result<Box<dyn Send>, LockHeld> {
        self.take(what).map(|file| Box::new(file) as Box<dyn Send>)
    }
}
