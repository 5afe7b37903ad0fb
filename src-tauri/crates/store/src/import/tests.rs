//! Imports through the public interface: what is previewed, applied and undone.

use std::collections::BTreeMap;

use barrow_model::{
    CellIssue, CellIssueKind, Currency, Gtin, ImportId, Layout, Money, MovementKind, Origin, Row,
    RowKind, Sku, SourceLine,
};

use super::{ImportMeta, ImportPreview, RowState};
use crate::edit::Value;
use crate::error::StoreError;
use crate::export::ExportRow;
use crate::store::Store;
use crate::store::tests::{memory, options};

fn meta(name: &str) -> ImportMeta {
    ImportMeta {
        file_name: format!("{name}.csv"),
        layout: Layout::Plain,
        content_hash: name.to_owned(),
    }
}

pub(crate) fn sku(text: &str) -> Sku {
    Sku::new(text).expect("a SKU")
}

fn usd(minor: i64) -> Option<Money> {
    Some(Money::new(minor, Currency::USD))
}

/// A row that says nothing but its SKU, whose product is named by it.
pub(crate) fn blank(line: u64, text: &str) -> Row {
    Row::blank(SourceLine(line), text, sku(text))
}

pub(crate) fn titled(line: u64, text: &str, price: i64, quantity: i64) -> Row {
    Row {
        title: Some(format!("Title of {text}")),
        price: usd(price),
        quantity: Some(quantity),
        ..blank(line, text)
    }
}

/// A catalogue in memory of SKUs with title, brand, barcode number and part number.
pub(crate) fn catalogue(rows: &[(&str, &str, &str, &str, &str)]) -> Store {
    let store = memory();
    let rows: Vec<Row> = rows
        .iter()
        .zip(2..)
        .map(|((text, title, brand, gtin, mpn), line)| Row {
            title: Some((*title).to_owned()),
            brand: Some((*brand).to_owned()),
            gtin: Some(Gtin::parse(gtin).expect("a barcode number")),
            mpn: Some((*mpn).to_owned()),
            ..titled(line, text, line as i64 * 100, line as i64)
        })
        .collect();
    apply(&store, "one", &rows);
    store
}

pub(crate) fn apply(store: &Store, name: &str, rows: &[Row]) -> ImportId {
    let mut staging = store.stage(meta(name)).expect("stages");
    staging.add(rows).expect("adds");
    staging.apply().expect("applies")
}

fn preview(store: &Store, rows: &[Row]) -> [u64; 4] {
    let mut staging = store.stage(meta("preview")).expect("stages");
    staging.add(rows).expect("adds");
    let ImportPreview {
        new,
        changed,
        unchanged,
        refused,
        ..
    } = staging.preview().expect("compares");
    [new, changed, unchanged, refused]
}

/// Everything that files and people see, without the numbers that count edits.
pub(crate) fn everything(store: &Store) -> Vec<ExportRow> {
    store
        .read(|db| {
            let mut all: Vec<ExportRow> = Vec::new();
            loop {
                let batch = db.export_batch(all.last(), 7)?;
                if batch.is_empty() {
                    return Ok(all);
                }
                all.extend(batch);
            }
        })
        .expect("exports")
        .into_iter()
        .map(|mut row| {
            row.product.revision.0 = 0;
            match &mut row.item {
                crate::Item::Variant(variant) => variant.revision.0 = 0,
                crate::Item::Kit(kit) => kit.revision.0 = 0,
            }
            row
        })
        .collect()
}

pub(crate) fn on_hand(store: &Store, text: &str) -> i64 {
    store
        .read(|db| Ok(db.stock(db.sku_id(&sku(text))?)?.on_hand))
        .expect("reads")
}

fn price(store: &Store, text: &str) -> Option<i64> {
    store
        .read(|db| Ok(db.catalogue_row(db.sku_id(&sku(text))?)?.price))
        .expect("reads")
        .map(|money| money.minor)
}

pub(crate) fn ledger_holds(store: &Store) {
    let faults = store.read(|db| db.verify_ledger()).expect("adds up");
    assert_eq!(faults, []);
}

