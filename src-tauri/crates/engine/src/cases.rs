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
    /// Reads the account's cases, until it is stopped: between two pages. Tells whether the
    /// marketplace answers.
    pub(crate) async fn pull_cases(
        &self,
        account: &Account,
        adapter: &Arc<dyn Adapter>,
        stop: &Stop,
    ) -> Result<bool> {
        let Some(cases) = adapter.cases() else {
            return Ok(true);
        };
        for source in cases.sources() {
            if stop.is_asked() {
                return Ok(true);
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
                // The next pull reads it again. Where nobody answers, or a limit is used up, the
                // other sources would only wait as long.
                Err(error) => {
                    tracing::warn!(error = %error, "cases are not read this time");
                    let silent = matches!(
                        error.kind,
                        ErrorKind::NoAnswer | ErrorKind::Unreachable | ErrorKind::RateLimited
                    );
                    if silent {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
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

/// Reads a source page by page, until there is no more. Pages stand on a set that moves, and not
/// every marketplace tells how many there are: only where as many were given, each counted once, as
/// there are is what is missing known to be closed.
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
    let (mut skip, mut unreadable, mut foreign) = (0_u64, 0_u64, 0_u64);
    for _ in 0..source.pages_max {
        let page = tokio::select! {
            biased;
            () = stop.asked() => return Ok(given),
            page = cases.read(source.kind, skip) => page?,
        };
        let known = ids.len();
        ids.extend(page.cases.iter().map(|case| case.case_id.clone()));
        let is_new = ids.len() > known;
        let told = page.cases.len() as u64 + page.unreadable;
        foreign += page.records.saturating_sub(told);
        unreadable += page.unreadable;
        given.cases.extend(page.cases);
        skip = skip.saturating_add(page.records);
        let is_end = page.records == 0 || page.total.is_some_and(|total| skip >= total);
        // A page that gives what was given already: it pages otherwise than was said.
        let is_again = !is_new && told > 0 && skip > page.records;
        if is_end || is_again {
            let seen = ids.len() as u64 + foreign;
            let all = page.total.is_some_and(|total| seen >= total);
            given.whole = is_end && all && unreadable == 0;
            return Ok(given);
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use barrow_market::{CasePage, CaseSource, Cases, Result};
    use barrow_model::{Case, CaseKind, CaseState};

    use super::read_source;
    use crate::stop::Stop;

    /// Ids of cases, how many records are none, and how many there are in all.
    type Told = (Vec<&'static str>, u64, Option<u64>);

    /// Pages as they are told.
    struct Pages(Vec<Told>);

    fn case(id: &str) -> Case {
        Case {
            kind: CaseKind::Return,
            case_id: id.to_owned(),
            order_id: None,
            listing_ref: None,
            line_id: None,
            state: CaseState::Open,
            marketplace_state: None,
            reason: None,
            amount: None,
            opened_at: None,
            respond_by: None,
            offers: Vec::new(),
            page: None,
        }
    }

    #[async_trait]
    impl Cases for Pages {
        fn sources(&self) -> &'static [CaseSource] {
            &[]
        }

        async fn read(&self, _kind: CaseKind, skip: u64) -> Result<CasePage> {
            let mut begin = 0;
            for (ids, foreign, total) in &self.0 {
                let records = ids.len() as u64 + foreign;
                if begin == skip {
                    return Ok(CasePage {
                        cases: ids.iter().map(|id| case(id)).collect(),
                        records,
                        unreadable: 0,
                        total: *total,
                    });
                }
                begin += records;
            }
            Ok(CasePage {
                cases: Vec::new(),
                records: 0,
                unreadable: 0,
                total: self.0.last().and_then(|(_, _, total)| *total),
            })
        }
    }

    #[tokio::test]
    async fn a_reading_is_whole_only_where_as_many_came_as_there_are() {
        let source = CaseSource {
            kind: CaseKind::Return,
            pages_max: 9,
        };
        let check = async |pages: Vec<Told>, expected: (usize, bool)| {
            let told = format!("{pages:?}");
            let given = read_source(&Pages(pages), &source, &Stop::default()).await;
            let given = given.expect("it is read");
            assert_eq!((given.cases.len(), given.whole), expected, "{told}");
        };
        check(vec![(vec!["1", "2"], 0, Some(2))], (2, true)).await;
        // What is no case of the seller's is counted with the others.
        check(
            vec![(vec!["1"], 1, Some(3)), (vec!["3"], 0, Some(3))],
            (2, true),
        )
        .await;
        check(vec![(vec![], 0, Some(0))], (0, true)).await;
        // One moved from the second page to the first while it was read.
        check(
            vec![(vec!["1", "2"], 0, Some(4)), (vec!["2", "4"], 0, Some(4))],
            (4, false),
        )
        .await;
        // Without a total everything is read, and nothing is known to be missing.
        check(
            vec![(vec!["1", "2"], 0, None), (vec!["3"], 0, None)],
            (3, false),
        )
        .await;
        check(vec![(vec!["1", "2"], 0, Some(5))], (2, false)).await;
    }
}
