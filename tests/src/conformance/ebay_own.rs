//! What eBay alone has: calls that no behaviour of the general contract comes by. Each is tried
//! here, so that what is sent and answered is held to eBay's official contract.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use barrow_market::{CheckState, Fate, HostedPicture, PictureError, PictureLook, Pictures};
use barrow_model::{
    Action, ActionKind, CaseAnswer, CaseKind, CategoryId, Evidence, EvidenceKind, FulfilledBy,
    Image, ImageSource, ObservedState, Order, PictureFacts, ProblemKind, Settings, Sku,
    TaxCollector,
};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};

use super::Suite;
use super::bench::Bench;
use super::cases::{answer, brought_up};
use super::families;
use super::publishing::{assert_for_sale, observe_one, offer_of, publish_of};
use super::pulling::TOLD_WITHIN;

const LOCATION: &str = "merchant_location_key";

fn is_ebay(suite: &Suite) -> bool {
    suite.subject.name == "ebay"
}

/// Does what the seller does by other means, with a token that Barrow was given.
async fn elsewhere(bench: &Bench, method: Method, path: &str) {
    let calls = bench.take_calls();
    let mut tokens = calls
        .iter()
        .filter_map(|call| call.headers.get(AUTHORIZATION));
    let token = tokens.next_back().expect("something was called");
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(AUTHORIZATION, token)
        .header(CONTENT_TYPE, "application/json")
        .header("accept-language", "en-US")
        .body(Bytes::from_static(b"{}"));
    let request = request.expect("a request of plain parts");
    let answer = bench.marketplaces.call(bench.subject.name, request).await;
    match answer.expect("it is practised") {
        barrow_practice::Reply::Answer(answer) => {
            assert!(answer.status().is_success(), "{answer:?}")
        }
        other => panic!("a whole answer, not {other:?}"),
    }
}

/// Variants that were shown as one and are then listed alone leave their group, and the last takes
/// it along (ebay.md §6.6).
pub async fn a_group_without_members_goes(suite: &Suite) {
    let bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    let done = families::published(&bench, &[1, 2]).await;
    let ends = done
        .iter()
        .map(|one| bench.change(&one.listing(), Action::End));
    let ended = bench
        .settle(bench.lane(ActionKind::End), ends.collect())
        .await;
    for (one, published) in ended.iter().zip(&done) {
        assert!(one.is_applied(), "{one:?}");
        let mut offer = offer_of(&published.change).clone();
        offer.content.family = None;
        let (price, quantity) = (offer.price, offer.quantity);
        let alone = bench.change(&one.listing(), Action::Publish(Box::new(offer)));
        let alone = bench.apply(bench.lane(ActionKind::Publish), alone).await;
        assert_for_sale(&bench, &alone.listing().sku, price, quantity);
    }
}

/// A location that the seller has disabled is used again where he asks for one at that place
/// (ebay.md §5).
pub async fn a_disabled_location_is_used_again(suite: &Suite) {
    let bench = suite.bench().await;
    let mends = suite.subject.mends.iter();
    let Some((item, given)) = mends.clone().find(|(item, _)| *item == LOCATION) else {
        return;
    };
    let pairs = given.iter();
    let fields: Settings = pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let core = bench.adapter.core();
    let made = core.mend(item, &fields).await.expect("it is made");
    let key = &made.settings[LOCATION];
    let path = format!("/sell/inventory/v1/location/{key}/disable");
    elsewhere(&bench, Method::POST, &path).await;
    let again = core.mend(item, &fields).await.expect("it is there");
    assert_eq!(made, again);
    let mut change = publish_of(&bench, 1).await;
    if let Action::Publish(offer) = &mut change.action {
        offer.settings.insert(LOCATION.to_owned(), key.clone());
    }
    let done = bench.apply(bench.lane(ActionKind::Publish), change).await;
    let seen = observe_one(&bench, &done).await.expect("it is there");
    assert_eq!(seen.state, ObservedState::Live);
}

/// A program that the seller has left is joined again (ebay.md §4).
pub async fn a_program_is_joined(suite: &Suite) {
    let bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    bench.fault("stock_program_off", 1);
    let core = bench.adapter.core();
    let joined = core.mend("out_of_stock", &Settings::new()).await;
    assert!(joined.expect("it is joined").hours_max.is_some());
    let check = core.check().await.expect("the account can be read");
    let mut items = check.items.iter();
    let item = items.find(|item| item.name == "out_of_stock");
    assert_eq!(item.map(|item| item.state), Some(CheckState::Good));
}

