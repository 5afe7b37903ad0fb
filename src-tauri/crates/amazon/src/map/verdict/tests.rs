//! What is live decides.

use barrow_model::{
    Action, Binding, Currency, ListingId, ListingRef, Money, ProblemKind, Site, Sku,
};

use super::{Look, Verdict, not_taken_over, verdict};
use crate::config::{SiteFacts, site_of};
use crate::map::listing::tests::item;
use crate::map::offer::tests::offer;
use crate::types::listing::Item;

fn site() -> &'static SiteFacts {
    site_of("ATVPDKIKX0DER").expect("a site")
}

fn judge(json: Option<&str>, action: &Action, number: usize) -> Verdict {
    let listing = ListingRef {
        id: ListingId(1),
        site: Site("ATVPDKIKX0DER".to_owned()),
        sku: Sku::new("A1").expect("a SKU"),
        binding: Binding::default()
            .with("held", "no")
            .with("page_for", "gtin 1"),
        pool: "region".to_owned(),
    };
    let item: Option<Item> = json.map(|json| serde_json::from_str(json).expect("a listing"));
    let look = Look {
        listing: &listing,
        site: site(),
        item: item.as_ref(),
        handling_days: None,
        number,
    };
    verdict(action, look)
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn done() -> Verdict {
    Verdict::Done(Binding::default().with("asin", "B000000001"))
}

const LIVE: &str = "\"BUYABLE\"";

#[test]
fn a_value_is_there_when_it_is_live() {
    let live = item("A1", LIVE, 5, Some("19.99"));
    let check = |action: Action, expected: Verdict| {
        assert_eq!(judge(Some(&live), &action, 0), expected, "{action:?}");
    };
    check(Action::SetPrice(usd(1999)), done());
    check(Action::SetPrice(usd(2000)), Verdict::Waiting);
    check(Action::SetQuantity(5), done());
    check(Action::SetQuantity(4), Verdict::Waiting);
    check(Action::SetQuantity(6), Verdict::Waiting);
    check(Action::End, Verdict::Waiting);
    assert_eq!(
        judge(None, &Action::End, 0),
        Verdict::Done(Binding::default())
    );
}

#[test]
fn a_sale_after_the_write_is_no_failure() {
    let sold = item("A1", LIVE, 5, Some("19.99")).replacen("\"quantity\":5", "\"quantity\":3", 1);
    let check = |wanted: u32, look: usize, expected: Verdict| {
        let found = judge(Some(&sold), &Action::SetQuantity(wanted), look);
        assert_eq!(found, expected, "{wanted} at look {look}");
    };
    check(5, 0, Verdict::Waiting);
    check(5, 1, Verdict::Waiting);
    check(5, 2, done());
    check(9, 2, Verdict::Waiting);
}

#[test]
fn a_publish_is_done_when_it_can_be_bought() {
    let publish = Action::Publish(Box::new(offer()));
    let check = |json: Option<&str>, expected: Verdict| {
        assert_eq!(judge(json, &publish, 0), expected, "{json:?}");
    };
    check(Some(&item("A1", LIVE, 5, Some("19.90"))), done());
    check(Some(&item("A1", "", 5, Some("19.90"))), Verdict::Waiting);
    check(Some(&item("A1", LIVE, 4, Some("19.90"))), Verdict::Waiting);
    check(Some(&item("A1", LIVE, 5, Some("19.91"))), Verdict::Waiting);
    check(None, Verdict::Waiting);
}

#[test]
fn errors_count_from_the_second_look_on_and_for_what_they_name() {
    let wrong = |issue: &str| {
        let issues = format!("\"issues\":[{issue}]");
        item("A1", LIVE, 5, Some("19.99")).replace("\"issues\":[]", &issues)
    };
    let of_price = wrong(
        r#"{"code":"1","message":"too low","severity":"ERROR",
        "categories":["INVALID_ATTRIBUTE"],"attributeNames":["purchasable_offer"]}"#,
    );
    let price = Action::SetPrice(usd(100));
    assert_eq!(judge(Some(&of_price), &price, 0), Verdict::Waiting);
    let Verdict::Refused(problem) = judge(Some(&of_price), &price, 1) else {
        panic!("it is refused");
    };
    assert_eq!(problem.kind, ProblemKind::PriceRefused);
    assert_eq!(problem.vendor.expect("its words").text, "too low");
    let quantity = Action::SetQuantity(4);
    assert_eq!(judge(Some(&of_price), &quantity, 1), Verdict::Waiting);
    let warning = of_price.replace("\"ERROR\"", "\"WARNING\"");
    assert_eq!(judge(Some(&warning), &price, 1), Verdict::Waiting);
}

#[test]
fn what_is_gone_is_told_when_it_stays_so() {
    let price = Action::SetPrice(usd(100));
    assert_eq!(judge(None, &price, 1), Verdict::Waiting);
    let Verdict::Refused(problem) = judge(None, &price, 2) else {
        panic!("it is refused");
    };
    assert_eq!(problem.kind, ProblemKind::ListingGone);
}

#[test]
fn a_quantity_of_amazons_own_is_never_ours() {
    let fba = item("A1", LIVE, 5, Some("19.99")).replace("\"DEFAULT\"", "\"AMAZON_EU\"");
    let Verdict::Refused(problem) = judge(Some(&fba), &Action::SetQuantity(5), 0) else {
        panic!("it is refused");
    };
    assert_eq!(problem.kind, ProblemKind::Unsupported);
}

#[test]
fn in_the_end_amazons_words_are_told() {
    let json = item("A1", "", 5, None).replace(
        "\"issues\":[]",
        r#""issues":[{"code":"18299","message":"approval","severity":"ERROR","categories":[]}]"#,
    );
    let item: Item = serde_json::from_str(&json).expect("a listing");
    let problem = not_taken_over(Some(&item), site(), 24);
    assert_eq!(problem.kind, ProblemKind::NotTakenOver);
    assert_eq!(problem.params["hours"], "24");
    assert_eq!(problem.vendor.expect("its words").code, "18299");
}
