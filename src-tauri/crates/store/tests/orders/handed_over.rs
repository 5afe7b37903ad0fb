//! What becomes of the work on orders whose account is removed while the seller has another.

use barrow_model::{
    AccountId, Action, Case, CaseKind, CaseState, Change, ChangeId, ChangeState, Confirmation,
    Currency, Money, OrderLineQuantity, OrderRef, OrderRowId, RefundReason, ShipRequest, Target,
};
use barrow_store::{AftersalesWish, NewAttempt, Sending, Settlement, StoreError};

use crate::same_seller::{another, put};
use crate::shop::{Shop, at, line, order, shop};

const DAY: i64 = 86_400;

/// Two accounts of one seller: the one that will go, and its heir.
fn two(shop: &Shop) -> (AccountId, AccountId) {
    let going = another(shop, "us", Some("s1"));
    (going, another(shop, "de", Some("s1")))
}

fn wish(shop: &Shop, account_id: AccountId, id: OrderRowId, action: Action) -> ChangeId {
    let order = shop.get(id);
    let wish = AftersalesWish {
        account_id,
        order: OrderRef {
            id,
            order_id: order.order_id,
            site: order.site,
            placed_at: order.placed_at,
        },
        action,
        value: None,
        deadline: None,
    };
    shop.store.write(|tx| tx.queue_aftersales(&wish)).unwrap()
}

/// A case of order 1.
fn dispute() -> Case {
    Case {
        kind: CaseKind::Dispute,
        case_id: "5".to_owned(),
        order_id: Some("1".to_owned()),
        listing_ref: None,
        line_id: None,
        state: CaseState::WaitsForSeller,
        marketplace_state: None,
        reason: None,
        amount: None,
        opened_at: Some(at(0)),
        respond_by: None,
        offers: Vec::new(),
        page: None,
    }
}

fn refund() -> Action {
    Action::Refund {
        line_id: None,
        amount: Some(Money::new(500, Currency::USD)),
        reason: RefundReason::Returned,
        comment: None,
    }
}

fn parcel() -> ShipRequest {
    ShipRequest {
        reference: "P1".into(),
        carrier: "UPS".into(),
        service: None,
        tracking: "1Z9".into(),
        tracking_url: None,
        shipped_at: at(90),
        lines: vec![OrderLineQuantity {
            line_id: "1".into(),
            quantity: 3,
        }],
    }
}

fn send(shop: &Shop, id: ChangeId) {
    let queued = shop.store.read(|db| db.queued_change(id)).unwrap();
    let (target, action): (Target, Action) = queued.request.unwrap();
    let sending = Sending {
        change: Change { id, target, action },
        value: None,
        price: None,
        quantity: None,
        content: None,
    };
    let attempt = NewAttempt {
        account_id: queued.account_id,
        lane: "orders",
        fingerprint: "f1",
        sendings: &[sending],
    };
    shop.store
        .write_durably(|tx| tx.begin_attempt(&attempt))
        .unwrap();
}

fn remove(shop: &Shop, account: AccountId) -> Result<(), StoreError> {
    shop.store.write(|tx| tx.remove_account(account))
}

fn keeper(shop: &Shop, id: OrderRowId) -> AccountId {
    shop.store.read(|db| db.order(id)).unwrap().account_id
}

#[test]
fn a_parcel_that_waits_to_be_told_goes_with_its_order() {
    let shop = shop();
    let (going, heir) = two(&shop);
    let (id, _) = put(&shop, going, &order("1", vec![line("1", "A", 3)]));
    let change = wish(&shop, going, id, Action::Ship(parcel()));
    shop.store
        .write(|tx| tx.queue_shipment(id, &parcel(), change))
        .unwrap();
    remove(&shop, going).unwrap();
    let queued = shop.store.read(|db| db.queued_change(change)).unwrap();
    assert_eq!(
        (queued.account_id, queued.state),
        (heir, ChangeState::Waiting)
    );
    assert_eq!(keeper(&shop, id), heir);
    let shipments = shop.get(id).shipments;
    assert_eq!(shipments[0].tracking.as_deref(), Some("1Z9"));
    assert_eq!(shipments[0].confirmation, Confirmation::Queued);
    shop.holds_together();
}

#[test]
fn an_account_stays_until_it_is_known_what_became_of_a_refund() {
    let shop = shop();
    let (going, heir) = two(&shop);
    let (id, _) = put(&shop, going, &order("1", vec![line("1", "A", 3)]));
    let change = wish(&shop, going, id, refund());
    send(&shop, change);
    let refused = |shop: &Shop| {
        let told = remove(shop, going).unwrap_err();
        assert!(
            matches!(&told, StoreError::OrderUnderWay { order } if order == "1"),
            "{told}"
        );
        let actions = shop.store.read(|db| db.unsettled_actions(id)).unwrap();
        assert_eq!((keeper(shop, id), actions), (going, vec![refund()]));
    };
    refused(&shop);
    shop.store.write(|tx| tx.recover_attempts()).unwrap();
    refused(&shop);
    // The other account may go: none of its orders is touched.
    shop.store
        .read(|db| db.check_removable(heir))
        .expect("goes");
    shop.store
        .write(|tx| tx.settle(change, &Settlement::Applied { binding: None }))
        .unwrap();
    remove(&shop, going).unwrap();
    assert_eq!(keeper(&shop, id), heir);
}

#[test]
fn shipped_orders_of_which_cases_come_pass_on_and_old_ones_stay() {
    let check = |days: i64, disputed: bool, passes: bool| {
        let shop = shop();
        let (going, heir) = two(&shop);
        let mut shipped = order("1", vec![line("1", "A", 1)]);
        shipped.lines[0].quantity_shipped = 1;
        shipped.placed_at = at(-days * DAY);
        let (id, _) = put(&shop, going, &shipped);
        if disputed {
            shop.store
                .write(|tx| tx.put_case(heir, &dispute()))
                .unwrap();
        }
        remove(&shop, going).unwrap();
        let expected = if passes { heir } else { going };
        assert_eq!(keeper(&shop, id), expected, "{days} {disputed}");
        if disputed {
            let cases = shop.store.read(|db| db.order_cases(id)).unwrap();
            assert!(!cases[0].order_left);
        }
    };
    check(5, false, true);
    check(89, false, true);
    check(100, false, false);
    check(100, true, true);
}

#[test]
fn a_case_tells_whether_its_order_stays_with_an_account_that_was_removed() {
    let shop = shop();
    let (going, heir) = two(&shop);
    let mut old = order("1", vec![line("1", "A", 1)]);
    old.lines[0].quantity_shipped = 1;
    old.placed_at = at(-100 * DAY);
    let (id, _) = put(&shop, going, &old);
    remove(&shop, going).unwrap();
    shop.store
        .write(|tx| tx.put_case(heir, &dispute()))
        .unwrap();
    let found = shop.store.read(|db| db.order_cases(id)).unwrap();
    assert_eq!((found[0].account_id, found[0].order_left), (heir, true));
}
