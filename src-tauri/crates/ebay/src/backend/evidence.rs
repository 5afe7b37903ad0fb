//! What shows that a payment dispute is not right is given to eBay before the dispute is contested:
//! afterwards eBay takes nothing (ebay.md §8.6).
//!
//! A file carries the digest of its content in its name, by which it is known again: what is with
//! the dispute already is not added a second time, whatever broke off before.

use barrow_market::{Error, ErrorKind, Fate, Result};
use barrow_model::{
    EVIDENCE_BYTES_MAX, Evidence, EvidenceKind, OrderRef, PictureForm, Problem, evidence_form,
    evidence_problem,
};

use super::EbayAdapter;
use super::aftersales::refused;
use super::case_answers::answered_with;
use super::pictures::digest_of;
use crate::error::may_have_happened;
use crate::limits::{ADD_EVIDENCE, GET_DISPUTE, UPLOAD_EVIDENCE};
use crate::map::unread_evidence;
use crate::request::{self, FormFile};
use crate::types::{Dispute, DisputeLine, EvidenceFile};

/// Digits of a digest that a file's name carries.
const NAME_DIGITS: usize = 16;

/// What became of evidence.
pub(super) enum Given {
    /// It was with the dispute.
    There,
    /// It was added to the dispute, which stands like this now.
    Added(Dispute),
    /// It is not, or nobody knows; what that makes of the answer.
    Not(Fate),
}

/// A file that was read.
struct Shown<'a> {
    path: &'a str,
    form: PictureForm,
    digest: String,
    content: Vec<u8>,
}

impl Shown<'_> {
    fn name(&self) -> String {
        let digits = self.digest.get(..NAME_DIGITS).unwrap_or(&self.digest);
        format!("evidence-{digits}")
    }
}

impl EbayAdapter {
    /// Adds to a dispute, as it was just read, what of the evidence is not with it yet.
    pub(super) async fn give_evidence(
        &self,
        order: &OrderRef,
        of: (&str, &Dispute),
        evidence: &Evidence,
    ) -> Result<Given> {
        let shown = match self.read_evidence(evidence).await {
            Ok(shown) => shown,
            Err(problem) => return Ok(Given::Not(refused(problem))),
        };
        match self.add_missing(order, of, (evidence.kind, &shown)).await {
            Ok(given) => Ok(given),
            Err(error) => answered_with(error).map(Given::Not),
        }
    }

