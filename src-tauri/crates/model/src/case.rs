//! Cases after a sale: what a buyer, or his bank, wants back, and by when the seller must answer.

use std::fmt;

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
    /// The same, and the buyer sends the goods back to an address.
    AcceptWithAddress,
    /// Contest a dispute, with evidence: the files of the answer, or what the marketplace has.
    Contest,
    /// The same, with an address to which the buyer sends the goods back: without one the
    /// marketplace takes no contest of this dispute.
    ContestWithAddress,
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
            Self::AcceptWithAddress => "accept_with_address",
            Self::Contest => "contest",
            Self::ContestWithAddress => "contest_with_address",
        }
    }
}

/// Where a buyer sends goods back: an address of the seller's.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ReturnAddress {
    /// Who takes the goods.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Second line; empty for none.
    #[serde(default)]
    pub line2: String,
    /// City.
    pub city: String,
    /// State or province; empty for none.
    #[serde(default)]
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 code of two letters.
    pub country: String,
    /// Phone, with the area code.
    pub phone: String,
}

/// Without its words.
impl fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnAddress(…)")
    }
}

impl ReturnAddress {
    /// The same without blanks around its parts, its country in capitals.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let tidied = |text: &String| text.trim().to_owned();
        Self {
            name: tidied(&self.name),
            line1: tidied(&self.line1),
            line2: tidied(&self.line2),
            city: tidied(&self.city),
            region: tidied(&self.region),
            postal_code: tidied(&self.postal_code),
            country: self.country.trim().to_ascii_uppercase(),
            phone: tidied(&self.phone),
        }
    }

    /// The digits of the phone, in one.
    pub fn phone_digits(&self) -> String {
        self.phone.chars().filter(char::is_ascii_digit).collect()
    }

    /// The name of the first part that is missing or cannot be; none where it is whole.
    pub fn lacks(&self) -> Option<&'static str> {
        let parts = [
            ("name", &self.name),
            ("line1", &self.line1),
            ("city", &self.city),
            ("postal_code", &self.postal_code),
        ];
        let mut parts = parts.into_iter();
        if let Some((part, _)) = parts.find(|(_, text)| text.trim().is_empty()) {
            return Some(part);
        }
        let country = self.country.trim();
        if country.len() != 2 || !country.bytes().all(|sign| sign.is_ascii_alphabetic()) {
            return Some("country");
        }
        self.phone_digits().is_empty().then_some("phone")
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
    /// [`CaseAct::AcceptWithAddress`].
    AcceptWithAddress {
        /// Where the buyer sends the goods back.
        return_to: ReturnAddress,
    },
    /// [`CaseAct::Contest`], or [`CaseAct::ContestWithAddress`] where there is one.
    Contest {
        /// Words for the bank.
        note: Option<String>,
        /// What is given to the bank before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Evidence>,
        /// Where the buyer sends the goods back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        return_to: Option<ReturnAddress>,
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
            Self::AcceptWithAddress { .. } => CaseAct::AcceptWithAddress,
            Self::Contest {
                return_to: None, ..
            } => CaseAct::Contest,
            Self::Contest { .. } => CaseAct::ContestWithAddress,
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