#[test]
fn a_second_import_of_the_same_rows_changes_nothing() {
    let store = memory();
    let rows = [titled(2, "A", 100, 5), titled(3, "B", 250, 0)];
    assert_eq!(preview(&store, &rows), [2, 0, 0, 0]);
    apply(&store, "one", &rows);
    assert_eq!(preview(&store, &rows), [0, 0, 2, 0]);
    let before = everything(&store);
    apply(&store, "two", &rows);
    assert_eq!(everything(&store), before);
    assert_eq!(on_hand(&store, "A"), 5);
    ledger_holds(&store);
}

#[test]
fn a_blank_cell_changes_nothing_and_a_count_moves_the_difference() {
    let store = memory();
    apply(&store, "one", &[titled(2, "A", 100, 5)]);
    let row = Row {
        quantity: Some(3),
        ..blank(2, "A")
    };
    assert_eq!(preview(&store, std::slice::from_ref(&row)), [0, 1, 0, 0]);
    apply(&store, "two", &[row]);
    assert_eq!((price(&store, "A"), on_hand(&store, "A")), (Some(100), 3));
    let moved = store
        .read(|db| db.movements(db.sku_id(&sku("A"))?, 10))
        .expect("reads");
    assert_eq!(moved[0].delta, -2);
    assert_eq!(moved[0].kind, MovementKind::Count);
    assert_eq!(moved[0].origin, Origin::Import(ImportId(2)));
    ledger_holds(&store);
}

