//! Answering cases after a sale (ebay.md §8.5, §8.6). None of these calls may be made twice: the
//! case is read before, and again where no answer came. One that does not wait for this answer any
//! more has it.

use std::collections::HashSet;

use barrow_market::{Error, ErrorKind, Fate, Result};
use barrow_model::{CaseAnswer, CaseKind, ChangeId, Money, OrderRef, Problem, ProblemKind};
use barrow_wire::CallSpec;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use serde::de::DeserializeOwned;

use super::EbayAdapter;
use super::aftersales::{applied, refused};
use super::evidence::Given;
use super::look_up::not_done;
use crate::error::{lacks_signature, may_have_happened};
use crate::limits::{
    ACCEPT_DISPUTE, CONTEST_DISPUTE, DECIDE_RETURN, GET_CASE, GET_DISPUTE, GET_INQUIRY, GET_RETURN,
    PROVIDE_SHIPMENT, REFUND_CASE, REFUND_INQUIRY, REFUND_RETURN, RETURN_RECEIVED,
};
use crate::map;
use crate::request;
use crate::types::{ClaimDetail, Dispute, ReturnDetail};

/// eBay's number for a dispute to which something was done meanwhile: it is read and answered anew.
const CHANGED: &str = "33011";

/// eBay's number for a dispute that is contested without evidence.
const NO_EVIDENCE: &str = "33102";

/// eBay's word for an inquiry that it decides itself.
const ESCALATED: &str = "CLOSED_WITH_ESCALATION";

/// What eBay calls the price of the goods among the parts of a refund.
const PURCHASE_PRICE: &str = "PURCHASE_PRICE";

/// An answer to a case.
#[derive(Clone, Copy)]
pub(super) struct Answered<'a> {
    pub(super) kind: CaseKind,
    pub(super) id: &'a str,
    pub(super) answer: &'a CaseAnswer,
}

/// How a case stands.
#[derive(Debug, Default)]
struct Standing {
    /// Whether it waits for this answer; none where eBay does not say how it stands.
    waits: Option<bool>,
    /// Whether eBay decides it now, unanswered.
    escalated: bool,
    /// The dispute itself; of disputes alone.
    dispute: Dispute,
    /// What a refund would give back.
    refund: Option<Money>,
    /// The same part by part, each with eBay's word for what it is of; of returns alone.
    parts: Vec<(String, Money)>,
}

impl EbayAdapter {
    /// Gives an answer, where the case still waits for it.
    pub(super) async fn answer_case(
        &self,
        change_id: ChangeId,
        order: &OrderRef,
        answered: Answered<'_>,
    ) -> Result<Fate> {
        // Reading changes nothing: whatever comes of it, nothing was answered.
        let mut standing = match self.case_standing(order, answered).await {
            Ok(standing) => standing,
            Err(error) => return answered_with(error),
        };
        if standing.waits == Some(false) {
            return Ok(no("not_offered"));
        }
        if let CaseAnswer::Contest {
            return_to: None, ..
        } = answered.answer
            && map::needs_address(standing.dispute.reason.as_deref())
        {
            return Ok(no("return_address"));
        }
        if let CaseAnswer::Contest {
            evidence: Some(evidence),
            ..
        } = answered.answer
        {
            let of = (answered.id, &standing.dispute);
            match self.give_evidence(order, of, evidence).await? {
                Given::There => {}
                Given::Added(dispute) => standing.dispute = dispute,
                Given::Not(fate) => return Ok(fate),
            }
        }
        let Some((spec, request)) = self.answer_request(order, answered, &standing)? else {
            return Ok(no("amount"));
        };
        if let CaseAnswer::Refund { amount } = answered.answer {
            let asked = (change_id, *amount);
            return self.answer_with_money(asked, order, spec, request).await;
        }
        match self.call(spec, request).await {
            Ok(_) => Ok(applied()),
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            Err(error) => answered_with(error),
        }
    }

    /// An answer that gives money back, which is known by the refunds that were there before it.
    async fn answer_with_money(
        &self,
        (change_id, amount): (ChangeId, Option<Money>),
        order: &OrderRef,
        spec: &'static CallSpec,
        request: Request<Bytes>,
    ) -> Result<Fate> {
        let current = self.current(order).await?;
        let noted = self.noted(change_id, order, (&current.order, (None, amount)));
        let Some((mut notes, is_first)) = noted.await? else {
            return Ok(applied());
        };
        match self.call(spec, request).await {
            Ok(_) => Ok(applied()),
            Err(error) if may_have_happened(&error) => Ok(Fate::Unknown),
            Err(error) => {
                if is_first {
                    notes.forget(change_id);
                    self.note_refunds_after(order, &notes).await;
                }
                answered_with(error)
            }
        }
    }

