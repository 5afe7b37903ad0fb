//! Why the engine could not do its work at all. What went wrong with single listings and orders is
//! a [`barrow_model::Problem`] in a summary, not an error.

use barrow_store::StoreError;

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The catalogue could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An account's rules cannot be read.
    #[error("the rules of account {account} cannot be used: {reason}")]
    Rules {
        /// Whose.
        account: String,
        /// What is wrong with them.
        reason: String,
    },
}

/// The result of the engine's functions.
pub type Result<T> = std::result::Result<T, EngineError>;
