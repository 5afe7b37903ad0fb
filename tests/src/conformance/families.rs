//! Variants as one listing, where the marketplace has such listings.

use barrow_market::{Fate, Retry};
use barrow_model::{
    Action, ActionKind, Change, FamilyMembership, Image, ImageSource, ListingRef, ObservedState,
    Offer, OptionValue, ProblemKind,
};

use super::Suite;
use super::bench::Bench;
use super::drive::Done;
use super::ends::assert_ended;
use super::publishing::{assert_for_sale, observe_one, offer_of};

const KEY: &str = "KESTREL-ONE";
const COLOURS: [&str; 4] = ["Blue", "Red", "Green", "Black"];

/// Whether the subject shows variants as one listing.
fn has_families(suite: &Suite, bench: &Bench) -> bool {
    let connector = (suite.subject.connector)(bench.parts());
    connector.info().family_members_max > 0
}

fn picture(name: &str) -> Image {
    Image {
        source: ImageSource::Url(format!("https://images.example/kestrel-{name}.jpg")),
        alt: None,
    }
}

/// The offer of the nth variant: its own price, quantity, barcode number and first picture.
async fn variant(bench: &Bench, number: u32) -> Offer {
    let mut offer = bench.offer(number).await;
    let colour = COLOURS[number as usize - 1];
    let content = &mut offer.content;
    content.title = "Wireless Headphones Kestrel One".to_owned();
    let axis = bench.subject.colour;
    content.attributes.remove(axis);
    content.options = vec![OptionValue {
        name: axis.to_owned(),
        value: colour.to_owned(),
    }];
    content.images = vec![picture(colour), picture("box")];
    content.family = Some(FamilyMembership {
        key: KEY.to_owned(),
        title: content.title.clone(),
        primary: number == 1,
        axes: vec![axis.to_owned()],
        attributes: content.attributes.clone(),
        images: vec![picture("box")],
    });
    offer.quantity = 3 + number;
    offer
}

async fn publish(bench: &Bench, number: u32) -> Change {
    let offer = variant(bench, number).await;
    let listing = bench.listing(&format!("KES-{number}"));
    bench.change(&listing, Action::Publish(Box::new(offer)))
}

pub(super) async fn published(bench: &Bench, numbers: &[u32]) -> Vec<Done> {
    let mut changes = Vec::new();
    for number in numbers {
        changes.push(publish(bench, *number).await);
    }
    let lane = bench.lane(ActionKind::Publish);
    let done = bench.settle(lane, changes).await;
    assert!(done.iter().all(Done::is_applied), "{done:?}");
    done
}

/// What the bindings of all of them share, and that of something else does not: the listing's own
/// name.
fn shared_names(listings: &[ListingRef]) -> usize {
    let (first, others) = listings.split_first().expect("one at least");
    let known = first.binding.0.iter();
    known
        .filter(|(name, value)| {
            others
                .iter()
                .all(|other| other.binding.get(name) == Some(value))
        })
        .count()
}

fn assert_sold_as_wanted(bench: &Bench, done: &[Done]) {
    for one in done {
        let offer = offer_of(&one.change);
        assert_for_sale(bench, &one.listing().sku, offer.price, offer.quantity);
    }
}

/// Variants of one family are one listing, each at its own price and quantity; what comes later
/// joins it, and a price, a quantity or a text of one moves that one alone.
pub async fn a_family_is_one_listing(suite: &Suite) {
    let mut bench = suite.bench().await;
    if !has_families(suite, &bench) {
        return;
    }
    let mut done = published(&bench, &[1, 2]).await;
    let refs: Vec<ListingRef> = done.iter().map(Done::listing).collect();
    assert!(shared_names(&refs) > 0, "one listing: {refs:?}");
    assert_sold_as_wanted(&bench, &done);
    // A program that remembers nothing adds another.
    bench.restart();
    done.extend(published(&bench, &[3]).await);
    let refs: Vec<ListingRef> = done.iter().map(Done::listing).collect();
    assert!(shared_names(&refs) > 0, "it joins the listing: {refs:?}");
    assert_sold_as_wanted(&bench, &done);
    let again = bench.change(&refs[0], done[0].change.action.clone());
    bench.apply(bench.lane(ActionKind::Publish), again).await;
    assert_sold_as_wanted(&bench, &done);
    for one in &done {
        let seen = observe_one(&bench, one).await.expect("it is there");
        assert_eq!(seen.state, ObservedState::Live);
    }
    let quantity = bench.change(&refs[1], Action::SetQuantity(1));
    bench
        .apply(bench.lane(ActionKind::SetQuantity), quantity)
        .await;
    let mut revised = offer_of(&done[0].change).clone();
    revised.content.description = "<p>Newly described.</p>".to_owned();
    let revise = bench.change(&refs[0], Action::Revise(Box::new(revised)));
    bench.apply(bench.lane(ActionKind::Revise), revise).await;
    assert_for_sale(&bench, &refs[1].sku, offer_of(&done[1].change).price, 1);
    done.remove(1);
    assert_sold_as_wanted(&bench, &done);
}

