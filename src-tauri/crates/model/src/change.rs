//! Things to do on a marketplace, and what became of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::account::Site;
use crate::case::{CaseAnswer, CaseKind};
use crate::id::{AttemptId, ChangeId, OrderRowId};
use crate::listing::{ListingRef, Offer};
use crate::money::Money;
use crate::problem::Problem;

/// One thing to do on a marketplace, as an adapter is given it. The values are computed when the
/// batch forms, not when the change was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Change {
    /// Its row in the outbox; the answer names it.
    pub id: ChangeId,
    /// What it is done to.
    pub target: Target,
    /// What is done.
    pub action: Action,
}

impl Change {
    /// The listing that it is done to; none where it is an order.
    pub fn listing(&self) -> Option<&ListingRef> {
        match &self.target {
            Target::Listing(listing) => Some(listing),
            Target::Order(_) => None,
        }
    }
}

/// What a change is done to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A listing.
    Listing(ListingRef),
    /// An order.
    Order(OrderRef),
}

/// How an adapter is told which order is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderRef {
    /// Its row.
    pub id: OrderRowId,
    /// The marketplace's order id.
    pub order_id: String,
    /// The country site.
    pub site: Site,
    /// When the buyer ordered; shipping dates lie after it.
    pub placed_at: DateTime<Utc>,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes the listing live.
    Publish(Box<Offer>),
    /// Brings what buyers read up to date; price and quantity stay as the offer says, which is
    /// what the marketplace has already acknowledged.
    Revise(Box<Offer>),
    /// Sets the price.
    SetPrice(Money),
    /// Sets the units for sale, an absolute number.
    SetQuantity(u32),
    /// Ends the listing.
    End,
    /// Tells the marketplace that the order has been received.
    Acknowledge,
    /// Tells the marketplace that goods have left.
    Ship(ShipRequest),
    /// Cancels lines of an order.
    Cancel {
        /// What is cancelled, at least one line.
        lines: Vec<OrderLineQuantity>,
        /// Why.
        reason: CancelReason,
    },
    /// Does not agree to a buyer's wish to cancel: the order is shipped, or has left.
    RejectCancel,
    /// Answers a case after the sale.
    AnswerCase {
        /// What it is about.
        kind: CaseKind,
        /// The marketplace's id of it.
        case_id: String,
        /// The answer.
        answer: CaseAnswer,
    },
    /// Gives money back.
    Refund {
        /// For which line; none for the whole order.
        line_id: Option<String>,
        /// How much; none for all of it.
        amount: Option<Money>,
        /// Why.
        reason: RefundReason,
        /// Words for the buyer.
        comment: Option<String>,
    },
}

/// The kind of an [`Action`], for queues, capabilities and words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// [`Action::Publish`].
    Publish,
    /// [`Action::Revise`].
    Revise,
    /// [`Action::SetPrice`].
    SetPrice,
    /// [`Action::SetQuantity`].
    SetQuantity,
    /// [`Action::End`].
    End,
    /// [`Action::Acknowledge`].
    Acknowledge,
    /// [`Action::Ship`].
    Ship,
    /// [`Action::Cancel`].
    Cancel,
    /// [`Action::Refund`].
    Refund,
    /// [`Action::RejectCancel`].
    RejectCancel,
    /// [`Action::AnswerCase`].
    AnswerCase,
}

impl ActionKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Publish,
        Self::Revise,
        Self::SetPrice,
        Self::SetQuantity,
        Self::End,
        Self::Acknowledge,
        Self::Ship,
        Self::Cancel,
        Self::Refund,
        Self::RejectCancel,
        Self::AnswerCase,
    ];

    /// Its name in the database and in receipts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Revise => "revise",
            Self::SetPrice => "set_price",
            Self::SetQuantity => "set_quantity",
            Self::End => "end",
            Self::Acknowledge => "acknowledge",
            Self::Ship => "ship",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
            Self::RejectCancel => "reject_cancel",
            Self::AnswerCase => "answer_case",
        }
    }

    /// The kind of a name as [`ActionKind::code`] writes it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The aspect of a SKU that it changes; none for orders.
    pub fn aspect(self) -> Option<Aspect> {
        match self {
            Self::Publish | Self::Revise | Self::End => Some(Aspect::Content),
            Self::SetPrice => Some(Aspect::Price),
            Self::SetQuantity => Some(Aspect::Quantity),
            Self::Acknowledge
            | Self::Ship
            | Self::Cancel
            | Self::Refund
            | Self::RejectCancel
            | Self::AnswerCase => None,
        }
    }

    /// Whether doing it twice does no harm, so that it may be sent again without looking first
    /// when it is carried by a call. Setting an absolute value is harmless; a publish, a feed, a
    /// shipment, a cancellation, a refund and an answer to a case are not.
    pub fn is_repeatable(self) -> bool {
        matches!(self, Self::SetPrice | Self::SetQuantity | Self::Acknowledge)
    }

    /// Whether it is done to an order.
    pub fn is_aftersales(self) -> bool {
        self.aspect().is_none()
    }
}

