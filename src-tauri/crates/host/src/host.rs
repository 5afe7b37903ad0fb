//! One folder, opened.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use barrow_api::{Api, ApiError, ApiErrorKind, ApiParts, Events};
use barrow_engine::{Accounts, Engine, EngineParts, Progress, ProgressEvent};
use barrow_model::{Clock, Random, Secret};
use barrow_store::{OpenOptions, Store, StoreError};
use barrow_vault::{EntryKey, FileVault, Keeper, MemoryVault, SystemVault, Vault, VaultError};
use barrow_wire::{HttpTransport, Parts, RealTransportError};

use crate::accounts::HostAccounts;
use crate::clock::{OsRandom, SystemClock};
use crate::credentials::CatalogueVault;
use crate::faults::KillPoints;
use crate::folder::{Folder, FolderError};
use crate::limits::StoreLimits;
use crate::lock::FolderLock;
use crate::marketplaces::connectors;
use crate::practice::{PracticeHost, PracticeOptions};
use crate::watch::watch;

/// How a marketplace knows us.
const USER_AGENT: &str = concat!("Barrow/", env!("CARGO_PKG_VERSION"));

/// How a folder is opened.
pub struct HostOptions {
    /// The folder; none for the system's one for application data.
    pub folder: Option<PathBuf>,
    /// Where secrets are kept.
    pub vault: VaultChoice,
    /// Who is told how far a run is.
    pub progress: Arc<dyn Progress>,
    /// How the folder's practice marketplaces behave.
    pub practice: PracticeOptions,
    /// Pages that the catalogue may have at most, for tests of a full disk.
    pub page_limit: Option<u32>,
}

impl fmt::Debug for HostOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostOptions")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// Asks a person for a passphrase; none where nobody can be asked.
pub type AskPassphrase = Box<dyn Fn() -> Option<Secret> + Send + Sync>;

/// Where secrets are kept.
pub enum VaultChoice {
    /// In a file that this passphrase opens.
    Passphrase(Secret),
    /// In the system's keyring; in the file where there is no keyring or the file is there already,
    /// with a passphrase that a person is asked for.
    System(AskPassphrase),
    /// In memory, for a demo.
    Memory,
}

impl fmt::Debug for VaultChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Passphrase(…)",
            Self::System(_) => "System",
            Self::Memory => "Memory",
        })
    }
}

/// A folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The folder itself.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The catalogue.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client.
    #[error(transparent)]
    Transport(#[from] RealTransportError),
}

/// In the words for people.
impl From<HostError> for ApiError {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Folder(FolderError::Unusable { path, source }) => {
                Self::unwritable(&path, &source)
            }
            HostError::Store(error) => error.into(),
            other => Self::new(ApiErrorKind::Internal).param("reason", other),
        }
    }
}

