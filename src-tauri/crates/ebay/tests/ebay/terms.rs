//! Best Offer and those who answer for the goods: what Barrow wrote goes when it is emptied, what
//! was set by other means stays.

use barrow_market::Fate;
use barrow_model::{Action, Binding, Target};
use serde_json::{Value, json};

use crate::listings::{batch, change, responses};
use crate::requests::offer;
use crate::script::{Script, answer, connect, ok};

/// Revises an offer that stands there so, with attributes of reserved names; gives the binding
/// afterwards and what was sent of it.
async fn revised(binding: Binding, said: &[(&str, &str)], mut there: Value) -> (Binding, Value) {
    there["offerId"] = json!("9");
    let script = Script::new([
        responses(json!([{"statusCode": 204, "sku": "A"}])),
        ok(there),
        answer(204, json!(null)),
    ]);
    let mut wanted = offer();
    let said = said.iter();
    wanted
        .content
        .attributes
        .extend(said.map(|(name, value)| (format!("eBay: {name}"), vec![(*value).to_owned()])));
    let mut change = change(1, "A", &[], Action::Revise(Box::new(wanted)));
    if let Target::Listing(listing) = &mut change.target {
        listing.binding = binding;
    }
    let adapter = connect(&script);
    let batch = batch("revise", vec![change]);
    let outcomes = adapter.listings().unwrap().submit(&batch).await.unwrap();
    let Fate::Applied {
        binding: Some(binding),
    } = outcomes[0].fate.clone()
    else {
        panic!("{outcomes:?}")
    };
    let sent = script.asked()[2].json();
    (binding, sent)
}

fn adopted() -> Binding {
    Binding::default().with("offer_id", "9")
}

fn price(value: &str) -> Value {
    json!({"value": value, "currency": "USD"})
}

#[tokio::test]
async fn a_price_of_best_offer_that_is_emptied_goes_where_barrow_wrote_it() {
    let terms = |sent: &Value| sent["listingPolicies"]["bestOfferTerms"].clone();
    let there = json!({"listingPolicies": {"bestOfferTerms":
        {"bestOfferEnabled": true, "autoDeclinePrice": price("5.0")}}});
    let said = [("Best Offer", "Yes"), ("Best Offer accepted from", "9.00")];
    let (known, sent) = revised(adopted(), &said, there.clone()).await;
    let all = json!({"bestOfferEnabled": true, "autoAcceptPrice": price("9.00"),
        "autoDeclinePrice": price("5.0")});
    assert_eq!(terms(&sent), all);
    let (known, sent) = revised(known, &said[..1], sent).await;
    assert_eq!(terms(&sent), terms(&there), "the other's price stays");
    let (_, sent) = revised(known, &[], sent).await;
    assert_eq!(terms(&sent), Value::Null, "no price without Best Offer");
    let (_, sent) = revised(adopted(), &[], there.clone()).await;
    assert_eq!(terms(&sent), terms(&there), "Barrow wrote none of it");
}

#[tokio::test]
async fn a_maker_who_is_emptied_goes_where_barrow_wrote_him() {
    let maker = |sent: &Value| sent["regulatory"]["manufacturer"].clone();
    let there = json!({"regulatory": {"repairScore": 8.1,
        "manufacturer": {"companyName": "Acme", "phone": "1"}}});
    let said = [
        ("Manufacturer", "Acme"),
        ("Manufacturer e-mail", "a@acme.example"),
        ("Manufacturer web page", "https://acme.example"),
    ];
    let (known, sent) = revised(adopted(), &said, there.clone()).await;
    assert_eq!(maker(&sent)["email"], "a@acme.example");
    let (known, sent) = revised(known, &said[..2], sent).await;
    let left = json!({"companyName": "Acme", "phone": "1", "email": "a@acme.example"});
    assert_eq!(maker(&sent), left);
    let (_, sent) = revised(known.clone(), &[], sent).await;
    assert_eq!(sent["regulatory"], json!({"repairScore": 8.1}));
    let other = json!({"regulatory": {"manufacturer": {"companyName": "Other"}}});
    for (known, there) in [(adopted(), there), (known, other)] {
        let (_, sent) = revised(known, &[], there.clone()).await;
        assert_eq!(sent["regulatory"], there["regulatory"], "not Barrow's");
    }
}

#[tokio::test]
async fn of_responsible_persons_only_barrow_s_own_goes() {
    let there = json!({"regulatory": {"responsiblePersons": [
        {"companyName": "Mine", "phone": "1"}, {"companyName": "Second", "phone": "2"}]}});
    let said = [
        ("EU responsible person", "Mine"),
        ("EU responsible person phone", "1"),
        ("EU responsible person e-mail", "m@mine.example"),
    ];
    let (known, sent) = revised(adopted(), &said, there).await;
    let persons = |sent: &Value| sent["regulatory"]["responsiblePersons"].clone();
    let email = |sent: &Value| persons(sent)[0]["email"].clone();
    assert_eq!(email(&sent), "m@mine.example");
    let (known, sent) = revised(known, &said[..2], sent).await;
    assert_eq!(
        (email(&sent), persons(&sent)[0]["phone"].clone()),
        (Value::Null, json!("1"))
    );
    let (_, sent) = revised(known.clone(), &[], sent).await;
    assert_eq!(
        persons(&sent),
        json!([{"companyName": "Second", "phone": "2"}])
    );
    let alone = json!({"regulatory": {"responsiblePersons": [
        {"companyName": "Mine", "phone": "1"}]}});
    let (_, sent) = revised(known, &[], alone).await;
    assert_eq!(sent["regulatory"], Value::Null);
}
