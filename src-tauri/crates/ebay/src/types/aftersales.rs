//! Answers to refunds and cancellations (ebay.md §8.4, §8.5).

use serde::Deserialize;

use super::common::{list, text};

/// `POST /order/{id}/issue_refund`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundAnswer {
    /// Its id; none where it failed.
    #[serde(deserialize_with = "text")]
    pub refund_id: Option<String>,
    /// PENDING, FAILED.
    pub refund_status: Option<String>,
}

impl RefundAnswer {
    /// Whether no money will go.
    pub fn has_failed(&self) -> bool {
        self.refund_status.as_deref() == Some("FAILED")
    }
}

/// `POST /cancellation/check_eligibility`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CancelEligibility {
    /// Whether the order can be cancelled.
    pub eligible: Option<bool>,
    /// Why not, in eBay's codes.
    #[serde(deserialize_with = "list")]
    pub failure_reason: Vec<String>,
}
