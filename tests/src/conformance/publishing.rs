//! Publishing and revising.

use barrow_market::{Fate, Retry};
use barrow_model::{
    Action, ActionKind, Change, Delivery, ImageSource, Money, Observed, ObservedState, Offer, Sku,
    Ticket,
};

use super::Suite;
use super::bench::Bench;
use super::drive::assert_each_once;
use super::tap::Call;

/// A publish of the nth thing to sell, under its usual SKU.
pub(super) async fn publish_of(bench: &Bench, number: u32) -> Change {
    let offer = bench.offer(number).await;
    let listing = bench.listing(&format!("HP-{number}"));
    bench.change(&listing, Action::Publish(Box::new(offer)))
}

/// The offer of a publish or revise.
pub(super) fn offer_of(change: &Change) -> &Offer {
    match &change.action {
        Action::Publish(offer) | Action::Revise(offer) => offer,
        other => panic!("{other:?} holds no offer"),
    }
}

/// The one listing of a SKU is for sale with exactly this price and quantity.
pub(super) fn assert_for_sale(bench: &Bench, sku: &Sku, price: Money, quantity: u32) {
    let held = bench.held_of(sku);
    assert_eq!(held.len(), 1, "one listing of {sku}: {held:?}");
    let one = &held[0];
    let shown = one.price.as_ref().expect("it has a price");
    assert_eq!(
        (one.state.as_str(), shown.amount.as_str(), one.quantity),
        ("live", price.amount().as_str(), quantity),
        "{sku}"
    );
    assert_eq!(shown.currency, price.currency.to_string());
}

/// What the adapter reads of one listing.
pub(super) async fn observe_one(bench: &Bench, change: &super::drive::Done) -> Option<Observed> {
    let listings = bench.adapter.listings().expect("listings are offered");
    let mut seen = listings
        .observe_some(&[change.listing()])
        .await
        .expect("it can be read");
    assert!(seen.len() <= 1, "one listing is read once: {seen:?}");
    seen.pop()
}

/// Calls of one submit that may do harm when repeated, and that took effect.
fn steps(calls: &[Call]) -> usize {
    let taken = |call: &&Call| {
        let status = call.answer.as_ref().map(|(status, _, _)| *status);
        call.harmful && status.is_none_or(|status| status.is_success())
    };
    calls.iter().filter(taken).count()
}

/// Each submit of a change takes at most one step that a repetition would take twice.
pub async fn submit_takes_one_step(suite: &Suite) {
    for number in 1..=4 {
        let mut bench = suite.bench().await;
        let lane = bench.lane(ActionKind::Publish);
        let mut change = publish_of(&bench, number).await;
        for round in 0.. {
            assert!(round < 20, "a publish has few steps");
            // With nothing in memory, every submit has to find out all that it needs.
            bench.restart();
            bench.take_calls();
            let batch = bench.batch(lane, vec![change.clone()]);
            let outcomes = bench.submit_in_time(lane, &batch).await;
            assert!(steps(&bench.take_calls()) <= 1, "one step a submit");
            let fate = outcomes.into_iter().next().expect("one outcome").fate;
            let more = matches!(fate, Fate::Advanced { .. });
            if let (Fate::Advanced { binding }, barrow_model::Target::Listing(listing)) =
                (&fate, &mut change.target)
            {
                listing.binding.clone_from(binding);
            }
            if !more {
                let done = bench
                    .settle_from(lane, vec![(change.clone(), Some(fate))])
                    .await;
                assert!(done[0].is_applied(), "{done:?}");
                break;
            }
        }
    }
}

