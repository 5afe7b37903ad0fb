//! What a push would do in groups, what waits for a yes and the answers to it, and the outbox as a
//! whole.

use std::collections::BTreeMap;

use barrow_engine::{LaneCalls, PlannedChange};
use barrow_model::{
    Account, ActionKind, ChangeId, ChangeState, Currency, Delivery, Money, ProblemKind,
};
use barrow_store::{Answered, HeldMark, HeldPick, HeldRow, OutboxCount};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, SKUS_MAX, at_most};
use crate::error::Result;
use crate::overrides::amount;
use crate::problems::ProblemBody;
use crate::report::{ActionReport, LISTED_MAX, RefusedItem};

/// What changes are alike in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ChangeGroup {
    /// Ship, acknowledge, cancel, refund.
    Aftersales,
    /// Fewer units.
    QuantityDown,
    /// A listing ends.
    End,
    /// A lower price.
    PriceDown,
    /// A higher price, or one where none is known.
    PriceUp,
    /// More units.
    QuantityUp,
    /// What buyers read.
    Revise,
    /// A new listing.
    Publish,
}

/// How many changes of a group a push would send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanGroup {
    /// The group.
    pub group: ChangeGroup,
    /// How many.
    pub count: u64,
}

/// How changes of a push travel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanLane {
    /// The lane's name.
    pub lane: String,
    /// By call, feed or file.
    pub delivery: Delivery,
    /// How many of them.
    pub calls: u64,
    /// Seconds until the results are there, from rest.
    pub seconds: u64,
}

/// Asks what waits for a yes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct HeldGroupsRequest {
    /// At this account only.
    #[serde(default)]
    pub account: Option<String>,
}

/// What waits for a yes, by account, what it would do, and why it waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HeldGroupsResponse {
    /// The groups, most changes first.
    pub groups: Vec<HeldGroupView>,
    /// Changes of all groups.
    pub total: u64,
}

/// Changes of an account that are held for the same reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HeldGroupView {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// What they would do.
    pub change: ActionKind,
    /// Why they wait.
    pub why: ProblemKind,
    /// How many.
    pub count: u64,
    /// Why they wait, in words; of one of them.
    pub problem: ProblemBody,
    /// Whether a no can be said: a quantity cannot stay higher than what is there.
    pub can_drop: bool,
    /// How far the group goes as it is told here; an answer to it says it again.
    pub seen: HeldSeen,
    /// The first ones.
    pub rows: Vec<HeldRowView>,
}

/// How far a group goes that somebody looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct HeldSeen {
    /// The newest change.
    pub newest: ChangeId,
    /// When the last of them came or became what it is.
    pub at: DateTime<Utc>,
}

/// A change that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HeldRowView {
    /// The change's number.
    pub id: ChangeId,
    /// The SKU in the catalogue.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// What is there now.
    pub from: Option<String>,
    /// What it would become.
    pub to: Option<String>,
    /// How far a price moves, in thousandths of what it is now.
    pub by: Option<i64>,
    /// Who last changed what a price is made of: `user`, `import:N`, …
    pub origin: Option<String>,
}

/// Asks for a page of a group that waits for a yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct HeldRowsRequest {
    /// The account.
    pub account: String,
    /// What they would do.
    pub change: ActionKind,
    /// Why they wait.
    pub why: ProblemKind,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<ChangeId>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of a group that waits for a yes, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HeldRowsResponse {
    /// The changes.
    pub rows: Vec<HeldRowView>,
    /// Where the next page begins; null at the end.
    pub next: Option<ChangeId>,
}

/// Answers changes that wait for a yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct HeldAnswerRequest {
    /// The account.
    pub account: String,
    /// What they would do.
    pub change: ActionKind,
    /// Why they wait.
    pub why: ProblemKind,
    /// Only these; the whole group where none is named.
    #[serde(default)]
    pub only: Vec<ChangeId>,
    /// Not these.
    #[serde(default)]
    pub except: Vec<ChangeId>,
    /// `seen` of the group that was looked at: what came to it since, or became another value, is
    /// not answered and goes on waiting. Without it the group is answered as it is now.
    #[serde(default)]
    pub seen: Option<HeldSeen>,
}

/// Asks how much of what is where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OutboxRequest {}

/// The outbox as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OutboxResponse {
    /// Account by account, by name.
    pub accounts: Vec<OutboxAccount>,
    /// Changes of all accounts that wait, are held or are on their way.
    pub total: u64,
}

