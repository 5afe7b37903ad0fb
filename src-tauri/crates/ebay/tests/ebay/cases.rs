//! Cases after a sale, as eBay's searches tell of them.

use barrow_market::ErrorKind;
use barrow_model::{CaseAct, CaseKind, CaseState, ProblemKind};
use serde_json::{Value, json};

use crate::requests::usd;
use crate::script::{Reply, Script, answer, connect, ok};

async fn read(kind: CaseKind, replies: Vec<Reply>) -> (Vec<String>, barrow_market::CasePage) {
    let script = Script::new(replies);
    let adapter = connect(&script);
    let page = adapter.cases().unwrap().read(kind, 0).await.unwrap();
    (script.lines(), page)
}

async fn refused(kind: CaseKind, reply: Reply) -> barrow_market::Error {
    let adapter = connect(&Script::new([reply]));
    adapter.cases().unwrap().read(kind, 0).await.unwrap_err()
}

fn seller() -> Reply {
    ok(json!({"userId": "abc", "username": "the-shop"}))
}

fn a_return(extra: Value) -> Value {
    let mut body = json!({
        "returnId": "5001", "orderId": "13-14786-65872", "state": "RETURN_REQUESTED",
        "status": "WAITING_FOR_SELLER_INFO", "buyerLoginName": "anna",
        "creationInfo": {"item": {"itemId": "1100", "transactionId": "10"},
            "reason": "NOT_AS_DESCRIBED", "comments": {"content": "It smells."},
            "creationDate": {"value": "2026-11-20T08:00:00.000Z"}},
        "sellerTotalRefund": {"estimatedRefundAmount": {"value": 20.5, "currency": "USD"}},
        "sellerResponseDue": {"activityDue": "SELLER_APPROVE_REQUEST",
            "respondByDate": {"value": "2026-11-23T08:00:00.000Z"}},
        "sellerAvailableOptions": [{"actionType": "SELLER_ISSUE_REFUND"},
            {"actionType": "SELLER_APPROVE_REQUEST"}, {"actionType": "SELLER_SEND_MESSAGE"}],
    });
    let extra = extra.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(extra);
    body
}

#[tokio::test]
async fn a_return_has_its_deadline_its_amount_and_what_it_offers() {
    let body = json!({"members": [a_return(json!({}))], "total": 1});
    let (lines, page) = read(CaseKind::Return, vec![ok(body)]).await;
    assert_eq!(
        lines,
        ["GET /post-order/v2/return/search?role=SELLER&return_state=ALL_OPEN&limit=200"]
    );
    assert_eq!((page.records, page.unreadable, page.total), (1, 0, Some(1)));
    let case = &page.cases[0];
    assert_eq!(
        (case.kind, case.case_id.as_str()),
        (CaseKind::Return, "5001")
    );
    assert_eq!(case.order_id.as_deref(), Some("13-14786-65872"));
    assert_eq!(case.state, CaseState::WaitsForSeller);
    assert_eq!(case.amount, Some(usd(2_050)));
    assert_eq!(case.reason.as_deref(), Some("NOT_AS_DESCRIBED"));
    assert_eq!(
        case.respond_by,
        Some("2026-11-23T08:00:00Z".parse().unwrap())
    );
    assert_eq!(case.offers, [CaseAct::Approve, CaseAct::Refund]);
    let page = "https://www.ebay.com/mesh/ord/details?orderid=13-14786-65872";
    assert_eq!(case.page.as_deref(), Some(page));
    let told = format!("{case:?}");
    assert!(!told.contains("anna") && !told.contains("smells"), "{told}");
}

#[tokio::test]
async fn whose_turn_a_return_is_follows_from_what_is_due() {
    let check = |extra: Value, expected: CaseState| async move {
        let body = json!({"members": [a_return(extra.clone())], "total": 1});
        let (_, page) = read(CaseKind::Return, vec![ok(body)]).await;
        let case = &page.cases[0];
        assert_eq!(case.state, expected, "{extra}");
        let his = expected == CaseState::WaitsForSeller;
        assert_eq!(case.respond_by.is_some(), his, "{extra}");
    };
    check(json!({}), CaseState::WaitsForSeller).await;
    let buyer = json!({"activityDue": "BUYER_PROVIDE_TRACKING_INFO"});
    let his = json!({"sellerResponseDue": null, "buyerResponseDue": buyer});
    check(his, CaseState::WaitsForBuyer).await;
    check(json!({"sellerResponseDue": null}), CaseState::Open).await;
    check(
        json!({"status": "ESCALATED"}),
        CaseState::WaitsForMarketplace,
    )
    .await;
    check(json!({"state": "CLOSED"}), CaseState::Closed).await;
}

