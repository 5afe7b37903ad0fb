//! Digital signatures of messages, which eBay demands of sellers in the EU and the UK (ebay.md
//! §2.6). Pure: key, time and request come in, headers go out.
//!
//! <https://developer.ebay.com/develop/guides/digital-signatures-for-apis>

use std::fmt;

use barrow_market::{Error, ErrorKind, Result};
use barrow_model::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderName, HeaderValue, Method, Request};
use ring::signature::Ed25519KeyPair;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::limits::CREATE_SIGNING_KEY;
use crate::types::SigningKeyAnswer;

/// A key is made anew so long before it ends; it lasts three years (ebay.md §2.6).
const RENEW_BEFORE: TimeDelta = TimeDelta::days(30);

/// Sites whose sellers are, as a rule, at home in the EU or the UK. Others are asked for a
/// signature by eBay's refusal, which has no effect.
const SIGNED_SITES: &[&str] = &[
    "EBAY_GB", "EBAY_DE", "EBAY_AT", "EBAY_FR", "EBAY_IT", "EBAY_ES", "EBAY_NL", "EBAY_BE",
    "EBAY_IE", "EBAY_PL",
];

/// Whether a site's sellers sign from the first call on.
pub(super) fn is_signed_site(site: &str) -> bool {
    SIGNED_SITES.contains(&site)
}

/// Whether eBay may want a call signed: all of Finances, refunds, and what Post-Order writes.
pub(crate) fn wants_signature(method: &Method, path: &str) -> bool {
    path.starts_with("/sell/finances/")
        || path.ends_with("/issue_refund")
        || (*method == Method::POST && path.starts_with("/post-order/"))
}

/// A key pair that eBay made, with its certificate.
pub(super) struct SigningKey {
    pair: Ed25519KeyPair,
    jwe: Secret,
    until: DateTime<Utc>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(until {})", self.until)
    }
}

/// How a key lies in the vault.
#[derive(Serialize, Deserialize)]
struct Kept {
    private_key: Zeroizing<String>,
    jwe: Zeroizing<String>,
    until: DateTime<Utc>,
}

impl SigningKey {
    /// The key of an answer of Key Management's, and the text that belongs in the vault.
    pub(super) fn from_answer(answer: SigningKeyAnswer) -> Result<(Self, Secret)> {
        let unreadable = || Error::new(ErrorKind::Unreadable, CREATE_SIGNING_KEY.operation);
        let until = answer.expiration_time.and_then(|seconds| {
            let milliseconds = seconds.checked_mul(1000)?;
            DateTime::from_timestamp_millis(milliseconds)
        });
        let kept = Kept {
            private_key: Zeroizing::new(answer.private_key.ok_or_else(unreadable)?),
            jwe: Zeroizing::new(answer.jwe.ok_or_else(unreadable)?),
            until: until.ok_or_else(unreadable)?,
        };
        let text = serde_json::to_string(&kept).map_err(|_| unreadable())?;
        let key = Self::from_kept(&kept).ok_or_else(unreadable)?;
        Ok((key, Secret::new(text)))
    }

    /// The key that the vault has; none where it is damaged.
    pub(super) fn from_vault(text: &Secret) -> Option<Self> {
        Self::from_kept(&serde_json::from_str(text.expose()).ok()?)
    }

    fn from_kept(kept: &Kept) -> Option<Self> {
        Some(Self {
            pair: key_pair(&kept.private_key)?,
            jwe: Secret::new(kept.jwe.as_str()),
            until: kept.until,
        })
    }

    /// Whether it may be used for long enough.
    pub(super) fn lasts(&self, now: DateTime<Utc>) -> bool {
        now + RENEW_BEFORE < self.until
    }

    /// Whether eBay takes it still.
    pub(super) fn is_good(&self, now: DateTime<Utc>) -> bool {
        now < self.until
    }

    /// Puts the signature on a request.
    pub(super) fn sign(&self, request: &mut Request<Bytes>, now: DateTime<Utc>) -> Result<()> {
        let digest = (!request.body().is_empty()).then(|| content_digest(request.body()));
        let authority = request.uri().authority().map_or("", |found| found.as_str());
        let authority = authority.to_ascii_lowercase();
        let mut parts = Vec::new();
        if let Some(digest) = &digest {
            parts.push(("content-digest", digest.as_str()));
        }
        parts.push(("x-ebay-signature-key", self.jwe.expose()));
        parts.push(("@method", request.method().as_str()));
        parts.push(("@path", request.uri().path()));
        parts.push(("@authority", &authority));
        let names: Vec<String> = parts
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let params = format!("({});created={}", names.join(" "), now.timestamp());
        let base = Zeroizing::new(signature_base(&parts, &params));
        let signature = STANDARD.encode(self.pair.sign(base.as_bytes()));
        let mut headers = vec![
            ("x-ebay-signature-key", self.jwe.expose().to_owned()),
            ("signature-input", format!("sig1={params}")),
            ("signature", format!("sig1=:{signature}:")),
            ("x-ebay-enforce-signature", "true".to_owned()),
        ];
        headers.extend(digest.map(|digest| ("content-digest", digest)));
        for (name, text) in headers {
            let mut value = HeaderValue::from_str(&text)
                .map_err(|_| Error::new(ErrorKind::Unreadable, "sign"))?;
            value.set_sensitive(name != "content-digest");
            request
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
        Ok(())
    }
}

/// Reads a private key, PKCS #8 in Base64 with or without the lines around it.
fn key_pair(text: &str) -> Option<Ed25519KeyPair> {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    let plain: Zeroizing<String> =
        Zeroizing::new(lines.flat_map(|line| line.trim().chars()).collect());
    let der = Zeroizing::new(STANDARD.decode(plain.as_bytes()).ok()?);
    // eBay leaves the public key out of it.
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok()
}

/// `Content-Digest` (RFC 9530).
fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

/// The text that is signed (RFC 9421 §2.5).
fn signature_base(parts: &[(&str, &str)], params: &str) -> String {
    let mut base = String::new();
    for (name, value) in parts {
        base.push_str(&format!("\"{name}\": {value}\n"));
    }
    base.push_str(&format!("\"@signature-params\": {params}"));
    base
}

#[cfg(test)]
mod tests {
    use barrow_model::Secret;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use bytes::Bytes;
    use chrono::{DateTime, TimeDelta, Utc};
    use http::{Method, Request};

