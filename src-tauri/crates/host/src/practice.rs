//! The folder's own practice marketplaces.
//!
//! The first process that needs them takes `practice.lock`, serves them on loopback and writes
//! `practice.json`; others call it. What they hold is kept in the folder, so that they go on where
//! they were.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use barrow_api::{LockHeld, PortError, Practice, PracticeConnection};
use barrow_model::{Clock, Secret};
use barrow_practice::{
    Fault, Held, Marketplaces, NAMES, OrderRequestLine, Ready, Rehearsal, ServeOptions, Server,
    Settings,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::faults::KillPoints;
use crate::folder::Folder;
use crate::lock::FolderLock;

/// How long another process may take from locking to serving.
const START_TRIES: u32 = 50;
const START_PAUSE: Duration = Duration::from_millis(100);

/// How practice marketplaces behave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeOptions {
    /// The port of the first marketplace; 0 for the ones of last time, or free ones.
    pub port: u16,
    /// Everything that is left to chance derives from it, the keys too.
    pub seed: u64,
    /// How many times faster than real ones delays and rate windows run, at least 1.
    pub speed: u32,
    /// Orders that arrive by themselves in an hour of their time.
    pub orders_per_hour: u32,
}

impl PracticeOptions {
    /// Sixty times as fast: what takes a marketplace a quarter of an hour takes fifteen seconds.
    pub const FOLDER: Self = Self {
        port: 0,
        seed: 1,
        speed: 60,
        orders_per_hour: 6,
    };
}

/// What stands in `practice.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Served {
    /// What [`Server::ready`] says.
    ready: serde_json::Value,
}

/// Serves the folder's practice marketplaces, or finds who does.
#[derive(Debug)]
pub struct PracticeHost {
    folder: Folder,
    clock: Arc<dyn Clock>,
    options: PracticeOptions,
    ours: Mutex<Option<Ours>>,
}

#[derive(Debug)]
struct Ours {
    server: Server,
    marketplaces: Arc<Marketplaces>,
    served: Served,
    _lock: File,
}

