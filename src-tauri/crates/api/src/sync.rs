//! Plan, push, pull and sync. Those that talk to marketplaces hold the engine's lock meanwhile.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_engine::{
    AccountPull, Plan, PlannedChange, ProgressEvent, PullOptions, PushOptions, Told,
};
use barrow_model::{Account, AccountId, ActionKind, Problem};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::{ApiError, Result, Why};
use crate::events::EngineWork;
use crate::families::PlanFamilies;
use crate::report::{ActionReport, At, HeldItem, LISTED_MAX, RefusedItem};
use crate::settings::speed;
use crate::sync_views::{PlanGroup, PlanLane, plan_groups, plan_lane};

/// How long a push of the command line or the window waits for results before it ends and tells
/// when to go on.
const PATIENCE_SECONDS: u64 = 120;

/// Names accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PlanRequest {
    /// These; all where none is named.
    #[serde(default)]
    pub accounts: Vec<String>,
}

/// What a push would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanResponse {
    /// What its lines are asked for by; null for a plan of some accounts only, whose lines are all
    /// here.
    pub id: Option<u64>,
    /// Account by account.
    pub accounts: Vec<AccountPlan>,
    /// Always null.
    pub next: Option<String>,
}

/// What a push would do at one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountPlan {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// What would be sent, the first thousand.
    pub lines: Vec<PlanLine>,
    /// How many there are in all.
    pub line_count: u64,
    /// What would wait for a yes.
    pub held: Vec<HeldItem>,
    /// What cannot be sent until something is mended.
    pub refused: Vec<RefusedItem>,
    /// What would be sent, by what changes are alike in, in the order of sending.
    pub groups: Vec<PlanGroup>,
    /// Listings with variations among what would be published.
    pub families: PlanFamilies,
    /// How many would wait for a yes.
    pub held_count: u64,
    /// How many cannot be sent until something is mended.
    pub refused_count: u64,
    /// Calls that the sending would take.
    pub calls: u64,
    /// How it would travel.
    pub lanes: Vec<PlanLane>,
    /// Seconds until the last result is there, from rest; lanes go beside each other.
    pub seconds: u64,
    /// What would be done, in words.
    pub summary: String,
}

/// One thing that would be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanLine {
    /// The SKU there.
    pub sku: String,
    /// What would be done.
    pub change: ActionKind,
    /// What is there now.
    pub from: Option<String>,
    /// What would be there.
    pub to: Option<String>,
    /// The same in words.
    pub text: String,
}

/// Sends what is to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PushRequest {
    /// To these accounts; to all where none is named.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Says yes to what is held.
    #[serde(default)]
    pub yes: bool,
    /// How long results are waited for, in seconds; 0 ends when nothing is due.
    #[serde(default)]
    pub patience_seconds: Option<u64>,
}

/// What a push did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PushResponse {
    /// What was done, what waits for a yes, what was refused.
    #[serde(flatten)]
    pub report: ActionReport,
    /// How many wait for a yes in all.
    pub held_count: u64,
    /// How many were refused in all.
    pub refused_count: u64,
    /// Changes that were sent and of which nobody knows yet.
    pub unknown: u64,
    /// Changes that wait for a limit, a pull, or results.
    pub waiting: u64,
    /// What is wrong with accounts as a whole.
    pub problems: Vec<RefusedItem>,
    /// Settings that were filled with the marketplace's first choice.
    pub defaults: Vec<FilledDefault>,
    /// When something is due next.
    pub next_due: Option<DateTime<Utc>>,
    /// Whether it was stopped before its end; what was not sent waits.
    pub stopped: bool,
    /// The accounts that were stopped by themselves: what is left for them waits.
    pub stopped_accounts: Vec<String>,
}

/// A setting that was filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FilledDefault {
    /// The account.
    pub account: String,
    /// The setting.
    pub setting: String,
    /// Its value since.
    pub value: String,
}

/// Downloads orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PullRequest {
    /// From these accounts; from all where none is named.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Reads again from this day or instant.
    #[serde(default)]
    pub since: Option<String>,
}

/// What a download brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PullResponse {
    /// `done` counts new and changed orders; `refused` names accounts that were not read to the
    /// end, records that could not be read, and SKUs that no product has.
    #[serde(flatten)]
    pub report: ActionReport,
    /// Account by account.
    pub accounts: Vec<AccountPullView>,
    /// Lines whose SKU no product has.
    pub unmatched: Vec<UnmatchedView>,
    /// Variants of which more is sold than there is.
    pub oversold: Vec<OversoldView>,
    /// Whether it was stopped before its end; the next one goes on from there.
    pub stopped: bool,
}

