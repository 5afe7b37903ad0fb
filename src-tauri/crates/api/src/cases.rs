//! Cases after a sale: one list from everywhere, first what must be answered first.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use barrow_model::{
    Account, AccountId, Action, CaseAct, CaseAnswer, CaseKind, CaseState, EVIDENCE_BYTES_MAX,
    Endpoint, Evidence, Money, OrderRowId, Problem, ReturnAddress, evidence_form, evidence_problem,
};
use barrow_store::{CaseQuery, StoredCase};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS, at_most};
use crate::error::{ApiError, Result, Why};
use crate::orders::OrderActionResponse;
use crate::pictures::read_whole;
use crate::report::LISTED_MAX;
use crate::sync::instant;
use crate::window::SettingsRequest;

/// Asks for cases after a sale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CasesRequest {
    /// Of this account only.
    #[serde(default)]
    pub account: Option<String>,
    /// Of this order only, open or closed, as `ACCOUNT/ID` or `ID`.
    #[serde(default)]
    pub order: Option<String>,
    /// Those that are closed, in place of those that are open.
    #[serde(default)]
    pub closed: bool,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Answers a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CaseActRequest {
    /// Its row.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub case: i64,
    /// The answer, one of its `actions`.
    pub act: CaseAct,
    /// What the seller was shown that is given back. A refund needs it, and is refused where the
    /// case is about another sum meanwhile.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Who carries the goods, where it is said how they were sent; the parcel that the marketplace
    /// was told of last where none is named.
    #[serde(default)]
    pub carrier: Option<String>,
    /// Their tracking number.
    #[serde(default)]
    pub tracking: Option<String>,
    /// When they left.
    #[serde(default)]
    pub shipped_at: Option<String>,
    /// Words for the buyer who is refused, or for the bank; what is longer than the marketplace
    /// takes is cut.
    #[serde(default)]
    pub comment: Option<String>,
    /// What a dispute is contested with. Its files are looked at before anything is queued, and
    /// sent with the answer.
    #[serde(default)]
    pub evidence: Option<Evidence>,
    /// Where the buyer sends the goods back, of a dispute that is contested with an address. It is
    /// kept for the next one, and where none is given the kept one is taken.
    #[serde(default)]
    pub return_to: Option<ReturnAddress>,
}

/// Cases after a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CasesResponse {
    /// The cases: those that wait for the seller by their deadlines, then the other open ones;
    /// closed ones the last first.
    pub cases: Vec<CaseView>,
    /// How many there are of those that were asked for.
    pub total: u64,
    /// How many wait for the seller, on all accounts.
    pub waiting: u64,
}

/// A case after a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CaseView {
    /// Its row.
    pub id: i64,
    /// The account.
    pub account: String,
    /// Its marketplace.
    pub marketplace: String,
    /// The marketplace's id of it.
    pub case_id: String,
    /// What it is about.
    pub kind: CaseKind,
    /// Whose turn it is.
    pub state: CaseState,
    /// The marketplace's own word for that.
    pub marketplace_state: Option<String>,
    /// Why, in the marketplace's own word.
    pub reason: Option<String>,
    /// The money that it is about.
    pub amount: Option<Money>,
    /// The order's id at the marketplace, where it is told.
    pub order_id: Option<String>,
    /// The order as `ACCOUNT/ID`; null where it is not in the catalogue.
    pub order: Option<String>,
    /// The order's line, where it is told.
    pub line_id: Option<String>,
    /// When it was opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// By when the seller must answer; null where it is not his turn.
    pub respond_by: Option<DateTime<Utc>>,
    /// When it was seen to be closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What the seller can answer, as the marketplace offers it.
    pub offers: Vec<CaseAct>,
    /// Of those what can be answered from here: what else there is, its page takes.
    pub actions: Vec<CaseAct>,
    /// The answer that is on its way; null where none is.
    pub answering: Option<CaseAct>,
    /// The marketplace's page, where it can be answered; null in a rehearsal.
    pub page: Option<String>,
}

impl CaseView {
    /// `under_way` is what is being done to the orders of the cases that are told of.
    pub(crate) fn new(stored: StoredCase, accounts: &[Account], under_way: &UnderWay) -> Self {
        let of = |id: AccountId| accounts.iter().find(|account| account.id == id);
        let account = of(stored.account_id);
        let name = account
            .map(|account| account.name.clone())
            .unwrap_or_default();
        let marketplace = account.map(|account| account.marketplace.0.clone());
        let real = account.is_some_and(|account| account.endpoint == Endpoint::Production);
        let answering = answer_under_way(&stored, under_way);
        let actions = match answering {
            Some(_) => Vec::new(),
            None => from_here(&stored),
        };
        let case = stored.case;
        let keeper = stored.order_account_id.and_then(of);
        let here = keeper.zip(case.order_id.as_ref());
        Self {
            id: stored.id,
            marketplace: marketplace.unwrap_or_default(),
            case_id: case.case_id,
            kind: case.kind,
            state: case.state,
            marketplace_state: case.marketplace_state,
            reason: case.reason,
            amount: case.amount,
            order: here.map(|(keeper, order_id)| format!("{}/{order_id}", keeper.name)),
            order_id: case.order_id,
            line_id: case.line_id,
            opened_at: case.opened_at,
            respond_by: case.respond_by,
            closed_at: stored.closed_at,
            offers: case.offers,
            actions,
            answering,
            page: case.page.filter(|_| real),
            account: name,
        }
    }
}

