//! What an adapter must know again after a restart and no marketplace tells.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

/// Short notes of one account at one endpoint, each under a name.
///
/// # Requires
/// - A note holds no secret and nothing of a buyer, its name neither.
#[async_trait]
pub trait Notes: Send + Sync {
    /// The note under a name; none where nothing was noted.
    ///
    /// # Errors
    /// It could not be read: what depends on it must wait.
    async fn read(&self, name: &str) -> Result<Option<String>, NotesError>;

    /// Keeps a note in place of the one under its name. It outlasts a loss of power once this
    /// returns, and is kept for 90 days at least.
    ///
    /// # Errors
    /// It could not be kept: what depends on it must wait.
    async fn write(&self, name: &str, note: &str) -> Result<(), NotesError>;
}

/// Notes could not be read or kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the catalogue keeps no notes: {reason}")]
pub struct NotesError {
    /// Why, in the catalogue's words.
    pub reason: String,
}

/// Notes that last as long as they are held, for whoever has no catalogue.
#[derive(Debug, Default)]
pub struct MemoryNotes(Mutex<HashMap<String, String>>);

impl MemoryNotes {
    fn notes(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Notes for MemoryNotes {
    async fn read(&self, name: &str) -> Result<Option<String>, NotesError> {
        Ok(self.notes().get(name).cloned())
    }

    async fn write(&self, name: &str, note: &str) -> Result<(), NotesError> {
        self.notes().insert(name.to_owned(), note.to_owned());
        Ok(())
    }
}
