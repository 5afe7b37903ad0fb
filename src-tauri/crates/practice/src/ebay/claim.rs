//! What buyers bring up after a sale: returns, goods that did not come, cases that eBay decides,
//! payment disputes (ebay.md §8.5, §8.6). Shapes of Post-Order are those of its documentation.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::account::username;
use super::answer::{Answer, Outcome, Refusal};
use super::call::Call;
use super::evidence::{EvidenceSet, Uploaded};
use super::fault::{BUYER_DISPUTES, BUYER_DISPUTES_GOODS, BUYER_MISSES, BUYER_RETURNS};
use super::money::amount;
use super::order::{Order, stamp};
use super::sale::wall_at;
use super::state::State;
use crate::Now;
use crate::random::Random;

/// How long after its shipping a buyer brings something up.
const BROUGHT_UP: Duration = Duration::from_secs(300);
/// How long after it was agreed to something that is sent back has come.
const SENT_BACK: Duration = Duration::from_secs(1_800);
/// How long a seller has for an answer.
const ANSWER_DAYS: i64 = 3;
/// How long after it was opened eBay, or a bank, has decided.
const DECIDED_DAYS: i64 = 10;
/// Records of one search.
const ROWS_MAX: usize = 200;
/// Records of one search where the caller names no number.
const ROWS: usize = 25;

/// What a buyer brings up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ClaimKind {
    Return,
    Inquiry,
    Case,
    Dispute,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ClaimState {
    /// The seller has to answer.
    Seller,
    /// The buyer has something to do: to send it back, to look at the tracking.
    Buyer,
    /// What was sent back has come, and the seller has to look at it.
    Back,
    /// The seller has it, and has to give the money back.
    Received,
    /// eBay or a bank looks at it.
    EBay,
    Closed,
}

/// Something that a buyer brings up about a line of an order.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) id: String,
    pub(super) kind: ClaimKind,
    pub(super) order: String,
    pub(super) line: String,
    /// When it is brought up, in elapsed time, and when that was.
    due: Duration,
    pub(super) opened: Option<DateTime<Utc>>,
    pub(super) state: ClaimState,
    /// Whether it went on as a case that eBay decides.
    escalated: bool,
    /// How often it was changed.
    pub(super) revision: u64,
    /// When the seller answered last, in elapsed time, and when that was.
    #[serde(default)]
    pub(super) turned: Option<(Duration, DateTime<Utc>)>,
    /// What was given back, in minor units.
    #[serde(default)]
    pub(super) given_minor: Option<i64>,
    /// The tracking number that the seller named.
    #[serde(default)]
    pub(super) tracking: Option<String>,
    /// What the seller answered to a dispute.
    #[serde(default)]
    pub(super) response: Option<String>,
    /// Whether the buyer says that the goods are not what he was told.
    #[serde(default)]
    pub(super) not_as_described: bool,
    /// Where the seller wants the goods sent back.
    #[serde(default)]
    pub(super) return_address: Option<Value>,
    /// Files that the seller put there for the bank.
    #[serde(default)]
    pub(super) files: Vec<Uploaded>,
    /// What of them the seller showed.
    #[serde(default)]
    pub(super) evidence: Vec<EvidenceSet>,
}

impl Claim {
    pub(super) fn respond_by(&self) -> Option<DateTime<Utc>> {
        let days = chrono::Duration::days(ANSWER_DAYS);
        match self.state {
            ClaimState::Seller => Some(self.opened? + days),
            ClaimState::Back | ClaimState::Received => Some(self.turned?.1 + days),
            _ => None,
        }
    }
}

