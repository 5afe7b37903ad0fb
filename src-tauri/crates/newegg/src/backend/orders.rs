//! Reading orders (newegg.md §6.1). Newegg filters by status and order date alone: what is new is
//! found by date in every status, what has changed by number among the orders that are open.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use barrow_market::{
    Cursor, Error, ErrorKind, OrderIssue, OrderPage, Orders, PulledOrder, RawRecord, Result,
    Stream, StreamId,
};
use barrow_wire::{Answer, Built, cursor, place};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::backend::NeweggAdapter;
use crate::backend::fetch::judged;
use crate::limits::{
    OPEN_ORDER_DAYS, ORDER_OVERLAP, ORDERS_CALL, ORDERS_PAGE, ORDERS_PAGES_MAX, RESTARTS_MAX,
};
use crate::map::order::{raw_page, read_record};
use crate::request::{OrderWindow, orders_by_number, orders_request};
use crate::types::node::{parsed, text_of, unreadable};
use crate::types::time::is_ambiguous;

const NEW: StreamId = StreamId("orders");
const OPEN: StreamId = StreamId("open");

static STREAMS: &[Stream] = &[
    Stream {
        id: NEW,
        rereads_open: false,
    },
    Stream {
        id: OPEN,
        rereads_open: true,
    },
];

/// Statuses in the order in which an order goes through them, so that one that moves on meanwhile
/// is met again: payment pending, unshipped, partially shipped, shipped, invoiced, voided.
const STATUSES: [u8; 6] = [PENDING, 0, 1, 2, 3, 4];
const PENDING: u8 = 5;
/// Those whose orders are still to be shipped.
const OPEN_STATUSES: [u8; 3] = [PENDING, 0, 1];

/// The newest version of orders, and the one that all platforms know (newegg.md §6.1).
const VERSION: u16 = 315;
const VERSION_OLD: u16 = 304;
/// After this long a platform that refused the newest version is asked in it again.
const OLD_VERSION_KEPT: TimeDelta = TimeDelta::hours(6);

/// How far the new orders are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct NewCursor {
    /// Everything that was placed before has been given.
    since: DateTime<Utc>,
    /// A sweep that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sweep: Option<Sweep>,
}

/// One walk over all statuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sweep {
    /// Up to when it reads.
    through: DateTime<Utc>,
    /// Which of [`STATUSES`].
    status: usize,
    /// The page that comes next, from 1.
    page: u32,
    /// How many orders of the status there were on the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<u32>,
    #[serde(default)]
    restarts: u32,
}

/// How far the open orders are read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct OpenCursor {
    /// When the walk began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    began: Option<DateTime<Utc>>,
    /// The last number that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// A page as it came.
struct Page {
    orders: Vec<PulledOrder>,
    unreadable: Vec<(RawRecord, OrderIssue)>,
    /// Records of it, those included that are no sales of Newegg's.
    records: u32,
    total: Option<u32>,
    pages: Option<u32>,
    /// Newegg's own time.
    date: Option<DateTime<Utc>>,
}

#[async_trait]
impl Orders for NeweggAdapter {
    fn streams(&self) -> &'static [Stream] {
        STREAMS
    }

    fn start(&self, stream: StreamId, since: DateTime<Utc>) -> Result<Cursor> {
        match stream {
            NEW => Ok(cursor(&NewCursor { since, sweep: None })),
            OPEN => Ok(cursor(&OpenCursor::default())),
            other => Err(no_stream(other)),
        }
    }

    async fn pull(&self, stream: StreamId, cursor: &Cursor, open: &[String]) -> Result<OrderPage> {
        match stream {
            NEW => self.pull_new(place(cursor, ORDERS_CALL.operation)?).await,
            OPEN => {
                self.pull_open(place(cursor, ORDERS_CALL.operation)?, open)
                    .await
            }
            other => Err(no_stream(other)),
        }
    }

    async fn fetch(&self, ids: &[String]) -> Result<OrderPage> {
        let mut page = Page::empty(None);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for part in ids.chunks(ORDERS_PAGE) {
            page.extend(self.by_number(part).await?);
        }
        Ok(page.at(Cursor(String::new()), false, None))
    }

    fn read_record(&self, record: &RawRecord) -> std::result::Result<PulledOrder, OrderIssue> {
        read_record(&record.body, self.config.platform)
            .map(|read| read.order)
            .map_err(|unread| unread.1)
    }
}

