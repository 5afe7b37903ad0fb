//! What happens after a sale on eBay reaches the catalogue: cases with their deadlines, fees, and
//! the answer to a buyer who asks to cancel.

use std::time::Duration;

use barrow_engine::{PullOptions, PushOptions, ShipOrder};
use barrow_model::{CaseKind, CaseState, OrderRowId, ProblemKind, Site};
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
    let wanted = OrderRequestLine {
        sku: sku(0).to_string(),
        quantity: 2,
    };
    rig.marketplaces
        .place_order("ebay", &[wanted])
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
    let parcel = ShipOrder {
        carrier: "UPS".to_owned(),
        service: None,
        tracking: "1Z999AA10123456784".to_owned(),
        tracking_url: None,
        shipped_at: None,
        lines: Vec::new(),
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
