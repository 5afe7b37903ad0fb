//! Runs: long commands under a name that whoever began them chose, so that they can be watched and
//! stopped.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use barrow_engine::Stop;
use barrow_model::AccountId;
use serde::{Deserialize, Serialize};

use crate::api::{Api, at_most};
use crate::error::{ApiError, ApiErrorKind, Result};
use crate::events::{EngineWork, Events, ProgressAt, RunStage};

/// Runs at the same time.
const RUNS_MAX: usize = 64;

/// Letters of a run's name.
const NAME_MAX: usize = 100;

/// Stops a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct RunCancelRequest {
    /// The name that it was begun under.
    pub run: String,
    /// Only what is sent to this account; the others go on.
    #[serde(default)]
    pub account: Option<String>,
}

/// Whether a run was asked to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RunCancelResponse {
    /// No where no such run was under way: it has ended, or never began.
    pub asked: bool,
}

/// The runs that are under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs(Arc<Mutex<BTreeMap<String, Stop>>>);

impl Runs {
    /// Begins a run; it is under way until what is returned is dropped.
    pub(crate) fn begin(&self, name: &str, events: &Events) -> Result<Run> {
        at_most(name.chars().count(), NAME_MAX)?;
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at_most(runs.len() + 1, RUNS_MAX)?;
        if runs.contains_key(name) {
            return Err(ApiError::new(ApiErrorKind::Duplicate)
                .param("field", "run")
                .param("value", name));
        }
        let stop = Stop::default();
        runs.insert(name.to_owned(), stop.clone());
        Ok(Run(Arc::new(UnderWay {
            name: name.to_owned(),
            stop,
            runs: self.clone(),
            events: events.clone(),
        })))
    }

    fn stop(&self, name: &str, account: Option<AccountId>) -> bool {
        let runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = runs.get(name);
        if let Some(stop) = found {
            match account {
                Some(account) => stop.ask_account(account),
                None => stop.ask(),
            }
        }
        found.is_some()
    }
}

/// A run that is under way. Clones are the same one; with the last of them it ends.
#[derive(Clone)]
pub(crate) struct Run(Arc<UnderWay>);

struct UnderWay {
    name: String,
    stop: Stop,
    runs: Runs,
    events: Events,
}

impl Run {
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn stop(&self) -> &Stop {
        &self.0.stop
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({})", self.0.name)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut runs = self.runs.0.lock().unwrap_or_else(PoisonError::into_inner);
        runs.remove(&self.name);
        drop(runs);
        self.events.finished(&self.name);
    }
}

impl Api {
    /// The same commands, watched and stopped under a name.
    pub(crate) fn running(&self, run: Run) -> Self {
        Self {
            run: Some(run),
            ..self.clone()
        }
    }

    /// Says when the command is to stop; never where it has no run.
    pub(crate) fn stop(&self) -> Stop {
        self.run
            .as_ref()
            .map(|run| run.stop().clone())
            .unwrap_or_default()
    }

    /// Refuses to go on once the run was asked to stop.
    pub(crate) fn go_on(&self) -> Result<()> {
        if self.stop().is_asked() {
            return Err(ApiError::new(ApiErrorKind::Cancelled).told_in(&self.words));
        }
        Ok(())
    }

    /// Until what is returned is dropped, the engine's progress is told as this command's.
    pub(crate) async fn engine_work(&self) -> Result<EngineWork> {
        let accounts = self.all_accounts().await?;
        let names = accounts.into_iter().map(|a| (a.id, a.name)).collect();
        let run = self.run.as_ref().map(|run| run.name().to_owned());
        Ok(self.parts.events.engine_works_for(run, names))
    }

    /// Tells how far the command's run is, where it has one.
    pub(crate) fn moved_on(&self, stage: RunStage, done: u64, total: Option<u64>) {
        if self.run.is_some() {
            self.moved_on_at(None, stage, done, total);
        }
    }

    /// Tells how far a reading is that has no run, such as a plan of very many.
    pub(crate) fn moved_on_at(
        &self,
        account: Option<&str>,
        stage: RunStage,
        done: u64,
        total: Option<u64>,
    ) {
        let at = ProgressAt {
            run: self.run.as_ref().map(|run| run.name().to_owned()),
            account: account.map(str::to_owned),
            stage,
        };
        self.parts.events.moved_on(at, done, total);
    }

    /// Stops a run at its next safe point: between batches, pages or rows. What was done until
    /// then stays; an import that is stopped changes nothing.
    pub async fn run_cancel(&self, request: RunCancelRequest) -> Result<RunCancelResponse> {
        let account = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        Ok(RunCancelResponse {
            asked: self.runs.stop(&request.run, account),
        })
    }
}