/// The practice marketplaces cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// Another process serves them.
    #[error(transparent)]
    Held(#[from] LockHeld),
    /// The other process does not say where.
    #[error("another process keeps practice.lock and does not say where it serves")]
    Silent,
    /// A port cannot be bound.
    #[error("the practice marketplaces cannot listen on this computer: {0}")]
    Listen(io::Error),
    /// What they hold cannot be read or written.
    #[error(transparent)]
    State(#[from] barrow_practice::Error),
    /// `practice.json` cannot be written.
    #[error("practice.json cannot be written: {0}")]
    Address(io::Error),
    /// There is no such practice marketplace.
    #[error("there is no practice marketplace called {0}")]
    Unknown(String),
    /// They are asked for something that only the process that serves them can do.
    #[error("this process does not serve the practice marketplaces")]
    NotOurs,
}

impl PracticeHost {
    /// Prepares to serve; nothing is served before it is needed.
    pub fn new(folder: Folder, clock: Arc<dyn Clock>, options: PracticeOptions) -> Self {
        Self {
            folder,
            clock,
            options,
            ours: Mutex::new(None),
        }
    }

    /// The address of a marketplace.
    pub async fn address(&self, marketplace: &str) -> Result<String, PracticeError> {
        let served = self.served().await?;
        let endpoint = served.ready["marketplaces"][marketplace]["endpoint"].as_str();
        endpoint
            .map(str::to_owned)
            .ok_or_else(|| PracticeError::Unknown(marketplace.to_owned()))
    }

    /// The address of the control port.
    pub async fn control(&self) -> Result<String, PracticeError> {
        let served = self.served().await?;
        served.ready["control"]
            .as_str()
            .map(str::to_owned)
            .ok_or(PracticeError::Silent)
    }

    /// What clients need to know, as one document.
    pub async fn ready(&self) -> Result<serde_json::Value, PracticeError> {
        Ok(self.served().await?.ready)
    }

    /// Serves them in this process, and tells what clients need to know; fails where another
    /// process serves them.
    pub async fn serve_here(&self) -> Result<serde_json::Value, PracticeError> {
        let mut ours = self.ours.lock().await;
        if let Some(ours) = &*ours {
            return Ok(ours.served.ready.clone());
        }
        let lock = FolderLock::new(self.folder.practice_lock(), Arc::clone(&self.clock));
        let started = self.serve(lock.take("practice marketplaces")?).await?;
        let ready = started.served.ready.clone();
        *ours = Some(started);
        Ok(ready)
    }

    /// Names of the practice marketplaces, in the order of their ports.
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// A buyer places an order at a marketplace that this process serves; returns its number.
    pub async fn place_order(
        &self,
        marketplace: &str,
        lines: &[OrderRequestLine],
    ) -> Result<String, PracticeError> {
        Ok(self.ours().await?.place_order(marketplace, lines)?)
    }

    /// Switches a fault on at a marketplace that this process serves.
    pub async fn set_fault(&self, marketplace: &str, fault: Fault) -> Result<(), PracticeError> {
        Ok(self.ours().await?.set_fault(marketplace, fault)?)
    }

    /// What each marketplace holds that this process serves, by name.
    pub async fn held(&self) -> Result<BTreeMap<&'static str, Held>, PracticeError> {
        Ok(self.ours().await?.held()?)
    }

    async fn ours(&self) -> Result<Arc<Marketplaces>, PracticeError> {
        let ours = self.ours.lock().await;
        let ours = ours.as_ref().ok_or(PracticeError::NotOurs)?;
        Ok(Arc::clone(&ours.marketplaces))
    }

    /// Stops serving, where this process does, and tidies up what is kept.
    pub async fn stop(&self) -> Result<(), PracticeError> {
        if let Some(ours) = self.ours.lock().await.take() {
            ours.server.stop().await?;
        }
        Ok(())
    }

    async fn served(&self) -> Result<Served, PracticeError> {
        let mut ours = self.ours.lock().await;
        if let Some(ours) = &*ours {
            return Ok(ours.served.clone());
        }
        let lock = FolderLock::new(self.folder.practice_lock(), Arc::clone(&self.clock));
        for _ in 0..START_TRIES {
            match lock.take("practice marketplaces") {
                Ok(file) => {
                    let started = self.serve(file).await?;
                    let served = started.served.clone();
                    *ours = Some(started);
                    return Ok(served);
                }
                Err(LockHeld::By { .. }) => {
                    if let Some(served) = read_served(&self.folder.practice_address()) {
                        return Ok(served);
                    }
                }
                Err(unusable) => return Err(unusable.into()),
            }
            tokio::time::sleep(START_PAUSE).await;
        }
        Err(PracticeError::Silent)
    }

    async fn serve(&self, lock: File) -> Result<Ours, PracticeError> {
        let address = self.folder.practice_address();
        let last_port = read_served(&address).and_then(|served| first_port(&served));
        // Whoever finds the lock taken must not find the address of the process before.
        match fs::remove_file(&address) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(PracticeError::Address(error));
            }
            _ => {}
        }
        let marketplaces = Arc::new(self.open()?);
        let port = if self.options.port == 0 {
            last_port.unwrap_or(0)
        } else {
            self.options.port
        };
        let server = match start(&marketplaces, port).await {
            Err(_) if self.options.port == 0 => start(&marketplaces, 0).await,
            started => started,
        };
        let server = server.map_err(PracticeError::Listen)?;
        let served = Served {
            ready: ready_json(&server.ready()),
        };
        write_served(&address, &served).map_err(PracticeError::Address)?;
        Ok(Ours {
            server,
            marketplaces,
            served,
            _lock: lock,
        })
    }

    /// What they hold is kept apart by seed, because the keys derive from it.
    fn open(&self) -> Result<Marketplaces, PracticeError> {
        let clock = Arc::clone(&self.clock);
        let rehearsal = Rehearsal {
            settings: Settings {
                seed: self.options.seed,
                orders_per_hour: self.options.orders_per_hour,
            },
            speed: self.options.speed,
            wall: Arc::new(move || clock.now()),
        };
        let folder = self
            .folder
            .practice()
            .join(format!("seed-{}", self.options.seed));
        fs::create_dir_all(&folder).map_err(PracticeError::Address)?;
        let marketplaces = Marketplaces::open_from(rehearsal, &folder)?;
        let kills = KillPoints::from_environment();
        Ok(marketplaces.telling(Arc::new(move |place| kills.pass(place))))
    }
}

async fn start(marketplaces: &Arc<Marketplaces>, port: u16) -> io::Result<Server> {
    Server::start(Arc::clone(marketplaces), ServeOptions { port }).await
}

fn ready_json(ready: &Ready) -> serde_json::Value {
    serde_json::to_value(ready).unwrap_or_default()
}

fn first_port(served: &Served) -> Option<u16> {
    let first = &served.ready["marketplaces"][NAMES.first()?];
    first["endpoint"].as_str()?.rsplit_once(':')?.1.parse().ok()
}

fn read_served(path: &Path) -> Option<Served> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn write_served(path: &Path, served: &Served) -> io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, serde_json::to_vec(served)?)?;
    fs::rename(&beside, path)
}

#[async_trait]
impl Practice for PracticeHost {
    fn names(&self) -> &'static [&'static str] {
        &NAMES
    }

    async fn connection(&self, marketplace: &str) -> Result<PracticeConnection, PortError> {
        let served = self.served().await.map_err(PortError::new)?;
        let found = &served.ready["marketplaces"][marketplace];
        if found.is_null() {
            return Err(PortError::new(PracticeError::Unknown(
                marketplace.to_owned(),
            )));
        }
        let texts = |name: &str| {
            let values = found[name].as_object().into_iter().flatten();
            values.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        };
        Ok(PracticeConnection {
            settings: texts("settings").collect(),
            secrets: texts("secrets")
                .map(|(key, value)| (key, Secret::new(value)))
                .collect(),
            endpoint: found["endpoint"].as_str().map(str::to_owned),
        })
    }
}
