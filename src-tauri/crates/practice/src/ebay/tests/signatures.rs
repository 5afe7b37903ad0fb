use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Method};
use ring::signature::Ed25519KeyPair;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Desk, Seen};

const REFUND: &str = "/sell/fulfillment/v1/order/1-1/issue_refund";

fn key(desk: &mut Desk) -> Value {
    let body = json!({ "signingKeyCipher": "ED25519" });
    let seen = desk.post("/developer/key_management/v1/signing_key", body);
    assert_eq!(seen.status, 200, "{}", seen.body);
    seen.body
}

/// What one signing gets wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Nothing,
    Path,
    Body,
    Old,
    Key,
}

fn refund(desk: &mut Desk, key: &Value, wrong: Wrong) -> Seen {
    let body = json!({ "reasonForRefund": "BUYER_CANCEL" });
    let mut request = desk.request(Method::POST, REFUND, Some(body));
    let digest = match wrong {
        Wrong::Body => STANDARD.encode(Sha256::digest(b"{}")),
        _ => STANDARD.encode(Sha256::digest(request.body())),
    };
    let digest = format!("sha-256=:{digest}:");
    let created = desk.now.wall.timestamp() - if wrong == Wrong::Old { 3600 } else { 0 };
    let jwe = match wrong {
        Wrong::Key => "somebody-else",
        _ => key["jwe"].as_str().unwrap(),
    };
    let path = if wrong == Wrong::Path {
        "/other"
    } else {
        REFUND
    };
    let params = format!(
        "(\"content-digest\" \"x-ebay-signature-key\" \"@method\" \"@path\" \"@authority\")\
         ;created={created}"
    );
    let base = format!(
        "\"content-digest\": {digest}\n\"x-ebay-signature-key\": {jwe}\n\"@method\": POST\n\
         \"@path\": {path}\n\"@authority\": 127.0.0.1:1\n\"@signature-params\": {params}"
    );
    let private = STANDARD
        .decode(key["privateKey"].as_str().unwrap())
        .unwrap();
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).unwrap();
    let signature = STANDARD.encode(pair.sign(base.as_bytes()));
    let headers = [
        ("content-digest", digest),
        ("x-ebay-signature-key", jwe.to_owned()),
        ("signature-input", format!("sig1={params}")),
        ("signature", format!("sig1=:{signature}:")),
    ];
    for (name, value) in headers {
        let value = HeaderValue::from_str(&value).unwrap();
        request
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
    desk.send(request)
}

#[test]
fn what_a_european_seller_signs_is_taken_and_nothing_else() {
    let mut desk = Desk::quiet();
    let key = key(&mut desk);
    assert_eq!(
        key["expirationTime"].as_i64().unwrap() - key["creationTime"].as_i64().unwrap(),
        94_608_000
    );
    let check = |desk: &mut Desk, wrong: Wrong, expected: (u16, u64)| {
        desk.fault("signature_required", 1);
        let seen = refund(desk, &key, wrong);
        assert_eq!((seen.status, seen.error()), expected, "{}", seen.body);
    };
    // The order is not there: the signature was taken.
    check(&mut desk, Wrong::Nothing, (404, 34913));
    check(&mut desk, Wrong::Path, (403, 215_122));
    check(&mut desk, Wrong::Body, (403, 215_106));
    check(&mut desk, Wrong::Old, (403, 215_114));
    check(&mut desk, Wrong::Key, (403, 215_117));
    desk.fault("signature_required", 1);
    let unsigned = desk.post(REFUND, json!({ "reasonForRefund": "BUYER_CANCEL" }));
    assert_eq!((unsigned.status, unsigned.error()), (403, 215_001));
    let elsewhere = desk.post(REFUND, json!({ "reasonForRefund": "BUYER_CANCEL" }));
    assert_eq!(elsewhere.error(), 34913, "a seller elsewhere signs nothing");
}

#[test]
fn other_ciphers_are_refused() {
    let mut desk = Desk::quiet();
    let path = "/developer/key_management/v1/signing_key";
    let seen = desk.post(path, json!({ "signingKeyCipher": "ROT13" }));
    assert_eq!((seen.status, seen.error()), (400, 210_001));
}
