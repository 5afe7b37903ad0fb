//! Orders of which eBay could not tell all, such as their packages or the buyer's tax number: they
//! are taken without it, so that none stops another, and read again with later sweeps. None is
//! forgotten in silence: where no more can wait, the sweep stays where it is, and one that is given
//! up is told with what could not be read.

use barrow_market::{Cursor, OrderIssue, OrderPage, RawRecord};
use barrow_model::ProblemKind;
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::EbayAdapter;
use super::orders::{AT_ONCE, Detail};

/// Orders that wait, at most.
const WAITING_MAX: usize = 200;
/// How often each is asked for. At a sweep each quarter of an hour that is a day.
const TRIES_MAX: u32 = 96;
/// Of these, those that one sweep reads.
const PER_PULL: usize = 50;

/// An order of which eBay could not tell all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Again {
    pub(super) id: String,
    /// How often they were asked for.
    pub(super) tries: u32,
}

/// What eBay could not tell of an order just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacking {
    /// Its packages: without them nobody knows how many units have left.
    Parts,
    /// What only reading it alone tells, such as the buyer's tax number.
    Particulars,
}

/// Whether no more can wait.
pub(super) fn is_full(waiting: &[Again]) -> bool {
    waiting.len() >= WAITING_MAX
}

/// The orders that wait to be read whole behind a page: those that waited and are not told, then
/// those of the page. False where one of the page finds no place whose packages are not known; one
/// that lacks particulars alone is told at once then, and keeps no page from being taken.
pub(super) fn put_down(
    waiting: &mut Vec<Again>,
    page: &mut OrderPage,
    untold: &[(String, Lacking)],
) -> bool {
    let (given, mut still): (Vec<Again>, Vec<Again>) = std::mem::take(waiting)
        .into_iter()
        .partition(|one| record(page, &one.id).is_some());
    let mut all_have_place = true;
    for (id, lacking) in untold {
        let known = given.iter().find(|one| one.id == *id);
        let tries = known.map_or(0, |one| one.tries) + 1;
        let has_place = known.is_some() || !is_full(&still);
        all_have_place &= has_place || *lacking == Lacking::Particulars;
        if has_place && tries <= TRIES_MAX {
            still.push(Again {
                id: id.clone(),
                tries,
            });
        } else {
            let record = record(page, id).cloned();
            page.unreadable.push(not_whole(id, record));
        }
    }
    *waiting = still;
    all_have_place
}

fn record<'a>(page: &'a OrderPage, id: &str) -> Option<&'a RawRecord> {
    let mut given = page.orders.iter();
    let given = given.find(|given| given.order.order_id == id);
    given.map(|given| &given.raw)
}

/// An order that is told as one that could not be read; by its id alone where eBay gives no more.
fn not_whole(id: &str, record: Option<RawRecord>) -> (RawRecord, OrderIssue) {
    let record = record.unwrap_or_else(|| RawRecord {
        order_id: Some(id.to_owned()),
        body: json!({ "orderId": id }).to_string(),
    });
    let issue = OrderIssue {
        kind: ProblemKind::OrderUnreadable,
        field: "order".to_owned(),
        expected: "its packages and the buyer's tax number".to_owned(),
    };
    (record, issue)
}

impl EbayAdapter {
    /// Reads orders once more of which eBay could not tell all, and adds them to the page. That
    /// it fails again is no reason to hold the page back.
    pub(super) async fn read_again(&self, waiting: &mut Vec<Again>, page: &mut OrderPage) {
        let due: Vec<String> = waiting
            .iter()
            .map(|one| one.id.clone())
            .filter(|id| record(page, id).is_none())
            .take(PER_PULL)
            .collect();
        if due.is_empty() {
            return;
        }
        // Each by itself: one that eBay cannot tell keeps no other from being read.
        let known = due.iter().cloned().map(|id| async move {
            let records = self.records_of(std::slice::from_ref(&id)).await;
            records.map_err(|_| id)
        });
        let known: Vec<_> = stream::iter(known).buffered(AT_ONCE).collect().await;
        let (records, failed): (Vec<_>, Vec<_>) = known.into_iter().partition(Result::is_ok);
        let failed: Vec<String> = failed.into_iter().filter_map(Result::err).collect();
        let records = records.into_iter().flatten().flatten().collect();
        let read = self.read(records, Detail::All).await;
        let (mut read, untold) = read.map_or_else(
            |_| (nothing(), due.clone()),
            |(read, lacking)| (read, lacking.into_iter().map(|(id, _)| id).collect()),
        );
        let untold: Vec<String> = untold.into_iter().chain(failed).collect();
        read.orders
            .retain(|given| due.contains(&given.order.order_id));
        page.unreadable.append(&mut read.unreadable);
        // Those that were asked for wait behind the others; one that eBay does not know is let go.
        let (asked, others): (Vec<Again>, Vec<Again>) = std::mem::take(waiting)
            .into_iter()
            .partition(|one| due.contains(&one.id));
        *waiting = others;
        for one in asked.into_iter().filter(|one| untold.contains(&one.id)) {
            let tries = one.tries + 1;
            if tries <= TRIES_MAX {
                waiting.push(Again { tries, ..one });
            } else {
                let record = record(&read, &one.id).cloned();
                page.unreadable.push(not_whole(&one.id, record));
            }
        }
        let told = read.orders.into_iter();
        let told = told.filter(|given| !untold.contains(&given.order.order_id));
        page.orders.extend(told);
    }
}

/// A page on which nothing is.
pub(super) fn nothing() -> OrderPage {
    OrderPage {
        orders: Vec::new(),
        unreadable: Vec::new(),
        next: Cursor(String::new()),
        more: false,
        covered_through: None,
        total: None,
    }
}
