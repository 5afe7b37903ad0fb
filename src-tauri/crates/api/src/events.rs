//! What the window is told without asking: how far a command is, what is out of date, what ended.
//!
//! Each listener has room of its own that cannot grow: tags that were touched are a set, and of
//! each run's progress only the newest stays. A slow listener misses steps of progress and never
//! that something is out of date.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use barrow_engine::{Progress, ProgressEvent, Stage};
use barrow_model::AccountId;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::command::CacheTag;

/// Runs that a listener has not yet heard the end of. One that is this far behind is gone.
const FINISHED_MAX: usize = 1_000;

/// Places of which a listener has not yet heard the progress.
const PROGRESS_MAX: usize = 1_000;

/// Something that the window is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// What was read under these tags is out of date.
    Touched {
        /// The tags.
        tags: Vec<CacheTag>,
    },
    /// A command has moved on.
    Progress {
        /// The run, as whoever began it named it; null where nobody did.
        run: Option<String>,
        /// The account's name; null for work on the catalogue itself.
        account: Option<String>,
        /// What is being done.
        stage: RunStage,
        /// How many are done: bytes of an import, orders of a pull, changes of a push.
        done: u64,
        /// Of how many; null where that is not known.
        total: Option<u64>,
    },
    /// A command has ended, well or not.
    Finished {
        /// The run.
        run: String,
    },
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RunStage {
    /// Reads a file.
    Read,
    /// Writes what was read into the catalogue.
    Apply,
    /// Reads orders.
    Pull,
    /// Computes what is wanted.
    Plan,
    /// Asks what the marketplace demands.
    Prepare,
    /// Sends.
    Send,
    /// Reads what is really there.
    Observe,
}

impl From<Stage> for RunStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Pull => Self::Pull,
            Stage::Plan => Self::Plan,
            Stage::Prepare => Self::Prepare,
            Stage::Send => Self::Send,
            Stage::Observe => Self::Observe,
        }
    }
}

/// Tells listeners. Clones tell the same ones.
#[derive(Clone, Debug, Default)]
pub struct Events(Arc<Hub>);

#[derive(Debug, Default)]
struct Hub {
    listeners: Mutex<Vec<Weak<Listener>>>,
    /// What the engine does is for this run. Its lock lets only one run at a time.
    engine: Mutex<EngineRun>,
}

#[derive(Debug, Default)]
struct EngineRun {
    run: Option<String>,
    names: BTreeMap<AccountId, String>,
}

impl Events {
    /// Listens from now on.
    pub fn listen(&self) -> Listening {
        let listener = Arc::new(Listener::default());
        lock(&self.0.listeners).push(Arc::downgrade(&listener));
        Listening(listener)
    }

    /// Says what is out of date.
    pub fn touched(&self, tags: &[CacheTag]) {
        if !tags.is_empty() {
            self.tell(|waiting| waiting.touched.extend(tags.iter().copied()));
        }
    }

    pub(crate) fn finished(&self, run: &str) {
        self.tell(|waiting| {
            if waiting.finished.len() < FINISHED_MAX {
                waiting.finished.push_back(run.to_owned());
            }
        });
    }

    pub(crate) fn moved_on(&self, at: ProgressAt, done: u64, total: Option<u64>) {
        self.tell(|waiting| {
            if waiting.progress.len() < PROGRESS_MAX {
                waiting.progress.insert(at.clone(), (done, total));
            }
        });
    }

    /// From now on the engine works for this run, at accounts of these names.
    pub(crate) fn engine_works_for(
        &self,
        run: Option<String>,
        names: BTreeMap<AccountId, String>,
    ) -> EngineWork {
        *lock(&self.0.engine) = EngineRun { run, names };
        EngineWork(self.clone())
    }

    fn tell(&self, tell: impl Fn(&mut Waiting)) {
        lock(&self.0.listeners).retain(|listener| {
            let Some(listener) = listener.upgrade() else {
                return false;
            };
            tell(&mut lock(&listener.waiting));
            listener.woken.notify_one();
            true
        });
    }
}

/// Stands for the engine's work for one run. Dropped, what the engine does is nobody's.
#[derive(Debug)]
pub(crate) struct EngineWork(Events);

impl Drop for EngineWork {
    fn drop(&mut self) {
        *lock(&self.0.0.engine) = EngineRun::default();
    }
}

/// Where a run is: what it is told by is kept once for each of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ProgressAt {
    pub(crate) run: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) stage: RunStage,
}

impl Progress for Events {
    fn tell(&self, progress: ProgressEvent) {
        let at = {
            let engine = lock(&self.0.engine);
            let name = progress.account_id.and_then(|id| engine.names.get(&id));
            ProgressAt {
                run: engine.run.clone(),
                account: name.cloned(),
                stage: progress.stage.into(),
            }
        };
        self.moved_on(at, progress.done, progress.total);
    }
}

#[derive(Debug, Default)]
struct Listener {
    waiting: Mutex<Waiting>,
    woken: Notify,
}

/// What one listener has not yet heard.
#[derive(Debug, Default)]
struct Waiting {
    touched: BTreeSet<CacheTag>,
    progress: BTreeMap<ProgressAt, (u64, Option<u64>)>,
    finished: VecDeque<String>,
}

impl Waiting {
    /// The next event. A run's end comes after its progress and after what it touched.
    fn next(&mut self) -> Option<Event> {
        if !self.touched.is_empty() {
            let tags = std::mem::take(&mut self.touched).into_iter().collect();
            return Some(Event::Touched { tags });
        }
        if let Some((at, (done, total))) = self.progress.pop_first() {
            let ProgressAt {
                run,
                account,
                stage,
            } = at;
            return Some(Event::Progress {
                run,
                account,
                stage,
                done,
                total,
            });
        }
        let run = self.finished.pop_front()?;
        Some(Event::Finished { run })
    }
}

/// One listener's end. Dropped, it listens no more.
#[derive(Debug)]
pub struct Listening(Arc<Listener>);

impl Listening {
    /// Waits for the next event.
    pub async fn next(&mut self) -> Event {
        loop {
            if let Some(event) = lock(&self.0.waiting).next() {
                return event;
            }
            self.0.woken.notified().await;
        }
    }
}

/// A set or a map cannot be left half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
