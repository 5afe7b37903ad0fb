//! Golden bodies, and what is refused before sending.

use barrow_market::Connection;
use barrow_model::{
    Attributes, Condition, Content, Currency, Gtin, Money, Offer, ProblemKind, Settings,
};

use super::{
    ReadyOffer, condition_type, patch_body, price_patch, put_body, quantity_patch, validate,
};
use crate::config::{Config, site_of};
use crate::request::compact;

pub(crate) fn offer() -> Offer {
    Offer {
        content: Content {
            title: "Oak chair, natural".to_owned(),
            description: "A chair of oak.".to_owned(),
            brand: Some("Acme".to_owned()),
            gtin: Some(Gtin::parse("614141000012").expect("a UPC")),
            mpn: None,
            asin: None,
            condition: Condition::New,
            category_path: Vec::new(),
            category: None,
            attributes: Attributes::new(),
            options: Vec::new(),
            images: Vec::new(),
            weight: None,
            dimensions: None,
            compare_at: None,
            family: None,
        },
        price: Money::new(1990, Currency::USD),
        quantity: 5,
        settings: Settings::new(),
    }
}

fn text(object: barrow_wire::Object) -> String {
    String::from_utf8(object.bytes()).expect("JSON is UTF-8")
}

#[test]
fn a_new_offer_is_as_the_reference_has_it() {
    let mut offer = offer();
    offer.content.condition = Condition::Good;
    let note = vec!["A scratch".to_owned()];
    offer
        .content
        .attributes
        .insert("condition_note".into(), note);
    let ready = ReadyOffer {
        offer: &offer,
        site: site_of("ATVPDKIKX0DER").expect("a site"),
        asin: "B000000001",
        handling_days: Some(3),
    };
    let expected = compact(
        r#"
        {"productType":"PRODUCT","requirements":"LISTING_OFFER_ONLY","attributes":{
        "merchant_suggested_asin":[{"value":"B000000001","marketplace_id":"ATVPDKIKX0DER"}],
        "condition_type":[{"value":"used_good","marketplace_id":"ATVPDKIKX0DER"}],
        "condition_note":[{"value":"A scratch","language_tag":"en_US",
        "marketplace_id":"ATVPDKIKX0DER"}],
        "fulfillment_availability":[{"fulfillment_channel_code":"DEFAULT","quantity":5,
        "lead_time_to_ship_max_days":3}],
        "purchasable_offer":[{"marketplace_id":"ATVPDKIKX0DER","currency":"USD",
        "audience":"ALL","our_price":[{"schedule":[{"value_with_tax":19.90}]}]}]}}"#,
    );
    assert_eq!(text(put_body(ready)), expected);
}

#[test]
fn price_and_quantity_are_patches_of_whole_attributes() {
    let site = site_of("A1VC38T7YXB528").expect("Japan");
    let yen = Money::new(1990, Currency::parse("JPY").expect("a currency"));
    let patches = [quantity_patch(0, None), price_patch(&yen, site)];
    let expected = compact(
        r#"
        {"productType":"PRODUCT","patches":[{"op":"merge",
        "path":"/attributes/fulfillment_availability","value":[{
        "fulfillment_channel_code":"DEFAULT","quantity":0}]},{"op":"replace",
        "path":"/attributes/purchasable_offer","value":[{"marketplace_id":"A1VC38T7YXB528",
        "currency":"JPY","audience":"ALL","our_price":[{"schedule":[{
        "value_with_tax":1990}]}]}]}]}"#,
    );
    assert_eq!(text(patch_body(&patches)), expected);
}

pub(crate) fn config(settings: &[(&str, &str)]) -> Config {
    struct Nobody;
    #[async_trait::async_trait]
    impl barrow_market::Credentials for Nobody {
        async fn read(
            &self,
            _key: &str,
        ) -> Result<Option<barrow_model::Secret>, barrow_market::CredentialsError> {
            Ok(None)
        }
        async fn write(
            &self,
            _key: &str,
            _secret: barrow_model::Secret,
        ) -> Result<(), barrow_market::CredentialsError> {
            Ok(())
        }
    }
    let mut all = Settings::from([
        ("seller_id".to_owned(), "AX1".to_owned()),
        ("marketplace_ids".to_owned(), "ATVPDKIKX0DER".to_owned()),
    ]);
    let more = settings.iter();
    all.extend(more.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    Config::read(&Connection {
        account_id: barrow_model::AccountId(1),
        endpoint: barrow_model::Endpoint::Production,
        settings: all,
        credentials: std::sync::Arc::new(Nobody),
        pictures: std::sync::Arc::new(barrow_market::NoPictures),
        notes: std::sync::Arc::new(barrow_market::MemoryNotes::default()),
    })
    .expect("settings that can be")
}

#[test]
fn what_cannot_be_sent_is_told_before() {
    let check = |titled: &str, spoil: &dyn Fn(&mut Offer), expected: &[ProblemKind]| {
        let config = config(&[("match_by_title", titled)]);
        let mut offer = offer();
        spoil(&mut offer);
        let site = site_of("ATVPDKIKX0DER");
        let found: Vec<_> = validate(&config, site, &offer)
            .iter()
            .map(|p| p.kind)
            .collect();
        assert_eq!(found, expected);
    };
    check("no", &|_| {}, &[]);
    check("no", &|offer| offer.content.title.clear(), &[]);
    let no_barcode = |offer: &mut Offer| offer.content.gtin = None;
    check("no", &no_barcode, &[ProblemKind::GtinMissing]);
    check("yes", &no_barcode, &[]);
    let nameless = |offer: &mut Offer| {
        offer.content.gtin = None;
        offer.content.title = " ".to_owned();
    };
    check("yes", &nameless, &[ProblemKind::TitleMissing]);
    let asin = |text: &'static str| {
        move |offer: &mut Offer| {
            offer.content.gtin = None;
            offer.content.asin = Some(text.to_owned());
        }
    };
    check("no", &asin("b00000000x"), &[]);
    check("no", &asin("B0-short"), &[ProblemKind::FieldInvalid]);
    let euros = |offer: &mut Offer| offer.price = Money::new(100, Currency::EUR);
    check("no", &euros, &[ProblemKind::PriceCurrency]);
    let free = |offer: &mut Offer| offer.price.minor = 0;
    check("no", &free, &[ProblemKind::PriceNotPositive]);
    let parts = |offer: &mut Offer| offer.content.condition = Condition::ForParts;
    check("no", &parts, &[ProblemKind::ConditionInvalid]);
    let slow = |offer: &mut Offer| {
        offer.settings.insert("handling_days".into(), "99".into());
    };
    check("no", &slow, &[ProblemKind::SettingInvalid]);
}

#[test]
fn every_condition_is_amazons_or_none() {
    let words: Vec<_> = Condition::ALL
        .into_iter()
        .filter_map(condition_type)
        .collect();
    assert_eq!(words.len(), 13);
    assert!(words.contains(&"new_open_box"));
}
