//! What is said of a listing on eBay beside its item specifics: held to the official contract as it
//! is sent and read.

use barrow_model::{Action, ActionKind, Attributes, CategoryId, Condition, ListingRef, Money};

use super::Suite;
use super::bench::Bench;
use super::observing::observe_all;
use super::publishing::publish_of;

/// Single trading cards, which are told apart by what graders say of them.
const CARDS: &str = "261328";
/// Goods of which the law wants to know on every site what is dangerous about them.
const CANDLES: &str = "46782";

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    let pairs = pairs.iter();
    let values = |text: &str| text.split('|').map(str::to_owned).collect();
    pairs
        .map(|(name, text)| ((*name).to_owned(), values(text)))
        .collect()
}

/// The same listing as one that was made by other means: nothing tells what Barrow wrote of it.
fn by_others(listing: &ListingRef) -> ListingRef {
    let mut listing = listing.clone();
    listing.binding.0.remove(barrow_ebay::ASPECTS);
    listing
}

async fn read(bench: &mut Bench, listing: &ListingRef) -> Attributes {
    let seen = observe_all(bench).await;
    let one = seen.into_iter().find(|one| one.sku == listing.sku);
    let details = one.and_then(|one| one.details);
    details
        .expect("it is there, with what buyers read")
        .attributes
}

/// Publishes something with attributes, revises it without them, and gives what can be read of it:
/// after a revise of what others wrote, and after one of what Barrow wrote.
async fn read_back(bench: &mut Bench, said: &Attributes, card: bool) -> [Attributes; 2] {
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
    later.content.title = format!("{} again", later.content.title);
    later
        .content
        .attributes
        .retain(|name, _| !said.contains_key(name) || name == "Game");
    let listing = published.listing();
    let lane = bench.lane(ActionKind::Revise);
    let revise = Action::Revise(later);
    let of_others = bench.change(&by_others(&listing), revise.clone());
    bench.apply(lane, of_others).await;
    let kept = read(bench, &listing).await;
    let of_barrow = bench.change(&listing, revise);
    bench.apply(lane, of_barrow).await;
    [kept, read(bench, &listing).await]
}

/// Best Offer and who answers for the goods are sent, kept by what does not name them where others
/// wrote them, taken back where Barrow did, and read back (ebay.md §6.4).
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
    let [kept, emptied] = read_back(&mut bench, &said, false).await;
    for (name, values) in &said {
        assert_eq!(kept.get(name), Some(values), "{name}");
        assert_eq!(emptied.get(name), None, "{name}");
    }
}

/// What is said of the goods' safety, use of energy and repair goes the same way (ebay.md §6.4).
/// Where the law asks for it, eBay's codes are offered with their words, which are not sent.
pub async fn safety_is_kept(suite: &Suite) {
    let mut bench = suite.bench().await;
    if suite.subject.name != "ebay" {
        return;
    }
    let core = bench.adapter.core();
    let candles = CategoryId(CANDLES.to_owned());
    let rules = core.category_rules(&bench.site(), &candles).await;
    let rules = rules
        .expect("eBay tells what it asks of candles")
        .attributes;
    let hazards = rules
        .iter()
        .find(|rule| rule.name == "eBay: Hazard statements");
    let hazards = hazards.expect("candles burn");
    let flammable = "H225: Highly flammable liquid and vapour".to_owned();
    assert!(hazards.values.contains(&flammable), "{:?}", hazards.values);
    let said = attributes(&[
        ("eBay: Product safety pictograms", "EBPSP101|EBPSP201"),
        ("eBay: Product safety statements", "EBPSS101"),
        ("eBay: Product safety component", "Tipping hazard"),
        ("eBay: Hazard pictograms", "GHS02"),
        ("eBay: Hazard statements", "H225|H319"),
        ("eBay: Hazard signal word", "DANGER"),
        (
            "eBay: Energy label picture",
            "https://i.ebayimg.com/label.png",
        ),
        (
            "eBay: Energy label words",
            "On a scale of A to G the rating is E.",
        ),
        (
            "eBay: Energy label information sheet",
            "https://i.ebayimg.com/sheet.png",
        ),
        ("eBay: Repair score", "7.9"),
        ("eBay: Safety documents", "doc-manual-de|doc-declaration"),
        ("eBay: EU responsible person", "Acme Europe"),
        ("eBay: EU responsible person e-mail", "safety@acme.example"),
        ("eBay: EU responsible person 2", "Acme Ireland"),
        ("eBay: EU responsible person 2 phone", "+353 1 000"),
    ]);
    let [kept, emptied] = read_back(&mut bench, &said, false).await;
    for (name, values) in &said {
        assert_eq!(kept.get(name), Some(values), "{name}");
        assert_eq!(emptied.get(name), None, "{name}");
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
    let [kept, _] = read_back(&mut bench, &said, true).await;
    for (name, values) in &said {
        assert_eq!(kept.get(name), Some(values), "{name}");
    }
}
