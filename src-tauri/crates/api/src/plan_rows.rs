//! The lines of a plan as a list of any length: kept when the plan is made, and paged, filtered and
//! searched here, so that nobody holds all of them but the host.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use barrow_engine::{Plan, PlannedChange};
use barrow_model::{Account, AccountId, ActionKind, ListingId, Problem};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS};
use crate::error::Result;
use crate::report::LISTED_MAX;
use crate::sync::PlanRequest;
use crate::sync_views::{ChangeGroup, group_of};

/// Asks for lines of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PlanRowsRequest {
    /// The plan that is meant, by its id; the one that was made last where nothing is said.
    #[serde(default)]
    pub plan: Option<u64>,
    /// From this line on, counted from 0.
    #[serde(default)]
    pub at: u64,
    /// Lines, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
    /// Only SKUs that hold this.
    #[serde(default)]
    pub search: Option<String>,
    /// Only of these accounts; of all where none is named.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Only changes of these groups; of all where none is named.
    #[serde(default)]
    pub groups: Vec<ChangeGroup>,
    /// Only lines that stand so; all where nothing is said.
    #[serde(default)]
    pub states: Vec<PlanState>,
}

/// Lines of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanRowsResponse {
    /// The plan that was made last, by its id. Where another one was asked for, that one is gone
    /// and there are no rows: its totals no longer hold either.
    pub plan: u64,
    /// The lines: account by account, those that wait for a yes first, then those that cannot go.
    pub rows: Vec<PlanRow>,
    /// How many lines these filters leave.
    pub total: u64,
    /// How many there are in all.
    pub all: u64,
}

/// One line of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanRow {
    /// Names the line within the plan.
    pub id: String,
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// The SKU there; empty where it is no listing's.
    pub sku: String,
    /// The product's title; empty where it is no listing's, or the listing is gone since.
    pub title: String,
    /// What would be done; null for what cannot be.
    pub change: Option<ActionKind>,
    /// What is there now.
    pub from: Option<String>,
    /// What would be there.
    pub to: Option<String>,
    /// Whether it would go.
    pub state: PlanState,
    /// Why it would not, in words.
    pub reason: Option<String>,
}

/// Whether a line of a plan would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// It waits for a yes.
    Held,
    /// It cannot go until something is mended.
    Refused,
    /// It would be sent.
    Wanted,
}

/// Which line of a plan: how it stands, and its place among those that stand so.
type Place = (PlanState, usize);

/// The plan that was made last, and the places of what was asked of it last.
#[derive(Clone, Default)]
pub(crate) struct KeptPlan(Arc<Mutex<Option<Arc<Made>>>>);

struct Made {
    /// Counts the plans that were kept, from 1 on.
    id: u64,
    accounts: Vec<Account>,
    plan: Plan,
    found: Mutex<Option<(PlanRowsRequest, Arc<Vec<Place>>)>>,
}

impl fmt::Debug for KeptPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptPlan").finish_non_exhaustive()
    }
}

impl KeptPlan {
    /// Keeps a plan instead of the one before, and answers its id.
    pub(crate) fn keep(&self, accounts: Vec<Account>, plan: Plan) -> u64 {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = kept.as_ref().map_or(0, |made| made.id) + 1;
        *kept = Some(Arc::new(Made {
            id,
            accounts,
            plan,
            found: Mutex::new(None),
        }));
        id
    }

