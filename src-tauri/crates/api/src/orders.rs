//! Orders: lists, single ones, and what the seller does to them.

use barrow_engine::{RefundOrder, ShipOrder};
use barrow_model::{
    CancelReason, ChangeId, Currency, Money, OrderLineQuantity, OrderRowId, OrderState, Problem,
    ProblemKind, RefundReason,
};
use barrow_store::{OrderFilter, OrderKey, StoredOrder};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, at_most, sku};
use crate::error::{ApiError, Result, Why};
use crate::order_document::OrderDocument;
use crate::overrides::amount;
use crate::report::{ActionReport, At, LISTED_MAX, RefusedItem};
use crate::sync::instant;

/// Lines that one request names at most.
const LINES_MAX: usize = 1_000;

/// Asks for a page of orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OrdersRequest {
    /// In this state only.
    #[serde(default)]
    pub state: Option<String>,
    /// Of these accounts only.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Placed on this day or later.
    #[serde(default)]
    pub since: Option<String>,
    /// Whose number, or a line's SKU or title, holds this.
    #[serde(default)]
    pub search: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of orders, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrdersResponse {
    /// The orders.
    pub orders: Vec<OrderDocument>,
    /// Where the next page begins; null at the end.
    pub next: Option<String>,
}

/// Names an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub order: String,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderResponse {
    /// The order.
    pub order: OrderDocument,
}

/// Tells the marketplace that goods have left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ShipOrderRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub order: String,
    /// The carrier.
    pub carrier: String,
    /// The tracking number.
    pub tracking: String,
    /// The carrier's service.
    #[serde(default)]
    pub service: Option<String>,
    /// Where a buyer can follow it.
    #[serde(default)]
    pub tracking_url: Option<String>,
    /// When it left; now where nothing is said.
    #[serde(default)]
    pub shipped_at: Option<String>,
    /// What is in it; everything that is open where nothing is said.
    #[serde(default)]
    pub lines: Vec<OrderLineQuantity>,
    /// It leaves without carrier and tracking number, which are blank then. Only where the
    /// marketplace takes it so (`MarketplaceView.ships_untracked`).
    #[serde(default)]
    pub untracked: bool,
    /// A yes to ship what the buyer has not paid.
    #[serde(default)]
    pub unpaid: bool,
}

/// Cancels an order or lines of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CancelOrderRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub order: String,
    /// What is cancelled; everything that is open where nothing is said.
    #[serde(default)]
    pub lines: Vec<OrderLineQuantity>,
    /// Why; because the goods are not there, where nothing is said.
    #[serde(default)]
    pub reason: Option<CancelReason>,
}

/// Gives money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct RefundOrderRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub order: String,
    /// For which line; for the whole order where nothing is said.
    #[serde(default)]
    pub line_id: Option<String>,
    /// How much, such as `5.00` or `5.00 USD`; all of it where nothing is said.
    #[serde(default)]
    pub amount: Option<String>,
    /// Why; an adjustment where nothing is said.
    #[serde(default)]
    pub reason: Option<RefundReason>,
    /// Words for the buyer.
    #[serde(default)]
    pub comment: Option<String>,
}

/// Says which product a line is whose SKU is only known there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MatchLineRequest {
    /// `ACCOUNT/ID`, or `ID` where it is unique.
    pub order: String,
    /// The line.
    pub line_id: String,
    /// The SKU in the catalogue.
    pub sku: String,
}

/// What became of an action on an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderActionResponse {
    /// What was done.
    #[serde(flatten)]
    pub report: ActionReport,
    /// The change that waits in the outbox for the next push.
    pub change_id: Option<ChangeId>,
    /// The order since.
    pub order: OrderDocument,
}

impl Api {
    /// A page of orders.
    pub async fn orders(&self, request: OrdersRequest) -> Result<OrdersResponse> {
        let filter = OrderFilter {
            state: request.state.as_deref().map(order_state).transpose()?,
            accounts: self.account_ids(&request.accounts).await?,
            since: request.since.as_deref().map(instant).transpose()?,
            search: request.search,
        };
        let after = request.after.as_deref().map(order_key).transpose()?;
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let page = self
            .on_store(move |store| store.read(|db| db.orders_page(&filter, after, limit)))
            .await?;
        Ok(OrdersResponse {
            orders: page.orders.into_iter().map(OrderDocument::from).collect(),
            next: page
                .next
                .map(|key| format!("{}:{}", key.placed_at_ms, key.id)),
        })
    }

    /// One order.
    pub async fn order(&self, request: OrderRequest) -> Result<OrderResponse> {
        let id = self.find_order(&request.order).await?;
        Ok(OrderResponse {
            order: self.stored_order(id).await?.into(),
        })
    }

    /// Queues a shipment; the marketplace is told with the next push.
    pub async fn ship(&self, request: ShipOrderRequest) -> Result<OrderActionResponse> {
        at_most(request.lines.len(), LINES_MAX)?;
        let id = self.find_order(&request.order).await?;
        let ask = ShipOrder {
            carrier: request.carrier,
            service: request.service,
            tracking: request.tracking,
            tracking_url: request.tracking_url,
            shipped_at: request.shipped_at.as_deref().map(instant).transpose()?,
            lines: request.lines,
            untracked: request.untracked,
            unpaid: request.unpaid,
        };
        let marketplace = self.stored_order(id).await?.marketplace;
        let queued = match ask.untracked && !self.ships_untracked(&marketplace) {
            true => Err(Problem::new(ProblemKind::TrackingNeeded).field("tracking")),
            false => self.parts.engine.ship(id, &ask).await?,
        };
        self.queued(id, queued).await
    }

