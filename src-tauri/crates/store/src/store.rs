//! Opening the file, reading and writing it.
//!
//! One connection writes, up to [`READERS_MAX`] read beside it. Several processes may have the
//! same file open: SQLite's locks keep them apart, and a lock is waited for.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use barrow_model::{Clock, Random, Secret};
use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::StoreError;
use crate::migrate;
use crate::view::Views;

/// Connections that read at the same time; more would only compete for two or four cores.
const READERS_MAX: usize = 4;

/// How long another process's lock is waited for. An import of a million rows holds the writer
/// for less.
const BUSY_SECONDS_MAX: u64 = 60;

/// Prepared statements that a connection keeps.
const STATEMENTS_MAX: usize = 256;

/// Page cache of a connection in KiB.
pub(crate) const WRITER_CACHE_KIB: i64 = 16 * 1024;
const READER_CACHE_KIB: i64 = 8 * 1024;

/// How a catalogue is opened.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Tells the time of writes.
    pub clock: Arc<dyn Clock>,
    /// Names a new catalogue.
    pub random: Arc<dyn Random>,
    /// Encrypts the file. Refused by this build, which has no cipher.
    pub key: Option<Secret>,
    /// Pages that the file may have at most, for tests of a full disk.
    pub page_limit: Option<u32>,
}

/// An open catalogue. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    /// None in memory.
    pub(crate) path: Option<PathBuf>,
    pub(crate) clock: Arc<dyn Clock>,
    writer: Mutex<Connection>,
    readers: Readers,
    /// Only asked for `data_version`, which is counted per connection.
    watch: Mutex<Option<Connection>>,
    /// Lists that were asked for.
    pub(crate) views: Views,
}

/// Connections that are free, and how many there are in all.
#[derive(Debug)]
struct Readers {
    free: Mutex<(Vec<Connection>, usize)>,
    returned: Condvar,
}

impl Store {
    /// Opens the catalogue of a file, makes it if the file is not there, and brings it to the
    /// schema of this program.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Self, StoreError> {
        if options.key.is_some() {
            return Err(StoreError::KeyUnsupported);
        }
        let mut writer = connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )?;
        let steps_missing = migrate::check(&writer)?;
        if writer.is_readonly("main")? {
            return Err(StoreError::ReadOnly);
        }
        writer.pragma_update(None, "journal_mode", "WAL")?;
        prepare_writer(&writer, options.page_limit)?;
        if steps_missing {
            migrate::migrate(&mut writer, options.random.as_ref())?;
        }
        let watch = connect_reader(path)?;
        let store = Self::assemble(Some(path.to_owned()), &options, writer, Some(watch));
        store.remove_abandoned_stagings();
        Ok(store)
    }

    /// Whether the file is encrypted. This build keeps catalogues in the clear: a key is refused.
    pub fn is_encrypted(&self) -> bool {
        false
    }

    /// Opens a new catalogue that is gone when it is closed. Everything runs on one connection:
    /// a read inside a write's closure must use the closure's own writer.
    pub fn open_in_memory(options: OpenOptions) -> Result<Self, StoreError> {
        if options.key.is_some() {
            return Err(StoreError::KeyUnsupported);
        }
        let mut writer = Connection::open_in_memory()?;
        prepare(&writer)?;
        prepare_writer(&writer, options.page_limit)?;
        migrate::migrate(&mut writer, options.random.as_ref())?;
        Ok(Self::assemble(None, &options, writer, None))
    }

    fn assemble(
        path: Option<PathBuf>,
        options: &OpenOptions,
        writer: Connection,
        watch: Option<Connection>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                path,
                clock: options.clock.clone(),
                writer: Mutex::new(writer),
                readers: Readers {
                    free: Mutex::new((Vec::new(), 0)),
                    returned: Condvar::new(),
                },
                watch: Mutex::new(watch),
                views: Views::default(),
            }),
        }
    }

    /// Reads a consistent view of the catalogue.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Some(path) = &self.shared.path else {
            let connection = self.writer();
            return work(&Reader {
                connection: &connection,
            });
        };
        let lent = self.shared.readers.take(path)?;
        read_on(&lent, work)
    }

    /// Writes in one transaction: kept if the closure returns `Ok`, gone if it returns `Err`.
    /// Power loss may undo the last ones, never damage or half-do one.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.writer();
        self.write_on(&mut connection, work)
    }

    /// Like [`Store::write`], and on the disk before it returns, power loss included.
    pub fn write_durably<T>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.writer();
        connection.pragma_update(None, "synchronous", "FULL")?;
        let result = self.write_on(&mut connection, work);
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        result
    }

    /// A number that differs whenever anyone, in this process or another, has written since.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        let watch = lock(&self.shared.watch);
        match watch.as_ref() {
            Some(connection) => {
                Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
            }
            // SQLite counts rows in 64 bits.
            None => Ok(self.writer().total_changes() as i64),
        }
    }

    /// A number that differs whenever another process has written since; none while this one is
    /// writing.
    pub fn others_version(&self) -> Result<Option<i64>, StoreError> {
        // The connection that writes for this process does not count its own writes.
        let connection = match self.shared.writer.try_lock() {
            Ok(connection) => connection,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(None),
        };
        Ok(Some(connection.pragma_query_value(
            None,
            "data_version",
            |row| row.get(0),
        )?))
    }

    /// The writing connection, waited for.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.shared.writer)
    }

    pub(crate) fn write_on<T>(
        &self,
        connection: &mut Connection,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut writer = Writer {
            reader: Reader { connection: &tx },
            now: self.shared.clock.now(),
        };
        let value = work(&mut writer)?;
        tx.commit()?;
        Ok(value)
    }
}

