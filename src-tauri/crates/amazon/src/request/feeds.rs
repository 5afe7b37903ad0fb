//! Feeds (amazon.md §5).

use barrow_market::{Error, ErrorKind};
use barrow_model::ChangeId;
use barrow_wire::{Built, Object, escaped};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request};

use crate::config::SiteFacts;
use crate::request::{get, with_json};

const FEED_TYPE: &str = "JSON_LISTINGS_FEED";
/// It is signed into the upload's address and must be sent exactly so.
const DOCUMENT_TYPE: &str = "application/json; charset=UTF-8";
/// Largest message number (amazon.md §5).
const MESSAGE_ID_MAX: i64 = 2_147_483_647;

/// The message number of a change: the change's own, so that a report's rows are found without
/// anything remembered.
pub(crate) fn message_id(change_id: ChangeId) -> i64 {
    (change_id.0 - 1).rem_euclid(MESSAGE_ID_MAX) + 1
}

/// A feed's document of messages that are JSON already.
pub(crate) fn feed_document(seller: &str, messages: &[Vec<u8>]) -> Bytes {
    let header = Object::new()
        .put("sellerId", seller)
        .put("version", "2.0")
        .put("issueLocale", "en_US");
    let size: usize = messages.iter().map(|message| message.len() + 1).sum();
    let mut body = Vec::with_capacity(size + 200);
    body.extend_from_slice(b"{\"header\":");
    body.extend_from_slice(&header.bytes());
    body.extend_from_slice(b",\"messages\":[");
    for (index, message) in messages.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(message);
    }
    body.extend_from_slice(b"]}");
    Bytes::from(body)
}

/// Asks where a document may be put.
pub(crate) fn feed_document_new_request(base: &str) -> Built {
    let body = Object::new().put("contentType", DOCUMENT_TYPE);
    let uri = format!("{base}/feeds/2021-06-30/documents");
    with_json(Method::POST, &uri, &body)
}

/// Puts a document to a signed address, with exactly the signed type and none of Amazon's headers.
pub(crate) fn upload_request(url: &str, document: Bytes) -> Built {
    let mut built = storage_request(Method::PUT, url, document)?;
    let kind = HeaderValue::from_static(DOCUMENT_TYPE);
    built.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(built)
}

/// Reads a document from a signed address.
pub(crate) fn download_request(url: &str) -> Built {
    storage_request(Method::GET, url, Bytes::new())
}

fn storage_request(method: Method, url: &str, body: Bytes) -> Built {
    Request::builder()
        .method(method)
        .uri(url)
        .body(body)
        // The address holds its own permission and is not named.
        .map_err(|_| Error::new(ErrorKind::Unreadable, "feedDocument").with("field", "url"))
}

/// Starts the feed of a document, for one site.
pub(crate) fn feed_new_request(base: &str, site: &SiteFacts, document_id: &str) -> Built {
    let body = Object::new()
        .put("feedType", FEED_TYPE)
        .put("marketplaceIds", [site.id])
        .put("inputFeedDocumentId", document_id);
    with_json(
        Method::POST,
        &format!("{base}/feeds/2021-06-30/feeds"),
        &body,
    )
}

/// How a feed stands.
pub(crate) fn feed_request(base: &str, feed_id: &str) -> Built {
    get(&format!(
        "{base}/feeds/2021-06-30/feeds/{}",
        escaped(feed_id)
    ))
}

/// Feeds of ours that are not done yet.
pub(crate) fn open_feeds_request(base: &str) -> Built {
    get(&format!(
        "{base}/feeds/2021-06-30/feeds?feedTypes={FEED_TYPE}\
         &processingStatuses=IN_QUEUE,IN_PROGRESS&pageSize=10"
    ))
}

/// Where a report may be read.
pub(crate) fn feed_document_request(base: &str, document_id: &str) -> Built {
    get(&format!(
        "{base}/feeds/2021-06-30/documents/{}",
        escaped(document_id)
    ))
}

#[cfg(test)]
mod tests {
    use barrow_model::ChangeId;
    use bytes::Bytes;

    use super::{feed_document, feed_new_request, message_id, upload_request};
    use crate::config::site_of;

    #[test]
    fn a_document_has_a_header_and_messages() {
        let message = |id: i64| format!("{{\"messageId\":{id}}}").into_bytes();
        let document = feed_document("AX", &[message(1), message(7)]);
        let expected = r#"{"header":{"sellerId":"AX","version":"2.0","issueLocale":"en_US"},"#
            .to_owned()
            + r#""messages":[{"messageId":1},{"messageId":7}]}"#;
        assert_eq!(document, expected.as_bytes());
    }

    #[test]
    fn message_numbers_stay_in_their_range() {
        let check = |id: i64, expected: i64| assert_eq!(message_id(ChangeId(id)), expected);
        check(1, 1);
        check(2_147_483_647, 2_147_483_647);
        check(2_147_483_648, 1);
    }

    #[test]
    fn an_upload_has_its_type_and_nothing_else() {
        let request = upload_request("https://s3.example/x?sig=1", Bytes::from_static(b"{}"));
        let request = request.expect("a request");
        assert_eq!(request.headers().len(), 1);
        let kind = &request.headers()["content-type"];
        assert_eq!(kind, "application/json; charset=UTF-8");
    }

    #[test]
    fn a_feed_is_of_one_site() {
        let site = site_of("ATVPDKIKX0DER").expect("United States");
        let request = feed_new_request("https://a", site, "doc-1").expect("a request");
        assert_eq!(
            request.body().as_ref(),
            concat!(
                r#"{"feedType":"JSON_LISTINGS_FEED","marketplaceIds":["ATVPDKIKX0DER"],"#,
                r#""inputFeedDocumentId":"doc-1"}"#
            )
            .as_bytes()
        );
    }
}
