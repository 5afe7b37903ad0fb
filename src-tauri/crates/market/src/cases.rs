//! The role that reads cases after a sale: returns, goods that did not come, disputes.

use async_trait::async_trait;
use barrow_model::{Case, CaseKind};

use crate::error::Result;

/// Where cases of a kind are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseSource {
    /// Their kind; a kind has one source.
    pub kind: CaseKind,
    /// Most pages of one reading.
    pub pages_max: u32,
}

/// Reading cases.
///
/// # Requires
/// - A reading begins at the first page and goes on with what the page before says.
///
/// # Behaviour
/// - `cases_that_wait_are_given`: reading a source to its end gives every case of its kind that is
///   open; closed ones may be given too.
/// - `no_words_of_buyers`: neither cases nor errors hold a buyer's name or words.
///
/// Where the marketplace has taken a source away, or never had it in this world, the error is of
/// kind not found or unsupported; the other sources go on.
#[async_trait]
pub trait Cases: Send + Sync {
    /// The sources that together give all cases.
    fn sources(&self) -> &'static [CaseSource];

    /// Reads a page; `skip` is how many cases of this reading are behind it, as
    /// [`CasePage::records`] counted them.
    async fn read(&self, kind: CaseKind, skip: u64) -> Result<CasePage>;
}

/// A page of cases.
#[derive(Clone, Debug, PartialEq)]
pub struct CasePage {
    /// The cases that could be read.
    pub cases: Vec<Case>,
    /// How many records the page had, those included that are no case of the seller's.
    pub records: u64,
    /// How many records that could not be read; what is not given may still be open.
    pub unreadable: u64,
    /// How many records there are in all, where it is told.
    pub total: Option<u64>,
}
