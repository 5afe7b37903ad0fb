//! One order from near: its lines with what is on the shelf, what happened to it when, and what can
//! be done about it.

use barrow_engine::lines_to_ship;
use barrow_model::{
    Account, Action, ActionKind, ChangeState, Confirmation, Money, OrderLineQuantity, OrderRowId,
    RefundStatus,
};
use barrow_store::{CatalogueRow, ReceiptQuery, StoredOrder};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::cases::{CaseView, UnderWay};
use crate::error::Result;
use crate::order_document::OrderDocument;
use crate::orders::OrderRequest;
use crate::problems::ProblemBody;
use crate::report::LISTED_MAX;

/// One order with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderDetailResponse {
    /// The order.
    pub order: OrderDocument,
    /// What each line is here, in the order of the lines.
    pub lines: Vec<LineFacts>,
    /// What happened to it, in the order in which it happened; what is ahead comes last.
    pub timeline: Vec<TimelineEntry>,
    /// Its cases after the sale, the last opened first.
    pub cases: Vec<CaseView>,
    /// What the marketplace took of it and gave back, in the order in which it was booked.
    pub fees: Vec<FeeView>,
    /// The sum of them; null where there are none, or in several currencies.
    pub fees_total: Option<Money>,
    /// What is wrong with it.
    pub problems: Vec<ProblemBody>,
    /// What the marketplace lets be done to it through Barrow, as far as the order allows it.
    pub actions: OrderActions,
    /// When the people of it were forgotten; null where they are not.
    pub erased_at: Option<DateTime<Utc>>,
    /// The marketplace's page about it; null where there is none.
    pub page: Option<String>,
}

/// Something that the marketplace took of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FeeView {
    /// The line; null where the booking names none.
    pub line_id: Option<String>,
    /// What for, in the marketplace's own word.
    pub kind: String,
    /// What for, in words.
    pub title: String,
    /// How much; below zero where it was given back.
    pub amount: Money,
    /// When it was booked.
    pub at: Option<DateTime<Utc>>,
}

/// What a line of an order is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LineFacts {
    /// The line.
    pub line_id: String,
    /// What the product is called here; null where the line is not matched.
    pub title: Option<String>,
    /// Units that are still to be shipped.
    pub open: u32,
    /// Of those, units that are not in a parcel or cancellation that waits to be told.
    pub left: u32,
    /// Units on hand; null where the line is not matched.
    pub on_hand: Option<i64>,
    /// Where they lie, most first.
    pub places: Vec<PlaceView>,
}

/// Units at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlaceView {
    /// Where.
    pub location: String,
    /// Units.
    pub on_hand: i64,
}

/// What can be done to an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderActions {
    /// Tell that it is shipped.
    pub ship: bool,
    /// Tell that it is shipped without carrier and tracking number.
    pub ship_untracked: bool,
    /// Cancel what is open.
    pub cancel: bool,
    /// Not agree to the buyer's wish to cancel.
    pub reject_cancel: bool,
    /// Give money back.
    pub refund: bool,
    /// Say which product a line is.
    pub match_line: bool,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// The buyer ordered.
    Placed,
    /// It was paid.
    Paid,
    /// It was first downloaded.
    Pulled,
    /// The marketplace last changed it.
    Updated,
    /// A parcel left. `value` is the tracking number.
    Shipped,
    /// Money was given back. `value` is the amount.
    Refunded,
    /// Something was done to it from here: `action`, and `state` says how far it is.
    Change,
    /// Its people were forgotten.
    Erased,
    /// It must leave then.
    ShipBy,
    /// It is promised to arrive then.
    DeliverBy,
}

/// Something that happened to an order, or will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TimelineEntry {
    /// When; null where that is not told.
    pub at: Option<DateTime<Utc>>,
    /// What.
    pub kind: TimelineKind,
    /// What was done, of a change.
    pub action: Option<ActionKind>,
    /// How far a change is.
    pub state: Option<ChangeState>,
    /// How far the marketplace knows of a parcel.
    pub confirmation: Option<Confirmation>,
    /// What it is about: a tracking number, an amount.
    pub value: Option<String>,
    /// Who carries a parcel.
    pub carrier: Option<String>,
    /// Why a change was refused.
    pub problem: Option<ProblemBody>,
}

impl TimelineEntry {
    fn new(kind: TimelineKind, at: Option<DateTime<Utc>>) -> Self {
        Self {
            at,
            kind,
            action: None,
            state: None,
            confirmation: None,
            value: None,
            carrier: None,
            problem: None,
        }
    }
}

