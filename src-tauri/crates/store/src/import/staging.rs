//! Where parsed rows wait: a database file of its own beside the catalogue, so that a long import
//! does not hold the catalogue's writer while it is read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use barrow_model::{CellIssue, Image, ImageSource, Layout, Length, Money, Row, RowKind};
use rusqlite::{CachedStatement, Connection, OpenFlags, Transaction, TransactionBehavior, params};

use crate::error::StoreError;
use crate::sql;
use crate::store::{Store, connect};

/// Stagings of one folder at the same time; more means that something leaves them behind.
const STAGINGS_MAX: u32 = 1_000;

/// Page cache of the staging file in KiB; keeps its index of handles in memory.
const STAGING_CACHE_KIB: i64 = 32 * 1024;

const SCHEMA: &str = "
  CREATE TABLE staging.products (
    id INTEGER PRIMARY KEY, handle TEXT NOT NULL,
    title TEXT, description TEXT, brand TEXT, category TEXT, tags TEXT, attributes TEXT,
    images TEXT, option_names TEXT
  ) STRICT;
  CREATE TABLE staging.rows (
    id INTEGER PRIMARY KEY, line INTEGER NOT NULL, kind INTEGER NOT NULL,
    product INTEGER NOT NULL, sku TEXT, options TEXT, gtin TEXT, mpn TEXT, asin TEXT,
    condition TEXT, weight TEXT, length TEXT, width TEXT, height TEXT,
    cost_minor INTEGER, cost_currency TEXT, price_minor INTEGER, price_currency TEXT,
    compare_at_minor INTEGER, compare_at_currency TEXT, images TEXT, attributes TEXT,
    quantity INTEGER, place INTEGER NOT NULL, parts TEXT
  ) STRICT;
  CREATE TABLE staging.places (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE, location_id INTEGER
  ) STRICT;
  CREATE TABLE staging.issues (
    id INTEGER PRIMARY KEY, line INTEGER NOT NULL, header TEXT, value TEXT NOT NULL,
    kind TEXT NOT NULL, refuses INTEGER NOT NULL, own INTEGER NOT NULL
  ) STRICT;
";

/// What is known of a file before its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportMeta {
    /// Its name, without folders.
    pub file_name: String,
    /// Which kind of file it is.
    pub layout: Layout,
    /// A fingerprint of its bytes and of how they were read, to notice the same file again.
    pub content_hash: String,
}

/// An import that has not been applied. Dropping it forgets it.
#[derive(Debug)]
pub struct Staging {
    pub(crate) store: Store,
    pub(crate) meta: ImportMeta,
    /// The catalogue's version that the differences were computed against.
    pub(crate) compared: Option<i64>,
    /// The product of the row that was added last, and its number: rows of one product usually
    /// stand together.
    last: Option<(String, i64)>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// A connection on the catalogue, with the staging file attached.
    Beside {
        connection: Connection,
        file: StagingFile,
    },
    /// Attached to the one connection of a catalogue in memory.
    Memory,
}

/// The staging file and the lock that says it is in use; both are removed when dropped.
#[derive(Debug)]
struct StagingFile {
    path: PathBuf,
    _lock: File,
}

impl Store {
    /// Begins an import. Rows are added to the result; nothing changes until it is applied.
    pub fn stage(&self, meta: ImportMeta) -> Result<Staging, StoreError> {
        let place = match &self.shared.path {
            None => {
                let connection = self.writer();
                connection.execute("ATTACH ':memory:' AS staging", [])?;
                Place::Memory
            }
            Some(path) => {
                let file = StagingFile::create(path)?;
                let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                attach(&connection, &file.path)?;
                Place::Beside { connection, file }
            }
        };
        let staging = Staging {
            store: self.clone(),
            meta,
            compared: None,
            last: None,
            place,
        };
        staging.on(|connection| Ok(connection.execute_batch(SCHEMA)?))?;
        Ok(staging)
    }

    /// Removes what an import left behind whose process ended before it was applied.
    pub(crate) fn remove_abandoned_stagings(&self) {
        let Some(folder) = self.shared.path.as_deref().and_then(Path::parent) else {
            return;
        };
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("import-") && name.ends_with(".staging") {
                remove_if_abandoned(&entry.path());
            }
        }
    }
}

