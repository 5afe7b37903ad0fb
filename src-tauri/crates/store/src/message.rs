//! Conversations with buyers and their messages. Names and words are personal data: they stand in
//! these two tables alone, out of the search, and are erased with the people of an order or when
//! they are as old as a marketplace lets people be kept.
//!
//! What the seller answers waits here and is sent from here: `message_answer.rs`. How words are
//! erased: `message_erase.rs`.

use std::collections::BTreeSet;

use barrow_model::{
    AccountId, Conversation, ConversationId, ConversationRowId, Message, MessageId, MessageRowId,
    MessageState, OrderRowId, Problem, Words,
};
use chrono::{DateTime, Duration, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::sql::{instant, to_code, to_instant, to_instant_opt, to_json};
use crate::store::{Reader, Writer};

/// Most conversations of a list.
pub const CONVERSATIONS_MAX: usize = 1_000;
/// Most messages of a conversation that are told, the newest.
pub const MESSAGES_MAX: usize = 500;
/// How long a message that a list has told of is looked for in its conversation.
const LATE_MAX: Duration = Duration::days(1);

/// A conversation in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConversation {
    /// Its row.
    pub id: ConversationRowId,
    /// Whose.
    pub account_id: AccountId,
    /// The conversation.
    pub conversation: Conversation,
    /// When something was written last.
    pub last_at: DateTime<Utc>,
    /// What was written last, as it stands here; none while it is not read, or erased.
    pub last: Option<StoredMessage>,
    /// Where an answer stands that is not there yet; the one that needs the seller first.
    pub answer: Option<MessageState>,
    /// The buyer's newest order of the listing, where that is in the catalogue.
    pub order: Option<ConversationOrder>,
    /// When its words were erased.
    pub erased_at: Option<DateTime<Utc>>,
}

/// The order that a conversation belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationOrder {
    /// Its row.
    pub id: OrderRowId,
    /// The account that keeps it.
    pub account_id: AccountId,
    /// The marketplace's id of it.
    pub order_id: String,
}

/// A message in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// Its row.
    pub id: MessageRowId,
    /// The marketplace's id; none for an answer that it does not show.
    pub message_id: Option<MessageId>,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Whether the seller wrote it.
    pub mine: bool,
    /// What it says.
    pub text: Words,
    /// Whether whom it is for has read it.
    pub seen: bool,
    /// How many files come with it.
    pub files: u32,
    /// Where it stands.
    pub state: MessageState,
    /// Why it was not taken.
    pub problem: Option<Problem>,
}

/// Which conversations are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversationQuery {
    /// Only of this account.
    pub account_id: Option<AccountId>,
    /// Only those that need the seller: with something unread, or with an answer that was refused.
    pub waiting: bool,
    /// At most so many, and no more than [`CONVERSATIONS_MAX`].
    pub limit: usize,
}

/// Conversations of an account that need the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversationsWaiting {
    /// Whose.
    pub account_id: AccountId,
    /// How many.
    pub count: u64,
    /// Since when the first of them waits.
    pub since: DateTime<Utc>,
}

/// The columns of a conversation.
const COLUMNS: &str = "c.id, c.account_id, c.conversation_id, c.buyer, c.title, c.listing_ref,
    c.unread, c.last_message_id, c.last_at, c.erased_at,
    (SELECT m.state FROM messages m WHERE m.conversation_row_id = c.id
       AND m.state <> 'there' ORDER BY m.state <> 'refused', m.id DESC LIMIT 1),
    (SELECT m.id FROM messages m WHERE m.conversation_row_id = c.id
       ORDER BY m.at DESC, m.id DESC LIMIT 1)";

/// The columns of a message.
const MESSAGE: &str = "m.id, m.message_id, m.at, m.mine, m.body, m.seen, m.files, m.state,
    m.problem";

/// Accounts that were removed show no conversations.
const THERE: &str = "c.account_id IN (SELECT id FROM accounts WHERE removed_at IS NULL)";

/// Answers that are not settled.
pub(crate) const OPEN: &str = "('waiting', 'sending', 'unknown')";

