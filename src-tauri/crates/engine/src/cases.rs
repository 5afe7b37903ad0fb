//! Reading cases after a sale: source by source, each by itself. That one cannot be read concerns
//! neither the others nor the orders, whose pull is complete all the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use barrow_market::{Adapter, CaseSource, Cases, Error, ErrorKind};
use barrow_model::{Account, Case, CaseState};
use barrow_store::ProblemAt;

use crate::engine::Engine;
use crate::error::Result;
use crate::stop::Stop;

/// What a source gave in one reading.
struct Given {
    cases: Vec<Case>,
    /// Whether it gave everything that there is: what is missing is closed.
    whole: bool,
}

impl Engine {
    /// Reads the account's cases, until it is stopped: between two pages.
    pub(crate) async fn pull_cases(
        &self,
        account: &Account,
        adapter: &Arc<dyn Adapter>,
        stop: &Stop,
    ) -> Result<()> {
        let Some(cases) = adapter.cases() else {
            return Ok(());
        };
        for source in cases.sources() {
            if stop.is_asked() {
                return Ok(());
            }
            let at = ProblemAt::account(account.id, &format!("cases {}", source.kind.code()));
            match read_source(cases, source, stop).await {
                Ok(given) => {
                    self.store_cases(account, source, &given)?;
                    self.store.write(|tx| tx.clear_problem(&at))?;
                }
                // The marketplace has no such thing, or none any more.
                Err(error)
                    if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Unsupported) =>
                {
                    self.store.write(|tx| tx.clear_problem(&at))?;
                }
                Err(error) if needs_a_person(&error) => {
                    let problem = error.to_problem();
                    self.store.write(|tx| tx.raise_problem(&at, &problem))?;
                }
                // The next pull reads it again.
                Err(error) => {
                    tracing::warn!(error = %error, "cases are not read this time");
                    if error.kind == ErrorKind::RateLimited {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    fn store_cases(&self, account: &Account, source: &CaseSource, given: &Given) -> Result<()> {
        let open = given.cases.iter();
        let open = open.filter(|case| case.state != CaseState::Closed);
        let open: BTreeSet<String> = open.map(|case| case.case_id.clone()).collect();
        self.store.write(|tx| {
            for case in &given.cases {
                tx.put_case(account.id, case)?;
            }
            if given.whole {
                tx.close_other_cases(account.id, source.kind, &open)?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// Whether what went wrong stays until somebody mends it. What passes by itself would come and go
/// on Home.
fn needs_a_person(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Forbidden | ErrorKind::Refused)
}

/// Reads a source page by page. Pages stand on a set that moves: only where as many cases were
/// given as there are is what is missing known to be closed.
async fn read_source(
    cases: &dyn Cases,
    source: &CaseSource,
    stop: &Stop,
) -> barrow_market::Result<Given> {
    let mut given = Given {
        cases: Vec::new(),
        whole: false,
    };
    let mut ids = BTreeSet::new();
    let (mut skip, mut unreadable) = (0_u64, 0_u64);
    for _ in 0..source.pages_max {
        let page = tokio::select! {
            biased;
            () = stop.asked() => return Ok(given),
            page = cases.read(source.kind, skip) => page?,
        };
        let known = ids.len();
        ids.extend(page.cases.iter().map(|case| case.case_id.clone()));
        let is_new = ids.len() > known;
        given.cases.extend(page.cases);
        skip = skip.saturating_add(page.records);
        unreadable += page.unreadable;
        let all = page.total.is_none_or(|total| skip >= total);
        if all || page.records == 0 {
            given.whole = all && unreadable == 0;
            return Ok(given);
        }
        // A page that gives what was given already: it pages otherwise than was said.
        if !is_new && page.records > 0 && skip > page.records {
            return Ok(given);
        }
    }
    Ok(given)
}