impl Staging {
    /// Adds parsed rows, in the order of the file. After an error the staging is of no more use.
    pub fn add(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        self.compared = None;
        let mut last = self.last.take();
        self.in_gathering(|connection| {
            let mut add = Add::new(connection)?;
            for row in rows {
                add.row(row, &mut last)?;
            }
            Ok(())
        })?;
        self.last = last;
        Ok(())
    }

    /// Adds what is wrong with cells and rows. A row whose line has a refusing issue is not
    /// applied.
    pub fn add_issues(&mut self, issues: &[CellIssue]) -> Result<(), StoreError> {
        self.compared = None;
        self.in_gathering(|connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO staging.issues (line, header, value, kind, refuses, own)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            )?;
            for issue in issues {
                insert.execute(params![
                    line(issue.line.0)?,
                    issue.column,
                    issue.value,
                    sql::json(&issue.kind)?,
                    issue.refuses,
                ])?;
            }
            Ok(())
        })
    }

    /// Works within the one transaction in which all rows are gathered: committing each batch
    /// would write the same pages again and again.
    fn in_gathering(
        &self,
        work: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.on(|connection| match &self.place {
            Place::Beside { .. } => {
                if connection.is_autocommit() {
                    connection.execute_batch("BEGIN")?;
                }
                work(connection)
            }
            Place::Memory => {
                let tx = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
                work(&tx)?;
                Ok(tx.commit()?)
            }
        })
    }

    /// Ends the gathering of rows, and makes one product of all that have the same handle.
    pub(super) fn gather(&self) -> Result<(), StoreError> {
        self.on(|connection| {
            if !connection.is_autocommit() {
                connection.execute_batch("COMMIT")?;
            }
            let tx = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
            merge_products(&tx)?;
            Ok(tx.commit()?)
        })
    }

    /// Works on the connection that sees the catalogue as `main` and the rows as `staging`.
    pub(crate) fn on<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &self.place {
            Place::Beside { connection, .. } => work(connection),
            Place::Memory => work(&self.store.writer()),
        }
    }

    /// Works on the catalogue's writer with the rows attached to it.
    pub(crate) fn on_writer<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.store.writer();
        match &self.place {
            Place::Memory => work(&mut writer),
            Place::Beside { connection, file } => {
                connection.release_memory()?;
                attach(&writer, &file.path)?;
                let result = work(&mut writer);
                let detached = writer.execute("DETACH staging", []);
                let value = result?;
                detached?;
                Ok(value)
            }
        }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if matches!(self.place, Place::Memory) {
            // Nothing to be done where it fails; the next import in memory is refused.
            let _ = self.store.writer().execute("DETACH staging", []);
        }
    }
}

impl StagingFile {
    fn create(catalogue: &Path) -> Result<Self, StoreError> {
        let disk = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly
            }
            std::io::ErrorKind::StorageFull => StoreError::DiskFull,
            _ => StoreError::Disk {
                detail: error.to_string(),
            },
        };
        for number in 1..=STAGINGS_MAX {
            let path = catalogue.with_file_name(format!("import-{number}.staging"));
            let lock = File::create(lock_path(&path)).map_err(disk)?;
            // A file that is there belongs to another import, or to one whose process ended.
            if lock.try_lock().is_ok() && !path.exists() {
                File::create(&path).map_err(disk)?;
                return Ok(Self { path, _lock: lock });
            }
        }
        Err(StoreError::Busy)
    }
}

impl Drop for StagingFile {
    fn drop(&mut self) {
        remove_files(&self.path);
    }
}

fn lock_path(staging: &Path) -> PathBuf {
    staging.with_extension("staging-lock")
}

fn remove_if_abandoned(staging: &Path) {
    let abandoned = match File::open(lock_path(staging)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(_) => true,
    };
    if abandoned {
        remove_files(staging);
    }
}

/// What cannot be removed now is removed when the catalogue is opened next.
fn remove_files(staging: &Path) {
    let _ = fs::remove_file(staging);
    let _ = fs::remove_file(staging.with_extension("staging-journal"));
    let _ = fs::remove_file(lock_path(staging));
}

