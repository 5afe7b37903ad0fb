//! Transactions of the Finances API (ebay.md §8.7). Buyers are not read.

use serde::Deserialize;
use serde_json::Value;

use super::common::{Amount, list, part, text};

/// `GET /transaction`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionPage {
    /// Records, each read by itself.
    pub transactions: Option<Vec<Value>>,
    /// The next page; none at the end.
    pub next: Option<String>,
    /// How many in all.
    pub total: Option<i64>,
}

/// A monetary transaction. Its key is id and type together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Transaction {
    /// Half of the key.
    #[serde(deserialize_with = "text")]
    pub transaction_id: Option<String>,
    /// SALE, REFUND, NON_SALE_CHARGE, SHIPPING_LABEL …
    pub transaction_type: Option<String>,
    /// When.
    pub transaction_date: Option<String>,
    /// CREDIT or DEBIT: amounts have no sign.
    pub booking_entry: Option<String>,
    /// How much; of a sale what is left of it after fees.
    #[serde(deserialize_with = "part")]
    pub amount: Amount,
    /// The order.
    #[serde(deserialize_with = "text")]
    pub order_id: Option<String>,
    /// What a charge is for.
    pub fee_type: Option<String>,
    /// Fees by line of the order.
    #[serde(deserialize_with = "list")]
    pub order_line_items: Vec<TransactionLine>,
    /// What a charge is about.
    #[serde(deserialize_with = "list")]
    pub references: Vec<TransactionReference>,
}

/// A line of an order with its fees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionLine {
    /// The line.
    #[serde(deserialize_with = "text")]
    pub line_item_id: Option<String>,
    /// Its fees.
    #[serde(deserialize_with = "list")]
    pub marketplace_fees: Vec<MarketplaceFee>,
}

/// A fee.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MarketplaceFee {
    /// FINAL_VALUE_FEE …
    pub fee_type: Option<String>,
    /// How much.
    #[serde(deserialize_with = "part")]
    pub amount: Amount,
}

/// What a charge is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionReference {
    /// Its id.
    #[serde(deserialize_with = "text")]
    pub reference_id: Option<String>,
    /// ITEM_ID, ORDER_ID …
    pub reference_type: Option<String>,
}
