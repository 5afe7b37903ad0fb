//! `barrow plan`, `push`, `pull`, `sync`.

use std::time::Duration;

use barrow_api::{
    AccountPlan, Api, PlanRequest, PlanRowsRequest, PullRequest, PullResponse, PushRequest,
    PushResponse, SyncRequest, SyncResponse,
};
use chrono::{DateTime, Utc};

use crate::output::{End, Failure, Table, Text};
use crate::session::Session;
use crate::{parse, report};

/// Planned changes that are shown one by one; `--json` shows the first thousand.
const SHOWN_MAX: usize = 20;

/// The shortest wait between two runs of a watch, when something comes due earlier.
const WATCH_PAUSE_MIN: Duration = Duration::from_secs(5);

pub(crate) async fn plan(session: &Session, accounts: Vec<String>) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let response = api.plan(PlanRequest { accounts }).await?;
            let complete = response
                .accounts
                .iter()
                .all(|account| account.held.is_empty() && account.refused.is_empty());
            session.output.answer(&response, |response| {
                if response.accounts.is_empty() {
                    return Text::new().line("There are no accounts.");
                }
                response.accounts.iter().fold(Text::new(), plan_text)
            })?;
            Ok(End::complete(complete))
        })
        .await
}

/// The plan line by line.
pub(crate) async fn plan_lines(
    session: &Session,
    request: PlanRowsRequest,
) -> Result<End, Failure> {
    let from = request.at;
    session
        .with_api(async |api| {
            let response = api.plan_rows(request).await?;
            session.output.answer(&response, |response| {
                let mut table = Table::new(&["account", "sku", "now", "then", "why not"], 4);
                for row in &response.rows {
                    table.row([
                        row.account.clone(),
                        row.sku.clone(),
                        row.from.clone().unwrap_or_default(),
                        row.to.clone().unwrap_or_default(),
                        row.reason.clone().unwrap_or_default(),
                    ]);
                }
                let text = Text::new().table(table, "There is nothing to send.");
                let next = from + response.rows.len() as u64;
                if next < response.total {
                    text.line(format!("More of {} with: --at {next}", response.total))
                } else {
                    text
                }
            })?;
            Ok(End::Done)
        })
        .await
}

fn plan_text(text: Text, plan: &AccountPlan) -> Text {
    let mut text = text.line(&plan.summary);
    if let Some(families) = &plan.families.text {
        text = text.line(format!("  {families}"));
    }
    text = text.lines(
        plan.lines
            .iter()
            .take(SHOWN_MAX)
            .map(|line| format!("  {}", line.text)),
    );
    if plan.line_count > SHOWN_MAX as u64 {
        text = text.line(format!(
            "  … and {} more.",
            plan.line_count - SHOWN_MAX as u64
        ));
    }
    for (what, reasons) in [
        (
            "held until you say yes:",
            reasons(plan.held.iter().map(|item| &item.reason)),
        ),
        (
            "cannot be sent:",
            reasons(plan.refused.iter().map(|item| &item.reason)),
        ),
    ] {
        if !reasons.is_empty() {
            text = text.line(format!("  {} {what}", reasons.len()));
            let shown = reasons.iter().take(SHOWN_MAX);
            text = text.lines(shown.map(|reason| format!("    {reason}")));
        }
    }
    text
}

fn reasons<'a>(items: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    items.collect()
}

pub(crate) async fn push(
    session: &Session,
    accounts: Vec<String>,
    yes: bool,
) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let request = PushRequest {
                accounts,
                yes,
                patience_seconds: None,
            };
            let response = api.push(request).await?;
            session
                .output
                .answer(&response, |response| push_text(Text::new(), response))?;
            Ok(End::complete(push_complete(&response)))
        })
        .await
}

/// Whether nothing is left to be done or to be known.
pub(crate) fn push_complete(push: &PushResponse) -> bool {
    push.report.is_complete()
        && push.held_count == 0
        && push.refused_count == 0
        && push.problems.is_empty()
        && push.unknown == 0
        && push.waiting == 0
}

pub(crate) fn push_text(text: Text, push: &PushResponse) -> Text {
    let count = report::counted(push.report.done, "change was", "changes were");
    let mut text = text.line(format!("Push: {count} sent and taken."));
    for filled in &push.defaults {
        text = text.line(format!(
            "  {}: {} was not set; the marketplace's first choice was taken: {}.",
            filled.account, filled.setting, filled.value
        ));
    }
    text = text.lines(push.problems.iter().map(|problem| problem.reason.clone()));
    text = report::more(text, &push.report);
    if push.unknown > 0 {
        let count = report::counted(push.unknown, "change", "changes");
        text = text.line(format!(
            "Nobody knows yet what became of {count}: the next push looks it up first."
        ));
    }
    if push.waiting > 0 {
        let count = report::counted(push.waiting, "change waits", "changes wait");
        let until = push
            .next_due
            .map(|at| format!(" until {}", at.format("%H:%M:%S UTC")));
        text = text.line(format!(
            "{count} for the marketplace{}.",
            until.unwrap_or_default()
        ));
    }
    text
}

