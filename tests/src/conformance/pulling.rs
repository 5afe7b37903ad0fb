//! Pulls orders to the end, as the engine does.

use std::collections::BTreeMap;

use barrow_market::{Cursor, OrderPage, Orders, PulledOrder, StreamId};
use barrow_model::{Order, Sku};
use chrono::{DateTime, TimeDelta, Utc};

use super::bench::Bench;

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

    /// Reads one page of a stream and moves its cursor on.
    pub(super) async fn page(&self, stream: StreamId, cursors: &mut Cursors) -> OrderPage {
        let cursor = stored(&cursors[&stream]);
        let page = self
            .orders()
            .pull(stream, &cursor, &[])
            .await
            .expect("a page");
        assert_eq!(
            page.covered_through.is_none(),
            page.more,
            "told with the last page alone"
        );
        cursors.insert(stream, page.next.clone());
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
        for _ in 0..PAGES_MAX {
            let page = self.page(stream, cursors).await;
            pulled.take(&page);
            if let Some(covered) = page.covered_through {
                pulled.covered.insert(stream, covered);
                return;
            }
        }
        panic!("{PAGES_MAX} pages of {stream:?} and no end");
    }

    /// One order as the adapter reads it now.
    pub(super) async fn fetch(&self, order_id: &str) -> Order {
        let page = self.orders().fetch(&[order_id.to_owned()]).await;
        let mut page = page.expect("it can be read");
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
