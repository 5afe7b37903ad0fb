//! Messages of buyers: one list of conversations from everywhere, what stands in one, and answers.
//!
//! Names and words are personal data: no type here has a `Debug` that shows them.

use std::fmt;

use barrow_model::{
    Account, AccountId, ConversationRowId, MessageRowId, MessageState, Problem, Words,
};
use barrow_store::{ConversationQuery, StoredConversation, StoredMessage};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, at_most};
use crate::error::{ApiError, Result, Why};
use crate::problems::ProblemBody;
use crate::report::{ActionReport, At, LISTED_MAX, RefusedItem};

/// Characters of the last message that a list shows.
const PREVIEW_CHARS_MAX: usize = 200;

/// Asks for conversations with buyers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MessagesRequest {
    /// Of this account only.
    #[serde(default)]
    pub account: Option<String>,
    /// Only those with the buyer of this order about what he bought, as `ACCOUNT/ID` or `ID`.
    #[serde(default)]
    pub order: Option<String>,
    /// Only those that need the seller: with something unread, or with an answer that was refused.
    #[serde(default)]
    pub waiting: bool,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Conversations with buyers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MessagesResponse {
    /// The conversations, what was written last first.
    pub conversations: Vec<ConversationView>,
    /// How many there are of those that were asked for.
    pub total: u64,
    /// How many need the seller, on all accounts.
    pub waiting: u64,
}

/// A conversation with a buyer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ConversationView {
    /// Its row.
    pub id: ConversationRowId,
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// What the buyer is called there; null where that is not told, or erased.
    pub buyer: Option<String>,
    /// What it is about; null where that is not told, or erased.
    pub title: Option<String>,
    /// What the marketplace calls the listing that it is about.
    pub listing_ref: Option<String>,
    /// The buyer's newest order of that listing, as `ACCOUNT/ID`; null where it is not in the
    /// catalogue.
    pub order: Option<String>,
    /// That order's id at the marketplace.
    pub order_id: Option<String>,
    /// Messages that the seller has not read.
    pub unread: u32,
    /// When something was written last.
    pub last_at: DateTime<Utc>,
    /// The beginning of what was written last; null while it is not read yet, or erased.
    pub last: Option<String>,
    /// Whether the seller wrote that.
    pub last_mine: bool,
    /// Where an answer stands that is not there yet; null where none is on its way.
    pub answer: Option<MessageState>,
    /// When its words were erased; null where they are not.
    pub erased_at: Option<DateTime<Utc>>,
}

/// Names a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MessageThreadRequest {
    /// Its row.
    pub conversation: ConversationRowId,
}

/// A conversation with its messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MessageThreadResponse {
    /// The conversation.
    pub conversation: ConversationView,
    /// The newest 500 messages, the oldest of them first, answers that are on their way included.
    pub messages: Vec<MessageView>,
    /// How many characters an answer may have; null where none can be given from here.
    pub answer_chars_max: Option<usize>,
}

/// A message.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MessageView {
    /// Its row.
    pub id: MessageRowId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Whether the seller wrote it.
    pub mine: bool,
    /// What it says.
    pub text: String,
    /// Whether whom it is for has read it.
    pub seen: bool,
    /// How many files come with it; they are looked at on the marketplace's page.
    pub files: u32,
    /// Where it stands.
    pub state: MessageState,
    /// Why it was not taken; null unless it was refused.
    pub problem: Option<ProblemBody>,
}

/// Answers a buyer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MessageAnswerRequest {
    /// The conversation's row.
    pub conversation: ConversationRowId,
    /// What is answered.
    pub text: String,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MessageAnswerResponse {
    /// Whether it waits to be sent, or why it cannot be.
    #[serde(flatten)]
    pub report: ActionReport,
    /// Its row; null where it cannot be sent.
    pub message: Option<MessageRowId>,
    /// The conversation since.
    pub thread: MessageThreadResponse,
}