#[test]
fn a_preview_tells_each_field_before_and_after() {
    let store = memory();
    apply(&store, "one", &[titled(2, "A", 100, 5)]);
    let mut staging = store.stage(meta("two")).expect("stages");
    staging
        .add(&[Row {
            title: Some("Other".into()),
            quantity: Some(7),
            ..titled(2, "A", 120, 7)
        }])
        .expect("adds");
    let rows = staging.rows(RowState::Changed, None, 10).expect("lists");
    let told: Vec<String> = rows[0]
        .changes
        .iter()
        .map(|change| {
            let text = |side: &Option<String>| side.clone().unwrap_or_default();
            format!(
                "{}: {} -> {}",
                change.field,
                text(&change.before),
                text(&change.after)
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "title: Title of A -> Other",
            "price: 1.00 USD -> 1.20 USD",
            "quantity: 5 -> 7"
        ]
    );
    let rest = staging.rows(RowState::Changed, Some(rows[0].position), 10);
    assert_eq!(rest.expect("lists"), []);
}

#[test]
fn the_same_content_is_noticed_until_it_is_undone() {
    let store = memory();
    let rows = [titled(2, "A", 100, 5)];
    let id = apply(&store, "one", &rows);
    let same_as = || {
        let mut staging = store.stage(meta("one")).expect("stages");
        staging.preview().expect("compares").same_as
    };
    assert_eq!(same_as(), Some(id));
    store.write(|tx| tx.undo_import(id)).expect("undoes");
    assert_eq!(same_as(), None);
}

fn issue_kinds(store: &Store, layout: Layout, rows: &[Row]) -> Vec<(u64, CellIssueKind)> {
    let mut staging = store
        .stage(ImportMeta {
            layout,
            ..meta("issues")
        })
        .expect("stages");
    staging.add(rows).expect("adds");
    staging
        .issues(None, 100)
        .expect("lists")
        .into_iter()
        .map(|(_, issue)| (issue.line.0, issue.kind))
        .collect()
}

pub(crate) fn kit(line: u64, text: &str, parts: &[(&str, u32)]) -> Row {
    Row {
        kind: RowKind::Kit,
        parts: parts
            .iter()
            .map(|(part, units)| (sku(part), *units))
            .collect(),
        quantity: None,
        ..titled(line, text, 900, 0)
    }
}

#[test]
fn what_cannot_be_applied_is_refused_row_by_row() {
    let store = memory();
    apply(
        &store,
        "one",
        &[titled(2, "A", 100, 5), kit(3, "K", &[("A", 2)])],
    );
    let check = |layout: Layout, rows: &[Row], expected: &[(u64, CellIssueKind)]| {
        assert_eq!(issue_kinds(&store, layout, rows), expected);
    };
    let found = |kind: &str| CellIssueKind::KindUnsupported { found: kind.into() };
    let child = Row {
        handle: "parent".into(),
        ..blank(2, "C")
    };
    check(
        Layout::Plain,
        &[blank(2, "C")],
        &[(2, CellIssueKind::TitleMissing)],
    );
    check(
        Layout::WooCommerce,
        &[child],
        &[(2, CellIssueKind::ParentMissing)],
    );
    check(Layout::Plain, &[titled(2, "K", 1, 1)], &[(2, found("kit"))]);
    check(
        Layout::Plain,
        &[kit(2, "A", &[("A", 1)])],
        &[(2, found("variant"))],
    );
    check(
        Layout::Plain,
        &[kit(2, "N", &[("Z", 1)])],
        &[(2, CellIssueKind::PartUnknown)],
    );
    check(
        Layout::Plain,
        &[kit(2, "N", &[("K", 1)])],
        &[(2, CellIssueKind::PartUnknown)],
    );
    check(
        Layout::Plain,
        &[kit(2, "N", &[])],
        &[(2, CellIssueKind::PartUnknown)],
    );
    check(
        Layout::Plain,
        &[kit(2, "N", &[("Z", 1)]), titled(3, "Z", 1, 1)],
        &[],
    );
    check(
        Layout::Plain,
        &[kit(2, "N", &[("Z", 1)]), blank(3, "Z")],
        &[
            (2, CellIssueKind::PartUnknown),
            (3, CellIssueKind::TitleMissing),
        ],
    );
    check(
        Layout::Plain,
        &[titled(2, "D", 1, 1), titled(5, "D", 2, 2)],
        &[(5, CellIssueKind::SkuDuplicate { first_line: 2 })],
    );
}

#[test]
fn a_refused_line_is_left_out_and_the_rest_applied() {
    let store = memory();
    let mut staging = store.stage(meta("one")).expect("stages");
    staging
        .add(&[titled(2, "A", 100, 5), titled(3, "B", 100, 5)])
        .expect("adds");
    staging
        .add_issues(&[
            CellIssue {
                line: SourceLine(3),
                column: Some("Price".into()),
                value: "free".into(),
                kind: CellIssueKind::NotAnAmount,
                refuses: true,
            },
            CellIssue {
                line: SourceLine(2),
                column: Some("Weight".into()),
                value: "heavy".into(),
                kind: CellIssueKind::MeasureInvalid,
                refuses: false,
            },
        ])
        .expect("adds");
    let id = staging.apply().expect("applies");
    let import = store.read(|db| db.import(id)).expect("reads");
    assert_eq!((import.created, import.refused), (1, 1));
    let skus: Vec<String> = everything(&store)
        .iter()
        .map(|row| row.item.sku().to_string())
        .collect();
    assert_eq!(skus, ["A"]);
    let products: i64 = store
        .read(|db| {
            let sql = "SELECT count(*) FROM products";
            Ok(db.connection().query_row(sql, [], |row| row.get(0))?)
        })
        .expect("counts");
    assert_eq!(products, 1);
}

#[test]
fn variants_of_one_handle_are_one_product_and_kits_find_their_parts() {
    let store = memory();
    let shirt = |line: u64, text: &str, size: &str| Row {
        handle: "shirt".into(),
        options: vec![("Size".into(), size.into())],
        attributes: BTreeMap::from([("Material".into(), vec!["Cotton".into()])]),
        ..blank(line, text)
    };
    // Its rows need not stand together, nor the title on the first of them.
    let titled_shirt = Row {
        title: Some("Shirt".into()),
        ..shirt(4, "S-2", "M")
    };
    apply(
        &store,
        "one",
        &[
            shirt(2, "S-1", "S"),
            kit(3, "SET", &[("S-2", 2), ("S-1", 1)]),
            titled_shirt,
        ],
    );
    let detail = store.read(|db| db.product(&sku("S-2"))).expect("reads");
    assert_eq!(detail.product.title, "Shirt");
    assert_eq!(detail.product.option_names, ["Size"]);
    assert_eq!(detail.items.len(), 2);
    assert_eq!(detail.product.handle, "shirt");
    let all = everything(&store);
    assert_eq!(all[2].parts, [(sku("S-1"), 1), (sku("S-2"), 2)]);
    // An attribute is added beside those that are there.
    let more = Row {
        attributes: BTreeMap::from([("Fit".into(), vec!["Slim".into()])]),
        ..blank(2, "S-1")
    };
    apply(&store, "two", &[more]);
    let detail = store.read(|db| db.product(&sku("S-1"))).expect("reads");
    assert_eq!(detail.product.attributes.len(), 2);
}

#[test]
fn undo_restores_values_and_names_what_was_changed_later() {
    let store = memory();
    apply(
        &store,
        "one",
        &[titled(2, "A", 100, 5), titled(3, "B", 100, 5)],
    );
    let two = apply(
        &store,
        "two",
        &[
            Row {
                title: Some("New A".into()),
                ..titled(2, "A", 200, 8)
            },
            titled(3, "B", 200, 8),
            titled(4, "C", 1, 1),
            titled(5, "D", 1, 1),
        ],
    );
    store
        .write(|tx| {
            let price = Value::Amount(Money::new(300, Currency::USD));
            tx.set_fields(&sku("B"), &[("price", price)], None, Origin::User)?;
            let (b, d) = (tx.sku_id(&sku("B"))?, tx.sku_id(&sku("D"))?);
            let place = tx.default_location()?;
            tx.count_stock(b, place, 9, None, Origin::User)?;
            tx.count_stock(d, place, 2, None, Origin::User)
        })
        .expect("edits");
    let undone = store.write(|tx| tx.undo_import(two)).expect("undoes");
    let mut skipped: Vec<(String, String)> = undone
        .skipped
        .into_iter()
        .map(|skip| {
            (
                skip.sku.map(|sku| sku.to_string()).unwrap_or_default(),
                skip.field,
            )
        })
        .collect();
    skipped.sort();
    let expected = [("B", "price"), ("B", "quantity"), ("D", "sku")];
    assert_eq!(
        skipped,
        expected.map(|(sku, field)| (sku.to_owned(), field.to_owned()))
    );
    assert_eq!((price(&store, "A"), on_hand(&store, "A")), (Some(100), 5));
    assert_eq!((price(&store, "B"), on_hand(&store, "B")), (Some(300), 9));
    let titles: Vec<String> = everything(&store)
        .into_iter()
        .map(|row| format!("{} {}", row.item.sku(), row.product.title))
        .collect();
    assert_eq!(titles, ["A Title of A", "B Title of B", "D Title of D"]);
    assert_eq!(store.read(|db| db.sku_count()).expect("counts"), 3);
    let found = store.read(|db| db.search("new a", 10)).expect("searches");
    assert_eq!(found, []);
    ledger_holds(&store);
    let again = store.write(|tx| tx.undo_import(two));
    assert!(matches!(again, Err(StoreError::Invalid { .. })));
}

#[test]
fn whole_or_not_at_all_an_import_that_fails_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.barrow");
    drop(Store::open(&path, options()).expect("opens"));
    let mut narrow = options();
    narrow.page_limit = Some(180);
    let store = Store::open(&path, narrow).expect("opens");
    apply(&store, "one", &[titled(2, "A", 100, 5)]);
    let before = everything(&store);
    let many: Vec<Row> = (2..3_000)
        .map(|line| titled(line, &format!("SKU-{line}"), 100, 1))
        .chain([titled(3_000, "A", 700, 9)])
        .collect();
    let mut staging = store.stage(meta("two")).expect("stages");
    staging.add(&many).expect("adds");
    let applied = staging.apply();
    assert!(matches!(applied, Err(StoreError::DiskFull)), "{applied:?}");
    assert_eq!(everything(&store), before);
    assert_eq!(store.read(|db| db.imports(10)).expect("lists").len(), 1);
    assert_eq!(
        store.read(|db| db.search("SKU-", 10)).expect("searches"),
        []
    );
    ledger_holds(&store);
    // With room, the same staging applies.
    store
        .write(|tx| {
            let sql = "PRAGMA max_page_count = 1000000";
            Ok(tx.connection().query_row(sql, [], |_| Ok(()))?)
        })
        .expect("widens");
    staging.apply().expect("applies");
    assert_eq!(store.read(|db| db.sku_count()).expect("counts"), 2_999);
    ledger_holds(&store);
}

