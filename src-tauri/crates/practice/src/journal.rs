//! What keeps a practice marketplace over restarts and crashes: a snapshot of its state, and every
//! event since. A marketplace never forgets what it has answered, so that an event is written down
//! before it takes effect; because the same events give the same state, replaying them is enough.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Uri};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::marketplace::{Fault, Marketplace, Now, OrderRequestLine};

/// A snapshot is due after so many events, so that a restart replays few.
const EVENTS_MAX: u64 = 2_000;
/// A snapshot is due after so many bytes of events.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Something that happened to a marketplace.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Event {
    Call {
        method: String,
        uri: String,
        headers: Vec<(String, String)>,
        body: String,
    },
    Order(Vec<OrderRequestLine>),
    Fault(Fault),
    Step,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    number: u64,
    now: Now,
    event: Event,
}

#[derive(Debug, Serialize, Deserialize)]
struct Snapshot {
    /// The last event that the state includes.
    number: u64,
    now: Now,
    state: Value,
}

/// What could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("the file could not be read or written")]
    Io(PathBuf, #[source] std::io::Error),
    #[error("{1}")]
    Misfit(PathBuf, String),
}

/// The files of one marketplace: `NAME.json` and `NAME.journal`.
#[derive(Debug)]
pub(crate) struct Journal {
    snapshot_path: PathBuf,
    journal_path: PathBuf,
    file: File,
    number: u64,
    events: u64,
    bytes: u64,
    last: Option<Now>,
}

impl Event {
    /// Writes a request down; headers that are not text are not, because nothing reads them.
    pub(crate) fn call(request: &Request<Bytes>) -> Self {
        let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        Self::Call {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            headers: request.headers().iter().filter_map(text).collect(),
            body: STANDARD.encode(request.body()),
        }
    }

    fn replay(self, marketplace: &mut dyn Marketplace, now: Now) -> Result<(), String> {
        match self {
            Self::Step => marketplace.advance(now),
            // What was refused then is refused again.
            Self::Order(lines) => drop(marketplace.place_order(&lines, now)),
            Self::Fault(fault) => drop(marketplace.set_fault(fault)),
            Self::Call {
                method,
                uri,
                headers,
                body,
            } => {
                let uri: Uri = uri
                    .parse()
                    .map_err(|_| "an address does not fit".to_owned())?;
                let body = STANDARD
                    .decode(body)
                    .map_err(|_| "a body does not fit".to_owned())?;
                let mut request = Request::builder().method(method.as_str()).uri(uri);
                for (name, value) in headers {
                    request = request.header(name, value);
                }
                let request = request
                    .body(Bytes::from(body))
                    .map_err(|error| error.to_string())?;
                drop(marketplace.handle(request, now));
            }
        }
        Ok(())
    }
}

impl Journal {
    /// Opens the files of a marketplace, restores its snapshot and replays the events since.
    pub(crate) fn open(
        folder: &Path,
        marketplace: &mut dyn Marketplace,
    ) -> Result<Self, JournalError> {
        let name = marketplace.name();
        let snapshot_path = folder.join(format!("{name}.json"));
        let journal_path = folder.join(format!("{name}.journal"));
        let mut number = 0;
        let mut last = None;
        if let Some(text) = read(&snapshot_path)? {
            let misfit = |reason| JournalError::Misfit(snapshot_path.clone(), reason);
            let snapshot: Snapshot =
                serde_json::from_slice(&text).map_err(|error| misfit(error.to_string()))?;
            marketplace.restore(snapshot.state).map_err(misfit)?;
            number = snapshot.number;
            last = Some(snapshot.now);
        }
        let text = read(&journal_path)?.unwrap_or_default();
        // A crash can tear the last line: what it says was never acted on.
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let mut events = 0;
        for line in text[..whole]
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            let misfit = |reason| JournalError::Misfit(journal_path.clone(), reason);
            let entry: Entry =
                serde_json::from_slice(line).map_err(|error| misfit(error.to_string()))?;
            if entry.number <= number {
                continue;
            }
            entry.event.replay(marketplace, entry.now).map_err(misfit)?;
            number = entry.number;
            last = Some(entry.now);
            events += 1;
        }
        let wrong = |error| JournalError::Io(journal_path.clone(), error);
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&journal_path)
            .map_err(wrong)?;
        file.set_len(whole as u64).map_err(wrong)?;
        Ok(Self {
            snapshot_path,
            journal_path,
            file,
            number,
            events,
            bytes: whole as u64,
            last,
        })
    }

    /// Returns when the last event happened.
    pub(crate) fn last(&self) -> Option<Now> {
        self.last
    }

    /// Writes an event down before it takes effect.
    pub(crate) fn write(&mut self, event: Event, now: Now) -> Result<(), JournalError> {
        let entry = Entry {
            number: self.number + 1,
            now,
            event,
        };
        // Events are made of values that serialise.
        let mut line = serde_json::to_vec(&entry).unwrap_or_default();
        line.push(b'\n');
        self.file
            .write_all(&line)
            .map_err(|error| JournalError::Io(self.journal_path.clone(), error))?;
        self.number += 1;
        self.events += 1;
        self.bytes += line.len() as u64;
        self.last = Some(now);
        Ok(())
    }

    /// Tells whether a snapshot is due.
    pub(crate) fn is_long(&self) -> bool {
        self.events >= EVENTS_MAX || self.bytes >= BYTES_MAX
    }

    /// Replaces the snapshot, which then holds every event, and empties the journal. A crash in
    /// between leaves events that the snapshot's number tells to skip.
    pub(crate) fn snapshot(&mut self, marketplace: &dyn Marketplace) -> Result<(), JournalError> {
        let Some(now) = self.last.filter(|_| self.events > 0) else {
            return Ok(());
        };
        let snapshot = Snapshot {
            number: self.number,
            now,
            state: marketplace.save(),
        };
        let text = serde_json::to_vec(&snapshot).unwrap_or_default();
        let beside = self.snapshot_path.with_extension("json.new");
        std::fs::write(&beside, text)
            .and_then(|()| std::fs::rename(&beside, &self.snapshot_path))
            .map_err(|error| JournalError::Io(self.snapshot_path.clone(), error))?;
        self.file
            .set_len(0)
            .map_err(|error| JournalError::Io(self.journal_path.clone(), error))?;
        self.events = 0;
        self.bytes = 0;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, JournalError> {
    match std::fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(JournalError::Io(path.to_owned(), error)),
    }
}