/// What of an account is in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OutboxAccount {
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// How many are in each state of each kind.
    pub counts: Vec<OutboxEntry>,
    /// When something that waits or is asked about is due next.
    pub next_due: Option<DateTime<Utc>>,
}

/// Changes of one kind in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OutboxEntry {
    /// What they do.
    pub change: ActionKind,
    /// Whether they are quantities that go down: they go first.
    pub down: bool,
    /// Where they are.
    pub state: ChangeState,
    /// How many.
    pub count: u64,
}

impl Api {
    /// What waits for a yes, with the first ones of each group.
    pub async fn held_groups(&self, request: HeldGroupsRequest) -> Result<HeldGroupsResponse> {
        /// Rows that a group shows at first.
        const SHOWN: usize = 5;
        let account = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let accounts = self.all_accounts().await?;
        let found = self
            .on_store(move |store| {
                store.read(|db| {
                    let mut groups = Vec::new();
                    for group in db.held_groups(account)? {
                        let of = (group.account_id, group.kind, group.why);
                        let rows = db.held_rows(of, None, SHOWN)?;
                        groups.push((group, rows));
                    }
                    Ok(groups)
                })
            })
            .await?;
        let mut total = 0;
        let mut groups = Vec::with_capacity(found.len());
        for (group, rows) in found {
            let Some(account) = accounts.iter().find(|a| a.id == group.account_id) else {
                continue;
            };
            total += group.count;
            let title = self.title(&account.marketplace);
            groups.push(HeldGroupView {
                account: account.name.clone(),
                marketplace: account.marketplace.0.clone(),
                change: group.kind,
                why: group.why,
                count: group.count,
                problem: ProblemBody::new(&self.words, &group.example, title),
                can_drop: can_drop(group.kind, group.why),
                seen: HeldSeen {
                    newest: group.mark.id,
                    at: group.mark.at,
                },
                rows: rows.into_iter().map(held_row).collect(),
            });
        }
        Ok(HeldGroupsResponse { groups, total })
    }

    /// A page of a group that waits for a yes.
    pub async fn held_rows(&self, request: HeldRowsRequest) -> Result<HeldRowsResponse> {
        let account = self.account(&request.account).await?;
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let of = (account.id, request.change, request.why);
        let rows = self
            .on_store(move |store| store.read(|db| db.held_rows(of, request.after, limit)))
            .await?;
        let last = rows.last().filter(|_| rows.len() == limit);
        Ok(HeldRowsResponse {
            next: last.map(|row| row.change.id),
            rows: rows.into_iter().map(held_row).collect(),
        })
    }

    /// Says yes to changes that wait for one: they go out with the next push.
    pub async fn held_approve(&self, request: HeldAnswerRequest) -> Result<ActionReport> {
        self.answer(request, true).await
    }

    /// Says no: what is there stays until something else is wanted.
    pub async fn held_drop(&self, request: HeldAnswerRequest) -> Result<ActionReport> {
        self.answer(request, false).await
    }

    async fn answer(&self, request: HeldAnswerRequest, yes: bool) -> Result<ActionReport> {
        at_most(request.only.len() + request.except.len(), SKUS_MAX)?;
        let account = self.account(&request.account).await?;
        let group = (account.id, request.change, request.why);
        let pick = HeldPick {
            only: request.only,
            except: request.except,
            seen: request.seen.map(|seen| HeldMark {
                id: seen.newest,
                at: seen.at,
            }),
        };
        let answered: Answered = self
            .on_store(move |store| {
                store.write(|tx| match yes {
                    true => tx.approve_picked(group, &pick),
                    false => tx.drop_picked(group, &pick),
                })
            })
            .await?;
        let mut report = ActionReport::done(answered.done);
        for sku in answered.kept {
            let params = [("sku", sku.as_str()), ("account", account.name.as_str())];
            report.refuse(RefusedItem {
                account: Some(account.name.clone()),
                kind: "held_quantity_stays".to_owned(),
                field: Some("quantity".to_owned()),
                reason: self.words.text("held_quantity_stays", &params),
                sku: Some(sku),
                order: None,
                vendor: None,
            });
        }
        Ok(report)
    }