/// What of a line is in the catalogue, and where it lies.
#[derive(Default)]
struct Shelf {
    title: Option<String>,
    on_hand: Option<i64>,
    places: Vec<PlaceView>,
}

/// What was read of an order.
struct Facts {
    stored: StoredOrder,
    receipts: Vec<barrow_store::ReceiptRow>,
    problems: Vec<barrow_model::Problem>,
    left: Vec<OrderLineQuantity>,
    shelves: Vec<Shelf>,
    erased_at: Option<DateTime<Utc>>,
    cases: Vec<barrow_store::StoredCase>,
    /// Whether an answer to the buyer's wish to cancel is on its way.
    deciding: bool,
    under_way: UnderWay,
}

/// A product's title with the options that tell a variant from the others.
pub(crate) fn own_title(row: &CatalogueRow) -> String {
    let options = row.options.iter().map(|(_, value)| value.as_str());
    let parts = std::iter::once(row.title.as_str()).chain(options);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

impl Api {
    /// One order with all that is known of it.
    pub async fn order_detail(&self, request: OrderRequest) -> Result<OrderDetailResponse> {
        let id = self.find_order(&request.order).await?;
        let facts = self.order_facts(id).await?;
        let actions = self.order_actions(&facts).await;
        let accounts = self.every_account().await?;
        let account = accounts.iter().find(|a| a.id == facts.stored.account_id);
        let page = self.page_of(account, &facts.stored);
        let title = self.title(&facts.stored.marketplace).to_owned();
        let body = |problem| ProblemBody::new(&self.words, problem, &title);
        let lines = facts.stored.order.lines.iter().zip(&facts.shelves);
        let lines = lines.map(|(line, shelf)| {
            let left = facts.left.iter().find(|left| left.line_id == line.line_id);
            LineFacts {
                line_id: line.line_id.clone(),
                title: shelf.title.clone(),
                open: line.open(),
                left: left.map_or(0, |left| left.quantity),
                on_hand: shelf.on_hand,
                places: shelf.places.clone(),
            }
        });
        let cases = facts.cases.iter().cloned();
        let cases = cases.map(|stored| CaseView::new(stored, &accounts, &facts.under_way));
        Ok(OrderDetailResponse {
            lines: lines.collect(),
            timeline: self.timeline(&facts, &title),
            problems: facts.problems.iter().map(body).collect(),
            actions,
            cases: cases.collect(),
            fees_total: Money::sum(facts.stored.fees.iter().map(|one| one.fee.amount))
                .unwrap_or(None),
            fees: self.fee_views(&facts),
            erased_at: facts.erased_at,
            page,
            order: facts.stored.into(),
        })
    }

    fn page_of(&self, account: Option<&Account>, stored: &StoredOrder) -> Option<String> {
        let order = &stored.order;
        self.order_page(account?, &order.site.0, &order.order_id)
    }

    async fn order_facts(&self, id: OrderRowId) -> Result<Facts> {
        self.on_store(move |store| {
            store.read(|db| {
                let stored = db.order(id)?;
                let locations = db.locations()?;
                let mut shelves = Vec::with_capacity(stored.matches.len());
                for found in &stored.matches {
                    let Some(found) = found else {
                        shelves.push(Shelf::default());
                        continue;
                    };
                    let mut places = db.stock_by_location(found.sku_id)?;
                    places.retain(|stock| stock.on_hand != 0);
                    places.sort_by_key(|stock| std::cmp::Reverse(stock.on_hand));
                    let named = places.into_iter().map(|stock| {
                        let place = locations.iter().find(|l| l.id == stock.location_id);
                        PlaceView {
                            location: place.map(|l| l.name.clone()).unwrap_or_default(),
                            on_hand: stock.on_hand,
                        }
                    });
                    let places = named.collect();
                    let row = db.catalogue_row(found.sku_id)?;
                    shelves.push(Shelf {
                        title: Some(own_title(&row)),
                        on_hand: Some(row.on_hand),
                        places,
                    });
                }
                let receipts = db.receipts(&ReceiptQuery {
                    account_id: None,
                    sku_id: None,
                    order_row_id: Some(id),
                    states: Vec::new(),
                    kinds: Vec::new(),
                    since: None,
                    before: None,
                    limit: LISTED_MAX,
                })?;
                let under_way = db.unsettled_actions(id)?;
                let decides = |action: &Action| {
                    matches!(action, Action::RejectCancel | Action::Cancel { .. })
                };
                Ok(Facts {
                    left: lines_to_ship(&stored, &under_way),
                    deciding: under_way.iter().any(decides),
                    under_way: UnderWay::from([(id, under_way)]),
                    problems: db.order_problems(id)?,
                    erased_at: db.people_erased_at(id)?,
                    cases: db.order_cases(id)?,
                    receipts,
                    shelves,
                    stored,
                })
            })
        })
        .await
    }

    async fn order_actions(&self, facts: &Facts) -> OrderActions {
        let id = facts.stored.account_id;
        let unmatched = facts.stored.matches.iter().any(Option::is_none);
        let account = self
            .on_store(move |store| store.read(|db| db.account(id)))
            .await;
        let mut actions = OrderActions {
            match_line: unmatched,
            ..OrderActions::default()
        };
        // Without its account nothing can be told to the marketplace.
        let Ok(account) = account else { return actions };
        let Ok(adapter) = self.parts.adapters.adapter(&account).await else {
            return actions;
        };
        let capability = adapter.capability();
        let open = !facts.left.is_empty();
        actions.ship = open && capability.offers(ActionKind::Ship);
        actions.ship_untracked = actions.ship && self.ships_untracked(&account.marketplace);
        actions.cancel = open && capability.offers(ActionKind::Cancel);
        actions.reject_cancel = facts.stored.order.cancel_requested
            && !facts.deciding
            && capability.offers(ActionKind::RejectCancel);
        actions.refund = capability.offers(ActionKind::Refund);
        actions
    }

    fn fee_views(&self, facts: &Facts) -> Vec<FeeView> {
        let marketplace = &facts.stored.marketplace.0;
        let fees = facts.stored.fees.iter().cloned();
        let fees = fees.map(|stored| FeeView {
            title: self.words.fee(marketplace, &stored.fee.kind),
            line_id: stored.fee.line_id,
            kind: stored.fee.kind,
            amount: stored.fee.amount,
            at: stored.at,
        });
        fees.collect()
    }

    fn timeline(&self, facts: &Facts, marketplace: &str) -> Vec<TimelineEntry> {
        use TimelineKind as Kind;
        let order = &facts.stored.order;
        let mut past = vec![TimelineEntry::new(Kind::Placed, Some(order.placed_at))];
        past.extend(
            order
                .paid_at
                .map(|at| TimelineEntry::new(Kind::Paid, Some(at))),
        );
        past.push(TimelineEntry::new(
            Kind::Pulled,
            Some(facts.stored.first_seen_at),
        ));
        past.extend(
            order
                .updated_at
                .map(|at| TimelineEntry::new(Kind::Updated, Some(at))),
        );
        past.extend(order.shipments.iter().map(|shipment| TimelineEntry {
            confirmation: Some(shipment.confirmation),
            value: shipment.tracking.clone(),
            carrier: shipment.carrier.clone(),
            ..TimelineEntry::new(Kind::Shipped, shipment.shipped_at)
        }));
        let given = order.refunds.iter();
        let given = given.filter(|refund| refund.state != RefundStatus::Failed);
        past.extend(given.map(|refund| TimelineEntry {
            value: Some(refund.amount.to_string()),
            ..TimelineEntry::new(Kind::Refunded, refund.at)
        }));
        past.extend(facts.receipts.iter().map(|row| {
            let receipt = &row.receipt;
            let at = receipt.seen_at.or(receipt.answered_at).or(receipt.sent_at);
            let problem = receipt.problem.as_ref();
            TimelineEntry {
                action: Some(receipt.kind),
                state: Some(receipt.state),
                value: receipt.value.clone(),
                problem: problem.map(|p| ProblemBody::new(&self.words, p, marketplace)),
                ..TimelineEntry::new(Kind::Change, Some(at.unwrap_or(receipt.wanted_at)))
            }
        }));
        past.extend(
            facts
                .erased_at
                .map(|at| TimelineEntry::new(Kind::Erased, Some(at))),
        );
        past.sort_by_key(|entry| entry.at);
        if facts.left.is_empty() {
            return past;
        }
        past.extend(
            order
                .ship_by
                .map(|at| TimelineEntry::new(Kind::ShipBy, Some(at))),
        );
        past.extend(
            order
                .deliver_by
                .map(|at| TimelineEntry::new(Kind::DeliverBy, Some(at))),
        );
        past
    }
}