/// A change that the marketplace refuses leaves the others of its batch alone.
pub async fn one_bad_change_spoils_no_other(suite: &Suite) {
    let bench = suite.bench().await;
    for lane in bench.lanes(ActionKind::Publish) {
        let good = [publish_of(&bench, 1).await, publish_of(&bench, 3).await];
        let mut bad = publish_of(&bench, 2).await;
        if let Action::Publish(offer) = &mut bad.action {
            // Nothing to show, and nothing by which the marketplace could know a page: a brand
            // that is longer than any names none.
            let content = &mut offer.content;
            content.images.clear();
            content.title.clear();
            (content.gtin, content.mpn, content.asin) = (None, None, None);
            content.brand = Some("Kestrel".repeat(20));
        }
        let changes = vec![good[0].clone(), bad.clone(), good[1].clone()];
        let done = bench.settle(lane, changes).await;
        for one in &done {
            if one.change.id == bad.id {
                let refused = matches!(
                    &one.fate,
                    Fate::Refused {
                        retry: Retry::No,
                        ..
                    }
                );
                assert!(refused, "the bad one is refused: {one:?}");
            } else {
                assert!(one.is_applied(), "{one:?}");
                let offer = offer_of(&one.change);
                assert_for_sale(&bench, &one.listing().sku, offer.price, offer.quantity);
            }
        }
    }
    let published = bench.publish(&[4, 5], 5).await;
    let price = Money::new(1_999, (suite.subject.offer)(1).price.currency);
    for lane in bench.lanes(ActionKind::SetPrice) {
        let absent = bench.listing("NOT-THERE");
        let known = published[0].binding.0.keys();
        let mut gone = absent.clone();
        gone.binding.0 = known
            .map(|name| (name.clone(), "4040404040".to_owned()))
            .collect();
        let changes = [&published[0], &gone, &published[1]]
            .map(|listing| bench.change(listing, Action::SetPrice(price)));
        let done = bench.settle(lane, changes.to_vec()).await;
        for (one, applied) in done.iter().zip([true, false, true]) {
            assert_eq!(one.is_applied(), applied, "{}: {one:?}", lane.name);
        }
        for listing in &published {
            assert_for_sale(&bench, &listing.sku, price, 5);
        }
    }
}

/// A publish, submitted until it has come to its end, is for sale as the offer says.
pub async fn publish_makes_it_live(suite: &Suite) {
    let bench = suite.bench().await;
    for lane in bench.lanes(ActionKind::Publish) {
        // Several, because a marketplace may know some of the goods already and others not.
        let mut changes = Vec::new();
        for number in 1..=12 {
            changes.push(publish_of(&bench, number).await);
        }
        for done in bench.settle(lane, changes).await {
            assert!(done.is_applied(), "{done:?}");
            let listing = done.listing();
            assert!(
                !listing.binding.is_empty(),
                "the marketplace's own names are learned"
            );
            let offer = offer_of(&done.change);
            assert_for_sale(&bench, &listing.sku, offer.price, offer.quantity);
            let seen = observe_one(&bench, &done).await.expect("it is there");
            assert_eq!(seen.state, ObservedState::Live);
            assert_eq!(
                (seen.price, seen.quantity),
                (Some(offer.price), Some(offer.quantity))
            );
            assert_eq!((&seen.sku, &seen.site), (&listing.sku, &listing.site));
            assert!(!seen.binding.is_empty());
        }
    }
}

/// Publishing what is live already leaves one listing, whether or not the binding is still known.
pub async fn publish_again_is_harmless(suite: &Suite) {
    let mut bench = suite.bench().await;
    let lane = bench.lane(ActionKind::Publish);
    for number in 1..=4 {
        let first = bench.apply(lane, publish_of(&bench, number).await).await;
        let offer = offer_of(&first.change).clone();
        let sku = first.listing().sku;
        let again = bench.change(&first.listing(), Action::Publish(Box::new(offer.clone())));
        bench.apply(lane, again).await;
        assert_for_sale(&bench, &sku, offer.price, offer.quantity);
        bench.restart();
        let forgotten = publish_of(&bench, number).await;
        bench.apply(lane, forgotten).await;
        assert_for_sale(&bench, &sku, offer.price, offer.quantity);
    }
}

/// Every text of an offer that a marketplace keeps as it is written.
fn texts(offer: &Offer) -> Vec<String> {
    let content = &offer.content;
    let mut texts = vec![content.title.clone()];
    texts.extend(content.brand.clone());
    texts.extend(content.attributes.values().flatten().cloned());
    texts.extend(content.images.iter().map(|image| match &image.source {
        ImageSource::Url(address) | ImageSource::File(address) => address.clone(),
    }));
    texts
}

/// A revise sends all that the offer holds, so that nothing is erased, and leaves price and
/// quantity as they are.
pub async fn revise_erases_nothing(suite: &Suite) {
    let bench = suite.bench().await;
    for lane in bench.lanes(ActionKind::Revise) {
        for number in 1..=4 {
            let publish = publish_of(&bench, number).await;
            let published = bench.apply(bench.lane(ActionKind::Publish), publish).await;
            let mut offer = offer_of(&published.change).clone();
            offer.content.title = format!("Wireless Headphones Revision {number}");
            offer.content.description = "<p>Newly described.</p>".to_owned();
            let revise = Action::Revise(Box::new(offer.clone()));
            let change = bench.change(&published.listing(), revise);
            bench.take_calls();
            let done = bench.apply(lane, change).await;
            let calls = bench.take_calls();
            let sent: String = calls
                .iter()
                .map(|call| String::from_utf8_lossy(&call.body).into_owned())
                .collect();
            let texts = texts(&offer).into_iter();
            for text in texts.filter(|_| !suite.subject.on_pages) {
                assert!(sent.contains(&text), "{text:?} is sent with a revise");
            }
            let described = suite.subject.on_pages || sent.contains("Newly described.");
            assert!(described, "the description is sent");
            assert_for_sale(&bench, &done.listing().sku, offer.price, offer.quantity);
            let seen = observe_one(&bench, &done).await.expect("it is there");
            assert_eq!(
                (seen.price, seen.quantity),
                (Some(offer.price), Some(offer.quantity))
            );
            if let (Some(title), false) = (seen.title, suite.subject.on_pages) {
                assert_eq!(title, offer.content.title);
            }
        }
    }
}

