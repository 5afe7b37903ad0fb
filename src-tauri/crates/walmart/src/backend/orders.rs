//! Reading orders (walmart.md §7.1, §7.4).

use async_trait::async_trait;
use barrow_market::{
    Cursor, Error, ErrorKind, OrderIssue, OrderPage, Orders, PulledOrder, RawRecord, Result,
    Stream, StreamId,
};
use barrow_model::FulfilledBy;
use barrow_wire::{cursor, place};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::backend::WalmartAdapter;
use crate::backend::fetch::{loops, succeeded};
use crate::limits::{
    CREATED_WINDOW_DAYS, ORDER_CALL, ORDER_OVERLAP, ORDERS_CALL, ORDERS_QUERY_MAX, RESTARTS_MAX,
};
use crate::map::order::{read_record, records};
use crate::request::{order_request, orders_next_request, orders_request};
use crate::types::order::{OrderAnswer, OrdersAnswer};

/// Orders are listed by who ships them; without asking, those that Walmart ships are invisible
/// (walmart.md §7.1).
static STREAMS: &[Stream] = &[
    Stream {
        id: StreamId("seller"),
        rereads_open: false,
    },
    Stream {
        id: StreamId("wfs"),
        rereads_open: false,
    },
    Stream {
        id: StreamId("3pl"),
        rereads_open: false,
    },
];

/// The node type of a stream, and who ships.
fn node_type(stream: StreamId) -> Result<(&'static str, FulfilledBy)> {
    match stream.0 {
        "seller" => Ok(("SellerFulfilled", FulfilledBy::Seller)),
        "wfs" => Ok(("WFSFulfilled", FulfilledBy::Marketplace)),
        "3pl" => Ok(("3PLFulfilled", FulfilledBy::ThirdParty)),
        other => Err(Error::new(ErrorKind::Unsupported, "pull").with("stream", other)),
    }
}

/// How often a window is halved until it holds few enough orders.
const HALVINGS_MAX: u32 = 24;
/// Pages of one sweep: the most orders of a query, a page each at worst.
const SWEEP_PAGES_MAX: usize = 1_000;

/// How far a stream is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OrderCursor {
    /// Everything that changed before has been given.
    since: DateTime<Utc>,
    /// A page within a sweep, where one is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sweep: Option<Sweep>,
    /// How often the sweep was begun again because its cursor had died.
    #[serde(default)]
    restarts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sweep {
    /// What the sweep covers in the end: its own beginning, or the end of a narrower window.
    through: DateTime<Utc>,
    /// Whether there is more beyond the window.
    narrowed: bool,
    /// Walmart's cursor, as it came.
    next: String,
    /// Hashes of the cursors that were followed.
    seen: Vec<u64>,
    /// How many more orders Walmart has announced.
    #[serde(default)]
    left: u64,
}

/// A page as it came.
struct Page {
    orders: Vec<PulledOrder>,
    unreadable: Vec<(RawRecord, OrderIssue)>,
    total: Option<u64>,
    next: Option<String>,
    /// Walmart's own time.
    date: Option<DateTime<Utc>>,
}

/// Pages that are refused as holding too many orders are asked for over narrower times down to
/// this.
const NARROWEST_REFUSED: TimeDelta = TimeDelta::days(1);

#[async_trait]
impl Orders for WalmartAdapter {
    fn streams(&self) -> &'static [Stream] {
        STREAMS
    }

    fn start(&self, stream: StreamId, since: DateTime<Utc>) -> Result<Cursor> {
        node_type(stream)?;
        Ok(cursor(&OrderCursor {
            since,
            sweep: None,
            restarts: 0,
        }))
    }

    async fn pull(&self, stream: StreamId, cursor: &Cursor, _open: &[String]) -> Result<OrderPage> {
        let (node, fulfilled_by) = node_type(stream)?;
        let at: OrderCursor = place(cursor, ORDERS_CALL.operation)?;
        match at.sweep.clone() {
            Some(sweep) => self.continue_sweep(fulfilled_by, &at, sweep).await,
            None => self.begin_sweep(node, fulfilled_by, &at).await,
        }
    }

    async fn fetch(&self, ids: &[String]) -> Result<OrderPage> {
        let mut page = OrderPage {
            orders: Vec::new(),
            unreadable: Vec::new(),
            next: Cursor(String::new()),
            more: false,
            covered_through: None,
            total: None,
        };
        for id in ids {
            let request = order_request(&self.config.base, id);
            let answer = match self.call(&ORDER_CALL, request).await {
                Ok(answer) => answer,
                Err(error) if error.kind == ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let found: OrderAnswer<'_> = answer.json(ORDER_CALL.operation)?;
            match read_record(found.order.get(), FulfilledBy::Seller) {
                Ok(order) => page.orders.push(order),
                Err(unread) => page.unreadable.push(*unread),
            }
        }
        Ok(page)
    }

    fn read_record(&self, record: &RawRecord) -> std::result::Result<PulledOrder, OrderIssue> {
        read_record(&record.body, FulfilledBy::Seller).map_err(|unread| unread.1)
    }
}