const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x03\x20";

/// A photograph in a file, and where it was put.
#[derive(Default)]
struct Photo(Mutex<Option<HostedPicture>>);

#[async_trait]
impl Pictures for Photo {
    fn look(&self, _: &str) -> Result<PictureLook, PictureError> {
        Ok(PictureLook {
            bytes: PHOTO.len() as u64,
            facts: PictureFacts::read(PHOTO),
        })
    }

    async fn read(&self, _: &str, _: usize) -> Result<Vec<u8>, PictureError> {
        Ok(PHOTO.to_vec())
    }

    async fn hosted(&self, _: &str) -> Option<HostedPicture> {
        self.0.lock().expect("held for moments").clone()
    }

    async fn keep(&self, _: &str, hosted: &HostedPicture) {
        *self.0.lock().expect("held for moments") = Some(hosted.clone());
    }
}

/// A picture from a file is put at eBay once. Where the answer does not say at which address, the
/// picture's own page does (ebay.md §6.8).
pub async fn a_picture_is_put_there_and_found(suite: &Suite) {
    let mut bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    let photo = Arc::new(Photo::default());
    bench.adapter = bench.connect_showing(Arc::clone(&photo) as Arc<dyn Pictures>);
    bench.tamper(Some(Box::new(|call| {
        let puts = call.path.ends_with("/image/create_image_from_file");
        puts.then(Bytes::new)
    })));
    for number in [1, 2] {
        let mut change = publish_of(&bench, number).await;
        if let Action::Publish(offer) = &mut change.action {
            let source = ImageSource::File("lamp.png".to_owned());
            offer.content.images = vec![Image { source, alt: None }];
        }
        bench.apply(bench.lane(ActionKind::Publish), change).await;
    }
    let calls = bench.take_calls();
    let count = |part: &str| calls.iter().filter(|call| call.path.contains(part)).count();
    assert_eq!(count("/image/create_image_from_file"), 1);
    assert_eq!(count("/commerce/media/v1_beta/image/v1"), 1);
    let kept = photo.hosted("").await.expect("its place is remembered");
    assert!(kept.until.is_some_and(|until| until > bench.now()));
}

/// Files that show something are with a dispute before it is contested, each once (ebay.md §8.6).
pub async fn evidence_goes_before_a_contest(suite: &Suite) {
    let mut bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    bench.adapter = bench.connect_showing(Arc::new(Photo::default()));
    let order = brought_up(&bench, "buyer_disputes", 1).await;
    bench.take_calls();
    let evidence = Evidence {
        kind: EvidenceKind::Delivery,
        files: vec!["slip.png".to_owned(), "the_same.png".to_owned()],
    };
    let contest = CaseAnswer::Contest {
        note: None,
        evidence: Some(evidence),
        return_to: None,
    };
    answer(&bench, &order, CaseKind::Dispute, contest).await;
    let calls = bench.take_calls();
    let deeds = ["/upload_evidence_file", "/add_evidence", "/contest"];
    let made = calls.iter().filter_map(|call| {
        let mut deeds = deeds.into_iter();
        deeds.find(|deed| call.path.ends_with(deed))
    });
    assert_eq!(made.collect::<Vec<_>>(), deeds);
}

/// An order of two units with a quirk, as the adapter reads it.
async fn with_quirk(bench: &Bench, sku: &Sku, quirk: &str) -> Order {
    bench.fault(quirk, 1);
    let id = bench.order(&[(sku, 2)]);
    bench.pass(TOLD_WITHIN);
    bench.fetch(&id).await
}

