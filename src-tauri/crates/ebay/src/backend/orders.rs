//! Reading orders: one stream, by the date of their last change; a long first download before that
//! by the date on which they were placed, which does not move (ebay.md §8.1).

use async_trait::async_trait;
use barrow_market::{
    Cursor, Error, ErrorKind, OrderIssue, OrderPage, Orders, PulledOrder, RawRecord, Result,
    Stream, StreamId,
};
use barrow_wire::Answer;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::EbayAdapter;
use super::again::{Again, Lacking, is_full, nothing, put_down};
use super::told::told;
use crate::limits::{GET_ORDER, GET_ORDERS, GET_SHIPMENTS};
use crate::map::{self, Extra};
use crate::request::{self, ORDERS_PAGE, OrdersFilter, OrdersWindow};
use crate::types;

const MODIFIED: StreamId = StreamId("modified");
const STREAMS: &[Stream] = &[Stream {
    id: MODIFIED,
    rereads_open: false,
}];

/// How much is read again on purpose (ebay.md §8.1).
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// Once a day this much is read again, for what became visible late (ebay.md §8.1).
const DEEP_OVERLAP: TimeDelta = TimeDelta::days(3);
/// How long after the last one that is due.
const DEEP_EVERY: TimeDelta = TimeDelta::days(1);
/// How far back eBay reads: two years, less a margin for clocks (ebay.md §8.1).
const HISTORY: TimeDelta = TimeDelta::days(729);
/// A first download that goes back further than eBay's usual window (ebay.md §8.1) is read by the
/// dates of placing, in windows of this length.
const PLACED_WINDOW: TimeDelta = TimeDelta::days(90);
/// Records of which the next page begins before the last ended. Orders that change during a sweep
/// move, and others move up by as many places: unless one of these is found again, some were
/// skipped.
const PAGE_OVERLAP: usize = 5;
/// Shipments and tax numbers are read one call an order; of orders that changed longer ago, what
/// the order itself tells is enough.
const DETAILS_READ_FOR: TimeDelta = TimeDelta::days(14);
/// Sites whose buyers have a tax number (ebay.md §8.2).
const TAX_NUMBER_SITES: [&str; 2] = ["EBAY_IT", "EBAY_ES"];
/// Calls at once; eBay advises 5 to 10 (ebay.md §13).
pub(super) const AT_ONCE: usize = 5;
/// Longest record that is kept.
const RECORD_BYTES_MAX: usize = 1 << 20;

/// Where a sweep stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    /// Everything changed before has been given by an earlier sweep.
    since: DateTime<Utc>,
    /// Records of this sweep that are behind us.
    offset: u64,
    /// When this sweep began; none before its first page.
    sweep_started: Option<DateTime<Utc>>,
    /// Ids of the last records that were read; empty at the beginning.
    #[serde(default)]
    tail: Vec<String>,
    /// Where the window of a long first download begins; none once it is over.
    #[serde(default)]
    placed_from: Option<DateTime<Utc>>,
    /// Orders whose packages are to be read again, those that waited longest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    again: Vec<Again>,
    /// When the last sweep began that read [`DEEP_OVERLAP`] again; none where none has.
    #[serde(default)]
    deep_at: Option<DateTime<Utc>>,
    /// Whether this sweep is one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_deep: bool,
}

impl Position {
    /// The same, with whether the sweep that begins reads more again.
    fn begun(mut self, now: DateTime<Utc>) -> Self {
        if self.sweep_started.is_none() && self.placed_from.is_none() {
            self.is_deep = self.deep_at.is_none_or(|at| now - at >= DEEP_EVERY);
        }
        self
    }

    /// From when on changes are read.
    fn reads_since(&self, sweep_started: DateTime<Utc>) -> DateTime<Utc> {
        let usual = self.since - OVERLAP;
        if self.is_deep {
            usual.min(sweep_started - DEEP_OVERLAP)
        } else {
            usual
        }
    }

    /// Where the sweep after one begins that was read to its end.
    fn after(&self, sweep_started: DateTime<Utc>) -> Self {
        Self {
            since: sweep_started,
            offset: 0,
            sweep_started: None,
            tail: Vec::new(),
            placed_from: None,
            again: Vec::new(),
            deep_at: if self.is_deep {
                Some(sweep_started)
            } else {
                self.deep_at
            },
            is_deep: false,
        }
    }

    fn cursor(&self) -> Result<Cursor> {
        serde_json::to_string(self)
            .map(Cursor)
            .map_err(|_| Error::new(ErrorKind::Config, GET_ORDERS.operation))
    }
}

