//! What happens after a sale on eBay reaches the catalogue: cases with their deadlines, fees, and
//! the answer to a buyer who asks to cancel.

use std::sync::Arc;
use std::time::Duration;

use barrow_engine::{NoFaults, PullOptions, PushOptions, RefundOrder, ShipOrder};
use barrow_model::{
    CancelReason, CaseAct, CaseAnswer, CaseKind, CaseState, Evidence, EvidenceKind, Money,
    OrderLineQuantity, OrderRowId, ProblemKind, RefundReason, ReturnAddress, Site,
};
use barrow_practice::{Fault, OrderRequestLine};
use barrow_store::{CaseQuery, OrderFilter, ProblemQuery, StoredCase};
use barrow_tests::goods::{Goods, import, sku};
use barrow_tests::rig::{Rig, RigOptions};

const OPEN: CaseQuery = CaseQuery {
    account_id: None,
    closed: false,
    limit: 10,
};

async fn push(rig: &Rig) {
    let options = PushOptions {
        accounts: Vec::new(),
        yes: true,
        patience: Duration::from_secs(86_400),
    };
    let summary = rig.engine.push(&options).await.expect("a push ends");
    assert_eq!(summary.refused_count, 0, "{:?}", summary.refused);
}

async fn pull(rig: &Rig) {
    let summary = rig.engine.pull(&PullOptions::default()).await;
    let summary = summary.expect("a pull ends");
    assert!(summary.accounts.iter().all(|account| account.is_complete()));
}

fn fault(rig: &Rig, name: &str, times: u32) {
    let fault = Fault {
        name: name.to_owned(),
        times,
    };
    rig.marketplaces.set_fault("ebay", fault).expect("a fault");
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// A shop on practice eBay with one order of two units, whose buyer is as `buyer` says.
async fn shop(buyer: Option<&str>) -> (Rig, OrderRowId) {
    let wanted = OrderRequestLine {
        sku: sku(0).to_string(),
        quantity: 2,
    };
    shop_with(buyer, &[wanted]).await
}

async fn shop_with(buyer: Option<&str>, wanted: &[OrderRequestLine]) -> (Rig, OrderRowId) {
    let rig = Rig::open(RigOptions::quiet(11), &["ebay"]);
    import(
        &rig.store,
        Goods {
            count: 2,
            price_cents: 2_000,
            quantity: 10,
        },
    );
    let (site, account) = (Site("EBAY_US".to_owned()), rig.accounts["ebay"]);
    rig.store
        .write(|tx| tx.add_listings_of_all(account, &site, ""))
        .expect("listings are added");
    push(&rig).await;
    if let Some(buyer) = buyer {
        fault(&rig, buyer, 1);
    }
    rig.marketplaces
        .place_order("ebay", wanted)
        .expect("it is for sale");
    pass(60).await;
    pull(&rig).await;
    let page = rig
        .store
        .read(|db| db.orders_page(&OrderFilter::default(), None, 10));
    let id = page.expect("orders can be read").orders[0].id;
    (rig, id)
}

async fn ship(rig: &Rig, id: OrderRowId) {
    ship_lines(rig, id, Vec::new()).await;
}

async fn ship_lines(rig: &Rig, id: OrderRowId, lines: Vec<OrderLineQuantity>) {
    let parcel = ShipOrder {
        carrier: "UPS".to_owned(),
        service: None,
        tracking: "1Z999AA10123456784".to_owned(),
        tracking_url: None,
        shipped_at: None,
        lines,
        untracked: false,
        unpaid: false,
    };
    let queued = rig.engine.ship(id, &parcel).await.expect("asked");
    queued.expect("queued");
    push(rig).await;
}

fn open_cases(rig: &Rig) -> Vec<StoredCase> {
    rig.store.read(|db| db.cases(&OPEN)).expect("cases")
}

#[tokio::test(start_paused = true)]
async fn a_case_comes_with_its_order_and_deadline_and_closes_when_it_is_over() {
    let (rig, id) = shop(Some("buyer_misses")).await;
    assert!(open_cases(&rig).is_empty());
    ship(&rig, id).await;
    pass(600).await;
    pull(&rig).await;
    pull(&rig).await;
    let cases = open_cases(&rig);
    assert_eq!(cases.len(), 1, "read twice, there once: {cases:?}");
    let case = &cases[0].case;
    assert_eq!(
        (case.kind, case.state),
        (CaseKind::Inquiry, CaseState::WaitsForSeller)
    );
    // Its search names the sale alone.
    assert_eq!(cases[0].order_row_id, Some(id));
    let of_order = rig.store.read(|db| db.order_cases(id)).expect("cases");
    assert_eq!(of_order, cases);
    let waiting = rig.store.read(|db| db.cases_waiting()).expect("cases");
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].count, waiting[0].respond_by),
        (1, case.respond_by)
    );
    // Nobody answers in time: eBay decides.
    pass(4 * 24 * 3_600).await;
    pull(&rig).await;
    let kinds: Vec<_> = open_cases(&rig).iter().map(|one| one.case.kind).collect();
    assert_eq!(kinds, [CaseKind::Case]);
    let closed = CaseQuery {
        closed: true,
        ..OPEN
    };
    let closed = rig.store.read(|db| db.cases(&closed)).expect("cases");
    assert_eq!(closed.len(), 1);
    assert!(closed[0].closed_at.is_some() && closed[0].case.respond_by.is_none());
}