#[test]
fn an_import_that_is_stopped_at_any_step_changes_nothing_and_can_be_applied_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("a.barrow"), options()).expect("opens");
    apply(&store, "one", &[titled(2, "A", 100, 5)]);
    let before = everything(&store);
    let mut staging = store.stage(meta("two")).expect("stages");
    let skus = ["B", "C", "D", "E", "F", "G", "H", "I"];
    let new = (2..).zip(skus).map(|(line, sku)| titled(line, sku, 100, 1));
    let rows: Vec<Row> = new.chain([titled(10, "A", 700, 9)]).collect();
    staging.add(&rows).expect("adds");
    let mut stop_at = 0;
    let told = loop {
        let mut told = Vec::new();
        let applied = staging.apply_watched(|done, total| {
            told.push((done, total));
            told.len() <= stop_at
        });
        if !matches!(applied, Err(StoreError::Stopped)) {
            applied.expect("applies");
            break told;
        }
        assert_eq!(everything(&store), before, "{stop_at}");
        stop_at += 1;
    };
    assert_eq!((told[0], told[told.len() - 1]), ((0, 9), (9, 9)));
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!((price(&store, "A"), on_hand(&store, "A")), (Some(700), 9));
    ledger_holds(&store);
}

#[test]
fn a_staging_is_compared_anew_when_the_catalogue_changes_before_it_is_applied() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("a.barrow"), options()).expect("opens");
    let mut staging = store.stage(meta("one")).expect("stages");
    staging.add(&[titled(2, "A", 100, 5)]).expect("adds");
    assert_eq!(staging.preview().expect("compares").new, 1);
    apply(&store, "other", &[titled(2, "A", 900, 1)]);
    staging.apply().expect("applies");
    assert_eq!((price(&store, "A"), on_hand(&store, "A")), (Some(100), 5));
    ledger_holds(&store);
}