    use super::{SigningKey, key_pair, signature_base, wants_signature};
    use crate::types::SigningKeyAnswer;

    /// `test-key-ed25519` of RFC 9421, appendix B.1.4. It opens nothing.
    const PRIVATE_KEY: &str = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_658_440_308, 0).unwrap()
    }

    fn key() -> (SigningKey, Secret) {
        SigningKey::from_answer(SigningKeyAnswer {
            private_key: Some(PRIVATE_KEY.to_owned()),
            jwe: Some("eyJ6aXAi".to_owned()),
            expiration_time: Some((at() + TimeDelta::days(3 * 365)).timestamp()),
        })
        .unwrap()
    }

    #[test]
    fn the_example_of_the_standard_is_signed_as_there() {
        // RFC 9421, appendix B.2.6.
        let parts = [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ];
        let params = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \
                      \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
        let base = signature_base(&parts, params);
        let signature = key_pair(PRIVATE_KEY).unwrap().sign(base.as_bytes());
        assert_eq!(
            STANDARD.encode(signature),
            concat!(
                "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQ",
                "CK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
            )
        );
    }

    #[test]
    fn a_key_is_read_with_and_without_lines_around_it() {
        let armoured =
            format!("-----BEGIN PRIVATE KEY-----\n{PRIVATE_KEY}\n-----END PRIVATE KEY-----");
        assert!(key_pair(&armoured).is_some());
        assert!(key_pair("MC4C").is_none());
    }

    #[test]
    fn a_request_is_signed_with_its_body_method_path_and_host() {
        let signed = |method: Method, uri: &str, body: &'static str| {
            let mut request = Request::builder().method(method).uri(uri);
            request = request.header("x-other", "1");
            let mut request = request.body(Bytes::from_static(body.as_bytes())).unwrap();
            key().0.sign(&mut request, at()).unwrap();
            request
        };
        let header = |request: &Request<Bytes>, name: &str| {
            let value = request.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        let request = signed(
            Method::POST,
            "https://API.ebay.com/sell/fulfillment/v1/order/1/issue_refund?x=1",
            r#"{"hello": "world"}"#,
        );
        assert_eq!(
            header(&request, "content-digest").as_deref(),
            Some("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:")
        );
        assert_eq!(
            header(&request, "signature-input").as_deref(),
            Some(
                "sig1=(\"content-digest\" \"x-ebay-signature-key\" \"@method\" \"@path\" \
                 \"@authority\");created=1658440308"
            )
        );
        assert_eq!(
            header(&request, "x-ebay-signature-key").as_deref(),
            Some("eyJ6aXAi")
        );
        assert_eq!(
            header(&request, "x-ebay-enforce-signature").as_deref(),
            Some("true")
        );
        // Made with another program from the lines that the standard prescribes.
        assert_eq!(header(&request, "signature").as_deref(), Some(WITH_BODY));
        let request = signed(
            Method::GET,
            "https://apiz.ebay.com/sell/finances/v1/payout",
            "",
        );
        assert_eq!(header(&request, "content-digest"), None);
        assert_eq!(header(&request, "signature").as_deref(), Some(WITHOUT_BODY));
    }

    const WITH_BODY: &str = concat!(
        "sig1=:A/zJKA+iIOj3ZubalUmEMTTwpVYRhIj1ERVxiVmfN9Po",
        "Irib5UaK09TUe2Cipk+RHSsRrIDB/xadIy5TVY5eDA==:"
    );
    const WITHOUT_BODY: &str = concat!(
        "sig1=:YMFvuZd6F9Y+1bzUst7f8l1ZHOKWEoG3KOunqsRKvay9",
        "OLmzLcBIL+MGcfF4g/YYfuKH0bu9JxTepgBMjD5mCQ==:"
    );

    #[test]
    fn a_key_goes_through_the_vault_and_is_made_anew_before_it_ends() {
        let (key, kept) = key();
        let again = SigningKey::from_vault(&kept).unwrap();
        assert!(again.lasts(at()) && again.lasts(key.until - TimeDelta::days(31)));
        assert!(!again.lasts(key.until - TimeDelta::days(30)));
        assert!(again.is_good(key.until - TimeDelta::seconds(1)) && !again.is_good(key.until));
        assert!(SigningKey::from_vault(&Secret::new("{}")).is_none());
        let told = format!("{key:?} {again:?}");
        assert!(!told.contains("MC4C") && !told.contains("eyJ6"), "{told}");
    }

    #[test]
    fn calls_that_want_a_signature_are_known() {
        let check = |method: Method, path: &str, expected: bool| {
            assert_eq!(wants_signature(&method, path), expected, "{path}");
        };
        check(Method::GET, "/sell/finances/v1/transaction", true);
        check(
            Method::POST,
            "/sell/fulfillment/v1/order/1/issue_refund",
            true,
        );
        check(Method::POST, "/post-order/v2/cancellation/1/approve", true);
        check(Method::GET, "/post-order/v2/return/search", false);
        check(Method::GET, "/sell/fulfillment/v1/order", false);
    }
}
