//! Reading orders (amazon.md §7.1, §7.4).

use async_trait::async_trait;
use barrow_market::{
    CheckItem, CheckState, Cursor, Error, ErrorKind, OrderIssue, OrderPage, Orders, PulledOrder,
    RawRecord, Result, Stream, StreamId,
};
use barrow_model::Problem;
use barrow_wire::{Answer, Built, CallSpec, cursor, place};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::backend::AmazonAdapter;
use crate::error::{missing_role, permission_missing};
use crate::limits::{
    ORDER_CALL, ORDER_DELAY, ORDER_HISTORY, ORDER_OVERLAP, ORDER_PAGES_MAX, ORDER_TOKEN_LIFE,
    ORDERS_CALL, REDUCED_FOR, RESTARTS_MAX,
};
use crate::map::order::{read_record, records};
use crate::request::{Included, OrdersQuery, order_request, orders_probe_request, orders_request};
use crate::types::order::{OrderAnswer, OrdersAnswer};

/// All sites and both ways of shipping in one call: it is the scarcest of all (amazon.md §7.4).
static STREAMS: &[Stream] = &[Stream {
    id: StreamId("orders"),
    rereads_open: false,
}];

/// How reading orders went last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Not tried yet.
    #[default]
    Unknown,
    /// All was given.
    Full,
    /// Buyers' data and the like were refused; not asked for again until then.
    Reduced(DateTime<Utc>),
    /// Everything was refused.
    None,
}

/// How far orders are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OrderCursor {
    /// Everything that changed before has been given.
    since: DateTime<Utc>,
    /// A reading that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sweep: Option<Sweep>,
    /// How often the reading was begun again because its token had died.
    #[serde(default)]
    restarts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sweep {
    /// What it asks for: the same for all its pages (amazon.md §7.1).
    after: DateTime<Utc>,
    /// What it covers in the end, as Amazon answered.
    through: DateTime<Utc>,
    /// The next page.
    token: String,
    /// When it began: a token lives a day.
    begun_at: DateTime<Utc>,
    /// Pages that were read.
    pages: u32,
}

/// A page as it came.
struct Page {
    orders: Vec<PulledOrder>,
    unreadable: Vec<(RawRecord, OrderIssue)>,
    next: Option<String>,
    through: Option<DateTime<Utc>>,
}

#[async_trait]
impl Orders for AmazonAdapter {
    fn streams(&self) -> &'static [Stream] {
        STREAMS
    }

    fn start(&self, stream: StreamId, since: DateTime<Utc>) -> Result<Cursor> {
        known(stream)?;
        Ok(cursor(&OrderCursor {
            since,
            sweep: None,
            restarts: 0,
        }))
    }

    async fn pull(&self, stream: StreamId, cursor: &Cursor, _open: &[String]) -> Result<OrderPage> {
        known(stream)?;
        let at: OrderCursor = place(cursor, ORDERS_CALL.operation)?;
        match at.sweep.clone() {
            Some(sweep) => self.continue_sweep(&at, sweep).await,
            None => self.begin_sweep(&at).await,
        }
    }

    async fn fetch(&self, ids: &[String]) -> Result<OrderPage> {
        let mut page = Page::empty();
        for id in ids {
            if let Some(answer) = self.order_answer(id).await? {
                let found: OrderAnswer<'_> = answer.json(ORDER_CALL.operation)?;
                self.read_into(&mut page, found.order.get());
            }
        }
        Ok(OrderPage {
            orders: page.orders,
            unreadable: page.unreadable,
            next: Cursor(String::new()),
            more: false,
            covered_through: None,
            total: None,
        })
    }

    fn read_record(&self, record: &RawRecord) -> std::result::Result<PulledOrder, OrderIssue> {
        read_record(&record.body, self.config.default_site()).map_err(|unread| unread.1)
    }
}