impl NeweggAdapter {
    async fn pull_new(&self, at: NewCursor) -> Result<OrderPage> {
        let sweep = at.sweep.clone().unwrap_or_else(|| Sweep {
            through: self.clock.now(),
            status: 0,
            page: 1,
            total: None,
            restarts: 0,
        });
        let status = STATUSES.get(sweep.status).copied().unwrap_or_default();
        let page = self.status_page(&window(at.since, &sweep, status)).await?;
        turned(at.since, sweep, page)
    }

    /// A page of a window. Only newer versions know of orders that are not paid yet, and that one
    /// refuses them says nothing of the version (newegg.md §6.1). They are asked for each time: to
    /// a platform that was taken to know the old version alone an unpaid order would not exist.
    async fn status_page(&self, window: &OrderWindow) -> Result<Page> {
        if window.status != PENDING {
            let ask = |version| orders_request(&self.config, version, window);
            return self.versioned(ask).await;
        }
        let request = orders_request(&self.config, VERSION, window);
        match self.page_of(request).await {
            Err(error) if error.kind == ErrorKind::Refused => Ok(Page::empty(None)),
            Ok(page) => {
                // It was refused for another reason, and is known all the same.
                self.old_version_until.store(0, Ordering::Relaxed);
                Ok(page)
            }
            Err(error) => Err(error),
        }
    }

    /// Asks in the newest version; where that is refused, in the old one. It is remembered for
    /// some hours only: a platform learns, and the old version knows of no unpaid orders.
    async fn versioned(&self, build: impl Fn(u16) -> Built) -> Result<Page> {
        if self.knows_old_version_only() {
            return self.page_of(build(VERSION_OLD)).await;
        }
        match self.page_of(build(VERSION)).await {
            Err(first) if first.kind == ErrorKind::Refused => {
                let page = self.page_of(build(VERSION_OLD)).await.map_err(|_| first)?;
                let until = self.clock.now() + OLD_VERSION_KEPT;
                let until = until.timestamp_millis();
                self.old_version_until.store(until, Ordering::Relaxed);
                Ok(page)
            }
            result => result,
        }
    }

    fn knows_old_version_only(&self) -> bool {
        self.clock.now().timestamp_millis() < self.old_version_until.load(Ordering::Relaxed)
    }

    async fn page_of(&self, built: Built) -> Result<Page> {
        let answer = self.call(&ORDERS_CALL, built).await?;
        self.read_page(&answer)
    }