#[tokio::test(start_paused = true)]
async fn what_a_search_gives_no_more_is_closed_and_a_search_that_fails_closes_nothing() {
    let (rig, id) = shop(Some("buyer_disputes")).await;
    ship(&rig, id).await;
    pass(600).await;
    pull(&rig).await;
    assert_eq!(open_cases(&rig).len(), 1);
    for name in ["500", "html", "wrong_json", "cut_body", "timeout"] {
        fault(&rig, &format!("{name}@getPaymentDisputeSummaries"), 9);
        pull(&rig).await;
        fault(&rig, &format!("{name}@getPaymentDisputeSummaries"), 0);
        assert_eq!(open_cases(&rig).len(), 1, "{name}");
    }
    // The bank decides, and open disputes are searched for no more.
    pass(11 * 24 * 3_600).await;
    fault(&rig, "500@getPaymentDisputeSummaries", 9);
    pull(&rig).await;
    fault(&rig, "500@getPaymentDisputeSummaries", 0);
    assert_eq!(open_cases(&rig).len(), 1, "nobody knows yet");
    pull(&rig).await;
    assert_eq!(open_cases(&rig), Vec::new());
    // None of it is left for a person: it passes by itself.
    let problems = rig.store.read(|db| {
        db.problems(&ProblemQuery {
            account_id: None,
            kind: None,
            after: 0,
            limit: 10,
        })
    });
    assert_eq!(problems.expect("problems"), Vec::new());
}

