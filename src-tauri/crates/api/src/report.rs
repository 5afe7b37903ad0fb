//! What every action answers: how much was done, what waits for a yes, and what was refused.

use barrow_model::{Problem, VendorError};
use serde::{Deserialize, Serialize};

use crate::words::Words;

/// Refusals and held changes that an answer lists one by one; more are only counted.
pub const LISTED_MAX: usize = 1_000;

/// What became of an action.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ActionReport {
    /// How many things were done.
    pub done: u64,
    /// What waits for a yes.
    pub held: Vec<HeldItem>,
    /// What was refused, and why.
    pub refused: Vec<RefusedItem>,
}

/// Something that waits for a yes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HeldItem {
    /// The account.
    pub account: Option<String>,
    /// The SKU, where it is one's.
    pub sku: Option<String>,
    /// Why it is held: the kind of a problem.
    pub kind: String,
    /// Why, in words.
    pub reason: String,
    /// What is there now.
    pub from: Option<String>,
    /// What it would become.
    pub to: Option<String>,
}

/// Something that was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RefusedItem {
    /// The account, where it happened at one.
    pub account: Option<String>,
    /// The SKU, where it is one's.
    pub sku: Option<String>,
    /// The order, where it is one's.
    pub order: Option<String>,
    /// Why: the kind of a problem, or of an error.
    pub kind: String,
    /// The field to mend.
    pub field: Option<String>,
    /// Why and how to mend it, in words.
    pub reason: String,
    /// The marketplace's own words.
    pub vendor: Option<VendorError>,
}

impl ActionReport {
    /// So many done, nothing held or refused.
    pub(crate) fn done(done: u64) -> Self {
        Self {
            done,
            ..Self::default()
        }
    }

    /// Lists a refusal, as long as there is room.
    pub(crate) fn refuse(&mut self, item: RefusedItem) {
        if self.refused.len() < LISTED_MAX {
            self.refused.push(item);
        }
    }

    /// Whether everything that was asked for was done.
    pub fn is_complete(&self) -> bool {
        self.held.is_empty() && self.refused.is_empty()
    }
}

/// Where a problem happened, in the seller's words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub(crate) account: &'a str,
    /// The marketplace as people write it.
    pub(crate) marketplace: &'a str,
}

impl RefusedItem {
    pub(crate) fn of_sku(words: &Words, at: At<'_>, sku: &str, problem: &Problem) -> Self {
        Self {
            account: Some(at.account.to_owned()),
            sku: Some(sku.to_owned()),
            order: None,
            kind: problem.kind.code().to_owned(),
            field: problem.field.clone(),
            reason: words.problem_of(problem, at.marketplace, sku),
            vendor: problem.vendor.clone(),
        }
    }

    pub(crate) fn of_order(words: &Words, at: At<'_>, order: &str, problem: &Problem) -> Self {
        let about = words.text("about_order", &[("order", order)]);
        Self {
            account: Some(at.account.to_owned()),
            sku: None,
            order: Some(order.to_owned()),
            kind: problem.kind.code().to_owned(),
            field: problem.field.clone(),
            reason: words.problem_of(problem, at.marketplace, &about),
            vendor: problem.vendor.clone(),
        }
    }

    pub(crate) fn of_account(words: &Words, at: At<'_>, problem: &Problem) -> Self {
        Self {
            account: Some(at.account.to_owned()),
            sku: None,
            order: None,
            kind: problem.kind.code().to_owned(),
            field: problem.field.clone(),
            reason: words.problem_of(problem, at.marketplace, ""),
            vendor: problem.vendor.clone(),
        }
    }
}
