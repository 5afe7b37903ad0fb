//! Documents of feeds, at addresses that are signed for five minutes (amazon.md §5). They lie at
//! another service, which answers in XML and refuses what was not signed.

use std::io::Write;

use bytes::Bytes;
use chrono::{DateTime, Duration, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::call::{Answer, Call, ok};
use super::super::error::Refusal;
use super::super::state::State;
use crate::http::{content, empty, json as json_answer};
use crate::random::seeded_hash;

/// How long an address is good for, in seconds.
const ADDRESS_SECONDS: i64 = 300;
/// How long a document is kept, in days.
const DOCUMENT_DAYS: i64 = 28;
/// The most documents that are kept.
const DOCUMENTS_MAX: usize = 4_000;

/// A document, handed over or to be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::amazon) struct Document {
    content_type: String,
    made_at: DateTime<Utc>,
    /// None until it is uploaded, and again once it was worked through.
    text: Option<String>,
    uploaded: bool,
    /// Whether it is compressed where it lies.
    compressed: bool,
    /// Whether it is one that Amazon wrote.
    result: bool,
}

impl Document {
    pub(super) fn is_uploaded(&self) -> bool {
        self.uploaded
    }

    /// How many messages it seems to hold: enough to reckon how long it takes.
    pub(super) fn messages(&self) -> u64 {
        let text = self.text.as_deref().unwrap_or_default();
        text.matches("\"messageId\"").count() as u64
    }
}

/// `POST /feeds/2021-06-30/documents`.
pub(in crate::amazon) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let content_type = body.get("contentType").and_then(Value::as_str);
    let content_type = content_type.filter(|text| text.contains('/'));
    let content_type = content_type.ok_or_else(|| Refusal::param("contentType", "missing"))?;
    let document = Document {
        content_type: content_type.to_owned(),
        made_at: call.now.wall,
        text: None,
        uploaded: false,
        compressed: false,
        result: false,
    };
    let id = keep(state, document);
    let url = address(state, call, &id, "PUT", false);
    let body = json!({ "feedDocumentId": id, "url": url });
    Ok(json_answer(StatusCode::CREATED, &body))
}

/// Keeps a result and returns its id.
pub(super) fn keep_result(
    state: &mut State,
    content_type: &str,
    text: String,
    made_at: DateTime<Utc>,
) -> String {
    let document = Document {
        content_type: content_type.to_owned(),
        made_at,
        text: Some(text),
        uploaded: true,
        // Both forms are met, and only the field tells which.
        compressed: state.delays.chance(75),
        result: true,
    };
    keep(state, document)
}

fn keep(state: &mut State, document: Document) -> String {
    let id = format!("amzn1.tortuga.4.na.{}", state.uuid());
    let oldest = document.made_at - Duration::days(DOCUMENT_DAYS);
    if state.documents.len() >= DOCUMENTS_MAX {
        state.documents.retain(|_, known| known.made_at > oldest);
    }
    while state.documents.len() >= DOCUMENTS_MAX {
        let first = state
            .documents
            .iter()
            .min_by_key(|(id, known)| (known.made_at, *id));
        let Some(id) = first.map(|(id, _)| id.clone()) else {
            break;
        };
        state.documents.remove(&id);
    }
    state.documents.insert(id.clone(), document);
    id
}

/// Takes what a document holds, which is not needed again.
pub(super) fn take(state: &mut State, id: &str) -> Option<String> {
    state.documents.get_mut(id)?.text.take()
}

/// `GET /feeds/2021-06-30/documents/{feedDocumentId}`.
pub(in crate::amazon) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let id = call.segment(3);
    let oldest = call.now.wall - Duration::days(DOCUMENT_DAYS);
    let document = state.documents.get(id).filter(|one| one.made_at > oldest);
    let document = document.ok_or_else(|| Refusal::not_found("The document is not found."))?;
    let encoded =
        document.compressed && call.query.get("enableContentEncodingUrlHeader") == Some("true");
    let mut body = json!({
        "feedDocumentId": id,
        "url": address(state, call, id, "GET", encoded),
    });
    if document.compressed {
        body["compressionAlgorithm"] = Value::from("GZIP");
    }
    ok(&body)
}

/// Signs an address for five minutes from now.
fn address(state: &State, call: &Call<'_>, id: &str, method: &str, encoded: bool) -> String {
    let date = call.now.wall.format("%Y%m%dT%H%M%SZ").to_string();
    let signed = if method == "PUT" {
        "content-type%3Bhost"
    } else {
        "host"
    };
    let encoding = if encoded {
        "&response-content-encoding=gzip"
    } else {
        ""
    };
    let signature = signature(state, id, method, &date, encoded);
    format!(
        "{}/feed-documents/{id}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}\
         &X-Amz-SignedHeaders={signed}&X-Amz-Expires={ADDRESS_SECONDS}{encoding}\
         &X-Amz-Signature={signature}",
        call.endpoint()
    )
}