#[tokio::test(start_paused = true)]
async fn fees_come_to_the_lines_of_their_order_once() {
    let (rig, id) = shop(None).await;
    pull(&rig).await;
    let fees = rig.store.read(|db| db.order_fees(id)).expect("fees");
    let order = rig.store.read(|db| db.order(id)).expect("stored").order;
    let kinds: Vec<_> = fees.iter().map(|one| one.fee.kind.as_str()).collect();
    assert!(kinds.contains(&"FINAL_VALUE_FEE"), "{kinds:?}");
    assert_eq!(
        fees[0].fee.line_id.as_deref(),
        Some(order.lines[0].line_id.as_str())
    );
    pass(3_600).await;
    pull(&rig).await;
    let again = rig.store.read(|db| db.order_fees(id)).expect("fees");
    let of_sale = |fees: &[barrow_store::StoredFee]| {
        let of_line = fees.iter().filter(|one| one.fee.line_id.is_some());
        of_line.map(|one| one.fee.amount.minor).sum::<i64>()
    };
    assert_eq!(of_sale(&fees), of_sale(&again), "read again, counted once");
    assert!(of_sale(&fees) > 0);
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_cancel_is_rejected_once_and_the_order_goes_on() {
    let (rig, id) = shop(Some("buyer_regrets")).await;
    let order = rig.store.read(|db| db.order(id)).expect("stored").order;
    assert!(order.cancel_requested);
    let waiting = rig.store.read(|db| db.cases_waiting()).expect("cases");
    assert_eq!(waiting, Vec::new(), "the order itself tells of it");
    assert_eq!(open_cases(&rig)[0].case.kind, CaseKind::Cancellation);
    fault(&rig, "lost_answer@rejectCancellationRequest", 1);
    let queued = rig.engine.reject_cancel(id).await.expect("asked");
    queued.expect("queued");
    let again = rig.engine.reject_cancel(id).await.expect("asked");
    let again = again.map_err(|problem| problem.kind);
    assert_eq!(again, Err(ProblemKind::CancelRefused));
    push(&rig).await;
    pass(60).await;
    push(&rig).await;
    pull(&rig).await;
    let order = rig.store.read(|db| db.order(id)).expect("stored").order;
    assert!(!order.cancel_requested && order.lines[0].open() == 2);
    assert!(open_cases(&rig).is_empty());
    let held = rig.marketplaces.held().expect("kept in memory");
    assert_eq!(held["ebay"].calls["rejectCancellationRequest"], 1);
    ship(&rig, id).await;
}

/// A case of this kind that waits, with its order, as the buyer of an order that was shipped brings
/// it up.
async fn waiting(buyer: &str) -> (Rig, OrderRowId, StoredCase) {
    let (rig, id) = shop(Some(buyer)).await;
    ship(&rig, id).await;
    pass(600).await;
    pull(&rig).await;
    let case = open_cases(&rig).remove(0);
    (rig, id, case)
}

fn refund_of(case: &StoredCase) -> CaseAnswer {
    CaseAnswer::Refund {
        amount: case.case.amount,
    }
}

fn refunds(rig: &Rig, id: OrderRowId) -> Vec<Money> {
    let order = rig.store.read(|db| db.order(id)).expect("stored").order;
    order.refunds.iter().map(|one| one.amount).collect()
}

const REFUSED: Result<(), ProblemKind> = Err(ProblemKind::RefundRefused);

/// Whether a sum may go back without the case.
async fn refund_beside(rig: &Rig, id: OrderRowId, amount: Money) -> Result<(), ProblemKind> {
    let beside = RefundOrder {
        line_id: None,
        amount: Some(amount),
        reason: RefundReason::NotReceived,
        comment: None,
    };
    let queued = rig.engine.refund(id, &beside).await.expect("asked");
    queued.map(|_| ()).map_err(|problem| problem.kind)
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_case_is_paid_is_not_cancelled_beside() {
    let wanted = [(0, 1), (1, 1)].map(|(place, quantity)| OrderRequestLine {
        sku: sku(place).to_string(),
        quantity,
    });
    let (rig, id) = shop_with(Some("buyer_misses"), &wanted).await;
    let order = rig.store.read(|db| db.order(id)).expect("stored").order;
    let first = OrderLineQuantity {
        line_id: order.lines[0].line_id.clone(),
        quantity: 1,
    };
    ship_lines(&rig, id, vec![first]).await;
    pass(600).await;
    pull(&rig).await;
    let case = open_cases(&rig).remove(0);
    let open = rig.engine.cancellable(id, &[]).await.expect("asked");
    assert_eq!(open.expect("a line is open").len(), 1);
    let queued = rig.engine.answer_case(&case, refund_of(&case)).await;
    queued.expect("asked").expect("queued");
    let cancelled = async || {
        let beside = rig.engine.cancel(id, &[], CancelReason::OutOfStock).await;
        beside.expect("asked").map_err(|problem| problem.kind)
    };
    assert_eq!(cancelled().await, Err(ProblemKind::CancelRefused));
    push(&rig).await;
    assert_eq!(
        refunds(&rig, id),
        [],
        "it is given back and has not been read"
    );
    assert_eq!(cancelled().await, Err(ProblemKind::CancelRefused));
    pass(60).await;
    pull(&rig).await;
    assert_eq!(refunds(&rig, id).len(), 1);
    cancelled().await.expect("what is open can be cancelled");
}

fn calls(rig: &Rig, operation: &str) -> u64 {
    let held = rig.marketplaces.held().expect("kept in memory");
    held["ebay"].calls.get(operation).copied().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn money_of_a_case_is_given_back_once_though_nobody_heard_the_answer() {
    for lost in ["lost_answer", "timeout", "500"] {
        let (rig, id, case) = waiting("buyer_misses").await;
        let amount = case.case.amount.expect("a sum is claimed");
        let queued = rig.engine.answer_case(&case, refund_of(&case)).await;
        queued.expect("asked").expect("queued");
        let again = rig.engine.answer_case(&case, refund_of(&case)).await;
        let again = again.expect("asked").map_err(|problem| problem.kind);
        assert_eq!(again, Err(ProblemKind::CaseRefused), "one is on its way");
        // The same money does not go back in two ways.
        assert_eq!(refund_beside(&rig, id, amount).await, REFUSED);
        fault(&rig, &format!("{lost}@issueInquiryRefund"), 1);
        push(&rig).await;
        pass(60).await;
        push(&rig).await;
        let answered = rig.store.read(|db| db.case(case.id)).expect("read");
        let answered = answered.expect("it is kept").case;
        assert_ne!(answered.state, CaseState::WaitsForSeller);
        assert_eq!(answered.offers, [], "{lost}");
        assert_eq!(refunds(&rig, id), [], "it has not been read");
        assert_eq!(refund_beside(&rig, id, amount).await, REFUSED, "{lost}");
        pull(&rig).await;
        assert_eq!(open_cases(&rig), Vec::new());
        assert_eq!(refunds(&rig, id), [amount], "{lost}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_waits_when_the_program_ends_is_given_by_the_next_one_once() {
    let (mut rig, id, case) = waiting("buyer_misses").await;
    let queued = rig.engine.answer_case(&case, refund_of(&case)).await;
    queued.expect("asked").expect("queued");
    rig.restart(Arc::new(NoFaults));
    // It was sent, and nobody was there for what came back.
    fault(&rig, "lost_answer@issueInquiryRefund", 1);
    push(&rig).await;
    rig.restart(Arc::new(NoFaults));
    pass(60).await;
    push(&rig).await;
    push(&rig).await;
    pull(&rig).await;
    assert_eq!(calls(&rig, "issueInquiryRefund"), 1);
    assert_eq!(refunds(&rig, id).len(), 1);
    assert_eq!(open_cases(&rig), Vec::new());
}

#[tokio::test(start_paused = true)]
async fn another_sum_than_the_seller_was_told_is_not_given() {
    let (rig, id, case) = waiting("buyer_misses").await;
    let told = case.case.amount.expect("a sum is claimed");
    let less = Money::new(told.minor - 100, told.currency);
    // The case has become another since the seller saw it, or he saw no sum.
    for amount in [Some(less), None] {
        let answer = CaseAnswer::Refund { amount };
        let refused = rig.engine.answer_case(&case, answer).await.expect("asked");
        let refused = refused.expect_err("not what it is about");
        let why = (refused.kind, refused.params["why"].as_str());
        assert_eq!(why, (ProblemKind::CaseRefused, "amount"));
    }
    // eBay alone knows of another sum.
    let mut old = case.case.clone();
    old.amount = Some(less);
    let stored = rig.store.write(|tx| tx.put_case(case.account_id, &old));
    stored.expect("it is kept");
    let answer = CaseAnswer::Refund { amount: Some(less) };
    let queued = rig.engine.answer_case(&case, answer).await;
    queued.expect("asked").expect("queued");
    let options = PushOptions {
        accounts: Vec::new(),
        yes: true,
        patience: Duration::from_secs(86_400),
    };
    let summary = rig.engine.push(&options).await.expect("a push ends");
    let problems = summary.refused.iter();
    let problems: Vec<_> = problems
        .map(|one| (one.problem.kind, one.problem.params["why"].as_str()))
        .collect();
    assert_eq!(problems, [(ProblemKind::CaseRefused, "amount")]);
    pull(&rig).await;
    assert_eq!(refunds(&rig, id), []);
    // The case waits as before, and is answered with what it is.
    let case = open_cases(&rig).remove(0);
    let queued = rig.engine.answer_case(&case, refund_of(&case)).await;
    queued.expect("asked").expect("queued");
    push(&rig).await;
    pull(&rig).await;
    assert_eq!(refunds(&rig, id), [told]);
}

#[tokio::test(start_paused = true)]
async fn a_return_is_agreed_to_comes_back_and_is_paid_back() {
    let (rig, id, case) = waiting("buyer_returns").await;
    let steps = [
        (CaseAnswer::Approve, CaseState::WaitsForBuyer),
        (CaseAnswer::MarkReceived, CaseState::WaitsForSeller),
    ];
    let mut case = case;
    for (answer, after) in steps {
        assert!(case.case.offers.contains(&answer.act()), "{case:?}");
        let queued = rig.engine.answer_case(&case, answer).await;
        queued.expect("asked").expect("queued");
        push(&rig).await;
        pull(&rig).await;
        assert_eq!(open_cases(&rig)[0].case.state, after);
        pass(3_600).await;
        pull(&rig).await;
        case = open_cases(&rig).remove(0);
    }
    assert_eq!(refunds(&rig, id), []);
    // What the case does not offer any more is not asked for.
    let late = rig.engine.answer_case(&case, CaseAnswer::Approve).await;
    let late = late.expect("asked").map_err(|problem| problem.kind);
    assert_eq!(late, Err(ProblemKind::CaseRefused));
    let amount = case.case.amount.expect("a sum is told");
    let queued = rig.engine.answer_case(&case, refund_of(&case)).await;
    queued.expect("asked").expect("queued");
    push(&rig).await;
    pull(&rig).await;
    assert_eq!(refunds(&rig, id), [amount]);
    assert_eq!(open_cases(&rig), Vec::new());
}

#[tokio::test(start_paused = true)]
async fn a_dispute_that_changed_meanwhile_is_answered_as_it_is_now() {
    let (rig, _, case) = waiting("buyer_disputes").await;
    let contest = CaseAnswer::Contest {
        note: Some(" It was delivered. ".to_owned()),
        evidence: None,
        return_to: None,
    };
    let queued = rig.engine.answer_case(&case, contest).await;
    queued.expect("asked").expect("queued");
    fault(&rig, "500@contestPaymentDispute", 1);
    push(&rig).await;
    pass(60).await;
    push(&rig).await;
    pull(&rig).await;
    let case = open_cases(&rig).remove(0).case;
    assert_eq!(case.state, CaseState::WaitsForMarketplace);
    assert_eq!((case.offers, case.respond_by), (Vec::new(), None));
}

#[tokio::test(start_paused = true)]
async fn a_dispute_about_the_goods_is_contested_with_an_address() {
    let (rig, _, case) = waiting("buyer_disputes_goods").await;
    let offers = [
        CaseAct::Accept,
        CaseAct::AcceptWithAddress,
        CaseAct::ContestWithAddress,
    ];
    assert_eq!(case.case.offers, offers);
    let contest = |return_to: Option<ReturnAddress>| CaseAnswer::Contest {
        note: None,
        evidence: None,
        return_to,
    };
    let whole = ReturnAddress {
        name: "Ann Lee".to_owned(),
        line1: "1 Main St".to_owned(),
        city: "Reno".to_owned(),
        postal_code: "89501".to_owned(),
        country: "us".to_owned(),
        phone: "(775) 555-0100".to_owned(),
        ..ReturnAddress::default()
    };
    let partly = ReturnAddress {
        phone: " ".to_owned(),
        ..whole.clone()
    };
    for (return_to, why) in [(None, "not_offered"), (Some(partly), "return_address")] {
        let queued = rig.engine.answer_case(&case, contest(return_to)).await;
        let problem = queued.expect("asked").expect_err("it is not queued");
        assert_eq!(problem.params["why"], why);
    }
    let queued = rig.engine.answer_case(&case, contest(Some(whole))).await;
    queued.expect("asked").expect("queued");
    push(&rig).await;
    pull(&rig).await;
    let case = open_cases(&rig).remove(0).case;
    assert_eq!(case.state, CaseState::WaitsForMarketplace);
}

#[tokio::test(start_paused = true)]
async fn a_dispute_about_the_goods_is_accepted_and_the_goods_come_back() {
    let (rig, _, case) = waiting("buyer_disputes_goods").await;
    let accept = |city: &str| CaseAnswer::AcceptWithAddress {
        return_to: ReturnAddress {
            name: "Ann Lee".to_owned(),
            line1: "1 Main St".to_owned(),
            city: city.to_owned(),
            postal_code: "89501".to_owned(),
            country: "us".to_owned(),
            phone: "(775) 555-0100".to_owned(),
            ..ReturnAddress::default()
        },
    };
    let queued = rig.engine.answer_case(&case, accept("")).await;
    let problem = queued.expect("asked").expect_err("it is not queued");
    assert_eq!(problem.params["why"], "return_address");
    let queued = rig.engine.answer_case(&case, accept("Reno")).await;
    queued.expect("asked").expect("queued");
    push(&rig).await;
    pull(&rig).await;
    assert_eq!(open_cases(&rig).len(), 0, "it is over");
}

#[tokio::test(start_paused = true)]
async fn evidence_is_given_once_whatever_breaks_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("slip.jpg");
    std::fs::write(&file, b"\xff\xd8\xff\xe0").expect("the folder can be written");
    let file = file.to_str().expect("a path of text").to_owned();
    for (breaks, calls) in [
        ("500@uploadEvidenceFile", 1),
        // Nothing was added by the first.
        ("500@addEvidence", 2),
        ("lost_answer@addEvidence", 1),
        ("lost_answer@contestPaymentDispute", 1),
    ] {
        let (rig, _, case) = waiting("buyer_disputes").await;
        let contest = CaseAnswer::Contest {
            note: None,
            evidence: Some(Evidence {
                kind: EvidenceKind::Delivery,
                files: vec![file.clone()],
            }),
            return_to: None,
        };
        let queued = rig.engine.answer_case(&case, contest).await;
        queued.expect("asked").expect("queued");
        fault(&rig, breaks, 1);
        for _ in 0..3 {
            push(&rig).await;
            pass(3_600).await;
        }
        pull(&rig).await;
        let case = open_cases(&rig).remove(0).case;
        assert_eq!(case.state, CaseState::WaitsForMarketplace, "{breaks}");
        let held = rig.marketplaces.held().expect("it is kept in memory");
        let added = held["ebay"].calls["addEvidence"];
        assert_eq!(added, calls, "{breaks}");
    }
}
