//! Notes of adapters, kept in the catalogue.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{Notes, NotesError};
use barrow_model::{AccountId, Endpoint};
use barrow_store::{NoteKey, Store, StoreError};

/// The notes of one account.
pub struct CatalogueNotes {
    store: Arc<Store>,
    account_id: AccountId,
    endpoint: String,
}

impl CatalogueNotes {
    /// The notes that an account's adapter keeps of an endpoint.
    pub fn new(store: Arc<Store>, account_id: AccountId, endpoint: &Endpoint) -> Self {
        Self {
            store,
            account_id,
            endpoint: endpoint.to_string(),
        }
    }

    /// Works on the catalogue where it keeps nobody else waiting.
    async fn work<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Store, &NoteKey) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NotesError> {
        let key = NoteKey {
            account_id: self.account_id,
            endpoint: self.endpoint.clone(),
            name: name.to_owned(),
        };
        let store = Arc::clone(&self.store);
        let worked = tokio::task::spawn_blocking(move || work(&store, &key)).await;
        let failed = |reason: String| NotesError { reason };
        let stopped = |_| failed("it was stopped".to_owned());
        worked
            .map_err(stopped)?
            .map_err(|error| failed(error.to_string()))
    }
}

impl fmt::Debug for CatalogueNotes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CatalogueNotes")
    }
}

#[async_trait]
impl Notes for CatalogueNotes {
    async fn read(&self, name: &str) -> Result<Option<String>, NotesError> {
        self.work(name, |store, key| store.read(|db| db.note(key)))
            .await
    }

    async fn write(&self, name: &str, note: &str) -> Result<(), NotesError> {
        let note = note.to_owned();
        let keep =
            move |store: &Store, key: &NoteKey| store.write_durably(|tx| tx.keep_note(key, &note));
        self.work(name, keep).await
    }
}