    /// How much of what is where in the outbox.
    pub async fn outbox(&self, _request: OutboxRequest) -> Result<OutboxResponse> {
        let accounts = self.all_accounts().await?;
        let counts = self.on_store(|store| store.read(|db| db.outbox())).await?;
        let views: Vec<OutboxAccount> = accounts
            .iter()
            .map(|account| outbox_account(account, &counts))
            .collect();
        let entries = views.iter().flat_map(|view| &view.counts);
        Ok(OutboxResponse {
            total: entries.map(|entry| entry.count).sum(),
            accounts: views,
        })
    }
}

fn outbox_account(account: &Account, counts: &[OutboxCount]) -> OutboxAccount {
    let own = || counts.iter().filter(|count| count.account_id == account.id);
    let waits = |count: &&OutboxCount| count.state != ChangeState::Held;
    let mut entries: Vec<OutboxEntry> = Vec::new();
    for count in own() {
        // Prices and the like have one place in the queue; quantities have two.
        let down = count.kind == ActionKind::SetQuantity
            && count.priority == barrow_store::Priority::QuantityDown as i64;
        let same = |entry: &&mut OutboxEntry| {
            (entry.change, entry.down, entry.state) == (count.kind, down, count.state)
        };
        match entries.iter_mut().find(same) {
            Some(entry) => entry.count += count.count,
            None => entries.push(OutboxEntry {
                change: count.kind,
                down,
                state: count.state,
                count: count.count,
            }),
        }
    }
    OutboxAccount {
        account: account.name.clone(),
        marketplace: account.marketplace.0.clone(),
        counts: entries,
        next_due: own().filter(waits).filter_map(|count| count.due_at).min(),
    }
}

/// Whether what is there can stay: a price can, and a listing that the seller wanted to end.
fn can_drop(kind: ActionKind, why: ProblemKind) -> bool {
    match kind {
        ActionKind::SetPrice => true,
        ActionKind::End => why == ProblemKind::ManyChanges,
        _ => false,
    }
}

fn held_row(row: HeldRow) -> HeldRowView {
    let change = row.change;
    HeldRowView {
        by: moved(change.before.as_deref(), change.after.as_deref()),
        id: change.id,
        sku: row.sku,
        title: row.title,
        from: change.before,
        to: change.after,
        origin: row.origin.map(|origin| origin.to_string()),
    }
}

/// How far a price moves, in thousandths of what it was.
fn moved(from: Option<&str>, to: Option<&str>) -> Option<i64> {
    let (from, to) = (price(from?)?, price(to?)?);
    if from.currency != to.currency || from.minor == 0 {
        return None;
    }
    let by = to.minor.checked_sub(from.minor)?;
    by.checked_mul(1000)?.checked_div(from.minor)
}

/// A price as receipts have it, such as `34.90 USD`.
fn price(text: &str) -> Option<Money> {
    amount("price", text, Currency::USD).ok()
}

/// How many changes of each group a push would send, in the order of sending.
pub(crate) fn plan_groups<'a>(changes: impl Iterator<Item = &'a PlannedChange>) -> Vec<PlanGroup> {
    let mut counts: BTreeMap<ChangeGroup, u64> = BTreeMap::new();
    for change in changes {
        *counts.entry(group_of(change)).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(|(group, count)| PlanGroup { group, count })
        .collect()
}

/// What a change is alike in with others.
pub(crate) fn group_of(change: &PlannedChange) -> ChangeGroup {
    let (before, after) = (change.before.as_deref(), change.after.as_deref());
    match change.kind {
        ActionKind::Publish => ChangeGroup::Publish,
        ActionKind::Revise => ChangeGroup::Revise,
        ActionKind::End => ChangeGroup::End,
        ActionKind::SetPrice => match moved(before, after) {
            Some(by) if by < 0 => ChangeGroup::PriceDown,
            _ => ChangeGroup::PriceUp,
        },
        ActionKind::SetQuantity => {
            let units = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
            match (units(before), units(after)) {
                (Some(before), Some(after)) if after > before => ChangeGroup::QuantityUp,
                _ => ChangeGroup::QuantityDown,
            }
        }
        _ => ChangeGroup::Aftersales,
    }
}

/// How the changes of a push travel. Practice runs `speed` times as fast as the marketplace.
pub(crate) fn plan_lane(lane: &LaneCalls, speed: u64) -> PlanLane {
    PlanLane {
        lane: lane.lane.to_owned(),
        delivery: lane.delivery,
        calls: lane.calls,
        seconds: lane.time.as_secs().div_ceil(speed),
    }
}