#[async_trait]
impl Orders for EbayAdapter {
    fn streams(&self) -> &'static [Stream] {
        STREAMS
    }

    fn start(&self, _stream: StreamId, since: DateTime<Utc>) -> Result<Cursor> {
        let now = self.clock.now();
        // An old order may have changed since: every window is read, whenever it begins.
        let placed_from = (now - since > PLACED_WINDOW).then(|| now - HISTORY);
        let position = Position {
            since,
            offset: 0,
            sweep_started: None,
            tail: Vec::new(),
            placed_from,
            again: Vec::new(),
            // What it begins with goes back as far as is asked for.
            deep_at: Some(now),
            is_deep: false,
        };
        position.cursor()
    }

    async fn pull(
        &self,
        _stream: StreamId,
        cursor: &Cursor,
        _open: &[String],
    ) -> Result<OrderPage> {
        let operation = GET_ORDERS.operation;
        let position: Position = serde_json::from_str(&cursor.0)
            .map_err(|_| Error::new(ErrorKind::Config, operation).with("part", "cursor"))?;
        let now = self.clock.now();
        let position = position.begun(now);
        let sweep_started = position.sweep_started.unwrap_or(now);
        let since = position.reads_since(sweep_started);
        let filter = match position.placed_from {
            Some(from) => {
                let from = from.max(now - HISTORY);
                OrdersFilter::Placed(from, (from + PLACED_WINDOW).min(sweep_started))
            }
            None => OrdersFilter::Changed(since.max(now - HISTORY)),
        };
        let window = OrdersWindow {
            filter,
            offset: position.offset,
        };
        let request = request::orders(self.api(), self.config.site, window)?;
        let answer = self.call(&GET_ORDERS, request).await?;
        // A clock that runs ahead would put orders behind the sweep that eBay had not yet made.
        let sweep_started = answer
            .date()
            .map_or(sweep_started, |at| at.min(sweep_started));
        let (mut records, has_next, total) = records(&answer)?;
        let (next, more) = match filter {
            OrdersFilter::Placed(_, to) => {
                let read = if has_next { records.len() as u64 } else { 0 };
                records.retain(|record| !changed_before(record, since));
                (next_placed(&position, sweep_started, to, read), true)
            }
            OrdersFilter::Changed(_) => {
                let read = Read {
                    ids: ids(&records),
                    has_next,
                };
                let next = next(&position, sweep_started, &read);
                let more = next.sweep_started.is_some();
                (next, more)
            }
        };
        let (mut page, untold) = self.read(records, Detail::Recent(now)).await?;
        let mut again = position.again.clone();
        if position.sweep_started.is_none() || is_full(&again) {
            self.read_again(&mut again, &mut page).await;
        }
        page.total = total;
        if !put_down(&mut again, &mut page, &untold) {
            // The same is read by the next pull: what is known is what was known before it.
            page.next = Position { again, ..position }.cursor()?;
            page.covered_through = Some(position.since);
            return Ok(page);
        }
        page.next = Position { again, ..next }.cursor()?;
        page.more = more;
        page.covered_through = (!more).then_some(sweep_started);
        Ok(page)
    }

    async fn fetch(&self, ids: &[String]) -> Result<OrderPage> {
        if ids.is_empty() {
            return Ok(self.read(Vec::new(), Detail::All).await?.0);
        }
        let records = self.records_of(ids).await?;
        Ok(self.read(records, Detail::All).await?.0)
    }

    fn read_record(&self, record: &RawRecord) -> std::result::Result<PulledOrder, OrderIssue> {
        let order = map::order(&record.body, &self.home, &Extra::default())?;
        Ok(PulledOrder {
            order,
            raw: record.clone(),
        })
    }
}

/// A page as far as paging must know it.
struct Read {
    ids: Vec<String>,
    has_next: bool,
}

/// Where the next page begins. A sweep ends where eBay names no next page.
///
/// A page that holds none of the last records read may have left some out. Reading goes back until
/// it finds one of them, or to the beginning: after a pause within a sweep, over a night or over a
/// failure, many may have moved.
fn next(position: &Position, sweep_started: DateTime<Utc>, read: &Read) -> Position {
    let connected =
        position.tail.is_empty() || read.ids.iter().any(|id| position.tail.contains(id));
    if !connected && position.offset > 0 {
        return Position {
            offset: position.offset.saturating_sub(ORDERS_PAGE as u64),
            sweep_started: Some(sweep_started),
            ..position.clone()
        };
    }
    let overlap = PAGE_OVERLAP.min(read.ids.len() / 2);
    if !read.has_next || read.ids.is_empty() {
        return position.after(sweep_started);
    }
    let tail = &read.ids[read.ids.len() - overlap..];
    Position {
        since: position.since,
        offset: position.offset + (read.ids.len() - overlap) as u64,
        sweep_started: Some(sweep_started),
        tail: tail.iter().filter(|id| !id.is_empty()).cloned().collect(),
        placed_from: None,
        again: Vec::new(),
        deep_at: position.deep_at,
        is_deep: position.is_deep,
    }
}