/// A variant that the marketplace refuses is refused alone; the others are listed without it, and
/// it joins them once it is mended.
pub async fn a_bad_variant_spoils_no_other(suite: &Suite) {
    let bench = suite.bench().await;
    if !has_families(suite, &bench) {
        return;
    }
    let lane = bench.lane(ActionKind::Publish);
    let good = [publish(&bench, 1).await, publish(&bench, 3).await];
    let mut bad = publish(&bench, 2).await;
    if let Action::Publish(offer) = &mut bad.action {
        // The same as the first: buyers could not choose.
        offer.content.options[0].value = COLOURS[0].to_owned();
    }
    let changes = vec![good[0].clone(), bad.clone(), good[1].clone()];
    let done = bench.settle(lane, changes).await;
    for one in &done {
        let refused = matches!(
            &one.fate,
            Fate::Refused {
                retry: Retry::No,
                ..
            }
        );
        assert_eq!(refused, one.change.id == bad.id, "{one:?}");
    }
    let (bad, good): (Vec<Done>, Vec<Done>) =
        done.into_iter().partition(|one| one.change.id == bad.id);
    assert_sold_as_wanted(&bench, &good);
    let refs: Vec<ListingRef> = good.iter().map(Done::listing).collect();
    assert!(shared_names(&refs) > 0, "one listing: {refs:?}");
    let mended = variant(&bench, 2).await;
    let mended = bench.change(&bad[0].listing(), Action::Publish(Box::new(mended)));
    let joined = bench.apply(lane, mended).await;
    assert_sold_as_wanted(&bench, std::slice::from_ref(&joined));
    assert_sold_as_wanted(&bench, &good);
}

/// Ending one leaves the others for sale, one that has sold is sold no more, ending all ends the
/// listing, and ending again is applied.
pub async fn a_variant_leaves_its_family(suite: &Suite) {
    let bench = suite.bench().await;
    if !has_families(suite, &bench) {
        return;
    }
    let lane = bench.lane(ActionKind::End);
    let done = published(&bench, &[1, 2, 3, 4]).await;
    let refs: Vec<ListingRef> = done.iter().map(Done::listing).collect();
    bench.order(&[(&refs[1].sku, 1)]);
    let left = bench.apply(lane, bench.change(&refs[0], Action::End)).await;
    assert_ended(&bench, &refs[0].sku);
    bench
        .apply(lane, bench.change(&left.listing(), Action::End))
        .await;
    bench.apply(lane, bench.change(&refs[0], Action::End)).await;
    bench.apply(lane, bench.change(&refs[1], Action::End)).await;
    for held in bench.held_of(&refs[1].sku) {
        assert_eq!(held.quantity, 0, "what has sold is sold no more: {held:?}");
    }
    assert_sold_as_wanted(&bench, &done[2..]);
    let both = [&refs[2], &refs[3]].map(|listing| bench.change(listing, Action::End));
    for one in bench.settle(lane, both.to_vec()).await {
        assert!(one.is_applied(), "{one:?}");
    }
    for listing in &refs {
        for held in bench.held_of(&listing.sku) {
            assert_eq!(held.quantity, 0, "nothing of it is for sale: {held:?}");
        }
    }
    let again = published(&bench, &[1, 3]).await;
    assert_sold_as_wanted(&bench, &again);
}

/// A variant that is for sale alone is refused with that reason, and stays for sale; once it is
/// ended it joins its family.
pub async fn a_variant_listed_alone_is_told(suite: &Suite) {
    let bench = suite.bench().await;
    if !has_families(suite, &bench) {
        return;
    }
    let lane = bench.lane(ActionKind::Publish);
    let mut alone = publish(&bench, 1).await;
    if let Action::Publish(offer) = &mut alone.action {
        offer.content.family = None;
    }
    let alone = bench.apply(lane, alone).await;
    let others = vec![publish(&bench, 2).await, publish(&bench, 3).await];
    let joining = variant(&bench, 1).await;
    let joining = bench.change(&alone.listing(), Action::Publish(Box::new(joining)));
    let mut changes = others.clone();
    changes.push(joining.clone());
    for one in bench.settle(lane, changes).await {
        match &one.fate {
            Fate::Refused { problem, .. } if one.change.id == joining.id => {
                assert_eq!(problem.kind, ProblemKind::ListedAlone);
            }
            fate => assert!(one.is_applied(), "{fate:?}"),
        }
    }
    let listing = alone.listing();
    assert_for_sale(&bench, &listing.sku, offer_of(&alone.change).price, 4);
    let ended = bench.change(&listing, Action::End);
    let ended = bench.apply(bench.lane(ActionKind::End), ended).await;
    let joining = variant(&bench, 1).await;
    let joining = bench.change(&ended.listing(), Action::Publish(Box::new(joining)));
    let joined = bench.apply(lane, joining).await;
    assert_sold_as_wanted(&bench, std::slice::from_ref(&joined));
}

/// A lost answer is looked up, and what was published is told as that.
pub async fn a_family_is_looked_up(suite: &Suite) {
    let bench = suite.bench().await;
    if !has_families(suite, &bench) {
        return;
    }
    let lane = bench.lane(ActionKind::Publish);
    let done = published(&bench, &[1, 2]).await;
    let changes: Vec<Change> = done
        .iter()
        .map(|one| bench.change(&one.listing(), one.change.action.clone()))
        .collect();
    let batch = bench.batch(lane, changes);
    for outcome in bench.look_up_in_time(lane, &batch).await {
        let Fate::Applied {
            binding: Some(binding),
        } = outcome.fate
        else {
            panic!("it is there: {:?}", outcome.fate);
        };
        let known = &done[0].listing().binding;
        let same = binding
            .0
            .iter()
            .any(|(name, value)| known.get(name) == Some(value));
        assert!(same, "it is of the same listing: {binding:?}");
    }
}