#[test]
fn a_staging_left_behind_is_removed_and_one_in_use_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.barrow");
    let store = Store::open(&path, options()).expect("opens");
    let mut used = store.stage(meta("one")).expect("stages");
    used.add(&[titled(2, "A", 100, 5)]).expect("adds");
    let left = folder.path().join("import-7.staging");
    std::fs::write(&left, "half a file").expect("writes");
    let other = Store::open(&path, options()).expect("opens");
    assert!(!left.exists());
    used.apply().expect("applies");
    drop(used);
    assert_eq!(other.read(|db| db.sku_count()).expect("counts"), 1);
    let names: Vec<String> = std::fs::read_dir(folder.path())
        .expect("lists")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.starts_with("import"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn large_imports_leave_the_same_indexes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("a.barrow"), options()).expect("opens");
    let indexes = || {
        store
            .read(|db| {
                let sql = "SELECT group_concat(sql) FROM (
                             SELECT sql FROM sqlite_schema WHERE type = 'index' ORDER BY name)";
                Ok(db
                    .connection()
                    .query_row(sql, [], |row| row.get::<_, String>(0))?)
            })
            .expect("reads")
    };
    let before = indexes();
    let rows: Vec<Row> = (2..=50_002)
        .map(|line| titled(line, &format!("SKU-{line}"), 100, 1))
        .collect();
    apply(&store, "one", &rows);
    assert_eq!(indexes(), before);
    let damage: String = store
        .read(|db| {
            Ok(db
                .connection()
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))?)
        })
        .expect("checks");
    assert_eq!(damage, "ok");
    ledger_holds(&store);
    assert_eq!(
        store
            .read(|db| db.search("ku-49999", 10))
            .expect("searches")
            .len(),
        1
    );
}
