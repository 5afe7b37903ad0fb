//! Puts Barrow together: the only place with a real clock, real randomness, sockets and a folder.
//!
//! It lists the adapters and gives each its transport, keeps credentials in the vault and the use
//! of limits in the catalogue, and serves the folder's practice marketplaces. It decides nothing
//! about the trade: that is the engine's and the commands'. It does not know Tauri.
//!
//! Start reading at [`Host::open`].

mod accounts;
mod clock;
mod credentials;
mod faults;
mod folder;
mod host;
mod limits;
mod lock;
mod marketplaces;
mod notes;
mod pictures;
mod practice;
mod rehearsal;
mod watch;

// Whoever opens a folder says who is told of progress, and may play the buyer in a rehearsal.
pub use barrow_engine::{Progress, ProgressEvent, Silent, Stage};
pub use barrow_practice::{Fault, Held, HeldListing, HeldOrder, OrderRequestLine};

pub use clock::{OsRandom, SystemClock};
pub use faults::KillPoints;
pub use folder::{Folder, FolderError};
pub use host::{AskPassphrase, Host, HostError, HostOptions, VaultChoice};
pub use lock::FolderLock;
pub use marketplaces::connectors;
pub use notes::CatalogueNotes;
pub use pictures::CataloguePictures;
pub use practice::{PracticeError, PracticeHost, PracticeOptions};
