//! Where everything stands at the end of the story, without what chance and time decide.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use barrow_tests::process::Seller;
use chrono::DateTime;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::story::Story;

/// Orders by the name that the story has for them: the account and the order's id.
type Orders = BTreeMap<&'static str, (&'static str, String)>;

/// Calls that must not be made once more than they have to. Amazon's `confirmShipment` is none of
/// them: it edits the package of its number, and is told again as long as Amazon does not show it
/// (amazon.md §7.5); that nothing is shipped twice is counted in the orders. Nor is `createFeed`:
/// whether listings travel alone or in a feed goes by how many are prepared at that moment, and a
/// listing that is told twice is the same listing (amazon.md §5).
const ONCE: [&str; 7] = [
    "submitFeed",
    "createShippingFulfillment",
    "shippingUpdates",
    "cancelOrderLines",
    "refundOrderLines",
    "issueRefund",
    "createCancellation",
];

/// Values that chance and the order of calls decide: whether they are there is compared.
const CHANCE: [&str; 6] = [
    "id",
    "line_id",
    "listing_ref",
    "listing_id",
    "offer_id",
    "wpid",
];

/// Differences that are shown of each side.
const SHOWN_MAX: usize = 3;

/// Everything that can be seen, in a form that two runs of the story share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stand {
    /// By what it is: what each marketplace holds, and what each command shows.
    parts: BTreeMap<String, Value>,
}

impl Stand {
    /// Looks at everything.
    pub(crate) fn of(seller: &Seller, state: &Value, orders: &Orders) -> Self {
        let names: BTreeMap<&str, &str> = orders
            .iter()
            .map(|(name, (_, id))| (id.as_str(), *name))
            .collect();
        let mut parts = BTreeMap::new();
        for (marketplace, held) in state.as_object().into_iter().flatten() {
            let calls = held["calls"].as_object().into_iter().flatten();
            let once: Map<String, Value> = calls
                .filter(|(operation, _)| ONCE.contains(&operation.as_str()))
                .map(|(operation, count)| (operation.clone(), count.clone()))
                .collect();
            let shown = json!({
                "listings": held["listings"],
                "orders": held["orders"],
                "limit_violations": held["limit_violations"],
                "once": once,
            });
            parts.insert(marketplace.clone(), plain(&shown, &names));
        }
        for list in ["products", "listings", "orders", "receipts", "problems"] {
            let mut arguments = vec![list];
            if list == "products" {
                arguments.extend(["--limit", "1000"]);
            }
            let mut document = seller.run(&arguments).done();
            if list == "receipts" {
                forget_before(&mut document[list]);
            }
            assert_eq!(
                document["next"],
                Value::Null,
                "all {list} stand on one page"
            );
            parts.insert(list.to_owned(), plain(&document[list], &names));
        }
        let imports = seller.run(&["imports"]).done();
        parts.insert("imports".to_owned(), effective(&imports["imports"]));
        parts.insert("ledger".to_owned(), plain(&ledger(seller.path()), &names));
        Self { parts }
    }

    /// Fails where another run came to something else.
    pub(crate) fn compare(&self, other: &Self) {
        for (what, expected) in &self.parts {
            let found = &other.parts[what];
            if found == expected {
                continue;
            }
            let lines = |value: &Value| -> BTreeSet<String> {
                let items = value
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![value.clone()]);
                items.iter().map(Value::to_string).collect()
            };
            let (expected, found) = (lines(expected), lines(found));
            let missing: Vec<&String> = expected.difference(&found).take(SHOWN_MAX).collect();
            let more: Vec<&String> = found.difference(&expected).take(SHOWN_MAX).collect();
            panic!("{what} differ. Undisturbed: {missing:#?}\nDisturbed: {more:#?}");
        }
    }

    /// What holds at the end of every run, disturbed or not.
    pub(crate) fn hold_to_rules(&self) {
        for marketplace in ["ebay", "amazon", "walmart", "newegg"] {
            let held = &self.parts[marketplace];
            assert_eq!(held["limit_violations"], 0, "within limits: {marketplace}");
            self.every_listing_is_as_wanted(marketplace);
            for order in items(&held["orders"]) {
                sent_once(order);
            }
        }
        self.stock_is_the_sum_of_its_movements();
        for receipt in items(&self.parts["receipts"]) {
            assert_eq!(receipt["state"], "applied", "{receipt}");
        }
    }

    /// One listing for each SKU, with what the catalogue wants of it.
    fn every_listing_is_as_wanted(&self, marketplace: &str) {
        let there: Vec<[&Value; 3]> = items(&self.parts[marketplace]["listings"])
            .map(|listing| [&listing["sku"], &listing["price"], &listing["quantity"]])
            .collect();
        let wanted: Vec<[&Value; 3]> = items(&self.parts["listings"])
            .filter(|listing| listing["marketplace"] == marketplace)
            .map(|listing| {
                let wanted = &listing["wanted"];
                [&listing["sku"], &wanted["price"], &wanted["quantity"]]
            })
            .collect();
        let by_sku = |rows: Vec<[&Value; 3]>| -> Vec<String> {
            let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
            rows.sort();
            rows
        };
        assert_eq!(by_sku(there), by_sku(wanted), "converge: {marketplace}");
    }

    fn stock_is_the_sum_of_its_movements(&self) {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for movement in items(&self.parts["ledger"]) {
            let sku = movement["sku"].as_str().unwrap_or_default();
            *sums.entry(sku).or_default() += movement["delta"].as_i64().unwrap_or_default();
        }
        for product in items(&self.parts["products"]) {
            let sku = product["sku"].as_str().unwrap_or_default();
            assert_eq!(product["on_hand"], sums[sku], "ledger: {product}");
            assert_eq!(product["reserved"], 0, "ledger: {product}");
        }
    }
}

