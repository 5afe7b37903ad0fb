//! The practice marketplaces of one rehearsal, with the time they share.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;

use crate::amazon::Amazon;
use crate::ebay::Ebay;
use crate::journal::{Event, Journal, JournalError};
use crate::marketplace::{
    Connection, Fault, FaultError, Held, Marketplace, Now, OrderRequestLine, PlaceOrderError,
    Reply, Settings,
};
use crate::newegg::Newegg;
use crate::walmart::Walmart;

/// The names, in the order in which ports are given.
pub const NAMES: [&str; 4] = ["ebay", "amazon", "walmart", "newegg"];

/// Tells the present. The real clock is the caller's.
pub type WallClock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Is told the name of each place that a call passes.
pub type Places = Arc<dyn Fn(&'static str) + Send + Sync>;

/// The places that each call to a marketplace passes: it is written down; it has taken effect and
/// is not answered yet. Tests end the program there.
pub const FAULT_POINTS: &[&str] = &["practice.written", "practice.acted"];

/// What a rehearsal is opened with.
#[derive(Clone)]
pub struct Rehearsal {
    /// What each marketplace is opened with.
    pub settings: Settings,
    /// How many times faster than the wall delays and rate windows run, at least 1.
    pub speed: u32,
    /// Tells the present.
    pub wall: WallClock,
}

impl fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rehearsal")
            .field("settings", &self.settings)
            .field("speed", &self.speed)
            .finish_non_exhaustive()
    }
}

/// Why something asked of the practice marketplaces cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No practice marketplace has this name.
    #[error("no practice marketplace is called {name}; there are: {}", NAMES.join(", "))]
    UnknownMarketplace {
        /// What was asked for.
        name: String,
    },
    /// A buyer could not order.
    #[error(transparent)]
    PlaceOrder(#[from] PlaceOrderError),
    /// The fault is not known.
    #[error(transparent)]
    Fault(#[from] FaultError),
    /// The folder could not be read or written.
    #[error("the practice state in {} could not be read or written", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A saved state does not fit.
    #[error("the practice state in {} does not fit: {reason}", path.display())]
    Saved {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
}

/// All practice marketplaces of one rehearsal. Calls to one marketplace come one after the other;
/// different marketplaces do not wait for each other.
pub struct Marketplaces {
    stalls: BTreeMap<&'static str, Mutex<Stall>>,
    /// The last reading of time.
    time: Mutex<Now>,
    speed: u32,
    wall: WallClock,
    places: Option<Places>,
}

struct Stall {
    marketplace: Box<dyn Marketplace>,
    /// None in memory only.
    journal: Option<Journal>,
}

impl fmt::Debug for Marketplaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Marketplaces")
            .field("speed", &self.speed)
            .finish_non_exhaustive()
    }
}

impl Marketplaces {
    /// Opens empty marketplaces that are kept in memory only.
    pub fn open(rehearsal: Rehearsal) -> Self {
        let speed = rehearsal.speed.max(1);
        let stall = |mut marketplace: Box<dyn Marketplace>| {
            marketplace.set_speed(speed);
            Mutex::new(Stall {
                marketplace,
                journal: None,
            })
        };
        let settings = rehearsal.settings;
        let stalls = BTreeMap::from([
            ("ebay", stall(Box::new(Ebay::open(settings.clone())))),
            ("amazon", stall(Box::new(Amazon::open(settings.clone())))),
            ("walmart", stall(Box::new(Walmart::open(settings.clone())))),
            ("newegg", stall(Box::new(Newegg::open(settings)))),
        ]);
        let time = Now {
            wall: (rehearsal.wall)(),
            elapsed: Duration::ZERO,
        };
        Self {
            stalls,
            time: Mutex::new(time),
            speed,
            wall: rehearsal.wall,
            places: None,
        }
    }

    /// The same marketplaces, with this one in the place of the one that has its name: an account
    /// on another platform, say. It is kept in memory only.
    #[must_use]
    pub fn with(mut self, mut marketplace: Box<dyn Marketplace>) -> Self {
        marketplace.set_speed(self.speed);
        let stall = Stall {
            marketplace,
            journal: None,
        };
        self.stalls
            .insert(stall.marketplace.name(), Mutex::new(stall));
        self
    }

    /// The same marketplaces, telling of the places that calls pass.
    #[must_use]
    pub fn telling(mut self, places: Places) -> Self {
        self.places = Some(places);
        self
    }