    fn made(&self) -> Option<Arc<Made>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Api {
    /// Lines of a plan. One that another took the place of has none any more, and that is told;
    /// where none was made yet, one is made.
    pub async fn plan_rows(&self, request: PlanRowsRequest) -> Result<PlanRowsResponse> {
        let made = loop {
            if let Some(made) = self.planned.made() {
                break made;
            }
            self.plan(PlanRequest::default()).await?;
        };
        if request.plan.is_some_and(|asked| asked != made.id) {
            return Ok(PlanRowsResponse {
                plan: made.id,
                rows: Vec::new(),
                total: 0,
                all: 0,
            });
        }
        let api = self.clone();
        self.blocking(move || api.rows_of(&made, &request)).await
    }

    fn rows_of(&self, made: &Made, request: &PlanRowsRequest) -> Result<PlanRowsResponse> {
        let places = made.places(request);
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let at = usize::try_from(request.at).unwrap_or(usize::MAX);
        let page = places.iter().skip(at).take(limit);
        let titles = self.parts.store.read(|db| {
            page.clone()
                .map(|place| db.title_of_listing(made.listing(*place)))
                .collect::<std::result::Result<Vec<_>, _>>()
        })?;
        let row = |(place, title): (&Place, Option<String>)| {
            self.plan_row(made, *place, title.unwrap_or_default())
        };
        Ok(PlanRowsResponse {
            plan: made.id,
            rows: page.zip(titles).map(row).collect(),
            total: places.len() as u64,
            all: made.len() as u64,
        })
    }

    fn plan_row(&self, made: &Made, place: Place, title: String) -> PlanRow {
        let (state, index) = place;
        let account = made.account(place);
        let at = self.at(&made.accounts, account);
        let why = |problem: &Problem, sku: &str| {
            Some(self.words.problem_of(problem, at.marketplace, sku))
        };
        let (sku, change, reason) = match state {
            PlanState::Held => {
                let (change, problem) = &made.plan.held[index];
                let sku = &change.channel_sku;
                (sku, Some(change), why(problem, sku))
            }
            PlanState::Refused => {
                let refusal = &made.plan.refused[index];
                let sku = &refusal.channel_sku;
                (sku, None, why(&refusal.problem, sku))
            }
            PlanState::Wanted => {
                let change = &made.plan.changes[index];
                (&change.channel_sku, Some(change), None)
            }
        };
        let (from, to) = change.map(|change| self.values(change)).unwrap_or_default();
        PlanRow {
            id: format!("{}-{index}", state as u8),
            account: at.account.to_owned(),
            marketplace: made.marketplace(account),
            sku: sku.clone(),
            title,
            change: change.map(|change| change.kind),
            from,
            to,
            state,
            reason,
        }
    }

    /// What is there and what would be, as people read it: content is told by what it is, not by
    /// the digest that it is compared by.
    pub(crate) fn values(&self, change: &PlannedChange) -> (Option<String>, Option<String>) {
        match change.kind {
            ActionKind::Revise => (None, Some(self.words.text("plan_content", &[]))),
            _ => (change.before.clone(), change.after.clone()),
        }
    }
}

impl Made {
    fn len(&self) -> usize {
        self.plan.held.len() + self.plan.refused.len() + self.plan.changes.len()
    }

    fn account(&self, (state, index): Place) -> AccountId {
        match state {
            PlanState::Held => self.plan.held[index].0.account_id,
            PlanState::Refused => self.plan.refused[index].account_id,
            PlanState::Wanted => self.plan.changes[index].account_id,
        }
    }

    fn listing(&self, (state, index): Place) -> ListingId {
        match state {
            PlanState::Held => self.plan.held[index].0.listing_id,
            PlanState::Refused => self.plan.refused[index].listing_id,
            PlanState::Wanted => self.plan.changes[index].listing_id,
        }
    }

    fn marketplace(&self, id: AccountId) -> String {
        let found = self.accounts.iter().find(|account| account.id == id);
        found.map_or_else(String::new, |account| account.marketplace.0.clone())
    }

    /// The lines that a question leaves, looked for once for all of its pages.
    fn places(&self, request: &PlanRowsRequest) -> Arc<Vec<Place>> {
        let question = PlanRowsRequest {
            plan: None,
            at: 0,
            limit: None,
            ..request.clone()
        };
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        match found.as_ref() {
            Some((asked, places)) if *asked == question => Arc::clone(places),
            _ => {
                let places = Arc::new(self.find(&question));
                *found = Some((question, Arc::clone(&places)));
                places
            }
        }
    }

    fn find(&self, question: &PlanRowsRequest) -> Vec<Place> {
        let words = question
            .search
            .as_deref()
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        let order: Vec<AccountId> = self
            .accounts
            .iter()
            .filter(|one| question.accounts.is_empty() || question.accounts.contains(&one.name))
            .map(|account| account.id)
            .collect();
        let wants = |state| question.states.is_empty() || question.states.contains(&state);
        let fits = |change: Option<&PlannedChange>, sku: &str| {
            let group = question.groups.is_empty()
                || change.is_some_and(|change| question.groups.contains(&group_of(change)));
            group && (words.is_empty() || sku.to_lowercase().contains(&words))
        };
        let mut places: Vec<Place> = Vec::new();
        if wants(PlanState::Held) {
            let held = self.plan.held.iter().enumerate();
            let held = held.filter(|(_, (one, _))| fits(Some(one), &one.channel_sku));
            places.extend(held.map(|(index, _)| (PlanState::Held, index)));
        }
        if wants(PlanState::Refused) {
            let refused = self.plan.refused.iter().enumerate();
            let refused = refused.filter(|(_, one)| fits(None, &one.channel_sku));
            places.extend(refused.map(|(index, _)| (PlanState::Refused, index)));
        }
        if wants(PlanState::Wanted) {
            let changes = self.plan.changes.iter().enumerate();
            let changes = changes.filter(|(_, one)| fits(Some(one), &one.channel_sku));
            places.extend(changes.map(|(index, _)| (PlanState::Wanted, index)));
        }
        let rank = |place: &Place| order.iter().position(|id| *id == self.account(*place));
        places.retain(|place| rank(place).is_some());
        places.sort_by_key(|place| (rank(place), *place));
        places
    }
}