fn signature(state: &State, id: &str, method: &str, date: &str, encoded: bool) -> String {
    let content_type = match state.documents.get(id) {
        Some(document) if method == "PUT" => document.content_type.as_str(),
        _ => "",
    };
    let text = format!("{method}\n{id}\n{date}\n{encoded}\n{content_type}");
    format!("{:016x}", seeded_hash(state.keys.signing, &text))
}

/// Takes a document or gives it out.
pub(in crate::amazon) fn exchange(state: &mut State, call: &Call<'_>, id: &str) -> Response<Bytes> {
    let put = *call.request.method() == Method::PUT;
    if !put && *call.request.method() != Method::GET {
        return NO_METHOD.answer();
    }
    if let Err(denied) = check_signature(state, call, id) {
        return denied.answer();
    }
    let Some(document) = state.documents.get_mut(id) else {
        return NO_KEY.answer();
    };
    if !put {
        return download(document, call);
    }
    if document.result {
        return MISMATCH.answer();
    }
    // What is no text is no feed either: it is kept as what it reads like.
    let text = String::from_utf8_lossy(call.request.body()).into_owned();
    document.text = Some(text);
    document.uploaded = true;
    empty(StatusCode::OK)
}

fn check_signature(state: &State, call: &Call<'_>, id: &str) -> Result<(), Denied> {
    let query = |name: &str| call.query.get(name).unwrap_or_default();
    let put = *call.request.method() == Method::PUT;
    let method = if put { "PUT" } else { "GET" };
    let foreign = call
        .request
        .headers()
        .keys()
        .any(|name| name.as_str().starts_with("x-amz-") || name.as_str() == "authorization");
    if foreign {
        return Err(UNSIGNED);
    }
    let date = query("X-Amz-Date");
    let encoded = call.query.has("response-content-encoding");
    let expected = signature(state, id, method, date, encoded);
    let declared = call.header("content-type").unwrap_or_default();
    let document = state.documents.get(id);
    let right_type = !put || document.is_none_or(|document| document.content_type == declared);
    if query("X-Amz-Signature") != expected || !right_type {
        return Err(MISMATCH);
    }
    let signed_at = chrono::NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ");
    let signed_at = signed_at.map(|at| at.and_utc()).unwrap_or_default();
    if signed_at + Duration::seconds(ADDRESS_SECONDS) < call.now.wall {
        return Err(EXPIRED);
    }
    Ok(())
}

fn download(document: &Document, call: &Call<'_>) -> Response<Bytes> {
    let text = document.text.as_deref().unwrap_or_default();
    let body = if document.compressed {
        Bytes::from(gzip(text))
    } else {
        Bytes::from(text.to_owned())
    };
    let mut response = content(StatusCode::OK, "application/octet-stream", body);
    if let Ok(value) = HeaderValue::from_str(&document.content_type) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    if call.query.get("response-content-encoding") == Some("gzip") {
        let value = HeaderValue::from_static("gzip");
        response.headers_mut().insert(CONTENT_ENCODING, value);
    }
    response
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let written = encoder.write_all(text.as_bytes());
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

/// Why the storage refuses a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Denied {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const fn denied(status: StatusCode, code: &'static str, message: &'static str) -> Denied {
    Denied {
        status,
        code,
        message,
    }
}

const EXPIRED: Denied = denied(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired");
const UNSIGNED: Denied = denied(
    StatusCode::FORBIDDEN,
    "AccessDenied",
    "The request has headers that are not signed.",
);
const MISMATCH: Denied = denied(
    StatusCode::FORBIDDEN,
    "SignatureDoesNotMatch",
    "The signature does not fit the request.",
);
const NO_METHOD: Denied = denied(
    StatusCode::METHOD_NOT_ALLOWED,
    "MethodNotAllowed",
    "The method is not allowed.",
);
const NO_KEY: Denied = denied(
    StatusCode::NOT_FOUND,
    "NoSuchKey",
    "The key does not exist.",
);
const SLOW_DOWN: Denied = denied(
    StatusCode::SERVICE_UNAVAILABLE,
    "SlowDown",
    "Too many requests at once.",
);
const BROKEN: Denied = denied(
    StatusCode::INTERNAL_SERVER_ERROR,
    "InternalError",
    "Something went wrong inside. Try again.",
);

impl Denied {
    fn answer(self) -> Response<Bytes> {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Error><Code>{}</Code><Message>{}</Message></Error>",
            self.code, self.message
        );
        content(self.status, "application/xml", text)
    }
}

/// Refuses an address whose time is over.
pub(in crate::amazon) fn address_expired() -> Response<Bytes> {
    EXPIRED.answer()
}

/// Answers as the storage does when it is asked too much.
pub(in crate::amazon) fn slow_down() -> Response<Bytes> {
    SLOW_DOWN.answer()
}

/// Answers as the storage does when it fails.
pub(in crate::amazon) fn internal_error() -> Response<Bytes> {
    BROKEN.answer()
}
