//! Messages of buyers: what they write is read after the orders, what the seller answers is sent
//! with a push.
//!
//! An answer is committed before it is sent. One of which nobody knows what became of it is looked
//! for in its conversation; only where it was looked for twice, with time between, and is not there
//! is it sent again.

use std::sync::Arc;

use barrow_market::{Adapter, Answered, Cursor, Error, ErrorKind, Messages, is_same_text};
use barrow_model::{
    Account, AccountId, ConversationId, ConversationRowId, Message, MessageId, MessageRowId,
    MessageState, Problem, ProblemKind, Words,
};
use barrow_store::{AnswerEnd, DueAnswer, ProblemAt, StoredMessage};
use chrono::{DateTime, Duration, Utc};

use crate::engine::Engine;
use crate::error::Result;
use crate::outbox::delay;
use crate::push::Tally;
use crate::stop::Stop;

/// The name under which it is kept how far messages have been read.
const STREAM: &str = "messages";
/// How far back the first reading goes: as far as the first download of orders.
const FIRST_DAYS: i64 = 90;
/// Pages of conversations of one run; the next goes on.
const PAGES_MAX: u32 = 40;
/// Conversations whose messages are read in one run, a call each; the next goes on.
const CONVERSATIONS_MAX: usize = 200;
/// Messages of a conversation that are read, the newest.
const MESSAGES_READ: usize = 100;
/// Answers of an account that are sent or looked for in one run.
const ANSWERS_MAX: usize = 100;
/// Conversations of which the marketplace is told in one run that they were read.
const TOLD_MAX: usize = 50;
/// When an answer of which nothing is known is first looked for.
const FIRST_LOOK: Duration = Duration::minutes(1);
/// When it is looked for again: what was written may not be shown at once.
const SECOND_LOOK: Duration = Duration::minutes(5);
/// How often its conversation is read without it before it is taken for not written.
const LOOKS_MIN: u32 = 2;
/// How long it is tried to look for it where its conversation cannot be read.
const LOOKED_FOR: Duration = Duration::days(3);
/// How often an answer is sent at most; after that a person must look.
const TRIES_MAX: u32 = 3;
/// By how much the marketplace's clock may be behind ours.
const CLOCKS_DIFFER: Duration = Duration::minutes(5);
/// How long an answer waits that a person must first make possible.
const PERSON_WAIT: Duration = Duration::minutes(15);

/// Whether the marketplace still answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Open,
    Silent,
}

impl Engine {
    /// Reads what was written since the last time, until it is stopped: between two calls.
    pub(crate) async fn pull_messages(
        &self,
        account: &Account,
        adapter: &Arc<dyn Adapter>,
        stop: &Stop,
    ) -> Result<()> {
        let Some(messages) = adapter.messages() else {
            return Ok(());
        };
        let read = tokio::select! {
            biased;
            () = stop.asked() => return Ok(()),
            read = self.read_messages(account.id, messages) => read?,
        };
        let at = ProblemAt::account(account.id, STREAM);
        match read {
            Ok(()) => self.store.write(|tx| tx.clear_problem(&at))?,
            Err(error) if needs_a_person(&error) => {
                let problem = error.to_problem();
                self.store.write(|tx| tx.raise_problem(&at, &problem))?;
            }
            // The next pull reads it again.
            Err(error) => tracing::warn!(error = %error, "messages are not read this time"),
        }
        Ok(())
    }