#[tokio::test]
async fn what_the_seller_bought_himself_is_no_case_of_his() {
    let claim = |id: u64, seller: &str, status: &str| {
        json!({"inquiryId": id, "itemId": 1100, "transactionId": 10, "seller": seller,
            "inquiryStatusEnum": status, "claimAmount": {"value": 9, "currency": "USD"},
            "creationDate": {"value": "2026-11-20T08:00:00.000Z"},
            "respondByDate": {"value": "2026-11-23T08:00:00.000Z"}})
    };
    let members = [
        claim(1, "the-shop", "WAITING_SELLER_RESPONSE"),
        claim(2, "somebody", "OPEN"),
        claim(3, "ABC", "CLOSED_WITH_ESCALATION"),
    ];
    let body = json!({"members": members, "totalNumberOfInquiries": 3});
    let (lines, page) = read(CaseKind::Inquiry, vec![ok(body), seller()]).await;
    assert!(lines[0].starts_with("GET /post-order/v2/inquiry/search?inquiry_creation_date_range_"));
    assert_eq!(lines[1], "GET /commerce/identity/v1/user/");
    let found: Vec<_> = page
        .cases
        .iter()
        .map(|case| (case.case_id.as_str(), case.state))
        .collect();
    let expected = [("1", CaseState::WaitsForSeller), ("3", CaseState::Closed)];
    assert_eq!(found, expected);
    assert_eq!(
        page.cases[0].offers,
        [CaseAct::Refund, CaseAct::ProvideShipment]
    );
    assert_eq!(page.cases[0].line_id.as_deref(), Some("10"));
    assert!(page.cases[1].offers.is_empty());
    // Without the permission to ask who he is, one too many is told.
    let body = json!({"members": members, "totalNumberOfInquiries": 3});
    let forbidden = answer(403, json!({"errors": [{"errorId": 1100}]}));
    let (_, page) = read(CaseKind::Inquiry, vec![ok(body), forbidden]).await;
    assert_eq!(page.cases.len(), 3);
}

#[tokio::test]
async fn of_cancellations_only_those_count_that_buyers_ask_for() {
    let told = |id: &str, who: &str, state: &str| {
        json!({"cancelId": id, "legacyOrderId": "13-1", "requestorType": who,
            "cancelState": state, "cancelStatus": "CANCEL_REQUESTED",
            "sellerResponseDueDate": {"value": "2026-11-23T08:00:00.000Z"}})
    };
    let rows = [
        told("1", "BUYER", "APPROVAL_PENDING"),
        told("2", "SELLER", "APPROVAL_PENDING"),
        told("3", "BUYER", "CLOSED"),
    ];
    let body = json!({"cancellations": rows, "total": 3});
    let (_, page) = read(CaseKind::Cancellation, vec![ok(body)]).await;
    let found: Vec<_> = page
        .cases
        .iter()
        .map(|case| (case.case_id.as_str(), case.state, case.offers.len()))
        .collect();
    let expected = [
        ("1", CaseState::WaitsForSeller, 2),
        ("3", CaseState::Closed, 0),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn disputes_are_asked_for_by_state_and_need_a_permission() {
    let row = json!({"paymentDisputeId": "700", "orderId": "13-1", "reason": "ITEM_NOT_RECEIVED",
        "amount": {"value": "12.0", "currency": "USD"}, "openDate": "2026-11-20T08:00:00.000Z",
        "respondByDate": "2026-11-25T08:00:00.000Z", "paymentDisputeStatus": "ACTION_NEEDED",
        "buyerUsername": "anna"});
    let body = json!({"paymentDisputeSummaries": [row], "total": 1});
    let (lines, page) = read(CaseKind::Dispute, vec![ok(body)]).await;
    assert_eq!(
        lines,
        [
            "GET /sell/fulfillment/v1/payment_dispute_summary?payment_dispute_status=OPEN\
          &payment_dispute_status=ACTION_NEEDED&limit=200"
        ]
    );
    let case = &page.cases[0];
    assert_eq!(
        (case.state, case.amount),
        (CaseState::WaitsForSeller, Some(usd(1_200)))
    );
    assert_eq!(case.offers, [CaseAct::Accept, CaseAct::Contest]);
    let forbidden = answer(403, json!({"errors": [{"errorId": 1100}]}));
    let problem = refused(CaseKind::Dispute, forbidden).await.to_problem();
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    assert_eq!(problem.params["permission"], "sell.payment.dispute");
}

#[tokio::test]
async fn a_source_that_is_missing_is_told_and_no_page_is_taken_for_an_empty_one() {
    for status in [404, 405, 410] {
        let error = refused(CaseKind::Return, answer(status, json!({}))).await;
        assert_eq!(error.kind, ErrorKind::Unsupported, "{status}");
    }
    let error = refused(CaseKind::Case, ok(json!({"unexpected": []}))).await;
    assert_eq!(error.kind, ErrorKind::Unreadable);
    let none = json!({"members": [], "totalNumberOfCases": 0});
    let (_, page) = read(CaseKind::Case, vec![ok(none)]).await;
    assert_eq!((page.cases.len(), page.total), (0, Some(0)));
    // One that cannot be read stops no other.
    let rows = json!({"members": [{"state": 7}, a_return(json!({}))], "total": 2});
    let (_, page) = read(CaseKind::Return, vec![ok(rows)]).await;
    assert_eq!((page.cases.len(), page.unreadable, page.records), (1, 1, 2));
}
