//! Pulls orders to the end, as the engine does.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_market::{Cursor, OrderPage, Orders, PulledOrder, StreamId};
use barrow_model::{Order, Sku};
use chrono::{DateTime, TimeDelta, Utc};

use super::bench::Bench;

/// A marketplace may leave what happened in the last minutes for the next pull.
pub(super) const TOLD_WITHIN: Duration = Duration::from_secs(10 * 60);
/// Looks at an order until it shows what was done to it, ten minutes apart.
const LOOKS_MAX: usize = 30;
/// More pages than any pull of a test has.
const PAGES_MAX: usize = 60;

/// Where each stream stands.
pub(super) type Cursors = BTreeMap<StreamId, Cursor>;

/// What a pull brought.
#[derive(Default)]
pub(super) struct Pulled {
    /// The newest reading of each order, by id.
    pub(super) orders: BTreeMap<String, PulledOrder>,
    pub(super) unreadable: Vec<(barrow_market::RawRecord, barrow_market::OrderIssue)>,
    /// Up to when each stream has given everything.
    pub(super) covered: BTreeMap<StreamId, DateTime<Utc>>,
    pub(super) pages: usize,
}

impl Pulled {
    fn take(&mut self, page: &OrderPage) {
        for pulled in &page.orders {
            self.orders
                .insert(pulled.order.order_id.clone(), pulled.clone());
        }
        self.unreadable.extend(page.unreadable.iter().cloned());
        self.pages += 1;
    }

    pub(super) fn ids(&self) -> Vec<&str> {
        self.orders.keys().map(String::as_str).collect()
    }
}

/// A cursor as it comes back from where it was stored.
fn stored(cursor: &Cursor) -> Cursor {
    let text = serde_json::to_string(cursor).expect("a cursor is a text");
    serde_json::from_str(&text).expect("as it was written")
}

impl Bench {
    pub(super) fn orders(&self) -> &dyn Orders {
        self.adapter.orders().expect("orders are offered")
    }

    /// Cursors that begin an hour ago.
    pub(super) fn cursors(&self) -> Cursors {
        let since = self.now() - TimeDelta::hours(1);
        let streams = self.orders().streams().iter();
        streams
            .map(|stream| {
                let cursor = self.orders().start(stream.id, since).expect("a cursor");
                (stream.id, cursor)
            })
            .collect()
    }

    /// The orders that a stream reads again: those that were given and are open, where it does so.
    pub(super) fn open_for(&self, stream: StreamId) -> Vec<String> {
        let mut streams = self.orders().streams().iter();
        let found = streams.find(|one| one.id == stream).expect("a stream");
        let open = self.open.lock().expect("held for moments");
        let ids = open.iter().filter(|_| found.rereads_open);
        ids.cloned().collect()
    }

    /// Reads one page of a stream and moves its cursor on.
    pub(super) async fn page(
        &self,
        stream: StreamId,
        cursors: &mut Cursors,
        open: &[String],
    ) -> OrderPage {
        let cursor = stored(&cursors[&stream]);
        let page = loop {
            match self.orders().pull(stream, &cursor, open).await {
                Ok(page) => break page,
                Err(error) => self.wait_for("pull", &error),
            }
        };
        assert_eq!(
            page.covered_through.is_none(),
            page.more,
            "told with the last page alone"
        );
        cursors.insert(stream, page.next.clone());
        let mut known = self.open.lock().expect("held for moments");
        for order in page.orders.iter().map(|pulled| &pulled.order) {
            if order.lines.iter().any(|line| line.open() > 0) {
                known.insert(order.order_id.clone());
            } else {
                known.remove(&order.order_id);
            }
        }
        drop(known);
        page
    }

    /// Pulls every stream until there is no more.
    pub(super) async fn pull(&self, cursors: &mut Cursors) -> Pulled {
        let mut pulled = Pulled::default();
        for stream in self.orders().streams() {
            self.pull_stream(stream.id, cursors, &mut pulled).await;
        }
        pulled
    }

    pub(super) async fn pull_stream(
        &self,
        stream: StreamId,
        cursors: &mut Cursors,
        pulled: &mut Pulled,
    ) {
        let open = self.open_for(stream);
        for _ in 0..PAGES_MAX {
            let page = self.page(stream, cursors, &open).await;
            pulled.take(&page);
            if let Some(covered) = page.covered_through {
                pulled.covered.insert(stream, covered);
                return;
            }
        }
        panic!("{PAGES_MAX} pages of {stream:?} and no end");
    }

    /// Orders as the adapter reads them now.
    pub(super) async fn fetch_page(&self, ids: &[String]) -> OrderPage {
        loop {
            match self.orders().fetch(ids).await {
                Ok(page) => return page,
                Err(error) => self.wait_for("fetch", &error),
            }
        }
    }

    /// One order once it shows what was done to it.
    pub(super) async fn fetch_until(
        &self,
        order_id: &str,
        shows: impl Fn(&Order) -> bool,
    ) -> Order {
        for _ in 0..LOOKS_MAX {
            let order = self.fetch(order_id).await;
            if shows(&order) {
                return order;
            }
            self.pass(TOLD_WITHIN);
        }
        panic!("{order_id} never shows what was done to it")
    }

    /// One order as the adapter reads it now.
    pub(super) async fn fetch(&self, order_id: &str) -> Order {
        let mut page = self.fetch_page(&[order_id.to_owned()]).await;
        assert!(page.unreadable.is_empty(), "{:?}", page.unreadable);
        page.orders.pop().expect("the order is there").order
    }

    /// Buyers order one unit each, a second apart.
    pub(super) fn order_many(&self, sku: &Sku, count: usize) -> Vec<String> {
        let mut ids = Vec::with_capacity(count);
        for _ in 0..count {
            ids.push(self.order(&[(sku, 1)]));
            self.pass(std::time::Duration::from_secs(1));
        }
        ids
    }
}