/// Lets the buyer of an order that has just been shipped bring something up some minutes later:
/// seldom by himself, surely where a fault of that name is switched on.
pub(super) fn follow(state: &mut State, order_id: &str, now: Now) {
    let asked = [
        (BUYER_RETURNS, ClaimKind::Return),
        (BUYER_MISSES, ClaimKind::Inquiry),
        (BUYER_DISPUTES, ClaimKind::Dispute),
        (BUYER_DISPUTES_GOODS, ClaimKind::Dispute),
    ];
    let mut asked = asked.into_iter();
    let wanted = asked.find(|(name, _)| state.faults.meets(name, "createShippingFulfillment"));
    let not_as_described = wanted.is_some_and(|(name, _)| name == BUYER_DISPUTES_GOODS);
    let kind = match wanted {
        Some((_, kind)) => Some(kind),
        None if state.orders_per_hour == 0 => None,
        None => {
            let mut random = Random::named(state.seed, &format!("ebay claim {order_id}"));
            match random.below(100) {
                0 | 1 => Some(ClaimKind::Return),
                2 => Some(ClaimKind::Inquiry),
                3 => Some(ClaimKind::Dispute),
                _ => None,
            }
        }
    };
    let known = state.claims.iter().any(|claim| claim.order == order_id);
    let line = state.order(order_id).and_then(|order| order.lines.first());
    let (Some(kind), false, Some(line)) = (kind, known, line) else {
        return;
    };
    let line = line.id.clone();
    let about = (order_id.to_owned(), line);
    let claim = new_claim(state, kind, about, now.elapsed + BROUGHT_UP);
    state.claims.push(Claim {
        not_as_described,
        ..claim
    });
}

fn new_claim(
    state: &mut State,
    kind: ClaimKind,
    (order, line): (String, String),
    due: Duration,
) -> Claim {
    let number = state.next("claim");
    Claim {
        id: format!("{}", 5_100_000_000 + state.seed % 997 * 10_000 + number),
        kind,
        order,
        line,
        due,
        opened: None,
        state: ClaimState::Seller,
        escalated: false,
        revision: 1,
        turned: None,
        given_minor: None,
        tracking: None,
        response: None,
        not_as_described: false,
        return_address: None,
        files: Vec::new(),
        evidence: Vec::new(),
    }
}

/// Opens what is due, and hands to eBay what the seller did not answer.
pub(super) fn advance(state: &mut State, now: Now) {
    let seen = state.seen;
    let mut cases = Vec::new();
    for claim in &mut state.claims {
        if claim.opened.is_none() && claim.due <= now.elapsed {
            claim.opened = Some(wall_at(seen, now, claim.due));
        }
        // What the seller agreed to take back comes some time later.
        let comes = claim
            .turned
            .is_some_and(|(at, _)| at + SENT_BACK <= now.elapsed);
        if claim.kind == ClaimKind::Return && claim.state == ClaimState::Buyer && comes {
            claim.state = ClaimState::Back;
            claim.revision += 1;
        }
        let late = claim.respond_by().is_some_and(|by| by < now.wall);
        match claim.kind {
            _ if !late => {}
            ClaimKind::Return | ClaimKind::Inquiry => {
                claim.state = ClaimState::Closed;
                claim.escalated = true;
                claim.revision += 1;
                cases.push((claim.order.clone(), claim.line.clone()));
            }
            ClaimKind::Case | ClaimKind::Dispute => {
                claim.state = ClaimState::EBay;
                claim.revision += 1;
            }
        }
        let decided = claim
            .opened
            .is_some_and(|at| at + chrono::Duration::days(DECIDED_DAYS) < now.wall);
        if claim.state == ClaimState::EBay && decided {
            claim.state = ClaimState::Closed;
            claim.revision += 1;
        }
    }
    for about in cases {
        let mut case = new_claim(state, ClaimKind::Case, about, now.elapsed);
        case.opened = Some(now.wall);
        state.claims.push(case);
    }
}

pub(super) fn refusal(status: u16, id: u32, message: &'static str) -> Refusal {
    Refusal::PostOrder {
        status,
        id,
        message,
    }
}

/// What a claim is about, or what was given back for it, in minor units.
pub(super) fn about_minor(claim: &Claim, order: &Order) -> i64 {
    let claimed = || claimed_minor(order, &claim.line);
    claim.given_minor.unwrap_or_else(claimed)
}