    /// The inner error is the marketplace's. Each step is stored before the next one is taken.
    async fn read_messages(
        &self,
        account: AccountId,
        messages: &dyn Messages,
    ) -> Result<barrow_market::Result<()>> {
        if let Err(error) = self.read_conversations(account, messages).await? {
            return Ok(Err(error));
        }
        match messages.unread().await {
            Ok(Some(unread)) => {
                self.store
                    .write(|tx| tx.note_read_elsewhere(account, &unread))?;
            }
            Ok(None) => {}
            Err(error) => return Ok(Err(error)),
        }
        let behind = self
            .store
            .read(|db| db.conversations_behind(account, CONVERSATIONS_MAX))?;
        for (row, id) in behind {
            match messages.messages(&id, MESSAGES_READ).await {
                Ok(found) => {
                    if found.unreadable > 0 {
                        tracing::warn!(count = found.unreadable, "messages that cannot be read");
                    }
                    let found = &found.messages;
                    self.store.write(|tx| tx.put_messages(row, found))?;
                }
                Err(error) if error.kind == ErrorKind::NotFound => {
                    self.store.write(|tx| tx.give_up_conversation(row))?;
                }
                // One that cannot be read stops no other; the next pull reads it again.
                Err(error) if concerns_one(&error) => {
                    tracing::warn!(error = %error, "a conversation is not read this time");
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }

    async fn read_conversations(
        &self,
        account: AccountId,
        messages: &dyn Messages,
    ) -> Result<barrow_market::Result<()>> {
        let stored = self.store.read(|db| db.cursor(account, STREAM))?;
        let begin = match stored {
            Some(stored) => Ok(Cursor(stored.cursor)),
            None => messages.start(self.now() - Duration::days(FIRST_DAYS)),
        };
        let mut cursor = match begin {
            Ok(cursor) => cursor,
            Err(error) => return Ok(Err(error)),
        };
        for _ in 0..PAGES_MAX {
            let page = match messages.read(&cursor).await {
                Ok(page) => page,
                Err(error) => return Ok(Err(error)),
            };
            let stuck = page.more && page.next == cursor;
            self.store.write(|tx| {
                for one in &page.conversations {
                    tx.put_conversation(account, one)?;
                }
                tx.set_cursor(account, STREAM, &page.next.0, None, page.more)
            })?;
            if page.unreadable > 0 {
                tracing::warn!(count = page.unreadable, "conversations that cannot be read");
            }
            if !page.more || stuck {
                break;
            }
            cursor = page.next;
        }
        Ok(Ok(()))
    }

    /// Queues an answer, or tells why it cannot be sent. The next push sends it, once.
    pub async fn answer_message(
        &self,
        conversation: ConversationRowId,
        text: &str,
    ) -> Result<std::result::Result<MessageRowId, Problem>> {
        let refused = |why: &str| Problem::new(ProblemKind::MessageRefused).param("why", why);
        let stored = self.store.read(|db| db.conversation(conversation))?;
        let Some(stored) = stored else {
            return Ok(Err(refused("gone")));
        };
        let longest = match self.answers_of(stored.account_id).await? {
            Ok(longest) => longest,
            Err(problem) => return Ok(Err(problem)),
        };
        let text = Words::new(text.trim());
        let length = text.chars();
        if length == 0 {
            return Ok(Err(refused("empty")));
        }
        if length > longest {
            let problem = Problem::new(ProblemKind::TextTooLong).field("text");
            let problem = problem.param("limit", longest).param("length", length);
            return Ok(Err(problem));
        }
        let queued = self.store.write(|tx| {
            let shown = tx.messages(conversation)?;
            // A second press of the same button.
            let is_again = |one: &StoredMessage| {
                let settled = matches!(one.state, MessageState::There | MessageState::Refused);
                !settled && one.text == text
            };
            if shown.iter().any(is_again) {
                return Ok(Err(refused("under_way")));
            }
            Ok(Ok(tx.queue_answer(conversation, &text)?))
        })?;
        Ok(queued)
    }

    /// How long an answer to buyers of an account may be; the problem where none can be given.
    pub async fn answers_of(
        &self,
        account: AccountId,
    ) -> Result<std::result::Result<usize, Problem>> {
        let account = self.store.read(|db| db.account(account))?;
        Ok(match self.accounts.adapter(&account).await {
            Err(error) => Err(error.to_problem()),
            Ok(adapter) => match adapter.messages() {
                Some(messages) => Ok(messages.text_chars_max()),
                None => Err(Problem::new(ProblemKind::Unsupported).param("feature", "messages")),
            },
        })
    }

    /// Sends the answers of an account that are due, one after the other, and tells what was read.
    pub(crate) async fn send_answers(
        &self,
        account: AccountId,
        adapter: &dyn Adapter,
        tally: &Tally,
    ) -> Result<()> {
        let Some(messages) = adapter.messages() else {
            return Ok(());
        };
        for _ in 0..ANSWERS_MAX {
            if tally.stop.is_asked_for(account) {
                return Ok(());
            }
            let now = self.now();
            let Some(due) = self.store.read(|db| db.answer_due(account, now))? else {
                return self.tell_what_was_read(account, messages).await;
            };
            let line = match due.state {
                MessageState::Unknown => self.look_for_answer(account, &due, messages, tally).await,
                _ => self.send_answer(account, &due, messages, tally).await,
            };
            if line? == Line::Silent {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn send_answer(
        &self,
        account: AccountId,
        due: &DueAnswer,
        messages: &dyn Messages,
        tally: &Tally,
    ) -> Result<Line> {
        // It may have been taken back a moment ago.
        if !self.store.write_durably(|tx| tx.begin_answer(due.id))? {
            return Ok(Line::Open);
        }
        self.faults.at("push.attempt_committed");
        let answered = messages.answer(&due.conversation_id, &due.text).await;
        self.faults.at("push.answered");
        let now = self.now();
        let (end, line) = match answered {
            Ok(Answered::There(message)) => {
                let (id, at) = (message.id, message.at);
                (AnswerEnd::There { id, at }, Line::Open)
            }
            // Whoever answers late may answer the next one late too, and listings wait meanwhile.
            Ok(Answered::Unknown) => (AnswerEnd::Unknown(now + FIRST_LOOK), Line::Silent),
            Ok(Answered::Refused(problem)) => (AnswerEnd::Refused(problem), Line::Open),
            Err(error) => self.not_sent(account, due, &error, tally)?,
        };
        self.settle(account, due, &end, tally)?;
        Ok(line)
    }

    /// What an error makes of an answer: nothing was written.
    fn not_sent(
        &self,
        account: AccountId,
        due: &DueAnswer,
        error: &Error,
        tally: &Tally,
    ) -> Result<(AnswerEnd, Line)> {
        let now = self.now();
        let again = |at: DateTime<Utc>| (AnswerEnd::Again(at.max(now)), Line::Silent);
        Ok(match error.kind {
            ErrorKind::Refused | ErrorKind::NotFound | ErrorKind::Unsupported => {
                (AnswerEnd::Refused(error.to_problem()), Line::Open)
            }
            ErrorKind::RateLimited
            | ErrorKind::Unreachable
            | ErrorKind::NoAnswer
            | ErrorKind::Unreadable
            | ErrorKind::MarketplaceDown => {
                let wait = now + delay(due.tries + 1);
                again(error.not_before.unwrap_or(wait))
            }
            ErrorKind::Config
            | ErrorKind::Unauthorized
            | ErrorKind::ConsentEnded
            | ErrorKind::Forbidden
            | ErrorKind::Tls => {
                let (at, problem) = (ProblemAt::account(account, STREAM), error.to_problem());
                self.store.write(|tx| tx.raise_problem(&at, &problem))?;
                tally.problem(account, problem);
                again(now + PERSON_WAIT)
            }
        })
    }

    /// Looks for an answer in its conversation, as it stands there now.
    async fn look_for_answer(
        &self,
        account: AccountId,
        due: &DueAnswer,
        messages: &dyn Messages,
        tally: &Tally,
    ) -> Result<Line> {
        let shown = messages.messages(&due.conversation_id, MESSAGES_READ).await;
        self.faults.at("look_up.answered");
        let now = self.now();
        let shown = match shown {
            Ok(shown) => shown,
            Err(error) if error.kind == ErrorKind::NotFound => {
                let problem = Problem::new(ProblemKind::MessageRefused).param("why", "gone");
                self.settle(account, due, &AnswerEnd::Refused(problem), tally)?;
                return Ok(Line::Open);
            }
            Err(error) => return self.not_looked(account, due, &error, tally),
        };
        // What was not read is no look.
        self.store.write(|tx| tx.note_answer_lookup(due.id))?;
        let looks = due.lookups + 1;
        let own = self.store.read(|db| db.own_answers(due.conversation))?;
        let since = due.sent_at.map(|at| at - CLOCKS_DIFFER);
        let is_it = |one: &&Message| {
            let recent = one.at.zip(since).is_none_or(|(at, since)| at >= since);
            recent && !own.contains(&one.id) && is_same_text(&due.text, &one.text)
        };
        let alike = || shown.messages.iter().filter(is_it);
        // The oldest: the same may have been written twice on purpose.
        let found = alike().filter(|one| one.mine).min_by_key(|one| one.at);
        let end = match found {
            Some(found) => there(&found.id, found.at),
            None if looks < LOOKS_MIN => AnswerEnd::Unknown(now + SECOND_LOOK),
            // It may be what could not be read, or stand there under a name that he had before.
            None if shown.unreadable > 0 || alike().next().is_some() => nobody_knows(),
            None if due.tries < TRIES_MAX => AnswerEnd::Again(now),
            None => nobody_knows(),
        };
        self.settle(account, due, &end, tally)?;
        Ok(Line::Open)
    }

    /// The conversation could not be read: it is tried again later, for some days.
    fn not_looked(
        &self,
        account: AccountId,
        due: &DueAnswer,
        error: &Error,
        tally: &Tally,
    ) -> Result<Line> {
        let now = self.now();
        let end = match due.sent_at {
            Some(at) if now - at > LOOKED_FOR => nobody_knows(),
            _ => AnswerEnd::Unknown(error.not_before.unwrap_or(now + SECOND_LOOK).max(now)),
        };
        self.settle(account, due, &end, tally)?;
        Ok(match concerns_one(error) {
            true => Line::Open,
            false => Line::Silent,
        })
    }

    fn settle(
        &self,
        account: AccountId,
        due: &DueAnswer,
        end: &AnswerEnd,
        tally: &Tally,
    ) -> Result<()> {
        self.store.write(|tx| tx.settle_answer(due.id, end))?;
        self.faults.at("push.outcomes_stored");
        match end {
            AnswerEnd::There { .. } => {
                let at = ProblemAt::account(account, STREAM);
                self.store.write(|tx| tx.clear_problem(&at))?;
                tally.done();
            }
            AnswerEnd::Refused(problem) => tally.problem(account, problem.clone()),
            AnswerEnd::Again(_) | AnswerEnd::Unknown(_) => {}
        }
        Ok(())
    }

    /// Tells the marketplace which conversations the seller has read here. Harmless to repeat.
    async fn tell_what_was_read(&self, account: AccountId, messages: &dyn Messages) -> Result<()> {
        let untold = self
            .store
            .read(|db| db.conversations_untold(account, TOLD_MAX))?;
        for (row, id) in untold {
            match self.tell_read(row, &id, messages).await? {
                Ok(()) => self.store.write(|tx| tx.note_read_told(row))?,
                // What is not taken today is not taken tomorrow.
                Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Refused) => {
                    self.store.write(|tx| tx.note_read_told(row))?;
                }
                // It stays read here, and the next push tells it.
                Err(error) => {
                    tracing::warn!(error = %error, "what was read is not told this time");
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Tells that one conversation was read, unless the buyer has written something since that the
    /// seller cannot have seen here.
    async fn tell_read(
        &self,
        row: ConversationRowId,
        id: &ConversationId,
        messages: &dyn Messages,
    ) -> Result<barrow_market::Result<()>> {
        let shown = match messages.messages(id, MESSAGES_READ).await {
            Ok(shown) => shown,
            Err(error) => return Ok(Err(error)),
        };
        let news = self.store.write(|tx| {
            let news = tx.put_messages(row, &shown.messages)?;
            if news > 0 {
                tx.note_written_since(row, news)?;
            }
            Ok(news)
        })?;
        if news > 0 {
            return Ok(Ok(()));
        }
        Ok(messages.mark_read(id).await)
    }
}

fn there(id: &MessageId, at: Option<DateTime<Utc>>) -> AnswerEnd {
    AnswerEnd::There { id: id.clone(), at }
}

/// It may stand there or not: the seller must look before he writes it again.
fn nobody_knows() -> AnswerEnd {
    let problem = Problem::new(ProblemKind::MessageRefused);
    AnswerEnd::Refused(problem.param("why", "unknown"))
}

/// Whether what went wrong says nothing of other conversations.
fn concerns_one(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Refused | ErrorKind::Unreadable)
}

/// Whether what went wrong stays until somebody mends it. What passes by itself would come and go
/// on Home.
fn needs_a_person(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Forbidden | ErrorKind::Refused)
}