/// Each quirk of eBay's orders is read as what it means (ebay.md §8.2).
pub async fn quirks_of_orders_are_understood(suite: &Suite) {
    let bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    let listings = bench.publish(&[1], 60).await;
    let listing = &listings[0];
    let sku = &listing.sku;
    let plain = with_quirk(&bench, sku, "order_bare").await;
    assert!(!plain.lines[0].title.starts_with(' '));
    assert_eq!(plain.ship_by, None);
    let order = with_quirk(&bench, sku, "order_without_sku").await;
    let named = order.lines[0].listing_ref.as_deref();
    assert_eq!(order.lines[0].sku, None);
    assert!(named.is_some_and(|named| listing.binding.0.values().any(|own| own == named)));
    let order = with_quirk(&bench, sku, "order_tax_without_type").await;
    let of_seller = |tax: &&barrow_model::Tax| tax.collected_by == TaxCollector::Seller;
    assert_eq!(order.taxes.iter().filter(of_seller).count(), 1);
    assert!(order.total.is_some() && order.amounts.total == order.total);
    let order = with_quirk(&bench, sku, "order_converted").await;
    let currency = (suite.subject.offer)(1).price.currency;
    assert_eq!(order.total.map(|total| total.currency), Some(currency));
    for quirk in ["order_of_another_site", "order_linked", "order_gift"] {
        let order = with_quirk(&bench, sku, quirk).await;
        assert_eq!(order.site, bench.site(), "{quirk}: where it is listed");
        assert_eq!(order.lines.len(), 1, "{quirk}");
        assert!(!format!("{order:?}").contains("happy returns"));
    }
    let order = with_quirk(&bench, sku, "order_by_ebay").await;
    assert_eq!(order.fulfilled_by, FulfilledBy::Marketplace);
    let order = with_quirk(&bench, sku, "order_via_hub").await;
    let to = order.ship_to.expect("it goes somewhere");
    assert!(to.reference.is_some(), "the hub's label has a number");
    let order = with_quirk(&bench, sku, "order_anonymised").await;
    let buyer = order.buyer.expect("an id stands for the name");
    assert!(buyer.username.is_some());
    assert_eq!((buyer.name, buyer.email), (None, None));
    let to = order.ship_to.expect("a town is told");
    assert!(to.city.is_some() && to.line1.is_none() && to.phone.is_none());
}

/// A variation that is sold is known by the listing and by a number of its own, the same in every
/// order (ebay.md §8.2, §14).
pub async fn a_variation_sold_has_a_number_of_its_own(suite: &Suite) {
    let bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    let done = families::published(&bench, &[1, 2]).await;
    let mut seen = Vec::new();
    for one in [&done[0], &done[1], &done[0]] {
        bench.fault("order_without_sku", 1);
        let id = bench.order(&[(&one.listing().sku, 1)]);
        bench.pass(TOLD_WITHIN);
        let order = bench.fetch(&id).await;
        let line = &order.lines[0];
        assert_eq!(line.sku, None);
        seen.push(line.listing_ref.clone().expect("it was sold of a listing"));
    }
    assert_eq!(seen[0], seen[2]);
    assert_ne!(seen[0], seen[1]);
    let of_listing = |named: &String| named.split_once('/').map(|(item, _)| item.to_owned());
    assert!(of_listing(&seen[0]).is_some());
    assert_eq!(of_listing(&seen[0]), of_listing(&seen[1]));
}

/// A value that a category does not take is told before anything is sent, in the words in which
/// eBay's own refusal is told (ebay.md §7).
pub async fn a_closed_value_is_told_as_ebay_tells_it(suite: &Suite) {
    let bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    let mut offer = bench.offer(1).await;
    let rules = super::advice::complete(&bench, &mut offer).await;
    let mut closed = rules.attributes.iter().filter(|rule| rule.closed);
    let name = &closed.next().expect("a category with a closed list").name;
    let values = vec!["By a long string".to_owned()];
    offer.content.attributes.insert(name.clone(), values);
    let told = bench
        .adapter
        .core()
        .validate(&bench.site(), &offer, Some(&rules));
    assert_eq!(told.len(), 1, "{told:?}");
    let listing = bench.listing("HP-1");
    let change = bench.change(&listing, Action::Publish(Box::new(offer)));
    let done = bench
        .settle(bench.lane(ActionKind::Publish), vec![change])
        .await;
    let Fate::Refused { problem, .. } = &done[0].fate else {
        panic!("eBay refuses it: {:?}", done[0].fate)
    };
    assert_eq!(
        (problem.kind, &problem.field),
        (told[0].kind, &told[0].field)
    );
}

/// A category that eBay took away is told with the one that took its place (ebay.md §7).
pub async fn a_retired_category_names_the_one_in_its_place(suite: &Suite) {
    let bench = suite.bench().await;
    if !is_ebay(suite) {
        return;
    }
    let retired = CategoryId("155187".to_owned());
    let (core, site) = (bench.adapter.core(), bench.site());
    let rules = core.category_rules(&site, &retired).await;
    let rules = rules.expect("the category is known to have gone");
    assert_eq!(rules.replaced_by, Some(CategoryId("155183".to_owned())));
    let mut offer = bench.offer(1).await;
    offer.content.category = Some(retired);
    let problems = core.validate(&site, &offer, Some(&rules));
    let told = problems.iter().any(|problem| {
        problem.kind == ProblemKind::CategoryInvalid
            && problem.params.values().any(|value| value == "155183")
    });
    assert!(told, "{problems:?}");
}