/// Where a long first download goes on: with the next page, the next window, or, after the last,
/// with what changed since it began. The orders of a window that is over stay where they are, so
/// that its pages need no overlap. `read` counts the records of a page that has a next one.
fn next_placed(
    position: &Position,
    sweep_started: DateTime<Utc>,
    to: DateTime<Utc>,
    read: u64,
) -> Position {
    let going_on = Position {
        sweep_started: Some(sweep_started),
        ..position.clone()
    };
    if read > 0 {
        return Position {
            offset: position.offset + read,
            ..going_on
        };
    }
    if to < sweep_started {
        return Position {
            offset: 0,
            placed_from: Some(to),
            ..going_on
        };
    }
    position.after(sweep_started)
}

/// Whether an order is told to have changed last before a time; one that cannot be read is not.
fn changed_before(record: &str, since: DateTime<Utc>) -> bool {
    let ids: Option<types::OrderIds> = serde_json::from_str(record).ok();
    let changed = ids.and_then(|ids| map::instant(ids.last_modified_date.as_deref()));
    changed.is_some_and(|at| at < since)
}

/// The records of a page as they came, whether there is a next one, and how many in all.
fn records(answer: &Answer) -> Result<(Vec<String>, bool, Option<u64>)> {
    // A gateway may answer with an empty body (ebay.md §12): only 204 says that there is nothing.
    if answer.status == StatusCode::NO_CONTENT {
        return Ok((Vec::new(), false, None));
    }
    let operation = GET_ORDERS.operation;
    let page: types::OrderPage<'_> = serde_json::from_slice(&answer.body).map_err(|error| {
        Error::new(ErrorKind::Unreadable, operation)
            .with("line", error.line())
            .with("column", error.column())
    })?;
    // JSON of another shape is no empty page: reading would go on behind orders that it never saw.
    if page.orders.is_none() && page.total.is_none() {
        return Err(Error::new(ErrorKind::Unreadable, operation).with("missing", "orders"));
    }
    let records = page.orders.unwrap_or_default();
    let records = records
        .into_iter()
        .map(|record| record.get().to_owned())
        .collect();
    Ok((records, page.next.is_some(), page.total))
}

/// Ids of the records, for paging alone; empty for a record without a readable one.
fn ids(records: &[String]) -> Vec<String> {
    records
        .iter()
        .map(|record| map::order_id(record).unwrap_or_default())
        .collect()
}

/// Of which orders more is read.
#[derive(Clone, Copy)]
pub(super) enum Detail {
    /// Of those that changed lately, seen from then.
    Recent(DateTime<Utc>),
    /// Of all; each was read alone.
    All,
}

enum One {
    /// With what eBay could not tell of it.
    Readable(PulledOrder, Option<Lacking>),
    Unreadable(RawRecord, OrderIssue),
}

impl EbayAdapter {
    /// Reads records, and tells the orders of which eBay could not tell all.
    pub(super) async fn read(
        &self,
        records: Vec<String>,
        detail: Detail,
    ) -> Result<(OrderPage, Vec<(String, Lacking)>)> {
        let mut untold = Vec::new();
        let read = records
            .into_iter()
            .map(|record| self.read_one(record, detail));
        let read: Vec<One> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
        let mut page = nothing();
        for one in read {
            match one {
                One::Readable(order, lacking) => {
                    if let Some(lacking) = lacking {
                        untold.push((order.order.order_id.clone(), lacking));
                    }
                    page.orders.push(order);
                }
                One::Unreadable(raw, issue) => page.unreadable.push((raw, issue)),
            }
        }
        Ok((page, untold))
    }

    async fn read_one(&self, record: String, detail: Detail) -> Result<One> {
        let mut record = record;
        let mut extra = Extra::default();
        let mut lacking = None;
        if let Ok(known) = serde_json::from_str::<types::Order>(&record) {
            let id = known.order_id.as_deref().unwrap_or_default();
            if wants_whole(&known, detail) {
                let read = self.whole(id).await;
                let passes = read.as_ref().is_err_and(passes);
                lacking = passes.then_some(Lacking::Particulars);
                if let Some(whole) = optional(read)? {
                    record = whole;
                }
            }
            if wants_shipments(&known, detail) {
                let read = self.shipments_of(id).await;
                if let Err(error) = &read
                    && error.kind == ErrorKind::MarketplaceDown
                    && has_parts(&known)
                {
                    // The packages alone tell how many units have left.
                    extra.parts_unknown = true;
                    lacking = Some(Lacking::Parts);
                }
                extra.shipments = optional(read)?;
            }
        }
        let raw = RawRecord {
            order_id: map::order_id(&record),
            body: record,
        };
        if raw.body.len() > RECORD_BYTES_MAX {
            return Ok(One::Unreadable(cut(raw), too_large()));
        }
        Ok(match map::order(&raw.body, &self.home, &extra) {
            Ok(order) => One::Readable(PulledOrder { order, raw }, lacking),
            Err(issue) => One::Unreadable(raw, issue),
        })
    }

