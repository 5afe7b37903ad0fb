//! Messages between buyers and the seller.
//!
//! What people write and what they are called is personal data: it stands in [`Words`], whose
//! `Debug` shows how much there is and nothing of it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What somebody wrote, or what he is called. Nothing of it is shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// Keeps a text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for who must show, send or store it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// How long it is, in characters.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} characters)", self.chars())
    }
}

/// A marketplace's id of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct ConversationId(pub String);

/// A marketplace's id of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct MessageId(pub String);

/// A conversation with a buyer as a marketplace told of it, without its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The marketplace's id, the key under the account.
    pub id: ConversationId,
    /// What the buyer is called there, where it is told.
    pub buyer: Option<Words>,
    /// What it is about, in whose words ever.
    pub title: Option<Words>,
    /// What the marketplace calls the listing that it is about, where it is about one.
    pub listing_ref: Option<String>,
    /// Messages of it that the seller has not read.
    pub unread: u32,
    /// Its last message.
    pub last_message: Option<MessageId>,
    /// When that was written.
    pub last_at: Option<DateTime<Utc>>,
}

/// A message as a marketplace told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The marketplace's id, the key under the conversation.
    pub id: MessageId,
    /// When it was written, where it is told.
    pub at: Option<DateTime<Utc>>,
    /// Whether the seller wrote it.
    pub mine: bool,
    /// What it says.
    pub text: Words,
    /// Whether whom it is for has read it.
    pub read: bool,
    /// How many files come with it. They are looked at on the marketplace's page.
    pub files: u32,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// The marketplace shows it.
    There,
    /// An answer that waits to be sent.
    Waiting,
    /// An answer that is being sent.
    Sending,
    /// An answer that was sent, and nobody knows what became of it.
    Unknown,
    /// An answer that the marketplace did not take.
    Refused,
}

impl MessageState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::There,
        Self::Waiting,
        Self::Sending,
        Self::Unknown,
        Self::Refused,
    ];

    /// Its name in the database and in words.
    pub fn code(self) -> &'static str {
        match self {
            Self::There => "there",
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn debug_shows_nothing_of_what_was_written() {
        let words = Words::new("Is it blue?");
        assert_eq!(format!("{words:?}"), "Words(11 characters)");
        assert_eq!(words.expose(), "Is it blue?");
    }
}
