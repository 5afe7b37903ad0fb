//! Cases after a sale, and what is taken of orders.

use std::time::Duration;

use barrow_market::Fate;
use barrow_model::{
    Action, ActionKind, Case, CaseAnswer, CaseKind, CaseState, Money, Order, ProblemKind,
};

use super::Suite;
use super::bench::Bench;
use super::deeds::{self, BROUGHT_UP};
use super::pulling::TOLD_WITHIN;

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
pub(super) async fn brought_up(bench: &Bench, fault: &str, number: u32) -> Order {
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
        // A case may name its order by the other number that it has.
        let numbers = [Some(&order.order_id), order.customer_order_id.as_ref()];
        let same_order = case.order_id.is_some() && numbers.contains(&case.order_id.as_ref());
        let same_line = case.line_id.as_deref() == Some(line.line_id.as_str());
        assert!(same_order || same_line, "{case:?}");
        // Nobody answers: it is the marketplace's then.
        bench.pass(Duration::from_secs(5 * 24 * 3_600));
        let waiting = read(&bench, kind).await;
        let waits = |case: &&Case| case.state == CaseState::WaitsForSeller;
        assert_eq!(waiting.iter().find(waits), None);
    }
}

/// Within this what was agreed to be sent back has come.
const SENT_BACK: Duration = Duration::from_secs(3_600);
/// Within this nobody has answered, and the marketplace steps in.
const STEPPED_IN: Duration = Duration::from_secs(4 * 24 * 3_600);

fn refused_as_case(fate: &Fate) {
    let Fate::Refused { problem, .. } = fate else {
        panic!("{fate:?}")
    };
    assert_eq!(problem.kind, ProblemKind::CaseRefused);
}

/// Another sum than the case is about is not given back, and neither is one that nobody named.
async fn refused_of_another_sum(bench: &Bench, order: &Order, case: &Case) {
    let about = case.amount.expect("what it is about is told");
    let less = Money::new(about.minor - 1, about.currency);
    for amount in [Some(less), None] {
        let action = Action::AnswerCase {
            kind: case.kind,
            case_id: case.case_id.clone(),
            answer: CaseAnswer::Refund { amount },
        };
        let change = deeds::of_order(bench, order, action);
        let lane = bench.lane(ActionKind::AnswerCase);
        let outcome = bench.settle(lane, vec![change]).await.remove(0);
        refused_as_case(&outcome.fate);
    }
    let refunds = bench.fetch(&order.order_id).await.refunds;
    assert_eq!(refunds, [], "nothing is given back");
}

/// Answers the only case of its kind that is open; it offers the answer before and not afterwards.
/// Returns whether it is open still.
pub(super) async fn answer(
    bench: &Bench,
    order: &Order,
    kind: CaseKind,
    given: CaseAnswer,
) -> bool {
    let open = |case: &Case| case.state != CaseState::Closed;
    let cases = read(bench, kind).await;
    let mut cases = cases.into_iter().filter(|case| open(case));
    let (Some(case), None) = (cases.next(), cases.next()) else {
        panic!("one open {kind:?}")
    };
    let act = given.act();
    let lane = bench.lane(ActionKind::AnswerCase);
    let given = match given {
        CaseAnswer::Refund { .. } => {
            refused_of_another_sum(bench, order, &case).await;
            CaseAnswer::Refund {
                amount: case.amount,
            }
        }
        given => given,
    };
    assert!(case.offers.contains(&act), "{act:?} of {case:?}");
    let action = Action::AnswerCase {
        kind,
        case_id: case.case_id.clone(),
        answer: given,
    };
    let change = deeds::of_order(bench, order, action.clone());
    assert!(bench.apply(lane, change).await.is_applied(), "{act:?}");
    let later = read(bench, kind).await;
    let mut later = later.into_iter().filter(|one| one.case_id == case.case_id);
    let later = later.next();
    let offers = later.as_ref().map(|case| case.offers.as_slice());
    assert!(!offers.unwrap_or_default().contains(&act), "{later:?}");
    // What is not offered any more is refused in words.
    let change = deeds::of_order(bench, order, action);
    let again = bench.settle(lane, vec![change]).await.remove(0);
    refused_as_case(&again.fate);
    later.as_ref().is_some_and(open)
}

/// Every answer that a kind of case offers is taken once; the case does not offer it any more, and
/// money that was given back is seen in its order.
pub async fn an_answered_case_waits_no_more(suite: &Suite) {
    let bench = suite.bench().await;
    if bench.lanes(ActionKind::AnswerCase).is_empty() {
        return;
    }
    let given = async |order: &Order| {
        let refunds = bench.fetch(&order.order_id).await.refunds;
        refunds.iter().map(|one| one.amount.minor).sum::<i64>()
    };
    let refund = || CaseAnswer::Refund { amount: None };
    let back = brought_up(&bench, "buyer_returns", 1).await;
    assert!(answer(&bench, &back, CaseKind::Return, CaseAnswer::Approve).await);
    bench.pass(SENT_BACK);
    assert!(answer(&bench, &back, CaseKind::Return, CaseAnswer::MarkReceived).await);
    assert_eq!(given(&back).await, 0);
    assert!(!answer(&bench, &back, CaseKind::Return, refund()).await);
    assert!(given(&back).await > 0);
    let kept = brought_up(&bench, "buyer_returns", 2).await;
    let comment = Some("It was worn.".to_owned());
    let no = CaseAnswer::Decline { comment };
    assert!(!answer(&bench, &kept, CaseKind::Return, no).await);
    let missed = brought_up(&bench, "buyer_misses", 3).await;
    let sent = CaseAnswer::ProvideShipment {
        carrier: "Royal Mail".to_owned(),
        tracking: "AB 123456789 GB".to_owned(),
        shipped_at: bench.now(),
    };
    assert!(answer(&bench, &missed, CaseKind::Inquiry, sent).await);
    assert!(!answer(&bench, &missed, CaseKind::Inquiry, refund()).await);
    assert!(given(&missed).await > 0);
    let decided = brought_up(&bench, "buyer_misses", 4).await;
    bench.pass(STEPPED_IN);
    assert!(!answer(&bench, &decided, CaseKind::Case, refund()).await);
    assert!(given(&decided).await > 0);
    let lost = brought_up(&bench, "buyer_disputes", 5).await;
    answer(&bench, &lost, CaseKind::Dispute, CaseAnswer::Accept).await;
    let fought = brought_up(&bench, "buyer_disputes", 6).await;
    let note = Some("It was delivered.".to_owned());
    answer(
        &bench,
        &fought,
        CaseKind::Dispute,
        CaseAnswer::Contest {
            note,
            evidence: None,
            return_to: None,
        },
    )
    .await;
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
