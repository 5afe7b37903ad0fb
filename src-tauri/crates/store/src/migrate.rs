//! Brings a file to the schema of this program, step by step and never back.

use barrow_model::Random;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;

/// "BARW": tells a catalogue from other SQLite files.
const APPLICATION_ID: i32 = 0x4241_5257;

/// The steps, in order; a file's `user_version` is how many of them it has. A step that has been
/// released is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_catalogue.sql"),
    include_str!("../migrations/0002_listings.sql"),
    include_str!("../migrations/0003_orders.sql"),
    include_str!("../migrations/0004_profiles.sql"),
    include_str!("../migrations/0005_window.sql"),
    include_str!("../migrations/0005_fulfilment.sql"),
    include_str!("../migrations/0006_home.sql"),
    include_str!("../migrations/0007_limits.sql"),
    include_str!("../migrations/0008_pull.sql"),
    include_str!("../migrations/0009_profile_form.sql"),
    include_str!("../migrations/0010_cases.sql"),
    include_str!("../migrations/0011_fees.sql"),
    include_str!("../migrations/0012_pictures.sql"),
    include_str!("../migrations/0013_whole.sql"),
    include_str!("../migrations/0015_line_options.sql"),
    include_str!("../migrations/0016_lowered.sql"),
    include_str!("../migrations/0017_messages.sql"),
    include_str!("../migrations/0018_content_there.sql"),
    include_str!("../migrations/0019_order_numbers.sql"),
    include_str!("../migrations/0020_notes.sql"),
];

/// The oldest program that reads a file of this program correctly. Raised only by a step that an
/// older program would misread; columns and tables that it merely does not know are no reason.
const MIN_READER_VERSION: u32 = 1;

/// The newest version of the file that this program knows.
fn known_version() -> u32 {
    // A handful of files.
    MIGRATIONS.len() as u32
}

/// Refuses files of others and of newer programs, before anything is written to them. Returns
/// whether steps are missing.
pub(crate) fn check(connection: &Connection) -> Result<bool, StoreError> {
    let application_id: i32 = pragma(connection, "application_id")?;
    let found: u32 = pragma(connection, "user_version")?;
    if application_id != APPLICATION_ID {
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if application_id == 0 && found == 0 && tables == 0 {
            return Ok(true);
        }
        return Err(StoreError::NotACatalogue);
    }
    let known = known_version();
    if found > known {
        let needed: u32 =
            connection.query_row("SELECT min_reader_version FROM meta", [], |row| row.get(0))?;
        if needed > known {
            return Err(StoreError::NewerVersion { found, known });
        }
    }
    Ok(found < known)
}

/// Takes the missing steps in one transaction. Another process may have taken them meanwhile.
pub(crate) fn migrate(connection: &mut Connection, random: &dyn Random) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !check(&tx)? {
        return Ok(());
    }
    let found: u32 = pragma(&tx, "user_version")?;
    for step in MIGRATIONS.iter().skip(found as usize) {
        tx.execute_batch(step)?;
    }
    let catalogue_id = format!("{:016x}{:016x}", random.next_u64(), random.next_u64());
    tx.execute(
        "INSERT INTO meta (id, catalogue_id, min_reader_version) VALUES (1, ?1, ?2)
         ON CONFLICT DO UPDATE
           SET min_reader_version = max(min_reader_version, excluded.min_reader_version)",
        (catalogue_id, MIN_READER_VERSION),
    )?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", known_version())?;
    tx.commit()?;
    Ok(())
}

fn pragma<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<T, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{MIGRATIONS, check, migrate};
    use crate::error::StoreError;
    use crate::store::tests::Dice;

    fn fresh() -> Connection {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection, &Dice).expect("migrates");
        connection
    }

    /// Everything but what SQLite makes by itself: its own tables and those behind the search.
    fn schema(connection: &Connection) -> String {
        let mut rows = connection
            .prepare(
                "SELECT sql FROM sqlite_schema
                 WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                   AND name NOT LIKE 'search\\_%' ESCAPE '\\'
                   AND name NOT LIKE 'order\\_search\\_%' ESCAPE '\\'
                 ORDER BY rowid",
            )
            .expect("prepares");
        let statements: Vec<String> = rows
            .query_map([], |row| row.get(0))
            .expect("queries")
            .collect::<Result<_, _>>()
            .expect("reads");
        let mut text = String::from("-- Made from migrations/; BARROW_BLESS=1 writes it anew.\n");
        for statement in statements {
            text.push('\n');
            text.push_str(&statement);
            text.push_str(";\n");
        }
        text
    }

    #[test]
    fn schema_sql_is_what_the_migrations_make() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql");
        let made = schema(&fresh());
        if std::env::var_os("BARROW_BLESS").is_some() {
            std::fs::write(path, &made).expect("writes");
        }
        let committed = std::fs::read_to_string(path).expect("schema.sql");
        assert_eq!(committed.replace("\r\n", "\n"), made);
    }

    #[test]
    fn a_second_migration_does_nothing() {
        let mut connection = fresh();
        assert!(!check(&connection).expect("checks"));
        migrate(&mut connection, &Dice).expect("migrates");
        let rows: i64 = connection
            .query_row("SELECT count(*) FROM meta", [], |row| row.get(0))
            .expect("counts");
        assert_eq!(rows, 1);
    }

    #[test]
    fn a_newer_file_is_refused_only_when_it_must_be() {
        let connection = fresh();
        let newer = MIGRATIONS.len() as u32 + 3;
        connection
            .pragma_update(None, "user_version", newer)
            .expect("sets");
        assert!(!check(&connection).expect("still readable"));
        connection
            .execute("UPDATE meta SET min_reader_version = ?1", [newer])
            .expect("updates");
        match check(&connection) {
            Err(StoreError::NewerVersion { found, known }) => {
                assert_eq!((found, known), (newer, MIGRATIONS.len() as u32));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn someone_elses_database_is_left_alone() {
        let connection = Connection::open_in_memory().expect("memory");
        connection
            .execute_batch("CREATE TABLE recipes (name TEXT)")
            .expect("creates");
        assert!(matches!(check(&connection), Err(StoreError::NotACatalogue)));
    }
}