/// An open folder with everything that works on it.
pub struct Host {
    /// What the window and the command line call.
    pub api: Arc<Api>,
    /// The folder's practice marketplaces.
    pub practice: Arc<PracticeHost>,
    /// The catalogue, for tests that look behind the commands.
    pub store: Arc<Store>,
    /// The folder.
    pub folder: Folder,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Host {
    /// Opens a folder. Calls nobody and reads no secret: those are opened when they are needed.
    pub fn open(options: HostOptions) -> Result<Self, HostError> {
        let folder = Folder::open(options.folder.as_deref())?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        let store = Arc::new(Store::open(
            &folder.catalogue(),
            OpenOptions {
                clock: Arc::clone(&clock),
                random: Arc::clone(&random),
                key: None,
                page_limit: options.page_limit,
            },
        )?);
        let parts = Parts {
            transport: Arc::new(HttpTransport::new(USER_AGENT)?),
            limits: Arc::new(StoreLimits::new(Arc::clone(&store))),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
        };
        let practice = Arc::new(PracticeHost::new(
            folder.clone(),
            Arc::clone(&clock),
            options.practice,
        ));
        let vault = CatalogueVault {
            vault: Arc::new(LazyVault::new(
                options.vault,
                folder.clone(),
                Arc::clone(&random),
            )),
            catalogue: store.read(|db| db.catalogue_id())?,
        };
        let connectors = connectors(&parts);
        let infos = connectors.iter().map(|one| one.info()).collect();
        let accounts = Arc::new(HostAccounts::new(
            connectors,
            vault,
            Arc::clone(&store),
            Arc::clone(&practice),
            Arc::clone(&clock),
        ));
        let events = Events::default();
        let engine = Arc::new(Engine::new(EngineParts {
            store: Arc::clone(&store),
            accounts: Arc::clone(&accounts) as Arc<dyn Accounts>,
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
            progress: Arc::new(ToldTwice(options.progress, events.clone())),
            faults: Arc::new(KillPoints::from_environment()),
        }));
        let api = Arc::new(Api::new(ApiParts {
            store: Arc::clone(&store),
            engine,
            connectors: infos,
            folder: folder.path().to_owned(),
            secrets: Arc::clone(&accounts) as Arc<dyn barrow_api::Secrets>,
            practice: Arc::clone(&practice) as Arc<dyn barrow_api::Practice>,
            lock: Arc::new(FolderLock::new(folder.engine_lock(), Arc::clone(&clock))),
            clock,
            random,
            adapters: accounts,
            events,
        }));
        Ok(Self {
            api,
            practice,
            store,
            folder,
        })
    }

    /// Tells those who listen to the commands when another process writes the catalogue. Runs until
    /// the host is dropped; without it, only this process's own commands are told of.
    pub fn watching(&self) -> impl Future<Output = ()> + Send + use<> {
        watch(Arc::downgrade(&self.store), Arc::downgrade(&self.api))
    }
}

/// Tells the one who opened the folder and those who listen to its commands.
struct ToldTwice(Arc<dyn Progress>, Events);

impl Progress for ToldTwice {
    fn tell(&self, progress: ProgressEvent) {
        self.0.tell(progress.clone());
        self.1.tell(progress);
    }
}

/// A vault that is chosen and opened when a secret is first needed: listing products must not ask
/// for a passphrase.
struct LazyVault {
    choice: VaultChoice,
    folder: Folder,
    random: Arc<dyn Random>,
    opened: Mutex<Option<Arc<dyn Vault>>>,
}

impl LazyVault {
    fn new(choice: VaultChoice, folder: Folder, random: Arc<dyn Random>) -> Self {
        Self {
            choice,
            folder,
            random,
            opened: Mutex::new(None),
        }
    }

    fn get(&self) -> Result<Arc<dyn Vault>, VaultError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vault) = &*opened {
            return Ok(Arc::clone(vault));
        }
        let vault = self.choose()?;
        *opened = Some(Arc::clone(&vault));
        Ok(vault)
    }

    fn choose(&self) -> Result<Arc<dyn Vault>, VaultError> {
        let file = |passphrase: Secret| -> Result<Arc<dyn Vault>, VaultError> {
            let random = Arc::clone(&self.random);
            Ok(Arc::new(FileVault::open(
                self.folder.vault(),
                passphrase,
                random,
            )?))
        };
        match &self.choice {
            VaultChoice::Memory => Ok(Arc::new(MemoryVault::default())),
            VaultChoice::Passphrase(passphrase) => file(passphrase.clone()),
            VaultChoice::System(ask) => {
                let keyring = if self.folder.vault().exists() {
                    Err(VaultError::NoKeyring {
                        reason: "secrets of this folder are in an encrypted file".to_owned(),
                    })
                } else {
                    SystemVault::open()
                };
                match (keyring, ask) {
                    (Ok(keyring), _) => Ok(Arc::new(keyring)),
                    (Err(error), ask) => match ask() {
                        Some(passphrase) => file(passphrase),
                        None => Err(error),
                    },
                }
            }
        }
    }
}

impl fmt::Debug for LazyVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyVault")
            .field("choice", &self.choice)
            .finish_non_exhaustive()
    }
}

impl Vault for LazyVault {
    fn read(&self, key: &EntryKey) -> Result<Option<Secret>, VaultError> {
        self.get()?.read(key)
    }

    fn write(&self, key: &EntryKey, secret: &Secret) -> Result<(), VaultError> {
        self.get()?.write(key, secret)
    }

    fn delete(&self, key: &EntryKey) -> Result<(), VaultError> {
        self.get()?.delete(key)
    }

    fn keeper(&self) -> Result<Keeper, VaultError> {
        self.get()?.keeper()
    }
}