/// What of a line can be claimed, in minor units of the order's currency.
pub(super) fn claimed_minor(order: &Order, line: &str) -> i64 {
    let line = order.lines.iter().find(|known| known.id == line);
    line.map_or(0, |line| {
        line.cost_minor() + line.shipping_minor - line.refunded_minor
    })
}

/// An amount as Post-Order writes it: a number.
fn number(minor: i64, currency: &str) -> Value {
    let text = amount(minor, currency);
    let value = text["value"]
        .as_str()
        .and_then(|text| text.parse::<f64>().ok());
    json!({ "value": value, "currency": currency })
}

fn date(at: Option<DateTime<Utc>>) -> Value {
    at.map_or(Value::Null, |at| json!({ "value": stamp(at) }))
}

fn numeric(id: &str) -> Value {
    id.parse::<u64>().map_or(Value::Null, Value::from)
}

fn shown_return(state: &State, claim: &Claim, order: &Order) -> Value {
    let line = order.lines.iter().find(|line| line.id == claim.line);
    let (word, status) = match (claim.state, claim.escalated) {
        (_, true) => ("CLOSED", "ESCALATED"),
        (ClaimState::Seller, _) => ("RETURN_REQUESTED", "WAITING_FOR_SELLER_INFO"),
        (ClaimState::Buyer, _) => ("ITEM_READY_TO_SHIP", "READY_FOR_SHIPPING"),
        (ClaimState::Back | ClaimState::Received, _) => ("ITEM_DELIVERED", "ITEM_DELIVERED"),
        (ClaimState::EBay, _) => ("RETURN_REQUESTED", "ESCALATED"),
        (ClaimState::Closed, _) => ("CLOSED", "CLOSED"),
    };
    let options = match claim.state {
        ClaimState::Seller => vec![
            "SELLER_APPROVE_REQUEST",
            "SELLER_DECLINE_REQUEST",
            "SELLER_ISSUE_REFUND",
            "SELLER_SEND_MESSAGE",
        ],
        ClaimState::Back => vec!["SELLER_MARK_AS_RECEIVED", "SELLER_ISSUE_REFUND"],
        ClaimState::Received => vec!["SELLER_ISSUE_REFUND"],
        ClaimState::Buyer => vec!["SELLER_ISSUE_REFUND", "SELLER_SEND_MESSAGE"],
        _ => Vec::new(),
    };
    let options: Vec<Value> = options
        .into_iter()
        .map(|option| json!({ "actionType": option, "actionURL": "https://www.ebay.com/sh/ord" }))
        .collect();
    let mut body = json!({
        "returnId": claim.id,
        "orderId": order.id,
        "buyerLoginName": order.buyer.username,
        "sellerLoginName": username(state),
        "currentType": "MONEY_BACK",
        "state": word,
        "status": status,
        "creationInfo": {
            "item": {
                "itemId": line.map(|line| line.listing.clone()),
                "transactionId": claim.line,
                "returnQuantity": 1,
            },
            "type": "MONEY_BACK",
            "reason": "NOT_AS_DESCRIBED",
            "comments": { "content": "It is not what I thought." },
            "creationDate": date(claim.opened),
        },
        "sellerTotalRefund": {
            "estimatedRefundAmount": number(about_minor(claim, order), &order.currency),
        },
        "sellerAvailableOptions": options,
    });
    let (due, activity) = match claim.state {
        ClaimState::Seller => ("sellerResponseDue", "SELLER_APPROVE_REQUEST"),
        ClaimState::Back | ClaimState::Received => ("sellerResponseDue", "SELLER_ISSUE_REFUND"),
        ClaimState::Buyer => ("buyerResponseDue", "BUYER_PROVIDE_TRACKING_INFO"),
        _ => return body,
    };
    body[due] = json!({ "activityDue": activity, "respondByDate": date(claim.respond_by()) });
    body
}

