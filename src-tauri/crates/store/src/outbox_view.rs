//! The outbox as a whole: how much of what is where.

use barrow_model::{AccountId, ActionKind, ChangeState};
use chrono::{DateTime, Utc};

use crate::error::StoreError;
use crate::outbox::to_kind;
use crate::sql::{to_code, to_instant_opt};
use crate::store::Reader;

/// Changes of an account of one kind that are in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxCount {
    /// Where.
    pub account_id: AccountId,
    /// What they do.
    pub kind: ActionKind,
    /// Where they are.
    pub state: ChangeState,
    /// Their place in the queue: tells quantities that go down from those that go up.
    pub priority: i64,
    /// How many.
    pub count: u64,
    /// When the first of them is due.
    pub due_at: Option<DateTime<Utc>>,
}

impl Reader<'_> {
    /// How many changes of each kind wait, are held, or are on their way.
    pub fn outbox(&self) -> Result<Vec<OutboxCount>, StoreError> {
        // Each through the index of its state: what was done long ago is not read.
        let mut counts = Vec::new();
        for (index, states) in [
            ("changes_next", "'waiting'"),
            ("changes_held", "'held'"),
            ("changes_asked", "'in_flight', 'accepted', 'unknown'"),
        ] {
            let state = match states.contains(',') {
                true => format!("state IN ({states})"),
                false => format!("state = {states}"),
            };
            let sql = format!(
                "SELECT account_id, kind, state, priority, count(*), min(due_at)
                 FROM changes INDEXED BY {index} WHERE {state}
                 GROUP BY account_id, kind, state, priority"
            );
            let mut statement = self.connection().prepare_cached(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                counts.push(OutboxCount {
                    account_id: AccountId(row.get(0)?),
                    kind: to_kind(&row.get::<_, String>(1)?)?,
                    state: to_code(&row.get::<_, String>(2)?)?,
                    priority: row.get(3)?,
                    count: row.get::<_, i64>(4)?.unsigned_abs(),
                    due_at: to_instant_opt(row.get(5)?)?,
                });
            }
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use crate::store::tests::memory;
    use crate::view::tests::plan;

    #[test]
    fn what_is_under_way_is_counted_from_its_own_indexes() {
        let store = memory();
        assert_eq!(store.read(|db| db.outbox()).expect("counts"), []);
        let held = "SELECT count(*) FROM changes WHERE state = 'held'";
        assert!(plan(&store, held, 0).contains("changes_held"));
        assert_eq!(store.read(|db| db.held_groups(None)).expect("groups"), []);
    }
}