fn attach(connection: &Connection, staging: &Path) -> Result<(), StoreError> {
    let Some(path) = staging.to_str() else {
        return Err(StoreError::invalid("path", "not in Unicode"));
    };
    connection.execute("ATTACH ?1 AS staging", [path])?;
    // Nothing is lost with the file: the import is simply staged again.
    connection.execute_batch(&format!(
        "PRAGMA staging.journal_mode = TRUNCATE;
         PRAGMA staging.synchronous = OFF;
         PRAGMA staging.cache_size = -{STAGING_CACHE_KIB};"
    ))?;
    Ok(())
}

fn line(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::invalid("line", "too large"))
}

/// The statements of adding, prepared once for a batch.
struct Add<'c> {
    connection: &'c Connection,
    product: CachedStatement<'c>,
    more: CachedStatement<'c>,
    place: CachedStatement<'c>,
    row: CachedStatement<'c>,
}

impl<'c> Add<'c> {
    fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self {
            connection,
            product: connection.prepare_cached(
                "INSERT INTO staging.products (handle, title, description, brand, category, tags,
                   attributes, images, option_names)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?,
            more: connection.prepare_cached(
                "UPDATE staging.products SET
                   title = ifnull(title, ?2), description = ifnull(description, ?3),
                   brand = ifnull(brand, ?4), category = ifnull(category, ?5),
                   tags = ifnull(tags, ?6),
                   attributes = iif(attributes IS NULL OR ?7 IS NULL,
                     ifnull(attributes, ?7), json_patch(?7, attributes)),
                   images = ifnull(images, ?8),
                   option_names = iif(ifnull(json_array_length(?9), 0)
                       > ifnull(json_array_length(option_names), 0), ?9, option_names)
                 WHERE id = ?10",
            )?,
            place: connection.prepare_cached(
                "INSERT INTO staging.places (name) VALUES (?1)
                 ON CONFLICT DO UPDATE SET name = name RETURNING id",
            )?,
            row: connection.prepare_cached(
                "INSERT INTO staging.rows (line, kind, product, sku, options, gtin, mpn, asin,
                   condition, weight, length, width, height, cost_minor, cost_currency,
                   price_minor, price_currency, compare_at_minor, compare_at_currency, images,
                   attributes, quantity, place, parts)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                   ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
            )?,
        })
    }

    fn row(&mut self, row: &Row, last: &mut Option<(String, i64)>) -> Result<(), StoreError> {
        let known = last.take().filter(|(handle, _)| *handle == row.handle);
        let product = self.product(row, known.as_ref().map(|(_, id)| *id))?;
        *last = Some(known.unwrap_or_else(|| (row.handle.clone(), product)));
        let place: i64 = match &row.location {
            Some(name) => self.place.query_row([name.trim()], |found| found.get(0))?,
            None => 0,
        };
        let length = |side: Option<Length>| side.map(sql::length);
        let (cost_minor, cost_currency) = amount(&row.cost);
        let (price_minor, price_currency) = amount(&row.price);
        let (compare_minor, compare_currency) = amount(&row.compare_at);
        self.row.execute(params![
            line(row.line.0)?,
            kind(row.kind),
            product,
            row.sku.as_ref().map(|sku| sku.as_str()),
            sql::json_unless_empty(&row.options)?,
            row.gtin.map(|gtin| gtin.as_gtin14()),
            row.mpn,
            row.asin,
            row.condition.map(|condition| condition.code()),
            row.weight.map(sql::weight),
            length(row.length),
            length(row.width),
            length(row.height),
            cost_minor,
            cost_currency,
            price_minor,
            price_currency,
            compare_minor,
            compare_currency,
            images(&row.images.variant)?,
            map(&row.variant_attributes)?,
            row.quantity,
            place,
            parts(row)?,
        ])?;
        Ok(())
    }

    /// Adds the row's product, or what the row tells of a product that is there already.
    fn product(&mut self, row: &Row, known: Option<i64>) -> Result<i64, StoreError> {
        let names: Vec<&str> = row.options.iter().map(|(name, _)| name.as_str()).collect();
        let title = row.title.as_deref().filter(|title| !title.is_empty());
        let category = row.category.as_ref().map(sql::json).transpose()?;
        let tags = row.tags.as_ref().map(sql::json).transpose()?;
        let attributes = map(&row.attributes)?;
        let images = images(&row.images.product)?;
        let names = sql::json_unless_empty(&names)?;
        let (handle, description, brand) = (&row.handle, &row.description, &row.brand);
        let Some(id) = known else {
            self.product.execute(params![
                handle,
                title,
                description,
                brand,
                category,
                tags,
                attributes,
                images,
                names
            ])?;
            return Ok(self.connection.last_insert_rowid());
        };
        self.more.execute(params![
            handle,
            title,
            description,
            brand,
            category,
            tags,
            attributes,
            images,
            names,
            id
        ])?;
        Ok(id)
    }
}

