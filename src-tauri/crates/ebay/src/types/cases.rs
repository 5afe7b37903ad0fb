//! Cases after a sale: Post-Order's searches and summaries of payment disputes (ebay.md §8.5,
//! §8.6). Names and words of buyers are not read.

use serde::Deserialize;
use serde_json::Value;

use super::common::{Amount, list, part, text};

/// A page of one of Post-Order's searches.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PostOrderPage {
    /// Records, each read by itself. Cancellations have a name of their own for the list.
    #[serde(alias = "cancellations")]
    pub members: Option<Vec<Value>>,
    /// How many in all; each search has a name of its own for it.
    #[serde(alias = "totalNumberOfInquiries", alias = "totalNumberOfCases")]
    pub total: Option<i64>,
    /// How many in all, once more.
    #[serde(deserialize_with = "part")]
    pub pagination_output: PaginationOutput,
}

/// Where a page of Post-Order's stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaginationOutput {
    /// How many in all.
    pub total_entries: Option<i64>,
}

/// An instant as Post-Order writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PostOrderDate {
    /// UTC, ISO 8601.
    pub value: Option<String>,
}

/// Of `GET /cancellation/search`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CancelSummary {
    /// The request's id.
    #[serde(deserialize_with = "text")]
    pub cancel_id: Option<String>,
    /// The order.
    #[serde(deserialize_with = "text")]
    pub legacy_order_id: Option<String>,
    /// BUYER, SELLER.
    pub requestor_type: Option<String>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// APPROVAL_PENDING, CLOSED …
    pub cancel_state: Option<String>,
    /// CANCEL_REQUESTED …
    pub cancel_status: Option<String>,
    /// When it was asked for.
    #[serde(deserialize_with = "part")]
    pub cancel_request_date: PostOrderDate,
    /// By when the seller must answer.
    #[serde(deserialize_with = "part")]
    pub seller_response_due_date: PostOrderDate,
    /// What would be given back.
    #[serde(deserialize_with = "part")]
    pub request_refund_amount: Amount,
}

/// Of `GET /return/search`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnSummary {
    /// The return's id.
    #[serde(deserialize_with = "text")]
    pub return_id: Option<String>,
    /// The order.
    #[serde(deserialize_with = "text")]
    pub order_id: Option<String>,
    /// RETURN_REQUESTED, ITEM_SHIPPED, CLOSED …
    pub state: Option<String>,
    /// RETURN_REQUESTED_PENDING_RMA, ESCALATED, CLOSED …
    pub status: Option<String>,
    /// How it began.
    #[serde(deserialize_with = "part")]
    pub creation_info: ReturnCreation,
    /// What would be given back.
    #[serde(deserialize_with = "part")]
    pub seller_total_refund: ReturnRefund,
    /// What the seller has to do next; empty where it is not his turn.
    #[serde(deserialize_with = "part")]
    pub seller_response_due: ResponseDue,
    /// What the buyer has to do next; empty where it is not his turn.
    #[serde(deserialize_with = "part")]
    pub buyer_response_due: ResponseDue,
    /// What the seller can do.
    #[serde(deserialize_with = "list")]
    pub seller_available_options: Vec<AvailableOption>,
}

/// How a return began; the buyer's comments are not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnCreation {
    /// What comes back.
    #[serde(deserialize_with = "part")]
    pub item: ReturnItem,
    /// Why.
    pub reason: Option<String>,
    /// When.
    #[serde(deserialize_with = "part")]
    pub creation_date: PostOrderDate,
}

/// What comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnItem {
    /// The listing.
    #[serde(deserialize_with = "text")]
    pub item_id: Option<String>,
    /// The sale of it.
    #[serde(deserialize_with = "text")]
    pub transaction_id: Option<String>,
}

/// What a return costs the seller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReturnRefund {
    /// As long as nothing is given back.
    #[serde(deserialize_with = "part")]
    pub estimated_refund_amount: Amount,
}

/// Who has to do what by when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResponseDue {
    /// What; none where nothing is due.
    pub activity_due: Option<String>,
    /// By when, where there is a deadline.
    #[serde(deserialize_with = "part")]
    pub respond_by_date: PostOrderDate,
}

/// Something that the seller can do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AvailableOption {
    /// SELLER_APPROVE_REQUEST, SELLER_ISSUE_REFUND …
    pub action_type: Option<String>,
}

/// Of `GET /inquiry/search` and `GET /casemanagement/search`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClaimSummary {
    /// The inquiry's or the case's id.
    #[serde(alias = "caseId", deserialize_with = "text")]
    pub inquiry_id: Option<String>,
    /// The order, where it is told.
    #[serde(deserialize_with = "text")]
    pub order_id: Option<String>,
    /// The listing.
    #[serde(deserialize_with = "text")]
    pub item_id: Option<String>,
    /// The sale of it.
    #[serde(deserialize_with = "text")]
    pub transaction_id: Option<String>,
    /// Who sold it: the account may buy as well.
    pub seller: Option<String>,
    /// OPEN, WAITING_SELLER_RESPONSE, CLOSED …
    #[serde(alias = "caseStatusEnum")]
    pub inquiry_status_enum: Option<String>,
    /// What it is about.
    #[serde(deserialize_with = "part")]
    pub claim_amount: Amount,
    /// By when the seller must answer.
    #[serde(deserialize_with = "part")]
    pub respond_by_date: PostOrderDate,
    /// When it was opened.
    #[serde(deserialize_with = "part")]
    pub creation_date: PostOrderDate,
}

/// A page of `GET /payment_dispute_summary`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DisputePage {
    /// Records, each read by itself.
    pub payment_dispute_summaries: Option<Vec<Value>>,
    /// How many in all.
    pub total: Option<i64>,
}

/// A payment dispute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DisputeSummary {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub payment_dispute_id: Option<String>,
    /// The order.
    pub order_id: Option<String>,
    /// What it is about.
    #[serde(deserialize_with = "part")]
    pub amount: Amount,
    /// When it was opened.
    pub open_date: Option<String>,
    /// By when the seller must answer.
    pub respond_by_date: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// OPEN, ACTION_NEEDED, CLOSED.
    pub payment_dispute_status: Option<String>,
}