    /// Opens marketplaces that are kept in a folder, where they go on from what they were when
    /// they were last served, however that ended. Elapsed time goes on meanwhile as the limits
    /// that callers remember do. Only one process may have a folder open.
    ///
    /// # Errors
    /// If a file cannot be read or written or does not fit.
    pub fn open_from(rehearsal: Rehearsal, folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|source| Error::Folder {
            path: folder.to_owned(),
            source,
        })?;
        let opened = Self::open(rehearsal);
        for stall in opened.stalls.values() {
            let mut stall = lock(stall);
            let journal = Journal::open(folder, stall.marketplace.as_mut())?;
            if let Some(last) = journal.last() {
                let mut time = lock(&opened.time);
                if last.elapsed >= time.elapsed {
                    *time = last;
                }
            }
            stall.journal = Some(journal);
        }
        Ok(opened)
    }

    /// Shortens what the next opening has to read. Nothing is lost without it.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn save(&self) -> Result<(), Error> {
        for stall in self.stalls.values() {
            let Stall {
                marketplace,
                journal,
            } = &mut *lock(stall);
            if let Some(journal) = journal {
                journal.snapshot(marketplace.as_ref())?;
            }
        }
        Ok(())
    }

    /// Returns the present as the marketplaces see it.
    pub fn now(&self) -> Now {
        let mut time = lock(&self.time);
        let wall = (self.wall)().max(time.wall);
        let passed = (wall - time.wall).to_std().unwrap_or_default();
        time.elapsed = time
            .elapsed
            .saturating_add(passed.saturating_mul(self.speed));
        time.wall = wall;
        *time
    }

    /// Lets elapsed time jump forward for all; dates stay real, so that what callers write (a
    /// shipping date, the end of a search) is never in the past of the marketplace.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn advance(&self, by: Duration) -> Result<(), Error> {
        {
            let mut time = lock(&self.time);
            time.elapsed = time.elapsed.saturating_add(by);
        }
        self.step()
    }

    /// Lets every marketplace catch up with the present.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn step(&self) -> Result<(), Error> {
        for name in self.stalls.keys() {
            self.happen(
                name,
                || Event::Step,
                |marketplace, now| marketplace.advance(now),
            )?;
        }
        Ok(())
    }

    /// Answers one request to a marketplace, in process.
    ///
    /// # Errors
    /// If no marketplace has this name or the folder cannot be written.
    pub async fn call(&self, name: &str, request: Request<Bytes>) -> Result<Reply, Error> {
        self.answer(name, request)
    }

    pub(crate) fn answer(&self, name: &str, request: Request<Bytes>) -> Result<Reply, Error> {
        let event = Event::call(&request);
        self.happen(
            name,
            || event,
            |marketplace, now| {
                self.pass("practice.written");
                let reply = marketplace.handle(request, now);
                self.pass("practice.acted");
                reply
            },
        )
    }

    fn pass(&self, place: &'static str) {
        if let Some(places) = &self.places {
            places(place);
        }
    }

    /// Returns how an account reaches a marketplace.
    ///
    /// # Errors
    /// If no marketplace has this name.
    pub fn connection(&self, name: &str) -> Result<Connection, Error> {
        let mut connection = lock(self.stall(name)?).marketplace.connection();
        if self.speed > 1 {
            connection
                .settings
                .insert("speed".to_owned(), self.speed.to_string());
        }
        Ok(connection)
    }

    /// A buyer places an order; returns its id.
    ///
    /// # Errors
    /// If no marketplace has this name, the order cannot be placed or the folder not be written.
    pub fn place_order(&self, name: &str, lines: &[OrderRequestLine]) -> Result<String, Error> {
        let event = || Event::Order(lines.to_vec());
        let placed = self.happen(name, event, |marketplace, now| {
            marketplace.place_order(lines, now)
        })?;
        Ok(placed?)
    }

    /// Switches a fault of a marketplace on or off.
    ///
    /// # Errors
    /// If no marketplace has this name, the fault is not known to it or the folder cannot be
    /// written.
    pub fn set_fault(&self, name: &str, fault: Fault) -> Result<(), Error> {
        let event = || Event::Fault(fault.clone());
        let set = self.happen(name, event, |marketplace, _| {
            marketplace.set_fault(fault.clone())
        })?;
        Ok(set?)
    }

    /// Returns what each marketplace holds now, by name.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn held(&self) -> Result<BTreeMap<&'static str, Held>, Error> {
        self.step()?;
        Ok(self
            .stalls
            .iter()
            .map(|(name, stall)| (*name, lock(stall).marketplace.held()))
            .collect())
    }

    /// Writes an event down and lets it take effect, at a present that is read under the lock: a
    /// marketplace never sees it go back.
    fn happen<T>(
        &self,
        name: &str,
        event: impl FnOnce() -> Event,
        act: impl FnOnce(&mut dyn Marketplace, Now) -> T,
    ) -> Result<T, Error> {
        let Stall {
            marketplace,
            journal,
        } = &mut *lock(self.stall(name)?);
        let now = self.now();
        let Some(journal) = journal else {
            return Ok(act(marketplace.as_mut(), now));
        };
        journal.write(event(), now)?;
        let outcome = act(marketplace.as_mut(), now);
        if journal.is_long() {
            journal.snapshot(marketplace.as_ref())?;
        }
        Ok(outcome)
    }

    fn stall(&self, name: &str) -> Result<&Mutex<Stall>, Error> {
        self.stalls
            .get(name)
            .ok_or_else(|| Error::UnknownMarketplace {
                name: name.to_owned(),
            })
    }
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Io(path, source) => Self::Folder { path, source },
            JournalError::Misfit(path, reason) => Self::Saved { path, reason },
        }
    }
}

/// After a panic the state is still the best that is known.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