/// Takes back an answer that waits to be sent, or that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MessageTakeBackRequest {
    /// Its row.
    pub message: MessageRowId,
}

impl fmt::Debug for ConversationView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConversationView")
            .field("id", &self.id)
            .field("account", &self.account)
            .field("order", &self.order)
            .field("unread", &self.unread)
            .field("last_at", &self.last_at)
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MessageView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageView")
            .field("id", &self.id)
            .field("at", &self.at)
            .field("mine", &self.mine)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MessageAnswerRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageAnswerRequest")
            .field("conversation", &self.conversation)
            .finish_non_exhaustive()
    }
}

/// The beginning of a text, in one line.
fn preview(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(PREVIEW_CHARS_MAX).collect()
}

impl ConversationView {
    fn new(stored: StoredConversation, accounts: &[Account]) -> Self {
        let of = |id: AccountId| accounts.iter().find(|account| account.id == id);
        let name = |id: AccountId| of(id).map(|account| account.name.clone());
        let exposed = |words: Option<Words>| words.map(|words| words.expose().to_owned());
        let marketplace = of(stored.account_id).map(|account| account.marketplace.0.clone());
        let order = stored.order.as_ref();
        let last = stored.last;
        Self {
            id: stored.id,
            account: name(stored.account_id).unwrap_or_default(),
            marketplace: marketplace.unwrap_or_default(),
            buyer: exposed(stored.conversation.buyer),
            title: exposed(stored.conversation.title),
            listing_ref: stored.conversation.listing_ref,
            order: order.and_then(|order| {
                let keeper = name(order.account_id)?;
                Some(format!("{keeper}/{}", order.order_id))
            }),
            order_id: order.map(|order| order.order_id.clone()),
            unread: stored.conversation.unread,
            last_at: stored.last_at,
            last_mine: last.as_ref().is_some_and(|one| one.mine),
            last: last.map(|one| preview(one.text.expose())),
            answer: stored.answer,
            erased_at: stored.erased_at,
        }
    }
}

