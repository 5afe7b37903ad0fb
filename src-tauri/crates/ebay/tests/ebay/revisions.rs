//! The revisions that eBay takes of a listing in a day (ebay.md §6.1).

use barrow_market::{Adapter, Fate, Retry};
use barrow_model::{Action, ProblemKind};
use serde_json::json;

use crate::listings::{batch, change, kind, publish, responses};
use crate::requests::{offer, usd};
use crate::script::{Reply, Script, answer, connect_with, ok};

const OFFER: [(&str, &str); 1] = [("offer_id", "9")];

/// More than a day's worth of answers to price changes.
fn answers() -> Vec<Reply> {
    let entry = json!([{"sku": "A", "offerId": "9", "statusCode": 200}]);
    (0..400).map(|_| responses(entry.clone())).collect()
}

async fn set(adapter: &dyn Adapter, action: Action) -> Fate {
    let changes = vec![change(1, "A", &OFFER, action)];
    let role = adapter.listings().expect("listings are offered");
    let outcomes = role.submit(&batch("price_quantity", changes)).await;
    outcomes.expect("it is told by change").remove(0).fate
}

/// Sends until it is refused; how often it went, and the refusal.
async fn until_refused(adapter: &dyn Adapter, action: &Action) -> (usize, Fate) {
    for sent in 0..400 {
        let fate = set(adapter, action.clone()).await;
        if !matches!(fate, Fate::Applied { .. }) {
            return (sent, fate);
        }
    }
    panic!("eBay would have blocked the listing")
}

#[tokio::test]
async fn a_listing_is_never_revised_so_often_that_ebay_blocks_it() {
    let script = Script::new(answers());
    let (adapter, clock) = connect_with(&script);
    let price = Action::SetPrice(usd(999));
    let (sent, refused) = until_refused(adapter.as_ref(), &price).await;
    // 70 are there from rest, half of them in pairs; a price takes one.
    assert!((70..=110).contains(&sent), "{sent}");
    assert_eq!(
        script.lines().len(),
        sent,
        "a change that is not sent costs no call"
    );
    let Fate::Refused { problem, retry } = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(problem.kind, ProblemKind::ListingLocked);
    assert!(problem.params.contains_key("until"));
    assert!(matches!(retry, Retry::After(wait) if !wait.is_zero()));
    // Stock that goes to zero still goes.
    let zero = Action::SetQuantity(0);
    let fate = set(adapter.as_ref(), zero.clone()).await;
    assert!(matches!(fate, Fate::Applied { .. }), "{fate:?}");
    let fate = set(adapter.as_ref(), Action::SetQuantity(5)).await;
    assert_eq!(kind(&fate), Some(ProblemKind::ListingLocked));
    // Within a day from the first on all together stay below eBay's number.
    let (more, _) = until_refused(adapter.as_ref(), &zero).await;
    clock.skip(23 * 60 * 60);
    let (later, _) = until_refused(adapter.as_ref(), &price).await;
    let (last, _) = until_refused(adapter.as_ref(), &zero).await;
    // A quantity is written to the item and to the offer.
    let all = sent + later + 2 * (1 + more + last);
    // A price that took a pair counts as one here and as two there.
    assert!((120..=250).contains(&all), "{all}");
    // Another listing has revisions of its own.
    let other = [("offer_id", "10")];
    let changes = vec![change(2, "B", &other, price)];
    script
        .replies
        .lock()
        .expect("it is unlocked")
        .push_front(responses(
            json!([{"sku": "B", "offerId": "10", "statusCode": 200}]),
        ));
    let role = adapter.listings().expect("listings are offered");
    let outcomes = role
        .submit(&batch("price_quantity", changes))
        .await
        .expect("it is sent");
    assert!(
        matches!(outcomes[0].fate, Fate::Applied { .. }),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_revision_of_the_content_counts_twice_and_a_first_publish_not_at_all() {
    let written = || responses(json!([{"statusCode": 200, "sku": "A"}]));
    let mut replies = Vec::new();
    for _ in 0..120 {
        replies.extend([
            written(),
            ok(json!({"offerId": "9"})),
            answer(204, json!(null)),
        ]);
    }
    let script = Script::new(replies);
    let (adapter, _) = connect_with(&script);
    let role = adapter.listings().expect("listings are offered");
    let mut revised = 0;
    loop {
        let changes = vec![change(1, "A", &OFFER, Action::Revise(Box::new(offer())))];
        let outcomes = role
            .submit(&batch("revise", changes))
            .await
            .expect("it is told");
        if kind(&outcomes[0].fate) == Some(ProblemKind::ListingLocked) {
            break;
        }
        revised += 1;
    }
    assert!((35..=70).contains(&revised), "{revised}");
    assert_eq!(script.lines().len(), 3 * revised);
    let made = json!([{"statusCode": 200, "sku": "C", "offerId": "11"}]);
    let replies = [
        responses(json!([{"statusCode": 201, "sku": "C"}])),
        responses(made),
    ];
    *script.replies.lock().expect("it is unlocked") = replies.into();
    let changes = vec![change(3, "C", &[], publish(offer()))];
    let outcomes = role
        .submit(&batch("publish", changes))
        .await
        .expect("it is told");
    assert!(
        matches!(outcomes[0].fate, Fate::Advanced { .. }),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_large_family_that_is_sold_out_goes_off_sale_at_once() {
    const VARIANTS: i64 = 80;
    let names: Vec<String> = (0..VARIANTS).map(|one| format!("V{one}")).collect();
    let known: Vec<[(&str, &str); 2]> = names
        .iter()
        .map(|name| [("offer_id", name.as_str()), ("group", "SHIRT")])
        .collect();
    let changes: Vec<_> = (0..VARIANTS)
        .zip(names.iter().zip(&known))
        .map(|(id, (name, known))| change(id, name, known, Action::SetQuantity(0)))
        .collect();
    let answers = names.chunks(25).map(|names| {
        let done = |name: &String| json!({"sku": name, "offerId": name, "statusCode": 200});
        responses(names.iter().map(done).collect())
    });
    let script = Script::new(answers);
    let (adapter, _) = connect_with(&script);
    let role = adapter.listings().expect("listings are offered");
    let mut applied = 0;
    for changes in changes.chunks(25) {
        let sent = role
            .submit(&batch("price_quantity", changes.to_vec()))
            .await;
        let fates = sent.expect("it is told").into_iter().map(|told| told.fate);
        applied += fates
            .filter(|fate| matches!(fate, Fate::Applied { .. }))
            .count();
    }
    assert_eq!(applied, 80, "none waits for revisions of another day");
    let last = &script.asked()[3].body;
    assert!(
        last.contains("{\"sku\":\"V79\",\"offers\""),
        "the offer alone takes one: {last}"
    );
}
