//! The encrypted file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use barrow_model::{AccountId, Random, Secret};
use barrow_vault::{EntryKey, FileVault, MemoryVault, Vault, VaultError};

#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Random for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

fn key(account: i64, field: &str) -> EntryKey {
    EntryKey {
        catalogue: "c".into(),
        account_id: AccountId(account),
        field: field.into(),
    }
}

fn open(path: &std::path::Path, passphrase: &str) -> Result<FileVault, VaultError> {
    FileVault::open(path, Secret::new(passphrase), Arc::new(Counting::default()))
}

#[test]
fn what_was_written_is_read_again_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.json");
    let vault = open(&path, "correct horse").unwrap();
    assert_eq!(vault.read(&key(1, "client_secret")).unwrap(), None);
    vault
        .write(&key(1, "client_secret"), &Secret::new("s3cret-value"))
        .unwrap();
    vault
        .write(&key(2, "client_secret"), &Secret::new("other"))
        .unwrap();
    vault.delete(&key(2, "client_secret")).unwrap();

    let again = open(&path, "correct horse").unwrap();
    assert_eq!(
        again.read(&key(1, "client_secret")).unwrap(),
        Some(Secret::new("s3cret-value"))
    );
    assert_eq!(again.read(&key(2, "client_secret")).unwrap(), None);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("s3cret-value") && !text.contains("client_secret"));
}

#[test]
fn a_wrong_passphrase_a_changed_byte_and_a_stranger_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.json");
    open(&path, "right")
        .unwrap()
        .write(&key(1, "a"), &Secret::new("b"))
        .unwrap();
    assert!(matches!(
        open(&path, "wrong"),
        Err(VaultError::Passphrase { .. })
    ));

    let text = std::fs::read_to_string(&path).unwrap();
    let mut envelope: serde_json::Value = serde_json::from_str(&text).unwrap();
    let nonce = envelope["nonce"].as_str().unwrap();
    let other = if nonce.starts_with('A') { 'B' } else { 'A' };
    envelope["nonce"] = format!("{other}{}", &nonce[1..]).into();
    std::fs::write(&path, envelope.to_string()).unwrap();
    assert!(matches!(
        open(&path, "right"),
        Err(VaultError::Passphrase { .. })
    ));
    std::fs::write(&path, "{}").unwrap();
    assert!(matches!(
        open(&path, "right"),
        Err(VaultError::Format { .. })
    ));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.json");
    open(&path, "p")
        .unwrap()
        .write(&key(1, "a"), &Secret::new("b"))
        .unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn two_writers_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.json");
    open(&path, "p")
        .unwrap()
        .write(&key(0, "a"), &Secret::new("b"))
        .unwrap();
    std::thread::scope(|scope| {
        for writer in 1..=2 {
            let path = &path;
            scope.spawn(move || {
                let vault = open(path, "p").unwrap();
                for field in 0..5 {
                    let key = key(writer, &field.to_string());
                    vault.write(&key, &Secret::new("x")).unwrap();
                }
            });
        }
    });
    let vault = open(&path, "p").unwrap();
    for writer in 1..=2 {
        for field in 0..5 {
            assert!(
                vault
                    .read(&key(writer, &field.to_string()))
                    .unwrap()
                    .is_some()
            );
        }
    }
}

#[test]
fn memory_forgets_what_is_deleted() {
    let vault = MemoryVault::default();
    vault.write(&key(1, "a"), &Secret::new("b")).unwrap();
    assert_eq!(vault.read(&key(1, "a")).unwrap(), Some(Secret::new("b")));
    vault.delete(&key(1, "a")).unwrap();
    assert_eq!(vault.read(&key(1, "a")).unwrap(), None);
}