    async fn read_evidence<'a>(
        &self,
        evidence: &'a Evidence,
    ) -> std::result::Result<Vec<Shown<'a>>, Problem> {
        let mut shown: Vec<Shown<'a>> = Vec::with_capacity(evidence.files.len());
        for path in &evidence.files {
            let content = self.pictures.read(path, EVIDENCE_BYTES_MAX).await;
            let content = content.map_err(|error| unread_evidence(path, &error))?;
            let form = evidence_form(path, &content)?;
            let digest = digest_of(&content);
            if shown.iter().all(|other| other.digest != digest) {
                shown.push(Shown {
                    path,
                    form,
                    digest,
                    content,
                });
            }
        }
        let bytes: usize = shown.iter().map(|one| one.content.len()).sum();
        match shown.first() {
            None => Err(evidence_problem("", "none")),
            Some(first) if bytes > EVIDENCE_BYTES_MAX => {
                Err(evidence_problem(first.path, "together"))
            }
            Some(_) => Ok(shown),
        }
    }

    async fn add_missing(
        &self,
        order: &OrderRef,
        (id, before): (&str, &Dispute),
        (kind, shown): (EvidenceKind, &[Shown<'_>]),
    ) -> Result<Given> {
        let (apiz, site) = (&self.config.hosts.apiz, self.site_of(order));
        let missing = shown.iter().filter(|file| !is_there(before, kind, file));
        let mut files = Vec::new();
        for file in missing {
            let name = file.name();
            let form = FormFile {
                name: &name,
                form: file.form,
                digest: &file.digest,
                content: &file.content,
            };
            let request = request::upload_evidence(apiz, site, id, &form)?;
            let answer = match self.call(&UPLOAD_EVIDENCE, request).await {
                Ok(answer) => answer,
                Err(error) => match refused_file(file.path, &error) {
                    Some(problem) => return Ok(Given::Not(refused(problem))),
                    None => return Err(error),
                },
            };
            let told: EvidenceFile = answer.json(UPLOAD_EVIDENCE.operation)?;
            let unreadable = || Error::new(ErrorKind::Unreadable, UPLOAD_EVIDENCE.operation);
            files.push(told.file_id.ok_or_else(unreadable)?);
        }
        if files.is_empty() {
            return Ok(Given::There);
        }
        let (shows, about) = asked(before, kind);
        let request = request::add_evidence(apiz, site, id, (shows, about, &files))?;
        match self.call(&ADD_EVIDENCE, request).await {
            Ok(_) => {
                let request = request::get_dispute(apiz, site, id)?;
                let after = self.told(&GET_DISPUTE, request).await?;
                Ok(Given::Added(after))
            }
            // Whether it is there is seen before it is added again.
            Err(error) if may_have_happened(&error) => Ok(Given::Not(Fate::Unknown)),
            Err(error) => match refused_file(shown.first().map_or("", |file| file.path), &error) {
                Some(problem) => Ok(Given::Not(refused(problem))),
                None => Err(error),
            },
        }
    }
}

/// eBay's words for what evidence shows (EvidenceTypeEnum), the one for files first:
/// PROOF_OF_DELIVERY itself is told by tracking numbers.
fn words(kind: EvidenceKind) -> &'static [&'static str] {
    match kind {
        EvidenceKind::Delivery => &["PROOF_OF_DELIVERY_AS_FILE", "PROOF_OF_DELIVERY"],
        EvidenceKind::Signature => &["PROOF_OF_DELIVERY_SIGNATURE"],
        EvidenceKind::Pickup => &["PROOF_OF_PICKUP"],
        EvidenceKind::Authenticity => &["PROOF_OF_AUTHENTICITY"],
        EvidenceKind::AsDescribed => &["PROOF_OF_ITEM_AS_DESCRIBED"],
        EvidenceKind::CreditNotDue => &["PROOF_OF_CREDIT_NOT_DUE"],
        EvidenceKind::ReturnNotReceived => &["PROOF_OF_RETURN_NOT_RECEIVED"],
    }
}

/// Under which word evidence goes, and what it is about: as eBay asks for it, which wants its own
/// words back (33009); else as the dispute itself.
fn asked(dispute: &Dispute, kind: EvidenceKind) -> (&'static str, &[DisputeLine]) {
    let words = words(kind);
    for word in words {
        let mut wishes = dispute.evidence_requests.iter();
        let wish = wishes.find(|wish| wish.evidence_type.as_deref() == Some(word));
        if let Some(wish) = wish {
            return match wish.line_items.as_slice() {
                [] => (word, &dispute.line_items),
                lines => (word, lines),
            };
        }
    }
    (
        words.first().copied().unwrap_or_default(),
        &dispute.line_items,
    )
}

/// Whether a file is with a dispute, as what it is given for.
fn is_there(dispute: &Dispute, kind: EvidenceKind, file: &Shown<'_>) -> bool {
    let name = file.name();
    let shows = |told: Option<&str>| told.is_some_and(|told| words(kind).contains(&told));
    let sets = dispute.evidence.iter();
    let mut files = sets
        .filter(|set| shows(set.evidence_type.as_deref()))
        .flat_map(|set| &set.files);
    files.any(|there| {
        there
            .name
            .as_deref()
            .is_some_and(|told| told.contains(&name))
    })
}

/// What a refusal says of a file; none where it is about something else.
fn refused_file(path: &str, error: &Error) -> Option<Problem> {
    let vendor = error.vendor.as_ref()?;
    let why = match vendor.code.as_str() {
        "33005" => "form",
        "33006" => "too_large",
        "33103" | "33105" => "many",
        "33104" => "together",
        _ => return None,
    };
    let problem = evidence_problem(path, why);
    Some(problem.vendor(vendor.code.clone(), vendor.text.clone()))
}