impl Action {
    /// Its kind.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Publish(_) => ActionKind::Publish,
            Self::Revise(_) => ActionKind::Revise,
            Self::SetPrice(_) => ActionKind::SetPrice,
            Self::SetQuantity(_) => ActionKind::SetQuantity,
            Self::End => ActionKind::End,
            Self::Acknowledge => ActionKind::Acknowledge,
            Self::Ship(_) => ActionKind::Ship,
            Self::Cancel { .. } => ActionKind::Cancel,
            Self::Refund { .. } => ActionKind::Refund,
            Self::RejectCancel => ActionKind::RejectCancel,
            Self::AnswerCase { .. } => ActionKind::AnswerCase,
        }
    }
}

/// A side of a listing that can be in flight by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// What buyers read, and whether it is listed at all.
    Content,
    /// The price.
    Price,
    /// The units for sale.
    Quantity,
}

/// Goods that have left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ShipRequest {
    /// The seller's own number of the shipment, stable, at most 30 characters.
    pub reference: String,
    /// Carrier as the seller named it. Blank, as the tracking number is, for what leaves without
    /// one, where the marketplace takes it so.
    pub carrier: String,
    /// Service, where the seller named one.
    pub service: Option<String>,
    /// Tracking number.
    pub tracking: String,
    /// Where a buyer can follow it.
    pub tracking_url: Option<String>,
    /// When it left.
    pub shipped_at: DateTime<Utc>,
    /// What is in it, at least one line.
    pub lines: Vec<OrderLineQuantity>,
}

/// So many units of an order line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OrderLineQuantity {
    /// The marketplace's line id.
    pub line_id: String,
    /// Units, at least 1.
    pub quantity: u32,
}

/// Why the seller cancels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The buyer asked for it.
    BuyerAsked,
    /// The goods are not there.
    OutOfStock,
    /// The price was wrong.
    PriceError,
    /// The address cannot be served.
    AddressProblem,
}

/// Why the seller gives money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// The buyer cancelled.
    BuyerCancelled,
    /// The seller cancelled.
    SellerCancelled,
    /// It did not arrive.
    NotReceived,
    /// The buyer sent it back.
    Returned,
    /// It was not as described, damaged or defective.
    NotAsDescribed,
    /// Goodwill or another adjustment.
    Adjustment,
}

/// How a change travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// A call that is answered at once.
    Call,
    /// A feed whose results come later, under one ticket.
    Feed,
    /// A file that the seller uploads.
    File,
}

/// The marketplace's promise to answer later: opaque, the adapter's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Ticket {
    /// The adapter's own words.
    pub token: String,
    /// Asking earlier is of no use.
    pub not_before: DateTime<Utc>,
}

/// Where a change stands in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Waits to be sent; newer ones for the same aspect merge into it.
    Waiting,
    /// Waits for a yes, because it moves too much.
    Held,
    /// Being sent, or sent without an answer yet.
    InFlight,
    /// Accepted under a ticket.
    Accepted,
    /// Sent and nobody knows; to be looked up.
    Unknown,
    /// Done.
    Applied,
    /// Refused; its problem says why.
    Refused,
    /// Not needed any more: the wanted state changed before it was sent.
    Dropped,
}

/// One sending of a batch, committed before it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Attempt {
    /// Its row.
    pub id: AttemptId,
    /// The changes in it.
    pub changes: Vec<ChangeId>,
    /// The lane that carries it.
    pub lane: String,
    /// Hash of what is sent, to recognise it when it is looked up.
    pub fingerprint: String,
    /// When it was committed.
    pub started_at: DateTime<Utc>,
    /// What became of it.
    pub state: AttemptState,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Sent, no answer yet.
    Open,
    /// Answered, change by change.
    Answered,
    /// Known to have had no effect.
    Failed,
    /// Nobody knows.
    Unknown,
}

/// What became of one change: wanted, sent, answered, seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Receipt {
    /// The change.
    pub change_id: ChangeId,
    /// What was done.
    pub kind: ActionKind,
    /// The value that was sent, as text: a price, a quantity, a tracking number.
    pub value: Option<String>,
    /// When it was first wanted.
    pub wanted_at: DateTime<Utc>,
    /// When it was last sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was answered for good.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was seen on the marketplace.
    pub seen_at: Option<DateTime<Utc>>,
    /// How it ended, or where it stands.
    pub state: ChangeState,
    /// Why it was refused; of what is done, what the marketplace remarked of it.
    pub problem: Option<Problem>,
}
