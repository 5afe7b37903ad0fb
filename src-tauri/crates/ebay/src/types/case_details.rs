//! One case after a sale, read alone (ebay.md §8.5, §8.6). Names and words of buyers are not read.

use serde::{Deserialize, Serialize};

use super::cases::ReturnSummary;
use super::common::{Amount, list, part, text};

/// `GET /return/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnDetail {
    /// The return.
    #[serde(deserialize_with = "part")]
    pub summary: ReturnSummary,
    /// What more is told of it.
    #[serde(deserialize_with = "part")]
    pub detail: ReturnMore,
}

/// What more is told of a return.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnMore {
    /// Its money.
    #[serde(deserialize_with = "part")]
    pub refund_info: RefundInfo,
}

/// What of a return would be given back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundInfo {
    /// As long as nothing is given back.
    #[serde(deserialize_with = "part")]
    pub estimated_refund_detail: EstimatedRefund,
}

/// What of a return would be given back, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EstimatedRefund {
    /// The parts.
    #[serde(alias = "itemizedRefundDetails", deserialize_with = "list")]
    pub itemized_refund_detail: Vec<RefundPart>,
}

/// A part of what would be given back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundPart {
    /// PURCHASE_PRICE, ORIGINAL_SHIPPING …
    pub refund_fee_type: Option<String>,
    /// How much.
    #[serde(deserialize_with = "part")]
    pub estimated_amount: Amount,
}

/// `GET /inquiry/{id}` and `GET /casemanagement/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClaimDetail {
    /// OPEN, WAITING_SELLER_RESPONSE, CLOSED …; the searches have names of their own for it.
    #[serde(alias = "inquiryStatusEnum", alias = "caseStatusEnum")]
    pub status: Option<String>,
    /// What it is about.
    #[serde(deserialize_with = "part")]
    pub claim_amount: Amount,
    /// What happened.
    #[serde(deserialize_with = "part")]
    pub inquiry_history_details: InquiryHistory,
}

/// What happened to an inquiry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InquiryHistory {
    /// How the goods were sent, where the seller has said so.
    #[serde(deserialize_with = "part")]
    pub shipment_tracking_details: InquiryShipment,
}

/// How goods were sent that did not come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InquiryShipment {
    /// Their tracking number.
    #[serde(deserialize_with = "text")]
    pub tracking_number: Option<String>,
}

/// `GET /payment_dispute/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Dispute {
    /// OPEN, ACTION_NEEDED, CLOSED.
    pub payment_dispute_status: Option<String>,
    /// Why the buyer disputes it.
    pub reason: Option<String>,
    /// Counts what was done to it; an answer names it.
    pub revision: Option<i64>,
    /// What the seller has answered; absent until he has.
    pub seller_response: Option<String>,
    /// What he can answer, ACCEPT or CONTEST; absent once he has.
    #[serde(deserialize_with = "list")]
    pub available_choices: Vec<String>,
    /// What it is about.
    #[serde(deserialize_with = "part")]
    pub line_items: Vec<DisputeLine>,
    /// What eBay asks the seller to show.
    #[serde(deserialize_with = "part")]
    pub evidence_requests: Vec<EvidenceSet>,
    /// What the seller has shown.
    #[serde(deserialize_with = "part")]
    pub evidence: Vec<EvidenceSet>,
}

/// A line of an order that a dispute, or what is shown in one, is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DisputeLine {
    /// The listing.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub item_id: Option<String>,
    /// The line.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub line_item_id: Option<String>,
}

/// Files that show one thing, or the wish for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EvidenceSet {
    /// What they show: PROOF_OF_DELIVERY, PROOF_OF_AUTHENTICITY and others.
    pub evidence_type: Option<String>,
    /// What they are about.
    #[serde(deserialize_with = "part")]
    pub line_items: Vec<DisputeLine>,
    /// The files.
    #[serde(deserialize_with = "part")]
    pub files: Vec<EvidenceFile>,
}

/// A file that shows something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EvidenceFile {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub file_id: Option<String>,
    /// Its name, as the seller gave it.
    pub name: Option<String>,
}
