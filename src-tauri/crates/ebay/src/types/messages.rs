//! What members write (ebay.md §9). Names and words are personal data: no type here has a `Debug`
//! that shows them.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::common::{list, part, text};

/// A page of `GET /conversation`.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConversationsPage {
    /// Records, each read by itself.
    pub conversations: Option<Vec<Value>>,
    /// How many in all.
    pub total: Option<i64>,
}

/// A conversation.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConversationDetail {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub conversation_id: Option<String>,
    /// What it is about.
    pub conversation_title: Option<String>,
    /// LISTING, where it is about one.
    pub reference_type: Option<String>,
    /// The listing.
    #[serde(deserialize_with = "text")]
    pub reference_id: Option<String>,
    /// How many messages of it were not read.
    pub unread_count: Option<i64>,
    /// The last one.
    #[serde(deserialize_with = "part")]
    pub latest_message: MessageDetail,
    /// When it was begun.
    pub created_date: Option<String>,
}

/// A page of `GET /conversation/{conversation_id}`.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConversationMessages {
    /// Records, each read by itself.
    pub messages: Option<Vec<Value>>,
    /// How many in all.
    pub total: Option<i64>,
}

/// A message. The answer to a sending spells its names with a capital N (ebay.md §9).
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageDetail {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub message_id: Option<String>,
    /// What it says.
    pub message_body: Option<String>,
    /// Who wrote it.
    #[serde(alias = "senderUserName")]
    pub sender_username: Option<String>,
    /// Whom it is for.
    #[serde(alias = "recipientUserName")]
    pub recipient_username: Option<String>,
    /// When.
    pub created_date: Option<String>,
    /// Whether whom it is for has read it.
    pub read_status: Option<bool>,
    /// Files that come with it.
    #[serde(deserialize_with = "list")]
    pub message_media: Vec<Value>,
}

macro_rules! unshown {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

unshown!(
    ConversationsPage,
    ConversationDetail,
    ConversationMessages,
    MessageDetail
);