    /// Queues a cancellation.
    pub async fn cancel(&self, request: CancelOrderRequest) -> Result<OrderActionResponse> {
        at_most(request.lines.len(), LINES_MAX)?;
        let id = self.find_order(&request.order).await?;
        let reason = request.reason.unwrap_or(CancelReason::OutOfStock);
        let queued = self.parts.engine.cancel(id, &request.lines, reason).await?;
        self.queued(id, queued).await
    }

    /// Queues that the buyer's wish to cancel is not agreed to.
    pub async fn order_cancel_reject(&self, request: OrderRequest) -> Result<OrderActionResponse> {
        let id = self.find_order(&request.order).await?;
        let queued = self.parts.engine.reject_cancel(id).await?;
        self.queued(id, queued).await
    }

    /// Queues a refund.
    pub async fn refund(&self, request: RefundOrderRequest) -> Result<OrderActionResponse> {
        let id = self.find_order(&request.order).await?;
        let order = self.stored_order(id).await?.order;
        let total = order.total.or(order.amounts.total);
        let currency = total.map_or(Currency::USD, |total| total.currency);
        let given = request.amount.as_deref();
        let given: Option<Money> = given.map(|t| amount("amount", t, currency)).transpose()?;
        let ask = RefundOrder {
            line_id: request.line_id,
            amount: given,
            reason: request.reason.unwrap_or(RefundReason::Adjustment),
            comment: request.comment,
        };
        let queued = self.parts.engine.refund(id, &ask).await?;
        self.queued(id, queued).await
    }

    /// Says which product a line is, and books its stock once.
    pub async fn match_line(&self, request: MatchLineRequest) -> Result<OrderActionResponse> {
        let id = self.find_order(&request.order).await?;
        let sku = sku(&request.sku)?;
        let line_id = request.line_id;
        self.on_store(move |store| {
            store.write(|tx| {
                let sku_id = tx.sku_id(&sku)?;
                tx.match_line(id, &line_id, sku_id)
            })
        })
        .await?;
        Ok(OrderActionResponse {
            report: ActionReport::done(1),
            change_id: None,
            order: self.stored_order(id).await?.into(),
        })
    }

    /// The row of `ACCOUNT/ID`, or of `ID` where one account alone has it.
    pub(crate) async fn find_order(&self, text: &str) -> Result<OrderRowId> {
        let text = text.trim().to_owned();
        let accounts = self.all_accounts().await?;
        if let Some((name, order_id)) = text.split_once('/')
            && let Some(account) = accounts.iter().find(|a| a.name.eq_ignore_ascii_case(name))
        {
            let (account_id, order_id) = (account.id, order_id.to_owned());
            let found = self
                .on_store(move |store| store.read(|db| db.order_row(account_id, &order_id)))
                .await?;
            if let Some(id) = found {
                return Ok(id);
            }
        }
        let order_id = text.clone();
        let found = self
            .on_store(move |store| {
                store.read(|db| {
                    let ids = db.orders_numbered(&order_id)?;
                    ids.into_iter().map(|id| db.order(id)).collect()
                })
            })
            .await?;
        let found: Vec<StoredOrder> = found;
        match found.as_slice() {
            [] => Err(ApiError::not_found("order", text)),
            [only] => Ok(only.id),
            several => {
                let names = several.iter();
                let names = names.map(|o| format!("{}/{}", o.account_name, o.order.order_id));
                Err(ApiError::invalid(Why::OrderAmbiguous)
                    .param("order", text)
                    .param("candidates", names.collect::<Vec<_>>().join(", ")))
            }
        }
    }

    pub(crate) async fn stored_order(&self, id: OrderRowId) -> Result<StoredOrder> {
        self.on_store(move |store| store.read(|db| db.order(id)))
            .await
    }

    pub(crate) async fn queued(
        &self,
        id: OrderRowId,
        queued: std::result::Result<ChangeId, Problem>,
    ) -> Result<OrderActionResponse> {
        let stored = self.stored_order(id).await?;
        let (mut report, mut change_id) = (ActionReport::default(), None);
        match queued {
            Ok(id) => {
                report.done = 1;
                change_id = Some(id);
            }
            Err(problem) => {
                let at = At {
                    account: &stored.account_name,
                    marketplace: self.title(&stored.marketplace),
                };
                let name = format!("{}/{}", stored.account_name, stored.order.order_id);
                report.refuse(RefusedItem::of_order(&self.words, at, &name, &problem));
            }
        }
        Ok(OrderActionResponse {
            report,
            change_id,
            order: stored.into(),
        })
    }
}

pub(crate) fn order_state(text: &str) -> Result<OrderState> {
    OrderState::from_code(text).ok_or_else(|| {
        let allowed = OrderState::ALL.map(OrderState::code).join(", ");
        ApiError::invalid(Why::StateUnknown)
            .param("value", text)
            .param("allowed", allowed)
    })
}

fn order_key(text: &str) -> Result<OrderKey> {
    let unknown = || ApiError::invalid(Why::PageUnknown).param("value", text);
    let (at, id) = text.split_once(':').ok_or_else(unknown)?;
    Ok(OrderKey {
        placed_at_ms: at.parse().map_err(|_| unknown())?,
        id: OrderRowId(id.parse().map_err(|_| unknown())?),
    })
}