fn shown_claim(state: &State, claim: &Claim, order: &Order) -> Value {
    let line = order.lines.iter().find(|line| line.id == claim.line);
    let mut body = json!({
        "itemId": line.map_or(Value::Null, |line| numeric(&line.listing)),
        "transactionId": numeric(&claim.line),
        "buyer": order.buyer.username,
        "seller": username(state),
        "claimAmount": number(about_minor(claim, order), &order.currency),
        "creationDate": date(claim.opened),
        "lastModifiedDate": date(claim.opened),
    });
    if claim.respond_by().is_some() {
        body["respondByDate"] = date(claim.respond_by());
    }
    let (id, word, status) = if claim.kind == ClaimKind::Case {
        let status = match claim.state {
            ClaimState::Seller => "OPEN",
            ClaimState::Buyer | ClaimState::Back | ClaimState::Received => "WAITING_DELIVERY",
            ClaimState::EBay => "WAITING_CS",
            ClaimState::Closed => "CLOSED",
        };
        ("caseId", "caseStatusEnum", status)
    } else {
        let status = match (claim.state, claim.escalated) {
            (_, true) => "CLOSED_WITH_ESCALATION",
            (ClaimState::Seller, _) => "WAITING_SELLER_RESPONSE",
            (ClaimState::Buyer | ClaimState::Back | ClaimState::Received, _) => {
                "WAITING_BUYER_RESPONSE"
            }
            (ClaimState::EBay, _) => "PENDING",
            (ClaimState::Closed, _) => "CLOSED",
        };
        ("inquiryId", "inquiryStatusEnum", status)
    };
    body[id] = numeric(&claim.id);
    body[word] = json!(status);
    body
}

/// Where a page begins and how long it is.
fn place(call: &Call) -> (usize, usize) {
    let number = |name: &str| call.parameter(name).and_then(|text| text.parse().ok());
    let limit = number("limit").unwrap_or(ROWS).clamp(1, ROWS_MAX);
    (number("offset").unwrap_or(0), limit)
}

/// Claims of a kind that were brought up, newest first.
fn brought_up(
    state: &State,
    kind: ClaimKind,
    wanted: impl Fn(&Claim) -> bool,
) -> Vec<(&Claim, &Order)> {
    let claims = state.claims.iter().rev();
    let claims = claims.filter(|it| it.kind == kind && it.opened.is_some() && wanted(it));
    claims
        .filter_map(|claim| Some((claim, state.order(&claim.order)?)))
        .collect()
}

fn in_window(call: &Call, prefix: &str, claim: &Claim) -> bool {
    let bound = |name: &str| {
        let text = call.parameter(&format!("{prefix}creation_date_range_{name}"))?;
        DateTime::parse_from_rfc3339(text).ok()
    };
    let opened = claim.opened;
    bound("from").is_none_or(|from| opened.is_some_and(|at| at >= from))
        && bound("to").is_none_or(|to| opened.is_some_and(|at| at <= to))
}

fn page(call: &Call, total_name: &str, rows: Vec<Value>) -> Answer {
    let (skip, limit) = place(call);
    let total = rows.len();
    let rows: Vec<Value> = rows.into_iter().skip(skip).take(limit).collect();
    let mut body = json!({
        "members": rows,
        "paginationOutput": {
            "offset": skip,
            "limit": limit,
            "totalEntries": total,
            "totalPages": total.div_ceil(limit),
        },
    });
    body[total_name] = json!(total);
    Answer::ok(body)
}

/// `GET /return/search`.
pub(super) fn returns(state: &mut State, call: &Call) -> Outcome {
    if call.parameter("role") == Some("BUYER") {
        return Ok(page(call, "total", Vec::new()));
    }
    let open = call.parameter("return_state") == Some("ALL_OPEN");
    let found = brought_up(state, ClaimKind::Return, |claim| {
        (!open || claim.state != ClaimState::Closed) && in_window(call, "", claim)
    });
    let rows = found.into_iter();
    let rows = rows.map(|(claim, order)| shown_return(state, claim, order));
    Ok(page(call, "total", rows.collect()))
}

