//! Cases after a sale: what a buyer, or his bank, wants back, and by when the seller must answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::money::Money;

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// The buyer asks to cancel.
    Cancellation,
    /// The buyer wants to send something back.
    Return,
    /// The buyer has not received something.
    Inquiry,
    /// The marketplace was asked to step in.
    Case,
    /// The buyer disputes the payment at his bank.
    Dispute,
}

impl CaseKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Cancellation,
        Self::Return,
        Self::Inquiry,
        Self::Case,
        Self::Dispute,
    ];

    /// Its name in the database and in words.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cancellation => "cancellation",
            Self::Return => "return",
            Self::Inquiry => "inquiry",
            Self::Case => "case",
            Self::Dispute => "dispute",
        }
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// The seller's.
    WaitsForSeller,
    /// The buyer's.
    WaitsForBuyer,
    /// The marketplace's, or the bank's.
    WaitsForMarketplace,
    /// It is open, and whose turn it is is not told.
    Open,
    /// Nobody's any more.
    Closed,
}

impl CaseState {
    /// Its name in the database and in words.
    pub fn code(self) -> &'static str {
        match self {
            Self::WaitsForSeller => "waits_for_seller",
            Self::WaitsForBuyer => "waits_for_buyer",
            Self::WaitsForMarketplace => "waits_for_marketplace",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What the seller can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CaseAct {
    /// Agree: to a cancellation, to a return.
    Approve,
    /// Not agree.
    Decline,
    /// Say that what was sent back has come.
    MarkReceived,
    /// Give the money back.
    Refund,
    /// Say how and when the goods were sent.
    ProvideShipment,
    /// Accept a dispute: the bank keeps the money.
    Accept,
    /// Contest a dispute, with evidence: the files of the answer, or what the marketplace has.
    Contest,
}

impl CaseAct {
    /// Its name in the database and in words.
    pub fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Decline => "decline",
            Self::MarkReceived => "mark_received",
            Self::Refund => "refund",
            Self::ProvideShipment => "provide_shipment",
            Self::Accept => "accept",
            Self::Contest => "contest",
        }
    }
}

/// An answer that the seller gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CaseAnswer {
    /// [`CaseAct::Approve`].
    Approve,
    /// [`CaseAct::Decline`].
    Decline {
        /// Words for the buyer.
        comment: Option<String>,
    },
    /// [`CaseAct::MarkReceived`].
    MarkReceived,
    /// [`CaseAct::Refund`]: all that the case is about.
    Refund {
        /// What the seller was told that it is. Where it is another sum by then, nothing is given.
        amount: Option<Money>,
    },
    /// [`CaseAct::ProvideShipment`].
    ProvideShipment {
        /// Carrier as the seller names it.
        carrier: String,
        /// Tracking number.
        tracking: String,
        /// When it left.
        shipped_at: DateTime<Utc>,
    },
    /// [`CaseAct::Accept`].
    Accept,
    /// [`CaseAct::Contest`].
    Contest {
        /// Words for the bank.
        note: Option<String>,
        /// What is given to the bank before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Evidence>,
    },
}

impl CaseAnswer {
    /// What it does.
    pub fn act(&self) -> CaseAct {
        match self {
            Self::Approve => CaseAct::Approve,
            Self::Decline { .. } => CaseAct::Decline,
            Self::MarkReceived => CaseAct::MarkReceived,
            Self::Refund { .. } => CaseAct::Refund,
            Self::ProvideShipment { .. } => CaseAct::ProvideShipment,
            Self::Accept => CaseAct::Accept,
            Self::Contest { .. } => CaseAct::Contest,
        }
    }
}

/// A case as a marketplace told of it. It holds no word of the buyer's and no name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What it is about.
    pub kind: CaseKind,
    /// The marketplace's id, the key under account and kind.
    pub case_id: String,
    /// The order's id at the marketplace, where it is told.
    pub order_id: Option<String>,
    /// What the marketplace calls the listing that was bought, where it is told.
    pub listing_ref: Option<String>,
    /// The order's line, where it is told.
    pub line_id: Option<String>,
    /// Whose turn it is.
    pub state: CaseState,
    /// The marketplace's own word for that.
    pub marketplace_state: Option<String>,
    /// Why, in the marketplace's own word.
    pub reason: Option<String>,
    /// The money that it is about.
    pub amount: Option<Money>,
    /// When it was opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// By when the seller must answer; none where it is not his turn.
    pub respond_by: Option<DateTime<Utc>>,
    /// What the seller can answer, as the marketplace offers it.
    pub offers: Vec<CaseAct>,
    /// The marketplace's page about it, or about its order.
    pub page: Option<String>,
}