impl WalmartAdapter {
    async fn begin_sweep(
        &self,
        node: &str,
        fulfilled_by: FulfilledBy,
        at: &OrderCursor,
    ) -> Result<OrderPage> {
        let started = self.clock.now();
        let overlap = TimeDelta::from_std(ORDER_OVERLAP).unwrap_or_default();
        let from = at.since.min(started) - overlap;
        let created = started - TimeDelta::days(CREATED_WINDOW_DAYS);
        let mut until: Option<DateTime<Utc>> = None;
        for _ in 0..HALVINGS_MAX {
            let request = orders_request(&self.config.base, node, created, from, until);
            let end = until.unwrap_or(started);
            let page = match self.orders_page(request, fulfilled_by).await {
                Ok(page) => page,
                // An account without the service is refused the orders of it (walmart.md §14.11).
                Err(error)
                    if error.kind == ErrorKind::Forbidden
                        && fulfilled_by != FulfilledBy::Seller =>
                {
                    Page::empty(None)
                }
                // Too many orders may be an error instead of a number (walmart.md §7.1).
                Err(error)
                    if error.kind == ErrorKind::Refused && end - from > NARROWEST_REFUSED =>
                {
                    until = Some(from + (end - from) / 2);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let too_many = page.total.is_some_and(|total| total > ORDERS_QUERY_MAX);
            if too_many && end - from > TimeDelta::minutes(30) {
                until = Some(from + (end - from) / 2);
                continue;
            }
            // A clock that runs ahead would put orders behind the sweep that are not made yet.
            let through = page.date.map_or(end, |there| there.min(end));
            let sweep = Sweep {
                through,
                narrowed: until.is_some(),
                next: String::new(),
                seen: Vec::new(),
                left: page.total.unwrap_or(0).saturating_sub(page.records()),
            };
            return Ok(turned(at, sweep, page));
        }
        Err(loops(ORDERS_CALL.operation))
    }

    async fn continue_sweep(
        &self,
        fulfilled_by: FulfilledBy,
        at: &OrderCursor,
        mut sweep: Sweep,
    ) -> Result<OrderPage> {
        let request = orders_next_request(&self.config.base, &sweep.next);
        let page = match self.orders_page(request, fulfilled_by).await {
            Ok(page) => page,
            // A cursor that was kept over a restart may have died: the sweep begins again.
            Err(error) if error.kind == ErrorKind::Refused && at.restarts < RESTARTS_MAX => {
                return Ok(begun_again(at));
            }
            Err(error) => return Err(error),
        };
        // Nothing, where orders were announced, is no end but a cursor that has died.
        if page.records() == 0 && sweep.left > 0 && at.restarts < RESTARTS_MAX {
            return Ok(begun_again(at));
        }
        sweep.left = sweep.left.saturating_sub(page.records());
        sweep.seen.push(hash(&sweep.next));
        let again = page
            .next
            .as_deref()
            .is_some_and(|next| sweep.seen.contains(&hash(next)));
        if again || sweep.seen.len() > SWEEP_PAGES_MAX {
            return Err(loops(ORDERS_CALL.operation));
        }
        Ok(turned(at, sweep, page))
    }

    async fn orders_page(
        &self,
        request: barrow_wire::Built,
        fulfilled_by: FulfilledBy,
    ) -> Result<Page> {
        let answer = self.answered(&ORDERS_CALL, request).await?;
        let date = answer.date();
        let answer = match succeeded(&ORDERS_CALL, answer) {
            Ok(answer) => answer,
            // No orders (walmart.md §4).
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(Page::empty(date)),
            Err(error) => return Err(error),
        };
        if answer.body.is_empty() {
            return Ok(Page::empty(date));
        }
        let found: OrdersAnswer<'_> = answer.json(ORDERS_CALL.operation)?;
        let mut page = Page::empty(date);
        page.total = found.list.meta.total_count.count().map(u64::from);
        // The cursor may come escaped for HTML (walmart.md §7.1).
        let next = found.list.meta.next_cursor.owned();
        page.next = next.map(|next| next.replace("&amp;", "&"));
        let raw = found.list.elements.and_then(|elements| elements.order);
        for record in raw.map(records).unwrap_or_default() {
            match read_record(record.get(), fulfilled_by) {
                Ok(order) => page.orders.push(order),
                Err(unread) => page.unreadable.push(*unread),
            }
        }
        Ok(page)
    }
}

impl Page {
    fn empty(date: Option<DateTime<Utc>>) -> Self {
        Self {
            orders: Vec::new(),
            unreadable: Vec::new(),
            total: None,
            next: None,
            date,
        }
    }

    fn records(&self) -> u64 {
        (self.orders.len() + self.unreadable.len()) as u64
    }

    fn at(self, next: &OrderCursor, more: bool, covered: Option<DateTime<Utc>>) -> OrderPage {
        OrderPage {
            orders: self.orders,
            unreadable: self.unreadable,
            next: cursor(next),
            more,
            covered_through: covered,
            total: self.total,
        }
    }
}

/// The sweep from its beginning.
fn begun_again(at: &OrderCursor) -> OrderPage {
    let next = OrderCursor {
        since: at.since,
        sweep: None,
        restarts: at.restarts + 1,
    };
    Page::empty(None).at(&next, true, None)
}

/// The page with the cursor that comes after it: the next page, the next window, or the end.
fn turned(at: &OrderCursor, sweep: Sweep, mut page: Page) -> OrderPage {
    if let Some(next) = page.next.take() {
        let next = OrderCursor {
            since: at.since,
            sweep: Some(Sweep { next, ..sweep }),
            restarts: at.restarts,
        };
        return page.at(&next, true, None);
    }
    let next = OrderCursor {
        since: sweep.through,
        sweep: None,
        restarts: 0,
    };
    let covered = (!sweep.narrowed).then_some(sweep.through);
    page.at(&next, sweep.narrowed, covered)
}

/// FNV-1a, to recognise a cursor without keeping it: it need not withstand anybody.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