/// `GET /return/{returnId}`.
pub(super) fn one_return(state: &mut State, call: &Call) -> Outcome {
    let found = find(state, ClaimKind::Return, call.id(0))?;
    let order = state.order(&found.order).ok_or_else(unknown)?;
    let mut body = json!({ "summary": shown_return(state, found, order) });
    if call.parameter("fieldgroups") != Some("SUMMARY") {
        let parts = refund_parts(order, &found.line);
        body["detail"] = json!({
            "refundInfo": { "estimatedRefundDetail": { "itemizedRefundDetail": parts } },
        });
    }
    Ok(Answer::ok(body))
}

/// What would be given back, part by part; of what was given back before nothing is left.
fn refund_parts(order: &Order, line: &str) -> Vec<Value> {
    let Some(line) = order.lines.iter().find(|known| known.id == line) else {
        return Vec::new();
    };
    let left = (line.cost_minor() + line.shipping_minor - line.refunded_minor).max(0);
    let shipping = line.shipping_minor.min(left);
    let parts = [
        ("PURCHASE_PRICE", left - shipping),
        ("ORIGINAL_SHIPPING", shipping),
    ];
    let parts = parts.into_iter().filter(|(_, minor)| *minor > 0);
    parts
        .map(|(of, minor)| {
            json!({ "refundFeeType": of, "estimatedAmount": number(minor, &order.currency) })
        })
        .collect()
}

/// `GET /inquiry/{inquiryId}`.
pub(super) fn one_inquiry(state: &mut State, call: &Call) -> Outcome {
    one_claim(state, ClaimKind::Inquiry, call, "inquiryStatusEnum")
}

/// `GET /casemanagement/{caseId}`.
pub(super) fn one_case(state: &mut State, call: &Call) -> Outcome {
    one_claim(state, ClaimKind::Case, call, "caseStatusEnum")
}

/// A claim alone: its status has another name there.
fn one_claim(state: &State, kind: ClaimKind, call: &Call, word: &str) -> Outcome {
    let found = find(state, kind, call.id(0))?;
    let order = state.order(&found.order).ok_or_else(unknown)?;
    let mut body = shown_claim(state, found, order);
    if let Some(status) = body.as_object_mut().and_then(|body| body.remove(word)) {
        body["status"] = status;
    }
    if let Some(tracking) = &found.tracking {
        let shipped = json!({ "trackingNumber": tracking });
        body["inquiryHistoryDetails"] = json!({ "shipmentTrackingDetails": shipped });
    }
    Ok(Answer::ok(body))
}

/// `GET /inquiry/search`.
pub(super) fn inquiries(state: &mut State, call: &Call) -> Outcome {
    let found = brought_up(state, ClaimKind::Inquiry, |it| {
        in_window(call, "inquiry_", it)
    });
    let rows = found.into_iter();
    let rows = rows.map(|(claim, order)| shown_claim(state, claim, order));
    Ok(page(call, "totalNumberOfInquiries", rows.collect()))
}

/// `GET /casemanagement/search`.
pub(super) fn cases(state: &mut State, call: &Call) -> Outcome {
    let found = brought_up(state, ClaimKind::Case, |it| in_window(call, "case_", it));
    let rows = found.into_iter();
    let rows = rows.map(|(claim, order)| shown_claim(state, claim, order));
    Ok(page(call, "totalNumberOfCases", rows.collect()))
}

pub(super) fn unknown() -> Refusal {
    refusal(404, 1613, "The resource was not found.")
}

/// A claim that was brought up.
pub(super) fn find<'a>(state: &'a State, kind: ClaimKind, id: &str) -> Result<&'a Claim, Refusal> {
    let mut claims = state.claims.iter();
    let found = claims.find(|it| it.kind == kind && it.id == id && it.opened.is_some());
    found.ok_or_else(unknown)
}