/// What is being done to orders and not answered for good yet.
pub(crate) type UnderWay = BTreeMap<OrderRowId, Vec<Action>>;

/// What of a marketplace's offers can be answered from here: an answer goes to an order, by the
/// account that keeps it, which must not have been removed; and some need what only the
/// marketplace's page takes.
fn from_here(stored: &StoredCase) -> Vec<CaseAct> {
    let kind = stored.case.kind;
    let can = |act: &CaseAct| {
        use CaseAct as Act;
        stored.order_row_id.is_some()
            && !stored.order_left
            && match kind {
                CaseKind::Cancellation => matches!(act, Act::Approve | Act::Decline),
                CaseKind::Return => !matches!(
                    act,
                    Act::ProvideShipment | Act::Accept | Act::AcceptWithAddress
                ),
                CaseKind::Inquiry => matches!(act, Act::Refund | Act::ProvideShipment),
                CaseKind::Case => matches!(act, Act::Refund),
                CaseKind::Dispute => {
                    let accepts = matches!(act, Act::Accept | Act::AcceptWithAddress);
                    accepts || matches!(act, Act::Contest | Act::ContestWithAddress)
                }
            }
    };
    stored.case.offers.iter().copied().filter(can).collect()
}

fn answer_under_way(stored: &StoredCase, under_way: &UnderWay) -> Option<CaseAct> {
    let actions = under_way.get(&stored.order_row_id?)?;
    let wish = stored.case.kind == CaseKind::Cancellation;
    actions.iter().find_map(|action| match action {
        Action::Cancel { .. } if wish => Some(CaseAct::Approve),
        Action::RejectCancel if wish => Some(CaseAct::Decline),
        Action::AnswerCase {
            kind,
            case_id,
            answer,
        } => {
            let same = *kind == stored.case.kind && *case_id == stored.case.case_id;
            same.then(|| answer.act())
        }
        _ => None,
    })
}

/// Why evidence is none: each file is read, and all of them together go to a bank.
fn evidence_fault(evidence: &Evidence) -> Option<Problem> {
    let bytes_max = EVIDENCE_BYTES_MAX as u64;
    let mut bytes = 0;
    for file in &evidence.files {
        let content = match read_whole(Path::new(file), bytes_max) {
            Ok(content) => content,
            Err(unread) => return Some(unread.told(evidence_problem(file, unread.why))),
        };
        if let Err(problem) = evidence_form(file, &content) {
            return Some(problem);
        }
        bytes += content.len();
        if bytes > EVIDENCE_BYTES_MAX {
            return Some(evidence_problem(file, "together"));
        }
    }
    evidence
        .files
        .is_empty()
        .then(|| evidence_problem("", "none"))
}

impl Api {
    /// Queues an answer to a case; the marketplace is told with the next push.
    pub async fn case_act(&self, request: CaseActRequest) -> Result<OrderActionResponse> {
        let id = request.case;
        let found = self
            .on_store(move |store| store.read(|db| db.case(id)))
            .await?;
        let found = found.ok_or_else(|| ApiError::not_found("case", id.to_string()))?;
        let Some(order) = found.order_row_id else {
            let error = ApiError::invalid(Why::CaseWithoutOrder);
            return Err(error.param("case", &found.case.case_id));
        };
        let contests = matches!(request.act, CaseAct::Contest | CaseAct::ContestWithAddress);
        if let (true, Some(evidence)) = (contests, request.evidence.clone()) {
            let fault = self.blocking(move || Ok(evidence_fault(&evidence))).await?;
            if let Some(problem) = fault {
                return self.queued(order, Err(problem)).await;
            }
        }
        let answer = match request.act {
            CaseAct::Approve => CaseAnswer::Approve,
            CaseAct::Decline => CaseAnswer::Decline {
                comment: request.comment,
            },
            CaseAct::MarkReceived => CaseAnswer::MarkReceived,
            CaseAct::Refund => CaseAnswer::Refund {
                amount: request.amount,
            },
            CaseAct::ProvideShipment => self.how_sent(order, request).await?,
            CaseAct::Accept => CaseAnswer::Accept,
            CaseAct::AcceptWithAddress => CaseAnswer::AcceptWithAddress {
                return_to: self.return_address(request.return_to).await?,
            },
            CaseAct::Contest => CaseAnswer::Contest {
                note: request.comment,
                evidence: request.evidence,
                return_to: None,
            },
            CaseAct::ContestWithAddress => CaseAnswer::Contest {
                note: request.comment,
                evidence: request.evidence,
                return_to: Some(self.return_address(request.return_to).await?),
            },
        };
        let queued = self.parts.engine.answer_case(&found, answer).await?;
        self.queued(order, queued).await
    }