    /// Whether an answer has arrived: the case waits for it no more. Of money that is not enough,
    /// as a case ends in other ways too: it must be in the order, as for [`Self::is_refunded`].
    pub(super) async fn is_answered(
        &self,
        order: &OrderRef,
        answered: Answered<'_>,
        asked: (ChangeId, DateTime<Utc>),
        claimed: &mut HashSet<String>,
    ) -> Result<Fate> {
        let standing = self.case_standing(order, answered).await?;
        if let CaseAnswer::Refund { amount } = answered.answer {
            // eBay may give money back a while before it closes what the money is about.
            let (_, since) = asked;
            let given = self.given_back(order, (None, *amount), asked, claimed);
            if let Some(fate) = given.await? {
                return Ok(fate);
            }
            let open = standing.waits == Some(true);
            return Ok(match open || standing.escalated {
                true => self.not_there_yet(since),
                false => Fate::Unknown,
            });
        }
        Ok(match standing.waits {
            Some(false) => applied(),
            Some(true) => not_done(),
            None => Fate::Unknown,
        })
    }

    /// The call; none where eBay does not tell the sum that the seller was told.
    fn answer_request(
        &self,
        order: &OrderRef,
        answered: Answered<'_>,
        standing: &Standing,
    ) -> Result<Option<(&'static CallSpec, Request<Bytes>)>> {
        let (api, site) = (self.api(), self.site_of(order));
        let (kind, id) = (answered.kind, answered.id);
        let revision = standing.dispute.revision.unwrap_or_default();
        if let CaseAnswer::Refund { amount } = answered.answer
            && (amount.is_none() || *amount != standing.refund)
        {
            return Ok(None);
        }
        Ok(Some(match (kind, answered.answer) {
            (CaseKind::Return, CaseAnswer::Approve) => {
                (&DECIDE_RETURN, request::approve_return(api, site, id)?)
            }
            (CaseKind::Return, CaseAnswer::Decline { comment }) => {
                let request = request::decline_return(api, site, id, comment.as_deref())?;
                (&DECIDE_RETURN, request)
            }
            (CaseKind::Return, CaseAnswer::MarkReceived) => {
                (&RETURN_RECEIVED, request::return_received(api, site, id)?)
            }
            (CaseKind::Return, CaseAnswer::Refund { .. }) => {
                let Some(total) = standing.refund else {
                    return Ok(None);
                };
                let whole = [(PURCHASE_PRICE.to_owned(), total)];
                let parts = match Money::sum(standing.parts.iter().map(|(_, part)| *part)) {
                    Ok(Some(sum)) if sum == total => standing.parts.as_slice(),
                    _ => whole.as_slice(),
                };
                let request = request::refund_return(api, site, id, (total, parts))?;
                (&REFUND_RETURN, request)
            }
            (
                CaseKind::Inquiry,
                CaseAnswer::ProvideShipment {
                    carrier,
                    tracking,
                    shipped_at,
                },
            ) => {
                let shipped = (carrier.as_str(), tracking.as_str(), *shipped_at);
                let request = request::provide_shipment(api, site, id, shipped)?;
                (&PROVIDE_SHIPMENT, request)
            }
            (CaseKind::Inquiry, CaseAnswer::Refund { .. }) => {
                (&REFUND_INQUIRY, request::refund_inquiry(api, site, id)?)
            }
            (CaseKind::Case, CaseAnswer::Refund { .. }) => {
                (&REFUND_CASE, request::refund_case(api, site, id)?)
            }
            (CaseKind::Dispute, answer) => self.dispute_request(order, (id, revision), answer)?,
            _ => return Err(Error::new(ErrorKind::Unsupported, "answer_case")),
        }))
    }

