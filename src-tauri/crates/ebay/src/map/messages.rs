//! Conversations and messages as eBay tells of them (ebay.md §9).

use barrow_model::{Conversation, ConversationId, Message, MessageId, Words};
use serde::Deserialize;
use serde_json::Value;

use super::instant;
use crate::types::{ConversationDetail, MessageDetail};

/// The reference of a conversation that is about a listing, the only one that there is.
const LISTING: &str = "LISTING";

/// Whether a name is one of the seller's own.
fn is_his(names: &[String], name: Option<&str>) -> bool {
    let name = name.unwrap_or_default();
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn words(text: Option<String>) -> Option<Words> {
    let text = text.map(|text| text.trim().to_owned());
    text.filter(|text| !text.is_empty()).map(Words::new)
}

fn count(number: Option<i64>) -> u32 {
    u32::try_from(number.unwrap_or_default().max(0)).unwrap_or(u32::MAX)
}

/// A conversation; none where it has no id. `names` are the seller's own: the other one of its last
/// message is the buyer.
pub fn conversation(record: &Value, names: &[String]) -> Option<Conversation> {
    let told = ConversationDetail::deserialize(record).ok()?;
    let id = ConversationId(told.conversation_id?);
    let is_of_listing = told
        .reference_type
        .as_deref()
        .is_none_or(|kind| kind == LISTING);
    let last = told.latest_message;
    let other = match is_his(names, last.sender_username.as_deref()) {
        true => last.recipient_username,
        false => last.sender_username,
    };
    let last_at = instant(last.created_date.as_deref());
    Some(Conversation {
        id,
        buyer: words(other),
        title: words(told.conversation_title),
        listing_ref: told.reference_id.filter(|_| is_of_listing),
        unread: count(told.unread_count),
        last_message: last.message_id.map(MessageId),
        last_at: last_at.or_else(|| instant(told.created_date.as_deref())),
    })
}

/// A message; none where it has no id.
pub fn message(told: MessageDetail, names: &[String]) -> Option<Message> {
    Some(Message {
        id: MessageId(told.message_id?),
        at: instant(told.created_date.as_deref()),
        mine: is_his(names, told.sender_username.as_deref()),
        text: Words::new(told.message_body.unwrap_or_default()),
        read: told.read_status.unwrap_or_default(),
        files: u32::try_from(told.message_media.len()).unwrap_or(u32::MAX),
    })
}