pub(crate) async fn pull(
    session: &Session,
    accounts: Vec<String>,
    since: Option<String>,
) -> Result<End, Failure> {
    if let Some(since) = &since {
        parse::date(since)?;
    }
    session
        .with_api(async |api| {
            let response = api.pull(PullRequest { accounts, since }).await?;
            session
                .output
                .answer(&response, |response| pull_text(Text::new(), response))?;
            Ok(End::complete(pull_complete(&response)))
        })
        .await
}

pub(crate) fn pull_complete(pull: &PullResponse) -> bool {
    pull.report.is_complete() && pull.accounts.iter().all(|account| account.complete)
}

pub(crate) fn pull_text(text: Text, pull: &PullResponse) -> Text {
    let mut text = text;
    if pull.accounts.is_empty() {
        text = text.line("There are no accounts to download from.");
    }
    for account in &pull.accounts {
        let mut words = format!(
            "{}: {} new, {} changed",
            account.account,
            report::counted(account.orders_new, "order", "orders"),
            account.orders_changed
        );
        if account.unreadable > 0 {
            words.push_str(&format!(", {} could not be read", account.unreadable));
        }
        if !account.complete {
            words.push_str("; not read to the end");
        }
        text = text.line(format!("{words}."));
    }
    text = report::more(text, &pull.report);
    for line in &pull.unmatched {
        let sku = line.sku.clone().unwrap_or_else(|| line.title.clone());
        text = text.line(format!(
            "No product has the SKU “{sku}” of {}: barrow match {} --line {} --sku YOUR-SKU",
            line.order, line.order, line.line_id
        ));
    }
    for over in &pull.oversold {
        text = text.line(format!(
            "{}: {} more are sold than there are.",
            over.sku, over.missing
        ));
    }
    text
}

pub(crate) async fn sync(
    session: &Session,
    watch: bool,
    yes: bool,
    every: u32,
) -> Result<End, Failure> {
    let request = SyncRequest {
        accounts: Vec::new(),
        yes,
        patience_seconds: None,
    };
    if watch {
        return watching(
            session,
            &request,
            Duration::from_secs(60 * u64::from(every)),
        )
        .await;
    }
    session
        .with_api(async |api| {
            let response = api.sync(request).await?;
            session.output.answer(&response, sync_text)?;
            Ok(End::complete(sync_complete(&response)))
        })
        .await
}

fn sync_complete(sync: &SyncResponse) -> bool {
    pull_complete(&sync.pull) && push_complete(&sync.push)
}

fn sync_text(sync: &SyncResponse) -> Text {
    push_text(pull_text(Text::new(), &sync.pull), &sync.push)
}

/// Runs until the person stops it. A run that fails is told, and the next one comes.
async fn watching(
    session: &Session,
    request: &SyncRequest,
    every: Duration,
) -> Result<End, Failure> {
    let watched = session
        .with_api(async |api| {
            loop {
                let next_due = watched_run(session, &api, request).await?;
                tokio::time::sleep(pause(every, next_due, Utc::now())).await;
            }
        })
        .await;
    match watched {
        Err(Failure::Stopped) => Ok(End::Done),
        done => done,
    }
}

async fn watched_run(
    session: &Session,
    api: &Api,
    request: &SyncRequest,
) -> Result<Option<DateTime<Utc>>, Failure> {
    match api.sync(request.clone()).await {
        Ok(response) => {
            session.line.clear();
            session.output.answer(&response, |response| {
                let now = Utc::now().format("%Y-%m-%d %H:%M:%S UTC");
                push_text(
                    pull_text(Text::new().line(now.to_string()), &response.pull),
                    &response.push,
                )
            })?;
            Ok(response.push.next_due)
        }
        Err(error) => {
            session.output.failure(&Failure::Api(error));
            Ok(None)
        }
    }
}

/// Until the next run: as often as asked, and earlier where something comes due.
fn pause(every: Duration, next_due: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Duration {
    let due = next_due.map(|at| (at - now).to_std().unwrap_or_default().max(WATCH_PAUSE_MIN));
    due.map_or(every, |due| due.min(every))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{TimeDelta, Utc};

    use super::{WATCH_PAUSE_MIN, pause};

    #[test]
    fn a_watch_waits_for_what_comes_first_and_never_spins() {
        let (now, every) = (Utc::now(), Duration::from_secs(300));
        let check = |due: Option<i64>, expected: Duration| {
            let due = due.map(|seconds| now + TimeDelta::seconds(seconds));
            assert_eq!(pause(every, due, now), expected, "{due:?}");
        };
        check(None, every);
        check(Some(60), Duration::from_secs(60));
        check(Some(900), every);
        check(Some(-60), WATCH_PAUSE_MIN);
    }
}