/// What needs the seller.
const WAITS: &str = "(c.unread > 0 OR EXISTS (SELECT 1 FROM messages m
    INDEXED BY messages_refused WHERE m.conversation_row_id = c.id AND m.state = 'refused'))";

fn stored(row: &Row<'_>) -> Result<(StoredConversation, Option<i64>), StoreError> {
    let last_at = to_instant(row.get(8)?)?;
    let answer: Option<String> = row.get(10)?;
    let one = StoredConversation {
        id: ConversationRowId(row.get(0)?),
        account_id: AccountId(row.get(1)?),
        conversation: Conversation {
            id: ConversationId(row.get(2)?),
            buyer: row.get::<_, Option<String>>(3)?.map(Words::new),
            title: row.get::<_, Option<String>>(4)?.map(Words::new),
            listing_ref: row.get(5)?,
            unread: row.get(6)?,
            last_message: row.get::<_, Option<String>>(7)?.map(MessageId),
            last_at: Some(last_at),
        },
        last_at,
        last: None,
        answer: answer.as_deref().map(to_code).transpose()?,
        order: None,
        erased_at: to_instant_opt(row.get(9)?)?,
    };
    Ok((one, row.get(11)?))
}

fn message(row: &Row<'_>) -> Result<StoredMessage, StoreError> {
    let problem: Option<String> = row.get(8)?;
    Ok(StoredMessage {
        id: MessageRowId(row.get(0)?),
        message_id: row.get::<_, Option<String>>(1)?.map(MessageId),
        at: to_instant(row.get(2)?)?,
        mine: row.get(3)?,
        text: Words::new(row.get::<_, String>(4)?),
        seen: row.get(5)?,
        files: row.get(6)?,
        state: to_code(&row.get::<_, String>(7)?)?,
        problem: problem.as_deref().map(to_json).transpose()?,
    })
}