    /// Where goods are sent back, as the seller says, or as he said last. A whole one is kept.
    async fn return_address(&self, given: Option<ReturnAddress>) -> Result<ReturnAddress> {
        let Some(given) = given.map(|given| given.tidied()) else {
            let kept = self.settings(SettingsRequest {}).await?.return_address;
            return Ok(kept.unwrap_or_default());
        };
        if given.lacks().is_none() {
            self.keep_return_address(given.clone()).await?;
        }
        Ok(given)
    }

    /// How goods were sent, as the seller says, or as the marketplace was told when they left.
    async fn how_sent(&self, order: OrderRowId, request: CaseActRequest) -> Result<CaseAnswer> {
        let shipments = self.stored_order(order).await?.order.shipments;
        let last = shipments.iter().rev().find(|one| one.tracking.is_some());
        let known = last.filter(|_| request.carrier.is_none() && request.tracking.is_none());
        let shipped_at = match request.shipped_at.as_deref() {
            Some(text) => instant(text)?,
            None => last
                .and_then(|one| one.shipped_at)
                .unwrap_or_else(|| self.parts.clock.now()),
        };
        let carrier = known.and_then(|one| one.carrier.clone());
        let tracking = known.and_then(|one| one.tracking.clone());
        Ok(CaseAnswer::ProvideShipment {
            carrier: request.carrier.or(carrier).unwrap_or_default(),
            tracking: request.tracking.or(tracking).unwrap_or_default(),
            shipped_at,
        })
    }

    /// Cases after a sale.
    pub async fn cases(&self, request: CasesRequest) -> Result<CasesResponse> {
        let limit = request.limit.unwrap_or(PAGE_ROWS);
        at_most(limit, LISTED_MAX)?;
        let account_id = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let order = match &request.order {
            Some(order) => Some(self.find_order(order).await?),
            None => None,
        };
        let accounts = self.every_account().await?;
        let query = CaseQuery {
            account_id,
            closed: request.closed,
            limit,
        };
        let ((found, under_way), total, waiting) = self
            .on_store(move |store| {
                store.read(|db| {
                    let (found, total) = match order {
                        Some(order) => {
                            let mut found = db.order_cases(order)?;
                            let total = found.len() as u64;
                            found.truncate(query.limit);
                            (found, total)
                        }
                        None => (db.cases(&query)?, db.case_count(&query)?),
                    };
                    let waiting = db.cases_waiting()?;
                    let mut under_way = UnderWay::new();
                    for id in found.iter().filter_map(|one| one.order_row_id) {
                        if let Entry::Vacant(place) = under_way.entry(id) {
                            place.insert(db.unsettled_actions(id)?);
                        }
                    }
                    Ok((
                        (found, under_way),
                        total,
                        waiting.iter().map(|one| one.count).sum::<u64>(),
                    ))
                })
            })
            .await?;
        let cases = found.into_iter();
        let cases = cases.map(|stored| CaseView::new(stored, &accounts, &under_way));
        Ok(CasesResponse {
            cases: cases.collect(),
            total,
            waiting,
        })
    }
}

#[cfg(test)]
mod tests {
    use barrow_model::{AccountId, Case, CaseAct, CaseKind, CaseState, OrderRowId};
    use barrow_store::StoredCase;

    use super::from_here;

    #[test]
    fn only_an_order_whose_account_is_there_can_be_answered_from_here() {
        let check = |order: Option<i64>, order_left: bool, expected: &[CaseAct]| {
            let case = Case {
                kind: CaseKind::Inquiry,
                case_id: "5".to_owned(),
                order_id: Some("1".to_owned()),
                listing_ref: None,
                line_id: None,
                state: CaseState::WaitsForSeller,
                marketplace_state: None,
                reason: None,
                amount: None,
                opened_at: None,
                respond_by: None,
                offers: vec![CaseAct::Refund, CaseAct::Approve],
                page: None,
            };
            let stored = StoredCase {
                id: 1,
                account_id: AccountId(1),
                case,
                order_row_id: order.map(OrderRowId),
                order_account_id: order.map(AccountId),
                order_left,
                closed_at: None,
            };
            assert_eq!(from_here(&stored), expected, "{order:?} {order_left}");
        };
        check(Some(1), false, &[CaseAct::Refund]);
        check(Some(1), true, &[]);
        check(None, false, &[]);
    }
}
