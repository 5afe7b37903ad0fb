//! Files that show that a payment dispute is not right (ebay.md §8.6).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::Call;
use super::claim::{Claim, ClaimKind, ClaimState, find};
use super::claim_answers::{about, no_dispute, place_of};
use super::order::stamp;
use super::state::State;
use crate::multipart;

/// Largest file, and most of all files of a set together: 1.5 MB (errors 33006 and 33104).
const BYTES_MAX: usize = 1_500_000;
/// Longest name of a file (error 33106).
const NAME_CHARS_MAX: usize = 255;
/// Files of a dispute; the contract knows that there are too many and tells no number (33105).
const FILES_MAX: usize = 10;
/// What can be shown (EvidenceTypeEnum).
const KINDS: [&str; 8] = [
    "PROOF_OF_DELIVERY",
    "PROOF_OF_AUTHENTICITY",
    "PROOF_OF_ITEM_AS_DESCRIBED",
    "PROOF_OF_CREDIT_NOT_DUE",
    "PROOF_OF_RETURN_NOT_RECEIVED",
    "PROOF_OF_DELIVERY_AS_FILE",
    "PROOF_OF_DELIVERY_SIGNATURE",
    "PROOF_OF_PICKUP",
];

/// A file that was put there.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Uploaded {
    id: String,
    name: String,
    kind: String,
    bytes: usize,
    at: DateTime<Utc>,
}

/// Files that show one thing.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct EvidenceSet {
    id: String,
    kind: String,
    files: Vec<String>,
    at: DateTime<Utc>,
}

impl EvidenceSet {
    /// The set as a dispute shows it.
    pub(super) fn told(&self, claim: &Claim, lines: &Value) -> Value {
        let files = claim
            .files
            .iter()
            .filter(|file| self.files.contains(&file.id));
        let files = files.map(|file| {
            json!({
                "fileId": file.id,
                "fileType": file.kind,
                "name": file.name,
                "uploadedDate": stamp(file.at),
            })
        });
        json!({
            "evidenceId": self.id,
            "evidenceType": self.kind,
            "files": files.collect::<Vec<_>>(),
            "lineItems": lines,
            "providedDate": stamp(self.at),
        })
    }
}

fn problem(status: u16, id: u32, message: &str) -> Refusal {
    Problem::fulfillment(status, id, message).into()
}

/// The place of a dispute that still takes evidence.
fn open(state: &State, call: &Call) -> Result<usize, Refusal> {
    find(state, ClaimKind::Dispute, call.id(0)).map_err(|_| no_dispute())?;
    let seller = [ClaimState::Seller];
    place_of(state, ClaimKind::Dispute, call.id(0), &seller).map_err(|_| {
        let message = "Upload file for evidence is not permitted for given payment dispute state.";
        problem(409, 33004, message)
    })
}

/// `POST /payment_dispute/{payment_dispute_id}/upload_evidence_file`: 200 and its id.
pub(super) fn upload(state: &mut State, call: &Call) -> Outcome {
    let place = open(state, call)?;
    let kind = call.header("content-type").unwrap_or_default();
    let form = multipart::boundary(kind);
    let part = form.and_then(|boundary| multipart::part(&call.body, boundary, "file"));
    let part = part.ok_or_else(|| problem(400, 33100, "Invalid input request"))?;
    let name = part.file_name.unwrap_or_default();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        let message = "The file name should not be empty and should not exceed 255 characters.";
        return Err(problem(400, 33106, message));
    }
    let kind = match part.content {
        [0xff, 0xd8, 0xff, ..] => "JPEG",
        [0x89, b'P', b'N', b'G', ..] => "PNG",
        _ => return Err(problem(400, 33005, "File type is invalid.")),
    };
    if part.content.len() > BYTES_MAX {
        return Err(problem(400, 33006, "File size should be 1.5 MB or less."));
    }
    let number = state.next("evidence file");
    let id = format!("{:x}-{number}", state.seed);
    let Some(claim) = state.claims.get_mut(place) else {
        return Err(no_dispute());
    };
    if claim.files.len() >= FILES_MAX {
        let message = "You reached the maximum number of files you can upload.";
        return Err(problem(409, 33105, message));
    }
    claim.files.push(Uploaded {
        id: id.clone(),
        name,
        kind: kind.to_owned(),
        bytes: part.content.len(),
        at: call.now.wall,
    });
    Ok(Answer::ok(json!({ "fileId": id })))
}

/// `POST /payment_dispute/{payment_dispute_id}/add_evidence`: 200 and the id of the set. The
/// revision goes up by one.
pub(super) fn add(state: &mut State, call: &Call) -> Outcome {
    let place = open(state, call)?;
    let body = call.object()?;
    let set = checked(state, place, &body)?;
    let number = state.next("evidence");
    let id = format!("{number}");
    let Some(claim) = state.claims.get_mut(place) else {
        return Err(no_dispute());
    };
    claim.revision += 1;
    claim.evidence.push(EvidenceSet {
        id: id.clone(),
        at: call.now.wall,
        ..set
    });
    Ok(Answer::ok(json!({ "evidenceId": id })))
}

/// The set that a body asks for, without its id.
fn checked(
    state: &State,
    place: usize,
    body: &serde_json::Map<String, Value>,
) -> Result<EvidenceSet, Refusal> {
    let claim = state.claims.get(place).ok_or_else(no_dispute)?;
    let order = state.order(&claim.order).ok_or_else(no_dispute)?;
    let kind = body.get("evidenceType").and_then(Value::as_str);
    let kind = kind.filter(|kind| KINDS.contains(kind));
    let kind = kind.ok_or_else(|| problem(400, 33008, "Invalid evidence type."))?;
    if body.get("lineItems") != Some(&about(claim, order)) {
        return Err(problem(400, 33007, "Invalid line items."));
    }
    let files = body.get("files").and_then(Value::as_array);
    let files = files.map(Vec::as_slice).unwrap_or_default();
    if files.is_empty() {
        return Err(problem(400, 33100, "Invalid input request"));
    }
    let known = |file: &Value| {
        let id = file.get("fileId").and_then(Value::as_str)?;
        claim.files.iter().find(|one| one.id == id)
    };
    let known: Option<Vec<&Uploaded>> = files.iter().map(known).collect();
    let known = known.ok_or_else(|| problem(400, 33003, "Invalid Evidence File Id"))?;
    if known.iter().map(|file| file.bytes).sum::<usize>() > BYTES_MAX {
        let message = "The combined size of attached files should be 1.5MB or less.";
        return Err(problem(400, 33104, message));
    }
    Ok(EvidenceSet {
        id: String::new(),
        kind: kind.to_owned(),
        files: known.iter().map(|file| file.id.clone()).collect(),
        at: DateTime::UNIX_EPOCH,
    })
}