    pub(super) async fn whole(&self, id: &str) -> Result<String> {
        let request = request::get_order(self.api(), self.config.site, id)?;
        let answer = self.call(&GET_ORDER, request).await?;
        String::from_utf8(answer.body.to_vec())
            .map_err(|_| Error::new(ErrorKind::Unreadable, GET_ORDER.operation))
    }

    pub(super) async fn shipments_of(&self, id: &str) -> Result<Vec<types::ShippingFulfillment>> {
        let request = request::shipments(self.api(), self.config.site, id)?;
        let answer = self.call(&GET_SHIPMENTS, request).await?;
        let read: types::ShippingFulfillments = told(&answer, GET_SHIPMENTS.operation)?;
        Ok(read.fulfillments)
    }

    /// The records of orders; of those that eBay knows. Each is read alone: by ids eBay leaves out
    /// the tax that it collects, whatever is asked for (ebay.md §8.1), and a record without it
    /// would take the place of one with it.
    pub(super) async fn records_of(&self, ids: &[String]) -> Result<Vec<String>> {
        let read = ids.iter().cloned().map(|id| self.known(id));
        let read = stream::iter(read).buffered(AT_ONCE);
        let read: Vec<Option<String>> = read.try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }

    /// The record of an order; none where eBay does not know it.
    async fn known(&self, id: String) -> Result<Option<String>> {
        match self.whole(&id).await {
            Ok(record) => Ok(Some(record)),
            Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether what keeps a detail from being read is over in a while.
fn passes(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Unreadable | ErrorKind::MarketplaceDown
    )
}

/// A detail that eBay refuses or cannot give now is left out: the order itself is there, and one
/// order stops no other. What keeps every call from working keeps the page for later.
fn optional<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) => match error.kind {
            ErrorKind::Refused
            | ErrorKind::NotFound
            | ErrorKind::Unreadable
            | ErrorKind::MarketplaceDown
            | ErrorKind::Forbidden => Ok(None),
            _ => Err(error),
        },
    }
}

/// Whether the order is read alone: only so eBay tells who asked to cancel (ebay.md §8.1), and the
/// tax number that an invoice in Italy and Spain needs (ebay.md §8.2).
fn wants_whole(order: &types::Order, detail: Detail) -> bool {
    if matches!(detail, Detail::All) {
        return false;
    }
    let cancel = order.cancel_status.cancel_state.as_deref();
    if cancel.is_some_and(|state| state != "NONE_REQUESTED") {
        return true;
    }
    let buyer = order.buyer.as_ref();
    let known = buyer.is_some_and(|buyer| buyer.tax_identifier.is_some());
    let needed = |site: &Option<String>| {
        let site = site.as_deref();
        site.is_some_and(|site| TAX_NUMBER_SITES.contains(&site))
    };
    let mut items = order.line_items.iter();
    let numbered = items
        .any(|item| needed(&item.listing_marketplace_id) || needed(&item.purchase_marketplace_id));
    numbered && !known && is_recent(order, detail)
}

fn is_recent(order: &types::Order, detail: Detail) -> bool {
    let changed = map::instant(order.last_modified_date.as_deref());
    match detail {
        Detail::All => true,
        Detail::Recent(now) => changed.is_some_and(|at| now - at <= DETAILS_READ_FOR),
    }
}

/// Whether the shipments are read one by one: where the order has some and either its lines do not
/// tell how many units have left, or it changed lately.
fn wants_shipments(order: &types::Order, detail: Detail) -> bool {
    if order.fulfillment_hrefs.is_empty() {
        return false;
    }
    has_parts(order) || is_recent(order, detail)
}

/// Whether lines do not tell how many of their units have left: any unit marks the whole line
/// (ebay.md §8.3).
fn has_parts(order: &types::Order) -> bool {
    order.line_items.iter().any(|item| {
        let status = item.line_item_fulfillment_status.as_deref();
        status == Some("IN_PROGRESS")
            || status == Some("FULFILLED") && item.quantity.is_some_and(|units| units > 1)
    })
}

/// A record that is longer than is kept: its beginning, so that a person can find the order.
fn cut(mut raw: RawRecord) -> RawRecord {
    let mut end = RECORD_BYTES_MAX;
    while !raw.body.is_char_boundary(end) {
        end -= 1;
    }
    raw.body.truncate(end);
    raw
}

fn too_large() -> OrderIssue {
    OrderIssue {
        kind: barrow_model::ProblemKind::OrderUnreadable,
        field: "order".to_owned(),
        expected: format!("at most {RECORD_BYTES_MAX} bytes"),
    }
}
