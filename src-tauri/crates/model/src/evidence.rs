//! What shows that a dispute is not right: files that go to the buyer's bank.

use serde::{Deserialize, Serialize};

use crate::picture::{PictureFacts, PictureForm};
use crate::problem::{Problem, ProblemKind};

/// What the files of a dispute may come to, in bytes: 1.5 MB, of one and of all of them together
/// (eBay's `uploadEvidenceFile`, error 33006, and `addEvidence`, error 33104).
pub const EVIDENCE_BYTES_MAX: usize = 1_500_000;

/// What evidence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// That the goods arrived.
    Delivery,
    /// That somebody signed for the goods.
    Signature,
    /// That the buyer fetched the goods.
    Pickup,
    /// That the goods are genuine.
    Authenticity,
    /// That the goods are as they were described.
    AsDescribed,
    /// That no money is owed back.
    CreditNotDue,
    /// That what was to be sent back did not come.
    ReturnNotReceived,
}

impl EvidenceKind {
    /// Its name in the database and in words.
    pub fn code(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Signature => "signature",
            Self::Pickup => "pickup",
            Self::Authenticity => "authenticity",
            Self::AsDescribed => "as_described",
            Self::CreditNotDue => "credit_not_due",
            Self::ReturnNotReceived => "return_not_received",
        }
    }
}

/// Files of one kind that a dispute is contested with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What they show.
    pub kind: EvidenceKind,
    /// The files, with their whole paths. They are read when the answer is sent.
    pub files: Vec<String>,
}

/// Why a file is no evidence: `why` is a word of [`ProblemKind::EvidenceFile`].
pub fn evidence_problem(file: &str, why: &str) -> Problem {
    Problem::new(ProblemKind::EvidenceFile)
        .field("evidence")
        .param("file", file)
        .param("why", why)
}

/// The form of a file that banks take, or why it is not taken: JPEG and PNG alone.
///
/// # Errors
/// The problem for the seller.
pub fn evidence_form(file: &str, content: &[u8]) -> Result<PictureForm, Problem> {
    if content.len() > EVIDENCE_BYTES_MAX {
        return Err(evidence_problem(file, "too_large"));
    }
    match PictureFacts::read(content).map(|facts| facts.form) {
        Some(form @ (PictureForm::Jpeg | PictureForm::Png)) => Ok(form),
        _ => Err(evidence_problem(file, "form")),
    }
}

#[cfg(test)]
mod tests {
    use super::{EVIDENCE_BYTES_MAX, evidence_form};

    #[test]
    fn only_pictures_that_banks_take_are_evidence() {
        let check = |content: &[u8], expected: Option<&str>| {
            let told = evidence_form("/a.png", content).err();
            let why = told.as_ref().map(|problem| problem.params["why"].as_str());
            assert_eq!(why, expected);
        };
        let jpeg = b"\xff\xd8\xff\xe0".as_slice();
        check(jpeg, None);
        check(b"GIF89a\x01\0\x01\0\0\0\0", Some("form"));
        check(b"%PDF-1.7", Some("form"));
        check(b"", Some("form"));
        let huge = [jpeg, &vec![0; EVIDENCE_BYTES_MAX]].concat();
        check(&huge, Some("too_large"));
    }
}
