//! Cases after a sale, from eBay's words to Barrow's (ebay.md §8.5, §8.6).

use barrow_model::{Case, CaseAct, CaseKind, CaseState, Money};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::money::{instant, money};
use crate::types::{
    Amount, CancelSummary, ClaimSummary, DisputeSummary, PostOrderDate, ReturnSummary,
};

/// What a record of a case came to.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseRecord {
    /// A case of the seller's.
    Case(Box<Case>),
    /// Something that is no case of the seller's: he asked himself, or he bought.
    Foreign,
    /// Something that cannot be read.
    Unreadable,
}

/// Reads a record. `sells` tells whether a name is the seller's.
pub fn case(kind: CaseKind, record: &Value, sells: &dyn Fn(&str) -> bool) -> CaseRecord {
    match kind {
        CaseKind::Cancellation => read(record, cancellation),
        CaseKind::Return => read(record, returned),
        CaseKind::Inquiry | CaseKind::Case => read(record, |claim: ClaimSummary| {
            if claim.seller.as_deref().is_some_and(|seller| !sells(seller)) {
                return CaseRecord::Foreign;
            }
            claimed(kind, claim)
        }),
        CaseKind::Dispute => read(record, dispute),
    }
}

fn read<T: DeserializeOwned>(record: &Value, map: impl Fn(T) -> CaseRecord) -> CaseRecord {
    T::deserialize(record).map_or(CaseRecord::Unreadable, map)
}

fn at(date: &PostOrderDate) -> Option<DateTime<Utc>> {
    instant(date.value.as_deref())
}

fn sum(amount: &Amount) -> Option<Money> {
    money(amount)
}

/// A case; unreadable without an id. Who does not wait for the seller has no deadline for him, and
/// offers him nothing.
fn found(id: Option<String>, case: Case) -> CaseRecord {
    let Some(case_id) = id else {
        return CaseRecord::Unreadable;
    };
    let his = case.state == CaseState::WaitsForSeller;
    let closed = case.state == CaseState::Closed;
    CaseRecord::Case(Box::new(Case {
        case_id,
        respond_by: case.respond_by.filter(|_| his),
        offers: if closed { Vec::new() } else { case.offers },
        ..case
    }))
}

fn cancellation(told: CancelSummary) -> CaseRecord {
    if told.requestor_type.as_deref() != Some("BUYER") {
        return CaseRecord::Foreign;
    }
    let state = match told.cancel_state.as_deref() {
        Some("CLOSED") => CaseState::Closed,
        Some("APPROVAL_PENDING") => CaseState::WaitsForSeller,
        Some("CONFIRM_REFUND_PENDING") => CaseState::WaitsForBuyer,
        Some("REFUND_INITIATED" | "REFUND_PENDING" | "REFUND_FAILED_RETRY") => {
            CaseState::WaitsForMarketplace
        }
        _ => CaseState::Open,
    };
    let offers = match state {
        CaseState::WaitsForSeller => vec![CaseAct::Approve, CaseAct::Decline],
        _ => Vec::new(),
    };
    found(
        told.cancel_id,
        Case {
            kind: CaseKind::Cancellation,
            case_id: String::new(),
            order_id: told.legacy_order_id,
            listing_ref: None,
            line_id: None,
            state,
            marketplace_state: told.cancel_status.or(told.cancel_state),
            reason: told.cancel_reason,
            amount: sum(&told.request_refund_amount),
            opened_at: at(&told.cancel_request_date),
            respond_by: at(&told.seller_response_due_date),
            offers,
            page: None,
        },
    )
}

fn returned(told: ReturnSummary) -> CaseRecord {
    let is = |word: &Option<String>, wanted: &str| word.as_deref() == Some(wanted);
    let state = if is(&told.state, "CLOSED") || is(&told.status, "CLOSED") {
        CaseState::Closed
    } else if is(&told.status, "ESCALATED") {
        CaseState::WaitsForMarketplace
    } else if told.seller_response_due.activity_due.is_some() {
        CaseState::WaitsForSeller
    } else if told.buyer_response_due.activity_due.is_some() {
        CaseState::WaitsForBuyer
    } else {
        CaseState::Open
    };
    let mut offers: Vec<CaseAct> = told
        .seller_available_options
        .iter()
        .filter_map(|option| match option.action_type.as_deref()? {
            "SELLER_APPROVE_REQUEST" => Some(CaseAct::Approve),
            "SELLER_DECLINE_REQUEST" => Some(CaseAct::Decline),
            "SELLER_MARK_AS_RECEIVED" => Some(CaseAct::MarkReceived),
            "SELLER_ISSUE_REFUND" => Some(CaseAct::Refund),
            // Labels, messages, replacements: on eBay's own page.
            _ => None,
        })
        .collect();
    offers.sort();
    offers.dedup();
    found(
        told.return_id,
        Case {
            kind: CaseKind::Return,
            case_id: String::new(),
            order_id: told.order_id,
            listing_ref: told.creation_info.item.item_id,
            line_id: told.creation_info.item.transaction_id,
            state,
            marketplace_state: told.status.or(told.state),
            reason: told.creation_info.reason,
            amount: sum(&told.seller_total_refund.estimated_refund_amount),
            opened_at: at(&told.creation_info.creation_date),
            respond_by: at(&told.seller_response_due.respond_by_date),
            offers,
            page: None,
        },
    )
}

