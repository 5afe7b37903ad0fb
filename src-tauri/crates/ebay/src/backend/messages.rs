//! What members write to the seller, and his answers (ebay.md §9).
//!
//! A search tells the conversations in which something was written since; one that moves up while
//! it is read is given by the next reading, which begins where this one began. Names and words are
//! in no error.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use async_trait::async_trait;
use barrow_market::{
    Answered, ConversationPage, Cursor, Error, ErrorKind, Messages, Result, Thread,
};
use barrow_model::{ConversationId, Message, Problem, ProblemKind, Words};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::EbayAdapter;
use crate::error::may_have_happened;
use crate::limits::{
    GET_CONVERSATION, GET_CONVERSATIONS, GET_USER, SEND_MESSAGE, UPDATE_CONVERSATION,
};
use crate::map;
use crate::request::{self, MESSAGES_PAGE};
use crate::types::{ConversationMessages, ConversationsPage, MessageDetail};

/// Longest text of a message (ebay.md §9, 355013).
const TEXT_CHARS_MAX: usize = 2_000;
/// How much is read again on purpose: what was written a moment ago may not be found yet.
const OVERLAP: TimeDelta = TimeDelta::minutes(30);
/// Pages of unread conversations of one reading; who has more unread is told the newest alone.
const UNREAD_PAGES_MAX: u64 = 10;
/// Pages of one conversation, whatever is asked for.
const PAGES_MAX: u64 = 10;

/// Where a reading stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    /// What was written since then is read.
    since: DateTime<Utc>,
    /// When this reading began; none before its first page.
    begun: Option<DateTime<Utc>>,
    /// How many records are behind it.
    skip: u64,
}

impl Position {
    fn read(cursor: &Cursor) -> Result<Self> {
        let unreadable = || Error::new(ErrorKind::Config, GET_CONVERSATIONS.operation);
        serde_json::from_str(&cursor.0).map_err(|_| unreadable().with("part", "cursor"))
    }

    fn cursor(&self) -> Result<Cursor> {
        let unwritable = |_| Error::new(ErrorKind::Config, GET_CONVERSATIONS.operation);
        serde_json::to_string(self).map(Cursor).map_err(unwritable)
    }
}

#[async_trait]
impl Messages for EbayAdapter {
    fn text_chars_max(&self) -> usize {
        TEXT_CHARS_MAX
    }

    fn start(&self, since: DateTime<Utc>) -> Result<Cursor> {
        let position = Position {
            since,
            begun: None,
            skip: 0,
        };
        position.cursor()
    }

    async fn read(&self, cursor: &Cursor) -> Result<ConversationPage> {
        let position = Position::read(cursor)?;
        let begun = position.begun.unwrap_or_else(|| self.clock.now());
        let names = self.names_to_tell_apart().await?;
        let (api, site) = (self.api(), self.config.site);
        let request = request::conversations(api, site, position.since, position.skip)?;
        let (records, total) = self.conversation_records(request).await?;
        let read = records.iter();
        let read: Vec<_> = read
            .filter_map(|record| map::conversation(record, &names))
            .collect();
        let skip = position.skip + MESSAGES_PAGE;
        let more = has_more(records.len(), skip, total);
        let next = match more {
            true => Position {
                skip,
                begun: Some(begun),
                ..position
            },
            // What was written while this was read has come after it began.
            false => Position {
                since: (begun - OVERLAP).max(position.since),
                begun: None,
                skip: 0,
            },
        };
        Ok(ConversationPage {
            unreadable: (records.len() - read.len()) as u64,
            conversations: read,
            next: next.cursor()?,
            more,
        })
    }

    async fn unread(&self) -> Result<Option<BTreeSet<ConversationId>>> {
        let (api, site) = (self.api(), self.config.site);
        let mut unread = BTreeSet::new();
        for page in 0..UNREAD_PAGES_MAX {
            let skip = page * MESSAGES_PAGE;
            let request = request::unread_conversations(api, site, skip)?;
            let (records, total) = self.conversation_records(request).await?;
            for record in &records {
                // One that cannot be read may be any: none is taken for read.
                let Some(told) = map::conversation(record, &[]) else {
                    return Ok(None);
                };
                unread.insert(told.id);
            }
            if !has_more(records.len(), skip + MESSAGES_PAGE, total) {
                return Ok(Some(unread));
            }
        }
        Ok(None)
    }

