//! Answers to buyers that are on their way. Each waits, is committed before it is sent, and is
//! looked for in its conversation where nobody knows what became of it.

use std::collections::BTreeSet;

use barrow_model::{
    AccountId, ConversationId, ConversationRowId, MessageId, MessageRowId, MessageState, Problem,
    Words,
};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::message::OPEN;
use crate::sql::{instant, json, to_code, to_instant_opt};
use crate::store::{Reader, Writer};

/// An answer that is due to be sent or looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueAnswer {
    /// Its row.
    pub id: MessageRowId,
    /// Its conversation.
    pub conversation: ConversationRowId,
    /// The marketplace's id of that.
    pub conversation_id: ConversationId,
    /// What it says.
    pub text: Words,
    /// Where it stands: it waits, or nobody knows what became of it.
    pub state: MessageState,
    /// When it was first sent; none before.
    pub sent_at: Option<DateTime<Utc>>,
    /// How often it was sent.
    pub tries: u32,
    /// How often it was looked for since it was last sent.
    pub lookups: u32,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerEnd {
    /// The marketplace shows it.
    There {
        /// Under this id.
        id: MessageId,
        /// Written then, where that is told.
        at: Option<DateTime<Utc>>,
    },
    /// Nothing was written: it is sent again then.
    Again(DateTime<Utc>),
    /// Nobody knows: it is looked for then.
    Unknown(DateTime<Utc>),
    /// It was not taken, and waits for the seller.
    Refused(Problem),
}

/// How many answers of an account are on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerCounts {
    /// Wait to be sent.
    pub waiting: u64,
    /// Were sent, and nobody knows what became of them.
    pub unknown: u64,
}

