//! Asking a run to end before its end.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks a run to end at its next safe point: between batches and between pages. What is under way
/// is waited for and stored. Clones ask together.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is asked.
    pub async fn asked(&self) {
        // The sender lives as long as this value: waiting can only end because it was asked.
        self.0.subscribe().wait_for(|asked| *asked).await.ok();
    }
}
