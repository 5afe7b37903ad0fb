//! Asking a run to end before its end.

use std::collections::BTreeSet;
use std::sync::Arc;

use barrow_model::AccountId;
use tokio::sync::watch;

/// Asks a run to end at its next safe point: between batches and between pages. What is under way
/// is waited for and stored. Clones ask together.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<Asked>>);

#[derive(Debug, Default)]
struct Asked {
    all: bool,
    accounts: BTreeSet<AccountId>,
}

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Asked::default())))
    }
}

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        self.0.send_modify(|asked| asked.all = true);
    }

    /// Asks to send no more to one account; the others go on, and orders are still read.
    pub fn ask_account(&self, account: AccountId) {
        self.0.send_modify(|asked| {
            asked.accounts.insert(account);
        });
    }

    /// Whether all of it was asked to end.
    pub fn is_asked(&self) -> bool {
        self.0.borrow().all
    }

    /// Whether nothing more is to be sent to an account.
    pub fn is_asked_for(&self, account: AccountId) -> bool {
        let asked = self.0.borrow();
        asked.all || asked.accounts.contains(&account)
    }

    /// The accounts that were asked for by themselves.
    pub fn accounts(&self) -> Vec<AccountId> {
        self.0.borrow().accounts.iter().copied().collect()
    }

    /// Waits until all of it is asked to end.
    pub async fn asked(&self) {
        // The sender lives as long as this value: waiting can only end because it was asked.
        self.0.subscribe().wait_for(|asked| asked.all).await.ok();
    }

    /// Waits until all of it is asked to end, or more accounts than so many.
    pub(crate) async fn asked_beyond(&self, accounts: usize) {
        let mut asked = self.0.subscribe();
        let more = asked.wait_for(|asked| asked.all || asked.accounts.len() > accounts);
        more.await.ok();
    }
}