impl Api {
    /// Conversations with buyers.
    pub async fn messages(&self, request: MessagesRequest) -> Result<MessagesResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS);
        at_most(limit, LISTED_MAX)?;
        let account_id = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let order = match &request.order {
            Some(order) => Some(self.find_order(order).await?),
            None => None,
        };
        let accounts = self.every_account().await?;
        let query = ConversationQuery {
            account_id,
            waiting: request.waiting,
            limit,
        };
        let (found, total, waiting) = self
            .on_store(move |store| {
                store.read(|db| {
                    let (found, total) = match order {
                        Some(order) => {
                            let mut found = db.order_conversations(order)?;
                            let total = found.len() as u64;
                            found.truncate(query.limit);
                            (found, total)
                        }
                        None => (db.conversations(&query)?, db.conversation_count(&query)?),
                    };
                    let waiting = db.conversations_waiting()?;
                    let waiting = waiting.iter().map(|one| one.count).sum::<u64>();
                    Ok((found, total, waiting))
                })
            })
            .await?;
        let views = found.into_iter();
        Ok(MessagesResponse {
            conversations: views
                .map(|stored| ConversationView::new(stored, &accounts))
                .collect(),
            total,
            waiting,
        })
    }

    /// A conversation with its messages.
    pub async fn message_thread(
        &self,
        request: MessageThreadRequest,
    ) -> Result<MessageThreadResponse> {
        let id = request.conversation;
        let found = self
            .on_store(move |store| store.read(|db| Ok((db.conversation(id)?, db.messages(id)?))))
            .await?;
        let (Some(stored), messages) = found else {
            return Err(no_conversation(id));
        };
        let account_id = stored.account_id;
        let answers = self.parts.engine.answers_of(account_id).await?;
        let accounts = self.every_account().await?;
        let account = accounts.iter().find(|account| account.id == account_id);
        let title = account.map_or("", |account| self.title(&account.marketplace));
        let messages = messages.into_iter();
        Ok(MessageThreadResponse {
            messages: messages
                .map(|message| self.message_view(message, title))
                .collect(),
            conversation: ConversationView::new(stored, &accounts),
            answer_chars_max: answers.ok(),
        })
    }

    fn message_view(&self, stored: StoredMessage, marketplace: &str) -> MessageView {
        let body = |problem: &Problem| ProblemBody::new(&self.words, problem, marketplace);
        MessageView {
            id: stored.id,
            at: stored.at,
            mine: stored.mine,
            problem: stored.problem.as_ref().map(body),
            text: stored.text.expose().to_owned(),
            seen: stored.seen,
            files: stored.files,
            state: stored.state,
        }
    }

    /// Queues an answer to a buyer; the marketplace is told with the next push.
    pub async fn message_answer(
        &self,
        request: MessageAnswerRequest,
    ) -> Result<MessageAnswerResponse> {
        let id = request.conversation;
        let stored = self.stored_conversation(id).await?;
        let queued = self.parts.engine.answer_message(id, &request.text).await?;
        let (mut report, mut message) = (ActionReport::default(), None);
        match queued {
            Ok(row) => {
                report.done = 1;
                message = Some(row);
            }
            Err(problem) => {
                let accounts = self.every_account().await?;
                let account = accounts.iter().find(|one| one.id == stored.account_id);
                let at = At {
                    account: account.map_or("", |account| account.name.as_str()),
                    marketplace: account.map_or("", |one| self.title(&one.marketplace)),
                };
                report.refuse(RefusedItem::of_account(&self.words, at, &problem));
            }
        }
        let thread = MessageThreadRequest { conversation: id };
        Ok(MessageAnswerResponse {
            report,
            message,
            thread: self.message_thread(thread).await?,
        })
    }

    /// Keeps that the seller has read a conversation; the marketplace is told with the next push.
    pub async fn message_read(
        &self,
        request: MessageThreadRequest,
    ) -> Result<MessageThreadResponse> {
        let id = request.conversation;
        self.stored_conversation(id).await?;
        self.on_store(move |store| store.write(|tx| tx.mark_conversation_read(id)))
            .await?;
        self.message_thread(request).await
    }

    /// Takes back an answer that waits to be sent, or that was refused.
    pub async fn message_take_back(
        &self,
        request: MessageTakeBackRequest,
    ) -> Result<MessageThreadResponse> {
        let id = request.message;
        let (conversation, done) = self
            .on_store(move |store| {
                store.write(|tx| Ok((tx.conversation_of(id)?, tx.take_back_answer(id)?)))
            })
            .await?;
        let Some(conversation) = conversation else {
            return Err(ApiError::not_found("message", id.to_string()));
        };
        if !done {
            return Err(ApiError::invalid(Why::AnswerSent));
        }
        self.message_thread(MessageThreadRequest { conversation })
            .await
    }

    async fn stored_conversation(&self, id: ConversationRowId) -> Result<StoredConversation> {
        let found = self
            .on_store(move |store| store.read(|db| db.conversation(id)))
            .await?;
        found.ok_or_else(|| no_conversation(id))
    }
}

fn no_conversation(id: ConversationRowId) -> ApiError {
    ApiError::not_found("conversation", id.to_string())
}

#[cfg(test)]
mod tests {
    use barrow_model::ConversationRowId;

    use super::{MessageAnswerRequest, preview};

    #[test]
    fn a_preview_is_one_line_and_short() {
        assert_eq!(preview(" Hello,\n\n is it  blue? "), "Hello, is it blue?");
        assert_eq!(preview(&"ab ".repeat(200)).chars().count(), 200);
    }

    #[test]
    fn debug_shows_no_words() {
        let request = MessageAnswerRequest {
            conversation: ConversationRowId(7),
            text: "It is blue.".to_owned(),
        };
        assert!(!format!("{request:?}").contains("blue"));
    }
}