impl AmazonAdapter {
    async fn begin_sweep(&self, at: &OrderCursor) -> Result<OrderPage> {
        let now = self.clock.now();
        let after = (at.since.min(now) - span(ORDER_OVERLAP)).max(now - span(ORDER_HISTORY));
        let page = self.orders_page(after, None).await?;
        let latest = now - span(ORDER_DELAY);
        // A clock that runs ahead would put orders behind the reading that are not made yet.
        let through = page.through.unwrap_or(latest).min(now);
        let sweep = Sweep {
            after,
            through,
            token: String::new(),
            begun_at: now,
            pages: 1,
        };
        turned(at, sweep, page)
    }

    async fn continue_sweep(&self, at: &OrderCursor, mut sweep: Sweep) -> Result<OrderPage> {
        let mut dead = self.clock.now() - sweep.begun_at >= span(ORDER_TOKEN_LIFE);
        let page = if dead {
            None
        } else {
            match self.orders_page(sweep.after, Some(&sweep.token)).await {
                Ok(page) => Some(page),
                // A token that has died is refused.
                Err(error) if error.kind == ErrorKind::Refused && at.restarts < RESTARTS_MAX => {
                    dead = true;
                    None
                }
                Err(error) => return Err(error),
            }
        };
        let Some(page) = page.filter(|_| !dead) else {
            if at.restarts >= RESTARTS_MAX {
                return Err(stuck());
            }
            let next = OrderCursor {
                since: at.since,
                sweep: None,
                restarts: at.restarts + 1,
            };
            return Ok(Page::empty().at(&next, true, None));
        };
        sweep.pages += 1;
        let again = page.next.as_deref() == Some(sweep.token.as_str());
        if again || sweep.pages > ORDER_PAGES_MAX {
            return Err(stuck());
        }
        turned(at, sweep, page)
    }

    /// Reads a page with all that is allowed. What was refused with it is left out for some hours;
    /// a check tells that it is missing.
    async fn orders_page(&self, after: DateTime<Utc>, token: Option<&str>) -> Result<Page> {
        let request = |included| {
            let query = OrdersQuery {
                after,
                token,
                included,
            };
            orders_request(&self.config.base, &self.config.sites, query)
        };
        let answer = self
            .permitted(&ORDERS_CALL, &request, token.is_none())
            .await?;
        let found: OrdersAnswer<'_> = answer.json(ORDERS_CALL.operation)?;
        // An answer without the list is none: taken for an empty one it would lose orders.
        let Some(orders) = found.orders.and_then(records) else {
            return Err(
                Error::new(ErrorKind::Unreadable, ORDERS_CALL.operation).with("field", "orders")
            );
        };
        let mut page = Page::empty();
        page.next = found.pagination.next_token.owned();
        page.through = found.last_updated_before.instant();
        for record in orders {
            self.read_into(&mut page, record.get());
        }
        Ok(page)
    }

    /// Asks for everything, and once without buyers' data where that is refused: with 403 where a
    /// role is missing, with 400 by a fault of Amazon's (amazon.md §7.4). `new` says that no page
    /// token could be what is refused.
    async fn permitted(
        &self,
        spec: &'static CallSpec,
        request: &(dyn Fn(Included) -> Built + Sync),
        new: bool,
    ) -> Result<Answer> {
        let now = self.clock.now();
        let known = self.memory().orders;
        if let Permission::Reduced(until) = known
            && now < until
        {
            return self.call(spec, request(Included::Reduced)).await;
        }
        let refused = match self.call(spec, request(Included::All)).await {
            Ok(answer) => {
                self.memory().orders = Permission::Full;
                return Ok(answer);
            }
            Err(error) => error,
        };
        let worth = match refused.kind {
            ErrorKind::Forbidden => true,
            ErrorKind::Refused => new,
            _ => false,
        };
        if !worth {
            return Err(refused);
        }
        match self.call(spec, request(Included::Reduced)).await {
            Ok(answer) => {
                self.memory().orders = Permission::Reduced(now + span(REDUCED_FOR));
                Ok(answer)
            }
            Err(error) if error.kind == ErrorKind::Forbidden => {
                self.memory().orders = Permission::None;
                Err(error)
            }
            // The first refusal is the one that tells; a limit tells when to go on.
            Err(error) if error.kind == ErrorKind::Refused => Err(refused),
            Err(error) => Err(error),
        }
    }

