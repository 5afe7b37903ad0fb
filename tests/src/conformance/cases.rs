//! Cases after a sale, and what is taken of orders.

use std::time::Duration;

use barrow_model::{Action, ActionKind, Case, CaseKind, CaseState, Order};

use super::Suite;
use super::bench::Bench;
use super::deeds;
use super::pulling::TOLD_WITHIN;

/// Within this buyers bring up what they have to say.
const BROUGHT_UP: Duration = Duration::from_secs(900);

async fn read(bench: &Bench, kind: CaseKind) -> Vec<Case> {
    let role = bench.adapter.cases().expect("cases are read");
    let source = role.sources().iter().find(|source| source.kind == kind);
    let source = source.expect("the kind has a source");
    let (mut cases, mut skip) = (Vec::new(), 0);
    for _ in 0..source.pages_max {
        let page = role.read(kind, skip).await.expect("it is read");
        skip += page.records;
        cases.extend(page.cases);
        if page.records == 0 || page.total.is_none_or(|total| skip >= total) {
            break;
        }
    }
    cases
}

/// An order that has been shipped, whose buyer then brings something up.
async fn brought_up(bench: &Bench, fault: &str, number: u32) -> Order {
    let listings = bench.publish(&[number], 9).await;
    let id = bench.order(&[(&listings[0].sku, 1)]);
    bench.pass(TOLD_WITHIN);
    let order = bench.fetch(&id).await;
    bench.fault(fault, 1);
    let parcel = deeds::parcel(bench, &order, "1Z999AA10123456784");
    let shipped = deeds::of_order(bench, &order, Action::Ship(parcel));
    bench.apply(bench.lane(ActionKind::Ship), shipped).await;
    bench.pass(BROUGHT_UP);
    order
}

/// Reading a source to its end gives every case of its kind that is open, with its order's listing,
/// what it is about, and by when the seller must answer.
pub async fn cases_that_wait_are_given(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.adapter.cases().is_none() {
        return;
    }
    let kinds = [
        (CaseKind::Return, "buyer_returns"),
        (CaseKind::Inquiry, "buyer_misses"),
        (CaseKind::Dispute, "buyer_disputes"),
    ];
    for (number, (kind, fault)) in (1..).zip(kinds) {
        assert!(read(&bench, kind).await.is_empty(), "{kind:?}");
        let order = brought_up(&bench, fault, number).await;
        let cases = read(&bench, kind).await;
        let [case] = cases.as_slice() else {
            panic!("{kind:?}: {cases:?}")
        };
        assert_eq!((case.kind, case.state), (kind, CaseState::WaitsForSeller));
        assert!(
            case.respond_by.is_some() && case.amount.is_some(),
            "{case:?}"
        );
        let line = &order.lines[0];
        let same_order = case.order_id.as_deref() == Some(order.order_id.as_str());
        let same_line = case.line_id.as_deref() == Some(line.line_id.as_str());
        assert!(same_order || same_line, "{case:?}");
        // Nobody answers: it is the marketplace's then.
        bench.pass(Duration::from_secs(5 * 24 * 3_600));
        let waiting = read(&bench, kind).await;
        let waits = |case: &&Case| case.state == CaseState::WaitsForSeller;
        assert_eq!(waiting.iter().find(waits), None);
    }
}

/// No case holds a buyer's name or words.
pub async fn no_words_of_buyers(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.adapter.cases().is_none() {
        return;
    }
    let faults = ["buyer_returns", "buyer_misses", "buyer_disputes"];
    for (number, fault) in (1..).zip(faults) {
        let order = brought_up(&bench, fault, number).await;
        let buyer = order.buyer.clone().expect("the buyer is told");
        let words = [buyer.name, buyer.email, buyer.username];
        let words: Vec<String> = words.into_iter().flatten().collect();
        assert!(!words.is_empty(), "the order names its buyer");
        let mut told = 0;
        for kind in CaseKind::ALL {
            let cases = read(&bench, kind).await;
            told += cases.len();
            let said = format!("{cases:?}");
            assert!(!words.iter().any(|word| said.contains(word)), "{said}");
        }
        assert!(told > 0, "{fault} is told");
    }
}

/// From `start`, reading until `more` is false gives every booking since that takes something of
/// an order; a booking that is given again has the key that it had.
pub async fn fees_of_orders_are_given(suite: &Suite) {
    let bench = suite.bench().await;
    let Some(role) = bench.adapter.fees() else {
        return;
    };
    let listings = bench.publish(&[1], 900).await;
    let mut cursor = role.start(bench.now()).expect("a cursor");
    let ids = bench.order_many(&listings[0].sku, 3);
    bench.pass(TOLD_WITHIN);
    let mut keys = Vec::new();
    for round in 0..2 {
        let mut given = Vec::new();
        loop {
            let page = role.read(&cursor).await.expect("it is read");
            assert_eq!(page.unreadable, 0);
            given.extend(page.entries);
            cursor = page.next;
            if !page.more {
                break;
            }
        }
        for id in &ids {
            let mut of_order = given.iter().filter(|entry| entry.order_id == *id);
            assert!(
                of_order.any(|entry| entry.fees.iter().any(|fee| fee.amount.minor > 0)),
                "{id} in round {round}"
            );
        }
        let mut found: Vec<String> = given.into_iter().map(|entry| entry.entry).collect();
        found.sort();
        if round == 0 {
            keys = found;
        } else {
            assert_eq!(found, keys, "the same keys again");
        }
    }
}