/// Rows of one product may stand apart. The first of each handle takes what the others tell, and
/// their rows.
fn merge_products(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch(
        "CREATE INDEX IF NOT EXISTS staging.products_handle ON products (handle);
         DROP TABLE IF EXISTS staging.repeated;
         CREATE TABLE staging.repeated (id INTEGER PRIMARY KEY, first INTEGER) STRICT;
         INSERT INTO staging.repeated
           SELECT p.id, g.first
           FROM (SELECT handle, min(id) AS first FROM staging.products
                 GROUP BY handle HAVING count(*) > 1) g
           JOIN staging.products p ON p.handle = g.handle AND p.id > g.first;",
    )?;
    let any: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM staging.repeated)",
        [],
        |row| row.get(0),
    )?;
    if !any {
        return Ok(());
    }
    let mut repeated = db.prepare("SELECT id, first FROM staging.repeated ORDER BY id")?;
    let mut tell = db.prepare(
        "UPDATE staging.products AS p SET
           title = ifnull(p.title, n.title),
           description = ifnull(p.description, n.description),
           brand = ifnull(p.brand, n.brand), category = ifnull(p.category, n.category),
           tags = ifnull(p.tags, n.tags),
           attributes = iif(p.attributes IS NULL OR n.attributes IS NULL,
             ifnull(p.attributes, n.attributes), json_patch(n.attributes, p.attributes)),
           images = ifnull(p.images, n.images),
           option_names = iif(ifnull(json_array_length(n.option_names), 0)
               > ifnull(json_array_length(p.option_names), 0), n.option_names, p.option_names)
         FROM staging.products n WHERE n.id = ?1 AND p.id = ?2",
    )?;
    let mut rows = repeated.query([])?;
    while let Some(row) = rows.next()? {
        tell.execute([row.get::<_, i64>(0)?, row.get(1)?])?;
    }
    drop(rows);
    db.execute_batch(
        "UPDATE staging.rows
           SET product = (SELECT first FROM staging.repeated WHERE id = product)
           WHERE product IN (SELECT id FROM staging.repeated);
         DELETE FROM staging.products WHERE id IN (SELECT id FROM staging.repeated);",
    )?;
    Ok(())
}

fn kind(kind: RowKind) -> i64 {
    match kind {
        RowKind::Variant => 0,
        RowKind::Product => 1,
        RowKind::Kit => 2,
    }
}

fn amount(money: &Option<Money>) -> (Option<i64>, Option<&str>) {
    match money {
        Some(money) => (Some(money.minor), Some(money.currency.as_str())),
        None => (None, None),
    }
}

fn map(attributes: &barrow_model::Attributes) -> Result<Option<String>, StoreError> {
    (!attributes.is_empty())
        .then(|| sql::json(attributes))
        .transpose()
}

fn images(sources: &[ImageSource]) -> Result<Option<String>, StoreError> {
    let images: Vec<Image> = sources
        .iter()
        .map(|source| Image {
            source: source.clone(),
            alt: None,
        })
        .collect();
    sql::json_unless_empty(&images)
}

/// A kit's parts as sorted pairs, each SKU once.
fn parts(row: &Row) -> Result<Option<String>, StoreError> {
    let mut sums = std::collections::BTreeMap::<&str, u64>::new();
    for (sku, units) in &row.parts {
        *sums.entry(sku.as_str()).or_default() += u64::from(*units);
    }
    let pairs: Vec<(&str, u64)> = sums.into_iter().collect();
    sql::json_unless_empty(&pairs)
}