    /// Orders by number; those that Newegg does not know are missing. Where one unknown number
    /// spoils the list, it is halved.
    async fn by_number(&self, ids: &[&str]) -> Result<Page> {
        let mut page = Page::empty(None);
        let mut parts = vec![ids];
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            let found = self.versioned(|version| orders_by_number(&self.config, version, part));
            match found.await {
                Ok(found) => page.extend(found),
                Err(error) if error.kind == ErrorKind::NotFound => {
                    if part.len() > 1 {
                        let (first, second) = part.split_at(part.len() / 2);
                        parts.extend([first, second]);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(page)
    }

    async fn pull_open(&self, mut at: OpenCursor, open: &[String]) -> Result<OrderPage> {
        let began = *at.began.get_or_insert_with(|| self.clock.now());
        let mut ids: Vec<&str> = open.iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|id| at.after.as_deref().is_none_or(|after| *id > after));
        let part = &ids[..ids.len().min(ORDERS_PAGE)];
        let page = self.by_number(part).await?;
        let more = ids.len() > part.len();
        if more {
            at.after = part.last().map(|id| (*id).to_owned());
            return Ok(page.at(cursor(&at), true, None));
        }
        let covered = page.date.map_or(began, |there| there.min(began));
        Ok(page.at(cursor(&OpenCursor::default()), false, Some(covered)))
    }

    fn read_page(&self, answer: &Answer) -> Result<Page> {
        let operation = ORDERS_CALL.operation;
        let mut page = Page::empty(answer.date());
        // An answer that is none must not pass for one without orders.
        let whole = parsed(operation, &answer.body)?;
        judged(operation, whole, &["OrderInfoList", "PageInfo"])?;
        let text = text_of(&answer.body);
        let raw = raw_page(&text).map_err(|error| unreadable(operation, &error))?;
        page.records = u32::try_from(raw.records.len()).unwrap_or(u32::MAX);
        page.total = raw.total;
        page.pages = raw.pages;
        for record in raw.records {
            match read_record(record.get(), self.config.platform) {
                Ok(read) if read.is_multi_channel => {}
                Ok(read) => page.orders.push(read.order),
                Err(unread) => page.unreadable.push(*unread),
            }
        }
        Ok(page)
    }
}

/// What is asked for. Open orders are read anew for as long as they can be open, so that none is
/// missed whatever happened; the others since the last time, with overlap.
fn window(since: DateTime<Utc>, sweep: &Sweep, status: u8) -> OrderWindow {
    let since = since.min(sweep.through);
    let since = if OPEN_STATUSES.contains(&status) {
        since.min(sweep.through - TimeDelta::days(OPEN_ORDER_DAYS))
    } else {
        since
    };
    let overlap = TimeDelta::from_std(ORDER_OVERLAP).unwrap_or_default();
    // In the autumn hour the end would be taken for an hour ago.
    let ahead = if is_ambiguous(sweep.through) {
        TimeDelta::minutes(61)
    } else {
        TimeDelta::minutes(1)
    };
    OrderWindow {
        status,
        from: since - overlap,
        to: sweep.through + ahead,
        page: sweep.page,
    }
}

/// The page with the cursor that comes after it: an earlier page again where orders have moved up,
/// the next page, the next status, or the end.
fn turned(since: DateTime<Utc>, mut sweep: Sweep, page: Page) -> Result<OrderPage> {
    // A clock that runs ahead would put orders behind the sweep that are not made yet.
    if let Some(there) = page.date {
        sweep.through = sweep.through.min(there);
    }
    let size = u32::try_from(ORDERS_PAGE).unwrap_or(u32::MAX);
    let total = page.total.unwrap_or(page.records);
    let pages = page.pages.unwrap_or_else(|| total.div_ceil(size));
    // Orders that left the status have let the rest move up, unseen ones perhaps onto pages that
    // were read already.
    let left = sweep.total.map_or(0, |before| before.saturating_sub(total));
    let is_short = page.records == 0 && total > (sweep.page - 1).saturating_mul(size);
    if left > 0 || is_short {
        sweep.restarts += u32::from(is_short);
        if sweep.restarts > RESTARTS_MAX {
            let error = Error::new(ErrorKind::Unreadable, ORDERS_CALL.operation);
            return Err(error.with("reason", "pages do not fit together"));
        }
        let back = if is_short { 1 } else { left.div_ceil(size) };
        sweep.page = sweep.page.saturating_sub(back).max(1);
        sweep.total = Some(total);
    } else if sweep.page < pages.min(ORDERS_PAGES_MAX) && page.records > 0 {
        sweep.page += 1;
        sweep.total = Some(total);
    } else {
        sweep.status += 1;
        sweep.page = 1;
        sweep.total = None;
    }
    if sweep.status < STATUSES.len() {
        let next = NewCursor {
            since,
            sweep: Some(sweep),
        };
        return Ok(page.at(cursor(&next), true, None));
    }
    let next = NewCursor {
        since: sweep.through.max(since),
        sweep: None,
    };
    Ok(page.at(cursor(&next), false, Some(sweep.through)))
}

impl Page {
    fn empty(date: Option<DateTime<Utc>>) -> Self {
        Self {
            orders: Vec::new(),
            unreadable: Vec::new(),
            records: 0,
            total: None,
            pages: None,
            date,
        }
    }

    fn extend(&mut self, more: Self) {
        self.orders.extend(more.orders);
        self.unreadable.extend(more.unreadable);
        self.records = self.records.saturating_add(more.records);
        self.date = self.date.or(more.date);
    }

    fn at(self, next: Cursor, more: bool, covered: Option<DateTime<Utc>>) -> OrderPage {
        OrderPage {
            orders: self.orders,
            unreadable: self.unreadable,
            next,
            more,
            covered_through: covered,
            total: self.total.map(u64::from),
        }
    }
}

fn no_stream(stream: StreamId) -> Error {
    Error::new(ErrorKind::Unsupported, "pull").with("stream", stream.0)
}
