//! What is said of a listing on eBay beside its item specifics: held to the official contract as it
//! is sent and read.

use barrow_model::{Action, ActionKind, Attributes, CategoryId, Condition, Money};

use super::Suite;
use super::bench::Bench;
use super::observing::observe_all;
use super::publishing::publish_of;

/// Single trading cards, which are told apart by what graders say of them.
const CARDS: &str = "261328";

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
        .collect()
}

/// Publishes something with attributes, changes its title, and gives what can be read of it.
async fn read_back(bench: &mut Bench, said: &Attributes, card: bool) -> Attributes {
    let mut change = publish_of(bench, 1).await;
    let Action::Publish(offer) = &mut change.action else {
        panic!("it publishes")
    };
    offer.content.attributes.extend(said.clone());
    if card {
        offer.content.category = Some(CategoryId(CARDS.to_owned()));
        offer.content.condition = Condition::LikeNew;
    }
    let mut later = offer.clone();
    let published = bench.apply(bench.lane(ActionKind::Publish), change).await;
    // A revise that says nothing of it leaves it.
    later.content.title = format!("{} again", later.content.title);
    later
        .content
        .attributes
        .retain(|name, _| !said.contains_key(name) || name == "Game");
    let revise = bench.change(&published.listing(), Action::Revise(later));
    bench.apply(bench.lane(ActionKind::Revise), revise).await;
    let seen = observe_all(bench).await;
    let sku = published.listing().sku;
    let one = seen.into_iter().find(|one| one.sku == sku);
    let details = one.and_then(|one| one.details);
    details
        .expect("it is there, with what buyers read")
        .attributes
}

/// Best Offer and who answers for the goods are sent, kept by what does not name them, and read
/// back (ebay.md §6.4).
pub async fn offers_and_makers_are_kept(suite: &Suite) {
    let mut bench = suite.bench().await;
    if suite.subject.name != "ebay" {
        return;
    }
    let price = bench.offer(1).await.price;
    let accepted = Money::new(price.minor * 9 / 10, price.currency).amount();
    let said = attributes(&[
        ("eBay: Best Offer", "Yes"),
        ("eBay: Best Offer accepted from", &accepted),
        ("eBay: Manufacturer", "Acme GmbH"),
        ("eBay: Manufacturer e-mail", "safety@acme.example"),
        ("eBay: EU responsible person", "Acme Europe"),
        ("eBay: EU responsible person street", "Hauptstr. 1"),
        ("eBay: EU responsible person city", "Berlin"),
        ("eBay: EU responsible person postal code", "10115"),
        ("eBay: EU responsible person country", "DE"),
    ]);
    let read = read_back(&mut bench, &said, false).await;
    for (name, values) in &said {
        assert_eq!(read.get(name), Some(values), "{name}");
    }
}

/// What tells used goods apart travels in eBay's numbers and is read back in words (ebay.md §6.3).
pub async fn grades_are_kept(suite: &Suite) {
    let mut bench = suite.bench().await;
    if suite.subject.name != "ebay" {
        return;
    }
    let said = attributes(&[
        ("Game", "Any"),
        ("eBay: Professional Grader", "Other"),
        ("eBay: Grade", "9.5"),
        ("eBay: Certification Number", "0012345678"),
    ]);
    let read = read_back(&mut bench, &said, true).await;
    for (name, values) in &said {
        assert_eq!(read.get(name), Some(values), "{name}");
    }
}