    /// The answer to a dispute at a revision of it.
    fn dispute_request(
        &self,
        order: &OrderRef,
        (id, revision): (&str, i64),
        answer: &CaseAnswer,
    ) -> Result<(&'static CallSpec, Request<Bytes>)> {
        let (apiz, site) = (&self.config.hosts.apiz, self.site_of(order));
        match answer {
            CaseAnswer::Accept => {
                let request = request::accept_dispute(apiz, site, id, (revision, None))?;
                Ok((&ACCEPT_DISPUTE, request))
            }
            CaseAnswer::AcceptWithAddress { return_to } => {
                let with = (revision, Some(return_to));
                let request = request::accept_dispute(apiz, site, id, with)?;
                Ok((&ACCEPT_DISPUTE, request))
            }
            CaseAnswer::Contest {
                note, return_to, ..
            } => {
                let with = (revision, note.as_deref(), return_to.as_ref());
                let request = request::contest_dispute(apiz, site, id, with)?;
                Ok((&CONTEST_DISPUTE, request))
            }
            _ => Err(Error::new(ErrorKind::Unsupported, "answer_case")),
        }
    }

    async fn case_standing(&self, order: &OrderRef, answered: Answered<'_>) -> Result<Standing> {
        let (api, site, id) = (self.api(), self.site_of(order), answered.id);
        Ok(match answered.kind {
            CaseKind::Return => {
                let request = request::get_return(api, site, id)?;
                of_return(&self.told(&GET_RETURN, request).await?, answered.answer)
            }
            CaseKind::Inquiry => {
                let request = request::get_inquiry(api, site, id)?;
                of_claim(&self.told(&GET_INQUIRY, request).await?, answered.answer)
            }
            CaseKind::Case => {
                let request = request::get_case(api, site, id)?;
                of_claim(&self.told(&GET_CASE, request).await?, answered.answer)
            }
            CaseKind::Dispute => {
                let request = request::get_dispute(&self.config.hosts.apiz, site, id)?;
                of_dispute(self.told(&GET_DISPUTE, request).await?, answered.answer)
            }
            // A wish to cancel is answered at its order.
            CaseKind::Cancellation => {
                return Err(Error::new(ErrorKind::Unsupported, "answer_case"));
            }
        })
    }

    pub(super) async fn told<T: DeserializeOwned>(
        &self,
        spec: &'static CallSpec,
        request: Request<Bytes>,
    ) -> Result<T> {
        let answer = self.call(spec, request).await?;
        answer.json(spec.operation)
    }
}

fn of_return(told: &ReturnDetail, answer: &CaseAnswer) -> Standing {
    let wanted = match answer {
        CaseAnswer::Approve => "SELLER_APPROVE_REQUEST",
        CaseAnswer::Decline { .. } => "SELLER_DECLINE_REQUEST",
        CaseAnswer::MarkReceived => "SELLER_MARK_AS_RECEIVED",
        _ => "SELLER_ISSUE_REFUND",
    };
    let summary = &told.summary;
    let mut options = summary.seller_available_options.iter();
    let offered = options.any(|option| option.action_type.as_deref() == Some(wanted));
    let estimate = &told.detail.refund_info.estimated_refund_detail;
    let parts = estimate.itemized_refund_detail.iter().filter_map(|part| {
        let sum = map::money(&part.estimated_amount).filter(|sum| sum.minor > 0)?;
        Some((part.refund_fee_type.clone()?, sum))
    });
    Standing {
        waits: summary.state.is_some().then_some(offered),
        refund: map::money(&summary.seller_total_refund.estimated_refund_amount),
        parts: parts.collect(),
        ..Standing::default()
    }
}

/// Money can be given back until it is over; how goods were sent is said while it is the seller's
/// turn.
fn of_claim(told: &ClaimDetail, answer: &CaseAnswer) -> Standing {
    let waits = told.status.as_deref().map(|status| match answer {
        CaseAnswer::ProvideShipment { tracking, .. } => {
            let shipped = &told.inquiry_history_details.shipment_tracking_details;
            let number = shipped.tracking_number.as_deref().map(map::tracking);
            let is_told = number.is_some_and(|number| number == map::tracking(tracking));
            !is_told && map::waits_for_seller(status)
        }
        _ => !map::is_over(status),
    });
    Standing {
        waits,
        escalated: told.status.as_deref() == Some(ESCALATED),
        refund: map::money(&told.claim_amount),
        ..Standing::default()
    }
}

fn of_dispute(told: Dispute, answer: &CaseAnswer) -> Standing {
    let status = told.payment_dispute_status.as_deref();
    let wanted = match answer {
        CaseAnswer::Contest { .. } => "CONTEST",
        _ => "ACCEPT",
    };
    let mut choices = told.available_choices.iter();
    let can = told.available_choices.is_empty() || choices.any(|choice| choice == wanted);
    let open = told.seller_response.is_none() && can;
    Standing {
        waits: status.map(|status| open && status == "ACTION_NEEDED"),
        dispute: told,
        ..Standing::default()
    }
}