/// A view that cannot write. The tables' files add their reads here.
#[derive(Debug)]
pub struct Reader<'c> {
    connection: &'c Connection,
}

impl<'c> Reader<'c> {
    /// The connection, for the tables' own SQL.
    pub(crate) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The name of this catalogue, made with it: tells its secrets from those of others.
    pub fn catalogue_id(&self) -> Result<String, StoreError> {
        Ok(self
            .connection
            .query_row("SELECT catalogue_id FROM meta", [], |row| row.get(0))?)
    }
}

/// One transaction. The tables' files add their writes here; reads see what it has written.
#[derive(Debug)]
pub struct Writer<'c> {
    reader: Reader<'c>,
    now: DateTime<Utc>,
}

impl Writer<'_> {
    /// When the transaction began; the time of everything that it writes.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

/// A connection that goes back to the others when dropped, also by a panic.
struct Lent<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Deref for Lent<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        // It is taken out by `drop` alone.
        self.connection
            .as_ref()
            .expect("a lent connection is there")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        lock(&self.readers.free).0.extend(self.connection.take());
        self.readers.returned.notify_one();
    }
}

impl Readers {
    fn take(&self, path: &Path) -> Result<Lent<'_>, StoreError> {
        let lend = |connection| Lent {
            readers: self,
            connection: Some(connection),
        };
        let mut state = lock(&self.free);
        loop {
            if let Some(connection) = state.0.pop() {
                return Ok(lend(connection));
            }
            if state.1 < READERS_MAX {
                let connection = connect_reader(path)?;
                state.1 += 1;
                return Ok(lend(connection));
            }
            state = self
                .returned
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn read_on<T>(
    connection: &Connection,
    work: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
    let value = work(&Reader { connection: &tx })?;
    tx.commit()?;
    Ok(value)
}

/// A panic while holding the lock has rolled its transaction back, so the connection is usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| match StoreError::from(error) {
            StoreError::CannotOpen { .. } => StoreError::CannotOpen {
                path: path.display().to_string(),
            },
            other => other,
        })?;
    prepare(&connection)?;
    Ok(connection)
}