impl Reader<'_> {
    /// Conversations, what was written last first.
    pub fn conversations(
        &self,
        query: &ConversationQuery,
    ) -> Result<Vec<StoredConversation>, StoreError> {
        let waits = if query.waiting { WAITS } else { "1" };
        let sql = format!(
            "SELECT {COLUMNS} FROM conversations c INDEXED BY conversations_last
             WHERE {THERE} AND {waits} AND (?1 IS NULL OR c.account_id = ?1)
             ORDER BY c.last_at DESC, c.id DESC LIMIT ?2"
        );
        let limit = i64::try_from(query.limit.min(CONVERSATIONS_MAX)).unwrap_or(i64::MAX);
        self.conversations_of(&sql, params![query.account_id.map(|id| id.0), limit])
    }

    /// How many conversations there are of those.
    pub fn conversation_count(&self, query: &ConversationQuery) -> Result<u64, StoreError> {
        let waits = if query.waiting { WAITS } else { "1" };
        let sql = format!(
            "SELECT count(*) FROM conversations c
             WHERE {THERE} AND {waits} AND (?1 IS NULL OR c.account_id = ?1)"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let account = query.account_id.map(|id| id.0);
        let count: i64 = statement.query_row([account], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Conversations that need the seller, by account.
    pub fn conversations_waiting(&self) -> Result<Vec<ConversationsWaiting>, StoreError> {
        // Each through an index of its own: of conversations that were read there may be many.
        let sql = format!(
            "SELECT account_id, count(*), min(last_at) FROM (
               SELECT c.id, c.account_id, c.last_at
                 FROM conversations c INDEXED BY conversations_unread
                 WHERE c.unread > 0 AND {THERE}
               UNION
               SELECT c.id, c.account_id, c.last_at
                 FROM messages m INDEXED BY messages_refused
                 JOIN conversations c ON c.id = m.conversation_row_id
                 WHERE m.state = 'refused' AND {THERE})
             GROUP BY account_id ORDER BY min(last_at)"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            waiting.push(ConversationsWaiting {
                account_id: AccountId(row.get(0)?),
                count: row.get::<_, i64>(1)?.unsigned_abs(),
                since: to_instant(row.get(2)?)?,
            });
        }
        Ok(waiting)
    }

    /// A conversation; none where there is none of this row.
    pub fn conversation(
        &self,
        id: ConversationRowId,
    ) -> Result<Option<StoredConversation>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM conversations c WHERE c.id = ?1 AND {THERE}");
        let mut found = self.conversations_of(&sql, [id.0])?;
        Ok(found.pop())
    }

    /// The conversations with the buyer of an order about what he bought, the last first.
    pub fn order_conversations(
        &self,
        id: OrderRowId,
    ) -> Result<Vec<StoredConversation>, StoreError> {
        let of_order = of_order(THERE);
        let sql = format!(
            "SELECT {COLUMNS} {of_order}
             ORDER BY c.last_at DESC, c.id DESC LIMIT {CONVERSATIONS_MAX}"
        );
        self.conversations_of(&sql, [id.0])
    }

    /// The newest messages of a conversation, the oldest of them first.
    pub fn messages(&self, id: ConversationRowId) -> Result<Vec<StoredMessage>, StoreError> {
        let sql = format!(
            "SELECT {MESSAGE} FROM messages m INDEXED BY messages_conversation
             WHERE m.conversation_row_id = ?1 ORDER BY m.at DESC, m.id DESC LIMIT {MESSAGES_MAX}"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        let mut messages = Vec::new();
        while let Some(row) = rows.next()? {
            messages.push(message(row)?);
        }
        messages.reverse();
        Ok(messages)
    }

    /// Conversations given to an account whose messages are still to be read, the newest first.
    pub fn conversations_behind(
        &self,
        read_by: AccountId,
        limit: usize,
    ) -> Result<Vec<(ConversationRowId, ConversationId)>, StoreError> {
        let sql = "SELECT id, conversation_id FROM conversations INDEXED BY conversations_behind
            WHERE read_by = ?1 AND behind = 1 ORDER BY last_at DESC LIMIT ?2";
        self.conversation_keys(sql, read_by, limit)
    }

    /// Conversations of an account of which the marketplace is to be told that they were read.
    pub fn conversations_untold(
        &self,
        account: AccountId,
        limit: usize,
    ) -> Result<Vec<(ConversationRowId, ConversationId)>, StoreError> {
        let sql = "SELECT id, conversation_id FROM conversations INDEXED BY conversations_untold
            WHERE account_id = ?1 AND read_untold = 1 ORDER BY id LIMIT ?2";
        self.conversation_keys(sql, account, limit)
    }

    fn conversation_keys(
        &self,
        sql: &str,
        account: AccountId,
        limit: usize,
    ) -> Result<Vec<(ConversationRowId, ConversationId)>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map((account.0, limit), |row| {
            Ok((ConversationRowId(row.get(0)?), ConversationId(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn conversations_of(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<StoredConversation>, StoreError> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(stored(row)?);
        }
        let mut conversations = Vec::with_capacity(found.len());
        for (mut one, last) in found {
            if let Some(last) = last {
                one.last = self.message_row(MessageRowId(last))?;
            }
            one.order = self.order_of(&one)?;
            conversations.push(one);
        }
        Ok(conversations)
    }

    pub(crate) fn message_row(
        &self,
        id: MessageRowId,
    ) -> Result<Option<StoredMessage>, StoreError> {
        let sql = format!("SELECT {MESSAGE} FROM messages m WHERE m.id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        rows.next()?.map(message).transpose()
    }

    /// The buyer's newest order of the listing that a conversation is about. A seller's orders may
    /// be kept by another account of his than his conversations.
    fn order_of(&self, one: &StoredConversation) -> Result<Option<ConversationOrder>, StoreError> {
        let conversation = &one.conversation;
        let (Some(listing), Some(buyer)) = (&conversation.listing_ref, &conversation.buyer) else {
            return Ok(None);
        };
        let sql = "SELECT o.id, o.account_id, o.order_id
            FROM order_lines l INDEXED BY order_lines_listing
            CROSS JOIN orders o ON o.id = l.order_row_id
            JOIN order_people p ON p.order_row_id = o.id
            JOIN accounts t ON t.id = o.account_id
            JOIN accounts own ON own.marketplace = t.marketplace AND own.endpoint = t.endpoint
            WHERE l.listing_ref = ?2 AND own.id = ?1
              AND lower(json_extract(p.buyer, '$.username')) = lower(?3)
            ORDER BY o.placed_at DESC, o.id DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_row((one.account_id.0, listing, buyer.expose()), |row| {
            Ok(ConversationOrder {
                id: OrderRowId(row.get(0)?),
                account_id: AccountId(row.get(1)?),
                order_id: row.get(2)?,
            })
        });
        Ok(found.optional()?)
    }
}

/// The conversations `c` with the buyer of order ?1 about what he bought, as a part of a query.
pub(crate) fn of_order(also: &str) -> String {
    format!(
        "FROM conversations c INDEXED BY conversations_listing
         WHERE c.listing_ref IN (SELECT listing_ref FROM order_lines
             WHERE order_row_id = ?1 AND listing_ref IS NOT NULL)
           AND c.account_id IN (SELECT t.id FROM orders o
             JOIN accounts own ON own.id = o.account_id
             JOIN accounts t ON t.marketplace = own.marketplace AND t.endpoint = own.endpoint
             WHERE o.id = ?1)
           AND lower(c.buyer) = (SELECT lower(json_extract(buyer, '$.username'))
             FROM order_people WHERE order_row_id = ?1)
           AND {also}"
    )
}

impl Writer<'_> {
    /// Keeps a conversation as the marketplace tells of it; one that another account of the seller
    /// has given is kept there, whichever reads it. Its messages are read afterwards where one of
    /// them is not here yet. Returns whether anything changed.
    pub fn put_conversation(
        &mut self,
        read_by: AccountId,
        told: &Conversation,
    ) -> Result<bool, StoreError> {
        let account_id = self.keeper_of_conversation(read_by, told)?;
        let last_at = instant(told.last_at.unwrap_or(self.now()));
        let values = params![
            account_id.0,
            told.id.0,
            told.buyer.as_ref().map(Words::expose),
            told.title.as_ref().map(Words::expose),
            told.listing_ref,
            told.unread,
            told.last_message.as_ref().map(|id| &id.0),
            last_at,
            read_by.0,
        ];
        let db = self.connection();
        // Words that were erased come back only with something that was written since. What the
        // seller has read here stays read until the marketplace has been told of it.
        let news = "(c.erased_at IS NULL OR excluded.last_at > c.erased_at)";
        let same = "excluded.last_message_id IS c.last_message_id";
        let sql = format!(
            "INSERT INTO conversations AS c (account_id, conversation_id, buyer, title,
               listing_ref, unread, last_message_id, last_at, read_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (account_id, conversation_id) DO UPDATE SET
               buyer = iif({news}, ifnull(excluded.buyer, c.buyer), c.buyer),
               title = iif({news}, ifnull(excluded.title, c.title), c.title),
               listing_ref = ifnull(excluded.listing_ref, c.listing_ref),
               unread = iif({same} AND (c.read_untold = 1 OR NOT {news}),
                 c.unread, excluded.unread),
               read_untold = iif({same}, c.read_untold, 0),
               behind = iif({news} AND NOT {same}, 1, c.behind),
               last_message_id = excluded.last_message_id,
               last_at = max(excluded.last_at, c.last_at), read_by = excluded.read_by
             WHERE c.last_message_id IS NOT excluded.last_message_id
               OR c.unread <> excluded.unread OR c.read_by <> excluded.read_by
               OR c.listing_ref IS NOT ifnull(excluded.listing_ref, c.listing_ref)"
        );
        Ok(db.prepare_cached(&sql)?.execute(values)? > 0)
    }

    /// Keeps messages of a conversation as the marketplace shows them, and that they were read.
    /// What was written before its words were erased is left out. Returns how many of the buyer's
    /// were not here before.
    pub fn put_messages(
        &mut self,
        id: ConversationRowId,
        messages: &[Message],
    ) -> Result<u32, StoreError> {
        let now = self.now();
        let db = self.connection();
        let sql = "SELECT ifnull(erased_at, -8640000000000000) FROM conversations WHERE id = ?1";
        let erased: Option<i64> = db
            .prepare_cached(sql)?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        let Some(erased) = erased else { return Ok(0) };
        let mut known = db.prepare_cached(
            "SELECT 1 FROM messages WHERE conversation_row_id = ?1 AND message_id = ?2",
        )?;
        let mut news = 0;
        let mut put = db.prepare_cached(
            "INSERT INTO messages (conversation_row_id, message_id, at, mine, body, seen, files,
               state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'there')
             ON CONFLICT (conversation_row_id, message_id) DO UPDATE SET at = excluded.at,
               mine = excluded.mine, body = excluded.body, seen = excluded.seen,
               files = excluded.files",
        )?;
        for one in messages {
            let at = instant(one.at.unwrap_or(now));
            if at <= erased {
                continue;
            }
            if !one.mine && !known.exists((id.0, &one.id.0))? {
                news += 1;
            }
            put.execute(params![
                id.0,
                one.id.0,
                at,
                one.mine,
                one.text.expose(),
                one.read,
                one.files,
            ])?;
        }
        // The list may tell of a message before its conversation shows it: for a day it is asked
        // for again.
        db.prepare_cached(
            "UPDATE conversations SET behind = last_message_id IS NOT NULL AND last_at > ?2
               AND last_at > ifnull(erased_at, last_at - 1)
               AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_row_id = ?1
                 AND m.message_id = conversations.last_message_id)
             WHERE id = ?1",
        )?
        .execute((id.0, instant(now - LATE_MAX)))?;
        Ok(news)
    }

    /// Leaves the messages of a conversation unread for good: the marketplace has it no more.
    pub fn give_up_conversation(&mut self, id: ConversationRowId) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET behind = 0, unread = 0, read_untold = 0 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Keeps that the seller has read a conversation here; the marketplace is told of it later.
    pub fn mark_conversation_read(&mut self, id: ConversationRowId) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET unread = 0, read_untold = 1
            WHERE id = ?1 AND unread > 0";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Takes a conversation that was read here for unread again: so many messages came since.
    pub fn note_written_since(
        &mut self,
        id: ConversationRowId,
        count: u32,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET unread = ?2, read_untold = 0 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute((id.0, count))?;
        Ok(())
    }

    /// Keeps that the marketplace was told that a conversation was read.
    pub fn note_read_told(&mut self, id: ConversationRowId) -> Result<(), StoreError> {
        let sql = "UPDATE conversations SET read_untold = 0 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Takes conversations given to an account for read that the marketplace, which told of all
    /// that are unread, did not name: the seller has read them there. Returns how many.
    pub fn note_read_elsewhere(
        &mut self,
        read_by: AccountId,
        unread: &BTreeSet<ConversationId>,
    ) -> Result<u64, StoreError> {
        let db = self.connection();
        let mut known = db.prepare_cached(
            "SELECT id, conversation_id FROM conversations WHERE read_by = ?1 AND unread > 0",
        )?;
        let rows = known.query_map([read_by.0], |row| {
            Ok((row.get::<_, i64>(0)?, ConversationId(row.get(1)?)))
        })?;
        let known: Vec<(i64, ConversationId)> = rows.collect::<Result<_, _>>()?;
        let mut mark = db.prepare_cached("UPDATE conversations SET unread = 0 WHERE id = ?1")?;
        let mut marked = 0;
        for (id, conversation) in known {
            if !unread.contains(&conversation) {
                mark.execute([id])?;
                marked += 1;
            }
        }
        Ok(marked)
    }

    /// The account that keeps a conversation: ids are the marketplace's own, and the same one there
    /// is the same conversation.
    fn keeper_of_conversation(
        &self,
        read_by: AccountId,
        told: &Conversation,
    ) -> Result<AccountId, StoreError> {
        let sql = "SELECT c.account_id FROM accounts own
            JOIN accounts t ON t.marketplace = own.marketplace AND t.endpoint = own.endpoint
              AND (t.id = own.id OR t.removed_at IS NULL)
            CROSS JOIN conversations c ON c.account_id = t.id AND c.conversation_id = ?2
            WHERE own.id = ?1 ORDER BY c.account_id = ?1 DESC, c.id LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let values = (read_by.0, &told.id.0);
        let kept: Option<i64> = statement.query_row(values, |row| row.get(0)).optional()?;
        Ok(kept.map_or(read_by, AccountId))
    }
}