impl Reader<'_> {
    /// The first answer of an account that is due: those of which nobody knows what became of them
    /// before those that wait, and of a conversation no later one before an earlier one is settled.
    pub fn answer_due(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Option<DueAnswer>, StoreError> {
        let sql = format!(
            "SELECT m.id, c.id, c.conversation_id, m.body, m.state, m.sent_at, m.tries, m.lookups
             FROM messages m INDEXED BY messages_open
             JOIN conversations c ON c.id = m.conversation_row_id
             WHERE m.state IN {OPEN} AND m.state <> 'sending' AND m.due_at <= ?2
               AND c.account_id = ?1
               AND NOT EXISTS (SELECT 1 FROM messages e
                 WHERE e.conversation_row_id = m.conversation_row_id AND e.id < m.id
                   AND e.state IN {OPEN})
             ORDER BY m.state <> 'unknown', m.due_at, m.id LIMIT 1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query((account.0, instant(now)))?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(DueAnswer {
            id: MessageRowId(row.get(0)?),
            conversation: ConversationRowId(row.get(1)?),
            conversation_id: ConversationId(row.get(2)?),
            text: Words::new(row.get::<_, String>(3)?),
            state: to_code(&row.get::<_, String>(4)?)?,
            sent_at: to_instant_opt(row.get(5)?)?,
            tries: row.get(6)?,
            lookups: row.get(7)?,
        }))
    }

    /// When an answer of an account is due next, after an instant.
    pub fn next_answer_due(
        &self,
        account: AccountId,
        after: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = format!(
            "SELECT min(m.due_at) FROM messages m INDEXED BY messages_open
             JOIN conversations c ON c.id = m.conversation_row_id
             WHERE m.state IN {OPEN} AND c.account_id = ?1 AND m.due_at > ?2"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        to_instant_opt(statement.query_row((account.0, instant(after)), |row| row.get(0))?)
    }

    /// How many answers of an account are on their way.
    pub fn answer_counts(&self, account: AccountId) -> Result<AnswerCounts, StoreError> {
        let sql = format!(
            "SELECT ifnull(sum(m.state = 'waiting'), 0), ifnull(sum(m.state <> 'waiting'), 0)
             FROM messages m INDEXED BY messages_open
             JOIN conversations c ON c.id = m.conversation_row_id
             WHERE m.state IN {OPEN} AND c.account_id = ?1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let (waiting, unknown): (i64, i64) =
            statement.query_row([account.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(AnswerCounts {
            waiting: waiting.unsigned_abs(),
            unknown: unknown.unsigned_abs(),
        })
    }

    /// The marketplace's ids of the answers in a conversation that were written here: none of them
    /// is another one.
    pub fn own_answers(
        &self,
        conversation: ConversationRowId,
    ) -> Result<BTreeSet<MessageId>, StoreError> {
        let sql = "SELECT message_id FROM messages INDEXED BY messages_conversation
            WHERE conversation_row_id = ?1 AND own = 1 AND message_id IS NOT NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([conversation.0], |row| row.get(0).map(MessageId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The conversation of a message; none where there is none of this row.
    pub fn conversation_of(
        &self,
        message: MessageRowId,
    ) -> Result<Option<ConversationRowId>, StoreError> {
        let sql = "SELECT conversation_row_id FROM messages WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_row([message.0], |row| row.get(0));
        Ok(found.optional()?.map(ConversationRowId))
    }
}

impl Writer<'_> {
    /// Puts an answer among those that wait. Who answers has read what he answers.
    pub fn queue_answer(
        &mut self,
        conversation: ConversationRowId,
        text: &Words,
    ) -> Result<MessageRowId, StoreError> {
        let now = instant(self.now());
        self.mark_conversation_read(conversation)?;
        let db = self.connection();
        db.prepare_cached(
            "INSERT INTO messages (conversation_row_id, at, mine, own, body, state, due_at)
             VALUES (?1, ?2, 1, 1, ?3, 'waiting', ?2)",
        )?
        .execute((conversation.0, now, text.expose()))?;
        Ok(MessageRowId(db.last_insert_rowid()))
    }

    /// Takes an answer back that waits to be sent, or that was refused. Returns whether it was one.
    pub fn take_back_answer(&mut self, id: MessageRowId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM messages WHERE id = ?1
            AND state IN ('refused', 'waiting')";
        Ok(self.connection().prepare_cached(sql)?.execute([id.0])? > 0)
    }

    /// Keeps that an answer is being sent, before it is. Returns whether it still waits.
    pub fn begin_answer(&mut self, id: MessageRowId) -> Result<bool, StoreError> {
        let now = instant(self.now());
        let sql = "UPDATE messages SET state = 'sending', sent_at = ifnull(sent_at, ?2),
              tries = tries + 1, lookups = 0
            WHERE id = ?1 AND state = 'waiting'";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.execute((id.0, now))? > 0)
    }

    /// Keeps what became of an answer that was sent or looked for.
    pub fn settle_answer(&mut self, id: MessageRowId, end: &AnswerEnd) -> Result<(), StoreError> {
        let db = self.connection();
        match end {
            AnswerEnd::There { id: told, at } => {
                // A pull may have read it meanwhile, not knowing whose it is.
                db.prepare_cached(
                    "DELETE FROM messages WHERE message_id = ?2 AND id <> ?1
                       AND conversation_row_id =
                         (SELECT conversation_row_id FROM messages WHERE id = ?1)",
                )?
                .execute((id.0, &told.0))?;
                db.prepare_cached(
                    "UPDATE messages SET state = 'there', message_id = ?2, at = ifnull(?3, at),
                       due_at = NULL, problem = NULL WHERE id = ?1",
                )?
                .execute((id.0, &told.0, at.map(instant)))?;
            }
            AnswerEnd::Again(due) => self.put_off_answer(id, MessageState::Waiting, *due)?,
            AnswerEnd::Unknown(due) => self.put_off_answer(id, MessageState::Unknown, *due)?,
            AnswerEnd::Refused(problem) => {
                db.prepare_cached(
                    "UPDATE messages SET state = 'refused', due_at = NULL, problem = ?2
                     WHERE id = ?1",
                )?
                .execute((id.0, json(problem)?))?;
            }
        }
        Ok(())
    }

    fn put_off_answer(
        &mut self,
        id: MessageRowId,
        state: MessageState,
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE messages SET state = ?2, due_at = ?3 WHERE id = ?1";
        let values = params![id.0, state.code(), instant(due)];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Keeps that an answer was looked for once more.
    pub fn note_answer_lookup(&mut self, id: MessageRowId) -> Result<(), StoreError> {
        let sql = "UPDATE messages SET lookups = lookups + 1 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Makes what was being sent when the program ended unknown, so that it is looked for before it
    /// is sent again. Returns how many there were.
    pub(crate) fn recover_answers(&mut self) -> Result<u64, StoreError> {
        let now = instant(self.now());
        // The second condition is that of the index: what is settled is not read.
        let sql = format!(
            "UPDATE messages SET state = 'unknown', due_at = ?1
             WHERE state = 'sending' AND state IN {OPEN}"
        );
        let recovered = self.connection().prepare_cached(&sql)?.execute([now])?;
        Ok(recovered as u64)
    }
}