/// Whether an inquiry, or a case that eBay decides, is over.
pub fn is_over(status: &str) -> bool {
    matches!(status, "CLOSED" | "CLOSED_WITH_ESCALATION" | "CS_CLOSED")
}

/// Whether it is the seller's turn. Whose turn an open one is, its deadline tells in a search.
pub fn waits_for_seller(status: &str) -> bool {
    matches!(
        status,
        "OPEN" | "WAITING_SELLER_RESPONSE" | "REFUND_AGREED_BUT_FAILED"
    )
}

/// An inquiry, or a case that eBay decides. Their summaries name no options: what Post-Order takes
/// is offered. Money can be given back as long as they are open.
fn claimed(kind: CaseKind, told: ClaimSummary) -> CaseRecord {
    let respond_by = at(&told.respond_by_date);
    let state = match told.inquiry_status_enum.as_deref() {
        Some(status) if is_over(status) => CaseState::Closed,
        Some("WAITING_SELLER_RESPONSE" | "REFUND_AGREED_BUT_FAILED") => CaseState::WaitsForSeller,
        Some("WAITING_BUYER_RESPONSE" | "WAITING_DELIVERY") => CaseState::WaitsForBuyer,
        Some("WAITING_CS" | "ON_HOLD") => CaseState::WaitsForMarketplace,
        // The seller has been told of it, and by when he must answer.
        Some("OPEN") if respond_by.is_some() => CaseState::WaitsForSeller,
        _ => CaseState::Open,
    };
    let offers = match (kind, state) {
        (CaseKind::Inquiry, CaseState::WaitsForSeller) => {
            vec![CaseAct::Refund, CaseAct::ProvideShipment]
        }
        (_, CaseState::Closed) => Vec::new(),
        _ => vec![CaseAct::Refund],
    };
    found(
        told.inquiry_id,
        Case {
            kind,
            case_id: String::new(),
            order_id: told.order_id,
            listing_ref: told.item_id,
            line_id: told.transaction_id,
            state,
            marketplace_state: told.inquiry_status_enum,
            reason: None,
            amount: sum(&told.claim_amount),
            opened_at: at(&told.creation_date),
            respond_by,
            offers,
            page: None,
        },
    )
}

/// Whether a dispute of a reason is contested only with an address for what is sent back
/// (`ContestPaymentDisputeRequest`).
pub fn needs_address(reason: Option<&str>) -> bool {
    reason == Some("SIGNIFICANTLY_NOT_AS_DESCRIBED")
}

fn dispute(told: DisputeSummary) -> CaseRecord {
    let state = match told.payment_dispute_status.as_deref() {
        Some("CLOSED") => CaseState::Closed,
        Some("ACTION_NEEDED") => CaseState::WaitsForSeller,
        Some("OPEN") => CaseState::WaitsForMarketplace,
        _ => CaseState::Open,
    };
    // Goods that the buyer has and does not want may come back.
    let offers = match (state, needs_address(told.reason.as_deref())) {
        (CaseState::WaitsForSeller, true) => vec![
            CaseAct::Accept,
            CaseAct::AcceptWithAddress,
            CaseAct::ContestWithAddress,
        ],
        (CaseState::WaitsForSeller, false) => vec![CaseAct::Accept, CaseAct::Contest],
        _ => Vec::new(),
    };
    found(
        told.payment_dispute_id,
        Case {
            kind: CaseKind::Dispute,
            case_id: String::new(),
            order_id: told.order_id,
            listing_ref: None,
            line_id: None,
            state,
            marketplace_state: told.payment_dispute_status,
            reason: told.reason,
            amount: sum(&told.amount),
            opened_at: instant(told.open_date.as_deref()),
            respond_by: instant(told.respond_by_date.as_deref()),
            offers,
            page: None,
        },
    )
}
