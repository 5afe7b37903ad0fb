//! What members write, and answers to it (ebay.md §9).

use barrow_market::Result;
use barrow_model::{ConversationId, Words};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use serde_json::json;

use super::orders::instant;
use super::{encoded, get, post};
use crate::config::SiteFacts;

/// Conversations or messages of a page, at most (ebay.md §9). Offsets are multiples of it (355008).
pub const MESSAGES_PAGE: u64 = 50;

/// Conversations with members; those with eBay itself are read on its page.
const OF_MEMBERS: &str = "FROM_MEMBERS";

fn conversation_list(
    api: &str,
    site: &SiteFacts,
    filter: &str,
    skip: u64,
) -> Result<Request<Bytes>> {
    let path = format!(
        "/commerce/message/v1/conversation?conversation_type={OF_MEMBERS}&{filter}\
         &limit={MESSAGES_PAGE}&offset={skip}"
    );
    get(api, &path, site)
}

/// Conversations in which something was written since.
pub fn conversations(
    api: &str,
    site: &SiteFacts,
    since: DateTime<Utc>,
    skip: u64,
) -> Result<Request<Bytes>> {
    let filter = format!("start_time={}", encoded(&instant(since)));
    conversation_list(api, site, &filter, skip)
}

/// Conversations in which something is unread.
pub fn unread_conversations(api: &str, site: &SiteFacts, skip: u64) -> Result<Request<Bytes>> {
    conversation_list(api, site, "conversation_status=UNREAD", skip)
}

/// A page of a conversation's messages.
pub fn conversation(
    api: &str,
    site: &SiteFacts,
    id: &ConversationId,
    skip: u64,
) -> Result<Request<Bytes>> {
    let id = encoded(&id.0);
    let path = format!(
        "/commerce/message/v1/conversation/{id}?conversation_type={OF_MEMBERS}\
         &limit={MESSAGES_PAGE}&offset={skip}"
    );
    get(api, &path, site)
}

/// Writes into a conversation.
pub fn send_message(
    api: &str,
    site: &SiteFacts,
    id: &ConversationId,
    text: &Words,
) -> Result<Request<Bytes>> {
    let body = json!({ "conversationId": id.0, "messageText": text.expose() });
    post(api, "/commerce/message/v1/send_message", site, &body)
}

/// Marks a conversation as read.
pub fn mark_read(api: &str, site: &SiteFacts, id: &ConversationId) -> Result<Request<Bytes>> {
    let body = json!({
        "conversationId": id.0,
        "conversationType": OF_MEMBERS,
        "read": true,
    });
    post(api, "/commerce/message/v1/update_conversation", site, &body)
}