/// A ticket gives accepted until the results are there, then one final outcome per change.
pub async fn ticket_is_polled_until_answered(suite: &Suite) {
    let bench = suite.bench().await;
    let capability = bench.adapter.capability();
    let listings = bench.publish(&[1, 2], 5).await;
    let fed = |lane: &&barrow_market::Lane| lane.delivery == Delivery::Feed;
    for lane in capability.lanes.iter().filter(fed) {
        let mut changes = Vec::new();
        for (place, listing) in listings.iter().enumerate() {
            let number = u32::try_from(place).expect("two") + 1;
            let fresh = bench.offer(number + 10).await;
            let revised = Box::new(bench.offer(number).await);
            let unlisted = bench.listing(&format!("HP-{}", number + 10));
            changes.push(match lane.kinds[0] {
                ActionKind::Publish => bench.change(&unlisted, Action::Publish(Box::new(fresh))),
                ActionKind::Revise => bench.change(listing, Action::Revise(revised)),
                ActionKind::SetPrice => bench.change(listing, Action::SetPrice(fresh.price)),
                ActionKind::End => bench.change(listing, Action::End),
                _ => bench.change(listing, Action::SetQuantity(3)),
            });
        }
        let ticket = accepted(&bench, lane, &mut changes).await;
        let early = bench.poll_in_time(lane, &ticket, &changes).await;
        assert_each_once(&changes, &early);
        for outcome in early {
            assert!(matches!(outcome.fate, Fate::Accepted { .. }), "{outcome:?}");
        }
        let begun = changes.into_iter().map(|change| {
            let ticket = ticket.clone();
            (change, Some(Fate::Accepted { ticket }))
        });
        for done in bench.settle_from(lane, begun.collect()).await {
            assert!(done.is_applied(), "{}: {done:?}", lane.name);
        }
    }
    // A ticket of nobody's tells nothing, and that is no error of the changes.
    let stray = Ticket {
        token: "none of ours".to_owned(),
        not_before: bench.now(),
    };
    let change = bench.change(&listings[0], Action::End);
    for lane in capability
        .lanes
        .iter()
        .filter(|lane| !lane.kinds[0].is_aftersales())
        .take(1)
    {
        let polled = bench
            .poll(lane, &stray, std::slice::from_ref(&change))
            .await;
        for outcome in polled.expect("nothing is asked of the marketplace") {
            assert_eq!(outcome.fate, Fate::Unknown);
        }
    }
}

/// Submits until changes are accepted, which is under one ticket, and keeps those: goods that the
/// marketplace knows already may go another way than others.
async fn accepted(
    bench: &Bench,
    lane: &'static barrow_market::Lane,
    changes: &mut Vec<Change>,
) -> Ticket {
    for _ in 0..10 {
        let batch = bench.batch(lane, changes.clone());
        let outcomes = bench.submit_in_time(lane, &batch).await;
        assert_each_once(changes, &outcomes);
        let mut tickets = Vec::new();
        let mut taken_in = Vec::new();
        for outcome in outcomes {
            let change = changes
                .iter_mut()
                .find(|change| change.id == outcome.change_id);
            match (outcome.fate, change.map(|change| &mut change.target)) {
                (Fate::Accepted { ticket }, _) => {
                    tickets.push(ticket);
                    taken_in.push(outcome.change_id);
                }
                (Fate::Advanced { binding }, Some(barrow_model::Target::Listing(listing))) => {
                    listing.binding = binding;
                }
                (other, _) => panic!("{}: {other:?}", lane.name),
            }
        }
        if !tickets.is_empty() {
            changes.retain(|change| taken_in.contains(&change.id));
            tickets.dedup();
            assert_eq!(tickets.len(), 1, "the outcomes of a feed share one ticket");
            return tickets.remove(0);
        }
    }
    panic!("{} takes nothing in", lane.name)
}
