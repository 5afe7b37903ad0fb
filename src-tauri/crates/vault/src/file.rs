//! Secrets in a file that a passphrase opens.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, Version};
use barrow_model::{Random, Secret};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{EntryKey, Keeper, Vault, VaultError};

const VERSION: u32 = 1;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
/// Largest vault that is read. A thousand accounts need less than a megabyte.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// Argon2id at 19 MiB, two passes, one lane: OWASP's password storage recommendation (2024).
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// One file, encrypted as a whole with XChaCha20-Poly1305 under a key that Argon2id derives from a
/// passphrase. Each write uses a new nonce and replaces the file in one step.
pub struct FileVault {
    path: PathBuf,
    passphrase: Secret,
    random: Arc<dyn Random>,
    key: Mutex<Option<DerivedKey>>,
}

/// A key and the salt that it was derived with: deriving takes a good part of a second.
type DerivedKey = ([u8; SALT_BYTES], Zeroizing<[u8; 32]>);

impl fmt::Debug for FileVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileVault")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// What stands in the file.
#[derive(Serialize, Deserialize)]
struct Envelope {
    barrow_vault: u32,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    sealed: String,
}

type Entries = BTreeMap<String, Zeroizing<String>>;

impl FileVault {
    /// Opens a vault, or prepares one that does not exist yet. A wrong passphrase shows here.
    pub fn open(
        path: impl Into<PathBuf>,
        passphrase: Secret,
        random: Arc<dyn Random>,
    ) -> Result<Self, VaultError> {
        let vault = Self {
            path: path.into(),
            passphrase,
            random,
            key: Mutex::new(None),
        };
        vault.load()?;
        Ok(vault)
    }

    fn load(&self) -> Result<Entries, VaultError> {
        let length = match fs::metadata(&self.path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entries::new()),
            Err(source) => return Err(self.file_error(source)),
        };
        if length > FILE_BYTES_MAX {
            return Err(self.format_error("it is too large"));
        }
        let text = fs::read(&self.path).map_err(|source| self.file_error(source))?;
        let envelope: Envelope =
            serde_json::from_slice(&text).map_err(|_| self.format_error("it cannot be read"))?;
        if envelope.barrow_vault != VERSION || envelope.kdf != "argon2id" {
            return Err(self.format_error("a newer Barrow has written it"));
        }
        if envelope.memory_kib != MEMORY_KIB || envelope.passes != PASSES {
            return Err(self.format_error("its key is derived in another way"));
        }
        let salt = self.decode::<SALT_BYTES>(&envelope.salt)?;
        let nonce = self.decode::<NONCE_BYTES>(&envelope.nonce)?;
        let sealed = BASE64
            .decode(&envelope.sealed)
            .map_err(|_| self.format_error("its contents are damaged"))?;
        let opened = self
            .cipher(salt)?
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &sealed,
                    aad: &salt,
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| VaultError::Passphrase {
                path: self.path.clone(),
            })?;
        serde_json::from_slice(&opened).map_err(|_| self.format_error("its contents are damaged"))
    }

    fn change(&self, change: impl FnOnce(&mut Entries)) -> Result<(), VaultError> {
        let lock = self.lock().map_err(|source| self.file_error(source))?;
        let mut entries = self.load()?;
        change(&mut entries);
        let salt = match &*self.key.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((salt, _)) => *salt,
            None => self.random_bytes(),
        };
        let nonce = self.random_bytes::<NONCE_BYTES>();
        let plain = serde_json::to_vec(&entries)
            .map(Zeroizing::new)
            .map_err(|_| self.format_error("its contents cannot be written"))?;
        let sealed = self
            .cipher(salt)?
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain.as_slice(),
                    aad: &salt,
                },
            )
            .map_err(|_| self.format_error("its contents cannot be sealed"))?;
        let envelope = Envelope {
            barrow_vault: VERSION,
            kdf: "argon2id".to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: BASE64.encode(salt),
            nonce: BASE64.encode(nonce),
            sealed: BASE64.encode(sealed),
        };
        let text = serde_json::to_vec_pretty(&envelope)
            .map_err(|_| self.format_error("its contents cannot be written"))?;
        replace(&self.path, &text).map_err(|source| self.file_error(source))?;
        drop(lock);
        Ok(())
    }

    fn cipher(&self, salt: [u8; SALT_BYTES]) -> Result<XChaCha20Poly1305, VaultError> {
        let mut cached = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let known = cached
            .as_ref()
            .filter(|(known, _)| *known == salt)
            .map(|(_, key)| key.clone());
        let key = match known {
            Some(key) => key,
            None => {
                let key = self.derive(&salt)?;
                *cached = Some((salt, key.clone()));
                key
            }
        };
        Ok(XChaCha20Poly1305::new(&Key::from(*key)))
    }

    fn derive(&self, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let mut key = Zeroizing::new([0_u8; 32]);
        Params::new(MEMORY_KIB, PASSES, 1, Some(32))
            .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .and_then(|argon2| {
                argon2.hash_password_into(self.passphrase.expose().as_bytes(), salt, &mut *key)
            })
            .map_err(|_| self.format_error("the key cannot be derived"))?;
        Ok(key)
    }

    fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.random.next_u64().to_le_bytes()[..chunk.len()]);
        }
        bytes
    }

    fn decode<const N: usize>(&self, text: &str) -> Result<[u8; N], VaultError> {
        BASE64
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| self.format_error("its head is damaged"))
    }

    /// Keeps other processes from writing at the same time.
    fn lock(&self) -> io::Result<File> {
        let path = self.path.with_extension("lock");
        let file =
            private(OpenOptions::new().create(true).truncate(false).write(true)).open(path)?;
        file.lock()?;
        Ok(file)
    }

    fn file_error(&self, source: io::Error) -> VaultError {
        VaultError::File {
            path: self.path.clone(),
            source,
        }
    }

    fn format_error(&self, reason: &str) -> VaultError {
        VaultError::Format {
            path: self.path.clone(),
            reason: reason.to_owned(),
        }
    }
}

impl Vault for FileVault {
    fn read(&self, key: &EntryKey) -> Result<Option<Secret>, VaultError> {
        Ok(self
            .load()?
            .get(&key.to_string())
            .map(|text| Secret::new(text.as_str())))
    }

    fn write(&self, key: &EntryKey, secret: &Secret) -> Result<(), VaultError> {
        let text = Zeroizing::new(secret.expose().to_owned());
        self.change(|entries| {
            entries.insert(key.to_string(), text);
        })
    }

    fn delete(&self, key: &EntryKey) -> Result<(), VaultError> {
        self.change(|entries| {
            entries.remove(&key.to_string());
        })
    }

    fn keeper(&self) -> Result<Keeper, VaultError> {
        Ok(Keeper::File)
    }
}

/// Writes beside and renames, so that a crash leaves the old file or the new one, whole.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file =
        private(OpenOptions::new().create(true).truncate(true).write(true)).open(&beside)?;
    file.write_all(contents)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)?;
    sync_folder_of(path)
}

/// The new name itself outlives a power cut only once its folder is on disk. Windows writes it with
/// the file and opens no folders.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Readable by the owner alone where the system knows owners.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}