/// What one account brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountPullView {
    /// The account.
    pub account: String,
    /// Orders that were not there before.
    pub orders_new: u64,
    /// Orders of which something changed.
    pub orders_changed: u64,
    /// Orders that were read.
    pub orders_read: u64,
    /// Records that wait in quarantine.
    pub unreadable: u64,
    /// Whether it was read to its end.
    pub complete: bool,
    /// Every order changed before this is stored.
    pub covered_through: Option<DateTime<Utc>>,
}

/// A line whose SKU no product has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UnmatchedView {
    /// The order, as `ACCOUNT/ID`.
    pub order: String,
    /// The line.
    pub line_id: String,
    /// The SKU there.
    pub sku: Option<String>,
    /// What it was sold as.
    pub title: String,
}

/// A variant of which more is sold than there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OversoldView {
    /// The SKU.
    pub sku: String,
    /// Units on hand.
    pub on_hand: i64,
    /// Units sold and not yet shipped.
    pub reserved: i64,
    /// Units that are missing.
    pub missing: i64,
}

/// Pulls, then pushes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    /// These accounts; all where none is named.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Says yes to what is held.
    #[serde(default)]
    pub yes: bool,
    /// How long results are waited for, in seconds.
    #[serde(default)]
    pub patience_seconds: Option<u64>,
}

/// What a sync did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SyncResponse {
    /// Both together.
    #[serde(flatten)]
    pub report: ActionReport,
    /// What came.
    pub pull: PullResponse,
    /// What went.
    pub push: PushResponse,
}

impl Api {
    /// Tells what a push would do. Writes nothing and calls nobody.
    pub async fn plan(&self, request: PlanRequest) -> Result<PlanResponse> {
        let ids = self.account_ids(&request.accounts).await?;
        let accounts = self.all_accounts().await?;
        let names: BTreeMap<AccountId, &str> =
            accounts.iter().map(|a| (a.id, a.name.as_str())).collect();
        let watch = |at: &ProgressEvent| {
            let account = at.account_id.and_then(|id| names.get(&id));
            self.moved_on_at(account.copied(), at.stage.into(), at.done, at.total);
        };
        let plan = self.parts.engine.plan_watched(&ids, &watch).await?;
        let meant = accounts
            .iter()
            .filter(|a| ids.is_empty() || ids.contains(&a.id));
        let told = meant.map(|account| self.account_plan(account, &plan));
        let told: Vec<AccountPlan> = told.collect();
        // A plan of some accounts is not the one whose lines are looked through.
        let id = ids
            .is_empty()
            .then(|| self.planned.keep(accounts.clone(), plan));
        Ok(PlanResponse {
            id,
            accounts: told,
            next: None,
        })
    }

    /// Sends what is to be sent, after pulling accounts whose orders are not up to date.
    pub async fn push(&self, request: PushRequest) -> Result<PushResponse> {
        let _lock = self.hold("push").await?;
        let ids = self.account_ids(&request.accounts).await?;
        self.push_locked(ids, request.yes, request.patience_seconds)
            .await
    }

    /// Downloads orders.
    pub async fn pull(&self, request: PullRequest) -> Result<PullResponse> {
        let _lock = self.hold("pull").await?;
        let since = request.since.as_deref().map(instant).transpose()?;
        let ids = self.account_ids(&request.accounts).await?;
        let (pull, complete) = self.pull_locked(ids, since).await?;
        self.parts
            .engine
            .read_beside(&complete, &self.stop())
            .await?;
        Ok(pull)
    }

    /// Downloads orders, then sends what is to be sent.
    pub async fn sync(&self, request: SyncRequest) -> Result<SyncResponse> {
        let _lock = self.hold("sync").await?;
        let ids = self.account_ids(&request.accounts).await?;
        let (pull, complete) = self.pull_locked(ids.clone(), None).await?;
        let push = self
            .push_locked(ids, request.yes, request.patience_seconds)
            .await?;
        // What leaves depends on none of it.
        self.parts
            .engine
            .read_beside(&complete, &self.stop())
            .await?;
        let mut report = ActionReport::done(pull.report.done + push.report.done);
        report.held.clone_from(&push.report.held);
        for item in pull.report.refused.iter().chain(&push.report.refused) {
            report.refuse(item.clone());
        }
        Ok(SyncResponse { report, pull, push })
    }

