//! Digital signatures of messages: keys, and whether a call is signed as it must be (ebay.md §2.6).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, text};
use super::fault::SIGNATURE_REQUIRED;
use super::state::State;
use crate::random::Random;

/// How long a key lives (ebay.md §2.6: three years).
const KEY_DAYS: i64 = 3 * 365;
/// How far `created` may be from now. eBay names no number.
const CREATED_SECONDS: i64 = 300;
/// Keys that an application may have. eBay names no number.
const KEYS_MAX: usize = 1_000;
/// What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410 §7).
const PKCS8_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
/// What stands before the 32 bytes of a public key (RFC 8410 §4).
const PUBLIC_HEAD: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// The keys of an application, by their certificates.
pub(super) type SigningKeys = BTreeMap<String, SigningKey>;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SigningKey {
    public: Vec<u8>,
    until: DateTime<Utc>,
}

/// `POST /developer/key_management/v1/signing_key`. RSA keys are not practised.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    if text(&body, "signingKeyCipher") != Some("ED25519") {
        let message = "You must supply a valid signing key cipher. Allowed values are ED25519 and \
                       RSA.";
        return Err(Problem::new(400, 210_001, "API_KEYS", message).into());
    }
    if state.signing_keys.len() >= KEYS_MAX {
        return Err(Problem::new(400, 210_000, "API_KEYS", "Too many signing keys.").into());
    }
    let number = state.next("signing key");
    let mut random = Random::named(state.seed, &format!("ebay signing key {number}"));
    let seed: Vec<u8> = (0..4).flat_map(|_| random.bits().to_be_bytes()).collect();
    let Ok(pair) = Ed25519KeyPair::from_seed_unchecked(&seed) else {
        return Err(Problem::new(500, 210_002, "API_KEYS", "Internal error").into());
    };
    let public = pair.public_key().as_ref().to_vec();
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    // A real one holds the public key and the application, encrypted; to clients it is opaque.
    let jwe = format!("eyJ6aXAiOiJERUYifQ.{}", random.text(120, letters));
    let until = call.now.wall + Duration::days(KEY_DAYS);
    let private = STANDARD.encode([PKCS8_HEAD.as_slice(), &seed].concat());
    let told = STANDARD.encode([PUBLIC_HEAD.as_slice(), &public].concat());
    state
        .signing_keys
        .insert(jwe.clone(), SigningKey { public, until });
    Ok(Answer::ok(json!({
        "signingKeyId": format!("practice-{number}"),
        "signingKeyCipher": "ED25519",
        "privateKey": private,
        "publicKey": told,
        "jwe": jwe,
        "creationTime": call.now.wall.timestamp(),
        "expirationTime": until.timestamp(),
    })))
}

/// Refuses a call that a seller in the EU or the UK must sign and has not, and one whose signature
/// is wrong, whoever signed it. The practice seller lives in the United States; the fault
/// [`SIGNATURE_REQUIRED`] makes a European of him for as many calls.
pub(super) fn check(state: &mut State, call: &Call, operation: &str) -> Result<(), Refusal> {
    if !is_signed(call, operation) {
        return Ok(());
    }
    let required = state.faults.meets(SIGNATURE_REQUIRED, operation);
    let Some(jwe) = call.header("x-ebay-signature-key") else {
        if required {
            return refused(215_001, "Missing x-ebay-signature-key header.");
        }
        return Ok(());
    };
    let Some(key) = state.signing_keys.get(jwe) else {
        return refused(
            215_117,
            "The signing key does not belong to this application.",
        );
    };
    if call.now.wall >= key.until {
        return refused(215_118, "The signing key has expired.");
    }
    verify(call, key)
}

/// Finances, refunds, and what of Post-Order moves money: its cancellations, returns, refunds.
fn is_signed(call: &Call, operation: &str) -> bool {
    call.path.iter().any(|part| part == "finances")
        || matches!(
            operation,
            "issueRefund"
                | "createCancellation"
                | "approveCancellationRequest"
                | "processReturnRequest"
                | "issueReturnRefund"
                | "issueInquiryRefund"
                | "issueCaseRefund"
        )
}

fn verify(call: &Call, key: &SigningKey) -> Result<(), Refusal> {
    let Some(input) = call
        .header("signature-input")
        .and_then(|text| text.strip_prefix("sig1="))
    else {
        return refused(215_002, "Missing or malformed Signature-Input header.");
    };
    let Some((names, created)) = parsed(input) else {
        return refused(215_113, "Signature-Input has no valid created parameter.");
    };
    if (call.now.wall.timestamp() - created).abs() > CREATED_SECONDS {
        return refused(
            215_114,
            "The created parameter of Signature-Input is out of range.",
        );
    }
    let mut needed = vec!["x-ebay-signature-key", "@method", "@path", "@authority"];
    if !call.body.is_empty() {
        needed.push("content-digest");
        let digest = STANDARD.encode(Sha256::digest(&call.body));
        if call.header("content-digest") != Some(&format!("sha-256=:{digest}:")) {
            return refused(215_106, "The Content-Digest does not match the body.");
        }
    }
    if needed.iter().any(|name| !names.contains(name)) {
        return refused(215_115, "Signature-Input lacks a required component.");
    }
    let Some(base) = base(call, &names, input) else {
        return refused(215_116, "Signature-Input names an unknown component.");
    };
    let signature = call.header("signature");
    let signature = signature.and_then(|text| text.strip_prefix("sig1=:")?.strip_suffix(':'));
    let Some(signature) = signature.and_then(|text| STANDARD.decode(text).ok()) else {
        return refused(215_120, "Missing or malformed Signature header.");
    };
    let public = UnparsedPublicKey::new(&ED25519, &key.public);
    match public.verify(base.as_bytes(), &signature) {
        Ok(()) => Ok(()),
        Err(_) => refused(215_122, "Signature validation failed."),
    }
}

/// Names and time of `("a" "b");created=1`.
fn parsed(input: &str) -> Option<(Vec<&str>, i64)> {
    let (list, params) = input.strip_prefix('(')?.split_once(')')?;
    let names = list.split(' ').map(|name| name.trim_matches('"')).collect();
    let mut params = params.split(';');
    let created = params.find_map(|param| param.strip_prefix("created="))?;
    Some((names, created.parse().ok()?))
}

/// What must have been signed (RFC 9421 §2.5).
fn base(call: &Call, names: &[&str], input: &str) -> Option<String> {
    let mut base = String::new();
    for name in names {
        let value = match *name {
            "@method" => call.method.to_string(),
            "@path" => call.resource(),
            "@authority" => call.base.split_once("://")?.1.to_ascii_lowercase(),
            header => call.header(header)?.to_owned(),
        };
        base.push_str(&format!("\"{name}\": {value}\n"));
    }
    Some(format!("{base}\"@signature-params\": {input}"))
}

fn refused(id: u32, message: &str) -> Result<(), Refusal> {
    Err(Problem::new(403, id, "ACCESS", message).into())
}