fn no(why: &str) -> Fate {
    refused(Problem::new(ProblemKind::CaseRefused).param("why", why))
}

/// What eBay's refusal of a call comes to. Parts of Post-Order come and go (ebay.md §8.5): what is
/// not there any more is answered on eBay's page.
pub(super) fn answered_with(error: Error) -> Result<Fate> {
    if lacks_signature(&error) {
        return Ok(refused(error.to_problem()));
    }
    let is_no = matches!(
        error.kind,
        ErrorKind::Refused | ErrorKind::NotFound | ErrorKind::Unsupported
    );
    let code = error.vendor.as_ref().map(|vendor| vendor.code.as_str());
    if !is_no || code == Some(CHANGED) {
        return Err(error);
    }
    let mut problem = Problem::new(ProblemKind::CaseRefused);
    if code == Some(NO_EVIDENCE) {
        problem = problem.param("why", "evidence");
    }
    problem.vendor = error.vendor;
    Ok(refused(problem))
}

#[cfg(test)]
mod tests {
    use barrow_model::CaseAnswer;
    use serde_json::{Value, json};

    use super::{of_claim, of_dispute, of_return};

    #[test]
    fn a_case_waits_for_an_answer_that_ebay_still_takes() {
        let refund = CaseAnswer::Refund { amount: None };
        let sent = |tracking: &str| CaseAnswer::ProvideShipment {
            carrier: "UPS".to_owned(),
            tracking: tracking.to_owned(),
            shipped_at: chrono::DateTime::UNIX_EPOCH,
        };
        let check = |told: Value, answer: &CaseAnswer, expected: Option<bool>| {
            let told_again = told.clone();
            let claim = serde_json::from_value(told).expect("a claim");
            assert_eq!(of_claim(&claim, answer).waits, expected, "{told_again}");
        };
        check(json!({"status": "OPEN"}), &refund, Some(true));
        check(
            json!({"status": "WAITING_BUYER_RESPONSE"}),
            &refund,
            Some(true),
        );
        check(json!({"status": "CLOSED"}), &refund, Some(false));
        check(
            json!({"status": "CLOSED_WITH_ESCALATION"}),
            &refund,
            Some(false),
        );
        check(json!({}), &refund, None);
        check(json!({"status": "OPEN"}), &sent("1Z 9"), Some(true));
        check(
            json!({"status": "WAITING_BUYER_RESPONSE"}),
            &sent("1Z9"),
            Some(false),
        );
        let history = json!({"shipmentTrackingDetails": {"trackingNumber": "1Z9"}});
        let told = json!({"status": "OPEN", "inquiryHistoryDetails": history});
        check(told.clone(), &sent("1Z-9"), Some(false));
        check(told, &sent("2Z9"), Some(true));
    }

    #[test]
    fn a_return_waits_for_what_it_offers() {
        let told = json!({"summary": {"state": "ITEM_DELIVERED",
            "sellerAvailableOptions": [{"actionType": "SELLER_MARK_AS_RECEIVED"}]}});
        let told = serde_json::from_value(told).expect("a return");
        let waits = |answer: CaseAnswer| of_return(&told, &answer).waits;
        assert_eq!(waits(CaseAnswer::MarkReceived), Some(true));
        assert_eq!(waits(CaseAnswer::Approve), Some(false));
        assert_eq!(waits(CaseAnswer::Refund { amount: None }), Some(false));
    }

    #[test]
    fn a_dispute_waits_until_the_seller_has_answered() {
        let check = |told: Value, expected: Option<bool>| {
            let told = serde_json::from_value(told).expect("a dispute");
            assert_eq!(of_dispute(told, &CaseAnswer::Accept).waits, expected);
        };
        check(json!({"paymentDisputeStatus": "ACTION_NEEDED"}), Some(true));
        check(json!({"paymentDisputeStatus": "OPEN"}), Some(false));
        let answered =
            json!({"paymentDisputeStatus": "ACTION_NEEDED", "sellerResponse": "CONTEST"});
        check(answered, Some(false));
        let other = json!({"paymentDisputeStatus": "ACTION_NEEDED",
            "availableChoices": ["CONTEST"]});
        check(other, Some(false));
        check(json!({}), None);
    }
}