    /// Takes the engine's lock; from then on its progress is told as this command's.
    pub(crate) async fn hold(&self, what: &str) -> Result<(Box<dyn Send>, EngineWork)> {
        let held = self.parts.lock.acquire(what);
        let held = held.map_err(|held| ApiError::from(held).told_in(&self.words))?;
        Ok((held, self.engine_work().await?))
    }

    async fn pull_locked(
        &self,
        accounts: Vec<AccountId>,
        since: Option<DateTime<Utc>>,
    ) -> Result<(PullResponse, Vec<AccountId>)> {
        let summary = self
            .parts
            .engine
            .pull_until(&PullOptions { accounts, since }, &self.stop())
            .await?;
        let complete = summary.complete();
        let all = self.all_accounts().await?;
        let stopped = summary.accounts.iter().any(|account| account.stopped);
        let mut report = ActionReport::default();
        for pulled in &summary.accounts {
            report.done += pulled.orders_new + pulled.orders_changed;
            if let Some(problem) = &pulled.problem {
                let at = self.at(&all, pulled.account_id);
                report.refuse(RefusedItem::of_account(&self.words, at, problem));
            }
            if pulled.unreadable > 0 {
                report.refuse(self.unreadable(pulled));
            }
        }
        let unmatched = summary.unmatched.into_iter().map(|line| {
            let account = self.at(&all, line.account_id).account;
            UnmatchedView {
                order: format!("{account}/{}", line.order_id),
                line_id: line.line_id,
                sku: line.sku.map(|sku| sku.to_string()),
                title: line.title,
            }
        });
        let oversold = summary.oversold.into_iter().map(|over| OversoldView {
            sku: over.sku.to_string(),
            on_hand: over.stock.on_hand,
            reserved: over.stock.reserved,
            missing: over.stock.missing(),
        });
        let response = PullResponse {
            report,
            accounts: summary.accounts.iter().map(pull_view).collect(),
            unmatched: unmatched.collect(),
            oversold: oversold.collect(),
            stopped,
        };
        Ok((response, complete))
    }

    async fn push_locked(
        &self,
        accounts: Vec<AccountId>,
        yes: bool,
        patience: Option<u64>,
    ) -> Result<PushResponse> {
        let options = PushOptions {
            accounts,
            yes,
            patience: Duration::from_secs(patience.unwrap_or(PATIENCE_SECONDS)),
        };
        let summary = self.parts.engine.push_until(&options, &self.stop()).await?;
        let all = self.all_accounts().await?;
        let mut report = ActionReport::done(summary.done);
        for told in &summary.held {
            let at = self.at(&all, told.account_id);
            report
                .held
                .push(self.held(at, &told.sku, &told.problem, None));
        }
        for told in &summary.refused {
            report.refuse(self.refused(&all, told));
        }
        let problems = summary
            .problems
            .iter()
            .map(|(id, problem)| RefusedItem::of_account(&self.words, self.at(&all, *id), problem));
        let defaults = summary
            .defaults
            .into_iter()
            .map(|(id, setting, value)| FilledDefault {
                account: self.at(&all, id).account.to_owned(),
                setting,
                value,
            });
        let stopped_accounts = summary.stopped_accounts.iter();
        let stopped_accounts = stopped_accounts.map(|id| self.at(&all, *id).account.to_owned());
        Ok(PushResponse {
            report,
            held_count: summary.held_count,
            refused_count: summary.refused_count,
            unknown: summary.unknown,
            waiting: summary.waiting,
            problems: problems.collect(),
            defaults: defaults.collect(),
            next_due: summary.next_due,
            stopped: summary.stopped,
            stopped_accounts: stopped_accounts.collect(),
        })
    }