fn connect_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS_MAX))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Otherwise each new value of a parameter has its statement planned anew, which takes ten
    // times as long as running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn prepare_writer(connection: &Connection, page_limit: Option<u32>) -> Result<(), StoreError> {
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    if let Some(pages) = page_limit {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use barrow_model::{Clock, Random, Secret};
    use chrono::{DateTime, Utc};

    use super::{OpenOptions, Store};
    use crate::error::StoreError;

    /// A clock that stands still at a day of November 2026.
    #[derive(Debug)]
    pub(crate) struct Still;

    impl Clock for Still {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(1_795_305_600, 0).expect("an instant")
        }
    }

    #[derive(Debug)]
    pub(crate) struct Dice;

    impl Random for Dice {
        fn next_u64(&self) -> u64 {
            4
        }
    }

    pub(crate) fn options() -> OpenOptions {
        OpenOptions {
            clock: Arc::new(Still),
            random: Arc::new(Dice),
            key: None,
            page_limit: None,
        }
    }

    /// An empty catalogue in memory.
    pub(crate) fn memory() -> Store {
        Store::open_in_memory(options()).expect("opens")
    }

    fn open(path: &Path) -> Store {
        Store::open(path, options()).expect("opens")
    }

    fn add_location(store: &Store, name: &str) -> Result<(), StoreError> {
        store.write(|tx| {
            tx.connection().execute(
                "INSERT INTO locations (name, is_default) VALUES (?1, 0)",
                [name],
            )?;
            Ok(())
        })
    }

    fn locations(store: &Store) -> i64 {
        store
            .read(|db| {
                let sql = "SELECT count(*) FROM locations";
                Ok(db.connection().query_row(sql, [], |row| row.get(0))?)
            })
            .expect("reads")
    }

    #[test]
    fn whole_or_not_at_all_a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        for store in [memory(), open(&folder.path().join("a.barrow"))] {
            add_location(&store, "garage").expect("writes");
            let failed: Result<(), StoreError> = store.write(|tx| {
                tx.connection().execute(
                    "INSERT INTO locations (name, is_default) VALUES ('x', 0)",
                    [],
                )?;
                Err(StoreError::not_found("sku", "A"))
            });
            assert!(matches!(failed, Err(StoreError::NotFound { .. })));
            assert_eq!(locations(&store), 2);
        }
    }

    #[test]
    fn readers_cannot_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open(&folder.path().join("a.barrow"));
        let written = store.read(|db| Ok(db.connection().execute("DELETE FROM meta", [])?));
        assert!(matches!(written, Err(StoreError::ReadOnly)), "{written:?}");
    }

    #[test]
    fn what_others_write_is_noticed_and_reopened() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.barrow");
        let (window, command) = (open(&path), open(&path));
        let before = window.data_version().expect("a version");
        assert_eq!(window.data_version().expect("a version"), before);
        add_location(&command, "garage").expect("writes");
        assert_ne!(window.data_version().expect("a version"), before);
        command
            .write_durably(|tx| Ok(tx.connection().execute("DELETE FROM catalogue_dirty", [])?))
            .expect("writes durably");
        drop((window, command));
        assert_eq!(locations(&open(&path)), 2);
    }

    #[test]
    fn a_full_disk_is_told_and_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.barrow");
        drop(open(&path));
        let mut narrow = options();
        narrow.page_limit = Some(1);
        let store = Store::open(&path, narrow).expect("opens");
        let mut written = Ok(());
        for number in 0..2_000 {
            written = add_location(&store, &format!("{number} {}", "x".repeat(4_000)));
            if written.is_err() {
                break;
            }
        }
        assert!(matches!(written, Err(StoreError::DiskFull)), "{written:?}");
        let count = locations(&store);
        drop(store);
        assert_eq!(locations(&open(&path)), count);
    }

    #[test]
    fn what_is_no_catalogue_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notes.txt");
        let text = "not a database at all, only notes ".repeat(40);
        std::fs::write(&path, &text).expect("writes");
        let opened = Store::open(&path, options());
        assert!(
            matches!(opened, Err(StoreError::NotACatalogue)),
            "{opened:?}"
        );
        assert_eq!(std::fs::read_to_string(&path).expect("reads"), text);
    }

    #[test]
    fn a_newer_catalogue_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.barrow");
        let store = open(&path);
        store
            .write(|tx| {
                tx.connection()
                    .execute("UPDATE meta SET min_reader_version = 9000", [])?;
                tx.connection().pragma_update(None, "user_version", 9000)?;
                Ok(())
            })
            .expect("writes");
        drop(store);
        let before = std::fs::read(&path).expect("reads");
        let opened = Store::open(&path, options());
        assert!(
            matches!(opened, Err(StoreError::NewerVersion { found: 9000, .. })),
            "{opened:?}"
        );
        assert_eq!(std::fs::read(&path).expect("reads"), before);
    }

    #[test]
    fn a_folder_that_is_missing_or_read_only_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("no/such/a.barrow");
        let opened = Store::open(&missing, options());
        assert!(
            matches!(&opened, Err(StoreError::CannotOpen { path }) if path.contains("such")),
            "{opened:?}"
        );
        let path = folder.path().join("a.barrow");
        drop(open(&path));
        let before = std::fs::read(&path).expect("reads");
        let mut permissions = std::fs::metadata(&path).expect("metadata").permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).expect("sets");
        // The system's administrator may write all the same.
        if std::fs::OpenOptions::new().write(true).open(&path).is_err() {
            let opened = Store::open(&path, options());
            assert!(matches!(opened, Err(StoreError::ReadOnly)), "{opened:?}");
        }
        assert_eq!(std::fs::read(&path).expect("reads"), before);
    }

    #[test]
    fn a_key_is_refused_rather_than_ignored() {
        let mut locked = options();
        locked.key = Some(Secret::new("hunter2"));
        let opened = Store::open_in_memory(locked);
        assert!(matches!(opened, Err(StoreError::KeyUnsupported)));
    }
}
