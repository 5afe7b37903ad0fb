//! How what was written with buyers is erased: with the people of an order, or when it is old.

use barrow_model::{AccountId, ConversationRowId, OrderRowId};
use chrono::Duration;

use crate::error::StoreError;
use crate::message::{OPEN, of_order};
use crate::sql::instant;
use crate::store::Writer;

impl Writer<'_> {
    /// Erases the words of conversations in which nothing was written for longer than a marketplace
    /// lets people be kept. Returns how many there were, at most a thousand in one go.
    pub fn erase_old_conversations(
        &mut self,
        account: AccountId,
        kept: Duration,
    ) -> Result<usize, StoreError> {
        let latest = instant(self.now() - kept);
        let sql = format!(
            "SELECT c.id FROM conversations c WHERE c.account_id = ?1 AND c.last_at < ?2
               AND c.erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM messages m
                 WHERE m.conversation_row_id = c.id AND m.state IN {OPEN})
             LIMIT 1000"
        );
        let old = {
            let mut statement = self.connection().prepare_cached(&sql)?;
            let rows = statement.query_map((account.0, latest), |row| row.get(0))?;
            rows.collect::<Result<Vec<i64>, _>>()?
        };
        for id in &old {
            self.erase_conversation(ConversationRowId(*id))?;
        }
        Ok(old.len())
    }

    /// Erases the words of the conversations with an order's buyer about what he bought. Called
    /// before his name is erased, by which they are known.
    pub(crate) fn erase_words_of(&mut self, id: OrderRowId) -> Result<(), StoreError> {
        let sql = format!("SELECT c.id {}", of_order("1"));
        let found = {
            let mut statement = self.connection().prepare_cached(&sql)?;
            let rows = statement.query_map([id.0], |row| row.get(0))?;
            rows.collect::<Result<Vec<i64>, _>>()?
        };
        for id in found {
            self.erase_conversation(ConversationRowId(id))?;
        }
        Ok(())
    }

    fn erase_conversation(&mut self, id: ConversationRowId) -> Result<(), StoreError> {
        let now = instant(self.now());
        let db = self.connection();
        db.prepare_cached(
            "UPDATE conversations SET buyer = NULL, title = NULL, unread = 0, behind = 0,
               erased_at = ?2 WHERE id = ?1",
        )?
        .execute((id.0, now))?;
        // An answer that still waits is not sent any more.
        db.prepare_cached("DELETE FROM messages WHERE conversation_row_id = ?1")?
            .execute([id.0])?;
        Ok(())
    }
}