    fn account_plan(&self, account: &Account, plan: &Plan) -> AccountPlan {
        let at = At {
            account: &account.name,
            marketplace: self.title(&account.marketplace),
        };
        let own = || {
            plan.changes
                .iter()
                .filter(|change| change.account_id == account.id)
        };
        let held = plan
            .held
            .iter()
            .filter(|(change, _)| change.account_id == account.id);
        let refused = plan
            .refused
            .iter()
            .filter(|refusal| refusal.account_id == account.id);
        let lanes = plan
            .calls
            .iter()
            .filter(|lane| lane.account_id == account.id);
        let speed = speed(account);
        let lanes: Vec<PlanLane> = lanes.map(|lane| plan_lane(lane, speed)).collect();
        let calls: u64 = lanes.iter().map(|lane| lane.calls).sum();
        let line_count = own().count() as u64;
        let (count_text, calls_text) = (line_count.to_string(), u64::to_string(&calls));
        let params = [
            ("count", count_text.as_str()),
            ("calls", calls_text.as_str()),
            ("account", at.account),
        ];
        AccountPlan {
            account: account.name.clone(),
            marketplace: account.marketplace.0.clone(),
            lines: own()
                .take(LISTED_MAX)
                .map(|change| self.plan_line(change))
                .collect(),
            line_count,
            groups: plan_groups(own()),
            families: self.plan_families(own().filter_map(|change| change.family.as_deref())),
            held_count: held.clone().count() as u64,
            refused_count: refused.clone().count() as u64,
            held: held
                .take(LISTED_MAX)
                .map(|(change, problem)| self.held(at, &change.channel_sku, problem, Some(change)))
                .collect(),
            refused: refused
                .take(LISTED_MAX)
                .map(|refusal| {
                    let problem = &refusal.problem;
                    RefusedItem::of_sku(&self.words, at, &refusal.channel_sku, problem)
                })
                .collect(),
            calls,
            seconds: lanes.iter().map(|lane| lane.seconds).max().unwrap_or(0),
            lanes,
            summary: self.words.text("plan_summary", &params),
        }
    }

    fn plan_line(&self, change: &PlannedChange) -> PlanLine {
        let key = format!("plan_{}", change.kind.code());
        let (from, to) = self.values(change);
        let params = [
            ("sku", change.channel_sku.as_str()),
            ("from", from.as_deref().unwrap_or_default()),
            ("to", to.as_deref().unwrap_or_default()),
        ];
        PlanLine {
            sku: change.channel_sku.clone(),
            change: change.kind,
            text: self.words.text(&key, &params),
            from,
            to,
        }
    }

    fn held(
        &self,
        at: At<'_>,
        sku: &str,
        problem: &Problem,
        change: Option<&PlannedChange>,
    ) -> HeldItem {
        HeldItem {
            account: Some(at.account.to_owned()),
            sku: (!sku.is_empty()).then(|| sku.to_owned()),
            kind: problem.kind.code().to_owned(),
            reason: self.words.problem_of(problem, at.marketplace, sku),
            from: change.and_then(|change| change.before.clone()),
            to: change.and_then(|change| change.after.clone()),
        }
    }

    fn refused(&self, all: &[Account], told: &Told) -> RefusedItem {
        let at = self.at(all, told.account_id);
        if told.sku.is_empty() {
            return RefusedItem::of_account(&self.words, at, &told.problem);
        }
        RefusedItem::of_sku(&self.words, at, &told.sku, &told.problem)
    }

    fn unreadable(&self, pulled: &AccountPull) -> RefusedItem {
        let count = pulled.unreadable.to_string();
        let params = [("account", pulled.account.as_str()), ("count", &count)];
        RefusedItem {
            account: Some(pulled.account.clone()),
            sku: None,
            order: None,
            kind: barrow_model::ProblemKind::OrderUnreadable.code().to_owned(),
            field: None,
            reason: self.words.text("pull_unreadable", &params),
            vendor: None,
        }
    }

    pub(crate) fn at<'a>(&self, all: &'a [Account], id: AccountId) -> At<'a> {
        let found = all.iter().find(|account| account.id == id);
        found.map_or(
            At {
                account: "",
                marketplace: "",
            },
            |account| At {
                account: &account.name,
                marketplace: self.title(&account.marketplace),
            },
        )
    }
}

fn pull_view(pulled: &AccountPull) -> AccountPullView {
    AccountPullView {
        account: pulled.account.clone(),
        orders_new: pulled.orders_new,
        orders_changed: pulled.orders_changed,
        orders_read: pulled.orders_read,
        unreadable: pulled.unreadable,
        complete: pulled.is_complete(),
        covered_through: pulled.covered_through,
    }
}

/// A day (its beginning in UTC) or an instant.
pub(crate) fn instant(text: &str) -> Result<DateTime<Utc>> {
    let text = text.trim();
    let day = text
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.and_hms_opt(0, 0, 0));
    if let Some(start) = day {
        return Ok(start.and_utc());
    }
    let at = DateTime::parse_from_rfc3339(text);
    let at = at.map_err(|_| ApiError::invalid(Why::DateInvalid).param("value", text))?;
    Ok(at.with_timezone(&Utc))
}