    async fn messages(&self, conversation: &ConversationId, max: usize) -> Result<Thread> {
        let operation = GET_CONVERSATION.operation;
        let names = self.names_to_tell_apart().await?;
        let (api, site) = (self.api(), self.config.site);
        let (mut read, mut unreadable): (Vec<Message>, u64) = (Vec::new(), 0);
        for page in 0..PAGES_MAX {
            let skip = page * MESSAGES_PAGE;
            let request = request::conversation(api, site, conversation, skip)?;
            let answer = self.call(&GET_CONVERSATION, request).await.map_err(named)?;
            let told: ConversationMessages = answer.json(operation)?;
            let missing =
                || Error::new(ErrorKind::Unreadable, operation).with("missing", "messages");
            let records = told.messages.ok_or_else(missing)?;
            for record in &records {
                let told = MessageDetail::deserialize(record).ok();
                match told.and_then(|told| map::message(told, &names)) {
                    Some(message) => read.push(message),
                    None => unreadable += 1,
                }
            }
            let more = has_more(records.len(), skip + MESSAGES_PAGE, total(told.total));
            if !more || read.len() >= max {
                break;
            }
        }
        // The contract names no order, and pages move while they are read.
        read.sort_by_key(|message| Reverse(message.at));
        let mut seen = BTreeSet::new();
        read.retain(|message| seen.insert(message.id.clone()));
        read.truncate(max);
        Ok(Thread {
            messages: read,
            unreadable,
        })
    }

    async fn answer(&self, conversation: &ConversationId, text: &Words) -> Result<Answered> {
        let length = text.chars();
        if length > TEXT_CHARS_MAX {
            let problem = Problem::new(ProblemKind::TextTooLong).field("text");
            let problem = problem.param("limit", TEXT_CHARS_MAX);
            return Ok(Answered::Refused(problem.param("length", length)));
        }
        let (api, site) = (self.api(), self.config.site);
        let request = request::send_message(api, site, conversation, text)?;
        let answer = match self.call(&SEND_MESSAGE, request).await.map_err(named) {
            Ok(answer) => answer,
            Err(error) if may_have_happened(&error) => return Ok(Answered::Unknown),
            Err(error) => {
                return match error.kind {
                    ErrorKind::Refused | ErrorKind::NotFound => {
                        Ok(Answered::Refused(not_taken(&error)))
                    }
                    _ => Err(error),
                };
            }
        };
        // It was taken: an answer that cannot be read is looked for like one that was lost.
        let Ok(told) = answer.json::<MessageDetail>(SEND_MESSAGE.operation) else {
            return Ok(Answered::Unknown);
        };
        Ok(match map::message(told, &[]) {
            Some(message) => Answered::There(Message {
                mine: true,
                ..message
            }),
            None => Answered::Unknown,
        })
    }

    async fn mark_read(&self, conversation: &ConversationId) -> Result<()> {
        let request = request::mark_read(self.api(), self.config.site, conversation)?;
        let done = self.call(&UPDATE_CONVERSATION, request).await;
        done.map(|_| ()).map_err(named)
    }
}

impl EbayAdapter {
    async fn conversation_records(
        &self,
        request: Request<Bytes>,
    ) -> Result<(Vec<Value>, Option<u64>)> {
        let operation = GET_CONVERSATIONS.operation;
        let answer = self.call(&GET_CONVERSATIONS, request).await;
        let page: ConversationsPage = answer.map_err(named)?.json(operation)?;
        let all = total(page.total);
        // JSON of another shape is no empty page: what is unread would be taken for read.
        let Some(records) = page.conversations.or((all == Some(0)).then(Vec::new)) else {
            let error = Error::new(ErrorKind::Unreadable, operation);
            return Err(error.with("missing", "conversations"));
        };
        Ok((records, all))
    }

    /// The seller's own names. Without them nobody knows which of two wrote what.
    async fn names_to_tell_apart(&self) -> Result<Vec<String>> {
        let names = self.seller_names().await;
        if !names.is_empty() {
            return Ok(names);
        }
        let known = self.are_names_known();
        let kind = match known {
            // eBay told none, for want of a permission that a consent of today asks for.
            true => ErrorKind::Forbidden,
            false => ErrorKind::NoAnswer,
        };
        let error = Error::new(kind, GET_USER.operation);
        if !known {
            return Err(error);
        }
        let problem = Problem::new(ProblemKind::PermissionMissing);
        let problem = problem.param("permission", "commerce.identity.readonly");
        Err(error.because(problem.param("feature", "messages")))
    }
}

fn total(told: Option<i64>) -> Option<u64> {
    told.and_then(|total| u64::try_from(total).ok())
}

/// Whether another page follows one of so many records. Where eBay tells no total, a page that is
/// not full is the last.
fn has_more(records: usize, behind: u64, total: Option<u64>) -> bool {
    match total {
        Some(total) => records > 0 && behind < total,
        None => records as u64 == MESSAGES_PAGE,
    }
}

/// What eBay does not take of an answer, in its own words beside ours.
fn not_taken(error: &Error) -> Problem {
    let told = error.to_problem();
    match told.kind {
        ProblemKind::MessageRefused => told,
        _ => Problem {
            vendor: error.vendor.clone(),
            ..Problem::new(ProblemKind::MessageRefused)
        },
    }
}

/// Names the permission: consents that were given before lack it (ebay.md §2.4).
fn named(error: Error) -> Error {
    if error.kind != ErrorKind::Forbidden {
        return error;
    }
    let mut problem = error.to_problem();
    if problem.kind != ProblemKind::PermissionMissing {
        return error;
    }
    for (name, value) in [("permission", "commerce.message"), ("feature", "messages")] {
        problem.params.insert(name.to_owned(), value.to_owned());
    }
    error.because(problem)
}