    /// One order as it came; none where Amazon does not know it, or not by that id.
    async fn order_answer(&self, order_id: &str) -> Result<Option<Answer>> {
        let request = |included| order_request(&self.config.base, order_id, included);
        match self.permitted(&ORDER_CALL, &request, true).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Refused) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn read_into(&self, page: &mut Page, body: &str) {
        match read_record(body, self.config.default_site()) {
            Ok(order) => page.orders.push(order),
            Err(unread) => page.unreadable.push(*unread),
        }
    }

    /// Whether orders may be read, and buyers' data with them. Reading them is scarce: it is tried
    /// only where it was not done yet, and not while the limit is used up.
    pub(crate) async fn orders_items(&self) -> Result<Vec<CheckItem>> {
        if self.memory().orders == Permission::Unknown {
            let after = self.clock.now() - span(ORDER_DELAY) * 2;
            let (base, sites) = (&self.config.base, &self.config.sites);
            let request = |included| orders_probe_request(base, sites, after, included);
            match self.permitted(&ORDERS_CALL, &request, true).await {
                Ok(_) => {}
                Err(error) => match error.kind {
                    ErrorKind::Forbidden => {}
                    ErrorKind::RateLimited => return Ok(Vec::new()),
                    _ => return Err(error),
                },
            }
        }
        let known = self.memory().orders;
        let (orders, buyers): (Option<Problem>, Option<Problem>) = match known {
            Permission::None => (missing_role(ORDERS_CALL.operation), None),
            Permission::Reduced(_) => {
                // The roles that addresses and buyers' tax numbers need (amazon.md §2.3).
                let roles = "Direct-to-Consumer Shipping, Tax Invoicing";
                (None, Some(permission_missing(roles, "addresses")))
            }
            Permission::Unknown | Permission::Full => (None, None),
        };
        Ok(vec![
            CheckItem::new("orders", orders, CheckState::Missing),
            CheckItem::new("buyers", buyers, CheckState::Limited),
        ])
    }
}

impl Page {
    fn empty() -> Self {
        Self {
            orders: Vec::new(),
            unreadable: Vec::new(),
            next: None,
            through: None,
        }
    }

    fn at(self, next: &OrderCursor, more: bool, covered: Option<DateTime<Utc>>) -> OrderPage {
        OrderPage {
            orders: self.orders,
            unreadable: self.unreadable,
            next: cursor(next),
            more,
            covered_through: covered,
            total: None,
        }
    }
}

fn known(stream: StreamId) -> Result<()> {
    if stream == STREAMS[0].id {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Unsupported, "pull").with("stream", stream.0))
}

fn span(duration: std::time::Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or_default()
}

/// The page with the cursor that comes after it: the next page, or the end.
fn turned(at: &OrderCursor, sweep: Sweep, mut page: Page) -> Result<OrderPage> {
    if let Some(token) = page.next.take() {
        let next = OrderCursor {
            since: at.since,
            sweep: Some(Sweep { token, ..sweep }),
            restarts: at.restarts,
        };
        return Ok(page.at(&next, true, None));
    }
    let next = OrderCursor {
        since: sweep.through,
        sweep: None,
        restarts: 0,
    };
    Ok(page.at(&next, false, Some(sweep.through)))
}

fn stuck() -> Error {
    Error::new(ErrorKind::Unreadable, ORDERS_CALL.operation)
        .with("reason", "the cursor does not move on")
}