/// No more left than was ordered.
fn sent_once(order: &Value) {
    let units = |lines: &Value| -> i64 {
        items(lines)
            .map(|line| line["quantity"].as_i64().unwrap_or_default())
            .sum()
    };
    let sent: i64 = items(&order["shipments"])
        .map(|shipment| units(&shipment["lines"]))
        .sum();
    let expected = if order["order_id"] == "broken" {
        0
    } else {
        units(&order["lines"])
    };
    assert_eq!(sent, expected, "once: {order}");
}

/// What stood there before a value is not compared: a value that is sent again because its answer
/// was lost may stand there already.
fn forget_before(receipts: &mut Value) {
    for receipt in receipts.as_array_mut().into_iter().flatten() {
        receipt["from"] = Value::Null;
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Imports that changed something: one that ended after it was committed is run again for nothing.
fn effective(imports: &Value) -> Value {
    let counts = |import: &Value| {
        let named = ["file", "new", "changed", "refused"].map(|key| (key, import[key].clone()));
        named
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<Map<_, _>>()
    };
    let some = items(imports).filter(|import| import["new"] != 0 || import["changed"] != 0);
    some.map(|import| Value::Object(counts(import))).collect()
}

/// A value without times and without what chance decides; orders by their names, lists sorted.
fn plain(value: &Value, names: &BTreeMap<&str, &str>) -> Value {
    match value {
        Value::String(text) if DateTime::parse_from_rfc3339(text).is_ok() => "a time".into(),
        Value::String(text) => (*names.get(text.as_str()).unwrap_or(&text.as_str())).into(),
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(|item| plain(item, names)).collect();
            list.sort_by_cached_key(Value::to_string);
            list.into()
        }
        Value::Object(fields) => fields
            .iter()
            .map(
                |(key, value)| match CHANCE.contains(&key.as_str()) && !value.is_null() {
                    true => (key.clone(), "by chance".into()),
                    false => (key.clone(), plain(value, names)),
                },
            )
            .collect(),
        other => other.clone(),
    }
}

/// Every movement of the ledger, read beside the program.
fn ledger(folder: &Path) -> Value {
    let path = folder.join("catalogue.barrow");
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .expect("the catalogue is a database");
    let mut statement = db
        .prepare(
            "SELECT s.sku, m.delta, m.kind, m.reason, m.order_id, m.cumulative
             FROM movements m JOIN skus s ON s.id = m.sku_id ORDER BY m.id",
        )
        .expect("the catalogue has a ledger");
    let columns = statement.column_names();
    let names: Vec<String> = columns.map(str::to_owned).collect();
    let rows = statement.query_map([], |row| {
        names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let value = match row.get_ref(index)? {
                    ValueRef::Integer(number) => number.into(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                    _ => Value::Null,
                };
                Ok((name.clone(), value))
            })
            .collect::<rusqlite::Result<Map<String, Value>>>()
    });
    let rows = rows.expect("the ledger can be read");
    rows.map(|row| Value::Object(row.expect("a row can be read")))
        .collect()
}

/// What the story comes to when nothing disturbs it. Told once in a run of the tests, also where
/// each test is a process of its own.
pub(crate) fn undisturbed() -> &'static Stand {
    static STAND: OnceLock<Stand> = OnceLock::new();
    STAND.get_or_init(|| match std::env::var("NEXTEST_RUN_ID") {
        Ok(run) => shared(&run),
        Err(_) => Story::new().run(None),
    })
}

/// The first process of a run tells the story, the others read what it came to.
fn shared(run: &str) -> Stand {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let lock = File::create(folder.join("undisturbed.lock")).expect("a file can be made");
    lock.lock().expect("a file can be locked");
    let path = folder.join(format!("undisturbed-{run}.json"));
    if let Ok(text) = fs::read_to_string(&path) {
        return serde_json::from_str(&text).expect("another process has written it");
    }
    forget_earlier_runs(folder);
    let stand = Story::new().run(None);
    let text = serde_json::to_string(&stand).expect("a value made of JSON");
    fs::write(&path, text).expect("a file can be written");
    stand
}

fn forget_earlier_runs(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    for path in paths {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with("undisturbed-") {
            // A run beside this one at most tells its story once more.
            let _ = fs::remove_file(&path);
        }
    }
}
